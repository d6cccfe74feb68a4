"""Answers that stand in a release before anybody asks: those of the questions that read every link.

A release never changes, so neither does what a query comes to. In the folder of its store stands
``answers/``: for each query prepared, ``<digest>.tsv`` (SPARQL 1.1 Query Results CSV and TSV
Formats, terms unchanged, rows in the order of the query) or ``<digest>.nt`` (RDF 1.1 N-Triples),
and ``SHA256SUMS``, which lists them with the digests of what was written (``sha256sum -c`` reads
it). The name is the SHA-256 of the query without the comments before it. Any other text, a file
that is missing, or one that is not as it was written: the engine is asked, and the answer is the
same.

Only the engine is loaded here, so that a worker of the endpoint is ready at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final, cast

import pyoxigraph as ox

__all__ = ["FOLDER", "SUMS", "Prepared", "prepare", "without_header"]

FOLDER: Final = "answers"
SUMS: Final = "SHA256SUMS"

#: Statements of a store above which nothing is prepared: the engine holds all groups of a query in
#: memory, and at twice as many (240,000 links) one answer was not there after 200 s of processor.
MOST: Final = 10_000_000

_TSV: Final = ox.QueryResultsFormat.TSV
_TRIPLES: Final = ox.RdfFormat.N_TRIPLES

# Comments before the first token. One with a backslash may hold the end of its own line, written
# by its number (SPARQL 1.1, 19.2), and more behind it.
_HEADER: Final = re.compile(r"(?:[ \t]*(?:#[^\r\n\\]*)?[\r\n])+")


def without_header(sparql: str) -> str:
    r"""A query without the comments before it and the blanks around it, which mean nothing.

    >>> without_header("#+ tags: [links]\n# all of it\n\nASK { ?s ?p ?o } # really\n")
    'ASK { ?s ?p ?o } # really'
    """
    found = _HEADER.match(sparql)
    return sparql[found.end() if found else 0 :].strip(" \t\r\n")


def prepare(folder: Path, queries: Iterable[str]) -> None:
    """Ask the store in a folder these SELECT and CONSTRUCT queries, and leave the answers there."""
    store = ox.Store.read_only(str(folder))
    if len(store) > MOST:
        return
    answers = folder / FOLDER
    answers.mkdir()
    lines = []
    for query in queries:
        reply = store.query(query)
        if isinstance(reply, ox.QueryTriples):
            path = answers / _name(query, "nt")
            reply.serialize(str(path), _TRIPLES)
        else:
            path = answers / _name(query, "tsv")
            cast("ox.QuerySolutions", reply).serialize(str(path), _TSV)
        with path.open("rb") as file:
            lines.append(f"{file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    (answers / SUMS).write_text("".join(sorted(lines)), encoding="utf-8")


class Prepared:
    """The answers that stand in the folder of a store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._sums: dict[str, str] = {}
        with suppress(OSError, ValueError):  # a release made before has none
            lines = (self._folder / SUMS).read_text(encoding="utf-8").splitlines()
            self._sums = {name: digest for digest, name in (line.split("  ") for line in lines)}

    def answer(self, sparql: str) -> ox.QuerySolutions | bytes | None:
        """What a query comes to over the whole store: rows, a graph in N-Triples, or nothing."""
        if not self._sums:
            return None
        if (rows := self._read(_name(sparql, "tsv"))) is not None:
            return cast("ox.QuerySolutions", ox.parse_query_results(rows, _TSV))
        return self._read(_name(sparql, "nt"))

    def _read(self, name: str) -> bytes | None:
        if name not in self._sums:
            return None
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        return content if sha256(content).hexdigest() == self._sums[name] else None


def _name(sparql: str, ending: str) -> str:
    return f"{sha256(without_header(sparql).encode()).hexdigest()}.{ending}"
