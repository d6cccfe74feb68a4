"""``maillage draw``."""

from __future__ import annotations

import click

from maillage.commands.manners import Verb, shared, store_option, write_out
from maillage.draw import page
from maillage.network import links
from maillage.release import open_store
from maillage.words import Language


@click.command(cls=Verb)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    default="network.html",
    show_default=True,
)
@click.option("--title", metavar="TEXT")
@store_option
@shared
def draw(output: str, title: str | None, store: str | None, lang: Language) -> None:
    """Draw the network as one HTML file that works offline."""
    graph = links(open_store(store))
    heading = {"fr": title, "en": title, "zh": title} if title else None
    write_out(page(graph, title=heading, lang=lang).encode(), output)
    if output != "-":
        click.echo(output)
