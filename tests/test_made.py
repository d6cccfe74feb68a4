"""A build does not make again what would come out as it did the last time, and nothing less."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import maillage.check
from maillage.build import Built, build
from maillage.check import check
from maillage.gather import gather
from maillage.made import FILE, ingredients, remembered
from maillage.release import current, pointed
from small import alone, link


@pytest.fixture
def again(out: Path, tmp_path: Path) -> Path:
    """A copy of the last build."""
    return shutil.copytree(out, tmp_path / "again", symlinks=True)


class MadeAgainError(Exception):
    """Somebody reads the tables."""


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> type[Exception]:
    """Make sure that nothing is made again unseen."""

    def gathered(*_: object, **__: object) -> None:
        raise MadeAgainError

    monkeypatch.setattr("maillage.build.gather", gathered)
    return MadeAgainError


def files(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_made_again_when_nothing_has_changed(
    again: Path, built: Built, refuse: type[Exception]
) -> None:
    assert refuse
    before = files(again)
    second = build(again)
    assert second.unchanged
    assert files(again) == before
    assert second.text("fr").startswith("Rien n’a changé")
    told = second.text("en").replace(str(again), str(built.folder.parent))
    assert told.partition("\n\n")[2] == built.text("en")
    assert second.report.findings == built.report.findings
    assert len(second.report.graph) == len(built.report.graph)
    assert second.report.rows("zh") == built.report.rows("zh")


@pytest.mark.parametrize(
    "case",
    [
        "anew",
        "other language",
        "damaged",
        "other program",
        "other address",
        "no memory",
        "bad memory",
        "gone back",
    ],
)
def test_it_is_made_again_when_it_might_come_out_otherwise(
    again: Path, refuse: type[Exception], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    if case == "damaged":
        (current(again) / "network.html").write_bytes(b"")
    elif case == "other program":
        monkeypatch.setattr("maillage.made.distributions", list)
    elif case == "other address":
        monkeypatch.setattr("maillage.made.BASE", "https://example.org/x/")
    elif case == "no memory":
        (again / FILE).unlink()
    elif case == "bad memory":
        (again / FILE).write_bytes(b'{"ingredients": []}')
    elif case == "gone back":
        kept = json.loads((again / FILE).read_text(encoding="utf-8"))
        (again / FILE).write_text(json.dumps(kept | {"release": "0123"}), encoding="utf-8")
    with pytest.raises(refuse):
        build(again, lang="fr" if case == "other language" else "en", anew=case == "anew")


def test_a_file_more_or_other_is_seen(tmp_path: Path) -> None:
    one = ingredients([], [])
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "places.csv").write_text("key\n", encoding="utf-8")
    two = ingredients([mine], [])
    (mine / "places.csv").write_text("key,code\n", encoding="utf-8")
    three = ingredients([mine], [])
    (mine / "places.csv-metadata.json").write_text("{}", encoding="utf-8")
    four, five = ingredients([mine], []), ingredients([mine / "places.csv"], [])
    every = (one, two, three, four)
    assert len({json.dumps(dict(each.files)) for each in every}) == len(every)
    assert {each.program for each in every} == {one.program}
    assert five.files == four.files


def test_what_is_not_read_does_not_matter(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "maillage-out").mkdir(parents=True)
    (mine / "places.csv").write_text("key\n", encoding="utf-8")
    before = ingredients([mine], [])
    (mine / "maillage-out" / FILE).write_text("{}", encoding="utf-8")
    (mine / "round").symlink_to(mine)
    (mine / "lost.csv").symlink_to(mine / "nowhere")
    assert ingredients([mine], []) == before


def test_one_more_row_is_checked_by_what_it_touches(
    again: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = link("cuf-china-group-page", start="1998", lines="29", chars="3410-3478")
    mine = alone(tmp_path / "mine", links=[row])

    def whole(*_: object) -> None:
        pytest.fail("the whole graph was looked at")

    with monkeypatch.context() as patch:
        patch.setattr(maillage.check, "judge", whole)
        looked = build(again, also=[mine])
    assert not looked.unchanged
    kept = remembered(again)
    assert kept is not None
    assert kept.release == pointed(again)
    gathered = gather(also=[mine])
    assert looked.report.findings == check(gathered.dataset, gathered.origins).findings
