"""The machine that a benchmark ran on, how fast it is today, and what was installed."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["calibration", "machine", "peak", "processor", "sentence", "tree", "versions"]


def calibration() -> dict[str, float]:
    """Seconds of processor for two fixed pieces of work, so that figures of two machines compare.

    ``python`` is the interpreter (dictionaries, texts, sorting); ``native`` is compiled code over
    memory (SHA-256 of 256 MB). Divide a figure by the one that resembles it.
    """
    start = time.process_time()
    counts: dict[str, int] = {}
    for number in range(600_000):
        key = str(number * 7919 % 100_003)
        counts[key] = counts.get(key, 0) + number
    sorted(counts.items(), key=lambda item: (item[1], item[0]))
    interpreted = time.process_time() - start
    start, block, digest = time.process_time(), bytes(1 << 20), sha256()
    for _ in range(256):
        digest.update(block)
    return {"python": interpreted, "native": time.process_time() - start}


def machine() -> dict[str, Any]:
    """Processor, cores, kernel, memory, and how busy it was before."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory GB": round(pages / 1e9),
        "kernel": f"{platform.system()} {platform.release()}",
        "load before": [round(load, 2) for load in os.getloadavg()],
    }


def versions(names: Sequence[str]) -> dict[str, str]:
    """The versions of Python and of distributions; those that are absent are left out."""
    found = {"Python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def sentence(
    host: Mapping[str, Any], installed: Mapping[str, str], steps: Mapping[str, float]
) -> str:
    """Where and with what a benchmark ran, from the three functions above."""
    return (
        f"{host['processor']}, {host['cores']} cores, {host['memory GB']} GB, {host['kernel']}; "
        f"load before {', '.join(map(str, host['load before']))}. "
        + ", ".join(f"{name} {number}" for name, number in installed.items())
        + f". Calibration: python {steps['python']:.2f} s, native {steps['native']:.2f} s."
    )


def tree(pid: int) -> list[int]:
    """A process and all that it started, as Linux tells."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, task.read_text().split())
            except OSError:  # it has just ended
                continue
    return found


def processor(pid: int) -> float:
    """Seconds of processor that a process and those it started have taken so far."""
    total = 0.0
    for one in tree(pid):
        try:
            total += time.clock_gettime((~one << 3) | 2)  # as <linux/posix-timers.h> numbers them
        except OSError:
            continue
    return total


def peak(pid: int) -> int:
    """The most memory, in bytes, that a process and those it started held, each at its time."""
    total = 0
    for one in tree(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                total += int(line.split()[1]) * 1024
    return total
