"""What the mesh looks like in numbers, and how much of that rests on links to be confirmed.

Every measure is taken twice: with the tentative links (proposed, to be confirmed, in negotiation)
and without them. The distance between the two is its uncertainty. What a measure is, its unit,
its convention and the paper that defines it stand in ``measures.toml``, in three languages.

One convention holds throughout: the network is undirected, the links between two parties are
summed into one weight, there are no loops, and a party without a link is not part of the network.
A value that is not defined is ``None``, with the reason, never zero and never "not a number".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, Final, cast

import networkx as nx
import numpy as np

from maillage.definitions import definitions

if TYPE_CHECKING:
    from maillage.network import LinkGraph, TwoModeGraph

__all__ = ["SEED", "Measure", "Undefined", "measures"]

Number = int | float

#: The seed of everything that is drawn by lot.
SEED: Final = 2005
#: Up to how many parties betweenness is exact, and from how many pivots it is estimated above.
EXACT_UP_TO: Final = 2_000
PIVOTS: Final = 500
#: After how many steps without an answer the eigenvector is given up.
STEPS: Final = 10_000

_WITHOUT_LINK: Final[Mapping[str, Number]] = {"degree": 0, "weighted_degree": 0.0, "core": 0}
# Numbers of groups are names: their difference says nothing.
_NAMES: Final = frozenset({"component", "community"})
_FIRST_TIER: Final = frozenset({"region", "province", "overseas-collectivity"})

# Fewer parties than this, and none can stand between two others.
_A_MIDDLE: Final = 3


class Undefined(Exception):  # noqa: N818  # an answer, not an error
    """A measure has no value here; the argument is the key of the reason."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of one party, or of the whole network, with and without tentative links.

    :ivar subject: the address of the party; ``None`` for the whole network.
    :ivar reason: why ``value`` is not defined (a key of ``reasons`` in ``measures.toml``).
    :ivar reason_confirmed: the same for ``confirmed``.
    """

    id: str
    subject: str | None
    value: Number | None
    confirmed: Number | None
    reason: str | None = None
    reason_confirmed: str | None = None

    @property
    def uncertainty(self) -> Number | None:
        """The width of the range between the two values; ``None`` where one is not defined."""
        if self.value is None or self.confirmed is None or self.id in _NAMES:
            return None
        return _tidy(abs(self.value - self.confirmed))


# One network to measure ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Net:
    """A network made ready: parties numbered in the order of their addresses.

    Numbers instead of addresses, because the order of text in a set changes from run to run.
    """

    names: list[str]
    simple: nx.Graph[int]
    links: int
    edges: int

    @property
    def components(self) -> list[list[int]]:
        return _ranked(nx.connected_components(self.simple))


def _net(graph: LinkGraph, *, tentative: bool) -> _Net:
    """The network with or without its tentative links."""
    kept = [
        (one, other, key, data)
        for one, other, key, data in graph.edges(keys=True, data=True)
        if one != other and (tentative or not data.get("tentative", False))
    ]
    names = sorted({end for one, other, *_ in kept for end in (one, other)})
    number = {name: place for place, name in enumerate(names)}
    weights: Counter[tuple[int, int]] = Counter()
    for one, other, _, data in kept:
        pair = sorted((number[one], number[other]))
        weights[pair[0], pair[1]] += data.get("weight", 1.0)
    simple: nx.Graph[int] = nx.Graph()
    simple.add_nodes_from(range(len(names)))
    simple.add_weighted_edges_from((*pair, weight) for pair, weight in sorted(weights.items()))
    return _Net(names, simple, len({key for _, _, key, _ in kept}), len(kept))


def _ranked(groups: Iterable[Collection[int]]) -> list[list[int]]:
    """Groups from the largest to the smallest, then by their first member."""
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


def _tidy(value: Number) -> Number:
    """Six decimals: more would show the rounding of the machine, not the network."""
    return value if isinstance(value, int) else round(float(value), 6) + 0.0


# Each party ---------------------------------------------------------------------------------


def _betweenness(net: _Net) -> dict[int, float]:
    if net.simple.number_of_nodes() < _A_MIDDLE:
        raise Undefined("too-few")
    pivots = PIVOTS if len(net.names) > EXACT_UP_TO else None
    return nx.betweenness_centrality(net.simple, k=pivots, normalized=True, seed=SEED)


def _eigenvector(net: _Net) -> dict[int, float]:
    components = net.components
    if len(components) > 1 and len(components[0]) == len(components[1]):
        raise Undefined("tied-components")
    members = components[0]
    matrix = nx.to_scipy_sparse_array(net.simple, nodelist=members, weight="weight")
    # Power iteration. In a network of two countries the largest eigenvalue has a negative twin,
    # between which plain iteration swings for ever; a shift by the mean degree parts them.
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


def _communities(net: _Net) -> list[list[int]]:
    found = nx.community.louvain_communities(net.simple, weight="weight", seed=SEED)
    return _ranked(found)


def _numbered(groups: list[list[int]]) -> dict[int, int]:
    return {member: place for place, group in enumerate(groups, 1) for member in group}


_OF_EACH: Final[Mapping[str, Callable[[_Net], Mapping[int, Number]]]] = {
    "degree": lambda net: dict(net.simple.degree()),
    "weighted_degree": lambda net: dict(net.simple.degree(weight="weight")),
    "betweenness": _betweenness,
    "eigenvector": _eigenvector,
    "pagerank": lambda net: nx.pagerank(net.simple, alpha=0.85, tol=1e-10, max_iter=1_000),
    "core": lambda net: nx.core_number(net.simple),
    "component": lambda net: _numbered(net.components),
    "community": lambda net: _numbered(_communities(net)),
}

_Value = tuple[Number | None, str | None]


def _of_each(name: str, net: _Net, parties: list[str]) -> dict[str, _Value]:
    """One measure of every party: its value, or why it has none."""
    found: Mapping[int, Number] = {}
    # Of all undefined values, only the eigenvector's differ from party to party.
    missing = "outside-largest"
    if net.names:
        try:
            found = _OF_EACH[name](net)
        except Undefined as undefined:
            missing = str(undefined)
    number = {party: place for place, party in enumerate(net.names)}
    values: dict[str, _Value] = {}
    for party in parties:
        if party not in number:
            zero = _WITHOUT_LINK.get(name)
            values[party] = zero, "no-link" if zero is None else None
        elif number[party] in found:
            values[party] = (_tidy(found[number[party]]), None)
        else:
            values[party] = (None, missing)
    return values


# The whole ----------------------------------------------------------------------------------


def _clustering(net: _Net) -> float:
    able = [node for node, degree in net.simple.degree() if degree > 1]
    if not able:
        raise Undefined("no-triple")
    found = cast("dict[int, float]", nx.clustering(net.simple, able))
    return fmean(found.values())


def _transitivity(net: _Net) -> float:
    if all(degree <= 1 for _, degree in net.simple.degree()):
        raise Undefined("no-triple")
    return float(nx.transitivity(net.simple))


def _degree_assortativity(net: _Net) -> float:
    if len({degree for _, degree in net.simple.degree()}) == 1:
        raise Undefined("one-category")
    return float(nx.degree_pearson_correlation_coefficient(net.simple))


def _assortativity(net: _Net, values: Mapping[str, str]) -> float:
    """Newman's coefficient over the linked pairs whose two values are known."""
    known = net.simple.edge_subgraph(
        (one, other)
        for one, other in net.simple.edges
        if net.names[one] in values and net.names[other] in values
    ).copy()
    if not known:
        raise Undefined("no-attribute")
    held = {node: values[net.names[node]] for node in known}
    if len(set(held.values())) == 1:
        raise Undefined("one-category")
    nx.set_node_attributes(known, held, "value")
    return float(nx.attribute_assortativity_coefficient(known, "value"))


def _modularity(net: _Net) -> float:
    communities = [set(group) for group in _communities(net)]
    return float(nx.community.modularity(net.simple, communities, weight="weight"))


_OF_ALL: Final[Mapping[str, Callable[[_Net], Number]]] = {
    "nodes": lambda net: len(net.names),
    "links": lambda net: net.links,
    "edges": lambda net: net.edges,
    "pairs": lambda net: net.simple.number_of_edges(),
    "density": lambda net: nx.density(net.simple),
    "components": lambda net: len(net.components),
    "largest_component": lambda net: len(net.components[0]),
    "clustering": _clustering,
    "transitivity": _transitivity,
    "assortativity_degree": _degree_assortativity,
    "communities": lambda net: len(_communities(net)),
    "modularity": _modularity,
}
_COUNTS: Final = frozenset({"nodes", "links", "edges", "pairs", "components", "communities"})


def _of_all(name: str, net: _Net, by_value: Mapping[str, Mapping[str, str]]) -> _Value:
    if not net.names:
        return (0, None) if name in _COUNTS else (None, "no-network")
    try:
        if name in by_value:
            return _tidy(_assortativity(net, by_value[name])), None
        return _tidy(_OF_ALL[name](net)), None
    except Undefined as undefined:
        return None, str(undefined)


def _two_mode(graph: TwoModeGraph, *, tentative: bool) -> _Value:
    """Latapy's clustering of the parties, mean over those that share anything at all."""
    edges = sorted(
        (one, other) if graph.nodes[one]["bipartite"] == 0 else (other, one)
        for one, other, data in graph.edges(data=True)
        if tentative or not data.get("tentative", False)
    )
    number = {name: place for place, name in enumerate(sorted({n for pair in edges for n in pair}))}
    numbered: nx.Graph[int] = nx.Graph()
    numbered.add_edges_from((number[one], number[other]) for one, other in edges)
    sharing = sorted(
        {
            party
            for party in (number[one] for one, _ in edges)
            if any(numbered.degree(shared) > 1 for shared in numbered[party])
        }
    )
    if not sharing:
        return None, "nothing-shared"
    found = nx.bipartite.latapy_clustering(numbered, sharing, mode="dot")
    return _tidy(fmean(found[party] for party in sharing)), None


def measures(
    graph: LinkGraph,
    themes: TwoModeGraph | None = None,
    events: TwoModeGraph | None = None,
) -> list[Measure]:
    """Take every measure of every party, then those of the whole network.

    :param graph: parties and links, as :func:`maillage.network.links` makes it; an edge counts as
        tentative when its attribute ``tentative`` is true, and weighs ``weight`` (1 if absent).
    :param themes: parties (``bipartite`` 0) and themes (1); without it, no clustering by themes.
    :param events: parties and events, likewise.
    :returns: for each party in the order of addresses, its measures in the order of
        :func:`definitions`; then those of the whole network.
    """
    nets = _net(graph, tentative=True), _net(graph, tentative=False)
    parties = sorted(graph)
    both = {name: [_of_each(name, net, parties) for net in nets] for name in _OF_EACH}
    found = [
        _measure(name, party, values[0][party], values[1][party])
        for party in parties
        for name, values in both.items()
    ]
    level = _held(graph, "level")
    by_value = {
        "assortativity_level": level,
        "assortativity_tier": {party: _tier(value) for party, value in level.items()},
        "assortativity_country": _held(graph, "country"),
    }
    two_mode = {"theme_clustering": themes, "event_clustering": events}
    for name, definition in definitions().items():
        if definition.scope == "node":
            continue
        if name in two_mode:
            view = two_mode[name]
            if view is not None:
                values = [_two_mode(view, tentative=tentative) for tentative in (True, False)]
                found.append(_measure(name, None, *values))
        else:
            found.append(_measure(name, None, *(_of_all(name, net, by_value) for net in nets)))
    return found


def _measure(name: str, subject: str | None, all_links: _Value, confirmed: _Value) -> Measure:
    return Measure(name, subject, all_links[0], confirmed[0], all_links[1], confirmed[1])


def _held(graph: LinkGraph, attribute: str) -> dict[str, str]:
    held = graph.nodes(data=attribute)
    return {node: str(value) for node, value in held if value is not None}


def _tier(level: str) -> str:
    if level == "country":
        return level
    return "first" if level in _FIRST_TIER else "below"
