"""From what a reader wrote into a field to the one thing that is meant, by the names of the site.

What :mod:`maillage.resolve` does for the command line with all gazetteers at hand, this does with
the names that the graph itself gives: an address, ``kind/key``, a key, an official code or an exact
name in any language. Nothing is guessed: several bearers of a name are candidates, and an unknown
name is answered by those that are near.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import cast

from rdflib import URIRef
from rdflib.term import Identifier

from maillage.errors import Ambiguous, Unknown
from maillage.mint import parse
from maillage.phrases import short_han
from maillage.site.naming import Naming
from maillage.site.visit import Opened
from maillage.store import Store
from maillage.terms import BASE, PREFIXES
from maillage.words import Language, fold

__all__ = ["Called", "Finding", "Several", "Strange", "finding", "typed"]

_OTHER, _MISSPELT = 2, 3  # ranks of a Bearing
_NEAR = 6  # names that are offered where none fits


class Called:
    """What things are called, as :class:`maillage.resolve.Labels` says it: in plain words."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming

    def label(self, thing: Identifier, lang: Language) -> str:
        """What to call a thing in a language."""
        return self._naming.label(thing, lang).text


class Several(Ambiguous):
    """A name that several things bear; ``bearers`` are their addresses."""

    def __init__(self, text: str, bearers: Sequence[URIRef]) -> None:
        super().__init__("ambiguous", [(typed(thing), str(thing)) for thing in bearers], text=text)
        self.bearers = tuple(bearers)


class Strange(Unknown):
    """A name that nothing bears; ``near`` are the addresses of things with names like it."""

    def __init__(self, text: str, kinds: Iterable[str], near: Sequence[URIRef]) -> None:
        close = ", ".join(map(typed, near)) or "-"
        super().__init__("unknown-name", text=text, kinds=", ".join(kinds) or "-", close=close)
        self.near = tuple(near)


def typed(thing: str, kinds: Sequence[str] = ()) -> str:
    """What to write for a thing: its key where one kind only is meant, else ``kind/key``.

    >>> typed("https://w3id.org/maillage/id/theme/culture", ["theme"])
    'culture'
    >>> typed("https://w3id.org/maillage/id/theme/culture"), typed("http://a.example/b")
    ('theme/culture', 'http://a.example/b')
    """
    own = parse(thing)
    if own is None:
        return thing
    return own.key if tuple(kinds) == (own.kind,) else f"{own.kind}/{own.key}"


class Finding:
    """All names in the graph, to find things by."""

    def __init__(self, naming: Naming, store: Store) -> None:
        self._store = store
        self._by_name: dict[str, dict[str, int]] = defaultdict(dict)
        self._by_kind: dict[str, list[URIRef]] = defaultdict(list)
        self._known: set[str] = set()
        for thing, rank, text, tag in naming.bearings:
            own = parse(thing)
            if thing not in self._known:
                self._known.add(thing)
                if own:
                    self._by_kind[own.kind].append(URIRef(thing))
            # a question is asked; by its name, nobody means it as what they ask about
            if rank > _MISSPELT or (own and own.kind == "question"):
                continue
            self._learn(thing, rank, text)
            # 北京 is what people write for 北京市
            if own and own.kind == "place" and tag.lower() in {"zh", "zh-hans", "zh-hant"}:
                self._learn(thing, max(rank, _OTHER), short_han(text))

    def _learn(self, thing: str, rank: int, text: str) -> None:
        known = self._by_name[fold(text)]
        known[thing] = min(rank, known.get(thing, rank))

    def of_kinds(self, kinds: Iterable[str]) -> list[URIRef]:
        """Every named thing of these kinds, kind by kind, in order of their addresses."""
        return [thing for kind in kinds for thing in self._by_kind.get(kind, ())]

    def bearers(self, text: str, kinds: Sequence[str] = ()) -> list[URIRef]:
        """The things that a name means; a code counts before a name, a name before a by-name."""
        found = {
            thing: rank
            for thing, rank in self._by_name.get(fold(text), {}).items()
            if _fits(thing, kinds)
        }
        best = min(found.values(), default=0)
        return [URIRef(thing) for thing, rank in sorted(found.items()) if rank == best]

    def find(self, text: str, kinds: Sequence[str], lang: Language) -> URIRef:
        """The one thing that a text names, whatever the language.

        :param kinds: the kinds of thing that are meant; empty for any.
        :raises Several: with the things that bear the name.
        :raises Strange: with the things whose names are near.
        """
        del lang  # a name is looked for in all languages
        if (addressed := self._addressed(text, kinds)) is not None:
            return addressed
        found = self.bearers(text, kinds)
        if len(found) == 1:
            return found[0]
        if found:
            raise Several(text, found)
        raise Strange(text, kinds, self.near(text, kinds))

    def begun(self, text: str, kinds: Sequence[str] = (), most: int = _NEAR) -> list[URIRef]:
        """Things with a name that is this, begins so, or holds it at the start of a word."""
        wanted = fold(text)
        if not wanted:
            return []
        inside = f" {wanted}"
        names = [n for n in self._by_name if n.startswith(wanted) or inside in n]
        # the name itself, then what begins so, then what holds it; the short ones first
        names.sort(key=lambda n: (n != wanted, not n.startswith(wanted), len(n), n))
        return self._named(names, kinds, most)

    def near(self, text: str, kinds: Sequence[str] = (), most: int = _NEAR) -> list[URIRef]:
        """Things with a name that begins so or holds it; then those with a name that looks so."""
        found = self.begun(text, kinds, most)
        if len(found) < most:
            alike = get_close_matches(fold(text), self._by_name, most * 3, 0.75)
            found += [t for t in self._named(alike, kinds, most) if t not in found]
        return found[:most]

    def _named(self, names: Iterable[str], kinds: Sequence[str], most: int) -> list[URIRef]:
        found: dict[URIRef, None] = {}
        for name in names:
            for thing in sorted(self._by_name[name]):
                if _fits(thing, kinds):
                    found.setdefault(URIRef(thing))
            if len(found) >= most:
                break
        return list(found)[:most]

    def _addressed(self, text: str, kinds: Sequence[str]) -> URIRef | None:
        """The thing at an address, written out, with a prefix, as ``kind/key`` or as a key."""
        bare = text.removeprefix("<").removesuffix(">")
        prefix, colon, local = bare.partition(":")
        if colon and prefix in PREFIXES and not local.startswith("//"):
            bare = PREFIXES[prefix] + local
        forms = [bare, f"{BASE}id/{bare}", *(f"{BASE}id/{kind}/{bare}" for kind in kinds)]
        fitting = [form for form in forms if _fits(form, kinds)]
        return next((URIRef(form) for form in fitting if self._is_here(form)), None)

    def _is_here(self, iri: str) -> bool:
        """Whether the graph says something of a thing, named or not."""
        if iri in self._known or parse(iri) is None:
            return iri in self._known
        return bool(self._store.query(f"ASK {{ <{iri}> ?property ?value }}"))


def _fits(thing: str, kinds: Sequence[str]) -> bool:
    if not kinds:
        return True
    own = parse(thing)
    return own is not None and own.kind in kinds


def finding(opened: Opened) -> Finding:
    """The names of a site, made once."""
    return cast("Finding", opened.once("finding", lambda site: Finding(site.naming, site.store)))
