"""What a build made: told to a person, remembered, and told again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import pyoxigraph as ox
from rdflib import SKOS, Graph, URIRef

from maillage.check import SEVERITIES, Finding, Report
from maillage.errors import Position
from maillage.made import Made
from maillage.mint import parse, thing
from maillage.quads import about, texts
from maillage.terms import MLG, PREFIXES
from maillage.words import Language, best, say

__all__ = ["DRAWN", "Built", "as_it_was", "summary", "told"]

#: Links that a map of everything shows well in a browser (``tests/benchmarks/maps.md``).
DRAWN: Final = 50_000

#: How many documents a summary names, those with most claims first.
LISTED: Final = 10

#: What a summary counts beside places and themes: the word for it, and the class of things.
COUNTED: Final[Mapping[str, str]] = {
    "organisations": PREFIXES["org"] + "Organization",
    "people": PREFIXES["schema"] + "Person",
    "posts": PREFIXES["org"] + "Membership",
    "series": PREFIXES["schema"] + "EventSeries",
    "events": PREFIXES["schema"] + "Event",
    "participations": MLG.Participation,
    "links": MLG.CooperationLink,
    "projects": MLG.CooperationProject,
    "statements": MLG.Statement,
    "figures": MLG.Figure,
    "mentions": MLG.Mention,
    "news": PREFIXES["schema"] + "NewsArticle",
    "changes": PREFIXES["org"] + "ChangeEvent",
    "coverage": MLG.Coverage,
    "disagreements": MLG.Disagreement,
}

_MAP: Final = "network.html"
_FILES: Final = (_MAP, "maillage.trig", "maillage.ttl", "maillage.nq", "store")


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

    def has_map(self) -> bool:
        """Whether a map of everything is made: more than so many links nobody can look at."""
        return self.things["links"] <= DRAWN

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
        lines += [f"  {self.folder / name}" for name in _FILES if name != _MAP or self.has_map()]
        if not self.has_map():
            lines += ["", say("build.no-map", lang, n=self.things["links"], most=DRAWN)]
        lines += ["", say("build.next", lang)]
        lines += [
            "  maillage ask",
            "  maillage ask proposed-pairs",
            "  maillage ask within place=Sichuan",
        ]
        return "\n".join(lines)


def summary(folder: Path, store: ox.Store, report: Report) -> Built:
    """Counts and titles, from a store whose default graph is the union of the others."""
    classes = " ".join(f"<{kind}>" for kind in COUNTED.values())
    of_kind = dict(_groups(store, "?kind", f"VALUES ?kind {{ {classes} }} ?s a ?kind"))
    things = {"places": _number(store, "DISTINCT ?s", f"?s <{MLG.hasLevel}> ?level")}
    things |= {word: of_kind.get(str(kind), 0) for word, kind in COUNTED.items()}
    things["themes"] = _number(store, "DISTINCT ?theme", f"?s <{MLG.hasTheme}> ?theme")
    claims: dict[URIRef, int] = {}
    titles: dict[URIRef, list[tuple[str, str]]] = {}
    evidence = f"GRAPH ?graph {{ ?s a <{MLG.Evidence}> }}"
    for graph, count in _groups(store, "?graph", evidence):
        named = parse(graph)
        part, _, key = named.key.partition("--") if named else ("", "", "")
        if part == "evidence":
            source = thing("source", key)
            labels = texts(about(store, ox.NamedNode(source)), ox.NamedNode(SKOS.prefLabel))
            claims[source] = count
            titles[source] = sorted((label.language or "", label.value) for label in labels)
    return Built(folder, _number(store, "*", "?s ?p ?o"), things, claims, titles, report)


# The engine counts without handing anything over.


def _number(store: ox.Store, what: str, pattern: str) -> int:
    (row,) = cast("ox.QuerySolutions", store.query(f"SELECT (COUNT({what}) AS ?n) {{ {pattern} }}"))
    return int(row["n"].value)


def _groups(store: ox.Store, key: str, pattern: str) -> Iterator[tuple[str, int]]:
    query = f"SELECT {key} (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY {key}"
    for row in cast("ox.QuerySolutions", store.query(query)):
        yield cast("ox.NamedNode", row[0]).value, int(row["n"].value)


def told(built: Built) -> dict[str, object]:
    """What is remembered of a build, to be told again."""
    return {
        "quads": built.quads,
        "things": built.things,
        "claims": built.claims,
        "titles": built.titles,
        "findings": [asdict(finding) for finding in built.report.findings],
        "graph": built.report.graph.serialize(format="nt"),
    }


def as_it_was(out: Path, before: Made) -> Built:
    """The last build, whose release stays as it is."""
    kept = before.told
    findings = tuple(map(_finding, kept["findings"]))
    report = Report(findings, lambda: Graph().parse(data=kept["graph"], format="nt"))
    claims = {URIRef(source): n for source, n in kept["claims"].items()}
    titles = {
        URIRef(source): [(tag, title) for tag, title in titles]
        for source, titles in kept["titles"].items()
    }
    folder = out / "current"
    return Built(folder, kept["quads"], kept["things"], claims, titles, report, unchanged=True)


def _finding(kept: dict[str, Any]) -> Finding:
    position = kept["position"] and Position(**kept["position"])
    texts = {lang: tuple(said) for lang, said in kept["texts"].items()}
    return Finding(**{**kept, "position": position, "texts": texts})
