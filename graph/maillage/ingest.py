"""From rows to triples: what each document asserts, in a graph of its own, with the evidence.

The CSVW annotations of a table say which triples a row gives (W3C *Generating RDF from Tabular
Data on the Web*, 2015, minimal mode): ``aboutUrl``, ``propertyUrl``, ``valueUrl``, data type and
language of a column, virtual columns for constants. Four things go beyond that mapping:

* a row of a claim goes to the graph of its source, ``source--<key>``, or, when its certainty is
  ``inferred``, to ``inferred--<key>``, so that the first holds nothing but what was asserted;
* the evidence of the row (document, place in it, recorder, certainty) goes to ``evidence--<key>``;
* a column marked ``mlg:graph`` holds our own words and goes to the graph named there;
* a table marked ``mlg:mintedFrom`` has no key: it is minted from those columns; in one marked
  ``mlg:fingerprintOf``, whose columns hold any text, the key is a fingerprint of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import cast

from csvw.metadata import Column
from rdflib import RDF, XSD, Dataset, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node
from uritemplate import expand

from maillage.dates import bounds
from maillage.errors import BadTables, Position, TableFault
from maillage.mint import fingerprint, graph_iri, join, link_key, parse, thing
from maillage.tables import Row, Table
from maillage.terms import MLG, NS, PREFIXES

__all__ = ["Origins", "ingest", "new_dataset"]

Triple = tuple[URIRef, URIRef, Node]

_STANDS_IN = NS + "graph"
_MINTED_FROM = NS + "mintedFrom"
_FINGERPRINT_OF = NS + "fingerprintOf"
_LANGUAGE_COLUMN = NS + "languageColumn"

OA = Namespace(PREFIXES["oa"])
# Web Annotation Data Model, 4.2.1, gives this address to plain-text fragments.
RFC5147 = URIRef("http://tools.ietf.org/rfc/rfc5147")


@dataclass
class Origins:
    """Where each triple and each thing was written down, so that a finding can point to it."""

    triples: dict[Triple, Position] = field(default_factory=dict)
    things: dict[URIRef, Position] = field(default_factory=dict)

    def find(self, subject: Node, predicate: Node | None, value: Node | None) -> Position | None:
        """The nearest place: of the triple, else of any value of that property, else the thing."""
        exact = self.triples.get(cast("Triple", (subject, predicate, value)))
        return exact or self.things.get(cast("URIRef", subject))


def new_dataset() -> Dataset:
    """An empty dataset whose default graph is the union of its named graphs."""
    return Dataset(default_union=True)


def ingest(tables: Iterable[Table], dataset: Dataset) -> Origins:
    """Add the triples of all rows to a dataset that already holds the concepts they use.

    :raises BadTables: when rows refer to things that stand nowhere; nothing is added then.
    """
    tables = list(tables)
    origins = Origins()
    rows = [_Emission(table, row) for table in tables for row in table.rows]
    for emission in rows:
        origins.things.setdefault(emission.subject, emission.row.position)
    known = set(origins.things) | {s for s in dataset.subjects() if isinstance(s, URIRef)}
    faults = [fault for emission in rows for fault in emission.faults(known)]
    if faults:
        raise BadTables(faults)
    for emission in rows:
        if emission.source:
            origins.things.setdefault(emission.evidence, emission.row.position)
        for graph, triple, position in emission.triples():
            dataset.graph(graph_iri(graph)).add(triple)
            origins.triples.setdefault(triple, position)
    return origins


class _Emission:
    """The triples of one row."""

    def __init__(self, table: Table, row: Row) -> None:
        self.table, self.row = table, row
        self._variables: dict[str, str] = {
            name: cell.values[0] for name, cell in row.cells.items() if len(cell.values) == 1
        }
        minted = cast("list[str] | None", table.schema.common_props.get(_MINTED_FROM))
        if minted:
            self._variables["_key"] = _mint(row, minted)
        names = cast("list[str] | None", table.schema.common_props.get(_FINGERPRINT_OF))
        if names:
            self._variables["_key"] = fingerprint(*(row.one(name) for name in names))
        self.subject = URIRef(self._expand(str(table.schema.aboutUrl)))
        self.source = row.one("source")
        self._about_thing: list[tuple[str, URIRef, Node, Position]] = []
        self._about_evidence: list[tuple[URIRef, Node, Position]] = []
        self._read()

    def _expand(self, template: str, **more: str) -> str:
        return expand(template, {**self._variables, **more})

    def _read(self) -> None:
        """Sort the values of the row into statements about the thing and about the evidence."""
        inferred = self.row.one("certainty") == "inferred"
        home = f"{'inferred' if inferred else 'source'}--{self.source}"
        for column in self.table.columns:
            if column.propertyUrl is None:
                continue
            predicate = URIRef(str(column.propertyUrl))
            cell = self.row.cells.get(str(column.name))
            if column.virtual:
                value: Node = URIRef(self._expand(str(column.valueUrl)))
                graph = home if self.source else "catalogue"
                self._about_thing.append((graph, predicate, value, self.row.position))
                continue
            if cell is None:
                continue
            about_evidence = column.aboutUrl is not None
            graph = column.common_props.get(_STANDS_IN) or (home if self.source else "catalogue")
            for text in cell.values:
                value = self._value(column, text)
                if about_evidence:
                    self._about_evidence.append((predicate, value, cell.position))
                else:
                    self._about_thing.append((graph, predicate, value, cell.position))

    def _value(self, column: Column, text: str) -> Node:
        if column.valueUrl is not None:
            return URIRef(self._expand(str(column.valueUrl), **{str(column.name): text}))
        written_in = column.common_props.get(_LANGUAGE_COLUMN)
        if written_in:
            return Literal(text, lang=self.row.one(written_in) or None)
        return literal(text, column)

    @property
    def evidence(self) -> URIRef:
        """The address of this row's evidence: a fingerprint of what it supports and where."""
        said = sorted(
            f"{predicate} {value.n3()}"
            for graph, predicate, value, _ in self._about_thing
            if graph != "labels"
        )
        where = (self.row.one(name) for name in ("source", "lines", "chars", "certainty"))
        return thing("evidence", fingerprint(self.subject, *where, *said))

    def faults(self, known: set[URIRef]) -> Iterable[TableFault]:
        """References to things that stand in no table and no scheme, with the nearest ones."""
        for predicate, value, position in [
            *((p, v, where) for _, p, v, where in self._about_thing),
            *self._about_evidence,
        ]:
            named = parse(str(value))
            if named is None or value in known or predicate == RDF.type:
                continue
            keys = [
                other.key for iri in known if (other := parse(iri)) and other.kind == named.kind
            ]
            close = ", ".join(get_close_matches(named.key, keys, 3)) or "-"
            column = next(n for n, c in self.row.cells.items() if c.position == position)
            values: dict[str, object] = {"kind": named.kind, "close": close}
            yield TableFault(position, column, named.key, "unknown-reference", values)
        if bool(self.row.one("lines")) != bool(self.row.one("chars")):
            filled = "lines" if self.row.one("lines") else "chars"
            cell = self.row.cells[filled]
            yield TableFault(cell.position, filled, cell.values[0], "half-a-place")
        if (start := self.row.one("start")) and (end := self.row.one("end")):
            first, last = bounds(start)[0], bounds(end)[1]
            if first and last and first > last:
                place = self.row.cells["end"].position
                yield TableFault(place, "end", end, "end-before-start", {"start": start})
        if (signed := self.row.one("signed")) and (end := self.row.one("end")):
            first, last = bounds(signed)[0], bounds(end)[1]
            if first and last and first > last:
                place = self.row.cells["end"].position
                yield TableFault(place, "end", end, "end-before-signed", {"signed": signed})
        if chars := self.row.cells.get("chars"):
            from_, to = map(int, chars.values[0].split("-"))
            if from_ >= to:
                yield TableFault(chars.position, "chars", chars.values[0], "reversed-span")

    def triples(self) -> Iterable[tuple[str, Triple, Position]]:
        """Graph name, triple and place of everything that the row says."""
        for graph, predicate, value, position in self._about_thing:
            yield graph, (self.subject, predicate, value), position
        if not self.source:
            return
        graph, node, here = f"evidence--{self.source}", self.evidence, self.row.position
        yield graph, (self.subject, MLG.hasEvidence, node), here
        yield graph, (node, RDF.type, MLG.Evidence), here
        for table_graph, predicate, _, position in self._about_thing:
            if table_graph != "labels":
                yield graph, (node, MLG.bearsOn, predicate), position
        for predicate, value, position in self._about_evidence:
            yield graph, (node, predicate, value), position
        if chars := self.row.cells.get("chars"):
            # Web Annotation Data Model, 4.2.4: characters counted from 0, the end excluded.
            selector = URIRef(node + "#characters")
            start, end = chars.values[0].split("-")
            yield graph, (node, OA.hasSelector, selector), chars.position
            yield graph, (selector, RDF.type, OA.TextPositionSelector), chars.position
            yield graph, (selector, OA.start, Literal(int(start))), chars.position
            yield graph, (selector, OA.end, Literal(int(end))), chars.position
        if lines := self.row.cells.get("lines"):
            # RFC 5147, 2.1.2: positions between lines counted from 0, so line 47 is "line=46,47".
            selector = URIRef(node + "#lines")
            first, _, last = lines.values[0].partition("-")
            fragment = f"line={int(first) - 1},{last or first}"
            yield graph, (node, OA.hasSelector, selector), lines.position
            yield graph, (selector, RDF.type, OA.FragmentSelector), lines.position
            yield graph, (selector, DCTERMS.conformsTo, RFC5147), lines.position
            yield graph, (selector, RDF.value, Literal(fragment)), lines.position


def _mint(row: Row, columns: list[str]) -> str:
    """The key of a thing that is known by what it joins."""
    keys = {name: [value.rpartition("/")[2] for value in row.all(name)] for name in columns}
    if "parties" in keys:
        return link_key(row.one("kind"), keys["parties"], row.one("proposed_for"))
    return join(*(key for name in columns for key in keys[name]))


# What stands in a cell of each CSVW type, in canonical form: stores rewrite anything else.
_TYPES: Mapping[str, URIRef] = {
    "integer": XSD.integer,
    "decimal": XSD.decimal,
    "date": XSD.date,
    "anyURI": XSD.anyURI,
}


def literal(text: str, column: Column) -> Literal:
    """The literal that a cell stands for, by the type and the language of its column."""
    datatype = column.inherit("datatype")
    if identifier := datatype.at_props.get("id") if datatype else None:
        return Literal(text, datatype=URIRef(identifier))
    if datatype and datatype.base in _TYPES:
        if datatype.base == "decimal":
            text = format(Decimal(text).normalize(), "f")
        if datatype.base == "integer":
            text = str(int(text))
        return Literal(text, datatype=_TYPES[datatype.base])
    lang = column.inherit("lang")
    return Literal(text, lang=None if lang in (None, "und") else lang)
