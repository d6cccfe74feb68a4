"""The application: what surrounds every request, and which handler answers it.

Around each request: who asks, which release answers, what is told to browsers (no foreign script,
no frame, data for everybody), one line in the log, one count in the numbers, and a sentence in
place of a trace when something of ours breaks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import Message, Receive, Scope, Send

from maillage.bounded import Died
from maillage.served import files, health, pages, things
from maillage.served.asking import Gone
from maillage.served.editions import Editions
from maillage.served.endpoint import data, sparql, unslashed
from maillage.served.logs import line, tell, untold
from maillage.served.metrics import Metrics
from maillage.served.refusals import refusal
from maillage.served.settings import Settings, client_address
from maillage.wire.problems import Problem
from maillage.words import LANGUAGES, say

__all__ = ["Application"]

#: What the log says of a client that did not wait for its answer, as nginx does; nobody gets it.
_LEFT: Final = 499

_READ: Final = ["GET", "HEAD"]
_ASK: Final = ["GET", "HEAD", "POST"]
#: The endpoint, and where its page is in a language that the address fixes.
_ENDPOINTS: Final = ("/sparql", *(f"/{lang}/sparql" for lang in LANGUAGES))

#: What browsers are told of every answer (see the threat model): no script but ours, no frame.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TOLD: Final[Mapping[str, str]] = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": (
        "ETag, Link, Location, Retry-After, Content-Length, Maillage-Rows, Maillage-Truncated"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": _POLICY,
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
}
# What a preflight is told (Fetch standard, 3.3): the same for everyone, nothing of it echoed.
_PREFLIGHT: Final[Mapping[str, str]] = {
    "access-control-allow-headers": "Accept, Accept-Language, Content-Type, If-None-Match, Range",
    "access-control-max-age": "86400",
}

# Headers that are lists; a proxy adds its line of them below what the client wrote.
_LISTS: Final = frozenset(
    {b"accept", b"accept-encoding", b"accept-language", b"if-none-match", b"x-forwarded-for"}
)


class Application:
    """The ASGI application of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.editions = Editions(settings, self.say)
        self.connections: Callable[[], int] = lambda: 0
        self._router = Router(
            [
                *(Route(path, sparql, methods=_ASK, name="sparql") for path in _ENDPOINTS),
                *(Route(f"{p}/", unslashed, methods=_ASK, name="sparql") for p in _ENDPOINTS),
                Route("/data", data, methods=_READ, name="data"),
                Route("/data/", unslashed, methods=_READ, name="data"),
                Route("/healthz", health.healthz, methods=_READ, name="healthz"),
                Route("/metrics", health.metrics, methods=_READ, name="metrics"),
                Route("/robots.txt", files.robots, methods=_READ, name="robots"),
                Route("/.well-known/void", things.void, methods=_READ, name="void"),
                Route("/ns", things.vocabulary, methods=_READ, name="page"),
                Route("/ns/", things.vocabulary, methods=_READ, name="page"),
                Route("/ns/{version}", things.vocabulary, methods=_READ, name="page"),
                Route("/id/{kind}/{key}", things.thing, methods=_READ, name="id"),
                Route("/doc/{kind}/{key}", things.document, methods=_READ, name="page"),
                Route("/doc/{kind}/{key}/", things.document, methods=_READ, name="page"),
                Route("/release/{release}/{name}", files.file, methods=_READ, name="release"),
                Route("/map", files.network, methods=_READ, name="map"),
                Route("/static/{path:path}", pages.page, methods=_READ, name="static"),
                Route("/problems/{key}", pages.problem, methods=_READ, name="problems"),
                Route("/{lang}/problems/{key}", pages.problem, methods=_READ, name="problems"),
                Route("/{path:path}", pages.page, methods=_READ, name="page"),
            ],
            redirect_slashes=False,
        )

    def say(self, key: str, **values: object) -> None:
        """Tell the person who runs the server something, in their language."""
        told = {
            name: value.text(self.settings.lang) if hasattr(value, "text") else value
            for name, value in values.items()
        }
        tell(say(key, self.settings.lang, **told))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; uvicorn's lifespan starts and ends the workers."""
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        scope["app"] = self
        scope["headers"] = _joined(scope["headers"])
        peer = scope["client"][0] if scope.get("client") else ""
        headers = Headers(scope=scope)
        scope["asker"] = client_address(peer, headers.get("x-forwarded-for"), self.settings.proxies)
        sent = _Sent(send)
        async with self.editions.now.leased() as edition:
            scope["edition"] = edition
            try:
                await self._answer(scope, receive, sent)
            finally:
                self._note(scope, sent, time.perf_counter() - started, edition.release)

    async def _answer(self, scope: Scope, receive: Receive, send: _Sent) -> None:
        if scope["method"] == "OPTIONS":
            await self._options(scope, receive, send)
            return
        try:
            await self._router(scope, receive, send)
        except Problem as problem:
            if isinstance(problem.__cause__, Died):  # hidden from the client, told in the log
                reason = problem.__cause__.reason
                self._crashed(scope, reason if self.settings.log_queries else untold(reason))
            await self._refuse(problem, scope, receive, send)
        except HTTPException as error:
            if error.status_code == 405:  # noqa: PLR2004  # the router's own
                scope["allow"] = f"{(error.headers or {}).get('Allow', '')}, OPTIONS"
            await self._refuse(
                Problem("method" if "allow" in scope else "not-found"), scope, receive, send
            )
        except Gone:
            scope["left"] = True
        except Exception as error:  # the last net: told in the log, hidden outside
            self._crashed(scope, f"{type(error).__name__}: {error}")
            if send.status:  # part of it is gone: the connection ends, so that nobody takes it
                raise
            await self._refuse(Problem("fault"), scope, receive, send)

    def _crashed(self, scope: Scope, reason: str) -> None:
        """Tell of a breakdown in the log: the end of a trace says most."""
        method, path = scope["method"], ascii(scope["path"])[:200]
        self.say("served.crashed", method=method, path=path, reason=ascii(reason[-500:]))

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await refusal(request, problem)
        if "allow" in scope:
            answer.headers["allow"] = scope["allow"]
        await answer(scope, receive, send)

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What can be done here, and the preflight of a browser's script."""
        path = scope["path"].rstrip("/")
        allow = ", ".join([*(_ASK if path in _ENDPOINTS else _READ), "OPTIONS"])
        answer = Response(status_code=204, headers={"allow": allow, **_PREFLIGHT})
        answer.headers["access-control-allow-methods"] = allow
        scope["route_name"] = "options"
        await answer(scope, receive, send)

    def _note(self, scope: Scope, sent: _Sent, seconds: float, release: str) -> None:
        route = scope.get("route_name") or getattr(scope.get("route"), "name", None) or "page"
        status = _LEFT if scope.get("left") else sent.status
        self.metrics.count(route, status, seconds, sent.size)
        path = scope.get("raw_path", b"").partition(b"?")[0].decode("ascii", "replace")
        query = ""
        if self.settings.log_queries:
            query = scope.get("query_text") or scope["query_string"].decode("ascii", "replace")
        tell(
            line(
                scope["asker"],
                scope["method"],
                path,
                status,
                sent.size,
                seconds,
                scope.get("lane", ""),
                release,
                query,
            )
        )

    def refused(self, client: str, method: str, path: str, problem: Problem, size: int) -> None:
        """Note a request that the wire side refused."""
        self.metrics.count("wire", problem.status, 0.0, size)
        release = self.editions.now.release
        tell(line(client, method or "-", path, problem.status, size, 0.0, "", release))


class _Sent:
    """What leaves: the headers that every answer has are added, status and bytes are noted."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            told = MutableHeaders(scope=_headed(message))
            for name, value in _TOLD.items():
                told.setdefault(name, value)
        elif message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        await self._send(message)


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a request, a list that came in several lines in one (RFC 9110, 5.3).

    >>> _joined([(b"accept", b"text/csv"), (b"host", b"a"), (b"accept", b"*/*;q=0.1")])
    [(b'accept', b'text/csv, */*;q=0.1'), (b'host', b'a')]
    """
    found: dict[bytes, bytes] = {}
    others = []
    for name, value in headers:
        if name not in _LISTS:
            others.append((name, value))
        else:
            found[name] = b", ".join([found[name], value]) if name in found else value
    return [*found.items(), *others]


def _headed(message: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The message, its headers a list that can be added to."""
    message["headers"] = list(message.get("headers", ()))
    return message
