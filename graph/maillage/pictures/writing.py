"""SVG that any program reads: elements, numbers and texts, and how wide a text will be.

Elements bear presentation attributes only, no style, class or script: the policy of a page forbids
inline styles, and slides and word processors ignore style sheets. A text is always the text of an
element, never markup, and cannot hold what XML forbids.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree import ElementTree as ET

from maillage.pagetexts import clean
from maillage.words import Language

__all__ = [
    "DEEP",
    "FACES",
    "INK",
    "PAPER",
    "RULE",
    "SOFT",
    "TINT",
    "clipped",
    "curve",
    "element",
    "line_width",
    "number",
    "plain",
    "rounded",
    "said",
    "sentences",
    "written",
]

INK: Final = "#1a1a1a"
SOFT: Final = "#555555"
RULE: Final = "#c9ced6"
TINT: Final = "#eceff3"
DEEP: Final = "#004b87"
PAPER: Final = "#ffffff"

_LATIN: Final = "'Noto Sans', 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans'"
_HAN: Final = (
    "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei'"
)
#: Latin fonts first, or else ’ is drawn as wide as a Chinese character; the reverse in Chinese.
FACES: Final[Mapping[Language, str]] = {
    "fr": f"{_LATIN}, {_HAN}, sans-serif",
    "en": f"{_LATIN}, {_HAN}, sans-serif",
    "zh": f"{_HAN}, {_LATIN}, sans-serif",
}

_NARROW: Final = frozenset("iljtfrI.,:;'’‘!|()[]/ \u00a0\u202f·-")
_BROAD: Final = frozenset("mwMWŒœÆæ%@—")
_GAPS: Final = re.compile("[^\\S\u00a0\u202f]+")  # all white space but that which must not break
_FORBIDDEN: Final = re.compile("[\ufffe\uffff]")  # XML 1.0, production 2; the others clean() takes


def said(text: str) -> str:
    r"""A text on one line, without what XML cannot hold or what would turn its direction.

    >>> said("Tours\u2028 & \x00 \u202eLuo\nyang")
    'Tours & \ufffd Luo yang'
    """
    return _GAPS.sub(" ", _FORBIDDEN.sub("\ufffd", clean(text))).strip(" ")


def plain(value: float) -> str:
    """A number to a tenth, as short as can be.

    >>> plain(3.0), plain(-0.01), plain(2.25)
    ('3', '0', '2.2')
    """
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def element(
    parent: ET.Element | None, tag: str, text: str = "", /, **attributes: str | float | None
) -> ET.Element:
    """Add an element; underscores in names of attributes stand for hyphens, ``None`` for none."""
    given = {
        name.replace("_", "-"): value if isinstance(value, str) else plain(value)
        for name, value in attributes.items()
        if value is not None
    }
    made = ET.Element(tag, given) if parent is None else ET.SubElement(parent, tag, given)
    if text:
        made.text = said(text)
    return made


def rounded(*points: float) -> str:
    """Numbers of a path or of a list of points."""
    return " ".join(plain(point) for point in points)


def curve(one: tuple[float, float], two: tuple[float, float], bend: float = 0.0) -> str:
    """Path of a line; one that bends passes beside the middle, by a share of its length."""
    (x, y), (u, v) = one, two
    if not bend:
        return f"M{rounded(x, y)}L{rounded(u, v)}"
    across, down = (x + u) / 2 + (y - v) * bend, (y + v) / 2 + (u - x) * bend
    return f"M{rounded(x, y)}Q{rounded(across, down, u, v)}"


def written(root: ET.Element) -> str:
    """The elements as text, without needless spaces: texts cannot hold the sign that closes."""
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def number(value: int, lang: Language) -> str:
    """A number as people group its digits.

    >>> number(25917, "en"), number(25917, "fr") == "25\u202f917"
    ('25,917', True)
    """
    return f"{value:,}".replace(",", "\u202f") if lang == "fr" else f"{value:,}"


def line_width(text: str, size: float) -> float:
    """About how wide a text is drawn: pictures are made where no font can be asked."""
    return size * sum(map(_advance, text))


def _advance(char: str) -> float:
    if char in _NARROW:
        return 0.31
    if char in _BROAD:
        return 0.9
    if char.isascii():
        return 0.67 if char.isupper() else 0.56
    if unicodedata.combining(char):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.6


def clipped(text: str, room: float, size: float) -> str:
    """As much of a text as there is room for, with an ellipsis where it is cut.

    >>> clipped("Provence-Alpes-Côte d’Azur", 90, 12)
    'Provence-Alpe…'
    """
    text = said(text)
    if line_width(text, size) <= room:
        return text
    kept, taken = "", line_width("…", size)
    for char in text:
        taken += line_width(char, size)
        if taken > room:
            break
        kept += char
    return kept.rstrip() + "…"


def sentences(parts: Iterable[str], lang: Language) -> str:
    """Sentences one after the other."""
    return ("" if lang == "zh" else " ").join(part for part in parts if part)
