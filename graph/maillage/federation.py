"""A question over our graph and another endpoint: ``maillage ask --sparql … --allow-service HOST``.

Nothing is asked of another host unless the person names it, host by host. Whatever the engine is,
it never calls anybody: each ``SERVICE`` clause is sent from here, as a question of its own, and
what comes back is put into its place as ``VALUES`` (SPARQL 1.1 Federated Query, 2.4). So the host
is the one that was allowed, no redirection leads elsewhere, certificates are checked, no password
of ours goes along, and an answer that is cut or fails is an error. Such a clause is answered before
the rest of the question is known; what limits it must stand inside it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph as ox
from rdflib import BNode
from rdflib.term import Identifier

from maillage.bounded.scan import TOKEN, scanned
from maillage.danger import refuse_danger
from maillage.engines.answers import ROWS, read
from maillage.engines.connection import Connection, unreadable
from maillage.errors import MaillageError, Refused
from maillage.store import Answer, native, opened
from maillage.words import visible

__all__ = ["MOST", "federated"]

#: Rows that a clause may give.
MOST: Final = 10_000

_PORTS: Final = {"http": 80, "https": 443}


class _Clause(NamedTuple):
    """``SERVICE <address> { … }``, with where it stands in the query."""

    start: int
    end: int
    address: str
    body: str


def federated(sparql: str, allowed: Collection[str]) -> str:
    """The same query with each SERVICE clause replaced by the rows that its host gave.

    >>> federated("SELECT * { SERVICE <https://a.org/sparql> { ?s ?p ?o } }", ["b.org"])
    Traceback (most recent call last):
    maillage.errors.Refused: The query calls another host, a.org, which was not allowed. ...

    :param allowed: hosts, each with its port unless it is the usual one of http or https.
    :raises Refused: when a clause calls a host that is not among them, or does not say which.
    :raises MaillageError: when this is no query, or a host gives no answer or not a whole one.
    """
    clauses = list(_clauses(sparql))
    prologue = _declared(scanned(sparql).prologue)
    outer = sparql
    for clause in reversed(clauses):
        # as long as the clause, so that a fault is told at its place
        blank = re.sub(r"[^\n]", " ", sparql[clause.start + 1 : clause.end - 1])
        outer = f"{outer[: clause.start]}{{{blank}}}{outer[clause.end :]}"
    # whatever calls a host in a way that was not understood above is refused here, and what is no
    # query is told before anybody is called
    opened(ox.Store()).query(outer)
    for clause in clauses:
        host = _host(clause.address)
        if host not in {name.lower() for name in allowed}:
            raise Refused("service-host", host=host)
        refuse_danger(clause.body)
    for clause in reversed(clauses):  # from behind, so that places stay true
        rows = _asked(clause.address, f"{prologue} SELECT * WHERE {_uncommented(clause.body)}")
        # what a host says must not call another one
        refuse_danger(rows, len(rows))
        sparql = sparql[: clause.start] + rows + sparql[clause.end :]
    return sparql


def _clauses(sparql: str) -> Iterator[_Clause]:
    tokens = [found for found in TOKEN.finditer(sparql) if found.lastgroup != "skip"]
    at = 0
    while at < len(tokens):
        if tokens[at].lastgroup != "word" or tokens[at][0].lower() != "service":
            at += 1
            continue
        first, at = tokens[at], at + 1
        kinds = [found.lastgroup for found in tokens[at : at + 2]]
        if kinds[:1] == ["word"]:
            raise Refused("service-silent")
        if kinds[:1] != ["iri"] or tokens[at + 1][0] != "{":
            raise Refused("service-unknown")
        address = tokens[at][0][1:-1]
        opening = at = at + 1
        depth = 0
        while at < len(tokens):
            depth += {"open": 1, "close": -1}.get(str(tokens[at].lastgroup), 0)
            at += 1
            if not depth:
                break
        last = tokens[at - 1]
        body = sparql[tokens[opening].start() : last.end()]
        yield _Clause(first.start(), last.end(), address, body)


def _declared(prologue: str) -> str:
    r"""BASE and PREFIX of a prologue, without what the person wrote between them.

    >>> _declared("# for the mayor\nPREFIX x: <http://x.org/#> # secret\nBASE <http://b.org/>")
    'PREFIX x: <http://x.org/#> BASE <http://b.org/>'
    """
    kept = (
        found[0]
        for found in TOKEN.finditer(prologue)
        if found.lastgroup in {"name", "iri"} or found[0].lower() in {"base", "prefix"}
    )
    return " ".join(kept)


def _uncommented(sparql: str) -> str:
    return "".join(found[0] for found in TOKEN.finditer(sparql) if not found[0].startswith("#"))


def _host(address: str) -> str:
    """The host of an address, with its port unless that is the usual one.

    >>> _host("https://A.org/sparql"), _host("http://a.org:3030/ds")
    ('a.org', 'a.org:3030')
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in _PORTS:
        raise unreadable(address)
    shown = f"[{host}]" if ":" in host else host
    return shown if port in {None, _PORTS[parts.scheme]} else f"{shown}:{port}"


def _asked(address: str, sparql: str) -> str:
    """The rows of a query to a host, as ``VALUES``."""
    # an environment without anything: names and passwords are for the engine that the person named
    response = Connection(address, {}).ask([("query", sparql)], ROWS)
    answer = read(address, response)
    if not isinstance(answer, Answer):
        kind = response.headers.get("Content-Type", "")
        raise MaillageError("endpoint-gibberish", address=address, kind=kind)
    if len(answer.rows) > MOST:
        raise MaillageError("service-too-much", address=address, n=len(answer.rows), limit=MOST)
    names = " ".join(f"?{name}" for name in answer.variables)
    rows = "\n".join(
        f"({' '.join(_written(term, address) for term in row)})" for row in answer.rows
    )
    return f"{{ VALUES ({names}) {{\n{rows}\n}} }}"


def _written(term: Identifier | None, address: str) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, BNode):
        raise MaillageError("service-blank", address=address)
    try:
        return str(native(term))
    except ValueError as error:
        raise MaillageError("service-term", address=address, term=visible(str(term))) from error
