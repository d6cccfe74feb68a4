"""Any network that networkx holds can be drawn, and stays as it was."""

from __future__ import annotations

import copy
import datetime as dt
import math
from io import BytesIO
from typing import Any

import networkx as nx
import pytest

from maillage.exchange import write_graph
from maillage.guests import as_date, as_weight, prepared
from maillage.network import links
from maillage.surroundings import surround
from maillage.words import LANGUAGES
from test_network import CLAIMS, PLACES, store_of

KINDS = (nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph)


def test_our_own_network_stays_the_same() -> None:
    store = store_of(PLACES, CLAIMS)
    graph = surround(links(store), store)
    assert nx.utils.graphs_equal(prepared(graph), graph)
    assert {"events", "documents", "concepts"} <= set(prepared(graph).graph)


def test_our_own_network_comes_back_from_a_file_read_by_networkx() -> None:
    graph = links(store_of(PLACES, CLAIMS))
    read = nx.read_graphml(BytesIO(write_graph(graph, "graphml", "fr")))
    again = prepared(read)
    assert set(again) == set(graph)
    for one, other, key, data in graph.edges(keys=True, data=True):
        assert again.edges[one, other, key] == data


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_with_names_only_can_be_drawn_and_does_not_change(kind: Any) -> None:
    graph = kind([("Tours", "Luoyang"), ("Autun", "Rhein-Zeitung")])
    before = copy.deepcopy(graph)
    ready = prepared(graph)
    assert nx.utils.graphs_equal(graph, before)
    assert type(ready) is nx.MultiGraph
    assert {ready.nodes["Tours"][f"label_{lang}"] for lang in LANGUAGES} == {"Tours"}
    assert ready.nodes["Tours"]["key"] == "Tours"
    keys = [key for *_, key in ready.edges(keys=True)]
    assert len(set(keys)) == 2 and all(isinstance(key, str) for key in keys)
    assert all(data == {"tentative": False, "weight": 1.0} for *_, data in ready.edges(data=True))


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_network_is_empty(kind: Any) -> None:
    assert not prepared(kind())


def test_directions_are_forgotten_and_parallel_edges_stay() -> None:
    graph = nx.MultiDiGraph()
    for one, other in (("a", "b"), ("b", "a"), ("a", "b")):
        graph.add_edge(one, other)
    assert prepared(graph).number_of_edges("a", "b") == 3
    assert prepared(nx.DiGraph([("a", "b"), ("b", "a")])).number_of_edges("a", "b") == 2


def test_a_word_for_a_key_tells_edges_apart_and_an_address_is_one_link() -> None:
    graph = nx.MultiGraph()
    graph.add_edge("Tours", "Luoyang", key="twinning")
    graph.add_edge("Bordeaux", "Wuhan", key="twinning")
    graph.add_edge("a", "b", key="https://example.org/three")
    graph.add_edge("a", "c", key="https://example.org/three")
    keys = [key for *_, key in prepared(graph).edges(keys=True)]
    assert keys == ["twinning", "edge/1", "https://example.org/three", "https://example.org/three"]


def test_a_key_that_is_made_up_is_nobodys() -> None:
    graph = nx.MultiGraph()
    graph.add_edge("a", "b")
    graph.add_edge("a", "b", key="edge/1")
    assert {key for *_, key in prepared(graph).edges(keys=True)} == {"edge/1", "edge/2"}


def test_a_graph_without_keys_may_have_them_as_an_attribute() -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b", key="https://example.org/link")
    assert prepared(graph).has_edge("a", "b", "https://example.org/link")


def test_nodes_of_any_kind_get_a_text_each_its_own() -> None:
    graph = nx.Graph([(1, "1"), (("Tours", "fr"), frozenset()), (2.5, True)])
    ready = prepared(graph)
    assert len(ready) == len(graph)
    assert {"1", "1 (2)", "('Tours', 'fr')", "2.5"} <= set(ready)
    assert ready.number_of_edges() == 3


def test_an_edge_to_itself_joins_nothing() -> None:
    ready = prepared(nx.Graph([("a", "a")]))
    assert list(ready) == ["a"]
    assert ready.number_of_edges() == 0


def test_names_are_those_in_three_languages_else_the_label_else_the_text() -> None:
    graph = nx.Graph()
    graph.add_node(1, label="Tours", label_zh="图尔")
    graph.add_node(2, label="Tours")
    graph.add_node("https://www.wikidata.org/entity/Q288", label=" ")
    nodes = prepared(graph).nodes
    assert {k: v for k, v in nodes["1"].items() if k != "key"} == {"label_zh": "图尔"}
    assert nodes["2"]["label_fr"] == nodes["2"]["label_zh"] == "Tours"
    assert nodes["https://www.wikidata.org/entity/Q288"]["label_en"] == "Q288"


def test_what_says_nothing_is_not_there() -> None:
    graph = nx.Graph()
    graph.add_node(
        "a", country=None, code=math.nan, level="", parents=[], lat=1.0, strange=object()
    )
    graph.add_node("b", lat="91", long="200")
    graph.add_edge("a", "b", kind=None, start="in spring", end=math.nan, themes=None, weight="-3")
    ready = prepared(graph)
    assert set(ready.nodes["a"]) == {"key", "label_fr", "label_en", "label_zh"}
    assert set(ready.nodes["b"]) == set(ready.nodes["a"])
    assert dict(ready.edges["a", "b", "edge/1"]) == {"tentative": False, "weight": 1.0}


def test_attributes_of_tables_and_other_programs_are_read() -> None:
    graph = nx.Graph()
    graph.add_node("a", lat="47.39", long=0.69, names={"Caesarodunum", "Turones"}, code=37261.0)
    graph.add_edge(
        "a",
        "b",
        start=1982.0,
        end=dt.date(2020, 3, 1),
        themes="culture; sport",
        state="proposed",
        weight="2",
        evidence=[{"source": "s", "page": 3, "lines": None}, "x"],
    )
    ready = prepared(graph)
    assert ready.nodes["a"]["lat"] == 47.39
    assert ready.nodes["a"]["names"] == ["Caesarodunum", "Turones"]
    assert ready.nodes["a"]["code"] == "37261"
    assert dict(ready.edges["a", "b", "edge/1"]) == {
        "start": "1982",
        "end": "2020-03-01",
        "themes": ["culture", "sport"],
        "state": "proposed",
        "tentative": True,
        "weight": 2.0,
        "evidence": [{"source": "s", "page": "3"}],
    }


def test_what_a_graph_itself_holds_is_kept_when_a_map_can_show_it() -> None:
    graph = nx.Graph(name="x", concepts={"link-kind/x": {"fr": "X"}}, events="none")
    assert prepared(graph).graph == {"concepts": {"link-kind/x": {"fr": "X"}}}


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2008~", "2008~"),
        (2008, "2008"),
        ("2016-11-06T00:00:00Z", "2016-11-06"),
        ("1998 / 2002", "1998"),
        ("1998/2002", "1998/2002"),
        ("2016-13-01", ""),
        (None, ""),
        ("9" * 5000, ""),
    ],
)
def test_a_date_of_any_kind_is_edtf_or_none(value: object, date: str) -> None:
    assert as_date(value) == date


@pytest.mark.parametrize("value", [None, "x", 0, -1, math.inf, "inf", math.nan])
def test_a_weight_that_is_none_is_one(value: object) -> None:
    assert as_weight(value) == 1.0
