"""A question put: its answer, how long it took, and the files that it can be had in.

A file stands at a stable address, ``/ask/NAME.csv?place=…``. Where it holds texts in the reader's
language (a workbook, a question that takes ``lang``), the language may stand in the name
(``NAME.fr.xlsx``); else the browser's is taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from rdflib import Graph

from maillage.ask import tidy
from maillage.describe import LICENCE
from maillage.excel import workbook
from maillage.formats import shown, write_graph, write_rows
from maillage.pagetexts import typeset
from maillage.questions import Question
from maillage.site.finding import Called
from maillage.site.forms import Form
from maillage.site.page import Page
from maillage.site.visit import Visit
from maillage.store import Answer, Reply
from maillage.words import heading

__all__ = ["GRAPHS", "MOST", "ROWS", "Answered", "answered", "file", "file_name", "has_tongue"]

#: The files of a table and of triples: the end of their names, and their media types.
ROWS: Final[Mapping[str, str]] = {
    "csv": "text/csv;charset=utf-8;header=present",
    "tsv": "text/tab-separated-values;charset=utf-8",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GRAPHS: Final[Mapping[str, str]] = {
    "ttl": "text/turtle;charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
_WRITTEN: Final = {"rdf": "rdfxml"}  # what maillage.formats calls them, where it differs

#: The most rows of a file; of more, the first so many are given, and it is said.
MOST: Final = 100_000


@dataclass(frozen=True)
class Answered:
    """What a question was answered: the rows or triples that are kept, and of how many.

    :ivar sparql: the query as it was put.
    :ivar all: how many rows or triples there are.
    """

    sparql: str
    reply: Answer | Graph
    all: int
    seconds: float

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than are kept."""
        return isinstance(self.reply, Answer) and len(self.reply.rows) < self.all


def answered(visit: Visit, question: Question, form: Form) -> Answered:
    """Put a question to the graph."""
    sparql = question.bind(form.given)
    begun = perf_counter()
    reply = tidy(visit.store.query(sparql))
    seconds = perf_counter() - begun
    return Answered(sparql, *_kept(reply), seconds)


def _kept(reply: Reply) -> tuple[Answer | Graph, int]:
    if isinstance(reply, Graph):
        return reply, len(reply)
    if isinstance(reply, bool):  # no question of ours is one of yes or no
        return Answer((), []), 0
    return Answer(reply.variables, reply.rows[:MOST]), len(reply.rows)


def has_tongue(question: Question, ending: str) -> bool:
    """Whether a file holds texts in the reader's language, and not only addresses."""
    return ending == "xlsx" or any(p.name == "lang" for p in question.parameters)


def file_name(visit: Visit, question: Question, ending: str) -> str:
    """What a file of a question is called on this page."""
    tongue = f".{visit.lang}" if has_tongue(question, ending) else ""
    return f"{question.name}{tongue}.{ending}"


def file(visit: Visit, question: Question, form: Form, ending: str) -> Page | None:
    """An answer as a file; nothing when the question has none of that ending."""
    if ending == "rq":
        sparql = question.bind(form.given).encode()
        return Page(200, "application/sparql-query;charset=utf-8", sparql)
    found = answered(visit, question, form)
    reply = found.reply
    if isinstance(reply, Graph):
        if ending not in GRAPHS:
            return None
        body = write_graph(reply, _WRITTEN.get(ending, ending))
        return Page(200, GRAPHS[ending], body, rows=found.all)
    if ending not in ROWS:
        return None
    if ending == "json":
        body = _json(visit, question, form, found, reply)
    elif ending == "xlsx":
        body = _workbook(visit, question, form, found, reply)
    else:
        body = write_rows(reply, ending, Called(visit.naming), visit.lang)
    return Page(200, ROWS[ending], body, rows=len(reply.rows), truncated=found.is_cut)


def _json(visit: Visit, question: Question, form: Form, found: Answered, reply: Answer) -> bytes:
    """SPARQL 1.1 Query Results JSON, with members that say what was asked and whether it is whole.

    The format has two members, ``head`` and ``results``; readers leave others alone.
    """
    document = json.loads(write_rows(reply, "json", Called(visit.naming), visit.lang))
    document["rows"] = len(reply.rows)
    document["truncated"] = found.is_cut
    document["question"] = question.name
    document["parameters"] = dict(form.values)
    document["release"] = visit.about.release
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _workbook(
    visit: Visit, question: Question, form: Form, found: Answered, reply: Answer
) -> bytes:
    """A workbook: the rows by name, and a sheet that says what they answer."""
    called, lang = Called(visit.naming), visit.lang
    is_beside = question.thing == reply.variables[-1] and len(reply.variables) > 1
    hidden = {f"name_{lang}", *([question.thing] if is_beside else [])}
    keep = [i for i, name in enumerate(reply.variables) if name not in hidden]
    heads = [typeset(heading(reply.variables[i], lang), lang) for i in keep]
    rows = [[typeset(shown(row[i], called, lang), lang) for i in keep] for row in reply.rows]
    about = [
        [visit.say("asked-question"), f"{typeset(question.summary[lang], lang)} ({question.name})"],
        *(
            [
                typeset(field.label, lang),
                visit.label(field.thing).text if field.thing else field.value,
            ]
            for field in form.fields
            if field.value
        ),
        [visit.say("asked-rows"), str(len(reply.rows))],
        [visit.say("asked-whole"), visit.say("asked-no" if found.is_cut else "asked-yes")],
        [visit.say("asked-release"), f"{visit.about.release} ({visit.about.date})"],
        [visit.say("asked-licence"), str(LICENCE)],
    ]
    columns = [visit.say("asked-what"), visit.say("asked-value")]
    return workbook({"maillage": (heads, rows), visit.say("asked-sheet"): (columns, about)})
