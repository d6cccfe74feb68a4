"""``maillage build``."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.build import build as make
from maillage.commands.manners import Verb, language, pieces, shared, steps, wipe
from maillage.errors import MaillageError
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
@click.option("--anew", is_flag=True)
@click.option("--load", metavar="URL")
@click.option("--load-to", metavar="URL")
@click.option("--load-by", type=click.Choice(["update", "graph-store"]))
@shared
@click.pass_context
def build(
    ctx: click.Context,
    out: Path,
    also: tuple[Path, ...],
    gazetteer: bool,
    anew: bool,
    load: str | None,
    load_to: str | None,
    load_by: str | None,
    lang: Language,
) -> None:
    """Build the graph: sources to a checked store, dumps and the network page."""
    if load:
        # before anything is made; the library takes a tenth of a second
        from maillage.engines import checked

        checked(load)
    elif load_to or load_by:
        raise MaillageError("load-to-alone")
    told = pieces(ctx, "gazetteer") if gazetteer else None
    built = make(out, lang, also, steps(ctx, 9), told, piece=pieces(ctx, "check"), anew=anew)
    wipe()  # a step may have been left out: the last one was not known for it
    if not built.report.conforms():
        click.echo(built.report.text(lang))
        click.echo(say("check.fails", lang), err=True)
        ctx.exit(1)
    click.echo(built.text(lang))
    if load:
        _load(ctx, out, load, load_to, load_by)


def _load(ctx: click.Context, out: Path, address: str, to: str | None, by: str | None) -> None:
    """Put what was built into an engine, and say what that took."""
    from maillage.loading import load  # likewise

    done = load(out, address, to, by, pieces(ctx, "load"))
    values = {"release": done.release, "address": address, "n": done.sent, "kept": done.kept}
    key = "build.loaded" if done.sent else "build.loaded-before"
    click.echo("\n" + say(key, language(ctx), **values))
