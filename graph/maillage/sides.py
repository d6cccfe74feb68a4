"""The two graphs that are compared: a build, a release, or a file in one of the six formats.

Canonical N-Quads and N-Triples are read as they lie, since their lines are sorted. Any other file
is parsed and its lines are sorted on the disk, so that a large one needs no more memory. A
file whose folder lists its digest (``inventory.json`` of a build, ``SHA256SUMS`` of a release) must
still have it: a file that was cut or changed is never compared as if it were whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from operator import lt
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from maillage.dumps import FORMATS, line_of
from maillage.errors import MaillageError
from maillage.folders import sha256_of
from maillage.release import current
from maillage.runs import ordered
from maillage.terms import NS
from maillage.workroom import workroom

__all__ = ["Side", "Union", "side"]

_GRAPH: Final = "maillage.nq"
# What a release lists its digests in; the name is that of the format, not ours to choose.
_SUMS: Final = "SHA256SUMS"
_INVENTORY: Final = "inventory.json"

_BLOCK: Final = 1 << 22  # bytes read at once

_TERM = rb'(?:<[^>]*>|_:[^ ]+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)'
_STATEMENT = re.compile(rb"(%b %b %b )(?:[<_][^ ]* )?\.$" % (_TERM, _TERM, _TERM))


@dataclass(frozen=True)
class Side:
    """One of two graphs to compare.

    :ivar name: what the person typed.
    :ivar lines: its statements as canonical lines, sorted by bytes; they can be read again.
    :ivar has_graphs: whether the statements name the graphs in which they stand.
    """

    name: str
    lines: Iterable[bytes]
    has_graphs: bool


class Union:
    """The statements of some lines without their graphs, each once, in the same order."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[bytes]:
        last = b""
        for line in self._lines:
            found = _STATEMENT.match(line.rstrip(b"\r\n"))
            triple = found[1] + b"." if found else line
            if triple != last:
                yield triple
            last = triple


class _Lines:
    """The lines of a file, as often as they are asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file.open("rb") as lines:
            yield from lines


@contextmanager
def side(typed: str) -> Iterator[Side]:
    """Open what a person names: a folder of ``build`` or ``publish``, or a file of the graph.

    :raises MaillageError: when there is nothing, or it is damaged, empty, or holds something else.
    """
    if typed == "-":
        raise MaillageError("diff-no-input")
    path = _file(Path(typed))
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise MaillageError("diff-suffix", path=typed, known=", ".join(FORMATS))
    try:
        _verify(path)
        with workroom() as room:
            if suffix not in {"nq", "nt"} or not _is_canonical(path):
                path = _sorted(path, suffix, room / _GRAPH)
            lines = _Lines(path)
            yield Side(typed, lines, _look(lines, typed))
    except OSError as error:
        raise MaillageError("no-file", path=error.filename or path) from error


def _file(path: Path) -> Path:
    """The file that holds the graph of a folder; a file is itself."""
    if not path.is_dir():
        return path
    if not (path / _GRAPH).is_file():
        try:
            path = current(path)
        except MaillageError as error:
            raise MaillageError("diff-no-build", path=path) from error
    return path / _GRAPH


def _verify(path: Path) -> None:
    """Compare the file with the digest that its folder lists, where it lists one."""
    listed = _listed(path)
    if listed is None:
        return
    if sha256_of(path) != listed:
        raise MaillageError("diff-damaged", path=path)


def _listed(path: Path) -> str | None:
    inventory, sums = path.with_name(_INVENTORY), path.with_name(_SUMS)
    try:
        if inventory.is_file():
            entry = json.loads(inventory.read_text(encoding="utf-8"))["files"].get(path.name)
            return str(entry["sha256"]) if entry else None
        if sums.is_file():
            rows = (line.split("  ", 1) for line in sums.read_text(encoding="utf-8").splitlines())
            return next((digest for digest, name in rows if name == path.name), None)
    except (ValueError, TypeError, LookupError) as error:
        raise MaillageError("diff-damaged", path=path) from error
    return None


def _is_canonical(path: Path) -> bool:
    """Whether the lines of a file are sorted statements, each once and each whole."""
    last = b"<"  # comments and empty lines sort before any statement
    with path.open("rb") as handle:
        while lines := handle.readlines(_BLOCK):
            if not all(map(lt, chain((last,), lines), lines)):
                return False
            last = lines[-1]
    # blank nodes sort after all addresses, and what was cut has no end of line
    return last.endswith(b" .\n") and last.startswith(b"<")


def _sorted(path: Path, suffix: str, into: Path) -> Path:
    """The canonical lines of a file, sorted, in another."""
    try:
        statements = ox.parse(path=str(path), format=FORMATS[suffix].engine)
        with into.open("wb") as out:
            out.writelines(ordered(map(line_of, statements)))
    except (SyntaxError, ValueError) as error:
        raise MaillageError("diff-unreadable", path=path, reason=error) from error
    if not into.stat().st_size:
        raise MaillageError("diff-empty", path=path)
    return into


def _look(lines: Iterable[bytes], typed: str) -> bool:
    """Refuse what holds no statement of ours; tell whether the first one names its graph."""
    ours = f"<{NS}".encode()
    first = next(iter(lines), b"")
    if not any(ours in line for line in lines):
        raise MaillageError("diff-foreign", path=typed)
    found = _STATEMENT.match(first.rstrip(b"\n"))
    return found is None or found.end() > found.end(1) + 1
