"""The page of the dataset: its files, its licence, how much there is, its sources, its releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup
from rdflib import URIRef

from maillage.site import extents
from maillage.site.addresses import media_type
from maillage.site.citation import CITATIONS, cited
from maillage.site.extents import Extents
from maillage.site.home import dataset_described
from maillage.site.lineage import Crumb
from maillage.site.members import KINDS, kind_name, members
from maillage.site.naming import Named
from maillage.site.page import Page
from maillage.site.rows import full
from maillage.site.showing import shown
from maillage.site.texts import words
from maillage.site.visit import Opened, Visit
from maillage.terms import BASE
from maillage.words import LANGUAGES

__all__ = ["page", "paths"]

#: Bytes of a kilobyte and a megabyte, as disks are sold.
_KILO: Final = 1_000
_MEGA: Final = 1_000_000

#: The file with a triple a line.
_LINES: Final = "maillage.nt"


class _File(NamedTuple):
    """A file of the release."""

    name: str
    address: str
    about: str
    media_type: str
    size: str
    digest: str


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The page of the dataset."""
    if rest and rest[0].startswith("dataset."):
        suffix, back = rest[0].partition(".")[2], visit.href("/dataset/")
        return (
            cited(visit, suffix, BASE, back, lambda its: its.say("home-title")) or visit.nothing()
        )
    if rest:
        return extents.page(visit, rest)
    about = visit.about
    known = extents.extents(visit.site)
    by_kind = members(visit.site).by_kind
    files = [
        _File(
            file.name,
            visit.file(file.name),
            _about(visit, file.name),
            media_type(file.name),
            _size(visit, file.bytes),
            file.sha256,
        )
        for file in about.files
    ]
    return visit.html(
        "dataset.html.j2",
        title=visit.say("dataset"),
        steps=[Crumb(Named(visit.say("home")), "/")],
        files=files,
        extent=_extent(visit, known),
        licences=[
            (shown(visit, full("dcterms:license"), URIRef(licence)), _counted(visit, known, name))
            for licence, name in known.licences
        ],
        certainties=[
            (visit.link(certainty), _counted(visit, known, name))
            for certainty, name in known.certainties
        ],
        kinds=[
            (kind_name(visit, kind), visit.href(f"/doc/{kind}/"), len(by_kind[kind]))
            for kind in KINDS
            if kind in by_kind
        ],
        sources=len(by_kind.get("source", ())),
        base=BASE,
        links=[
            (visit.href("/.well-known/void"), {"rel": "describedby", "type": "text/turtle"}),
            (BASE, {"rel": "cite-as"}),
        ],
        described={"@context": "https://schema.org", **dataset_described(visit)},
    )


def paths(site: Opened) -> Iterator[str]:
    """Its address, the lists of what it counts, and how to cite it."""
    yield "/dataset/"
    yield from extents.paths(site)
    for suffix in CITATIONS:
        yield f"/dataset.{suffix}"
        yield from (f"/dataset.{lang}.{suffix}" for lang in LANGUAGES)


def _counted(visit: Visit, known: Extents, name: str) -> Markup:
    """How long a list is, leading to it."""
    return visit.counted(len(known.lists[name]), visit.href(extents.address(name)))


def _extent(visit: Visit, known: Extents) -> Markup:
    """How much the graph holds.

    The triples of a static site are the lines of a file; an endpoint holds more than the record.
    """
    about = visit.about
    lines = about.static and any(file.name == _LINES for file in about.files)
    query = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
    return visit.told(
        "dataset-extent-what",
        statements=visit.counted(
            known.statements, visit.file(_LINES) if lines else visit.rows_of(query)
        ),
        graphs=_counted(visit, known, extents.GRAPHS),
        passages=_counted(visit, known, extents.EVIDENCE),
    )


def _about(visit: Visit, name: str) -> str:
    """What a file of a release is, where we have a word for it."""
    suffix = name.rpartition(".")[2]
    for key in (f"file-{name.replace('.', '-').replace('/', '-').lower()}", f"file-{suffix}"):
        if key in words():
            return visit.say(key)
    return ""


def _size(visit: Visit, size: int) -> str:
    """A size in the unit that people read."""
    if size >= _MEGA:
        number = f"{size / _MEGA:.1f}".replace(".", "." if visit.lang != "fr" else ",")
        return visit.say("size-mega", n=number)
    return visit.say("size-kilo", n=visit.number(max(1, round(size / _KILO))))
