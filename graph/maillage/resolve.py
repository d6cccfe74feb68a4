"""From what a person types to the thing they mean: a code, an address, or a name in any language.

Places are found by :mod:`maillage.match`, in all gazetteers and under every name that the graph
gives them; everything else by the names in the graph. Nothing is guessed: a name that several
things bear is answered by the candidates. Where only one of them is in the graph, that one is
meant, and :attr:`Names.notes` says which others there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, Protocol

from rapidfuzz import fuzz, process
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.bearers import Candidate, Extra
from maillage.errors import Ambiguous, Unknown
from maillage.gazetteer import Gazetteer, Place
from maillage.match import Match, Matcher
from maillage.mint import parse, thing
from maillage.nameindex import RANKS, Name, NameIndex
from maillage.shelf import shelf
from maillage.store import Store, names_beside
from maillage.terms import BASE, PREFIXES
from maillage.words import Language, best, fold, say

__all__ = ["Finder", "Labels", "Names"]

_NAMES = """
SELECT ?thing ?property ?name WHERE {{
  VALUES ?property {{ {properties} }}
  ?thing ?property ?name
}}
"""

_PLACES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX mlg: <{ns}>
SELECT ?place ?level ?country ?parent ?insee ?gb ?iso ?siren WHERE {{
  VALUES ?place {{ {places} }}
  ?place mlg:hasLevel ?level .
  OPTIONAL {{ ?place mlg:isInCountry ?country }}
  OPTIONAL {{ ?place dcterms:isPartOf ?parent }}
  OPTIONAL {{ ?place mlg:inseeCode ?insee }}
  OPTIONAL {{ ?place mlg:gbCode ?gb }}
  OPTIONAL {{ ?place mlg:isoCode ?iso }}
  OPTIONAL {{ ?place mlg:sirenNumber ?siren }}
}} ORDER BY ?place ?parent
"""


class Labels(Protocol):
    """Whatever knows what to call things: :class:`Names`, or a lighter list of labels."""

    def label(self, thing: Identifier, lang: Language, /) -> str:
        """What to call a thing in a language."""


class Finder(Protocol):
    """Whatever finds the one thing that a text names: :class:`Names`, or a lighter index."""

    def find(self, text: str, kinds: Sequence[str], lang: Language, /) -> URIRef:
        """The one thing that a text names.

        :raises Ambiguous: when several things bear that name.
        :raises Unknown: when none does.
        """


class Names:
    """All names in a graph, to find things by and to call them by.

    :ivar notes: what :meth:`find` has to say of what it found, sentence by sentence.
    """

    def __init__(self, store: Store, places: Gazetteer | None = None) -> None:
        self._store = store
        self._gazetteer = places
        self.notes: list[str] = []
        self._index = names_beside(store) or NameIndex.of(_named(store))

    def label(self, thing: Identifier, lang: Language) -> str:
        """What to call a thing in a language; the end of its address when it has no name."""
        named = best(self._index.labels(str(thing)), lang)
        if named is not None:
            return named
        for prefix, start in PREFIXES.items():
            if str(thing).startswith(start):
                return f"{prefix}:{str(thing)[len(start) :]}"
        own = parse(str(thing))
        if own and own.kind == "place" and own.key in self._places:
            return self._places[own.key].label(lang)
        return f"{own.kind}/{own.key}" if own else str(thing)

    def labels(self, thing: URIRef) -> list[tuple[str, str]]:
        """All labels of a thing, with their language tags."""
        return self._index.labels(str(thing))

    def of_kinds(self, kinds: Iterable[str]) -> list[URIRef]:
        """Every named thing of these kinds, in order of their addresses."""
        return sorted(URIRef(each) for kind in set(kinds) for each in self._index.things(kind))

    def is_known(self, thing: URIRef) -> bool:
        """Whether a thing is in the graph, and not only in a gazetteer."""
        return bool(self._index.labels(str(thing)))

    @cached_property
    def _places(self) -> Gazetteer:
        """The gazetteers, with the places that only the graph knows."""
        house = self._gazetteer or shelf().places
        own: dict[str, Place] = {}
        for found, *values in self._unknown_to(house):
            named = parse(str(found))
            if named is None or named.key in house:
                continue
            level, country, parent = (
                at.key if value is not None and (at := parse(str(value))) else ""
                for value in values[:3]
            )
            insee, gb, iso, siren = (str(value or "") for value in values[3:])
            known = own.get(named.key)
            if known is not None:
                parent = ";".join(dict.fromkeys((*known.parents, parent)))
            own[named.key] = Place(
                **dict.fromkeys(Place._fields, "")
                | {
                    "key": named.key,
                    "level": level,
                    "country": country,
                    "parent": parent,
                    "name": best(self._index.labels(thing("place", named.key)), "en") or "",
                    "insee": insee,
                    "gb2260": gb,
                    "iso3166": iso,
                    "siren": siren,
                }
            )
        return house.joined(own.values())

    def _unknown_to(self, house: Gazetteer) -> Iterator[tuple[Identifier | None, ...]]:
        """What the graph says of the places that are in no gazetteer."""
        places = self._index.things("place")
        others = [iri for iri in places if (own := parse(iri)) and own.key not in house]
        for start in range(0, len(others), _BATCH):
            some = " ".join(f"<{iri}>" for iri in others[start : start + _BATCH])
            yield from self._store.select(_PLACES.format(ns=f"{BASE}ns#", places=some)).rows

    @cached_property
    def matcher(self) -> Matcher:
        """All names of all places, those of the graph included."""
        base = shelf().names if self._gazetteer is None else None
        extra = [
            Extra(own.key, name.name, name.language)
            for name in self._index.of_kind("place")
            if (own := parse(name.thing))
        ]
        return Matcher(self._places, extra, base=base)

    def find(self, text: str, kinds: Sequence[str], lang: Language) -> URIRef:
        """The one thing that a text names.

        :param text: an address, ``kind/key``, a key, an official code, or a name in any language.
        :param kinds: the kinds of thing that are meant (``place``…); empty for any.
        :raises Ambiguous: with the candidates, when several things bear that name.
        :raises Unknown: with the nearest names.
        """
        addressed = self._address(text, kinds)
        if addressed is not None:
            return addressed
        found = {
            URIRef(thing): rank
            for thing, rank in self._index.bearers(text).items()
            if _is_meant(thing, kinds)
        }
        # A code says exactly one thing, and a name of its own counts before a by-name.
        top = min(found.values(), default=0)
        hits = sorted(thing for thing, rank in found.items() if rank == top)
        match: Match | None = None
        if not kinds or "place" in kinds:
            match = self.matcher.match(text)
            hits += self._of_match(match, text, lang)
        if len(hits) == 1:
            return hits[0]
        if hits:
            candidates = [(self._typed(hit), self._told(hit, lang)) for hit in hits]
            raise Ambiguous("ambiguous", candidates, text=text)
        raise Unknown(
            "unknown-name",
            text=text,
            kinds=", ".join(kinds) or "-",
            close=self._close(text, kinds, match, lang),
        )

    def _of_match(self, match: Match, text: str, lang: Language) -> list[URIRef]:
        """The places that a match leaves: one that is sure, else those that are in the graph."""
        if match.verdict == "accepted":
            if not self.is_known(thing("place", match.place)):
                place = self._places.caption(match.place, lang)
                self.notes.append(say("match.not-here", lang, place=place))
            return [thing("place", match.place)]
        if match.verdict != "ambiguous":
            return []
        rivals = match.candidates[: match.rivals]
        here = [c for c in rivals if self.is_known(thing("place", c.place))]
        if len(here) == 1:
            self._note_others(here[0], [c for c in rivals if c != here[0]], text, lang)
        return [thing("place", c.place) for c in here or rivals]

    def _note_others(
        self, chosen: Candidate, others: Sequence[Candidate], text: str, lang: Language
    ) -> None:
        if others:
            shown = [self._told(thing("place", c.place), lang) for c in (chosen, *others[:5])]
            also = " ; ".join(shown[1:])
            self.notes.append(say("match.only-here", lang, text=text, place=shown[0], also=also))

    def _close(self, text: str, kinds: Sequence[str], match: Match | None, lang: Language) -> str:
        """Names that look like what was typed, for a message."""
        wanted = [kind for kind in kinds if kind not in _NOT_BY_NAME] if kinds else [None]
        names = sorted({name for kind in wanted for name in self._index.folded(kind)})
        likely = process.extract(fold(text), names, scorer=fuzz.ratio, limit=4, score_cutoff=60)
        close = [name for name, _, _ in likely]
        if match:
            close += [self._told(thing("place", c.place), lang) for c in match.candidates[:4]]
        return ", ".join(close) or "-"

    def _told(self, thing: URIRef, lang: Language) -> str:
        """A thing by its name; a place also by its level, its code and what it lies in."""
        own = parse(thing)
        if own is None or own.kind != "place" or own.key not in self._places:
            return self.label(thing, lang)
        return self._places.caption(own.key, lang)

    def _typed(self, thing: URIRef) -> str:
        own = parse(thing)
        return f"{own.kind}/{own.key}" if own else f"<{thing}>"

    def _address(self, text: str, kinds: Sequence[str]) -> URIRef | None:
        stripped = text.strip("<>")
        prefix, _, local = stripped.partition(":")
        if prefix in PREFIXES and not local.startswith("//"):
            stripped = PREFIXES[prefix] + local
        for candidate in (
            stripped,
            f"{BASE}id/{stripped}",
            *(f"{BASE}id/{k}/{stripped}" for k in kinds),
        ):
            iri = URIRef(candidate)
            own = parse(candidate)
            if self.is_known(iri) and (not kinds or own is None or own.kind in kinds):
                return iri
        return None


#: How many places are asked about at once: an address is some sixty bytes of a query.
_BATCH: Final = 500

# Places are found by the matcher; a question is asked, and nobody means it as what they ask about.
_NOT_BY_NAME: Final = frozenset({"place", "question"})


def _is_meant(thing: str, kinds: Sequence[str]) -> bool:
    """Whether somebody who types a name of a thing may mean it."""
    own = parse(thing)
    kind = own.kind if own else ""
    return kind not in _NOT_BY_NAME and (not kinds or kind in kinds)


def _named(store: Store) -> Iterator[Name]:
    """Every name in a graph that has no list of them."""
    properties = " ".join(f"<{each}>" for each in RANKS)
    for found, predicate, name in store.select(_NAMES.format(properties=properties)).rows:
        if isinstance(found, URIRef) and isinstance(name, Literal):
            yield Name(str(found), RANKS[str(predicate)], str(name), name.language or "")
