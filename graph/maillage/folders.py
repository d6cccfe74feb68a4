"""Where the ontology, the questions and the data lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from hashlib import file_digest
from pathlib import Path
from typing import Final

from maillage.errors import MaillageError
from maillage.terms import BASE, PUBLISHED_BASE

__all__ = ["LARGEST", "folder", "given_bytes", "house_text", "sha256_of"]

#: Bytes of the largest file that is taken from a person: far above what people make.
LARGEST: Final = 200_000_000

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Find one of the folders that travel with Maillage: ``ontology``, ``queries`` or ``data``.

    In a wheel they lie inside the package; in a checkout beside ``graph/``.

    >>> (folder("ontology") / "vocabulary.ttl").is_file()
    True

    :raises FileNotFoundError: when the installation is broken.
    """
    for place in (_PACKAGE / name, _PACKAGE.parents[1] / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {name!r} is missing from this installation of Maillage")


def given_bytes(path: Path) -> bytes:
    """The bytes of a file that a person names: a real one, and not larger than people make.

    A pipe would let us wait for ever, and a device or a file of holes fill the memory.

    :raises MaillageError: when it is none, cannot be read, or is too large.
    """
    try:
        if not path.is_file():
            raise MaillageError("no-file", path=path)
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
    except OSError as error:
        raise MaillageError("no-file", path=path) from error
    if len(raw) > LARGEST:
        raise MaillageError("too-large", path=path, limit=LARGEST // 1_000_000)
    return raw


def sha256_of(path: Path) -> str:
    """The SHA-256 digest of a file, in hexadecimal digits; never all of the file at once."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def house_text(path: Path) -> str:
    """Read one of Maillage's own files, with the addresses of this installation in it.

    Ontology, questions and table descriptions are written with the published base address; an
    installation that sets another (:data:`maillage.terms.BASE`) sees its own everywhere.
    """
    text = path.read_text(encoding="utf-8")
    if BASE == PUBLISHED_BASE:
        return text
    # as an address, and as a pattern in a string of Turtle
    return text.replace(PUBLISHED_BASE, BASE).replace(
        _as_pattern(PUBLISHED_BASE), _as_pattern(BASE)
    )


def _as_pattern(address: str) -> str:
    return address.replace(".", r"\\.")
