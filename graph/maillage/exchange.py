"""The network in the formats of other programs, and back, with every attribute.

GraphML and GEXF open in Gephi and in networkx, node-link JSON in networkx and in a browser, CSV
(a ZIP of tables) in Gephi's spreadsheet import and in a spreadsheet. All are read back by
:func:`read_graph` to the graph that was written.

What these formats cannot say is written as follows, and undone on reading:

* an attribute that is not plain (a list, a dictionary, a number of mixed types, an attribute
  whose name means something to the format, a name that ends in ``_json``) becomes JSON text under
  its name plus ``_json``: ``themes`` is written ``themes_json``, ``evidence`` ``evidence_json``;
* ``label`` is what a program shows: of a party its name, of a link its kind, in one language;
* an edge carries its key as ``id``, and as ``link``. A link of three parties is several edges
  with one key; as an id must be unique, theirs is the key plus ``#1``, ``#2``…;
* the attribute ``exchange`` of the graph says that a file was written so.

In tables, text that a spreadsheet would run as a formula starts with one more apostrophe.
Nodes are sorted by address, edges by their ends and key, attributes by name: one graph, one file.
"""

from __future__ import annotations

import csv
import io
import json
import struct
import warnings
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args
from xml.parsers import expat
from zipfile import BadZipFile

import networkx as nx

from maillage.errors import MaillageError, Refused
from maillage.flat import (
    EDGE_NAMES,
    GRAPH_NAMES,
    JSON_SUFFIX,
    MARK,
    MARKED,
    NODE_NAMES,
    TYPE_NAMES,
    Attributes,
    Flat,
    Scalar,
    checked,
    dumps,
    flatten,
    rebuild,
    sorted_edges,
    sorted_nodes,
    written,
)
from maillage.graphtables import pack, read_tables, unpack, write_tables
from maillage.words import Language

if TYPE_CHECKING:
    from maillage.network import LinkGraph, TwoModeGraph

__all__ = ["FORMATS", "GraphFormat", "read_graph", "write_graph"]

GraphFormat = Literal["graphml", "gexf", "json", "csv"]

#: The formats, by the name that a person types and a file name ends in.
FORMATS: Final[tuple[GraphFormat, ...]] = get_args(GraphFormat)

FileEdge = tuple[str, str, Any, Attributes]

_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"
_GEXF: Final = "http://gexf.net/1.3"


def write_graph(
    graph: LinkGraph | TwoModeGraph,
    format: GraphFormat,  # noqa: A002  # the word that the person types
    lang: Language = "en",
) -> bytes:
    """Write a network in one of the :data:`FORMATS`; the same network always gives the same bytes.

    :param graph: nodes are text, keys all text or all whole numbers; attributes are text,
        numbers, truth values, or lists and dictionaries of these (a tuple comes back as a list).
        A graph without parallel edges is written as one with keys 0.
    :param lang: the language of the labels that programs show.
    :raises Refused: naming node or edge and attribute, when something cannot be written: a
        control character, "not a number", an infinity, an object of another type.
    """
    if graph.is_directed():
        raise Refused("graph-directed")
    graph = graph if isinstance(graph, nx.MultiGraph) else nx.MultiGraph(graph)
    if format == "json":
        return _write_json(graph)
    if format == "csv":
        return pack(write_tables(graph, lang))
    flat = flatten(graph, lang)
    return _write_graphml(flat) if format == "graphml" else _write_gexf(flat)


def read_graph(data: bytes, format: GraphFormat) -> LinkGraph:  # noqa: A002  # as above
    """Read a network back. Files of other programs are read too, their attributes as they are.

    :raises MaillageError: when the bytes are not a whole, undirected graph in that format.
    """
    readers: Mapping[str, Callable[[bytes], LinkGraph]] = {
        "graphml": _read_graphml,
        "gexf": _read_gexf,
        "json": _read_json,
        "csv": lambda packed: read_tables(unpack(packed)),
    }
    try:
        return readers[format](data)
    except expat.ExpatError as error:
        where = f"{error.lineno}:{error.offset + 1}"
        reason = f"{where}: {expat.ErrorString(error.code)}"
        raise MaillageError("graph-unreadable", format=format, reason=reason) from error
    except (
        nx.NetworkXError,
        ET.ParseError,
        BadZipFile,
        csv.Error,
        ValueError,  # JSON and Unicode errors among them
        LookupError,
        ArithmeticError,
        TypeError,
        AttributeError,
        RuntimeError,  # nesting too deep, a ZIP feature that is not there, a password
        EOFError,
        OSError,
        struct.error,
        zlib.error,
    ) as error:
        raise MaillageError("graph-unreadable", format=format, reason=error) from error


# XML ----------------------------------------------------------------------------------------


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    # A parser reads a bare carriage return as a line feed (XML 1.0, 2.11).
    return text.replace(b"\r", b"&#13;") + b"\n"


def _write_graphml(flat: Flat) -> bytes:
    root = ET.Element("graphml", xmlns=_GRAPHML)
    ids: dict[tuple[str, str], str] = {}
    graph_types: dict[str, type] = {name: type(value) for name, value in flat.graph.items()}
    for scope, types in (
        ("graph", graph_types),
        ("node", {"label": str, **flat.node_types}),
        ("edge", {"label": str, "link": flat.key_type, **flat.edge_types}),
    ):
        for place, (name, kind) in enumerate(types.items()):
            # Not d0, d1…: Gephi takes d3 for the label of nodes and d7 for that of edges (yEd's).
            ids[scope, name] = f"{scope}{place}"
            described = {"for": scope, "attr.name": name, "attr.type": TYPE_NAMES[kind]}
            ET.SubElement(root, "key", {"id": ids[scope, name], **described})

    def add_data(parent: ET.Element, scope: str, attributes: Mapping[str, Scalar]) -> None:
        for name, value in attributes.items():
            ET.SubElement(parent, "data", key=ids[scope, name]).text = written(value)

    body = ET.SubElement(root, "graph", edgedefault="undirected")
    add_data(body, "graph", flat.graph)
    for node, label, attributes in flat.nodes:
        element = ET.SubElement(body, "node", id=node)
        add_data(element, "node", {"label": label, **attributes})
    for edge, attributes in flat.edges:
        ends = {"id": edge.id, "source": edge.source, "target": edge.target}
        element = ET.SubElement(body, "edge", ends)
        add_data(element, "edge", {"label": edge.label, "link": edge.key, **attributes})
    return _xml(root)


def _write_gexf(flat: Flat) -> bytes:
    root = ET.Element("gexf", xmlns=_GEXF, version="1.3")
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "Maillage"
    # GEXF has no attributes of a graph; Gephi shows this text, and read_graph reads it.
    ET.SubElement(meta, "description").text = dumps(flat.graph)
    body = ET.SubElement(root, "graph", defaultedgetype="undirected", mode="static")
    edge_types = {"link": flat.key_type, **flat.edge_types}
    edge_types.pop("weight", None)  # GEXF has an attribute of its own for it
    ids: dict[tuple[str, str], str] = {}
    for scope, types in (("node", flat.node_types), ("edge", edge_types)):
        declared = ET.SubElement(body, "attributes", {"class": scope, "mode": "static"})
        for place, (name, kind) in enumerate(types.items()):
            ids[scope, name] = f"{scope}{place}"
            described = {"title": name, "type": TYPE_NAMES[kind]}
            ET.SubElement(declared, "attribute", {"id": ids[scope, name], **described})

    def add_values(parent: ET.Element, scope: str, attributes: Mapping[str, Scalar]) -> None:
        values = ET.SubElement(parent, "attvalues")
        for name, value in attributes.items():
            if (scope, name) in ids:
                described = {"for": ids[scope, name], "value": written(value)}
                ET.SubElement(values, "attvalue", described)

    nodes = ET.SubElement(body, "nodes")
    for node, label, attributes in flat.nodes:
        add_values(ET.SubElement(nodes, "node", id=node, label=label), "node", attributes)
    edges = ET.SubElement(body, "edges")
    for edge, attributes in flat.edges:
        described = {"id": edge.id, "source": edge.source, "target": edge.target}
        described["label"] = edge.label
        if "kind" in attributes:
            # Gephi joins parallel edges of one type, and takes this for the type.
            described["kind"] = written(attributes["kind"])
        if "weight" in attributes:
            described["weight"] = written(attributes["weight"])
        element = ET.SubElement(edges, "edge", described)
        add_values(element, "edge", {"link": edge.key, **attributes})
    return _xml(root)


def _refuse_doctype(data: bytes) -> None:
    """Refuse a document type: entities are how a small file grows, or reads other files."""

    def refuse(*_: object) -> None:
        raise Refused("graph-doctype")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(data, True)


def _read_graphml(data: bytes) -> LinkGraph:
    _refuse_doctype(data)
    with warnings.catch_warnings():
        # A key may leave out its type, and then holds text (GraphML, extension "attributes").
        warnings.filterwarnings("ignore", message="No key type")
        read = nx.read_graphml(
            io.BytesIO(data), node_type=str, edge_key_type=str, force_multigraph=True
        )
    read = cast("LinkGraph", read)
    return rebuild(*_with_defaults(read, _undirected(read)))


def _read_gexf(data: bytes) -> LinkGraph:
    _refuse_doctype(data)
    read = cast("LinkGraph", nx.read_gexf(io.BytesIO(data), node_type=str))
    if read.is_directed():
        raise Refused("graph-directed")
    attributes: Attributes = {}
    described = ET.fromstring(data).find(  # noqa: S314  # no document type, so no entities
        f"{{{_GEXF}}}meta/{{{_GEXF}}}description"
    )
    if described is not None and described.text:
        try:
            attributes = json.loads(described.text)
        except ValueError:  # the description of somebody else's file
            attributes = {"description": described.text}
    edges = [
        (one, other, values.get("id"), {k: v for k, v in values.items() if k != "id"})
        for one, other, values in read.edges(data=True)
    ]
    _, nodes, filled = _with_defaults(read, edges)
    return rebuild(attributes, nodes, filled)


def _with_defaults(
    read: LinkGraph, edges: Iterable[FileEdge]
) -> tuple[Attributes, list[tuple[str, Attributes]], list[FileEdge]]:
    """Give nodes and edges the values that the file declares for all; networkx keeps them aside."""
    attributes = dict(read.graph)
    of_nodes = attributes.pop("node_default", {})
    of_edges = attributes.pop("edge_default", {})
    nodes = [(node, {**of_nodes, **data}) for node, data in read.nodes.items()]
    filled = [(one, other, key, {**of_edges, **data}) for one, other, key, data in edges]
    return attributes, nodes, filled


def _undirected(read: LinkGraph) -> Iterable[FileEdge]:
    if read.is_directed():
        raise Refused("graph-directed")
    return cast("Iterable[FileEdge]", read.edges(keys=True, data=True))


# JSON ---------------------------------------------------------------------------------------


def _write_json(graph: LinkGraph) -> bytes:
    """Node-link JSON as networkx writes it; lists and dictionaries stay what they are."""

    def named(data: Mapping[str, Any], owner: str, reserved: frozenset[str]) -> Attributes:
        written: Attributes = {}
        for name, value in data.items():
            if not isinstance(name, str) or not name:
                raise Refused("graph-name", name=repr(name))
            clean = checked(value, owner, name)
            hidden = name in reserved or name.endswith(JSON_SUFFIX) or value is None
            written[name + JSON_SUFFIX if hidden else name] = dumps(clean) if hidden else clean
        return written

    document = {
        "directed": False,
        "multigraph": True,
        "graph": {MARK: MARKED, **named(graph.graph, "graph", GRAPH_NAMES)},
        "nodes": [
            {**named(graph.nodes[node], node, NODE_NAMES), "id": node}
            for node in sorted_nodes(graph)
        ],
        "edges": [
            {**named(data, str(key), EDGE_NAMES), "source": one, "target": other, "key": key}
            for one, other, key, data in sorted_edges(graph)
        ],
    }
    return (dumps(document, indent=1) + "\n").encode()


def _read_json(data: bytes) -> LinkGraph:
    document = json.loads(data)
    edges = "edges" if "edges" in document else "links"  # what networkx called them until 3.4
    # A graph that says that it has no parallel links is read as one that merely shows none.
    document = {**document, "multigraph": True}
    read = cast("LinkGraph", nx.node_link_graph(document, edges=edges))
    return rebuild(read.graph, read.nodes.items(), _undirected(read))
