"""Answers on a page: rows as a table whose things lead to their pages, triples likewise.

A cell that holds several addresses is a list of links; a date is said in words; a number is written
as people write it. The thing that a row is about, where the question keeps it in a last column for
machines, becomes a link to its evidence, so that every number can be asked back to its sources.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from markupsafe import Markup
from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Identifier

from maillage.pagetexts import typeset
from maillage.site.counting import BESIDE, counting
from maillage.site.naming import Named, short
from maillage.site.visit import Visit
from maillage.store import Answer
from maillage.words import LANGUAGES, fold, heading

__all__ = [
    "Cell",
    "Part",
    "Table",
    "Triple",
    "in_order",
    "is_list",
    "part_of",
    "rows_table",
    "triples",
    "whole_number",
]

#: Subject, property and value.
Triple: TypeAlias = tuple[Identifier, Identifier, Identifier]

#: Columns whose plain texts are dates (Extended Date/Time Format).
_DATES: Final = frozenset(
    {
        "as_of",
        "date",
        "due",
        "end",
        "first",
        "from",
        "issued",
        "last",
        "other_since",
        "prepared_start",
        "recorded",
        "searched",
        "since",
        "start",
        "to",
        "until",
        "when",
    }
)
_DATE: Final = re.compile(r"\.\.(/[\d~?%-]+)?|-?\d{4}[\d~?%-]*(/(\.\.|-?\d{4}[\d~?%-]*))?")
_ADDRESS: Final = re.compile(r"https?://\S+")
#: The columns whose lists are counted.
_LISTED: Final = frozenset((question, beside) for (question, _), beside in BESIDE.items())
_LONGEST: Final = 4_000  # characters of a cell that are shown
_WHOLE: Final = frozenset(
    {XSD.integer, XSD.int, XSD.long, XSD.short, XSD.nonNegativeInteger, XSD.positiveInteger}
)


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; numbers stand to the right; ``id`` names it within the page."""

    shown: Markup
    is_number: bool = False
    id: str = ""


@dataclass(frozen=True)
class Table:
    """Rows as a page shows them."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Part:
    """Which rows of how many a page shows; rows count from 1."""

    first: int
    last: int
    all: int
    page: int
    pages: int


def part_of(rows: int, page: int, size: int) -> Part:
    """The rows of a page.

    >>> part_of(251, 3, 100)
    Part(first=201, last=251, all=251, page=3, pages=3)
    >>> part_of(0, 7, 100)
    Part(first=0, last=0, all=0, page=1, pages=1)
    """
    pages = max(1, -(-rows // size))
    page = min(max(page, 1), pages)
    first = (page - 1) * size
    return Part(first + 1 if rows else 0, min(first + size, rows), rows, page, pages)


def rows_table(
    visit: Visit,
    answer: Answer,
    part: Part,
    thing: str = "",
    *,
    question: str = "",
    is_whole: bool = False,
) -> Table:
    """Some rows of an answer.

    :param thing: the column that a row is about, if the question says.
    :param question: its name, by which it is known what its numbers count.
    :param is_whole: show every column by the name of its variable, as who wrote the query wants.
    """
    last = answer.variables[-1] if answer.variables else ""
    is_beside = bool(thing) and thing == last and len(answer.variables) > 1
    hidden = {f"name_{visit.lang}", *([thing] if is_beside else [])}
    columns = [
        (i, name)
        for i, name in enumerate(answer.variables)
        # a column without a word in it is in the files; on the page it takes room from the others
        if is_whole or (name not in hidden and any(str(row[i] or "") for row in answer.rows))
    ]
    heads = [
        f"?{name}" if is_whole else typeset(heading(name, visit.lang), visit.lang)
        for _, name in columns
    ]
    if is_beside:
        heads.append(typeset(heading("evidence", visit.lang), visit.lang))
    rows = []
    for number, row in enumerate(answer.rows[max(part.first - 1, 0) : part.last], part.first):
        named = dict(zip(answer.variables, row, strict=True))
        cells = [_counted(visit, question, name, named, number) for _, name in columns]
        if is_beside:
            cells.append(Cell(_evidence(visit, row[-1])))
        rows.append(tuple(cells))
    return Table(tuple(heads), tuple(rows))


def _counted(
    visit: Visit, question: str, column: str, row: Mapping[str, Identifier | None], number: int
) -> Cell:
    """A cell of a row, a number that counts leading to what it counts."""
    made = cell(visit, row[column], column)
    beside = BESIDE.get((question, column))
    if (question, column) in _LISTED:
        return replace(made, id=f"row-{number}-{column}")
    to = f"#row-{number}-{beside}" if beside else counting(visit, question, column, row)
    n = whole_number(row[column])
    return made if n is None or to is None else replace(made, shown=visit.counted(n, to))


def cell(visit: Visit, term: Identifier | None, column: str = "") -> Cell:
    """A term as a reader sees it."""
    if term is None or str(term) == "":
        return Cell(Markup(""))
    if isinstance(term, URIRef):
        return Cell(visit.link(term))
    if isinstance(term, BNode):
        return Cell(visit.text(f"_:{term}"))
    text = str(term)
    if is_list(text):
        things = sorted((visit.link(thing) for thing in text.split()), key=_read)
        return Cell(Markup('<ul class="several">{}</ul>').format(_items(things)))
    if (n := whole_number(term)) is not None:
        return Cell(visit.text(visit.number(n)), is_number=True)
    if column in _DATES and _DATE.fullmatch(text):
        return Cell(visit.text(visit.day(text)))
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    tag = term.language or "" if isinstance(term, Literal) else ""
    tongue = tag.split("-")[0].lower()
    is_own = tongue in {visit.lang, "", "mul"}
    spelt = typeset(text, tongue if tongue in LANGUAGES else "")
    return Cell(visit.text(Named(spelt, "" if is_own else tag)))


def is_list(text: str) -> bool:
    """Whether a text is one address or several, as concatenated lists are."""
    return all(_ADDRESS.fullmatch(part) for part in text.split(" "))


def whole_number(term: Identifier | None) -> int | None:
    """The whole number that a term is, if it is one."""
    if not isinstance(term, Literal) or term.datatype is None:
        return None
    try:
        if term.datatype in _WHOLE:
            return int(str(term))
    except ValueError:
        pass  # "many"^^xsd:integer is possible in RDF, and no number
    return None


def _items(things: Sequence[Markup]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(thing) for thing in things)


def _read(link: Markup) -> str:
    return fold(link.striptags())


def _evidence(visit: Visit, thing: Identifier | None) -> Markup:
    """A link to the evidence of the thing that a row is about."""
    to = visit.where(str(thing)) if isinstance(thing, URIRef) else None
    if to is None:
        return Markup("")
    if "#" not in to:
        to += "#sources"
    return Markup('<a href="{}">{}<span class="unseen"> {}</span></a>').format(
        visit.href(to), visit.say("asked-evidence"), visit.label(str(thing)).text
    )


def triples(visit: Visit, rows: Sequence[Triple], part: Part) -> Table:
    """Some of the triples of an answer."""
    heads = tuple(visit.say(f"asked-{name}") for name in ("subject", "property", "value"))
    chosen = rows[max(part.first - 1, 0) : part.last]
    return Table(
        heads,
        tuple(
            (cell(visit, s), Cell(_property(visit, str(p))), cell(visit, o)) for s, p, o in chosen
        ),
    )


def in_order(graph: Graph) -> list[Triple]:
    """The triples of a graph, in the order of their terms."""
    rows = [(_identifier(s), _identifier(p), _identifier(o)) for s, p, o in graph]
    return sorted(rows, key=lambda triple: tuple(term.n3() for term in triple))


def _property(visit: Visit, iri: str) -> Markup:
    if visit.naming.has(iri):
        return visit.link(iri)
    return visit.away(iri, visit.text(short(iri)))


def _identifier(term: object) -> Identifier:
    return term if isinstance(term, Identifier) else Literal(str(term))
