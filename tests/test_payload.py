"""What a payload holds: each column, said by what a reader would see of it."""

from __future__ import annotations

from typing import Any

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from maillage.pagetexts import words
from maillage.payload import VIEWS, payload
from maillage.words import LANGUAGES
from sample_graph import BASE, sample_graph


def made(graph: nx.MultiGraph[str], **more: Any) -> dict[str, Any]:
    return payload(graph, title=words()["title"], **more)


def said(held: dict[str, Any], number: int, lang: int = 0) -> str:
    text = held["texts"][number]
    return text if isinstance(text, str) else next(filter(None, [text[lang], *text]))


def alsace() -> nx.MultiGraph[str]:
    """A region that is no more, its partner, and a commune with one name."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.graph["concepts"] = {
        "place/fr": {"fr": "France", "en": "France", "zh": "法国"},
        "place/fr-region-44": {"fr": "Grand Est", "en": "Grand Est", "zh": "大东部大区"},
    }
    graph.add_node(
        BASE + "place/fr-region-42",
        key="fr-region-42",
        label_fr="Alsace",
        label_en="Alsace",
        label_zh="阿尔萨斯大区",
        country="fr",
        parents=["fr"],
        end="2015-12-31",
        replaced_by=["fr-region-44"],
    )
    graph.add_node(BASE + "place/cn-320100", label_fr="Nankin", label_en="Nanjing", country="cn")
    graph.add_edge(BASE + "place/fr-region-42", BASE + "place/cn-320100", "link")
    return graph


def test_every_view_has_a_word_for_its_tab() -> None:
    assert all(set(words()[f"view-{view}"]) == set(LANGUAGES) for view in VIEWS)


def test_parties_come_first_country_first_in_the_order_of_names() -> None:
    held = made(sample_graph())
    names = [said(held, name) for name in held["parties"]["name"]]
    assert held["parties"]["side"] == sorted(held["parties"]["side"])
    assert names[:3] == ["Autun", "Auvergne-Rhône-Alpes", "Bordeaux"]
    other = made(sample_graph(), first_country="cn")
    assert said(other, other["parties"]["name"][0]).startswith("Association")


def test_columns_of_a_table_are_of_one_length() -> None:
    held = made(sample_graph())
    for name in ("parties", "links", "lines", "evidence", "events", "areas", "tiers", "tops"):
        assert len({len(column) for column in held[name].values()}) == 1, name
    for facet in held["facets"].values():
        assert len({len(column) for column in facet.values()}) == 1
    empty = made(nx.MultiGraph())
    for name in (
        "parties",
        "links",
        "lines",
        "evidence",
        "events",
        "areas",
        "places",
        "areaplaces",
    ):
        assert empty[name].keys() == held[name].keys(), name


def test_a_link_of_three_parties_is_one_link_and_two_lines() -> None:
    graph = sample_graph()
    held = made(graph)
    assert len(held["lines"]["link"]) == graph.number_of_edges() == 14
    assert len(held["links"]["iri"]) == 13
    assert sorted(map(len, held["links"]["parties"])) == [2] * 12 + [3]


def test_parallel_lines_bend_each_its_own_way() -> None:
    held = made(sample_graph())
    pairs: dict[tuple[int, int], list[float]] = {}
    for a, b, bend in zip(*(held["lines"][c] for c in ("a", "b", "bend")), strict=True):
        pairs.setdefault((a, b), []).append(bend)
    parallel = [bends for bends in pairs.values() if len(bends) > 1]
    assert len(parallel) == 2  # Bordeaux and Wuhan, Pays de la Loire and Shandong
    assert all(len(set(bends)) == len(bends) for bends in parallel)
    assert all(bends == [0.0] for bends in pairs.values() if len(bends) == 1)


def test_looks_follow_state_and_certainty() -> None:
    graph = sample_graph()
    held = made(graph)
    tentative = {k for *_, k, data in graph.edges(keys=True, data=True) if data["tentative"]}
    assert held["links"]["look"].count(1) == len(tentative)
    assert held["links"]["look"].count(2) == 1  # the agreement that ended
    assert sorted(held["links"]["mark"])[-2:] == [1, 2]  # one inferred, one disputed


def test_more_links_make_a_party_larger() -> None:
    held = made(sample_graph())
    size = {
        said(held, n): s
        for n, s in zip(held["parties"]["name"], held["parties"]["size"], strict=True)
    }
    assert size["Pays de la Loire"] > size["Bordeaux"] > size["Tours"]


def test_evidence_that_reads_the_same_is_told_once() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    halves = [{"source": "s", "lines": "43", "chars": chars} for chars in ("10-20", "21-30")]
    graph.add_edge("a", "b", "link", evidence=[*halves, {"source": "s", "lines": "44"}])
    held = made(graph)
    where = [said(held, held["evidence"]["where"][e]) for e in held["links"]["evidence"][0]]
    assert where == ["ligne 43", "ligne 44"]


def test_a_place_says_what_it_is_part_of_until_when_and_what_replaced_it() -> None:
    held = made(alsace())
    at = held["parties"]["key"].index("place/fr-region-42")
    parts = [
        [said(held, ref, lang) for ref in held["parties"]["existence"][at]] for lang in range(3)
    ]
    assert parts == [
        ["fin\u00a0: 2015-12-31", "remplacé par\u00a0: Grand Est"],
        ["until 2015-12-31", "replaced by Grand Est"],
        ["至2015-12-31", "后继：大东部大区"],
    ]
    assert [said(held, ref, 2) for ref in held["parties"]["parents"][at]] == ["法国"]


def test_dates_are_days_and_open_ends_are_open() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for i, (start, end) in enumerate(
        [("1970", ""), ("1969-12-31", "1970-01-02"), ("2008/..", ""), ("", ""), ("one day", "")]
    ):
        graph.add_edge(
            f"a{i}", f"b{i}", f"link{i}", **{k: v for k, v in (("start", start), ("end", end)) if v}
        )
    held = made(graph)["links"]
    assert held["begin"] == [[0, 364], [-1, -1], [13879, None], None, None]
    assert held["finish"] == [None, [1, 1], None, None, None]
    assert held["open"] == [1, 0, 1, 1, 1]


def test_areas_gather_parties_and_countries_stand_where_their_parties_are() -> None:
    graph = sample_graph()
    tours, luoyang = BASE + "place/fr-commune-37261", BASE + "place/cn-410300"
    graph.add_node(tours, lat=47.39427, long=0.69494, area="fr-region-24")
    graph.add_node(luoyang, lat=34.68, long=112.45, area="cn-410000")
    graph.graph["areas"] = {
        "fr-region-24": {
            "label_fr": "Centre-Val de Loire",
            "country": "fr",
            "lat": 47.9,
            "long": 1.9,
        },
        "cn-410000": {"label_fr": "Henan", "country": "cn"},
    }
    held = made(graph)
    assert held["areas"]["key"] == ["place/cn-410000", "place/fr-region-24"]
    at = held["parties"]["key"].index("place/fr-commune-37261")
    assert held["parties"]["area"][at] == 1
    assert held["places"]["panel"][at] == "fr"
    assert held["areaplaces"]["panel"] == ["cn", "fr"]
    assert held["areas"]["lat"][0] == 34.68  # without a point of its own: the middle of its parties
    assert all(x is not None for x in held["facets"]["country"]["wx"])


def test_a_country_that_is_not_divided_is_an_area_of_its_own() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_node("x", country="de", lat=52.5, long=13.4)
    graph.add_node("y", country="fr", lat=48.8, long=2.3)
    graph.add_edge("x", "y", "link")
    held = made(graph)
    assert held["areas"]["key"] == ["country/de", "country/fr"]
    assert held["places"]["panel"] == ["fr", ""]
    assert held["places"]["wx"][1] is not None


def test_a_part_of_the_network_keeps_the_events_of_its_parties_only() -> None:
    graph = sample_graph()
    tours = BASE + "place/fr-commune-37261"
    graph.graph["events"] = [
        {"iri": BASE + "event/here", "label_fr": "Ici", "start": "2014", "parties": [tours]},
        {"iri": BASE + "event/there", "label_fr": "Là", "start": "2015", "parties": []},
    ]
    assert len(made(graph)["events"]["iri"]) == 2
    graph.graph["part"] = True
    assert made(graph)["events"]["key"] == ["event/here"]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 20)), max_size=25))
def test_any_network_has_a_payload_whose_numbers_point_somewhere(
    edges: list[tuple[int, int, int]],
) -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for a, b, key in edges:
        if a != b:
            graph.add_edge(f"n{a}", f"n{b}", f"l{a}-{b}-{key}", themes=[f"t{key}"])
    held = made(graph)
    parties, links = len(held["parties"]["iri"]), len(held["links"]["iri"])
    assert parties == len(graph)
    assert all(0 <= p < parties for p in (*held["lines"]["a"], *held["lines"]["b"]))
    assert all(0 <= link < links for link in held["lines"]["link"])
    assert all(a <= b for a, b in zip(held["lines"]["a"], held["lines"]["b"], strict=True))
    assert all(0 <= ref < len(held["texts"]) for ref in held["parties"]["name"])
    assert len(held["tops"]["key"]) == len(held["tops"]["fill"])
