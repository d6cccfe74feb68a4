"""The ontology keeps its own house rules, and each rule catches the error it is there for."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef

from maillage.folders import folder, house_text

ONTOLOGY = folder("ontology")
HOUSE = Namespace("https://w3id.org/maillage/house-rules#")
TAGS = {"fr", "en", "zh-Hans", "zh-Latn-pinyin"}
RULES = Graph().parse(ONTOLOGY / "house-rules.ttl", format="turtle")
FILES = sorted(ONTOLOGY.glob("*.ttl"))

PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix mlg:     <https://w3id.org/maillage/ns#> .
@prefix org:     <http://www.w3.org/ns/org#> .
@prefix owl:     <http://www.w3.org/2002/07/owl#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema:  <https://schema.org/> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .
@prefix id:      <https://w3id.org/maillage/id/> .
"""

# A class, a property, a scheme and two concepts in which every rule is kept.
SOUND = """
mlg:Bridge a owl:Class ; rdfs:isDefinedBy mlg: ; rdfs:subClassOf org:Organization ;
    rdfs:label "pont"@fr , "bridge"@en , "桥"@zh-Hans ;
    skos:definition "Un pont."@fr , "A bridge."@en , "一座桥。"@zh-Hans .
mlg:spanLength a owl:DatatypeProperty ; rdfs:isDefinedBy mlg: ; schema:rangeIncludes xsd:decimal ;
    rdfs:label "portée"@fr , "span"@en , "跨度"@zh-Hans ;
    skos:definition "Sa portée."@fr , "Its span."@en , "其跨度。"@zh-Hans .
id:shapes a skos:ConceptScheme ;
    skos:prefLabel "formes"@fr , "shapes"@en , "形式"@zh-Hans ;
    skos:definition "Des formes."@fr , "Shapes."@en , "各种形式。"@zh-Hans .
id:arch a skos:Concept ; skos:inScheme id:shapes ;
    skos:prefLabel "arc"@fr , "arch"@en , "拱"@zh-Hans ;
    skos:definition "Un arc."@fr , "An arch."@en , "拱形。"@zh-Hans .
id:ogive a skos:Concept ; skos:inScheme id:shapes ; skos:broader id:arch ;
    skos:prefLabel "ogive"@fr , "ogive"@en , "尖拱"@zh-Hans ;
    skos:definition "Une ogive."@fr , "An ogive."@en , "尖拱形。"@zh-Hans .
"""

# What is wrong: the rule that must say so, the text replaced, and what replaces it.
PLANTED = {
    "a label missing in Chinese": ("label", ', "桥"@zh-Hans', ""),
    "a second label in English": ("label", '"bridge"@en', '"bridge"@en , "viaduct"@en'),
    "a label in a fourth language": ("label", '"pont"@fr', '"pont"@fr , "Brücke"@de'),
    "a label in traditional Chinese": ("label", '"桥"@zh-Hans', '"橋"@zh-Hant'),
    "a label without a language": ("label", '"span"@en', '"span"'),
    "a term's definition missing": ("definition", ', "A bridge."@en', ""),
    "a concept's definition doubled": ("definition", '"An arch."@en', '"An arch."@en , "Arch."@en'),
    "a scheme's definition missing": ("definition", '"Des formes."@fr , ', ""),
    "no home": (
        "home",
        "mlg:Bridge a owl:Class ; rdfs:isDefinedBy mlg: ;",
        "mlg:Bridge a owl:Class ;",
    ),
    "a domain": (
        "no-domain",
        "schema:rangeIncludes",
        "rdfs:domain mlg:Bridge ; schema:rangeIncludes",
    ),
    "a range": (
        "no-range",
        "schema:rangeIncludes",
        "rdfs:range xsd:decimal ; schema:rangeIncludes",
    ),
    "retired without a word": (
        "Term",
        "mlg:Bridge a owl:Class ;",
        "mlg:Bridge a owl:Class ; owl:deprecated true ;",
    ),
    "a class in lower case": ("ClassName", "mlg:Bridge", "mlg:bridge"),
    "a property in upper case": ("PropertyName", "mlg:spanLength", "mlg:SpanLength"),
    "a property with a hyphen": ("PropertyName", "mlg:spanLength", "mlg:span-length"),
    "no datatype": ("datatype", " schema:rangeIncludes xsd:decimal ;", ""),
    "a foreign class below ours": (
        "Upward",
        "rdfs:subClassOf org:Organization ;",
        ".\norg:Site rdfs:subClassOf mlg:Bridge . mlg:Bridge",
    ),
    "a preferred label doubled": ("preferred-label", '"arch"@en', '"arch"@en , "vault"@en'),
    "a scheme's label missing": ("preferred-label", '"formes"@fr , ', ""),
    "a concept in no scheme": (
        "scheme",
        "id:ogive a skos:Concept ; skos:inScheme id:shapes ;",
        "id:ogive a skos:Concept ;",
    ),
    "a concept in an unknown scheme": (
        "scheme",
        "id:ogive a skos:Concept ; skos:inScheme id:shapes ;",
        "id:ogive a skos:Concept ; skos:inScheme id:forms ;",
    ),
    "a cycle of two": (
        "no-cycle",
        "id:arch a skos:Concept ;",
        "id:arch a skos:Concept ; skos:broader id:ogive ;",
    ),
    "a concept broader than itself": ("no-cycle", "skos:broader id:arch", "skos:broader id:ogive"),
}


def broken(data: Graph) -> set[URIRef]:
    """Name the rules that some data break."""
    _, report, _ = pyshacl.validate(data, shacl_graph=RULES, inference="none")
    assert isinstance(report, Graph)
    return {shape for shape in report.objects(None, SH.sourceShape) if isinstance(shape, URIRef)}


def sample(text: str) -> Graph:
    """Parse a small ontology."""
    return Graph().parse(data=PREFIXES + text, format="turtle")


def ontology() -> Graph:
    """Read every Turtle file of the folder into one graph."""
    graph = Graph()
    for path in FILES:
        graph.parse(data=house_text(path), format="turtle")
    return graph


def test_the_rules_are_well_formed_shapes() -> None:
    assert pyshacl.validate(sample(SOUND), shacl_graph=RULES, inference="none", meta_shacl=True)[0]


def test_the_ontology_keeps_the_house_rules() -> None:
    conforms, _, text = pyshacl.validate(ontology(), shacl_graph=RULES, inference="none")
    assert conforms, text


def test_a_sound_ontology_breaks_no_rule() -> None:
    assert broken(sample(SOUND)) == set()


@pytest.mark.parametrize("error", PLANTED)
def test_a_planted_error_is_caught(error: str) -> None:
    rule, old, new = PLANTED[error]
    assert SOUND.count(old), f"nothing to replace: {old}"
    assert HOUSE[rule] in broken(sample(SOUND.replace(old, new, 1)))


@pytest.mark.parametrize(
    "word", ["dcterms:isReplacedBy mlg:Pier", 'skos:changeNote "No longer needed."@en']
)
def test_a_retired_term_with_its_word_is_sound(word: str) -> None:
    retired = f"mlg:Bridge a owl:Class ; owl:deprecated true ; {word} ;"
    assert broken(sample(SOUND.replace("mlg:Bridge a owl:Class ;", retired))) == set()


def test_every_rule_has_a_planted_error() -> None:
    property_shapes = set(RULES.subjects(RDF.type, SH.PropertyShape))
    node_rules = {HOUSE.Term, HOUSE.ClassName, HOUSE.PropertyName, HOUSE.Upward}
    assert {HOUSE[rule] for rule, _, _ in PLANTED.values()} == property_shapes | node_rules


def test_every_rule_speaks_three_languages() -> None:
    spoken = [
        {m.language for m in RULES.objects(shape, SH.message) if isinstance(m, Literal)}
        for shape in set(RULES.subjects(SH.message))
    ]
    assert spoken
    assert all(languages == {"fr", "en", "zh-Hans"} for languages in spoken)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_language_tags_are_written_one_way(path: Path) -> None:
    """``sh:languageIn ("en")`` lets ``en-GB`` through; the house writes its four tags exactly."""
    graph = Graph().parse(data=house_text(path), format="turtle")
    texts = (node for node in chain.from_iterable(graph) if isinstance(node, Literal))
    assert {text.language for text in texts if text.language} <= TAGS
