"""Asking the graph for properties of things, in a form that an engine answers at once.

A query is one chain of patterns; what is not wanted is filtered, and rows are put in order here:
alternatives and sorting in the query cost ten times as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.mint import thing
from maillage.store import Store
from maillage.terms import PREFIXES

__all__ = ["Row", "chain", "details", "first", "full", "order_of"]

#: The values of a thing by property, in a total order; the property is named as it was given.
Row: TypeAlias = dict[str, list[Identifier]]

#: How many things are asked about at once: a query has at most 50,000 characters.
_AT_ONCE: Final = 200


def full(name: str) -> str:
    """The address of a name with one of our prefixes.

    >>> full("org:member")
    'http://www.w3.org/ns/org#member'
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def order_of(term: Identifier) -> tuple[str, ...]:
    """A total order of terms: addresses, then literals by text, language and type."""
    if isinstance(term, Literal):
        return ("literal", str(term), term.language or "", str(term.datatype or ""))
    return ("address", str(term))


def chain(store: Store, pattern: str, properties: Sequence[str], graph: str = "") -> dict[str, Row]:
    """Some properties of all that a pattern calls ``?thing``, in the order of its addresses.

    :param pattern: SPARQL, addresses written in full.
    :param properties: with our prefixes (``mlg:hasKind``).
    :param graph: the name of the one graph to look into; all of them when not given.
    """
    names = {full(name): name for name in properties}
    wanted = ", ".join(f"<{address}>" for address in names)
    said = "?thing ?property ?value"
    if graph:
        said = f"GRAPH {thing('graph', graph).n3()} {{ {said} }}"
    rows = store.select(
        f"SELECT DISTINCT ?thing ?property ?value WHERE {{ {pattern} {said} "
        f"FILTER ( ?property IN ({wanted}) ) }}"
    ).rows
    found: dict[str, Row] = {}
    for it, prop, value in rows:
        if value is not None:
            found.setdefault(str(it), {}).setdefault(names[str(prop)], []).append(value)
    for row in found.values():
        for values in row.values():
            values.sort(key=order_of)
    return {address: found[address] for address in sorted(found)}


def details(
    store: Store, found: Iterable[str], properties: Sequence[str], graph: str = ""
) -> dict[str, Row]:
    """Some properties of the things with these addresses; who has none of them is not there."""
    addresses = sorted(set(found))
    rows: dict[str, Row] = {}
    for start in range(0, len(addresses), _AT_ONCE):
        some = " ".join(URIRef(address).n3() for address in addresses[start : start + _AT_ONCE])
        rows |= chain(store, f"VALUES ?thing {{ {some} }}", properties, graph)
    return rows


def first(row: Mapping[str, Sequence[Identifier]], name: str) -> str:
    """The first value of a property, as text; or nothing."""
    return next((str(value) for value in row.get(name, ())), "")
