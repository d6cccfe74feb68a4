"""The same measures over arrays, for networks too large for :mod:`maillage.plain`.

numpy and scipy do what networkx does in Python, with the same numbers up to rounding: the same
pivots are drawn for betweenness, and the same weights followed for PageRank. Only communities are
another engine's: Louvain by scikit-network (BSD), when it is installed (``pip install
maillage[fast]``), otherwise by networkx. Two Louvains find groups that are equally good, not the
same groups.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix, diags_array
from scipy.sparse.csgraph import connected_components

from maillage import plain
from maillage.mesh import SEED, Mesh, Number, Undefined

__all__ = [
    "OF_ALL",
    "OF_EACH",
    "assortativity",
    "between",
    "betweenness",
    "communities",
    "components",
    "cores",
    "pagerank",
    "propagated",
    "triangles",
]

Numbers = NDArray[np.int64]
Values = NDArray[np.float64]

_DAMPING: Final = 0.85
_AT_ONCE: Final = 1 << 22  # pairs of pairs looked at in one step


# Each party ---------------------------------------------------------------------------------


def components(mesh: Mesh) -> Numbers:
    """The number of each party's component, the largest first."""

    def found(mesh: Mesh) -> Numbers:
        return _by_size(connected_components(mesh.matrix, directed=False)[1])

    return mesh.once("components", found)


def communities(mesh: Mesh) -> Numbers:
    """The number of each party's community by Louvain's method, the largest first."""
    return mesh.once("communities", _louvain)


def _louvain(mesh: Mesh) -> Numbers:
    if find_spec("sknetwork") is None:
        return np.array(list(plain.OF_EACH["community"](mesh).values()), dtype=np.int64)
    from sknetwork.clustering import Louvain

    engine = Louvain(modularity="newman", random_state=SEED)
    return _by_size(engine.fit_predict(csr_matrix(mesh.matrix)))


def propagated(mesh: Mesh) -> Numbers:
    """The number of each party's group by label propagation, the largest first."""
    matrix, size = mesh.matrix, len(mesh.names)
    heaviest = matrix.max(axis=1).toarray().ravel()
    label, rows = np.arange(size), np.arange(size + 1)
    for _ in range(plain.ROUNDS):
        # row by row: the weight of each label among the partners, then with one's own vote
        votes = matrix @ csr_array((np.ones(size), label, rows), shape=(size, size))
        votes = csr_array(votes + csr_array((heaviest, label, rows), shape=(size, size)))
        starts, lengths = votes.indptr[:-1], np.diff(votes.indptr)
        most = np.repeat(np.maximum.reduceat(votes.data, starts), lengths)
        taken = np.minimum.reduceat(np.where(votes.data == most, votes.indices, size), starts)
        if np.array_equal(taken, label):
            break
        label = taken
    return _by_size(label)


def _by_size(label: NDArray[Any]) -> Numbers:
    """Number groups from 1: from the largest to the smallest, then by their first member."""
    _, first, group, size = np.unique(
        label, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.lexsort((first, -size))] = np.arange(1, len(size) + 1)
    return rank[group]


def pagerank(mesh: Mesh, tolerance: float = plain.SETTLED, steps: int = 1_000) -> Values:
    """PageRank by power iteration (Brin and Page 1998), damping 0.85.

    :param tolerance: how far all shares together may still move in the step that ends it.
    :raises Undefined: when it has not ended after so many steps.
    """
    matrix, size = mesh.matrix, len(mesh.names)
    # symmetric, so the row of a party holds what its partners pass on to it
    passed = matrix @ diags_array(1 / matrix.sum(axis=0))
    share = np.full(size, 1 / size)
    for _ in range(steps):
        before, share = share, _DAMPING * (passed @ share) + (1 - _DAMPING) / size
        if np.abs(share - before).sum() < tolerance:
            return np.asarray(share)
    raise Undefined("not-converged")


def betweenness(mesh: Mesh) -> Values:
    """Betweenness after Brandes 2001; above 2,000 parties from 500 pivots (Brandes and Pich 2007).

    The pivots are those that networkx draws with the same seed, scaled as networkx scales them.
    """
    size = len(mesh.names)
    if size < 3:  # noqa: PLR2004  # two ends and a middle
        raise Undefined("too-few")
    sampled = size > plain.EXACT_UP_TO
    # a lot drawn for statistics, and it must be the same each time
    lot = random.Random(SEED)  # noqa: S311
    pivots = lot.sample(range(size), plain.PIVOTS) if sampled else range(size)
    return between(mesh, pivots, sampled=sampled)


def between(mesh: Mesh, pivots: Sequence[int], *, sampled: bool) -> Values:
    """The share of shortest paths from some parties that pass through each.

    :param sampled: whether the pivots stand for all parties; a pivot is then no path's middle of
        its own, and counts among one source less.
    """
    size = len(mesh.names)
    walk = _Walk(mesh.matrix)
    found = np.zeros(size)
    for pivot in pivots:
        walk.add(pivot, found)
    if not sampled:
        return np.asarray(found / ((size - 1) * (size - 2)))
    scale = np.full(size, 1 / (len(pivots) * (size - 2)))
    fewer = len(pivots) - 1
    scale[list(pivots)] = 1 / (fewer * (size - 2)) if fewer else np.nan
    return np.asarray(found * scale)


class _Walk:
    """Shortest paths from one party to all, level by level, each level in whole arrays."""

    def __init__(self, matrix: Any) -> None:
        self._starts = matrix.indptr.astype(np.int64)
        self._ends = matrix.indices.astype(np.int64)
        size = matrix.shape[0]
        self._level = np.empty(size, dtype=np.int64)
        self._place = np.empty(size, dtype=np.int64)

    def add(self, source: int, found: Values) -> None:
        """Add how much of the paths from a party each other party stands on."""
        self._level.fill(-1)
        self._level[source] = 0
        here: Numbers = np.array([source])
        paths: NDArray[Any] = np.ones(1)
        steps: list[tuple[Numbers, NDArray[Any], Numbers, Numbers]] = []
        while len(here):
            first, count = self._starts[here], self._starts[here + 1] - self._starts[here]
            total = int(count.sum())
            origin = np.repeat(np.arange(len(here)), count)
            offset = np.arange(total) - np.repeat(np.cumsum(count) - count, count)
            target = self._ends[first[origin] + offset]
            new = self._level[target] < 0
            origin, target = origin[new], target[new]
            self._level[target] = len(steps) + 1
            # each party once: of several mentions, the one that wrote last
            self._place[target] = np.arange(len(target))
            there = target[self._place[target] == np.arange(len(target))]
            self._place[there] = np.arange(len(there))
            into = self._place[target]
            steps.append((here, paths, origin, into))
            paths = np.bincount(into, weights=paths[origin], minlength=len(there))
            here = there
        beyond = np.zeros(0)  # of the level below: what each passes on, for one path
        for here, paths, origin, into in reversed(steps):
            carried = np.bincount(origin, weights=beyond[into], minlength=len(here)) * paths
            if here[0] != source:
                found[here] += carried
            beyond = (1 + carried) / paths


def cores(mesh: Mesh) -> Numbers:
    """The largest k such that a party is in a group where each has k partners (Seidman 1983)."""
    matrix = mesh.matrix
    starts, ends = matrix.indptr.astype(np.int64), matrix.indices
    left = np.diff(starts)
    core = np.full(len(left), -1, dtype=np.int64)
    order = 0
    while (remaining := np.flatnonzero(core < 0)).size:
        order = max(order, int(left[remaining].min()))
        peeled = remaining[left[remaining] <= order]
        while peeled.size:
            core[peeled] = order
            touched = np.concatenate([ends[starts[p] : starts[p + 1]] for p in peeled.tolist()])
            party, times = np.unique(touched[core[touched] < 0], return_counts=True)
            left[party] -= times
            peeled = party[left[party] <= order]
    return core


def triangles(mesh: Mesh) -> Numbers:
    """In how many triangles each party stands."""
    return mesh.once("triangles", _triangles)


def _triangles(mesh: Mesh) -> Numbers:
    """Count them from the party with fewest partners in each, which bounds the work.

    N. Chiba and T. Nishizeki, *Arboricity and subgraph listing algorithms*, 1985,
    doi:10.1137/0214017.
    """
    size = len(mesh.names)
    degree = np.diff(mesh.matrix.indptr)
    order = np.empty(size, dtype=np.int64)
    order[np.lexsort((np.arange(size), degree))] = np.arange(size)
    low = np.minimum(order[mesh.one], order[mesh.other])
    key = np.sort(low * size + np.maximum(order[mesh.one], order[mesh.other]))
    near, far = key // size, key % size
    # what each pair is compared with: the further pairs of the same party
    after = np.searchsorted(near, near, side="right") - np.arange(len(near)) - 1
    before = np.concatenate([[0], np.cumsum(after)])
    counted = np.zeros(size, dtype=np.int64)
    first = 0
    while first < len(near):
        last = max(int(np.searchsorted(before, before[first] + _AT_ONCE, "right")) - 1, first + 1)
        pair = np.repeat(np.arange(first, last), after[first:last])
        third = pair + 1 + np.arange(len(pair)) - (before[pair] - before[first])
        wanted = far[pair] * size + far[third]
        place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        closed = key[place] == wanted
        for ends in (near[pair], far[pair], far[third]):
            counted += np.bincount(ends[closed], minlength=size)
        first = last
    return counted[order]


def _each(values: NDArray[Any]) -> dict[int, Number]:
    return dict(enumerate(values.tolist()))


def _eigenvector(mesh: Mesh) -> dict[int, float]:
    number = components(mesh)
    groups = [np.flatnonzero(number == place).tolist() for place in (1, 2)]
    return plain.eigenvector(mesh, [group for group in groups if group])


#: The measures of each party, as :data:`maillage.plain.OF_EACH` has them.
OF_EACH: Final[Mapping[str, Callable[[Mesh], Mapping[int, Number]]]] = {
    "degree": lambda mesh: _each(np.diff(mesh.matrix.indptr)),
    "weighted_degree": lambda mesh: _each(mesh.matrix.sum(axis=1)),
    "betweenness": lambda mesh: _each(betweenness(mesh)),
    "eigenvector": _eigenvector,
    "pagerank": lambda mesh: _each(pagerank(mesh)),
    "core": lambda mesh: _each(cores(mesh)),
    "component": lambda mesh: _each(components(mesh)),
    "community": lambda mesh: _each(communities(mesh)),
    "propagated": lambda mesh: _each(propagated(mesh)),
}


# The whole ----------------------------------------------------------------------------------


def _clustering(mesh: Mesh) -> float:
    degree = np.diff(mesh.matrix.indptr)
    able = degree > 1
    if not able.any():
        raise Undefined("no-triple")
    degree = degree[able].astype(float)
    return float(np.mean(2 * triangles(mesh)[able] / (degree * (degree - 1))))


def _transitivity(mesh: Mesh) -> float:
    degree = np.diff(mesh.matrix.indptr).astype(float)
    triples = float(np.sum(degree * (degree - 1)))
    if not triples:
        raise Undefined("no-triple")
    return float(2 * triangles(mesh).sum() / triples)


def _degree_assortativity(mesh: Mesh) -> float:
    degree = np.diff(mesh.matrix.indptr)
    if len(np.unique(degree)) == 1:
        raise Undefined("one-category")
    near, far = degree[mesh.one], degree[mesh.other]
    both = np.concatenate([near, far]), np.concatenate([far, near])
    return float(np.corrcoef(*both)[0, 1])


def assortativity(mesh: Mesh, values: Mapping[str, str]) -> float:
    """Newman's coefficient over the linked pairs whose two values are known (Newman 2003).

    :raises Undefined: when there are none, or all values are the same.
    """
    kinds = {value: place for place, value in enumerate(sorted(set(values.values())))}
    held = np.array([kinds[values[n]] if n in values else -1 for n in mesh.names], dtype=np.int64)
    near, far = held[mesh.one], held[mesh.other]
    known = (near >= 0) & (far >= 0)
    near, far = near[known], far[known]
    if not near.size:
        raise Undefined("no-attribute")
    ends = np.concatenate([near, far])
    if len(np.unique(ends)) == 1:
        raise Undefined("one-category")
    alike = np.count_nonzero(near == far) / near.size
    chance = float(np.sum((np.bincount(ends) / ends.size) ** 2))
    return float((alike - chance) / (1 - chance))


def _modularity(mesh: Mesh) -> float:
    number = communities(mesh)
    total = float(mesh.weight.sum())
    inside = float(mesh.weight[number[mesh.one] == number[mesh.other]].sum())
    strength = np.bincount(number, weights=mesh.matrix.sum(axis=1))
    return inside / total - float(np.sum((strength / (2 * total)) ** 2))


def _density(mesh: Mesh) -> float:
    size = len(mesh.names)
    return 2 * len(mesh.one) / (size * (size - 1))


#: The measures of the whole network, as :data:`maillage.plain.OF_ALL` has them.
OF_ALL: Final[Mapping[str, Callable[[Mesh], Number]]] = {
    "nodes": lambda mesh: len(mesh.names),
    "links": lambda mesh: mesh.links,
    "edges": lambda mesh: mesh.edges,
    "pairs": lambda mesh: len(mesh.one),
    "density": _density,
    "components": lambda mesh: int(components(mesh).max()),
    "largest_component": lambda mesh: int(np.bincount(components(mesh)).max()),
    "clustering": _clustering,
    "transitivity": _transitivity,
    "assortativity_degree": _degree_assortativity,
    "communities": lambda mesh: int(communities(mesh).max()),
    "modularity": _modularity,
}
