"""The wire side of the server: uvicorn's HTTP protocol, with an end to everything that can last.

uvicorn reads a head for as long as a client takes to send one, and waits for as long as a client
takes to read an answer. Here each connection is always in one state with a deadline, which a sweep
looks at every second: a head must be complete in 8 s, a body in 20 s, an idle connection ends, a
client that takes nothing of its answer is dropped, however slowly others take theirs. Heads have a
size, addresses a length, and the server a number of connections. Refusals of this layer are problem
details, too.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Callable
from typing import Any, Final, Literal

from httptools import HttpParserInvalidMethodError, HttpParserInvalidURLError
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import Server, ServerState

from maillage.served.settings import Bounds
from maillage.wire.accept import language
from maillage.wire.problems import MEDIA_TYPE, Problem
from maillage.words import TAGS, Language

__all__ = ["GuardedServer", "Guards", "guarded"]

State = Literal["head", "body", "answer", "idle"]

# The headers whose text we take apart: nobody has much to say in them. Lines of one name are one.
_READ: Final = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"content-encoding",
        b"content-type",
        b"host",
        b"if-none-match",
        b"if-range",
        b"range",
        b"x-forwarded-for",
    }
)
_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64} [^ \r\n]++ HTTP/1\.[01]\r?\n")
_SPOKEN: Final = re.compile(rb"\naccept-language:([^\r\n]{0,1000})", re.IGNORECASE)


class Guards:
    """What every connection is held to, and who is told when one breaks it.

    :param refused: called with client, method, path, problem and size for each refusal that the
        application never sees.
    :param dropped: called with the reason when a connection is closed without an answer.
    :param base: the public address, where the pages of problems are.
    """

    def __init__(
        self,
        bounds: Bounds,
        refused: Callable[[str, str, str, Problem, int], None],
        dropped: Callable[[str], None],
        base: str = "",
    ) -> None:
        self.bounds = bounds
        self.refused = refused
        self.dropped = dropped
        self.base = base or "/"


class _Guarded(HttpToolsProtocol):
    """One connection."""

    guards: Guards

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._state: State = "head"
        self._since = time.monotonic()
        self._waiting = 0  # bytes that the client has yet to take, when last looked at
        self._taken = self._since  # when it last took some
        self._data = b""  # what came just now
        self._head_size = 0  # bytes that came while the head was not complete
        self._fields_size = 0  # of the headers read so far
        self._problem: Problem | None = None

    # ---- what uvicorn calls ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        if len(self.connections) > self.guards.bounds.connections:
            self.guards.dropped("connections")
            self._refuse(Problem("busy", retry_after=5))

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._state == "idle":
            self._enter("head")
        if self._state == "head":
            self._head_size += len(data)
        self._data = data
        super().data_received(data)
        # a head that is not complete by now has brought all these bytes itself
        if self._state == "head" and self._head_size > self.guards.bounds.head_size:
            self._refuse(Problem("too-large-head", limit=self.guards.bounds.head_size))
        self._data = b""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if len(self.pipeline) >= self.guards.bounds.pipelined:
            raise self._broken(Problem("too-many"))
        if self._state not in {"head", "idle"}:  # of a request sent before the last was answered
            self._head_size = 0
        self._fields_size = 0
        self._enter("head")

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.guards.bounds.address:
            raise self._broken(Problem("too-long-address", limit=self.guards.bounds.address))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        bounds = self.guards.bounds
        self._fields_size += len(name) + len(value)
        if len(self.headers) > bounds.headers or self._fields_size > bounds.head_size:
            raise self._broken(Problem("too-large-head", limit=bounds.head_size))
        name = self.headers[-1][0]
        if name in _READ and sum(len(v) for n, v in self.headers if n == name) > bounds.field:
            raise self._broken(Problem("too-large-head", limit=bounds.field))

    def on_headers_complete(self) -> None:
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise self._broken(Problem("bad-request"))  # RFC 9112, 3.2
        if self.url == b"*":  # of the server as a whole (RFC 9110, 9.3.7)
            self.url = b"/"
        self._enter("body")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self._state == "body":
            self._enter("answer" if self._answering() else "idle")

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.pipeline or (self.cycle and not self.cycle.response_complete):
            self._enter("answer")
        elif self._state == "answer":
            self._head_size = 0
            self._enter("idle")

    def resume_writing(self) -> None:
        super().resume_writing()
        self._taken = time.monotonic()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's words are not ours
        self._refuse(self._problem or self._unparsed(sys.exception(), self._data))

    # ---- ours -----------------------------------------------------------------------------------

    def sweep(self, now: float) -> None:
        """Close this connection when its time is over."""
        bounds = self.guards.bounds
        waiting = self.transport.get_write_buffer_size()
        if not waiting or waiting < self._waiting:
            self._taken = now
        self._waiting = waiting
        if now - self._taken > bounds.unread:  # the same for what is left when it is to be closed
            self.guards.dropped("unread")
            self.transport.abort()
        elif self._state == "answer" and now - self._since > bounds.answer:
            self.guards.dropped("answer")
            self.transport.abort()
        elif waiting or self.transport.is_closing():
            return
        elif self._state == "idle" and now - self._since > bounds.idle:
            self.transport.close()
        elif self._state == "head" and not self._answering() and now - self._since > bounds.head:
            self.guards.dropped("head")
            if self._head_size:
                self._refuse(Problem("slow-request"))
            else:
                self.transport.close()
        elif self._state == "body" and now - self._since > bounds.body:
            self.guards.dropped("body")
            self._refuse(Problem("slow-request"))

    def _enter(self, state: State) -> None:
        self._state, self._since = state, time.monotonic()

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @staticmethod
    def _unparsed(error: BaseException | None, data: bytes) -> Problem:
        """What is wrong with bytes that the parser does not take."""
        if isinstance(error, HttpParserInvalidURLError):
            return Problem("bad-address")
        if isinstance(error, HttpParserInvalidMethodError) and _LINE.match(data):
            return Problem("not-implemented")  # RFC 9110, 15.6.2
        return Problem("bad-request")

    def _spoken(self) -> Language:
        """The language of the client, as far as it has told it in what came so far."""
        found = _SPOKEN.search(self._data)
        told = found[1] if found else dict(self.headers or ()).get(b"accept-language", b"")
        return language(told.decode("latin-1"))

    def _broken(self, problem: Problem) -> ValueError:
        """What a callback of the parser raises so that it stops; ``problem`` tells why."""
        self._problem = problem
        return ValueError(problem.key)

    def _refuse(self, problem: Problem) -> None:
        """Answer from here, and close: the application has no part in it."""
        if self._answering() and (self._state != "body" or self.cycle.response_started):
            self.transport.close()  # what is written now would stand inside another answer
            return
        lang = self._spoken()
        body = problem.json(self.guards.base, lang)
        head = [
            STATUS_LINE[problem.status],
            *(b"%s: %s\r\n" % pair for pair in self.server_state.default_headers),
            b"content-type: %s\r\n" % MEDIA_TYPE.encode(),
            b"content-length: %d\r\n" % len(body),
            b"content-language: %s\r\n" % TAGS[lang].encode(),
            b"access-control-allow-origin: *\r\n",
            b"x-content-type-options: nosniff\r\n",
            b"cache-control: no-store\r\n",
            b"connection: close\r\n",
        ]
        if problem.retry_after is not None:
            head.append(b"retry-after: %d\r\n" % problem.retry_after)
        self.transport.write(b"".join([*head, b"\r\n", body]))
        self.transport.close()
        if self.cycle is not None:  # whoever still reads this request's body learns that it is over
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        client = self.client[0] if self.client else ""
        method = str(self.scope.get("method", "")) if self.scope else ""
        url = bytes(getattr(self, "url", b"")).partition(b"?")[0].decode("latin-1")
        self.guards.refused(client, method, url, problem, len(body))


def guarded(guards: Guards) -> type[HttpToolsProtocol]:
    """The protocol of a server whose connections are held to these bounds."""
    return type("Guarded", (_Guarded,), {"guards": guards})


_TICKS: Final = 10  # of uvicorn's main loop in a second


class GuardedServer(Server):
    """uvicorn's server, which looks after its connections each second and says when it listens."""

    def __init__(self, config: Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[Any] | None = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        if self.started:
            self._listening()

    async def on_tick(self, counter: int) -> bool:
        """Sweep once a second."""
        if counter % _TICKS == 0:
            self.sweep()
        return await super().on_tick(counter)

    def sweep(self) -> None:
        """Close every connection whose time is over."""
        now = time.monotonic()
        for connection in list(self.server_state.connections):
            if isinstance(connection, _Guarded):
                connection.sweep(now)

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        """End when what is under way is answered; who is slow then is not waited for."""
        sweeping = asyncio.create_task(self._sweep_on())
        try:
            await super().shutdown(sockets)
        finally:
            sweeping.cancel()

    async def _sweep_on(self) -> None:
        while True:
            self.sweep()
            await asyncio.sleep(1)
