"""A small network of real places, as the pages and measures get it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx

BASE = "https://w3id.org/maillage/id/"

CONCEPTS = {
    "level/country": ("Pays", "Country", "国家"),
    "level/region": ("Région", "Region", "大区"),
    "level/departement": ("Département", "Department", "省（法国）"),
    "level/commune": ("Commune", "Commune", "市镇"),
    "level/province": ("Province", "Province", "省级行政区"),
    "level/prefecture": ("Ville de rang préfectoral", "Prefecture-level city", "地级市"),
    "link-kind/proposed-lead-pair": (
        "Binôme de chefs de file proposé",
        "Proposed lead pair",
        "拟议牵头搭档",
    ),
    "link-kind/twinning": ("Jumelage", "Twinning", "友好城市"),
    "link-kind/cooperation-agreement": (
        "Accord de coopération",
        "Cooperation agreement",
        "合作协议",
    ),
    "link-kind/contact": ("Contact", "Contact", "联络"),
    "state/to-be-confirmed": ("À confirmer", "To be confirmed", "待确认"),
    "state/active": ("Actif", "Active", "进行中"),
    "state/ended": ("Terminé", "Ended", "已结束"),
    "state/unknown": ("Inconnu", "Unknown", "不详"),
    "certainty/stated": ("Affirmé", "Stated", "明确陈述"),
    "certainty/to-be-confirmed": ("À confirmer", "To be confirmed", "待确认"),
    "certainty/inferred": ("Déduit", "Inferred", "推断"),
    "certainty/disputed": ("Contesté", "Disputed", "有争议"),
    "theme/mobility": ("Mobilité", "Mobility", "交通出行"),
    "theme/smart-city": ("Ville intelligente", "Smart city", "智慧城市"),
    "theme/carbon-accounting": ("Bilan carbone", "Carbon accounting", "碳核算"),
    "theme/trade-and-export": ("Commerce et export", "Trade and export", "贸易与出口"),
    "theme/logistics": ("Logistique", "Logistics", "物流"),
    "theme/mental-health": ("Santé mentale", "Mental health", "心理健康"),
    "theme/research": ("Recherche", "Research", "科研"),
    "theme/training": ("Formation", "Training", "培训"),
    "theme/tourism": ("Tourisme", "Tourism", "旅游"),
    "theme/culture": ("Culture", "Culture", "文化"),
    "theme/heritage": ("Patrimoine", "Heritage", "文化遗产"),
}

# key: type, country, level, code, names
PARTIES = {
    "place/fr-commune-67482": ("fr", "commune", "67482", "Strasbourg", "Strasbourg", "斯特拉斯堡"),
    "place/fr-commune-92040": (
        "fr",
        "commune",
        "92040",
        "Issy-les-Moulineaux",
        "Issy-les-Moulineaux",
        "伊西莱穆利诺",
    ),
    "place/fr-commune-33063": ("fr", "commune", "33063", "Bordeaux", "Bordeaux", "波尔多"),
    "place/fr-commune-37261": ("fr", "commune", "37261", "Tours", "Tours", "图尔"),
    "place/fr-commune-71014": ("fr", "commune", "71014", "Autun", "Autun", "欧坦"),
    "place/fr-commune-34172": ("fr", "commune", "34172", "Montpellier", "Montpellier", "蒙彼利埃"),
    "place/fr-region-52": (
        "fr",
        "region",
        "52",
        "Pays de la Loire",
        "Pays de la Loire",
        "卢瓦尔河地区大区",
    ),
    "place/fr-region-93": (
        "fr",
        "region",
        "93",
        "Provence-Alpes-Côte d’Azur",
        "Provence-Alpes-Côte d’Azur",
        "普罗旺斯-阿尔卑斯-蓝色海岸大区",
    ),
    "place/fr-region-84": (
        "fr",
        "region",
        "84",
        "Auvergne-Rhône-Alpes",
        "Auvergne-Rhône-Alpes",
        "奥弗涅-罗讷-阿尔卑斯大区",
    ),
    "organisation/nanjing-university": (
        "cn",
        "",
        "",
        "Université de Nankin",
        "Nanjing University",
        "南京大学",
    ),
    "organisation/cpaffc": (
        "cn",
        "",
        "",
        "Association du peuple chinois pour l’amitié avec l’étranger",
        "Chinese People’s Association for Friendship with Foreign Countries",
        "中国人民对外友好协会",
    ),
    "organisation/cites-unies-france": (
        "fr",
        "",
        "",
        "Cités Unies France",
        "United Cities France",
        "法国城市联合会",
    ),
    "place/cn-511100": ("cn", "prefecture", "511100", "Leshan", "Leshan", "乐山市"),
    "place/cn-420100": ("cn", "prefecture", "420100", "Wuhan", "Wuhan", "武汉市"),
    "place/cn-410300": ("cn", "prefecture", "410300", "Luoyang", "Luoyang", "洛阳市"),
    "place/cn-370000": ("cn", "province", "370000", "Shandong", "Shandong", "山东省"),
    "place/cn-370200": ("cn", "prefecture", "370200", "Qingdao", "Qingdao", "青岛市"),
    "place/cn-510000": ("cn", "province", "510000", "Sichuan", "Sichuan", "四川省"),
    "place/cn-510100": ("cn", "prefecture", "510100", "Chengdu", "Chengdu", "成都市"),
}

MINUTES = {
    "source": "cuf-arf-minutes-2016",
    "title_fr": "Compte rendu du groupe-pays Chine, 13 avril 2016",
    "title_en": "Minutes of the China country-group, 13 April 2016",
    "title_zh": "中国国别组会议纪要，2016年4月13日",
}
WEB = {
    "source": "cuf-china-page",
    "title_fr": "Page du groupe-pays Chine de Cités Unies France",
    "title_en": "China country-group page of Cités Unies France",
    "title_zh": "法国城市联合会中国国别组网页",
    "address": "https://cites-unies-france.org/-Chine-",
}


def _proof(source: dict[str, str], lines: str, **more: str) -> dict[str, str]:
    return {**source, "lines": lines, "certainty": "stated", **more}


def sample_graph() -> nx.MultiGraph[str]:
    """Thirteen links, one of three parties, between French and Chinese parties, proposed and established."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.graph["concepts"] = {
        key: dict(zip(("fr", "en", "zh"), labels, strict=True)) for key, labels in CONCEPTS.items()
    }
    for key, (country, level, code, fr, en, zh) in PARTIES.items():
        data = {"label_fr": fr, "label_en": en, "label_zh": zh, "country": country}
        data |= {"key": key.split("/")[1]}
        data |= {"level": level, "code": code} if level else {}
        data["type"] = "collectivity" if level else "organisation"
        graph.add_node(BASE + key, **data)

    def pair(
        a: str, b: str, themes: list[str], lines: str, *, name: str = "", fr: str = ""
    ) -> None:
        data: dict[str, Any] = {"purpose_fr": fr} if fr else {}
        _link(
            graph,
            (a, b),
            name or "pair",
            kind="proposed-lead-pair",
            state="to-be-confirmed",
            certainty="to-be-confirmed",
            tentative=True,
            themes=themes,
            evidence=[_proof(MINUTES, lines, certainty="to-be-confirmed")],
            **data,
        )

    pair(
        "place/fr-commune-67482",
        "organisation/nanjing-university",
        ["mobility", "research"],
        "129-131",
        fr="Étudier ensemble les déplacements propres dans une métropole",
    )
    pair("place/fr-commune-92040", "place/cn-511100", ["smart-city"], "132")
    pair("place/fr-commune-33063", "place/cn-420100", ["carbon-accounting"], "135")
    pair(
        "place/fr-commune-37261", "place/cn-410300", ["research", "training", "tourism"], "146-147"
    )
    pair("place/fr-region-52", "place/cn-370000", ["trade-and-export", "logistics"], "148-149")
    pair("place/fr-region-52", "place/cn-370200", ["trade-and-export", "logistics"], "148-149")
    pair("place/fr-region-52", "place/cn-370000", ["mental-health"], "153-155", name="health")
    for region in ("93", "84"):
        pair(
            f"place/fr-region-{region}",
            "place/cn-510000",
            ["culture", "heritage"],
            "166",
            name="alps",
        )
    _link(
        graph,
        ("place/fr-commune-33063", "place/cn-420100"),
        "twinning",
        kind="twinning",
        state="active",
        certainty="stated",
        themes=[],
        start="1998",
        evidence=[_proof({"source": "press", "title_fr": "Article de presse"}, "4")],
    )
    _link(
        graph,
        ("place/fr-commune-34172", "place/cn-510100"),
        "twinning",
        kind="twinning",
        state="active",
        certainty="disputed",
        themes=["culture"],
        start="1981~",
        evidence=[
            _proof(
                WEB,
                "12-14",
                certainty="disputed",
                reason_fr="Une autre page se dit le premier jumelage",
                reason_en="Another page claims to be the first twinning",
                reason_zh="另一网页自称最早结为友好城市",
            )
        ],
    )
    _link(
        graph,
        ("place/fr-commune-71014", "place/cn-510100"),
        "contact",
        kind="contact",
        state="unknown",
        certainty="inferred",
        themes=["culture"],
        evidence=[_proof(WEB, "44", certainty="inferred", reason_fr="Déduit du titre d’une brève")],
    )
    _link(
        graph,
        ("place/fr-region-84", "place/cn-510100"),
        "agreement",
        kind="cooperation-agreement",
        state="ended",
        certainty="stated",
        themes=["heritage"],
        start="2005",
        end="2015",
        evidence=[_proof(WEB, "20-22")],
    )
    _link(
        graph,
        ("organisation/cites-unies-france", "organisation/cpaffc"),
        "agreement",
        kind="cooperation-agreement",
        state="active",
        certainty="stated",
        themes=[],
        start="2008",
        evidence=[_proof(WEB, "14-16", section="Rôles et missions")],
    )
    return graph


HOSTILE = (
    "</script><script>window.broken=1</script>",
    "<img src=x onerror='window.broken=1'><b>",
    "\"'><iframe href=//evil.example>",
    "line\u2028separator\u2029 & \x00 \ud800 \u202egnp.exe",
    "{{ 7 * 7 }}{% raw %}",
    "=cmd|' /C calc'!A0",
    "javascript:window.broken=1",
    "]]></style></svg><svg onload=window.broken=1>",
    "--><script>window.broken=1</script><!--",
    "\u2067شنغهاي\u2069 \u200f\u202d1+1",
    "__proto__",
    "${window.broken=1}`;window.broken=1//",
)
ADDRESSES = (
    "javascript:window.broken=1",
    'https://example.org/?a="><script>window.broken=1</script>',
    "java\tscript:window.broken=1",
    "data:text/html,<script>window.broken=1</script>",
    "//evil.example/",
)
TONGUES = ("fr", "en", "zh")


def hostile_graph() -> nx.MultiGraph[str]:
    """Parties, links and all around them: every text tries to become something else."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.graph["concepts"] = {
        "state/active": dict(zip(TONGUES, HOSTILE, strict=False)),
        **{
            f"{kind}/{text}": dict.fromkeys(TONGUES, text)
            for kind in ("link-kind", "certainty", "level", "theme", "place", "event-kind")
            for text in HOSTILE
        },
    }
    for i, text in enumerate(HOSTILE):
        graph.add_node(
            f"{BASE}{text}",
            key=text,
            type=text if i % 2 else "collectivity",
            label_fr=text,
            label_en=text[::-1],
            label_zh=text,
            country=("fr", "cn", text)[i % 3],
            level=text,
            code=text,
            parents=[text],
            names=[text],
            area=text,
            lat=48.0 - i,
            long=2.0 + 9 * i,
        )
    nodes = list(graph)
    for i, (one, two) in enumerate(pairwise(nodes)):
        text = HOSTILE[i]
        address = (*ADDRESSES, text)[i % 6]
        graph.add_edge(
            one,
            two,
            key=text,
            kind=text,
            state="active",
            certainty=text,
            tentative=False,
            themes=[text],
            start=text if i % 2 else "2005",
            end=text if i % 2 else "2007~",
            purpose_fr=text,
            evidence=[
                {
                    "source": text,
                    "title_fr": text,
                    "address": address,
                    "lines": text,
                    "section": text,
                    "reason_fr": text,
                    "certainty": "inferred",
                }
            ],
        )
    graph.graph["areas"] = {
        text: {**_in_all(text, "label_"), "country": "fr", "lat": 47.0, "long": 3.0}
        for text in HOSTILE
    }
    graph.graph["themes"] = dict.fromkeys(HOSTILE, HOSTILE[0])
    graph.graph["documents"] = {
        text: {
            "iri": text,
            **_in_all(text, "title_"),
            **_in_all(text, "publisher_"),
            "address": (*ADDRESSES, text)[i % 6],
            **dict.fromkeys(("issued", "seen", "licence", "language"), text),
        }
        for i, text in enumerate(HOSTILE)
    }
    graph.graph["events"] = [
        {
            "iri": text,
            **_in_all(text, "label_"),
            **_in_all(text, "place_"),
            **_in_all(text, "series_"),
            "start": "2006-05-04",
            "kind": text,
            "themes": [text],
            "parties": nodes[:2],
            "evidence": [{"source": text, "section": text, "address": ADDRESSES[0]}],
        }
        for text in HOSTILE
    ]
    graph.graph["disagreements"] = [
        {
            "about": [about],
            "property": _in_all(text),
            **_in_all(text, "reason_"),
            "stances": [
                {"value": value, "sources": [text], "certainty": [text], "kept": value is text}
                for value in (text, _in_all(text))
            ],
        }
        for text, about in zip(HOSTILE, [*nodes[:3], *HOSTILE], strict=False)
    ]
    return graph


def _in_all(text: str, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{tongue}": text for tongue in TONGUES}


def _link(graph: nx.MultiGraph[str], parties: tuple[str, str], name: str, **data: Any) -> None:
    ends = [BASE + key for key in parties]
    # The agreement of the Alps has three parties, so two edges of one link.
    part = "alps" if name == "alps" else "--".join(sorted(k.split("/")[1] for k in parties))
    data.setdefault("tentative", False)
    graph.add_edge(ends[0], ends[1], key=f"{BASE}link/{name}--{part}", weight=1.0, **data)
