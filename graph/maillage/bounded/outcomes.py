"""How a job may end other than with an answer.

Each is a :class:`~maillage.errors.MaillageError`, so each has its sentence in three languages.
"""

from __future__ import annotations

import signal as signals
from typing import Final

from maillage.errors import MaillageError

__all__ = ["Busy", "Died", "Fault", "Late", "TimedOut", "TooLarge", "TooMany"]

#: What usually ends a worker by these signals: the engine gives up when memory is refused to it,
#: and a stack that is full is a place in memory that cannot be written.
_USUAL: Final = {
    "SIGABRT": "memory",
    "SIGSEGV": "stack",
    "SIGBUS": "stack",
    "SIGKILL": "killed",
}


_SENTENCES: Final = {"memory": "job-memory", "stack": "job-stack"}


class Late(Exception):  # noqa: N818  # no error yet: the job goes to the next lane
    """A job did not end within its time in a lane."""


class Fault(MaillageError):  # noqa: N818  # what is wrong with a request is no error of ours
    """A job is refused for what it asks: the caller's to mend.

    :ivar line: where in the text that was asked, from 1; ``None`` when it is about the whole.
    :ivar column: likewise, in characters.
    """

    def __init__(
        self, key: str, *, line: int | None = None, column: int | None = None, **values: object
    ) -> None:
        super().__init__(key, **values)
        self.line, self.column = line, column


class TimedOut(MaillageError):  # noqa: N818  # as above
    """A job was ended at its deadline."""

    def __init__(self, seconds: float) -> None:
        super().__init__("job-timed-out", seconds=f"{seconds:g}")
        self.seconds = seconds


class Died(MaillageError):  # noqa: N818  # as above
    """A worker broke down over a job.

    :ivar signal: the number of the signal that ended it; 0 when it ended or failed by itself.
    :ivar reason: ``memory``, ``stack`` or ``killed`` where the signal tells, otherwise what the
        worker said last, for the log.
    """

    def __init__(self, signal: int, reason: str = "") -> None:
        name = next((s.name for s in signals.Signals if s == signal), "")
        self.signal, self.reason = signal, reason or _USUAL.get(name, "")
        super().__init__(_SENTENCES.get(self.reason, "job-died"))


class TooLarge(MaillageError):  # noqa: N818  # as above
    """The answer is longer than may be."""

    def __init__(self, limit: int) -> None:
        super().__init__("job-too-large", limit=f"{limit / 1e6:.0f}")
        self.limit = limit


class Busy(MaillageError):  # noqa: N818  # as above
    """Too much is asked by all; ask again after some seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("job-busy", seconds=retry_after)
        self.retry_after = retry_after


class TooMany(MaillageError):  # noqa: N818  # as above
    """Too much is asked by this one client; ask again after some seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("job-too-many", seconds=retry_after)
        self.retry_after = retry_after
