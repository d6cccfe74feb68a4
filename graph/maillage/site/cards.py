"""What refers to a thing, as tables: its links, its events, its participants, what is said of it.

Things of one family that refer by one property make one table, whose columns depend on the
family. Each row leads to the page of its own thing, where the passages are that it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from markupsafe import Markup
from rdflib import Literal
from rdflib.term import Identifier

from maillage.dates import precise
from maillage.site.addresses import doc
from maillage.site.members import in_order, kind_name
from maillage.site.naming import short, spoken
from maillage.site.record import Record
from maillage.site.rows import details, full
from maillage.site.showing import heading, shown
from maillage.site.texts import span, words
from maillage.site.visit import Visit
from maillage.terms import BASE, NS, PREFIXES

__all__ = ["Cell", "Table", "anchor", "tables"]

#: How many rows stand on a page at most; the rest is counted, and asked for.
_MOST: Final = 1_000
#: How many rows stand open; longer tables that are not the heart of a page fold away.
_OPEN: Final = 25

_FAMILIES: Final[Mapping[str, str]] = {
    NS + "CooperationLink": "link",
    NS + "CooperationProject": "project",
    NS + "Participation": "participation",
    NS + "Statement": "statement",
    **dict.fromkeys(
        (
            NS + name
            for name in (
                "Finding",
                "Recommendation",
                "Position",
                "Objective",
                "Expectation",
                "Decision",
            )
        ),
        "statement",
    ),
    NS + "Figure": "figure",
    NS + "Mention": "mention",
    NS + "Identification": "identification",
    NS + "Coverage": "coverage",
    NS + "Search": "search",
    NS + "SourceDocument": "source",
    NS + "Place": "place",
    NS + "Country": "place",
    NS + "Collectivity": "place",
    PREFIXES["schema"] + "Event": "event",
    PREFIXES["schema"] + "EventSeries": "series",
    PREFIXES["schema"] + "Person": "person",
    PREFIXES["schema"] + "NewsArticle": "news",
    PREFIXES["org"] + "Organization": "organisation",
    PREFIXES["org"] + "Membership": "post",
    PREFIXES["org"] + "ChangeEvent": "change",
    PREFIXES["skos"] + "Concept": "concept",
}

#: The columns of each family: a property, or what is made of several (``name``, ``dates``,
#: ``others``: the parties beside the one whose page it is).
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "link": ("name", "mlg:hasKind", "mlg:hasState", "dates", "mlg:hasTheme"),
    "project": ("name", "mlg:hasParty", "mlg:hasState", "dates"),
    "participation": ("mlg:hasParticipant", "mlg:hasRole", "mlg:isParticipationIn", "proof"),
    "statement": ("name", "sort", "mlg:isHeldBy"),
    "figure": ("name", "figure", "mlg:referenceDate"),
    "mention": ("name", "mlg:hasKind", "mlg:designates"),
    "coverage": ("what", "mlg:isCoverageOf", "mlg:hasCompleteness", "dates"),
    "search": ("name", "mlg:hasOutcome", "mlg:recordedDate"),
    "source": ("name", "dcterms:type", "mlg:issuedDate"),
    "place": ("name", "mlg:hasLevel", "dates"),
    "event": ("name", "mlg:hasKind", "dates", "schema:location", "pairs"),
    "organisation": ("name", "mlg:hasKind"),
    "post": ("org:member", "name", "org:organization", "dates"),
    "change": ("name", "mlg:hasKind", "dates"),
}

#: Tables in the order of a page: property, family. All others follow, by property and family.
_ORDER: Final = (
    ("mlg:hasParty", "link"),
    ("dcterms:isReplacedBy", "link"),
    ("mlg:hasTheme", "link"),
    ("mlg:hasKind", "link"),
    ("mlg:hasState", "link"),
    ("mlg:hasParty", "project"),
    ("mlg:isProposedFor", "link"),
    ("schema:superEvent", "event"),
    ("mlg:isParticipationIn", "participation"),
    ("schema:location", "event"),
    ("mlg:hasParticipant", "participation"),
    ("org:organization", "post"),
    ("org:member", "post"),
    ("dcterms:isPartOf", "place"),
    ("skos:broader", "concept"),
    ("skos:inScheme", "concept"),
    ("mlg:isAbout", "statement"),
    ("mlg:hasScope", "figure"),
)
#: The heart of a page: open however long.
_HEARTS: Final = frozenset(_ORDER[:10])

#: Properties of the page's own thing that need no column: they are the same in every row.
_DETAILS: Final = (
    "mlg:hasKind",
    "mlg:hasState",
    "mlg:hasTheme",
    "mlg:hasParty",
    "mlg:hasRole",
    "mlg:hasParticipant",
    "mlg:isParticipationIn",
    "mlg:isHeldBy",
    "mlg:hasLevel",
    "mlg:hasQualifier",
    "mlg:hasOutcome",
    "mlg:hasCompleteness",
    "mlg:isCoverageOf",
    "mlg:designates",
    "mlg:ordinal",
    "mlg:startDate",
    "mlg:endDate",
    "mlg:earliestDay",
    "mlg:issuedDate",
    "mlg:recordedDate",
    "mlg:referenceDate",
    "schema:value",
    "schema:location",
    "org:member",
    "org:organization",
    "dcterms:type",
    "dcterms:description",
)

#: The links of what a thing has replaced.
_FORMER: Final = (full("dcterms:isReplacedBy"), "link")

_DATES: Final = ("mlg:startDate", "mlg:endDate")

_Row = Mapping[str, Sequence[Identifier]]


class Cell(NamedTuple):
    """A cell: what it shows, and the heading that stands before it on a small screen."""

    heading: str
    html: Markup


@dataclass(frozen=True)
class Table:
    """A table of things that refer to the thing of a page.

    :ivar total: how many things there are.
    :ivar all: where all of them are, when the page holds not all.
    :ivar is_open: whether it stands open, and does not fold away.
    """

    anchor: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    is_open: bool
    is_of_links: bool = False
    all: str | None = None


def tables(visit: Visit, record: Record) -> list[Table]:
    """All that refers to a thing, table by table."""
    groups: dict[tuple[str, str], list[str]] = {}
    classes: dict[str, str] = {}
    for referring in record.referring:
        family = _FAMILIES.get(referring.of_class, referring.of_class)
        groups.setdefault((referring.property, family), []).extend(referring.things)
        classes |= dict.fromkeys(referring.things, referring.of_class)
    shown_things = [thing for found in groups.values() for thing in sorted(found)[:_MOST]]
    known = details(visit.store, shown_things, _DETAILS)
    for thing, kept in details(visit.store, shown_things, _DATES, graph="consensus").items():
        known[thing] |= {f"kept {name}": values for name, values in kept.items()}
    for thing, links in _pairs(visit, record).items():
        known.setdefault(thing, {})["pairs"] = links
    order = {(full(prop), family): place for place, (prop, family) in enumerate(_ORDER)}
    ranked = sorted(groups, key=lambda g: (order.get(g, len(order)), g))
    made: list[Table] = []
    for prop, family in ranked:
        found = sorted(set(groups[prop, family]))
        made.append(_table(visit, record, (prop, family), found, known, classes))
    return made


def _pairs(visit: Visit, record: Record) -> dict[str, list[Identifier]]:
    """The links that are proposed for each part of an event, such as the leads of a workshop."""
    rows = visit.store.select(
        f"SELECT DISTINCT ?part ?link {{ ?part <{full('schema:superEvent')}> <{record.iri}> . "
        f"?link <{full('mlg:isProposedFor')}> ?part }}"
    ).rows
    found: dict[str, list[Identifier]] = {}
    for part, link in sorted(rows, key=str):
        if link is not None:
            found.setdefault(str(part), []).append(link)
    return found


def _table(
    visit: Visit,
    record: Record,
    group: tuple[str, str],
    found: Sequence[str],
    known: Mapping[str, _Row],
    classes: Mapping[str, str],
) -> Table:
    prop, family = group
    columns = [
        column
        for column in _COLUMNS.get(family, ("name",))
        if ":" not in column or full(column) != prop
    ]
    if (prop, family) == (full("mlg:hasParty"), "link"):
        columns = ["others", "link", *columns[2:]]
    kept = sorted(
        found[:_MOST], key=lambda thing: _rank(visit, family, thing, known.get(thing, {}))
    )
    filled: list[list[Markup]] = [
        [_cell(visit, record, column, thing, known.get(thing, {}), classes) for column in columns]
        for thing in kept
    ]
    # a column that says nothing, or the same as the title, is left out
    used = [i for i, column in enumerate(columns) if any(row[i] for row in filled)]
    headings = tuple(_heading(visit, columns[i]) for i in used)
    query = _query(record, group, {classes.get(thing, "") for thing in found})
    return Table(
        anchor=anchor(prop, family),
        title=_title(visit, prop, family),
        headings=headings,
        rows=tuple(
            tuple(Cell(name, row[i]) for name, i in zip(headings, used, strict=True))
            for row in filled
        ),
        total=len(found),
        is_open=len(found) <= _OPEN or (prop, family) in {(full(p), f) for p, f in _HEARTS},
        is_of_links=(prop, family) in {(full("mlg:hasParty"), "link"), _FORMER},
        all=visit.rows_of(query) if len(found) > _MOST else None,
    )


def anchor(prop: str, family: str) -> str:
    """The name of a table within its page.

    >>> anchor("https://w3id.org/maillage/ns#hasParty", "link")
    'in-mlg-hasParty-link'
    """
    return "in-" + "-".join(re.sub(r"[^A-Za-z0-9]+", "-", short(part)) for part in (prop, family))


def _query(record: Record, group: tuple[str, str], classes: Iterable[str]) -> str:
    """A query for the things of a table: of several classes of a thing, the one told first."""
    prop = group[0]
    if group == _FORMER:
        said = f"?former <{prop}>+ <{record.iri}> . ?thing <{NS}hasParty> ?former"
        return (
            f"SELECT DISTINCT ?thing WHERE {{ {said} ; a <{NS}CooperationLink> }} ORDER BY ?thing"
        )
    last = f"<{NS}Statement>"
    ranks = ", ".join(f'"{"~" if c == NS + "Statement" else c}"' for c in sorted(classes))
    return (
        f"SELECT ?thing WHERE {{ {{ SELECT ?thing (MIN(?rank) AS ?class) WHERE {{ "
        f"?thing <{prop}> <{record.iri}> ; a ?of "
        f'BIND ( IF(?of = {last}, "~", STR(?of)) AS ?rank ) }} GROUP BY ?thing }} '
        f"FILTER ( ?class IN ({ranks}) ) }} ORDER BY ?thing"
    )


def _rank(visit: Visit, family: str, thing: str, row: _Row) -> tuple[object, ...]:
    """What is dated comes in the order of time, all else in that of names."""
    ordinal = next((int(str(n)) for n in row.get("mlg:ordinal", ()) if str(n).isdecimal()), 0)
    day = min((str(d) for d in row.get("mlg:earliestDay", ())), default="")
    name = in_order(visit.label(thing), visit.lang)
    if family in {"event", "change", "news"}:
        return (day == "", day, ordinal, name, thing)
    return (False, "", ordinal if family == "concept" else 0, name, thing)


def _heading(visit: Visit, column: str) -> str:
    if ":" in column:
        return heading(visit, full(column))
    return visit.say(f"column-{column}")


def _title(visit: Visit, prop: str, family: str) -> str:
    """What a table is called: a word of the site, else family and property."""
    for prefix in ("mlg", "org", "schema", "dcterms", "skos", "prov"):
        start = PREFIXES[prefix]
        key = f"in-{prefix}-{prop[len(start) :]}-{family}"
        if prop.startswith(start) and key in words():
            return visit.say(key)
    named = kind_name(visit, family) if "kind-" + family in words() else visit.label(family).text
    return visit.say("in-other", family=named, property=visit.label(prop).text)


def _cell(
    visit: Visit,
    record: Record,
    column: str,
    thing: str,
    row: _Row,
    classes: Mapping[str, str],
) -> Markup:
    if column == "name":
        return visit.link(thing)
    if column == "others":
        return _joined(
            visit, (visit.link(t) for t in row.get("mlg:hasParty", ()) if str(t) != record.iri)
        )
    if column == "link":
        kind = next((visit.label(k) for k in row.get("mlg:hasKind", ())), visit.label(thing))
        return visit.link(thing, kind)
    if column == "what":
        texts = [
            (getattr(t, "language", "") or "", str(t)) for t in row.get("dcterms:description", ())
        ]
        return visit.link(thing, spoken(texts, visit.lang) or visit.label(thing))
    if column == "pairs":
        return _joined(visit, (visit.link(link) for link in row.get("pairs", ())))
    if column == "dates":
        return _dates(visit, row)
    if column == "sort":
        return visit.text(visit.label(classes[thing]))
    if column == "figure":
        return _figure(visit, row)
    if column == "proof":
        to = (doc(thing) or "/doc/") + "#sources"
        return Markup('<a href="{}">{}</a>').format(visit.href(to), visit.say("see-sources"))
    return _joined(visit, (shown(visit, full(column), value) for value in row.get(column, ())))


def _dates(visit: Visit, row: _Row) -> Markup:
    """From when to when: what the consensus keeps, else all that is said, told apart."""
    starts, ends = (
        precise(map(str, row.get(f"kept {name}") or row.get(name, ()))) for name in _DATES
    )
    if len(starts) <= 1 and len(ends) <= 1:
        start, end = (starts or [""])[0], (ends or [""])[0]
        told = visit.day(start) if start and start == end else span(start, end, visit.lang)
        return visit.date(told) if told else Markup("")
    return Markup("<br>").join(visit.date(visit.day(date)) for date in [*starts, *ends])


def _figure(visit: Visit, row: _Row) -> Markup:
    """A number with its qualifier, as the document gives it: more than 70."""
    numbers = [
        visit.number(int(str(v))) if str(v).isdecimal() else str(v)
        for v in row.get("schema:value", ())
        if isinstance(v, Literal)
    ]
    qualified = [visit.label(q).text for q in row.get("mlg:hasQualifier", ()) if not _is_exact(q)]
    return visit.text(" ".join([*qualified, " / ".join(numbers)]).strip())


def _is_exact(qualifier: Identifier) -> bool:
    return str(qualifier) == f"{BASE}id/qualifier/exactly"


def _joined(visit: Visit, parts: Iterable[Markup]) -> Markup:
    return Markup("{}").format(visit.say("and-then")).join(parts)
