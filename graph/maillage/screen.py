"""A quick look by a second engine: which things break a rule, before pySHACL explains how.

Shifty (pyshifty, BSD) compiles the shapes and looks at each thing in Rust. It is optional
(``pip install "maillage[fast]"``): without it pySHACL looks at everything, with the same answer.
What it finds is only ever told as pySHACL confirms it (:mod:`maillage.check`), and the two are held
equal by ``tests/test_screen.py``, on W3C's test suite among others.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from maillage.reach import FOCUS, VALUE, Seed
from maillage.storegraph import StoreGraph

if TYPE_CHECKING:
    from shifty import PreparedValidator

__all__ = ["Broken", "broken", "is_there"]

_TERM = re.compile(r"<(?P<iri>[^<>\\]*)>|_:(?P<blank>\S+)")

# What XML Schema's patterns do not know (XML 1.0, 2.2), and engines read each in its way.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


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


def broken(data: Graph, asked_once: Collection[Node], shapes: bytes) -> frozenset[Broken] | None:
    """Which things in a graph break which rules.

    :param asked_once: the rules whose focus stands for many things (:mod:`maillage.reach`).
    :param shapes: the shapes, in Turtle.
    :returns: nothing when the engine is not there or cannot say: the data hold what it does not
        read or reads otherwise, or a thing at fault is a literal.
    """
    if not is_there() or any(map(_is_odd, data.objects())):
        return None
    try:
        result = _validator(shapes).validate_algebra(
            _text(data), graph_mode="data", infer=False, on_unsupported="error"
        )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001  # a panic of the engine is no Exception; pySHACL goes on
        return None
    found = set()
    for violation in result.violations:
        name = (violation.shape_name or "").strip("<>")
        rule = None if not name or name.startswith("_:") else URIRef(name)
        once = rule in asked_once
        at_fault = [r.value for r in violation.reasons] if once else [violation.focus_node]
        for node in map(_node, at_fault):
            if node is None:
                return None
            found.add(Broken(rule, Seed(node, VALUE if once else FOCUS)))
    return frozenset(found)


def _text(data: Graph) -> bytes:
    if isinstance(data, StoreGraph):
        return data.ntriples()
    return data.serialize(format="nt", encoding="utf-8")


def _is_odd(term: Node) -> bool:
    """Whether a term is a literal of which engines think differently."""
    return isinstance(term, Literal) and (term.ill_typed is True or bool(_CONTROL.search(term)))


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
