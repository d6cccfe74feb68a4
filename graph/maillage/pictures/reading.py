"""What a payload says, in one language: its texts, its counts, and its flows between areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from maillage.pagetexts import spoken, words
from maillage.pictures.writing import element, number, said
from maillage.words import Language

__all__ = ["Flow", "Reading", "total"]


_LONGEST: Final = 300  # characters of what is shown where one points


class Flow(NamedTuple):
    """Links between two areas, by number; ``firm`` when one of them is more than a proposal."""

    links: frozenset[int]
    firm: bool

    @property
    def size(self) -> int:
        """How many links there are, one of many parties once."""
        return len(self.links)


def total(flows: Iterable[Flow]) -> int:
    """How many links there are in some flows, each once."""
    return len(frozenset[int]().union(*(flow.links for flow in flows)))


class Reading:
    """A payload and the language in which it is read.

    :param tips: whether parties and lines bear names that a browser shows when pointed at.
    """

    def __init__(self, payload: Mapping[str, Any], lang: Language, *, tips: bool = False) -> None:
        self.payload = payload
        self.lang = lang
        self.tips = tips

    def text(self, ref: int) -> str:
        """A text of the data in this language, or in the nearest that there is."""
        return said(spoken(self.payload["texts"][ref], self.lang))

    def tip(self, parent: ET.Element, text: str) -> None:
        """Let a browser show a text where the element is pointed at."""
        if self.tips:
            element(parent, "title", text[:_LONGEST])

    def link_tip(self, parent: ET.Element, link: int, parties: Sequence[int]) -> None:
        """Let a browser show the parties, the kind and the dates of a link."""
        if not self.tips:
            return
        links, kinds = self.payload["links"], self.payload["facets"]["kind"]["text"]
        names = self.payload["parties"]["name"]
        kind = links["kind"][link]
        about = [
            " — ".join(self.text(names[party]) for party in parties),
            self.text(kinds[kind]) if kind >= 0 else "",
            self.text(links["dates"][link]),
        ]
        self.tip(parent, " · ".join(filter(None, about)))

    def country(self, number: int) -> str:
        """The code of a country; none for a party whose country is not known."""
        return str(self.payload["facets"]["country"]["key"][number]) if number >= 0 else ""

    def word(self, key: str, **values: object) -> str:
        """A word of the pictures; whole numbers are grouped as people group them."""
        given = {
            name: number(value, self.lang) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return words()[key][self.lang].format(**given)

    @property
    def counts(self) -> dict[str, int]:
        """What the heading counts, each under the end of its word's key."""
        links = self.payload["links"]
        proofs = self.payload["evidence"]["source"]
        return {
            "parties": len(self.payload["parties"]["iri"]),
            "links": len(links["iri"]),
            "tentative": sum(look == 1 for look in links["look"]),
            "documents": len({proofs[i] for some in links["evidence"] for i in some} - {-1}),
        }

    def flows(self, column: str) -> dict[tuple[int, int], Flow]:
        """Links between areas or countries, the first country's side first; -1 is not known.

        :param column: ``area`` or ``country``, a column of the parties.
        """
        of_party = self.payload["parties"][column]
        looks = self.payload["links"]["look"]
        lines = self.payload["lines"]
        found: dict[tuple[int, int], set[int]] = defaultdict(set)
        for link, a, b in zip(lines["link"], lines["a"], lines["b"], strict=True):
            found[of_party[a], of_party[b]].add(link)
        return {
            pair: Flow(frozenset(links), any(looks[link] != 1 for link in links))
            for pair, links in sorted(found.items())
        }
