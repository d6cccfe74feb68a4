"""A map opened in a browser, as the tests of this folder handle it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

from playwright.sync_api import Browser, Page

VIEWS: Final = ("network", "places", "matrix", "time", "table")
LANGUAGES: Final = ("fr", "en", "zh")
SCREEN: Final = (1400, 900)
PHONE: Final = (390, 844)

#: How many different colours a PNG shows, of every fourth pixel.
COLOURS: Final = """async (encoded) => {
  const image = new Image();
  image.src = `data:image/png;base64,${encoded}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let i = 0; i < data.length; i += 16) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
  return { width: image.width, height: image.height, colours: seen.size };
}"""

#: Where two PNGs differ: [left, top, right, bottom], or nothing.
DIFFERENCE: Final = """async (pair) => {
  const [one, other] = await Promise.all(pair.map(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }));
  let box = null;
  for (let i = 0; i < one.data.length; i += 4) {
    if ([0, 1, 2].every((n) => one.data[i + n] === other.data[i + n])) continue;
    const [x, y] = [(i / 4) % one.width, Math.floor(i / 4 / one.width)];
    box = box ? [Math.min(box[0], x), box[1], Math.max(box[2], x), y] : [x, y, x, y];
  }
  return box;
}"""


class Opened:
    """A page in a tab of its own, with everything that it asked for and complained of."""

    def __init__(
        self,
        browser: Browser,
        path: Path,
        *,
        size: tuple[int, int] = SCREEN,
        fragment: str = "",
        ready: bool = True,
        **context: Any,
    ) -> None:
        self.path = path
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, accept_downloads=True, **context
        )
        self.context.set_default_timeout(10_000)
        self.tab: Page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.tab.on("request", lambda request: self.requests.append(request.url))
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.on("pageerror", lambda error: self.complaints.append(error.stack or str(error)))
        self.tab.goto(path.as_uri() + (f"#{fragment}" if fragment else ""))
        if ready and context.get("java_script_enabled", True):
            self.tab.wait_for_selector("html[data-ready=yes]")

    def again(self, browser: Browser, *, size: tuple[int, int] = SCREEN) -> Opened:
        """The same file in a new tab, at the address that this one shows now."""
        return Opened(browser, self.path, size=size, fragment=self.fragment(encoded=True))

    def close(self) -> None:
        self.context.close()

    def foreign(self) -> list[str]:
        """The requests for anything but the file itself and what the page made on the spot."""
        own = (self.path.as_uri(), "blob:", "data:")
        return [url for url in self.requests if not url.startswith(own)]

    def settle(self) -> bytes:
        """A screenshot after the page was redrawn, without the pointer on anything."""
        self.tab.evaluate("() => new Promise(r => requestAnimationFrame(() => setTimeout(r, 250)))")
        return self.tab.screenshot()

    def repainted(self) -> bytes:
        """A screenshot of the whole painted anew, with neither focus nor pointer on anything.

        What stands between two pixels is rounded as it was when it was first painted; two pages
        that came to the same state in different ways can be compared only so.
        """
        self.tab.mouse.move(1, 1)
        self.tab.evaluate("document.activeElement.blur()")
        for opacity in ("0.9", ""):
            self.tab.evaluate("opacity => { document.body.style.opacity = opacity; }", opacity)
            shot = self.settle()
        return shot

    def difference(self, one: bytes, other: bytes) -> list[int] | None:
        """The part of the screen in which two pictures of it differ, if they do."""
        if one == other:
            return None
        tab = self.context.new_page()
        encoded = [base64.b64encode(shot).decode() for shot in (one, other)]
        box: list[int] | None = tab.evaluate(DIFFERENCE, encoded)
        tab.close()
        return box

    def view(self, name: str) -> None:
        self.tab.click(f"[role=tab][data-view={name}]")
        self.tab.wait_for_selector(f".view-{name}")

    def current_view(self) -> str:
        shown: str = self.tab.get_attribute("[role=tab][aria-selected=true]", "data-view") or ""
        return shown

    def speak(self, lang: str) -> None:
        self.tab.click(f"button[data-lang={lang}]")

    def shown(self) -> dict[str, Any]:
        """What passes the filters, as the page tells scripts."""
        shown: dict[str, Any] = self.tab.evaluate("window.maillage.shown()")
        return shown

    def facet(self, facet: str, key: str) -> None:
        """Tick or untick one value of a filter, by the page's own control."""
        self.tab.evaluate(
            """([facet, key]) => {
              const input = [...document.querySelectorAll('#filters input')]
                .find(i => i.dataset.facet === facet && i.dataset.key === key);
              input.click();
            }""",
            [facet, key],
        )

    def choices(self) -> list[dict[str, Any]]:
        """Every value of every filter, with its count as a person reads it."""
        found: list[dict[str, Any]] = self.tab.evaluate(
            """() => [...document.querySelectorAll('#filters input[data-facet]')].map(i => ({
              facet: i.dataset.facet, key: i.dataset.key, on: i.checked,
              text: i.closest('label').textContent,
              count: Number(i.closest('label').querySelector('.count').textContent
                .replace(/[^0-9]/g, '')) }))"""
        )
        return found

    def cells(self) -> list[list[str]]:
        """The table as a person reads it, all its pages, by row."""
        found: list[list[str]] = []
        while True:
            found += self.tab.evaluate(
                """() => [...document.querySelectorAll('#table tbody tr')]
                  .map(row => [...row.cells].map(cell => cell.innerText.trim()))"""
            )
            further = self.tab.locator(".view-table .pages .next").first
            if not further.is_visible() or further.get_attribute("aria-disabled") == "true":
                return found
            further.click()

    def rows(self) -> int:
        """How many rows the table has, on all its pages."""
        first = self.tab.locator(".view-table .pages input").first
        if first.is_visible():
            first.fill("1")
            first.press("Enter")
        return len(self.cells())

    def years(self, first: int, last: int) -> None:
        """Type both ends of the range of years."""
        folded = not self.tab.is_visible("#years")
        if folded:
            self.tab.click("#filters details[data-facet=years] summary")
        fields = self.tab.locator("#years input[type=number]")
        # One end never passes the other, so the last is typed again when the first has moved.
        for which, year in ((1, last), (0, first), (1, last)):
            fields.nth(which).fill(str(year))
            fields.nth(which).press("Enter")
            fields.nth(which).blur()
        if folded:
            self.tab.click("#filters details[data-facet=years] summary")

    def fragment(self, *, encoded: bool = False) -> str:
        text: str = self.tab.evaluate("location.hash.slice(1)")
        return text if encoded else unquote(text)

    def find(self, name: str) -> None:
        """Find a thing by its name and open it."""
        self.tab.fill("#search", name)
        self.tab.wait_for_selector("#found [role=option]")
        self.tab.focus("#search")
        self.tab.keyboard.press("Enter")
        self.tab.wait_for_selector("#panel-head:visible")

    def export(self, kind: str) -> bytes:
        """The file that an export button hands over."""
        button = self.tab.locator(f"button[data-export={kind}]")
        if not button.is_visible():
            self.tab.click("details.exports summary")
        with self.tab.expect_download() as waiting:
            button.click()
        return Path(waiting.value.path()).read_bytes()


#: How a test opens pages: ``opening(path, size=PHONE)``.
Opening: TypeAlias = Callable[..., Opened]


def pretty(value: object) -> str:
    """For messages of failed tests."""
    return json.dumps(value, ensure_ascii=False, indent=1)
