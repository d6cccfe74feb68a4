"""Conditional requests (RFC 9110, 13) and the entity tags that they compare.

A tag is made of what the answer follows from: the release, the request and the representation. So
it can be compared before anything is computed, and two servers on one release agree.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

__all__ = ["tag", "unchanged"]

_TAG: Final = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def tag(*parts: str, coding: str = "identity") -> str:
    """A strong entity tag from what an answer follows from.

    >>> tag("c1763cf6b2f7", "ASK {}") == tag("c1763cf6b2f7", "ASK {}", coding="gzip")
    False
    """
    # lengths keep two lists of parts apart whose texts join to the same
    text = "".join(f"{len(part)}:{part}" for part in (*parts, coding))
    return f'"{sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def unchanged(if_none_match: str | None, etag: str | None) -> bool:
    """Whether what the client has is what it would get: the weak comparison of RFC 9110, 13.1.2.

    >>> unchanged('W/"a", "b"', '"a"'), unchanged("*", '"a"'), unchanged('"c"', '"a"')
    (True, True, False)
    >>> unchanged("*", None)
    False
    """
    if not if_none_match or not etag:
        return False
    if if_none_match.strip() == "*":
        return True
    opaque = etag.removeprefix("W/").strip('"')
    return opaque in _TAG.findall(if_none_match)
