"""One way to ask, three places: memory, a folder, and a real server."""

import socket
import subprocess
import sys
import sysconfig
import time
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from rdflib import SKOS, XSD, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.graph import ModificationException

from maillage.ask import tidy
from maillage.dumps import nquads
from maillage.engines import open_endpoint
from maillage.errors import MaillageError, Refused
from maillage.formats import GRAPH_FORMATS, write_graph
from maillage.mint import graph_iri, thing
from maillage.questions import questions
from maillage.store import (
    Answer,
    dataset_of,
    memory_store,
    open_folder,
    refuse_danger,
    write_folder,
)

# Questions that the shipped data answer by nothing, on purpose: each says so in its description.
EMPTY: frozenset[str] = frozenset()

COUNT = """PREFIX mlg: <https://w3id.org/maillage/ns#>
SELECT (COUNT(*) AS ?n) WHERE { ?link a mlg:CooperationLink ; mlg:hasParty ?party }"""


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lines(shipped):
    return nquads(shipped.dataset)


@pytest.fixture(scope="module")
def folder(lines, tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "store"
    path.with_name("maillage.nq").write_bytes(lines)
    write_folder([path.with_name("maillage.nq")], path)
    return path


def served(*arguments):
    """A real server on a free port; waits until it answers."""
    port = free_port()
    # beside the interpreter that runs the tests, whether or not its environment is activated
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    command = [str(program), *arguments, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                break
        except (URLError, OSError):
            time.sleep(0.1)
    return process, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def server(folder):
    """The folder that a build makes, behind ``oxigraph serve-read-only``."""
    process, address = served("serve-read-only", "--location", str(folder))
    yield f"{address}/query"
    process.terminate()
    process.wait(10)


def test_the_same_answer_from_memory_a_folder_and_a_server(store, folder, server):
    answers = [
        opened.select(COUNT) for opened in (store, open_folder(folder), open_endpoint(server))
    ]
    assert answers[0] == answers[1] == answers[2]
    assert int(answers[0].rows[0][0]) > 16


@pytest.mark.parametrize("name", questions())
def test_every_question_gets_the_same_answer_from_memory_and_from_a_server(store, server, name):
    here, there = (
        tidy(opened.query(questions()[name].sparql)) for opened in (store, open_endpoint(server))
    )
    if isinstance(here, Answer):
        assert here == there
        assert here.rows or name in EMPTY
    else:
        assert isomorphic(here, there)
        assert len(here) > 0


def test_a_triple_of_two_graphs_is_counted_once(shipped):
    # Oxigraph's own union counts it twice; SPARQL 1.1 (13.1) asks for a set
    autun = thing("place", "fr-commune-71014").n3()
    query = f"SELECT ?link {{ ?link <https://w3id.org/maillage/ns#hasParty> {autun} }}"
    graphs = [g.identifier for g in shipped.dataset.graphs() if len(g)]
    opened = memory_store(shipped.dataset)
    links = {link for (link,) in opened.select(query.replace("?link {", "DISTINCT ?link {")).rows}
    assert len(links) > 1
    assert len(opened.select(query).rows) == len(links)
    assert len(opened.select(query, graphs).rows) == len(links)


def test_language_tags_come_back_as_they_were_written(store, server):
    query = """SELECT ?l { <https://w3id.org/maillage/id/place/cn-510100>
        <http://www.w3.org/2004/02/skos/core#prefLabel> ?l FILTER langMatches(LANG(?l), "zh") }"""
    expected = [(Literal("成都市", lang="zh-Hans"),)]
    assert store.select(query).rows == expected
    assert open_endpoint(server).select(query).rows == expected


def test_only_some_graphs_may_be_asked(store, server):
    graph = [graph_iri("source--cuf-china-group-page")]
    query = "SELECT DISTINCT ?l { ?l a <https://w3id.org/maillage/ns#CooperationLink> }"
    expected = [(thing("link", "contact--cn-510100--fr-commune-71014"),)]
    assert store.select(query, graph).rows == expected
    assert open_endpoint(server).select(query, graph).rows == expected


def test_triples_and_truth_come_back_too(store, server):
    for opened in (store, open_endpoint(server)):
        assert opened.query("ASK { ?s ?p ?o }") is True
        graph = opened.query("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 3")
        assert isinstance(graph, Graph)
        assert len(graph) == len(list(graph)) == 3


def test_triples_of_an_answer_are_a_graph_to_read_ask_write_and_copy(store):
    graph = store.query("CONSTRUCT WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o }")
    assert isinstance(graph, Graph)
    assert Literal("成都市", lang="zh-Hans") in set(graph.objects(None, SKOS.prefLabel))
    copy = Graph() + graph
    assert len(copy) == len(graph)
    (row,) = graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert int(row[0]) == len(copy)
    for suffix in GRAPH_FORMATS:
        assert write_graph(graph, suffix) == write_graph(copy, suffix)
    with pytest.raises(ModificationException):
        graph.add((SKOS.Concept, SKOS.prefLabel, Literal("lost")))
    with pytest.raises(ModificationException):
        graph -= copy


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { service\n?x { ?s ?p ?o } }",
        "SELECT * { ?s ?p '''a\\'''b''' . SERVICE SILENT <http://a/> { ?s ?p ?o } }",
        "# <\nSELECT * {{SERVICE<http://a/>{}}}",
        "SELECT * { # c\rSERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX e: <http://127.0.0.1:1/> SELECT * { SERVICEe:x { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    ],
)
def test_a_query_that_calls_another_host_is_refused(store, server, query):
    for opened in (store, open_endpoint(server)):
        with pytest.raises(Refused, match="another host"):
            opened.query(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a <http://a/SERVICE> } # SERVICE",
        "PREFIX a: <http://a/> SELECT * { ?s a:service 'SERVICE' }",
        'SELECT * { ?s ?p """SERVICE <http://a/> {}""" }',
    ],
)
def test_the_word_alone_is_no_call(store, query):
    refuse_danger(query)
    store.query(query)


@pytest.mark.parametrize("query", ["ASK " + "{" * 5000, "# c\r ASK " + "{" * 5000])
def test_a_query_that_would_end_the_process_is_refused(store, query):
    with pytest.raises(Refused, match="200 brackets"):
        store.query(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (" + "!" * 20_000 + "true AS ?x) {}",
        "SELECT (" + "1+" * 3_000 + "1 AS ?x) {}",
        "ASK { " + " UNION ".join(["{ ?s a <a:a> }"] * 20_000) + " }",
        "ASK { ?s " + "/".join(["<a:a>"] * 50_000) + " ?o }",
    ],
    ids=["not", "plus", "union", "path"],
)
def test_a_long_chain_of_operators_ends_in_an_answer_or_a_sentence(query):
    """In a process of its own, since what is feared is the end of the process."""
    code = (
        "import sys, pyoxigraph\n"
        "from maillage.store import _Oxigraph\n"
        "from maillage.errors import MaillageError\n"
        "try: _Oxigraph(pyoxigraph.Store()).query(sys.stdin.read())\n"
        "except MaillageError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=query, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_a_quoted_triple_is_no_term_of_ours(store):
    with pytest.raises(MaillageError, match="quoted triple"):
        store.query("SELECT (<<( <a:a> <a:b> 1 )>> AS ?x) {}")


def test_what_is_not_sparql_is_told_by_line(store):
    with pytest.raises(MaillageError, match=r"not valid SPARQL.*1:"):
        store.query("SELEC ?s")


def test_a_server_that_refuses_is_quoted(server):
    with pytest.raises(MaillageError, match="status 400"):
        open_endpoint(server)._send("SELEC ?s", ())


def test_a_server_that_is_away_is_told():
    with pytest.raises(MaillageError, match="does not answer"):
        open_endpoint(f"http://127.0.0.1:{free_port()}/query").query("ASK {}")


def test_an_address_that_is_no_endpoint_is_told(server):
    with pytest.raises(MaillageError, match=r"status 4\d\d|something else"):
        open_endpoint(server.replace("/query", "/nowhere")).query("ASK {}")


@pytest.mark.parametrize("address", ["ftp://a/", "file:///etc/passwd", "http:///x", "http://[bad"])
def test_only_http_is_asked(address):
    with pytest.raises(MaillageError, match="not an http"):
        open_endpoint(address)


def test_an_endpoint_with_other_peoples_data_is_told(tmp_path):
    process, address = served("serve", "--location", str(tmp_path))
    try:
        with pytest.raises(MaillageError, match="holds no Maillage graph"):
            open_endpoint(f"{address}/query").query("ASK { ?s ?p ?o }")
    finally:
        process.terminate()
        process.wait(10)


def test_a_folder_that_is_no_store_is_told(tmp_path):
    with pytest.raises(MaillageError, match="Build it again"):
        open_folder(tmp_path / "nothing")


def test_quads_survive_the_way_through_text(shipped, lines):
    assert nquads(dataset_of(lines)) == lines
    assert all(isinstance(g.identifier, URIRef) for g in shipped.dataset.graphs())


def test_numbers_that_the_engine_makes_one_are_no_loss(tmp_path):
    lines = [
        f'<x:s{n}> <x:p> "{one}"^^<{XSD.integer}> <x:g> .\n'
        for n in range(9)
        for one in ("01", "1")
    ]
    (tmp_path / "all.nq").write_text("".join(sorted(lines)))
    assert write_folder([tmp_path / "all.nq"], tmp_path / "store") == 18  # and their union


def test_several_files_are_one_graph(tmp_path, monkeypatch):
    monkeypatch.setattr("maillage.store._HELD", 2)
    for name, numbers in (("a", (1, 3, 5)), ("b", (2, 3, 4))):
        text = "".join(f'<x:s> <x:p> "{n}" <x:{g}> .\n' for n in numbers for g in "gh")
        (tmp_path / f"{name}.nq").write_text(text)
    files = sorted(tmp_path.glob("*.nq"))
    assert write_folder(files, tmp_path / "store") == 10 + 5
