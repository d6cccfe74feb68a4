"""``maillage rollback``."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.commands.manners import Verb, shared
from maillage.release import DEFAULT
from maillage.rollback import releases
from maillage.rollback import rollback as go_back
from maillage.words import Language, say


@click.command(cls=Verb)
@click.option("--store", type=click.Path(path_type=Path), default=DEFAULT, metavar="DIR")
@click.option("--to", metavar="ID")
@click.option("--list", "listed", is_flag=True)
@shared
@click.pass_context
def rollback(ctx: click.Context, store: Path, to: str | None, listed: bool, lang: Language) -> None:
    """Go back to an earlier release."""
    if listed:
        for one in releases(store):
            mark = "*" if one.current else " "
            quads = str(one.quads) if one.quads >= 0 else "?"
            state = say(f"rollback.{one.state}", lang)
            when = one.made[:19].replace("T", " ")
            click.echo(f"{mark} {one.name:<15} {when:<19} {quads:>9}  {state}")
        return
    moved = go_back(store, to)
    for name in moved.passed:
        click.echo(say("rollback.passed", lang, name=name), err=True)
    if moved.left == moved.now:
        click.echo(say("rollback.same", lang, now=moved.now))
    elif moved.left is None:
        click.echo(say("rollback.found", lang, now=moved.now))
    else:
        click.echo(say("rollback.done", lang, left=moved.left, now=moved.now, path=store))
    click.echo(say("rollback.served", lang))
