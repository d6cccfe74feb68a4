"""What came of a query that a browser asked, as the page of the editor takes it."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any, Final

from starlette.requests import Request

from maillage.bounded import Done
from maillage.served.asking import base_address
from maillage.wire.problems import Problem
from maillage.words import Language

__all__ = ["FORMATS", "failed", "first_rows", "outcome"]

#: What the page reads: rows and truths as JSON, triples as lines.
FORMATS: Final = ("application/sparql-results+json", "application/n-triples")

_MOST: Final = 1 << 20  # bytes of an answer that the page is handed; it shows the first rows only


def outcome(done: Done) -> dict[str, Any]:
    """The answer of a worker, or as much of it as a page can show, and how much there was."""
    whole = done.size <= _MOST
    text = b"".join(done.body()) if whole else _start(done)
    if not whole and done.meta["kind"] == "graph":
        text = text[: text.rfind(b"\n") + 1]
    elif not whole:
        text = first_rows(text)
    return {
        "kind": done.meta["kind"],
        "body": text.decode("utf-8", "replace"),
        "count": done.meta["count"],
        "seconds": done.seconds,
        "truncated": not whole,
    }


def failed(request: Request, problem: Problem, lang: Language) -> dict[str, Any]:
    """A refusal, to be shown beside the query that was refused."""
    body = problem.json(base_address(request), lang).decode()
    return {"kind": "problem", "body": body, "count": 0, "seconds": 0.0, "truncated": False}


def _start(done: Done) -> bytes:
    parts, size = [], 0
    for part in islice(done.body(), 1 + _MOST // 1024):
        parts.append(part)
        size += len(part)
        if size > _MOST:
            break
    return b"".join(parts)


def first_rows(text: bytes) -> bytes:
    """The whole rows that stand in the beginning of a long answer in SPARQL's JSON.

    >>> first_rows(b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{}},{"a":{"ty')
    b'{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {}}]}}'
    """
    written = text.decode("utf-8", "ignore")
    decoder = json.JSONDecoder()
    head, at = decoder.raw_decode(written, written.index(":") + 1)
    at = written.index("[", at) + 1
    rows = []
    while True:
        try:
            row, at = decoder.raw_decode(written, at)
        except ValueError:  # here the beginning ends
            break
        rows.append(row)
        at += 1  # the comma
    whole = {"head": head, "results": {"bindings": rows}}
    return json.dumps(whole, ensure_ascii=False).encode()
