"""What handlers read of a request: its body up to a bound, where it was sent to, who answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from starlette.requests import Request

from maillage.wire.accept import language
from maillage.wire.problems import Problem
from maillage.words import LANGUAGES, Language

if TYPE_CHECKING:  # the application imports the handlers, which import this
    from maillage.served.application import Application
    from maillage.served.editions import Edition

__all__ = [
    "Gone",
    "application",
    "asker",
    "attended",
    "base_address",
    "edition",
    "fixed",
    "named_address",
    "spoken",
    "whole_body",
]

T = TypeVar("T")

# A host and a port as clients write them (RFC 9110, 7.2); anything else is not repeated.
_HOST: Final = re.compile(r"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


class Gone(Exception):  # noqa: N818  # a client that left is no error
    """The client has closed the connection: nobody waits for the answer any more."""


async def attended(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Do some work as long as the client waits for it; its body has been read before.

    :raises Gone: when the client left; the work was cancelled then.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Gone
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def application(request: Request) -> Application:
    """The application that this request came to."""
    return cast("Application", request.scope["app"])


def edition(request: Request) -> Edition:
    """The release that answers this request."""
    return cast("Edition", request.scope["edition"])


def asker(request: Request) -> str:
    """By what the limits per client tell clients apart.

    On a server that only this machine can reach, everybody is the same person: no limits then.
    """
    return str(request.scope["asker"]) if application(request).settings.public else ""


def base_address(request: Request) -> str:
    """The address of the site as this client knows it, with a slash at its end."""
    settings = application(request).settings
    if settings.base:
        return settings.base
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        host = f"{settings.host}:{settings.port}"
    return f"http://{host}/"


def named_address(request: Request) -> str:
    """The address that pages name as theirs: the one that was chosen, never a client's word."""
    settings = application(request).settings
    return settings.base or ("" if settings.public else settings.address)


def fixed(path: str) -> Language | None:
    """The language that an address is in, whoever asks.

    >>> fixed("/fr/doc/place/fr/"), fixed("/doc/place/fr/")
    ('fr', None)
    """
    return next((lang for lang in LANGUAGES if path.startswith(f"/{lang}/")), None)


def spoken(request: Request) -> Language:
    """The language of the answer: that of the address, or the one that the reader reads best."""
    asked = request.headers.get("accept-language")
    return fixed(request.scope["path"]) or language(asked)


async def whole_body(request: Request) -> bytes:
    """The body of a request.

    :raises Problem: when it is longer than may be, or packed.
    """
    limit = application(request).settings.bounds.body_size
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem("content-coding", given=request.headers["content-encoding"])
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > limit:
        raise Problem("too-large-body", limit=limit)
    parts, size = [], 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Problem("slow-request")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise Problem("too-large-body", limit=limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
