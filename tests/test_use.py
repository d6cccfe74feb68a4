"""The guide: every snippet runs as the page shows it, in the folder of a release, where it can."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import networkx as nx
import openpyxl
import pyoxigraph as ox
import pytest

from maillage.publish import publish
from maillage.published import around
from maillage.site import About, Site
from maillage.site.use import FILES
from maillage.store import memory_store
from sample_dataset import sample_dataset

LANGUAGES = ("fr", "en", "zh")
NAMES = {"fr": "jumelage", "en": "twinning", "zh": "友好城市关系"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("release")
    publish(sample_dataset(), made, around(memory_store(sample_dataset())), {})
    return made


@pytest.fixture(scope="module")
def site():
    return Site(memory_store(sample_dataset()), About(base="http://127.0.0.1:1", release="r"))


def shown(site, lang):
    """The page, and its snippets as a person copies them."""
    page = site.answer(f"/{lang}/use/", None)
    assert page.status == 200
    html = page.body.decode()
    found = re.findall(r'<pre id="snippet-([a-z]+)"[^>]*><code>(.*?)</code></pre>', html, re.DOTALL)
    return html, {name: unescape(text) for name, text in found}


def run(command, text, folder):
    script = folder / f"snippet.{command[-1]}"
    script.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*command[:-1], str(script)],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        encoding="utf-8",
    )
    script.unlink()
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(text, folder):
    return run([sys.executable, "-X", "utf8", "py"], text, folder)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guide_names_files_that_a_release_has(site, folder, lang):
    html, snippets = shown(site, lang)
    for names in FILES.values():
        for name in names:
            assert (folder / name).is_file(), name
            assert f"release/r/{name}" in html
    for text in snippets.values():
        for name in re.findall(r'"((?:tables/)?[\w-]+\.(?:ttl|nq|csv|graphml))"', text):
            assert (folder / name).is_file(), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rdflib(site, folder, lang):
    name = {"fr": "Wuhan – Bordeaux", "en": "Wuhan – Bordeaux", "zh": "武汉市 – 波尔多"}[lang]
    said = python(shown(site, lang)[1]["rdflib"], folder)
    address = "https://w3id.org/maillage/id/link/twinning--cn-420100--fr-commune-33063"
    assert said == f"{name} {address}\n"


def test_pyoxigraph(site, folder):
    said = python(shown(site, "en")[1]["oxigraph"], folder)
    assert said == "https://w3id.org/maillage/id/link-kind/twinning 1\n"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_in_python(site, folder, lang):
    assert python(shown(site, lang)[1]["csv"], folder) == f"{NAMES[lang]} 1\n"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_networkx(site, folder, lang):
    said = python(shown(site, lang)[1]["networkx"], folder).splitlines()
    wuhan = "武汉市" if lang == "zh" else "Wuhan"
    assert said[0] == f"{wuhan} 1"
    assert len(said) == 2


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no R")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_r(site, folder, lang):
    said = run(["Rscript", "--encoding=UTF-8", "R"], shown(site, lang)[1]["r"], folder)
    assert re.search(r"\b1\b", said)
    if lang != "zh":  # a plain locale shows Chinese by its numbers
        assert NAMES[lang] in said


def test_a_workbook_keeps_codes_as_text(folder):
    book = openpyxl.load_workbook(folder / "tables" / "maillage.xlsx", read_only=True)
    with closing(book):
        rows = [list(row) for row in book["collectivities"].iter_rows(values_only=True)]
    column = rows[0].index("insee")
    assert "33063" in [row[column] for row in rows[1:]]
    # the CSV for Excel says that it is UTF-8
    assert (folder / "tables" / "links.bom.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_gephi_gets_a_network_with_its_attributes(folder):
    graph = nx.read_gexf(folder / "maillage.gexf")
    assert {data["label"] for _, data in graph.nodes(data=True)} == {"Wuhan", "Bordeaux"}
    ((_, _, data),) = graph.edges(data=True)
    assert data["tentative"] is False
    assert {data["country"] for _, data in graph.nodes(data=True)} == {"cn", "fr"}


def test_qgis_gets_points_and_a_table_with_coordinates(folder):
    for name, kind in (("places", "Point"), ("links", "LineString")):
        found = json.loads((folder / f"maillage-{name}.geojson").read_text(encoding="utf-8"))
        assert {feature["geometry"]["type"] for feature in found["features"]} == {kind}
    with (folder / "tables" / "collectivities.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert float(rows["cn-420100"]["longitude"]) == 114.2667
    assert float(rows["cn-420100"]["latitude"]) == 30.5833


class _Endpoint(BaseHTTPRequestHandler):
    """The least of a SPARQL endpoint: answers a query that comes by GET."""

    store = ox.Store()

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)["query"][0]
        found = self.store.query(query, use_default_graph_as_union=True)
        body = found.serialize(format=ox.QueryResultsFormat.JSON)
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_sparqlwrapper(site, folder):
    _Endpoint.store.load(path=str(folder / "maillage.nq"), format=ox.RdfFormat.N_QUADS)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            text = shown(site, "en")[1]["sparqlwrapper"]
            assert 'SPARQLWrapper("http://127.0.0.1:1/sparql")' in text
            here = f"http://127.0.0.1:{server.server_port}/sparql"
            assert python(text.replace("http://127.0.0.1:1/sparql", here), folder) == "1\n"
        finally:
            server.shutdown()


def test_the_digests_are_verified_as_the_guide_says(site, folder):
    done = subprocess.run(
        shown(site, "en")[1]["check"].split(), cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_address_for_curl_is_one_of_ours(site):
    text = shown(site, "zh")[1]["curl"]
    assert text.endswith(" https://w3id.org/maillage/id/place/cn-510100\n")
