"""``maillage``: the group of commands."""

from __future__ import annotations

import logging
import os
import signal
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final

import click

from maillage import __version__
from maillage.commands.manners import (
    helped,
    language,
    language_option,
    translated,
    typed_language,
    wipe,
)
from maillage.errors import MaillageError
from maillage.words import say

__all__ = ["COMMANDS", "maillage", "main"]

#: The commands, in the order of the work. They are imported when typed: their libraries take up to
#: a second, and ``maillage -h`` does not wait for them.
COMMANDS: Final = (
    "build",
    "check",
    "ask",
    "import",
    "match",
    "measure",
    "draw",
    "publish",
    "serve",
    "rollback",
    "diff",
    "cite",
)
# Where a command stands whose name is a word of Python.
_ELSEWHERE: Final = {"import": ("take", "import_")}


#: What shells expect of a program that was interrupted: 128 and the number of the signal.
INTERRUPTED: Final = 130


class _Verbs(click.Group):
    """Commands in the order of the work, told apart from the options."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name, function = _ELSEWHERE.get(cmd_name, (cmd_name, cmd_name))
        module = import_module(f"maillage.commands.{name}")
        command: click.Command = getattr(module, function)
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
            wipe()
            click.echo(error.text(language(ctx)), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="maillage")
@language_option
def maillage(lang: str) -> None:
    """A knowledge graph of decentralised cooperation; the options of the whole."""


def _end_in_order() -> None:
    """Take what is temporary away, too, when the system or a closed terminal ends the program."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has one of them
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # else nohup's
            signal.signal(number, lambda ended, _: sys.exit(128 + ended))


def main() -> None:
    """Run the command line; whatever ends it ends in a sentence and a code, never in a trace."""
    # rdflib warns of addresses on its own account; Maillage says what is wrong itself
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a message in Chinese on a terminal that has none
            stream.reconfigure(errors="replace")
    _end_in_order()
    lang = typed_language()
    try:
        code = maillage(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(say("interrupted", lang), err=True)
        code = INTERRUPTED
    except BrokenPipeError:  # a reader that went away (`| head`) has what it wants
        sys.stderr.close()
        os._exit(0)
    except OSError as error:
        reason = error.strerror or str(error)
        click.echo(
            say("error.cannot-write", lang, path=error.filename or "-", reason=reason), err=True
        )
        os._exit(2)
    except Exception as error:  # noqa: BLE001  # the last net: a fault of ours is told as one
        click.echo(say("unexpected", lang, kind=type(error).__name__, reason=error), err=True)
        code = 2
    sys.exit(code or 0)
