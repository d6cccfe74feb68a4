"""``maillage cite``."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.commands.main import shared
from maillage.sources import locate
from maillage.words import Language, say


@click.command()
@click.argument("document", type=click.Path(path_type=Path), metavar="DOCUMENT")
@click.argument("words", nargs=-1, required=True)
@shared
def cite(document: Path, words: tuple[str, ...], lang: Language) -> None:
    """Find a passage of a document and give its place, for the evidence columns.

    DOCUMENT is your own copy of a source; WORDS are copied from it. Spaces and line ends do not
    count. The words themselves go nowhere: only their place is recorded.

    \b
    Example:
      maillage cite minutes.txt "Bordeaux et Wuhan"
    """
    found = locate(document, " ".join(words))
    click.echo(f"lines,chars\n{found.lines},{found.chars}")
    click.echo(say("cite.hint", lang), err=True)
