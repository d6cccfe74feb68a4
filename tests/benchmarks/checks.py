"""The rules on made-up data: ``python tests/benchmarks/checks.py --links 10000``.

pySHACL alone, pySHACL pointed by the quick engine (what ``maillage check`` does), the second look at
what one changed source can touch, and the check piece by piece out of a store (``--by-source`` leaves
the others out); the results are compared before the times. All but the last hold the graph in
rdflib's memory; what holds it is loaded before the clock runs. Prints Markdown; ``--json FILE`` keeps
every run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from bench import Peer, measured, report, written
from generated import generated
from rdflib import SH, Graph

from maillage.judge import again, judge, our_reach, our_shapes, reference
from maillage.mint import graph_iri
from maillage.piecewise import check_by_source
from maillage.reach import Triple

LIBRARIES = ("pyshacl", "pyshifty", "rdflib", "pyoxigraph", "maillage")

#: The jobs: the whole graph, and the graph after what a source says, of a hundred links, has been taken out.
WHOLE, LESS = "whole", "one source less"
GONE = {f"<{graph_iri(f'{part}--document-1')}>" for part in ("source", "evidence", "inferred")}


def pyshacl(links: int, errors: int) -> Callable[[str], list[str]]:
    """PySHACL as it is."""
    data, _ = _graphs(links, errors)
    return lambda job: _results(reference(data[job], our_shapes()))


def check(links: int, errors: int) -> Callable[[str], list[str]]:
    """What ``maillage check`` does."""
    data, _ = _graphs(links, errors)
    our_reach()
    return lambda job: _results(judge(data[job]))


def recheck(links: int, errors: int) -> Callable[[str], list[str]]:
    """What it does when little has changed since the last build."""
    data, gone = _graphs(links, errors)
    before = judge(data[WHOLE])

    def look(job: str) -> list[str]:
        report = again(data[job], gone if job == LESS else (), before)
        assert report is not None
        return _results(report)

    return look


def by_source(links: int, errors: int) -> Callable[[str], list[str]]:
    """What ``maillage check --store`` does."""
    stores = {WHOLE: ox.Store(), LESS: ox.Store()}
    for quad in ox.parse("".join(generated(links, 1, errors)).encode(), ox.RdfFormat.N_QUADS):
        for job, store in stores.items():
            if job == WHOLE or str(quad.graph_name) not in GONE:
                store.extend([quad, ox.Quad(quad.subject, quad.predicate, quad.object)])
    our_reach()
    return lambda job: _results(check_by_source(stores[job]).graph)


def _graphs(links: int, errors: int) -> tuple[dict[str, Graph], list[Triple]]:
    """The union of the graphs, the same without a source, and what that took away."""
    text = "".join(generated(links, 1, errors)).encode()
    whole: set[str] = set()
    less: set[str] = set()
    for quad in ox.parse(text, ox.RdfFormat.N_QUADS):
        line = f"{quad.triple} .\n"
        whole.add(line)
        if str(quad.graph_name) not in GONE:
            less.add(line)
    graphs = {
        job: Graph().parse(data="".join(lines), format="nt")
        for job, lines in ((WHOLE, whole), (LESS, less))
    }
    gone = Graph().parse(data="".join(whole - less), format="nt")
    return graphs, list(gone)


def _results(found: Graph) -> list[str]:
    # the path of a result is the rule's own, and may be a node without a name
    properties = (SH.sourceShape, SH.focusNode, SH.value, SH.resultSeverity)
    return [
        " ".join(str(found.value(result, each)) for each in properties)
        for result in found.objects(None, SH.result)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=1_000)
    parser.add_argument("--errors", type=int, default=8, help="planted of each of twelve kinds")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--limit", type=float, default=1_200, help="seconds of processor for one job"
    )
    parser.add_argument("--by-source", action="store_true", help="by source alone, for its memory")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    peers = [
        Peer(name, f"checks:{start}", (given.links, given.errors), given.limit)
        for name, start in (
            ("pySHACL", "pyshacl"),
            ("maillage check", "check"),
            ("what changed", "recheck"),
            ("by source", "by_source"),
        )
        if start == "by_source" or not given.by_source
    ]
    found = measured(
        peers, {WHOLE: WHOLE, LESS: LESS}, runs=given.runs, libraries=LIBRARIES,
        command=f"python tests/benchmarks/checks.py --links {given.links}",
    )  # fmt: skip
    print(report(found, f"{given.links:,} links, {12 * given.errors} planted errors", "s"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
