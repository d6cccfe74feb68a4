"""Nothing for axe-core to find: every view, three languages, a screen and a telephone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.opened import LANGUAGES, PHONE, SCREEN, VIEWS, Opened, Opening, pretty

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}


def found(opened: Opened) -> list[dict[str, Any]]:
    """What axe-core finds, in words that lead to the element."""
    answer = Axe().run(opened.tab, options=RULES)
    return [
        {
            "rule": violation["id"],
            "help": violation["help"],
            "where": [node["html"][:160] for node in violation["nodes"][:4]],
            "why": violation["nodes"][0]["failureSummary"].splitlines()[1:4],
        }
        for violation in answer.response["violations"]
    ]


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(
    opening: Opening, record: Path, view: str, size: tuple[int, int]
) -> None:
    # axe-core is put into the page, which its policy would refuse.
    opened = opening(record, size=size, bypass_csp=True)
    opened.view(view)
    faults = []
    for lang in LANGUAGES:
        opened.speak(lang)
        opened.settle()
        faults += [{"lang": lang, **fault} for fault in found(opened)]
    assert faults == [], pretty(faults)


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_axe_finds_nothing_where_something_is_chosen(
    opening: Opening, record: Path, size: tuple[int, int]
) -> None:
    opened = opening(record, size=size, bypass_csp=True)
    for name in ("Strasbourg", "culture"):
        opened.find(name)
        faults = found(opened)
        assert faults == [], pretty(faults)
    opened.tab.locator("#panel button").last.focus()
    opened.tab.fill("#search", "Lyon")
    opened.tab.wait_for_selector("#found [role=option]")
    faults = found(opened)
    assert faults == [], pretty(faults)


def test_axe_finds_nothing_where_nothing_is_left(opening: Opening, record: Path) -> None:
    opened = opening(record, bypass_csp=True)
    keys = {c["facet"]: c["key"] for c in opened.choices() if c["count"] <= 2}
    for facet, key in keys.items():
        opened.facet(facet, key)
    for view in VIEWS:
        opened.view(view)
        opened.settle()
        faults = found(opened)
        assert faults == [], f"{view} {pretty(faults)}"


def test_axe_finds_nothing_without_a_script(opening: Opening, sample: Path) -> None:
    # axe-core is a script, too: so what stands in <noscript> is put where scripts may look at it.
    head, rest = sample.read_text(encoding="utf-8").split('<noscript id="still">')
    still = sample.with_name("still.html")
    still.write_text(head + rest.split("</noscript>")[0], encoding="utf-8")
    opened = opening(still, bypass_csp=True, ready=False)
    faults = found(opened)
    assert faults == [], pretty(faults)


def test_every_control_says_its_name(opening: Opening, record: Path) -> None:
    opened = opening(record)
    nameless = """() => [...document.querySelectorAll(
        'button, a, input, select, [tabindex="0"], [role=slider], [role=option]')]
      .filter(e => e.checkVisibility())
      .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length
        || e.getAttribute('aria-labelledby')))
      .map(e => e.outerHTML.slice(0, 160))"""
    positive = (
        'document.querySelectorAll(\'[tabindex]:not([tabindex="0"]):not([tabindex="-1"])\').length'
    )
    for view in VIEWS:
        opened.view(view)
        assert opened.tab.evaluate(nameless) == []
        assert opened.tab.evaluate(positive) == 0
        twice = """() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          return ids.filter((id, i) => ids.indexOf(id) !== i); }"""
        assert opened.tab.evaluate(twice) == []
