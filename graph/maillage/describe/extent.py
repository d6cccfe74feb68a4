"""What a release covers on the map and in time, as catalogues read it.

The extent of a country is a box around each group of its places of which none is ten degrees or
more away from the next, so that Réunion does not make France a continent. Geometries are WKT
(OGC 06-103r4, 7) in the order longitude, latitude, under ``locn:geometry`` (GeoDCAT-AP 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import floor
from typing import Final

from rdflib import RDF, Dataset, URIRef

from maillage.mint import parse
from maillage.terms import MLG, PREFIXES

__all__ = ["boxes", "countries", "period"]

Box = tuple[float, float, float, float]

#: Degrees from which places lie in different boxes.
_APART: Final = 10.0

# What happens has a time that the release is about; a place or a law only exists meanwhile.
_DATED_KINDS: Final = frozenset({"event", "link", "post", "project", "change", "news"})

_LAT, _LONG = (URIRef(PREFIXES["geo"] + name) for name in ("lat", "long"))


def countries(dataset: Dataset) -> dict[str, str]:
    """The countries of a graph, by address, each with its extent in WKT; empty without points."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for place, country in dataset.subject_objects(MLG.isInCountry):
        lat, long = dataset.value(place, _LAT), dataset.value(place, _LONG)
        if lat is not None and long is not None:
            points[str(country)].append((float(str(long)), float(str(lat))))
    found = {str(country) for country in dataset.subjects(RDF.type, MLG.Country)}
    return {country: _wkt(boxes(points[country])) for country in sorted(found)}


def boxes(points: Iterable[tuple[float, float]]) -> list[Box]:
    """A box around each group of points, in whole tenths of a degree: west, south, east, north.

    >>> boxes([(2.35, 48.86), (7.75, 48.57), (55.45, -20.88)])
    [(2.3, 48.5, 7.8, 48.9), (55.4, -20.9, 55.5, -20.8)]
    """
    groups: list[list[tuple[float, float]]] = []
    for point in sorted(set(points)):
        near = [group for group in groups if any(_near(point, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([point, *(other for group in near for other in group)])
    return sorted(_box(group) for group in groups)


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < _APART and abs(one[1] - other[1]) < _APART


def _box(points: list[tuple[float, float]]) -> Box:
    """The box around points; never without an area, which no portal would take."""
    xs, ys = ([floor(value * 10) for value in values] for values in zip(*points, strict=True))
    return min(xs) / 10, min(ys) / 10, (max(xs) + 1) / 10, (max(ys) + 1) / 10


def _wkt(found: list[Box]) -> str:
    if not found:
        return ""
    rings = (f"(({w} {s}, {e} {s}, {e} {n}, {w} {n}, {w} {s}))" for w, s, e, n in found)
    return f"MULTIPOLYGON({', '.join(rings)})"


def period(dataset: Dataset) -> tuple[str, str] | None:
    """The first and the last day of what a graph tells of; nothing when it tells no day."""
    days = sorted(_days(dataset))
    return (days[0], days[-1]) if days else None


def _days(dataset: Dataset) -> Iterator[str]:
    for predicate in (MLG.earliestDay, MLG.latestDay):
        for subject, day in dataset.subject_objects(predicate):
            named = parse(str(subject))
            if named and named.kind in _DATED_KINDS:
                yield str(day)
