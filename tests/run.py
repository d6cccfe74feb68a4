"""Set everything up and run every check: ``python3 tests/run.py`` (Python 3.11 or later).

Makes the virtual environment ``.venv-test`` from the repository's own files, finds a browser or
installs one (Debian's Chromium by apt-get where that is allowed, else Playwright's own), and what
else meets our work in the tests: nginx, Apache, R and Virtuoso where apt-get is allowed, Comunica
where npm is. Then runs
formatter, linters, type checker, import contracts and tests, and stops at the first that fails.
Arguments go to pytest: ``python3 tests/run.py -k dates``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv-test"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def run(*command: str | Path, quiet: bool = False) -> None:
    print(
        "$", *(Path(part).name if isinstance(part, Path) else part for part in command), flush=True
    )
    out = subprocess.DEVNULL if quiet else None
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, stdout=out)


def environment() -> None:
    """The repository installed with its test tools, as it stands."""
    if not (BIN / "python").exists() and not (BIN / "python.exe").exists():
        venv.create(ENVIRONMENT, with_pip=True)
    run(BIN / "python", "-m", "pip", "install", "--quiet", "--upgrade", "pip")
    run(BIN / "python", "-m", "pip", "install", "--quiet", "--editable", ".[test]")


def browser() -> None:
    """A Chromium for the page tests, with a Chinese font to look at."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0 and not (found and CJK_FONT.exists()):
        run(apt, "update", "-qq", quiet=True)
        run(apt, "install", "-y", "-qq", "chromium", "fonts-noto-cjk", quiet=True)
        found = shutil.which("chromium")
    if not found:
        print(
            "No Chromium here and apt-get is not allowed: installing Playwright's own.", flush=True
        )
        run(BIN / "python", "-m", "playwright", "install", "chromium")


#: What else meets our work in the tests, and Debian's package of it: a proxy, a static host, R, an
#: engine, and what Spark runs on.
PROGRAMS = {
    "nginx": "nginx-light",
    "apache2": "apache2-bin",
    "Rscript": "r-base-core",
    "openssl": "openssl",
    "curl": "curl",
    "virtuoso-t": "virtuoso-opensource-7-bin",
    "java": "default-jre-headless",
}


def programs() -> None:
    """Programs of the system; where one cannot be installed, its tests are skipped."""
    apt = shutil.which("apt-get")
    packages = [package for name, package in PROGRAMS.items() if not _program(name)]
    if packages and apt and os.geteuid() == 0:
        run(apt, "update", "-qq", quiet=True)
        run(apt, "install", "-y", "-qq", "--no-install-recommends", *packages, quiet=True)


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


#: What is fetched once for the tests of all checkouts.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "maillage-tests"


def suite() -> None:
    """W3C's test suite of SHACL, as it travels in pySHACL's source package."""
    name = "pyshacl-0.40.1"
    if not (CACHE / name).is_dir():
        with tempfile.TemporaryDirectory() as folder:
            download = (
                "download",
                "--quiet",
                "--no-deps",
                "--no-binary",
                "pyshacl",
                "--dest",
                folder,
            )
            run(BIN / "python", "-m", "pip", *download, name.replace("-", "=="))
            with tarfile.open(Path(folder) / f"{name}.tar.gz") as package:
                package.extractall(folder, filter="data")
            CACHE.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(folder) / name, CACHE / name)


def client() -> None:
    """Comunica, a client in JavaScript, into this person's cache; without npm it is not tried.

    Its version 5 wants a newer Node than Debian has.
    """
    place = CACHE / "comunica-4.5"
    npm = shutil.which("npm")
    if npm and not (place / "node_modules" / ".bin" / "comunica-sparql").exists():
        place.mkdir(parents=True, exist_ok=True)
        package = "@comunica/query-sparql@4.5"
        run(npm, "install", "--prefix", place, "--no-audit", "--no-fund", "--ignore-scripts", package, quiet=True)  # fmt: skip


def checks(arguments: list[str]) -> None:
    run(BIN / "ruff", "format", "--check", "--quiet")
    run(BIN / "ruff", "check", "--quiet")
    run(BIN / "mypy")
    run(BIN / "lint-imports")
    # a file stays in one process: what its tests share is made once
    run(BIN / "python", "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments)


if __name__ == "__main__":
    try:
        environment()
        browser()
        programs()
        client()
        suite()
        checks(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
