"""Charts of an answer, made by the server: bars of a number by thing, and a line of years.

A chart is SVG with a title and a description, without style or script; the table beside it says all
that it shows. Which columns can be drawn is told by their values: whole numbers that count, and
dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from markupsafe import Markup
from rdflib import URIRef
from rdflib.term import Identifier

from maillage.pictures.writing import clipped, element, line_width, written
from maillage.questions import Question
from maillage.site.counting import BESIDE, counting
from maillage.site.results import Part, whole_number
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
_UNDATED: Final = "years-none"  # where the rows without a year are listed
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
    """A chart: the picture, what stands below it, and the rows that its bars count."""

    svg: Markup
    caption: Markup
    piles: tuple[Pile, ...] = ()


class Pile(NamedTuple):
    """The rows of an answer that one bar counts: what the bar says, and the things of the rows."""

    anchor: str
    name: str
    things: tuple[Markup, ...]


class _Bar(NamedTuple):
    """A bar: how long, what of, and where the rows are that it counts."""

    n: int
    name: str
    to: str | None


def charts(visit: Visit, answer: Answer, question: Question, part: Part) -> list[Chart]:
    """What of an answer can be drawn: a chart for each column of counts, else one of years.

    :param part: the rows that stand on the page.
    """
    found = list(_counts(visit, answer, question.name, part))[:_MOST_CHARTS]
    return found or list(_years(visit, answer, question.thing))


def _counts(visit: Visit, answer: Answer, question: str, part: Part) -> Iterator[Chart]:
    """A bar a row, the longest first."""
    for i, column in enumerate(answer.variables):
        if column in _NO_COUNTS:
            continue
        values = [whole_number(row[i]) for row in answer.rows]
        bars = [
            _Bar(n, _name(visit, answer, x), _to(visit, answer, (question, column), x, part))
            for x, n in enumerate(values)
            if n is not None and n > 0
        ]
        if len(bars) < _LEAST or any(n is None for n in values):
            continue
        bars.sort(key=lambda bar: -bar.n)
        shown = bars[:_MOST_BARS]
        what = heading(column, visit.lang)
        title = visit.say("chart-counts", what=what)
        caption = title
        if len(bars) > len(shown):
            caption = visit.say("chart-first", title=title, n=visit.number(len(shown)))
        svg = _bars(visit, shown, title, caption, f"chart-{column}")
        yield Chart(svg, Markup("{}").format(caption))


def _to(visit: Visit, answer: Answer, counted: tuple[str, str], x: int, part: Part) -> str | None:
    """Where a bar leads: to what the number in the table counts."""
    if beside := BESIDE.get(counted):
        return f"#row-{x + 1}-{beside}" if part.first <= x + 1 <= part.last else None
    row = dict(zip(answer.variables, answer.rows[x], strict=True))
    return counting(visit, *counted, row)


def _name(visit: Visit, answer: Answer, x: int) -> str:
    """What a row is called: its first cells that are no number, two where these are a pair."""
    texts = [
        visit.label(term).text if isinstance(term, URIRef) else str(term)
        for term in answer.rows[x][: 2 if answer.variables[:2] == ("a", "b") else 1]
        if term is not None
    ]
    return " – ".join(texts)


def _bars(visit: Visit, bars: Sequence[_Bar], title: str, caption: str, name: str) -> Markup:
    high = len(bars) * _STEP + 8
    svg = _sheet(high, title, caption, name)
    most = max(bar.n for bar in bars)
    room = _WIDE - _NAMES - 46
    for y, (n, text, to) in enumerate(bars):
        middle = 4 + (y + 0.5) * _STEP
        row = _linked(svg, to, n)
        element(row, "title", f"{text} · {visit.number(n)}")
        shown = clipped(text, _NAMES - 10, 13)
        element(row, "text", shown, x=_NAMES - 8, y=middle + 4.5, text_anchor="end", fill=_INK)
        wide = max(1.0, room * n / most)
        element(row, "rect", x=_NAMES, y=middle - 8, width=wide, height=16, fill=_BLUE)
        element(row, "text", visit.number(n), x=_NAMES + wide + 6, y=middle + 4.5, fill=_INK)
    return _written(svg)


def _years(visit: Visit, answer: Answer, thing: str) -> Iterator[Chart]:
    """A bar a year: how many rows begin in it."""
    for column in _WHEN:
        if column not in answer.variables:
            continue
        i = answer.variables.index(column)
        dated: dict[int, list[Markup]] = {}
        undated: list[Markup] = []
        for row in answer.rows:
            year = _YEAR.match(str(row[i] or ""))
            its = dated.setdefault(int(year[0]), []) if year else undated
            its.append(_thing(visit, answer, row, thing))
        if len(dated) < _LEAST_YEARS:
            continue
        title = visit.say("chart-years", what=heading(column, visit.lang))
        caption = title
        if undated:
            caption = visit.count("chart-undated", len(undated), title=title)
        every, piles = _piles(dated)
        svg = _line(visit, every, piles, title, caption)
        if undated:
            piles.append((0, Pile(_UNDATED, visit.say("chart-no-year"), tuple(undated))))
        below = visit.counted(len(undated), f"#{_UNDATED}", caption)
        yield Chart(svg, below, tuple(pile for _, pile in piles))
        return


def _thing(visit: Visit, answer: Answer, row: Sequence[Identifier | None], thing: str) -> Markup:
    """What a row is about: its thing, called by its two parties where it names these."""
    named = dict(zip(answer.variables, row, strict=True))
    about = named.get(thing) or next((term for term in row if isinstance(term, URIRef)), None)
    if not isinstance(about, URIRef):
        return visit.text(str(row[0] or ""))
    return visit.link(about)


def _piles(dated: Mapping[int, Sequence[Markup]]) -> tuple[int, list[tuple[int, Pile]]]:
    """How many years a bar has, and the rows of each with its first year."""
    first, last = min(dated), max(dated)
    every = next(
        step for step in (1, 2, 5, 10, 25, 50, 100, 500, 5000) if (last - first) / step <= _WIDE / 8
    )
    piles: dict[int, list[Markup]] = {}
    for year in sorted(dated):
        piles.setdefault(year // every * every, []).extend(dated[year])
    return every, [
        (
            year,
            Pile(
                f"years-{year}",
                str(year) if every == 1 else f"{year}–{year + every - 1}",
                tuple(things),
            ),
        )
        for year, things in piles.items()
    ]


def _line(
    visit: Visit, every: int, piles: Sequence[tuple[int, Pile]], title: str, caption: str
) -> Markup:
    svg = _sheet(_HIGH, title, caption, "chart-years")
    begin, last = piles[0][0], piles[-1][0] + every - 1
    columns = (last - begin) // every + 1
    wide = (_WIDE - 20) / columns
    most = max(len(pile.things) for _, pile in piles)
    base = _HIGH - 26
    element(svg, "path", d=f"M10 {base}H{_WIDE - 10}", stroke=_RULE, stroke_width="1")
    for year, pile in piles:
        n = len(pile.things)
        tall = (base - 24) * n / most
        x = 10 + (year - begin) // every * wide
        bar = _linked(svg, f"#{pile.anchor}", n)
        element(bar, "title", f"{pile.name} · {visit.number(n)}")
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


def _linked(svg: ET.Element, to: str | None, n: int) -> ET.Element:
    """What holds a bar: a link to the rows that it counts, where there is such a place."""
    return element(svg, "a", href=to, data_n=n) if to else element(svg, "g")


def _sheet(high: float, title: str, caption: str, name: str) -> ET.Element:
    svg = element(
        None, "svg", viewBox=f"0 0 {_WIDE} {high:g}", role="group",
        aria_labelledby=f"{name}-title {name}-desc", font_size=13,
    )  # fmt: skip
    svg.set("class", "chart")
    element(svg, "title", title, id=f"{name}-title")
    element(svg, "desc", caption, id=f"{name}-desc")
    return svg


def _written(svg: ET.Element) -> Markup:
    """The picture as text; what texts hold was escaped as it was written."""
    return Markup(written(svg))  # noqa: S704  # made by ElementTree, which escapes
