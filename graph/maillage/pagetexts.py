"""The texts of a page, by number and in three languages, so that one click changes all."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from maillage.words import LANGUAGES, Language, best

__all__ = ["Texts", "clean", "spoken", "typeset", "words"]

# The languages as plain strings, for texts whose languages are not known to be ours.
_TONGUES: Final[tuple[str, ...]] = LANGUAGES

# Marks that reverse the order of what follows could make a name look like another.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The page's own words: key, then language, then word.

    :raises ValueError: when two of the files in ``pages/words/`` give the same key.
    """
    known: dict[str, Mapping[str, str]] = {}
    for path in sorted((Path(__file__).resolve().parent / "pages" / "words").glob("*.toml")):
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        if twice := known.keys() & found.keys():
            raise ValueError(f"{path.name} says again: {', '.join(sorted(twice))}")
        known |= found
    return known


def clean(text: str) -> str:
    r"""Text that any page can hold: no control characters, half characters or turning marks.

    >>> clean("Tours\x00 – Luo\u202eyang")
    'Tours\ufffd – Luoyang'
    """
    if text.isascii() and text.isprintable():
        return text
    kept = (
        "\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" else c
        for c in _TURNING.sub("", text)
    )
    return "".join(kept)


# Codes and typewriters know one apostrophe only.
_PARTED = re.compile("(?<=«) | (?=[:;!?»])")
_STRAIGHT = re.compile(r"(?<=\w)'(?=\w)")


def typeset(text: str, tongue: str) -> str:
    """A clean text as people print it: Val d’Oise, Xi’an; in French, no line begins with « : »."""
    kept = clean(text)
    if "'" in kept:
        kept = _STRAIGHT.sub("’", kept)
    return _PARTED.sub("\u00a0", kept) if tongue == "fr" else kept


def spoken(text: str | Sequence[str | None], lang: Language) -> str:
    """A text of a page in a language, or the nearest that there is.

    >>> spoken(["Pékin", None, "北京市"], "zh"), spoken(["Pékin", None, None], "zh")
    ('北京市', 'Pékin')
    """
    if isinstance(text, str):
        return text
    return best([(t, said) for t, said in zip(_TONGUES, text, strict=True) if said], lang) or ""


class Texts:
    """Texts by number, in three languages: what is said often travels once.

    Number 0 is the empty text. :attr:`all` holds them in the order of their numbers, a plain
    string where all languages share it, else French, English and Chinese, ``None`` where missing.

    :param concepts: labels of concepts, ``<kind>/<key>`` then language.

    >>> texts = Texts({})
    >>> texts.put({"fr": "Pékin", "zh": "北京市"}), texts.same("Tours"), texts.put({})
    (1, 2, 0)
    >>> texts.all
    ['', ['Pékin', None, '北京市'], 'Tours']
    """

    def __init__(self, concepts: Mapping[str, Mapping[str, str]]) -> None:
        self.concepts = concepts
        self.all: list[str | list[str | None]] = [""]
        self._numbers: dict[tuple[str | None, ...], int] = {}

    def put(self, text: Mapping[str, str]) -> int:
        """Keep a text, or none; returns its number."""
        kept = tuple(
            typeset(text[tongue], tongue) if text.get(tongue) else None for tongue in _TONGUES
        )
        if not any(kept):
            return 0
        number = self._numbers.get(kept)
        if number is None:
            number = self._numbers[kept] = len(self.all)
            shared = kept[0] if len(set(kept)) == 1 else None
            self.all.append(list(kept) if shared is None else shared)
        return number

    def same(self, text: str) -> int:
        """Keep a text that all languages share, such as a number."""
        return self.put(dict.fromkeys(_TONGUES, text))

    def word(self, key: str) -> int:
        """Number of a word of the page."""
        return self.put(words()[key])

    def filled(self, key: str, **texts: int) -> int:
        """Number of a sentence whose places are filled by other texts, by their numbers."""
        return self.put(
            {
                tongue: words()[key][tongue].format(
                    **{place: self.said(number, tongue) for place, number in texts.items()}
                )
                for tongue in LANGUAGES
            }
        )

    def concept(self, kind: str, key: str | None) -> int:
        """Number of a concept's label; a concept without labels shows its key."""
        if not key:
            return 0
        return self.put(self.concepts.get(f"{kind}/{key}", {})) or self.same(key)

    def country(self, code: str | None) -> int:
        """Number of a country's name; one without a name shows its ISO code."""
        if not code:
            return 0
        if f"country-{code}" in words():
            return self.word(f"country-{code}")
        return self.put(self.concepts.get(f"country/{code}", {})) or self.same(code.upper())

    def said(self, number: int, lang: Language) -> str:
        """A text in a language, or the nearest that there is."""
        return spoken(self.all[number], lang)

    def date(self, edtf: str | None) -> int:
        """A date as a person writes it; Extended Date/Time Format, levels 0 and 1."""
        if not edtf:
            return 0
        text: dict[str, str] = {tongue: _date(edtf, tongue) for tongue in LANGUAGES}
        return self.put(text)

    def span(self, start: str | None, end: str | None) -> int:
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

    def where(self, proof: Mapping[str, Any]) -> int:
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
