"""The gazetteers out of their file are those of the tables, and are made again where there is none."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from maillage import shelf
from maillage.bearers import learnt
from maillage.errors import MaillageError
from maillage.gazetteer import Place, gazetteer
from maillage.match import Matcher
from maillage.resolve import Names
from maillage.shelf import Shelf, opened, written
from maillage.store import Store
from maillage.terms import ID
from measure_matching import judged


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("caches") / "maillage" / "places-now.db"
    written(path)
    return path


@pytest.fixture(scope="module")
def kept(file: Path) -> Shelf:
    found = opened(file)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "part", ["places", "lines", "names", "changes", "began", "ended", "of", "identities"]
)
def test_the_file_holds_what_the_tables_hold(kept: Shelf, part: str) -> None:
    house = getattr(gazetteer(), part)
    assert house
    assert dict(getattr(kept.places, part)) == dict(house)


def test_the_file_holds_every_name_and_code_in_the_same_order(kept: Shelf) -> None:
    forms, codes = learnt().learnt()
    assert len(forms) > 100_000
    assert all(kept.names.bearing(form) == borne for form, borne in forms.items())
    assert all(kept.names.coded(code) == owners for code, owners in codes.items())
    assert kept.names.bearing("no such name") == kept.names.coded("no such code") == ()


def test_every_mention_means_what_it_means_with_the_tables(kept: Shelf) -> None:
    out_of_file = judged(Matcher(kept.places, base=kept.names))
    assert list(out_of_file) == list(judged(Matcher(gazetteer(), base=learnt())))


def test_any_thread_looks_places_up(kept: Shelf) -> None:
    """The file is opened once for a process, by whichever thread asks first."""
    keys = [key for key, place in gazetteer().places.items() if place.level == "prefecture"]
    assert len(keys) > 300
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(kept.places.places.__getitem__, keys * 3))
    assert found == [gazetteer()[key] for key in keys] * 3


def test_places_are_joined_to_those_of_the_file(kept: Shelf) -> None:
    blank = dict.fromkeys(Place._fields, "")
    new = Place(**blank | {"key": "xx", "level": "country", "country": "xx", "name": "Nowhere"})
    known = Place(**blank | {"key": "cn-320100", "name": "Not Nanjing"})
    joined = kept.places.joined([new, known])
    assert joined["xx"] == new
    assert joined["cn-320100"] == gazetteer()["cn-320100"]
    assert joined.of_level("country") == gazetteer().of_level("country") | {"xx"}
    assert Matcher(joined, base=kept.names).match("Nowhere").place == "xx"
    assert len(joined.places) == len(gazetteer().places) + 1
    assert "xx" not in kept.places


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder for caches, and nothing looked up yet."""
    monkeypatch.setattr(shelf, "user_cache_path", lambda *_, **__: tmp_path / "maillage")
    shelf.shelf.cache_clear()
    monkeypatch.setattr(shelf, "_digest", lambda: "now")
    yield tmp_path / "maillage"
    shelf.shelf.cache_clear()


def found(store: Store) -> set[str]:
    names = Names(store)
    return {
        str(names.find(text, ["place"], "fr")) for text in ("Tours", "南京", "fr-commune-33063")
    }


def again(store: Store) -> set[str]:
    shelf.shelf.cache_clear()
    return found(store)


def test_whoever_needs_it_first_makes_the_file(caches: Path, store: Store) -> None:
    first = found(store)
    (made,) = caches.iterdir()
    before = made.stat().st_mtime_ns
    assert again(store) == first
    assert made.stat().st_mtime_ns == before
    assert isinstance(shelf.shelf().places, shelf._Kept)


@pytest.mark.parametrize("content", [b"", b"no database", "cut", "without end"])
def test_a_file_that_is_not_whole_is_made_again(
    caches: Path, store: Store, file: Path, content: bytes | str
) -> None:
    caches.mkdir()
    broken = caches / "places-now.db"
    whole = file.read_bytes()
    broken.write_bytes(content if isinstance(content, bytes) else whole)
    if content == "cut":
        os.truncate(broken, len(whole) // 2)
    if content == "without end":
        with sqlite3.connect(broken) as base:
            base.execute("DELETE FROM entry WHERE part = 'whole'")
        base.close()
    assert opened(broken) is None
    found(store)
    assert opened(broken) is not None


def test_without_a_folder_for_caches_the_tables_are_read(
    caches: Path, store: Store, tmp_path: Path
) -> None:
    caches.write_text("a file where the folder should be")
    assert f"{ID}place/fr-commune-37261" in found(store)
    assert not isinstance(shelf.shelf().places, shelf._Kept)
    assert [path.name for path in tmp_path.iterdir()] == ["maillage"]


def test_a_file_damaged_while_it_is_used_is_named(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "places.db"
    shutil.copy(file, path)
    kept = opened(path)
    assert kept is not None
    with path.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(MaillageError) as told:
        kept.names.bearing("tours")
    assert str(path) in told.value.text("en")


def test_another_table_or_another_code_has_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = tmp_path / "gazetteer"
    tables.mkdir()
    (tables / "places.csv").write_text("key\n")
    monkeypatch.setattr(shelf, "folder", lambda _: tmp_path)
    first = shelf._digest()
    assert shelf._digest() == first
    (tables / "places.csv").write_text("key,level\n")
    second = shelf._digest()
    monkeypatch.setattr(shelf, "_CODE", shelf._CODE[1:])
    assert len({first, second, shelf._digest()}) == 3


def test_only_what_was_left_long_ago_is_taken_away(file: Path) -> None:
    old, young = file.with_name("places-old.db"), file.with_name("places-young.db")
    for path in (old, young):
        path.write_bytes(b"")
    os.utime(old, times=(time.time() - 100 * 86400,) * 2)
    written(file)
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name, young.name]
