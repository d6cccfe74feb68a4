"""Matching a list of names, against a plain loop of ``rapidfuzz.process.extractOne``.

``python tests/benchmarks/match_names.py [--list LIST.csv]``: a table with the columns ``city1``,
``country1``, ``city2``, ``country2`` (the worldwide list of twinnings), or the test set. The peer
looks for the likest of all names, one name after the other; what is known beside a name is given to
neither. It answers less (no level, no "which one?"), so that the ratio is in its favour. Compared is
what both can say: which of the names some place bears as they stand. Prints Markdown; ``--json
FILE`` keeps every run.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

from bench import Peer, Told, measured, report, written
from rapidfuzz import fuzz, process

from maillage.bearers import Bearers
from maillage.folders import folder
from maillage.gazetteer import Gazetteer
from maillage.match import Hints, Matcher
from maillage.spelling import key

#: How many names a sample has.
SIZE = 120
EXACT = 100


def asked(path: Path) -> list[str]:
    """The names of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row[name] for row in rows for name in ("city1", "city2", "name") if name in row]


def maillage() -> Callable[[list[str]], Told]:
    """Our own way, from names to the places that may be meant, with nothing remembered."""
    places = Gazetteer(folder("data") / "gazetteer")
    bearers = Bearers(places)

    def do(names: list[str]) -> Told:
        matches = Matcher(places, base=bearers).match_all([(name, Hints()) for name in names])
        return Told(
            lambda: (
                (match.text,)
                for match in matches
                if any(
                    key(match.text) in map(key, names_of(places, found.place))
                    for found in match.candidates
                )
            )
        )

    return do


def loop() -> Callable[[list[str]], Told]:
    """The likest name of all, one after the other."""
    places = Gazetteer(folder("data") / "gazetteer")
    every = sorted({key(name) for place in places.places for name in names_of(places, place)})

    def do(names: list[str]) -> Told:
        found = [process.extractOne(key(name), every, scorer=fuzz.ratio) for name in names]
        best = zip(names, found, strict=True)
        return Told(lambda: ((name,) for name, match in best if match[1] == EXACT))

    return do


def names_of(places: Gazetteer, place: str) -> list[str]:
    """All names of a place."""
    found = places[place]
    labels = [found.name, found.label_fr, found.label_en, found.label_zh, found.label_hant]
    others = found.other_names.split("|") if found.other_names else []
    more = (name.name for name in places.names.get(place, ()))
    return [name for name in (*labels, found.pinyin, *others, *more) if name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", type=Path, default=Path(__file__).parents[1] / "mentions.csv")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=60, help="seconds of processor for one job")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    names = asked(given.list)
    sample = names[:: max(1, len(names) // SIZE)]
    peers = [
        Peer("rapidfuzz", "match_names:loop", (), given.limit),
        Peer("maillage", "match_names:maillage", (), given.limit),
    ]
    found = measured(
        peers, {f"a sample of {len(sample)} names": sample, f"all {len(names)} names": names},
        runs=given.runs, libraries=("maillage", "rapidfuzz"),
    )  # fmt: skip
    print(report(found, f"Names of {given.list.name}"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
