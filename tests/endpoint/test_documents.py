"""Documents about things as programs and search engines ask for them, and what browsers keep."""

from __future__ import annotations

import json
import re
from urllib.parse import urljoin

import pytest
from rdflib import Graph, URIRef

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PLACE = "https://w3id.org/maillage/id/place/fr-commune-67482"
PAGE = "/doc/place/fr-commune-67482"
LOC = re.compile("<loc>([^<]+)</loc>")


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("text/turtle", "ttl"),
        ("application/ld+json, text/turtle;q=0.5", "jsonld"),
        ("application/rdf+xml, */*;q=0.1", "rdf"),
        ("application/n-triples", "nt"),
        ("application/json, text/html;q=0.9", "json"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_document_gives_programs_the_form_that_they_ask_for(server, accept, suffix, slash):
    reply = server.ask(PAGE + slash, {"Accept": accept})
    assert reply.status == 303
    up = "../../../" if slash else "../../"
    assert reply.headers["Location"] == f"{up}{PAGE[1:]}.{suffix}"
    assert "Accept" in re.split(", *", reply.headers["Vary"])
    assert server.ask(f"{PAGE}.{suffix}").status == 200


@pytest.mark.parametrize("accept", [BROWSER, "*/*", "", "text/html, text/turtle;q=0.9"])
def test_a_document_gives_browsers_a_page(server, accept):
    reply = server.ask(f"{PAGE}/", {"Accept": accept})
    assert (reply.status, reply.kind) == (200, "text/html")
    assert "Accept" in re.split(", *", reply.headers["Vary"])
    moved = server.ask(PAGE, {"Accept": accept})
    assert (moved.status, moved.headers["Location"]) == (308, "fr-commune-67482/")
    assert "Accept" in re.split(", *", moved.headers["Vary"])
    in_french = server.ask(f"/fr{PAGE}/", {"Accept": "text/turtle"})
    assert (in_french.status, in_french.kind) == (200, "text/html")


def test_who_wants_no_form_of_a_document_learns_which_there_are(server):
    reply = server.ask(f"{PAGE}/", {"Accept": "image/png"})
    assert reply.status == 406
    assert "text/turtle" in str(json.loads(reply.body)["available"])


def test_evidence_has_its_triples_and_no_page_of_its_own(server):
    turtle = server.ask(f"{PAGE}.ttl").text
    graph = Graph().parse(data=turtle, format="turtle")
    evidence = next(o for o in graph.objects(URIRef(PLACE)) if "/id/evidence/" in str(o))
    key = str(evidence).rpartition("/")[2]
    led = server.ask(f"/doc/evidence/{key}/", {"Accept": "text/turtle"})
    assert led.headers["Location"].endswith(f"doc/evidence/{key}.ttl")
    said = server.ask(f"/doc/evidence/{key}.ttl")
    assert said.kind == "text/turtle"
    assert (evidence, None, None) in Graph().parse(data=said.text, format="turtle")
    assert server.ask(f"/doc/evidence/{key}/", {"Accept": BROWSER}).status == 303


def test_a_page_is_cited_with_files_for_reference_managers(server):
    for path in (PAGE, "/dataset"):
        page = server.ask(f"/fr{path}/").text
        for ending in ("bib", "csl.json"):
            assert f".fr.{ending}" in page
    (item,) = json.loads(server.ask(f"{PAGE}.fr.csl.json").body)
    assert item["type"] == "dataset" and item["URL"] == PLACE
    assert (item["title"], item["language"]) == ("Strasbourg", "fr")
    assert json.loads(server.ask("/dataset.zh.csl.json").body)[0]["language"] == "zh-Hans"
    bibtex = server.ask(f"{PAGE}.bib")
    assert bibtex.kind == "application/x-bibtex"
    assert bibtex.text.startswith("@misc{") and PLACE in bibtex.text
    assert server.ask("/doc/place/nowhere.bib").status == 404
    assert server.ask(f"{PAGE}.de.bib").status == 404


@pytest.mark.parametrize(
    ("path", "accept", "there"),
    [
        ("/ns", "text/turtle", "ns.ttl"),
        ("/ns/", "application/ld+json", "../ns.jsonld"),
        ("/ns", "application/n-triples", "ns.nt"),
        ("/ns/0.1.0", "application/rdf+xml", "../ns.rdf"),
        ("/ns/0.1.0", BROWSER, "../ns/"),
        ("/ns/context", "*/*", "context.jsonld"),
        ("/ns/context/", BROWSER, "../context.jsonld"),
    ],
)
def test_the_vocabulary_is_where_the_lasting_addresses_lead(server, path, accept, there):
    reply = server.ask(path, {"Accept": accept})
    assert (reply.status, reply.headers["Location"]) == (303, there)
    assert server.ask(urljoin(path, there), {"Accept": accept}).status == 200


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf"])
def test_the_vocabulary_says_the_same_in_every_form(server, suffix):
    reply = server.ask(f"/ns.{suffix}")
    assert reply.status == 200
    form = {"jsonld": "json-ld", "rdf": "xml"}.get(suffix, suffix)
    said = Graph().parse(data=reply.body, format=form)
    assert len(said) == len(Graph().parse(data=server.ask("/ns.ttl").body, format="turtle"))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/releases.atom", "application/atom+xml"),
        ("/releases.zh.atom", "application/atom+xml"),
        ("/citation.bib", "application/x-bibtex"),
        ("/CITATION.cff", "application/yaml"),
        ("/citation.csl.json", "application/json"),
        ("/dcat.ttl", "text/turtle"),
        ("/void.ttl", "text/turtle"),
        ("/ns/context.jsonld", "application/ld+json"),
        ("/ns/context/0.1.0.jsonld", "application/ld+json"),
    ],
)
def test_what_stands_beside_the_pages_of_files_is_served_too(server, path, kind):
    reply = server.ask(path)
    assert (reply.status, reply.kind) == (200, kind)
    assert reply.body
    assert server.ask(path.replace("0.1.0", "9.9.9") + "x").status == 404


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/search/?q=Lyon", False),
        ("/fr/search/?q=Lyon", False),
        ("/sparql?query=ASK%7B%7D", False),
        ("/fr/sparql?query=ASK%7B%7D", False),
        ("/en/ask/links/?place=fr", False),
        ("/data?default", False),
        ("/fr/ask/links/", True),
        ("/doc/place/fr-commune-67482/", True),
        ("/ns.ttl", True),
    ],
)
def test_robots_read_pages_and_leave_what_is_computed(server, path, is_open):
    rules = re.findall(r"^Disallow: (\S+)$", server.ask("/robots.txt").text, re.MULTILINE)
    # a star stands for anything (RFC 9309, 2.2.3)
    patterns = [".*".join(map(re.escape, rule.split("*"))) for rule in rules]
    assert any(re.match(pattern, path) for pattern in patterns) is not is_open


def test_search_engines_find_the_map_of_all_pages(server):
    robots = server.ask("/robots.txt").text
    assert robots.splitlines()[-1] == f"Sitemap: {server.address}sitemap.xml"
    parts = LOC.findall(server.ask("/sitemap.xml").text)
    assert parts == [f"{server.address}sitemap-1.xml"]
    reply = server.ask("/sitemap-1.xml", {"Accept-Encoding": "identity"})
    assert (reply.status, reply.kind) == (200, "application/xml")
    assert reply.headers["ETag"]
    listed = LOC.findall(reply.text)
    assert len(listed) == len(set(listed)) > 3_000
    for path in ("", "doc/place/fr-commune-67482/", "ask/links/", "ns/Place/", "dataset/"):
        for lang in ("fr", "en", "zh"):
            assert f"{server.address}{lang}/{path}" in listed
    for address in listed[:: len(listed) // 12]:
        assert server.ask("/" + address.removeprefix(server.address)).status == 200, address
    assert server.ask("/sitemap-2.xml").status == 404


def test_styles_and_scripts_are_kept_for_good_and_always_the_right_ones(server):
    page = server.ask("/en/sparql", {"Accept": BROWSER}).text
    named = re.findall(r'(?:href|src)="(?:\.\./)*(static/[^"]+)"', page)
    assert any(name.endswith("/editor.js") for name in named)
    for name in named:
        reply = server.ask(f"/{name}")
        assert reply.status == 200
        assert "immutable" in reply.headers["Cache-Control"], name
    script = next(name for name in named if name.endswith("/editor.js"))
    folder = script.rpartition("/")[0]
    loaded = re.findall(r'from "\./([^"]+)"', server.ask(f"/{script}").text)
    assert loaded
    for name in loaded:  # what a script loads is of the same version
        assert "immutable" in server.ask(f"/{folder}/{name}").headers["Cache-Control"]
    # a page of a version that is gone gets what there is, and may not keep it
    for path in ("/static/site.css", f"/static/{'0' * 16}/site.css"):
        reply = server.ask(path)
        assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-cache")
        assert server.ask(path, {"If-None-Match": reply.headers["ETag"]}).status == 304
    assert server.ask(f"/static/{'0' * 15}/site.css").status == 404
