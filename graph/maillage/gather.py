"""Everything in one dataset: ontology, concepts, what the documents assert, what follows from it.

This is the only place that knows which files make the graph; building, checking and tests all
start here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import RDF, SKOS, Dataset, Graph, Literal, URIRef

from maillage.derive import derive
from maillage.errors import BadTables, TableFault
from maillage.folders import folder, house_text
from maillage.gazetteer import gazetteer
from maillage.ingest import ingest
from maillage.mint import graph_iri, parse, thing
from maillage.native import dataset_of_quads, new_dataset, quads_of
from maillage.origins import Origins
from maillage.settle import decided, settle
from maillage.tables import Table, read_folder, read_table
from maillage.terms import MLG
from maillage.words import LANGUAGES, TAGS, best, say

__all__ = ["Gathered", "gather", "ontology_dataset", "ontology_graph", "ontology_store"]

#: Which files of ``ontology/`` are queried beside the data, and in which graph they stand.
ONTOLOGY_FILES = {
    "ontology": ("vocabulary.ttl", "borrowed.ttl", "alignments.ttl"),
    "schemes": ("themes.ttl", "lists.ttl"),
}


class Gathered(NamedTuple):
    """The whole graph, and where each statement of it was written down."""

    dataset: Dataset
    origins: Origins


def ontology_graph(*names: str) -> Graph:
    """Parse files of ``ontology/`` into one graph."""
    graph = Graph()
    for name in names:
        graph.parse(data=house_text(folder("ontology") / name), format="turtle")
    return graph


def ontology_dataset() -> Dataset:
    """A new dataset that holds the ontology and the concepts, each in its graph."""
    dataset = new_dataset()
    for name, files in ONTOLOGY_FILES.items():
        graph = dataset.graph(graph_iri(name))
        for triple in _parsed(folder("ontology"), files):
            graph.add(triple)
    return dataset


def ontology_store() -> ox.Store:
    """A new store in memory that holds the ontology and the concepts, each in its graph."""
    store = ox.Store()
    store.bulk_extend(quads_of(ontology_dataset()))
    return store


@cache
def _parsed(_: Path, files: tuple[str, ...]) -> Graph:
    return ontology_graph(*files)


def gather(
    data: Path | None = None,
    also: Sequence[Path] = (),
    step: Callable[[str], None] = lambda _: None,
) -> Gathered:
    """Read ontology and tables, and derive what follows.

    :param data: the folder of tables; the one that travels with Maillage when not given.
    :param also: further table files (added to those of the folder) or folders of tables.
    :param step: told the name of each step as it starts (keys ``step.<name>`` of the words).
    :raises BadTables: with every fault of every table.
    """
    step("read")
    tables = decided(_tables(data or folder("data"), also))
    where = (data or folder("data")) / "gazetteer"
    if where.is_dir():
        step("settle")
        tables = settle(tables, gazetteer(where))
    store = ontology_store()
    step("ingest")
    origins = ingest(tables, store)
    dataset = dataset_of_quads(store)
    _describe_graphs(dataset)
    step("derive")
    derive(dataset)
    return Gathered(dataset, origins)


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


def _describe_graphs(dataset: Dataset) -> None:
    """Say of each named graph what it holds and, where one, from which document."""
    catalogue = dataset.graph(graph_iri("catalogue"))
    for name in ("labels", "catalogue", *ONTOLOGY_FILES):
        _describe(catalogue, graph_iri(name), MLG.ReferenceGraph, f"graph.{name}", [])
    classes = {
        "source": MLG.SourceGraph,
        "inferred": MLG.InferredGraph,
        "evidence": MLG.EvidenceGraph,
    }
    for graph in sorted({g.identifier for g in dataset.graphs()}):
        named = parse(str(graph))
        part, _, key = named.key.partition("--") if named else ("", "", "")
        if part not in classes or not key:
            continue
        source = thing("source", key)
        titles = [
            (t.language or "", str(t))
            for t in dataset.objects(source, SKOS.prefLabel)
            if isinstance(t, Literal)
        ]
        _describe(catalogue, URIRef(graph), classes[part], f"graph.{part}", titles)
        catalogue.add((URIRef(graph), MLG.isAssertedFrom, source))


def _describe(
    catalogue: Graph, graph: URIRef, kind: URIRef, key: str, titles: list[tuple[str, str]]
) -> None:
    catalogue.add((graph, RDF.type, kind))
    for lang in LANGUAGES:
        label = say(key, lang, title=best(titles, lang) or "")
        catalogue.add((graph, SKOS.prefLabel, Literal(label, lang=TAGS[lang])))
