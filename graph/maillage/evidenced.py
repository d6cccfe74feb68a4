"""Which row of a table an evidence stands for: the claims of a document, read back from a graph.

The address of an evidence of ours is a fingerprint of the thing, the document, the place in it,
the certainty and everything that its row says (:mod:`maillage.rowquads`). So although a graph says
only on which properties an evidence bears, the row can be found: it is the one that has that
fingerprint. Two rows of one document that give two years for one link come back as two rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, combinations, islice, product
from typing import TYPE_CHECKING, Final, NamedTuple

from rdflib import RDF, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Identifier

from maillage.cells import Cells, Plan, Said, Slot
from maillage.mint import parse
from maillage.rowquads import OA
from maillage.terms import MLG

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["Passage", "Search", "passage"]

# How many rows are tried for one evidence, and for all of a file. With graphs, ours need a handful;
# a million take two seconds.
_TRIED: Final = 200_000
_TRIED_IN_ALL: Final = 6_000_000
# Of a list of more values than this, all or a few are tried.
_LONGEST_LIST: Final = 10
_FEW: Final = 4
_LINES: Final = re.compile(r"line=(\d+),(\d+)")

Statements = Mapping[Identifier, list[Said]]


@dataclass(frozen=True)
class Passage:
    """What an evidence says: in which document, where in it, how certain, on which properties.

    :ivar rest: what its row says in other columns: page, section, reasons, who recorded it.
    :ivar unread: of its statements, those that no column holds.
    """

    source: str
    certainty: str
    bears_on: frozenset[Identifier]
    lines: str
    chars: str
    rest: tuple[Said, ...]
    unread: tuple[Said, ...]


def passage(evidence: Identifier, about: Statements) -> Passage:
    """Read an evidence; ``source`` and ``certainty`` are empty when it gives none of ours."""
    told: dict[Identifier, list[Identifier]] = defaultdict(list)
    for predicate, value in about.get(evidence, ()):
        told[predicate].append(value)
    lines, chars, unread = [], [], []
    for selector in told[OA.hasSelector]:
        parts: dict[Identifier, Identifier] = dict(about.get(selector, ()))
        fragment = _LINES.fullmatch(str(parts.get(RDF.value, "")))
        if {OA.start, OA.end} <= parts.keys():
            chars.append(f"{parts[OA.start]}-{parts[OA.end]}")
        elif fragment:
            first, last = int(fragment[1]) + 1, int(fragment[2])
            lines.append(str(first) if first == last else f"{first}-{last}")
        else:
            unread.append((OA.hasSelector, selector))
    if len(lines) != 1 or len(chars) != 1:  # a place in a document has both, once
        unread += [(OA.hasSelector, s) for s in told[OA.hasSelector] if lines or chars]
        lines, chars = [""], [""]
    known = {RDF.type, MLG.bearsOn, OA.hasSelector, DCTERMS.source, MLG.hasCertainty}
    rest = [(URIRef(p), v) for p, values in told.items() if p not in known for v in values]
    return Passage(
        source=_key(told[DCTERMS.source], "source"),
        certainty=_key(told[MLG.hasCertainty], "certainty"),
        bears_on=frozenset(told[MLG.bearsOn]),
        lines=lines[0],
        chars=chars[0],
        rest=tuple(sorted(rest)),
        unread=tuple(dict.fromkeys(unread)),
    )


def _key(values: Iterable[Identifier], kind: str) -> str:
    """The key of the one value, when it is a thing of that kind."""
    found = {named.key for v in values if (named := parse(str(v))) and named.kind == kind}
    return found.pop() if len(found) == 1 else ""


class Search:
    """Looks for the rows of the evidence of one file; how often it may try is bounded in all.

    Where a format has no graphs, a row is sought among what all documents say of a thing.
    """

    def __init__(self) -> None:
        self._left = _TRIED_IN_ALL
        #: How many rows were found: a file in which there is one is the export of a Maillage.
        self.found = 0

    def row_of(
        self, plan: Plan, subject: URIRef, evidence: URIRef, said: Iterable[Said], where: Passage
    ) -> tuple[Cells, list[Said]] | None:
        """The cells of the row that made an evidence, with the statements that they make.

        :param said: what the document may say of the thing, and what else is said of it.
        :returns: nothing when no row was found that has the fingerprint.
        """
        named = parse(str(evidence))
        if named is None:
            return None
        constants = plan.constant(where.source)
        pool: dict[Identifier, set[Identifier]] = defaultdict(set)
        for predicate, value in said:
            pool[predicate].add(value)
        # The texts of a fingerprint are sorted: those of one property stand together, and the
        # properties in their order, so that each part is hashed once for all rows that share it.
        choices = [
            list(_choices(plan, predicate, sorted(pool[predicate]), constants))
            for predicate in sorted(where.bears_on)
        ]
        start = (str(subject), where.source, where.lines, where.chars, where.certainty)
        tried = min(_TRIED, self._left)
        ways = islice(_ways(choices, sha256("\x1f".join(start).encode())), tried)
        for chosen, digest in ways:
            self._left -= 1
            if digest == named.key:
                self.found += 1
                cells = {n: list(texts) for way in chosen for n, texts in way.cells.items()}
                return cells, [statement for way in chosen for statement in way.said]
        return None


class _Way(NamedTuple):
    """One way to fill the columns of a property: cells, their statements, and both as hashed."""

    cells: Cells
    said: list[Said]
    hashed: bytes


def _ways(
    choices: Sequence[Sequence[_Way]], before: _Hash, chosen: tuple[_Way, ...] = ()
) -> Iterator[tuple[tuple[_Way, ...], str]]:
    """Every way to choose one of each, with the fingerprint that it makes."""
    if not choices:
        yield chosen, before.hexdigest()[:16]
        return
    for way in choices[0]:
        state = before.copy()
        state.update(way.hashed)
        yield from _ways(choices[1:], state, (*chosen, way))


def _choices(
    plan: Plan, predicate: Identifier, values: list[Identifier], constants: Iterable[Said]
) -> Iterator[_Way]:
    """Every way in which the columns of one property may be filled, the likeliest first."""
    slots = [slot for slot in plan.about(labels=False) if slot.property == predicate]
    is_list = any(slot.separator for slot in slots)
    fixed = [statement for statement in constants if statement[0] == predicate]
    shown = {value: value.n3() for value in (*values, *(v for _, v in fixed))}
    ways = [list(_fillings(slot, values)) for slot in slots]
    made = []
    for filling in product(*ways):
        cells: Cells = {}
        statements = list(fixed)
        for slot, chosen in zip(slots, filling, strict=True):
            for value, text in chosen:
                cells.setdefault(slot.name, []).append(text)
                statements.append((URIRef(predicate), value))
                if slot.language_column:
                    cells[slot.language_column] = [str(getattr(value, "language", ""))]
        if statements:
            texts = sorted(f"{p} {shown[v]}" for p, v in statements)
            hashed = "".join(f"\x1f{each}" for each in texts).encode()
            made.append(_Way(cells, statements, hashed))
    # a text in all languages before one in some; the values of a list are in good order already
    yield from made if is_list else sorted(made, key=lambda way: -len(way.said))


def _fillings(slot: Slot, values: list[Identifier]) -> Iterator[tuple[tuple[Identifier, str], ...]]:
    """Every way in which one column may be filled with some of the values, or none."""
    held = [(value, text) for value in values if (text := slot.exact(value)) is not None]
    if not slot.separator:
        yield from ((one,) for one in held)
    else:
        # all of them, or a few: a row seldom has many of what several documents say together
        few = range(1, len(held) if len(held) <= _LONGEST_LIST else _FEW + 1)
        yield from chain([tuple(held)] if held else [], *(combinations(held, n) for n in few))
    if not slot.required:
        yield ()
