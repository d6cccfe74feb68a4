"""The links that the rows of an answer tell: one a row, by columns with the usual names.

A column ``link`` (or ``other_link``) holds addresses of links; those that the graph knows are drawn
as it knows them, with all their parties and sources. Of any other row two columns name the
parties, the first of these pairs whose columns are there:

``a b`` · ``party_a party_b`` · ``party1 party2`` · ``place_a place_b`` · ``place1 place2`` ·
``place partner`` · ``party partner`` · ``partner through`` · ``one other`` · ``source target`` ·
``subject object``

Their values are addresses or plain names. What the store does not tell of a party, further columns
may, named after its own: ``a_label``, ``a_country``, ``a_level``, ``a_lat``, ``a_long`` (or
``aLabel``: underscores and capitals do not count). Of the link tell ``kind``, ``state``, ``theme``
or ``themes``, ``start`` or ``since``, ``end``, ``certainty`` and ``weight`` or ``count``; kinds,
states, themes and certainties by address, key or name. Rows that differ in their theme only are
one link with several themes; rows that do not differ are one link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

import networkx as nx
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.bystanders import described
from maillage.errors import MaillageError
from maillage.guests import as_date, as_weight, is_address, last_part, prepared
from maillage.narrow import narrowed
from maillage.network import LinkGraph
from maillage.store import Answer, Store
from maillage.things import key_of, texts_of
from maillage.words import LANGUAGES, fold

__all__ = ["PARTIES", "Told", "tells_links", "told_by_rows"]

#: The pairs of columns that name parties; of several, the first.
PARTIES: Final = (
    ("a", "b"),
    ("party_a", "party_b"),
    ("party1", "party2"),
    ("place_a", "place_b"),
    ("place1", "place2"),
    ("place", "partner"),
    ("party", "partner"),
    ("partner", "through"),
    ("one", "other"),
    ("source", "target"),
    ("subject", "object"),
)
_LINKS: Final = ("link", "otherlink")
_SCHEMES: Final = {"kind": "link-kind", "state": "state", "certainty": "certainty"}
_DATES: Final = {"start": ("start", "since"), "end": ("end",)}
_WEIGHTS: Final = ("weight", "count", "shared")
_THEMES: Final = ("themes", "theme")
_POINT: Final = {"lat": ("lat", "latitude"), "long": ("long", "lon", "longitude")}

Row = Mapping[str, Identifier | None]


class Told(NamedTuple):
    """The links that the rows of an answer tell, and how many of its rows tell none."""

    graph: LinkGraph
    left_out: int


def tells_links(variables: Iterable[str]) -> bool:
    """Whether rows with these columns tell links at all.

    >>> tells_links(["a", "b", "shared"]), tells_links(["theme", "links"])
    (True, False)
    """
    columns = {_plain(name) for name in variables}
    return _pair(columns) is not None or not columns.isdisjoint(_LINKS)


def _pair(columns: AbstractSet[str]) -> tuple[str, str] | None:
    """The two columns that name the parties, if there are such."""
    pairs = [(_plain(one), _plain(other)) for one, other in PARTIES]
    return next((pair for pair in pairs if columns >= set(pair)), None)


def told_by_rows(answer: Answer, graph: LinkGraph, store: Store) -> Told:
    """The links that the rows of a SELECT tell.

    :param graph: all links of the store that answered.
    :raises MaillageError: naming the columns, when neither links nor parties are among them.
    """
    # of two columns whose names differ in capitals only, the first
    columns = {_plain(name): place for place, name in reversed([*enumerate(answer.variables)])}
    pair = _pair(columns.keys())
    if pair is None and not columns.keys() & set(_LINKS):
        found = ", ".join(answer.variables) or "-"
        expected = "; ".join(", ".join(names) for names in PARTIES)
        raise MaillageError("draw-columns", found=found, expected=expected)
    known = {key for *_, key in graph.edges(keys=True)}
    links: set[str] = set()
    rows: list[Row] = []
    for cells in answer.rows:
        row = {name: cells[place] for name, place in columns.items()}
        own = known.intersection(str(row.get(name)) for name in _LINKS)
        links |= own
        if not own:
            rows.append(row)
    others, left_out = _others(rows, pair, graph, store) if pair else (nx.MultiGraph(), len(rows))
    drawn = narrowed(graph, links)
    # what the graph tells of a party is more than rows can
    drawn.add_nodes_from((n, data) for n, data in others.nodes(data=True) if n not in drawn)
    for one, other, key, data in others.edges(keys=True, data=True):
        drawn.add_edge(one, other, key=key, **data)
    drawn.graph["concepts"] = {
        **others.graph.get("concepts", {}),
        **drawn.graph.get("concepts", {}),
    }
    return Told(drawn, left_out)


def _others(
    rows: Iterable[Row], pair: tuple[str, str], graph: LinkGraph, store: Store
) -> tuple[LinkGraph, int]:
    """Links that the graph does not know, a row each; and how many rows join no two parties."""
    concepts = _Concepts(graph)
    made: LinkGraph = nx.MultiGraph()
    links: dict[tuple[object, ...], tuple[str, str, str]] = {}
    strangers: set[str] = set()
    left_out = 0
    for row in rows:
        ends = {str(row[name] or "").strip(): name for name in pair}
        if len(ends) < len(pair) or "" in ends:
            left_out += 1
            continue
        for end, name in ends.items():
            if isinstance(row[name], URIRef) and end not in graph:
                strangers.add(end)
            made.add_node(end, **_party(name, row, concepts))
        one, other = sorted(ends)
        link = _link(row, concepts)
        own = next((text for name in _LINKS if is_address(text := str(row.get(name)))), "")
        # of a link with an address, the first row tells what it is
        same = (one, other, own) if own else (one, other, *link.items())
        if same not in links:
            links[same] = one, other, own or f"row/{len(links) + 1}"
            made.add_edge(*links[same], **link, themes=[])
        # the order in which the themes are met is that of the rows
        themes = made.edges[links[same]]["themes"]
        themes += [t for t in concepts.keys(_first(row, _THEMES), "theme") if t not in themes]
    around = described(store, strangers)
    for party, data in made.nodes(data=True):
        data.update((graph if party in graph else around).nodes.get(party, {}))
    made.graph["concepts"] = around.graph["concepts"]
    return prepared(made), left_out


def _plain(column: str) -> str:
    """The name of a column without underscores and capitals."""
    return column.replace("_", "").casefold()


def _first(row: Row, names: Iterable[str]) -> Identifier | None:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _party(column: str, row: Row, concepts: _Concepts) -> dict[str, Any]:
    """What a row tells of a party."""
    party: dict[str, Any] = {}
    label = _first(row, (f"{column}label", f"{column}name", column))
    if isinstance(label, Literal):
        party["label"] = str(label)
        party.update(texts_of([label], "label_"))
    for name, scheme in {"level": "level", "country": "place"}.items():
        keys = concepts.keys(row.get(column + name), scheme)
        if keys:
            party[name] = keys[0]
    for axis, names in _POINT.items():
        value = _first(row, [column + name for name in names])
        if value is not None:
            party[axis] = str(value)
    return party


def _link(row: Row, concepts: _Concepts) -> dict[str, Any]:
    """What a row tells of a link, but for its themes."""
    link: dict[str, Any] = {}
    for name, scheme in _SCHEMES.items():
        keys = concepts.keys(row.get(name), scheme)
        if keys:
            link[name] = keys[0]
    for name, columns in _DATES.items():
        day = as_date(_first(row, columns))
        if day:
            link[name] = day
    weight = _first(row, _WEIGHTS)
    if weight is not None:
        link["weight"] = as_weight(weight)
    return link


class _Concepts:
    """The kinds, states, themes and places of a graph, by address, key or name in any language."""

    def __init__(self, graph: LinkGraph) -> None:
        self._by_name: dict[tuple[str, str], str] = {}
        for concept, labels in graph.graph.get("concepts", {}).items():
            scheme, _, key = concept.partition("/")
            for name in (key, *(labels.get(lang, "") for lang in LANGUAGES)):
                self._by_name.setdefault((scheme, fold(name)), key)

    def keys(self, term: Identifier | None, scheme: str) -> list[str]:
        """The keys of what stands in a cell; in a list of addresses, of each."""
        text = str("" if term is None else term).strip()
        parts = text.split()
        if all(re.match(r"https?://\S", part) for part in parts):
            return [last_part(key_of(part)) for part in parts]
        return [self._by_name.get((scheme, fold(text)), text)]
