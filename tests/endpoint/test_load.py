"""Many clients, slow clients, heavy clients, and processes that die: what a good client sees of it."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

from endpoint.serving import GRAPH, Serving, serving
from endpoint.watching import (
    LIGHT_PATH,
    Heard,
    alive,
    descendants,
    dump_path,
    good_client,
    resident,
    security,
    send,
    until,
)
from looped import looped
from maillage.release import current, pointed, release
from maillage.terms import NS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="/proc, and more than one address of this machine"
)

#: Seconds of the slow lane; its default is longer, which would prove the same and take longer.
SLOW = 2.0

#: A query that no machine answers by the deadline, and one that a worker takes its time for.
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LONG = "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?a ?b ?c . ?c ?d ?e FILTER(STRLEN(STR(?e)) > 3) }"


def request(path: str, *more: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *more]
    return "\r\n".join([*lines, "", ""]).encode()


def asks(query: str) -> bytes:
    return request(f"/sparql?query={quote(query)}")


@pytest.fixture(scope="module")
def copied(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was built, to be changed and hurt."""
    place = tmp_path_factory.mktemp("load") / "out"
    shutil.copytree(out, place, symlinks=True)
    return place


@pytest.fixture(scope="module")
def server(copied: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with the limits of one in the open, those on each client among them."""
    log = tmp_path_factory.mktemp("log") / "messages.txt"
    more = ("--public", "--host", "127.0.0.1", "--slow", str(SLOW))
    with serving(copied, log, *more) as started:
        yield started


def numbers(server: Serving) -> dict[str, float]:
    """What ``/metrics`` tells, by name and labels."""
    lines = server.ask("/metrics").text.splitlines()
    pairs = [line.rpartition(" ") for line in lines if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in pairs}


# ---- many ---------------------------------------------------------------------------------------


async def _small(server: Serving, n: int, gate: asyncio.Event) -> int:
    """One small query of its own, on a connection of its own; its status."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    await gate.wait()
    writer.write(
        asks(
            f"SELECT (COUNT(*) AS ?n{n}) {{ <https://w3id.org/maillage/id/place/cn-510100> ?p ?o }}"
        )
    )
    answer = await reader.read()
    writer.close()
    assert f'"n{n}"'.encode() in answer or b" 200 " not in answer.partition(b"\r\n")[0]
    return int(answer.split(b" ", 2)[1])


async def _thousand(server: Serving) -> list[int]:
    gate = asyncio.Event()
    asked = [asyncio.create_task(_small(server, n, gate)) for n in range(1_000)]
    await asyncio.sleep(0.5)  # until most connections are open, so that the requests come at once
    gate.set()
    return await asyncio.wait_for(asyncio.gather(*asked), 60)


def test_a_thousand_small_requests_at_once_are_all_answered(server: Serving) -> None:
    started = time.monotonic()
    statuses = looped(_thousand(server))
    assert statuses == [200] * 1_000
    assert time.monotonic() - started < 30


# ---- slow ---------------------------------------------------------------------------------------


def _opened(server: Serving, first: bytes) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)  # of those that do not read
    line.connect((server.host, server.port))
    line.setblocking(False)  # the signature of the standard library
    if first:
        line.send(first)
    return line


def _closed(line: socket.socket) -> bool:
    """Whether the server has ended a connection; what it said before is read on the way."""
    try:
        while line.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


#: What somebody on a poor line takes of an answer in a second.
POOR = 12_000


def _patient(server: Serving, name: str, over: threading.Event, got: list[int]) -> None:
    """Take a file steadily and slowly until the event, then what is left of it."""
    with closing(socket.create_connection((server.host, server.port))) as line:
        line.sendall(request(name))
        head = b""
        while b"\r\n\r\n" not in head:
            head += line.recv(1)
        while piece := line.recv(POOR if not over.is_set() else 1 << 20):
            got.append(len(piece))
            over.wait(len(piece) / POOR)


def test_idle_and_slow_connections_are_dropped_and_a_good_client_sees_nothing(
    server: Serving,
) -> None:
    name = dump_path(server.host, server.port)
    length = server.ask(name, method="HEAD").headers["Content-Length"]
    over, got = threading.Event(), list[int]()
    patient = threading.Thread(target=_patient, args=(server, name, over, got))
    patient.start()
    with (
        ExitStack() as stack,
        good_client(server.host, server.port, source="127.0.0.2") as good,
    ):

        def opened(n: int, first: bytes) -> list[socket.socket]:
            return [stack.enter_context(closing(_opened(server, first))) for _ in range(n)]

        idle = opened(1_000, b"")
        heads = opened(200, b"GET /sparql HTTP/1.1\r\nHost: a\r\n")
        more = b"Content-Type: application/sparql-query\r\nContent-Length: 900\r\n\r\n"
        bodies = opened(150, b"POST /sparql HTTP/1.1\r\nHost: a\r\n" + more)
        readers = opened(150, request(name))
        assert numbers(server)["maillage_connections"] >= 1_400
        drip = time.monotonic()
        quiet = [*idle, *heads]
        while quiet and time.monotonic() - drip < 20:
            for line in heads + bodies:
                with suppress(OSError):
                    line.send(b"x")
            for line in readers:  # a byte now and then is no reading
                with suppress(OSError):
                    line.recv(1)
            quiet = [line for line in quiet if not _closed(line)]
            time.sleep(0.5)
        assert quiet == [], f"{len(quiet)} connections that never asked are open after 20 s"
        assert until(40, lambda: numbers(server)["maillage_connections"] < 60)
    assert good.failures == []
    assert good.p95() <= 1.0
    assert len(good.seconds) > 50
    # who took what there was all this time, however slowly, gets the rest
    over.set()
    patient.join(60)
    assert sum(got) == int(length)


# ---- large --------------------------------------------------------------------------------------


def test_a_file_is_packed_once_for_all_who_ask(server: Serving) -> None:
    name = dump_path(server.host, server.port).replace(".nq", ".nt")
    packed = server.ask(name, {"Accept-Encoding": "gzip"})
    plain = server.ask(name)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] != plain.headers["ETag"]
    again = {"Accept-Encoding": "gzip", "If-None-Match": str(packed.headers["ETag"])}
    assert server.ask(name, again).status == 304
    before = resident(server.process.pid)
    with (
        ExitStack() as stack,
        good_client(server.host, server.port, pause=0.1, source="127.0.0.2") as good,
    ):
        asked = request(name, "Accept-Encoding: gzip")
        lines = [stack.enter_context(closing(_opened(server, asked))) for _ in range(100)]
        sizes = [before]

        def begun() -> bool:
            """Whether all have the beginning of it."""
            sizes.append(resident(server.process.pid))
            return len(select.select(lines, [], [], 0)[0]) == len(lines)

        assert until(30, begun)
        # each in its own place of the same file
        for line in lines[::33]:
            line.setblocking(True)  # the signature of the standard library
            got = b""
            while piece := line.recv(1 << 20):
                got += piece
            assert got.partition(b"\r\n\r\n")[2] == packed.body
    assert max(sizes) - before < 100 * (1 << 19), f"{max(sizes):,} bytes at most"
    assert good.failures == []
    assert good.p95() <= 1.0


# ---- heavy --------------------------------------------------------------------------------------


def test_eight_heavy_clients_do_not_hold_up_a_good_one(server: Serving) -> None:
    stop = time.monotonic() + 8
    answers: list[Heard] = []

    def bomb(n: int) -> None:
        while time.monotonic() < stop:
            answers.append(
                send(server.host, server.port, asks(HEAVY), 60, source=f"127.0.1.{n + 1}")
            )

    bombers = [threading.Thread(target=bomb, args=(n,)) for n in range(8)]
    with good_client(server.host, server.port, pause=0.1, source="127.0.0.2") as good:
        for bomber in bombers:
            bomber.start()
        for bomber in bombers:
            bomber.join(90)
    assert not any(bomber.is_alive() for bomber in bombers)
    assert good.failures == []  # none refused, none cut
    assert good.p95() <= 1.0
    assert len(good.seconds) > 40
    assert {heard.status for heard in answers} <= {429, 503, 504}
    assert any(heard.status == 504 for heard in answers)
    for heard in answers:  # who is refused for the crowd is told when to come again
        assert heard.status == 504 or int(heard.header("retry-after")) >= 1


def test_eight_readers_of_heavy_pages_do_not_hold_up_a_reader_of_others(server: Serving) -> None:
    found = server.ask(
        "/sparql?format=csv&query=" + quote(f"SELECT DISTINCT ?it {{ ?link <{NS}hasParty> ?it }}")
    )
    parties = [line.partition("/id/")[2] for line in found.text.split()[1:]]
    stop = time.monotonic() + 8
    answers: list[Heard] = []

    def reads(n: int) -> None:
        # maps, each of another day, so that none is the one before; whoever waits at the end leaves
        for day in count(1):
            map_ = request(f"/ask/links.map.html?on=20{10 + n}-01-{day:02}")
            source = f"127.0.5.{n + 1}"
            if (left := stop - time.monotonic()) <= 0:
                return
            with suppress(TimeoutError):
                answers.append(send(server.host, server.port, map_, left, source=source))

    readers = [threading.Thread(target=reads, args=(n,)) for n in range(8)]
    for reader in readers:
        reader.start()
    seconds = []
    for party in parties:
        if time.monotonic() > stop:
            break
        page = request(f"/en/doc/{party}/")
        heard = send(server.host, server.port, page, 20, source="127.0.0.2")
        assert heard.status == 200
        seconds.append(heard.seconds)
        time.sleep(0.05)
    for reader in readers:
        reader.join(30)
    assert sorted(seconds)[int(len(seconds) * 0.95)] <= 1.0
    assert len(seconds) > 20
    assert {heard.status for heard in answers} <= {200, 503, 504}


def test_one_client_cannot_have_all_of_the_slow_lane(server: Serving) -> None:
    answers: list[Heard] = []

    def ask() -> None:
        answers.append(send(server.host, server.port, asks(HEAVY), 90, source="127.0.2.1"))

    greedy = [threading.Thread(target=ask) for _ in range(40)]
    for one in greedy:
        one.start()
    assert until(20, lambda: sum(heard.status == 429 for heard in answers) >= 30)
    other = send(server.host, server.port, asks("SELECT * { ?s ?p ?o } LIMIT 5"), 20)
    assert other.status == 200
    for one in greedy:
        one.join(90)
    refused = [heard for heard in answers if heard.status == 429]
    assert all(heard.header("content-type") == "application/problem+json" for heard in refused)
    assert all(int(heard.header("retry-after")) >= 1 for heard in refused)


# ---- deaths -------------------------------------------------------------------------------------


def workers(server: Serving) -> list[int]:
    """The processes that answer queries: those that the kernel holds in a filter."""
    found = []
    for pid in descendants(server.process.pid):
        with suppress(OSError, KeyError):
            if security(pid)["Seccomp"] == "2":
                found.append(pid)
    return found


def _at_work_behind(server: Serving) -> list[int]:
    """The workers of the slow lane that are on the processor: they let those of the fast one go first."""
    found = []
    for pid in workers(server):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                fields = (task / "stat").read_text("ascii").rpartition(")")[2].split()
                state, nice = fields[0], int(fields[16])
                if state == "R" and nice > 0:
                    found.append(pid)
    return found


def _is_at_work_behind(server: Serving, seen: deque[int]) -> bool:
    seen.extend(_at_work_behind(server))
    return bool(seen)


def test_nobody_sees_that_a_worker_was_killed(server: Serving) -> None:
    answers: list[Heard] = []

    def ask() -> None:
        answers.append(send(server.host, server.port, asks(LONG), 60, source="127.0.3.1"))

    with good_client(server.host, server.port, source="127.0.0.2") as good:
        for _ in range(2):
            thread = threading.Thread(target=ask)
            thread.start()
            # the one that was seen: the next moment it may wait for the processor
            seen: deque[int] = deque(maxlen=1)
            assert until(4, partial(_is_at_work_behind, server, seen))
            os.kill(seen.pop(), signal.SIGKILL)
            thread.join(60)
    # the job is done again by another worker; on a slow machine that is too late, never a fault
    assert {heard.status for heard in answers} <= {200, 504}
    assert good.failures == []
    assert good.p95() <= 1.0


def test_the_pool_recovers_when_all_workers_are_killed(server: Serving) -> None:
    before = workers(server)
    assert len(before) >= 4
    for pid in before:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    # a request that comes right now waits for a new worker, or is told to come again
    first = send(server.host, server.port, request(LIGHT_PATH), 30)
    assert first.status in {200, 500, 503}
    assert until(20, lambda: server.ask(LIGHT_PATH).status == 200)
    assert until(20, lambda: len(set(workers(server)) - set(before)) >= 4)
    assert [server.ask(LIGHT_PATH).status for _ in range(20)] == [200] * 20
    assert not [pid for pid in before if alive(pid)]


def test_the_server_recovers_when_what_bears_its_workers_is_killed(server: Serving) -> None:
    others = set(descendants(server.process.pid)) - set(workers(server))
    for pid in others:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert until(30, lambda: server.ask(LIGHT_PATH).status == 200)
    assert until(30, lambda: server.ask("/healthz").status == 200)
    assert [server.ask(LIGHT_PATH).status for _ in range(20)] == [200] * 20
    assert server.process.poll() is None


def test_a_server_that_is_killed_leaves_no_process_and_starts_again(
    copied: Path, tmp_path: Path
) -> None:
    with serving(copied, tmp_path / "first.txt") as first:
        family = descendants(first.process.pid)
        assert len(family) >= 4
        thread = threading.Thread(target=_ignored, args=(first, asks(HEAVY)))
        thread.start()
        time.sleep(0.3)
        family = sorted({*family, *descendants(first.process.pid)})
        first.process.kill()
        first.process.wait(10)
        thread.join(20)
        assert until(10, lambda: not any(alive(pid) for pid in family)), "orphans are left"
    with serving(copied, tmp_path / "second.txt", "--port", str(first.port)) as second:
        assert second.port == first.port
        assert second.ask(LIGHT_PATH).status == 200
        assert second.stop() == 0  # asked to end, it ends well
        assert "Traceback" not in second.said()


def _ignored(server: Serving, asked: bytes) -> None:
    with suppress(OSError, TimeoutError):
        send(server.host, server.port, asked, 15)


# ---- releases that change while they are served --------------------------------------------------


def _next(out: Path, n: int) -> str:
    """Make a release with one statement more; its name."""
    old = current(out)
    with release(out) as folder:
        for path in old.iterdir():
            if path.is_file() and path.name != "inventory.json":
                shutil.copy(path, folder)
        more = f'<http://example.org/s{n}> <http://example.org/p> "{n}" <http://example.org/g> .\n'
        with (folder / "maillage.nq").open("a", encoding="utf-8") as file:
            file.write(more)
    return str(pointed(out))


def _served(server: Serving) -> str:
    return str(json.loads(server.ask("/healthz").text)["release"])


def test_a_new_release_is_served_without_a_request_that_fails(
    server: Serving, copied: Path
) -> None:
    before, tag = _served(server), server.ask(LIGHT_PATH).headers["ETag"]
    answers: list[Heard] = []

    def long_ones() -> None:
        answers.extend(
            send(server.host, server.port, asks(LONG), 60, source="127.0.4.1") for _ in range(6)
        )

    with (
        good_client(server.host, server.port, source="127.0.0.2") as good,
        good_client(server.host, server.port, source="127.0.0.3") as other,
    ):
        thread = threading.Thread(target=long_ones)
        thread.start()
        made = _next(copied, 1)
        assert made != before
        assert until(30, lambda: _served(server) == made)
        thread.join(90)
    assert good.failures == other.failures == []
    assert {heard.status for heard in answers} <= {200, 504}
    assert server.ask("/sparql?query=" + quote("ASK { <http://example.org/s1> ?p ?o }")).text.count(
        "true"
    )
    after = server.ask(LIGHT_PATH, {"If-None-Match": str(tag)})
    assert after.status == 200 and after.headers["ETag"] != tag
    # what was served before ends when its last request is answered
    assert until(30, lambda: len(workers(server)) <= 12)


CRASH = """
    import os, pathlib, shutil, signal, sys
    out, where = pathlib.Path(sys.argv[1]), sys.argv[2]
    import maillage.release as made
    def killed(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)
    replace = pathlib.Path.replace
    def at_pointer(self, target):
        if where == "before the swap" and self.name == ".current":
            killed()
        done = replace(self, target)
        if where == "after the swap" and self.name == ".current":
            killed()
        return done
    pathlib.Path.replace = at_pointer
    if where == "after the store":
        made.take = killed
    old = made.current(out)
    with made.release(out) as folder:
        if where == "while it is filled":
            (folder / "half").write_text("half")
            killed()
        for path in old.iterdir():
            if path.is_file() and path.name != "inventory.json":
                shutil.copy(path, folder)
        with (folder / "maillage.nq").open("a") as file:
            file.write(f'<http://example.org/c> <http://example.org/p> "{where}" <http://example.org/g> .\\n')
"""


@pytest.mark.parametrize(
    "where",
    ["while it is filled", "after the store", "before the swap", "after the swap"],
)
def test_a_release_that_is_killed_on_its_way_leaves_the_server_at_work(
    server: Serving, copied: Path, where: str
) -> None:
    before = _served(server)
    with good_client(server.host, server.port, source="127.0.0.2") as good:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(CRASH), str(copied), where],
            env={**os.environ, "PYTHONPATH": str(GRAPH)},
            check=False,
            timeout=120,
        )
        assert done.returncode == -signal.SIGKILL
        time.sleep(1.5)  # longer than the server's own look at the pointer
        if where == "after the swap":
            assert until(30, lambda: _served(server) != before)
        else:
            assert _served(server) == before
    assert good.failures == []
    assert server.ask(LIGHT_PATH).status == 200


def test_a_build_that_is_killed_leaves_the_server_at_work(server: Serving, copied: Path) -> None:
    before = _served(server)
    environment = {**os.environ, "PYTHONPATH": str(GRAPH)}
    command = [sys.executable, "-m", "maillage", "build", "--out", str(copied)]
    with good_client(server.host, server.port, source="127.0.0.2") as good:
        for seconds in (1.0, 4.0):
            build = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            time.sleep(seconds)
            assert build.poll() is None
            build.kill()
            build.wait(30)
            assert _served(server) == before
    assert good.failures == []
    assert good.p95() <= 1.0
    # whatever was left half done does not keep the next release from being made and served
    made = _next(copied, 2)
    assert until(30, lambda: _served(server) == made)
    assert not list((copied / "releases").glob(".tmp-*"))


def test_a_damaged_release_is_not_served_in_place_of_a_good_one(
    server: Serving, copied: Path
) -> None:
    before = _served(server)
    bad = copied / "releases" / "0123456789ab"
    shutil.copytree(copied / "releases" / before, bad)
    with (bad / "maillage.nq").open("r+b") as file:
        file.seek(5_000)
        file.write(b"x")
    pointer = copied / "current"
    link = pointer.readlink()
    new = copied / ".next"
    with good_client(server.host, server.port, source="127.0.0.2") as good:
        new.symlink_to(Path("releases") / bad.name)
        new.replace(pointer)
        time.sleep(3)
        assert _served(server) == before
        assert server.ask(LIGHT_PATH).status == 200
        new.symlink_to(link)
        new.replace(pointer)
        time.sleep(1.5)
    assert good.failures == []
    assert "maillage.nq" in server.said()  # whoever runs it is told which file
    shutil.rmtree(bad)


def test_all_that_was_done_to_the_server_left_no_trace_of_a_fault(server: Serving) -> None:
    # the last of this file
    assert "Traceback" not in server.said()
    assert server.stop() == 0
