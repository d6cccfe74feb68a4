"""The answer of a question as a map: the one page of ``maillage draw``, and its still picture."""

from __future__ import annotations

from typing import Final, cast

from rdflib import Graph, URIRef

from maillage.drawing import gathered, written
from maillage.network import LinkGraph, links
from maillage.pagetexts import typeset
from maillage.payload import Payload
from maillage.pictures import picture
from maillage.questions import Question
from maillage.rowlinks import tells_links, told_by_rows
from maillage.site.answers import Answered, answered
from maillage.site.forms import Form
from maillage.site.page import HTML, Page
from maillage.site.visit import Visit
from maillage.surroundings import surround
from maillage.triplelinks import told_by_triples
from maillage.words import LANGUAGES

__all__ = ["FILES", "can_be_drawn", "drawn", "linked"]

#: The files of a map: the end of their names, and their media types.
FILES: Final = {"map.html": HTML, "map.svg": "image/svg+xml"}

#: What a still picture shows: of links across a border, the places facing each other.
_VIEW: Final = "places"


def can_be_drawn(found: Answered) -> bool:
    """Whether an answer tells links, by its columns or its triples."""
    if isinstance(found.reply, Graph):
        return found.all > 0
    return found.all > 0 and tells_links(found.reply.variables)


def linked(visit: Visit, found: Answered) -> LinkGraph | None:
    """The links that an answer tells, or nothing when there is none."""
    if not can_be_drawn(found):
        return None
    whole = cast("LinkGraph", visit.site.once("links", lambda site: links(site.store)))
    if isinstance(found.reply, Graph):
        part = told_by_triples(found.reply, whole, visit.store)
    else:
        part = told_by_rows(found.reply, whole, visit.store).graph
    return part or None


def drawn(visit: Visit, question: Question, form: Form, ending: str) -> Page | None:
    """The map of an answer, or its picture; nothing when it tells no link."""
    found = answered(visit, question, form)
    part = linked(visit, found) if ending in FILES else None
    if part is None:
        return None
    part.graph["part"] = True
    payload = _payload(visit, question, form, surround(part, visit.store))
    is_still = ending == "map.svg"
    body = picture(payload, _VIEW, visit.lang) if is_still else written(payload)
    return Page(200, FILES[ending], body.encode(), rows=found.all)


def _payload(visit: Visit, question: Question, form: Form, graph: LinkGraph) -> Payload:
    titles: dict[str, str] = {}
    for lang in LANGUAGES:
        told = [
            visit.naming.label(term, lang).text if isinstance(term, URIRef) else str(term)
            for name, term in form.given.items()
            if name != "lang"
        ]
        what = typeset(question.summary[lang], lang)
        titles[lang] = f"{what} · {' · '.join(told)}" if told else what
    return gathered(graph, title=titles, lang=visit.lang)
