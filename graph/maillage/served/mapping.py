"""The map of the site for search engines, as the static site has it, made when it is asked for."""

from __future__ import annotations

import re
from typing import Final

from maillage.published.feed import sitemaps
from maillage.site import Page, Site

__all__ = ["sitemap"]

_MAP: Final = re.compile(r"/sitemap(-[1-9][0-9]{0,5})?\.xml")


def sitemap(site: Site, path: str, base: str, date: str) -> Page | None:
    """The map at ``/sitemap.xml``, or one of those that it lists; nothing for any other path.

    :param base: the public address, with a slash at its end; without one there is no map, since
        its addresses must be whole.
    :param date: the day of the release.
    """
    if not base or not _MAP.fullmatch(path):
        return None
    made = sitemaps(site.pages(), base, date).get(path.removeprefix("/"))
    return None if made is None else Page(200, "application/xml", made)
