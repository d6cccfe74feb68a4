"""The tables of Parquet: what any engine reads is the graph, and each claim leads to its evidence."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import networkx as nx
import polars as pl
import pyarrow.dataset
import pyarrow.parquet
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from maillage.commands.main import maillage
from maillage.commands.publish import publish
from maillage.mesh import mesh_of, mesh_of_pairs
from maillage.network import links
from maillage.parquet import DESCRIPTION, README, columns, write_parquet
from maillage.terms import BASE, ID, NS
from maillage.words import LANGUAGES

GUIDE = Path(__file__).parents[1] / "graph" / "whole-graph.md"
PREFIXES = f"PREFIX mlg: <{NS}> PREFIX schema: <https://schema.org/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"

#: How many rows each table must have, asked of the store.
COUNTS = {
    "links": "?x a mlg:CooperationLink",
    "projects": "?x a mlg:CooperationProject",
    "events": "?x a schema:Event",
    "participations": "?x a mlg:Participation",
    "evidence": "?x a mlg:Evidence",
    "sources": "?x a mlg:SourceDocument",
    "themes": f"?x a skos:Concept FILTER STRSTARTS(STR(?x), '{ID}theme/')",
    "concepts": f"?x a skos:Concept FILTER (!STRSTARTS(STR(?x), '{ID}theme/'))",
}


def run(*arguments):
    return CliRunner().invoke(maillage, [*map(str, arguments)], env={"MAILLAGE_LANG": "en"})


@pytest.fixture(scope="module")
def tables(out, tmp_path_factory) -> Path:
    """What a person gets from ``publish --format parquet``."""
    folder = tmp_path_factory.mktemp("parquet") / "maillage-parquet"
    done = run("publish", "--format", "parquet", "--store", out, "--out", folder)
    assert done.exit_code == 0, done.output
    assert README in done.output
    return folder


def held(folder: Path, table: str) -> list[dict]:
    last = [*columns(table)][-1].name
    # told that it is text: pyarrow does not guess where every value is null
    hive = pyarrow.dataset.partitioning(pyarrow.schema([(last, pyarrow.string())]), flavor="hive")
    partitioned = any(path.is_dir() for path in (folder / table).iterdir())
    found = pyarrow.dataset.dataset(folder / table, partitioning=hive if partitioned else None)
    return found.to_table().to_pylist()


def test_three_engines_read_the_counts_of_the_graph(tables, store):
    counts = {
        name: int(store.select(f"{PREFIXES} SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {what} }}").rows[0][0])
        for name, what in COUNTS.items()
    }  # fmt: skip
    parties = store.select(
        f"{PREFIXES} SELECT DISTINCT ?x {{ {{ ?w mlg:hasParty ?x }} UNION {{ ?w mlg:hasParticipant ?x }} }}"
    )
    counts["pairs"] = links(store).number_of_edges()
    described = json.loads((tables / DESCRIPTION).read_text(encoding="utf-8"))
    rows = {resource["name"]: resource["rows"] for resource in described["resources"]}
    assert {name: rows[name] for name in counts} == counts
    named = {row["id"] for row in held(tables, "parties")}
    assert {str(x).removeprefix(ID) for (x,) in parties.rows} <= named
    for name, number in rows.items():
        where = f"read_parquet('{tables}/{name}/**/*.parquet', hive_partitioning = true)"
        assert duckdb.sql(f"FROM {where}").aggregate("count(*)").fetchall() == [(number,)]
        scanned = pl.scan_parquet(tables / name, hive_partitioning=True)
        assert scanned.select(pl.len()).collect().item() == number
        assert len(held(tables, name)) == number


def test_a_column_in_the_names_of_folders_is_read_with_its_nulls(tables):
    expected = {(row["id"], row["country"]) for row in held(tables, "parties")}
    assert {country for _, country in expected} >= {"fr", "cn", None}
    where = f"read_parquet('{tables}/parties/**/*.parquet', hive_partitioning = true)"
    assert set(duckdb.sql(f"FROM {where}").select("id", "country").fetchall()) == expected
    scanned = pl.scan_parquet(tables / "parties", hive_partitioning=True)
    assert set(scanned.select("id", "country").collect().rows()) == expected
    assert {row["kind"] for row in held(tables, "links")} >= {"twinning", "cooperation-agreement"}


def test_every_link_leads_to_its_evidence_and_every_evidence_to_its_document(tables):
    evidence = {row["id"]: row for row in held(tables, "evidence")}
    sources = {row["id"]: row for row in held(tables, "sources")}
    parties = {row["id"] for row in held(tables, "parties")}
    events = {row["id"] for row in held(tables, "events")}
    for table in ("links", "projects", "parties", "events", "participations"):
        for row in held(tables, table):
            assert row["evidence"], row["id"]
            documents = {evidence[key]["source"] for key in row["evidence"]}
            assert documents <= sources.keys()
            assert documents & set(row["sources"]), row["id"]
    assert {party for row in held(tables, "links") for party in row["parties"]} <= parties
    assert {row["participant"] for row in held(tables, "participations")} <= parties
    assert {row["event"] for row in held(tables, "participations")} <= events
    kinds = {row["id"] for row in held(tables, "concepts")}
    assert {f"link-kind/{row['kind']}" for row in held(tables, "links")} <= kinds


def test_the_pairs_are_the_network_that_is_measured(tables, store):
    rows = held(tables, "pairs")
    for tentative in (True, False):
        kept = [row for row in rows if tentative or not row["tentative"]]
        ours = mesh_of_pairs(
            [row["one"] for row in kept],
            [row["other"] for row in kept],
            [row["weight"] for row in kept],
            links=len({row["link"] for row in kept}),
        )
        theirs = mesh_of(links(store), tentative=tentative)
        assert [ID + name for name in ours.names] == theirs.names
        assert ours.links == theirs.links
        assert nx.utils.graphs_equal(ours.simple, theirs.simple)


def test_a_link_says_what_the_map_says_of_it(tables, store):
    graph = links(store)
    edges = {key: data for _, _, key, data in graph.edges(keys=True, data=True)}
    for row in held(tables, "links"):
        edge = edges[ID + row["id"]]
        for name in ("kind", "state", "certainty", "start", "end", "tentative"):
            assert row[name] == edge.get(name), (row["id"], name)
        assert [theme.removeprefix("theme/") for theme in row["themes"]] == edge.get("themes", [])
        assert len(row["evidence"]) == len(edge["evidence"])
        for lang in LANGUAGES:
            assert row[f"purpose_{lang}"] == edge.get(f"purpose_{lang}")
    for row in held(tables, "parties"):
        node = graph.nodes.get(ID + row["id"], {})
        for name in ("type", "country", "level", "code", "label_zh", "start", "end"):
            if name in node:
                assert row[name.replace("label", "name")] == node[name], (row["id"], name)


def test_where_sources_differ_all_that_they_say_stands_beside_what_is_kept(tables):
    alsace = next(
        row for row in held(tables, "links") if row["id"] == "link/contact--cn-320000--fr-region-42"
    )
    assert alsace["start"] in alsace["start_all"]
    assert {"2005", "2007-05"} <= set(alsace["start_all"])


#: A graph of one link with dates of every kind, and of nothing else.
SMALL = """\
<@event/salon> <rdf#type> <https://schema.org/Event> <@graph/source--a> .
<@event/salon> <!startDate> "2016~"^^<edtf> <@graph/source--a> .
<@evidence/0000000000000001#lines> <rdf#value> "line=79,82" <@graph/evidence--a> .
<@evidence/0000000000000001> <http://purl.org/dc/terms/source> <@source/a> <@graph/evidence--a> .
<@evidence/0000000000000001> <rdf#type> <!Evidence> <@graph/evidence--a> .
<@evidence/0000000000000001> <!hasCertainty> <@certainty/inferred> <@graph/evidence--a> .
<@link/twinning--a--b> <rdf#type> <!CooperationLink> <@graph/source--a> .
<@link/twinning--a--b> <!endDate> "2008/.."^^<edtf> <@graph/source--a> .
<@link/twinning--a--b> <!hasEvidence> <@evidence/0000000000000001> <@graph/evidence--a> .
<@link/twinning--a--b> <!hasKind> <@link-kind/twinning> <@graph/source--a> .
<@link/twinning--a--b> <!hasParty> <@place/a> <@graph/source--a> .
<@link/twinning--a--b> <!hasParty> <@place/b> <@graph/source--a> .
<@link/twinning--a--b> <!startDate> "[2016-04-23..2018-12-12]"^^<edtf> <@graph/inferred--b> .
<@link/twinning--a--b> <!startDate> "2005~"^^<edtf> <@graph/source--a> .
<@place/a> <rdf#type> <!Collectivity> <@graph/source--a> .
<@place/b> <rdf#type> <!Place> <@graph/source--a> .
"""


def small(folder: Path, text: str = SMALL) -> Path:
    for short, long in (("@", ID), ("!", NS), ("rdf#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"), ("<edtf>", "<http://id.loc.gov/datatypes/edtf/EDTF>")):  # fmt: skip
        text = text.replace(short, long)
    file = folder / "maillage.nq"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_vague_date_stays_as_written_with_its_first_and_last_day(tmp_path):
    write_parquet(small(tmp_path), tmp_path, "r")
    (link,) = held(tmp_path, "links")
    assert (link["start"], link["start_earliest"], link["start_latest"]) == ("2005~", date(2005, 1, 1), date(2005, 12, 31))  # fmt: skip
    assert link["start_all"] == ["2005~", "[2016-04-23..2018-12-12]"]
    assert (link["end"], link["end_earliest"], link["end_latest"]) == ("2008/..", date(2008, 1, 1), None)  # fmt: skip
    assert (link["certainty"], link["state"], link["states"]) == ("inferred", None, [])
    assert link["sources"] == ["source/a", "source/b"]
    (passage,) = held(tmp_path, "evidence")
    assert (passage["line_first"], passage["line_last"]) == (80, 82)
    (event,) = held(tmp_path, "events")
    assert (event["kind"], event["start"]) == (None, "2016~")


#: Two sources call a link, an event, a body, its level and a role by different names.
TWICE = """\
<@event/salon> <rdf#type> <https://schema.org/Event> <@graph/source--a> .
<@event/salon> <!hasKind> <@event-kind/meeting> <@graph/source--a> .
<@event/salon> <!hasKind> <@event-kind/edition> <@graph/source--b> .
<@link/twinning--a--b> <rdf#type> <!CooperationLink> <@graph/source--a> .
<@link/twinning--a--b> <!hasKind> <@link-kind/twinning> <@graph/source--a> .
<@link/twinning--a--b> <!hasKind> <@link-kind/contact> <@graph/source--b> .
<@organisation/a> <rdf#type> <http://www.w3.org/ns/org#Organization> <@graph/source--a> .
<@organisation/a> <!hasKind> <@organisation-kind/university> <@graph/source--a> .
<@organisation/a> <!hasKind> <@organisation-kind/association> <@graph/source--b> .
<@participation/salon--a> <rdf#type> <!Participation> <@graph/source--a> .
<@participation/salon--a> <!hasRole> <@role/proposed-actor> <@graph/source--a> .
<@participation/salon--a> <!hasRole> <@role/speaker> <@graph/source--b> .
<@participation/salon--a> <!hasRole> <@role/host> <@graph/source--b> .
<@place/a> <rdf#type> <!Place> <@graph/source--a> .
<@place/a> <!hasLevel> <@level/region> <@graph/source--a> .
<@place/a> <!hasLevel> <@level/province> <@graph/source--b> .
"""


def test_all_that_sources_call_a_thing_stands_beside_the_one_that_is_kept(tmp_path):
    write_parquet(small(tmp_path, TWICE), tmp_path, "r")
    ((link,), (event,), (taken,)) = (
        held(tmp_path, table) for table in ("links", "events", "participations")
    )
    assert (link["kind"], link["kinds"]) == ("contact", ["contact", "twinning"])
    assert (event["kind"], event["kinds"]) == ("edition", ["edition", "meeting"])
    # somebody who was seen there is not filed under what was proposed
    assert (taken["role"], taken["roles"]) == ("host", ["host", "proposed-actor", "speaker"])
    assert not taken["tentative"]
    parties = {row["id"]: row for row in held(tmp_path, "parties")}
    body, place = parties["organisation/a"], parties["place/a"]
    assert body["organisation_kind"] == "association"
    assert body["organisation_kinds"] == ["association", "university"]
    assert (place["level"], place["levels"]) == ("province", ["province", "region"])


def test_a_kind_of_somebody_elses_is_one_folder_and_comes_back_whole(tmp_path):
    theirs = "https://example.org/kinds/salon=1"
    write_parquet(small(tmp_path, TWICE.replace("@event-kind/edition", theirs)), tmp_path, "r")
    (event,) = held(tmp_path, "events")
    where = f"read_parquet('{tmp_path}/events/**/*.parquet', hive_partitioning = true)"
    (by_duckdb,) = duckdb.sql(f"FROM {where}").select("kind").fetchall()
    by_polars = pl.scan_parquet(tmp_path / "events", hive_partitioning=True).collect()
    assert {event["kind"], *by_duckdb, *by_polars["kind"]} == {theirs}


def test_tables_without_rows_can_be_read(tmp_path):
    write_parquet(small(tmp_path, ""), tmp_path, "r")
    for table in ("links", "pairs", "themes"):
        assert held(tmp_path, table) == []
        assert pl.read_parquet(tmp_path / table, hive_partitioning=True).height == 0


def test_the_same_graph_gives_the_same_bytes_whatever_the_groups(
    tables, out, tmp_path, monkeypatch
):
    again = tmp_path / "again"
    assert run("publish", "--format", "parquet", "--store", out, "--out", again).exit_code == 0

    def digests(folder: Path) -> dict[str, str]:
        return {
            path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in folder.rglob("*")
            if path.is_file()
        }

    assert digests(again) == digests(tables)
    # in small groups, memory holds little, and the rows are the same in the same order
    monkeypatch.setattr("maillage.parquet._GROUP", 50)
    little = tmp_path / "little"
    assert run("publish", "--format", "parquet", "--store", out, "--out", little).exit_code == 0
    twinnings = "links/kind=twinning/part-0.parquet"
    assert pyarrow.parquet.ParquetFile(little / twinnings).num_row_groups > 1
    for table in ("links", "evidence", "parties"):
        assert held(little, table) == held(tables, table)


def test_the_description_is_that_of_the_files(tables):
    described = json.loads((tables / DESCRIPTION).read_text(encoding="utf-8"))
    listed = {file["path"]: file for r in described["resources"] for file in r["files"]}
    assert set(listed) == {p.relative_to(tables).as_posix() for p in tables.rglob("*.parquet")}
    for path, file in listed.items():
        assert file["hash"] == "sha256:" + sha256((tables / path).read_bytes()).hexdigest()
        metadata = pyarrow.parquet.read_schema(tables / path).metadata
        assert metadata[b"maillage.schema"] == str(described["schemaVersion"]).encode()
        assert metadata[b"maillage.base"] == BASE.encode()
    kinds = {"string": "string", "list": "list<element: string>", "integer": "int32", "number": "double", "boolean": "bool", "date": "date32[day]"}  # fmt: skip
    for resource in described["resources"]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        schema = pyarrow.dataset.dataset(tables / resource["name"], partitioning="hive").schema
        assert [*fields] == schema.names, resource["name"]
        for name, field in fields.items():
            assert str(schema.field(name).type) == kinds[field["type"]], name
            assert set(field["descriptions"]) == {"fr", "en", "zh-Hans"}
            assert all(field["descriptions"].values())
    assert {c.name: c.unit for c in columns("parties")}["latitude"] == "degree"


def test_a_folder_of_somebody_else_is_left_alone_and_ours_is_replaced(tables, out, tmp_path):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / DESCRIPTION).write_text("{}", encoding="utf-8")
    done = run("publish", "--format", "parquet", "--store", out, "--out", theirs)
    assert done.exit_code == 2
    assert [path.name for path in theirs.iterdir()] == [DESCRIPTION]
    ours = tmp_path / "ours"
    shutil.copytree(tables, ours)
    (ours / "links" / "kind=old").mkdir()
    (ours / "links" / "kind=old" / "part-0.parquet").write_bytes(b"")
    assert run("publish", "--format", "parquet", "--store", out, "--out", ours).exit_code == 0
    assert not (ours / "links" / "kind=old").exists()


def test_what_breaks_off_leaves_the_former_folder_whole(tables, out, tmp_path, monkeypatch):
    ours = tmp_path / "ours"
    shutil.copytree(tables, ours)
    before = sorted(ours.rglob("*"))

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("maillage.parquet._package", broken)
    assert run("publish", "--format", "parquet", "--store", out, "--out", ours).exit_code == 2
    assert sorted(ours.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["ours"]


def test_options_of_the_site_are_refused_by_name_not_passed_over(tmp_path):
    values = {
        "--base": "https://example.org/", "--previous": "former", "--keep": "1", "--endpoint": "https://example.org/sparql",
        "--contact": "mailto:a@example.org", "--report-to": "mailto:a@example.org", "--data-only": None,
    }  # fmt: skip
    given = [text for pair in values.items() for text in pair if text is not None]
    heeded = {"--format", "--help", "--lang", "--out", "--store", "--verbose"}
    options = {max(parameter.opts, key=len) for parameter in publish.params}
    assert options - heeded == set(values)
    for lang in LANGUAGES:
        done = run("publish", *given, "--format", "parquet", "--store", tmp_path, "--out", tmp_path / "x", "--lang", lang)  # fmt: skip
        assert done.exit_code == 2
        assert all(option in done.output for option in values), done.output
    # what stands by default was not asked for, and what goes with tables is heeded
    done = run("publish", "-v", "--format", "parquet", "--store", tmp_path / "none")
    assert done.exit_code == 2 and "--" not in done.output


def test_without_pyarrow_it_is_said_what_to_install(out, tmp_path, monkeypatch):
    monkeypatch.setattr("maillage.parquet.find_spec", lambda _: None)
    for lang, word in (("fr", "Installez-le"), ("en", "Install it"), ("zh", "请安装")):
        done = run("publish", "--format", "parquet", "--store", out, "--out", tmp_path / "x", "--lang", lang)  # fmt: skip
        assert done.exit_code == 2
        assert word in done.output and "maillage[parquet]" in done.output
    assert not (tmp_path / "x").exists()


BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_the_guide_to_the_whole_graph_is_right(block, tables, store, monkeypatch, capsys):
    """Each block runs where the folder lies, and prints what stands below it or in the store."""
    monkeypatch.chdir(tables.parent)
    found: dict = {}
    exec(compile(block, "whole-graph.md", "exec"), found)  # noqa: S102  # our own guide
    printed = capsys.readouterr().out
    number = len({key for *_, key in links(store).edges(keys=True)})
    if "links_by_kind" in found:
        assert sum(count for _, count in found["links_by_kind"]) == number
    if "share" in found:
        assert sum(found["share"]) == pytest.approx(1)
    assert printed.strip()


def test_the_sentences_of_the_readme_lead_from_a_link_to_its_document(tables, monkeypatch):
    monkeypatch.chdir(tables)
    text = (tables / README).read_text(encoding="utf-8")
    queries = re.findall(r"  SELECT .*?;", text, re.DOTALL)
    assert len(queries) == len(LANGUAGES)
    for query in queries:
        rows = duckdb.sql(query.rstrip(";")).fetchall()
        assert len({row[0] for row in rows}) == len(held(tables, "links"))
    assert os.linesep == "\n" or "\r" not in text


def test_every_statement_of_a_thing_stands_together_in_the_n_quads(built):
    """What the walk through the file rests on."""
    seen: set[str] = set()
    last = None
    for quad in ox.parse(path=built.folder / "maillage.nq", format=ox.RdfFormat.N_QUADS):
        if quad.subject.value != last:
            assert quad.subject.value not in seen
            seen.add(last := quad.subject.value)
