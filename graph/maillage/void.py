"""How much a release holds, by class, property, graph and outside link, in VoID.

After *Describing Linked Datasets with the VoID Vocabulary* (W3C 2011). Counts are of the union of
the named graphs, each statement once; a named graph is a subset that counts its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, cast

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SKOS, VOID, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, SDO

from maillage.describe import LICENCE, PUBLISHER, File, Release, Stand
from maillage.dumps import FORMATS
from maillage.mint import fingerprint, parse
from maillage.native import rdflib_term
from maillage.terms import BASE, ID, MLG, PREFIXES
from maillage.words import LANGUAGES, TAGS, say

__all__ = ["void"]

#: The addresses of subject and property, and the object as N-Triples write it: an address in
#: brackets. Texts, because a term of rdflib's takes ten times as long to make.
Triple = tuple[str, str, str]

_TYPE: Final = str(RDF.type)

#: Properties that say that a thing of ours is, or is like, a thing of somebody else's.
_LINKS: Final = frozenset(
    str(each)
    for each in (
        OWL.sameAs,
        RDFS.seeAlso,
        SDO.sameAs,
        SKOS.broadMatch,
        SKOS.closeMatch,
        SKOS.exactMatch,
        SKOS.narrowMatch,
        SKOS.relatedMatch,
    )
)
#: Of which classes an example is shown.
_EXAMPLES: Final = (MLG.Collectivity, MLG.CooperationLink, SDO.Event, MLG.Statement, MLG.Evidence)

_NAMESPACE = re.compile(r"^.*[/#]")

#: What a named graph says of itself, and how that is told here.
_OF_GRAPHS: Final = {
    str(RDF.type): RDF.type,
    str(SKOS.prefLabel): DCTERMS.title,
    str(MLG.isAssertedFrom): MLG.isAssertedFrom,
}


class _Held(NamedTuple):
    """What a release holds: its union, the size of each named graph, and what is said of graphs."""

    triples: set[Triple]
    sizes: Counter[str]
    said: dict[str, list[ox.Triple]]

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> _Held:
        held = cls(set(), Counter(), defaultdict(list))
        for quad in quads:
            # what is published has an address
            s, p = cast("ox.NamedNode", quad.subject).value, quad.predicate.value
            held.triples.add((s, p, str(quad.object)))
            if isinstance(quad.graph_name, ox.NamedNode):
                held.sizes[quad.graph_name.value] += 1
            if p in _OF_GRAPHS and "/graph/" in s:
                held.said[s].append(quad.triple)
        return held


def void(
    quads: Iterable[ox.Quad], this: Release, files: Sequence[File], stand: Stand | None = None
) -> Graph:
    """Describe how much a release holds, and where its dumps lie.

    :param quads: each once, as its canonical N-Quads have them.
    :param stand: where the release stands among others and on the web, as far as it is known.
    """
    graph, node, stand = Graph(), this.address, stand or Stand()
    held = _Held.of(quads)
    triples = held.triples
    _set(graph, node, {RDF.type: VOID.Dataset, DCTERMS.license: LICENCE})
    _set(graph, node, {DCTERMS.publisher: PUBLISHER, RDFS.seeAlso: stand.file(this, "dcat.ttl")})
    day = Literal(this.date, datatype=XSD.date)
    for predicate in (DCTERMS.issued, DCTERMS.modified):
        graph.add((node, predicate, day))
    graph.add((node, URIRef(PREFIXES["dcat"] + "version"), Literal(this.id)))
    _set(graph, node, {FOAF.homepage: stand.page("")})
    if stand.endpoint:
        _set(graph, node, {VOID.sparqlEndpoint: URIRef(stand.endpoint)})
    for lang in LANGUAGES:
        for predicate, key in ((DCTERMS.title, "title"), (DCTERMS.description, "description")):
            text = say(f"publish.part.graph.{key}", lang)
            graph.add((node, predicate, Literal(text, lang=TAGS[lang])))
    _count(graph, node, triples)
    things = {s for s, _, _ in triples}
    entities = sum(1 for s in things if parse(s) and "/graph/" not in s)
    _set(graph, node, {VOID.entities: entities})
    graph.add((node, VOID.uriSpace, Literal(ID)))
    for file in files:
        if file.part == "graph":
            graph.add((node, VOID.dataDump, stand.file(this, file.path)))
            suffix = file.path.rpartition(".")[2]
            graph.add((node, VOID.feature, URIRef(FORMATS[suffix].address)))
    _classes(graph, this, triples)
    _properties(graph, this, triples)
    _vocabularies(graph, node, triples)
    _graphs(graph, node, held)
    _linksets(graph, this, triples)
    document = stand.file(this, "void.ttl")
    _set(graph, document, {RDF.type: VOID.DatasetDescription})
    _set(graph, document, {FOAF.primaryTopic: node})
    return graph


def _set(graph: Graph, node: URIRef, values: Mapping[URIRef, URIRef | int]) -> None:
    for predicate, value in values.items():
        graph.add((node, predicate, Literal(value) if isinstance(value, int) else value))


def _count(graph: Graph, node: URIRef, triples: Iterable[Triple]) -> None:
    subjects, predicates, objects, classes, total = set(), set(), set(), set(), 0
    for s, p, o in triples:
        total += 1
        subjects.add(s)
        predicates.add(p)
        objects.add(o)
        if p == _TYPE:
            classes.add(o)
    counts = {VOID.triples: total, VOID.distinctSubjects: len(subjects)}
    counts |= {VOID.distinctObjects: len(objects), VOID.properties: len(predicates)}
    _set(graph, node, {**counts, VOID.classes: len(classes)})


def _classes(graph: Graph, this: Release, triples: Iterable[Triple]) -> None:
    """A partition for each class, with the properties of its members, and an example of some.

    The properties of a class tell a query editor what can be asked of its members.
    """
    members: dict[str, list[str]] = defaultdict(list)
    used: dict[str, Counter[str]] = defaultdict(Counter)
    for s, p, o in triples:
        used[s][p] += 1
        if p == _TYPE:
            members[o[1:-1]].append(s)
    for name, subjects in members.items():
        part = this.part(f"class-{_short(name)}")
        graph.add((this.address, VOID.classPartition, part))
        _set(graph, part, {RDF.type: VOID.Dataset, VOID["class"]: URIRef(name)})
        own: Counter[str] = Counter()
        bearers: Counter[str] = Counter()
        for subject in subjects:
            own.update(used[subject])
            bearers.update(used[subject].keys())
        _set(graph, part, {VOID.entities: len(subjects), VOID.triples: own.total()})
        for predicate, times in own.items():
            piece = URIRef(f"{part}--property-{_short(predicate)}")
            graph.add((part, VOID.propertyPartition, piece))
            _set(graph, piece, {RDF.type: VOID.Dataset, VOID.property: URIRef(predicate)})
            counts = {VOID.triples: times, VOID.distinctSubjects: bearers[predicate]}
            _set(graph, piece, counts)
        if URIRef(name) in _EXAMPLES:
            graph.add((this.address, VOID.exampleResource, URIRef(min(subjects))))


def _properties(graph: Graph, this: Release, triples: Iterable[Triple]) -> None:
    used: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        used[triple[1]].append(triple)
    for name, own in used.items():
        part = this.part(f"property-{_short(name)}")
        graph.add((this.address, VOID.propertyPartition, part))
        _set(graph, part, {RDF.type: VOID.Dataset, VOID.property: URIRef(name)})
        _set(
            graph,
            part,
            {VOID.triples: len(own), VOID.distinctSubjects: len({s for s, _, _ in own})},
        )
        _set(graph, part, {VOID.distinctObjects: len({o for _, _, o in own})})


def _vocabularies(graph: Graph, node: URIRef, triples: Iterable[Triple]) -> None:
    """The vocabularies whose classes or properties are used."""
    terms = {p for _, p, _ in triples} | {o[1:-1] for _, p, o in triples if p == _TYPE}
    for namespace in PREFIXES.values():
        if any(term.startswith(namespace) for term in terms):
            graph.add((node, VOID.vocabulary, URIRef(namespace)))


def _graphs(graph: Graph, node: URIRef, held: _Held) -> None:
    """Each named graph: what it holds, from which document, how many statements."""
    for address, size in held.sizes.items():
        name = URIRef(address)
        graph.add((node, VOID.subset, name))
        _set(graph, name, {RDF.type: VOID.Dataset, VOID.triples: size})
        for told in held.said.get(address, ()):
            graph.add((name, _OF_GRAPHS[told.predicate.value], rdflib_term(told.object)))


def _linksets(graph: Graph, this: Release, triples: Iterable[Triple]) -> None:
    """Links from things of ours to those of others, by property and by where they lead."""
    links: Counter[tuple[str, str]] = Counter()
    for s, p, o in triples:
        if p in _LINKS and s.startswith(ID) and o.startswith("<") and not o.startswith(f"<{BASE}"):
            found = _NAMESPACE.match(o[1:-1])
            links[p, found[0] if found else o[1:-1]] += 1
    for (predicate, space), count in links.items():
        target = this.part(f"target-{fingerprint(space)}")
        part = this.part(f"links-{fingerprint(predicate, space)}")
        graph.add((this.address, VOID.subset, part))
        _set(graph, target, {RDF.type: VOID.Dataset})
        graph.add((target, VOID.uriSpace, Literal(space)))
        _set(graph, part, {RDF.type: VOID.Linkset, VOID.linkPredicate: URIRef(predicate)})
        _set(graph, part, {VOID.subjectsTarget: this.address, VOID.objectsTarget: target})
        _set(graph, part, {VOID.triples: count})


def _short(iri: str) -> str:
    """A term as prefix and name, for the end of an address; a fingerprint without a prefix."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and re.fullmatch(r"[\w.-]+", local := iri[len(namespace) :]):
            return f"{prefix}:{local}"
    return fingerprint(iri)
