"""How long the command takes to start: ``python tests/benchmarks/startup.py DIR``.

``maillage -h`` against a Python that imports click and does nothing (bar: 3 times), and ``maillage
ask links --format csv``, of all and of one place called by its name, against the shortest script that
has pyoxigraph answer the same query from the same store. DIR was made by ``maillage build --out DIR``. Each is a process of its own, started
anew each time, in turn; the rows are compared first. Prints Markdown; ``--json FILE`` keeps every
run.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import Peer, measured, report, written

from maillage.mint import thing
from maillage.questions import questions

LIBRARIES = ("maillage", "click", "pyoxigraph", "rdflib")
BARE = """\
import sys, pyoxigraph as ox
found = ox.Store.read_only(sys.argv[1]).query(sys.argv[2])
sys.stdout.buffer.write(found.serialize(format=ox.QueryResultsFormat.CSV))
"""


def ended(_: str) -> list[str]:
    """Nothing to compare but that it came to its end."""
    return ["ended"]


def rows(text: str) -> Iterator[str]:
    """The rows of a table of CSV, each cell's list in one order."""
    for row in csv.reader(text.splitlines()):
        yield "\t".join(" ".join(sorted(cell.split())) for cell in row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    store = (given.folder / "current" / "store").resolve()
    ours = [sys.executable, "-m", "maillage"]
    ask = [*ours, "ask", "links", "--format", "csv", "--store", str(given.folder.resolve())]
    bare = [sys.executable, "-c", BARE, str(store)]
    links = questions()["links"]
    of_tours = links.bind({"place": thing("place", "fr-commune-37261")})
    ask_tours = [*ours, "ask", "links", "place=Tours", *ask[-4:]]
    pairs = {
        "maillage -h": (
            ("import click", [sys.executable, "-c", "import click"], "startup:ended"),
            ("maillage", [*ours, "-h"], "startup:ended"),
        ),
        "ask links": (
            ("pyoxigraph", [*bare, links.sparql], "startup:rows"),
            ("maillage", ask, "startup:rows"),
        ),
        "ask links place=Tours": (
            ("pyoxigraph", [*bare, of_tours], "startup:rows"),
            ("maillage", ask_tours, "startup:rows"),
        ),
    }
    for job, sides in pairs.items():
        peers = [Peer(name, "commands:command", (argv, read)) for name, argv, read in sides]
        found = measured(
            peers, {job: job}, runs=given.runs, libraries=LIBRARIES,
            command=f"python tests/benchmarks/startup.py DIR --runs {given.runs}",
        )  # fmt: skip
        print(report(found, f"`{job}` against {sides[0][0]}"))
        if given.json:
            written(found, given.json.with_stem(f"{given.json.stem}-{job.replace(' ', '-')}"))


if __name__ == "__main__":
    main()
