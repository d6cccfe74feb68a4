"""Maps of 1,000 to 50,000 links, against pyvis's own default page of the same graph.

``python tests/benchmarks/maps.py [--store DIR] [--runs N]``, where DIR was made by ``maillage
build``: its network is measured beside the samples. Everything is measured in one run, the
processor's pace included, and printed as a Markdown table with the bars that each figure must keep.

* *ready*: from the start of the navigation until all of the page answers (its own mark); of pyvis,
  until the picture rests. Median of several runs.
* *frame*: time between two frames while the mouse drags the picture, of those frames that moved it:
  the median, and in brackets what 95 of 100 frames stay below.
* *filter*: from the click on a filter until two frames later, which is a frame more than one waits.
* *Python*: processor seconds from the networkx graph to the file, threads included.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
from machine import calibration, machine, sentence, versions
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from sample_network import sample_network

SIZES = (1_000, 10_000, 50_000)
VIEWS = ("network", "places", "matrix", "time", "table")
#: Upper bounds by number of links: file (MB), ready (parts of pyvis at 1,000), ms, ms, CPU s.
BARS = {
    1_000: (0.75, 1 / 20, 20, 60, None),
    10_000: (1.5, 1 / 8, 33, 150, 10),
    50_000: (4.0, 1 / 3, 50, 600, 60),
}
PYVIS_TIMEOUT = 300_000
NAMES = ("chromium", "chromium-browser", "google-chrome")

SPIN = """() => {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < 50000000; i++) sum = (sum * 31 + i) | 0;
  return [performance.now() - start, sum];
}"""
# pyvis declares `var network` and sets it when its script has run: that moment is caught.
AT_REST = """
let held;
Object.defineProperty(window, "network", {
  get: () => held,
  set: (network) => {
    held = network;
    network.once("stabilizationIterationsDone", () => { window.atRest = performance.now(); });
  },
});
"""
READY = 'performance.getEntriesByName("maillage-ready")[0].startTime'
# The frame in which a move is drawn lasts from the first callback after the move to the next one.
RECORD = """() => {
  const frames = window.frames_ = [];
  let moved = false, last = 0;
  addEventListener("pointermove", () => { moved = true; }, true);
  const tick = (now) => {
    if (last) frames.push([now - last, last_moved]);
    last = now;
    last_moved = moved;
    moved = false;
    window.ticking = requestAnimationFrame(tick);
  };
  let last_moved = false;
  requestAnimationFrame(tick);
}"""
STOP = """() => {
  cancelAnimationFrame(window.ticking);
  return window.frames_.filter(([, moved]) => moved).map(([delta]) => delta);
}"""
WATCH_FILTER = """() => {
  if ("filterStep" in window) return;
  window.filterStep = 0;
  document.addEventListener("click", (event) => {
    if (!event.target.matches("#filters input")) return;
    const start = event.timeStamp;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.filterStep = performance.now() - start;
    }));
  }, true);
}"""

FILTERED = """() => new Promise((done) => {
  const look = () => (window.filterStep ? done(window.filterStep) : setTimeout(look, 20));
  look();
})"""


class Row(NamedTuple):
    """What was measured of one network."""

    name: str
    parties: int
    links: int
    megabytes: float
    ready: float
    frame: float
    slow_frame: float
    filter_steps: dict[str, float]
    python: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the maps, beside pyvis.")
    parser.add_argument("--store", help="folder of a build, to be measured too")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--no-pyvis", action="store_true", help="leave the slow peer out")
    asked = parser.parse_args()
    graphs: list[tuple[str, Callable[[], nx.MultiGraph[str]]]] = [
        (f"{size:,} links", lambda size=size: sample_network(size)) for size in asked.sizes
    ]
    if asked.store:
        graphs.append((f"{Path(asked.store).name}", lambda: _of_store(asked.store)))
    found = os.environ.get("MAILLAGE_CHROMIUM") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        here = _here(browser)
        pyvis = None if asked.no_pyvis else _pyvis(browser, Path(folder) / "pyvis.html")
        rows = [
            _measured(browser, name, make(), Path(folder) / "map.html", asked.runs)
            for name, make in graphs
        ]
        again = _pace(browser)
        browser.close()
    print(_report(here, again, pyvis, rows))


def _here(browser: Browser) -> str:
    installed = versions(("maillage", "networkx", "numpy", "pyvis", "playwright"))
    host = sentence(machine(), installed | {"Chromium": browser.version}, calibration())
    return f"{host} Pace of the browser: {_pace(browser):.0f} ms"


def _pace(browser: Browser) -> float:
    """Milliseconds of a fixed loop, so that runs on other machines or at busier hours compare."""
    tab = browser.new_page()
    script = statistics.median(tab.evaluate(SPIN)[0] for _ in range(3))
    tab.close()
    return float(script)


def _pyvis(browser: Browser, path: Path) -> float:
    """Seconds until the default page of 1,000 links rests, nothing fetched."""
    pyvis_page(sample_network(1_000), path)
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.add_init_script(AT_REST)
    # The page asks for two files of a network that is not there: refused at once, not waited for.
    context.route("http*://**", lambda route: route.abort())
    tab = context.new_page()
    tab.goto(path.as_uri(), timeout=PYVIS_TIMEOUT)
    tab.wait_for_function("window.atRest", timeout=PYVIS_TIMEOUT)
    rest = float(tab.evaluate("window.atRest")) / 1000
    context.close()
    return rest


def pyvis_page(graph: nx.MultiGraph[str], path: Path) -> None:
    """Write pyvis's own page of a graph, as its README does, with vis-network inside."""
    from pyvis.network import Network

    net = Network(cdn_resources="in_line")
    net.from_nx(graph)
    path.write_text(net.generate_html(), encoding="utf-8")


def _of_store(folder: str) -> nx.MultiGraph[str]:
    from maillage.network import links
    from maillage.release import open_store
    from maillage.surroundings import surround

    store = open_store(folder)
    return surround(links(store), store)


def _measured(browser: Browser, name: str, graph: nx.MultiGraph[str], path: Path, runs: int) -> Row:
    from maillage.drawing import page

    start = time.process_time()
    path.write_bytes(page(graph).encode())
    python = time.process_time() - start
    links = len({key for *_, key in graph.edges(keys=True)})
    runs = runs if links < 20_000 else min(runs, 3)
    ready = statistics.median(_ready(browser, path) for _ in range(runs))
    tab = _opened(browser, path)
    frames = sorted(delta for _ in range(runs) for delta in _drag(tab))
    steps = {view: _filter_step(tab, view) for view in VIEWS}
    tab.context.close()
    print(f"{name}: measured", file=sys.stderr)
    return Row(
        name=name,
        parties=len(graph),
        links=links,
        megabytes=path.stat().st_size / 1e6,
        ready=ready,
        frame=statistics.median(frames),
        slow_frame=frames[len(frames) * 95 // 100],
        filter_steps=steps,
        python=python,
    )


def _opened(browser: Browser, path: Path) -> Page:
    tab = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-ready=yes]", timeout=120_000)
    return tab


def _ready(browser: Browser, path: Path) -> float:
    tab = _opened(browser, path)
    ready = float(tab.evaluate(READY)) / 1000
    tab.context.close()
    return ready


def _drag(tab: Page) -> list[float]:
    """Milliseconds of the frames while the picture is dragged there and back."""
    box = tab.locator(".view-network canvas").first.bounding_box()
    if not box:
        raise SystemExit("the network view has no canvas")
    across, down = box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.55
    tab.mouse.move(across, down)
    before = tab.locator(".view-network canvas").first.screenshot()
    tab.mouse.down()
    tab.evaluate(RECORD)
    for step in [*range(1, 41), *range(40, -1, -1)]:
        tab.mouse.move(across - 6 * step, down - 3 * step)
    frames: list[float] = tab.evaluate(STOP)
    tab.mouse.move(across - 240, down - 120)
    if tab.locator(".view-network canvas").first.screenshot() == before:
        raise SystemExit("the picture does not follow the mouse")
    tab.mouse.move(across, down)  # back, so that the next drag finds the same picture
    tab.mouse.up()
    tab.wait_for_timeout(400)
    return frames


def _filter_step(tab: Page, view: str) -> float:
    """Median milliseconds from a click on a filter until two frames later, in one view."""
    tab.click(f"[role=tab][data-view={view}]")
    tab.wait_for_selector(f".view-{view}")
    tab.wait_for_timeout(500)
    tab.evaluate(WATCH_FILTER)
    tab.click("#filters details[data-facet=kind] summary")
    boxes = tab.locator("#filters details[data-facet=kind] input[type=checkbox]")
    steps = []
    for number in (0, 1, 0, 1, 2, 2, 0, 1, 0, 1):
        tab.wait_for_timeout(300)
        tab.evaluate("window.filterStep = 0")
        boxes.nth(number).click()
        steps.append(float(tab.evaluate(FILTERED)))
    tab.keyboard.press("Escape")
    return statistics.median(steps)


def _report(here: str, again: float, pyvis: float | None, rows: Sequence[Row]) -> str:
    lines = [
        f"`{' '.join(['python', *sys.argv])}`",
        "",
        f"{here}, after: {again:.0f} ms.",
        "",
        f"pyvis default page of 1,000 links: at rest after {pyvis:.1f} s." if pyvis else "",
        "",
        "| | parties | links | file MB | ready s | of pyvis | frame ms | filter ms | Python CPU s |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        bars: Sequence[Any] = BARS.get(row.links, (None,) * 5)
        part = row.ready / pyvis if pyvis else None
        cells = (
            _beside(row.megabytes, bars[0], ".2f"),
            f"{row.ready:.2f}",
            f"1/{1 / part:.0f}" + (f" (≤ 1/{1 / bars[1]:.0f})" if bars[1] else "") if part else "",
            f"{_beside(row.frame, bars[2], '.1f')} ({row.slow_frame:.1f})",
            _beside(row.filter_steps["network"], bars[3], ".0f"),
            _beside(row.python, bars[4], ".1f"),
        )
        lines.append(
            f"| {row.name} | {row.parties:,} | {row.links:,} | " + " | ".join(cells) + " |"
        )
    lines += ["", "Filter step in each view, ms:", "", "| | " + " | ".join(VIEWS) + " |"]
    lines.append("|---|" + "--:|" * len(VIEWS))
    lines += [
        f"| {row.name} | "
        + " | ".join(
            _beside(row.filter_steps[view], BARS.get(row.links, (None,) * 5)[3], ".0f")
            for view in VIEWS
        )
        + " |"
        for row in rows
    ]
    return "\n".join(lines)


def _beside(measured: float, bar: float | None, form: str) -> str:
    """A figure with its bar, and a word where it does not keep it."""
    if bar is None:
        return f"{measured:{form}}"
    return f"{measured:{form}} (≤ {bar:g})" + (" **missed**" if measured > bar else "")


if __name__ == "__main__":
    main()
