"""All places of the gazetteers as statements, for those who want them in the graph.

Most questions need the places that something refers to (:mod:`maillage.settle`). Here all others
are made into statements, too, piece by piece: each piece is a dataset of some thousand places with
all that they lie in, ingested, derived and checked against the same rules as any claim, so that
memory stays bounded whatever the size of the gazetteers. Two processes share the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from maillage.check import Finding, check
from maillage.derive import derive
from maillage.dumps import nquads
from maillage.folders import folder
from maillage.gather import ONTOLOGY_FILES, ingested
from maillage.gazetteer import Gazetteer, gazetteer
from maillage.mint import graph_iri
from maillage.settle import settle
from maillage.store import united
from maillage.tables import Table, read_table
from maillage.workers import Workers, processors

__all__ = ["Whole", "whole"]

#: Places of one piece: enough for the rules to be read once for many, little enough for memory.
PIECE: Final = 2_000


class Whole(NamedTuple):
    """The statements about all places as N-Quads lines, and what the rules say against them."""

    lines: set[bytes]
    findings: list[Finding]


def whole(
    places: Gazetteer | None = None, piece: Callable[[int, int], None] = lambda *_: None
) -> Whole:
    """Make all places into statements, and check them.

    :param places: the gazetteers; those that travel with Maillage when not given.
    :param piece: told how many pieces are done, and of how many.
    :returns: lines without an order; findings graver than a note, gravest first.
    """
    keys = sorted((places or gazetteer()).places)
    pieces = [keys[start : start + PIECE] for start in range(0, len(keys), PIECE)]
    lines: set[bytes] = set()
    findings: dict[tuple[str, str, str], Finding] = {}
    for number, (made, found) in enumerate(_made(pieces, places), start=1):
        lines.update(made)
        # a place that several pieces lie in is found at fault in each
        findings.update({(f.rule, f.focus, f.value): f for f in found})
        piece(number, len(pieces))
    return Whole(lines, [findings[key] for key in sorted(findings)])


def _made(
    pieces: Sequence[list[str]], places: Gazetteer | None
) -> Iterator[tuple[list[bytes], list[Finding]]]:
    if places is not None or len(pieces) == 1:
        yield from (statements(keys, places) for keys in pieces)
        return
    with Workers(min(2, processors())) as workers:
        yield from workers.map(statements, pieces)


def statements(
    keys: Sequence[str], places: Gazetteer | None = None
) -> tuple[list[bytes], list[Finding]]:
    """The statements about some places and all that they lie in, and what is wrong with them."""
    gathered = ingested(settle(_recorders(), places or gazetteer(), keys))
    derive(gathered.store)
    known = {ox.NamedNode(graph_iri(name)) for name in ONTOLOGY_FILES}
    lines = nquads(quad for quad in gathered.store if quad.graph_name not in known)
    united(gathered.store)
    found = check(gathered.store, gathered.origins).findings
    return lines.splitlines(), [f for f in found if f.severity != "info"]


def _recorders() -> list[Table]:
    return [read_table(folder("data") / "recorders.csv")]
