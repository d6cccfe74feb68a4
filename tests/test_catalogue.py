"""The questions as linked data: valid, runnable as published, complete."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCAT, SDO
from rdflib.plugins.sparql import prepareQuery

from maillage.catalogue import DECLARED, HOME, beside, catalogue
from maillage.dumps import nquads, write_triples
from maillage.errors import MaillageError
from maillage.gather import gather
from maillage.mint import parse, thing
from maillage.questions import questions, read_question
from maillage.release import hold, open_store, release
from maillage.resolve import Names
from maillage.rollback import rollback
from maillage.site import About, Site
from maillage.store import loaded
from maillage.terms import ID, MLG, PREFIXES
from query_editors import EXAMPLES, PREFIXES_DECLARED
from small import link, write

HEADER = """\
#+ summary:
#+   fr: Partenaires d'un lieu
#+   en: Partners of a place
#+   zh: 某地的合作伙伴
#+ description:
#+   fr: Les parties liées à ce lieu.
#+   en: The parties linked with this place.
#+   zh: 与该地有合作关系的各方。
#+ tags: [links, partners]
#+ thing: partner
#+ parameters:
#+   place:
#+     kinds: [place, organisation]
#+     label: {fr: lieu, en: place, zh: 地点}
#+   from:
#+     kinds: [date]
#+     label: {fr: depuis, en: from, zh: 起}
"""
SELECT = (
    HEADER
    + """\
PREFIX mlg: <https://w3id.org/maillage/ns#>
PREFIX place: <https://w3id.org/maillage/id/place/>
SELECT ?partner WHERE {
  VALUES ?place { place:fr-commune-33063 }
  VALUES ?from { UNDEF }
  ?link mlg:hasParty ?place, ?partner .
}
ORDER BY ?partner
"""
)
NODE = thing("question", "partners-of")
PLACE = URIRef(NODE + "#parameter-place")
FROM = URIRef(NODE + "#parameter-from")


@pytest.fixture
def described(tmp_path) -> Graph:
    (tmp_path / "partners-of.rq").write_text(SELECT, encoding="utf-8")
    return catalogue({"partners-of": read_question(tmp_path / "partners-of.rq")})


def test_a_question_is_an_executable_of_shacl(described):
    kinds = set(described.objects(NODE, RDF.type))
    assert kinds == {MLG.Question, SH.SPARQLExecutable, SH.SPARQLSelectExecutable}
    assert {t.language for t in described.objects(NODE, SKOS.prefLabel)} == {"fr", "en", "zh-Hans"}
    assert set(described.objects(NODE, DCAT.keyword)) == {Literal("links"), Literal("partners")}


def test_the_text_runs_as_it_stands_without_its_header(described):
    text = str(described.value(NODE, SH.select))
    assert text.startswith("PREFIX")
    assert "#+" not in text
    prepareQuery(text)
    assert list(ox.Store().query(text)) == []


def test_parameters(described):
    assert described.value(PLACE, SH.path) == URIRef(NODE + "#place")
    assert described.value(PLACE, SH.optional) == Literal(False)
    assert described.value(PLACE, SH.defaultValue) == thing("place", "fr-commune-33063")
    pattern = str(described.value(PLACE, SH.pattern))
    assert pattern == "^https://w3id.org/maillage/id/(place|organisation)/"
    assert described.value(FROM, SH.optional) == Literal(True)
    assert described.value(FROM, SH.defaultValue) is None
    assert described.value(FROM, SH.datatype) == XSD.date


def test_a_parameter_that_may_be_any_thing(tmp_path):
    text = SELECT.replace("[place, organisation]", "[any]")
    (tmp_path / "partners-of.rq").write_text(text, encoding="utf-8")
    made = catalogue({"partners-of": read_question(tmp_path / "partners-of.rq")})
    assert str(made.value(PLACE, SH.pattern)) == "^https://w3id.org/maillage/id/[a-z-]+/"


@pytest.mark.parametrize(
    ("default", "term"),
    [
        ('"Wuhan"', Literal("Wuhan")),
        ('"武汉"@zh-Hans', Literal("武汉", lang="zh-Hans")),
        ("3", Literal(3)),
        ('"a" "b"', None),
    ],
)
def test_defaults(tmp_path, default, term):
    text = SELECT.replace("place:fr-commune-33063", default)
    (tmp_path / "q.rq").write_text(text, encoding="utf-8")
    made = catalogue({"q": read_question(tmp_path / "q.rq")})
    about = URIRef(thing("question", "q") + "#parameter-place")
    assert made.value(about, SH.defaultValue) == term


@pytest.mark.parametrize(
    ("body", "holds", "kind"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", SH.construct, SH.SPARQLConstructExecutable),
        ("ask { ?s ?p ?o }", SH.ask, SH.SPARQLAskExecutable),
    ],
)
def test_other_forms(tmp_path, body, holds, kind):
    header = HEADER.split("#+ parameters", maxsplit=1)[0]
    (tmp_path / "q.rq").write_text(header + body, encoding="utf-8")
    made = catalogue({"q": read_question(tmp_path / "q.rq")})
    node = thing("question", "q")
    assert (node, RDF.type, kind) in made
    assert str(made.value(node, holds)).strip() == body


def test_a_form_that_shacl_cannot_hold_is_refused(tmp_path):
    header = HEADER.split("#+ parameters", maxsplit=1)[0]
    (tmp_path / "q.rq").write_text(header + "DESCRIBE <urn:x:y>", encoding="utf-8")
    with pytest.raises(MaillageError, match="q is neither"):
        catalogue({"q": read_question(tmp_path / "q.rq")})


def test_prefixes_are_declared_once_for_all_as_query_editors_want_them(described):
    assert described.value(NODE, SH.prefixes) == DECLARED
    declared = {
        str(described.value(node, SH.prefix)): described.value(node, SH.namespace)
        for node in described.objects(DECLARED, SH.declare)
    }
    assert declared == {k: Literal(v, datatype=XSD.anyURI) for k, v in PREFIXES.items()}
    assert (DECLARED, RDF.type, OWL.Ontology) in described


def test_a_question_names_the_endpoint_that_answers_it(described, tmp_path):
    assert described.value(NODE, SDO.target) is None
    (tmp_path / "partners-of.rq").write_text(SELECT, encoding="utf-8")
    known = {"partners-of": read_question(tmp_path / "partners-of.rq")}
    made = catalogue(known, "https://example.org/sparql")
    assert made.value(NODE, SDO.target) == URIRef("https://example.org/sparql")
    assert set(made.objects(NODE, SDO.keywords)) == {Literal("links"), Literal("partners")}


def test_every_question_of_the_house_is_published():
    made = catalogue(questions())
    assert set(made.subjects(RDF.type, MLG.Question)) == {thing("question", q) for q in questions()}
    assert write_triples(made, "ttl") == write_triples(catalogue(questions()), "ttl")


# ---- in a store, where query editors look for them ----------------------------------------------

ABOUT = About(base="", release="r", date="2026-11-22")


@pytest.fixture(scope="module")
def stored():
    """The part of a store that a build sets beside the record."""
    return loaded(beside(questions()))


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """A small record, as canonical N-Quads."""
    data = write(tmp_path_factory.mktemp("data"), links=[link("one")])
    return nquads(gather(data=data).dataset)


@pytest.fixture(scope="module")
def alone(record):
    return loaded(record)


@pytest.fixture(scope="module")
def both(record):
    return loaded(record + beside(questions()))


def test_beside_the_record_they_stand_in_a_graph_of_their_own():
    lines = beside(questions()).splitlines()
    assert lines == sorted(set(lines))
    quads = list(ox.parse(beside(questions()), ox.RdfFormat.N_QUADS))
    assert {quad.graph_name for quad in quads} == {ox.NamedNode(HOME)}
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)]
    # a release does not know its endpoint, and an example says nothing of the thing it takes
    assert ox.NamedNode(SDO.target) not in {quad.predicate for quad in quads}
    things = {quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)}
    assert not [thing for thing in things if (own := parse(thing)) and own.kind != "question"]
    assert beside(questions()) == beside(questions())


def test_an_editor_finds_every_question_in_three_languages_and_every_prefix(stored):
    rows = stored.select(EXAMPLES).rows
    assert {(str(row[0]), str(row[1])) for row in rows} == {
        (f"{ID}question/{question.name}", text)
        for question in questions().values()
        for text in question.description.values()
    }
    assert {str(a): str(b) for a, b in stored.select(PREFIXES_DECLARED).rows} == dict(PREFIXES)


def test_a_question_can_be_called_but_its_name_means_no_thing_that_is_asked_about(both):
    names = Names(both)
    links, called = thing("question", "links"), questions()["links"].summary["en"]
    assert names.label(links, "en") == called
    assert names.find("question/links", [], "en") == links
    with pytest.raises(
        MaillageError, match=re.escape(f"Nothing in the graph is called “{called}”")
    ):
        names.find(called, ["question"], "en")
    site = Site(both, ABOUT)
    assert site.answer("/sparql/things.json", "en", {"q": [called]}).body == b'{"things": []}'


def test_the_site_counts_lists_and_finds_what_it_did_and_the_graph_of_them(both, alone):
    site, before = Site(both, ABOUT), Site(alone, ABOUT)
    called = questions()["links"].summary["en"]
    for path, text in (("/", ""), ("/search/", "question/links"), ("/search/", called)):
        asked = {"q": [text]}
        assert site.answer(path, "en", asked).body == before.answer(path, "en", asked).body, text
    more = set(site.paths()) - set(before.paths())
    assert {path.partition(".")[0].rstrip("/") for path in more} == {"/doc/graph/questions"}
    page = site.answer("/doc/graph/questions/", "en")
    assert page.status == 200
    assert "Named questions and prefixes" in page.body.decode()


def test_the_address_of_a_question_leads_to_where_it_is_asked_and_its_twins_describe_it(alone):
    site = Site(alone, ABOUT)
    page = site.answer("/fr/doc/question/links/", None)
    assert (page.status, page.location) == (303, "../../../ask/links/")
    assert site.answer("/doc/question/nope/", "en").status == 404
    assert site.answer("/doc/question/nope.ttl", "en").status == 404
    turtle = site.answer("/doc/question/links.ttl", None)
    described = Graph().parse(data=turtle.body, format="turtle")
    node = thing("question", "links")
    assert str(described.value(node, SH.select)) in questions()["links"].sparql
    assert set(described.subjects(RDF.type, MLG.Question)) == {node}
    told = {(target, relation["rel"]) for target, relation in turtle.links}
    assert ("../../ask/links/", "alternate") in told
    asked = site.answer("/ask/links/", "en")
    told = {(target, relation["rel"]) for target, relation in asked.links}
    assert ("../../doc/question/links.ttl", "describedby") in told


def test_a_store_made_anew_holds_them_and_an_older_release_opens_without(record, tmp_path):
    with release(tmp_path) as folder:
        (folder / "maillage.nq").write_bytes(record)
    with release(tmp_path) as folder:
        (folder / "maillage.nq").write_bytes(record)
        (folder / "questions.nq").write_bytes(beside(questions()))
    assert len(open_store(str(tmp_path)).select(PREFIXES_DECLARED).rows) == len(PREFIXES)
    with hold(tmp_path) as held:
        damaged = next(path for path in sorted((held.folder / "store").glob("*.sst")))
    damaged.write_bytes(damaged.read_bytes()[:-9])
    again = open_store(str(tmp_path))
    assert {str(row[0]) for row in again.select(EXAMPLES).rows} == {
        f"{ID}question/{name}" for name in questions()
    }
    rollback(tmp_path)
    older = open_store(str(tmp_path))
    assert older.query("ASK { ?s ?p ?o }")
    assert not older.select(EXAMPLES).rows
