"""The Service Description of the endpoint (SPARQL 1.1 Service Description), with VoID counts.

It claims what is true and nothing else: the query language, the formats, the default graph that is
the union of the named ones, and which graphs there are. No federation, no fetching, no entailment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from maillage.wire.kinds import FAMILIES

__all__ = ["Described", "description"]

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_INTEGER: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_PREFIXES: Final = {"sd": _SD, "void": _VOID, "formats": _FORMATS, "dcterms": _DCTERMS}

# The W3C's addresses of the formats (https://www.w3.org/ns/formats/).
_NAMES: Final = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/ld+json": "JSON-LD",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/trig": "TriG",
    "application/n-quads": "N-Quads",
    "text/n3": "N3",
}
_WRITERS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "text/n3": ox.RdfFormat.N3,
}

_Value = str | int


@dataclass(frozen=True)
class Described:
    """What a description is made of.

    :ivar endpoint: the address at which queries are asked.
    :ivar release: the name of the release.
    :ivar union: how many triples the default graph holds; ``None`` when nobody could count.
    :ivar graphs: the named graphs with their numbers of triples, in the order to tell them.
    :ivar dumps: addresses at which the whole can be had.
    """

    endpoint: str
    release: str
    union: int | None
    graphs: Sequence[tuple[str, int]]
    dumps: Sequence[str] = ()


def description(described: Described, media_type: str) -> bytes:
    """Write the description in one of the RDF formats.

    :raises KeyError: when the format is none of them.
    """
    triples = [
        ox.Triple(
            ox.NamedNode(subject),
            ox.NamedNode(predicate),
            ox.Literal(str(value), datatype=_INTEGER)
            if isinstance(value, int)
            else ox.Literal(value)
            if predicate == _DCTERMS + "identifier"
            else ox.NamedNode(value),
        )
        for subject, predicate, value in _statements(described)
    ]
    made = ox.serialize(triples, format=_WRITERS[media_type], prefixes=_PREFIXES)
    return made or b""


def _statements(it: Described) -> Iterator[tuple[str, str, _Value]]:
    """Subject, predicate and object; parts of the service have names, so that none is blank."""
    service, dataset, union = (f"{it.endpoint}#{part}" for part in ("service", "dataset", "union"))
    yield service, _RDF_TYPE, _SD + "Service"
    yield service, _SD + "endpoint", it.endpoint
    yield service, _SD + "supportedLanguage", _SD + "SPARQL11Query"
    yield service, _SD + "feature", _SD + "UnionDefaultGraph"
    yield service, _SD + "defaultEntailmentRegime", "http://www.w3.org/ns/entailment/Simple"
    for kind in sorted({kind for family in FAMILIES.values() for kind in family}):
        yield service, _SD + "resultFormat", _FORMATS + _NAMES[kind]
    yield service, _SD + "defaultDataset", dataset
    yield dataset, _RDF_TYPE, _SD + "Dataset"
    yield dataset, _RDF_TYPE, _VOID + "Dataset"
    yield dataset, _DCTERMS + "identifier", it.release
    yield dataset, _VOID + "sparqlEndpoint", it.endpoint
    for dump in it.dumps:
        yield dataset, _VOID + "dataDump", dump
    yield dataset, _SD + "defaultGraph", union
    yield union, _RDF_TYPE, _SD + "Graph"
    if it.union is not None:
        yield dataset, _VOID + "triples", it.union
        yield union, _VOID + "triples", it.union
    for number, (graph, triples) in enumerate(it.graphs, start=1):
        named, inside = f"{it.endpoint}#named-{number}", f"{it.endpoint}#graph-{number}"
        yield dataset, _SD + "namedGraph", named
        yield named, _RDF_TYPE, _SD + "NamedGraph"
        yield named, _SD + "name", graph
        yield named, _SD + "graph", inside
        yield inside, _RDF_TYPE, _SD + "Graph"
        yield inside, _VOID + "triples", triples
