"""Where a statement was written down, so that a finding can point to a line of a table.

Nothing is noted of each statement while rows become statements: few of them are ever asked for.
When one is, the rows about its thing are asked again what they say, and where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import cast

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.term import Node

from maillage.errors import Position
from maillage.mint import parse
from maillage.native import native
from maillage.rowquads import HERE, RowQuads
from maillage.rows import Row

__all__ = ["Origins"]

Written = tuple[RowQuads, Row]


class Origins:
    """The rows that things were written in, and what was handed in beside them."""

    def __init__(self, tables: Sequence[tuple[RowQuads, Sequence[Row]]] = ()) -> None:
        self._tables = tables
        self._beside: dict[str, Position] = {}

    def find(self, subject: Node, predicate: Node | None, value: Node | None) -> Position | None:
        """The nearest place: of the triple, else of the thing."""
        about = str(subject)
        rows = self._rows_about(about)
        if rows and isinstance(predicate, URIRef) and isinstance(value, URIRef | Literal):
            triple = ox.Triple(
                ox.NamedNode(about), ox.NamedNode(str(predicate)), cast("ox.Literal", native(value))
            )
            for said, row in rows:
                for quad, place in said.quads(row):
                    if quad.triple == triple:
                        return row.position if place == HERE else row.at(place)
        if about in self._beside:
            return self._beside[about]
        return rows[0][1].position if rows and "#" not in about else None

    def __contains__(self, thing: object) -> bool:
        """Whether somebody wrote of a thing."""
        address = str(thing)
        return address in self._beside or ("#" not in address and bool(self._rows_about(address)))

    def add(self, thing: URIRef, position: Position) -> None:
        """Note where a thing stands that no table speaks of."""
        self._beside[str(thing)] = position

    def written_in(self, files: Container[Path]) -> Iterator[URIRef]:
        """The things, evidence among them, that rows of some files were the first to write of.

        :param files: resolved.
        """
        named = {row.layout.file for _, rows in self._tables for row in rows}
        asked = {name for name in named if Path(name).resolve() in files}
        for known in (self._things, self._evidence):
            for address, rows in known.items():
                if rows[0][1].layout.file in asked:
                    yield URIRef(address)

    def _rows_about(self, address: str) -> Sequence[Written]:
        """The rows about a thing, or of an evidence and what selects its place."""
        whole = address.partition("#")[0]
        named = parse(whole)
        known = self._evidence if named and named.kind == "evidence" else self._things
        return known.get(whole, ())

    @cached_property
    def _things(self) -> dict[str, list[Written]]:
        found: dict[str, list[Written]] = defaultdict(list)
        for said, rows in self._tables:
            for row in rows:
                found[said.subject(row).value].append((said, row))
        return dict(found)

    @cached_property
    def _evidence(self) -> dict[str, list[Written]]:
        found: dict[str, list[Written]] = defaultdict(list)
        for said, rows in self._tables:
            for row in rows:
                if address := said.evidence(row):
                    found[address].append((said, row))
        return dict(found)
