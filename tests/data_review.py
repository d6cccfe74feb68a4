"""The rules of the review of ``data/``: what a strict and kind colleague would say of each row.

A rule takes the tables and gives remarks: the row (file, line, column), what is wrong, and the
command or the edit that mends it. ``tests/test_data.py`` holds the shipped tables to all of them
and plants an error for each.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from rdflib import RDF, SKOS

from maillage.dates import bounds
from maillage.errors import Position
from maillage.gather import ontology_graph
from maillage.gazetteer import Gazetteer, gazetteer
from maillage.mint import parse
from maillage.rows import Layout, Row
from maillage.tables import Table, read_folder

__all__ = ["RULES", "Data", "Remark", "review"]

LANGUAGES: Final = ("fr", "en", "zh")
HAN: Final = re.compile(r"[\u4e00-\u9fff]")

#: Lists whose order says nothing: written sorted, so that two people write the same row.
SETS: Final = ("parties", "themes", "places", "found_in", "country", "about", "scope", "where")

#: What makes two rows of a table speak of one thing.
_SAME: Final[Mapping[str, Sequence[str]]] = {
    "links": ("kind", "parties", "proposed_for"),
    "participations": ("event", "participant", "role"),
    "identifications": ("name", "country", "level", "parent"),
}
#: Columns that do not tell two claims of one place in one source apart.
_BESIDE: Final = frozenset({"recorder", "recorded", "note"})
_CODES: Final = ("insee", "siren", "gb2260", "iso3166", "exact_match")
#: Where a source can be read: an address, or a file known by its digest.
_WHERE: Final = ("address", "file_digest")


class Remark(NamedTuple):
    """What is wrong with a row, and what mends it."""

    position: Position
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.position}: {self.what} → {self.mend}"


@dataclass(frozen=True)
class Data:
    """The tables, and what their keys may refer to."""

    tables: Mapping[str, Table]
    places: Gazetteer

    @classmethod
    def of(cls, folder: Path) -> Data:
        """Read the tables of a folder and its gazetteers."""
        return cls({t.name: t for t in read_folder(folder)}, gazetteer(folder / "gazetteer"))

    @property
    def rows(self) -> Iterator[tuple[Table, Row]]:
        """Every row of every table."""
        for table in self.tables.values():
            for row in table.rows:
                yield table, row

    @property
    def claims(self) -> Iterator[tuple[Table, Row]]:
        """The rows of the tables of claims, which name a source."""
        return (pair for pair in self.rows if "source" in pair[0].schema.columndict)

    @cached_property
    def known(self) -> dict[str, set[str]]:
        """The keys of everything that a cell may refer to, by kind of thing."""
        found: dict[str, set[str]] = defaultdict(set)
        for concept in ontology_graph("themes.ttl", "lists.ttl").subjects(RDF.type, SKOS.Concept):
            if named := parse(str(concept)):
                found[named.kind].add(named.key)
        for table, row in self.rows:
            if named := parse(str(table.schema.aboutUrl).replace("{key}", row.one("key") or "-")):
                found[named.kind].add(named.key)
        found["place"] |= set(self.places.places)
        found["link"] |= {_link_key(row) for row in self.tables["links"].rows}
        return found


def _link_key(row: Row) -> str:
    parties = sorted(party.rpartition("/")[2] for party in row.all("parties"))
    return "--".join(filter(None, (row.one("kind"), *parties, row.one("proposed_for"))))


def _at(row: Row, column: str) -> Position:
    return row.cells[column].position if column in row.cells else row.position


def unknown_codes(data: Data) -> Iterator[Remark]:
    """A key of a list, of a table or of a gazetteer that stands nowhere."""
    for table, row in data.rows:
        for name, cell in row.cells.items():
            column = table.column(name)
            template = str(column.valueUrl or "")
            if "/id/" not in template or name == "decision":
                continue
            for value in cell.values:
                filled = re.sub(r"\{\+?\w+\}", value, template)
                named = parse(filled)
                if named and named.key not in data.known[named.kind]:
                    close = get_close_matches(named.key, data.known[named.kind], 1)
                    near = f"write {close[0]}" if close else "add its row first"
                    if named.kind == "place":
                        near = "ask for its key: echo NAME | maillage match -"
                    yield Remark(cell.position, f"no {named.kind} has the key {named.key}", near)


def dates_out_of_order(data: Data) -> Iterator[Remark]:
    """An end before the start, or before the signature."""
    for _, row in data.rows:
        if not row.one("end"):
            continue
        last = bounds(row.one("end"))[1]
        for column in ("start", "signed"):
            first = bounds(row.one(column))[0] if row.one(column) else None
            if first and last and first > last:
                what = f"the end {row.one('end')} comes before {column} {row.one(column)}"
                yield Remark(_at(row, "end"), what, f"swap or mend {column} and end")


def unsourced(data: Data) -> Iterator[Remark]:
    """A claim without a source, or a search that found something nowhere."""
    sources = {row.one("key"): row for row in data.tables["sources"].rows}
    for table, row in data.claims:
        if not row.one("source"):
            yield Remark(row.position, "names no source", "fill in the column source, or drop it")
            continue
        source = sources.get(row.one("source"))
        if table.name == "links" and source and not any(map(source.one, _WHERE)):
            what = f"rests on {row.one('source')}, which has no address"
            yield Remark(_at(row, "source"), what, "give its address in data/sources.csv")
    for row in data.tables["searches"].rows:
        if row.one("outcome") == "found" and not row.all("found_in"):
            mend = "fill in found_in, or write partly-found, mention-only or unusable"
            yield Remark(_at(row, "outcome"), "says found and not where", mend)


def out_of_time(data: Data) -> Iterator[Remark]:
    """A link dated before one of its places was there, or after it had ended."""
    for row in data.tables["links"].rows:
        dated = row.one("start") or row.one("signed")
        if not dated or "anachronisme" in row.one("note").lower():
            continue
        first, last = bounds(dated)
        for party in row.all("parties"):
            kind, _, key = party.partition("/")
            if kind != "place" or key not in data.places:
                continue
            began, ended = data.places.validity(key)
            since = bounds(began)[0] if began else None
            until = bounds(ended)[1] if ended else None
            # a list of a year says nothing of the days of that year
            early = since and last and last.year < since.year
            late = until and first and first > until
            if early or late:
                when = f"since {began}" if early else f"until {ended}"
                mend = (
                    "name the place of that time (maillage ask renamed), or say « anachronisme » "
                    "in note if the source itself names this one"
                )
                what = f"{key} is there {when}, and the link is of {dated}"
                yield Remark(_at(row, "parties"), what, mend)


def claims_twice(data: Data) -> Iterator[Remark]:
    """The same thing twice from one place of one source, with nothing to tell the two apart."""
    for table in data.tables.values():
        if "source" not in table.schema.columndict:
            continue
        seen: dict[tuple[object, ...], Row] = {}
        for row in table.rows:
            what = tuple(row.all(name) for name in _SAME.get(table.name, ("key",)))
            place = tuple(row.one(name) for name in ("source", "page", "section", "chars"))
            said: tuple[object, ...] = ()
            if table.name != "links":  # one passage may say several things of a person or an event
                said = tuple(
                    sorted((n, c.values) for n, c in row.cells.items() if n not in _BESIDE)
                )
            first = seen.setdefault((what, place, row.one("certainty"), said), row)
            if first is not row:
                told = f"says again what line {first.position.line} says from the same place"
                yield Remark(row.position, told, "make one row of the two")


def unseen_sources(data: Data) -> Iterator[Remark]:
    """An address without the day on which it was read."""
    for row in data.tables["sources"].rows:
        if row.one("address") and not row.one("seen"):
            mend = "write the day on which you read it in the column seen"
            yield Remark(row.position, "has an address and no day on which it was seen", mend)


def uncited_sources(data: Data) -> Iterator[Remark]:
    """A source that nothing rests on, and in which no search found anything."""
    cited = {row.one("source") for _, row in data.claims}
    cited |= {key for row in data.tables["searches"].rows for key in row.all("found_in")}
    for row in data.tables["sources"].rows:
        if row.one("key") not in cited:
            mend = "record what it says, or drop the row"
            yield Remark(row.position, f"nothing cites {row.one('key')}", mend)


def addresses_twice(data: Data) -> Iterator[Remark]:
    """One page under two keys; two files of one repository are two sources."""
    seen: dict[tuple[str, str], Row] = {}
    for row in data.tables["sources"].rows:
        page = re.sub(r"^https?://(www\.)?", "", row.one("address")).rstrip("/")
        first = seen.setdefault((page, row.one("file_name")), row)
        if page and first is not row:
            mend = f"cite {first.one('key')} instead, and drop this row"
            what = f"{row.one('address')} is on line {first.position.line} already"
            yield Remark(_at(row, "address"), what, mend)


def languages_mixed(data: Data) -> Iterator[Remark]:
    """A text that is not in the language of its column, or not in all three."""
    for table, row in data.rows:
        stems = {n.rpartition("_")[0] for n in row.cells if n.endswith(("_fr", "_en", "_zh"))}
        for stem in sorted(stems):
            texts = {lang: row.one(f"{stem}_{lang}") for lang in LANGUAGES}
            # the name of a person in characters is not made up where no source gives it; what a
            # source adds to a place of the gazetteer is a name in its own language
            added = table.name == "places" and row.one("key") in data.places
            for lang in LANGUAGES if table.name != "people" and not added else ():
                if not texts[lang]:
                    mend = f"fill in {stem}_{lang}"
                    yield Remark(row.position, f"{stem} is not in three languages", mend)
            # a name that no source writes in characters is told to be one
            if texts["zh"] and not HAN.search(texts["zh"]) and not row.one("note"):
                mend = f"write {stem}_zh in characters, or say in note why there are none"
                what = f"{stem}_zh has no character: {texts['zh']}"
                yield Remark(_at(row, f"{stem}_zh"), what, mend)
            for lang in ("fr", "en"):
                if texts[lang] and len(HAN.findall(texts[lang])) > len(texts[lang]) / 3:
                    mend = f"translate it, or move it to {stem}_zh"
                    yield Remark(_at(row, f"{stem}_{lang}"), f"{stem}_{lang} is in Chinese", mend)


def uncoded_places(data: Data) -> Iterator[Remark]:
    """A place of ours that no official code backs, and no note says why."""
    backed = {row.one("key") for row in data.tables["places"].rows if any(map(row.one, _CODES))}
    for row in data.tables["places"].rows:
        key = row.one("key")
        if key in data.places or key in backed or row.one("level") == "unknown":
            continue
        if not row.one("note"):
            mend = "use the key of the gazetteer (maillage match), give a code, or say why in note"
            yield Remark(row.position, f"no code backs the place {key}", mend)


def unsorted_lists(data: Data) -> Iterator[Remark]:
    """Themes, parties and the like out of order."""
    for _, row in data.rows:
        for name in SETS:
            values = list(row.all(name))
            if values != sorted(values):
                mend = f"write {name} as {';'.join(sorted(values))}"
                yield Remark(_at(row, name), f"{name} are out of order", mend)


def labels_twice(data: Data) -> Iterator[Remark]:
    """A label that two rows of one key give."""
    seen: dict[tuple[str, str, str], Row] = {}
    for table, row in data.rows:
        for name in ("label_en", "text_en", "title_en"):
            if row.one(name):
                first = seen.setdefault((table.name, row.one("key"), name), row)
                if first is not row:
                    mend = f"leave {name} empty: line {first.position.line} has it"
                    yield Remark(_at(row, name), f"{name} stands on two rows of one key", mend)


def reasons_missing(data: Data) -> Iterator[Remark]:
    """An inference or a dispute that does not say why."""
    for _, row in data.rows:
        if row.one("certainty") in {"inferred", "disputed"} and not row.one("reason_en"):
            mend = "fill in reason_fr, reason_en and reason_zh"
            yield Remark(row.position, f"is {row.one('certainty')} and gives no reason", mend)


def keys_twice(data: Data) -> Iterator[Remark]:
    """A key that two rows of a catalogue give: of a source, a search, a recorder."""
    for table in data.tables.values():
        if "source" in table.schema.columndict or "key" not in table.schema.columndict:
            continue
        counts = Counter(row.one("key") for row in table.rows)
        for row in table.rows:
            if counts[row.one("key")] > 1:
                mend = "keep one row, or choose another key"
                yield Remark(row.position, f"the key {row.one('key')} is used twice", mend)


#: Every rule, by its name.
RULES: Final[Mapping[str, Callable[[Data], Iterator[Remark]]]] = {
    rule.__name__: rule
    for rule in (
        unknown_codes,
        dates_out_of_order,
        unsourced,
        out_of_time,
        claims_twice,
        unseen_sources,
        uncited_sources,
        addresses_twice,
        languages_mixed,
        uncoded_places,
        unsorted_lists,
        labels_twice,
        reasons_missing,
        keys_twice,
    )
}


def review(data: Data) -> list[Remark]:
    """Everything that the rules say, in the order of the rows."""
    return sorted(remark for rule in RULES.values() for remark in rule(data))


def planted(data: Data, table: str, cells: Mapping[str, str], line: int = 9_999) -> Data:
    """The same data with one more row, cells given as in a file; empty ones are left out."""
    old = data.tables[table]
    given = {name: _values(old, name, text) for name, text in cells.items()}
    row = Layout.of(old.schema, f"data/{table}.csv").row(line, given)
    new = Table(old.name, old.schema, (*old.rows, row))
    return Data({**data.tables, table: new}, data.places)


def _values(table: Table, name: str, text: str) -> list[str]:
    separator = table.column(name).inherit("separator")
    return text.split(separator) if separator else [text]
