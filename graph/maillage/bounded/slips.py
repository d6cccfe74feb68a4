"""Why a text is no SPARQL, in words for whoever wrote it: what stands where, and what could.

The engine tells of a slip in English, and mostly what its parser hoped for. What people can use of
that is told by keys of ``words.toml``, so that it is said in the language of the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from maillage.bounded.outcomes import Fault
from maillage.bounded.scan import Scan, place, scanned

__all__ = ["slip", "unknown_function"]

_PLACE: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
# What a parser hopes for: signs and keywords, and sets of characters, which say nothing to people.
_HOPED: Final = re.compile(r"""\[(?:'[^']+'|[^'\]])*\]|("(?:[^"\\]|\\.)*"|[A-Za-z][\w ]+)""")
_SHOWN: Final = 30  # characters of the query that are shown
_HOPES: Final = 8  # things that would have been right
_CLOSING: Final = ("}", ")", "]")

#: What the engine says of a text that keeps the grammar and breaks a rule; and what we say.
_RULES: Final[Mapping[str, str]] = {
    "BIND is overriding an existing variable": "syntax-taken",
    "Duplicated variable name in SELECT": "syntax-twice",
    "IRI parsing failed": "syntax-address",
    "Repeated variables are not allowed in VALUES": "syntax-twice",
    "SELECT * is not authorized with GROUP BY": "syntax-star",
    "The SELECT contains a variable that is unbound": "syntax-ungrouped",
    "The SELECT contains an expression with a variable that is unbound": "syntax-ungrouped",
    "The SELECT overrides an existing variable": "syntax-taken",
    "The VALUES clause rows should have": "syntax-values",
    "prefix IRI parsing failed": "syntax-address",
}

# What the engine says of a call of a function that it does not have (SPARQL 1.1 Query, 17.6).
_UNKNOWN: Final = re.compile(r"custom function <([^>]*)>")


def slip(query: str, error: SyntaxError) -> Fault:
    """Why a text is no query: an update, a prefix that nobody declared, or a slip.

    :param error: what the engine said of it.
    """
    seen = scanned(query)
    if seen.updates:
        return Fault("load" if seen.form == "load" else "update", form=seen.form.upper())
    if found := _undeclared(query, seen):
        return found
    message = error.msg or str(error)
    if not (told := _PLACE.match(message)):
        return Fault("not-sparql", line=None, column=None, reason=message)
    at = _offset(query, int(told[1]), int(told[2]))
    for said, key in _RULES.items():
        if said in told[3]:
            return _fault(key, query, at)
    hopes = [hope for hope in _HOPED.findall(told[3]) if hope and " " not in hope]
    # A keyword that is not there is reported as many characters behind it as it has.
    back = min((len(hope) if hope.isalnum() else 0 for hope in hopes), default=0)
    at = max(0, at - back)
    if at >= len(query) and not hopes:  # too short for any keyword
        at = len(query.rstrip()) - len((query.split() or [""])[-1])
    values: dict[str, object] = {}
    if near := query[at:].split("\n", maxsplit=1)[0].strip()[:_SHOWN]:
        values["near"] = near
    if hopes:
        # what closes is forgotten most often; a comma between signs would look like one of them
        hopes = sorted((hope.strip('"') for hope in hopes), key=lambda hope: hope not in _CLOSING)
        values["expected"] = " ".join(hopes[:_HOPES])
        return _fault("syntax-expected" if near else "syntax-end-expected", query, at, **values)
    return _fault("syntax-unexpected" if near else "syntax-end", query, at, **values)


def unknown_function(error: RuntimeError) -> Fault | None:
    """The call of a function that the engine does not have; nothing when it says something else."""
    if found := _UNKNOWN.search(str(error)):
        return Fault("function-unknown", line=None, column=None, function=found[1])
    return None


def _undeclared(query: str, seen: Scan) -> Fault | None:
    for name, at in seen.names:
        prefix = name.partition(":")[0]
        if prefix not in seen.prefixes and prefix != "_":
            return _fault("prefix-undeclared", query, at, prefix=prefix)
    return None


def _fault(key: str, query: str, at: int, **values: object) -> Fault:
    """A fault at a character, whose sentence names the line and the column."""
    line, column = place(query, at)
    return Fault(key, line=line, column=column, at_line=line, at_column=column, **values)


def _offset(text: str, line: int, column: int) -> int:
    """Which character stands at a line and a column, both from 1."""
    before = text.split("\n")[: line - 1]
    return sum(map(len, before)) + len(before) + column - 1
