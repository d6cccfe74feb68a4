"""How parties look: by level, by main theme, by community, each with a colour and a letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx

from maillage import look
from maillage.communities import communities
from maillage.measure import SEED
from maillage.pagetexts import Texts, words
from maillage.payload.columns import Columns, Facet
from maillage.payload.links import LinkRow
from maillage.payload.names import names_of, rank

__all__ = ["cluster_looks", "line_looks", "theme_looks", "tier_looks", "tier_of"]


def tier_of(data: Mapping[str, Any]) -> str:
    """The level of an authority; of any other party, what it is."""
    return str(data.get("level") or data.get("type") or "other")


def line_looks() -> Columns:
    """Colour and dash (pixels) of lines, by the standing of their link."""
    lines = look.LINES.values()
    return {"stroke": [line["color"] for line in lines], "dash": [line["dash"] for line in lines]}


def tier_looks(tiers: Sequence[str], texts: Texts) -> Columns:
    """Name, colour and letter of each level."""
    columns: dict[str, list[Any]] = {
        "key": list(tiers),
        "text": [],
        "fill": [],
        "ink": [],
        "mark": [],
    }
    for tier in tiers:
        typed = f"type-{tier}" if f"type-{tier}" in words() else "type-other"
        named = texts.put(texts.concepts.get(f"level/{tier}", {}))
        columns["text"].append(named or texts.word(typed))
        columns["fill"].append(look.fill(tier))
        columns["ink"].append(look.ink(look.fill(tier)))
        mark = f"mark-{tier}"
        columns["mark"].append(texts.word(mark if mark in words() else "mark-other"))
    return columns


def _muted(keys: Sequence[str], names: Sequence[int], texts: Texts) -> Columns:
    """Look of themes or communities: colours in order, letters A, B, C…; the last is the rest."""
    fills = [*look.MUTED[: len(keys) - 1], look.PALE]
    return {
        "key": list(keys),
        "text": list(names),
        "fill": fills,
        "ink": [look.ink(fill) for fill in fills],
        "mark": [texts.same(chr(ord("A") + i)) for i in range(len(keys) - 1)] + [texts.same("·")],
    }


def cluster_looks(
    graph: nx.MultiGraph[str], order: Sequence[str], texts: Texts
) -> tuple[list[int], Columns]:
    """Which community each party is in; the largest have a colour, the rest share one."""
    found = communities(graph, SEED)
    most = min(len(set(found.values())), len(look.MUTED))
    members: dict[int, list[str]] = defaultdict(list)
    for node, community in found.items():
        members[community].append(node)
    names = []
    for community in range(most):
        # A community is called by its best linked party.
        head = min(members[community], key=lambda n: (-graph.degree[n], rank(graph, n)))
        names.append(texts.filled("community", n=texts.put(names_of(graph, head))))
    keys = [str(i) for i in range(most)]
    columns = _muted([*keys, "other"], [*names, texts.word("other-communities")], texts)
    return [min(found[node], most) for node in order], columns


def theme_looks(
    graph: nx.MultiGraph[str],
    rows: Sequence[LinkRow],
    number: Mapping[str, int],
    themes: Facet,
    texts: Texts,
) -> tuple[list[int], Columns, list[int]]:
    """The main theme of each party, the look of the main themes, and the main one of each theme."""
    above: Mapping[str, str] = graph.graph.get("themes", {})
    tops = [above.get(theme, theme) for theme in themes.keys]
    used: Counter[str] = Counter()
    of_party: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for top in {above.get(str(theme), str(theme)) for theme in row.data.get("themes", ())}:
            used[top] += 1
            for party in row.parties:
                of_party[number[party]][top] += 1
    ranked = sorted(used, key=lambda top: (-used[top], top))[: len(look.MUTED)]
    place = {top: i for i, top in enumerate(ranked)}
    names = [texts.concept("theme", top) for top in ranked]
    columns = _muted([*ranked, ""], [*names, texts.word("other-themes")], texts)
    mains = []
    for i in range(len(number)):
        counts = of_party.get(i)
        main = min(counts, key=lambda top: (-counts[top], top)) if counts else ""
        mains.append(place.get(main, len(ranked)))
    return mains, columns, [place.get(top, len(ranked)) for top in tops]
