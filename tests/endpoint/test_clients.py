"""The clients that people use, against a real server: what they get is what the graph says."""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, expect
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from endpoint.serving import Serving
from endpoint.watching import until
from maillage.site.texts import say
from maillage.words import LANGUAGES, TAGS

#: Where tests/run.py installs what comes by npm: outside of the repository.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "maillage-tests"
COMUNICA = "@comunica/query-sparql@4.5"

CHENGDU = "https://w3id.org/maillage/id/place/cn-510100"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
PARTIES = """PREFIX mlg: <https://w3id.org/maillage/ns#>
SELECT ?link ?party { ?link a mlg:CooperationLink ; mlg:hasParty ?party } ORDER BY ?link ?party LIMIT 20"""
NAME = f'SELECT ?name {{ <{CHENGDU}> <{LABEL}> ?name FILTER langMatches(LANG(?name), "zh-Hans") }}'


@pytest.fixture(scope="module")
def endpoint(server: Serving) -> str:
    return f"{server.address}sparql"


def rows(server: Serving, query: str) -> list[dict[str, str]]:
    """The answer as the server itself gives it, to compare with."""
    reply = server.ask(
        f"/sparql?query={quote(query)}", {"Accept": "application/sparql-results+json"}
    )
    found = json.loads(reply.body)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in found]


# ---- SPARQLWrapper ------------------------------------------------------------------------------


def wrapped(endpoint: str, query: str, form: str, method: str = "GET") -> SPARQLWrapper:
    client = SPARQLWrapper(endpoint)
    client.setQuery(query)
    client.setReturnFormat(form)
    client.setMethod(method)
    client.setTimeout(60)
    return client


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_gets_rows_in_every_form(server: Serving, endpoint: str, method: str) -> None:
    expected = rows(server, PARTIES)
    assert len(expected) == 20
    asked = {
        form: wrapped(endpoint, PARTIES, form, method).query() for form in (JSON, XML, CSV, TSV)
    }
    found = asked[JSON].convert()["results"]["bindings"]
    assert [{name: cell["value"] for name, cell in row.items()} for row in found] == expected
    results = asked[XML].convert().getElementsByTagName("uri")
    assert [node.firstChild.data for node in results][0::2] == [row["link"] for row in expected]
    lines = asked[CSV].convert().decode().splitlines()
    assert lines[1:] == [f"{row['link']},{row['party']}" for row in expected]
    lines = asked[TSV].convert().decode().splitlines()
    assert lines[0] == "?link\t?party"
    assert lines[1:] == [f"<{row['link']}>\t<{row['party']}>" for row in expected]


def test_sparqlwrapper_gets_graphs_truths_and_a_reason(endpoint: str) -> None:
    describe = f"CONSTRUCT {{ <{CHENGDU}> ?p ?o }} WHERE {{ <{CHENGDU}> ?p ?o }}"
    graphs = [
        Graph().parse(data=wrapped(endpoint, describe, TURTLE).query().convert(), format="turtle"),
        Graph().parse(
            data=wrapped(endpoint, describe, RDFXML).query().response.read(), format="xml"
        ),
    ]
    assert len(graphs[0]) == len(graphs[1]) > 10
    assert (
        wrapped(endpoint, f"ASK {{ <{CHENGDU}> ?p ?o }}", JSON).query().convert()["boolean"] is True
    )
    with pytest.raises(Exception, match="badly formed") as caught:
        wrapped(endpoint, "SELECT * { ?s ?p", JSON).query()
    assert "line" in str(caught.value)


# ---- rdflib -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_an_rdflib_graph_may_stand_on_the_endpoint(
    server: Serving, endpoint: str, method: str
) -> None:
    with closing(SPARQLStore(endpoint, method=method)) as store:
        graph = Graph(store)
        found = [(str(link), str(party)) for link, party in graph.query(PARTIES)]
        assert found == [(row["link"], row["party"]) for row in rows(server, PARTIES)]
        names = set(graph.objects(URIRef(CHENGDU), URIRef(LABEL)))
        assert Literal("Chengdu", lang="fr") in names
        assert (URIRef(CHENGDU), None, None) in graph
        assert (URIRef("http://example.org/nobody"), None, None) not in graph
        triples = set(graph.triples((URIRef(CHENGDU), None, None)))
        described = graph.query(f"CONSTRUCT {{ <{CHENGDU}> ?p ?o }} WHERE {{ <{CHENGDU}> ?p ?o }}")
        assert described.graph is not None
        assert len(triples) == len(described.graph) > 10


# ---- oxigraph, which asks us as one of its services ----------------------------------------------


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real ``oxigraph serve`` with nothing in it."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(sysconfig.get_path("scripts")) / "oxigraph"
    place = tmp_path_factory.mktemp("oxigraph")
    command = [str(program), "serve", "--location", str(place), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            with urlopen(address, timeout=2):
                return True
        except (URLError, OSError):
            return False

    assert until(30, answers)
    yield address
    process.terminate()
    process.wait(20)


def test_oxigraph_asks_us_as_a_service(server: Serving, endpoint: str, oxigraph: str) -> None:
    inside = PARTIES.replace("SELECT", "SELECT DISTINCT", 1).partition("\n")
    query = f"{inside[0]}\nSELECT ?link ?party {{ SERVICE <{endpoint}> {{ {inside[2]} }} }} ORDER BY ?link ?party"
    request = Request(
        f"{oxigraph}/query",
        urlencode({"query": query}).encode(),
        {"Accept": "application/sparql-results+json"},
    )
    with urlopen(request, timeout=60) as answer:
        found = json.load(answer)["results"]["bindings"]
    assert [{name: cell["value"] for name, cell in row.items()} for row in found] == rows(
        server, PARTIES
    )


# ---- Comunica -----------------------------------------------------------------------------------


@functools.cache
def comunica() -> Path:
    """The command of Comunica, installed once by npm beside other caches of this person."""
    npm = shutil.which("npm")
    if npm is None:
        if os.environ.get("CI"):
            pytest.fail(
                "npm is missing: the tests of real clients need it in continuous integration"
            )
        pytest.skip("npm is not installed here, and Comunica comes by npm")
    place = CACHE / "comunica-4.5"
    program = place / "node_modules" / ".bin" / "comunica-sparql"
    if not program.exists():
        place.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", COMUNICA]
        subprocess.run(command, cwd=place, check=True, capture_output=True, timeout=300)
    return program


@pytest.mark.parametrize("kind", ["sparql", "found by itself"])
def test_comunica_answers_from_us(server: Serving, endpoint: str, kind: str) -> None:
    source = f"sparql@{endpoint}" if kind == "sparql" else endpoint
    command = [str(comunica()), source, "-q", PARTIES, "-t", "application/sparql-results+json"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["results"]["bindings"]
    assert [{name: cell["value"] for name, cell in row.items()} for row in found] == rows(
        server, PARTIES
    )


# ---- curl ---------------------------------------------------------------------------------------


def curl(*arguments: str) -> str:
    program = shutil.which("curl")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(
                "curl is missing: the tests of real clients need it in continuous integration"
            )
        pytest.skip("curl is not installed here")
    command = [program, "--silent", "--show-error", "--max-time", "60", *arguments]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def test_curl_asks_in_the_three_ways(endpoint: str, tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text(NAME, encoding="utf-8")
    kind = ("-H", "Accept: text/csv")
    answers = [
        curl(*kind, "--get", endpoint, "--data-urlencode", f"query={NAME}"),
        curl(*kind, endpoint, "--data-urlencode", f"query={NAME}"),
        curl(
            *kind,
            endpoint,
            "-H",
            "Content-Type: application/sparql-query",
            "--data-binary",
            f"@{file}",
        ),
    ]
    assert [answer.splitlines() for answer in answers] == [["name", "成都市"]] * 3


def test_curl_follows_a_thing_to_its_data_and_asks_again_cheaply(
    server: Serving, endpoint: str, tmp_path: Path
) -> None:
    turtle = curl("--location", "-H", "Accept: text/turtle", f"{server.address}id/place/cn-510100")
    graph = Graph().parse(data=turtle, format="turtle")
    assert (URIRef(CHENGDU), URIRef(LABEL), Literal("Chengdu", lang="fr")) in graph
    tag, page = tmp_path / "tag", f"{endpoint}?query={quote(NAME)}"
    curl("--etag-save", str(tag), "-o", os.devnull, page)
    again = curl("--etag-compare", str(tag), "-o", os.devnull, "-w", "%{http_code}", page)
    assert again == "304"
    packed = curl("--compressed", "-H", "Accept: text/csv", f"{endpoint}?query={quote(PARTIES)}")
    assert len(packed.splitlines()) == 21
    assert curl("-I", page).startswith("HTTP/1.1 200")


# ---- a browser ----------------------------------------------------------------------------------


def test_a_browser_asks_reads_and_follows(server: Serving, browser: Browser) -> None:
    page = browser.new_page(locale="fr-FR")
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.address}sparql?query={quote(NAME)}")
    assert "成都市" in page.locator("body").inner_text()
    page.goto(f"{server.address}id/place/cn-510100")
    assert page.url.startswith(f"{server.address}doc/place/cn-510100") or "/fr/" in page.url
    assert "Chengdu" in page.locator("h1").inner_text()
    assert page.locator("html").get_attribute("lang") == "fr"
    page.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith((server.address, "data:"))] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_a_person_comes_over_the_menu_to_an_answer_and_its_file(
    server: Serving, browser: Browser, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts, locale="de-DE")
    page = context.new_page()
    for lang in LANGUAGES:
        page.goto(f"{server.address}{lang}/")
        page.locator("nav.menu").get_by_role("link", name=say("menu-sparql", lang)).click()
        run = page.get_by_role("button", name=say("sparql-run", lang))
        page.locator("#query").fill(NAME)
        run.click()
        # the query that was asked is there still, and below it what came of it
        expect(page.locator("section[aria-labelledby=answer] tbody tr")).to_have_text("成都市")
        expect(page.locator("#query")).to_have_value(NAME)
        assert page.url.startswith(f"{server.address}{lang}/sparql?query=")
        page.locator("#format").select_option("csv")
        with page.expect_download() as file:
            run.click()
        assert file.value.path().read_text("utf-8").split() == ["name", "成都市"]
        page.locator("#query").fill("ASK { ?s ?p ?o }")
        run.click()
        expect(page.locator("#problem")).to_be_visible()
        expect(page.locator("#query")).to_have_value("ASK { ?s ?p ?o }")
        assert page.locator("html").get_attribute("lang") == TAGS[lang]
    context.close()


def test_a_script_of_another_site_may_read_the_data_and_nothing_else(
    server: Serving, endpoint: str, browser: Browser, oxigraph: str
) -> None:
    page = browser.new_page()
    page.goto(oxigraph)  # a page of another origin
    asks = """async ([address, query]) => {
        const kind = { "Content-Type": "application/sparql-query", Accept: "text/csv" };
        const posted = await fetch(address, { method: "POST", body: query, headers: kind });
        const got = await fetch(address + "?query=" + encodeURIComponent(query), { headers: kind });
        return [posted.status, got.headers.get("etag") !== null, await posted.text()];
    }"""
    status, tag, text = page.evaluate(asks, [endpoint, NAME])
    assert (status, text.split()) == (200, ["name", "成都市"])
    assert tag
    with_secrets = "address => fetch(address, { credentials: 'include' }).then(() => 1, () => 0)"
    assert page.evaluate(with_secrets, f"{endpoint}?query={quote(NAME)}") == 0
    page.close()


def test_a_client_that_went_away_costs_the_others_nothing(server: Serving) -> None:
    heavy = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    for _ in range(5):
        line = socket.create_connection((server.host, server.port))
        line.send(f"GET /sparql?query={heavy} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        line.close()
    started = time.monotonic()
    assert server.ask(f"/sparql?query={quote(NAME)}").status == 200
    assert time.monotonic() - started < 5
