"""Anybody's network made ready to be drawn: any graph of networkx, with few attributes or all.

What :func:`prepared` returns has the form that :func:`maillage.network.links` gives, so that
whatever draws need not ask twice what an attribute holds:

>>> import networkx as nx
>>> graph = nx.DiGraph()
>>> graph.add_edge("Tours", "Luoyang", kind="twinning", start=1982)
>>> ready = prepared(graph)
>>> ready.nodes["Luoyang"]["label_zh"], ready.edges["Tours", "Luoyang", "edge/1"]["start"]
('Luoyang', '1982')
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Final, cast
from urllib.parse import unquote

import networkx as nx

from maillage.dates import bounds
from maillage.flat import MARK, MARKED, rebuild
from maillage.network import TENTATIVE_STATES, LinkGraph
from maillage.things import key_of
from maillage.words import LANGUAGES

__all__ = ["as_date", "as_weight", "is_address", "last_part", "prepared"]

#: What a graph may bring beside its nodes and edges (:mod:`maillage.surroundings`).
_BESIDE: Final = ("concepts", "areas", "documents", "events", "disagreements", "themes")

_PARTY_TEXTS: Final = ("type", "country", "level", "code", "area")
_PARTY_LISTS: Final = ("parents", "replaced_by", "names")
_LINK_TEXTS: Final = ("kind", "state", "certainty", *(f"purpose_{lang}" for lang in LANGUAGES))

#: How programs for tables write that they know nothing.
_NOTHING: Final = frozenset({"NaT", "<NA>"})

#: Characters of the longest date; reading a long text as one takes long.
_LONGEST_DATE: Final = 80

_FARTHEST: Final = {"lat": 90.0, "long": 180.0}


def prepared(graph: nx.Graph[Any]) -> LinkGraph:
    """Any network as one that can be drawn; the one that is given stays as it is.

    * A direction is forgotten, parallel edges stay; an edge from a node to itself joins nothing
      and is left out.
    * A node is named by its text; two nodes with the same text (``1`` and ``"1"``) stay two. Its
      names are ``label_fr|en|zh``, else ``label``, else the text (of an address, its end).
    * An edge whose key is an address (``https://…``) is that link, and edges with one address are
      one link of several parties. Any other key only tells parallel edges apart; a graph without
      keys may have them in an attribute ``key``.
    * Attributes are those of :func:`maillage.network.links` and
      :func:`maillage.surroundings.surround`; others are left out, as is what says nothing
      (``None``, NaN, an empty text), a date that is not one, and a point that is on no map.
      ``themes``, ``parents``, ``replaced_by`` and ``names`` are lists, or texts with semicolons.

    A graph that ``maillage measure`` wrote and networkx read is given its lists back first.
    """
    if graph.graph.get(MARK) == MARKED:
        # what we wrote has texts for names
        graph = rebuild(graph.graph, graph.nodes(data=True), cast("Any", _edges(graph)))
    ready: LinkGraph = nx.MultiGraph()
    for name in _BESIDE:
        if isinstance(graph.graph.get(name), (dict, list)):
            ready.graph[name] = graph.graph[name].copy()
    names = _names(graph)
    for node, data in graph.nodes(data=True):
        ready.add_node(names[node], **_party(names[node], data))
    given = {key for *_, key, _ in _edges(graph) if isinstance(key, str)}
    used: set[str] = set()
    number = 0
    for one, other, key, data in _edges(graph):
        ends = names[one], names[other]
        if one == other or (is_address(key) and ready.has_edge(*ends, key)):
            continue
        if not isinstance(key, str) or not key or (key in used and not is_address(key)):
            number += 1
            while (key := f"edge/{number}") in given:
                number += 1
        used.add(key)
        ready.add_edge(*ends, key=key, **_link(data))
    return ready


def _edges(graph: nx.Graph[Any]) -> Iterator[tuple[Hashable, Hashable, Any, dict[str, Any]]]:
    """Ends, key and attributes of every edge; networkx's own keys are numbers."""
    if isinstance(graph, nx.MultiGraph):
        yield from graph.edges(keys=True, data=True)
        return
    for one, other, data in graph.edges(data=True):
        yield one, other, data.get("key"), data


def _names(graph: nx.Graph[Any]) -> dict[Hashable, str]:
    """A text for every node, each another; nodes that are texts keep theirs."""
    names: dict[Hashable, str] = {node: node for node in graph if isinstance(node, str)}
    taken = set(names.values())
    for node in graph:
        if node in names:
            continue
        text, number = str(node), 1
        while text in taken:
            number += 1
            text = f"{node} ({number})"
        names[node] = text
        taken.add(text)
    return names


def _party(name: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a node that a map can show."""
    party: dict[str, Any] = {"key": _text(data.get("key")) or key_of(name)}
    labels = {f"label_{lang}": _text(data.get(f"label_{lang}")) for lang in LANGUAGES}
    if not any(labels.values()):
        # what has no language is the same in all
        labels = dict.fromkeys(labels, _text(data.get("label")) or last_part(name))
    party.update((key, text) for key, text in labels.items() if text)
    party.update((key, text) for key in _PARTY_TEXTS if (text := _text(data.get(key))))
    party.update((key, found) for key in _PARTY_LISTS if (found := _list(data.get(key))))
    party.update((key, day) for key in ("start", "end") if (day := as_date(data.get(key))))
    point = {axis: _degrees(data.get(axis), most) for axis, most in _FARTHEST.items()}
    if None not in point.values():
        party.update(point)
    return party


def _link(data: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of an edge that a map can show."""
    link: dict[str, Any] = {key: text for key in _LINK_TEXTS if (text := _text(data.get(key)))}
    link.update((key, day) for key in ("start", "end") if (day := as_date(data.get(key))))
    if themes := _list(data.get("themes")):
        link["themes"] = themes
    proofs = data.get("evidence")
    if isinstance(proofs, (list, tuple)):
        told = [
            {str(key): text for key, value in proof.items() if (text := _text(value))}
            for proof in proofs
            if isinstance(proof, Mapping)
        ]
        if told:
            link["evidence"] = told
    tentative = data.get("tentative")
    link["tentative"] = (
        tentative
        if isinstance(tentative, bool)
        else link.get("state") in TENTATIVE_STATES or link.get("certainty") == "to-be-confirmed"
    )
    link["weight"] = as_weight(data.get("weight"))
    return link


def _text(value: object) -> str:
    """A value as text; empty for one that says nothing. Tables hold years as 1998.0."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return "" if text in _NOTHING else text.strip()


def _list(value: object) -> list[str]:
    """Several texts, from a collection or from one text with semicolons."""
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)):
        texts = [_text(item) for item in value]
        # a set has no order of its own
        texts = sorted(texts) if isinstance(value, (set, frozenset)) else texts
    else:
        texts = [part.strip() for part in _text(value).split(";")]
    return [text for text in texts if text]


def _degrees(value: object, most: float) -> float | None:
    try:
        degrees = float(_text(value))
    except ValueError:
        return None
    return degrees if abs(degrees) <= most else None


def as_date(value: object) -> str:
    """A date of whatever kind as EDTF; empty when it is none.

    >>> as_date(1998.0), as_date("2016-11-06T00:00:00Z"), as_date("2008~"), as_date("last spring")
    ('1998', '2016-11-06', '2008~', '')
    """
    # an answer gives the first and the last of dates that differ: "1998 / 2002"
    text = re.sub(r"(\d{4}-\d\d-\d\d)[T ].*", r"\1", _text(value)).split(" / ")[0]
    try:
        bounds(text if len(text) <= _LONGEST_DATE else "")
    except ValueError:
        return ""
    return text


def as_weight(value: object) -> float:
    """A weight as a number above nought; without one, 1."""
    try:
        weight = float(_text(value))
    except ValueError:
        return 1.0
    return weight if 0 < weight < math.inf else 1.0


def is_address(key: object) -> bool:
    """Whether an edge's key names one link: an address, or a blank node (``_:link1``)."""
    return isinstance(key, str) and re.match(r"[A-Za-z][\w+.-]*://\S|urn:\S|_:\S", key) is not None


def last_part(name: str) -> str:
    """What to call a thing of which only the name is known: of an address, its end.

    >>> last_part("http://dbpedia.org/resource/Issy-les-Moulineaux"), last_part("Tours")
    ('Issy-les-Moulineaux', 'Tours')
    """
    if not is_address(name):
        return name
    last = re.split(r"[/#:]", name.rstrip("/#"))[-1]
    return unquote(last).replace("_", " ") or name
