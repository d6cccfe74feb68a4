"""The SPARQL page: without script, with every kind of outcome, and what its script asks for."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from maillage.questions import questions
from maillage.site import About, Page, Site
from maillage.store import Store
from maillage.terms import NS
from maillage.words import LANGUAGES
from site_answering import Answering

ABOUT = About(base="https://data.example", release="20261122-a", date="2026-11-21")
LINKS = (
    f"PREFIX mlg: <{NS}>\nSELECT ?link ?kind {{ ?link a mlg:CooperationLink ; mlg:hasKind ?kind }}"
)


@pytest.fixture(scope="module")
def site(store: Store) -> Site:
    return Site(store, ABOUT)


@pytest.fixture(scope="module")
def answering(site: Site, store: Store) -> Answering:
    return Answering(site, store._store)  # type: ignore[attr-defined]


def shown(site: Site, query: str, outcome: Mapping[str, Any] | None, lang: str = "en") -> Page:
    return site.answer(f"/{lang}/sparql", None, {"query": [query], "format": ["html"]}, outcome)


def problem(**members: object) -> dict[str, Any]:
    return {
        "kind": "problem",
        "body": json.dumps(members),
        "count": 0,
        "seconds": 0.1,
        "truncated": False,
    }


def text(page: Page) -> str:
    main = page.body.decode().partition("<main")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def textarea(page: Page) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*)</textarea>", page.body.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_a_form_that_needs_no_script(site: Site, lang: str) -> None:
    page = site.answer(f"/{lang}/sparql", None, {})
    body = page.body.decode()
    assert page.status == 200 and page.steady
    [form] = re.findall(r'<form id="editor"[^>]*>', body)
    assert 'method="get"' in form and 'action="sparql"' in form
    assert 'name="query"' in body and '<select id="format" name="format">' in body
    assert {"html", "csv", "tsv", "json", "xml", "ttl", "jsonld", "nt", "rdf"} <= set(
        re.findall(r'<option value="(\w+)"', body)
    )
    # nothing is shown that only a script can do
    for name in ("data-share", "data-shelf", "data-keys"):
        assert re.search(rf"<\w+[^>]* {name}[^>]* hidden", body), name
    assert "answer" not in re.findall(r'id="(\w+)"', body)


def test_the_query_to_begin_with_has_an_answer(site: Site, answering: Answering) -> None:
    query = textarea(site.answer("/en/sparql", None, {}))
    assert answering.outcome(query)["count"] == 20


@pytest.mark.parametrize("name", ["links", "projects"])
def test_an_example_stands_in_the_editor_and_is_not_put(
    site: Site, answering: Answering, name: str
) -> None:
    page = site.answer("/zh/sparql", None, {"example": [name]})
    query = textarea(page)
    assert "answer" not in re.findall(r'id="(\w+)"', page.body.decode())
    assert answering.outcome(query)["kind"] == "solutions"
    assert ('VALUES ?lang { "zh" }' in query) == (name == "projects")


def test_every_question_is_an_example(site: Site) -> None:
    body = html.unescape(site.answer("/fr/sparql", None, {}).body.decode())
    offered = [
        parse_qs(urlsplit(a).query)["example"][0]
        for a in re.findall(r'href="(sparql\?example[^"]+)"', body)
    ]
    assert sorted(offered) == sorted(questions())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rows_are_a_table_with_names_links_count_and_time(
    site: Site, answering: Answering, lang: str
) -> None:
    page = shown(
        site,
        f"{LINKS} ORDER BY ?link LIMIT 3",
        answering.outcome(f"{LINKS} ORDER BY ?link LIMIT 3"),
        lang,
    )
    body = page.body.decode()
    assert page.status == 200 and not page.steady and page.rows == 3
    assert {"fr": "3 lignes en 12 ms", "en": "3 rows in 12 ms", "zh": "3 行，用时 12 毫秒"}[
        lang
    ] in text(page).replace("\u00a0", " ")
    assert body.count('<tr role="row">') == 4
    assert re.findall(r"<th scope=\"col\"[^>]*>([^<]+)", body) == ["?link", "?kind"]
    assert 'href="doc/link/' in body
    assert textarea(page) == f"{LINKS} ORDER BY ?link LIMIT 3"


def test_the_same_answer_can_be_had_in_other_formats(site: Site, answering: Answering) -> None:
    def offered(query: str) -> dict[str, dict[str, list[str]]]:
        body = html.unescape(shown(site, query, answering.outcome(query)).body.decode())
        found = [
            parse_qs(urlsplit(a).query) for a in re.findall(r'href="(sparql\?query[^"]+)"', body)
        ]
        return {it["format"][0]: it for it in found if it["format"] != ["html"]}

    assert set(offered(LINKS)) == {"csv", "tsv", "json", "xml"}
    assert all(it["query"] == [LINKS] for it in offered(LINKS).values())
    assert set(offered("ASK {}")) == {"json", "xml"}
    assert set(offered("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1")) == {"ttl", "jsonld", "nt", "rdf"}
    # what is too long for an address has none
    assert offered(f"{LINKS} #{'x' * 7000}") == {}


def test_a_long_answer_says_how_much_of_it_is_shown(site: Site, answering: Answering) -> None:
    query = "SELECT ?s ?p { ?s ?p ?o } LIMIT 700"
    page = shown(site, query, answering.outcome(query))
    assert page.truncated and page.rows == 500
    assert page.body.decode().count('<tr role="row">') == 501
    assert "The table shows the first 500 of 700" in text(page)


@pytest.mark.parametrize(
    ("query", "said"), [("ASK { ?s ?p ?o }", "yes"), ("ASK { ?s <http://a.example/b> ?o }", "no")]
)
def test_a_question_of_yes_or_no_is_answered_in_a_word(
    site: Site, answering: Answering, query: str, said: str
) -> None:
    page = shown(site, query, answering.outcome(query))
    assert f'<p class="truth">{said}</p>' in page.body.decode()


def test_triples_are_a_table(site: Site, answering: Answering) -> None:
    query = f"PREFIX mlg: <{NS}> CONSTRUCT {{ ?l mlg:hasKind ?k }} {{ ?l a mlg:CooperationLink ; mlg:hasKind ?k }} LIMIT 4"
    page = shown(site, query, answering.outcome(query), "fr")
    assert page.body.decode().count('<tr role="row">') == 5
    assert "4 triplets en" in text(page)


def test_no_answer_is_told_in_a_sentence(site: Site, answering: Answering) -> None:
    query = "SELECT * { ?s <http://a.example/b> ?o }"
    page = shown(site, query, answering.outcome(query))
    assert "0 rows in" in text(page) and "not documented is not none" in text(page)
    assert "<table" not in page.body.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mistake_is_shown_where_it_is(site: Site, lang: str) -> None:
    query = "SELECT ?s\nWHERE {\n  ?s ?p ?o ;\n  ?s &\n}\nLIMIT 5"
    page = shown(site, query, problem(status=400, title="t", detail="d", line=4, column=6), lang)
    body = page.body.decode()
    assert page.status == 400
    [(before, marked, after)] = re.findall(
        r'<span class="number">  4</span> ([^<]*)<mark>([^<]*)</mark>([^\n]*)', body
    )
    assert [html.unescape(part) for part in (before, marked, after)] == ["  ?s ", "&", ""]
    assert 'data-line="4"' in body and 'aria-invalid="true"' in body
    assert [int(n) for n in re.findall(r'class="number"> *(\d+)', body)] == [2, 3, 4, 5, 6]
    assert textarea(page) == query


def test_prefixes_that_were_forgotten_are_told(site: Site, answering: Answering) -> None:
    query = 'SELECT * { ?s mlg:hasKind ?k . FILTER(?k != "owl:x") } # skos:y'
    page = shown(site, query, answering.outcome(query))
    assert f"PREFIX mlg: <{NS}>" in text(page)
    assert "PREFIX owl:" not in text(page) and "PREFIX skos:" not in text(page)
    declared = f"PREFIX mlg: <{NS}> SELECT * {{ ?s mlg:hasKind }}"
    assert "not declared" not in text(shown(site, declared, answering.outcome(declared)))


@pytest.mark.parametrize("status", [403, 429, 503, 504])
def test_a_refusal_keeps_its_status_and_its_words(site: Site, status: int) -> None:
    outcome = problem(status=status, title="Too much", detail="It took <b>too</b> long.")
    page = shown(site, "SELECT * {}", {**outcome, "body": outcome["body"].encode()})
    assert page.status == status
    assert "Too much" in text(page) and "It took <b>too</b> long." in text(page)
    assert "<mark>" not in page.body.decode()


def test_a_place_beyond_the_end_of_the_query_is_its_end(site: Site) -> None:
    outcome = problem(status=400, title="t", detail="d", line=9, column=99)
    assert "ASK {<mark> </mark>" in shown(site, "ASK {", outcome).body.decode()


def test_queries_and_answers_are_only_text(site: Site, answering: Answering) -> None:
    attack = "</textarea><script>alert(1)</script>"
    query = f'SELECT ("{attack}" AS ?x) (IRI("javascript:alert(1)") AS ?y) (BNODE() AS ?z) {{}}'
    page = shown(site, query, answering.outcome(query))
    body = page.body.decode()
    assert page.rows == 1 and textarea(page) == query
    assert "<script>" not in body and 'href="javascript' not in body
    wrong = shown(site, f"{attack}\n{attack}", answering.outcome(f"{attack}\n{attack}"))
    assert wrong.status == 400 and "<script>" not in wrong.body.decode()


def test_a_client_cannot_hand_in_an_outcome_of_its_own(site: Site) -> None:
    page = site.answer(
        "/en/sparql", None, {"query": ["ASK {}"], "outcome": ['{"kind": "boolean"}']}
    )
    assert "answer" not in re.findall(r'id="(\w+)"', page.body.decode())


def test_the_dataset_of_the_request_stays_in_the_form(site: Site, answering: Answering) -> None:
    graph = "https://w3id.org/maillage/id/graph/consensus"
    asked = {"query": ["ASK {}"], "default-graph-uri": [graph]}
    body = site.answer("/en/sparql", None, asked, answering.outcome("ASK {}")).body.decode()
    assert f'<input type="hidden" name="default-graph-uri" value="{graph}">' in body
    files = re.findall(r'href="(sparql\?query[^"]+format=(?:json|xml)[^"]*)"', html.unescape(body))
    assert len(files) == 2
    assert all(parse_qs(urlsplit(to).query)["default-graph-uri"] == [graph] for to in files)


# What the script asks for.


def test_completion_knows_the_classes_and_properties_with_their_labels(site: Site) -> None:
    page = site.answer("/sparql/terms.json", None, {})
    document = json.loads(page.body)
    terms = {term["name"]: term for term in document["terms"]}
    assert page.media_type == "application/json" and page.steady
    assert terms["mlg:CooperationLink"]["kind"] == "class"
    assert terms["mlg:hasParty"]["kind"] == "property"
    assert set(terms["mlg:hasParty"]["labels"]) == set(LANGUAGES)
    assert terms["skos:prefLabel"]["kind"] == "property"
    assert document["prefixes"]["mlg"] == NS
    assert all(":" in name and "/" not in name for name in terms)


def test_things_are_found_by_the_beginning_of_a_name(site: Site) -> None:
    def things(**asked: str) -> list[dict[str, str]]:
        page = site.answer("/sparql/things.json", "en", {k: [v] for k, v in asked.items()})
        found: list[dict[str, str]] = json.loads(page.body)["things"]
        return found

    assert things(q="cheng", lang="zh")[0]["label"] == "成都市"
    assert things(q="成都", kinds="place")[0]["iri"].endswith("/place/cn-510100")
    assert {it["kind"] for it in things(q="culture", kinds="theme")} == {"theme"}
    # what two bear is written by its key
    twins = things(q="Yanqing", kinds="place")
    assert [it["written"] for it in twins] == ["place/cn-110119", "place/cn-110229"] or [
        it["written"] for it in twins
    ] == ["cn-110119", "cn-110229"]
    assert things(q="") == [] and things(q="zzzzzz") == []


def test_a_static_site_says_how_to_ask_at_home(store: Store) -> None:
    still = Site(store, About(base="https://data.example", release="r", static=True))
    for lang in LANGUAGES:
        page = still.answer(f"/{lang}/sparql", None, {})
        body = page.body.decode()
        assert page.steady and "<textarea" not in body
        assert 'href="../release/r/maillage.nq"' in body
        assert sorted(re.findall(r'href="\.\./ask/([\w-]+)\.rq"', body)) == sorted(questions())
    assert still.answer("/sparql/things.json", None, {"q": ["a"]}).status == 404
