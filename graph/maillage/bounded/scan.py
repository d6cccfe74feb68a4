"""What a query says about itself, as far as that can be seen without parsing it.

The engine's parser is the judge of what is SPARQL; it tells no one what it has read, though. So the
few things that a server must know are looked up here: how a request begins, and which dataset it
names. A query that this reads wrongly is still answered by the engine as it reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from maillage.danger import LOCAL

__all__ = ["TOKEN", "Scan", "place", "scanned", "telling"]

#: A piece of a query, by the name of its group.
TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|\#[^\n\r]*)
    |(?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<variable>[?$]\w+)
    |(?P<name>(?:[^\W\d_][\w.·-]*+|_)?:(?:LOCAL)?)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<word>[A-Za-z_][\w.·-]*+)
    |(?P<open>[{(\[])|(?P<close>[})\]])
    |(?P<other>.)""".replace("LOCAL", LOCAL.replace("#", r"\#")),
    re.VERBOSE | re.DOTALL,
)

#: The forms of a request that changes data (SPARQL 1.1 Update, 3).
_UPDATES: Final = frozenset(
    ("insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with")
)
# No blank has to stand before FROM.
_FROM: Final = re.compile("(?:ask|construct)?from(named)?", re.IGNORECASE)
# Functions that give another answer when they are asked again (SPARQL 1.1, 17.4.2.9, 17.4.5.1 and
# others), behind whatever stands before them: "ORDER BYRAND()" is one, and where "<NOW()>" is an
# address only a parser knows. In strings and comments they count as well: the price is an entity
# tag that is missing, never one that lies.
_CHANGING: Final = re.compile(r"(?:now|rand|uuid|bnode)\s*[(#]", re.IGNORECASE)
# What begins a new blank node in the triples that CONSTRUCT makes: "[]", "(1 2)", "_:a", and what
# is said of a triple: "<<", "~", "{|" (SPARQL 1.2, 4.1.4 to 4.1.8).
_NEW_NODE: Final = frozenset("[(_<~{")
_TELLING: Final = ("from", "construct", "now", "rand", "uuid", "bnode")


@dataclass
class Scan:
    """What was seen.

    :ivar prologue: the text before the form: BASE and PREFIX.
    :ivar form: the first keyword after it, in lower case.
    :ivar default: the terms after FROM, as they are written.
    :ivar named: the terms after FROM NAMED.
    :ivar steady: whether asking again gives the same bytes.
    :ivar prefixes: declared in the prologue.
    :ivar names: prefixed names that are used, with where.
    """

    prologue: str = ""
    form: str = ""
    default: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    steady: bool = True
    prefixes: set[str] = field(default_factory=set)
    names: list[tuple[str, int]] = field(default_factory=list)

    @property
    def updates(self) -> bool:
        """Whether this would change data."""
        return self.form in _UPDATES


def telling(query: str) -> bool:
    """Whether looking a query through can tell more of it than that it is a steady one.

    Of nearly every query it cannot, and would take longer than the answer.

    >>> telling("ASK { ?s ?p ?o }"), telling("ASK FROM <http://a/b> { ?s ?p ?o }")
    (False, True)
    """
    text = query.lower()
    return any(word in text for word in _TELLING)


def scanned(query: str) -> Scan:
    """Look a query through.

    >>> seen = scanned("PREFIX g: <http://a/> SELECT * FROM NAMED g:b FROM <http://c> { ?s ?p ?o }")
    >>> seen.form, seen.default, seen.named
    ('select', ['<http://c>'], ['g:b'])
    """
    seen = Scan(steady=not _CHANGING.search(query))
    depth = 0
    made = False  # whether the triples that CONSTRUCT makes are behind us
    before: list[str] = []  # the words just before, in lower case
    for token in TOKEN.finditer(query):
        kind, text = token.lastgroup, token[0]
        if kind == "skip":
            continue
        if not seen.form:
            if kind == "word" and text.lower() not in {"base", "prefix", "version"}:
                seen.form = text.lower()
                seen.prologue = query[: token.start()]
            elif kind == "name" and before == ["prefix"]:
                seen.prefixes.add(text.removesuffix(":"))
                before = []
                continue
        if seen.form.startswith("construct") and depth and not made and kind != "iri":
            seen.steady = seen.steady and text[0] not in _NEW_NODE
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            made = made or not depth
        elif kind in {"iri", "name"} and not depth and _FROM.fullmatch("".join(before[-2:])):
            (seen.named if "named" in before[-1] else seen.default).append(text)
        if kind == "name":
            seen.names.append((text, token.start()))
        if kind != "word":
            before = []
        elif text.lower() == "named" and before[-1:] == ["from"]:
            before = ["from", "named"]
        else:
            before = [text.lower()]
    return seen


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of a character."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
