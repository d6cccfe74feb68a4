"""The job of the SPARQL endpoint: one query, or one graph, answered by Oxigraph from a folder.

Only the engine is loaded, so that a worker is ready at once. The folder is opened read-only.

*A query* is ``{"query": text, "formats": [media types], "default_graphs": [addresses],
"named_graphs": [addresses], "base": address}``, *a graph* ``{"graph": address or "default",
"formats": […]}`` (SPARQL 1.1 Graph Store HTTP Protocol, 5.2). The base is that of relative
addresses. Of the formats, in the order in which the client likes them, the first that fits the
answer is taken; none at all means any.

**The dataset** (SPARQL 1.1 Query, 13; Protocol, 2.1.4). Where neither the request nor the query
names one, it is the whole store: its default graph is the union of all named graphs, as a set, and
each of these can be asked by ``GRAPH``. Where one is named, it is made of exactly the graphs that
are named, the default graph being their merge, again a set; what the request names goes before what
the query says. Graphs come from the store alone: one that is not in it is refused by name, since it
would have to be fetched, and an empty answer would hide that. The union itself has no name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import pyoxigraph as ox

from maillage.bounded.outcomes import Fault
from maillage.bounded.scan import Scan, scanned, telling
from maillage.bounded.slips import slip, unknown_function
from maillage.bounded.writing import Csv, Form, Json, JsonLd, Lines, Tsv, Writer, Xml
from maillage.danger import refuse_danger
from maillage.errors import Refused
from maillage.prepared import Prepared

__all__ = ["BOOLEANS", "GRAPHS", "SOLUTIONS", "opened"]

_Results = tuple[ox.QueryResultsFormat, Callable[[], Form]]
_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
_Rdf = tuple[ox.RdfFormat, Callable[[], Form]]

_JSON: Final = "application/sparql-results+json"
_XML: Final = "application/sparql-results+xml"

#: The formats of SELECT, by media type; the first is the one when nobody says.
SOLUTIONS: Final[Mapping[str, _Results]] = {
    _JSON: (ox.QueryResultsFormat.JSON, Json),
    _XML: (ox.QueryResultsFormat.XML, Xml),
    "text/csv": (ox.QueryResultsFormat.CSV, Csv),
    "text/tab-separated-values": (ox.QueryResultsFormat.TSV, Tsv),
}
#: The formats of ASK: CSV and TSV have no way to say yes (SPARQL 1.1 CSV and TSV, 2).
BOOLEANS: Final[Mapping[str, _Results]] = {name: SOLUTIONS[name] for name in (_JSON, _XML)}
#: The formats of CONSTRUCT, DESCRIBE and whole graphs.
GRAPHS: Final[Mapping[str, _Rdf]] = {
    "text/turtle": (ox.RdfFormat.TURTLE, Lines),
    "application/n-triples": (ox.RdfFormat.N_TRIPLES, Lines),
    "application/rdf+xml": (ox.RdfFormat.RDF_XML, Xml),
    "application/ld+json": (ox.RdfFormat.JSON_LD, JsonLd),
    "application/n-quads": (ox.RdfFormat.N_QUADS, Lines),
    "application/trig": (ox.RdfFormat.TRIG, Lines),
    "text/n3": (ox.RdfFormat.N3, Lines),
}


def opened(folder: Path, settings: Mapping[str, Any]) -> Callable[[dict[str, Any], BinaryIO], Any]:
    """Open the Oxigraph folder of a release.

    :param settings: ``prefixes``, from name to address, for Turtle, TriG and RDF/XML.
    """
    store = ox.Store.read_only(str(folder))
    prefixes = dict(settings.get("prefixes", {}))
    return _Endpoint(store, Prepared(folder), prefixes).answer


class _Endpoint:
    """A store, and what is needed to answer from it."""

    def __init__(self, store: ox.Store, prepared: Prepared, prefixes: dict[str, str]) -> None:
        self._store, self._prepared, self._prefixes = store, prepared, prefixes
        self._part: tuple[tuple[tuple[str, ...], tuple[str, ...]], ox.Store] | None = None
        self._base: str | None = None

    def answer(self, job: dict[str, Any], out: BinaryIO) -> dict[str, Any]:
        """Answer one job, whole; returns its kind, media type, and how much there was."""
        formats = job.get("formats")
        if "graph" in job:
            return self._graph(job["graph"], formats, out)
        query, self._base = job["query"], job.get("base")
        try:
            refuse_danger(query)
        except Refused as refusal:
            limit = {name: str(value) for name, value in refusal.values.items()}
            raise Fault(refusal.key, line=None, column=None, **limit) from refusal
        seen = scanned(query) if telling(query) else Scan()
        try:
            return self._query(query, seen, job, out) | {"steady": seen.steady}
        except SyntaxError as error:
            raise slip(query, error) from error
        except RuntimeError as error:  # a function that is none of SPARQL's: nobody's breakdown
            if fault := unknown_function(error):
                raise fault from error
            raise

    def _query(self, query: str, seen: Scan, job: dict[str, Any], out: BinaryIO) -> dict[str, Any]:
        formats = job.get("formats")
        default, named = job.get("default_graphs"), job.get("named_graphs")
        if not default and not named:
            if not (seen.default or seen.named):
                known = self._prepared.answer(query)
                if isinstance(known, bytes):
                    triples = (quad.triple for quad in ox.parse(known, ox.RdfFormat.N_TRIPLES))
                    return self._triples(triples, formats, out)
                if known is not None:
                    return self._written(known, formats, out)
                return self._written(self._store.query(query, base_iri=self._base), formats, out)
            ox.Store().query(query, base_iri=self._base)  # what is no query is told first
            default = _resolved(seen.prologue, seen.default, self._base)
            named = _resolved(seen.prologue, seen.named, self._base)
        return self._over(query, list(default or ()), list(named or ()), formats, out)

    def _over(
        self,
        query: str,
        default: Sequence[str],
        named: Sequence[str],
        formats: Sequence[str] | None,
        out: BinaryIO,
    ) -> dict[str, Any]:
        """Answer over a dataset that was named."""
        graphs = [self._named(address) for address in dict.fromkeys(default)]
        others = [self._named(address) for address in dict.fromkeys(named)]
        store, merge = self._store, cast("list[_Graph]", graphs)
        if len(graphs) > 1:
            merge = [ox.DefaultGraph()]
            # The merge of all of them is what is stored already.
            if set(graphs) != set(store.named_graphs()):
                store = self._merged(graphs, others)
        known = cast("list[ox.NamedNode | ox.BlankNode]", others)
        reply = store.query(query, base_iri=self._base, default_graph=merge, named_graphs=known)
        return self._written(reply, formats, out)

    def _named(self, address: str) -> ox.NamedNode:
        try:
            graph = ox.NamedNode(address)
            known = self._store.contains_named_graph(graph)
        except ValueError:
            known = False
        if not known:
            raise Fault("outside-graph", graph=address)
        return graph

    def _merged(self, graphs: Sequence[ox.NamedNode], others: Sequence[ox.NamedNode]) -> ox.Store:
        """A store in which the merge of some graphs is the default graph.

        Asked for several default graphs, the engine counts a triple once for each that holds it
        (``graph/decisions.md``, 4); so they are put together, in memory and in the time of the
        query. The last one is kept, since the same dataset is often asked again.
        """
        key = tuple(g.value for g in graphs), tuple(g.value for g in others)
        if self._part is None or self._part[0] != key:
            self._part = None
            part = ox.Store()
            for graph in graphs:
                part.bulk_extend(_into_default(self._quads(graph)))
            for graph in others:
                part.bulk_extend(self._quads(graph))
            self._part = key, part
        return self._part[1]

    def _quads(self, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(None, None, None, graph)

    def _graph(self, name: str, formats: Sequence[str] | None, out: BinaryIO) -> dict[str, Any]:
        """Write one graph whole."""
        graph: ox.NamedNode | ox.DefaultGraph = ox.DefaultGraph()
        if name != "default":
            try:
                graph = self._named(name)
            except Fault as fault:
                raise Fault("no-graph", graph=name) from fault
        triples = (quad.triple for quad in self._quads(graph))
        return self._triples(triples, formats, out) | {"steady": True}

    def _written(
        self,
        reply: ox.QueryBoolean | ox.QuerySolutions | Iterable[ox.Triple],
        formats: Sequence[str] | None,
        out: BinaryIO,
    ) -> dict[str, Any]:
        if not isinstance(reply, (ox.QueryBoolean, ox.QuerySolutions)):
            return self._triples(reply, formats, out)
        truth = isinstance(reply, ox.QueryBoolean)
        media_type, (engine, form) = _chosen(BOOLEANS if truth else SOLUTIONS, formats)
        writer = Writer(out, form())
        reply.serialize(cast("Any", writer), engine)
        writer.finish()
        kind = "boolean" if truth else "solutions"
        rows = 1 if truth else writer.rows
        return {"kind": kind, "media_type": media_type, "count": rows}

    def _triples(
        self, triples: Iterable[ox.Triple], formats: Sequence[str] | None, out: BinaryIO
    ) -> dict[str, Any]:
        media_type, (engine, form) = _chosen(GRAPHS, formats)
        writer = Writer(out, form())
        number = count()
        # Numbered by the interpreter itself, which costs a twentieth of the writing.
        numbered = map(itemgetter(0), zip(triples, number))  # noqa: B905  # one has no end
        ox.serialize(numbered, cast("Any", writer), format=engine, prefixes=self._prefixes)
        writer.finish()
        # zip took one number more than there were triples only if it asked that side first.
        return {"kind": "graph", "media_type": media_type, "count": next(number)}


def _into_default(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    return (ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def _chosen(known: Mapping[str, Any], formats: Sequence[str] | None) -> tuple[str, Any]:
    for name in formats or known:
        if name in known:
            return name, known[name]
    raise Fault("not-acceptable", formats=", ".join(known))


def _resolved(prologue: str, terms: Sequence[str], base: str | None) -> list[str]:
    """The addresses of terms as they stand in a query, with its prefixes and its base."""
    if not terms:
        return []
    wanted = " ".join(f"({term} AS ?g{i})" for i, term in enumerate(terms))
    rows = cast(
        "ox.QuerySolutions", ox.Store().query(f"{prologue} SELECT {wanted} {{}}", base_iri=base)
    )
    (row,) = list(rows)
    return [cast("ox.NamedNode", row[i]).value for i in range(len(terms))]
