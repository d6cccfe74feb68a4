"""Spark reads the tables and comes to the numbers of ``maillage measure`` on the same data.

One session for all, as small as it can be; the last test ends it, as the job does.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
from click.testing import CliRunner

from maillage import spark as job
from maillage import swift
from maillage.commands.main import maillage
from maillage.errors import MaillageError
from maillage.measure import measures
from maillage.mesh import mesh_of_pairs
from maillage.network import links
from maillage.parquet import DESCRIPTION
from maillage.terms import ID

# pyspark leaves its sockets to the garbage collector; not ours to mend
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

JAVA = shutil.which("java") or os.environ.get("JAVA_HOME")
needs_java = pytest.mark.skipif(not JAVA, reason="Spark needs Java")


@pytest.fixture(scope="module")
def tables(out, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("parquet") / "tables"
    command = ["publish", "--format", "parquet", "--store", str(out), "--out", str(folder)]
    done = CliRunner().invoke(maillage, command)
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture(autouse=True)
def _leave_nothing():
    """What is left is collected here, not in the middle of somebody else's test."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def session():
    started = job.session("local[2]")
    # so few rows that compiling each step costs more than taking it
    started.conf.set("spark.sql.codegen.wholeStage", "false")
    started.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    yield started
    started.stop()


@needs_java
def test_spark_reads_every_table_with_its_folders(tables, session) -> None:
    described = json.loads((tables / DESCRIPTION).read_text(encoding="utf-8"))
    for resource in described["resources"]:
        frame = session.read.parquet(str(tables / resource["name"]))
        assert frame.count() == resource["rows"], resource["name"]
        assert set(frame.columns) == {field["name"] for field in resource["schema"]["fields"]}
    parties = session.read.parquet(str(tables / "parties"))
    assert parties.where("country = 'cn'").count() > 100
    assert parties.where("country IS NULL").count() > 0
    ui = session.sparkContext.uiWebUrl
    host = session.sparkContext.getConf().get("spark.driver.bindAddress")
    assert (ui, host) == (None, "127.0.0.1")


@needs_java
def test_chains_rings_and_islands_on_spark(session, tmp_path) -> None:
    """What the data shipped have little of: long ways from end to end, and ties."""
    chain = [(f"a{n:02}", f"a{n + 1:02}") for n in range(30)]
    ring = [(f"b{n:02}", f"b{(n + 1) % 9:02}") for n in range(9)]
    stars = [(f"c{n % 3}", f"d{n:02}") for n in range(24)]
    heavy = [("e1", "e2")] * 3
    pairs = [tuple(sorted(pair)) for pair in (*chain, *ring, *stars, *heavy)]
    frame = session.createDataFrame([(*pair, 1.0, False) for pair in pairs], "one string, other string, weight double, tentative boolean")  # fmt: skip
    frame.coalesce(1).write.parquet(str(tmp_path / "pairs"))
    ones, others = zip(*pairs, strict=True)
    mesh = mesh_of_pairs(ones, others, [1.0] * len(pairs), links=len(pairs))
    edges = job.edges(session, str(tmp_path))
    for name, frame in (("component", job.components(edges)), ("propagated", job.propagated(edges))):  # fmt: skip
        found = {row["party"]: row[name] for row in frame.collect()}
        ours = dict(zip(mesh.names, swift.OF_EACH[name](mesh).values(), strict=True))
        assert found == ours


@needs_java
def test_a_folder_that_is_none_is_told(session, tmp_path) -> None:
    with pytest.raises(MaillageError) as told:
        job.edges(session, str(tmp_path))
    assert told.value.key == "not-parquet"


@needs_java
def test_what_stands_already_is_told_before_any_work(session, tmp_path) -> None:
    with pytest.raises(MaillageError) as told:
        job.written(session, str(tmp_path / "no tables"), str(tmp_path))
    assert told.value.key == "spark-exists"


@needs_java
def test_the_job_gives_the_numbers_of_measure(
    tables, store, session, tmp_path, monkeypatch, capsys
):
    results = tmp_path / "measured"
    confirmed = job.edges(session, str(tables), confirmed=True)
    tentative = {row["party"]: row["degree"] for row in confirmed.groupBy("party").agg({"partner": "count"}).withColumnRenamed("count(partner)", "degree").collect()}  # fmt: skip
    confirmed.unpersist()
    monkeypatch.setattr(sys, "argv", ["spark", str(tables), "--out", str(results)])
    job.main()
    assert str(results) in capsys.readouterr().out
    found = {row["party"]: row for row in pyarrow.parquet.read_table(results).to_pylist()}
    expected: dict[str, dict[str, float]] = {}
    for measure in measures(links(store)):
        if measure.subject and measure.value and measure.id in ("degree", "weighted_degree", "pagerank", "component", "propagated"):  # fmt: skip
            expected.setdefault(measure.subject.removeprefix(ID), {})[measure.id] = measure.value
            if measure.id == "degree" and measure.confirmed:
                assert tentative[measure.subject.removeprefix(ID)] == measure.confirmed
    assert found.keys() == expected.keys()
    for party, values in expected.items():
        for name in ("degree", "weighted_degree", "component", "propagated"):
            assert found[party][name] == values[name], (party, name)
    # measure rounds to six decimals
    apart = sum(abs(found[party]["pagerank"] - values["pagerank"]) for party, values in expected.items())  # fmt: skip
    assert apart < 1e-6 + len(expected) * 5e-7
    assert sum(row["pagerank"] for row in found.values()) == pytest.approx(1, abs=1e-6)


def test_without_java_or_spark_it_is_said_what_to_install(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["spark", str(tmp_path), "--out", str(tmp_path / "x")])
    with pytest.raises(SystemExit) as left:
        job.main()
    assert left.value.code == 2
    assert "JAVA_HOME" in capsys.readouterr().err
    monkeypatch.setattr("maillage.spark.find_spec", lambda _: None)
    with pytest.raises(SystemExit):
        job.main()
    assert "maillage[spark]" in capsys.readouterr().err


@pytest.mark.parametrize("lang", ["fr", "en", "zh"])
def test_the_job_explains_itself(lang, monkeypatch, capsys) -> None:
    monkeypatch.setenv("MAILLAGE_LANG", lang)
    monkeypatch.setattr(sys, "argv", ["spark", "--help"])
    job.main()
    assert "python -m maillage.spark" in capsys.readouterr().out
