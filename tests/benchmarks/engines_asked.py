"""Ways to ask the graph, for :mod:`bench`: each function prepares an engine in its process."""

from __future__ import annotations

import http.client
import io
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import count
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

__all__ = [
    "Job",
    "engine",
    "maillage_ask",
    "maillage_serve",
    "maplib",
    "oxigraph_serve",
    "pyoxigraph",
    "rdflib",
]

JSON: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples"
UNION: Final = "https://example.org/union"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_STRING: Final = f"{_XSD}string"

#: A question by name with terms for its parameters, and the query that it becomes.
Job = tuple[str, dict[str, str], str]


class Rows:
    """An answer, to be written in one form when somebody compares it.

    :param is_graph: whether rows are triples: a graph holds each once, however often it is told.
    """

    def __init__(
        self, cells: Iterable[Iterable[tuple[str, str, str] | None]], *, is_graph: bool = False
    ) -> None:
        self.cells, self._is_graph = cells, is_graph

    def lines(self) -> list[str]:
        lines = (
            "\t".join("" if cell is None else _written(*cell) for cell in row) for row in self.cells
        )
        return list(dict.fromkeys(lines) if self._is_graph else lines)


def _written(value: str, language: str, datatype: str) -> str:
    """A term: lists of addresses in one order, languages in small letters, as engines differ there."""
    if datatype == "address":
        return f"<{value}>"
    if language:
        return f"{json.dumps(value, ensure_ascii=False)}@{language.lower()}"
    if datatype in {"", _STRING}:
        parts = value.split(" ")
        if all(re.match(r"https?://\S+$", part) for part in parts):
            value = " ".join(sorted(parts))
        return json.dumps(value, ensure_ascii=False)
    return f"{json.dumps(value, ensure_ascii=False)}^^{datatype}"


def _native(term: Any) -> tuple[str, str, str] | None:
    import pyoxigraph as ox

    if term is None:
        return None
    if isinstance(term, ox.Literal):
        return term.value, term.language or "", term.datatype.value
    return term.value, "", "address" if isinstance(term, ox.NamedNode) else "blank"


def _rdflib(term: Any) -> tuple[str, str, str] | None:
    from rdflib import Literal

    if term is None:
        return None
    if isinstance(term, Literal):
        return str(term), term.language or "", str(term.datatype or "")
    return str(term), "", "address"


def store_of(folder: str) -> str:
    """The Oxigraph folder of the current release."""
    return str(Path(folder) / "current" / "store")


def pyoxigraph(folder: str) -> Callable[[Job], Rows]:
    """The engine itself on the store that ``maillage`` asks: every row is taken, as its terms."""
    import pyoxigraph as ox

    store = ox.Store.read_only(store_of(folder))

    def do(job: Job) -> Rows:
        found: Any = store.query(job[2])
        if isinstance(found, ox.QueryTriples):
            triples = list(found)
            parts = ((each.subject, each.predicate, each.object) for each in triples)
            return Rows(([_native(term) for term in part] for part in parts), is_graph=True)
        rows = [tuple(solution) for solution in found]
        return Rows([_native(term) for term in row] for row in rows)

    return do


def maillage_ask(folder: str) -> Callable[[Job], Rows]:
    """What ``maillage ask`` does between the words typed and the rows shown, in its process."""
    from rdflib import Graph
    from rdflib.util import from_n3

    from maillage.ask import answer
    from maillage.questions import question
    from maillage.release import open_store

    store = open_store(folder)

    def do(job: Job) -> Rows:
        name, given, sparql = job
        if name:
            values: Any = {key: from_n3(term) for key, term in given.items()}
            found = answer(store, question(name), values)
        else:
            found = store.query(sparql)
        if isinstance(found, Graph):
            return Rows(([_rdflib(term) for term in each] for each in found), is_graph=True)
        return Rows([_rdflib(term) for term in row] for row in found.rows)

    return do


def _union(folder: str) -> Iterator[Any]:
    """Each statement once, without its graphs: what questions see."""
    import pyoxigraph as ox

    for quad in ox.Store.read_only(store_of(folder)).quads_for_pattern(
        None, None, None, ox.DefaultGraph()
    ):
        yield quad.triple


def rdflib(folder: str) -> Callable[[Job], Rows]:
    """rdflib's own engine on a graph in memory."""
    from rdflib import Graph

    from maillage.store import rdflib_triple

    graph = Graph()
    for triple in _union(folder):
        graph.add(rdflib_triple(triple))

    def do(job: Job) -> Rows:
        found = graph.query(job[2])
        rows = list(found)
        return Rows([_rdflib(term) for term in row] for row in rows)

    return do


def maplib(folder: str) -> Callable[[Job], Rows]:
    """maplib, where it is installed; the graph is handed over as N-Triples."""
    import pyoxigraph as ox
    from maplib import Model

    model = Model()
    text = ox.serialize(_union(folder), format=ox.RdfFormat.N_TRIPLES)
    model.reads(text.decode() if text else "", format="ntriples")

    def do(job: Job) -> Rows:
        found = model.query(job[2])
        frames = found if isinstance(found, list) else [found]  # of a CONSTRUCT several
        rows = (row for frame in frames for row in frame.rows())
        return Rows((map(_maplib, row) for row in rows), is_graph=isinstance(found, list))

    return do


def _maplib(cell: Any) -> tuple[str, str, str] | None:
    """A term: text of N-Triples, or a value of Python's."""
    if cell is None:
        return None
    if not isinstance(cell, str):
        kinds = {bool: "boolean", int: "integer", float: "double", date: "date"}
        text = str(cell).lower() if isinstance(cell, bool) else str(cell)
        return text, "", f"{_XSD}{kinds[type(cell)]}"
    if cell.startswith("<"):
        return cell[1:-1], "", "address"
    if literal := re.fullmatch(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<(.*)>)?', cell, re.DOTALL):
        return literal[1], literal[2] or "", literal[3] or ""
    return cell, "", ""


class _Asked:
    """An engine over HTTP, on a connection that is kept; the answer is read to its last byte."""

    def __init__(self, address: str, pid: int, close: Callable[[], object], **fields: str) -> None:
        self.pid, self.close, self._fields = pid, close, fields
        self._parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(self._parts.netloc, timeout=3_600)
        self._number = count()

    def __call__(self, job: Job) -> Rows:
        # each text is new, so that no server answers from what it remembers of the last one; what
        # a release was made with may help, so the new part is a comment in front
        query = f"# {next(self._number)}\n{job[2]}"
        line = self._connection.sock
        if line is not None and select([line], [], [], 0)[0]:  # the server has closed it meanwhile
            self._connection = http.client.HTTPConnection(self._parts.netloc, timeout=3_600)
        head = {
            "Accept": f"{JSON}, {TRIPLES};q=0.9",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        fields = urlencode({"query": query, **self._fields})
        self._connection.request("POST", self._parts.path, fields, head)
        reply = self._connection.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{reply.status} {body[:200].decode('utf-8', 'replace')}")
        kind = reply.headers.get_content_type()
        return Rows(_Read(kind, body), is_graph=kind == TRIPLES)


class _Read:
    """The rows in the bytes of an answer, read when they are compared and not before."""

    def __init__(self, kind: str, body: bytes) -> None:
        self.kind, self.body = kind, body

    def __iter__(self) -> Iterator[list[tuple[str, str, str] | None]]:
        import pyoxigraph as ox

        if self.kind != JSON:
            for quad in ox.parse(io.BytesIO(self.body), ox.RdfFormat.N_TRIPLES):
                yield [_native(t) for t in (quad.subject, quad.predicate, quad.object)]
            return
        told = json.loads(self.body)
        for row in told["results"]["bindings"]:
            cells: list[tuple[str, str, str] | None] = []
            for name in told["head"]["vars"]:
                cell = row.get(name)
                if cell is None:
                    cells.append(None)
                elif cell["type"] == "uri":
                    cells.append((cell["value"], "", "address"))
                else:
                    cells.append(
                        (cell["value"], cell.get("xml:lang", ""), cell.get("datatype", ""))
                    )
            yield cells


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _started(port: int, command: Sequence[str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(6_000):
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} ended")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process
    process.kill()
    raise RuntimeError(f"{command[0]} does not answer")


def oxigraph_serve(folder: str) -> Callable[[Job], Rows]:
    """The engine's own server on the same store."""
    port = _free_port()
    program = str(Path(sys.executable).with_name("oxigraph"))
    where = ["--location", store_of(folder), "--bind", f"127.0.0.1:{port}"]
    process = _started(port, [program, "serve-read-only", *where])
    return _Asked(f"http://127.0.0.1:{port}/query", process.pid, process.kill)


def maillage_serve(folder: str) -> Callable[[Job], Rows]:
    """``maillage serve``, with bounds so wide that no question meets them."""
    port = _free_port()
    wide = ["--fast", "60", "--slow", "600", "--memory", "8192", "--workers", "1"]
    command = [
        sys.executable,
        "-m",
        "maillage",
        "serve",
        "--store",
        folder,
        "--port",
        str(port),
        *wide,
    ]
    process = _started(port, command)
    return _Asked(f"http://127.0.0.1:{port}/sparql", process.pid, process.terminate)


#: Statements in one request of a load: servers bound the size of a body.
BATCH: Final = 20_000


def engine(name: str, folder: str) -> Callable[[Job], Rows]:
    """Virtuoso or Jena, started and loaded over HTTP (``tests/engines.py``)."""
    import pyoxigraph as ox

    sys.path.append(str(Path(__file__).resolve().parent.parent))
    from engines import ENGINES, virtuoso

    left = ExitStack()
    work = Path(left.enter_context(TemporaryDirectory()))
    if name == "virtuoso":
        limits = {"rows": 10_000_000, "estimate": 36_000, "execution": 3_600, "buffers": 170_000}
        found = left.enter_context(virtuoso(work, **limits))
    else:
        found = left.enter_context(ENGINES[name](work))
    batch: list[Any] = []

    def send() -> None:
        body = ox.serialize(batch, format=ox.RdfFormat.N_TRIPLES) or b""
        opener = _opener(found)
        opener(f"{found.graphstore}?{urlencode({'graph': UNION})}", body)
        batch.clear()

    for triple in _union(folder):
        batch.append(triple)
        if len(batch) == BATCH:
            send()
    send()
    return _Asked(found.query, found.pid, left.close, **{"default-graph-uri": UNION})


def _opener(found: Any) -> Callable[[str, bytes], None]:
    """How to write to an endpoint: HTTP Digest where it asks for a name and a password."""
    from urllib.request import (
        HTTPDigestAuthHandler,
        HTTPPasswordMgrWithDefaultRealm,
        Request,
        build_opener,
    )

    names = HTTPPasswordMgrWithDefaultRealm()
    user = found.environment.get("MAILLAGE_ENDPOINT_USER", "")
    names.add_password(
        None, found.graphstore, user, found.environment.get("MAILLAGE_ENDPOINT_PASSWORD", "")
    )
    opener = build_opener(HTTPDigestAuthHandler(names))

    def write(address: str, body: bytes) -> None:
        request = Request(address, body, {"Content-Type": "text/turtle"}, method="POST")
        with opener.open(request, timeout=600) as reply:
            reply.read()

    return write
