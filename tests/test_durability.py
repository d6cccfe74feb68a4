"""Whatever ends a build, a rollback or the making of a store: what is current is whole.

Real processes are ended by SIGKILL, at random moments and at each change that they make to the
disk; files are changed, cut, swapped and taken away. Afterwards what is current is the old release
or the new one, and the store answers with exactly what its N-Quads say.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from maillage import inventory
from maillage.commands.main import maillage
from maillage.errors import MaillageError
from maillage.release import current, hold, intact, kept, open_store, pointed, release
from maillage.rollback import releases, rollback

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL and no flock")

STATEMENTS = 60


def lines(text):
    return "".join(
        f"<http://a/s{n}> <http://a/p> <http://a/{text}> <http://a/g{n % 3}> .\n"
        for n in range(STATEMENTS)
    )


def run(*arguments):
    return CliRunner().invoke(maillage, [*map(str, arguments)], env={"MAILLAGE_LANG": "en"})


def make(out, text):
    with release(out) as folder:
        (folder / "maillage.nq").write_text(lines(text))
        (folder / "page.html").write_text(text)
    return pointed(out)


def told(out):
    """What the store that is current says, once it is known that it says what its N-Quads say."""
    with hold(out, everything=True) as held:
        store = ox.Store.read_only(str(held.folder / "store"))
        query = "SELECT ?o (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?o"
        ((value, number),) = store.query(query)
        text = value.value.removeprefix("http://a/")
        assert int(number.value) == STATEMENTS
        assert (held.folder / "maillage.nq").read_text() == lines(text)
        assert (held.folder / "page.html").read_text() == text
        assert (out / "current").readlink() == Path("releases") / held.folder.name
        return text


# A process that has loaded everything, and opened nothing, forks one for each job and ends it.
WORKER = """
import json, os, resource, signal, sys, time
from pathlib import Path
from maillage.errors import MaillageError
from maillage.release import open_store, release
from maillage.rollback import rollback

CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "shutil.rmtree"}
WRITING = os.O_WRONLY | os.O_RDWR

def job(kind, out, files):
    if kind == "build":
        with release(out) as folder:
            for name, text in files.items():
                (folder / name).write_text(text)
    elif kind == "open":
        open_store(str(out)).query("ASK { ?s ?p ?o }")
    else:
        rollback(out)

str(MaillageError("busy", path=""))  # what is loaded here need not be loaded by somebody else

for line in sys.stdin:
    kind, out, files, limit, value = json.loads(line)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        seen = 0
        def watch(event, arguments):
            global seen
            if event in CHANGES or event == "open" and arguments[2] & WRITING:
                seen += 1
                where = arguments[event in {"os.rename", "os.symlink"}]
                os.write(writing, f"{event} {os.path.basename(where)}\\n".encode())
                if limit == "change" and seen == value:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(watch)
        if limit == "size":
            resource.setrlimit(resource.RLIMIT_FSIZE, (value, value))
        if limit == "user" and not os.getuid():
            os.setuid(value)
        try:
            job(kind, Path(out), files)
        except MaillageError as error:
            os.write(writing, f"{error.key}: {error}\\n".encode())
            os._exit(error.exit_code)
        os._exit(0)
    os.close(writing)
    if limit == "time":
        time.sleep(value)
        os.kill(child, signal.SIGKILL)
    trace = b""
    while part := os.read(reading, 65536):
        trace += part
    os.close(reading)
    _, status = os.waitpid(child, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), trace.decode()]), flush=True)
"""


@pytest.fixture(scope="module")
def worker():
    """Does a job in a process of its own: ``worker("build", out, "four", time=0.01)``.

    Returns the exit code (-9: killed) and what the process did to the disk, or said.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:

        def ask(kind, out, text="", **limit):
            (name, value), *_ = [*limit.items(), ("none", 0)]
            files = {"maillage.nq": lines(text), "page.html": text}
            print(json.dumps([kind, str(out), files, name, value]), file=process.stdin, flush=True)
            code, trace = json.loads(process.stdout.readline())
            named = re.sub(r"\b[0-9a-f]{12}(?:\.\d)?\b", "ID", trace)
            return code, re.sub(r"\.tmp-\d+\b", ".tmp-PID", named).removesuffix("\n").split("\n")

        yield ask
        process.stdin.close()
        process.wait(10)


def flip(path, place=0.5):
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    path.write_bytes(bytes(data))


def engine_file(out, pattern="*.sst"):
    """The largest of the engine's files."""
    return max((current(out) / "store").glob(pattern), key=lambda path: path.stat().st_size)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Three releases: one, two, three; the last is current."""
    path = tmp_path_factory.mktemp("built") / "out"
    for text in ("one", "two", "three"):
        make(path, text)
    return path


@pytest.fixture
def out(built, tmp_path):
    """A copy of them, to be damaged."""
    return Path(shutil.copytree(built, tmp_path / "out", symlinks=True))


# ---- processes that are killed ------------------------------------------------------------------


def test_a_build_killed_at_any_moment_leaves_the_old_release_or_the_new(out, worker):
    began = time.monotonic()
    assert worker("build", out, "four")[0] == 0
    longest = time.monotonic() - began
    dice = random.Random(6)  # noqa: S311  # the same moments each time, for who reads the log
    old, killed = "four", 0
    for number in range(100):
        new = f"new{number}"
        code, _ = worker("build", out, new, time=dice.uniform(0, longest))
        assert code in {0, -signal.SIGKILL}
        # as the machine is busy or not, so that moments of the whole build are met
        longest *= 0.8 if code == 0 else 1.1
        killed += code != 0
        now = told(out)
        assert now in {old, new}
        assert code != 0 or now == new
        old = now
        assert len(kept(out)) <= 4  # a fourth only if killed before it was forgotten
        if killed == 25:
            break
    assert killed == 25
    make(out, "last")
    assert told(out) == "last"
    assert not list((out / "releases").glob(".tmp-*"))
    assert len(kept(out)) == 3


BUILD = {
    "open .inventory.json",  # all is written but the inventory
    "os.rename ID",  # the release gets its name
    "os.rename current",  # and becomes current
    "os.rename .tmp-ID",  # the oldest is forgotten
    "os.rmdir store",  # half of it
}
MEND = {
    "os.mkdir .tmp-store",  # a store is made beside the damaged one
    "os.rename old",  # there is no store
    "os.rename store",  # a store that does not fit the inventory
    "os.rename inventory.json",
    "shutil.rmtree .tmp-store",
}
BACK = {"os.symlink .current", "os.rename current"}


@pytest.mark.parametrize(("kind", "points"), [("build", BUILD), ("open", MEND), ("rollback", BACK)])
def test_a_process_killed_at_each_of_its_changes_leaves_what_is_whole(out, worker, kind, points):
    if kind == "open":
        flip(engine_file(out))
    fresh = out.with_name("fresh")
    shutil.copytree(out, fresh, symlinks=True)
    code, trace = worker(kind, fresh, "four")
    assert code == 0
    assert points <= set(trace)
    then = {"build": "four", "open": "three", "rollback": "two"}[kind]
    assert told(fresh) == then
    # of the many files of a store that is removed, every fifth will do
    for number in (
        n for n, event in enumerate(trace, 1) if "remove 0000" not in event or not n % 5
    ):
        fresh = out.with_name(f"fresh{number}")
        shutil.copytree(out, fresh, symlinks=True)
        code, done = worker(kind, fresh, "four", change=number)
        assert (code, done) == (-signal.SIGKILL, trace[:number])
        assert told(fresh) in {"three", then}, done[-1]


def test_what_was_left_of_a_killed_build_is_cleared_away_by_the_next(out, worker):
    worker("build", out, "four", change=5)
    flip(engine_file(out))
    worker("open", out, change=3)
    left = {path.name.split("-")[0] for path in out.rglob(".tmp-*")}
    assert left == {".tmp"}
    make(out, "five")
    assert not list(out.rglob(".tmp-*"))


# ---- a store that is not as it was made ---------------------------------------------------------


def cut(path):
    path.write_bytes(path.read_bytes()[:-5])


def exchange(one, other):
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def other_store(out):
    """The store of the release before, with all that its own inventory says of it."""
    other = out / "releases" / kept(out)[1]
    shutil.rmtree(current(out) / "store")
    shutil.copytree(other / "store", current(out) / "store")


def rewritten(out, **values):
    """Another inventory, as another version would have written it; None takes a value away."""
    path = current(out) / inventory.FILE
    told = json.loads(path.read_text()) | values
    path.write_text(json.dumps({k: v for k, v in told.items() if v is not None}))


DAMAGE = {
    "a flipped bit": lambda out: flip(engine_file(out)),
    "a flipped bit at the end": lambda out: flip(engine_file(out), 0.99),
    "a flipped bit in the list of files": lambda out: flip(engine_file(out, "MANIFEST-*")),
    "a cut list of files": lambda out: cut(engine_file(out, "MANIFEST-*")),
    "an empty list of files": lambda out: engine_file(out, "MANIFEST-*").write_bytes(b""),
    "another list of files": lambda out: (current(out) / "store" / "CURRENT").write_text("MANIFEST-000001\n"),
    "a missing file": lambda out: engine_file(out).unlink(),
    "swapped files": lambda out: exchange(*sorted((current(out) / "store").glob("*.sst"))[:2]),
    "a log that lies about": lambda out: (current(out) / "store" / "000999.log").write_bytes(b"x" * 99),
    "no store": lambda out: shutil.rmtree(current(out) / "store"),
    "a file for a store": lambda out: (shutil.rmtree(current(out) / "store"), (current(out) / "store").touch()),
    "the store of another release": other_store,
    "a flipped bit in the names": lambda out: flip(current(out) / "store" / "names.db"),
    "no names": lambda out: (current(out) / "store" / "names.db").unlink(),
    "another engine": lambda out: rewritten(out, engine="oxigraph 0.4.0"),
    "another layout": lambda out: rewritten(out, layout="layout named-only"),
    "another count": lambda out: rewritten(out, stored=7),
    "an inventory of before": lambda out: rewritten(out, format=None, engine=None, layout=None, made=None, before=None, quads=None, stored=None),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_store_that_is_not_fit_is_made_anew(out, damage):
    before = current(out)
    DAMAGE[damage](out)
    assert releases(out)[0].state == "store"
    assert told(out) == "three"
    listed = inventory.read(before)
    assert (current(out), releases(out)[0].state) == (before, "whole")
    assert (listed.quads, listed.stored) == (STATEMENTS, 2 * STATEMENTS)
    assert (listed.engine, listed.format) == (f"oxigraph {ox.__version__}", 2)
    assert kept(out)[0] == before.name
    assert {path.name for path in before.iterdir()} == {
        "inventory.json",
        "maillage.nq",
        "page.html",
        "store",
    }


def test_a_store_that_is_fit_is_left_alone(out):
    def stamps():
        return {path: path.stat().st_mtime_ns for path in out.rglob("*")}

    before = stamps()
    assert told(out) == "three"
    assert stamps() == before


def test_a_store_that_reads_otherwise_than_it_was_written_is_not_kept(out, monkeypatch):
    true = ox.Store

    class Forgetful:
        def __new__(cls, *path):
            return true(*path)

        @staticmethod
        def read_only(_):
            return true()

    with monkeypatch.context() as patched:
        patched.setattr(ox, "Store", Forgetful)
        with pytest.raises(MaillageError, match=rf"not hold what was written.*\b{STATEMENTS} st"):
            make(out, "four")
    assert told(out) == "three"


def test_numbers_that_the_engine_writes_as_one_are_no_damage(out):
    written = "".join(
        f'<http://a/s> <http://a/p> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer> <http://a/g> .\n'
        for n in ("01", "1")
    )
    with release(out) as folder:
        (folder / "maillage.nq").write_text(written)
    with hold(out) as held:
        listed = inventory.read(held.folder)
    assert (listed.quads, listed.stored) == (2, 2)  # two lines; one statement, and the union's
    assert (intact(out) / "maillage.nq").read_text() == written


def test_a_store_that_somebody_reads_is_not_made_anew_under_him(out, monkeypatch):
    monkeypatch.setattr("maillage.cache.PATIENCE", 0.2)
    with hold(out):
        rewritten(out, engine="oxigraph 0.4.0")
        with pytest.raises(MaillageError, match="another program is reading it"):
            open_store(str(out))
    assert told(out) == "three"


def test_many_who_find_the_same_damage_all_get_the_right_answer(out, worker):
    flip(engine_file(out))
    answers = []
    readers = [threading.Thread(target=lambda: answers.append(told(out))) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)
    assert answers == ["three"] * 4


# ---- a truth that is not as it was built --------------------------------------------------------

LOST = {
    "a flipped bit": lambda out: flip(current(out) / "maillage.nq"),
    "a cut dump": lambda out: cut(current(out) / "maillage.nq"),
    "a missing dump": lambda out: (current(out) / "maillage.nq").unlink(),
    "the dump of another release": lambda out: shutil.copy(out / "releases" / kept(out)[1] / "maillage.nq", current(out)),
    "a cut inventory": lambda out: cut(current(out) / "inventory.json"),
    "an inventory of another release": lambda out: shutil.copy(out / "releases" / kept(out)[1] / "inventory.json", current(out)),
    "an inventory that lists no dump": lambda out: rewritten(out, files={}),
    "an inventory of no form": lambda out: (current(out) / "inventory.json").write_text("[]"),
    "a digest that was changed": lambda out: rewritten(out, files={"maillage.nq": {"bytes": 3, "sha256": "0"}}),
}  # fmt: skip


@pytest.mark.parametrize("also", ["store whole", "store damaged"])
@pytest.mark.parametrize("loss", LOST)
def test_a_damaged_truth_is_refused_with_the_way_back(out, loss, also):
    if also == "store damaged":
        flip(engine_file(out))
    LOST[loss](out)
    for refuses in (lambda: open_store(str(out)), lambda: intact(out), lambda: hold(out)):
        with pytest.raises(
            MaillageError, match=r"has changed since it was built.*maillage rollback"
        ):
            refuses()
    assert [one.state for one in releases(out) if one.current] == ["damaged"]
    done = run("rollback", "--store", out)
    assert done.exit_code == 0, done.output
    assert told(out) in {"one", "two"}


def test_a_damaged_page_does_not_stop_questions_but_publishing_and_going_back(out):
    flip(current(out) / "page.html")
    assert open_store(str(out)).query("ASK { ?s ?p ?o }") is True
    with pytest.raises(MaillageError, match=r"page\.html of the graph has changed"):
        intact(out)
    name = pointed(out)
    rollback(out)
    with pytest.raises(MaillageError, match=r"page\.html of the graph has changed"):
        rollback(out, name)
    assert told(out) == "two"


def test_the_same_content_again_takes_the_place_of_a_damaged_release(out):
    damaged = pointed(out)
    flip(current(out) / "maillage.nq")
    assert make(out, "three") != damaged
    assert told(out) == "three"
    assert damaged not in kept(out)


# ---- the pointer --------------------------------------------------------------------------------

POINTERS = {
    "to nothing": lambda pointer, _: pointer.symlink_to("releases/000000000000"),
    "out of the folder": lambda pointer, elsewhere: pointer.symlink_to(elsewhere / "current"),
    "to a release elsewhere": lambda pointer, elsewhere: pointer.symlink_to(current(elsewhere)),
    "up and down again": lambda pointer, elsewhere: pointer.symlink_to(Path("..") / elsewhere.name / "current"),
    "to its name in another folder": lambda pointer, _: pointer.symlink_to(f"drafts/{kept(pointer.parent)[0]}"),
    "to what is half made": lambda pointer, _: pointer.symlink_to("releases/.tmp-1"),
    "to itself": lambda pointer, _: pointer.symlink_to("current"),
    "by a file, elsewhere": lambda pointer, _: pointer.write_text("../../elsewhere"),
    "by an empty file": lambda pointer, _: pointer.write_text(""),
}  # fmt: skip


@pytest.mark.parametrize("how", POINTERS)
def test_a_pointer_that_leads_elsewhere_is_refused_and_mended(out, tmp_path, how):
    make(tmp_path / "elsewhere", "foreign")
    shutil.copytree(current(out), out / "releases" / ".tmp-1")
    (out / "current").unlink()
    POINTERS[how](out / "current", tmp_path / "elsewhere")
    if how != "to itself":  # the system has its own word for that
        with pytest.raises(MaillageError, match=r"leads to no release.*maillage rollback"):
            open_store(str(out))
    done = run("rollback", "--store", out)
    assert "is in use now; before, none was" in done.output
    assert told(out) == "three"


# ---- back ---------------------------------------------------------------------------------------


def test_rollback_says_from_where_to_where_and_keeps_what_it_left(out):
    one, two, three = (name for name in reversed(kept(out)))
    done = run("rollback", "--store", out)
    assert done.exit_code == 0
    assert f"From release {three} to release {two}" in done.output
    assert told(out) == "two"
    assert kept(out) == [three, two, one]
    listed = run("rollback", "--store", out, "--list").output.splitlines()
    assert [line[0] for line in listed] == [" ", "*", " "]
    assert all(str(STATEMENTS) in line and line.endswith("whole") for line in listed)
    assert run("rollback", "--store", out).exit_code == 0
    assert told(out) == "one"
    done = run("rollback", "--store", out)
    assert (done.exit_code, told(out)) == (2, "one")
    assert "no earlier release" in done.output
    assert run("rollback", "--store", out, "--to", three).exit_code == 0
    assert told(out) == "three"
    done = run("rollback", "--store", out, "--to", three)
    assert "was in use already" in done.output


def test_a_release_that_is_not_kept_is_refused_by_name(out):
    for name in ("nobody", "../releases", "..", ".tmp-1", ""):
        done = run("rollback", "--store", out, "--to", name)
        assert done.exit_code == 2
        assert f"keeps no release {name}." in done.output
    assert told(out) == "three"
    assert "maillage build" in run("rollback", "--store", out / "nowhere").output


def test_damaged_releases_are_passed_over_on_the_way_back(out):
    two, one = kept(out)[1:]
    flip(out / "releases" / two / "maillage.nq")
    done = run("rollback", "--store", out)
    assert f"{two} is damaged" in done.output
    assert (pointed(out), told(out)) == (one, "one")
    done = run("rollback", "--store", out, "--to", two)
    assert (done.exit_code, told(out)) == (2, "one")


def test_after_going_back_the_way_back_is_to_what_was_in_use(out):
    rollback(out, kept(out)[-1])  # three and two are bad
    make(out, "four")
    make(out, "four")  # the same again is no other
    assert len(kept(out)) == 3
    rollback(out)
    assert told(out) == "one"


def test_the_same_content_after_another_is_gone_back_from_to_that_other(out):
    make(out, "one")
    assert [told(out), rollback(out) and told(out), rollback(out) and told(out)] == [
        "one",
        "three",
        "two",
    ]


def test_nobody_goes_back_during_a_build(out):
    with release(out) as folder:
        (folder / "maillage.nq").write_text(lines("four"))
        (folder / "page.html").write_text("four")
        assert "under way" in run("rollback", "--store", out).output
        assert told(out) == "three"
    assert told(out) == "four"


# ---- readers beside writers ---------------------------------------------------------------------


def test_a_release_that_is_read_is_not_forgotten(out):
    held, store = hold(out), open_store(str(out))
    for text in ("four", "five", "six", "seven"):
        make(out, text)
    assert held.folder.name in kept(out)
    assert (held.folder / "maillage.nq").read_text() == lines("three")
    assert store.query("ASK { ?s ?p <http://a/three> }") is True
    held.close()
    held.close()
    make(out, "eight")
    assert held.folder.name in kept(out)  # the other still reads it
    del store
    make(out, "nine")
    assert held.folder.name not in kept(out)
    assert len(kept(out)) == 3


def test_who_reads_while_others_build_and_go_back_always_reads_one_release_whole(out, worker):
    seen, faults, done = set(), [], threading.Event()

    def read():
        while not done.is_set():
            try:
                held = hold(out)
                opened = ox.Store.read_only(str(held.folder / "store"))
                (row,) = opened.query("SELECT DISTINCT ?o { ?s ?p ?o }")
                text = row["o"].value.removeprefix("http://a/")
                assert (held.folder / "maillage.nq").read_text() == lines(text)
                assert len(opened) == 2 * STATEMENTS
                held.close()
                seen.add(text)
            except Exception as fault:  # noqa: BLE001  # told below: a thread cannot fail a test
                faults.append(fault)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(6):
        assert worker("build", out, f"new{number}")[0] == 0
        assert worker("rollback", out)[0] == 0
    done.set()
    for reader in readers:
        reader.join(30)
    assert faults == []
    assert len(seen) > 2


# ---- disks --------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_release_that_is_there(out, worker):
    refused = 0
    for size in (0, 100, 1_000, 3_000, 10_000, 60_000):
        code, trace = worker("build", out, "four", size=size)
        if code == 0:
            break
        assert code == 2
        assert trace[-1].startswith("cannot-write"), trace
        assert told(out) == "three"
        refused += 1
    assert refused >= 3
    make(out, "five")
    assert told(out) == "five"
    assert not list(out.rglob(".tmp-*"))


def test_a_full_disk_does_not_lose_the_truth_of_a_damaged_store(out, worker):
    flip(engine_file(out))
    code, trace = worker("open", out, size=1_000)
    assert code == 2
    assert trace[-1].startswith("store-not-mended")
    assert "maillage ask --store" in trace[-1]
    assert told(out) == "three"


def test_a_folder_that_cannot_be_written_is_read_and_not_mended(worker):
    nobody = 65534
    with tempfile.TemporaryDirectory() as room:  # where another user may go
        Path(room).chmod(0o755)
        out = Path(room) / "out"
        make(out, "one")
        paths = [out, *out.rglob("*")]
        if os.getuid():
            for path in paths:
                path.chmod(path.stat().st_mode & ~0o222)
        try:
            assert worker("open", out, user=nobody) == (0, [""])
            if os.getuid():
                (current(out) / "store").chmod(0o755)
            DAMAGE["a missing file"](out)
            code, trace = worker("open", out, user=nobody)
            assert code == 2
            assert trace[-1].startswith("store-not-mended"), trace
            assert worker("rollback", out, user=nobody)[0] == 2
            assert worker("build", out, "two", user=nobody)[0] == 2
        finally:
            for path in paths:
                with suppress(FileNotFoundError):
                    path.chmod(path.stat().st_mode | 0o200)
        assert told(out) == "one"
