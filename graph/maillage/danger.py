"""Queries that are refused before any engine sees them.

Oxigraph calls other hosts when a query says so (``SERVICE``), and calls itself for every bracket
that stands in another, until its process ends. Nothing here parses SPARQL: what can hide a keyword
(strings, addresses, comments, names) is passed over, and what is left is looked at. Where a sign
can be read in two ways (``<`` opens an address, or compares), both are followed.
"""

from __future__ import annotations

import re
import sys
from typing import Final

from maillage.errors import Refused

__all__ = ["DEEPEST", "LOCAL", "LONGEST", "refuse_danger"]

#: How deep brackets may stand in each other. The engine's parser calls itself for each, and some
#: thousands of them end the whole process.
DEEPEST: Final = 200

#: Characters of the longest query; nothing that a person writes is longer.
LONGEST: Final = 50_000

_PIECE: Final = r"(?:[\w:·-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
#: What follows the colon of a name (SPARQL 1.1, 19.8, PN_LOCAL): "." and "-" do not begin it, "."
#: does not end it, so that ":.SERVICE" is the name ":", the end of a sentence, and a keyword.
LOCAL: Final = rf"(?!-){_PIECE}(?:\.*{_PIECE})*+"

# Strings, addresses, comments, variables, names and language tags may hold any word. Words are
# taken whole, so that a long one is looked at once.
_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\'|(?P<iri><[^<>"{}|^`\\\s]*>)|#[^\n\r]*'
    rf"|[?$]\w+|(?P<word>[^\W\d_][\w.·-]*+)?(?P<name>:(?:{LOCAL})?)|(?P<bare>[^\W\d_][\w.·-]*+)"
    r"|@[A-Za-z]+(?:-[A-Za-z0-9]+)*",
    re.DOTALL,
)
# An address that nothing else can be: after "<" as a comparison, "//" has no meaning.
_ADDRESS: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
# Whatever looks like the name of a prefix where it is declared, or might.
_DECLARED: Final = re.compile(r"(?<![\w.·-])([\w.·-]*+):(?=[\s<#])")
_BRACKETS: Final = re.compile(r"[{}()\[\]]")
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def refuse_danger(sparql: str, longest: int = LONGEST) -> None:
    """Refuse a query that would make an engine call another host, or end it.

    >>> refuse_danger("SELECT ?service { ?service a <x:SERVICE> } # service")
    >>> refuse_danger("SELECT * { SERVICE <http://a.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    maillage.errors.Refused: The query calls another host (SERVICE). Maillage never does: ...

    :param longest: characters that it may have.
    :raises Refused: naming what is refused.
    """
    if len(sparql) > longest:
        raise Refused("too-long-query", limit=longest)
    if _harmless(sparql):
        return
    # SPARQL (19.2) lets a query write any character by its number. Some engines put the characters
    # in before they read, some only inside strings and addresses.
    for reading in dict.fromkeys((sparql, _ESCAPE.sub(_unescaped, sparql))):
        _refuse(reading)


def _harmless(sparql: str) -> bool:
    """Whether no reading can find anything: nearly every query, in a fiftieth of the time."""
    few = sum(map(sparql.count, "{([")) <= DEEPEST
    return few and "\\" not in sparql and "service" not in sparql.lower()


def _refuse(sparql: str) -> None:
    declared = _prefixes(sparql)
    seen: set[int] = set()
    ways = [(0, 0)]
    while ways:
        at, depth = ways.pop()
        while True:
            found = _TOKEN.search(sparql, at)
            bare = sparql[at : found.start() if found else len(sparql)]
            for bracket in _BRACKETS.findall(bare):
                depth += 1 if bracket in "{([" else -1
                if depth > DEEPEST:
                    raise Refused("too-deep", limit=DEEPEST)
            if not found or found.start() in seen:
                break
            seen.add(found.start())
            at = found.end()
            word = (found["word"] or found["bare"] or "").lower()
            if "service" in word and (found["bare"] or _may_call(word, declared)):
                raise Refused("service")
            iri = found["iri"]
            if iri and ("#" in iri or "'" in iri) and not _ADDRESS.match(iri):
                ways.append((found.start() + 1, depth))


def _prefixes(sparql: str) -> set[str]:
    """Every prefix that a query may declare, and some that it does not."""
    names: set[str] = set()
    for name in _DECLARED.findall(sparql):
        lower = name.lower()
        names.add(lower)
        # No blank is needed after PREFIX.
        names.update(lower[m.start() + 6 :] for m in re.finditer("prefix", lower))
    return names


def _may_call(prefix: str, declared: set[str]) -> bool:
    """Whether "SERVICEe:x" may be read as a keyword and the name "e:x": no blank is needed."""
    rests = [prefix[found.end() :] for found in re.finditer("service", prefix)]
    return any(rest in declared or rest.removeprefix("silent") in declared for rest in rests)


def _unescaped(escape: re.Match[str]) -> str:
    """The character that an escape stands for."""
    number = int(escape[1] or escape[2], 16)
    return chr(number) if number <= sys.maxunicode else " "
