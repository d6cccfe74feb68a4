"""What the rows of a table say, as quads: its CSVW description, read once.

The CSVW annotations of a table say which triples a row gives (W3C *Generating RDF from Tabular
Data on the Web*, 2015, minimal mode): ``aboutUrl``, ``propertyUrl``, ``valueUrl``, data type and
language of a column, virtual columns for constants. Four things go beyond that mapping:

* a row of a claim goes to the graph of its source, ``source--<key>``, or, when its certainty is
  ``inferred``, to ``inferred--<key>``, so that the first holds nothing but what was asserted;
* the evidence of the row (document, place in it, recorder, certainty) goes to ``evidence--<key>``;
* a column marked ``mlg:graph`` holds our own words and goes to the graph named there;
* a table marked ``mlg:mintedFrom`` has no key: it is minted from those columns; in one marked
  ``mlg:fingerprintOf``, whose columns hold any text, the key is a fingerprint of them.

The same texts stand in thousands of rows, so each column remembers the terms that it has made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple, cast

import pyoxigraph as ox
from csvw.metadata import Column
from rdflib import RDF, XSD, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS
from uritemplate import URITemplate
from uritemplate.variable import VariableValue

from maillage.errors import MaillageError
from maillage.mint import Thing, fingerprint, graph_iri, join, link_key, parse, thing
from maillage.native import native
from maillage.rows import Field, Layout, Row
from maillage.tables import Table
from maillage.terms import ID, MLG, NS, PREFIXES

__all__ = ["HERE", "OA", "Placed", "Reference", "RowQuads", "literal"]

#: The place of what no cell of its own says: where the row begins.
HERE: Final = -1

_STANDS_IN = NS + "graph"
_MINTED_FROM = NS + "mintedFrom"
_FINGERPRINT_OF = NS + "fingerprintOf"
_LANGUAGE_COLUMN = NS + "languageColumn"

OA = Namespace(PREFIXES["oa"])
# Web Annotation Data Model, 4.2.1, gives this address to plain-text fragments.
RFC5147 = URIRef("http://tools.ietf.org/rfc/rfc5147")

#: How many terms a column remembers.
_REMEMBERED: Final = 4_096


#: A quad, and where among the fields of its row it is said, from 0, or :data:`HERE`.
Placed = tuple[ox.Quad, int]


#: A thing of ours that a row names as a value, read, and where in the row.
Reference = tuple[ox.NamedNode | ox.Literal, Thing, int]


class _Term(NamedTuple):
    """A value: the term, how N-Triples writes it, and the thing of ours whose address it is."""

    term: ox.NamedNode | ox.Literal
    text: str
    named: Thing | None


class RowQuads:
    """One table's way from rows to quads."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        properties = table.schema.common_props
        self._names = Layout.of(table.schema, "").names
        self._index = {name: number for number, name in enumerate(self._names)}
        self._minted = cast("list[str] | None", properties.get(_MINTED_FROM))
        self._printed = cast("list[str] | None", properties.get(_FINGERPRINT_OF))
        self._about = _Template(str(table.schema.aboutUrl))
        self._key = [(n, i) for n, i in self._index.items() if n in self._about.names]
        made = [
            _Column(column, self._index)
            for column in table.columns
            if column.propertyUrl is not None
        ]
        self._of_thing = [column for column in made if not column.is_of_evidence]
        self._of_evidence = [column for column in made if column.is_of_evidence]
        self._naming = [column for column in made if column.may_fail]
        self._texts = [column for column in made if not column.may_fail and column.place != HERE]
        self._graphs: dict[str, ox.NamedNode] = {}

    def subject(self, row: Row) -> ox.NamedNode:
        """The thing that a row is about.

        :raises MaillageError: when the description of the table gives it no complete address.
        """
        values = {name: _single(row.fields[number]) for name, number in self._key}
        if self._minted:
            values["_key"] = _mint(row, self._minted)
        if self._printed:
            values["_key"] = fingerprint(*(row.one(name) for name in self._printed))
        address = self._about.filled(values)
        try:
            return ox.NamedNode(address)
        except ValueError as error:
            raise _incomplete(row.position, "aboutUrl", address, error) from error

    def evidence(self, row: Row) -> str | None:
        """The address of a row's evidence, if it is a claim: a fingerprint of what it supports."""
        if not row.one("source"):
            return None
        said = [(column, term) for column, term, _ in self._values(row, self._of_thing)]
        return self._evidence(row, self.subject(row).value, said)

    @staticmethod
    def _values(row: Row, columns: list[_Column]) -> Iterator[tuple[_Column, _Term, int]]:
        """The values of some columns, each with its column and its place."""
        fields = row.fields
        for column in columns:
            place = column.place
            field = fields[place] if place != HERE else ""
            if place != HERE and not field:
                continue
            for text in (field,) if isinstance(field, str) else field:
                try:
                    yield column, column.term(text, row), place
                except ValueError as error:
                    raise _incomplete(row.position, column.property, text, error) from error

    def references(self, row: Row) -> Iterator[Reference]:
        """The things of ours that a row names as values; classes are none.

        :raises MaillageError: when a value is no complete address.
        """
        # an address of ours may stand in a column of texts, too, where it refers to nothing
        texts = [c for c in self._texts if (f := row.fields[c.place]) and _holds_address(f)]
        columns = [*self._naming, *texts] if texts else self._naming
        for column, term, place in self._values(row, columns):
            if term.named is not None and not column.is_class:
                yield term.term, term.named, place

    def quads(self, row: Row, subject: ox.NamedNode | None = None) -> Iterator[Placed]:
        """Everything that a row says, and where in it.

        :param subject: the thing that it is about, where that is known already.
        """
        subject = subject or self.subject(row)
        source = row.one("source")
        inferred = row.one("certainty") == "inferred"
        home = f"{'inferred' if inferred else 'source'}--{source}" if source else "catalogue"
        here = self._graph(home)
        said: list[tuple[_Column, _Term]] = []
        bears: dict[ox.NamedNode, int] = {}
        for column, term, place in self._values(row, self._of_thing):
            graph = self._graph(column.graph) if column.graph else here
            yield (ox.Quad(subject, column.predicate, term.term, graph), place)
            said.append((column, term))
            if column.graph != "labels":
                bears.setdefault(column.predicate, place)
        if not source:
            return
        graph = self._graph(f"evidence--{source}")
        node = ox.NamedNode(self._evidence(row, subject.value, said))
        yield (ox.Quad(subject, _HAS_EVIDENCE, node, graph), HERE)
        yield (ox.Quad(node, _TYPE, _EVIDENCE, graph), HERE)
        for predicate, place in bears.items():
            yield (ox.Quad(node, _BEARS_ON, predicate, graph), place)
        for column, term, place in self._values(row, self._of_evidence):
            yield (ox.Quad(node, column.predicate, term.term, graph), place)
        for name, selected in (("chars", _characters), ("lines", _lines)):
            if text := row.one(name):
                place = self._index[name]
                for triple in selected(node, text):
                    yield (ox.Quad(*triple, graph), place)

    def _graph(self, name: str) -> ox.NamedNode:
        if (graph := self._graphs.get(name)) is None:
            graph = self._graphs[name] = ox.NamedNode(str(graph_iri(name)))
        return graph

    @staticmethod
    def _evidence(row: Row, subject: str, said: list[tuple[_Column, _Term]]) -> str:
        texts = sorted(f"{c.property} {term.text}" for c, term in said if c.graph != "labels")
        where = (row.one(name) for name in ("source", "lines", "chars", "certainty"))
        return str(thing("evidence", fingerprint(subject, *where, *texts)))


class _Column(dict[str | tuple[str, ...], _Term]):
    """A column that says something: what it says it of, and the terms that its texts have made.

    :ivar graph: of our own words, where it has one.
    :ivar place: among the fields of a row; :data:`HERE` for a constant.
    :ivar may_fail: whether a text that its description allows may still be no term.
    """

    def __init__(self, column: Column, index: Mapping[str, int]) -> None:
        super().__init__()
        self._column, self._name = column, str(column.name)
        self.property = str(column.propertyUrl)
        self.predicate = ox.NamedNode(self.property)
        self.is_class = self.property == str(RDF.type)
        self.place = HERE if column.virtual else index[self._name]
        self.graph: str | None = None if column.virtual else column.common_props.get(_STANDS_IN)
        self.is_of_evidence = column.aboutUrl is not None and not column.virtual
        self._template = None if column.valueUrl is None else _Template(str(column.valueUrl))
        language: str | None = column.common_props.get(_LANGUAGE_COLUMN)
        self.may_fail = bool(self._template or language)
        names = self._template.names if self._template else {language}
        #: the other columns that a value needs
        self._others = [(n, i) for n, i in index.items() if n in names and n != self._name]

    def term(self, text: str, row: Row) -> _Term:
        """The value of a text in a row.

        :raises ValueError: when it is no term.
        """
        if not self._others:
            return self[text]
        return self[text, *(_single(row.fields[number]) for _, number in self._others)]

    def __missing__(self, key: str | tuple[str, ...]) -> _Term:
        text, *others = (key,) if isinstance(key, str) else key
        if self._template:
            known = {name: other for (name, _), other in zip(self._others, others, strict=True)}
            address = self._template.filled({**known, self._name: text})
            found = _Term(ox.NamedNode(address), f"<{address}>", parse(address))
        else:
            many = bool(others)
            value = Literal(text, lang=others[0] or None) if many else literal(text, self._column)
            made = cast("ox.Literal", native(value))
            found = _Term(made, value.n3(), parse(str(value)))
        if len(self) == _REMEMBERED:
            self.clear()
        self[key] = found
        return found


class _Template:
    """A URI template (RFC 6570); the usual form, one plain key in an address, is filled at once."""

    def __init__(self, template: str) -> None:
        self._whole = URITemplate(template)
        self.names = frozenset(self._whole.variable_names)
        usual = _ONE_KEY.fullmatch(template)
        self._start, self._key, self._end = usual.groups() if usual else ("", "", "")

    def filled(self, values: Mapping[str, str]) -> str:
        """The address; empty values are left out."""
        if self._key and _PLAIN.fullmatch(value := values.get(self._key, "")):
            return f"{self._start}{value}{self._end}"
        given: dict[str, VariableValue] = {name: value for name, value in values.items() if value}
        return self._whole.expand(given)


_ONE_KEY: Final = re.compile(r"([^{}]*)\{\+?(\w+)\}([^{}]*)")
# What neither form of expansion changes.
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]+")


def _holds_address(field: Field) -> bool:
    return field.startswith(ID) if isinstance(field, str) else any(map(_holds_address, field))


def _single(field: Field) -> str:
    return field if isinstance(field, str) else ""


def _incomplete(where: object, said: str, address: str, error: ValueError) -> MaillageError:
    return MaillageError(
        "dump-address", subject=where, property=said, address=address, reason=error
    )


def _mint(row: Row, columns: list[str]) -> str:
    """The key of a thing that is known by what it joins."""
    keys = {name: [value.rpartition("/")[2] for value in row.all(name)] for name in columns}
    if "parties" in keys:
        return link_key(row.one("kind"), keys["parties"], row.one("proposed_for"))
    return join(*(key for name in columns for key in keys[name]))


def _native(term: URIRef) -> ox.NamedNode:
    return ox.NamedNode(str(term))


_TYPE, _VALUE, _CONFORMS_TO = map(_native, (RDF.type, RDF.value, DCTERMS.conformsTo))
_HAS_EVIDENCE, _EVIDENCE, _BEARS_ON = map(_native, (MLG.hasEvidence, MLG.Evidence, MLG.bearsOn))
_HAS_SELECTOR, _START, _END = map(_native, (OA.hasSelector, OA.start, OA.end))
_TEXT_POSITION = _native(OA.TextPositionSelector)
_FRAGMENT, _PLAIN_TEXT = map(_native, (OA.FragmentSelector, RFC5147))

_Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


def _characters(evidence: ox.NamedNode, text: str) -> Iterator[_Triple]:
    """Web Annotation Data Model, 4.2.4: characters counted from 0, the end excluded."""
    selector = ox.NamedNode(f"{evidence.value}#characters")
    start, end = text.split("-")
    yield evidence, _HAS_SELECTOR, selector
    yield selector, _TYPE, _TEXT_POSITION
    yield selector, _START, ox.Literal(int(start))
    yield selector, _END, ox.Literal(int(end))


def _lines(evidence: ox.NamedNode, text: str) -> Iterator[_Triple]:
    """RFC 5147, 2.1.2: positions between lines counted from 0, so line 47 is ``line=46,47``."""
    selector = ox.NamedNode(f"{evidence.value}#lines")
    first, _, last = text.partition("-")
    yield evidence, _HAS_SELECTOR, selector
    yield selector, _TYPE, _FRAGMENT
    yield selector, _CONFORMS_TO, _PLAIN_TEXT
    yield selector, _VALUE, ox.Literal(f"line={int(first) - 1},{last or first}")


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
