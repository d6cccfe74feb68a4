"""``maillage publish``."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.commands.manners import Verb, shared, steps
from maillage.exchange import write_graph
from maillage.network import links
from maillage.publish import SUMS
from maillage.publish import publish as make
from maillage.release import DEFAULT, intact, replaced
from maillage.store import dataset_of, memory_store
from maillage.words import Language, say


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
@shared
@click.pass_context
def publish(ctx: click.Context, out: Path, store: Path | None, lang: Language) -> None:
    """Publish the linked-data release: dumps, tables, VoID, DCAT."""
    step = steps(ctx, 3)
    step("read")
    dataset = dataset_of((intact(store or DEFAULT) / "maillage.nq").read_bytes())
    step("draw")
    network = write_graph(links(memory_store(dataset)), "graphml", lang)
    step("dump")
    with replaced(out, SUMS) as folder:
        make(dataset, folder, network)
    click.echo(say("publish.done", lang, path=out))
