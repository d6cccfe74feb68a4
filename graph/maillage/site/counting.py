"""What the numbers in answers count: from a cell of a named question to the very rows behind it.

A number is the length of a table on the page of a thing, of the list in a cell beside it, or of the
answer to a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from rdflib import URIRef
from rdflib.term import Identifier

from maillage.site.addresses import doc
from maillage.site.cards import anchor
from maillage.site.rows import full
from maillage.site.visit import Visit
from maillage.terms import NS, PREFIXES

__all__ = ["BESIDE", "COUNTED", "counting"]


class _Table(NamedTuple):
    """A table on the page of the thing in a column: what refers to it by a property."""

    column: str
    property: str
    family: str


class _Query(NamedTuple):
    """A query of which the cells of the row fill the places: ``@place``."""

    text: str


_PREFIXED: Final = f"""PREFIX mlg: <{NS}>
PREFIX schema: <{PREFIXES["schema"]}>
PREFIX skos: <{PREFIXES["skos"]}>
"""
_OF_THEME: Final = """SELECT DISTINCT ?thing WHERE {
  ?thing a @class ; mlg:hasTheme/skos:broader* @theme .
  @state
}
ORDER BY ?thing"""
_TENTATIVE: Final = "?thing mlg:hasState/mlg:isTentative true"


def _of_theme(of_class: str, state: str = "") -> _Query:
    return _Query(_OF_THEME.replace("@class", of_class).replace("  @state\n", state))


def _of_side(side: str) -> _Query:
    return _Query(
        f"SELECT DISTINCT ?party WHERE {{\n  @link mlg:hasParty ?party .\n"
        f"  ?party mlg:isInCountry ?country . @{side} mlg:isInCountry ?country .\n}}\n"
        "ORDER BY ?party"
    )


#: By question and column; every column that a question counts is here or in :data:`BESIDE`.
COUNTED: Final[Mapping[tuple[str, str], _Table | _Query]] = {
    ("asymmetries", "a_parties"): _of_side("a"),
    ("asymmetries", "b_parties"): _of_side("b"),
    ("places", "links"): _Table("place", "mlg:hasParty", "link"),
    ("series", "events"): _Table("series", "schema:superEvent", "event"),
    ("sources", "claims"): _Query(
        f"SELECT DISTINCT ?evidence WHERE {{ ?evidence <{PREFIXES['dcterms']}source> @document }}\n"
        "ORDER BY ?evidence"
    ),
    ("themes", "links"): _of_theme("mlg:CooperationLink", f"  MINUS {{ {_TENTATIVE} }}\n"),
    ("themes", "proposed_links"): _of_theme("mlg:CooperationLink", f"  {_TENTATIVE} .\n"),
    ("themes", "events"): _of_theme("schema:Event"),
    ("themes", "statements"): _of_theme("mlg:Statement"),
    ("workshops", "pairs"): _Table("workshop", "mlg:isProposedFor", "link"),
}

#: Numbers that count the list in another cell of their row.
BESIDE: Final[Mapping[tuple[str, str], str]] = {("shared-themes", "shared"): "themes"}


def counting(
    visit: Visit, question: str, column: str, row: Mapping[str, Identifier | None]
) -> str | None:
    """How this page leads to what the number in a column counts; nothing where it counts nothing.

    :param row: the cells by column.
    """
    told = COUNTED.get((question, column))
    if isinstance(told, _Table):
        to = doc(str(row[told.column]))
        return visit.href(f"{to}#{anchor(full(told.property), told.family)}") if to else None
    if told is None:
        return None
    query = told.text
    for name, term in row.items():
        if isinstance(term, URIRef):
            query = query.replace(f"@{name} ", f"{term.n3()} ")
    return visit.rows_of(_PREFIXED + query)
