"""``/sparql`` and ``/data``: the SPARQL 1.1 Protocol and the Graph Store Protocol, for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from maillage.bounded import Done
from maillage.errors import MaillageError
from maillage.served.answers import Bytes, coded, packs, prepared
from maillage.served.asking import asker, attended, base_address, edition, spoken, whole_body
from maillage.served.describing import described
from maillage.served.pages import shown_page
from maillage.served.refusals import told
from maillage.served.showing import FORMATS, failed, outcome
from maillage.served.software import SOFTWARE
from maillage.wire.accept import coding
from maillage.wire.conditional import tag, unchanged
from maillage.wire.description import description
from maillage.wire.headers import link_header, reference
from maillage.wire.kinds import FAMILIES, HTML, NAMED, Family, acceptable, engine_type, shown
from maillage.wire.problems import Problem
from maillage.wire.protocol import Asked, asked, graph_asked

__all__ = ["data", "service", "sparql", "unslashed"]

_EVERY: Final[tuple[Family, ...]] = ("solutions", "boolean", "graph")
_VARY: Final = ("Accept",)


async def sparql(request: Request) -> Response:
    """A query, in any of the three ways of the protocol; without one, the endpoint itself."""
    post = request.method == "POST"
    body = await whole_body(request) if post else b""
    it = asked(
        request.method, request.scope["query_string"], request.headers.get("content-type"), body
    )
    if post and it.query:
        request.scope["query_text"] = it.query
    accept = _accept(request, it.wanted)
    if not (it.query or "").strip():
        return await _without_query(request, it, accept)
    kinds = acceptable(accept, _EVERY, html=True)
    if not kinds:
        raise _nothing(_EVERY)
    job: dict[str, Any] = {
        "query": it.query,
        "formats": list(FORMATS),
        "default_graphs": None if it.default_graphs is None else list(it.default_graphs),
        "named_graphs": None if it.named_graphs is None else list(it.named_graphs),
        "base": f"{base_address(request)}sparql",
    }
    if kinds[0] == HTML:
        return await _on_page(request, it, job)
    chosen = _chosen(kinds, _EVERY)
    job["formats"] = list(dict.fromkeys(engine for _, engine in chosen.values()))
    # The answer of a POST is none of the address to which it was sent, so it has no tag.
    graphs = [*(it.default_graphs or ()), "named", *(it.named_graphs or ())]
    parts = (it.query or "", job["base"], *graphs, *(kind for kind, _ in chosen.values()))
    try:
        return await _answered(request, job, chosen, () if post else parts)
    except Problem as problem:
        # whoever picked a format on the page keeps the query that they wrote there
        if it.wanted and acceptable(request.headers.get("accept"), _EVERY, html=True)[:1] == [HTML]:
            return await _failed(request, it, problem)
        raise


async def _on_page(request: Request, it: Asked, job: dict[str, Any]) -> Response:
    """The answer on the page of the editor: one worker answers, another draws the page."""
    try:
        with await _done(request, job) as done:
            found = outcome(done)
    except Problem as problem:
        return await _failed(request, it, problem)
    return await shown_page(request, _path(request), it.fields, vary=_VARY, outcome=found)


async def _failed(request: Request, it: Asked, problem: Problem) -> Response:
    """What was refused, on the page of the editor, beside the query that is to be mended."""
    found = failed(request, problem, spoken(request))
    page = await shown_page(request, _path(request), it.fields, vary=_VARY, outcome=found)
    if problem.retry_after is not None:
        page.headers["retry-after"] = str(problem.retry_after)
    return page


def _path(request: Request) -> str:
    """The path of the endpoint that was asked, whose page may be in a language of its own."""
    return str(request.scope["path"])


async def _without_query(request: Request, it: Asked, accept: str | None) -> Response:
    """The page with the editor, or the Service Description (2: it is found at the endpoint)."""
    kinds = acceptable(accept, ["graph"], html=True)
    if it.query is not None and (not kinds or kinds[0] != HTML):
        raise Problem("no-query")
    if not kinds:
        # who wants results of a query has forgotten it
        if acceptable(accept, _EVERY, html=False):
            raise Problem("no-query")
        raise _nothing(["graph"])
    if kinds[0] == HTML:
        return await shown_page(request, _path(request), it.fields, vary=_VARY)
    return await service(request, kinds[0])


async def service(request: Request, kind: str) -> Response:
    """The Service Description in one of the RDF formats, or a general name of one."""
    base = base_address(request)
    about = await described(edition(request), base)
    content = description(about, engine_type(kind, "graph") or kind)
    return await prepared(
        request,
        Bytes(content),
        shown(kind),
        etag=tag(SOFTWARE, about.release, "service", base, kind, str(about.union)),
        vary=_VARY,
        headers={"link": link_header([(f"{base}dataset/", {"rel": "describedby"})])},
    )


async def data(request: Request) -> Response:
    """A graph, by ``?default`` or ``?graph=`` and its address (Graph Store Protocol, 5.2)."""
    graph, wanted = graph_asked(request.scope["query_string"])
    kinds = acceptable(_accept(request, wanted), ["graph"], html=False)
    if not kinds:
        raise _nothing(["graph"])
    chosen = _chosen(kinds, ["graph"])
    job = {"graph": graph, "formats": [engine for _, engine in chosen.values()]}
    return await _answered(request, job, chosen, ("data", graph, chosen["graph"][0]))


async def unslashed(request: Request) -> Response:
    """308: these two addresses have no slash at their end; method and body go along."""
    name = _path(request).rstrip("/").rpartition("/")[2]
    query = request.scope["query_string"].decode("ascii", "replace")
    to = reference(f"../{name}?{query}" if query else f"../{name}")
    return Response(status_code=308, headers={"location": to, "cache-control": "no-cache"})


def _accept(request: Request, wanted: str) -> str | None:
    """What the client accepts; a format named in the address is meant before any header.

    :raises Problem: when the address names a format that there is not.
    """
    if not wanted:
        return request.headers.get("accept")
    every = {kind for family in FAMILIES.values() for kind in family} | {HTML}
    named = NAMED.get(wanted.lower()) or ((wanted,) if wanted in every else None)
    if named is None:
        raise Problem("not-acceptable", given=wanted, known=", ".join(NAMED))
    return ", ".join(named)


def _chosen(kinds: Sequence[str], families: Sequence[Family]) -> dict[Family, tuple[str, str]]:
    """For each kind of answer that can be told: the type to name, and what the engine calls it."""
    found: dict[Family, tuple[str, str]] = {}
    for family in families:
        for kind in kinds:
            engine = engine_type(kind, family)
            if engine is not None:
                found[family] = (kind, engine)
                break
    return found


def _nothing(families: Sequence[Family]) -> Problem:
    known = dict.fromkeys(kind for family in families for kind in FAMILIES[family])
    return Problem("not-acceptable", known=", ".join(known))


async def _answered(
    request: Request,
    job: dict[str, Any],
    chosen: Mapping[Family, tuple[str, str]],
    parts: Sequence[str],
) -> Response:
    """Have a worker do a job, unless the client has its answer already.

    :param parts: what the answer follows from beside the release; nothing when it has no tag.

    Whether it is the same each time is the worker's to say. A client has no tags but those that it
    was given, so one that fits tells that this was said before.
    """
    now = edition(request)
    etag = tag(SOFTWARE, now.release, *parts) if parts else ""
    known = request.headers.get("if-none-match", "").strip()
    if etag and known != "*":  # whether there is an answer at all is known by asking only
        how = coding(request.headers.get("accept-encoding"))
        for one in dict.fromkeys((coded(etag, how), etag)):
            if unchanged(known, one):
                told_of = {"etag": one, "cache-control": "no-cache"}
                told_of["vary"] = ", ".join([*_VARY, "Accept-Encoding"])
                return Response(status_code=304, headers=told_of)
    done = await _done(request, job)
    if not done.meta["steady"]:
        etag = ""
    kind = chosen[done.meta["kind"]][0]
    media_type = shown(kind)
    vary = _VARY if packs(media_type, done.size) else (*_VARY, "Accept-Encoding")
    return await prepared(
        request,
        done,
        media_type,
        etag=etag,
        vary=vary,
        cache="no-cache" if etag else "no-store",
        headers={"link": link_header([("dataset/", {"rel": "describedby"})])},
    )


async def _done(request: Request, job: dict[str, Any]) -> Done:
    """What the worker made.

    :raises Problem: when it made nothing.
    """
    try:
        done = await attended(request, edition(request).sparql.do(job, asker(request)))
    except MaillageError as error:
        problem = told(error)
        if problem.key == "not-acceptable":
            kind = problem.values.get("kind")
            raise _nothing([kind] if kind in FAMILIES else _EVERY) from error
        request.scope["lane"] = getattr(error, "lane", "")
        raise problem from error
    request.scope["lane"] = done.lane
    return done
