"""The passages of a page in a language, numbered as the notes of the page refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup
from rdflib import Literal
from rdflib.term import Identifier

from maillage.pagetexts import clean
from maillage.pagetexts import words as map_words
from maillage.site.evidence import Passage
from maillage.site.naming import spoken
from maillage.site.rows import details
from maillage.site.showing import heading
from maillage.site.visit import Visit

__all__ = ["Proof", "proofs", "where"]


class Proof(NamedTuple):
    """A passage, as it stands in the list of sources of a page."""

    number: int
    anchor: str
    source: Markup
    address: Markup
    where: str
    section: Markup
    certainty: Markup
    bears_on: str
    reason: Markup
    recorded: Markup


def _tag(term: Identifier) -> str:
    return (term.language or "") if isinstance(term, Literal) else ""


def proofs(visit: Visit, passages: Sequence[Passage]) -> list[Proof]:
    """The passages of a page, numbered, with all that is known of each."""
    about = details(visit.store, {p.source for p in passages if p.source}, ("schema:url",))
    found = []
    for number, passage in enumerate(passages, start=1):
        addresses = [str(a) for a in about.get(passage.source, {}).get("schema:url", ())]
        reason = spoken(((_tag(t), str(t)) for t in passage.reasons), visit.lang)
        section = spoken(((_tag(t), str(t)) for t in passage.section), visit.lang)
        found.append(
            Proof(
                number,
                f"evidence-{passage.key}",
                visit.link(passage.source),
                Markup(" ").join(visit.away(a) for a in addresses),
                where(visit, passage),
                visit.text(section) if section else Markup(""),
                visit.link(passage.certainty) if passage.certainty else Markup(""),
                _list(visit, (heading(visit, prop) for prop in passage.bears_on)),
                visit.text(reason) if reason else Markup(""),
                _recorded(visit, passage),
            )
        )
    return found


def _recorded(visit: Visit, passage: Passage) -> Markup:
    if not passage.recorder and not passage.recorded:
        return Markup("")
    who = visit.link(passage.recorder) if passage.recorder else Markup("")
    return Markup("{} {}").format(who, visit.day(passage.recorded) if passage.recorded else "")


def where(visit: Visit, passage: Passage) -> str:
    """The place in the document: page, lines, characters, as far as they are known."""
    said = map_words()
    parts = []
    if passage.page:
        parts.append(said["where-page"][visit.lang].format(n=_dash(passage.page)))
    if passage.lines:
        key = "where-lines" if "-" in passage.lines else "where-line"
        parts.append(said[key][visit.lang].format(n=_dash(passage.lines)))
    if passage.first is not None and passage.last is not None:
        span = f"{passage.first}–{passage.last}"
        parts.append(said["where-chars"][visit.lang].format(n=span))
    return said["comma"][visit.lang].join(parts)


def _dash(text: str) -> str:
    return clean(text).replace("-", "–")


def _list(visit: Visit, texts: Iterable[str]) -> str:
    """Different texts in alphabetical order, as one line."""
    return map_words()["comma"][visit.lang].join(sorted(set(texts)))
