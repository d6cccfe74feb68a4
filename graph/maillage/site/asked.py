"""The named questions: their catalogue (``/ask/``), and a page for each (``/ask/NAME/``).

The page of a question says what it asks, lets the reader set its parameters, answers with those
that are in the address (or the question's own example), and tells how to ask the same elsewhere. On
a static host it shows the answer to the example, and no form, for nobody is there to answer.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from markupsafe import Markup
from rdflib import Graph
from rdflib.term import Node

from maillage.ask import why_empty
from maillage.pagetexts import typeset
from maillage.questions import Question, questions
from maillage.site.answers import GRAPHS, ROWS, Answered, answered, file, file_name, has_tongue
from maillage.site.chart import Chart, charts
from maillage.site.drawn import FILES, can_be_drawn, drawn, linked
from maillage.site.finding import Called
from maillage.site.forms import Form, form
from maillage.site.page import Page, moved
from maillage.site.results import Part, Table, in_order, part_of, rows_table, triples
from maillage.site.visit import Opened, Visit
from maillage.words import LANGUAGES, Language

__all__ = ["by_subject", "page", "pages", "paths"]

#: Rows of a table on one page: where more can be asked for, and on a static host.
_ROWS: Final = 100
_STATIC_ROWS: Final = 300

#: The group of the questions that are the only one of theirs.
_OTHER: Final = "other"

# Where the name of a parameter ends and what explains it begins.
_BRIEF: Final = re.compile(r"\s*[:：,，(（]")
_PROBLEM: Final = "text/plain;charset=utf-8"


@dataclass(frozen=True)
class _File:
    """A file to download: what to call it, and where it is."""

    name: str
    address: str


@dataclass(frozen=True)
class _Shown:
    """What the page shows of an answer.

    :ivar whole: where all rows are, when the page holds not all.
    """

    found: Answered
    part: Part
    table: Table
    charts: Sequence[Chart]
    files: Sequence[_File]
    map: Mapping[str, str] | None
    why: str
    whole: str | None


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The catalogue, the page of a question, or one of its files."""
    if not rest or rest == [""]:
        return _catalogue(visit)
    name, *more = rest
    if more not in ([], ["map"]):
        return visit.nothing()
    name, dot, ending = name.partition(".")
    if name not in questions():
        return _missing(visit, name)
    question = questions()[name]
    if more:
        return moved(visit.href(f"/ask/{name}.map.html", **visit.query()))
    return _file(visit, question, ending) if dot else _question(visit, question)


def pages(_: Opened) -> Iterator[str]:
    """The catalogue, and each question."""
    yield "/ask/"
    for name in questions():
        yield f"/ask/{name}/"


def paths(opened: Opened) -> Iterator[str]:
    """The same, and the files of each question for the values of its example."""
    yield from pages(opened)
    for question in questions().values():
        visit = Visit(opened, f"/ask/{question.name}/", "en", False, {})
        found = answered(visit, question, form(visit, question))
        endings = [*(GRAPHS if isinstance(found.reply, Graph) else ROWS), "rq"]
        if linked(visit, found) is not None:
            endings += FILES
        for ending in endings:
            yield f"/ask/{question.name}.{ending}"
            if ending == "map.svg" or (ending not in FILES and has_tongue(question, ending)):
                yield from (f"/ask/{question.name}.{lang}.{ending}" for lang in LANGUAGES)


def _catalogue(visit: Visit) -> Page:
    return visit.html(
        "ask.html.j2",
        title=visit.say("asked-catalogue"),
        groups=by_subject(),
        typeset=lambda text: typeset(text, visit.lang),
    )


def by_subject() -> list[tuple[str, list[Question]]]:
    """All questions by their first tag, the largest group first; the single ones at the end."""
    groups: dict[str, list[Question]] = {}
    for question in questions().values():
        groups.setdefault(question.tags[0], []).append(question)
    shared = {tag: group for tag, group in groups.items() if len(group) > 1}
    alone = [group[0] for tag, group in groups.items() if tag not in shared]
    ordered = sorted(shared.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [*ordered, (_OTHER, alone)] if alone else ordered


def _subject(question: Question) -> str:
    """The group of the catalogue in which a question stands."""
    return next(tag for tag, group in by_subject() if question in group)


def _missing(visit: Visit, name: str) -> Page:
    near = get_close_matches(name, questions(), 5, 0.4)
    made = visit.html(
        "ask-missing.html.j2",
        title=visit.say("asked-missing"),
        status=404,
        name=name,
        near=[questions()[close] for close in near],
        typeset=lambda text: typeset(text, visit.lang),
    )
    return replace(made, wrong=visit.say("asked-missing-why", name=name))


def _file(visit: Visit, question: Question, ending: str) -> Page:
    """A file of a question; what is wrong is said in a line, as the client is a program."""
    first, _, others = ending.partition(".")
    if first in LANGUAGES:
        lang: Language = next(lang for lang in LANGUAGES if lang == first)
        visit, ending = replace(visit, lang=lang), others
    asked = form(visit, question)
    if asked.faults:
        return Page(asked.status, _PROBLEM, f"{_wrong(asked)}\n".encode(), steady=True)
    make = drawn if ending in FILES else file
    return make(visit, question, asked, ending) or visit.nothing()


def _wrong(asked: Form) -> str:
    """What was not understood, and what may have been meant, line by line."""
    faults = asked.faults
    return "\n".join(line for fault in faults for line in _lines(fault.sentence, fault.meant))


def _lines(sentence: str, meant: Sequence[tuple[object, str]]) -> Iterator[str]:
    yield sentence
    for thing, written in meant:
        yield f"  {written}  {thing}"


def _question(visit: Visit, question: Question) -> Page:
    asked = form(visit, question)
    shown = None if asked.faults else _shown(visit, question, asked)
    sparql = question.bind(asked.given) if shown else ""
    rest: dict[str, str] = dict(asked.values)
    made = visit.html(
        "question.html.j2",
        title=typeset(question.summary[visit.lang], visit.lang),
        status=asked.status,
        links=[
            *(
                (one.address, {"rel": "alternate", "type": _type(one.name)})
                for one in (shown.files if shown else ())
            ),
            (
                visit.href(f"/doc/question/{question.name}.ttl"),
                {"rel": "describedby", "type": "text/turtle"},
            ),
        ],
        question=question,
        subject=_subject(question),
        form=asked,
        shown=shown,
        sparql=sparql,
        editor="" if visit.about.static else visit.href("/sparql", query=sparql),
        command=_command(question, asked, visit.lang),
        python=_python(visit, question, asked) if shown else "",
        pages=_pages(visit, question, rest, shown.part) if shown else {},
        took=_took(visit, shown) if shown else "",
        brief=lambda label: _BRIEF.split(typeset(label, visit.lang))[0],
        typeset=lambda text: typeset(text, visit.lang),
    )
    rows = shown.part.last - shown.part.first + 1 if shown and shown.part.all else 0
    return replace(
        made,
        steady=visit.about.static,
        rows=rows if shown else None,
        truncated=shown is not None and rows < shown.found.all,
        wrong=_wrong(asked),
    )


def _type(name: str) -> str:
    kinds = {**ROWS, **GRAPHS, "rq": "application/sparql-query"}
    return kinds[name].partition(";")[0]


def _shown(visit: Visit, question: Question, asked: Form) -> _Shown:
    found = answered(visit, question, asked)
    size = _STATIC_ROWS if visit.about.static else _ROWS
    number = visit.first("page")
    kept = found.all if isinstance(found.reply, Graph) else len(found.reply.rows)
    part = part_of(kept, int(number) if number.isdecimal() else 1, size)
    if isinstance(found.reply, Graph):
        table, pictured = triples(visit, in_order(found.reply), part), []
    else:
        table = rows_table(visit, found.reply, part, question.thing, question=question.name)
        pictured = charts(visit, found.reply, question, part)
    endings = [*(GRAPHS if isinstance(found.reply, Graph) else ROWS), "rq"]
    why = ""
    if not found.all:
        why = why_empty(
            visit.store, found.sparql, question, _set(asked), Called(visit.naming), visit.lang
        )
    files = {ending: _address(visit, question, asked, ending) for ending in endings}
    whole = None
    if found.is_cut:
        whole = visit.rows_of(found.sparql)
    elif part.pages > 1:
        whole = files["nt" if isinstance(found.reply, Graph) else "csv"]
    return _Shown(
        found=found,
        part=part,
        table=table,
        charts=pictured,
        files=[_File(ending, to) for ending, to in files.items()],
        map=_map(visit, question, asked) if can_be_drawn(found) else None,
        why=typeset(why, visit.lang),
        whole=whole,
    )


def _set(asked: Form) -> Mapping[str, Node]:
    """What the reader chose: an example may be left out of the reasons for an empty answer."""
    return {name: term for name, term in asked.given.items() if name in asked.values}


def _address(visit: Visit, question: Question, asked: Form, ending: str) -> str:
    return visit.href(f"/ask/{file_name(visit, question, ending)}", **asked.values)


def _map(visit: Visit, question: Question, asked: Form) -> Mapping[str, str]:
    """Where the map of an answer and its picture are."""
    return {
        "page": visit.href(f"/ask/{question.name}.map.html", **asked.values)
        + f"#lang={visit.lang}",
        "picture": visit.href(f"/ask/{question.name}.{visit.lang}.map.svg", **asked.values),
    }


def _took(visit: Visit, shown: _Shown) -> Markup:
    """How many rows in what time; on a static host nobody waited. It leads to all of them."""
    found = shown.found
    return visit.counted(found.all, shown.whole, _in_time(visit, found))


def _in_time(visit: Visit, found: Answered) -> str:
    kind = "triples" if isinstance(found.reply, Graph) else "rows"
    if visit.about.static:
        return visit.count(f"asked-n-{kind}", found.all)
    milliseconds = max(1, round(found.seconds * 1000))
    return visit.count(f"asked-n-{kind}-in", found.all, ms=visit.number(milliseconds))


def _pages(
    visit: Visit, question: Question, values: Mapping[str, str], part: Part
) -> Mapping[str, str]:
    """Where the page before and the page after are; empty where there is none."""
    if visit.about.static or part.pages == 1:
        return {}
    steps = {"before": part.page - 1, "after": part.page + 1}
    return {
        name: visit.href(f"/ask/{question.name}/", **values, page=number)
        if 1 <= number <= part.pages
        else ""
        for name, number in steps.items()
    }


def _command(question: Question, asked: Form, lang: Language) -> str:
    """The line that asks the same on a command line."""
    values = dict(asked.values)
    for name in asked.examples:
        field = next(field for field in asked.fields if field.name == name)
        values[name] = field.value
    parts = [f"{name}={value}" for name, value in values.items()]
    return shlex.join(["maillage", "ask", question.name, *parts, "--lang", lang])


def _python(visit: Visit, question: Question, asked: Form) -> str:
    """The lines that read the same into a table in Python, where the site has an address."""
    base = visit.about.base or visit.base.rstrip("/")
    if not base:
        return ""
    ending = "ttl" if "CONSTRUCT" in question.sparql else "csv"
    to = replace(visit, path="/").href(f"/ask/{file_name(visit, question, ending)}", **asked.values)
    address = f"{base}/{to}"
    if ending == "ttl":
        return f"from rdflib import Graph\n\ngraph = Graph().parse({address!r})"
    return f"import pandas\n\nrows = pandas.read_csv({address!r})"
