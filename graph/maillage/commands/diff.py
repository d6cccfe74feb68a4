"""``maillage diff``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import click
import pyoxigraph as ox

from maillage.changelog import called, changelog, property_name
from maillage.commands.manners import Verb, shared, steps, write_out
from maillage.difference import Difference, difference
from maillage.errors import MaillageError, Unknown
from maillage.excel import defang
from maillage.formats import csv_table
from maillage.mint import thing
from maillage.patches import patch_id, rdf_patch
from maillage.revisions import Claims, Part, Revisions, Value, revisions
from maillage.sides import Side, Union, side
from maillage.words import Language, say

_FORMATS = ("table", "json", "csv", "patch")
_COLUMNS = ("source", "what", "thing", "label", "property", "before", "after", "language")
_COUNTED = ("source", "title", *Claims._fields)


@click.command(cls=Verb)
@click.argument("before", metavar="A", type=click.Path())
@click.argument("after", metavar="B", type=click.Path())
@click.option(
    "--format", "format_", type=click.Choice(_FORMATS), default="table", show_default=True
)
@click.option("--source", metavar="KEY")
@click.option("--summary", is_flag=True)
@click.option("--exit-code", is_flag=True)
@click.option("--output", "-o", metavar="FILE")
@shared
@click.pass_context
def diff(
    ctx: click.Context,
    before: str,
    after: str,
    format_: str,
    source: str | None,
    summary: bool,
    exit_code: bool,
    output: str | None,
    lang: Language,
) -> None:
    """Say what changed between two builds, releases or files of the graph."""
    if format_ == "patch" and (source or summary):
        raise MaillageError("diff-whole-patch")
    step = steps(ctx, 2)
    step("read-both")
    with side(before) as one, side(after) as other:
        step("compare")
        found = _difference(one, other)
        if one.has_graphs and other.has_graphs:
            note = ""
        else:
            which = " / ".join(s.name for s in (one, other) if not s.has_graphs)
            note = say("diff.no-graphs", lang, files=which)
    if source and source not in found.sources:
        close = ", ".join(get_close_matches(source, found.sources, 4)) or "-"
        raise Unknown("diff-no-source", source=source, close=close)
    if note:
        click.echo(note, err=True)
    changes = revisions(found)
    if source:
        changes = changes.of_source(source)
    write_out(_written(found, changes, format_, summary, lang), output)
    differ = bool(changes.listed or changes.sources_added or changes.sources_withdrawn)
    if exit_code and (differ if source else found):
        ctx.exit(1)


def _difference(one: Side, other: Side) -> Difference:
    """Compare two sides; where one has no named graphs, both without."""
    if one.has_graphs == other.has_graphs:
        return difference(one.lines, other.lines)
    return difference(*(Union(s.lines) if s.has_graphs else s.lines for s in (one, other)))


def _written(
    found: Difference, changes: Revisions, format_: str, summary: bool, lang: Language
) -> bytes:
    if format_ == "patch":
        return rdf_patch(found)
    if format_ == "json":
        document = _document(found, changes, summary, lang)
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    if format_ == "csv":
        rows = (_counts if summary else _rows)(found, changes, lang)
        safe = [{name: defang(cell) for name, cell in row.items()} for row in rows]
        return csv_table(safe, _COUNTED if summary else _COLUMNS)
    return changelog(found, changes, lang, only_counts=summary).encode()


def _document(
    found: Difference, changes: Revisions, summary: bool, lang: Language
) -> dict[str, object]:
    """Everything for scripts, names beside the addresses."""

    def thing_(address: str) -> dict[str, object]:
        return {"thing": address, "label": called(found, address, lang)}

    def document(key: str, n: int) -> dict[str, object]:
        label = found.label(str(thing("source", key)), lang)
        return {"source": key, "title": label, "claims": n}

    def values(terms: Sequence[Value]) -> list[dict[str, str]]:
        return [
            {"value": v.value, "label": found.label(v.value, lang)}
            if isinstance(v, ox.NamedNode)
            else {"value": v.value}
            for v in terms
        ]

    def rival(about: str, on: str) -> dict[str, object]:
        name = property_name(found, Part(on, "", (), ()), lang)
        return {**thing_(about), "property": on, "property_label": name}

    told = {
        "id": patch_id(found),
        "before": found.before._asdict(),
        "after": found.after._asdict(),
        "claims": changes.claims()._asdict(),
        "sources_added": [document(k, changes.claims(k).added) for k in changes.sources_added],
        "sources_withdrawn": [
            document(k, changes.claims(k).withdrawn) for k in changes.sources_withdrawn
        ],
        "disagreements_new": [rival(*pair) for pair in changes.disagreed],
        "disagreements_resolved": [rival(*pair) for pair in changes.resolved],
        "statements": {
            name: {"added": added, "withdrawn": withdrawn}
            for name, (added, withdrawn) in changes.statements.items()
        },
    }
    if summary:
        return {**told, "by_source": {r["source"]: r for r in _counts(found, changes, lang)}}
    listed = [
        {
            "section": revision.section,
            "source": revision.source,
            "what": revision.what,
            **thing_(revision.thing),
            "claims": revision.claims._asdict(),
            "properties": [
                {
                    "property": part.property,
                    "label": property_name(found, part, lang),
                    "language": part.language,
                    "before": values(part.before),
                    "after": values(part.after),
                }
                for part in revision.parts
            ],
        }
        for revision in changes.listed
    ]
    return {**told, "changes": listed}


def _rows(found: Difference, changes: Revisions, lang: Language) -> Iterator[dict[str, str]]:
    """A row for each property that changed; things by their addresses, as scripts expect."""
    for what, keys in (
        ("source-added", changes.sources_added),
        ("source-withdrawn", changes.sources_withdrawn),
    ):
        for key in keys:
            address = str(thing("source", key))
            yield _row(key, what, address, found.label(address, lang))
    for revision in changes.listed:
        label = called(found, revision.thing, lang)
        for part in revision.parts:
            texts = ["; ".join(v.value for v in side_) for side_ in (part.before, part.after)]
            row = _row(revision.source, revision.what, revision.thing, label, part.property)
            yield row | {"before": texts[0], "after": texts[1], "language": part.language}
    for what, pairs in (("disagreement", changes.disagreed), ("resolved", changes.resolved)):
        for about, on in pairs:
            yield _row("", what, about, called(found, about, lang), on)


def _row(source: str, what: str, address: str, label: str, on: str = "") -> dict[str, str]:
    given = {"source": source, "what": what, "thing": address, "label": label, "property": on}
    return dict.fromkeys(_COLUMNS, "") | given


def _counts(found: Difference, changes: Revisions, lang: Language) -> Iterator[dict[str, str]]:
    """How many claims of each source came, went and changed."""
    for key in changes.by_source():
        numbers = {name: str(n) for name, n in changes.claims(key)._asdict().items()}
        yield {"source": key, "title": found.label(str(thing("source", key)), lang), **numbers}
