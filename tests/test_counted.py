"""Every number shown leads to the very rows that it counts, on a server and among files."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest

from maillage.build import Built
from maillage.mint import parse
from maillage.questions import questions
from maillage.site import About, Offered, Site, cards, sources
from maillage.site.counting import BESIDE, COUNTED
from maillage.site.members import members
from maillage.site.texts import words
from maillage.store import Store, open_folder
from site_tree import Element, tree

#: What makes the lists of a page: each child of one is a row.
LISTS = {"tbody": "tr", "ul": "li", "ol": "li", "dl": "div"}


@pytest.fixture(scope="module")
def graph(built: Built) -> Store:
    return open_folder(built.folder / "store")


class Walk:
    """A site whose numbers are followed."""

    def __init__(self, graph: Store, built: Built, *, static: bool) -> None:
        self.graph, self.built = graph, built
        size = (built.folder / "maillage.nt").stat().st_size
        about = About(
            base="https://data.example",
            release="2026-11-22-abc",
            date="2026-11-22",
            files=(Offered("maillage.nt", size, "ab" * 32),),
            static=static,
        )
        self.site = Site(graph, about)
        self._asked: dict[str, int] = {}
        self._read: dict[str, Element] = {}

    def body(self, address: str) -> str:
        parts = urlsplit(address)
        page = self.site.answer(unquote(parts.path), None, parse_qs(parts.query))
        assert page.status == 200, address
        return page.body.decode()

    def page(self, address: str) -> Element:
        """A page taken apart, once."""
        if address not in self._read:
            self._read[address] = tree(self.body(address))
        return self._read[address]

    def rows_of(self, query: str) -> int:
        if query not in self._asked:
            self._asked[query] = len(self.graph.select(query).rows)
        return self._asked[query]

    def numbers(self, address: str) -> Iterator[tuple[int, Element, str]]:
        """The numbers of a page that count, and what each element says where its rows are."""
        for element in self.page(address).all():
            if "data-n" in element.told:
                yield int(element.told["data-n"]), element, element.told.get("href", "")

    def follow(self, address: str) -> list[str]:
        """What is wrong with the numbers of a page."""
        return [
            f"{address}: {n} {element.text.strip()!r} → {to}: {found}"
            for n, element, to in self.numbers(address)
            if (found := self.found(address, element, to)) != n
        ]

    def found(self, address: str, element: Element, to: str) -> int:
        """How many rows there are where a number leads, or around it when it leads nowhere."""
        if element.tag == "summary":
            assert element.parent is not None
            return rows(element.parent) or len(list(element.parent.all("a")))
        if not to:
            around = next(e for e in element.above() if e.tag in {"section", "div", "main", "a"})
            return self.listed(address, around)
        there = urljoin(urljoin("https://data.example", address), to)
        assert there.startswith("https://data.example/"), to
        path, part = urlsplit(there).path, urlsplit(there).fragment
        if path == "/sparql" or path.endswith("/sparql"):
            return self.rows_of(parse_qs(urlsplit(there).query)["query"][0])
        if path.endswith(".csv"):
            return len(list(csv.reader(self.body(there).splitlines()))) - 1
        if path.endswith(".nt"):
            is_file = path.startswith("/release/")
            nt = self.built.folder / "maillage.nt"
            return len(nt.read_bytes().splitlines() if is_file else self.body(there).splitlines())
        page = self.page(there.partition("#")[0].removeprefix("https://data.example"))
        if not part:
            return self.listed(there, next(page.all("main")))
        target = page.named(part)
        if target.tag == "pre":
            return self.rows_of(target.text)
        if part in {"kinds", "hits"}:  # things of all kinds: the numbers of the kinds add up
            its = (e for tag in target.all("li", "h2") for e in tag.all("a", "b"))
            return sum(int(e.told["data-n"]) for e in its if "data-n" in e.told)
        if target.tag in {"h2", "h3"}:
            assert target.parent is not None
            target = target.parent
        return rows(target)

    def listed(self, address: str, around: Element) -> int:
        """The rows of an element; of a list of several pages, those of all pages."""
        pages = {
            urljoin(urljoin("https://data.example", address), link.told["href"])
            for pager in around.all("nav")
            if "pager" in pager.kinds
            for link in pager.all("a")
        }
        others = (self.page(other.removeprefix("https://data.example")) for other in pages)
        return rows(around) + sum(rows(next(other.all("main"))) for other in others)


def rows(element: Element) -> int:
    """The rows inside an element: of its lists, not of the lists in these and not of menus."""
    if element.tag in LISTS and not element.kinds & {"facts", "inline", "jump", "files"}:
        return sum(
            part.tag == LISTS[element.tag] for part in element.held if isinstance(part, Element)
        )
    if element.tag == "nav" or element.kinds & {"facts", "inline", "jump", "files", "charts"}:
        return 0
    inside = [part for part in element.held if isinstance(part, Element)]
    if disputes := [part for part in inside if "dispute" in part.kinds]:
        return len(disputes)
    return sum(map(rows, inside))


@pytest.fixture(scope="module", params=[False, True], ids=["server", "files"])
def walk(request: pytest.FixtureRequest, graph: Store, store: Store, built: Built) -> Walk:
    # files are written from the record alone
    return Walk(store if request.param else graph, built, static=request.param)


def richest(walk: Walk) -> list[str]:
    """The page of each kind of thing that most refers to."""
    query = "SELECT ?it (COUNT(*) AS ?n) { ?other ?p ?it FILTER isIRI(?it) } GROUP BY ?it"
    referred: Counter[str] = Counter()
    referred.update({str(it): int(str(n)) for it, n in walk.graph.select(query).rows})
    found = []
    for kind, things in members(walk.site._opened).by_kind.items():
        ranked = sorted(things, key=lambda thing: (-referred[thing], thing))
        named = parse(ranked[0])
        assert named is not None
        found.append(f"/en/doc/{kind}/{named.key}/")
    return sorted(found)


def test_the_numbers_of_the_pages_about_the_whole_lead_to_their_rows(walk: Walk) -> None:
    lists = [f"/en/doc/{kind}/" for kind in members(walk.site._opened).by_kind]
    below = [p for p in walk.site.pages() if p.startswith("/dataset/") and "/page/" not in p]
    wrong = [
        line
        for path in ("/fr/", "/zh/doc/", *lists, *below, "/fr/ns/", "/zh/ask/", "/en/sparql/")
        for line in walk.follow(path)
    ]
    assert wrong == [], "\n".join(wrong)


def test_the_numbers_of_pages_about_things_lead_to_their_rows(walk: Walk) -> None:
    wrong = [line for path in richest(walk) for line in walk.follow(path)]
    assert wrong == [], "\n".join(wrong)


def test_the_numbers_of_terms_lead_to_their_uses(walk: Walk) -> None:
    terms = [path for path in walk.site.pages() if re.fullmatch("/ns/.+/", path)]
    assert len(terms) > 100
    wrong = [line for path in terms[::7] for line in walk.follow(path)]
    assert wrong == [], "\n".join(wrong)


def counting() -> set[tuple[str, str]]:
    """The columns of the named questions that count something."""
    return {
        (question.name, column)
        for question in questions().values()
        for column in re.findall(r"\((?:COUNT|SUM)\(.*?\) AS \?(\w+)\)", question.sparql)
        if re.search(
            rf"SELECT (?:DISTINCT )?[^{{]*\?{column}\b", question.sparql.partition("WHERE")[0]
        )
    }


def test_it_is_known_what_each_count_of_a_question_counts() -> None:
    assert counting() == COUNTED.keys() | BESIDE.keys()


def test_the_numbers_of_answers_and_charts_lead_to_their_rows(walk: Walk) -> None:
    asked = {question for question, _ in COUNTED} | {"timeline"}
    if not walk.site._opened.about.static:  # the same there, and slow to answer
        asked |= {question for question, _ in BESIDE}
    pages = [f"/en/ask/{name}/" for name in sorted(asked)]
    wrong = [line for path in pages for line in walk.follow(path)]
    assert wrong == [], "\n".join(wrong)
    for path in pages:
        bars = [e for svg in walk.page(path).all("svg") for e in svg.all("rect")]
        assert all(bar.parent is not None and bar.parent.tag == "a" for bar in bars), path
    for question, column in COUNTED:
        led = [
            cell
            for row in walk.page(f"/en/ask/{question}/").all("td")
            if "n" in row.kinds
            for cell in row.all("a")
        ]
        assert led, (question, column)


#: What holds numbers that count nothing: texts of the data, code, dates, places in a document,
#: the way through pages, what is cited, the scale of a chart.
OTHERS = {"bdi", "code", "pre", "script", "style", "textarea", "title", "select", "svg"}
ASIDE = {"cited", "date", "foot", "pager", "pages", "proofs", "notes", "tongues"}
#: Texts with a number that counts no rows, or none at all.
EXCUSED = (
    r"[\d.,]+ (kB|MB)",  # the size of a file, whose name leads to it
    r"SHA-256|0",  # a name; nothing, and so nowhere to go
    r"\d{4}(–\d{4})?",  # years, before the rows of a chart's bar
    r"(Rows \d+ to|The first) [\d,]+ of|This page stops at \d+\. To have them all, by a query:",
    r"Number: .+, the 20 largest",  # the bars of the very picture
    r"First recorded on [\d-]+\.|Release \S+, of [\d-]+( \(this one\))?",
    r"\d+\.\d+\.\d+ \([\d-]+\)|Site made by Maillage .+\.",  # versions
)


def uncounted(page: Element) -> Iterator[str]:
    """The texts of an English page with a number that leads nowhere and is not excused."""
    fixed = {word["en"] for word in words().values() if re.search(r"\d", word["en"])}
    for element in page.all():
        chain = [element, *element.above()]
        if any(e.tag in OTHERS or e.kinds & ASIDE or "data-n" in e.told for e in chain):
            continue
        for part in element.held:
            text = part.strip() if isinstance(part, str) and re.search(r"\d", part) else ""
            if text and text not in fixed and not any(re.fullmatch(e, text) for e in EXCUSED):
                yield f"<{element.tag}> {text}"


def test_no_number_leads_nowhere(walk: Walk) -> None:
    alone = ("", "doc/", "doc/place/", "dataset/", "dataset/evidence/", "ns/", "ns/hasParty/")
    more = ("about/", "use/", "search/", "ask/", "ask/places/", "ask/timeline/", "ask/figures/")
    paths = [*(f"/en/{path}" for path in (*alone, *more)), *richest(walk)]
    found = {f"{path}: {text}" for path in paths for text in uncounted(walk.page(path))}
    assert sorted(found) == []


def test_what_does_not_fit_on_a_page_is_all_behind_its_number(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (cards, sources):
        monkeypatch.setattr(module, "_MOST", 3)
    fresh = Walk(walk.graph, walk.built, static=walk.site._opened.about.static)
    pages = [
        "place/fr-region-44",
        "source/cuf-china-group-page",
        "link-kind/twinning",
        "level/commune",
    ]
    wrong = [line for path in pages for line in fresh.follow(f"/en/doc/{path}/")]
    assert wrong == [], "\n".join(wrong)
    cut = [n for path in pages for n, e, to in fresh.numbers(f"/en/doc/{path}/") if "query" in to]
    assert cut and min(cut) > 3


def test_a_search_leads_to_all_that_it_found(graph: Store, built: Built) -> None:
    walk = Walk(graph, built, static=False)
    assert walk.follow("/en/search/?q=a") == []
    assert max(n for n, *_ in walk.numbers("/en/search/?q=a")) > 200


def test_the_page_of_the_dataset_counts_what_the_graph_holds(walk: Walk) -> None:
    told = {n for n, *_ in walk.numbers("/en/dataset/")}
    said = "?it a <https://w3id.org/maillage/ns#Evidence>"
    stated = f"{said} ; <https://w3id.org/maillage/ns#hasCertainty> ?how"
    queries = (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { } }",
        f"SELECT (COUNT(*) AS ?n) {{ {said} }}",
        f"SELECT (COUNT(*) AS ?n) {{ {stated} }} GROUP BY ?how",
    )
    rows_ = [row for query in queries for row in walk.graph.select(query).rows]
    assert {int(str(n)) for (n,) in rows_} <= told
