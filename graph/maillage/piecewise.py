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
from itertools import islice
from typing import Final

import pyoxigraph as ox
from rdflib.term import Node

from maillage.check import Report, Since, check, in_sentences
from maillage.errors import MaillageError
from maillage.judge import Engine, again, judge_some, merged, our_reach
from maillage.mint import graph_iri
from maillage.origins import Origins
from maillage.reach import FOCUS, VALUE, Seed
from maillage.store import native, rdflib_term
from maillage.storegraph import StoreGraph

__all__ = ["check_by_source", "check_store"]

#: Statements that are looked at at once: the quick engine takes some 2 kB for each.
WHOLE: Final = 300_000

#: Things of one piece: enough for the rules to be read once for many, little enough for memory.
PIECE: Final = 5_000

_THING: Final = (ox.NamedNode, ox.BlankNode)

# The graphs of a document: what it says, where it says so, and what was inferred from it.
_VOICES: Final = ("source", "evidence", "inferred")


def check_store(
    store: ox.Store,
    origins: Origins | None = None,
    engine: Engine = "auto",
    since: Since | None = None,
    piece: Callable[[int, int], None] = lambda *_: None,
) -> Report:
    """Check everything in a store: at once, or piece by piece when it is too large for that.

    :param store: its default graph is the union of its named graphs.
    :param origins: where its statements were written down.
    :param since: only what has changed since is looked at, and what that can touch.
    :param piece: told how many graphs are done, and of how many.
    """
    union = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    if next(islice(union, WHOLE, None), None) is None:
        return check(store, origins, engine=engine, since=since)
    data = StoreGraph(store)
    results = again(data, *since) if since else None
    if results is None:
        return check_by_source(store, engine=engine, piece=piece, origins=origins)
    return in_sentences(results, data, origins)


def check_by_source(
    store: ox.Store,
    sources: Sequence[str] = (),
    engine: Engine = "auto",
    piece: Callable[[int, int], None] = lambda *_: None,
    origins: Origins | None = None,
) -> Report:
    """Check what stands in a store, a piece at a time.

    :param store: its default graph is the union of its named graphs.
    :param sources: keys of documents, to check only the things that they speak of; else everything.
    :param piece: told how many graphs are done, and of how many.
    :raises MaillageError: when the store has no graph of such a document.
    """
    data, reports = StoreGraph(store), []
    graphs = _graphs_of(store, sources) if sources else _graphs(store)
    # what the rules name is theirs to look at even if no document speaks of it
    things = _things(store, graphs, set() if sources else our_reach().named_targets())
    while some := list(islice(things, PIECE)):
        seeds = {Seed(thing, state) for thing, _ in some for state in (FOCUS, VALUE)}
        reports.append(judge_some(data, seeds, engine))
        piece(some[-1][1], len(graphs))
    piece(len(graphs), len(graphs))  # the last may have told nothing new
    results = merged((report, lambda _: True) for report in reports)
    return in_sentences(results, data, origins)


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
