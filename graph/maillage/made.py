"""What a build was made from, so that the next one does not do again what would come out the same.

``made.json`` beside the releases of an output folder holds the digests of every file that a build
read and of the program that read it, with what the build found. When nothing of it has changed the
release stays as it is; when only data have, the check looks at what the change can reach
(:func:`maillage.judge.again`). It is a memory of ours and no part of a release: without it, or with
one that cannot be read, everything is done from the start.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

from maillage.folders import folder, sha256_of
from maillage.holding import flush
from maillage.terms import BASE

__all__ = ["FILE", "Ingredients", "Made", "ingredients", "remember", "remembered"]

FILE: Final = "made.json"

_PACKAGE: Final = Path(__file__).resolve().parent
# What travels inside the package of a wheel is listed as data, not as program.
_FOLDERS: Final = ("ontology", "queries", "data")


@dataclass(frozen=True)
class Ingredients:
    """What a build is made from.

    :ivar program: a digest of our code and address, and of the versions of what they stand on.
    :ivar rules: a digest of the ontology: when it is another, every thing is checked again.
    :ivar files: name and SHA-256 of every table, concept file and question.
    :ivar wishes: what the person asked for.
    """

    program: str
    rules: str
    files: Mapping[str, str]
    wishes: Sequence[str]


@dataclass(frozen=True)
class Made:
    """A build that ended well: from what, which release it became, and what is told of it."""

    ingredients: Ingredients
    release: str
    told: Mapping[str, Any]


def ingredients(also: Sequence[Path], wishes: Sequence[str]) -> Ingredients:
    """What a build would be made from now.

    :param also: tables and folders of tables of the person's own; of a folder, what is read there.
    """
    files: dict[str, str] = {}
    for name in _FOLDERS:
        files |= _below(folder(name), name)
    for number, path in enumerate(also):
        tables = path.glob("*.csv") if path.is_dir() else [path]
        for table in sorted(tables):
            # a description beside a table says how it is read
            for file in (table, table.with_name(f"{table.name}-metadata.json")):
                files |= _digests(file, f"also/{number}")
    rules = {name: digest for name, digest in files.items() if name.startswith("ontology/")}
    return Ingredients(_program(), _digest(rules), files, list(wishes))


def remembered(out: Path) -> Made | None:
    """What is remembered of the last build of a folder."""
    with suppress(OSError, ValueError, TypeError, LookupError, RecursionError):
        kept = json.loads((out / FILE).read_text(encoding="utf-8"))
        return Made(Ingredients(**kept["ingredients"]), str(kept["release"]), dict(kept["told"]))
    return None


def remember(out: Path, made: Made) -> None:
    """Remember a build, in one step. That it cannot be remembered is no failure of the build."""
    new = out / f".{FILE}"
    with suppress(OSError):
        text = json.dumps(asdict(made), ensure_ascii=False)
        new.write_text(text + "\n", encoding="utf-8")
        flush(new)
        new.replace(out / FILE)


def _below(path: Path, name: str) -> dict[str, str]:
    """The files of one of our folders."""
    found: dict[str, str] = {}
    for below in sorted(path.iterdir()):
        if not below.name.startswith((".", "__pycache__")):
            place = f"{name}/{below.name}"
            found |= _below(below, place) if below.is_dir() else _digests(below, name)
    return found


def _digests(file: Path, name: str) -> dict[str, str]:
    if not file.is_file():  # whoever reads it will say so
        return {}
    return {f"{name}/{file.name}": sha256_of(file)}


def _program() -> str:
    """Our code, our address, and the versions of Python and of every library that is there."""
    told = {"python": platform.python_version(), "machine": platform.machine(), "os": os.name}
    told |= {"base": BASE}
    told |= {f"library/{found.name}": found.version for found in distributions()}
    for path in sorted(_PACKAGE.iterdir()):
        if path.name not in {*_FOLDERS, "__pycache__"} and not path.name.startswith("."):
            name = f"maillage/{path.name}"
            told |= _below(path, name) if path.is_dir() else _digests(path, "maillage")
    return _digest(told)


def _digest(told: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(told.items()))
    return sha256(lines.encode()).hexdigest()
