"""The whole state is in the address, so that a view can be sent: what opens there is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from browser.opened import PHONE, SCREEN, VIEWS, Opened, Opening

# Every control that chooses how a view looks: what it is, and what it says now.
CONTROLS = """(view) => [...document.querySelectorAll(
    `.view-${view} select, .view-${view} input:not([type=search]):not([type=text]):not([type=number]),
     .view-${view} [aria-pressed], .view-${view} [role=radio], .view-${view} [role=switch]`)]
  .filter(e => e.checkVisibility() && !e.disabled)
  .map((e, i) => { e.dataset.walked = i; return {
    i, tag: e.localName, type: e.type ?? '', html: e.outerHTML.slice(0, 120),
    options: e.localName === 'select' ? [...e.options].map(o => o.value) : [],
    value: e.localName === 'select' ? e.value
      : e.getAttribute('aria-pressed') ?? e.getAttribute('aria-checked') ?? String(e.checked) }; })"""


def state(opened: Opened) -> dict[str, Any]:
    """What a person sees of the state, and what scripts are told of it."""
    tab = opened.tab
    heads = tab.locator("#panel-head")
    return {
        "view": opened.current_view(),
        "lang": tab.evaluate("document.documentElement.lang"),
        "shown": opened.shown(),
        "count": tab.inner_text("#count"),
        "chosen": [(c["facet"], c["key"]) for c in opened.choices() if c["on"]],
        "years": [e.input_value() for e in tab.locator("#years input[type=number]").all()],
        "panel": heads.inner_text() if heads.count() and heads.is_visible() else "",
    }


def same_again(opened: Opened, browser: Browser, size: tuple[int, int] = SCREEN) -> None:
    """A new tab at the same address: the same state, the same address, the same picture."""
    shot, here, address = opened.repainted(), state(opened), opened.fragment()
    again = opened.again(browser, size=size)
    assert state(again) == here, address
    shown = again.repainted()
    assert again.fragment() == address
    differs = opened.difference(shot, shown)
    again.close()
    assert again.complaints == []
    assert differs is None, address


def test_an_untouched_page_has_no_fragment(opening: Opening, record: Path) -> None:
    opened = opening(record)
    opened.settle()
    assert opened.fragment() == ""


@pytest.mark.parametrize("view", VIEWS)
def test_the_same_view_opens_at_the_same_address(
    opening: Opening, browser: Browser, record: Path, view: str
) -> None:
    opened = opening(record)
    opened.view(view)
    opened.speak("zh")
    opened.facet("kind", "twinning")
    opened.facet("kind", "friendship")
    opened.facet("certainty", "stated")
    opened.years(1982, 2018)
    same_again(opened, browser)
    opened.find("成都")
    same_again(opened, browser)


@pytest.mark.parametrize("view", VIEWS)
def test_every_option_of_a_view_is_in_the_address(
    opening: Opening, browser: Browser, record: Path, view: str
) -> None:
    opened = opening(record)
    opened.view(view)
    opened.settle()
    tried = 0
    for number in range(len(opened.tab.evaluate(CONTROLS, view))):
        controls = opened.tab.evaluate(CONTROLS, view)
        if number >= len(controls):
            break
        control = controls[number]
        before = opened.fragment()
        element = opened.tab.locator(f"[data-walked='{control['i']}']")
        if control["tag"] == "select":
            other = [value for value in control["options"] if value != control["value"]]
            if not other:
                continue
            element.select_option(other[-1])
        elif control["value"] == "true" and control["type"] != "checkbox":
            continue  # one of several, and it is this one already
        else:
            element.click()
        opened.settle()
        tried += 1
        assert opened.fragment() != before, control["html"]
        same_again(opened, browser)
        opened.tab.click("button[data-act=reset]")
        opened.settle()
    assert tried or view == "places"  # whose one choice needs a third country


def test_whatever_can_be_chosen_is_in_the_address(
    opening: Opening, browser: Browser, record: Path
) -> None:
    opened = opening(record)
    for name in ("Strasbourg", "culture", "四川省"):
        opened.find(name)
        opened.settle()
        assert "sel=" in opened.fragment()
        same_again(opened, browser)
        # The way back to what one saw before is no state of the page.
        opened.tab.click("button[data-act=reset]")
    opened.view("table")
    opened.tab.locator("#table tbody button").first.click()
    opened.settle()
    assert "sel=link:" in opened.fragment()
    same_again(opened, browser)


def test_on_a_telephone_too(opening: Opening, browser: Browser, record: Path) -> None:
    opened = opening(record, size=PHONE)
    opened.view("table")
    opened.facet("state", "active")
    same_again(opened, browser, PHONE)


def test_reset_empties_the_address_but_for_view_and_language(
    opening: Opening, record: Path
) -> None:
    opened = opening(record)
    opened.view("matrix")
    opened.speak("en")
    opened.facet("kind", "twinning")
    opened.find("Lyon")
    opened.tab.click("button[data-act=reset]")
    opened.settle()
    assert sorted(opened.fragment().split("&")) == ["lang=en", "view=matrix"]


def test_following_an_address_in_the_open_page(opening: Opening, record: Path) -> None:
    opened = opening(record)
    everything = opened.shown()
    opened.tab.evaluate("location.hash = 'view=table&lang=en&kind=twinning'")
    opened.settle()
    assert opened.current_view() == "table"
    assert opened.rows() == opened.shown()["links"] < everything["links"]
    opened.tab.evaluate("location.hash = ''")
    opened.settle()
    assert opened.shown() == everything


@pytest.mark.parametrize(
    "fragment",
    [
        "view=nowhere&lang=tlh&kind=nothing&years=x-y&sel=party:nobody",
        "sel=__proto__:1&view=__proto__&lang=constructor",
        "kind=%E0%A4%A&years=9999999999-1&=&&",
        "view=table&sel=link:" + "%00" * 50,
        "years=1998",
        "theme=" + ",".join(["x"] * 5000),
    ],
)
def test_an_address_that_means_nothing_opens_the_whole(
    opening: Opening, record: Path, fragment: str
) -> None:
    whole = opening(record).shown()
    opened = opening(record, fragment=fragment)
    assert opened.shown() == whole
    assert opened.current_view() in VIEWS
