"""A release put into an engine, so that questions can be asked there: ``maillage build --load``.

What is sent is read from the canonical N-Quads, as a stream: memory does not grow with the release.
:mod:`maillage.engines.marks` tells what is written beside the graphs, and where their union goes.
The order of things is such that whatever interrupts a load leaves an engine that says so, and that
the next one goes on where it stopped:

1. The mark that names the release is taken away; from now on nothing is answered from there.
2. The marks of graphs that will change or go lose their digests, and these graphs are emptied.
   They stay named, so that a later load of a release that lacks them does not leave them there.
3. Statements are sent in batches; every tenth says how many were sent before it. A load that was
   interrupted skips them; graphs that stood whole, of this release or another, are not sent at all.
4. The graphs are marked with their digests.
5. The engine is asked how many statements each graph holds; a difference is an error.
6. The mark that names the release is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import pyoxigraph as ox
from rdflib import URIRef

from maillage.engines.answers import ROWS
from maillage.engines.answers import read as read_answer
from maillage.engines.connection import Connection
from maillage.engines.marks import BEGUN, EXTENT, IDENTIFIER, LOADED, TYPE, UNION, VERSION, Marks
from maillage.engines.marks import read as read_marks
from maillage.engines.writing import Writer, batches, writer
from maillage.errors import MaillageError
from maillage.inventory import read as read_inventory
from maillage.mint import graph_iri
from maillage.release import hold
from maillage.runs import by_graph, merged
from maillage.store import Answer

__all__ = ["Loaded", "load"]

_Target = URIRef | None
_Statement = tuple[_Target, bytes]

#: After how many batches it is written how many were sent.
STRIDE: Final = 10

#: Graphs whose statements are counted by one question.
_COUNTED: Final = 200


class Loaded(NamedTuple):
    """What a load did: the release, the statements sent, the graphs that stood there already."""

    release: str
    sent: int
    kept: int


@dataclass
class _Census:
    """What stands in a graph: how many statements, and their digest."""

    count: int
    digest: Any

    def see(self, line: bytes) -> None:
        self.count += 1
        self.digest.update(line + b"\n")


def load(
    out: Path,
    address: str,
    to: str | None = None,
    by: str | None = None,
    told: Callable[[int, int], None] = lambda _, __: None,
) -> Loaded:
    """Put the release that an output folder points to into an engine.

    :param address: where the engine is asked.
    :param to: where it is written; found from ``address`` when nobody says.
    :param by: ``update`` or ``graph-store``; what suits the engine when nobody says.
    :param told: told how many statements were sent, and of how many.
    :raises MaillageError: when the engine refuses, holds somebody else's data where ours would go,
        or does not hold in the end what was sent.
    """
    connection = Connection(address)
    with hold(out) as held:
        name = read_inventory(held.folder).release
        files = sorted(held.folder.glob("*.nq"))
        return _Load(connection, files, name, told).carried_out(to, by)


class _Load:
    """One load, from the first look at the engine to the last mark."""

    def __init__(
        self,
        connection: Connection,
        files: Sequence[Path],
        name: str,
        told: Callable[[int, int], None],
    ) -> None:
        self._connection, self._files, self._name, self._told = connection, files, name, told

    def carried_out(self, to: str | None, by: str | None) -> Loaded:
        graphs, union = _census(self._files)
        marks = read_marks(self._select)
        wanted = {graph: census.digest.hexdigest() for graph, census in graphs.items()}
        wanted[UNION] = union.digest.hexdigest()
        if marks.release == self._name and marks.digests == wanted:
            return Loaded(self._name, 0, len(graphs))
        write = writer(self._connection, to, by)
        layout = marks.layout or self._layout(write)
        place = None if layout == "default" else UNION

        changed = {graph for graph in wanted if marks.digests.get(graph) != wanted[graph]}
        gone = marks.digests.keys() - wanted.keys()
        plan = _plan({graph: wanted.get(graph, BEGUN) for graph in changed | gone}, write.batch)
        total = sum(graphs[graph].count for graph in changed - {UNION})
        total += union.count if UNION in changed else 0

        sent = marks.sent.get(plan)
        if sent is None:
            sent = 0
            self._begin(write, marks, layout, changed | gone)
            there = self._counts(sorted(changed | gone)).keys() | {UNION}
            write.clear(place if g == UNION else g for g in sorted((changed | gone) & there))
        self._send(write, self._statements(changed, place), plan, sent, total)

        loaded = Marks(wanted, layout)
        write.change(LOADED, _lines(read_marks(self._select)), _lines(loaded))
        self._compare(write, graphs | {UNION: union}, loaded, place)
        write.put({LOADED: [_line(LOADED, VERSION, self._name)]})
        return Loaded(self._name, total, len(wanted) - len(changed))

    def _layout(self, write: Writer) -> str:
        """Where the union goes in this engine: into its default graph, if that is one of its own.

        A statement is put into two graphs, and then looked for without naming one.

        :raises MaillageError: when what was written is not found, or the place is taken.
        """
        probes = [graph_iri(f"probe-{n}") for n in (1, 2)]
        line = _line(probes[0], TYPE, "probe")
        write.put({probe: [line] for probe in probes})
        pattern = line.decode().removesuffix(" .")
        there = self._select(f"SELECT ?g {{ GRAPH ?g {{ {pattern} }} }}").rows
        apart = not self._select(f"SELECT (1 AS ?n) {{ {pattern} }}").rows
        write.clear(probes)
        if not {probes[0], probes[1]} <= {graph for (graph,) in there}:
            raise MaillageError("load-elsewhere", address=self._connection.address)
        if apart and self._select("SELECT (1 AS ?n) { ?s ?p ?o } LIMIT 1").rows:
            raise MaillageError("load-taken", address=self._connection.address)
        return "default" if apart else "named"

    def _begin(self, write: Writer, marks: Marks, layout: str, changed: set[URIRef]) -> None:
        """Take back what will not be true any more, the name of the release first."""
        before, nameless = _lines(marks), _lines(Marks(marks.digests, layout))
        write.change(LOADED, before, nameless)
        kept = marks.digests | dict.fromkeys(changed, BEGUN)
        write.change(LOADED, nameless, _lines(Marks(kept, layout)))

    def _statements(self, changed: set[URIRef], place: _Target) -> Iterator[_Statement]:
        """What is to be sent, in an order that is the same each time."""
        lines = (line for line in merged(self._files) if _split(line)[1] in changed)
        for name, text in by_graph(lines):
            graph = URIRef(name[1:-1].decode())
            yield from ((graph, statement + b" .") for statement in text.splitlines())
        if UNION in changed:
            yield from ((place, line) for line in _distinct(_quads(self._files)))

    def _send(
        self, write: Writer, statements: Iterable[_Statement], plan: str, sent: int, total: int
    ) -> None:
        done = 0
        for number, batch in enumerate(batches(statements, write.batch)):
            done += len(batch)
            if number >= sent:
                # what this says of those before is true, whatever becomes of this one
                lines: dict[_Target, list[bytes]] = {}
                if number % STRIDE == 0:
                    lines[LOADED] = [_line(LOADED, EXTENT, f"{plan} {number}")]
                for graph, line in batch:
                    lines.setdefault(graph, []).append(line)
                write.put(lines)
            self._told(done, total)

    def _compare(
        self, write: Writer, graphs: dict[URIRef, _Census], marks: Marks, place: _Target
    ) -> None:
        """Ask the engine how much it holds.

        An engine that writes ``01`` and ``1`` as one number may hold less: then as much as our own
        store makes of it.

        :raises MaillageError: when it holds anything else; these graphs are sent anew next time.
        """
        found = self._counts([graph for graph in graphs if graph != UNION or place is not None])
        if place is None:
            ((number,),) = self._select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
            found[UNION] = int(str(number))
        wrong = {
            graph
            for graph, census in graphs.items()
            if found.get(graph, 0) != census.count
            and found.get(graph, 0) != _stored(self._files, graph)
        }
        if wrong:
            right = marks.digests | dict.fromkeys(wrong, BEGUN)
            write.change(LOADED, _lines(marks), _lines(Marks(right, marks.layout)))
            first = min(wrong)
            raise MaillageError(
                "load-differs",
                address=self._connection.address,
                graph=first,
                found=found.get(first, 0),
                expected=graphs[first].count,
            )

    def _counts(self, graphs: Iterable[URIRef]) -> dict[URIRef, int]:
        found: dict[URIRef, int] = {}
        for some in batches(graphs, _COUNTED):
            names = " ".join(f"<{graph}>" for graph in some)
            rows = self._select(
                f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}"
                " GROUP BY ?g"
            ).rows
            found |= {URIRef(str(graph)): int(str(number)) for graph, number in rows}
        return found

    def _select(self, sparql: str) -> Answer:
        response = self._connection.ask([("query", sparql)], ROWS)
        return cast("Answer", read_answer(self._connection.address, response))


def _quads(files: Sequence[Path]) -> Iterator[tuple[URIRef, bytes]]:
    """The graph and the line of N-Triples of each statement, in canonical order."""
    for line in merged(files):
        triple, graph = _split(line)
        yield graph, triple


def _split(line: bytes) -> tuple[bytes, URIRef]:
    # the last address of a line is its graph, and no address holds a blank
    triple, _, graph = line.rstrip(b" .\r\n").rpartition(b" ")
    return triple + b" .", URIRef(graph[1:-1].decode())


def _distinct(quads: Iterable[tuple[URIRef, bytes]]) -> Iterator[bytes]:
    """Each statement once: in canonical order, the same one in two graphs stands side by side."""
    before = b""
    for _, line in quads:
        if line != before:
            yield line
        before = line


def _census(files: Sequence[Path]) -> tuple[dict[URIRef, _Census], _Census]:
    graphs: dict[URIRef, _Census] = {}
    union, before = _Census(0, sha256()), b""
    for graph, line in _quads(files):
        if graph not in graphs:
            graphs[graph] = _Census(0, sha256())
        graphs[graph].see(line)
        if line != before:
            union.see(line)
        before = line
    return graphs, union


def _stored(files: Sequence[Path], graph: URIRef) -> int:
    """How many statements our own store makes of those of a graph."""
    quads = _quads(files)
    lines = _distinct(quads) if graph == UNION else (line for name, line in quads if name == graph)
    store = ox.Store()
    store.bulk_load(b"\n".join(lines), ox.RdfFormat.N_TRIPLES)
    return len(store)


def _plan(digests: dict[URIRef, str], batch: int) -> str:
    """What is to be sent, as one short name."""
    told = "".join(f"{graph} {digest}\n" for graph, digest in sorted(digests.items()))
    return sha256(f"{batch}\n{told}".encode()).hexdigest()[:16]


def _line(subject: URIRef, predicate: str, value: str) -> bytes:
    return f'<{subject}> {predicate} "{value}" .'.encode()


def _lines(marks: Marks) -> set[bytes]:
    """Marks as statements."""
    lines = {_line(graph, IDENTIFIER, digest) for graph, digest in marks.digests.items()}
    lines |= {
        _line(LOADED, EXTENT, f"{plan} {number}")
        for plan, sent in marks.sent.items()
        for number in range(0, sent + 1, STRIDE)
    }
    lines |= {_line(UNION, TYPE, marks.layout)} if marks.layout else set()
    return lines | ({_line(LOADED, VERSION, marks.release)} if marks.release else set())
