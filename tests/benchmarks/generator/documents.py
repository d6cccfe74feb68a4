"""The data set from its first line to its last: one document after the other."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, SKOS, URIRef

from generator.claims import Paper, Row, Source, catalogued, labels
from generator.events import Event, Happenings
from generator.lines import CATALOGUE, A, Dice, P, edtf, graph, mlg, thing
from generator.links import Link, Links, Party
from generator.places import ENDED, Gazetteer, Place, gazetteer
from generator.sayings import Sayings
from maillage.derive import DERIVED
from maillage.dumps import nquads
from maillage.gather import ONTOLOGY_FILES, ontology_store
from maillage.mint import parse
from maillage.mint import thing as address
from maillage.native import dataset_of_quads
from maillage.words import LANGUAGES, say

__all__ = ["Documents", "parties_for"]

#: Documents whose links several others repeat.
REGISTERS = 3
#: One document in so many is the programme of a meeting.
MEETINGS = 8


def parties_for(links: int) -> int:
    """How many places may have links: one for two links, and ever fewer, as the world is finite."""
    return max(60, min(round(links * 0.5), 30_000 + round(links * 0.08)))


class Documents:
    """A data set of so many links, written document by document."""

    def __init__(self, links: int, seed: int) -> None:
        self.count = links
        # a hundred links a document; a small data set has a few documents all the same
        self.documents = 6 + links // 100
        self.each = -(-links // self.documents)
        self.paper, self.dice = Paper(), Dice("maillage", seed)
        ontology = dataset_of_quads(ontology_store())
        self._head = nquads(ontology).decode()
        themes = ontology.subjects(SKOS.inScheme, URIRef(address("scheme", "theme")))
        named = [
            parse(str(theme)) for theme in themes if (theme, RDF.type, SKOS.Concept) in ontology
        ]
        keys = sorted(name.key for name in named if name)
        self.places: Gazetteer = gazetteer(parties_for(links))
        self.links = Links(self.paper, self.dice, self.places, keys, links)
        self.happenings = Happenings(self.paper, self.dice, self.links)
        self.sayings = Sayings(self.paper, self.dice, self.links)
        self.registers = [
            Source(
                f"register-{n + 1}",
                labels(f"Registre {n + 1}", f"Register {n + 1}", f"第{n + 1}登记册"),
                "database",
            )
            for n in range(REGISTERS)
        ]
        self._series: dict[int, str] = {}
        self._edition = ""
        self._post = ""
        self._statement = ""
        self._body = ""

    def pages(self) -> Iterator[str]:
        """The lines, many at a time; the memory taken does not grow with the links."""
        yield self._head
        self._reference()
        yield self.paper.taken()
        yield from self._gazetteer()
        for register in self.registers:
            catalogued(self.paper, register, issued="2024")
        for index in range(-(-self.count // self.each)):
            self._document(index)
            yield self.paper.taken()

    def _reference(self) -> None:
        paper = self.paper
        recorder = thing("recorder", "maillage")
        paper.add(CATALOGUE, recorder, (A, P["Agent"]), (P["prefLabel"], '"Maillage"@mul'))
        kinds = dict.fromkeys(("labels", "catalogue", *ONTOLOGY_FILES), "ReferenceGraph")
        for name, kind in (kinds | dict.fromkeys(DERIVED, "DerivedGraph")).items():
            paper.add(CATALOGUE, graph(name), (A, mlg(kind)))
            told = {lang: say(f"graph.{name}", lang, title="") for lang in LANGUAGES}
            paper.named(graph(name), told, CATALOGUE)

    def _gazetteer(self) -> Iterator[str]:
        """The places, each by the list that it comes from; the regions that ended, by a law."""
        law = Source("law-2015-29", labels("Loi 2015-29", "Law 2015-29", "2015-29号法律"), "law")
        sources: dict[str, Source] = {}
        for place in self.places.places.values():
            if place.source not in sources:
                names = labels(
                    f"Liste {place.source}", f"List {place.source}", f"{place.source}名录"
                )
                sources[place.source] = Source(f"gazetteer-{place.source}", names, "gazetteer")
            self._place(place, sources[place.source], law)
            if len(self.paper.lines) > 10_000:
                yield self.paper.taken()
        for source in sources.values():
            catalogued(self.paper, source)
        if any(f"fr-region-{code}" in self.places.places for code in ENDED):
            catalogued(self.paper, law, issued="2015-01-16")
        yield self.paper.taken()
        for after in sorted(set(ENDED.values())):
            before = [f"fr-region-{code}" for code in ENDED if ENDED[code] == after]
            if all(key in self.places.places for key in (*before, f"fr-region-{after}")):
                new = thing("place", f"fr-region-{after}")
                olds = [thing("place", key) for key in before]
                self.happenings.change(
                    f"regions-2016-{after}", "merger", olds, [new], "2016-01-01", law
                )

    def _place(self, place: Place, source: Source, law: Source) -> None:
        classes = {"country": "Country", "city": "Place", "unknown": "Place"}
        said = [
            (A, mlg(classes.get(place.level, "Collectivity"))),
            (mlg("hasLevel"), thing("level", place.level)),
            *((P["isPartOf"], thing("place", parent)) for parent in place.parents),
            *((mlg(code), f'"{value}"') for code, value in place.codes),
        ]
        if place.country:
            said.append((mlg("isInCountry"), thing("place", place.country)))
        if place.point:
            decimal = "^^<http://www.w3.org/2001/XMLSchema#decimal>"
            said += [
                (P["lat"], f'"{place.point[0]}"{decimal}'),
                (P["long"], f'"{place.point[1]}"{decimal}'),
            ]
        rows = [Row(source, said)]
        if place.key.removeprefix("fr-region-") in ENDED:
            rows.append(Row(law, [said[0], (mlg("endDate"), edtf("2015-12-31"))]))
        self.paper.thing(thing("place", place.key), rows, place.labels)

    def _source(self, index: int) -> Source:
        """A document by its number; one in ten we hold as a file."""
        n = index + 1
        names = labels(
            f"Document {n} sur la coopération",
            f"Document {n} on cooperation",
            f"关于合作的第{n}号文件",
        )
        kind = ("web-page", "press-article", "minutes", "report")[index % 4]
        return Source(f"document-{n}", names, kind, 20_000 if index % 10 == 0 else 0)

    def _document(self, index: int) -> None:
        source, dice = self._source(index), self.dice
        whole = self._body if index % 5 == 1 else ""
        body = self.happenings.body(index, whole, source)
        self._body = body.party.iri
        edition: Event | None = None
        workshops: list[Event] = []
        if index % MEETINGS == 0:
            edition = self._meeting(index // MEETINGS, source)
            workshops = [self.happenings.workshop(edition, rank, source) for rank in (1, 2, 3, 4)]
            self._edition = edition.iri
        others = [source, self.registers[1]] if index % 10 == 3 else [source]
        event = self.happenings.event(index, others, self._edition if index % 3 == 1 else "")
        person = self._people(index, event, source)
        first = self._links(index, source, body.party, workshops)
        for number in (2 * index, 2 * index + 1):
            holder = person.iri if number % 3 else body.party.iri
            before = self._statement if number % 3 == 1 else ""
            self._statement = self.sayings.statement(number, event, holder, before, source)
            self.sayings.mention(number, source)
        self.sayings.figure(
            index, event, [source, self.registers[0]] if index % 6 == 0 else [source]
        )
        self.sayings.project(index, (self.links.place("f"), self.links.place("c")), source)
        self.sayings.search(index, source)
        if index % 2 == 0:
            self.sayings.news(index, first, source)
        if index % 3 == 0:
            self.sayings.coverage(index, source)
        if index % 4 == 0:
            self._changes(index, source)
        if index % 20 == 0:
            self.sayings.rival_names(index, body.party.iri, [source, self.registers[2]])
            self.sayings.identification(index)
        year = 1990 + dice.below(36)
        catalogued(
            self.paper, source, issued=f"{year}-{dice.below(12) + 1:02}", publisher=body.party.iri
        )

    def _meeting(self, number: int, source: Source) -> Event:
        name = number % (3 + self.count // 10_000)
        if name not in self._series:
            self._series[name] = self.happenings.series(name, source)
        ordinal = number // (3 + self.count // 10_000) + 1
        return self.happenings.edition(self._series[name], name, ordinal, source)

    def _people(self, index: int, event: Event, source: Source) -> Party:
        body = thing("organisation", f"organisme-{index // 4 * 4}" if index >= 4 else "apcae")
        person = self.happenings.person(index, body, self._post if index % 4 else "", source)
        self._post = thing("post", f"presidence-{index + 1}")
        self.happenings.participation(event, person, "moderator", person.shown, source)
        place = self.links.place("fc"[index % 2])
        self.happenings.participation(event, place, "participant", place.shown, source)
        return person

    def _changes(self, index: int, source: Source) -> None:
        """A body that became another; neither is a party to anything."""
        kind = ("renaming", "merger", "split")[index // 4 % 3]
        keys = [f"ancien-organisme-{index}-{n}" for n in range(3)]
        counts = {"renaming": (1, 1), "merger": (2, 1), "split": (1, 2)}[kind]
        for key in keys[: sum(counts)]:
            said = [
                (A, P["Organization"]),
                (mlg("hasKind"), thing("organisation-kind", "association")),
                (mlg("isInCountry"), thing("place", "fr")),
            ]
            names = labels(f"Organisme {key}", f"Body {key}", f"机构{key}")
            self.paper.thing(thing("organisation", key), [Row(source, said)], names)
        bodies = [thing("organisation", key) for key in keys[: sum(counts)]]
        day = f"{1990 + index % 30}-01-01"
        before, after = bodies[: counts[0]], bodies[counts[0] :]
        self.happenings.change(f"changement-{index + 1}", kind, before, after, day, source)

    def _links(self, index: int, source: Source, body: Party, workshops: list[Event]) -> Link:
        """The links of one document; the first of them, to speak of it elsewhere."""
        dice, first = self.dice, None
        last = min(self.count, (index + 1) * self.each)
        number = index * self.each
        while number < last:
            place = number % self.each
            if number == 0:
                one, other = self.links.party("fr-commune-71014"), self.links.party("cn-510100")
                link = self.links.contact(source, one, other)
            else:
                sources = [source, *self._seconds(number, index)]
                sure = {"stated": 0.8, "to-be-confirmed": 0.1, "inferred": 0.07, "disputed": 0.03}
                certainty = dice.weighted(sure) if place else "stated"
                workshop = workshops[place // 4].key if workshops and place in {3, 7, 11} else ""
                parties: list[Party] = []
                if place == 13:
                    away = "c" if body.country == thing("place", "fr") else "f"
                    parties = [body, self.links.place(away)]
                link = self.links.link(sources, certainty, parties=parties, workshop=workshop)
            number += 1
            first = first or link
            if number % 33 == 8 and number < last and not workshops:
                self.links.again(self.registers[number % REGISTERS], link)
                number += 1
        if first is None:
            raise ValueError(index)
        return first

    def _seconds(self, number: int, index: int) -> list[Source]:
        """Who else speaks of a link: a register, or another document."""
        if number <= REGISTERS:
            return [self.registers[number - 1]]
        if not self.dice.chance(0.2):
            return []
        found = [self.registers[self.dice.below(REGISTERS)]]
        other = self.dice.below(-(-self.count // self.each))
        if other != index and self.dice.chance(0.6):
            # a document counts passages of its own
            found = [self._source(other), *(found if self.dice.chance(0.2) else [])]
        return found
