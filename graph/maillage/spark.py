"""The whole network on Spark: degrees, PageRank, components and groups by label propagation.

    python -m maillage.spark maillage-parquet --out measured

reads what ``maillage publish --format parquet`` wrote and gives the numbers that ``maillage
measure`` gives, to the tolerance said at each function; ``spark-submit`` runs it on a cluster. It
is DataFrames only, so that the machines of a cluster need nothing but Spark. On one machine, arrays
are faster up to many millions of links: ``graph/whole-graph.md`` says from which size Spark pays.
"""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from maillage.commands.manners import typed_language
from maillage.errors import MaillageError
from maillage.plain import ROUNDS
from maillage.words import say

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = [
    "components",
    "edges",
    "main",
    "measured",
    "pagerank",
    "propagated",
    "session",
    "written",
]

_DAMPING: Final = 0.85
#: Steps that are planned at once; then what they give is kept, and looked at.
_AT_ONCE: Final = 5


def session(master: str | None = None) -> SparkSession:
    """A Spark session: the cluster's when ``spark-submit`` started us, else one on this machine.

    On this machine nothing listens but on the loopback address, and Spark's own pages are off.

    :param master: a master to use instead (``spark://…``, ``local[4]``).
    :raises MaillageError: when Spark or Java is missing.
    """
    if find_spec("pyspark") is None:
        raise MaillageError("needs-extra", package="pyspark", extra="spark")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("maillage")
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not submitted:
        home = os.environ.get("JAVA_HOME")
        if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
            raise MaillageError("no-java")
    if master or not submitted:
        builder = builder.master(master or "local[*]")
    if not submitted and (master or "local").startswith("local"):
        here = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": str(os.cpu_count() or 1),
            # what is planned anew after each step of many small ones costs more than it gains
            "spark.sql.adaptive.enabled": "false",
        }
        builder = builder.config(map=here)
    return builder.getOrCreate()


def edges(spark: SparkSession, folder: str, *, confirmed: bool = False) -> DataFrame:
    """The network of a folder of Parquet, each pair of parties in both directions.

    :param folder: what ``publish --format parquet`` wrote, at any address that Spark reads.
    :param confirmed: whether to leave out tentative links.
    :returns: ``party``, ``partner``, ``weight`` (the links of the pair summed).
    :raises MaillageError: when it is no such folder.
    """
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as f

    try:
        pairs = spark.read.parquet(f"{folder.rstrip('/')}/pairs")
    except AnalysisException as error:
        raise MaillageError("not-parquet", path=folder, table="pairs") from error
    if confirmed:
        pairs = pairs.where(~f.col("tentative"))
    summed = pairs.groupBy("one", "other").agg(f.sum("weight").alias("weight"))
    there = summed.selectExpr("one AS party", "other AS partner", "weight")
    back = summed.selectExpr("other AS party", "one AS partner", "weight")
    return there.union(back).repartition("party").persist()


def pagerank(edges: DataFrame, tolerance: float = 1e-6, steps: int = 1_000) -> DataFrame:
    """PageRank, damping 0.85, by power iteration.

    :param tolerance: how far all shares together may still move in five steps when the iteration
        ends; the errors together are then smaller than that.
    :returns: ``party``, ``pagerank``.
    :raises MaillageError: when it has not ended after so many steps.
    """
    from pyspark.sql import functions as f

    strength = edges.groupBy("party").agg(f.sum("weight").alias("strength"))
    passed = edges.join(strength, "party").selectExpr(
        "party", "partner", "weight / strength AS part"
    )
    passed = passed.repartition("party").persist()
    size = strength.count()
    share = strength.select("party", f.lit(1 / max(size, 1)).alias("pagerank"))
    for _ in range(0, steps, _AT_ONCE):
        before = share.withColumnRenamed("pagerank", "was")
        for _ in range(_AT_ONCE):
            carried = f.sum(f.col("part") * f.col("pagerank")) * _DAMPING
            share = passed.join(share, "party").groupBy("partner").agg(carried.alias("carried"))
            share = share.select(
                f.col("partner").alias("party"),
                (f.col("carried") + (1 - _DAMPING) / max(size, 1)).alias("pagerank"),
            )
        share = share.localCheckpoint()
        change = f.sum(f.abs(f.col("pagerank") - f.col("was"))).alias("change")
        moved = share.join(before, "party").agg(change).first()
        if moved is None or (moved["change"] or 0) < tolerance:
            return share
    raise MaillageError("spark-unsettled", steps=steps)


def components(edges: DataFrame) -> DataFrame:
    """The component of each party, by stars that grow into one another.

    R. Kiveris, S. Lattanzi, V. Mirrokni, V. Rastogi and S. Vassilvitskii, *Connected components in
    MapReduce and beyond*, 2014, doi:10.1145/2670979.2670997: about log² n rounds.

    :returns: ``party``, ``component``, numbered as ``maillage measure`` numbers them.
    """
    from pyspark.sql import functions as f

    down = edges.where("party > partner").select("party", "partner").localCheckpoint()
    known = None
    while True:
        # each party's larger partners are linked with the least of all its partners
        around = down.union(down.selectExpr("partner AS party", "party AS partner"))
        least = around.groupBy("party").agg(f.min("partner").alias("least"))
        least = least.select("party", f.least("party", "least").alias("least"))
        grown = around.join(least, "party").where("partner > party")
        down = grown.selectExpr("partner AS party", "least AS partner").distinct()
        # each party and its smaller partners are linked with the least of them
        least = down.groupBy("party").agg(f.min("partner").alias("least"))
        others = down.join(least, "party").where("partner > least")
        down = others.selectExpr("partner AS party", "least AS partner")
        down = down.union(least.selectExpr("party", "least AS partner")).distinct()
        down = down.localCheckpoint()
        now = _fingerprint(down)
        if now == known:
            break
        known = now
    parties = edges.select("party").distinct()
    root = parties.join(down, "party", "left").select(
        "party", f.coalesce("partner", "party").alias("label")
    )
    return _numbered(root, "component")


def propagated(edges: DataFrame) -> DataFrame:
    """Groups by label propagation, exactly as :mod:`maillage.plain` defines them.

    :returns: ``party``, ``propagated``, numbered as ``maillage measure`` numbers them.
    """
    from pyspark.sql import functions as f

    heaviest = edges.groupBy("party").agg(f.max("weight").alias("weight")).persist()
    label = heaviest.selectExpr("party", "party AS label")
    known = None
    for _ in range(ROUNDS):
        near = label.withColumnRenamed("party", "partner")
        votes = edges.join(near, "partner").select("party", "label", "weight")
        own = heaviest.join(label, "party").select("party", "label", "weight")
        counted = votes.union(own).groupBy("party", "label").agg(f.sum("weight").alias("votes"))
        best = f.min(f.struct((-f.col("votes")).alias("votes"), f.col("label"))).alias("best")
        label = counted.groupBy("party").agg(best).selectExpr("party", "best.label AS label")
        label = label.localCheckpoint()
        now = _fingerprint(label)
        if now == known:
            break
        known = now
    return _numbered(label, "propagated")


def measured(edges: DataFrame) -> DataFrame:
    """Every measure that Spark takes, a row for each party that has a link.

    :returns: ``party``, ``degree``, ``weighted_degree``, ``pagerank``, ``component``,
        ``propagated``.
    """
    from pyspark.sql import functions as f

    found = edges.groupBy("party").agg(
        f.count("partner").alias("degree"), f.sum("weight").alias("weighted_degree")
    )
    for more in (pagerank(edges), components(edges), propagated(edges)):
        found = found.join(more, "party")
    return found


def written(spark: SparkSession, folder: str, out: str, *, confirmed: bool = False) -> int:
    """Measure a folder of Parquet into another one; how many parties there are.

    :param out: any address that Spark writes.
    :raises MaillageError: when something stands at ``out`` already, before any work is done.
    """
    path = spark._jvm.org.apache.hadoop.fs.Path(out)  # noqa: SLF001  # Python has no other way to ask
    if path.getFileSystem(spark._jsc.hadoopConfiguration()).exists(path):  # noqa: SLF001  # likewise
        raise MaillageError("spark-exists", path=out)
    measured(edges(spark, folder, confirmed=confirmed)).write.parquet(out)
    return int(spark.read.parquet(out).count())


def _fingerprint(frame: DataFrame) -> object:
    """The number of rows and a sum of their digests: equal when nothing has changed."""
    from pyspark.sql import functions as f

    # as decimals, because a sum of 64 bits overflows
    digest = f.xxhash64(*frame.columns).cast("decimal(38,0)")
    return frame.agg(f.count("*"), f.sum(digest)).first()


def _numbered(label: DataFrame, name: str) -> DataFrame:
    """Number groups from 1: from the largest to the smallest, then by their first member."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    groups = label.groupBy("label").agg(f.count("*").alias("size"), f.min("party").alias("first"))
    order = Window.orderBy(f.desc("size"), "first")
    groups = groups.select("label", f.row_number().over(order).alias(name))
    return label.join(groups, "label").select("party", name)


@click.command(add_help_option=False)
@click.argument("folder")
@click.option("--out", metavar="DIR", required=True)
@click.option("--confirmed", is_flag=True)
@click.option("--master", metavar="URL")
def _job(folder: str, out: str, confirmed: bool, master: str | None) -> None:
    spark = session(master)
    try:
        parties = written(spark, folder, out, confirmed=confirmed)
        click.echo(say("spark.done", typed_language(), parties=parties, path=out))
    finally:
        spark.stop()


def main() -> None:
    """Run the job; what a person got wrong is one sentence and exit code 2."""
    lang = typed_language()
    if {"-h", "--help"} & set(sys.argv[1:]) or not sys.argv[1:]:
        click.echo(say("spark.help", lang))
        return
    try:
        _job.main(standalone_mode=False)
    except MaillageError as error:
        click.echo(error.text(lang), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
