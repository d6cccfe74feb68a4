"""``/healthz`` for whoever watches the server, ``/metrics`` for whoever counts."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from maillage.errors import MaillageError
from maillage.served.answers import Bytes, prepared
from maillage.served.asking import application, edition
from maillage.served.editions import Edition
from maillage.served.metrics import MEDIA_TYPE

__all__ = ["answers", "healthz", "metrics"]

_PATIENCE: Final = 5.0  # seconds
_FRESH: Final = 1.0  # for so long an answer serves whoever asks next


async def healthz(request: Request) -> Response:
    """200 when a worker answers a query now, 503 when none does in five seconds."""
    now = edition(request)
    if now.health is None or time.monotonic() - now.health[0] > _FRESH:
        now.health = (time.monotonic(), await answers(now))
    well = now.health[1]
    told = {"status": "ok" if well else "unable", "release": now.release}
    return await prepared(
        request,
        Bytes(json.dumps(told).encode() + b"\n"),
        "application/json",
        status=200 if well else 503,
        cache="no-store",
        headers={} if well else {"retry-after": "5"},
    )


async def answers(now: Edition) -> bool:
    """Whether a worker answers a query in time."""
    job = {
        "query": "ASK {}",
        "formats": ["application/sparql-results+json"],
        "default_graphs": None,
        "named_graphs": None,
    }
    try:
        done = await asyncio.wait_for(now.sparql.do(job), _PATIENCE)
    except (MaillageError, TimeoutError):
        return False
    done.close()
    return True


async def metrics(request: Request) -> Response:
    """The numbers of this server."""
    now, app = edition(request), application(request)
    pools = {"sparql": now.sparql.numbers(), "pages": now.pages.numbers()}
    text = app.metrics.text(pools, now.release, app.connections())
    return await prepared(request, Bytes(text.encode()), MEDIA_TYPE, cache="no-store")
