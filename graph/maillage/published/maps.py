"""The map of the whole network, which a release carries as one page that opens offline.

The maps of answers stand beside their questions, and are made by :mod:`maillage.site`.
"""

from __future__ import annotations

from maillage.drawing import page
from maillage.network import LinkGraph, links
from maillage.store import Store
from maillage.surroundings import surround

__all__ = ["around", "whole_map"]


def around(store: Store) -> LinkGraph:
    """The network of a release, with all that a map shows beside it."""
    network = links(store)
    return surround(network, store) if network else network


def whole_map(network: LinkGraph) -> bytes:
    """The map; in English when it opens, and in the reader's language at a click."""
    return page(network, lang="en").encode()
