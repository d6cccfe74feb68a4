"""The network page as text: true, escaped, complete, and the same every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from maillage import draw
from maillage.draw import PageError, page
from maillage.pagetexts import Texts, words
from maillage.words import LANGUAGES, Language
from sample_graph import BASE, hostile_graph, sample_graph


class Outline(HTMLParser):
    """Elements of a page with their attributes, and the text of its scripts by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")
        if tag == "style":
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside if tag != self._inside else ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        if self._inside == "style":
            self.styles[-1] += data

    def having(self, tag: str, attribute: str) -> list[dict[str, str | None]]:
        """Attributes of the elements of one kind that bear an attribute."""
        return [attrs for name, attrs in self.elements if name == tag and attribute in attrs]


def payload(html: str, name: str) -> Any:
    """One of the page's JSON parts."""
    found = re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.DOTALL
    )
    assert found
    return json.loads(found[1])


def test_same_bytes_twice_and_in_another_process() -> None:
    code = (
        "import hashlib; from maillage.draw import page; from sample_graph import sample_graph\n"
        "print(hashlib.sha256(page(sample_graph()).encode()).hexdigest())"
    )
    path = [str(Path(draw.__file__).parents[1]), str(Path(__file__).parent)]
    for hash_seed in ("1", "2"):
        env = {"PYTHONPATH": ":".join(path), "PYTHONHASHSEED": hash_seed}
        answer = subprocess.run(  # our own code
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        )
        expected = hashlib.sha256(page(sample_graph()).encode()).hexdigest()
        assert answer.stdout.strip() == expected


def test_order_of_the_graph_does_not_change_the_page() -> None:
    graph = sample_graph()
    other: nx.MultiGraph[str] = nx.MultiGraph(**graph.graph)
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    for one, two, key in reversed(list(graph.edges)):
        other.add_edge(two, one, key, **graph.edges[one, two, key])
    assert page(other) == page(graph)


def test_the_graph_is_not_changed() -> None:
    graph = sample_graph()
    before = graph.copy()
    page(graph)
    assert nx.utils.graphs_equal(graph, before)


def test_parallel_links_are_all_there_as_curves_of_their_own() -> None:
    graph = sample_graph()
    edges = payload(page(graph), "edges")
    assert len(edges) == graph.number_of_edges()
    pairs: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        pairs.setdefault((edge["from"], edge["to"]), []).append(json.dumps(edge["smooth"]))
    parallel = [curves for curves in pairs.values() if len(curves) > 1]
    assert len(parallel) == 2  # Bordeaux and Wuhan, Pays de la Loire and Shandong
    assert all(len(set(curves)) == len(curves) for curves in parallel)


def test_proposed_links_are_dashed_and_others_are_not() -> None:
    graph = sample_graph()
    edges = payload(page(graph), "edges")
    tentative = sum(1 for *_, data in graph.edges(data=True) if data["tentative"])
    assert sum(1 for edge in edges if edge["dashes"] == [9, 6]) == tentative
    assert any(edge["dashes"] is False for edge in edges)


def test_first_country_is_round_and_the_other_square() -> None:
    nodes = payload(page(sample_graph()), "nodes")
    assert {node["shape"] for node in nodes} == {"dot", "square"}
    assert [node["shape"] for node in nodes] == sorted(node["shape"] for node in nodes)
    degree = {node["label"]: node["size"] for node in nodes}
    assert degree["Pays de la Loire"] > degree["Bordeaux"] > degree["Tours"]


def test_everything_drawn_stands_in_the_tables_and_records() -> None:
    graph = sample_graph()
    html = page(graph)
    outline = Outline(html)
    ids = {attrs["id"] for attrs in outline.having("article", "id")}
    assert len(ids) == graph.number_of_nodes() + graph.number_of_edges()
    opened = {attrs["data-open"] for attrs in outline.having("button", "data-open")}
    assert opened == ids
    for text in ("lignes 129–131", "début\u00a0: vers 1981", "Étudier ensemble", "510100"):
        assert text in html
    # The cooperation of the Alps: two drawn lines, one link of three parties.
    assert html.count("Provence-Alpes-Côte d’Azur</dd>") >= 2
    assert '<dd data-t="' in html


@pytest.mark.parametrize(
    ("lang", "tag", "word"),
    [("fr", "fr", "Parties"), ("en", "en", "Links drawn"), ("zh", "zh-Hans", "图中的合作关系")],
)
def test_opens_in_the_language_asked_for(lang: Language, tag: str, word: str) -> None:
    html = page(sample_graph(), lang=lang)
    assert f'<html lang="{tag}"' in html
    assert word in re.sub(r"<script.*", "", html, flags=re.DOTALL)


def test_title_and_facts() -> None:
    html = page(
        sample_graph(),
        title={"fr": "Liens de 2016", "zh": "2016年的联系"},
        facts={
            "version": "0.1.0",
            "date": "2026-11-21",
            "région": {"fr": "Bretagne", "en": "Brittany"},
        },
        lang="en",
    )
    assert re.search(r'<h1 data-t="\d+" lang="fr">Liens de 2016</h1>', html)
    assert "Brittany" in html
    assert "Data as of" in html


def test_evidence_that_reads_the_same_is_told_once() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    halves = [{"source": "s", "lines": "43", "chars": chars} for chars in ("10-20", "21-30")]
    graph.add_edge("a", "b", "link", evidence=[*halves, {"source": "s", "lines": "44"}])
    html = page(graph)
    assert html.count("ligne 43</small>") == 1
    assert html.count("ligne 44</small>") == 1


def test_empty_graph_says_that_nothing_is_to_be_drawn() -> None:
    html = page(nx.MultiGraph())
    assert "Rien à dessiner" in html
    assert "Almende" not in html
    assert "<table" not in html


def test_party_without_a_link_and_without_names_is_still_told() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_node(BASE + "place/xx", key="xx", type="place")
    html = page(graph)
    assert "Aucun lien dessiné" in html
    assert ">xx</bdi>" in html


def alsace() -> nx.MultiGraph[str]:
    """A region that is no more, its partner, and a commune with one name."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.graph["concepts"] = {
        "place/fr": {"fr": "France", "en": "France", "zh": "法国"},
        "place/fr-region-44": {"fr": "Grand Est", "en": "Grand Est", "zh": "大东部大区"},
    }
    graph.add_node(
        BASE + "place/fr-region-42",
        key="fr-region-42",
        label_fr="Alsace",
        label_en="Alsace",
        label_zh="阿尔萨斯大区",
        country="fr",
        parents=["fr"],
        end="2015-12-31",
        replaced_by=["fr-region-44"],
    )
    graph.add_node(BASE + "place/cn-320100", label_fr="Nankin", label_en="Nanjing", country="cn")
    graph.add_edge(BASE + "place/fr-region-42", BASE + "place/cn-320100", "link")
    return graph


@pytest.mark.parametrize(
    ("lang", "existed", "became", "whole"),
    [
        ("fr", "fin\u00a0: 2015-12-31", "remplacé par\u00a0: Grand Est", "France"),
        ("en", "until 2015-12-31", "replaced by Grand Est", "France"),
        ("zh", "至2015-12-31", "后继：大东部大区", "法国"),
    ],
)
def test_a_place_says_what_it_is_part_of_until_when_and_what_replaced_it(
    lang: Language, existed: str, became: str, whole: str
) -> None:
    html = page(alsace(), lang=lang)
    record = next(part for part in html.split("</article>") if "region-42</dd>" in part)
    row = next(part for part in html.split("</tr>") if ">Alsace</bdi></li>" in part)
    for text in (existed, became, whole):
        assert f">{text}</li>" in row
    for text in (existed, "大东部大区" if lang == "zh" else "Grand Est", whole):
        assert f">{text}</dd>" in record


def test_a_party_has_its_other_names_beside_it_each_once() -> None:
    html = page(alsace())
    assert '<li class="of-fr of-en"><bdi lang="fr">Alsace</bdi></li>' in html
    assert '<li class="of-zh"><bdi lang="zh-Hans">阿尔萨斯大区</bdi></li>' in html
    # Without a Chinese name, the title in Chinese is the English one.
    assert '<li class="of-en of-zh"><bdi lang="en">Nanjing</bdi></li>' in html
    assert "<small>Français, English</small>" in html


def test_hostile_texts_stay_texts() -> None:
    outline = Outline(page(hostile_graph()))
    assert len([tag for tag, _ in outline.elements if tag == "script"]) == 7
    assert not [tag for tag, _ in outline.elements if tag in {"img", "iframe", "b"}]
    for tag, attrs in outline.elements:
        assert not [name for name in attrs if name.startswith("on")], tag
    for attrs in outline.having("a", "href"):
        assert re.match(r"https?://|#", attrs["href"] or "")
    for script in outline.scripts[:-2]:
        assert not re.search("[<>&\u2028\u2029]", script)
        json.loads(script)
    page(hostile_graph()).encode("utf-8")


def test_policy_names_each_script_and_forbids_the_rest() -> None:
    outline = Outline(page(sample_graph()))
    (policy,) = [
        str(attrs["content"])
        for attrs in outline.having("meta", "http-equiv")
        if attrs["http-equiv"] == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    for code in (*outline.scripts[-2:], *outline.styles):
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not outline.having("link", "href")
    assert not [attrs for _, attrs in outline.elements if "src" in attrs or "style" in attrs]


def test_another_vis_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "VIS_DIGEST", "0" * 64)
    with pytest.raises(PageError, match="not the expected file") as caught:
        page(sample_graph())
    assert "pip install" in caught.value.text("fr")
    assert caught.value.exit_code == 2
    monkeypatch.setattr(draw, "VIS", "templates/lib/absent.js")
    with pytest.raises(PageError, match="missing"):
        page(sample_graph())


def test_pyvis_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, maillage.draw; sys.exit('pyvis' in sys.modules or 'IPython' in sys.modules)"
    path = str(Path(draw.__file__).parents[1])
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=True)


def test_words_are_complete_and_their_places_equal() -> None:
    for key, word in words().items():
        assert set(word) == set(LANGUAGES), key
        places = {lang: set(re.findall(r"\{(\w+)\}", text)) for lang, text in word.items()}
        assert places["fr"] == places["en"] == places["zh"], key
        assert all(word.values()), key


def test_words_are_all_used() -> None:
    folder = Path(draw.__file__).parent
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [
            *folder.glob("pages/network.*"),
            *(folder / f"{m}.py" for m in ("draw", "records", "pagetexts")),
        ]
    )
    for key in words():
        stem = key.split("-")[0]
        assert re.search(rf'"(w:)?{key}"|{stem}-\{{|"{key}|{stem}-', code), key


@pytest.mark.parametrize(
    ("edtf", "fr", "zh"),
    [
        ("2005", "2005", "2005年"),
        ("2014-11-06", "2014-11-06", "2014-11-06"),
        ("2016~", "vers 2016", "约2016"),
        ("2016?", "2016 (incertain)", "2016（不确定）"),
        ("2012/2013", "2012 à 2013", "2012年至2013年"),
        ("2008/..", "début\u00a0: 2008", "2008年起"),
        (
            "[2016-04-23..2018-12-12]",
            "entre 2016-04-23 et 2018-12-12",
            "2016-04-23至2018-12-12之间",
        ),
    ],
)
def test_dates_as_a_person_writes_them(edtf: str, fr: str, zh: str) -> None:
    texts = Texts("fr", {})
    assert texts.say(texts.date(edtf)) == fr
    assert texts.labels([texts.date(edtf)], "zh") == [zh]
