"""What of a large release was looked through not long ago, and has not been touched since.

To read a store of 20 GB costs half a minute, each time that somebody asks it a question. A file of
:data:`LARGE` bytes or more is therefore read whole once a day: in between it is known again by its
number on the disk, its size and the times of its last changes, which the system keeps and no
program can set back. What a disk loses without anybody writing is found within the day. So it is
with the statements of a store, which the engine counts one by one.

The notes stand in ``.seen.json`` in the folder itself. They are no part of a release; where they
cannot be written, or read, every file is read each time.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from maillage.folders import sha256_of

__all__ = ["FILE", "LARGE", "MANY", "Seen"]

FILE: Final = ".seen.json"

#: Bytes from which on a file is not read each time: some hundredth of a second of reading.
LARGE: Final = 1 << 24

#: Statements from which on they are not counted each time: some tenth of a second.
MANY: Final = 1_000_000

#: Seconds for which a reading counts.
DAY: Final = 86_400
# A file may change twice within one tick of the clock that stamps it: what is fresh is not noted.
_SETTLED: Final = 2
# The note of a count; no file is called so.
_COUNTED: Final = "*"


class Seen:
    """The digests of the files of one folder, read or remembered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = _read(folder)
        self._fresh: dict[str, list[object]] = {}

    def digest(self, name: str) -> str:
        """The SHA-256 of a file, by its path in the folder.

        :raises OSError: when there is none.
        """
        path = self._folder / name
        stand = path.stat()
        if stand.st_size < LARGE:
            return sha256_of(path)
        known = self._remembered(name, stand)
        if isinstance(known, str):
            return known
        digest = sha256_of(path)
        self._note(name, stand, digest)
        return digest

    def count(self, listed: str, stored: int, count: Callable[[], int]) -> int:
        """How many statements a store holds, counted or remembered.

        :param listed: the file with the digests of all files of the store: while it is the same,
            and each has its digest, so is their number.
        :param stored: how many it says that there are.
        """
        if stored < MANY:
            return count()
        stand = (self._folder / listed).stat()
        known = self._remembered(_COUNTED, stand)
        if isinstance(known, int):
            return known
        number = count()
        self._note(_COUNTED, stand, number, listed)
        return number

    def _remembered(self, name: str, stand: os.stat_result) -> object:
        match self._known.get(name):
            case [before, float(when), found] if before == _marks(stand):
                return found if 0 <= time.time() - when < DAY else None
        return None

    def _note(
        self, name: str, stand: os.stat_result, found: object, file: str | None = None
    ) -> None:
        now = time.time()
        settled = max(stand.st_mtime, stand.st_ctime) < now - _SETTLED
        if settled and _marks((self._folder / (file or name)).stat()) == _marks(stand):
            self._fresh[name] = [_marks(stand), now, found]

    def keep(self) -> None:
        """Note what was read, for the next time."""
        if not self._fresh:
            return
        known = _read(self._folder) | self._fresh  # another reader may have noted others
        self._fresh = {}
        with suppress(OSError):
            # a name of its own: two readers may write at once, and each note is true
            new = self._folder / f"{FILE}.{os.getpid()}"
            new.write_text(json.dumps(known), encoding="utf-8")
            new.replace(self._folder / FILE)


def _marks(stand: os.stat_result) -> list[int]:
    return [stand.st_dev, stand.st_ino, stand.st_size, stand.st_mtime_ns, stand.st_ctime_ns]


def _read(folder: Path) -> dict[str, object]:
    with suppress(OSError, ValueError, RecursionError):
        known = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if isinstance(known, dict):
            return known
    return {}
