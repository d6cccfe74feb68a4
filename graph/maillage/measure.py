"""What the mesh looks like in numbers, and how much of that rests on links to be confirmed.

Every measure is taken twice: with the tentative links (proposed, to be confirmed, in negotiation)
and without them. The distance between the two is its uncertainty. What a measure is, its unit,
its convention and the paper that defines it stand in ``measures.toml``, in three languages.

One convention holds throughout: the network is undirected, the links between two parties are
summed into one weight, there are no loops, and a party without a link is not part of the network.
A value that is not defined is ``None``, with the reason, never zero and never "not a number".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Final, NamedTuple

from maillage import plain, swift
from maillage.definitions import definitions
from maillage.mesh import SEED, Mesh, Number, Undefined, mesh_of
from maillage.sharing import likeness

if TYPE_CHECKING:
    from maillage.network import LinkGraph, TwoModeGraph

__all__ = ["LARGE", "SEED", "Measure", "Undefined", "measures"]

#: From how many linked pairs on, tentative ones among them, a network is measured over arrays,
#: not by networkx.
LARGE: Final = 50_000

_WITHOUT_LINK: Final[Mapping[str, Number]] = {"degree": 0, "weighted_degree": 0.0, "core": 0}
# Numbers of groups are names: their difference says nothing.
_NAMES: Final = frozenset({"component", "community", "propagated"})
_FIRST_TIER: Final = frozenset({"region", "province", "overseas-collectivity"})


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of one party, or of the whole network, with and without tentative links.

    :ivar subject: the address of the party; ``None`` for the whole network.
    :ivar reason: why ``value`` is not defined (a key of ``reasons`` in ``measures.toml``).
    :ivar reason_confirmed: the same for ``confirmed``.
    :ivar decimals: to how many both values are rounded, and so the width between them.
    """

    id: str
    subject: str | None
    value: Number | None
    confirmed: Number | None
    reason: str | None = None
    reason_confirmed: str | None = None
    decimals: int = 6

    @property
    def uncertainty(self) -> Number | None:
        """The width of the range between the two values; ``None`` where one is not defined."""
        if self.value is None or self.confirmed is None or self.id in _NAMES:
            return None
        return _tidy(abs(self.value - self.confirmed), self.decimals)


def _tidy(value: Number, decimals: int) -> Number:
    """Few decimals: more would show the rounding of the machine, not the network."""
    return value if isinstance(value, int) else round(float(value), decimals) + 0.0


class _Way(NamedTuple):
    """How a network is measured: the same with and without tentative links, to be compared."""

    engine: ModuleType
    decimals: int


def _way(mesh: Mesh) -> _Way:
    """Among half a million parties, the share of one is some millionths: more decimals then."""
    return _Way(swift, 10) if len(mesh.one) >= LARGE else _Way(plain, 6)


_Value = tuple[Number | None, str | None]


def _of_each(name: str, mesh: Mesh, way: _Way, parties: list[str]) -> dict[str, _Value]:
    """One measure of every party: its value, or why it has none."""
    found: Mapping[int, Number] = {}
    # Of all undefined values, only the eigenvector's differ from party to party.
    missing = "outside-largest"
    if mesh.names:
        try:
            found = way.engine.OF_EACH[name](mesh)
        except Undefined as undefined:
            missing = str(undefined)
    number = {party: place for place, party in enumerate(mesh.names)}
    values: dict[str, _Value] = {}
    for party in parties:
        if party not in number:
            zero = _WITHOUT_LINK.get(name)
            values[party] = zero, "no-link" if zero is None else None
        elif number[party] in found:
            values[party] = (_tidy(found[number[party]], way.decimals), None)
        else:
            values[party] = (None, missing)
    return values


_COUNTS: Final = frozenset({"nodes", "links", "edges", "pairs", "components", "communities"})


def _of_all(name: str, mesh: Mesh, way: _Way, by_value: Mapping[str, Mapping[str, str]]) -> _Value:
    if not mesh.names:
        return (0, None) if name in _COUNTS else (None, "no-network")
    try:
        if name in by_value:
            return _tidy(way.engine.assortativity(mesh, by_value[name]), way.decimals), None
        return _tidy(way.engine.OF_ALL[name](mesh), way.decimals), None
    except Undefined as undefined:
        return None, str(undefined)


def _two_mode(graph: TwoModeGraph, way: _Way, *, tentative: bool) -> _Value:
    try:
        return _tidy(likeness(graph, tentative=tentative), way.decimals), None
    except Undefined as undefined:
        return None, str(undefined)


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
    meshes = [mesh_of(graph, tentative=tentative) for tentative in (True, False)]
    way = _way(meshes[0])  # the larger of the two
    parties = sorted(graph)
    both = {name: [_of_each(name, mesh, way, parties) for mesh in meshes] for name in plain.OF_EACH}
    found = [
        _measure(name, party, way, values[0][party], values[1][party])
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
                values = [_two_mode(view, way, tentative=tentative) for tentative in (True, False)]
                found.append(_measure(name, None, way, *values))
        else:
            values = [_of_all(name, mesh, way, by_value) for mesh in meshes]
            found.append(_measure(name, None, way, *values))
    return found


def _measure(
    name: str, subject: str | None, way: _Way, all_links: _Value, confirmed: _Value
) -> Measure:
    (value, reason), (sure, reason_sure) = all_links, confirmed
    return Measure(name, subject, value, sure, reason, reason_sure, way.decimals)


def _held(graph: LinkGraph, attribute: str) -> dict[str, str]:
    held = graph.nodes(data=attribute)
    return {node: str(value) for node, value in held if value is not None}


def _tier(level: str) -> str:
    if level == "country":
        return level
    return "first" if level in _FIRST_TIER else "below"
