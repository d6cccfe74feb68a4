"""The matrix: how many links each area of the first country has with each area of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

from maillage import look
from maillage.pictures.reading import Flow, Reading, total
from maillage.pictures.sheet import FIELD, Drawing, Key
from maillage.pictures.writing import INK, RULE, SOFT, clipped, element, line_width, number

__all__ = ["matrix"]

_MOST_ROWS: Final = 27
_MOST_COLUMNS: Final = 38
_UNKNOWN: Final = -1
_REST: Final = -2  # what is beyond the largest
_SLANT: Final = 0.64  # height of a heading over its length: sine of 40 degrees, nearly
_HEADS: Final = 118.0  # height of the headings at most
_SIDE: Final = 225.0  # width of the names of rows at most
_TOTAL: Final = 52.0  # width of the totals
_LARGEST: Final = (64.0, 36.0)  # width and height of a cell
#: From few links to many; white figures from the fourth on.
_SHADES: Final = ("#dbe9f6", "#b5d2ea", "#7fb3dc", "#3f86bd", "#1c62a0", "#063e73")
_GRADES: Final = (1, 2, 3, 5, 9, 17)  # least number of links of each shade, at least

_Flows = Mapping[tuple[int, int], Flow]


def matrix(reading: Reading) -> Drawing:
    """Draw the counts, largest rows and columns first."""
    drawing = Drawing(reading.word("pictures-matrix"))
    flows = _across(reading)
    rows = _largest({pair[0] for pair in flows}, flows, 0, _MOST_ROWS)
    columns = _largest({pair[1] for pair in flows}, flows, 1, _MOST_COLUMNS)
    if not flows:
        drawing.notes.append(reading.word("pictures-matrix-none"))
        return drawing
    cells = _gathered(flows, rows, columns)
    most = max(flow.size for flow in cells.values())
    grades = _grades(most)
    _draw(drawing, reading, cells, (rows, columns), grades)
    for shade, least, following in zip(_SHADES, grades, [*grades[1:], None], strict=True):
        if least > most:
            break
        symbol = element(None, "g")
        element(symbol, "rect", x=-13, y=-8, width=26, height=16, fill=shade)
        last = most if following is None else min(following - 1, most)
        text = number(least, reading.lang)
        text += f"–{number(last, reading.lang)}" if last > least else ""
        drawing.legend.append(Key(symbol, text))
    if not all(flow.firm for flow in cells.values()):
        symbol = element(None, "g")
        _frame(symbol, -13, -8, 26, 16)
        drawing.legend.append(Key(symbol, reading.word("pictures-flow-tentative")))
    drawing.notes.append(reading.word("pictures-matrix-how"))
    drawing.links = total(flows.values())
    if missing := reading.counts["links"] - drawing.links:
        drawing.notes.append(reading.word("pictures-matrix-missing", n=missing))
    return drawing


def _across(reading: Reading) -> dict[tuple[int, int], Flow]:
    """Flows from the first country's side to the others'."""
    side, area = (reading.payload["parties"][column] for column in ("side", "area"))
    sides: dict[int, set[int]] = {}
    for one, of in zip(area, side, strict=True):
        sides.setdefault(one, set()).add(of)
    return {
        pair: flow
        for pair, flow in reading.flows("area").items()
        if 0 in sides[pair[0]] and 1 in sides[pair[1]]
    }


def _largest(areas: set[int], flows: _Flows, end: int, most: int) -> list[int]:
    """Areas by number of links; beyond so many, the rest is one; what is unknown comes last."""
    counts = {
        area: total(flow for pair, flow in flows.items() if pair[end] == area) for area in areas
    }
    order = sorted(areas - {_UNKNOWN}, key=lambda area: (-counts[area], area))
    if len(order) > most:
        order = [*order[: most - 1], _REST]
    return order + [_UNKNOWN] * (_UNKNOWN in areas)


def _gathered(flows: _Flows, rows: list[int], columns: list[int]) -> dict[tuple[int, int], Flow]:
    """The flows by row and column."""
    cells: dict[tuple[int, int], Flow] = {}
    for (one, two), flow in flows.items():
        pair = one if one in rows else _REST, two if two in columns else _REST
        known = cells.get(pair, Flow(frozenset(), firm=False))
        cells[pair] = Flow(known.links | flow.links, known.firm or flow.firm)
    return cells


def _grades(most: int) -> list[int]:
    """The least number of links of each shade: small numbers apart, large ones in proportion."""
    grades = list(_GRADES)
    if most >= 2 * _GRADES[-1]:
        step = most ** (1 / len(_SHADES))
        for i in range(1, len(grades)):
            grades[i] = max(grades[i - 1] + 1, round(step**i))
    return grades


def _draw(
    drawing: Drawing,
    reading: Reading,
    cells: _Flows,
    heads: tuple[list[int], list[int]],
    grades: list[int],
) -> None:
    rows, columns = heads
    names = [[_name(reading, area) for area in areas] for areas in heads]
    left, top, right, bottom = FIELD
    side = min(_SIDE, max(line_width(name, 14) for name in names[0]) + 10)
    head = min(_HEADS, max(line_width(name, 13) for name in names[1]) * _SLANT + 14)
    wide = min(_LARGEST[0], (right - left - side - _TOTAL - head) / len(columns))
    tall = min(_LARGEST[1], (bottom - top - head - 24) / len(rows))
    size = max(8.0, min(14.0, tall * 0.62))
    x0 = left + side + max(0.0, (right - left - side - _TOTAL - head - wide * len(columns)) / 2)
    y0 = top + head

    grid = element(drawing.group, "g", stroke=RULE, stroke_width="0.6", fill="none")
    for i in range(len(rows) + 1):
        y = y0 + i * tall
        element(grid, "path", d=f"M{x0:.1f} {y:.1f}h{wide * len(columns):.1f}")
    for j in range(len(columns) + 1):
        x = x0 + j * wide
        element(grid, "path", d=f"M{x:.1f} {y0:.1f}v{tall * len(rows):.1f}")

    names_of_rows = element(drawing.group, "g", font_size=size, text_anchor="end")
    for i, name in enumerate(names[0]):
        shown = clipped(name, side - 8, size)
        element(names_of_rows, "text", shown, x=x0 - 8, y=y0 + (i + 0.5) * tall + size * 0.36)
    slanted = element(drawing.group, "g", font_size=min(13.0, wide * 0.62))
    for j, name in enumerate(names[1]):
        shown = clipped(name, (head - 8) / _SLANT, min(13.0, wide * 0.62))
        at = f"translate({x0 + (j + 0.5) * wide:.1f} {y0 - 6:.1f}) rotate(-40)"
        element(slanted, "text", shown, transform=at)

    figures = element(drawing.group, "g", font_size=size, text_anchor="middle")
    for (one, two), flow in sorted(
        cells.items(), key=lambda cell: (rows.index(cell[0][0]), columns.index(cell[0][1]))
    ):
        x, y = x0 + columns.index(two) * wide, y0 + rows.index(one) * tall
        grade = sum(flow.size >= least for least in grades) - 1
        shade = _SHADES[grade]
        element(figures, "rect", x=x, y=y, width=wide, height=tall, fill=shade)
        element(
            figures,
            "text",
            number(flow.size, reading.lang),
            x=x + wide / 2,
            y=y + tall / 2 + size * 0.36,
            fill=look.ink(shade),
        )
        if not flow.firm:
            _frame(figures, x + 1.5, y + 1.5, wide - 3, tall - 3)
    totals = element(drawing.group, "g", font_size=size, font_weight="bold", fill=INK)
    for i, row in enumerate(rows):
        count = total(flow for pair, flow in cells.items() if pair[0] == row)
        x, y = x0 + wide * len(columns) + 8, y0 + (i + 0.5) * tall + size * 0.36
        element(totals, "text", number(count, reading.lang), x=x, y=y)
    below = element(totals, "g", text_anchor="middle", font_size=min(size, wide * 0.5))
    for j, column in enumerate(columns):
        count = total(flow for pair, flow in cells.items() if pair[1] == column)
        x, y = x0 + (j + 0.5) * wide, y0 + tall * len(rows) + size + 4
        element(below, "text", number(count, reading.lang), x=x, y=y)
    element(
        drawing.group,
        "text",
        reading.word("pictures-total"),
        x=x0 - 8,
        y=y0 + tall * len(rows) + size + 4,
        font_size=size,
        fill=SOFT,
        text_anchor="end",
    )


def _frame(parent: ET.Element, x: float, y: float, width: float, height: float) -> None:
    """Round a cell whose links are all no more than proposals."""
    element(
        parent,
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill="none",
        stroke=str(look.LINES["tentative"]["color"]),
        stroke_width="1.6",
        stroke_dasharray="5 3",
    )


def _name(reading: Reading, area: int) -> str:
    if area == _UNKNOWN:
        return reading.word("pictures-unknown")
    if area == _REST:
        return reading.word("pictures-rest")
    return reading.text(reading.payload["areas"]["text"][area])
