"""The file of an import as a source: what it is, from whom, under which licence, seen when."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from maillage.grids import clean
from maillage.intake.parties import slug
from maillage.intake.plans import Plan
from maillage.tabulate import Origin
from maillage.words import LANGUAGES, Language, say

__all__ = ["Filed", "described", "origin"]

# The licence of a file of which nobody says it: "copyright not evaluated".
_NOT_EVALUATED: Final = "http://rightsstatements.org/vocab/CNE/1.0/"
_MEDIA: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".rdf": "application/rdf+xml",
    ".xml": "application/rdf+xml",
    ".jsonld": "application/ld+json",
}


class Filed(NamedTuple):
    """A file with what is known of it, and the language of the person who imports it."""

    raw: bytes
    path: Path
    plan: Plan
    lang: Language

    @property
    def key(self) -> str:
        """The key of the source: what the plan says, else after the name of the file."""
        return slug(self.plan.source.get("key") or self.path.stem)

    @property
    def name(self) -> str:
        """The name of the file as our tables write it; some systems take accents apart."""
        return clean(self.path.name)

    @property
    def recorder(self) -> str:
        """The key of who records it."""
        by = self.plan.source.get("by", "")
        return slug(by) if by else "maillage"

    @property
    def language(self) -> Language:
        """The language of its texts: what the plan says, else the person's."""
        said = self.plan.source.get("language", "")
        return next((lang for lang in LANGUAGES if lang == said), self.lang)

    @property
    def day(self) -> str:
        """Today, or the day that reproducible builds set (``SOURCE_DATE_EPOCH``)."""
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        today = date.today()  # noqa: DTZ011  # the day of the person's calendar
        return (datetime.fromtimestamp(int(epoch), UTC).date() if epoch else today).isoformat()


def described(file: Filed, seen: Mapping[str, str]) -> dict[str, str]:
    """The row of ``sources.csv`` for a file.

    :param seen: for each digest of a file the day on which it was first seen, which it keeps.
    """
    given = file.plan.source
    digest = sha256(file.raw).hexdigest()
    title, licence = given.get("title", ""), given.get("licence", "")
    titles = {
        f"title_{lang}": (
            title
            if title and file.language == lang
            else say("import.source", lang, title=title or file.name)
        )
        for lang in LANGUAGES
    }
    return {
        "key": file.key,
        "kind": "dataset",
        **titles,
        "publisher": given.get("publisher", ""),
        "language": {"zh": "zh-Hans"}.get(given.get("language", ""), given.get("language", "mul")),
        "media_type": _MEDIA.get(file.path.suffix.lower(), "text/csv"),
        "address": given.get("address", ""),
        "file_name": file.name,
        "file_digest": digest,
        "issued": given.get("issued", ""),
        "seen": seen.get(digest, file.day),
        "licence": licence or _NOT_EVALUATED,
        "licence_note": "" if licence else say("import.no-licence", "fr"),
    }


def origin(file: Filed) -> Origin:
    """The file as the source of statements that name none of their own."""
    return Origin(described(file, {}), file.recorder, file.day)
