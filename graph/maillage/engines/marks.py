"""What :mod:`maillage.loading` writes beside the graphs of a release, so that anybody can tell.

One further graph, ``…/id/graph/loaded``, says which graphs stand in the engine whole, each with the
digest of its statements, and which a load has begun; where their union is; and, as
its last statement, which release all of this is. Without that last one a load is going on or was
interrupted, and nothing is answered from there.

=======================  ======================  =================================================
subject                  predicate               object
=======================  ======================  =================================================
a graph, or the union    ``dcterms:identifier``  SHA-256 of its statements, or ``begun``
``…/id/graph/union``     ``dcterms:type``        ``default`` or ``named``: where the union stands
``…/id/graph/loaded``    ``dcterms:extent``      digest of a plan, and how many batches are sent
``…/id/graph/loaded``    ``dcterms:hasVersion``  the release, written last
=======================  ======================  =================================================

**The union** of all graphs, as a set, is what questions see (``graph/decisions.md``, 4). Engines
differ in their default graph: in some it is a graph like any other (Oxigraph, Jena, Stardog), and
there the union is stored in it. In others it is what all named graphs hold, other people's and the
engine's own among them, and a triple counts once for each graph that holds it (Virtuoso). There the
union is a named graph, and each request says that this is the default graph to be asked (SPARQL 1.1
Protocol, 2.1.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from rdflib import URIRef

from maillage.engines.answers import PAGE
from maillage.mint import graph_iri
from maillage.store import Answer
from maillage.terms import PREFIXES

__all__ = [
    "BEGUN",
    "EXTENT",
    "IDENTIFIER",
    "LOADED",
    "TYPE",
    "UNION",
    "VERSION",
    "Marks",
    "pages",
    "read",
]

LOADED: Final = graph_iri("loaded")
UNION: Final = graph_iri("union")

_DCTERMS: Final = PREFIXES["dcterms"]
IDENTIFIER: Final = f"<{_DCTERMS}identifier>"
TYPE: Final = f"<{_DCTERMS}type>"
EXTENT: Final = f"<{_DCTERMS}extent>"
VERSION: Final = f"<{_DCTERMS}hasVersion>"

#: In the place of a digest, where a graph may hold anything.
BEGUN: Final = "begun"


@dataclass
class Marks:
    """What an engine says of its load.

    :ivar digests: of the graphs that stand there whole, the union among them; :data:`BEGUN` of
        those that were begun, or may be left over.
    :ivar layout: where the union is, ``default`` or ``named``; nothing where nobody loaded.
    :ivar sent: how many batches of which plan were sent.
    :ivar release: which release it is; nothing while it is loaded.
    """

    digests: dict[URIRef, str] = field(default_factory=dict)
    layout: str | None = None
    sent: dict[str, int] = field(default_factory=dict)
    release: str | None = None


def read(select: Callable[[str], Answer], *, digests: bool = True) -> Marks:
    """The marks of an engine; empty ones where there are none.

    :param digests: whether those of the graphs are wanted, of which there may be many.
    """
    marks = Marks()
    # The release and the layout in one answer, so that they are of one moment.
    told = f"VALUES ?s {{ <{LOADED}> <{UNION}> }} ?s ?p ?o"
    for row in select(f"SELECT ?s ?p ?o {{ GRAPH <{LOADED}> {{ {told} }} }}").rows:
        subject, predicate, value = f"<{row[0]}>", f"<{row[1]}>", str(row[2])
        if subject == f"<{UNION}>" and predicate == TYPE:
            marks.layout = value
        elif predicate == VERSION:
            marks.release = value
        elif predicate == EXTENT:
            plan, _, number = value.partition(" ")
            marks.sent[plan] = max(int(number), marks.sent.get(plan, 0))
    if digests:
        for graph, digest in pages(select, f"GRAPH <{LOADED}> {{ ?key {IDENTIFIER} ?value }}"):
            marks.digests[URIRef(graph)] = digest
    return marks


def pages(select: Callable[[str], Answer], pattern: str) -> Iterator[tuple[str, str]]:
    """Addresses and values that match, by the address, however many an engine gives at once.

    :param pattern: SPARQL with ``?key``, which is the address, and ``?value``.
    """
    after = ""
    while True:
        rows = select(
            f'SELECT ?key ?value {{ {pattern} FILTER ( STR(?key) > "{after}" ) }}'
            f" ORDER BY STR(?key) LIMIT {PAGE}"
        ).rows
        yield from ((str(key), str(value)) for key, value in rows)
        if len(rows) < PAGE:
            return
        after = str(rows[-1][0])
