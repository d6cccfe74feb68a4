"""The guide: the files of a release in Python, R, a spreadsheet, Gephi and QGIS, on one page.

The snippets stand in ``pages/site/snippets/``, one a file; the tests run them as the page shows
them, in the folder of a release.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from maillage.mint import thing
from maillage.site.page import Page
from maillage.site.texts import FOLDER
from maillage.site.visit import Opened, Visit
from maillage.terms import BASE, NS

__all__ = ["FILES", "page", "paths"]

#: What each part of the guide needs, and the snippets that it shows.
FILES: Final = {
    "python": ("maillage.ttl", "maillage.nq", "tables/links.csv", "maillage.graphml"),
    "r": ("tables/links.csv",),
    "sheet": ("tables/maillage.xlsx", "tables/links.csv", "tables/links.bom.csv"),
    "gephi": ("maillage.gexf", "maillage.graphml"),
    "qgis": ("maillage-places.geojson", "maillage-links.geojson", "tables/collectivities.csv"),
    "whole": ("README.txt", "CITATION.cff", "ro-crate-metadata.json", "SHA256SUMS"),
}
_SNIPPETS: Final = {
    "python": ("rdflib", "oxigraph", "csv", "networkx"),
    "r": ("r",),
    "sparql": ("sparqlwrapper",),
    "web": ("curl",),
    "whole": ("check",),
}
#: The steps of programs that are used by hand; how many sentences each has.
_STEPS: Final = {"sheet": 4, "gephi": 4, "qgis": 4}
_ORDER: Final = ("python", "r", "sheet", "gephi", "qgis", "sparql", "web", "whole")


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The guide."""
    if any(rest):
        return visit.nothing()
    parts = [
        {
            "key": key,
            "files": [(name, visit.file(name)) for name in FILES.get(key, ())],
            "snippets": [(name, _filled(visit, name)) for name in _SNIPPETS.get(key, ())],
            "steps": [visit.say(f"use-{key}-{n}") for n in range(1, _STEPS.get(key, 0) + 1)],
        }
        for key in _ORDER
    ]
    return visit.html("use.html.j2", title=visit.say("use-title"), parts=parts)


@cache
def _snippet(name: str) -> str:
    return (FOLDER / "snippets" / f"{name}.txt").read_text(encoding="utf-8")


def _filled(visit: Visit, name: str) -> str:
    """A snippet with the addresses of this installation, in the language of the page."""
    base = f"{visit.about.base}/" if visit.about.base else BASE
    values = {
        "endpoint": f"{base}sparql",
        "lang": visit.lang,
        "ns": NS,
        "thing": str(thing("place", "cn-510100")),
    }
    text = _snippet(name)
    for key, value in values.items():  # braces of SPARQL and Python stay what they are
        text = text.replace(f"{{{key}}}", value)
    return text


def paths(_: Opened) -> Iterator[str]:
    """Its address."""
    yield "/use/"
