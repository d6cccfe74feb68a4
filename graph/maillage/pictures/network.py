"""The network, at its fixed places: a circle or square a party, a line a link."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final
from xml.etree import ElementTree as ET

from maillage import look
from maillage.pictures.labels import Labels, broken
from maillage.pictures.reading import Reading
from maillage.pictures.sheet import BESIDE, Drawing, Key
from maillage.pictures.writing import INK, PAPER, curve, element, plain, rounded

__all__ = ["network"]

_LOOKS: Final = tuple(look.LINES)
_DASHES: Final = (None, "6 4", "1.5 3.5")
_MARKS: Final = ("", "inferred", "disputed")
_LARGEST: Final = 1.5  # a pair is not blown up to fill the sheet
_LEAST: Final = 2.2  # half the width of the smallest node, pixels
_LEGIBLE: Final = 6.0  # half the width of a node in which a letter can be read
_CROWD: Final = 1500  # of more parties the nodes overlap, and labels may stand on them
_SIZES: Final = ((9, 15.0), (4, 13.0), (0, 11.5))  # of labels, by number of lines at least
_HUB: Final = 5  # lines of a party whose name must be written
_TALLEST: Final = 20.0
_MOST_NAMES: Final = 70  # written in a crowd

_Point = tuple[float, float]


def network(reading: Reading) -> Drawing:
    """Draw every party and every link."""
    payload = reading.payload
    drawing = Drawing(reading.word("pictures-network"), box=BESIDE, links=reading.counts["links"])
    parties, lines = payload["parties"], payload["lines"]
    places, scale = _places(parties)
    # Nodes shrink less than the way between them, or else nobody sees them; in a crowd a bit more.
    small = math.sqrt(scale)
    if len(places) > _CROWD:
        small *= math.sqrt(small)
    sizes = [max(_LEAST, size * small) for size in parties["size"]]
    names = [reading.text(ref) for ref in parties["name"]]
    _draw_lines(drawing.group, reading, places)
    _draw_parties(drawing.group, reading, places, sizes, names)
    # The layout leaves room for labels of its own size.
    least = min(look.FONT * scale, _TALLEST)
    labelled = _draw_labels(drawing.group, reading, places, sizes, names, least)
    drawing.notes.append(reading.word("pictures-network-how"))
    if labelled < len(places):
        drawing.notes.append(reading.word("pictures-network-names", n=labelled, m=len(places)))
    drawing.legend = _legend(reading, parties, lines)
    return drawing


def _places(parties: Mapping[str, Any]) -> tuple[list[_Point], float]:
    """From the layout to the sheet, as large as all nodes and some labels allow."""
    left, top, right, bottom = BESIDE
    xs, ys = parties["x"], parties["y"]
    if not xs:
        return [], 1.0
    reach = max(parties["size"]) + look.FONT
    x0, x1 = min(xs) - 4 * reach, max(xs) + 4 * reach
    y0, y1 = min(ys) - reach, max(ys) + 2 * reach
    scale = min((right - left) / (x1 - x0), (bottom - top) / (y1 - y0), _LARGEST)
    dx = (left + right) / 2 - scale * (x0 + x1) / 2
    dy = (top + bottom) / 2 - scale * (y0 + y1) / 2
    return [(x * scale + dx, y * scale + dy) for x, y in zip(xs, ys, strict=True)], scale


def _draw_lines(parent: ET.Element, reading: Reading, places: list[_Point]) -> None:
    """Each line of its own; the marks in their middle lie on all of them."""
    payload = reading.payload
    looks, marks = payload["links"]["look"], payload["links"]["mark"]
    columns = payload["lines"]
    rows = list(zip(columns["link"], columns["a"], columns["b"], columns["bend"], strict=True))
    thin = 1.6 if len(rows) <= _CROWD else 0.7
    marked: list[tuple[int, str, float, float]] = []
    for kind, name in enumerate(_LOOKS):
        group = element(
            None,
            "g",
            fill="none",
            stroke=look.LINES[name]["color"],
            stroke_width=thin,
            stroke_dasharray=_DASHES[kind],
            stroke_opacity=None if len(rows) <= _CROWD else "0.35",
        )
        for link, a, b, bend in rows:
            if looks[link] != kind:
                continue
            drawn = element(group, "path", d=curve(places[a], places[b], bend))
            reading.link_tip(drawn, link, (a, b))
            if marks[link]:
                (x, y), (u, v) = places[a], places[b]
                middle = (x + u) / 2 + (y - v) * bend / 2, (y + v) / 2 + (u - x) * bend / 2
                marked.append((marks[link], look.LINES[name]["color"], *middle))
        if len(group):
            parent.append(group)
    for mark, colour, x, y in marked:
        parent.append(_mark(mark, colour, x, y, 1.0 if len(rows) <= _CROWD else 0.5))


def _mark(mark: int, colour: str, x: float, y: float, scale: float = 1.0) -> ET.Element:
    """A ring for what is inferred, a filled diamond for what is disputed."""
    if _MARKS[mark] == "inferred":
        return element(
            None,
            "circle",
            cx=x,
            cy=y,
            r=3.5 * scale,
            fill=PAPER,
            stroke=colour,
            stroke_width=1.6 * scale,
        )
    return element(None, "path", d=_diamond(x, y, 6.0 * scale), fill=colour)


def _diamond(x: float, y: float, reach: float) -> str:
    corners = rounded(x - reach, y, x, y - reach, x + reach, y, x, y + reach)
    return f"M{corners}z"


def _draw_parties(
    parent: ET.Element,
    reading: Reading,
    places: list[_Point],
    sizes: list[float],
    names: list[str],
) -> None:
    parties, tiers = reading.payload["parties"], reading.payload["tiers"]
    of_tier: dict[int, list[int]] = {}
    for i, tier in enumerate(parties["tier"]):
        of_tier.setdefault(tier, []).append(i)
    edge = 1.0 if len(places) <= _CROWD else 0.4
    lettered: dict[tuple[int, float], list[int]] = {}
    for tier, members in sorted(of_tier.items()):
        group = element(parent, "g", fill=tiers["fill"][tier], stroke=INK, stroke_width=edge)
        for i in members:
            reading.tip(_node(group, parties["side"][i], *places[i], sizes[i]), names[i])
            if sizes[i] >= _LEGIBLE:
                lettered.setdefault((tier, sizes[i]), []).append(i)
    for (tier, reach), members in sorted(lettered.items()):
        mark = reading.text(tiers["mark"][tier])
        size = reach * _letter(mark)
        group = element(
            parent,
            "g",
            fill=tiers["ink"][tier],
            font_size=size,
            text_anchor="middle",
            font_weight="bold",
        )
        for i in members:
            element(group, "text", mark, x=places[i][0], y=places[i][1] + size * 0.36)


def _letter(mark: str) -> float:
    """Size of a letter in a node whose half width is 1."""
    return {1: 1.2, 2: 1.0}.get(len(mark), 0.8)


def _node(parent: ET.Element, side: int, x: float, y: float, size: float) -> ET.Element:
    """A circle for the first country's side, a square for the other's."""
    if not side:
        return element(parent, "circle", cx=x, cy=y, r=size)
    half = float(plain(size * 0.92))  # as much ink as the circle of the same size
    return element(parent, "rect", x=x - half, y=y - half, width=2 * half, height=2 * half)


def _draw_labels(
    parent: ET.Element,
    reading: Reading,
    places: list[_Point],
    sizes: list[float],
    names: list[str],
    least: float,
) -> int:
    """Names where there is room, the most linked first; says how many."""
    lines = reading.payload["lines"]
    degree = [0] * len(places)
    ways = [(0.0, 0.0)] * len(places)  # sums of unit vectors towards those they are linked to
    for a, b in zip(lines["a"], lines["b"], strict=True):
        across, down = places[b][0] - places[a][0], places[b][1] - places[a][1]
        length = math.sqrt(across * across + down * down) or 1.0
        for i, sign in ((a, 1), (b, -1)):
            degree[i] += 1
            x, y = ways[i]
            ways[i] = x + sign * across / length, y + sign * down / length
    left, top, right, bottom = BESIDE
    labels = Labels((left - 20, top - 6, right + 20, bottom + 6))
    if len(places) <= _CROWD:
        for (x, y), size in zip(places, sizes, strict=True):
            labels.keep_clear((x - size, y - size, x + size, y + size))
    labelled = 0
    order = sorted(range(len(places)), key=lambda i: (-degree[i], i))
    for i in order[: _MOST_NAMES if len(places) > _CROWD else None]:
        if not names[i]:
            continue
        size = max(least, next(size for few, size in _SIZES if degree[i] >= few))
        away = ways[i][0] / max(degree[i], 1), ways[i][1] / max(degree[i], 1)
        needed = degree[i] >= _HUB
        labelled += labels.put(broken(names[i]), places[i], sizes[i], size, away, needed=needed)
    labels.draw(parent)
    return labelled


def _legend(reading: Reading, parties: Mapping[str, Any], lines: Mapping[str, Any]) -> list[Key]:
    """Only what the picture shows: a legend of things that are not there misleads."""
    payload = reading.payload
    keys = _shapes(reading, parties)
    looks, marks = payload["links"]["look"], payload["links"]["mark"]
    shown = set(lines["link"])
    for kind, name in enumerate(_LOOKS):
        if any(looks[link] == kind for link in shown):
            keys.append(Key(_line(name, _DASHES[kind]), reading.word(f"network-{name}")))
    for mark, name in enumerate(_MARKS):
        if name and any(marks[link] == mark for link in shown):
            symbol = _line("firm", None)
            symbol.append(_mark(mark, look.LINES["firm"]["color"], 0, 0))
            keys.append(Key(symbol, reading.word(f"network-{name}")))
    tiers = payload["tiers"]
    for tier in sorted(set(parties["tier"])):
        symbol = element(None, "g", stroke=INK, fill=tiers["fill"][tier])
        sides = sorted(
            {s for s, t in zip(parties["side"], parties["tier"], strict=True) if t == tier}
        )
        for side in sides:
            _node(symbol, side, 9.0 * (2 * side - 1) if len(sides) > 1 else 0.0, 0, 8)
        letter = reading.text(tiers["mark"][tier])
        for side in sides:
            element(
                symbol,
                "text",
                letter,
                x=9.0 * (2 * side - 1) if len(sides) > 1 else 0.0,
                y=3.2,
                font_size=8.0 * _letter(letter),
                font_weight="bold",
                text_anchor="middle",
                stroke="none",
                fill=tiers["ink"][tier],
            )
        keys.append(Key(symbol, reading.text(tiers["text"][tier])))
    return keys


def _shapes(reading: Reading, parties: Mapping[str, Any]) -> list[Key]:
    """What circles and squares are."""
    countries = reading.payload["facets"]["country"]
    keys = []
    for side, word in ((0, "network-circle"), (1, "network-square")):
        of_side = {c for s, c in zip(parties["side"], parties["country"], strict=True) if s == side}
        if not of_side:
            continue
        only = of_side.pop() if len(of_side) == 1 else -1
        name = (
            reading.text(countries["text"][only])
            if only >= 0
            else reading.word("network-elsewhere")
        )
        symbol = element(None, "g", fill=PAPER, stroke=INK, stroke_width="1.5")
        _node(symbol, side, 0, 0, 8)
        keys.append(Key(symbol, reading.word(word, country=name)))
    return keys


def _line(name: str, dash: str | None) -> ET.Element:
    symbol = element(None, "g")
    element(
        symbol,
        "path",
        d="M-15 0H15",
        stroke=look.LINES[name]["color"],
        stroke_width=2,
        stroke_dasharray=dash,
        fill="none",
    )
    return symbol
