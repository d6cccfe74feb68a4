"""One RDF file, read in a process that can do nothing else, and written again as N-Quads.

:mod:`maillage.untrusted` starts this file as a program of its own, hands it the bytes of a file
that nobody vouches for, and believes only what comes back. It uses the standard library and the
engine, nothing of ours, so that it starts in some hundredths of a second.

What holds it in, once it has read its input:

* *resource limits* of the kernel (POSIX only): memory, processor time, the size of what it writes,
  no core dump, and no further open file. The last one is what keeps it from the network and from
  the disk, native code included: a socket is an open file. Windows has no such limits.
* *an audit hook* (PEP 578), everywhere: Python code can open no file, no socket and no program.
  It does not see what native code does, and guards against mistakes rather than against an
  attacker who already runs code here.

The answer is N-Quads and exit code 0, or a fault as JSON and exit code 3. Any other end means that
the parser itself broke down.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any, Final
from xml.parsers import expat

import pyoxigraph as ox

from maillage.lexical import XSD, canonical

__all__ = ["DEEPEST", "FORMATS", "REFUSED", "UNSEEN", "Fault", "clean_text", "main"]

#: The formats by the ending of a file's name: what people call them, and the engine's parser.
FORMATS: Final = {
    ".jsonld": ("JSON-LD", ox.RdfFormat.JSON_LD),
    ".nq": ("N-Quads", ox.RdfFormat.N_QUADS),
    ".nt": ("N-Triples", ox.RdfFormat.N_TRIPLES),
    ".rdf": ("RDF/XML", ox.RdfFormat.RDF_XML),
    ".trig": ("TriG", ox.RdfFormat.TRIG),
    ".ttl": ("Turtle", ox.RdfFormat.TURTLE),
    ".xml": ("RDF/XML", ox.RdfFormat.RDF_XML),
}

#: The exit code that comes with a fault.
REFUSED: Final = 3

#: How deep JSON and XML may nest: the engine calls itself for each level of JSON, and takes
#: quadratic time for XML. What people and programs write stays far below.
DEEPEST: Final = 64

#: Characters that change how a text is shown without being seen; the same as in tables.
UNSEEN: Final = frozenset(
    "\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
# With them the control characters, but for tabs and the ends of lines, and what is no character.
_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff" + "".join(sorted(UNSEEN)) + "]"
)

_REFUSED_EVENTS: Final = ("open", "socket.", "subprocess.", "os.", "ctypes.", "shutil.")

_LONGEST_ADDRESS: Final = 4_000  # characters; browsers and servers stop near 2,000
_LONGEST_TAG: Final = 35  # BCP 47, 4.4.1, asks programs for no more
_SHOWN: Final = 80  # characters of a bad value that a sentence shows

# Kinds of address that may stand in data: none that runs something or reads a file.
_ADDRESS: Final = re.compile(r"https?://[^/?#\s]|urn:[A-Za-z0-9]|mailto:.")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
for _, _codec in _BOMS:
    codecs.lookup(_codec)  # loaded now: later, no file can be opened
_XML_DECLARATION: Final = re.compile(
    r"""\s*<\?xml[^>]{0,200}?(?:encoding\s*=\s*["']([\w.-]+)["'][^>]{0,200})?\?>"""
)
_POSITION: Final = re.compile(r"^Parser error at line .*?: | \(line \d+\)$", re.DOTALL)
# A string ends at its quote or with the file, so that each character is looked at once.
_JSON_PARTS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
# How a file begins, when its name may be wrong.
_BEGINNINGS: Final = (
    ("HTML", re.compile(r"<(!doctype\s+html|html)\b", re.IGNORECASE)),
    ("RDF/XML", re.compile(r"<\?xml\b|<!DOCTYPE\b|<rdf:RDF\b")),
    ("JSON-LD", re.compile(r"[\[{]\s*[\"{]")),
    ("Turtle", re.compile(r"@prefix\b|@base\b|PREFIX\b|BASE\b")),
)


class Fault(Exception):  # noqa: N818  # what is wrong with the file, not with the program
    """Why a file is refused: the key of a sentence, its place and what fills it."""

    def __init__(self, key: str, place: tuple[int, int] | None = None, **values: object) -> None:
        super().__init__(key)
        self.key, self.place = key, place
        self.values = {name: _shown(value) for name, value in values.items()}


def _shown(value: object) -> str:
    """A value as it may stand in a sentence: short, and nothing in it that moves the cursor."""
    text = "".join(c if c.isprintable() and c not in UNSEEN else "\ufffd" for c in str(value)[:999])
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of a character of a text."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def clean_text(raw: bytes, suffix: str) -> str:
    """The text of a file, every character of which can be seen, composed (NFC).

    UTF-8 with or without a byte order mark, UTF-16 and UTF-32 with one.
    """
    mark, codec = next(((b, c) for b, c in _BOMS if raw.startswith(b)), (b"", "utf-8"))
    body = raw.removeprefix(mark)
    if 0 in body[:4] and codec == "utf-8":  # UTF-16 without a mark, or no text at all
        raise Fault("rdf-encoding", (1, 1), encoding="UTF-8")
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(codec, "replace")
        raise Fault("rdf-encoding", _place(before, len(before)), encoding=codec.upper()) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if FORMATS[suffix][0] == "RDF/XML" and (declared := _XML_DECLARATION.match(text)):
        name = (declared[1] or "utf-8").lower()
        if not (name.startswith("utf") or text.isascii()):
            raise Fault("rdf-encoding", (1, 1), encoding=declared[1])
        # The engine wants UTF-8, which the text is by now, whatever the declaration says.
        text = re.sub(r"\S", " ", declared[0]) + text[declared.end() :]
    if bad := _UNWANTED.search(text):
        raise Fault("rdf-character", _place(text, bad.start()), code=f"U+{ord(bad[0]):04X}")
    if not unicodedata.is_normalized("NFC", text):
        for number, line in enumerate(text.split("\n"), start=1):
            composed = unicodedata.normalize("NFC", line)
            if composed != line:
                pairs = enumerate(zip(line, composed, strict=False))
                at = next((i for i, (a, b) in pairs if a != b), 0)
                raise Fault("rdf-not-nfc", (number, at + 1), value=line[max(0, at - 9) : at + 9])
    return text


def _check_xml(text: str, name: str) -> None:
    """Refuse entities of one's own, deep nesting and XML that is none, before the engine reads.

    Expat reads the whole document, so that no comment, no character set and no way of writing
    hides a declaration from it.
    """
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def here() -> tuple[int, int]:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Fault("rdf-too-deep", here(), format=name, limit=DEEPEST)

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def entity(*_: object) -> None:
        raise Fault("rdf-entities", here())

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise Fault("rdf-syntax", (error.lineno, error.offset + 1), reason=reason) from error


def _check_json(text: str, name: str) -> None:
    """Refuse deep nesting, JSON that is none, and contexts that would have to be fetched."""
    depth = 0
    for part in _JSON_PARTS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(part[0], 0)
        if depth > DEEPEST:
            place = _place(text, part.start())
            raise Fault("rdf-too-deep", place, format=name, limit=DEEPEST)
    try:
        # Numbers are left as they are written: Python refuses very long ones.
        document = json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        raise Fault("rdf-syntax", (error.lineno, error.colno), reason=error.msg) from error
    _check_part(document, text)


def _check_part(part: object, text: str) -> None:
    if isinstance(part, list):
        for each in part:
            _check_part(each, text)
    if not isinstance(part, dict):
        return
    context = part.get("@context")
    for fetched in [*(context if isinstance(context, list) else [context]), part.get("@import")]:
        if isinstance(fetched, str):
            place = _place(text, max(0, text.find(json.dumps(fetched, ensure_ascii=False))))
            raise Fault("rdf-remote-context", place, address=fetched)
    # The engine drops a text whose language is malformed without a word, as the standard has it.
    language = part.get("@language")
    if isinstance(language, str) and not _is_tag(language):
        raise Fault("rdf-language", _place(text, max(0, text.find(language))), tag=language)
    for each in part.values():
        _check_part(each, text)


def _is_tag(tag: str) -> bool:
    return len(tag) <= _LONGEST_TAG and bool(_TAG.fullmatch(tag))


def _unseen(text: str) -> Fault | None:
    """What is wrong with the characters of a term, which a file may also write by their numbers."""
    if text.isascii() and text.isprintable():
        return None
    if bad := _UNWANTED.search(text):
        return Fault("rdf-character", code=f"U+{ord(bad[0]):04X}")
    if not unicodedata.is_normalized("NFC", text):
        return Fault("rdf-not-nfc", value=text)
    return None


class _Cleaner:
    """Looks at every term of a file once, and gives each blank node an address.

    RDF 1.1 Concepts, 3.5, lets a system replace blank nodes by new addresses. Here these are made
    from the bytes of the file and the order in which the nodes appear: the same file gives the same
    addresses, two files never share one. Nothing of ours is ever published under them.
    """

    def __init__(self, text: str, skolem: str) -> None:
        self._text = text
        self._skolem = skolem
        self._blank: dict[ox.BlankNode, ox.NamedNode] = {}
        self._good: set[ox.NamedNode] = set()

    def quad(self, quad: ox.Quad) -> ox.Quad:
        graph = quad.graph_name
        home = graph if isinstance(graph, ox.DefaultGraph) else self._node(graph)
        value = quad.object
        return ox.Quad(
            self._node(quad.subject),
            self._node(quad.predicate),
            self._literal(value, quad) if isinstance(value, ox.Literal) else self._node(value),
            home,
        )

    def _node(self, term: object) -> ox.NamedNode:
        if isinstance(term, ox.NamedNode):
            if term not in self._good:
                self._check_address(term.value)
                self._good.add(term)
            return term
        if isinstance(term, ox.BlankNode):
            if term not in self._blank:
                self._blank[term] = ox.NamedNode(f"{self._skolem}{len(self._blank) + 1}")
            return self._blank[term]
        raise Fault("rdf-triple-term", self._find("<<"))

    def _check_address(self, address: str) -> None:
        fault: Fault | None
        if not _ADDRESS.match(address):
            fault = Fault("rdf-address", address=address)
        elif len(address) > _LONGEST_ADDRESS:
            fault = Fault("rdf-long-address", address=address, limit=_LONGEST_ADDRESS)
        else:
            fault = _unseen(address)
        if fault:
            fault.place = self._find(address, re.split(r"[/#:]", address)[-1])
            raise fault

    def _literal(self, literal: ox.Literal, quad: ox.Quad) -> ox.Literal:
        text, language, kept = literal.value, literal.language, literal
        fault = _unseen(text)
        if language:
            if literal.direction or not _is_tag(language):
                fault = Fault("rdf-language", tag=language)
        elif (datatype := literal.datatype).value != XSD + "string":
            self._node(datatype)
            try:
                kept = canonical(text, datatype.value)
            except ValueError:
                kind = datatype.value.removeprefix(XSD)
                fault = Fault("rdf-value", value=text, type=kind)
        if fault:
            # where the value stands, or else the thing that has it
            whose = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            fault.place = self._find(text[:_SHOWN], whose, re.split(r"[/#]", whose)[-1])
            raise fault
        return kept

    def _find(self, *needles: str) -> tuple[int, int] | None:
        for needle in needles:
            if needle and (at := self._text.find(needle)) >= 0:
                return _place(self._text, at)
        return None


def _quads(raw: bytes, suffix: str, skolem: str) -> Iterator[ox.Quad]:
    name, engine = FORMATS[suffix]
    text = clean_text(raw, suffix)
    empty = True
    cleaner = _Cleaner(text, f"{skolem}{sha256(raw).hexdigest()[:16]}-")
    try:
        if name == "RDF/XML" and text.strip():
            _check_xml(text, name)
        if name == "JSON-LD":
            _check_json(text, name)
        for quad in ox.parse(text.encode(), engine):
            empty = False
            yield cleaner.quad(quad)
    except (SyntaxError, ValueError, Fault) as error:
        if isinstance(error, Fault) and error.key != "rdf-syntax":
            raise
        start = text.lstrip()[:99]
        found = next((kind for kind, form in _BEGINNINGS if form.match(start)), name)
        if found != name and not (found == "Turtle" and name == "TriG"):
            raise Fault("rdf-looks-like", (1, 1), format=name, found=found) from error
        if isinstance(error, Fault):
            raise Fault("rdf-syntax", error.place, format=name, **error.values) from error
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        reason = _POSITION.sub("", getattr(error, "msg", None) or str(error))
        place = (line, column or 1) if line else None
        raise Fault("rdf-syntax", place, format=name, reason=reason) from error
    if empty and name == "JSON-LD":
        raise Fault("rdf-no-statement", format=name)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    """The audit hook: nothing is opened, started or called from here on."""
    if event.startswith(_REFUSED_EVENTS) and event != "os.truncate":
        raise PermissionError(event)


def _confine(limits: dict[str, int]) -> None:
    sys.addaudithook(_refuse)
    try:
        import resource
    except ImportError:  # Windows: time alone is bounded, by the parent
        return
    # Three files are open already: what comes in, what goes out, and what nobody reads.
    for name, value in {**limits, "RLIMIT_CORE": 0, "RLIMIT_NOFILE": 3}.items():
        kind = getattr(resource, name)
        most = resource.getrlimit(kind)[1]
        bound = value if most == resource.RLIM_INFINITY else min(value, most)
        with suppress(ValueError, OSError):  # a system that knows the limit and does not set it
            resource.setrlimit(kind, (bound, bound))


def main(arguments: list[str]) -> int:
    """Read standard input, write standard output; see the top of this file."""
    suffix, skolem, limits = arguments
    raw = sys.stdin.buffer.read()
    bounds = json.loads(limits)
    with suppress(ImportError):
        import resource  # noqa: F401  # loaded while files can still be opened
    _confine(bounds)
    out = sys.stdout.buffer
    try:
        ox.serialize(_quads(raw, suffix, skolem), out, format=ox.RdfFormat.N_QUADS)
        out.flush()
    except Fault as fault:
        report = {"key": fault.key, "place": fault.place, "values": fault.values}
    except (MemoryError, OSError, RecursionError):
        report = {"key": "rdf-too-much", "place": None, "values": {}}
    else:
        return 0
    os.lseek(1, 0, os.SEEK_SET)
    os.ftruncate(1, 0)
    os.write(1, json.dumps(report).encode())
    # What is still in the buffer must not follow.
    os._exit(REFUSED)
