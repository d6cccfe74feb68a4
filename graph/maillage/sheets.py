"""Which tables a release has for spreadsheets, and what stands in their columns.

Written as data, in the order in which people read: key, names, what the thing is, when and where,
on which passages it rests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from rdflib import DCTERMS, ORG, PROV, RDF, SDO, SKOS, URIRef

from maillage.terms import MLG, PREFIXES

__all__ = ["SHEETS", "Column", "How", "Sheet"]

#: How a column is filled. ``key``: the key of the thing. ``texts``: a text in three languages.
#: ``things``: keys, then names in three languages. ``values``: values as they are.
#: ``pinyin``: those that are tagged so. The rest are worked out: how many passages, what an
#: evidence is about, lines, characters, language tags.
How = Literal[
    "key",
    "texts",
    "things",
    "values",
    "pinyin",
    "passages",
    "about",
    "lines",
    "characters",
    "languages",
]


class Column(NamedTuple):
    """A column: its name, how it is filled, from which property, through which other first."""

    name: str
    how: How
    path: URIRef | None = None
    through: URIRef | None = None


class Sheet(NamedTuple):
    """A table: the kind of thing in its rows, of one class, and not of another."""

    name: str
    kind: str
    columns: tuple[Column, ...]
    of: URIRef | None = None
    but: URIRef | None = None


_KEY: Final = Column("key", "key")
_NAME: Final = Column("name", "texts", SKOS.prefLabel)
_CLASS: Final = Column("class", "values", RDF.type)
_DATES: Final = (Column("start", "values", MLG.startDate), Column("end", "values", MLG.endDate))
_STATE: Final = Column("state", "things", MLG.hasState)
_KIND: Final = Column("kind", "things", MLG.hasKind)
_PARTIES: Final = Column("parties", "things", MLG.hasParty)
_THEMES: Final = Column("themes", "things", MLG.hasTheme)
_COUNTRY: Final = Column("country", "things", MLG.isInCountry)
_TEXT: Final = Column("description", "texts", DCTERMS.description)
_PURPOSE: Final = Column("purpose", "texts", MLG.purpose)
_ABOUT: Final = Column("about", "things", MLG.isAbout)
_OTHER_NAMES: Final = Column("other_names", "values", SKOS.altLabel)

#: What every claim ends with.
_CLAIM: Final = (
    Column("certainty", "things", MLG.hasCertainty, MLG.hasEvidence),
    Column("sources", "things", DCTERMS.source, MLG.hasEvidence),
    Column("passages", "passages"),
)

_PLACE: Final = (
    _KEY,
    _NAME,
    Column("pinyin", "pinyin", SKOS.altLabel),
    _OTHER_NAMES,
    _CLASS,
    Column("level", "things", MLG.hasLevel),
    _COUNTRY,
    Column("part_of", "things", DCTERMS.isPartOf),
    Column("insee", "values", MLG.inseeCode),
    Column("siren", "values", MLG.sirenNumber),
    Column("gb2260", "values", MLG.gbCode),
    Column("iso3166", "values", MLG.isoCode),
    Column("latitude", "values", URIRef(PREFIXES["geo"] + "lat")),
    Column("longitude", "values", URIRef(PREFIXES["geo"] + "long")),
    *_DATES,
    Column("replaced_by", "things", DCTERMS.isReplacedBy),
    *_CLAIM,
)

_COLUMNS: Final[Mapping[str, tuple[Column, ...]]] = {
    "link": (
        _KEY,
        _NAME,
        _KIND,
        _PARTIES,
        _STATE,
        _THEMES,
        *_DATES,
        _PURPOSE,
        Column("proposed_for", "things", MLG.isProposedFor),
        *_CLAIM,
    ),
    "project": (_KEY, _NAME, _PARTIES, _STATE, _THEMES, *_DATES, _PURPOSE, *_CLAIM),
    "series": (_KEY, _NAME, _OTHER_NAMES, _COUNTRY, *_CLAIM),
    "event": (
        _KEY,
        _NAME,
        _KIND,
        Column("part_of", "things", SDO.superEvent),
        Column("ordinal", "values", MLG.ordinal),
        *_DATES,
        Column("place", "things", SDO.location),
        _THEMES,
        _TEXT,
        Column("prepares", "things", MLG.prepares),
        Column("held_with", "things", MLG.isHeldWith),
        *_CLAIM,
    ),
    "participation": (
        _KEY,
        _NAME,
        Column("event", "things", MLG.isParticipationIn),
        Column("participant", "things", MLG.hasParticipant),
        Column("role", "things", MLG.hasRole),
        *_CLAIM,
    ),
    "organisation": (
        _KEY,
        _NAME,
        _OTHER_NAMES,
        _KIND,
        _COUNTRY,
        Column("place", "things", SDO.location),
        Column("part_of", "things", ORG.subOrganizationOf),
        *_CLAIM,
    ),
    "person": (_KEY, _NAME, _OTHER_NAMES, *_CLAIM),
    "post": (
        _KEY,
        _NAME,
        Column("person", "things", ORG.member),
        Column("body", "things", ORG.organization),
        *_DATES,
        Column("predecessor", "things", MLG.succeeds),
        Column("appointed_by", "things", MLG.isAppointedBy),
        *_CLAIM,
    ),
    "statement": (
        _KEY,
        _NAME,
        _CLASS,
        Column("held_by", "things", MLG.isHeldBy),
        _ABOUT,
        _THEMES,
        Column("answers", "things", MLG.answers),
        Column("due", "values", MLG.dueDate),
        *_CLAIM,
    ),
    "figure": (
        _KEY,
        _NAME,
        Column("quantity", "things", MLG.hasQuantity),
        Column("qualifier", "things", MLG.hasQualifier),
        Column("value", "values", SDO.value),
        Column("scope", "things", MLG.hasScope),
        Column("as_of", "values", MLG.referenceDate),
        *_CLAIM,
    ),
    "mention": (
        _KEY,
        Column("written_form", "values", MLG.writtenForm),
        Column("language", "languages", MLG.writtenForm),
        _KIND,
        Column("designates", "things", MLG.designates),
        _TEXT,
        *_CLAIM,
    ),
    "news": (
        _KEY,
        _NAME,
        Column("date", "values", MLG.issuedDate),
        Column("about", "things", SDO.about),
        *_CLAIM,
    ),
    "change": (
        _KEY,
        _NAME,
        _KIND,
        Column("before", "things", ORG.originalOrganization),
        Column("after", "things", ORG.resultingOrganization),
        Column("date", "values", MLG.startDate),
        *_CLAIM,
    ),
    "coverage": (
        _KEY,
        Column("source", "things", DCTERMS.source, MLG.hasEvidence),
        Column("places", "things", MLG.coversPlace),
        Column("themes", "things", MLG.coversTheme),
        *_DATES,
        Column("completeness", "things", MLG.hasCompleteness),
        _TEXT,
    ),
    "disagreement": (
        _KEY,
        _ABOUT,
        Column("property", "values", MLG.onProperty),
        Column("values", "things", MLG.stanceValue, MLG.hasStance),
        Column("preferred", "things", MLG.stanceValue, MLG.prefers),
        Column("why", "texts", MLG.consensusReason),
        Column("sources", "things", MLG.isSaidBy, MLG.hasStance),
    ),
    "theme": (
        _KEY,
        _NAME,
        _OTHER_NAMES,
        Column("broader", "things", SKOS.broader),
        Column("definition", "texts", SKOS.definition),
    ),
    "source": (
        _KEY,
        _NAME,
        Column("kind", "values", DCTERMS.type),
        Column("publisher", "things", DCTERMS.publisher),
        Column("language", "values", DCTERMS.language),
        Column("address", "values", SDO.url),
        Column("file", "values", MLG.fileName),
        Column("sha256", "values", MLG.fileDigest),
        Column("issued", "values", MLG.issuedDate),
        Column("seen", "values", MLG.seenDate),
        Column("licence", "values", DCTERMS.license),
        Column("licence_note", "values", MLG.licenceNote),
    ),
    "evidence": (
        _KEY,
        Column("about", "about"),
        Column("source", "things", DCTERMS.source),
        Column("page", "values", MLG.page),
        Column("section", "values", MLG.section),
        Column("lines", "lines"),
        Column("characters", "characters"),
        Column("certainty", "things", MLG.hasCertainty),
        Column("reason", "texts", MLG.reason),
        Column("bears_on", "values", MLG.bearsOn),
        Column("recorder", "values", PROV.wasAttributedTo),
        Column("recorded", "values", MLG.recordedDate),
    ),
}

#: Every table, in the order of the workbook.
SHEETS: Final[tuple[Sheet, ...]] = (
    Sheet("collectivities", "place", _PLACE, of=MLG.Collectivity),
    Sheet("places", "place", _PLACE, but=MLG.Collectivity),
    Sheet("organisations", "organisation", _COLUMNS["organisation"]),
    Sheet("people", "person", _COLUMNS["person"]),
    Sheet("posts", "post", _COLUMNS["post"]),
    Sheet("links", "link", _COLUMNS["link"]),
    Sheet("projects", "project", _COLUMNS["project"]),
    Sheet("series", "series", _COLUMNS["series"]),
    Sheet("events", "event", _COLUMNS["event"]),
    Sheet("participations", "participation", _COLUMNS["participation"]),
    Sheet("statements", "statement", _COLUMNS["statement"]),
    Sheet("figures", "figure", _COLUMNS["figure"]),
    Sheet("mentions", "mention", _COLUMNS["mention"]),
    Sheet("news", "news", _COLUMNS["news"]),
    Sheet("changes", "change", _COLUMNS["change"]),
    Sheet("coverage", "coverage", _COLUMNS["coverage"]),
    Sheet("disagreements", "disagreement", _COLUMNS["disagreement"]),
    Sheet("themes", "theme", _COLUMNS["theme"]),
    Sheet("sources", "source", _COLUMNS["source"]),
    Sheet("evidence", "evidence", _COLUMNS["evidence"]),
)
