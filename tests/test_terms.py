"""The Python names equal the Turtle, both ways, and the prefixes say what the files say."""

from __future__ import annotations

import re

import pytest
from rdflib import RDF, RDFS, Graph, URIRef

from maillage.folders import folder, house_text
from maillage.terms import BASE, ID, MLG, NS, PREFIXES, PUBLISHED_BASE

ONTOLOGY = folder("ontology")


def vocabulary() -> Graph:
    """Parse the vocabulary as this installation sees it."""
    return Graph().parse(data=house_text(ONTOLOGY / "vocabulary.ttl"), format="turtle")


def python_names() -> list[str]:
    """List the names written in the closed namespace, in the order in which they are written."""
    return [name for name in vars(MLG)["__annotations__"] if not name.startswith("_")]


def turtle_names() -> set[str]:
    """List the names that the vocabulary defines; the ontology itself is not one of them."""
    defined = {str(term) for term in vocabulary().subjects(RDF.type) if str(term).startswith(NS)}
    return {iri.removeprefix(NS) for iri in defined} - {""}


def test_python_and_turtle_name_the_same_terms() -> None:
    python, turtle = set(python_names()), turtle_names()
    assert python - turtle == set(), "in graph/maillage/terms.py, not in ontology/vocabulary.ttl"
    assert turtle - python == set(), "in ontology/vocabulary.ttl, not in graph/maillage/terms.py"


def test_names_stand_in_alphabetical_order() -> None:
    assert python_names() == sorted(python_names(), key=str.lower)


def test_every_name_gives_its_address() -> None:
    for name in python_names():
        assert getattr(MLG, name) == URIRef(NS + name)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="hasPartner"):
        MLG.hasPartner  # noqa: B018  (the look-up itself is what is tested)


def test_every_term_that_the_vocabulary_uses_is_defined_in_it() -> None:
    used = {
        str(node).removeprefix(NS)
        for triple in vocabulary()
        for node in triple
        if isinstance(node, URIRef) and str(node).startswith(NS)
    }
    assert used - {""} == turtle_names()


def test_every_term_is_the_vocabularys_own() -> None:
    graph = vocabulary()
    assert {
        name
        for name in turtle_names()
        if (URIRef(NS + name), RDFS.isDefinedBy, URIRef(NS)) not in graph
    } == set()


def test_base_is_one_setting() -> None:
    assert PUBLISHED_BASE == "https://w3id.org/maillage/"
    assert (NS, ID, PREFIXES["mlg"]) == (BASE + "ns#", BASE + "id/", BASE + "ns#")


@pytest.mark.parametrize("name", sorted(path.name for path in ONTOLOGY.glob("*.ttl")))
def test_files_write_the_house_prefixes(name: str) -> None:
    """A prefix that the house knows means the same in every file, and rdflib's guesses are out."""
    declared = re.findall(
        r"^@prefix (\S*): +<([^>]+)> *\.$", house_text(ONTOLOGY / name), re.MULTILINE
    )
    assert declared
    for prefix, namespace in declared:
        assert PREFIXES.get(prefix, namespace) == namespace
        for known, meant in PREFIXES.items():
            assert namespace != meant or prefix == known, f"write {known}: for <{meant}>"
