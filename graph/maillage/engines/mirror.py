"""Some of an engine's statements, kept here, from which whole questions are answered.

It serves engines that answer patterns right, and questions not (:mod:`maillage.engines.patterns`).
Statements are fetched for the patterns of a question, and kept for the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.term import Identifier

from maillage.engines.marks import UNION
from maillage.engines.patterns import Pattern, by_graph, fetched, patterns
from maillage.store import Answer, Reply, native, opened

__all__ = ["Mirror", "simple"]

#: The engines, by how the header ``Server`` begins, that are asked for patterns only.
_SIMPLE: Final = ("Virtuoso",)


def simple(server: str) -> bool:
    """Whether only patterns are asked of a server that calls itself so.

    >>> simple("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu"), simple("Jetty(12.0)")
    (True, False)
    """
    return server.startswith(_SIMPLE)


class Mirror:
    """What was fetched so far: of the union, and, where graphs matter, of each graph.

    :param select: asks the engine, as it is.
    :param graphs: which of its named graphs are ours.
    """

    def __init__(
        self, select: Callable[[str], Answer], graphs: Callable[[], Sequence[URIRef]]
    ) -> None:
        self._select, self._graphs = select, graphs
        self._union, self._quads = ox.Store(), ox.Store()
        self._fetched: dict[str, list[Pattern]] = {}

    def query(self, sparql: str, graphs: Sequence[URIRef] | None) -> Reply:
        """Answer a query, fetching what it needs and is not here yet.

        :raises MaillageError: when it is no SPARQL, or needs more than can travel.
        """
        store, place = self._union, f"GRAPH <{UNION}>"
        if graphs is not None or by_graph(sparql):
            store, place = self._quads, "GRAPH ?g"
            for graph in self._graphs():  # where nothing matches, a graph is found all the same
                store.add_graph(ox.NamedNode(str(graph)))
        # what is no query is told before anything is fetched
        opened(ox.Store()).evaluate(sparql)
        known = self._fetched.setdefault(place, [])
        for pattern in patterns(sparql):
            if not any(one.covers(pattern) for one in known):
                store.bulk_extend(self._quads_of(fetched(self._select, pattern, place)))
                known.append(pattern)
        return opened(store).evaluate(sparql, graphs)

    def _quads_of(self, rows: Iterable[tuple[Identifier, ...]]) -> Iterator[ox.Quad]:
        ours: set[Identifier] = set()
        for *graph, subject, predicate, value in rows:
            triple = native(subject), ox.NamedNode(str(predicate)), native(value)
            if graph:
                ours = ours or set(self._graphs())
                if graph[0] not in ours:  # of other people, and the union itself
                    continue
                yield ox.Quad(*triple, ox.NamedNode(str(graph[0])))  # type: ignore[arg-type]  # subjects are never literals
            yield ox.Quad(*triple)  # type: ignore[arg-type]  # likewise
