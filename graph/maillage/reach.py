"""How far the rules look: which statements decide whether a thing keeps them.

A SHACL shape looks at a thing, and from there along its property paths (SHACL, 2.3 and 4). All
paths of all shapes together are read as one finite automaton, whose edges are properties, forward
or backward. Walked from a thing it gives every statement that the rules can see of it, its
*slice*: checking the slice says the same of that thing as checking the whole graph. Walked
backward from a statement it gives every thing whose check can turn out otherwise because of it.

A rule that is asked once for many things (``sh:sparql`` whose question never mentions its focus)
is walked from its ``?value``, the thing at fault. What is said of classes (``rdfs:subClassOf``)
belongs to every slice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, Graph, URIRef, Variable
from rdflib.collection import Collection
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from maillage.store import rdflib_term, rdflib_triple
from maillage.storegraph import StoreGraph, Triple, term_of, text_of
from maillage.walk import Edge, GraphGround, Walk

__all__ = ["FOCUS", "TARGETS", "VALUE", "Reach", "Seed", "Triple"]


# Our rules need 180; one that refers to itself (SHACL, 3.4.3) would need them without end.
_STATES: Final = 10_000

#: Where a walk starts: at the focus of a shape, or at the value of a rule asked once for many.
FOCUS: Final = 0
VALUE: Final = 1


class Seed(NamedTuple):
    """A thing that is checked, and in which of the two places."""

    node: Node
    state: int = FOCUS


#: What says which things a shape is about (SHACL, 2.1.3).
TARGETS: Final = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)


# Parameters that need nothing but the value itself (SHACL, 4.1.2, 4.2 to 4.4, 4.7.1, 4.8), and what
# describes a shape without deciding anything.
_LOCAL: Final = frozenset(
    {
        *(SH.datatype, SH.nodeKind, SH.minCount, SH.maxCount, SH.minInclusive, SH.maxInclusive),
        *(SH.minExclusive, SH.maxExclusive, SH.minLength, SH.maxLength, SH.pattern, SH.flags),
        *(SH.languageIn, SH.uniqueLang, SH.hasValue, SH["in"], SH.qualifiedMinCount),
        *(SH.qualifiedMaxCount, SH.name, SH.description, SH.message, SH.severity, SH.order),
        *(SH.group, SH.deactivated, SH.targetNode, SH.path),
    }
)
# Parameters whose value is a property of the focus (SHACL, 4.5).
_PAIRS: Final = frozenset({SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals})
# Parameters whose value is a shape, and those whose value is a list of shapes (SHACL, 4.6, 4.7).
_PARTS: Final = frozenset({SH.node, SH.property, SH["not"], SH.qualifiedValueShape})
_LISTS: Final = frozenset({SH["or"], SH["and"], SH.xone})


@dataclass
class Reach:
    """The paths along which the rules of a shapes graph look.

    :param shapes: the shapes graph.
    :raises ValueError: when a shape uses what is not known here: a slice would then be too small.
    """

    shapes: Graph
    asked_once: frozenset[Node] = field(init=False)
    _edges: list[list[Edge]] = field(init=False)
    _walk: Walk[Node] = field(init=False)
    _text_walk: Walk[str] = field(init=False)
    _back: Walk[Node] = field(init=False)
    _text_back: Walk[str] = field(init=False)
    #: The states from which a property is followed.
    _met: dict[Node, list[tuple[int, bool]]] = field(init=False)

    def __post_init__(self) -> None:
        self._edges = [[], []]
        once: set[Node] = set()
        self._read = {(FOCUS, shape) for shape in self._targets()}
        pending = sorted(self._read, key=str)
        while pending:
            state, shape = pending.pop()
            for found in self._shape(shape, state, once):
                if found not in self._read:
                    self._read.add(found)
                    pending.append(found)
        self.asked_once = frozenset(once)
        self._walk = Walk(self._edges, lambda term: term)
        self._text_walk = Walk(self._edges, text_of)
        back: list[list[Edge]] = [[] for _ in self._edges]
        self._met = {}
        for state, edges in enumerate(self._edges):
            for edge in edges:
                back[edge.to].append(Edge(edge.predicate, not edge.inverse, state))
                self._met.setdefault(edge.predicate, []).append((state, edge.inverse))
        self._back = Walk(back, lambda term: term, ends=(FOCUS, VALUE))
        self._text_back = Walk(back, text_of, ends=(FOCUS, VALUE))

    def slice(self, data: Graph, seeds: Iterable[Seed]) -> Graph:
        """Every statement that can decide whether the rules are kept at the seeds."""
        found = Graph()
        if isinstance(data, StoreGraph):
            for triple in ox.parse(self.lines(data, seeds), ox.RdfFormat.N_TRIPLES):
                found.add(rdflib_triple(triple))
            return found
        for triple in data.triples((None, RDFS.subClassOf, None)):
            found.add(triple)
        self._walk.over(GraphGround(data), seeds, lambda some: [found.add(each) for each in some])
        return found

    def lines(self, data: StoreGraph, seeds: Iterable[Seed]) -> bytes:
        """The same in N-Triples, without a term of rdflib's for each of the statement's."""
        found = set(data.lines(RDFS.subClassOf))
        starts = ((text_of(seed.node), seed.state) for seed in seeds)
        self._text_walk.over(data, starts, found.update)
        return "".join(found).encode()

    def touched(self, data: Graph, changed: Iterable[Triple]) -> set[Seed] | None:
        """What may be judged otherwise since some statements came or went.

        :param data: the graph as it is now. A path that was cut is found, too: its first changed
            statement is reached along statements that did not change.
        :returns: nothing when classes themselves changed: then everything may be.
        """
        starts: list[Seed] = []
        for s, p, o in changed:
            if p == RDFS.subClassOf:
                return None
            for state, inverse in self._met.get(p, ()):
                starts.append(Seed(o if inverse else s, state))
        if isinstance(data, StoreGraph):
            texts = self._text_back.over(data, ((text_of(node), state) for node, state in starts))
            return set(
                _seeds((rdflib_term(term_of(text)), states) for text, states in texts.items())
            )
        return set(_seeds(self._back.over(GraphGround(data), starts).items()))

    def named_targets(self) -> set[Node]:
        """What the rules are about whether or not anything is said of it (``sh:targetNode``)."""
        return set(self.shapes.objects(None, SH.targetNode))

    def pointed_at(self) -> set[Node]:
        """The properties whose objects the rules are about (``sh:targetObjectsOf``)."""
        return set(self.shapes.objects(None, SH.targetObjectsOf))

    # What follows reads the shapes graph.

    def _targets(self) -> Iterator[Node]:
        for target in TARGETS:
            for shape, value in self.shapes.subject_objects(target):
                if target == SH.targetClass:
                    self._step({FOCUS}, RDF.type, inverse=False)
                elif target != SH.targetNode:
                    self._step({FOCUS}, value, inverse=target == SH.targetObjectsOf)
                yield shape
        for shape in self.shapes.subjects(RDF.type, RDFS.Class):
            raise ValueError(f"an implicit class target: {shape}")

    def _shape(self, shape: Node, state: int, once: set[Node]) -> Iterator[tuple[int, Node]]:
        path = self.shapes.value(shape, SH.path)
        ends = {state} if path is None else self._path(path, {state})
        for parameter, value in self.shapes.predicate_objects(shape):
            if not str(parameter).startswith(str(SH)) or parameter in _LOCAL:
                continue
            if parameter in _PAIRS:
                self._step({state}, value, inverse=False)
            elif parameter == SH["class"]:
                self._step(ends, RDF.type, inverse=False)
            elif parameter in _PARTS:
                yield from ((end, value) for end in ends)
            elif parameter in _LISTS:
                yield from ((end, part) for part in Collection(self.shapes, value) for end in ends)
            elif parameter == SH.sparql:
                if not self._question(value, state):
                    once.add(shape)
            elif parameter not in TARGETS:
                raise ValueError(f"{shape} uses {parameter}, and how far that looks is not known")

    def _step(self, starts: Iterable[int], predicate: Node, *, inverse: bool) -> int:
        """One step from several states into one: an old one where all have it, else a new one."""
        starts = sorted(starts)
        for edge in self._edges[starts[0]]:
            same = (edge.predicate, edge.inverse) == (predicate, inverse)
            if same and all(edge in self._edges[state] for state in starts):
                return edge.to
        to = self._new()
        for state in starts:
            self._edges[state].append(Edge(predicate, inverse, to))
        return to

    def _new(self) -> int:
        if len(self._edges) == _STATES:
            raise ValueError("a shape that refers to itself, or rules too long to follow")
        self._edges.append([])
        return len(self._edges) - 1

    def _path(self, path: Node, starts: set[int]) -> set[int]:
        """Follow a property path (SHACL, 2.3.1)."""
        graph = self.shapes
        if isinstance(path, URIRef):
            return {self._step(starts, path, inverse=False)}
        if (path, RDF.first, None) in graph:
            for part in Collection(graph, path):
                starts = self._path(part, starts)
            return starts
        (kind, value), *more = graph.predicate_objects(path)
        if kind == SH.inversePath and isinstance(value, URIRef) and not more:
            return {self._step(starts, value, inverse=True)}
        if kind == SH.alternativePath:
            return set().union(*(self._path(part, starts) for part in Collection(graph, value)))
        if kind == SH.zeroOrOnePath:
            return starts | self._path(value, starts)
        if kind in {SH.zeroOrMorePath, SH.oneOrMorePath} and isinstance(value, URIRef):
            ends = self._loop(starts, value, inverse=False)
            return ends if kind == SH.oneOrMorePath else starts | ends
        raise ValueError(f"a path of a kind that is not known here: {kind}")

    def _loop(self, starts: Iterable[int], predicate: Node, *, inverse: bool) -> set[int]:
        end = self._new()
        for state in (*starts, end):
            self._edges[state].append(Edge(predicate, inverse, end))
        return {end}

    def _question(self, constraint: Node, state: int) -> bool:
        """Follow the patterns of a question; say whether they start at its focus."""
        text = str(self.shapes.value(constraint, SH.select))
        declared = {
            str(self.shapes.value(one, SH.prefix)): str(self.shapes.value(one, SH.namespace))
            for ontology in self.shapes.objects(constraint, SH.prefixes)
            for one in self.shapes.objects(ontology, SH.declare)
        }
        ways = list(_ways(prepareQuery(text, initNs=declared).algebra))
        local = any(Variable("this") in (s, o) for way in ways for s, _, o in way.needed)
        for way in ways:
            states: dict[Node, set[int]] = (
                {Variable("this"): {state}} if local else {Variable("value"): {VALUE}}
            )
            # what must be there is followed first: only so is every solution reached by it
            for patterns in way:
                self._follow(patterns, states, constraint)
        return local

    def _follow(
        self, patterns: list[Triple], states: dict[Node, set[int]], constraint: Node
    ) -> None:
        left = patterns
        while left:
            later = []
            for s, p, o in left:
                if s in states:
                    ends = self._sparql(p, states[s], inverse=False)
                    states.setdefault(o, ends)
                elif o in states:
                    states[s] = self._sparql(p, states[o], inverse=True)
                else:
                    later.append((s, p, o))
            if len(later) == len(left):
                raise ValueError(f"{constraint} asks of what nothing joins to its thing")
            left = later

    def _sparql(self, path: Node | Path, starts: set[int], *, inverse: bool) -> set[int]:
        """Follow a property path of SPARQL (SPARQL 1.1, 9)."""
        if isinstance(path, URIRef):
            return {self._step(starts, path, inverse=inverse)}
        if isinstance(path, InvPath):
            return self._sparql(path.arg, starts, inverse=not inverse)
        if isinstance(path, SequencePath):
            for part in reversed(path.args) if inverse else path.args:
                starts = self._sparql(part, starts, inverse=inverse)
            return starts
        if isinstance(path, AlternativePath):
            return set().union(*(self._sparql(p, starts, inverse=inverse) for p in path.args))
        if isinstance(path, MulPath):
            if path.mod == "?":
                return starts | self._sparql(path.path, starts, inverse=inverse)
            if isinstance(path.path, URIRef):
                ends = self._loop(starts, path.path, inverse=inverse)
                return starts | ends if path.mod == "*" else ends
        raise ValueError(f"a property path of a kind that is not known here: {path}")


def _seeds(seen: Iterable[tuple[Node, int]]) -> Iterator[Seed]:
    """Where checks start, of what a walk has seen."""
    for node, states in seen:
        yield from (Seed(node, state) for state in (FOCUS, VALUE) if states >> state & 1)


class _Way(NamedTuple):
    """One way in which a question can be answered: what must be there, and what may be."""

    needed: list[Triple]
    optional: list[Triple]


def _ways(algebra: CompValue) -> Iterator[_Way]:
    """The ways of a question (SPARQL 1.1, 18.2): one for each choice among alternatives."""
    if algebra.name == "BGP":
        yield _Way(list(algebra.triples), [])
    elif algebra.name == "Union":
        yield from _ways(algebra.p1)
        yield from _ways(algebra.p2)
    elif algebra.name == "Join":
        for one in _ways(algebra.p1):
            for other in _ways(algebra.p2):
                yield _Way(one.needed + other.needed, one.optional + other.optional)
    elif algebra.name in {"LeftJoin", "Minus"}:
        more = [t for way in _ways(algebra.p2) for part in way for t in part]
        for way in _ways(algebra.p1):
            yield _Way(way.needed, way.optional + more + _inside(algebra.get("expr")))
    elif algebra.name in {"Filter", "Extend", "Project", "Distinct", "SelectQuery"}:
        for way in _ways(algebra.p):
            yield _Way(way.needed, way.optional + _inside(algebra.get("expr")))
    elif algebra.name == "ToMultiSet":  # a question inside the question
        yield from _ways(algebra.p)
    else:
        raise ValueError(f"a question with {algebra.name}, and how far that looks is not known")


def _inside(expression: object) -> list[Triple]:
    """The patterns of every EXISTS and NOT EXISTS of an expression."""
    if isinstance(expression, CompValue):
        if expression.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
            return [t for way in _ways(expression.graph) for part in way for t in part]
        return [t for value in expression.values() for t in _inside(value)]
    if isinstance(expression, (list, tuple)):
        return [t for value in expression for t in _inside(value)]
    return []
