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
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from csvw.metadata import Column, Schema
from csvw.metadata import Table as Description

from maillage.collector import undisturbed
from maillage.errors import BadTables, MaillageError, Position, TableFault
from maillage.fields import Fields, Wrong
from maillage.folders import folder, given_bytes, house_text
from maillage.rows import Field, Layout, Row

__all__ = ["Table", "read_folder", "read_table", "schema_of", "shown_path"]

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


@undisturbed()
def read_table(path: Path, name: str = "") -> Table:
    """Read one table with the description beside it or, failing that, the house's of that name.

    :param name: of the house's description to read it by, whatever the file is called.
    :raises BadTables: with all its faults, each with line and column.
    :raises MaillageError: when there is no description, or it is not CSVW.
    """
    schema = schema_of(folder("data") / f"{name}.csv" if name else path)
    shown = shown_path(path)
    layout = Layout.of(schema, shown)
    names = layout.names
    wrong: list[Wrong] = []
    columns = [
        Fields(number, column, wrong)
        for number, column in enumerate(c for c in schema.columns if not c.virtual)
    ]
    faults: list[TableFault] = []
    rows: list[Row] = []
    seen: dict[tuple[Field, ...], int] = {}
    lines = _lines(path, shown)
    header = next(lines, (1, []))[1]
    for sign in ";\t":
        if len(header) == 1 and sign in header[0]:
            place = Position(shown, 1)
            raise BadTables([TableFault(place, names[0], header[0], "separator")])
    _check_header(shown, header, names, faults)
    if faults:
        raise BadTables(faults)
    for line, texts in lines:
        if len(texts) != len(names):
            values: dict[str, object] = {"found": len(texts), "expected": len(names)}
            place = Position(shown, line)
            faults.append(TableFault(place, names[0], ",".join(texts), "width", values))
            continue
        fields = tuple([column[text] for column, text in zip(columns, texts, strict=True)])
        # a line with faults may be there twice, too: it is known by what it says
        if (first := seen.setdefault(tuple(texts) if wrong else fields, line)) != line:
            place = Position(shown, line)
            faults.append(TableFault(place, names[0], texts[0], "twice", {"line": first}))
        elif wrong:
            faults.extend(
                TableFault(Position(shown, line, number + 1), names[number], value, rule, more)
                for number, value, rule, more in wrong
            )
        else:
            rows.append(Row(layout, line, fields))
        wrong.clear()
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
    _check_encoding(raw, path, shown)
    # newline handling belongs to the csv module, which wants the line ends as they are
    text = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8", newline="")
    reader = csv.reader(text, strict=True)
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


def _check_encoding(raw: bytes, path: Path, shown: str) -> None:
    """Refuse what is not UTF-8; line by line, so that the text is never all in memory."""
    before = 0
    for number, line in enumerate(io.BytesIO(raw), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            start = before + error.start
            bad = raw[start : start + 8].decode("latin-1")
            fault = TableFault(Position(shown, number), path.name, bad, "not-utf8")
            raise BadTables([fault]) from error
        before += len(line)


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
