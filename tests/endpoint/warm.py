"""Runs commands of Maillage one after another, each in a process of its own that starts at once.

Started as a program, it loads everything, gathers the shipped data once, and then forks for each
request that it reads: a line of JSON on standard input, another one back. What the command does is
what ``maillage`` does; only the seconds of its start are saved, and of gathering the same data.
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

#: What no message may hold: the marks of a fault of ours, and what a terminal would obey.
FAULT = re.compile(
    r"Traceback|fault of Maillage|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
)


class Warm:
    """The caller's side of it.

    :param gathered: whether to have the shipped data ready, for commands that look at all of it.
    """

    def __init__(self, *, gathered: bool = True) -> None:
        roots = [str(ROOT / "graph"), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(roots), "MAILLAGE_LANG": "en"}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), *(["gathered"] if gathered else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )

    def run(
        self, *arguments: str | Path, folder: Path, seconds: float, nobody: bool = False
    ) -> dict[str, Any]:
        """Run a command in a folder: its ``code`` (``None``: it did not end), ``said``,
        ``seconds``, and the ``memory`` in bytes that it and its children held at most."""
        asked = {
            "arguments": [str(a) for a in arguments],
            "folder": str(folder),
            "seconds": seconds,
            "nobody": nobody,
        }
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def close(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=30)


def _serve() -> None:
    import maillage.commands.check
    import maillage.commands.main
    import maillage.commands.take
    import maillage.served.running

    if sys.argv[1:]:
        maillage.commands.check.gather = _remembered()
    for line in sys.stdin.buffer:
        told = _one(json.loads(line))
        sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
        sys.stdout.buffer.flush()


def _remembered() -> Callable[..., Any]:
    """What gathers data, with the shipped ones gathered already."""
    import pyshacl
    import rdflib

    from maillage.gather import gather
    from maillage.gazetteer import gazetteer

    gazetteer()
    shipped = gather()
    assert pyshacl and rdflib  # both are loaded by now

    def remembered(also: Any = (), **more: Any) -> Any:
        return gather(also=also, **more) if also else shipped

    return remembered


def _one(asked: dict[str, Any]) -> dict[str, Any]:
    said = Path(f"/tmp/maillage-warm-{os.getpid()}")  # noqa: S108  # named by the process
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        _child(asked, said)
    code = None
    while time.monotonic() - started < asked["seconds"]:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            break
        time.sleep(0.02)
    else:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        _, _, usage = os.wait4(pid, 0)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # what it may have left behind
    text = said.read_bytes().decode("utf-8", "replace")
    said.unlink()
    memory = usage.ru_maxrss * 1024
    return {"code": code, "said": text, "seconds": time.monotonic() - started, "memory": memory}


def _child(asked: dict[str, Any], said: Path) -> None:
    os.setsid()
    os.chdir(asked["folder"])
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, handle in ((0, nothing), (1, out), (2, out)):
        os.dup2(handle, number)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if asked["nobody"]:
        os.setgid(65534)
        os.setuid(65534)
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8")
    sys.argv = ["maillage", *asked["arguments"]]
    code: Any = 70  # of a command that returned, which it never does
    try:
        from maillage.commands.main import main

        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException as error:  # noqa: BLE001  # whatever it is, the test is told
        print("Traceback", repr(error), file=sys.stderr)
        code = 71
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
