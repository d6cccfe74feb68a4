"""What the endpoint tells of itself: counted by the engine once for each release."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from maillage.errors import MaillageError
from maillage.wire.description import Described

if TYPE_CHECKING:  # the application imports the handlers, which import this
    from maillage.served.editions import Edition

__all__ = ["described"]

_GRAPHS: Final = (
    "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } "
    "GROUP BY ?graph ORDER BY ?graph"
)
_UNION: Final = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"


async def described(edition: Edition, base: str) -> Described:
    """The description of the endpoint at an address, with the numbers of this release.

    Where a graph is too large to be counted in time, nothing is claimed of its size.
    """
    if edition.counted is None:
        try:
            graphs = [(row[0], int(row[1])) for row in await _rows(edition, _GRAPHS)]
            union = int((await _rows(edition, _UNION))[0][0])
            edition.counted = (union, graphs)
        except MaillageError:
            return Described(f"{base}sparql", edition.release, None, ())
    union, graphs = edition.counted
    # all of them together are what can be asked here
    truth = sorted(name for name in edition.files if name.endswith(".nq"))
    dumps = [f"{base}release/{edition.cited.id}/{name}" for name in truth]
    return Described(f"{base}sparql", edition.release, union, graphs, dumps)


async def _rows(edition: Edition, query: str) -> list[list[str]]:
    job = {"query": query, "formats": ["text/csv"], "default_graphs": None, "named_graphs": None}
    with await edition.sparql.do(job) as done:
        return list(csv.reader(io.StringIO(done.read().decode())))[1:]
