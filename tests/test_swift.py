"""Measures over arrays are those of networkx: on any network, and on one too large for it."""

from __future__ import annotations

import math
from random import Random
from statistics import fmean

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage import measure, plain, swift
from maillage.mesh import SEED, Mesh, Undefined, mesh_of, mesh_of_pairs
from maillage.sharing import likeness

#: Measures whose engines draw lots of their own: compared by how good they are, not by value.
BY_LOT = {"community", "communities", "modularity"}


def mesh(*pairs: tuple[str, str, float]) -> Mesh:
    kept = [pair for pair in pairs if pair[0] != pair[1]]
    ones, others, weights = zip(*kept, strict=True) if kept else ((), (), ())
    return mesh_of_pairs(ones, others, weights, links=len(kept))


@st.composite
def meshes(draw: st.DrawFn) -> Mesh:
    """Chains, stars, islands and dense corners, the two sides of a map among them."""
    names = st.integers(0, 24).map(lambda number: f"place/{number:02}")
    weights = st.sampled_from([1.0, 1.0, 2.0, 3.0])
    kind = draw(st.sampled_from(["any", "chain", "two sides"]))
    if kind == "chain":
        size = draw(st.integers(2, 40))
        return mesh(*((f"{n:02}", f"{n + 1:02}", 1.0) for n in range(size)))
    pairs = draw(st.lists(st.tuples(names, names, weights), min_size=1, max_size=60))
    if kind == "two sides":
        pairs = [(f"fr-{one}", f"cn-{other}", weight) for one, other, weight in pairs]
    return mesh(*pairs)


def outcome(job, *arguments):
    """A number, a dictionary of them, or why there is none."""
    try:
        return job(*arguments)
    except Undefined as undefined:
        return str(undefined)


@settings(deadline=None, max_examples=150)
@given(meshes())
def test_every_measure_is_that_of_networkx(network: Mesh) -> None:
    if not network.names:
        return
    for name in set(plain.OF_EACH) - BY_LOT:
        theirs, ours = outcome(plain.OF_EACH[name], network), outcome(swift.OF_EACH[name], network)
        if isinstance(theirs, str):
            assert ours == theirs, name
        else:
            assert ours == pytest.approx(dict(theirs), rel=1e-7, abs=1e-9), name
    for name in set(plain.OF_ALL) - BY_LOT:
        theirs, ours = outcome(plain.OF_ALL[name], network), outcome(swift.OF_ALL[name], network)
        if isinstance(theirs, float) and math.isnan(theirs):
            assert math.isnan(ours), name
        else:
            assert ours == (theirs if isinstance(theirs, str) else pytest.approx(theirs)), name
    held = {party: party[:8] for party in network.names if not party.endswith("3")}
    theirs, ours = (outcome(engine.assortativity, network, held) for engine in (plain, swift))
    assert ours == (theirs if isinstance(theirs, str) else pytest.approx(theirs))


@settings(deadline=None, max_examples=60)
@given(meshes(), st.integers(2, 6))
def test_sampled_betweenness_draws_the_same_pivots(network: Mesh, pivots: int) -> None:
    if len(network.names) <= max(pivots, 2):
        return
    theirs = nx.betweenness_centrality(network.simple, k=pivots, seed=SEED)
    lot = Random(SEED).sample(range(len(network.names)), pivots)  # noqa: S311  # as networkx does
    ours = swift.between(network, lot, sampled=True)
    assert dict(enumerate(ours.tolist())) == pytest.approx(theirs, abs=1e-12)


def planted(groups: int, size: int, seed: int) -> tuple[Mesh, list[int]]:
    """Groups that are dense inside and joined by little."""
    graph = nx.planted_partition_graph(groups, size, 0.35, 0.004, seed=seed)
    pairs = ((f"{one:05}", f"{other:05}", 1.0) for one, other in graph.edges)
    network = mesh(*pairs)
    return network, [int(name) // size for name in network.names]


def shared_information(one: list[int], other: list[int]) -> float:
    """Normalised mutual information of two divisions of the same parties (0 to 1)."""
    table = np.zeros((max(one) + 1, max(other) + 1))
    np.add.at(table, (one, other), 1 / len(one))
    rows, columns = table.sum(axis=1), table.sum(axis=0)

    def spread(shares):
        return -sum(share * math.log(share) for share in shares if share)

    both = spread(rows) + spread(columns) - spread(table.ravel())
    return 2 * both / (spread(rows) + spread(columns))


@pytest.mark.parametrize("seed", range(3))
def test_both_louvains_find_what_is_there_and_are_equally_good(seed: int) -> None:
    network, truth = planted(12, 30, seed)
    for engine in (plain, swift):
        number = engine.OF_EACH["community"](network)
        found = [int(number[place]) for place in range(len(network.names))]
        assert shared_information(found, truth) > 0.95
    theirs, ours = (engine.OF_ALL["modularity"](network) for engine in (plain, swift))
    assert ours == pytest.approx(theirs, abs=0.01)
    assert swift.OF_ALL["communities"](network) == max(swift.communities(network))


def test_modularity_is_that_of_the_communities_found() -> None:
    network, _ = planted(6, 20, 5)
    number = swift.communities(network)
    groups = [set(np.flatnonzero(number == place).tolist()) for place in range(1, number.max() + 1)]
    expected = nx.community.modularity(network.simple, groups, weight="weight")
    assert swift.OF_ALL["modularity"](network) == pytest.approx(expected)


def test_without_the_extra_networkx_finds_the_communities(monkeypatch) -> None:
    network, _ = planted(6, 20, 7)
    monkeypatch.setattr("maillage.swift.find_spec", lambda _: None)
    assert swift.OF_EACH["community"](network) == plain.OF_EACH["community"](network)


def drawn() -> nx.MultiGraph:
    """Two sides, joined by links of which one in seven is tentative."""
    graph = nx.MultiGraph()
    random = Random(3)  # noqa: S311  # the same network each time
    for key in range(260):
        one, other = f"fr-{random.randrange(60):02}", f"cn-{random.randrange(50):02}"
        graph.add_node(one, country="fr", level="commune" if key % 3 else "region")
        graph.add_node(other, country="cn", level="prefecture")
        graph.add_edge(one, other, str(key), weight=1.0, tentative=key % 7 == 0)
    return graph


def test_a_large_network_is_measured_over_arrays_with_the_same_rows(monkeypatch) -> None:
    graph = drawn()
    before = measure.measures(graph)
    monkeypatch.setattr(measure, "LARGE", 1)
    after = measure.measures(graph)
    assert [(m.id, m.subject, m.reason, m.reason_confirmed) for m in after] == [
        (m.id, m.subject, m.reason, m.reason_confirmed) for m in before
    ]
    for ours, theirs in zip(after, before, strict=True):
        if ours.id not in BY_LOT:
            assert ours.value == pytest.approx(theirs.value, abs=1e-6), ours
            assert ours.confirmed == pytest.approx(theirs.confirmed, abs=1e-6), ours


def test_both_halves_of_a_network_are_measured_the_same_way(monkeypatch) -> None:
    """Without its tentative links, a large network may be a small one."""
    graph = drawn()
    whole, sure = (mesh_of(graph, tentative=tentative) for tentative in (True, False))
    assert len(sure.one) < len(whole.one)
    monkeypatch.setattr(measure, "LARGE", len(whole.one))
    found = measure.measures(graph)
    group = {m.subject: m.confirmed for m in found if m.id == "community" and m.confirmed}
    assert [group[name] for name in sure.names] == swift.communities(sure).tolist()
    for side in ("value", "confirmed"):
        fine = [getattr(m, side) for m in found if m.id == "pagerank" and getattr(m, side)]
        assert any(value != round(value, 6) for value in fine), side
    for m in found:
        if m.uncertainty is not None:
            # as fine as the values: among many parties, less than a millionth is much
            assert m.uncertainty == pytest.approx(abs(m.value - m.confirmed), rel=0, abs=1e-10), m


def test_the_errors_of_pagerank_do_not_grow_with_the_number_of_parties() -> None:
    chain = [(f"{n:05}", f"{n + 1:05}", 1.0 + n % 7) for n in range(20_000)]
    network = mesh(*chain)
    exact = swift.pagerank(network, tolerance=1e-14)
    assert np.abs(swift.pagerank(network) - exact).sum() < 6 * plain.SETTLED


def test_propagation_by_hand() -> None:
    # Round one: everybody takes the least label around, so b and c take a's, e and f take d's;
    # c has two partners on the left and one on the right, and stays with them.
    network = mesh(
        ("a", "b", 1), ("a", "c", 1), ("b", "c", 1), ("c", "d", 1), ("d", "e", 1), ("d", "f", 1), ("e", "f", 1)
    )  # fmt: skip
    assert list(plain.OF_EACH["propagated"](network).values()) == [1, 1, 1, 2, 2, 2]
    # A pair joined by three links does not swap its labels for ever.
    assert list(plain.OF_EACH["propagated"](mesh(("a", "b", 3))).values()) == [1, 1]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 6), st.booleans()), min_size=1, max_size=40
    )
)
def test_likeness_is_that_of_networkx(edges) -> None:
    graph = nx.Graph()
    for party, theme, tentative in edges:
        graph.add_node(f"party {party}", bipartite=0)
        graph.add_node(f"theme {theme}", bipartite=1)
        graph.add_edge(f"party {party}", f"theme {theme}", tentative=tentative)
    for tentative in (True, False):
        kept = nx.Graph(
            (one, other)
            for one, other, data in graph.edges(data=True)
            if tentative or not data["tentative"]
        )
        sharing = [
            party
            for party in sorted(kept)
            if party.startswith("party") and any(kept.degree(theme) > 1 for theme in kept[party])
        ]
        if sharing:
            found = nx.bipartite.latapy_clustering(kept, sharing, mode="dot")
            assert likeness(graph, tentative=tentative) == pytest.approx(fmean(found.values()))
        else:
            with pytest.raises(Undefined, match="nothing-shared"):
                likeness(graph, tentative=tentative)
