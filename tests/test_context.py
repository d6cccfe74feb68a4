"""The JSON-LD context is the one derived from the vocabulary, and it loses nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pyoxigraph
import pytest
from rdflib import OWL, RDF, Graph

from maillage.context import context, dumps
from maillage.folders import folder, house_text
from maillage.terms import NS, PREFIXES

ONTOLOGY = folder("ontology")
MEND = "python -m maillage.context > ontology/context.jsonld"

THINGS = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf:    <http://id.loc.gov/datatypes/edtf/> .
@prefix geo:     <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix mlg:     <https://w3id.org/maillage/ns#> .
@prefix schema:  <https://schema.org/> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/maillage/id/place/fr-commune-67482> a mlg:Collectivity ;
    skos:prefLabel "Strasbourg"@fr , "Strasbourg"@en , "斯特拉斯堡"@zh-Hans ;
    skos:altLabel "Strossburi" , "Argentoratum"@la ;
    geo:lat 48.58 ; geo:long 7.75 ;
    mlg:inseeCode "67482" ;
    mlg:isInCountry <https://w3id.org/maillage/id/place/fr> .
<https://w3id.org/maillage/id/link/twinning--a--b> a mlg:CooperationLink ;
    mlg:startDate "2012/2013"^^edtf:EDTF , "2016~"^^edtf:EDTF ;
    mlg:purpose "jumelage"@fr .
<https://w3id.org/maillage/id/figure/f> schema:value 70 ;
    schema:url "http://x.example/"^^xsd:anyURI .
<https://w3id.org/maillage/id/disagreement/s> mlg:stanceValue "2005"^^edtf:EDTF , mlg:Place .
"""


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    """Parse the vocabulary once."""
    return Graph().parse(data=house_text(ONTOLOGY / "vocabulary.ttl"), format="turtle")


def test_file_equals_the_derived_context(vocabulary: Graph) -> None:
    written = (ONTOLOGY / "context.jsonld").read_bytes()
    assert written == dumps(vocabulary).encode(), f"mend it from the top folder with: {MEND}"


def test_the_mending_command_writes_the_file() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "maillage.context"], capture_output=True, check=True
    )
    assert made.stdout == (ONTOLOGY / "context.jsonld").read_bytes()


def test_order_of_triples_changes_nothing(vocabulary: Graph) -> None:
    other = Graph()
    for triple in sorted(vocabulary, reverse=True):
        other.add(triple)
    assert dumps(other) == dumps(vocabulary)


def test_every_term_is_named(vocabulary: Graph) -> None:
    names = context(vocabulary)["@context"]
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    ours = {str(t).removeprefix(NS) for kind in kinds for t in vocabulary.subjects(RDF.type, kind)}
    assert ours <= set(names)


def test_it_points_at_no_other_document(vocabulary: Graph) -> None:
    made = context(vocabulary)
    assert set(made) == {"@context"}
    assert isinstance(made["@context"], dict)
    assert not {"@import", "@base", "@vocab"} & set(made["@context"])


def test_how_each_kind_of_property_is_read(vocabulary: Graph) -> None:
    names = context(vocabulary)["@context"]
    assert names["hasParty"] == {"@id": "mlg:hasParty", "@type": "@id"}
    assert names["startDate"] == {"@id": "mlg:startDate", "@type": "edtf:EDTF"}
    assert names["purpose"] == {"@id": "mlg:purpose", "@container": "@language"}
    assert names["inseeCode"] == {"@id": "mlg:inseeCode"}
    assert names["stanceValue"] == {"@id": "mlg:stanceValue"}
    assert names["schema:location"] == {"@id": "schema:location", "@type": "@id"}
    assert names["Place"] == "mlg:Place"
    assert names["geo"] == PREFIXES["geo"]


def test_a_graph_survives_the_context(vocabulary: Graph) -> None:
    made = context(vocabulary)["@context"]
    before = Graph().parse(data=THINGS, format="turtle")
    text = before.serialize(format="json-ld", context=made, auto_compact=False)
    assert json.loads(text)["@context"] == made
    # Read back by the stricter parser; there are no blank nodes, so sets of triples compare.
    after = Graph()
    for quad in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.JSON_LD):
        after.parse(data=f"{quad.triple} .", format="nt")
    assert set(after) == set(before)
