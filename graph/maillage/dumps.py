"""The whole graph in six standard formats, each read back before anyone gets it.

Canonical N-Quads are the truth from which the others are made: one line a quad, sorted by bytes,
every line once, LF. N-Quads, TriG and JSON-LD hold the named graphs; N-Triples, Turtle and
RDF/XML hold their union. The same graph gives the same bytes on any machine.

The engine writes language tags in lower case, which RDF allows (RDF 1.1 Concepts, 3.3); here they
are put back as the data write them, ``zh-Hans``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from maillage.errors import MaillageError
from maillage.jsonld import write_jsonld
from maillage.store import native, quads_of
from maillage.terms import PREFIXES

__all__ = [
    "FORMATS",
    "Format",
    "dumps",
    "nquads",
    "quads_of_graph",
    "read_back",
    "union",
    "write_triples",
]


class Format(NamedTuple):
    """A standard format: who reads it, and whether it can hold named graphs."""

    media_type: str
    engine: ox.RdfFormat
    has_graphs: bool
    address: str


_FORMATS_W3C: Final = "http://www.w3.org/ns/formats/"

#: The formats of a release, by the suffix of the file.
FORMATS: Final[Mapping[str, Format]] = {
    "nq": Format("application/n-quads", ox.RdfFormat.N_QUADS, True, _FORMATS_W3C + "N-Quads"),
    "trig": Format("application/trig", ox.RdfFormat.TRIG, True, _FORMATS_W3C + "TriG"),
    "jsonld": Format("application/ld+json", ox.RdfFormat.JSON_LD, True, _FORMATS_W3C + "JSON-LD"),
    "nt": Format(
        "application/n-triples", ox.RdfFormat.N_TRIPLES, False, _FORMATS_W3C + "N-Triples"
    ),
    "ttl": Format("text/turtle", ox.RdfFormat.TURTLE, False, _FORMATS_W3C + "Turtle"),
    "rdf": Format("application/rdf+xml", ox.RdfFormat.RDF_XML, False, _FORMATS_W3C + "RDF_XML"),
}

# Characters that no XML 1.0 document can hold (XML 1.0, 2.2), half a surrogate pair among them.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# RDF/XML writes a property as an XML name, so its address must end in one.
_XML_NAME_AT_END = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")

_TAG_AT_END = re.compile(rb'"@([A-Za-z0-9-]+)(?: <[^>]*>)? \.$', re.MULTILINE)
# Strings are written on one line with quotes escaped, so that a quote always ends one.
_TAGGED = re.compile(rb'(<[^>]*>|"(?:[^"\\]|\\.)*")(?:@([A-Za-z0-9-]+))?')
_XML_TAGGED = re.compile(rb'( xml:lang=")([^"]+)(?=")')
_PREFIX_LINES = re.compile(rb"\A(?:@prefix [^\n]*\n)+")
_XML_ROOT = re.compile(rb"<rdf:RDF( [^>]*)>")


def nquads(dataset: Dataset) -> bytes:
    """The canonical N-Quads of a dataset.

    :raises MaillageError: when it holds what a release cannot: blank nodes, statements outside of
        every named graph, a character that XML has not, an address or tag that is malformed.
    """
    tags = _checked(dataset)
    lines = {_respelled(f"{quad} .".encode(), _TAGGED, tags) for quad in quads_of(dataset)}
    return b"".join(line + b"\n" for line in sorted(lines))


def union(canonical: bytes) -> set[bytes]:
    """The lines of N-Triples that canonical N-Quads hold in whichever graph, with their ends."""
    # the address of the graph is the last thing on a line and holds no space
    return {line[: line.rindex(b" <")] + b" .\n" for line in canonical.splitlines()}


def dumps(canonical: bytes) -> dict[str, bytes]:
    """Every format of a release, by suffix, from canonical N-Quads."""
    tags = _tags(canonical)
    lines = b"".join(sorted(union(canonical)))
    triples = _triples(lines)
    quads = list(ox.parse(canonical, ox.RdfFormat.N_QUADS))
    quads.sort(key=lambda quad: str(quad.graph_name))
    made = {"nq": canonical, "nt": lines}
    for suffix, form in FORMATS.items():
        if suffix not in made:
            made[suffix] = _written(quads if form.has_graphs else triples, suffix, tags)
    return {suffix: made[suffix] for suffix in FORMATS}


def write_triples(graph: Graph, suffix: str) -> bytes:
    """Triples in one of :data:`FORMATS`, sorted, with our prefixes and the tags as written."""
    triples = sorted((quad.triple for quad in quads_of_graph(graph)), key=str)
    spellings = {o.language for o in graph.objects() if isinstance(o, Literal) and o.language}
    tags = {tag.lower(): tag for tag in sorted(spellings, reverse=True)}
    return _written(triples, suffix, tags)


def quads_of_graph(graph: Graph) -> list[ox.Quad]:
    """The triples of a graph as the engine's quads, in a named graph of no importance."""
    home = ox.NamedNode(PREFIXES["mlg"])
    return [
        ox.Quad(native(s), ox.NamedNode(str(p)), native(o), home)  # type: ignore[arg-type]  # subjects are never literals
        for s, p, o in graph
    ]


def read_back(content: bytes, suffix: str, quads: Collection[ox.Quad], name: str = "") -> None:
    """Make sure that a dump says what the graph says, no more and no less.

    :param quads: the quads of the graph (:func:`maillage.store.quads_of`).
    :param name: what to call the dump when it fails; ``maillage.<suffix>`` when not given.
    :raises MaillageError: with the number of statements that are missing and that are too many.
    """
    form = FORMATS[suffix]
    expected: set[object] = {q if form.has_graphs else q.triple for q in quads}
    called = name or f"maillage.{suffix}"
    try:
        parsed = list(ox.parse(content, form.engine))
    except (SyntaxError, ValueError) as error:
        raise MaillageError("dump-unreadable", file=called, reason=error) from error
    found: set[object] = {q if form.has_graphs else q.triple for q in parsed}
    if found != expected:
        missing, extra = len(expected - found), len(found - expected)
        raise MaillageError("dump-differs", file=called, missing=missing, extra=extra)


def _triples(ntriples: bytes) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(ntriples, ox.RdfFormat.N_TRIPLES)]


def _checked(dataset: Dataset) -> dict[bytes, bytes]:
    """Refuse what cannot be published; return how each language tag is written."""
    spelled: dict[str, str] = {}
    seen: set[URIRef] = set()
    for s, p, o, g in dataset.quads():
        if g is None or g == DATASET_DEFAULT_GRAPH_ID:
            raise MaillageError("dump-no-graph", subject=s, property=p)
        for term in (s, p, o, g):
            if isinstance(term, BNode):
                raise MaillageError("dump-blank-node", subject=s, property=p)
            if isinstance(term, URIRef) and term not in seen:
                _check_address(term, s, p)
                seen.add(term)
        if not _XML_NAME_AT_END.search(str(p)):
            raise MaillageError("dump-property", property=p)
        if isinstance(o, Literal):
            if bad := _NOT_IN_XML.search(o):
                code = f"U+{ord(bad[0]):04X}"
                raise MaillageError("dump-character", subject=s, property=p, character=code)
            if o.language and o.language not in spelled.values():
                _check_tag(o.language, s, p)
                low = o.language.lower()
                # two spellings of one tag are one tag: the one with capitals stays
                spelled[low] = min(spelled.get(low, o.language), o.language)
    return {low.encode(): tag.encode() for low, tag in spelled.items()}


def _check_address(address: URIRef, subject: object, predicate: object) -> None:
    try:
        ox.NamedNode(str(address))
    except ValueError as error:
        values = {"address": address, "subject": subject, "property": predicate, "reason": error}
        raise MaillageError("dump-address", **values) from error


def _check_tag(tag: str, subject: object, predicate: object) -> None:
    try:
        ox.Literal("", language=tag)
    except ValueError as error:
        values = {"tag": tag, "subject": subject, "property": predicate}
        raise MaillageError("dump-language", **values) from error


def _tags(canonical: bytes) -> dict[str, str]:
    found = {tag.decode() for tag in _TAG_AT_END.findall(canonical)}
    return {tag.lower(): tag for tag in sorted(found, reverse=True)}


def _written(
    statements: Collection[ox.Quad] | Collection[ox.Triple], suffix: str, tags: Mapping[str, str]
) -> bytes:
    """Write statements in the order given, then mend what the engine leaves open."""
    if suffix == "jsonld":
        return write_jsonld(statements, tags)
    out = io.BytesIO()
    ox.serialize(statements, out, format=FORMATS[suffix].engine, prefixes=dict(PREFIXES))
    content = out.getvalue()
    spelled = {low.encode(): tag.encode() for low, tag in tags.items()}
    if suffix == "rdf":
        # an XML reader turns a bare carriage return into a line feed (XML 1.0, 2.11)
        content = content.replace(b"\r", b"&#xD;")
        content = _XML_ROOT.sub(_sorted_attributes, content, count=1)
        return _respelled(content, _XML_TAGGED, spelled) + b"\n"
    content = _PREFIX_LINES.sub(_used_prefixes, content)
    return _respelled(content, _TAGGED, spelled)


def _used_prefixes(head: re.Match[bytes]) -> bytes:
    """The prefix lines that the rest needs, sorted: the engine keeps them in a hash table."""
    body = head.string[head.end() :]
    lines = head[0].splitlines(keepends=True)
    return b"".join(sorted(line for line in lines if line.split()[1] in body))


def _sorted_attributes(root: re.Match[bytes]) -> bytes:
    return b"<rdf:RDF " + b" ".join(sorted(root[1].split())) + b">"


def _respelled(content: bytes, pattern: re.Pattern[bytes], tags: Mapping[bytes, bytes]) -> bytes:
    """Write the language tags as the data do; the second group of the pattern is a tag."""

    def respell(found: re.Match[bytes]) -> bytes:
        before, tag = found[1], found[2]
        if tag is None:
            return found[0]
        at = b"" if pattern is _XML_TAGGED else b"@"
        return before + at + tags.get(tag.lower(), tag)

    return pattern.sub(respell, content)
