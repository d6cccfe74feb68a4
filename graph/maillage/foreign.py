"""Cooperation described in the words of others, as a plain table for the importer of tables.

Nobody publishes twinnings in a vocabulary of their own; what there is stands in general ones. A
resource becomes a row when it joins at least two parties:

* an ``org:OrganizationalCollaboration`` (W3C *The Organization Ontology*, 2014, 4.3), or what the
  file itself puts below it;
* a ``schema:Project``, ``schema:Event``, ``foaf:Project`` or ``m8g:PublicEvent`` whose parties are
  authorities or places: by their class, their code, or an address that the gazetteers know;
* two places joined by Wikidata's ``wdt:P190`` ("twinned administrative body").

Parties are found by the properties of :data:`PARTIES`, told there one by one. Names, codes and
countries are handed on as they stand: which place a name means is the importer's question. Of a
party nothing else is read. What a row does not hold of the thing that it is about is told, each
statement with its reason, and so is every thing that became no row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from maillage.cells import Left
from maillage.grids import Line, Sheet
from maillage.mint import parse
from maillage.ours import place_at
from maillage.terms import NS, PREFIXES
from maillage.untrusted import SKOLEM
from maillage.words import Language, best

__all__ = ["PARTIES", "foreign"]

_PREFIXES: Final = {
    **PREFIXES,
    "dbo": "http://dbpedia.org/ontology/",
    "gn": "http://www.geonames.org/ontology#",
}


def _full(*names: str) -> tuple[str, ...]:
    """Addresses from their short names."""
    parts = (name.partition(":") for name in names)
    return tuple(_PREFIXES[prefix] + local for prefix, _, local in parts)


#: From what joins to those who are joined, and from these to what joins them.
PARTIES: Final = {
    "to": _full(
        "org:hasMember",  # Organization Ontology, 5.3: from an organisation to its member
        "org:member",  # the same section: of a membership, yet often written of the organisation
        "foaf:member",  # FOAF 0.99: of a group
        "schema:member",  # schema.org: of an organisation, which a Project is
        "schema:organizer",  # schema.org: of an event
        "schema:participant",  # schema.org: of an action, yet common of events and projects
        "schema:contributor",  # schema.org: of an event: a secondary organiser
        "schema:agent",  # schema.org: of an action
        "dcterms:contributor",  # DCMI Metadata Terms, 2: of any resource
        "prov:wasAssociatedWith",  # PROV-O, 3.1: of an activity, as projects are sometimes called
        "mlg:hasParty",  # ours, of a thing whose class is not
    ),
    "from": _full(
        "org:memberOf",  # Organization Ontology, 5.3
        "schema:memberOf",  # schema.org, the inverse of member
    ),
}
# Organization Ontology, 5.3: a membership stands between its member and the organisation; in
# schema.org a Role does, under the same property on either side.
_MEMBERSHIP, _MEMBER = _full("org:organization", "org:member")
_ROLES: Final = frozenset(_full("schema:Role", "schema:OrganizationRole"))

_TYPE, _SUBCLASS, _TWINNED = _full("rdf:type", "rdfs:subClassOf", "wdt:P190")
#: What becomes a row, by the sheet it stands in.
_CLASSES: Final = {
    "collaborations": _full("org:OrganizationalCollaboration"),
    "projects": _full("schema:Project", "schema:ResearchProject", "foaf:Project"),
    "events": _full("schema:Event", "m8g:PublicEvent"),
}
_AUTHORITIES: Final = frozenset(
    _full(
        "org:FormalOrganization", "m8g:PublicOrganisation", "schema:GovernmentOrganization",
        "schema:AdministrativeArea", "schema:City", "schema:State", "schema:Place", "gn:Feature",
        "dbo:City", "dbo:Town", "dbo:Settlement", "dbo:PopulatedPlace", "dcterms:Location",
    )
)  # fmt: skip
_NAMES: Final = _full(
    "skos:prefLabel", "schema:name", "rdfs:label", "foaf:name", "dcterms:title", "gn:name"
)
# Other addresses of the same thing.
_SAME: Final = _full("owl:sameAs", "skos:exactMatch", "schema:sameAs")
_CODES: Final = _full(
    "igeo:codeINSEE", "mlg:inseeCode", "mlg:gbCode", "mlg:sirenNumber", "mlg:isoCode",
    "igeo:codeISO", "schema:identifier", "dcterms:identifier", "skos:notation",
)  # fmt: skip
_OF_COUNTRY: Final = {
    **dict.fromkeys(_full("igeo:codeINSEE", "mlg:inseeCode", "mlg:sirenNumber"), "fr"),
    **dict.fromkeys(_full("mlg:gbCode"), "cn"),
}
_COUNTRIES: Final = _full(
    "mlg:isInCountry", "schema:addressCountry", "dbo:country", "gn:countryCode",
    "gn:parentCountry", "wdt:P17",
)  # fmt: skip
_POSTAL, _VALUE = _full("schema:address", "schema:value")
#: The columns, each with the properties that may fill it; the nearest in meaning first.
_COLUMNS: Final = {
    "kind": _full("org:classification", "mlg:hasKind", "dcterms:type", "schema:additionalType"),
    "state": _full("mlg:hasState", "schema:eventStatus", "schema:creativeWorkStatus"),
    "themes": _full(
        "mlg:hasTheme", "dcterms:subject", "schema:about", "dcat:theme", "schema:keywords",
        "dcat:keyword",
    ),
    "signed": _full("mlg:signatureDate", "dcterms:dateAccepted"),
    "start": _full(
        "mlg:startDate", "schema:startDate", "schema:foundingDate", "prov:startedAtTime"
    ),
    "end": _full("mlg:endDate", "schema:endDate", "schema:dissolutionDate", "prov:endedAtTime"),
    "purpose": _full(
        "mlg:purpose", "org:purpose", "schema:description", "dcterms:description",
        "dcterms:abstract", "rdfs:comment",
    ),
    "address": _full("schema:url", "foaf:homepage", "foaf:page"),
}  # fmt: skip
_DATES: Final = frozenset({"signed", "start", "end"})
#: The importer knows a table's own side and three partners.
_SIDES: Final = ("party", "partner", "partner_2", "partner_3")
_NUMBER: Final = re.compile(r"(?:wikidata\.org/(?:entity|wiki)/(Q\d+)|geonames\.org/(\d+))")

_Term = ox.NamedNode | ox.Literal


def foreign(
    quads: Iterable[ox.Quad], lines: Mapping[str, int] | None = None, lang: Language = "en"
) -> tuple[list[Sheet], list[Left]]:
    """The cooperation that a file describes in the words of others, and what was left of it.

    :param quads: without blank nodes (:attr:`maillage.tabulate.Tabulated.rest`).
    :param lines: where each thing stands in its file (:func:`maillage.untrusted.lines_of`).
    :param lang: the language in which names are taken where there are several.
    """
    return _Reader(quads, lines or {}, lang).result()


class _Side(NamedTuple):
    name: str
    country: str = ""
    code: str = ""


class _Reader:
    def __init__(self, quads: Iterable[ox.Quad], lines: Mapping[str, int], lang: Language) -> None:
        self._lines, self._lang = lines, lang
        self._of: dict[str, dict[str, list[_Term]]] = defaultdict(lambda: defaultdict(list))
        self._to: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._used: set[str] = set()
        self._left: list[Left] = []
        for quad in quads:
            subject, predicate, value = _https(quad.subject), _https(quad.predicate), quad.object
            if not isinstance(value, ox.NamedNode | ox.Literal):
                continue  # a quoted statement: parse_untrusted refuses them
            if value not in self._of[subject][predicate]:
                self._of[subject][predicate].append(value)
            if isinstance(value, ox.NamedNode):
                self._to[_https(value)][predicate].append(subject)

    def result(self) -> tuple[list[Sheet], list[Left]]:
        sheets = []
        for name, classes in _CLASSES.items():
            every = self._below(classes)
            rows = [
                row
                for thing in list(self._of)
                if thing not in self._used and every & self._types(thing)
                for row in self._row(thing, any_party=name == "collaborations")
            ]
            sheets += [_sheet(name, rows)] if rows else []
        twinned = list(self._twinned())
        sheets += [_sheet("twinnings", twinned)] if twinned else []
        for thing, said in self._of.items():
            if thing not in self._used:
                kinds = ", ".join(sorted(self._types(thing)))
                count = sum(map(len, said.values()))
                self._left.append(Left(thing, _TYPE, kinds, "rdf.no-cooperation", {"n": count}))
        return sheets, self._left

    def _below(self, classes: Sequence[str]) -> set[str]:
        """Classes with those that the file puts below them."""
        found: set[str] = set()
        ways = list(classes)
        while ways:
            each = ways.pop()
            if each not in found:
                found.add(each)
                ways += self._to[each][_SUBCLASS]
        self._used.update(found)
        return found

    def _types(self, thing: str) -> set[str]:
        return {_https(value) for value in self._values(thing, _TYPE)}

    def _values(self, thing: str, predicate: str) -> list[_Term]:
        return self._of[thing][predicate] if thing in self._of else []

    # ---- rows -----------------------------------------------------------------------------

    def _row(self, thing: str, *, any_party: bool) -> Iterator[tuple[int, dict[str, str]]]:
        self._used.add(thing)
        sides: list[_Side] = []
        taken: set[tuple[str, str]] = {(_TYPE, value) for value in self._types(thing)}
        for predicate, party in self._parties(thing):
            shown = party.value
            side = self._side(party)
            if not side.name and not side.code:
                self._leave(thing, predicate, shown, "rdf.nameless")
            elif not any_party and not self._is_authority(party):
                self._leave(thing, predicate, shown, "rdf.no-authority")
            elif side not in sides:
                sides.append(side)
            taken.add((predicate, shown))
        cells = self._facts(thing, taken)
        if len(sides) <= 1:
            self._leave(thing, "", cells["title"], "rdf.one-party")
            return
        if len(sides) > len(_SIDES):
            counts = {"n": len(sides), "most": len(_SIDES)}
            self._leave(thing, "", cells["title"], "rdf.too-many-parties", **counts)
            return
        for predicate, values in self._of[thing].items():
            for value in values:
                if (predicate, value.value) not in taken and (
                    predicate,
                    _https(value),
                ) not in taken:
                    self._leave(thing, predicate, value.value, "rdf.no-role")
        yield self._lines.get(thing, 1), cells | _joined(sides)

    def _leave(self, thing: str, predicate: str, value: str, key: str, **values: object) -> None:
        self._left.append(Left(thing, predicate, value, key, values))

    def _parties(self, thing: str) -> Iterator[tuple[str, _Term]]:
        """Those whom a thing joins, each with the property that says so."""
        for predicate in PARTIES["to"]:
            for value in self._values(thing, predicate):
                if self._types(_https(value)) & _ROLES:
                    self._used.add(_https(value))
                    yield from ((predicate, v) for v in self._values(_https(value), predicate))
                else:
                    yield predicate, value
        for predicate in PARTIES["from"]:
            yield from ((predicate, ox.NamedNode(s)) for s in self._to[thing][predicate])
        for membership in self._to[thing][_MEMBERSHIP]:
            self._used.add(membership)
            yield from ((_MEMBER, value) for value in self._values(membership, _MEMBER))

    def _side(self, party: _Term) -> _Side:
        """The name, the country and the code of a party."""
        if isinstance(party, ox.Literal):
            return _Side(_line(party.value))
        address = _https(party)
        self._used.add(address)
        return _Side(self._name(address), self._country(address), self._code(address))

    def _name(self, address: str) -> str:
        for predicate in _NAMES:
            if name := self._text(self._values(address, predicate)):
                return name
        return ""

    def _text(self, values: Iterable[_Term]) -> str:
        """The text that the reader reads best, in any language if there is no better one."""
        texts = [(v.language or "", v.value) for v in values if isinstance(v, ox.Literal)]
        return _line(best(sorted(texts), self._lang) or next((t for _, t in sorted(texts)), ""))

    def _code(self, address: str) -> str:
        """What tells a place for sure: our own key, an official code, a number of Wikidata's."""
        everywhere = [address, *(v.value for p in _SAME for v in self._values(address, p))]
        for each in everywhere:
            named = parse(each)
            if key := named.key if named and named.kind == "place" else place_at(each):
                return key
        for predicate in _CODES:
            for value in self._values(address, predicate):
                if text := self._plain(value):
                    return text
        numbers = [found for each in everywhere if (found := _NUMBER.search(each))]
        return next((f[1] or f"geonames-{f[2]}" for f in numbers), "")

    def _plain(self, value: _Term) -> str:
        """The text of a literal, or of the value that a node of its own holds."""
        if isinstance(value, ox.Literal):
            return _line(value.value)
        node = _https(value)
        if texts := self._values(node, _VALUE):
            self._used.add(node)
            return self._text(texts)
        return ""

    def _country(self, address: str) -> str:
        for place in (address, *(_https(v) for v in self._values(address, _POSTAL))):
            for predicate in _COUNTRIES:
                for value in self._values(place, predicate):
                    self._used.add(place)
                    return self._called(value)
        codes = (country for code, country in _OF_COUNTRY.items() if self._values(address, code))
        return next(codes, "")

    def _called(self, value: _Term) -> str:
        """What a value is called: its text, its name, our key, or the end of its address."""
        if isinstance(value, ox.Literal):
            return _line(value.value)
        address = _https(value)
        named = parse(address)
        if name := self._name(address):
            self._used.add(address)
            return name
        if named:
            return named.key
        tail = re.split(r"[/#]", address.rstrip("/"))[-1]
        return place_at(value.value) or re.sub(r"[_-]+", " ", tail).strip()

    def _is_authority(self, party: _Term) -> bool:
        if isinstance(party, ox.Literal):
            return False
        address = _https(party)
        types = self._types(address)
        is_place = any(t.startswith((_PREFIXES["igeo"], NS)) for t in types)
        return is_place or bool(types & _AUTHORITIES) or bool(self._code(address))

    def _facts(self, thing: str, taken: set[tuple[str, str]]) -> dict[str, str]:
        """The cells that say what a thing is, when, and what for."""
        cells = {"title": self._name(thing)}
        for predicate in _NAMES:
            taken |= {
                (predicate, v.value)
                for v in self._values(thing, predicate)
                if _line(v.value) == cells["title"]
            }
        for column, predicates in _COLUMNS.items():
            for predicate in predicates:
                values = self._values(thing, predicate)
                if not values or cells.get(column):
                    continue
                if column == "themes":
                    cells[column] = "; ".join(map(self._called, values))
                    taken |= {(predicate, v.value) for v in values}
                    continue
                texts = [v for v in values if isinstance(v, ox.Literal)]
                text = self._text(texts) if texts else self._called(values[0])
                if column == "address" and not texts:
                    text = values[0].value
                taken |= {
                    (predicate, v.value)
                    for v in values
                    if (not texts and v is values[0]) or _line(v.value) == text
                }
                cells[column] = text.partition("T")[0] if column in _DATES else text
        if not cells.get("address") and not thing.startswith(SKOLEM):
            cells["address"] = thing if thing.startswith("http") else ""
        return cells

    def _twinned(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Pairs of ``wdt:P190``, each once whichever way it is written."""
        seen: set[frozenset[str]] = set()
        for thing in list(self._of):
            for value in self._values(thing, _TWINNED):
                other = _https(value)
                sides = self._side(ox.NamedNode(thing)), self._side(value)
                self._used.add(thing)
                if frozenset({thing, other}) in seen:
                    continue
                seen.add(frozenset({thing, other}))
                if not all(side.name or side.code for side in sides) or thing == other:
                    self._leave(thing, _TWINNED, value.value, "rdf.nameless")
                    continue
                yield self._lines.get(thing, 1), {"kind": "twinning", **_joined(sides)}


def _joined(sides: Iterable[_Side]) -> dict[str, str]:
    """The cells of parties; a code stands for a name that nobody gives."""
    cells: dict[str, str] = {}
    for column, side in zip(_SIDES, sides, strict=False):
        cells[column] = side.name or side.code
        cells |= {f"{column}_country": side.country, f"{column}_code": side.code}
    return cells


def _sheet(name: str, rows: Sequence[tuple[int, dict[str, str]]]) -> Sheet:
    sides = [side for side in _SIDES if side in _SIDES[:2] or any(side in r for _, r in rows)]
    parties = [f"{side}{part}" for side in sides for part in ("", "_country", "_code")]
    headings = ("title", *parties, *_COLUMNS)
    cells: list[Line] = [(line, tuple(row.get(h, "") for h in headings)) for line, row in rows]
    return Sheet(name, headings, sorted(cells))


def _https(term: object) -> str:
    """The address of a term; schema.org says that its two schemes mean the same."""
    value = str(getattr(term, "value", ""))
    return value.replace("http://schema.org/", "https://schema.org/", 1)


def _line(text: str) -> str:
    return " ".join(text.split())
