"""What a map shows beside the links: where parties lie, what happened, who says otherwise.

:func:`surround` adds it to a network that :func:`maillage.network.links` made: points, regions and
further names to the parties; events, documents, regions, disagreements and the order of themes to
the graph itself. A network without it can be drawn, too, only with less to see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from rdflib import Literal

from maillage.dates import precise
from maillage.network import LinkGraph
from maillage.terms import BASE
from maillage.things import END, SELECT, Row, documents, evidence, key_of, texts_of, things
from maillage.words import best

if TYPE_CHECKING:
    from maillage.store import Store

__all__ = ["AREA_LEVELS", "surround"]

#: The levels whose places a map gathers others under: French regions, Chinese provinces.
AREA_LEVELS: Final = ("region", "overseas-collectivity", "province")

_GEO: Final = "PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>\n"

_POINTS: Final = f"""{_GEO}{SELECT}
  {{ SELECT DISTINCT ?thing WHERE {{ ?work mlg:hasParty|schema:location ?thing }} }}
  VALUES (?property ?name) {{ (geo:lat "lat") (geo:long "long") (skos:altLabel "names")
    (skos:hiddenLabel "names") (skos:prefLabel "label") (mlg:isInCountry "country") }}
  ?thing ?property ?value
{END}"""

_AREAS: Final = f"""{_GEO}{SELECT}
  VALUES ?level {{ {" ".join(f"<{BASE}id/level/{level}>" for level in AREA_LEVELS)} }}
  ?thing mlg:hasLevel ?level .
  VALUES (?property ?name) {{ (skos:prefLabel "label") (mlg:isInCountry "country")
    (geo:lat "lat") (geo:long "long") (mlg:endDate "end") }}
  ?thing ?property ?value
{END}"""

_LYING: Final = f"""{SELECT}
  {{ SELECT DISTINCT ?thing WHERE {{ ?work mlg:hasParty ?thing }} }}
  VALUES ?level {{ {" ".join(f"<{BASE}id/level/{level}>" for level in AREA_LEVELS)} }}
  ?thing dcterms:isPartOf* ?value . ?value mlg:hasLevel ?level .
  BIND("area" AS ?name)
{END}"""

_EVENTS: Final = f"""{SELECT}
  ?thing a schema:Event .
  {{
    VALUES (?property ?name) {{
      (skos:prefLabel "label") (mlg:startDate "start") (mlg:endDate "end") (mlg:hasKind "kind")
      (schema:location "place") (mlg:hasTheme "themes") (schema:superEvent "whole")
    }}
    ?thing ?property ?value
  }} UNION {{
    ?participation mlg:isParticipationIn ?thing ; mlg:hasParticipant ?value .
    BIND("parties" AS ?name)
  }}
{END}"""

_WHOLES: Final = f"""{SELECT}
  ?event schema:superEvent ?thing . ?thing skos:prefLabel ?value . BIND("label" AS ?name)
{END}"""

_PUBLISHERS: Final = f"""{SELECT}
  ?document a mlg:SourceDocument ; dcterms:publisher ?thing . ?thing skos:prefLabel ?value .
  BIND("label" AS ?name)
{END}"""

_RIVALS: Final = f"""{SELECT}
  ?thing a mlg:Disagreement .
  VALUES (?property ?name) {{
    (mlg:isAbout "about") (mlg:onProperty "property") (mlg:consensusReason "reason")
    (mlg:hasStance "stances") (mlg:prefers "kept")
  }}
  ?thing ?property ?value
{END}"""

_STANCES: Final = f"""{SELECT}
  ?disagreement mlg:hasStance ?thing .
  VALUES (?property ?name) {{
    (mlg:stanceValue "value") (mlg:isSaidBy "sources") (mlg:hasCertainty "certainty")
  }}
  ?thing ?property ?value
{END}"""

_NAMED: Final = f"""{SELECT}
  {{ ?stance mlg:stanceValue ?thing }} UNION {{ ?disagreement mlg:onProperty ?thing }}
  {{ ?thing skos:prefLabel ?value }}
  UNION {{ ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?value }}
  BIND("label" AS ?name)
{END}"""

_THEMES: Final = f"""{SELECT}
  ?thing skos:inScheme scheme:theme .
  {{ ?thing skos:broader+ ?value BIND("broader" AS ?name) }}
  UNION {{ ?thing skos:prefLabel ?value BIND("label" AS ?name) }}
  UNION {{ ?thing skos:topConceptOf ?value BIND("top" AS ?name) }}
{END}"""

_KINDS: Final = f"""{SELECT}
  ?thing skos:inScheme scheme:event-kind ; skos:prefLabel ?value . BIND("label" AS ?name)
{END}"""


_COUNTRIES: Final = f"""{SELECT}
  {{ SELECT DISTINCT ?thing WHERE {{ ?work mlg:hasParty ?party . ?party mlg:isInCountry ?thing }} }}
  ?thing skos:prefLabel ?value . BIND("label" AS ?name)
{END}"""


def surround(graph: LinkGraph, store: Store) -> LinkGraph:
    """Add to a network what maps show beside its links; returns the same graph, changed.

    :param graph: what :func:`maillage.network.links` made of this store, or a part of it.
    :returns: nodes gain ``lat`` and ``long`` (degrees, WGS 84), ``area`` (the key of the region or
        province in which they lie or which they are) and ``names`` (list); ``graph.graph`` gains
        ``areas``, ``documents`` (both by key), ``events``, ``disagreements`` (lists of dicts) and
        ``themes`` (key of each theme to the key of its top theme).
    """
    points, areas = things(store, _POINTS), things(store, _AREAS)
    lying = things(store, _LYING)
    for party, node in graph.nodes(data=True):
        row = points.get(party, {})
        node.update(_point(row))
        names = sorted({str(name) for name in row.get("names", ())})
        if names:
            node["names"] = names
        around = [str(area) for area in lying.get(party, {}).get("area", ()) if str(area) in areas]
        if around:
            # Of a former and today's region, the one that stands; a region lies in itself.
            node["area"] = key_of(min(around, key=lambda a: (a != party, "end" in areas[a], a)))
    used = {node["area"] for _, node in graph.nodes(data=True) if "area" in node}
    graph.graph["areas"] = {
        key_of(iri): {
            **texts_of(row.get("label", ()), "label_"),
            "country": key_of(row["country"][0]) if "country" in row else "",
            **_point(row),
        }
        for iri, row in areas.items()
        if key_of(iri) in used
    }
    graph.graph["documents"] = _documents(store)
    graph.graph["events"] = _events(store, points)
    graph.graph["disagreements"] = _disagreements(store)
    themes, kinds, lands = (things(store, query) for query in (_THEMES, _KINDS, _COUNTRIES))
    graph.graph["themes"] = {
        key_of(iri): next(
            (key_of(b) for b in row.get("broader", ()) if "top" in themes.get(str(b), {})),
            key_of(iri),
        )
        for iri, row in themes.items()
    }
    graph.graph.setdefault("concepts", {}).update(
        {
            f"{kind}/{key_of(iri)}": texts_of(row["label"])
            for kind, found in (("theme", themes), ("event-kind", kinds), ("country", lands))
            for iri, row in found.items()
        }
    )
    return graph


def _point(row: Row) -> dict[str, float]:
    """Latitude and longitude, where both are known."""
    if "lat" not in row or "long" not in row:
        return {}
    return {"lat": float(str(row["lat"][0])), "long": float(str(row["long"][0]))}


def _documents(store: Store) -> dict[str, dict[str, Any]]:
    """Each document with what a reader needs to find and weigh it."""
    publishers = things(store, _PUBLISHERS)
    found: dict[str, dict[str, Any]] = {}
    for iri, row in documents(store).items():
        document: dict[str, Any] = {"iri": iri, **texts_of(row.get("title", ()), "title_")}
        for name in ("address", "issued", "seen", "licence", "language"):
            if name in row:
                document[name] = str(row[name][0])
        if "publisher" in row:
            named = publishers.get(str(row["publisher"][0]), {}).get("label", ())
            document.update(texts_of(named, "publisher_"))
        found[key_of(iri)] = document
    return found


def _events(store: Store, points: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Events in the order of their addresses, each with its place, parties and evidence."""
    proofs, wholes = evidence(store, "schema:Event"), things(store, _WHOLES)
    events = []
    for iri, row in things(store, _EVENTS).items():
        event: dict[str, Any] = {"iri": iri, **texts_of(row.get("label", ()), "label_")}
        if "kind" in row:
            event["kind"] = key_of(row["kind"][0])
        for name in ("start", "end"):
            if name in row:
                event[name] = precise(map(str, row[name]))[0]
        if "place" in row:
            there = points.get(str(row["place"][0]), {})
            event.update(texts_of(there.get("label", ()), "place_"), **_point(there))
        if "whole" in row:
            named = wholes.get(str(row["whole"][0]), {}).get("label", ())
            event.update(texts_of(named, "series_"))
        event["themes"] = [key_of(theme) for theme in row.get("themes", ())]
        event["parties"] = sorted({str(party) for party in row.get("parties", ())})
        event["evidence"] = proofs.get(iri, [])
        events.append(event)
    return events


def _disagreements(store: Store) -> list[dict[str, Any]]:
    """Where sources differ: about what, who says what, and what the written rule keeps."""
    stances, named = things(store, _STANCES), things(store, _NAMED)
    found = []
    for row in things(store, _RIVALS).values():
        said: dict[str, dict[str, Any]] = defaultdict(
            lambda: {"sources": set(), "certainty": set()}
        )
        kept = {str(stance) for stance in row.get("kept", ())}
        for stance in map(str, row.get("stances", ())):
            for value in stances.get(stance, {}).get("value", ()):
                one = said[str(value)]
                labels = named.get(str(value), {}).get("label", ())
                one["value"] = texts_of(labels) or str(value)
                one["sources"] |= {key_of(s) for s in stances[stance].get("sources", ())}
                one["certainty"] |= {key_of(c) for c in stances[stance].get("certainty", ())}
                one["kept"] = one.get("kept", False) or stance in kept
        found.append(
            {
                "about": [str(thing) for thing in row.get("about", ())],
                "property": _named(named, row),
                **texts_of(row.get("reason", ()), "reason_"),
                "stances": [
                    {**s, "sources": sorted(s["sources"]), "certainty": sorted(s["certainty"])}
                    for _, s in sorted(said.items())
                ],
            }
        )
    return found


def _named(named: Mapping[str, Row], row: Row) -> dict[str, str]:
    """What the property of a disagreement is called."""
    about = str(row["property"][0]) if "property" in row else ""
    labels = named.get(about, {}).get("label", ())
    texts = texts_of(labels)
    if texts:
        return texts
    tagged = [(x.language or "", str(x)) for x in labels if isinstance(x, Literal)]
    return {"en": best(tagged, "en") or about.rsplit("#", 1)[-1]}
