"""The network as three CSV tables, for Gephi's spreadsheet import and for spreadsheets.

Text that a spreadsheet would run as a formula starts with one more apostrophe, taken off again
when the table is read here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile, ZipInfo

from maillage.errors import MaillageError, Refused
from maillage.flat import TYPE_NAMES, Attributes, dumps, flatten, rebuild, written
from maillage.words import Language

if TYPE_CHECKING:
    from maillage.network import LinkGraph

__all__ = ["pack", "read_tables", "unpack", "write_tables"]

_FORMULA: Final = tuple("'=+-@\t\r＝＋－＠")  # full width: formulas in CJK locales
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?")
# A ZIP of a few kilobytes may hold gigabytes of zeros.
_LARGEST: Final = 512 * 1024 * 1024


def write_tables(graph: LinkGraph, lang: Language = "en") -> dict[str, bytes]:
    """The network as three CSV tables, by file name, for Gephi and for spreadsheets.

    ``nodes.csv`` and ``edges.csv`` have the headers that Gephi looks for; ``graph.csv`` says the
    type of each column and holds the attributes of the graph as a whole.

    :raises Refused: as :func:`maillage.exchange.write_graph`.
    """
    flat = flatten(graph, lang)
    node_types = _filled(flat.node_types, (row for _, _, row in flat.nodes))
    edge_types = _filled(flat.edge_types, (row for _, row in flat.edges))
    nodes = [["Id", "Label", *node_types]]
    for node, label, row in flat.nodes:
        nodes.append([node, label, *_cells(row, node_types)])
    edges = [["Source", "Target", "Type", "Id", "Label", "link", *edge_types]]
    for edge, row in flat.edges:
        key = written(edge.key)
        ends = [edge.source, edge.target, "Undirected", edge.id, edge.label, key]
        edges.append([*ends, *_cells(row, edge_types)])
    about = [["part", "name", "datatype", "value"]]
    for name, value in flat.graph.items():
        about.append(["graph", name, TYPE_NAMES[type(value)], written(value)])
    about.append(["edge", "link", TYPE_NAMES[flat.key_type], ""])
    for part, types in (("node", node_types), ("edge", edge_types)):
        about += [[part, name, datatype, ""] for name, datatype in types.items()]
    return {"nodes.csv": _csv(nodes), "edges.csv": _csv(edges), "graph.csv": _csv(about)}


def _filled(types: Mapping[str, type], rows: Iterable[Attributes]) -> dict[str, str]:
    """Columns and their types; text that may be empty is quoted as JSON.

    In a table an empty cell says that there is no value, so an empty text must look different.
    """
    empty = {name for row in rows for name, value in row.items() if value == ""}
    return {name: "quoted" if name in empty else TYPE_NAMES[kind] for name, kind in types.items()}


def _cells(row: Attributes, types: Mapping[str, str]) -> list[str]:
    def cell(name: str, datatype: str) -> str:
        if name not in row:
            return ""
        return dumps(row[name]) if datatype == "quoted" else written(row[name])

    return [cell(name, datatype) for name, datatype in types.items()]


def _csv(rows: list[list[str]]) -> bytes:
    return "".join(",".join(map(_cell, row)) + "\n" for row in rows).encode()


def _cell(text: str) -> str:
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        text = "'" + text
    # By hand: which characters make Python's writer quote a cell differs between its versions.
    return '"' + text.replace('"', '""') + '"' if re.search('[",\r\n]', text) else text


def read_tables(tables: Mapping[str, bytes]) -> LinkGraph:
    """Read ``nodes.csv`` and ``edges.csv``, and ``graph.csv`` where there is one, back to a graph.

    :raises MaillageError: when one of the first two is missing.
    """
    for name in ("nodes.csv", "edges.csv"):
        if name not in tables:
            raise MaillageError("graph-unreadable", format="csv", reason=name)
    attributes: Attributes = {}
    types: dict[tuple[str, str], str] = {}
    for row in _rows(tables.get("graph.csv", b"")):
        if row["part"] == "graph":
            attributes[row["name"]] = _value(row["value"], row["datatype"])
        else:
            types[row["part"], row["name"]] = row["datatype"]

    def values(part: str, row: dict[str, str], special: frozenset[str]) -> Attributes:
        return {
            name: _value(cell, types.get((part, name), "string"))
            for name, cell in row.items()
            if cell and name.lower() not in special
        }

    def named(row: dict[str, str], header: str) -> str:
        return next(cell for name, cell in row.items() if name.lower() == header)

    def key(row: dict[str, str]) -> Any:
        if "link" in row:
            return _value(row["link"], types.get(("edge", "link"), "string"))
        return named(row, "id")

    nodes = [
        (named(row, "id"), values("node", row, frozenset({"id", "label"})))
        for row in _rows(tables["nodes.csv"])
    ]
    special = frozenset({"source", "target", "type", "id", "label", "link"})
    edges = [
        (
            named(row, "source"),
            named(row, "target"),
            key(row),
            values("edge", row, special),
        )
        for row in _rows(tables["edges.csv"])
    ]
    return rebuild(attributes, nodes, edges)


def _rows(table: bytes) -> list[dict[str, str]]:
    text = table.decode("utf-8-sig")
    before = csv.field_size_limit(max(len(text), 1))  # evidence may fill more than 131,072
    try:
        header, *rows = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    finally:
        csv.field_size_limit(before)
    header = [_armed(name) for name in header]
    return [dict(zip(header, map(_armed, row), strict=True)) for row in rows]


def _armed(cell: str) -> str:
    """Undo what :func:`_cell` puts before a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _value(cell: str, datatype: str) -> Any:
    if datatype == "boolean":
        return cell == "true"
    if datatype == "quoted":
        return json.loads(cell)
    return {"long": int, "double": float}.get(datatype, str)(cell)


def pack(tables: Mapping[str, bytes]) -> bytes:
    """Put tables in one ZIP, the same bytes each time."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, table in tables.items():
            # No date and no compression: both would differ from machine to machine.
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, table)
    return packed.getvalue()


def unpack(packed: bytes) -> dict[str, bytes]:
    """Take the tables out of a ZIP.

    :raises Refused: when they would fill the memory.
    """
    with ZipFile(io.BytesIO(packed)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
            raise Refused("graph-too-large", megabytes=_LARGEST // 1024 // 1024)
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}
