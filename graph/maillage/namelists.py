"""Lists of names that people have: a column of a spreadsheet, a CSV of any separator, plain lines.

What a column is for is read from its heading, in French, English or Chinese; a file without a
heading that we know is a list with one name a line. Everything is text here: a formula is shown
for what it is, never computed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from maillage.errors import BadTables, MaillageError, Position, TableFault
from maillage.grids import FIELD, decoded, is_workbook, point, workbook_grids
from maillage.match import Hints
from maillage.spelling import key
from maillage.tables import shown_path

__all__ = ["ROLES", "NameList", "read_names"]

#: What a column may be for, and the headings that say so (:func:`maillage.spelling.key`).
ROLES: Final[Mapping[str, frozenset[str]]] = {
    role: frozenset(map(key, headings.split("|")))
    for role, headings in {
        "name": "name|nom|lieu|place|city|ville|commune|collectivité|territoire|toponyme"
        "|nom du lieu|place name|local authority|名称|地名|城市|地方政府|nom de la collectivité",
        "country": "country|pays|国家|国|country name|code pays|country code|nation|state of",
        "level": "level|niveau|échelon|type de collectivité|type|级别|层级|nature",
        "parent": "parent|province|région|region|département|state|admin1|上级|省|within|dans"
        "|territoire parent|parent territory|上级区域",
        "language": "language|langue|lang|语言",
        "lat": "lat|latitude|纬度",
        "lng": "lng|lon|long|longitude|经度",
    }.items()
}


@dataclass(frozen=True)
class NameList:
    """A table with a column of names.

    :ivar header: its headings; a list of plain lines has one, ``name``.
    :ivar rows: its rows, all as wide as the header.
    :ivar roles: which column is for what, by number.
    """

    header: tuple[str, ...]
    rows: list[tuple[str, ...]]
    roles: Mapping[str, int]

    def asked(self, defaults: Hints) -> list[tuple[str, Hints]]:
        """The names with their hints; an empty cell takes the default."""
        at = self.roles
        lat, lng = at.get("lat"), at.get("lng")

        def text(row: Sequence[str], role: str, default: str) -> str:
            return (row[at[role]].strip() if role in at else "") or default

        found = []
        for row in self.rows:
            there = (None, None) if lat is None or lng is None else point(row[lat], row[lng])
            hints = Hints(
                text(row, "country", defaults.country),
                text(row, "level", defaults.level),
                text(row, "parent", defaults.parent),
                text(row, "language", defaults.language),
                *there,
            )
            found.append((row[at["name"]], hints))
        return found


def read_names(
    raw: bytes,
    path: Path,
    columns: Mapping[str, str] | None = None,
    encoding: str = "",
    row: Callable[[int], None] = lambda _: None,
) -> NameList:
    """Read a list of names.

    :param path: its name, for messages and for its suffix (``.xlsx`` or text).
    :param columns: roles (:data:`ROLES`) to headings, where the headings do not say themselves.
    :param encoding: of a text that has no mark of its own; UTF-8 when empty.
    :param row: told the number of rows read, now and then.
    :raises BadTables: when it is not the text that it seems to be, with the line.
    :raises MaillageError: when a heading is asked for that is not there, or nothing is.
    """
    if is_workbook(raw, path):
        # the first sheet; a formula comes as it is written, so that nothing is computed
        grids = workbook_grids(raw, path)
        table = [list(cells) for _, cells in grids[0].lines] if grids else []
    else:
        table = _from_text(decoded(raw, path, encoding), path, columns or {})
    table = [cells for cells in table if any(cell.strip() for cell in cells)]
    if not table:
        raise MaillageError("empty-list", path=shown_path(path))
    width = max(map(len, table))
    rows = [tuple(cells) + ("",) * (width - len(cells)) for cells in table]
    header, roles = _headings(rows[0], columns or {}, path)
    if header is None:
        header = ("name", *(f"column_{n}" for n in range(2, width + 1)))
        rows.insert(0, header)
    row(len(rows) - 1)
    return NameList(header, rows[1:], roles)


def _headings(
    first: tuple[str, ...], columns: Mapping[str, str], path: Path
) -> tuple[tuple[str, ...] | None, Mapping[str, int]]:
    """The header and the roles of its columns; no header where the first line is a name."""
    roles: dict[str, int] = {}
    for role, heading in columns.items():
        if heading not in first:
            known = ", ".join(first)
            raise MaillageError("no-heading", path=shown_path(path), heading=heading, known=known)
        roles[role] = first.index(heading)
    for number, heading in enumerate(first):
        for role, words in ROLES.items():
            if role not in roles and number not in roles.values() and key(heading) in words:
                roles[role] = number
    if "name" in roles:
        return first, roles
    if roles and len(first) > 1:
        raise MaillageError("no-name-column", path=shown_path(path), known=", ".join(first))
    return None, {"name": 0}


def _from_text(text: str, path: Path, columns: Mapping[str, str]) -> list[list[str]]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count) if any(map(first.count, ",;\t")) else ","
    # a list of plain lines: a comma in a name is the name's
    known = frozenset[str]().union(*ROLES.values())
    heads = [key(cell.strip('"')) for cell in first.split(separator)]
    # so is a comma below a heading that has none
    if not columns and (known.isdisjoint(heads) or len(heads) == 1):
        return [[line.strip().strip('"')] for line in text.splitlines()]
    limit = csv.field_size_limit(FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    rows = []
    try:
        for cells in reader:
            rows.append(cells)
            if len(cells) > len(rows[0]):
                values: dict[str, object] = {"found": len(cells), "expected": len(rows[0])}
                place, shown = Position(shown_path(path), start), separator.join(cells)
                raise BadTables([TableFault(place, path.name, shown, "width", values)])
            start = reader.line_num + 1
    except csv.Error as error:
        place = Position(shown_path(path), start)
        fault = TableFault(place, path.name, "", "not-csv", {"reason": str(error)})
        raise BadTables([fault]) from error
    finally:
        csv.field_size_limit(limit)
    return rows
