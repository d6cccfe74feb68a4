"""Where no script runs: a static picture and a table."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.opened import COLOURS, LANGUAGES, PHONE, SCREEN, Opening
from sample_graph import sample_graph

WORDS = {"fr": "JavaScript", "en": "JavaScript", "zh": "JavaScript"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_picture_and_a_table(opening: Opening, written: Callable[..., Path], lang: str) -> None:
    opened = opening(written(sample_graph(), lang=lang), java_script_enabled=False)
    tab = opened.tab
    assert tab.is_visible("noscript p")
    assert tab.is_visible("figure svg")
    assert tab.is_visible("table")
    assert tab.locator("table tbody tr:visible").count() == 13
    shandong = {"fr": "Shandong", "en": "Shandong", "zh": "山东省"}[lang]
    assert shandong in tab.inner_text("table")
    assert "2016" in tab.inner_text("table")
    # Nothing that would do nothing.
    assert tab.locator("button:visible, input:visible, [role=tab]:visible").count() == 0
    shown = opening(written(sample_graph(), lang=lang)).context.new_page()
    shot = base64.b64encode(tab.locator("figure").screenshot()).decode()
    assert shown.evaluate(COLOURS, shot)["colours"] > 20


def test_the_whole_record(opening: Opening, record: Path) -> None:
    opened = opening(record, java_script_enabled=False)
    links = opening(record).shown()["links"]
    assert opened.tab.locator("table tbody tr").count() == links


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_fits(opening: Opening, sample: Path, size: tuple[int, int]) -> None:
    opened = opening(sample, java_script_enabled=False, size=size)
    picture = opened.tab.locator("figure svg").bounding_box()
    assert picture
    assert picture["x"] >= 0
    assert picture["x"] + picture["width"] <= size[0]


def test_the_sources_can_be_followed(opening: Opening, sample: Path) -> None:
    opened = opening(sample, java_script_enabled=False)
    address = opened.tab.locator("a[href='https://cites-unies-france.org/-Chine-']").first
    assert address.is_visible()
    assert address.get_attribute("rel") == "noopener noreferrer"
