"""The measures of large networks: arrays against plain networkx, on the same made-up network.

    python tests/benchmarks/networks.py FOLDER --links 100000

The network is made in FOLDER when it is not there (:mod:`generated_parquet`). Betweenness is taken
from a few pivots, the same on both sides. Communities are another Louvain's, so that not the groups
are compared but how good they are (modularity). Prints Markdown; ``--json FILE`` keeps every run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import networkx as nx
import numpy as np
from bench import Peer, Told, measured, report, written
from generated_parquet import tables
from pyarrow import dataset

from maillage import plain, swift
from maillage.mesh import SEED, Mesh, mesh_of_pairs, numbered, ranked

__all__ = ["MAKING", "READING", "arrays"]

LIBRARIES = ("maillage", "networkx", "numpy", "scipy", "scikit-network", "pyarrow")
READING, MAKING = "reading the Parquet", "making the graph"
JOBS = (
    MAKING, "components", "PageRank", "communities", "betweenness", "label propagation", "k-core",
    "triangles",
)  # fmt: skip
#: By how much numbers may differ, all together; of communities, one number says how good they are.
TOLERANCES = {"PageRank": 1e-7, "betweenness": 1e-9, "communities": 0.01}


def each(mesh: Mesh, values: Any) -> Told:
    return Told(lambda: zip(mesh.names, np.asarray(values).tolist(), strict=True))


def pairs(folder: str) -> tuple[list[str], list[str], list[float], int]:
    """The pairs of a folder of Parquet: both ends, weights, and how many links they come from."""
    held = dataset.dataset(f"{folder}/pairs", partitioning="hive")
    links = len(held.to_table(columns=["link"])["link"].unique())
    table = held.to_table(columns=["one", "other", "weight"])
    return (*(table[name].to_pylist() for name in ("one", "other", "weight")), links)


def pivots_of(mesh: Mesh, count: int) -> list[int]:
    """The parties that networkx draws for its betweenness with our seed."""
    return Random(SEED).sample(range(len(mesh.names)), count)  # noqa: S311  # as networkx draws


def modularity(mesh: Mesh, number: Any) -> Told:
    """How good a division is, by networkx, as both sides are told."""

    def made() -> list[tuple[object, ...]]:
        groups: dict[int, set[int]] = {}
        for party, group in enumerate(np.asarray(number).tolist()):
            groups.setdefault(group, set()).add(party)
        return [("modularity", nx.community.modularity(mesh.simple, groups.values()))]

    return Told(made)


def arrays(folder: str, pivots: int) -> Callable[[str], Told]:
    """What ``maillage measure`` uses for large networks."""
    held = pairs(folder)
    ready = mesh_of_pairs(*held[:3], links=held[3])
    lot = pivots_of(ready, pivots)

    def do(job: str) -> Told:
        if job in {READING, MAKING}:
            told = pairs(folder) if job == READING else held
            made = mesh_of_pairs(*told[:3], links=told[3])
            return Told(lambda: [("parties", len(made.names)), ("pairs", made.matrix.nnz // 2)])
        # nothing remembered but its matrix
        mesh = Mesh(ready.names, ready.one, ready.other, ready.weight, ready.links, ready.edges)
        mesh.__dict__["matrix"] = ready.matrix
        if job == "communities":
            return modularity(mesh, swift.communities(mesh))
        return each(mesh, ways[job](mesh))

    ways: dict[str, Callable[[Mesh], Any]] = {
        "degrees": lambda mesh: np.diff(mesh.matrix.indptr),
        "components": swift.components,
        "PageRank": swift.pagerank,
        "betweenness": lambda mesh: swift.between(mesh, lot, sampled=True),
        "label propagation": swift.propagated,
        "k-core": swift.cores,
        "triangles": swift.triangles,
    }
    ready.matrix  # noqa: B018  # made before any clock runs
    return do


def networkx(folder: str, pivots: int) -> Callable[[str], Told]:
    """Plain networkx, as ``maillage measure`` uses it for small networks."""
    ones, others, weights, links = pairs(folder)
    ready = mesh_of_pairs(ones, others, weights, links=links)
    graph = ready.simple

    def do(job: str) -> Told:
        if job == MAKING:
            made: nx.Graph[str] = nx.Graph()
            for one, other, weight in zip(ones, others, weights, strict=True):
                if made.has_edge(one, other):
                    made[one][other]["weight"] += weight
                else:
                    made.add_edge(one, other, weight=weight)
            return Told(lambda: [("parties", len(made)), ("pairs", made.number_of_edges())])
        found = ways[job]()
        if job == "components":
            return each(ready, in_order(numbered(ranked(found))))
        if job == "communities":
            return modularity(ready, in_order(numbered(ranked(found))))
        return each(ready, in_order(found))

    def in_order(values: dict[int, Any]) -> list[Any]:
        return [values[party] for party in range(len(ready.names))]

    ways: dict[str, Callable[[], Any]] = {
        "components": lambda: list(nx.connected_components(graph)),
        "PageRank": lambda: plain.pagerank(graph),
        "communities": lambda: nx.community.louvain_communities(graph, seed=SEED),
        "betweenness": lambda: nx.betweenness_centrality(graph, k=pivots, seed=SEED),
        "label propagation": lambda: plain.OF_EACH["propagated"](ready),
        "k-core": lambda: nx.core_number(graph),
        "triangles": lambda: nx.triangles(graph),
    }
    return do


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--links", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pivots", type=int, default=4)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=300, help="seconds of processor for one job")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folder = str(tables(given.folder, given.links, given.seed))
    peers = [
        Peer(name, f"networks:{name}", (folder, given.pivots), given.limit)
        for name in ("arrays", "networkx")
    ]
    command = f"python tests/benchmarks/networks.py FOLDER --links {given.links} --runs {given.runs} --limit {given.limit:g}"
    found = measured(
        peers, dict(zip(JOBS, JOBS, strict=True)), runs=given.runs, tolerances=TOLERANCES,
        libraries=LIBRARIES, command=command,
    )  # fmt: skip
    print(report(found, f"{given.links:,} links, {given.pivots} pivots"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
