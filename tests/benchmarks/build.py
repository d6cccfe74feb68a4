"""What follows from claims, and a build by step: ``python tests/benchmarks/build.py FOLDER --links 1000``.

The made-up data are written to FOLDER when they are not there, whole and without what follows. Jobs:
a store ``in memory`` and one ``on disk`` that hold everything in the end. pyoxigraph loads all of it
from text, and is the limit; Maillage loads the claims likewise, and derives the rest. What follows is
compared, statement by statement, before the times. Prints Markdown; ``--json FILE`` keeps every run.

``--steps`` builds the data that travel with Maillage, ``--also`` what is given, and tells the
processor time of each step.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox
from bench import Peer, measured, report, written
from generated import generated
from machine import peak

from maillage.build import build
from maillage.derive import DERIVED, derive
from maillage.mint import graph_iri

LIBRARIES = ("pyoxigraph", "maillage")
MEMORY, DISK = "in memory", "on disk"


class Made:
    """A store in memory or in a folder that goes when it does, and what follows in it."""

    def __init__(self, job: str, path: str) -> None:
        self._room = tempfile.TemporaryDirectory()
        self.store = ox.Store(self._room.name) if job == DISK else ox.Store()
        self.store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)

    def lines(self) -> Iterator[str]:
        """The statements of the derived graphs."""
        for name in DERIVED:
            graph = ox.NamedNode(graph_iri(name))
            yield from map(str, self.store.quads_for_pattern(None, None, None, graph))


def pyoxigraph(whole: str) -> Callable[[str], Made]:
    """Everything from text."""
    return lambda job: Made(job, whole)


def maillage(claims: str) -> Callable[[str], Made]:
    """The claims from text, and what follows from them."""

    def do(job: str) -> Made:
        made = Made(job, claims)
        derive(made.store)
        return made

    return do


def files(folder: Path, links: int) -> tuple[Path, Path]:
    """The made-up data as N-Quads: all, and without what follows."""
    whole, claims = folder / f"whole-{links}.nq", folder / f"claims-{links}.nq"
    if not claims.exists():
        folder.mkdir(parents=True, exist_ok=True)
        follows = tuple(f" <{graph_iri(name)}> .\n" for name in DERIVED)
        with whole.open("w", encoding="utf-8") as every, claims.open("w", encoding="utf-8") as some:
            for piece in generated(links):
                every.write(piece)
                lines = piece.splitlines(keepends=True)
                some.writelines(line for line in lines if not line.endswith(follows))
    return whole, claims


def steps(also: Sequence[Path]) -> str:
    """A table of the steps of a build: seconds of processor, and the most memory until its end."""
    rows = ["| step | processor s | peak MB |", "|---|--:|--:|"]
    step, begun = "start", time.process_time()

    def tell(name: str) -> None:
        nonlocal step, begun
        now = time.process_time()
        rows.append(f"| {step} | {now - begun:.2f} | {peak(os.getpid()) / 1e6:.0f} |")
        step, begun = name, now

    with tempfile.TemporaryDirectory() as room:
        build(Path(room) / "out", also=also, step=tell, anew=True)
        tell("")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--links", type=int, default=1_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--limit", type=float, default=1_200, help="seconds of processor for one job"
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--steps", action="store_true")
    parser.add_argument("--also", type=Path, action="append", default=[])
    given = parser.parse_args()
    if given.steps:
        print(steps(given.also))
    if given.folder is None:
        return
    whole, claims = files(given.folder.resolve(), given.links)
    peers = [
        Peer("pyoxigraph", "build:pyoxigraph", (str(whole),), given.limit),
        Peer("maillage", "build:maillage", (str(claims),), given.limit),
    ]
    found = measured(
        peers, {MEMORY: MEMORY, DISK: DISK}, runs=given.runs, libraries=LIBRARIES,
        command=f"python tests/benchmarks/build.py FOLDER --links {given.links}",
    )  # fmt: skip
    print(report(found, f"{given.links:,} links", "s"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
