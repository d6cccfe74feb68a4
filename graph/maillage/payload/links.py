"""The links of a payload, the lines that draw them, and the passages on which they rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import networkx as nx

from maillage import look
from maillage.pagetexts import Texts, clean
from maillage.payload.columns import Columns, Facet, days, path_of, table, text_of, translations
from maillage.payload.names import rank

__all__ = ["OF_LINKS", "LinkRow", "Proofs", "link_rows", "link_tables"]

#: Attributes of links that people filter by, and the kind of concept that each one is.
OF_LINKS: Final = {"kind": "link-kind", "state": "state", "certainty": "certainty"}

_LOOKS: Final = tuple(look.LINES)
_MARKS: Final = ("", "inferred", "disputed")
_COLUMNS: Final = (
    *("iri", "key", "parties", *OF_LINKS, "themes", "begin", "finish", "open", "dates"),
    *("look", "mark", "purpose", "evidence"),
)


class LinkRow(NamedTuple):
    """A link with its parties in order, first country first, and the attributes of its edges."""

    key: str
    parties: list[str]
    pairs: list[tuple[str, str]]
    data: Mapping[str, Any]


def link_rows(graph: nx.MultiGraph[str], first_country: str) -> list[LinkRow]:
    """The links of a network, in the order of the names of their parties; n-ary ones once."""
    ranks = {node: (_side(graph, node, first_country), *rank(graph, node)) for node in graph}
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    data: dict[str, Mapping[str, Any]] = {}
    for one, two, key, edge in graph.edges(keys=True, data=True):
        a, b = sorted((one, two), key=ranks.__getitem__)
        pairs[str(key)].append((a, b))
        data.setdefault(str(key), edge)
    rows = []
    for key, found in pairs.items():
        parties = sorted({node for pair in found for node in pair}, key=ranks.__getitem__)
        found.sort(key=lambda pair: (ranks[pair[0]], ranks[pair[1]]))
        rows.append(LinkRow(key, parties, found, data[key]))
    return sorted(rows, key=lambda row: (*(ranks[n] for n in row.pairs[0]), row.key))


def _side(graph: nx.MultiGraph[str], node: str, first_country: str) -> bool:
    return graph.nodes[node].get("country") != first_country


class Proofs:
    """The passages of evidence, each once: what reads the same is one row.

    :ivar columns: ``source`` (number of a document or -1), ``where``, ``certainty``, ``notes``.
    """

    def __init__(self, texts: Texts, sources: Facet, certainties: Facet) -> None:
        self.columns: Columns = {"source": [], "where": [], "certainty": [], "notes": []}
        self._texts, self._sources, self._certainties = texts, sources, certainties
        self._known: dict[tuple[Any, ...], int] = {}

    def numbers(self, proofs: Iterable[Mapping[str, Any]]) -> list[int]:
        """Add passages, as :mod:`maillage.network` gives them; returns their numbers."""
        found: dict[int, None] = {}
        for proof in proofs:
            reason = self._texts.put(translations(proof, "reason"))
            row = (
                self._sources.number(text_of(proof.get("source"))),
                self._texts.where(proof),
                self._certainties.number(text_of(proof.get("certainty"))),
                reason,
            )
            if row not in self._known:
                self._known[row] = len(self._known)
                notes = [reason] if reason else []
                for column, value in zip(self.columns.values(), (*row[:3], notes), strict=True):
                    column.append(value)
            found[self._known[row]] = None
        return list(found)


def link_tables(
    rows: Sequence[LinkRow],
    number: Mapping[str, int],
    facets: Mapping[str, Facet],
    texts: Texts,
    proofs: Proofs,
) -> tuple[Columns, Columns]:
    """The links, and the lines between two parties that draw them (several where n-ary)."""

    def told(row: LinkRow) -> dict[str, Any]:
        edge = row.data
        begin, finish = days(text_of(edge.get("start"))), days(text_of(edge.get("end")))
        certainty = edge.get("certainty")
        return {
            "iri": clean(row.key),
            "key": path_of(row.key),
            "parties": [number[party] for party in row.parties],
            **{name: facets[name].number(text_of(edge.get(name))) for name in OF_LINKS},
            "themes": [facets["theme"].number(clean(str(t))) for t in edge.get("themes", ())],
            "begin": begin,
            "finish": finish,
            "open": int(finish is None or finish[1] is None),
            "dates": texts.span(text_of(edge.get("start")), text_of(edge.get("end"))),
            "look": _LOOKS.index(look.line_of(edge)),
            "mark": _MARKS.index(certainty) if certainty in _MARKS else 0,
            "purpose": texts.put(translations(edge, "purpose")),
            "evidence": proofs.numbers(edge.get("evidence", ())),
        }

    lines = table(
        ("link", "a", "b"),
        (
            {"link": i, "a": number[a], "b": number[b]}
            for i, row in enumerate(rows)
            for a, b in row.pairs
        ),
    )
    lines["bend"] = bends(list(zip(lines["a"], lines["b"], strict=True)))
    return table(_COLUMNS, map(told, rows)), lines


def bends(pairs: Sequence[tuple[int, int]]) -> list[float]:
    """How far each line bends from the straight one, so that lines of one pair fan out.

    >>> bends([(0, 1), (0, 1), (2, 3)])
    [-0.12, 0.12, 0.0]
    """
    among: dict[tuple[int, int], int] = defaultdict(int)
    for pair in pairs:
        among[pair] += 1
    seen: dict[tuple[int, int], int] = defaultdict(int)
    found = []
    for pair in pairs:
        place, count = seen[pair], among[pair]
        seen[pair] += 1
        step = min(0.24, 1.0 / max(count - 1, 1))
        found.append(round((place - (count - 1) / 2) * step, 3) + 0.0)
    return found
