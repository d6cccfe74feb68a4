"""Searching: every name in three languages, pinyin and codes, however a person types them.

``chengdu``, ``Chéngdū``, ``成都`` and ``510100`` are one place; ``evry`` finds Évry. What equals
a name comes first, then what begins with the words typed, then what holds them. The gazetteers
are not looked through: what is found here has a page.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from markupsafe import Markup

from maillage.mint import parse
from maillage.pagetexts import clean
from maillage.site.addresses import doc
from maillage.site.lineage import caption
from maillage.site.members import KINDS, in_order, kind_name, members
from maillage.site.naming import Bearing, Named
from maillage.site.page import Page
from maillage.site.visit import Opened, Visit
from maillage.spelling import LONGEST, is_han, key, simplified
from maillage.terms import ID, NS
from maillage.words import LANGUAGES, Language, fold

__all__ = ["Hit", "page", "paths", "sought"]

#: How many hits of a kind stand on the first page of all kinds, and on a page of one.
_SOME: Final = 10
_EACH: Final = 50
#: How alike a name must be to be proposed instead, out of 100.
_ALIKE: Final = 65
_PROPOSED: Final = 6
#: Levels of likeness: equal, begins with, a word begins with, holds.
_EQUAL, _BEGINS, _WORD, _HOLDS = 0, 1, 2, 3
_CODE, _NAME = 0, 1


class Hit(NamedTuple):
    """A thing that was found, how well (least is best), and the name by which."""

    level: int
    rank: int
    thing: str
    name: str
    tag: str


@dataclass(frozen=True)
class _Entry:
    """A name to find a thing by: as people compare names, and by its words."""

    key: str
    words: str
    bearing: Bearing


class _Index:
    """All names of what has a page, in order of their keys."""

    def __init__(self, site: Opened) -> None:
        things = {iri for found in members(site).by_kind.values() for iri in found}
        self.entries = [
            _Entry(key(bearing.text), f" {fold(bearing.text)}", bearing)
            for bearing in site.naming.bearings
            if bearing.thing in things or bearing.thing.startswith(NS)
        ]
        self.entries.sort(key=lambda entry: (entry.key, entry.bearing))
        self.keys = [entry.key for entry in self.entries]


def sought(site: Opened, text: str) -> list[Hit]:
    """What a text finds, the best first.

    :param text: a name or the start of one, a code, ``kind/key`` or an address of ours.
    """
    index: _Index = site.once("search", _Index)
    text = text[: LONGEST + 1]
    if (found := _addressed(site, text)) is not None:
        return [found]
    best: dict[str, Hit] = {}
    forms = [text, simplified(text)] if is_han(text) else [text]
    for form in dict.fromkeys(forms):
        for level, entry in _matching(index, form):
            bearing = entry.bearing
            hit = Hit(level, bearing.rank, bearing.thing, bearing.text, bearing.tag)
            known = best.get(bearing.thing)
            if known is None or hit < known:
                best[bearing.thing] = hit
    return sorted(best.values())


def _matching(index: _Index, text: str) -> Iterator[tuple[int, _Entry]]:
    wanted, words = key(text), fold(text)
    if not wanted:
        return
    at = bisect_left(index.keys, wanted)
    while at < len(index.keys) and index.keys[at].startswith(wanted):
        entry = index.entries[at]
        yield _EQUAL if entry.key == wanted else _BEGINS, entry
        at += 1
    parts = [f" {word}" for word in words.split()]
    for entry in index.entries:
        if entry.bearing.rank == _CODE:  # a part of a code says nothing
            continue
        if all(part in entry.words for part in parts):
            yield _WORD, entry
        elif is_han(wanted) and wanted in entry.key:
            yield _HOLDS, entry


def _addressed(site: Opened, text: str) -> Hit | None:
    """A thing that is named by its address, or by its kind and key."""
    iri = text.strip("<> ")
    named = parse(iri if iri.startswith(ID) else ID + iri)
    if named is None or f"{ID}{named.kind}/{named.key}" not in members(site).classes:
        return None
    return Hit(_EQUAL, _CODE, f"{ID}{named.kind}/{named.key}", text, "")


def _near(site: Opened, text: str) -> list[str]:
    """Names that look like a text that found nothing."""
    from rapidfuzz import fuzz, process

    index: _Index = site.once("search", _Index)
    names = [e for e in index.entries if _NAME <= e.bearing.rank <= _NAME + 1]
    alike = process.extract(
        key(text),
        [entry.key for entry in names],
        scorer=fuzz.ratio,
        score_cutoff=_ALIKE,
        limit=_PROPOSED * 4,
    )
    ranked = sorted((-score, names[at].bearing.text) for _, score, at in alike)
    return list(dict.fromkeys(clean(name) for _, name in ranked))[:_PROPOSED]


class _Found(NamedTuple):
    """A hit as it is shown: its link, the name that was found, and where it lies."""

    link: Markup
    also: Markup
    within: str


class _Group(NamedTuple):
    """The hits of one kind."""

    name: str
    total: int
    found: tuple[_Found, ...]
    more: str


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The page of a search; on a static site, the index that its script looks through."""
    if rest == ["labels.js"]:
        return Page(200, "text/javascript;charset=utf-8", _labels(visit.site))
    if rest:
        return visit.nothing()
    text = clean(visit.first("q")).strip()
    hits = sought(visit.site, text) if text else []
    by_kind: dict[str, list[Hit]] = {}
    for hit in hits:
        named = parse(hit.thing)
        by_kind.setdefault(named.kind if named else "term", []).append(hit)
    asked = visit.first("kind")
    chosen = asked if asked in by_kind else ""
    number = visit.first("page")
    at = int(number) if chosen and number.isascii() and number.isdecimal() else 1
    order = {kind: place for place, kind in enumerate(KINDS)}
    groups, pages = [], []
    for kind in sorted(
        by_kind, key=lambda k: (by_kind[k][0].level > _EQUAL, order.get(k, len(order)), k)
    ):
        if chosen not in {"", kind}:
            continue
        own = sorted(by_kind[kind], key=lambda hit: (hit[:2], _order(visit, hit)))
        last = -(-len(own) // _EACH)
        at = min(max(at, 1), last)
        shown = own[(at - 1) * _EACH : at * _EACH] if chosen else own[:_SOME]
        more = "" if chosen or len(own) <= _SOME else visit.href("/search/", q=text, kind=kind)
        name = visit.say("kind-term") if kind == "term" else kind_name(visit, kind)
        found = tuple(_shown(visit, hit) for hit in shown)
        groups.append(_Group(name, len(own), found, more))
        if chosen:
            pages = [
                (n, visit.href("/search/", q=text, kind=kind, page=n)) for n in range(1, last + 1)
            ]
    return visit.html(
        "search.html.j2",
        title=visit.say("search-title", text=text) if text else visit.say("search"),
        sought=text,
        total=visit.counted(len(hits), "#hits", visit.count("search-found", len(hits))),
        groups=groups,
        pages=pages,
        number=at,
        all_kinds=visit.href("/search/", q=text) if chosen else "",
        near=[(name, visit.href("/search/", q=name)) for name in _near(visit.site, text)]
        if text and not hits
        else [],
    )


def paths(site: Opened) -> Iterator[str]:
    """Its address; on a static site also the index of names."""
    yield "/search/"
    if site.about.static:
        yield "/search/labels.js"


def _order(visit: Visit, hit: Hit) -> tuple[tuple[str, str], str]:
    return in_order(visit.label(hit.thing), visit.lang), hit.thing


def _shown(visit: Visit, hit: Hit) -> _Found:
    label = visit.label(hit.thing)
    differs = fold(hit.name) != fold(label.text) and not hit.thing.endswith(f"/{hit.name}")
    tongue = hit.tag.split("-")[0]
    tag = "" if tongue in {visit.lang, "", "mul"} else hit.tag
    return _Found(
        visit.link(hit.thing),
        visit.text(Named(clean(hit.name), tag)) if differs else Markup(""),
        caption(visit, hit.thing),
    )


def _labels(site: Opened) -> bytes:
    """The names of all things for the script of a static site: address, labels, other keys."""
    others: dict[str, set[str]] = {}
    for bearing in site.naming.bearings:
        others.setdefault(bearing.thing, set()).add(fold(bearing.text))
    rows = []
    by_kind = members(site).by_kind
    order = {kind: place for place, kind in enumerate(KINDS)}
    ordered = sorted(by_kind, key=lambda kind: (order.get(kind, len(order)), kind))
    for kind in ordered:
        for iri in by_kind[kind]:
            labels = [_label(site, iri, lang) for lang in LANGUAGES]
            known = {fold(label) for label in labels}
            path = (doc(iri) or "").removeprefix("/doc/").strip("/")
            rows.append([path, *labels, *sorted(others.get(iri, set()) - known)])
    kinds: Mapping[str, list[str]] = {
        kind: [_kind(site, kind, lang) for lang in LANGUAGES] for kind in ordered
    }
    told = json.dumps({"kinds": kinds, "rows": rows}, ensure_ascii=False, separators=(",", ":"))
    return f"globalThis.maillageLabels = {told};\n".encode()


def _label(site: Opened, iri: str, lang: Language) -> str:
    return site.naming.label(iri, lang).text


def _kind(site: Opened, kind: str, lang: Language) -> str:
    return kind_name(Visit(site, "/", lang, False, {}), kind)
