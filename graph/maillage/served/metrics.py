"""Numbers for Prometheus (text format 0.0.4): requests, seconds, the pools, the release."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from typing import Final

__all__ = ["MEDIA_TYPE", "Metrics"]

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

# Upper bounds in seconds, around the deadlines of the two lanes.
_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# Of the numbers of a pool, those that only grow.
_COUNTED: Final = frozenset({"done", "killed", "died", "restarts", "refused"})


class Metrics:
    """Counts since the start of the server. Names of routes are ours, never a client's text."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._buckets = [0] * (len(_BOUNDS) + 1)
        self._seconds = 0.0
        self._bytes = 0
        self._turned: Counter[str] = Counter()

    def count(self, route: str, status: int, seconds: float, size: int) -> None:
        """Count one request that was answered."""
        self._requests[route, status] += 1
        self._buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds += seconds
        self._bytes += size

    def drop(self, why: str) -> None:
        """Count one connection that was closed because its client was too slow or too many."""
        self._turned[why] += 1

    def text(self, pools: Mapping[str, Mapping[str, float]], release: str, connections: int) -> str:
        """All of it as text; each family in one piece, with its help and type."""
        lines = [
            "# HELP maillage_requests_total Requests answered.",
            "# TYPE maillage_requests_total counter",
        ]
        lines += [
            f'maillage_requests_total{{route="{route}",status="{status}"}} {n}'
            for (route, status), n in sorted(self._requests.items())
        ]
        lines += [
            "# HELP maillage_request_seconds Time from a request to the end of its answer.",
            "# TYPE maillage_request_seconds histogram",
        ]
        total = 0
        for bound, n in zip([*map(str, _BOUNDS), "+Inf"], self._buckets, strict=True):
            total += n
            lines.append(f'maillage_request_seconds_bucket{{le="{bound}"}} {total}')
        lines += [
            f"maillage_request_seconds_sum {self._seconds:.6f}",
            f"maillage_request_seconds_count {total}",
            "# HELP maillage_response_bytes_total Bytes of answers, without their headers.",
            "# TYPE maillage_response_bytes_total counter",
            f"maillage_response_bytes_total {self._bytes}",
            "# HELP maillage_connections Connections open now.",
            "# TYPE maillage_connections gauge",
            f"maillage_connections {connections}",
            "# HELP maillage_dropped_total Connections closed on a client, by reason.",
            "# TYPE maillage_dropped_total counter",
        ]
        lines += [
            f'maillage_dropped_total{{reason="{why}"}} {n}'
            for why, n in sorted(self._turned.items())
        ]
        for name in sorted({name for numbers in pools.values() for name in numbers}):
            family = f"maillage_pool_{name}_total" if name in _COUNTED else f"maillage_pool_{name}"
            lines += [
                f"# HELP {family} Of the worker processes: {name.replace('_', ' ')}.",
                f"# TYPE {family} {'counter' if name in _COUNTED else 'gauge'}",
            ]
            lines += [
                f'{family}{{pool="{pool}"}} {numbers[name]:g}'
                for pool, numbers in sorted(pools.items())
                if name in numbers
            ]
        lines += [
            "# HELP maillage_release_info The release that is served.",
            "# TYPE maillage_release_info gauge",
            f'maillage_release_info{{release="{release}"}} 1',
        ]
        return "\n".join(lines) + "\n"
