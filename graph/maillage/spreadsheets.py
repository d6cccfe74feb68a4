"""The graph as tables for people who live in spreadsheets: CSV, its twin with a BOM, and Excel.

One table for each kind of thing, one row a thing, sorted by key. A thing is named in French,
English and Chinese; what it refers to stands four times, as keys (``place/cn-420100``) and as
names in each language, in the same order. Several values in a cell are joined by ``; ``.

CSV: UTF-8, comma, CRLF (RFC 4180, 2), a header; ``X.bom.csv`` begins with the byte order mark
without which Excel reads UTF-8 as something else. A spreadsheet runs a cell that begins with ``=``
as a formula, so every CSV cell that begins with one of ``= + - @``, their full-width forms, a tab
or a line end gets an apostrophe in front (OWASP, *CSV Injection*), a plain number excepted; one
that begins with apostrophes and then such a character gets one more, so that taking one away
always gives the text back. Excel files need none of this: every cell is a text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rdflib import RDF, Dataset, Literal, URIRef
from rdflib.term import Identifier

from maillage.excel import defang
from maillage.mint import parse
from maillage.sheets import SHEETS, Column, Sheet
from maillage.terms import BASE, MLG, NS, PREFIXES
from maillage.words import LANGUAGES, TAGS, Language, best, say

__all__ = ["Table", "describe_tables", "tables", "write_csv"]

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
SEPARATOR: Final = "; "
PINYIN: Final = "zh-Latn-pinyin"

_OA: Final = PREFIXES["oa"]
_SELECTOR, _START, _END = (URIRef(_OA + name) for name in ("hasSelector", "start", "end"))
_PREF_LABEL: Final = URIRef(PREFIXES["skos"] + "prefLabel")

Values = dict[URIRef, list[Identifier]]


class Table(NamedTuple):
    """A table: its name, its columns in order, a row of texts for each thing."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def tables(dataset: Dataset) -> list[Table]:
    """Every table of :data:`maillage.sheets.SHEETS`, empty ones included."""
    facts = _Facts(dataset)
    return [_table(sheet, facts) for sheet in SHEETS]


def write_csv(table: Table, *, bom: bool = False) -> bytes:
    """Write a table as CSV, with or without a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([defang(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def describe_tables(tables: Sequence[Table]) -> bytes:
    """The CSVW description of all tables, to stand beside them as ``csv-metadata.json``."""
    sheets = {sheet.name: sheet for sheet in SHEETS}
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:license": {"@id": LICENCE},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tables": [_description(sheets[table.name], table) for table in tables],
    }
    return json.dumps(group, ensure_ascii=False, indent=1).encode() + b"\n"


def _description(sheet: Sheet, table: Table) -> dict[str, object]:
    columns: list[dict[str, object]] = []
    for column in sheet.columns:
        for name, lang in _names(column):
            about: dict[str, object] = {"name": name, "datatype": "string"}
            about |= {"lang": TAGS[lang]} if lang else {}
            about |= {"lang": PINYIN} if column.how == "pinyin" else {}
            if column.path and (column.how == "texts" or not lang):
                about["propertyUrl"] = str(column.path)
            if column.how not in {"key", "texts"}:
                about["separator"] = SEPARATOR
            columns.append(about)
    columns[0]["required"] = True
    titles = [
        {"@value": say(f"publish.table.{sheet.name}", lang), "@language": TAGS[lang]}
        for lang in LANGUAGES
    ]
    schema = {
        "columns": columns,
        "primaryKey": "key",
        "aboutUrl": f"{BASE}id/{sheet.kind}/{{key}}",
    }
    return {"url": f"{table.name}.csv", "dc:title": titles, "tableSchema": schema}


def _table(sheet: Sheet, facts: _Facts) -> Table:
    columns = tuple(name for column in sheet.columns for name, _ in _names(column))
    rows = []
    for subject in facts.of_kind(sheet):
        cells = (cell for column in sheet.columns for cell in facts.cells(column, subject))
        rows.append(tuple(cells))
    return Table(sheet.name, columns, sorted(rows))


def _names(column: Column) -> list[tuple[str, Language | None]]:
    """The columns of a table that one description gives, with the language of each."""
    if column.how == "texts":
        return [(f"{column.name}_{lang}", lang) for lang in LANGUAGES]
    if column.how == "things":
        return [(column.name, None), *((f"{column.name}_{lang}", lang) for lang in LANGUAGES)]
    return [(column.name, None)]


class _Facts:
    """What the union of the graphs says of each thing, ready for cells."""

    def __init__(self, dataset: Dataset) -> None:
        found: dict[Identifier, dict[URIRef, set[Identifier]]] = {}
        self._about: dict[Identifier, set[URIRef]] = {}
        for s, p, o, _ in dataset.quads():
            if isinstance(s, URIRef) and isinstance(p, URIRef) and isinstance(o, Identifier):
                found.setdefault(s, {}).setdefault(p, set()).add(o)
                if p == MLG.hasEvidence:
                    self._about.setdefault(o, set()).add(s)
        self._facts: dict[Identifier, Values] = {
            s: {p: sorted(values, key=_order) for p, values in by.items()}
            for s, by in found.items()
        }

    def of_kind(self, sheet: Sheet) -> Iterable[URIRef]:
        """The things of a sheet, by what kind of address they have and what class they are."""
        for subject, values in self._facts.items():
            named = parse(subject)
            if not isinstance(subject, URIRef) or named is None or named.kind != sheet.kind:
                continue
            classes = values.get(RDF.type, [])
            if classes and (sheet.of is None or sheet.of in classes) and sheet.but not in classes:
                yield subject

    def cells(self, column: Column, subject: URIRef) -> list[str]:
        """The cells that a column of a sheet gives for one thing."""
        values = self._values(column, subject)
        if column.how == "key":
            return [subject.rpartition("/")[2]]
        if column.how == "texts":
            texts = [(v.language or "", str(v)) for v in values if isinstance(v, Literal)]
            return [_in_language(texts, lang) for lang in LANGUAGES]
        keys = [SEPARATOR.join(map(_key, values))]
        if column.how == "things":
            keys += [SEPARATOR.join(self._name(v, lang) for v in values) for lang in LANGUAGES]
        return keys

    def _values(self, column: Column, subject: URIRef) -> Sequence[Identifier]:
        facts = self._facts[subject]
        match column.how:
            case "passages":
                return [Literal(len(facts.get(MLG.hasEvidence, ())))]
            case "pinyin":
                tagged = facts.get(column.path or RDF.type, [])
                return [v for v in tagged if isinstance(v, Literal) and _is_pinyin(v)]
            case "about":
                return sorted(self._about.get(subject, ()))
            case "lines":
                return self._lines(subject)
            case "characters":
                return self._characters(subject)
            case "languages":
                values = facts.get(column.path or RDF.type, [])
                return [
                    Literal(v.language) for v in values if isinstance(v, Literal) and v.language
                ]
        if column.through is None:
            return facts.get(column.path or RDF.type, [])
        found = {
            value
            for step in facts.get(column.through, [])
            for value in self._facts.get(step, {}).get(column.path or RDF.type, [])
        }
        return sorted(found, key=_order)

    def _name(self, value: Identifier, lang: Language) -> str:
        labels = self._facts.get(value, {}).get(_PREF_LABEL, [])
        texts = [(v.language or "", str(v)) for v in labels if isinstance(v, Literal)]
        return best(texts, lang) or _key(value)

    def _selectors(self, evidence: URIRef) -> list[Values]:
        return [self._facts.get(s, {}) for s in self._facts[evidence].get(_SELECTOR, [])]

    def _lines(self, evidence: URIRef) -> list[Identifier]:
        """Lines as people count them: ``line=46,48`` (RFC 5147, from 0) is ``47-48``."""
        found: list[Identifier] = []
        for selector in self._selectors(evidence):
            for value in selector.get(RDF.value, []):
                before, _, last = value.removeprefix("line=").partition(",")
                first = str(int(before) + 1)
                found.append(Literal(first if first == last else f"{first}-{last}"))
        return found

    def _characters(self, evidence: URIRef) -> list[Identifier]:
        """Characters as the data count them: from 0, the end excluded."""
        return [
            Literal(f"{start}-{end}")
            for selector in self._selectors(evidence)
            for start, end in zip(selector.get(_START, []), selector.get(_END, []), strict=True)
        ]


def _order(term: Identifier) -> tuple[bool, str, str]:
    return isinstance(term, Literal), str(term), getattr(term, "language", None) or ""


def _is_pinyin(text: Literal) -> bool:
    return (text.language or "").lower() == PINYIN.lower()


def _in_language(texts: Sequence[tuple[str, str]], lang: Language) -> str:
    """All texts in one language and no other: a cell in the wrong language misleads."""
    own = [t for tag, t in texts if tag[:2].lower() == lang and "latn" not in tag.lower()]
    return SEPARATOR.join(dict.fromkeys(own))


def _key(term: Identifier) -> str:
    """A thing as its kind and key, a term of ours by its name, anything else as it is."""
    if isinstance(term, URIRef) and (named := parse(term)):
        return f"{named.kind}/{named.key}"
    text = str(term)
    if isinstance(term, URIRef):
        for prefix, namespace in sorted(PREFIXES.items()):
            if text.startswith(namespace):
                local = text.removeprefix(namespace)
                return local if namespace == NS else f"{prefix}:{local}"
    return text
