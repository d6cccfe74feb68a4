"""Texts of the data stay texts, whatever they try to become."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.opened import LANGUAGES, VIEWS, Opened, Opening
from sample_graph import HOSTILE, hostile_graph

# Elements that no view makes, and addresses that are none of the web.
INTRUDERS = """() => [
  ...document.querySelectorAll('iframe, img, object, embed, marquee, svg script, form'),
  ...[...document.querySelectorAll('a[href]')].filter(a => !/^(https?:|#)/.test(a.href)
    && !a.getAttribute('href').startsWith('#')),
  ...[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a =>
    a.name.startsWith('on') || (/^(xlink:)?href$|^src|^action/.test(a.name)
      && /^\\s*(javascript|data:text)/i.test(a.value)))),
].map(e => e.outerHTML.slice(0, 200))"""


def harmless(opened: Opened) -> None:
    assert opened.tab.evaluate("window.broken") is None
    assert opened.tab.evaluate(INTRUDERS) == []
    assert opened.tab.evaluate("({}).polluted === undefined")


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_runs_what_the_data_say(opening: Opening, hostile: Path, view: str) -> None:
    opened = opening(hostile)
    opened.view(view)
    for lang in LANGUAGES:
        opened.speak(lang)
        harmless(opened)
    # Whatever can be pressed in the view, is: names, bars, cells, rows, headings.
    root = opened.tab.locator(f".view-{view}")
    for number in range(min(60, root.locator("button:visible").count())):
        control = root.locator("button:visible").nth(number)
        if control.count() and control.is_enabled():
            control.click(timeout=2_000)
            harmless(opened)
    harmless(opened)


def test_no_panel_runs_what_the_data_say(opening: Opening, hostile: Path) -> None:
    opened = opening(hostile)
    opened.view("table")
    seen = set()
    for text in HOSTILE:
        asked = text.strip()[:12].strip("\u2067\u202e")
        opened.tab.fill("#search", asked)
        opened.settle()
        for number in range(opened.tab.locator("#found [role=option]").count()):
            opened.tab.fill("#search", asked)
            opened.tab.locator("#found [role=option]").nth(number).click(timeout=2_000)
            harmless(opened)
            seen.add(opened.tab.inner_text("#panel"))
    assert len(seen) > 8
    # A link with hostile evidence: the addresses that are none of the web are read, not followed.
    for number in range(opened.tab.locator("#table tbody tr").count()):
        opened.tab.locator("#table tbody tr").nth(number).locator("button").first.click()
        harmless(opened)
        for link in opened.tab.locator("#panel a").all():
            assert (link.get_attribute("href") or "").startswith(("https://", "http://", "#"))


def test_headings_and_facts_are_text(opening: Opening, written: Callable[..., Path]) -> None:
    path = written(
        hostile_graph(),
        title=dict(zip(LANGUAGES, HOSTILE, strict=False)),
        facts={text: text for text in HOSTILE},
    )
    opened = opening(path)
    for lang, text in zip(LANGUAGES, HOSTILE, strict=False):
        opened.speak(lang)
        harmless(opened)
        assert text[:20] in opened.tab.inner_text("h1")
    for kind in ("png", "svg"):
        opened.export(kind)
    harmless(opened)


def test_names_written_from_right_to_left_stay_in_their_place(
    opening: Opening, hostile: Path
) -> None:
    """A name with a direction of its own must not turn the words around it."""
    opened = opening(hostile)
    opened.view("table")
    loose = opened.tab.evaluate(
        """() => [...document.querySelectorAll('#table tbody td, #table tbody th, #panel li')]
          .filter(e => /[\\u202a-\\u202e\\u2066-\\u2069\\u0590-\\u06ff]/.test(e.textContent))
          .filter(e => !e.querySelector('bdi') && e.dir !== 'auto' && !e.closest('[dir=auto]'))
          .map(e => e.outerHTML.slice(0, 300))"""
    )
    assert loose == []


def test_no_cell_of_the_csv_is_a_formula(opening: Opening, hostile: Path) -> None:
    opened = opening(hostile)
    opened.view("table")
    text = opened.export("csv").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert any("calc" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in set("=+-@\t\r") and len(cell) > 1] == []


def test_without_a_script_they_are_text_too(opening: Opening, hostile: Path) -> None:
    opened = opening(hostile, java_script_enabled=False)
    html = hostile.read_text(encoding="utf-8")
    assert "<img" not in html
    assert "<iframe" not in html
    assert opened.tab.locator("iframe, img, object").count() == 0
    for link in opened.tab.locator("a[href]").all():
        assert (link.get_attribute("href") or "").startswith(("https://", "http://", "#"))
