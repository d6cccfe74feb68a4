"""What can be wrong with a request: its status, and the document that says so (RFC 9457).

A problem has a key; the sentences stand in ``words.toml``: ``problem.<key>`` is its title,
``mend.<key>`` what it means and what to do. A refusal of a query comes with a sentence of its own
(``error.<key>``), with line and column where there is one.

Why these statuses, where more than one could be defended:

- 403 for an update, ``SERVICE``, ``LOAD`` and graphs of the outside: the request is well-formed
  and was understood; this endpoint will never do it (RFC 9110, 15.5.4).
- 504 for a deadline: the server waits for a worker as a gateway waits for the host behind it, and
  503 with ``Retry-After`` would invite the same heavy query again.
- 507 for an answer above the cap, and for one that needs more memory than a query is given: the
  server has no room for the representation (RFC 4918, 11.5); 413 is about requests, and a cut
  answer with 200 would be a lie.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from maillage.words import Language, say, sentences

__all__ = ["MEDIA_TYPE", "STATUSES", "Problem"]

MEDIA_TYPE: Final = "application/problem+json"

#: Every problem that a client can meet, and its status.
STATUSES: Final[Mapping[str, int]] = {
    "bad-request": 400,
    "bad-address": 400,
    "bad-percent": 400,
    "not-utf8": 400,
    "too-many-fields": 400,
    "no-query": 400,
    "two-queries": 400,
    "bad-graph": 400,
    "which-graph": 400,
    "not-sparql": 400,
    "too-deep": 400,
    "too-long-query": 400,
    "service": 403,
    "update": 403,
    "load": 403,
    "outside-graph": 403,
    "not-found": 404,
    "no-graph": 404,
    "method": 405,
    "not-acceptable": 406,
    "slow-request": 408,
    "too-large-body": 413,
    "too-long-address": 414,
    "media-type": 415,
    "charset": 415,
    "content-coding": 415,
    "too-many": 429,
    "too-large-head": 431,
    "died": 500,
    "fault": 500,
    "not-implemented": 501,
    "busy": 503,
    "timed-out": 504,
    "too-large-answer": 507,
    "too-much-memory": 507,
}


class Problem(Exception):  # noqa: N818  # a problem of a client's request is no error of ours
    """A request that is answered with a refusal.

    :param key: one of :data:`STATUSES`.
    :param detail: the key of the sentence about this very case (``error.<detail>``), if any.
    :param place: line and column in the query, from 1.
    :param said: the sentence about this very case where it has been worded, in the right language.
    :param values: for its places, and for the document where they help a program.
    """

    def __init__(
        self,
        key: str,
        *,
        detail: str = "",
        place: tuple[int | None, int | None] = (None, None),
        retry_after: int | None = None,
        said: str = "",
        **values: object,
    ) -> None:
        super().__init__(key)
        self.key = key
        self.detail = detail
        self.line, self.column = place
        self.retry_after = retry_after
        self.said = said
        self.values = values

    @property
    def status(self) -> int:
        """The status code of the answer."""
        return STATUSES[self.key]

    def title(self, lang: Language) -> str:
        """What is wrong, in a few words that are the same each time."""
        return say(f"problem.{self.key}", lang)

    def mend(self, lang: Language) -> str:
        """What it means and what to do."""
        return say(f"mend.{self.key}", lang)

    def sentence(self, lang: Language) -> str:
        """What is wrong in this very case, as far as it is known."""
        if self.said:
            return self.said
        if self.detail and f"error.{self.detail}" in sentences():
            return say(f"error.{self.detail}", lang, **self.values)
        given = self.values.get("given")
        known = self.values.get("known")
        more = [say("problem-given", lang, given=given)] if given else []
        more += [say("problem-known", lang, known=known)] if known else []
        return " ".join([self.mend(lang), *more])

    def document(self, base: str, lang: Language) -> dict[str, Any]:
        """The members of the problem details, ``type`` being the address of our page of it."""
        members: dict[str, Any] = {
            "type": f"{base}problems/{self.key}",
            "title": self.title(lang),
            "status": self.status,
            "detail": self.sentence(lang),
        }
        if self.line is not None:
            members["line"] = self.line
        if self.column is not None:
            members["column"] = self.column
        for name in ("known", "limit"):
            if name in self.values:
                members[{"known": "available"}.get(name, name)] = self.values[name]
        return members

    def json(self, base: str, lang: Language) -> bytes:
        """The problem details as JSON (RFC 9457, 3)."""
        document = self.document(base, lang)
        return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
