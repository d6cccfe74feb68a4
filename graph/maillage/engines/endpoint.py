"""A store that is some engine behind the address of a SPARQL 1.1 endpoint.

The same questions give the same rows there as in a folder: :mod:`maillage.engines.answers` reads
terms alike, :mod:`maillage.engines.marks` says where the union of the graphs is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from rdflib import URIRef
from rdflib.term import Identifier

from maillage.bounded.scan import scanned
from maillage.danger import refuse_danger
from maillage.engines.answers import ROWS, TRIPLES, read
from maillage.engines.connection import Connection
from maillage.engines.marks import LOADED, UNION, pages
from maillage.engines.marks import read as read_marks
from maillage.engines.mirror import Mirror, simple
from maillage.engines.patterns import by_graph
from maillage.errors import MaillageError
from maillage.mint import graph_iri
from maillage.store import Answer, Reply

__all__ = ["Endpoint"]


class Endpoint:
    """The graph behind the address of a SPARQL 1.1 endpoint."""

    def __init__(self, address: str, environment: Mapping[str, str] | None = None) -> None:
        self._connection = Connection(address, environment)
        self._known = False
        #: The graphs of the default graph that is asked; none where it is the engine's own.
        self._default: list[URIRef] = []
        #: The graphs that GRAPH finds, where the engine must be told.
        self._named: list[URIRef] | None = None
        #: Whether a statement counts once for each graph that holds it.
        self._counts_twice = False
        #: What was fetched, where questions are answered here.
        self._mirror: Mirror | None = None

    def query(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        """Answer a query; ``graphs`` limits it to the union of those named graphs.

        :raises MaillageError: when the text is not SPARQL or the engine cannot answer whole.
        """
        refuse_danger(sparql)
        return self.evaluate(sparql, graphs)

    def evaluate(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        """Answer a query that was looked through already."""
        self._look()
        if self._mirror:
            return self._mirror.query(sparql, graphs)
        if graphs is not None:
            if self._counts_twice and len(set(graphs)) > 1:
                raise MaillageError("endpoint-counts-twice", address=self._connection.address)
            return self._send(sparql, graphs, graphs)
        seen = scanned(sparql)
        if seen.default or seen.named or not self._default:
            return self._send(sparql)
        named = self._graphs() if by_graph(sparql) else ()
        return self._send(sparql, self._default, named)

    def select(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Answer:
        """Answer a SELECT."""
        return cast("Answer", self.query(sparql, graphs))

    def _look(self) -> None:
        """Find out, once, how this engine keeps the graph.

        :raises MaillageError: when it holds none, or one that is not whole.
        """
        if self._known:
            return
        address = self._connection.address
        marks = read_marks(self._bare, digests=False)
        if marks.layout is None:
            self._look_closer()
        elif marks.release is None:
            raise MaillageError("endpoint-unfinished", address=address)
        elif marks.layout == "named":
            self._default, self._counts_twice = [UNION], True
            if simple(self._connection.server):
                self._mirror = Mirror(self._bare, self._graphs)
        self._known = True

    def _look_closer(self) -> None:
        """How an engine keeps a graph that was not put there by ``build --load``.

        Where its default graph is not the union, each request names the graphs (SPARQL 1.1
        Protocol, 2.1.4). In either case each statement must count once.

        :raises MaillageError: when there is no graph of ours, or statements count twice.
        """
        catalogue = f"<{graph_iri('catalogue')}>"
        rows = self._bare(f"SELECT ?s ?p ?o {{ GRAPH {catalogue} {{ ?s ?p ?o }} }} LIMIT 1").rows
        if not rows:
            raise MaillageError("endpoint-empty", address=self._connection.address)
        # What stands in the catalogue is seen by a plain pattern only if the union is default.
        if not self._send(f"ASK {{ {_pattern(rows[0])} }}"):
            every = "{ SELECT DISTINCT ?key { GRAPH ?key {} } } BIND ( 1 AS ?value )"
            self._default = self._named = [URIRef(name) for name, _ in pages(self._bare, every)]
        twice = (
            "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o }"
            " FILTER ( STR(?g) < STR(?h) ) } LIMIT 1"
        )
        for row in self._bare(twice).rows:
            counted = self._send(f"SELECT (1 AS ?n) {{ {_pattern(row)} }}", self._default)
            if len(cast("Answer", counted).rows) > 1:
                raise MaillageError("endpoint-not-a-set", address=self._connection.address)

    def _graphs(self) -> list[URIRef]:
        if self._named is None:
            found = read_marks(self._bare).digests
            self._named = sorted(graph for graph in found if graph not in {UNION, LOADED})
        return self._named

    def _bare(self, sparql: str) -> Answer:
        return cast("Answer", self._send(sparql))

    def _send(
        self, sparql: str, default: Sequence[URIRef] = (), named: Sequence[URIRef] = ()
    ) -> Reply:
        fields = [("query", sparql)]
        fields += [("default-graph-uri", str(graph)) for graph in default]
        fields += [("named-graph-uri", str(graph)) for graph in named]
        triples = scanned(sparql).form in {"construct", "describe"}
        response = self._connection.ask(fields, TRIPLES if triples else ROWS)
        return read(self._connection.address, response)


def _pattern(row: Sequence[Identifier | None]) -> str:
    return " ".join(cast("Identifier", term).n3() for term in row)
