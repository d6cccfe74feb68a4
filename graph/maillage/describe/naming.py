"""What a release is called, and what its files are: known from the data alone, without a clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from rdflib import Literal, Namespace, URIRef

from maillage.dumps import FORMATS
from maillage.errors import MaillageError
from maillage.terms import BASE, MLG
from maillage.words import Language

__all__ = [
    "LASTING",
    "LICENCE",
    "PUBLISHER",
    "SPDX",
    "File",
    "Release",
    "Stand",
    "hexadecimal",
    "release",
    "release_of",
    "release_told_by",
]

LICENCE: Final = URIRef("https://creativecommons.org/licenses/by/4.0/")
PUBLISHER: Final = URIRef(BASE + "#publisher")
#: The dataset of which each release is a version; its address stays when releases come and go.
LASTING: Final = URIRef(BASE + "dataset")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")

_RECORDED: Final = f"<{MLG.recordedDate}>".encode()


class File(NamedTuple):
    """A file of a release: where it lies in it, what it is, and its bytes' size and digest."""

    path: str
    media_type: str
    part: str
    size: int
    digest: str
    label: str

    @classmethod
    def of(cls, path: str, content: bytes, media_type: str, *, part: str, label: str) -> File:
        """Describe bytes; ``label`` is a key of the words."""
        digest = sha256(content).hexdigest()
        return cls(path, media_type, part, len(content), digest, label)

    @classmethod
    def dump(cls, path: str, size: int, digest: str) -> File:
        """Describe the graph in one of :data:`maillage.dumps.FORMATS`, by the end of the name."""
        form = FORMATS[path.rpartition(".")[2]]
        label = "publish.file.graphs" if form.has_graphs else "publish.file.union"
        return cls(path, form.media_type, "graph", size, digest, label)


class Release(NamedTuple):
    """Which release this is: its id, the day of its latest record, its address."""

    id: str
    date: str
    address: URIRef

    def file(self, path: str) -> URIRef:
        """Where a file of the release can be downloaded."""
        return URIRef(f"{self.address}/{path}")

    def part(self, name: str) -> URIRef:
        """The address of something that the description of the release speaks of."""
        return URIRef(f"{self.address}#{name}")


@dataclass(frozen=True)
class Stand:
    """Where a release stands among others and on the web; nothing of it is needed.

    :ivar base: the public address of the site, with a slash at its end; the base of all addresses
        when the site stands nowhere else.
    :ivar downloads: below which address its files lie; the address of the release when not given.
    :ivar endpoint: the address of a SPARQL endpoint that answers from this release.
    :ivar contact: whom to write to: ``mailto:…``, or the address of a page.
    :ivar previous: the id of the release before.
    :ivar older: the ids of those before that one.
    :ivar notes: what changed since then, by language.
    """

    base: str = BASE
    downloads: str = ""
    endpoint: str = ""
    contact: str = ""
    previous: str = ""
    older: tuple[str, ...] = ()
    notes: dict[Language, str] = field(default_factory=dict)

    def file(self, this: Release, path: str) -> URIRef:
        """Where a file of the release can be downloaded."""
        return URIRef(self.downloads + path) if self.downloads else this.file(path)

    def page(self, path: str) -> URIRef:
        """A page of the site, given from its root without a slash."""
        return URIRef(self.base + path)

    @property
    def before(self) -> list[URIRef]:
        """The addresses of the releases before, the last one first."""
        ids = [self.previous, *self.older] if self.previous else []
        return [URIRef(f"{BASE}release/{id_}") for id_ in ids]


def release(canonical: bytes) -> Release:
    """Name a release from its data alone.

    :param canonical: its canonical N-Quads (:func:`maillage.dumps.nquads`).
    :raises MaillageError: when nothing in it says on which day it was recorded.
    """
    this = release_told_by(canonical.splitlines(keepends=True))
    if not this.date:
        raise MaillageError("release-undated")
    return this


def release_of(canonical: Path) -> Release:
    """The same, from a file of canonical N-Quads, which is read line by line.

    :returns: where nothing says when it was recorded, a name without a day, and an empty date.
    :raises OSError: when the file cannot be read.
    """
    with canonical.open("rb") as lines:
        return release_told_by(lines)


def release_told_by(lines: Iterable[bytes]) -> Release:
    r"""The same, from the lines of canonical N-Quads with their ends.

    >>> recorded = b'<x:y> <https://w3id.org/maillage/ns#recordedDate> "2026-11-21" <x:g> .\n'
    >>> release_told_by([recorded]).id
    '2026-11-21-8d7bb9991724'
    """
    digest, date = sha256(), b""
    for line in lines:
        digest.update(line)
        # a quick look first: few lines are records, and a text may speak of one
        if _RECORDED in line and line.split(b" ", 2)[1] == _RECORDED:
            date = max(date, line.split(b'"', 2)[1])
    name = "-".join(filter(None, [date.decode(), digest.hexdigest()[:12]]))
    return Release(name, date.decode(), URIRef(f"{BASE}release/{name}"))


def hexadecimal(digest: str) -> Literal:
    """A digest as RDF, in small letters as tools print it (rdflib's normal form has capitals)."""
    xsd = "http://www.w3.org/2001/XMLSchema#hexBinary"
    return Literal(digest, datatype=URIRef(xsd), normalize=False)
