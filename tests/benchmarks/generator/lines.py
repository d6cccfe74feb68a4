"""N-Quads, written by hand: one line a statement, as text, because nothing else is as fast."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Final

from maillage.terms import ID, MLG, PREFIXES

__all__ = [
    "CATALOGUE",
    "LABELS",
    "A",
    "Dice",
    "P",
    "date",
    "edtf",
    "graph",
    "mlg",
    "number",
    "plain",
    "text",
    "thing",
]

#: How a language is tagged.
_TAGS: Final = {"fr": "fr", "en": "en", "zh": "zh-Hans"}


@cache
def mlg(name: str) -> str:
    """A term of our vocabulary; a mistyped one raises."""
    return f"<{getattr(MLG, name)}>"


def thing(kind: str, key: str) -> str:
    """The address of a thing, in angle brackets."""
    return f"<{ID}{kind}/{key}>"


def graph(name: str) -> str:
    """The address of a named graph, in angle brackets."""
    return thing("graph", name)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def plain(value: str) -> str:
    """A string."""
    return f'"{_escaped(value)}"'


def text(value: str, lang: str) -> str:
    """A text in French, English or Chinese."""
    return f'"{_escaped(value)}"@{_TAGS[lang]}'


def edtf(value: str) -> str:
    """A date as documents give it."""
    return f'"{value}"^^<{PREFIXES["edtf"]}EDTF>'


def date(value: object) -> str:
    """A day."""
    return f'"{value}"^^<{PREFIXES["xsd"]}date>'


def number(value: int) -> str:
    """A whole number."""
    return f'"{value}"^^<{PREFIXES["xsd"]}integer>'


def _borrowed(prefix: str, *names: str) -> dict[str, str]:
    return {name: f"<{PREFIXES[prefix]}{name}>" for name in names}


#: Terms of other vocabularies, by their last part.
P: Final = (
    _borrowed(
        "dcterms", "conformsTo", "description", "format", "isPartOf", "isReplacedBy", "language"
    )
    | _borrowed("dcterms", "license", "publisher", "source", "type")
    | _borrowed("geo", "lat", "long")
    | _borrowed("oa", "FragmentSelector", "TextPositionSelector", "end", "hasSelector", "start")
    | _borrowed("org", "ChangeEvent", "Membership", "Organization", "member", "organization")
    | _borrowed("org", "originalOrganization", "resultingOrganization", "subOrganizationOf")
    | _borrowed("prov", "Agent", "used", "wasAssociatedWith", "wasAttributedTo")
    | _borrowed("rdf", "value")
    | _borrowed("schema", "Event", "EventSeries", "NewsArticle", "Person", "about", "location")
    | _borrowed("schema", "superEvent", "url")
    | _borrowed("skos", "altLabel", "hiddenLabel", "prefLabel")
    | _borrowed("wdt", "P190")
    | {"amount": f"<{PREFIXES['schema']}value>"}
)
A: Final = f"<{PREFIXES['rdf']}type>"
LABELS: Final = graph("labels")
CATALOGUE: Final = graph("catalogue")


class Dice:
    """Chance from a seed; only ``random()`` is asked, whose values Python promises to keep."""

    def __init__(self, *seed: object) -> None:
        # a text: seeds of other types are hashed in ways that may change
        self.random = Random(" ".join(map(str, seed))).random  # noqa: S311  # no secret hangs on it

    def below(self, count: int) -> int:
        """A whole number from 0, each as likely."""
        return int(self.random() * count)

    def few(self, count: int, bend: float = 1.6) -> int:
        """A whole number from 0, the first much more likely: a few cities have many partners."""
        return int(self.random() ** bend * count)

    def chance(self, probability: float) -> bool:
        """Whether something happens."""
        return self.random() < probability

    def weighted(self, choices: dict[str, float]) -> str:
        """One of some words, by their shares, which need not sum to 1."""
        left = self.random() * sum(choices.values())
        for word, share in choices.items():
            left -= share
            if left < 0:
                return word
        return word
