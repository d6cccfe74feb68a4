"""The page as text: true, escaped, complete, and the same every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from maillage import drawing
from maillage.drawing import PageError, page
from maillage.pagetexts import words
from maillage.words import LANGUAGES, Language
from sample_graph import BASE, hostile_graph, sample_graph

BOOT = drawing.PAGES / "js" / "boot.js"


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


def part(html: str, name: str) -> str:
    """One of the page's packed parts."""
    found = re.search(rf'<script [^>]*id="{name}">([A-Za-z0-9+/=]*)</script>', html)
    assert found, name
    return zlib.decompress(base64.b64decode(found[1]), -zlib.MAX_WBITS).decode()


def data(html: str) -> Any:
    """The data of a page, as its script reads them."""
    return json.loads(part(html, "data"))


def still(html: str) -> str:
    """What a reader without script sees."""
    return html[html.index("<noscript") : html.index("</noscript>")]


def test_same_bytes_twice_and_in_another_process() -> None:
    code = (
        "import hashlib; from maillage.drawing import page; from sample_graph import sample_graph\n"
        "print(hashlib.sha256(page(sample_graph()).encode()).hexdigest())"
    )
    path = [str(Path(drawing.__file__).parents[1]), str(Path(__file__).parent)]
    expected = hashlib.sha256(page(sample_graph()).encode()).hexdigest()
    for hash_seed in ("1", "2"):
        env = {"PYTHONPATH": ":".join(path), "PYTHONHASHSEED": hash_seed}
        answer = subprocess.run(  # our own code
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        )
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


def test_nodes_and_edges_are_those_of_pyvis_and_are_not_said_twice() -> None:
    graph = sample_graph()
    held = data(page(graph))
    assert len(held["vis"]["edges"]["from"]) == graph.number_of_edges()
    assert len(held["vis"]["nodes"]["x"]) == graph.number_of_nodes()
    assert sorted(set(held["vis"]["nodes"]["shape"])) == ["dot", "square"]
    assert held["vis"]["options"]["physics"] == {"enabled": False}
    assert not {"x", "y", "size", "side"} & held["parties"].keys()
    assert not {"a", "b"} & held["lines"].keys()


@pytest.mark.parametrize(
    ("lang", "tag", "word"),
    [("fr", "fr", "Liens"), ("en", "en", "Links"), ("zh", "zh-Hans", "合作关系")],
)
def test_opens_in_the_language_asked_for(lang: Language, tag: str, word: str) -> None:
    html = page(sample_graph(), lang=lang)
    assert f'<html lang="{tag}"' in html
    assert f"<caption>{words()['links'][lang]}" in html
    assert word in still(html)
    assert data(html)["lang"] == lang


def test_title_facts_and_first_view() -> None:
    html = page(
        sample_graph(),
        title={"fr": "Liens de 2016", "zh": "2016年的联系"},
        facts={"date": "2026-11-21", "région": {"fr": "Bretagne", "en": "Brittany"}},
        lang="en",
        view="matrix",
    )
    assert "<h1>Liens de 2016</h1>" in html
    assert "Data as of: 2026-11-21" in still(html)
    assert "région: Brittany" in still(html)
    assert data(html)["view"] == "matrix"


def test_without_a_script_the_links_stand_in_a_table_with_their_sources() -> None:
    seen = still(page(sample_graph()))
    assert seen.count("<tr>") == 1 + 13  # the cooperation of the Alps is one link, drawn twice
    for text in (
        "Tours — Luoyang",
        "lignes 146–147",
        "début\u00a0: vers 1981",
        "Formation",
        "<svg",
    ):
        assert text in seen
    assert 'href="https://cites-unies-france.org/-Chine-"' in seen


def test_a_long_table_without_script_says_how_long_it_would_be() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for i in range(350):
        graph.add_edge(f"a{i}", f"b{i}", f"link{i}")
    seen = still(page(graph, lang="en"))
    assert "the first 100 of 350" in seen
    assert seen.count("<tr>") == 101


def test_empty_graph_says_that_nothing_is_to_be_drawn() -> None:
    html = page(nx.MultiGraph())
    assert "Rien à dessiner" in still(html)
    assert "<table" not in html


def test_hostile_texts_stay_texts() -> None:
    html = page(hostile_graph())
    outline = Outline(html)
    assert len([tag for tag, _ in outline.elements if tag == "script"]) == 4
    assert not [tag for tag, _ in outline.elements if tag in {"img", "iframe", "b"}]
    for tag, attrs in outline.elements:
        assert not [name for name in attrs if name.startswith("on")], tag
    for attrs in outline.having("a", "href"):
        assert re.match(r"https?://|#", attrs["href"] or "")
    for packed in outline.scripts[:-1]:
        assert re.fullmatch("[A-Za-z0-9+/=]*", packed)
    documents = data(html)["facets"]["source"]
    bad = {i for i, to in enumerate(documents["address"]) if to and not to.startswith("http")}
    assert any(documents["address"][i].startswith("javascript:") for i in bad)
    assert set(documents["closed"]) == bad  # those that nobody may follow
    html.encode("utf-8")


def test_a_title_cannot_leave_its_place() -> None:
    html = page(sample_graph(), title={"fr": "</title></noscript><script>window.broken=1</script>"})
    assert "<script>window" not in html
    assert len(re.findall("<script", html)) == 4


def test_policy_names_each_script_and_forbids_the_rest() -> None:
    html = page(sample_graph())
    outline = Outline(html)
    (policy,) = [
        str(attrs["content"])
        for attrs in outline.having("meta", "http-equiv")
        if attrs["http-equiv"] == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    allowed = set(re.findall(r"'sha256-([^']+)'", policy))
    carried = [outline.scripts[-1], part(html, "code"), part(html, "vis"), *outline.styles]
    assert allowed == {
        base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in carried
    }
    assert not outline.having("link", "href")
    assert not [attrs for _, attrs in outline.elements if "src" in attrs or "style" in attrs]


def test_another_vis_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "VIS_DIGEST", "0" * 64)
    with pytest.raises(PageError, match="not the expected file") as caught:
        page(sample_graph())
    assert "pip install" in caught.value.text("fr")
    assert caught.value.exit_code == 2
    monkeypatch.setattr(drawing, "VIS", "templates/lib/absent.js")
    with pytest.raises(PageError, match="missing"):
        page(sample_graph())


def test_pyvis_is_not_imported_before_it_is_needed() -> None:
    code = (
        "import sys, maillage.drawing; sys.exit('pyvis' in sys.modules or 'IPython' in sys.modules)"
    )
    path = str(Path(drawing.__file__).parents[1])
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": path}, check=True)


def test_a_party_that_no_link_joins_is_drawn_too() -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_node(BASE + "place/xx", key="xx", type="place")
    html = page(graph)
    held = data(html)
    assert held["texts"]["texts"][held["parties"]["name"][0]] == ["xx", None, None]
    assert "<svg" in still(html)


def test_words_are_complete_and_their_places_equal() -> None:
    for key, word in words().items():
        assert set(word) == set(LANGUAGES), key
        places = {lang: set(re.findall(r"\{(\w+)\}", text)) for lang, text in word.items()}
        assert places["fr"] == places["en"] == places["zh"], key
        assert all(word.values()), key


def test_words_are_all_used() -> None:
    folder = drawing.PAGES
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in [
            *folder.glob("*.j2"),
            *folder.glob("js/*.js"),
            *folder.parent.glob("payload/*.py"),
            *folder.parent.glob("pictures/*.py"),
            *(folder.parent / f"{name}.py" for name in ("drawing", "statics", "pagetexts")),
        ]
    )
    for key in words():
        parts = key.split("-")
        # A key may be put together from what it is about: `type-${…}`, f"mark-{tier}",
        # word("matrix-corner") with the name of the table behind it, `${side}-more`.
        stems = ["-".join(parts[:n]) for n in range(1, len(parts))]
        tails = ["-".join(parts[n:]) for n in range(1, len(parts))]
        ways = [
            rf"[\"'`]{re.escape(key)}[\"'`]",
            *(rf"\b{re.escape(stem)}(-(\$?\{{|\"|`)|[\"'`])" for stem in stems),
            *(rf"\}}-{re.escape(tail)}[\"'`]" for tail in tails),
        ]
        assert any(re.search(way, code) for way in ways), key


def test_no_script_makes_markup_of_text() -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    for path in (drawing.PAGES / "js").glob("*.js"):
        assert not re.search(forbidden, path.read_text(encoding="utf-8")), path.name
