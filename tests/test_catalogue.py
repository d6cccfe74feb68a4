"""The questions as linked data: valid, runnable as published, complete."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, SH, SKOS, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCAT, SDO
from rdflib.plugins.sparql import prepareQuery

from maillage.catalogue import DECLARED, catalogue
from maillage.dumps import write_triples
from maillage.errors import MaillageError
from maillage.mint import thing
from maillage.questions import questions, read_question
from maillage.terms import MLG, PREFIXES

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
