"""What follows from the claims, each kind in a graph of its own and marked as derived.

``bounds``          the first and last day that a thing's dates may mean
``disagreements``   where sources contradict each other, who says what, and which value wins
``consensus``       one value for each single-valued property of each thing, by the rule of
                    :mod:`maillage.consensus`
``shortcuts``       the direct link between two partners, proposed or not
``succession``      what replaces a body that has ended, from the changes
``wikidata``        ``wdt:P190`` (twinned body), for twinnings only
``names``           other names, from mentions and from what people decided; labels of what is
                    known by what it joins
``identified``      what an unidentified mention designates, since a person decided it

One thing is looked at after the other, in a store in memory or in a folder, so that the work grows
with the number of statements and no faster, and memory holds little of them. A thing of which
several graphs tell the class is met several times: what follows is the same, and is kept once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain, combinations
from typing import Final

import pyoxigraph as ox
from rdflib import RDF, SKOS, XSD
from rdflib.namespace import DCTERMS

from maillage.consensus import Claims, disagreement
from maillage.dates import Bounds, bounds
from maillage.mentions import identified, other_names, rival_names
from maillage.mint import graph_iri, parse, thing
from maillage.quads import Subject, about, addresses, having, text, texts, values
from maillage.terms import MLG, PREFIXES
from maillage.words import LANGUAGES, best, say

__all__ = ["DERIVED", "derive", "pairs"]

#: The graphs that :func:`derive` makes, by name.
DERIVED: Final = (
    "bounds",
    "consensus",
    "disagreements",
    "identified",
    "names",
    "shortcuts",
    "succession",
    "wikidata",
)

#: Kinds of things that are over when they have begun.
_MOMENTS: Final = frozenset({"event", "change", "news", "source"})
#: Of how many partners, participants and events country and names are remembered.
_REMEMBERED: Final = 100_000

_TYPE, _PREF_LABEL, _IS_REPLACED_BY, _DATE = map(
    ox.NamedNode, (RDF.type, SKOS.prefLabel, DCTERMS.isReplacedBy, XSD.date)
)
_TWINNED_BODY = ox.NamedNode(PREFIXES["wdt"] + "P190")
_CHANGE, _BEFORE, _AFTER = (
    ox.NamedNode(PREFIXES["org"] + name)
    for name in ("ChangeEvent", "originalOrganization", "resultingOrganization")
)
_START, _END, _ISSUED, _SIGNED = map(
    ox.NamedNode, (MLG.startDate, MLG.endDate, MLG.issuedDate, MLG.signatureDate)
)
_DATES = frozenset({_START, _END, _ISSUED, _SIGNED})
_EARLIEST, _LATEST, _SIGNED_ON = map(
    ox.NamedNode, (MLG.earliestDay, MLG.latestDay, MLG.signatureDay)
)
_LINK, _PARTICIPATION, _DERIVED_GRAPH = map(
    ox.NamedNode, (MLG.CooperationLink, MLG.Participation, MLG.DerivedGraph)
)
_HAS_KIND, _HAS_STATE, _HAS_PARTY, _HAS_EVIDENCE, _IS_IN_COUNTRY = map(
    ox.NamedNode,
    (MLG.hasKind, MLG.hasState, MLG.hasParty, MLG.hasEvidence, MLG.isInCountry),
)
_HAS_PARTICIPANT, _IS_PARTICIPATION_IN, _IS_PARTNER_OF, _IS_PROPOSED_PARTNER_OF = map(
    ox.NamedNode,
    (MLG.hasParticipant, MLG.isParticipationIn, MLG.isPartnerOf, MLG.isProposedPartnerOf),
)
_TWINNING = ox.NamedNode(thing("link-kind", "twinning"))
_TENTATIVE = frozenset(
    ox.NamedNode(thing("state", key)) for key in ("proposed", "to-be-confirmed", "in-negotiation")
)
_BOUNDS, _CONSENSUS, _NAMES, _SHORTCUTS, _SUCCESSION, _WIKIDATA, _CATALOGUE = (
    ox.NamedNode(graph_iri(name))
    for name in (
        "bounds",
        "consensus",
        "names",
        "shortcuts",
        "succession",
        "wikidata",
        "catalogue",
    )
)


def derive(into: ox.Store) -> None:
    """Add the derived graphs to a store that holds the claims and the ontology.

    Nothing is derived from what is derived here, so that it may be written while the rest is read.
    """
    claims = Claims(into)
    quads = chain(
        _described(),
        _compared(claims),
        rival_names(into),
        _joined(into, claims),
        other_names(into),
        identified(into),
        _succeeding(into),
    )
    into.bulk_extend(quads)


def pairs(parties: Iterable[str], country: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs of parties that face each other: of different countries, else all of them.

    >>> where = {"Bordeaux": "fr", "Qingdao": "cn", "Shandong": "cn"}
    >>> pairs(where, where)
    [('Bordeaux', 'Qingdao'), ('Bordeaux', 'Shandong')]
    """
    every = list(combinations(parties, 2))
    return [(one, other) for one, other in every if country[one] != country[other]] or every


def _described() -> Iterator[ox.Quad]:
    """What the catalogue says of the derived graphs."""
    for name in DERIVED:
        graph = ox.NamedNode(graph_iri(name))
        yield ox.Quad(graph, _TYPE, _DERIVED_GRAPH, _CATALOGUE)
        for lang in LANGUAGES:
            yield ox.Quad(graph, _PREF_LABEL, text(say(f"graph.{name}", lang), lang), _CATALOGUE)


def _compared(claims: Claims) -> Iterator[ox.Quad]:
    """The disagreements; what the sources agree on or the rule decides; the days that follow."""
    for subject, quads in claims:
        settled = claims.settled(quads)
        for predicate, found in settled.items():
            if len(found.rivals) > 1:
                yield from disagreement(subject, predicate, found)
        agreed = {p: found.winner for p, found in settled.items() if found.winner is not None}
        for predicate, value in agreed.items():
            yield ox.Quad(subject, predicate, value, _CONSENSUS)
        dates = {
            predicate: bounds(value.value)
            for predicate, value in agreed.items()
            if predicate in _DATES and isinstance(value, ox.Literal)
        }
        starts = any(quad.predicate == _START for quad in quads)
        for predicate, day in _days(subject, dates, starts=starts):
            yield ox.Quad(subject, predicate, ox.Literal(str(day), datatype=_DATE), _BOUNDS)


def _days(
    subject: ox.NamedNode, dates: Mapping[ox.NamedNode, Bounds], *, starts: bool
) -> Iterator[tuple[ox.NamedNode, date]]:
    """The agreed dates as days that can be compared; an open side has none.

    A thing with a start and no end is bounded by its start alone: an event lasts a day, while a
    link or a place goes on, which the questions say where it matters.

    :param starts: whether anybody says when the thing began.
    """
    for predicate, (first, last) in dates.items():
        if predicate == _SIGNED:
            if first:
                yield _SIGNED_ON, first
            # what was signed may have begun on that day; sources that differ on its start say more
            if starts:
                continue
        if first and predicate != _END:
            yield _EARLIEST, first
        if last and (predicate == _END or (_END not in dates and _is_moment(subject))):
            yield _LATEST, last


def _is_moment(subject: ox.NamedNode) -> bool:
    """Whether a thing with no end is over when it has begun: events, changes and news are."""
    named = parse(subject.value)
    return named is not None and named.kind in _MOMENTS


class _Partners:
    """Where things are that meet again and again, and what they are called."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        # without this, each of a partner's links would read all that is said of the partner
        self.country = lru_cache(_REMEMBERED)(self._country)
        self.words = lru_cache(_REMEMBERED)(self._words)

    def _country(self, address: str) -> str:
        """The country of a thing, or nothing."""
        quads = self._store.quads_for_pattern(ox.NamedNode(address), _IS_IN_COUNTRY, None)
        return min(addresses(quads, _IS_IN_COUNTRY), default="")

    def _words(self, address: str) -> tuple[str, ...]:
        """What a thing is called in each of our languages: its address where nobody says."""
        quads = self._store.quads_for_pattern(ox.NamedNode(address), _PREF_LABEL, None)
        labels = sorted((t.language or "", t.value) for t in texts(quads, _PREF_LABEL))
        return tuple(best(labels, lang) or address for lang in LANGUAGES)


def _joined(store: ox.Store, claims: Claims) -> Iterator[ox.Quad]:
    """The direct links between partners, and labels of what is known by what it joins."""
    partners = _Partners(store)
    for link in having(store, _TYPE, _LINK):
        quads = about(store, link)
        yield from _shortcuts(quads, claims, partners)
        yield from _labels(link, quads, (_HAS_PARTY,), partners)
    for one in having(store, _TYPE, _PARTICIPATION):
        properties = (_HAS_PARTICIPANT, _IS_PARTICIPATION_IN)
        yield from _labels(one, about(store, one), properties, partners)


def _shortcuts(quads: Iterable[ox.Quad], claims: Claims, partners: _Partners) -> Iterator[ox.Quad]:
    """The direct link between partners: parties of one link that lie in different countries."""
    country = {p: partners.country(p) or p for p in addresses(quads, _HAS_PARTY)}
    of_state = [quad for quad in quads if quad.predicate in {_HAS_STATE, _HAS_EVIDENCE}]
    state = claims.settled(of_state).get(_HAS_STATE)
    tentative = state is not None and state.winner in _TENTATIVE
    is_twinning = not tentative and _TWINNING in values(quads, _HAS_KIND)
    predicate = _IS_PROPOSED_PARTNER_OF if tentative else _IS_PARTNER_OF
    for pair in pairs(country, country):
        one, other = map(ox.NamedNode, pair)
        yield ox.Quad(one, predicate, other, _SHORTCUTS)
        yield ox.Quad(other, predicate, one, _SHORTCUTS)
        if is_twinning:
            yield ox.Quad(one, _TWINNED_BODY, other, _WIKIDATA)
            yield ox.Quad(other, _TWINNED_BODY, one, _WIKIDATA)


def _labels(
    subject: Subject,
    quads: Iterable[ox.Quad],
    joins: Iterable[ox.NamedNode],
    partners: _Partners,
) -> Iterator[ox.Quad]:
    """The names of what a thing joins, in each language; France stands before China."""
    words = [
        partners.words(part)
        for predicate in joins
        for part in sorted(addresses(quads, predicate), key=partners.country, reverse=True)
    ]
    for index, lang in enumerate(LANGUAGES):
        label = " – ".join(names[index] for names in words)
        yield ox.Quad(subject, _PREF_LABEL, text(label, lang), _NAMES)


def _succeeding(store: ox.Store) -> Iterator[ox.Quad]:
    """The direct way from what has ended to what came after it."""
    for change in having(store, _TYPE, _CHANGE):
        quads = about(store, change)
        before, after = (set(addresses(quads, predicate)) for predicate in (_BEFORE, _AFTER))
        for old in before - after:
            for new in after:
                yield ox.Quad(ox.NamedNode(old), _IS_REPLACED_BY, ox.NamedNode(new), _SUCCESSION)
