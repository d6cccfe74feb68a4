"""From what a person types to the thing they mean: a code, an address, or a name in any language.

Places are found by :mod:`maillage.match`, in all gazetteers and under every name that the graph
gives them; everything else by the names in the graph. Nothing is guessed: a name that several
things bear is answered by the candidates. Where only one of them is in the graph, that one is
meant, and :attr:`Names.notes` says which others there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Protocol

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.bearers import Candidate, Extra, learnt
from maillage.errors import Ambiguous, Unknown
from maillage.gazetteer import Gazetteer, Place, gazetteer
from maillage.match import Match, Matcher
from maillage.mint import parse, thing
from maillage.store import Store
from maillage.terms import BASE, PREFIXES
from maillage.words import Language, best, fold, say

__all__ = ["Finder", "Labels", "Names"]

_NAMES = """
PREFIX mlg: <{ns}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?thing ?rank ?name WHERE {{
  {{ ?thing skos:prefLabel ?name BIND(1 AS ?rank) }}
  UNION {{ ?thing rdfs:label ?name BIND(1 AS ?rank) }}
  UNION {{ ?thing mlg:writtenForm ?name BIND(3 AS ?rank) }}
  UNION {{ ?thing skos:altLabel ?name BIND(2 AS ?rank) }}
  UNION {{ ?thing skos:hiddenLabel ?name BIND(2 AS ?rank) }}
  UNION {{ ?thing mlg:inseeCode|mlg:sirenNumber|mlg:gbCode|mlg:isoCode|skos:notation ?name
           BIND(0 AS ?rank) }}
}} ORDER BY ?thing ?rank STR(?name)
"""

_PLACES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX mlg: <{ns}>
SELECT ?place ?level ?country ?parent ?insee ?gb ?iso ?siren WHERE {{
  ?place mlg:hasLevel ?level .
  OPTIONAL {{ ?place mlg:isInCountry ?country }}
  OPTIONAL {{ ?place dcterms:isPartOf ?parent }}
  OPTIONAL {{ ?place mlg:inseeCode ?insee }}
  OPTIONAL {{ ?place mlg:gbCode ?gb }}
  OPTIONAL {{ ?place mlg:isoCode ?iso }}
  OPTIONAL {{ ?place mlg:sirenNumber ?siren }}
}} ORDER BY ?place ?parent
"""

# Ranks: codes (0), names of its own, by-names, what a thing is only called.
_LABEL, _OTHER, _CALLED = 1, 2, 3


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
        self._labels: dict[URIRef, list[tuple[str, str]]] = defaultdict(list)
        self._by_name: dict[str, dict[URIRef, int]] = defaultdict(dict)
        self._names_of_places: list[Extra] = []
        # a plain replace, so that braces of SPARQL stay as they are written
        rows = store.select(_NAMES.format(ns=f"{BASE}ns#")).rows
        for found, rank, name in rows:
            if not isinstance(found, URIRef) or not isinstance(name, Literal):
                continue
            weight = int(str(rank))
            if weight in {_LABEL, _CALLED}:
                self._labels[found].append((name.language or "", str(name)))
            own = parse(found)
            # a question is asked; by its name, nobody means it as what they ask about
            if weight == _CALLED or (own and own.kind == "question"):
                continue
            if own and own.kind == "place":
                self._names_of_places.append(Extra(own.key, str(name), name.language or ""))
                continue
            known = self._by_name[fold(str(name))]
            known[found] = min(weight, known.get(found, weight))

    def label(self, thing: Identifier, lang: Language) -> str:
        """What to call a thing in a language; the end of its address when it has no name."""
        named = best(self._labels.get(URIRef(thing), ()), lang)
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
        return list(self._labels.get(thing, ()))

    def of_kinds(self, kinds: Iterable[str]) -> list[URIRef]:
        """Every named thing of these kinds, in order of their addresses."""
        wanted = set(kinds)
        return sorted(t for t in self._labels if (own := parse(t)) and own.kind in wanted)

    def is_known(self, thing: URIRef) -> bool:
        """Whether a thing is in the graph, and not only in a gazetteer."""
        return thing in self._labels

    @cached_property
    def _places(self) -> Gazetteer:
        """The gazetteers, with the places that only the graph knows."""
        house = self._gazetteer or gazetteer()
        own: dict[str, Place] = {}
        for found, *values in self._store.select(_PLACES.format(ns=f"{BASE}ns#")).rows:
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
                    "name": best(self._labels.get(thing("place", named.key), ()), "en") or "",
                    "insee": insee,
                    "gb2260": gb,
                    "iso3166": iso,
                    "siren": siren,
                }
            )
        return house.joined(own.values())

    @cached_property
    def matcher(self) -> Matcher:
        """All names of all places, those of the graph included."""
        base = learnt() if self._gazetteer is None else None
        return Matcher(self._places, self._names_of_places, base=base)

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
            thing: rank
            for thing, rank in self._by_name.get(fold(text), {}).items()
            if not kinds or ((own := parse(thing)) and own.kind in kinds)
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
        names = [
            name
            for name, things in self._by_name.items()
            if not kinds or any((own := parse(t)) and own.kind in kinds for t in things)
        ]
        close = get_close_matches(fold(text), names, 4, 0.6)
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
            if iri in self._labels and (not kinds or own is None or own.kind in kinds):
                return iri
        return None
