"""Tables of a gazetteer that a person hands in: every cell, every key, every reference.

They are no tables of claims (:mod:`maillage.settle` makes claims of their rows), so that they are
looked at here as tables: what a cell may hold is in their descriptions, what it refers to must
stand in the file itself or in the gazetteers.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from maillage.errors import BadTables, TableFault
from maillage.folders import folder
from maillage.gazetteer import FILES, Gazetteer, gazetteer
from maillage.rows import Row
from maillage.tables import Table, read_table

__all__ = ["is_register", "look_through"]

#: The tables of the gazetteers, by name.
_NAMES: Final = frozenset(name for names in FILES.values() for name in names)
# Columns that hold keys of places, and what stands before a key there.
_PLACES: Final = ("country", "parent", "place", "before", "after")


def is_register(path: Path) -> bool:
    """Whether a file is, by its name, a table of a gazetteer.

    >>> is_register(Path("data/gazetteer/fr-places.csv")), is_register(Path("links.csv"))
    (True, False)
    """
    return path.stem in _NAMES


def look_through(path: Path, places: Gazetteer | None = None) -> int:
    """Read a table of a gazetteer, and see that all that it refers to is there.

    :returns: how many rows it has.
    :raises BadTables: with every fault, each with its line and column.
    """
    table = read_table(path)
    known = places or gazetteer()
    own = {row.one("key") for row in table.rows}
    sources = {
        row.one("key") for row in read_table(folder("data") / "gazetteer" / "sources.csv").rows
    }
    faults = [f for row in table.rows for f in _faults(row, known, own, sources)]
    faults += _twice(table)
    if faults:
        raise BadTables(faults)
    return len(table.rows)


def _faults(row: Row, known: Gazetteer, own: set[str], sources: set[str]) -> Iterator[TableFault]:
    for column in _PLACES:
        for key in row.all(column):
            if key not in known and key not in own:
                yield _unknown(row, column, key, "place", list(known.places))
    source = row.one("source")
    if source not in sources:
        yield _unknown(row, "source", source, "source", list(sources))


def _unknown(row: Row, column: str, key: str, kind: str, keys: list[str]) -> TableFault:
    close = ", ".join(get_close_matches(key, keys, 3, 0.8)) or "-"
    values: dict[str, object] = {"kind": kind, "close": close}
    return TableFault(row.cells[column].position, column, key, "unknown-reference", values)


def _twice(table: Table) -> Iterator[TableFault]:
    """Keys that two rows of one table have."""
    first: dict[str, int] = {}
    for row in table.rows:
        if key := row.one("key"):
            line = first.setdefault(key, row.position.line)
            if line != row.position.line:
                where = row.cells["key"].position
                yield TableFault(where, "key", key, "twice", {"line": line})
