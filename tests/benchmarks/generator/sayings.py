"""What documents say beside links: statements, figures, mentions, news, projects; and what they cover."""

from __future__ import annotations

from typing import Final

from generator.claims import DAY, NAMES, Paper, Row, Source, labels
from generator.events import Event
from generator.lines import CATALOGUE, A, Dice, P, date, edtf, mlg, number, plain, text, thing
from generator.links import Link, Links, Party

__all__ = ["STATEMENTS", "Sayings"]

STATEMENTS: Final = (
    "Finding",
    "Recommendation",
    "Position",
    "Objective",
    "Expectation",
    "Decision",
)
MENTIONS: Final = (
    "name",
    "abbreviation",
    "misspelling",
    "former-name",
    "exonym",
    "unidentified",
    "anachronism",
    "inconsistency",
)
QUANTITIES: Final = ("participants", "projects", "twinned-pairs", "agreements", "budget-in-euros")
QUALIFIERS: Final = ("exactly", "about", "more-than", "nearly", "at-least")
OUTCOMES: Final = ("found", "not-found", "partly-found", "mention-only", "unusable")
_KIND, _THEME, _ABOUT, _PARTY = map(mlg, ("hasKind", "hasTheme", "isAbout", "hasParty"))
_START, _STATE, _FORM = map(mlg, ("startDate", "hasState", "writtenForm"))


class Sayings:
    """What documents say and cover in one data set."""

    def __init__(self, paper: Paper, dice: Dice, links: Links) -> None:
        self.paper, self.dice, self.links = paper, dice, links

    def statement(self, index: int, event: Event, holder: str, before: str, source: Source) -> str:
        """A statement of one of six classes; some answer the one before, some have a date."""
        kind = STATEMENTS[index % len(STATEMENTS)]
        drawn = self.links.place("fc"[index % 2])
        place = self.links.party("cn-510100") if index == 1 else drawn
        said = [
            (A, mlg("Statement")),
            (A, mlg(kind)),
            (_ABOUT, place.iri),
            (mlg("isHeldBy"), holder),
            (_THEME, self.links.theme()),
        ]
        if kind != "Objective":
            said.append((_ABOUT, event.iri))
        if before:
            said.append((mlg("answers"), before))
        if index % 4 == 1:
            said.append((mlg("dueDate"), edtf(f"{2000 + index % 30}-06")))
        n, subject = index + 1, thing("statement", f"enonce-{index + 1}")
        names = labels(
            f"Énoncé {n} : associer {place.shown['fr']} aux travaux.",
            f"Statement {n}: involve {place.shown['en']} in the work.",
            f"第{n}项表述：请{place.shown['zh']}参与工作。",
        )
        sure = "to-be-confirmed" if index % 7 == 3 else "stated"
        self.paper.thing(subject, [Row(source, said, sure)], names)
        return subject

    def figure(self, index: int, event: Event, sources: list[Source]) -> None:
        """A number; two sources may differ."""
        core = [
            (A, mlg("Figure")),
            (mlg("hasQuantity"), thing("quantity", QUANTITIES[index % len(QUANTITIES)])),
            (mlg("hasScope"), event.iri),
        ]
        rows = []
        for source in sources:
            value = 20 + self.dice.below(900)
            qualifier = thing("qualifier", QUALIFIERS[self.dice.below(len(QUALIFIERS))])
            said = [*core, (mlg("hasQualifier"), qualifier), (P["amount"], number(value))]
            rows.append(Row(source, [*said, (mlg("referenceDate"), edtf(event.day))]))
        names = labels(f"Nombre {index + 1}", f"Number {index + 1}", f"第{index + 1}项数字")
        self.paper.thing(thing("figure", f"nombre-{index + 1}"), rows, names)

    def mention(self, index: int, source: Source) -> None:
        """A name as a document writes it; what it designates bears the name, too."""
        kind = MENTIONS[index % len(MENTIONS)]
        place = self.links.place("fco"[index % 3])
        form = text(f"{place.shown['fr']} ({kind} {index + 1})", "fr")
        said = [(A, mlg("Mention")), (_KIND, thing("mention-kind", kind)), (_FORM, form)]
        if kind not in {"unidentified", "inconsistency"}:
            said.append((mlg("designates"), place.iri))
        subject = thing("mention", f"mention-{index + 1}")
        self.paper.thing(subject, [Row(source, said)])
        if index % 3 == 0:
            texts = labels("Écrit ainsi une fois.", "Written so once.", "原文仅此一处如此书写。")
            self.paper.named(subject, texts, by=P["description"])
        if kind in MENTIONS[:5]:
            by = P["hiddenLabel" if kind == "misspelling" else "altLabel"]
            self.paper.add(NAMES, place.iri, (by, form))

    def rival_names(self, index: int, body: str, sources: list[Source]) -> None:
        """Two documents that give a body two names, in one language."""
        rivals: dict[str, set[tuple[str, str]]] = {}
        for number_, source in enumerate(sources):
            form = text(f"Nom {'AB'[number_]} de l’organisme {index}", "fr")
            said = [(A, mlg("Mention")), (_KIND, thing("mention-kind", "name")), (_FORM, form)]
            said.append((mlg("designates"), body))
            subject = thing("mention", f"nom-{index}-{'ab'[number_]}")
            self.paper.thing(subject, [Row(source, said)])
            self.paper.add(NAMES, body, (P["altLabel"], form))
            rivals[form] = {(source.iri, "stated")}
        self.paper.disagreement(body, _FORM, rivals, None, "tie")

    def news(self, index: int, link: Link, source: Source) -> None:
        """A news item about a link."""
        said = [(A, P["NewsArticle"]), (P["about"], link.iri), (P["about"], link.parties[0].iri)]
        said.append((mlg("issuedDate"), edtf(self.links.date(2000, 2025, "day"))))
        names = labels(f"Nouvelle {index + 1}", f"News {index + 1}", f"第{index + 1}条新闻")
        self.paper.thing(thing("news", f"nouvelle-{index + 1}"), [Row(source, said)], names)

    def project(self, index: int, parties: tuple[Party, Party], source: Source) -> None:
        """A project of two parties."""
        said = [
            (A, mlg("CooperationProject")),
            *((_PARTY, party.iri) for party in parties),
            (_THEME, self.links.theme()),
            (_STATE, thing("state", "active")),
            (_START, edtf(str(2000 + index % 25))),
            (mlg("purpose"), text("Former des techniciens.", "fr")),
            (mlg("purpose"), text("Train technicians.", "en")),
            (mlg("purpose"), text("培训技术人员。", "zh")),
        ]
        names = labels(f"Projet {index + 1}", f"Project {index + 1}", f"第{index + 1}号项目")
        self.paper.thing(thing("project", f"projet-{index + 1}"), [Row(source, said)], names)

    def coverage(self, index: int, source: Source) -> None:
        """What a source covers, which it does not say itself."""
        said = [
            (A, mlg("Coverage")),
            (mlg("isCoverageOf"), source.iri),
            (mlg("hasCompleteness"), thing("completeness", "partial")),
            (mlg("coversPlace"), thing("place", "fr")),
            (mlg("coversTheme"), self.links.theme()),
            (_START, edtf("1990")),
            (mlg("endDate"), edtf("2024")),
        ]
        subject = thing("coverage", f"etendue-{index + 1}")
        self.paper.thing(subject, [Row(source, said, "inferred")])
        texts = labels("Une partie des liens.", "Some of the links.", "部分合作关系。")
        self.paper.named(subject, texts, by=P["description"])

    def search(self, index: int, found: Source) -> None:
        """What was looked for, and what came of it."""
        one, other = self.links.place("f"), self.links.place("c")
        outcome = OUTCOMES[index % len(OUTCOMES)]
        said = [
            (A, mlg("Search")),
            (mlg("hasOutcome"), thing("search-outcome", outcome)),
            (_ABOUT, one.iri),
            (_ABOUT, other.iri),
            (mlg("recordedDate"), date(DAY)),
            (mlg("searchTerms"), plain(f"{one.shown['fr']} {other.shown['fr']} jumelage")),
            (P["wasAssociatedWith"], thing("recorder", "maillage")),
        ]
        if outcome == "found":
            said.append((P["used"], found.iri))
        subject = thing("search", f"recherche-{index + 1}")
        self.paper.add(CATALOGUE, subject, *said)
        names = labels(
            f"Lien entre {one.shown['fr']} et {other.shown['fr']}",
            f"Link between {one.shown['en']} and {other.shown['en']}",
            f"{one.shown['zh']}与{other.shown['zh']}的合作关系",
        )
        self.paper.named(subject, names, CATALOGUE)

    def identification(self, index: int) -> None:
        """A person's decision on what a name means."""
        place, name = self.links.place("o"), plain(f"Nom incertain {index + 1}")
        said = [
            (A, mlg("Identification")),
            (_FORM, name),
            (mlg("designates"), place.iri),
            (mlg("decider"), plain("Maillage")),
            (mlg("recordedDate"), date(DAY)),
        ]
        self.paper.add(CATALOGUE, thing("identification", f"{index + 1:016x}"), *said)
        self.paper.add(NAMES, place.iri, (P["hiddenLabel"], name))
