"""Matching a list of names, against a plain loop of ``rapidfuzz.process.extractOne``.

``python tests/benchmarks/match_names.py [LIST.csv]``: a table with the columns ``city1``,
``country1``, ``city2``, ``country2`` (the worldwide list of twinnings), or the test set. The peer
looks for the likest of all names, one name after the other; it takes a sample of the list, and its
time is told per name. It answers less (no country, no level, no "which one?"), so that the ratio is
in its favour.
"""

from __future__ import annotations

import csv
import platform
import resource
import statistics
import sys
import time
from pathlib import Path

import rapidfuzz
from rapidfuzz import fuzz, process

from maillage.bearers import Bearers
from maillage.folders import folder
from maillage.gazetteer import Gazetteer
from maillage.match import Hints, Matcher
from maillage.spelling import key

RUNS, SAMPLE = 5, 120


def asked(path: Path) -> list[tuple[str, Hints]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if "city1" in rows[0]:
        return [(r[f"city{n}"], Hints(r[f"country{n}"])) for r in rows for n in "12"]
    return [(r["name"], Hints(r["country"], r["level"], r["parent"])) for r in rows]


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "mentions.csv"
    names = asked(path)
    start = time.perf_counter()
    places = Gazetteer(folder("data") / "gazetteer")
    bearers = Bearers(places)
    load = time.perf_counter() - start
    ours = []
    for _ in range(RUNS):
        matcher = Matcher(places, base=bearers)
        start = time.perf_counter()
        matcher.match_all(names)
        ours.append((time.perf_counter() - start) / len(names))
    held = memory()
    every = sorted({key(n) for p in places.places.values() for n in _all_names(places, p.key)})
    sample = [key(name) for name, _ in names[:: max(1, len(names) // SAMPLE)]]
    peer = []
    for _ in range(3):
        start = time.perf_counter()
        for name in sample:
            process.extractOne(name, every, scorer=fuzz.ratio)
        peer.append((time.perf_counter() - start) / len(sample))
    mine, theirs = statistics.median(ours), statistics.median(peer)
    print(f"Python {platform.python_version()}, rapidfuzz {rapidfuzz.__version__}, {path.name}")
    print(f"{len(names)} names against {len(every)} names of {len(places.places)} places")
    print(f"loading            {load:8.2f} s")
    print(f"maillage           {mine * 1e6:8.1f} µs a name, {mine * len(names):.1f} s in all")
    print(f"extractOne loop    {theirs * 1e6:8.1f} µs a name (sample of {len(sample)})")
    print(
        f"ratio              {theirs / mine:8.0f} times faster; loading counted {theirs * len(names) / (mine * len(names) + load):.0f}"
    )
    print(f"memory             {held:8.0f} MB at most before the peer's list")


def _all_names(places: Gazetteer, place: str) -> list[str]:
    found = places[place]
    labels = [
        found.name,
        found.label_fr,
        found.label_en,
        found.label_zh,
        found.label_hant,
        found.pinyin,
    ]
    others = found.other_names.split("|") if found.other_names else []
    return [n for n in (*labels, *others, *(f.name for f in places.names.get(place, ()))) if n]


if __name__ == "__main__":
    main()
