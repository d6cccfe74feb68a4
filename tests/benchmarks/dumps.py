"""The dumps of a release against the engine's own streams: ``dumps.py FOLDER --links 1000,10000``.

Made-up releases are made below FOLDER when they are not there yet. For each size and format ours
(:func:`maillage.dumps.dump`, from canonical N-Quads to the file) and the peer's: pyoxigraph's
``serialize(parse(path=…), path)``, statement by statement, which keeps the order it finds, leaves
statements that several graphs hold as often as they do, and its tags in lower case. Then the
reading back, and the store: :func:`maillage.store.write_folder` against ``Store.bulk_load`` of the
same N-Quads and N-Triples. All answers are sets of statements, which are compared first. A process
for each alternative and size, so that its memory is its own. Prints Markdown; ``--json FILE`` keeps
every run.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import pyoxigraph as ox
from bench import Peer, measured, report, written
from released import released

from maillage.dumps import FORMATS, dump
from maillage.jsonld import pieces
from maillage.readback import originals, read_back
from maillage.release import current
from maillage.runs import ordered
from maillage.store import write_folder

LIBRARIES = ("pyoxigraph", "maillage")

STORE = "store"


class Dump:
    """An answer: a file, whose statements are read when they are wanted."""

    def __init__(self, path: Path, suffix: str) -> None:
        self.path, self.suffix = path, suffix

    def lines(self) -> list[str]:
        """Its statements, each once, as one digest, by a process whose memory does not count."""
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            return other.submit(digest, self.path, self.suffix).result()


def digest(path: Path, suffix: str) -> list[str]:
    """How many different statements a file holds, and the digest of these in order."""
    form = FORMATS[suffix].engine
    slices = suffix == "jsonld" and path.name.startswith("ours")
    parts = (
        (ox.parse(piece, form) for piece in pieces(path))
        if slices
        else [ox.parse(path=path, format=form)]
    )
    count, told = 0, sha256()
    for line in ordered(f"{statement}\n".encode() for part in parts for statement in part):
        count += 1
        told.update(line)
    return [str(count), told.hexdigest()]


class Folder(NamedTuple):
    """An answer: a store."""

    path: Path

    def lines(self) -> list[str]:
        """How many statements it holds, and some of them."""
        store = ox.Store.read_only(str(self.path))
        some = sorted(map(str, islice(store, 1000)))
        return [str(len(store)), *some]


def ours(whole: str, room: str) -> Callable[[str], Dump | Folder]:
    """Maillage."""

    def do(job: str) -> Dump | Folder:
        if job == STORE:
            path = _emptied(Path(room) / "ours")
            write_folder([Path(whole)], path)
            return Folder(path)
        path = Path(room) / f"ours.{job}"
        dump(Path(whole), job, path)
        return Dump(path, job)

    return do


def pyoxigraph(whole: str, room: str) -> Callable[[str], Dump | Folder]:
    """The engine alone."""

    def do(job: str) -> Dump | Folder:
        if job == STORE:
            path = _emptied(Path(room) / "theirs")
            store = ox.Store(str(path))
            store.bulk_load(path=whole, format=ox.RdfFormat.N_QUADS)
            store.bulk_load(path=Path(room) / "ours.nt", format=ox.RdfFormat.N_TRIPLES)
            store.optimize()
            store.flush()
            return Folder(path)
        path = Path(room) / f"theirs.{job}"
        quads = ox.parse(path=whole, format=ox.RdfFormat.N_QUADS)
        statements = quads if FORMATS[job].has_graphs else (quad.triple for quad in quads)
        ox.serialize(statements, path, FORMATS[job].engine)
        return Dump(path, job)

    return do


def read(whole: str, room: str) -> Callable[[str], list[str]]:
    """Maillage, reading back a dump; the original is told anew each time."""

    def do(job: str) -> list[str]:
        expected = originals(Path(whole))[FORMATS[job].has_graphs]
        read_back(Path(room) / f"ours.{job}", job, expected)
        return [str(expected.told[0])]

    return do


def parse(whole: str, room: str) -> Callable[[str], list[str]]:
    """The engine, parsing the same file, and the original."""

    def do(job: str) -> list[str]:
        for path, form in ((whole, "nq"), (f"{room}/ours.{job}", job)):
            count = sum(1 for _ in ox.parse(path=path, format=FORMATS[form].engine))
        return [str(count)]

    return do


def _emptied(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--links", default="1000,10000")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    for links in map(int, given.links.split(",")):
        whole = current(released(given.folder / f"r{links}", links)) / "maillage.nq"
        with whole.open("rb") as lines:
            statements = sum(1 for _ in lines)
        room = mkdtemp(dir=given.folder)
        try:
            paths = str(whole), room
            jobs = {job: job for job in FORMATS}
            _measure("written", [pyoxigraph, ours], jobs, paths, links, statements, given)
            _measure("stored", [pyoxigraph, ours], {STORE: STORE}, paths, links, statements, given)
            _measure("read", [parse, read], jobs, paths, links, statements, given)
        finally:
            shutil.rmtree(room)


def _measure(
    title: str,
    alternatives: list[Callable[..., object]],
    jobs: dict[str, str],
    paths: tuple[str, str],
    links: int,
    statements: int,
    given: argparse.Namespace,
) -> None:
    peers = [Peer(one.__name__, f"dumps:{one.__name__}", paths, 3600) for one in alternatives]
    found = measured(peers, jobs, runs=given.runs, enough=60, libraries=LIBRARIES)
    print(report(found, f"Dumps {title}, {links:,} links, {statements:,} statements"))
    if given.json:
        written(found, given.json.with_stem(f"{given.json.stem}-{title}-{links}"))


if __name__ == "__main__":
    main()
