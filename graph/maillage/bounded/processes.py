"""Starting and ending worker processes, seen from the pool.

Two ways, one face: through a nursery that forks them (Linux), or each as a program of its own. A
worker is known by a number that is its process's; it is ended by whoever is its parent, so that a
number is never used for a process that has long been replaced by another.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections import deque
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Final, Protocol

from maillage.bounded import worker
from maillage.errors import MaillageError

__all__ = ["Bearer", "bearer"]

_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); "
    "from maillage.bounded.worker import main; main(sys.argv[1:])"
)
# What a worker may know of the server's environment: settings of ours, language, and what Windows
# needs to start a program at all. Neither secrets nor anything that changes how Python runs.
_KNOWN: Final = ("MAILLAGE_", "LANG", "LC_", "TZ", "SYSTEMROOT", "TEMP", "TMP")
# Libraries for arithmetic start a thread for each processor; a job has one, and a nursery that has
# other threads than its own must not fork.
_ALONE: Final = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB")}
_PAUSE: Final = 0.01  # seconds between two looks at a process that is ending
_FAREWELL: Final = 2.0  # seconds in which a nursery ends its workers and then itself
_LONGEST: Final = 1 << 16


class Bearer(Protocol):
    """Whoever starts and ends workers."""

    #: Whether a file can be handed to a worker.
    shares: bool

    async def start(self) -> None:
        """Be ready to bear; raises MaillageError when the handler cannot be loaded."""

    async def bear(self, theirs: socket.socket) -> int:
        """Start a worker at the other end of a socket; returns its number."""

    def end(self, pid: int) -> None:
        """End a worker at once."""

    async def ended(self, pid: int) -> int:
        """Wait until a worker has ended; its exit code, negative for a signal (PEP 3156)."""

    async def stop(self) -> None:
        """End whatever is left."""


def bearer(options: worker.Options, *, fork: bool | None = None) -> Bearer:
    """The best way that this system has.

    :param fork: whether workers are forked by a nursery; by default where that is sound.
    """
    forks = sys.platform == "linux" if fork is None else fork
    return _Nursery(options) if forks else _Starter(options)


def _start(options: worker.Options, **more: object) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-I", "-c", _BOOT, json.dumps(options), json.dumps(sys.path)]
    known = {k: v for k, v in os.environ.items() if k.upper().startswith(_KNOWN)} | _ALONE
    # A group of its own: what is typed at the terminal is for the server.
    group = {"process_group": 0} if os.name == "posix" else {}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603  # our own program
        arguments, env=known, stdout=subprocess.DEVNULL, **{**group, **more}
    )


async def _over(process: subprocess.Popen[bytes]) -> int:
    """Wait until a process has ended; its exit code."""
    while (code := process.poll()) is None:  # noqa: ASYNC110  # nobody tells on all systems
        await asyncio.sleep(_PAUSE)
    return code


class _Starter:
    """Starts each worker as a program of its own."""

    shares = False

    def __init__(self, options: worker.Options) -> None:
        self._options = options
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    async def start(self) -> None:
        """Nothing has to be ready."""

    async def bear(self, theirs: socket.socket) -> int:
        options: worker.Options = {**self._options, "parent": os.getpid()}
        if os.name == "posix":
            options["socket"] = theirs.fileno()
            null = subprocess.DEVNULL
            process = _start(options, pass_fds=[theirs.fileno()], stdin=null, stderr=null)
        else:
            process = _start(options, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
            assert process.stdin  # it was asked for
            with process.stdin as stdin:
                stdin.write(theirs.share(process.pid))  # type: ignore[attr-defined]  # on Windows
        self._processes[process.pid] = process
        return process.pid

    def end(self, pid: int) -> None:
        if process := self._processes.get(pid):
            process.kill()

    async def ended(self, pid: int) -> int:
        process = self._processes.get(pid)
        if process is None:  # somebody has waited for it already
            return 0
        code = await _over(process)
        self._processes.pop(pid, None)
        return code

    async def stop(self) -> None:
        for pid in list(self._processes):
            self.end(pid)
            await self.ended(pid)


class _Nursery:
    """Has workers forked by a process that holds the handler's module and nothing else."""

    shares = True

    def __init__(self, options: worker.Options) -> None:
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._ours: socket.socket | None = None
        self._bearing: deque[asyncio.Future[int]] = deque()
        self._ending: dict[int, asyncio.Future[int]] = {}
        self._starting: asyncio.Future[None] | None = None
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        async with self._lock:
            if self._ours is None:
                await self._begin()

    async def _begin(self) -> None:
        await self._lose()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options: worker.Options = {
            **self._options,
            "parent": os.getpid(),
            "nursery": theirs.fileno(),
        }
        loop = asyncio.get_running_loop()
        self._starting = loop.create_future()
        with theirs, TemporaryFile() as said:
            self._process = _start(
                options, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=said
            )
            theirs.close()
            ours.setblocking(False)
            self._ours = ours
            loop.add_reader(ours, self._readable)
            try:
                await self._starting
            except ConnectionError:
                said.seek(0)
                reason = said.read(_LONGEST).decode("utf-8", "replace").strip()
                raise MaillageError("no-worker", reason=reason.split("\n")[-1]) from None

    def _readable(self) -> None:
        assert self._ours  # who calls is its reader
        try:
            text = self._ours.recv(_LONGEST)
        except BlockingIOError:
            return
        except OSError:
            text = b""
        kind, pid = text[:1], int.from_bytes(text[1:5], "little")
        if kind == b"!":
            if self._starting and not self._starting.done():
                if text[1:]:
                    reason = text[1:].decode("utf-8", "replace")
                    self._starting.set_exception(MaillageError("no-worker", reason=reason))
                else:
                    self._starting.set_result(None)
        elif kind == worker.BORN:
            waiting = self._bearing.popleft()
            if pid:
                self._ending[pid] = asyncio.get_running_loop().create_future()
            if not waiting.done():
                waiting.set_result(pid)
            elif pid:
                self.end(pid)
        elif kind == worker.ENDED:
            ended = self._ending.get(pid)
            if ended and not ended.done():
                ended.set_result(int.from_bytes(text[5:9], "little", signed=True))
        else:
            self._gone()

    def _gone(self) -> None:
        """The nursery is no more, and its workers went with it."""
        if self._ours:
            asyncio.get_running_loop().remove_reader(self._ours)
            self._ours.close()
            self._ours = None
        gone = ConnectionError("the nursery ended")
        for waiting in [*self._bearing, self._starting]:
            if waiting and not waiting.done():
                waiting.set_exception(gone)
        self._bearing.clear()
        for ended in self._ending.values():
            if not ended.done():
                ended.set_result(-9)

    async def bear(self, theirs: socket.socket) -> int:
        await self.start()
        assert self._ours  # start made it, or raised
        waiting: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._bearing.append(waiting)
        message = worker.BEARING + bytes(worker.MESSAGE - 1)
        try:
            socket.send_fds(self._ours, [message], [theirs.fileno()])
        except OSError as error:
            self._gone()
            raise ConnectionError("the nursery ended") from error
        pid = await waiting
        if not pid:
            raise ConnectionError("the system starts no further process")
        return pid

    def end(self, pid: int) -> None:
        if self._ours:
            message = worker.ENDING + pid.to_bytes(4, "little") + bytes(4)
            with suppress(OSError):
                self._ours.send(message)

    async def ended(self, pid: int) -> int:
        try:
            return await self._ending[pid]
        finally:
            self._ending.pop(pid, None)

    async def _lose(self) -> None:
        living = not all(ended.done() for ended in self._ending.values())
        if self._ours:
            self._gone()
        if process := self._process:
            self._process = None
            if living:
                # It ends them and waits for them. Nobody else would: where the server is the first
                # process of a container, dead workers would fall to it, and stay.
                with suppress(TimeoutError):
                    async with asyncio.timeout(_FAREWELL):
                        await _over(process)
            process.kill()
            await _over(process)

    async def stop(self) -> None:
        await self._lose()
