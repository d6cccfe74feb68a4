"""Rows that were made, as people would find them in a table, and passed as theirs are.

Nothing that comes from a file of others is trusted to be well formed: the rows are written as a
table, and read again by the reader of tables. A cell that it refuses goes, with its reason.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rdflib import URIRef

from maillage.cells import Cells, Left, Plan
from maillage.errors import BadTables
from maillage.mint import parse
from maillage.tables import read_table
from maillage.terms import ID

__all__ = ["RowText", "accepted", "row_text"]

#: A row as text: a cell for each column that is filled.
RowText = dict[str, str]

# What rows are sorted by, before source and place in the source; the others have a key.
_SORTED_BY: Final = {
    "links": ("kind", "parties", "proposed_for"),
    "participations": ("event", "participant", "role"),
    "identifications": ("name", "country", "level", "parent"),
}
_TRIES: Final = 5  # a cell that goes may leave two rows the same, which is a fault again


def row_text(plan: Plan, subject: URIRef, cells: Cells, evidence: Mapping[str, str]) -> RowText:
    """A row as text: the values of a list sorted, and joined as its column says."""
    row = {
        slot.name: (slot.separator or ";").join(sorted(cells[slot.name]))
        for slot in plan.slots
        if cells.get(slot.name)
    }
    if plan.columns[0] == "key" and (named := parse(subject)):
        row["key"] = named.key
    return row | {name: text for name, text in evidence.items() if text}


def accepted(plan: Plan, rows: Iterable[RowText]) -> tuple[list[RowText], list[Left]]:
    """The rows that a table takes, sorted and each once, and what it refuses of them."""
    once = dict.fromkeys(tuple(sorted(row.items())) for row in rows)
    kept = sorted((dict(row) for row in once), key=lambda row: _order(plan, row))
    refused: list[Left] = []
    with TemporaryDirectory() as place:
        path = Path(place) / f"{plan.table}.csv"
        for _ in range(_TRIES):
            _write(path, plan, kept)
            try:
                read_table(path, plan.table)
            except BadTables as error:
                kept = _mended(plan, kept, error, refused)
            else:
                return kept, refused
    return [], refused


def _write(path: Path, plan: Plan, rows: Iterable[RowText]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, plan.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _mended(
    plan: Plan, rows: list[RowText], error: BadTables, refused: list[Left]
) -> list[RowText]:
    """The rows without the cells that are refused, and without those that need such a cell."""
    required = {slot.name for slot in plan.slots if slot.required}
    gone = set()
    for fault in error.faults:
        number = fault.position.line - 2  # no cell has two lines, and the first is the header
        thing = f"{ID}{plan.kind}/{rows[number].get('key', '')}"
        if fault.rule != "twice":
            key = f"table.{fault.rule}"
            refused.append(Left(thing, fault.column, fault.value, key, fault.values))
        if fault.rule == "twice" or fault.column in required:
            gone.add(number)
        else:
            rows[number].pop(fault.column, None)
    return [row for number, row in enumerate(rows) if number not in gone]


def _order(plan: Plan, row: Mapping[str, str]) -> tuple[object, ...]:
    keys = tuple(row.get(name, "") for name in _SORTED_BY.get(plan.table, ("key",)))
    start = int((row.get("chars") or "0").partition("-")[0])
    cells = [row.get(name, "") for name in plan.columns]
    return (*keys, row.get("source", ""), start, row.get("certainty", ""), cells)
