"""What of the gazetteers enters the graph: what something refers to, and what says where it is.

83,000 places would drown the nine links of a first record, in every list and in every check. So a
place enters when a table refers to it; with it come all that it lies in, the change by which it
came to be, and, when it has ended, all that came after it. Each row of a gazetteer becomes as many
rows of the table of places as it has sources (codes and names, point, further names, time of
validity, identities), so that it is ingested, checked and asked like any other claim.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from csvw.metadata import Schema

from maillage.errors import BadTables, TableFault
from maillage.folders import folder
from maillage.gazetteer import Change, Gazetteer, Place
from maillage.rows import Layout, Row
from maillage.tables import Table, read_table, schema_of, shown_path
from maillage.words import LANGUAGES, Language, say

__all__ = ["decided", "settle", "settling"]

#: Who recorded the gazetteers, and when their rows were made.
RECORDER, RECORDED = "maillage", "2026-11-22"

#: The source of a point, by how it is known; those that are derived are said to be.
POINTS: Final[Mapping[str, str]] = {
    "laposte": "points-insee-laposte-ign",
    "ign": "points-insee-laposte-ign",
    "former-code": "points-insee-laposte-ign",
    "mean-of-arrondissements": "points-insee-laposte-ign",
    "mean-of-members": "points-insee-laposte-ign",
    "capital": "geonames",
    "geonames": "geonames",
    "geonames-name": "geonames",
}
_STATED_POINTS: Final = frozenset({"laposte", "ign", "geonames"})
_PLACE: Final = re.compile(r"place/([a-z0-9]+(?:-{1,2}[a-z0-9]+)*)")
_OWN_KEY: Final = "/id/place/{"


def settling(keys: Iterable[str], places: Gazetteer) -> tuple[list[str], list[str]]:
    """The places that enter when these do, and the changes, both sorted.

    >>> from maillage.gazetteer import gazetteer
    >>> entering, changes = settling(["fr-region-42"], gazetteer())
    >>> entering
    ['fr', 'fr-region-21', 'fr-region-41', 'fr-region-42', 'fr-region-44']
    """
    entering: set[str] = set()
    changes: set[str] = set()
    asked = {key for key in keys if key in places}
    while asked:
        place = asked.pop()
        if place in entering:
            continue
        entering.add(place)
        asked.update(above for above in places.ancestors(place) if above not in entering)
        for change in _telling(place, places):
            changes.add(change.key)
            asked.update(new for new in change.new if new not in entering)
    # what stood beside a place before a change is named by the change, and goes back no further
    for key in changes:
        for old in places.changes[key][0].old:
            entering.update(k for k in (old, *places.ancestors(old)) if k in places)
    return sorted(entering), sorted(changes)


def _telling(place: str, places: Gazetteer) -> Iterator[Change]:
    """The changes that say since when a place is there, under which names, and what ended it."""
    began, ended = places.began.get(place), places.ended.get(place)
    if began and began.kind != "recoding":
        yield began
    if ended:
        yield ended
    yield from (c for c in places.of.get(place, ()) if c.old == c.new == (place,))
    # what a wide place that goes on gave away: Sichuan without Chongqing
    if places[place].level in {"region", "province", "departement"}:
        yield from (c for c in places.of.get(place, ()) if c.kind == "split" and place in c.old)


def settle(tables: Sequence[Table], places: Gazetteer, also: Iterable[str] = ()) -> list[Table]:
    """The tables, and what of the gazetteers they need, as tables of places and changes.

    :param also: keys of places that enter, too, though no table refers to them.
    """
    entering, changes = settling(_named(tables) | set(also), places)
    if not entering:
        return list(tables)
    place_rows = [row for key in entering for row in _place_rows(places[key], places)]
    change_rows = [_change_row(*places.changes[key], places) for key in changes]
    cited = {row.one("source") for row in (*place_rows, *change_rows)}
    cited -= {row.one("key") for table in tables if table.name == "sources" for row in table.rows}
    sources = read_table(places.path / "sources.csv")
    source_rows = [row for row in sources.rows if row.one("key") in cited]
    return [
        *tables,
        replace(sources, rows=tuple(source_rows)),
        Table("places", _schema("places"), tuple(place_rows)),
        Table("changes", _schema("changes"), tuple(change_rows)),
    ]


@cache
def _schema(name: str) -> Schema:
    return schema_of(folder("data") / f"{name}.csv")


def _named(tables: Iterable[Table]) -> set[str]:
    """The keys of the places that the cells of tables refer to."""
    found: set[str] = set()
    for table in tables:
        about_places = _OWN_KEY in str(table.schema.aboutUrl)
        real = (column for column in table.columns if not column.virtual)
        for number, column in enumerate(real):
            fields = {row.fields[number] for row in table.rows} - {""}
            values = (v for f in fields for v in ([f] if isinstance(f, str) else f))
            if _OWN_KEY in str(column.valueUrl) or (about_places and str(column.name) == "key"):
                found.update(values)
            else:
                found.update(m[1] for value in values if (m := _PLACE.fullmatch(value)))
    return found


def _row(
    place: tuple[Layout, int], cells: Mapping[str, Sequence[str]], source: str, reason: str = ""
) -> Row:
    """A row of claims as if a person had written it; empty values are left out."""
    layout, line = place
    filled = {**cells, "source": [source], "recorder": [RECORDER], "recorded": [RECORDED]}
    filled["certainty"] = ["inferred" if reason else "stated"]
    for lang in LANGUAGES if reason else ():
        filled[f"reason_{lang}"] = [say(f"inferred.{reason}", lang)]
    return layout.row(line, filled)


def _place_rows(place: Place, places: Gazetteer) -> Iterator[Row]:
    """A place as rows of the table of places, one for each source that speaks of it."""
    where = _where("places", places, *places.lines[place.key])
    kind = {"country": "Country", "city": "Place"}.get(place.level, "Collectivity")
    always = {"key": [place.key], "class": [kind], "level": [place.level]}
    country = place.country or (place.key if place.level == "country" else "")
    codes = {
        "country": [country if kind != "Country" else ""],
        "parent": [parent for parent in place.parents if parent in places],
        "label_fr": [place.label("fr")],
        "label_en": [place.label("en")],
        "label_zh": [place.label_zh],
        "label_hant": [place.label_hant if place.label_hant != place.label_zh else ""],
        "pinyin": [place.pinyin],
        "insee": [place.insee],
        "siren": [place.siren],
        "gb2260": [place.gb2260],
        "iso3166": place.iso3166.split(";"),
    }
    yield _row(where, always | codes, place.source)
    if place.lat:
        reason = "" if place.point in _STATED_POINTS else f"point-{place.point}"
        point = {"lat": [place.lat], "lng": [place.lng]}
        yield _row(where, always | point, POINTS[place.point], reason)
    if place.geonames:
        address = f"https://sws.geonames.org/{place.geonames}/"
        yield _row(where, always | {"exact_match": [address]}, "geonames")
    for identity in places.identities.get(place.key, ()):
        column = f"{identity.relation}_match" if identity.relation != "same" else ""
        if column:
            yield _row(where, always | {column: [identity.address]}, identity.source)
    for name in places.names.get(place.key, ()):
        if name.kind != "code":
            cells = {"other_name": [name.name], "other_name_language": [name.language]}
            yield _row(where, always | cells, name.source)
    if place.until:
        # a day is what a source says; a year only the last list that has the place
        reason = "" if len(place.until) == len("1968-03-01") else "last-list"
        yield _row(where, always | {"end": [place.until]}, place.source, reason)
    start, end = places.validity(place.key)
    for column, date, change in (
        ("start", start, places.began.get(place.key)),
        ("end", end, places.ended.get(place.key)),
    ):
        if date and change:
            reason = "two-lists" if change.certainty == "inferred" else ""
            yield _row(where, always | {column: [date]}, change.source, reason)


def _change_row(change: Change, file: str, line: int, places: Gazetteer) -> Row:
    cells = {
        "key": [change.key],
        "kind": [change.kind],
        "before": [f"place/{key}" for key in change.old],
        "after": [f"place/{key}" for key in change.new],
        "date": [change.date],
        "section": [change.section],
    }
    for lang in LANGUAGES:
        cells[f"label_{lang}"] = [_said(change, places, lang)]
    reason = "two-lists" if change.certainty == "inferred" else ""
    return _row(_where("changes", places, file, line), cells, change.source, reason)


def _said(change: Change, places: Gazetteer, lang: Language) -> str:
    """A change in a sentence: what was, what is, since when."""
    every = Counter(places[key].label(lang) for key in {*change.old, *change.new})

    def names(keys: Iterable[str]) -> str:
        return ", ".join(map(name, keys))

    def name(key: str) -> str:
        place = places[key]
        label = place.label(lang)
        # the commune and the département of Paris
        return f"{label} ({say(f'level.{place.level}', lang)})" if every[label] > 1 else label

    if change.old == change.new:
        before, after = change.former_name, change.new_name
    else:
        before, after = names(change.old), names(change.new)
    return say(f"change.{change.kind}", lang, before=before, after=after, date=change.date)


def _where(table: str, places: Gazetteer, file: str, line: int) -> tuple[Layout, int]:
    return _layout(table, shown_path(places.path / file)), line


@cache
def _layout(table: str, file: str) -> Layout:
    return Layout.of(_schema(table), file, made=True)


def decided(tables: Sequence[Table]) -> list[Table]:
    """The tables with what people decided on names made plain.

    Rows of ``identifications`` without a decision are left out; ``same`` becomes the place that
    was proposed; ``none`` ("no place") designates nothing.

    :raises BadTables: when a row says ``same`` and nothing was proposed on it.
    """
    faults = [
        TableFault(row.cells["decision"].position, "decision", "same", "nothing-proposed")
        for table in tables
        if table.name == "identifications"
        for row in table.rows
        if row.one("decision") == "same" and not row.one("place")
    ]
    if faults:
        raise BadTables(faults)
    return [
        replace(table, rows=tuple(filter(None, map(_decision, table.rows))))
        if table.name == "identifications"
        else table
        for table in tables
    ]


def _decision(row: Row) -> Row | None:
    decision = row.one("decision")
    if not decision:
        return None
    layout, fields = row.layout, list(row.fields)
    if decision == "same":
        fields[layout.index["decision"]] = fields[layout.index["place"]]
        layout = layout.standing("decision", "place")
    elif decision == "none":
        fields[layout.index["decision"]] = ""
    return Row(layout, row.line, tuple(fields))
