"""``maillage build``."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.build import build as make
from maillage.commands.manners import Verb, pieces, shared, steps
from maillage.release import DEFAULT
from maillage.words import Language, say


@click.command(cls=Verb)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT,
    show_default=True,
    metavar="DIR",
)
@click.option(
    "--also",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    metavar="PATH",
)
@click.option("--gazetteer", is_flag=True)
@shared
@click.pass_context
def build(
    ctx: click.Context, out: Path, also: tuple[Path, ...], gazetteer: bool, lang: Language
) -> None:
    """Build the graph: sources to a checked store, dumps and the network page."""
    told = pieces(ctx, "gazetteer") if gazetteer else None
    built = make(out, lang, also, steps(ctx, 9), told)
    if not built.report.conforms():
        click.echo(built.report.text(lang))
        click.echo(say("check.fails", lang), err=True)
        ctx.exit(1)
    click.echo(built.text(lang))
