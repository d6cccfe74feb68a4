"""A made-up network as Parquet, without RDF: ``generated_parquet.py FOLDER --links 1000000``.

The tables are those of ``maillage publish --format parquet``, their rows made by the same code:
links, the pairs that they join, and their parties; the other tables are empty. Memory holds the
places, a mark for each link and one group of rows, so that it does not follow the number of links.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from generator.network import Network

from maillage.parquet import README, write_tables
from maillage.parquetrows import rows

__all__ = ["tables"]


def tables(folder: Path, links: int, seed: int = 1) -> Path:
    """The folder of so many links; made when it is not there, and anew when it is not whole."""
    place = folder / f"network-{links}-{seed}"
    if not (place / README).exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        network = Network(links, seed)
        write_tables(rows(network.things(), network.around), place, f"made-up-{links}-{seed}")
    return place


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--links", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(tables(given.folder, given.links, given.seed))


if __name__ == "__main__":
    main()
