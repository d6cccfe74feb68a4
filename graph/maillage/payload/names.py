"""What parties are called, and the order in which a reader expects them."""

from __future__ import annotations

import unicodedata

import networkx as nx

from maillage.pagetexts import clean
from maillage.payload.columns import translations

__all__ = ["names_of", "rank"]


def rank(graph: nx.MultiGraph[str], node: str) -> tuple[str, str]:
    """Order of names as a reader expects it, accents and capitals apart, on any machine."""
    name = next(iter(names_of(graph, node).values()))
    if name.isascii():
        return name.casefold(), str(node)
    plain = unicodedata.normalize("NFKD", name)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold(), str(node)


def names_of(graph: nx.MultiGraph[str], node: str) -> dict[str, str]:
    """Names by language; a party without any is called by its key."""
    data = graph.nodes[node]
    return translations(data, "label") or {"fr": clean(str(data.get("key", node)))}
