"""The whole graph in six standard formats, made from canonical N-Quads on the disk.

Canonical N-Quads are the truth from which the others are made: one line a quad, sorted by bytes,
every line once, LF. N-Quads, TriG and JSON-LD hold the named graphs; N-Triples, Turtle and
RDF/XML hold their union. The same graph gives the same bytes on any machine. All of it is a stream:
memory does not grow with the graph.

The engine writes language tags in lower case, which RDF allows (RDF 1.1 Concepts, 3.3); here they
are written as BCP 47 (2.1.1) recommends and our data have them, ``zh-Hans``.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, NamedTuple, cast

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from maillage.bounded.writing import Lines, Writer, Xml
from maillage.errors import MaillageError
from maillage.jsonld import write_jsonld
from maillage.runs import blocks, by_graph, ordered, readable, union
from maillage.store import engine_triple, native
from maillage.storegraph import StoreGraph
from maillage.terms import PREFIXES

__all__ = [
    "FORMATS",
    "Format",
    "canonical",
    "dump",
    "dumps",
    "line_of",
    "nquads",
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

# What a release can hold, as the engine writes it: no blank node, a graph, a property whose address
# ends in a name, and a text of characters that XML has (all others are escaped as numbers).
_PUBLISHABLE: Final = re.compile(
    rb"<[^>]*> <[^>]*[A-Za-z_][A-Za-z0-9_.-]*> "
    rb'(?:<[^>]*>|"(?:[^"\\]++|\\(?:["\\nrt]|u007F))*+"[^" ]*) <[^>]*> \.\n'
)
# Characters that no XML 1.0 document can hold (XML 1.0, 2.2), half a surrogate pair among them.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# RDF/XML writes a property as an XML name, so its address must end in one.
_XML_NAME_AT_END = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")

_XML_ROOT: Final = re.compile(rb"<rdf:RDF( [^>]*)>")
_BLOCK: Final = 1 << 20
_LONGEST_PREFIX: Final = max(map(len, PREFIXES)) + 1  # with its colon

_LINES: Final = Lines()


def canonical(statements: Dataset | Iterable[ox.Quad]) -> Iterator[bytes]:
    """The lines of canonical N-Quads, with their ends.

    :param statements: in any order, as often as may be; a stream need not fit into memory.
    :raises MaillageError: when they hold what a release cannot: blank nodes, statements outside of
        every named graph, a character that XML has not, an address or tag that is malformed.
    """
    quads = _quads(statements) if isinstance(statements, Dataset) else statements
    return ordered(map(_publishable, quads))


def nquads(statements: Dataset | Iterable[ox.Quad]) -> bytes:
    """The same as one text.

    :raises MaillageError: as :func:`canonical`.
    """
    return b"".join(canonical(statements))


def line_of(statement: ox.Quad | ox.Triple) -> bytes:
    """A statement as a line of N-Quads or N-Triples, with its end."""
    line = f"{statement} .\n".encode()
    return Lines.tag.sub(_LINES.put, line) if b'"@' in line else line


def dumps(whole: Path) -> dict[str, Path]:
    """Write every other format of a release beside its canonical N-Quads.

    :returns: the files by suffix, the one given among them.
    """
    made = {suffix: whole.with_suffix(f".{suffix}") for suffix in FORMATS}
    for suffix, target in made.items():
        if target != whole:
            dump(whole, suffix, target)
    return made


def dump(whole: Path, suffix: str, target: Path) -> None:
    """Write one of :data:`FORMATS` from a file of canonical N-Quads."""
    form = FORMATS[suffix]
    room = target.parent  # drafts lie there, too: a disk that is full is then the one that is named
    with whole.open("rb") as lines, target.open("wb") as out:
        if suffix == "nq":
            shutil.copyfileobj(lines, out)
        elif suffix == "nt":
            out.writelines(union(lines))
        elif suffix == "jsonld":
            graphs = by_graph(lines, room)
            out.writelines(write_jsonld((g, text.splitlines()) for g, text in graphs))
        else:
            if form.has_graphs:
                parts = (text.replace(b"\n", b" %b .\n" % g) for g, text in by_graph(lines, room))
                statements = _trusted(parts, ox.RdfFormat.N_QUADS)
            else:
                statements = _trusted(blocks(union(lines)), ox.RdfFormat.N_TRIPLES)
            draft = cast("Callable[[], BinaryIO]", partial(TemporaryFile, dir=room))
            _write(statements, suffix, out, draft)


def _trusted(parts: Iterable[bytes], form: ox.RdfFormat) -> Iterable[ox.Quad]:
    """Read what we have written; that it is right is looked at when a dump is read back."""
    return ox.parse(readable(parts), form, lenient=True)


def write_triples(graph: Graph, suffix: str) -> bytes:
    """Triples in one of :data:`FORMATS`, sorted, with our prefixes."""
    every = graph.natives() if isinstance(graph, StoreGraph) else map(engine_triple, graph)
    triples = sorted(every, key=str)
    if suffix == "jsonld":
        lines = [line_of(triple).removesuffix(b" .\n") for triple in triples]
        return b"".join(write_jsonld([(b"", lines)]))
    out = io.BytesIO()
    _write(triples, suffix, out, io.BytesIO)  # a worker of the server may write no file
    return out.getvalue()


def _quads(dataset: Dataset) -> Iterator[ox.Quad]:
    for s, p, o, g in dataset.quads():
        if g is None or g == DATASET_DEFAULT_GRAPH_ID:
            raise MaillageError("dump-no-graph", subject=s, property=p)
        try:
            yield ox.Quad(*map(native, (s, p, o, g)))  # type: ignore[arg-type]  # what is none is refused
        except (TypeError, ValueError) as error:
            raise _refusal(s, p, o, g) from error


def _refusal(s: object, p: object, o: object, g: object) -> MaillageError:
    """Why the engine does not take a statement of rdflib's."""
    about = {"subject": s, "property": p}
    for term in (s, p, o, g, getattr(o, "datatype", None)):
        if isinstance(term, BNode):
            return MaillageError("dump-blank-node", **about)
        if isinstance(term, URIRef):
            try:
                ox.NamedNode(str(term))
            except ValueError as error:
                return MaillageError("dump-address", address=term, reason=error, **about)
    text = o if isinstance(o, Literal) else Literal("")
    return _odd_character(text, about) or MaillageError("dump-language", tag=text.language, **about)


def _publishable(quad: ox.Quad) -> bytes:
    """The line of a statement; refused when no release can hold it."""
    line = line_of(quad)
    if not _PUBLISHABLE.fullmatch(line):
        _examine(quad)
    return line


def _examine(quad: ox.Quad) -> None:
    """Refuse what cannot be published, with the reason."""
    s, p, o, g = quad
    about: dict[str, object] = {"subject": getattr(s, "value", s), "property": p.value}
    if isinstance(g, ox.DefaultGraph):
        raise MaillageError("dump-no-graph", **about)
    if any(isinstance(term, ox.BlankNode) for term in (s, o, g)):
        raise MaillageError("dump-blank-node", **about)
    if isinstance(o, ox.Triple):
        raise MaillageError("triple-term", term=o)
    if not _XML_NAME_AT_END.search(p.value):
        raise MaillageError("dump-property", property=p.value)
    if isinstance(o, ox.Literal) and (refusal := _odd_character(o.value, about)):
        raise refusal


def _odd_character(text: str, about: Mapping[str, object]) -> MaillageError | None:
    bad = _NOT_IN_XML.search(text)
    if bad is None:
        return None
    return MaillageError("dump-character", character=f"U+{ord(bad[0]):04X}", **about)


def _write(
    statements: Iterable[ox.Quad | ox.Triple],
    suffix: str,
    out: BinaryIO,
    room: Callable[[], BinaryIO],
) -> None:
    """Write statements in the order given, and mend what the engine leaves open.

    :param room: for the draft.
    """
    engine = FORMATS[suffix].engine
    with room() as draft:
        xml = suffix == "rdf"
        writer = Writer(cast("Any", _XmlFile(out)) if xml else draft, Xml() if xml else _LINES)
        ox.serialize(statements, cast("Any", writer), format=engine, prefixes=dict(PREFIXES))  # type: ignore[arg-type]  # of one kind
        writer.finish()
        if xml:
            out.write(b"\n")
        else:
            _copy(draft, out)


class _XmlFile:
    """A file of XML that is the same each time, and that keeps what it holds."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._begun = out, False

    def write(self, text: bytes) -> None:
        """Take a part; the first holds the root."""
        if not self._begun:
            # the engine keeps prefixes in a hash table
            text = _XML_ROOT.sub(_sorted_attributes, text, count=1)
            self._begun = True
        # an XML reader turns a bare carriage return into a line feed (XML 1.0, 2.11)
        self._out.write(text.replace(b"\r", b"&#xD;"))


def _sorted_attributes(root: re.Match[bytes]) -> bytes:
    return b"<rdf:RDF " + b" ".join(sorted(root[1].split())) + b">"


def _copy(draft: BinaryIO, out: BinaryIO) -> None:
    """Copy Turtle or TriG, of its prefixes those that the rest needs."""
    draft.seek(0)
    prefixes: dict[bytes, bytes] = {}
    body = 0
    while (line := draft.readline()).startswith(b"@prefix "):
        prefixes[line.split()[1]] = line
        body = draft.tell()
    end = draft.seek(0, io.SEEK_END)
    unused = set(prefixes)
    # the last block first: what is seldom used is often used there, by the ontology
    for at in (max(body, end - _BLOCK), *range(body, end, _BLOCK)):
        if unused:
            draft.seek(at)
            text = draft.read(_BLOCK + _LONGEST_PREFIX)
            unused = {prefix for prefix in unused if prefix not in text}
    draft.seek(body)
    out.writelines(line for prefix, line in prefixes.items() if prefix not in unused)
    shutil.copyfileobj(draft, out, _BLOCK)
