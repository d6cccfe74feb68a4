"""The program that workers run: it bears workers, or is one.

On Linux one *nursery* loads the handler's module, and forks a worker whenever the pool wants one.
Measured (``tests/benchmarks/bounded.md``): a worker of the SPARQL job is ready in a tenth of the
time of starting Python anew, one that needs most of Maillage in a fortieth. The nursery opens
nothing and has one thread, which is what makes forking sound. Elsewhere each worker is started as a
program of its own.

``python -c BOOT OPTIONS``: options are JSON, see :class:`Options`.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final, TypedDict, cast

from maillage.bounded import confine, frames
from maillage.bounded.outcomes import Fault

__all__ = ["BEARING", "BORN", "ENDED", "ENDING", "MESSAGE", "Options", "main"]

#: Messages between pool and nursery: one letter, one number, sent as they are.
MESSAGE: Final = 9
BEARING, ENDING, BORN, ENDED = b"+", b"-", b"b", b"e"

_HELD: Final = 4  # a worker that keeps more than a quarter of what a job may take is replaced


class Options(TypedDict):
    """What the pool tells a worker when it starts."""

    handler: str
    folder: str
    settings: dict[str, Any]
    memory: int
    spool: int
    stack: int
    parent: int
    nursery: int  # descriptor of the socket to the pool, for a nursery; -1 otherwise
    socket: int  # descriptor of the worker's socket; -1 when it comes over standard input


class _TooMuch(Exception):  # noqa: N818  # caught at once
    """The answer is longer than may be."""


class _Answer:
    """Where a handler writes: short answers stay in memory, long ones go to the file."""

    def __init__(self, sock: socket.socket, limit: int) -> None:
        self._sock, self._limit = sock, limit
        self.spool = -1
        self._parts: list[bytes] = []
        self._held = 0
        self.size = 0
        self.spilt = False
        self.over = False

    def reset(self) -> None:
        if self.spilt and self.spool >= 0:
            # What a job wrote that then failed: the file serves the next one.
            os.lseek(self.spool, 0, os.SEEK_SET)
            os.ftruncate(self.spool, 0)
        self._parts, self._held, self.size = [], 0, 0
        self.spilt = self.over = False

    def write(self, data: Any) -> int:
        part = bytes(data)
        self.size += len(part)
        if self.size > self._limit:
            self.over = True
            raise _TooMuch
        self._parts.append(part)
        self._held += len(part)
        if self._held > frames.INLINE:
            self._spill()
        return len(part)

    def flush(self) -> None:
        """Nothing is kept back from a caller who reads only whole answers."""

    def writable(self) -> bool:
        return True

    def _spill(self) -> None:
        block = memoryview(b"".join(self._parts))
        self._parts, self._held = [], 0
        if self.spool < 0:
            for start in range(0, len(block), frames.CHUNK):
                part = block[start : start + frames.CHUNK]
                self._sock.sendall(frames.answer({}, frames.MORE, len(part)) + part)
            return
        self.spilt = True
        try:
            while block:
                block = block[os.write(self.spool, block) :]
        except OSError:
            self.over = True
            raise

    def finish(self, meta: Any, *, last: bool) -> None:
        """Send the answer, or what remains of it.

        :param last: whether this worker takes no further job.
        """
        said = {"meta": meta, "last": last}
        if self.spilt:
            self._spill()
            self._sock.sendall(frames.answer(said, frames.SPOOLED, self.size))
            os.close(self.spool)
            self.spool, self.spilt = -1, False
        else:
            body = b"".join(self._parts)
            self._sock.sendall(frames.answer(said, frames.END, len(body)) + body)

    def refuse(self, meta: dict[str, Any]) -> None:
        """Send a refusal in place of an answer."""
        self._sock.sendall(frames.answer(meta, frames.END, 0))


def _serve(
    sock: socket.socket, options: Options, opened: Callable[..., Any], follows: bool
) -> None:
    """Open, tell that one is ready, then do one job after another until the socket is closed."""
    held = {"deadline": True, "answers": True, "stack": True, "orphans": follows}
    answer = _Answer(sock, options["spool"])
    try:
        handle = opened(Path(options["folder"]), options["settings"])
        held |= confine.bound(options["memory"], options["spool"])
        held |= confine.seal()
    except BaseException as error:  # noqa: BLE001  # told to the pool, whatever it is
        answer.refuse({"failed": str(error) or repr(error)})
        return
    grown = confine.Growth(options["memory"] // _HELD)
    gc.collect()
    gc.freeze()
    answer.refuse({"ready": held, "pid": os.getpid()})
    while (job := _received(sock, answer)) is not None:
        _do(handle, job, answer, grown)


def _received(sock: socket.socket, answer: _Answer) -> dict[str, Any] | None:
    """The next job; none when the pool has closed the socket."""
    held = bytearray()
    head = frames.TASK
    # Nobody sends the next job before this one is answered: there is nothing to read too far.
    while len(held) < head.size or len(held) < head.size + head.unpack_from(held)[0]:
        more = _part(sock, answer)
        if not more:
            return None
        held += more
    if head.unpack_from(held)[1] & frames.LOW:
        confine.stand_back()
    return cast("dict[str, Any]", json.loads(held[head.size :]))


def _part(sock: socket.socket, answer: _Answer) -> bytes:
    """Some bytes of a job, and the file that may come along."""
    if not hasattr(socket, "recv_fds"):  # Windows
        return sock.recv(frames.INLINE)
    part, descriptors, _, _ = socket.recv_fds(sock, frames.INLINE, 1)
    if descriptors:
        answer.spool = descriptors[0]
    return part


def _do(
    handle: Callable[..., Any], job: dict[str, Any], answer: _Answer, grown: confine.Growth
) -> None:
    answer.reset()
    try:
        meta = handle(job, cast("BinaryIO", answer))
        answer.finish(meta, last=grown.too_much())
    except Fault as fault:
        values = {name: str(value) for name, value in fault.values.items()}
        place = {"line": fault.line, "column": fault.column}
        answer.refuse({"fault": fault.key, "values": values, **place})
    except MemoryError:
        os.abort()  # the same end as when the engine itself is refused memory
    except (BrokenPipeError, ConnectionError):
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  # a panic of the engine is no Exception
        if answer.over:
            answer.refuse({"large": answer.size})
        else:
            last = traceback.format_exception(error)[-6:]
            answer.refuse({"broken": "".join(last)[-4000:]})


def _on_deep_stack(options: Options, work: Callable[[], None]) -> None:
    """Do all the work on a thread whose stack is deep."""
    threading.stack_size(options["stack"])
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def _load(handler: str) -> Callable[..., Any]:
    module, _, name = handler.partition(":")
    return cast("Callable[..., Any]", getattr(import_module(module), name))


def _single(options: Options) -> None:
    """Be one worker, started as a program."""
    if options["socket"] >= 0:
        sock = socket.socket(fileno=options["socket"])
    else:  # Windows hands a socket over as bytes
        share = sys.stdin.buffer.read()
        sock = socket.fromshare(share)  # type: ignore[attr-defined]  # Windows has it
    try:
        opened = _load(options["handler"])
    except BaseException as error:  # noqa: BLE001  # as in _serve
        sock.sendall(frames.answer({"failed": repr(error)}, frames.END, 0))
        return
    follows = confine.follow_parent(options["parent"])
    _on_deep_stack(options, lambda: _serve(sock, options, opened, follows))


def _nurse(options: Options) -> None:
    """Bear workers as they are asked for, and tell how they end."""
    control = socket.socket(fileno=options["nursery"])
    confine.follow_parent(options["parent"])
    try:
        opened = _load(options["handler"])
    except BaseException as error:  # noqa: BLE001  # told to the pool, whatever it is
        control.send(b"!" + repr(error).encode()[:60_000])
        return
    control.send(b"!")
    options["parent"] = os.getpid()
    wake, woken = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken)
    gc.collect()
    gc.freeze()  # what is shared with the workers stays shared
    living: set[int] = set()
    while True:
        ready, _, _ = select.select([control.fileno(), wake], [], [])
        if wake in ready:
            with suppress(BlockingIOError):
                os.read(wake, 4096)
            for pid, status in _ended(living):
                living.discard(pid)
                code = os.waitstatus_to_exitcode(status)
                _tell(control, ENDED, pid, code)
        if control.fileno() not in ready:
            continue
        try:
            text, descriptors, _, _ = socket.recv_fds(control, MESSAGE, 1)
        except ConnectionError:
            text, descriptors = b"", []
        if not text:  # the pool is gone
            for pid in living:
                os.kill(pid, signal.SIGKILL)
            for pid in living:  # or each would stay as a number that nobody asks for
                os.waitpid(pid, 0)
            return
        pid = int.from_bytes(text[1:5], "little")
        if text[:1] == ENDING:
            if pid in living:  # not reaped yet: the number is still its own
                os.kill(pid, signal.SIGKILL)
            continue
        try:
            pid = os.fork()
        except OSError:
            os.close(descriptors[0])
            _tell(control, BORN, 0, 0)
            continue
        if not pid:
            _be_born(options, opened, descriptors[0], (control.fileno(), wake, woken))
        os.close(descriptors[0])
        living.add(pid)
        _tell(control, BORN, pid, 0)


def _ended(living: set[int]) -> list[tuple[int, int]]:
    found = [os.waitpid(pid, os.WNOHANG) for pid in living]
    return [(pid, status) for pid, status in found if pid]


def _tell(control: socket.socket, kind: bytes, pid: int, code: int) -> None:
    message = kind + pid.to_bytes(4, "little") + code.to_bytes(4, "little", signed=True)
    with suppress(ConnectionError):  # a pool that is gone is seen by reading
        control.send(message)


def _be_born(
    options: Options, opened: Callable[..., Any], descriptor: int, others: tuple[int, ...]
) -> None:
    """Become a worker; never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # What an engine says when it gives up is of no use to anybody, and would fill a file.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        for other in (null, *others):
            os.close(other)
        sock = socket.socket(fileno=descriptor)
        follows = confine.follow_parent(options["parent"])
        _on_deep_stack(options, lambda: _serve(sock, options, opened, follows))
    finally:
        os._exit(0)


def main(arguments: list[str]) -> None:
    """Bear workers, or be one."""
    options: Options = json.loads(arguments[0])
    confine.detach()
    if options["nursery"] >= 0:
        _nurse(options)
    else:
        _single(options)
