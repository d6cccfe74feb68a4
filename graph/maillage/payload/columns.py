"""Columns: how tables of a payload are made, and what is said in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from maillage.dates import bounds
from maillage.mint import parse
from maillage.pagetexts import clean
from maillage.words import LANGUAGES

__all__ = [
    "Columns",
    "Facet",
    "days",
    "degrees",
    "href",
    "path_of",
    "table",
    "text_of",
    "translations",
]

#: A table by column: lists of one length.
Columns: TypeAlias = dict[str, list[Any]]

#: Days are counted from here, as browsers count time.
_EPOCH: Final = date(1970, 1, 1).toordinal()


class Facet:
    """The values of one attribute in the order in which they are met: key to number."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, key: str | None) -> int:
        """Number of a value; -1 for none."""
        if not key:
            return -1
        if key not in self._numbers:
            self._numbers[key] = len(self.keys)
            self.keys.append(key)
        return self._numbers[key]


def table(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Columns:
    """Rows as columns; all columns are there even when no row is.

    >>> table(("place", "code"), [{"place": "Tours", "code": "37261"}])
    {'place': ['Tours'], 'code': ['37261']}
    """
    columns: Columns = {name: [] for name in names}
    for row in rows:
        for name, column in columns.items():
            column.append(row[name])
    return columns


def translations(data: Mapping[str, Any], name: str) -> dict[str, str]:
    """A text in the languages that there are, out of ``<name>_fr|en|zh``."""
    return {
        tongue: str(data[f"{name}_{tongue}"])
        for tongue in LANGUAGES
        if data.get(f"{name}_{tongue}")
    }


def path_of(iri: str) -> str:
    """Kind and key of a thing of ours, to name it in addresses of pages; else its address."""
    thing = parse(iri)
    return f"{thing.kind}/{thing.key}" if thing else clean(iri)


def days(edtf: str | None) -> list[int | None] | None:
    """The first and last day that a date may mean, counted from 1 January 1970.

    >>> days("1970-01-02"), days("1970"), days("1971/.."), days("some day")
    ([1, 1], [0, 364], [365, None], None)
    """
    if not edtf:
        return None
    try:
        found = bounds(edtf)
    except ValueError:  # of a foreign graph: shown as it is written, but at no place in time
        return None
    return [day.toordinal() - _EPOCH if day else None for day in found]


def href(address: str) -> str:
    """An address that a person may follow; any other scheme (javascript:, file:) leads nowhere."""
    return address if re.match(r"https?://[^\s/]", address, re.IGNORECASE) else ""


def text_of(value: object) -> str | None:
    """A value as clean text; none for what is not there."""
    return None if value is None or value == "" else clean(str(value))


def degrees(value: object) -> float | None:
    """Latitude or longitude to a metre."""
    return None if value is None else round(float(str(value)), 5)
