"""Where a place lies on the maps: the panel of France, the panel of China, and the world.

France and China are drawn side by side, each in the conic conformal projection of its own standard
parallels (J. P. Snyder, *Map Projections: A Working Manual*, 1987, p. 104–110), so that shapes are
those that people know. Overseas authorities lie in frames below France, each at its own scale. The
world is drawn in Equal Earth (B. Šavrič, T. Patterson, B. Jenny, *The Equal Earth Map Projection*,
2019, doi:10.1080/13658816.2018.1504949), turned to 70°E, so that Europe and East Asia both lie near
the middle and no area is swollen.

Latitudes and longitudes are degrees of WGS 84, taken on a sphere; points are pixels, y downwards.
The outlines of ``data/basemap`` are drawn with the same formulas: land only, no borders, since any
outline of a state takes a position.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from maillage.folders import folder

__all__ = [
    "CHINA",
    "FRANCE",
    "INSETS",
    "WORLD_FRAME",
    "Cone",
    "Inset",
    "land",
    "panel_point",
    "world_point",
]


@dataclass(frozen=True)
class Cone:
    """A panel in conic conformal projection.

    :ivar parallels: where the scale is true, degrees north.
    :ivar centre: latitude and longitude of the point that lies at ``origin``.
    :ivar origin: that point, pixels from the left and from the top of the panel.
    :ivar scale: pixels in a radian of the globe.
    :ivar size: width and height of what is drawn in this projection, pixels.
    """

    parallels: tuple[float, float]
    centre: tuple[float, float]
    origin: tuple[float, float]
    scale: float
    size: tuple[int, int]

    def point(self, lat: float, long: float) -> tuple[float, float]:
        """Where a place lies, be it inside the panel or outside."""
        first, second = self.parallels
        bend = math.log(_cos(first) / _cos(second)) / math.log(_rise(second) / _rise(first))
        reach = _cos(first) * _rise(first) ** bend / bend
        radius = reach / _rise(lat) ** bend
        turn = bend * math.radians(_turned(long, self.centre[1]))
        across = radius * math.sin(turn)
        down = radius * math.cos(turn) - reach / _rise(self.centre[0]) ** bend
        return self.origin[0] + self.scale * across, self.origin[1] + self.scale * down

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside the panel."""
        return 0 <= x <= self.size[0] and 0 <= y <= self.size[1]


@dataclass(frozen=True)
class Inset:
    """A frame below France for an overseas authority, at a scale of its own.

    :ivar key: name of the frame in the data of a page.
    :ivar name: what is written beside the frame, by language.
    :ivar centre: latitude and longitude of the middle of the frame.
    :ivar span: degrees of latitude from the lower to the upper side of the frame.
    :ivar frame: left, top, width and height, pixels of the panel of France.
    """

    key: str
    name: dict[str, str]
    centre: tuple[float, float]
    span: float
    frame: tuple[int, int, int, int]

    def point(self, lat: float, long: float) -> tuple[float, float]:
        """Where a place lies: degrees are evenly spaced, true to shape in the middle."""
        left, top, width, height = self.frame
        scale = height / self.span
        across = _turned(long, self.centre[1]) * _cos(self.centre[0])
        return left + width / 2 + scale * across, top + height / 2 - scale * (lat - self.centre[0])

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside the frame."""
        left, top, width, height = self.frame
        return left <= x <= left + width and top <= y <= top + height


FRANCE: Final = Cone((44, 49), (46.6, 3), (590, 490), 6000, (1120, 1040))
CHINA: Final = Cone((25, 47), (35.5, 105), (520, 425), 1150, (940, 800))

_ACROSS: Final = 5  # frames in a row
_FRAME: Final = (208, 116)  # width and height of a frame, pixels
_APART: Final = 20


def _insets(
    *rows: tuple[str, tuple[str, str, str], tuple[float, float], float],
) -> tuple[Inset, ...]:
    width, height = _FRAME
    return tuple(
        Inset(
            key,
            dict(zip(("fr", "en", "zh"), names, strict=True)),
            centre,
            span,
            (
                i % _ACROSS * (width + _APART),
                FRANCE.size[1] + _APART + i // _ACROSS * (height + _APART),
                width,
                height,
            ),
        )
        for i, (key, names, centre, span) in enumerate(rows)
    )


# A cone is cut opposite its middle and has no point at a pole: degrees away that no panel reaches.
_FARTHEST: Final = 90
_HIGHEST: Final = 85

#: The frames of the overseas authorities, from the Atlantic to the Pacific.
INSETS: Final = _insets(
    ("guadeloupe", ("Guadeloupe", "Guadeloupe", "瓜德罗普"), (16.2, -61.4), 0.9),
    ("martinique", ("Martinique", "Martinique", "马提尼克"), (14.65, -61.02), 0.75),
    ("guyane", ("Guyane", "French Guiana", "法属圭亚那"), (3.95, -53.1), 4.6),
    ("reunion", ("La Réunion", "Réunion", "留尼汪"), (-21.13, 55.53), 0.72),
    ("mayotte", ("Mayotte", "Mayotte", "马约特"), (-12.83, 45.15), 0.56),
    (
        "saint-pierre-et-miquelon",
        ("Saint-Pierre-et-Miquelon", "Saint Pierre and Miquelon", "圣皮埃尔和密克隆"),
        (46.95, -56.3),
        0.56,
    ),
    (
        "iles-du-nord",
        (
            "Saint-Martin et Saint-Barthélemy",
            "Saint Martin and Saint Barthélemy",
            "法属圣马丁和圣巴泰勒米",
        ),
        (17.99, -62.95),
        0.42,
    ),
    (
        "polynesie",
        ("Polynésie française", "French Polynesia", "法属波利尼西亚"),
        (-17.6, -144.6),
        22,
    ),
    (
        "nouvelle-caledonie",
        ("Nouvelle-Calédonie", "New Caledonia", "新喀里多尼亚"),
        (-21.1, 165.6),
        4,
    ),
    (
        "wallis-et-futuna",
        ("Wallis-et-Futuna", "Wallis and Futuna", "瓦利斯和富图纳"),
        (-13.8, -177.15),
        1.9,
    ),
)

#: Left, top, width and height of the world; what is left out below is Antarctica.
WORLD_FRAME: Final = (-1060, -535, 2120, 975)
_WORLD_SCALE: Final = 400  # pixels in a radian
_WORLD_MIDDLE: Final = 70  # degrees east
# Equal Earth: y is an odd polynomial of the parametric latitude.
_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)


def panel_point(lat: float, long: float, country: str = "") -> tuple[str, float, float] | None:
    """Where a place lies on the panels: the panel, and pixels from its left and from its top.

    Frames of overseas authorities are panels of their own name, in pixels of the panel of France.

    >>> panel_point(47.39, 0.69)  # Tours
    ('fr', 426.4, 405.0)
    >>> panel_point(30.66, 104.06, "cn")  # Chengdu
    ('cn', 504.0, 520.5)
    >>> panel_point(-20.88, 55.45, "fr")  # Saint-Denis
    ('reunion', 776.0, 1077.7)
    >>> panel_point(51.51, -0.13, "gb") is panel_point(0, 0) is None
    True

    :param country: code of the country that the place is in, where it is known. Only France and
        China have panels, and their frames hold land of others, too.
    """
    if country in {"", "fr"}:
        for inset in INSETS:
            x, y = inset.point(lat, long)
            if inset.holds(x, y):
                return inset.key, round(x, 1), round(y, 1)
    for key, cone in (("fr", FRANCE), ("cn", CHINA)):
        near = abs(_turned(long, cone.centre[1])) < _FARTHEST and abs(lat) < _HIGHEST
        if near and country in {"", key}:
            x, y = cone.point(lat, long)
            if cone.holds(x, y):
                return key, round(x, 1), round(y, 1)
    return None


def world_point(lat: float, long: float) -> tuple[float, float]:
    """Where a place lies on the map of the world, pixels from 0°N 70°E.

    >>> world_point(48.8566, 2.3522)  # Paris
    (-338.7, -369.3)
    """
    root = math.sqrt(3) / 2
    theta = math.asin(root * math.sin(math.radians(lat)))
    squared = theta * theta
    a1, a2, a3, a4 = _A
    sixth = squared**3
    slope = a1 + 3 * a2 * squared + sixth * (7 * a3 + 9 * a4 * squared)
    across = math.radians(_turned(long, _WORLD_MIDDLE)) * math.cos(theta) / (root * slope)
    up = theta * (a1 + a2 * squared + sixth * (a3 + a4 * squared))
    return round(_WORLD_SCALE * across, 1), round(-_WORLD_SCALE * up, 1)


def land() -> dict[str, Any]:
    """The outlines of the land and the frames they lie in, as a page and a picture use them.

    Each outline is the data of an SVG path. The path of France goes on below its own frame
    (``mainland``) with the islands of the insets.
    """
    outlines = folder("data") / "basemap"
    mainland, china = FRANCE.size, CHINA.size
    bottom = max(inset.frame[1] + inset.frame[3] for inset in INSETS)
    return {
        **{
            key: (outlines / f"{name}.path").read_text(encoding="ascii").strip()
            for key, name in (("fr", "france"), ("cn", "china"), ("world", "world"))
        },
        "frames": {
            "fr": [0, 0, mainland[0], bottom],
            "mainland": [0, 0, *mainland],
            "cn": [0, 0, *china],
            "world": list(WORLD_FRAME),
        },
        "insets": [
            {"key": inset.key, "name": inset.name, "frame": list(inset.frame)} for inset in INSETS
        ],
    }


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _rise(lat: float) -> float:
    """How far up Mercator's map a latitude lies, as a factor: 1 at the equator."""
    return math.tan(math.pi / 4 + math.radians(lat) / 2)


def _turned(long: float, middle: float) -> float:
    """Degrees east of a middle meridian, from -180 to less than 180."""
    return (long - middle + 180) % 360 - 180
