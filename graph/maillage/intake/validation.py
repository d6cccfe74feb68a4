"""The tables of an import against the rules of the house, before they are kept.

They are read as any table is, and made into a graph with nothing beside them but the places and
the lists that they name, piece by piece, so that memory stays bounded whatever their size.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rdflib import Dataset, Graph

from maillage.check import SEVERITIES, Finding, check_graph
from maillage.derive import derive
from maillage.folders import folder as house
from maillage.gather import ingested
from maillage.gazetteer import Gazetteer, gazetteer
from maillage.intake.folders import table_bytes
from maillage.mint import parse
from maillage.settle import decided, settle
from maillage.tables import Table, read_folder, read_table
from maillage.terms import MLG

__all__ = ["validated"]

#: Lines of one piece: enough for the rules to be read once for many, little enough for memory.
PIECE: Final = 1_000
# Tables whose rows come from one line of a file and belong together.
_OF_LINES: Final = ("links", "projects", "figures")


def validated(
    files: Mapping[str, bytes], piece: Callable[[int, int], None] = lambda *_: None
) -> list[Finding]:
    """What the rules say against tables, graver than a note, gravest first.

    :param files: the tables, by the names of their files.
    :param piece: told how many pieces are done, and of how many.
    :raises BadTables: when a cell is not as cells are, with its place in the table.
    """
    # what is more than links and their projects refers to each other across the lines
    pieces = list(_pieces(files)) if _is_of_lines(files) else [dict(files)]
    found: dict[tuple[str, str, str], Finding] = {}
    # one after the other: two processes would halve the time and pass a gigabyte of memory
    for number, findings in enumerate(map(_findings, pieces), start=1):
        found.update({(f.rule, f.focus, f.value): f for f in findings})
        piece(number, len(pieces))
    order = sorted(found, key=lambda k: (SEVERITIES.index(found[k].severity), k))
    return [found[key] for key in order]


def _is_of_lines(files: Mapping[str, bytes]) -> bool:
    beside = ("places", "sources", "recorders", "identifications")
    return {name.removesuffix(".csv") for name in files} <= {*_OF_LINES, *beside}


def _pieces(files: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
    """The same tables in parts: some lines of the file, with the places that these name."""
    tables = {name.removesuffix(".csv"): _rows(content) for name, content in files.items()}
    lines: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for table in _OF_LINES:
        for row in tables.get(table, ()):
            lines[row["section"]][table].append(row)
    own = {row["key"]: row for row in tables.get("places", ())}
    sections = list(lines) or [""]
    for start in range(0, len(sections), PIECE):
        part: dict[str, list[dict[str, str]]] = defaultdict(list)
        for section in sections[start : start + PIECE]:
            for table, rows in lines[section].items():
                part[table] += rows
        named = {p.partition("/")[2] for r in part["links"] for p in r["parties"].split(";")}
        part["places"] = [own[key] for key in sorted(named & own.keys())]
        made = {f"{t}.csv": table_bytes(list(rows[0]), rows) for t, rows in part.items() if rows}
        whole = ("sources.csv", "recorders.csv", *(["identifications.csv"] if not start else []))
        yield {**made, **{name: files[name] for name in whole if name in files}}


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().splitlines()))


def _findings(files: Mapping[str, bytes]) -> list[Finding]:
    with TemporaryDirectory() as room:
        for name, content in files.items():
            (Path(room) / name).write_bytes(content)
        tables = decided(read_folder(Path(room)))
    tables.append(read_table(house("data") / "recorders.csv"))
    gathered = ingested(_spare(table) for table in settle(tables, gazetteer()))
    derive(gathered.store)
    data = _light(gathered.dataset, gazetteer())
    return [f for f in check_graph(data, data, gathered.origins).findings if f.severity != "info"]


def _spare(table: Table) -> Table:
    """A table of places without what no rule about a link asks: points, by-names, identities.

    The gazetteers are checked whole by their own tests; looking at all of it again for each import
    would take most of the time.
    """
    if table.name != "places":
        return table
    asked = ("level", "label_fr", "start", "end")
    rows = tuple(row for row in table.rows if any(map(row.one, asked)))
    return replace(table, rows=rows)


def _light(dataset: Dataset, places: Gazetteer) -> Graph:
    """All statements as one graph, in which the places of the gazetteers share one evidence."""
    evidence = {
        node: place
        for place, node in dataset.subject_objects(MLG.hasEvidence)
        if (named := parse(str(place))) and named.kind == "place" and named.key in places
    }
    shared = min(evidence, key=str, default=None)
    data = Graph()
    for subject, predicate, value, _ in dataset.quads():
        if subject == shared or subject not in evidence:
            node = shared if predicate == MLG.hasEvidence and value in evidence else value
            data.add((subject, predicate, node))  # type: ignore[arg-type]  # there is one, then
    return data
