"""Engines that others make: filled by ``build --load``, and asked; each is a real server."""

from __future__ import annotations

import base64
import http.client
import json
import random
import re
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import requests
from click.testing import CliRunner
from rdflib import Literal, URIRef
from rdflib.compare import isomorphic

import maillage.commands.build as build_command
from engines import ENGINES, Endpoint, installed, oxigraph
from maillage.ask import graphs_for, tidy
from maillage.build import Built
from maillage.commands.main import maillage
from maillage.engines import Connection, open_endpoint
from maillage.engines.answers import ROWS, read
from maillage.engines.marks import LOADED, UNION
from maillage.engines.mirror import Mirror
from maillage.engines.patterns import EVERYTHING, Pattern, patterns
from maillage.engines.writing import Update
from maillage.errors import MaillageError, Refused
from maillage.federation import federated
from maillage.loading import Loaded, load
from maillage.mint import graph_iri, thing
from maillage.questions import questions
from maillage.release import open_store, release
from maillage.store import Answer, opened

ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


# ---- the whole of the shipped data, in three engines --------------------------------------------


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, out, tmp_path_factory) -> Iterator[tuple[Endpoint, Loaded]]:
    """An engine that holds the shipped data, put there by us, in the way that suits it."""
    if not installed(request.param):
        pytest.skip(f"{request.param} is not installed here")
    starter, place = ENGINES[request.param], tmp_path_factory.mktemp(request.param)
    with starter(place) as endpoint, pytest.MonkeyPatch.context() as patch:
        for name, value in endpoint.environment.items():
            patch.setenv(name, value)
        # Virtuoso is written by graph store anyway; one more takes it when asked
        by = "graph-store" if endpoint.name == "jena" else None
        yield endpoint, load(out, endpoint.query, by=by)


def test_every_question_gets_the_same_rows_from_every_engine(engine, out):
    endpoint, loaded = engine
    assert loaded.sent > 150_000
    kept, other = open_store(str(out)), open_endpoint(endpoint.query)
    different = []
    for name, question in questions().items():
        here, there = tidy(kept.query(question.sparql)), tidy(other.query(question.sparql))
        if isinstance(here, Answer):
            same = here.variables == there.variables and Counter(here.rows) == Counter(there.rows)
        else:
            same = isomorphic(here, there)
        different += [] if same else [name]
    assert different == []


#: Grand Est has the links of the regions that it replaced.
GIVEN = (
    ("links", {"place": ("place", "fr-region-44")}),
    ("links", {"theme": ("theme", "culture")}),
    ("links", {"place": ("place", "cn-510000"), "theme": ("theme", "economy")}),
    ("links", {"place": ("place", "fr")}),
    ("within", {"place": ("place", "fr-region-44"), "theme": ("theme", "culture")}),
    ("partners-of", {"place": ("place", "cn-510000"), "kind": ("link-kind", "twinning")}),
    ("links", {"country": ("place", "cn")}),
    ("links", {"certainty": ("certainty", "inferred"), "country": ("place", "fr")}),
    ("near-duplicates", {"place": ("place", "cn-310000")}),
    ("near-duplicates", {"source": ("source", "hekman-twincities-2026")}),
    ("asymmetries", {"theme": ("theme", "culture")}),
    ("single-source", {"source": ("source", "hekman-twincities-2026")}),
)


def test_a_question_with_values_gets_the_same_rows_from_every_engine(engine, out):
    endpoint, _ = engine
    kept, other = open_store(str(out)), open_endpoint(endpoint.query)
    found = []
    for name, given in GIVEN:
        values = {parameter: URIRef(thing(*value)) for parameter, value in given.items()}
        query = questions()[name].bind(values)
        here, there = tidy(kept.select(query)), tidy(other.select(query))
        assert Counter(here.rows) == Counter(there.rows), (name, given)
        found.append(len(here.rows))
    assert found[3] == 0
    assert all(found[:3]) and all(found[4:])


def test_one_source_alone_gets_the_same_rows_or_is_refused(engine, out):
    endpoint, _ = engine
    kept, other = open_store(str(out)), open_endpoint(endpoint.query)
    graphs = graphs_for(kept, URIRef(thing("source", "cuf-china-group-page")))
    query = questions()["links"].sparql
    here, there = (one.query(query, graphs) for one in (kept, other))
    if endpoint.name == "oxigraph":  # counts a statement once for each of several default graphs
        here, there = (Answer(a.variables, sorted(set(a.rows))) for a in (here, there))
    assert here.rows and tidy(here) == tidy(there)


def test_named_graphs_and_language_tags_are_those_of_the_release(engine, out):
    endpoint, _ = engine
    kept, other = open_store(str(out)), open_endpoint(endpoint.query)
    chengdu = thing("place", "cn-510100").n3()
    query = f"SELECT ?g ?o {{ GRAPH ?g {{ {chengdu} ?p ?o }} }}"
    here = kept.select(query).rows
    assert any(getattr(value, "language", None) == "zh-Hans" for _, value in here)
    assert Counter(here) == Counter(other.select(query).rows)


def test_a_person_asks_by_name_and_gets_the_same_table(engine, out):
    endpoint, _ = engine
    told = [
        CliRunner().invoke(
            maillage, ["ask", "partners-of", "place=Lyon", "--evidence", "--store", store]
        )
        for store in (str(out), endpoint.query)
    ]
    assert [done.exit_code for done in told] == [0, 0]
    assert told[0].output == told[1].output


def test_what_stands_there_whole_is_not_sent_again(engine, out):
    endpoint, first = engine
    again = load(out, endpoint.query)
    assert (again.sent, again.release) == (0, first.release)


def test_an_answer_that_an_engine_cuts_is_an_error(engine):
    endpoint, _ = engine
    if endpoint.name != "virtuoso":
        pytest.skip("only Virtuoso cuts")
    everything = f"SELECT ?s ?p ?o {{ GRAPH <{UNION}> {{ ?s ?p ?o }} }}"
    response = Connection(endpoint.query).ask([("query", everything)], ROWS)
    assert len(response.json()["results"]["bindings"]) == 10_000  # with status 200
    with pytest.raises(MaillageError, match=r"cut the answer at 10000 rows.*ResultSetMaxRows"):
        read(endpoint.query, response)


# ---- small releases, and engines that have bad days ---------------------------------------------


def quads(*numbers: int) -> bytes:
    """Statements of a small release: one graph for each number, and one statement in all of them."""
    lines = {
        f'<x:s{n}> <x:p> "{i}" <{graph_iri(f"source--g{n}")}> .\n'
        for n in numbers
        for i in range(40)
    }
    lines |= {f"<x:s> <x:p> <x:o> <{graph_iri(f'source--g{n}')}> .\n" for n in numbers}
    lines |= {f"<x:s> <x:p> <x:catalogue> <{graph_iri('catalogue')}> .\n"}
    return "".join(sorted(lines)).encode()


def small(out: Path, *numbers: int) -> Path:
    with release(out) as folder:
        (folder / "maillage.nq").write_bytes(quads(*numbers))
        (folder / "questions.nq").write_bytes(b"<x:q> <x:p> <x:o> <x:questions> .\n")
    return out


class Bad(BaseHTTPRequestHandler):
    """An engine behind a front that has the bad days of its class."""

    protocol_version = "HTTP/1.1"
    behind: int
    requests: list[tuple[str, bytes]]
    #: What is done instead of the next requests: a status with headers, or None, which hangs up.
    days: list[tuple[int, dict[str, str]] | None]
    #: Whether a header Authorization is good; without it, all are.
    known = None
    #: How many requests that write are let through.
    writes = 1 << 30

    def do_GET(self):
        self._pass(b"")

    def do_POST(self):
        self._pass(self.rfile.read(int(self.headers["Content-Length"] or 0)))

    do_PUT = do_DELETE = do_POST  # noqa: N815  # the library calls them so

    def _pass(self, body):
        kind = type(self)
        day = kind.days.pop(0) if kind.days else ()
        writes = urlsplit(self.path).path != "/query"
        if writes and kind.writes <= 0:
            day = None
        if day is None:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        if not day and kind.known and not kind.known(self.headers.get("Authorization", "")):
            day = 401, {"WWW-Authenticate": kind.challenge}
        if day:
            self.send_response(day[0])
            for name, value in day[1].items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        kind.requests.append((self.path, body))
        kind.writes -= writes
        line = http.client.HTTPConnection("127.0.0.1", kind.behind)
        kept = {n: v for n, v in self.headers.items() if n.lower() in {"content-type", "accept"}}
        line.request(self.command, self.path, body, kept)
        answer = line.getresponse()
        told = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)
        line.close()

    def log_message(self, *_):
        pass


@contextmanager
def serving(handler, context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    with oxigraph(tmp_path_factory.mktemp("plain")) as endpoint:
        yield endpoint


@pytest.fixture
def front(plain, monkeypatch):
    """An empty engine behind a front, without the waiting between two tries."""
    wipe(plain)
    kind = type("Front", (Bad,), {"requests": [], "days": [], "behind": urlsplit(plain.query).port})
    monkeypatch.setattr("maillage.engines.connection.Connection._wait", lambda *_: None)
    with serving(kind) as port:
        yield kind, f"http://127.0.0.1:{port}/query"


def wipe(endpoint):
    requests.post(endpoint.update, data={"update": "CLEAR ALL"}, timeout=30).raise_for_status()


def statements(kind):
    """How many statements of ours were sent."""
    return sum(body.count(b"\n<x:") for path, body in kind.requests if path == "/update")


def rows(address):
    return open_endpoint(address).select(ALL).rows


def test_a_load_that_was_interrupted_says_so_and_goes_on_where_it_stopped(
    front, plain, tmp_path, monkeypatch
):
    kind, address = front
    monkeypatch.setattr(Update, "batch", 10)
    monkeypatch.setattr("maillage.loading.STRIDE", 2)
    out = small(tmp_path / "out", 1, 2, 3)
    load(out, address)
    every, writes = statements(kind), sum(path == "/update" for path, _ in kind.requests)
    wipe(plain)
    kind.requests.clear()
    kind.writes = writes - 6
    with pytest.raises(MaillageError, match="does not answer"):
        load(out, address)
    with pytest.raises(MaillageError, match="not loaded whole"):
        rows(address)
    before = statements(kind)
    kind.requests.clear()
    kind.writes = 1 << 30
    load(out, address)
    assert 100 < before < every
    assert every <= before + statements(kind) <= every + 2 * 10  # the batches since the last mark
    assert Counter(rows(address)) == Counter(open_store(str(out)).select(ALL).rows)
    assert len(rows(address)) == 3 * 40 + 3


def test_wherever_a_load_stops_the_next_one_makes_it_whole(front, tmp_path, monkeypatch):
    kind, address = front
    monkeypatch.setattr(Update, "batch", 30)
    out = small(tmp_path / "out", 1, 2)
    expected = Counter(open_store(str(out)).select(ALL).rows)
    stops = 0
    for writes in range(1, 100):
        kind.writes = writes
        try:
            load(out, address)
            break
        except MaillageError:
            stops += 1
        marks = requests.post(
            address,
            data={
                "query": f"ASK {{ GRAPH <{LOADED}> {{ ?s <http://purl.org/dc/terms/hasVersion> ?o }} }}"
            },
            headers={"Accept": ROWS},
            timeout=30,
        )
        assert not marks.json()["boolean"]
    assert stops > 3
    assert Counter(rows(address)) == expected


def test_wherever_a_load_stops_another_release_leaves_nothing_of_it(
    front, plain, tmp_path, monkeypatch
):
    kind, address = front
    monkeypatch.setattr(Update, "batch", 30)
    first, broken = small(tmp_path / "1", 1, 3), small(tmp_path / "2", 1, 2)
    last = small(tmp_path / "3", 1)
    every = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    expected = {*open_store(str(last)).select(every).rows, (LOADED,)}
    left = {}
    for writes in range(1, 100):
        wipe(plain)
        kind.writes = 1 << 30
        load(first, address)
        kind.writes = writes
        try:
            load(broken, address)
            break
        except MaillageError:
            kind.writes = 1 << 30
        load(last, address)
        left |= {writes: set(open_endpoint(address).select(every).rows) - expected}
        assert Counter(rows(address)) == Counter(open_store(str(last)).select(ALL).rows)
    assert len(left) > 5 and not any(left.values())


def test_of_another_release_only_what_differs_is_sent(front, tmp_path):
    kind, address = front
    load(small(tmp_path / "out", 1, 2), address)
    kind.requests.clear()
    done = load(small(tmp_path / "out", 2, 3), address)
    text = b"".join(body for _, body in kind.requests)
    assert b"source--g3> {\n" in text and b"source--g2> {\n" not in text
    assert done.kept == 3  # the second source, the catalogue, the questions
    assert Counter(rows(address)) == Counter(open_store(str(tmp_path / "out")).select(ALL).rows)
    gone = f"ASK {{ GRAPH <{graph_iri('source--g1')}> {{ ?s ?p ?o }} }}"
    assert open_endpoint(address).query(gone) is False


def test_a_busy_engine_and_a_broken_line_are_tried_again(front, tmp_path):
    kind, address = front
    out = small(tmp_path / "out", 1)
    load(out, address)
    kind.days = [(503, {"Retry-After": "1"}), (429, {}), None]
    assert len(rows(address)) == 43
    assert kind.days == []
    kind.days = [(503, {})] * 6
    with pytest.raises(MaillageError, match="status 503"):
        rows(address)


def test_an_engine_with_other_peoples_data_is_left_alone(front, tmp_path):
    _, address = front
    theirs = "INSERT DATA { <x:their> <x:own> <x:data> }"
    to = address.replace("/query", "/update")
    requests.post(to, data={"update": theirs}, timeout=30).raise_for_status()
    with pytest.raises(MaillageError, match="already holds other data"):
        load(small(tmp_path / "out", 1), address)
    found = requests.post(address, data={"query": ALL}, headers={"Accept": ROWS}, timeout=30)
    assert len(found.json()["results"]["bindings"]) == 1


def test_an_engine_that_loses_statements_is_found_out(front, tmp_path, monkeypatch):
    _, address = front
    put = Update.put

    def losing(self, lines):
        put(self, {g: [line for line in some if b'"7"' not in line] for g, some in lines.items()})

    monkeypatch.setattr(Update, "put", losing)
    out = small(tmp_path / "out", 1, 2)
    with pytest.raises(MaillageError, match=r"holds 40 statements in .* instead of 41"):
        load(out, address)
    with pytest.raises(MaillageError, match="not loaded whole"):
        rows(address)
    monkeypatch.setattr(Update, "put", put)
    load(small(tmp_path / "less", 1), address)
    gone = f"ASK {{ GRAPH <{graph_iri('source--g2')}> {{ ?s ?p ?o }} }}"
    assert open_endpoint(address).query(gone) is False
    load(out, address)
    assert len(rows(address)) == 83


def test_an_engine_whose_default_graph_is_the_union_is_asked_by_name(tmp_path):
    out = small(tmp_path / "out", 1, 2)
    with oxigraph(tmp_path / "union", "--union-default-graph") as endpoint:
        load(out, endpoint.query)
        assert Counter(rows(endpoint.query)) == Counter(open_store(str(out)).select(ALL).rows)
        with pytest.raises(MaillageError, match="once for each graph"):
            both = [graph_iri("source--g1"), graph_iri("source--g2")]
            open_endpoint(endpoint.query).select(ALL, both)


def test_a_graph_that_somebody_else_loaded_is_counted_right_or_refused(front, plain):
    _, address = front
    headers = {"Content-Type": "application/n-quads"}
    requests.post(plain.graphstore, quads(1, 2), headers=headers, timeout=30).raise_for_status()
    with pytest.raises(MaillageError, match="maillage build --load"):
        rows(address)


def test_the_command_loads_and_says_so_in_three_languages(front, built: Built, monkeypatch):
    _, address = front
    monkeypatch.setattr(build_command, "make", lambda *_, **__: built)
    arguments = ["build", "--out", str(built.folder.parent), "--load", address]
    first = CliRunner().invoke(maillage, arguments)
    assert first.exit_code == 0
    assert re.search(r"is loaded into http://127.*: \d{6} statements sent", first.output)
    for lang, words in {"fr": "rien n’a été envoyé", "zh": "未发送任何内容"}.items():
        assert words in CliRunner().invoke(maillage, [*arguments, "--lang", lang]).output
    nobody = CliRunner().invoke(maillage, ["build", "--load", "ftp://a/"])
    assert nobody.exit_code == 2 and "not an http" in nobody.output
    alone = CliRunner().invoke(maillage, ["build", "--load-to", address])
    assert alone.exit_code == 2 and "--load" in alone.output


# ---- who asks -----------------------------------------------------------------------------------

WORD = "épine de rose"


def basic(header):
    name, _, word = header.partition(" ")
    return name == "Basic" and base64.b64decode(word).decode() == f"zoé:{WORD}"


@pytest.mark.parametrize(
    ("known", "challenge", "environment"),
    [
        (basic, "Basic", {"MAILLAGE_ENDPOINT_USER": "zoé", "MAILLAGE_ENDPOINT_PASSWORD": WORD}),
        (lambda h: h == "Bearer abc.def", "Bearer", {"MAILLAGE_ENDPOINT_TOKEN": "abc.def"}),
        (
            lambda h: h.startswith("Digest ") and 'username="dba"' in h,
            'Digest realm="SPARQL", nonce="5", qop="auth", algorithm="MD5"',
            {"MAILLAGE_ENDPOINT_USER": "dba", "MAILLAGE_ENDPOINT_PASSWORD": WORD},
        ),
    ],
    ids=["basic", "bearer", "digest"],
)
def test_names_and_passwords_come_from_the_environment(
    front, tmp_path, monkeypatch, known, challenge, environment
):
    kind, address = front
    kind.known, kind.challenge = staticmethod(known), challenge
    out = small(tmp_path / "out", 1)
    for key in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"MAILLAGE_ENDPOINT_{key}", raising=False)
    with pytest.raises(MaillageError, match="MAILLAGE_ENDPOINT_USER"):
        load(out, address)
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    load(out, address)
    assert len(rows(address)) == 43
    kind.known = staticmethod(lambda _: False)
    with pytest.raises(MaillageError) as refused:
        rows(address)
    assert not any(
        value in refused.value.text() for value in environment.values() if value != "dba"
    )


def test_a_password_is_not_sent_where_anybody_could_read_it(monkeypatch):
    asked = requests.Response()
    asked.status_code, asked.headers["WWW-Authenticate"] = 401, "Basic"
    sent = []
    monkeypatch.setattr(
        requests.Session, "request", lambda *request, **_: sent.append(request) or asked
    )
    environment = {"MAILLAGE_ENDPOINT_USER": "zoé", "MAILLAGE_ENDPOINT_PASSWORD": WORD}
    with pytest.raises(MaillageError, match="https://"):
        Connection("http://data.example.org/sparql", environment).ask([("query", ALL)], ROWS)
    assert len(sent) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://zoe:rose@data.example.org/sparql",
        "https://zoe:ro/rose@data.example.org/sparql",  # no port
        "https://zoe:ro[rose@data.example.org/sparql",  # no address of IPv6
        "ftp://zoe:rose@data.example.org/sparql",
    ],
)
def test_a_password_in_an_address_is_not_told(address):
    with pytest.raises(MaillageError, match=r"data\.example\.org") as refused:
        open_endpoint(address)
    assert "rose" not in refused.value.text()
    with pytest.raises(MaillageError) as refused:
        federated(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", ["data.example.org"])
    assert "rose" not in refused.value.text()


@pytest.fixture
def strangers(monkeypatch):
    """Who was called with which name; each host asks for one, but those that are left open."""
    called = []

    def send(_, request, **__):
        name = request.headers.get("Authorization", "").partition(" ")[0]
        called.append((request.url, name))
        answer = requests.Response()
        answer.url, answer.status_code = request.url, 200 if name or "open" in request.url else 401
        answer.headers["WWW-Authenticate"] = "Basic"
        return answer

    monkeypatch.setattr("requests.adapters.HTTPAdapter.send", send)
    return called, {"MAILLAGE_ENDPOINT_USER": "zoé", "MAILLAGE_ENDPOINT_PASSWORD": WORD}


@pytest.mark.parametrize(
    "to",
    ["http://data.example.org/update", "http://other.org/update", "http://data.example.org:443/u"],
)
def test_a_password_goes_to_another_address_only_where_nobody_could_read_it(strangers, to):
    called, environment = strangers
    asked, told = "https://data.example.org/sparql", "https://other.example.org/update"
    connection = Connection(asked, environment)
    connection.ask([("query", ALL)], ROWS)
    Update(connection, told).put({})
    with pytest.raises(MaillageError, match=f"{to}.*https://"):
        Update(connection, to).put({})
    assert called == [(asked, ""), (asked, "Basic"), (told, ""), (told, "Basic"), (to, "")]


def test_a_password_for_the_address_that_is_written_is_not_sent_where_one_asks(strangers):
    called, environment = strangers
    asked, told = "http://open.example.org/sparql", "https://data.example.org/update"
    connection = Connection(asked, environment)
    connection.ask([("query", ALL)], ROWS)
    Update(connection, told).put({})
    connection.ask([("query", ALL)], ROWS)
    assert called == [(asked, ""), (told, ""), (told, "Basic"), (asked, "")]


def test_a_redirection_is_told_and_not_followed(front):
    kind, address = front
    called = []
    canary = type("Canary", (Bad,), {"_pass": lambda self, _: called.append(self.path)})
    with serving(canary) as port:
        kind.days = [(307, {"Location": f"http://127.0.0.1:{port}/query"})]
        with pytest.raises(MaillageError, match=f"points to http://127.0.0.1:{port}"):
            rows(address)
    assert called == []


class Tunnel(BaseHTTPRequestHandler):
    """A proxy that leads to whoever is asked for (RFC 9110, 9.3.6)."""

    led: ClassVar[list[str]] = []

    def do_CONNECT(self):
        self.led.append(self.path)
        host, _, port = self.path.partition(":")
        with socket.create_connection((host, int(port))) as line:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=self._pour, args=(line, self.connection), daemon=True)
            back.start()
            self._pour(self.connection, line)
            back.join()

    @staticmethod
    def _pour(one, other):
        with suppress(OSError):
            while some := one.recv(65_536):
                other.sendall(some)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def log_message(self, *_):
        pass


def test_certificates_are_checked_by_authorities_that_can_be_added(plain, tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *name]
    made = [*command, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    wipe(plain)
    kind = type("Front", (Bad,), {"requests": [], "days": [], "behind": urlsplit(plain.query).port})
    with serving(kind, context) as port:
        address = f"https://127.0.0.1:{port}/query"
        with pytest.raises(MaillageError, match=r"certificate.*MAILLAGE_ENDPOINT_CA"):
            rows(address)
        assert kind.requests == []
        monkeypatch.setenv("MAILLAGE_ENDPOINT_CA", str(certificate))
        with pytest.raises(MaillageError, match="holds no Maillage graph"):
            rows(address)
        with serving(Tunnel) as way:
            for name in ("NO_PROXY", "no_proxy"):
                monkeypatch.delenv(name, raising=False)
            for name in ("HTTPS_PROXY", "https_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{way}")
            with pytest.raises(MaillageError, match="holds no Maillage graph"):
                rows(address)
            monkeypatch.delenv("MAILLAGE_ENDPOINT_CA")
            with pytest.raises(MaillageError, match=r"certificate.*MAILLAGE_ENDPOINT_CA"):
                rows(address)
        assert Tunnel.led == [f"127.0.0.1:{port}"] * 2
    monkeypatch.setenv("MAILLAGE_ENDPOINT_CA", str(tmp_path / "none.pem"))
    with pytest.raises(MaillageError, match="no certificate could be read"):
        rows(address)


# ---- what a question needs, where it is answered here -------------------------------------------

P, Q = URIRef("x:p"), URIRef("x:q")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s <x:p> 'a' }", [Pattern(None, P, None)]),
        ("SELECT * { <x:s> ?p ?o . ?s <x:p> ?o }", [(URIRef("x:s"), None, None), (None, P, None)]),
        ("SELECT * { ?s <x:p> ?o OPTIONAL { ?o <x:q>* ?z } }", [(None, P, None), (None, Q, None)]),
        ("SELECT * { ?s <x:p> ?o FILTER NOT EXISTS { ?o <x:q> ?z } }", [(None, P, None), (None, Q, None)]),
        ("SELECT * { ?s <x:p> ?o FILTER (?o = 1 || EXISTS { ?o <x:q> 1 }) }", [(None, P, None), (None, Q, None)]),
        ("CONSTRUCT { ?s <x:q> ?o } WHERE { ?s <x:p> ?o }", [(None, P, None)]),
        # nothing binds either end: all of the graph is joined to itself
        ("SELECT * { ?s <x:p>* ?o }", [EVERYTHING]),
        ("SELECT * { { ?s <x:p> ?o } UNION { ?s <x:q>? ?o } }", [EVERYTHING]),
        ("SELECT * { ?s <x:p> ?o { SELECT (COUNT(?s) AS ?n) { ?s <x:q>* ?z } } }", [EVERYTHING]),
        ("SELECT * { VALUES ?s { <x:s> } ?s <x:q>* ?z }", [EVERYTHING]),
        ("SELECT * { ?s !<x:p> ?o }", [EVERYTHING]),
        ("DESCRIBE <x:s>", [EVERYTHING]),
    ],
)  # fmt: skip
def test_a_question_needs_the_patterns_that_any_part_of_it_can_match(query, expected):
    assert set(patterns(query)) == set(expected)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <x:p> ?o OPTIONAL { ?o <x:q>* ?z } }",
        "SELECT * { ?s <x:p> ?o MINUS { ?o <x:q>? <x:2> } }",
        "SELECT * { ?s <x:q>? ?o }",
        "SELECT * { { ?s <x:p> ?o } UNION { ?s ^<x:q>* ?o } }",
        "SELECT ?s (COUNT(*) AS ?n) { ?s (<x:p>|<x:q>)+ ?o } GROUP BY ?s",
        "SELECT * { ?s <x:p>/<x:q>* ?o FILTER NOT EXISTS { ?o <x:q>* <x:3> } }",
        "SELECT * { ?s <x:p> ?o { SELECT (COUNT(?s) AS ?n) { ?s <x:q>* ?z } } }",
        "SELECT * { ?s <x:p> ?o . FILTER ( ?o = <x:2> || EXISTS { ?o <x:q>? <x:4> } ) }",
        "SELECT * { GRAPH ?g { ?s <x:p> ?o OPTIONAL { ?o <x:q> ?z } } }",
        "SELECT * { ?s !<x:p> ?o }",
        "CONSTRUCT { ?o <x:r> ?s } WHERE { ?s <x:p>? ?o . ?o <x:q> ?z }",
        "ASK { ?s <x:q>* <x:nowhere> }",
        "SELECT * { GRAPH ?g {} }",
        "SELECT * { GRAPH ?g { OPTIONAL { ?s <x:p> ?o } } }",
        "SELECT * { GRAPH ?g { FILTER NOT EXISTS { ?s <x:p> ?o } } }",
        "SELECT ?g (COUNT(?s) AS ?n) { GRAPH ?g {} OPTIONAL { GRAPH ?g { ?s <x:p> ?o } } } GROUP BY ?g",
    ],
)  # fmt: skip
def test_what_a_mirror_fetches_is_enough_for_the_right_answer(query):
    """An engine of the test, which is asked for patterns only, against the same one asked whole.

    Of all its graphs, and of some: one of them holds nothing that any of the patterns would find.
    """
    numbers = random.Random(7)  # noqa: S311  # a graph that is the same each time
    graphs, other = [URIRef("x:g1"), URIRef("x:g2")], URIRef("x:g3")
    whole, engine = ox.Store(), ox.Store()
    for _ in range(40):
        s, o = (ox.NamedNode(f"x:{numbers.randrange(9)}") for _ in range(2))
        p, g = (
            ox.NamedNode(numbers.choice(["x:p", "x:q", "x:r"])),
            ox.NamedNode(numbers.choice(graphs)),
        )
        for quad in (ox.Quad(s, p, o, g), ox.Quad(s, p, o)):
            whole.add(quad)
        for quad in (ox.Quad(s, p, o, g), ox.Quad(s, p, o, ox.NamedNode(UNION))):
            engine.add(quad)
    alone = ox.NamedNode("x:alone")
    for store, union in ((whole, ox.DefaultGraph()), (engine, ox.NamedNode(UNION))):
        for graph in (ox.NamedNode(other), union):
            store.add(ox.Quad(alone, alone, alone, graph))
    mirror = Mirror(lambda text: opened(engine).select(text), lambda: [*graphs, other])
    for some in (None, [graphs[0], other]):
        here, there = opened(whole).query(query, some), mirror.query(query, some)
        if isinstance(here, Answer):
            assert here.rows and Counter(here.rows) == Counter(there.rows)
        else:
            assert here == there if isinstance(here, bool) else isomorphic(here, there)


# ---- other people's endpoints -------------------------------------------------------------------


@pytest.fixture
def two(plain, tmp_path):
    """Two engines, ours and another, and a third that nobody may call."""
    wipe(plain)
    load(small(tmp_path / "out", 1), plain.query)
    called = []
    canary = type("Canary", (Bad,), {"_pass": lambda self, _: called.append(self.path)})
    with ExitStack() as stack:
        other = stack.enter_context(oxigraph(tmp_path / "other"))
        theirs = 'INSERT DATA { <x:s> <x:name> "Ville é\\n\\"x\\""@fr . <x:t> <x:name> "T" }'
        requests.post(other.update, data={"update": theirs}, timeout=30).raise_for_status()
        port = stack.enter_context(serving(canary))
        yield plain, other, f"127.0.0.1:{port}", called


def asked(tmp_path, query, *arguments):
    path = tmp_path / "query.rq"
    path.write_text(query, encoding="utf-8")
    command = ["ask", "--sparql", str(path), "--format", "csv", *arguments]
    return CliRunner().invoke(maillage, command, env={"MAILLAGE_LANG": "en"})


def test_a_question_over_two_endpoints_calls_only_the_host_that_is_allowed(two, tmp_path):
    plain, other, canary, called = two
    host = urlsplit(other.query).netloc
    query = f"""PREFIX x: <x:> SELECT ?o ?name {{
        ?s x:p ?o FILTER ( ?o = <x:o> ) SERVICE <{other.query}> {{ ?s x:name ?name }} }}"""
    for store in (plain.query, str(tmp_path / "out")):
        done = asked(tmp_path, query, "--store", store, "--allow-service", host)
        assert done.exit_code == 0, done.output
        assert "Ville é" in done.output and "T" not in done.output
    refused = asked(tmp_path, query, "--store", plain.query)
    assert refused.exit_code == 2 and f"--allow-service {host}" in refused.output
    # the host that is allowed must not be a way to another
    for clause in (
        f"SERVICE <http://{canary}/> {{ ?s ?p ?o }}",
        f"SERVICE <{other.query}> {{ SERVICE <http://{canary}/> {{ ?s ?p ?o }} }}",
        f"SERVICE SILENT <http://{canary}/> {{ ?s ?p ?o }}",
        f"VALUES ?where {{ <http://{canary}/> }} SERVICE ?where {{ ?s ?p ?o }}",
        f"SERVICE <{other.query}> {{ ?s ?p ?o }} SERVICE <http://{canary}/> {{ ?s ?p ?o }}",
        f"\\u0053ERVICE <http://{canary}/> {{ ?s ?p ?o }}",
    ):
        done = asked(tmp_path, f"SELECT * {{ {clause} }}", "--store", plain.query, "--allow-service", host)  # fmt: skip
        assert done.exit_code == 2, clause
    assert called == []


def test_an_answer_of_another_endpoint_is_whole_or_an_error(two, monkeypatch):
    _, other, _, _ = two
    host = urlsplit(other.query).netloc
    query = f"SELECT * {{ SERVICE <{other.query}> {{ ?s ?p ?o }} }}"
    assert '"T"' in federated(query, [host])
    monkeypatch.setattr("maillage.federation.MOST", 1)
    with pytest.raises(MaillageError, match="gave 2 rows"):
        federated(query, [host])
    with pytest.raises(MaillageError, match=r"not valid SPARQL.*1:\d"):
        federated(query.removesuffix("}"), [host])
    blank = f"SELECT * {{ SERVICE <{other.query}> {{ BIND ( BNODE() AS ?b ) }} }}"
    with pytest.raises(MaillageError, match="blank node"):
        federated(blank, [host])
    with pytest.raises(Refused, match="not allowed"):
        federated(query, [host.split(":")[0]])  # another port is another server


A_ORG = "SELECT * { SERVICE <https://a.org/sparql> { ?s ?p ?o } }"


def said(monkeypatch, answer, kind=ROWS):
    """A host that answers this; what it was asked."""
    queries = []

    def ask(_, fields, __):
        queries.append(dict(fields)["query"])
        response = requests.Response()
        response.headers["Content-Type"] = kind
        response._content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return response

    monkeypatch.setattr("maillage.federation.Connection.ask", ask)
    return queries


def table(*names, **cells):
    return {"head": {"vars": list(names)}, "results": {"bindings": [cells]}}


ELSEWHERE = "x) { (1) } SERVICE <http://b.org/> { ?s ?p ?o } VALUES (?y"


@pytest.mark.parametrize(
    "answer",
    [
        table(ELSEWHERE),
        table("s", "s"),
        table("s t"),
        table(""),
        table(1),
        table("s", s={"type": "triple", "value": {"subject": "x:s"}}),
        table("s", s={"type": "number", "value": "1"}),
        table("s", s="text"),
        {"head": {"vars": ["s"]}, "results": {"bindings": ["s"]}},
        {"boolean": True},
        [],
    ],
)
def test_an_answer_of_another_endpoint_becomes_no_query_of_its_own(monkeypatch, answer):
    said(monkeypatch, answer)
    with pytest.raises(MaillageError, match="something other than SPARQL results"):
        federated(A_ORG, ["a.org"])


def test_triples_in_the_place_of_rows_are_no_answer(monkeypatch):
    said(monkeypatch, b"<x:s> <x:p> <x:o> .\n", "application/n-triples")
    with pytest.raises(MaillageError, match="something other than SPARQL results"):
        federated(A_ORG, ["a.org"])


@pytest.mark.parametrize(
    "cell",
    [
        {"type": "uri", "value": "no address"},
        {"type": "uri", "value": "x:> } SERVICE <http://b.org/> { ?s ?p ?o"},
        {"type": "literal", "value": "1", "datatype": "no address"},
    ],
)
def test_a_term_of_another_endpoint_is_one(monkeypatch, cell):
    said(monkeypatch, table("s", s=cell))
    with pytest.raises(MaillageError, match="no well-formed address or text"):
        federated(A_ORG, ["a.org"])


def test_what_was_answered_is_looked_through_once_more(monkeypatch):
    said(monkeypatch, table("s"))
    monkeypatch.setattr("maillage.federation.read", lambda *_: Answer((ELSEWHERE,), []))
    with pytest.raises(Refused):
        federated(A_ORG, ["a.org"])
    # a text may say anything, and be longer than any query
    long = 'SERVICE <http://b.org/> { ?s ?p "' * 3_000
    monkeypatch.setattr("maillage.federation.read", lambda *_: Answer(("s",), [(Literal(long),)]))
    ((found, *_),) = opened(ox.Store()).evaluate(federated(A_ORG, ["a.org"])).rows
    assert str(found) == long


def test_another_endpoint_is_not_told_what_a_person_noted(monkeypatch):
    queries = said(monkeypatch, table("s"))
    notes = "# for the mayor alone\nBASE <http://x.org/> PREFIX x: <http://x.org/#> # draft 3\n"
    clause = "{ ?s x:p <#a>, '# text' # what we suspect\n }"
    federated(f"{notes} SELECT * {{ SERVICE <https://a.org/sparql> {clause} }}", ["a.org"])
    assert "<http://x.org/#>" in queries[0] and "<#a>, '# text'" in queries[0]
    assert not re.search("mayor|draft|suspect", queries[0])
    opened(ox.Store()).query(queries[0])


def test_allowing_a_host_without_a_query_of_ones_own_is_told():
    done = CliRunner().invoke(maillage, ["ask", "links", "--allow-service", "a.org"])
    assert done.exit_code == 2 and "--sparql" in done.output
