"""The output folder: one release at a time, whole or not at all.

``DIR/releases/<id>/`` holds what a build made, ``DIR/current`` points to the newest. A release is
made under a temporary name, flushed to disk, listed in ``inventory.json`` with sizes and digests,
renamed, and only then pointed to; whatever interrupts a build leaves the previous one as it was.
The canonical N-Quads are the truth; the Oxigraph folder beside them is a cache of it, which is
checked at opening and made anew when it is not fit (:mod:`maillage.cache`).

Three releases are kept, and those that somebody reads: a reader holds its release, and a build
takes away only what nobody holds.
"""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from errno import EACCES
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from maillage.cache import fill, sweep, whole
from maillage.errors import MaillageError
from maillage.holding import Hold, alone, flush, lock
from maillage.inventory import FILE, STORE, made_at, read, take, write
from maillage.store import Engine, open_folder

__all__ = [
    "DEFAULT",
    "current",
    "history",
    "hold",
    "intact",
    "kept",
    "open_store",
    "point",
    "pointed",
    "ready",
    "release",
    "replaced",
]

#: Where a build goes, and where questions look, when nobody says otherwise.
DEFAULT: Final = Path("maillage-out")

_KEPT: Final = 3  # releases; the newest, and two to go back to
_RELEASES: Final = "releases"


def open_store(where: str | None) -> Engine:
    """Open the graph: the address of a SPARQL 1.1 endpoint, or a folder that ``build`` made.

    The release is held as long as the store is in use.

    :param where: ``http(s)://…``, a folder, or ``None`` for the default folder.
    :raises MaillageError: when nothing is there, or it has changed since it was built.
    """
    if where and "://" in where:
        # its library takes a tenth of a second to load
        from maillage.engines import open_endpoint

        return open_endpoint(where)
    held = hold(Path(where) if where else DEFAULT)
    store = open_folder(held.folder / STORE)
    weakref.finalize(store, held.close)
    return store


def hold(out: Path, *, everything: bool = False) -> Hold:
    """The release that an output folder points to, its N-Quads and its store whole.

    ``hold(out).folder`` is the release, ``… / "store"`` its Oxigraph folder, ready to be read;
    neither is taken away until the hold is closed. A store that is not fit is made anew.

    :param everything: look at its other files, too.
    :raises MaillageError: when there is none, or it cannot be made fit.
    """
    while True:
        folder = current(out)
        with suppress(FileNotFoundError):  # another became current, and this one was forgotten
            return whole(folder, everything=everything)


def intact(out: Path) -> Path:
    """The release that an output folder points to, every file of it as it was built.

    :raises MaillageError: when there is none, a file has changed, or its store cannot be made fit.
    """
    with hold(out, everything=True) as held:
        return held.folder


def current(out: Path) -> Path:
    """The release that an output folder points to.

    :raises MaillageError: when there is none, or the pointer leads elsewhere.
    """
    if (out / FILE).is_file():  # somebody names the release itself
        return out.resolve()
    name = pointed(out)
    if name:
        return out / _RELEASES / name
    if os.path.lexists(out / "current"):
        raise MaillageError("pointer-lost", path=out / "current", out=out)
    raise MaillageError("no-store", path=out)


def pointed(out: Path) -> str | None:
    """The name of the release that is current; nothing when the pointer leads to none."""
    pointer = out / "current"
    try:
        if pointer.is_symlink():
            parent, name = pointer.readlink().parts
        else:  # where links cannot be made, the name of the release stands in a file
            parent, name = _RELEASES, pointer.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    ours = parent == _RELEASES and name == Path(name).name and not name.startswith(".")
    return name if ours and (out / _RELEASES / name / FILE).is_file() else None


def kept(out: Path) -> list[str]:
    """The names of the releases that are kept, whatever their state, the newest first."""
    made: list[tuple[str, str]] = []
    with suppress(OSError):
        for path in (out / _RELEASES).iterdir():
            if path.name.startswith(".") or not (path / FILE).is_file():
                continue
            inventory = None
            with suppress(MaillageError):
                inventory = read(path)
            made.append((made_at(path, inventory), path.name))
    return [name for _, name in sorted(made, reverse=True)]


def ready(out: Path) -> None:
    """Refuse a folder in which no release can be made, before the work that a release takes.

    :raises MaillageError: when the folder is somebody else's, or cannot be written.
    """
    try:
        if out.exists() and not (out / _RELEASES).is_dir() and any(out.iterdir()):
            raise MaillageError("not-ours", path=out)
    except OSError as error:
        raise MaillageError("cannot-write", path=out, reason=error.strerror or error) from error
    there = next(path for path in (out / _RELEASES, out, *out.absolute().parents) if path.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise MaillageError("cannot-write", path=out, reason=os.strerror(EACCES))


@contextmanager
def release(
    out: Path,
    step: Callable[[str], None] = lambda _: None,
    named: Callable[[str], None] = lambda _: None,
) -> Iterator[Path]:
    """Make a release: fill the folder that is given; on leaving it becomes the current one.

    The folder must hold N-Quads (``*.nq``, one statement a line); the store is made from them. An
    exception, and even a killed process, leaves the previous release untouched.

    :param step: told the name of each step as it starts.
    :param named: told the name of the release, once it is the current one.
    :raises MaillageError: when the folder cannot be written, is somebody else's, or is busy.
    """
    ready(out)
    releases = out / _RELEASES
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with lock(out):
            _sweep(releases)
            temporary = releases / f".tmp-{os.getpid()}"
            temporary.mkdir()
            try:
                yield temporary
                step("store")
                stored = fill(temporary, temporary)
                step("keep")
                named(_commit(temporary, out, stored))
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise MaillageError("cannot-write", path=out, reason=error.strerror or error) from error


def _sweep(releases: Path) -> None:
    """Clear away what killed processes have left, where nobody is at work."""
    for left in releases.glob(".tmp-*"):
        shutil.rmtree(left)
    for path in releases.iterdir():
        with suppress(BlockingIOError), alone(path):
            sweep(path)


def _commit(temporary: Path, out: Path, stored: int) -> str:
    before = pointed(out)
    inventory = take(temporary, stored, before)
    write(temporary, inventory)
    flush(*temporary.rglob("*"), temporary)
    name, number, damaged = inventory.release, 1, []
    while (final := out / _RELEASES / name).exists():
        # The same content again: keep the release that is there, if it is whole.
        with suppress(MaillageError), whole(final, everything=True):
            if name != before:
                write(final, replace(read(final), made=inventory.made, before=before))
            break
        damaged.append(name)
        number += 1
        name = f"{inventory.release}.{number}"
    else:
        temporary.rename(final)
        flush(final.parent)
    point(out, name)
    _forget(out, name, damaged)
    return name


def point(out: Path, name: str) -> None:
    """Point ``current`` to a release, in one step that cannot be seen half done."""
    pointer, new = out / "current", out / ".current"
    with suppress(FileNotFoundError):
        new.unlink()
    try:
        new.symlink_to(Path(_RELEASES) / name, target_is_directory=True)
    except OSError:
        new.write_text(name + "\n", encoding="utf-8")
        flush(new)
    new.replace(pointer)
    flush(out)


def history(out: Path) -> list[str]:
    """The releases that were current before this one, the last first.

    Each tells which was current before it; that is not always the one made before it, since
    somebody may have gone back in between. Where that is not told, those made earlier follow;
    where nothing is current, all of them do.
    """
    names, here = kept(out), pointed(out)
    order = [here] if here in names else []
    while order:
        try:
            before = read(out / _RELEASES / order[-1]).before
        except MaillageError:
            break
        if before not in names or before in order:
            break
        order.append(before)
    earlier = names[names.index(order[-1]) + 1 :] if order else names
    return [*order[1:], *(name for name in earlier if name not in order)]


def _forget(out: Path, newest: str, damaged: list[str]) -> None:
    """Keep three releases, the newest and those current before it, and what somebody reads."""
    wanted = dict.fromkeys([newest, *history(out), *kept(out)])
    keep = [name for name in wanted if name not in damaged][:_KEPT]
    releases = out / _RELEASES
    for path in releases.iterdir():
        if path.name.startswith(".") or path.name in keep:
            continue
        with suppress(BlockingIOError), alone(path):
            # Under another name first: half of a release never looks like one.
            gone = releases / f".tmp-{path.name}"
            path.rename(gone)
            flush(releases)
            shutil.rmtree(gone)


@contextmanager
def replaced(out: Path, mark: str) -> Iterator[Path]:
    """Make a folder anew: fill the one that is given; on leaving it takes the place of ``out``.

    :param mark: a file that tells such a folder from somebody else's, which is left alone.
    :raises MaillageError: when ``out`` holds something else, or cannot be written.
    """
    out = out.resolve()
    if out.exists() and not (out / mark).is_file() and (out.is_file() or any(out.iterdir())):
        raise MaillageError("not-ours", path=out)
    temporary, old = (out.with_name(f".{out.name}.{part}") for part in ("new", "old"))
    # the lock lies elsewhere: the folder itself is replaced, and its parent is not ours
    room = Path(gettempdir()) / f"maillage-{sha256(str(out).encode()).hexdigest()[:16]}"
    try:
        room.mkdir(exist_ok=True)
        with lock(room):
            for left in (temporary, old):  # of a run that was killed
                if left.exists():
                    shutil.rmtree(left)
            temporary.mkdir(parents=True)
            try:
                yield temporary
                flush(*temporary.rglob("*"), temporary)
                if out.exists():
                    out.rename(old)
                temporary.rename(out)
                flush(out.parent)
            finally:
                for left in (temporary, old):
                    shutil.rmtree(left, ignore_errors=True)
    except OSError as error:
        raise MaillageError("cannot-write", path=out, reason=error.strerror or error) from error
