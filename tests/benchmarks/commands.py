"""Alternatives that are commands, started anew for each job as a person starts them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from tempfile import TemporaryFile

from bench import Told

__all__ = ["command"]


def command(argv: Sequence[str], read: str, status: int = 0) -> Callable[[object], Told]:
    """A command that does its one job whatever that is called.

    :param read: ``module:function`` from what it printed to lines that can be compared.
    :param status: with which it ends when all is well; some say 1 when they find anything.
    """
    module, _, name = read.partition(":")
    reader: Callable[[str], Iterable[str]] = getattr(import_module(module), name)

    def do(_: object) -> Told:
        with TemporaryFile() as printed:
            done = subprocess.run(
                argv, stdout=printed, env={**os.environ, "LC_ALL": "C.UTF-8"}, check=False
            )
            if done.returncode != status:
                raise OSError(f"{argv[0]} ended with status {done.returncode}")
            printed.seek(0)
            text = printed.read().decode()
        return Told(lambda: ((line,) for line in reader(text)))

    return do
