"""What sources say, the evidence for it, and what follows, as ``build`` would write it.

A thing is written once, with all rows about it, so that nothing has to be remembered: what the
sources agree on, where they differ and the days that bound it are known as soon as the rows are.
The rule is that of :mod:`maillage.consensus`, told again for one thing at a time; a test holds the two
equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from generator.lines import (
    CATALOGUE,
    LABELS,
    A,
    P,
    date,
    edtf,
    graph,
    mlg,
    number,
    plain,
    text,
    thing,
)
from maillage.dates import bounds, refines
from maillage.mint import fingerprint
from maillage.words import LANGUAGES, say

__all__ = ["BOUNDS", "NAMES", "Paper", "Row", "Source", "labels"]

CERTAINTIES: Final = ("stated", "to-be-confirmed", "inferred", "disputed")
CERTAINTY: Final = {level: thing("certainty", level) for level in CERTAINTIES}
RECORDER: Final = thing("recorder", "maillage")
DAY: Final = "2026-11-22"

#: Properties of which a thing has one true value (``mlg:expectsOneValue``).
SINGLE: Final = frozenset(
    {mlg(n) for n in ("hasKind", "hasState", "isInCountry", "startDate", "endDate", "issuedDate")}
    | {mlg("signatureDate"), mlg("ordinal"), P["location"], P["amount"]}
)
START, END, ISSUED, SIGNED = map(mlg, ("startDate", "endDate", "issuedDate", "signatureDate"))
DATES: Final = (START, END, ISSUED, SIGNED)
MOMENTS: Final = ("event", "change", "news", "source")

BOUNDS, CONSENSUS, DISAGREEMENTS, NAMES = map(
    graph, ("bounds", "consensus", "disagreements", "names")
)
EARLIEST, LATEST, SIGNED_ON = map(mlg, ("earliestDay", "latestDay", "signatureDay"))
HAS_EVIDENCE, EVIDENCE, BEARS_ON = map(mlg, ("hasEvidence", "Evidence", "bearsOn"))
HAS_CERTAINTY, REASON, RECORDED = map(mlg, ("hasCertainty", "reason", "recordedDate"))
PAGE, SECTION = mlg("page"), mlg("section")

_REASONS: Final = {
    "fr": "Le document ne le dit pas lui-même : la suite du texte le laisse comprendre.",
    "en": "The document does not say so itself: the rest of the text lets one understand it.",
    "zh": "文件本身没有说明，由上下文推断。",
}


def labels(fr: str, en: str, zh: str) -> dict[str, str]:
    """One name in three languages."""
    return {"fr": fr, "en": en, "zh": zh}


class Source:
    """A document: its key, whether we hold its file, and which of its graphs hold anything."""

    def __init__(self, key: str, titles: Mapping[str, str], kind: str, characters: int = 0) -> None:
        self.key, self.titles, self.kind, self.characters = key, titles, kind, characters
        self.iri = thing("source", key)
        self.graphs = {name: graph(f"{name}--{key}") for name in ("source", "inferred", "evidence")}
        self.infers = False


class Row(NamedTuple):
    """What one source says of a thing: properties and values as they stand in N-Quads."""

    source: Source
    said: Sequence[tuple[str, str]]
    certainty: str = "stated"


Said = set[tuple[str, str]]


class Paper:
    """Lines as they are written, until somebody takes them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._evidence = 0

    def taken(self) -> str:
        """What was written since the last time."""
        lines, self.lines = self.lines, []
        return "".join(lines)

    def add(self, where: str, subject: str, *said: tuple[str, str]) -> None:
        """Statements about one thing in one graph."""
        self.lines += [f"{subject} {p} {o} {where} .\n" for p, o in said]

    def named(
        self, subject: str, names: Mapping[str, str], where: str = LABELS, by: str = P["prefLabel"]
    ) -> None:
        """Names or texts in the languages there are."""
        self.lines += [f"{subject} {by} {text(t, lang)} {where} .\n" for lang, t in names.items()]

    def thing(
        self, subject: str, rows: Sequence[Row], names: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """A thing with all that is said of it; what the sources agree on, by property."""
        for row in rows:
            self._row(subject, row)
        if names:
            self.named(subject, names)
        agreed = self._settle(subject, rows)
        self._bound(subject, rows, agreed)
        return agreed

    def _row(self, subject: str, row: Row) -> None:
        """One row of a table: what it says, and the evidence for it."""
        source, inferred = row.source, row.certainty == "inferred"
        source.infers |= inferred
        self.add(source.graphs["inferred" if inferred else "source"], subject, *row.said)
        self._evidence += 1
        count = self._evidence
        lines, chars, place = "", "", []
        if source.characters:
            start = count * 97 % (source.characters - 200)
            first = start // 80 + 1
            lines, chars = f"{first}-{first + 1}", f"{start}-{start + 120}"
        elif count % 3:
            place = [(SECTION, text(f"Partie {count % 40 + 1}", "fr"))]
        else:
            place = [(PAGE, plain(str(count % 90 + 1)))]
        told = sorted(f"{p[1:-1]} {o}" for p, o in row.said)
        key = fingerprint(subject[1:-1], source.key, lines, chars, row.certainty, *told)
        node, where = thing("evidence", key), source.graphs["evidence"]
        self.add(
            where,
            node,
            (A, EVIDENCE),
            (P["source"], source.iri),
            (P["wasAttributedTo"], RECORDER),
            (HAS_CERTAINTY, CERTAINTY[row.certainty]),
            (RECORDED, date(DAY)),
            *((BEARS_ON, p) for p in dict.fromkeys(p for p, _ in row.said)),
            *place,
        )
        self.lines.append(f"{subject} {HAS_EVIDENCE} {node} {where} .\n")
        if row.certainty in {"inferred", "disputed"}:
            self.named(node, _REASONS, where, REASON)
        if chars:
            spans, rows = f"{node[:-1]}#characters>", f"{node[:-1]}#lines>"
            self.add(where, node, (P["hasSelector"], spans), (P["hasSelector"], rows))
            self.add(
                where,
                spans,
                (A, P["TextPositionSelector"]),
                (P["start"], number(start)),
                (P["end"], number(start + 120)),
            )
            self.add(
                where,
                rows,
                (A, P["FragmentSelector"]),
                (P["conformsTo"], "<http://tools.ietf.org/rfc/rfc5147>"),
                (P["value"], plain(f"line={first - 1},{first + 1}")),
            )

    def _settle(self, subject: str, rows: Sequence[Row]) -> dict[str, str]:
        claims: dict[str, dict[str, Said]] = {}
        for row in rows:
            for p, o in row.said:
                if p in SINGLE:
                    claims.setdefault(p, {}).setdefault(o, set()).add(
                        (row.source.iri, row.certainty)
                    )
        agreed = {}
        for p, values in claims.items():
            rivals = values if len(values) == 1 else _exact(values)
            winner, reason = decided(rivals)
            if len(rivals) > 1:
                self.disagreement(subject, p, rivals, winner, reason)
            if winner is not None:
                agreed[p] = winner
        self.add(CONSENSUS, subject, *agreed.items())
        return agreed

    def disagreement(
        self, subject: str, p: str, rivals: Mapping[str, Said], winner: str | None, reason: str
    ) -> None:
        """Who says what about one property, and which value wins."""
        node = thing("disagreement", fingerprint(subject[1:-1], p[1:-1]))
        about = ((A, mlg("Disagreement")), (mlg("isAbout"), subject), (mlg("onProperty"), p))
        self.add(DISAGREEMENTS, node, *about)
        reasons = {lang: say(f"consensus.{reason}", lang) for lang in LANGUAGES}
        self.named(node, reasons, DISAGREEMENTS, mlg("consensusReason"))
        for value, said in rivals.items():
            stance = f"{node[:-1]}#{fingerprint(value)}>"
            self.add(DISAGREEMENTS, node, (mlg("hasStance"), stance))
            self.add(DISAGREEMENTS, stance, (A, mlg("Stance")), (mlg("stanceValue"), value))
            by = sorted({(mlg("isSaidBy"), source) for source, _ in said})
            sure = sorted({(HAS_CERTAINTY, CERTAINTY[level]) for _, level in said})
            self.add(DISAGREEMENTS, stance, *by, *sure)
            if value == winner:
                self.add(DISAGREEMENTS, node, (mlg("prefers"), stance))

    def _bound(self, subject: str, rows: Sequence[Row], agreed: Mapping[str, str]) -> None:
        for p in (p for p in DATES if p in agreed):
            first, last = bounds(_lexical(agreed[p]))
            said = []
            if p == SIGNED:
                if first:
                    said.append((SIGNED_ON, date(first)))
                if any(q == START for row in rows for q, _ in row.said):
                    self.add(BOUNDS, subject, *said)
                    continue
            if first and p != END:
                said.append((EARLIEST, date(first)))
            moment = subject.rsplit("/", 2)[1] in MOMENTS
            if last and (p == END or (END not in agreed and moment)):
                said.append((LATEST, date(last)))
            self.add(BOUNDS, subject, *said)


def decided(rivals: Mapping[str, Said]) -> tuple[str | None, str]:
    """The value that the rule keeps, if any, and the step that decided."""
    if len(rivals) == 1:
        return next(iter(rivals)), "agreed"
    rank = {v: min(CERTAINTIES.index(level) for _, level in said) for v, said in rivals.items()}
    left = [value for value in rivals if rank[value] == min(rank.values())]
    if len(left) == 1:
        return left[0], "certainty"
    votes = {value: len({source for source, _ in rivals[value]}) for value in left}
    left = [value for value in left if votes[value] == max(votes.values())]
    return (left[0], "sources") if len(left) == 1 else (None, "tie")


def _lexical(value: str) -> str:
    return value[1 : value.index('"', 1)]


def _exact(values: Mapping[str, Said]) -> dict[str, Said]:
    """Without dates that one other says more exactly; their sources then speak for that one."""
    kept = {value: set(said) for value, said in values.items()}
    dates = [value for value in values if value.endswith("EDTF>")]
    for vague in dates:
        finer = [d for d in dates if d in kept and _says_more(d, vague)]
        finest = [d for d in finer if not any(_says_more(e, d) for e in finer)]
        if finest and vague in kept:
            said = kept.pop(vague)
            if len(finest) == 1:
                kept[finest[0]] |= said
    return kept


def _says_more(precise: str, vague: str) -> bool:
    one, other = _lexical(precise), _lexical(vague)
    return one != other and refines(one, other) and (not refines(other, one) or "~" in other)


def catalogued(paper: Paper, source: Source, **more: str) -> None:
    """A source in the catalogue, with the graphs that hold what it says."""
    known = [
        (A, mlg("SourceDocument")),
        (P["type"], plain(source.kind)),
        (P["language"], plain("fr")),
        (P["license"], "<http://rightsstatements.org/vocab/CNE/1.0/>"),
        (
            P["url"],
            f'"https://example.org/{source.key}"^^<http://www.w3.org/2001/XMLSchema#anyURI>',
        ),
        (mlg("seenDate"), date(DAY)),
    ]
    if source.characters:
        known.append((mlg("characterCount"), number(source.characters)))
    if issued := more.get("issued"):
        known.append((ISSUED, edtf(issued)))
    if publisher := more.get("publisher"):
        known.append((P["publisher"], publisher))
    paper.add(CATALOGUE, source.iri, *known)
    paper.named(source.iri, source.titles, CATALOGUE)
    classes = {"source": "SourceGraph", "evidence": "EvidenceGraph", "inferred": "InferredGraph"}
    for part, kind in classes.items():
        if part != "inferred" or source.infers:
            node = source.graphs[part]
            paper.add(CATALOGUE, node, (A, mlg(kind)), (mlg("isAssertedFrom"), source.iri))
            told = {
                lang: say(f"graph.{part}", lang, title=source.titles[lang]) for lang in LANGUAGES
            }
            paper.named(node, told, CATALOGUE)
