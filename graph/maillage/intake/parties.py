"""The places that a table's names mean, each distinct name with its hints looked up once.

A name that the matcher accepts is taken. Any other waits for a person, in ``identifications.csv``;
or, where the plan says so, one that no gazetteer has enters as a place of that source which nobody
has identified, in its country, with the point that the table gives it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from maillage.gazetteer import Gazetteer
from maillage.match import Hints, Match, Matcher
from maillage.mint import fingerprint
from maillage.spelling import plain

__all__ = ["Named", "Parties", "Side", "slug"]

_LONGEST: Final = 48


class Side(NamedTuple):
    """One name of a row with what is known beside it, and an official code where one is given."""

    name: str
    hints: Hints
    code: str = ""


class Named(NamedTuple):
    """What a name means: a place, or why none.

    :ivar place: its key; empty when a person must decide.
    :ivar own: whether it is a place of this source, which nobody has identified.
    :ivar differs: whether name and code mean different places.
    """

    place: str
    match: Match
    own: bool = False
    differs: bool = False


class Parties:
    """All names of a file, and the places that they mean.

    :param prefix: the key of the source, with which the keys of places of its own begin.
    :param keep: whether names that no gazetteer has become places of the source.
    """

    def __init__(self, matcher: Matcher, prefix: str, *, keep: bool = False) -> None:
        self._matcher, self._prefix, self._keep = matcher, prefix, keep
        self.places: Gazetteer = matcher.places
        self.found: dict[Side, Named] = {}
        self._elsewhere = {
            identity.address.rpartition("/")[2]: identity.place
            for identities in self.places.identities.values()
            for identity in identities
            if identity.relation == "exact"
        }

    def look_up(self, sides: Sequence[Side], step: Callable[[int], None] = lambda _: None) -> None:
        """Find the places of names; those that are known already are not looked up again."""
        for number, side in enumerate(sides, start=1):
            if side not in self.found:
                self.found[side] = self._named(side)
            if number % 500 == 0:
                step(number)

    def _named(self, side: Side) -> Named:
        if side.code:
            # an identifier of Wikidata is no name, and says nothing where no place is joined to it
            code = self._elsewhere.get(side.code.rpartition("/")[2], side.code)
            coded = self._matcher.match(code, side.hints)
            if coded.verdict == "accepted":
                match = self._matcher.match(side.name, side.hints) if side.name else coded
                differs = match.verdict == "accepted" and match.place != coded.place
                return Named("" if differs else coded.place, coded, differs=differs)
        match = self._matcher.match(side.name or side.code, side.hints)
        if match.verdict == "accepted":
            return Named(match.place, match)
        # a name that only looks like another is, as far as anyone knows, a place of its own
        if self._keep and side.name and match.reasons[0] in {"nothing", "alike"}:
            country = self.country(side.hints.country)
            if country:
                return Named(self._own_key(side.name, country), match, own=True)
        return Named("", match)

    def country(self, text: str) -> str:
        """The key of a country that a text names in any way, or nothing."""
        if not text:
            return ""
        if text.lower() in self.places and self.places[text.lower()].level == "country":
            return text.lower()
        match = self._matcher.match(text, Hints(level="country"))
        if match.verdict == "accepted":
            return match.place
        # "England, United Kingdom": the country is the last of the parts
        return self.country(text.rpartition(",")[2].strip()) if "," in text else ""

    def _own_key(self, name: str, country: str) -> str:
        # the same name in one country is one place, as far as this source tells
        return f"{self._prefix}--{country}-{slug(name)}"

    def own(self) -> Mapping[str, Side]:
        """The places of the source that nobody has identified, with how they were first named."""
        first: dict[str, Side] = {}
        for side, named in self.found.items():
            if named.own:
                first.setdefault(named.place, side)
        return first

    def waiting(self) -> list[tuple[Side, Match]]:
        """The names to decide on; those of places not identified, where one is proposed."""
        return [(s, named.match) for s, named in self.found.items() if _is_open(named)]


def _is_open(named: Named) -> bool:
    """Whether a person must decide on a name, or has a proposal to decide on."""
    undecided = not named.place or (named.own and bool(named.match.candidates))
    return undecided and not named.differs


def slug(text: str) -> str:
    """A text as part of an address; a fingerprint where no letter of it can stand there.

    >>> slug("Île-de-France & Hanoï"), slug("成都")
    ('ile-de-france-hanoi', 'x-d2225871')
    """
    words = re.findall(r"[a-z0-9]+", plain(unicodedata.normalize("NFC", text)))
    short = "-".join(words)[:_LONGEST].strip("-")
    whole = short == "-".join(words) and len("".join(words)) * 2 > len(text.replace(" ", ""))
    if whole:
        return short
    return "-".join(filter(None, (short or "x", fingerprint(text)[:8])))
