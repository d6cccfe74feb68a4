"""What passes the filters: counts, rows and lines agree with each other and with the graph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from browser.opened import VIEWS, Opened, Opening, pretty
from maillage.dates import bounds

Chosen = Mapping[str, Iterable[str]]
FACETS = ("kind", "state", "certainty", "theme", "level", "country", "source")


def values(
    graph: nx.MultiGraph[str], ends: set[str], edge: Mapping[str, Any], facet: str
) -> set[str]:
    """What a link has of a facet; an empty text where nothing is documented."""
    if facet == "theme":
        return set(edge.get("themes") or [""])
    if facet == "source":
        return {proof.get("source", "") for proof in edge.get("evidence", ())} or {""}
    if facet in {"level", "country"}:
        return {graph.nodes[end].get(facet, "") for end in ends}
    return {edge.get(facet, "")}


def kept(
    graph: nx.MultiGraph[str],
    chosen: Chosen | None = None,
    years: tuple[int, int] | None = None,
    *,
    undated: bool = False,
) -> dict[str, int]:
    """How many links and lines should be left, counted in the graph itself."""
    links: dict[str, tuple[set[str], dict[str, Any], int]] = {}
    for one, other, key, edge in graph.edges(keys=True, data=True):
        ends, _, lines = links.get(key, (set(), edge, 0))
        links[key] = ends | {one, other}, edge, lines + 1
    left = [
        lines
        for ends, edge, lines in links.values()
        if all(
            set(wanted) & values(graph, ends, edge, facet)
            for facet, wanted in (chosen or {}).items()
        )
        and (years is None or began(edge, years, undated=undated))
    ]
    return {"links": len(left), "lines": sum(left)}


def began(edge: Mapping[str, Any], years: tuple[int, int], *, undated: bool) -> bool:
    """Whether a link may have begun in one of the years, both ends counted."""
    if "start" not in edge:
        return undated
    first, last = bounds(edge["start"])
    low, high = (first or last), (last or first)
    return bool(low and high and low.year <= years[1] and high.year >= years[0])


def agree(opened: Opened, expected: Mapping[str, int]) -> None:
    """What scripts are told, the sentence that a person reads, rows and lines: all the same."""
    shown = opened.shown()
    assert {name: shown[name] for name in expected} == dict(expected)
    assert opened.rows() == expected["links"]
    told = re.findall(r"\d[\d\s\u202f,]*", opened.tab.inner_text("#count"))
    assert expected["links"] in [int(re.sub(r"\D", "", number)) for number in told]


@pytest.mark.parametrize("facet", FACETS)
def test_every_value_keeps_as_many_links_as_it_says(
    opening: Opening, record: Path, record_graph: nx.MultiGraph[str], facet: str
) -> None:
    opened = opening(record)
    opened.view("table")
    everything = kept(record_graph)
    agree(opened, everything)
    choices = [choice for choice in opened.choices() if choice["facet"] == facet]
    assert choices
    present = {
        value
        for one, other, edge in record_graph.edges(data=True)
        for value in values(record_graph, {one, other}, edge, facet)
    }
    keys = {choice["key"] for choice in choices}
    assert keys <= present
    assert keys == present or len(keys) >= 12
    for choice in choices[:8]:
        expected = kept(record_graph, {facet: [choice["key"]]})
        assert choice["count"] == expected["links"], pretty(choice)
        opened.facet(facet, choice["key"])
        agree(opened, expected)
        opened.facet(facet, choice["key"])
    agree(opened, everything)


def test_values_of_one_filter_add_up_and_filters_narrow_each_other(
    opening: Opening, record: Path, record_graph: nx.MultiGraph[str]
) -> None:
    opened = opening(record)
    opened.view("table")
    chosen: dict[str, list[str]] = {}
    for facet, key in (
        ("kind", "twinning"),
        ("kind", "friendship"),
        ("theme", "culture"),
        ("theme", "tourism"),
        ("certainty", "stated"),
        ("level", "region"),
    ):
        opened.facet(facet, key)
        chosen.setdefault(facet, []).append(key)
        agree(opened, kept(record_graph, chosen))
        # What each value would leave: all other filters hold, its own does not.
        for choice in opened.choices():
            if choice["facet"] in {"kind", "state", "certainty", "level"}:
                others = {f: k for f, k in chosen.items() if f != choice["facet"]}
                would = kept(record_graph, {**others, choice["facet"]: [choice["key"]]})
                assert choice["count"] == would["links"], pretty(choice)
    opened.tab.click("button[data-act=reset]")
    agree(opened, kept(record_graph))
    assert not any(choice["on"] for choice in opened.choices())


def test_both_ends_of_the_years_count(
    opening: Opening, record: Path, record_graph: nx.MultiGraph[str]
) -> None:
    opened = opening(record)
    opened.view("table")
    for years in ((1998, 1998), (1985, 1998), (1997, 2014), (2019, 2019), (1981, 1982)):
        opened.years(*years)
        expected = kept(record_graph, years=years)
        assert expected["links"] > 0
        agree(opened, expected)
        for lost in ((years[0] + 1, years[1]), (years[0], years[1] - 1)):
            if lost[0] <= lost[1]:
                assert kept(record_graph, years=lost)["links"] < expected["links"]
    opened.tab.click("button[data-act=reset]")
    agree(opened, kept(record_graph))


def test_a_year_that_is_being_typed_survives_what_else_changes(
    opening: Opening, record: Path, record_graph: nx.MultiGraph[str]
) -> None:
    opened = opening(record)
    opened.view("table")
    opened.years(1997, 2014)
    opened.tab.click("#filters details[data-facet=years] summary")
    last = opened.tab.locator("#years input[type=number]").nth(1)
    last.fill("2019")
    opened.facet("kind", "twinning")
    assert last.input_value() == "2019"
    last.press("Enter")
    agree(opened, kept(record_graph, {"kind": ["twinning"]}, (1997, 2019)))


def test_links_without_a_date_can_be_kept(
    opening: Opening, record: Path, record_graph: nx.MultiGraph[str]
) -> None:
    opened = opening(record)
    opened.view("table")
    opened.years(1985, 1998)
    opened.tab.click("#filters details[data-facet=years] summary")
    opened.tab.locator("#years .undated input").check()
    agree(opened, kept(record_graph, years=(1985, 1998), undated=True))


def test_the_handles_of_the_years_filter(
    opening: Opening, record: Path, record_graph: nx.MultiGraph[str]
) -> None:
    opened = opening(record)
    opened.view("table")
    opened.years(1996, 2007)
    opened.tab.click("#filters details[data-facet=years] summary")
    low, high = (opened.tab.locator("#years [role=slider]").nth(i) for i in (0, 1))
    last = int(high.get_attribute("aria-valuemax") or 0)
    low.focus()
    opened.tab.keyboard.press("ArrowRight")
    opened.tab.keyboard.press("ArrowRight")
    assert low.get_attribute("aria-valuenow") == "1998"
    agree(opened, kept(record_graph, years=(1998, 2007)))
    high.focus()
    opened.tab.keyboard.press("ArrowLeft")
    opened.tab.keyboard.press("ArrowLeft")
    agree(opened, kept(record_graph, years=(1998, 2005)))
    # One handle never passes the other.
    opened.tab.keyboard.press("Home")
    assert int(high.get_attribute("aria-valuenow") or 0) >= 1998
    low.focus()
    opened.tab.keyboard.press("Home")
    high.focus()
    opened.tab.keyboard.press("End")
    agree(opened, kept(record_graph))
    # And by the mouse.
    if not low.is_visible():
        opened.tab.click("#filters details[data-facet=years] summary")
    box, track = low.bounding_box(), opened.tab.locator("#years svg").bounding_box()
    assert box
    assert track
    opened.tab.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.tab.mouse.down()
    opened.tab.mouse.move(track["x"] + track["width"] / 2, track["y"] + 5, steps=5)
    opened.tab.mouse.up()
    opened.settle()
    start = int(low.get_attribute("aria-valuenow") or 0)
    assert start > int(low.get_attribute("aria-valuemin") or 0)
    agree(opened, kept(record_graph, years=(start, last)))


def test_every_view_shows_the_same_links(
    opening: Opening, record: Path, record_graph: nx.MultiGraph[str]
) -> None:
    opened = opening(record)
    for chosen in ({}, {"kind": ["twinning"]}):
        for facet, keys in chosen.items():
            opened.facet(facet, keys[0])
        expected = kept(record_graph, chosen)
        for view in VIEWS:
            opened.view(view)
            assert {k: opened.shown()[k] for k in expected} == expected, view


def test_a_link_of_three_parties_is_one_link(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.view("table")
    assert opened.shown()["lines"] == opened.shown()["links"] + 1
    assert opened.rows() == opened.shown()["links"]
