"""Things of the store that no link joins, described as the parties of links are.

An answer may name what is no party of a link: a region that only contains towns, a university, an
event. :func:`described` gives such a thing the attributes that a map shows, by the same questions
that :mod:`maillage.network` and :mod:`maillage.surroundings` ask of parties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, cast

from rdflib import RDF, Dataset, Graph, URIRef
from rdflib.term import Node

from maillage.mint import graph_iri, thing
from maillage.network import LinkGraph, links
from maillage.store import Store, memory_store, native
from maillage.surroundings import surround
from maillage.terms import MLG, NS

__all__ = ["described", "network_of", "values_in"]

#: Characters of addresses in one question; the store refuses very long ones.
_ROOM: Final = 30_000

_ABOUT: Final = f"""
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
PREFIX mlg: <{NS}>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT {{ ?one ?property ?value . ?one skos:prefLabel ?name }} WHERE {{
  VALUES ?thing {{ @things }}
  ?thing (dcterms:isPartOf*|dcterms:isReplacedBy) ?one .
  {{
    VALUES ?property {{
      rdf:type skos:prefLabel skos:altLabel skos:hiddenLabel mlg:isInCountry mlg:hasLevel
      mlg:inseeCode mlg:gbCode mlg:isoCode mlg:sirenNumber dcterms:isPartOf dcterms:isReplacedBy
      mlg:startDate mlg:endDate geo:lat geo:long
    }}
    ?one ?property ?value
  }} UNION {{
    ?one rdfs:label|dcterms:title|schema:name ?name
    FILTER NOT EXISTS {{ ?one skos:prefLabel ?label }}
  }}
}}"""

_VALUES: Final = "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { @things } ?s ?p ?o }"


def described(store: Store, things: Iterable[str]) -> LinkGraph:
    """A network without links: each thing with what the store tells of it.

    :returns: a node for every thing; one of which the store knows nothing has its ``key`` only.
        ``graph.graph["concepts"]`` names what they are part of and were replaced by.
    """
    wanted = sorted(set(things))
    found = _asked(store, _ABOUT, wanted)
    for number, iri in enumerate(wanted):
        # a link of one party joins nothing, and makes it a party
        link = thing("link", f"x-{number}")
        found.add((link, RDF.type, MLG.CooperationLink))
        found.add((link, MLG.hasParty, URIRef(iri)))
    return network_of(found)


def network_of(triples: Graph) -> LinkGraph:
    """The network that some triples tell of, with all that a map shows beside."""
    dataset = Dataset()
    # no person's graph: triples that a query made are nobody's claims
    own = dataset.graph(graph_iri("answer"))
    for triple in triples:
        own.add(triple)
    store = memory_store(dataset)
    return surround(links(store), store)


def values_in(store: Store, things: Iterable[Node]) -> Graph:
    """Every statement of the store about these things."""
    return _asked(store, _VALUES, sorted({str(t) for t in things if isinstance(t, URIRef)}))


def _asked(store: Store, query: str, things: Iterable[str]) -> Graph:
    found = Graph()
    for listed in _portions(things):
        found += cast("Graph", store.query(query.replace("@things", listed)))
    return found


def _portions(things: Iterable[str]) -> Iterator[str]:
    """Addresses as SPARQL writes them, as many together as one question may hold."""
    portion: list[str] = []
    for iri in things:
        written = str(native(URIRef(iri)))
        if sum(map(len, portion)) + len(written) > _ROOM:
            yield " ".join(portion)
            portion = []
        portion.append(written)
    if portion:
        yield " ".join(portion)
