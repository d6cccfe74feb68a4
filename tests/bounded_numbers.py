"""A handler that calculates, with a library that likes to start a thread for each processor."""

from pathlib import Path

import numpy as np

__all__ = ["opened"]


def opened(folder, settings):
    """Multiply matrices, and tell how many threads there are then."""

    def handle(job, out):
        matrix = np.ones((job["size"], job["size"]))
        return {"sum": float((matrix @ matrix).sum()), "threads": threads("self")}

    return handle


def threads(process):
    """How many threads a process has."""
    return sum(1 for _ in Path(f"/proc/{process}/task").iterdir())
