"""Large files of a release are read whole once a day, and whenever somebody has touched them."""

import json
import os
import time

import pytest

from maillage import seen
from maillage.inventory import changed, read
from maillage.release import hold, release

QUAD = b"<http://a/s> <http://a/p> <http://a/o> <http://a/g> .\n"


@pytest.fixture
def out(tmp_path, monkeypatch):
    """A release whose files all count as large, made some time ago."""
    monkeypatch.setattr(seen, "LARGE", 0)
    monkeypatch.setattr(seen, "_SETTLED", -1)  # a test has no time to wait
    with release(tmp_path) as folder:
        (folder / "maillage.nq").write_bytes(QUAD)
    return tmp_path


@pytest.fixture
def readings(monkeypatch):
    """The names of the files that are read whole."""
    names = []
    real = seen.sha256_of
    monkeypatch.setattr(seen, "sha256_of", lambda path: names.append(path.name) or real(path))
    return names


def opened(out):
    with hold(out) as held:
        return held.folder


def test_what_was_read_is_not_read_again(out, readings):
    opened(out)
    assert "maillage.nq" in readings
    readings.clear()
    opened(out)
    assert readings == []


def test_after_a_day_it_is(out, readings, monkeypatch):
    opened(out)
    readings.clear()
    tomorrow = time.time() + seen.DAY
    monkeypatch.setattr(seen.time, "time", lambda: tomorrow)
    opened(out)
    assert "maillage.nq" in readings


@pytest.mark.parametrize("times", ["new times", "its times set back"])
def test_a_file_that_was_touched_is_read(out, times):
    folder = opened(out)
    file = folder / "maillage.nq"
    before = file.stat()
    with file.open("r+b") as handle:
        handle.write(b"<http://b")
    if times == "its times set back":
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changed(folder, read(folder), ["maillage.nq"]) == file


def test_statements_are_counted_once_a_day_and_when_the_inventory_is_another(out, monkeypatch):
    monkeypatch.setattr(seen, "MANY", 0)
    counted = []
    real = seen.Seen.count

    def count(self, listed, stored, ask):
        return real(self, listed, stored, lambda: counted.append(stored) or ask())

    monkeypatch.setattr(seen.Seen, "count", count)
    folder = opened(out)
    opened(out)
    assert counted == [2]
    inventory = folder / "inventory.json"
    text = inventory.read_text(encoding="utf-8")
    inventory.write_text(text.replace('"stored": 2', '"stored": 7'), encoding="utf-8")
    opened(out)  # not as many as it says: made anew, and counted again
    assert counted == [2, 7, 2]
    tomorrow = time.time() + seen.DAY
    monkeypatch.setattr(seen.time, "time", lambda: tomorrow)
    counted.clear()
    opened(out)
    assert counted == [2]


def test_whoever_asks_for_everything_gets_it_read(out):
    folder = opened(out)
    inventory = read(folder)
    notes = json.loads((folder / seen.FILE).read_text())
    notes["maillage.nq"][2] = "another digest"
    (folder / seen.FILE).write_text(json.dumps(notes))
    assert changed(folder, inventory, ["maillage.nq"]) is not None  # the note is believed
    assert changed(folder, inventory, ["maillage.nq"], anew=True) is None


@pytest.mark.parametrize(
    "notes", ["", "[]", "{", '{"maillage.nq": 1}', '{"maillage.nq": [[], 0.0, ""]}', "[" * 100_000]
)
def test_notes_that_cannot_be_read_are_none(out, notes):
    folder = opened(out)
    (folder / seen.FILE).write_text(notes)
    assert opened(out) == folder


def test_what_has_just_been_written_is_not_noted(out, monkeypatch):
    monkeypatch.setattr(seen, "_SETTLED", 60)
    assert not (opened(out) / seen.FILE).exists()


def test_small_files_are_read_each_time(out, readings, monkeypatch):
    monkeypatch.setattr(seen, "LARGE", 1 << 24)
    opened(out)
    readings.clear()
    opened(out)
    assert "maillage.nq" in readings
