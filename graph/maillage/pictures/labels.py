"""Labels that do not collide: the weightier are set first, the others where room is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from maillage import look
from maillage.pictures.writing import INK, PAPER, element, line_width, plain, rounded

__all__ = ["Box", "Labels", "broken"]

#: Left, top, right and bottom, pixels.
Box = tuple[float, float, float, float]

_CELL: Final = 48.0  # boxes are looked up by the squares of this width that they touch
_MOST_LINES: Final = 3
_LONGEST: Final = 64  # characters of a name that are shown
_LEADING: Final = 1.15
_AIR: Final = 3.0
#: Across and down; how much worse than below a label stands there.
_SIDES: Final = {
    (0, 1): 0.0,
    (1, 0): 0.1,
    (-1, 0): 0.1,
    (0, -1): 0.2,
    (1, 1): 0.5,
    (-1, 1): 0.5,
    (1, -1): 0.6,
    (-1, -1): 0.6,
}


def broken(name: str) -> list[str]:
    """A name on at most three balanced lines.

    >>> broken("Provence-Alpes-Côte d’Azur")
    ['Provence-Alpes-', 'Côte d’Azur']
    """
    lines = look.wrapped(name[:_LONGEST] + ("…" if len(name) > _LONGEST else "")).split("\n")
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1].rstrip("…") + "…"]
    return lines


class Labels:
    """The labels of one picture.

    :param bounds: no label goes beyond.
    :param aslant: whether labels may stand at the corners, too: where points are dense, nobody
        can tell whose label such a one is.
    """

    def __init__(self, bounds: Box, *, aslant: bool = False) -> None:
        self.bounds = bounds
        self._sides = [side for side in _SIDES if aslant or not all(side)]
        self._taken: dict[tuple[int, int], list[tuple[Box, bool]]] = defaultdict(list)
        self._set: dict[float, list[tuple[float, float, list[str]]]] = defaultdict(list)
        self._plates: list[Box] = []

    def keep_clear(self, box: Box, *, yielding: bool = True) -> None:
        """Let no label come here; a box that yields gives way to labels that must be set."""
        for cell in _cells(box):
            self._taken[cell].append((box, yielding))

    def put(
        self,
        lines: Sequence[str],
        point: tuple[float, float],
        reach: float,
        size: float,
        away: tuple[float, float] = (0.0, 0.0),
        *,
        needed: bool = False,
    ) -> bool:
        """Set a label below, beside, above or aslant of a point, if there is room.

        :param reach: half the width of what is drawn at the point.
        :param away: where the label had better not go, a vector of length 1 at most.
        :param needed: where there is no room, cover what is drawn, but no other label.
        """
        x, y = point
        wide = max(line_width(line, size) for line in lines)
        tall = len(lines) * size * _LEADING
        beside, beyond = reach + _AIR + wide / 2, reach + _AIR / 2 + tall / 2
        order = sorted(
            self._sides, key=lambda side: side[0] * away[0] + side[1] * away[1] + _SIDES[side]
        )
        boxes = []
        for across, down in order:
            middle = (x + across * beside, y + down * beyond)
            if across and down:  # the corner of the label touches the circle
                middle = x + across * (beside - 0.3 * reach), y + down * (beyond - 0.3 * reach)
            boxes.append(
                (
                    middle[0] - wide / 2,
                    middle[1] - tall / 2,
                    middle[0] + wide / 2,
                    middle[1] + tall / 2,
                )
            )
        box = next((box for box in boxes if self._free(box)), None)
        if needed and not box:
            box = next((box for box in boxes if self._free(box, firmly=True)), None)
        if not box:
            return False
        self.keep_clear(box, yielding=False)
        self._plates.append(box)
        self._set[size].append(((box[0] + box[2]) / 2, box[1] + size * 0.9, list(lines)))
        return True

    def _free(self, box: Box, *, firmly: bool = False) -> bool:
        left, top, right, bottom = self.bounds
        if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
            return False
        return not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for cell in _cells(box)
            for other, yielding in self._taken[cell]
            if not (firmly and yielding)
        )

    def draw(self, parent: ET.Element) -> None:
        """Write the labels, on plates of paper so that lines do not cross the letters."""
        if not self._plates:
            return
        plates = "".join(
            f"M{rounded(left, top)}H{plain(right)}V{plain(bottom)}H{plain(left)}z"
            for left, top, right, bottom in self._plates
        )
        element(parent, "path", d=plates, fill=PAPER, fill_opacity="0.78")
        for size, labels in sorted(self._set.items(), reverse=True):
            group = element(parent, "g", font_size=size, text_anchor="middle", fill=INK)
            for x, y, lines in labels:
                if len(lines) == 1:
                    element(group, "text", lines[0], x=x, y=y)
                    continue
                text = element(group, "text", x=x, y=y)
                for i, line in enumerate(lines):
                    element(text, "tspan", line, x=x, dy=size * _LEADING if i else None)


def _cells(box: Box) -> list[tuple[int, int]]:
    left, top, right, bottom = (int(edge // _CELL) for edge in box)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
