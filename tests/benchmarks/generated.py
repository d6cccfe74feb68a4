"""Made-up cooperation data in our ontology: ``python tests/benchmarks/generated.py --links 10000``.

Prints N-Quads, as ``build`` would write them but for their order: the ontology, the places, and
document by document what is claimed, by whom, with which evidence, and what follows from it. The
same number of links and the same seed give the same bytes, on any machine. Memory holds the places
and a mark for each link, and nothing else that grows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from generator.documents import Documents
from generator.planted import planted

__all__ = ["generated"]


def generated(links: int, seed: int = 1, errors: int = 0) -> Iterator[str]:
    """N-Quads, many lines at a time.

    :param errors: how many errors of each kind are planted (:data:`generator.planted.KINDS`).
    """
    yield from Documents(links, seed).pages()
    yield from planted(errors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=int, default=0)
    given = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    for page in generated(given.links, given.seed, given.errors):
        sys.stdout.write(page)


if __name__ == "__main__":
    main()
