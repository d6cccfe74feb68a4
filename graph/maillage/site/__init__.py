"""The pages of the linked-data site: from a path and a language to what a browser shows.

:class:`Site` is opened once, with the graph and what it must be told of itself
(:class:`~maillage.site.about.About`), and then answers any number of requests, one at a time. It
knows nothing of connections: a server turns its :class:`~maillage.site.page.Page` into HTTP, and
the static site writes it into files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from maillage.site.about import About, Offered, Previous
from maillage.site.addresses import has_languages, split
from maillage.site.page import Page, moved
from maillage.site.routes import FILES, ROUTES, SINGLE
from maillage.site.visit import Opened, Visit
from maillage.store import Store
from maillage.words import LANGUAGES, Language

__all__ = ["About", "Offered", "Page", "Previous", "Site", "has_languages"]

#: Signs that no address of ours has in its path; written again, they would lead elsewhere.
_NEVER: Final = frozenset("?#%\\")


class Site:
    """The site over one release of the graph."""

    def __init__(self, store: Store, about: About) -> None:
        self._opened = Opened(store, about)

    def answer(
        self,
        path: str,
        lang: Language | None,
        asked: Mapping[str, Sequence[str]] | None = None,
        outcome: Mapping[str, Any] | None = None,
        base: str = "",
    ) -> Page:
        """The page at a path.

        :param path: decoded, from the root of the site: ``/zh/doc/place/cn-510100/``.
        :param lang: what the reader prefers where the path does not say; English when nobody says.
        :param asked: the parameters of the address.
        :param outcome: what the query in ``asked`` was answered, for the page of the editor
            (:mod:`maillage.site.editor` says which members it has).
        :param base: the address at which this reader found the site, where it has no public one.
        :returns: with status 404 where nothing has that address, 308 where it stands elsewhere.
        """
        fixed, bare = split(path)
        chosen = fixed or lang or "en"
        visit = Visit(self._opened, path, chosen, fixed is not None, asked or {}, outcome, base)
        if fixed is None and bare.removeprefix("/") in LANGUAGES:
            return moved(visit.href(f"{bare}/", **visit.query()))
        first, *rest = bare.strip("/").split("/")
        if first.partition(".")[0] in FILES and not rest:
            first, rest = first.partition(".")[0], [first] if "." in first else []
        if first not in ROUTES or set(bare) & _NEVER:
            return visit.nothing()
        if not has_languages(bare):
            if fixed or bare.endswith("/"):  # a file has no language, and nothing in it
                return moved(visit.href(bare.rstrip("/")))
        elif not bare.endswith("/") and bare not in SINGLE:
            return moved(visit.href(f"{bare}/", **visit.query()))
        return ROUTES[first].page(visit, rest)

    def paths(self) -> Iterator[str]:
        """Every address of the static site, without a language in front, sorted.

        A page (:func:`~maillage.site.addresses.has_languages`) stands at that address, in English,
        and below ``/fr/``, ``/en/`` and ``/zh/``; a file stands there once.
        """
        found = {path for route in ROUTES.values() for path in route.paths(self._opened)}
        yield from sorted(found)

    def pages(self) -> list[str]:
        """Those of them that are pages in three languages, for the map of the site."""
        found = {p for route in ROUTES.values() for p in (route.pages or route.paths)(self._opened)}
        pages = sorted(path for path in found if has_languages(path) and path.endswith("/"))
        if self._opened.about.static:
            return pages
        return [path for path in pages if path.rstrip("/") not in SINGLE]
