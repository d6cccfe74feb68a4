"""Answers of a query service (SPARQL 1.1 Query Results JSON Format) as a table.

Made for the twinned bodies of Wikidata (``P190``) with their qualifiers, whatever the query calls
its variables: labels, points (``P625``), countries, ``P580`` and ``P582`` with their precision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeGuard

from maillage.grids import Grid, clean

__all__ = ["answer_grid", "is_answer"]

Answer = Mapping[str, Mapping[str, list[object]]]

_ENTITY: Final = re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/(Q\d+)")
# What stands for "some value, unknown which".
_SOME: Final = re.compile(r"https?://www\.wikidata\.org/\.well-known/genid/.*")
_TIME: Final = re.compile(r"[+]?(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)T00:00:00Z")
# Precision of a time value (Wikibase data model, time): 9 a year, 10 a month, 11 a day.
_YEAR, _MONTH, _DAY = "9", "10", "11"


def is_answer(document: object) -> TypeGuard[Answer]:
    """Whether a JSON document is the answer to a SELECT query."""
    return (
        isinstance(document, dict)
        and isinstance(document.get("head"), dict)
        and isinstance(document.get("results"), dict)
        and isinstance(document["results"].get("bindings"), list)
    )


def answer_grid(document: Answer) -> Grid:
    """The rows of an answer; the variables are the headings.

    Where a label stands beside an item, the item is the code of the place and the label its name.
    """
    variables = [str(name) for name in document["head"].get("vars", [])]
    lines = []
    for number, binding in enumerate(document["results"]["bindings"], start=2):
        values = _values(binding)
        lines.append((number, tuple(_dated(name, values) for name in variables)))
    return Grid("", [(1, tuple(_heading(name, variables) for name in variables)), *lines])


def _values(binding: object) -> dict[str, str]:
    if not isinstance(binding, dict):
        return {}
    found = {}
    for name, term in binding.items():
        kind, text = (term.get("type"), term.get("value")) if isinstance(term, dict) else ("", "")
        if kind == "bnode" or not isinstance(text, str) or _SOME.fullmatch(text):
            continue
        entity = _ENTITY.fullmatch(text)
        found[name] = entity[1] if entity else clean(text)
    return found


def _dated(name: str, values: Mapping[str, str]) -> str:
    """A value; a time as exactly as its precision says.

    Without a precision, the first of January is how the service writes a year of which no more is
    known, and the first of a month a month: the day is then not taken.
    """
    text = values.get(name, "")
    if not (time := _TIME.fullmatch(text)):
        return text
    precision = values.get(f"{name}Precision", values.get(f"{name}_precision", ""))
    if precision == _YEAR or (not precision and time["m"] == time["d"] == "01"):
        return time["y"]
    if precision == _MONTH or (not precision and time["d"] == "01"):
        return f"{time['y']}-{time['m']}"
    if precision in {"", _DAY}:
        return f"{time['y']}-{time['m']}-{time['d']}"
    return ""


def _heading(name: str, variables: list[str]) -> str:
    """The heading of a variable, with which an item that has a label becomes a code."""
    first = {"item": "party", "city": "party", "place": "party", "a": "party"}
    second = {"partner": "partner", "twin": "partner", "sister": "partner", "sisterCity": "partner"}
    sides = {**first, **second, "b": "partner"}
    base = name.removesuffix("Label")
    if base in sides:
        labelled = f"{base}Label" in variables
        return sides[base] if name != base or not labelled else f"{sides[base]}_code"
    for part in ("Coord", "Coordinates", "Point", "Location"):
        if name.removesuffix(part) in sides and name != name.removesuffix(part):
            return f"{sides[name.removesuffix(part)]}_point"
    for part in ("Country", "CountryLabel"):
        stem = name.removesuffix(part)
        if stem in sides and name != stem:
            labelled = part == "Country" and f"{name}Label" in variables
            return name if labelled else f"{sides[stem]}_country"
    return name
