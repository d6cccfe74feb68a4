"""A check out of the store, piece by piece: it says what a look at the whole says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from generated import generated
from rdflib import RDF, RDFS, Graph, URIRef

from maillage import piecewise
from maillage.check import Report, Since, check, check_graph
from maillage.commands.main import maillage
from maillage.errors import MaillageError
from maillage.gather import Gathered
from maillage.judge import Engine, judge_some
from maillage.piecewise import check_by_source, check_gathered
from maillage.reach import FOCUS, Seed
from maillage.store import dataset_of, native, rdflib_triple, read_folder, united
from maillage.terms import MLG
from planted_errors import CASES
from test_planted_errors import spoil, the_good, the_ontology
from test_screen import results

ID = "https://w3id.org/maillage/id/"
SUPER = "https://schema.org/superEvent"


def said(report: Report) -> set[tuple[str, ...]]:
    return {
        (f.severity, f.rule, f.focus, f.path, f.value, f.sentence("fr")) for f in report.findings
    }


def stored(*graphs: tuple[str, Graph]) -> ox.Store:
    """A store of some graphs, and of their union."""
    store = ox.Store()
    for name, graph in graphs:
        for triple in graph:
            s, p, o = map(native, triple)
            store.add(ox.Quad(s, p, o, ox.NamedNode(f"{ID}graph/{name}")))  # type: ignore[arg-type]  # of the right kinds
            store.add(ox.Quad(s, p, o))  # type: ignore[arg-type]  # likewise
    return store


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(piecewise, "PIECE", 1_500)


def test_the_pieces_together_say_what_the_whole_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecewise, "PIECE", 300)
    text = "".join(generated(100, errors=2)).encode()
    store = ox.Store()
    for quad in ox.parse(text, ox.RdfFormat.N_QUADS):
        store.add(quad)
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    told: list[tuple[int, int]] = []
    pieces = check_by_source(store, piece=lambda done, total: told.append((done, total)))
    assert said(pieces) == said(check(dataset_of(text))) != set()
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    own = check_by_source(store, ["document-1"])
    assert set() != said(own) < said(pieces)


def test_planted_errors_are_found_across_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    # half of the statements in each of two documents: what breaks a rule stands apart
    monkeypatch.setattr(piecewise, "PIECE", 200)
    good = the_good(the_ontology())
    heap = Graph()
    heap += good
    for case in CASES[::3]:
        spoilt = spoil(good, case)
        heap -= good - spoilt
        heap += spoilt - good
    one, two = Graph(), Graph()
    for number, triple in enumerate(sorted(heap, key=str)):
        (one if number % 2 else two).add(triple)
    store = stored(("source--one", one), ("names", two))
    assert said(check_by_source(store)) == said(check_graph(heap, heap)) != set()


def test_each_thing_is_in_one_piece_also_what_nobody_describes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part = Graph()
    part.parse(data=f"<{ID}event/a> <{SUPER}> <{ID}event/nowhere> .", format="nt")
    other = Graph()
    other.parse(data=f'<{ID}event/a> <{RDFS.label}> "a" .', format="nt")
    looked: list[URIRef] = []

    def look(data: Graph, seeds: set[Seed], engine: Engine) -> Graph:
        looked.extend(URIRef(str(seed.node)) for seed in seeds if seed.state == FOCUS)
        return judge_some(data, seeds, engine)

    monkeypatch.setattr(piecewise, "PIECE", 1)
    monkeypatch.setattr(piecewise, "judge_some", look)
    check_by_source(stored(("source--one", part), ("names", other)))
    countries = [URIRef(f"{ID}place/{key}") for key in ("fr", "cn")]  # named by rules
    wanted = [URIRef(f"{ID}event/{key}") for key in ("a", "nowhere")]
    assert sorted(looked) == sorted([*wanted, *countries])


def test_a_build_is_checked_out_of_its_store(
    shipped: Gathered, out: Path, two_processors: None
) -> None:
    folder = out / "current" / "store"
    pieces, whole = check_by_source(read_folder(folder), folder=folder), check(shipped.dataset)
    assert said(pieces) == said(whole) != set()
    assert results(pieces.graph) == results(whole.graph)
    words = ["check", "--store", str(out), "--source", "cuf-china-group-page", "--lang", "en"]
    done = CliRunner().invoke(maillage, words)
    assert (done.exit_code, "The data conform." in done.output) == (0, True)


def test_what_a_change_can_touch_is_looked_at_in_pieces_too(
    shipped: Gathered, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = check(shipped.dataset)
    store = ox.Store()
    store.extend(shipped.store)
    recorder = ox.NamedNode(f"{ID}recorder/maillage")  # whom all evidence names
    gone = list(store.quads_for_pattern(recorder, ox.NamedNode(RDF.type), None))
    for quad in gone:
        store.remove(quad)
    looked: list[int] = []

    def look(data: Graph, seeds: set[Seed], engine: Engine) -> Graph:
        looked.append(len({seed.node for seed in seeds}))
        return judge_some(data, seeds, engine)

    monkeypatch.setattr(piecewise, "WHOLE", 0)
    monkeypatch.setattr(piecewise, "PIECE", 400)
    monkeypatch.setattr(piecewise, "judge_some", look)
    told: list[tuple[int, int]] = []
    again = check_gathered(
        Gathered(store, shipped.origins),
        since=Since([rdflib_triple(quad) for quad in gone], before.graph),
        piece=lambda done, total: told.append((done, total)),
    )
    assert max(looked) == 400
    assert told == [(sum(looked[: n + 1]), sum(looked)) for n in range(len(looked))]
    whole = check(store, shipped.origins)
    assert again.findings == whole.findings
    assert len(again.findings) > sum(looked) / 4
    assert results(again.graph) == results(whole.graph)


def test_findings_name_the_row_that_is_to_be_mended(shipped: Gathered, out: Path) -> None:
    store = read_folder(out / "current" / "store")
    pieces = check_by_source(store, origins=shipped.origins)
    assert pieces.findings == check(shipped.dataset, shipped.origins).findings
    assert any(finding.position for finding in pieces.findings)


def test_a_thing_without_address_is_told_by_name(tmp_path: Path, two_processors: None) -> None:
    folder = tmp_path / "store"
    store = ox.Store(str(folder))
    for name in ("one", "two"):
        thing = f'_:{name} a <{MLG.CooperationLink}> . _:{name} <{RDFS.label}> "Tours {name}" .'
        into = ox.NamedNode(f"{ID}graph/source--one")
        store.load(thing.encode(), ox.RdfFormat.TURTLE, to_graph=into)
    united(store)
    store.flush()
    del store
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(piecewise, "PIECE", 1)
        pieces = check_by_source(read_folder(folder), folder=folder)
    whole = check(read_folder(folder))
    assert said(pieces) == said(whole)
    assert any("Tours one" in finding.sentence("en") for finding in whole.findings)


def ended(*_: object) -> bytes:
    """What a process does that the machine has no memory for."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def test_a_process_that_ends_or_fails_is_no_clean_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, two_processors: None
) -> None:
    monkeypatch.setattr(piecewise, "PIECE", 1)
    heap = Graph().parse(data=f'<{ID}event/a> <{RDFS.label}> "a" .', format="nt")
    store = stored(("source--one", heap))
    with pytest.raises(MaillageError, match="cannot be opened"):
        check_by_source(store, folder=tmp_path / "none")
    monkeypatch.setattr(piecewise, "_elsewhere", ended)
    with pytest.raises(MaillageError, match="memory"):
        check_by_source(store, folder=tmp_path)


ASKING = """
import sys
from pathlib import Path
from maillage import piecewise
from maillage.store import read_folder
piecewise.PIECE, piecewise.processors = 50, lambda: 2
folder = Path(sys.argv[1])
piecewise.check_by_source(read_folder(folder), folder=folder, piece=lambda *_: print("on", flush=True))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_who_checks_ends_with_the_one_who_asked(out: Path) -> None:
    command = [sys.executable, "-c", ASKING, str(out / "current" / "store")]
    asking = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert asking.stdout
    assert asking.stdout.readline() == b"on\n"
    asking.kill()
    # all of them hold the output: it ends with the last
    asking.communicate(timeout=60)
    assert asking.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("--source", "le-monde"), "--store"),
        (("--store", "https://example.org/sparql"), "folder"),
        (("--store", "OUT", "--source", "le-monde"), "ask sources"),
        (("--store", "OUT", __file__), "one or the other"),
    ],
)
def test_a_wrong_wish_says_what_to_do(out: Path, words: tuple[str, ...], advice: str) -> None:
    given = [str(out) if word == "OUT" else word for word in words]
    done = CliRunner().invoke(maillage, ["check", *given, "--lang", "en"])
    told = done.output + (str(done.exception) if isinstance(done.exception, MaillageError) else "")
    assert advice in told
    assert done.exit_code == 2
