"""What a release holds: the size and digest of every file, and by what its store was made.

``inventory.json`` stands in each release. The canonical N-Quads are the truth; the folder
``store`` is the engine's cache of them, and its files are listed too, since an engine opens a
damaged folder without a word and answers from what is left.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from maillage.errors import MaillageError
from maillage.folders import sha256_of
from maillage.holding import flush
from maillage.seen import FILE as SEEN
from maillage.seen import Seen

__all__ = [
    "ENGINE",
    "FILE",
    "STORE",
    "Entry",
    "Inventory",
    "changed",
    "made_at",
    "read",
    "retake",
    "take",
    "write",
]

FILE: Final = "inventory.json"
STORE: Final = "store"

#: Whose folder the store is: a newer engine changes the folder, an older one cannot read it.
ENGINE: Final = f"oxigraph {ox.__version__}"

#: How the store is laid out (named graphs, and their union by default); a change of this makes a
#: new release even when the graph is the same.
LAYOUT: Final = "layout union-by-default"

#: How the inventory itself is written. The first had no number, no engine, layout or counts.
_FORMAT: Final = 2


@dataclass(frozen=True)
class Entry:
    """A file as it was written."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Inventory:
    """What stands in a release.

    ``release`` is the digest of all that is not the engine's; ``made`` when it became current, in
    UTC; ``before`` the release that was current then; ``quads`` the statements of the N-Quads and
    ``stored`` those of the store (the union among them), ``-1`` in inventories that do not tell.
    """

    release: str
    files: Mapping[str, Entry]
    format: int = _FORMAT
    made: str = ""
    before: str | None = None
    engine: str = ""
    layout: str = ""
    quads: int = -1
    stored: int = -1

    def truth(self) -> list[str]:
        """The files of N-Quads from which the store is made."""
        return [name for name in self.files if name.endswith(".nq")]

    def kept(self) -> list[str]:
        """All files but the engine's."""
        return [name for name in self.files if not is_cache(name)]

    def cache(self) -> list[str]:
        """The engine's files."""
        return [name for name in self.files if is_cache(name)]

    def current_form(self) -> bool:
        """Whether this engine made the store, in this layout, and the counts are told."""
        return (self.format, self.engine, self.layout) == (_FORMAT, ENGINE, LAYOUT)


def is_cache(name: str) -> bool:
    """Whether a file is the engine's."""
    return name.startswith(f"{STORE}/")


def take(folder: Path, stored: int, before: str | None) -> Inventory:
    """List a folder as it stands now.

    :param stored: how many statements its store holds.
    :param before: the release that is current until this one is.
    """
    files = _listed(folder)
    made = datetime.now(UTC).isoformat(timespec="microseconds")
    taken = Inventory(_name(files), files, made=made, before=before)
    return _stamped(taken, folder, stored)


def retake(folder: Path, inventory: Inventory, work: Path, stored: int) -> Inventory:
    """The inventory of a release whose store is replaced by the one in another folder."""
    kept = {name: inventory.files[name] for name in inventory.kept()}
    files = kept | _listed(work)
    renewed = replace(inventory, files=files, made=made_at(folder, inventory))
    return _stamped(renewed, folder, stored)


def made_at(folder: Path, inventory: Inventory | None) -> str:
    """When a release was made, in UTC; of one that does not tell, when its inventory was written.

    :raises OSError: when there is no inventory.
    """
    if inventory and inventory.made:
        return inventory.made
    seconds = (folder / FILE).stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def _stamped(inventory: Inventory, folder: Path, stored: int) -> Inventory:
    """With what made the store, and both counts of statements."""
    quads = 0
    for name in inventory.truth():
        with (folder / name).open("rb") as handle:
            quads += sum(1 for _ in handle)
    return replace(
        inventory, format=_FORMAT, engine=ENGINE, layout=LAYOUT, quads=quads, stored=stored
    )


def _listed(folder: Path) -> dict[str, Entry]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SEEN)
    return {path.relative_to(folder).as_posix(): _entry(path) for path in files}


def _entry(path: Path) -> Entry:
    return Entry(path.stat().st_size, sha256_of(path))


def _name(files: Mapping[str, Entry]) -> str:
    """What the engine writes differs from run to run; everything else names the release."""
    told = [f"{name} {entry.sha256}" for name, entry in files.items() if not is_cache(name)]
    return sha256("\n".join([LAYOUT, *told]).encode()).hexdigest()[:12]


def write(folder: Path, inventory: Inventory) -> None:
    """Put an inventory into a folder, in one step, flushed to disk."""
    text = json.dumps(asdict(inventory), indent=1) + "\n"
    new = folder / f".{FILE}"
    new.write_text(text, encoding="utf-8")
    flush(new)
    new.replace(folder / FILE)
    flush(folder)


def read(folder: Path) -> Inventory:
    """The inventory of a release.

    :raises MaillageError: when it cannot be read, or contradicts itself.
    """
    path = folder / FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        files = {
            str(name): Entry(int(entry["bytes"]), str(entry["sha256"]))
            for name, entry in sorted(told.pop("files").items())
        }
        before = told.get("before")
        inventory = Inventory(
            release=str(told["release"]),
            files=files,
            format=int(told.get("format", 1)),
            made=str(told.get("made", "")),
            before=None if before is None else str(before),
            engine=str(told.get("engine", "")),
            layout=str(told.get("layout", "")),
            quads=int(told.get("quads", -1)),
            stored=int(told.get("stored", -1)),
        )
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise MaillageError("store-damaged", file=path) from error
    if inventory.release != _name(files) or not inventory.truth():
        raise MaillageError("store-damaged", file=path)
    return inventory


def changed(
    folder: Path, inventory: Inventory, names: list[str], *, anew: bool = False
) -> Path | None:
    """The first of some files that is not as it was written.

    :param anew: read large files, too, that were read not long ago (:mod:`maillage.seen`).
    """
    seen = Seen(folder)
    digest = (lambda name: sha256_of(folder / name)) if anew else seen.digest
    try:
        for name in names:
            path, expected = folder / name, inventory.files[name]
            try:
                if path.stat().st_size != expected.bytes or digest(name) != expected.sha256:
                    return path
            except OSError:
                return path
    finally:
        seen.keep()
    return None
