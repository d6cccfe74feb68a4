"""The made-up data of the benchmarks: right by our rules, the same every time, an answer to all."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import bench
import duckdb
import pyoxigraph as ox
import pytest
import questions as mix
from generated import generated
from generated_parquet import tables
from generator.planted import KINDS

from maillage.ask import answer
from maillage.check import check
from maillage.derive import DERIVED, derive
from maillage.dumps import nquads
from maillage.mint import graph_iri
from maillage.native import dataset_of_quads
from maillage.questions import questions
from maillage.store import Answer, dataset_of, loaded

SCRIPT = Path(mix.__file__).with_name("generated.py")
LINKS = 100
ERRORS = 2


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """A tenth of the smallest size, with errors at its end."""
    return "".join(generated(LINKS, errors=ERRORS)).splitlines()


@pytest.fixture(scope="module")
def good(lines) -> list[str]:
    return "".join(generated(LINKS)).splitlines()


def test_same_seed_same_bytes_in_any_process_and_another_seed_others(good):
    command = [sys.executable, str(SCRIPT), "--links", str(LINKS)]
    # texts are hashed otherwise there: what hangs on the order of a set would differ
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    assert sha256(printed).digest() == sha256(("\n".join(good) + "\n").encode()).digest()
    assert set("".join(generated(LINKS, seed=2)).splitlines()) != set(good)


def test_every_line_is_a_statement_of_its_own(good):
    assert len(good) == len(set(good))
    parsed = list(ox.parse("\n".join(good).encode(), ox.RdfFormat.N_QUADS))
    assert len(parsed) == len(set(parsed)) == len(good)


def test_as_many_links_as_were_asked_for(good):
    is_link = "#type> <https://w3id.org/maillage/ns#CooperationLink>"
    assert len({line.split(" ", 1)[0] for line in good if is_link in line}) == LINKS


def test_the_network_without_rdf_is_as_large_and_leads_from_pairs_to_parties(tmp_path):
    place = tables(tmp_path, LINKS)
    read = "SELECT {} FROM read_parquet('{}/{}/**/*.parquet')".format
    ((links,),) = duckdb.sql(read("count(DISTINCT id)", place, "links")).fetchall()
    assert links == LINKS
    parties = {row for (row,) in duckdb.sql(read("id", place, "parties")).fetchall()}
    pairs = duckdb.sql(read("one, other, link", place, "pairs")).fetchall()
    assert {party for one, other, _ in pairs for party in (one, other)} <= parties
    assert len({link for *_, link in pairs}) == LINKS


def test_what_follows_is_what_our_own_code_derives(good, tmp_path):
    derived = {f"<{graph_iri(name)}>" for name in DERIVED}
    written = {line for line in good if line.rsplit(" ", 2)[1] in derived}
    given = "\n".join(line for line in good if line not in written).encode()
    # what follows is written while the rest is read: in memory, and in a folder
    for store in (ox.Store(), ox.Store(str(tmp_path))):
        store.bulk_load(given, ox.RdfFormat.N_QUADS)
        derive(store)
        computed = nquads(dataset_of_quads(store)).decode().splitlines()
        assert {line for line in computed if line.rsplit(" ", 2)[1] in derived} == written


def test_each_graph_that_holds_anything_is_described_once(good):
    store = ox.Store()
    store.extend(ox.parse("\n".join(good).encode(), ox.RdfFormat.N_QUADS))
    named = {str(graph) for graph in store.named_graphs()}
    kinds = {f"{kind}Graph" for kind in ("Source", "Evidence", "Inferred", "Derived", "Reference")}
    told = Counter(
        line.split(" ", 1)[0]
        for line in good
        if line.split(" ", 3)[2].rpartition("#")[2].rstrip(">") in kinds
    )
    assert set(told.values()) == {1}
    assert named <= told.keys()
    # a graph of ours that is described holds something, but for derived ones with nothing to tell
    assert {graph for graph in told.keys() - named if "--" in graph} == set()


def test_it_keeps_our_rules_and_the_planted_errors_are_all_that_break_them(lines):
    report = check(dataset_of("\n".join(lines).encode()))
    found = Counter(f.rule.rpartition("#")[2] for f in report.findings if f.severity == "violation")
    assert found == dict.fromkeys(KINDS, ERRORS)
    assert all("/planted-" in f.focus for f in report.findings if f.severity == "violation")
    assert any(f.rule.endswith("#SourcesDisagree") for f in report.findings)


def test_every_question_has_an_answer(good):
    store = loaded("\n".join(good).encode())
    found = {name: answer(store, asked, {}) for name, asked in questions().items()}
    assert [n for n, a in found.items() if not (a.rows if isinstance(a, Answer) else a)] == []


def sums(offset: int):
    """An alternative for the harness: it counts, wrongly when told to, or never ends."""

    def do(job: int) -> list[str]:
        while job < 0:
            pass
        return [str(job + offset)]

    return do


def test_the_harness_compares_answers_before_times_and_ends_what_is_slow():
    peers = [bench.Peer("right", "test_generated:sums", (0,), 3)]
    peers += [
        bench.Peer("wrong", "test_generated:sums", (1,), 3),
        bench.Peer("gone", "test_generated:nothing", (), 3),
    ]
    jobs = {"one": 1, "endless": -1, "two": 2, "nearly": 3}
    found = bench.measured(peers, jobs, runs=2, tolerances={"two": 0.9, "nearly": 1})
    states = {
        job: [figures[p].state for p in found.peers] for job, figures in found.figures.items()
    }
    assert states["one"] == states["two"] == ["ok", "WRONG", "failed"]
    assert states["nearly"] == ["ok", "ok", "failed"]
    assert states["endless"][0] == "slow"
    assert "1 missing, 1 more" in found.figures["one"]["wrong"].note
    assert found.figures["one"]["wrong"].wall is None
    text = bench.report(found, "sums")
    assert "| endless |  | > 3 s | " in text and "WRONG" in text
