"""One worker, seen from the pool: it takes a job, and gives an answer or breaks down."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Any

from maillage.bounded import frames
from maillage.bounded.answers import Spool
from maillage.bounded.outcomes import Busy, Died, Fault, TooLarge
from maillage.bounded.processes import Bearer
from maillage.errors import MaillageError

__all__ = ["Link"]

_DYING = 2.0  # seconds in which a process that closed its socket has ended


class Link(asyncio.BufferedProtocol):
    """A worker process and the socket to it. One job at a time.

    :ivar ready: which protections the worker says it has.
    :ivar lost: called once, when the worker is of no use any more.
    """

    def __init__(self, bearer: Bearer, spool_limit: int) -> None:
        self._bearer, self._limit = bearer, spool_limit
        self.pid = 0
        self.ready: dict[str, bool] = {}
        self.alive = True
        self._reader = frames.FrameReader()
        # Its own, used again: the event loop's would be a quarter of a megabyte, anew each time.
        self._buffer = memoryview(bytearray(frames.INLINE))
        self._transport: asyncio.Transport | None = None
        self._sock: socket.socket | None = None
        self._answer: asyncio.Future[frames.Frame] | None = None
        self._spool: Spool | None = None  # what the worker holds
        self._parts: Spool | None = None  # what comes in parts
        self._low = False
        self._code: asyncio.Task[int] | None = None
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def open(self, opening: float) -> None:
        """Start the worker, and wait until it has opened what it needs.

        :raises MaillageError: when it cannot open.
        :raises ConnectionError: when it broke down.
        """
        ours, theirs = socket.socketpair()
        loop = asyncio.get_running_loop()
        try:
            with theirs:
                self.pid = await self._bearer.bear(theirs)
        except BaseException:
            ours.close()
            raise
        self._code = loop.create_task(self._bearer.ended(self.pid))
        ours.setblocking(False)
        self._sock = ours
        self._answer = loop.create_future()
        await loop.create_connection(lambda: self, sock=ours)
        try:
            async with asyncio.timeout(opening):
                frame = await self._answer
        except TimeoutError:
            self.end()
            raise MaillageError("no-worker", reason=f"> {opening:g} s") from None
        except BaseException:
            self.end()
            raise
        if failed := frame.meta.get("failed"):
            self.end()
            raise MaillageError("no-worker", reason=failed)
        self.ready = dict(frame.meta["ready"])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop when the socket is in its hands."""
        assert isinstance(transport, asyncio.Transport)  # it is a socket's
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        """Called by the event loop: where to put what the worker sends."""
        del sizehint
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Called by the event loop with how much the worker sent."""
        try:
            frame = self._reader.fed(self._buffer[:nbytes])
            while frame:
                self._take(frame)
                frame = self._reader.fed(b"")
        except (ValueError, OSError):
            # Not ours: whatever speaks there is no worker any more.
            self.end()

    def _take(self, frame: frames.Frame) -> None:
        if frame.kind == frames.MORE:
            self._parts = self._parts or Spool()
            if self._parts.file.tell() + frame.size > self._limit:
                raise ValueError("a worker sent more than it may")
            self._parts.file.write(frame.body)
        elif self._answer and not self._answer.done():
            self._answer.set_result(frame)
        else:
            raise ValueError("a worker answered what was not asked")

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop when the worker closed its socket, or died."""
        del exc  # whatever it was, the worker is gone
        self._lose()

    def end(self) -> None:
        """End the process at once."""
        self._bearer.end(self.pid)
        self._lose()

    def _lose(self) -> None:
        if not self.alive:
            return
        self.alive = False
        if self._transport:
            self._transport.abort()
        for spool in (self._spool, self._parts):
            if spool:
                spool.close()
        self._spool = self._parts = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError("the worker ended"))
            self._answer.exception()  # seen, even when nobody waits any more
        if not self.lost.done():
            self.lost.set_result(None)

    async def do(self, payload: bytes, *, low: bool) -> tuple[dict[str, Any], bytes | Spool]:
        """Do a job.

        :param low: whether this worker stands back from now on behind others.
        :raises Fault: when the job is refused for what it asks.
        :raises TooLarge: when its answer is.
        :raises Died: when the worker broke down.
        """
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        flags = frames.LOW if low and not self._low else 0
        self._low = low
        try:
            self._send(payload, flags)
            frame = await self._answer
        except (ConnectionError, OSError):
            self.end()
            raise Died(await self._signal()) from None
        try:
            return self._judged(frame)
        except (KeyError, TypeError, ValueError) as error:
            self.end()
            raise Died(0, f"a worker's answer is none: {error!r}") from error
        finally:
            if frame.meta.get("last"):  # it has grown, and is replaced
                self.end()

    def _send(self, payload: bytes, flags: int) -> None:
        assert self._transport  # it was opened
        assert self._sock  # likewise
        if not self._bearer.shares or self._spool:
            self._transport.write(frames.task(payload, flags) + payload)
            return
        self._spool = Spool()
        head = frames.task(payload, flags | frames.FD)
        # The worker waits for a job, so its buffer is empty, and takes the head whole.
        socket.send_fds(self._sock, [head], [self._spool.file.fileno()])
        self._transport.write(payload)

    def _judged(self, frame: frames.Frame) -> tuple[dict[str, Any], bytes | Spool]:
        meta, parts = frame.meta, self._parts
        self._parts = None
        if "meta" not in meta and parts:
            parts.close()
        if key := meta.get("fault"):
            values = dict(meta["values"])
            raise Fault(str(key), line=meta["line"], column=meta["column"], **values)
        if "large" in meta:
            if meta["large"] < self._limit:  # the disk is full, not the answer too long
                raise Busy(60)
            raise TooLarge(self._limit)
        if "meta" not in meta:
            raise Died(0, str(meta.get("broken", "")))
        if frame.kind == frames.SPOOLED:
            spool, self._spool = self._spool, None
            if not spool or spool.size() != frame.size:
                self.end()
                raise Died(0, "a worker's answer is not as long as it says")
            return meta["meta"], spool
        if parts:
            parts.file.write(frame.body)
            return meta["meta"], parts
        return meta["meta"], frame.body

    async def _signal(self) -> int:
        """The number of the signal that ended the process; 0 when it ended by itself."""
        assert self._code  # it was opened
        with suppress(TimeoutError):
            async with asyncio.timeout(_DYING):
                return max(0, -(await asyncio.shield(self._code)))
        return 0
