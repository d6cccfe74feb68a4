"""Communities: parties that are linked with each other more than chance would have it.

The method is that of Louvain (Blondel, Guillaume, Lambiotte and Lefebvre, *Fast unfolding of
communities in large networks*, 2008, doi:10.1088/1742-5468/2008/10/P10008), as networkx does it,
for networks of any size. Several answers are often equally good; a seed chooses one.
"""

from __future__ import annotations

from collections import defaultdict

import networkx as nx

__all__ = ["communities"]


def communities(graph: nx.MultiGraph[str], seed: int = 2016) -> dict[str, int]:
    """Number the community of each party, the largest community being 0.

    Args:
        graph: parties and links, read as undirected; links between the same two parties add
            their ``weight`` (1 where an edge has none), and a link of a party with itself is
            left out.
        seed: chooses among equally good answers; the same seed, the same communities.

    Returns:
        The number of each party's community, in the order of the names of the parties.
        Communities of one size are numbered by their least name; a party without links is a
        community of its own.

    >>> pairs = nx.MultiGraph([("tours", "luoyang"), ("lyon", "canton"), ("lyon", "foshan")])
    >>> communities(pairs)
    {'canton': 0, 'foshan': 0, 'luoyang': 1, 'lyon': 0, 'tours': 1}
    """
    # Numbers instead of names, because the order of text in a set changes from run to run.
    names = sorted(graph)
    number = {name: place for place, name in enumerate(names)}
    weights: defaultdict[tuple[int, int], float] = defaultdict(float)
    for one, other, weight in graph.edges(data="weight", default=1.0):
        if one != other:
            low, high = sorted((number[one], number[other]))
            weights[low, high] += weight
    simple: nx.Graph[int] = nx.Graph()
    simple.add_nodes_from(range(len(names)))
    simple.add_weighted_edges_from((*pair, weight) for pair, weight in sorted(weights.items()))
    # Without a link, networkx has nothing to divide by.
    found = (
        nx.community.louvain_communities(simple, weight="weight", seed=seed)
        if weights
        else [{place} for place in simple]
    )
    ranked = sorted(found, key=lambda members: (-len(members), min(members)))
    of = {place: rank for rank, members in enumerate(ranked) for place in members}
    return {name: of[place] for name, place in number.items()}
