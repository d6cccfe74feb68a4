"""Time: links by the year in which they begin, and below them the events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from maillage import look
from maillage.pictures.reading import Reading
from maillage.pictures.sheet import FIELD, Drawing, Key
from maillage.pictures.writing import (
    DEEP,
    INK,
    PAPER,
    RULE,
    SOFT,
    clipped,
    element,
    line_width,
    number,
    rounded,
)

__all__ = ["timeline"]

_EPOCH: Final = date(1970, 1, 1).toordinal()
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_MOST_COLUMNS: Final = 110
_TICK: Final = 58.0  # least way between two years that are written
_HEAD: Final = 26.0
_EVENTS: Final = 0.46  # share of the field for the events, when there are any
_LARGEST: Final = 40.0  # side of a square that is a link
_LEAST: Final = 4.0  # smaller squares are drawn as one bar
_FEW: Final = 100  # links of a year; of more, low columns bear no number
_LANE: Final = 17.0
_LONGEST: Final = 262.0  # of the name of an event
_LOOKS: Final = tuple(look.LINES)
_COLOURS: Final = tuple(str(line["color"]) for line in look.LINES.values())

_Span = Sequence[int | None] | None


class _Start(NamedTuple):
    """When something begins: a year, whether others may be meant, and how far they may go.

    ``way`` is 1 when any later year may be meant, -1 when any earlier one may.
    """

    year: int
    vague: bool = False
    way: int = 0


class _Axis(NamedTuple):
    """Years across the field: the first, the years of a column, the width of a column."""

    first: int
    step: int
    wide: float
    columns: int

    def column(self, year: int) -> int:
        return (year - self.first) // self.step

    def x(self, year: float) -> float:
        return FIELD[0] + (year - self.first) / self.step * self.wide


def timeline(reading: Reading) -> Drawing:
    """Draw what has a date; the heading says how much has none."""
    drawing = Drawing(reading.word("pictures-time"))
    links, events = reading.payload["links"], reading.payload["events"]
    starts = {i: start for i, span in enumerate(links["begin"]) if (start := _start(span))}
    happened = {i: start for i, span in enumerate(events["begin"]) if (start := _start(span))}
    years = [start.year for start in (*starts.values(), *happened.values())]
    if not years:
        drawing.notes.append(reading.word("pictures-time-none"))
        return drawing
    axis = _axis(min(years), max(years))
    _, top, _, bottom = FIELD
    share = _EVENTS if happened and starts else float(bool(happened))
    middle = bottom - (bottom - top) * share - 12
    if starts:
        middle = _links(drawing, reading, starts, axis, middle)
        undated = len(links["begin"]) - len(starts)
        if undated:
            words = "pictures-time-undated"
            drawing.notes.append(reading.word(words, n=undated, m=len(links["begin"])))
        ended = sum(not since for since in links["open"])
        drawing.notes.append(reading.word("pictures-time-ended", n=ended))
    else:
        middle = top + _HEAD
    _years(drawing.group, axis, middle, bottom if happened else middle + 20)
    if happened:
        _events(drawing, reading, happened, axis, middle + 26)
    return drawing


def _start(span: _Span) -> _Start | None:
    """The year that a span of days means, or the middle one of those that it may mean."""
    first, last = (None if day is None else _year(day) for day in span or (None, None))
    if first is None and last is None:
        return None
    if first is None or last is None:
        return _Start(first or last or 0, vague=True, way=1 if last is None else -1)
    return _Start((first + last) // 2, vague=first != last)


def _year(day: int) -> int:
    """The year of a day; years that no calendar of Python has are brought to its ends."""
    return date.fromordinal(min(max(day + _EPOCH, 1), date.max.toordinal())).year


def _axis(first: int, last: int) -> _Axis:
    """As few years in a column as the width allows."""
    step = next(s for s in _STEPS if (last - first) // s < _MOST_COLUMNS)
    begin = first // step * step
    columns = max((last - begin) // step + 1, 12)
    return _Axis(begin, step, (FIELD[2] - FIELD[0]) / columns, columns)


def _years(parent: ET.Element, axis: _Axis, y: float, bottom: float) -> None:
    """The years that are written, and a faint line down from each."""
    every = next(s for s in _STEPS if s >= axis.step and s / axis.step * axis.wide >= _TICK)
    last = axis.first + axis.columns * axis.step
    rules = element(None, "g", stroke=RULE, stroke_width="0.8")
    names = element(None, "g", font_size=14, fill=INK)
    for year in range(-(-axis.first // every) * every, last, every):
        x = axis.x(year)
        element(rules, "path", d=f"M{x:.1f} {y:.1f}V{bottom:.1f}")
        element(names, "text", str(year), x=x + 3, y=y + 16)
    element(rules, "path", d=f"M{FIELD[0]:.1f} {y:.1f}H{FIELD[2]:.1f}", stroke=SOFT)
    parent.insert(0, rules)
    parent.append(names)


def _heading(parent: ET.Element, text: str, y: float) -> None:
    element(parent, "text", text, x=FIELD[0], y=y, font_size=17, font_weight="bold")


def _links(
    drawing: Drawing, reading: Reading, starts: dict[int, _Start], axis: _Axis, base: float
) -> float:
    """A sign a link, piled up by year; too many signs become bars. Says how low they stand."""
    links = reading.payload["links"]
    looks = links["look"]
    piles: dict[int, list[int]] = defaultdict(list)
    for i in sorted(starts, key=lambda i: (looks[i], starts[i].vague, starts[i].way, i)):
        piles[axis.column(starts[i].year)].append(i)
    highest = max(map(len, piles.values()))
    top = FIELD[1] + _HEAD
    side = min(_LARGEST, axis.wide - 3, (base - top - 18) / highest)
    _heading(drawing.group, reading.word("pictures-time-links"), FIELD[1] + 16)
    group = element(drawing.group, "g", opacity="0.85")
    figures = element(drawing.group, "g", font_size=12, fill=SOFT, text_anchor="middle")
    signs = side >= _LEAST and axis.step == 1
    if signs:
        base = min(base, top + 18 + highest * side)
    else:
        side = (base - top - 18) / highest
    for column, pile in sorted(piles.items()):
        x = FIELD[0] + (column + 0.5) * axis.wide
        if signs:
            for rank, i in enumerate(pile):
                middle = x, base - 2 - (rank + 0.5) * side
                drawn = _sign(group, middle, side - 2, looks[i], starts[i])
                reading.link_tip(drawn, i, links["parties"][i])
        else:
            _bars(group, x, base, axis.wide - 2, [(looks[i], starts[i]) for i in pile], side)
        if highest <= _FEW or len(pile) * 8 >= highest:
            y = base - len(pile) * side - 6
            element(figures, "text", number(len(pile), reading.lang), x=x, y=y)
    if signs:
        how = "pictures-time-how"
    else:
        how = "pictures-time-years" if axis.step > 1 else "pictures-time-year"
    drawing.notes.append(reading.word(how, n=axis.step))
    shown = [(looks[i], start) for i, start in starts.items()]
    if signs:
        _sign_keys(drawing, reading, shown)
    else:
        _bar_keys(drawing, reading, shown)
    return base


def _sign(
    parent: ET.Element, middle: tuple[float, float], side: float, kind: int, start: _Start
) -> ET.Element:
    """A link: square, diamond if proposed, disc if past; hollow if its year is approximate."""
    x, y = middle
    half = side / 2 - 0.8
    fill, stroke = PAPER if start.vague else _COLOURS[kind], _COLOURS[kind]
    given = {"fill": fill, "stroke": stroke, "stroke_width": "1.6"}
    if _LOOKS[kind] == "tentative":
        corners = rounded(x - half, y, x, y - half, x + half, y, x, y + half)
        drawn = element(parent, "path", d=f"M{corners}z", **given)
    elif _LOOKS[kind] == "past":
        drawn = element(parent, "circle", cx=x, cy=y, r=half, **given)
    else:
        left, top = x - half, y - half
        wide = 2 * half
        drawn = element(parent, "rect", x=left, y=top, width=wide, height=wide, **given)
    if start.way:
        tip = f"M{rounded(x + start.way * (half + 1), y - 4)}l{4 * start.way} 4l{-4 * start.way} 4"
        element(parent, "path", d=tip, fill="none", stroke=stroke, stroke_width="1.6")
    return drawn


def _bars(
    parent: ET.Element,
    x: float,
    base: float,
    width: float,
    pile: Sequence[tuple[int, _Start]],
    unit: float,
) -> None:
    """Links of one look as one bar; those of a vague year are hollow."""
    counts: dict[tuple[int, bool], int] = defaultdict(int)
    for kind, start in pile:
        counts[kind, start.vague] += 1
    y = base
    for (kind, vague), count in sorted(counts.items()):
        y -= count * unit
        element(
            parent,
            "rect",
            x=x - width / 2 + 0.6,
            y=y,
            width=max(width - 1.2, 0.8),
            height=count * unit,
            fill=PAPER if vague else _COLOURS[kind],
            stroke=_COLOURS[kind],
            stroke_width="1",
            stroke_dasharray="3 2" if _LOOKS[kind] == "tentative" else None,
        )


def _sign_keys(drawing: Drawing, reading: Reading, drawn: Sequence[tuple[int, _Start]]) -> None:
    """What the signs mean, for those that are there."""
    kinds = sorted({kind for kind, _ in drawn})
    keys = [(kind, _Start(0), f"network-{_LOOKS[kind]}") for kind in kinds]
    for way, name in ((0, "vague"), (1, "since"), (-1, "until")):
        if any(start.vague and start.way == way for _, start in drawn):
            keys.append((kinds[0], _Start(0, vague=True, way=way), f"pictures-time-{name}"))
    for kind, start, word in keys:
        symbol = element(None, "g")
        _sign(symbol, (0, 0), 15, kind, start)
        drawing.legend.append(Key(symbol, reading.word(word)))


def _bar_keys(drawing: Drawing, reading: Reading, drawn: Sequence[tuple[int, _Start]]) -> None:
    """What the parts of a bar mean."""
    kinds = sorted({kind for kind, _ in drawn})
    keys = [(kind, _Start(0), f"network-{_LOOKS[kind]}") for kind in kinds]
    if any(start.vague for _, start in drawn):
        keys.append((kinds[0], _Start(0, vague=True), "pictures-time-vague"))
    for kind, start, word in keys:
        symbol = element(None, "g")
        _bars(symbol, 0, 7, 26, [(kind, start)], 14)
        drawing.legend.append(Key(symbol, reading.word(word)))


def _events(
    drawing: Drawing, reading: Reading, happened: dict[int, _Start], axis: _Axis, top: float
) -> None:
    """A dot an event, on the first lane where its name has room."""
    events = reading.payload["events"]
    _heading(drawing.group, reading.word("pictures-time-events"), top + 12)
    dots = element(drawing.group, "g", fill=DEEP, stroke=DEEP, stroke_width="1.4")
    names = element(drawing.group, "g", font_size=12)
    first = top + 26
    lanes: list[float] = [FIELD[0] - 1.0] * max(1, int((FIELD[3] - first - _LANE) // _LANE))
    unnamed = 0
    for i in sorted(happened, key=lambda i: (events["begin"][i][0] or 0, i)):
        start = happened[i]
        x = axis.x(_moment(events["begin"][i], start))
        name = clipped(reading.text(events["name"][i]), _LONGEST, 12)
        wide = line_width(name, 12) + 8
        # The name stands after the dot, or else before it.
        spans = [(x - 5, x + wide + 6), (x - wide - 4, x + 6)]
        lane, span = next(
            (
                (lane, span)
                for span in spans
                if span[0] >= FIELD[0] - 5 and span[1] <= FIELD[2] + 10
                for lane, end in enumerate(lanes)
                if end < span[0]
            ),
            (len(lanes), spans[0]),
        )
        y = first + (lane + 0.5) * _LANE
        dot = element(dots, "circle", cx=x, cy=y, r=4, fill=PAPER if start.vague else None)
        about = reading.text(events["name"][i]), reading.text(events["dates"][i])
        reading.tip(dot, " · ".join(filter(None, about)))
        if lane == len(lanes):
            unnamed += 1
            continue
        lanes[lane] = span[1]
        if span is spans[0]:
            element(names, "text", name, x=x + 8, y=y + 4)
        else:
            element(names, "text", name, x=x - 8, y=y + 4, text_anchor="end")
    undated = len(events["begin"]) - len(happened)
    if unnamed or undated:
        words = "pictures-time-events-left"
        drawing.notes.append(reading.word(words, n=unnamed, m=undated))
    for vague in sorted({start.vague for start in happened.values()}):
        symbol = element(None, "g", fill=PAPER if vague else DEEP, stroke=DEEP, stroke_width="1.4")
        element(symbol, "circle", cx=0, cy=0, r=4)
        word = "pictures-time-event-vague" if vague else "pictures-time-event"
        drawing.legend.append(Key(symbol, reading.word(word)))


def _moment(span: Sequence[int | None], start: _Start) -> float:
    """The middle of the days that may be meant, as a year and its part."""
    known = [day for day in span if day is not None]
    day = sum(known) // len(known)
    within = (day + _EPOCH - date(start.year, 1, 1).toordinal()) / 366
    return start.year + min(max(within, 0.0), 1.0)
