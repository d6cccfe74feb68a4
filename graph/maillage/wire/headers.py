"""Header values made of text that others wrote: ``Link`` (RFC 8288), and what may stand in any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

__all__ = ["link_header", "reference"]

# What an address may hold as it is (RFC 3986); everything else is percent-encoded.
_KEPT: Final = "%:/?#[]@!$&'()*+,;=-._~"
_NAME: Final = re.compile(r"[a-z][a-z0-9*-]*")
_VALUE: Final = re.compile(r'[^\x20-\x7e]|["\\]')


def reference(address: str) -> str:
    r"""An address that cannot be anything but an address, whoever wrote it.

    >>> reference("/doc/place/北京?x=<a>\r\nSet-Cookie: a=b")
    '/doc/place/%E5%8C%97%E4%BA%AC?x=%3Ca%3E%0D%0ASet-Cookie:%20a=b'
    """
    return quote(address.encode("utf-8", "replace"), safe=_KEPT)


def link_header(links: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """The value of a ``Link`` header, from targets and their parameters.

    A parameter that has no place in ASCII is left out: the page itself says the same.

    >>> link_header([("/doc/place/fr.ttl", {"rel": "alternate", "type": "text/turtle"})])
    '</doc/place/fr.ttl>; rel="alternate"; type="text/turtle"'
    """
    written = []
    for target, parameters in links:
        parts = [f"<{reference(target)}>"]
        for name, value in parameters.items():
            if _NAME.fullmatch(name) and not _VALUE.search(value):
                parts.append(f'{name}="{value}"')
        written.append("; ".join(parts))
    return ", ".join(written)
