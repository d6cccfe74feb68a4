"""Pages: a path, a language and fields go to a page worker; what comes back is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from maillage.errors import MaillageError
from maillage.served.answers import Bytes, prepared
from maillage.served.asking import (
    asker,
    attended,
    base_address,
    edition,
    fixed,
    named_address,
    spoken,
)
from maillage.served.files import FOR_EVER, MAP_POLICY
from maillage.served.keeping import Made
from maillage.served.refusals import problem_page, told
from maillage.served.software import SOFTWARE
from maillage.wire.accept import Offer, ranked
from maillage.wire.conditional import tag
from maillage.wire.headers import link_header, reference
from maillage.wire.problems import MEDIA_TYPE, STATUSES, Problem
from maillage.wire.protocol import Fields, fields
from maillage.words import LANGUAGES, TAGS, Language

__all__ = ["page", "problem", "shown_page"]

_LANGUAGE: Final = ("Accept-Language",)
# Pages of the same fields in another order are the same page; larger requests are not kept.
_KEPT_FIELDS: Final = 2_000  # characters
# What may take seconds: answers, and what counts the whole graph.
_LONG: Final = ("/ask/", "/void.ttl", "/dcat.ttl")


async def page(request: Request) -> Response:
    """Whatever the site has at this path."""
    return await shown_page(request, request.scope["path"], fields(request.scope["query_string"]))


async def shown_page(
    request: Request,
    path: str,
    asked: Fields,
    *,
    vary: Sequence[str] = (),
    outcome: Mapping[str, Any] | None = None,
) -> Response:
    """A page of the site, in the language that its path fixes or that the reader reads best.

    :param outcome: what came of the query in the fields, for the page of the editor.
    """
    now, own = edition(request), fixed(path)
    lang = own or spoken(request)
    made = await _made(request, path, lang, asked, outcome)
    meta = made.meta
    media_type = str(meta["media_type"])
    html = media_type.startswith("text/html")
    # a file that says itself what is wrong, in a line, is left as it is
    if meta["status"] == 404 and html and not _wants_pages(request):  # noqa: PLR2004  # HTTP's "not found"
        raise Problem("not-found", said=meta["wrong"])
    links = link_header((target, parameters) for target, parameters in meta["links"])
    headers = {"link": links, "location": reference(meta["location"] or "")}
    if html:
        headers["content-language"] = TAGS[lang]
    if meta["rows"] is not None and not html:
        # a table in a format without a place for it says here how long it is, and whether whole
        headers["maillage-rows"] = str(meta["rows"])
        headers["maillage-truncated"] = str(bool(meta["truncated"])).lower()
    if path.endswith(".map.html"):
        headers["content-security-policy"] = MAP_POLICY
    steady = outcome is None and meta["steady"] and meta["status"] == 200  # noqa: PLR2004  # HTTP's "OK"
    key = _key(path, lang, asked)
    if meta["lasts"]:
        cache = FOR_EVER
    else:
        cache = "no-cache" if steady or meta["status"] < 400 else "no-store"  # noqa: PLR2004  # errors
    return await prepared(
        request,
        Bytes(made.body),
        media_type,
        status=int(meta["status"]),
        etag=tag(SOFTWARE, now.release, "page", named_address(request), *key) if steady else "",
        vary=(
            *vary,
            *(("Accept",) if meta["status"] == 404 and not vary else ()),  # noqa: PLR2004  # as above
            # a workbook and a picture have words in them, too
            *(_LANGUAGE if own is None and (html or path.startswith("/ask/")) else ()),
        ),
        cache=cache,
        headers=headers,
    )


async def _made(
    request: Request,
    path: str,
    lang: Language,
    asked: Fields,
    outcome: Mapping[str, Any] | None,
) -> Made:
    """The page from a worker, or as it was made before.

    :raises Problem: when no worker could make it.
    """
    now = edition(request)
    key = (named_address(request), *_key(path, lang, asked))
    small = outcome is None and sum(map(len, key)) <= _KEPT_FIELDS
    if small and (kept := now.kept.get(key)):
        return kept
    job = {
        "path": path,
        "lang": lang,
        "asked": {name: list(values) for name, values in asked.items()},
        "base": named_address(request),
        "outcome": outcome,
    }
    try:
        # the same page with other fields takes about as long, in whichever language
        kind = path.removeprefix(f"/{own}") if (own := fixed(path)) else path
        work = now.pages.do(job, asker(request), kind=kind, long=kind.startswith(_LONG))
        with await attended(request, work) as done:
            made = Made(done.meta, done.read())
            request.scope["lane"] = done.lane
    except MaillageError as error:
        raise told(error) from error
    if small and made.meta["steady"] and made.meta["status"] == 200:  # noqa: PLR2004  # HTTP's "OK"
        now.kept.put(key, made)
    return made


def _wants_pages(request: Request) -> bool:
    """Whether this client names pages among what it accepts; programs do not."""
    return bool(ranked(request.headers.get("accept"), [Offer("text/html", named=True)]))


def _key(path: str, lang: Language, asked: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    told_fields = [part for name in sorted(asked) for part in (name, *asked[name], "\0")]
    return (path, lang, *told_fields)


async def problem(request: Request) -> Response:
    """The page of a problem, to which ``type`` of the problem details leads."""
    key, lang = request.path_params["key"], request.path_params.get("lang")
    if key not in STATUSES or (lang is not None and lang not in LANGUAGES):
        raise Problem("not-found")
    read = spoken(request)
    it = Problem(key)
    accept = request.headers.get("accept", "")
    if MEDIA_TYPE in accept and "text/html" not in accept:
        content, media_type = it.json(base_address(request), read), MEDIA_TYPE
    else:
        content = problem_page(request, it, read, general=True)
        media_type = "text/html; charset=utf-8"
    return await prepared(
        request,
        Bytes(content),
        media_type,
        etag=tag(SOFTWARE, "problem", base_address(request), key, read, media_type),
        vary=("Accept", *(() if lang else _LANGUAGE)),
        headers={"content-language": TAGS[read]},
    )
