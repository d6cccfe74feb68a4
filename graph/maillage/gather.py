"""Everything in one store: ontology, concepts, what the documents assert, what follows from it.

This is the only place that knows which files make the graph; building, checking and tests all
start here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shutil import disk_usage
from typing import Final

import pyoxigraph as ox
from rdflib import RDF, SKOS, Dataset, Graph, URIRef

from maillage.derive import derive
from maillage.errors import BadTables, MaillageError, TableFault
from maillage.folders import folder, house_text
from maillage.gazetteer import gazetteer
from maillage.ingest import ingest
from maillage.mint import graph_iri, parse, thing
from maillage.native import dataset_of_quads
from maillage.origins import Origins
from maillage.quads import about, text, texts
from maillage.settle import decided, settle
from maillage.tables import Table, read_folder, read_table
from maillage.terms import MLG
from maillage.words import LANGUAGES, best, say

__all__ = ["Gathered", "gather", "ingested", "ontology_graph", "ontology_store"]

#: Which files of ``ontology/`` are queried beside the data, and in which graph they stand.
ONTOLOGY_FILES = {
    "ontology": ("vocabulary.ttl", "borrowed.ttl", "alignments.ttl"),
    "schemes": ("themes.ttl", "lists.ttl"),
}

#: Rows above which a store stands in a folder: in memory a row takes some 25 kB, claims, evidence,
#: what follows and the union of all; in a folder a step takes two to three times as long.
MOST: Final = 100_000

#: Bytes of a disk that a row takes at least, while it is worked on: made-up rows took 17,000.
ROW: Final = 8_000

_PREF_LABEL, _CATALOGUE = map(ox.NamedNode, (SKOS.prefLabel, graph_iri("catalogue")))


@dataclass
class Gathered:
    """The whole graph, and where each statement of it was written down.

    :ivar store: the named graphs; nothing stands outside of them until it is checked.
    :ivar folder: where the store lies, if not in memory.
    """

    store: ox.Store
    origins: Origins
    folder: Path | None = None

    @cached_property
    def dataset(self) -> Dataset:
        """The same in rdflib's terms, its default graph the union of the named ones: a copy."""
        return dataset_of_quads(self.store)

    def add(self, quads: Iterable[ox.Quad]) -> None:
        """Add statements, and what follows from them and from those that are there."""
        self.store.bulk_extend(quads)
        derive(self.store)
        self.__dict__.pop("dataset", None)  # the copy is of before


def ontology_graph(*names: str) -> Graph:
    """Parse files of ``ontology/`` into one graph."""
    graph = Graph()
    for name in names:
        graph.parse(data=house_text(folder("ontology") / name), format="turtle")
    return graph


def ontology_store(room: Path | None = None) -> ox.Store:
    """A new store that holds the ontology and the concepts, each in its graph.

    :param room: the folder to make it in; it is kept in memory when not given.
    """
    store = ox.Store(None if room is None else str(room))
    for name, files in ONTOLOGY_FILES.items():
        for file in files:
            source = house_text(folder("ontology") / file)
            store.load(source, ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph_iri(name)))
    return store


def gather(
    data: Path | None = None,
    also: Sequence[Path] = (),
    step: Callable[[str], None] = lambda _: None,
    room: Path | None = None,
) -> Gathered:
    """Read ontology and tables, and derive what follows.

    :param data: the folder of tables; the one that travels with Maillage when not given.
    :param also: further table files (added to those of the folder) or folders of tables.
    :param step: told the name of each step as it starts (keys ``step.<name>`` of the words).
    :param room: a folder that is not there yet, where the store stands if the tables have many
        rows; whoever gives it takes it away.
    :raises BadTables: with every fault of every table.
    :raises MaillageError: when the disk of ``room`` has too little left for so many rows.
    """
    step("read")
    tables = decided(_tables(data or folder("data"), also))
    where = (data or folder("data")) / "gazetteer"
    if where.is_dir():
        step("settle")
        tables = settle(tables, gazetteer(where))
    rows = sum(len(table.rows) for table in tables)
    if rows > MOST and room is not None:
        _refuse_without_room(room.parent, rows)
    step("ingest")
    gathered = ingested(tables, room if rows > MOST else None)
    gathered.store.bulk_extend(_described(gathered.store))
    step("derive")
    derive(gathered.store)
    return gathered


def ingested(tables: Iterable[Table], room: Path | None = None) -> Gathered:
    """The ontology and the rows of tables, before anything is derived from them.

    :param room: the folder to keep the store in; it is kept in memory when not given.
    :raises BadTables: when rows refer to things that stand nowhere.
    """
    store = ontology_store(room)
    return Gathered(store, ingest(tables, store), room)


def _refuse_without_room(disk: Path, rows: int) -> None:
    """Refuse a work of hours that would end for want of room."""
    need, free = rows * ROW, disk_usage(disk).free
    if free < need:
        giga = 1e9
        shown = {"need": f"{need / giga:.1f}", "free": f"{free / giga:.1f}"}
        raise MaillageError("little-room", path=disk, n=rows, **shown)


def _tables(data: Path, also: Sequence[Path]) -> list[Table]:
    tables: list[Table] = []
    faults: list[TableFault] = []
    known = {file.resolve() for file in data.glob("*.csv")}
    for path in (data, *also):
        try:
            if path.is_dir():
                tables += read_folder(path)
            elif path.resolve() not in known:
                tables.append(read_table(path))
        except BadTables as error:
            faults += error.faults
    if faults:
        raise BadTables(faults)
    return tables


def _described(store: ox.Store) -> Iterator[ox.Quad]:
    """What each named graph holds and, where one, from which document."""
    for name in ("labels", "catalogue", *ONTOLOGY_FILES):
        yield from _told(graph_iri(name), MLG.ReferenceGraph, f"graph.{name}")
    classes = {
        "source": MLG.SourceGraph,
        "inferred": MLG.InferredGraph,
        "evidence": MLG.EvidenceGraph,
    }
    for graph in list(store.named_graphs()):
        named = parse(graph.value)
        part, _, key = named.key.partition("--") if named else ("", "", "")
        if part in classes and key:
            source = ox.NamedNode(thing("source", key))
            labels = texts(about(store, source), _PREF_LABEL)
            titles = sorted((label.language or "", label.value) for label in labels)
            yield from _told(graph.value, classes[part], f"graph.{part}", titles)
            is_from = ox.NamedNode(MLG.isAssertedFrom)
            yield ox.Quad(ox.NamedNode(graph.value), is_from, source, _CATALOGUE)


def _told(
    graph: str, kind: URIRef, key: str, titles: Sequence[tuple[str, str]] = ()
) -> Iterator[ox.Quad]:
    node = ox.NamedNode(graph)
    yield ox.Quad(node, ox.NamedNode(RDF.type), ox.NamedNode(kind), _CATALOGUE)
    for lang in LANGUAGES:
        label = say(key, lang, title=best(titles, lang) or "")
        yield ox.Quad(node, _PREF_LABEL, text(label, lang), _CATALOGUE)
