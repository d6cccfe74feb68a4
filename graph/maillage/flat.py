"""A network as plain rows: what GraphML, GEXF and tables can hold, and back without loss.

The rules stand in :mod:`maillage.exchange`, for the people who meet them in a file.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import networkx as nx

from maillage.errors import Refused
from maillage.words import LANGUAGES, Language, best

if TYPE_CHECKING:
    from maillage.network import LinkGraph

__all__ = [
    "EDGE_NAMES",
    "GRAPH_NAMES",
    "JSON_SUFFIX",
    "MARK",
    "MARKED",
    "NODE_NAMES",
    "TYPE_NAMES",
    "Flat",
    "FlatEdge",
    "checked",
    "dumps",
    "flatten",
    "rebuild",
    "sorted_edges",
    "sorted_nodes",
    "written",
]

MARK: Final = "exchange"
MARKED: Final = "maillage 1"
JSON_SUFFIX: Final = "_json"
# Names that a format or Gephi gives a meaning of its own, compared in lower case.
NODE_NAMES: Final = frozenset({"id", "label", "timeset", "interval"})
EDGE_NAMES: Final = NODE_NAMES | {"source", "target", "key", "link", "type"}
GRAPH_NAMES: Final = frozenset({MARK})

# XML 1.0, 2.2: all that is not a Char. Nothing else may hold them either, except JSON, escaped.
_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPE_NAMES: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "long",
    float: "double",
    str: "string",
}

Scalar = bool | int | float | str
#: The keys of the edges of one graph: all text, or all whole numbers (networkx's own).
Key = str | int
Attributes = dict[str, Any]


@dataclass(frozen=True)
class FlatEdge:
    """The ends and names of an edge, as a file wants them."""

    id: str
    source: str
    target: str
    key: Key
    label: str


@dataclass(frozen=True)
class Flat:
    """A graph as three tables of plain values, with the type of each column."""

    graph: Attributes
    nodes: list[tuple[str, str, Attributes]]
    edges: list[tuple[FlatEdge, Attributes]]
    key_type: type
    node_types: dict[str, type]
    edge_types: dict[str, type]


def flatten(graph: LinkGraph, lang: Language) -> Flat:
    """Make a graph plain, its nodes and edges sorted.

    :raises Refused: when something in it has no plain form.
    """
    nodes = [(node, graph.nodes[node]) for node in sorted_nodes(graph)]
    edges = sorted_edges(graph)
    for node, _ in nodes:
        _text(node, node, "id")
    node_rows, node_types = _columns([(n, data) for n, data in nodes], NODE_NAMES)
    edge_rows, edge_types = _columns([(str(key), data) for _, _, key, data in edges], EDGE_NAMES)
    attributes, _ = _columns([("graph", graph.graph)], GRAPH_NAMES)
    concepts = graph.graph.get("concepts", {})
    labelled = [_label(data, node, lang) for node, data in nodes]
    named = [
        FlatEdge(
            id=id_,
            source=one,
            target=other,
            key=_text(key, key, "key") if isinstance(key, str) else key,
            label=_text(_kind(data, concepts, lang), str(key), "label"),
        )
        for (one, other, key, data), id_ in zip(edges, _ids(edges), strict=True)
    ]
    return Flat(
        graph={MARK: MARKED, **attributes[0]},
        nodes=[
            (node, _text(label, node, "label"), row)
            for (node, _), label, row in zip(nodes, labelled, node_rows, strict=True)
        ],
        edges=list(zip(named, edge_rows, strict=True)),
        key_type=int if edges and isinstance(edges[0][2], int) else str,
        node_types=node_types,
        edge_types=edge_types,
    )


def sorted_nodes(graph: LinkGraph) -> list[str]:
    """The nodes in the order of their names, which must be text."""
    for node in graph:
        if not isinstance(node, str):
            raise Refused("graph-name", name=repr(node))
    return sorted(graph)


def sorted_edges(graph: LinkGraph) -> list[tuple[str, str, Key, Attributes]]:
    """The edges as ends, key and attributes, in that order, the ends of each sorted too."""
    edges: list[tuple[str, str, Key, Attributes]] = []
    kinds = {type(key) for _, _, key in graph.edges(keys=True)}
    if kinds and kinds not in ({str}, {int}):
        wrong = next(key for _, _, key in graph.edges(keys=True) if type(key) is not str)
        raise Refused("graph-name", name=repr(wrong))
    for one, other, key, data in graph.edges(keys=True, data=True):
        edges.append((min(one, other), max(one, other), cast("Key", key), data))
    return sorted(edges, key=lambda edge: edge[:3])


def _columns(
    rows: list[tuple[str, Mapping[str, Any]]], reserved: frozenset[str]
) -> tuple[list[Attributes], dict[str, type]]:
    """Make attributes plain: each column of one type, all else as JSON text."""
    held: dict[str, set[type]] = {}
    for owner, data in rows:
        for name, value in data.items():
            if not isinstance(name, str) or not name:
                raise Refused("graph-name", name=repr(name))
            _text(name, owner, name)
            held.setdefault(name, set()).add(_type(value))
    types: dict[str, type] = {}
    written: dict[str, str] = {}
    for name, kinds in sorted(held.items()):
        kind = kinds.pop() if len(kinds) == 1 else object
        # A weight is read back as a decimal number by everybody, so only that is left plain.
        misread = name.lower() == "weight" and (kind is not float or name != "weight")
        if kind is object or misread or name.lower() in reserved or name.endswith(JSON_SUFFIX):
            written[name], kind = name + JSON_SUFFIX, str
        else:
            written[name] = name
        types[written[name]] = kind
    flat = [
        {
            written[name]: _plain(data[name], owner, name)
            if written[name] == name
            else dumps(checked(data[name], owner, name))
            for name in sorted(data)
        }
        for owner, data in rows
    ]
    return flat, dict(sorted(types.items()))


def _type(value: object) -> type:
    """The plain type of a value, or ``object``."""
    if type(value) is int and not -(2**63) <= value < 2**63:  # what other programs call long
        return object
    return type(value) if type(value) in TYPE_NAMES else object


def _plain(value: Scalar, owner: str, name: str) -> Scalar:
    if isinstance(value, str):
        return _text(value, owner, name)
    return cast("Scalar", checked(value, owner, name))


def _text(text: str, owner: str, name: str) -> str:
    if found := _ILLEGAL.search(text):
        values = {"owner": owner, "attribute": name, "character": f"U+{ord(found[0]):04X}"}
        raise Refused("graph-character", **values)
    return text


def checked(value: Any, owner: str, name: str) -> Any:
    """A value that JSON says exactly, tuples as lists.

    :raises Refused: naming the owner and the attribute, for any other value.
    """
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: checked(item, owner, name) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [checked(item, owner, name) for item in value]
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise Refused("graph-value", owner=owner, attribute=name, value=repr(value)[:80])


def dumps(value: Any, indent: int | None = None) -> str:
    """A value as JSON, the same text each time."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=indent)
    # Inside JSON any character can be written as an escape, and comes back.
    return _ILLEGAL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def restore(data: Mapping[str, Any]) -> Attributes:
    """Undo :func:`_columns`."""
    return {
        name.removesuffix(JSON_SUFFIX): json.loads(value) if name.endswith(JSON_SUFFIX) else value
        for name, value in data.items()
    }


def _ids(edges: list[tuple[str, str, Key, Attributes]]) -> list[str]:
    """A unique id for each edge: its key, where only one edge has it."""
    keys = [str(key) for _, _, key, _ in edges]
    count = Counter(keys)
    taken = {key for key, times in count.items() if times == 1 and key}
    last: Counter[str] = Counter()
    ids = []
    for key in keys:
        id_ = key
        while count[key] > 1 or not key:
            last[key] += 1
            id_ = f"{key}#{last[key]}"
            if id_ not in taken:
                taken.add(id_)
                break
        ids.append(id_)
    return ids


def _label(data: Mapping[str, Any], node: str, lang: Language) -> str:
    """What to call a node: its name, else its key, else its address."""
    names = [(tag, data.get(f"label_{tag}")) for tag in LANGUAGES]
    name = best([(tag, text) for tag, text in names if isinstance(text, str)], lang)
    others = (data.get("label"), data.get("key"), node)
    return name or next(text for text in others if isinstance(text, str))


def _kind(data: Mapping[str, Any], concepts: object, lang: Language) -> str:
    """What to call an edge: the name of the link's kind, else its key, else its own label."""
    kind, label = data.get("kind"), data.get("label")
    if not isinstance(kind, str):
        return label if isinstance(label, str) else ""
    labels = concepts.get(f"link-kind/{kind}") if isinstance(concepts, Mapping) else None
    if not isinstance(labels, Mapping):
        return kind
    return (
        best([(tag, text) for tag, text in labels.items() if isinstance(text, str)], lang) or kind
    )


def rebuild(
    graph: Mapping[str, Any],
    nodes: Iterable[tuple[str, Mapping[str, Any]]],
    edges: Iterable[tuple[str, str, Any, Mapping[str, Any]]],
) -> LinkGraph:
    """A graph from what stands in a file, read as ours if it says so."""
    ours = graph.get(MARK) == MARKED
    built: LinkGraph = nx.MultiGraph()
    for node, data in nodes:
        kept = {name: value for name, value in data.items() if value is not None}
        if ours:
            kept.pop("label", None)
            kept = restore(kept)
        # Not add_node(**kept): an attribute may have the name of an argument.
        built.add_node(node)
        built.nodes[node].update(kept)
    for one, other, key, data in edges:
        kept = {name: value for name, value in data.items() if value is not None}
        if ours:
            kept.pop("label", None)
            name = kept.pop("link", key)
            built.add_edge(one, other, key=name)
            built.edges[one, other, name].update(restore(kept))
        else:
            built.edges[one, other, built.add_edge(one, other, key=key)].update(kept)
    attributes = {name: value for name, value in graph.items() if not ours or name != MARK}
    built.graph.update(restore(attributes) if ours else attributes)
    return built


def written(value: Scalar) -> str:
    """A plain value as the text of a file."""
    return str(value).lower() if isinstance(value, bool) else str(value)
