"""From a name as somebody wrote it to the place that is meant, or to an honest "which one?".

A name is looked up as it stands, then without a word for its level (*ville de*, *province du*,
市), then taken apart where it carries a second name that tells where the first lies. Only when
nothing bears it, names that look like it are proposed. What bears a name, with which score, is
said in :mod:`maillage.bearers`; how namesakes are told apart in :mod:`maillage.rivals`. What is
known beside the name narrows the candidates and never adds one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from rapidfuzz.distance import OSA

from maillage.bearers import HOME, Bearers, Candidate, Extra, Learnt, Narrow
from maillage.gazetteer import Gazetteer
from maillage.phrases import levels_of, names_a_body, parts, splits, two_scripts
from maillage.rivals import winner
from maillage.spelling import is_han, key, unreadable

__all__ = ["Hints", "Match", "Matcher", "Verdict", "Written"]

Verdict = Literal["accepted", "review", "ambiguous", "unknown"]

#: A name and its hints (country, level, parent) as they stood in a table.
Written = tuple[str, str, str, str]

# Reasons that ask for a person's eye even when one place alone is left.
_DOUBTFUL: Final = frozenset(
    {
        "abroad",
        "country-unknown",
        "level-differs",
        "level-unknown",
        "not-all-known",
        "parent-unknown",
        "point-differs",
        "rest-unread",
        "maybe-initials",
        "maybe-postal",
    }
)
# Countries whose towns go by their state, and how large one is that needs no more than its name.
_SHARED: Final = frozenset({"ca", "us"})
_FAMOUS: Final = 150_000
# Shorter names have neighbours at one letter's distance that mean other places.
_LONG: Final = 7
_PROPOSED: Final = 5


# As alphabetical tables write it: Mans (Le), Rochelle (La).
_INVERTED: Final = re.compile(r"^(?P<name>.+?) \((?P<article>le|la|les|l['’])\)$", re.IGNORECASE)


class Hints(NamedTuple):
    """What is known beside a name; every field may be empty.

    :ivar country: a key, a code or a name of a country. :ivar level: a level of the list, or a
        word for one (*ville*, *province*, 市). :ivar parent: a name or code of what it lies in.
    :ivar language: of the name (BCP 47). :ivar lat: with ``lng``, a point in WGS 84 degrees.
    """

    country: str = ""
    level: str = ""
    parent: str = ""
    language: str = ""
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True)
class Match:
    """The answer for one name.

    :ivar verdict: ``accepted`` without review; ``review``: one proposal that a person should
        confirm; ``ambiguous``: several, of which none is chosen; ``unknown``.
    :ivar place: the key of the place accepted or proposed; empty otherwise.
    :ivar reasons: keys of the sentences (``match.<key>``) that say why, the main one first.
    :ivar candidates: what came into question, best first.
    :ivar rivals: how many of the candidates an ambiguous name may mean; they stand first.
    """

    text: str
    verdict: Verdict
    place: str = ""
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    rivals: int = 0

    @property
    def runner_up(self) -> Candidate | None:
        """The best candidate beside the one that was chosen or proposed."""
        return next((c for c in self.candidates if c.place != self.place), None)


class _Asked(NamedTuple):
    """A name on its way: the text, what the hints mean, and what there is to say of them."""

    text: str
    narrow: Narrow
    doubts: tuple[str, ...] = ()

    def but(self, *doubts: str, **narrow: object) -> _Asked:
        """The same with other hints, and with more to say."""
        return self._replace(
            narrow=self.narrow._replace(**narrow),  # type: ignore[arg-type]  # fields of Narrow
            doubts=(*doubts, *self.doubts),
        )


class Matcher:
    """Finds the place that a name means.

    :param places: the gazetteers.
    :param extra: names that a graph adds.
    :param decided: what people decided: a name and its hints, to the key of a place, or to an
        empty text for "no place".
    :param base: the names of the gazetteers, when they were learnt before.
    """

    def __init__(
        self,
        places: Gazetteer,
        extra: Iterable[Extra] = (),
        decided: Mapping[Written, str] | None = None,
        base: Learnt | None = None,
    ) -> None:
        self.places = places
        self.bearers = Bearers(places, extra, base)
        self._decided = {
            (_written(name), *rest): place
            for (name, *rest), place in (decided or {}).items()
            if key(name)
        }
        self._known: dict[tuple[str, Hints], Match] = {}

    def match(self, text: str, hints: Hints = Hints()) -> Match:  # noqa: B008  # a constant
        """Find the place that a name means.

        >>> from maillage.gazetteer import gazetteer
        >>> matcher = Matcher(gazetteer())
        >>> matcher.match("Nankin").place, matcher.match("ville de Saint Etienne").place
        ('cn-320100', 'fr-commune-42218')
        >>> matcher.match("Suzhou").verdict, matcher.match("Suzhou, Jiangsu").place
        ('ambiguous', 'cn-320500')
        >>> matcher.match("Université de Nankin").reasons
        ('body',)
        """
        known = self._known.get((text, hints))
        if known is None:
            known = self._known[text, hints] = self._match(text, hints)
        return known

    def match_all(
        self,
        rows: Sequence[tuple[str, Hints]],
        step: Callable[[int], None] = lambda _: None,
    ) -> list[Match]:
        """Match many names; each distinct one is looked up once.

        :param step: told how many rows are done, every thousand.
        """
        found = []
        for number, (text, hints) in enumerate(rows, start=1):
            found.append(self.match(text, hints))
            if number % 1000 == 0:
                step(number)
        return found

    def _match(self, text: str, hints: Hints) -> Match:
        name = _INVERTED.sub(r"\g<article> \g<name>", " ".join(text.split()))
        asked = self._read(text, hints)
        if decision := self._decision(name, hints, asked):
            return decision
        if wrong := unreadable(name):
            return Match(text, "unknown", reasons=(wrong,))
        found = self._look_up(name, asked) or self._taken_apart(name, asked)
        if found is None and names_a_body(name):
            return Match(text, "unknown", reasons=("body",))
        if found is None and asked.narrow.point:
            elsewhere = asked.but("point-differs", point=None)
            found = self._look_up(name, elsewhere) or self._taken_apart(name, elsewhere)
        return found or self._looks_like(name, asked)

    def _decision(self, name: str, hints: Hints, asked: _Asked) -> Match | None:
        """What a person decided on this name with these hints; or with none, if it fits these."""
        for rest in (hints[:3], ("", "", "")):
            place = self._decided.get((_written(name), *rest))
            if place == "":
                return Match(asked.text, "unknown", reasons=("decided-none",))
            if place is None or place not in self.places:
                continue
            chosen = Candidate(place, 1.0, "decided", name)
            if rest == hints[:3] or self.bearers.fitting([chosen], asked.narrow):
                return Match(asked.text, "accepted", place, 1.0, ("decided",), (chosen,))
        return None

    def _read(self, text: str, hints: Hints) -> _Asked:
        """What the hints mean, and which of them could not be read."""
        countries = self.bearers.countries(hints.country) if hints.country else frozenset()
        levels = levels_of(hints.level) if hints.level else frozenset()
        narrow = Narrow(countries, language=hints.language)
        parents = self.bearers.any(hints.parent, narrow) if hints.parent else frozenset()
        doubts = [
            f"{name}-unknown"
            for name, found in (("country", countries), ("level", levels), ("parent", parents))
            if getattr(hints, name) and not found
        ]
        point = None if hints.lat is None or hints.lng is None else (hints.lat, hints.lng)
        return _Asked(
            text, narrow._replace(levels=levels, parents=parents, point=point), tuple(doubts)
        )

    def _look_up(self, name: str, asked: _Asked) -> Match | None:
        """The name as it stands, then without a word for its level."""
        narrow = asked.narrow
        found = self.bearers.of(name, narrow)
        typed: dict[str, Candidate] = {}
        for part in parts(name):
            levels = part.levels & narrow.levels if narrow.levels else part.levels
            if levels and part.name:
                for candidate in self.bearers.of(part.name, narrow._replace(levels=levels)):
                    typed.setdefault(candidate.place, candidate)
        ranked = sorted(typed.values(), key=lambda c: (-c.score, c.place))
        if found and (not ranked or found[0].score >= ranked[0].score):
            return self._decide(found, asked, ranked)
        if ranked:
            return self._decide(ranked, asked.but("level"), found)
        if narrow.levels and (wider := self.bearers.of(name, narrow._replace(levels=frozenset()))):
            return self._decide(wider, asked.but("level-differs"))
        return None

    def _taken_apart(self, name: str, asked: _Asked) -> Match | None:
        """A name with another that tells where it lies: ``Wujiang (Suzhou)``, ``江苏省苏州市``."""
        for one, other in (*splits(name), *self._run_together(name), *two_scripts(name)):
            for middle, last in splits(other):  # Chaoyang, Beijing, China
                countries = self.bearers.countries(last)
                found = self._taken_apart(f"{one}, {middle}", asked.but(countries=countries))
                if countries and found:
                    return found
            if levels := levels_of(other):
                found = self._look_up(one, asked.but("level", levels=levels))
                if found:
                    return found
            if inside := self._inside(one, other, asked) or self._inside(other, one, asked):
                return self._decide(inside, asked.but("lies-in"))
            second = {c.place for c in self.bearers.of(other, asked.narrow)}
            both = [c for c in self.bearers.of(one, asked.narrow) if c.place in second]
            if both:
                return self._decide(both, asked.but("two-names"))
            countries = self.bearers.countries(other)
            if countries and (not asked.narrow.countries or asked.narrow.countries & countries):
                found = self._look_up(one, asked.but(countries=countries))
                if found:
                    return found
            if found := self._look_up(one, asked.but("rest-unread")):
                return found
        return None

    def _inside(self, name: str, other: str, asked: _Asked) -> list[Candidate]:
        """What bears the first name and lies in what bears the second, best first."""
        narrow = asked.narrow._replace(levels=frozenset(), point=None)
        wider = self.bearers.any(other, narrow)
        if not wider:
            return []
        within = asked.narrow._replace(parents=wider)
        best: dict[str, Candidate] = {}
        for form, levels in ((name, within.levels), *parts(name)):
            for found in self.bearers.of(form, within._replace(levels=levels)):
                if found.place not in best or best[found.place].score < found.score:
                    best[found.place] = found
        return sorted(best.values(), key=lambda c: (-c.score, c.place))

    def _run_together(self, name: str) -> Iterator[tuple[str, str]]:
        """Chinese names without a space: 江苏省苏州市吴江区 is 吴江区 in 苏州市 in 江苏省."""
        for cut in range(2, len(name) - 1) if is_han(name) else ():
            if self.bearers.knows(name[cut:]):
                before = (name[start:cut] for start in range(cut - 1))
                yield from ((name[cut:], b) for b in before if self.bearers.knows(b))

    def _decide(
        self, candidates: list[Candidate], asked: _Asked, others: Sequence[Candidate] = ()
    ) -> Match:
        """Choose among what bears the name, or say that it cannot be chosen."""
        top, rivals, why = winner(candidates, asked.narrow, self.bearers)
        kept = {top.place, *(rival.place for rival in rivals)}
        every = (top, *rivals, *(c for c in (*candidates, *others) if c.place not in kept))
        doubts = [doubt for doubt in asked.doubts if doubt != "level"]
        if rivals:
            return Match(
                asked.text,
                "ambiguous",
                score=top.score,
                reasons=tuple(dict.fromkeys(("several", *doubts))),
                candidates=every,
                rivals=1 + len(rivals),
            )
        doubts += self._doubts_abroad(top, asked)
        if self.places.is_former(top.place):
            doubts.append("former")
        if top.reason == "code" and asked.narrow.is_bare:
            doubts += _doubtful_code(top.name, self.places.is_former(top.place))
        verdict: Verdict = "accepted" if _DOUBTFUL.isdisjoint(doubts) else "review"
        reasons = tuple(dict.fromkeys((top.reason, *why, *doubts)))
        return Match(asked.text, verdict, top.place, top.score, reasons, every)

    def _doubts_abroad(self, top: Candidate, asked: _Asked) -> list[str]:
        """Why a place outside France and China should be looked at: not all of theirs are known.

        A region whose country nobody named is as often something else (the Sahel); a name that is
        only listed as a further one is, one time in ten, that of a smaller town, and so is one in
        twelve of the names of towns of the United States without their state.
        """
        place, narrow = self.places[top.place], asked.narrow
        if place.country in HOME or place.level == "country":
            return []
        if (
            place.level == "region"
            and not (narrow.countries or "level" in asked.doubts)
            and narrow.is_bare
        ):
            return ["abroad"]
        famous = int(place.population or 0) >= _FAMOUS
        if narrow.is_bare and not famous and (top.reason == "listed" or place.country in _SHARED):
            return ["not-all-known"]
        return []

    def _looks_like(self, name: str, asked: _Asked) -> Match:
        """Names that look like it: proposed, and accepted only when hardly anything differs."""
        forms = [name, *(part.name for part in parts(name)), *(one for one, _ in splits(name))]
        narrow = asked.narrow
        for part in parts(name):
            narrow = narrow._replace(levels=narrow.levels or part.levels)
        found = self.bearers.alike(forms, narrow)
        if not found:
            return Match(asked.text, "unknown", reasons=("nothing", *asked.doubts))
        top = found[0]
        ties = [c for c in found if c.score == top.score and not self._is_lesser(c, top)]
        if len(ties) > 1:
            return Match(
                asked.text,
                "ambiguous",
                score=top.score,
                reasons=("several-alike", *asked.doubts),
                candidates=tuple(ties[:_PROPOSED]),
                rivals=len(ties[:_PROPOSED]),
            )
        # one letter too many, too few, wrong or out of place; and no other place is as near
        near = [c for c in found if self._edits(forms, c) <= 1 and not self._is_lesser(c, top)]
        known = bool(narrow.countries or narrow.parents or narrow.levels)
        # abroad, where small towns are not known, four names in five that look alike are others
        all_known = self.places[top.place].country in HOME
        sure = known and all_known and near == [top] and len(key(name)) >= _LONG
        return Match(
            asked.text,
            "accepted" if sure and not asked.doubts else "review",
            top.place,
            top.score,
            ("alike", *asked.doubts),
            tuple(found[:_PROPOSED]),
        )

    @staticmethod
    def _edits(forms: Sequence[str], candidate: Candidate) -> int:
        """Letters to add, leave out, change or swap with a neighbour (optimal string alignment)."""
        names = [candidate.name, *(part.name for part in parts(candidate.name))]
        return min(OSA.distance(key(form), key(name)) for form in forms for name in names)

    def _is_lesser(self, candidate: Candidate, top: Candidate) -> bool:
        """Whether a candidate does not stand in the way of another that looks as much alike.

        So a former place beside one of today, what lies inside it, its intercommunal body.
        """
        one, other = self.places[top.place], self.places[candidate.place]
        if one == other:
            return False
        return (
            self.bearers.is_minor(other)
            or one.key in self.places.ancestors(other.key)
            or (one.level == "commune" and other.level == "epci")
        )


def _written(name: str) -> str:
    """A name as a decision holds for it: case and spaces do not count, tones and signs do."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _doubtful_code(code: str, is_former: bool) -> list[str]:
    """Why a code that stands alone may be none: initials, or a postal code."""
    if code.isalpha() and len(code) == _INITIALS:
        return ["maybe-initials"]
    postal = code.isdigit() and len(code) == _POSTAL and is_former
    return ["maybe-postal"] if postal else []


_INITIALS, _POSTAL = 3, 5
