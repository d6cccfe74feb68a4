"""The main job: sources to a checked graph, with a store, dumps and a page to look at.

Everything is made in memory and in a temporary folder; the previous build stays in use until the
new one is whole (:mod:`maillage.release`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rdflib import RDF, SKOS, Dataset, URIRef

from maillage.check import SEVERITIES, Report, check
from maillage.drawing import page
from maillage.dumps import dumps, nquads
from maillage.gather import gather
from maillage.network import links
from maillage.release import release
from maillage.store import memory_store
from maillage.surroundings import surround
from maillage.terms import MLG, PREFIXES
from maillage.whole import whole
from maillage.words import LANGUAGES, Language, best, say

__all__ = ["Built", "build"]

_ORG, _SCHEMA = PREFIXES["org"], PREFIXES["schema"]

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
    """What a build made: counts by kind of thing, claims by document, and what the check found."""

    folder: Path
    quads: int
    things: dict[str, int]
    claims: dict[URIRef, int]
    titles: dict[URIRef, list[tuple[str, str]]]
    report: Report

    def text(self, lang: Language) -> str:
        """The summary for a person: what there is, from where, and what to type next."""
        lines = [say("build.things", lang, quads=self.quads)]
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
) -> Built:
    """Build everything into a folder.

    :param out: the output folder; its previous build is replaced only by a whole one.
    :param lang: the language in which the page opens (it holds all three).
    :param also: further tables or folders of tables.
    :param step: told the name of each step as it starts.
    :param every_place: let all places of the gazetteers in, as a dataset beside the record
        (``gazetteer.nq``); told how many pieces of them are done, and of how many.
    :raises BadTables: with every fault of every table; nothing is touched then.
    :returns: what was built; when ``report`` does not conform, nothing was written.
    """
    gathered = gather(also=also, step=step)
    dataset = gathered.dataset
    step("check")
    report = check(dataset, gathered.origins)
    places: set[bytes] = set()
    if every_place is not None and report.conforms():
        places, faults = whole(piece=every_place)
        report = replace(report, findings=(*faults, *report.findings))
    folder = out / "current"
    if report.conforms():
        with release(out, step) as temporary:
            step("dump")
            lines = nquads(dataset)
            beside = b"".join(line + b"\n" for line in sorted(places - set(lines.splitlines())))
            if beside:
                (temporary / "gazetteer.nq").write_bytes(beside)
            for suffix, content in dumps(lines).items():
                (temporary / f"maillage.{suffix}").write_bytes(content)
            step("draw")
            store = memory_store(dataset)
            html = page(surround(links(store), store), lang=lang)
            (temporary / "network.html").write_text(html, encoding="utf-8", newline="\n")
            for language in LANGUAGES:
                text = report.text(language) + "\n"
                (temporary / f"check.{language}.txt").write_text(text, encoding="utf-8")
    return _summary(folder, dataset, report)


def _summary(folder: Path, dataset: Dataset, report: Report) -> Built:
    things = {"places": len(set(dataset.subjects(MLG.hasLevel)))}
    things |= {word: len(set(dataset.subjects(RDF.type, kind))) for word, kind in COUNTED.items()}
    things["themes"] = len(set(dataset.objects(None, MLG.hasTheme)))
    claims: dict[URIRef, int] = {}
    titles: dict[URIRef, list[tuple[str, str]]] = {}
    for evidence in dataset.subjects(RDF.type, MLG.Evidence):
        source = dataset.value(evidence, URIRef(PREFIXES["dcterms"] + "source"))
        if isinstance(source, URIRef):
            claims[source] = claims.get(source, 0) + 1
    for source in claims:
        labels = dataset.objects(source, SKOS.prefLabel)
        titles[source] = [(getattr(label, "language", "") or "", str(label)) for label in labels]
    return Built(folder, len(dataset), things, claims, titles, report)
