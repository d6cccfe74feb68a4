"""Stores that were damaged, and ``maillage serve --store``: made anew or refused, never served as they are."""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from endpoint.serving import GRAPH
from endpoint.warm import FAULT, Warm
from endpoint.watching import alive, descendants, until
from maillage.release import current, release

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="links and pipes are tried here")

#: Statements of the small release that is damaged here.
QUADS = 300
SECONDS = 60
COUNT = f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }')}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("small") / "out"
    recorded = '<https://w3id.org/maillage/ns#recordedDate> "2026-11-21"^^<http://www.w3.org/2001/XMLSchema#date>'
    lines = [
        f"<http://example.org/s{n:03}> <http://example.org/p> <http://example.org/o{n:03}> <http://example.org/g> .\n"
        for n in range(QUADS - 1)
    ]
    lines.append(f"<http://example.org/s999> {recorded} <http://example.org/g> .\n")
    with release(out) as folder:
        (folder / "maillage.nq").write_text("".join(lines), encoding="utf-8")
    return out


@pytest.fixture
def out(small: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small, tmp_path / "out", symlinks=True))


def _here(out: Path, name: str) -> Path:
    return current(out) / name


def _flipped(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0x10
    path.write_bytes(raw)


def _largest(out: Path) -> Path:
    return max(
        (p for p in _here(out, "store").iterdir() if p.is_file()), key=lambda p: p.stat().st_size
    )


def _told(out: Path, **changes: object) -> None:
    """Change what the inventory says."""
    path = _here(out, "inventory.json")
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**told, **changes}), encoding="utf-8")


def _listed(out: Path, name: str) -> None:
    """Let the inventory list a file that is elsewhere."""
    told = json.loads(_here(out, "inventory.json").read_text("utf-8"))
    _told(out, files={**told["files"], name: {"bytes": 1, "sha256": "0" * 64}})


def _linked(out: Path) -> None:
    path = _here(out, "maillage.nq")
    path.unlink()
    path.symlink_to("/dev/zero")


def _piped(out: Path) -> None:
    path = _here(out, "maillage.nq")
    path.unlink()
    os.mkfifo(path)


def _pointed(out: Path, to: str) -> None:
    (out / "current").unlink()
    (out / "current").symlink_to(to)


#: Damage that only the engine's own files have: they are made anew from the statements, or refused.
MENDED: dict[str, Callable[[Path], object]] = {
    "nothing at all": lambda out: out,
    "the store is gone": lambda out: shutil.rmtree(_here(out, "store")),
    "a bit of the store is flipped": lambda out: _flipped(_largest(out)),
    "the store's list of files is cut": lambda out: [os.truncate(p, p.stat().st_size // 2) for p in _here(out, "store").glob("MANIFEST*")],
    "a file of the store is empty": lambda out: os.truncate(_largest(out), 0),
    "another engine made the store": lambda out: _told(out, engine="oxigraph 99.0.0"),
    "another count of statements": lambda out: _told(out, stored=7),
}  # fmt: skip

#: Damage of what the store is made from, or of the way to it: refused, with the name of the file.
REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing there": (shutil.rmtree, "out"),
    "an empty folder": (lambda out: (shutil.rmtree(out), out.mkdir()), "out"),
    "a file": (lambda out: (shutil.rmtree(out), out.write_text("x")), "out"),
    "a folder of something else": (lambda out: (shutil.rmtree(out), out.mkdir(), (out / "holiday.jpg").write_text("x")), "out"),
    "no inventory": (lambda out: _here(out, "inventory.json").unlink(), "out"),
    "an inventory of nothing": (lambda out: _here(out, "inventory.json").write_text(""), "inventory.json"),
    "an inventory that nests": (lambda out: _here(out, "inventory.json").write_text("[" * 100_000), "inventory.json"),
    "an inventory that is a list": (lambda out: _here(out, "inventory.json").write_text("[]"), "inventory.json"),
    "an inventory without files": (lambda out: _told(out, files={}), "inventory.json"),
    "an inventory of numbers beyond numbers": (lambda out: _here(out, "inventory.json").write_text('{"release": "a", "files": {"a.nq": {"bytes": ' + "9" * 6_000 + ', "sha256": ""}}}'), "inventory.json"),
    "an inventory that lists files elsewhere": (lambda out: _listed(out, "../../../../etc/passwd"), "inventory.json"),
    "an inventory that lists a device": (lambda out: _listed(out, "/dev/zero"), "inventory.json"),
    "an inventory of another release": (lambda out: _told(out, release="0123456789ab"), "inventory.json"),
    "statements cut": (lambda out: os.truncate(_here(out, "maillage.nq"), 5_000), "maillage.nq"),
    "statements gone": (lambda out: _here(out, "maillage.nq").unlink(), "maillage.nq"),
    "a bit of the statements flipped": (lambda out: _flipped(_here(out, "maillage.nq")), "maillage.nq"),
    "statements that are endless zeros": (_linked, "maillage.nq"),
    "statements that are a pipe": (_piped, "maillage.nq"),
    "statements and store gone": (lambda out: (_here(out, "maillage.nq").unlink(), shutil.rmtree(_here(out, "store"))), "maillage.nq"),
    "a pointer to itself": (lambda out: _pointed(out, "current"), "current"),
    "a pointer to nothing": (lambda out: _pointed(out, "releases/gone"), "current"),
    "a pointer that leads away": (lambda out: _pointed(out, "/etc"), "current"),
    "a pointer that goes up": (lambda out: _pointed(out, "releases/../../../etc"), "current"),
}  # fmt: skip


def served(out: Path, log: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server; its first line, or nothing when it ended."""
    command = [
        sys.executable,
        "-m",
        "maillage",
        "--lang",
        "en",
        "serve",
        "--store",
        str(out),
        "--port",
        "0",
    ]
    environment = {**os.environ, "PYTHONPATH": str(GRAPH)}
    with log.open("w") as messages:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=messages, text=True, env=environment
        )
    assert process.stdout
    end = time.monotonic() + SECONDS
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < end and process.poll() is None and not ready.select(0.2):
            pass
    line = (
        process.stdout.readline().strip()
        if process.poll() is None and time.monotonic() < end
        else ""
    )
    family = descendants(process.pid)
    try:
        yield process, line
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
        assert until(10, lambda: not any(alive(pid) for pid in family))


@pytest.mark.parametrize("name", MENDED)
def test_a_damaged_store_is_made_anew_or_refused(name: str, out: Path, tmp_path: Path) -> None:
    MENDED[name](out)
    log = tmp_path / "messages.txt"
    for process, line in served(out, log):
        if line:
            with urlopen(line.rstrip("/") + COUNT, timeout=30) as answer:
                assert json.load(answer)["results"]["bindings"][0]["n"]["value"] == str(QUADS)
        else:
            assert process.wait(5) == 2, log.read_text("utf-8")
            assert name != "nothing at all"
            assert "store" in log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")
    assert "fault of Maillage" not in log.read_text("utf-8")


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    running = Warm(gathered=False)
    yield running
    running.close()


@pytest.mark.parametrize("name", REFUSED)
def test_damaged_statements_and_pointers_are_refused(
    warm: Warm, name: str, out: Path, tmp_path: Path
) -> None:
    damage, named = REFUSED[name]
    damage(out)
    done = warm.run("serve", "--store", out, "--port", "0", folder=tmp_path, seconds=SECONDS)
    assert done["code"] == 2, done["said"]
    assert named in done["said"]
    assert "http://" not in done["said"]  # not for a moment
    assert not FAULT.search(done["said"])
    assert len(done["said"]) < 2_000
    assert not list(tmp_path.rglob(".tmp-*"))
