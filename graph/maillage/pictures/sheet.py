"""The sheet that a picture is drawn on: heading, counts, how to read it, legend and source.

It has the proportions of a slide. What stands on it suffices to show it anywhere: the sheet says
what it shows, how much, and whom to cite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from maillage.pictures.labels import Box, broken
from maillage.pictures.reading import Reading
from maillage.pictures.writing import (
    FACES,
    INK,
    PAPER,
    RULE,
    SOFT,
    clipped,
    element,
    line_width,
    sentences,
)
from maillage.words import TAGS

__all__ = ["BESIDE", "FIELD", "Drawing", "Key", "nothing", "sheet"]

WIDTH: Final = 1600
HEIGHT: Final = 900
_SIDE: Final = 28
_INNER: Final = WIDTH - 2 * _SIDE
#: The room for the picture itself above its legend, and beside it.
FIELD: Final[Box] = (_SIDE, 112, WIDTH - _SIDE, 788)
BESIDE: Final[Box] = (_SIDE, 112, WIDTH - _SIDE - 270, 852)
_LEGEND: Final = (806, 827, 848)  # middles of its lines
_FOOT: Final = (866, 885)  # its rule, and its baseline
_FINEST: Final = 11.5  # least height of letters
_SYMBOL: Final = 34  # width of a symbol of the legend


@dataclass
class Key:
    """A line of the legend: a symbol, drawn around 0, 0, at most 30 pixels wide; what it means."""

    symbol: ET.Element
    meaning: str


@dataclass
class Drawing:
    """What a view draws: elements in a field of the sheet, its legend, how to read it.

    ``links`` is the number of links that it shows.
    """

    title: str
    group: ET.Element = field(default_factory=lambda: element(None, "g"))
    notes: list[str] = field(default_factory=list)
    legend: list[Key] = field(default_factory=list)
    box: Box = FIELD
    links: int = 0


def nothing(reading: Reading) -> Drawing:
    """A sheet that says that there is nothing to draw, and what this means."""
    drawing = Drawing(reading.word("nothing"))
    drawing.notes.append(reading.word("nothing-why"))
    element(
        drawing.group,
        "text",
        reading.word("nothing"),
        x=WIDTH / 2,
        y=HEIGHT / 2,
        font_size=27,
        fill=SOFT,
        text_anchor="middle",
    )
    return drawing


def sheet(reading: Reading, drawing: Drawing, *, inline: bool, name: str) -> ET.Element:
    """Set a drawing on its sheet.

    :param inline: to stand in a page, as wide as there is room; else a document of its own.
    :param name: start of the identifiers.
    """
    lang = reading.lang
    title = reading.text(reading.payload["title"])
    notes = sentences(drawing.notes, lang)
    heads = {"id": f"{name}-title"}, {"id": f"{name}-desc"}
    root = element(
        None,
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width="100%" if inline else WIDTH,
        height=None if inline else HEIGHT,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        font_family=FACES[lang],
        fill=INK,
    )
    root.set("lang" if inline else "xml:lang", TAGS[lang])
    counts = [
        reading.word(f"pictures-{key}", n=n)
        for key, n in reading.counts.items()
        if n or key == "links"
    ]
    full = reading.word("pictures-title", title=title, view=drawing.title)
    element(root, "title", full, **heads[0])
    described = sentences([reading.word("pictures-sentence", text=text) for text in counts], lang)
    element(root, "desc", sentences([described, notes], lang), **heads[1])
    element(root, "rect", width=WIDTH, height=HEIGHT, fill=PAPER)

    beside = line_width(drawing.title, 20) + 24
    element(
        root,
        "text",
        clipped(title, _INNER - beside, 27),
        x=_SIDE,
        y=46,
        font_size=27,
        font_weight="bold",
    )
    element(
        root,
        "text",
        drawing.title,
        x=WIDTH - _SIDE,
        y=46,
        font_size=20,
        fill=SOFT,
        text_anchor="end",
    )
    element(root, "text", " · ".join(counts), x=_SIDE, y=74, font_size=17)
    size = max(_FINEST, min(15.0, 15 * _INNER / max(line_width(notes, 15), 1)))
    element(root, "text", clipped(notes, _INNER, size), x=_SIDE, y=99, font_size=size, fill=SOFT)
    root.append(drawing.group)
    if drawing.box is BESIDE:
        _legend_beside(root, drawing.legend)
    else:
        _legend_below(root, drawing.legend)
    element(
        root,
        "path",
        d=f"M{_SIDE} {_FOOT[0]}H{WIDTH - _SIDE}",
        stroke=RULE,
        stroke_width=1,
        fill="none",
    )
    element(root, "text", _source(reading), x=_SIDE, y=_FOOT[1], font_size=13, fill=SOFT)
    return root


def _legend_beside(root: ET.Element, keys: Sequence[Key]) -> None:
    """The keys one below the other, on the right."""
    group = element(root, "g", font_size=13)
    x, y = BESIDE[2] + 24, BESIDE[1] + 18.0
    room = WIDTH - _SIDE - x - _SYMBOL
    for key in keys:
        lines = broken(key.meaning) if line_width(key.meaning, 13) > room else [key.meaning]
        if y + 17 * len(lines) > BESIDE[3]:
            break
        key.symbol.set("transform", f"translate({x + 15:.0f} {y:.0f})")
        group.append(key.symbol)
        for line in lines:
            element(group, "text", clipped(line, room, 13), x=x + _SYMBOL, y=y + 5)
            y += 17
        y += 10


def _legend_below(root: ET.Element, keys: Sequence[Key]) -> None:
    """The keys one after the other, on three lines at most."""
    group = element(root, "g", font_size=13)
    x, line = float(_SIDE), 0
    for key in keys:
        wide = _SYMBOL + line_width(key.meaning, 13) + 18
        if x + wide > WIDTH - _SIDE + 18 and x > _SIDE:
            x, line = float(_SIDE), line + 1
        if line >= len(_LEGEND):
            break
        y = _LEGEND[line]
        key.symbol.set("transform", f"translate({x + 15:.0f} {y})")
        group.append(key.symbol)
        element(group, "text", clipped(key.meaning, _INNER, 13), x=round(x) + _SYMBOL, y=y + 5)
        x += wide


def _source(reading: Reading) -> str:
    """Whom to cite, and what the page says of its data."""
    payload = reading.payload
    citation = reading.text(payload["citation"])
    facts = [
        reading.word("pictures-fact", name=reading.text(name), value=reading.text(value))
        for name, value in payload["facts"]
        if reading.text(value) not in citation
    ]
    return clipped(" · ".join([citation, *facts] if citation else facts), _INNER, 13)
