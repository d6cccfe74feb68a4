"""All that lies in a place: the property path against a stored closure.

``python tests/benchmarks/within.py``, on the places of the gazetteers. Each side holds the
hierarchy in a store in memory, the second its closure beside it; the rows are compared first.
Prints Markdown; ``--json FILE`` keeps every run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from bench import Peer, Told, measured, report, written

from maillage.folders import folder
from maillage.gazetteer import Gazetteer
from maillage.mint import thing
from maillage.terms import PREFIXES

IS_PART_OF = ox.NamedNode(PREFIXES["dcterms"] + "isPartOf")
LIES_IN = ox.NamedNode("https://example.org/liesIn")
ASKED = ("fr", "fr-region-44", "fr-departement-67", "cn-510000", "us-ca")
#: How often a job is done in one run: one answer takes microseconds.
TIMES = 10


def place(key: str) -> ox.NamedNode:
    return ox.NamedNode(str(thing("place", key)))


def above() -> dict[str, list[str]]:
    """What each place lies in, one step up."""
    places = Gazetteer(folder("data") / "gazetteer").places
    return {key: list(found.parents) for key, found in places.items()}


def lies_in(key: str, parents: dict[str, list[str]]) -> set[str]:
    """A place and all that it lies in."""
    found, waiting = {key}, [key]
    while waiting:
        new = [parent for parent in parents.get(waiting.pop(), ()) if parent not in found]
        found.update(new)
        waiting += new
    return found


def asked(stored: bool) -> Callable[[tuple[str, bool]], Told]:
    """One of the two sides.

    :param stored: whether the closure is stored and asked, not the path.
    """
    parents, store = above(), ox.Store()
    store.bulk_extend(
        ox.Quad(place(key), IS_PART_OF, place(one)) for key, some in parents.items() for one in some
    )
    if stored:
        every = {*parents, *(one for some in parents.values() for one in some)}
        store.bulk_extend(
            ox.Quad(place(key), LIES_IN, place(one))
            for key in every
            for one in lies_in(key, parents)
        )
    way = str(LIES_IN) if stored else f"{IS_PART_OF}*"

    def do(job: tuple[str, bool]) -> Told:
        key, upward = job
        pattern = f"{place(key)} {way} ?p" if upward else f"?p {way} {place(key)}"
        for _ in range(TIMES):
            rows = [*store.query(f"SELECT DISTINCT ?p {{ {pattern} }}")]
        return Told(lambda: ((row["p"],) for row in rows))

    return do


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    jobs = {f"in {key}": (key, False) for key in ASKED}
    jobs["above Strasbourg"] = ("fr-commune-67482", True)
    peers = [
        Peer("path", "within:asked", (False,)),
        Peer("closure", "within:asked", (True,)),
    ]
    found = measured(peers, jobs, runs=given.runs, libraries=("pyoxigraph",))
    print(report(found, f"Places within a place, {TIMES} times"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
