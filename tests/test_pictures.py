"""Pictures without a browser: well formed, true to the data, harmless, and the same every time."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from maillage import look, pictures
from maillage.pagetexts import words
from maillage.payload import payload
from maillage.pictures import VIEWS, picture
from maillage.pictures.labels import Labels
from maillage.pictures.writing import FACES, clipped, line_width
from maillage.words import LANGUAGES, Language
from sample_graph import HOSTILE, hostile_graph, sample_graph
from sample_network import sample_network
from sample_payload import sample_payload

SVG = "{http://www.w3.org/2000/svg}"
TITLE = {"fr": "Réseau", "en": "Network", "zh": "网络"}
ELEMENTS = {"svg", "title", "desc", "g", "rect", "circle", "path", "text", "tspan"}
COLOURS = {str(line["color"]) for line in look.LINES.values()}

#: What stands in the picture of one pair, exactly.
PAIR = (
    '<path d="M485 458.8L845 458.8">',
    '<path d="M485 458.8Q665 501.9 845 458.8">',
    '<circle cx="485" cy="458.8" r="19.6">',
    '<rect x="827" y="440.8" width="36" height="36">',
)


def drawn(graph: nx.MultiGraph[str]) -> dict[str, Any]:
    return payload(graph, title=TITLE)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  our own text


def texts(root: ET.Element) -> list[str]:
    return [text for text in root.itertext() if text.strip()]


def of(root: ET.Element, tag: str) -> Iterator[ET.Element]:
    return root.iter(f"{SVG}{tag}")


def lines_of(root: ET.Element) -> int:
    """Lines of a network picture, without those of its legend."""
    return sum(
        len(group.findall(f"{SVG}path"))
        for group in of(root, "g")
        if group.get("stroke") in COLOURS
        and group.get("stroke-width")
        and "transform" not in group.attrib
    )


def harmless(svg: str) -> ET.Element:
    root = parsed(svg)
    for node in root.iter():
        assert node.tag.removeprefix(SVG) in ELEMENTS
        for name, value in node.attrib.items():
            bare = name.split("}")[-1]
            assert not bare.startswith("on") and bare not in {"style", "class", "href", "src"}
            assert "://" not in value and "url(" not in value and "javascript" not in value
    bare = re.sub(r'xmlns="[^"]*"', "", svg)
    assert "<style" not in bare and "<script" not in bare and "<!" not in bare
    assert not re.search(
        "[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f\ufffe\uffff]", svg
    )
    return root


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("inline", [False, True])
def test_a_picture_is_a_document_that_says_what_it_is(
    view: str, lang: Language, inline: bool
) -> None:
    svg = picture(sample_payload(), view, lang, inline=inline, name="still")
    root = harmless(svg)
    assert svg.startswith("<svg" if inline else "<?xml")
    assert root.get("viewBox") == "0 0 1600 900" and root.get("role") == "img"
    assert root.get("width") == ("100%" if inline else "1600")
    assert root.get("aria-labelledby") == "still-title still-desc"
    assert [node.get("id") for node in root if node.get("id")] == ["still-title", "still-desc"]
    assert root.get("font-family") == FACES[lang]
    said = texts(root)
    title = {"fr": "Réseau d’essai", "en": "Network on trial", "zh": "试验网络"}[lang]
    assert said[0].startswith(title) and title in said
    assert said[-1].startswith(f"{title}") and "CC BY 4.0" in said[-1]
    assert any(re.search(r"(Liens\u00a0: |Links: |合作关系：)2\b", text) for text in said)


def test_faces_are_latin_first_but_in_chinese() -> None:
    assert FACES["fr"] == FACES["en"]
    assert FACES["fr"].index("Arial") < FACES["fr"].index("CJK SC")
    assert FACES["zh"].index("CJK SC") < FACES["zh"].index("Arial")


def test_a_pair_is_drawn_exactly() -> None:
    data = sample_payload()
    data["lines"]["bend"] = [0.0, 0.12]
    svg = picture(data, "network", "fr")
    for expected in PAIR:
        assert expected in svg, expected
    said = texts(parsed(svg))
    assert "Tours — Luoyang · Jumelage · 1998" in said  # shown where the line is pointed at
    assert {"commune", "déduit, non écrit", "les sources divergent"} <= {t.casefold() for t in said}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_and_every_party_is_in_the_network(lang: Language) -> None:
    for graph in (sample_graph(), sample_network(80)):
        data = drawn(graph)
        root = parsed(picture(data, "network", lang))
        assert lines_of(root) == len(data["lines"]["link"]) == graph.number_of_edges()
        tips = [
            node.text for tag in ("circle", "rect") for shape in of(root, tag) for node in shape
        ]
        assert len(tips) == len(graph)


def test_a_legend_names_only_what_is_shown() -> None:
    said = " ".join(texts(parsed(picture(sample_payload(), "network", "en"))))
    assert "proposed, in negotiation or to be confirmed" in said
    assert "suspended or ended" not in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_flows_join_the_areas(lang: Language) -> None:
    data = drawn(sample_network(80))
    root = parsed(picture(data, "places", lang))
    area, lines = data["parties"]["area"], data["lines"]
    pairs = {(area[a], area[b]) for a, b in zip(lines["a"], lines["b"], strict=True)}
    placed = {
        pair
        for pair in pairs
        if min(pair) >= 0 and all(data["areaplaces"]["panel"][i] for i in pair)
    }
    curves = [path for path in of(root, "path") if "C" in path.get("d", "")]
    assert len(curves) == len(placed) > 10
    assert {"法国", "France"} & set(texts(root))


def test_where_most_links_lead_elsewhere_the_world_is_drawn() -> None:
    data = sample_payload()
    data["facets"]["country"]["key"][1] = "jp"
    data["areaplaces"]["panel"][1] = data["places"]["panel"][1] = ""
    root = parsed(picture(data, "places", "en"))
    assert "Countries" in texts(root)
    assert len([path for path in of(root, "path") if "C" in path.get("d", "")]) == 1


def test_the_matrix_counts_each_link() -> None:
    data = drawn(sample_network(80))
    root = parsed(picture(data, "matrix", "en"))
    numbers = [int(text) for text in texts(root) if re.fullmatch(r"\d+", text)]
    area, lines = data["parties"]["area"], data["lines"]
    cells: dict[tuple[int, int], set[int]] = {}
    for link, a, b in zip(lines["link"], lines["a"], lines["b"], strict=True):
        cells.setdefault((area[a], area[b]), set()).add(link)
    for count in {len(links) for links in cells.values()}:
        assert numbers.count(count) >= sum(len(links) == count for links in cells.values())
    rows = {row for row, _ in cells}
    for row in rows:
        assert (
            len(set().union(*(links for cell, links in cells.items() if cell[0] == row))) in numbers
        )


def test_time_shows_each_dated_link_once_and_vague_dates_as_such() -> None:
    data = sample_payload()
    vague = {"all": [[10227, 10591], [10000, 12000]], "open": [[10227, None], [None, 10227]]}
    for begins, hollow in ((vague["all"], 1), (vague["open"], 2)):
        data["links"]["begin"] = begins
        root = parsed(picture(data, "time", "en"))
        signs = next(group for group in of(root, "g") if group.get("opacity"))
        filled = [sign.get("fill") for sign in signs if sign.get("fill") != "none"]
        assert len(filled) == 2 and filled.count("#ffffff") == hollow
    assert {"that year at the earliest", "that year at the latest"} <= set(texts(root))


def test_a_shortened_name_is_whole_where_one_points() -> None:
    data = sample_payload()
    data["texts"][14] = "Rencontres " * 12 + "de Tours"
    said = texts(parsed(picture(data, "time", "fr")))
    assert f"{data['texts'][14]} · 2014" in said
    assert any(text.endswith("…") for text in said)
    assert not any(
        "de Tours" in text for text in texts(parsed(picture(data, "time", "fr", inline=True)))
    )


def test_a_time_without_dates_says_so() -> None:
    data = sample_payload()
    data["links"]["begin"] = [None, [None, None]]
    data["events"] = {name: [] for name in data["events"]}
    assert any("No date is known" in text for text in texts(parsed(picture(data, "time", "en"))))


@pytest.mark.parametrize("years", [(-800_000, 900_000), (-(10**9), 10**9), (0, 0)])
def test_any_year_finds_its_column(years: tuple[int, int]) -> None:
    data = sample_payload()
    data["links"]["begin"] = [[years[0], years[0]], [years[1], years[1]]]
    assert len(picture(data, "time", "fr")) < 20_000


def test_many_links_of_a_year_become_a_bar() -> None:
    data = drawn(sample_network(3000))
    root = parsed(picture(data, "time", "en"))
    assert "A column counts the links that begin in a year" in "".join(texts(root))
    assert len(picture(data, "time", "en", inline=True).encode()) < 150_000


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_texts_stay_texts(view: str) -> None:
    data = drawn(hostile_graph())
    hostile = [
        *HOSTILE,
        "</svg><script>alert(1)</script>",
        "\ufffe\uffff\x1b[2J",
        '" onload="alert(1)',
        "]]>" * 9,
        "长" * 9999,
    ]
    data["texts"] = [text and hostile[i % len(hostile)] for i, text in enumerate(data["texts"])]
    for inline in (False, True):
        svg = picture(data, view, "fr", inline=inline)
        harmless(svg)
        assert len(svg.encode()) < 150_000


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_to_draw_is_said(view: str) -> None:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for lang in LANGUAGES:
        for inline in (False, True):
            assert words()["nothing"][lang] in texts(
                harmless(picture(drawn(graph), view, lang, inline=inline))
            )
    graph.add_node("alone", label_fr="Tours", country="fr")
    harmless(picture(drawn(graph), view, "fr", inline=True))


def test_there_are_four_views() -> None:
    assert VIEWS == ("network", "places", "matrix", "time")
    with pytest.raises(KeyError):
        picture(sample_payload(), "table", "fr")


def test_a_large_network_inside_a_page_is_drawn_by_its_flows() -> None:
    data = drawn(sample_network(2001))
    svg = picture(data, "network", "fr", inline=True)
    assert len(svg.encode()) <= 150_000
    assert "Le réseau est trop grand" in svg and "Régions et provinces" in svg
    assert lines_of(parsed(picture(data, "network", "fr"))) == len(data["lines"]["link"])
    data = drawn(sample_network(600))
    svg = picture(data, "network", "zh", inline=True)
    assert "网络过大" not in svg and len(svg.encode()) <= 150_000


def test_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib; from maillage.pictures import VIEWS, picture; from maillage.payload import payload\n"
        "from sample_graph import sample_graph; data = payload(sample_graph(), title={'fr': 'Réseau'})\n"
        "print(hashlib.sha256(''.join(picture(data, v, 'zh') for v in VIEWS).encode()).hexdigest())"
    )
    data = payload(sample_graph(), title={"fr": "Réseau"})
    ours = hashlib.sha256("".join(picture(data, view, "zh") for view in VIEWS).encode()).hexdigest()
    path = f"{Path(pictures.__file__).parents[2]}:{Path(__file__).parent}"
    for seed in ("1", "2"):
        answer = subprocess.run(  # our own code
            [sys.executable, "-c", code],
            env={"PYTHONPATH": path, "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert answer.stdout.strip() == ours


def test_the_data_are_not_changed() -> None:
    data, again = sample_payload(), sample_payload()
    for view in VIEWS:
        picture(data, view, "fr")
    assert data == again


def test_numbers_have_a_tenth_at_most() -> None:
    for view in VIEWS:
        svg = picture(drawn(sample_network(80)), view, "fr")
        shapes = re.sub(r'(opacity="[^"]*"|>[^<]*<)', "", svg.partition("<rect")[2])
        assert not re.search(r"\d\.\d\d", re.sub(r'<path d="[^"]*" fill="#e6e9ee"', "", shapes))


def test_labels_do_not_collide() -> None:
    labels = Labels((0, 0, 600, 400))
    labels.keep_clear((100, 100, 140, 140))
    put = [labels.put([f"Ville {i}"], (i * 37 % 600, i * 53 % 400), 6, 12) for i in range(200)]
    boxes = [*labels._plates, (100, 100, 140, 140)]
    assert 20 < sum(put) < 200
    for one, two in combinations(boxes, 2):
        assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= 600 and box[3] <= 400 for box in boxes)


def test_a_clipped_text_fits() -> None:
    for text in (
        "Communauté d’agglomération de Nîmes Métropole",
        "普罗旺斯-阿尔卑斯-蓝色海岸大区",
        "Tours",
    ):
        for room in (30, 90, 400):
            assert line_width(clipped(text, room, 12), 12) <= room


def test_every_word_is_said_and_its_places_are_equal() -> None:
    code = "".join(
        p.read_text(encoding="utf-8") for p in Path(pictures.__file__).parent.glob("*.py")
    )
    for key, said in words().items():
        if not key.startswith("pictures-"):
            continue
        stem = key.rsplit("-", 1)[0]
        assert f'"{key}"' in code or f'f"{stem}-{{' in code, key
        assert (
            len({tuple(sorted(re.findall(r"\{\w+\}", said[lang]))) for lang in LANGUAGES}) == 1
        ), key
