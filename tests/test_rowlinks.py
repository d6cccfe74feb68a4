"""Rows of an answer become the links that they tell."""

from __future__ import annotations

import pytest
from rdflib import RDF, XSD, BNode, Literal, URIRef

from maillage.errors import MaillageError
from maillage.network import LinkGraph, links
from maillage.questions import questions
from maillage.rowlinks import PARTIES, Told, told_by_rows
from maillage.store import Answer, Store
from maillage.terms import ID
from test_network import (
    BORDEAUX,
    CLAIMS,
    FUKUOKA,
    PLACES,
    STRASBOURG,
    TRIANGLE,
    TWINNING,
    WUHAN,
    store_of,
)

GIRONDE = f"{ID}place/fr-departement-33"
TOURS, LUOYANG = "https://example.org/Tours", "https://example.org/Luo_yang"


@pytest.fixture(scope="module")
def store() -> Store:
    return store_of(PLACES, CLAIMS)


@pytest.fixture(scope="module")
def graph(store: Store) -> LinkGraph:
    return links(store)


@pytest.fixture
def told(store: Store, graph: LinkGraph):
    def tell(columns: str, *rows: object) -> Told:
        terms = [
            tuple(
                URIRef(cell)
                if isinstance(cell, str) and cell.startswith("http")
                else Literal(cell)
                if isinstance(cell, str)
                else cell
                for cell in (row if isinstance(row, tuple) else (row,))
            )
            for row in rows
        ]
        return told_by_rows(Answer(tuple(columns.split()), terms), graph, store)

    return tell


def keys(graph: LinkGraph) -> list[str]:
    return [key for *_, key in graph.edges(keys=True)]


def test_known_links_are_drawn_whole_with_their_sources(told, graph: LinkGraph) -> None:
    drawn, left_out = told("link n", (TWINNING, "1"), (TRIANGLE, "2"), (TWINNING, "3"))
    assert left_out == 0
    assert set(keys(drawn)) == {TWINNING, TRIANGLE}
    assert FUKUOKA in drawn
    assert drawn.edges[BORDEAUX, WUHAN, TWINNING] == graph.edges[BORDEAUX, WUHAN, TWINNING]
    assert drawn.edges[BORDEAUX, WUHAN, TWINNING]["evidence"]


def test_both_of_two_columns_of_links_count(told) -> None:
    assert set(keys(told("link other_link", (TWINNING, TRIANGLE)).graph)) == {TWINNING, TRIANGLE}


def test_rows_without_a_known_link_are_counted(told) -> None:
    drawn, left_out = told("link", TWINNING, "https://example.org/link", None)
    assert keys(drawn) == [TWINNING]
    assert left_out == 2


def test_an_unknown_link_is_drawn_between_the_parties_of_its_row(told) -> None:
    link = "https://example.org/link"
    drawn, left_out = told(
        "a b link state", (BORDEAUX, WUHAN, link, "active"), (BORDEAUX, WUHAN, link, "ended")
    )
    assert (keys(drawn), left_out) == ([link], 0)
    assert drawn.edges[BORDEAUX, WUHAN, link]["state"] == "active"


@pytest.mark.parametrize("pair", PARTIES)
def test_each_pair_of_columns_names_parties(told, pair: tuple[str, str]) -> None:
    drawn, _ = told(" ".join((*pair, "n")), (BORDEAUX, WUHAN, "1"))
    assert drawn.has_edge(BORDEAUX, WUHAN, "row/1")


def test_capitals_and_underscores_of_columns_do_not_count(told) -> None:
    assert told("Party1 PARTY_2", ("Tours", "Luoyang")).graph.has_edge("Tours", "Luoyang", "row/1")


def test_the_store_describes_what_it_knows_even_when_no_link_joins_it(
    told, graph: LinkGraph
) -> None:
    drawn, _ = told("a b aLabel", (GIRONDE, WUHAN, "nothing of the kind"))
    assert drawn.nodes[GIRONDE]["label_fr"] == "Gironde"
    assert drawn.nodes[GIRONDE]["type"] == "collectivity"
    assert drawn.nodes[WUHAN] == graph.nodes[WUHAN]
    assert drawn.graph["concepts"] == graph.graph["concepts"]


def test_of_strangers_the_row_tells_names_country_level_and_place(told) -> None:
    drawn, _ = told(
        "a b a_label b_country bLevel b_lat bLong",
        (TOURS, LUOYANG, "Ville de Tours", f"{ID}place/cn", "prefecture", "34.6", "112.4"),
    )
    assert drawn.nodes[TOURS]["label_zh"] == "Ville de Tours"
    assert drawn.nodes[LUOYANG] == {
        "key": LUOYANG,
        "label_fr": "Luo yang",
        "label_en": "Luo yang",
        "label_zh": "Luo yang",
        "country": "cn",
        "level": "prefecture",
        "lat": 34.6,
        "long": 112.4,
    }


def test_a_name_in_a_language_is_a_name_in_that_language(told) -> None:
    drawn, _ = told(
        "a b a_label",
        (TOURS, WUHAN, Literal("Tours", lang="fr")),
        (TOURS, WUHAN, Literal("图尔", lang="zh-Hans")),
    )
    assert drawn.nodes[TOURS]["label_zh"] == "图尔"
    assert "label_en" not in drawn.nodes[TOURS]
    assert drawn.number_of_edges() == 1


def test_plain_names_are_parties_by_that_name(told) -> None:
    drawn, _ = told("place partner", ("Tours", "Luoyang"), ("Tours ", "Minneapolis"))
    assert set(drawn) == {"Tours", "Luoyang", "Minneapolis"}
    assert drawn.nodes["Tours"]["label_en"] == "Tours"


@pytest.mark.parametrize("row", [("Tours", None), ("Tours", " "), ("Tours", "Tours")])
def test_a_row_that_joins_no_two_parties_is_counted(told, row: tuple[str, str]) -> None:
    drawn, left_out = told("a b", row, ("Tours", "Luoyang"))
    assert (keys(drawn), left_out) == (["row/1"], 1)


def test_what_a_row_tells_of_the_link_is_by_address_key_or_name(told) -> None:
    drawn, _ = told(
        "a b kind state theme since end certainty count",
        (
            "Tours",
            "Luoyang",
            "Jumelage",
            "proposed",
            f"{ID}theme/climate {ID}theme/mobility",
            Literal("1982", datatype=XSD.gYear),
            Literal("2020-03-01T00:00:00Z", datatype=XSD.dateTime),
            f"{ID}certainty/stated",
            Literal(3),
        ),
    )
    assert drawn.edges["Luoyang", "Tours", "row/1"] == {
        "kind": "twinning",
        "state": "proposed",
        "themes": ["climate", "mobility"],
        "start": "1982",
        "end": "2020-03-01",
        "certainty": "stated",
        "weight": 3.0,
        "tentative": True,
    }


def test_rows_that_differ_in_their_theme_only_are_one_link(told) -> None:
    drawn, _ = told(
        "a b theme kind",
        ("Tours", "Luoyang", "climat", "twinning"),
        ("Luoyang", "Tours", "mobilité", "twinning"),
        ("Tours", "Luoyang", "climat", "agreement"),
    )
    assert sorted(data["kind"] for *_, data in drawn.edges(data=True)) == ["agreement", "twinning"]
    assert drawn.edges["Tours", "Luoyang", "row/1"]["themes"] == ["climate", "mobility"]


def test_a_foreign_kind_goes_by_the_end_of_its_address(told) -> None:
    drawn, _ = told("a b kind", ("x", "y", "http://www.wikidata.org/entity/Q123"))
    assert drawn.edges["x", "y", "row/1"]["kind"] == "Q123"


def test_a_party_without_a_name_is_still_a_party(told) -> None:
    drawn, _ = told("a b", (BNode("b0"), BORDEAUX))
    assert drawn.has_edge("b0", BORDEAUX, "row/1")


def test_columns_that_cannot_be_drawn_are_named_with_those_that_can(told) -> None:
    with pytest.raises(MaillageError, match="theme, links") as caught:
        told("theme links", ("a", "b"))
    assert "place, partner" in str(caught.value)
    assert caught.value.exit_code == 2


def test_dates_in_columns_from_and_to_are_no_parties(told) -> None:
    with pytest.raises(MaillageError):
        told("place from to", (BORDEAUX, "1998", "2002"))


def test_no_rows_are_no_links(told) -> None:
    assert not told("link").graph
    assert not told("a b").graph


def test_many_strangers_are_described_in_portions(told) -> None:
    rows = [(f"https://example.org/{'x' * 200}/{n}", STRASBOURG) for n in range(400)]
    drawn, left_out = told("a b", *rows)
    assert (len(drawn), left_out) == (401, 0)


def test_questions_about_links_can_all_be_drawn(store: Store, graph: LinkGraph) -> None:
    """A question with a column of links stays drawable; its answer may be empty here."""
    for question in questions().values():
        reply = store.query(question.sparql)
        if isinstance(reply, Answer) and "link" in reply.variables:
            assert told_by_rows(reply, graph, store).left_out == 0, question.name
    assert RDF.type  # the store answers in rdflib's terms
