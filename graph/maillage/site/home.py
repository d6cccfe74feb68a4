"""The first page: what this is, how to look for something, and how much there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from maillage.describe import LICENCE
from maillage.site.addresses import media_type
from maillage.site.members import kind_name, members
from maillage.site.page import Page
from maillage.site.visit import Opened, Visit
from maillage.terms import BASE
from maillage.words import LANGUAGES, TAGS

__all__ = ["dataset_described", "page", "paths"]

#: What is counted on the first page.
_COUNTED: Final = (
    "link",
    "place",
    "event",
    "organisation",
    "person",
    "theme",
    "source",
    "statement",
)


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The first page."""
    if rest:
        return visit.nothing()
    by_kind = members(visit.site).by_kind
    counted = [
        (len(by_kind[kind]), kind_name(visit, kind), visit.href(f"/doc/{kind}/"))
        for kind in _COUNTED
        if kind in by_kind
    ]
    return visit.html(
        "home.html.j2",
        title=visit.say("home-title"),
        counted=counted,
        links=[
            (visit.href("/.well-known/void"), {"rel": "describedby", "type": "text/turtle"}),
            (BASE, {"rel": "cite-as"}),
        ],
        described={"@context": "https://schema.org", **dataset_described(visit)},
    )


def dataset_described(visit: Visit) -> dict[str, Any]:
    """The graph as schema.org has it (Dataset), for search engines of data."""
    about = visit.about
    told: dict[str, Any] = {
        "@type": "Dataset",
        "@id": BASE,
        "name": visit.say("home-title"),
        "description": visit.say("home-what"),
        "url": BASE,
        "license": str(LICENCE),
        "inLanguage": [TAGS[lang] for lang in LANGUAGES],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Maillage", "url": BASE},
        "keywords": visit.say("keywords").split(" ; "),
    }
    if about.release:
        told["version"] = about.release
    if about.date:
        told["datePublished"] = about.date
    base = about.base or BASE.rstrip("/")
    if about.files:
        told["distribution"] = [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentSize": f"{file.bytes} B",
                "contentUrl": f"{base}/release/{about.release}/{file.name}",
                "encodingFormat": media_type(file.name),
                "sha256": file.sha256,
            }
            for file in about.files
        ]
    return told


def paths(_: Opened) -> Iterator[str]:
    """Its address."""
    yield "/"
