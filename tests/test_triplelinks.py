"""Triples of an answer become the links that they tell."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
from rdflib import Graph

from maillage.network import LinkGraph, links
from maillage.questions import question
from maillage.store import Store
from maillage.terms import ID
from maillage.triplelinks import told_by_triples
from test_network import (
    BORDEAUX,
    CLAIMS,
    FUKUOKA,
    NANJING,
    ONTOLOGY,
    PLACES,
    STRASBOURG,
    TRIANGLE,
    TWINNING,
    WUHAN,
    store_of,
)

# Two documents differ on the state; a preferred value is recorded, which is not the first.
DISPUTED = """
id:link\\/twinning--cn-420100--fr-commune-33063 mlg:hasState id:state\\/ended .
id:disagreement\\/x a mlg:Disagreement ; mlg:onProperty mlg:hasState ; mlg:prefers id:stance\\/x ;
  mlg:isAbout id:link\\/twinning--cn-420100--fr-commune-33063 .
id:stance\\/x mlg:stanceValue id:state\\/ended .
mlg:isInCountry <http://www.w3.org/2000/01/rdf-schema#label> "est dans le pays"@fr .
"""


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(PLACES, CLAIMS, DISPUTED)


@pytest.fixture(scope="module")
def graph(store: Store) -> LinkGraph:
    return links(store)


@pytest.fixture
def told(store: Store, graph: LinkGraph):
    def tell(text: str) -> LinkGraph:
        return told_by_triples(Graph().parse(data=ONTOLOGY + text, format="turtle"), graph, store)

    return tell


def asked(store: Store, sparql: str) -> Graph:
    reply = store.query(f"PREFIX mlg: <{ID.removesuffix('id/')}ns#>\n{sparql}")
    assert isinstance(reply, Graph)
    return reply


def keys(graph: LinkGraph) -> list[str]:
    return [key for *_, key in graph.edges(keys=True)]


def test_what_repeats_the_store_is_drawn_as_the_store_reads_it(
    store: Store, graph: LinkGraph
) -> None:
    """The state that a recorded disagreement prefers, sources and all parties."""
    of_links = "CONSTRUCT { ?l ?p ?o } WHERE { ?l a mlg:CooperationLink ; ?p ?o }"
    drawn = told_by_triples(asked(store, of_links), graph, store)
    assert drawn.edges[BORDEAUX, WUHAN, TWINNING]["state"] == "ended"
    assert nx.utils.graphs_equal(drawn, graph)


def test_the_question_network_draws_its_links(store: Store, graph: LinkGraph) -> None:
    reply = store.query(question("network").sparql)
    assert isinstance(reply, Graph)
    drawn = told_by_triples(reply, graph, store)
    with_kind = {key for *_, key, data in graph.edges(keys=True, data=True) if "kind" in data}
    assert set(keys(drawn)) == with_kind


def test_what_the_triples_say_otherwise_comes_first(told, graph: LinkGraph) -> None:
    drawn = told(
        "id:link\\/twinning--cn-420100--fr-commune-33063 a mlg:CooperationLink ;"
        " mlg:hasState id:state\\/proposed ; mlg:startDate 'some day' ."
        " id:place\\/cn-420100 skos:prefLabel 'Wou-han'@fr ."
    )
    edge = drawn.edges[BORDEAUX, WUHAN, TWINNING]
    assert edge["state"] == "proposed" and edge["tentative"] is True
    assert edge["evidence"] == graph.edges[BORDEAUX, WUHAN, TWINNING]["evidence"]
    assert "start" not in edge
    # a statement about what is no link of the answer does not make it one
    assert set(drawn) == {BORDEAUX, WUHAN}
    assert drawn.nodes[WUHAN]["label_fr"] == "Wou-han"
    assert drawn.nodes[WUHAN]["label_zh"] == "武汉市"


def test_a_link_with_one_party_only_gets_those_of_the_store(told) -> None:
    drawn = told("id:link\\/triangular-cooperation--y mlg:hasParty id:place\\/jp-fukuoka .")
    assert {BORDEAUX, WUHAN, FUKUOKA, STRASBOURG} == set(drawn)
    assert set(keys(drawn)) == {TRIANGLE}


def test_a_link_of_the_answer_s_own_joins_its_parties_across_borders(told) -> None:
    drawn = told(
        "_:x mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/fr-commune-67482 ,"
        " id:organisation\\/nanjing-university ; mlg:hasKind id:link-kind\\/twinning ."
        "_:y mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/cn-420100 ."
    )
    assert drawn.number_of_edges() == 3
    assert not drawn.has_edge(BORDEAUX, STRASBOURG)
    assert sorted(Counter(keys(drawn)).items()) == [("_:link1", 2), ("_:link2", 1)]
    assert drawn.nodes[NANJING]["country"] == "cn"


def test_nameless_links_are_named_alike_each_time(store: Store, graph: LinkGraph) -> None:
    sparql = (
        "CONSTRUCT { [] mlg:hasParty ?a , ?b } WHERE { ?l mlg:hasParty ?a , ?b . FILTER(?a != ?b) }"
    )
    one, other = (told_by_triples(asked(store, sparql), graph, store) for _ in range(2))
    assert list(one.edges(keys=True)) == list(other.edges(keys=True))
    assert one.number_of_edges() > 3


def test_other_triples_are_links_of_the_kind_that_their_property_is(told, graph: LinkGraph) -> None:
    drawn = told(
        "id:place\\/cn-420100 mlg:isInCountry id:place\\/cn ; a mlg:Place ;"
        " skos:prefLabel 'Wuhan' ; mlg:gbCode '420100' ."
        "<https://example.org/Tours> <https://example.org/twinned_with> id:place\\/cn-420100 ;"
        " <http://www.w3.org/2000/01/rdf-schema#label> 'Tours'@fr ."
        "id:place\\/cn-420100 <https://example.org/twinned_with> <https://example.org/Tours> ."
        "id:place\\/cn mlg:isInCountry id:place\\/cn ."
    )
    kinds = sorted(data["kind"] for *_, data in drawn.edges(data=True))
    assert kinds == ["isInCountry", "twinned with"]
    assert drawn.graph["concepts"]["link-kind/isInCountry"] == {"fr": "est dans le pays"}
    assert drawn.nodes[f"{ID}place/cn"]["label_zh"] == "中国"
    assert drawn.nodes[f"{ID}place/cn"]["type"] == "country"
    assert drawn.nodes["https://example.org/Tours"]["label_fr"] == "Tours"
    assert drawn.nodes[WUHAN] == graph.nodes[WUHAN]


def test_a_project_is_joined_with_its_parties(told) -> None:
    drawn = told("id:project\\/x a mlg:CooperationProject ; mlg:hasParty id:place\\/cn-420100 .")
    assert drawn.has_edge(f"{ID}project/x", WUHAN, "triple/1")


@pytest.mark.parametrize("text", ["", "id:place\\/cn a mlg:Country ; skos:prefLabel 'Chine'@fr ."])
def test_triples_that_join_nothing_are_no_network(told, text: str) -> None:
    assert not told(text)
