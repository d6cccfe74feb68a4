"""The page asks for nothing but itself, and its own policy sees to it."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.opened import LANGUAGES, VIEWS, Opened, Opening

FORBIDDEN = {
    "an inline script": """() => {
      const script = document.createElement('script');
      script.textContent = 'window.broken = 1';
      document.head.append(script);
    }""",
    "a handler in markup": """() => {
      const holder = document.createElement('div');
      holder.innerHTML = '<button onclick="window.broken = 1">x</button>';
      document.body.append(holder);
      holder.firstChild.click();
      holder.remove();
    }""",
    "a script of data": """() => {
      const script = document.createElement('script');
      script.src = 'data:text/javascript,window.broken=1';
      document.head.append(script);
    }""",
    "a script of a blob": """() => {
      const script = document.createElement('script');
      script.src = URL.createObjectURL(new Blob(['window.broken = 1']));
      document.head.append(script);
    }""",
    "text run as a program": "() => { try { setTimeout('window.broken = 1') } catch {} }",
    "an address that is a program": """() => {
      const link = document.createElement('a');
      link.href = 'javascript:window.broken=1';
      document.body.append(link);
      link.click();
      link.remove();
    }""",
}
ASKING = {
    "fetch": "fetch('https://maillage.invalid/').then(() => 'sent', () => 'refused')",
    "a file beside it": "fetch('beside.txt').then(() => 'sent', () => 'refused')",
    "a beacon": "Promise.resolve(navigator.sendBeacon('https://maillage.invalid/')).then(() => 'asked')",
    "a socket": """new Promise(done => {
      try {
        const socket = new WebSocket('wss://maillage.invalid/');
        socket.onerror = () => done('refused');
      } catch { done('refused'); }
    })""",
    "a picture": """new Promise(done => {
      const image = new Image();
      image.onerror = () => done('refused');
      image.onload = () => done('sent');
      image.src = 'https://maillage.invalid/dot.png';
    })""",
    "a frame": """new Promise(done => {
      const frame = document.createElement('iframe');
      frame.src = 'https://maillage.invalid/';
      frame.onload = () => done('refused');
      document.body.append(frame);
      setTimeout(() => done('refused'), 500);
    })""",
}


class Markup(HTMLParser):
    """The policy of a page, the scripts and styles that it carries, and what should not be there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.policy = ""
        self.carried: dict[str, list[str]] = {"script": [], "style": []}
        self.faults: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if (held.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = held.get("content") or ""
        self._inside = ""
        if tag == "style" or (tag == "script" and not held.get("type")):
            self.carried[tag].append("")
            self._inside = tag
        self.faults += [f"{tag} {name}" for name in held if name.startswith("on")]
        self.faults += [f"{tag} {name}" for name in held if name in {"src", "srcset", "style"}]
        if tag in {"iframe", "object", "embed", "base", "link", "form"}:
            self.faults.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.carried[self._inside][-1] += data


@pytest.mark.parametrize("which", ["sample", "record", "hostile"])
def test_the_policy_allows_nothing_but_what_the_page_carries(
    which: str, request: pytest.FixtureRequest
) -> None:
    markup = Markup(request.getfixturevalue(which).read_text(encoding="utf-8"))
    rules = {rule.split()[0]: rule.split()[1:] for rule in markup.policy.split(";") if rule.split()}
    assert rules.pop("default-src") == ["'none'"]
    assert rules.pop("base-uri") == rules.pop("form-action") == ["'none'"]
    for name in ("script", "style"):
        allowed = rules.pop(f"{name}-src")
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", source) for source in allowed)
        digests = {
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in markup.carried[name]
        }
        assert digests <= set(allowed)
    # Pictures that the page makes of its own data, at most.
    assert set(rules) <= {"img-src"}
    assert set(rules.get("img-src", [])) <= {"data:", "blob:"}
    assert markup.faults == []


def test_asks_for_nothing_and_does_not_complain(opening: Opening, record: Path) -> None:
    opened = opening(record)
    tab = opened.tab
    for lang in LANGUAGES:
        opened.speak(lang)
        for view in VIEWS:
            opened.view(view)
    for name in ("Strasbourg", "成都"):
        opened.find(name)
    opened.view("network")
    for kind in ("png", "svg", "csv"):
        opened.export(kind)
    tab.keyboard.press("Escape")
    opened.settle()
    assert opened.requests[0] == record.as_uri()
    assert opened.foreign() == []
    assert opened.complaints == []


def test_no_script_but_its_own_runs(browser: Browser, sample: Path) -> None:
    opened = Opened(browser, sample)
    for text in FORBIDDEN.values():
        opened.tab.evaluate(text)
    opened.settle()
    assert opened.tab.evaluate("window.broken") is None
    assert any("Content Security Policy" in text for text in opened.complaints)
    opened.close()


def test_nothing_can_be_sent_from_it(browser: Browser, sample: Path) -> None:
    opened = Opened(browser, sample)
    reached: list[str] = []
    opened.context.on(
        "requestfinished",
        lambda asked: reached.append(asked.url) if asked.url.startswith("http") else None,
    )
    for text in ASKING.values():
        assert opened.tab.evaluate(text) != "sent"
    opened.settle()
    assert reached == []
    refused = " ".join(opened.complaints)
    for directive in ("connect-src", "img-src", "frame-src"):
        assert directive in refused or "default-src" in refused
    opened.close()
