"""Each measure as networkx takes it: the reference, and what networks of ordinary size get.

What a measure is, its convention and the paper that defines it stand in ``measures.toml``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from statistics import fmean
from typing import Final, cast

import networkx as nx
import numpy as np

from maillage.mesh import SEED, Mesh, Number, Undefined, numbered, ranked

__all__ = [
    "EXACT_UP_TO",
    "OF_ALL",
    "OF_EACH",
    "PIVOTS",
    "ROUNDS",
    "SETTLED",
    "STEPS",
    "assortativity",
    "pagerank",
]

#: Up to how many parties betweenness is exact, and from how many pivots it is estimated above.
EXACT_UP_TO: Final = 2_000
PIVOTS: Final = 500
#: After how many steps without an answer the eigenvector is given up.
STEPS: Final = 10_000
#: How far all shares of PageRank together may still move in the step that ends it. The errors
#: together are then less than six times that (damping 0.85), however many parties there are.
SETTLED: Final = 1e-9
#: How often parties take over the label of their partners, at most.
ROUNDS: Final = 10

# Fewer parties than this, and none can stand between two others.
_A_MIDDLE: Final = 3


# Each party ---------------------------------------------------------------------------------


def _components(mesh: Mesh) -> list[list[int]]:
    return mesh.once("plain-components", lambda m: ranked(nx.connected_components(m.simple)))


def _betweenness(mesh: Mesh) -> dict[int, float]:
    if len(mesh.names) < _A_MIDDLE:
        raise Undefined("too-few")
    pivots = PIVOTS if len(mesh.names) > EXACT_UP_TO else None
    return nx.betweenness_centrality(mesh.simple, k=pivots, normalized=True, seed=SEED)


def eigenvector(mesh: Mesh, components: list[list[int]]) -> dict[int, float]:
    """Each party's score in the largest component, by power iteration.

    :raises Undefined: when no component is the largest, or the iteration does not settle.
    """
    if len(components) > 1 and len(components[0]) == len(components[1]):
        raise Undefined("tied-components")
    members = components[0]
    matrix = mesh.matrix[members][:, members]
    # In a network of two countries the largest eigenvalue has a negative twin, between which
    # plain iteration swings for ever; a shift by the mean degree parts them.
    shift = float(matrix.sum()) / len(members)
    vector = np.full(len(members), len(members) ** -0.5)
    for _ in range(STEPS):
        image = matrix @ vector
        eigenvalue = vector @ image
        if np.linalg.norm(image - eigenvalue * vector) <= 1e-9 * eigenvalue:
            return {member: float(score) for member, score in zip(members, vector, strict=True)}
        vector = image + shift * vector
        vector /= np.linalg.norm(vector)
    raise Undefined("not-converged")


def pagerank(graph: nx.Graph[int]) -> dict[int, float]:
    """PageRank of a graph that has nodes; networkx's own tolerance is a mean over them."""
    return nx.pagerank(graph, alpha=0.85, tol=SETTLED / len(graph), max_iter=1_000)


def _communities(mesh: Mesh) -> list[list[int]]:
    def found(mesh: Mesh) -> list[list[int]]:
        return ranked(nx.community.louvain_communities(mesh.simple, weight="weight", seed=SEED))

    return mesh.once("plain-communities", found)


def _propagated(mesh: Mesh) -> list[list[int]]:
    """Groups by label propagation, all parties at once (Raghavan, Albert and Kumara 2007).

    Everybody begins with a label of their own. In each round everybody takes the label that has
    most weight among their partners, their own counting as much as their heaviest link; of labels
    of equal weight, the one of the first address. So there is no lot to draw, and any engine
    comes to the same groups.
    """
    label = {node: node for node in mesh.simple}
    heaviest = {
        node: max(data["weight"] for data in partners.values())
        for node, partners in mesh.simple.adjacency()
    }
    for _ in range(ROUNDS):
        taken = {}
        for node, partners in mesh.simple.adjacency():
            votes: defaultdict[int, float] = defaultdict(float, {label[node]: heaviest[node]})
            for partner, data in partners.items():
                votes[label[partner]] += data["weight"]
            taken[node] = min(votes, key=lambda name: (-votes[name], name))
        if taken == label:
            break
        label = taken
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for node, name in label.items():
        groups[name].append(node)
    return ranked(groups.values())


#: The measures of each party, by the number of the party.
OF_EACH: Final[Mapping[str, Callable[[Mesh], Mapping[int, Number]]]] = {
    "degree": lambda mesh: dict(mesh.simple.degree()),
    "weighted_degree": lambda mesh: dict(mesh.simple.degree(weight="weight")),
    "betweenness": _betweenness,
    "eigenvector": lambda mesh: eigenvector(mesh, _components(mesh)),
    "pagerank": lambda mesh: pagerank(mesh.simple),
    "core": lambda mesh: nx.core_number(mesh.simple),
    "component": lambda mesh: numbered(_components(mesh)),
    "community": lambda mesh: numbered(_communities(mesh)),
    "propagated": lambda mesh: numbered(_propagated(mesh)),
}


# The whole ----------------------------------------------------------------------------------


def _clustering(mesh: Mesh) -> float:
    able = [node for node, degree in mesh.simple.degree() if degree > 1]
    if not able:
        raise Undefined("no-triple")
    found = cast("dict[int, float]", nx.clustering(mesh.simple, able))
    return fmean(found.values())


def _transitivity(mesh: Mesh) -> float:
    if all(degree <= 1 for _, degree in mesh.simple.degree()):
        raise Undefined("no-triple")
    return float(nx.transitivity(mesh.simple))


def _degree_assortativity(mesh: Mesh) -> float:
    if len({degree for _, degree in mesh.simple.degree()}) == 1:
        raise Undefined("one-category")
    return float(nx.degree_pearson_correlation_coefficient(mesh.simple))


def assortativity(mesh: Mesh, values: Mapping[str, str]) -> float:
    """Newman's coefficient over the linked pairs whose two values are known.

    :raises Undefined: when there are none, or all values are the same.
    """
    known = mesh.simple.edge_subgraph(
        (one, other)
        for one, other in mesh.simple.edges
        if mesh.names[one] in values and mesh.names[other] in values
    ).copy()
    if not known:
        raise Undefined("no-attribute")
    held = {node: values[mesh.names[node]] for node in known}
    if len(set(held.values())) == 1:
        raise Undefined("one-category")
    nx.set_node_attributes(known, held, "value")
    return float(nx.attribute_assortativity_coefficient(known, "value"))


def _modularity(mesh: Mesh) -> float:
    communities = [set(group) for group in _communities(mesh)]
    return float(nx.community.modularity(mesh.simple, communities, weight="weight"))


#: The measures of the whole network.
OF_ALL: Final[Mapping[str, Callable[[Mesh], Number]]] = {
    "nodes": lambda mesh: len(mesh.names),
    "links": lambda mesh: mesh.links,
    "edges": lambda mesh: mesh.edges,
    "pairs": lambda mesh: mesh.simple.number_of_edges(),
    "density": lambda mesh: nx.density(mesh.simple),
    "components": lambda mesh: len(_components(mesh)),
    "largest_component": lambda mesh: len(_components(mesh)[0]),
    "clustering": _clustering,
    "transitivity": _transitivity,
    "assortativity_degree": _degree_assortativity,
    "communities": lambda mesh: len(_communities(mesh)),
    "modularity": _modularity,
}
