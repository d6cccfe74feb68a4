"""A walk over a graph, led by a finite automaton whose edges are properties, forward or backward.

Every thing is visited with the set of states in which it was reached, held as the bits of a number:
what is said of it is read once for all of them. The walk does not know what a graph is made of: it
goes over rdflib's terms or over lines of N-Triples alike (:class:`Ground`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from rdflib import Graph, Literal
from rdflib.term import Node

from maillage.storegraph import Triple

__all__ = ["Edge", "GraphGround", "Ground", "Walk"]

T = TypeVar("T", bound=Hashable)
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


class Edge(NamedTuple):
    """Where a statement of a property leads from a state: to its object, or to its subject."""

    predicate: Node
    inverse: bool
    to: int


class Ground(Protocol[T, S_co]):
    """What can be walked over: a graph whose terms are ``T`` and whose statements are ``S``."""

    def joined(
        self, term: T, predicates: Collection[T], *, inverse: bool
    ) -> Iterable[tuple[T, Collection[S_co], Collection[T]]]:
        """The statements of some properties from (or to) a term, and the terms at their far end."""


class GraphGround:
    """Any graph of rdflib's."""

    def __init__(self, data: Graph) -> None:
        self._data = data

    def joined(
        self, term: Node, predicates: Collection[Node], *, inverse: bool
    ) -> Iterable[tuple[Node, Collection[Triple], Collection[Node]]]:
        """See :class:`Ground`."""
        if inverse:
            for predicate in predicates:
                if there := list(self._data.triples((None, predicate, term))):
                    yield predicate, there, [s for s, _, _ in there]
        elif not isinstance(term, Literal):
            for triple in self._data.triples((term, None, None)):
                if triple[1] in predicates:
                    yield triple[1], (triple,), (triple[2],)


class _Moves(NamedTuple, Generic[T]):
    """Where some states lead: the states at the far end, by property."""

    forward: Mapping[T, int]
    backward: Mapping[T, int]


class Walk(Generic[T]):
    """The walks of one automaton over graphs of one kind.

    :param edges: those of each state.
    :param term: a property, as such graphs have it.
    :param ends: states that are told although no edge leaves them.
    """

    def __init__(
        self, edges: Sequence[Iterable[Edge]], term: Callable[[Node], T], ends: Iterable[int] = ()
    ) -> None:
        self._edges = [
            [(term(edge.predicate), edge.inverse, edge.to) for edge in some] for some in edges
        ]
        self._moves: dict[int, _Moves[T]] = {}
        self._told = _bits({*ends, *(state for state, some in enumerate(self._edges) if some)})

    def over(
        self,
        ground: Ground[T, S],
        starts: Iterable[tuple[T, int]],
        meet: Callable[[Collection[S]], Any] = lambda _: None,
    ) -> dict[T, int]:
        """Go as far as the automaton leads.

        :param starts: terms and the states to start in.
        :param meet: told the statements on the way.
        :returns: every term from where a step can be taken, and the bits of its states.
        """
        seen: dict[T, int] = {}
        pending: dict[T, int] = {}
        for term, state in starts:
            pending[term] = pending.get(term, 0) | 1 << state
        while pending:
            term, states = pending.popitem()
            before = seen.get(term, 0)
            if not (states := states & ~before):
                continue
            seen[term] = before | states
            moves = self._moves.get(states) or self._moves_of(states)
            for inverse, led in ((False, moves.forward), (True, moves.backward)):
                if led:
                    for predicate, statements, others in ground.joined(term, led, inverse=inverse):
                        meet(statements)
                        if to := led[predicate] & self._told:
                            for other in others:
                                pending[other] = pending.get(other, 0) | to
        return seen

    def _moves_of(self, states: int) -> _Moves[T]:
        forward: dict[T, int] = {}
        backward: dict[T, int] = {}
        for state, edges in enumerate(self._edges):
            if states >> state & 1:
                for predicate, inverse, to in edges:
                    led = backward if inverse else forward
                    led[predicate] = led.get(predicate, 0) | 1 << to
        return self._moves.setdefault(states, _Moves(forward, backward))


def _bits(states: Iterable[int]) -> int:
    return sum(1 << state for state in set(states))
