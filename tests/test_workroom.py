"""What is temporary does not outlive the work, and a person is told where it has no room."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from errno import EACCES, ENOENT, ENOSPC
from pathlib import Path

import pytest

from maillage.errors import MaillageError
from maillage.workroom import workroom

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL and no flock")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The system's folder for what is temporary."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


#: A build that takes everything for large, and may write no file of more than some bytes.
BUILD = """
import resource, signal, sys
from maillage import gather, piecewise
from maillage.commands.main import main
gather.MOST = piecewise.WHOLE = 0
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever tests may ignore it, by nohup
main()
"""


def building(tmp_path: Path, most: int) -> subprocess.Popen[str]:
    place = tmp_path / "place"
    place.mkdir()
    words = [str(most), "build", "--out", str(tmp_path / "out"), "-v", "--lang", "en"]
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, *words],
        env={**os.environ, "TMPDIR": str(place)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )


def test_a_build_without_room_says_which_folder_that_is(tmp_path: Path) -> None:
    process = building(tmp_path, 1_000_000)
    told = process.communicate(timeout=300)[1].splitlines()[-1]
    assert process.returncode == 2
    assert f"temporary folder {tmp_path / 'place'} " in told
    assert "File too large" in told
    assert "TMPDIR" in told
    assert not list((tmp_path / "place").iterdir())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_build_that_is_ended_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    process = building(tmp_path, 1 << 30)
    assert process.stderr
    while "claims" not in process.stderr.readline():
        assert process.poll() is None
    assert list((tmp_path / "place").iterdir())
    process.send_signal(number)
    process.communicate(timeout=300)
    assert process.returncode == 128 + number
    assert not list((tmp_path / "place").iterdir())
    assert not (tmp_path / "out").exists()


LEAVING = """
import os, signal, sys, tempfile
from maillage.workroom import workroom
tempfile.tempdir = sys.argv[1]
with workroom() as room:
    (room / "store").mkdir()
    (room / "store" / "file").write_text("much")
    print(room, flush=True)
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_taken_away_by_the_next(place: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LEAVING, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    left = Path(process.stdout.readline().decode().strip())
    an_hour_ago = time.time() - 3_600
    os.utime(left, (an_hour_ago, an_hour_ago))
    with workroom():
        assert (left / "store" / "file").exists()  # somebody is at work there
    process.communicate(timeout=60)
    os.utime(left, (an_hour_ago, an_hour_ago))
    others = place / "somebody-else's"
    others.mkdir()
    os.utime(others, (an_hour_ago, an_hour_ago))
    with workroom() as room:
        assert sorted(place.iterdir()) == sorted([room, others])
    assert list(place.iterdir()) == [others]


def test_only_what_is_about_the_folder_is_told_of_it(place: Path) -> None:
    there = str(place / "maillage-room-1" / "a")
    for error in (OSError(ENOSPC, "full"), PermissionError(EACCES, "no", there)):
        with pytest.raises(MaillageError, match="TMPDIR"), workroom():
            raise error
    missing = FileNotFoundError(ENOENT, "no such file", str(place / "somebody's.nq"))
    for other in (PermissionError(EACCES, "no", "/elsewhere"), missing, BrokenPipeError()):
        with pytest.raises(type(other)), workroom():
            raise other
    shutil.rmtree(place)
    with pytest.raises(MaillageError, match="TMPDIR"), workroom():
        pass
