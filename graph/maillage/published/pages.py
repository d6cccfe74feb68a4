"""The pages of the site as files: each path in each language, in as many processes as are wanted.

A path that ends in ``/`` becomes ``…/index.html`` below ``fr/``, ``en/`` and ``zh/``; any other
path is a file of its own. The path without a language, where the lasting addresses arrive, holds a
small page, which names the three languages and leads to the English page (``<meta
http-equiv="refresh">``); only the first page of the site is written there in English. An answer
that only leads elsewhere becomes such a small page, too, since a host of files has no status 303.
So does a piece of evidence, whose page is that of the claim that rests on it; its Turtle stands
beside. A question leads to where it is asked.

Each process reads the graph for itself and makes other paths; no page depends on another, so the
files are the same whoever makes them.
"""

from __future__ import annotations

import multiprocessing
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from maillage.errors import MaillageError
from maillage.published.links import Scanned, scan
from maillage.published.remembering import Remembering
from maillage.questions import questions
from maillage.site import About, Site, has_languages, twins
from maillage.site.addresses import relative, split
from maillage.store import Store, loaded
from maillage.terms import BASE, ID, MLG
from maillage.words import LANGUAGES, TAGS, Language

__all__ = ["Made", "choosing", "file_of", "refreshing", "write_pages"]

#: What the languages call themselves.
_NAMES: Final[Mapping[Language, str]] = {"fr": "Français", "en": "English", "zh": "中文"}
#: Paths that a process makes before it tells of them; few enough to show progress.
_SLICE = 64
_OK, _MOVED, _REFUSED = 200, range(300, 400), range(400, 500)
#: The address of a piece of evidence, of a question, or of a graph that one source has.
_PAGELESS = re.compile(r"/doc/(?:evidence/[^/]+|question/[^/]+|graph/[^/]+--[^/]+)/")
#: The address of a question or of one of its files.
_QUESTION = re.compile(r"(?:/\w\w)?/ask/.")

#: A map is one whole file, which leads nowhere and keeps its state after the ``#``.
_MAP: Final = ".map.html"

Slice: TypeAlias = tuple[str, ...]


class Made(NamedTuple):
    """What was written: each file, and what was read of it where it is a page."""

    files: dict[str, Scanned | None]
    paths: list[str]


def file_of(path: str) -> str:
    """The file of an address, from the root of the site.

    >>> file_of("/fr/doc/place/"), file_of("/ns.ttl"), file_of("/")
    ('fr/doc/place/index.html', 'ns.ttl', 'index.html')
    >>> file_of("/sparql")
    'sparql/index.html'
    """
    bare = path.removeprefix("/")
    if not bare or bare.endswith("/"):
        return f"{bare}index.html"
    return bare if not has_languages(path) else f"{bare}/index.html"


def refreshing(to: str, more: str = "") -> bytes:
    """A page that leads elsewhere, for people and for programs that follow links.

    :param more: further elements of its body.

    >>> b'url=../place/' in refreshing("../place/")
    True
    """
    there = escape(to, quote=True)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={there}">\n<title>Maillage</title>\n'
        '<meta name="robots" content="noindex">\n'
        f'</head>\n<body>\n<p><a href="{there}">{there}</a></p>\n{more}</body>\n</html>\n'
    ).encode()


def choosing(path: str) -> bytes:
    """A page that names the three languages of a page, and leads to the English one."""
    links = "".join(
        f'<p><a href="{escape(relative(path, f"/{lang}{path}"), quote=True)}" lang="{tag}" '
        f'hreflang="{tag}">{_NAMES[lang]}</a></p>\n'
        for lang, tag in TAGS.items()
    )
    return refreshing(relative(path, f"/en{path}"), links)


def write_pages(
    out: Path,
    graph: Path,
    about: About,
    piece: Callable[[int, int], None] = lambda *_: None,
    workers: int = 1,
) -> Made:
    """Write every page and file of the site below a folder.

    :param graph: the canonical N-Quads of the release.
    :param piece: told how many paths are done, and of how many.
    :param workers: processes; with one, this one does it all.
    :raises MaillageError: when the site cannot answer one of its own paths.
    """
    store = loaded(graph.read_bytes())
    paths = [*Site(store, about).paths(), *_pageless(store)]
    slices = [tuple(paths[at : at + _SLICE]) for at in range(0, len(paths), _SLICE)]
    made: dict[str, Scanned | None] = {}
    done = 0
    with _writers(out, graph, about, store, workers) as writing:
        for count, files in writing(slices):
            made |= files
            done += count
            piece(done, len(paths))
    return Made(dict(sorted(made.items())), [p for p in paths if not _PAGELESS.fullmatch(p)])


def _pageless(store: Store) -> list[str]:
    """The addresses of what has no page of its own."""
    query = f"SELECT DISTINCT ?it {{ {{ ?it a <{MLG.Evidence}> }} UNION {{ GRAPH ?it {{}} }} }}"
    found = (f"/doc/{str(it).removeprefix(ID)}/" for (it,) in store.select(query).rows)
    asked = (f"/doc/question/{name}/" for name in questions())
    return sorted({*asked, *(path for path in found if _PAGELESS.fullmatch(path))})


Written: TypeAlias = tuple[int, dict[str, Scanned | None]]


@contextmanager
def _writers(
    out: Path, graph: Path, about: About, store: Store, workers: int
) -> Iterator[Callable[[Sequence[Slice]], Iterable[Written]]]:
    if workers <= 1:
        writer = _Writer(store, about, out)
        yield lambda slices: map(writer.write, slices)
        return
    # spawned, not forked: a copy of a process with threads may hold their locks for ever
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, _open, (out, graph, about)) as pool:
        yield lambda slices: pool.imap_unordered(_write, slices)


class _Writer:
    """Makes the files of some paths."""

    def __init__(self, store: Store, about: About, out: Path) -> None:
        self._store = Remembering(store)
        self._site, self._out = Site(self._store, about), out

    def write(self, paths: Slice) -> Written:
        """Write some paths in all their languages."""
        files: dict[str, Scanned | None] = {}
        for path in paths:
            if _PAGELESS.fullmatch(path):
                files |= self._lead(path)
                continue
            own = [path, *(f"/{lang}{path}" for lang in LANGUAGES if has_languages(path))]
            for address in own:
                name, content = file_of(address), self._content(address)
                if content is None:
                    continue
                target = self._out / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                is_page = name.endswith(".html") and not name.endswith(_MAP)
                files[name] = scan(content.decode()) if is_page else None
        return len(paths), files

    def _lead(self, path: str) -> dict[str, Scanned | None]:
        """A small page that leads to the claim which rests on a piece of evidence, and its Turtle.

        The graphs of a single source lead to the source in the same way, and a question to where
        it is asked; its twins have paths of their own.
        """
        page = self._site.answer(f"/en{path}", None)
        if page.location is None:
            raise MaillageError("page-failed", path=path, status=page.status)
        there, _, part = page.location.partition("#")
        there = posixpath.normpath(posixpath.join(f"/en{path}", there)) + "/"
        content = refreshing(relative(path, f"{there}#{part}" if part else there))
        made = {file_of(path): content}
        if not path.startswith("/doc/question/"):
            iri = f"{BASE}id/{path.removeprefix('/doc/').rstrip('/')}"
            turtle = twins.written(twins.described(self._store, iri), iri, "ttl")
            made[f"{path.strip('/')}.ttl"] = turtle
        for name, data in made.items():
            target = self._out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return {
            name: scan(content.decode()) if data is content else None for name, data in made.items()
        }

    def _content(self, address: str) -> bytes | None:
        """What stands at an address; nothing where a question has no answer to write."""
        if has_languages(address) and address != "/" and split(address)[0] is None:
            return choosing(address)
        page = self._site.answer(address, None)
        if page.location is not None and page.status in _MOVED:
            return refreshing(page.location)
        if page.status == _OK:
            return page.body
        if _QUESTION.match(address) and page.status in _REFUSED:
            # the values that stand in its file name what is not in this graph: the page says so,
            # and the query is what it is
            name, _, ending = address.rpartition("/")[2].partition(".")
            if ending == "rq":
                return questions()[name].sparql.encode()
            return page.body if has_languages(address) else None
        raise MaillageError("page-failed", path=address, status=page.status)


# One process of the pool makes many slices; what it has opened stays here between them.
_OPENED: list[_Writer] = []


def _open(out: Path, graph: Path, about: About) -> None:
    """Open the site in a process of the pool."""
    _OPENED.append(_Writer(loaded(graph.read_bytes()), about, out))


def _write(paths: Slice) -> Written:
    return _OPENED[0].write(paths)
