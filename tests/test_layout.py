"""Places of the parties: fixed, apart, and telling the sides."""

from __future__ import annotations

import ast
import math
import os
import random
import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import numpy._core._multiarray_umath as umath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage import apart, layout, spread
from maillage.layout import Group, Point, Room, arranged, packed, positions
from sample_graph import BASE, sample_graph

GRAPH = Path(__file__).parents[1] / "graph"


def named(graph: nx.Graph[int]) -> nx.MultiGraph[str]:
    """A graph of networkx with names for nodes, every other one French."""
    made: nx.MultiGraph[str] = nx.relabel_nodes(nx.MultiGraph(graph), "place/{:05d}".format)
    for i, node in enumerate(sorted(made)):
        made.nodes[node]["country"] = ("fr", "cn")[i % 2]
    return made


def nearest(places: dict[str, Point]) -> float:
    """The least distance between two parties."""
    return min(math.dist(one, two) for one, two in combinations(places.values(), 2))


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
    """A triangle with a tail, none of it in columns: the forces to the last digit."""
    graph: nx.MultiGraph[str] = nx.MultiGraph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    assert positions(graph) == {
        "a": (100.5, -47.8),
        "b": (100.3, 47.8),
        "c": (0.0, -0.3),
        "d": (-100.5, -0.6),
    }


def test_golden_places_of_many() -> None:
    """Far forces over the pyramid of grids, to the last digit."""
    places = positions(named(nx.random_labeled_tree(400, seed=5)))
    assert [places[f"place/{i:05d}"] for i in (0, 100, 399)] == [
        (-309.2, -8.6),
        (762.2, 491.1),
        (863.5, 294.9),
    ]


def test_neither_the_seed_of_hashes_nor_the_processor_changes_anything() -> None:
    program = (
        "import networkx as nx\n"
        "from maillage.layout import positions\n"
        "graph = nx.MultiGraph(nx.gnm_random_graph(400, 420, seed=2))\n"
        "print(positions(nx.relabel_nodes(graph, 'place/{}'.format)))\n"
    )
    # The second run does without the wide registers that NumPy uses where a processor has them.
    wide = [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__[name]]
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": str(GRAPH), **more},
            check=True,
            capture_output=True,
        ).stdout
        for more in (
            {"PYTHONHASHSEED": "1"},
            {"PYTHONHASHSEED": "2", "NPY_DISABLE_CPU_FEATURES": " ".join(wide)},
        )
    }
    assert len(said) == 1


@pytest.mark.parametrize("module", [apart, layout, spread])
def test_only_operations_that_round_alike_everywhere(module: object) -> None:
    """Sums whose order a processor chooses, and functions that libraries round differently."""
    tree = ast.parse(Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            base = node.value.id if isinstance(node.value, ast.Name) else ""
            assert base not in {"np", "math"} or node.attr not in {
                *("sum", "mean", "std", "var", "average", "prod", "dot", "vdot", "inner"),
                *("matmul", "einsum", "tensordot", "linalg", "fft", "random", "interp"),
                *("sin", "cos", "tan", "atan2", "arctan2", "exp", "log", "pow", "power"),
                *("hypot", "cbrt", "dist", "convolve", "percentile", "quantile", "median"),
            }, f"{node.lineno}: {base}.{node.attr}"
        if isinstance(node, ast.BinOp):
            assert not isinstance(node.op, ast.MatMult)
            if isinstance(node.op, ast.Pow):  # of whole numbers only
                assert isinstance(node.left, ast.Constant)
                assert isinstance(node.left.value, int)


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


def test_links_all_on_one_side_stand_in_columns_too() -> None:
    star: nx.MultiGraph[str] = nx.MultiGraph([("hub", "a"), ("b", "hub"), ("c", "hub")])
    places = positions(star)
    assert places["hub"][0] < places["a"][0] == places["b"][0] == places["c"][0]
    assert places["a"][1] < places["b"][1] == places["hub"][1] < places["c"][1]


def test_links_of_equally_long_columns_are_level() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph([("f1", "c1"), ("f2", "c2"), ("f1", "c2")])
    for node in graph:
        graph.nodes[node]["country"] = "fr" if node[0] == "f" else "cn"
    rooms = {"f1": Room(50, 14, 90), "f2": Room(30, 20, 40), "c1": Room(), "c2": Room(40, 30, 60)}
    places = positions(graph, rooms=rooms)
    assert places["f1"][1] == places["c1"][1] < places["f2"][1] == places["c2"][1]


@pytest.mark.parametrize(
    "graph",
    [
        nx.path_graph(400),
        nx.star_graph(300),
        nx.complete_graph(40),
        nx.barabasi_albert_graph(600, 2, seed=1),
        nx.barbell_graph(30, 3),
        nx.cycle_graph(3),
    ],
    ids=["path", "star", "complete", "hubs", "barbell", "triangle"],
)
@pytest.mark.parametrize("labels", [True, False])
def test_rooms_stand_clear_whatever_the_shape(graph: nx.Graph[int], labels: bool) -> None:
    network = named(graph)
    room = Room(60.0, 14.0, 50.0)
    places = positions(
        network, rooms=dict.fromkeys(network, room) if labels else dict.fromkeys(network, 14.0)
    )
    assert len(places) == len(network)
    x, y = np.array(list(places.values())).T
    dx, dy = np.abs(x[:, None] - x), np.abs(y[:, None] - y)
    clear = (dx > 119.8) | (dy > 63.8) if labels else dx * dx + dy * dy > 28.0 * 28.0
    assert clear[np.triu_indices(len(x), 1)].all()


def test_radii_of_different_sizes_stand_clear() -> None:
    network = named(nx.barabasi_albert_graph(280, 1, seed=7))
    radii = {node: 8.0 + 3.0 * network.degree(node) for node in network}
    places = positions(network, rooms=radii)
    for one, two in combinations(network, 2):
        assert math.dist(places[one], places[two]) > radii[one] + radii[two]


def test_linked_parties_are_near_and_the_first_country_tends_to_the_left() -> None:
    network = named(nx.convert_node_labels_to_integers(nx.grid_2d_graph(12, 35)))
    places = positions(network, rooms=dict.fromkeys(network, 10.0))
    links = [math.dist(places[one], places[two]) for one, two in network.edges()]
    pairs = [math.dist(one, two) for one, two in combinations(places.values(), 2)]
    assert sum(links) / len(links) < 0.2 * sum(pairs) / len(pairs)
    crossing = [
        places[one][0] < places[two][0]
        for edge in network.edges()
        for one, two in [sorted(edge, key=lambda node: network.nodes[node]["country"] != "fr")]
        if network.nodes[one]["country"] != network.nodes[two]["country"]
    ]
    assert sum(crossing) > 0.7 * len(crossing)


def test_the_pyramid_of_grids_repels_as_all_pairs_do() -> None:
    chance = random.Random(4)  # noqa: S311
    x, y = (np.array([chance.gauss(0, 100) for _ in range(1_500)]) for _ in range(2))
    mass = np.array([float(chance.randint(2, 9)) for _ in x])
    far, pairs = spread._pyramid(x, y, mass), spread._each_pair(x, y, mass)
    wrong = np.hypot(far[0] - pairs[0], far[1] - pairs[1]) / np.hypot(*pairs)
    assert np.median(wrong) < 0.02


@settings(max_examples=25, deadline=None)
@given(
    links=st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=60),
    alone=st.integers(0, 3),
    aspect=st.floats(0.3, 3.0),
)
def test_every_party_has_a_place_of_its_own(
    links: list[tuple[int, int]], alone: int, aspect: float
) -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph([(str(one), str(two)) for one, two in links])
    graph.add_nodes_from(f"alone{i}" for i in range(alone))
    for node in graph:
        graph.nodes[node]["country"] = "fr" if int(node[-1]) % 3 else "cn"
    places = positions(graph, aspect=aspect)
    assert list(places) == sorted(graph)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in places.values())
    if len(places) > 1:
        assert nearest(places) >= 39.8  # twice the least half of a room


@pytest.mark.parametrize("aspect", [0.62, 1.0, 1.7])
def test_packed_groups_fill_the_frame_and_keep_clear(aspect: float) -> None:
    chance = random.Random(9)  # noqa: S311
    sizes = [(1500.0, 900.0), (700.0, 800.0)]
    sizes += [(chance.choice([240.0, 300.0]), chance.choice([80.0, 98.0])) for _ in range(120)]
    # Two parties a group, in opposite corners, show where its rectangle is.
    groups = [
        Group({f"{i:03d}a": (0.0, 0.0), f"{i:03d}b": size}, *size) for i, size in enumerate(sizes)
    ]
    places = packed(groups, aspect)
    boxes = [(*places[f"{i:03d}a"], *places[f"{i:03d}b"]) for i in range(len(groups))]
    for (x0, y0, x1, y1), (u0, v0, u1, v1) in combinations(boxes, 2):
        assert x1 <= u0 or u1 <= x0 or y1 <= v0 or v1 <= y0
    width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    height = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    assert 0.85 < width / height / aspect < 1.15
    filled = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes)
    assert filled > 0.6 * width * height


def test_thousands_of_pairs_are_packed_at_once() -> None:
    pairs: nx.MultiGraph[str] = nx.MultiGraph((f"f{i:04d}", f"p{i:04d}") for i in range(2_000))
    rooms = {
        node: Room(30.0 + int(node[1:]) % 60, 14.0, 32.0 + int(node[1:]) % 5 * 18) for node in pairs
    }
    groups = arranged(pairs, rooms=rooms)
    before = time.process_time()
    places = packed(groups, 1.7)
    assert time.process_time() - before < 5.0
    assert len(set(places.values())) == 4_000


def test_the_graph_is_not_changed() -> None:
    graph = sample_graph()
    before = graph.copy()
    positions(graph)
    assert nx.utils.graphs_equal(graph, before)
