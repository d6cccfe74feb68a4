"""``maillage publish``."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.core import ParameterSource

from maillage.commands.manners import Verb, pieces, shared, steps
from maillage.describe import release
from maillage.errors import MaillageError
from maillage.inventory import read
from maillage.parquet import README, need_pyarrow, write_parquet
from maillage.publish import SUMS, Asked, publish_site
from maillage.publish import publish as make
from maillage.published import around
from maillage.published.history import History, history
from maillage.release import DEFAULT, hold, intact, replaced
from maillage.store import dataset_of, loaded
from maillage.terms import BASE
from maillage.words import Language, say

#: Where Parquet goes when nobody says otherwise: beside the site, not in its place.
_COLUMNS_OUT = Path("maillage-parquet")
#: What ``--format parquet`` heeds; it refuses every other option instead of passing over it.
_OF_PARQUET = frozenset({"format_", "lang", "out", "store", "verbose"})
#: Processes that make pages; more of them would each hold the graph once more.
_WORKERS = 2


@click.command(cls=Verb)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("maillage-release"),
    show_default=True,
    metavar="DIR",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="DIR",
)
@click.option("--base", metavar="URL", default=BASE, show_default=True)
@click.option("--previous", metavar="DIR|FILE", type=click.Path())
@click.option("--keep", type=click.IntRange(min=0), metavar="N")
@click.option("--endpoint", metavar="URL")
@click.option("--contact", metavar="URL")
@click.option("--report-to", metavar="URL")
@click.option("--data-only", is_flag=True)
@click.option(
    "--format", "format_", type=click.Choice(["site", "parquet"]), default="site", show_default=True
)
@shared
@click.pass_context
def publish(
    ctx: click.Context,
    out: Path,
    store: Path | None,
    base: str,
    previous: str | None,
    keep: int | None,
    endpoint: str | None,
    contact: str | None,
    report_to: str | None,
    data_only: bool,
    format_: str,
    lang: Language,
) -> None:
    """Publish the linked-data release: dumps, tables, descriptions, and the site as files."""
    if format_ == "parquet":
        _refuse_others(ctx)
        given = ctx.get_parameter_source("out") is not ParameterSource.DEFAULT
        _parquet(ctx, store or DEFAULT, out if given else _COLUMNS_OUT, lang)
        return
    step = steps(ctx, (3 if data_only else 6) + bool(previous))
    asked = Asked(
        base=base,
        endpoint=endpoint or "",
        contact=contact or "",
        report_to=report_to or "",
        previous=previous or "",
        keep=keep,
        workers=min(_WORKERS, os.cpu_count() or 1),
        step=step,
        piece=pieces(ctx, "pages"),
    )
    canonical = (intact(store or DEFAULT) / "maillage.nq").read_bytes()
    if data_only:
        step("read")
        dataset = dataset_of(canonical)
        if previous:
            step("compare")
        found = history(previous, canonical) if previous else History()
        before = found.of(release(canonical).id)
        step("draw")
        network = around(loaded(canonical))
        step("dump")
        with replaced(out, SUMS) as folder:
            make(dataset, folder, network, stand=asked.stand(before=before), before=before)
        click.echo(say("publish.done", lang, path=out))
        return
    with replaced(out, SUMS) as folder:
        made = publish_site(dataset_of(canonical), folder, asked)
    click.echo(say("publish.done-site", lang, path=out, **vars(made)))


def _refuse_others(ctx: click.Context) -> None:
    """Refuse options of the site, which say nothing of tables.

    :raises MaillageError: with the options that were given.
    """
    others = [
        parameter.opts[0]
        for parameter in ctx.command.params
        if parameter.name not in _OF_PARQUET
        and ctx.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
    ]
    if others:
        raise MaillageError("parquet-alone", options=", ".join(others))


def _parquet(ctx: click.Context, store: Path, out: Path, lang: Language) -> None:
    """The graph as partitioned Parquet, in a folder of its own."""
    need_pyarrow()
    step = steps(ctx, 2)
    step("read")
    # held, because the N-Quads are read while the tables are written
    with hold(store, everything=True) as held, replaced(out, README) as folder:
        step("parquet")
        name = read(held.folder).release
        written = write_parquet(held.folder / "maillage.nq", folder, name)
    counts = {table: sum(part.rows for part in parts) for table, parts in written.items()}
    files = sum(map(len, written.values()))
    click.echo(say("publish.done-parquet", lang, path=out, files=files, **counts))
