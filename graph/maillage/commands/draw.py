"""``maillage draw``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from click.core import ParameterSource
from rdflib import Graph, URIRef
from rdflib.term import Node

from maillage.ask import tidy, why_empty
from maillage.commands.asking import Asked, asked_by_name, names_of_questions, pair, read_query
from maillage.commands.manners import Verb, shared, store_option, write_out
from maillage.drawing import gathered, written
from maillage.errors import MaillageError
from maillage.network import LinkGraph, links
from maillage.payload import VIEWS
from maillage.pictures import picture
from maillage.questions import Question, questions
from maillage.release import open_store
from maillage.resolve import Names
from maillage.rowlinks import told_by_rows
from maillage.store import Store
from maillage.surroundings import surround
from maillage.triplelinks import told_by_triples
from maillage.words import LANGUAGES, Language, say

#: What is drawn unless another question is named.
_LINKS = "links"


class _Drawn(NamedTuple):
    """A network, what to call it, and sentences to say of it."""

    graph: LinkGraph
    title: dict[str, str] | None
    notes: list[str]


@click.command(cls=Verb)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--output", "-o", metavar="FILE", default="network.html", show_default=True)
@click.option("--view", type=click.Choice(VIEWS), default=VIEWS[0], show_default=True)
@click.option("--place", metavar="NAME")
@click.option("--theme", metavar="NAME")
@click.option("--on", "moment", metavar="DATE")
@click.option("--query", metavar="NAME|FILE|-", shell_complete=names_of_questions)
@click.option("--svg", metavar="FILE")
@click.option("--title", metavar="TEXT")
@store_option
@shared
@click.pass_context
def draw(
    ctx: click.Context,
    values: tuple[str, ...],
    output: str,
    view: str,
    place: str | None,
    theme: str | None,
    moment: str | None,
    query: str | None,
    svg: str | None,
    title: str | None,
    store: str | None,
    lang: Language,
) -> None:
    """Draw the network, or a part of it, as one HTML file that works offline."""
    beside = ctx.get_parameter_source("output") is ParameterSource.COMMANDLINE
    files = [name for name, wanted in ((output, svg is None or beside), (svg, svg)) if wanted]
    _check(svg, files, view)
    options = [(key, text) for key, text in (("place", place), ("theme", theme)) if text]
    drawn = _drawn(open_store(store), query, [*map(pair, values), *options], moment, lang)
    for note in drawn.notes:
        click.echo(note, err=True)
    if not drawn.graph:
        click.echo(say("draw.nothing", lang), err=True)
        return
    heading = {"fr": title, "en": title, "zh": title} if title else drawn.title
    found = gathered(drawn.graph, title=heading, lang=lang, view=view)
    if output in files:
        write_out(written(found).encode(), output)
    if svg is not None:
        write_out(picture(found, view, lang).encode(), svg)
    for name in files:
        if name != "-":
            # what goes through a pipe is not followed by names of files
            click.echo(name, err="-" in files)


def _check(svg: str | None, files: Sequence[str | None], view: str) -> None:
    """Refuse what can be seen to be wrong before anything is read."""
    if svg is not None and view == "table":
        pictured = ", ".join(name for name in VIEWS if name != view)
        raise MaillageError("draw-no-picture", views=pictured)
    same = {name if name in (None, "-") else Path(name).resolve() for name in files}
    if len(same) < len(files):
        raise MaillageError("draw-one-file", file=svg)


def _drawn(
    store: Store,
    query: str | None,
    values: Sequence[tuple[str, str]],
    moment: str | None,
    lang: Language,
) -> _Drawn:
    """What is asked for, as a network with all that a map shows beside."""
    graph = links(store)
    if query is None and not values and moment is None and graph:
        return _Drawn(surround(graph, store), None, [])
    names = Names(store)
    asked = _asked(query, values, moment, names, lang)
    reply = tidy(store.query(asked.sparql))
    if isinstance(reply, bool):
        raise MaillageError("draw-truth")
    if isinstance(reply, Graph):
        found, part, left_out = len(reply), told_by_triples(reply, graph, store), 0
    else:
        found = len(reply.rows)
        part, left_out = told_by_rows(reply, graph, store)
    notes = names.notes
    if not found:
        notes.append(why_empty(store, asked.sparql, asked.question, asked.given, names, lang))
    elif not part:
        notes.append(say("draw.unjoined", lang, n=found))
    elif left_out:
        notes.append(say("draw.left-out", lang, n=left_out, all=found))
    if part and "on" in asked.given:
        notes.append(say("ask.undated", lang))
    # of a part, the events of its parties; of the whole, all events
    part.graph["part"] = True
    title = _title(asked.question, asked.given, names) if asked.question else None
    return _Drawn(surround(part, store) if part else part, title, notes)


def _asked(
    query: str | None,
    values: Sequence[tuple[str, str]],
    moment: str | None,
    names: Names,
    lang: Language,
) -> Asked:
    """The question with a name, or the one in a file; what looks like neither is a name."""
    name = query or _LINKS
    in_file = name == "-" or bool(Path(name).suffix) or Path(name).is_file()
    if name in questions() or not in_file:
        return asked_by_name(name, values, moment, names, lang)
    if values or moment is not None:
        raise MaillageError("draw-no-values", file=name)
    return Asked(None, {}, read_query(name))


def _title(question: Question, given: Mapping[str, Node], names: Names) -> dict[str, str]:
    """What to call the answer to a question with a name: what it asks, and of what."""
    titles: dict[str, str] = {}
    for lang in LANGUAGES:
        what = say("draw.links", lang) if question.name == _LINKS else question.summary[lang]
        told = [
            names.label(term, lang) if isinstance(term, URIRef) else str(term)
            for key, term in given.items()
            if key != "lang"
        ]
        titles[lang] = say("draw.title", lang, what=what, of=" · ".join(told)) if told else what
    return titles
