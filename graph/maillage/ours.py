"""Which statements of a file are about things of ours, under which address, and what we know.

A thing is ours when its address is (``…/id/link/…``), or when a class of our vocabulary says what
it is. Addresses of others for places that the gazetteers have, Wikidata's and GeoNames', become
the addresses of these places.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib import RDF, SKOS, Literal, URIRef
from rdflib.term import Identifier

from maillage.cells import Plan, Said, plans, spread
from maillage.derive import DERIVED
from maillage.folders import folder
from maillage.gather import ONTOLOGY_FILES, ontology_graph, ontology_store
from maillage.gazetteer import gazetteer
from maillage.ingest import ingest
from maillage.mint import KEY, graph_iri, parse, thing
from maillage.native import rdflib_triple
from maillage.rowquads import OA
from maillage.settle import settle
from maillage.spelling import plain
from maillage.tables import read_table
from maillage.terms import MLG, NS
from maillage.words import best

__all__ = ["Known", "Sorted", "Statement", "known", "place_at", "sort_out"]

# Graphs of a Maillage that no table makes, and kinds of things that are derived or describe graphs.
_UNTABLED: Final = {
    **dict.fromkeys(DERIVED, "derived"),
    **dict.fromkeys(ONTOLOGY_FILES, "ontology"),
}
_DERIVED_KINDS: Final = frozenset({"graph", "disagreement", "stance"})
_WIKIDATA: Final = re.compile(r"https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki)/(Q[1-9]\d*)")
_GEONAMES: Final = re.compile(r"https?://(?:sws|www)\.geonames\.org/([1-9]\d*)(?:/.*)?")
# Properties whose values are addresses elsewhere, and stay so.
_ELSEWHERE: Final = frozenset({SKOS.exactMatch, SKOS.closeMatch})


class Statement(NamedTuple):
    """A statement, in rdflib's terms, with the name of its graph where that is one of ours."""

    subject: URIRef
    predicate: URIRef
    value: Identifier
    graph: str

    @property
    def said(self) -> Said:
        """The property and its value."""
        return self.predicate, self.value


@dataclass
class Sorted:
    """The statements of a file.

    :ivar about: those of things of ours, of evidence and of places in documents, by thing.
    :ivar plans: for each thing of ours, its table.
    :ivar selectors: what says where in a document an evidence stands.
    :ivar places: the keys of all places that the gazetteers have and the file names.
    """

    about: dict[Identifier, list[Statement]]
    plans: dict[URIRef, Plan]
    selectors: set[Identifier]
    places: frozenset[str]
    renamed: dict[str, str]
    skipped: Counter[str]
    rest: list[ox.Quad]


def sort_out(quads: Iterable[ox.Quad]) -> Sorted:
    """Part the statements of a file into those about things of ours and the rest."""
    skipped: Counter[str] = Counter()
    found: dict[Statement, ox.Quad] = {}
    for quad in quads:
        named = parse(quad.graph_name.value) if isinstance(quad.graph_name, ox.NamedNode) else None
        graph = named.key if named and named.kind == "graph" else ""
        if why := _UNTABLED.get(graph):
            skipped[why] += 1
        else:
            subject, predicate, value = rdflib_triple(quad)
            found[Statement(URIRef(subject), URIRef(predicate), value, graph)] = quad
    by_subject: dict[URIRef, list[Statement]] = defaultdict(list)
    for statement in found:
        by_subject[statement.subject].append(statement)
    tables = {s: plan for s, listed in by_subject.items() if (plan := _plan_of(s, listed))}
    evidence = {s.value for s in found if s.predicate == MLG.hasEvidence}
    evidence |= {s.subject for s in found if s.said == (RDF.type, MLG.Evidence)}
    selectors = {s.value for s in found if s.predicate == OA.hasSelector and s.subject in evidence}
    about: dict[Identifier, list[Statement]] = {}
    rest: list[ox.Quad] = []
    renamed: dict[str, str] = {}
    for subject, listed in by_subject.items():
        named = parse(subject.partition("#")[0])
        if subject in tables or subject in evidence or subject in selectors:
            about[subject] = [_at_home(statement, renamed) for statement in listed]
        elif named and named.kind in _DERIVED_KINDS:
            skipped["derived"] += len(listed)
        elif subject in _terms() or subject.startswith(NS):
            skipped["ontology"] += len(listed)
        else:
            rest += [found[statement] for statement in listed]
    about, tables = _rename(about, tables, renamed)
    terms = {t for listed in about.values() for s in listed for t in (s.subject, s.value)}
    places = {n.key for term in terms if (n := parse(str(term))) and n.kind == "place"}
    return Sorted(
        about={subject: sorted(set(listed), key=_order) for subject, listed in about.items()},
        plans=tables,
        selectors=selectors,
        places=frozenset(key for key in places if key in gazetteer()),
        renamed=renamed,
        skipped=skipped,
        rest=rest,
    )


def _order(statement: Statement) -> tuple[str, str, str]:
    return statement.predicate, statement.value.n3(), statement.graph


def _plan_of(subject: URIRef, statements: Iterable[Statement]) -> Plan | None:
    """The table of a thing, by its address, or by its class when that is a term of ours."""
    if named := parse(subject):
        return plans().get(named.kind)
    if subject in _terms() or subject.startswith(NS):
        return None
    classes = {s.value for s in statements if s.predicate == RDF.type}
    return next((_classes()[c] for c in sorted(classes) if c in _classes()), None)


@cache
def _classes() -> Mapping[Identifier, Plan]:
    """The classes of our vocabulary that a table is about."""
    found: dict[Identifier, Plan] = {}
    for plan in plans().values():
        of_plan = [value for predicate, value in plan.constant("x") if predicate == RDF.type]
        classes = [s for s in plan.about(labels=False) if s.property == RDF.type]
        names = [
            c for c in MLG.__annotations__ if any(slot.exact(URIRef(NS + c)) for slot in classes)
        ]
        for each in (*of_plan, *(URIRef(NS + name) for name in names)):
            if each.startswith(NS):
                found[each] = plan
    return found


@cache
def _terms() -> frozenset[Identifier]:
    """Everything that the ontology describes: terms, ours and borrowed, and concepts."""
    graph = ontology_graph(*(file for files in ONTOLOGY_FILES.values() for file in files))
    return frozenset(graph.subjects())  # type: ignore[arg-type]  # rdflib's nodes are identifiers


def _at_home(statement: Statement, renamed: dict[str, str]) -> Statement:
    """The statement with our address for a place that it names by another's."""
    value = statement.value
    if not isinstance(value, URIRef) or statement.predicate in _ELSEWHERE:
        return statement
    if (key := place_at(value)) is None:
        return statement
    renamed[str(value)] = str(thing("place", key))
    return statement._replace(value=thing("place", key))


def place_at(address: str) -> str | None:
    """The key of the place that has this address at Wikidata or GeoNames.

    >>> place_at("https://www.wikidata.org/wiki/Q142")
    'fr'
    """
    for form in (_WIKIDATA, _GEONAMES):
        if found := form.fullmatch(address):
            return _elsewhere().get(found[1])
    return None


@cache
def _elsewhere() -> Mapping[str, str]:
    """Places by the numbers of others, ``Q142`` or ``3017382``; a number of two places is none."""
    found: dict[str, set[str]] = defaultdict(set)
    places = gazetteer()
    for key, identities in places.identities.items():
        for identity in identities:
            if identity.relation == "exact" and (match := _WIKIDATA.fullmatch(identity.address)):
                found[match[1]].add(key)
    for key, place in places.places.items():
        if place.geonames:
            found[place.geonames].add(key)
    return {number: min(keys) for number, keys in found.items() if len(keys) == 1}


def _rename(
    about: dict[Identifier, list[Statement]], tables: dict[URIRef, Plan], renamed: dict[str, str]
) -> tuple[dict[Identifier, list[Statement]], dict[URIRef, Plan]]:
    """Give each thing of ours the address that it must have, wherever it is named."""
    taken = {str(subject) for subject in tables if parse(subject)}
    # what has a key of its own first: the keys of links are made from those of their parties
    for is_minted in (False, True):
        new: dict[Identifier, URIRef] = {}
        for subject, plan in sorted(tables.items()):
            if bool(plan.minted) == is_minted:
                address = _address(subject, plan, about[subject], taken)
                if address != subject:
                    new[subject] = address
                    renamed[str(subject)] = str(address)
                    taken.add(address)
        if new:
            about = _replaced(about, new)
            tables = {new.get(s, s): plan for s, plan in tables.items()}
    return about, tables


def _replaced(
    about: dict[Identifier, list[Statement]], new: Mapping[Identifier, URIRef]
) -> dict[Identifier, list[Statement]]:
    made: dict[Identifier, list[Statement]] = defaultdict(list)
    for subject, listed in about.items():
        for s in listed:
            there = new.get(s.subject, s.subject)
            made[new.get(subject, subject)].append(
                s._replace(subject=there, value=new.get(s.value, s.value))
            )
    return made


def _address(subject: URIRef, plan: Plan, listed: list[Statement], taken: set[str]) -> URIRef:
    """The address that a thing must have here; its own when none can be made."""
    if plan.minted:
        (row, *_), _, _ = spread(plan, sorted(s.said for s in listed))
        try:
            return thing(plan.kind, plan.key(row))
        except (ValueError, KeyError):
            return subject
    if parse(subject):
        return subject
    names = [s.value for s in listed if s.predicate == SKOS.prefLabel]
    texts = [(n.language or "", str(n)) for n in names if isinstance(n, Literal)]
    key = _slug(best(sorted(texts), "en") or "") or _slug(
        re.split(r"[/#:]", subject.rstrip("/"))[-1]
    )
    digest = sha256(subject.encode()).hexdigest()
    key = key or f"x{digest[:12]}"
    if f"{thing(plan.kind, key)}" in taken:
        key = f"{key}-{digest[:8]}"
    return thing(plan.kind, key)


def _slug(text: str) -> str:
    """A text as a key; empty when nothing of it can stand in one."""
    key = re.sub(r"[^a-z0-9]+", "-", plain(text))[:80].strip("-")
    return key if KEY.fullmatch(key) else ""


class Known(NamedTuple):
    """What the gazetteers say of the places that a file names, as the graph has it.

    :ivar about: by place, change and document; what is said in any graph.
    :ivar sources: the keys of their documents.
    """

    about: Mapping[Identifier, frozenset[Said]]
    evidence: frozenset[Identifier]
    sources: frozenset[str]


def known(places: frozenset[str]) -> Known:
    """What our gazetteers give for some places, and for all that comes with them."""
    if not places:
        return Known({}, frozenset(), frozenset())
    store = ontology_store()
    recorders = read_table(folder("data") / "recorders.csv")
    ingest([recorders, *settle([], gazetteer(), also=places)], store)
    about: dict[Identifier, set[Said]] = defaultdict(set)
    of_ontology = {str(graph_iri(name)) for name in ONTOLOGY_FILES}
    for quad in store:
        if quad.graph_name.value not in of_ontology:
            subject, predicate, value = rdflib_triple(quad)
            about[subject].add((URIRef(predicate), value))
    kinds = {subject: named.kind for subject in about if (named := parse(str(subject)))}
    return Known(
        about={
            subject: frozenset(said)
            for subject, said in about.items()
            if kinds.get(subject) in {"place", "change", "source"}
        },
        evidence=frozenset(s for s, kind in kinds.items() if kind == "evidence"),
        sources=frozenset(str(s).rpartition("/")[2] for s, k in kinds.items() if k == "source"),
    )
