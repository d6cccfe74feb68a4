"""The page as a whole: languages, search, panel, the same bytes twice, the same links everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from browser.opened import LANGUAGES, VIEWS, Opening
from maillage.drawing import page
from sample_graph import sample_graph

TAGS = {"fr": "fr", "en": "en", "zh": "zh-Hans"}


def test_built_twice_it_has_the_same_bytes(record: Path, record_graph: nx.MultiGraph[str]) -> None:
    assert page(record_graph).encode("utf-8") == record.read_bytes()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_opens_as_it_was_asked_to(
    opening: Opening, written: Callable[..., Path], view: str, lang: str
) -> None:
    opened = opening(written(sample_graph(), view=view, lang=lang))
    assert opened.current_view() == view
    assert opened.tab.is_visible(f".view-{view}")
    assert opened.tab.evaluate("document.documentElement.lang") == TAGS[lang]
    assert opened.shown()["links"] == 13
    assert opened.shown()["lines"] == 14
    assert opened.shown()["parties"] == 19


@pytest.mark.parametrize("view", VIEWS)
def test_language_changes_interface_and_data(opening: Opening, record: Path, view: str) -> None:
    opened = opening(record)
    opened.view(view)
    shots, texts, titles = set(), set(), set()
    for lang in ("en", "zh", "fr"):
        opened.speak(lang)
        assert opened.tab.evaluate("document.documentElement.lang") == TAGS[lang]
        assert opened.tab.get_attribute(f"button[data-lang={lang}]", "aria-pressed") == "true"
        shots.add(opened.settle())
        titles.add(opened.tab.title())
        texts.add(opened.tab.inner_text("[role=tablist]"))
        assert opened.tab.title() == opened.tab.inner_text("h1")
        face = opened.tab.evaluate("getComputedStyle(document.body).fontFamily").split(",")[0]
        assert ("CJK" in face) == (lang == "zh")
        assert opened.current_view() == view
    assert len(titles) == len(texts) == 3
    assert len(shots) == 3


def test_a_text_in_another_language_says_so(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.speak("zh")
    opened.find("Strasbourg")
    opened.tab.locator("#panel li button").first.click()
    text = opened.tab.locator("#panel", has_text="Étudier ensemble").locator(
        "[lang=fr]", has_text="Étudier ensemble"
    )
    assert text.count() >= 1


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("chengdu", "成都市"),
        ("CHENGDU", "成都市"),
        ("Chéngdū", "成都市"),
        ("成都", "成都市"),
        ("Évry", "Évry"),
        ("evry", "Évry"),
        ("ÉVRY", "Évry"),
        ("issy les moulineaux", "Issy-les-Moulineaux"),
        ("cote d'azur", "Provence-Alpes-Côte d"),
        ("510100", "成都市"),
    ],
)
def test_search_finds_names_however_they_are_written(
    opening: Opening, written: Callable[..., Path], asked: str, key: str
) -> None:
    graph = sample_graph()
    base = next(iter(graph)).split("place/")[0]
    chengdu = f"{base}place/cn-510100"
    graph.nodes[chengdu]["names"] = ["Chéngdū"]
    graph.add_node(
        f"{base}place/fr-commune-91228",
        key="fr-commune-91228",
        label_fr="Évry-Courcouronnes",
        label_en="Évry-Courcouronnes",
        type="collectivity",
        country="fr",
        level="commune",
        code="91228",
    )
    graph.add_edge(f"{base}place/fr-commune-91228", chengdu, key=f"{base}link/evry", kind="contact")
    opened = opening(written(graph))
    opened.tab.fill("#search", asked)
    opened.tab.wait_for_selector("#found [role=option]")
    opened.tab.focus("#search")
    opened.tab.keyboard.press("Enter")
    assert key in opened.tab.inner_text("#panel")


def test_search_says_when_there_is_nothing(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.tab.fill("#search", "Atlantide")
    opened.settle()
    assert opened.tab.locator("#found [role=option]:visible").count() == 0
    assert "Rien de ce nom" in opened.tab.inner_text("body")
    assert opened.tab.get_attribute("#search", "aria-expanded") == "false"


def test_the_panel_of_a_link_gives_every_source(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.view("table")
    opened.tab.locator("#table tbody button", has_text="Luoyang").first.click()
    shown = opened.tab.inner_text("#panel")
    for text in (
        "Tours",
        "Luoyang",
        "Binôme de chefs de file",
        "Formation",
        "Compte rendu du groupe-pays Chine, 13 avril 2016",
        "146–147",
        "maillage ask",
    ):
        assert text in shown, text
    opened.find("Montpellier")
    opened.tab.locator("#panel li button").first.click()
    address = opened.tab.locator("#panel a[href^='https://cites-unies-france.org/']")
    assert address.first.get_attribute("rel") == "noopener noreferrer"


def test_the_panel_gives_names_in_three_languages(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    for lang in LANGUAGES:
        opened.speak(lang)
        opened.find("Nanjing")
        shown = opened.tab.inner_text("#panel")
        for name in ("Université de Nankin", "Nanjing University", "南京大学"):
            assert name in shown
        opened.tab.keyboard.press("Escape")


@pytest.mark.parametrize(
    "thing", ["party:place/cn-510100", "theme:culture", "area:place/cn-510000", "event:", "link:"]
)
def test_the_panel_of_everything_has_its_question(
    opening: Opening, record: Path, thing: str
) -> None:
    opened = opening(record)
    if thing == "event:":
        opened.view("table")
        opened.tab.click(".view-table button[data-of=events]")
        opened.tab.locator("#table tbody button").first.click()
    elif thing == "link:":
        opened.view("table")
        opened.tab.locator("#table tbody button").first.click()
    else:
        opened.tab.evaluate("sel => { location.hash = sel; }", f"sel={thing}")
    opened.settle()
    assert f"sel={thing}" in opened.fragment()
    assert "maillage ask" in opened.tab.inner_text("#panel")
    assert opened.tab.inner_text("#panel-head").strip()


def test_pointing_and_choosing_show_the_neighbourhood(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    picture = opened.tab.locator("#network-picture")
    before = picture.screenshot()
    opened.find("Bordeaux")
    opened.settle()
    near = picture.screenshot()
    assert near != before
    opened.tab.keyboard.press("Escape")
    opened.settle()
    opened.find("Autun")
    opened.settle()
    assert picture.screenshot() not in {near, before}
    one = picture.screenshot()
    # Two steps away there is more than one.
    opened.tab.evaluate("location.hash = location.hash + '&depth=2'")
    opened.settle()
    assert picture.screenshot() != one
    # Pointing lights up, too: somewhere along the middle there is a party or a line.
    opened.tab.keyboard.press("Escape")
    opened.tab.mouse.move(1, 1)
    opened.settle()
    plain, box = picture.screenshot(), picture.bounding_box()
    assert box
    lit = set()
    for step in range(1, 40):
        opened.tab.mouse.move(
            box["x"] + box["width"] * step / 40, box["y"] + box["height"] * (0.3 + step % 5 / 10)
        )
        if picture.evaluate("e => e.style.cursor") == "pointer":
            opened.settle()
            lit.add(picture.screenshot() != plain)
            break
    assert lit == {True}


def test_an_empty_network_says_so_in_three_languages(
    opening: Opening, written: Callable[..., Path]
) -> None:
    for lang, word in (("fr", "Rien"), ("en", "Nothing"), ("zh", "没有可绘制的内容")):
        opened = opening(written(nx.MultiGraph(), lang=lang))
        assert word in opened.tab.inner_text("body")


def test_any_graph_of_networkx_can_be_drawn(opening: Opening, written: Callable[..., Path]) -> None:
    """No countries, no dates, no evidence: what is not known is not drawn, nothing breaks."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for one, other in (("a", "b"), ("b", "c"), ("a", "b"), ("d", "d2")):
        graph.add_edge(one, other)
    opened = opening(written(graph))
    for view in VIEWS:
        opened.view(view)
        opened.settle()
    assert opened.shown()["lines"] == 4
