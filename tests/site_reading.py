"""Reading the pages of a site as a browser would: links, notes, texts and their languages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from maillage.site import Page, Site

VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})


@dataclass
class Read(HTMLParser):
    """A page taken apart.

    ``links`` are the targets of ``a``, ``link``, ``script`` and ``form``; ``texts`` the visible
    texts, each with its language; ``faults`` what a policy of no inline code would refuse, and
    elements that are closed in the wrong order.
    """

    path: str
    links: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self._script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        for name in ("href", "src", "action"):
            if name in told:
                self.links.append((tag, told[name], told))
        if "id" in told:
            self.ids.append(told["id"])
        if tag == "style" or "style" in told or any(name.startswith("on") for name in told):
            self.faults.append(f"inline code in <{tag}>")
        if tag == "script" and "src" not in told and told.get("type") != "application/ld+json":
            self.faults.append("inline script")
        lang = told.get("lang") or (self._open[-1][1] if self._open else "")
        if tag not in VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes nothing")
            return
        self._open.pop()

    def handle_data(self, text: str) -> None:
        tag, lang = self._open[-1] if self._open else ("", "")
        if tag == "script":
            self.data.append(json.loads(text))
        elif text.strip():
            self.texts.append((text.strip(), lang))

    @property
    def text(self) -> str:
        return " ".join(" ".join(text for text, _ in self.texts).split())

    def said_in(self, lang: str) -> str:
        return " ".join(text for text, its in self.texts if its.split("-")[0] == lang)

    def to(self, target: str) -> str:
        """The path of the site that a link leads to; the address itself when it leads away."""
        parts = urlsplit(urljoin(f"http://here{self.path}", target))
        return parts.path if parts.netloc == "here" else target

    def anchors(self) -> set[str]:
        return {target[1:] for _, target, _ in self.links if target.startswith("#")}


def read(page: Page, path: str) -> Read:
    found = Read(path)
    found.feed(page.body.decode())
    found.close()
    return found


def opened(site: Site, path: str, **asked: str) -> Read:
    page = site.answer(path, None, {name: [value] for name, value in asked.items()})
    assert page.status == 200, (path, page.status)
    return read(page, path)
