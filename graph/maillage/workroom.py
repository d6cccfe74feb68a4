"""A temporary folder for work that is too large for memory: it never outlives the work.

A large build takes some 20 kB a link there. Who leaves in the ordinary way takes the folder away,
also after an error or Ctrl-C; what a process left that was ended by the system (mostly for lack of
memory) is taken away by the next that needs such a folder. As long as somebody works in one, the
system's lock on it says so.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EDQUOT, EFBIG, ENOSPC
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from maillage.errors import MaillageError
from maillage.holding import alone

__all__ = ["workroom"]

_PREFIX: Final = "maillage-room-"

#: Seconds for which a folder is left alone, locked or not: whoever made it may be about to lock it.
_FRESH: Final = 60

_FULL: Final = {ENOSPC, EDQUOT, EFBIG}


@contextmanager
def workroom() -> Iterator[Path]:
    """A new folder where ``TMPDIR`` says, to be worked in; on leaving it is gone.

    :raises MaillageError: when it cannot be made, or has no room for what is written to it.
    """
    where = gettempdir()
    _sweep(Path(where))
    try:
        with TemporaryDirectory(prefix=_PREFIX) as name, alone(Path(name)):
            yield Path(name)
    except OSError as error:
        # what else cannot be had is for whoever asked for it; the engine's errors have no number
        ours = str(Path(where) / _PREFIX)
        if error.errno not in _FULL and ours not in f"{error.filename} {error}":
            raise
        raise MaillageError("no-room", path=where, reason=error.strerror or error) from error


def _sweep(where: Path) -> None:
    """Clear away what killed processes have left, where nobody is at work."""
    for left in where.glob(f"{_PREFIX}*"):
        # those of other people, and those in use, cannot be had
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime < _FRESH:
                continue
            with alone(left) as held:
                if held.is_sure:
                    shutil.rmtree(left)
