"""A question as people type it: a name with KEY=VALUE, or SPARQL in a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import click
from click.shell_completion import CompletionItem
from rdflib import URIRef
from rdflib.term import Node

from maillage.ask import terms
from maillage.errors import MaillageError
from maillage.mint import parse
from maillage.questions import Question, question, questions
from maillage.resolve import Names
from maillage.words import Language, preferred

__all__ = ["Asked", "asked_by_name", "names_of_questions", "pair", "read_query"]


class Asked(NamedTuple):
    """What is asked: the question if it has a name, the terms for its parameters, the SPARQL."""

    question: Question | None
    given: dict[str, Node]
    sparql: str


def names_of_questions(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The questions whose names begin so, each with what it asks."""
    return [
        CompletionItem(name, help=asked.summary[preferred()])
        for name, asked in questions().items()
        if name.startswith(incomplete)
    ]


def asked_by_name(
    name: str, values: Iterable[tuple[str, str]], moment: str | None, names: Names, lang: Language
) -> Asked:
    """A named question with what a person typed for its parameters.

    :param moment: what was typed for ``--on``.
    :raises MaillageError: when question, parameter or value do not fit; a parameter that is missing
        is asked for by an example.
    """
    asked = question(name)
    if moment is not None and "on" not in {parameter.name for parameter in asked.parameters}:
        raise MaillageError("no-moment", question=asked.name)
    typed: dict[str, str] = {}
    for key, text in [*values, *([("on", moment)] if moment else [])]:
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
    return Asked(asked, given, asked.bind(given))


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def pair(text: str) -> tuple[str, str]:
    """Key and value of KEY=VALUE.

    :raises MaillageError: when one of them is missing.
    """
    key, separator, value = text.partition("=")
    if not separator or not key or not value:
        raise MaillageError("bad-parameter", text=text)
    return key, value


def read_query(where: str) -> str:
    """The text of a file, or of standard input (``-``).

    :raises MaillageError: when there is none, or it is no text in UTF-8.
    """
    try:
        raw = sys.stdin.buffer.read() if where == "-" else Path(where).read_bytes()
        return raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MaillageError("no-file", path=where) from error
