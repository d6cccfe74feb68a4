"""The smallest network with all that pictures show, as columns: one pair, two links, one event."""

from __future__ import annotations

from typing import Any

TEXTS = [
    "",
    ["Réseau d’essai", "Network on trial", "试验网络"],
    "Tours",
    ["Luoyang", "Luoyang", "洛阳市"],
    ["Commune", "Commune", "市镇"],
    ["Ville de rang préfectoral", "Prefecture-level city", "地级市"],
    ["C", "C", "市"],
    ["V", "Pf", "地"],
    ["France", "France", "法国"],
    ["Chine", "China", "中国"],
    ["Centre-Val de Loire", "Centre-Val de Loire", "中央-卢瓦尔河谷大区"],
    ["Henan", "Henan", "河南省"],
    ["Jumelage", "Twinning", "友好城市"],
    "1998",
    ["Cinquantenaire", "Fiftieth anniversary", "五十周年"],
    ["Réseau d’essai. Maillage", "Network on trial. Maillage", "试验网络。Maillage"],
    ["Licence", "Licence", "许可"],
    "CC BY 4.0",
    "2014",
]


def sample_payload() -> dict[str, Any]:
    """Tours and Luoyang, twinned in 1998, and a second link that is only proposed."""
    land = "M0,0h10v10h-10z"
    return {
        "version": 1,
        "texts": list(TEXTS),
        "title": 1,
        "citation": 15,
        "facts": [[16, 17]],
        "lang": "fr",
        "view": "network",
        "first": "fr",
        "facets": {
            "kind": {"key": ["twinning"], "text": [12]},
            "country": {
                "key": ["fr", "cn"],
                "text": [8, 9],
                "wx": [-339.1, 210.0],
                "wy": [-369.0, -250.0],
            },
        },
        "tiers": {
            "key": ["commune", "prefecture"],
            "text": [4, 5],
            "fill": ["#e69f00", "#009e73"],
            "ink": ["#000000", "#ffffff"],
            "mark": [6, 7],
        },
        "areas": {
            "key": ["place/fr-region-24", "place/cn-410000"],
            "text": [10, 11],
            "country": [0, 1],
        },
        "parties": {
            "iri": ["tours", "luoyang"],
            "name": [2, 3],
            "tier": [0, 1],
            "country": [0, 1],
            "area": [0, 1],
            "side": [0, 1],
            "size": [16.0, 16.0],
            "x": [-120.0, 120.0],
            "y": [0.0, 0.0],
        },
        "links": {
            "iri": ["twinning", "pair"],
            "parties": [[0, 1], [0, 1]],
            "kind": [0, -1],
            "begin": [[10227, 10591], None],  # 1998
            "open": [1, 1],
            "dates": [13, 0],
            "look": [0, 1],
            "mark": [2, 1],
            "evidence": [[0], [0, 1]],
        },
        "lines": {"link": [0, 1], "a": [0, 0], "b": [1, 1], "bend": [-0.12, 0.12]},
        "evidence": {"source": [0, 1]},
        "events": {"begin": [[16071, 16435]], "name": [14], "dates": [18]},  # 2014
        "places": {
            "panel": ["fr", "cn"],
            "x": [430.5, 700.0],
            "y": [392.4, 410.0],
            "wx": [-339.1, 210.0],
            "wy": [-369.0, -250.0],
        },
        "areaplaces": {"panel": ["fr", "cn"], "x": [450.0, 690.0], "y": [380.0, 400.0]},
        "land": {
            "fr": land,
            "cn": land,
            "world": land,
            "frames": {
                "fr": [0, 0, 1120, 1312],
                "mainland": [0, 0, 1120, 1040],
                "cn": [0, 0, 940, 800],
                "world": [-1060, -535, 2120, 975],
            },
            "insets": [{"key": "reunion", "name": 2, "frame": [684, 1060, 208, 116]}],
        },
    }
