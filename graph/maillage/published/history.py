"""The releases before this one: what changed since then, for people, feeds and catalogues.

What was released is read from the canonical lines of an earlier release or build, so that nothing
but the data themselves is believed; the notes of still earlier ones from ``releases.json``, which
every publication writes. Whoever publishes the same release again names its own site as the one
before: then it is compared with the release before it, which that site carries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from maillage.changelog import changelog
from maillage.describe import release_told_by
from maillage.difference import Difference, difference
from maillage.errors import MaillageError
from maillage.published.earlier import folders
from maillage.published.feed import Told
from maillage.revisions import revisions
from maillage.sides import side
from maillage.site import Previous
from maillage.terms import NS
from maillage.words import LANGUAGES, Language

__all__ = ["LISTED", "Change", "History", "compare", "history", "written"]

#: The file that lists the releases, newest first, for programs and for the next publication.
LISTED: Final = "releases.json"

#: What the id of a release looks like: no path, and nothing that addresses would write otherwise.
_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


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
    :ivar full: the same, change by change; nothing where only the notes are known.
    :ivar things: the addresses of the things that changed, with their properties.
    :ivar terms: what changed in the vocabulary.
    :ivar older: the releases that the one before lists, newest first, itself among them.
    :ivar folders: where the files of earlier releases lie, by id.
    """

    previous: str = ""
    date: str = ""
    notes: Mapping[Language, str] | None = None
    full: Mapping[Language, str] | None = None
    things: tuple[tuple[str, tuple[str, ...]], ...] = ()
    terms: tuple[Change, ...] = ()
    older: tuple[Told, ...] = ()
    folders: Mapping[str, Path] = field(default_factory=dict)

    def told(self, id_: str, date: str) -> list[Told]:
        """All releases, newest first, the one that is made now (``id_``) among them."""
        return [Told(id_, date, self.notes or {}), *self.earlier()]

    def earlier(self) -> list[Told]:
        """The releases before, newest first."""
        first = [told for told in self.older if told.id == self.previous]
        if self.previous and not first:
            first = [Told(self.previous, self.date, {})]
        return [*first, *(told for told in self.older if told.id != self.previous)]

    def of(self, release: str) -> History:
        """The same, as this release has it, which may be the very one that was named.

        Then what the list tells of it is all that is known, if it lists anything.
        """
        kept = {id_: path for id_, path in self.folders.items() if id_ != release}
        others = tuple(told for told in self.older if told.id != release)
        if self.previous != release:
            return replace(self, older=others, folders=kept)
        notes = next((told.notes for told in self.older if told.id == release), None)
        first = others[0] if others else Told("", "", {})
        return History(first.id, first.date, notes, older=others, folders=kept)

    def seen(self) -> tuple[Previous, ...]:
        """The release before, as the pages of the site tell of it."""
        if self.full is None:  # not compared: nobody knows which things changed
            return ()
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
        that = release_told_by(other.lines)
        found = difference(other.lines, canonical.splitlines())
    older, kept = _releases(Path(before), that.id if that.date else "")
    earlier = next((told.id for told in older if told.id != that.id), "")
    if not found and earlier in kept:
        return replace(history(str(kept[earlier]), canonical), older=older, folders=kept)
    changes = revisions(found)
    full = {lang: changelog(found, changes, lang) for lang in LANGUAGES}
    told = {
        lang: changelog(found, changes, lang, only_counts=True).partition("\n\n")[0].strip()
        for lang in LANGUAGES
    }
    return History(
        previous=that.id if that.date else "",
        date=that.date,
        notes=told,
        full=full,
        things=tuple(
            (revision.thing, tuple(dict.fromkeys(part.property for part in revision.parts)))
            for revision in changes.listed
        ),
        terms=compare(found),
        older=older,
        folders=kept,
    )


def _releases(before: Path, previous: str) -> tuple[tuple[Told, ...], dict[str, Path]]:
    """The releases that an earlier publication lists or holds, and where their files lie."""
    listed, kept = list(_older(before)), folders(before, previous)
    known = {previous, *(told.id for told in listed)}
    unlisted = [Told(id_, id_.rpartition("-")[0], {}) for id_ in kept if id_ not in known]
    return (*listed, *sorted(unlisted, reverse=True)), kept


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
            yield _told(entry)
    except (ValueError, TypeError, LookupError) as error:
        raise MaillageError("diff-damaged", path=path) from error


def _told(entry: Mapping[str, Any]) -> Told:
    notes = {lang: str(entry["notes"][lang]) for lang in LANGUAGES if lang in entry["notes"]}
    if not _ID.fullmatch(entry["id"]):
        raise ValueError(entry["id"])
    return Told(entry["id"], str(entry["date"]), notes)


def written(releases: Sequence[Told]) -> bytes:
    """The list of the releases as a file."""
    entries = [
        {"id": t.id, "date": t.date, "notes": {str(k): v for k, v in t.notes.items()}}
        for t in releases
    ]
    text = json.dumps({"releases": entries}, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"
