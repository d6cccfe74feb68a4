"""What a reader takes away parses, is complete, and runs nothing."""

from __future__ import annotations

import base64
import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from browser.opened import COLOURS, LANGUAGES, VIEWS, Opened, Opening

DRAWN = tuple(view for view in VIEWS if view != "table")
SVG = "{http://www.w3.org/2000/svg}"
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


def looked_at(opened: Opened, png: bytes) -> dict[str, int]:
    """Size and number of colours of a PNG, decoded in a tab of its own."""
    tab = opened.context.new_page()
    seen: dict[str, int] = tab.evaluate(COLOURS, base64.b64encode(png).decode())
    tab.close()
    return seen


def tree(svg: bytes) -> ET.Element:
    """An SVG read as XML; nothing in it runs or asks for anything."""
    root = ET.fromstring(svg.decode("utf-8"))  # noqa: S314 -- made by the page under test
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox")
    for element in root.iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}foreignObject", f"{SVG}animate"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in HREFS:
                assert value.startswith(("#", "data:image/png;base64,"))
            assert "url(http" not in value
    return root


def rows(opened: Opened) -> list[list[str]]:
    text = opened.export("csv").decode("utf-8-sig")
    assert "\r\n" in text
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("view", DRAWN)
def test_pictures_are_not_blank(opening: Opening, record: Path, view: str) -> None:
    opened = opening(record)
    opened.view(view)
    for lang in ("fr", "zh"):
        opened.speak(lang)
        opened.settle()
        png = opened.export("png")
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        seen = looked_at(opened, png)
        assert min(seen["width"], seen["height"]) >= 400
        assert seen["colours"] > 20
        svg = opened.export("svg")
        root = tree(svg)
        texts = [text for element in root.iter(f"{SVG}text") for text in element.itertext()]
        assert texts or view == "network"
        title = root.find(f"{SVG}title")
        assert title is not None
        assert title.text
        # By itself, as another program opens it, it is a picture, too.
        alone = record.with_name(f"{view}-{lang}.svg")
        alone.write_bytes(svg)
        tab = opened.context.new_page()
        tab.goto(alone.as_uri())
        shot = tab.screenshot()
        tab.close()
        assert looked_at(opened, shot)["colours"] > 20


@pytest.mark.parametrize("view", DRAWN)
def test_pictures_show_what_is_left_by_the_filters(
    opening: Opening, record: Path, view: str
) -> None:
    opened = opening(record)
    opened.view(view)
    opened.settle()
    whole = opened.export("svg")
    opened.facet("kind", "friendship")
    opened.settle()
    part = opened.export("svg")
    tree(part)
    assert part != whole


@pytest.mark.parametrize("view", DRAWN)
def test_pictures_of_hostile_texts_parse(opening: Opening, hostile: Path, view: str) -> None:
    opened = opening(hostile)
    opened.view(view)
    opened.settle()
    tree(opened.export("svg"))
    assert opened.export("png").startswith(b"\x89PNG")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_csv_holds_the_rows_of_the_table(opening: Opening, record: Path, lang: str) -> None:
    opened = opening(record)
    opened.view("table")
    opened.speak(lang)
    opened.facet("kind", "twinning")
    opened.settle()
    heads, *found = rows(opened)
    assert len(set(heads)) == len(heads)
    assert {len(row) for row in found} == {len(heads)}
    assert len(found) == opened.shown()["links"] == opened.rows()
    # Name, kind, state and certainty, as they stand in the table and in the same order.
    shown = [[re.sub(r"\s+", " ", cell) for cell in row[:4]] for row in opened.cells()]
    kept = [[re.sub(r"\s+", " ", cell) for cell in row[:4]] for row in found]
    # The table is read in pages, and the last one is open now; the file holds them all.
    assert 0 < len(shown) < len(kept)
    assert kept[-len(shown) :] == shown


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_gives_a_csv(opening: Opening, record: Path, view: str) -> None:
    opened = opening(record)
    opened.view(view)
    heads, *found = rows(opened)
    assert heads
    assert found
    assert {len(row) for row in found} == {len(heads)}


def test_the_csv_keeps_every_source(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.view("table")
    text = "\n".join("|".join(row) for row in rows(opened))
    assert "Compte rendu du groupe-pays Chine, 13 avril 2016" in text
    assert "https://cites-unies-france.org/-Chine-" in text
    assert "https://w3id.org/maillage/id/link/" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_citation_leads_back_to_the_view(opening: Opening, record: Path, lang: str) -> None:
    opened = opening(record)
    opened.speak(lang)
    opened.facet("kind", "twinning")
    opened.settle()
    opened.tab.click("details.exports summary")
    opened.tab.click("button[data-export=cite]")
    told = opened.tab.input_value("#cited")
    assert opened.tab.inner_text("h1") in told
    assert opened.fragment() in told or opened.fragment(encoded=True) in told
    assert "https://w3id.org/maillage" in told
    assert "undefined" not in told
    assert not re.search(r"\{\w+\}", told)
    opened.tab.keyboard.press("Escape")
    assert not opened.tab.is_visible("#citation")


@pytest.mark.parametrize("view", VIEWS)
def test_prints_what_is_shown_without_the_controls(
    opening: Opening, record: Path, view: str
) -> None:
    opened = opening(record)
    opened.view(view)
    opened.tab.emulate_media(media="print")
    opened.settle()
    assert opened.tab.is_visible("h1")
    assert opened.tab.is_visible(f".view-{view}")
    for control in ("#search", "[role=tablist]", "#filters", "[data-export]", "[data-act=reset]"):
        assert not opened.tab.locator(control).first.is_visible(), control
    pdf = opened.tab.pdf(format="A4", landscape=True)
    assert pdf.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 1 <= pages <= {"table": 60, "time": 12}.get(view, 4)
