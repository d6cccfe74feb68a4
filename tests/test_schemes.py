"""The SKOS schemes read like a strict colleague would: labels, order, matches, no loose end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"
FILES = ("themes.ttl", "lists.ttl")
ID = "https://w3id.org/maillage/id/"
MLG = Namespace("https://w3id.org/maillage/ns#")
DAC = "http://reference.iatistandard.org/codelists/Sector/"
SDG = "http://metadata.un.org/sdg/"
TAGS = {"fr", "en", "zh-Hans"}
MATCHES = (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, SKOS.exactMatch)

# The keys that tables and code may rely on; a scheme may hold more, only `theme` does.
KEYS = {
    "link-kind": "twinning friendship cooperation-agreement project-partnership contact "
    "triangular-cooperation representation-office proposed-lead-pair",
    "state": "proposed to-be-confirmed in-negotiation active suspended ended unknown",
    "certainty": "stated to-be-confirmed inferred disputed",
    "level": "country region departement commune epci overseas-collectivity province prefecture "
    "county city municipal-arrondissement unknown",
    "role": "host organiser co-organiser patron participant moderator co-chair chair rapporteur "
    "inviter partner proposed-lead proposed-actor addressee",
    "event-kind": "edition workshop seminar meeting steering-committee trade-fair visit dialogue "
    "anniversary founding forum",
    "organisation-kind": "ministry national-association-of-authorities country-group "
    "steering-committee friendship-association university think-tank parliament network-of-sites "
    "specialised-association delegation government representation-office media reference-work "
    "association public-body company",
    "mention-kind": "name abbreviation former-name exonym misspelling unidentified anachronism "
    "inconsistency",
    "qualifier": "exactly more-than nearly about at-least at-most",
    "quantity": "engaged-collectivities projects representation-offices participants students "
    "workshops strands budget-in-euros budget-in-yuan budget-in-dollars twinned-pairs "
    "cooperation-links agreements partner-authorities engaged-regions engaged-departements "
    "engaged-cities represented-authorities countries activities",
    "change-kind": "renaming merger split status-change recoding",
    "completeness": "complete-for-scope partial not-documented",
    "search-outcome": "found partly-found mention-only not-found unusable",
}
BRANCHES = {
    "urban-development": "sustainable-city mobility smart-city urban-planning parks-and-gardens",
    "environment": "climate carbon-accounting water natural-heritage energy forestry",
    "economy": "innovation trade-and-export investment small-business logistics industry "
    "maritime-economy",
    "agriculture-and-food": "food-safety viticulture gastronomy local-products spirits",
    "health": "ageing mental-health well-being",
    "culture": "heritage cultural-industries cinema crafts",
    "tourism": "sustainable-tourism",
    "leisure-and-sport": "equestrian-sport sailing outdoor-sport",
    "education-and-research": "university-cooperation research training language-learning",
    "governance": "administrative-reform public-policy-exchange decentralised-cooperation-method "
    "public-safety",
    "human-exchange": "youth",
}
ORDERED = ("link-kind", "state", "certainty", "level", "completeness", "search-outcome")
TENTATIVE = {"proposed", "to-be-confirmed", "in-negotiation"}


def read() -> Graph:
    """Return both files as one graph."""
    graph = Graph()
    for name in FILES:
        graph.parse(ONTOLOGY / name, format="turtle")
    return graph


GRAPH = read()


def iris(nodes: Iterable[Node]) -> list[URIRef]:
    """Return the IRIs among some nodes, sorted."""
    return sorted(node for node in nodes if isinstance(node, URIRef))


SCHEMES = iris(GRAPH.subjects(RDF.type, SKOS.ConceptScheme))
CONCEPTS = iris(GRAPH.subjects(RDF.type, SKOS.Concept))


def key(thing: Node) -> str:
    """Return the last part of an IRI of ours."""
    return str(thing).rsplit("/", 1)[1]


def kind(thing: Node) -> str:
    """Return the part of an IRI of ours before its key: `theme`, `state`, `scheme`."""
    return str(thing).removeprefix(ID).rsplit("/", 1)[0]


def concept(scheme: str, name: str) -> URIRef:
    """Return the IRI of a concept."""
    return URIRef(f"{ID}{scheme}/{name}")


def members(scheme: str) -> list[URIRef]:
    """Return the concepts of a scheme, by key."""
    return iris(GRAPH.subjects(SKOS.inScheme, URIRef(f"{ID}scheme/{scheme}")))


def texts(thing: Node, prop: URIRef) -> list[Literal]:
    """Return the literals of a property."""
    return [value for value in GRAPH.objects(thing, prop) if isinstance(value, Literal)]


def broader_path(start: URIRef) -> list[URIRef]:
    """Return the concepts above one, nearest first; a cycle fails the test that asks."""
    path = [start]
    while (above := GRAPH.value(path[-1], SKOS.broader)) is not None:
        assert isinstance(above, URIRef)
        assert above not in path, f"broader cycle through {above}"
        path.append(above)
    return path[1:]


@pytest.mark.parametrize("name", FILES)
def test_two_parsers_read_the_same(name: str) -> None:
    """rdflib and Oxigraph find as many triples, and none has a blank node."""
    graph = Graph().parse(ONTOLOGY / name, format="turtle")
    triples = set(pyoxigraph.parse(path=ONTOLOGY / name, format=pyoxigraph.RdfFormat.TURTLE))
    assert len(triples) == len(graph) > 0
    assert not [node for triple in graph for node in triple if isinstance(node, BNode)]


def test_the_schemes_are_those_agreed() -> None:
    """Fourteen schemes; the closed lists hold the agreed keys and nothing else."""
    assert {key(scheme) for scheme in SCHEMES} == {*KEYS, "theme"}
    for scheme, names in KEYS.items():
        assert {key(item) for item in members(scheme)} == set(names.split()), scheme


def test_the_themes_hold_the_agreed_branches() -> None:
    """The agreed top themes are the top themes, and the agreed narrower ones stand under them."""
    tops = set(GRAPH.objects(URIRef(f"{ID}scheme/theme"), SKOS.hasTopConcept))
    assert tops == {concept("theme", top) for top in BRANCHES}
    for top, names in BRANCHES.items():
        for name in names.split():
            assert GRAPH.value(concept("theme", name), SKOS.broader) == concept("theme", top)


@pytest.mark.parametrize("thing", [*SCHEMES, *CONCEPTS], ids=lambda t: str(t).removeprefix(ID))
def test_one_label_and_one_definition_a_language(thing: URIRef) -> None:
    """Label, definition and scope note, when there is one, stand once in fr, en and zh-Hans."""
    for prop in (SKOS.prefLabel, SKOS.definition):
        assert sorted(str(text.language) for text in texts(thing, prop)) == sorted(TAGS), prop
    notes = [str(text.language) for text in texts(thing, SKOS.scopeNote)]
    assert sorted(notes) == (sorted(TAGS) if kind(thing) == "level" else []), "scope notes"


def test_texts_are_clean() -> None:
    """Texts are trimmed and tagged; definitions end with a stop and are the concept's own."""
    for thing in (*SCHEMES, *CONCEPTS):
        for prop in (SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.scopeNote):
            for text in texts(thing, prop):
                assert text.language in TAGS, f"{thing}: {text!r} has no language of ours"
                assert str(text) == " ".join(str(text).split()) != "", f"{thing}: spaces"
                stops = prop in (SKOS.definition, SKOS.scopeNote)
                assert str(text).endswith((".", "。", "…")) == stops, f"{thing}: {text}"
                if text.language == "zh-Hans":
                    assert not re.search(r"[,;:()?!]", str(text)), f"{thing}: {text}"
    counts = Counter(text for thing in CONCEPTS for text in texts(thing, SKOS.definition))
    assert [text for text, count in counts.items() if count > 1] == []


def test_keys_and_schemes_agree() -> None:
    """IRI, notation, scheme and isDefinedBy say the same; keys are unique in their scheme."""
    seen: Counter[tuple[str, str]] = Counter()
    for thing in CONCEPTS:
        scheme = URIRef(f"{ID}scheme/{kind(thing)}")
        assert scheme in SCHEMES, f"{thing} is in no known scheme"
        assert list(GRAPH.objects(thing, SKOS.inScheme)) == [scheme], thing
        assert list(GRAPH.objects(thing, RDFS.isDefinedBy)) == [scheme], thing
        assert texts(thing, SKOS.notation) == [Literal(key(thing))], thing
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key(thing)), thing
        seen[kind(thing), str(GRAPH.value(thing, SKOS.notation))] += 1
    assert [pair for pair, count in seen.items() if count > 1] == []
    for scheme in SCHEMES:
        assert kind(scheme) == "scheme"
        assert texts(scheme, SKOS.notation) == [Literal(key(scheme))]
        assert list(GRAPH.objects(scheme, RDFS.isDefinedBy)) == [scheme]


def test_a_name_means_one_concept() -> None:
    """Within a scheme and a language no two names are alike, be they preferred or other."""
    for scheme in SCHEMES:
        owners: dict[tuple[str, str], list[str]] = {}
        for thing in members(key(scheme)):
            for prop in (SKOS.prefLabel, SKOS.altLabel):
                for text in texts(thing, prop):
                    name = (str(text.language), str(text).casefold())
                    owners.setdefault(name, []).append(key(thing))
        assert {name: who for name, who in owners.items() if len(who) > 1} == {}, scheme


def test_tops_and_broader_concepts_make_trees() -> None:
    """A concept is top or has one broader one of its scheme; following it ends at a top."""
    for thing in CONCEPTS:
        tops = list(GRAPH.objects(thing, SKOS.topConceptOf))
        above = list(GRAPH.objects(thing, SKOS.broader))
        assert len(tops) + len(above) == 1, thing
        assert not above or kind(thing) == "theme", f"{thing}: closed lists are flat"
        path = broader_path(thing)
        assert {kind(item) for item in path} <= {kind(thing)}, thing
        top = path[-1] if path else thing
        assert (top, SKOS.topConceptOf, URIRef(f"{ID}scheme/{kind(thing)}")) in GRAPH, thing
    forth = set(GRAPH.subject_objects(SKOS.topConceptOf))
    back = {(item, scheme) for scheme, item in GRAPH.subject_objects(SKOS.hasTopConcept)}
    assert forth == back


def test_related_themes_are_not_above_one_another() -> None:
    """SKOS keeps skos:related apart from the hierarchy."""
    for one, other in GRAPH.subject_objects(SKOS.related):
        assert isinstance(one, URIRef) and isinstance(other, URIRef)
        assert other in CONCEPTS
        assert other not in broader_path(one) and one not in broader_path(other)


def test_order_runs_from_one() -> None:
    """Ordered lists number all their concepts 1, 2, 3…; the others carry no number."""
    for scheme in SCHEMES:
        found = [text for item in members(key(scheme)) for text in texts(item, MLG.ordinal)]
        assert all(text.datatype == XSD.integer for text in found)
        wanted = len(members(key(scheme))) if key(scheme) in ORDERED else 0
        assert sorted(text.toPython() for text in found) == list(range(1, wanted + 1)), scheme


def test_only_three_states_are_tentative() -> None:
    """Proposed, to be confirmed and in negotiation are tentative; no other concept is."""
    found = dict(GRAPH.subject_objects(MLG.isTentative))
    assert found == {concept("state", name): Literal(True) for name in TENTATIVE}


def test_top_themes_match_dac_and_sdg() -> None:
    """Every top theme reaches a DAC code and a goal; no address is malformed or used twice."""
    for thing in CONCEPTS:
        matches = [str(target) for prop in MATCHES for target in GRAPH.objects(thing, prop)]
        assert len(matches) == len(set(matches)), f"{thing}: one target, two kinds of match"
        for target in matches:
            assert re.fullmatch(
                rf"{re.escape(DAC)}\d{{5}}|{re.escape(SDG)}([1-9]|1[0-7])", target
            ), f"{thing}: {target}"
        if kind(thing) == "theme" and not list(GRAPH.objects(thing, SKOS.broader)):
            assert any(target.startswith(DAC) for target in matches), thing
            assert any(target.startswith(SDG) for target in matches), thing
    for prop in (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch):
        assert all(str(target).startswith(DAC) for target in GRAPH.objects(None, prop)), prop
