"""Charts of an answer, made by the server: bars of a number by thing, and a line of years.

A chart is SVG with a title and a description, without style or script; the table beside it says all
that it shows. Which columns can be drawn is told by their values: whole numbers that count, and
dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup
from rdflib import URIRef

from maillage.pictures.writing import clipped, element, line_width, written
from maillage.site.results import whole_number
from maillage.site.visit import Visit
from maillage.store import Answer
from maillage.words import heading

__all__ = ["Chart", "charts"]

#: Whole numbers that count nothing, or things of different kinds in one column.
_NO_COUNTS: Final = frozenset(
    {
        "value",
        "ordinal",
        "page",
        "start_page",
        "lines",
        "characters",
        "code",
        "a_parties",
        "b_parties",
    }
)
#: Columns that say when, the one that is drawn first.
_WHEN: Final = ("since", "start", "first", "date", "when", "from", "issued", "searched", "due")
_YEAR: Final = re.compile(r"-?\d{4}")

_MOST_BARS: Final = 20
_LEAST: Final = 2  # bars: one alone compares nothing
_LEAST_YEARS: Final = 4
_MOST_CHARTS: Final = 4

_WIDE: Final = 460
_NAMES: Final = 175
_STEP: Final = 24
_HIGH: Final = 190
_TICK: Final = 44  # between two years that are written
_BLUE: Final = "#004b87"
_INK: Final = "#1a1a1a"
_RULE: Final = "#767c85"


@dataclass(frozen=True)
class Chart:
    """A chart: the picture, and what stands below it."""

    svg: Markup
    caption: str


def charts(visit: Visit, answer: Answer) -> list[Chart]:
    """What of an answer can be drawn: a chart for each column of counts, else one of years."""
    found = list(_counts(visit, answer))[:_MOST_CHARTS]
    return found or list(_years(visit, answer))


def _counts(visit: Visit, answer: Answer) -> Iterator[Chart]:
    """A bar a row, the longest first."""
    for i, column in enumerate(answer.variables):
        if column in _NO_COUNTS:
            continue
        values = [whole_number(row[i]) for row in answer.rows]
        bars = [
            (n, _name(visit, answer, x)) for x, n in enumerate(values) if n is not None and n > 0
        ]
        if len(bars) < _LEAST or any(n is None for n in values):
            continue
        bars.sort(key=lambda bar: -bar[0])
        shown = bars[:_MOST_BARS]
        what = heading(column, visit.lang)
        title = visit.say("chart-counts", what=what)
        left = len(bars) - len(shown)
        caption = title
        if left:
            caption = visit.say(
                "chart-first", title=title, n=visit.number(len(shown)), all=visit.number(len(bars))
            )
        yield Chart(_bars(visit, shown, title, caption, f"chart-{column}"), caption)


def _name(visit: Visit, answer: Answer, x: int) -> str:
    """What a row is called: its first cells that are no number, two where these are a pair."""
    texts = [
        visit.label(term).text if isinstance(term, URIRef) else str(term)
        for term in answer.rows[x][: 2 if answer.variables[:2] == ("a", "b") else 1]
        if term is not None
    ]
    return " – ".join(texts)


def _bars(
    visit: Visit, bars: Sequence[tuple[int, str]], title: str, caption: str, name: str
) -> Markup:
    high = len(bars) * _STEP + 8
    svg = _sheet(high, title, caption, name)
    most = max(n for n, _ in bars)
    room = _WIDE - _NAMES - 46
    for y, (n, text) in enumerate(bars):
        middle = 4 + (y + 0.5) * _STEP
        row = element(svg, "g")
        element(row, "title", f"{text} · {visit.number(n)}")
        shown = clipped(text, _NAMES - 10, 13)
        element(row, "text", shown, x=_NAMES - 8, y=middle + 4.5, text_anchor="end", fill=_INK)
        wide = max(1.0, room * n / most)
        element(row, "rect", x=_NAMES, y=middle - 8, width=wide, height=16, fill=_BLUE)
        element(row, "text", visit.number(n), x=_NAMES + wide + 6, y=middle + 4.5, fill=_INK)
    return _written(svg)


def _years(visit: Visit, answer: Answer) -> Iterator[Chart]:
    """A bar a year: how many rows begin in it."""
    for column in _WHEN:
        if column not in answer.variables:
            continue
        i = answer.variables.index(column)
        years = [int(found[0]) for row in answer.rows if (found := _YEAR.match(str(row[i] or "")))]
        counted = Counter(years)
        if len(counted) < _LEAST_YEARS:
            continue
        title = visit.say("chart-years", what=heading(column, visit.lang))
        undated = len(answer.rows) - len(years)
        caption = title
        if undated:
            caption = visit.count("chart-undated", undated, title=title)
        yield Chart(_line(visit, counted, title, caption), caption)
        return


def _line(visit: Visit, counted: Counter[int], title: str, caption: str) -> Markup:
    svg = _sheet(_HIGH, title, caption, "chart-years")
    first, last = min(counted), max(counted)
    every = next(
        step for step in (1, 2, 5, 10, 25, 50, 100, 500, 5000) if (last - first) / step <= _WIDE / 8
    )
    begin = first // every * every
    columns = (last - begin) // every + 1
    wide = (_WIDE - 20) / columns
    piles: Counter[int] = Counter()
    for year, n in counted.items():
        piles[(year - begin) // every] += n
    most = max(piles.values())
    base = _HIGH - 26
    element(svg, "path", d=f"M10 {base}H{_WIDE - 10}", stroke=_RULE, stroke_width="1")
    for column, n in sorted(piles.items()):
        tall = (base - 24) * n / most
        x = 10 + column * wide
        bar = element(svg, "g")
        year = begin + column * every
        years = str(year) if every == 1 else f"{year}–{year + every - 1}"
        element(bar, "title", f"{years} · {visit.number(n)}")
        gap = min(2.0, wide / 5)
        element(
            bar, "rect", x=x + gap / 2, y=base - tall, width=wide - gap, height=tall, fill=_BLUE
        )
        if line_width(str(n), 11) <= wide:
            element(
                bar, "text", str(n), x=x + wide / 2, y=base - tall - 4,
                text_anchor="middle", font_size=11, fill=_INK,
            )  # fmt: skip
    step = next(
        n
        for n in (1, 2, 5, 10, 20, 50, 100, 500, 1000, 5000)
        if n >= every and n / every * wide >= _TICK
    )
    for year in range(-(-begin // step) * step, last + 1, step):
        x = 10 + ((year - begin) / every + 0.5) * wide
        element(
            svg, "text", str(year), x=x, y=_HIGH - 8, text_anchor="middle", font_size=12, fill=_INK
        )
    return _written(svg)


def _sheet(high: float, title: str, caption: str, name: str) -> ET.Element:
    svg = element(
        None, "svg", viewBox=f"0 0 {_WIDE} {high:g}", role="img",
        aria_labelledby=f"{name}-title {name}-desc", font_size=13,
    )  # fmt: skip
    svg.set("class", "chart")
    element(svg, "title", title, id=f"{name}-title")
    element(svg, "desc", caption, id=f"{name}-desc")
    return svg


def _written(svg: ET.Element) -> Markup:
    """The picture as text; what texts hold was escaped as it was written."""
    return Markup(written(svg))  # noqa: S704  # made by ElementTree, which escapes
