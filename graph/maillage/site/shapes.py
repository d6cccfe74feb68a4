"""The rules that bear on a term of the vocabulary, in the sentences of ``ontology/shapes.ttl``.

A rule bears on a class that it aims at, and on a property that it is about, aims at by its use,
or reaches through a part of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Final, NamedTuple

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import IdentifiedNode, Node

from maillage.folders import folder, house_text
from maillage.words import Language, best

__all__ = ["Rule", "rules"]


class Rule(NamedTuple):
    """A rule: its short name and its sentence by language tag, and whether it is an error."""

    iri: str
    name: tuple[tuple[str, str], ...]
    message: tuple[tuple[str, str], ...]
    is_error: bool

    def said(self, lang: Language) -> tuple[str, str]:
        """Name and sentence; three dots stand for the thing and the value that it will name."""
        name, message = best(self.name, lang) or "", best(self.message, lang) or ""
        return name, re.sub(r"\{\??\w+\}\.?", "…", message)


#: From a shape to its parts.
_PARTS: Final = (SH.property, SH.node, SH.qualifiedValueShape, SH["not"])
_AIMS: Final = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """By the address of a class or property, the rules that bear on it, in order of addresses."""
    graph = Graph().parse(data=house_text(folder("ontology") / "shapes.ttl"), format="turtle")
    found: dict[str, set[Rule]] = defaultdict(set)
    named = set(graph.subjects(SH.message))
    for shape in sorted(named, key=str):
        rule = Rule(
            str(shape),
            _texts(graph, shape, SH.name),
            _texts(graph, shape, SH.message),
            (shape, SH.severity, SH.Warning) not in graph
            and (shape, SH.severity, SH.Info) not in graph,
        )
        for term in _terms(graph, shape, set()):
            found[term].add(rule)
    return {term: tuple(sorted(own)) for term, own in sorted(found.items())}


def _texts(graph: Graph, shape: Node, prop: URIRef) -> tuple[tuple[str, str], ...]:
    texts = [t for t in graph.objects(shape, prop) if isinstance(t, Literal)]
    return tuple(sorted((text.language or "", str(text)) for text in texts))


def _terms(graph: Graph, shape: Node, seen: set[Node]) -> set[str]:
    """The classes and properties that a rule speaks of, by its aim, its path and its parts."""
    if shape in seen:
        return set()
    seen.add(shape)
    found = {str(term) for aim in _AIMS for term in graph.objects(shape, aim)}
    for path in graph.objects(shape, SH.path):
        found |= _of_path(graph, path)
    for part in _PARTS:
        for inner in graph.objects(shape, part):
            found |= _terms(graph, inner, seen)
    return found


def _of_path(graph: Graph, path: Node) -> set[str]:
    """The properties of a path (SHACL 2.3.1), however it joins them."""
    if isinstance(path, URIRef):
        return set() if path == RDF.nil else {str(path)}
    found: set[str] = set()
    if not isinstance(path, IdentifiedNode):
        return found
    if (path, RDF.first, None) in graph:
        for step in Collection(graph, path):
            found |= _of_path(graph, step)
    for inner in graph.objects(path):
        if (path, RDF.first, None) not in graph:
            found |= _of_path(graph, inner)
    return found
