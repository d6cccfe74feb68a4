"""Towns lie on the maps where they are: on their land, in their frame, and nowhere else."""

from __future__ import annotations

import csv
import math
import re
from itertools import pairwise

import pytest

from maillage.folders import folder
from maillage.projection import CHINA, FRANCE, INSETS, WORLD_FRAME, land, panel_point, world_point

LAND = land()

ON_LAND = {
    "fr": {
        "Paris": (48.8566, 2.3522),
        "Brest": (48.4, -4.48),
        "Strasbourg": (48.58, 7.75),
        "Nice": (43.71, 7.25),
        "Perpignan": (42.69, 2.89),
        "Ajaccio": (41.935, 8.745),
        "Bastia": (42.68, 9.43),
    },
    "cn": {
        "Beijing": (39.9, 116.4),
        "Kashgar": (39.47, 75.99),
        "Haikou": (20.0, 110.33),
        "Sanya": (18.27, 109.5),
        "Harbin": (45.8, 126.53),
        "Mohe": (53.48, 122.35),
        "Lhasa": (29.65, 91.13),
    },
    "guadeloupe": {"Basse-Terre": (16.02, -61.72), "Pointe-à-Pitre": (16.25, -61.54)},
    "martinique": {"Le Lamentin": (14.61, -60.98)},
    "guyane": {"Cayenne": (4.9, -52.33), "Maripasoula": (3.64, -54.03)},
    "reunion": {"Saint-Denis": (-20.9, 55.46), "Saint-Pierre": (-21.32, 55.48)},
    "mayotte": {"Tsingoni": (-12.79, 45.12)},
    "saint-pierre-et-miquelon": {"Miquelon": (47.08, -56.36)},
    "iles-du-nord": {"Marigot": (18.06, -63.07)},
    "polynesie": {"Tahiti": (-17.65, -149.45)},
    "nouvelle-caledonie": {"Bourail": (-21.55, 165.5)},
    "wallis-et-futuna": {"Wallis": (-13.29, -176.16)},
}
AT_SEA = {
    "fr": {"Bay of Biscay": (46, -3.5), "Gulf of Lion": (42.6, 5)},
    "cn": {"East China Sea": (29, 125), "Bohai": (38.7, 119.8)},
}


def rings(path):
    found = []
    for part in path.split("M")[1:]:
        start, _, steps = part.rstrip("zM \n").partition("l")
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", f"{start} {steps}")]
        x = y = 0.0
        ring = []
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        found.append(ring)
    return found


def holds(outlines, x, y):
    """Whether a point lies inside: a ray to the left crosses the outline an odd number of times."""
    inside = False
    for ring in outlines:
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


OUTLINES = {key: rings(LAND[key]) for key in ("fr", "cn", "world")}


@pytest.mark.parametrize(
    ("panel", "town"), [(panel, town) for panel, towns in ON_LAND.items() for town in towns]
)
def test_a_town_lies_on_its_land(panel, town):
    found = panel_point(*ON_LAND[panel][town])
    assert found
    assert found[0] == panel
    assert holds(OUTLINES["cn" if panel == "cn" else "fr"], *found[1:])


@pytest.mark.parametrize("panel", AT_SEA)
def test_the_sea_is_no_land(panel):
    for where in AT_SEA[panel].values():
        found = panel_point(*where)
        assert found
        assert found[0] == panel
        assert not holds(OUTLINES[panel], *found[1:])


def test_the_world_holds_the_towns_that_it_can_show():
    for where in (
        (48.86, 2.35),
        (39.9, 116.0),
        (45.8, 126.5),
        (-23.5, -46.6),
        (64.1, -51.0),
        (52, 0),
    ):
        assert holds(OUTLINES["world"], *world_point(*where)), where
    for sea in ((0, -30), (-30, 80), (40, -140)):
        assert not holds(OUTLINES["world"], *world_point(*sea)), sea


def test_the_world_keeps_areas():
    """Equal Earth: a cell of one degree has the area that it has on the globe, everywhere."""
    for lat in (0, 20, 45, 60):
        (left, top), (right, bottom) = world_point(lat + 1, 70), world_point(lat - 1, 72)
        drawn = (right - left) * (bottom - top)
        globe = (
            400**2
            * math.radians(2)
            * (math.sin(math.radians(lat + 1)) - math.sin(math.radians(lat - 1)))
        )
        assert drawn == pytest.approx(globe, rel=0.03), lat


def test_the_scale_is_true_at_the_parallels():
    for cone in (FRANCE, CHINA):
        for lat in cone.parallels:
            one, other = (
                cone.point(lat - 0.01, cone.centre[1]),
                cone.point(lat + 0.01, cone.centre[1]),
            )
            assert math.dist(one, other) == pytest.approx(cone.scale * math.radians(0.02), rel=1e-4)
        assert cone.point(*cone.centre) == pytest.approx(cone.origin)


@pytest.mark.parametrize("country", ["fr", "cn"])
def test_every_place_of_the_gazetteer_that_has_a_point_lies_on_a_panel(country):
    path = folder("data") / "gazetteer" / f"{country}-places.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["lat"]]
    assert len(rows) > 1000
    assert not [
        row["key"]
        for row in rows
        if panel_point(float(row["lat"]), float(row["lng"]), country) is None
    ]


def test_a_country_keeps_its_places_to_its_own_panel():
    assert panel_point(50.38, -4.14) is not None  # Plymouth lies in the frame of France
    assert panel_point(50.38, -4.14, "gb") is None
    assert panel_point(37.57, 126.98, "kr") is None
    assert panel_point(48.86, 2.35, "cn") is None
    assert panel_point(39.9, 116.4, "fr") is None


def test_what_no_panel_shows_has_no_point_there():
    for where in ((90, 0), (-90, 0), (0, 0), (0, 180), (0, -180), (-49.35, 70.2), (85.5, 105)):
        assert panel_point(*where) is None, where


def test_every_outline_lies_in_its_frame():
    frames = LAND["frames"]
    for key in ("fr", "cn"):
        left, top, width, height = frames[key]
        for ring in OUTLINES[key]:
            for x, y in ring:
                assert left <= x <= left + width
                assert top <= y <= top + height
    left, top, width, _ = WORLD_FRAME
    xs, ys = zip(*(point for ring in OUTLINES["world"] for point in ring), strict=True)
    assert left < min(xs)
    assert max(xs) < left + width
    assert top < min(ys)


def test_insets_lie_below_the_mainland_and_apart():
    frames = [inset.frame for inset in INSETS]
    _, _, width, bottom = LAND["frames"]["fr"]
    for i, (x, y, w, h) in enumerate(frames):
        assert y > FRANCE.size[1]
        assert x + w <= width
        assert y + h <= bottom
        for a, b, c, d in frames[:i]:
            assert x >= a + c or a >= x + w or y >= b + d or b >= y + h
    assert len({inset["key"] for inset in LAND["insets"]}) == len(INSETS)
    assert all(set(inset["name"]) == {"fr", "en", "zh"} for inset in LAND["insets"])


def test_outlines_are_nothing_but_numbers():
    """They stand in the markup of pages and pictures."""
    for key in ("fr", "cn", "world"):
        assert re.fullmatch(r"(M-?[\d.]+,-?[\d.]+(l[-\d., ]+)?z)+", LAND[key])
        assert len(LAND[key]) < 25_000
