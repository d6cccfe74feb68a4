"""The W3C's tests of the SPARQL 1.1 Service Description, and that what is claimed is true."""

from __future__ import annotations

import json
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import VOID

from endpoint.serving import Serving

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")

# The schema of the specification (SPARQL 1.1 Service Description, 3): classes and properties.
CLASSES = {
    "Service",
    "Language",
    "Function",
    "Aggregate",
    "EntailmentRegime",
    "EntailmentProfile",
    "GraphCollection",
    "Dataset",
    "Graph",
    "NamedGraph",
    "Feature",
}
DOMAINS = {
    "endpoint": "Service",
    "feature": "Service",
    "defaultEntailmentRegime": "Service",
    "supportedLanguage": "Service",
    "resultFormat": "Service",
    "inputFormat": "Service",
    "extensionFunction": "Service",
    "defaultDataset": "Service",
    "availableGraphs": "Service",
    "defaultGraph": "Dataset",
    "namedGraph": "Dataset",
    "name": "NamedGraph",
    "graph": "NamedGraph",
    "entailmentRegime": "NamedGraph",
}
RANGES = {
    "defaultDataset": "Dataset",
    "availableGraphs": "GraphCollection",
    "defaultGraph": "Graph",
    "namedGraph": "NamedGraph",
    "graph": "Graph",
}
FEATURES = {
    "DereferencesURIs",
    "UnionDefaultGraph",
    "RequiresDataset",
    "EmptyGraphs",
    "BasicFederatedQuery",
}
LANGUAGES = {"SPARQL10Query", "SPARQL11Query", "SPARQL11Update"}


@pytest.fixture(scope="module")
def description(server: Serving) -> Graph:
    reply = server.ask("/sparql", {"Accept": "text/turtle"})
    assert reply.status == 200, reply.text
    return Graph().parse(data=reply.text, format="turtle")


def counted(server: Serving, pattern: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    reply = server.ask(f"/sparql?query={quote(query)}")
    return int(json.loads(reply.body)["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("accept", "kind", "form"),
    [
        ("", "text/turtle", ox.RdfFormat.TURTLE),
        ("*/*", "text/turtle", ox.RdfFormat.TURTLE),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.9", "text/turtle", ox.RdfFormat.TURTLE),
    ],
)
def test_returns_rdf(server, description, accept, kind, form):
    reply = server.ask("/sparql", {"Accept": accept} if accept else {})
    assert (reply.status, reply.kind) == (200, kind)
    assert len(list(ox.parse(reply.body, form))) == len(description)


def test_has_endpoint_triple(server, description):
    service = description.value(predicate=RDF.type, object=SD.Service)
    assert description.value(service, SD.endpoint) == URIRef(f"{server.address}sparql")


def test_conforms_to_schema(description):
    names = {
        str(n).removeprefix(SD) for triple in description for n in triple if str(n).startswith(SD)
    }
    assert names <= CLASSES | set(DOMAINS) | FEATURES | LANGUAGES
    for s, p, o in description:
        name = str(p).removeprefix(SD)
        if name in DOMAINS:
            assert (s, RDF.type, SD[DOMAINS[name]]) in description, p
        if name in RANGES:
            assert (o, RDF.type, SD[RANGES[name]]) in description, p
        if str(p).startswith(SD):
            assert not isinstance(o, Literal), p


def test_every_format_that_is_claimed_can_be_had(server, description):
    types = {
        FORMATS.SPARQL_Results_JSON: "application/sparql-results+json",
        FORMATS.SPARQL_Results_XML: "application/sparql-results+xml",
        FORMATS.SPARQL_Results_CSV: "text/csv",
        FORMATS.SPARQL_Results_TSV: "text/tab-separated-values",
        FORMATS.Turtle: "text/turtle",
        FORMATS["JSON-LD"]: "application/ld+json",
        FORMATS["N-Triples"]: "application/n-triples",
        FORMATS.RDF_XML: "application/rdf+xml",
        FORMATS.TriG: "application/trig",
        FORMATS["N-Quads"]: "application/n-quads",
        FORMATS.N3: "text/n3",
    }
    claimed = set(description.objects(None, SD.resultFormat))
    assert claimed == set(types)
    for claim in claimed:
        rows = "SPARQL_Results" in claim
        query = (
            "SELECT ?s { ?s ?p ?o } LIMIT 1"
            if rows
            else "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1"
        )
        reply = server.ask(f"/sparql?query={quote(query)}", {"Accept": types[claim]})
        assert (reply.status, reply.kind) == (200, types[claim])


def test_the_default_graph_is_the_union_as_claimed(server, description):
    assert set(description.objects(None, SD.feature)) == {SD.UnionDefaultGraph}
    outside = "{ ?s ?p ?o } FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }"
    assert counted(server, outside) == 0
    assert counted(server, "{ SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }") == counted(
        server, "?s ?p ?o"
    )


def test_the_graphs_and_their_numbers_are_those_of_the_store(server, description):
    dataset = description.value(predicate=RDF.type, object=SD.Dataset)
    assert int(description.value(dataset, VOID.triples)) == counted(server, "?s ?p ?o")
    told = {}
    for named in description.objects(dataset, SD.namedGraph):
        graph = description.value(named, SD.graph)
        told[str(description.value(named, SD.name))] = int(description.value(graph, VOID.triples))
    assert sum(told.values()) == counted(server, "GRAPH ?g { ?s ?p ?o }")
    assert len(told) == counted(server, "{ SELECT DISTINCT ?g { GRAPH ?g {} } }")
    some = min(told)
    assert told[some] == counted(server, f"GRAPH <{some}> {{ ?s ?p ?o }}")


def test_only_queries_are_claimed_and_nothing_is_fetched(description):
    assert set(description.objects(None, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert not list(description.objects(None, SD.inputFormat))


def test_the_same_is_found_at_the_well_known_address(server, description):
    reply = server.ask("/.well-known/void")
    assert (reply.status, reply.kind) == (200, "text/turtle")
    assert len(Graph().parse(data=reply.text, format="turtle")) == len(description)


def test_the_dump_that_is_named_is_there(server, description):
    dump = next(description.objects(None, VOID.dataDump))
    path = "/" + str(dump).removeprefix(server.address)
    assert server.ask(path, method="HEAD").status == 200
