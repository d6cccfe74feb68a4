"""``maillage cite``."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.commands.manners import Verb, shared
from maillage.sources import locate
from maillage.words import Language, say


@click.command(cls=Verb)
@click.argument("document", type=click.Path(path_type=Path), metavar="DOCUMENT")
@click.argument("words", nargs=-1, required=True)
@shared
def cite(document: Path, words: tuple[str, ...], lang: Language) -> None:
    """Find a passage of a document and give its place, for the evidence columns."""
    found = locate(document, " ".join(words))
    click.echo(f"lines,chars\n{found.lines},{found.chars}")
    click.echo(say("cite.hint", lang), err=True)
