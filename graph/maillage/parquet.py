"""The graph as partitioned Parquet, for Spark, DuckDB, Polars and whatever else reads columns.

A table is a folder; a table that is partitioned has a folder for each value of one column
(``links/kind=twinning/part-0.parquet``), as Hive names them, so that all engines read one kind or
one country without the others. ``datapackage.json`` beside them describes each table and column in
three languages (Frictionless Data Package 2.0); each file names the version of that description in
its metadata.

Rows are made in one walk through the canonical N-Quads and written in groups, so that memory does
not grow with the number of links. The same graph and the same version of pyarrow give the same
bytes.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from maillage.errors import MaillageError
from maillage.facts import facts
from maillage.folders import sha256_of
from maillage.parquetrows import Row, known, rows
from maillage.terms import BASE
from maillage.words import LANGUAGES, TAGS, say

__all__ = [
    "DESCRIPTION",
    "README",
    "Column",
    "Written",
    "columns",
    "need_pyarrow",
    "write_parquet",
    "write_tables",
]

#: The file that describes the tables, under the name that Frictionless gives it.
DESCRIPTION: Final = "datapackage.json"
#: What a person reads first; a folder without it is none of ours.
README: Final = "MAILLAGE-PARQUET.txt"

_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
#: What Hive, and every engine after it, calls a partition whose value is null.
_NULL: Final = "__HIVE_DEFAULT_PARTITION__"
#: Rows in a group: what an engine reads, and we hold, at once.
_GROUP: Final = 1 << 16

_FRICTIONLESS: Final = {
    "string": "string",
    "strings": "list",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
}


class Column(NamedTuple):
    """A column as it stands in a file: name, type (as in ``parquet.toml``), meaning, unit."""

    name: str
    type: str
    meaning: Mapping[str, str]
    unit: str | None = None


class Written(NamedTuple):
    """A file of a table: its path within the folder, and how many rows it has."""

    path: str
    rows: int


@cache
def _described() -> Mapping[str, Any]:
    text = files("maillage").joinpath("parquet.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def columns(table: str) -> Iterator[Column]:
    """The columns of a table in order, the one that is in the names of folders last."""
    about = _described()["tables"][table]
    for name in [*about["columns"], *filter(None, [about.get("partition")])]:
        column = _described()["columns"][name]
        meaning: dict[str, str] = {lang: column[lang] for lang in LANGUAGES}
        kind = column["type"]
        if kind == "texts":
            for lang in LANGUAGES:
                yield Column(f"{name}_{lang}", "string", _suffixed(meaning, f" ({TAGS[lang]})"))
        elif kind == "edtf":
            yield Column(name, "string", _filled(meaning, "edtf"))
            yield Column(f"{name}_earliest", "date", _filled(meaning, "earliest"))
            yield Column(f"{name}_latest", "date", _filled(meaning, "latest"))
            yield Column(f"{name}_all", "strings", _filled(meaning, "all"))
        else:
            yield Column(name, kind, meaning, column.get("unit"))


def _suffixed(meaning: Mapping[str, str], suffix: str) -> dict[str, str]:
    return {lang: text + suffix for lang, text in meaning.items()}


def _filled(meaning: Mapping[str, str], suffix: str) -> dict[str, str]:
    sentences = _described()["suffixes"][suffix]
    return {lang: sentences[lang].format(text) for lang, text in meaning.items()}


def need_pyarrow() -> None:
    """Make sure that Parquet can be written here.

    :raises MaillageError: with what to install.
    """
    if find_spec("pyarrow") is None:
        raise MaillageError("needs-extra", package="pyarrow", extra="parquet")


def write_parquet(nquads: Path, out: Path, release: str) -> dict[str, list[Written]]:
    """Write every table, and their description, into an empty folder.

    :param nquads: canonical N-Quads of the graph.
    :param out: a folder that exists; whoever calls puts it in its place afterwards.
    :param release: the name of the release, for the metadata of the files.
    :returns: the files of each table.
    :raises MaillageError: when pyarrow is missing, or the N-Quads cannot be read.
    """
    try:
        return write_tables(rows(facts(nquads), known(nquads)), out, release)
    except (SyntaxError, ValueError) as error:
        raise MaillageError("parquet-unmade", file=nquads.name, reason=error) from error


def write_tables(
    told: Iterable[tuple[str, Row]], out: Path, release: str
) -> dict[str, list[Written]]:
    """Write rows into their tables, and the description beside them.

    :param told: names of tables and rows of theirs, as :func:`maillage.parquetrows.rows` gives.
    :param out: an empty folder, as for :func:`write_parquet`; the files of each table come back.
    :raises MaillageError: when pyarrow is missing.
    """
    need_pyarrow()
    made = {name: _Table(name, out, release) for name in _described()["tables"]}
    for table, row in told:
        made[table].add(row)
    written = {name: table.close() for name, table in made.items()}
    (out / DESCRIPTION).write_bytes(_package(out, written, release))
    texts = [say("publish.parquet", lang, base=BASE, release=release) for lang in LANGUAGES]
    (out / README).write_bytes("\n\n\n".join(texts).encode() + b"\n")
    return written


class _Table:
    """A table on its way to its files, one for each partition."""

    def __init__(self, name: str, out: Path, release: str) -> None:
        import pyarrow as pa

        types = {
            "string": pa.string(),
            "strings": pa.list_(pa.string()),
            "integer": pa.int32(),
            "number": pa.float64(),
            "boolean": pa.bool_(),
            "date": pa.date32(),
        }
        about = _described()["tables"][name]
        self._name, self._out = name, out
        self._partition: str | None = about.get("partition")
        self._schema = pa.schema(
            [
                pa.field(
                    column.name,
                    types[column.type],
                    metadata={"description": column.meaning["en"], "unit": column.unit or ""},
                )
                for column in columns(name)
                if column.name != self._partition
            ],
            metadata={
                "maillage.table": name,
                "maillage.schema": str(_described()["version"]),
                "maillage.release": release,
                "maillage.base": BASE,
            },
        )
        self._waiting: defaultdict[str, list[Row]] = defaultdict(list)
        self._held = 0
        self._writers: dict[str, Any] = {}
        self._rows: defaultdict[str, int] = defaultdict(int)

    def add(self, row: Row) -> None:
        """Take a row; when many wait, those of the fullest partition are written."""
        value = row.pop(self._partition) if self._partition else None
        # as Hive writes it: an address of somebody else's, for one, holds what parts folders
        named = quote(value, safe="") if value else _NULL
        folder = f"{self._partition}={named}" if self._partition else ""
        self._waiting[folder].append(row)
        self._held += 1
        if self._held >= _GROUP:
            self._write(max(self._waiting, key=lambda name: (len(self._waiting[name]), name)))

    def _write(self, folder: str) -> None:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter

        waiting = self._waiting.pop(folder, [])
        self._held -= len(waiting)
        path = self._out / self._name / folder / "part-0.parquet"
        if folder not in self._writers:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writers[folder] = ParquetWriter(path, self._schema, compression="zstd")
        held = {name: [row[name] for row in waiting] for name in self._schema.names}
        self._writers[folder].write_table(
            pa.table(held, schema=self._schema), row_group_size=_GROUP
        )
        self._rows[folder] += len(waiting)

    def close(self) -> list[Written]:
        """Write what waits; a table without rows is one empty file, so that it can be read."""
        for folder in sorted(self._waiting):
            self._write(folder)
        if not self._writers:
            self._write(f"{self._partition}={_NULL}" if self._partition else "")
        for writer in self._writers.values():
            writer.close()
        places = {folder: Path(self._name, folder, "part-0.parquet") for folder in self._writers}
        return [Written(places[f].as_posix(), self._rows[f]) for f in sorted(self._writers)]


def _package(out: Path, written: Mapping[str, list[Written]], release: str) -> bytes:
    """The description of all tables, as a Frictionless Data Package 2.0."""
    about = _described()
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "maillage",
        "version": release,
        "schemaVersion": about["version"],
        "base": BASE,
        "licenses": [{"name": "CC-BY-4.0", "path": _LICENCE}],
        "missing": {TAGS[lang]: about["null"][lang] for lang in LANGUAGES},
        "resources": [_resource(out, name, parts) for name, parts in written.items()],
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def _resource(out: Path, name: str, parts: list[Written]) -> dict[str, Any]:
    about = _described()["tables"][name]
    fields = [
        {
            "name": column.name,
            "type": _FRICTIONLESS[column.type],
            **({"itemType": "string"} if column.type == "strings" else {}),
            **({"unit": column.unit} if column.unit else {}),
            "description": column.meaning["en"],
            "descriptions": {TAGS[lang]: column.meaning[lang] for lang in LANGUAGES},
        }
        for column in columns(name)
    ]
    key = "id" if name != "pairs" else ["link", "one", "other"]
    return {
        "name": name,
        "type": "table",
        "path": [part.path for part in parts],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": about["en"],
        "descriptions": {TAGS[lang]: about[lang] for lang in LANGUAGES},
        **({"partition": about["partition"]} if "partition" in about else {}),
        "rows": sum(part.rows for part in parts),
        "files": [_file(out, part) for part in parts],
        "schema": {"fields": fields, "primaryKey": key},
    }


def _file(out: Path, part: Written) -> dict[str, Any]:
    path = out / part.path
    size, digest = path.stat().st_size, sha256_of(path)
    return {"path": part.path, "rows": part.rows, "bytes": size, "hash": f"sha256:{digest}"}
