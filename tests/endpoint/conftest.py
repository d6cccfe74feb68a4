"""One server a session on the graph of the shipped data; tests only ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from endpoint.serving import Serving, serving


@pytest.fixture(scope="session")
def server(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The endpoint on what ``build`` made, with time for whole graphs on a machine that is busy."""
    log = tmp_path_factory.mktemp("server") / "messages.txt"
    with serving(out, log, "--slow", "60") as started:
        yield started
