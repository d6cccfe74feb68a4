"""What follows from how documents name things: other names, rival names, and what was meant.

Each function gives quads for one of the derived graphs (:mod:`maillage.derive`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from rdflib import RDF, SKOS

from maillage.consensus import Said, Values, decided, disagreement, evidenced
from maillage.mint import graph_iri, parse, thing
from maillage.quads import Value, about, addresses, having, texts, values
from maillage.terms import MLG
from maillage.words import fold

__all__ = ["identified", "other_names", "rival_names"]

_TYPE, _ALT_LABEL, _HIDDEN_LABEL = map(ox.NamedNode, (RDF.type, SKOS.altLabel, SKOS.hiddenLabel))
_HAS_KIND, _DESIGNATES, _WRITTEN_FORM, _HAS_EVIDENCE, _IDENTIFICATION = map(
    ox.NamedNode,
    (MLG.hasKind, MLG.designates, MLG.writtenForm, MLG.hasEvidence, MLG.Identification),
)
_NAME, _MISSPELLING, _UNIDENTIFIED, *_OTHERS = (
    ox.NamedNode(thing("mention-kind", kind))
    for kind in ("name", "misspelling", "unidentified", "abbreviation", "former-name", "exonym")
)
#: The kinds of mentions that tell another name.
_TELLING: Final = frozenset({_NAME, _MISSPELLING, *_OTHERS})
_NAMES, _IDENTIFIED = (ox.NamedNode(graph_iri(name)) for name in ("names", "identified"))


def other_names(store: ox.Store) -> Iterator[ox.Quad]:
    """Other names of things, from mentions of them."""
    for mention in having(store, _DESIGNATES):
        said = about(store, mention)
        kinds = values(said, _HAS_KIND)
        if not kinds.isdisjoint(_TELLING):
            predicate = _HIDDEN_LABEL if _MISSPELLING in kinds else _ALT_LABEL
            for designated in addresses(said, _DESIGNATES):
                for form in texts(said, _WRITTEN_FORM):
                    yield ox.Quad(ox.NamedNode(designated), predicate, form, _NAMES)


def rival_names(store: ox.Store) -> Iterator[ox.Quad]:
    """Series and organisations to which the documents give several full names in one language.

    Places are left out: that "Région Occitanie" and "Occitanie" are one is no disagreement.
    """
    mentions = having(store, _HAS_KIND, _NAME)
    named = {a for mention in mentions for a in addresses(about(store, mention), _DESIGNATES)}
    for address in sorted(named):
        designated = parse(address)
        if designated and designated.kind in {"series", "organisation"}:
            subject = ox.NamedNode(address)
            for forms in _rivals(store, subject)[-1:]:
                yield from disagreement(subject, _WRITTEN_FORM, decided(forms))


def _rivals(store: ox.Store, subject: ox.NamedNode) -> list[Values]:
    """The full names that documents give to a thing, for each language that has several."""
    found: dict[str, dict[Value, set[Said]]] = defaultdict(lambda: defaultdict(set))
    folded: dict[str, set[str]] = defaultdict(set)
    for mention in having(store, _DESIGNATES, subject):
        told = about(store, mention)
        by = {evidenced(store, node)[0] for node in values(told, _HAS_EVIDENCE)}
        said = {who for who in by if who}
        if said and _NAME in values(told, _HAS_KIND):
            for form in texts(told, _WRITTEN_FORM):
                found[form.language or ""][form] |= said
                folded[form.language or ""].add(fold(form.value))
    # capitals and accents are no rivalry
    return [found[tag] for tag in sorted(folded) if len(folded[tag]) > 1]


def identified(store: ox.Store) -> Iterator[ox.Quad]:
    """What unidentified mentions designate by a person's decision on the name that they use."""
    decisions: dict[str, set[str]] = defaultdict(set)
    for decision in having(store, _TYPE, _IDENTIFICATION):
        said = about(store, decision)
        for name in texts(said, _WRITTEN_FORM):
            for place in addresses(said, _DESIGNATES):
                decisions[fold(name.value)].add(place)
                yield ox.Quad(ox.NamedNode(place), _HIDDEN_LABEL, name, _NAMES)
    for mention in having(store, _HAS_KIND, _UNIDENTIFIED):
        said = about(store, mention)
        if not values(said, _DESIGNATES):
            forms = sorted({fold(form.value) for form in texts(said, _WRITTEN_FORM)})
            # a name that was decided twice, differently, says nothing of a mention without hints
            meant = [decisions[form] for form in forms if len(decisions.get(form, ())) == 1]
            for places in meant[:1]:
                yield ox.Quad(mention, _DESIGNATES, ox.NamedNode(*places), _IDENTIFIED)
