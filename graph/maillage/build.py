"""The main job: sources to a checked graph, with a store, dumps and a page to look at.

Everything is made in memory and in a temporary folder; the previous build stays in use until the
new one is whole (:mod:`maillage.release`). The record is ``maillage.nq``; the questions that can be
asked of it stand beside it in ``questions.nq``, and the store holds both. What came out the same
the last time is not made again (:mod:`maillage.made`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, SKOS, Graph, URIRef

from maillage.catalogue import beside
from maillage.check import SEVERITIES, Finding, Report, Since, check
from maillage.drawing import page
from maillage.dumps import dumps, nquads
from maillage.errors import MaillageError, Position
from maillage.gather import gather
from maillage.made import Ingredients, Made, ingredients, remember, remembered
from maillage.mint import parse, thing
from maillage.network import links
from maillage.quads import about, texts
from maillage.questions import questions
from maillage.release import hold, intact, pointed, release
from maillage.runs import union
from maillage.store import united
from maillage.surroundings import surround
from maillage.terms import MLG, PREFIXES
from maillage.whole import whole
from maillage.words import LANGUAGES, Language, best, say

__all__ = ["Built", "build"]

_ORG, _SCHEMA = PREFIXES["org"], PREFIXES["schema"]
_TYPE, _UNION = ox.NamedNode(RDF.type), ox.DefaultGraph()

#: What a summary counts beside places and themes: the word for it, and the class of things.
COUNTED: Mapping[str, URIRef] = {
    "organisations": URIRef(_ORG + "Organization"),
    "people": URIRef(_SCHEMA + "Person"),
    "posts": URIRef(_ORG + "Membership"),
    "series": URIRef(_SCHEMA + "EventSeries"),
    "events": URIRef(_SCHEMA + "Event"),
    "participations": MLG.Participation,
    "links": MLG.CooperationLink,
    "projects": MLG.CooperationProject,
    "statements": MLG.Statement,
    "figures": MLG.Figure,
    "mentions": MLG.Mention,
    "news": URIRef(_SCHEMA + "NewsArticle"),
    "changes": URIRef(_ORG + "ChangeEvent"),
    "coverage": MLG.Coverage,
    "disagreements": MLG.Disagreement,
}


#: How many documents a summary names, those with most claims first.
LISTED = 10


@dataclass(frozen=True)
class Built:
    """What a build made: counts by kind of thing, claims by document, and what the check found.

    :ivar unchanged: nothing had changed since the last build, whose release stays as it is.
    """

    folder: Path
    quads: int
    things: dict[str, int]
    claims: dict[URIRef, int]
    titles: dict[URIRef, list[tuple[str, str]]]
    report: Report
    unchanged: bool = False

    def text(self, lang: Language) -> str:
        """The summary for a person: what there is, from where, and what to type next."""
        lines = [say("build.unchanged", lang), ""] if self.unchanged else []
        lines += [say("build.things", lang, quads=self.quads)]
        lines += [f"  {n:>6}  {say(f'entity.{k}', lang)}" for k, n in self.things.items() if n]
        lines += ["", say("build.documents", lang)]
        ranked = sorted(self.claims.items(), key=lambda item: (-item[1], item[0]))
        lines += [
            f"  {n:>6}  {best(self.titles[source], lang) or source}"
            for source, n in ranked[:LISTED]
        ]
        if len(ranked) > LISTED:
            more = say("build.more-documents", lang, n=len(ranked) - LISTED)
            lines.append(f"  {more}")
        counts = {severity: self.report.count(severity) for severity in SEVERITIES}
        lines += ["", say("check.summary", lang, **counts)]
        lines += ["", say("build.files", lang)]
        for name in ("network.html", "maillage.trig", "maillage.ttl", "maillage.nq", "store"):
            lines.append(f"  {self.folder / name}")
        lines += ["", say("build.next", lang)]
        lines += [
            "  maillage ask",
            "  maillage ask proposed-pairs",
            "  maillage ask within place=Sichuan",
        ]
        return "\n".join(lines)


def build(
    out: Path,
    lang: Language = "en",
    also: Sequence[Path] = (),
    step: Callable[[str], None] = lambda _: None,
    every_place: Callable[[int, int], None] | None = None,
    *,
    anew: bool = False,
) -> Built:
    """Build everything into a folder.

    :param out: the output folder; its previous build is replaced only by a whole one.
    :param lang: the language in which the page opens (it holds all three).
    :param also: further tables or folders of tables.
    :param step: told the name of each step as it starts.
    :param every_place: let all places of the gazetteers in, as a dataset beside the record
        (``gazetteer.nq``); told how many pieces of them are done, and of how many.
    :param anew: make everything, even what would come out as it did the last time.
    :raises BadTables: with every fault of every table; nothing is touched then.
    :returns: what was built; when ``report`` does not conform, nothing was written.
    """
    now = ingredients(also, [lang, "core" if every_place is None else "every place"])
    before = None if anew else _last(out, now)
    if before and before.ingredients == now:
        return _as_it_was(out, before)
    gathered = gather(also=also, step=step)
    step("check")
    lines, refusal = _canonical(gathered.store)
    store = united(gathered.store)
    report = check(gathered.store, gathered.origins, since=_since(out, before, lines))
    places: set[bytes] = set()
    if every_place is not None and report.conforms():
        places, faults = whole(piece=every_place)
        report = replace(report, findings=(*faults, *report.findings))
    folder = out / "current"
    names: list[str] = []
    if report.conforms():
        if refusal is not None:
            raise refusal
        with release(out, step, names.append) as temporary:
            step("dump")
            others = b"".join(line + b"\n" for line in sorted(places - set(lines.splitlines())))
            if others:
                (temporary / "gazetteer.nq").write_bytes(others)
            (temporary / "questions.nq").write_bytes(beside(questions()))
            (temporary / "maillage.nq").write_bytes(lines)
            dumps(temporary / "maillage.nq")
            step("draw")
            html = page(surround(links(store), store), lang=lang)
            (temporary / "network.html").write_text(html, encoding="utf-8", newline="\n")
            for language in LANGUAGES:
                text = report.text(language) + "\n"
                (temporary / f"check.{language}.txt").write_text(text, encoding="utf-8")
    built = _summary(folder, gathered.store, report)
    for name in names:
        remember(out, Made(now, name, _told(built)))
    return built


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


def _canonical(store: ox.Store) -> tuple[bytes, MaillageError | None]:
    """The canonical N-Quads, or why there are none, which is told after what the check finds."""
    try:
        return nquads(store), None
    except MaillageError as error:
        return b"", error


def _since(out: Path, before: Made | None, lines: bytes) -> Since | None:
    """What has changed since the last build, and what its check found."""
    if before is None or not lines:
        return None
    with hold(out) as held:
        if held.folder.name != before.release:  # another became current meanwhile
            return None
        with (held.folder / "maillage.nq").open("rb") as kept:
            then = set(union(kept))
    now = set(union(lines.splitlines(keepends=True)))
    changed = Graph().parse(data=b"".join(sorted(now ^ then)), format="nt")
    return Since(tuple(changed), Graph().parse(data=before.told["graph"], format="nt"))


def _told(built: Built) -> dict[str, object]:
    """What is remembered of a build, to be told again."""
    return {
        "quads": built.quads,
        "things": built.things,
        "claims": built.claims,
        "titles": built.titles,
        "findings": [asdict(finding) for finding in built.report.findings],
        "graph": built.report.graph.serialize(format="nt"),
    }


def _as_it_was(out: Path, before: Made) -> Built:
    told = before.told
    findings = tuple(map(_finding, told["findings"]))
    report = Report(findings, lambda: Graph().parse(data=told["graph"], format="nt"))
    claims = {URIRef(source): n for source, n in told["claims"].items()}
    titles = {
        URIRef(source): [(tag, title) for tag, title in titles]
        for source, titles in told["titles"].items()
    }
    folder = out / "current"
    return Built(folder, told["quads"], told["things"], claims, titles, report, unchanged=True)


def _finding(kept: dict[str, Any]) -> Finding:
    position = kept["position"] and Position(**kept["position"])
    texts = {lang: tuple(said) for lang, said in kept["texts"].items()}
    return Finding(**{**kept, "position": position, "texts": texts})


def _summary(folder: Path, store: ox.Store, report: Report) -> Built:
    """Counts and titles, from a store whose default graph is the union of the others."""

    def of_class(kind: URIRef) -> int:
        return _count(store.quads_for_pattern(None, _TYPE, ox.NamedNode(kind), _UNION))

    level, theme, titled = map(ox.NamedNode, (MLG.hasLevel, MLG.hasTheme, SKOS.prefLabel))
    places = {quad.subject for quad in store.quads_for_pattern(None, level, None, _UNION)}
    themes = {quad.object for quad in store.quads_for_pattern(None, theme, None, _UNION)}
    things = {"places": len(places)}
    things |= {word: of_class(kind) for word, kind in COUNTED.items()}
    things["themes"] = len(themes)
    claims: dict[URIRef, int] = {}
    titles: dict[URIRef, list[tuple[str, str]]] = {}
    for graph in list(store.named_graphs()):
        named = parse(graph.value)
        part, _, key = named.key.partition("--") if named else ("", "", "")
        if part == "evidence":
            source, evidence = thing("source", key), ox.NamedNode(MLG.Evidence)
            claims[source] = _count(store.quads_for_pattern(None, _TYPE, evidence, graph))
            labels = texts(about(store, ox.NamedNode(source)), titled)
            titles[source] = sorted((label.language or "", label.value) for label in labels)
    quads = _count(store.quads_for_pattern(None, None, None, _UNION))
    return Built(folder, quads, things, claims, titles, report)


def _count(quads: Iterable[ox.Quad]) -> int:
    return sum(1 for _ in quads)
