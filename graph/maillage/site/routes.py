"""Which module answers which part of the site: the first word of a path, and who knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from maillage.site import (
    asked,
    colophon,
    dataset,
    editor,
    home,
    records,
    search,
    statics,
    terms,
    use,
)
from maillage.site.page import Page
from maillage.site.visit import Opened, Visit

__all__ = ["FILES", "ROUTES", "SINGLE", "Route"]

Answering: TypeAlias = Callable[[Visit, Sequence[str]], Page]


class Route(NamedTuple):
    """A part of the site: what answers a path of it, and which paths a static site holds.

    :ivar pages: those of them that are pages, where it takes long to tell the files.
    """

    page: Answering
    paths: Callable[[Opened], Iterator[str]]
    pages: Callable[[Opened], Iterator[str]] | None = None


#: By the first word of the path; ``""`` is the home page.
ROUTES: Final[Mapping[str, Route]] = {
    "": Route(home.page, home.paths),
    "about": Route(colophon.page, colophon.paths),
    "ask": Route(asked.page, asked.paths, asked.pages),
    "dataset": Route(dataset.page, dataset.paths),
    "doc": Route(records.page, records.paths),
    "ns": Route(terms.page, terms.paths),
    "search": Route(search.page, search.paths),
    "sparql": Route(editor.page, editor.paths),
    "static": Route(statics.page, statics.paths),
    "use": Route(use.page, use.paths),
}

#: Files at the root of the site: ``/ns.ttl`` is answered by what answers ``/ns/``, and so on.
FILES: Final = frozenset({"dataset", "ns"})

#: Pages whose address has no slash at its end, because programs know it so.
SINGLE: Final = frozenset({"/sparql"})
