"""``maillage measure``."""

from __future__ import annotations

import click
import networkx as nx

from maillage.commands.manners import Verb, shared, steps, store_option, write_out
from maillage.definitions import definitions
from maillage.excel import workbook
from maillage.exchange import FORMATS, write_graph
from maillage.formats import plain_table
from maillage.measure import Measure, measures
from maillage.measured import (
    TableRow,
    definition_table,
    is_worldwide,
    network_table,
    party_table,
    published_table,
)
from maillage.network import LinkGraph, links, two_mode_events, two_mode_themes
from maillage.release import open_store
from maillage.words import Language, say

# What fits a terminal; the workbook and the exports have every measure.
_SHOWN = ("degree", "betweenness", "pagerank", "core", "component", "community")


@click.command(cls=Verb)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "xlsx", *FORMATS]),
    default="table",
    show_default=True,
)
@click.option(
    "--view",
    type=click.Choice(["links", "themes", "events"]),
    default="links",
    show_default=True,
)
@click.option("--output", "-o", metavar="FILE")
@store_option
@shared
@click.pass_context
def measure(
    ctx: click.Context,
    format_: str,
    view: str,
    output: str | None,
    store: str | None,
    lang: Language,
) -> None:
    """Measure the network, with and without links to be confirmed."""
    step = steps(ctx, 2)
    step("read")
    opened = open_store(store)
    graph = links(opened)
    themes, events = two_mode_themes(opened), two_mode_events(opened)
    step("measure")
    found = measures(graph, themes, events)
    if format_ in FORMATS:
        chosen = {"links": graph, "themes": themes, "events": events}[view]
        exported = _measured(chosen, found)
        write_out(write_graph(exported, format_, lang), output)
        return
    parties, whole = party_table(graph, lang, found), network_table(lang, found)
    others = published_table(lang, found) if is_worldwide(graph) else []
    if format_ == "xlsx":
        sheets = {"parties": parties, "network": whole, "definitions": definition_table(lang)}
        sheets |= {"published": others} if others else {}
        write_out(workbook({name: _sheet(rows) for name, rows in sheets.items()}), output)
        return
    write_out(_text(parties, whole, others, lang).encode(), output)


def _measured(graph: nx.Graph[str], found: list[Measure]) -> LinkGraph:
    """The network as a multigraph whose parties carry their measures."""
    chosen: LinkGraph = nx.MultiGraph(graph)
    for measure_ in found:
        if measure_.subject is None or measure_.subject not in chosen:
            continue
        node = chosen.nodes[measure_.subject]
        for name, value in (
            (measure_.id, measure_.value),
            (f"{measure_.id}_confirmed", measure_.confirmed),
        ):
            if value is not None:
                node[name] = value
    return chosen


def _sheet(rows: list[TableRow]) -> tuple[list[str], list[list[str]]]:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return columns, [[_cell(row.get(column)) for column in columns] for row in rows]


def _cell(value: str | float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _text(
    parties: list[TableRow], whole: list[TableRow], others: list[TableRow], lang: Language
) -> str:
    """Both tables for a terminal, what others published beside, then what each measure is."""

    def both(row: TableRow, name: str) -> str:
        return f"{_cell(row.get(name))} | {_cell(row.get(f'{name}_confirmed'))}"

    heads = [definitions()[name].label[lang] for name in _SHOWN]
    one = plain_table(
        [say("measure.party", lang), *heads],
        [[_cell(row["party"]), *(both(row, name) for name in _SHOWN)] for row in parties],
    )
    columns = ["measure", "value", "confirmed", "uncertainty", "note"]
    two = plain_table(
        [say(f"measure.{column}", lang) for column in columns],
        [[_cell(row.get(column)) for column in columns] for row in whole],
    )
    what = [
        f"  {d.label[lang]}: {d.definition[lang]} ({d.citation}, doi:{d.doi})"
        for d in definitions().values()
    ]
    convention = next(iter(definitions().values())).convention[lang]
    title = say("measure.sides", lang)
    beside = [_beside(others, lang), ""] if others else []
    return "\n".join([title, "", one, two, *beside, convention, "", *what, ""])


def _beside(others: list[TableRow], lang: Language) -> str:
    """What others published of comparable networks, and why ours differs."""
    columns = ["measure", "value", "published"]
    heads = [say(f"measure.{column}", lang) for column in columns]
    lines = []
    for citation in dict.fromkeys(row["citation"] for row in others):
        rows = [row for row in others if row["citation"] == citation]
        first = rows[0]
        lines.append(f"{first['network']} ({citation}, {first['address']})")
        lines.append(plain_table(heads, [[_cell(row[c]) for c in columns] for row in rows]))
        lines.append(str(first["differs"]))
    return "\n".join(lines)
