"""The Spark job against arrays in one process, on the same Parquet of a made-up network.

    python tests/benchmarks/whole_graph.py FOLDER --links 100000

Says from which size Spark pays. The network is made in FOLDER when it is not there
(:mod:`generated_parquet`). Spark works in local mode on all cores; its processor time is that of its
Java process, with Python's beside. Prints Markdown; ``--json FILE`` keeps every run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import Peer, Told, measured, report, written
from generated_parquet import tables
from networks import READING

from maillage import spark as work

__all__ = ["spark"]

LIBRARIES = ("maillage", "pyspark", "numpy", "scipy", "pyarrow")
JOBS = (READING, "degrees", "components", "PageRank", "label propagation")


def spark(folder: str) -> Any:
    """Spark on this machine, warm: what starts it is told apart, as "ready after"."""
    session = work.session()
    state = {"edges": work.edges(session, folder)}
    state["edges"].count()
    ways: dict[str, Callable[[Any], Any]] = {
        "degrees": lambda edges: edges.groupBy("party").count(),
        "components": work.components,
        "PageRank": work.pagerank,
        "label propagation": work.propagated,
    }

    def do(job: str) -> Told:
        if job == READING:
            state["edges"].unpersist()
            edges = state["edges"] = work.edges(session, folder)
            rows = edges.count()
            return Told(
                lambda: [
                    ("parties", edges.select("party").distinct().count()),
                    ("pairs", rows // 2),
                ]
            )
        frame = ways[job](state["edges"]).persist()
        frame.count()
        return Told(frame.collect)

    do.pid = session.sparkContext._gateway.proc.pid
    do.close = session.stop
    return do


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--links", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--limit", type=float, default=1_800, help="seconds of processor for one job"
    )
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folder = str(tables(given.folder, given.links, given.seed))
    peers = [
        Peer("arrays", "networks:arrays", (folder, 1), given.limit),
        Peer("Spark", "whole_graph:spark", (folder,), given.limit),
    ]
    command = (
        f"python tests/benchmarks/whole_graph.py FOLDER --links {given.links} --runs {given.runs}"
    )
    found = measured(
        peers, dict(zip(JOBS, JOBS, strict=True)), runs=given.runs, tolerances={"PageRank": 1e-6},
        libraries=LIBRARIES, command=command,
    )  # fmt: skip
    print(report(found, f"{given.links:,} links"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
