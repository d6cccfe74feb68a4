"""Places and links for QGIS and other map programs, as GeoJSON (RFC 7946).

Positions are longitude, latitude in WGS 84, as the RFC wants (4). A link is a straight line between
the points of its two parties, cut where it crosses the antimeridian (3.1.9): that line shows who is
linked with whom, and no way that anybody travels. What has no point has the geometry ``null``
(3.2), so that its row is still in the table of attributes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from maillage.words import LANGUAGES

if TYPE_CHECKING:
    from maillage.network import LinkGraph

__all__ = ["lines", "points"]

Json = dict[str, Any]

_HALF: Final = 180.0
#: What the table of attributes says of a party and of a link, beside names.
_OF_PARTIES: Final = ("key", "type", "level", "country", "code", "start", "end")
_OF_LINKS: Final = ("kind", "state", "certainty", "tentative", "start", "end")


def points(network: LinkGraph) -> bytes:
    """The parties of a network as points, with their names, codes and number of links.

    :param network: with ``lat`` and ``long`` of its parties, as
        :func:`maillage.surroundings.surround` adds them.
    """
    features = []
    for node in sorted(network.nodes):
        data = network.nodes[node]
        told = {name: data.get(name) for name in _OF_PARTIES}
        told |= {f"name_{lang}": data.get(f"label_{lang}") for lang in LANGUAGES}
        told["links"] = len({key for *_, key in network.edges(node, keys=True)})
        features.append(_feature(node, _point(data), told))
    return _written("places", features)


def lines(network: LinkGraph) -> bytes:
    """The links of a network as lines; one of three parties is several lines with one ``link``."""
    features = []
    for key, one, other, data in sorted(_edges(network), key=lambda edge: edge[:3]):
        told = {
            "link": key,
            **{name: data.get(name) for name in _OF_LINKS},
            "themes": "; ".join(data.get("themes", ())),
            "sources": len({passage.get("source") for passage in data.get("evidence", ())}),
            "from": one,
            "to": other,
        }
        for end, node in (("from", one), ("to", other)):
            told |= {
                f"{end}_{lang}": network.nodes[node].get(f"label_{lang}") for lang in LANGUAGES
            }
        line = _line(_point(network.nodes[one]), _point(network.nodes[other]))
        features.append(_feature(f"{key}#{one.rpartition('/')[2]}", line, told))
    return _written("links", features)


def _edges(network: LinkGraph) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Each edge: its link, its two ends in the order of their addresses, its attributes."""
    for one, other, key, data in network.edges(keys=True, data=True):
        first, second = sorted((one, other))
        yield str(key), first, second, data


def _point(data: Mapping[str, Any]) -> Json | None:
    if "lat" not in data or "long" not in data:
        return None
    return {"type": "Point", "coordinates": (data["long"], data["lat"])}


def _line(one: Json | None, other: Json | None) -> Json | None:
    """A straight line; in two pieces where the short way leads over the antimeridian.

    >>> east, west = ({"coordinates": (x, 0.0)} for x in (170.0, -170.0))
    >>> _line(east, west)["coordinates"]
    [[(170.0, 0.0), (180.0, 0.0)], [(-180.0, 0.0), (-170.0, 0.0)]]
    """
    if one is None or other is None:
        return None
    (x, y), (u, v) = one["coordinates"], other["coordinates"]
    if abs(x - u) <= _HALF:
        return {"type": "LineString", "coordinates": [(x, y), (u, v)]}
    border = _HALF if x > 0 else -_HALF
    part = (border - x) / (u + 2 * border - x)  # of the way, up to the antimeridian
    at = round(y + (v - y) * part, 6)
    pieces = [[(x, y), (border, at)], [(-border, at), (u, v)]]
    return {"type": "MultiLineString", "coordinates": pieces}


def _feature(name: str, geometry: Json | None, properties: Json) -> Json:
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": properties}


def _written(name: str, features: list[Json]) -> bytes:
    # one feature a line, so that two releases can be compared
    lines_ = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    head = f'{{"type": "FeatureCollection", "name": "{name}", "features": ['
    return f"{head}\n{lines_}\n]}}\n".encode()
