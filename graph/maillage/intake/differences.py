"""What a new version of somebody's table says otherwise, in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from maillage.gazetteer import Gazetteer
from maillage.intake.folders import UNSAID
from maillage.intake.readings import concept_label
from maillage.words import Language, heading, say

__all__ = ["Difference", "differences", "told"]

Row = Mapping[str, str]

# What tells one row of a table from another.
_KEYS = {"links": ("kind", "parties", "proposed_for")}
# The file and its reading, which is not what the claims say.
_MADE = frozenset({"source", "recorder", *UNSAID})


class Difference(NamedTuple):
    """One thing that is different.

    :ivar cells: for a change, the columns with what they said and what they say now.
    """

    what: Literal["added", "withdrawn", "changed"]
    table: str
    row: Row
    cells: tuple[tuple[str, str, str], ...] = ()


def differences(
    before: Mapping[str, Sequence[Row]], after: Mapping[str, Sequence[Row]]
) -> list[Difference]:
    """What the rows of several tables say otherwise than before; where they stand is no matter."""
    found = []
    for table in sorted({*before, *after}):
        old, new = _by_key(table, before.get(table, ())), _by_key(table, after.get(table, ()))
        for key in sorted({*old, *new}):
            gone = [
                row for row in old.get(key, []) if _said(row) not in map(_said, new.get(key, []))
            ]
            come = [
                row for row in new.get(key, []) if _said(row) not in map(_said, old.get(key, []))
            ]
            for one, other in zip(gone, come, strict=False):
                cells = tuple(
                    (column, one.get(column, ""), value)
                    for column, value in other.items()
                    if column not in _MADE and value != one.get(column, "")
                )
                found.append(Difference("changed", table, other, cells))
            found += [Difference("withdrawn", table, row) for row in gone[len(come) :]]
            found += [Difference("added", table, row) for row in come[len(gone) :]]
    return found


def _by_key(table: str, rows: Iterable[Row]) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row.get(c, "") for c in _KEYS.get(table, ("key",)))].append(row)
    return found


def _said(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((c, v) for c, v in row.items() if v and c not in _MADE))


def told(difference: Difference, places: Gazetteer, lang: Language) -> str:
    """A difference in a sentence."""
    name = _name(difference, places, lang)
    if difference.what != "changed":
        return say(f"import.{difference.what}", lang, name=name)
    cells = "; ".join(
        f"{heading(column, lang)} {was or '–'} → {now or '–'}"
        for column, was, now in difference.cells
    )
    return say("import.changed", lang, name=name, cells=cells)


def _name(difference: Difference, places: Gazetteer, lang: Language) -> str:
    row = difference.row
    if difference.table != "links":
        return row.get(f"label_{lang}") or row.get("label_fr") or row.get("key", "")
    keys = [party.partition("/")[2] for party in row["parties"].split(";")]
    names = [places[key].label(lang) if key in places else key for key in reversed(keys)]
    return f"{concept_label('link-kind', row['kind'], lang)} {' – '.join(names)}"
