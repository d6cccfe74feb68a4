"""The releases before this one: what changed since then, for people, feeds and catalogues.

What was released is read from the canonical lines of an earlier release or build, so that nothing
but the data themselves is believed; the notes of still earlier ones from ``releases.json``, which
every publication writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from maillage.changelog import changelog
from maillage.difference import Difference, difference
from maillage.errors import MaillageError
from maillage.published.feed import Told
from maillage.revisions import revisions
from maillage.sides import side
from maillage.site import Previous
from maillage.terms import MLG, NS
from maillage.words import LANGUAGES, Language

__all__ = ["LISTED", "Change", "History", "compare", "history", "written"]

#: The file that lists the releases, newest first, for programs and for the next publication.
LISTED: Final = "releases.json"

_RECORDED: Final = f" <{MLG.recordedDate}> ".encode()


@dataclass(frozen=True)
class Change:
    """What changed about one term of the vocabulary: one value of one of its properties."""

    term: str
    property: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """What came before a release.

    :ivar previous: the id of the release before; empty when none is known.
    :ivar date: its day.
    :ivar notes: what changed since then, in a sentence or two, by language.
    :ivar full: the same, change by change.
    :ivar things: the addresses of the things that changed, with their properties.
    :ivar terms: what changed in the vocabulary.
    :ivar older: releases before that one, newest first.
    """

    previous: str = ""
    date: str = ""
    notes: Mapping[Language, str] | None = None
    full: Mapping[Language, str] | None = None
    things: tuple[tuple[str, tuple[str, ...]], ...] = ()
    terms: tuple[Change, ...] = ()
    older: tuple[Told, ...] = ()

    def told(self, id_: str, date: str) -> list[Told]:
        """All releases, newest first, the one that is made now (``id_``) among them."""
        now = Told(id_, date, self.notes or {})
        known = [told for told in self.older if told.id not in {id_, self.previous}]
        first = next((told for told in self.older if told.id == self.previous), None)
        if self.previous:
            return [now, first or Told(self.previous, self.date, {}), *known]
        return [now, *known]

    def of(self, release: str) -> History:
        """The same, unless the release before is this very one: then nothing came before."""
        return History(older=self.older) if self.previous == release else self

    def seen(self) -> tuple[Previous, ...]:
        """The release before, as the pages of the site tell of it."""
        return (Previous(self.previous, self.date, dict(self.things).get),) if self.previous else ()


def history(before: str, canonical: bytes) -> History:
    """Compare a release with the one before.

    :param before: a folder of ``build`` or ``publish``, or a file of the graph.
    :param canonical: the canonical N-Quads of the release.
    :raises MaillageError: when there is nothing, it is damaged, or it has no named graphs.
    """
    with side(before) as other:
        if not other.has_graphs:
            raise MaillageError("previous-without-graphs", path=before)
        day = _day(other.lines)
        found = difference(other.lines, canonical.splitlines())
    changes = revisions(found)
    full = {lang: changelog(found, changes, lang) for lang in LANGUAGES}
    told = {
        lang: changelog(found, changes, lang, only_counts=True).partition("\n\n")[0].strip()
        for lang in LANGUAGES
    }
    return History(
        previous=f"{day}-{found.before.digest[:12]}" if day else "",
        date=day,
        notes=told,
        full=full,
        things=tuple(
            (revision.thing, tuple(dict.fromkeys(part.property for part in revision.parts)))
            for revision in changes.listed
        ),
        terms=compare(found),
        older=tuple(_older(Path(before))),
    )


def _day(lines: Iterable[bytes]) -> str:
    """The day of the latest record among canonical lines."""
    days = (line.partition(b'"')[2].partition(b'"')[0] for line in lines if _RECORDED in line)
    return max(days, default=b"").decode()


def compare(found: Difference) -> tuple[Change, ...]:
    """What changed in the vocabulary, by term and property, in a fixed order."""
    sides: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for place, pairs in enumerate((found.withdrawn, found.added)):
        for _, quad in pairs:
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(NS):
                at = quad.subject.value, quad.predicate.value
                sides.setdefault(at, ([], []))[place].append(_shown(quad.object))
    return tuple(
        Change(term, name, tuple(sorted(gone)), tuple(sorted(come)))
        for (term, name), (gone, come) in sorted(sides.items())
    )


def _shown(term: object) -> str:
    if isinstance(term, ox.Literal):
        return f"{term.value} ({term.language})" if term.language else term.value
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _older(folder: Path) -> Iterable[Told]:
    """The releases that an earlier publication lists."""
    path = folder / LISTED
    if not path.is_file():
        return
    try:
        for entry in json.loads(path.read_text(encoding="utf-8"))["releases"]:
            notes = {
                lang: str(entry["notes"][lang]) for lang in LANGUAGES if lang in entry["notes"]
            }
            yield Told(str(entry["id"]), str(entry["date"]), notes)
    except (ValueError, TypeError, LookupError) as error:
        raise MaillageError("diff-damaged", path=path) from error


def written(releases: Sequence[Told]) -> bytes:
    """The list of the releases as a file."""
    entries = [
        {"id": t.id, "date": t.date, "notes": {str(k): v for k, v in t.notes.items()}}
        for t in releases
    ]
    text = json.dumps({"releases": entries}, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"
