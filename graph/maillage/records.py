"""What the network page says and draws of each party and of each link.

One record a party and one a drawn line: names of texts (:mod:`maillage.pagetexts`) for the
template, and the look that pyvis hands to vis-network.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import networkx as nx

from maillage import look
from maillage.pagetexts import Texts, clean, words
from maillage.words import LANGUAGES, TAGS, Language, best

__all__ = ["TONGUES", "link_records", "party_records"]

#: Each language by its own name.
TONGUES: Final[Mapping[Language, str]] = {"fr": "Français", "en": "English", "zh": "中文"}


def link_records(
    graph: nx.MultiGraph[str], texts: Texts, first_country: str
) -> list[dict[str, Any]]:
    """What the page says and draws of each edge, in the order of the names of its parties."""
    of_link: dict[str, set[str]] = defaultdict(set)
    beside: dict[frozenset[str], list[tuple[str, str]]] = defaultdict(list)
    rows = []
    for one, two, key, edge in graph.edges(keys=True, data=True):
        side = {n: graph.nodes[n].get("country") != first_country for n in (one, two)}
        a, b = sorted((one, two), key=lambda n: (side[n], _rank(graph, n)))
        of_link[str(key)] |= {a, b}
        beside[frozenset((a, b))].append((str(key), a))
        rows.append((_rank(graph, a), _rank(graph, b), str(key), a, b, edge))
    links = []
    for number, (_, _, key, a, b, edge) in enumerate(sorted(rows, key=lambda row: row[:3])):
        members = sorted(of_link[key], key=lambda n: _rank(graph, n))
        names = {node: texts.put(_names(graph, node)) for node in members}
        start, end = texts.date(edge.get("start")), texts.date(edge.get("end"))
        line, mark = look.line_of(edge), _mark(edge)
        said = {
            "kind": [texts.concept("link-kind", edge.get("kind"))],
            "state": [texts.concept("state", edge.get("state"))],
            "certainty": [texts.concept("certainty", edge.get("certainty"))],
            "all-parties": [names[node] for node in members if set(members) != {a, b}],
            "themes": [texts.concept("theme", theme) for theme in edge.get("themes", ())],
            "start": [start],
            "end": [end],
        }
        links.append(
            {
                "id": f"e{number}",
                "from": a,
                "to": b,
                "a": names[a],
                "b": names[b],
                **{name: said[name][0] for name in ("kind", "state", "certainty")},
                "themes": said["themes"],
                "dates": texts.span(edge.get("start"), edge.get("end")),
                "purpose": texts.put(_translations(edge, "purpose")),
                "line": line,
                "mark": mark,
                "rows": _rows(said, texts),
                "evidence": _proofs(edge, texts),
                "edge": _edge_look(
                    line,
                    mark,
                    sorted(beside[frozenset((a, b))]).index((key, a)),
                    len(beside[frozenset((a, b))]),
                ),
            }
        )
    return links


def _edge_look(line: str, mark: str, place: int, among: int) -> dict[str, Any]:
    """How vis-network draws an edge; edges of one pair fan out, each its own curve."""
    drawn = look.LINES[line]
    bend = (place - (among - 1) / 2) * 2 / max(among - 1, 1) * min(0.12 * (among - 1), 0.5)
    kind = "curvedCW" if bend > 0 else "curvedCCW"
    options: dict[str, Any] = {
        "color": dict.fromkeys(("color", "highlight", "hover"), drawn["color"]),
        "dashes": drawn["dash"] or False,
        "width": drawn["width"],
        "smooth": {"enabled": True, "type": kind, "roundness": round(abs(bend), 3)}
        if bend
        else {"enabled": False},
    }
    if mark:
        shape = {"inferred": "circle", "disputed": "diamond"}[mark]
        options["arrows"] = {"middle": {"enabled": True, "type": shape, "scaleFactor": 0.7}}
    return options


def party_records(
    graph: nx.MultiGraph[str], texts: Texts, first_country: str, links: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What the page says and draws of each node, in the order of names, first country first."""
    touching: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for link in links:
        touching[link["from"]].append(link)
        touching[link["to"]].append(link)
    order = sorted(
        graph, key=lambda n: (graph.nodes[n].get("country") != first_country, _rank(graph, n))
    )
    parties = []
    for number, node in enumerate(order):
        data = graph.nodes[node]
        tier = data.get("level") or data.get("type") or "other"
        names = _names(graph, node)
        country = texts.country(data.get("country"))
        typed = f"type-{tier}" if f"type-{tier}" in words() else "type-other"
        tier_name = texts.concept("level", data.get("level")) or texts.word(typed)
        existed = texts.span(data.get("start"), data.get("end"))
        around = {
            name: [texts.concept("place", key) for key in data.get(name, ())]
            for name in ("parents", "replaced_by")
        }
        mark, colour = f"mark-{tier}", look.fill(tier)
        size = look.radius(len(touching[node]))
        parties.append(
            {
                "id": f"n{number}",
                "of": node,
                "iri": clean(str(node)),
                "name": texts.put(names),
                "names": _by_name(names),
                "code": clean(str(data.get("code", ""))),
                "country": country,
                "parents": around["parents"],
                "existence": [
                    *([existed] if existed else []),
                    *(texts.filled("became", n=name) for name in around["replaced_by"]),
                ],
                "tier_name": tier_name,
                "tier": tier,
                "mark": texts.word(mark if mark in words() else "mark-other"),
                "fill": colour,
                "ink": look.ink(colour),
                "rows": _rows(
                    {
                        "level": [tier_name],
                        "part-of": around["parents"],
                        "country": [country],
                        "existence": [existed],
                        "replaced-by": around["replaced_by"],
                    },
                    texts,
                ),
                "links": touching[node],
                "shape": "dot" if data.get("country") == first_country else "square",
                "size": size,
                "node": {
                    "label": texts.say(texts.put(names)),
                    "shape": "dot" if data.get("country") == first_country else "square",
                    "size": size,
                    "color": {
                        "background": colour,
                        "border": "#1a1a1a",
                        "highlight": {"background": colour, "border": "#d55e00"},
                        "hover": {"background": colour, "border": "#d55e00"},
                    },
                },
            }
        )
    return parties


def _proofs(edge: Mapping[str, Any], texts: Texts) -> list[dict[str, Any]]:
    """Evidence as a reader sees it: what reads the same, such as two halves of a line, once."""
    proofs: list[dict[str, Any]] = []
    for proof in edge.get("evidence", ()):
        shown = _evidence(proof, texts, edge.get("certainty"))
        if shown not in proofs:
            proofs.append(shown)
    return proofs


def _evidence(proof: Mapping[str, Any], texts: Texts, certainty: str | None) -> dict[str, Any]:
    address = clean(str(proof.get("address", "")))
    title = _translations(proof, "title") or {"fr": clean(str(proof.get("source", "")))}
    said = proof.get("certainty")
    return {
        "title": texts.put(title),
        # Any other scheme (javascript:, file:) is shown as text and leads nowhere.
        "href": address if re.match(r"https?://[^\s/]", address, re.IGNORECASE) else "",
        "address": address,
        "where": texts.where(proof),
        "notes": [
            texts.filled(f"proof-{key}", n=note)
            for key, note in (
                ("certainty", texts.concept("certainty", said) if said != certainty else ""),
                ("reason", texts.put(_translations(proof, "reason"))),
            )
            if note
        ],
    }


def _rows(said: Mapping[str, Iterable[str]], texts: Texts) -> list[tuple[str, list[str]]]:
    """Heads and values of a record, without what is not known."""
    filled = ((head, [value for value in values if value]) for head, values in said.items())
    return [(texts.word(head), values) for head, values in filled if values]


def _mark(edge: Mapping[str, Any]) -> str:
    certainty = edge.get("certainty")
    return certainty if certainty in {"inferred", "disputed"} else ""


def _translations(data: Mapping[str, Any], name: str) -> dict[str, str]:
    return {
        tongue: clean(str(data[f"{name}_{tongue}"]))
        for tongue in LANGUAGES
        if data.get(f"{name}_{tongue}")
    }


def _names(graph: nx.MultiGraph[str], node: str) -> dict[str, str]:
    data = graph.nodes[node]
    return _translations(data, "label") or {"fr": clean(str(data.get("key", node)))}


def _by_name(names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each name once, with the languages that it belongs to."""
    shared: dict[str, list[Language]] = defaultdict(list)
    for tongue in LANGUAGES:
        if tongue in names:
            shared[names[tongue]].append(tongue)
    return [
        {
            "text": name,
            "tag": TAGS[tongues[0]],
            # in these languages of the page, this name is the title already
            "hide": " ".join(f"of-{t}" for t in LANGUAGES if best(names.items(), t) == name),
            "languages": ", ".join(TONGUES[tongue] for tongue in tongues),
        }
        for name, tongues in shared.items()
    ]


def _rank(graph: nx.MultiGraph[str], node: str) -> tuple[str, str]:
    """Order of names as a reader expects it, accents and capitals apart, on any machine."""
    names = _names(graph, node)
    plain = unicodedata.normalize("NFKD", next(iter(names.values())))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold(), str(node)
