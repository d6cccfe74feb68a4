"""What is written for other programs comes back whole, and the same bytes each time."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from contextlib import suppress
from typing import Any
from zipfile import ZipFile

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.errors import MaillageError, Refused
from maillage.exchange import FORMATS, GraphFormat, read_graph, write_graph
from maillage.graphtables import read_tables, write_tables

LINK = "https://w3id.org/maillage/id/link/"


@pytest.fixture
def graph() -> nx.MultiGraph[str]:
    """Bordeaux and Wuhan, linked twice; a link of three parties; every kind of attribute."""
    mesh: nx.MultiGraph[str] = nx.MultiGraph()
    mesh.add_node("fr-commune-33063", key="fr-commune-33063", label_fr="Bordeaux", country="fr")
    mesh.add_node("cn-420100", key="cn-420100", label_zh="武汉市", label_en="Wuhan", country="cn")
    mesh.add_node("jp-fukuoka", key="jp-fukuoka", type="collectivity")
    mesh.add_node("fr-commune-37261", label_fr="Tours")
    mesh.add_edge(
        "fr-commune-33063",
        "cn-420100",
        key=LINK + "twinning",
        kind="twinning",
        themes=["climate", "viticulture"],
        start="1998-06-18",
        end="2026~/..",
        tentative=False,
        weight=1.0,
        purpose_fr="Deux ports,\r\n« deux » fleuves & un quai < l'autre\t",
        evidence=[{"source": "page", "lines": "47-51", "reason_zh": "控\u0007"}],
    )
    mesh.add_edge("cn-420100", "fr-commune-33063", key=LINK + "proposed", tentative=True, themes=[])
    for one, other in (("fr-commune-33063", "jp-fukuoka"), ("cn-420100", "jp-fukuoka")):
        mesh.add_edge(one, other, key=LINK + "triangular", weight=1.0, tentative=False)
    mesh.graph["concepts"] = {"link-kind/twinning": {"fr": "jumelage", "en": "twinning"}}
    return mesh


def same(one: nx.MultiGraph[str], other: nx.MultiGraph[str]) -> bool:
    """The same nodes, edges, keys and attributes; types too, so that 1, 1.0 and True differ."""

    def told(mesh: nx.MultiGraph[str]) -> str:
        nodes = sorted((node, data) for node, data in mesh.nodes(data=True))
        edges = sorted(
            ((*sorted((a, b)), key, data) for a, b, key, data in mesh.edges(keys=True, data=True)),
            key=lambda edge: edge[:3],
        )
        return json.dumps([nodes, edges, mesh.graph], sort_keys=True)

    return told(one) == told(other)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_attribute_comes_back(graph: nx.MultiGraph[str], suffix: GraphFormat) -> None:
    assert same(read_graph(write_graph(graph, suffix, "fr"), suffix), graph)


@pytest.mark.parametrize("suffix", FORMATS)
def test_one_graph_one_file(graph: nx.MultiGraph[str], suffix: GraphFormat) -> None:
    turned: nx.MultiGraph[str] = nx.MultiGraph(**dict(reversed(graph.graph.items())))
    turned.add_nodes_from(reversed(list(graph.nodes(data=True))))
    for one, other, key, data in reversed(list(graph.edges(keys=True, data=True))):
        turned.add_edge(other, one, key, **dict(reversed(data.items())))
    assert write_graph(turned, suffix) == write_graph(graph, suffix)


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_empty_graph_comes_back(suffix: GraphFormat) -> None:
    empty: nx.MultiGraph[str] = nx.MultiGraph()
    assert same(read_graph(write_graph(empty, suffix), suffix), empty)


def test_networkx_reads_graphml_by_itself(graph: nx.MultiGraph[str]) -> None:
    read = nx.read_graphml(io.BytesIO(write_graph(graph, "graphml", "fr")), edge_key_type=str)
    edge = read["fr-commune-33063"]["cn-420100"][LINK + "twinning"]
    assert edge["label"] == "jumelage"
    assert edge["start"] == "1998-06-18"
    assert edge["tentative"] is False
    assert json.loads(edge["themes_json"]) == ["climate", "viticulture"]
    assert read.nodes["cn-420100"]["label"] == "Wuhan"


def test_networkx_reads_gexf_by_itself(graph: nx.MultiGraph[str]) -> None:
    read = nx.read_gexf(io.BytesIO(write_graph(graph, "gexf", "zh")))
    assert read.nodes["cn-420100"]["label"] == "武汉市"
    edge = read["fr-commune-33063"]["cn-420100"][LINK + "twinning"]
    assert (edge["weight"], edge["end"]) == (1.0, "2026~/..")


def test_networkx_reads_node_link_json_by_itself(graph: nx.MultiGraph[str]) -> None:
    read = nx.node_link_graph(json.loads(write_graph(graph, "json")))
    assert set(read) == set(graph)
    edge = read["fr-commune-33063"]["cn-420100"][LINK + "twinning"]
    assert edge == graph.edges["fr-commune-33063", "cn-420100", LINK + "twinning"]


def test_what_gephi_looks_for_in_graphml(graph: nx.MultiGraph[str]) -> None:
    root = ET.fromstring(write_graph(graph, "graphml"))  # noqa: S314  # just written
    space = "{http://graphml.graphdrawing.org/xmlns}"
    keys = {(k.get("for"), k.get("attr.name")): k for k in root.iter(space + "key")}
    assert {("node", "label"), ("edge", "label"), ("edge", "weight")} <= set(keys)
    # Gephi takes keys of these names for yEd's labels, whatever they are called.
    assert not {"d3", "d7"} & {key.get("id") for key in keys.values()}
    ids = [edge.get("id") for edge in root.iter(space + "edge")]
    assert len(set(ids)) == len(ids) == 4
    assert {LINK + "twinning", LINK + "triangular#1", LINK + "triangular#2"} <= set(ids)


def test_what_gephi_looks_for_in_gexf(graph: nx.MultiGraph[str]) -> None:
    root = ET.fromstring(write_graph(graph, "gexf"))  # noqa: S314  # just written
    space = "{http://gexf.net/1.3}"
    assert root.get("version") == "1.3"
    assert all(node.get("label") for node in root.iter(space + "node"))
    edge = next(e for e in root.iter(space + "edge") if e.get("id") == LINK + "twinning")
    assert (edge.get("weight"), edge.get("label")) == ("1.0", "twinning")
    assert b"lastmodifieddate" not in write_graph(graph, "gexf")


def test_what_gephi_looks_for_in_tables(graph: nx.MultiGraph[str]) -> None:
    tables = write_tables(graph)
    assert tables["nodes.csv"].startswith(b"Id,Label,")
    assert tables["edges.csv"].startswith(b"Source,Target,Type,Id,Label,link,")
    assert b",Undirected," in tables["edges.csv"]
    with ZipFile(io.BytesIO(write_graph(graph, "csv"))) as archive:
        assert archive.namelist() == ["nodes.csv", "edges.csv", "graph.csv"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_spreadsheet_runs_nothing() -> None:
    mesh: nx.MultiGraph[str] = nx.MultiGraph()
    mesh.add_node("=1+1", label_fr="=HYPERLINK(1)", note="@SUM(A1)", below="-5", quoted="'=x")
    written = write_tables(mesh)["nodes.csv"].decode()
    for cell in written.replace("\n", ",").split(","):
        assert not cell.startswith(("=", "@", "+"))
    assert same(read_graph(write_graph(mesh, "csv"), "csv"), mesh)


@pytest.mark.parametrize("suffix", ["graphml", "gexf", "csv"])
@pytest.mark.parametrize("where", ["node", "attribute", "name", "key"])
def test_characters_that_xml_forbids_are_refused(suffix: GraphFormat, where: str) -> None:
    bad = "Wu\x0bhan"
    mesh: nx.MultiGraph[str] = nx.MultiGraph()
    mesh.add_node(bad if where == "node" else "Wuhan")
    mesh.add_edge("Bordeaux", "Leshan", bad if where == "key" else "link")
    if where in {"attribute", "name"}:
        mesh.nodes["Wuhan"].update({bad if where == "name" else "label_fr": bad})
    with pytest.raises(Refused) as refused:
        write_graph(mesh, suffix)
    assert refused.value.key == "graph-character"
    assert refused.value.values["character"] == "U+000B"


def test_json_carries_any_character() -> None:
    mesh: nx.MultiGraph[str] = nx.MultiGraph()
    mesh.add_node("Wuhan", label_fr="Wu\x0bhan \ud800")
    assert same(read_graph(write_graph(mesh, "json"), "json"), mesh)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("nan")], {1: 2}, {"a"}, b"x"])
def test_what_cannot_be_written_is_refused(suffix: GraphFormat, value: object) -> None:
    mesh: nx.MultiGraph[str] = nx.MultiGraph()
    mesh.add_node("Wuhan", note=value)
    with pytest.raises(Refused) as refused:
        write_graph(mesh, suffix)
    assert refused.value.key == "graph-value"


@pytest.mark.parametrize("suffix", FORMATS)
def test_names_that_have_no_one_type_are_refused(suffix: GraphFormat) -> None:
    numbered: nx.MultiGraph[Any] = nx.MultiGraph([(1, 2)])
    mixed: nx.MultiGraph[str] = nx.MultiGraph([("Bordeaux", "Wuhan", 0), ("Tours", "Wuhan", "x")])
    for wrong in (numbered, mixed, nx.MultiDiGraph()):
        with pytest.raises(Refused):
            write_graph(wrong, suffix)


@pytest.mark.parametrize("suffix", FORMATS)
def test_graphs_with_the_keys_of_networkx_come_back(suffix: GraphFormat) -> None:
    mesh: nx.MultiGraph[str] = nx.MultiGraph()
    nx.add_path(mesh, ["Bordeaux", "Wuhan", "Bordeaux", "Chengdu"], link="own", weight=2.0)
    assert same(read_graph(write_graph(mesh, suffix), suffix), mesh)
    simple: nx.Graph[str] = nx.Graph([("Bordeaux", "climate", {"works": ["a", "b"]})])
    assert same(read_graph(write_graph(simple, suffix), suffix), nx.MultiGraph(simple))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"<graphml", b"[1, 2]", b"{}", b"[" * 100_000])
def test_a_broken_file_is_told_and_not_half_read(suffix: GraphFormat, data: bytes) -> None:
    with pytest.raises(MaillageError):
        read_graph(data, suffix)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_cut_file_is_told(graph: nx.MultiGraph[str], suffix: GraphFormat) -> None:
    data = write_graph(graph, suffix)
    with pytest.raises(MaillageError):
        read_graph(data[: len(data) // 2], suffix)


@pytest.mark.parametrize("suffix", ["graphml", "gexf"])
def test_entities_are_refused(graph: nx.MultiGraph[str], suffix: GraphFormat) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n'
    head, body = write_graph(graph, suffix).split(b"\n", 1)
    with pytest.raises(Refused) as refused:
        read_graph(head + b"\n" + bomb + body, suffix)
    assert refused.value.key == "graph-doctype"


def test_tables_of_other_people_are_read() -> None:
    tables = {
        "nodes.csv": "\ufeffId,Label,country\nWuhan,武汉,cn\nBordeaux,Bordeaux,\n".encode(),
        "edges.csv": b"source,target,type,id,label,Weight\nBordeaux,Wuhan,Undirected,e1,,2\n",
    }
    read = read_tables(tables)
    assert dict(read.nodes["Wuhan"]) == {"country": "cn"}
    assert list(read.edges(keys=True, data=True)) == [("Wuhan", "Bordeaux", "e1", {"Weight": "2"})]
    with pytest.raises(MaillageError):
        read_tables({"nodes.csv": b"Id\n"})


def test_files_of_networkx_are_read() -> None:
    mesh: nx.Graph[str] = nx.Graph()
    mesh.add_edge("Bordeaux", "Wuhan", weight=2.5, label="jumelage")
    graphml, gexf = io.BytesIO(), io.BytesIO()
    nx.write_graphml_xml(mesh, graphml)
    nx.write_gexf(mesh, gexf)
    for read in (
        read_graph(graphml.getvalue(), "graphml"),
        read_graph(gexf.getvalue(), "gexf"),
    ):
        ((one, other, edge),) = read.edges(data=True)
        assert {one, other} == {"Bordeaux", "Wuhan"}
        assert (edge["weight"], edge["label"]) == (2.5, "jumelage")
    node_link = json.dumps(nx.node_link_data(mesh)).encode()
    assert read_graph(node_link, "json").number_of_edges() == 1


def test_defaults_of_a_file_reach_its_nodes() -> None:
    text = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
      <key id="k" for="node" attr.name="country" attr.type="string"><default>cn</default></key>
      <graph edgedefault="undirected"><node id="Wuhan"/>
      <node id="Bordeaux"><data key="k">fr</data></node></graph></graphml>"""
    read = read_graph(text.encode(), "graphml")
    assert read.nodes["Wuhan"] == {"country": "cn"}
    assert read.nodes["Bordeaux"] == {"country": "fr"}


# Any text that XML can hold; JSON values of any depth.
TEXT = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"],
        include_characters="\t\r\n",
        exclude_characters="\ufffe\uffff",
    ),
    max_size=8,
)
NAMES = TEXT.filter(bool) | st.sampled_from(
    ["id", "label", "key", "source", "type", "weight", "Weight", "link", "a_json", "exchange", "r"]
)
PLAIN = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(
    PLAIN | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ATTRIBUTES = st.dictionaries(NAMES, VALUES, max_size=4)


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiGraph[str]:
    mesh: nx.MultiGraph[str] = nx.MultiGraph()
    mesh.graph.update(draw(ATTRIBUTES))
    for node in draw(st.lists(TEXT, max_size=4, unique=True)):
        mesh.add_node(node)
        mesh.nodes[node].update(draw(ATTRIBUTES))
    if mesh:
        ends = st.sampled_from(sorted(mesh))
        for one, other, key in draw(st.lists(st.tuples(ends, ends, TEXT), max_size=4)):
            mesh.add_edge(one, other, key)
            mesh.edges[one, other, key].update(draw(ATTRIBUTES))
    return mesh


@pytest.mark.parametrize("suffix", FORMATS)
@settings(deadline=None)
@given(mesh=graphs())
def test_any_graph_comes_back(suffix: GraphFormat, mesh: nx.MultiGraph[str]) -> None:
    written = write_graph(mesh, suffix)
    assert same(read_graph(written, suffix), mesh)
    assert write_graph(read_graph(written, suffix), suffix) == written


@settings(deadline=None)
@given(data=st.binary(max_size=200), place=st.integers(0, 2**16))
def test_no_bytes_crash_the_readers(data: bytes, place: int) -> None:
    mesh: nx.MultiGraph[str] = nx.MultiGraph([("Bordeaux", "Wuhan", "link")])
    for suffix in FORMATS:
        whole = bytearray(write_graph(mesh, suffix))
        at = place % len(whole)
        whole[at : at + len(data)] = data
        for attempt in (data, bytes(whole)):
            with suppress(MaillageError):
                read_graph(attempt, suffix)
