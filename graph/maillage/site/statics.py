"""The styles and scripts of the site, at ``/static/NAME``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from maillage.site.page import Page
from maillage.site.texts import FOLDER
from maillage.site.visit import Opened, Visit

__all__ = ["page", "paths", "static_files"]

_TYPES: Final = {
    ".css": "text/css;charset=utf-8",
    ".js": "text/javascript;charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def static_files() -> Mapping[str, Path]:
    """All of them by name, in alphabetical order."""
    found = [path for path in FOLDER.rglob("*") if path.suffix in _TYPES]
    return {path.name: path for path in sorted(found, key=lambda path: path.name)}


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """One of them."""
    path = static_files().get("/".join(rest))
    if path is None:
        return visit.nothing()
    return Page(200, _TYPES[path.suffix], path.read_bytes())


def paths(_: Opened) -> Iterator[str]:
    """Their addresses."""
    for name in static_files():
        yield f"/static/{name}"
