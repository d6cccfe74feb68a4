"""The rules find every planted error, name no other, leave good data alone, and say so in words.

The sentences of every case, in three languages, are compared with ``golden/sentences.json``; a
change of wording is reviewed there (mending command: ``python tests/make_sentences.py``).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph

from maillage.check import Report, check_graph
from maillage.words import LANGUAGES
from planted_errors import ALLOWED, CASES, Case

ROOT = Path(__file__).parents[1]
GOOD = Path(__file__).with_name("good.ttl").read_text(encoding="utf-8")
PREFIXES = "".join(line + "\n" for line in GOOD.splitlines() if line.startswith("@prefix"))
SENTENCES = Path(__file__).with_name("golden") / "sentences.json"
RULES = "https://w3id.org/maillage/shapes#"


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The rules of the data."""
    return Graph().parse(ROOT / "ontology" / "shapes.ttl")


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return the_ontology()


@pytest.fixture(scope="module")
def good(ontology: Graph) -> Graph:
    return the_good(ontology)


def the_ontology() -> Graph:
    """The vocabulary and the lists, which a build validates together with the data."""
    graph = Graph()
    for name in ("vocabulary", "lists", "themes"):
        graph.parse(ROOT / "ontology" / f"{name}.ttl")
    return graph


def the_good(ontology: Graph) -> Graph:
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


def broken_rules(data: Graph, ontology: Graph) -> Report:
    """Check a graph; things are called by their names in it and in the ontology."""
    return check_graph(data, data + ontology)


def named(report: Report) -> set[str]:
    """Return the names of the rules that speak."""
    return {finding.rule.removeprefix(RULES) for finding in report.findings}


def sentences(report: Report) -> list[dict[str, str]]:
    """What a person is told, in three languages: the sentence and what to do."""
    return [
        {"rule": finding.rule.removeprefix(RULES)}
        | {lang: f"{finding.sentence(lang)} → {finding.remedy(lang)}" for lang in LANGUAGES}
        for finding in report.findings
    ]


def test_good_graph_and_ontology_break_no_rule(ontology: Graph) -> None:
    assert named(broken_rules(Graph().parse(data=GOOD) + ontology, ontology)) == set()


@pytest.mark.parametrize("planted", CASES, ids=lambda planted: planted.name)
def test_planted_error_is_found_and_told(planted: Case, good: Graph, ontology: Graph) -> None:
    report = broken_rules(spoil(good, planted), ontology)
    assert named(report) == planted.rules
    told = sentences(report)
    golden = json.loads(SENTENCES.read_text(encoding="utf-8"))
    assert told == golden[planted.name], "if meant: python tests/make_sentences.py"
    assert not [text for entry in told for text in entry.values() if "{" in text]


@pytest.mark.parametrize("allowed", ALLOWED, ids=lambda allowed: allowed.name)
def test_what_is_no_error_is_let_through(allowed: Case, good: Graph, ontology: Graph) -> None:
    assert named(broken_rules(spoil(good, allowed), ontology)) == set()


def test_two_things_of_one_name_are_told_apart_by_their_keys(good: Graph) -> None:
    (planted,) = (case for case in CASES if case.name == "party-gone-when-the-event-takes-place")
    names = Graph().parse(
        data=PREFIXES
        + 'place:fr-region-82 skos:prefLabel "Lishui"@en , "丽水"@zh-Hans .'
        + 'place:fr-region-84 skos:prefLabel "Lishui"@en , "丽水"@zh-Hans .'
    )
    (finding,) = check_graph(spoil(good, planted), names).findings
    assert "names Lishui (place/fr-region-82), which" in finding.sentence("en")
    assert "it was Lishui (place/fr-region-84) then" in finding.sentence("en")
    assert "当时为 丽水（place/fr-region-84）。" in finding.sentence("zh")


def test_every_rule_is_broken_by_a_case(shapes: Graph) -> None:
    rules = {str(rule).removeprefix(RULES) for rule in shapes.subjects(SH.message)}
    assert rules == set().union(*(planted.rules for planted in CASES))


def test_names_of_cases_differ() -> None:
    names = [planted.name for planted in CASES + ALLOWED]
    assert len(names) == len(set(names))
