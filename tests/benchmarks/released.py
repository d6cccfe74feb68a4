"""A release of made-up data, as ``maillage build`` leaves one: ``released.py DIR --links 100000``.

The folder can be asked (``maillage ask --store DIR``), served and measured like any other. Only the
canonical N-Quads, their store and the inventory are in it. Memory does not grow with the links.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from generated import generated

from maillage.release import pointed, release
from maillage.runs import ordered

__all__ = ["released"]


def released(folder: Path, links: int, seed: int = 1) -> Path:
    """The release of so many links; made when the folder holds none yet."""
    if pointed(folder) is None:
        with release(folder) as temporary, (temporary / "maillage.nq").open("wb") as file:
            pages = (page.encode() for page in generated(links, seed))
            file.writelines(ordered(line for page in pages for line in page.splitlines(True)))
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--links", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(released(given.folder, given.links, given.seed))


if __name__ == "__main__":
    main()
