"""A quick look by a second engine: which things break a rule, before pySHACL explains how.

Shifty (pyshifty, BSD) compiles the shapes and looks at each thing in Rust. It is optional
(``pip install "maillage[fast]"``): without it pySHACL looks at everything, with the same answer.
What it finds is only ever told as pySHACL confirms it (:mod:`maillage.check`), and the two are held
equal by ``tests/test_screen.py``, on W3C's test suite among others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from maillage.reach import FOCUS, VALUE, Seed

if TYPE_CHECKING:
    from shifty import PreparedValidator

__all__ = ["Broken", "broken", "is_there"]

_TERM = re.compile(r"<(?P<iri>[^<>\\]*)>|_:(?P<blank>\S+)")

# What XML Schema's patterns do not know (XML 1.0, 2.2), and engines read each in its way.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Broken(NamedTuple):
    """Things that break rules, and things at fault in rules that are asked once for many."""

    foci: frozenset[Node]
    values: frozenset[Node]

    @classmethod
    def of(cls, seeds: Iterable[Seed]) -> Self:
        """From the places where walks start."""
        seeds = list(seeds)
        sides = ({s.node for s in seeds if s.state == state} for state in (FOCUS, VALUE))
        return cls(*map(frozenset, sides))

    def seeds(self) -> set[Seed]:
        """Where a walk along the rules starts, to see what they saw."""
        return {Seed(node) for node in self.foci} | {Seed(node, VALUE) for node in self.values}


def is_there() -> bool:
    """Whether the second engine is installed."""
    try:
        import shifty  # noqa: F401  # asked whether it can be
    except ImportError:
        return False
    return True


def broken(data: Graph, asked_once: Collection[Node], shapes: bytes) -> Broken | None:
    """Which things in a graph break a rule.

    :param asked_once: the rules whose focus stands for many things (:mod:`maillage.reach`).
    :param shapes: the shapes, in Turtle.
    :returns: nothing when the engine is not there or cannot say: the data hold what it does not
        read or reads otherwise, or a thing at fault is a literal.
    """
    if not is_there() or any(map(_is_odd, data.objects())):
        return None
    try:
        lines = data.serialize(format="nt", encoding="utf-8")
        result = _validator(shapes).validate_algebra(
            lines, graph_mode="data", infer=False, on_unsupported="error"
        )
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001  # a panic of the engine is no Exception; pySHACL goes on
        return None
    once = {str(rule) for rule in asked_once}
    foci, values = set(), set()
    for violation in result.violations:
        if (violation.shape_name or "").strip("<>") in once:
            values |= {_node(reason.value) for reason in violation.reasons}
        else:
            foci.add(_node(violation.focus_node))
    if None in foci or None in values:
        return None
    return Broken(frozenset(filter(None, foci)), frozenset(filter(None, values)))


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
