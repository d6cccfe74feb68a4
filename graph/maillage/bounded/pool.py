"""The pool: workers kept ready, lanes, deadlines, and an answer that is whole or none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from maillage.bounded import confine, processes, worker
from maillage.bounded.answers import Done, Spool
from maillage.bounded.lanes import Heavy, Lane, Spent
from maillage.bounded.limits import Limits
from maillage.bounded.links import Link
from maillage.bounded.outcomes import Busy, Died, Late, TimedOut
from maillage.bounded.room import Room
from maillage.errors import MaillageError

__all__ = ["Pool"]

_KILLED: Final = 9  # SIGKILL, by its number where there is no such signal
_AGAIN: Final = (0.05, 0.2, None)  # seconds before a job whose worker was killed is done again
_PAUSES: Final = (0.1, 0.5, 2.0, 5.0)  # seconds between attempts to have a worker


class Pool:
    """Processes that do one job at a time for whoever asks, each within its limits.

    :param handler: ``module:function``. The function is called once in each worker with the folder
        and the settings, and returns what is called for each job, with the job and a file for the
        answer; that returns what is to be known of the answer (anything that JSON can say). It may
        raise :class:`~maillage.bounded.Fault`.
    :param folder: handed to the handler; the pool itself opens nothing in it.
    :param lanes: one, or two of which the first is for short jobs: a job that does not end within
        ``limits.fast`` there is ended, and starts again in the second with ``limits.slow``.
    :param settings: handed to the handler; anything that JSON can say.
    :ivar protections: which of the means to hold a worker in are in force on this system; known
        once the pool has started.

    The pool belongs to the event loop, and to the thread, in which it was started, and its workers
    end with that thread.

    >>> pool = Pool("maillage.bounded.sparql:opened", Path("store"), Limits())
    >>> pool.numbers()["running"]
    0.0
    """

    def __init__(
        self,
        handler: str,
        folder: Path,
        limits: Limits,
        *,
        lanes: Sequence[str] = ("fast", "slow"),
        settings: Mapping[str, Any] | None = None,
        fork: bool | None = None,
    ) -> None:
        self._limits = limits
        self._options: worker.Options = {
            "handler": handler,
            "folder": str(folder),
            "settings": dict(settings or {}),
            "memory": limits.memory,
            "spool": limits.spool,
            "stack": limits.stack,
            "parent": 0,
            "nursery": -1,
            "socket": -1,
        }
        self._fork = fork
        self._names = tuple(lanes)
        self._lanes: list[Lane[Link]] = []
        self._bearer: processes.Bearer | None = None
        self._spares: list[Link] = []
        self._births: set[asyncio.Task[None]] = set()
        self._watched: set[Link] = set()
        self._heavy = Heavy(limits.fast / 2)
        self._jobs = 0
        self._room = Room(limits.kept)
        self._closing = False
        self._counted = {"done": 0, "killed": 0, "died": 0, "restarts": 0, "refused": 0}
        self._none_runs = asyncio.Event()
        self._none_runs.set()
        self.protections: Mapping[str, bool] = dict.fromkeys(confine.PROTECTIONS, False)

    async def start(self) -> None:
        """Have all workers ready.

        :raises MaillageError: ``no-worker`` when one cannot be started or cannot open the folder.
        """
        limits, loop = self._limits, asyncio.get_running_loop()
        spent = Spent(loop.time)
        *first, last = self._names
        self._lanes = [
            Lane(
                name,
                deadline=limits.fast,
                size=limits.fast_workers,
                most=limits.fast_waiting,
                each=0,
                spent=spent,
            )
            for name in first
        ]
        self._lanes.append(
            Lane(
                last,
                deadline=limits.slow,
                size=limits.slow_workers,
                most=limits.waiting,
                each=limits.per_client,
                spent=spent,
            )
        )
        self._bearer = processes.bearer(self._options, fork=self._fork)
        try:
            await self._bearer.start()
            wanted = sum(lane.size for lane in self._lanes) + limits.spares
            # One at a time at first: if none can open the folder, that is told once.
            self._place(await self._born())
            for link in await asyncio.gather(*(self._born() for _ in range(wanted - 1))):
                self._place(link)
        except (ConnectionError, OSError) as error:
            await self.stop()
            raise MaillageError("no-worker", reason=error) from error
        except BaseException:
            await self.stop()
            raise

    async def stop(self, *, grace: float = 0.0) -> None:
        """End all workers; who waits is refused.

        :param grace: seconds in which running and waiting jobs may still end.
        """
        self._closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._none_runs.wait()
        for lane in self._lanes:
            lane.dismiss()
        for birth in list(self._births):
            birth.cancel()
        await asyncio.gather(*self._births, return_exceptions=True)
        for link in list(self._watched):
            link.end()
        if self._bearer:
            await self._bearer.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def do(
        self, job: Mapping[str, Any], client: str = "", *, kind: str = "", long: bool = False
    ) -> Done:
        """Have a job done; cancelling this ends it.

        :param job: anything that JSON can say.
        :param client: who asks; jobs of one client wait behind each other, not before others'.
        :param kind: what takes about as long whatever else the job says: when one of a kind was
            long, the next goes to the last lane at once. Without it, a job is of its own kind.
        :param long: the kind may well be a long one: it has to prove that it is none.
        :raises Fault: the job is refused for what it asks.
        :raises TimedOut: it did not end in time.
        :raises Died: its worker broke down over it.
        :raises TooLarge: its answer is longer than may be.
        :raises Busy: too much is asked by all.
        :raises TooMany: too much is asked by this client.
        """
        if self._closing:
            raise self._refused(Busy(1))
        payload = json.dumps(job).encode()
        name, named = kind or sha256(payload).hexdigest(), bool(kind)
        if long:
            self._heavy.presume(name)
        lanes = self._lanes[-1:] if name in self._heavy else self._lanes
        self._jobs += 1
        self._none_runs.clear()
        try:
            for lane in lanes:
                with suppress(Late):
                    done = await self._in_lane(lane, name, payload, client)
                    self._heavy.took(name, done.seconds, kind=named)
                    return done
                self._heavy.late(name, kind=named)
        finally:
            self._jobs -= 1
            if not self._jobs:
                self._none_runs.set()
        raise TimedOut(lanes[-1].deadline)

    def _refused(self, refusal: MaillageError) -> MaillageError:
        self._counted["refused"] += 1
        return refusal

    async def _in_lane(self, lane: Lane[Link], name: str, payload: bytes, client: str) -> Done:
        for pause in _AGAIN:
            link = await self._turn(lane, client)
            if name in self._heavy and lane is not self._lanes[-1]:  # known since it waits
                lane.give(link, client)
                raise Late
            try:
                return await self._by(link, lane, payload, client)
            except Died as death:
                if self._closing:
                    raise self._refused(Busy(1)) from death
                # Not by what it did: somebody ended the process, and maybe others with it. A job
                # changes nothing, so it is done once more.
                if death.signal != _KILLED or pause is None:
                    self._counted["died"] += 1
                    raise
                await asyncio.sleep(pause)
        raise AssertionError  # pragma: no cover  # the last time returns or raises

    async def _turn(self, lane: Lane[Link], client: str) -> Link:
        """Wait for a worker that lives."""
        while True:
            try:
                link = await lane.turn(client, self._limits.patience)
            except MaillageError as error:
                raise self._refused(error) from None
            if link.alive:
                return link
            lane.forget(client, 0.0)

    async def _by(self, link: Link, lane: Lane[Link], payload: bytes, client: str) -> Done:
        """Have a job done by a worker, within the time of its lane."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        low = lane is self._lanes[-1] and len(self._lanes) > 1
        try:
            async with asyncio.timeout(lane.deadline):
                meta, body = await link.do(payload, low=low)
        except (TimeoutError, asyncio.CancelledError) as error:
            self._counted["killed"] += 1
            link.end()
            if isinstance(error, TimeoutError):
                raise Late from None
            raise
        finally:
            seconds = loop.time() - started
            if link.alive:
                lane.give(link, client, seconds)
            else:
                lane.forget(client, seconds)
        self._counted["done"] += 1
        if isinstance(body, Spool):
            try:
                self._room.take(client, body.size())
            except MaillageError as error:
                body.close()
                raise self._refused(error) from None
        return Done(meta, body, seconds, lane.name, partial(self._room.give_back, client))

    async def _born(self) -> Link:
        assert self._bearer  # start made it
        link = Link(self._bearer, self._limits.spool)
        await link.open(self._limits.opening)
        self.protections = {name: link.ready.get(name, False) for name in confine.PROTECTIONS}
        self._watched.add(link)
        return link

    def _place(self, link: Link) -> None:
        """Put a worker where it is wanted most."""
        # Not before it is known that it lives; asked for here since a new one may die at once.
        for lane in self._lanes:
            if lane.alive < lane.size:
                lane.alive += 1
                link.lost.add_done_callback(partial(self._lost, link, lane))
                lane.give(link)
                return
        self._spares.append(link)
        link.lost.add_done_callback(partial(self._lost, link, None))

    def _lost(self, link: Link, lane: Lane[Link] | None, _: asyncio.Future[None]) -> None:
        """A worker is gone: a spare takes its place at once, and a new one is started."""
        self._watched.discard(link)
        if self._closing:
            return
        if lane is None:
            if link not in self._spares:  # it has moved to a lane, which looks after it
                return
            self._spares.remove(link)
        else:
            lane.alive -= 1
            lane.drop(link)
            while self._spares and lane.alive < lane.size:
                spare = self._spares.pop()
                if spare.alive:
                    self._place(spare)
        self._counted["restarts"] += 1
        birth = asyncio.get_running_loop().create_task(self._replace())
        self._births.add(birth)
        birth.add_done_callback(self._births.discard)

    async def _replace(self) -> None:
        attempt = 0
        while not self._closing:
            try:
                link = await self._born()
            except (MaillageError, ConnectionError, OSError):
                await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1
            else:
                self._place(link)
                return

    def numbers(self) -> dict[str, float]:
        """What goes on, for whoever watches: counts since the start, and what is so now."""
        now: dict[str, float] = {name: float(n) for name, n in self._counted.items()}
        now |= {
            "running": float(sum(lane.running for lane in self._lanes)),
            "waiting": float(sum(lane.waiting for lane in self._lanes)),
            "spares": float(len(self._spares)),
            "kept_bytes": float(self._room.taken),
        }
        for lane in self._lanes:
            now[f"running_{lane.name}"] = float(lane.running)
            now[f"waiting_{lane.name}"] = float(lane.waiting)
        return now
