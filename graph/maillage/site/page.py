"""What the site answers: the bytes of a page or file, and what HTTP should say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

__all__ = ["HTML", "Link", "Page", "moved"]

#: The media type of pages that people read.
HTML: Final = "text/html;charset=utf-8"

#: An entry of the Link header (RFC 8288): a target, relative to the page or absolute, and its
#: parameters, ``rel`` among them.
Link: TypeAlias = tuple[str, Mapping[str, str]]


@dataclass(frozen=True)
class Page:
    """An answer of the site, which knows nothing of connections.

    :ivar status: the HTTP status.
    :ivar media_type: with its character set, where it has one.
    :ivar links: what belongs into the Link header.
    :ivar location: where to go instead, relative to the page, when the status is 3xx.
    :ivar steady: whether the same release always gives the same bytes, so that a strong ETag can
        be made from the release and the address.
    :ivar lasts: whether this address will never hold anything else, in any release.
    :ivar rows: how many rows a table of results holds.
    :ivar truncated: whether the table was cut at a limit, which the page itself says, too.
    :ivar wrong: what a page says is wrong with what was asked, for a client that reads no pages.
    """

    status: int
    media_type: str
    body: bytes
    links: tuple[Link, ...] = ()
    location: str | None = None
    steady: bool = True
    rows: int | None = None
    truncated: bool = False
    lasts: bool = False
    wrong: str = ""


def moved(location: str, status: int = 308) -> Page:
    """A page that only says where to go instead (308: for good; 303: see there).

    >>> moved("../place/").status, moved("../place/").location
    (308, '../place/')
    """
    return Page(status, "text/plain;charset=utf-8", f"{location}\n".encode(), location=location)
