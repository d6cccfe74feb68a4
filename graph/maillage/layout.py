"""Where each party stands in the picture: fixed places, the same on every machine.

Small groups whose links all cross the border are set as two facing columns, the first country
on the left, because a reader then reads each link as a line of text. Larger or mixed groups are
spread by stress: the distance drawn between two parties follows the number of links between
them (Zheng, Pawar and Goodman, *Graph Drawing by Stochastic Gradient Descent*, 2018,
doi:10.1109/TVCG.2018.2859997). Groups that no link joins are laid out one by one and packed.

Only additions, products, quotients, square roots and exact sums (``fsum``) are used, in an order
fixed by the names of the nodes and by a seed. IEEE 754 rounds those the same way everywhere,
which a linear algebra library does not promise; so two machines draw the same picture to the
last digit.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import networkx as nx

__all__ = ["Group", "Point", "Room", "arranged", "packed", "positions"]

Point = tuple[float, float]

STEP = (210.0, 120.0)  # drawn distance between two linked parties; names are wider than high
CROWD = 0.3  # share of a group's rectangle that its rooms may fill before it is stretched
GULF = 200.0  # clear space between two facing columns
GAP = 26.0  # clear space between the rooms of two parties
MARGIN = 54.0  # clear space between two packed groups
SLACK = 0.05  # less than what rounding shows
ROUNDS = 40  # passes of the stress descent; the paper finds 15 to 30 enough
TERMS = 30_000  # pairs looked at in one pass: beyond, distances are kept to some pivots only
EFFORT = 100_000_000  # pairs of rooms compared at most: of thousands, no name can be read anyway
LONGEST_COLUMN = 14


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


def positions(
    graph: nx.MultiGraph[str],
    *,
    seed: int = 2016,
    rooms: Mapping[str, Room] | None = None,
    first_country: str = "fr",
    aspect: float = 1.6,
) -> dict[str, Point]:
    """Give every party a fixed place.

    Args:
        graph: nodes may carry ``country`` (lower-case ISO code); edges are read as undirected.
        seed: chooses one of the many equally good pictures; the same seed, the same picture.
        rooms: room of each node with its label; a node without one gets ``Room()``.
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
    {'bordeaux': (-120.0, 0.0), 'wuhan': (120.0, 0.0)}
    """
    groups = arranged(graph, seed=seed, rooms=rooms, first_country=first_country)
    return packed(groups, aspect)


def arranged(
    graph: nx.MultiGraph[str],
    *,
    seed: int = 2016,
    rooms: Mapping[str, Room] | None = None,
    first_country: str = "fr",
) -> list[Group]:
    """Lay out each group by itself; takes what :func:`positions` takes, but for the frame."""
    given = rooms or {}
    space = {str(node): given.get(node, Room()) for node in graph}
    left = {node for node in graph if graph.nodes[node].get("country") == first_country}
    # One width for all facing columns, so that packed groups line up like a table.
    beside = max((room.beside for room in space.values()), default=0.0)
    groups = []
    for members in nx.connected_components(graph):
        nodes = sorted(members)
        near = {node: sorted(set(graph[node]) - {node}) for node in nodes}
        sides = [n for n in nodes if n in left], [n for n in nodes if n not in left]
        crossing = all((node in left) != (other in left) for node in nodes for other in near[node])
        if crossing and len(nodes) > 1 and max(map(len, sides)) <= LONGEST_COLUMN:
            groups.append(_columns(sides, near, space, beside))
        else:
            groups.append(_spread(nodes, near, space, left, seed))
    return groups


def _columns(
    sides: tuple[list[str], list[str]],
    near: Mapping[str, Sequence[str]],
    space: Mapping[str, Room],
    beside: float,
) -> Group:
    """Two facing columns, each ordered by the mean place of those that it is linked to."""
    order = [list(side) for side in sides]
    for turn in range(1, 7):
        moving, still = turn % 2, 1 - turn % 2
        rank = {node: (i + 0.5) / len(order[still]) for i, node in enumerate(order[still])}
        order[moving].sort(key=lambda n: (math.fsum(rank[o] for o in near[n]) / len(near[n]), n))
    heights = [math.fsum(_tall(space[node]) for node in side) for side in order]
    height = max(heights)
    places = {}
    for x, side, taken in zip((beside, 3 * beside + GULF), order, heights, strict=True):
        spare = (height - taken) / len(side)
        top = 0.0
        for node in side:
            places[node] = (x, top + spare / 2 + GAP / 2 + space[node].above)
            top += _tall(space[node]) + spare
    return Group(places, 4 * beside + GULF, height)


def _tall(room: Room) -> float:
    return room.above + room.below + GAP


def _spread(
    nodes: Sequence[str],
    near: Mapping[str, Sequence[str]],
    space: Mapping[str, Room],
    left: set[str],
    seed: int,
) -> Group:
    """A component drawn by stress, turned so that the first country stands on the left."""
    points = _turned(_stress(nodes, near, seed), nodes, left)
    points = _apart(_stretched(points, nodes, space), [space[node] for node in nodes])
    boxes = [_box(point, space[node]) for point, node in zip(points, nodes, strict=True)]
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    places = {node: (x - x0, y - y0) for node, (x, y) in zip(nodes, points, strict=True)}
    width, height = max(box[2] for box in boxes) - x0, max(box[3] for box in boxes) - y0
    return Group(places, width, height)


def _stretched(points: list[Point], nodes: Sequence[str], space: Mapping[str, Room]) -> list[Point]:
    """From links to pixels, wide enough that most rooms stand clear of each other."""
    points = [(x * STEP[0], y * STEP[1]) for x, y in points]
    across, down = [p[0] for p in points], [p[1] for p in points]
    frame = (max(across) - min(across)) * (max(down) - min(down))
    filled = math.fsum((2 * space[n].beside + GAP) * _tall(space[n]) for n in nodes)
    factor = math.sqrt(max(1.0, filled / CROWD / frame)) if frame > 1.0 else 1.0
    return [(x * factor, y * factor) for x, y in points]


def _stress(nodes: Sequence[str], near: Mapping[str, Sequence[str]], seed: int) -> list[Point]:
    """Move pairs one after the other towards their distance in links, less and less far."""
    count = len(nodes)
    chance = random.Random(seed)  # noqa: S311  a picture keeps no secret
    x = [chance.random() * math.sqrt(count) for _ in nodes]
    y = [chance.random() * math.sqrt(count) for _ in nodes]
    pairs = list(_distances(nodes, near))
    longest = max((distance for _, _, distance in pairs), default=1)
    for turn in range(1, ROUNDS + 1):
        chance.shuffle(pairs)
        reach = (longest / turn) * (longest / turn)
        for i, j, distance in pairs:
            dx, dy = x[i] - x[j], y[i] - y[j]
            drawn = math.sqrt(dx * dx + dy * dy) or 1e-9
            move = min(1.0, reach / (distance * distance)) * (drawn - distance) / (2 * drawn)
            x[i], y[i] = x[i] - move * dx, y[i] - move * dy
            x[j], y[j] = x[j] + move * dx, y[j] + move * dy
    return list(zip(x, y, strict=True))


def _distances(
    nodes: Sequence[str], near: Mapping[str, Sequence[str]]
) -> Iterable[tuple[int, int, int]]:
    """Each pair once, with its distance in links; only pivots and neighbours in large groups."""
    index = {node: i for i, node in enumerate(nodes)}
    pivots = max(1, min(len(nodes), 2 * TERMS // len(nodes)))
    chosen = {i * len(nodes) // pivots for i in range(pivots)}
    for i, node in enumerate(nodes):
        if i not in chosen:
            ahead = (index[other] for other in near[node])
            yield from ((i, j, 1) for j in ahead if j > i and j not in chosen)
            continue
        seen = {node: 0}
        edge = [node]
        while edge:
            edge = [other for known in edge for other in _found(known, near, seen)]
        yield from (
            (i, j, seen[other])
            for j, other in enumerate(nodes)
            if j != i and (j > i or j not in chosen)
        )


def _found(known: str, near: Mapping[str, Sequence[str]], seen: dict[str, int]) -> list[str]:
    new = [other for other in near[known] if other not in seen]
    seen.update(dict.fromkeys(new, seen[known] + 1))
    return new


def _turned(points: list[Point], nodes: Sequence[str], left: set[str]) -> list[Point]:
    """Rotate so that the first country is on the left, or else the longest way is across."""
    ours = [p for p, node in zip(points, nodes, strict=True) if node in left]
    theirs = [p for p, node in zip(points, nodes, strict=True) if node not in left]
    dx = dy = 0.0
    if ours and theirs:
        dx = math.fsum(p[0] for p in theirs) / len(theirs) - math.fsum(p[0] for p in ours) / len(
            ours
        )
        dy = math.fsum(p[1] for p in theirs) / len(theirs) - math.fsum(p[1] for p in ours) / len(
            ours
        )
    if dx * dx + dy * dy < SLACK:
        far = max(points, key=lambda p: _square(p, points[0]))
        dx, dy = far[0] - points[0][0], far[1] - points[0][1]
    length = math.sqrt(dx * dx + dy * dy)
    if length == 0.0:
        return points
    across, down = dx / length, dy / length
    return [(x * across + y * down, y * across - x * down) for x, y in points]


def _square(one: Point, two: Point) -> float:
    dx, dy = one[0] - two[0], one[1] - two[1]
    return dx * dx + dy * dy


def _apart(points: list[Point], rooms: Sequence[Room]) -> list[Point]:
    """Push rooms that overlap away from each other, along the shorter way out."""
    x, y = [p[0] for p in points], [p[1] for p in points]
    widest = 2 * max(room.beside for room in rooms) + GAP
    for _ in range(max(1, min(200, EFFORT // len(x) ** 2))):
        moved = False
        order = sorted(range(len(x)), key=lambda i: (x[i], i))
        for rank, i in enumerate(order):
            for j in order[rank + 1 :]:
                if x[j] - x[i] > 2 * widest:
                    break
                across = rooms[i].beside + rooms[j].beside + GAP - abs(x[j] - x[i])
                below, above = (i, j) if y[i] > y[j] else (j, i)
                down = rooms[above].below + rooms[below].above + GAP - (y[below] - y[above])
                if across <= SLACK or down <= SLACK:
                    continue
                moved = True
                if across < down:
                    push = across / 2 if x[j] >= x[i] else -across / 2
                    x[i], x[j] = x[i] - push, x[j] + push
                else:
                    y[above], y[below] = y[above] - down / 2, y[below] + down / 2
        if not moved:
            break
    return list(zip(x, y, strict=True))


def _box(point: Point, room: Room) -> tuple[float, float, float, float]:
    x, y = point
    return x - room.beside, y - room.above, x + room.beside, y + room.below


def packed(groups: Sequence[Group], aspect: float = 1.6) -> dict[str, Point]:
    """Set the groups on shelves, in the width that shows them largest in a frame."""
    order = sorted(groups, key=lambda g: (-g.height, -g.width, min(g.places)))
    best: tuple[float, dict[str, Point]] = (math.inf, {})
    widths = [
        math.fsum(g.width + MARGIN for g in order[: n + 1]) for n in range(min(len(order), 60))
    ]
    for limit in widths:
        places, width, height = _shelved(order, limit)
        scale = max(width / aspect, height)
        if scale < best[0] - SLACK:
            best = scale, places
    return _centred(best[1])


def _shelved(order: Sequence[Group], limit: float) -> tuple[dict[str, Point], float, float]:
    """Fill shelves from the left; a group that fits under another on the shelf goes there."""
    places: dict[str, Point] = {}
    stacks: list[list[float]] = []  # x, width and filled height of each stack on the shelf
    top = tall = right = widest = 0.0
    for group in order:
        stack = next(
            (s for s in stacks if group.width <= s[1] + SLACK and s[2] + group.height <= tall), None
        )
        if stack is None:
            if stacks and right + group.width > limit:
                top, right, stacks = top + tall + MARGIN / 2, 0.0, []
            if not stacks:
                tall = group.height
            stack = [right, group.width, 0.0]
            stacks.append(stack)
            right += group.width + MARGIN
            widest = max(widest, right - MARGIN)
        x0, y0 = stack[0], top + stack[2]
        places.update({node: (x + x0, y + y0) for node, (x, y) in group.places.items()})
        stack[2] += group.height + MARGIN / 2
    return places, widest, top + tall


def _centred(places: dict[str, Point]) -> dict[str, Point]:
    """Bring the middle of the nodes to 0, 0 and round; nodes come out in the order of names."""
    if not places:
        return {}
    across, down = [p[0] for p in places.values()], [p[1] for p in places.values()]
    x0, y0 = (min(across) + max(across)) / 2, (min(down) + max(down)) / 2
    # Adding 0.0 turns a negative zero, which JSON would print as -0.0, into zero.
    return {
        node: (round(places[node][0] - x0, 1) + 0.0, round(places[node][1] - y0, 1) + 0.0)
        for node in sorted(places)
    }
