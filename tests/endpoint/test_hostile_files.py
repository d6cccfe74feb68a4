"""Hostile and damaged files, given to real commands: an end, a code, a sentence, and nothing half-written."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from endpoint.hostile_files import ALSO, RDF, TABLES, Given
from endpoint.warm import FAULT, Warm

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="pipes, sockets and forks of Linux are tried here"
)

#: Seconds and bytes within which a command is done with a bad file, on a busy machine too.
SECONDS, MEMORY = 60, 2_500_000_000


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    running = Warm()
    yield running
    running.close()


@pytest.fixture
def here() -> Iterator[Path]:
    """A folder that everybody may look into, nobody included."""
    path = Path(tempfile.mkdtemp(prefix="maillage-hostile-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def tree(folder: Path) -> dict[str, object]:
    """Every file below a folder, and what tells whether somebody wrote to it."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.lstat().st_size,
        )
        for path in sorted(folder.rglob("*"))
    }


def shown(given: Given) -> str:
    """What of a name stands in a sentence whatever is done to its other letters."""
    return max(re.split(r"[^\w.]", given.name.encode("ascii", "replace").decode()), key=len)


def refused(warm: Warm, here: Path, given: Given, *command: str) -> None:
    if given.nobody and os.geteuid() != 0 and not hasattr(os, "setuid"):
        pytest.skip("nobody is a user of POSIX systems")
    path = given.write(here)
    before = tree(here)
    arguments = [str(path) if part == "FILE" else part for part in command]
    nobody = given.nobody and os.geteuid() == 0
    done = warm.run(*arguments, folder=here, seconds=SECONDS, nobody=nobody)
    said = done["said"]
    assert done["code"] is not None, f"not done in {SECONDS} s"
    assert done["code"] in given.codes, said[-800:]
    assert not FAULT.search(said), said[-800:]
    assert done["memory"] < MEMORY, f"{done['memory']:,} bytes"
    assert "root:x:0" not in said
    if done["code"]:
        assert shown(given) in said, said[-800:]
        assert len(said) < 20_000
        if done["code"] == 2:  # what was refused has left no trace
            assert tree(here) == before
    leftovers = [name for name in tree(here) if re.search(r"(^|/)\.(tmp|new|old)|\.tmp$|~$", name)]
    assert leftovers == []


@pytest.mark.parametrize("name", RDF)
def test_check_ends_in_a_sentence(warm: Warm, here: Path, name: str) -> None:
    refused(warm, here, RDF[name], "check", "FILE")


@pytest.mark.parametrize("name", TABLES)
def test_import_ends_in_a_sentence(warm: Warm, here: Path, name: str) -> None:
    refused(
        warm, here, TABLES[name], "import", TABLES[name].kind, "FILE", "--out", "taken", "--yes"
    )


@pytest.mark.parametrize("name", ALSO)
def test_a_build_beside_it_ends_in_a_sentence_and_builds_nothing(
    warm: Warm, here: Path, name: str
) -> None:
    refused(warm, here, ALSO[name], "build", "--out", "made", "--also", "FILE")
    assert not (here / "made" / "current").exists()


def test_what_takes_graphs_and_tables_refuses_them_alike(warm: Warm, here: Path) -> None:
    # one bad file each, for the commands that read files on their way to something else
    (here / "q.rq").write_bytes(b"ASK { \xff }")
    (here / "bad.csv").write_bytes(b"name\n\xff")
    (here / "passage.txt").write_bytes(b"\xff\xfe\xff")
    for command in (
        ("ask", "--sparql", "q.rq"),
        ("match", "bad.csv"),
        ("diff", "bad.csv", "q.rq"),
        ("draw", "--query", "q.rq", "-o", "map.html"),
    ):
        done = warm.run(*command, folder=here, seconds=SECONDS)
        assert done["code"] == 2, (command, done["said"][-400:])
        assert not FAULT.search(done["said"]), (command, done["said"][-400:])
    assert sorted(path.name for path in here.iterdir()) == ["bad.csv", "passage.txt", "q.rq"]


def test_there_are_cases_enough() -> None:
    assert len(RDF) + len(TABLES) + len(ALSO) >= 120
