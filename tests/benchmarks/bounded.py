"""What it costs that a worker answers: the bounded path against pyoxigraph in the same process.

``python tests/benchmarks/bounded.py DIR``, where DIR was made by ``maillage build --out DIR``. Both
sides answer the same query in turn, to the last byte of JSON; medians. Beside them
``oxigraph serve-read-only``, over HTTP with a connection that is kept, as what people would run
otherwise.
"""

from __future__ import annotations

import asyncio
import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

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


async def measured(
    sides: dict[str, Side], query: str, runs: int, pids: list[int]
) -> dict[str, tuple[float, float]]:
    """Median milliseconds of the clock, and mean milliseconds of processor, of each side."""
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
        name: (statistics.median(taken) * 1000, work[name] * 1000 / len(taken))
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

        sides = {"pyoxigraph here": inside, "bounded": bounded, "oxigraph serve": served}
        pids = [*(link.pid for link in pool._watched), server]
        print(
            f"pyoxigraph {ox.__version__}, Python {sys.version.split()[0]}, {len(here)} statements"
        )
        for name, (query, runs) in QUERIES.items():
            assert len({await side(query) for side in sides.values()}) == 1
            found = await measured(sides, query, runs, pids)
            for side, (clock, work) in found.items():
                base = found["pyoxigraph here"]
                more = f"{clock - base[0]:+.2f} ms, {100 * (clock / base[0] - 1):+.0f} %"
                print(f"{name:12} {side:16} {clock:8.2f} ms ({more}); processor {work:.2f} ms")


async def main() -> None:
    store = Path(sys.argv[1]) / "current" / "store"
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


if __name__ == "__main__":
    asyncio.run(main())
