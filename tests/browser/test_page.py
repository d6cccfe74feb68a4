"""The network page in Chromium: offline, drawn, still, in three languages, usable by keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from maillage.draw import page as network_page
from sample_graph import hostile_graph, sample_graph

NAMES = ("chromium", "chromium-browser", "google-chrome")
FIND = "(text) => [...document.querySelectorAll('#links button')].find(b => b.textContent === text)"
# How many different colours a coarse grid of the canvas shows.
COLOURS = """() => {
  const canvas = document.querySelector('#picture canvas');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let i = 0; i < pixels.length; i += 4) {
    seen.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
  }
  return seen.size;
}"""


class Opened:
    """A page in a tab, with everything that it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, width: int = 1400, height: int = 900) -> None:
        context = browser.new_context(viewport={"width": width, "height": height})
        self.tab: Page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.goto(path.as_uri())
        self.tab.wait_for_selector("html[data-ready=yes]")

    def settle(self) -> bytes:
        """A screenshot after the picture was redrawn."""
        self.tab.evaluate("() => new Promise(r => requestAnimationFrame(() => setTimeout(r, 120)))")
        return self.tab.screenshot()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one named by MAILLAGE_CHROMIUM, the system's, or Playwright's own."""
    found = os.environ.get("MAILLAGE_CHROMIUM") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample network, written as a person would find it."""
    return _written(tmp_path_factory.mktemp("page") / "réseau 网络.html", sample_graph())


def _written(path: Path, graph: nx.MultiGraph[str]) -> Path:
    path.write_bytes(network_page(graph).encode("utf-8"))
    return path


def test_asks_for_nothing_but_itself_and_does_not_complain(browser: Browser, sample: Path) -> None:
    opened = Opened(browser, sample)
    for lang in ("en", "zh", "fr"):
        opened.tab.click(f"button[data-lang={lang}]")
    opened.tab.click("#links button >> nth=0")
    opened.tab.click("#parties button >> nth=0")
    opened.tab.click(".close")
    opened.settle()
    assert opened.requests == [sample.as_uri()]
    assert opened.complaints == []


def test_is_not_blank_and_stands_still(browser: Browser, sample: Path) -> None:
    opened = Opened(browser, sample)
    first = opened.settle()
    assert opened.tab.evaluate(COLOURS) > 50
    opened.tab.wait_for_timeout(1000)
    assert opened.tab.screenshot() == first


def test_language_changes_headings_labels_and_picture(browser: Browser, sample: Path) -> None:
    opened = Opened(browser, sample)
    tab = opened.tab
    shots = {opened.settle()}
    for lang, tag, heading, name in (
        ("en", "en", "Links drawn", "Nanjing University"),
        ("zh", "zh-Hans", "图中的合作关系", "南京大学"),
        ("fr", "fr", "Liens dessinés", "Université de Nankin"),
    ):
        tab.click(f"button[data-lang={lang}]")
        assert tab.evaluate("document.documentElement.lang") == tag
        assert tab.inner_text("#links caption") == heading
        assert name in tab.inner_text("#links tbody")
        assert tab.get_attribute(f"button[data-lang={lang}]", "aria-pressed") == "true"
        canvas_name = tab.get_attribute("#picture > div", "aria-label")
        assert canvas_name == tab.inner_text("#picture-head")
        shots.add(opened.settle())
        face = tab.evaluate("getComputedStyle(document.body).fontFamily").split(",")[0]
        assert ("CJK" in face) == (lang == "zh")
    assert len(shots) >= 3
    # A text that exists in French only says so to a screen reader.
    tab.click("button[data-lang=zh]")
    assert tab.get_attribute("article .purpose", "lang") == "fr"


def test_the_other_names_of_a_party_are_those_of_the_other_languages(
    browser: Browser, sample: Path
) -> None:
    tab = Opened(browser, sample).tab
    names = """() => [...document.querySelectorAll('#parties tbody tr')].map(row => [
      row.querySelector('button').textContent, row.querySelector('td ul').innerText])"""
    for lang, nanjing, tours in (
        ("fr", ["Université de Nankin", "Nanjing University\n南京大学"], ["Tours", "图尔"]),
        ("en", ["Nanjing University", "Université de Nankin\n南京大学"], ["Tours", "图尔"]),
        ("zh", ["南京大学", "Université de Nankin\nNanjing University"], ["图尔", "Tours"]),
    ):
        tab.click(f"button[data-lang={lang}]")
        shown = tab.evaluate(names)
        assert nanjing in shown
        assert tours in shown


def test_a_row_opens_the_evidence_and_escape_returns(browser: Browser, sample: Path) -> None:
    tab = Opened(browser, sample).tab
    assert tab.is_visible(".hint")
    button = tab.evaluate_handle(FIND, "Tours — Luoyang").as_element()
    assert button
    button.focus()
    tab.keyboard.press("Enter")
    shown = tab.inner_text("article.on")
    for text in ("Tours — Luoyang", "Binôme de chefs de file", "Formation", "lignes 146–147"):
        assert text in shown
    assert tab.evaluate("document.activeElement.textContent") == "Tours — Luoyang"
    tab.keyboard.press("Escape")
    assert not tab.is_visible("article.on")
    assert tab.evaluate("document.activeElement.textContent") == "Tours — Luoyang"
    assert tab.evaluate("document.activeElement.tagName") == "BUTTON"


def test_a_click_in_the_picture_opens_party_then_link(browser: Browser, sample: Path) -> None:
    tab = Opened(browser, sample).tab
    spot = """(name) => {
      const drawing = JSON.parse(document.getElementById('drawing').textContent);
      const i = drawing.labels.fr.indexOf(name);
      return drawing.places.wide[i];
    }"""
    box = tab.locator("#picture").bounding_box()
    assert box
    places = tab.evaluate("JSON.parse(document.getElementById('drawing').textContent).places.wide")
    rooms = tab.evaluate("JSON.parse(document.getElementById('drawing').textContent).rooms")
    left = min(p["x"] - r[0] for p, r in zip(places, rooms, strict=True))
    right = max(p["x"] + r[0] for p, r in zip(places, rooms, strict=True))
    top = min(p["y"] - r[1] for p, r in zip(places, rooms, strict=True))
    bottom = max(p["y"] + r[2] for p, r in zip(places, rooms, strict=True))
    scale = min((box["width"] - 26) / (right - left), (box["height"] - 70) / (bottom - top), 1.6)

    def click(x: float, y: float) -> None:
        across = box["x"] + box["width"] / 2 + (x - (left + right) / 2) * scale
        down = box["y"] + box["height"] / 2 + (y - (top + bottom) / 2) * scale + 18
        tab.mouse.click(across, down)
        tab.wait_for_timeout(400)  # vis-network waits for a second click first

    tours, luoyang = tab.evaluate(spot, "Tours"), tab.evaluate(spot, "Luoyang")
    click(tours["x"], tours["y"])
    shown = tab.inner_text("article.on")
    assert "图尔" in shown
    assert "37261" in shown
    tab.click("article.on button")
    assert "Binôme" in tab.inner_text("article.on")
    tab.click(".close")
    click((tours["x"] + luoyang["x"]) / 2, (tours["y"] + luoyang["y"]) / 2)
    assert tab.inner_text("article.on h3") == "Tours — Luoyang"


def test_keys_move_the_picture(browser: Browser, sample: Path) -> None:
    opened = Opened(browser, sample)
    opened.tab.focus("#picture > div")
    shots = [opened.settle()]
    for key in ("ArrowLeft", "+", "0"):
        opened.tab.keyboard.press(key)
        shots.append(opened.settle())
    assert len(set(shots)) == 3
    assert shots[0] == shots[-1]


def test_every_control_has_a_name_and_a_place_in_the_tab_order(
    browser: Browser, sample: Path
) -> None:
    tab = Opened(browser, sample).tab
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    unnamed = """[...document.querySelectorAll('button, a, [tabindex]')]
      .filter(e => e.tabIndex > 0 || !(e.textContent.trim() || e.getAttribute('aria-label')))
      .length"""
    assert tab.evaluate(unnamed) == 0
    assert tab.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == (
        tab.evaluate("document.querySelectorAll('[id]').length")
    )


def test_hostile_texts_run_nothing(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, _written(tmp_path / "hostile.html", hostile_graph()))
    tab = opened.tab
    for lang in ("en", "zh", "fr"):
        tab.click(f"button[data-lang={lang}]")
        for button in tab.query_selector_all(".tables button"):
            button.click()
    assert tab.evaluate("window.broken") is None
    assert tab.evaluate("document.querySelectorAll('iframe, img, article b').length") == 0
    assert opened.requests == [(tmp_path / "hostile.html").as_uri()]
    assert opened.complaints == []


def test_fits_a_telephone(browser: Browser, sample: Path) -> None:
    tab = Opened(browser, sample, 390, 844).tab
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    for selector in ("button[data-lang=zh]", "[data-zoom=fit]", "#links button >> nth=0"):
        box = tab.locator(selector).bounding_box()
        assert box
        assert box["height"] >= 34
        assert box["x"] + box["width"] <= 390
    tab.click("#links button >> nth=0")
    panel = tab.locator("article.on h3").bounding_box()
    assert panel
    assert 0 <= panel["y"] < 844


def test_reads_without_a_script(browser: Browser, sample: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(sample.as_uri())
    assert tab.is_visible("noscript p")
    assert "Pays de la Loire — Shandong" in tab.inner_text("#links")
    assert tab.locator("article").count() == tab.locator("article:visible").count() > 0
    assert not tab.is_visible("#picture")


def test_an_empty_network_says_so_in_three_languages(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, _written(tmp_path / "empty.html", nx.MultiGraph()))
    for lang, word in (("fr", "Rien"), ("en", "Nothing"), ("zh", "没有可绘制的内容")):
        opened.tab.click(f"button[data-lang={lang}]")
        assert word in opened.tab.inner_text("main")
    assert opened.complaints == []
