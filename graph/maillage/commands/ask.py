"""``maillage ask``."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from maillage.ask import evidence_of, graphs_for, tidy, why_empty
from maillage.commands.asking import Asked, asked_by_name, names_of_questions, pair, read_query
from maillage.commands.manners import Verb, shared, store_option, write_out
from maillage.errors import MaillageError
from maillage.formats import (
    GRAPH_FORMATS,
    ROW_FORMATS,
    TRUTH_FORMATS,
    plain_table,
    write_graph,
    write_rows,
    write_truth,
)
from maillage.mint import parse
from maillage.questions import Question, questions
from maillage.release import open_store
from maillage.resolve import Names
from maillage.store import Answer, Store
from maillage.words import Language, say


@click.command(cls=Verb)
@click.argument("name", required=False, shell_complete=names_of_questions)
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--sparql", metavar="FILE|-")
@click.option(
    "--format",
    "format_",
    type=click.Choice([*ROW_FORMATS, *GRAPH_FORMATS]),
)
@click.option("--evidence", is_flag=True)
@click.option("--source", metavar="SOURCE")
@click.option("--on", "moment", metavar="DATE")
@click.option("--output", "-o", metavar="FILE")
@click.option("--allow-service", metavar="HOST", multiple=True)
@store_option
@shared
def ask(
    name: str | None,
    values: tuple[str, ...],
    sparql: str | None,
    format_: str | None,
    evidence: bool,  # click passes flags by name
    source: str | None,
    moment: str | None,
    output: str | None,
    allow_service: tuple[str, ...],
    store: str | None,
    lang: Language,
) -> None:
    """Ask a named question, or one of your own in SPARQL."""
    if name and sparql:
        raise MaillageError("name-or-sparql")
    if not name and not sparql:
        write_out(_list(lang).encode(), output)
        return
    if allow_service and not sparql:
        raise MaillageError("service-of-nothing")
    opened = open_store(store)
    names = Names(opened)
    if sparql:
        if values or moment:
            raise MaillageError("no-parameters")
        # its library takes a tenth of a second
        from maillage.federation import federated

        asked, given, text = Asked(None, {}, federated(read_query(sparql), allow_service))
    else:
        asked, given, text = asked_by_name(str(name), map(pair, values), moment, names, lang)
    for note in names.notes:
        click.echo(note, err=True)
    graphs = None
    if source:
        graphs = graphs_for(opened, names.find(source, ("source",), lang))
    reply = tidy(opened.evaluate(text, graphs))
    if isinstance(reply, bool):
        _fits(format_, ("table", *TRUTH_FORMATS))
        write_out(write_truth(reply, format_ or "table"), output)
        return
    if isinstance(reply, Graph):
        _fits(format_, GRAPH_FORMATS)
        write_out(write_graph(reply, format_ or "ttl"), output)
        empty = len(reply) == 0
    else:
        _fits(format_, ROW_FORMATS)
        empty = not reply.rows
        passages = _passages(opened, reply, asked, names, lang, graphs) if evidence else None
        # a table of nothing says nothing; a format for scripts is a valid empty answer
        if not empty or format_ not in (None, "table"):
            data = _written(reply, format_ or "table", asked, passages, names, lang)
            write_out(data, output)
    if "on" in given and not empty:
        click.echo(say("ask.undated", lang), err=True)
    if empty:
        click.echo(
            why_empty(opened, text, asked, given, names, lang, None if allow_service else graphs),
            err=True,
        )


def _fits(format_: str | None, known: Sequence[str]) -> None:
    if format_ is not None and format_ not in known:
        raise MaillageError("bad-format", format=format_, known=", ".join(known))


def _list(lang: Language) -> str:
    rows = [
        [asked.name, asked.summary[lang], " ".join(f"{p.name}=" for p in asked.parameters)]
        for asked in questions().values()
    ]
    columns = [say(f"ask.{key}", lang) for key in ("question", "summary", "parameters")]
    return plain_table(columns, rows)


def _passages(
    store: Store,
    answer: Answer,
    asked: Question | None,
    names: Names,
    lang: Language,
    graphs: Sequence[URIRef] | None,
) -> list[list[str]]:
    """For each row, the passages of the thing that it is about, or of every thing in it."""

    def about(row: Sequence[Node | None]) -> list[URIRef]:
        if asked and asked.thing in answer.variables:
            one = row[answer.variables.index(asked.thing)]
            return [one] if isinstance(one, URIRef) else []
        return [term for term in row if isinstance(term, URIRef) and parse(str(term))]

    every = {thing for row in answer.rows for thing in about(row)}
    found = evidence_of(store, every, names, lang, graphs)
    return [
        list(dict.fromkeys(p.text(lang) for thing in about(row) for p in found.get(thing, [])))
        for row in answer.rows
    ]


def _written(
    answer: Answer,
    format_: str,
    asked: Question | None,
    passages: list[list[str]] | None,
    names: Names,
    lang: Language,
) -> bytes:
    """An answer in a format, its passages as a last column or, in a table, below it by number."""
    hide = []
    # the thing itself, when it only stands at the end to be asked on about
    if asked and asked.thing == answer.variables[-1] and len(answer.variables) > 1:
        hide = [asked.thing]
    if passages is None:
        return write_rows(answer, format_, names, lang, hide)
    numbers = [Literal(str(number)) for number in range(1, len(answer.rows) + 1)]
    if format_ == "table":
        numbered = Answer(
            ("#", *answer.variables),
            [(number, *row) for number, row in zip(numbers, answer.rows, strict=True)],
        )
        lines = [
            f"  {number}  {line}"
            for number, found in zip(numbers, passages, strict=True)
            for line in found
        ]
        below = "\n".join(["", say("ask.evidence", lang), *lines, ""])
        return write_rows(numbered, format_, names, lang, hide) + below.encode()
    texts = [Literal("\n".join(found)) for found in passages]
    rows = [(*row, text) for row, text in zip(answer.rows, texts, strict=True)]
    return write_rows(Answer((*answer.variables, "evidence"), rows), format_, names, lang, hide)
