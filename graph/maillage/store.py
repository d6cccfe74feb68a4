"""One way to ask, three places to keep the graph: memory, a folder, or a SPARQL 1.1 endpoint.

Oxigraph answers in the first two; the third is any engine that speaks the SPARQL 1.1 Protocol
(:mod:`maillage.engines`).
The default graph that questions see is always the union of the named graphs. It is stored beside
them, because Oxigraph's own union counts a triple once for each graph that holds it, where SPARQL
wants a set. Terms come back as rdflib's, language tags in the case in which they were written
(Oxigraph lower-cases them).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, cast

import pyoxigraph as ox
from rdflib import Dataset, Graph, URIRef
from rdflib.term import Identifier

from maillage.danger import refuse_danger
from maillage.errors import MaillageError
from maillage.nameindex import FILE as NAMES
from maillage.nameindex import RANKS, Name, NameIndex
from maillage.native import (
    Terms,
    dataset_of_quads,
    engine_triple,
    literal,
    native,
    quads_of,
    rdflib_term,
    rdflib_triple,
    tag,
)
from maillage.prepared import Prepared, without_header
from maillage.runs import blocks, merged, readable, union
from maillage.storegraph import StoreGraph

__all__ = [
    "Answer",
    "Engine",
    "Reply",
    "Store",
    "dataset_of",
    "engine_triple",
    "literal",
    "loaded",
    "memory_store",
    "names_beside",
    "native",
    "open_folder",
    "opened",
    "quads_of",
    "rdflib_term",
    "rdflib_triple",
    "read_folder",
    "refuse_danger",
    "united",
    "write_folder",
    "write_names",
]


#: Statements that are looked at together when the engine has fewer than were written.
_HELD = 50_000


class Answer(NamedTuple):
    """The rows of a SELECT: the names of the columns, then a tuple of terms for each row."""

    variables: tuple[str, ...]
    rows: list[tuple[Identifier | None, ...]]


Reply = Answer | Graph | bool

T = TypeVar("T")


class Store(Protocol):
    """What every place that keeps the graph can do."""

    def query(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        """Answer a query; ``graphs`` limits it to the union of those named graphs.

        :raises MaillageError: when the text is not SPARQL or the engine cannot answer whole.
        """

    def select(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Answer:
        """Answer a SELECT."""


class Engine(Store, Protocol):
    """A store that can be asked what was looked through already."""

    def evaluate(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        """Answer a query of which somebody else has made sure that it is no danger."""


#: A query longer than this, the comments before it left out, is read on a stack of its own, deep
#: enough for a chain of operators, each of which the parser nests in the one before.
_LONG = 2_000
_STACK = 1 << 30


def _on_deep_stack(job: Callable[[], T]) -> T:
    """Do a job on a thread whose stack is deep; memory is taken only as far as it is used."""
    before = threading.stack_size(_STACK)
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(job).result()
    finally:
        threading.stack_size(before)


class _Oxigraph:
    """The graph in an Oxigraph store, in memory or in a folder."""

    def __init__(self, store: ox.Store, *, deep: bool = False, folder: Path | None = None) -> None:
        self._store = store
        self._deep = deep
        self._folder = folder
        self._prepared = Prepared(folder) if folder else None
        self._part: tuple[frozenset[URIRef], ox.Store] | None = None

    def query(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        refuse_danger(sparql)
        return self.evaluate(sparql, graphs)

    def evaluate(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        if graphs is None and self._prepared:
            known = self._prepared.answer(sparql)
            if known is not None:
                return _reply(known)
        try:
            store = self._holding(graphs)
            if not self._deep and len(sparql) > _LONG and len(without_header(sparql)) > _LONG:
                return _on_deep_stack(lambda: _reply(store.query(sparql)))
            return _reply(store.query(sparql))
        except SyntaxError as error:
            raise MaillageError("not-sparql", reason=error.msg) from error
        except (OSError, RuntimeError) as error:
            raise MaillageError("engine", reason=error) from error

    def select(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Answer:
        return cast("Answer", self.query(sparql, graphs))

    def names(self) -> NameIndex | None:
        """The names in the folder, opened when they are asked for: a server never does."""
        return NameIndex.opened(self._folder / NAMES) if self._folder else None

    def _holding(self, graphs: Sequence[URIRef] | None) -> ox.Store:
        """A store of some of the graphs only, kept until others are asked for."""
        if graphs is None:
            return self._store
        wanted = frozenset(graphs)
        if self._part is None or self._part[0] != wanted:
            part = ox.Store()
            for graph in wanted:
                named = ox.NamedNode(graph)
                if self._store.contains_named_graph(named):  # it may stand there without a quad
                    part.add_graph(named)
                part.bulk_extend(self._store.quads_for_pattern(None, None, None, named))
            united(part)
            self._part = wanted, part
        return self._part[1]


def _reply(result: ox.QueryBoolean | ox.QuerySolutions | Iterable[ox.Triple] | bytes) -> Reply:
    """The whole answer: rows in rdflib's terms, or a graph that gives them when it is read.

    :param result: the engine's, or a graph in N-Triples.
    """
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QuerySolutions):
        terms = Terms()
        names = tuple(variable.value for variable in result.variables)
        rows = [tuple([None if t is None else terms[t] for t in solution]) for solution in result]
        return Answer(names, rows)
    # kept by the engine: in rdflib's own three indexes a large answer takes four times as long
    held = ox.Store()
    if isinstance(result, bytes):  # read by the engine itself, in a quarter of the time
        held.bulk_load(result, ox.RdfFormat.N_TRIPLES)
    else:
        held.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in result)
    return StoreGraph(held)


def memory_store(dataset: Dataset) -> Store:
    """Keep a dataset in memory and answer from there."""
    store = ox.Store()
    store.bulk_extend(quads_of(dataset))
    return united(store)


def united(store: ox.Store, record: Path | None = None) -> Store:
    """Put the union of its named graphs into the default graph of a store, and answer from it.

    :param record: the same graphs as canonical N-Quads, where they were written already: text is
        read by the engine itself, in a third of the time when the store lies in a folder.
    """
    if record is None:
        # the engine reads what was there before: nothing is added to what is being read
        store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store)
    else:
        with record.open("rb") as lines:
            store.bulk_load(readable(blocks(union(lines))), ox.RdfFormat.N_TRIPLES)
    return _Oxigraph(store)


def opened(store: ox.Store) -> Engine:
    """Answer from an Oxigraph store whose default graph is the union of its named graphs."""
    return _Oxigraph(store)


def loaded(nquads: bytes) -> Store:
    """Keep canonical N-Quads in memory and answer from there, without an rdflib graph."""
    store = ox.Store()
    store.bulk_load(nquads, ox.RdfFormat.N_QUADS)
    return united(store)


def open_folder(path: Path, *, deep: bool = False) -> Engine:
    """Open the Oxigraph folder that :func:`write_folder` made; it is only ever read.

    :param deep: whether it is asked on a thread with a deep stack, so that long queries need none.
    :raises MaillageError: when there is none, or it cannot be opened.
    """
    return _Oxigraph(read_folder(path), deep=deep, folder=path)


def read_folder(path: Path) -> ox.Store:
    """Open the same, to be read quad by quad.

    :raises MaillageError: when there is none, or it cannot be opened.
    """
    try:
        return ox.Store.read_only(str(path))
    except (OSError, ValueError) as error:
        raise MaillageError("store-unreadable", path=path, reason=error) from error


def names_beside(store: Store) -> NameIndex | None:
    """The names that lie in the folder of a store, where there is one that has them."""
    return store.names() if isinstance(store, _Oxigraph) else None


def write_names(folder: Path) -> None:
    """Put the file of names (:mod:`maillage.nameindex`) into an Oxigraph folder."""
    store = ox.Store.read_only(str(folder))

    def names() -> Iterator[Name]:
        for predicate, rank in RANKS.items():
            named = ox.NamedNode(predicate)
            for quad in store.quads_for_pattern(None, named, None, ox.DefaultGraph()):
                thing, name = quad.subject, quad.object
                if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal):
                    language = tag(name.language) if name.language else ""
                    yield Name(thing.value, rank, name.value, language)

    NameIndex.of(names(), folder / NAMES).close()


def write_folder(files: Sequence[Path], path: Path) -> int:
    """Make an Oxigraph folder from canonical N-Quads, flushed to disk and opened again.

    The engine reads the files itself; memory does not grow with them.

    :param files: each sorted; together they are one graph.
    :returns: how many statements it holds, those of the union among them.
    :raises MaillageError: when what stands on the disk is not what was written.
    """
    count = 0

    def statements() -> Iterator[bytes]:
        nonlocal count
        for line in merged(files):
            count += 1
            yield line

    store = ox.Store(str(path))
    for file in files:
        store.bulk_load(path=file, format=ox.RdfFormat.N_QUADS)
    store.bulk_load(readable(blocks(union(statements()))), ox.RdfFormat.N_TRIPLES)
    store.optimize()
    store.flush()
    written = len(store)
    del store  # closed: nobody writes any more
    again = ox.Store.read_only(str(path))
    named = cast(
        "ox.QuerySolutions", again.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    )
    found = int(next(iter(named))[0].value)
    if found != count:  # the engine writes 01 and 1 as one number
        count = _kept(merged(files))
    if found != count or len(again) != written:
        raise MaillageError("store-differs", path=path, missing=count - found)
    return written


def _kept(lines: Iterable[bytes]) -> int:
    """How many statements the engine makes of sorted ones: only those of one subject can meet."""
    count = 0
    held: list[bytes] = []
    for _, some in groupby(lines, lambda line: line.partition(b" ")[0]):
        held += some
        if len(held) > _HELD:
            count += _made_of(held)
            held = []
    return count + _made_of(held)


def _made_of(lines: list[bytes]) -> int:
    store = ox.Store()
    store.bulk_load(b"".join(lines), ox.RdfFormat.N_QUADS)
    return len(store)


def dataset_of(nquads: bytes) -> Dataset:
    """An rdflib dataset, its default graph the union, from N-Quads."""
    return dataset_of_quads(ox.parse(nquads, ox.RdfFormat.N_QUADS))
