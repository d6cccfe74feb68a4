"""What the rules say of a graph: pySHACL's report, on as little of the graph as that needs.

pySHACL is the reference. Where the quick engine is installed (:mod:`maillage.screen`) it looks at
everything first, and pySHACL explains what it pointed to, each thing with all that the rules can
see of it (:mod:`maillage.reach`). When the two do not name the same things, pySHACL looks at
everything and is believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, get_args
from typing import Literal as OneOf

from rdflib import RDF, SH, BNode, Graph, Literal
from rdflib.term import Node

from maillage.errors import MaillageError
from maillage.gather import ontology_graph
from maillage.reach import FOCUS, VALUE, Reach, Seed, Triple
from maillage.screen import Broken, broken

__all__ = [
    "ENGINES",
    "Engine",
    "again",
    "explained",
    "judge",
    "our_reach",
    "our_shapes",
    "reference",
]

#: Who looks: the quick engine first where it is installed, or pySHACL alone.
Engine = OneOf["auto", "pyshacl"]
ENGINES: Final[Sequence[Engine]] = get_args(Engine)

#: How many things are explained together: enough to read the rules once, few enough for memory.
BATCH: Final = 500


@cache
def our_shapes() -> Graph:
    """The rules of ``ontology/shapes.ttl``."""
    return ontology_graph("shapes.ttl")


@cache
def our_text() -> bytes:
    """The same in Turtle, for the quick engine."""
    return our_shapes().serialize(format="turtle", encoding="utf-8")


@cache
def our_reach() -> Reach:
    """How far they look."""
    return Reach(our_shapes())


def judge(data: Graph, engine: Engine = "auto") -> Graph:
    """The validation report (SHACL, 3.6) of a graph, by our rules.

    :raises RuntimeError: when pySHACL fails.
    """
    if engine == "auto":
        found = broken(data, our_reach().asked_once, our_text())
        report = None if found is None else explained(data, found, our_shapes(), our_reach())
        if report is not None:
            return report
    return reference(data, our_shapes())


def reference(data: Graph, shapes: Graph) -> Graph:
    """The report of pySHACL.

    :raises MaillageError: when a value whose order is a rule is not what its type says.
    :raises RuntimeError: when it fails.
    """
    from pyshacl import validate

    # never with focus_nodes: 0.40.1 then lets the parts of a rule pass on every other thing
    try:
        _, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    except TypeError as error:  # it cannot put a 30th of February before or after another day
        raise MaillageError("no-order") from error
    if not isinstance(report, Graph):
        raise RuntimeError(f"pySHACL could not check: {report}")  # noqa: TRY004  # it returns its failures
    return report


def explained(data: Graph, found: Broken, shapes: Graph, reach: Reach) -> Graph | None:
    """The report on things that are said to break rules.

    :returns: nothing when pySHACL does not find fault with the very same.
    """
    report, root = _report()
    confirmed: set[Seed] = set()
    seeds = sorted(found.seeds(), key=str)
    for start in range(0, len(seeds), BATCH):
        batch = set(seeds[start : start + BATCH])
        part = reference(reach.slice(data, batch), shapes)
        for result in part.objects(None, SH.result):
            # what else stands in the slice is not wholly there
            if (seed := _seed(part, result, reach)) in batch:
                confirmed.add(seed)
                report.add((root, SH.result, result))
                _copy(part, result, report)
    report.add((root, SH.conforms, Literal(not confirmed)))
    return report if confirmed == set(seeds) else None


def again(data: Graph, changed: Iterable[Triple], before: Graph) -> Graph | None:
    """The report on a graph that has changed a little since it was last judged.

    :param data: the graph as it is now.
    :param changed: the statements that came or went.
    :param before: the report on the graph as it was.
    :returns: nothing when the quick engine cannot say, or the classes themselves changed.
    """
    reach = our_reach()
    touched = reach.touched(data, changed)
    if touched is None:
        return None
    part = reach.slice(data, touched)
    found = broken(part, reach.asked_once, our_text())
    if found is None:
        return None
    mine = Broken.of(found.seeds() & touched)
    fresh = explained(part, mine, our_shapes(), reach)
    if fresh is None:
        return None
    report, root = _report()
    for source in (fresh, before):
        for result in source.objects(None, SH.result):
            if source is fresh or _seed(source, result, reach) not in touched:
                report.add((root, SH.result, result))
                _copy(source, result, report)
    report.add((root, SH.conforms, Literal((root, SH.result, None) not in report)))
    return report


def _report() -> tuple[Graph, BNode]:
    report, root = Graph(), BNode()
    report.bind("sh", SH)
    report.add((root, RDF.type, SH.ValidationReport))
    return report, root


def _seed(report: Graph, result: Node, reach: Reach) -> Seed:
    """Whose check a result comes from."""
    once = report.value(result, SH.sourceShape) in reach.asked_once
    node = report.value(result, SH.value if once else SH.focusNode)
    if node is None:
        raise RuntimeError("a validation result without focus or value")
    return Seed(node, VALUE if once else FOCUS)


def _copy(part: Graph, node: Node, into: Graph) -> None:
    """A result with what hangs on it: values are data, but paths and lists are nodes of its own."""
    for predicate, value in part.predicate_objects(node):
        if (node, predicate, value) not in into:
            into.add((node, predicate, value))
            if isinstance(value, BNode) and predicate not in {SH.focusNode, SH.value}:
                _copy(part, value, into)
