"""How parties that many links join are spread over the plane, quickly, the same on every machine.

The picture starts from the distances to some pivots (Brandes and Pich, *Eigensolver Methods for
Progressive Multidimensional Scaling of Large Data*, 2007, doi:10.1007/978-3-540-70904-6_6), which
untangles it. Then forces settle it, as in ForceAtlas2 (Jacomy, Venturini, Heymann and Bastian,
2014, doi:10.1371/journal.pone.0098679): parties repel each other, the more the more links they
have; links draw their parties together; a pull to the middle keeps the whole compact; and a wind
blows the parties of the first country to the left of those that they are linked to. The repulsion
of many is summed over a pyramid of grids, as in Greengard and Rokhlin, *A Fast Algorithm for
Particle Simulations*, 1987, doi:10.1016/0021-9991(87)90140-9.

Only operations that IEEE 754 rounds exactly, in an order fixed by the data, are used: sums,
products, quotients and square roots, element by element; ``bincount`` and ``cumsum``, which add
one after the other; comparisons and integers. NumPy's ``sum``, ``mean``, ``dot`` and ``linalg``
add in an order that depends on the processor, and no library promises equal last digits of
sines, exponentials or powers; none of them is used on fractions here.
"""

from __future__ import annotations

import math
import random
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

__all__ = ["Ends", "Floats", "Plane", "drawn", "spread", "total"]

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Plane: TypeAlias = tuple[Floats, Floats]
Ends: TypeAlias = tuple[Integers, Integers]  # the two parties of each link

PIVOTS: Final = 50  # enough for a start
TURNS: Final = 100  # of power iteration; only a start is wanted
ROUNDS: Final = 120  # of the forces; twice as many for few parties, which take no time
FEW: Final = 250  # up to here, each pair of parties repels by itself
GRAVITY: Final = 0.1  # pull to the middle; more of it, rounder and more compact
WIND: Final = 0.6  # push of a link across the border to the sides, in mean lengths of a link
NEAREST: Final = 0.05  # square of a distance below which repulsion grows no more


def spread(count: int, ends: Ends, left: Flags, seed: int) -> Plane:
    """Spread parties that are all joined, directly or not, in no particular unit of length.

    Args:
        count: how many parties; they are numbered from 0.
        ends: numbers of the two parties of each link; each pair once, no party with itself.
        left: which parties belong on the left of those that they are linked to.
        seed: chooses among equally good pictures.

    Returns:
        x, to the right, and y, downwards, of each party.
    """
    chance = random.Random(seed)  # noqa: S311  a picture keeps no secret
    x, y = _start(count, ends, chance)
    ours = int(left.sum())
    # The longest way lies across already; only the sides may have to be swapped.
    if 0 < ours < count and total(x[left]) * (count - ours) > total(x[~left]) * ours:
        x = -x
    return _settled((x, y), ends, left, chance)


def total(values: Floats) -> float:
    """Sum, added from the first value to the last."""
    return float(np.cumsum(values)[-1])


def _start(count: int, ends: Ends, chance: random.Random) -> Plane:
    """PivotMDS: the two longest axes of the distances to parties far from each other."""
    one, other = ends
    links = csr_array(
        (np.ones(2 * len(one)), (np.concatenate([one, other]), np.concatenate([other, one]))),
        shape=(count, count),
    )
    farthest = np.full(count, count, dtype=np.int64)
    pivot, columns = 0, []
    for _ in range(min(PIVOTS, count)):
        steps = dijkstra(links, indices=pivot, unweighted=True).astype(np.int64)
        columns.append(steps * steps)
        farthest = np.minimum(farthest, steps)
        pivot = int(np.argmax(farthest))
    squares = np.stack(columns, axis=1)
    pivots = squares.shape[1]
    # Sums of integers are exact in any order.
    centred = -0.5 * (
        squares
        - squares.sum(axis=1, keepdims=True) / pivots
        - squares.sum(axis=0, keepdims=True) / count
        + int(squares.sum()) / (count * pivots)
    )
    products = np.stack(
        [np.cumsum(centred[:, [i]] * centred, axis=0)[-1] for i in range(pivots)], axis=0
    )
    axes: list[Floats] = []
    for _ in range(2):
        axis = np.array([chance.random() - 0.5 for _ in range(pivots)])
        for _ in range(TURNS):
            image = np.cumsum(products * axis, axis=1)[:, -1]
            for found in axes:
                image = image - total(image * found) * found
            length = math.sqrt(total(image * image))
            if length < NEAREST:  # all parties lie on one line
                break
            axis = image / length
        axes.append(axis)
    x, y = (np.cumsum(centred * axis, axis=1)[:, -1] for axis in axes)
    return x, y


def _settled(start: Plane, ends: Ends, left: Flags, chance: random.Random) -> Plane:
    """Let the forces move the parties, ever less far."""
    one, other = ends
    count = len(left)
    degree = np.bincount(np.concatenate(ends), minlength=count).astype(np.float64)
    mass = degree + 1.0
    reach = math.sqrt(total(mass) / GRAVITY)  # radius of the disc that repulsion would fill
    crossing = left[one] != left[other]
    across = np.bincount(np.concatenate([one[crossing], other[crossing]]), minlength=count)
    sides = np.where(left, -WIND, WIND) * across
    x, y = (axis - total(axis) / count for axis in start)
    wide = math.sqrt(total(x * x + y * y) / count)
    # Parties at equal distance from all pivots start at one point: a little chance parts them.
    x, y = (
        axis * (0.7 * reach / max(wide, NEAREST))
        + np.array([chance.random() - 0.5 for _ in range(count)])
        for axis in (x, y)
    )
    repulsion = _each_pair if count <= FEW else _pyramid
    rounds = 2 * ROUNDS if count <= FEW else ROUNDS
    stiffness = 2.0 * (degree + GRAVITY * mass)
    for turn in range(rounds):
        fx, fy = repulsion(x, y, mass)
        dx, dy = x[other] - x[one], y[other] - y[one]
        wind = sides * (total(np.sqrt(dx * dx + dy * dy)) / len(dx))
        fx = fx * mass - GRAVITY * mass * x + drawn(dx, ends, count) + wind
        fy = fy * mass - GRAVITY * mass * y + drawn(dy, ends, count)
        fx, fy = fx / stiffness, fy / stiffness
        heat = (rounds - turn) / rounds
        longest = 0.2 * reach * heat * heat
        length = np.sqrt(fx * fx + fy * fy)
        step = longest / np.maximum(length, longest)
        x, y = x + fx * step, y + fy * step
    return x, y


def drawn(way: Floats, ends: Ends, count: int) -> Floats:
    """Sum for each party, along one axis, of pulls on the first of two and against the second."""
    one, other = ends
    return _summed(one, way, count) - _summed(other, way, count)


def _summed(place: Integers, weights: Floats, count: int) -> Floats:
    """Sums of the weights at each place; the stubs of ``bincount`` promise integers only."""
    return np.asarray(np.bincount(place, weights=weights, minlength=count), dtype=np.float64)


def _each_pair(x: Floats, y: Floats, mass: Floats) -> Plane:
    """Repulsion of few parties, mass over distance, pair by pair."""
    dx, dy = x[:, None] - x, y[:, None] - y
    strength = mass / (dx * dx + dy * dy + NEAREST)
    return np.cumsum(dx * strength, axis=1)[:, -1], np.cumsum(dy * strength, axis=1)[:, -1]


# Cells that are not neighbours, though their parents are: at most three cells away.
_BEYOND: Final = [(i, j) for i in range(-3, 4) for j in range(-3, 4) if max(abs(i), abs(j)) > 1]
# Three cells away, the parents are neighbours for every second cell only.
_EVERY: Final = {-3: (1, 2), 3: (0, 2)}


def _pyramid(x: Floats, y: Floats, mass: Floats) -> Plane:
    """Repulsion of many parties: cell by cell from afar, the closer the finer the cells.

    In complex numbers, the field at z of a mass m at w is the conjugate of m / (z - w). Each cell
    keeps the field at its middle and its derivative there, and hands both down to its quarters.
    """
    depth = 2
    while 4**depth < 2 * len(x):
        depth += 1
    side = 2**depth
    x0, y0 = float(x.min()), float(y.min())
    width = max(float(x.max()) - x0, float(y.max()) - y0) + NEAREST
    cell = width / side
    column = np.minimum(((x - x0) / cell).astype(np.int64), side - 1)
    row = np.minimum(((y - y0) / cell).astype(np.int64), side - 1)
    sums = [
        _summed(column * side + row, weights, side * side).reshape(side, side)
        for weights in (mass, mass * x, mass * y)
    ]
    levels = [sums]
    for _ in range(depth - 2):
        levels.append([_merged(grid) for grid in levels[-1]])
    field = [np.zeros((2, 2)) for _ in range(4)]
    for level in reversed(levels):
        field = _field(_handed_down(field, width), level, (x0, y0, width))
    fx, fy, gx, gy = (grid[column, row] for grid in field)
    ex, ey = x - (x0 + (column + 0.5) * cell), y - (y0 + (row + 0.5) * cell)
    fx, fy = fx + (gx * ex - gy * ey), fy - (gx * ey + gy * ex)
    masses, xs, ys = (np.pad(grid, 1) for grid in sums)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            at = column + (1 + i), row + (1 + j)
            own = mass if i == j == 0 else 0.0 * mass  # nobody repels himself
            near = masses[at] - own
            safe = np.maximum(near, 1.0)
            dx, dy = x - (xs[at] - own * x) / safe, y - (ys[at] - own * y) / safe
            strength = near / (dx * dx + dy * dy + NEAREST)
            fx, fy = fx + dx * strength, fy + dy * strength
    return fx, fy


def _merged(grid: Floats) -> Floats:
    """Sums of the four quarters of each cell of the next coarser grid."""
    return (grid[::2, ::2] + grid[1::2, 1::2]) + (grid[::2, 1::2] + grid[1::2, ::2])


def _handed_down(field: list[Floats], width: float) -> list[Floats]:
    """The field of a grid at the middles of the quarters of its cells."""
    fx, fy, gx, gy = field
    side = 2 * len(fx)
    finer = [np.zeros((side, side)) for _ in field]
    quarter = width / side / 2
    for i in (0, 1):
        for j in (0, 1):
            ex, ey = quarter * (2 * i - 1), quarter * (2 * j - 1)
            parts = fx + (gx * ex - gy * ey), fy - (gx * ey + gy * ex), gx, gy
            for grid, part in zip(finer, parts, strict=True):
                grid[i::2, j::2] = part
    return finer


def _field(
    field: list[Floats], sums: list[Floats], frame: tuple[float, float, float]
) -> list[Floats]:
    """Add to a grid's field that of the cells beyond the neighbours of each cell."""
    fx, fy, gx, gy = field
    side = len(fx)
    x0, y0, width = frame
    safe = np.maximum(sums[0], 1.0)
    masses, xs, ys = (np.pad(grid, 3) for grid in (sums[0], sums[1] / safe, sums[2] / safe))
    middle = (np.arange(side) + 0.5) * (width / side)
    for i, j in _BEYOND:
        (first, every), (top, each) = _EVERY.get(i, (0, 1)), _EVERY.get(j, (0, 1))
        here = slice(first, None, every), slice(top, None, each)
        there = slice(3 + i + first, 3 + i + side, every), slice(3 + j + top, 3 + j + side, each)
        dx = (x0 + middle[here[0], None]) - xs[there]
        dy = (y0 + middle[None, here[1]]) - ys[there]
        square = dx * dx + dy * dy + NEAREST  # never 0, even for empty cells
        ux, uy, much = dx / square, dy / square, masses[there]
        fx[here] += much * ux
        fy[here] += much * uy
        gx[here] -= much * (ux * ux - uy * uy)
        gy[here] += much * (2.0 * ux * uy)
    return field
