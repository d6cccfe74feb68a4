"""Rows of a table into quads in a store on disk: ``python tests/benchmarks/rows.py FOLDER --rows 10000``.

The table of links, made up with all that it refers to (``tabled.py``), is made in FOLDER when it is
not there. Jobs: the quads of the rows, claims and evidence, in a store ``on disk`` or ``in memory``;
``claims`` in memory, the part that a mapping language can say, where the others still make all.
Prints Markdown.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench import Peer, measured, report, written
from rows_loaded import CLAIMED, Job
from tabled import tabled

LIBRARIES = ("pyoxigraph", "rdflib", "maillage")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600, help="seconds of processor for one job")
    parser.add_argument("--enough", type=float, default=60, help="of which a job is not repeated")
    parser.add_argument("--morph", default="", help="a Python that has morph-kgc")
    parser.add_argument("--peers", default="", help="some of them, separated by commas")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    where = str(tabled(given.folder / f"rows-{given.rows}", given.rows).resolve())
    every = [
        Peer("pyoxigraph", "rows_loaded:pyoxigraph", (where,), given.limit),
        Peer("pyoxigraph, no text", "rows_loaded:pyoxigraph_quads", (where,), given.limit),
        Peer("maillage", "rows_loaded:maillage", (where,), given.limit),
        Peer("rdflib", "rows_loaded:rdflib", (where,), given.limit),
    ]
    jobs = {"on disk": Job(kept=True), "in memory": Job(kept=False)}
    if given.morph:
        every.append(Peer("morph-kgc", "rows_loaded:morph_kgc", (where, given.morph), given.limit))
        jobs["claims"] = Job(kept=False, properties=CLAIMED)
    wanted = [name for name in given.peers.split(",") if name]
    found = measured(
        [peer for peer in every if not wanted or peer.name in wanted],
        jobs,
        runs=given.runs,
        enough=given.enough,
        libraries=LIBRARIES,
        command=f"python tests/benchmarks/rows.py FOLDER --rows {given.rows} --runs {given.runs}"
        + (f" --peers '{given.peers}'" if wanted else "")
        + (" --morph PYTHON" if given.morph else ""),
    )
    if given.json:
        written(found, given.json)
    print(report(found, f"{given.rows:,} rows", "s"))


if __name__ == "__main__":
    main()
