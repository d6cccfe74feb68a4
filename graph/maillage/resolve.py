"""From what a person types to the thing they mean: a code, an address, or a name in any language.

Nothing is guessed: a name that several things bear is answered by the candidates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.errors import Ambiguous, Unknown
from maillage.mint import parse
from maillage.store import Store
from maillage.terms import BASE, PREFIXES
from maillage.words import Language, best, fold

__all__ = ["Names"]

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

# Ranks: codes (0), names of its own, by-names, what a thing is only called.
_LABEL, _OTHER, _CALLED = 1, 2, 3

# What Chinese names of places end in, and people leave out: 四川 for 四川省.
_LEVEL_WORD = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:省|市|大区|自治区|县|区)$")


def _short(name: str) -> str:
    return _LEVEL_WORD.sub("", name)


class Names:
    """All names in a graph, to find things by and to call them by."""

    def __init__(self, store: Store) -> None:
        self._labels: dict[URIRef, list[tuple[str, str]]] = defaultdict(list)
        self._by_name: dict[str, dict[URIRef, int]] = defaultdict(dict)
        # a plain replace, so that braces of SPARQL stay as they are written
        rows = store.select(_NAMES.format(ns=f"{BASE}ns#")).rows
        for thing, rank, name in rows:
            if not isinstance(thing, URIRef) or not isinstance(name, Literal):
                continue
            weight = int(str(rank))
            if weight in {_LABEL, _CALLED}:
                self._labels[thing].append((name.language or "", str(name)))
            if weight == _CALLED:
                continue
            for form, rank_ in ((str(name), weight), (_short(str(name)), _OTHER)):
                known = self._by_name[fold(form)]
                known[thing] = min(rank_, known.get(thing, rank_))

    def label(self, thing: Identifier, lang: Language) -> str:
        """What to call a thing in a language; the end of its address when it has no name."""
        named = best(self._labels.get(URIRef(thing), ()), lang)
        if named is not None:
            return named
        for prefix, start in PREFIXES.items():
            if str(thing).startswith(start):
                return f"{prefix}:{str(thing)[len(start) :]}"
        own = parse(str(thing))
        return f"{own.kind}/{own.key}" if own else str(thing)

    def labels(self, thing: URIRef) -> list[tuple[str, str]]:
        """All labels of a thing, with their language tags."""
        return list(self._labels.get(thing, ()))

    def of_kinds(self, kinds: Iterable[str]) -> list[URIRef]:
        """Every named thing of these kinds, in order of their addresses."""
        wanted = set(kinds)
        return sorted(t for t in self._labels if (own := parse(t)) and own.kind in wanted)

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
        if len(hits) == 1:
            return hits[0]
        if hits:
            candidates = [(self._typed(hit), self.label(hit, lang)) for hit in hits]
            raise Ambiguous("ambiguous", candidates, text=text)
        names = [
            name
            for name, things in self._by_name.items()
            if not kinds or any((own := parse(t)) and own.kind in kinds for t in things)
        ]
        close = ", ".join(get_close_matches(fold(text), names, 4, 0.6)) or "-"
        raise Unknown("unknown-name", text=text, kinds=", ".join(kinds) or "-", close=close)

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
