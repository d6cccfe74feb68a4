"""Whether the graph keeps its own rules, told in sentences that a clerk can act on.

The rules are SHACL shapes (W3C Recommendation, 2017) in ``ontology/shapes.ttl``; pySHACL checks
them in memory, in the part of the graph that a quicker engine pointed to where one is installed
(:mod:`maillage.judge`). Each result is told with the name of the thing, the row it was written in,
the rule in the reader's language and what to do.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal as OneOf
from typing import NamedTuple, cast

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.term import Node

from maillage.errors import Position
from maillage.judge import Engine, again, judge, our_shapes
from maillage.origins import Origins
from maillage.reach import Triple
from maillage.storegraph import StoreGraph
from maillage.terms import MLG
from maillage.words import LANGUAGES, Language, best, say

__all__ = [
    "SEVERITIES",
    "Finding",
    "Report",
    "Severity",
    "Since",
    "check",
    "check_graph",
    "concerning",
    "in_order",
    "in_sentences",
]

Severity = OneOf["violation", "warning", "info"]

#: Gravest first.
SEVERITIES: Sequence[Severity] = ("violation", "warning", "info")

_SEVERITY: Mapping[Node, Severity] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}


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
    """Everything that a check found, gravest first, then by rule and place.

    :ivar results: the validation report (SHACL, 3.6), which few ask for.
    """

    findings: tuple[Finding, ...]
    results: Callable[[], Graph]

    @property
    def graph(self) -> Graph:
        """The validation report (SHACL, 3.6)."""
        return self.results()

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


class Since(NamedTuple):
    """An earlier check by the same rules: what came or went since, and the report it made."""

    changed: Collection[Triple]
    report: Graph


def check(
    dataset: Dataset | ox.Store,
    origins: Origins | None = None,
    only: Iterable[Node] | None = None,
    engine: Engine = "auto",
    since: Since | None = None,
) -> Report:
    """Check a whole dataset against the shapes.

    :param dataset: rdflib's, or a store whose default graph is the union of its named graphs, which
        is not copied.
    :param origins: where its triples were written down; findings then carry file and line.
    :param only: tell only what concerns these things (the data are still checked as a whole).
    :param engine: who looks (:func:`maillage.judge.judge`).
    """
    data = StoreGraph(dataset) if isinstance(dataset, ox.Store) else _union(dataset)
    report = check_graph(data, data, origins, engine, since)
    return report if only is None else concerning(report, only)


def concerning(report: Report, only: Iterable[Node]) -> Report:
    """What a report says of some things, and errors of which nobody knows where they stand."""
    wanted = {str(thing) for thing in only}
    # what nobody wrote in a table is of no place, and an error there is never left out
    told = [f for f in report.findings if f.focus in wanted or _is_homeless_error(f)]
    return replace(report, findings=tuple(told))


def _union(dataset: Dataset) -> Graph:
    data = Graph()
    for s, p, o, _ in dataset.quads():
        data.add((s, p, o))
    return data


def _is_homeless_error(finding: Finding) -> bool:
    return finding.position is None and finding.severity == "violation"


def check_graph(
    data: Graph,
    names: Graph,
    origins: Origins | None = None,
    engine: Engine = "auto",
    since: Since | None = None,
) -> Report:
    """Check one graph against the shapes.

    :param names: where the names of things are looked up.
    :param since: only what has changed since is looked at, and what that can touch.
    """
    results = again(data, *since) if since else None
    if results is None:
        results = judge(data, engine)
    return Report(in_order(in_sentences(results, names, origins)), lambda: results)


def in_sentences(results: Graph, names: Graph, origins: Origins | None = None) -> list[Finding]:
    """What a validation report (SHACL, 3.6) says, for people."""
    rule_of = cache(_rule)
    # only what the report lists: a result of its own stands below for each part of a rule
    return [
        _finding(result, results, rule_of, names, origins)
        for result in results.objects(None, SH.result)
    ]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, gravest first, then by rule and place."""
    # a value that breaks two parts of one rule is one thing to mend; results have no order
    told = sorted(findings, key=lambda f: f.sentence("en"), reverse=True)
    once = {(f.rule, f.focus, f.path, f.value): f for f in told}
    return tuple(sorted(once.values(), key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.position or Position("~", 0)
    rank = SEVERITIES.index(finding.severity)
    return (rank, finding.rule, place, finding.focus, finding.path, finding.value)


class _Rule(NamedTuple):
    """How a rule speaks.

    :ivar texts: per language its name, its sentence and what to do.
    :ivar said: its sentences as patterns, of what stood in their ``{?name}`` places.
    """

    texts: Mapping[Language, tuple[str, str, str]]
    said: Sequence[re.Pattern[str]]


def _rule(shape: Node) -> _Rule:
    shapes = our_shapes()
    parts = [list(shapes.objects(shape, part)) for part in (SH.name, SH.message, MLG.remedy)]
    texts = {lang: tuple(_text(part, lang) for part in parts) for lang in LANGUAGES}
    asked = [text for text in map(str, parts[1]) if "{?" in text]
    return _Rule(cast("Mapping[Language, tuple[str, str, str]]", texts), [*map(_pattern, asked)])


def _finding(
    result: Node,
    results: Graph,
    rule_of: Callable[[Node], _Rule],
    data: Graph,
    origins: Origins | None,
) -> Finding:
    focus, shape = results.value(result, SH.focusNode), results.value(result, SH.sourceShape)
    path, value = results.value(result, SH.resultPath), results.value(result, SH.value)
    severity = results.value(result, SH.resultSeverity)
    if focus is None or shape is None or severity is None:
        raise RuntimeError("a validation result without focus, shape or severity")
    rule = rule_of(shape)
    columns = _columns(results.objects(result, SH.resultMessage), rule.said) if rule.said else {}
    named: dict[str, Node | None] = {"{thing}": focus, "{value}": value}
    named |= {f"{{?{name}}}": _node(text) for name, text in columns.items()}
    labels = {place: _labels(data, node) for place, node in named.items()}
    texts = {}
    for lang, (name, sentence, remedy) in rule.texts.items():
        words = {place: label[lang] for place, label in labels.items()}
        words |= _apart(words, named, lang)
        texts[lang] = (name, _filled(sentence, words), _filled(remedy, words))
    about = _mended(focus, value, columns, origins)
    return Finding(
        severity=_SEVERITY[severity],
        rule=str(shape),
        focus=str(about),
        # a path of several properties has a name that lasts as long as the process
        path=str(path) if isinstance(path, URIRef) else "",
        value="" if value is None else str(value),
        position=origins.find(about, path, value) if origins else None,
        texts=texts,
    )


def _apart(
    words: Mapping[str, str], named: Mapping[str, Node | None], lang: Language
) -> dict[str, str]:
    """Things of one name with their keys beside it: a county, and the city it has become."""
    brackets = "（{}）" if lang == "zh" else " ({})"
    things = {place: node for place, node in named.items() if isinstance(node, URIRef)}
    bearers: defaultdict[str, set[URIRef]] = defaultdict(set)
    for place, node in things.items():
        bearers[words[place]].add(node)
    return {
        place: words[place] + brackets.format(_end(node))
        for place, node in things.items()
        if len(bearers[words[place]]) > 1
    }


def _filled(text: str, labels: Mapping[str, str]) -> str:
    # not str.format: a message is a text from a file, and a brace in a value is only a brace
    for place, label in labels.items():
        text = text.replace(place, label)
    return text


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\?\w+\})", template)
    return re.compile(
        "".join(
            f"(?P<{part[2:-1]}>.*)" if part.startswith("{?") else re.escape(part) for part in parts
        ),
        re.DOTALL,
    )


def _columns(said: Iterable[Node], templates: Iterable[re.Pattern[str]]) -> dict[str, str]:
    """What stood in the ``{?name}`` places of a rule's message.

    pySHACL fills them with bare addresses and drops the language of the message; so its text is
    read backwards by the rule's own wording, and told again in the reader's language.
    """
    messages = [str(message) for message in said]
    for template in templates:
        for message in messages:
            if found := template.fullmatch(message):
                return found.groupdict()
    return {}


def _node(text: str) -> Node:
    return URIRef(text) if text.startswith(("http://", "https://")) else Literal(text)


def _mended(
    focus: Node, value: Node | None, columns: Mapping[str, str], origins: Origins | None
) -> Node:
    """The thing whose row is to be mended: the focus, unless nobody wrote it or wrote it wrong.

    Rules asked once for many things (a check digit, a code and its parent) have one focus and
    name the thing at fault as their value; a disagreement is derived, and about something else.
    """
    if origins is None:
        return focus
    if "about" in columns:
        return _node(columns["about"])
    if columns and isinstance(value, URIRef) and value in origins:
        return value
    return focus


def _text(texts: Iterable[Node], lang: Language) -> str:
    pairs = sorted((t.language or "", str(t)) for t in texts if isinstance(t, Literal))
    return best(pairs, lang) or ""


def _labels(data: Graph, node: Node | None) -> Mapping[Language, str]:
    """The name of a thing, a literal's own text, or the end of an address without a name."""
    if node is None or isinstance(node, Literal):
        return dict.fromkeys(LANGUAGES, "" if node is None else str(node))  # a 0 is a text, too
    if (node, RDF.type, MLG.Evidence) in data:  # called by what it is the evidence of
        node = min(data.subjects(MLG.hasEvidence, node), key=str, default=node)
    kinds = [list(data.objects(node, p)) for p in (SKOS.prefLabel, RDFS.label, MLG.writtenForm)]
    end = _end(node)
    named: dict[Language, str] = {}
    for lang in LANGUAGES:
        names = filter(None, (_text(kind, lang) for kind in kinds))
        # a statement inside a sentence loses its full stop
        named[lang] = next((name.rstrip(".。") for name in names), end)
    return named


def _end(node: Node) -> str:
    return str(node).rsplit("/id/", 1)[-1].rsplit("#", 1)[-1]
