"""The W3C's tests of the SPARQL 1.1 Service Description, and that what is claimed is true."""

from __future__ import annotations

import json
from urllib.parse import quote, urljoin

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, VOID

from endpoint.serving import Serving
from maillage.questions import questions
from maillage.terms import ID, PREFIXES
from query_editors import EXAMPLES, PREFIXES_DECLARED

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


def test_the_release_is_described_at_the_well_known_address(server, description):
    reply = server.ask("/.well-known/void")
    assert (reply.status, reply.kind) == (200, "text/turtle")
    told = Graph().parse(data=reply.text, format="turtle")
    (release,) = set(told.subjects(VOID.uriSpace, Literal("https://w3id.org/maillage/id/")))
    assert {title.language for title in told.objects(release, DCTERMS.title)} == {
        "fr",
        "en",
        "zh-Hans",
    }
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert (release, DCTERMS.license, licence) in told
    assert list(told.objects(release, VOID.classPartition))
    assert list(told.objects(release, VOID.propertyPartition))
    endpoint = URIRef(f"{server.address}sparql")
    assert (release, VOID.sparqlEndpoint, endpoint) in told
    for dump in told.objects(release, VOID.dataDump):
        path = "/" + str(dump).removeprefix(server.address)
        assert server.ask(path, method="HEAD").status == 200, dump
    # it counts what the endpoint says that it holds, less the questions of the house
    dataset = description.value(predicate=RDF.type, object=SD.Dataset)
    held = int(description.value(dataset, VOID.triples))
    assert 0 < int(told.value(release, VOID.triples)) <= held


def test_the_dumps_that_are_named_are_there_and_hold_all_that_can_be_asked(server, description):
    dumps = set(map(str, description.objects(None, VOID.dataDump)))
    assert {dump.rpartition("/")[2] for dump in dumps} == {"maillage.nq", "questions.nq"}
    lines = 0
    for dump in dumps:
        reply = server.ask("/" + dump.removeprefix(server.address))
        assert reply.status == 200
        lines += reply.body.count(b"\n")
    assert lines == counted(server, "GRAPH ?g { ?s ?p ?o }")


# What query editors look for in an endpoint before anybody types.


def editors(server: Serving, query: str) -> list[dict[str, str]]:
    """The rows of a query that is sent as such an editor sends it."""
    accepting = {"Accept": "application/sparql-results+json", "Origin": "https://editor.example"}
    reply = server.ask(f"/sparql?ac=1&query={quote(query)}", accepting)
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "*")
    rows = json.loads(reply.body)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in rows]


def test_query_editors_find_all_questions_and_prefixes(server):
    found = editors(server, EXAMPLES)
    assert {(row["example"], row["comment"]) for row in found} == {
        (f"{ID}question/{question.name}", text)
        for question in questions().values()
        for text in question.description.values()
    }
    some = next(row["query"] for row in found if row["example"].endswith("/sources"))
    assert editors(server, some)
    declared = editors(server, PREFIXES_DECLARED)
    assert {row["prefix"]: row["namespace"] for row in declared} == dict(PREFIXES)


def test_the_address_of_a_question_leads_to_its_page_or_to_what_is_said_of_it(server):
    path, steps = "/id/question/sources", []
    while (reply := server.ask(path, {"Accept": "text/html"})).status == 303:
        path = urljoin(path, reply.headers["location"])
        steps.append(path)
    assert (reply.status, steps) == (200, ["/doc/question/sources/", "/ask/sources/"])
    reply = server.ask("/id/question/sources", {"Accept": "text/turtle"})
    reply = server.ask(urljoin("/id/question/sources", reply.headers["location"]))
    assert (reply.status, reply.kind) == (200, "text/turtle")
    described = Graph().parse(data=reply.text, format="turtle")
    node = URIRef(f"{ID}question/sources")
    assert str(described.value(node, SH.select)) in questions()["sources"].sparql
    assert server.ask("/id/question/nothing").status == 404
