"""How a page asks to be cited, and how an error on it can be reported."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from maillage.payload.columns import href as web
from maillage.site.page import Page
from maillage.site.record import Record
from maillage.site.visit import Visit
from maillage.words import LANGUAGES, TAGS, Language

__all__ = ["CITATIONS", "Citation", "Report", "citation", "cited", "report"]


#: The files that reference managers read: the end of their names, and their media types.
CITATIONS: Final[Mapping[str, str]] = {
    "bib": "application/x-bibtex;charset=utf-8",
    "csl.json": "application/vnd.citationstyles.csl+json",
}


class Citation(NamedTuple):
    """A sentence, an entry for BibTeX, and the item of CSL-JSON, which Zotero and pandoc read."""

    text: str
    bibtex: str
    csl: Mapping[str, Any]

    def written(self, suffix: str) -> bytes:
        """The file that ends so: one of :data:`CITATIONS`."""
        if suffix == "bib":
            return self.bibtex.encode()
        return json.dumps([self.csl], ensure_ascii=False, indent=1).encode() + b"\n"


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
    return Citation(text, f"@misc{{{key},\n{body}}}\n", _csl(visit, title, iri, key))


def cited(
    visit: Visit, suffix: str, iri: str, back: str, title: Callable[[Visit], str]
) -> Page | None:
    """A file with which a page is cited; nothing when it has none that ends so.

    :param suffix: ``bib`` or ``csl.json``, in English; with a language in front of it, in that.
    :param back: how this file leads to the page.
    """
    first, _, others = suffix.partition(".")
    lang: Language = next((lang for lang in LANGUAGES if lang == first), "en")
    ending = others if first in LANGUAGES else suffix
    if ending not in CITATIONS:
        return None
    spoken = replace(visit, lang=lang)
    links = ((back, {"rel": "describes", "type": "text/html"}), (iri, {"rel": "cite-as"}))
    body = citation(spoken, title(spoken), iri).written(ending)
    return Page(200, CITATIONS[ending], body, links)


def _csl(visit: Visit, title: str, iri: str, key: str) -> Mapping[str, Any]:
    """The same as an item of the Citation Style Language (its schema 1.0.2, ``csl-data``)."""
    item: dict[str, Any] = {"id": key, "type": "dataset", "title": title}
    item["author"] = [{"literal": "Maillage"}]
    if visit.about.date:
        item["issued"] = {"date-parts": [[int(part) for part in visit.about.date.split("-")]]}
    if visit.about.release:
        item["version"] = visit.about.release
    return {**item, "publisher": "Maillage", "URL": iri, "language": TAGS[visit.lang]}


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
