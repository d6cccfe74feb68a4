"""``maillage``: the group of commands, and what they share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from maillage import __version__
from maillage.errors import MaillageError
from maillage.words import LANGUAGES, Language, preferred

__all__ = ["language", "maillage", "main", "shared", "steps", "store_option", "write_out"]

F = TypeVar("F", bound=Callable[..., Any])

# Commands are imported when typed: their libraries take up to a second, `maillage -h` does not.
_COMMANDS: Final[Mapping[str, str]] = {
    "build": "Build the graph: sources to a checked store, dumps and the network page.",
    "check": "Check data against the rules, and say in sentences what to mend.",
    "ask": "Ask a named question, or one of your own in SPARQL.",
    "measure": "Measure the network, with and without links to be confirmed.",
    "draw": "Draw the network as one HTML file that works offline.",
    "publish": "Publish the linked-data release: dumps, tables, VoID, DCAT.",
    "cite": "Find a passage of a document and give its place, for the evidence columns.",
}


class _Verbs(click.Group):
    """Commands in the order of the work, told apart from the options."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"maillage.commands.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:  # click's own signature
        try:
            return super().invoke(ctx)
        except MaillageError as error:
            click.echo(error.text(language(ctx)), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="maillage")
def maillage() -> None:
    """A knowledge graph of decentralised cooperation, in which every link is a claim with a source.

    \b
    Example:
      maillage build && maillage ask proposed-pairs --lang fr
    """


def language(ctx: click.Context) -> Language:
    """The language that this run speaks: what was chosen, else the environment's."""
    chosen: Language | None = ctx.find_root().meta.get("maillage.lang")
    return chosen or preferred()


def _remember_language(ctx: click.Context, _: click.Parameter, value: Language | None) -> Language:
    if value:
        ctx.find_root().meta["maillage.lang"] = value
    return language(ctx)


def shared(command: F) -> F:
    """The options that every command has: ``--lang`` and ``-v``."""
    lang = click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        callback=_remember_language,
        is_eager=True,
        help="Language of answers and messages [default: MAILLAGE_LANG, else the system's].",
    )
    verbose = click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_speak,
        help="Say what is done.",
    )
    return lang(verbose(command))


def _speak(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # click's own signature
    ctx.find_root().meta["maillage.verbose"] = value


def store_option(command: F) -> F:
    """``--store``, for commands that read a graph."""
    option = click.option(
        "--store",
        metavar="DIR|URL",
        help="Folder that build made, or address of a SPARQL 1.1 endpoint [default: maillage-out].",
    )
    return option(command)


def steps(ctx: click.Context, total: int) -> Callable[[str], None]:
    """A progress line on the terminal; silent when nobody watches, one line a step with ``-v``."""
    from maillage.words import say

    lang, done = language(ctx), 0
    verbose = ctx.find_root().meta.get("maillage.verbose", False)
    watched = sys.stderr.isatty()

    def step(name: str) -> None:
        nonlocal done
        done += 1
        text = f"[{done}/{total}] {say(f'step.{name}', lang)}"
        if verbose or not watched:
            if verbose:
                click.echo(text, err=True)
            return
        click.echo(f"\r\033[K{text}", nl=False, err=True)
        if done == total:
            click.echo("\r\033[K", nl=False, err=True)

    return step


def write_out(data: bytes, target: str | None) -> None:
    """Write to a file under its name only when whole, or to standard output (``-`` or nothing).

    :raises MaillageError: when the file cannot be written.
    """
    if target in (None, "-"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(str(target))
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise MaillageError("cannot-write", path=path, reason=error.strerror or error) from error


def main() -> None:
    """Run the command line; a reader that goes away (``| head``) ends it quietly."""
    try:
        maillage()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
