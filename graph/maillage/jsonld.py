"""JSON-LD that a person can read: the house's short names, the context inside, nothing to fetch.

Each value stands under the shortest name whose context entry says exactly what the value is; a
value that no entry fits stands under the full address of its property, spelled out. So nothing is
changed by the way: numbers are written as text with their type, since a JSON number loses its
written form (JSON-LD 1.1 API, 8.2.2: ``48.50`` would come back as ``4.85E1``).

It is made of lines of N-Quads, or N-Triples, and is what :func:`json.dumps` writes with one blank
for a level and sorted keys; no more than one node is held.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from maillage.folders import folder, house_text

__all__ = ["pieces", "write_jsonld"]

_TYPE: Final = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"

#: Bytes of a piece in which a document is read.
_PIECE: Final = 1 << 20

# What a node holds under a name: a value as JSON, the parts of one that is spelled out, or several.
_Node = dict[bytes, Any]
_Value = bytes | _Node | list[Any]


class _Term(NamedTuple):
    """A name of the context for a property: how it reads its values."""

    name: bytes
    type: bytes
    container: str


class _Place(NamedTuple):
    """Where a value stands in a node: under a name, and perhaps a language.

    A value that is spelled out stands there in an object, with what is beside it.
    """

    name: bytes
    language: bytes = b""
    beside: Mapping[bytes, bytes] = {}
    under: bytes = b""


class _Context(NamedTuple):
    document: Mapping[str, Any]
    classes: Mapping[bytes, bytes]
    properties: Mapping[bytes, tuple[_Term, ...]]


@cache
def _context() -> _Context:
    """Read the house's context once, with every address in full, between the signs of N-Quads."""
    document = json.loads(house_text(folder("ontology") / "context.jsonld"))["@context"]

    def full(text: str) -> bytes:
        prefix, colon, local = text.partition(":")
        namespace = document.get(prefix)
        known = colon and isinstance(namespace, str) and not local.startswith("//")
        return f"<{namespace + local if known else text}>".encode()

    classes: dict[bytes, bytes] = {}
    properties: dict[bytes, list[_Term]] = defaultdict(list)
    for name, entry in document.items():
        if isinstance(entry, dict):
            kind = entry.get("@type", "")
            read = full(kind) if kind[:1] not in {"", "@"} else kind.encode()
            term = _Term(name.encode(), read, entry.get("@container", ""))
            properties[full(entry["@id"])].append(term)
        # a bare name for an address; a prefix ends in # or / and names no class
        elif isinstance(entry, str) and entry[0] != "@" and entry[-1] not in "#/":
            classes[full(entry)] = name.encode()
    return _Context(document, classes, {iri: tuple(terms) for iri, terms in properties.items()})


def write_jsonld(parts: Iterable[tuple[bytes, Iterable[bytes]]]) -> Iterator[bytes]:
    """Quads, or triples, as JSON-LD with the context inside, node by node.

    :param parts: graphs by their addresses between brackets, or nothing for triples without one,
        and statements in them: lines of N-Triples up to the object, those of a subject together.
        Parts of the same graph stand together, too.
    """
    yield _head()
    before = b"\n  "
    for graph, some in groupby(parts, itemgetter(0)):
        level = b"\n    " if graph else b"\n  "
        between = level if graph else before
        if graph:
            yield before + b'{\n   "@graph": ['
        for node in _nodes(line for _, lines in some for line in lines):
            yield between + _written(node, level)
            between = b"," + level
        if graph:
            yield b'\n   ],\n   "id": %b\n  }' % _address(graph)
        before = b",\n  "
    yield b"]\n}\n" if before == b"\n  " else b"\n ]\n}\n"


def _head() -> bytes:
    """The document up to what stands in it."""
    document = {"@context": _context().document, "@graph": []}
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    return text.removesuffix("]\n}").encode()


def _nodes(lines: Iterable[bytes]) -> Iterator[_Node]:
    classes = _context().classes
    before = b""
    node: _Node = {}
    for line in lines:
        subject, predicate, value = line.split(b" ", 2)
        if subject != before:
            if node:
                yield node
            before, node = subject, {b"id": _address(subject)}
        if value.startswith(b'"'):
            # neither tag nor type holds a quotation mark: the last one ends the text
            end = value.rindex(b'"') + 1
            name, language, beside, under = _place(predicate, value[end:])
            value = value[:end]
            if b"\\" in value:  # N-Triples and JSON write what is seldom written each in its way
                value = json.dumps(json.loads(value), ensure_ascii=False).encode()
        else:
            name, language, beside, under = _place(predicate, b"@id")
            known = classes.get(value) if name == b"type" else None
            value = b'"%b"' % known if known else _address(value)
        if language:
            _append(node.setdefault(name, {}), language, value)
        else:
            _append(node, name, {**beside, under: value} if under else value)
    if node:
        yield node


def _address(term: bytes) -> bytes:
    """An address, or a blank node, as JSON."""
    return b'"%b"' % (term[1:-1] if term.startswith(b"<") else term)


@lru_cache(maxsize=10_000)
def _place(predicate: bytes, kind: bytes) -> _Place:
    """Where a value stands, under the shortest name that says what it is.

    :param kind: what follows a text in N-Triples (``@fr``, ``^^<…>``, nothing), or ``@id``.
    """
    terms = _context().properties.get(predicate, ())
    full = predicate[1:-1]
    if kind == b"@id":
        if predicate == _TYPE:
            return _Place(b"type")
        name = _fitting(terms, kind, "")
        return _Place(name) if name else _Place(full, under=b"@id")
    if kind[:1] == b"@":
        if name := _fitting(terms, b"", "@language"):
            return _Place(name, kind[1:])
        return _Place(full, beside={b"@language": b'"%b"' % kind[1:]}, under=b"@value")
    if name := _fitting(terms, kind[2:], ""):
        return _Place(name)
    return _Place(full, beside={b"@type": _address(kind[2:])} if kind else {}, under=b"@value")


def _fitting(terms: tuple[_Term, ...], type_: bytes, container: str) -> bytes:
    return next((t.name for t in terms if (t.type, t.container) == (type_, container)), b"")


def _append(node: _Node, name: bytes, value: _Value) -> None:
    """One value stands by itself, several in an array."""
    there = node.get(name)
    if there is None:
        node[name] = value
    elif type(there) is list:
        there.append(value)
    else:
        node[name] = [there, value]


def _written(value: _Value, end: bytes) -> bytes:
    """A value as JSON; ``end`` is an end of line with the blanks of its level."""
    if isinstance(value, bytes):
        return value
    inner = end + b" "
    if isinstance(value, dict):
        parts = [
            b'"%b": %b' % (name, one if type(one) is bytes else _written(one, inner))
            for name, one in sorted(value.items(), key=itemgetter(0))
        ]
        return b"{" + inner + (b"," + inner).join(parts) + end + b"}"
    parts = [_written(one, inner) for one in value]
    return b"[" + inner + (b"," + inner).join(parts) + end + b"]"


def pieces(document: Path) -> Iterator[bytes]:
    """What :func:`write_jsonld` wrote of quads as documents of a megabyte, for a reader's memory.

    The name of a graph stands after its nodes, so that a reader must hold all of them until it
    knows where they belong. Here it is found first, and written before each thousand of them or so.
    Every line of the file is either one of those that :func:`write_jsonld` puts around nodes, or
    handed on.

    :raises ValueError: when the file has another layout.
    """
    head = _head()
    names = _graph_names(document)
    with document.open("rb") as lines:
        _expect(lines, *(head + b"\n" if names else head + b"]\n").splitlines(keepends=True))
        for number, name in enumerate(names, start=1):
            _expect(lines, b"  {\n", b'   "@graph": [\n')
            held: list[bytes] = []
            size = 0
            for line in lines:
                if line == b"   ],\n":
                    break
                held.append(line)
                size += len(line)
                if line == b"    },\n" and size > _PIECE:
                    held[-1] = b"    }\n"
                    yield b'%b{"id": %b, "@graph": [\n%b]}]}' % (head, name, b"".join(held))
                    held, size = [], 0
            yield b'%b{"id": %b, "@graph": [\n%b]}]}' % (head, name, b"".join(held))
            _expect(lines, b'   "id": %b\n' % name, b"  },\n" if number < len(names) else b"  }\n")
        _expect(lines, *([b" ]\n"] if names else []), b"}\n", b"")


def _graph_names(document: Path) -> list[bytes]:
    start = b'   "id": '
    with document.open("rb") as lines:
        return [line[len(start) : -1] for line in lines if line.startswith(start)]


def _expect(lines: BinaryIO, *expected: bytes) -> None:
    for line in expected:
        found = lines.readline()
        if found != line:
            raise ValueError(f"{found[:80]!r} where {line[:80]!r} belongs")
