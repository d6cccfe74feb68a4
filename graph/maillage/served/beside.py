"""What stands beside the pages of a site of files, made by the server when it is asked for.

How the release is cited, its feed, what catalogues read of it (VoID and DCAT), and the context of
JSON-LD with its versions. All of it is what ``publish`` writes, for the addresses of this server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Graph, URIRef

from maillage.describe import File, Release, Stand, dcat
from maillage.dumps import FORMATS, write_triples
from maillage.published.citation import citations
from maillage.published.feed import Told, feeds
from maillage.published.hosts import MEDIA_TYPES
from maillage.published.vocabulary import contexts
from maillage.site import About
from maillage.site.page import Page, moved
from maillage.store import dataset_of
from maillage.terms import BASE
from maillage.void import void

__all__ = ["beside"]

_CONTEXT: Final = "/ns/context"
#: What describes a release, and what that reads of it.
_DESCRIBING: Final[Mapping[str, tuple[Callable[..., Graph], Callable[[bytes], object]]]] = {
    "dcat.ttl": (dcat, dataset_of),
    "void.ttl": (void, partial(ox.parse, format=ox.RdfFormat.N_QUADS)),
}


def beside(about: About, path: str, base: str) -> Page | None:
    """The file at a path; nothing where no such file stands beside the pages.

    :param base: the public address, with a slash at its end; nothing where it is not known, and
        the lasting addresses are named then.
    """
    name = path.removeprefix("/")
    if path.rstrip("/") == _CONTEXT:
        return moved("../context.jsonld" if path.endswith("/") else "context.jsonld", 303)
    if name.startswith("ns/context"):
        return _file(name, contexts())
    this = Release(about.release, about.date, URIRef(f"{BASE}release/{about.release}"))
    if name.startswith("releases."):
        return _file(name, feeds([Told(this.id, this.date, {})], base or BASE))
    if name.startswith(("citation.", "CITATION.")):
        return _file(name, citations(this))
    if name not in _DESCRIBING:
        return None
    describe, read = _DESCRIBING[name]
    record = read((about.folder / "maillage.nq").read_bytes())
    described = describe(record, this, *_told(about, this, base))
    return _file(name, {name: write_triples(described, "ttl")})


def _told(about: About, this: Release, base: str) -> tuple[list[File], Stand]:
    """The files of a release, and where it stands."""
    known: dict[str, Any] = {"contact": about.report_to}
    if base:
        known |= {"base": base, "endpoint": f"{base}sparql"}
        known["downloads"] = f"{base}release/{this.id}/"
    if about.previous:
        known["previous"] = about.previous[0].release
    files = [File.dump(one.name, one.bytes, one.sha256) for one in about.files if _dump(one.name)]
    return files, Stand(**known)


def _dump(name: str) -> bool:
    stem, _, suffix = name.partition(".")
    return stem == "maillage" and suffix in FORMATS


def _file(name: str, made: Mapping[str, bytes]) -> Page | None:
    if name not in made:
        return None
    return Page(200, MEDIA_TYPES[name.rpartition(".")[2]], made[name])
