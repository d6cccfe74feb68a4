"""The quick engine and what it is trusted with: that pySHACL would say the same.

On W3C's SHACL test suite (which travels in pySHACL's source package, fetched by ``tests/run.py``),
on our own shapes with every planted error, and on graphs that are damaged at random.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlparse

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from maillage import judge as judging
from maillage import storegraph
from maillage.check import check_graph
from maillage.errors import MaillageError
from maillage.judge import (
    Engine,
    again,
    explained,
    judge,
    our_reach,
    our_shapes,
    our_text,
    reference,
)
from maillage.reach import FOCUS, VALUE, Reach, Seed
from maillage.screen import Broken, broken, is_there
from maillage.store import engine_triple
from maillage.storegraph import StoreGraph
from maillage.terms import MLG
from planted_errors import ALLOWED, CASES
from test_planted_errors import spoil, the_good, the_ontology

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "maillage-tests"
SUITE = CACHE / "pyshacl-0.40.1" / "test" / "resources" / "sht_tests"

#: Where the quick engine says otherwise, and why that does not touch us.
OTHERWISE = {
    "property-001": "names the thing that the outer shape is about, pySHACL the inner one",
    "shared": "likewise; the suite calls it under discussion",
    "uniqueLang-002": 'takes "1" for true; our shapes write true',
    "shapesGraph-001": "knows $shapesGraph, which pySHACL does not; our shapes do not ask for it",
}

Result = tuple[str, ...]


def results(report: Graph | None) -> set[Result]:
    """What a report says, whatever its nodes are called."""
    assert report is not None
    properties = (SH.sourceShape, SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity)
    return {
        (
            *(str(report.value(result, each)) for each in properties),
            *sorted(map(str, report.objects(result, SH.resultMessage))),
        )
        for result in report.objects(None, SH.result)
    }


def outcome(look: Callable[[], Graph]) -> set[Result] | str:
    """What a report says, or why there is none."""
    try:
        return results(look())
    except MaillageError as error:
        return error.key


def suite() -> Iterator[tuple[str, Node, Graph]]:
    for file in sorted(SUITE.rglob("*.ttl")):
        if file.name != "manifest.ttl":
            graph = Graph().parse(file, publicID=file.as_uri())
            for test in sorted(graph.subjects(RDF.type, SHT.Validate), key=str):
                yield file.stem, test, graph


def loaded(address: Node | None) -> Graph:
    return Graph().parse(unquote(urlparse(str(address)).path), publicID=str(address))


@pytest.mark.skipif(not SUITE.is_dir(), reason="tests/run.py fetches W3C's suite")
def test_on_the_suite_of_w3c_it_says_the_same_or_nothing() -> None:
    same, silent, otherwise = [], [], []
    for name, test, graph in suite():
        action, expected = graph.value(test, MF.action), graph.value(test, MF.result)
        data = loaded(graph.value(action, SHT.dataGraph))
        shapes = loaded(graph.value(action, SHT.shapesGraph))
        found = broken(data, (), shapes.serialize(format="turtle").encode())
        wanted = {graph.value(r, SH.focusNode) for r in graph.objects(expected, SH.result)}
        blank = not all(isinstance(node, URIRef) for node in wanted)
        if found is None:
            silent.append(name)
        elif (foci := {each.seed.node for each in found}) == wanted or (
            blank and len(foci) == len(wanted)
        ):
            same.append(name)
        else:
            otherwise.append(name)
    assert set(otherwise) <= set(OTHERWISE)
    assert len(same) >= 85
    assert len(silent) <= 35  # a literal at fault, or a suite that wants a refusal


@pytest.fixture(scope="module")
def good() -> Graph:
    return the_good(the_ontology())


def test_planted_errors_are_told_alike(good: Graph) -> None:
    # in heaps, since each alone is told by test_planted_errors.py; a heap may miss what it removes
    cases = CASES + ALLOWED
    for start in range(0, len(cases), 15):
        heap = Graph()
        heap += good
        for case in cases[start : start + 15]:
            spoilt = spoil(good, case)
            heap -= good - spoilt
            heap += spoilt - good
        found = broken(heap, our_reach().asked_once, our_text())
        assert found is not None
        told = explained(heap, found, our_shapes(), our_reach())
        assert results(told) == results(reference(heap, our_shapes()))


#: Literals that hold what their type does not, or what engines read differently.
ODD = (
    Literal("1.5", datatype=XSD.integer, normalize=False),
    Literal("2005-02-30", datatype=XSD.date, normalize=False),
    Literal("\x1fTours", lang="fr"),
    Literal("Tours\n", lang="fr"),
    Literal("", datatype=XSD.date, normalize=False),
)


def damaged(good: Graph, chance: random.Random, many: int) -> Graph:
    """A graph with statements taken away, doubled with other objects, and led elsewhere."""
    triples = sorted(good, key=str)
    graph = Graph()
    graph += good
    for _ in range(many):
        one, other = chance.choice(triples), chance.choice(triples)
        turn = chance.randrange(5)
        if turn == 4:
            graph.add((one[0], one[1], chance.choice(ODD)))
        elif turn != 1:
            graph.remove(one)
        if turn in {1, 2}:
            graph.add((one[0], one[1], other[2]))
        elif turn == 3:
            graph.add((one[0], other[1], one[2]))
    return graph


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32), many=st.integers(1, 40))
def test_random_damage_is_told_alike(good: Graph, seed: int, many: int) -> None:
    data = damaged(good, random.Random(seed), many)  # noqa: S311  # repeatable, not secret
    assert outcome(lambda: judge(data)) == outcome(lambda: reference(data, our_shapes()))


def kept(graph: Graph) -> StoreGraph:
    """The same graph in a store."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in map(engine_triple, graph))
    return StoreGraph(store)


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32), many=st.integers(0, 40), hub=st.sampled_from([2, 500]))
def test_a_slice_out_of_a_store_is_that_of_the_graph(
    good: Graph, seed: int, many: int, hub: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    data = kept(damaged(good, chance, many))
    whole = Graph() + data  # a store writes numbers in its own way
    nodes = sorted({node for s, _, o in whole for node in (s, o)}, key=str)
    seeds = [Seed(node, chance.choice((FOCUS, VALUE))) for node in chance.sample(nodes, 30)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storegraph, "_MANY", hub)
        assert set(our_reach().slice(data, seeds)) == set(our_reach().slice(whole, seeds))
        changed = chance.sample(sorted(whole, key=str), 5)
        assert our_reach().touched(data, changed) == our_reach().touched(whole, changed)


def test_a_text_is_odd_for_what_it_says_not_for_how_it_is_written() -> None:
    def looked(text: Literal) -> list[bool]:
        graph = Graph()
        graph.add((URIRef("urn:x:a"), MLG.purpose, text))
        return [broken(each, (), our_text()) is None for each in (graph, kept(graph))]

    for odd in ("\b", "\f", "\x1f", "a\\\b", '"\x01'):
        assert looked(Literal(odd)) == [True, True], odd
    for plain in ("\\b", 'a\\\\u0001"\\f', "\t\n\r", '1^^<http://x> "30"^^', '"2005-02-30"^^'):
        assert looked(Literal(plain)) == [False, False], plain
    assert looked(Literal("2005-02-28", datatype=XSD.date)) == [False, False]
    assert looked(Literal('"', datatype=XSD.date, normalize=False)) == [True, True]


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32), first=st.integers(0, 30), second=st.integers(1, 10))
def test_a_second_look_at_what_changed_says_what_a_whole_look_says(
    good: Graph, seed: int, first: int, second: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    before = damaged(good, chance, first)
    now = damaged(before, chance, second)
    changed = [*(before - now), *(now - before)]
    told = outcome(lambda: judge(now))
    if isinstance(outcome(lambda: judge(before)), str) or isinstance(told, str):
        return  # what cannot be checked is never built
    looked = again(now, changed, judge(before))
    # when a class changed its parents everything must be looked at
    assert looked is None or results(looked) == told


def test_a_second_look_finds_what_is_at_fault_far_from_the_change(good: Graph) -> None:
    (whole,) = (case for case in CASES if case.name == "evidence-missing")
    now = spoil(good, whole)
    looked = again(now, [*(now - good)], judge(good))
    assert results(looked) == results(judge(now)) != set()


@pytest.mark.parametrize("said", [frozenset({Broken(SH.Shape, Seed(SH.Shape))}), None])
def test_pyshacl_is_believed_when_the_other_errs_or_is_silent(
    good: Graph, monkeypatch: pytest.MonkeyPatch, said: frozenset[Broken] | None
) -> None:
    monkeypatch.setattr(judging, "broken", lambda *_: said)
    assert results(judge(good)) == results(reference(good, our_shapes()))


def test_without_the_quick_engine_all_is_told_alike(
    good: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_there(), "the tests install it"
    spoilt = spoil(good, CASES[0])
    quick = check_graph(spoilt, spoilt)
    monkeypatch.setattr("maillage.screen.is_there", lambda: False)
    assert broken(spoilt, (), our_text()) is None
    assert check_graph(spoilt, spoilt).findings == quick.findings


#: Rules that look far, each by a way of its own; in the data ``a`` breaks them with the help of
#: others.
FAR = {
    "over a literal": ":S sh:targetSubjectsOf :code ; sh:maxCount 1 ;"
    " sh:path ( :code [ sh:inversePath :code ] ) .",
    "over a class": ":S sh:targetSubjectsOf :code ; sh:maxCount 0 ; sh:path ( rdf:type :label ) .",
    "joined by a literal": ':S sh:targetNode :all ; sh:sparql [ sh:prefixes :O ; sh:select """'
    "SELECT $this ?value { ?value x:code ?c . ?other x:code ?c FILTER(?other != ?value) }"
    '""" ] .',
    "something elsewhere": ':S sh:targetSubjectsOf :code ; sh:sparql [ sh:prefixes :O ; sh:select """'
    "SELECT $this { $this x:code ?c FILTER EXISTS { <urn:x#list> x:holds ?c } }"
    '""" ] .',
    "any number of steps": ":S sh:targetSubjectsOf :code ; sh:path ( [ sh:zeroOrMorePath :in ] :shut ) ;"
    " sh:maxCount 0 .",
}
FAR_START = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:x#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
FAR_DATA = """:a :code "1" ; a :C ; :in :b . :b :code "1" ; :in :c . :c :shut true . :C :label "l" .
:list :holds "1" . :d :code "2" ."""


@pytest.mark.parametrize("way", FAR)
def test_a_slice_holds_all_that_a_rule_can_see(way: str) -> None:
    declared = ':O sh:declare [ sh:prefix "x" ; sh:namespace "urn:x#" ] . '
    shapes = Graph().parse(data=FAR_START + declared + FAR[way])
    data = Graph().parse(data=FAR_START + FAR_DATA)
    reach, a = Reach(shapes), URIRef("urn:x#a")
    state = VALUE if reach.asked_once else FOCUS

    def said(graph: Graph) -> list[Result]:
        told = results(reference(graph, shapes))
        return sorted(result[:2] + result[3:5] for result in told if str(a) in result)

    part = reach.slice(data, [Seed(a, state)])
    assert said(part) == said(data) != []
    assert set(reach.slice(kept(data), [Seed(a, state)])) == set(part)
    for triple in data.triples((None, None, None)):
        less = Graph() + data
        less.remove(triple)
        if said(less) != said(data):
            assert Seed(a, state) in (reach.touched(less, [triple]) or ()), triple


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
def test_what_has_no_order_is_said_in_a_sentence(engine: Engine) -> None:
    graph, meeting = Graph(), URIRef("https://w3id.org/maillage/id/event/a-meeting")
    graph.add((meeting, MLG.earliestDay, Literal("2006-01-01", datatype=XSD.date)))
    february = Literal("2005-02-30", datatype=XSD.date, normalize=False)
    graph.add((meeting, MLG.latestDay, february))
    with pytest.raises(MaillageError, match="cannot be checked"):
        check_graph(graph, graph, engine=engine)


def test_a_rule_that_looks_further_than_is_known_is_refused() -> None:
    start = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:x#> . :S sh:targetNode :a ; "
    )
    for further in ("sh:closed true .", "sh:path :p ; sh:node :S .", "sh:js [] ."):
        with pytest.raises(ValueError, match=r"not known|refers to itself"):
            Reach(Graph().parse(data=start + further))
