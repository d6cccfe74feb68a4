"""A store as an rdflib graph that is only read: what asks rdflib works on it, with no copy made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, Final, Self, cast

import pyoxigraph as ox
from rdflib import Graph
from rdflib.graph import ModificationException
from rdflib.term import Node

from maillage.native import Terms, native

__all__ = ["StoreGraph", "Triple", "term_of", "text_of"]

Triple = tuple[Node, Node, Node]

Term = ox.NamedNode | ox.BlankNode | ox.Literal
# The statements of one property from or to a thing, as lines, and the terms at their far end.
_Lines = tuple[tuple[str, ...], tuple[str, ...]]

# How many things are remembered, and about which no more statements than this.
_KEPT: Final = 20_000
_MANY: Final = 500


class StoreGraph(Graph):
    """The union of a store's graphs, to be read: its default graph, which ``build`` keeps there.

    A term can be had as its text in N-Triples (:func:`text_of`), too, and a statement as its line:
    a walk (:mod:`maillage.walk`) over millions of them has no use for more. What is said of a thing
    is read once, and so is what points to it, when that is not half the graph.
    """

    def __init__(self, store: ox.Store) -> None:
        super().__init__()
        self._held = store
        self._from = lru_cache(_KEPT)(self._of_subject)
        self._to = lru_cache(_KEPT)(self._of_object)

    def __len__(self) -> int:
        return sum(1 for _ in self._quads())

    def triples(self, triple: Any) -> Iterator[Triple]:  # type: ignore[override]  # no property paths
        """Like rdflib's, out of the store."""
        terms = Terms()
        for quad in self._quads(*(None if term is None else native(term) for term in triple)):
            yield terms[quad.subject], terms[quad.predicate], terms[quad.object]

    def natives(self) -> Iterator[ox.Triple]:
        """All statements in the engine's own terms."""
        return (quad.triple for quad in self._quads())

    def add(self, triple: Any) -> Self:  # noqa: ARG002  # its name is rdflib’s
        """Refuse it: nothing is written to what is only read.

        :raises ModificationException: always; ``Graph() + this`` is a copy that can be changed.
        """
        raise ModificationException

    def remove(self, triple: Any) -> Self:  # noqa: ARG002  # likewise
        """Refuse it likewise.

        :raises ModificationException: always.
        """
        raise ModificationException

    def lines(self, predicate: Node | None = None) -> Iterator[str]:
        """All statements, or those of one property, in N-Triples, made without rdflib."""
        for quad in self._quads(None, None if predicate is None else native(predicate)):
            yield f"{quad.triple} .\n"

    def joined(
        self, term: str, predicates: Collection[str], *, inverse: bool
    ) -> Iterable[tuple[str, Collection[str], Collection[str]]]:
        """See :class:`maillage.walk.Ground`."""
        if not inverse and term.startswith('"'):
            return
        known = (self._to if inverse else self._from)(term)
        for predicate in predicates if known is None else known.keys() & predicates:
            some = (
                self._of_property(term, predicate, inverse) if known is None else known[predicate]
            )
            yield predicate, *some

    def _of_property(self, term: str, predicate: str, inverse: bool) -> _Lines:
        """What there are too many of to be kept."""
        own, by = term_of(term), ox.NamedNode(predicate[1:-1])
        quads = self._quads(None, by, own) if inverse else self._quads(own, by)
        return _by_property(quads, inverse).get(predicate, ((), ()))

    def _of_subject(self, term: str) -> dict[str, _Lines] | None:
        return _kept(self._quads(term_of(term)), inverse=False)

    def _of_object(self, term: str) -> dict[str, _Lines] | None:
        return _kept(self._quads(None, None, term_of(term)), inverse=True)

    def _quads(
        self, s: Term | None = None, p: Term | None = None, o: Term | None = None
    ) -> Iterator[ox.Quad]:
        return self._held.quads_for_pattern(s, p, o, ox.DefaultGraph())  # type: ignore[arg-type]  # a literal is never a subject


def text_of(node: Node) -> str:
    """A term as its text in N-Triples, as the engine writes it."""
    return str(native(node))


def term_of(text: str) -> Term:
    """The term of a text in N-Triples.

    :raises SyntaxError: when it is none.
    """
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    (statement,) = ox.parse(f"<urn:x:s> <urn:x:p> {text} .", ox.RdfFormat.N_TRIPLES)
    return cast("ox.Literal", statement.object)


def _kept(quads: Iterator[ox.Quad], *, inverse: bool) -> dict[str, _Lines] | None:
    """Statements under their properties; nothing when there are too many to be kept."""
    found = _by_property(islice(quads, _MANY), inverse)
    return found if next(quads, None) is None else None


def _by_property(quads: Iterable[ox.Quad], inverse: bool) -> dict[str, _Lines]:
    found: dict[str, list[tuple[str, str]]] = {}
    for quad in quads:
        s, p, o = str(quad.subject), str(quad.predicate), str(quad.object)
        found.setdefault(p, []).append((f"{s} {p} {o} .\n", s if inverse else o))
    # of tuples of texts the garbage collector takes no notice, however many are kept
    return {p: cast("_Lines", tuple(zip(*some, strict=True))) for p, some in found.items()}
