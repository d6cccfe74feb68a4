"""A quick look by a second engine: which things break a rule, before pySHACL explains how.

Shifty (pyshifty, BSD) compiles the shapes and looks at each thing in Rust. It is optional
(``pip install "maillage[fast]"``): without it pySHACL looks at everything, with the same answer.
What it finds is only ever told as pySHACL confirms it (:mod:`maillage.check`), and the two are held
equal by ``tests/test_screen.py``, on W3C's test suite among others.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from maillage.reach import FOCUS, VALUE, Seed
from maillage.store import rdflib_term
from maillage.storegraph import StoreGraph, term_of

if TYPE_CHECKING:
    from shifty import PreparedValidator

__all__ = ["Broken", "broken", "is_there"]

_TERM = re.compile(r"<(?P<iri>[^<>\\]*)>|_:(?P<blank>\S+)")

# What XML Schema's patterns do not know (XML 1.0, 2.2), and engines read each in its way; N-Triples
# may hold it as it is or escaped.
_CONTROL = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ESCAPES = re.compile(rb"\\(?:\\|[bf]|u00[01])")
_BACKSLASHES: Final = {rb"\\"}

_LITERAL = re.compile(rb'"(?:[^"\\]++|\\.)*+"(?:\^\^<[^>]*>)?')


class Broken(NamedTuple):
    """A thing that breaks a rule, or is at fault in a rule that is asked once for many.

    :ivar rule: nothing when the shape has no name.
    """

    rule: URIRef | None
    seed: Seed


def is_there() -> bool:
    """Whether the second engine is installed."""
    try:
        import shifty  # noqa: F401  # asked whether it can be
    except ImportError:
        return False
    return True


def broken(
    data: Graph | bytes, asked_once: Collection[Node], shapes: bytes
) -> frozenset[Broken] | None:
    """Which things in a graph break which rules.

    :param data: the graph, or its N-Triples.
    :param asked_once: the rules whose focus stands for many things (:mod:`maillage.reach`).
    :param shapes: the shapes, in Turtle.
    :returns: nothing when the engine is not there or cannot say: the data hold what it does not
        read or reads otherwise, or a thing at fault is a literal.
    """
    if not is_there():
        return None
    text = data if isinstance(data, bytes) else _text(data)
    if _is_odd(text):
        return None
    try:
        result = _validator(shapes).validate_algebra(
            text, graph_mode="data", infer=False, on_unsupported="error"
        )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001  # a panic of the engine is no Exception; pySHACL goes on
        return None
    found = set()
    node_of = cache(_node)  # one thing may break many rules
    for violation in result.violations:
        name = (violation.shape_name or "").strip("<>")
        rule = None if not name or name.startswith("_:") else URIRef(name)
        once = rule in asked_once
        at_fault = [r.value for r in violation.reasons] if once else [violation.focus_node]
        for node in map(node_of, at_fault):
            if node is None:
                return None
            found.add(Broken(rule, Seed(node, VALUE if once else FOCUS)))
    return frozenset(found)


def _text(data: Graph) -> bytes:
    if isinstance(data, StoreGraph):
        return "".join(data.lines()).encode()
    return data.serialize(format="nt", encoding="utf-8")


def _is_odd(text: bytes) -> bool:
    """Whether some N-Triples hold a literal of which engines think differently."""
    if _CONTROL.search(text) or not set(_ESCAPES.findall(text)) <= _BACKSLASHES:
        return True
    typed = (literal for literal in set(_LITERAL.findall(text)) if literal.endswith(b">"))
    return any(map(_is_ill_typed, typed))


@lru_cache(maxsize=10_000)  # days and years, mostly
def _is_ill_typed(literal: bytes) -> bool:
    """Whether a value is none of its type."""
    try:
        read = rdflib_term(term_of(literal.decode()))
    except SyntaxError:  # nor will the engine read it
        return True
    return isinstance(read, Literal) and read.ill_typed is True


@cache
def _validator(shapes: bytes) -> PreparedValidator:
    from shifty import PreparedValidator

    # as bytes: a text would be taken for a file or an address, and fetched
    return PreparedValidator(shapes)


def _node(text: str) -> Node | None:
    found = _TERM.fullmatch(text)
    if found is None:
        return None
    return BNode(found["blank"]) if found["blank"] else URIRef(found["iri"])
