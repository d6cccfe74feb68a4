"""The output folder: one release at a time, whole or not at all.

``DIR/releases/<id>/`` holds what a build made, ``DIR/current`` points to the newest. A release is
made under a temporary name, flushed to disk, listed in ``inventory.json`` with sizes and digests,
renamed, and only then pointed to; whatever interrupts a build leaves the previous one as it was.
The canonical N-Quads are the truth; the Oxigraph folder beside them is a cache of it, and is not
opened when a file of it has changed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from maillage.errors import MaillageError
from maillage.store import Store, open_endpoint, open_folder

__all__ = ["DEFAULT", "current", "intact", "open_store", "release", "replaced"]

#: Where a build goes, and where questions look, when nobody says otherwise.
DEFAULT: Final = Path("maillage-out")

_KEPT: Final = 3  # releases; the newest, and two to go back to
_INVENTORY: Final = "inventory.json"
_STORE: Final = "store"
# How the store is laid out (named graphs, and their union by default); a change of this makes a
# new release even when the graph is the same.
_LAYOUT: Final = "layout union-by-default"


def open_store(where: str | None) -> Store:
    """Open the graph: the address of a SPARQL 1.1 endpoint, or a folder that ``build`` made.

    :param where: ``http(s)://…``, a folder, or ``None`` for the default folder.
    :raises MaillageError: when nothing is there, or it has changed since it was built.
    """
    if where and "://" in where:
        return open_endpoint(where)
    folder = current(Path(where) if where else DEFAULT)
    _verify(folder, only=_is_cache)
    return open_folder(folder / _STORE)


def intact(out: Path) -> Path:
    """The release that an output folder points to, every file of it as it was built.

    :raises MaillageError: when there is none, or a file has changed.
    """
    folder = current(out)
    _verify(folder, only=lambda _: True)
    return folder


def current(out: Path) -> Path:
    """The release that an output folder points to.

    :raises MaillageError: when there is none.
    """
    if (out / _INVENTORY).is_file():  # somebody names the release itself
        return out
    pointer = out / "current"
    if pointer.is_file():  # where links cannot be made, the name of the release stands in a file
        pointer = out / "releases" / pointer.read_text(encoding="utf-8").strip()
    if not (pointer / _INVENTORY).is_file():
        raise MaillageError("no-store", path=out)
    return pointer


@contextmanager
def release(out: Path) -> Iterator[Path]:
    """Make a release: fill the folder that is given; on leaving it becomes the current one.

    An exception, and even a killed process, leaves the previous release untouched.

    :raises MaillageError: when the folder cannot be written, is somebody else's, or is busy.
    """
    releases = out / "releases"
    try:
        if out.exists() and not releases.is_dir() and any(out.iterdir()):
            raise MaillageError("not-ours", path=out)
        releases.mkdir(parents=True, exist_ok=True)
        with _lock(out):
            for left in releases.glob(".tmp-*"):  # of a build that was killed
                shutil.rmtree(left)
            temporary = releases / f".tmp-{os.getpid()}"
            temporary.mkdir()
            try:
                yield temporary
                _commit(temporary, out)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise MaillageError("cannot-write", path=out, reason=error.strerror or error) from error


@contextmanager
def _lock(out: Path) -> Iterator[None]:
    """Keep a second build out of the folder; the system drops the lock of a killed process."""
    try:
        import fcntl
    except ImportError:  # Windows: two builds at once are then the person's own risk
        yield
        return
    with (out / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MaillageError("busy", path=out) from error
        yield


def _commit(temporary: Path, out: Path) -> None:
    inventory = _inventory(temporary)
    # What the store's engine writes differs from run to run; everything else names the release.
    told = [f"{name} {entry['sha256']}" for name, entry in inventory.items() if not _is_cache(name)]
    name = sha256("\n".join([_LAYOUT, *told]).encode()).hexdigest()[:12]
    text = json.dumps({"release": name, "files": inventory}, indent=1) + "\n"
    (temporary / _INVENTORY).write_text(text, encoding="utf-8")
    for path in [*temporary.rglob("*"), temporary]:
        _flush(path)
    final = out / "releases" / name
    if final.exists():  # the same content again: keep the release that is there, if it is whole
        with suppress(MaillageError):
            _verify(final, only=lambda _: True)
            _point(out, name)
            return
        shutil.rmtree(final)
    temporary.rename(final)
    _flush(final.parent)
    _point(out, name)
    _forget(out, name)


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
    lock = Path(gettempdir()) / f"maillage-{sha256(str(out).encode()).hexdigest()[:16]}"
    try:
        lock.mkdir(exist_ok=True)
        with _lock(lock):
            for left in (temporary, old):  # of a run that was killed
                if left.exists():
                    shutil.rmtree(left)
            temporary.mkdir(parents=True)
            try:
                yield temporary
                for path in [*temporary.rglob("*"), temporary]:
                    _flush(path)
                if out.exists():
                    out.rename(old)
                temporary.rename(out)
                _flush(out.parent)
            finally:
                for left in (temporary, old):
                    shutil.rmtree(left, ignore_errors=True)
    except OSError as error:
        raise MaillageError("cannot-write", path=out, reason=error.strerror or error) from error


def _inventory(folder: Path) -> dict[str, dict[str, int | str]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    entries: dict[str, dict[str, int | str]] = {}
    for path in files:
        with path.open("rb") as handle:
            digest = file_digest(handle, "sha256").hexdigest()
        name = path.relative_to(folder).as_posix()
        entries[name] = {"bytes": path.stat().st_size, "sha256": digest}
    return entries


def _is_cache(name: str) -> bool:
    return name.startswith(f"{_STORE}/")


def _verify(folder: Path, only: Callable[[str], bool]) -> None:
    """Compare files with the inventory.

    An engine opens a truncated folder without a word and answers from what is left; so it is not
    asked to.
    """
    inventory = folder / _INVENTORY
    try:
        listed = dict(json.loads(inventory.read_text(encoding="utf-8"))["files"])
    except (ValueError, TypeError, LookupError) as error:
        raise MaillageError("store-damaged", file=inventory) from error
    for name, entry in listed.items():
        if not only(name):
            continue
        path = folder / name
        if not path.is_file() or path.stat().st_size != entry["bytes"]:
            raise MaillageError("store-damaged", file=path)
        with path.open("rb") as handle:
            if file_digest(handle, "sha256").hexdigest() != entry["sha256"]:
                raise MaillageError("store-damaged", file=path)


def _flush(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows has no way to flush a folder
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _point(out: Path, name: str) -> None:
    """Point ``current`` to a release, in one step that cannot be seen half done."""
    pointer, new = out / "current", out / ".current"
    with suppress(FileNotFoundError):
        new.unlink()
    try:
        new.symlink_to(Path("releases") / name, target_is_directory=True)
    except OSError:
        new.write_text(name + "\n", encoding="utf-8")
    new.replace(pointer)
    _flush(out)


def _forget(out: Path, newest: str) -> None:
    """Keep the newest releases only; never the one in use."""
    releases = [path for path in (out / "releases").iterdir() if not path.name.startswith(".")]
    releases.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in releases[_KEPT:]:
        if path.name != newest:
            shutil.rmtree(path)
