"""The styles and scripts of the site: which there are, and what tells one set from another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from maillage.site.texts import FOLDER

__all__ = ["TYPES", "static_files", "version"]

#: Their media types, by the end of their names.
TYPES: Final = {
    ".css": "text/css;charset=utf-8",
    ".js": "text/javascript;charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def static_files() -> Mapping[str, Path]:
    """All of them by name, in alphabetical order."""
    found = [path for path in FOLDER.rglob("*") if path.suffix in TYPES]
    found.append(FOLDER.parent / "css" / "ground.css")  # maps have it, too
    return {path.name: path for path in sorted(found, key=lambda path: path.name)}


@cache
def version() -> str:
    """A name for all of them as they are: another one as soon as a byte of one is another.

    One for all, so that a script of one version never loads one of another.
    """
    digest = sha256()
    for name, path in static_files().items():
        content = path.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]
