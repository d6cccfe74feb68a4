"""From statements that differ to what a person would say changed: by source, then by thing.

A claim of a source is known by its evidence, whose address is a fingerprint of what it supports
and where: one changed cell makes another evidence. Old and new evidence of one thing in one source
are therefore told together, as one claim that changed. What is said of the evidence itself (how
certain, on which lines, by whom) is told with it.

Our own words on things (labels, descriptions) and what people decided are told apart from the
claims. Of what is derived, and of the vocabulary, only the numbers are told, but for disagreements
between sources, each of which is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, reduce
from typing import Final, Literal, NamedTuple

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, SKOS

from maillage.difference import Difference, Pair
from maillage.mint import parse
from maillage.terms import MLG, PREFIXES
from maillage.words import TAGS

__all__ = [
    "CHARACTERS",
    "LINES",
    "Claims",
    "Part",
    "Revision",
    "Revisions",
    "Value",
    "What",
    "revisions",
]

Value = ox.NamedNode | ox.Literal
What = Literal["added", "withdrawn", "changed"]
Section = Literal["claims", "catalogue", "words"]

_OA: Final = PREFIXES["oa"]
#: The properties under which the place of a passage is told: its lines, and its characters.
LINES: Final = _OA + "FragmentSelector"
CHARACTERS: Final = _OA + "TextPositionSelector"

_TYPE: Final = str(RDF.type)
_HAS_EVIDENCE: Final = str(MLG.hasEvidence)
_BEARS_ON: Final = str(MLG.bearsOn)
_SOURCE: Final = str(DCTERMS.source)
_IS_ABOUT: Final = str(MLG.isAbout)
_ON_PROPERTY: Final = str(MLG.onProperty)
# Told by the selectors that they belong to, or the same for all evidence.
_SILENT: Final = {_TYPE, _OA + "hasSelector", str(DCTERMS.conformsTo), _SOURCE}
# Where no graph is named, what only :mod:`maillage.derive` says is known by its property.
_DERIVED: Final = {
    str(MLG.earliestDay): "bounds",
    str(MLG.latestDay): "bounds",
    str(MLG.isPartnerOf): "shortcuts",
    str(MLG.isProposedPartnerOf): "shortcuts",
    str(DCTERMS.isReplacedBy): "succession",
    PREFIXES["wdt"] + "P190": "wikidata",
}
_WORDS: Final = {str(p) for p in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)}
# The engine writes language tags in lower case.
_SPELLED: Final = {tag.lower(): tag for tag in TAGS.values()}

# One thing has many statements, one after the other.
_parsed = lru_cache(1 << 12)(parse)

_Said = tuple[str, Value]


class Part(NamedTuple):
    """One property of a thing: the values that only one side has, in one language."""

    property: str
    language: str
    before: tuple[Value, ...]
    after: tuple[Value, ...]


class Claims(NamedTuple):
    """How many claims there are of each sort."""

    added: int = 0
    withdrawn: int = 0
    changed: int = 0

    def plus(self, other: Claims) -> Claims:
        """Both together."""
        return Claims(*(a + b for a, b in zip(self, other, strict=True)))


class Revision(NamedTuple):
    """What changed about one thing in one source, or in our own words on it.

    :ivar source: the key of the source; empty for words and for what no source says.
    :ivar thing: the address of the thing.
    """

    section: Section
    source: str
    thing: str
    what: What
    claims: Claims
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Revisions:
    """All that changed between two graphs.

    :ivar sources_added: keys of documents that only the later graph has.
    :ivar listed: what changed, by section, source and thing.
    :ivar disagreed: things and properties on which sources have begun to contradict each other.
    :ivar resolved: those on which they no longer do.
    :ivar statements: added and withdrawn statements that are only counted, by name of graph.
    :ivar source: the key of the source to which this was narrowed.
    """

    sources_added: tuple[str, ...]
    sources_withdrawn: tuple[str, ...]
    listed: tuple[Revision, ...]
    disagreed: tuple[tuple[str, str], ...]
    resolved: tuple[tuple[str, str], ...]
    statements: dict[str, tuple[int, int]]
    source: str = ""

    def by_source(self) -> list[str]:
        """The keys of the sources whose claims changed."""
        return sorted(source for source, claims in self._counts.items() if source and any(claims))

    def claims(self, source: str | None = None) -> Claims:
        """How many claims changed, in all or of one source."""
        if source is not None:
            return self._counts.get(source, Claims())
        return reduce(Claims.plus, self._counts.values(), Claims())

    @cached_property
    def _counts(self) -> dict[str, Claims]:
        found: dict[str, Claims] = defaultdict(Claims)
        for revision in self.listed:
            found[revision.source] = found[revision.source].plus(revision.claims)
        return dict(found)

    def of_source(self, key: str) -> Revisions:
        """What changed in one source only."""
        return Revisions(
            tuple(k for k in self.sources_added if k == key),
            tuple(k for k in self.sources_withdrawn if k == key),
            tuple(r for r in self.listed if r.source == key),
            (),
            (),
            {},
            key,
        )


@dataclass
class _Bundle:
    """What only one side says of a thing: its properties, its evidence and that one's details.

    :ivar touched: evidence that both sides have, with other details.
    """

    said: set[_Said] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    details: Counter[_Said] = field(default_factory=Counter)
    supports: Counter[_Said] = field(default_factory=Counter)


@dataclass
class _Evidence:
    """What only one side says of one piece of evidence."""

    details: list[_Said] = field(default_factory=list)
    supports: list[_Said] = field(default_factory=list)
    span: dict[str, str] = field(default_factory=dict)

    def add(self, quad: ox.Quad, value: Value) -> None:
        predicate, (_, _, part) = quad.predicate.value, _address(quad.subject).partition("#")
        if predicate == _BEARS_ON:
            self.supports.append((predicate, value))
        elif part == "lines" and predicate == str(RDF.value):
            self.details.append((LINES, _lines(value.value)))
        elif part == "characters" and predicate != _TYPE:
            self.span[predicate] = value.value
        elif predicate not in _SILENT:
            self.details.append((predicate, value))

    def all(self) -> list[_Said]:
        if not self.span:
            return self.details
        ends = "–".join(self.span.get(_OA + end, "") for end in ("start", "end"))
        return [*self.details, (CHARACTERS, ox.Literal(ends))]


class _Reading:
    """One side of a difference, sorted into things, evidence and what is only counted."""

    def __init__(self) -> None:
        self.bundles: dict[tuple[Section, str, str], _Bundle] = defaultdict(_Bundle)
        self.evidence: dict[str, _Evidence] = defaultdict(_Evidence)
        self.bearers: dict[str, str] = {}
        self.source_of: dict[str, str] = {}
        self.sources: set[str] = set()
        self.about: dict[str, str] = {}
        self.on: dict[str, str] = {}
        self.statements: Counter[str] = Counter()

    def read(self, pairs: Iterable[Pair]) -> None:
        for _, quad in pairs:
            named = _parsed(_address(quad.graph_name))
            part, _, source = (named.key if named else "").partition("--")
            self._take(quad, part, source)

    def _take(self, quad: ox.Quad, graph: str, source: str) -> None:
        subject, predicate, value = _address(quad.subject), quad.predicate.value, quad.object
        if not isinstance(value, ox.NamedNode | ox.Literal):
            return
        own = _parsed(subject.partition("#")[0])
        kind = own.kind if own else ""
        if predicate == _HAS_EVIDENCE:
            self.bearers[value.value] = subject
            if source:
                self.source_of[value.value] = source
        elif kind == "evidence":
            evidence = subject.partition("#")[0]
            self.evidence[evidence].add(quad, value)
            if predicate == _SOURCE or source:
                document = parse(value.value) if predicate == _SOURCE else None
                self.source_of[evidence] = source or (document.key if document else "")
        elif kind == "disagreement":
            self.statements["disagreements"] += 1
            if predicate == _IS_ABOUT:
                self.about[subject] = value.value
            elif predicate == _ON_PROPERTY:
                self.on[subject] = value.value
        elif not graph and predicate in _DERIVED:
            self.statements[_DERIVED[predicate]] += 1
        elif own and kind == "source" and graph in {"catalogue", ""}:
            if (predicate, value.value) == (_TYPE, str(MLG.SourceDocument)):
                self.sources.add(own.key)
            self.bundles["claims", own.key, subject].said.add((predicate, value))
        elif graph in {"source", "inferred"} and source:
            self.bundles["claims", source, subject].said.add((predicate, value))
        elif graph == "labels" or (not graph and own and predicate in _WORDS):
            self.bundles["words", "", subject].said.add((predicate, value))
        elif own and (graph == "catalogue" or not graph) and kind != "graph":
            self.bundles["catalogue", "", subject].said.add((predicate, value))
        else:
            self.statements[graph or ("catalogue" if own else "ontology")] += 1

    def settle(self, bearers: Mapping[str, str]) -> None:
        """Give each piece of evidence to the thing that it supports."""
        for name in {*self.evidence, *self.bearers}:
            about = self.bearers.get(name) or bearers.get(name, name)
            source, evidence = self.source_of.get(name, ""), self.evidence[name]
            bundle = self.bundles["claims", source, about]
            (bundle.evidence if name in self.bearers else bundle.touched).add(name)
            bundle.details.update(evidence.all())
            bundle.supports.update(evidence.supports)
            # without named graphs only the evidence tells which source says what
            supported = {value.value for _, value in evidence.supports}
            loose = self.bundles["catalogue", "", about].said
            bundle.said |= {said for said in loose if said[0] in supported}
        for (_, source, about), bundle in list(self.bundles.items()):
            if source:
                self.bundles["catalogue", "", about].said -= bundle.said


def revisions(found: Difference) -> Revisions:
    """Say what changed, from the statements that differ."""
    before, after = _Reading(), _Reading()
    before.read(found.withdrawn)
    after.read(found.added)
    for reading in (before, after):
        reading.settle(found.bearers)
    listed = []
    for key in sorted({*before.bundles, *after.bundles}):
        section, source, about = key
        document = parse(about)
        if document == ("source", source) and source in before.sources ^ after.sources:
            continue  # told as a source that came or went
        revision = _revision(section, source, about, before.bundles[key], after.bundles[key])
        if revision.parts or any(revision.claims):
            listed.append(revision)
    names = sorted({*before.statements, *after.statements})
    return Revisions(
        tuple(sorted(after.sources - before.sources)),
        tuple(sorted(before.sources - after.sources)),
        tuple(listed),
        _disagreements(after),
        _disagreements(before),
        {name: (after.statements[name], before.statements[name]) for name in names},
    )


def _disagreements(reading: _Reading) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((about, reading.on.get(node, "")) for node, about in reading.about.items()))


def _revision(section: Section, source: str, about: str, old: _Bundle, new: _Bundle) -> Revision:
    """Put what either side says of a thing side by side."""
    # a claim that is now inferred stands in another graph, and says the same
    gone = [*(old.said - new.said), *(old.details - new.details).elements()]
    come = [*(new.said - old.said), *(new.details - old.details).elements()]
    if not old.said ^ new.said and not (gone and come):
        # another passage for what the source already said: tell at least what it supports
        gone += (old.supports - new.supports).elements()
        come += (new.supports - old.supports).elements()
    both = min(len(old.evidence), len(new.evidence))
    added, withdrawn = len(new.evidence) - both, len(old.evidence) - both
    what: What = "changed"
    if section == "claims":
        if added and not both and not old.said:
            what = "added"
        elif withdrawn and not both and not new.said:
            what = "withdrawn"
    elif not gone:
        what = "added"
    elif not come:
        what = "withdrawn"
    claims = Claims(added, withdrawn, both + len(old.touched | new.touched))
    return Revision(section, source, about, what, claims, _parts(gone, come))


def _parts(gone: Iterable[_Said], come: Iterable[_Said]) -> tuple[Part, ...]:
    """Values by property and language, each list in order."""
    sides: dict[tuple[str, str], tuple[list[Value], list[Value]]] = {}
    for at, said in enumerate((gone, come)):
        for predicate, value in said:
            tag = value.language or "" if isinstance(value, ox.Literal) else ""
            sides.setdefault((predicate, _SPELLED.get(tag, tag)), ([], []))[at].append(value)
    return tuple(
        Part(predicate, language, *(tuple(sorted(set(values), key=str)) for values in pair))
        for (predicate, language), pair in sorted(sides.items())
    )


def _address(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _lines(fragment: str) -> ox.Literal:
    """The lines that RFC 5147 means by "line=46,47", counted from 1."""
    first, _, last = fragment.removeprefix("line=").partition(",")
    start = str(int(first) + 1) if first.isdigit() else first
    return ox.Literal(start if start == last else f"{start}–{last}")
