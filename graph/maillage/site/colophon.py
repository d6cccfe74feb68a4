"""The page about the site: what it holds and what not, and how to read and reuse it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from maillage import __version__
from maillage.describe import LICENCE
from maillage.site.lineage import Crumb
from maillage.site.naming import Named
from maillage.site.page import Page
from maillage.site.rows import details, full
from maillage.site.showing import shown
from maillage.site.visit import Opened, Visit
from maillage.terms import BASE

__all__ = ["page", "paths"]

#: The parts of the page, in its order; each has a heading and a text.
_PARTS: Final = ("what", "claims", "names", "limits", "reuse", "privacy", "access")
#: How sure a claim can be, from the surest on.
_CERTAINTIES: Final = ("stated", "to-be-confirmed", "inferred", "disputed")


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The page about the site."""
    if rest:
        return visit.nothing()
    certainties = [f"{BASE}id/certainty/{name}" for name in _CERTAINTIES]
    meanings = details(visit.store, certainties, ("skos:definition",))
    definitions = []
    for iri in certainties:
        texts = meanings.get(iri, {}).get("skos:definition", [])
        own = [t for t in texts if (getattr(t, "language", "") or "").startswith(visit.lang)]
        if own:
            definitions.append((visit.link(iri), shown(visit, full("skos:definition"), own[0])))
    return visit.html(
        "about.html.j2",
        title=visit.say("menu-about"),
        steps=[Crumb(Named(visit.say("home")), "/")],
        parts=[
            (part, visit.say(f"about-site-{part}"), visit.say(f"about-site-{part}-text"))
            for part in _PARTS
        ],
        certainties=definitions,
        licence=visit.away(str(LICENCE)),
        software=visit.say("about-site-software", version=__version__),
    )


def paths(_: Opened) -> Iterator[str]:
    """Its address."""
    yield "/about/"
