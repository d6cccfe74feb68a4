"""``maillage ask``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from maillage.ask import evidence_of, graphs_for, terms, tidy, why_empty
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
from maillage.questions import Question, question, questions
from maillage.release import open_store
from maillage.resolve import Names
from maillage.store import Answer, Store
from maillage.words import Language, preferred, say


def _names_of_questions(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The questions whose names begin so, each with what it asks."""
    return [
        CompletionItem(name, help=asked.summary[preferred()])
        for name, asked in questions().items()
        if name.startswith(incomplete)
    ]


@click.command(cls=Verb)
@click.argument("name", required=False, shell_complete=_names_of_questions)
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
    store: str | None,
    lang: Language,
) -> None:
    """Ask a named question, or one of your own in SPARQL."""
    if name and sparql:
        raise MaillageError("name-or-sparql")
    if not name and not sparql:
        write_out(_list(lang).encode(), output)
        return
    opened = open_store(store)
    names = Names(opened)
    asked, given, text = _what(name, values, moment, sparql, names, lang)
    for note in names.notes:
        click.echo(note, err=True)
    graphs = None
    if source:
        graphs = graphs_for(opened, names.find(source, ("source",), lang))
    reply = tidy(opened.query(text, graphs))
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
        click.echo(why_empty(opened, text, asked, given, names, lang, graphs), err=True)


def _fits(format_: str | None, known: Sequence[str]) -> None:
    if format_ is not None and format_ not in known:
        raise MaillageError("bad-format", format=format_, known=", ".join(known))


def _what(
    name: str | None,
    values: tuple[str, ...],
    moment: str | None,
    sparql: str | None,
    names: Names,
    lang: Language,
) -> tuple[Question | None, dict[str, Node], str]:
    """The question, the terms for its parameters, and the SPARQL to send."""
    if sparql is not None:
        if values or moment:
            raise MaillageError("no-parameters")
        return None, {}, _read(sparql)
    asked = question(str(name))
    if moment is not None and "on" not in {parameter.name for parameter in asked.parameters}:
        raise MaillageError("no-moment", question=asked.name)
    typed: dict[str, str] = {}
    for key, text in [*map(_pair, values), *([("on", moment)] if moment else [])]:
        asked.parameter(key)
        if key in typed:
            raise MaillageError("twice", name=key)
        typed[key] = text
    if "lang" in {parameter.name for parameter in asked.parameters}:
        typed.setdefault("lang", lang)
    for parameter in asked.parameters:
        if not parameter.optional and parameter.name not in typed:
            example = asked.example(parameter.name)
            own = parse(example)
            shown = f"{own.kind}/{own.key}" if own else example
            label = names.label(URIRef(example), lang) if own else shown
            raise MaillageError(
                "missing-parameter",
                question=asked.name,
                name=parameter.name,
                example=_quoted(label),
            )
    given = terms(asked, typed, names, lang)
    if "from" in given and "to" in given and str(given["from"]) > str(given["to"]):
        raise MaillageError("from-after-to", first=given["from"], last=given["to"])
    return asked, given, asked.bind(given)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key or not value:
        raise MaillageError("bad-parameter", text=text)
    return key, value


def _read(where: str) -> str:
    if where == "-":
        return _decoded(sys.stdin.buffer.read(), where)
    try:
        return _decoded(Path(where).read_bytes(), where)
    except OSError as error:
        raise MaillageError("no-file", path=where) from error


def _decoded(raw: bytes, where: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MaillageError("no-file", path=where) from error


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
