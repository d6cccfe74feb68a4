"""Answers on paper: a table for people, and the standard formats for everything else.

``table`` and ``xlsx`` show names; ``csv``, ``tsv``, ``json`` and ``xml`` are the four W3C formats
of SPARQL 1.1 results, with addresses, as scripts expect. Triples are written sorted, so that the
same answer has the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from typing import Final

from rdflib import Graph, URIRef, Variable
from rdflib.query import Result
from rdflib.term import Identifier

from maillage.dumps import write_triples
from maillage.errors import MaillageError
from maillage.excel import workbook
from maillage.resolve import Labels
from maillage.store import Answer, native
from maillage.words import Language, heading

__all__ = [
    "GRAPH_FORMATS",
    "ROW_FORMATS",
    "TRUTH_FORMATS",
    "csv_table",
    "plain_table",
    "shown",
    "write_graph",
    "write_rows",
    "write_truth",
]

ROW_FORMATS: Final = ("table", "csv", "tsv", "json", "xml", "xlsx")
TRUTH_FORMATS: Final = ("json", "xml")
# What a person types, and the suffix of the file that holds it.
_SUFFIXES: Final = {"ttl": "ttl", "nt": "nt", "jsonld": "jsonld", "rdfxml": "rdf"}
GRAPH_FORMATS: Final = tuple(_SUFFIXES)
_GAP: Final = 3  # between two columns of a table in the terminal


def shown(term: Identifier | None, names: Labels, lang: Language) -> str:
    """A term as a person reads it: the name of a thing, a text as it is, nothing for nothing."""
    if term is None:
        return ""
    if isinstance(term, URIRef):
        return names.label(term, lang)
    text = str(term)
    parts = text.split(" ")
    if all(part.startswith(("https://", "http://")) for part in parts) and text:
        # several things in one cell
        return "; ".join(sorted(names.label(URIRef(part), lang) for part in parts))
    return text


def write_rows(
    answer: Answer, format_: str, names: Labels, lang: Language, hide: Sequence[str] = ()
) -> bytes:
    """Write the rows of an answer in one of :data:`ROW_FORMATS`.

    :param hide: columns that only machines want; left out of the table.
    """
    if format_ in {"table", "xlsx"}:
        # the thing itself is shown under its name in the reader's language
        hide = [*hide, f"name_{lang}"]
        columns = [v for v in answer.variables if v not in hide]
        keep = [answer.variables.index(column) for column in columns]
        rows = [[shown(row[i], names, lang) for i in keep] for row in answer.rows]
        heads = [heading(column, lang) for column in columns]
        if format_ == "xlsx":
            return workbook({"maillage": (heads, rows)})
        return plain_table(heads, rows).encode()
    if format_ == "tsv":
        return _tsv(answer).encode()
    result = Result("SELECT")
    result.vars = [Variable(name) for name in answer.variables]
    result.bindings = [
        {v: t for v, t in zip(result.vars, row, strict=True) if t is not None}
        for row in answer.rows
    ]
    if format_ == "json":
        document = json.loads(result.serialize(format="json") or b"{}")
        return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
    return result.serialize(format=format_) or b""


def _tsv(answer: Answer) -> str:
    """SPARQL 1.1 Query Results TSV Format: terms as in Turtle, each on its line."""
    lines = ["\t".join(f"?{name}" for name in answer.variables)]
    # N-Triples' way of writing a term escapes tabs and line ends, which is what TSV wants
    lines += ["\t".join("" if t is None else str(native(t)) for t in row) for row in answer.rows]
    return "\n".join(lines) + "\n"


def csv_table(
    rows: Sequence[Mapping[str, object]], header: Sequence[str] = (), separator: str = ","
) -> bytes:
    """Rows of one shape as CSV (RFC 4180), in the order of the header or of the first row."""
    out = io.StringIO()
    columns = list(header) or (list(rows[0]) if rows else [])
    writer = csv.DictWriter(out, columns, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def write_truth(truth: bool, format_: str) -> bytes:
    """The answer of an ASK: a word for people, the W3C's document in JSON or XML."""
    if format_ == "table":
        return f"{str(truth).lower()}\n".encode()
    result = Result("ASK")
    result.askAnswer = truth
    return result.serialize(format=format_) or b""


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that fits the terminal, Chinese characters counted two columns wide."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = shutil.get_terminal_size((120, 24)).columns
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, highlight=False, markup=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    texts = [[column, *(row[x] for row in rows)] for x, column in enumerate(columns)]
    longest = [max(map(cell_len, " ".join(cells).split()), default=1) for cells in texts]
    whole = [max(cell_len(line) for cell in cells for line in cell.split("\n")) for cells in texts]
    room = width - _GAP * (len(columns) - 1)
    # First whole words, then whole cells; together never more than the width, or the last columns
    # would be cut off.
    words = _shared(longest, room)
    more = _shared([w - n for w, n in zip(whole, words, strict=True)], room - sum(words))
    for column, word, rest in zip(columns, words, more, strict=True):
        table.add_column(column, overflow="fold", width=max(1, word + rest))
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _shared(needs: Sequence[int], room: int) -> list[int]:
    """Room for each, as far as it goes: whoever needs little leaves the rest to the others.

    >>> _shared([3, 10, 20], 24)
    [3, 10, 11]
    """
    given = [0] * len(needs)
    for done, x in enumerate(sorted(range(len(needs)), key=lambda x: needs[x])):
        given[x] = max(0, min(needs[x], room // (len(needs) - done)))
        room -= given[x]
    return given


def write_graph(graph: Graph, format_: str) -> bytes:
    """Write triples in one of :data:`GRAPH_FORMATS`, sorted, with our prefixes.

    :raises MaillageError: when the format is none of them.
    """
    if format_ not in _SUFFIXES:
        raise MaillageError("bad-graph-format", format=format_, known=", ".join(GRAPH_FORMATS))
    return write_triples(graph, _SUFFIXES[format_])
