"""Addresses of the site: what a path says, and how one page leads to another.

``/fr/…``, ``/en/…`` and ``/zh/…`` are in that language; the same path without it is whatever the
reader's browser asks for, and English on a static host. A path that ends in ``/`` is a page, and
has all three; any other is a file (a twin of a page in RDF, a style), and has no language.

>>> split("/zh/doc/place/cn-510100/")
('zh', '/doc/place/cn-510100/')
>>> relative("/fr/doc/place/cn-510100/", "/fr/doc/link/")
'../../link/'
"""

from __future__ import annotations

import posixpath
from typing import Final
from urllib.parse import quote

from maillage.dumps import FORMATS
from maillage.mint import parse
from maillage.terms import NS
from maillage.words import LANGUAGES, Language

__all__ = [
    "STATIC_TWINS",
    "TWINS",
    "doc",
    "has_languages",
    "media_type",
    "relative",
    "split",
    "term",
]

#: The twins of a page about one thing: the end of their address, and their media type.
TWINS: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "json": "application/json",
}
#: Those that a site of files has; a server writes the others, too, when somebody asks for them.
STATIC_TWINS: Final = {suffix: TWINS[suffix] for suffix in ("ttl", "jsonld", "json")}


#: Addresses below which there are files only, and the map, which speaks three languages itself.
_OF_FILES: Final = ("/static/", "/release/", "/.well-known/", "/map")


def split(path: str) -> tuple[Language | None, str]:
    """The language that a path fixes, if any, and the path without it."""
    first, slash, rest = path.removeprefix("/").partition("/")
    if slash and first in LANGUAGES:
        return first, f"/{rest}"
    return None, path if path.startswith("/") else f"/{path}"


def has_languages(path: str) -> bool:
    """Whether an address is a page in three languages, and not a file.

    >>> has_languages("/doc/place/"), has_languages("/sparql"), has_languages("/ns.ttl")
    (True, True, False)
    """
    return "." not in path.rsplit("/", 1)[-1] and not path.startswith(_OF_FILES)


def relative(here: str, there: str) -> str:
    """How a page leads to another, both given from the root of the site.

    Nothing but the path differs from host to host, so the pages work below any folder. What
    follows a ``?`` or ``#`` in ``there`` is kept as it is.

    >>> relative("/", "/ns.ttl"), relative("/doc/", "/doc/"), relative("/fr/ns/", "/ns/a.b?c=d/e")
    ('ns.ttl', './', '../../ns/a.b?c=d/e')
    """
    cut = min((i for i in (there.find("?"), there.find("#")) if i >= 0), default=len(there))
    path, rest = there[:cut], there[cut:]
    folder = posixpath.dirname(here) or "/"
    made = posixpath.relpath(path, folder)
    if path.endswith("/") and not made.endswith("/"):
        made += "/"
    made = quote(made, safe="/.~-_")
    return made + rest


def doc(iri: str) -> str | None:
    """The address of the page about a thing or a term of ours; nothing for what is not ours.

    A part of a thing (``…/disagreement/x#y``) is on the page of the whole. A question is on the
    page that asks it.

    >>> doc("https://w3id.org/maillage/id/question/links#parameter-place")
    '/ask/links/'
    >>> doc("https://w3id.org/maillage/id/place/fr"), doc("https://w3id.org/maillage/ns#Place")
    ('/doc/place/fr/', '/ns/Place/')
    >>> doc("http://www.wikidata.org/entity/Q90") is None
    True
    """
    if iri.startswith(NS) and len(iri) > len(NS):
        return term(iri[len(NS) :])
    whole, _, part = iri.partition("#")
    if thing := parse(whole):
        if thing.kind == "question":
            return f"/ask/{thing.key}/"
        return f"/doc/{thing.kind}/{thing.key}/" + (f"#part-{part}" if part else "")
    return None


def term(name: str) -> str:
    """The address of the page about a term of the vocabulary, given without its namespace."""
    return f"/ns/{name}/"


#: The media types of files of a release that are no dump, by the end of their name.
_MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "graphml": "application/xml",
    "html": "text/html",
    "json": "application/json",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}


def media_type(name: str) -> str:
    """The media type of a file of a release, by the end of its name.

    >>> media_type("maillage.ttl"), media_type("tables/links.csv"), media_type("SHA256SUMS")
    ('text/turtle', 'text/csv', 'text/plain')
    """
    suffix = name.rpartition(".")[2]
    if suffix in FORMATS:
        return FORMATS[suffix].media_type
    return _MEDIA_TYPES.get(suffix, "text/plain")
