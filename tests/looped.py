"""Coroutines in tests, whatever else the process does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def looped(work: Coroutine[Any, Any, T]) -> T:
    """Run on a thread of its own: a browser that another test opened has its loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
