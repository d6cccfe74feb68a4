"""Tables as people have them: sheets of a workbook, a CSV of any separator, records in JSON.

Everything is text here, as it is shown: a formula is never computed, a date of a spreadsheet
becomes ``2015-03-12``. A merged cell stands in each of the cells that it covers, because that is
what it means. Nothing is dropped: what a row says and where it stands go on together.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from maillage.errors import BadTables, MaillageError, Position, TableFault
from maillage.fields import UNSEEN
from maillage.folders import LARGEST
from maillage.tables import shown_path

if TYPE_CHECKING:  # openpyxl is slow to import, and few files are workbooks
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "Grid",
    "Line",
    "Sheet",
    "clean",
    "decoded",
    "is_workbook",
    "read_grids",
    "workbook_grids",
]

#: A row as it stands in a file: its number, counted from 1, and its cells.
Line = tuple[int, tuple[str, ...]]

# Longest field that is read at all; a longer one is a quotation mark that was never closed.
FIELD: Final = 1_000_000
# Largest content of a workbook once unpacked: far above what people make.
_UNPACKED: Final = 1_000_000_000
# A merged area of more cells than this is decoration; the library makes a cell of each one, so that
# some millions of them are refused before it is asked.
_MERGED: Final = 10_000
_MOST_MERGED: Final = 3_000_000
_AREA: Final = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
# Columns of the widest sheet (Excel specifications and limits); more is no table.
_WIDEST: Final = 16_384
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What openpyxl and what it reads with raise on files that are damaged, locked or none; the faults
# of either XML parser that it may use are syntax errors.
DAMAGED: Final = (
    AttributeError,
    BadZipFile,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)
# The first bytes of files that are no tables, and the words that say what they are.
_OTHERS: Final = (
    (b"\xd0\xcf\x11\xe0", "old-workbook"),
    (b"%PDF", "not-a-table"),
    (b"\x89PNG", "not-a-table"),
    (b"\x1f\x8b", "not-a-table"),
)
# Well-known text of a point, as query services write it: longitude first (OGC 06-103r4, 7.2.2).
_WKT: Final = re.compile(r"point\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", re.IGNORECASE)
_POLE: Final = 90  # degrees
# Keys under which a service lists its records, and under which a record keeps its fields.
_LISTS: Final = ("records", "results", "data", "items", "features", "rows")
_FIELDS: Final = ("fields", "properties", "record", "attributes")


@dataclass(frozen=True)
class Grid:
    """One table as it lies in a file, its headings not yet known.

    :ivar name: of the sheet; empty where a file has one table only.
    :ivar lines: its rows that are not blank, with their numbers.
    """

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Sheet:
    """A table with its headings.

    :ivar name: of the sheet; empty where a file has one table only.
    :ivar headings: one for each column.
    :ivar rows: line number and cells, as many as there are headings.
    """

    name: str
    headings: tuple[str, ...]
    rows: list[Line]


def read_grids(
    raw: bytes,
    path: Path,
    encoding: str = "",
    known: Callable[[object], Grid | None] = lambda _: None,
) -> list[Grid]:
    """Read the tables of a file, by what it is: workbook, JSON, or text with separators.

    :param path: its name, for messages. :param encoding: of a text that bears no mark of its own.
    :param known: reads a JSON document of a form of its own, or says nothing.
    :raises BadTables: when a text is not what it seems to be, with the line.
    :raises MaillageError: when the file is no table at all.
    """
    shown = shown_path(path)
    if len(raw) > LARGEST:
        raise MaillageError("too-large", path=shown, limit=LARGEST // 1_000_000)
    for start, key in _OTHERS:
        if raw.startswith(start):
            raise MaillageError(key, path=shown)
    if is_workbook(raw, path):
        grids = workbook_grids(raw, path)
    else:
        text = decoded(raw, path, encoding)
        if "\0" in text:
            raise MaillageError("not-a-table", path=shown)
        if text.lstrip()[:1] in {"{", "["}:
            document = _parsed(text, shown)
            grids = [known(document) or Grid("", _records(document, shown))]
        elif text.lstrip()[:1] == "<":
            raise MaillageError("not-a-table", path=shown)
        else:
            grids = [Grid("", list(_separated(text, path)))]
    grids = [Grid(grid.name, [line for line in grid.lines if any(line[1])]) for grid in grids]
    grids = [grid for grid in grids if grid.lines]
    if not grids:
        raise MaillageError("empty-list", path=shown)
    return grids


def is_workbook(raw: bytes, path: Path) -> bool:
    """Whether a file is a workbook of the kind that can be read (Office Open XML)."""
    return path.suffix.lower() in {".xlsx", ".xlsm"} or raw.startswith(b"PK\x03\x04")


def decoded(raw: bytes, path: Path, encoding: str = "") -> str:
    """The text of a file: by its byte order mark, else in the encoding asked for, else UTF-8.

    :raises BadTables: when it is not in that encoding, with the line.
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            encoding = name
    try:
        return raw.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        bad = raw[error.start : error.start + 8].decode("latin-1")
        fault = TableFault(Position(shown_path(path), line), path.name, bad, "not-utf8")
        raise BadTables([fault]) from error
    except LookupError as error:
        raise MaillageError("no-encoding", encoding=encoding) from error


def workbook_grids(raw: bytes, path: Path) -> list[Grid]:
    """The sheets of a workbook, those that are hidden left out.

    :raises MaillageError: when it is damaged, or unpacks to more than a workbook of people's does.
    """
    from openpyxl import load_workbook

    try:
        with ZipFile(io.BytesIO(raw)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
            if unpacked > _UNPACKED:
                values = {"path": shown_path(path), "limit": _UNPACKED // 1_000_000}
                raise MaillageError("too-large", **values)
            if any(_merged(packed.read(entry)) > _MOST_MERGED for entry in _sheets(packed)):
                raise MaillageError("merged-too-far", path=shown_path(path))
        # merged cells are known only when the whole book is read
        book = load_workbook(io.BytesIO(raw), data_only=False)
        grids = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            grids.append(Grid(sheet.title, _lines_of(sheet)))
    except DAMAGED as error:
        raise MaillageError("not-a-workbook", path=shown_path(path)) from error
    return grids


def _sheets(packed: ZipFile) -> list[ZipInfo]:
    return [entry for entry in packed.infolist() if entry.filename.startswith("xl/worksheets/")]


def _merged(sheet: bytes) -> int:
    """How many cells the merged areas of a sheet cover."""
    from openpyxl.utils import column_index_from_string as number

    return sum(
        (number(right.decode()) - number(left.decode()) + 1) * (int(bottom) - int(top) + 1)
        for left, top, right, bottom in _AREA.findall(sheet)
    )


def _lines_of(sheet: Worksheet) -> list[Line]:
    """The rows of a sheet, as wide as its widest; merged cells in each place that they cover.

    Only cells that are there are looked at: a sheet whose columns were formatted down to the last
    row has a million rows of nothing.
    """
    values = {
        place: shown
        for place, cell in sheet._cells.items()  # noqa: SLF001  # no public way skips what is empty
        if (shown := _shown(cell.value))
    }
    for area in sheet.merged_cells.ranges:
        value = values.get((area.min_row, area.min_col), "")
        if value and area.size["rows"] * area.size["columns"] <= _MERGED:
            for row in range(area.min_row, area.max_row + 1):
                for column in range(area.min_col, area.max_col + 1):
                    values[row, column] = value
    width = max((column for _, column in values), default=0)
    rows: dict[int, list[str]] = {}
    for (row, column), value in sorted(values.items()):
        rows.setdefault(row, [""] * width)[column - 1] = value
    return [(number, tuple(cells)) for number, cells in rows.items()]


def _shown(value: object) -> str:
    """A value of a spreadsheet as text; white space around it is nobody's meaning."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value))


def clean(text: str) -> str:
    """A text without what nobody sees: marks of direction, zero widths, controls, double spaces.

    >>> clean("Nîmes\u200b \u00a0(Gard)")
    'Nîmes (Gard)'
    """
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        text = "".join(
            c for c in text if c not in UNSEEN and (c.isspace() or unicodedata.category(c) != "Cc")
        )
    return " ".join(text.split())


def _separated(text: str, path: Path) -> Iterator[Line]:
    """The records of a text, each with the number of the line on which it starts."""
    separator = _separator(text)
    shown = shown_path(path)
    limit = csv.field_size_limit(FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            if len(cells) > _WIDEST:
                place, values = Position(shown, start), {"limit": _WIDEST}
                raise BadTables([TableFault(place, path.name, "", "too-wide", {**values})])
            yield start, tuple(map(clean, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        fault = TableFault(Position(shown, start), path.name, "", "not-csv", {"reason": str(error)})
        raise BadTables([fault]) from error
    finally:
        csv.field_size_limit(limit)


def _separator(text: str) -> str:
    """The sign that splits the lines of a text most evenly; a comma when none does."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    # a separator stands on most lines; a comma in a title or in a number does not
    return max(",;\t", key=lambda sign: (sum(sign in line for line in lines), text.count(sign)))


def _parsed(text: str, shown: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = "[[[[…" if isinstance(error, RecursionError) else error
        raise MaillageError("bad-json", path=shown, reason=reason) from error


def _records(document: object, shown: str) -> list[Line]:
    """Records in JSON as a table: the first line holds the names of the fields."""
    records = [_fields(record) for record in _listed(document)]
    flat = [_flat(record) for record in records if isinstance(record, dict)]
    if not flat or len(flat) < len(records):
        raise MaillageError("no-records", path=shown)
    headings = list(dict.fromkeys(name for record in flat for name in record))
    rows = [tuple(record.get(name, "") for name in headings) for record in flat]
    # a record has no line of its own: it is counted, the headings being the first
    return [(1, tuple(headings)), *((n, row) for n, row in enumerate(rows, start=2))]


def _listed(document: object) -> Sequence[object]:
    """The records of a document: itself when it is a list, else the list that it holds."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        for name in _LISTS:
            if isinstance(document.get(name), list):
                return document[name]  # type: ignore[no-any-return]  # just seen to be a list
        return [document]
    return []


def _fields(record: object) -> object:
    if isinstance(record, dict):
        for name in _FIELDS:
            if isinstance(record.get(name), dict):
                return record[name]
    return record


def _flat(record: Mapping[str, object], before: str = "") -> dict[str, str]:
    """One level of names: what is nested gets its path, what is listed is joined by ``;``."""
    found: dict[str, str] = {}
    for name, value in record.items():
        heading = f"{before}{name}".strip()
        if isinstance(value, dict):
            found |= _flat(value, f"{heading} · ")
        elif isinstance(value, list):
            parts = [_flat({"": part}) for part in value]
            found[heading] = "; ".join(text for part in parts for text in part.values() if text)
        else:
            found[heading] = _shown(value)
    return found


def point(lat: str, lng: str, wkt: str = "") -> tuple[float | None, float | None]:
    """A point of the globe (WGS 84, degrees), or none when what is written is no such point.

    >>> point("48,85", "2.35"), point("", "", "Point(104.06 30.66)"), point("95", "3")
    ((48.85, 2.35), (30.66, 104.06), (None, None))
    """
    if found := _WKT.fullmatch(wkt.strip()):
        lng, lat = found[1], found[2]
    try:
        y, x = float(lat.replace(",", ".")), float(lng.replace(",", "."))
    except ValueError:
        return None, None
    if math.isfinite(x) and math.isfinite(y) and abs(y) <= _POLE and abs(x) <= 2 * _POLE:
        return y, x
    return None, None
