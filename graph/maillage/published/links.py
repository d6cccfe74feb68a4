"""Every link inside the site leads somewhere, or the site is not handed over.

Pages are read as HTML: tags with their attributes, outside of comments, scripts and styles. A link
of a page is the value of ``href``, ``src``, ``action`` or each candidate of a ``srcset``, or the
address of a redirect (``<meta http-equiv="refresh">``). It must lead to a file that was written,
and what follows ``#`` must be the ``id`` of an element there. Links to other hosts are not
followed: nothing here calls another host.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import unescape
from typing import Final, NamedTuple
from urllib.parse import unquote

from maillage.errors import MaillageError

__all__ = ["Scanned", "check", "scan"]

# A tag of well-formed HTML (HTML, 13.1.2): values with ">" in them stand in quotation marks.
_TAG: Final = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>script|style)\b(?P<opened>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>.*?</(?P=raw)\s*>"
    r"|<(?P<name>[a-z][a-z0-9-]*)(?P<told>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"\b(?P<name>href|src|srcset|action|id|http-equiv|content)\s*=\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))",
    re.IGNORECASE,
)
_REFRESH: Final = re.compile(r"\s*\d+\s*[;,]\s*url\s*=\s*(.+?)\s*", re.IGNORECASE)
#: The page that hosts show in the place of what is not there.
_ANYWHERE: Final = "404.html"
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Scanned(NamedTuple):
    """What a page links to inside the site, and the places in it that can be linked to."""

    links: frozenset[str]
    ids: frozenset[str]


def scan(html: str) -> Scanned:
    """Read the links and the ids of a page.

    >>> sorted(scan('<a href="../x/#y">x</a><img srcset="a.png 1x, b.png 2x" id=z>').links)
    ['../x/#y', 'a.png', 'b.png']
    """
    links: set[str] = set()
    ids: set[str] = set()
    for tag in _TAG.finditer(html):
        name = (tag["name"] or tag["raw"] or "").lower()
        told = _attributes(tag["told"] or tag["opened"] or "")
        links.update(told[key] for key in ("href", "src", "action") if key in told)
        for candidate in told.get("srcset", "").split(","):
            links.update(candidate.split()[:1])
        if name == "meta" and told.get("http-equiv", "").lower() == "refresh":
            moved = _REFRESH.fullmatch(told.get("content", ""))
            links.update([moved[1]] if moved else [])
        if "id" in told:
            ids.add(told["id"])
    return Scanned(frozenset(link for link in links if not _SCHEME.match(link)), frozenset(ids))


def _attributes(text: str) -> dict[str, str]:
    return {
        found["name"].lower(): unescape(found["double"] or found["single"] or found["bare"] or "")
        for found in _ATTRIBUTE.finditer(text)
    }


def check(
    pages: Mapping[str, Scanned], files: Iterable[str], root: str = "/", limit: int = 20
) -> int:
    """Make sure that every link leads to a file, and every fragment to an element.

    :param pages: what was read of each page, by its file, given from the root of the site.
    :param files: all files that were written, given so.
    :param root: the path of the site on its host. Only ``404.html``, which hosts show at any
        depth, may use it; any other page must work below any folder.
    :param limit: how many broken links an error names.
    :returns: how many links were followed.
    :raises MaillageError: naming the pages and their broken links.
    """
    known = frozenset(files)
    broken = []
    followed = 0
    for page, scanned in sorted(pages.items()):
        followed += len(scanned.links)
        broken += [
            f"{page} → {link}"
            for link in sorted(scanned.links)
            if not _leads(page, _rooted(page, link, root), pages, known)
        ]
    if broken:
        shown = "\n".join(f"  {line}" for line in broken[:limit])
        raise MaillageError("broken-links", n=len(broken), links=shown)
    return followed


def _rooted(page: str, link: str, root: str) -> str:
    if page == _ANYWHERE and link.startswith(root):
        return f"./{link.removeprefix(root)}"
    return link


def _leads(page: str, link: str, pages: Mapping[str, Scanned], files: frozenset[str]) -> bool:
    address, _, fragment = link.partition("#")
    target = page if not address else _target(posixpath.dirname(page), address.partition("?")[0])
    if target is None:
        return False
    if target not in files:  # a folder without its slash: every host leads to the page in it
        target = f"{target}/index.html"
    if target not in files:
        return False
    if not fragment or fragment == "top":
        return True
    if target not in pages:  # a map, which keeps its state there
        return target.endswith(".html")
    return unquote(fragment) in pages[target].ids


@lru_cache(maxsize=1 << 16)
def _target(folder: str, address: str) -> str | None:
    """The file that a link leads to; nothing when it leads out of the site."""
    if address.startswith("/"):  # only right when the site stands at the root of its host
        return None
    path = posixpath.normpath(posixpath.join(folder, unquote(address)))
    if path == ".." or path.startswith("../"):
        return None
    if address.endswith(("/", "/.", "/..")) or address in {"", ".", ".."}:
        return posixpath.normpath(posixpath.join(path, "index.html"))
    return path
