"""Where a thing stands: the larger things that it lies in, from the list of its kind downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from maillage.mint import parse
from maillage.site.addresses import doc
from maillage.site.members import kind_name, marks, parents
from maillage.site.naming import Named
from maillage.site.visit import Visit
from maillage.terms import BASE

__all__ = ["Crumb", "caption", "crumbs", "described", "lineage"]


class Crumb(NamedTuple):
    """A step on the way to a page: its name and its address from the root of the site."""

    named: Named
    to: str


def lineage(above: Mapping[str, str], iri: str) -> list[str]:
    """What a thing lies in, largest first; a circle in the data is walked once.

    >>> lineage({"commune": "département", "département": "région"}, "commune")
    ['région', 'département']
    """
    found: list[str] = []
    at = above.get(iri)
    while at is not None and at not in found and at != iri:
        found.append(at)
        at = above.get(at)
    return found[::-1]


def crumbs(visit: Visit, iri: str) -> list[Crumb]:
    """The way to the page about a thing, without the page itself."""
    named = parse(iri)
    kind = named.kind if named else ""
    steps = [
        Crumb(Named(visit.say("home")), "/"),
        Crumb(Named(visit.say("all-kinds")), "/doc/"),
        Crumb(Named(kind_name(visit, kind)), f"/doc/{kind}/"),
    ]
    steps += [
        Crumb(visit.label(above), doc(above) or "/doc/")
        for above in lineage(parents(visit.site), iri)
    ]
    return steps


def caption(visit: Visit, iri: str) -> str:
    """What tells a thing from others of its name: where it lies, the kind of a link, a role."""
    if mark := marks(visit.site).get(iri):
        return visit.label(mark).text
    above = lineage(parents(visit.site), iri)[::-1]
    return visit.say("and-then").join(visit.label(larger).text for larger in above)


def described(visit: Visit, steps: Sequence[Crumb], title: str) -> dict[str, Any]:
    """The way as schema.org has it (BreadcrumbList), for search engines."""
    base = visit.about.base or BASE.rstrip("/")
    told = [(step.named.text, f"{base}/{visit.lang}{step.to}") for step in steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(told, start=1)
        ]
        + [{"@type": "ListItem", "position": len(told) + 1, "name": title}],
    }
