"""The store of a release: a cache of its N-Quads, checked before use, made anew when in doubt.

A flipped bit in an engine's folder lets it answer wrongly, or for ever; a list of its files that
was cut makes it answer from what is left. So the engine is asked to open only what has the sizes
and digests of the inventory, and then holds as many statements as when it was made.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from maillage.errors import MaillageError
from maillage.holding import Hold, alone, flush, shared
from maillage.inventory import FILE, STORE, Inventory, changed, read, retake, write
from maillage.prepared import prepare
from maillage.questions import questions
from maillage.seen import Seen
from maillage.store import write_folder, write_names

__all__ = ["fill", "sweep", "unfit", "whole"]

#: Seconds to wait for others who look at the same release, or make its store.
PATIENCE: Final = 30.0
_PAUSE: Final = 0.05

_WORK: Final = ".tmp-store"


def fill(folder: Path, into: Path) -> int:
    """Make a store from the N-Quads of a release, with its names and the answers that take time.

    :returns: how many statements it holds.
    """
    stored = write_folder(sorted(folder.glob("*.nq")), into / STORE)
    write_names(into / STORE)
    prepare(into / STORE, (asked.sparql for asked in questions().values() if asked.prepared))
    return stored


def whole(folder: Path, *, everything: bool = False) -> Hold:
    """A release whose N-Quads and store are whole, held until what is returned is closed.

    A store that is damaged, missing, or of another engine or layout is made anew; one that is
    fit is left alone.

    :param everything: look at its other files, too.
    :raises FileNotFoundError: when there is no such release any more.
    :raises MaillageError: when the N-Quads are not as they were built, or the store cannot be
        made anew.
    """
    end = time.monotonic() + PATIENCE
    while True:
        try:
            hold = shared(folder)
        except BlockingIOError:  # somebody makes its store, or takes it away
            if time.monotonic() > end:
                raise MaillageError("busy", path=folder) from None
            time.sleep(_PAUSE)
            continue
        try:
            fault = _fault(folder, everything=everything)
        except MaillageError:
            hold.close()
            raise
        if fault is None:
            return hold
        hold.close()
        _mend(folder, fault, end)


def _fault(folder: Path, *, everything: bool) -> Path | None:
    inventory = read(folder)
    names = inventory.kept() if everything else inventory.truth()
    if bad := changed(folder, inventory, names, anew=everything):
        raise MaillageError("store-damaged", file=bad)
    return unfit(folder, inventory, anew=everything)


def unfit(folder: Path, inventory: Inventory, *, anew: bool = False) -> Path | None:
    """What speaks against the store: a file that is not as it was, or the whole of it.

    :param anew: look through what is large, too, if that was done not long ago
        (:mod:`maillage.seen`).
    """
    store = folder / STORE
    if not inventory.current_form():
        return store
    found = {path.relative_to(folder).as_posix() for path in store.rglob("*") if path.is_file()}
    strange = found - inventory.files.keys()  # the engine would read a log that lies about
    if strange:
        return folder / min(strange)
    bad = changed(folder, inventory, inventory.cache(), anew=anew)
    if bad:
        return bad
    seen = Seen(folder)

    def count() -> int:
        return len(ox.Store.read_only(str(store)))

    try:
        held = count() if anew else seen.count(FILE, inventory.stored, count)
    except (OSError, ValueError):
        return store
    seen.keep()
    return None if held == inventory.stored else store


def _mend(folder: Path, fault: Path, end: float) -> None:
    """Make the store anew beside the one that is there, and put it in its place."""
    try:
        with _alone(folder, fault, end):
            inventory = read(folder)
            if unfit(folder, inventory) is None:  # somebody else was faster
                return
            sweep(folder)
            work = folder / _WORK
            work.mkdir()
            stored = fill(folder, work)
            new = retake(folder, inventory, work, stored)
            flush(*work.rglob("*"), work)
            # Killed between any two of these lines, the release has no store, or one that does
            # not fit its inventory; so whoever opens it next makes it anew.
            if (folder / STORE).exists():
                (folder / STORE).rename(work / "old")
            (work / STORE).rename(folder / STORE)
            write(folder, new)
            sweep(folder)
    except OSError as error:
        values = {"file": fault, "path": folder, "reason": error.strerror or error}
        raise MaillageError("store-not-mended", **values) from error


def sweep(folder: Path) -> None:
    """Clear away what a process that was killed has left in a release."""
    work = folder / _WORK
    if work.exists():
        shutil.rmtree(work)


def _alone(folder: Path, fault: Path, end: float) -> Hold:
    while True:
        try:
            return alone(folder)
        except BlockingIOError:
            if time.monotonic() > end:
                raise MaillageError("store-in-use", file=fault, path=folder) from None
            time.sleep(_PAUSE)
