"""The gazetteers in a file, so that one name is looked up without reading eighty thousand places.

``maillage ask partners-of place=Bordeaux`` needs a dozen places and their names; to read all tables
and to learn all names takes longer than the rest of its work. So both are put into an SQLite file
in the person's folder for caches (``platformdirs``), by whoever needs them first. Its name is a
digest of the tables and of the code that reads them, so that it is never out of date; where it
cannot be written or read, the tables are, with the same answers.

One row an entry: the part (``places``, ``forms``…), the key, and what
:class:`maillage.gazetteer.Gazetteer` or :class:`maillage.bearers.Bearers` has under it: a line for
each of several things, its fields between tabs.
"""

from __future__ import annotations

import sqlite3
import time
import unicodedata
from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing, suppress
from copy import copy
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple, TypeVar, cast

from platformdirs import user_cache_path

from maillage import bearers, gazetteer, phrases, spelling
from maillage.bearers import Borne, Learnt, learnt
from maillage.errors import MaillageError
from maillage.folders import folder
from maillage.gazetteer import Change, Gazetteer, Identity, Name, Place
from maillage.holding import flush

__all__ = ["Shelf", "opened", "shelf", "written"]

T = TypeVar("T")

_TABLE: Final = """
CREATE TABLE entry (part TEXT, key TEXT, value TEXT, PRIMARY KEY (part, key)) WITHOUT ROWID
"""

#: The last entry that is written: a file without it is none.
_WHOLE: Final = ("whole", "")

#: What SQLite says of itself (PEP 249) when threads may share a connection, as it is mostly built.
_SERIALIZED: Final = 3

#: Seconds after which nobody is thought to use a file that is not the present one.
_LONG_AGO: Final = 90 * 24 * 3600

#: The code that says what is in the tables and how names are compared.
_CODE: Final = (bearers, gazetteer, phrases, spelling)


class Shelf(NamedTuple):
    """The gazetteers that travel with Maillage, and the names of their places."""

    places: Gazetteer
    names: Learnt


@cache
def shelf() -> Shelf:
    """The gazetteers that travel with Maillage, out of their file where that can be had."""
    with suppress(OSError, sqlite3.Error):
        path = user_cache_path("maillage", appauthor=False) / f"places-{_digest()}.db"
        found = opened(path)
        if found is None:
            written(path)
        else:
            return found
    return Shelf(gazetteer.gazetteer(), learnt())


def opened(path: Path) -> Shelf | None:
    """The gazetteers out of a file; nothing when there is none that is whole."""
    with suppress(sqlite3.Error):
        # kept for the whole process: its threads ask in turn
        base = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=sqlite3.threadsafety != _SERIALIZED,
        )
        if _is_whole(base):
            return Shelf(_Kept(base), _Names(base))
        base.close()
    return None


def _is_whole(base: sqlite3.Connection) -> bool:
    try:
        last = base.execute("SELECT value FROM entry WHERE part = ? AND key = ?", _WHOLE)
        return last.fetchone() is not None
    except sqlite3.Error:
        return False


def written(path: Path) -> None:
    """Put the gazetteers into a file, in one step, and take away what older versions left long ago.

    :raises OSError: when it cannot be written.
    :raises sqlite3.Error: likewise.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent) as room:
        new = Path(room) / path.name
        with closing(sqlite3.connect(new)) as base:
            # nobody else sees the file before it is whole
            base.execute("PRAGMA journal_mode = OFF")
            base.execute("PRAGMA synchronous = OFF")
            base.execute(_TABLE)
            base.executemany("INSERT INTO entry VALUES (?, ?, ?)", _entries())
            base.commit()
        flush(new)
        new.replace(path)
    for other in path.parent.glob("places-*.db"):
        with suppress(OSError):
            if time.time() - other.stat().st_mtime > _LONG_AGO:
                other.unlink()


def _digest() -> str:
    """Of the tables, and of everything that decides what is made of them."""
    found = sha256(unicodedata.unidata_version.encode())
    tables = sorted((folder("data") / "gazetteer").glob("*.csv"))
    for path in (*tables, *(Path(str(module.__file__)) for module in _CODE), Path(__file__)):
        content = path.read_bytes()
        found.update(f"{path.name} {len(content)}\n".encode() + content)
    return found.hexdigest()[:16]


def _entries() -> Iterator[tuple[str, str, str]]:
    """What stands in the file, in the order of the file, in which it is written fastest."""
    house = gazetteer.gazetteer()
    forms, codes = learnt().learnt()
    levels: defaultdict[str, list[str]] = defaultdict(list)
    for place in house.places.values():
        levels[place.level].append(place.key)
    yield from _part("began", {key: [change] for key, change in house.began.items()})
    changes = {
        key: [(*change, file, str(line))] for key, (change, file, line) in house.changes.items()
    }
    yield from _part("changes", changes)
    yield from _part("codes", {code: [owners] for code, owners in codes.items()})
    yield from _part("ended", {key: [change] for key, change in house.ended.items()})
    yield from _part("forms", forms)
    yield from _part("identities", house.identities)
    yield from _part("levels", {level: [keys] for level, keys in levels.items()})
    yield from _part("names", house.names)
    yield from _part("of", house.of)
    where = ((key, file, str(line)) for key, (file, line) in house.lines.items())
    yield from _part("places", {key: [(*house[key], file, line)] for key, file, line in where})
    yield *_WHOLE, ""


def _part(part: str, rows: Mapping[str, Iterable[Iterable[str]]]) -> Iterator[tuple[str, str, str]]:
    # no field of a table of ours holds either sign: it would be no line of such a table
    for key in sorted(rows):
        yield part, key, "\n".join(["\t".join(row) for row in rows[key]])


class _Entries(Mapping[str, T]):
    """One part of the file; what was read is remembered."""

    def __init__(
        self, base: sqlite3.Connection, part: str, made: Callable[[list[list[str]]], T]
    ) -> None:
        self._base, self._part, self._made = base, part, made
        self._known: dict[str, T | None] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self._known:
            try:
                row = self._base.execute(
                    "SELECT value FROM entry WHERE part = ? AND key = ?", (self._part, key)
                ).fetchone()
            except sqlite3.DatabaseError as error:
                (_, _, file), *_ = self._base.execute("PRAGMA database_list")
                raise MaillageError("shelf-damaged", path=file, reason=error) from error
            rows = None if row is None else [line.split("\t") for line in row[0].split("\n")]
            self._known[key] = None if rows is None else self._made(rows)
        found = self._known[key]
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        rows = self._base.execute("SELECT key FROM entry WHERE part = ?", (self._part,))
        return (key for (key,) in rows)

    def __len__(self) -> int:
        (number,) = self._base.execute(
            "SELECT COUNT(*) FROM entry WHERE part = ?", (self._part,)
        ).fetchone()
        return int(number)


class _Kept(Gazetteer):
    """The gazetteers, each of whose parts is looked up in the file."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self.path = folder("data") / "gazetteer"
        width = len(Place._fields)
        self.places = _Entries(base, "places", lambda rows: Place._make(rows[0][:width]))
        self.lines = _Entries(base, "places", lambda rows: (rows[0][width], int(rows[0][-1])))
        self.names = _Entries(base, "names", lambda rows: [*map(Name._make, rows)])
        self.changes = _Entries(base, "changes", _change)
        self.began = _Entries(base, "began", lambda rows: Change._make(rows[0]))
        self.ended = _Entries(base, "ended", lambda rows: Change._make(rows[0]))
        self.of = _Entries(base, "of", lambda rows: [*map(Change._make, rows)])
        self.identities = _Entries(base, "identities", lambda rows: [*map(Identity._make, rows)])
        self._levels = _Entries(base, "levels", lambda rows: rows[0])

    def joined(self, more: Iterable[Place]) -> Gazetteer:
        """See :class:`maillage.gazetteer.Gazetteer`; nothing is read for it."""
        together = copy(self)
        together.added = {place.key: place for place in more if place.key not in self.places}
        # the first map is the one that is written to, and nobody does
        every: list[Mapping[str, Place]] = [together.added, self.places]
        together.places = ChainMap(*cast("list[MutableMapping[str, Place]]", every))
        return together

    def of_level(self, level: str) -> frozenset[str]:
        """See :class:`maillage.gazetteer.Gazetteer`."""
        more = (place.key for place in self.added.values() if place.level == level)
        return frozenset((*self._levels.get(level, ()), *more))


def _change(rows: list[list[str]]) -> tuple[Change, str, int]:
    ((*fields, file, line),) = rows
    return Change._make(fields), file, int(line)


def _borne(row: list[str]) -> Borne:
    owner, name, kind, language = row
    return owner, name, kind, language


class _Names:
    """The names of the places, looked up in the file."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._forms = _Entries(base, "forms", lambda rows: [*map(_borne, rows)])
        self._codes = _Entries(base, "codes", lambda rows: rows[0])

    def bearing(self, form: str) -> Sequence[Borne]:
        """See :class:`maillage.bearers.Learnt`."""
        return self._forms.get(form, ())

    def coded(self, code: str) -> Sequence[str]:
        """See :class:`maillage.bearers.Learnt`."""
        return self._codes.get(code, ())

    def pool(self, country: str, end: str, letter: str, size: int) -> Iterator[str]:
        """See :class:`maillage.bearers.Learnt`; for names that look alike all tables are read."""
        return learnt().pool(country, end, letter, size)
