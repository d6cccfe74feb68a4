"""Rooms pushed apart: no party, with its label where one is shown, stands on another.

The spread is stretched to the size of the rooms, so that most stand clear of each other. Rooms
that still overlap push each other along the shortest way out, all at once, pass after pass; in
small networks, parties also step off the lines of links that are not theirs. What little overlap
is left is undone by widening the whole. A k-d tree names the rooms to compare; what it names too
many changes nothing, so that no rounding inside it can be seen.

As in :mod:`maillage.spread`, only operations that every machine rounds the same way are used.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from maillage.spread import Ends, Floats, Plane, drawn, total

__all__ = ["Boxes", "apart"]

CROWD: Final = 0.42  # share of the spread that rooms may fill before it is stretched
SLIMMEST: Final = 0.25  # deviation along one axis, of that along the other, that is believed
PUSHES: Final = 150  # passes, at most
SLACK: Final = 0.05  # overlap that rounding does not show
SWELLING: Final = 1.1  # widening that is worth more passes to avoid
AGAIN: Final = 6  # how often
LINES: Final = 60_000  # parties times links up to which parties are kept off the lines of others
CLEAR: Final = 7.0  # space between a line and a party that is not its own


class Boxes(NamedTuple):
    """The rooms of the parties, in pixels.

    :ivar across: half the width of each room, or its radius, gap included.
    :ivar down: half its height, gap included.
    :ivar lift: how far above the middle of the room the party itself stands.
    :ivar radius: of the party itself, without label or gap.
    :ivar circles: whether rooms are circles; else they are rectangles.
    """

    across: Floats
    down: Floats
    lift: Floats
    radius: Floats
    circles: bool


def apart(plane: Plane, boxes: Boxes, links: Ends) -> Plane:
    """Stretch the spread to the size of the rooms, and push apart those that still overlap.

    Args:
        plane: x and y of the middles of the rooms, in any unit.
        boxes: the rooms.
        links: numbers of the two parties of each link.

    Returns:
        x and y of the middles in pixels; no two rooms overlap by more than ``SLACK``.
    """
    place = _pushed(_stretched(plane, boxes), boxes, links)
    for _ in range(AGAIN):
        factor = _swelling(place, boxes)
        if factor <= SWELLING:
            return place[0] * factor, place[1] * factor
        place = _pushed((place[0] * SWELLING, place[1] * SWELLING), boxes, links)
    factor = _swelling(place, boxes)
    return place[0] * factor, place[1] * factor


def _pushed(plane: Plane, boxes: Boxes, links: Ends) -> Plane:
    """Rooms pushed apart, pass after pass, until none overlap or the patience is used up."""
    x, y = plane
    skin = 2.0 * total(boxes.across) / len(x)
    moved = math.inf  # how far a room may have moved since its neighbours were looked up
    pairs = links
    lines = not boxes.circles and len(x) * len(links[0]) <= LINES
    for turn in range(PUSHES):
        if 2.0 * moved > skin:
            pairs, moved = _neighbours((x, y), boxes, skin), 0.0
        px, py = _pushes((x, y), boxes, pairs)
        # A push moves the second party of a pair onwards and the first one back.
        mx, my = -drawn(px, pairs, len(x)), -drawn(py, pairs, len(y))
        if lines and 2 * turn < PUSHES:
            sx, sy = _off_lines((x, y), boxes, links)
            mx, my = mx + sx, my + sy
        if not (mx.any() or my.any()):
            break
        x, y = x + mx, y + my
        moved += math.sqrt(float((mx * mx + my * my).max()))
    return x, y


def _stretched(plane: Plane, boxes: Boxes) -> Plane:
    """From no unit to pixels, wide enough that most rooms stand clear of each other."""
    count = len(plane[0])
    x, y = (axis - total(axis) / count for axis in plane)
    # Rooms with labels are wider than high, and so is their spread.
    ratio = total(boxes.across) / total(boxes.down)
    # An evenly filled ellipse covers 4 pi times the product of the deviations along its axes.
    wide, high = math.sqrt(total(x * x) / count), math.sqrt(total(y * y) / count)
    area = 4.0 * math.pi * max(wide, SLIMMEST * high) * max(high, SLIMMEST * wide)
    rooms = (math.pi if boxes.circles else 4.0) * total(boxes.across * boxes.down)
    factor = math.sqrt(rooms / CROWD / area / ratio)
    return x * (factor * ratio), y * factor


def _neighbours(plane: Plane, boxes: Boxes, skin: float) -> Ends:
    """Pairs of rooms that are, or soon may be, on each other; the rooms by classes of size."""
    x, y = plane
    ratio = float(boxes.across.max()) / float(boxes.down.max())
    size = np.maximum(boxes.across, boxes.down * ratio)
    points = np.stack([x, y * ratio], axis=1)
    norm = 2.0 if boxes.circles else math.inf
    bound, classes = float(size.max()), []
    while bound > 0.0:
        members = np.flatnonzero((size <= bound) & (size > bound / 2.0))
        rest = int((size <= bound / 2.0).sum())
        if len(members):
            classes.append((members, bound, cKDTree(points[members])))
        bound = bound / 2.0 if rest else 0.0
    found = [np.zeros((0, 2), dtype=np.int64)]
    for i, (members, bound, tree) in enumerate(classes):
        within = tree.query_pairs(2.0 * bound + skin, p=norm, output_type="ndarray")
        found.append(members[within])
        for others, less, finer in classes[i + 1 :]:
            near = tree.sparse_distance_matrix(
                finer, bound + less + skin, p=norm, output_type="ndarray"
            )
            found.append(np.stack([members[near["i"]], others[near["j"]]], axis=1))
    # In a fixed order: a tree may list them in another on another machine.
    pairs = np.sort(np.concatenate(found), axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return pairs[:, 0], pairs[:, 1]


def _pushes(plane: Plane, boxes: Boxes, pairs: Ends) -> Plane:
    """Half of what each pair of rooms overlaps, along the shortest way out."""
    one, other = pairs
    dx, dy = (axis[other] - axis[one] for axis in plane)
    across = boxes.across[one] + boxes.across[other]
    if boxes.circles:
        length = np.sqrt(dx * dx + dy * dy)
        over = across - length
        push = np.where(over > SLACK, 0.5 * over, 0.0)
        safe = np.where(length > 0.0, length, 1.0)
        return push * np.where(length > 0.0, dx / safe, 1.0), push * (dy / safe)
    over_x = across - np.abs(dx)
    over_y = boxes.down[one] + boxes.down[other] - np.abs(dy)
    hit = (over_x > SLACK) & (over_y > SLACK)
    sideways = over_x < over_y
    px = np.where(hit & sideways, np.where(dx < 0.0, -0.5, 0.5) * over_x, 0.0)
    py = np.where(hit & ~sideways, np.where(dy < 0.0, -0.5, 0.5) * over_y, 0.0)
    return px, py


def _off_lines(plane: Plane, boxes: Boxes, links: Ends) -> Plane:
    """How far each party should step aside from lines that pass it too closely."""
    one, other = links
    x, y = plane[0], plane[1] - boxes.lift
    ux, uy = x[other] - x[one], y[other] - y[one]
    length = np.maximum(np.sqrt(ux * ux + uy * uy), SLACK)
    ux, uy = ux / length, uy / length
    dx, dy = x[:, None] - x[one], y[:, None] - y[one]
    along, off = dx * ux + dy * uy, dx * uy - dy * ux
    over = boxes.radius[:, None] + CLEAR - np.abs(off)
    number = np.arange(len(x))[:, None]
    hit = (over > SLACK) & (along > 0.0) & (along < length) & (number != one) & (number != other)
    step = np.where(hit, np.where(off < 0.0, -0.5, 0.5) * over, 0.0)
    return np.cumsum(step * uy, axis=1)[:, -1], np.cumsum(step * -ux, axis=1)[:, -1]


def _swelling(plane: Plane, boxes: Boxes) -> float:
    """By how much to widen the whole for the last rooms, too, to stand clear of each other."""
    x, y = plane
    one, other = _neighbours(plane, boxes, 0.0)
    dx, dy = np.abs(x[other] - x[one]), np.abs(y[other] - y[one])
    across = boxes.across[one] + boxes.across[other] - SLACK
    down = boxes.down[one] + boxes.down[other] - SLACK
    if boxes.circles:
        factors = across / np.maximum(np.sqrt(dx * dx + dy * dy), SLACK)
    else:
        factors = np.minimum(across / np.maximum(dx, SLACK), down / np.maximum(dy, SLACK))
    return float(factors.max(initial=1.0))
