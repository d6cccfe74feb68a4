"""From what was made to what is sent: validators, packing, lengths; whole or not at all.

Every answer of the server goes through :class:`Answer`. Its length is known before its first byte
leaves; a body that waits in a spool file is read piece by piece, and closed whatever happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from maillage.served.packing import Packed
from maillage.wire.accept import coding
from maillage.wire.conditional import unchanged

__all__ = ["Answer", "Body", "Bytes", "coded", "packs", "prepared"]

#: Answers smaller than this gain nothing from packing; larger ones than that take too long.
_TINY: Final = 1_024
_HUGE: Final = 16 << 20

# What packing makes smaller; pictures and workbooks are packed already.
_TEXTS: Final = ("text/", "application/json", "application/xml", "application/n-", "image/svg")
_TEXT_ENDS: Final = ("+json", "+xml", "javascript", "application/trig")


class Body(Protocol):
    """Bytes that are all there already, in memory or in a file."""

    size: int

    def body(self) -> Iterator[bytes]:
        """The bytes, piece by piece."""

    def close(self) -> None:
        """Let go of the file, if there is one."""


@dataclass
class Bytes:
    """A body in memory."""

    content: bytes
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = len(self.content)

    def body(self) -> Iterator[bytes]:
        """All of it, in one piece."""
        yield self.content

    def close(self) -> None:
        """Nothing to let go of."""


class Answer(Response):
    """A whole answer; with HEAD the same headers and no body.

    :param behind: what the body was made of, which counts as kept until the answer is sent.
    """

    def __init__(
        self, body: Body, status: int, headers: Mapping[str, str], behind: Body | None = None
    ) -> None:
        self._body, self._behind = body, behind
        self.status_code = status
        self.background = None
        self.body = b""
        told = {name: value for name, value in headers.items() if value}
        told.setdefault("content-length", str(body.size))
        self.init_headers(told)

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,  # noqa: ARG002  # every answer is called with it
        send: Send,
    ) -> None:
        """Send status, headers, and the body unless only the head was asked for."""
        start = {"type": "http.response.start", "status": self.status_code}
        try:
            await send({**start, "headers": self.raw_headers})
            if scope["method"] != "HEAD":
                for piece in self._body.body():
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    # a client that is gone takes everything at once; others have their turn
                    await asyncio.sleep(0)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._body.close()
            if self._behind is not None:
                self._behind.close()


def packs(media_type: str, size: int) -> bool:
    """Whether packing such an answer is worth the time."""
    bare = media_type.partition(";")[0].strip()
    texts = bare.startswith(_TEXTS) or bare.endswith(_TEXT_ENDS)
    return texts and _TINY <= size <= _HUGE


def coded(etag: str, how: str) -> str:
    """The tag of a representation in one coding: packed bytes are other bytes.

    >>> coded('"a"', "gzip"), coded('"a"', "identity")
    ('"a-gzip"', '"a"')
    """
    return etag if how == "identity" or not etag else f'{etag[:-1]}-{how}"'


async def prepared(
    request: Request,
    body: Body,
    media_type: str,
    *,
    status: int = 200,
    etag: str = "",
    vary: Sequence[str] = (),
    cache: str = "no-cache",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make the answer that this client gets: packed if it likes, nothing if it has it already.

    :param etag: of the representation as it is; strong.
    :param vary: the headers of the request on which the choice of it depends.
    """
    packable = packs(media_type, body.size)
    how = coding(request.headers.get("accept-encoding")) if packable else "identity"
    told = {
        **(headers or {}),
        "content-type": media_type,
        "cache-control": cache,
        "etag": coded(etag, how),
        "vary": ", ".join([*vary, *(["Accept-Encoding"] if packable else [])]),
    }
    known = request.headers.get("if-none-match") if status == 200 else None  # noqa: PLR2004  # "OK"
    if request.method in {"GET", "HEAD"} and unchanged(known, told["etag"]):
        body.close()
        return _not_modified(told)
    if how == "gzip":
        try:
            packed = await asyncio.to_thread(Packed, body.body())
        except BaseException:
            body.close()
            raise
        return Answer(packed, status, {**told, "content-encoding": "gzip"}, body)
    return Answer(body, status, told)


def _not_modified(headers: Mapping[str, str]) -> Response:
    """304, with what a 200 would have told of caching (RFC 9110, 15.4.5)."""
    kept = ("cache-control", "etag", "vary", "link", "content-location")
    return Response(status_code=304, headers={n: v for n, v in headers.items() if n in kept and v})
