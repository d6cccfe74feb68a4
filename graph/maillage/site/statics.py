"""The styles and scripts of the site, at ``/static/NAME`` and ``/static/VERSION/NAME``.

The address with the version of them all (:func:`maillage.site.assets.version`) is what pages of a
server name: it never holds anything else, so it may be kept for good. The one without is asked for
anew each time; a version that is gone answers as that does, with what there is now.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from maillage.site.assets import TYPES, static_files, version
from maillage.site.page import Page
from maillage.site.visit import Opened, Visit

__all__ = ["page", "paths"]

_VERSION: Final = re.compile(r"[0-9a-f]{16}")


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """One of them."""
    *named, name = rest or [""]
    path = static_files().get(name)
    if path is None or named[1:] or (named and not _VERSION.fullmatch(named[0])):
        return visit.nothing()
    return Page(200, TYPES[path.suffix], path.read_bytes(), lasts=named == [version()])


def paths(_: Opened) -> Iterator[str]:
    """Their addresses."""
    for name in static_files():
        yield f"/static/{name}"
