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
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, cast

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Identifier

from maillage.danger import refuse_danger
from maillage.errors import MaillageError

__all__ = [
    "Answer",
    "Engine",
    "Reply",
    "Store",
    "dataset_of",
    "literal",
    "loaded",
    "memory_store",
    "native",
    "open_folder",
    "opened",
    "quads_of",
    "rdflib_term",
    "rdflib_triple",
    "read_folder",
    "refuse_danger",
    "write_folder",
]


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


#: A query longer than this is read on a stack of its own, deep enough for a chain of operators,
#: each of which the parser nests in the one before.
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

    def __init__(self, store: ox.Store, *, deep: bool = False) -> None:
        self._store = store
        self._deep = deep
        self._part: tuple[frozenset[URIRef], ox.Store] | None = None

    def query(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        refuse_danger(sparql)
        return self.evaluate(sparql, graphs)

    def evaluate(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        try:
            store = self._holding(graphs)
            if len(sparql) > _LONG and not self._deep:
                return _on_deep_stack(lambda: _reply(store.query(sparql)))
            return _reply(store.query(sparql))
        except SyntaxError as error:
            raise MaillageError("not-sparql", reason=error.msg) from error
        except (OSError, RuntimeError) as error:
            raise MaillageError("engine", reason=error) from error

    def select(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Answer:
        return cast("Answer", self.query(sparql, graphs))

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
                part.bulk_extend(
                    _with_union(self._store.quads_for_pattern(None, None, None, named))
                )
            self._part = wanted, part
        return self._part[1]


def _reply(result: ox.QueryBoolean | ox.QueryTriples | ox.QuerySolutions) -> Reply:
    """The whole answer, in rdflib's terms."""
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QueryTriples):
        graph = Graph()
        for triple in result:
            graph.add(rdflib_triple(triple))
        return graph
    names = tuple(variable.value for variable in result.variables)
    rows = [tuple(None if t is None else rdflib_term(t) for t in solution) for solution in result]
    return Answer(names, rows)


def memory_store(dataset: Dataset) -> Store:
    """Keep a dataset in memory and answer from there."""
    store = ox.Store()
    store.bulk_extend(_with_union(quads_of(dataset)))
    return _Oxigraph(store)


def opened(store: ox.Store) -> Engine:
    """Answer from an Oxigraph store whose default graph is the union of its named graphs."""
    return _Oxigraph(store)


def loaded(nquads: bytes) -> Store:
    """Keep canonical N-Quads in memory and answer from there, without an rdflib graph."""
    store = ox.Store()
    store.bulk_extend(_with_union(ox.parse(nquads, ox.RdfFormat.N_QUADS)))
    return _Oxigraph(store)


def _with_union(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Each quad, and its triple in the default graph."""
    for quad in quads:
        yield quad
        yield ox.Quad(quad.subject, quad.predicate, quad.object)


def open_folder(path: Path, *, deep: bool = False) -> Engine:
    """Open the Oxigraph folder that :func:`write_folder` made; it is only ever read.

    :param deep: whether it is asked on a thread with a deep stack, so that long queries need none.
    :raises MaillageError: when there is none, or it cannot be opened.
    """
    return _Oxigraph(read_folder(path), deep=deep)


def read_folder(path: Path) -> ox.Store:
    """Open the same, to be read quad by quad.

    :raises MaillageError: when there is none, or it cannot be opened.
    """
    try:
        return ox.Store.read_only(str(path))
    except (OSError, ValueError) as error:
        raise MaillageError("store-unreadable", path=path, reason=error) from error


def write_folder(nquads: bytes, path: Path) -> int:
    """Make an Oxigraph folder from canonical N-Quads, flushed to disk and opened again.

    :returns: how many statements it holds, those of the union among them.
    :raises MaillageError: when what stands on the disk is not what was written.
    """
    read = 0

    def quads() -> Iterator[ox.Quad]:
        nonlocal read
        for quad in ox.parse(nquads, ox.RdfFormat.N_QUADS):
            read += 1
            yield quad

    store = ox.Store(str(path))
    store.bulk_extend(_with_union(quads()))
    store.optimize()
    store.flush()
    written = len(store)
    del store  # closed: nobody writes any more
    again = ox.Store.read_only(str(path))
    named = cast(
        "ox.QuerySolutions", again.query("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    )
    found = int(next(iter(named))[0].value)
    if (
        found != read
    ):  # the engine writes 01 and 1 as one number: compare with what it makes of them
        memory = ox.Store()
        memory.bulk_extend(ox.parse(nquads, ox.RdfFormat.N_QUADS))
        read = len(memory)
    if found != read or len(again) != written:
        raise MaillageError("store-differs", path=path, missing=read - found)
    return written


def dataset_of(nquads: bytes) -> Dataset:
    """An rdflib dataset, its default graph the union, from N-Quads."""
    dataset = Dataset(default_union=True)
    graphs: dict[str, Graph] = {}
    for quad in ox.parse(nquads, ox.RdfFormat.N_QUADS):
        name = quad.graph_name.value
        if name not in graphs:
            graphs[name] = dataset.graph(URIRef(name))
        graphs[name].add(rdflib_triple(quad))
    return dataset


def quads_of(dataset: Dataset) -> list[ox.Quad]:
    """The quads of an rdflib dataset as pyoxigraph's, unchanged, in no particular order."""
    return [
        ox.Quad(native(s), ox.NamedNode(str(p)), native(o), ox.NamedNode(str(g)))  # type: ignore[arg-type]  # subjects are never literals
        for s, p, o, g in dataset.quads()
        if g is not None
    ]


def native(term: object) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """An rdflib term as pyoxigraph's, unchanged."""
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        datatype = term.datatype
        return ox.Literal(str(term), datatype=ox.NamedNode(str(datatype)) if datatype else None)
    return ox.BlankNode(str(term))


def rdflib_triple(quad: ox.Quad | ox.Triple) -> tuple[Identifier, Identifier, Identifier]:
    """The triple of a quad, in rdflib's terms."""
    return rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)


_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def rdflib_term(term: object) -> Identifier:
    """A term of pyoxigraph as rdflib's."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        return literal(term.value, term.language, term.datatype.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise MaillageError("triple-term", term=term)


def literal(value: str, language: str | None, datatype: str | None) -> Literal:
    """A literal in rdflib's terms, its language tag in the case in which such tags are written."""
    if language:
        return Literal(value, lang=_tag(language))
    if datatype in (None, _XSD_STRING):
        return Literal(value)
    return Literal(value, datatype=URIRef(datatype))


def _tag(language: str) -> str:
    """The case that BCP 47 (2.1.1) recommends: ``zh-hans`` is written ``zh-Hans``."""
    first, *rest = language.lower().split("-")
    script, region = 4, 2  # letters
    cased = {script: str.title, region: str.upper}
    return "-".join([first, *(cased.get(len(part), str)(part) for part in rest)])
