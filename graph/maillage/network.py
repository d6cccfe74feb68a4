"""The mesh itself: who is linked with whom, as a graph that networkx can measure and draw.

Three views, each built by a few fixed questions put to a store:

* :func:`links` joins parties by their cooperation links, and keeps every link apart (multigraph);
* :func:`two_mode_themes` joins parties to the themes of their links and projects;
* :func:`two_mode_events` joins parties to the events in which they took part, or were to.

Links have no direction. A node is named by the address (IRI) of the thing, an edge by the address
of the link. What is not known is an attribute that is not there, never an empty one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import networkx as nx

from maillage.dates import precise
from maillage.derive import pairs
from maillage.mint import parse
from maillage.terms import BASE
from maillage.things import END, SELECT, Row, Rows, evidence, key_of, texts_of, things

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
    "is_tentative",
    "kept_value",
    "links",
    "two_mode_events",
    "two_mode_themes",
    "type_of",
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

_WORKS: Final = f"""{SELECT}
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
{END}"""

# Each party once, before anything is asked of it: as often as it has links, that took ten times as
# long.
_PARTIES: Final = f"""{SELECT}
  {{ SELECT DISTINCT ?thing WHERE {{ ?work mlg:hasParty|mlg:hasParticipant ?thing }} }}
  VALUES (?property ?name) {{
    (rdf:type "classes") (skos:prefLabel "label") (mlg:isInCountry "country")
    (mlg:hasLevel "level") (mlg:inseeCode "code1") (mlg:gbCode "code2") (mlg:isoCode "code3")
    (mlg:sirenNumber "code4") (dcterms:isPartOf "parents") (dcterms:isReplacedBy "replaced_by")
    (mlg:startDate "start") (mlg:endDate "end")
  }}
  ?thing ?property ?value
{END}"""

# What a party is part of, or was replaced by, need not be a party itself.
_AROUND: Final = f"""{SELECT}
  {{ SELECT DISTINCT ?party WHERE {{ ?work mlg:hasParty|mlg:hasParticipant ?party }} }}
  ?party dcterms:isPartOf|dcterms:isReplacedBy ?thing . ?thing skos:prefLabel ?value .
  BIND("label" AS ?name)
{END}"""

_EVENTS: Final = f"""{SELECT}
  {{ SELECT DISTINCT ?thing WHERE {{ ?participation mlg:isParticipationIn ?thing }} }}
  VALUES (?property ?name) {{ (skos:prefLabel "label") (mlg:startDate "start") }}
  ?thing ?property ?value
{END}"""

_CONCEPTS: Final = f"""{SELECT}
  VALUES ?scheme {{
    scheme:link-kind scheme:state scheme:certainty scheme:level scheme:theme scheme:role
  }}
  ?thing skos:inScheme ?scheme ; skos:prefLabel ?value .
  BIND("label" AS ?name)
{END}"""

_PREFERRED: Final = f"""{SELECT}
  ?disagreement a mlg:Disagreement ; mlg:isAbout ?thing ; mlg:onProperty ?property ;
    mlg:prefers ?stance .
  ?stance mlg:stanceValue ?value .
  VALUES (?property ?name) {{
    (mlg:hasKind "kind") (mlg:hasState "state") (mlg:startDate "start") (mlg:endDate "end")
  }}
{END}"""


def links(store: Store) -> LinkGraph:
    """The network of cooperation: parties, joined by every link between them.

    A link of more than two parties is one edge for each pair of parties of different countries
    (of all pairs, when all are of one country), always under the same key; a party whose country
    is not known faces all the others. Where sources give several values, the one that a recorded
    disagreement prefers stands; failing that, the state furthest along and the most exact date,
    and otherwise the first in the order of characters.

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
    works = {
        iri: row for iri, row in things(store, _WORKS).items() if "CooperationLink" in _is(row)
    }
    preferred = things(store, _PREFERRED)
    nodes = _nodes(store, preferred)
    proofs = evidence(store, "mlg:CooperationLink")
    concepts = {**things(store, _CONCEPTS), **things(store, _AROUND)}
    for party in sorted({str(p) for row in works.values() for p in row.get("parties", ())}):
        graph.add_node(party, **nodes.get(party, {"key": key_of(party)}))
    for link, row in works.items():
        edge = _edge(row, preferred.get(link, {}))
        if link in proofs:
            edge["evidence"] = proofs[link]
        for one, other in _pairs(graph, row):
            # A copy each: whoever changes one edge must not change its siblings.
            graph.add_edge(one, other, key=link, **{k: _copy(v) for k, v in edge.items()})
    graph.graph["concepts"] = {
        "/".join(thing): texts_of(row["label"])
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
    nodes = _nodes(store, things(store, _PREFERRED))
    concepts = things(store, _CONCEPTS)
    for work, row in things(store, _WORKS).items():
        tentative = _edge(row, {})["tentative"]
        for party in map(str, row.get("parties", ())):
            for theme in map(str, row.get("themes", ())):
                node = nodes.get(party, {"key": key_of(party)})
                graph.add_node(party, bipartite=0, **node)
                labels = texts_of(concepts.get(theme, {}).get("label", ()), "label_")
                graph.add_node(theme, bipartite=1, key=key_of(theme), type="theme", **labels)
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
    nodes = _nodes(store, things(store, _PREFERRED))
    events = things(store, _EVENTS)
    for work, row in things(store, _WORKS).items():
        roles = [key_of(role) for role in row.get("role", ())]
        tentative = bool(_edge(row, {})["tentative"]) or (
            bool(roles) and TENTATIVE_ROLES.issuperset(roles)
        )
        for party in map(str, row.get("participant", ())):
            node = nodes.get(party, {"key": key_of(party)})
            if node.get("type") == "person":
                continue
            for event in map(str, row.get("event", ())):
                graph.add_node(party, bipartite=0, **node)
                described = events.get(event, {})
                attributes = texts_of(described.get("label", ()), "label_")
                if "start" in described:
                    attributes["start"] = str(described["start"][0])
                graph.add_node(event, bipartite=1, key=key_of(event), type="event", **attributes)
                _add_work(graph, party, event, work, tentative=tentative)
                edge = graph.edges[party, event]
                edge["roles"] = sorted({*edge.get("roles", ()), *roles})
    return graph


def _is(row: Row) -> set[str]:
    return {str(iri).removeprefix(BASE + "ns#") for iri in row.get("classes", ())}


def _nodes(store: Store, preferred: Rows) -> dict[str, dict[str, Any]]:
    """The attributes of every party, by its address."""
    parties = things(store, _PARTIES).items()
    return {iri: _party(iri, row, preferred.get(iri, {})) for iri, row in parties}


def _party(iri: str, row: Row, preferred: Row) -> dict[str, Any]:
    """The attributes of a party."""
    node: dict[str, Any] = {"key": key_of(iri), **texts_of(row.get("label", ()), "label_")}
    named = type_of({str(iri) for iri in row.get("classes", ())})
    if named is not None:
        node["type"] = named
    if "country" in row:
        node["country"] = key_of(row["country"][0])
    elif node.get("type") == "country":
        node["country"] = node["key"]
    if "level" in row:
        node["level"] = key_of(row["level"][0])
    for name in ("code1", "code2", "code3", "code4"):
        if name in row:
            node["code"] = str(row[name][0])
            break
    for name in ("parents", "replaced_by"):
        if name in row:
            node[name] = [key_of(thing) for thing in row[name]]
    for name in ("start", "end"):
        value = _one(name, row, preferred)
        if value is not None:
            node[name] = value
    return node


def type_of(classes: Collection[str]) -> str | None:
    """What a party is, by the addresses of its classes; ``None`` when it is no party."""
    return next((name for of_class, name in _TYPES.items() if of_class in classes), None)


def is_tentative(state: str | None, certainty: str | None) -> bool:
    """Whether a link is not there yet, or may not be."""
    return state in TENTATIVE_STATES or certainty == "to-be-confirmed"


def kept_value(name: str, held: Iterable[str], preferred: Iterable[str] = ()) -> str | None:
    """One value where sources may give several; concepts by key, dates as written.

    >>> kept_value("state", ["ended", "active"]), kept_value("start", ["2005", "2005-10-26"])
    ('active', '2005-10-26')
    """
    held = list(held)
    for value in preferred:
        if value in held:
            return value
    if name in {"start", "end"}:
        held = precise(held)
    ranking = {"state": _STATES, "certainty": _CERTAINTIES}.get(name, ())
    order = {value: place for place, value in enumerate(ranking)}
    return min(held, key=lambda value: (order.get(value, len(order)), value), default=None)


def _one(name: str, row: Row, preferred: Row) -> str | None:
    return kept_value(name, map(key_of, row.get(name, ())), map(key_of, preferred.get(name, ())))


def _edge(row: Row, preferred: Row) -> dict[str, Any]:
    """The attributes of a link, but for its evidence."""
    edge: dict[str, Any] = {}
    for name in ("kind", "state", "certainty", "start", "end"):
        value = _one(name, row, preferred)
        if value is not None:
            edge[name] = value
    if "themes" in row:
        edge["themes"] = [key_of(theme) for theme in row["themes"]]
    edge.update(texts_of(row.get("purpose", ()), "purpose_"))
    edge["tentative"] = is_tentative(edge.get("state"), edge.get("certainty"))
    edge["weight"] = 1.0
    return edge


def _pairs(graph: LinkGraph, row: Row) -> list[tuple[str, str]]:
    """The pairs of parties that a link joins."""
    parties = sorted({str(party) for party in row.get("parties", ())})
    return pairs(parties, {party: graph.nodes[party].get("country", party) for party in parties})


def _copy(value: Any) -> Any:
    if isinstance(value, list):
        return [dict(item) if isinstance(item, dict) else item for item in value]
    return value


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
