"""The keyboard alone reaches every function, and one sees where one is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from browser.opened import VIEWS, Opened, Opening, pretty

# What Tab stops at, as the page stands; a group of which one member stops counts as one.
STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }))
  .map((e, i) => { e.dataset.stop ??= `s${i}-${Math.random()}`; return e.dataset.stop; })"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return {
    stop: e.dataset.stop ?? '', html: e.outerHTML.slice(0, 140),
    visible: box.width > 0 && box.height > 0,
    ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
      || style.boxShadow !== 'none' || e.matches('input[type=checkbox], input[type=radio]'),
  };
}"""
# Members of groups that arrows walk through: every one must be reached from the one that Tab finds.
MEMBERS = """(view) => {
  const root = document.querySelector(`.view-${view}`);
  const found = [...root.querySelectorAll('[tabindex="-1"]')]
    .filter(e => e.matches('button, [role=button], [role=option], td, th, [role=gridcell], g')
      && e.checkVisibility({ visibilityProperty: true }));
  found.forEach((e, i) => { e.dataset.member = i; });
  return found.length;
}"""


def walk(opened: Opened, most: int = 900) -> list[dict[str, Any]]:
    """Where Tab goes, once round the page."""
    opened.tab.mouse.move(1, 1)
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        opened.tab.keyboard.press("Tab")
        at = opened.tab.evaluate(FOCUSED)
        if at is None:  # between the end of the page and its start
            continue
        if stops and at["stop"] == stops[0]["stop"]:
            break
        stops.append(at)
    return stops


def lights_up(opened: Opened, stop: dict[str, Any]) -> bool:
    """Whether a shape of a picture, which has no outline, looks different with the focus."""
    shape = opened.tab.locator(f"[data-stop='{stop['stop']}']")
    shape.focus()
    box = shape.bounding_box()
    assert box
    clip = {
        "x": box["x"] - 6,
        "y": box["y"] - 6,
        "width": box["width"] + 12,
        "height": box["height"] + 12,
    }
    with_focus = opened.tab.screenshot(clip=clip)
    opened.tab.evaluate("document.activeElement.blur()")
    return opened.tab.screenshot(clip=clip) != with_focus


@pytest.mark.parametrize("view", VIEWS)
def test_tab_reaches_every_control_and_shows_where_it_is(
    opening: Opening, sample: Path, view: str
) -> None:
    opened = opening(sample)
    opened.view(view)
    opened.settle()
    expected = set(opened.tab.evaluate(STOPS))
    stops = walk(opened)
    reached = [stop["stop"] for stop in stops]
    missing = expected - set(reached)
    html = opened.tab.evaluate(
        "stops => stops.map(s => document.querySelector(`[data-stop='${s}']`)?.outerHTML.slice(0, 140))",
        sorted(missing),
    )
    assert missing == set(), pretty(html)
    assert len(reached) == len(set(reached))
    assert [
        stop["html"] for stop in stops if not stop["ring"] and not lights_up(opened, stop)
    ] == []
    assert [stop["html"] for stop in stops if not stop["visible"]] == []


def test_the_first_stop_leads_past_the_controls(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.tab.keyboard.press("Tab")
    assert "skip" in (opened.tab.evaluate("document.activeElement.className") or "")
    opened.tab.keyboard.press("Enter")
    opened.settle()
    assert opened.current_view() == "table"


def test_arrows_open_the_views(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.tab.focus("[role=tab][aria-selected=true]")
    for view in (*VIEWS[1:], VIEWS[0]):
        opened.tab.keyboard.press("ArrowRight")
        assert opened.current_view() == view
        assert opened.tab.is_visible(f".view-{view}")
        assert opened.tab.evaluate("document.activeElement.dataset.view") == view
    for key, view in (("ArrowLeft", "table"), ("Home", "network"), ("End", "table")):
        opened.tab.keyboard.press(key)
        assert opened.current_view() == view
    # Only the tab of the view that is shown is a stop.
    assert opened.tab.locator("[role=tab][tabindex='0']").count() == 1


def test_languages(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.tab.focus("button[data-lang=zh]")
    opened.tab.keyboard.press("Enter")
    assert opened.tab.evaluate("document.documentElement.lang") == "zh-Hans"
    assert opened.tab.evaluate("document.activeElement.dataset.lang") == "zh"


def test_filters(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    whole = opened.shown()["links"]
    for facet in ("kind", "theme", "state", "certainty", "level", "country", "source"):
        opened.tab.focus(f"#filters details[data-facet={facet}] summary")
        opened.tab.keyboard.press("Enter")
        for _ in range(4):
            opened.tab.keyboard.press("Tab")
            if opened.tab.evaluate("document.activeElement.type") == "checkbox":
                break
        assert opened.tab.evaluate("document.activeElement.dataset.facet") == facet
        opened.tab.keyboard.press("Space")
        assert opened.shown()["links"] < whole or facet == "country"
        assert opened.tab.evaluate("document.activeElement.checked")
        opened.tab.keyboard.press("Space")
        assert opened.shown()["links"] == whole
        opened.tab.keyboard.press("Escape")
        assert opened.tab.evaluate("document.activeElement.localName") == "summary"
        details = opened.tab.locator(f"#filters details[data-facet={facet}]")
        assert details.get_attribute("open") is None


def test_years_and_reset(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    whole = opened.shown()["links"]
    opened.tab.focus("#filters details[data-facet=years] summary")
    opened.tab.keyboard.press("Enter")
    handles = opened.tab.locator("#years [role=slider]")
    for number, (key, back) in enumerate(
        (("ArrowRight", "ArrowLeft"), ("ArrowLeft", "ArrowRight"))
    ):
        handle = handles.nth(number)
        handle.focus()
        now = handle.get_attribute("aria-valuenow")
        opened.tab.keyboard.press(key)
        assert handle.get_attribute("aria-valuenow") != now
        assert opened.shown()["links"] < whole
        opened.tab.keyboard.press("PageUp" if number == 0 else "PageDown")
        opened.tab.keyboard.press("Home" if number == 0 else "End")
        assert handle.get_attribute("aria-valuenow") == now
        assert handle.get_attribute("aria-valuetext") or now
        del back
    assert opened.shown()["links"] == whole
    handles.first.focus()
    opened.tab.keyboard.press("ArrowRight")
    opened.tab.focus("button[data-act=reset]")
    opened.tab.keyboard.press("Enter")
    assert opened.shown()["links"] == whole


def test_search_and_panel(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    tab = opened.tab
    tab.focus("#search")
    tab.keyboard.type("o")
    assert tab.get_attribute("#search", "aria-expanded") == "true"
    options = tab.locator("#found [role=option]")
    first = tab.get_attribute("#search", "aria-activedescendant")
    tab.keyboard.press("ArrowDown")
    second = tab.get_attribute("#search", "aria-activedescendant")
    assert first != second
    assert tab.get_attribute(f"#{second}", "aria-selected") == "true"
    assert options.count() > 2
    tab.keyboard.press("Escape")
    assert tab.get_attribute("#search", "aria-expanded") == "false"
    tab.fill("#search", "")
    tab.keyboard.type("tours")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "panel-head"
    assert "Tours" in tab.inner_text("#panel-head")
    # Through the panel to a link of the party, and back again.
    for _ in range(40):
        tab.keyboard.press("Tab")
        if "Luoyang" in (tab.evaluate("document.activeElement.textContent") or ""):
            break
    tab.keyboard.press("Enter")
    assert "Luoyang" in tab.inner_text("#panel-head")
    assert tab.evaluate("document.activeElement.id") == "panel-head"
    tab.keyboard.press("Escape")
    assert not tab.locator("#panel.busy").count()
    assert tab.evaluate("document.activeElement !== document.body")


def test_the_network(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    tab = opened.tab
    picture = tab.locator("#network-picture")
    picture.focus()
    opened.settle()
    shots = [picture.screenshot()]
    for key in ("Shift+ArrowLeft", "+", "0"):
        tab.keyboard.press(key)
        opened.settle()
        shots.append(picture.screenshot())
    assert shots[0] == shots[3]
    assert len(set(shots)) == 3
    # Arrows go from party to party, say which, and Enter opens it.
    said = set()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        tab.keyboard.press(key)
        opened.settle()
        said.add(tab.inner_text("#announced"))
    assert len(said) >= 2
    assert "" not in said
    tab.keyboard.press("Enter")
    head = tab.inner_text("#panel-head")
    assert any(head.split("\n")[0].strip() in text for text in said)


def test_everybody_in_the_network_is_reached_by_arrows(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    tab = opened.tab
    tab.focus("#network-picture")
    parties = opened.shown()["parties"]
    reached: set[str] = set()
    keys = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")
    # A walk that turns where it comes to an end, as a person's does.
    turn = 0
    for step in range(parties * 14):
        before = tab.inner_text("#announced")
        tab.keyboard.press(keys[turn % 4])
        now = tab.inner_text("#announced")
        reached.add(now)
        if now == before or step % 5 == 4:
            turn += 1 + (step % 3 == 0)
    reached.discard("")
    assert len(reached) == parties


@pytest.mark.parametrize("view", ["places", "matrix", "time"])
def test_arrows_reach_all_that_is_drawn(opening: Opening, sample: Path, view: str) -> None:
    opened = opening(sample)
    opened.view(view)
    opened.settle()
    tab = opened.tab
    members = tab.evaluate(MEMBERS, view)
    if not members:
        pytest.skip("every member is a stop of its own")
    reached: set[str] = set()
    entries = tab.locator(f".view-{view} [tabindex='0']")
    for entry in range(entries.count()):
        for across, down in (("ArrowRight", "ArrowDown"), ("ArrowDown", "ArrowRight")):
            entries.nth(entry).focus()
            tab.keyboard.press("Home")
            tab.keyboard.press("Control+Home")
            for _ in range(60):
                for _ in range(60):
                    member = tab.evaluate("document.activeElement.dataset.member ?? ''")
                    before = len(reached)
                    reached.add(member)
                    tab.keyboard.press(across)
                    if tab.evaluate("document.activeElement.dataset.member ?? ''") == member:
                        break
                row = tab.evaluate("document.activeElement.dataset.member ?? ''")
                tab.keyboard.press("Home")
                tab.keyboard.press(down)
                if len(reached) == before or (
                    tab.evaluate("document.activeElement.dataset.member ?? ''") == row
                ):
                    break
            if len(reached - {""}) >= members:
                break
    assert len(reached - {""}) >= members


@pytest.mark.parametrize("view", ["places", "matrix", "time"])
def test_what_is_drawn_opens_by_enter(opening: Opening, record: Path, view: str) -> None:
    opened = opening(record)
    opened.view(view)
    opened.settle()
    tab = opened.tab
    before = (opened.fragment(), opened.shown(), tab.inner_text("#panel"))
    entry = tab.locator(
        f".view-{view} g[tabindex='0'], .view-{view} td[tabindex='0'], "
        f".view-{view} th[tabindex='0'], .view-{view} [role=button][tabindex='0']"
    ).first
    entry.focus()
    for _ in range(12):
        tab.keyboard.press("Enter")
        opened.settle()
        dialogs = tab.locator(f".view-{view} [role=dialog]:visible").count()
        after = (opened.fragment(), opened.shown(), tab.inner_text("#panel"))
        if after != before or dialogs:
            return
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowDown")
    pytest.fail("Enter opened nothing")


def test_the_table(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.view("table")
    tab = opened.tab
    names = (
        "() => [...document.querySelectorAll('#table tbody tr')].map(r => r.cells[0].textContent)"
    )
    before = tab.evaluate(names)
    tab.locator("#table thead th button").first.focus()
    tab.keyboard.press("Enter")
    head = tab.locator("#table thead th").first
    assert head.get_attribute("aria-sort") == "ascending"
    up = tab.evaluate(names)
    tab.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    down = tab.evaluate(names)
    assert down == up[::-1]
    assert sorted(up) == sorted(before)
    tab.locator("#table tbody button").nth(2).focus()
    name = tab.evaluate("document.activeElement.textContent")
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "panel-head"
    assert name.split(" — ")[0] in tab.inner_text("#panel-head")
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.textContent") == name


def test_exports_and_citation(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    tab = opened.tab
    for kind in ("png", "svg", "csv"):
        tab.locator("details.exports summary").focus()
        tab.keyboard.press("Enter")
        tab.focus(f"button[data-export={kind}]")
        with tab.expect_download() as waiting:
            tab.keyboard.press("Enter")
        assert waiting.value.suggested_filename.endswith(f".{kind}")
    tab.locator("details.exports summary").focus()
    tab.keyboard.press("Enter")
    tab.focus("button[data-export=cite]")
    tab.keyboard.press("Enter")
    assert tab.is_visible("#citation")
    assert tab.evaluate("document.querySelector('#citation').contains(document.activeElement)")
    tab.keyboard.press("Escape")
    assert not tab.is_visible("#citation")
    assert tab.evaluate("document.activeElement !== document.body")
