"""Links of an import that resemble links which are known already, listed for a person to look over.

The same parties with the same kind are one link, whoever says so: they meet on its address, and
dates that differ become a disagreement. The same parties, or a place and what has replaced it,
with another kind may be one link under two names, or two links: nothing is merged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from maillage.dates import bounds
from maillage.gazetteer import Gazetteer

__all__ = ["NEAR", "Near", "near"]

#: The columns of the list.
NEAR: Final = (
    "why",
    *("parties", "kind", "start"),
    *("other_parties", "other_kind", "other_start", "other_source"),
)

Row = Mapping[str, str]


class Near(NamedTuple):
    """Two claims that resemble each other: ``kind`` differs, or ``start`` does."""

    why: str
    row: Row
    other: Row

    def cells(self) -> dict[str, str]:
        """The pair as a row of the list."""
        return {
            "why": self.why,
            **{name: self.row.get(name, "") for name in ("parties", "kind", "start")},
            **{f"other_{n}": self.other.get(n, "") for n in ("parties", "kind", "start", "source")},
        }


def near(rows: Iterable[Row], known: Iterable[Row], places: Gazetteer) -> list[Near]:
    """The pairs of a new and a known claim that resemble each other, each once."""
    by_parties: dict[frozenset[str], list[Row]] = defaultdict(list)
    for row in known:
        by_parties[_parties(row, places)].append(row)
    found: dict[tuple[str, ...], Near] = {}
    for row in rows:
        for other in by_parties.get(_parties(row, places), ()):
            why = _why(row, other)
            if why:
                pair = Near(why, row, other)
                found.setdefault(tuple(pair.cells().values()), pair)
    return [found[key] for key in sorted(found)]


def _why(row: Row, other: Row) -> str:
    if other.get("proposed_for"):
        return ""
    if row["kind"] != other["kind"]:
        return "kind"
    if row["parties"] != other["parties"]:
        return "replaced"
    start, known = row.get("start", ""), other.get("start", "")
    return "start" if start and known and not _overlap(start, known) else ""


def _overlap(one: str, other: str) -> bool:
    (a, b), (c, d) = bounds(one), bounds(other)
    return not ((b and c and b < c) or (d and a and d < a))


def _parties(row: Row, places: Gazetteer) -> frozenset[str]:
    """The parties, each by what stands in its place today."""
    return frozenset(_today(party, places) for party in row["parties"].split(";"))


def _today(party: str, places: Gazetteer) -> str:
    key = party.removeprefix("place/")
    after: Sequence[str] = places.successors(key) if key in places else ()
    return f"place/{after[0]}" if len(after) == 1 else party
