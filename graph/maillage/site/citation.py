"""How a page asks to be cited, and how an error on it can be reported."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlencode

from maillage.payload.columns import href as web
from maillage.site.record import Record
from maillage.site.visit import Visit

__all__ = ["Citation", "Report", "citation", "report"]


class Citation(NamedTuple):
    """A sentence, and an entry for BibTeX."""

    text: str
    bibtex: str


class Report(NamedTuple):
    """Where to write, if anyone has said, and what the letter must hold."""

    address: str
    letter: str


# What TeX reads as a command (The TeXbook, chapter 7), and how it is written as a character.
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: "\\" + character for character in "{}%#&_$"},
}


def citation(visit: Visit, title: str, iri: str) -> Citation:
    """Cite what a page is about, in the release that it shows."""
    release, date = visit.about.release, visit.about.date
    text = visit.say(
        "cite-release" if release else "cite-plain", title=title, id=release, date=date, iri=iri
    )
    key = re.sub(r"[^a-z0-9]+", "-", iri.partition("://")[2].partition("/")[2].lower()).strip("-")
    fields = [("title", f"{{{_tex(title)}}}"), ("author", "{Maillage}")]
    if date:
        fields.append(("year", date[:4]))
    if release:
        fields.append(("version", _tex(release)))
    # \url and the entry url take an address as it is
    fields += [
        ("url", iri),
        ("language", {"fr": "french", "en": "english", "zh": "chinese"}[visit.lang]),
    ]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields)
    return Citation(text, f"@misc{{{key},\n{body}}}\n")


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def report(visit: Visit, record: Record, title: str) -> Report:
    """What to write when something on a page is wrong, addressed where that is known.

    The identifier and the release are in the letter, so that nobody needs to guess what is meant.
    """
    to = visit.about.report_to
    subject = visit.say("report-subject", iri=record.iri)
    letter = visit.say("report-letter", title=title, iri=record.iri, id=visit.about.release or "-")
    if web(to):
        joint = "&" if "?" in to else "?"
        return Report(f"{to}{joint}{urlencode({'title': subject, 'body': letter})}", letter)
    if re.fullmatch(r"[^@\s<>\"?&]+@[^@\s<>\"?&]+", to):
        told = urlencode({"subject": subject, "body": letter}, quote_via=quote)
        return Report(f"mailto:{to}?{told}", letter)
    return Report("", letter)
