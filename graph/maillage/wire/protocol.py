"""Requests of the SPARQL 1.1 Protocol (2.1) and of the Graph Store Protocol's reading side.

From what a client sent to what it asks, or to a :class:`~maillage.wire.problems.Problem` that says
what is wrong with it. Nothing here reads a network or a store.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from maillage.wire.problems import Problem

__all__ = ["FORM", "QUERY", "UPDATE", "Asked", "Fields", "asked", "fields", "graph_asked", "plain"]

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"

# Fields of one request; a query names some graphs, not thousands.
_MOST: Final = 1_000
_STRAY: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# No part gives back what it took (++): else a header that means harm takes its length squared.
_MEDIA: Final = re.compile(r"\s*+([^\s;/]++/[^\s;/]++)\s*+((?:;.*)?)", re.DOTALL)
_CHARSET: Final = re.compile(r';\s*charset\s*=\s*"?([^\s;"]*)"?', re.IGNORECASE)
# An absolute IRI (RFC 3987), as far as a line of text that names a graph has to be one.
_IRI: Final = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`]*')
_UTF8: Final = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Asked:
    """What a client asks of ``/sparql``.

    :ivar query: the text, or ``None`` when it asks for no query but for the endpoint itself.
    :ivar default_graphs: of the protocol; ``None`` when the request names no dataset at all.
    :ivar named_graphs: likewise.
    :ivar wanted: the name of a format in the address (``format`` or ``output``), or nothing.
    :ivar fields: all that was sent, for the page.
    """

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    wanted: str
    fields: Fields


def fields(text: bytes) -> dict[str, list[str]]:
    """The fields of a form or of the part of an address after ``?``.

    >>> fields(b"query=ASK+%7B%7D&graph=a&graph=b&empty")
    {'query': ['ASK {}'], 'graph': ['a', 'b'], 'empty': ['']}

    :raises Problem: when a percent sign is no escape, or the bytes are not UTF-8.
    """
    found: dict[str, list[str]] = {}
    for count, pair in enumerate(part for part in text.split(b"&") if part):
        if count >= _MOST:
            raise Problem("too-many-fields", limit=_MOST)
        name, _, value = pair.partition(b"=")
        found.setdefault(_decoded(name), []).append(_decoded(value))
    return found


def _decoded(text: bytes) -> str:
    if _STRAY.search(text):
        raise Problem("bad-percent")
    return plain(unquote_to_bytes(text.replace(b"+", b" ")))


def plain(text: bytes) -> str:
    """Text of a client, which is UTF-8 or wrong; a byte order mark says nothing and goes.

    :raises Problem: when it is not UTF-8.
    """
    try:
        return text.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Problem("not-utf8", position=error.start) from error


def asked(method: str, query_string: bytes, content_type: str | None, body: bytes) -> Asked:
    """Read a request to ``/sparql``.

    :param method: ``GET``, ``HEAD`` or ``POST``.
    :raises Problem: when it asks for an update, for two queries or none, or cannot be read.
    """
    found = fields(query_string)
    if method == "POST":
        kind, charset = _media(content_type)
        if kind not in {FORM, QUERY, UPDATE}:
            raise Problem("media-type", given=kind or "–", known=f"{FORM}, {QUERY}")
        if charset not in _UTF8:
            raise Problem("charset", given=charset)
        if kind == UPDATE:
            raise Problem("update")
        if kind == FORM:
            for name, values in fields(body).items():
                found.setdefault(name, []).extend(values)
        else:
            found.setdefault("query", []).append(plain(body))
    if any(name in found for name in ("update", "using-graph-uri", "using-named-graph-uri")):
        raise Problem("update")
    queries = found.get("query", [])
    if len(queries) > 1:
        raise Problem("two-queries", n=len(queries))
    if not queries and method == "POST":
        raise Problem("no-query")
    if queries and not queries[0].strip() and method == "POST":
        raise Problem("no-query")
    default, named = (_graphs(found, f"{kind}-graph-uri") for kind in ("default", "named"))
    dataset = default or named
    return Asked(
        queries[0] if queries else None,
        default if dataset else None,
        named if dataset else None,
        _wanted(found),
        found,
    )


def graph_asked(query_string: bytes) -> tuple[str, str]:
    """Read a request to ``/data``: the graph that it names, and the format if it names one.

    :returns: the address of the graph, or ``default``.
    :raises Problem: when it names no graph, or more than one.
    """
    found = fields(query_string)
    graphs, default = found.get("graph", []), "default" in found
    if len(graphs) + default != 1:
        raise Problem("which-graph")
    for graph in graphs:
        _checked(graph)
    return ("default" if default else graphs[0]), _wanted(found)


def _wanted(found: Fields) -> str:
    for name in ("format", "output"):
        for value in found.get(name, ()):
            if value:
                return value
    return ""


def _graphs(found: Fields, name: str) -> tuple[str, ...]:
    return tuple(_checked(graph) for graph in found.get(name, ()))


def _checked(graph: str) -> str:
    if not _IRI.fullmatch(graph):
        raise Problem("bad-graph", graph=graph)
    return graph


def _media(content_type: str | None) -> tuple[str, str]:
    """A media type and its character encoding, in lower case; empty when none is given."""
    found = _MEDIA.fullmatch(content_type or "")
    if not found:
        return "", ""
    charset = _CHARSET.search(found[2])
    return found[1].lower(), charset[1].lower() if charset else ""
