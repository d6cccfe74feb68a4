"""What the tests of the endpoint watch with: raw requests, a canary, a good client, processes."""

from __future__ import annotations

import http.client
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

#: A look-up that any server answers at once.
LIGHT = "ASK { <https://w3id.org/maillage/id/place/cn-510100> ?p ?o }"
LIGHT_PATH = f"/sparql?query={quote(LIGHT)}"


@dataclass(frozen=True)
class Heard:
    """What came back over the wire; status 0 is a connection that was closed without an answer."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            if line.lower().startswith(f"{name.lower()}:"):
                return line.partition(":")[2].strip()
        return ""


def send(host: str, port: int, request: bytes, seconds: float, source: str = "") -> Heard:
    """Send bytes, read until the server closes or has said all that it announced.

    :param seconds: how long to wait for the end, before it is a failure.
    :param source: the address to call from, of this machine's own network.
    """
    started = time.monotonic()
    until = started + seconds
    origin = (source, 0) if source else None
    got = b""
    with closing(socket.create_connection((host, port), seconds, origin)) as line:
        line.setblocking(False)  # the signature of the standard library
        rest = memoryview(request)
        while not _whole(got):
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"no whole answer in {seconds} s: {got[:300]!r}")
            ready = select.select([line], [line] if rest else [], [], left)
            if ready[0]:
                try:
                    piece = line.recv(1 << 20)
                except ConnectionResetError:
                    break
                if not piece:
                    break
                got += piece
            if ready[1] and rest:
                try:
                    rest = rest[line.send(rest[: 1 << 16]) :]
                except (BrokenPipeError, ConnectionResetError):
                    rest = rest[:0]  # refused before it was sent whole: an answer may wait
    return _parsed(got, time.monotonic() - started)


def _whole(got: bytes) -> bool:
    """Whether an answer with a known length is there, so that one need not wait for the end."""
    head, end, body = got.partition(b"\r\n\r\n")
    if not end:
        return False
    lines = head.lower().split(b"\r\n")
    lengths = [
        int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")
    ]
    return bool(lengths) and len(body) >= lengths[0]


def _parsed(got: bytes, seconds: float) -> Heard:
    head, _, body = got.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if not head.startswith(b"HTTP/1.") or not words[1].isdigit():
        return Heard(0, head, body, seconds)
    if b"transfer-encoding: chunked" in head.lower():
        body = _dechunked(body)
    return Heard(int(words[1]), head, body, seconds)


def _dechunked(body: bytes) -> bytes:
    out = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        n = int(size.split(b";")[0], 16)
        if n == 0:
            return out
        out, body = out + body[:n], body[n + 2 :]
    raise AssertionError("the chunks of the answer have no end")


def dump_path(host: str, port: int) -> str:
    """Where the largest file of the release that is served now can be had, from the root."""
    line = http.client.HTTPConnection(host, port, timeout=20)
    with closing(line):
        line.request("GET", "/release/current/maillage.nq")
        moved = line.getresponse()
        assert moved.status == http.client.FOUND
        return "/release/" + moved.headers["Location"].rpartition("release/")[2]


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    """A listener that nobody may call: its address, and who called."""
    callers: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0), backlog=64)) as listener:
        listener.settimeout(0.2)
        stopped = threading.Event()

        def listen() -> None:
            while not stopped.is_set():
                with suppress(TimeoutError):
                    line, address = listener.accept()
                    callers.append(str(address))
                    line.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/", callers
        finally:
            stopped.set()
            thread.join(5)


@dataclass
class Good:
    """Somebody who asks small questions one after another, and remembers how it went."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


@contextmanager
def good_client(
    host: str, port: int, pause: float = 0.03, path: str = LIGHT_PATH, source: str = ""
) -> Iterator[Good]:
    """A good client for as long as the block lasts; each request on the same connection if it can."""
    good = Good()
    stopped = threading.Event()
    origin = (source, 0) if source else None

    def ask() -> None:
        line = http.client.HTTPConnection(host, port, timeout=20, source_address=origin)
        while not stopped.is_set():
            started = time.monotonic()
            try:
                line.request("GET", path, headers={"Accept": "application/sparql-results+json"})
                answer = line.getresponse()
                body = answer.read()
                if answer.status != http.client.OK or b"true" not in body:
                    good.failures.append(f"{answer.status} {body[:200]!r}")
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError) as error:
                # RFC 9112 (9.3.1): a connection at rest may be closed, and the client asks again;
                # one that was just opened may not.
                if line.sock is not None and time.monotonic() - started > 1:
                    good.failures.append(repr(error))
                line.close()
                continue
            except OSError as error:
                good.failures.append(repr(error))
                line.close()
            good.seconds.append(time.monotonic() - started)
            stopped.wait(pause)
        line.close()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield good
    finally:
        stopped.set()
        thread.join(30)


# ---- processes ----------------------------------------------------------------------------------


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        return _status(pid)["State"][:1] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    """Every process below one, as Linux knows them."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                below.setdefault(int(_status(int(entry.name))["PPid"]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        children = below.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(_status(pid)["VmRSS"].split()[0]) * 1024


def security(pid: int) -> dict[str, str]:
    """What Linux says of a process: ``Seccomp`` (2: a filter holds), ``NoNewPrivs``, ``CapEff``."""
    return _status(pid)


def sockets(pid: int) -> list[str]:
    """The sockets of the internet that a process holds (IPv4 and IPv6)."""
    held = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            held.add(str(entry.readlink()).removeprefix("socket:[").rstrip("]"))
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text("ascii").splitlines()[1:]:
            columns = line.split()
            if columns[9] in held:
                found.append(f"{table} {columns[1]} {columns[2]}")
    return found


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def until(seconds: float, true: Callable[[], object]) -> bool:
    """Whether something becomes true in time; looked at twenty times a second."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False
