"""What all commands share: help in three languages, ``--lang``, ``--store``, progress, output."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from errno import EISDIR
from functools import cache
from importlib.resources import files
from os import strerror
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, TypeVar, cast

import click

from maillage.errors import MaillageError
from maillage.words import LANGUAGES, Language, preferred, say

__all__ = [
    "Verb",
    "helped",
    "language",
    "language_option",
    "pieces",
    "shared",
    "steps",
    "store_option",
    "typed_language",
    "watch",
    "wipe",
    "write_out",
]

F = TypeVar("F", bound=Callable[..., Any])

_HEADINGS: Final = {"Usage:": "usage", "Options:": "options", "Commands:": "commands"}


@cache
def _help() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("maillage.commands").joinpath("help.toml").read_text(encoding="utf-8")
    return cast("Mapping[str, Mapping[str, Mapping[str, str]]]", tomllib.loads(text))


def helped(command: str, what: str, lang: Language) -> str:
    """One text of the help: of a command, or shared by all.

    >>> helped("draw", "short", "fr")
    'Dessiner le réseau, ou une partie, en un seul fichier HTML, qui s’ouvre hors ligne.'

    :raises KeyError: when nobody wrote it.
    """
    own = _help()[command]
    return (own[what] if what in own else _help()["shared"][what])[lang].strip()


class Verb(click.Command):
    """A command whose help stands in ``help.toml``, in three languages."""

    def get_help(self, ctx: click.Context) -> str:
        return translated(self, ctx, super().get_help)


def translated(
    command: click.Command, ctx: click.Context, make: Callable[[click.Context], str]
) -> str:
    """The help of a command in the language of this run."""
    lang, name = language(ctx), command.name or "maillage"
    # click keeps lines together that follow a backspace on a line of its own
    command.help = re.sub(r"\n\n(?=[^\n]+\n  )", "\n\n\b\n", helped(name, "text", lang))
    for parameter in command.get_params(ctx):
        if isinstance(parameter, click.Option):
            own = "--help" not in parameter.opts  # click's own option has a name of no use
            parameter.help = helped(name, str(parameter.name) if own else "help", lang)
    text = make(ctx)
    for heading, key in _HEADINGS.items():
        there = _help()["headings"][key][lang]
        text = re.sub(rf"^{heading}", there, text, flags=re.MULTILINE)
    return re.sub(r"\[default: ", f"[{_help()['headings']['default'][lang]}", text)


def language(ctx: click.Context) -> Language:
    """The language that this run speaks: what was chosen, else the environment's."""
    chosen: Language | None = ctx.find_root().meta.get("maillage.lang")
    return chosen or typed_language()


def typed_language() -> Language:
    """The language of this run as far as the command line and the environment tell."""
    return _typed() or preferred()


def _typed() -> Language | None:
    """The language on the command line, where help is asked for before it was read."""
    line = " ".join(sys.argv[1:])
    found = re.search(r"--lang[ =](fr|en|zh)\b", line)
    return cast("Language", found[1]) if found else None


def _remember(ctx: click.Context, _: click.Parameter, value: Language | None) -> Language:
    if value:
        ctx.find_root().meta["maillage.lang"] = value
    return language(ctx)


def language_option(command: F) -> F:
    """``--lang``, before or after the name of the command."""
    option = click.option("--lang", type=click.Choice(LANGUAGES), callback=_remember, is_eager=True)
    return option(command)


def shared(command: F) -> F:
    """The options that every command has: ``--lang`` and ``-v``."""
    verbose = click.option("-v", "--verbose", is_flag=True, expose_value=False, callback=_speak)
    return language_option(verbose(command))


def _speak(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    ctx.find_root().meta["maillage.verbose"] = value


def store_option(command: F) -> F:
    """``--store``, for commands that read a graph."""
    return click.option("--store", metavar="DIR|URL")(command)


def steps(ctx: click.Context, total: int) -> Callable[[str], None]:
    """A progress line on the terminal; silent when nobody watches, one line a step with ``-v``."""
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
            wipe()

    return step


def pieces(ctx: click.Context, name: str) -> Callable[[int, int], None]:
    """A progress line for work in pieces; silent when nobody watches, a line each with ``-v``."""
    text = say(f"step.{name}", language(ctx))
    verbose = ctx.find_root().meta.get("maillage.verbose", False)

    def piece(done: int, total: int) -> None:
        if verbose:
            click.echo(f"{text} {done}/{total}", err=True)
        elif sys.stderr.isatty():
            click.echo(f"\r\033[K{text} {done}/{total}", nl=False, err=True)
            if done == total:
                wipe()

    return piece


def wipe() -> None:
    """Take the progress line away, so that what is said next stands alone."""
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def watch(ctx: click.Context, name: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar for work that is counted; silent when nobody watches.

    :param name: of the step (``step.<name>``). :param total: how many pieces of work there are.
    """
    label = say(f"step.{name}", language(ctx))
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)
        bar.update(total - bar.pos)


def write_out(data: bytes, target: str | None) -> None:
    """Write to a file under its name only when whole, or to standard output (``-`` or nothing).

    :raises MaillageError: when the file cannot be written.
    """
    if target in (None, "-"):
        if sys.stdout.isatty() and b"\0" in data:
            raise MaillageError("not-for-terminals")
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(str(target)).resolve()  # of a link, what it points to
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR))
        if path.exists() and not path.is_file():  # a device or a pipe is written, never replaced
            path.write_bytes(data)
            return
        _replace(path, data)
    except OSError as error:
        raise MaillageError("cannot-write", path=path, reason=error.strerror or error) from error


def _replace(path: Path, data: bytes) -> None:
    """Put a whole file in the place of another, with the other's permissions."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as handle:
        temporary = Path(handle.name)
        try:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
            mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
            temporary.chmod(mode & 0o777)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise


def _umask() -> int:
    # the system tells the mask only by setting another
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
