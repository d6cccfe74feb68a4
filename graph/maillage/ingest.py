"""From rows to triples: what each document asserts, in a graph of its own, with the evidence.

Rows are looked at twice: first all of them, so that nothing is added where something is wrong,
then once more to add what they say (:mod:`maillage.rowquads`), which is never all in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

import pyoxigraph as ox

from maillage.collector import undisturbed
from maillage.dates import bounds
from maillage.errors import BadTables, TableFault
from maillage.mint import Thing, parse
from maillage.origins import Origins
from maillage.rowquads import HERE, RowQuads
from maillage.rows import Row
from maillage.spelling import nearest
from maillage.tables import Table

__all__ = ["ingest"]

#: To how many unknown keys the near ones are told: each is compared with all that are known.
ANSWERED = 1_000


@undisturbed()
def ingest(tables: Iterable[Table], into: ox.Store) -> Origins:
    """Add what all rows say to a store that already holds the concepts to which they refer.

    :param into: in memory or in a folder.
    :raises BadTables: when rows refer to things that stand nowhere; nothing is added then.
    """
    said = [(RowQuads(table), table.rows) for table in tables]
    about = [[table.subject(row) for row in rows] for table, rows in said]
    faults = list(_faults(said, _Known(set(chain.from_iterable(about)), into)))
    if faults:
        raise BadTables(faults)
    into.bulk_extend(
        quad
        for (table, rows), subjects in zip(said, about, strict=True)
        for row, subject in zip(rows, subjects, strict=True)
        for quad, _ in table.quads(row, subject)
    )
    return Origins(said)


def _faults(said: Sequence[tuple[RowQuads, Sequence[Row]]], known: _Known) -> Iterator[TableFault]:
    for table, rows in said:
        for row in rows:
            yield from _unknown(table, row, known)
            yield from _contradictions(row)


def _unknown(table: RowQuads, row: Row, known: _Known) -> Iterator[TableFault]:
    """References to things that stand in no table and no scheme, with the nearest ones."""
    for term, named, place in table.references(row):
        if term not in known.found and not known.finds(term):
            position = row.position if place == HERE else row.at(place)
            column = next(n for n, c in row.cells.items() if c.position == position)
            values: dict[str, object] = {"kind": named.kind, "close": known.near(named)}
            yield TableFault(position, column, named.key, "unknown-reference", values)


def _contradictions(row: Row) -> Iterator[TableFault]:
    """Cells that cannot be right together: half a place in a document, an end before its start."""

    def fault(column: str, rule: str, **values: object) -> TableFault:
        return TableFault(row.at(row.layout.index[column]), column, row.one(column), rule, values)

    lines, chars, end = row.one("lines"), row.one("chars"), row.one("end")
    if bool(lines) != bool(chars):
        yield fault("lines" if lines else "chars", "half-a-place")
    for column in ("start", "signed") if end else ():
        if begin := row.one(column):
            first, last = bounds(begin)[0], bounds(end)[1]
            if first and last and first > last:
                yield fault("end", f"end-before-{column}", **{column: begin})
    if chars:
        from_, to = map(int, chars.split("-"))
        if from_ >= to:
            yield fault("chars", "reversed-span")


class _Known:
    """The things to which a row may refer: those of the tables, and those that were there.

    :ivar found: all of the tables, and what was there and is referred to.
    """

    def __init__(self, written: set[ox.NamedNode], into: ox.Store) -> None:
        self.found, self._into = written, into
        self._near: dict[Thing, str] = {}

    def finds(self, term: ox.NamedNode | ox.Literal) -> bool:
        """Whether something is there that was not yet found, and is from now on."""
        if isinstance(term, ox.NamedNode) and any(self._into.quads_for_pattern(term, None, None)):
            self.found.add(term)
            return True
        return False

    def near(self, unknown: Thing) -> str:
        """The known keys that are most like one that is not, for the first thousand such."""
        if unknown not in self._near:
            if len(self._near) == ANSWERED:
                return "-"
            close = nearest(unknown.key, self._keys.get(unknown.kind, ()))
            self._near[unknown] = ", ".join(close) or "-"
        return self._near[unknown]

    @cached_property
    def _keys(self) -> dict[str, list[str]]:
        """The keys of all that is known, by kind of thing."""
        there = {q.subject for q in self._into if isinstance(q.subject, ox.NamedNode)}
        found: dict[str, list[str]] = defaultdict(list)
        for term in self.found | there:
            if named := parse(term.value):
                found[named.kind].append(named.key)
        return found
