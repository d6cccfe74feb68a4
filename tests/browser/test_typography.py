"""Letters and marks as each language writes them, on the page and in the pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.opened import VIEWS, Opening

WIDTHS = """() => {
  const measure = (text) => {
    const element = document.createElement('span');
    element.textContent = text;
    element.style.position = 'absolute';
    element.style.fontSize = '100px';
    document.body.append(element);
    const width = element.getBoundingClientRect().width;
    element.remove();
    return width;
  };
  return { apostrophe: measure('’'), quote: measure('“'), han: measure('成都') };
}"""
VISIBLE = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (at.checkVisibility() && !at.closest('script, style, code, textarea, [hidden]')
      && !at.closest('bdi') && (at.closest('[lang]')?.lang === document.documentElement.lang)) {
      found.push(walk.currentNode.textContent);
    }
  }
  return found;
}"""


@pytest.mark.parametrize("lang", ["fr", "en", "zh"])
def test_marks_have_the_width_of_their_language(opening: Opening, record: Path, lang: str) -> None:
    opened = opening(record)
    opened.speak(lang)
    widths = opened.tab.evaluate(WIDTHS)
    assert 195 <= widths["han"] <= 205
    if lang == "zh":
        # A Chinese reader expects marks as wide as characters.
        assert widths["quote"] >= 90
    else:
        assert widths["apostrophe"] < 45
        assert widths["quote"] < 60


@pytest.mark.parametrize("view", VIEWS)
def test_the_words_of_the_page_are_typeset(opening: Opening, record: Path, view: str) -> None:
    opened = opening(record)
    opened.view(view)
    opened.find("Strasbourg")
    faults = []
    for lang in ("fr", "en", "zh"):
        opened.speak(lang)
        opened.settle()
        for text in opened.tab.evaluate(VISIBLE):
            faults += [(lang, text, why) for why, bad in RULES[lang] if bad(text)]
    assert faults == []


def _french_space(text: str) -> bool:
    import re

    return bool(
        re.search(r"[^\s\u00a0\u202f\d/:(«“.][:;!?»](?:\s|$)", text)
        or re.search(r" [:;!?»]", text)
        or re.search(r"« ", text)
    )


def _straight(text: str) -> bool:
    import re

    return bool(re.search(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]", text))


def _half_width(text: str) -> bool:
    import re

    return bool(re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?(][\u4e00-\u9fff]", text))


RULES = {
    "fr": [("a space that may break before a mark", _french_space), ("straight '", _straight)],
    "en": [("straight '", _straight)],
    "zh": [("a narrow mark beside a character", _half_width)],
}


def test_names_are_written_right(opening: Opening, sample: Path) -> None:
    opened = opening(sample)
    opened.view("table")
    shown = opened.tab.inner_text("#table")
    assert "Provence-Alpes-Côte d’Azur" in shown
    opened.speak("zh")
    shown = opened.tab.inner_text("#table")
    assert "成都市" in shown
    assert "普罗旺斯-阿尔卑斯-蓝色海岸大区" in shown


@pytest.mark.parametrize("lang", ["fr", "zh"])
def test_pictures_use_the_fonts_of_their_language(
    opening: Opening, record: Path, lang: str
) -> None:
    opened = opening(record)
    opened.speak(lang)
    for view in ("places", "matrix", "time"):
        opened.view(view)
        opened.settle()
        faces = opened.tab.evaluate(
            """view => [...new Set([...document.querySelectorAll(`.view-${view} text`)]
              .filter(e => e.checkVisibility()).map(e => getComputedStyle(e).fontFamily))]""",
            view,
        )
        for face in faces:
            first = face.split(",")[0]
            assert ("CJK" in first or "SC" in first) == (lang == "zh"), (view, face)
