"""What two graphs do not share: the lines that only one of them has, and what names those need.

Canonical N-Quads are sorted, so two graphs are compared as two streams, a stretch at a time; only
the lines that differ are kept. Names of the things in them are then looked up in both streams.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from operator import lt
from textwrap import shorten
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib import RDF, RDFS, SKOS

from maillage.errors import MaillageError
from maillage.mint import parse
from maillage.terms import ID, MLG, PREFIXES
from maillage.words import Language, best

__all__ = ["Difference", "Whole", "difference"]

_STRETCH: Final = 20_000  # lines held of each side at once

# What names a thing, the best first, and what says which kind of thing it is.
_NAMES: Final = tuple(map(str, (SKOS.prefLabel, RDFS.label, MLG.writtenForm)))
_KINDS: Final = tuple(map(str, (MLG.hasKind, RDF.type)))
_LOOKED_UP: Final = tuple(f" <{address}> ".encode() for address in (*_NAMES, *_KINDS))
_HAS_EVIDENCE: Final = f" <{MLG.hasEvidence}> <".encode()
_SOURCES: Final = ID + "source/"
_EVIDENCE: Final = ID + "evidence/"

Pair = tuple[bytes, ox.Quad]


class Whole(NamedTuple):
    """One side as a whole: how many statements, and the SHA-256 digest of its canonical lines."""

    statements: int
    digest: str


@dataclass(frozen=True)
class Difference:
    """The statements that only one of two graphs has, and how to call what they speak of.

    :ivar withdrawn: the statements of the first graph only: their lines, without ends, and what
        the lines say; sorted by line.
    :ivar added: the statements of the second graph only.
    :ivar names: texts with their language tags, by address.
    :ivar kinds: the kinds and classes of things, by address; the most exact first.
    :ivar bearers: the thing that a piece of evidence supports, where only its details changed.
    :ivar sources: the keys of all source documents on either side.
    """

    before: Whole
    after: Whole
    withdrawn: tuple[Pair, ...]
    added: tuple[Pair, ...]
    names: Mapping[str, list[tuple[str, str]]]
    kinds: Mapping[str, list[str]]
    bearers: Mapping[str, str]
    sources: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.added)

    def label(self, address: str, lang: Language) -> str:
        """What to call a thing in a language; a short form of its address when it has no name."""
        named = best(self.names.get(address, ()), lang)
        if named is not None:
            return named
        for prefix, start in PREFIXES.items():
            if address.startswith(start):
                return f"{prefix}:{address[len(start) :]}"
        own = parse(address)
        return f"{own.kind}/{own.key}" if own else address


def difference(before: Iterable[bytes], after: Iterable[bytes]) -> Difference:
    """Compare two graphs, each given as its canonical lines, sorted by bytes.

    :param before: lines as :func:`maillage.dumps.nquads` writes them, with or without line ends.
        They are gone through several times: a generator is kept whole in memory, a list or the
        lines of a :class:`maillage.sides.Side` are not.
    :raises MaillageError: when lines are not sorted, are no statements, or hold blank nodes, whose
        names mean nothing in another file.

    >>> tours = b'<x:tours> <x:name> "Tours" .'
    >>> found = difference([tours], [tours, b'<x:tours> <x:start> "1982" .'])
    >>> [line for line, _ in found.added], found.withdrawn
    ([b'<x:tours> <x:start> "1982" .'], ())
    """
    first, second = (list(lines) if lines is iter(lines) else lines for lines in (before, after))
    counted = _Counter(), _Counter()
    gone, new = _merge(counted[0].stretches(first), counted[1].stretches(second))
    withdrawn, added = _only_form(_parsed(gone), _parsed(new))
    context = _Context((second, first))
    context.gather(chain(withdrawn, added))
    return Difference(
        counted[0].whole(),
        counted[1].whole(),
        tuple(withdrawn),
        tuple(added),
        context.names,
        context.kinds,
        context.bearers,
        tuple(sorted(context.sources)),
    )


class _Counter:
    """Counts and digests lines on their way, and makes sure of their order."""

    def __init__(self) -> None:
        self._count, self._digest, self._last = 0, sha256(), b""

    def stretches(self, lines: Iterable[bytes]) -> Iterator[list[bytes]]:
        """The lines without line ends, a stretch at a time."""
        for stretch in _stretches(lines):
            if not all(map(lt, chain((self._last,), stretch), stretch)):
                raise MaillageError("diff-unsorted", n=self._count + 1)
            self._count += len(stretch)
            self._digest.update(b"\n".join(stretch) + b"\n")
            self._last = stretch[-1]
            yield stretch

    def whole(self) -> Whole:
        return Whole(self._count, self._digest.hexdigest())


def _stretches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(lines)
    while stretch := list(islice(rest, _STRETCH)):
        bare = b"".join(stretch).split(b"\n")[:-1]  # much faster than line by line
        whole = len(bare) == len(stretch)
        yield bare if whole else [line.rstrip(b"\r\n") for line in stretch]


def _merge(
    first: Iterator[list[bytes]], second: Iterator[list[bytes]]
) -> tuple[list[bytes], list[bytes]]:
    """The lines of either side only; whole stretches are compared as sets, which is fast."""
    gone: list[bytes] = []
    new: list[bytes] = []
    left, right = next(first, []), next(second, [])
    while left and right:
        upto = min(left[-1], right[-1])
        i, j = bisect_right(left, upto), bisect_right(right, upto)
        one, other = left[:i], right[:j]
        if one != other:
            gone += sorted(set(one).difference(other))
            new += sorted(set(other).difference(one))
        left, right = left[i:] or next(first, []), right[j:] or next(second, [])
    gone += chain(left, *first)
    new += chain(right, *second)
    return gone, new


def _parsed(lines: list[bytes]) -> list[Pair]:
    """Each line with the statement that it makes.

    :raises MaillageError: with the first line that is none.
    """
    pairs: list[Pair] = []
    for line in lines:
        try:
            (quad,) = ox.parse(line, ox.RdfFormat.N_QUADS)
        except (SyntaxError, ValueError) as error:
            shown = shorten(line.decode("utf-8", "replace"), 120, placeholder="…")
            raise MaillageError("diff-line", line=shown, reason=error) from error
        if any(isinstance(term, ox.BlankNode) for term in quad):
            raise MaillageError("diff-blank-node", line=line.decode("utf-8", "replace"))
        pairs.append((line, quad))
    return pairs


def _only_form(gone: list[Pair], new: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Leave out statements that are the same and only written otherwise, as other tools do."""
    same = {quad for _, quad in gone} & {quad for _, quad in new}
    if not same:
        return gone, new
    return [p for p in gone if p[1] not in same], [p for p in new if p[1] not in same]


class _Context:
    """What both sides say of the things in a difference: names, kinds, and what evidence bears."""

    def __init__(self, sides: tuple[Iterable[bytes], ...]) -> None:
        self._sides = sides
        self.names: dict[str, list[tuple[str, str]]] = {}
        self.kinds: dict[str, list[str]] = {}
        self.bearers: dict[str, str] = {}
        self.sources: set[str] = set()

    def gather(self, pairs: Iterable[Pair]) -> None:
        """Look up all that the statements speak of, on the later side first."""
        wanted: set[str] = set()
        evidence: set[str] = set()
        borne: set[str] = set()
        for _, quad in pairs:
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                if isinstance(term, ox.NamedNode):
                    wanted.add(_whole(term.value))
            if quad.predicate.value == str(MLG.hasEvidence):
                borne.add(_value(quad.object))
            elif _value(quad.subject).startswith(_EVIDENCE):
                evidence.add(_whole(_value(quad.subject)))
        self._find_bearers(evidence - borne)
        wanted |= set(self.bearers.values())
        # these have no names, or are among the sources, all of which are looked up
        nameless = _EVIDENCE, ID + "disagreement/", _SOURCES
        wanted = {address for address in wanted if not address.startswith(nameless)}
        for lines in self._sides:
            self._look_up(lines, wanted - set(self.names), _SOURCES)
        kinds = {kind for kinds in self.kinds.values() for kind in kinds}
        for lines in self._sides:
            self._look_up(lines, kinds - wanted - set(self.names))
        known = (*self.names, *self.kinds)
        self.sources |= {a.removeprefix(_SOURCES) for a in known if a.startswith(_SOURCES)}

    def _look_up(self, lines: Iterable[bytes], wanted: set[str], *starts: str) -> None:
        """Names and kinds of some things, and of all whose addresses have some beginnings."""
        beginnings = [f"<{a}> " for a in wanted] + [f"<{a}" for a in starts]
        found = [
            line
            for line in _of_subjects(lines, sorted(map(str.encode, beginnings)))
            if any(predicate in line for predicate in _LOOKED_UP)
        ]
        names: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for quad in ox.parse(b"\n".join(found), ox.RdfFormat.N_QUADS):
            subject, predicate, value = map(_value, quad.triple)
            if isinstance(quad.object, ox.Literal) and predicate in _NAMES:
                rank = _NAMES.index(predicate)
                names[subject].append((rank, quad.object.language or "", value))
            elif predicate in _KINDS and value not in self.kinds.get(subject, ()):
                kinds = self.kinds.setdefault(subject, [])
                kinds.insert(0 if predicate == _KINDS[0] else len(kinds), value)
        for subject, texts in names.items():
            top = min(texts)[0]
            self.names[subject] = [(tag, text) for rank, tag, text in texts if rank == top]

    def _find_bearers(self, evidence: set[str]) -> None:
        """Which things some evidence supports; the only search that has to read every line."""
        if not evidence:
            return
        for lines in self._sides:
            for line in lines:
                subject, has, rest = line.partition(_HAS_EVIDENCE)
                if has and (named := rest.partition(b">")[0].decode()) in evidence:
                    self.bearers[named] = subject[1:-1].decode()


def _of_subjects(lines: Iterable[bytes], starts: list[bytes]) -> Iterator[bytes]:
    """The lines with some beginnings, found by halving, since the lines are sorted."""
    if not starts:
        return
    for stretch in _stretches(lines):
        first = bisect_left(starts, stretch[0])
        if first and stretch[0].startswith(starts[first - 1]):
            first -= 1  # its lines go on from the stretch before
        for start in starts[first : bisect_right(starts, stretch[-1])]:
            at = bisect_left(stretch, start)
            while at < len(stretch) and stretch[at].startswith(start):
                yield stretch[at]
                at += 1


def _value(term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> str:
    return str(term.value) if not isinstance(term, ox.Triple) else str(term)


def _whole(address: str) -> str:
    """The address of a thing of ours without the part that follows a #."""
    return address.partition("#")[0] if address.startswith(ID) else address
