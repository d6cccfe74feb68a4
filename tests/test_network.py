"""The network that is drawn and measured is the one that the claims describe."""

from __future__ import annotations

import networkx as nx
import pytest
from rdflib import Dataset

from maillage.exchange import FORMATS, read_graph, write_graph
from maillage.gather import Gathered
from maillage.mint import thing
from maillage.network import links, two_mode_events, two_mode_themes
from maillage.store import Store, memory_store
from maillage.terms import BASE

ONTOLOGY = f"""
@prefix mlg: <{BASE}ns#> .
@prefix id: <{BASE}id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""

PLACES = """
id:place\\/fr a mlg:Country ; skos:prefLabel "France"@fr , "France"@en , "法国"@zh-Hans .
id:place\\/cn a mlg:Country ; skos:prefLabel "Chine"@fr , "China"@en , "中国"@zh-Hans .
id:place\\/jp a mlg:Country ; skos:prefLabel "Japon"@fr , "Japan"@en , "日本"@zh-Hans .
id:place\\/fr-commune-33063 a mlg:Collectivity ; skos:prefLabel "Bordeaux"@fr , "Bordeaux"@en ,
    "波尔多"@zh-Hans , "Bo'erduo"@zh-Latn-pinyin ;
  mlg:isInCountry id:place\\/fr ; mlg:hasLevel id:level\\/commune ;
  mlg:inseeCode "33063" ; mlg:sirenNumber "213300635" ;
  dcterms:isPartOf id:place\\/fr-departement-33 , id:place\\/fr-epci-243300316 .
id:place\\/fr-departement-33 a mlg:Collectivity ; skos:prefLabel "Gironde"@fr , "吉伦特省"@zh-Hans .
id:place\\/fr-region-42 a mlg:Collectivity ; skos:prefLabel "Alsace"@fr ;
  mlg:isInCountry id:place\\/fr ; mlg:endDate "2015-12-31"^^edtf:EDTF ;
  dcterms:isReplacedBy id:place\\/fr-region-44 .
id:place\\/fr-region-44 a mlg:Collectivity ; skos:prefLabel "Grand Est"@fr .
id:place\\/fr-commune-67482 a mlg:Collectivity ; skos:prefLabel "Strasbourg"@fr ;
  mlg:isInCountry id:place\\/fr ; mlg:hasLevel id:level\\/commune ; mlg:inseeCode "67482" .
id:place\\/cn-420100 a mlg:Collectivity ; skos:prefLabel "Wuhan"@fr , "Wuhan"@en ,
    "武汉市"@zh-Hans ;
  mlg:isInCountry id:place\\/cn ; mlg:hasLevel id:level\\/prefecture ; mlg:gbCode "420100" .
id:place\\/jp-fukuoka a mlg:Collectivity ; skos:prefLabel "Fukuoka"@fr ;
  mlg:isInCountry id:place\\/jp .
id:organisation\\/nanjing-university a org:Organization ;
  skos:prefLabel "Université de Nankin"@fr ; mlg:isInCountry id:place\\/cn .
id:person\\/jacques-auxiette a schema:Person ; skos:prefLabel "Jacques Auxiette"@fr .
id:theme\\/mobility skos:inScheme id:scheme\\/theme ;
  skos:prefLabel "mobilité"@fr , "mobility"@en , "交通出行"@zh-Hans .
id:theme\\/climate skos:inScheme id:scheme\\/theme ; skos:prefLabel "climat"@fr .
id:link-kind\\/twinning skos:inScheme id:scheme\\/link-kind ;
  skos:prefLabel "jumelage"@fr , "twinning"@en , "友好城市"@zh-Hans .
id:event\\/workshop-2 skos:prefLabel "Atelier 2"@fr ; mlg:startDate "2016-11"^^edtf:EDTF .
"""

CLAIMS = """
id:link\\/twinning--cn-420100--fr-commune-33063 a mlg:CooperationLink ;
  mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/cn-420100 ;
  mlg:hasKind id:link-kind\\/twinning ; mlg:hasState id:state\\/active ;
  mlg:startDate "1998"^^edtf:EDTF ; mlg:hasTheme id:theme\\/climate , id:theme\\/mobility ;
  mlg:purpose "ville durable"@fr ;
  mlg:hasEvidence id:evidence\\/b , id:evidence\\/a .
id:link\\/proposed-lead-pair--cn-420100--fr-commune-33063--workshop-2 a mlg:CooperationLink ;
  mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/cn-420100 ;
  mlg:hasKind id:link-kind\\/proposed-lead-pair ; mlg:hasState id:state\\/proposed ;
  mlg:hasTheme id:theme\\/climate .
id:link\\/project-partnership--x a mlg:CooperationLink ;
  mlg:hasParty id:place\\/fr-commune-67482 , id:organisation\\/nanjing-university ;
  mlg:hasEvidence id:evidence\\/c .
id:link\\/triangular-cooperation--y a mlg:CooperationLink ;
  mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/cn-420100 , id:place\\/jp-fukuoka ,
    id:place\\/fr-commune-67482 ;
  mlg:hasKind id:link-kind\\/triangular-cooperation ; mlg:hasState id:state\\/ended .
id:evidence\\/a mlg:hasCertainty id:certainty\\/stated ; dcterms:source id:source\\/page ;
  oa:hasSelector id:evidence\\/a-chars , id:evidence\\/a-lines ; mlg:section "2" .
id:evidence\\/a-chars oa:start 90 ; oa:end 120 .
id:evidence\\/a-lines rdf:value "line=46,51" .
id:evidence\\/b mlg:hasCertainty id:certainty\\/inferred ; dcterms:source id:source\\/page ;
  oa:hasSelector id:evidence\\/b-chars , id:evidence\\/b-lines ; mlg:page "3" ;
  mlg:reason "déduit de l'année"@fr .
id:evidence\\/b-chars oa:start 9 ; oa:end 12 .
id:evidence\\/b-lines rdf:value "line=4,5" .
id:evidence\\/c mlg:hasCertainty id:certainty\\/to-be-confirmed .
id:source\\/page a mlg:SourceDocument ; skos:prefLabel "Page"@fr ;
  schema:url <https://example.org/page> .
id:participation\\/1 a mlg:Participation ; mlg:isParticipationIn id:event\\/workshop-2 ;
  mlg:hasParticipant id:place\\/cn-420100 ; mlg:hasRole id:role\\/host .
id:participation\\/2 a mlg:Participation ; mlg:isParticipationIn id:event\\/workshop-2 ;
  mlg:hasParticipant id:place\\/cn-420100 ; mlg:hasRole id:role\\/proposed-lead .
id:participation\\/3 a mlg:Participation ; mlg:isParticipationIn id:event\\/workshop-2 ;
  mlg:hasParticipant id:place\\/fr-commune-33063 ; mlg:hasRole id:role\\/proposed-lead .
id:participation\\/4 a mlg:Participation ; mlg:isParticipationIn id:event\\/workshop-2 ;
  mlg:hasParticipant id:person\\/jacques-auxiette ; mlg:hasRole id:role\\/moderator .
"""

BORDEAUX = str(thing("place", "fr-commune-33063"))
STRASBOURG = str(thing("place", "fr-commune-67482"))
WUHAN = str(thing("place", "cn-420100"))
FUKUOKA = str(thing("place", "jp-fukuoka"))
NANJING = str(thing("organisation", "nanjing-university"))
TWINNING = str(thing("link", "twinning--cn-420100--fr-commune-33063"))
PROPOSAL = str(thing("link", "proposed-lead-pair--cn-420100--fr-commune-33063--workshop-2"))
TRIANGLE = str(thing("link", "triangular-cooperation--y"))
WORKSHOP = str(thing("event", "workshop-2"))


def store_of(*texts: str) -> Store:
    """A store whose graphs each hold one text, so that claims meet only in their union."""
    dataset = Dataset()
    for place, text in enumerate(texts):
        dataset.graph(thing("graph", f"source--{place}")).parse(
            data=ONTOLOGY + text, format="turtle"
        )
    return memory_store(dataset)


@pytest.fixture(scope="module")
def store() -> Store:
    # The claims stand in two graphs: a fact said twice is still one fact.
    return store_of(PLACES, CLAIMS, CLAIMS)


def test_parties_are_described_and_what_is_unknown_is_absent(store: Store) -> None:
    graph = links(store)
    assert dict(graph.nodes[BORDEAUX]) == {
        "key": "fr-commune-33063",
        "type": "collectivity",
        "label_fr": "Bordeaux",
        "label_en": "Bordeaux",
        "label_zh": "波尔多",  # not the pinyin
        "country": "fr",
        "level": "commune",
        "code": "33063",
        "parents": ["fr-departement-33", "fr-epci-243300316"],
    }
    assert dict(graph.nodes[NANJING]) == {
        "key": "nanjing-university",
        "type": "organisation",
        "label_fr": "Université de Nankin",
        "country": "cn",
    }
    assert set(graph) == {BORDEAUX, STRASBOURG, WUHAN, FUKUOKA, NANJING}


def test_a_place_that_is_gone_says_until_when_and_what_replaced_it() -> None:
    claim = """
    id:link\\/contact--a a mlg:CooperationLink ;
      mlg:hasParty id:place\\/fr-region-42 , id:place\\/fr-commune-33063 ."""
    graph = links(store_of(PLACES, claim))
    alsace = graph.nodes[str(thing("place", "fr-region-42"))]
    assert (alsace["end"], alsace["replaced_by"]) == ("2015-12-31", ["fr-region-44"])
    assert not {"start", "parents"} & set(alsace)
    concepts = graph.graph["concepts"]
    assert concepts["place/fr-region-44"] == {"fr": "Grand Est"}
    assert concepts["place/fr-departement-33"] == {"fr": "Gironde", "zh": "吉伦特省"}
    assert "place/fr-epci-243300316" not in concepts, "its name is not known"
    for form in FORMATS:
        again = read_graph(write_graph(graph, form), form)
        assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True)), form


def test_sources_that_differ_on_the_end_of_a_place_are_settled_like_those_of_a_link() -> None:
    claim = """
    id:link\\/contact--a a mlg:CooperationLink ;
      mlg:hasParty id:place\\/fr-region-42 , id:place\\/fr-commune-33063 .
    id:place\\/fr-region-42 mlg:endDate "2016-01-01"^^edtf:EDTF ."""
    settled = """
    id:disagreement\\/d a mlg:Disagreement ; mlg:isAbout id:place\\/fr-region-42 ;
      mlg:onProperty mlg:endDate ; mlg:prefers id:disagreement\\/s .
    id:disagreement\\/s mlg:stanceValue "2016-01-01" ."""
    alsace = str(thing("place", "fr-region-42"))
    assert links(store_of(PLACES, claim)).nodes[alsace]["end"] == "2015-12-31"
    assert links(store_of(PLACES, claim, settled)).nodes[alsace]["end"] == "2016-01-01"


def test_every_link_between_two_parties_is_an_edge_of_its_own(store: Store) -> None:
    graph = links(store)
    assert set(graph[BORDEAUX][WUHAN]) == {TWINNING, PROPOSAL, TRIANGLE}
    twinning = graph.edges[BORDEAUX, WUHAN, TWINNING]
    assert {k: v for k, v in twinning.items() if k != "evidence"} == {
        "kind": "twinning",
        "state": "active",
        "certainty": "stated",
        "start": "1998",
        "themes": ["climate", "mobility"],
        "purpose_fr": "ville durable",
        "tentative": False,
        "weight": 1.0,
    }
    assert graph.edges[BORDEAUX, WUHAN, PROPOSAL]["tentative"] is True
    assert graph.edges[STRASBOURG, NANJING, str(thing("link", "project-partnership--x"))][
        "tentative"
    ]


def test_evidence_is_told_as_the_tables_tell_it(store: Store) -> None:
    assert links(store).edges[BORDEAUX, WUHAN, TWINNING]["evidence"] == [
        {
            "source": "page",
            "title_fr": "Page",
            "address": "https://example.org/page",
            "lines": "5",
            "chars": "9-12",
            "page": "3",
            "certainty": "inferred",
            "reason_fr": "déduit de l'année",
        },
        {
            "source": "page",
            "title_fr": "Page",
            "address": "https://example.org/page",
            "lines": "47-51",
            "chars": "90-120",
            "section": "2",
            "certainty": "stated",
        },
    ]


def test_a_link_of_several_parties_joins_the_countries(store: Store) -> None:
    graph = links(store)
    joined = {frozenset(pair[:2]) for pair in graph.edges(keys=True) if pair[2] == TRIANGLE}
    cities = {BORDEAUX: "fr", STRASBOURG: "fr", WUHAN: "cn", FUKUOKA: "jp"}
    assert joined == {
        frozenset({one, other})
        for one in cities
        for other in cities
        if cities[one] != cities[other]
    }


def test_a_link_within_one_country_joins_all_its_parties() -> None:
    claim = """
    id:link\\/friendship--z a mlg:CooperationLink ;
      mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/fr-commune-67482 ."""
    graph = links(store_of(PLACES, claim))
    assert [{one, other} for one, other in graph.edges()] == [{BORDEAUX, STRASBOURG}]


def test_sources_that_differ_are_settled_by_the_preferred_value_then_by_rule() -> None:
    claim = """
    id:link\\/twinning--a a mlg:CooperationLink ;
      mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/cn-420100 ;
      mlg:hasState id:state\\/proposed , id:state\\/active ;
      mlg:startDate "2005"^^edtf:EDTF , "2007"^^edtf:EDTF .
    """
    settled = """
    id:disagreement\\/d a mlg:Disagreement ; mlg:isAbout id:link\\/twinning--a ;
      mlg:onProperty mlg:startDate ; mlg:prefers id:disagreement\\/s .
    id:disagreement\\/s mlg:stanceValue "2007" .
    """
    (edge,) = (data for *_, data in links(store_of(PLACES, claim)).edges(data=True))
    assert (edge["state"], edge["tentative"], edge["start"]) == ("active", False, "2005")
    (edge,) = (data for *_, data in links(store_of(PLACES, claim, settled)).edges(data=True))
    assert edge["start"] == "2007"


def test_a_dispute_is_not_hidden_by_a_firmer_voice() -> None:
    claim = """
    id:link\\/twinning--a a mlg:CooperationLink ;
      mlg:hasParty id:place\\/fr-commune-33063 , id:place\\/cn-420100 ;
      mlg:hasEvidence id:evidence\\/a , id:evidence\\/b .
    id:evidence\\/a mlg:hasCertainty id:certainty\\/stated .
    id:evidence\\/b mlg:hasCertainty id:certainty\\/disputed .
    """
    (edge,) = (data for *_, data in links(store_of(PLACES, claim)).edges(data=True))
    assert edge["certainty"] == "disputed"


def test_labels_of_concepts_travel_with_the_graph(store: Store) -> None:
    concepts = links(store).graph["concepts"]
    assert concepts["link-kind/twinning"] == {"fr": "jumelage", "en": "twinning", "zh": "友好城市"}
    assert concepts["theme/climate"] == {"fr": "climat"}


def test_the_order_of_writing_never_changes_the_graph(store: Store) -> None:
    other = store_of(CLAIMS, PLACES)
    one = links(store)
    two = links(other)
    assert list(one.nodes(data=True)) == list(two.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(two.edges(keys=True, data=True))


def test_changing_one_edge_leaves_its_siblings(store: Store) -> None:
    graph = links(store_of(PLACES, CLAIMS.replace("triangular-cooperation--y a", "t a")))
    edges = [data for *_, key, data in graph.edges(keys=True, data=True) if key.endswith("/t")]
    edges[0]["weight"] = 9.0
    assert [edge["weight"] for edge in edges[1:]] == [1.0] * (len(edges) - 1)


def test_themes_of_links_join_parties_to_themes(store: Store) -> None:
    graph = two_mode_themes(store)
    climate, mobility = str(thing("theme", "climate")), str(thing("theme", "mobility"))
    assert {n for n, data in graph.nodes.items() if data["bipartite"] == 1} == {climate, mobility}
    assert nx.bipartite.is_bipartite_node_set(graph, {BORDEAUX, WUHAN})
    assert dict(graph.edges[BORDEAUX, climate]) == {
        "works": [PROPOSAL, TWINNING],
        "weight": 2.0,
        "weight_confirmed": 1.0,
        "tentative": False,
    }
    assert graph.nodes[mobility]["label_zh"] == "交通出行"


def test_participations_join_parties_to_events_by_role(store: Store) -> None:
    graph = two_mode_events(store)
    assert set(graph) == {WUHAN, BORDEAUX, WORKSHOP}  # no person
    assert graph.edges[WUHAN, WORKSHOP]["roles"] == ["host", "proposed-lead"]
    assert graph.edges[WUHAN, WORKSHOP]["tentative"] is False
    assert graph.edges[BORDEAUX, WORKSHOP]["tentative"] is True
    assert graph.nodes[WORKSHOP] == {
        "bipartite": 1,
        "key": "workshop-2",
        "type": "event",
        "label_fr": "Atelier 2",
        "start": "2016-11",
    }


def test_an_empty_store_is_an_empty_network() -> None:
    empty = store_of("")
    assert len(links(empty)) == len(two_mode_themes(empty)) == len(two_mode_events(empty)) == 0


def test_an_inference_about_a_detail_does_not_make_the_link_inferred(shipped: Gathered) -> None:
    """The themes of one proposal are partly inferred; that it was proposed is written."""
    graph = links(memory_store(shipped.dataset))
    proposed = [
        data["certainty"]
        for *_, data in graph.edges(data=True)
        if data["kind"] == "proposed-lead-pair"
    ]
    assert proposed
    assert "inferred" not in proposed
