"""A network as one plain structure: all that the page and the pictures show, in columns.

What is drawn, filtered, counted, listed and cited comes from here, so that no two views can
differ. The structure is JSON: texts by number in three languages, and for each kind of thing a
dict of equally long lists, a *column* each. ``tests/test_payload.py`` says what each one holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import networkx as nx

from maillage import look
from maillage.pagetexts import Texts, words
from maillage.payload.beside import disagreement_table, document_table, event_table
from maillage.payload.columns import Facet
from maillage.payload.links import OF_LINKS, Proofs, link_rows, link_tables
from maillage.payload.looks import cluster_looks, line_looks, theme_looks, tier_looks, tier_of
from maillage.payload.names import rank
from maillage.payload.parties import areas, countries, panels, party_table, stand
from maillage.projection import land
from maillage.terms import BASE
from maillage.words import Language

__all__ = ["VIEWS", "Payload", "payload"]

Payload: TypeAlias = dict[str, Any]

#: The ways to look at a network, in the order of their tabs.
VIEWS: Final = ("network", "places", "matrix", "time", "table")

#: The named question that gives what the panel shows, by what it is about.
_QUERIES: Final = {
    "party": "links place={key}",
    "link": "evidence-of thing={key}",
    "event": "evidence-of thing={key}",
    "theme": "links theme={key}",
    "area": "links place={key}",
}


def payload(
    graph: nx.MultiGraph[str],
    *,
    title: Mapping[str, str],
    lang: Language = "fr",
    view: str = "network",
    facts: Sequence[tuple[str, object]] = (),
    first_country: str = "fr",
) -> Payload:
    """Gather all that a map of a network shows.

    :param graph: as :mod:`maillage.network` makes it; more to see when
        :func:`maillage.surroundings.surround` has been there. It is not changed.
    :param title: the heading by language.
    :param view: one of :data:`VIEWS`, which the page opens.
    :param facts: what to say of the data (``version``, ``date``, ``licence`` or any other name),
        with a value or its translations.
    :param first_country: ISO code of the country drawn as circles, on the left.
    :returns: columns as described above; the same graph gives the same structure.
    """
    texts = Texts(graph.graph.get("concepts", {}))
    facets = {name: Facet() for name in (*OF_LINKS, "level", "country", "theme", "source")}
    proofs = Proofs(texts, facets["source"], facets["certainty"])
    rows = link_rows(graph, first_country)
    order = sorted(
        graph, key=lambda n: (graph.nodes[n].get("country") != first_country, rank(graph, n))
    )
    number = {node: i for i, node in enumerate(order)}
    known = {tier: i for i, tier in enumerate(look.TIERS)}
    tiers = sorted(
        {tier_of(graph.nodes[node]) for node in order}, key=lambda t: (known.get(t, len(known)), t)
    )
    links, lines = link_tables(rows, number, facets, texts, proofs)
    parties = party_table(graph, order, lines, tiers, facets, texts, first_country)
    regions = areas(graph, order, parties, facets["country"], texts)
    events = event_table(graph, number, facets["theme"], texts, proofs)
    parties["community"], clusters = cluster_looks(graph, order, texts)
    parties["top"], tops, top_of = theme_looks(graph, rows, number, facets["theme"], texts)
    stand(graph, order, parties, texts, first_country)
    rivals = disagreement_table(graph, facets, texts)
    heading, lands = texts.put(title), facets["country"].keys
    concepts = {**OF_LINKS, "level": "level", "theme": "theme"}
    return {
        "version": 1,
        "base": BASE,
        "lang": lang,
        "view": view,
        "first": first_country,
        "title": heading,
        "citation": texts.filled("cited", title=heading, base=texts.same(BASE)),
        "facts": _facts(facts, texts),
        "facets": {
            **{name: _facet(facets[name], kind, texts) for name, kind in concepts.items()},
            "theme": {**_facet(facets["theme"], "theme", texts), "top": top_of},
            "country": countries(facets["country"], parties, texts),
            "source": document_table(graph, facets["source"], texts),
        },
        "looks": line_looks(),
        "tiers": tier_looks(tiers, texts),
        "tops": tops,
        "communities": clusters,
        "areas": regions,
        "parties": parties,
        "links": links,
        "lines": lines,
        "evidence": proofs.columns,
        "events": events,
        "disagreements": rivals,
        "queries": dict(_QUERIES),
        "places": panels(parties, [lands[i] if i >= 0 else "" for i in parties["country"]]),
        "areaplaces": panels(regions, [lands[i] for i in regions["country"]]),
        "land": _land(texts),
        "texts": texts.all,
    }


def _facet(facet: Facet, kind: str, texts: Texts) -> dict[str, list[Any]]:
    return {"key": facet.keys, "text": [texts.concept(kind, key) for key in facet.keys]}


def _facts(facts: Sequence[tuple[str, object]], texts: Texts) -> list[list[int]]:
    found = []
    for name, value in facts:
        shown = texts.put(value) if isinstance(value, Mapping) else texts.same(str(value))
        named = texts.word(name) if name in words() else texts.same(name.removeprefix("fact-"))
        found.append([named, shown])
    return found


def _land(texts: Texts) -> dict[str, Any]:
    outlines = land()
    return {
        **outlines,
        "insets": [{**inset, "name": texts.put(inset["name"])} for inset in outlines["insets"]],
    }
