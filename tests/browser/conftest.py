"""One browser a session, every page built once, and no page that asks or complains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from playwright.sync_api import Browser

from browser.opened import Opened, Opening
from maillage.drawing import page
from maillage.network import links
from maillage.store import Store
from maillage.surroundings import surround
from sample_graph import hostile_graph, sample_graph


@pytest.fixture
def opening(browser: Browser) -> Iterator[Opening]:
    """Opens pages; at the end none of them has asked for anything or complained."""
    tabs: list[Opened] = []

    def opened(path: Path, **more: Any) -> Opened:
        tabs.append(Opened(browser, path, **more))
        return tabs[-1]

    yield opened
    asked = [url for tab in tabs for url in tab.foreign()]
    complaints = [text for tab in tabs for text in tab.complaints]
    for tab in tabs:
        tab.close()
    assert asked == []
    assert complaints == []


@pytest.fixture(scope="session")
def record_graph(store: Store) -> nx.MultiGraph[str]:
    """The Franco-Chinese record, with the events and documents around it."""
    return surround(links(store), store)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Writes the page of a graph as a person would find it."""

    def write(graph: nx.MultiGraph[str], name: str = "réseau 网络", **more: Any) -> Path:
        path = tmp_path_factory.mktemp("page") / f"{name}.html"
        path.write_bytes(page(graph, **more).encode("utf-8"))
        return path

    return write


@pytest.fixture(scope="session")
def sample(written: Callable[..., Path]) -> Path:
    """Thirteen links between real places, one of them of three."""
    return written(sample_graph())


@pytest.fixture(scope="session")
def record(written: Callable[..., Path], record_graph: nx.MultiGraph[str]) -> Path:
    """The map that a person gets from the shipped data."""
    return written(record_graph, "franco-chinese")


@pytest.fixture(scope="session")
def hostile(written: Callable[..., Path]) -> Path:
    """A network whose every text tries to become something else."""
    return written(hostile_graph(), "hostile")
