"""Measures agree with a sheet of paper, and never give a number where there is none."""

from __future__ import annotations

import math
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.definitions import definitions, reason_text
from maillage.measure import Measure, measures
from maillage.measured import definition_table, network_table, party_table
from maillage.words import LANGUAGES, Language


def mesh(*pairs: tuple[str, str], proposed: tuple[tuple[str, str], ...] = ()) -> nx.MultiGraph[str]:
    """A network of named places; ``proposed`` pairs are tentative."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    levels = {"Alsace": "region", "Jiangsu": "province"}
    for place, (one, other) in enumerate([*pairs, *proposed]):
        for party in (one, other):
            country = "cn" if party in {"Wuhan", "Leshan", "Chengdu", "Jiangsu"} else "fr"
            graph.add_node(party, country=country, level=levels.get(party, "commune"))
        graph.add_edge(one, other, f"link-{place}", tentative=place >= len(pairs), weight=1.0)
    return graph


def found(
    graph: nx.MultiGraph[str], **two_mode: nx.Graph[str]
) -> dict[tuple[str | None, str], Measure]:
    return {(m.subject, m.id): m for m in measures(graph, **two_mode)}


# Wuhan in the middle: Bordeaux twice, Strasbourg; Montpellier only proposed.
STAR = mesh(
    ("Bordeaux", "Wuhan"),
    ("Bordeaux", "Wuhan"),
    ("Strasbourg", "Wuhan"),
    proposed=(("Montpellier", "Wuhan"),),
)


def test_degree_counts_partners_and_weight_counts_links() -> None:
    values = found(STAR)
    assert (values["Wuhan", "degree"].value, values["Wuhan", "degree"].confirmed) == (3, 2)
    weighted = values["Wuhan", "weighted_degree"]
    assert (weighted.value, weighted.confirmed, weighted.uncertainty) == (4.0, 3.0, 1.0)


def test_betweenness_of_the_middle_of_a_star_is_one() -> None:
    values = found(STAR)
    assert values["Wuhan", "betweenness"].value == 1.0
    assert values["Wuhan", "betweenness"].confirmed == 1.0
    assert values["Bordeaux", "betweenness"].value == 0.0


def test_eigenvector_and_pagerank_by_hand() -> None:
    # Weights 2 and 1: the middle scores λ = √5 times nothing but its partners', so the scores
    # are in proportion √5 : 2 : 1, of norm √10. PageRank solves three linear equations.
    values = found(mesh(("Bordeaux", "Wuhan"), ("Bordeaux", "Wuhan"), ("Strasbourg", "Wuhan")))
    score = {p: values[p, "eigenvector"].value for p in ("Wuhan", "Bordeaux", "Strasbourg")}
    assert score == {
        "Wuhan": pytest.approx(math.sqrt(0.5), abs=1e-6),
        "Bordeaux": pytest.approx(2 / math.sqrt(10), abs=1e-6),
        "Strasbourg": pytest.approx(1 / math.sqrt(10), abs=1e-6),
    }
    middle = (0.05 + 0.85 * 0.1) / (1 - 0.85**2)
    assert values["Wuhan", "pagerank"].value == pytest.approx(middle, abs=1e-6)
    assert values["Bordeaux", "pagerank"].value == pytest.approx(
        0.05 + 0.85 * middle * 2 / 3, abs=1e-6
    )


def test_a_party_with_proposals_only_has_no_place_in_the_confirmed_network() -> None:
    values = found(STAR)
    assert values["Montpellier", "degree"].confirmed == 0
    assert values["Montpellier", "core"].confirmed == 0
    pagerank = values["Montpellier", "pagerank"]
    assert (pagerank.confirmed, pagerank.reason_confirmed) == (None, "no-link")
    assert pagerank.uncertainty is None


def test_core_of_a_square_with_a_tail() -> None:
    square = (
        ("Bordeaux", "Wuhan"),
        ("Wuhan", "Strasbourg"),
        ("Strasbourg", "Chengdu"),
        ("Chengdu", "Bordeaux"),
        ("Strasbourg", "Leshan"),
    )
    values = found(mesh(*square))
    cores = {p: values[p, "core"].value for p in ("Bordeaux", "Strasbourg", "Leshan")}
    assert cores == {"Bordeaux": 2, "Strasbourg": 2, "Leshan": 1}


def test_groups_are_numbered_from_the_largest_then_by_name() -> None:
    graph = mesh(("Tours", "Jiangsu"), ("Bordeaux", "Wuhan"), ("Strasbourg", "Wuhan"))
    values = found(graph)
    for group in ("component", "community"):
        assert [values[p, group].value for p in ("Bordeaux", "Strasbourg", "Wuhan")] == [1, 1, 1]
        assert values["Tours", group].value == 2
    assert values["Tours", "eigenvector"].reason == "outside-largest"
    assert values[None, "components"].value == 2
    assert values[None, "largest_component"].value == 3
    # Two communities of weight 2 and 1 of 3: 1 less (4/6)² and (2/6)².
    assert values[None, "modularity"].value == pytest.approx(1 - 16 / 36 - 4 / 36, abs=1e-6)


def test_eigenvector_is_not_invented_where_it_is_not_unique() -> None:
    values = found(mesh(("Bordeaux", "Wuhan"), ("Strasbourg", "Leshan")))
    eigenvector = values["Wuhan", "eigenvector"]
    assert (eigenvector.value, eigenvector.reason) == (None, "tied-components")
    assert values["Wuhan", "pagerank"].value == 0.25


def test_eigenvector_agrees_with_linear_algebra() -> None:
    ladder = mesh(*((f"fr{n}", f"cn{n % 4}") for n in range(6)), ("fr0", "cn1"), ("fr1", "cn2"))
    ladder.add_edge("fr2", "cn3", "bridge", weight=2.0)
    values = found(ladder)
    expected = nx.eigenvector_centrality_numpy(nx.Graph(weighted(ladder)), weight="weight")
    for party, score in expected.items():
        assert values[party, "eigenvector"].value == pytest.approx(score, abs=1e-6)


def test_an_eigenvector_that_does_not_settle_is_given_up_aloud(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("maillage.plain.STEPS", 3)
    eigenvector = found(mesh(("Bordeaux", "Wuhan"), ("Wuhan", "Tours"), ("Tours", "Leshan")))
    assert eigenvector["Wuhan", "eigenvector"].reason == "not-converged"
    assert eigenvector["Wuhan", "eigenvector"].value is None


def weighted(graph: nx.MultiGraph[str]) -> nx.Graph[str]:
    """Several edges between two nodes summed into one, the plain way."""
    simple: nx.Graph[str] = nx.Graph()
    for one, other, data in graph.edges(data=True):
        before = simple.get_edge_data(one, other, {"weight": 0.0})["weight"]
        simple.add_edge(one, other, weight=before + data["weight"])
    return simple


def test_counts_and_density_of_the_whole() -> None:
    values = found(STAR)
    pairs = {
        name: (values[None, name].value, values[None, name].confirmed)
        for name in ("nodes", "links", "edges", "pairs", "density")
    }
    assert pairs == {
        "nodes": (4, 3),
        "links": (4, 3),
        "edges": (4, 3),
        "pairs": (3, 2),
        "density": (0.5, pytest.approx(2 / 3, abs=1e-6)),
    }
    assert values[None, "density"].uncertainty == pytest.approx(1 / 6, abs=1e-5)


def test_a_link_of_three_parties_is_one_link_and_three_edges() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for one, other in (("Bordeaux", "Wuhan"), ("Wuhan", "Fukuoka"), ("Bordeaux", "Fukuoka")):
        graph.add_edge(one, other, "one-link", weight=1.0)
    values = found(graph)
    assert values[None, "links"].value == 1
    assert values[None, "edges"].value == 3
    assert values[None, "clustering"].value == values[None, "transitivity"].value == 1.0


def test_two_countries_are_disassortative_and_levels_need_tiers() -> None:
    values = found(mesh(("Alsace", "Jiangsu"), ("Bordeaux", "Wuhan"), ("Tours", "Leshan")))
    assert values[None, "assortativity_country"].value == -1.0
    # Three pairs: one first tier with first tier, two below with below: all alike.
    assert values[None, "assortativity_tier"].value == 1.0
    # As named, region and province differ: e = 2/3 on the diagonal, a = 1/6, 1/6, 2/3.
    by_name = (2 / 3 - (1 / 36 + 1 / 36 + 4 / 9)) / (1 - (1 / 36 + 1 / 36 + 4 / 9))
    assert values[None, "assortativity_level"].value == pytest.approx(by_name, abs=1e-6)


def test_undefined_values_say_why() -> None:
    values = found(mesh(proposed=(("Bordeaux", "Wuhan"),)))
    reasons = {m.id: m.reason for m in values.values() if m.reason}
    assert reasons == {
        "betweenness": "too-few",
        "clustering": "no-triple",
        "transitivity": "no-triple",
        "assortativity_degree": "one-category",
        "assortativity_level": "one-category",
        "assortativity_tier": "one-category",
    }
    assert values[None, "density"].reason_confirmed == "no-network"
    assert values[None, "nodes"].confirmed == 0
    bare: nx.MultiGraph[str] = nx.MultiGraph([("Bordeaux", "Wuhan")])
    assert found(bare)[None, "assortativity_country"].reason == "no-attribute"


def two_mode(*pairs: tuple[str, str], proposed: tuple[tuple[str, str], ...] = ()) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    for one, other in (*pairs, *proposed):
        graph.add_node(one, bipartite=0)
        graph.add_node(other, bipartite=1)
        graph.add_edge(one, other, tentative=(one, other) in proposed)
    return graph


def test_two_mode_clustering_by_hand() -> None:
    # Bordeaux {climate, wine}, Wuhan {climate}, Leshan {tea}: Bordeaux and Wuhan share 1 of 2,
    # Leshan shares nothing and is left out of the mean.
    themes = two_mode(
        ("Bordeaux", "climate"), ("Bordeaux", "wine"), ("Wuhan", "climate"), ("Leshan", "tea")
    )
    events = two_mode(("Bordeaux", "Wuhan 2005"), proposed=(("Wuhan", "Wuhan 2005"),))
    values = found(STAR, themes=themes, events=events)
    assert values[None, "theme_clustering"].value == 0.5
    assert values[None, "theme_clustering"].uncertainty == 0.0
    assert values[None, "event_clustering"].value == 1.0
    assert values[None, "event_clustering"].reason_confirmed == "nothing-shared"
    assert (None, "theme_clustering") not in found(STAR)


def test_an_empty_network_has_counts_and_reasons() -> None:
    empty: nx.MultiGraph[str] = nx.MultiGraph()
    values = found(empty)
    assert values[None, "nodes"].value == 0
    assert all(m.value is not None or m.reason for m in values.values())
    assert party_table(empty, "fr", list(values.values())) == []


def test_every_measure_is_named_defined_and_cited_in_three_languages() -> None:
    taken = {m.id for m in measures(STAR, two_mode(), two_mode())}
    assert taken == set(definitions())
    for definition in definitions().values():
        assert definition.doi.startswith("10.")
        assert definition.citation
        for texts in (
            definition.label,
            definition.definition,
            definition.unit,
            definition.convention,
        ):
            assert set(texts) == set(LANGUAGES)
            assert all(texts.values())
        assert definition.definition["en"].count(".") == 1  # one sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_speak_the_language_of_the_reader(lang: Language) -> None:
    values = measures(STAR)
    rows = party_table(STAR, lang, values)
    assert [row["party"] for row in rows] == ["Wuhan", "Bordeaux", "Montpellier", "Strasbourg"]
    assert len({tuple(row) for row in rows}) == 1  # the same columns in each
    assert reason_text("no-link", lang) in str(rows[2]["note"])
    whole = network_table(lang, values)
    assert whole[0]["measure"] == definitions()["nodes"].label[lang]
    assert [row["id"] for row in definition_table(lang)] == list(definitions())


@st.composite
def meshes(draw: st.DrawFn) -> nx.MultiGraph[str]:
    places = st.sampled_from(
        ["Bordeaux", "Strasbourg", "Tours", "Wuhan", "Leshan", "Chengdu", "日"]
    )
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for key, (one, other, tentative) in enumerate(
        draw(st.lists(st.tuples(places, places, st.booleans()), max_size=12))
    ):
        graph.add_node(one, country="fr" if one < "S" else "cn")
        graph.add_edge(one, other, str(key), tentative=tentative, weight=1.0)
    return graph


@settings(deadline=None)
@given(meshes())
def test_invariants_of_any_network(graph: nx.MultiGraph[str]) -> None:
    values = measures(graph)
    by_name: dict[str, list[Measure]] = {}
    for measure in values:
        by_name.setdefault(measure.id, []).append(measure)
        for value, reason in (
            (measure.value, measure.reason),
            (measure.confirmed, measure.reason_confirmed),
        ):
            assert (value is None) != (reason is None)
            assert value is None or math.isfinite(value)
    for side in ("value", "confirmed"):

        def total(name: str, side: str = side) -> float:
            return sum(getattr(m, side) or 0 for m in by_name.get(name, []))

        assert total("degree") == 2 * total("pairs")
        assert total("weighted_degree") == 2 * total("edges")
        assert total("pagerank") == pytest.approx(1.0 if total("nodes") else 0.0, abs=1e-5)
    for measure in by_name.get("weighted_degree", []):
        assert measure.confirmed is not None
        assert measure.value is not None
        assert measure.confirmed <= measure.value


@settings(deadline=None)
@given(meshes(), st.randoms(use_true_random=False))
def test_the_order_of_links_never_changes_a_measure(
    graph: nx.MultiGraph[str], random: Random
) -> None:
    edges = list(graph.edges(keys=True, data=True))
    random.shuffle(edges)
    shuffled: nx.MultiGraph[str] = nx.MultiGraph()
    for one, other, key, data in edges:
        shuffled.add_edge(other, one, key, **data)
    shuffled.add_nodes_from(graph.nodes(data=True))
    assert measures(shuffled) == measures(graph)
