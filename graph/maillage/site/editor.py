"""The SPARQL page (``/sparql``): a query is written, put, and its answer shown below.

It works without a script: a form, and pages from the server. With one, it completes and colours.
The page itself puts no query: the server has it answered by a worker of its own that can be ended,
and hands what came of it to the page.

A job for this page is ``site.answer(path, lang, asked, outcome)``. ``asked`` holds the fields of
the request (``query``, ``format``, ``default-graph-uri``, ``named-graph-uri``; ``example`` names a
question to begin with). ``outcome`` is absent unless the query was put, and has these members:

``kind``
    ``solutions``, ``boolean``, ``graph`` or ``problem``.
``body``
    text in UTF-8: SPARQL 1.1 Query Results JSON for the first two, N-Triples for a graph, problem
    details (RFC 9457) for a problem, whose ``status``, ``title``, ``detail``, ``line`` and
    ``column`` are read.
``count``
    how many rows or triples the whole answer has.
``seconds``
    how long it took.
``truncated``
    whether the body holds fewer than that.

Beside the page stand ``/sparql/terms.json`` (classes, properties and prefixes for completion) and
``/sparql/things.json?q=…`` (things by the beginning of a name; ``kinds`` and ``lang`` narrow it).
On a static host there is no one to answer: the page says how to query the dumps at home.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, cast

import pyoxigraph as ox
from markupsafe import Markup
from rdflib import BNode, Literal, URIRef
from rdflib.term import Identifier

from maillage.pagetexts import typeset
from maillage.questions import Question, questions
from maillage.site.asked import by_subject
from maillage.site.completing import terms, things
from maillage.site.page import Page
from maillage.site.results import Part, Table, rows_table, triples
from maillage.site.visit import Opened, Visit
from maillage.store import Answer
from maillage.terms import PREFIXES
from maillage.words import Language

__all__ = ["page", "paths"]

#: Rows of an answer that are shown; the files have them all.
_MOST: Final = 500
#: A query that is longer has no address of its own: servers and mail cut long ones.
_LONGEST: Final = 6_000

#: The formats that an answer can be asked for in, by name in the form; all but the page itself.
_ROWS: Final = ("csv", "tsv", "json", "xml")
_TRIPLES: Final = ("ttl", "jsonld", "nt", "rdf")
_FORMATS: Final[Mapping[str, Sequence[str]]] = {
    "solutions": _ROWS,
    "boolean": ("json", "xml"),
    "graph": _TRIPLES,
}

_FIRST: Final = f"""\
PREFIX mlg: <{PREFIXES["mlg"]}>

SELECT ?link ?kind (GROUP_CONCAT(STR(?party); separator=" ") AS ?parties)
WHERE {{
  ?link a mlg:CooperationLink ; mlg:hasKind ?kind ; mlg:hasParty ?party .
}}
GROUP BY ?link ?kind
ORDER BY ?link
LIMIT 20
"""


@dataclass(frozen=True)
class _Line:
    """A line of a query: its number, and the character at which reading stopped, if here."""

    number: int
    before: str
    at: str = ""
    after: str = ""


@dataclass(frozen=True)
class _Shown:
    """What the page shows of an outcome."""

    kind: str
    status: int = 200
    table: Table | None = None
    part: Part | None = None
    is_cut: bool = False
    truth: bool = False
    title: str = ""
    detail: str = ""
    line: int = 0
    column: int = 0
    lines: Sequence[_Line] = ()
    prefixes: Sequence[str] = ()


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The editor, or what its script asks for."""
    if rest == ["terms.json"]:
        return terms(visit)
    if rest == ["things.json"] and not visit.about.static:
        return things(visit)
    if rest:
        return visit.nothing()
    if visit.about.static:
        return visit.html(
            "sparql-static.html.j2", title=visit.say("sparql"), examples=_examples(visit.lang)
        )
    query = visit.asked.get("query", [""])[0]
    example = questions().get(visit.first("example"))
    shown = None if visit.outcome is None else _shown(visit, query, visit.outcome)
    files = _files(visit, query, shown) if shown else []
    if not query:
        query = _with_language(example, visit.lang) if example else _FIRST
    made = visit.html(
        "editor.html.j2",
        title=visit.say("sparql"),
        status=shown.status if shown else 200,
        query=query,
        shown=shown,
        took=_took(visit, shown, files) if shown else "",
        files=files,
        formats=(*_ROWS, *_TRIPLES),
        graphs={name: list(visit.asked.get(name, ())) for name in _GRAPHS},
        examples=_examples(visit.lang),
    )
    rows = shown.part.last if shown and shown.part else None
    return replace(
        made,
        steady=shown is None,
        rows=rows,
        truncated=shown is not None and shown.is_cut,
    )


# What may hold a colon and is no prefixed name: texts, addresses, comments.
_OPAQUE: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*',
    re.DOTALL,
)
_GRAPHS: Final = ("default-graph-uri", "named-graph-uri")


def paths(_: Opened) -> Iterator[str]:
    """The page that says how to query at home; among files, a folder as any other page."""
    yield "/sparql/"


def _with_language(question: Question, lang: Language) -> str:
    """The query of a question, for a reader of that language."""
    if any(parameter.name == "lang" for parameter in question.parameters):
        return question.bind({"lang": Literal(lang)})
    return question.sparql


def _examples(lang: Language) -> list[tuple[str, list[tuple[str, str]]]]:
    """The named questions as examples: by subject, name and what they ask."""
    return [
        (tag, [(question.name, typeset(question.summary[lang], lang)) for question in group])
        for tag, group in by_subject()
    ]


def _shown(visit: Visit, query: str, outcome: Mapping[str, Any]) -> _Shown:
    kind = str(outcome["kind"])
    given = outcome["body"]
    body = given.encode() if isinstance(given, str) else bytes(given)
    if kind == "problem":
        return _problem(query, json.loads(body))
    if kind == "boolean":
        return _Shown(kind, truth=bool(json.loads(body)["boolean"]))
    count = int(outcome["count"])
    if kind == "graph":
        found = [
            (_term(t.subject), _term(t.predicate), _term(t.object))
            for t in islice(ox.parse(body, ox.RdfFormat.N_TRIPLES), _MOST)
        ]
        part = Part(min(1, count), len(found), count, 1, 1)
        return _Shown(kind, table=triples(visit, found, part), part=part, is_cut=len(found) < count)
    solutions = cast(
        "ox.QuerySolutions", ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    )
    names = tuple(variable.value for variable in solutions.variables)
    rows = [tuple(None if t is None else _term(t) for t in row) for row in islice(solutions, _MOST)]
    part = Part(min(1, count), len(rows), count, 1, 1)
    table = rows_table(visit, Answer(names, rows), part, is_whole=True)
    return _Shown(kind, table=table, part=part, is_cut=len(rows) < count)


def _term(term: object) -> Identifier:
    """A term of the engine as rdflib's; a triple as a term is shown as it is written."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        return Literal(term.value, datatype=URIRef(term.datatype.value))
    return Literal(str(term))


def _problem(query: str, document: Mapping[str, Any]) -> _Shown:
    line, column = int(document.get("line") or 0), int(document.get("column") or 0)
    return _Shown(
        "problem",
        status=int(document.get("status") or 400),
        title=str(document.get("title", "")),
        detail=str(document.get("detail", "")),
        line=line,
        column=column,
        lines=_lines(query, line, column) if line else (),
        prefixes=[f"PREFIX {name}: <{PREFIXES[name]}>" for name in _undeclared(query)],
    )


def _undeclared(query: str) -> list[str]:
    """The house's prefixes that a query uses and does not declare."""
    bare = _OPAQUE.sub(" ", query)
    return [
        name
        for name in PREFIXES
        if re.search(rf"(?<![\w?$:-]){name}:", bare)
        and not re.search(rf"\bPREFIX\s+{name}:", bare, re.IGNORECASE)
    ]


def _lines(query: str, line: int, column: int) -> list[_Line]:
    """The line at which reading stopped, with two lines on each side."""
    written = query.splitlines() or [""]
    line = min(max(line, 1), len(written))
    shown = []
    for number in range(max(1, line - 2), min(len(written), line + 2) + 1):
        text = written[number - 1]
        if number == line:
            at = min(max(column - 1, 0), len(text))
            shown.append(_Line(number, text[:at], text[at : at + 1] or " ", text[at + 1 :]))
        else:
            shown.append(_Line(number, text))
    return shown


def _took(visit: Visit, shown: _Shown, files: Sequence[tuple[str, str]]) -> Markup:
    outcome = visit.outcome or {}
    if shown.kind == "problem":
        return Markup("")
    milliseconds = visit.number(max(1, round(float(outcome["seconds"]) * 1000)))
    if shown.kind == "boolean":
        return visit.told("sparql-truth-in", ms=milliseconds)
    kind = "triples" if shown.kind == "graph" else "rows"
    n = int(outcome["count"])
    text = visit.count(f"asked-n-{kind}-in", n, ms=milliseconds)
    if shown.is_cut and not files:
        return visit.text(text)
    return visit.counted(n, files[0][1] if shown.is_cut else None, text)


def _files(visit: Visit, query: str, shown: _Shown) -> list[tuple[str, str]]:
    """The same answer in other formats, where the query fits into an address."""
    if len(query) > _LONGEST:
        return []
    graphs = {name: list(visit.asked[name]) for name in _GRAPHS if visit.asked.get(name)}
    return [
        (name, visit.href("/sparql", **{"query": query, "format": name, **graphs}))
        for name in _FORMATS.get(shown.kind, ())
    ]
