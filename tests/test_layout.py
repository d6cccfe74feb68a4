"""Places of the parties: fixed, apart, and telling the sides."""

from __future__ import annotations

import random
from itertools import combinations

import networkx as nx
import pytest

from maillage.layout import Room, positions
from sample_graph import BASE, sample_graph


def test_same_graph_same_places_in_any_order_of_nodes_and_edges() -> None:
    graph = sample_graph()
    edges = list(reversed(list(graph.edges)))
    nodes = [(node, graph.nodes[node]["country"]) for node in graph]
    random.Random(1).shuffle(edges)  # noqa: S311
    random.Random(2).shuffle(nodes)  # noqa: S311
    other: nx.MultiGraph[str] = nx.MultiGraph()
    for node, country in nodes:
        other.add_node(node, country=country)
    other.add_edges_from(edges)
    assert positions(other) == positions(graph)


def test_golden_places_of_a_mixed_group() -> None:
    """A triangle with a tail, none of it in columns: the stress descent to the last digit."""
    graph: nx.MultiGraph[str] = nx.MultiGraph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    assert positions(graph) == {
        "a": (-178.8, -68.2),
        "b": (-232.2, 68.2),
        "c": (22.5, 30.1),
        "d": (232.2, -68.2),
    }


def test_places_are_rounded_to_one_decimal() -> None:
    graph = nx.relabel_nodes(nx.MultiGraph(nx.karate_club_graph()), str)
    for point in positions(graph).values():
        assert all(value == round(value, 1) for value in point)


def test_seed_chooses_another_picture() -> None:
    graph = nx.relabel_nodes(nx.MultiGraph(nx.petersen_graph()), str)
    assert positions(graph, seed=1) == positions(graph, seed=1) != positions(graph, seed=2)


@pytest.mark.parametrize("aspect", [0.6, 1.6])
def test_rooms_stand_clear_of_each_other(aspect: float) -> None:
    sample = sample_graph()
    crowd = nx.relabel_nodes(nx.MultiGraph(nx.gnm_random_graph(60, 90, seed=4)), str)
    graph: nx.MultiGraph[str] = nx.MultiGraph(nx.union(sample, crowd))
    rooms = {node: Room(60.0, 14.0, 50.0) for node in graph}
    places = positions(graph, rooms=rooms, aspect=aspect)
    assert set(places) == set(graph)
    for (x, y), (u, v) in combinations(places.values(), 2):
        assert abs(x - u) > 119.8 or abs(y - v) > 63.8


def test_first_country_stands_on_the_left_of_each_link() -> None:
    graph = sample_graph()
    places = positions(graph)
    country = {node: graph.nodes[node]["country"] for node in graph}
    for one, two in graph.edges():
        french, chinese = (one, two) if country[one] == "fr" else (two, one)
        assert places[french][0] < places[chinese][0]
    mirrored = positions(graph, first_country="cn")
    assert mirrored[BASE + "place/cn-420100"][0] < mirrored[BASE + "place/fr-commune-33063"][0]


def test_facing_columns_do_not_cross_when_they_need_not() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for i in range(5):
        graph.add_node(f"f{i}", country="fr")
        graph.add_node(f"c{9 - i}", country="cn")
        graph.add_edge(f"f{i}", f"c{9 - i}")
        graph.add_edge(f"f{i}", f"c{9 - max(i - 1, 0)}")
    places = positions(graph)
    left = sorted((places[f"f{i}"][1], i) for i in range(5))
    right = sorted((places[f"c{9 - i}"][1], i) for i in range(5))
    assert [i for _, i in left] == [i for _, i in right]


def test_nothing_and_alone() -> None:
    assert positions(nx.MultiGraph()) == {}
    alone: nx.MultiGraph[str] = nx.MultiGraph()
    alone.add_node("x")
    assert positions(alone) == {"x": (0.0, 0.0)}


def test_large_groups_are_laid_out_from_pivots() -> None:
    graph = nx.relabel_nodes(nx.MultiGraph(nx.random_labeled_tree(400, seed=5)), str)
    assert len(set(positions(graph).values())) == 400


def test_the_graph_is_not_changed() -> None:
    graph = sample_graph()
    before = graph.copy()
    positions(graph)
    assert nx.utils.graphs_equal(graph, before)
