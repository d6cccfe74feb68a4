"""``maillage publish``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from maillage.commands.manners import Verb, pieces, shared, steps
from maillage.describe import release
from maillage.publish import SUMS, Asked, publish_site
from maillage.publish import publish as make
from maillage.published import around
from maillage.published.history import History, history
from maillage.release import DEFAULT, intact, replaced
from maillage.store import dataset_of, loaded
from maillage.terms import BASE
from maillage.words import Language, say

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
@click.option("--endpoint", metavar="URL")
@click.option("--contact", metavar="URL")
@click.option("--report-to", metavar="URL")
@click.option("--data-only", is_flag=True)
@shared
@click.pass_context
def publish(
    ctx: click.Context,
    out: Path,
    store: Path | None,
    base: str,
    previous: str | None,
    endpoint: str | None,
    contact: str | None,
    report_to: str | None,
    data_only: bool,
    lang: Language,
) -> None:
    """Publish the linked-data release: dumps, tables, descriptions, and the site as files."""
    step = steps(ctx, (3 if data_only else 6) + bool(previous))
    asked = Asked(
        base=base,
        endpoint=endpoint or "",
        contact=contact or "",
        report_to=report_to or "",
        previous=previous or "",
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
        before = found.of(release(dataset, canonical).id)
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
