"""What the rules say of a graph: pySHACL's report, on as little of the graph as that needs.

pySHACL is the reference. Where the quick engine is installed (:mod:`maillage.screen`) it looks at
everything first, and pySHACL explains what it pointed to, each thing with all that the rules can
see of it (:mod:`maillage.reach`). When the two do not name the same things, pySHACL looks at
everything and is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Final, get_args
from typing import Literal as OneOf

from rdflib import RDF, SH, BNode, Graph, Literal
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from maillage.errors import MaillageError
from maillage.gather import ontology_graph
from maillage.reach import FOCUS, TARGETS, VALUE, Reach, Seed, Triple
from maillage.screen import Broken, broken
from maillage.storegraph import StoreGraph

__all__ = [
    "ENGINES",
    "Engine",
    "again",
    "explained",
    "judge",
    "judge_some",
    "merged",
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
    # pySHACL asks for everything, again and again
    whole = Graph() + data if isinstance(data, StoreGraph) else data
    return reference(whole, our_shapes())


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


def explained(data: Graph, found: Collection[Broken], shapes: Graph, reach: Reach) -> Graph | None:
    """The report on things that are said to break rules: each is held to those rules alone.

    :returns: nothing when pySHACL does not find fault with the very same.
    """
    blamed: dict[Seed, set[Node]] = {}
    for rule, seed in found:
        if rule is None:
            return None
        blamed.setdefault(seed, set()).add(rule)
    rules, targets = _without_targets(shapes)
    report, root = _report()
    confirmed: set[Seed] = set()
    seeds = sorted(blamed, key=str)
    for start in range(0, len(seeds), BATCH):
        batch = set(seeds[start : start + BATCH])
        part = reach.slice(data, batch)
        aimed = [
            each for seed in batch for rule in blamed[seed] for each in _aim(rule, seed, targets)
        ]
        for each in aimed:
            rules.add(each)
        try:
            told = reference(_Asked(part.store, part.identifier), rules)
        finally:
            for each in aimed:
                rules.remove(each)
        for result in told.objects(None, SH.result):
            # what else stands in the slice is not wholly there
            if (seed := _seed(told, result, reach)) in batch:
                confirmed.add(seed)
                report.add((root, SH.result, result))
                _copy(told, result, report)
    report.add((root, SH.conforms, Literal(not confirmed)))
    return report if confirmed == set(seeds) else None


class _Asked(Graph):
    """A graph that reads a question once: pySHACL 0.40.1 asks it anew of every thing."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        asked = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(asked, *args, **kwargs)


@cache
def _prepared(text: str) -> Query:
    return prepareQuery(text)


@lru_cache(maxsize=1)  # asked of each piece of a large graph anew
def _without_targets(shapes: Graph) -> tuple[Graph, Graph]:
    """The rules without what they are about, and the statements of what they are about."""
    rules, targets = Graph(identifier=shapes.identifier), Graph()
    for triple in shapes:
        (targets if triple[1] in TARGETS else rules).add(triple)
    return rules, targets


def _aim(rule: Node, seed: Seed, targets: Graph) -> Iterable[Triple]:
    """What makes a rule look at one thing, or, asked once for many, where it always looks."""
    if seed.state == VALUE:
        return targets.triples((rule, None, None))
    return [(rule, SH.targetNode, seed.node)]


def again(
    data: Graph,
    changed: Iterable[Triple],
    before: Graph,
    look: Callable[[Graph, Collection[Seed]], Graph] | None = None,
) -> Graph | None:
    """The report on a graph that has changed a little since it was last judged.

    :param data: the graph as it is now.
    :param changed: the statements that came or went.
    :param before: the report on the graph as it was.
    :param look: makes the report on some things of a graph; :func:`judge_some` when not given.
    :returns: nothing when the classes themselves changed: then everything is to be judged.
    """
    reach = our_reach()
    touched = reach.touched(data, changed)
    if touched is None:
        return None
    fresh = (look or judge_some)(data, touched)
    return merged([(fresh, lambda _: True), (before, lambda seed: seed not in touched)])


def judge_some(data: Graph, seeds: Collection[Seed], engine: Engine = "auto") -> Graph:
    """The report on some things of a graph; the rest is looked at no further than they need.

    :raises RuntimeError: when pySHACL fails.
    """
    reach, shapes = our_reach(), our_shapes()
    if engine == "auto":
        seen: Graph | bytes = (
            reach.lines(data, seeds) if isinstance(data, StoreGraph) else reach.slice(data, seeds)
        )
        found = broken(seen, reach.asked_once, our_text())
        if found is not None:
            mine = [each for each in found if each.seed in seeds]
            if (report := explained(data, mine, shapes, reach)) is not None:
                return report
    part = reach.slice(data, seeds)
    told = reference(_Asked(part.store, part.identifier), shapes)
    return merged([(told, lambda seed: seed in seeds)])


def merged(reports: Iterable[tuple[Graph, Callable[[Seed], bool]]]) -> Graph:
    """One report of several, each with which things it is believed on."""
    reach, (report, root) = our_reach(), _report()
    for source, is_believed in reports:
        for result in source.objects(None, SH.result):
            if is_believed(_seed(source, result, reach)):
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
