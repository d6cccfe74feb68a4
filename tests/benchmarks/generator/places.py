"""Where links are between: the places of the gazetteers by size, and made-up ones beyond them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from maillage.folders import folder
from maillage.words import LANGUAGES, best

__all__ = ["Gazetteer", "Place", "gazetteer"]

#: The regions that ended on the last day of 2015, and what came after them.
ENDED = {
    "82": "84", "83": "84", "26": "27", "43": "27", "21": "44", "41": "44", "42": "44", "22": "32",
    "31": "32", "23": "28", "25": "28", "54": "75", "72": "75", "74": "75", "73": "76", "91": "76",
}  # fmt: skip

#: Places that questions give as their examples; here they have the most links.
EXAMPLES = (
    "fr-region-84",
    "fr-region-52",
    "fr-commune-37261",
    "fr-commune-71014",
    "cn-510000",
    "cn-510100",
)

#: Of each hundred places, how many are French and how many Chinese.
_FRENCH, _CHINESE = 45, 20

_RANK = {"country": 0, "province": 1, "region": 1, "prefecture": 2, "departement": 2}
_CODES = {"insee": "inseeCode", "gb2260": "gbCode", "iso3166": "isoCode"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the graph holds it; ``labels`` by language, what a page shows in ``shown``."""

    key: str
    level: str
    country: str
    parents: tuple[str, ...]
    labels: dict[str, str]
    shown: dict[str, str]
    codes: tuple[tuple[str, str], ...]
    point: tuple[str, str] | None
    source: str


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The places of one data set: all of them, and those that may have links, largest first."""

    places: dict[str, Place]
    french: list[str]
    chinese: list[str]
    others: list[str]


def gazetteer(count: int) -> Gazetteer:
    """So many places that may have links, with all that they lie in."""
    everything = {place.key: (size, place) for size, place in _read(folder("data") / "gazetteer")}

    def chosen(share: float, *starts: str) -> list[str]:
        mine = [
            (_rank(place), -size, place.key)
            for size, place in everything.values()
            if place.level not in {"country", "epci"} and place.key.startswith(starts)
        ]
        return [key for _, _, key in sorted(mine)][: max(1, round(share * count))]

    french, chinese = chosen(_FRENCH / 100, "fr-"), chosen(_CHINESE / 100, "cn-")
    others = chosen(1 - (_FRENCH + _CHINESE) / 100, "geonames-")
    kept: dict[str, Place] = {}

    def keep(key: str) -> None:
        if key not in kept:
            kept[key] = everything[key][1]
            for parent in (*kept[key].parents, kept[key].country):
                if parent:
                    keep(parent)

    for key in (*french, *chinese, *others, "fr", "cn"):
        keep(key)
    for number in range(count - len(french) - len(chinese) - len(others)):
        place = _made_up(number, everything[others[number % len(others)]][1].country)
        kept[place.key] = place
        others.append(place.key)
    return Gazetteer(kept, french, chinese, others)


def _rank(place: Place) -> int:
    if place.key in EXAMPLES:
        return EXAMPLES.index(place.key) - len(EXAMPLES)
    return _RANK.get(place.level, 3)


def _made_up(number: int, country: str) -> Place:
    name = f"Newtown {number + 1}"
    labels = {"fr": name, "en": name}
    return Place(
        f"register-{number + 1}", "city", country, (country,), labels, _shown(labels), (), None, "register"
    )  # fmt: skip


def _shown(labels: dict[str, str]) -> dict[str, str]:
    return {lang: best(labels.items(), lang) or "" for lang in LANGUAGES}


def _read(where: Path) -> Iterator[tuple[int, Place]]:
    """The places of the tables that exist today, and the regions before 2016, with their sizes."""
    for name in ("countries", "fr-places", "cn-places", "world-places"):
        with (where / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["until"] or row["source"] in {"insee-history", "gb2260-revisions"}:
                    continue
                english = row["label_en"] or row["name"]
                labels = {"fr": row["label_fr"] or row["name"], "en": english}
                if row["label_zh"]:
                    labels["zh"] = row["label_zh"]
                codes = [(_CODES[kind], row[kind]) for kind in _CODES if row[kind]]
                point = tuple(
                    format(Decimal(row[c]).normalize(), "f") for c in ("lat", "lng") if row[c]
                )
                yield (
                    int(row["population"] or 0),
                    Place(
                        row["key"],
                        row["level"],
                        row["country"],
                        tuple(row["parent"].split(";")) if row["parent"] else (),
                        labels,
                        _shown(labels),
                        tuple(codes),
                        (point[0], point[1]) if len(point) == 2 else None,
                        row["source"].split(";")[0],
                    ),
                )
