"""``maillage match``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from maillage.commands.manners import Verb, shared, watch, write_out
from maillage.errors import MaillageError
from maillage.excel import defang, workbook
from maillage.formats import csv_table, plain_table
from maillage.gazetteer import gazetteer
from maillage.match import Hints, Matcher, Written
from maillage.namelists import ROLES, read_names
from maillage.review import (
    FOUND,
    decisions,
    found_rows,
    house_decisions,
    review_table,
    summary,
)
from maillage.words import Language, say

_FORMATS = ("table", "csv", "tsv", "json", "xlsx")
# What fits a terminal, in columns and in characters of a cell.
_SHOWN = ("verdict", "label", "code", "level", "parent", "score", "reason", "runner_up_label")
_CELL = 120


@click.command(cls=Verb)
@click.argument("file", metavar="FILE|-")
@click.option("--column", "columns", multiple=True, metavar="ROLE=HEADING")
@click.option("--country", default="", metavar="TEXT")
@click.option("--level", default="", metavar="TEXT")
@click.option("--parent", default="", metavar="TEXT")
@click.option("--language", default="", metavar="TAG")
@click.option("--encoding", default="", metavar="NAME")
@click.option("--review", metavar="FILE")
@click.option("--format", "format_", type=click.Choice(_FORMATS))
@click.option("--output", "-o", metavar="FILE")
@shared
@click.pass_context
def match(
    ctx: click.Context,
    file: str,
    columns: tuple[str, ...],
    country: str,
    level: str,
    parent: str,
    language: str,
    encoding: str,
    review: str | None,
    format_: str | None,
    output: str | None,
    lang: Language,
) -> None:
    """Find the places that names mean, with codes, scores and reasons."""
    path = Path(file)
    if review and (not review.endswith(".csv") or (output and _same(review, output))):
        raise MaillageError("review-name", path=review)
    listed = read_names(_bytes(file), path, _roles(columns), encoding)
    asked = listed.asked(Hints(country, level, parent, language))
    places = gazetteer()
    decided: dict[Written, str] = {}
    for table in (house_decisions(), Path(review) if review else None):
        if table is not None and table.is_file():
            decided |= decisions(table, places)
    matcher = Matcher(places, decided=decided)
    with watch(ctx, "match", len(asked)) as step:
        matches = matcher.match_all(asked, step)
    found = found_rows(matches, places, lang)
    rows = [(*row, *more) for row, more in zip(listed.rows, found, strict=True)]
    header = [*_unlike(listed.header), *FOUND]
    form = format_ or _of_suffix(output)
    result = _written(header, rows, listed.roles["name"], form, lang)
    to_review = review_table(asked, matches, places, lang, Path(review)) if review else b""
    write_out(result, output)
    if review:
        write_out(to_review, review)
    click.echo(summary(matches, lang), err=True)
    if review:
        click.echo(say("match.review", lang, path=review), err=True)


def _same(one: str, two: str) -> bool:
    return Path(one).resolve() == Path(two).resolve()


def _of_suffix(output: str | None) -> str:
    """The form that the name of a file asks for; a table for people when it asks for none."""
    suffix = Path(output or "").suffix.lower().removeprefix(".")
    return suffix if suffix in _FORMATS else "table"


def _unlike(header: Sequence[str]) -> list[str]:
    """The headings of a list, each different from the others and from those that are added."""
    found: list[str] = []
    for heading in header:
        name, number = heading if heading not in FOUND else f"{heading}_given", 2
        while name in {*found, *FOUND}:
            name, number = f"{heading}_{number}", number + 1
        found.append(name)
    return found


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise MaillageError("no-file", path=file) from error


def _roles(columns: tuple[str, ...]) -> dict[str, str]:
    roles = {}
    for column in columns:
        role, _, name = column.partition("=")
        if role not in ROLES or not name:
            raise MaillageError("bad-column", text=column, known=", ".join(ROLES))
        roles[role] = name
    return roles


def _written(
    header: list[str], rows: list[tuple[str, ...]], name: int, format_: str, lang: Language
) -> bytes:
    if format_ == "table":
        shown = [name, *(header.index(column) for column in _SHOWN)]
        heads = [header[name], *(say(f"match.column.{column}", lang) for column in _SHOWN)]
        cells = [[_cut(row[i]) for i in shown] for row in rows]
        for row in cells:
            row[1] = say(f"match.verdict.{row[1]}", lang)
        return plain_table(heads, cells).encode()
    if format_ == "xlsx":
        return workbook({"maillage": (header, rows)})
    if format_ == "json":
        import json

        listed = [dict(zip(header, row, strict=True)) for row in rows]
        return json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n"
    safe = [{h: defang(cell) for h, cell in zip(header, row, strict=True)} for row in rows]
    separator = "\t" if format_ == "tsv" else ","
    return csv_table(safe, header, separator)


def _cut(cell: str) -> str:
    """A cell that fits a terminal, and says nothing to it."""
    plain = "".join(c if c.isprintable() else " " for c in cell)
    return plain if len(plain) <= _CELL else f"{plain[: _CELL - 1]}…"
