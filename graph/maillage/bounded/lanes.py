"""Who is served next: a lane has some workers, and a queue in which every client has a place.

A free worker goes to the waiting client that took the least time of workers lately, and among
equals to the one who waits longest. With equal jobs this is taking turns; with unequal ones, a
client that asks short questions passes those who ask long ones. What a client took is forgotten by
half every ten seconds.
"""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeVar

from maillage.bounded.outcomes import Busy, TooMany

__all__ = ["Heavy", "Lane", "Spent"]

T = TypeVar("T")

_HALF: Final = 10.0  # seconds in which half of what a client took is forgotten
_CLIENTS: Final = 4096  # remembered; more are thinned out
_NOTHING: Final = 1e-3
_LONGEST_RETRY: Final = 60
_REMEMBERED: Final = 1024  # heavy jobs
_QUICK: Final = 8  # jobs of a kind in a row that must be quick, so that it is heavy no more


class Spent:
    """Seconds of workers that each client took, and forgets."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._taken: dict[str, tuple[float, float]] = {}

    def of(self, client: str) -> float:
        """What is left of what a client took."""
        seconds, then = self._taken.get(client, (0.0, 0.0))
        return float(seconds * 0.5 ** ((self._clock() - then) / _HALF)) if seconds else 0.0

    def add(self, client: str, seconds: float) -> None:
        """A client took so much; negative gives back what was counted ahead."""
        if len(self._taken) >= _CLIENTS:
            kept = {name: self.of(name) for name in self._taken}
            least = sorted(kept.values())[_CLIENTS // 2]
            floor = max(least, _NOTHING)
            self._taken = {n: v for n, v in self._taken.items() if kept[n] > floor}
        self._taken[client] = max(0.0, self.of(client) + seconds), self._clock()


class Heavy:
    """Which jobs are too long for the first lane, from what they took before.

    A job is known by itself, or by its kind where whoever asks names one: then the next of that
    kind is not tried in the first lane, although it asks for something else. Some of a kind may be
    quick, and clients that mean harm could alternate: a kind is given up for heavy only when
    several in a row were quick. What is of a kind that may well be long can be held for heavy from
    the start.

    :param long: seconds; a kind of which one took longer is heavy, even though it did end.

    >>> heavy = Heavy(0.5)
    >>> heavy.took("page of links", 0.7, kind=True)
    >>> heavy.took("page of links", 0.1, kind=True)
    >>> heavy.presume("page of a map")
    >>> [page in heavy for page in ("page of links", "page of a place", "page of a map")]
    [True, False, True]
    """

    def __init__(self, long: float) -> None:
        self._long = long
        self._left: OrderedDict[str, int] = OrderedDict()

    def __contains__(self, job: str) -> bool:
        return self._left.get(job, 0) > 0

    def presume(self, job: str) -> None:
        """Of this kind, nothing is known yet: hold it for heavy until several were quick."""
        if job not in self._left:
            self._learn(job, _QUICK)

    def late(self, job: str, *, kind: bool) -> None:
        """It did not end in the first lane."""
        self._learn(job, _QUICK if kind else 1)

    def took(self, job: str, seconds: float, *, kind: bool) -> None:
        """It ended, in whichever lane."""
        if seconds >= self._long:
            if kind:
                self.late(job, kind=True)
        elif job in self:  # a single one: it was the machine that was slow
            self._learn(job, self._left[job] - 1)

    def _learn(self, job: str, left: int) -> None:
        self._left[job] = left
        self._left.move_to_end(job)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)


class _Turn(NamedTuple):
    """One job that waits."""

    number: int
    future: asyncio.Future[object]


class Lane(Generic[T]):
    """The free workers of a lane, and the jobs that wait for one.

    :param most: how many may wait.
    :param each: how many of one client may wait or run; 0 for no bound of its own. A client without
        a name is everybody, and has none either.
    """

    def __init__(
        self, name: str, *, deadline: float, size: int, most: int, each: int, spent: Spent
    ) -> None:
        self.name, self.deadline, self.size = name, deadline, size
        self._most, self._each, self._spent = most, each, spent
        self._free: deque[T] = deque()
        self._queues: dict[str, deque[_Turn]] = {}
        self._running: dict[str, int] = {}
        self._count = 0
        self._mean = min(1.0, deadline)
        self.alive = 0

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return sum(map(len, self._queues.values()))

    @property
    def running(self) -> int:
        """How many jobs run."""
        return sum(self._running.values())

    @property
    def free(self) -> int:
        """How many workers have nothing to do."""
        return len(self._free)

    def retry_after(self) -> int:
        """Seconds after which asking again makes sense, from how long jobs took lately."""
        rounds = (self.waiting + self.running + 1) / max(1, self.size)
        return min(_LONGEST_RETRY, max(1, math.ceil(rounds * self._mean)))

    async def turn(self, client: str, patience: float) -> T:
        """Wait for a worker; it must come back by :meth:`give` or :meth:`forget`.

        :raises Busy: when too many wait, or this took too long.
        :raises TooMany: when too many of this client do.
        """
        mine = len(self._queues.get(client, ())) + self._running.get(client, 0)
        if client and self._each and mine >= self._each:
            raise TooMany(self.retry_after())
        if self._free:
            self._starts(client)
            return self._free.popleft()
        self._make_room(client)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._count += 1
        place = _Turn(self._count, future)  # type: ignore[arg-type]  # what it brings is T's
        self._queues.setdefault(client, deque()).append(place)
        try:
            async with asyncio.timeout(patience):
                return await future
        except BaseException as error:
            if future.done() and not future.cancelled() and not future.exception():
                # A worker came in the same moment in which the wait was given up.
                self.give(future.result(), client, 0.0)
            else:
                self._leave(client, place)
            if isinstance(error, TimeoutError):
                raise Busy(self.retry_after()) from None
            raise

    def _make_room(self, client: str) -> None:
        """Refuse when the queue is full: whoever has most in it, so that others still fit."""
        if self.waiting < self._most:
            return
        most = max(self._queues, key=lambda name: len(self._queues[name]))
        if len(self._queues) == 1 and most == client:
            raise Busy(self.retry_after())
        if len(self._queues[most]) <= len(self._queues.get(client, ())) + 1:
            raise Busy(self.retry_after())
        last = self._queues[most][-1]
        self._leave(most, last)
        if not last.future.done():
            last.future.set_exception(TooMany(self.retry_after()))

    def _leave(self, client: str, place: _Turn) -> None:
        queue = self._queues.get(client)
        if queue and place in queue:
            queue.remove(place)
            if not queue:
                del self._queues[client]

    def _starts(self, client: str) -> None:
        self._running[client] = self._running.get(client, 0) + 1
        # Counted ahead, so that a client with many jobs at once is seen for what it asks.
        self._spent.add(client, self.deadline)

    def _stops(self, client: str, seconds: float) -> None:
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._spent.add(client, seconds - self.deadline)
        if seconds:
            self._mean += (seconds - self._mean) / 8

    def give(self, worker: T, client: str | None = None, seconds: float = 0.0) -> None:
        """A worker is free: the next one has it.

        :param client: for whom it worked; none when it is new.
        """
        if client is not None:
            self._stops(client, seconds)
        while self._queues:
            name = min(self._queues, key=lambda n: (self._spent.of(n), self._queues[n][0].number))
            queue = self._queues[name]
            place = queue.popleft()
            if not queue:
                del self._queues[name]
            if not place.future.done():
                self._starts(name)
                place.future.set_result(worker)
                return
        self._free.append(worker)

    def forget(self, client: str, seconds: float) -> None:
        """The worker of a client does not come back."""
        self._stops(client, seconds)

    def drop(self, worker: T) -> None:
        """A free worker is of no use any more."""
        if worker in self._free:
            self._free.remove(worker)

    def take_free(self) -> T | None:
        """Take away a free worker."""
        return self._free.popleft() if self._free else None

    def dismiss(self) -> None:
        """Refuse all who wait."""
        retry = self.retry_after()
        for queue in self._queues.values():
            for place in queue:
                if not place.future.done():
                    place.future.set_exception(Busy(retry))
        self._queues.clear()
