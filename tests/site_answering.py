"""A site answering in this very process, as a server would: what browsers and tests ask."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pyoxigraph as ox

from maillage.site import Page, Site

#: What the server sends with every page (maillage.served), beside what a map says itself.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Answering:
    """A site and its endpoint, by address."""

    def __init__(self, site: Site, engine: ox.Store) -> None:
        self._site = site
        self._engine = engine

    def get(self, address: str, accept_language: str = "en", body: str = "") -> Reply:
        parts = urlsplit(address)
        asked = parse_qs(f"{parts.query}&{body}", keep_blank_values=True)
        path = unquote(parts.path)
        lang = next((t for t in ("fr", "zh") if accept_language.startswith(t)), "en")
        outcome = None
        if re.fullmatch(r"(/(fr|en|zh))?/sparql", path) and asked.get("query"):
            outcome = self.outcome(asked["query"][0])
        page: Page = self._site.answer(path, lang, asked, outcome)
        headers = {"content-type": page.media_type}
        if not path.endswith(".map.html"):
            headers["content-security-policy"] = POLICY
        if page.location is not None:
            headers["location"] = page.location
        return Reply(page.status, headers, page.body)

    def outcome(self, query: str) -> Mapping[str, Any]:
        """What a worker makes of a query, in the form that the page is told it."""
        out = io.BytesIO()
        try:
            found = self._engine.query(query)
        except SyntaxError as error:
            problem = {"status": 400, "title": "Not a SPARQL query", "detail": str(error.msg)}
            place = re.search(r"at (\d+):(\d+)", str(error.msg))
            if place:
                problem |= {"line": int(place[1]), "column": int(place[2])}
            return _told("problem", json.dumps(problem), 0)
        if isinstance(found, ox.QueryTriples):
            triples = list(found)
            ox.serialize(triples, out, ox.RdfFormat.N_TRIPLES)
            return _told("graph", out.getvalue().decode(), len(triples))
        found.serialize(out, ox.QueryResultsFormat.JSON)
        text = out.getvalue().decode()
        if isinstance(found, ox.QueryBoolean):
            return _told("boolean", text, 1)
        return _told("solutions", text, len(json.loads(text)["results"]["bindings"]))


def _told(kind: str, body: str, count: int) -> dict[str, Any]:
    return {"kind": kind, "body": body, "count": count, "seconds": 0.012, "truncated": False}
