"""Hostile queries and requests against a real server: all end in time, rightly, and hurt nobody."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from endpoint.hostile_queries import QUERIES, Case, request_of
from endpoint.hostile_requests import REQUESTS
from endpoint.serving import Serving, serving
from endpoint.watching import (
    LIGHT_PATH,
    Good,
    canary,
    descendants,
    good_client,
    resident,
    security,
    send,
    sockets,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of processes here")

#: Deadlines of this server, short so that some hundred bad queries take little of anybody's time.
FAST, SLOW = 0.2, 0.6

#: What comes on top of the deadlines: ending a worker, starting another, a machine that is busy.
MARGIN = 8.0

#: How much the server may have grown when all is over, in bytes.
GROWTH = 100_000_000

CASES: dict[str, Case] = {**QUERIES, **{f"wire: {name}": case for name, case in REQUESTS.items()}}


@dataclass
class Target:
    """A server under attack, with everything that watches it."""

    server: Serving
    canary: str
    callers: list[str]
    good: Good
    at_first: int


@pytest.fixture(scope="module")
def target(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    log = tmp_path_factory.mktemp("hostile") / "messages.txt"
    with (
        canary() as (address, callers),
        serving(out, log, "--fast", str(FAST), "--slow", str(SLOW)) as server,
    ):
        for _ in range(20):  # what any server takes once
            assert server.ask(LIGHT_PATH).status == 200
        with good_client(server.host, server.port, pause=0.05, source="127.0.0.2") as good:
            yield Target(server, address, callers, good, resident(server.process.pid))


def problem(body: bytes, status: int) -> dict[str, object]:
    """The members of a problem document (RFC 9457, 3), after looking at each."""
    told = json.loads(body.decode("utf-8"))
    assert told["status"] == status
    assert str(told["type"]).startswith(("http://", "https://", "/", "about:"))
    assert told["title"] and told["detail"]
    assert len(str(told["detail"])) < 1_500
    for place in ("line", "column"):
        assert place not in told or told[place] >= 1
    return told


@pytest.mark.parametrize("name", CASES)
def test_it_ends_in_time_with_the_right_status_and_hurts_nobody(target: Target, name: str) -> None:
    case, server = CASES[name], target.server
    failed, asked = len(target.good.failures), len(target.good.seconds)
    heard = send(
        server.host,
        server.port,
        request_of(case, f"{server.host}:{server.port}", target.canary),
        FAST + SLOW + MARGIN,
    )
    assert heard.status in case.right, heard.body[:500].decode("utf-8", "replace")
    if heard.status == 200:
        assert heard.header("content-length") == str(len(heard.body)) or heard.header(
            "transfer-encoding"
        )
    elif heard.status >= 400 and heard.header("content-type").startswith("application/"):
        assert heard.header("content-type") == "application/problem+json"
        told = problem(heard.body, heard.status)
        assert case.word in f"{told['title']} {told['detail']}"
    elif not name.startswith("wire: "):
        # what is no HTTP, or asks for HTML, may be answered in words; a query never
        pytest.fail(f"no problem document: {heard.head!r}")
    assert b"\nx-injected" not in heard.head.lower()
    assert "evil.example" not in urlsplit(heard.header("location")).netloc
    assert re.fullmatch(r"[!-~]*", heard.header("location"))
    if heard.header("content-type").startswith("text/html"):
        assert b"<script>alert" not in heard.body
    assert b"root:" not in heard.body
    after = send(server.host, server.port, _light(server), MARGIN)
    assert after.status == 200 and b"true" in after.body
    assert server.process.poll() is None
    assert target.good.failures[failed:] == []
    assert all(seconds < MARGIN for seconds in target.good.seconds[asked:])
    assert target.callers == []


def _light(server: Serving) -> bytes:
    return f"GET {LIGHT_PATH} HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode()


def test_nobody_was_called_nothing_grew_and_the_good_client_saw_nothing(target: Target) -> None:
    # the last of this file: all that came before is behind the server
    assert target.callers == []
    assert target.good.failures == []
    assert len(target.good.seconds) > 5
    assert target.good.p95() < 1.0
    grown = resident(target.server.process.pid) - target.at_first
    assert grown < GROWTH, f"{grown:,} bytes more than at the start"


def test_no_message_of_the_server_is_a_traceback_or_somebodys_query(target: Target) -> None:
    said = target.server.said()
    assert "Traceback" not in said
    assert "alert(1)" not in said and "hasParty" not in said
    assert target.canary not in said  # what people ask is their own


def test_a_worker_of_the_server_can_open_no_socket(target: Target) -> None:
    workers = [
        pid for pid in descendants(target.server.process.pid) if security(pid)["Seccomp"] != "0"
    ]
    assert len(workers) >= 4  # two lanes of two
    for pid in workers:
        held = security(pid)
        assert held["Seccomp"] == "2" and held["NoNewPrivs"] == "1"
        assert sockets(pid) == []
    # the rest of the family neither answers queries nor listens
    others = set(descendants(target.server.process.pid)) - set(workers)
    assert [sockets(pid) for pid in others if sockets(pid)] == []


def test_a_redirect_leads_to_what_was_asked_for(target: Target) -> None:
    moved = target.server.ask("/doc/place?q=%3Fa%23b")
    assert (moved.status, moved.headers["Location"]) == (308, "place/?q=%3Fa%23b")
    # no address of ours has such signs in it, which would mean something else in a new address
    assert target.server.ask("/doc/place/a%3Fb%23c%20d").status == 404


def test_there_are_cases_enough() -> None:
    assert len(QUERIES) >= 60 and len(REQUESTS) >= 60
    spelt = [name for name in QUERIES if "SERVICE" in name]
    assert len(spelt) >= 20
