"""All that the graph says of one thing, in no language yet: each value with who says it.

A *voice* is one reason for a value to stand on a page: a source that states it, a source from
which a person concluded it, the editors (names, lists), or a rule (consensus, succession). The
evidence that a voice rests on is found through the property that it bears on. What refers to a
thing is gathered by property and class, so that a page can count before it lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rdflib import URIRef
from rdflib.term import Identifier

from maillage.mint import parse, thing
from maillage.site.evidence import Passage
from maillage.site.evidence import passages as passages_of
from maillage.site.rows import chain, details, first, full, order_of
from maillage.store import Store
from maillage.terms import NS, PREFIXES

__all__ = [
    "Dispute",
    "Record",
    "Referring",
    "Stance",
    "Value",
    "Voice",
    "read",
]

_TYPE: Final = PREFIXES["rdf"] + "type"


class Voice(NamedTuple):
    """Why a value stands on a page.

    ``sort`` is ``stated`` (by ``source``), ``inferred`` (from ``source``), ``edited`` or
    ``derived`` (in the graph named by ``graph``); ``evidence`` holds the keys of its passages.
    """

    sort: str
    source: str
    graph: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """A value of a property, with all its voices; ``is_kept`` when the consensus is this value."""

    term: Identifier
    voices: tuple[Voice, ...]
    is_kept: bool


class Stance(NamedTuple):
    """One of the values in a disagreement, who gives it, and how surely."""

    value: Identifier | None
    sources: tuple[str, ...]
    certainties: tuple[str, ...]
    is_preferred: bool


class Dispute(NamedTuple):
    """A disagreement of sources about one property."""

    iri: str
    about: str
    property: str
    stances: tuple[Stance, ...]
    reasons: Sequence[Identifier]


class Referring(NamedTuple):
    """The things of one class that refer to a thing by one property, in order of addresses."""

    property: str
    of_class: str
    things: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """Everything about one thing.

    :ivar classes: the classes it is in, the narrowest first.
    :ivar facts: by property, its values: what the consensus keeps, then what most say.
    """

    iri: str
    kind: str
    key: str
    classes: tuple[str, ...]
    facts: Mapping[str, tuple[Value, ...]]
    passages: tuple[Passage, ...]
    disputes: tuple[Dispute, ...]
    referring: tuple[Referring, ...]

    def terms(self, *properties: str) -> list[Identifier]:
        """The values of properties, given with our prefixes (``mlg:hasParty``)."""
        return [value.term for name in properties for value in self.facts.get(full(name), ())]

    def first(self, *properties: str) -> str:
        """The first value of the first of the properties that has one, as text; or nothing."""
        return next((str(term) for term in self.terms(*properties)), "")


def read(store: Store, kind: str, key: str) -> Record | None:
    """Gather all that a graph says of a thing; nothing when it says nothing."""
    iri = thing(kind, key)
    stated: dict[str, dict[Identifier, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = store.select(f"SELECT ?p ?o ?g {{ GRAPH ?g {{ {iri.n3()} ?p ?o }} }}").rows
    for prop, value, graph in rows:
        if value is not None:
            stated[str(prop)][value].add(str(graph))
    if not stated:
        return None
    passages = passages_of(store, iri)
    classes = {str(value) for value in stated.pop(_TYPE, {})}
    stated.pop(NS + "hasEvidence", None)
    return Record(
        iri=str(iri),
        kind=kind,
        key=key,
        classes=tuple(sorted(classes, key=lambda c: (c == NS + "Statement", c))),
        facts={prop: _values(prop, found, passages) for prop, found in sorted(stated.items())},
        passages=passages,
        disputes=_disputes(store, iri),
        referring=_referring(store, iri),
    )


def _values(
    prop: str, found: Mapping[Identifier, set[str]], passages: Sequence[Passage]
) -> tuple[Value, ...]:
    rests = defaultdict(list)
    for passage in passages:
        if prop in passage.bears_on:
            rests[passage.source].append(passage.key)
    values = [
        Value(
            term,
            tuple(voice for graph in sorted(graphs) if (voice := _voice(graph, rests))),
            str(thing("graph", "consensus")) in graphs,
        )
        for term, graphs in found.items()
    ]
    values.sort(key=lambda v: (not v.is_kept, -len(v.voices), order_of(v.term)))
    return tuple(values)


_EDITED: Final = frozenset(
    {"labels", "names", "schemes", "ontology", "catalogue", "questions", "identified"}
)


def _voice(graph: str, rests: Mapping[str, Sequence[str]]) -> Voice | None:
    named = parse(graph)
    part, _, key = named.key.partition("--") if named else ("", "", "")
    if key:
        source = str(thing("source", key))
        sort = "inferred" if part == "inferred" else "stated"
        return Voice(sort, source, graph, tuple(rests.get(source, ())))
    if part == "consensus":  # told by ``is_kept``
        return None
    return Voice("edited" if part in _EDITED else "derived", "", graph, ())


_OF_DISPUTES: Final = (
    "mlg:isAbout",
    "mlg:onProperty",
    "mlg:prefers",
    "mlg:consensusReason",
    "mlg:hasStance",
)


def _disputes(store: Store, iri: URIRef) -> tuple[Dispute, ...]:
    """The disagreements about a thing; of a disagreement, itself."""
    own = parse(iri)
    pattern = f"?thing <{full('mlg:isAbout')}> {iri.n3()} ; a <{full('mlg:Disagreement')}> ."
    if own is not None and own.kind == "disagreement":
        pattern = f"VALUES ?thing {{ {iri.n3()} }}"
    found = chain(store, pattern, _OF_DISPUTES)
    if not found:
        return ()
    stances = details(
        store,
        (str(side) for row in found.values() for side in row.get("mlg:hasStance", ())),
        ("mlg:stanceValue", "mlg:isSaidBy", "mlg:hasCertainty"),
    )
    disputes = []
    for address, row in found.items():
        preferred = {str(value) for value in row.get("mlg:prefers", ())}
        sides = [
            Stance(
                value=next(iter(stances[str(side)].get("mlg:stanceValue", ())), None),
                sources=tuple(map(str, stances[str(side)].get("mlg:isSaidBy", ()))),
                certainties=tuple(map(str, stances[str(side)].get("mlg:hasCertainty", ()))),
                is_preferred=str(side) in preferred,
            )
            for side in row.get("mlg:hasStance", ())
            if str(side) in stances
        ]
        sides.sort(key=lambda s: (not s.is_preferred, -len(s.sources), str(s.value), s.sources))
        about, prop = first(row, "mlg:isAbout"), first(row, "mlg:onProperty")
        disputes.append(
            Dispute(address, about, prop, tuple(sides), row.get("mlg:consensusReason", []))
        )
    disputes.sort(key=lambda dispute: (dispute.property, dispute.iri))
    return tuple(disputes)


# Derived shortcuts say again what links say; the rest of these are shown in places of their own.
_UNSAID: Final = " ".join(
    f"<{full(name)}>"
    for name in (
        "mlg:isPartnerOf",
        "mlg:isProposedPartnerOf",
        "wdt:P190",
        "mlg:hasEvidence",
        "mlg:bearsOn",
        "mlg:hasCertainty",
        "mlg:isSaidBy",
        "mlg:isAssertedFrom",
        "dcterms:source",
        "prov:wasAttributedTo",
        "rdfs:isDefinedBy",
        "skos:topConceptOf",
        "skos:hasTopConcept",
    )
)


def _referring(store: Store, iri: URIRef) -> tuple[Referring, ...]:
    """What refers to a thing, by property and class; of several classes, the narrowest."""
    rows = store.select(
        f"SELECT ?p ?s ?class {{ ?s ?p {iri.n3()} . ?s a ?class "
        f"FILTER ( ?p NOT IN ({_UNSAID.replace(' ', ', ')}) ) }}"
    ).rows
    classes: dict[tuple[str, str], str] = {}
    for row in rows:
        prop, subject, named = (str(term) for term in row)
        at = prop, subject
        known = classes.get(at)
        if (
            known is None
            or known == NS + "Statement"
            or (named != NS + "Statement" and named < known)
        ):
            classes[at] = named
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (prop, subject), of_class in classes.items():
        if of_class not in {NS + "Disagreement", NS + "Stance"}:
            groups[prop, of_class].append(subject)
    # the Grand Est has no link of its own, but those of the Alsace that it has replaced
    replaced = full("dcterms:isReplacedBy")
    if any(prop == replaced for prop, _ in groups):
        former = store.select(
            f"SELECT DISTINCT ?link {{ ?former <{replaced}>+ {iri.n3()} . "
            f"?link <{NS}hasParty> ?former ; a <{NS}CooperationLink> }}"
        ).rows
        if former:
            groups[replaced, NS + "CooperationLink"] = [str(link) for (link,) in former]
    return tuple(
        Referring(prop, of_class, tuple(sorted(found)))
        for (prop, of_class), found in sorted(groups.items())
    )
