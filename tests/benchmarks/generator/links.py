"""Links: who with whom, of which kind, since when, for what, by which source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple
from zlib import crc32

from generator.claims import NAMES, Paper, Row, Source
from generator.lines import A, Dice, P, edtf, graph, mlg, thing
from generator.places import ENDED, Gazetteer
from maillage.derive import pairs
from maillage.mint import link_key

__all__ = ["KINDS", "STATES", "Link", "Links", "Party"]

KINDS: Final = {
    "twinning": 0.42,
    "cooperation-agreement": 0.21,
    "contact": 0.14,
    "friendship": 0.12,
    "project-partnership": 0.06,
    "representation-office": 0.04,
    "triangular-cooperation": 0.01,
}
#: Lists of twin towns say nothing of the state of a link.
STATES: Final = {
    "": 0.5,
    "active": 0.4,
    "in-negotiation": 0.04,
    "ended": 0.04,
    "suspended": 0.01,
    "unknown": 0.01,
}
#: As the record has them; nearly half say nothing of when a link began.
DATES: Final = {
    "": 0.46,
    "year": 0.25,
    "day": 0.15,
    "month": 0.08,
    "about": 0.04,
    "interval": 0.01,
    "open": 0.01,
}
#: Where the parties lie: France, China, elsewhere.
SIDES: Final = {"fc": 0.45, "fo": 0.34, "co": 0.12, "oo": 0.06, "ff": 0.03}
TENTATIVE: Final = {
    thing("state", key) for key in ("proposed", "to-be-confirmed", "in-negotiation")
}
SHORTCUTS, WIKIDATA = graph("shortcuts"), graph("wikidata")
LAST: Final = 2025

_KIND, _PARTY, _STATE, _THEME = map(mlg, ("hasKind", "hasParty", "hasState", "hasTheme"))
_START, _END, _SIGNED = map(mlg, ("startDate", "endDate", "signatureDate"))
_PURPOSE, _PROPOSED_FOR = mlg("purpose"), mlg("isProposedFor")


class Party(NamedTuple):
    """Who may have a link: its address, key, country and what a page shows."""

    iri: str
    key: str
    country: str
    shown: Mapping[str, str]


class Link(NamedTuple):
    """A link that was written."""

    iri: str
    kind: str
    parties: Sequence[Party]
    tentative: bool


class Links:
    """The links of one data set, one at a time."""

    def __init__(
        self, paper: Paper, dice: Dice, places: Gazetteer, themes: Sequence[str], count: int
    ) -> None:
        self.paper, self.dice, self.places, self.themes = paper, dice, places, themes
        # one bit in 64 is set at most: a set of all pairs would grow with the data
        self._seen = bytearray(max(1024, count * 8))

    def place(self, side: str) -> Party:
        """A place in France (f), China (c) or elsewhere (o); the largest are drawn most often."""
        keys = {"f": self.places.french, "c": self.places.chinese, "o": self.places.others}[side]
        return self.party(keys[self.dice.few(len(keys))])

    def party(self, key: str) -> Party:
        """A place by its key."""
        place = self.places.places[key]
        country = thing("place", place.country) if place.country else ""
        return Party(thing("place", key), key, country, place.shown)

    def theme(self) -> str:
        """A theme; some are in fashion."""
        return thing("theme", self.themes[self.dice.few(len(self.themes), 2)])

    def date(self, first: int, last: int, how: str) -> str:
        """A date in those years, as a document would give it."""
        year = first + self.dice.below(last - first + 1)
        month, day = self.dice.below(12) + 1, self.dice.below(28) + 1
        return {
            "year": f"{year}",
            "month": f"{year}-{month:02}",
            "day": f"{year}-{month:02}-{day:02}",
            "about": f"{year}~",
            "interval": f"{year}/{year + 1}",
            "open": f"{year}/..",
        }[how]

    def link(
        self,
        sources: Sequence[Source],
        certainty: str,
        *,
        parties: Sequence[Party] = (),
        workshop: str = "",
    ) -> Link:
        """One link, said by the first source and perhaps by the second, in its own way.

        :param parties: who it joins, where that is not left to chance.
        :param workshop: the key of the workshop for which it is proposed.
        """
        dice = self.dice
        kind = "proposed-lead-pair" if workshop else dice.weighted(KINDS)
        if not parties:
            parties = self.unmet(kind, "fc" if workshop else "")
        rows = self._rows(sources, certainty, kind, parties, workshop)
        return self._written(kind, parties, workshop, rows)

    def again(self, source: Source, known: Link) -> None:
        """The same parties, by another source, which calls it by another kind."""
        kind = "friendship" if known.kind == "cooperation-agreement" else "cooperation-agreement"
        rows = self._rows([source], "stated", kind, known.parties, "", state=False)
        self._written(kind, known.parties, "", rows, shortened=not known.tentative)

    def contact(self, source: Source, one: Party, other: Party) -> Link:
        """The link that questions give as their example."""
        self._free([one, other])
        rows = self._rows([source], "stated", "contact", [one, other], "", state=False)
        return self._written("contact", [one, other], "", rows)

    def unmet(self, kind: str, sides: str = "") -> list[Party]:
        """As many places as a link of that kind has, which have met in none yet.

        :param sides: where the first and the others lie, as in :data:`SIDES`; else left to chance.
        """
        count = 3 if kind == "triangular-cooperation" else 2
        while True:
            drawn = sides or self.dice.weighted(SIDES)
            parties = [self.place(side) for side in (drawn + drawn[-1])[:count]]
            if len({party.key for party in parties}) == count and self._free(parties):
                return parties

    def _free(self, parties: Sequence[Party]) -> bool:
        """Whether none of them has met; they have from now on."""
        slots = [
            crc32(" ".join(sorted((one.key, other.key))).encode()) % (len(self._seen) * 8)
            for one, other in combinations(parties, 2)
        ]
        if any(self._seen[slot >> 3] & (1 << (slot & 7)) for slot in slots):
            return False
        for slot in slots:
            self._seen[slot >> 3] |= 1 << (slot & 7)
        return True

    def _rows(
        self,
        sources: Sequence[Source],
        certainty: str,
        kind: str,
        parties: Sequence[Party],
        workshop: str,
        *,
        state: bool = True,
    ) -> list[Row]:
        dice = self.dice
        core = [(A, mlg("CooperationLink")), (_KIND, thing("link-kind", kind))]
        core += [(_PARTY, party.iri) for party in parties]
        said = [*core]
        standing = "to-be-confirmed" if workshop else dice.weighted(STATES) if state else ""
        if standing:
            said.append((_STATE, thing("state", standing)))
        if workshop:
            said.append((_PROPOSED_FOR, thing("event", workshop)))
        regions = {p.key.removeprefix("fr-region-") for p in parties}
        first = 2016 if regions & set(ENDED.values()) else 1975
        last = 2014 if regions & ENDED.keys() else LAST - 3
        how = "" if workshop else "year" if standing == "ended" else dice.weighted(DATES)
        start = self.date(first, max(first, last), how) if how else ""
        if start:
            said.append((_START, edtf(start)))
            if dice.chance(0.05):
                said.append((_SIGNED, edtf(start)))
        if standing == "ended":
            said.append((_END, edtf(str(int(start[:4]) + 1 + dice.below(3)))))
        if workshop or dice.chance(0.4):
            count = 1 + (dice.below(3) if dice.chance(0.4) else 0)
            said += dict.fromkeys((_THEME, self.theme()) for _ in range(count))
        if dice.chance(0.04):
            said += self._purpose()
        rows = [Row(sources[0], said, certainty)]
        for source in sources[1:]:
            other = [*core]
            if standing and dice.chance(0.5):  # one in eight says otherwise
                says = "unknown" if standing != "ended" and dice.chance(0.25) else standing
                other.append((_STATE, thing("state", says)))
            if start and dice.chance(0.7):
                other.append((_START, edtf(self._told_again(start, standing))))
            if workshop:
                other.append((_PROPOSED_FOR, thing("event", workshop)))
            sure = {"stated": 0.85, "to-be-confirmed": 0.12, "disputed": 0.03}
            rows.append(Row(source, other, dice.weighted(sure)))
        return rows

    def _told_again(self, start: str, standing: str) -> str:
        """The same start, less or more exactly, or another one."""
        year = int(start[:4])
        told = self.dice.weighted(
            {"same": 0.4, "year": 0.2, "day": 0.15, "earlier": 0.15, "about": 0.1}
        )
        if told == "earlier":
            return str(year - 1 - self.dice.below(2))
        if told == "day" and start == str(year) and standing != "ended":
            return self.date(year, year, "day")
        return {"year": str(year), "about": f"{year}~"}.get(told, start)

    def _purpose(self) -> list[tuple[str, str]]:
        number = self.dice.below(900) + 1
        return [
            (_PURPOSE, f'"Échanges de savoir-faire, programme {number}."@fr'),
            (_PURPOSE, f'"Exchange of know-how, programme {number}."@en'),
            (_PURPOSE, f'"交流经验，第{number}号项目。"@zh-Hans'),
        ]

    def _written(
        self,
        kind: str,
        parties: Sequence[Party],
        workshop: str,
        rows: Sequence[Row],
        *,
        shortened: bool = False,
    ) -> Link:
        """:param shortened: whether the shortcuts between the parties stand already."""
        paper = self.paper
        subject = thing("link", link_key(kind, [party.key for party in parties], workshop))
        agreed = paper.thing(subject, rows)
        ordered = sorted(parties, key=lambda party: party.iri[:-1])
        shown = sorted(ordered, key=lambda party: party.country, reverse=True)
        names = {lang: " – ".join(p.shown[lang] for p in shown) for lang in ("en", "fr", "zh")}
        paper.named(subject, names, NAMES)
        # the state on which sources agree, which need not be what the first says
        tentative = agreed.get(_STATE) in TENTATIVE
        predicate = mlg("isProposedPartnerOf" if tentative else "isPartnerOf")
        where = {party.iri: party.country or party.iri for party in ordered}
        for one, other in () if shortened else pairs(where, where):
            paper.add(SHORTCUTS, one, (predicate, other))
            paper.add(SHORTCUTS, other, (predicate, one))
            if kind == "twinning" and not tentative:
                paper.add(WIKIDATA, one, (P["P190"], other))
                paper.add(WIKIDATA, other, (P["P190"], one))
        return Link(subject, kind, parties, tentative)
