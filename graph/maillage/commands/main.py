"""``maillage``: the group of commands."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

import click

from maillage import __version__
from maillage.commands.manners import helped, language, language_option, translated
from maillage.errors import MaillageError

__all__ = ["COMMANDS", "maillage", "main"]

#: The commands, in the order of the work. They are imported when typed: their libraries take up to
#: a second, and ``maillage -h`` does not wait for them.
COMMANDS: Final = ("build", "check", "ask", "measure", "draw", "publish", "cite")


class _Verbs(click.Group):
    """Commands in the order of the work, told apart from the options."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"maillage.commands.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def get_help(self, ctx: click.Context) -> str:
        return translated(self, ctx, super().get_help)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lang = language(ctx)
        with formatter.section("Commands"):
            formatter.write_dl([(name, helped(name, "short", lang)) for name in COMMANDS])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MaillageError as error:
            click.echo(error.text(language(ctx)), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="maillage")
@language_option
def maillage(lang: str) -> None:
    """A knowledge graph of decentralised cooperation; the options of the whole."""


def main() -> None:
    """Run the command line; a reader that goes away (``| head``) ends it quietly."""
    try:
        maillage()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
