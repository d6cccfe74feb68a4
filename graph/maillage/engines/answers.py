"""What an engine answers, read as if our own store had answered: the same terms, whole or not.

Engines write one value in several ways (``true`` and ``1``, ``1.50`` and ``1.5``, ``zh-Hans`` and
``zh-hans``); here each comes back as Oxigraph writes it. What they do with an answer that is too
long differs more, and worse:

* Virtuoso cuts it at ``ResultSetMaxRows`` (10,000 rows as it is installed), with status 200. For
  rows it says so in a header only (``X-SPARQL-MaxRows``), for triples not at all: it is never asked
  for them (:mod:`maillage.engines.patterns`). A query that ran out of its time gives what was found
  by then, and says that in another header (``X-SQL-State``).
* Any engine may break off in the middle, when the status line was sent long ago.

In each of these cases there is an error and no answer; likewise where an answer is no SPARQL, were
it only the name of a column: what is answered may become part of a query
(:mod:`maillage.federation`).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, cast

import pyoxigraph as ox
import requests
from rdflib import BNode, Graph, URIRef
from rdflib.term import Identifier

from maillage.errors import MaillageError
from maillage.store import Answer, Reply, literal, rdflib_triple

__all__ = ["PAGE", "ROWS", "TRIPLES", "read"]

#: What is asked for: one format each, because some engines send triples as rows when they may.
ROWS: Final = "application/sparql-results+json"
TRIPLES: Final = "application/n-triples"

#: Rows asked for at once: less than any engine cuts at.
PAGE: Final = 5_000

# The name of a variable (SPARQL 1.1, 19.8, VARNAME), or nearly: the engine's parser knows the rest.
_NAME: Final = re.compile(r"\w+")

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
# Whose values our own store writes in one form (its numbers, truths and times).
_NUMBERS: Final = """byte decimal double float int integer long negativeInteger nonNegativeInteger
nonPositiveInteger positiveInteger short unsignedByte unsignedInt unsignedLong unsignedShort"""
_TIMES: Final = "date dateTime dateTimeStamp gDay gMonth gMonthDay gYear gYearMonth time"
_REWRITTEN: Final = frozenset(f"{_XSD}{name}" for name in f"boolean {_NUMBERS} {_TIMES}".split())


def read(address: str, response: requests.Response) -> Reply:
    """The reply that an answer holds.

    :raises MaillageError: when it is no SPARQL, or not the whole answer.
    """
    headers, body = response.headers, response.content
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    rows = headers.get("X-SPARQL-MaxRows")
    if rows:
        raise MaillageError("endpoint-cut", address=address, rows=rows)
    if headers.get("X-SQL-State"):
        raise MaillageError("endpoint-out-of-time", address=address)
    try:
        if kind in {TRIPLES, "text/plain"}:
            found = Graph()
            for quad in ox.parse(io.BytesIO(body), ox.RdfFormat.N_TRIPLES):
                found.add(rdflib_triple(quad))
            return found
        document = json.loads(body)
        if "boolean" in document:
            return bool(document["boolean"])
        return _answer(document)
    except (json.JSONDecodeError, UnicodeDecodeError, SyntaxError) as error:
        broken = kind in {ROWS, TRIPLES}
        key = "endpoint-broken-off" if broken else "endpoint-gibberish"
        raise MaillageError(key, address=address, kind=kind) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MaillageError("endpoint-gibberish", address=address, kind=kind) from error


def _answer(document: Any) -> Answer:
    """Rows of the SPARQL 1.1 Query Results JSON Format.

    :raises ValueError: when a column has no name of a variable, or another's; or a cell is no term.
        Something else that is not of that format raises what Python does.
    """
    names = tuple(document["head"]["vars"])
    if len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        raise ValueError(names)
    bindings = document["results"]["bindings"]
    return Answer(names, [tuple(_term(row.get(name)) for name in names) for row in bindings])


def _term(cell: Mapping[str, str] | None) -> Identifier | None:
    """A term of the SPARQL 1.1 Query Results JSON Format, 3.2.2 (``typed-literal`` is older)."""
    if cell is None:
        return None
    if cell["type"] == "uri":
        return URIRef(cell["value"])
    if cell["type"] == "bnode":
        return BNode(cell["value"])
    if cell["type"] not in {"literal", "typed-literal"}:  # a triple, of which we have none
        raise ValueError(cell["type"])
    datatype = cell.get("datatype")
    if datatype in _REWRITTEN:
        return literal(*_as_stored(cell["value"], datatype))
    return literal(cell["value"], cell.get("xml:lang"), datatype)


@lru_cache(maxsize=65_536)
def _as_stored(value: str, datatype: str) -> tuple[str, None, str]:
    """A value as Oxigraph writes it.

    >>> _as_stored("1", _XSD + "boolean")[0], _as_stored("01.50", _XSD + "decimal")[0]
    ('true', '1.5')
    """
    name, store = ox.NamedNode("x:x"), ox.Store()
    store.add(ox.Quad(name, name, ox.Literal(value, datatype=ox.NamedNode(datatype))))
    (quad,) = store
    written = cast("ox.Literal", quad.object)
    return written.value, None, written.datatype.value
