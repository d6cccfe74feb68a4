"""Networks of any size that look like real ones: for speed, and for tests that need many links.

Parties are real places of the gazetteers, the large ones with more links than the small; links have
what :func:`maillage.network.links` gives them. The same size and seed give the same network.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Any, Final

import networkx as nx
from rdflib import Graph
from rdflib.namespace import SKOS
from rdflib.term import Literal

from maillage.folders import folder
from maillage.gazetteer import Gazetteer, Place, gazetteer
from maillage.mint import parse
from maillage.network import TENTATIVE_STATES
from maillage.terms import BASE

ID: Final = BASE + "id/"
LANGUAGES: Final = ("fr", "en", "zh")

#: Values with how often they come, as in the Franco-Chinese record.
KINDS: Final = {
    "twinning": 55,
    "cooperation-agreement": 17,
    "contact": 9,
    "friendship": 8,
    "representation-office": 6,
    "project-partnership": 3,
    "proposed-lead-pair": 2,
}
STATES: Final = {
    "": 40,
    "active": 40,
    "ended": 6,
    "to-be-confirmed": 5,
    "in-negotiation": 3,
    "unknown": 3,
    "proposed": 2,
    "suspended": 1,
}
CERTAINTIES: Final = {"stated": 88, "inferred": 7, "to-be-confirmed": 3, "disputed": 2}
#: Most links have no theme or a few of the common ones.
THEME_COUNTS: Final = {0: 37, 1: 9, 2: 14, 3: 11, 4: 10, 5: 9, 6: 5, 8: 5}
#: How a start is written: a year, a month, a day, about, at the latest, some time between, since.
STARTS: Final = {
    "": 40,
    "{y}": 26,
    "{y}-{m:02}": 9,
    "{y}-{m:02}-{d:02}": 16,
    "{y}~": 4,
    "../{y}": 1,
    "[{y}..{z}]": 2,
    "{y}/..": 2,
}
SECTIONS: Final = (
    "Premier paragraphe",
    "En-tête",
    "Liste des jumelages",
    "友好城市一览",
    "Tableau 2",
    "Compte rendu, point 3",
    "List of partner cities",
    "第二段",
)
#: Documents: a few long lists that many links rest on, and many pages on one link or two.
TITLES: Final = (
    (
        "Liste des partenaires de {a} ({y})",
        "List of the partners of {a} ({y})",
        "{a_zh}的合作伙伴名单（{y}年）",
    ),
    (
        "{a} et {b} : vingt ans d’amitié",
        "{a} and {b}: twenty years of friendship",
        "{a_zh}与{b_zh}：二十年的友谊",
    ),
    (
        "Délibération du conseil sur l’accord avec {b}, {y}",
        "Council decision on the agreement with {b}, {y}",
        "关于与{b_zh}协议的决议，{y}年",
    ),
    (
        "Visite d’une délégation de {b} à {a}",
        "Visit of a delegation of {b} to {a}",
        "{b_zh}代表团访问{a_zh}",
    ),
)
PURPOSES: Final = (
    ("Échanger sur {t} et {u}", "Exchange on {t} and {u}", "就{t}与{u}开展交流"),
    (
        "Accueillir des jeunes de {b} et travailler à {t}",
        "Welcome young people of {b} and work on {t}",
        "接待{b_zh}青年，推动{t}合作",
    ),
    ("{t}, {u}", "{t}, {u}", "{t}、{u}"),
)
REASONS: Final = (
    "Le document nomme le partenaire sans dire la nature du lien",
    "The document names the partner and does not say what joins them",
    "文件提到合作方，但未说明关系性质",
)


def sample_network(links: int, seed: int = 2016) -> nx.MultiGraph[str]:
    """A network of that many links between French and Chinese parties.

    About 0.55 parties a link; three links in a hundred run beside another between the same two
    parties, and one in a hundred has three parties, so that there are a few more edges than links.
    """
    chance = random.Random(seed)  # noqa: S311 -- a sample, no secret
    places = gazetteer()
    graph: nx.MultiGraph[str] = nx.MultiGraph(concepts=dict(concepts()), disagreements=[])
    wanted = max(2, round(links * 0.55))
    chinese = _chosen(chance, _chinese(places), min(round(wanted * 0.38), 2_800))
    french = _chosen(chance, _french(places), wanted - len(chinese))
    for place in (*french, *chinese):
        graph.add_node(f"{ID}place/{place.key}", **_party(places, place))
        for above in places.ancestors(place.key):
            graph.graph["concepts"].setdefault(f"place/{above}", _labels(places[above]))
    documents = _documents(chance, french, chinese, links)
    graph.graph["areas"] = _areas(places, graph)
    graph.graph["themes"] = tops()
    graph.graph["documents"] = {
        document["source"]: _described(chance, document) for document in documents
    }
    themes = [key for key in graph.graph["concepts"] if key.startswith("theme/")]
    chance.shuffle(themes)
    theme_weights = _falling(len(themes), 1.0)
    seen: dict[str, int] = {}
    for one, other, third in _ends(chance, french, chinese, links):
        data = _link(chance, one, other, themes, theme_weights, graph.graph["concepts"])
        data["evidence"] = _evidence(chance, documents, data["certainty"])
        parties = sorted(place.key for place in (one, other, third) if place)
        name = "--".join((data["kind"], *parties))
        seen[name] = seen.get(name, 0) + 1
        key = f"{ID}link/{name}" + (f"--{seen[name]}" if seen[name] > 1 else "")
        for partner in filter(None, (other, third)):
            graph.add_edge(
                f"{ID}place/{one.key}",
                f"{ID}place/{partner.key}",
                key=key,
                **{**data, "themes": list(data["themes"])},
            )
        if data["certainty"] == "disputed":
            graph.graph["disagreements"].append(_disagreement(key, data))
    graph.graph["events"] = [
        _event(chance, number, french, chinese, themes, documents) for number in range(links // 20)
    ]
    return graph


@cache
def concepts() -> dict[str, dict[str, str]]:
    """The labels of all kinds, states, certainties, levels, roles and themes, by language."""
    found: dict[str, dict[str, str]] = {}
    for name in ("lists.ttl", "themes.ttl"):
        for subject, label in Graph().parse(folder("ontology") / name)[: SKOS.prefLabel]:
            thing = parse(str(subject))
            if thing and isinstance(label, Literal) and label.language and thing.kind != "scheme":
                tongue = label.language.split("-")[0]
                found.setdefault("/".join(thing), {})[tongue] = str(label)
    return dict(sorted(found.items()))


@cache
def tops() -> dict[str, str]:
    """The top theme of every theme."""
    broader = {
        str(narrow).rsplit("/", 1)[1]: str(broad).rsplit("/", 1)[1]
        for narrow, broad in Graph().parse(folder("ontology") / "themes.ttl")[: SKOS.broader]
    }
    found = {}
    for key in (name.split("/")[1] for name in concepts() if name.startswith("theme/")):
        top = key
        while top in broader:
            top = broader[top]
        found[key] = top
    return found


def _french(places: Gazetteer) -> dict[Place, float]:
    """Authorities of today by how likely they have partners: the large ones first."""
    fixed = {"region": 900_000.0, "departement": 250_000.0, "overseas-collectivity": 60_000.0}
    weights = {}
    for place in places.places.values():
        if place.country != "fr" or not place.lat or places.is_former(place.key) or place.until:
            continue
        if place.level in fixed:
            weights[place] = fixed[place.level]
        elif place.level == "commune" and place.population:
            weights[place] = max(float(place.population), 1.0)
        elif place.level == "epci" and place.name.startswith(("Métropole", "Communauté urbaine")):
            weights[place] = 150_000.0
    return weights


def _chinese(places: Gazetteer) -> dict[Place, float]:
    fixed = {"province": 9e6, "prefecture": 6e5, "county": 3e4}
    return {
        place: max(float(place.population or 0), fixed[place.level])
        for place in places.places.values()
        if place.country == "cn"
        and place.level in fixed
        and not place.until
        and not places.is_former(place.key)
    }


def _chosen(chance: random.Random, weights: dict[Place, float], count: int) -> list[Place]:
    """Some places, likelier the larger (Efraimidis and Spirakis, 2006), the likeliest first."""
    ranks = {place: chance.random() ** (1 / weight) for place, weight in weights.items()}
    return sorted(ranks, key=lambda place: (-ranks[place], place.key))[:count]


def _falling(count: int, power: float) -> list[float]:
    """Cumulative weights for :func:`random.choices`, falling as a power of the rank."""
    return list(accumulate((rank + 3) ** -power for rank in range(count)))


def _ends(
    chance: random.Random, french: Sequence[Place], chinese: Sequence[Place], links: int
) -> Iterator[tuple[Place, Place, Place | None]]:
    """Who is linked with whom: everybody at least once, a few with very many."""
    weights = {"fr": _falling(len(french), 0.75), "cn": _falling(len(chinese), 0.75)}
    first: Place
    before: tuple[Place, Place] | None = None
    alone = [*french, *chinese][:links]
    for number in range(links):
        first = chance.choices(french, cum_weights=weights["fr"])[0]
        second = chance.choices(chinese, cum_weights=weights["cn"])[0]
        if number < len(alone):
            if alone[number].country == "fr":
                first = alone[number]
            else:
                second = alone[number]
        elif before and chance.random() < 0.07:
            first, second = before
        before = first, second
        third = chance.choice(chinese) if chance.random() < 0.01 else None
        yield first, second, third if third is not second else None


def _party(places: Gazetteer, place: Place) -> dict[str, Any]:
    node: dict[str, Any] = {
        "key": place.key,
        **{f"label_{tongue}": text for tongue, text in _labels(place).items()},
        "type": "collectivity",
        "country": place.country,
        "level": place.level,
        "code": place.code,
        "parents": list(place.parents),
    }
    if place.lat:
        node |= {"lat": float(place.lat), "long": float(place.lng)}
    inside = (place.key, *places.ancestors(place.key))
    areas = [key for key in inside if places[key].level in {"region", "province"}]
    if areas:
        node["area"] = areas[0]
    if place.pinyin:
        node["names"] = [place.pinyin]
    return node


def _areas(places: Gazetteer, graph: nx.MultiGraph[str]) -> dict[str, dict[str, Any]]:
    """The regions and provinces in which the parties lie, as :mod:`maillage.surroundings` has them."""
    found = {}
    for key in sorted({node["area"] for _, node in graph.nodes(data=True) if "area" in node}):
        place = places[key]
        found[key] = {
            **{f"label_{tongue}": text for tongue, text in _labels(place).items()},
            "country": place.country,
            **({"lat": float(place.lat), "long": float(place.lng)} if place.lat else {}),
        }
    return found


def _described(chance: random.Random, document: dict[str, str]) -> dict[str, str]:
    """A document with when it came out and where it was seen."""
    titles = {key: text for key, text in document.items() if key.startswith("title_")}
    more = {
        "iri": f"{ID}source/{document['source']}",
        "issued": str(chance.randint(1985, 2025)),
        "seen": f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 28):02}",
        "language": chance.choice(LANGUAGES),
    }
    return more | titles | ({"address": document["address"]} if "address" in document else {})


def _event(
    chance: random.Random,
    number: int,
    french: Sequence[Place],
    chinese: Sequence[Place],
    themes: Sequence[str],
    documents: Sequence[dict[str, str]],
) -> dict[str, Any]:
    """A forum, a fair or a visit, somewhere, with two parties."""
    one, other = chance.choice(french), chance.choice(chinese)
    year = chance.randint(1985, 2025)
    month, day = chance.randint(1, 12), chance.randint(1, 27)
    there = chance.choice((one, other))
    event: dict[str, Any] = {
        "iri": f"{ID}event/forum-{number}",
        "label_fr": f"Forum de {there.name} {year}",
        "label_en": f"{there.name} forum {year}",
        "label_zh": f"{_labels(there).get('zh', there.name)}论坛{year}",
        "start": f"{year}-{month:02}-{day:02}" if number % 4 else str(year),
        "kind": "meeting",
        **{f"place_{tongue}": text for tongue, text in _labels(there).items()},
        "themes": [chance.choice(themes).split("/")[1]],
        "parties": sorted(f"{ID}place/{place.key}" for place in (one, other)),
        "evidence": _evidence(chance, documents, "stated")[:1],
    }
    if there.lat:
        event |= {"lat": float(there.lat), "long": float(there.lng)}
    return event


def _disagreement(link: str, data: dict[str, Any]) -> dict[str, Any]:
    """Two documents that give two states."""
    sources = sorted({proof["source"] for proof in data["evidence"]})
    return {
        "about": [link],
        "property": {"fr": "état", "en": "state", "zh": "状态"},
        "stances": [
            {
                "value": dict(concepts()[f"state/{state}"]),
                "sources": sources[:1] if kept else sources[-1:],
                "certainty": ["stated"],
                "kept": kept,
            }
            for state, kept in (("active", True), ("ended", False))
        ],
    }


def _labels(place: Place) -> dict[str, str]:
    named = {"fr": place.label_fr or place.name, "en": place.label_en or place.name}
    return named | ({"zh": place.label_zh} if place.label_zh else {})


def _weighted(chance: random.Random, weights: dict[Any, int]) -> Any:
    return chance.choices(list(weights), weights=list(weights.values()))[0]


def _documents(
    chance: random.Random, french: Sequence[Place], chinese: Sequence[Place], links: int
) -> list[dict[str, str]]:
    """One document for three links in a small record, for eight in a large one."""
    documents = []
    for number in range(max(1, links // 3 if links <= 2_000 else links // 8)):
        one, other = chance.choice(french), chance.choice(chinese)
        year = chance.randint(1985, 2025)
        labels = {"a": _labels(one), "b": _labels(other)}
        document = {"source": f"{one.key}-{other.key}-{year}-{number}"}
        for tongue, text in zip(LANGUAGES, TITLES[min(number % 7, 3)], strict=True):
            names = {k: label.get(tongue, label["fr"]) for k, label in labels.items()}
            document[f"title_{tongue}"] = text.format(
                y=year, a_zh=names["a"], b_zh=names["b"], **names
            )
        if chance.random() < 0.85:
            host = f"www.{one.name.lower().replace(' ', '-').replace(chr(39), '-')}.fr"
            document["address"] = f"https://{host}/{year}/{number}/{other.name.lower()}.html"
        documents.append(document)
    return documents


def _evidence(
    chance: random.Random, documents: Sequence[dict[str, str]], certainty: str
) -> list[dict[str, str]]:
    proofs = []
    for _ in range(_weighted(chance, {1: 75, 2: 17, 3: 6, 5: 2})):
        # The first documents are long lists: two links in three rest on one of them.
        lists = max(1, len(documents) // 60)
        document = chance.choice(documents[:lists] if chance.random() < 0.6 else documents)
        proof = dict(document)
        if chance.random() < 0.4:
            line = chance.randint(1, 1 + 40 * lists)
            proof["lines"] = str(line) if chance.random() < 0.8 else f"{line}-{line + 1}"
        if chance.random() < 0.08:
            proof["page"] = str(chance.randint(1, 80))
        proof["section"] = chance.choice(SECTIONS)
        proof["certainty"] = certainty
        if certainty == "inferred":
            for tongue, text in zip(LANGUAGES, REASONS, strict=True):
                proof[f"reason_{tongue}"] = text
        proofs.append(proof)
    return proofs


def _link(
    chance: random.Random,
    one: Place,
    other: Place,
    themes: Sequence[str],
    weights: Sequence[float],
    labels: dict[str, dict[str, str]],
) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": _weighted(chance, KINDS), "weight": 1.0}
    state, certainty = _weighted(chance, STATES), _weighted(chance, CERTAINTIES)
    if data["kind"] == "proposed-lead-pair":
        state = certainty = "to-be-confirmed"
    if state:
        data["state"] = state
    data["certainty"] = certainty
    data["tentative"] = state in TENTATIVE_STATES or certainty == "to-be-confirmed"
    year = min(2026, 1973 + int(chance.triangular(0, 53, 36)))
    start = _weighted(chance, STARTS).format(
        y=year, z=year + 3, m=chance.randint(1, 12), d=chance.randint(1, 28)
    )
    if start:
        data["start"] = start
    if state == "ended":
        data["end"] = str(min(2026, year + 3 + chance.randint(1, 20)))
    chosen = chance.choices(themes, cum_weights=weights, k=_weighted(chance, THEME_COUNTS))
    data["themes"] = sorted({theme.split("/")[1] for theme in chosen})
    if data["themes"] and chance.random() < 0.3:
        words = [labels[f"theme/{data['themes'][i]}"] for i in (0, -1)]
        texts = chance.choice(PURPOSES)
        for tongue, text in zip(LANGUAGES, texts, strict=True):
            data[f"purpose_{tongue}"] = text.format(
                t=words[0][tongue],
                u=words[1][tongue],
                b=one.name,
                b_zh=_labels(other).get("zh", other.name),
            )
    return data
