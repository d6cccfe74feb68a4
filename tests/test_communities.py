"""Communities: found, numbered by size, and the same in every run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

from maillage.communities import communities

GRAPH = Path(__file__).parents[1] / "graph"


def caves(sizes: list[int]) -> nx.MultiGraph[str]:
    """Cliques of given sizes, each joined to the next by one link."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for cave, size in enumerate(sizes):
        members = [f"place/{cave}-{member}" for member in range(size)]
        graph.add_edges_from(nx.complete_graph(members).edges)
        if cave:
            graph.add_edge(f"place/{cave - 1}-0", members[0])
    return graph


def test_cliques_are_communities_numbered_from_the_largest() -> None:
    found = communities(caves([5, 9, 7, 6]))
    rank = {0: 3, 1: 0, 2: 1, 3: 2}
    assert found == {
        f"place/{cave}-{member}": rank[cave]
        for cave, size in enumerate([5, 9, 7, 6])
        for member in range(size)
    }


def test_communities_of_one_size_are_numbered_by_their_least_name() -> None:
    pairs: nx.MultiGraph[str] = nx.MultiGraph([("z", "y"), ("b", "x"), ("c", "d")])
    pairs.add_node("a")
    assert communities(pairs) == {"a": 3, "b": 0, "c": 1, "d": 1, "x": 0, "y": 2, "z": 2}


def test_numbers_leave_no_gap_and_fall_in_size() -> None:
    graph = nx.relabel_nodes(nx.MultiGraph(nx.gnm_random_graph(300, 500, seed=3)), str)
    found = communities(graph)
    assert list(found) == sorted(graph)
    sizes = Counter(found.values())
    assert sorted(sizes) == list(range(len(sizes)))
    assert [sizes[i] for i in range(len(sizes))] == sorted(sizes.values(), reverse=True)


def test_parallel_links_bind_more_strongly() -> None:
    ring: nx.MultiGraph[str] = nx.MultiGraph()
    for i in range(6):
        for _ in range(1 + 9 * (i % 2)):
            ring.add_edge(str(i), str((i + 1) % 6))
    found = communities(ring)
    assert found["1"] == found["2"] != found["3"] == found["4"] != found["5"] == found["0"]


@pytest.mark.parametrize("nodes", [[], ["a"], ["a", "b"]])
def test_parties_without_links_are_each_a_community(nodes: list[str]) -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((node, node) for node in nodes)
    assert communities(graph) == {node: i for i, node in enumerate(nodes)}


def test_order_of_nodes_and_edges_changes_nothing() -> None:
    graph = nx.relabel_nodes(nx.MultiGraph(nx.gnm_random_graph(200, 300, seed=8)), str)
    nodes, edges = list(graph), list(graph.edges)
    random.Random(1).shuffle(nodes)  # noqa: S311
    random.Random(2).shuffle(edges)  # noqa: S311
    other: nx.MultiGraph[str] = nx.MultiGraph()
    other.add_nodes_from(nodes)
    other.add_edges_from((two, one, key) for one, two, key in edges)
    assert communities(other) == communities(graph)


def test_the_seed_of_hashes_changes_nothing() -> None:
    program = (
        "import networkx as nx\n"
        "from maillage.communities import communities\n"
        "graph = nx.MultiGraph(nx.gnm_random_graph(300, 450, seed=2))\n"
        "print(communities(nx.relabel_nodes(graph, 'place/{}'.format)))\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(GRAPH)},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
