"""Events and who took part, people and their posts, bodies and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from generator.claims import NAMES, Paper, Row, Source, labels
from generator.lines import A, Dice, P, edtf, graph, mlg, number, thing
from generator.links import Links, Party
from maillage.mint import join

__all__ = ["Body", "Event", "Happenings"]

SUCCESSION: Final = graph("succession")
KINDS: Final = (
    "seminar",
    "meeting",
    "visit",
    "steering-committee",
    "forum",
    "trade-fair",
    "anniversary",
)
BODIES: Final = (
    "university",
    "association",
    "public-body",
    "network-of-sites",
    "ministry",
    "media",
)
CHANGES: Final = ("renaming", "merger", "split")
_KIND, _COUNTRY, _THEME, _ABOUT = map(mlg, ("hasKind", "isInCountry", "hasTheme", "isAbout"))
_START, _END = mlg("startDate"), mlg("endDate")


class Event(NamedTuple):
    """An event: key, day and names."""

    key: str
    day: str
    names: Mapping[str, str]

    @property
    def iri(self) -> str:
        """Its address."""
        return thing("event", self.key)


class Body(NamedTuple):
    """An organisation, with what it may be a party as."""

    party: Party
    names: Mapping[str, str]


class Happenings:
    """Events, people and bodies of one data set."""

    def __init__(self, paper: Paper, dice: Dice, links: Links) -> None:
        self.paper, self.dice, self.links = paper, dice, links

    def series(self, index: int, source: Source) -> str:
        """A series of events between two countries."""
        subject = thing("series", f"rencontres-{index + 1}")
        said = [(A, P["EventSeries"]), (_ABOUT, thing("place", "fr"))]
        said.append((_ABOUT, thing("place", "cn")))
        n = index + 1
        self.paper.thing(
            subject,
            [Row(source, said)],
            labels(f"Rencontres {n}", f"Meetings {n}", f"第{n}系列会议"),
        )
        return subject

    def edition(self, series: str, name: int, ordinal: int, source: Source) -> Event:
        """An edition of a series, some years after the one before."""
        host = self.links.place("fc"[ordinal % 2])
        day = self._day(1990 + ordinal % 35)
        said = [
            (A, P["Event"]),
            (_KIND, thing("event-kind", "edition")),
            (P["superEvent"], series),
            (mlg("ordinal"), number(ordinal)),
            (_START, edtf(day)),
            (_END, edtf(day)),
            (P["location"], host.iri),
        ]
        key = f"rencontres-{name + 1}-{ordinal}"
        names = labels(
            f"Rencontres {name + 1}, {ordinal}e édition ({host.shown['fr']})",
            f"Meetings {name + 1}, edition {ordinal} ({host.shown['en']})",
            f"第{name + 1}系列第{ordinal}届会议（{host.shown['zh']}）",
        )
        event = Event(key, day, names)
        self.paper.thing(event.iri, [Row(source, said)], names)
        self.participation(event, host, "host", host.shown, source)
        return event

    def workshop(self, edition: Event, rank: int, source: Source) -> Event:
        """A workshop of an edition; actors are proposed for it, and pairs for some."""
        key = f"{edition.key}-atelier-{rank}"
        said = [
            (A, P["Event"]),
            (_KIND, thing("event-kind", "workshop")),
            (P["superEvent"], edition.iri),
            (mlg("ordinal"), number(rank)),
            (_START, edtf(edition.day)),
            *dict.fromkeys((_THEME, self.links.theme()) for _ in range(2)),
        ]
        names = labels(
            f"Atelier {rank} : {edition.day}",
            f"Workshop {rank}: {edition.day}",
            f"第{rank}分论坛：{edition.day}",
        )
        event = Event(key, edition.day, names)
        self.paper.thing(event.iri, [Row(source, said)], names)
        actor = self.links.place("f")
        self.participation(event, actor, "proposed-actor", actor.shown, source)
        return event

    def event(self, index: int, sources: Sequence[Source], prepared: str) -> Event:
        """An event by itself; a second source may date it otherwise."""
        place = self.links.place("fco"[index % 3])
        day, kind = self._day(1980 + self.dice.below(45)), KINDS[index % len(KINDS)]
        said = [
            (A, P["Event"]),
            (_KIND, thing("event-kind", kind)),
            (_START, edtf(day)),
            (P["location"], place.iri),
            (_THEME, self.links.theme()),
        ]
        if prepared:
            said.append((mlg("prepares"), prepared))
        names = labels(
            f"Rendez-vous {index + 1} ({place.shown['fr']})",
            f"Appointment {index + 1} ({place.shown['en']})",
            f"第{index + 1}次活动（{place.shown['zh']}）",
        )
        event = Event(f"rendez-vous-{index + 1}", day, names)
        rows = [Row(sources[0], said)]
        for source in sources[1:]:
            told = day[:4] if index % 2 else f"{day[:8]}{int(day[8:]) % 28 + 1:02}"
            rows.append(Row(source, [*said[:2], (_START, edtf(told))]))
        self.paper.thing(event.iri, rows, names)
        return event

    def _day(self, year: int) -> str:
        return f"{year}-{self.dice.below(12) + 1:02}-{self.dice.below(28) + 1:02}"

    def participation(
        self, event: Event, who: Party, role: str, names: Mapping[str, str], source: Source
    ) -> None:
        """Who did what in an event."""
        subject = thing("participation", join(event.key, who.key, role))
        said = [
            (A, mlg("Participation")),
            (mlg("isParticipationIn"), event.iri),
            (mlg("hasParticipant"), who.iri),
            (mlg("hasRole"), thing("role", role)),
        ]
        self.paper.thing(subject, [Row(source, said)])
        both = {lang: f"{names[lang]} – {event.names[lang]}" for lang in ("en", "fr", "zh")}
        self.paper.named(subject, both, NAMES)

    def person(self, index: int, body: str, before: str, source: Source) -> Party:
        """A person, and the post that they hold after another."""
        name = f"Camille Exemple {index + 1}"
        who = Party(
            thing("person", f"camille-exemple-{index + 1}"), f"camille-exemple-{index + 1}", "", {}
        )
        names = {"fr": name, "en": name}
        self.paper.thing(who.iri, [Row(source, [(A, P["Person"])])], names)
        first = 1985 + index % 30
        said = [
            (A, P["Membership"]),
            (P["member"], who.iri),
            (P["organization"], body),
            (_START, edtf(f"{first}")),
            (_END, edtf(f"{first + 5}")),
        ]
        if before:
            said.append((mlg("succeeds"), before))
        if index % 5 == 0:
            said.append((mlg("isAppointedBy"), body))
        titles = labels(
            f"Présidence {index + 1}", f"Presidency {index + 1}", f"第{index + 1}任主席"
        )
        self.paper.thing(thing("post", f"presidence-{index + 1}"), [Row(source, said)], titles)
        return Party(who.iri, who.key, "", {"fr": name, "en": name, "zh": name})

    def body(self, index: int, whole: str, source: Source) -> Body:
        """An organisation, in the country of the place where it sits."""
        key = f"organisme-{index}" if index else "apcae"
        seat = self.links.place("fco"[index % 3])
        kind = BODIES[index % len(BODIES)]
        said = [
            (A, P["Organization"]),
            (_KIND, thing("organisation-kind", kind)),
            (_COUNTRY, seat.country),
            (P["location"], seat.iri),
        ]
        if whole:
            said.append((P["subOrganizationOf"], whole))
        names = labels(
            f"Organisme {index} de {seat.shown['fr']}",
            f"Body {index} of {seat.shown['en']}",
            f"{seat.shown['zh']}第{index}机构",
        )
        iri = thing("organisation", key)
        self.paper.thing(iri, [Row(source, said)], names)
        return Body(Party(iri, key, seat.country, names), names)

    def change(
        self,
        key: str,
        kind: str,
        before: Sequence[str],
        after: Sequence[str],
        day: str,
        source: Source,
    ) -> None:
        """What was before and what is after, with the direct way from the one to the other."""
        said = [(A, P["ChangeEvent"]), (_KIND, thing("change-kind", kind)), (_START, edtf(day))]
        said += [(P["originalOrganization"], one) for one in before]
        said += [(P["resultingOrganization"], one) for one in after]
        names = labels(f"Changement du {day}", f"Change of {day}", f"{day}的变更")
        self.paper.thing(thing("change", key), [Row(source, said)], names)
        for old in before:
            if old not in after:
                self.paper.add(
                    SUCCESSION,
                    old,
                    *((P["isReplacedBy"], new) for new in after if new not in before),
                )
