"""Places: France beside China, and how many links join their regions and provinces.

Only land is drawn, no borders: any outline of a state takes a position. Where most links go to
other countries, the picture is one of the world, and its flows join countries.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from maillage import look
from maillage.pictures.labels import Labels, broken
from maillage.pictures.reading import Flow, Reading, total
from maillage.pictures.sheet import FIELD, Drawing, Key
from maillage.pictures.writing import PAPER, RULE, SOFT, clipped, element, number, plain, rounded

__all__ = ["places"]

_GULF: Final = 30.0  # between the two panels
_NAME: Final = 30.0  # above a panel, for the name of its country
_LAND: Final = "#e6e9ee"
_FLOW: Final = "#35607f"
_TENTATIVE: Final = str(look.LINES["tentative"]["color"])
_MOST_FLOWS: Final = 600  # the widest; more make one dark heap
_MOST_DOTS: Final = 1500
_MANY: Final = 200  # flows; more are drawn thinner and paler
_THICKEST: Final = 9.0
_LARGEST: Final = 22.0  # half the width of the sign of an area
_LEGIBLE: Final = 7.5  # the least in which a number can be read
_ROUNDS: Final = 60
_CLEAR: Final = 2.0  # between two signs

_Point = tuple[float, float]
_Flows = Mapping[tuple[int, int], Flow]


def places(reading: Reading) -> Drawing:
    """Draw flows between areas on paired panels, or between countries on the world."""
    points = reading.payload["areaplaces"]
    middles = reading.payload["facets"]["country"]["wx"]
    on_panels = {
        pair: flow
        for pair, flow in reading.flows("area").items()
        if min(pair) >= 0 and all(points["panel"][area] for area in pair)
    }
    abroad = {
        pair: flow
        for pair, flow in reading.flows("country").items()
        if min(pair) >= 0
        and pair[0] != pair[1]
        and all(middles[country] is not None for country in pair)
    }
    if 2 * total(on_panels.values()) >= total(abroad.values()):
        return _paired(reading, on_panels)
    return _world(reading, abroad)


def _paired(reading: Reading, flows: _Flows) -> Drawing:
    """The first country on the left, the other beside it, and flows across."""
    payload = reading.payload
    drawing = Drawing(reading.word("pictures-places"))
    points, insets = payload["areaplaces"], payload["land"]["insets"]
    of_inset = {inset["key"] for inset in insets}
    shown = {area for pair in flows for area in pair}
    overseas = {points["panel"][area] for area in shown} & of_inset
    frames = payload["land"]["frames"]
    order = sorted(("fr", "cn"), key=lambda panel: panel != payload["first"])
    views = {"fr": _france(frames, insets, overseas), "cn": frames["cn"]}
    left, top, right, bottom = FIELD
    shares = [views[panel][2] / views[panel][3] for panel in order]
    tall = min(bottom - top - _NAME, (right - left - _GULF) / sum(shares))
    x = (left + right - _GULF - tall * sum(shares)) / 2
    grounds: dict[str, tuple[float, float, float]] = {}  # x and y of 0, 0, and scale
    for panel, share in zip(order, shares, strict=True):
        view = views[panel]
        scale = tall / view[3]
        grounds[panel] = x - view[0] * scale, top + _NAME - view[1] * scale, scale
        _ground(drawing.group, payload["land"][panel], view, (x, top + _NAME, tall * share, tall))
        name = reading.word(f"country-{panel}")
        element(drawing.group, "text", name, x=x, y=top + 18, font_size=18, font_weight="bold")
        x += tall * share + _GULF
    grounds.update(dict.fromkeys(of_inset, grounds["fr"]))
    if overseas:
        _insets(drawing.group, reading, grounds["fr"], views["fr"][3], overseas)

    def on_sheet(places: Mapping[str, Any], i: int) -> _Point:
        x0, y0, scale = grounds[places["panel"][i]]
        return x0 + places["x"][i] * scale, y0 + places["y"][i] * scale

    known = payload["places"]
    dots = [on_sheet(known, i) for i, panel in enumerate(known["panel"]) if panel in grounds]
    dots = [(x, y) for x, y in dots if y <= top + _NAME + tall]  # insets below are left out
    if dots and len(dots) <= _MOST_DOTS:
        group = element(drawing.group, "g", fill=SOFT, fill_opacity="0.55")
        for x, y in dots:
            element(group, "circle", cx=x, cy=y, r=1.8)
        drawing.legend.append(Key(_dot(), reading.word("pictures-dot")))
    areas = payload["areas"]
    side = {
        area: int(reading.country(areas["country"][area]) != payload["first"]) for area in shown
    }
    _flows(
        drawing,
        reading,
        flows,
        {area: on_sheet(points, area) for area in sorted(shown)},
        {area: reading.text(areas["text"][area]) for area in shown},
        side,
    )
    return drawing


def _world(reading: Reading, flows: _Flows) -> Drawing:
    """Countries, and how many links join them."""
    payload = reading.payload
    drawing = Drawing(reading.word("pictures-world"))
    left, top, right, bottom = FIELD
    view = payload["land"]["frames"]["world"]
    scale = min((right - left) / view[2], (bottom - top) / view[3])
    x = (left + right - scale * view[2]) / 2
    _ground(
        drawing.group, payload["land"]["world"], view, (x, top, scale * view[2], scale * view[3])
    )
    middles = payload["facets"]["country"]
    shown = {country for pair in flows for country in pair}
    points = {
        country: (
            x + (middles["wx"][country] - view[0]) * scale,
            top + (middles["wy"][country] - view[1]) * scale,
        )
        for country in sorted(shown)
    }
    names = middles["text"]
    _flows(
        drawing,
        reading,
        flows,
        points,
        {country: reading.text(names[country]) for country in shown},
        {country: int(reading.country(country) != payload["first"]) for country in shown},
    )
    return drawing


def _ground(
    parent: ET.Element, path: str, view: Sequence[float], box: tuple[float, float, float, float]
) -> None:
    """Land in a frame of its own, which cuts off what lies outside."""
    x, y, width, height = box
    ground = element(parent, "svg", x=x, y=y, width=width, height=height, viewBox=rounded(*view))
    element(ground, "path", d=path, fill=_LAND)


def _france(
    frames: Mapping[str, Any], insets: Sequence[Mapping[str, Any]], overseas: set[str]
) -> Sequence[float]:
    """The mainland, and as many rows of insets below it as hold something."""
    if not overseas:
        return list(map(float, frames["mainland"]))
    lowest = max(i["frame"][1] + i["frame"][3] for i in insets if i["key"] in overseas)
    return [*frames["fr"][:3], float(lowest)]


def _insets(
    parent: ET.Element,
    reading: Reading,
    ground: tuple[float, float, float],
    lowest: float,
    labelled: set[str],
) -> None:
    """Frames of overseas authorities, with the names of those that bear no label of their own."""
    x0, y0, scale = ground
    frames = element(parent, "g", fill="none", stroke=RULE)
    names = element(parent, "g", fill=SOFT, font_size=10)
    for inset in reading.payload["land"]["insets"]:
        x, y, width, height = inset["frame"]
        if y + height > lowest:
            continue
        left, top = x0 + x * scale, y0 + y * scale
        element(frames, "rect", x=left, y=top, width=width * scale, height=height * scale)
        if inset["key"] not in labelled:
            name = clipped(reading.text(inset["name"]), width * scale - 8, 10)
            element(names, "text", name, x=left + 4, y=top + 12)


def _flows(
    drawing: Drawing,
    reading: Reading,
    flows: _Flows,
    points: dict[int, _Point],
    names: Mapping[int, str],
    side: Mapping[int, int],
) -> None:
    """Flows, as wide as they are many; then a sign a place, with its number of links and name."""
    counts = {
        place: total(flow for pair, flow in flows.items() if place in pair) for place in points
    }
    most = max(counts.values(), default=1)
    reach = {p: max(4.5, _LARGEST * math.sqrt(n / most)) for p, n in counts.items()}
    points = _apart(points, reach)
    widest = max((flow.size for flow in flows.values()), default=1)
    drawn = sorted(flows, key=lambda pair: (-flows[pair].size, pair))[:_MOST_FLOWS]
    many = len(drawn) > _MANY
    thickest, thinnest = (_THICKEST / 2, 0.5) if many else (_THICKEST, 1.2)
    for firm in (True, False):
        group = element(
            None,
            "g",
            fill="none",
            stroke=_FLOW if firm else _TENTATIVE,
            stroke_opacity=("0.28" if many else "0.5") if firm else "0.85",
            stroke_dasharray=None if firm else "7 4",
        )
        for pair in reversed(drawn):
            flow = flows[pair]
            if flow.firm == firm and pair[0] != pair[1]:
                thick = max(thinnest, thickest * flow.size / max(widest, 4))
                path = _swing(points[pair[0]], points[pair[1]])
                line = element(group, "path", d=path, stroke_width=thick)
                ends = f"{names[pair[0]]} — {names[pair[1]]}"
                reading.tip(line, reading.word("pictures-fact", name=ends, value=flow.size))
        if len(group):
            drawing.group.append(group)
            word = "pictures-flow" if firm else "pictures-flow-tentative"
            drawing.legend.append(Key(_stroke(firm=firm), reading.word(word)))
    _signs(drawing, reading, points, counts, reach, names, side)
    drawing.notes.append(reading.word("pictures-places-how"))
    drawing.links = total(flows[pair] for pair in drawn)
    if missing := reading.counts["links"] - drawing.links:
        drawing.notes.append(reading.word("pictures-places-missing", n=missing))


def _signs(
    drawing: Drawing,
    reading: Reading,
    points: Mapping[int, _Point],
    counts: Mapping[int, int],
    reach: Mapping[int, float],
    names: Mapping[int, str],
    side: Mapping[int, int],
) -> None:
    left, top, right, bottom = FIELD
    labels = Labels((left - 10, top, right + 10, bottom), aslant=True)
    order = sorted(points, key=lambda place: (-counts[place], place))
    group = element(drawing.group, "g", fill=look.fill("region"), stroke=PAPER, stroke_width="1.2")
    figures = element(drawing.group, "g", fill=PAPER, text_anchor="middle", font_weight="bold")
    for place in order:
        (x, y), size = points[place], reach[place]
        if side[place]:
            half = float(plain(size * 0.92))
            element(group, "rect", x=x - half, y=y - half, width=2 * half, height=2 * half)
        else:
            element(group, "circle", cx=x, cy=y, r=size)
        labels.keep_clear((x - size, y - size, x + size, y + size))
        if size >= _LEGIBLE:
            tall = max(9.0, min(15.0, size * 0.95))
            element(
                figures,
                "text",
                number(counts[place], reading.lang),
                x=x,
                y=y + tall * 0.36,
                font_size=tall,
            )
    for place in order:
        if not names[place]:
            continue
        away = (0.3, 0.0) if not side[place] else (-0.3, 0.0)
        figure = "" if reach[place] >= _LEGIBLE else f" {number(counts[place], reading.lang)}"
        lines = broken(names[place])
        lines[-1] += figure
        large = counts[place] * 4 >= max(counts.values())
        size = 14.0 if large else 12.0
        labels.put(lines, points[place], reach[place], size, away)
    labels.draw(drawing.group)
    if not order:
        return
    symbol = element(None, "g", fill=look.fill("region"), stroke=PAPER, stroke_width=1)
    element(symbol, "circle", cx=-7, cy=0, r=8)
    element(symbol, "rect", x=1, y=-7, width=14, height=14)
    drawing.legend.insert(0, Key(symbol, reading.word("pictures-sign")))


def _apart(points: Mapping[int, _Point], reach: Mapping[int, float]) -> dict[int, _Point]:
    """Push signs that overlap off each other, no further than needed."""
    found = dict(points)
    order = sorted(found)
    for _ in range(_ROUNDS):
        moved = False
        for rank, one in enumerate(order):
            for two in order[rank + 1 :]:
                (x, y), (u, v) = found[one], found[two]
                across, down = u - x, v - y
                apart = math.sqrt(across * across + down * down)
                short = reach[one] + reach[two] + _CLEAR - apart
                if short <= 0.1:  # noqa: PLR2004  nobody sees a tenth of a pixel
                    continue
                if not apart:
                    across, apart = 1.0, 1.0
                dx, dy = across / apart * short / 2, down / apart * short / 2
                found[one], found[two] = (x - dx, y - dy), (u + dx, v + dy)
                moved = True
        if not moved:
            break
    return found


def _swing(one: _Point, two: _Point) -> str:
    """Path of a flow: it leaves and arrives level, so that crossing flows can be followed."""
    (x, y), (u, v) = one, two
    pull = (u - x) * 0.45
    return f"M{rounded(x, y)}C{rounded(x + pull, y, u - pull, v, u, v)}"


def _stroke(*, firm: bool) -> ET.Element:
    symbol = element(None, "g", fill="none", stroke=_FLOW if firm else _TENTATIVE)
    if firm:
        element(symbol, "path", d="M-15 -4H15", stroke_width="1.5", stroke_opacity="0.6")
        element(symbol, "path", d="M-15 3H15", stroke_width=6, stroke_opacity="0.6")
    else:
        element(symbol, "path", d="M-15 0H15", stroke_width=2, stroke_dasharray="7 4")
    return symbol


def _dot() -> ET.Element:
    symbol = element(None, "g", fill=SOFT)
    element(symbol, "circle", cx=0, cy=0, r=2.2)
    return symbol
