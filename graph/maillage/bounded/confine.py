"""What holds a worker in: limits of the kernel, and the filter of :mod:`maillage.bounded.filters`.

Each means is tried by itself, and what is in force is told, so that a server can say at its start
what protects it. All of them exist on Linux; elsewhere the deadline, the longest answer and the
process of its own remain, which need nothing of the system.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from maillage.bounded import filters

__all__ = ["PROTECTIONS", "Growth", "bound", "detach", "follow_parent", "seal", "stand_back"]

#: Everything that may protect, in the order in which a person is told. *deadline* and *answers*
#: are kept by the parent; the others by the kernel.
PROTECTIONS: Final = (
    "deadline",
    "answers",
    "memory",
    "stack",
    "network",
    "exec",
    "processes",
    "files",
    "orphans",
)

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PAGE: Final = mmap.PAGESIZE
_BEHIND: Final = 10  # of 19 steps that a process can stand back


def _linux() -> bool:
    return sys.platform == "linux"


def detach() -> None:
    """Leave signals of the terminal and of a service manager to the server.

    A worker ends when the server closes its socket, or dies: until then it finishes its job.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


def follow_parent(parent: int) -> bool:
    """Die when the parent process does, however it does; be invisible to other processes.

    :param parent: its number, known to the caller from before: it may have died already.
    """
    if not _linux():
        return False
    # When the machine itself runs out of memory, a worker goes before the server. Said first: of
    # a process that is invisible, nobody but root can say it.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    libc = ctypes.CDLL(None, use_errno=True)
    done = bool(libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    return done


def _taken() -> int:
    """Bytes of address space that this process has taken; 0 where nobody tells."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return pages * _PAGE
    return 0


class Growth:
    """Whether a worker keeps more memory than it had at rest, which the next job would lack."""

    def __init__(self, most: int) -> None:
        self._libc = ctypes.CDLL(None) if _linux() else None
        self._pages = os.open("/proc/self/statm", os.O_RDONLY) if self._libc else -1
        self._most = self._now() + most

    def _now(self) -> int:
        return int(os.pread(self._pages, 32, 0).split()[0]) * _PAGE if self._libc else 0

    def too_much(self) -> bool:
        """Whether it does, even after giving back what it can."""
        if not self._libc or self._now() <= self._most:
            return False
        with suppress(AttributeError):  # glibc has it
            self._libc.malloc_trim(0)
        return self._now() > self._most


def bound(memory: int, spool: int) -> dict[str, bool]:
    """Set the limits of the kernel.

    :param memory: bytes beyond what is taken now.
    :param spool: the longest file that may be written.
    """
    try:
        import resource
    except ImportError:  # Windows
        return {"memory": False}
    taken = _taken()
    held = {"memory": bool(taken) and _limited(resource, "RLIMIT_AS", taken + memory)}
    _limited(resource, "RLIMIT_CORE", 0)
    _limited(resource, "RLIMIT_FSIZE", spool)
    return held


def _limited(resource: Any, name: str, value: int) -> bool:
    kind = getattr(resource, name, None)
    if kind is None:
        return False
    most = resource.getrlimit(kind)[1]
    value = value if most == resource.RLIM_INFINITY else min(value, most)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value, value))
        return True
    return False


def seal() -> dict[str, bool]:
    """Close every way out of this process; nothing opens them again."""
    sealed = filters.install()
    return dict.fromkeys(("network", "exec", "processes", "files"), sealed)


def stand_back() -> None:
    """Let processes that answer short questions go first; holds for the calling thread."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, _BEHIND)
