"""Each dump is read back before anyone gets it, and must say what the graph says.

Both sides are read as streams and told by two numbers: how many statements there are, and the sum,
modulo 2 to the 128th, of a hash of each (BLAKE2b, 128 bits, of the statement as the engine writes
it). A sum has no order, so that a format may tell the graph in any. Two graphs of which one was
damaged, cut or written wrongly have the same sum by a chance of one in 2 to the 128th. It is no
defence against somebody who *makes up* statements so that sums meet (Wagner, A Generalized
Birthday Problem, 2002, https://doi.org/10.1007/3-540-45708-9_19): what is read back here was
written by us a moment before. What it cannot see is what the engine reads wrongly in both files,
and what is no part of a statement: the case of language tags, prefixes, layout.

Where the numbers differ, the statements themselves are sorted on the disk and compared, which takes
longer and tells how many are missing and too many. A statement that stands twice is no difference.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from hashlib import blake2b
from itertools import groupby, repeat
from operator import itemgetter
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from maillage.dumps import FORMATS
from maillage.errors import MaillageError
from maillage.jsonld import pieces
from maillage.runs import blocks, ordered, readable, union

__all__ = ["Statements", "originals", "read_back"]

_BYTES: Final = 16


class Statements:
    """Statements that can be read more than once."""

    def __init__(self, read: Callable[[], Iterable[ox.Quad | ox.Triple]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[ox.Quad | ox.Triple]:
        return iter(self._read())

    @cached_property
    def told(self) -> tuple[int, int]:
        """How many there are, and the sum of their hashes."""
        count = total = 0
        for statement in self:
            count += 1
            digest = blake2b(str(statement).encode(), digest_size=_BYTES).digest()
            total += int.from_bytes(digest)
        return count, total % (1 << 8 * _BYTES)


def originals(whole: Path) -> dict[bool, Statements]:
    """What canonical N-Quads say: with their graphs (``True``), and without."""
    return {
        True: Statements(lambda: ox.parse(path=whole, format=ox.RdfFormat.N_QUADS)),
        False: Statements(lambda: _union(whole)),
    }


def read_back(dump: Path | bytes, suffix: str, expected: Statements, name: str = "") -> None:
    """Make sure that a dump says what the graph says, no more and no less.

    :param name: what to call the dump when it fails; the name of its file when not given.
    :raises MaillageError: with the number of statements that are missing and that are too many.
    """
    called = name or (dump.name if isinstance(dump, Path) else f"maillage.{suffix}")
    found = Statements(lambda: _parsed(dump, suffix))
    try:
        if found.told == expected.told:
            return
        missing, extra = _differences(expected, found)
    except (SyntaxError, ValueError) as error:
        raise MaillageError("dump-unreadable", file=called, reason=error) from error
    if missing or extra:
        raise MaillageError("dump-differs", file=called, missing=missing, extra=extra)


def _parsed(dump: Path | bytes, suffix: str) -> Iterator[ox.Quad]:
    engine = FORMATS[suffix].engine
    if isinstance(dump, bytes):
        yield from ox.parse(dump, engine)
    elif suffix == "jsonld":  # its reader would hold all of it
        for piece in pieces(dump):
            yield from ox.parse(piece, engine)
    else:
        yield from ox.parse(path=dump, format=engine)


def _union(whole: Path) -> Iterator[ox.Quad]:
    with whole.open("rb") as lines:
        yield from ox.parse(readable(blocks(union(lines))), ox.RdfFormat.N_TRIPLES)


def _differences(expected: Statements, found: Statements) -> tuple[int, int]:
    """How many statements are missing in the second, and how many are too many."""
    one, other = (
        zip(ordered(f"{statement}\n".encode() for statement in side), repeat(number))
        for number, side in enumerate((expected, found))
    )
    counts = [0, 0]
    for _, rows in groupby(heapq.merge(one, other), itemgetter(0)):
        sides = [side for _, side in rows]
        if len(sides) == 1:
            counts[sides[0]] += 1
    return counts[0], counts[1]
