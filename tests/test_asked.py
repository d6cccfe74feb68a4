"""The named questions on the site: their pages, their forms, their files, their maps."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from rdflib import RDF, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SDO

from maillage.ask import tidy
from maillage.mint import graph_iri, thing
from maillage.questions import question, questions
from maillage.site import About, Page, Site, answers
from maillage.site.asked import paths as asked_paths
from maillage.store import Answer, Store, memory_store
from maillage.terms import MLG
from maillage.words import LANGUAGES, TAGS

ABOUT = About(base="https://data.example", release="20261122-a", date="2026-11-21")


@pytest.fixture(scope="module")
def site(store: Store) -> Site:
    return Site(store, ABOUT)


@pytest.fixture(scope="module")
def still(store: Store) -> Site:
    return Site(store, About(base="https://data.example", release="r", static=True))


def xml(text: str | bytes) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  # made by the site itself


class Html(HTMLParser):
    """What a page holds: elements with their attributes, and the text below each element."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[list[str]] = []
        self._tags: list[str] = []
        self.feed(page.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.found.append((tag, {name: value or "" for name, value in attrs}, text))
        if tag not in {"meta", "link", "input", "img", "br"}:
            self._open.append(text)
            self._tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._tags and self._tags.pop() != tag:
            self._open.pop()
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for text in self._open:
            text.append(data)

    def all(self, tag: str, **wanted: str) -> list[tuple[dict[str, str], str]]:
        return [
            (attributes, " ".join("".join(text).split()))
            for name, attributes, text in self.found
            if name == tag and all(attributes.get(key) == value for key, value in wanted.items())
        ]

    def text(self) -> str:
        return " ".join(text for _, text in self.all("main"))


def ask(site: Site, path: str, **asked: str) -> Page:
    return site.answer(path, "en", {name: [value] for name, value in asked.items()})


def rows(page: Page) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page.body.decode())))


# The catalogue.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_catalogue_has_every_question_once_with_what_it_asks(site: Site, lang: str) -> None:
    page = ask(site, f"/{lang}/ask/")
    hrefs = [a["href"] for a, _ in Html(page).all("a")]
    text = Html(page).text().replace("\u00a0", " ").replace("’", "'")
    for name, asked in questions().items():
        assert hrefs.count(f"{name}/") == 1, name
        assert asked.summary[lang].replace("\u00a0", " ").replace("’", "'") in text, name


def test_an_unknown_question_is_answered_by_those_with_near_names(site: Site) -> None:
    page = ask(site, "/en/ask/partner-of/")
    assert page.status == 404
    assert "../partners-of/" in [a["href"] for a, _ in Html(page).all("a")]


# The page of a question.


@pytest.mark.parametrize("name", list(questions()))
def test_every_question_has_a_page_in_three_languages(site: Site, store: Store, name: str) -> None:
    asked = question(name)
    counts: dict[str, int] = {}
    for lang in LANGUAGES:
        page = ask(site, f"/{lang}/ask/{name}/")
        html = Html(page)
        assert page.status == 200
        assert html.all("html")[0][0]["lang"] == TAGS[lang]
        assert html.all("title")[0][1].startswith(html.all("h1")[0][1].removesuffix(f" {name}"))
        values = {p.name: Literal(lang) for p in asked.parameters if p.name == "lang"}
        if (sparql := asked.bind(values)) not in counts:
            found = tidy(store.query(sparql))
            counts[sparql] = len(found.rows) if isinstance(found, Answer) else len(found)
        n = counts[sparql]
        shown = html.all("p", **{"class": "took"})[0][1]
        assert re.sub(r"\D", "", re.match(r"[\d,\u202f ]+", shown)[0]) == str(n), shown
        assert len(html.all("tr")) == 1 + min(n, 100)


def test_times_are_told_where_somebody_waits_and_nowhere_else(site: Site, still: Site) -> None:
    lively, calm = (ask(it, "/en/ask/partners-of/") for it in (site, still))
    assert re.search(r"9 rows in [\d,]+ ms", Html(lively).text())
    assert not lively.steady
    assert "9 rows" in Html(calm).text() and " ms" not in Html(calm).text()
    assert calm.steady and calm.body == ask(still, "/en/ask/partners-of/").body


def test_the_form_offers_labels_and_holds_what_was_asked(site: Site) -> None:
    html = Html(ask(site, "/zh/ask/links/", theme="culture", place="place/cn-510100", on="2014"))
    [(select, _)] = [found for found in html.all("select") if found[0]["name"] == "theme"]
    chosen = [text for a, text in html.all("option") if "selected" in a]
    assert chosen == ["文化"]
    assert "aria-invalid" not in select
    [(place, _)] = html.all("input", name="place")
    assert place["value"] == "成都市"
    assert html.all("input", name="on")[0][0]["value"] == "2014"
    # a name is suggested as people write it, and every field has its label
    assert "里昂" in [a["value"] for a, _ in html.all("option")]
    fields = [a["id"] for tag in ("input", "select") for a, _ in html.all(tag) if a["id"] != "find"]
    assert {a["for"] for a, _ in html.all("label")} >= set(fields)


def test_narrower_themes_stand_below_the_broader_one(site: Site) -> None:
    page = ask(site, "/en/ask/links/").body.decode()
    options = re.findall(r'<option value="([\w-]+)">(\u2003*)', page)
    depth = {value: len(blank) for value, blank in options}
    order = [value for value, _ in options]
    assert depth["environment"] == 0 and depth["climate"] == 1
    assert order.index("environment") < order.index("climate")


def test_what_must_be_set_is_filled_with_an_example_that_says_so(site: Site) -> None:
    html = Html(ask(site, "/fr/ask/partners-of/"))
    [(field, _)] = html.all("input", name="place")
    assert field["value"] == "Pays de la Loire" and "required" in field
    assert "(exemple)" in html.all("p", **{"class": "took"})[0][1]
    own = Html(ask(site, "/fr/ask/partners-of/", place="Bretagne"))
    assert "(exemple)" not in own.all("p", **{"class": "took"})[0][1]


@pytest.mark.parametrize(
    "written",
    ["https://w3id.org/maillage/id/place/cn-510100", "place/cn-510100", "cn-510100", "510100",
     "Chengdu", "成都市", "成都", "  chengdu "],
)  # fmt: skip
def test_a_thing_is_named_by_address_key_code_or_name(site: Site, written: str) -> None:
    page = ask(site, "/ask/partners-of.csv", place=written)
    assert page.status == 200
    assert page.body == ask(site, "/ask/partners-of.csv", place="place/cn-510100").body
    assert page.rows and page.rows == len(rows(page)) - 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_name_of_several_is_answered_by_all_of_them(site: Site, lang: str) -> None:
    page = ask(site, f"/{lang}/ask/links/", place="Yanqing", theme="culture")
    html = Html(page)
    assert page.status == 400
    assert html.all("table") == []
    offered = [a["href"] for a, _ in html.all("a") if "place=place" in a["href"]]
    asked = [parse_qs(urlsplit(href).query) for href in offered]
    assert [it["place"] for it in asked] == [["place/cn-110119"], ["place/cn-110229"]]
    assert all(it["theme"] == ["culture"] for it in asked)
    assert ask(site, f"/{lang}/ask/links/", place="place/cn-110119").status == 200
    assert ask(site, "/ask/links.csv", place="Yanqing").status == 400


def test_an_unknown_name_is_answered_by_near_ones(site: Site) -> None:
    page = ask(site, "/en/ask/partners-of/", place="Sichua")
    assert page.status == 404
    assert "Sichuan place/cn-510000" in [text for _, text in Html(page).all("li")]
    file = ask(site, "/ask/partners-of.json", place="Sichua")
    assert file.status == 404 and "place/cn-510000" in file.body.decode()


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("links", {"plce": "Tours"}, "plce"),
        ("links", {"on": "yesterday"}, "on=yesterday is not a date"),
        ("events", {"from": "2016", "to": "2014"}, "comes after"),
        ("links", {"theme": "place/fr"}, "Nothing here is called"),
    ],
)
def test_what_cannot_be_understood_is_never_left_out(
    site: Site, name: str, values: dict[str, str], said: str
) -> None:
    for path in (f"/en/ask/{name}/", f"/ask/{name}.csv"):
        page = ask(site, path, **values)
        assert page.status == (404 if "Nothing" in said else 400)
        assert said in page.body.decode()
    html = Html(ask(site, f"/en/ask/{name}/", **values))
    assert html.all("table") == []


def test_a_parameter_given_twice_is_refused(site: Site) -> None:
    page = site.answer("/ask/links.csv", "en", {"place": ["Lyon", "Tours"]})
    assert page.status == 400 and "place" in page.body.decode()


def test_an_empty_field_of_a_form_is_no_condition(site: Site) -> None:
    whole = ask(site, "/ask/links.csv")
    assert ask(site, "/ask/links.csv", place="", theme=" ", on="").body == whole.body


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_answer_says_why(site: Site, lang: str) -> None:
    page = ask(site, f"/{lang}/ask/links/", place="Tours", kind="project-partnership")
    html = Html(page)
    assert page.status == 200 and page.rows == 0
    assert html.all("table") == []
    [(_, why)] = html.all("p", **{"class": "notice"})
    assert {"fr": "Sans cette condition", "en": "Without that condition", "zh": "去掉该条件"}[
        lang
    ] in why
    assert "place = " in why


def test_things_lead_to_their_pages_and_rows_to_their_evidence(site: Site) -> None:
    page = ask(site, "/fr/ask/partners-of/", place="Tours")
    here = "http://a/fr/ask/partners-of/"
    hrefs = [a["href"] for a, text in Html(page).all("a") if text.startswith("preuves")]
    [to] = [urlsplit(urljoin(here, href)) for href in hrefs if "/twinning--cn" in href]
    link = site.answer(to.path, None, {})
    assert to.path == "/fr/doc/link/twinning--cn-410300--fr-commune-37261/"
    assert link.status == 200 and f'id="{to.fragment}"' in link.body.decode()


def test_long_answers_are_paged_and_say_how_much_there_is(site: Site) -> None:
    n = len(rows(ask(site, "/ask/places.csv"))) - 1
    first, last = ask(site, "/en/ask/places/"), ask(site, "/en/ask/places/", page="7")
    assert f"Rows 1 to 100 of {n}." in Html(first).text()
    assert f"Rows 601 to {n} of {n}." in Html(last).text()
    assert len(Html(last).all("tr")) == 1 + n - 600
    [(after, _)] = Html(first).all("a", rel="next")
    assert parse_qs(urlsplit(after["href"]).query)["page"] == ["2"]
    assert Html(last).all("a", rel="next") == [] and len(Html(last).all("a", rel="prev")) == 1


# The files.


def test_every_file_holds_the_whole_answer(site: Site, store: Store) -> None:
    found = tidy(store.query(question("partners-of").sparql))
    assert isinstance(found, Answer)
    told = [["" if term is None else str(term) for term in row] for row in found.rows]
    assert rows(ask(site, "/ask/partners-of.csv")) == [list(found.variables), *told]
    document = json.loads(ask(site, "/ask/partners-of.json").body)
    cells = document["results"]["bindings"]
    assert [[row.get(v, {}).get("value", "") for v in found.variables] for row in cells] == told
    assert document["rows"] == len(told) and document["truncated"] is False
    assert document["question"] == "partners-of" and document["release"] == ABOUT.release
    tsv = ask(site, "/ask/partners-of.tsv").body.decode().splitlines()
    assert tsv[0].split("\t") == [f"?{v}" for v in found.variables] and len(tsv) == 1 + len(told)
    told_in_xml = xml(ask(site, "/ask/partners-of.xml").body)
    assert len(list(told_in_xml.iter("{http://www.w3.org/2005/sparql-results#}result"))) == len(
        told
    )


@pytest.mark.parametrize(
    ("lang", "head", "name"), [("fr", "partenaire", "demande"), ("zh", "合作伙伴", "查询说明")]
)
def test_a_workbook_has_names_and_says_what_it_answers(
    site: Site, lang: str, head: str, name: str
) -> None:
    page = ask(site, f"/ask/partners-of.{lang}.xlsx", place="Tours")
    book = openpyxl.load_workbook(io.BytesIO(page.body))
    table = list(book["maillage"].values)
    assert table[0][0] == head
    assert len(table) == 1 + (page.rows or 0)
    assert not any("http" in str(cell) for row in table for cell in row)
    about = {row[0]: row[1] for row in book[name].values}
    assert "Tours" in about.values() or "图尔" in about.values()
    assert str(page.rows) in about.values()


def test_the_language_of_a_file_is_in_its_name_or_the_browsers(site: Site) -> None:
    spoken = site.answer("/ask/partners-of.xlsx", "fr", {})
    assert spoken.body == ask(site, "/ask/partners-of.fr.xlsx").body
    assert spoken.body != ask(site, "/ask/partners-of.en.xlsx").body


def test_triples_come_in_the_formats_of_rdf(site: Site, store: Store) -> None:
    found = store.query(question("description").sparql)
    assert isinstance(found, Graph)
    for ending, parser in {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}.items():
        page = ask(site, f"/ask/description.{ending}")
        assert isomorphic(Graph().parse(page.body, format=parser), found), ending
        assert page.rows == len(found)
    assert ask(site, "/ask/description.csv").status == 404
    assert ask(site, "/ask/links.ttl").status == 404


def test_the_query_that_is_shown_is_the_one_that_was_put(site: Site, store: Store) -> None:
    page = ask(site, "/ask/partners-of.rq", place="Tours")
    found = tidy(store.query(page.body.decode()))
    assert isinstance(found, Answer)
    assert len(found.rows) == ask(site, "/ask/partners-of.csv", place="Tours").rows
    html = Html(ask(site, "/en/ask/partners-of/", place="Tours"))
    [editor] = [a["href"] for a, _ in html.all("a") if a["href"].startswith("../../sparql?")]
    assert parse_qs(urlsplit(editor).query)["query"] == [page.body.decode()]


def test_a_cut_answer_says_so_everywhere(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST", 5)
    for ending in ("csv", "tsv", "json", "xml", "xlsx"):
        page = ask(site, f"/ask/links.{ending}")
        assert page.truncated and page.rows == 5, ending
    assert len(rows(ask(site, "/ask/links.csv"))) == 6
    assert json.loads(ask(site, "/ask/links.json").body)["truncated"] is True
    book = openpyxl.load_workbook(io.BytesIO(ask(site, "/ask/links.en.xlsx").body))
    assert {row[0]: row[1] for row in book["question"].values}["Whole answer"] == "no"
    html = ask(site, "/en/ask/links/")
    assert html.truncated and "The answer is cut: the first 5 of" in Html(html).text()
    assert not ask(site, "/ask/partners-of.csv", place="Tours").truncated


def test_the_lines_that_ask_again_ask_the_same(site: Site) -> None:
    html = Html(ask(site, "/fr/ask/links/", place="Issy-les-Moulineaux", theme="culture"))
    lines = [text for _, text in html.all("code")]
    assert "maillage ask links place=place/fr-commune-92040 theme=culture --lang fr" in lines
    [address] = re.findall(r"read_csv\('(.+)'\)", " ".join(lines))
    parts = urlsplit(address)
    assert parts.netloc == "data.example"
    asked = {name: value[0] for name, value in parse_qs(parts.query).items()}
    assert ask(site, parts.path, **asked).rows == len(html.all("tr")) - 1


def test_a_site_without_an_address_gives_none(store: Store) -> None:
    page = ask(Site(store, About()), "/en/ask/partners-of/")
    assert "maillage ask" in page.body.decode() and "read_csv" not in page.body.decode()


# Maps and charts.


def test_an_answer_of_links_is_also_a_map(site: Site) -> None:
    html = Html(ask(site, "/fr/ask/links/", place="Alsace"))
    [picture] = [a for a, _ in html.all("img")]
    assert picture["alt"] and picture["loading"] == "lazy"
    maps = {a["href"] for a, _ in html.all("a") if "map.html" in a["href"]}
    [address] = maps
    assert address.endswith("#lang=fr")
    for href, kind in ((picture["src"], "image/svg+xml"), (address, "text/html;charset=utf-8")):
        to = urlsplit(urljoin("http://a/fr/ask/links/", href))
        asked = {name: value[0] for name, value in parse_qs(to.query).items()}
        assert asked == {"place": "place/fr-region-42"}
        page = ask(site, to.path, **asked)
        assert page.status == 200 and page.media_type == kind
        assert (
            "Jiangsu" in page.body.decode()
            or "江苏" in page.body.decode()
            or kind.startswith("text")
        )
    assert ask(site, "/ask/themes.map.html").status == 404
    assert Html(ask(site, "/fr/ask/themes/")).all("img") == []


def test_the_address_without_an_ending_leads_to_the_map(site: Site) -> None:
    page = ask(site, "/ask/links/map/", place="Alsace")
    assert page.status == 308
    assert page.location == "../../links.map.html?place=Alsace"


def test_a_column_of_counts_is_a_chart_that_says_what_the_table_says(site: Site) -> None:
    page = ask(site, "/en/ask/themes/")
    charts = re.findall(r"<svg .*?</svg>", page.body.decode(), re.DOTALL)
    assert len(charts) == 4
    svg = xml(charts[0])
    names = svg.attrib["aria-labelledby"].split()
    told = {child.attrib["id"]: child.text for child in svg if "id" in child.attrib}
    assert svg.attrib["role"] == "group" and all(told[name] for name in names)
    bars = [bar.find("title").text for bar in svg.iter("a")]
    first = rows(ask(site, "/ask/themes.csv"))
    counts = sorted((int(row[first[0].index("links")]) for row in first[1:]), reverse=True)
    assert [int(bar.rsplit("· ", 1)[1]) for bar in bars] == counts[: len(bars)]
    widths = [float(rect.attrib["width"]) for rect in svg.iter("rect")]
    assert widths[0] / widths[4] == pytest.approx(counts[0] / counts[4], rel=0.02)


def test_dates_are_a_chart_of_years(site: Site) -> None:
    page = ask(site, "/en/ask/events/")
    [chart] = re.findall(r"<svg .*?</svg>", page.body.decode(), re.DOTALL)
    bars = dict(g.find("title").text.split(" · ") for g in xml(chart).iter("a"))
    table = rows(ask(site, "/ask/events.csv"))
    years = [row[table[0].index("start")][:4] for row in table[1:]]
    assert bars == {year: str(years.count(year)) for year in years if year}
    assert f"{years.count('')} rows have no year." in Html(page).text()
    # ordinals, and values of many kinds, are no counts
    assert "<svg" not in ask(site, "/en/ask/figures/").body.decode()


# A static host.


@pytest.fixture(scope="module")
def held(still: Site) -> list[str]:
    """The addresses below /ask/ of the static site."""
    return list(asked_paths(still._opened))


def test_a_static_page_has_no_form_and_asks_no_server(still: Site, held: list[str]) -> None:
    for name in ("links", "places", "network"):
        page = ask(still, f"/fr/ask/{name}/")
        html = Html(page)
        assert [a for a, _ in html.all("form") if a.get("class") == "ask"] == []
        for href in {a["href"] for a, _ in html.all("a") if not a["href"].startswith("http")}:
            to = urlsplit(urljoin(f"http://a/fr/ask/{name}/", href))
            bare = re.sub(r"^/(fr|en|zh)/", "/", unquote(to.path))
            if bare.startswith("/ask/"):
                assert to.query == "" and bare in held, href
            assert not bare.startswith("/sparql")
    assert "300 premières lignes sur" in Html(ask(still, "/fr/ask/places/")).text()


def test_every_address_of_the_static_site_is_answered(still: Site, held: list[str]) -> None:
    assert len(held) == len(set(held))
    some = {"/ask/", "/ask/links/", "/ask/links.csv", "/ask/links.zh.xlsx", "/ask/network.ttl"}
    assert some <= set(held)
    for path in held:
        # maps take a minute to make, and one is made above; so are files in a language
        if ".map." not in path and not re.search(r"\.(fr|en)\.|\.(xml|tsv)$", path):
            assert ask(still, path).status == 200, path
    assert ask(still, "/ask/proposed-pairs.fr.map.svg").status == 200


# Text from data and from strangers.

ATTACK = '"><script>alert(1)</script>=cmd|x'


@pytest.fixture(scope="module")
def hostile() -> Site:
    """A link between two places whose names are attacks."""
    dataset = Dataset(default_union=True)
    graph = dataset.graph(graph_iri("source--press"))
    parties = thing("place", "fr-commune-33063"), thing("place", "cn-420100")
    link = thing("link", "twinning--cn-420100--fr-commune-33063")
    for country, party in zip(("fr", "cn"), parties, strict=True):
        graph.add((party, RDF.type, MLG.Collectivity))
        graph.add((party, MLG.isInCountry, thing("place", country)))
        graph.add((party, SKOS.prefLabel, Literal(f"=1+1 {ATTACK}", lang="en")))
        graph.add((link, MLG.hasParty, party))
    graph.add((link, RDF.type, MLG.CooperationLink))
    graph.add((link, MLG.hasKind, thing("link-kind", "twinning")))
    graph.add((link, MLG.startDate, Literal(ATTACK)))
    graph.add((thing("news", "a"), RDF.type, SDO.NewsArticle))
    graph.add((thing("news", "a"), SDO.url, URIRef("javascript:alert(1)")))
    return Site(memory_store(dataset), ABOUT)


def test_names_of_things_and_values_of_strangers_are_only_text(hostile: Site) -> None:
    pages = [
        ask(hostile, "/en/ask/links/"),
        ask(hostile, "/en/ask/links/", place=ATTACK),
        ask(hostile, "/en/ask/links/", **{ATTACK: ATTACK}),
        ask(hostile, "/en/ask/description/", thing="link/twinning--cn-420100--fr-commune-33063"),
        ask(hostile, f"/en/ask/{ATTACK}/"),
        ask(hostile, "/en/ask/news/"),
    ]
    assert [page.status for page in pages] == [200, 404, 400, 200, 404, 200]
    for page in pages:
        scripts = Html(page).all("script")
        assert all(a.get("type") in {"module", "application/ld+json"} for a, _ in scripts)
        assert not any(name.startswith("on") for _, a, _ in Html(page).found for name in a)
        assert not any(a.get("href", "").startswith("javascript") for a, _ in Html(page).all("a"))
    assert ATTACK in Html(pages[0]).text() and ATTACK in Html(pages[1]).text()
    svg = ask(hostile, "/ask/links.en.map.svg")
    assert not list(xml(svg.body).iter("{http://www.w3.org/2000/svg}script"))


def test_an_example_that_a_graph_does_not_know_is_no_mistake(hostile: Site) -> None:
    page = ask(hostile, "/en/ask/partners-of/")
    assert page.status == 200 and page.rows == 0
    assert "place/fr-region-52" in Html(page).text()
    assert ask(hostile, "/ask/partners-of.csv").rows == 0


def test_a_spreadsheet_runs_nothing(hostile: Site) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ask(hostile, "/ask/links.en.xlsx").body))
    cells = [cell for row in book["maillage"].iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)
