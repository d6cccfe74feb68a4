"""The measures as tables for a reader: a row for each party, and a row for each of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from maillage.definitions import Definition, definitions, published, reason_text
from maillage.measure import Measure, measures
from maillage.network import links, two_mode_events, two_mode_themes
from maillage.words import Language, best, say

if TYPE_CHECKING:
    from maillage.network import LinkGraph
    from maillage.store import Store

__all__ = [
    "TableRow",
    "definition_table",
    "is_worldwide",
    "measure_table",
    "network_table",
    "party_table",
    "published_table",
]

#: From how many countries on a network is read beside those of the world.
WORLDWIDE: Final = 20

Cell = str | int | float | None
TableRow = dict[str, Cell]


def party_table(graph: LinkGraph, lang: Language, found: list[Measure]) -> list[TableRow]:
    """A row for each party: who it is, each measure with and without tentative links, and why not.

    Columns: ``party`` (name), ``country``, ``level``, then for each measure ``<id>`` and
    ``<id>_confirmed``, ``note`` (why values are missing) and ``iri``; most linked parties first.
    """
    rows: dict[str, TableRow] = {}
    missing: dict[str, dict[str, list[str]]] = {}
    for measure in found:
        if measure.subject is None:
            continue
        party = measure.subject
        row = rows.setdefault(party, _party(graph, party, lang))
        row[measure.id] = measure.value
        row[f"{measure.id}_confirmed"] = measure.confirmed
        for column, reason in (
            (measure.id, measure.reason),
            (f"{measure.id}_confirmed", measure.reason_confirmed),
        ):
            if reason is not None:
                missing.setdefault(party, {}).setdefault(reason, []).append(column)
    for party, row in rows.items():
        row["note"] = "; ".join(
            f"{', '.join(columns)}: {reason_text(reason, lang)}"
            for reason, columns in missing.get(party, {}).items()
        )
        row["iri"] = party
    return sorted(rows.values(), key=_most_linked)


def _party(graph: LinkGraph, party: str, lang: Language) -> TableRow:
    node = graph.nodes[party]
    names = [(tag, node[f"label_{tag}"]) for tag in ("fr", "en", "zh") if f"label_{tag}" in node]
    concepts = graph.graph.get("concepts", {})
    level = concepts.get(f"level/{node.get('level')}", {})
    return {
        "party": best(names, lang) or node.get("key", party),
        "country": node.get("country"),
        "level": best(level.items(), lang) or node.get("level"),
    }


def _most_linked(row: TableRow) -> tuple[float, float, str]:
    return -float(row["weighted_degree"] or 0), -float(row["degree"] or 0), str(row["iri"])


def network_table(lang: Language, found: list[Measure]) -> list[TableRow]:
    """A row for each measure of the whole network.

    Columns: ``measure`` (label), ``value``, ``confirmed``, ``uncertainty``, ``unit``, ``note``
    (why a value is missing), then what the measure is: ``definition``, ``convention``,
    ``citation``, ``doi``, ``id``.
    """
    rows: list[TableRow] = []
    for measure in found:
        if measure.subject is not None:
            continue
        reasons = (("value", measure.reason), ("confirmed", measure.reason_confirmed))
        note = "; ".join(
            f"{say(f'measure.{column}', lang)}: {reason_text(reason, lang)}"
            for column, reason in reasons
            if reason
        )
        about = _about(definitions()[measure.id], lang)
        rows.append(
            {
                "measure": about.pop("measure"),
                "value": measure.value,
                "confirmed": measure.confirmed,
                "uncertainty": measure.uncertainty,
                "unit": about.pop("unit"),
                "note": note,
                **about,
            }
        )
    return rows


def definition_table(lang: Language) -> list[TableRow]:
    """What each measure is: a row for each, of parties and of the whole."""
    return [{**_about(d, lang), "scope": d.scope} for d in definitions().values()]


def _about(definition: Definition, lang: Language) -> TableRow:
    return {
        "measure": definition.label[lang],
        "unit": definition.unit[lang],
        "definition": definition.definition[lang],
        "convention": definition.convention[lang],
        "citation": definition.citation,
        "doi": definition.doi,
        "id": definition.id,
    }


def is_worldwide(graph: LinkGraph) -> bool:
    """Whether a network has parties of so many countries that those of the world compare."""
    countries = {country for _, country in graph.nodes(data="country") if country}
    return len(countries) >= WORLDWIDE


def published_table(lang: Language, found: list[Measure]) -> list[TableRow]:
    """What others published of comparable networks, beside ours.

    Columns: ``measure`` (label), ``value`` (ours), ``published`` (theirs), ``network``,
    ``citation``, ``address``, ``differs`` (why).
    """
    ours = {measure.id: measure.value for measure in found if measure.subject is None}
    return [
        {
            "measure": definitions()[name].label[lang],
            "value": ours.get(name),
            "published": value,
            "network": other.label[lang],
            "citation": other.citation,
            "address": other.address,
            "differs": other.differs[lang],
        }
        for other in published()
        for name, value in other.values.items()
    ]


def measure_table(store: Store, lang: Language) -> tuple[list[TableRow], list[TableRow]]:
    """Measure what a store holds: the rows of the parties, and those of the whole network."""
    graph = links(store)
    found = measures(graph, two_mode_themes(store), two_mode_events(store))
    return party_table(graph, lang, found), network_table(lang, found)
