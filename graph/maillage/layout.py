"""Where each party stands in the picture: fixed places, the same on every machine.

Small groups whose links all cross the border are set as two facing columns, the first country
on the left, because a reader then reads each link as a line of text. Larger or mixed groups are
spread by forces (:mod:`maillage.spread`). Groups that no link joins are laid out one by one and
packed: the largest at the top left, the others beneath and beside it like a table.

Only operations that IEEE 754 rounds the same way everywhere are used, in an order fixed by the
names of the nodes and by a seed; so two machines draw the same picture to the last digit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import networkx as nx
import numpy as np

from maillage.apart import Boxes, apart
from maillage.spread import spread

__all__ = ["Group", "Point", "Room", "arranged", "packed", "positions"]

Point: TypeAlias = tuple[float, float]

GAP: Final = 18.0  # clear space between the rooms of two parties
CLOSE: Final = 8.0  # the same between circles without labels
GULF: Final = 60.0  # clear space between two facing columns of one party each
WIDER: Final = 20.0  # more of it for each further party of a column: lines need room to cross
WIDEST: Final = 200.0
MARGIN: Final = (50.0, 14.0)  # clear space beside and beneath a packed group
STEP: Final = 10.0  # sizes are rounded up to so much, so that packed groups line up
LONGEST_COLUMN: Final = 14
TRIALS: Final = 80  # heights tried when packing
STRETCH: Final = 1.5  # the picture is widened or heightened so far, at most, to fill its frame
FEWEST: Final = 12  # fewer parties need not fill a frame


class Room(NamedTuple):
    """The room that a node and its label take around the node's centre, in pixels."""

    beside: float = 20.0
    above: float = 14.0
    below: float = 32.0


class Group(NamedTuple):
    """Parties that links join, laid out: places from the top left corner, and size."""

    places: dict[str, Point]
    width: float
    height: float


class _Space(NamedTuple):
    """Rooms of all parties, and how clear of each other they must be."""

    rooms: Mapping[str, Room]
    circles: bool

    @property
    def gap(self) -> float:
        return CLOSE if self.circles else GAP

    def tall(self, node: str) -> float:
        return self.rooms[node].above + self.rooms[node].below + self.gap


def positions(
    graph: nx.MultiGraph[str],
    *,
    seed: int = 2016,
    rooms: Mapping[str, Room] | Mapping[str, float] | None = None,
    first_country: str = "fr",
    aspect: float = 1.6,
) -> dict[str, Point]:
    """Give every party a fixed place.

    Args:
        graph: nodes may carry ``country`` (lower-case ISO code); edges are read as undirected.
        seed: chooses one of the many equally good pictures; the same seed, the same picture.
        rooms: room of each node with its label; a node without one gets ``Room()``. Or, where
            there are too many parties to show labels, the radius of each node.
        first_country: the country that stands on the left where sides can be told.
        aspect: width divided by height of the frame to fill.

    Returns:
        x and y of each node in pixels, rounded to 0.1; x grows to the right and y downwards,
        as on a canvas; the middle of the picture is 0, 0.

    >>> pair = nx.MultiGraph()
    >>> pair.add_node("wuhan", country="cn")
    >>> pair.add_node("bordeaux", country="fr")
    >>> _ = pair.add_edge("wuhan", "bordeaux")
    >>> positions(pair)
    {'bordeaux': (-50.0, 0.0), 'wuhan': (50.0, 0.0)}
    """
    groups = arranged(graph, seed=seed, rooms=rooms, first_country=first_country)
    return packed(groups, aspect)


def arranged(
    graph: nx.MultiGraph[str],
    *,
    seed: int = 2016,
    rooms: Mapping[str, Room] | Mapping[str, float] | None = None,
    first_country: str = "fr",
) -> list[Group]:
    """Lay out each group by itself; takes what :func:`positions` takes, but for the frame."""
    space = _space(graph, rooms or {})
    left = {node for node in graph if graph.nodes[node].get("country") == first_country}
    groups = []
    for members in nx.connected_components(graph):
        nodes = sorted(members)
        near = {node: sorted(set(graph[node]) - {node}) for node in nodes}
        sides = _sides(nodes, near, left)
        if sides is None:
            groups.append(_spread(nodes, near, space, left, seed))
        else:
            groups.append(_columns(sides, near, space))
    return groups


def _space(graph: nx.MultiGraph[str], given: Mapping[str, Room] | Mapping[str, float]) -> _Space:
    circles = bool(given) and not any(isinstance(room, Room) for room in given.values())
    rooms = {}
    for node in graph:
        room = given.get(node, CLOSE if circles else Room())
        rooms[node] = room if isinstance(room, Room) else Room(room, room, room)
    return _Space(rooms, circles)


def _sides(
    nodes: Sequence[str], near: Mapping[str, Sequence[str]], left: set[str]
) -> tuple[list[str], list[str]] | None:
    """Members of the two columns of a group that can be drawn so, or nothing."""
    if not 1 < len(nodes) <= 2 * LONGEST_COLUMN:
        return None
    crossing = {(node in left) != (other in left) for node in nodes for other in near[node]}
    if crossing == {True}:
        first = {node for node in nodes if node in left}
    elif crossing == {False}:
        # All of one side: those who are linked to many partners stand on the left of them.
        step = {nodes[0]: 0}
        reached = [nodes[0]]
        for node in reached:
            new = [other for other in near[node] if other not in step]
            step.update(dict.fromkeys(new, step[node] + 1))
            reached += new
        if any(step[node] % 2 == step[other] % 2 for node in nodes for other in near[node]):
            return None
        even = sum(1 for node in nodes if step[node] % 2 == 0)
        odd = 0 if even <= len(nodes) - even else 1
        first = {node for node in nodes if step[node] % 2 == odd}
    else:
        return None
    sides = [n for n in nodes if n in first], [n for n in nodes if n not in first]
    return sides if max(map(len, sides)) <= LONGEST_COLUMN else None


def _columns(
    sides: tuple[list[str], list[str]], near: Mapping[str, Sequence[str]], space: _Space
) -> Group:
    """Two facing columns, each ordered by the mean place of those that it is linked to."""
    order = [list(side) for side in sides]
    for turn in range(1, 7):
        moving, still = turn % 2, 1 - turn % 2
        rank = {node: (i + 0.5) / len(order[still]) for i, node in enumerate(order[still])}
        order[moving].sort(key=lambda n: (math.fsum(rank[o] for o in near[n]) / len(near[n]), n))
    beside = _rounded(max(space.rooms[node].beside for side in order for node in side))
    gulf = min(GULF + WIDER * (max(map(len, order)) - 1), WIDEST)
    gulf = gulf / 2 if space.circles else gulf
    places: dict[str, Point] = {}
    height = 0.0
    if len(order[0]) == len(order[1]):  # rows: links to the party opposite are level
        for row in zip(*order, strict=True):
            level = height + space.gap / 2 + max(space.rooms[node].above for node in row)
            places.update(zip(row, ((beside, level), (3 * beside + gulf, level)), strict=True))
            height = level + max(space.rooms[node].below for node in row) + space.gap / 2
        return Group(places, 4 * beside + gulf, height)
    heights = [math.fsum(space.tall(node) for node in side) for side in order]
    height = max(heights)
    for x, side, taken in zip((beside, 3 * beside + gulf), order, heights, strict=True):
        spare = (height - taken) / len(side)
        top = 0.0
        for node in side:
            places[node] = (x, top + spare / 2 + space.gap / 2 + space.rooms[node].above)
            top += space.tall(node) + spare
    return Group(places, 4 * beside + gulf, height)


def _rounded(length: float) -> float:
    return STEP * math.ceil(length / STEP)


def _spread(
    nodes: Sequence[str],
    near: Mapping[str, Sequence[str]],
    space: _Space,
    left: set[str],
    seed: int,
) -> Group:
    """A group drawn by forces, the rooms clear of each other."""
    rooms = [space.rooms[node] for node in nodes]
    if len(nodes) == 1:
        room = rooms[0]
        return Group(
            {nodes[0]: (room.beside, room.above)}, 2 * room.beside, room.above + room.below
        )
    index = {node: i for i, node in enumerate(nodes)}
    pairs = [(i, index[other]) for node, i in index.items() for other in near[node] if node < other]
    one, other = np.array(pairs, dtype=np.int64).T
    sides = np.array([node in left for node in nodes])
    beside, above, below = (np.array(lengths) for lengths in zip(*rooms, strict=True))
    lift = (below - above) / 2
    boxes = Boxes(
        beside + space.gap / 2, (above + below + space.gap) / 2, lift, above, space.circles
    )
    x, y = apart(spread(len(nodes), (one, other), sides, seed), boxes, (one, other))
    y = y - lift
    x, y = x - (x - beside).min(), y - (y - above).min()
    places = dict(zip(nodes, zip(x.tolist(), y.tolist(), strict=True), strict=True))
    return Group(places, float((x + beside).max()), float((y + below).max()))


_Size: TypeAlias = tuple[float, float]
_Slot: TypeAlias = tuple[_Size, Point]  # which size of group stands where


def packed(groups: Sequence[Group], aspect: float = 1.6) -> dict[str, Point]:
    """Set the groups side by side, in the height that shows them largest in a frame."""
    by_size: dict[_Size, list[Group]] = {}
    for group in sorted(groups, key=lambda g: min(g.places)):
        size = _rounded(group.width + MARGIN[0]), _rounded(group.height + MARGIN[1])
        by_size.setdefault(size, []).append(group)
    if not by_size:
        return {}
    counts = {size: len(by_size[size]) for size in sorted(by_size, reverse=True)}
    area = math.fsum(width * height * count for (width, height), count in counts.items())
    height = max(math.sqrt(area / aspect), *(size[1] for size in counts))
    best: tuple[float, list[_Slot]] = (math.inf, [])
    for limit in (next(iter(counts))[0] / aspect, *(height * (1 + i / 50) for i in range(TRIALS))):
        if limit < height:
            continue
        slots = _filled(counts, limit)
        width = max(x + size[0] for size, (x, _) in slots)
        depth = max(y + size[1] for size, (_, y) in slots)
        scale = max(width / aspect, depth)
        if scale < best[0]:
            best = scale, slots
    waiting = {size: iter(some) for size, some in by_size.items()}
    places: dict[str, Point] = {}
    for size, (left, top) in best[1]:
        group = next(waiting[size])
        left_most = left + (size[0] - group.width) / 2
        places.update({node: (x + left_most, y + top) for node, (x, y) in group.places.items()})
    return _framed(places, aspect)


def _filled(counts: Mapping[_Size, int], limit: float) -> list[_Slot]:
    """Fill a strip of a given height from the left: beneath each group first, then beside it."""
    left = dict(counts)
    narrowest, lowest = min(size[0] for size in left), min(size[1] for size in left)
    slots: list[_Slot] = []
    free = [(0.0, 0.0, math.inf, limit)]
    while free:
        x, y, width, height = free.pop()
        if width < narrowest or height < lowest:
            continue
        size = next((s for s in left if s[0] <= width and s[1] <= height), None)
        if size is None:
            continue
        left[size] -= 1
        if not left[size]:
            del left[size]
        spare = width - size[0]
        # A group that leaves no space beside it stands in the middle of its column.
        middle = x + spare / 2 if spare < narrowest else x
        slots.append((size, (middle, y)))
        free.append((x + size[0], y, spare, height))
        free.append((x, y + size[1], width if spare < narrowest else size[0], height - size[1]))
    return slots


def _framed(places: dict[str, Point], aspect: float) -> dict[str, Point]:
    """Widen to the frame, bring the middle to 0, 0, and round; nodes in the order of names."""
    across, down = [p[0] for p in places.values()], [p[1] for p in places.values()]
    width, height = max(across) - min(across), max(down) - min(down)
    wider = higher = 1.0
    if min(width, height) > 0.0 and len(places) > FEWEST:
        wider = min(max(aspect * height / width, 1.0), STRETCH)
        higher = min(max(width / aspect / height, 1.0), STRETCH)
    x0, y0 = (min(across) + max(across)) / 2, (min(down) + max(down)) / 2
    # Adding 0.0 turns a negative zero, which JSON would print as -0.0, into zero.
    return {
        node: (
            round((places[node][0] - x0) * wider, 1) + 0.0,
            round((places[node][1] - y0) * higher, 1) + 0.0,
        )
        for node in sorted(places)
    }
