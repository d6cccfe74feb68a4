"""Who bears a name: all names of all places, and what the hints leave of them.

Each name has a kind, and each kind a score: a code or the name of a place, letter for letter,
1.00; characters without the word for the level 0.99; pinyin 0.98; a name in the tables of further
names 0.96 (0.97 in the language asked); one that GeoNames lists 0.95; a former name 0.93; the name
of an authority without its type (*Arras* for the *Communauté urbaine d'Arras*) 0.90. Letters
alone as a code (GY, CUB) 0.94. Accents, case and signs cost 0.01, an article that is left out or
too many 0.02, no point where one is asked for 0.02. What has ended, and a locality that GeoNames
knows beside the divisions of France and China, stand 0.05 lower.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple, Protocol

from rapidfuzz import fuzz, process

from maillage.collector import undisturbed
from maillage.gazetteer import Gazetteer, Place, gazetteer
from maillage.phrases import parts, short_han, splits
from maillage.spelling import is_han, is_toned, key, keys, simplified, sung

__all__ = [
    "HOME",
    "Bearers",
    "Borne",
    "Candidate",
    "Extra",
    "Learnt",
    "Narrow",
    "kilometres",
    "learnt",
]

_KINDS: Final[Mapping[str, float]] = {
    "code": 1.0,
    "name": 1.0,
    "characters": 0.99,
    "pinyin": 0.98,
    "named": 0.96,
    "listed": 0.95,
    "formerly": 0.93,
    "short": 0.90,
}
_LETTERS = 0.94
_IN_ITS_LANGUAGE, _CASE, _SIGNS, _ARTICLE, _LOWER = 0.97, 0.01, 0.02, 0.02, 0.05

#: The countries whose divisions are known one by one.
HOME: Final = frozenset({"fr", "cn"})

# How far a point may lie from that of the place that is meant, in kilometres, by level.
_NEAR: Final[Mapping[str, float]] = {
    "country": 6000.0,
    "region": 600.0,
    "province": 800.0,
    "overseas-collectivity": 2000.0,
    "departement": 120.0,
    "prefecture": 150.0,
}
_NEAR_TOWN: Final = 40.0

# Levels whose places bear a name with their type in it.
_TYPED: Final = frozenset({"epci", "departement", "region", "overseas-collectivity"})

#: Shorter names have too many neighbours to be compared by likeness; so does a lower ratio.
_SHORTEST, _LIKELY, _ALIKE = 4, 82.0, 8


#: A name as a place bears it: the key of the place, the name, its kind and its language.
Borne = tuple[str, str, str, str]


class Extra(NamedTuple):
    """A name that a graph gives a place, beside those of the gazetteers."""

    place: str
    name: str
    language: str = ""


class Candidate(NamedTuple):
    """A place that may be meant: its key, how well the name fits, why, and which name of it."""

    place: str
    score: float
    reason: str
    name: str


class Narrow(NamedTuple):
    """What the hints mean: sets of keys and levels, empty where nothing is asked."""

    countries: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()
    language: str = ""
    point: tuple[float, float] | None = None

    @property
    def is_bare(self) -> bool:
        """Whether nothing is said of where the place lies or what it is, beside its country."""
        return not (self.levels or self.parents or self.point)


class Learnt(Protocol):
    """Names of places that were learnt before."""

    def bearing(self, form: str) -> Sequence[Borne]:
        """What bears a name in this form, as :func:`maillage.spelling.keys` makes it."""

    def coded(self, code: str) -> Sequence[str]:
        """What has this official code."""

    def pool(self, country: str, end: str, letter: str, size: int) -> Iterator[str]:
        """The names in a country of one length and with one letter at one end."""


class Bearers:
    """All names of all places.

    :param places: the gazetteers.
    :param extra: names that a graph adds.
    :param base: the names of the gazetteers to which ``places`` joins others, learnt before: only
        what is new is learnt, on top of them.
    """

    def __init__(
        self, places: Gazetteer, extra: Iterable[Extra] = (), base: Learnt | None = None
    ) -> None:
        self.places = places
        self._base = base
        self._index: dict[str, list[Borne]] = {}
        self._codes: dict[str, list[str]] = defaultdict(list)
        with undisturbed():
            for place in (places.places if base is None else places.added).values():
                self._learn(place)
        for found in extra:
            if found.place in places:
                self._add(found.place, found.name, "named", found.language)

    def bearing(self, form: str) -> Sequence[Borne]:
        """See :class:`Learnt`."""
        own = self._index.get(form, ())
        return own if self._base is None else [*self._base.bearing(form), *own]

    def coded(self, code: str) -> Sequence[str]:
        """See :class:`Learnt`."""
        own = self._codes.get(code, ())
        return own if self._base is None else [*self._base.coded(code), *own]

    def _learn(self, place: Place) -> None:
        """Take in the names of one place."""
        owner = place.key
        for code in (place.insee, place.siren, place.gb2260, *place.iso3166.split(";")):
            if code and owner not in self._codes[code]:
                self._codes[code].append(owner)
        for name in sorted({place.name, place.label_fr, place.label_en} - {""}):
            self._add(owner, name, "name")
            if place.level in _TYPED:
                for part in parts(name):
                    self._add(owner, part.name, "short")
        for characters in sorted({place.label_zh, place.label_hant} - {""}):
            self._add(owner, characters, "name")
            short = short_han(characters)
            if short != characters:
                self._add(owner, short, "characters")
        if place.pinyin:
            self._add(owner, place.pinyin, "pinyin")
        for name in place.other_names.split("|") if place.other_names else ():
            self._add(owner, name, "listed")
        for further in self.places.names.get(owner, ()):
            if further.kind == "code":
                self._codes[further.name].append(owner)
            else:
                kind = "formerly" if further.kind == "former-name" else "named"
                self._add(owner, further.name, kind, further.language)

    def _add(self, owner: str, name: str, kind: str, language: str = "") -> None:
        borne = (owner, name, kind, language)
        folded, bare = keys(name)
        self._index.setdefault(folded, []).append(borne)
        if bare:
            self._index.setdefault(bare, []).append(borne)

    def learnt(self) -> tuple[Mapping[str, Sequence[Borne]], Mapping[str, Sequence[str]]]:
        """What :meth:`bearing` and :meth:`coded` look up, those of the base left out."""
        return self._index, self._codes

    def knows(self, text: str) -> bool:
        """Whether any place bears this name."""
        return bool(self.bearing(key(text)))

    def of(self, name: str, narrow: Narrow = Narrow()) -> list[Candidate]:  # noqa: B008  # a constant
        """What bears this name, as far as the hints allow; one for each place, best first."""
        best: dict[str, Candidate] = {}

        def keep(owner: str, score: float, reason: str, written: str) -> None:
            if owner not in best or score > best[owner].score:
                best[owner] = Candidate(owner, score, reason, written)

        code = name.upper() if any(map(str.isdigit, name)) else name
        for owner in {*self.coded(code), *self.coded(name)}:
            # GY is Guyana, and a commune in a list in capitals
            keep(owner, _LETTERS if name.isalpha() else 1.0, "code", name)
        if name in self.places:
            keep(name, 1.0, "code", name)
        folded, bare = keys(name)
        forms = {folded: 0.0, bare: _ARTICLE}
        if is_han(name):
            forms[simplified(folded)] = 0.0
        for form, less in forms.items():
            for owner, written, kind, language in self.bearing(form) if form else ():
                score, reason = _KINDS[kind] - less, kind
                if kind == "named" and _alike(narrow.language, language):
                    score = _IN_ITS_LANGUAGE - less
                if not less and key(written) not in forms:
                    score -= _SIGNS
                if written.casefold() != name.casefold():
                    score -= _CASE
                    reason = "folded" if kind == "name" else kind
                keep(owner, score, reason, written)
        found = list(best.values())
        if is_toned(name):
            found = [c for c in found if sung(self.places[c.place].pinyin) == sung(name)] or found
        return self.fitting(found, narrow)

    def any(self, text: str, narrow: Narrow) -> frozenset[str]:
        """Every place that a text may name, for use as a place that another lies in."""
        found = {c.place for c in self.of(text, narrow)}
        for part in parts(text):
            found |= {c.place for c in self.of(part.name, narrow._replace(levels=part.levels))}
        return frozenset(found)

    def countries(self, text: str) -> frozenset[str]:
        """The entries of ISO 3166-1 that a text names; of several parts the last counts.

        *England, United Kingdom* is ``gb``; *Georgia (country)* is ``ge``.
        """
        tries = [text, *(part for pair in splits(text) for part in reversed(pair))]
        for name in map(str.strip, tries):
            hits = {name.casefold()} & self._countries
            hits |= self._countries.intersection(self.coded(name.upper()))
            for form in filter(None, keys(name) if not hits else ()):
                hits |= self._countries.intersection(b[0] for b in self.bearing(form))
            if hits:
                return frozenset(hits)
        return frozenset()

    @cached_property
    def _countries(self) -> frozenset[str]:
        return self.places.of_level("country")

    def alike(self, names: Iterable[str], narrow: Narrow) -> list[Candidate]:
        """What bears a name that looks like one of these, by the ratio of rapidfuzz.

        Only names with the same first or the same last letter are compared.
        """
        best: dict[str, Candidate] = {}
        for folded in {key(name) for name in names}:
            if len(folded) < _SHORTEST or not folded.isascii():
                continue
            # an overseas territory's places are pooled with those of the country it lies in
            around = {p for c in narrow.countries for p in self.places.same(c) if p in self.places}
            countries = narrow.countries | {self.places[p].country for p in around}
            for country in sorted(countries) or [""]:
                hits = process.extract(
                    folded,
                    list(self._near(folded, country)),
                    scorer=fuzz.ratio,
                    score_cutoff=_LIKELY,
                    limit=_ALIKE,
                )
                for near, ratio, _ in hits:
                    for owner, written, _, _ in self.bearing(near):
                        score = ratio / 100 - _LOWER
                        if owner not in best or best[owner].score < score:
                            best[owner] = Candidate(owner, score, "alike", written)
        return self.fitting(list(best.values()), narrow)

    def _near(self, folded: str, country: str) -> Iterator[str]:
        """The names that may be as much alike as asked: by their ends and their length."""
        shortest = _LIKELY / (200 - _LIKELY)  # of two texts with that ratio, by the other's length
        for size in range(int(len(folded) * shortest), int(len(folded) / shortest) + 2):
            yield from self.pool(country, "first", folded[0], size)
            for form in self.pool(country, "last", folded[-1], size):
                if form[0] != folded[0]:
                    yield form

    def pool(self, country: str, end: str, letter: str, size: int) -> Iterator[str]:
        """See :class:`Learnt`."""
        if self._base is not None:
            yield from self._base.pool(country, end, letter, size)
        yield from self._pools.get((country, end, letter, size), ())

    @cached_property
    def _pools(self) -> dict[tuple[str, str, str, int], list[str]]:
        """The Latin names that are long enough to compare, of each country and of all."""
        pools: dict[tuple[str, str, str, int], list[str]] = defaultdict(list)
        for form, borne in self._index.items():
            if len(form) >= _SHORTEST and form.isascii():
                for country in {self.places[owner].country for owner, *_ in borne} | {""}:
                    pools[country, "first", form[0], len(form)].append(form)
                    pools[country, "last", form[-1], len(form)].append(form)
        return pools

    def fitting(self, candidates: list[Candidate], narrow: Narrow) -> list[Candidate]:
        """Those that the hints allow, what has ended or has no code a little further down."""
        kept = []
        for candidate in candidates:
            place, score = self.places[candidate.place], candidate.score
            if narrow.countries and not self._is_in(place, narrow.countries):
                continue
            if narrow.levels and not _has_level(place, narrow.levels):
                continue
            if narrow.parents and narrow.parents.isdisjoint(self.places.ancestors(place.key)):
                continue
            if narrow.point:
                distance, limit = self.distance(place, narrow.point)
                if distance is None:
                    score -= _SIGNS
                elif distance > limit:
                    continue
            if self.is_minor(place):
                score -= _LOWER
            kept.append(candidate._replace(score=round(score, 3)))
        return sorted(kept, key=lambda c: (-c.score, c.place))

    def is_minor(self, place: Place) -> bool:
        """Whether a place has ended, or is a locality beside the divisions that have codes."""
        return self.places.is_former(place.key) or (place.level == "city" and place.country in HOME)

    def _is_in(self, place: Place, countries: frozenset[str]) -> bool:
        if place.country in countries or place.key in countries:
            return True
        # an overseas territory has an entry of its own in ISO 3166-1, and an authority in a country
        around = {place.key, *self.places.ancestors(place.key)}
        if any(around.intersection(self.places.same(country)) for country in countries):
            return True
        authorities = self.places.same(place.country)
        return any(self.places[key].country in countries for key in authorities)

    def distance(self, place: Place, point: tuple[float, float]) -> tuple[float | None, float]:
        """How far a place is from a point, and how far it may be, in kilometres.

        A place without a point of its own is as near as what it lies in.
        """
        limit = _NEAR.get(place.level, _NEAR_TOWN)
        for near in (place.key, *place.parents[:1]):
            here = self.places.places.get(near)
            if (
                here
                and here.lat
                and (near == place.key or here.level in {"prefecture", "departement"})
            ):
                return kilometres(point, (float(here.lat), float(here.lng))), limit
            limit = _NEAR["prefecture"]
        return None, limit


@cache
def learnt() -> Bearers:
    """The names in the gazetteers that travel with Maillage, learnt once."""
    return Bearers(gazetteer())


def _alike(asked: str, language: str) -> bool:
    """Whether two language tags are of one language."""
    return bool(asked) and asked.partition("-")[0] == language.partition("-")[0]


def _has_level(place: Place, levels: frozenset[str]) -> bool:
    """Whether a place is of one of these levels; of the provinces only four are towns."""
    if place.level == "province" and "prefecture" in levels:
        return place.label_zh.endswith("市")
    return place.level in levels


def kilometres(one: tuple[float, float], two: tuple[float, float]) -> float:
    """The distance between two points (latitude, longitude in degrees) on a sphere of 6,371 km.

    >>> round(kilometres((48.85, 2.35), (45.76, 4.84)))
    391
    """
    lat1, lng1, lat2, lng2 = map(radians, (*one, *two))
    a = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(a))
