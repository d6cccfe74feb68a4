"""The rules on a graph too large to be looked at at once: piece by piece, out of the store.

A piece is some thousand things that documents speak of, one document after the other, with every
statement that the rules can see of them (:mod:`maillage.reach`). Each thing is in one piece, so
that together the pieces say what a check of the whole says; memory is that of a piece. A rule that
is asked once for many things is asked of each piece, and of the things of that piece believed.

The store keeps numbers in one form (``01`` as ``1``), so how a number was written is for the check
of the tables (:mod:`maillage.check`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Graph
from rdflib.term import Node

from maillage.check import Report, in_sentences
from maillage.errors import MaillageError
from maillage.judge import Engine, judge_some, merged, our_reach
from maillage.mint import graph_iri
from maillage.reach import FOCUS, VALUE, Seed, Triple
from maillage.store import native, rdflib_term, rdflib_triple

__all__ = ["Union", "check_by_source"]

#: Things of one piece: enough for the rules to be read once for many, little enough for memory.
PIECE: Final = 5_000

# How many things are remembered, and about which no more statements than this.
_KEPT: Final = 20_000
_MANY: Final = 500

_THING: Final = (ox.NamedNode, ox.BlankNode)

# The graphs of a document: what it says, where it says so, and what was inferred from it.
_VOICES: Final = ("source", "evidence", "inferred")


class Union(Graph):
    """The union of a store's graphs, to be read: its default graph, which ``build`` keeps there.

    The rules look at the same thing for one property after the other: what is said of it is read
    once, and so is what points to it, when that is not half the graph.
    """

    def __init__(self, store: ox.Store) -> None:
        super().__init__()
        self._held = store
        self._from = lru_cache(_KEPT)(self._of_subject)
        self._to = lru_cache(_KEPT)(self._of_object)

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


def check_by_source(
    store: ox.Store,
    sources: Sequence[str] = (),
    engine: Engine = "auto",
    piece: Callable[[int, int], None] = lambda *_: None,
) -> Report:
    """Check what stands in a store, a piece at a time.

    :param store: its default graph is the union of its named graphs.
    :param sources: keys of documents, to check only the things that they speak of; else everything.
    :param piece: told how many graphs are done, and of how many.
    :raises MaillageError: when the store has no graph of such a document.
    """
    data, reports = Union(store), []
    graphs = _graphs_of(store, sources) if sources else _graphs(store)
    # what the rules name is theirs to look at even if no document speaks of it
    things = _things(store, graphs, set() if sources else our_reach().named_targets())
    while some := list(islice(things, PIECE)):
        seeds = {Seed(thing, state) for thing, _ in some for state in (FOCUS, VALUE)}
        reports.append(judge_some(data, seeds, engine))
        piece(some[-1][1], len(graphs))
    piece(len(graphs), len(graphs))  # the last may have told nothing new
    results = merged((report, lambda _: True) for report in reports)
    return in_sentences(results, data)


def _graphs_of(store: ox.Store, sources: Sequence[str]) -> list[ox.NamedNode]:
    """The graphs of some documents."""
    found = []
    for source in sources:
        graphs = [ox.NamedNode(graph_iri(f"{voice}--{source}")) for voice in _VOICES]
        held = [graph for graph in graphs if store.contains_named_graph(graph)]
        if not held:
            raise MaillageError("source-says-nothing", source=source)
        found += held
    return found


def _graphs(store: ox.Store) -> list[ox.NamedNode]:
    """All graphs: those of one document together, then those of none."""

    def place(graph: ox.NamedNode) -> tuple[bool, str, str]:
        voice, _, key = graph.value.rpartition("/")[2].partition("--")
        return (voice not in _VOICES or not key, key, voice)

    return sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=place)


def _things(
    store: ox.Store, graphs: Sequence[ox.NamedNode], besides: set[Node]
) -> Iterator[tuple[Node, int]]:
    """Everything in some graphs that the rules may be about, once, and how many graphs it took.

    A thing is told in the first graph that describes it, so that nothing has to be remembered.
    """
    order: dict[object, int] = {graph: n for n, graph in enumerate(graphs, start=1)}
    for number, graph in enumerate(graphs, start=1):
        for thing in _described(store, graph):
            homes = (order.get(q.graph_name) for q in store.quads_for_pattern(thing, None, None))
            if min(filter(None, homes)) == number:
                besides.discard(term := rdflib_term(thing))
                yield term, number
        for predicate in our_reach().pointed_at():
            for quad in store.quads_for_pattern(None, native(predicate), None, graph):  # type: ignore[arg-type]  # a property is an IRI
                if isinstance(quad.object, _THING) and not _is_described(store, quad.object):
                    besides.add(rdflib_term(quad.object))
    yield from ((rest, len(graphs)) for rest in sorted(besides, key=str))


def _described(
    store: ox.Store, graph: ox.NamedNode
) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Triple]:
    """The subjects in a graph."""
    before = None
    for quad in store.quads_for_pattern(None, None, None, graph):
        if quad.subject != before:  # the store keeps them by subject
            before = quad.subject
            yield quad.subject


def _is_described(store: ox.Store, thing: ox.NamedNode | ox.BlankNode) -> bool:
    return next(iter(store.quads_for_pattern(thing, None, None)), None) is not None
