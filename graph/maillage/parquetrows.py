"""The rows of the Parquet tables: what is said of a thing, as the values of columns.

What stands for a thing where sources differ is what :mod:`maillage.network` keeps, so that what is
computed from the tables is what ``maillage measure`` computes; all kinds, states, roles,
levels, certainties and dates that sources give stand beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from maillage.dates import bounds
from maillage.derive import pairs
from maillage.facts import Facts, facts, id_of, short
from maillage.network import TENTATIVE_ROLES, is_tentative, kept_value, type_of
from maillage.terms import ID, NS, PREFIXES
from maillage.words import LANGUAGES

__all__ = ["Known", "Row", "known", "rows"]

Row: TypeAlias = dict[str, Any]

_RDF_TYPE: Final = PREFIXES["rdf"] + "type"
_RDF_VALUE: Final = PREFIXES["rdf"] + "value"
_LABEL: Final = PREFIXES["skos"] + "prefLabel"
_OTHER_LABEL: Final = PREFIXES["skos"] + "altLabel"
_DC: Final = PREFIXES["dcterms"]
_OA: Final = PREFIXES["oa"]
_SCHEMA: Final = PREFIXES["schema"]
_GEO: Final = PREFIXES["geo"]
_SKOS: Final = PREFIXES["skos"]
_EVIDENCE: Final = NS + "hasEvidence"
_CERTAINTY: Final = NS + "hasCertainty"
_CODES: Final = ("inseeCode", "gbCode", "isoCode", "sirenNumber")
_MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_PREFERENCES: Final = {
    NS + "hasKind": "kind",
    NS + "hasState": "state",
    NS + "startDate": "start",
    NS + "endDate": "end",
}


@dataclass
class Known:
    """What rows need to know of other things, gathered in a first walk.

    :ivar country: the key of the country of each party, by the party's address.
    :ivar unsure: the certainty of each evidence that is not simply ``stated``: few are.
    :ivar preferred: for each thing on which sources differ, what the consensus prefers.
    """

    country: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    preferred: defaultdict[str, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )


def known(path: Path) -> Known:
    """Walk through canonical N-Quads once, for what rows need to know of other things."""
    found = Known()
    stances: dict[str, list[str]] = {}
    differ: list[Facts] = []
    for thing in facts(path):
        classes = thing.values(_RDF_TYPE)
        if NS + "stanceValue" in thing.said:
            stances[thing.iri] = thing.keys(NS + "stanceValue")
        if NS + "Disagreement" in classes:
            differ.append(thing)
        elif NS + "Evidence" in classes:
            certainty = kept_value("certainty", thing.keys(_CERTAINTY))
            if certainty not in {"stated", None}:
                found.unsure[thing.iri] = str(certainty)
        elif type_of(classes) is not None:
            country = _country(thing)
            if country is not None:
                found.country[thing.iri] = country
    for thing in differ:
        names = [_PREFERENCES.get(prop) for prop in thing.values(NS + "onProperty")]
        values = [v for stance in thing.values(NS + "prefers") for v in stances.get(stance, ())]
        for about in thing.values(NS + "isAbout"):
            for name in filter(None, names):
                held = found.preferred[about].get(name, [])
                found.preferred[about][name] = sorted({*held, *values})
    return found


def _country(thing: Facts) -> str | None:
    countries = thing.keys(NS + "isInCountry")
    if countries:
        return countries[0]
    return short(thing.iri) if type_of(thing.values(_RDF_TYPE)) == "country" else None


def rows(things: Iterable[Facts], around: Known) -> Iterator[tuple[str, Row]]:
    """The name of a table and a row of it, for each thing that has one, in their order."""
    # the places in a document are things of their own, which stand before their evidence
    places: dict[str, list[Facts]] = {}
    for thing in things:
        whole, hash_sign, _ = thing.iri.partition("#")
        if hash_sign and whole.startswith(ID + "evidence/"):
            places.setdefault(whole, []).append(thing)
            continue
        classes = thing.values(_RDF_TYPE)
        if NS + "Evidence" in classes:
            yield "evidence", _evidence(thing, places.pop(thing.iri, []))
        elif type_of(classes) is not None:
            yield "parties", _party(thing, classes, around)
        elif _SKOS + "Concept" in classes:
            is_theme = thing.iri.startswith(ID + "theme/")
            yield (
                ("themes", _theme(thing, around))
                if is_theme
                else ("concepts", _concept(thing, around))
            )
        else:
            for of_class, (table, make) in _TABLES.items():
                if of_class in classes:
                    row = make(thing, around)
                    joined = _pairs(thing, row, around) if table == "links" else []
                    yield table, row
                    for pair in joined:
                        yield "pairs", pair


# Cells --------------------------------------------------------------------------------------


def _texts(name: str, thing: Facts, prop: str) -> Row:
    return {f"{name}_{lang}": thing.text(prop, lang) for lang in LANGUAGES}


def _dates(name: str, held: list[str], preferred: Iterable[str] = ()) -> Row:
    kept = kept_value("start", held, preferred)
    first, last = _bounds(kept)
    return {name: kept, f"{name}_earliest": first, f"{name}_latest": last, f"{name}_all": held}


def _bounds(text: str | None) -> tuple[date | None, date | None]:
    try:
        return bounds(text) if text else (None, None)
    except ValueError:  # what cannot be read as a date stands as it is, without bounds
        return None, None


def _claim(thing: Facts) -> Row:
    return {"evidence": thing.ids(_EVIDENCE), "sources": thing.sources()}


def _one(values: list[str]) -> str | None:
    return values[0] if values else None


def _certainties(thing: Facts, around: Known) -> list[str]:
    told = {around.unsure.get(evidence, "stated") for evidence in thing.values(_EVIDENCE)}
    return sorted({*told, *thing.keys(_CERTAINTY)})


def _common(thing: Facts, around: Known) -> Row:
    """What links and projects have in common."""
    preferred = around.preferred.get(thing.iri, {})
    states, certainties = thing.keys(NS + "hasState"), _certainties(thing, around)
    state = kept_value("state", states, preferred.get("state", ()))
    certainty = kept_value("certainty", certainties)
    parties = thing.values(NS + "hasParty")
    return {
        "id": id_of(thing.iri),
        **_texts("name", thing, _LABEL),
        "parties": [id_of(party) for party in parties],
        "countries": sorted({around.country[p] for p in parties if p in around.country}),
        "state": state,
        "states": states,
        "tentative": is_tentative(state, certainty),
        "certainty": certainty,
        "certainties": certainties,
        "themes": thing.ids(NS + "hasTheme"),
        **_dates("start", thing.values(NS + "startDate"), preferred.get("start", ())),
        **_dates("end", thing.values(NS + "endDate"), preferred.get("end", ())),
        **_texts("purpose", thing, NS + "purpose"),
        **_claim(thing),
    }


def _link(thing: Facts, around: Known) -> Row:
    return {
        **_common(thing, around),
        "kind": _kind(thing, around),
        "kinds": thing.keys(NS + "hasKind"),
        "proposed_for": thing.ids(NS + "isProposedFor"),
    }


def _kind(thing: Facts, around: Known) -> str | None:
    preferred = around.preferred.get(thing.iri, {}).get("kind", ())
    return kept_value("kind", thing.keys(NS + "hasKind"), preferred)


def _pairs(thing: Facts, link: Row, around: Known) -> list[Row]:
    """The edges that a link gives: pairs of parties of different countries, else all pairs."""
    parties = thing.values(NS + "hasParty")
    countries = {party: around.country.get(party, party) for party in parties}
    return [
        {
            "link": link["id"],
            "kind": link["kind"],
            "one": id_of(one),
            "other": id_of(other),
            "one_country": around.country.get(one),
            "other_country": around.country.get(other),
            "weight": 1.0,
            "tentative": link["tentative"],
        }
        for one, other in pairs(parties, countries)
    ]


def _party(thing: Facts, classes: list[str], around: Known) -> Row:
    preferred = around.preferred.get(thing.iri, {})
    codes = [code for name in _CODES for code in thing.values(NS + name)]
    pinyin: list[str] = []
    others: list[str] = []
    for term in thing.said.get(_OTHER_LABEL, ()):
        tag = (getattr(term, "language", None) or "").lower()
        (pinyin if tag == "zh-latn-pinyin" else others).append(str(getattr(term, "value", term)))
    return {
        "id": id_of(thing.iri),
        "type": type_of(classes),
        **_texts("name", thing, _LABEL),
        "pinyin": _one(sorted(pinyin)),
        "other_names": sorted(set(others)),
        "country": around.country.get(thing.iri),
        "level": _one(thing.keys(NS + "hasLevel")),
        "levels": thing.keys(NS + "hasLevel"),
        "organisation_kind": _kind(thing, around),
        "organisation_kinds": thing.keys(NS + "hasKind"),
        "code": _one(codes),
        "part_of": thing.ids(_DC + "isPartOf"),
        "replaced_by": thing.ids(_DC + "isReplacedBy"),
        "latitude": _number(thing, _GEO + "lat"),
        "longitude": _number(thing, _GEO + "long"),
        **_dates("start", thing.values(NS + "startDate"), preferred.get("start", ())),
        **_dates("end", thing.values(NS + "endDate"), preferred.get("end", ())),
        **_claim(thing),
    }


def _number(thing: Facts, prop: str) -> float | None:
    value = _one(thing.values(prop))
    return None if value is None else float(value)


def _theme(thing: Facts, around: Known) -> Row:
    return {
        **_concept(thing, around),
        "broader": thing.ids(_SKOS + "broader"),
        "matches": sorted({v for name in _MATCHES for v in thing.values(_SKOS + name)}),
    }


def _concept(thing: Facts, _: Known) -> Row:
    return {
        "id": id_of(thing.iri),
        **_texts("name", thing, _LABEL),
        **_texts("definition", thing, _SKOS + "definition"),
    }


def _event(thing: Facts, around: Known) -> Row:
    preferred = around.preferred.get(thing.iri, {})
    ordinal = _number(thing, NS + "ordinal")
    return {
        "id": id_of(thing.iri),
        **_texts("name", thing, _LABEL),
        "kind": _kind(thing, around),
        "kinds": thing.keys(NS + "hasKind"),
        "series": thing.ids(_SCHEMA + "superEvent"),
        "ordinal": None if ordinal is None else int(ordinal),
        "places": thing.ids(_SCHEMA + "location"),
        "themes": thing.ids(NS + "hasTheme"),
        **_dates("start", thing.values(NS + "startDate"), preferred.get("start", ())),
        **_dates("end", thing.values(NS + "endDate"), preferred.get("end", ())),
        **_texts("description", thing, _DC + "description"),
        "prepares": thing.ids(NS + "prepares"),
        "held_with": thing.ids(NS + "isHeldWith"),
        **_claim(thing),
    }


def _participation(thing: Facts, around: Known) -> Row:
    roles = thing.keys(NS + "hasRole")
    certainty = kept_value("certainty", _certainties(thing, around))
    proposed = bool(roles) and TENTATIVE_ROLES.issuperset(roles)
    return {
        "id": id_of(thing.iri),
        "event": _one(thing.ids(NS + "isParticipationIn")),
        "participant": _one(thing.ids(NS + "hasParticipant")),
        "role": min(roles, key=lambda role: (role in TENTATIVE_ROLES, role), default=None),
        "roles": roles,
        "tentative": is_tentative(None, certainty) or proposed,
        "certainty": certainty,
        **_claim(thing),
    }


def _evidence(thing: Facts, places: list[Facts]) -> Row:
    first: int | None = None
    last: int | None = None
    start, end = (
        [int(value) for place in places for value in place.values(_OA + name)]
        for name in ("start", "end")
    )
    for place in places:
        for value in place.values(_RDF_VALUE):
            if value.startswith("line="):  # RFC 5147 counts the gaps between lines, from 0
                before, _, after = value.removeprefix("line=").partition(",")
                first, last = int(before) + 1, int(after)
    return {
        "id": id_of(thing.iri),
        "source": _one(thing.ids(_DC + "source")),
        "page": _one(thing.values(NS + "page")),
        "section": _one(thing.values(NS + "section")),
        "line_first": first,
        "line_last": last,
        "char_start": start[0] if start else None,
        "char_end": end[0] if end else None,
        "certainty": kept_value("certainty", thing.keys(_CERTAINTY)),
        **_texts("reason", thing, NS + "reason"),
        "bears_on": thing.values(NS + "bearsOn"),
        "recorder": _one(thing.ids(PREFIXES["prov"] + "wasAttributedTo")),
        "recorded": _bounds(_one(thing.values(NS + "recordedDate")))[0],
    }


def _source(thing: Facts, _: Known) -> Row:
    return {
        "id": id_of(thing.iri),
        **_texts("name", thing, _LABEL),
        "document_kind": _one(thing.values(_DC + "type")),
        "publisher": thing.ids(_DC + "publisher"),
        "language": thing.values(_DC + "language"),
        "address": thing.values(_SCHEMA + "url"),
        "file_name": _one(thing.values(NS + "fileName")),
        "file_digest": _one(thing.values(NS + "fileDigest")),
        **_dates("issued", thing.values(NS + "issuedDate")),
        "seen": _bounds(_one(thing.values(NS + "seenDate")))[0],
        "licence": thing.values(_DC + "license"),
        **_texts("licence_note", thing, NS + "licenceNote"),
    }


#: The table of each class, and how a row of it is made.
_TABLES: Final[dict[str, tuple[str, Callable[[Facts, Known], Row]]]] = {
    NS + "CooperationLink": ("links", _link),
    NS + "CooperationProject": ("projects", _common),
    NS + "Participation": ("participations", _participation),
    NS + "SourceDocument": ("sources", _source),
    _SCHEMA + "Event": ("events", _event),
}
