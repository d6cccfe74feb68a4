"""The W3C's tests of the SPARQL 1.1 Protocol: all 34 of its manifest, on a server of their own.

Written from the specification and the published manifest (``sparql11/protocol``). The 20 tests of
queries are asked as they stand. This endpoint is read-only, so the 14 of updates are asked as they
stand, too, and have to be refused by name, with nothing changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest

from endpoint.serving import Reply, Serving, serving
from maillage.release import release
from maillage.store import write_folder
from maillage.wire.kinds import FAMILIES

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FOAF = "PREFIX dc: <http://purl.org/dc/terms/>\nPREFIX foaf: <http://xmlns.com/foaf/0.1/>\n"


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server on the four graphs of the suite."""
    folder = tmp_path_factory.mktemp("protocol")
    graphs = [DATA.format(number) for number in range(4)]
    nquads = "".join(f"<{g}> <{RDF_TYPE}> <{DOCUMENT}> <{g}> .\n" for g in graphs).encode()
    with release(folder / "out") as made:
        (made / "maillage.nq").write_bytes(nquads)
        write_folder([made / "maillage.nq"], made / "store")
    with serving(folder / "out", folder / "messages.txt") as started:
        yield started


class Case(NamedTuple):
    """A request of the manifest. ``dataset`` is what stands in the address beside the query."""

    method: str = "GET"
    kind: str = ""
    body: str = ""
    query: str = ""
    dataset: Sequence[tuple[str, int | str]] = ()
    more: str = ""
    charset: str = "utf-8"


def asked(server: Serving, case: Case) -> Reply:
    pairs = [("query", case.query)] if case.query else []
    pairs += [(name, DATA.format(n) if isinstance(n, int) else n) for name, n in case.dataset]
    path = "/sparql?" + "&".join(filter(None, [urlencode(pairs, quote_via=quote), case.more]))
    headers = {"Content-Type": case.kind} if case.kind else {}
    body = case.body.encode(case.charset) if case.body else None
    return server.ask(path.rstrip("?"), headers, method=case.method, body=body)


def default(*numbers: int) -> list[tuple[str, int | str]]:
    return [("default-graph-uri", number) for number in numbers]


def named(*numbers: int) -> list[tuple[str, int | str]]:
    return [("named-graph-uri", number) for number in numbers]


TWO = f"ASK {{ <{DATA.format(1)}> a ?type . <{DATA.format(2)}> a ?type . }}"
IN_TWO = f"GRAPH ?g1 {{ <{DATA.format(1)}> a ?type }} GRAPH ?g2 {{ <{DATA.format(2)}> a ?type }}"

TRUE = {
    "query_post_form": Case("POST", FORM, "query=ASK%20%7B%7D", dataset=default(0)),
    "query_dataset_default_graphs_get": Case(query=TWO, dataset=default(1, 2)),
    "query_dataset_default_graphs_post": Case("POST", QUERY, TWO, dataset=default(1, 2)),
    "query_dataset_named_graphs_post": Case("POST", QUERY, f"ASK {{ {IN_TWO} }}", dataset=named(1, 2)),
    "query_dataset_named_graphs_get": Case(query=f"ASK {{ {IN_TWO} }}", dataset=named(1, 2)),
    "query_dataset_full": Case("POST", QUERY, f"ASK {{ <{DATA.format(3)}> a ?type {IN_TWO} }}", dataset=[*default(3), *named(1, 2)]),
    "query_multiple_dataset": Case("POST", QUERY, f"ASK FROM <{DATA.format(3)}> {{ {IN_TWO} }}", dataset=named(1, 2)),
    "query_get": Case(query="ASK {}", dataset=default(0)),
    "query_post_direct": Case("POST", QUERY, "ASK {}"),
}  # fmt: skip

# The same with what must not be seen, so that a server which ignores the dataset is found out.
FALSE = {
    "default graphs leave the others out": Case(query=f"ASK {{ <{DATA.format(3)}> a ?type }}", dataset=default(1, 2)),
    "named graphs leave the default graph empty": Case(query="ASK { ?s ?p ?o }", dataset=named(1, 2)),
    "default graphs leave no named graph": Case("POST", QUERY, "ASK { GRAPH ?g { ?s ?p ?o } }", dataset=default(1)),
    "the dataset of the protocol wins over the query's": Case("POST", QUERY, f"ASK FROM <{DATA.format(3)}> {{ ?s ?p ?o }}", dataset=named(1)),
    "a form's dataset counts as well": Case("POST", FORM, urlencode([("query", TWO), ("default-graph-uri", DATA.format(1))])),
}  # fmt: skip

REFUSED = {
    "bad_query_method": (405, Case("PUT", FORM, query="ASK {}", dataset=default(0))),
    "bad_multiple_queries": (400, Case(more="query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D")),
    "bad_query_wrong_media_type": (415, Case("POST", "text/plain", "ASK {}")),
    "bad_query_missing_form_type": (415, Case("POST", "", "query=ASK%20%7B%7D")),
    "bad_query_missing_direct_type": (415, Case("POST", "", "ASK {}")),
    "bad_query_non_utf8": (415, Case("POST", f"{QUERY}; charset=UTF-16", "ASK {}", charset="utf-16")),
    "bad_query_syntax": (400, Case(query="ASK {")),
}  # fmt: skip

UPDATES = {
    "update_dataset_default_graph": Case("POST", UPDATE, FOAF + "CLEAR ALL ; INSERT { GRAPH <http://example.org/protocol-update-dataset-test/> { ?s a dc:BibliographicResource } } WHERE { ?s a foaf:Document }", dataset=[("using-graph-uri", 1)]),
    "update_dataset_default_graphs": Case("POST", UPDATE, FOAF + "DROP ALL ; INSERT { GRAPH <http://example.org/protocol-update-dataset-graphs-test/> { ?s a dc:BibliographicResource } } WHERE { ?s a foaf:Document }", dataset=[("using-graph-uri", 1), ("using-graph-uri", 2)]),
    "update_dataset_named_graphs": Case("POST", UPDATE, FOAF + "DROP ALL ; INSERT { GRAPH <http://example.org/protocol-update-dataset-named-graphs-test/> { ?s a dc:BibliographicResource } } WHERE { GRAPH ?g { ?s a foaf:Document } }", dataset=[("using-named-graph-uri", 1), ("using-named-graph-uri", 2)]),
    "update_dataset_full": Case("POST", UPDATE, FOAF + "DROP ALL ; INSERT { GRAPH <http://example.org/protocol-update-dataset-full-test/> { ?s <http://example.org/in> ?in } } WHERE { GRAPH ?g { ?s a foaf:Document } BIND(?g AS ?in) }", dataset=[("using-graph-uri", 1), ("using-named-graph-uri", 2)]),
    "update_post_form": Case("POST", FORM, "update=CLEAR+ALL"),
    "update_post_direct": Case("POST", UPDATE, "CLEAR ALL"),
    "update_base_uri": Case("POST", UPDATE, "INSERT DATA { GRAPH <http://example.org/protocol-base-test/> { <http://example.org/s> <http://example.org/p> <test> } }"),
    "bad_update_get": Case(more="update=CLEAR%20ALL"),
    "bad_multiple_updates": Case("POST", FORM, "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    "bad_update_wrong_media_type": Case("POST", "text/plain", "CLEAR NAMED"),
    "bad_update_missing_form_type": Case("POST", "", "update=CLEAR%20NAMED"),
    "bad_update_non_utf8": Case("POST", f"{UPDATE}; charset=UTF-16", "CLEAR NAMED", charset="utf-16"),
    "bad_update_syntax": Case("POST", FORM, "update=CLEAR%20XYZ"),
    "bad_update_dataset_conflict": Case("POST", UPDATE, "WITH <http://example/addresses> DELETE { ?p <x:n> 'Bill' } INSERT { ?p <x:n> 'William' } WHERE { ?p <x:n> 'Bill' }", dataset=[("using-named-graph-uri", "http://example/people")]),
}  # fmt: skip

FORMATS = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", FAMILIES["solutions"]),
    "query_content_type_ask": ("ASK {}", FAMILIES["boolean"]),
    "query_content_type_describe": ("DESCRIBE <http://example.org/>", FAMILIES["graph"]),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", FAMILIES["graph"]),
}


def test_the_manifest_is_asked_whole():
    assert len(TRUE) + len(REFUSED) + len(FORMATS) == 20
    assert len(UPDATES) == 14


@pytest.mark.parametrize("name", TRUE)
def test_a_query_of_the_suite_is_answered(suite, name):
    reply = asked(suite, TRUE[name])
    assert reply.status == 200, reply.text
    assert reply.kind == "application/sparql-results+json"
    assert json.loads(reply.body)["boolean"] is True


@pytest.mark.parametrize("name", FALSE)
def test_nothing_outside_of_the_dataset_is_seen(suite, name):
    reply = asked(suite, FALSE[name])
    assert reply.status == 200, reply.text
    assert json.loads(reply.body)["boolean"] is False


@pytest.mark.parametrize("name", FORMATS)
def test_the_media_type_is_one_of_the_kind_of_answer(suite, name):
    query, kinds = FORMATS[name]
    reply = asked(suite, Case("POST", QUERY, query, dataset=default(0)))
    assert reply.status == 200, reply.text
    assert reply.kind in kinds


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_query_of_the_suite_is_refused(suite, name):
    status, case = REFUSED[name]
    reply = asked(suite, case)
    assert reply.status == status
    assert reply.kind == "application/problem+json"
    assert json.loads(reply.body)["status"] == status


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_of_the_suite_is_refused_and_changes_nothing(suite, name):
    case = UPDATES[name]
    reply = asked(suite, case)
    # what is no request of the protocol at all is told so; a good update is forbidden
    assert reply.status == (403 if case.kind in {UPDATE, FORM} or case.method == "GET" else 415)
    count = asked(suite, Case(query="SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"))
    assert json.loads(count.body)["results"]["bindings"][0]["n"]["value"] == "4"
