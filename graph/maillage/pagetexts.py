"""The texts of a page, each under a name and in three languages, so that one click changes all.

The template asks for a text by its name; what it asked for, and nothing else, travels with the
page, where the script swaps languages by the same names.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from markupsafe import Markup

from maillage.words import LANGUAGES, TAGS, Language, best

__all__ = ["Texts", "clean", "words"]

# The languages as plain strings, for texts whose languages are not known to be ours.
_TONGUES: Final[tuple[str, ...]] = LANGUAGES

# Marks that reverse the order of what follows could make a name look like another.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The page's own words: key, then language, then word."""
    path = Path(__file__).resolve().parent / "pages" / "words.toml"
    return cast("Mapping[str, Mapping[str, str]]", tomllib.loads(path.read_text(encoding="utf-8")))


def clean(text: str) -> str:
    r"""Text that any page can hold: no control characters, half characters or turning marks.

    >>> clean("Tours\x00 – Luo\u202eyang")
    'Tours\ufffd – Luoyang'
    """
    kept = (
        "\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" else c
        for c in _TURNING.sub("", text)
    )
    return "".join(kept)


class Texts:
    """Texts by name, in three languages.

    A word of the page keeps its key, after ``w:``; any other text is named by a number, short
    because it is repeated wherever the text stands. The empty name is the empty text.

    :param lang: the language in which the page is written at first.
    :param concepts: labels of concepts, ``<kind>/<key>`` then language.
    """

    def __init__(self, lang: Language, concepts: Mapping[str, Mapping[str, str]]) -> None:
        self.lang = lang
        self.concepts = concepts
        self._known: dict[str, Mapping[str, str]] = {}
        self._names: dict[tuple[tuple[str, str], ...], str] = {}
        #: Texts that the page asked for, filled while it is written.
        self.used: dict[str, Mapping[str, str]] = {}

    def put(self, text: Mapping[str, str]) -> str:
        """Keep a text, or none; returns its name, or the empty name."""
        kept = tuple((tongue, clean(text[tongue])) for tongue in _TONGUES if text.get(tongue))
        if not kept:
            return ""
        name = self._names.setdefault(kept, str(len(self._names)))
        self._known[name] = dict(kept)
        return name

    def same(self, text: str) -> str:
        """Keep a text that all languages share, such as a number."""
        return self.put(dict.fromkeys(_TONGUES, text))

    def word(self, key: str) -> str:
        """Name of a word of the page."""
        self._known[f"w:{key}"] = words()[key]
        return f"w:{key}"

    def filled(self, key: str, **names: str) -> str:
        """Name of a sentence whose places are filled by other texts, by their names."""
        return self.put(
            {
                tongue: words()[key][tongue].format(
                    **{place: self._said(name, tongue) for place, name in names.items()}
                )
                for tongue in LANGUAGES
            }
        )

    def concept(self, kind: str, key: str | None) -> str:
        """Name of a concept's label; a concept without labels shows its key."""
        if not key:
            return ""
        return self.put(self.concepts.get(f"{kind}/{key}", {})) or self.same(key)

    def country(self, code: str | None) -> str:
        """Name of a country; one that the page has no word for shows its ISO code."""
        if not code:
            return ""
        return (
            self.word(f"country-{code}")
            if f"country-{code}" in words()
            else self.same(code.upper())
        )

    def say(self, name: str) -> str:
        """The text in the page's first language, or the nearest that there is."""
        self._use(name)
        return self._said(name, self.lang)

    def labels(self, names: Iterable[str], lang: Language) -> list[str]:
        """Texts in one language, or the nearest; they do not travel by name."""
        return [self._said(name, lang) for name in names]

    def at(self, name: str) -> Markup:
        """Attributes of the element that holds a text: its name, and its language if another."""
        self._use(name)
        text = self._known.get(name, {})
        said = self._said(name, self.lang)
        spoken = next((tongue for tongue in LANGUAGES if text.get(tongue) == said), self.lang)
        tag = "" if not text or self.lang in text else Markup(' lang="{}"').format(TAGS[spoken])
        return Markup('data-t="{}"{}').format(name, tag)

    def _use(self, name: str) -> None:
        if name.startswith("w:"):
            self.word(name[2:])
        if name:
            self.used[name] = self._known[name]

    def _said(self, name: str, lang: Language) -> str:
        return best(self._known.get(name, {}).items(), lang) or ""

    def date(self, edtf: str | None) -> str:
        """A date as a person writes it; Extended Date/Time Format, levels 0 and 1."""
        if not edtf:
            return ""
        text: dict[str, str] = {tongue: _date(edtf, tongue) for tongue in LANGUAGES}
        return self.put(text)

    def span(self, start: str | None, end: str | None) -> str:
        """From when to when, as far as either is known."""
        if not (start and end):
            single = start and f"{start}/.." if start and "/" not in start else start
            return self.date(single or (end and f"../{end}"))
        text: dict[str, str] = {
            tongue: words()["date-from-to"][tongue].format(
                n=_date(start, tongue), m=_date(end, tongue)
            )
            for tongue in LANGUAGES
        }
        return self.put(text)

    def where(self, proof: Mapping[str, Any]) -> str:
        """The place in a document: page, section, lines, or characters where nothing else is."""
        parts: list[tuple[str, str]] = []
        for field in ("page", "section", "lines", "chars"):
            value = str(proof.get(field, ""))
            if not value or (field == "chars" and parts):
                continue
            key = "line" if field == "lines" and not re.search(r"\D", value) else field
            parts.append((f"where-{key}", value.replace("-", "–") if field != "section" else value))
        text: dict[str, str] = {
            tongue: ("，" if tongue == "zh" else ", ").join(
                words()[key][tongue].format(n=value) for key, value in parts
            )
            for tongue in LANGUAGES
        }
        return self.put(text)


def _date(edtf: str, lang: Language) -> str:
    if between := re.fullmatch(r"\[(.+)\.\.(.+)\]", edtf):
        key, parts = "date-between", (between[1], between[2])
    elif "/" in edtf:
        first, _, last = edtf.partition("/")
        if last == "..":
            key, parts = "date-since", (first, "")
        elif first == "..":
            key, parts = "date-until", (last, "")
        else:
            key, parts = "date-from-to", (first, last)
    elif edtf[-1] in "~?%":
        about = words()["date-about"][lang].format(n=edtf[:-1]) if edtf[-1] != "?" else edtf[:-1]
        return about if edtf[-1] == "~" else words()["date-uncertain"][lang].format(n=about)
    else:
        return f"{edtf}年" if lang == "zh" and re.fullmatch(r"\d{4}", edtf) else edtf
    said = [_date(part, lang) if part else "" for part in parts]
    return words()[key][lang].format(n=said[0], m=said[1])
