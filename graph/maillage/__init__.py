"""Maillage: a knowledge graph of decentralised cooperation in which every link is a claim.

The package is a river; each module imports only what stands upstream of it:

``sources → tables → ingest → derive → store → check → ask · measure → draw · publish → build``

and the command line (:mod:`maillage.commands`) speaks the same verbs.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

try:
    __version__ = version("maillage")
except PackageNotFoundError:  # the source tree itself, put on the path without an install
    __version__ = "0.1.0"

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["__version__", "draw"]


def draw(graph: nx.Graph[Any], **options: Any) -> str:
    """Draw a network as one HTML page that works offline.

    :param graph: any networkx graph; what is called as in :func:`maillage.network.links` is read
        (``label_fr``, ``country``, ``kind``, ``start``, ``evidence``…), anything else left out, and
        the graph itself is not changed.
    :param options: those of :func:`maillage.drawing.page`: ``title``, ``lang``, ``view``…
    :returns: HTML, to be written as UTF-8.

    >>> import networkx as nx
    >>> pair = nx.Graph()
    >>> pair.add_edge("Tours", "Luoyang", kind="twinning", start="1982")
    >>> draw(pair, lang="en").startswith("<!DOCTYPE html>")
    True
    """
    # By name, and only here: the package itself stands upstream of all its modules, and the
    # command line does not wait for what it does not need.
    drawing, guests = map(import_module, ("maillage.drawing", "maillage.guests"))
    return str(drawing.page(guests.prepared(graph), **options))
