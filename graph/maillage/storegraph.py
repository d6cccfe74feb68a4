"""A store as an rdflib graph that is only read: what asks rdflib works on it, with no copy made."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Graph
from rdflib.term import Node

from maillage.dumps import line_of
from maillage.store import native, rdflib_triple

__all__ = ["StoreGraph", "Triple"]

Triple = tuple[Node, Node, Node]

# How many things are remembered, and about which no more statements than this.
_KEPT: Final = 20_000
_MANY: Final = 500


class StoreGraph(Graph):
    """The union of a store's graphs, to be read: its default graph, which ``build`` keeps there.

    The rules look at the same thing for one property after the other: what is said of it is read
    once, and so is what points to it, when that is not half the graph.
    """

    def __init__(self, store: ox.Store) -> None:
        super().__init__()
        self._held = store
        self._from = lru_cache(_KEPT)(self._of_subject)
        self._to = lru_cache(_KEPT)(self._of_object)

    def __len__(self) -> int:
        return sum(1 for _ in self._quads())

    def ntriples(self) -> bytes:
        """All statements in N-Triples, made without rdflib."""
        return b"".join(line_of(quad.triple) for quad in self._quads())

    def _quads(self) -> Iterator[ox.Quad]:
        return self._held.quads_for_pattern(None, None, None, ox.DefaultGraph())

    def triples(self, triple: Any) -> Iterator[Triple]:  # type: ignore[override]  # no property paths
        """Like rdflib's, out of the store."""
        s, p, o = triple
        by_property = None
        if s is not None and p is not None and o is None:
            by_property = self._from(s)
        elif s is None and p is not None and o is not None:
            by_property = self._to(o)
        yield from self._read(s, p, o) if by_property is None else by_property.get(p, ())

    def _read(self, s: Node | None, p: Node | None, o: Node | None) -> Iterator[Triple]:
        one, two, three = (None if term is None else native(term) for term in (s, p, o))
        for quad in self._held.quads_for_pattern(one, two, three, ox.DefaultGraph()):  # type: ignore[arg-type]  # a literal is never a subject
            yield rdflib_triple(quad)

    def _of_subject(self, thing: Node) -> dict[Node, list[Triple]] | None:
        return _by_property(self._read(thing, None, None))

    def _of_object(self, thing: Node) -> dict[Node, list[Triple]] | None:
        return _by_property(self._read(None, None, thing))


def _by_property(triples: Iterator[Triple]) -> dict[Node, list[Triple]] | None:
    """Statements under their properties; nothing when there are too many to be kept."""
    found: dict[Node, list[Triple]] = {}
    for triple in islice(triples, _MANY):
        found.setdefault(triple[1], []).append(triple)
    return found if next(triples, None) is None else None
