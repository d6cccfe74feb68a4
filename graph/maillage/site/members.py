"""Which things there are: every thing of ours by kind, with its classes, and what it lies in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from maillage.mint import parse
from maillage.site.naming import Named
from maillage.site.texts import words
from maillage.site.visit import Opened, Visit
from maillage.store import Store
from maillage.terms import BASE, ID, NS
from maillage.words import Language, fold

__all__ = [
    "CONCEPT_KINDS",
    "KINDS",
    "Members",
    "in_order",
    "kind_name",
    "marks",
    "members",
    "parents",
]

#: The kinds of thing, in the order in which they are listed; lists of terms come after them.
KINDS: Final = (
    "place",
    "link",
    "project",
    "event",
    "series",
    "participation",
    "organisation",
    "person",
    "post",
    "theme",
    "statement",
    "figure",
    "source",
    "mention",
    "identification",
    "disagreement",
    "coverage",
    "search",
    "news",
    "change",
    "scheme",
    "graph",
    "recorder",
)

#: Evidence stands on the page of its claim.
_WITHOUT_PAGE: Final = frozenset({"evidence"})
#: Questions have pages of another sort, and a list of their own (``/ask/``).
_QUESTION: Final = f"{ID}question/"

#: Lists whose terms are listed beside the things.
CONCEPT_KINDS: Final = frozenset({"theme"})


class Members(NamedTuple):
    """The things that have a page, by kind and in order of keys, and the classes of each."""

    by_kind: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, frozenset[str]]


def members(site: Opened) -> Members:
    """All things that have a page; found once."""
    found: Members = site.once("members", lambda opened: _members(opened.store))
    return found


def _members(store: Store) -> Members:
    classes: dict[str, set[str]] = defaultdict(set)
    rows = store.select(
        f'SELECT ?s ?c {{ ?s a ?c FILTER ( STRSTARTS(STR(?s), "{ID}") ) '
        f'FILTER ( !STRSTARTS(STR(?s), "{_QUESTION}") ) '
        f"FILTER ( ?c NOT IN (<{NS}Evidence>, <{NS}Stance>) ) }}"
    ).rows
    for thing, of_class in rows:
        classes[str(thing)].add(str(of_class))
    by_kind: dict[str, list[str]] = defaultdict(list)
    for iri in sorted(classes):
        if (named := parse(iri)) and named.kind not in _WITHOUT_PAGE and not _is_of_source(iri):
            by_kind[named.kind].append(iri)
    return Members(
        {kind: tuple(found) for kind, found in sorted(by_kind.items())},
        {iri: frozenset(found) for iri, found in classes.items()},
    )


def _is_of_source(iri: str) -> bool:
    """Whether this is a graph that belongs to one source, and stands on the page of that."""
    named = parse(iri)
    return named is not None and named.kind == "graph" and "--" in named.key


def kind_name(visit: Visit, kind: str) -> str:
    """What things of a kind are called, all of them together."""
    if f"kind-{kind}" in words():
        return visit.say(f"kind-{kind}")
    scheme = f"{BASE}id/scheme/{kind}"
    return visit.label(scheme).text if visit.naming.has(scheme) else kind


def in_order(named: Named, lang: Language) -> tuple[str, str]:
    """By what a name is sorted in a language: without accents; Chinese by its sound.

    The national standard of characters, GB 2312, puts the 3,755 common ones in order of their
    pinyin; the encoding keeps it.

    >>> sorted(["成都市", "北京市", "安徽省"], key=lambda name: in_order(Named(name), "zh"))
    ['安徽省', '北京市', '成都市']
    """
    folded = fold(named.text)
    if lang == "zh":
        return (folded.encode("gb18030", "replace").hex(), named.text)
    return (folded, named.text)


#: By what a thing lies in a larger one, nearest first.
_ABOVE: Final = f"""
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX mlg: <{NS}>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?thing ?above ?level WHERE {{
  ?thing dcterms:isPartOf|skos:broader|schema:superEvent|org:subOrganizationOf ?above
  OPTIONAL {{ ?above mlg:hasLevel ?level }}
}}
"""
# A commune lies in its département before it lies in a body of several communes.
_LATER: Final = ("epci",)


def parents(site: Opened) -> Mapping[str, str]:
    """What each thing lies in, where it lies in something: one, the nearest of the main line."""
    found: Mapping[str, str] = site.once("parents", lambda opened: _parents(opened.store))
    return found


def _parents(store: Store) -> Mapping[str, str]:
    best: dict[str, tuple[bool, str]] = {}
    for thing, above, level in store.select(_ABOVE).rows:
        at = str(level or "").rsplit("/", 1)[-1] in _LATER, str(above)
        best[str(thing)] = min(at, best.get(str(thing), at))
    return {thing: above for thing, (_, above) in sorted(best.items())}


#: What tells things of one name apart: the kind of a link, the role of a participation, the
#: holder of a post.
_MARKS: Final = f"""
PREFIX mlg: <{NS}>
PREFIX org: <http://www.w3.org/ns/org#>
SELECT ?thing ?mark WHERE {{
  VALUES (?class ?property) {{
    (mlg:CooperationLink mlg:hasKind) (mlg:Participation mlg:hasRole) (org:Membership org:member)
  }}
  ?thing a ?class ; ?property ?mark
}}
"""


def marks(site: Opened) -> Mapping[str, str]:
    """What tells each thing apart from others of its name, where its kind has such a mark."""
    found: Mapping[str, str] = site.once("marks", lambda opened: _marks(opened.store))
    return found


def _marks(store: Store) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for thing, mark in sorted((str(t), str(m)) for t, m in store.select(_MARKS).rows):
        found.setdefault(thing, mark)
    return found
