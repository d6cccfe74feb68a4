"""The pages of the site in a browser, over HTTP: readable by all, quiet, within their policy."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from browser.opened import LANGUAGES, PHONE, SCREEN, pretty
from browser.test_accessible import RULES
from maillage.site import About, Offered, Site
from maillage.store import Store, memory_store
from sample_dataset import sample_dataset
from site_answering import POLICY

PAGES = (
    "/",
    "/doc/",
    "/doc/place/",
    "/doc/place/cn-510100/",
    "/doc/link/twinning--cn-510100--fr-commune-34172/",
    "/doc/source/cuf-arf-china-minutes-2016/",
    "/doc/event/rencontres-franco-chinoises-5/",
    "/doc/person/li-xiaolin/",
    "/search/?q=chengdu",
    "/search/?q=chengdoo",
    "/dataset/",
    "/ns/hasParty/",
    "/about/",
    "/nowhere/",
)


@pytest.fixture(scope="module")
def host(store: Store) -> Iterator[str]:
    """A site over HTTP on a free port of this machine; below ``/files`` one made of files."""
    file = Offered("maillage.nq", 20_000_000, "ab" * 32)
    whole = Site(store, About(release="2026-11-22-abc", date="2026-11-22", files=(file,)))
    files = Site(memory_store(sample_dataset()), About(static=True))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = unquote(parts.path)
            site = files if path.startswith("/files/") else whole
            page = site.answer(path.removeprefix("/files"), "en", parse_qs(parts.query))
            self.send_response(page.status)
            self.send_header("Content-Type", page.media_type)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(page.body)))
            if page.location:
                self.send_header("Location", page.location)
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


class Tab:
    """A tab that remembers what it asked other hosts for and what the console complained of."""

    def __init__(self, browser: Browser, host: str, **more: object) -> None:
        self.host = host
        self.context = browser.new_context(**more)  # type: ignore[arg-type]  # options by name
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "request",
            lambda request: (
                request.url.startswith((host, "data:")) or self.foreign.append(request.url)
            ),
        )

    def goto(self, path: str) -> Page:
        self.page.goto(self.host + path, wait_until="load")
        return self.page

    def close(self) -> None:
        self.context.close()
        assert self.foreign == []
        # that the page of errors is one is no complaint
        assert [text for text in self.complaints if "404 (Not Found)" not in text] == []


@pytest.fixture
def tab(browser: Browser, host: str) -> Iterator[Tab]:
    made = Tab(browser, host, viewport={"width": SCREEN[0], "height": SCREEN[1]})
    yield made
    made.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", [SCREEN, PHONE], ids=["screen", "phone"])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    browser: Browser, host: str, size: tuple[int, int], lang: str
) -> None:
    # axe-core is put into the page, which its policy would refuse
    tab = Tab(browser, host, viewport={"width": size[0], "height": size[1]}, bypass_csp=True)
    faults = []
    for path in PAGES:
        page = tab.goto(f"/{lang}{path}")
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true; }")
        answer = Axe().run(page, options=RULES)
        faults += [
            {"path": path, "rule": v["id"], "where": [n["html"][:160] for n in v["nodes"][:3]]}
            for v in answer.response["violations"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append({"path": path, "rule": "too wide", "where": [str(wide)]})
    tab.close()
    assert faults == [], pretty(faults)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_keep_their_policy_and_ask_nobody(tab: Tab, lang: str) -> None:
    for path in PAGES:
        page = tab.goto(f"/{lang}{path}")
        # the style has come through the policy
        assert page.evaluate("getComputedStyle(document.body).maxWidth") != "none"


def test_a_note_leads_to_its_passage(tab: Tab) -> None:
    page = tab.goto("/fr/doc/place/cn-510100/")
    note = page.locator("sup.notes a").first
    target = note.get_attribute("href")
    note.click()
    assert page.url.endswith(str(target))
    assert page.locator(str(target)).is_visible()


def test_a_reader_searches_and_follows_in_their_language(tab: Tab) -> None:
    page = tab.goto("/zh/")
    page.fill("#find", "Chéngdū")
    page.keyboard.press("Enter")
    page.locator("#hits li a").first.click()
    assert page.url.endswith("/zh/doc/place/cn-510100/")
    assert page.locator("h1").inner_text() == "成都市"
    page.locator(".tongues a[hreflang=fr]").click()
    assert page.url.endswith("/fr/doc/place/cn-510100/")
    assert page.locator("h1").inner_text() == "Chengdu"


def test_the_first_key_leads_to_the_text(tab: Tab) -> None:
    page = tab.goto("/en/doc/place/cn-510100/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_fonts_for_chinese_come_first_in_chinese_only(tab: Tab) -> None:
    fonts = {}
    for lang in LANGUAGES:
        page = tab.goto(f"/{lang}/doc/place/cn-510100/")
        fonts[lang] = page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily")
    assert fonts["zh"].startswith('"Noto Sans CJK SC"')
    assert fonts["fr"].startswith('"Noto Sans"') and fonts["en"] == fonts["fr"]


def test_short_words_in_tables_stay_whole_in_chinese(tab: Tab) -> None:
    page = tab.goto("/zh/doc/place/fr-commune-69123/")
    cells = page.locator("th, td").evaluate_all(
        """cells => cells.map(cell => {
          const range = document.createRange();
          range.selectNodeContents(cell);
          return [cell.innerText.trim(), range.getBoundingClientRect().height];
        })"""
    )
    short = [(text, high) for text, high in cells if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", text)]
    assert short
    assert [text for text, high in short if high > 40] == []  # pixels: two lines are more


def test_a_site_of_files_searches_in_the_browser(tab: Tab) -> None:
    for asked, lang, name in (("wuhan", "fr", "Wuhan"), ("武汉", "zh", "武汉市")):
        page = tab.goto(f"/files/{lang}/search/?q={asked}")
        page.locator("#found a").first.wait_for()
        assert page.locator("#found a").first.inner_text() == name
        page.locator("#found a").first.click()
        assert page.url.endswith(f"/files/{lang}/doc/place/cn-420100/")
    page = tab.goto("/files/en/search/?q=<img src=x onerror=alert(1)>")
    page.locator("#found .notice").wait_for()
    assert page.locator("main img").count() == 0


def test_a_page_reads_without_scripts(browser: Browser, host: str) -> None:
    tab = Tab(browser, host, java_script_enabled=False)
    page = tab.goto("/fr/doc/link/twinning--cn-510100--fr-commune-34172/")
    assert page.locator(".proofs > li").count() >= 17
    tab.goto("/files/fr/search/?q=wuhan")
    assert "JavaScript" in page.locator("noscript").inner_text()
    tab.close()
