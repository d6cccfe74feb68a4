"""Whether the graph keeps its own rules, told in sentences that a clerk can act on.

The rules are SHACL shapes (W3C Recommendation, 2017) in ``ontology/shapes.ttl``; pySHACL checks
them in memory. Each result is told with the name of the thing, the row it was written in, the
rule in the reader's language and what to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf

from rdflib import RDF, RDFS, SH, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from maillage.errors import Position
from maillage.gather import ontology_graph
from maillage.ingest import Origins
from maillage.terms import MLG
from maillage.words import LANGUAGES, Language, best, say

__all__ = ["SEVERITIES", "Finding", "Report", "Severity", "check"]

Severity = OneOf["violation", "warning", "info"]

#: Gravest first.
SEVERITIES: Sequence[Severity] = ("violation", "warning", "info")

_SEVERITY: Mapping[Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}


@dataclass(frozen=True)
class Finding:
    """One place where a rule is not kept.

    :ivar rule: the address of the shape; findings are grouped by it.
    :ivar focus: the thing that the rule is about.
    :ivar texts: per language the rule's name, the sentence and what to do.
    """

    severity: Severity
    rule: str
    focus: str
    path: str
    value: str
    position: Position | None
    texts: Mapping[Language, tuple[str, str, str]]

    def name(self, lang: Language) -> str:
        """The short name of the rule."""
        return self.texts[lang][0]

    def sentence(self, lang: Language) -> str:
        """What is wrong."""
        return self.texts[lang][1]

    def remedy(self, lang: Language) -> str:
        """What to do."""
        return self.texts[lang][2]


@dataclass(frozen=True)
class Report:
    """Everything that a check found, gravest first, then by rule and place."""

    findings: tuple[Finding, ...]
    graph: Graph

    def count(self, severity: Severity) -> int:
        """How many findings of one severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def conforms(self, gate: Severity = "violation") -> bool:
        """Whether nothing was found that is as grave as the gate, or graver."""
        grave = SEVERITIES[: SEVERITIES.index(gate) + 1]
        return not any(finding.severity in grave for finding in self.findings)

    def text(self, lang: Language) -> str:
        """The report for a person: grouped by rule, each finding with its place."""
        lines: list[str] = []
        group = ""
        for finding in self.findings:
            if finding.rule != group:
                group = finding.rule
                kind = say(f"severity.{finding.severity}", lang)
                lines += ["", f"{kind} · {finding.name(lang)}", f"  → {finding.remedy(lang)}"]
            where = f"{finding.position}: " if finding.position else ""
            lines.append(f"  {where}{finding.sentence(lang)}")
        counts = {severity: self.count(severity) for severity in SEVERITIES}
        lines += ["", say("check.summary", lang, **counts)]
        return "\n".join(lines).lstrip("\n")

    def rows(self, lang: Language) -> list[dict[str, str | int]]:
        """The findings as rows for a spreadsheet or a script."""
        return [
            {
                "severity": finding.severity,
                "rule": finding.rule,
                "thing": finding.focus,
                "property": finding.path,
                "value": finding.value,
                "file": finding.position.file if finding.position else "",
                "line": finding.position.line if finding.position else "",
                "column": finding.position.column if finding.position else "",
                "sentence": finding.sentence(lang),
                "remedy": finding.remedy(lang),
            }
            for finding in self.findings
        ]

    def json(self, lang: Language) -> str:
        """The findings as JSON."""
        return json.dumps(self.rows(lang), ensure_ascii=False, indent=1)


def check(
    dataset: Dataset, origins: Origins | None = None, only: Iterable[Node] | None = None
) -> Report:
    """Check a whole dataset against the shapes.

    :param origins: where its triples were written down; findings then carry file and line.
    :param only: tell only what concerns these things (the data are still checked as a whole).
    """
    from pyshacl import validate

    shapes = ontology_graph("shapes.ttl")
    data = Graph()
    for s, p, o, _ in dataset.quads():
        data.add((s, p, o))
    _, results, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if not isinstance(results, Graph):
        raise RuntimeError(f"pySHACL could not check: {results}")
    wanted = None if only is None else set(only)
    findings = []
    for result in results.subjects(RDF.type, SH.ValidationResult):
        finding = _finding(result, results, shapes, data, origins)
        if wanted is None or URIRef(finding.focus) in wanted:
            findings.append(finding)
    findings.sort(key=_order)
    return Report(tuple(findings), results)


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.position or Position("~", 0)
    rank = SEVERITIES.index(finding.severity)
    return (rank, finding.rule, place, finding.focus, finding.path, finding.value)


def _finding(
    result: Node, results: Graph, shapes: Graph, data: Graph, origins: Origins | None
) -> Finding:
    focus, shape = results.value(result, SH.focusNode), results.value(result, SH.sourceShape)
    path, value = results.value(result, SH.resultPath), results.value(result, SH.value)
    severity = results.value(result, SH.resultSeverity)
    if focus is None or shape is None or severity is None:
        raise RuntimeError("a validation result without focus, shape or severity")
    texts = {}
    for lang in LANGUAGES:
        names = {"thing": _label(data, focus, lang), "value": _label(data, value, lang)}
        sentence = _text(results.objects(result, SH.resultMessage), lang)
        # not str.format: a message is a text from a file, and a brace in a value is only a brace
        for place, name in names.items():
            sentence = sentence.replace(f"{{{place}}}", name)
        rule = _text(shapes.objects(shape, SH.name), lang)
        texts[lang] = (rule, sentence, _text(shapes.objects(shape, MLG.remedy), lang))
    return Finding(
        severity=_SEVERITY[severity],
        rule=str(shape),
        focus=str(focus),
        path="" if path is None else str(path),
        value="" if value is None else str(value),
        position=origins.find(focus, path, value) if origins else None,
        texts=texts,
    )


def _text(texts: Iterable[Node], lang: Language) -> str:
    pairs = sorted((t.language or "", str(t)) for t in texts if isinstance(t, Literal))
    return best(pairs, lang) or ""


def _label(data: Graph, node: Node | None, lang: Language) -> str:
    """The name of a thing, a literal's own text, or the end of an address without a name."""
    if node is None:
        return ""
    if isinstance(node, Literal):
        return str(node)
    for predicate in (SKOS.prefLabel, RDFS.label, MLG.writtenForm):
        if name := _text(data.objects(node, predicate), lang):
            return name
    return str(node).rsplit("/id/", 1)[-1].rsplit("#", 1)[-1]
