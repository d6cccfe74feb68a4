"""Installed from a wheel into an empty environment, the command works the same as in a checkout."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", place, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The command of an environment that holds the wheel and what it asks for, and nothing else."""
    place = tmp_path_factory.mktemp("empty")
    venv.create(place / "v", with_pip=True)
    folder = place / "v" / ("Scripts" if os.name == "nt" else "bin")
    install = [folder / "python", "-m", "pip", "install", "--quiet", wheel]
    subprocess.run(install, check=True, capture_output=True)

    def run(*arguments):
        environment = {
            k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "MAILLAGE_LANG"}
        }
        command = [folder / "maillage", *arguments]
        return subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, check=False
        )

    return run


def test_ontology_questions_and_data_travel_in_the_wheel(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("ontology", "queries", "data"):
        for path in (ROOT / folder).iterdir():
            if path.is_file():
                assert f"maillage/{folder}/{path.name}" in names
    assert not [name for name in names if "/tests/" in name or "__pycache__" in name]
    assert {"maillage/words.toml", "maillage/py.typed", "maillage/pages/page.html.j2"} <= names


def test_the_installed_command_builds_asks_and_publishes(installed):
    built = installed("build", "--lang", "en")
    assert built.returncode == 0, built.stderr
    asked = installed("ask", "editions", "--format", "json")
    golden = ROOT / "tests" / "golden" / "editions.tsv"
    known = len(golden.read_text(encoding="utf-8").splitlines()) - 1
    assert len(json.loads(asked.stdout)["results"]["bindings"]) == known
    checked = installed("check", "--lang", "fr")
    assert checked.returncode == 0
    assert "conformes" in checked.stdout
    published = installed("publish", "--data-only", "--lang", "zh")
    assert published.returncode == 0, published.stderr
