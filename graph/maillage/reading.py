"""RDF files that a person hands in: read strictly, with the line of each thing remembered."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef

from maillage.errors import MaillageError, Position
from maillage.gather import Gathered
from maillage.mint import graph_iri
from maillage.store import rdflib_triple
from maillage.tables import shown_path
from maillage.terms import NS
from maillage.untrusted import RDF_SUFFIXES, lines_of, parse_untrusted, read_file

__all__ = ["RDF_SUFFIXES", "read_rdf"]


def read_rdf(path: Path, gathered: Gathered) -> set[URIRef]:
    """Add an RDF file to what was gathered, in a graph of its own; return the things it is about.

    What follows from the claims is derived again, with those of the file. Its blank nodes have
    addresses that hold for this file only (:mod:`maillage.untrusted`).

    :raises MaillageError: with line and column, when the file is not valid in its format.
    """
    shown = shown_path(path)
    raw = read_file(path, shown)
    graph = ox.NamedNode(graph_iri("handed-in"))
    quads: list[ox.Quad] = []
    things: set[URIRef] = set()
    ours = False
    for quad in parse_untrusted(raw, path.suffix, shown):
        triple = rdflib_triple(quad)
        ours = ours or any(str(term).startswith(NS) for term in triple[1:])
        quads.append(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
        things.add(URIRef(str(triple[0])))
    if not ours:
        raise MaillageError("nothing-ours", path=shown)
    lines = lines_of(raw, things)
    for thing in things:
        gathered.origins.add(thing, Position(shown, lines.get(thing, 1)))
    gathered.add(quads)
    return things
