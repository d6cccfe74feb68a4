"""What search engines are told of a thing: schema.org as JSON-LD, from the record itself.

Only what a page shows is told, and only where the sources agree on it or the consensus has
decided. The address is the thing's own (``https://w3id.org/…``), whatever host shows the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.dates import bounds
from maillage.describe import LICENCE
from maillage.mint import parse
from maillage.payload.columns import href as web
from maillage.site.record import Record
from maillage.site.visit import Visit
from maillage.terms import BASE
from maillage.words import TAGS

__all__ = ["described"]

#: The type of schema.org by kind of thing; of any other kind, a term of a list.
_TYPES: Final[Mapping[str, str]] = {
    "place": "AdministrativeArea",
    "organisation": "Organization",
    "person": "Person",
    "event": "Event",
    "series": "EventSeries",
    "source": "CreativeWork",
    "news": "NewsArticle",
    "statement": "Claim",
    "link": "Claim",
    "project": "Project",
    "post": "OrganizationRole",
    "figure": "Observation",
    "scheme": "DefinedTermSet",
}
_THINGS: Final = frozenset(
    {
        "participation",
        "mention",
        "identification",
        "disagreement",
        "coverage",
        "search",
        "change",
        "graph",
        "recorder",
    }
)


def described(visit: Visit, record: Record, title: str) -> dict[str, Any]:
    """A thing in terms of schema.org, without its context."""
    kind = record.kind
    of_type = _TYPES.get(kind, "Thing" if kind in _THINGS else "DefinedTerm")
    if kind == "place" and record.first("mlg:hasLevel").endswith("/country"):
        of_type = "Country"
    told: dict[str, Any] = {
        "@id": record.iri,
        "@type": of_type,
        "name": title,
        "url": record.iri,
        "inLanguage": TAGS[visit.lang],
    }
    also = sorted({str(t) for t in record.terms("skos:prefLabel", "skos:altLabel")} - {title})
    if also:
        told["alternateName"] = also
    if text := _text(visit, record.terms("dcterms:description", "skos:definition")):
        told["description"] = text
    same = [str(t) for t in record.terms("skos:exactMatch") if web(str(t))]
    if same:
        told["sameAs"] = same
    told |= _of_kind(visit, record)
    if of_type == "Claim":
        told["text"] = told["name"]
    if "inLanguage" in told and of_type not in {"CreativeWork", "NewsArticle", "Claim"}:
        del told["inLanguage"]  # things that are no texts have no language
    told["subjectOf"] = {
        "@type": "WebPage",
        "inLanguage": TAGS[visit.lang],
        "license": str(LICENCE),
        "isPartOf": {"@type": "Dataset", "@id": BASE, "name": "Maillage"},
    }
    return told


def _text(visit: Visit, terms: Sequence[Identifier]) -> str:
    own = [t for t in terms if isinstance(t, Literal) and t.language == TAGS[visit.lang]]
    return str(own[0]) if own else ""


def _named(visit: Visit, iri: object, of_type: str) -> dict[str, str]:
    return {"@type": of_type, "@id": str(iri), "name": visit.label(str(iri)).text}


def _of_kind(visit: Visit, record: Record) -> dict[str, Any]:
    """What only some kinds have."""
    told: dict[str, Any] = {}
    if record.kind == "place":
        if (lat := record.first("geo:lat")) and (long := record.first("geo:long")):
            told["geo"] = {"@type": "GeoCoordinates", "latitude": lat, "longitude": long}
        above = record.terms("dcterms:isPartOf")
        if above:
            told["containedInPlace"] = [_named(visit, a, "AdministrativeArea") for a in above]
        codes = record.terms("mlg:inseeCode", "mlg:gbCode", "mlg:isoCode", "mlg:sirenNumber")
        if codes:
            told["identifier"] = [str(code) for code in codes]
    elif record.kind == "event":
        told |= _dates(record)
        told |= _one(visit, record, "schema:location", "location", "Place")
        told |= _one(visit, record, "schema:superEvent", "superEvent", "Event")
    elif record.kind == "source":
        told |= _one(visit, record, "dcterms:publisher", "publisher", "Organization")
        told["inLanguage"] = record.first("dcterms:language") or TAGS[visit.lang]
        if web(address := record.first("schema:url")):
            told["url"] = address
        if licence := record.first("dcterms:license"):
            told["license"] = licence
        if day := _day(record.first("mlg:issuedDate"), last=False):
            told["datePublished"] = day
    elif record.kind in {"link", "statement", "news", "project"}:
        about = record.terms("mlg:hasParty", "mlg:isAbout", "schema:about")
        if about:
            told["about"] = [_named(visit, a, _type_of(a)) for a in about]
    elif record.kind == "organisation":
        told |= _one(visit, record, "org:subOrganizationOf", "parentOrganization", "Organization")
    elif record.kind == "post":
        told["roleName"] = visit.label(record.iri).text
        told |= _one(visit, record, "org:member", "member", "Person")
    elif scheme := record.first("skos:inScheme"):
        told["inDefinedTermSet"] = scheme
        told["termCode"] = record.first("skos:notation")
    return told


def _type_of(iri: Identifier) -> str:
    named = parse(str(iri)) if isinstance(iri, URIRef) else None
    return _TYPES.get(named.kind, "Thing") if named else "Thing"


def _one(visit: Visit, record: Record, prop: str, name: str, of_type: str) -> dict[str, Any]:
    """A value that schema.org wants once, from what the consensus or most sources say."""
    value = record.first(prop)
    return {name: _named(visit, value, of_type)} if value else {}


def _dates(record: Record) -> dict[str, str]:
    found = {
        "startDate": _day(record.first("mlg:startDate"), last=False),
        "endDate": _day(record.first("mlg:endDate"), last=True),
    }
    return {name: day for name, day in found.items() if day}


def _day(edtf: str, *, last: bool) -> str:
    """A day for those who do not read EDTF; a year alone stays a year."""
    if not edtf:
        return ""
    if edtf.replace("-", "").isdecimal():
        return edtf
    try:
        first, final = bounds(edtf)
    except ValueError:  # of a foreign graph
        return ""
    day = final if last else first
    return day.isoformat() if day else ""
