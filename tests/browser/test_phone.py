"""At 390 pixels: everything fits, can be touched and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.opened import LANGUAGES, PHONE, VIEWS, Opening

# What a finger must hit (WCAG 2.5.8: 24 pixels), but for links within a sentence.
SMALL = """() => [...document.querySelectorAll(
    'button, summary, select, input:not([type=checkbox]), [role=slider], [role=tab]')]
  .filter(e => e.checkVisibility())
  .map(e => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.width > 0 && (box.height < 23.5 || box.width < 23.5))
  .map(([e, box]) => `${e.outerHTML.slice(0, 100)} ${box.width}×${box.height}`)"""
# What sticks out of the page, unless something around it scrolls by itself.
BEYOND = """() => {
  const scrolls = (e) => {
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX)) return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility())
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e))
    .map(e => e.outerHTML.slice(0, 120)).slice(0, 5);
}"""


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_makes_the_page_scroll_sideways(opening: Opening, record: Path, view: str) -> None:
    opened = opening(record, size=PHONE)
    opened.view(view)
    for lang in LANGUAGES:
        opened.speak(lang)
        opened.settle()
        assert opened.tab.evaluate("document.documentElement.scrollWidth") <= 390, lang
        assert opened.tab.evaluate(BEYOND) == [], lang


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_touched_is_large_enough(opening: Opening, record: Path, view: str) -> None:
    opened = opening(record, size=PHONE)
    opened.view(view)
    opened.settle()
    assert opened.tab.evaluate(SMALL) == []


@pytest.mark.parametrize("view", VIEWS)
def test_the_view_is_what_one_sees_first(opening: Opening, record: Path, view: str) -> None:
    """Filters and headings must not push the map off the screen."""
    opened = opening(record, size=PHONE)
    opened.view(view)
    opened.settle()
    opened.tab.evaluate("scrollTo(0, 0)")
    box = opened.tab.locator(f".view-{view}").bounding_box()
    assert box
    assert box["y"] < PHONE[1] * 0.55
    assert box["width"] >= 340


def test_the_panel_opens_in_sight(opening: Opening, record: Path) -> None:
    opened = opening(record, size=PHONE)
    opened.find("成都")
    opened.settle()
    head = opened.tab.locator("#panel-head").bounding_box()
    assert head
    assert 0 <= head["y"] < PHONE[1] * 0.8
    assert head["x"] >= 0
    assert opened.tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_filters_and_exports_open_within_the_screen(opening: Opening, record: Path) -> None:
    opened = opening(record, size=PHONE)
    for summary in opened.tab.locator("summary:visible").all():
        summary.click()
        opened.settle()
        drop = summary.locator("xpath=..").locator(".drop")
        if drop.count() and drop.first.is_visible():
            box = drop.first.bounding_box()
            assert box
            assert box["x"] >= -1
            assert box["x"] + box["width"] <= 391
        assert opened.tab.evaluate("document.documentElement.scrollWidth") <= 390
        opened.tab.keyboard.press("Escape")


def test_a_zoom_of_two_hundred_percent_is_a_small_screen(opening: Opening, record: Path) -> None:
    """WCAG 1.4.10: at 320 CSS pixels text reflows, and only maps and tables scroll."""
    opened = opening(record, size=(320, 640))
    for view in VIEWS:
        opened.view(view)
        opened.settle()
        assert opened.tab.evaluate("document.documentElement.scrollWidth") <= 320, view
