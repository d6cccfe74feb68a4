"""What a payload holds beside parties and links: events, documents, disagreements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import networkx as nx

from maillage.pagetexts import Texts, clean
from maillage.payload.columns import (
    Columns,
    Facet,
    days,
    degrees,
    href,
    path_of,
    table,
    text_of,
    translations,
)
from maillage.payload.links import Proofs

__all__ = ["disagreement_table", "document_table", "event_table"]

_EVENT_COLUMNS: Final = (
    *("iri", "key", "name", "series", "kind", "begin", "finish", "dates"),
    *("place", "lat", "long", "themes", "parties", "evidence"),
)


_DOCUMENT_COLUMNS: Final = (
    *("key", "text", "address", "href", "iri", "publisher", "date", "seen", "licence"),
    "language",
)


def event_table(
    graph: nx.MultiGraph[str],
    number: Mapping[str, int],
    themes: Facet,
    texts: Texts,
    proofs: Proofs,
) -> Columns:
    """The events; of a part of the network, those that a party of it took part in."""
    events: Columns = {name: [] for name in _EVENT_COLUMNS}
    for event in graph.graph.get("events", ()):
        there = [number[party] for party in event.get("parties", ()) if party in number]
        if graph.graph.get("part") and not there:
            continue
        iri = str(event["iri"])
        row = {
            "iri": clean(iri),
            "key": path_of(iri),
            "name": texts.put(translations(event, "label")) or texts.same(path_of(iri)),
            "series": texts.put(translations(event, "series")),
            "kind": texts.concept("event-kind", event.get("kind")),
            "begin": days(event.get("start")),
            "finish": days(event.get("end")),
            "dates": texts.span(event.get("start"), event.get("end")),
            "place": texts.put(translations(event, "place")),
            "lat": degrees(event.get("lat")),
            "long": degrees(event.get("long")),
            "themes": [themes.number(theme) for theme in event.get("themes", ())],
            "parties": there,
            "evidence": proofs.numbers(event.get("evidence", ())),
        }
        for name, value in row.items():
            events[name].append(value)
    return events


def document_table(graph: nx.MultiGraph[str], facet: Facet, texts: Texts) -> Columns:
    """The documents that something drawn rests on."""
    known: Mapping[str, Mapping[str, Any]] = graph.graph.get("documents", {})
    told: dict[str, Mapping[str, Any]] = {}
    for _, _, edge in graph.edges(data=True):
        for proof in edge.get("evidence", ()):
            told.setdefault(str(proof.get("source", "")), proof)

    def shown(key: str) -> dict[str, Any]:
        document = known.get(key, told.get(key, {}))
        address = clean(str(document.get("address", "")))
        return {
            "key": clean(key),
            "text": texts.put(translations(document, "title")) or texts.same(key),
            "address": address,
            "href": href(address),
            "iri": clean(str(document.get("iri", ""))),
            "publisher": texts.put(translations(document, "publisher")),
            "date": texts.date(text_of(document.get("issued"))),
            "seen": clean(str(document.get("seen", ""))),
            "licence": clean(str(document.get("licence", ""))),
            "language": clean(str(document.get("language", ""))),
        }

    return table(_DOCUMENT_COLUMNS, map(shown, facet.keys))


def disagreement_table(
    graph: nx.MultiGraph[str], facets: Mapping[str, Facet], texts: Texts
) -> Columns:
    """Where sources differ: about what, on what, which rule chose, and each rival value."""
    columns: Columns = {"about": [], "property": [], "reason": [], "stances": []}
    for rivals in graph.graph.get("disagreements", ()):
        for about in rivals["about"]:
            columns["about"].append(path_of(about))
            columns["property"].append(texts.put(rivals["property"]))
            columns["reason"].append(texts.put(translations(rivals, "reason")))
            columns["stances"].append(
                [
                    [
                        texts.put(stance["value"])
                        if isinstance(stance["value"], Mapping)
                        else texts.same(str(stance["value"])),
                        [facets["source"].number(source) for source in stance["sources"]],
                        [facets["certainty"].number(key) for key in stance["certainty"]],
                        int(stance["kept"]),
                    ]
                    for stance in rivals["stances"]
                ]
            )
    return columns
