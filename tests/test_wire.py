"""What goes over the wire, as plain functions: negotiation, requests, validators, problems."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.wire.accept import Offer, coding, language, ranked
from maillage.wire.conditional import tag, unchanged
from maillage.wire.description import Described, description
from maillage.wire.headers import link_header, reference
from maillage.wire.kinds import FAMILIES, acceptable, engine_type
from maillage.wire.problems import STATUSES, Problem
from maillage.wire.protocol import FORM, QUERY, UPDATE, asked, fields, graph_asked
from maillage.words import LANGUAGES, say

JSON, XML, CSV, TSV = FAMILIES["solutions"]
TURTLE, JSONLD, NTRIPLES, RDFXML, *_ = FAMILIES["graph"]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "first"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/csv;q=0.5, text/tab-separated-values", TSV),
        ("text/*", CSV),
        ("text/*;q=0.5, */*;q=0.4", CSV),
        ("application/sparql-results+xml, */*;q=0.1", XML),
        ("*/*, application/sparql-results+json;q=0", XML),
        ("application/*;q=0, */*;q=0.1", CSV),
        ("text/csv;charset=utf-8", CSV),
        ('text/csv;header="a,b;c", text/tab-separated-values;q=0.3', TSV),
        ("text/csv;q=0.333;extension=1, text/tab-separated-values;q=0.334", TSV),
        ("application/json", "application/json"),
        ("application/xml, */*;q=0.1", "application/xml"),
        (BROWSER, "text/html"),
        ("text/html;q=0.5, application/sparql-results+json", JSON),
        ("application/json, text/html;q=0.9", "application/json"),
        ("nonsense", JSON),
        ("text/csv;q=2, text/tab-separated-values;q=0.1", TSV),
        (",,,text/csv,,", CSV),
    ],
)
def test_a_client_gets_what_it_likes_best(accept, first):
    assert acceptable(accept, ["solutions"], html=True)[0] == first


@pytest.mark.parametrize(
    "accept", ["image/png", "text/csv;q=0", "*/*;q=0", "text/html", "text/turtle"]
)
def test_nothing_is_made_up_for_who_accepts_nothing_of_it(accept):
    assert acceptable(accept, ["solutions"], html=False) == []


def test_of_the_ranges_that_fit_the_most_exact_counts():
    offers = [Offer("text/turtle"), Offer("text/csv"), Offer("application/json")]
    # RFC 9110, 12.5.1: precedence, then weight, then our own order
    assert ranked("text/*;q=0.3, text/csv;q=0.7, */*;q=0.5", offers) == [
        "text/csv",
        "application/json",
        "text/turtle",
    ]


def test_a_page_is_for_who_names_it_and_never_for_a_wildcard():
    assert "text/html" not in acceptable("text/*, */*", ["graph"], html=True)
    assert acceptable("text/html;q=0.1", ["graph"], html=True) == ["text/html"]


def test_a_general_type_means_what_there_is_for_the_kind_of_answer():
    assert [engine_type("application/json", family) for family in FAMILIES] == [JSON, JSON, JSONLD]
    assert [engine_type("application/xml", family) for family in FAMILIES] == [XML, XML, RDFXML]
    assert engine_type("text/csv", "boolean") is None


@pytest.mark.parametrize("piece", ['\\"', "\\", "/", '"', ',"', ";a=", " ", '=";', "\\\n"])
@pytest.mark.parametrize("start", ['"', "", "a/", ";", 'a/b;c="'])
def test_a_header_is_read_once_whatever_stands_in_it(start, piece):
    # whoever reads it again from each of its letters does not come to the end of this test
    header = start + piece * 300_000 + " x"
    assert acceptable(header, ["boolean"], html=False) in (
        [],
        list(acceptable(None, ["boolean"], html=False)),
    )
    assert language(header) == "en"
    assert coding(header) == "identity"
    assert unchanged(header, '"tag"') is False
    with pytest.raises(Problem, match="media-type"):
        asked("POST", b"", header, b"ASK {}")


@given(st.text())
def test_no_header_breaks_the_reading(header):
    assert set(acceptable(header, ["solutions"], html=True)) <= {
        *FAMILIES["solutions"],
        "text/html",
        "application/json",
        "application/xml",
        "text/xml",
    }
    assert language(header) in LANGUAGES
    assert coding(header) in {"gzip", "identity"}
    assert unchanged(header, None) is False


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hant-TW", "zh"),
        ("FR-be", "fr"),
        ("en;q=0.1, fr;q=0.2", "fr"),
        ("de, it", "en"),
        ("fr;q=0, de", "en"),
        ("*", "en"),
        ("en;q=0, *", "fr"),
        ("french", "en"),
    ],
)
def test_the_reader_is_spoken_to_in_a_language_of_theirs(header, lang):
    assert language(header) == lang


@pytest.mark.parametrize(
    ("header", "how"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("*", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *;q=1", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("br", "identity"),
        ("", "identity"),
    ],
)
def test_only_who_likes_packed_answers_gets_them(header, how):
    assert coding(header) == how


def test_the_three_ways_to_send_a_query_are_one():
    text = "SELECT * { ?s ?p 'été 北京' }"
    encoded = b"query=SELECT+*+%7B+%3Fs+%3Fp+%27%C3%A9t%C3%A9+%E5%8C%97%E4%BA%AC%27+%7D"
    assert asked("GET", encoded, None, b"").query == text
    assert asked("POST", b"", f"{FORM};charset=UTF-8", encoded).query == text
    assert asked("POST", b"", f' {QUERY.upper()} ; charset="utf-8"', text.encode()).query == text
    assert asked("POST", b"", QUERY, b"\xef\xbb\xbfASK {}").query == "ASK {}"


def test_the_dataset_of_the_protocol_is_told_from_none():
    none = asked("GET", b"query=ASK{}", None, b"")
    assert (none.default_graphs, none.named_graphs) == (None, None)
    some = asked("GET", b"query=ASK{}&named-graph-uri=http://a&named-graph-uri=http://b", None, b"")
    assert (some.default_graphs, some.named_graphs) == ((), ("http://a", "http://b"))
    both = asked(
        "POST", b"default-graph-uri=http://a", FORM, b"query=ASK{}&named-graph-uri=http://b"
    )
    assert (both.default_graphs, both.named_graphs) == (("http://a",), ("http://b",))


@pytest.mark.parametrize(
    ("method", "query_string", "content_type", "body", "key"),
    [
        ("GET", b"query=ASK{}&query=ASK{}", None, b"", "two-queries"),
        ("POST", b"query=ASK{}", QUERY, b"ASK {}", "two-queries"),
        ("POST", b"", FORM, b"", "no-query"),
        ("POST", b"", QUERY, b"  \n", "no-query"),
        ("GET", b"query=%zz", None, b"", "bad-percent"),
        ("GET", b"query=%", None, b"", "bad-percent"),
        ("GET", b"query=%FF", None, b"", "not-utf8"),
        ("GET", b"query=\xff", None, b"", "not-utf8"),
        ("POST", b"", QUERY, b"\xff\xfeA", "not-utf8"),
        ("POST", b"", f"{QUERY};charset=UTF-16", b"ASK {}", "charset"),
        ("POST", b"", f"{FORM}; charset=latin1", b"query=ASK{}", "charset"),
        ("POST", b"", None, b"query=ASK{}", "media-type"),
        ("POST", b"", "text/plain", b"ASK {}", "media-type"),
        ("POST", b"", "multipart/form-data; boundary=x", b"", "media-type"),
        ("POST", b"", UPDATE, b"CLEAR ALL", "update"),
        ("POST", b"", FORM, b"update=CLEAR+ALL", "update"),
        ("GET", b"update=CLEAR+ALL", None, b"", "update"),
        ("GET", b"query=ASK{}&using-graph-uri=http://a", None, b"", "update"),
        ("GET", b"query=ASK{}&default-graph-uri=relative", None, b"", "bad-graph"),
        ("GET", b"query=ASK{}&default-graph-uri=http://a%20b", None, b"", "bad-graph"),
        ("GET", b"query=ASK{}&named-graph-uri=http://a%3E%3Cb", None, b"", "bad-graph"),
        ("GET", b"&".join(b"a=b" for _ in range(1001)), None, b"", "too-many-fields"),
    ],
)
def test_a_wrong_request_is_told_by_name(method, query_string, content_type, body, key):
    with pytest.raises(Problem) as told:
        asked(method, query_string, content_type, body)
    assert told.value.key == key


def test_the_endpoint_itself_is_asked_for_without_a_query():
    assert asked("GET", b"", None, b"").query is None
    assert asked("GET", b"format=ttl&x=y", None, b"").wanted == "ttl"


def test_a_graph_is_named_once():
    assert graph_asked(b"default") == ("default", "")
    assert graph_asked(b"graph=http%3A%2F%2Fa%2Fb&format=nt") == ("http://a/b", "nt")
    for wrong in (b"", b"default&graph=http://a", b"graph=http://a&graph=http://b"):
        with pytest.raises(Problem, match="which-graph"):
            graph_asked(wrong)
    with pytest.raises(Problem, match="bad-graph"):
        graph_asked(b"graph=data")


@given(st.binary())
def test_no_bytes_break_the_fields(text):
    found, problem = {}, None
    try:
        found = fields(text)
    except Problem as told:
        problem = told
    assert problem is None or problem.status == 400
    assert all(isinstance(value, str) for values in found.values() for value in values)


def test_a_tag_says_release_request_and_representation():
    base = tag("release", "ASK {}", "json")
    assert base.startswith('"') and base.endswith('"')
    others = [
        tag("release", "ASK{}", "json"),
        tag("later", "ASK {}", "json"),
        tag("release", "ASK {}", "xml"),
        tag("release", "ASK {}j", "son"),
        tag("release", "ASK {}", "json", coding="gzip"),
    ]
    assert len({base, *others}) == 6


def test_if_none_match_is_compared_weakly():
    assert unchanged('"x", W/"a"', '"a"')
    assert unchanged(" * ", '"a"')
    assert not unchanged('"a-gzip"', '"a"')
    assert not unchanged("a", '"a"')
    assert not unchanged('"a', '"a"')


@given(st.text(), st.text(), st.text())
def test_no_text_leaves_its_header(target, name, value):
    written = link_header([(target, {name: value})]) + reference(target)
    assert written.isascii() and written.isprintable()
    assert written.count("<") == written.count(">") == 1


def test_a_link_header_keeps_good_parameters_and_drops_others():
    good = {"rel": "license", "title": 'a"; rel="x', "hreflang": "zh-Hans"}
    assert link_header([("https://a/", good)]) == '<https://a/>; rel="license"; hreflang="zh-Hans"'


@pytest.mark.parametrize("key", sorted(STATUSES))
def test_every_problem_is_told_in_three_languages(key):
    problem = Problem(key)
    documents = [json.loads(problem.json("https://a.example/", lang)) for lang in LANGUAGES]
    assert {document["type"] for document in documents} == {f"https://a.example/problems/{key}"}
    assert {document["status"] for document in documents} == {problem.status}
    assert len({document["title"] for document in documents}) == 3
    assert len({document["detail"] for document in documents}) == 3


def test_a_problem_tells_place_and_choice():
    found = Problem("not-sparql", detail="not-sparql", place=(3, 14), reason="expected {")
    document = found.document("http://a/", "fr")
    assert (document["line"], document["column"]) == (3, 14)
    assert document["detail"] == say("error.not-sparql", "fr", reason="expected {")
    choice = Problem("not-acceptable", known="text/csv").document("http://a/", "en")
    assert choice["available"] == "text/csv"
    assert "text/csv" in choice["detail"]


def test_the_description_claims_what_it_is_told_and_no_more():
    about = Described("http://a/sparql", "abc", 7, [("http://a/id/graph/x", 4)], ["http://a/x.nq"])
    made = [
        {str(quad.triple) for quad in ox.parse(description(about, kind), form)}
        for kind, form in (
            (TURTLE, ox.RdfFormat.TURTLE),
            (JSONLD, ox.RdfFormat.JSON_LD),
            (NTRIPLES, ox.RdfFormat.N_TRIPLES),
            (RDFXML, ox.RdfFormat.RDF_XML),
        )
    ]
    assert made[0] == made[1] == made[2] == made[3]
    text = "\n".join(made[0])
    assert (
        "sparql-service-description#feature> <http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph>"
        in text
    )
    for untrue in (
        "DereferencesURIs",
        "BasicFederatedQuery",
        "EmptyGraphs",
        "SPARQL11Update",
        "_:",
    ):
        assert untrue not in text
    uncounted = description(Described("http://a/sparql", "abc", None, []), NTRIPLES)
    assert b"triples" not in uncounted
