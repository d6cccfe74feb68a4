"""Errors to find: each kind breaks one rule of ``ontology/shapes.ttl``, in things of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from generator.claims import BOUNDS, Paper, Row, Source, catalogued, labels
from generator.lines import A, P, date, mlg, number, thing

__all__ = ["KINDS", "planted"]

Pairs = list[tuple[str, str]]

_SOURCE: Final = Source("planted", labels("Erreurs", "Errors", "错误"), "web-page")
_NAMES: Final = labels("Erreur", "Error", "错误")


def _link(*more: tuple[str, str]) -> Pairs:
    parties = [thing("place", "fr-region-84"), thing("place", "cn-510000")]
    said = [(A, mlg("CooperationLink")), (mlg("hasKind"), thing("link-kind", "contact"))]
    return [*said, *((mlg("hasParty"), party) for party in parties), *more]


def _event(*more: tuple[str, str]) -> Pairs:
    return [(A, P["Event"]), *more]


def _bare(paper: Paper, key: str) -> None:
    paper.add(_SOURCE.graphs["source"], thing("link", key), *_link())


def _claimed(
    kind: str, said: Pairs, names: Mapping[str, str] | None = None
) -> Callable[[Paper, str], None]:
    return lambda paper, key: paper.thing(thing(kind, key), [Row(_SOURCE, said)], names) and None


def _reversed(paper: Paper, key: str) -> None:
    subject = thing("link", key)
    paper.thing(subject, [Row(_SOURCE, _link())])
    days = ((mlg("earliestDay"), date("2012-01-01")), (mlg("latestDay"), date("2010-12-31")))
    paper.add(BOUNDS, subject, *days)


_FORUM: Final = (mlg("hasKind"), thing("event-kind", "forum"))
_FIGURE: Final = [
    (A, mlg("Figure")),
    (mlg("hasQuantity"), thing("quantity", "projects")),
    (mlg("hasScope"), thing("place", "fr")),
    (mlg("hasQualifier"), thing("qualifier", "about")),
]
_MENTION: Final = [(A, mlg("Mention")), (mlg("writtenForm"), '"Erreur"@fr')]

#: The rule that each kind of error breaks, and how it is written.
KINDS: Final[Mapping[str, Callable[[Paper, str], None]]] = {
    "ClaimHasEvidence": _bare,
    "DatesAreInOrder": _reversed,
    "EventHasKind": _claimed("event", _event(), _NAMES),
    "FigureValueIsACount": _claimed("figure", [*_FIGURE, (P["amount"], number(-5))], _NAMES),
    "LinkHasTwoParties": _claimed("link", [pair for i, pair in enumerate(_link()) if i != 3]),
    "MentionHasKind": _claimed("mention", [*_MENTION, (mlg("designates"), thing("place", "fr"))]),
    "NameInChinese": _claimed("event", _event(_FORUM), {"fr": "Erreur", "en": "Error"}),
    "OrdinalIsPositive": _claimed("event", _event(_FORUM, (mlg("ordinal"), number(0))), _NAMES),
    "PartyIsKnown": _claimed("link", _link((mlg("hasParty"), thing("place", "nowhere")))),
    "StateIsListed": _claimed("link", _link((mlg("hasState"), thing("state", "dormant")))),
    "SubjectIsKnown": _claimed(
        "news", [(A, P["NewsArticle"]), (P["about"], thing("place", "nowhere"))], _NAMES
    ),
    "ThemeIsListed": _claimed("link", _link((mlg("hasTheme"), thing("theme", "alchemy")))),
}


def planted(count: int) -> Iterator[str]:
    """So many errors of each kind."""
    paper = Paper()
    for rule, write in KINDS.items():
        for index in range(count):
            write(paper, f"planted-{rule.lower()}-{index + 1}")
        yield paper.taken()
    if count:
        catalogued(paper, _SOURCE)
        yield paper.taken()
