"""One release being served, and how the next one takes its place without a request that fails.

An edition holds two pools of worker processes: one for SPARQL, one for pages. Requests lease the
current edition; a new release is verified, its pools are started, then the name ``current`` moves
to it in one step, and the old one ends when its last request has been answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from maillage.bounded import Pool
from maillage.describe import release_of
from maillage.errors import MaillageError
from maillage.holding import Hold
from maillage.inventory import STORE, read
from maillage.release import current, hold
from maillage.served.keeping import Kept
from maillage.served.packing import Packing
from maillage.served.settings import Settings
from maillage.terms import PREFIXES

__all__ = ["Edition", "Editions"]

_SPARQL: Final = "maillage.bounded.sparql:opened"
_PAGES: Final = "maillage.served.paging:opened"
#: Seconds that an old edition is waited for; longer than any query may take.
_DRAIN: Final = 60
_POLL: Final = 1.0
_TRUTH: Final = "maillage.nq"


class Edition:
    """A release, its files, and the workers that answer from it.

    :param held: the release, verified, which nobody takes away as long as this edition answers.
    :param before: the release before, likewise, for what changed since then; if there is one.
    """

    def __init__(self, held: Hold, before: Hold | None, settings: Settings) -> None:
        self.folder = folder = held.folder
        self._held = [held] if before is None else [held, before]
        inventory = read(folder)
        self.release = inventory.release
        #: What the data are cited as: the same in every build of them, and when they are published.
        self.cited = release_of(folder / _TRUTH)
        #: The files that can be downloaded, with their digests; the engine's cache is none.
        self.files: dict[str, str] = {
            name: inventory.files[name].sha256 for name in inventory.kept() if "/" not in name
        }
        told: dict[str, Any] = {
            "base": settings.base,
            "release": self.cited.id,
            "date": self.cited.date,
            "report_to": settings.report_to,
            "before": None,
        }
        if before is not None:
            earlier = release_of(before.folder / _TRUTH)
            told["before"] = [str(before.folder / STORE), earlier.id, earlier.date]
        self.sparql = Pool(
            _SPARQL, folder / "store", settings.limits, settings={"prefixes": dict(PREFIXES)}
        )
        self.pages = Pool(_PAGES, folder, settings.page_limits, settings=told)
        self.kept = Kept()
        self.packing = Packing()
        #: Triples of the default graph and of each named one, once somebody has asked for them.
        self.counted: tuple[int, list[tuple[str, int]]] | None = None
        #: When a worker was last asked for a sign of life, and whether it gave one.
        self.health: tuple[float, bool] | None = None
        self._leases = 0
        self._unused = asyncio.Event()
        self._unused.set()

    async def start(self) -> None:
        """Start the workers."""
        await self.sparql.start()
        await self.pages.start()

    async def stop(self) -> None:
        """End the workers when the last request has its answer, or after a minute."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._unused.wait(), _DRAIN)
        await self.sparql.stop()
        await self.pages.stop()
        self.packing.close()
        for hold_ in self._held:
            hold_.close()

    @asynccontextmanager
    async def leased(self) -> AsyncIterator[Edition]:
        """Keep this edition until the request has been answered."""
        self._leases += 1
        self._unused.clear()
        try:
            yield self
        finally:
            self._leases -= 1
            if not self._leases:
                self._unused.set()


class Editions:
    """The edition that is served now, and the watch for the next.

    :param tell: called with the key of a sentence and its values.
    """

    def __init__(self, settings: Settings, tell: Callable[..., None]) -> None:
        self.settings = settings
        self._tell = tell
        self._now: Edition | None = None
        self._refused = ""
        self._ending: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None

    @property
    def now(self) -> Edition:
        """The edition that answers a request that comes now."""
        if self._now is None:
            raise RuntimeError("no edition is open")
        return self._now

    async def start(self) -> None:
        """Open the current release and watch for the next.

        :raises MaillageError: when there is none, or a file of it has changed.
        """
        self._now = await self._opened(_target(self.settings.out))
        self._watch = asyncio.create_task(self._watching())

    async def stop(self) -> None:
        """End the watch and every worker."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        if self._now is not None:
            await self._now.stop()
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _opened(self, folder: Path) -> Edition:
        held = await asyncio.to_thread(hold, folder, everything=True)
        before = await asyncio.to_thread(_before, folder)
        try:
            edition = await asyncio.to_thread(Edition, held, before, self.settings)
            try:
                await edition.start()
            except BaseException:
                await edition.stop()
                raise
        except BaseException:
            held.close()
            if before is not None:
                before.close()
            raise
        return edition

    async def _watching(self) -> None:
        while True:
            await asyncio.sleep(_POLL)
            with suppress(MaillageError):  # between two releases there may be none for a moment
                folder = _target(self.settings.out)
                if folder != self.now.folder and _mark(folder) != self._refused:
                    await self._swap(folder)

    async def _swap(self, folder: Path) -> None:
        """Serve another release, if it is whole and its workers start."""
        old = self.now
        try:
            new = await self._opened(folder)
        except (MaillageError, OSError, ValueError, LookupError, RuntimeError) as error:
            self._refused = _mark(folder)  # told once, and looked at again when it is made anew
            self._tell("served.kept", reason=error, old=old.release)
            return
        self._now, self._refused = new, ""
        self._tell("served.swapped", new=new.release, old=old.release)
        ending = asyncio.create_task(old.stop())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


def _before(folder: Path) -> Hold | None:
    """The release that was current before this one, if it is still there and whole."""
    name = read(folder).before
    with suppress(MaillageError, OSError):
        if name and name == Path(name).name and name != folder.name:
            return hold(folder.parent / name)
    return None


def _target(out: Path) -> Path:
    """The folder of the current release itself, so that it stays the same when ``current`` moves.

    :raises MaillageError: when there is none.
    """
    return current(out).resolve()


def _mark(folder: Path) -> str:
    """What tells one making of a release from another."""
    try:
        return f"{folder} {(folder / 'inventory.json').stat().st_mtime_ns}"
    except OSError:
        return str(folder)
