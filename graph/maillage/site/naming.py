"""What things are called: every name in the graph, read once when the site opens.

A page in one language that must use a name of another says so (:class:`Named`), so that browsers
choose the right letters and screen readers the right voice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from rdflib import Literal
from rdflib.term import Identifier

from maillage.mint import parse
from maillage.pagetexts import clean, typeset
from maillage.site.texts import say
from maillage.store import Store
from maillage.terms import NS, PREFIXES
from maillage.words import LANGUAGES, TAGS, Language, best

__all__ = ["Bearing", "Named", "Naming", "short", "spoken"]

# Ranks, best first: a code, a name, another name, a misspelling, what a document calls it.
_NAMES: Final = f"""
PREFIX mlg: <{NS}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?rank ?name WHERE {{
  VALUES (?property ?rank) {{
    (mlg:gbCode 0) (mlg:inseeCode 0) (mlg:isoCode 0) (mlg:sirenNumber 0)
    (skos:notation 0)
    (skos:prefLabel 1) (rdfs:label 1)
    (skos:altLabel 2) (skos:hiddenLabel 3) (mlg:writtenForm 4)
  }}
  ?thing ?property ?name
}}
"""

# Things without a name of their own are called after what they are about.
_AFTER: Final = f"""
PREFIX mlg: <{NS}>
SELECT ?thing ?key ?whole ?part WHERE {{
  {{ ?thing a mlg:Coverage ; mlg:isCoverageOf ?whole . BIND("name-coverage" AS ?key) }}
  UNION
  {{ ?thing a mlg:Disagreement ; mlg:isAbout ?whole ; mlg:onProperty ?part .
     BIND("name-disagreement" AS ?key) }}
}}
"""


class Named(NamedTuple):
    """A name and its language tag; the tag is empty when it is the page's own language."""

    text: str
    tag: str = ""


class Bearing(NamedTuple):
    """That a thing bears a name: 0 a code, 1 a name, 2 another, 3 a misspelling, 4 as written."""

    thing: str
    rank: int
    text: str
    tag: str


def spoken(texts: Iterable[tuple[str, str]], lang: Language) -> Named | None:
    """The text that this reader reads best, out of pairs of language tag and text.

    >>> spoken([("fr", "Pékin"), ("zh-Hans", "北京市")], "en")
    Named(text='Pékin', tag='fr')
    """
    found = best(((tag, (tag, text)) for tag, text in texts if text), lang)
    if found is None:
        return None
    tag, text = found
    tongue = tag.split("-")[0].lower()
    is_own = tongue in {lang, "", "mul"}
    return Named(typeset(text, tongue if tongue in LANGUAGES else lang), "" if is_own else tag)


def short(iri: str) -> str:
    """An address with the house's prefix, where one fits; ``kind/key`` for a thing of ours.

    >>> short("http://www.w3.org/ns/org#member"), short("https://w3id.org/maillage/id/place/fr")
    ('org:member', 'place/fr')
    """
    if thing := parse(iri):
        return f"{thing.kind}/{thing.key}"
    fitting = [(start, name) for name, start in PREFIXES.items() if iri.startswith(start)]
    if not fitting:
        return clean(iri)
    start, name = max(fitting)
    return f"{name}:{clean(iri[len(start) :])}"


class Naming:
    """All names in a graph.

    :ivar bearings: who bears which name, in order of things, ranks and names.
    """

    def __init__(self, store: Store) -> None:
        self._labels: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._after: dict[str, tuple[str, str, str]] = {}
        # sorted here: an engine takes four times as long to put all names in order
        self.bearings = sorted(
            Bearing(str(thing), int(str(rank)), str(name), name.language or "")
            for thing, rank, name in store.select(_NAMES).rows
            if isinstance(name, Literal)
        )
        for found in self.bearings:
            if found.rank == 1 or (found.rank == 4 and found.thing not in self._labels):  # noqa: PLR2004  # ranks are explained above
                self._labels[found.thing].append((found.tag, found.text))
        rows = (tuple(str(cell or "") for cell in row) for row in store.select(_AFTER).rows)
        for thing, key, whole, part in sorted(rows):
            self._after.setdefault(thing, (key, whole, part))

    def label(self, thing: Identifier | str, lang: Language) -> Named:
        """What to call a thing in a language; a short form of its address when it has no name."""
        iri = str(thing)
        if named := spoken(self._labels.get(iri, ()), lang):
            return named
        if after := self._after.get(iri):
            key, whole, part = after
            return Named(
                say(key, lang, whole=self.label(whole, lang).text, part=self.label(part, lang).text)
            )
        return Named(short(iri))

    def has(self, thing: Identifier | str) -> bool:
        """Whether a thing has a name, or one can be made for it."""
        return str(thing) in self._labels or str(thing) in self._after

    def labels(self, thing: Identifier | str) -> list[tuple[str, str]]:
        """All names of its own of a thing, as pairs of language tag and text, unchanged."""
        return list(self._labels.get(str(thing), ()))

    def translations(self, thing: Identifier | str) -> dict[Language, str]:
        """The names of a thing by language, where it has one in that very language."""
        found: dict[Language, str] = {}
        for lang in LANGUAGES:
            for tag, text in self._labels.get(str(thing), ()):
                if tag.lower() in {lang, TAGS[lang].lower()}:
                    found.setdefault(lang, text)
        return found
