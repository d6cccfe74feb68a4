"""Questions answered here, from what an engine finds for each pattern of theirs.

Some engines keep statements well and answer simple patterns right, but not whole questions: of
ours, Virtuoso 7.2.5 refuses half, and answers others wrongly without a word (nothing, where there
are 431 rows). So there each triple pattern of a question is asked by itself, without a filter, an
option or a path, and the question is answered by our own engine from what came: the way of Triple
Pattern Fragments (Verborgh et al. 2016, https://doi.org/10.1016/j.websem.2016.03.003). The rows are
right whatever the question is, since all statements are there that any part of it can match; what
it costs is that these statements travel.

Answers are asked for in pieces smaller than any engine cuts at, and counted: as many different
statements must come as the engine says that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, cast

from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier

from maillage.bounded.scan import TOKEN
from maillage.engines.answers import PAGE
from maillage.errors import MaillageError
from maillage.store import Answer

__all__ = ["EVERYTHING", "Pattern", "by_graph", "fetched", "patterns"]

#: Statements that may travel for one question.
MOST: Final = 2_000_000


class Pattern(NamedTuple):
    """A triple pattern: addresses, and nothing for what is open.

    Literals are left open: engines differ in which of them are the same.
    """

    subject: URIRef | None
    predicate: URIRef | None
    object: URIRef | None

    def covers(self, other: Pattern) -> bool:
        """Whether whatever matches the other matches this."""
        return all(mine is None or mine == its for mine, its in zip(self, other, strict=True))


EVERYTHING: Final = Pattern(None, None, None)

# The parts whose rows are those of what they hold, but for some that drop out.
_PASSING: Final = frozenset(
    (
        "Builtin_EXISTS",
        "Builtin_NOTEXISTS",
        "ConditionalAndExpression",
        "ConditionalOrExpression",
        "Extend",
        "Filter",
        "Graph",
        "GroupGraphPatternSub",
        "RelationalExpression",
        "UnaryNot",
        "Union",
    )
)


def patterns(sparql: str) -> list[Pattern]:
    """What a question can match at all, as few patterns as say it.

    >>> patterns("SELECT ?o { ?s <x:p>/<x:q> ?o . OPTIONAL { <x:a> <x:p> ?s } }")
    [Pattern(subject=None, predicate=rdflib.term.URIRef('x:p'), object=None),
     Pattern(subject=None, predicate=rdflib.term.URIRef('x:q'), object=None)]
    """
    try:
        algebra = translateQuery(parseQuery(sparql)).algebra
    except Exception as error:  # noqa: BLE001  # rdflib's parser raises bare Exceptions on text that Oxigraph accepts
        del error
        return [EVERYTHING]
    if algebra.name == "DescribeQuery":
        return [EVERYTHING]
    found = list(dict.fromkeys(_inside(algebra, frozenset())))
    return [one for one in found if not any(other != one and other.covers(one) for other in found)]


_Triple = tuple[Identifier, Identifier, Identifier]
_Terms = frozenset[Identifier]


def by_graph(sparql: str) -> bool:
    """Whether a question asks in which graph something stands, or chooses among graphs.

    >>> by_graph("SELECT ?g { GRAPH ?g { ?s ?p ?o } }"), by_graph("ASK { <x:graph> a ?a } # graph")
    (True, False)
    """
    words = (found[0] for found in TOKEN.finditer(sparql) if found.lastgroup == "word")
    return any(word.lower() in {"graph", "from"} for word in words)


def _inside(part: object, sure: _Terms) -> Iterator[Pattern]:
    """Walk the algebra whole: options, unions, negations and the questions inside the question.

    :param sure: what is bound by a triple that must match before a row of this part counts.
    """
    if isinstance(part, CompValue):
        if "triples" in part:
            yield from _of_group(list(_triples(part.triples)), sure)
            return
        if part.name in {"Join", "LeftJoin", "Minus"}:
            left, right = _certain(part.p1), _certain(part.p2)
            yield from _inside(part.p1, sure | right if part.name == "Join" else sure)
            yield from _inside(part.p2, sure | left)
            yield from _inside(part.get("expr"), sure | left | right)
            return
        if part.name not in _PASSING:  # what counts rows needs them all
            sure = frozenset()
        within = _certain(part.get("p"))
        for name, value in part.items():
            if name != "template":  # what a CONSTRUCT makes is not looked for
                yield from _inside(value, sure if name == "p" else sure | within)
    elif isinstance(part, list | tuple | set | frozenset):
        for item in part:
            yield from _inside(item, sure)


def _certain(part: object) -> _Terms:
    """What a part binds in each of its rows by a triple, as far as that is easily seen."""
    if not isinstance(part, CompValue):
        return frozenset()
    if part.name == "BGP":
        return _bound(_triples(part.triples))
    if part.name == "Join":
        return _certain(part.p1) | _certain(part.p2)
    if part.name == "Union":
        return _certain(part.p1) & _certain(part.p2)
    if part.name in {"LeftJoin", "Minus"}:
        return _certain(part.p1)
    return _certain(part.p) if part.name in {"Filter", "Extend", "Graph"} else frozenset()


def _triples(items: object) -> Iterator[_Triple]:
    """The triples of a group: one by one, or in a row where the group was not translated."""
    for item in cast("list[tuple[Identifier, ...]]", items):
        yield from cast("Iterator[_Triple]", zip(item[::3], item[1::3], item[2::3], strict=True))


def _bound(triples: Iterable[_Triple]) -> _Terms:
    return frozenset(
        end
        for subject, predicate, value in triples
        if isinstance(predicate, Identifier)
        for end in (subject, value)
    )


def _of_group(triples: list[_Triple], sure: _Terms) -> Iterator[Pattern]:
    """The patterns of one group, in which each must match."""
    sure |= _bound(triples)
    for subject, predicate, value in triples:
        if isinstance(predicate, Identifier):
            yield Pattern(_address(subject), _address(predicate), _address(value))
            continue
        # A path of no length joins anything to itself: all of the graph, unless an end is known
        # from elsewhere.
        known = any(
            not isinstance(end, Variable | BNode) or end in sure for end in (subject, value)
        )
        steps = list(_steps(predicate))
        if None in steps or (_may_be_empty(predicate) and not known):
            yield EVERYTHING
        else:
            yield from (Pattern(None, step, None) for step in steps)


def _address(term: Identifier) -> URIRef | None:
    return term if isinstance(term, URIRef) else None


def _steps(path: object) -> Iterator[URIRef | None]:
    """The predicates of a path; nothing for any."""
    if isinstance(path, URIRef):
        yield path
    elif isinstance(path, SequencePath | AlternativePath):
        for part in path.args:
            yield from _steps(part)
    elif isinstance(path, InvPath):
        yield from _steps(path.arg)
    elif isinstance(path, MulPath):
        yield from _steps(path.path)
    else:  # a negated one
        yield None


def _may_be_empty(path: object) -> bool:
    if isinstance(path, MulPath):
        return bool(path.zero) or _may_be_empty(path.path)
    if isinstance(path, InvPath):
        return _may_be_empty(path.arg)
    if isinstance(path, AlternativePath):
        return any(map(_may_be_empty, path.args))
    return isinstance(path, SequencePath) and all(map(_may_be_empty, path.args))


def fetched(
    select: Callable[[str], Answer], pattern: Pattern, place: str
) -> Iterator[tuple[Identifier, ...]]:
    """What matches a pattern: graph, subject, predicate and object; without a graph the last three.

    :param place: ``GRAPH ?g``, or ``GRAPH <…>``.
    :raises MaillageError: when it is too much, or not all of it came.
    """
    names = "spo"
    written = [f"?{n}" if t is None else t.n3() for n, t in zip(names, pattern, strict=True)]
    group = f"{place} {{ {' '.join(written)} }}"
    ((number,),) = select(f"SELECT (COUNT(*) AS ?n) {{ {group} }}").rows
    expected = int(str(number))
    if expected > MOST:
        raise MaillageError("endpoint-too-much", pattern=" ".join(written), n=expected, limit=MOST)
    open_ = [n for n, t in zip(names, pattern, strict=True) if t is None]
    variables = ["g", *open_] if place.endswith("?g") else open_
    if not variables:
        if expected:
            yield tuple(term for term in pattern if term is not None)
        return
    wanted = " ".join(f"?{name}" for name in variables)
    found: set[tuple[Identifier | None, ...]] = set()
    for start in range(0, expected, PAGE):
        answer = select(f"SELECT {wanted} {{ {group} }} LIMIT {PAGE} OFFSET {start}")
        found.update(answer.rows)
    if len(found) != expected:
        raise MaillageError("endpoint-pages", pattern=" ".join(written), n=len(found), all=expected)
    fixed = dict(zip(names, pattern, strict=True))
    for row in found:
        told = fixed | dict(zip(variables, row, strict=True))
        yield tuple(told[name] for name in (*variables[: len(variables) - len(open_)], *names))  # type: ignore[misc]  # each is bound
