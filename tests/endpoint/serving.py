"""A real ``maillage serve`` process on a free port, and the least client that hides nothing."""

from __future__ import annotations

import http.client
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

GRAPH = Path(__file__).parents[2] / "graph"

#: Seconds in which a server must be up, and in which it must be gone.
START, STOP = 60, 30


@dataclass(frozen=True)
class Reply:
    """An answer as it came: nothing followed, nothing decoded, nothing raised."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def kind(self) -> str:
        return self.headers.get_content_type()


@dataclass
class Serving:
    """A server process, where it listens, and where its messages go."""

    address: str
    process: subprocess.Popen[str]
    log: Path
    host: str = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)

    def ask(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        body: bytes | None = None,
        timeout: float = 60,
    ) -> Reply:
        """One request on a connection of its own.

        :param path: from the slash, already percent-encoded.
        """
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def said(self) -> str:
        """Everything that the server has written to its standard error so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def lines(self) -> list[str]:
        """The lines of the access log so far."""
        return [line for line in self.said().splitlines() if re.match(r"\d{4}-\d\d-\d\dT", line)]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the process and say how it ended; a process that does not end is a failure."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


@contextmanager
def serving(
    out: Path, log: Path, *more: str, env: Mapping[str, str] | None = None, files: int = 0
) -> Iterator[Serving]:
    """Start ``python -m maillage serve`` on what ``build`` made, on a free port, until the end.

    :param out: the folder with ``releases`` and ``current``, or one release.
    :param log: a file that takes the server's standard error.
    :param more: further options of the command.
    :param files: how many files the process may open; as many as this one, when not given.
    """
    paths = [str(GRAPH), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **(env or {})}
    command = [sys.executable, "-m", "maillage", "serve", "--store", str(out), "--port", "0", *more]
    if files:
        command = ["bash", "-c", f'ulimit -n {files}; exec "$@"', "bash", *command]
    with log.open("w", encoding="utf-8") as messages:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=messages, text=True, env=environment
        )
    try:
        yield Serving(_first_line(process, log), process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP)
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _first_line(process: subprocess.Popen[str], log: Path) -> str:
    """The address, which is the first thing that the server writes when it can answer."""
    out: IO[str] | None = process.stdout
    assert out is not None
    until = time.monotonic() + START
    with selectors.DefaultSelector() as ready:
        ready.register(out, selectors.EVENT_READ)
        while time.monotonic() < until and process.poll() is None:
            if ready.select(timeout=0.2):
                break
    line = out.readline().strip() if process.poll() is None else ""
    if not line.startswith("http://"):
        process.kill()
        raise AssertionError(f"the server did not start: {line!r}\n{log.read_text('utf-8')}")
    return line
