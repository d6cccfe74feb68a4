"""How alike the themes or events of parties are that have any in common.

Parties with the same themes are looked at once, however many they are: what follows grows with the
number of different lists of themes, not with the square of the number of parties.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_array

from maillage.mesh import Undefined

if TYPE_CHECKING:
    from maillage.network import TwoModeGraph

__all__ = ["likeness"]

_AT_ONCE: Final = 1_000  # lists compared with all the others in one step


def likeness(graph: TwoModeGraph, *, tentative: bool) -> float:
    """Latapy's clustering of the parties (mode "dot"), mean over those that share anything at all.

    M. Latapy, C. Magnien and N. Del Vecchio, *Basic notions for the analysis of large two-mode
    networks*, 2008, doi:10.1016/j.socnet.2007.04.006.

    :param graph: parties (``bipartite`` 0) and what they may share (1).
    :param tentative: whether tentative edges count.
    :raises Undefined: when no two parties share anything.
    """
    of: defaultdict[str, set[str]] = defaultdict(set)
    for one, other, data in graph.edges(data=True):
        if tentative or not data.get("tentative", False):
            party, shared = (one, other) if graph.nodes[one]["bipartite"] == 0 else (other, one)
            of[party].add(shared)
    lists = Counter(tuple(sorted(shared)) for shared in of.values())
    rows = sorted(lists)
    number = {name: place for place, name in enumerate(sorted({n for row in rows for n in row}))}
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.array([number[name] for row in rows for name in row], dtype=np.int64)
    matrix = csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), len(number)))
    parties = np.array([lists[row] for row in rows])
    lengths = np.diff(ends)
    total, sharing = 0.0, 0
    for first in range(0, len(rows), _AT_ONCE):
        block = slice(first, min(first + _AT_ONCE, len(rows)))
        common = (matrix[block] @ matrix.T).tocoo()
        here, there = common.row + first, common.col
        alike = common.data / (lengths[here] + lengths[there] - common.data)
        size = len(rows)
        # among those with the same list is the party itself, which is as like itself as can be
        partners = np.bincount(here, weights=parties[there], minlength=size)[block] - 1
        likes = np.bincount(here, weights=alike * parties[there], minlength=size)[block] - 1
        able = partners > 0
        total += float(np.sum(parties[block][able] * likes[able] / partners[able]))
        sharing += int(parties[block][able].sum())
    if not sharing:
        raise Undefined("nothing-shared")
    return total / sharing
