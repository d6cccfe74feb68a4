"""The output folder: one release at a time, whole or not at all."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from maillage.errors import MaillageError
from maillage.release import current, open_store, release, replaced


def quad(text="one"):
    return f"<http://a/s> <http://a/p> <http://a/{text}> <http://a/g> .\n".encode()


def fill(folder, text="one"):
    (folder / "maillage.nq").write_bytes(quad(text))


def test_a_release_becomes_current_and_opens(tmp_path):
    with release(tmp_path / "out") as folder:
        fill(folder)
    assert (current(tmp_path / "out") / "maillage.nq").read_bytes() == quad()
    assert open_store(str(tmp_path / "out")).query("ASK { ?s ?p ?o }") is True


def test_the_same_content_keeps_the_release_that_is_there(tmp_path):
    for _ in range(2):
        with release(tmp_path) as folder:
            fill(folder)
    (kept,) = [p for p in (tmp_path / "releases").iterdir() if not p.name.startswith(".")]
    assert current(tmp_path).resolve() == kept


def test_an_error_on_the_way_leaves_the_previous_release(tmp_path):
    with release(tmp_path) as folder:
        fill(folder)
    before = current(tmp_path).resolve()
    with pytest.raises(RuntimeError), release(tmp_path) as folder:
        fill(folder, "two")
        raise RuntimeError
    assert current(tmp_path).resolve() == before
    assert [p.name for p in (tmp_path / "releases").iterdir()] == [before.name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_build_leaves_the_previous_release_and_no_lock(tmp_path):
    with release(tmp_path) as folder:
        fill(folder)
    before = current(tmp_path).resolve()
    script = f"""
        import pathlib, time
        from maillage.release import release
        with release(pathlib.Path({str(tmp_path)!r})) as folder:
            (folder / "half").write_text("half")
            print("ready", flush=True)
            time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises(MaillageError, match="under way"), release(tmp_path):
            pass
        process.send_signal(signal.SIGKILL)
    assert current(tmp_path).resolve() == before
    with release(tmp_path) as folder:  # the next build goes through, and sweeps up
        fill(folder, "two")
    assert not list((tmp_path / "releases").glob(".tmp-*"))
    assert current(tmp_path).resolve() != before


def test_three_releases_are_kept_and_never_the_current_dropped(tmp_path):
    for number in range(5):
        with release(tmp_path) as folder:
            fill(folder, str(number))
    kept = list((tmp_path / "releases").iterdir())
    assert len(kept) == 3
    assert (current(tmp_path) / "maillage.nq").read_bytes() == quad("4")


def test_reading_a_store_leaves_it_as_it_was(tmp_path):
    with release(tmp_path) as folder:
        fill(folder)
    for _ in range(2):
        open_store(str(tmp_path)).query("ASK { ?s ?p ?o }")


def test_where_links_cannot_be_made_a_file_points(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError

    monkeypatch.setattr("pathlib.Path.symlink_to", refuse)
    with release(tmp_path) as folder:
        fill(folder)
    assert (tmp_path / "current").is_file()
    assert (current(tmp_path) / "maillage.nq").read_bytes() == quad()


def test_somebody_elses_folder_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(MaillageError, match="something other"), release(tmp_path):
        pass
    with pytest.raises(MaillageError, match="something other"), replaced(tmp_path, "SHA256SUMS"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_no_build_is_told_what_to_type(tmp_path):
    with pytest.raises(MaillageError, match="maillage build"):
        open_store(str(tmp_path / "nowhere"))


def test_a_folder_is_replaced_whole(tmp_path):
    out = tmp_path / "release"
    for text in ("one", "two"):
        with replaced(out, "SHA256SUMS") as folder:
            (folder / "SHA256SUMS").write_text(text)
    assert (out / "SHA256SUMS").read_text() == "two"
    with pytest.raises(RuntimeError), replaced(out, "SHA256SUMS") as folder:
        (folder / "SHA256SUMS").write_text("three")
        raise RuntimeError
    assert (out / "SHA256SUMS").read_text() == "two"
    assert [p.name for p in tmp_path.iterdir()] == ["release"]
