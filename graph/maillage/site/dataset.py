"""The page of the dataset: its files, its licence, how much there is, its sources, its releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rdflib import URIRef

from maillage.site.addresses import media_type
from maillage.site.home import dataset_described
from maillage.site.lineage import Crumb
from maillage.site.members import KINDS, kind_name, members
from maillage.site.naming import Named
from maillage.site.page import Page
from maillage.site.rows import full
from maillage.site.showing import shown
from maillage.site.texts import words
from maillage.site.visit import Opened, Visit
from maillage.store import Store
from maillage.terms import BASE, NS

__all__ = ["page", "paths"]

#: Bytes of a kilobyte and a megabyte, as disks are sold.
_KILO: Final = 1_000
_MEGA: Final = 1_000_000


class _File(NamedTuple):
    """A file of the release."""

    name: str
    address: str
    about: str
    media_type: str
    size: str
    digest: str


class _Extent(NamedTuple):
    """How much the graph holds."""

    statements: int
    graphs: int
    passages: int
    licences: tuple[tuple[str, int], ...]
    certainties: tuple[tuple[str, int], ...]


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The page of the dataset."""
    if rest:
        return visit.nothing()
    about = visit.about
    extent: _Extent = visit.site.once("extent", lambda site: _extent(site.store))
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
        extent=extent,
        licences=[
            (shown(visit, full("dcterms:license"), URIRef(licence)), n)
            for licence, n in extent.licences
        ],
        certainties=[(visit.link(certainty), n) for certainty, n in extent.certainties],
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


def paths(_: Opened) -> Iterator[str]:
    """Its address."""
    yield "/dataset/"


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


def _extent(store: Store) -> _Extent:
    def count(pattern: str, what: str = "*") -> int:
        rows = store.select(f"SELECT (COUNT({what}) AS ?n) WHERE {{ {pattern} }}").rows
        return int(str(rows[0][0]))

    def tally(pattern: str) -> tuple[tuple[str, int], ...]:
        found = Counter(str(v) for (v,) in store.select(f"SELECT ?v {{ {pattern} }}").rows)
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    return _Extent(
        statements=count("?s ?p ?o"),
        graphs=count("GRAPH ?g { }", "DISTINCT ?g"),
        passages=count(f"?s a <{NS}Evidence>"),
        licences=tally(f"?s a <{NS}SourceDocument> ; <{full('dcterms:license')}> ?v"),
        certainties=tally(f"?s a <{NS}Evidence> ; <{NS}hasCertainty> ?v"),
    )
