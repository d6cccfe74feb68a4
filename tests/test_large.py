"""What is large is made in a folder and checked in pieces, and comes out the same."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from maillage.build import Built, build
from maillage.commands.main import maillage
from maillage.errors import MaillageError
from maillage.gather import gather
from maillage.piecewise import check_gathered
from maillage.release import current
from maillage.words import LANGUAGES, say
from small import alone, link


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Take everything for large; returns the folder for what is temporary."""
    monkeypatch.setattr("maillage.gather.MOST", 0)
    monkeypatch.setattr("maillage.piecewise.WHOLE", 0)
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    return room


def files(folder: Path) -> dict[str, bytes]:
    """What a release holds, its store and the list of what is in it left out."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.name not in {"inventory.json", ".seen.json"}
    }


def test_a_large_build_makes_the_same(large: Path, built: Built, tmp_path: Path) -> None:
    seen: list[Path] = []
    told: list[tuple[int, int]] = []
    again = build(
        tmp_path / "out",
        step=lambda _: seen.extend(large.glob("*/gathered/CURRENT")),
        piece=lambda done, total: told.append((done, total)),
    )
    assert seen
    assert told[-1][0] == told[-1][1] > len(built.claims)
    assert not list(large.iterdir())
    assert files(current(tmp_path / "out")) == files(built.folder)
    assert again.report.findings == built.report.findings
    where = str(tmp_path / "out"), str(built.folder.parent)
    assert again.text("zh").replace(*where) == built.text("zh")


def test_nobody_writes_to_what_is_read(large: Path) -> None:
    # the engine would take files away from those who read, and count for ever what is missing
    gc.disable()  # whoever holds the store in a circle holds it now
    try:
        gathered = gather(room=large / "gathered")
        check_gathered(gathered)
        del gathered.store
        ox.Store(str(large / "gathered"))  # refused as long as anybody holds it for writing
    finally:
        gc.enable()


def test_what_is_wrong_in_a_large_build_is_told_with_its_line(large: Path, tmp_path: Path) -> None:
    # of a document at hand, without its place
    mine = alone(tmp_path / "mine", links=[link("cuf-china-group-page")])
    (found,) = build(tmp_path / "out", also=[mine]).report.findings[:1]
    assert found.severity == "violation"
    assert found.position is not None
    assert found.position.file.endswith("links.csv")
    assert found.position.line == 2
    assert not (tmp_path / "out").exists()
    assert not list(large.iterdir())
    done = CliRunner().invoke(maillage, ["check", str(mine / "links.csv"), "--lang", "en"])
    assert done.exit_code == 1
    assert found.sentence("en") in done.stdout
    assert not list(large.iterdir())


def test_a_disk_too_small_for_so_many_rows_is_told_before_the_work(
    large: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("maillage.gather.ROW", 1e12)
    steps: list[str] = []
    with pytest.raises(MaillageError) as error:
        build(tmp_path / "out", step=steps.append)
    assert steps == ["read", "settle"]
    assert str(large) in str(error.value)
    assert "TMPDIR" in str(error.value)
    assert list(tmp_path.iterdir()) == [large]
    assert not list(large.iterdir())


def test_more_links_than_a_map_shows_well_make_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("maillage.built.DRAWN", 100)
    first = build(tmp_path / "out")
    names = files(current(tmp_path / "out"))
    assert "network.html" not in names
    assert "maillage.nq" in names
    second = build(tmp_path / "out")
    assert second.unchanged
    for made in (first, second):
        for lang in LANGUAGES:
            text = made.text(lang)
            assert "network.html" not in text
            assert say("build.no-map", lang, n=made.things["links"], most=100) in text


def test_a_folder_that_cannot_be_built_in_is_refused_before_the_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("to the mayor")
    steps: list[str] = []
    for wrong, why in ((theirs, "holds something other"), (theirs / "letter.txt", "Cannot write")):
        with pytest.raises(MaillageError, match=why):
            build(wrong, step=steps.append)
    asked: list[str] = []
    monkeypatch.setattr(os, "access", lambda path, _: asked.append(str(path)))
    with pytest.raises(MaillageError, match=r"Cannot write to .*new: Permission denied"):
        build(tmp_path / "far" / "new", step=steps.append)
    assert asked == [str(tmp_path)]
    assert steps == []
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["letter.txt", "theirs"]


def on_a_terminal(*words: str) -> str:
    """What a person sees of a command, in the end: what was wiped away is gone."""
    near, far = os.openpty()
    command = [sys.executable, "-m", "maillage", *words, "--lang", "en"]
    with subprocess.Popen(command, stdout=far, stderr=far) as process:
        os.close(far)
        seen = b""
        with suppress(OSError):  # so a terminal ends
            while part := os.read(near, 1 << 16):
                seen += part
    os.close(near)
    assert process.returncode in {0, 2}
    lines = seen.decode().split("\r\n")
    return "\n".join(line.rsplit("\r\033[K", 1)[-1] for line in lines)


@pytest.mark.skipif(os.name == "nt", reason="Windows has terminals of another kind")
def test_no_progress_is_left_before_what_is_said(out: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    broken = alone(tmp_path / "broken", links=[link("nobody-knows-it")])
    for words, first in (
        (("check",), "WARNING"),
        (("check", "--store", str(out)), "WARNING"),
        (("build", "--out", str(tmp_path / "out")), "The graph holds"),
        (("build", "--out", str(taken)), "Cannot write"),
        (("build", "--out", str(tmp_path / "out"), "--also", str(broken)), str(broken)),
    ):
        assert on_a_terminal(*words).startswith(first), words
