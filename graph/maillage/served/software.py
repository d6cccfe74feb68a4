"""What answers follow from beside release and request: the program that writes them."""

from __future__ import annotations

import zlib
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyoxigraph

import maillage

__all__ = ["SOFTWARE"]

_SUFFIXES: Final = {".py", ".toml", ".j2", ".css", ".js", ".rq", ".ttl"}


def _digest() -> str:
    """A digest of the program's own files, and of the versions of what writes bytes for it.

    Two servers with the same program have the same; a template that is changed makes other tags.
    """
    package = Path(maillage.__file__).parent
    digest = sha256(f"{pyoxigraph.__version__} {zlib.ZLIB_RUNTIME_VERSION}".encode())
    for path in sorted(package.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


#: Part of every entity tag.
SOFTWARE: Final = _digest()
