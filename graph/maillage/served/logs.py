"""The access log: one line a request, made of nothing that a client could break a line with."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

__all__ = ["line", "tell", "untold"]

# All of printable ASCII but the blank, which parts the columns.
_KEPT: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_LONGEST: Final = 2_000


def line(
    client: str,
    method: str,
    path: str,
    status: int,
    size: int,
    seconds: float,
    lane: str,
    release: str,
    query: str = "",
) -> str:
    r"""Time, client, method, path, status, bytes, milliseconds, lane, release, and the query.

    Columns are parted by one blank; what is not known is ``-``. The path has no query text; that
    is a last column, percent-encoded, when the person who runs the server wants it.

    >>> line("::1", "GET", "/a b\r\n2026", 200, 5, 0.0012, "", "c1763cf6b2f7").split(" ", 1)[1]
    '::1 GET /a%20b%0D%0A2026 200 5 1.2 - c1763cf6b2f7'
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    columns = [client, method, path, str(status), str(size), f"{seconds * 1000:.1f}", lane, release]
    if query:
        columns.append(query)
    return " ".join([now, *map(_column, columns)])


def _column(text: str) -> str:
    return quote(text[:_LONGEST].encode("utf-8", "replace"), safe=_KEPT) or "-"


def tell(text: str) -> None:
    """Write one line to standard error, in one piece."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def untold(trace: str) -> str:
    r"""Where a worker broke down, without what it was asked: people's texts are not for the log.

    >>> untold('  File "a.py", line 3, in page\n    x = y[q]\nKeyError: "my question"\n')
    'File "a.py", line 3, in page: KeyError'
    """
    lines = [part.strip() for part in trace.splitlines()]
    frames = [part for part in lines if part.startswith("File ")]
    ends = [part.partition(":")[0] for part in lines if part][-1:]
    return ": ".join(frames[-1:] + ends)
