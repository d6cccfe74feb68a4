"""Writing into an engine: by SPARQL 1.1 Update, or by the Graph Store Protocol.

Both put ground statements where they belong, so that doing it twice does no harm, and both are
bounded: a request holds at most a batch of statements. By update, one request may fill many graphs;
by graph store, each graph is a request or more, and an engine reads it as a file and not as a
program: Virtuoso takes 20 times as many statements in a second that way, and no more than some
1,000 in an update.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import chain, groupby, islice
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

from rdflib import URIRef

from maillage.engines.connection import WRITING, Connection, checked
from maillage.errors import MaillageError
from maillage.mint import graph_iri

__all__ = ["GraphStore", "Update", "Writer", "batches", "writer"]

# Where engines take what is written, by how the address ends where they are asked: Virtuoso;
# Fuseki, Stardog, Oxigraph; GraphDB and RDF4J; Neptune, QLever and others, which have one for both.
_UPDATES: Final = (
    ("/sparql", "/sparql-auth"),
    ("/sparql", "/update"),
    ("/query", "/update"),
    ("", "/statements"),
    ("", ""),
)
_STORES: Final = (
    ("/sparql", "/sparql-graph-crud-auth"),
    ("/sparql", "/data"),
    ("/query", "/data"),
    ("/query", "/store"),
    ("", "/rdf-graphs/service"),
    ("/sparql", "/sparql/gsp/"),
)

_T = TypeVar("_T")

#: A graph of the engine; nothing is its default graph.
Target = URIRef | None


class Writer(Protocol):
    """What both ways of writing can do. Statements are lines of N-Triples, without line ends."""

    #: Statements in one request.
    batch: int

    def put(self, lines: Mapping[Target, Sequence[bytes]]) -> None:
        """Add statements to graphs, in one go where that can be; at most a batch of them."""

    def clear(self, graphs: Iterable[Target]) -> None:
        """Empty graphs; those that are not there may be named."""

    def change(self, graph: URIRef, old: set[bytes], new: set[bytes]) -> None:
        """Make a graph hold ``new``, where it held ``old``."""


class Update:
    """SPARQL 1.1 Update, at an address that takes ``application/sparql-update``."""

    batch = 1_000

    def __init__(self, connection: Connection, address: str) -> None:
        self._connection, self._address = connection, address

    def probe(self) -> None:
        """Write nothing, to see whether this is the place."""
        self.put({})

    def put(self, lines: Mapping[Target, Sequence[bytes]]) -> None:
        """Add statements to graphs, by one update."""
        self._send(b"INSERT DATA {\n" + b"\n".join(_blocks(lines)) + b"\n}")

    def clear(self, graphs: Iterable[Target]) -> None:
        """Empty graphs; those that are not there may be named."""
        for some in batches(graphs, self.batch // 10):
            named = ("DEFAULT" if graph is None else f"GRAPH <{graph}>" for graph in some)
            self._send(" ;\n".join(f"DROP SILENT {name}" for name in named).encode())

    def change(self, graph: URIRef, old: set[bytes], new: set[bytes]) -> None:
        """Take away what is not in ``new``, and add what is not in ``old``.

        What is said of one thing changes in one request, so that it is never without anything.
        """
        told = {_subject(line) for line in new}
        together = groupby(
            sorted(old ^ new), lambda line: _subject(line) if _subject(line) in told else line
        )
        for some in batches((list(lines) for _, lines in together), self.batch // 2):
            lines = list(chain.from_iterable(some))
            away, more = ([line for line in lines if line in kept] for kept in (old, new))
            kinds = ((b"DELETE", away), (b"INSERT", more))
            parts = [
                b"%s DATA {\n%s\n}" % (kind, b"\n".join(_blocks({graph: part})))
                for kind, part in kinds
                if part
            ]
            self._send(b" ;\n".join(parts))

    def _send(self, text: bytes) -> None:
        headers = {"Content-Type": "application/sparql-update", "Accept": "*/*"}
        self._connection.send("POST", self._address, data=text, headers=headers, timeout=WRITING)


def _subject(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _blocks(lines: Mapping[Target, Sequence[bytes]]) -> Iterator[bytes]:
    for graph, some in lines.items():
        if graph is None:
            yield from some
        else:
            yield b"GRAPH <%s> {" % graph.encode()
            yield from some
            yield b"}"


class GraphStore:
    """SPARQL 1.1 Graph Store HTTP Protocol, with indirect names (``?graph=…``, ``?default``)."""

    batch = 20_000

    def __init__(self, connection: Connection, address: str) -> None:
        self._connection, self._address = connection, address

    def probe(self) -> None:
        """Write one statement of no meaning, to see whether this is the place."""
        probe = graph_iri("probe")
        self.change(probe, set(), {f'<{probe}> <{probe}> "probe" .'.encode()})
        self.clear([probe])

    def put(self, lines: Mapping[Target, Sequence[bytes]]) -> None:
        """Add statements to graphs, one after the other."""
        for graph, some in lines.items():
            self._send("POST", graph, some)

    def clear(self, graphs: Iterable[Target]) -> None:
        """Empty graphs; those that are not there may be named."""
        for graph in graphs:
            try:
                self._send("DELETE", graph)
            except MaillageError as error:
                if error.values.get("status") != HTTPStatus.NOT_FOUND:
                    raise

    def change(self, graph: URIRef, old: set[bytes], new: set[bytes]) -> None:
        """Put a graph in the place of another."""
        del old
        self._send("PUT", graph, sorted(new))

    def _send(self, method: str, graph: Target, lines: Sequence[bytes] | None = None) -> None:
        parameters = {"default": ""} if graph is None else {"graph": str(graph)}
        values = {"params": parameters, "timeout": WRITING}
        if lines is not None:
            # every N-Triples document is a Turtle one, and some engines take no other
            body = b"".join(line + b"\n" for line in lines)
            values |= {"data": body, "headers": {"Content-Type": "text/turtle"}}
        self._connection.send(method, self._address, **values)


def writer(connection: Connection, to: str | None, by: str | None) -> Writer:
    """A way of writing into an engine, at the address that was given or one that takes writing.

    Only addresses of the same host are tried, by a request that leaves nothing. Where nobody says
    how to write, it is by update, but in Virtuoso.

    :raises MaillageError: when none takes it.
    """
    by = by or ("graph-store" if connection.server.startswith("Virtuoso") else "update")
    way: type[Update | GraphStore] = Update if by == "update" else GraphStore
    if to:
        checked(to)
        return way(connection, to)
    parts = urlsplit(connection.address)
    tried: list[str] = []
    for old, new in _UPDATES if way is Update else _STORES:
        if not parts.path.endswith(old):
            continue
        address = urlunsplit(parts._replace(path=parts.path.removesuffix(old) + new))
        found = way(connection, address)
        try:
            found.probe()
        except MaillageError as error:
            if error.key not in {"endpoint-refused", "endpoint-moved"}:
                raise
            tried.append(address)
        else:
            return found
    raise MaillageError("load-no-address", address=connection.address, tried=", ".join(tried))


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Items in lists of at most a size."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
