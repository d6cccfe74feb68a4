"""The Spark job against arrays in one process, on the same Parquet of drawn links.

    python tests/benchmarks/whole_graph.py [--sizes 100000,1000000] [--spark-up-to N]

Says from which size Spark pays. Values are compared before anything is printed. Spark's processor
time is that of its Java process, with Python's beside.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from machine import calibration, machine, processor, versions
from networks import drawn
from pyarrow import dataset, parquet

from maillage import spark as job
from maillage import swift
from maillage.mesh import Mesh, mesh_of_pairs


def write_pairs(links: int, folder: Path) -> None:
    """What ``publish --format parquet`` writes of the pairs of so many links."""
    ones, others = drawn(links)
    ends = [sorted(pair) for pair in zip(ones, others, strict=True)]
    columns = {
        "link": [f"link/{number}" for number in range(len(ends))],
        "one": [one for one, _ in ends],
        "other": [other for _, other in ends],
        "weight": np.ones(len(ends)),
        "tentative": np.zeros(len(ends), dtype=bool),
    }
    place = folder / "pairs" / "kind=twinning"
    place.mkdir(parents=True)
    parquet.write_table(pa.table(columns), place / "part-0.parquet", row_group_size=1 << 16)


def read_pairs(folder: Path) -> Mesh:
    table = dataset.dataset(folder / "pairs", partitioning="hive").to_table()
    columns = [table[name].to_pylist() for name in ("one", "other", "weight")]
    return mesh_of_pairs(*columns, links=table.num_rows)


def own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def by_arrays(folder: Path):
    found, spent = {}, {}
    start, wall = own_seconds(), time.perf_counter()
    mesh = read_pairs(folder)
    spent["reading"] = own_seconds() - start, time.perf_counter() - wall
    jobs = {"PageRank": swift.pagerank, "components": swift.components, "label propagation": swift.propagated}  # fmt: skip
    for name, work in jobs.items():
        start, wall = own_seconds(), time.perf_counter()
        found[name] = dict(zip(mesh.names, work(mesh).tolist(), strict=True))
        spent[name] = own_seconds() - start, time.perf_counter() - wall
    return found, spent


def by_spark(folder: Path, session, pid: int):
    found, spent = {}, {}

    def used() -> float:
        return processor(pid) + own_seconds()

    start, wall = used(), time.perf_counter()
    edges = job.edges(session, str(folder))
    edges.count()
    spent["reading"] = used() - start, time.perf_counter() - wall
    jobs = {"PageRank": job.pagerank, "components": job.components, "label propagation": job.propagated}  # fmt: skip
    for name, work in jobs.items():
        start, wall = used(), time.perf_counter()
        rows = work(edges).collect()
        spent[name] = used() - start, time.perf_counter() - wall
        found[name] = {row[0]: row[1] for row in rows}
        print(f"  spark {name}: {spent[name][0]:.1f} CPU s, {spent[name][1]:.1f} s", flush=True)
    edges.unpersist()
    return found, spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--spark-up-to", type=int, default=1_000_000)
    asked = parser.parse_args()
    session = job.session()
    pid = session.sparkContext._gateway.proc.pid
    tried = versions(("pyspark", "numpy", "scipy", "pyarrow"))
    print(json.dumps({**machine(), **tried, "calibration s": calibration()}))
    print("| links | work | arrays CPU s | Spark CPU s | Spark wall s | ratio of CPU |")
    print("|--:|---|--:|--:|--:|--:|")
    for size in map(int, asked.sizes.split(",")):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            write_pairs(size, folder)
            ours, spent = by_arrays(folder)
            theirs, taken = (
                by_spark(folder, session, pid) if size <= asked.spark_up_to else ({}, {})
            )
        if theirs:
            assert theirs["components"] == ours["components"]
            assert theirs["label propagation"] == ours["label propagation"]
            pairs = ((theirs["PageRank"][p], share) for p, share in ours["PageRank"].items())
            assert sum(abs(one - other) for one, other in pairs) < 1e-6
        for name, (cpu, _) in spent.items():
            other, wall = taken.get(name, (float("nan"), float("nan")))
            print(
                f"| {size:,} | {name} | {cpu:.2f} | {other:.1f} | {wall:.1f} | {other / cpu:.0f} |"
            )
    session.stop()


if __name__ == "__main__":
    main()
