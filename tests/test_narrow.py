"""A part of the network is what was asked for, and nothing of it changes."""

from __future__ import annotations

import copy

import networkx as nx

from maillage.narrow import narrowed
from maillage.network import links
from maillage.store import Store
from test_network import (
    BORDEAUX,
    CLAIMS,
    FUKUOKA,
    PLACES,
    PROPOSAL,
    TRIANGLE,
    TWINNING,
    WUHAN,
    store_of,
)


def small() -> Store:
    return store_of(PLACES, CLAIMS)


def test_links_come_with_their_parties_and_all_that_is_known_of_them() -> None:
    graph = links(small())
    part = narrowed(graph, {TWINNING})
    assert set(part) == {BORDEAUX, WUHAN}
    assert [key for *_, key in part.edges(keys=True)] == [TWINNING]
    assert part.edges[BORDEAUX, WUHAN, TWINNING] == graph.edges[BORDEAUX, WUHAN, TWINNING]
    assert part.nodes[WUHAN] == graph.nodes[WUHAN]
    assert part.graph == graph.graph


def test_a_link_of_several_parties_stays_whole() -> None:
    graph = links(small())
    part = narrowed(graph, {TRIANGLE})
    assert FUKUOKA in part
    every = sum(1 for *_, key in graph.edges(keys=True) if key == TRIANGLE)
    assert part.number_of_edges() == every > 1


def test_all_links_are_the_whole_in_the_same_order() -> None:
    graph = links(small())
    part = narrowed(graph, {key for *_, key in graph.edges(keys=True)})
    assert nx.utils.graphs_equal(part, graph)
    assert list(part) == list(graph)
    assert list(part.edges(keys=True)) == list(graph.edges(keys=True))


def test_unknown_links_are_passed_over_and_none_is_an_empty_network() -> None:
    graph = links(small())
    assert set(narrowed(graph, {"https://example.org/no-link", PROPOSAL})) == {BORDEAUX, WUHAN}
    assert not narrowed(graph, ())


def test_the_whole_does_not_change_with_its_part() -> None:
    graph = links(small())
    before = copy.deepcopy(graph)
    part = narrowed(graph, {TWINNING})
    part.nodes[BORDEAUX]["lat"] = 44.8
    part.edges[BORDEAUX, WUHAN, TWINNING]["state"] = "ended"
    part.graph["events"] = []
    assert nx.utils.graphs_equal(graph, before)
