"""What the sources say of a thing, where they differ, and which value the rule keeps.

Only properties of which a thing has one true value are compared (``mlg:expectsOneValue``), one
thing at a time. What a source claims stands in a graph of its own; how certain each claim is, in
its evidence. The rule: (1) a value that only says another one more exactly replaces it (26 October
2005 for 2005); (2) the value of better certainty wins: stated, to be confirmed, inferred, disputed;
(3) then the value that more sources give; (4) on a tie there is no consensus, and the graph says
so. A source is never preferred for its publisher.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib import RDF
from rdflib.namespace import DCTERMS

from maillage.dates import refines
from maillage.mint import fingerprint, graph_iri, parse, thing
from maillage.native import rdflib_term
from maillage.quads import Graph, Value, about, addresses, text, values
from maillage.terms import MLG, PREFIXES
from maillage.words import LANGUAGES, say

__all__ = ["Claims", "Said", "Settled", "Values", "decided", "disagreement", "evidenced"]

#: From the surest.
CERTAINTIES: Final = ("stated", "to-be-confirmed", "inferred", "disputed")


class Said(NamedTuple):
    """Who says a value (the address of a source), and how certain that is."""

    source: str
    certainty: str


#: The values of a property, and who says each.
Values = Mapping[Value, set[Said]]


class Settled(NamedTuple):
    """The values that rival, the one of them that wins, if any, and the step that decided."""

    rivals: Values
    winner: Value | None
    reason: str


_TYPE, _SOURCE, _EDTF = map(ox.NamedNode, (RDF.type, DCTERMS.source, PREFIXES["edtf"] + "EDTF"))
_EXPECTS_ONE, _HAS_EVIDENCE, _HAS_CERTAINTY, _BEARS_ON = map(
    ox.NamedNode, (MLG.expectsOneValue, MLG.hasEvidence, MLG.hasCertainty, MLG.bearsOn)
)
_DISAGREEMENT, _IS_ABOUT, _ON_PROPERTY, _REASON, _PREFERS = map(
    ox.NamedNode,
    (MLG.Disagreement, MLG.isAbout, MLG.onProperty, MLG.consensusReason, MLG.prefers),
)
_STANCE, _HAS_STANCE, _STANCE_VALUE, _IS_SAID_BY = map(
    ox.NamedNode, (MLG.Stance, MLG.hasStance, MLG.stanceValue, MLG.isSaidBy)
)
_DISAGREEMENTS = ox.NamedNode(graph_iri("disagreements"))


class Claims:
    """The claims in a store, thing by thing; none of them is kept in memory."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        single = store.quads_for_pattern(None, _EXPECTS_ONE, ox.Literal(True))
        self._single = {quad.subject for quad in single}
        graphs = sorted(store.named_graphs(), key=str)
        self._speakers: dict[Graph, Said] = {g: said for g in graphs if (said := _speaker(g.value))}

    def __iter__(self) -> Iterator[tuple[ox.NamedNode, list[ox.Quad]]]:
        """Each thing that a source speaks of, once, with all that is said of it.

        A thing is told in the first of the graphs that speak of it, so that nobody has to remember
        which were told: memory holds no more than what one source speaks of.
        """
        for graph in self._speakers:
            spoken = self._store.quads_for_pattern(None, None, None, graph)
            for subject in dict.fromkeys(quad.subject for quad in spoken):
                quads = about(self._store, subject)
                speaking = self._speakers.keys() & {quad.graph_name for quad in quads}
                if isinstance(subject, ox.NamedNode) and graph == min(speaking, key=str):
                    yield subject, quads

    def settled(self, quads: Iterable[ox.Quad]) -> dict[ox.NamedNode, Settled]:
        """What the rule makes of each property of a thing.

        :param quads: all that is said of the thing.
        """
        found: dict[ox.NamedNode, dict[Value, set[Said]]] = {}
        evidence: list[Value] = []
        for quad in quads:
            predicate = quad.predicate
            if predicate == _HAS_EVIDENCE:
                evidence.append(quad.object)
            elif predicate in self._single and (said := self._speakers.get(quad.graph_name)):
                found.setdefault(predicate, {}).setdefault(quad.object, set()).add(said)
        if any(len(by) > 1 for by in found.values()):
            levels = self._levels(evidence)
            for predicate, by_value in found.items():
                for value, by in by_value.items():
                    by_value[value] = {levels.get((predicate, said), said) for said in by}
        return {predicate: decided(_exact(by_value)) for predicate, by_value in found.items()}

    def _levels(self, evidence: Iterable[Value]) -> dict[tuple[Value, Said], Said]:
        """What a source says of a property with a certainty of its own, in place of "stated"."""
        found: dict[tuple[Value, Said], Said] = {}
        for node in evidence:
            said, properties = evidenced(self._store, node)
            # an inferred claim stands in a graph of its own, which already says how certain it is
            if said and said.certainty != "inferred":
                for predicate in properties:
                    key = predicate, Said(said.source, "stated")
                    found[key] = min(found.get(key, said), said, key=_doubt)
        return found


def evidenced(store: ox.Store, node: Value) -> tuple[Said | None, set[Value]]:
    """Who says what an evidence stands for, and the properties that it bears on."""
    if not isinstance(node, ox.NamedNode):
        return None, set()
    quads = about(store, node)
    sources = addresses(quads, _SOURCE)
    levels = [named.key for each in addresses(quads, _HAS_CERTAINTY) if (named := parse(each))]
    said = Said(sources[0], levels[0]) if sources and levels else None
    return said, values(quads, _BEARS_ON)


def _doubt(said: Said) -> int:
    return CERTAINTIES.index(said.certainty)


def _speaker(graph: str) -> Said | None:
    """Whose claims a graph holds: those of a source, or what was inferred from it."""
    named = parse(graph)
    part, _, key = named.key.partition("--") if named else ("", "", "")
    certainty = {"source": "stated", "inferred": "inferred"}.get(part)
    return Said(str(thing("source", key)), certainty) if certainty and key else None


def _exact(rivals: Values) -> Values:
    """Leave out dates that another date says more exactly; their sources then support that one.

    A vague date that several rivals say more exactly speaks for none of them.
    """
    if len(rivals) == 1:
        return rivals
    kept = {value: set(said) for value, said in rivals.items()}
    dates = sorted(
        (v for v in rivals if isinstance(v, ox.Literal) and v.datatype == _EDTF), key=str
    )
    for vague in dates:
        finer = [d for d in dates if d in kept and _says_more(d.value, vague.value)]
        finest = [d for d in finer if not any(_says_more(e.value, d.value) for e in finer)]
        if finest and vague in kept:
            said = kept.pop(vague)
            if len(finest) == 1:
                kept[finest[0]] |= said
    return kept


def _says_more(precise: str, vague: str) -> bool:
    """Whether a date is the more exact of two that agree; "about 1981" is less so than "1981"."""
    if precise == vague or not refines(precise, vague):
        return False
    return not refines(vague, precise) or "~" in vague


def decided(rivals: Values) -> Settled:
    """The value that the rule prefers, if any, and the name of the step that decided."""
    if len(rivals) == 1:
        return Settled(rivals, next(iter(rivals)), "agreed")
    doubts = {value: min(map(_doubt, said)) for value, said in rivals.items()}
    left = [value for value, doubt in doubts.items() if doubt == min(doubts.values())]
    if len(left) == 1:
        return Settled(rivals, left[0], "certainty")
    votes = {value: len({said.source for said in rivals[value]}) for value in left}
    left = [value for value, count in votes.items() if count == max(votes.values())]
    return Settled(rivals, left[0], "sources") if len(left) == 1 else Settled(rivals, None, "tie")


def disagreement(
    subject: ox.NamedNode, predicate: ox.NamedNode, settled: Settled
) -> Iterator[ox.Quad]:
    """About what, on which property, who says which value, which one wins."""
    node = ox.NamedNode(thing("disagreement", fingerprint(subject.value, predicate.value)))
    yield ox.Quad(node, _TYPE, _DISAGREEMENT, _DISAGREEMENTS)
    yield ox.Quad(node, _IS_ABOUT, subject, _DISAGREEMENTS)
    yield ox.Quad(node, _ON_PROPERTY, predicate, _DISAGREEMENTS)
    for lang in LANGUAGES:
        reason = text(say(f"consensus.{settled.reason}", lang), lang)
        yield ox.Quad(node, _REASON, reason, _DISAGREEMENTS)
    for value, said in settled.rivals.items():
        stance = ox.NamedNode(f"{node.value}#{fingerprint(rdflib_term(value).n3())}")
        yield ox.Quad(node, _HAS_STANCE, stance, _DISAGREEMENTS)
        yield ox.Quad(stance, _TYPE, _STANCE, _DISAGREEMENTS)
        yield ox.Quad(stance, _STANCE_VALUE, value, _DISAGREEMENTS)
        for source, level in said:
            yield ox.Quad(stance, _IS_SAID_BY, ox.NamedNode(source), _DISAGREEMENTS)
            certainty = ox.NamedNode(thing("certainty", level))
            yield ox.Quad(stance, _HAS_CERTAINTY, certainty, _DISAGREEMENTS)
        if value == settled.winner:
            yield ox.Quad(node, _PREFERS, stance, _DISAGREEMENTS)
