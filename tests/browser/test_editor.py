"""The question pages and the SPARQL editor in a browser: by keyboard, without script, for axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from browser.opened import PHONE, SCREEN
from browser.test_accessible import RULES
from maillage.site import About, Site
from maillage.store import Store
from maillage.terms import NS
from site_answering import Answering

#: Nobody listens there: every request is answered by the test itself. As an address of this
#: machine, it may use the clipboard.
HOST = "http://localhost:9"
ABOUT = About(base=HOST, release="20261122-a", date="2026-11-21")
WRONG = "SELECT ?s {\n  ?s ?p ?o .\n} LIMT 3"
LINKS = f"PREFIX mlg: <{NS}>\nSELECT ?link {{ ?link a mlg:CooperationLink }} LIMIT 3"


@pytest.fixture(scope="module")
def answering(store: Store) -> Answering:
    return Answering(Site(store, ABOUT), store._store)  # type: ignore[attr-defined]


class Visited:
    """A tab on the site, with what it asked for and complained of."""

    def __init__(self, browser: Browser, answering: Answering, **more: Any) -> None:
        self.context = browser.new_context(**more)
        self.context.set_default_timeout(15_000)
        self.tab: Page = self.context.new_page()
        self.asked: list[tuple[str, str]] = []
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self._answering = answering
        self.context.route("**/*", self._answer)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", lambda message: self._heard(message.text))

    def _heard(self, text: str) -> None:
        if "status of 40" not in text:  # a page that says what was wrong has that status
            self.complaints.append(text)

    def _answer(self, route: Route) -> None:
        request = route.request
        if not request.url.startswith(HOST):
            self.foreign.append(request.url)
            route.abort()
            return
        self.asked.append((request.method, request.url))
        reply = self._answering.get(request.url.removeprefix(HOST), body=request.post_data or "")
        route.fulfill(status=reply.status, headers=reply.headers, body=reply.body)

    def goto(self, path: str, *, ready: bool = False) -> Page:
        self.tab.goto(HOST + path)
        if ready:
            self.tab.wait_for_selector("#editor[data-ready=yes]")
        return self.tab


Visit = Callable[..., Visited]


@pytest.fixture
def visit(browser: Browser, answering: Answering) -> Iterator[Visit]:
    """Opens tabs; at the end, none has asked another host for anything, or complained."""
    tabs: list[Visited] = []

    def visited(size: tuple[int, int] = SCREEN, **more: Any) -> Visited:
        viewport = {"width": size[0], "height": size[1]}
        tabs.append(Visited(browser, answering, viewport=viewport, **more))
        return tabs[-1]

    yield visited
    foreign = [url for tab in tabs for url in tab.foreign]
    complaints = [text for tab in tabs for text in tab.complaints]
    for tab in tabs:
        tab.context.close()
    assert foreign == []
    assert complaints == []


def written(tab: Page, query: str) -> None:
    """Write a query by keyboard in the place of what is there."""
    tab.locator("#query").focus()
    tab.keyboard.press("ControlOrMeta+a")
    tab.keyboard.press("Delete")
    tab.keyboard.type(query)


PAGES = {
    "catalogue": "/{}/ask/",
    "links": "/{}/ask/links/?theme=culture",
    "chart": "/{}/ask/themes/",
    "triples": "/{}/ask/description/",
    "faults": "/{}/ask/links/?place=Yanqing&on=then",
    "empty": "/{}/ask/links/?place=Tours&kind=project-partnership",
    "editor": "/{}/sparql",
    "answer": "/{}/sparql?query=" + quote(LINKS),
    "mistake": "/{}/sparql?query=" + quote(WRONG),
}


@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
@pytest.mark.parametrize("name", list(PAGES))
def test_axe_finds_nothing_and_nothing_is_too_wide(
    visit: Visit, name: str, size: tuple[int, int]
) -> None:
    faults = []
    # axe-core is put into the page, which its policy would refuse
    tab = visit(size, bypass_csp=True)
    for lang in ("fr", "en", "zh"):
        page = tab.goto(PAGES[name].format(lang), ready=name in {"editor", "answer", "mistake"})
        page.locator("main details").evaluate_all(
            "all => all.forEach((one) => { one.open = true; })"
        )
        found = Axe().run(page, options=RULES).response["violations"]
        faults += [(lang, v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert faults == []


def test_suggestions_are_chosen_by_keyboard(visit: Visit) -> None:
    tab = visit().goto("/en/sparql", ready=True)
    written(tab, "SELECT ?link { ?link a coop")
    box = tab.get_by_role("listbox", name="Suggestions")
    expect(box).to_be_visible()
    query = tab.locator("#query")
    assert query.get_attribute("aria-activedescendant") is None
    tab.keyboard.press("ArrowDown")
    option = tab.locator(f"#{query.get_attribute('aria-activedescendant')}")
    assert option.get_attribute("aria-selected") == "true"
    assert "mlg:CooperationLink" in (option.text_content() or "")
    tab.keyboard.press("Enter")
    expect(box).to_be_hidden()
    # the prefix is declared on use, and the caret has stayed behind what was written
    assert (
        query.input_value() == f"PREFIX mlg: <{NS}>\nSELECT ?link {{ ?link a mlg:CooperationLink "
    )
    tab.keyboard.type("}")
    assert query.input_value().endswith("mlg:CooperationLink }")
    assert tab.locator("[data-says]").text_content() == "Prefix declared: mlg"


def test_labels_in_the_readers_language_find_terms(visit: Visit) -> None:
    tab = visit().goto("/zh/sparql", ready=True)
    written(tab, "SELECT * { ?link 有合作")
    expect(tab.get_by_role("option").first).to_contain_text("mlg:hasParty")


def test_things_are_found_by_name(visit: Visit) -> None:
    tab = visit().goto("/fr/sparql", ready=True)
    written(tab, "SELECT * { ?link mlg:hasParty chengdu")
    option = tab.get_by_role("option").filter(has_text="Chengdu").first
    option.click()
    value = tab.locator("#query").input_value()
    assert "mlg:hasParty <https://w3id.org/maillage/id/place/cn-510100> " in value


def test_escape_closes_and_tab_leaves(visit: Visit) -> None:
    tab = visit().goto("/en/sparql", ready=True)
    written(tab, "SELECT ?place { ?pl")
    box = tab.locator("#choices")
    expect(box).to_be_visible()
    tab.keyboard.press("Escape")
    expect(box).to_be_hidden()
    tab.keyboard.press("Control+Space")
    expect(box).to_be_visible()
    before = tab.locator("#query").input_value()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent.trim()") == "Run"
    assert tab.locator("#query").input_value() == before
    expect(box).to_be_hidden()


def test_nothing_is_suggested_inside_texts_and_comments(visit: Visit) -> None:
    tab = visit().goto("/en/sparql", ready=True)
    for query in ('SELECT * { ?s ?p "coop', "SELECT * {} # coop", "SELECT * { ?s <coop"):
        written(tab, query)
        tab.wait_for_timeout(300)
        expect(tab.locator("#choices")).to_be_hidden()
    # nor is a prefix declared that only a text holds
    written(tab, 'ASK { ?s ?p "foaf:')
    assert "PREFIX" not in tab.locator("#query").input_value()
    written(tab, "ASK { ?s foaf:")
    assert (
        tab.locator("#query")
        .input_value()
        .startswith("PREFIX foaf: <http://xmlns.com/foaf/0.1/>\nASK")
    )


def test_a_prefix_goes_below_those_that_are_there(visit: Visit) -> None:
    tab = visit().goto("/en/sparql", ready=True)
    written(tab, f"# mine\nPREFIX mlg: <{NS}>\nASK {{ ?s mlg:hasKind ?k ; foaf:")
    lines = tab.locator("#query").input_value().splitlines()
    assert lines[:3] == [
        "# mine",
        f"PREFIX mlg: <{NS}>",
        "PREFIX foaf: <http://xmlns.com/foaf/0.1/>",
    ]


def test_the_coloured_copy_is_the_text_and_nothing_else(visit: Visit) -> None:
    tab = visit().goto("/en/sparql", ready=True)
    query = 'SELECT * { ?s ?p "<img src=x onerror=alert(1)>" }\n# 成都 <b>\n\n'
    tab.locator("#query").fill(query)
    copy = tab.locator(".paint")
    assert copy.evaluate("copy => copy.textContent") == f"{query}\n"
    assert copy.locator("img, b").count() == 0
    assert copy.locator(".string").text_content() == '"<img src=x onerror=alert(1)>"'
    # both are set in the same letters, so that they lie on each other
    style = "(node) => ['font', 'padding', 'lineHeight', 'letterSpacing', 'borderTopWidth', 'whiteSpace'].map((name) => getComputedStyle(node)[name])"
    assert copy.evaluate(style) == tab.locator("#query").evaluate(style)
    fonts = copy.locator("span").evaluate_all(
        "spans => [...new Set(spans.map((s) => getComputedStyle(s).font))]"
    )
    assert fonts == [copy.evaluate("copy => getComputedStyle(copy).font")]


def test_ctrl_enter_runs_and_the_query_is_remembered(visit: Visit) -> None:
    visited = visit()
    tab = visited.goto("/en/sparql", ready=True)
    expect(tab.locator("[data-shelf]")).to_be_hidden()
    written(tab, LINKS.replace("\n", " "))
    with tab.expect_navigation():
        tab.keyboard.press("Control+Enter")
    expect(tab.locator(".took")).to_contain_text("3 rows in 12 ms")
    assert tab.locator("tbody tr").count() == 3
    asked = parse_qs(urlsplit(tab.url).query)
    assert asked["query"] == [LINKS.replace("\n", " ")] and asked["format"] == ["html"]

    tab = visited.goto("/fr/sparql", ready=True)
    tab.locator("[data-shelf] > summary").click()
    tab.locator("[data-shelf] ol button").click()
    assert tab.locator("#query").input_value() == LINKS.replace("\n", " ")
    tab.get_by_role("button", name="Tout effacer").click()
    expect(tab.locator("[data-shelf]")).to_be_hidden()
    assert tab.evaluate("localStorage.length") == 0


def test_a_link_to_share_holds_the_query(visit: Visit) -> None:
    tab = visit(permissions=["clipboard-read", "clipboard-write"]).goto("/en/sparql", ready=True)
    tab.locator("#query").fill("ASK { ?s mlg:hasKind ?kind }")
    tab.get_by_role("button", name="Copy the link").click()
    expect(tab.locator("[data-says]")).to_have_text("Link copied.")
    address = tab.locator("#shared").input_value()
    assert tab.evaluate("navigator.clipboard.readText()") == address
    [query] = parse_qs(urlsplit(address).query)["query"]
    assert query == f"PREFIX mlg: <{NS}>\nASK {{ ?s mlg:hasKind ?kind }}"
    tab.goto(address)
    assert tab.locator(".truth").text_content() == "yes"


def test_a_mistake_is_marked_where_it_is_until_it_is_mended(visit: Visit) -> None:
    tab = visit().goto("/en/sparql?query=" + quote(WRONG), ready=True)
    bad = tab.locator(".paint .bad")
    place = tab.locator("#editor").evaluate("form => [form.dataset.line, form.dataset.column]")
    assert place[0] == "3"
    assert tab.evaluate("document.activeElement.id") == "query"
    caret = tab.locator("#query").evaluate("text => text.selectionStart")
    lines = WRONG.splitlines()
    assert caret == len(lines[0]) + len(lines[1]) + 2 + int(place[1]) - 1
    expect(bad).to_have_count(1)
    assert tab.locator("#query").get_attribute("aria-invalid") == "true"
    tab.keyboard.type(" ")
    expect(bad).to_have_count(0)
    assert tab.locator("#query").get_attribute("aria-invalid") is None


def test_a_query_too_long_for_an_address_is_posted(visit: Visit) -> None:
    visited = visit()
    tab = visited.goto("/en/sparql", ready=True)
    tab.locator("#query").fill(f"{LINKS} # {'x' * 7000}")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Run").click()
    assert ("POST", f"{HOST}/en/sparql") in visited.asked
    expect(tab.locator(".took")).to_contain_text("3 rows")


def test_all_of_it_works_without_script(visit: Visit) -> None:
    visited = visit(java_script_enabled=False)
    tab = visited.goto("/fr/sparql")
    for name in ("Copier le lien", "Tout effacer"):
        expect(tab.get_by_role("button", name=name)).to_have_count(0)
    tab.locator("#query").fill(LINKS)
    tab.get_by_role("button", name="Exécuter").click()
    expect(tab.locator(".took")).to_contain_text("3 lignes")
    tab.locator("#query").fill(WRONG)
    tab.get_by_role("button", name="Exécuter").click()
    expect(tab.locator(".broken mark")).to_have_count(1)

    tab = visited.goto("/fr/ask/links/")
    tab.get_by_label("Thème", exact=False).select_option("culture")
    tab.locator("#ask-place").fill("Lyon")
    tab.get_by_role("button", name="Demander").click()
    expect(tab.locator(".took")).to_contain_text("Lyon")


def test_a_field_suggests_what_begins_so_and_empty_fields_stay_out(visit: Visit) -> None:
    visited = visit()
    tab = visited.goto("/zh/ask/links/")
    with tab.expect_response("**/sparql/things.json?**"):
        tab.locator("#ask-place").press_sequentially("四川")
    expect(tab.locator('#ask-place-list option[value="四川省"]')).to_have_count(1)
    tab.locator("#ask-place").fill("四川省")
    with tab.expect_navigation():
        tab.get_by_role("button", name="查询").click()
    assert parse_qs(urlsplit(tab.url).query) == {"place": ["四川省"]}
    tab.go_back()
    expect(tab.locator("#ask-theme")).to_be_enabled()


def test_the_map_of_an_answer_opens_in_the_readers_language(visit: Visit) -> None:
    visited = visit()
    tab = visited.goto("/zh/ask/partners-of/?place=Alsace")
    tab.locator("details.picture > summary").first.click()
    expect(tab.locator("details.picture img")).to_have_js_property("complete", value=True)
    assert tab.locator("details.picture img").evaluate("img => img.naturalWidth") > 100
    tab.locator(".files").get_by_role("link", name="交互式图示").click()
    tab.wait_for_selector("html[data-ready=yes]")
    assert tab.evaluate("document.documentElement.lang") == "zh-Hans"
