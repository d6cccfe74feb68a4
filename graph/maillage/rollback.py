"""Back to a release that was current before, in one step, while others read.

The target is looked at first, file by file, and nothing is pointed to that is not whole. The
release that is left stays where it is; whoever reads it goes on reading it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from maillage.cache import unfit, whole
from maillage.errors import MaillageError
from maillage.holding import lock
from maillage.inventory import changed, made_at, read
from maillage.release import history, kept, point, pointed

__all__ = ["Kept", "Moved", "releases", "rollback"]

#: ``store``: the N-Quads are whole, the store is made anew when it is opened.
State = Literal["whole", "store", "damaged"]


@dataclass(frozen=True)
class Kept:
    """A release that is kept: when it was made (UTC), its statements (-1: not told), its state."""

    name: str
    made: str
    quads: int
    state: State
    current: bool


@dataclass(frozen=True)
class Moved:
    """From which release (none: the pointer was lost) to which, and the damaged ones between."""

    left: str | None
    now: str
    passed: tuple[str, ...]


def releases(out: Path) -> list[Kept]:
    """The releases of an output folder, the newest first, each looked at file by file.

    :raises MaillageError: when there is none.
    """
    names = _names(out)
    here = pointed(out)
    found: list[Kept] = []
    for name in names:
        folder = out / "releases" / name
        state: State = "damaged"
        made, quads = "", -1
        with suppress(MaillageError, OSError):
            inventory = read(folder)
            made, quads = made_at(folder, inventory), inventory.quads
            if not changed(folder, inventory, inventory.kept()):
                state = "store" if unfit(folder, inventory) else "whole"
        found.append(Kept(name, made, quads, state, name == here))
    return found


def rollback(out: Path, to: str | None = None) -> Moved:
    """Make another release the current one.

    :param to: its name; without one, that which was current before, or, when it is damaged, the
        next one that is whole.
    :raises MaillageError: when there is no such release, or it is not whole; nothing has changed
        then.
    """
    names = _names(out)
    if to is not None and to not in names:
        raise MaillageError("no-release", name=to, path=out, known=", ".join(names))
    try:
        with lock(out):
            here = pointed(out)
            passed: list[str] = []
            for name in history(out) if to is None else [to]:
                try:
                    held = whole(out / "releases" / name, everything=True)
                except MaillageError:
                    if to is not None:
                        raise
                    passed.append(name)
                    continue
                with held:
                    point(out, name)
                return Moved(here, name, tuple(passed))
    except OSError as error:
        raise MaillageError("cannot-write", path=out, reason=error.strerror or error) from error
    raise MaillageError("no-way-back", path=out, known=", ".join(names))


def _names(out: Path) -> list[str]:
    names = kept(out)
    if not names:
        raise MaillageError("no-store", path=out)
    return names
