"""A table read backwards: which cell of which column stands for a statement.

The CSVW description of a table says which statement a cell makes (:mod:`maillage.rowquads`). Here
the same description is asked the other way round. A value has a cell when the cell would make that
very value again; :meth:`Slot.near` also takes values that other people write otherwise and that
mean the same: a date of XML Schema for one of EDTF, ``en-GB`` for English, ``48.5e0`` for ``48.5``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from csvw.metadata import Column
from rdflib import XSD, Literal, URIRef
from rdflib.term import Identifier
from uritemplate import expand

from maillage.dates import bounds
from maillage.fields import EDTF
from maillage.folders import folder
from maillage.mint import fingerprint, join, link_key
from maillage.rowquads import literal
from maillage.tables import schema_of
from maillage.terms import ID, NS
from maillage.words import TAGS, Language, say

__all__ = ["Left", "Plan", "Said", "Slot", "plans", "spread"]

#: A property and its value.
Said = tuple[URIRef, Identifier]
#: The cells of a row, by column; several where the column is a list.
Cells = dict[str, list[str]]

_DATES: Final = frozenset({XSD.date, XSD.gYear, XSD.gYearMonth, XSD.dateTime, XSD.string})
_NUMBERS: Final = frozenset({XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.string})
_ONE_LINE: Final = re.compile(r"[^\t\n\r]*")
_EVIDENCE: Final = "/id/evidence/"


class Left(NamedTuple):
    """A statement that no table can say, and why.

    :ivar key: of the sentence that says why. :ivar values: what fills it.
    """

    thing: str
    property: str
    value: str
    key: str
    values: Mapping[str, object] = MappingProxyType({})

    def text(self, lang: Language = "en") -> str:
        """Why, in a sentence."""
        return say(self.key, lang, **self.values)


class Slot:
    """One column of a table, by the statements that its cells make."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.name = str(column.name)
        self.property = URIRef(str(column.propertyUrl)) if column.propertyUrl else None
        self.separator: str | None = column.inherit("separator")
        self.required = bool(column.inherit("required"))
        self.is_label = column.common_props.get(NS + "graph") == "labels"
        self.of_evidence = _EVIDENCE in str(column.aboutUrl)
        self.language_column: str | None = column.common_props.get(NS + "languageColumn")
        self._template = str(column.valueUrl) if column.valueUrl else ""
        self._start = self._template.partition("{")[0]
        self._datatype = column.inherit("datatype")
        self._type = str(self._datatype.base) if self._datatype else "string"
        form = self._datatype.format if self._datatype and self._type == "string" else None
        self._form = re.compile(form) if form else None
        self._is_date = bool(self._datatype) and self._datatype.at_props.get("id") == EDTF
        lang = column.inherit("lang")
        self._lang = None if lang in (None, "und") else str(lang)

    def exact(self, value: Identifier) -> str | None:
        """The text of the cell that makes this very value; none when no cell does."""
        text: str | None = str(value)
        if isinstance(value, Literal):
            text = None if self._template else self._exact_literal(value)
        elif not isinstance(value, URIRef) or not self._template:
            text = None
        else:
            text = self._exact_address(str(value))
        return text if text and self.holds(text) else None

    def _exact_address(self, address: str) -> str | None:
        text = address.removeprefix(self._start)
        if not address.startswith(self._start) or self.expanded(text) != address:
            return None
        return text

    def _exact_literal(self, value: Literal) -> str | None:
        text = str(value)
        if self.language_column:
            return text if value.language else None
        if not self.holds(text):  # rdflib complains aloud of a text that is no value of its type
            return None
        try:
            return text if literal(text, self.column) == value else None
        except (ValueError, ArithmeticError):
            return None

    def near(self, value: Identifier) -> str | None:
        """The text of a cell that means what this value means; none when there is none."""
        if (text := self.exact(value)) is not None:
            return text
        if self._template:
            return None
        if not isinstance(value, Literal):
            address = str(value) if isinstance(value, URIRef) and self._type == "anyURI" else ""
            return address if self.holds(address) else None
        text = " ".join(str(value).split())  # a cell has one line
        if self._is_date:
            fits = value.datatype in _DATES or (value.datatype is None and not value.language)
            day, _, clock = text.partition("T")
            text = day if clock else text
        elif self._type in {"decimal", "integer"}:
            text = self._number(text) if value.datatype in {*_NUMBERS, None} else ""
            fits = bool(text)
        elif self._lang:
            fits = bool(value.language) and self._speaks(str(value.language))
        elif self.language_column:
            fits = bool(value.language)
        else:
            fits = value.datatype in (None, XSD.string) and not value.language
        return text if fits and self.holds(text) else None

    def _speaks(self, tag: str) -> bool:
        """Whether a text in a language may stand here: British English in the English column."""
        mine, theirs = str(self._lang).lower().split("-"), tag.lower().split("-")
        if mine[0] != theirs[0] or {"latn", "hant", "tw", "hk", "mo"} & {*theirs[1:]}:
            return False
        return self._lang in TAGS.values()

    def _number(self, text: str) -> str:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return ""
        if not number.is_finite() or abs(number) > Decimal(10) ** 20:
            return ""
        if self._type == "integer":
            return str(int(number)) if number == int(number) else ""
        return format(number.normalize(), "f")

    def holds(self, text: str) -> bool:
        """Whether a text can be one value of this column."""
        if not text or text != text.strip() or not _ONE_LINE.fullmatch(text):
            return False
        if self.separator and self.separator in text:
            return False
        if self._form and not self._form.fullmatch(text):
            return False
        try:
            if self._is_date:
                bounds(text)
            elif self._datatype and self._type != "string":
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # the library warns of what it then refuses
                    self._datatype.read(text)
        except (ValueError, ArithmeticError):
            return False
        return True

    def expanded(self, text: str, **more: str) -> str:
        """The address that a cell stands for."""
        return expand(self._template, {**more, self.name: text})


@dataclass(frozen=True)
class Plan:
    """How one table is read backwards.

    :ivar kind: of the things that it is about: ``link`` for ``…/id/link/…``.
    :ivar minted: the columns that its keys are made from, none where it has a column of keys.
    """

    table: str
    kind: str
    minted: tuple[str, ...]
    prints: tuple[str, ...]
    slots: tuple[Slot, ...]
    constants: tuple[Slot, ...]
    columns: tuple[str, ...]

    @property
    def has_source(self) -> bool:
        """Whether its rows are claims of a document."""
        return "source" in self.columns

    @property
    def required(self) -> tuple[str, ...]:
        """The columns, evidence apart, without which there is no row."""
        return tuple(s.name for s in self.slots if s.required and not s.of_evidence)

    def about(self, *, labels: bool) -> Iterator[Slot]:
        """The columns that say something of the thing itself, or its names in our own words."""
        for slot in self.slots:
            if slot.property is not None and not slot.of_evidence and slot.is_label == labels:
                yield slot

    def of_evidence(self) -> Iterator[Slot]:
        """The columns that say something of the evidence."""
        return (slot for slot in self.slots if slot.property is not None and slot.of_evidence)

    def constant(self, source: str) -> list[tuple[URIRef, URIRef]]:
        """What every row says, whatever its cells."""
        return [
            (cast("URIRef", slot.property), URIRef(slot.expanded("", source=source)))
            for slot in self.constants
        ]

    def key(self, cells: Mapping[str, Sequence[str]]) -> str:
        """The key that a row's cells make, where its table has none of its own.

        :raises ValueError: when a cell that it needs is empty.
        """
        if self.prints:
            return fingerprint(*(next(iter(cells.get(name, ())), "") for name in self.prints))
        needed = (name for name in self.minted if name in self.required)
        if not all(cells.get(name) for name in needed):
            raise ValueError("a row without what its key is made from")
        parts = {n: [v.rpartition("/")[2] for v in cells.get(n, ())] for n in self.minted}
        if "parties" in parts:
            (kind,) = parts["kind"]
            return link_key(kind, parts["parties"], *parts["proposed_for"])
        # join refuses an empty part
        return join(*(key for name in self.minted for key in parts[name] or [""]))


@cache
def plans() -> Mapping[str, Plan]:
    """The tables of the house, by the kind of thing that each is about."""
    found = [_plan(path.stem) for path in sorted(folder("data").glob("*.csv"))]
    return {plan.kind: plan for plan in found}


def _plan(table: str) -> Plan:
    schema = schema_of(folder("data") / f"{table}.csv")
    slots = [Slot(column) for column in schema.columns if not column.virtual]
    return Plan(
        table=table,
        kind=str(schema.aboutUrl).removeprefix(ID).partition("/")[0],
        minted=tuple(schema.common_props.get(NS + "mintedFrom", ())),
        prints=tuple(schema.common_props.get(NS + "fingerprintOf", ())),
        slots=tuple(slots),
        constants=tuple(Slot(column) for column in schema.columns if column.virtual),
        columns=tuple(slot.name for slot in slots),
    )


def spread(
    plan: Plan, said: Iterable[Said], *, labels: bool = False, source: str = ""
) -> tuple[list[Cells], dict[Said, Cells], dict[Said, tuple[str, dict[str, object]]]]:
    """Lay statements about one thing out in rows: one row, and more where a column is too narrow.

    :returns: the rows; for each statement that has a cell, the row it is in; for each that has
        none, the key of the sentence that says why, and what fills it.
    """
    laid = _Laid()
    placed: dict[Said, Cells] = {}
    homeless: dict[Said, tuple[str, dict[str, object]]] = {}
    constants = plan.constant(source)
    slots: dict[URIRef | None, list[Slot]] = {}
    for slot in plan.about(labels=labels):
        slots.setdefault(slot.property, []).append(slot)
    for statement in said:
        predicate, value = statement
        fitting = slots.get(predicate, [])
        texts = [(slot, text) for slot in fitting if (text := slot.exact(value)) is not None]
        texts = texts or [
            (slot, text) for slot in fitting if (text := slot.near(value)) is not None
        ]
        if texts:
            placed[statement] = laid.put(*texts[0], value)
        elif statement in constants:
            placed[statement] = laid.rows[0]
        elif fitting:
            column = ", ".join(slot.name for slot in fitting)
            homeless[statement] = ("rdf.wrong-value", {"table": plan.table, "column": column})
        else:
            homeless[statement] = ("rdf.no-column", {"table": plan.table})
    for row in laid.rows[1:]:
        for name in plan.required:
            if name in laid.rows[0]:
                row.setdefault(name, laid.rows[0][name])
    return laid.rows, placed, homeless


class _Laid:
    """Rows that are being filled; what was written where is looked up, however many there are."""

    def __init__(self) -> None:
        self.rows: list[Cells] = [{}]
        self._written: dict[tuple[str, str, str], Cells] = {}
        self._next: dict[str, int] = {}

    def put(self, slot: Slot, text: str, value: Identifier) -> Cells:
        """Write a value into the first row that has room for it, once."""
        tag = str(value.language) if slot.language_column and isinstance(value, Literal) else ""
        if (slot.name, text, tag) in self._written:
            return self._written[slot.name, text, tag]
        number = 0 if slot.separator else self._next.get(slot.name, 0)
        if number == len(self.rows):
            self.rows.append({})
        row = self.rows[number]
        row.setdefault(slot.name, []).append(text)
        if slot.language_column:
            row[slot.language_column] = [tag]
        self._next[slot.name] = number + 1
        self._written[slot.name, text, tag] = row
        return row
