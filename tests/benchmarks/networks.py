"""The measures of large networks: our arrays against plain networkx, on the same graph.

    python tests/benchmarks/networks.py [--sizes 10000,100000,1000000] [--pivots 4] [--peer-up-to N]

Links are drawn with a seed: two sides and some links within a side, partners by preferential
attachment, so that a few parties have very many. networkx's betweenness is timed from a few pivots,
and so are we, from the same ones. Values are compared before anything is printed. Each size runs in
a process of its own, which tells its peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from random import Random

import networkx as nx
import numpy as np
from machine import calibration, machine, versions

from maillage import swift
from maillage.mesh import SEED, Mesh, mesh_of_pairs

ENGINES = ("networkx", "numpy", "scipy", "scikit-network")


def drawn(links: int) -> tuple[list[str], list[str]]:
    """Both ends of each link; about half as many parties as links."""
    random = Random(links)  # noqa: S311  # the same network each time
    ones, others = [], []
    ends: dict[str, list[str]] = {"fr": ["fr-0"], "cn": ["cn-0"]}
    for number in range(links):
        sides = ("fr", "cn") if random.random() < 0.9 else random.choices(("fr", "cn"), k=2)
        pair = []
        for side in sides:
            known = ends[side]
            new = random.random() < 0.27
            party = f"{side}-{number}" if new else known[random.randrange(len(known))]
            known.append(party)
            pair.append(party)
        if pair[0] != pair[1]:
            ones.append(pair[0])
            others.append(pair[1])
    return ones, others


def timed(job, times: int):
    """What a job returns, and the median of the processor time it took in seconds.

    Both sides work in one thread; the processor's time is theirs alone when a machine is shared.
    """
    spent, found = [], None
    for _ in range(times):
        start = time.process_time()
        found = job()
        spent.append(time.process_time() - start)
        print(f"{spent[-1]:.3f} s", file=sys.stderr, flush=True)
    return found, statistics.median(spent)


def one_size(links: int, pivots: int, times: int, *, peer: bool) -> dict[str, object]:
    ones, others = drawn(links)

    def made() -> Mesh:
        return mesh_of_pairs(ones, others, np.ones(len(ones)), links=len(ones))

    mesh, seconds = timed(made, times)
    assert mesh.matrix.nnz  # made before the clock runs
    ours = {"pairs of text to arrays": seconds}
    lot = Random(SEED).sample(range(len(mesh.names)), pivots)  # noqa: S311  # networkx draws so
    jobs = {
        "components": lambda: swift.components(made_again(mesh)),
        "PageRank": lambda: swift.pagerank(mesh),
        "communities": lambda: swift.communities(made_again(mesh)),
        "betweenness": lambda: swift.between(mesh, lot, sampled=True),
        "label propagation": lambda: swift.propagated(mesh),
        "k-core": lambda: swift.cores(mesh),
        "triangles": lambda: swift.triangles(made_again(mesh)),
    }
    found = {}
    for name, job in jobs.items():
        found[name], ours[name] = timed(job, times)
    report = {
        "links": len(ones),
        "parties": len(mesh.names),
        "pairs": len(mesh.one),
        "pivots": pivots,
        "ours": ours,
        "ours_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if peer:
        report["peer"] = against(mesh, found, pivots, report)
        report["both_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return report


def made_again(mesh: Mesh) -> Mesh:
    """The same network, with nothing remembered but its matrix."""
    fresh = Mesh(mesh.names, mesh.one, mesh.other, mesh.weight, mesh.links, mesh.edges)
    fresh.__dict__["matrix"] = mesh.matrix
    return fresh


def against(mesh: Mesh, found, pivots: int, report) -> dict[str, float]:
    """networkx once, on the same graph; its values must be ours."""
    graph, making = timed(lambda: made_again(mesh).simple, 1)
    theirs = {"pairs of text to arrays": making}
    groups, theirs["components"] = timed(lambda: list(nx.connected_components(graph)), 1)
    assert len(groups) == found["components"].max()
    rank, theirs["PageRank"] = timed(lambda: nx.pagerank(graph, tol=1e-10, max_iter=1000), 1)
    report["pagerank_differs"] = float(
        np.abs(np.array(list(rank.values())) - found["PageRank"]).max()
    )
    middle, theirs["betweenness"] = timed(
        lambda: nx.betweenness_centrality(graph, k=pivots, seed=SEED), 1
    )
    report["betweenness_differs"] = float(
        np.abs(np.array(list(middle.values())) - found["betweenness"]).max()
    )
    core, theirs["k-core"] = timed(lambda: nx.core_number(graph), 1)
    assert list(core.values()) == found["k-core"].tolist()
    counted, theirs["triangles"] = timed(lambda: nx.triangles(graph), 1)
    assert list(counted.values()) == found["triangles"].tolist()
    louvain, theirs["communities"] = timed(
        lambda: nx.community.louvain_communities(graph, seed=SEED), 1
    )
    ours = [set() for _ in range(found["communities"].max())]
    for party, number in enumerate(found["communities"].tolist()):
        ours[number - 1].add(party)
    report["modularity"] = [
        nx.community.modularity(graph, division) for division in (ours, louvain)
    ]
    return theirs


def table(reports) -> str:
    rows = ["| links | measure | arrays CPU s | networkx CPU s | ratio |", "|--:|---|--:|--:|--:|"]
    for report in reports:
        for name, ours in report["ours"].items():
            theirs = report.get("peer", {}).get(name)
            label = "making the graph" if name == "pairs of text to arrays" else name
            if name == "betweenness":
                label += f", {report['pivots']} pivots"
            ratio = f"{theirs / ours:.0f}" if theirs else "–"
            other = f"{theirs:.2f}" if theirs else "–"
            rows.append(f"| {report['links']:,} | {label} | {ours:.3f} | {other} | {ratio} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--pivots", type=int, default=4)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--peer-up-to", type=int, default=1_000_000)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        peer = asked.one <= asked.peer_up_to
        print(json.dumps(one_size(asked.one, asked.pivots, asked.times, peer=peer)))
        return
    print(json.dumps({**machine(), **versions(ENGINES), "calibration s": calibration()}))
    reports = []
    for size in map(int, asked.sizes.split(",")):
        again = [sys.executable, __file__, "--one", str(size), "--pivots", str(asked.pivots)]
        again += ["--times", str(asked.times), "--peer-up-to", str(asked.peer_up_to)]
        done = subprocess.run(again, check=True, stdout=subprocess.PIPE, text=True)
        reports.append(json.loads(done.stdout))
        print(json.dumps(reports[-1]), file=sys.stderr, flush=True)
    print(table(reports))
    for report in reports:
        print(
            f"{report['links']:,} links, {report['parties']:,} parties: {report['ours_mb']} MB with arrays, {report.get('both_mb', 0)} MB with networkx beside; largest difference of PageRank {report.get('pagerank_differs', 0):.1e}, of betweenness {report.get('betweenness_differs', 0):.1e}; modularity (ours, networkx) {report.get('modularity')}"
        )


if __name__ == "__main__":
    main()
