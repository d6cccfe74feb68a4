"""What many tests start from: the graph of the shipped data, made once."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from maillage.build import Built, build
from maillage.gather import Gathered, gather
from maillage.resolve import Names
from maillage.store import Store, memory_store

# Answers and messages are compared in English unless a test asks for another language.
os.environ["MAILLAGE_LANG"] = "en"
os.environ["COLUMNS"] = "140"

# Machines are noisy: how long an example takes proves nothing.
settings.register_profile("maillage", deadline=None)
settings.load_profile("maillage")

#: The founding documents, where somebody has them beside the checkout.
DOCUMENTS = Path(__file__).parents[2] / "shared" / "sources"


#: What Chromium is called where a system has it.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one named by MAILLAGE_CHROMIUM, the system's, or Playwright's own."""
    found = os.environ.get("MAILLAGE_CHROMIUM") or next(
        filter(None, map(shutil.which, CHROMIUM)), None
    )
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def shipped() -> Gathered:
    """The whole graph of the data that travel with Maillage; tests only read it."""
    return gather()


@pytest.fixture(scope="session")
def store(shipped: Gathered) -> Store:
    """The same graph in Oxigraph."""
    return memory_store(shipped.dataset)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What a build makes of the shipped data; tests only read it, or copy it first."""
    return build(tmp_path_factory.mktemp("build") / "out")


@pytest.fixture(scope="session")
def out(built: Built) -> Path:
    """The folder of that build."""
    return built.folder.parent


@pytest.fixture(scope="session")
def names(store: Store) -> Names:
    return Names(store)
