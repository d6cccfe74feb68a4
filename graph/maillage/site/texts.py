"""The words of the site's pages, in three languages, from ``pages/site/words/*.toml``.

A text that depends on a number has a second one for one thing, under ``<key>-one``. French counts
nothing as one (0 lien), English as many (0 links).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from maillage.pagetexts import Texts
from maillage.words import Language

__all__ = ["FOLDER", "count", "day", "number", "say", "span", "words"]

#: Where templates, styles, scripts and words of the site lie.
FOLDER = Path(__file__).resolve().parent.parent / "pages" / "site"


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """All words: key, then language, then text.

    :raises ValueError: when two files give the same key.
    """
    known: dict[str, Mapping[str, str]] = {}
    for path in sorted((FOLDER / "words").glob("*.toml")):
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        if twice := known.keys() & found.keys():
            raise ValueError(f"{path.name} says again: {', '.join(sorted(twice))}")
        known |= found
    return known


def say(key: str, lang: Language, **values: object) -> str:
    """Fill and return a text.

    :raises KeyError: when no text has that key, or one of its places is not given.
    """
    return words()[key][lang].format(**values)


def number(n: int, lang: Language) -> str:
    """A whole number as it is written in a language.

    >>> number(12345, "en"), number(12345, "fr")
    ('12,345', '12\u202f345')
    """
    grouped = f"{n:,}"
    return grouped.replace(",", "\u202f") if lang == "fr" else grouped


def count(key: str, n: int, lang: Language, **values: object) -> str:
    """A text with a number in it, in its singular where that is due."""
    is_one = n in {0, 1} if lang == "fr" else n == 1
    chosen = f"{key}-one" if is_one and f"{key}-one" in words() else key
    return say(chosen, lang, n=number(n, lang), **values)


@cache
def day(edtf: str, lang: Language) -> str:
    """A date (Extended Date/Time Format) as the maps of Maillage say it.

    >>> day("2008/..", "en"), day("1981~", "fr")
    ('from 2008', 'vers 1981')
    """
    texts = Texts({})
    return texts.said(texts.date(edtf), lang)


@cache
def span(start: str, end: str, lang: Language) -> str:
    """From when to when, as far as either is known; empty when neither is.

    >>> span("2010", "2015", "en"), span("", "", "en")
    ('2010 to 2015', '')
    """
    texts = Texts({})
    return texts.said(texts.span(start or None, end or None), lang)
