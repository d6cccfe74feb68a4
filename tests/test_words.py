"""What Maillage says is complete and equal in its three languages."""

import re
import string
import tomllib
from pathlib import Path

import pytest
from rdflib import Graph, Literal

from maillage.folders import folder
from maillage.words import LANGUAGES, best, fold, preferred, say, sentences

CODE = Path(__file__).parents[1] / "graph" / "maillage"
# headings.toml lists what other people call their columns; ours have three names, French first
TEXTS = sorted({*CODE.rglob("*.toml")} - {CODE / "intake" / "headings.toml"})
# between a letter and what it is elided before; code, commands and file names put none there
STRAIGHT = re.compile(r"[^\W\d_]'(?=[\w«“{<])")


def french(node):
    """Every French text of a file of words, at whatever depth it stands."""
    if isinstance(node, list):
        yield from node[:1] if all(isinstance(one, str) for one in node) else ()
    elif isinstance(node, dict):
        for key, below in node.items():
            if key == "fr" and isinstance(below, str):
                yield below
            else:
                yield from french(below)


def places(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("key", sorted(sentences()))
def test_a_sentence_has_three_languages_and_the_same_places(key):
    texts = sentences()[key]
    assert set(texts) == set(LANGUAGES)
    assert all(text.strip() == text and text for text in texts.values())
    assert places(texts["fr"]) == places(texts["en"]) == places(texts["zh"])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(CODE).as_posix())
def test_french_has_typographic_apostrophes(path):
    texts = list(french(tomllib.loads(path.read_text(encoding="utf-8"))))
    assert texts
    assert not [text for text in texts if STRAIGHT.search(text)]


def test_french_has_typographic_apostrophes_in_queries_and_ontology():
    headers = [
        line
        for path in folder("queries").glob("*.rq")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"#\+\s+fr:", line)
    ]
    literals = [
        str(text)
        for path in folder("ontology").glob("*.ttl")
        for text in Graph().parse(path).objects()
        if isinstance(text, Literal) and text.language == "fr"
    ]
    assert headers
    assert literals
    assert not [text for text in headers + literals if STRAIGHT.search(text)]


def test_every_sentence_is_said_by_somebody():
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE.rglob("*.py"))
    built = {
        "graph",
        "consensus",
        "severity",
        "step",
        "entity",
        "measure",
        "ask",
        "table",
        "publish",
        "match",
        "level",
        "change",
        "import",
        "inferred",
    }
    for key in sentences():
        family, _, name = key.partition(".")
        if family in built:
            assert re.search(rf"{family}\.\{{|\"{family}\.", code) or f'"{name}' in code, key
        else:
            assert f'"{key}"' in code or f'"{name}"' in code, f"nobody says {key}"


def test_every_rule_of_tables_has_its_fix():
    named = {key for key in sentences() if key.startswith("table.") and not key.endswith(".fix")}
    rules = named - {"table.quoted"}
    assert rules
    assert {f"{rule}.fix" for rule in rules} <= set(sentences())


def test_the_nearest_language_serves_where_one_is_missing():
    texts = [("fr", "Pékin"), ("zh-Hans", "北京市"), ("zh-Latn-pinyin", "Běijīng")]
    assert [best(texts, lang) for lang in LANGUAGES] == ["Pékin", "Pékin", "北京市"]
    assert best([("zh-Latn-pinyin", "Běijīng")], "zh") is None


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"MAILLAGE_LANG": "zh", "LANG": "fr_FR.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_nobody_chose(environment, language):
    assert preferred(environment) == language


def test_names_are_compared_as_people_compare_them():
    assert fold("Provence-Alpes-Côte d’Azur") == fold("provence alpes cote d'azur")
    assert fold("成都市") == "成都市"


def test_a_place_left_open_is_an_error_not_a_brace():
    with pytest.raises(KeyError):
        say("passage.page", "fr")
