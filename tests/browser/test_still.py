"""At rest from the first frame: what a person sees does not move, and is not blank."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Final

import pytest

from browser.opened import COLOURS, LANGUAGES, PHONE, SCREEN, VIEWS, Opening

#: Where the tabs, the filters and the buttons beside them stand.
PLACES: Final = """() => JSON.stringify([...document.querySelectorAll(".bar [role=tab], .bar summary, .acts")]
  .map(thing => { const { left, top, width, height } = thing.getBoundingClientRect();
    return [left, top, width, height]; }))"""


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_two_pictures_two_seconds_apart_are_equal(
    opening: Opening, record: Path, size: tuple[int, int]
) -> None:
    first, tabs = {}, {}
    for view in VIEWS:
        tabs[view] = opening(record, size=size)
        if tabs[view].current_view() != view:
            tabs[view].view(view)
        first[view] = tabs[view].repainted()
    time.sleep(2)
    for view in VIEWS:
        assert tabs[view].difference(first[view], tabs[view].tab.screenshot()) is None, view


def test_the_first_frame_is_the_last(opening: Opening, record: Path) -> None:
    opened = opening(record)
    at_once = opened.tab.screenshot()
    time.sleep(2)
    assert opened.difference(at_once, opened.tab.screenshot()) is None


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_no_view_is_blank(opening: Opening, record: Path, size: tuple[int, int]) -> None:
    opened = opening(record, size=size)
    for view in VIEWS:
        opened.view(view)
        opened.settle()
        root = opened.tab.locator(f".view-{view}")
        assert root.is_visible(), view
        shot = base64.b64encode(root.screenshot()).decode()
        seen = opened.tab.context.new_page()
        assert seen.evaluate(COLOURS, shot)["colours"] > 20, view
        seen.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_bar_stays_where_it_is_when_the_view_changes(
    opening: Opening, record: Path, lang: str
) -> None:
    opened = opening(record)
    opened.speak(lang)
    places = set()
    for view in VIEWS:
        opened.view(view)
        places.add(opened.tab.evaluate(PLACES))
    assert len(places) == 1


def test_nothing_is_animated(opening: Opening, record: Path) -> None:
    opened = opening(record)
    for view in VIEWS:
        opened.view(view)
        opened.settle()
        assert opened.tab.evaluate("document.getAnimations().length") == 0
