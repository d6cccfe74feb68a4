"""The releases as a feed that readers subscribe to, and the map of the site for search engines.

A feed is Atom (RFC 4287), one a language; its dates are those of the releases, since nothing here
asks a clock. The map follows the protocol of sitemaps.org, with the other languages of each page
as Google reads them (``xhtml:link``); a file holds at most 50,000 addresses.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from maillage.describe import PUBLISHER
from maillage.terms import BASE
from maillage.words import LANGUAGES, TAGS, Language, say

__all__ = ["Told", "feeds", "sitemaps"]

_ATOM: Final = "http://www.w3.org/2005/Atom"
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML: Final = "http://www.w3.org/1999/xhtml"
#: Addresses in one file of a map (sitemaps.org, *Sitemap file limits*).
LIMIT: Final = 50_000


class Told(NamedTuple):
    """A release in the feed: its id, its day, and what changed since the one before."""

    id: str
    date: str
    notes: Mapping[Language, str]


def feeds(releases: Sequence[Told], base: str) -> dict[str, bytes]:
    """The feeds of the releases, by file name: one a language, ``releases.atom`` in English.

    :param releases: newest first; there is at least one.
    :param base: the public address of the site, with a slash at its end.
    """
    made = {_name(lang): _feed(releases, base, lang) for lang in LANGUAGES}
    return dict(sorted(made.items()))


def _name(lang: Language) -> str:
    return "releases.atom" if lang == "en" else f"releases.{lang}.atom"


def _feed(releases: Sequence[Told], base: str, lang: Language) -> bytes:
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": TAGS[lang]})
    ET.SubElement(root, "id").text = f"{BASE}{_name(lang)}"
    ET.SubElement(root, "title").text = say("publish.feed", lang)
    ET.SubElement(root, "updated").text = _moment(releases[0].date)
    ET.SubElement(root, "link", rel="self", type="application/atom+xml", href=base + _name(lang))
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=f"{base}{lang}/")
    for other in LANGUAGES:
        if other != lang:
            link = {"rel": "related", "type": "application/atom+xml", "hreflang": TAGS[other]}
            ET.SubElement(root, "link", {**link, "href": base + _name(other)})
    ET.SubElement(root, "rights").text = say("publish.rights", lang)
    author = ET.SubElement(root, "author")
    ET.SubElement(author, "name").text = say("publish.publisher", lang)
    ET.SubElement(author, "uri").text = str(PUBLISHER)
    for told in releases:
        entry = ET.SubElement(root, "entry")
        ET.SubElement(entry, "id").text = f"{BASE}release/{told.id}"
        ET.SubElement(entry, "title").text = say("publish.feed.entry", lang, id=told.id)
        for name in ("published", "updated"):
            ET.SubElement(entry, name).text = _moment(told.date)
        there = f"{base}release/{told.id}/"
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=there)
        text = told.notes.get(lang) or say("publish.feed.first", lang, date=told.date)
        ET.SubElement(entry, "summary", type="text").text = text
    return _xml(root)


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def sitemaps(paths: Sequence[str], base: str, date: str, limit: int = LIMIT) -> dict[str, bytes]:
    """The maps of the pages, by file name; ``sitemap.xml`` lists the others.

    :param paths: the pages that stand in three languages, from the root of the site, sorted.
    """
    urls = [(lang, path) for path in paths for lang in LANGUAGES]
    parts = [urls[start : start + limit] for start in range(0, len(urls), limit)] or [[]]
    made: dict[str, bytes] = {}
    index = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for number, part in enumerate(parts, 1):
        name = f"sitemap-{number}.xml"
        made[name] = _sitemap(part, base, date)
        listed = ET.SubElement(index, "sitemap")
        ET.SubElement(listed, "loc").text = base + name
        ET.SubElement(listed, "lastmod").text = date
    made["sitemap.xml"] = _xml(index)
    return made


def _sitemap(urls: Sequence[tuple[Language, str]], base: str, date: str) -> bytes:
    root = ET.Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for lang, path in urls:
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = f"{base}{lang}{path}"
        ET.SubElement(url, "lastmod").text = date
        others = {TAGS[other]: f"{base}{other}{path}" for other in LANGUAGES}
        for tag, href in {**others, "x-default": f"{base.rstrip('/')}{path}"}.items():
            link = {"rel": "alternate", "hreflang": tag, "href": href}
            ET.SubElement(url, "xhtml:link", link)
    return _xml(root)


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, "")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
