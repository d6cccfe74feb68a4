"""The rules find every planted error, name no other, and leave good data alone."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph

from planted_errors import ALLOWED, CASES, Case

ROOT = Path(__file__).parents[1]
GOOD = Path(__file__).with_name("good.ttl").read_text(encoding="utf-8")
PREFIXES = "".join(line + "\n" for line in GOOD.splitlines() if line.startswith("@prefix"))
RULES = "https://w3id.org/maillage/shapes#"


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The rules of the data."""
    return Graph().parse(ROOT / "ontology" / "shapes.ttl")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    """The vocabulary and the lists, which a build validates together with the data."""
    graph = Graph()
    for name in ("vocabulary", "lists", "themes"):
        graph.parse(ROOT / "ontology" / f"{name}.ttl")
    return graph


@pytest.fixture(scope="module")
def good(ontology: Graph) -> Graph:
    """The good graph with what the rules ask of the ontology, and no more, to save time."""
    graph = Graph().parse(data=GOOD)
    for wanted in ((None, RDFS.subClassOf, None), (None, RDF.type, SKOS.Concept)):
        for triple in ontology.triples(wanted):
            graph.add(triple)
    return graph


def spoil(good: Graph, planted: Case) -> Graph:
    """Copy the good graph and plant one error in it."""
    gone, new = (Graph().parse(data=PREFIXES + text) for text in (planted.remove, planted.add))
    missing = [triple for triple in gone if triple not in good]
    assert not missing, f"{planted.name} takes away what good.ttl does not hold: {missing}"
    spoilt = Graph()
    spoilt += good
    spoilt -= gone
    spoilt += new
    return spoilt


def broken_rules(data: Graph, shapes: Graph) -> set[str]:
    """Return the names of the rules that speak."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, Graph)
    results = report.objects(None, SH.result)  # and not their sh:detail, which tells why
    return {str(report.value(each, SH.sourceShape)).removeprefix(RULES) for each in results}


def test_good_graph_and_ontology_break_no_rule(ontology: Graph, shapes: Graph) -> None:
    assert broken_rules(Graph().parse(data=GOOD) + ontology, shapes) == set()


@pytest.mark.parametrize("planted", CASES, ids=lambda planted: planted.name)
def test_planted_error_is_found(planted: Case, good: Graph, shapes: Graph) -> None:
    assert broken_rules(spoil(good, planted), shapes) == planted.rules


@pytest.mark.parametrize("allowed", ALLOWED, ids=lambda allowed: allowed.name)
def test_what_is_no_error_is_let_through(allowed: Case, good: Graph, shapes: Graph) -> None:
    assert broken_rules(spoil(good, allowed), shapes) == set()


def test_every_rule_is_broken_by_a_case(shapes: Graph) -> None:
    rules = {str(rule).removeprefix(RULES) for rule in shapes.subjects(SH.message)}
    assert rules == set().union(*(planted.rules for planted in CASES))


def test_names_of_cases_differ() -> None:
    names = [planted.name for planted in CASES + ALLOWED]
    assert len(names) == len(set(names))
