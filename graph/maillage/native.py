"""The same statements in the terms of rdflib and in those of pyoxigraph, each way.

Oxigraph lower-cases language tags; on the way back they get the case in which such tags are
written, ``zh-Hans``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.term import Identifier, Node

from maillage.errors import MaillageError

__all__ = [
    "Terms",
    "dataset_of_quads",
    "engine_triple",
    "literal",
    "native",
    "new_dataset",
    "quads_of",
    "rdflib_term",
    "rdflib_triple",
    "tag",
]


def new_dataset() -> Dataset:
    """An empty dataset whose default graph is the union of its named graphs."""
    return Dataset(default_union=True)


def dataset_of_quads(quads: Iterable[ox.Quad]) -> Dataset:
    """An rdflib dataset, its default graph the union, from the quads that are in named graphs."""
    dataset = new_dataset()
    graphs: dict[str, Graph] = {}
    for quad in quads:
        if isinstance(quad.graph_name, ox.NamedNode):
            name = quad.graph_name.value
            if name not in graphs:
                graphs[name] = dataset.graph(URIRef(name))
            graphs[name].add(rdflib_triple(quad))
    return dataset


def quads_of(dataset: Dataset) -> list[ox.Quad]:
    """The quads of an rdflib dataset as pyoxigraph's, unchanged, in no particular order."""
    return [
        ox.Quad(native(s), ox.NamedNode(str(p)), native(o), ox.NamedNode(str(g)))  # type: ignore[arg-type]  # subjects are never literals
        for s, p, o, g in dataset.quads()
        if g is not None
    ]


def native(term: object) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """An rdflib term as pyoxigraph's, unchanged."""
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        datatype = term.datatype
        return ox.Literal(str(term), datatype=ox.NamedNode(str(datatype)) if datatype else None)
    return ox.BlankNode(str(term))


def engine_triple(triple: tuple[Node, Node, Node]) -> ox.Triple:
    """A triple of rdflib's as pyoxigraph's, unchanged."""
    return ox.Triple(*map(native, triple))  # type: ignore[arg-type]  # subjects are never literals


def rdflib_triple(quad: ox.Quad | ox.Triple) -> tuple[Identifier, Identifier, Identifier]:
    """The triple of a quad, in rdflib's terms."""
    return rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)


class Terms(dict[object, Identifier]):
    """pyoxigraph's terms as rdflib's, each made once: in answers most stand in many rows."""

    def __missing__(self, term: object) -> Identifier:
        made = self[term] = rdflib_term(term)
        return made


_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def rdflib_term(term: object) -> Identifier:
    """One of pyoxigraph's terms as rdflib's.

    :raises MaillageError: when it is a triple.
    """
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        return literal(term.value, term.language, term.datatype.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise MaillageError("triple-term", term=term)


def literal(value: str, language: str | None, datatype: str | None) -> Literal:
    """A literal in rdflib's terms, its language tag in the case in which such tags are written."""
    if language:
        return Literal(value, lang=tag(language))
    if datatype in (None, _XSD_STRING):
        return Literal(value)
    return Literal(value, datatype=URIRef(datatype))


@lru_cache(maxsize=1_000)  # there are few, but a query may make any number of them
def tag(language: str) -> str:
    """The case that BCP 47 (2.1.1) recommends: ``zh-hans`` is written ``zh-Hans``."""
    first, *rest = language.lower().split("-")
    script, region = 4, 2  # letters
    cased = {script: str.title, region: str.upper}
    return "-".join([first, *(cased.get(len(part), str)(part) for part in rest)])
