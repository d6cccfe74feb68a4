"""Processes that share a work hear no Ctrl-C: who presses it speaks to the one that asked."""

from __future__ import annotations

import os
import signal

import pytest

from maillage.workers import Workers

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has signals of another kind")


def heard() -> tuple[bool, bool]:
    """Whether Ctrl-C is held back, as it is from the first instruction on, and ignored."""
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return signal.SIGINT in held, signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_ctrl_c_does_not_reach_a_worker_even_while_it_starts() -> None:
    before = heard()
    with Workers(1) as pool:
        assert pool.submit(heard).result() == (True, True)
    assert heard() == before


def test_ctrl_c_reaches_the_one_who_asks_when_a_worker_has_started() -> None:
    # other tests may have left a handler of theirs
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Workers(1) as pool, pytest.raises(KeyboardInterrupt):
            assert pool.submit(os.getpid).result() != os.getpid()
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
