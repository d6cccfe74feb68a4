"""Packing with gzip: piece by piece into files without a name, and each file of a release once."""

from __future__ import annotations

import asyncio
import gzip
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

__all__ = ["Packed", "Packing", "pieces"]

_LEVEL: Final = 5
_PIECE: Final = 1 << 16
_IN_MEMORY: Final = 1 << 16


class Packed:
    """Bytes packed with gzip, in a file that vanishes, or in memory when they are few.

    Several answers may send it at once, each from its start; with the last it is let go of.
    """

    def __init__(self, content: Iterable[bytes]) -> None:
        # the file outlives this function and is closed with the last answer
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        # no name and no time in the head, so that the same text is the same bytes
        with gzip.GzipFile("", "wb", _LEVEL, self._file, mtime=0) as packed:
            for piece in content:
                packed.write(piece)
        self.size = self._file.tell()
        self._holders = 1

    def held(self) -> Packed:
        """The same, for one more who closes it."""
        self._holders += 1
        return self

    def body(self) -> Iterator[bytes]:
        """The bytes, piece by piece."""
        at = 0
        while True:
            self._file.seek(at)  # others read it, too
            piece = self._file.read(_PIECE)
            if not piece:
                return
            at += len(piece)
            yield piece

    def close(self) -> None:
        """Let go of the file, unless somebody else holds it."""
        self._holders -= 1
        if not self._holders:
            self._file.close()


class Packing:
    """The packed files of one release: each is packed when it is first asked for, one at a time."""

    def __init__(self) -> None:
        self._packed: dict[Path, Packed] = {}
        self._turn = asyncio.Lock()

    async def of(self, path: Path) -> Packed:
        """A file, packed; whoever asks closes it."""
        async with self._turn:
            if path not in self._packed:
                self._packed[path] = await asyncio.to_thread(Packed, pieces(path))
            return self._packed[path].held()

    def close(self) -> None:
        """Let go of all files that nobody sends any more."""
        for packed in self._packed.values():
            packed.close()
        self._packed.clear()


def pieces(path: Path) -> Iterator[bytes]:
    """What a file holds, never all of it at once."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
