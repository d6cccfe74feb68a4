"""The tables that people edit, read strictly: every fault at once, each with its place and fix.

A table is ``X.csv`` (RFC 4180, UTF-8) with ``X.csv-metadata.json`` beside it, a CSVW description
(W3C *Metadata Vocabulary for Tabular Data*, 2015) that names the terms of the ontology. The
library ``csvw`` reads descriptions and data types; lines are read by Python's ``csv`` in strict
mode, which alone tells where an unterminated quotation starts.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from csvw.metadata import Column, Schema
from csvw.metadata import Table as Description

from maillage.dates import bounds
from maillage.errors import BadTables, MaillageError, Position, TableFault
from maillage.folders import folder, given_bytes, house_text

__all__ = ["UNSEEN", "Cell", "Row", "Table", "read_folder", "read_table", "schema_of", "shown_path"]

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

# Types of CSVW whose values are texts, checked against a pattern alone.
_TEXTS = frozenset({"string", "normalizedString", "token"})

# What the library raises, or warns of, when a description is none; it checks some of it by assert.
_NO_DESCRIPTION = (
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    UserWarning,
    ValueError,
)

#: Longest text of one cell; longer ones are a quotation mark that was never closed.
CELL_LIMIT = 10_000

# Characters that change how a text is shown without being seen: bidirectional controls, zero
# width spaces and the byte order mark (Unicode Technical Report 36, section 2.5).
UNSEEN = frozenset(
    "\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


@dataclass(frozen=True)
class Cell:
    """What stands in one field of a row: its values (several where the column is a list)."""

    values: tuple[str, ...]
    position: Position


@dataclass(frozen=True)
class Row:
    """One line of a table, a claim with its evidence; only filled cells are kept, by column."""

    position: Position
    cells: dict[str, Cell]

    def one(self, column: str, default: str = "") -> str:
        """The single value of a column, or the default when the cell is empty."""
        cell = self.cells.get(column)
        return cell.values[0] if cell else default

    def all(self, column: str) -> tuple[str, ...]:
        """The values of a column, none when the cell is empty."""
        cell = self.cells.get(column)
        return cell.values if cell else ()


@dataclass(frozen=True)
class Table:
    """A table that was read: its CSVW schema and its rows."""

    name: str
    schema: Schema
    rows: tuple[Row, ...]

    @property
    def columns(self) -> list[Column]:
        """The described columns, the virtual ones (constants such as the class) included."""
        return list(self.schema.columns)

    def column(self, name: str) -> Column:
        """The description of one column."""
        return self.schema.columndict[name]


def read_folder(path: Path) -> list[Table]:
    """Read every table of a folder, in the order of their names.

    :raises BadTables: with all faults of all tables.
    :raises MaillageError: when the folder holds no table or a description cannot be read.
    """
    files = sorted(path.glob("*.csv"))
    if not files:
        raise MaillageError("no-tables", path=path)
    tables: list[Table] = []
    faults: list[TableFault] = []
    for file in files:
        try:
            tables.append(read_table(file))
        except BadTables as error:
            faults += error.faults
    if faults:
        raise BadTables(faults)
    return tables


def read_table(path: Path, name: str = "") -> Table:
    """Read one table with the description beside it or, failing that, the house's of that name.

    :param name: of the house's description to read it by, whatever the file is called.
    :raises BadTables: with all its faults, each with line and column.
    :raises MaillageError: when there is no description, or it is not CSVW.
    """
    schema = schema_of(folder("data") / f"{name}.csv" if name else path)
    columns = [column for column in schema.columns if not column.virtual]
    names = [str(column.name) for column in columns]
    readers = [_ColumnReader(column) for column in columns]
    shown = shown_path(path)
    faults: list[TableFault] = []
    rows: list[Row] = []
    seen: dict[tuple[str, ...], int] = {}
    lines = _lines(path, shown)
    header = next(lines, (1, []))[1]
    for sign in ";\t":
        if len(header) == 1 and sign in header[0]:
            place = Position(shown, 1)
            raise BadTables([TableFault(place, names[0], header[0], "separator")])
    _check_header(shown, header, names, faults)
    if faults:
        raise BadTables(faults)
    for line, fields in lines:
        place = Position(shown, line)
        if len(fields) != len(names):
            values: dict[str, object] = {"found": len(fields), "expected": len(names)}
            faults.append(TableFault(place, names[0], ",".join(fields), "width", values))
            continue
        if (first := seen.setdefault(tuple(fields), line)) != line:
            faults.append(TableFault(place, names[0], fields[0], "twice", {"line": first}))
            continue
        cells: dict[str, Cell] = {}
        for number, (reader, text) in enumerate(zip(readers, fields, strict=True), start=1):
            if text or reader.required:
                fault = reader.read(text, Position(shown, line, number), cells)
                if fault:
                    faults.append(fault)
        rows.append(Row(place, cells))
    if faults:
        raise BadTables(faults)
    return Table(name or path.stem, schema, tuple(rows))


def schema_of(path: Path) -> Schema:
    """The schema of a table, from the description beside it or the house's of that name.

    :raises MaillageError: when there is none, or it is not CSVW.
    """
    return _description(path).tableSchema


def shown_path(path: Path) -> str:
    """The name of a file as a person would type it from where they are."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _description(path: Path) -> Description:
    """The CSVW description of a table; what the library only warns of is refused."""
    beside = path.with_name(path.name + "-metadata.json")
    for house in (folder("data"), folder("data") / "gazetteer"):
        if not beside.is_file():
            beside = house / beside.name.lower()
    if not beside.is_file():
        known = sorted(p.name.removesuffix("-metadata.json") for p in folder("data").glob("*.json"))
        raise MaillageError("no-description", path=path, known=", ".join(known))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            described = Description.fromvalue(json.loads(house_text(beside)))
    except _NO_DESCRIPTION as error:
        raise MaillageError("bad-description", path=beside, reason=error) from error
    if isinstance(described.tableSchema, str):  # an address, which is never followed
        reason = f"tableSchema: {described.tableSchema}"
        raise MaillageError("bad-description", path=beside, reason=reason)
    return described


def _lines(path: Path, shown: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a file, each with the number of the line on which it starts."""
    raw = given_bytes(path).removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        bad = raw[error.start : error.start + 8].decode("latin-1")
        fault = TableFault(Position(shown, line), path.name, bad, "not-utf8")
        raise BadTables([fault]) from error
    # newline handling belongs to the csv module, which wants the line ends as they are
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = TableFault(
                Position(shown, start), path.name, "", "not-csv", {"reason": str(error)}
            )
            raise BadTables([fault]) from error
        if fields:  # an empty line is no record
            yield start, fields
        start = reader.line_num + 1


def _check_header(
    shown: str, header: Sequence[str], names: Sequence[str], faults: list[TableFault]
) -> None:
    """Refuse a header that is not exactly the described one; say which name was meant."""
    for number, name in enumerate(header, start=1):
        place = Position(shown, 1, number)
        if header.index(name) + 1 < number:
            faults.append(TableFault(place, name, name, "column-twice"))
        elif name not in names:
            close = get_close_matches(name.strip().casefold(), names, 1)
            known = ", ".join(close or names)
            faults.append(TableFault(place, name, name, "unknown-column", {"known": known}))
    faults.extend(
        TableFault(Position(shown, 1), name, "", "missing-column")
        for name in names
        if name not in header
    )
    if not faults and list(header) != list(names):
        order = ",".join(names)
        faults.append(
            TableFault(Position(shown, 1), header[0], "", "column-order", {"known": order})
        )


class _ColumnReader:
    """Reads the cells of one column; what its description asks is looked up once, not per cell."""

    def __init__(self, column: Column) -> None:
        self.name = str(column.name)
        self.required = bool(column.inherit("required"))
        self._separator: str | None = column.inherit("separator")
        datatype = column.inherit("datatype")
        self._datatype = datatype
        self._is_date = bool(datatype) and datatype.at_props.get("id") == EDTF
        self._is_text = datatype is None or (datatype.base in _TEXTS and not self._is_date)
        form = datatype.format if datatype and self._is_text else None
        self._form = re.compile(form) if form else None

    def read(self, text: str, position: Position, cells: dict[str, Cell]) -> TableFault | None:
        """Keep a good cell; return the fault of a bad one."""

        def fault(rule: str, value: str = text, **values: object) -> TableFault:
            return TableFault(position, self.name, value, rule, values)

        if not text:
            return fault("required") if self.required else None
        if len(text) > CELL_LIMIT:
            return fault("too-long", limit=CELL_LIMIT)
        if text != text.strip():
            return fault("spaces")
        if not (text.isascii() and text.isprintable()):
            if not unicodedata.is_normalized("NFC", text):
                return fault("not-nfc")
            if bad := [c for c in text if c in UNSEEN or unicodedata.category(c) == "Cc"]:
                return fault("unseen", code=f"U+{ord(bad[0]):04X}")
        parts = text.split(self._separator) if self._separator else [text]
        for part in parts:
            if not part or part != part.strip():
                return fault("empty-part", separator=self._separator)
            if wrong := self._wrong(part):
                return fault(*wrong) if wrong[0] == "date" else fault(*wrong, form=self._shape)
        if len(set(parts)) < len(parts):
            return fault("repeated", next(p for p in parts if parts.count(p) > 1))
        cells[self.name] = Cell(tuple(parts), position)
        return None

    def _wrong(self, part: str) -> tuple[str, str] | None:
        """The rule that a value breaks, with the value."""
        if self._is_text:
            if self._form and not self._form.fullmatch(part):
                return "form", part
            return None
        try:
            if self._is_date:
                bounds(part)
                return None
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the library warns of what it then refuses
                self._datatype.read(part)
        except (ValueError, ArithmeticError):
            return ("date" if self._is_date else "form"), part
        return None

    @property
    def _shape(self) -> str:
        return str(self._datatype.format or self._datatype.base)
