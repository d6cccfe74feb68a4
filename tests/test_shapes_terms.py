"""The rules say only what SHACL and the vocabulary know, in three languages.

A mistyped ``sh:minCout`` is no error to a validator: the rule falls silent. Hence these tests.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ONTOLOGY = Path(__file__).parents[1] / "ontology"
MLG = Namespace("https://w3id.org/maillage/ns#")
IDS = "https://w3id.org/maillage/id/"
LANGUAGES = ["en", "fr", "zh-Hans"]
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
SEVERITIES = {SH.Violation, SH.Warning, SH.Info}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The rules of the data."""
    return Graph().parse(ONTOLOGY / "shapes.ttl")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The vocabulary and the lists that the rules speak of."""
    graph = Graph()
    for name in ("vocabulary", "lists", "themes"):
        graph.parse(ONTOLOGY / f"{name}.ttl")
    return graph


@pytest.fixture(scope="module")
def rules(shapes: Graph) -> set[Node]:
    """The shapes that have a target, and so may speak."""
    return {shape for target in TARGETS for shape in shapes.subjects(target)}


def terms(graph: Graph, namespace: str) -> set[URIRef]:
    """Return every address in a namespace that stands anywhere in a graph."""
    found = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    return {node for node in found if node.startswith(namespace)}


def test_every_shacl_term_exists(shapes: Graph) -> None:
    assert {term for term in terms(shapes, str(SH)) if term not in SH} == set()


def test_every_term_of_ours_is_in_the_vocabulary(shapes: Graph, ontology: Graph) -> None:
    used = terms(shapes, str(MLG)) - {URIRef(str(MLG))}
    for question in shapes.objects(None, SH.select):
        used |= {MLG[name] for name in re.findall(r"\bmlg:(\w+)", str(question))}
    assert {term for term in used if (term, RDFS.label, None) not in ontology} == set()


def test_every_concept_is_in_a_list(shapes: Graph, ontology: Graph) -> None:
    named = set(shapes.objects(None, SH.hasValue))
    assert {each for each in named if (each, SKOS.inScheme, None) not in ontology} == set()


def test_only_lists_and_paths_have_no_address(shapes: Graph) -> None:
    allowed = {RDF.first, RDF.rest, SH.alternativePath, SH.inversePath}
    loose = {node for node in shapes.subjects() if isinstance(node, BNode)}
    assert {p for node in loose for p in shapes.predicates(node)} <= allowed


def test_every_shape_is_declared_and_used(shapes: Graph, rules: set[Node]) -> None:
    declared = set(shapes.subjects(RDF.type, SH.NodeShape))
    declared |= set(shapes.subjects(RDF.type, SH.PropertyShape))
    assert rules <= declared
    assert {part for part in declared - rules if not list(shapes.subjects(None, part))} == set()


def test_every_shape_with_a_path_is_a_property_shape(shapes: Graph) -> None:
    assert set(shapes.subjects(SH.path)) == set(shapes.subjects(RDF.type, SH.PropertyShape))


def texts(shapes: Graph, rule: Node, predicate: Node) -> list[Literal]:
    """Return a rule's texts in the order of their languages."""
    found = [text for text in shapes.objects(rule, predicate) if isinstance(text, Literal)]
    return sorted(found, key=lambda text: str(text.language))


def test_every_rule_speaks_three_languages(shapes: Graph, rules: set[Node]) -> None:
    assert set(shapes.subjects(SH.message)) == rules
    for rule in rules:
        for predicate in (SH.name, SH.message, MLG.remedy):
            assert [t.language for t in texts(shapes, rule, predicate)] == LANGUAGES, rule
        assert set(shapes.objects(rule, SH.severity)) <= SEVERITIES
        assert len(set(shapes.objects(rule, SH.severity))) == 1, rule


def test_every_part_bears_a_name(shapes: Graph, rules: set[Node]) -> None:
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in set(shapes.subjects(RDF.type, kind)) - rules:
            assert [t.language for t in texts(shapes, shape, SH.name)] == LANGUAGES, shape


def test_placeholders_are_the_same_in_every_language(shapes: Graph, rules: set[Node]) -> None:
    for rule in rules:
        sets = [sorted(set(PLACEHOLDER.findall(text))) for text in texts(shapes, rule, SH.message)]
        assert sets[0] == sets[1] == sets[2], rule


def test_placeholders_can_be_filled(shapes: Graph, rules: set[Node]) -> None:
    for rule in rules:
        question = shapes.value(rule, SH.sparql)
        columns = str(shapes.value(question, SH.select)).split("WHERE")[0] if question else ""
        known = {"{thing}", "{value}"} | {f"{{{c}}}" for c in re.findall(r"\?\w+", columns)}
        for text in texts(shapes, rule, SH.message):
            assert set(PLACEHOLDER.findall(text)) <= known, rule


def test_a_rule_about_a_missing_value_does_not_show_it(shapes: Graph, rules: set[Node]) -> None:
    for rule in rules:
        if (rule, SH.minCount, None) in shapes:
            assert all("{value}" not in text for text in texts(shapes, rule, SH.message)), rule


def test_sentences_end_and_use_no_jargon(shapes: Graph, rules: set[Node]) -> None:
    words = "RDF|IRI|URI|SHACL|SPARQL|triple|literal|node|nœud|predicate"
    jargon = re.compile(rf"\b({words})\b", re.IGNORECASE)
    for rule in rules:
        for predicate in (SH.message, MLG.remedy):
            for text in texts(shapes, rule, predicate):
                assert text.endswith((".", "。")), text
                assert not jargon.search(text), text


def test_names_of_rules_differ(shapes: Graph, rules: set[Node]) -> None:
    for language in LANGUAGES:
        names = [
            t for rule in rules for t in texts(shapes, rule, SH.name) if t.language == language
        ]
        assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
