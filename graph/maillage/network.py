"""The mesh itself: who is linked with whom, as a graph that networkx can measure and draw.

Three views, each built by a few fixed questions put to a store:

* :func:`links` joins parties by their cooperation links, and keeps every link apart (multigraph);
* :func:`two_mode_themes` joins parties to the themes of their links and projects;
* :func:`two_mode_events` joins parties to the events in which they took part, or were to.

Links have no direction. A node is named by the address (IRI) of the thing, an edge by the address
of the link. What is not known is an attribute that is not there, never an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import networkx as nx
from rdflib.term import Identifier, Literal

from maillage.derive import pairs
from maillage.mint import parse
from maillage.terms import BASE
from maillage.words import LANGUAGES, TAGS

if TYPE_CHECKING:
    from maillage.store import Store

# In quotes: the classes of networkx take parameters in its stubs only, not when the program runs.
LinkGraph: TypeAlias = "nx.MultiGraph[str]"
TwoModeGraph: TypeAlias = "nx.Graph[str]"

__all__ = [
    "TENTATIVE_ROLES",
    "TENTATIVE_STATES",
    "LinkGraph",
    "TwoModeGraph",
    "links",
    "two_mode_events",
    "two_mode_themes",
]

#: States of a link that is not there yet: spoken of, not agreed.
TENTATIVE_STATES: Final = frozenset({"proposed", "to-be-confirmed", "in-negotiation"})
#: Roles in an event that somebody was proposed for, not seen in.
TENTATIVE_ROLES: Final = frozenset({"proposed-lead", "proposed-actor"})

# Where sources differ and no preferred value is recorded, the link is as far along as any source
# says: a proposal that one document makes and another reports as signed is signed.
_STATES: Final = (
    "active",
    "suspended",
    "ended",
    "in-negotiation",
    "to-be-confirmed",
    "proposed",
    "unknown",
)
# A dispute is never hidden by a firmer voice; otherwise the firmest voice, as the consensus ranks
# them: what is inferred of a detail (a theme) does not make inferred what is written of the link.
_CERTAINTIES: Final = ("disputed", "stated", "to-be-confirmed", "inferred")

_TYPES: Final = {  # the first that fits, most telling first
    BASE + "ns#Collectivity": "collectivity",
    BASE + "ns#Country": "country",
    "https://schema.org/Person": "person",
    BASE + "ns#RepresentationOffice": "organisation",
    "http://www.w3.org/ns/org#Organization": "organisation",
    "http://www.w3.org/ns/org#FormalOrganization": "organisation",
    BASE + "ns#Place": "place",
}

_PREFIXES: Final = f"""\
PREFIX mlg: <{BASE}ns#>
PREFIX scheme: <{BASE}id/scheme/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# Each question returns one attribute a row; the order is total, so the graph has a fixed order.
_SELECT: Final = _PREFIXES + "SELECT DISTINCT ?thing ?name ?value WHERE {"
_ORDER: Final = "} ORDER BY ?thing ?name STR(?value) LANG(?value)"

_WORKS: Final = f"""{_SELECT}
  VALUES ?class {{ mlg:CooperationLink mlg:CooperationProject mlg:Participation }}
  ?thing a ?class .
  {{
    VALUES (?property ?name) {{
      (rdf:type "classes") (mlg:hasParty "parties") (mlg:hasKind "kind") (mlg:hasState "state")
      (mlg:hasTheme "themes") (mlg:startDate "start") (mlg:endDate "end") (mlg:purpose "purpose")
      (mlg:hasCertainty "certainty") (mlg:hasParticipant "participant") (mlg:hasRole "role")
      (mlg:isParticipationIn "event")
    }}
    ?thing ?property ?value
  }} UNION {{
    ?thing mlg:hasEvidence ?evidence . ?evidence mlg:hasCertainty ?value .
    BIND("certainty" AS ?name)
  }}
{_ORDER}"""

_PARTIES: Final = f"""{_SELECT}
  {{ ?work mlg:hasParty ?thing }} UNION {{ ?work mlg:hasParticipant ?thing }}
  VALUES (?property ?name) {{
    (rdf:type "classes") (skos:prefLabel "label") (mlg:isInCountry "country")
    (mlg:hasLevel "level") (mlg:inseeCode "code1") (mlg:gbCode "code2") (mlg:isoCode "code3")
    (mlg:sirenNumber "code4") (dcterms:isPartOf "parents") (dcterms:isReplacedBy "replaced_by")
    (mlg:startDate "start") (mlg:endDate "end")
  }}
  ?thing ?property ?value
{_ORDER}"""

# What a party is part of, or was replaced by, need not be a party itself.
_AROUND: Final = f"""{_SELECT}
  {{ ?work mlg:hasParty ?party }} UNION {{ ?work mlg:hasParticipant ?party }}
  VALUES ?property {{ dcterms:isPartOf dcterms:isReplacedBy }}
  ?party ?property ?thing . ?thing skos:prefLabel ?value .
  BIND("label" AS ?name)
{_ORDER}"""

_EVENTS: Final = f"""{_SELECT}
  ?participation mlg:isParticipationIn ?thing .
  VALUES (?property ?name) {{ (skos:prefLabel "label") (mlg:startDate "start") }}
  ?thing ?property ?value
{_ORDER}"""

_CONCEPTS: Final = f"""{_SELECT}
  VALUES ?scheme {{
    scheme:link-kind scheme:state scheme:certainty scheme:level scheme:theme scheme:role
  }}
  ?thing skos:inScheme ?scheme ; skos:prefLabel ?value .
  BIND("label" AS ?name)
{_ORDER}"""

_EVIDENCE: Final = f"""{_SELECT}
  {{
    ?value a mlg:CooperationLink ; mlg:hasEvidence ?thing .
    BIND("links" AS ?name)
  }} UNION {{
    VALUES (?property ?name) {{
      (dcterms:source "source") (mlg:page "page") (mlg:section "section")
      (mlg:hasCertainty "certainty") (mlg:reason "reason")
    }}
    ?link a mlg:CooperationLink ; mlg:hasEvidence ?thing . ?thing ?property ?value
  }} UNION {{
    VALUES (?property ?name) {{ (oa:start "first") (oa:end "last") (rdf:value "lines") }}
    ?link a mlg:CooperationLink ; mlg:hasEvidence ?thing .
    ?thing oa:hasSelector ?selector . ?selector ?property ?value
  }}
{_ORDER}"""

_DOCUMENTS: Final = f"""{_SELECT}
  ?thing a mlg:SourceDocument .
  VALUES (?property ?name) {{
    (skos:prefLabel "title") (dcterms:title "title") (schema:url "address")
  }}
  ?thing ?property ?value
{_ORDER}"""

_PREFERRED: Final = f"""{_SELECT}
  ?disagreement a mlg:Disagreement ; mlg:isAbout ?thing ; mlg:onProperty ?property ;
    mlg:prefers ?stance .
  ?stance mlg:stanceValue ?value .
  VALUES (?property ?name) {{
    (mlg:hasKind "kind") (mlg:hasState "state") (mlg:startDate "start") (mlg:endDate "end")
  }}
{_ORDER}"""

# RFC 5147 counts the gaps between lines: line=46,51 is what a table calls lines 47-51.
_LINES: Final = re.compile(r"line=(\d+),(\d+)")

_Row = dict[str, list[Identifier]]
_Rows = dict[str, _Row]


def links(store: Store) -> LinkGraph:
    """The network of cooperation: parties, joined by every link between them.

    A link of more than two parties is one edge for each pair of parties of different countries
    (of all pairs, when all are of one country), always under the same key; a party whose country
    is not known faces all the others. Where sources give several values, the one that a recorded
    disagreement prefers stands; failing that, the state furthest along, and otherwise the first
    in the order of characters.

    :returns: undirected multigraph. Node: ``key``, ``type``, ``label_fr|en|zh``, ``country``,
        ``level``, ``code``, ``parents`` and ``replaced_by`` (lists of keys), ``start`` and ``end``
        of its existence (EDTF). Edge: ``kind``, ``state``, ``certainty``, ``themes`` (list),
        ``start`` and ``end`` (EDTF), ``tentative``, ``purpose_fr|en|zh``, ``weight`` (1.0),
        ``evidence`` (list of dicts: ``source``, ``title_*``, ``address``, ``lines``, ``chars``,
        ``page``, ``section``, ``certainty``, ``reason_*``). ``graph.graph["concepts"]`` holds the
        labels of kinds, states, certainties, levels, roles and themes, and of what the parties are
        part of or were replaced by (``place/fr-region-44``).
    """
    graph: LinkGraph = nx.MultiGraph()
    works = {iri: row for iri, row in _ask(store, _WORKS).items() if "CooperationLink" in _is(row)}
    preferred = _ask(store, _PREFERRED)
    nodes = _nodes(store, preferred)
    evidence = _evidence(store)
    concepts = {**_ask(store, _CONCEPTS), **_ask(store, _AROUND)}
    for party in sorted({str(p) for row in works.values() for p in row.get("parties", ())}):
        graph.add_node(party, **nodes.get(party, {"key": _key(party)}))
    for link, row in works.items():
        edge = _edge(row, preferred.get(link, {}))
        if link in evidence:
            edge["evidence"] = evidence[link]
        for one, other in _pairs(graph, row):
            # A copy each: whoever changes one edge must not change its siblings.
            graph.add_edge(one, other, key=link, **{k: _copy(v) for k, v in edge.items()})
    graph.graph["concepts"] = {
        "/".join(thing): _texts(row["label"])
        for iri, row in concepts.items()
        if (thing := parse(iri)) is not None
    }
    return graph


def two_mode_themes(store: Store) -> TwoModeGraph:
    """Who works on what: parties (``bipartite`` 0) and themes (1) of their links and projects.

    :returns: undirected graph. Edge: ``works`` (addresses of the links and projects), ``weight``
        (how many), ``weight_confirmed`` (how many of them are not tentative), ``tentative``
        (whether all are).
    """
    graph: TwoModeGraph = nx.Graph()
    nodes = _nodes(store, _ask(store, _PREFERRED))
    concepts = _ask(store, _CONCEPTS)
    for work, row in _ask(store, _WORKS).items():
        tentative = _edge(row, {})["tentative"]
        for party in map(str, row.get("parties", ())):
            for theme in map(str, row.get("themes", ())):
                node = nodes.get(party, {"key": _key(party)})
                graph.add_node(party, bipartite=0, **node)
                labels = _texts(concepts.get(theme, {}).get("label", ()), "label_")
                graph.add_node(theme, bipartite=1, key=_key(theme), type="theme", **labels)
                _add_work(graph, party, theme, work, tentative=tentative)
    return graph


def two_mode_events(store: Store) -> TwoModeGraph:
    """Who was where: parties (``bipartite`` 0) and events (1), joined by participations.

    Persons are left out: they take part for the body that they speak for.

    :returns: undirected graph. Edge: ``roles`` (list), ``works`` (addresses of the
        participations), ``weight``, ``weight_confirmed``, ``tentative`` (all are proposals or to
        be confirmed).
    """
    graph: TwoModeGraph = nx.Graph()
    nodes = _nodes(store, _ask(store, _PREFERRED))
    events = _ask(store, _EVENTS)
    for work, row in _ask(store, _WORKS).items():
        roles = [_key(role) for role in row.get("role", ())]
        tentative = bool(_edge(row, {})["tentative"]) or (
            bool(roles) and TENTATIVE_ROLES.issuperset(roles)
        )
        for party in map(str, row.get("participant", ())):
            node = nodes.get(party, {"key": _key(party)})
            if node.get("type") == "person":
                continue
            for event in map(str, row.get("event", ())):
                graph.add_node(party, bipartite=0, **node)
                described = events.get(event, {})
                attributes = _texts(described.get("label", ()), "label_")
                if "start" in described:
                    attributes["start"] = str(described["start"][0])
                graph.add_node(event, bipartite=1, key=_key(event), type="event", **attributes)
                _add_work(graph, party, event, work, tentative=tentative)
                edge = graph.edges[party, event]
                edge["roles"] = sorted({*edge.get("roles", ()), *roles})
    return graph


def _ask(store: Store, query: str) -> _Rows:
    """Put a question; the answer by thing, then by name of attribute."""
    things: _Rows = {}
    for thing, name, value in store.select(query).rows:
        if thing is not None and value is not None:
            things.setdefault(str(thing), {}).setdefault(str(name), []).append(value)
    return things


def _key(iri: object) -> str:
    """The key of a thing of ours; of a foreign thing, its address."""
    thing = parse(str(iri))
    return str(iri) if thing is None else thing.key


def _is(row: _Row) -> set[str]:
    return {str(iri).removeprefix(BASE + "ns#") for iri in row.get("classes", ())}


def _texts(values: Iterable[Identifier], prefix: str = "") -> dict[str, str]:
    """Texts by language, under ``<prefix>fr|en|zh``; pinyin is no Chinese text."""
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        tags = (lang, TAGS[lang].lower())
        ranked = [
            (tag not in tags, str(value))
            for value in values
            if isinstance(value, Literal)
            and (tag := (value.language or "").lower()).split("-")[0] == lang
            and not tag.startswith("zh-latn")
        ]
        if ranked:
            found[prefix + lang] = min(ranked)[1]
    return found


def _nodes(store: Store, preferred: _Rows) -> dict[str, dict[str, Any]]:
    """The attributes of every party, by its address."""
    parties = _ask(store, _PARTIES).items()
    return {iri: _party(iri, row, preferred.get(iri, {})) for iri, row in parties}


def _party(iri: str, row: _Row, preferred: _Row) -> dict[str, Any]:
    """The attributes of a party."""
    node: dict[str, Any] = {"key": _key(iri), **_texts(row.get("label", ()), "label_")}
    classes = {str(iri) for iri in row.get("classes", ())}
    for of_class, name in _TYPES.items():
        if of_class in classes:
            node["type"] = name
            break
    if "country" in row:
        node["country"] = _key(row["country"][0])
    elif node.get("type") == "country":
        node["country"] = node["key"]
    if "level" in row:
        node["level"] = _key(row["level"][0])
    for name in ("code1", "code2", "code3", "code4"):
        if name in row:
            node["code"] = str(row[name][0])
            break
    for name in ("parents", "replaced_by"):
        if name in row:
            node[name] = [_key(thing) for thing in row[name]]
    for name in ("start", "end"):
        value = _one(name, row, preferred)
        if value is not None:
            node[name] = value
    return node


def _one(name: str, row: _Row, preferred: _Row) -> str | None:
    """One value where sources may give several; concepts by key, dates as written."""
    held = [_key(value) for value in row.get(name, ())]
    for value in preferred.get(name, ()):
        if _key(value) in held:
            return _key(value)
    ranking = {"state": _STATES, "certainty": _CERTAINTIES}.get(name, ())
    order = {value: place for place, value in enumerate(ranking)}
    return min(held, key=lambda value: (order.get(value, len(order)), value), default=None)


def _edge(row: _Row, preferred: _Row) -> dict[str, Any]:
    """The attributes of a link, but for its evidence."""
    edge: dict[str, Any] = {}
    for name in ("kind", "state", "certainty", "start", "end"):
        value = _one(name, row, preferred)
        if value is not None:
            edge[name] = value
    if "themes" in row:
        edge["themes"] = [_key(theme) for theme in row["themes"]]
    edge.update(_texts(row.get("purpose", ()), "purpose_"))
    edge["tentative"] = (
        edge.get("state") in TENTATIVE_STATES or edge.get("certainty") == "to-be-confirmed"
    )
    edge["weight"] = 1.0
    return edge


def _pairs(graph: LinkGraph, row: _Row) -> list[tuple[str, str]]:
    """The pairs of parties that a link joins."""
    parties = sorted({str(party) for party in row.get("parties", ())})
    return pairs(parties, {party: graph.nodes[party].get("country", party) for party in parties})


def _copy(value: Any) -> Any:
    if isinstance(value, list):
        return [dict(item) if isinstance(item, dict) else item for item in value]
    return value


def _evidence(store: Store) -> dict[str, list[dict[str, str]]]:
    """What each link rests on, in the order of documents and of places in them."""
    documents = _ask(store, _DOCUMENTS)
    by_link: dict[str, list[tuple[tuple[object, ...], dict[str, str]]]] = {}
    for iri, row in _ask(store, _EVIDENCE).items():
        passage: dict[str, str] = {}
        if "source" in row:
            document = documents.get(str(row["source"][0]), {})
            passage["source"] = _key(row["source"][0])
            passage.update(_texts(document.get("title", ()), "title_"))
            if "address" in document:
                passage["address"] = str(document["address"][0])
        span = _LINES.search(" ".join(map(str, row.get("lines", ()))))
        if span:
            first, last = int(span[1]) + 1, int(span[2])
            passage["lines"] = str(first) if first == last else f"{first}-{last}"
        if "first" in row and "last" in row:
            passage["chars"] = f"{row['first'][0]}-{row['last'][0]}"
        for name in ("page", "section"):
            if name in row:
                passage[name] = str(row[name][0])
        if "certainty" in row:
            passage["certainty"] = _key(row["certainty"][0])
        passage.update(_texts(row.get("reason", ()), "reason_"))
        start = int(str(row["first"][0])) if "first" in row else -1
        for link in row["links"]:
            place = (passage.get("source", ""), start, iri)
            by_link.setdefault(str(link), []).append((place, passage))
    return {
        link: [dict(passage) for _, passage in sorted(found, key=lambda item: item[0])]
        for link, found in by_link.items()
    }


def _add_work(graph: TwoModeGraph, party: str, other: str, work: str, *, tentative: bool) -> None:
    """Count one more link, project or participation between a party and a theme or event."""
    if not graph.has_edge(party, other):
        graph.add_edge(party, other, works=[], weight=0.0, weight_confirmed=0.0, tentative=True)
    edge = graph.edges[party, other]
    edge["works"].append(work)
    edge["weight"] += 1.0
    if not tentative:
        edge["weight_confirmed"] += 1.0
        edge["tentative"] = False
