"""The parties of a payload: who they are, where they lie, where they stand in the picture."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import networkx as nx

from maillage import look
from maillage.layout import Room, arranged, packed
from maillage.pagetexts import Texts, clean
from maillage.payload.columns import (
    Columns,
    Facet,
    degrees,
    path_of,
    table,
    text_of,
    translations,
)
from maillage.payload.looks import tier_of
from maillage.payload.names import names_of
from maillage.projection import panel_point, world_point
from maillage.words import LANGUAGES

__all__ = ["LABELLED", "areas", "countries", "panels", "party_table", "stand"]

#: Up to so many parties, the layout leaves room for every name; beyond, for the shapes only.
LABELLED: Final = 400
#: Beyond so many parties, a tall frame shows the wide picture turned, and tenths are not seen.
DENSE: Final = 2_500
#: Frames to fill, width to height: a screen or projector, and a telephone held upright.
ASPECTS: Final = {"wide": 1.7, "tall": 0.62}

_COLUMNS: Final = (
    *("iri", "key", "name", "other", "type", "level", "tier", "country", "code", "parents"),
    *("existence", "lat", "long", "side", "size"),
)
_Point: TypeAlias = tuple[float | None, float | None]
_TYPES: Final = frozenset({"collectivity", "country", "place", "person", "organisation"})


def party_table(
    graph: nx.MultiGraph[str],
    order: Sequence[str],
    lines: Columns,
    tiers: Sequence[str],
    facets: Mapping[str, Facet],
    texts: Texts,
    first_country: str,
) -> Columns:
    """Who the parties are, in this order."""
    ends = Counter([*lines["a"], *lines["b"]])
    of_tier = {tier: i for i, tier in enumerate(tiers)}

    def told(i: int, node: str) -> dict[str, Any]:
        data, names = graph.nodes[node], names_of(graph, node)
        existed = texts.span(text_of(data.get("start")), text_of(data.get("end")))
        became = [texts.concept("place", str(key)) for key in data.get("replaced_by", ())]
        others = dict.fromkeys(clean(str(other)) for other in data.get("names", ()))
        return {
            "iri": clean(str(node)),
            "key": path_of(str(node)),
            "name": texts.put(names),
            "other": [other for other in others if other not in names.values()],
            "type": texts.word(f"type-{data['type']}") if data.get("type") in _TYPES else 0,
            "level": facets["level"].number(text_of(data.get("level"))),
            "tier": of_tier[tier_of(data)],
            "country": facets["country"].number(text_of(data.get("country"))),
            "code": clean(str(data.get("code", ""))),
            "parents": [texts.concept("place", str(key)) for key in data.get("parents", ())],
            "existence": [
                *([existed] if existed else []),
                *(texts.filled("became", n=text) for text in became),
            ],
            "lat": degrees(data.get("lat")),
            "long": degrees(data.get("long")),
            "side": int(data.get("country") != first_country),
            "size": look.radius(ends[i]),
        }

    return table(_COLUMNS, (told(i, node) for i, node in enumerate(order)))


def areas(
    graph: nx.MultiGraph[str],
    order: Sequence[str],
    parties: Columns,
    lands: Facet,
    texts: Texts,
) -> Columns:
    """Regions and provinces; of a country without any here, the country itself."""
    known: Mapping[str, Mapping[str, Any]] = graph.graph.get("areas", {})
    divided = {area.get("country") for area in known.values()}
    members: dict[str, list[int]] = defaultdict(list)
    for i, node in enumerate(order):
        data = graph.nodes[node]
        country = text_of(data.get("country"))
        if data.get("area") in known:
            members[str(data["area"])].append(i)
        elif country and country not in divided:
            members[f"country/{country}"].append(i)
    found: Columns = {name: [] for name in ("key", "text", "country", "lat", "long")}
    parties["area"] = [-1] * len(order)
    for n, key in enumerate(sorted(members)):
        area = known.get(key, {})
        country = str(area.get("country") or key.removeprefix("country/"))
        point = (area.get("lat"), area.get("long"))
        if None in point:
            point = _middle([(parties["lat"][i], parties["long"][i]) for i in members[key]])
        named = texts.put(translations(area, "label"))
        for name, value in (
            ("key", key if key.startswith("country/") else f"place/{key}"),
            ("text", named or texts.country(country)),
            ("country", lands.number(country)),
            ("lat", degrees(point[0])),
            ("long", degrees(point[1])),
        ):
            found[name].append(value)
        for i in members[key]:
            parties["area"][i] = n
    return found


def _middle(
    points: Sequence[tuple[float | None, float | None]],
) -> tuple[float | None, float | None]:
    """The mean of the points that are known."""
    known = [(a, b) for a, b in points if a is not None and b is not None]
    if not known:
        return None, None
    return (
        round(math.fsum(a for a, _ in known) / len(known), 5),
        round(math.fsum(b for _, b in known) / len(known), 5),
    )


def countries(lands: Facet, parties: Columns, texts: Texts) -> Columns:
    """Countries, each in the middle of its parties."""
    points: dict[int, list[_Point]] = defaultdict(list)
    for country, lat, long in zip(parties["country"], parties["lat"], parties["long"], strict=True):
        points[country].append((lat, long))
    middles = [_middle(points[i]) for i in range(len(lands.keys))]
    placed = [_world(*middle) for middle in middles]
    return {
        "key": list(lands.keys),
        "text": [texts.country(key) for key in lands.keys],
        "wx": [point[0] if point else None for point in placed],
        "wy": [point[1] if point else None for point in placed],
    }


def stand(
    graph: nx.MultiGraph[str],
    order: Sequence[str],
    parties: Columns,
    texts: Texts,
    first_country: str,
) -> None:
    """Fixed places: with room for all names when they are few, else for the shapes alone."""
    rooms: dict[str, Room] | dict[str, float]
    if len(order) <= LABELLED:
        labels = {
            node: [look.wrapped(texts.said(name, lang)) for lang in LANGUAGES]
            for node, name in zip(order, parties["name"], strict=True)
        }
        sizes = dict(zip(order, parties["size"], strict=True))
        rooms = {node: look.room(labels[node], sizes[node]) for node in order}
    else:
        rooms = dict(zip(order, parties["size"], strict=True))
    groups = arranged(graph, rooms=rooms, first_country=first_country)
    wide = packed(groups, ASPECTS["wide"])
    if len(order) > DENSE:
        parties["x"] = [float(round(wide[node][0])) for node in order]
        parties["y"] = [float(round(wide[node][1])) for node in order]
        parties["tx"], parties["ty"] = parties["y"], parties["x"]
        return
    tall = packed(groups, ASPECTS["tall"])
    for points, x, y in ((wide, "x", "y"), (tall, "tx", "ty")):
        parties[x] = [points[node][0] for node in order]
        parties[y] = [points[node][1] for node in order]


def _world(lat: float | None, long: float | None) -> tuple[float, float] | None:
    return None if lat is None or long is None else world_point(lat, long)


def panels(things: Columns, countries: Sequence[str]) -> Columns:
    """Where points fall: which panel, where in it, and where on the map of the world."""
    places: Columns = {name: [] for name in ("panel", "x", "y", "wx", "wy")}
    for lat, long, country in zip(things["lat"], things["long"], countries, strict=True):
        world = _world(lat, long)
        inside = None if world is None else panel_point(lat, long, country)
        places["panel"].append(inside[0] if inside else "")
        places["x"].append(inside[1] if inside else None)
        places["y"].append(inside[2] if inside else None)
        places["wx"].append(world[0] if world else None)
        places["wy"].append(world[1] if world else None)
    return places
