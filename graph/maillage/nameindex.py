"""What every thing is called, in a file to look names up in, or in memory.

A graph of a hundred thousand links bears half a million names; whoever asks one question of it
needs ten of them. So the folder of a store has ``names.db``, an SQLite file made from it like the
store itself is made from the N-Quads: a cache, which may be missing.

One row a name: the thing's address, the rank of the name, the name, its language (empty when it has
none), and the name as people compare names (:func:`maillage.words.fold`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Self

from maillage.mint import parse
from maillage.terms import ID, NS, PREFIXES
from maillage.words import fold

__all__ = ["CALLED", "CODE", "FILE", "LABEL", "OTHER", "RANKS", "Name", "NameIndex"]

FILE: Final = "names.db"

#: Ranks: codes, names of its own, by-names, what a thing is only called. The lower one counts.
CODE, LABEL, OTHER, CALLED = range(4)

_SKOS, _RDFS = PREFIXES["skos"], PREFIXES["rdfs"]

#: The properties that give a thing a name, and the rank of such a name.
RANKS: Final = {
    _SKOS + "prefLabel": LABEL,
    _RDFS + "label": LABEL,
    _SKOS + "altLabel": OTHER,
    _SKOS + "hiddenLabel": OTHER,
    NS + "writtenForm": CALLED,
    NS + "inseeCode": CODE,
    NS + "sirenNumber": CODE,
    NS + "gbCode": CODE,
    NS + "isoCode": CODE,
    _SKOS + "notation": CODE,
}

_TABLE: Final = """
CREATE TABLE name (
  thing TEXT, rank INTEGER, name TEXT, language TEXT, folded TEXT,
  PRIMARY KEY (thing, rank, name, language)
) WITHOUT ROWID
"""


class Name(NamedTuple):
    """A name as the graph gives it."""

    thing: str
    rank: int
    name: str
    language: str


class NameIndex:
    """The names of a graph."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    @classmethod
    def of(cls, names: Iterable[Name], path: Path | None = None) -> Self:
        """Keep names in memory, or in a new file."""
        base = sqlite3.connect(path or ":memory:")
        # nobody else sees the file yet, and who finds it half done makes it anew
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute(_TABLE)
        rows = ((*name, fold(name.name)) for name in names)
        base.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?, ?)", rows)
        base.execute("CREATE INDEX by_name ON name (folded)")
        base.commit()
        return cls(base)

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    @classmethod
    def opened(cls, path: Path) -> Self | None:
        """A file of names, only ever read; nothing when there is none that can be."""
        with suppress(sqlite3.Error):
            base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
            base.execute("SELECT thing, rank, name, language, folded FROM name LIMIT 0")
            return cls(base)
        return None

    def labels(self, thing: str) -> list[tuple[str, str]]:
        """What a thing may be called, with the language of each name."""
        return self._base.execute(
            "SELECT language, name FROM name WHERE thing = ? AND rank IN (?, ?)"
            " ORDER BY rank, name",
            (thing, LABEL, CALLED),
        ).fetchall()

    def bearers(self, text: str) -> dict[str, int]:
        """The things that bear a name, however it is accented, and the best rank of it."""
        rows = self._base.execute(
            "SELECT thing, MIN(rank) FROM name WHERE folded = ? AND rank <> ? GROUP BY thing",
            (fold(text), CALLED),
        )
        return dict(rows.fetchall())

    def things(self, kind: str) -> list[str]:
        """The addresses of the things of a kind that are called something, in their order."""
        rows = self._base.execute(
            "SELECT DISTINCT thing FROM name WHERE thing >= ? AND thing < ? AND rank IN (?, ?)",
            (*_range(kind), LABEL, CALLED),
        )
        return sorted(thing for (thing,) in rows if (own := parse(thing)) and own.kind == kind)

    def of_kind(self, kind: str) -> Iterator[Name]:
        """The names that things of a kind bear, without what they are only called."""
        rows = self._base.execute(
            "SELECT thing, rank, name, language FROM name WHERE thing >= ? AND thing < ?"
            " AND rank <> ? ORDER BY thing, rank, name",
            (*_range(kind), CALLED),
        )
        return map(Name._make, rows)

    def folded(self, kind: str | None = None) -> Iterator[str]:
        """Every name that things of a kind bear, or things of any, as people compare names."""
        low, high = _range(kind) if kind else ("", chr(0x10FFFF))
        rows = self._base.execute(
            "SELECT DISTINCT folded FROM name WHERE thing >= ? AND thing < ? AND rank <> ?",
            (low, high, CALLED),
        )
        return (name for (name,) in rows)


def _range(kind: str) -> tuple[str, str]:
    """All addresses of things of a kind lie between these two."""
    start = f"{ID}{kind}/"
    return start, start[:-1] + chr(ord("/") + 1)
