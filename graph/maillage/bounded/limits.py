"""What a job may take, and how many jobs may wait."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """The bounds of a pool; times in seconds, sizes in bytes.

    :ivar fast: how long a job may run in the first of two lanes.
    :ivar slow: how long it may run in the last lane, which may be the only one.
    :ivar memory: what a job may take beyond what its worker needs at rest.
    :ivar spool: the longest answer.
    :ivar stack: the stack on which a job runs; taken only as far as it is used.
    :ivar fast_workers: workers of the first of two lanes.
    :ivar slow_workers: workers of the last lane.
    :ivar spares: workers kept ready beside them, so that ending one leaves no gap.
    :ivar waiting: how many jobs may wait for the last lane.
    :ivar fast_waiting: how many may wait for the first of two; they are short.
    :ivar per_client: how many jobs of one client may wait or run in the last lane.
    :ivar patience: how long a job may wait in a lane before it is refused.
    :ivar opening: how long a worker may take until it is ready.
    :ivar kept: bytes of all long answers that were not yet taken away; of one client, half of it.
    """

    fast: float = 0.5
    slow: float = 5.0
    memory: int = 1 << 30
    spool: int = 1 << 28
    stack: int = 1 << 28
    fast_workers: int = 2
    slow_workers: int = 2
    spares: int = 1
    waiting: int = 64
    fast_waiting: int = 2_000
    per_client: int = 8
    patience: float = 30.0
    opening: float = 60.0
    kept: int = 1 << 32
