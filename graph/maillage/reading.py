"""RDF files that a person hands in: read strictly, with the line of each thing remembered."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import URIRef

from maillage.derive import derive
from maillage.errors import MaillageError, Position
from maillage.gather import Gathered
from maillage.mint import graph_iri
from maillage.store import rdflib_triple
from maillage.tables import shown_path
from maillage.terms import NS

__all__ = ["RDF_SUFFIXES", "read_rdf"]

#: The endings of the RDF files that can be checked.
RDF_SUFFIXES: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}

_LIMIT: Final = 50_000_000  # bytes; a hand-made file is far smaller
# Kinds of address that may stand in data: none that runs something or reads a file.
_SCHEMES: Final = ("http://", "https://", "urn:", "mailto:")
_DEPTH: Final = 64  # of nested JSON: the parser's own stack ends the process somewhere below


def read_rdf(path: Path, gathered: Gathered) -> set[URIRef]:
    """Add an RDF file to what was gathered, in a graph of its own; return the things it is about.

    What follows from the claims is derived again, with those of the file.

    :raises MaillageError: with line and column, when the file is not valid in its format.
    """
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    shown = shown_path(path)
    _refuse_hostile(raw, path)
    graph = gathered.dataset.graph(graph_iri("handed-in"))
    things: set[URIRef] = set()
    ours = False
    try:
        for quad in ox.parse(raw, format=RDF_SUFFIXES[path.suffix.lower()]):
            triple = rdflib_triple(quad)
            ours = ours or any(str(term).startswith(NS) for term in triple[1:])
            for term in triple:
                if isinstance(term, URIRef) and not str(term).startswith(_SCHEMES):
                    raise MaillageError("bad-rdf", path=shown, reason=f"<{term}>")
            graph.add(triple)
            if isinstance(triple[0], URIRef):
                things.add(triple[0])
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f"{shown}:{line}:{getattr(error, 'offset', 1) or 1}" if line else shown
        reason = getattr(error, "msg", None) or error
        raise MaillageError("bad-rdf", path=where, reason=reason) from error
    if not ours:
        raise MaillageError("nothing-ours", path=shown)
    text = raw.decode("utf-8", "replace")
    for thing in things:
        gathered.origins.things[thing] = Position(shown, _line(text, thing))
    derive(gathered.dataset)
    return things


def _line(text: str, thing: URIRef) -> int:
    """The first line that names a thing, in full or by the end of its address after a prefix."""
    for needle in (str(thing), str(thing).rsplit("/", 1)[-1].rsplit("#", 1)[-1]):
        at = text.find(needle)
        if at >= 0:
            return text.count("\n", 0, at) + 1
    return 1


def _refuse_hostile(raw: bytes, path: Path) -> None:
    """Refuse what is known to end or to stall a parser, before it sees the file."""
    if len(raw) > _LIMIT:
        raise MaillageError("bad-rdf", path=path, reason=f"> {_LIMIT} B")
    if path.suffix.lower() == ".rdf" and b"<!ENTITY" in raw:
        raise MaillageError("bad-rdf", path=path, reason="<!ENTITY")
    if path.suffix.lower() != ".jsonld":
        return
    depth = deepest = 0
    for byte in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", raw):
        if byte in b"[{":
            depth += 1
            deepest = max(depth, deepest)
        elif byte in b"]}":
            depth -= 1
    if deepest > _DEPTH:
        raise MaillageError("bad-rdf", path=path, reason=f"JSON > {_DEPTH}")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise MaillageError("bad-rdf", path=path, reason=error) from error
    if _remote_context(document):
        raise MaillageError("bad-rdf", path=path, reason="@context: http(s)://…")


def _remote_context(part: object) -> bool:
    """Whether a context would have to be fetched from somewhere."""
    if isinstance(part, list):
        return any(map(_remote_context, part))
    if not isinstance(part, dict):
        return False
    context = part.get("@context")
    listed = context if isinstance(context, list) else [context]
    return any(isinstance(c, str) for c in listed) or any(map(_remote_context, part.values()))
