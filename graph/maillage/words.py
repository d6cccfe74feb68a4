"""What Maillage says, in French, English and Chinese: one table, ``words.toml``, side by side.

A sentence is named by a key and may hold ``{places}`` to fill. Tests keep the three languages
complete and their places equal.
"""

from __future__ import annotations

import locale
import os
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeVar, cast

__all__ = [
    "LANGUAGES",
    "TAGS",
    "Language",
    "best",
    "fold",
    "heading",
    "preferred",
    "say",
    "sentences",
    "visible",
]

Language = Literal["fr", "en", "zh"]

LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en", "zh")

#: The language tags that stand in the graph, written one way (engines rewrite their case).
TAGS: Final[Mapping[Language, str]] = {"fr": "fr", "en": "en", "zh": "zh-Hans"}

# Where a text is missing in one language, which others serve, nearest first.
_FALLBACK: Final[Mapping[Language, tuple[str, ...]]] = {
    "fr": ("fr", "en", "mul", "", "zh"),
    "en": ("en", "fr", "mul", "", "zh"),
    "zh": ("zh", "en", "fr", "mul", ""),
}

# What a terminal obeys, what turns a line around, and half characters: a name of a file, a cell or
# a term may hold any of it, and a sentence shows such a text to a person.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_T = TypeVar("_T")


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Everything that Maillage can say: key, then language, then sentence."""
    text = files("maillage").joinpath("words.toml").read_text(encoding="utf-8")
    return cast("Mapping[str, Mapping[str, str]]", tomllib.loads(text))


def say(key: str, lang: Language = "en", **values: object) -> str:
    """Fill and return one sentence.

    >>> say("passage.page", "zh", page=3)
    '第 3 页'

    :raises KeyError: when no sentence has that key, or one of its places is not given.
    """
    return sentences()[key][lang].format(**{name: visible(v) for name, v in values.items()})


def visible(value: object) -> str:
    r"""A value as text that can be shown anywhere: what would act on a terminal is written out.

    >>> visible("a\x1b[2J\u202egpj.exe"), visible(3)
    ('a\\x1b[2J\\u202egpj.exe', '3')
    """
    return _UNSEEN.sub(lambda c: c[0].encode("unicode_escape").decode("ascii"), str(value))


@cache
def _columns() -> Mapping[str, list[str]]:
    text = files("maillage").joinpath("columns.toml").read_text(encoding="utf-8")
    return cast("Mapping[str, list[str]]", tomllib.loads(text))


def heading(column: str, lang: Language) -> str:
    """What stands above a column of an answer; the name of its variable when it is nobody's.

    >>> heading("partner", "zh"), heading("my_own", "fr")
    ('合作伙伴', 'my_own')
    """
    named = _columns().get(column)
    return named[LANGUAGES.index(lang)] if named else column


def preferred(environment: Mapping[str, str] | None = None) -> Language:
    """The language to speak when nobody chose one: ``MAILLAGE_LANG``, then the locale's.

    >>> preferred({"MAILLAGE_LANG": "zh"}), preferred({"LANG": "fr_FR.UTF-8"}), preferred({})
    ('zh', 'fr', 'en')
    """
    env = os.environ if environment is None else environment
    for name in ("MAILLAGE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        start = env.get(name, "")[:2].lower()
        if start in LANGUAGES:
            return start
        if env.get(name):
            return "en"
    # Windows sets none of these variables; there the locale itself knows.
    if environment is None and os.name == "nt":
        start = (locale.getlocale()[0] or "")[:2].lower()
        if start in LANGUAGES:
            return start
    return "en"


def best(texts: Iterable[tuple[str, _T]], lang: Language) -> _T | None:
    """Choose among texts in several languages the one that this reader reads best.

    :param texts: pairs of language tag and text; tags may be longer (``zh-Hans``) or empty.
    :returns: the text, or ``None`` when there is none in a language that Maillage speaks.

    >>> best([("fr", "Pékin"), ("zh-Hans", "北京市")], "en")
    'Pékin'
    """
    by_language: dict[str, _T] = {}
    for tag, text in texts:
        if tag.lower().startswith("zh-latn"):  # pinyin is a reading aid, not a Chinese text
            continue
        by_language.setdefault(tag.lower().split("-")[0], text)
    for tag in _FALLBACK[lang]:
        if tag in by_language:
            return by_language[tag]
    return None


def fold(text: str) -> str:
    """A name as people compare names: without accents, case, hyphens and apostrophes.

    >>> fold("Issy-les-Moulineaux"), fold("Évry"), fold("成都市")
    ('issy les moulineaux', 'evry', '成都市')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[-'’ʼ‐‑_.,()·]", " ", kept).split())
