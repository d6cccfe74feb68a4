"""HTTP as clients and strangers use it: negotiation, validators, methods, limits, logs, reload."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urljoin

import pyoxigraph as ox
import pytest

from endpoint.serving import Reply, Serving, serving
from endpoint.watching import until
from looped import looped
from maillage.bounded import Busy, Died, Fault, TimedOut, TooLarge, TooMany
from maillage.release import current, release
from maillage.served import health
from maillage.served.refusals import told
from maillage.words import LANGUAGES, TAGS, say

ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 200"
TRUTH = "ASK { ?s ?p ?o }"
TRIPLES = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 50"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PLACE = "https://w3id.org/maillage/id/place/fr-commune-67482"
# of few things, so that it is time that is used up, not memory
FEW = "{{ SELECT ?{0} {{ ?{0} ?p{0} ?o{0} }} LIMIT 3000 }}"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {FEW.format('a')} {FEW.format('b')} {FEW.format('c')} }}"


def sparql(query: str, more: str = "") -> str:
    return f"/sparql?query={quote(query)}{more}"


def problem(reply: Reply) -> dict[str, object]:
    assert reply.kind == "application/problem+json", reply.text
    told = json.loads(reply.body)
    assert told["status"] == reply.status
    return dict(told)


# ---- formats ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        (ROWS, "*/*", "application/sparql-results+json"),
        (ROWS, "", "application/sparql-results+json"),
        (ROWS, "application/json", "application/json"),
        (ROWS, "application/sparql-results+xml", "application/sparql-results+xml"),
        (ROWS, "text/csv, */*;q=0.1", "text/csv"),
        (ROWS, "text/tab-separated-values", "text/tab-separated-values"),
        (ROWS, "text/turtle, text/csv;q=0.2", "text/csv"),
        (
            TRUTH,
            "application/sparql-results+xml;q=0.9, */*;q=0.1",
            "application/sparql-results+xml",
        ),
        (TRUTH, "text/csv, application/json;q=0.5", "application/json"),
        (TRIPLES, "*/*", "text/turtle"),
        (TRIPLES, "application/n-triples", "application/n-triples"),
        (TRIPLES, "application/rdf+xml", "application/rdf+xml"),
        (TRIPLES, "application/ld+json", "application/ld+json"),
        (
            TRIPLES,
            "application/sparql-results+json, application/rdf+xml;q=0.5",
            "application/rdf+xml",
        ),
    ],
)
def test_an_answer_comes_in_the_format_that_the_client_likes_best(server, query, accept, kind):
    reply = server.ask(sparql(query), {"Accept": accept} if accept else {})
    assert (reply.status, reply.kind) == (200, kind)
    assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "name", "kind"),
    [
        (ROWS, "csv", "text/csv"),
        (ROWS, "json", "application/sparql-results+json"),
        (ROWS, "text/tab-separated-values", "text/tab-separated-values"),
        (TRIPLES, "json", "application/ld+json"),
        (TRIPLES, "nt", "application/n-triples"),
    ],
)
def test_a_link_can_name_the_format(server, query, name, kind):
    for word in ("format", "output"):
        reply = server.ask(sparql(query, f"&{word}={quote(name)}"), {"Accept": BROWSER})
        assert (reply.status, reply.kind) == (200, kind)


def test_rows_say_the_same_in_every_format(server):
    answers = {
        kind: server.ask(sparql(ROWS), {"Accept": kind}).body
        for kind in (
            "application/sparql-results+json",
            "application/sparql-results+xml",
            "text/tab-separated-values",
        )
    }
    forms = (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML, ox.QueryResultsFormat.TSV)
    read = [
        [tuple(map(str, row)) for row in ox.parse_query_results(body, form)]
        for body, form in zip(answers.values(), forms, strict=True)
    ]
    assert len(read[0]) == 200
    assert read[0] == read[1] == read[2]


@pytest.mark.parametrize(
    ("path", "accept", "there"),
    [
        (sparql(ROWS), "image/png", "text/csv"),
        (sparql(TRIPLES), "text/csv", "text/turtle"),
        (sparql(ROWS, "&format=png"), "*/*", "csv"),
        ("/data?default", "text/csv", "text/turtle"),
    ],
)
def test_who_accepts_nothing_that_there_is_learns_what_there_is(server, path, accept, there):
    reply = server.ask(path, {"Accept": accept})
    assert reply.status == 406
    assert there in str(problem(reply)["available"])


# ---- problems ---------------------------------------------------------------------------------------


def test_a_bad_query_is_told_with_its_place_in_the_readers_language(server):
    query = "SELECT ?s {\n  ?s a ?t .\n  FILTER(?t = )\n}"
    for lang in LANGUAGES:
        reply = server.ask(sparql(query), {"Accept-Language": lang})
        told = problem(reply)
        assert (reply.status, told["line"], told["column"]) == (400, 3, 15)
        assert told["title"] == say("problem.not-sparql", lang)
        assert reply.headers["Content-Language"].startswith(lang)
        assert "Accept-Language" in reply.headers["Vary"]
        page = server.ask(
            str(told["type"]).removeprefix(server.address.rstrip("/")),
            {"Accept-Language": lang, "Accept": BROWSER},
        )
        assert (page.status, page.kind) == (200, "text/html")
        assert str(told["title"]) in page.text


@pytest.mark.parametrize(
    ("path", "status", "key"),
    [
        ("/sparql?query=", 400, "no-query"),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", 400, "two-queries"),
        ("/sparql?query=%zz", 400, "bad-percent"),
        ("/sparql?query=%FF", 400, "not-utf8"),
        (sparql("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"), 403, "service"),
        (sparql("LOAD <http://127.0.0.1:9/>"), 403, "load"),
        (sparql("DROP ALL"), 403, "update"),
        (sparql("SELECT * FROM <http://127.0.0.1:9/x> { ?s ?p ?o }"), 403, "outside-graph"),
        (sparql("ASK {}", "&default-graph-uri=http://127.0.0.1:9/x"), 403, "outside-graph"),
        (sparql("ASK {}", "&named-graph-uri=file:///etc/passwd"), 403, "outside-graph"),
        (sparql("ASK " + "{" * 5000), 400, "too-deep"),
        ("/data", 400, "which-graph"),
        ("/data?graph=https%3A%2F%2Fw3id.org%2Fmaillage%2Fid%2Fgraph%2Fnone", 404, "no-graph"),
        ("/id/place/nowhere", 404, "not-found"),
        ("/id/Place/fr", 404, "not-found"),
        ("/release/0123456789ab/maillage.nq", 404, "not-found"),
        ("/release/current/store%2FCURRENT", 404, "not-found"),
        ("/release/current/..%2F..%2Fcurrent", 404, "not-found"),
        ("/static/..%2Fwords.toml", 404, "not-found"),
        ("/problems/none", 404, "not-found"),
    ],
)
def test_what_is_wrong_is_told_by_name(server, path, status, key):
    reply = server.ask(path)
    told = problem(reply)
    assert (reply.status, told["type"]) == (status, f"{server.address}problems/{key}")
    assert reply.headers["Cache-Control"] == "no-store"
    assert "ETag" not in reply.headers


def test_a_browser_gets_a_page_of_a_problem(server):
    reply = server.ask("/id/place/nowhere", {"Accept": BROWSER, "Accept-Language": "zh"})
    assert (reply.status, reply.kind) == (404, "text/html")
    assert '<html lang="zh-Hans">' in reply.text
    assert say("problem.not-found", "zh") in reply.text


def test_a_browser_sees_the_answer_and_what_was_wrong_beside_the_query(server):
    good = server.ask(sparql("SELECT ('Pékin' AS ?name) {}"), {"Accept": BROWSER})
    assert (good.status, good.kind) == (200, "text/html")
    assert "Pékin" in good.text and "Accept" in good.headers["Vary"]
    wrong = server.ask(sparql("SELECT {"), {"Accept": BROWSER, "Accept-Language": "fr"})
    assert (wrong.status, wrong.kind) == (400, "text/html")
    assert say("problem.not-sparql", "fr") in wrong.text
    body = b"query=" + quote("SELECT ('Wuhan' AS ?name) {}").encode()
    form = {"Accept": BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
    posted = server.ask("/sparql", form, method="POST", body=body)
    assert (posted.status, posted.kind) == (200, "text/html")
    assert "Wuhan" in posted.text


PICKED = "&format=csv"  # in the form of the editor


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_endpoint_answers_below_each_language_as_it_does_without_one(server, lang):
    path = f"/{lang}{sparql(ROWS)}"
    reader = {"Accept": BROWSER, "Accept-Language": "de"}
    page = server.ask(path, reader)
    assert (page.status, page.kind) == (200, "text/html")
    assert f'<html lang="{TAGS[lang]}"' in page.text and 'id="answer"' in page.text
    assert "Accept-Language" not in page.headers["Vary"]
    picked = server.ask(path + PICKED, reader)
    assert (picked.status, picked.kind) == (200, "text/csv")
    assert picked.body == server.ask(sparql(ROWS), {"Accept": "text/csv"}).body
    kind = {"Content-Type": "application/sparql-query"}
    posted = server.ask(f"/{lang}/sparql", kind, method="POST", body=ROWS.encode())
    assert json.loads(posted.body) == json.loads(server.ask(sparql(ROWS)).body)
    wrong = server.ask(f"/{lang}{sparql('SELECT {')}")
    assert problem(wrong)["title"] == say("problem.not-sparql", lang)
    refused = server.ask(f"/{lang}/sparql", kind, method="PUT", body=b"")
    for reply in (refused, server.ask(f"/{lang}/sparql", method="OPTIONS")):
        assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


@pytest.mark.parametrize(
    ("query", "status"), [("ASK { ?s ?p ?o }", 406), ("SELECT {", 400), ("CLEAR ALL", 403)]
)
def test_a_format_that_was_picked_on_the_page_never_costs_the_query(server, query, status):
    reply = server.ask(f"/zh{sparql(query)}{PICKED}", {"Accept": BROWSER})
    assert (reply.status, reply.kind) == (status, "text/html")
    assert re.search(rf"<textarea[^>]*>\n{re.escape(query)}</textarea>", reply.text)
    assert 'id="problem"' in reply.text
    # whoever reads no pages is told in the way of programs
    assert problem(server.ask(f"{sparql(query)}{PICKED}"))["status"] == status


@pytest.mark.parametrize("lang", LANGUAGES)
def test_programs_are_told_what_the_page_of_a_question_tells_people(server, lang):
    for path, named in (
        (f"/{lang}/ask/shared-themes/?place=zzz", "zzz"),
        (f"/{lang}/ask/no/", "no"),
    ):
        told = problem(server.ask(path))
        assert (told["status"], told["title"]) == (404, say("problem.not-found", lang))
        assert named in str(told["detail"]) and told["detail"] != say("mend.not-found", lang)
        assert str(told["detail"]).splitlines()[0] in unescape(
            server.ask(path, {"Accept": BROWSER}).text
        )


HOSTILE = "<script>alert(1)</script>\"'\r\nSet-Cookie: a=b\r\n\r\n<b>"


@pytest.mark.parametrize(
    "path",
    [
        f"/sparql?query={quote(HOSTILE)}",
        f"/sparql?query=ASK%7B%7D&format={quote(HOSTILE)}",
        f"/sparql?query=ASK%7B%7D&default-graph-uri={quote(HOSTILE)}",
        f"/data?graph={quote('http://a/' + HOSTILE)}",
        f"/{quote(HOSTILE)}",
        f"/{quote(HOSTILE)}/",
        f"/id/place/{quote(HOSTILE, safe='')}",
        f"/release/current/{quote(HOSTILE, safe='')}",
        f"/problems/{quote(HOSTILE, safe='')}",
        f"/sparql/?{quote(HOSTILE)}",
        f"/search?q={quote(HOSTILE)}",
    ],
)
@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_nothing_that_a_stranger_writes_becomes_markup_or_a_header(server, path, accept):
    reply = server.ask(path, {"Accept": accept, "Accept-Language": HOSTILE.replace("\r\n", " ")})
    assert "Set-Cookie" not in reply.headers
    assert reply.status < 500
    if reply.kind == "text/html":
        assert "<script>alert" not in reply.text
        assert "<b>" not in reply.text
    assert all("\n" not in value for value in reply.headers.values())


# ---- methods ----------------------------------------------------------------------------------------

READABLE = [
    "/sparql",
    sparql(ROWS),
    sparql(TRIPLES),
    "/data?default",
    "/healthz",
    "/metrics",
    "/robots.txt",
    "/.well-known/void",
    "/id/place/fr-commune-67482",
    "/map",
    "/release/current/maillage.nq",
    "/problems/update",
    "/",
    "/fr/",
    "/nothing/here/",
]


@pytest.mark.parametrize("path", READABLE)
def test_head_tells_what_get_would(server, path):
    steady = {"Accept-Encoding": "gzip"} if path != "/metrics" else {}
    get, head = server.ask(path, steady), server.ask(path, steady, method="HEAD")
    assert head.status == get.status
    assert head.body == b""
    left_out = {"date", "content-length"} if path == "/metrics" else {"date"}
    told = [
        {k.lower(): v for k, v in reply.headers.items() if k.lower() not in left_out}
        for reply in (get, head)
    ]
    assert told[0] == told[1]
    assert int(get.headers["Content-Length"]) == len(get.body)


@pytest.mark.parametrize("path", READABLE)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(server, path, method):
    reply = server.ask(
        path, {"Content-Type": "text/turtle"}, method=method, body=b"<a:a> <a:b> <a:c> ."
    )
    assert reply.status == 405
    assert {"GET", "HEAD"} <= set(re.split(", *", reply.headers["Allow"]))
    assert ("POST" in reply.headers["Allow"]) == path.startswith("/sparql")


def test_a_graph_cannot_be_added_to(server):
    reply = server.ask(
        "/data?default", {"Content-Type": "text/turtle"}, method="POST", body=b"<a:a> <a:b> <a:c> ."
    )
    assert reply.status == 405


@pytest.mark.parametrize("path", ["/sparql", "/data?default", "/", "/release/current/maillage.nq"])
def test_scripts_of_any_site_may_read_without_credentials(server, path):
    asking = {
        "Origin": "https://else.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    preflight = server.ask(path, asking, method="OPTIONS")
    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "content-type" in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert ("POST" in preflight.headers["Access-Control-Allow-Methods"]) == (path == "/sparql")
    reply = server.ask(path, {"Origin": "https://else.example"})
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link"} <= set(re.split(", *", reply.headers["Access-Control-Expose-Headers"]))
    assert "Access-Control-Allow-Credentials" not in reply.headers


def test_problems_can_be_read_by_scripts_of_any_site(server):
    reply = server.ask(sparql("ASK {"), {"Origin": "https://else.example"})
    assert (reply.status, reply.headers["Access-Control-Allow-Origin"]) == (400, "*")


# ---- validators, packing, caching -------------------------------------------------------------------

TAGGED = [
    "/sparql",
    sparql(ROWS),
    sparql(TRIPLES),
    "/data?default",
    "/robots.txt",
    "/release/current/maillage.nq",
    "/map",
    "/problems/update",
    "/",
]


def followed(server: Serving, path: str) -> str:
    reply = server.ask(path, method="HEAD")
    if reply.status in {302, 303}:
        return "/" + reply.headers["Location"].removeprefix("../../")
    return path


@pytest.mark.parametrize("path", TAGGED)
def test_who_has_the_answer_already_is_told_so(server, path):
    path = followed(server, path)
    first = server.ask(path)
    etag = first.headers["ETag"]
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', etag)
    for method in ("GET", "HEAD"):
        for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            reply = server.ask(path, {"If-None-Match": known}, method=method)
            assert (reply.status, reply.body) == (304, b""), known
            assert reply.headers["ETag"] == etag
            assert reply.headers.get("Vary") == first.headers.get("Vary")
            assert reply.headers.get("Cache-Control") == first.headers.get("Cache-Control")
    assert server.ask(path, {"If-None-Match": '"x"'}).status == 200


def test_a_tag_tells_formats_queries_and_packing_apart(server):
    asked = [
        server.ask(sparql(ROWS), {"Accept": "text/csv"}),
        server.ask(sparql(ROWS)),
        server.ask(sparql(ROWS), {"Accept-Encoding": "gzip"}),
        server.ask(sparql(ROWS + " OFFSET 1")),
    ]
    tags = [reply.headers["ETag"] for reply in asked]
    assert len(set(tags)) == 4
    again = [server.ask(sparql(ROWS), {"Accept": "text/csv"}), server.ask(sparql(ROWS))]
    assert [reply.headers["ETag"] for reply in again] == tags[:2]
    assert [reply.body for reply in again] == [reply.body for reply in asked[:2]]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (STRUUID() AS ?u) {}",
        "CONSTRUCT { [] a ?t } { { SELECT ?t { ?s a ?t } LIMIT 1 } }",
    ],
)
def test_an_answer_that_changes_has_no_tag(server, query):
    replies = [server.ask(sparql(query)) for _ in range(2)]
    assert [reply.status for reply in replies] == [200, 200]
    assert replies[0].body != replies[1].body
    assert all("ETag" not in reply.headers for reply in replies)
    assert replies[0].headers["Cache-Control"] == "no-store"
    assert server.ask(sparql(query), {"If-None-Match": "*"}).status == 200


def test_a_query_that_fails_is_never_called_unchanged(server):
    assert server.ask(sparql("ASK {"), {"If-None-Match": "*"}).status == 400


def test_answers_are_packed_for_who_likes_it(server):
    plain = server.ask(sparql(ROWS))
    packed = server.ask(sparql(ROWS), {"Accept-Encoding": "br;q=0.5, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert (
        "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    )
    for unwilling in ("gzip;q=0", "identity", "br"):
        assert (
            "Content-Encoding"
            not in server.ask(sparql(ROWS), {"Accept-Encoding": unwilling}).headers
        )
    small = server.ask(sparql("ASK {}"), {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in small.headers


def test_files_of_the_release_are_kept_for_good_and_can_be_had_in_parts(server):
    path = followed(server, "/release/current/maillage.nt")
    whole = server.ask(path)
    assert "immutable" in whole.headers["Cache-Control"]
    assert server.ask("/release/current/maillage.nt").headers["Cache-Control"] == "no-cache"
    part = server.ask(path, {"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body)}"
    assert server.ask(path, {"Range": "bytes=10-19", "If-Range": '"x"'}).body == whole.body
    assert server.ask(path, {"Range": f"bytes={len(whole.body)}-"}).status == 416


def test_a_browser_is_told_to_trust_nobody(server):
    for path in ("/", sparql("ASK {"), "/nothing/"):
        headers = server.ask(path, {"Accept": BROWSER}).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Referrer-Policy"]
        assert "Server" not in headers
    assert "frame-ancestors 'none'" in server.ask("/map").headers["Content-Security-Policy"]


# ---- addresses of things, graphs ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "document"),
    [
        (BROWSER, "/doc/place/fr-commune-67482/"),
        ("*/*", "/doc/place/fr-commune-67482/"),
        ("text/turtle", "/doc/place/fr-commune-67482.ttl"),
        ("application/ld+json, text/turtle;q=0.5", "/doc/place/fr-commune-67482.jsonld"),
        ("application/rdf+xml, */*;q=0.1", "/doc/place/fr-commune-67482.rdf"),
        ("application/n-triples", "/doc/place/fr-commune-67482.nt"),
        ("application/json", "/doc/place/fr-commune-67482.json"),
    ],
)
def test_a_thing_leads_to_a_document_about_it(server, accept, document):
    reply = server.ask("/id/place/fr-commune-67482", {"Accept": accept})
    assert reply.status == 303
    assert reply.headers["Location"] == f"../..{document}"
    assert "Accept" in reply.headers["Vary"]
    assert server.ask(document).status == 200


def test_a_graph_is_read_by_its_address(server):
    graph = json.loads(server.ask(sparql("SELECT ?g { GRAPH ?g {} } LIMIT 1")).body)["results"][
        "bindings"
    ][0]["g"]["value"]
    reply = server.ask(f"/data?graph={quote(graph, safe='')}", {"Accept": "application/n-triples"})
    asked = server.ask(
        sparql(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"),
        {"Accept": "application/n-triples"},
    )
    assert (reply.status, reply.kind) == (200, "application/n-triples")
    assert sorted(reply.body.splitlines()) == sorted(asked.body.splitlines())
    default = server.ask("/data?default&format=nt")
    count = json.loads(server.ask(sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")).body)
    assert len(default.body.splitlines()) == int(count["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("path", ["/sparql", "/fr/sparql", "/data"])
def test_an_address_has_one_form(server, path):
    reply = server.ask(f"{path}/?query=ASK%7B%7D")
    assert reply.status == 308
    there = urljoin(f"{path}/", reply.headers["Location"])
    assert there == f"{path}?query=ASK%7B%7D"


def test_a_page_speaks_the_readers_language_or_that_of_its_path(server):
    chosen = server.ask("/", {"Accept-Language": "fr"})
    assert '<html lang="fr"' in chosen.text and "Accept-Language" in chosen.headers["Vary"]
    fixed = server.ask("/zh/", {"Accept-Language": "fr"})
    assert '<html lang="zh-Hans"' in fixed.text
    assert "Accept-Language" not in fixed.headers.get("Vary", "")
    assert fixed.headers["Content-Language"] == "zh-Hans"
    assert 'rel="license"' in fixed.headers["Link"]


# ---- bounds of the wire -------------------------------------------------------------------------------


def raw(server: Serving, *parts: bytes, wait: float = 30) -> bytes:
    """What a server says to these bytes, until it closes."""
    with closing(socket.create_connection((server.host, server.port), timeout=wait)) as talk:
        try:
            for part in parts:
                talk.sendall(part)
            found = b""
            while block := talk.recv(65536):
                found += block
        except (ConnectionResetError, BrokenPipeError):
            return found
        return found


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (414, b"GET /sparql?query=" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
        (
            431,
            b"GET / HTTP/1.1\r\nHost: a\r\n"
            + b"".join(b"X-%d: a\r\n" % n for n in range(200))
            + b"\r\n",
        ),
        (431, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        (400, b"nonsense\r\n\r\n"),
        (400, b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n"),
        (400, b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n"),
        (
            400,
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
        ),
        (
            400,
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            413,
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 9999999\r\n\r\n",
        ),
        (
            413,
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"10000\r\n" + b" " * 65536 + b"\r\n" + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 16,
        ),
        (
            415,
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, bytes) else value,
)
def test_what_is_too_large_or_broken_is_refused_and_the_connection_ends(server, status, request_):
    answer = raw(server, request_)
    assert answer.split(b" ")[1] == str(status).encode(), answer[:200]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status


def test_who_keeps_silent_or_drips_is_closed_and_others_do_not_notice(server):
    line = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a\r\n"

    async def silent() -> float:
        started = time.monotonic()
        reader, writer = await asyncio.open_connection(server.host, server.port)
        await asyncio.wait_for(reader.read(), 30)
        writer.close()
        return time.monotonic() - started

    async def dripping(slowly: bytes) -> tuple[float, bytes]:
        started = time.monotonic()
        reader, writer = await asyncio.open_connection(server.host, server.port)
        end = asyncio.create_task(reader.read())
        for byte in slowly:
            if end.done() or time.monotonic() - started > 60:
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.5)
        answer = await asyncio.wait_for(end, 40)
        writer.close()
        return time.monotonic() - started, answer

    async def good() -> list[int]:
        found = []
        for _ in range(20):
            found.append((await asyncio.to_thread(server.ask, sparql(TRUTH))).status)
            await asyncio.sleep(0.2)
        return found

    async def everything() -> None:
        head = line + b"X: " + b"a" * 500
        post = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 500\r\n\r\n"
        quiet, drip, body, statuses = await asyncio.gather(
            silent(), dripping(head), slow_body(post), good()
        )
        assert quiet < 15
        assert drip[0] < 15 and b" 408 " in drip[1]
        assert b" 408 " in body
        assert statuses == [200] * 20

    async def slow_body(head: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(head + b"ASK")
        answer = await asyncio.wait_for(reader.read(), 45)
        writer.close()
        return answer

    looped(everything())


def test_a_client_that_does_not_read_is_dropped(server):
    with closing(socket.socket()) as talk:
        talk.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        talk.connect((server.host, server.port))
        path = followed(server, "/release/current/maillage.nq").encode()
        talk.sendall(b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % path)
        talk.settimeout(60)
        time.sleep(1)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if 'maillage_dropped_total{reason="unread"}' in server.ask("/metrics").text:
                break
            time.sleep(1)
        else:
            pytest.fail("the server waits for ever")
        with pytest.raises(ConnectionError):
            while talk.recv(65536):
                pass
            raise ConnectionResetError  # ended in an orderly way, after what was on the way


def test_a_thousand_idle_and_five_hundred_slow_connections_beside_a_good_client(server):
    async def crowd() -> list[float]:
        opened = await asyncio.gather(
            *(asyncio.open_connection(server.host, server.port) for _ in range(1500))
        )
        for _, writer in opened[1000:]:
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
        took = []
        for _ in range(20):
            for _, writer in opened[1000:]:
                writer.write(b"a")
            started = time.monotonic()
            reply = await asyncio.to_thread(server.ask, sparql(TRUTH))
            took.append(time.monotonic() - started)
            assert reply.status == 200
        ends = await asyncio.gather(*(asyncio.wait_for(reader.read(), 60) for reader, _ in opened))
        for _, writer in opened:
            writer.close()
        assert all(end.startswith(b"HTTP/1.1 408 ") for end in ends[1000:])
        return took

    took = looped(crowd())
    assert sorted(took)[18] < 5  # generous: machines are shared


def test_requests_sent_ahead_are_answered_in_their_order(server):
    one = b"GET /sparql?query=%s HTTP/1.1\r\nHost: a\r\n%s\r\n"
    asked = [quote(f"SELECT ({n} AS ?n) {{}}").encode() for n in range(5)]
    answer = raw(
        server,
        b"".join(
            one % (query, b"Connection: close\r\n" if n == 4 else b"")
            for n, query in enumerate(asked)
        ),
    )
    assert re.findall(rb'"value":"(\d)"', answer) == [b"0", b"1", b"2", b"3", b"4"]


def test_a_list_may_come_in_several_lines(server):
    head = b"GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" % sparql(ROWS).encode()
    answer = raw(server, head + b"Accept: image/png\r\nAccept: text/csv\r\n\r\n")
    assert b"content-type: text/csv" in answer


# ---- logs and numbers -----------------------------------------------------------------------------------


def test_a_request_is_one_line_without_the_persons_words(server):
    before = len(server.lines())
    server.ask(sparql("SELECT ?secret { ?secret ?p 'Zhōu' }"))
    server.ask("/x%0D%0A2026-01-01T00:00:00Z%20forged%20line%1b%5B31m")
    server.ask(
        "/sparql",
        {"Content-Type": "application/sparql-query"},
        method="POST",
        body=b"ASK { <a:secret> ?p ?o }",
    )
    # the line is written when the answer is on its way
    assert until(10, lambda: len(server.lines()) >= before + 3)
    lines = server.lines()[before:]
    assert len(lines) == 3
    assert "secret" not in "\n".join(lines)
    assert not any("forged" in line.split("%0D%0A", maxsplit=1)[0] for line in lines)
    pattern = r"\S+Z 127\.0\.0\.1 (GET|POST) /\S* \d{3} \d+ \d+\.\d \S+ [0-9a-f]{12}"
    assert all(re.fullmatch(pattern, line) for line in lines), lines


def test_numbers_are_told_to_prometheus(server):
    server.ask(sparql(TRUTH))
    reply = server.ask("/metrics")
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = reply.text.splitlines()
    assert all(
        re.fullmatch(
            r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"\\]*"(,\w+="[^"\\]*")*\})? [0-9.e+-]+', line
        )
        for line in lines
    )
    assert any(
        line.startswith('maillage_requests_total{route="sparql",status="200"} ') for line in lines
    )
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(families) == len(set(families))
    bucket = {
        line.split()[0]: float(line.split()[1])
        for line in lines
        if line.startswith("maillage_request_seconds")
    }
    assert (
        bucket['maillage_request_seconds_bucket{le="+Inf"}']
        == bucket["maillage_request_seconds_count"]
    )


def test_health_is_told(server):
    reply = server.ask("/healthz")
    assert (reply.status, reply.kind) == (200, "application/json")
    assert json.loads(reply.body)["status"] == "ok"


# ---- servers of their own ---------------------------------------------------------------------------------


@pytest.fixture
def copied(out: Path, tmp_path: Path) -> Path:
    """A build that a test may change."""
    return Path(shutil.copytree(out, tmp_path / "out", symlinks=True))


def another(out: Path, note: str) -> str:
    """Make a release of the same graph, as a later build would; its id."""
    here = current(out).resolve()
    with release(out) as made:
        for path in here.iterdir():
            if path.is_file() and path.name != "inventory.json":
                shutil.copy(path, made)
        (made / "note.txt").write_text(note, encoding="utf-8")
    return current(out).resolve().name


def test_a_new_release_takes_its_place_without_a_request_that_fails(copied, tmp_path):
    with serving(copied, tmp_path / "log.txt") as server:
        old = json.loads(server.ask("/healthz").body)["release"]
        ended, seen = threading.Event(), []

        def ask_on() -> None:
            while not ended.is_set():
                seen.append(server.ask(sparql(ROWS)).status)
                seen.append(server.ask("/").status)

        clients = [threading.Thread(target=ask_on) for _ in range(4)]
        for client in clients:
            client.start()
        new = another(copied, "later")
        swapped = until(60, lambda: json.loads(server.ask("/healthz").body)["release"] == new)
        time.sleep(1)
        ended.set()
        for client in clients:
            client.join()
        assert swapped and old != new, server.said()
        assert set(seen) == {200}
        assert server.ask(followed(server, "/release/current/note.txt")).text == "later"
        # the data are the same, so they are cited as before
        page = server.ask("/en/doc/place/fr-commune-67482/").text
        assert "Nothing" in changes(page), changes(page)


def changes(page: str) -> str:
    """What a page says under "What changed"."""
    return page.partition("What changed</h2>")[2].partition("</section>")[0]


def test_pages_tell_what_changed_since_the_release_before(copied, tmp_path):
    here = current(copied).resolve()
    lines = (here / "maillage.nq").read_bytes().splitlines(keepends=True)
    gone = [
        n
        for n, line in enumerate(lines)
        if b"place/cn-510100> <http://www.w3.org/2003/01/geo/wgs84_pos#lat>" in line
    ]
    with release(copied) as made:
        (made / "maillage.nq").write_bytes(
            b"".join(x for n, x in enumerate(lines) if n not in gone)
        )
    assert gone
    with serving(copied, tmp_path / "log.txt") as server:
        assert "Coordinates" in changes(server.ask("/en/doc/place/cn-510100/").text)
        assert "Nothing" in changes(server.ask("/en/doc/place/cn-320100/").text)


def test_a_client_that_leaves_ends_its_query(copied, tmp_path):
    with serving(copied, tmp_path / "log.txt", "--fast", "40", "--slow", "50") as server:
        heavy = sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        started = time.monotonic()
        with socket.create_connection((server.host, server.port)) as client:
            client.sendall(f"GET {heavy} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
            time.sleep(1)
        assert until(60, lambda: any(" 499 " in line for line in server.lines()))
        assert until(60, lambda: 'running{pool="sparql"} 0' in server.ask("/metrics").text)
        assert time.monotonic() - started < 35


def test_a_damaged_release_is_not_taken_and_the_log_says_so(copied, tmp_path):
    with serving(copied, tmp_path / "log.txt") as server:
        old = json.loads(server.ask("/healthz").body)["release"]
        bad = copied / "releases" / "bad"
        shutil.copytree(current(copied).resolve(), bad)
        (bad / "maillage.nq").write_bytes((bad / "maillage.nq").read_bytes()[:-9])
        (copied / "current").unlink()
        (copied / "current").symlink_to(Path("releases") / "bad")
        assert until(60, lambda: "NOT served" in server.said())
        time.sleep(2.5)
        assert server.said().count("NOT served") == 1
        assert json.loads(server.ask("/healthz").body)["release"] == old
        assert server.ask(sparql(TRUTH)).status == 200
        new = another_of(copied, copied / "releases" / old)
        assert until(60, lambda: json.loads(server.ask("/healthz").body)["release"] == new)


def another_of(out: Path, good: Path) -> str:
    (out / "current").unlink()
    (out / "current").symlink_to(Path("releases") / good.name)
    return another(out, "good again")


def test_a_damaged_release_is_not_served_at_all(copied, tmp_path):
    damaged = current(copied).resolve() / "maillage.nq"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    with (
        pytest.raises(AssertionError, match=re.escape("maillage.nq")),
        serving(copied, tmp_path / "log.txt"),
    ):
        pass


def children(pid: int) -> set[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    own = set(map(int, found.split()))
    return own.union(*(children(child) for child in own))


def test_an_end_that_is_asked_for_waits_for_what_is_under_way(copied, tmp_path):
    with serving(copied, tmp_path / "log.txt", "--fast", "20", "--slow", "60") as server:
        heavy = sparql(
            "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?p ?o } LIMIT 700 } { SELECT ?b { ?b ?p ?o } LIMIT 700 } FILTER(STRLEN(CONCAT(STR(?a), STR(?b))) > 10) }"
        )
        found: list[int] = []
        asking = threading.Thread(target=lambda: found.append(server.ask(heavy).status))
        asking.start()
        time.sleep(0.3)
        assert server.stop(signal.SIGTERM) == 0
        asking.join()
        assert found == [200]


def test_a_killed_server_leaves_no_process_behind(copied, tmp_path):
    with serving(copied, tmp_path / "log.txt") as server:
        workers = children(server.process.pid)
        assert workers
        server.stop(signal.SIGKILL)
        assert until(20, lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_only_this_machine_is_served_unless_the_person_says_so(copied, tmp_path):
    command = [
        sys.executable,
        "-m",
        "maillage",
        "serve",
        "--store",
        str(copied),
        "--port",
        "0",
        "--host",
        "0.0.0.0",  # noqa: S104  # refused, which is the point
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert "--public" in ended.stderr
    assert ended.stdout == ""


def test_behind_a_proxy_addresses_are_public_and_clients_are_told_apart(copied, tmp_path):
    options = [
        "--public",
        "--base",
        "https://data.example.org/m",
        "--proxy-from",
        "127.0.0.0/8",
        "--log-queries",
    ]
    with serving(copied, tmp_path / "log.txt", *options) as server:
        headers = {"X-Forwarded-For": "evil, 203.0.113.9, 127.0.0.5", "Accept": "text/turtle"}
        assert "<https://data.example.org/m/sparql>" in server.ask("/sparql", headers).text
        thing = server.ask("/id/place/fr-commune-67482", headers)
        assert (
            thing.headers["Location"] == "https://data.example.org/m/doc/place/fr-commune-67482.ttl"
        )
        forged = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.77\r\n\r\n"
        raw(server, forged)
        assert until(10, lambda: " 203.0.113.77 GET / " in server.said())
        told = problem(server.ask("/id/place/none", {"Host": "evil.example"}))
        assert str(told["type"]).startswith("https://data.example.org/m/problems/")
        server.ask(sparql("ASK { <a:b> ?p 'words of mine' }"), headers)
        assert until(10, lambda: "words%20of%20mine" in server.said())
        assert server.lines()[-1].split()[1] == "203.0.113.9"
        assert "198.51.100.1" not in server.said()
        assert "--public" in server.said()


def test_what_protects_is_told_at_the_start_in_the_persons_language(copied, tmp_path):
    with serving(copied, tmp_path / "log.txt", "--lang", "fr") as server:
        said = server.said()
        for name in ("memory", "network", "deadline"):
            assert say(f"protection.{name}", "fr") in said


def test_an_address_that_is_taken_is_told(server, copied):
    command = [
        sys.executable,
        "-m",
        "maillage",
        "serve",
        "--store",
        str(copied),
        "--port",
        str(server.port),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2
    assert str(server.port) in ended.stderr and "Traceback" not in ended.stderr


@pytest.fixture(scope="module")
def narrow(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server for anybody whose queries end early; a proxy tells who asks."""
    log = tmp_path_factory.mktemp("narrow") / "log.txt"
    bounds = ["--fast", "0.1", "--slow", "2", "--memory", "128"]
    with serving(out, log, *bounds, "--public", "--proxy-from", "127.0.0.1") as started:
        yield started


def test_a_query_that_does_not_end_in_time_is_told_so(narrow):
    reply = narrow.ask(sparql(ENDLESS))
    assert (reply.status, problem(reply)["type"]) == (504, f"{narrow.address}problems/timed-out")
    assert narrow.ask(sparql(TRUTH)).status == 200


def test_an_answer_is_never_cut(narrow):
    reply = narrow.ask(sparql("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
    assert reply.status in {500, 504, 507}
    problem(reply)


def test_a_query_that_needs_too_much_memory_is_told_so(narrow):
    grown = " ".join(
        f"BIND ( CONCAT({', '.join([f'?{one}'] * 100)}) AS ?{two} )"
        for one, two in ("ab", "bc", "cd", "de")
    )
    reply = narrow.ask(
        sparql(f'SELECT (STRLEN(?e) AS ?n) {{ BIND ( "0123456789" AS ?a ) {grown} }}')
    )
    assert (reply.status, problem(reply)["type"]) == (
        507,
        f"{narrow.address}problems/too-much-memory",
    )
    assert narrow.ask(sparql(TRUTH)).status == 200


def test_who_comes_when_all_are_busy_and_the_queue_is_full_is_told_when_to_come_again(narrow):
    assert narrow.ask(sparql(ENDLESS)).status == 504  # from now on it is known to be heavy
    asks = f"GET {sparql(ENDLESS)} HTTP/1.1\r\nHost: {narrow.host}:{narrow.port}\r\nConnection: close\r\n"
    with ExitStack() as crowd, selectors.DefaultSelector() as waiting:
        for number in range(90):  # more than may wait, and each is another client
            one = crowd.enter_context(socket.create_connection((narrow.host, narrow.port)))
            one.sendall(f"{asks}X-Forwarded-For: 203.0.113.{number}\r\n\r\n".encode())
            waiting.register(one, selectors.EVENT_READ)
        turned = b""
        while not turned.startswith(b"HTTP/1.1 503 "):
            ready = waiting.select(timeout=30)
            assert ready, "nobody was turned away"
            one = ready[0][0].fileobj
            turned = b"".join(iter(lambda one=one: one.recv(65536), b""))
            waiting.unregister(one)
    assert int(re.search(rb"(?i)\r\nretry-after: (\d+)", turned)[1]) > 0
    assert json.loads(turned.partition(b"\r\n\r\n")[2])["type"] == f"{narrow.address}problems/busy"
    assert until(30, lambda: answers(narrow))


def test_one_client_cannot_take_all_the_room_of_a_public_server(narrow):
    def ask(_: int) -> Reply:
        return narrow.ask(sparql(ENDLESS), {"X-Forwarded-For": "203.0.113.1"})

    with ThreadPoolExecutor(15) as crowd:
        greedy = [crowd.submit(ask, number) for number in range(14)]
        time.sleep(0.5)
        other = narrow.ask(sparql(TRUTH), {"X-Forwarded-For": "203.0.113.2"})
        replies = [one.result() for one in greedy]
    assert other.status == 200
    refused = [reply for reply in replies if reply.status == 429]
    assert refused and all(int(reply.headers["Retry-After"]) > 0 for reply in refused)
    assert {reply.status for reply in replies} == {429, 504}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Busy(3), 503),
        (TooMany(3), 429),
        (TimedOut(5.0), 504),
        (TooLarge(1 << 28), 507),
        (Died(signal.SIGSEGV), 500),
        (Died(signal.SIGABRT), 507),
        (Died(0, "Traceback of ours"), 500),
        (Fault("not-sparql", line=1, column=2, reason="1:2: no"), 400),
        (Fault("unheard-of"), 400),
    ],
)
def test_every_end_of_a_job_has_its_status(error, status):
    found = told(error)
    assert found.status == status
    for lang in LANGUAGES:
        assert found.document("http://a/", lang)["detail"]
    assert (found.retry_after == 3) == (status in {429, 503})


def test_more_connections_than_there_is_room_for_are_told_so_at_once(out, tmp_path):
    with serving(out, tmp_path / "log.txt", files=300) as server:
        told_cap = int(re.search(r"(\d+) connections", server.said())[1])
        assert told_cap < 300
        crowd = [
            socket.create_connection((server.host, server.port), timeout=20)
            for _ in range(told_cap + 5)
        ]
        turned = [one for one in crowd[-5:] if one.recv(65536).startswith(b"HTTP/1.1 503 ")]
        for one in crowd:
            one.close()
        assert len(turned) == 5
        assert until(30, lambda: answers(server))


def answers(server: Serving) -> bool:
    try:
        return server.ask(sparql(TRUTH)).status == 200
    except (http.client.HTTPException, OSError):
        return False


class Pool:
    """Workers of which none answers, each in its way."""

    def __init__(self, ends: Exception | None) -> None:
        self.ends = ends

    async def do(self, job):
        if self.ends:
            raise self.ends
        await asyncio.sleep(60)


@pytest.mark.parametrize("ends", [Died(9), Busy(1), None], ids=["died", "busy", "silent"])
def test_a_server_whose_workers_do_not_answer_is_not_healthy(monkeypatch, ends):
    monkeypatch.setattr(health, "_PATIENCE", 0.05)
    assert looped(health.answers(SimpleNamespace(sparql=Pool(ends)))) is False
