"""Who may touch a folder: one writer, or any number of readers, and never both.

The locks are those of the system (``flock``), on the folder itself: they need no file of their own,
work where nothing can be written, and end with the process, however it ends. Where the system has
none (Windows, some network disks), two writers at once are the person's own risk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from maillage.errors import MaillageError

__all__ = ["Hold", "alone", "flush", "lock", "shared"]


class Hold:
    """A folder that stays where it is and as it is, until this is closed."""

    def __init__(self, folder: Path, handle: int | None) -> None:
        self.folder = folder
        self._handle = handle

    @property
    def is_sure(self) -> bool:
        """Whether the system keeps others away: not every system and disk knows locks."""
        return self._handle is not None

    def close(self) -> None:
        """Let others change the folder again; a second time does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def shared(folder: Path) -> Hold:
    """Keep a folder from being taken away, together with others who read it.

    :raises BlockingIOError: while somebody has it :func:`alone`.
    :raises FileNotFoundError: when it is gone.
    """
    return _held(folder, exclusive=False)


def alone(folder: Path) -> Hold:
    """Have a folder for oneself.

    :raises BlockingIOError: while somebody holds it.
    :raises FileNotFoundError: when it is gone.
    """
    return _held(folder, exclusive=True)


def _held(folder: Path, *, exclusive: bool) -> Hold:
    try:
        import fcntl
    except ImportError:  # Windows
        return Hold(folder, None)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        here = os.path.samestat(os.fstat(handle), folder.stat())
    except (BlockingIOError, FileNotFoundError):
        os.close(handle)
        raise
    except OSError:  # a disk that knows no locks
        os.close(handle)
        return Hold(folder, None)
    if not here:  # meanwhile, the name has gone to another folder
        os.close(handle)
        raise FileNotFoundError(folder)
    return Hold(folder, handle)


@contextmanager
def lock(out: Path) -> Iterator[None]:
    """Keep a second build out of an output folder; the lock of a killed process is dropped.

    :raises MaillageError: when somebody else builds there.
    :raises OSError: when the folder cannot be written.
    """
    try:
        import fcntl
    except ImportError:  # Windows: two builds at once are then the person's own risk
        yield
        return
    with (out / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MaillageError("busy", path=out) from error
        yield


def flush(*paths: Path) -> None:
    """Have files and folders written to the disk itself."""
    for path in paths:
        if os.name == "nt" and path.is_dir():  # Windows has no way to flush a folder
            continue
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
