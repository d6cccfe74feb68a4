"""A record in a language: what its page shows, ready for the template, each value with its notes.

A note is a number that leads to a passage further down the page. Nothing is shown without one,
or without a word on who else says it: the editors, or a rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.pagetexts import clean
from maillage.site.codes import register
from maillage.site.naming import Named, spoken
from maillage.site.record import Record, Value, Voice
from maillage.site.rows import full
from maillage.site.texts import words
from maillage.site.visit import Visit
from maillage.words import best

__all__ = ["Fact", "Name", "Shown", "facts", "heading", "names", "shown"]

_EDTF: Final = full("edtf:EDTF")
_DATE: Final = full("xsd:date")
_BOOLEAN: Final = full("xsd:boolean")

#: Properties in the order in which a reader wants them; all others follow in alphabetical order.
_FIRST: Final = tuple(
    full(name)
    for name in (
        "mlg:hasKind",
        "mlg:hasLevel",
        "mlg:writtenForm",
        "mlg:designates",
        "mlg:isHeldBy",
        "mlg:hasParty",
        "mlg:hasParticipant",
        "mlg:isParticipationIn",
        "mlg:hasRole",
        "org:member",
        "org:organization",
        "mlg:hasQuantity",
        "mlg:hasQualifier",
        "schema:value",
        "mlg:hasScope",
        "mlg:referenceDate",
        "mlg:hasState",
        "mlg:startDate",
        "mlg:endDate",
        "mlg:signatureDate",
        "mlg:dueDate",
        "mlg:ordinal",
        "schema:superEvent",
        "schema:location",
        "mlg:purpose",
        "mlg:hasTheme",
        "mlg:isAbout",
        "schema:about",
        "mlg:answers",
        "mlg:isProposedFor",
        "mlg:isInCountry",
        "dcterms:isPartOf",
        "org:subOrganizationOf",
        "org:originalOrganization",
        "org:resultingOrganization",
        "dcterms:isReplacedBy",
        "skos:definition",
        "skos:scopeNote",
        "skos:inScheme",
        "skos:broader",
        "skos:related",
        "dcterms:publisher",
        "dcterms:type",
        "mlg:issuedDate",
        "mlg:seenDate",
        "dcterms:language",
        "schema:url",
        "dcterms:license",
        "mlg:licenceNote",
    )
)
#: Shown in a place of their own, or said by other values.
_ELSEWHERE: Final = frozenset(
    full(name)
    for name in (
        "skos:prefLabel",
        "skos:altLabel",
        "skos:hiddenLabel",
        "mlg:earliestDay",
        "mlg:latestDay",
        "mlg:signatureDay",
        "mlg:isPartnerOf",
        "mlg:isProposedPartnerOf",
        "wdt:P190",
        "mlg:hasStance",
        "mlg:prefers",
        "mlg:consensusReason",
        "rdfs:isDefinedBy",
        "skos:topConceptOf",
        "skos:hasTopConcept",
        "geo:long",
    )
)
#: Values that are words of a list which is no list of the graph.
_CODED: Final = {
    full("dcterms:type"): "source-type",
    full("dcterms:language"): "tongue",
    full("mlg:searchScope"): "scope",
}
#: How many notes stand beside a value before they fold away.
_NOTES: Final = 4


class Shown(NamedTuple):
    """A value as it is shown, what is noted beside it, and whether the consensus keeps it."""

    html: Markup
    notes: Markup
    is_kept: bool


class Fact(NamedTuple):
    """A property with its values; ``anchor`` names it within the page."""

    anchor: str
    label: str
    values: tuple[Shown, ...]


class Name(NamedTuple):
    """Names of one sort: of a language, in pinyin, other ones, misspellings."""

    label: str
    values: tuple[Shown, ...]


def heading(visit: Visit, prop: str) -> str:
    """What stands before the values of a property: a word of the site, else the property's name."""
    for prefix in ("mlg", "org", "schema", "dcterms", "skos", "geo", "prov"):
        start = full(f"{prefix}:")
        if prop.startswith(start) and f"fact-{prefix}-{prop[len(start) :]}" in words():
            return visit.say(f"fact-{prefix}-{prop[len(start) :]}")
    label = visit.label(prop).text
    return label[:1].upper() + label[1:]


def facts(visit: Visit, record: Record) -> list[Fact]:
    """All that is said of a thing, but its names and what has a place of its own."""
    numbers = _numbers(record)
    order = {prop: place for place, prop in enumerate(_FIRST)}
    wanted = sorted(
        (prop for prop in record.facts if prop not in _ELSEWHERE),
        key=lambda prop: (order.get(prop, len(order)), heading(visit, prop), prop),
    )
    found: list[Fact] = []
    for prop in wanted:
        values = _in_language(visit, record.facts[prop])
        several = len(values) > 1
        lines = tuple(
            Shown(
                _point(visit, record)
                if prop == full("geo:lat")
                else shown(visit, prop, value.term, record),
                _notes(visit, value.voices, numbers),
                value.is_kept and several,
            )
            for value in values
        )
        found.append(Fact(f"fact-{len(found) + 1}", heading(visit, prop), lines))
    return found


def _in_language(visit: Visit, values: Sequence[Value]) -> list[Value]:
    """Of texts in several languages that the same voices say, the one that this reader reads."""
    texts: dict[tuple[Voice, ...], list[str]] = {}
    for value in values:
        texts.setdefault(value.voices, []).append(_tag(value.term))
    chosen = {
        voices: best(((tag, tag) for tag in tags if tag), visit.lang)
        for voices, tags in texts.items()
    }
    return [
        value
        for value in values
        if not _tag(value.term) or chosen[value.voices] in {None, _tag(value.term)}
    ]


def _tag(term: Identifier) -> str:
    return (term.language or "") if isinstance(term, Literal) else ""


def shown(visit: Visit, prop: str, term: Identifier, record: Record | None = None) -> Markup:
    """One value as it is shown: a link, a date in words, a text in its language, a code."""
    text = str(term)
    if isinstance(term, URIRef):
        if prop == full("dcterms:license"):
            return visit.away(text, _licence(visit, text))
        return visit.link(text)
    if not isinstance(term, Literal):
        return visit.text(clean(text))
    kind = str(term.datatype or "")
    if kind in {_EDTF, _DATE}:
        return visit.date(visit.day(text))
    if kind == _BOOLEAN:
        return visit.text(visit.say("yes" if text in {"true", "1"} else "no"))
    if prop == full("schema:url"):
        return visit.away(text)
    if prop in _CODED and f"{_CODED[prop]}-{text}" in words():
        return visit.text(visit.say(f"{_CODED[prop]}-{text}"))
    if prop == full("schema:value") and text.isdecimal():
        return visit.text(visit.number(int(text)))
    level = record.first("mlg:hasLevel").rsplit("/", 1)[-1] if record else ""
    if address := register(prop, text, level):
        return visit.away(address, visit.text(clean(text)))
    if prop == full("mlg:fileDigest"):
        return Markup("<code>{}</code>").format(text)
    named = spoken([(term.language or "", text)], visit.lang)
    return visit.text(named or Named(clean(text)))


def _licence(visit: Visit, address: str) -> Markup:
    """The short name of a licence that we know, else its address."""
    key = "licence-" + address.rstrip("/").partition("://")[2].replace("/", "-").replace(".", "-")
    return visit.text(visit.say(key.lower()) if key.lower() in words() else clean(address))


def _point(visit: Visit, record: Record) -> Markup:
    """Latitude and longitude, degrees of WGS 84."""
    lat, long = record.first("geo:lat"), record.first("geo:long")
    return visit.text(visit.say("point", lat=lat, long=long or "?"))


def names(visit: Visit, record: Record) -> list[Name]:
    """All names of a thing: in our languages, in pinyin, others, and misspellings."""
    numbers = _numbers(record)
    groups: dict[str, list[Value]] = {}
    for value in record.facts.get(full("skos:prefLabel"), ()):
        groups.setdefault(_tongue(_tag(value.term)), []).append(value)
    own = {str(value.term) for values in groups.values() for value in values}
    for value in record.facts.get(full("skos:altLabel"), ()):
        if str(value.term) in own and not any(voice.evidence for voice in value.voices):
            continue  # a short form in one language is the name in another
        is_pinyin = _tag(value.term).lower().startswith("zh-latn")
        groups.setdefault("name-pinyin" if is_pinyin else "name-other", []).append(value)
    wrong = list(record.facts.get(full("skos:hiddenLabel"), ()))
    if wrong:
        groups["name-wrong"] = wrong
    order = ("own-name-fr", "own-name-en", "own-name-zh", "name-pinyin")
    ranked = sorted(groups, key=lambda g: (order.index(g) if g in order else len(order), g))
    return [
        Name(
            visit.say(group),
            tuple(
                Shown(
                    visit.text(Named(clean(str(v.term)), _foreign(visit, _tag(v.term)))),
                    _notes(visit, v.voices, numbers, is_name=True),
                    False,
                )
                for v in groups[group]
            ),
        )
        for group in ranked
    ]


def _tongue(tag: str) -> str:
    key = f"own-name-{tag.lower().partition('-')[0]}"
    return key if key in words() else "name-other"


def _foreign(visit: Visit, tag: str) -> str:
    """A language tag where it differs from the page's language."""
    return (
        ""
        if tag.lower() in {visit.lang, "", "mul", "zh-hans" if visit.lang == "zh" else ""}
        else tag
    )


def _numbers(record: Record) -> dict[str, int]:
    return {passage.key: number for number, passage in enumerate(record.passages, start=1)}


def _notes(
    visit: Visit, voices: Sequence[Voice], numbers: Mapping[str, int], *, is_name: bool = False
) -> Markup:
    """The numbers of the passages that a value rests on, and who else says it."""
    cited = sorted({numbers[key] for voice in voices for key in voice.evidence if key in numbers})
    anchors = {number: key for key, number in numbers.items()}
    marks = [
        Markup('<a href="#evidence-{}" aria-label="{}">{}</a>').format(
            anchors[number], visit.say("note", n=number), number
        )
        for number in cited
    ]
    parts: list[Markup] = []
    if len(marks) > _NOTES:
        parts.append(
            Markup('<details class="notes"><summary data-n="{}">{}</summary>{}</details>').format(
                len(marks), visit.count("n-passages", len(marks)), Markup(" ").join(marks)
            )
        )
    elif marks:
        parts.append(Markup('<sup class="notes">{}</sup>').format(Markup(" ").join(marks)))
    sorts = {voice.sort for voice in voices}
    if "inferred" in sorts and "stated" not in sorts:
        parts.append(_aside(visit.say("voice-inferred")))
    elif not sorts & {"stated", "inferred"} and not is_name:
        for voice in voices:
            if voice.sort == "derived":
                rule = visit.link(voice.graph, visit.say("voice-derived"))
                parts.append(Markup('<small class="voice">{}</small>').format(rule))
                break
    return Markup(" ").join(parts)


def _aside(text: str) -> Markup:
    return Markup('<small class="voice">{}</small>').format(text)
