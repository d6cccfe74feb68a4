"""Where an import is kept: a folder of tables like those of the house, swapped in only when whole.

``sources.csv`` and the tables of claims are what ``build --also`` reads; ``identifications.csv``
holds the names that a person should decide on. Below, in ``import/``: ``mapping.toml`` (how the
file was read), ``report.csv`` (what became of each line), ``kept.csv`` (cells that nothing is
for) and ``SHA256SUMS``, by which a later import sees what people changed by hand.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from maillage.errors import MaillageError
from maillage.folders import folder as house
from maillage.tables import schema_of, shown_path

__all__ = ["INNER", "changed_by_hand", "columns_of", "former", "keep", "table_bytes", "tables_in"]

#: The folder inside the folder of an import that ``build`` does not read.
INNER: Final = "import"
SUMS: Final = "SHA256SUMS"
# A table that people are asked to edit.
_THEIRS: Final = frozenset({"identifications.csv", f"{INNER}/mapping.toml"})
# What rows of different times may differ in and say the same.
UNSAID: Final = ("recorded", "section", "lines", "chars", "note")


def columns_of(name: str) -> list[str]:
    """The columns of a table of the house, in their order."""
    schema = schema_of(house("data") / f"{name}.csv")
    return [str(column.name) for column in schema.columns if not column.virtual]


def table_bytes(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table in the form of the house: UTF-8, LF, commas, the least of quotation marks."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def tables_in(rows: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, bytes]:
    """Tables by the name of their file, each sorted as the tables of the house are."""
    made = {}
    for name, listed in rows.items():
        header = columns_of(name)
        first = ("kind", "parties", "proposed_for") if name == "links" else ("key",)
        order = [*first, "source", *header]
        rows_in_order = sorted(listed, key=lambda row: [row.get(c, "") for c in order])
        made[f"{name}.csv"] = table_bytes(header, rows_in_order)
    return made


def former(path: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table that an import made before; none when there is no such table."""
    file = path / f"{name}.csv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def changed_by_hand(path: Path) -> list[str]:
    """The tables that people changed since they were made, but for those that are theirs."""
    sums = path / INNER / SUMS
    if not sums.is_file():
        return []
    found = []
    for line in sums.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        file = path / name
        if name not in _THEIRS and file.is_file() and digest != _digest(file.read_bytes()):
            found.append(name)
    return found


def keep(path: Path, files: Mapping[str, bytes]) -> bool:
    """Put the files of an import in a folder, all of them or none.

    What else lies in the folder stays; tables of an earlier import that are not made any more go.

    :returns: whether anything is different from what was there.
    :raises MaillageError: when the folder cannot be written.
    """
    sums = "".join(f"{_digest(files[name])}  {name}\n" for name in sorted(files))
    wanted = {**files, f"{INNER}/{SUMS}": sums.encode()}
    gone = _made_before(path) - set(wanted)
    if not any((path / name).is_file() for name in gone) and all(
        (path / name).is_file() and (path / name).read_bytes() == content
        for name, content in wanted.items()
    ):
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _swap(path, wanted, gone)
    except OSError as error:
        reason = error.strerror or error
        raise MaillageError("cannot-write", path=shown_path(path), reason=reason) from error
    return True


def _made_before(path: Path) -> set[str]:
    sums = path / INNER / SUMS
    if not sums.is_file():
        return set()
    lines = sums.read_text(encoding="utf-8").splitlines()
    return {line.partition("  ")[2] for line in lines}


def _swap(path: Path, wanted: Mapping[str, bytes], gone: Iterable[str]) -> None:
    """Make the new folder beside the old, then change them by two renames."""
    room = Path(mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        fresh, old = room / "new", room / "old"
        if path.exists():
            shutil.copytree(path, fresh)
        else:
            fresh.mkdir()
        for name in gone:
            (fresh / name).unlink(missing_ok=True)
        for name, content in wanted.items():
            file = fresh / name
            file.parent.mkdir(exist_ok=True)
            with file.open("wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
        if path.exists():
            path.rename(old)
        try:
            fresh.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()
