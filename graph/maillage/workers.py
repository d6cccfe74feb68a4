"""Other processes of this program that share a work, and end with whoever asked for it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

__all__ = ["Workers", "processors"]

P = ParamSpec("P")
T = TypeVar("T")


def processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS, nor on Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers(ProcessPoolExecutor):
    """As many processes as are given, which hear no Ctrl-C and end with their parent.

    They start as those of :mod:`multiprocessing` do: a script that asks for this guards what it
    does by ``__name__ == "__main__"``.
    """

    def __init__(self, most: int) -> None:
        # spawned, not forked: a copy of a process with threads may hold their locks for ever
        super().__init__(most, multiprocessing.get_context("spawn"), _with_parent)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let one of them do a job; it is started now if there are fewer than may be."""
        with _unheard():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _unheard() -> Iterator[None]:
    """Who is started here never hears Ctrl-C; the others hear it after."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _with_parent() -> None:
    """End with the process that asked, and not before it, however that one ends."""
    # who presses Ctrl-C speaks to the parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if parent := multiprocessing.parent_process():
        # the others hold the pipe of the jobs open: no end of it tells that nobody will ask again
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(other: BaseProcess) -> None:
    other.join()
    os._exit(1)
