"""What is large is made in a folder and checked in pieces, and comes out the same."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from maillage.build import Built, build
from maillage.commands.main import maillage
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
