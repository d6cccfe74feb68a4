"""Problems as answers: problem details for programs, a page for people, in their language."""

from __future__ import annotations

from functools import cache
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from maillage.bounded import Busy, Died, Fault, TimedOut, TooLarge, TooMany
from maillage.errors import MaillageError
from maillage.served.answers import Bytes, prepared
from maillage.served.asking import base_address, spoken
from maillage.wire.accept import Offer, ranked
from maillage.wire.problems import MEDIA_TYPE, STATUSES, Problem
from maillage.words import LANGUAGES, TAGS, Language, say

__all__ = ["problem_page", "refusal", "told"]

_OFFERS: Final = (
    Offer(MEDIA_TYPE),
    Offer("application/json"),
    Offer("text/html", named=True),
)


def told(error: MaillageError) -> Problem:
    """How a job ended, as a problem of the request that asked for it."""
    if isinstance(error, Fault):
        key = error.key if error.key in STATUSES else "not-sparql"
        return _problem(key, error, (error.line, error.column))
    if isinstance(error, Busy):
        return Problem("busy", retry_after=error.retry_after)
    if isinstance(error, TooMany):
        return Problem("too-many", retry_after=error.retry_after)
    if isinstance(error, Died):  # of anything but its limits, it dies by a fault of ours
        ends = {"memory": "too-much-memory", "stack": "died", "killed": "died"}
        return _problem(ends.get(error.reason, "fault"), error, (None, None))
    kinds: tuple[tuple[type[MaillageError], str], ...] = (
        (TimedOut, "timed-out"),
        (TooLarge, "too-large-answer"),
    )
    key = next((key for kind, key in kinds if isinstance(error, kind)), "fault")
    return _problem(key, error, (None, None))


def _problem(key: str, error: MaillageError, place: tuple[int | None, int | None]) -> Problem:
    """A problem with the sentence of an error, and the values that this sentence names."""
    problem = Problem(key, detail=error.key, place=place)
    problem.values = dict(error.values)
    return problem


async def refusal(request: Request, problem: Problem) -> Response:
    """The answer that tells a problem, in the form and language that the client reads best."""
    lang = spoken(request)
    kinds = ranked(request.headers.get("accept"), _OFFERS)
    kind = kinds[0] if kinds else MEDIA_TYPE  # whoever accepts nothing of it still has to know
    if kind == "text/html":
        content = problem_page(request, problem, lang)
        media_type = "text/html; charset=utf-8"
    else:
        content, media_type = problem.json(base_address(request), lang), kind
    headers = {"content-language": TAGS[lang]}
    if problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after)
    if problem.status in {408, 413, 431}:  # what is left of the request is not read
        headers["connection"] = "close"
    if problem.key == "content-coding":
        headers["accept-encoding"] = "identity"
    return await prepared(
        request,
        Bytes(content),
        media_type,
        status=problem.status,
        vary=("Accept", "Accept-Language"),
        cache="no-store",
        headers=headers,
    )


@cache
def _templates() -> Environment:
    return Environment(
        autoescape=True,
        loader=PackageLoader("maillage", "pages/served"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def problem_page(
    request: Request, problem: Problem, lang: Language, *, general: bool = False
) -> bytes:
    """A problem as a page.

    :param general: about the problem as such, not about a request that has it.
    """
    root = urlsplit(base_address(request)).path
    page = _templates().get_template("problem.html.j2")
    written = page.render(
        lang=lang,
        tags=TAGS,
        languages=LANGUAGES,
        root=root,
        problem=problem,
        sentence=problem.mend(lang) if general else problem.sentence(lang),
        general=general,
        home=say("problem.home", lang),
        place=say("problem.place", lang, line=problem.line, column=problem.column),
    )
    return written.encode("utf-8", "replace")
