"""An answer, whole before anybody sees a byte of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, Self, cast

__all__ = ["Done", "Spool"]

_PART: Final = 1 << 16


class Spool:
    """A file without a name for one long answer; the system removes it when it is closed."""

    def __init__(self) -> None:
        self.file = cast("BinaryIO", TemporaryFile(buffering=0))  # noqa: SIM115  # kept open

    def size(self) -> int:
        """How many bytes it holds."""
        return os.fstat(self.file.fileno()).st_size

    def parts(self) -> Iterator[bytes]:
        """What it holds, from the start."""
        self.file.seek(0)
        while part := self.file.read(_PART):
            yield part

    def close(self) -> None:
        """Give the space back."""
        self.file.close()


class Done:
    """A job that was done.

    :ivar meta: what the handler says of its answer.
    :ivar size: bytes of the answer.
    :ivar seconds: how long it ran, waiting not counted.
    :ivar lane: where it ran.
    """

    def __init__(
        self,
        meta: dict[str, Any],
        body: bytes | Spool,
        seconds: float,
        lane: str,
        closed: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.meta, self.seconds, self.lane = meta, seconds, lane
        self._body: bytes | Spool = body
        self._closed = closed
        self.size = len(body) if isinstance(body, bytes) else body.size()

    def body(self) -> Iterator[bytes]:
        """The answer in parts of at most 64 KB; may be asked again until :meth:`close`."""
        if isinstance(self._body, bytes):
            if self._body:
                yield self._body
        else:
            yield from self._body.parts()

    def read(self) -> bytes:
        """The answer in one piece, for those who know that it is short."""
        return b"".join(self.body())

    def close(self) -> None:
        """Let go of the answer; it is not needed after the last part was sent."""
        if isinstance(self._body, Spool):
            self._body.close()
            self._closed(self.size)
        self._body = b""

    def __del__(self) -> None:
        # Whoever asked may have been cancelled in the moment in which the answer came.
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
