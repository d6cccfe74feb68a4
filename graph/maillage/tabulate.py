"""From statements back to rows: the inverse of :mod:`maillage.ingest`, by the same descriptions.

A file may be an export of another Maillage, or statements that somebody wrote in our vocabulary.

* What has evidence keeps its documents: a row for each evidence, with the place in the document,
  the certainty and who recorded it; the documents and the recorders come along. This holds for
  formats without graphs too, since the address of an evidence tells its row
  (:mod:`maillage.evidenced`).
* What has none is a claim of the file itself: one row a thing, and more where it gives several
  values for a column that holds one.
* What Maillage derives, its ontology, and what its gazetteers say already are left out, counted.
* What is known by what it joins (links, participations) gets the address that its parties make;
  what has a foreign address gets one of ours. Both are told.

Statements about things that are not ours come back as they are, for :mod:`maillage.foreign`. What
is ours and has no place in a table is told with the reason: nothing is dropped in silence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.term import Identifier

from maillage.cells import Cells, Left, Plan, Said, plans, spread
from maillage.evidenced import Passage, Search, passage
from maillage.mint import parse
from maillage.ours import Known, Sorted, Statement, known, sort_out
from maillage.rowtexts import accepted, row_text
from maillage.terms import MLG

__all__ = ["Origin", "Tabulated", "tabulate"]

# What is computed from a date, in whatever graph it stands.
_BOUNDS: Final = frozenset({MLG.earliestDay, MLG.latestDay, MLG.signatureDay})


class Origin(NamedTuple):
    """Where the statements come from, for those that name no document of their own.

    :ivar source: the file as a row of ``sources.csv``; its key, at least.
    :ivar recorder: the key of who records them. :ivar recorded: on which day.
    """

    source: Mapping[str, str]
    recorder: str
    recorded: str


@dataclass
class Tabulated:
    """What a file says, as rows.

    :ivar rows: by table, each row a cell for each column that is filled.
    :ivar left: statements that no table can say, and why.
    :ivar renamed: addresses of the file that are others here, with the ones that are used.
    :ivar skipped: how many statements were left out, by why: ``derived``, ``ontology``,
        ``gazetteer``.
    :ivar rest: statements about things that are none of ours.
    """

    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    rest: list[ox.Quad] = field(default_factory=list)


def tabulate(quads: Iterable[ox.Quad], origin: Origin) -> Tabulated:
    """Make rows of our tables from statements, each of which could be read back from them.

    :param quads: without blank nodes, as :func:`maillage.untrusted.parse_untrusted` gives them.
    """
    return _Tabulation(sort_out(quads), origin).made


class _Row(NamedTuple):
    """A row on its way: the thing it is about, its cells, and the cells of its evidence."""

    subject: URIRef
    cells: Cells
    evidence: Mapping[str, str]


# Which documents bear on each property of a thing.
_Bearing = dict[Identifier, set[str]]


@dataclass
class _Proof:
    """What of a thing has evidence: its rows, the properties, and whether we made all of it."""

    rows: list[_Row]
    bears_on: frozenset[Identifier]
    whole: bool = True


class _Tabulation:
    """The statements of a file on their way into rows."""

    def __init__(self, sorted_: Sorted, origin: Origin) -> None:
        self.origin, self._in = origin, sorted_
        self.made = Tabulated(renamed=sorted_.renamed, skipped=sorted_.skipped, rest=sorted_.rest)
        self._known: Known = known(sorted_.places)
        self._rows: dict[str, list[_Row]] = defaultdict(list)
        self._search = Search()
        self._used: set[Statement] = set()
        self._twice: set[tuple[str, str, str, str]] = set()
        self._about: dict[Identifier, list[Said]] = {
            subject: [s.said for s in statements] for subject, statements in sorted_.about.items()
        }
        things = sorted(sorted_.plans.items())
        self._keys: dict[str, set[str]] = defaultdict(set)
        for subject, plan in things:
            named = parse(subject)
            if not plan.has_source and named and not self._missing(subject, plan, {}):
                self._keys[plan.kind].add(named.key)
        claimed = [(subject, plan) for subject, plan in things if plan.has_source]
        proofs = [self._proven(subject, plan) for subject, plan in claimed]
        for (subject, plan), proof in zip(claimed, proofs, strict=True):
            self._claimed(subject, plan, proof)
        for subject, plan in things:
            if not plan.has_source:
                self._described(subject, plan)
        for statements in sorted_.about.values():
            for statement in statements:
                if statement not in self._used:
                    self._leave(statement, "rdf.loose")
        self._finish()

    def _leave(self, statement: Statement, key: str, **values: object) -> None:
        self._used.add(statement)
        left = Left(statement.subject, statement.predicate, str(statement.value), key, values)
        self.made.left.append(left)

    def _skip(self, statements: Iterable[Statement], why: str) -> None:
        for statement in statements:
            if statement not in self._used:
                self._used.add(statement)
                self.made.skipped[why] += 1

    # ---- claims ---------------------------------------------------------------------------

    def _proven(self, subject: URIRef, plan: Plan) -> _Proof:
        """The rows of a thing that have evidence, those of our gazetteers left out."""
        statements = self._in.about[subject]
        reference = self._known.about.get(subject, frozenset())
        self._skip([s for s in statements if s.said in reference], "gazetteer")
        self._skip([s for s in statements if s.predicate in _BOUNDS], "derived")
        led = {s.value for s in statements if s.predicate == MLG.hasEvidence}
        evidence = sorted(each for each in led if isinstance(each, URIRef))
        passages = {each: passage(each, self._about) for each in evidence}
        proof = _Proof([], frozenset().union(*(p.bears_on for p in passages.values())))
        bearing: _Bearing = defaultdict(set)
        for where in passages.values():
            for predicate in where.bears_on:
                bearing[predicate].add(where.source)
        for each, where in passages.items():
            if each in self._known.evidence:
                self._skip(self._parts(each), "gazetteer")
            else:
                rows, exact = self._evidenced(subject, plan, URIRef(each), where, bearing)
                proof.rows.extend(rows)
                proof.whole = proof.whole and exact
        proof.whole = proof.whole and bool(evidence)
        return proof

    def _claimed(self, subject: URIRef, plan: Plan, proof: _Proof) -> None:
        """All rows of a thing: to those with evidence come what has none, and its names."""
        names: list[Statement] = []
        claims: list[Statement] = []
        for statement in self._in.about[subject]:
            if statement not in self._used:
                is_name = self._is_name(statement, plan)
                (names if is_name else claims).append(statement)
        if proof.bears_on:
            # Formats without graphs mix in what a Maillage derived: what no evidence bears on.
            loose = [s for s in claims if not s.graph]
            unborne = [s for s in loose if s.predicate not in proof.bears_on]
            self._skip(loose if proof.whole else unborne if self._search.found else [], "derived")
            claims = [s for s in claims if s not in self._used]
            for statement in claims:
                if statement.predicate in proof.bears_on:
                    value, predicate = str(statement.value), str(statement.predicate)
                    self._told(subject, value, "rdf.which-document", predicate)
        rows = [*proof.rows, *self._stated(subject, plan, claims)]
        if subject in self._known.about and not rows:  # what a source adds may be its name
            for statement in names:
                self._leave(statement, "rdf.gazetteer-name")
        elif names:
            self._named(subject, plan, rows, names)
        self._rows[plan.table] += rows

    def _parts(self, evidence: Identifier) -> list[Statement]:
        """What is said of an evidence and of its places in the document."""
        own = self._in.about.get(evidence, [])
        places = [s.value for s in own if s.value in self._in.selectors]
        return [*own, *(s for place in places for s in self._in.about.get(place, ()))]

    def _is_name(self, statement: Statement, plan: Plan) -> bool:
        if statement.graph not in {"", "labels"}:
            return False
        slots = [s for s in plan.about(labels=True) if s.property == statement.predicate]
        return any(slot.near(statement.value) is not None for slot in slots)

    def _evidenced(
        self, subject: URIRef, plan: Plan, evidence: URIRef, where: Passage, bearing: _Bearing
    ) -> tuple[list[_Row], bool]:
        """The rows of one evidence, and whether its address is the one that its row makes."""
        beside = self._beside(plan, evidence, where)
        self._used.update(self._parts(evidence))
        kind = "inferred" if where.certainty == "inferred" else "source"
        homes = {f"{kind}--{where.source}", ""}
        pool = [s for s in self._in.about[subject] if s.graph in homes]
        self._used.update(
            s for s in self._in.about[subject] if s.said == (MLG.hasEvidence, evidence)
        )
        found = self._search.row_of(plan, subject, evidence, (s.said for s in pool), where)
        if found:
            cells, made = found
            self._used.update(s for s in pool if s.said in made)
            return [_Row(subject, cells, each) for each in beside], True
        # Where several documents bear on a property and nobody tells which gives which value, it is
        # put down to none of them.
        count = Counter(s.predicate for s in pool)
        borne = [
            s
            for s in pool
            if s.predicate in where.bears_on
            and (s.graph or count[s.predicate] == 1 or len(bearing[s.predicate]) == 1)
        ]
        rows, placed, _ = spread(plan, (s.said for s in borne), source=where.source)
        if any(self._missing(subject, plan, row) for row in rows):
            return [], False
        self._used.update(s for s in borne if s.said in placed)
        return [_Row(subject, row, each) for row in rows for each in beside], False

    def _beside(self, plan: Plan, evidence: URIRef, where: Passage) -> list[dict[str, str]]:
        """The cells of an evidence; several where it gives several pages, sections or recorders."""
        source = where.source
        if source not in self._known.sources and source not in self._keys["source"]:
            self._told(evidence, source, "rdf.no-document")
            source = self.origin.source["key"]
        first = {"source": source, "lines": where.lines, "chars": where.chars}
        first["certainty"] = where.certainty or "stated"
        rows = [first]
        slots = list(plan.of_evidence())
        for predicate, value in where.rest:
            fitting = [(s, t) for s in slots if s.property == predicate and (t := s.near(value))]
            if not fitting:
                self._told(evidence, str(value), "rdf.no-column", str(predicate), table=plan.table)
                continue
            slot, text = fitting[0]
            recorders = {*self._keys["recorder"], self.origin.recorder}
            if slot.name == "recorder" and text not in recorders:
                self._told(evidence, text, "rdf.no-recorder", str(predicate))
                continue
            row = next((row for row in rows if row.get(slot.name, text) == text), None)
            if row is None:
                row = dict(first)
                rows.append(row)
            row[slot.name] = text
        for predicate, value in where.unread:
            self._told(evidence, str(value), "rdf.no-place", str(predicate))
        for row in rows:
            for name in ("recorder", "recorded"):
                row.setdefault(name, first.get(name) or getattr(self.origin, name))
        return rows

    def _told(
        self, thing: str, value: str, key: str, predicate: str = "", **values: object
    ) -> None:
        told = (thing, predicate, value, key)
        if told not in self._twice:
            self._twice.add(told)
            self.made.left.append(Left(*told, values))

    def _missing(self, subject: URIRef, plan: Plan, row: Cells) -> str:
        """Fill what a row needs with what else is said of the thing; the column still empty."""
        reference = self._known.about.get(subject, frozenset())
        known = [*self._about.get(subject, ()), *sorted(reference)]
        (basis, *_), _, _ = spread(plan, known)
        if plan.columns[0] == "key" and (named := parse(subject)):
            basis["key"] = [named.key]
        for name in dict.fromkeys((*plan.required, *plan.minted)):
            if name not in row and name in basis:
                row[name] = basis[name]
                for slot in plan.slots:
                    if slot.name == name and slot.language_column and slot.language_column in basis:
                        row.setdefault(slot.language_column, basis[slot.language_column])
        return next((name for name in plan.required if not row.get(name)), "")

    def _stated(self, subject: URIRef, plan: Plan, claims: Sequence[Statement]) -> list[_Row]:
        """Rows of what has no evidence: a claim of the document of its graph, or of the file."""
        made = []
        for graph in sorted({s.graph for s in claims}):
            mine = [s for s in claims if s.graph == graph]
            beside = self._of_graph(graph)
            rows, placed, homeless = spread(plan, (s.said for s in mine), source=beside["source"])
            missing = next(filter(None, (self._missing(subject, plan, row) for row in rows)), "")
            for statement in mine:
                if statement.said in homeless:
                    key, values = homeless[statement.said]
                    self._leave(statement, key, **values)
                elif missing:
                    self._leave(statement, "rdf.no-row", table=plan.table, column=missing)
                self._used.add(statement)
            if placed and not missing:
                made += [_Row(subject, row, beside) for row in rows]
        return made

    def _of_graph(self, graph: str) -> dict[str, str]:
        """The cells of evidence of a claim that has none."""
        part, _, key = graph.partition("--")
        theirs = part in {"source", "inferred"} and key in {
            *self._keys["source"],
            *self._known.sources,
        }
        return {
            "source": key if theirs else self.origin.source["key"],
            "certainty": "inferred" if theirs and part == "inferred" else "stated",
            "recorder": self.origin.recorder,
            "recorded": self.origin.recorded,
        }

    def _named(
        self, subject: URIRef, plan: Plan, rows: list[_Row], names: Sequence[Statement]
    ) -> None:
        """Write the names of a thing into its rows, the first ones first."""
        labelled, placed, _ = spread(plan, (s.said for s in names), labels=True)
        self._used.update(s for s in names if s.said in placed)
        rows.sort(key=_place)
        for number, cells in enumerate(labelled):
            if number < len(rows):
                rows[number].cells.update(cells)
                continue
            row = dict(rows[0].cells) if rows else {}
            if missing := self._missing(subject, plan, row):
                for statement in names:
                    self._leave(statement, "rdf.no-row", table=plan.table, column=missing)
                return
            rows.append(
                _Row(subject, row | cells, rows[0].evidence if rows else self._of_graph(""))
            )

    # ---- documents, recorders, decisions ----------------------------------------------------

    def _described(self, subject: URIRef, plan: Plan) -> None:
        """The row of what is described and not claimed."""
        statements = self._in.about[subject]
        reference = self._known.about.get(subject, frozenset())
        named = parse(subject)
        if plan.kind == "source" and {s.said for s in statements} <= reference:
            cited = {row.evidence.get("source") for rows in self._rows.values() for row in rows}
            if named and named.key not in cited:
                self._skip(statements, "gazetteer")
                return
        rows, placed, homeless = spread(plan, (s.said for s in statements))
        row = rows[0]
        missing = self._missing(subject, plan, row)
        if plan.prints and named and plan.key(row) != named.key:
            missing = plan.prints[-1]
        for statement in statements:
            if statement.said in homeless:
                key, values = homeless[statement.said]
                self._leave(statement, key, **values)
            elif missing:
                self._leave(statement, "rdf.no-row", table=plan.table, column=missing)
            elif placed[statement.said] is not row:
                self._leave(statement, "rdf.second-value", table=plan.table)
            self._used.add(statement)
        if missing:
            return
        if plan.kind == "identification" and "decided_by" in row:
            row.setdefault("decision", ["none"])
        self._rows[plan.table].append(_Row(subject, row, {}))

    def _finish(self) -> None:
        """Make texts of the rows, and keep what a table would take."""
        own = self.origin.source["key"]
        by_table = {plan.table: plan for plan in plans().values()}
        made = {
            table: [row_text(by_table[table], *row) for row in rows]
            for table, rows in self._rows.items()
        }
        is_cited = any(row.get("source") == own for rows in made.values() for row in rows)
        if is_cited and own not in [row["key"] for row in made.get("sources", ())]:
            made["sources"] = [*made.get("sources", ()), dict(self.origin.source)]
        for table, rows in sorted(made.items()):
            taken, refused = accepted(by_table[table], rows)
            self.made.left += refused
            if taken:
                self.made.rows[table] = taken


def _place(row: _Row) -> tuple[bool, str, int]:
    """Where a row stands among those of one thing: what a document states itself comes first."""
    start = int((row.evidence.get("chars") or "0").partition("-")[0])
    return row.evidence.get("certainty") != "stated", row.evidence.get("source", ""), start
