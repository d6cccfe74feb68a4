"""The lists: all kinds of thing (``/doc/``), and the things of a kind (``/doc/KIND/``), paged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

__all__ = ["Entry", "listed", "page", "pages_of", "paths"]

#: How many things stand on one page of a list.
_EACH: Final = 200
#: The number of parts that a further page adds to the address of a list: ``page``, number.
_OF_A_PAGE: Final = 2


class _Kind(NamedTuple):
    """A kind of thing in the list of kinds."""

    name: str
    address: str
    total: int
    about: str


class Entry(NamedTuple):
    """A thing in a list: the name by which it is put in order, and its address."""

    named: Named
    thing: str


class _Letter(NamedTuple):
    """Things whose names begin alike."""

    letter: str
    links: tuple[Markup, ...]


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """The list of kinds, or a page of the list of one kind."""
    if not rest:
        return _all(visit)
    kind, *more = rest
    found = members(visit.site).by_kind.get(kind, ())
    is_list = kind not in KINDS or kind in CONCEPT_KINDS
    scheme = f"{BASE}id/scheme/{kind}"
    return listed(
        visit,
        f"/doc/{kind}/",
        [Entry(visit.label(iri), iri) for iri in found],
        more,
        title=kind_name(visit, kind),
        about=visit.say(f"about-{kind}") if f"about-{kind}" in words() else "",
        scheme=visit.link(scheme) if is_list and visit.naming.has(scheme) else Markup(""),
        line=lambda entry: _line(visit, entry.thing),
        steps=[
            Crumb(Named(visit.say("home")), "/"),
            Crumb(Named(visit.say("all-kinds")), "/doc/"),
        ],
    )


def paths(site: Opened) -> Iterator[str]:
    """The lists and their further pages."""
    yield "/doc/"
    for kind, found in members(site).by_kind.items():
        yield from pages_of(f"/doc/{kind}/", len(found))


def pages_of(at: str, n: int) -> Iterator[str]:
    """The addresses of the pages of a list of so many things."""
    yield at
    for number in range(2, -(-n // _EACH) + 1):
        yield f"{at}page/{number}/"


def _all(visit: Visit) -> Page:
    by_kind = members(visit.site).by_kind
    kinds = [kind for kind in KINDS if kind in by_kind]
    lists = sorted(set(by_kind) - set(KINDS))

    def told(kind: str) -> _Kind:
        about = visit.say(f"about-{kind}") if f"about-{kind}" in words() else ""
        return _Kind(
            kind_name(visit, kind),
            visit.href(f"/doc/{kind}/"),
            len(by_kind[kind]),
            about,
        )

    return visit.html(
        "kinds.html.j2",
        title=visit.say("all-kinds"),
        kinds=[told(kind) for kind in kinds],
        lists=sorted(
            (told(kind) for kind in lists), key=lambda k: in_order(Named(k.name), visit.lang)
        ),
        total=sum(map(len, by_kind.values())),
        steps=[Crumb(Named(visit.say("home")), "/")],
    )


def listed(
    visit: Visit,
    at: str,
    entries: Sequence[Entry],
    more: Sequence[str],
    *,
    title: str,
    line: Callable[[Entry], Markup],
    steps: Sequence[Crumb],
    about: str = "",
    scheme: Markup | None = None,
) -> Page:
    """A page of a list, in the order of names.

    :param at: the address of its first page.
    :param more: what follows that in the address asked: nothing, or ``page`` and a number.
    :param line: writes an entry.
    """
    number = 1
    if len(more) == _OF_A_PAGE and more[0] == "page" and more[1].isascii() and more[1].isdecimal():
        number = int(more[1])
    last = max(1, -(-len(entries) // _EACH))
    is_one = not more or (number > 1 and list(more) == ["page", str(number)])
    if not entries or not is_one or number > last:
        return visit.nothing()
    ordered = sorted((_at(visit, entry.named), entry) for entry in entries)
    letters: dict[str, list[Markup]] = {}
    for (_, letter, *_), entry in ordered[(number - 1) * _EACH : number * _EACH]:
        letters.setdefault(letter, []).append(line(entry))
    pages = [(n, visit.href(to)) for n, to in enumerate(pages_of(at, len(entries)), start=1)]
    return visit.html(
        "kind.html.j2",
        title=title if number == 1 else visit.say("title-page", title=title, n=number),
        heading=title,
        count=len(entries),
        about=about,
        scheme=scheme or Markup(""),
        letters=[_Letter(letter, tuple(links)) for letter, links in letters.items()],
        pages=pages,
        number=number,
        steps=steps,
        links=[
            (address, {"rel": rel})
            for rel, there in (("prev", number - 1), ("next", number + 1))
            for n, address in pages
            if n == there
        ],
    )


def _at(visit: Visit, named: Named) -> tuple[bool, str, bool, tuple[str, str]]:
    """Where a thing stands in a list: under its letter; in Chinese, names in characters first."""
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
