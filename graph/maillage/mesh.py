"""A network made ready to measure: parties numbered, the links of each pair summed into one weight.

One convention holds for every measure: the network is undirected, there are no loops, and a party
without a link is not part of it. Parties are numbered in the order of their addresses, because the
order of text in a set changes from run to run. The same network is at hand in two forms: as a
networkx graph, which is the reference (:mod:`maillage.plain`), and as a sparse matrix, which is
fast at a million links (:mod:`maillage.swift`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from maillage.network import LinkGraph

__all__ = ["SEED", "Mesh", "Number", "Undefined", "mesh_of", "mesh_of_pairs", "numbered", "ranked"]

Number: TypeAlias = int | float
T = TypeVar("T")

#: The seed of everything that is drawn by lot.
SEED: Final = 2005


class Undefined(Exception):  # noqa: N818  # an answer, not an error
    """A measure has no value here; the argument is the key of the reason."""


@dataclass(frozen=True)
class Mesh:
    """A network of numbered parties.

    :ivar names: the addresses of the parties, in order; a party's number is its place here.
    :ivar one: for each linked pair, the smaller number of the two; pairs are sorted.
    :ivar other: the larger number.
    :ivar weight: the summed weight of the links of the pair.
    :ivar links: how many cooperation links there are.
    :ivar edges: how many edges they give: one for each link and pair that it joins.
    """

    names: Sequence[str]
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    weight: NDArray[np.float64]
    links: int
    edges: int
    _known: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, name: str, make: Callable[[Mesh], T]) -> T:
        """What several measures need, made when the first of them asks."""
        if name not in self._known:
            self._known[name] = make(self)
        return cast("T", self._known[name])

    @cached_property
    def simple(self) -> nx.Graph[int]:
        """As a graph of networkx, nodes and edges in order."""
        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(range(len(self.names)))
        columns = (self.one.tolist(), self.other.tolist(), self.weight.tolist())
        graph.add_weighted_edges_from(zip(*columns, strict=True))
        return graph

    @cached_property
    def matrix(self) -> Any:
        """As a symmetric sparse matrix (scipy's ``csr_array``) of weights, columns sorted."""
        size = len(self.names)
        ends = np.concatenate([self.one, self.other]), np.concatenate([self.other, self.one])
        return csr_array((np.concatenate([self.weight, self.weight]), ends), shape=(size, size))


def mesh_of(graph: LinkGraph, *, tentative: bool = True) -> Mesh:
    """The network of a graph of links, with or without the tentative ones.

    :param graph: as :func:`maillage.network.links` makes it; an edge counts as tentative when its
        attribute ``tentative`` is true, and weighs ``weight`` (1 if absent).
    """
    kept = [
        (one, other, key, data.get("weight", 1.0))
        for one, other, key, data in graph.edges(keys=True, data=True)
        if one != other and (tentative or not data.get("tentative", False))
    ]
    ones, others, keys, weights = zip(*kept, strict=True) if kept else ((), (), (), ())
    return mesh_of_pairs(ones, others, weights, links=len(set(keys)))


def mesh_of_pairs(
    ones: Collection[str], others: Collection[str], weights: Iterable[float], *, links: int
) -> Mesh:
    """The network of pairs of parties, one for each link and pair that it joins.

    >>> mesh = mesh_of_pairs(["Tours", "Lyon"], ["Luoyang", "Tours"], [1.0, 2.0], links=2)
    >>> mesh.names, mesh.one.tolist(), mesh.other.tolist(), mesh.weight.tolist()
    (['Luoyang', 'Lyon', 'Tours'], [0, 1], [2, 2], [1.0, 2.0])

    :param ones: an address for each; ``others`` likewise, never the same as in ``ones``.
    :param links: how many links the pairs come from.
    """
    names = sorted({*ones, *others})
    number = {name: place for place, name in enumerate(names)}
    count = len(ones)
    starts = np.fromiter(map(number.__getitem__, ones), np.int64, count)
    ends = np.fromiter(map(number.__getitem__, others), np.int64, count)
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    size = max(len(names), 1)
    pairs, place = np.unique(low * size + high, return_inverse=True)
    given = np.fromiter(weights, np.float64, count)
    summed = np.bincount(place, weights=given, minlength=len(pairs)).astype(np.float64)
    return Mesh(names, pairs // size, pairs % size, summed, links, count)


def ranked(groups: Iterable[Collection[int]]) -> list[list[int]]:
    """Groups from the largest to the smallest, then by their first member."""
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group[0]))


def numbered(groups: list[list[int]]) -> dict[int, int]:
    """The number of each member's group, from 1."""
    return {member: place for place, group in enumerate(groups, 1) for member in group}
