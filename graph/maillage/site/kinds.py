"""The lists: all kinds of thing (``/doc/``), and the things of a kind (``/doc/KIND/``), paged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from maillage.site.lineage import Crumb, caption
from maillage.site.members import CONCEPT_KINDS, KINDS, in_order, kind_name, members
from maillage.site.naming import Named
from maillage.site.page import Page
from maillage.site.texts import words
from maillage.site.visit import Opened, Visit
from maillage.spelling import is_han
from maillage.terms import BASE

__all__ = ["page", "paths"]

#: How many things stand on one page of a list.
_EACH: Final = 200
#: The number of parts in the address of a further page: kind, ``page``, number.
_OF_A_PAGE: Final = 3


class _Kind(NamedTuple):
    """A kind of thing in the list of kinds."""

    name: str
    address: str
    total: str
    about: str


class _Letter(NamedTuple):
    """Things whose names begin alike."""

    letter: str
    links: tuple[Markup, ...]


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The list of kinds, or a page of the list of one kind."""
    by_kind = members(visit.site).by_kind
    if not rest:
        return _all(visit)
    number = 1
    if len(rest) == _OF_A_PAGE and rest[1] == "page" and rest[2].isascii() and rest[2].isdecimal():
        number = int(rest[2])
    elif len(rest) != 1:
        return visit.nothing()
    found = by_kind.get(rest[0], ())
    last = max(1, -(-len(found) // _EACH))
    if not found or not 1 <= number <= last or str(number) != (rest[2:] or [str(number)])[0]:
        return visit.nothing()
    return _one(visit, rest[0], found, number, last)


def paths(site: Opened) -> Iterator[str]:
    """The lists and their further pages."""
    yield "/doc/"
    for kind, found in members(site).by_kind.items():
        yield f"/doc/{kind}/"
        for number in range(2, -(-len(found) // _EACH) + 1):
            yield f"/doc/{kind}/page/{number}/"


def _all(visit: Visit) -> Page:
    by_kind = members(visit.site).by_kind
    kinds = [kind for kind in KINDS if kind in by_kind]
    lists = sorted(set(by_kind) - set(KINDS))

    def told(kind: str) -> _Kind:
        about = visit.say(f"about-{kind}") if f"about-{kind}" in words() else ""
        return _Kind(
            kind_name(visit, kind),
            visit.href(f"/doc/{kind}/"),
            visit.number(len(by_kind[kind])),
            about,
        )

    return visit.html(
        "kinds.html.j2",
        title=visit.say("all-kinds"),
        kinds=[told(kind) for kind in kinds],
        lists=sorted(
            (told(kind) for kind in lists), key=lambda k: in_order(Named(k.name), visit.lang)
        ),
        total=visit.number(sum(map(len, by_kind.values()))),
        steps=[Crumb(Named(visit.say("home")), "/")],
    )


def _one(visit: Visit, kind: str, found: Sequence[str], number: int, last: int) -> Page:
    ordered = sorted((_at(visit, iri), iri) for iri in found)
    letters: dict[str, list[Markup]] = {}
    for (_, letter, *_), iri in ordered[(number - 1) * _EACH : number * _EACH]:
        letters.setdefault(letter, []).append(_line(visit, iri))
    title = kind_name(visit, kind)
    pages = [
        (n, visit.href(f"/doc/{kind}/" if n == 1 else f"/doc/{kind}/page/{n}/"))
        for n in range(1, last + 1)
    ]
    links = [
        (address, {"rel": rel})
        for rel, at in (("prev", number - 1), ("next", number + 1))
        for n, address in pages
        if n == at
    ]
    is_list = kind not in KINDS or kind in CONCEPT_KINDS
    scheme = f"{BASE}id/scheme/{kind}"
    return visit.html(
        "kind.html.j2",
        title=title if number == 1 else visit.say("title-page", title=title, n=number),
        heading=title,
        count=visit.count("n-things", len(found)),
        about=visit.say(f"about-{kind}") if f"about-{kind}" in words() else "",
        scheme=visit.link(scheme) if is_list and visit.naming.has(scheme) else "",
        letters=[_Letter(letter, tuple(links)) for letter, links in letters.items()],
        pages=pages,
        number=number,
        steps=[
            Crumb(Named(visit.say("home")), "/"),
            Crumb(Named(visit.say("all-kinds")), "/doc/"),
        ],
        links=links,
    )


def _at(visit: Visit, iri: str) -> tuple[bool, str, bool, tuple[str, str]]:
    """Where a thing stands in a list: under its letter; in Chinese, names in characters first."""
    named = visit.label(iri)
    letter = _letter(named.text)
    is_later = visit.lang == "zh" and not is_han(named.text[:1])
    return (letter == "#", letter, is_later, in_order(named, visit.lang))


def _line(visit: Visit, iri: str) -> Markup:
    """A thing in a list, with what tells it from others of its name."""
    mark = caption(visit, iri)
    link = visit.link(iri)
    return Markup("{} <small>{}</small>").format(link, mark) if mark else link


# Where the characters of each letter of pinyin begin in GB 2312; no syllable begins with I, U, V.
_SOUNDS: Final = (
    ("A", "啊"), ("B", "芭"), ("C", "擦"), ("D", "搭"), ("E", "蛾"), ("F", "发"), ("G", "噶"),
    ("H", "哈"), ("J", "击"), ("K", "喀"), ("L", "垃"), ("M", "妈"), ("N", "拿"), ("O", "哦"),
    ("P", "啪"), ("Q", "期"), ("R", "然"), ("S", "撒"), ("T", "塌"), ("W", "挖"), ("X", "昔"),
    ("Y", "压"), ("Z", "匝"),
)  # fmt: skip
#: The last character that GB 2312 puts in order of its sound.
_LAST_SOUND: Final = "座"


def _letter(name: str) -> str:
    """Under which letter a name stands; of a Chinese name, the first of its sound.

    >>> _letter("Évry"), _letter("成都市"), _letter("2016")
    ('E', 'C', '#')
    """
    folded = in_order(Named(name), "fr")[0]
    first = folded[:1].upper()
    if is_han(first):
        code = first.encode("gb18030")
        if code > _LAST_SOUND.encode("gb18030"):
            return "#"
        return max((letter for letter, at in _SOUNDS if at.encode("gb18030") <= code), default="#")
    return first if first.isalpha() else "#"
