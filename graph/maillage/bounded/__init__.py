"""Work that strangers ask for, done in processes that can do nothing else and are ended in time.

A :class:`Pool` keeps worker processes ready, hands each one job at a time, and holds every job to a
deadline, a memory limit and a longest answer. A worker that breaks down, or is ended, takes its own
job with it and nobody else's. Nothing here knows of HTTP; :mod:`maillage.bounded.sparql` is the job
of the SPARQL endpoint.
"""

from maillage.bounded.answers import Done
from maillage.bounded.limits import Limits
from maillage.bounded.outcomes import Busy, Died, Fault, TimedOut, TooLarge, TooMany
from maillage.bounded.pool import Pool

__all__ = [
    "Busy",
    "Died",
    "Done",
    "Fault",
    "Limits",
    "Pool",
    "TimedOut",
    "TooLarge",
    "TooMany",
]
