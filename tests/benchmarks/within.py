"""All that lies in a place: the property path against a stored closure.

``python tests/benchmarks/within.py DIR``, where DIR was made by ``maillage build --gazetteer --out
DIR``. Both sides are asked of one store in memory, the closure in a graph of its own; equal rows
first, then medians.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import pyoxigraph as ox

IS_PART_OF = "http://purl.org/dc/terms/isPartOf"
LIES_IN = "https://example.org/liesIn"
PLACE = "https://w3id.org/maillage/id/place/"
ASKED = ("fr", "fr-region-44", "fr-departement-67", "cn-510000", "us-ca")
RUNS = 7


def median(store: ox.Store, query: str) -> tuple[float, int]:
    times, rows = [], 0
    for _ in range(RUNS):
        start = time.perf_counter()
        rows = sum(1 for _ in store.query(query))
        times.append(time.perf_counter() - start)
    return statistics.median(times), rows


def main() -> None:
    current = Path(sys.argv[1]) / "current"
    store = ox.Store()
    for name in ("maillage.nq", "gazetteer.nq"):
        for quad in ox.parse(path=str(current / name), format=ox.RdfFormat.N_QUADS):
            if quad.predicate.value == IS_PART_OF:
                store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    print(f"pyoxigraph {ox.__version__}; {len(store)} statements of hierarchy")
    start = time.perf_counter()
    above: dict[str, set[str]] = {}
    for quad in store:
        above.setdefault(quad.subject.value, set()).add(quad.object.value)
    closure = set()
    for place in above:
        ways, seen = [place], {place}
        while ways:
            for parent in above.get(ways.pop(), ()):
                if parent not in seen:
                    seen.add(parent)
                    ways.append(parent)
        closure |= {(place, parent) for parent in seen}
    node = ox.NamedNode
    store.extend(ox.Quad(node(a), node(LIES_IN), node(b)) for a, b in closure)
    print(f"closure: {len(closure)} statements more, made in {time.perf_counter() - start:.1f} s")
    for key in ASKED:
        path, rows = median(store, f"SELECT DISTINCT ?p {{ ?p <{IS_PART_OF}>* <{PLACE}{key}> }}")
        stored, same = median(store, f"SELECT DISTINCT ?p {{ ?p <{LIES_IN}> <{PLACE}{key}> }}")
        assert rows in {same, same + 1}, (key, rows, same)
        print(
            f"{key:20}{rows:7} rows  path {path * 1e3:8.2f} ms  closure {stored * 1e3:8.2f} ms  ratio {path / stored:5.1f}"
        )
    one = f"<{PLACE}fr-commune-67482>"
    up, _ = median(store, f"SELECT DISTINCT ?p {{ {one} <{IS_PART_OF}>* ?p }}")
    flat, _ = median(store, f"SELECT DISTINCT ?p {{ {one} <{LIES_IN}> ?p }}")
    print(f"above Strasbourg     path {up * 1e3:8.3f} ms  closure {flat * 1e3:8.3f} ms")


if __name__ == "__main__":
    main()
