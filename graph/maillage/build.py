"""The main job: sources to a checked graph, with a store, dumps and a page to look at.

Everything is made in a temporary folder, of few rows in memory; the previous build stays in use
until the new one is whole (:mod:`maillage.release`). The record is ``maillage.nq``; the questions
that can be asked of it stand beside it in ``questions.nq``, and the store holds both. What came out
the same the last time is not made again (:mod:`maillage.made`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from rdflib import Graph

from maillage.built import Built, as_it_was, summary, told
from maillage.catalogue import beside
from maillage.check import Since
from maillage.drawing import page
from maillage.dumps import canonical, dumps
from maillage.errors import MaillageError
from maillage.gather import gather
from maillage.made import Ingredients, Made, ingredients, remember, remembered
from maillage.network import links
from maillage.piecewise import check_gathered
from maillage.questions import questions
from maillage.release import hold, intact, pointed, ready, release
from maillage.runs import apart, union
from maillage.store import opened
from maillage.surroundings import surround
from maillage.whole import whole
from maillage.words import LANGUAGES, Language
from maillage.workroom import workroom

__all__ = ["Built", "build"]

#: Statements that came or went since the last build, above which everything is looked at again.
_CHANGED: Final = 200_000


@dataclass(frozen=True)
class _Looked:
    """What stands ready to become a release, if it conforms.

    :ivar refusal: why there is no record, which is told after what the check finds.
    :ivar html: the map, where there is one.
    """

    record: Path
    refusal: MaillageError | None
    built: Built
    html: str | None


def build(
    out: Path,
    lang: Language = "en",
    also: Sequence[Path] = (),
    step: Callable[[str], None] = lambda _: None,
    every_place: Callable[[int, int], None] | None = None,
    *,
    piece: Callable[[int, int], None] = lambda *_: None,
    anew: bool = False,
) -> Built:
    """Build everything into a folder.

    :param out: the output folder; its previous build is replaced only by a whole one.
    :param lang: the language in which the page opens (it holds all three).
    :param also: further tables or folders of tables.
    :param step: told the name of each step as it starts.
    :param every_place: let all places of the gazetteers in, as a dataset beside the record
        (``gazetteer.nq``); told how many pieces of them are done, and of how many.
    :param piece: told the same of a check that is made in pieces, since the graph is large.
    :param anew: make everything, even what would come out as it did the last time.
    :raises BadTables: with every fault of every table; nothing is touched then.
    :raises MaillageError: when the folder is somebody else's or cannot be written, before anything
        is made; when there is no room for it, there or in the temporary folder.
    :returns: what was built; when ``report`` does not conform, nothing was written.
    """
    now = ingredients(also, [lang, "core" if every_place is None else "every place"])
    before = None if anew else _last(out, now)
    if before and before.ingredients == now:
        return as_it_was(out, before)
    ready(out)
    names: list[str] = []
    with workroom() as room:
        looked = _looked(room, out, lang, also, step, piece, before)
        report = looked.built.report
        places: set[bytes] = set()
        if every_place is not None and report.conforms():
            places, faults = whole(piece=every_place)
            report = replace(report, findings=(*faults, *report.findings))
        built = replace(looked.built, report=report)
        if not report.conforms():
            return built
        if looked.refusal is not None:
            raise looked.refusal
        with release(out, step, names.append) as temporary:
            step("dump")
            record = Path(shutil.move(looked.record, temporary / "maillage.nq"))
            if others := _besides(places, record):
                (temporary / "gazetteer.nq").write_bytes(others)
            (temporary / "questions.nq").write_bytes(beside(questions()))
            dumps(record)
            if looked.html is not None:
                html = temporary / "network.html"
                html.write_text(looked.html, encoding="utf-8", newline="\n")
            for language in LANGUAGES:
                text = report.text(language) + "\n"
                (temporary / f"check.{language}.txt").write_text(text, encoding="utf-8")
    for name in names:
        remember(out, Made(now, name, told(built)))
    return built


def _looked(
    room: Path,
    out: Path,
    lang: Language,
    also: Sequence[Path],
    step: Callable[[str], None],
    piece: Callable[[int, int], None],
    before: Made | None,
) -> _Looked:
    """Gather, check, count and draw. The graph itself is let go: the release is made from files."""
    gathered = gather(also=also, step=step, room=room / "gathered")
    step("check")
    record, refusal = room / "maillage.nq", None
    try:
        with record.open("wb") as file:
            file.writelines(canonical(gathered.store))
    except MaillageError as error:
        refusal = error
    since = None if refusal else _since(out, before, record)
    written = None if refusal else record
    report = check_gathered(gathered, since=since, piece=piece, record=written)
    built = summary(out / "current", gathered.store, report)
    html = None
    if report.conforms() and built.has_map():
        step("draw")
        store = opened(gathered.store)
        html = page(surround(links(store), store), lang=lang)
        del store
    del gathered
    shutil.rmtree(room / "gathered", ignore_errors=True)
    return _Looked(record, refusal, built, html)


def _last(out: Path, now: Ingredients) -> Made | None:
    """The last build of a folder, if its release is current and whole, and this program made it."""
    before = remembered(out)
    if before is None or before.release != pointed(out):
        return None
    if (before.ingredients.program, before.ingredients.rules) != (now.program, now.rules):
        return None
    with suppress(MaillageError):
        intact(out)
        return before
    return None


def _since(out: Path, before: Made | None, record: Path) -> Since | None:
    """What has changed since the last build, and what its check found; nothing if that is much."""
    if before is None:
        return None
    with hold(out) as held:
        if held.folder.name != before.release:  # another became current meanwhile
            return None
        with (held.folder / record.name).open("rb") as then, record.open("rb") as now:
            changed = list(islice(apart(union(then), union(now)), _CHANGED + 1))
    if len(changed) > _CHANGED:
        return None
    triples = Graph().parse(data=b"".join(changed), format="nt")
    return Since(tuple(triples), Graph().parse(data=before.told["graph"], format="nt"))


def _besides(places: set[bytes], record: Path) -> bytes:
    """The lines about places that the record has not, in order."""
    with record.open("rb") as lines:
        places.difference_update(line.removesuffix(b"\n") for line in lines)
    return b"".join(line + b"\n" for line in sorted(places))
