"""What it costs that a worker answers: the bounded path against pyoxigraph in the same process.

``python tests/benchmarks/bounded.py DIR``, where DIR was made by ``maillage build --out DIR``. All
sides answer the same query in turn, to the last byte of JSON; medians, and the shortest. Beside
them ``oxigraph serve-read-only``, over HTTP with a connection that is kept, as what people would
run otherwise; and two limits of any way to have another process answer: a *bare process* that holds
the engine at the end of a socket and nothing that protects, and a *bare echo* that has the answer
ready.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import multiprocessing
import socket
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from machine import calibration, machine, sentence, versions

import maillage.build  # noqa: F401  # for `pages`
from maillage.bounded import Limits, Pool

JSON = "application/sparql-results+json"
LOOKUP = "SELECT ?p ?o { <https://w3id.org/maillage/id/place/cn-510100> ?p ?o }"
ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20000"
LABELS = "SELECT ?s ?o { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o } LIMIT 20000"
HANDLER = "maillage.bounded.sparql:opened"
PAGES = "bounded:pages"
WARM = 3
QUERIES = {
    "lookup": (LOOKUP, 400),
    "20,000 rows": (ROWS, 21),
    "labels": (LABELS, 21),
}

Side = Callable[[str], Awaitable[int]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def worked(pids: list[int]) -> float:
    """Seconds of processor that this process and others took."""
    clocks = [(~pid << 3) | 2 for pid in pids]  # as <linux/posix-timers.h> numbers them
    return time.process_time() + sum(map(time.clock_gettime, clocks))


def bare(end: socket.socket, store: Path, *, asks: bool) -> None:
    """Be a process that answers over a socket, as simply as can be."""
    held = ox.Store.read_only(str(store))
    known: dict[bytes, bytes] = {}
    while query := end.recv(1 << 16):
        if asks or query not in known:
            reply = held.query(query.decode())
            known[query] = reply.serialize(format=ox.QueryResultsFormat.JSON)
        end.sendall(len(known[query]).to_bytes(8, "little") + known[query])


def started(store: Path, *, asks: bool) -> tuple[Side, multiprocessing.Process]:
    ours, theirs = socket.socketpair()
    process = multiprocessing.get_context("spawn").Process(
        target=bare, args=(theirs, store), kwargs={"asks": asks}, daemon=True
    )
    process.start()
    ours.setblocking(False)

    async def answer(query: str) -> int:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(ours, query.encode())
        parts = [await loop.sock_recv(ours, 1 << 18)]
        size = int.from_bytes(parts[0][:8], "little")
        while sum(map(len, parts)) < size + 8:
            parts.append(await loop.sock_recv(ours, 1 << 18))
        return size

    return answer, process


async def measured(
    sides: dict[str, Side], query: str, runs: int, pids: list[int]
) -> dict[str, tuple[float, float, float]]:
    """Milliseconds of each side: of the clock the median and the least, of processor the mean."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    work = dict.fromkeys(sides, 0.0)
    for run in range(runs + WARM):
        for name, side in sides.items():
            start, before = time.perf_counter(), worked(pids)
            await side(query)
            if run >= WARM:
                times[name].append(time.perf_counter() - start)
                work[name] += worked(pids) - before
    return {
        name: (statistics.median(taken) * 1000, min(taken) * 1000, work[name] * 1000 / len(taken))
        for name, taken in times.items()
    }


async def anew(pool: Pool) -> float:
    """Median milliseconds until a worker that was ended is replaced by one that is ready."""
    times = []
    for _ in range(15):
        count, restarts = len(pool._watched), pool.numbers()["restarts"]
        start = time.perf_counter()
        next(iter(pool._watched)).end()
        while pool.numbers()["restarts"] == restarts or len(pool._watched) < count:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.001)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def serve(store: Path, port: int) -> subprocess.Popen[bytes]:
    """The engine's own server."""
    where = ["--location", str(store), "--bind", f"127.0.0.1:{port}"]
    null = subprocess.DEVNULL
    return subprocess.Popen(["oxigraph", "serve-read-only", *where], stdout=null, stderr=null)


async def compared(store: Path, connection: http.client.HTTPConnection, server: int) -> None:
    here = ox.Store.read_only(str(store))

    async def inside(query: str) -> int:
        return len(here.query(query).serialize(format=ox.QueryResultsFormat.JSON))

    async def served(query: str) -> int:
        connection.request("GET", "/query?" + urlencode({"query": query}), headers={"Accept": JSON})
        return len(connection.getresponse().read())

    async with Pool(HANDLER, store, Limits(fast=30)) as pool:

        async def bounded(query: str) -> int:
            with await pool.do({"query": query, "formats": [JSON]}) as done:
                return sum(map(len, done.body()))

        alone, process = started(store, asks=True)
        echo, mirror = started(store, asks=False)
        sides = {
            "pyoxigraph here": inside,
            "bounded": bounded,
            "bare process": alone,
            "bare echo": echo,
            "oxigraph serve": served,
        }
        pids = [*(link.pid for link in pool._watched), server, process.pid or 0, mirror.pid or 0]
        print(f"{len(here)} statements")
        for name, (query, runs) in QUERIES.items():
            assert len({await side(query) for side in sides.values()}) == 1
            found = await measured(sides, query, runs, pids)
            base, least, _ = found["pyoxigraph here"]
            for side, (clock, short, work) in found.items():
                more = f"{clock - base:+.2f} ms, {100 * (clock / base - 1):+.0f} %"
                best = f"least {short:.2f} ms ({short - least:+.2f} ms)"
                print(
                    f"{name:12} {side:16} {clock:8.2f} ms ({more}); {best}; processor {work:.2f} ms"
                )


async def told(store: Path) -> None:
    installed = versions(("maillage", "pyoxigraph", "oxigraph"))
    print(sentence(machine(), installed, calibration()))
    port = free_port()
    server = serve(store, port)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(100):
            try:
                connection.connect()
                break
            except OSError:
                await asyncio.sleep(0.1)
        await compared(store, connection, server.pid)
    finally:
        server.kill()
        server.wait()
    for name, fork in (("forked by a nursery", True), ("started anew", False)):
        for handler in (HANDLER, PAGES):
            async with Pool(handler, store, Limits(), fork=fork) as pool:
                print(f"a worker of {handler}, {name}: {await anew(pool):.0f} ms until it is ready")


def pages(folder: Path, _: object) -> Callable[..., dict[str, Any]]:
    """A handler whose module loads most of Maillage, as one that draws pages does."""
    ox.Store.read_only(str(folder))
    return lambda *_: {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    asyncio.run(told(parser.parse_args().folder / "current" / "store"))


if __name__ == "__main__":
    main()
