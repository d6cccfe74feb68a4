"""The rules on a graph too large to be looked at at once: piece by piece, out of the store.

A piece is some thousand things that documents speak of, one document after the other, with every
statement that the rules can see of them (:mod:`maillage.reach`). Each thing is in one piece, so
that together the pieces say what a check of the whole says; memory is that of a piece. A rule that
is asked once for many things is asked of each piece, and of the things of that piece believed.
The pieces of a store in a folder are looked at by as many processes as there are processors.

The store keeps numbers in one form (``01`` as ``1``), so how a number was written is for the check
of the tables (:mod:`maillage.check`).
"""

from __future__ import annotations

import gc
import zlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from itertools import chain, count, islice
from pathlib import Path
from typing import Final, NamedTuple, cast

import pyoxigraph as ox
from rdflib import RDF, Graph
from rdflib.term import Node

from maillage.check import Finding, Report, Since, check, in_order, in_sentences
from maillage.errors import MaillageError
from maillage.gather import Gathered
from maillage.judge import Engine, again, judge_some, merged, our_reach
from maillage.mint import graph_iri
from maillage.origins import Origins
from maillage.reach import FOCUS, VALUE, Seed
from maillage.store import native, rdflib_term, rdflib_triple, read_folder, united
from maillage.storegraph import StoreGraph
from maillage.workers import Workers, processors

__all__ = ["check_by_source", "check_gathered"]

#: Statements that are looked at at once: the quick engine takes some 2 kB for each.
WHOLE: Final = 300_000

#: Things of one piece: enough for the rules to be read once for many, little enough for memory.
PIECE: Final = 2_500

_THING: Final = (ox.NamedNode, ox.BlankNode)
_TYPE: Final = ox.NamedNode(RDF.type)

# The graphs of a document: what it says, where it says so, and what was inferred from it.
_VOICES: Final = ("source", "evidence", "inferred")


def check_gathered(
    gathered: Gathered,
    engine: Engine = "auto",
    since: Since | None = None,
    piece: Callable[[int, int], None] = lambda *_: None,
    record: Path | None = None,
) -> Report:
    """Check what was gathered: at once, or piece by piece when it is too large for that.

    :param gathered: nothing is added to it from now on; the union of its graphs is put into the
        default graph of its store.
    :param record: the same as canonical N-Quads, where they were written already.
    :param since: only what has changed since is looked at, and what that can touch.
    :param piece: told how many graphs are done, and of how many; of a second look, how many things.
    """
    _finish(gathered, record)
    store, origins = gathered.store, gathered.origins
    every = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    if next(islice(every, WHOLE, None), None) is None:
        return check(store, origins, engine=engine, since=since)
    data = StoreGraph(store)

    def look(_: Graph, seeds: Collection[Seed]) -> Graph:
        return _in_pieces(seeds, store, gathered.folder, piece)

    results = again(data, *since, look) if since else None
    if results is None:
        return check_by_source(store, (), engine, piece, origins, gathered.folder)
    return Report(in_order(in_sentences(results, data, origins)), lambda: results)


def _finish(gathered: Gathered, record: Path | None) -> None:
    """Put the union of the graphs beside them; from now on they are only read.

    A store in a folder is closed, then opened to be read, by others, too: as long as it is open for
    writing, the engine takes files away from its readers that they have not opened yet, and
    Oxigraph 0.5.13 counts what it cannot read without end.
    """
    united(gathered.store, record)
    if gathered.folder is not None:
        gathered.store.flush()
        # it closes when nobody holds it, and the error of a parser may hold it in a circle
        del gathered.store
        gc.collect()
        gathered.store = read_folder(gathered.folder)


def check_by_source(
    store: ox.Store,
    sources: Sequence[str] = (),
    engine: Engine = "auto",
    piece: Callable[[int, int], None] = lambda *_: None,
    origins: Origins | None = None,
    folder: Path | None = None,
) -> Report:
    """Check what stands in a store, a piece at a time.

    :param store: its default graph is the union of its named graphs.
    :param sources: keys of documents, to check only the things that they speak of; else everything.
    :param piece: told how many graphs are done, and of how many.
    :param origins: where its statements were written down; findings then carry file and line.
    :param folder: where the store lies, if other processes can open it, too. They start as those
        of :mod:`multiprocessing` do: a script that asks for this guards what it does by
        ``__name__ == "__main__"``.
    :raises MaillageError: when the store has no graph of such a document, or a process was ended.
    """
    graphs = _graphs_of(store, sources) if sources else _graphs(store)
    # what the rules name is theirs to look at even if no document speaks of it
    things = _things(store, graphs, set() if sources else our_reach().named_targets())
    names = StoreGraph(store)
    findings: list[Finding] = []
    reports: list[bytes] = []
    for done, report in _judged(_pieces(things), store, engine, folder):
        findings += in_sentences(report, names, origins)
        reports.append(zlib.compress(_written(report)))
        piece(done, len(graphs))
    piece(len(graphs), len(graphs))  # the last may have told nothing new
    return Report(in_order(findings), partial(_together, reports))


def _in_pieces(
    seeds: Collection[Seed],
    store: ox.Store,
    folder: Path | None,
    piece: Callable[[int, int], None],
) -> Graph:
    """The report on some things, of which there may be many: a change can touch half the graph."""
    things = sorted({seed.node for seed in seeds}, key=str)

    def reports() -> Iterator[tuple[Graph, Callable[[Seed], bool]]]:
        for done, report in _judged(_pieces(zip(things, count(1))), store, "auto", folder):
            piece(done, len(things))
            yield report, seeds.__contains__

    return merged(reports())


def _together(reports: Sequence[bytes]) -> Graph:
    """One validation report of those of the pieces."""
    return merged((_read(zlib.decompress(report)), lambda _: True) for report in reports)


def _written(report: Graph) -> bytes:
    return report.serialize(format="nt", encoding="utf-8")


def _read(report: bytes) -> Graph:
    # by the engine, which leaves blank nodes their names: their things are named by them
    read = Graph()
    for triple in ox.parse(report, ox.RdfFormat.N_TRIPLES):
        read.add(rdflib_triple(triple))
    return read


class _Piece(NamedTuple):
    """Some things, and how many graphs (or things) are done when they are."""

    things: Sequence[Node]
    done: int


def _pieces(things: Iterator[tuple[Node, int]]) -> Iterator[_Piece]:
    while some := list(islice(things, PIECE)):
        yield _Piece([thing for thing, _ in some], some[-1][1])


def _judged(
    pieces: Iterator[_Piece], store: ox.Store, engine: Engine, folder: Path | None
) -> Iterator[tuple[int, Graph]]:
    """How much is done, and the report on each piece, in their order."""
    first = list(islice(pieces, 2))
    pieces = chain(first, pieces)
    workers = processors()
    if folder is None or workers == 1 or len(first) <= 1:
        data = StoreGraph(store)
        yield from ((some.done, _judge(data, some.things, engine)) for some in pieces)
        return
    pool = Workers(workers)
    ahead: deque[tuple[int, Future[bytes]]] = deque()
    try:
        for some in pieces:
            ahead.append((some.done, pool.submit(_elsewhere, folder, some.things, engine)))
            if len(ahead) > 2 * workers:  # enough that nobody waits
                yield _awaited(*ahead.popleft())
        while ahead:
            yield _awaited(*ahead.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _awaited(done: int, report: Future[bytes]) -> tuple[int, Graph]:
    try:
        return done, _read(report.result())
    except BrokenProcessPool as error:
        raise MaillageError("check-ended") from error


def _elsewhere(folder: Path, things: Sequence[Node], engine: Engine) -> bytes:
    """The report on some things of a store, made in a process of its own."""
    return _written(_judge(_opened(folder), things, engine))


@cache
def _opened(folder: Path) -> StoreGraph:
    return StoreGraph(read_folder(folder))


def _judge(data: StoreGraph, things: Sequence[Node], engine: Engine) -> Graph:
    return judge_some(data, {Seed(it, state) for it in things for state in (FOCUS, VALUE)}, engine)


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

    A thing is told in its home, so that nothing has to be remembered.
    """
    order: dict[object, int] = {graph: n for n, graph in enumerate(graphs, start=1)}
    for number, graph in enumerate(graphs, start=1):
        # asked as a question, the store makes no terms of what else it says of them
        described = store.query(f"SELECT DISTINCT ?it {{ GRAPH {graph} {{ ?it ?of ?what }} }}")
        for (thing,) in cast("ox.QuerySolutions", described):
            if _home(store, thing, order) == number:
                besides.discard(term := rdflib_term(thing))
                yield term, number
        for predicate in our_reach().pointed_at():
            for quad in store.quads_for_pattern(None, native(predicate), None, graph):  # type: ignore[arg-type]  # a property is an IRI
                if isinstance(quad.object, _THING) and not _is_described(store, quad.object):
                    besides.add(rdflib_term(quad.object))
    yield from ((rest, len(graphs)) for rest in sorted(besides, key=str))


def _home(store: ox.Store, thing: ox.NamedNode, order: Mapping[object, int]) -> int:
    """The first of some graphs that says what a thing is, else the first that describes it."""
    for predicate in (_TYPE, None):
        quads = store.quads_for_pattern(thing, predicate, None)
        if homes := [order[quad.graph_name] for quad in quads if quad.graph_name in order]:
            break
    return min(homes)


def _is_described(store: ox.Store, thing: ox.NamedNode | ox.BlankNode) -> bool:
    return next(iter(store.quads_for_pattern(thing, None, None)), None) is not None
