"""The gazetteers: every place that has an official code, what it was before, what it became.

Four kinds of table lie in ``data/gazetteer/``, each file with its CSVW description: places
(``fr-places.csv``, ``cn-places.csv``, ``world-places.csv``, ``countries.csv``), further names
(``…-names.csv``), changes (``…-changes.csv``) and identities (``identities.csv``). They are read
here as they are, quickly; that each of their cells is well formed is what ``maillage check`` and
the tests are for. What of them enters the graph is decided in :mod:`maillage.settle`.

A place is an authority and its territory, known by a key made from its official code. Its time of
validity is not written in its row: it follows from the changes, so that the two cannot differ.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from maillage.collector import undisturbed
from maillage.dates import day_before
from maillage.errors import MaillageError
from maillage.folders import folder
from maillage.words import Language, say

__all__ = ["Change", "Gazetteer", "Identity", "Name", "Place", "gazetteer"]


class Place(NamedTuple):
    """A row of a table of places; every field is a text, empty where nothing is known.

    ``parent`` and ``iso3166`` may hold several values, between semicolons; ``other_names`` holds
    several, between bars. ``point`` says how ``lat`` and ``lng`` (WGS 84, degrees) are known.
    ``until`` is the day on which the place was suppressed, or the last year in which an official
    list has it, where no change is known that ended it.
    """

    key: str
    level: str
    country: str
    parent: str
    name: str
    label_fr: str
    label_en: str
    label_zh: str
    label_hant: str
    pinyin: str
    insee: str
    siren: str
    gb2260: str
    iso3166: str
    geonames: str
    population: str
    lat: str
    lng: str
    point: str
    until: str
    source: str
    other_names: str

    @property
    def parents(self) -> tuple[str, ...]:
        """The keys of the places that it lies in, the administrative one first."""
        return tuple(self.parent.split(";")) if self.parent else ()

    @property
    def code(self) -> str:
        """The official code that people know it by."""
        return self.insee or self.gb2260 or self.iso3166.split(";")[0] or self.siren

    def label(self, lang: Language) -> str:
        """Its name in a language, or the nearest that there is."""
        if lang == "zh":
            return self.label_zh or self.name
        return (self.label_fr if lang == "fr" else self.label_en) or self.name


class Name(NamedTuple):
    """A further name of a place, with the time for which it was official."""

    place: str
    name: str
    language: str
    kind: str
    start: str
    end: str
    source: str
    note: str


class Change(NamedTuple):
    """A renaming, merger, split or change of status: what was before, what is after, since when."""

    key: str
    kind: str
    before: str
    after: str
    date: str
    former_name: str
    new_name: str
    source: str
    section: str
    certainty: str
    note: str

    @property
    def old(self) -> tuple[str, ...]:
        """The keys of what was before."""
        return tuple(self.before.split(";"))

    @property
    def new(self) -> tuple[str, ...]:
        """The keys of what is after."""
        return tuple(self.after.split(";"))


class Identity(NamedTuple):
    """The address that a place has elsewhere, or another entry of ours for the same territory."""

    place: str
    relation: str
    address: str
    source: str


_Row = TypeVar("_Row", Place, Name, Change, Identity)

#: How the files of each kind of table end.
FILES: Final = {
    Place: ("fr-places", "cn-places", "world-places", "countries"),
    Name: ("fr-names", "cn-names", "world-names"),
    Change: ("fr-changes", "cn-changes"),
    Identity: ("identities",),
}


class Gazetteer:
    """All places by key, with their names, their changes and their hierarchy."""

    #: The places that were joined to those of the tables.
    added: Mapping[str, Place] = MappingProxyType({})

    def __init__(self, path: Path) -> None:
        self.path = path
        places: dict[str, Place] = {}
        lines: dict[str, tuple[str, int]] = {}
        for file, line, place in _read(path, Place):
            places[place.key] = place
            lines[place.key] = (file, line)
        names: dict[str, list[Name]] = defaultdict(list)
        for _, _, name in _read(path, Name):
            names[name.place].append(name)
        changes: dict[str, tuple[Change, str, int]] = {}
        for file, line, change in _read(path, Change):
            changes[change.key] = (change, file, line)
        identities: dict[str, list[Identity]] = defaultdict(list)
        for _, _, identity in _read(path, Identity):
            identities[identity.place].append(identity)
        self.places: Mapping[str, Place] = places
        #: File and line of each place, for messages and for evidence of what enters the graph.
        self.lines: Mapping[str, tuple[str, int]] = lines
        self.names: Mapping[str, list[Name]] = names
        self.changes: Mapping[str, tuple[Change, str, int]] = changes
        self.identities: Mapping[str, list[Identity]] = identities
        began, ended, of = _turns(change for change, _, _ in changes.values())
        #: The changes by which a place came to be, by which it ended, and those that it outlived.
        self.began: Mapping[str, Change] = began
        self.ended: Mapping[str, Change] = ended
        self.of: Mapping[str, list[Change]] = of

    def joined(self, more: Iterable[Place]) -> Gazetteer:
        """These gazetteers with further places; where both know one, theirs is left out."""
        together = copy(self)
        together.added = {place.key: place for place in more if place.key not in self.places}
        together.places = {**together.added, **self.places}
        return together

    def of_level(self, level: str) -> frozenset[str]:
        """The keys of all places of a level."""
        return frozenset(place.key for place in self.places.values() if place.level == level)

    def __contains__(self, place: object) -> bool:
        return place in self.places

    def __getitem__(self, place: str) -> Place:
        return self.places[place]

    def ancestors(self, place: str) -> Iterator[str]:
        """All that a place lies in, nearest first: EPCI, département, région, country."""
        seen: set[str] = set()
        ways = list(self.places[place].parents) if place in self.places else []
        while ways:
            above = ways.pop(0)
            if above not in seen:
                seen.add(above)
                yield above
                ways += self.places[above].parents if above in self.places else ()

    def is_former(self, place: str) -> bool:
        """Whether a place has ended, by a change after which it is no longer there.

        A commune that was merged and later restored is there again.
        """
        end = self.ended.get(place)
        if end is None:
            return place in self.places and bool(self.places[place].until)
        return not any(place in c.new and _day(c) > _day(end) for c in self.of[place])

    def successors(self, place: str) -> list[str]:
        """What stands in the place of a former one today, through all changes; sorted."""
        found: set[str] = set()
        ways, seen = [place], {place}
        while ways:
            here = ways.pop()
            if not self.is_former(here):
                found.add(here)
            if here not in self.ended:
                continue
            after = [new for new in self.ended[here].new if new not in seen]
            seen.update(after)
            ways += after
        return sorted(found - {place})

    def validity(self, place: str) -> tuple[str, str]:
        """From when to when a place existed (EDTF), as far as the changes tell; else empty."""
        began, ended = self.began.get(place), self.ended.get(place)
        # a new code is no new place
        start = began.date if began and began.kind != "recoding" else ""
        end = day_before(ended.date) if ended and self.is_former(place) else ""
        if not ended and place in self.places:
            end = self.places[place].until
        return start, end

    def caption(self, place: str, lang: Language) -> str:
        """A place in a few words: its names, level, code, what it lies in, until when.

        >>> gazetteer().caption("fr-region-42", "en")
        'Alsace (region, 42, until 2015-12-31)'
        >>> gazetteer().caption("cn-320500", "fr")
        'Suzhou 苏州市 (préfecture, 320500, Jiangsu)'
        """
        found = self.places[place]
        names = [found.label(lang)]
        if found.country == "cn":
            names.append(found.name if lang == "zh" else found.label_zh)
        facts = [say(f"level.{found.level}", lang)] if found.level != "country" else []
        facts += [found.code] if found.code else []
        above = self.places.get(found.parents[0]) if found.parents else None
        # of the regions of France and the provinces of China everybody knows the country
        if above and (above.level != "country" or above.key not in {"fr", "cn"}):
            facts.append(above.label(lang))
        if end := self.validity(place)[1]:
            facts.append(say("place.until", lang, date=end))
        shown = " ".join(dict.fromkeys(filter(None, names)))
        return f"{shown} ({', '.join(facts)})" if facts else shown

    def same(self, place: str) -> list[str]:
        """Other entries of these gazetteers for the same territory: ``re`` is ``fr-region-04``."""
        return [
            identity.address.removeprefix("place/")
            for identity in self.identities.get(place, ())
            if identity.relation == "same"
        ]


def _turns(
    changes: Iterable[Change],
) -> tuple[dict[str, Change], dict[str, Change], dict[str, list[Change]]]:
    """By which change each place came to be, by which it ended, and all that it had a part in."""
    began: dict[str, Change] = {}
    ended: dict[str, Change] = {}
    of: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        old, new = set(change.old), set(change.new)
        for place in old | new:
            of[place].append(change)
        for place in old - new:
            if place not in ended or _day(change) > _day(ended[place]):
                ended[place] = change
        for place in new - old:
            began.setdefault(place, change)
    return began, ended, of


def _day(change: Change) -> str:
    """The first day that a change may mean, in an order that text has."""
    return change.date.lstrip("[.").replace("..", "]").split("]")[0].ljust(10, "-")


def _read(path: Path, kind: type[_Row]) -> Iterator[tuple[str, int, _Row]]:
    """The rows of all tables of one kind, each with its file and line."""
    for name in FILES[kind]:
        file = path / f"{name}.csv"
        if not file.is_file():
            continue
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            header = next(reader, [])
            if tuple(header) != kind._fields:
                raise MaillageError("gazetteer-header", path=file, known=",".join(kind._fields))
            make, width = kind._make, len(header)
            try:
                for row in reader:
                    if len(row) != width:
                        raise MaillageError("gazetteer-row", path=file, line=reader.line_num)
                    yield file.name, reader.line_num, make(row)
            except csv.Error as error:
                raise MaillageError("gazetteer-row", path=file, line=reader.line_num) from error


@cache
def gazetteer(path: Path | None = None) -> Gazetteer:
    """The gazetteers of a folder, those that travel with Maillage when none is given.

    :raises MaillageError: when a table has not the columns that it must have.

    >>> gazetteer()["cn-320100"].label("fr")
    'Nankin'
    """
    with undisturbed():
        return Gazetteer(path or folder("data") / "gazetteer")
