"""The wire side of the server, without a wire: what it refuses, and whom it waits for."""

import asyncio
import json

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from looped import looped
from maillage.served.guarded import Guards, guarded
from maillage.served.settings import Bounds

BOUNDS = Bounds()
BASE = "https://data.example.org/maillage/"
GET = b"GET / HTTP/1.1\r\nHost: a\r\n"


class Wire(asyncio.Transport):
    """A transport to a client that takes what it is given only when the test says so."""

    def __init__(self):
        super().__init__()
        self.written, self.waiting, self.closing, self.aborted = b"", 0, False, False

    def write(self, data):
        self.written += data

    def get_write_buffer_size(self):
        return self.waiting

    def is_closing(self):
        return self.closing

    def close(self):
        self.closing = True

    def abort(self):
        self.aborted = self.closing = True

    def is_reading(self):
        return True

    def pause_reading(self):
        """Nothing comes but from the test."""

    resume_reading = pause_reading


def connected(test):
    """Run a test with a connection, its wire, and the reasons for which clients were dropped."""

    async def answered(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    async def run():
        dropped = []
        guards = Guards(BOUNDS, lambda *_: None, dropped.append, BASE)
        kind = guarded(guards)
        config = Config(answered, http=kind, lifespan="off", log_config=None)
        config.load()
        connection, wire = kind(config, ServerState(), {}), Wire()
        connection.connection_made(wire)
        return await test(connection, wire, dropped)

    return looped(run())


def refused(sent):
    """Status, and the problem, of what is sent on a new connection."""

    async def test(connection, wire, _):
        connection.data_received(sent)
        assert wire.closing
        head, _, body = wire.written.partition(b"\r\n\r\n")
        assert b"content-type: application/problem+json" in head
        return int(head.split()[1]), json.loads(body)

    return connected(test)


@pytest.mark.parametrize("closing", [False, True])
def test_a_client_that_takes_its_answer_slowly_is_waited_for(closing):
    async def test(connection, wire, dropped):
        connection.data_received(GET + b"\r\n")
        now = asyncio.get_running_loop().time()
        wire.waiting, wire.closing = 65_536, closing
        connection.sweep(now)
        for _ in range(50):  # twenty minutes and more
            now += BOUNDS.unread - 1
            wire.waiting -= 1_000
            connection.sweep(now)
        slow = wire.aborted, list(dropped)
        connection.sweep(now + BOUNDS.unread + 1)  # now it takes nothing any more
        return slow, wire.aborted, dropped

    assert connected(test) == ((False, []), True, ["unread"])


def test_what_is_left_of_an_answer_is_not_cut_when_the_connection_is_at_rest():
    async def test(connection, wire, dropped):
        connection.data_received(GET + b"\r\n")
        connection.cycle.response_complete = True
        connection.on_response_complete()
        now = asyncio.get_running_loop().time()
        for left in range(100_000, 0, -5_000):
            wire.waiting = left
            now += BOUNDS.idle - 1
            connection.sweep(now)
            assert not wire.closing
        wire.waiting = 0
        connection.sweep(now + 1)
        return wire.closing, wire.aborted, dropped

    assert connected(test) == (True, False, [])  # at rest for long enough, and nothing is left


def test_no_answer_is_sent_for_ever():
    async def test(connection, wire, dropped):
        connection.data_received(GET + b"\r\n")
        now = asyncio.get_running_loop().time()
        wire.waiting = 1 << 30
        for _ in range(int(BOUNDS.answer / 10)):
            assert not wire.aborted
            now += 10
            wire.waiting -= 1
            connection.sweep(now)
        return wire.aborted, dropped

    assert connected(test) == (True, ["answer"])


@pytest.mark.parametrize(
    "name",
    [
        "Accept",
        "Accept-Encoding",
        "ACCEPT-LANGUAGE",
        "Content-Type",
        "If-None-Match",
        "Range",
        "X-Forwarded-For",
    ],
)
def test_a_header_that_is_read_has_a_length(name):
    line = f"{name}: ".encode() + b"x" * 2_000 + b"\r\n"
    status, problem = refused(GET + line * 3 + b"\r\n")
    assert (status, problem["limit"]) == (431, BOUNDS.field)

    async def test(connection, wire, _):
        connection.data_received(GET + line * 2 + b"\r\n")
        return wire.closing

    assert connected(test) is False


@pytest.mark.parametrize(
    ("line", "status", "key"),
    [
        ("GET /search/?q=成都", 400, "bad-address"),
        ("GET /doc/place/évian/", 400, "bad-address"),
        ("FOO /sparql", 501, "not-implemented"),
        ("get /sparql", 501, "not-implemented"),
        ("\x16\x03 /", 400, "bad-request"),
        ("GET /a /b", 400, "bad-request"),
    ],
)
def test_what_is_wrong_on_the_wire_is_told_by_name_and_in_the_clients_language(line, status, key):
    spoken = set()
    for lang, word in (("fr", "l"), ("zh-CN", "。"), ("de", " ")):
        head = f"{line} HTTP/1.1\r\nHost: a\r\nAccept-Language: {lang}\r\n\r\n"
        told, problem = refused(head.encode())
        assert (told, problem["type"]) == (status, f"{BASE}problems/{key}")
        assert word in problem["detail"]
        spoken.add(problem["detail"])
    assert len(spoken) == 3
