"""How a party and a link look in the pictures: shape, colour, letter, line, and broken labels.

Colours are those of Okabe and Ito (*Color Universal Design*, 2008), which people with any of the
common colour deficiencies tell apart. No meaning rests on colour alone: the side is a shape, the
level a letter in it, the standing of a link a dash or a mark on its line.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from maillage.layout import Room

__all__ = [
    "FONT",
    "LINES",
    "MUTED",
    "PALE",
    "TIERS",
    "fill",
    "ink",
    "line_of",
    "radius",
    "room",
    "wrapped",
]

FONT: Final = 15  # height of a label, pixels
_LEADING: Final = 18  # from one line of a label to the next
_WIDEST: Final = 20  # columns of a label line; a Chinese character takes two
_MOST_LINES: Final = 5
_LINEAR_UP_TO: Final = 0.04045  # sRGB: below, light is proportional to the number

# Same tier, same colour: circle or square tells the side.
_FILLS: Final[Mapping[str, str]] = {
    "country": "#1a1a1a",
    "region": "#0072b2",
    "province": "#0072b2",
    "departement": "#009e73",
    "prefecture": "#009e73",
    "commune": "#e69f00",
    "county": "#e69f00",
    "epci": "#cc79a7",
    "overseas-collectivity": "#f0e442",
    "organisation": "#56b4e9",
}
#: Levels and organisations, from the largest: the order of the legend.
TIERS: Final = tuple(_FILLS)
_OTHER: Final = "#d0d0d0"

#: Colours for themes and communities, of which there may be more: the muted scheme of Paul Tol
#: (*Colour Schemes*, SRON technical note, 2021), told apart with any of the common deficiencies.
MUTED: Final = (
    "#332288",
    "#88ccee",
    "#44aa99",
    "#117733",
    "#999933",
    "#ddcc77",
    "#cc6677",
    "#882255",
    "#aa4499",
)
#: What is beyond the scheme, or belongs to nothing.
PALE: Final = "#dddddd"

#: Look of a line: colour, dash in pixels (empty: whole), width, and a mark in its middle.
LINES: Final[Mapping[str, Mapping[str, Any]]] = {
    "firm": {"color": "#2b2b2b", "dash": [], "width": 2.5},
    "tentative": {"color": "#c04a00", "dash": [9, 6], "width": 2.5},
    "past": {"color": "#6b6b6b", "dash": [3, 6], "width": 2.5},
}
_SIZE: Final = 14.0  # half the width of a node with one link, pixels


def fill(tier: str) -> str:
    """Colour of a level, or of organisations."""
    return _FILLS.get(tier, _OTHER)


def ink(colour: str) -> str:
    """Black or white, whichever reads better on a colour (WCAG 2.2, relative luminance).

    >>> ink("#0072b2"), ink("#e69f00")
    ('#ffffff', '#000000')
    """
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= _LINEAR_UP_TO else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) * (light + 0.05) > 0.05 * 1.05 else "#ffffff"


def line_of(edge: Mapping[str, Any]) -> str:
    """Which line a link gets: ``firm``, ``tentative`` or ``past``."""
    if edge.get("tentative") or edge.get("certainty") == "to-be-confirmed":
        return "tentative"
    return "past" if edge.get("state") in {"suspended", "ended"} else "firm"


def radius(degree: int) -> float:
    """Half the width of a node with so many links; its area grows with their number."""
    return round(math.sqrt(_SIZE * _SIZE + 60 * max(degree - 1, 0)), 1)


def room(labels: Iterable[str], size: float) -> Room:
    """Room for a node and the largest of its labels, whatever language is shown."""
    lines = [label.split("\n") for label in labels]
    widest = max((_columns(line) for label in lines for line in label), default=0)
    tallest = max((len(label) for label in lines), default=0)
    return Room(max(size, widest * FONT * 0.27) + 4, size, size + 6 + tallest * _LEADING)


def wrapped(label: str) -> str:
    r"""Break a name into balanced lines for the picture, at most five.

    >>> wrapped("Strasbourg")
    'Strasbourg'
    >>> wrapped("Provence-Alpes-Côte d’Azur")
    'Provence-Alpes-\nCôte d’Azur'
    """
    fewest = _filled(label, _WIDEST)
    for width in range(6, _WIDEST):
        lines = _filled(label, width)
        if len(lines) == len(fewest) and max(map(_columns, lines)) <= _WIDEST:
            fewest = lines
            break
    if len(fewest) > _MOST_LINES:
        fewest = [*fewest[: _MOST_LINES - 1], fewest[_MOST_LINES - 1].rstrip() + "…"]
    return "\n".join(fewest)


# A Chinese character with the punctuation that must not begin a line, a word, a space.
# What must not be parted (a no-break space) parts no lines.
_PIECE = re.compile(
    r"[\u2e80-\U0003ffff][、，。）》”’；：！？]*|[^\u2e80-\U0003ffff \t\n-]+-?|-|[ \t\n]+"
)


def _filled(label: str, width: int) -> list[str]:
    lines = [""]
    for piece in _PIECE.findall(label):
        if lines[-1] and _columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
        while _columns(lines[-1]) > 2 * _WIDEST:  # one endless word
            lines[-1:] = [lines[-1][:_WIDEST], lines[-1][_WIDEST:]]
    return [line.rstrip() for line in lines if line.strip()] or [""]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
