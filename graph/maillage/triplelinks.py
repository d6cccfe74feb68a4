"""The links that triples tell: what a CONSTRUCT or a DESCRIBE answers, as a network.

Where cooperation links with their parties are among the triples, these are the network, with what
the triples say of them, and of the rest what the store says. Otherwise every triple that joins two
things is a link, named by its property; their types and names are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import networkx as nx
from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from maillage.bystanders import described, network_of, values_in
from maillage.guests import is_address, last_part, prepared
from maillage.network import TENTATIVE_STATES, LinkGraph
from maillage.store import Store
from maillage.terms import ID, MLG
from maillage.things import key_of, texts_of

__all__ = ["told_by_triples"]

_SCHEMA: Final = Namespace("https://schema.org/")
_NAMES: Final = (SKOS.prefLabel, RDFS.label, DCTERMS.title, _SCHEMA.name)
_NO_LINKS: Final = frozenset({RDF.type, SKOS.altLabel, SKOS.hiddenLabel, *_NAMES})


def told_by_triples(triples: Graph, graph: LinkGraph, store: Store) -> LinkGraph:
    """The links that triples tell, each once.

    :param graph: all links of the store that answered.
    :returns: a network of its own; without a node when no triple joins two things.
    """
    links = set(triples.subjects(RDF.type, MLG.CooperationLink))
    # who leaves the class out means the links
    links |= {s for s in triples.subjects(MLG.hasParty) if (s, RDF.type, None) not in triples}
    return _links(triples, links, graph, store) if links else _joined(triples, graph, store)


def _links(triples: Graph, links: set[Node], graph: LinkGraph, store: Store) -> LinkGraph:
    """Cooperation links, by what the triples say first, then by what the store says."""
    known: dict[object, tuple[set[str], dict[str, Any]]] = {}
    for one, other, key, data in graph.edges(keys=True, data=True):
        known.setdefault(key, (set(), data))[0].update((one, other))
    told = _anew(triples, store)
    named: set[str] = set()
    for link in links:
        told.add((link, RDF.type, MLG.CooperationLink))
        parties = set(triples.objects(link, MLG.hasParty))
        if len(parties) < 2 and str(link) in known:  # noqa: PLR2004  # a link joins two
            parties = {URIRef(party) for party in known[str(link)][0]}
        for party in parties:
            told.add((link, MLG.hasParty, party))
        named |= {str(party) for party in parties if isinstance(party, URIRef)}
    around = described(store, named.difference(graph))
    for name in named:
        country = (graph if name in graph else around).nodes[name].get("country")
        if country and (URIRef(name), MLG.isInCountry, None) not in told:
            # a link of three parties is drawn between those of different countries
            there = URIRef(country if is_address(country) else f"{ID}place/{country}")
            told.add((URIRef(name), MLG.isInCountry, there))
    made = network_of(told)
    for name, data in made.nodes(data=True):
        data.update({**(graph if name in graph else around).nodes.get(name, {}), **data})
    for _, _, key, edge in made.edges(keys=True, data=True):
        own = {name: value for name, value in edge.items() if name not in {"tentative", "weight"}}
        edge.update({**known[key][1], **own} if key in known else {})
        edge["tentative"] = (
            edge.get("state") in TENTATIVE_STATES or edge.get("certainty") == "to-be-confirmed"
        )
    return _finished(_renamed(made), graph, around)


def _anew(triples: Graph, store: Store) -> Graph:
    """What triples say otherwise than the store: all values of a property, or none.

    Where they repeat the store, the store's own reading holds (which of several values it prefers,
    for example).
    """
    held = values_in(store, triples.subjects())
    anew = Graph()
    for one, property_ in set(triples.subject_predicates()):
        values = set(triples.objects(one, property_))
        if values != set(held.objects(one, property_)):
            for value in values:
                anew.add((one, property_, value))
    return anew


def _renamed(graph: LinkGraph) -> LinkGraph:
    """The same network, its nameless links numbered: engines name blank nodes anew each time."""
    members: dict[str, list[str]] = {}
    for one, other, key, data in graph.edges(keys=True, data=True):
        if ":" not in key:
            members.setdefault(key, []).append(repr((*sorted((one, other)), sorted(data.items()))))
    if not members:
        return graph
    order = sorted(members, key=lambda key: sorted(members[key]))
    names = {key: f"_:link{number}" for number, key in enumerate(order, 1)}
    named: LinkGraph = nx.MultiGraph()
    named.graph.update(graph.graph)
    named.add_nodes_from(graph.nodes(data=True))
    edges = [
        (min(one, other), max(one, other), names.get(key, key), data)
        for one, other, key, data in graph.edges(keys=True, data=True)
    ]
    for one, other, key, data in sorted(edges, key=lambda edge: edge[:3]):
        named.add_edge(one, other, key=key, **data)
    return named


def _joined(triples: Graph, graph: LinkGraph, store: Store) -> LinkGraph:
    """Every triple that joins two things, as a link of the kind that its property is."""
    found = sorted(
        {
            (min(one, other), max(one, other), property_)
            for one, property_, other in triples
            if isinstance(one, URIRef)
            and isinstance(other, URIRef)
            and one != other
            and property_ not in _NO_LINKS
        }
    )
    things = sorted({end for one, other, _ in found for end in (one, other)})
    around = described(store, [str(iri) for iri in things if str(iri) not in graph])
    made: LinkGraph = nx.MultiGraph()
    for iri in things:
        stored = (graph if str(iri) in graph else around).nodes[str(iri)]
        made.add_node(str(iri), **{**stored, **_labels(triples, iri, _NAMES, "label_")})
    properties = values_in(store, {property_ for *_, property_ in found})
    concepts = around.graph["concepts"]
    for number, (one, other, property_) in enumerate(found, 1):
        kind = last_part(key_of(property_))
        made.add_edge(str(one), str(other), key=f"triple/{number}", kind=kind)
        named = _labels(properties, property_, (RDFS.label,))
        if named:
            concepts.setdefault(f"link-kind/{kind}", named)
    return _finished(made, graph, around)


def _labels(triples: Graph, iri: Node, kinds: Iterable[URIRef], prefix: str = "") -> dict[str, str]:
    names = (name for kind in kinds for name in triples.objects(iri, kind))
    return texts_of([name for name in names if isinstance(name, Literal)], prefix)


def _finished(made: LinkGraph, graph: LinkGraph, around: LinkGraph) -> LinkGraph:
    """A network with all that the graph holds beside its links, and the names of what is new."""
    ready = prepared(made)
    concepts = {**around.graph["concepts"], **graph.graph.get("concepts", {})}
    ready.graph.clear()
    ready.graph.update({**graph.graph, "concepts": concepts})
    return ready
