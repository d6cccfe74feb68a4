"""The handler of the page workers: opens the site once, then answers one page after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from rdflib import URIRef

from maillage.inventory import read
from maillage.served.beside import beside
from maillage.served.mapping import sitemap
from maillage.site import Site
from maillage.site.about import About, Offered, Previous
from maillage.site.addresses import doc
from maillage.store import Store, open_folder
from maillage.terms import NS

__all__ = ["opened"]


def opened(
    folder: Path, settings: Mapping[str, Any]
) -> Callable[[dict[str, Any], BinaryIO], dict[str, Any]]:
    """Open the site of a release.

    :param folder: the release, verified by the server before.
    :param settings: ``base``, the public address, or nothing; ``release`` and ``date``, what it is
        cited as; ``before``, store, id and date of the release before, or nothing; ``report_to``,
        where errors are reported, or nothing.
    :returns: what answers a job ``{"path": …, "lang": …, "asked": {name: [values]},
        "outcome": …}`` (:meth:`maillage.site.Site.answer`).
    """
    inventory = read(folder)
    store = open_folder(folder / "store", deep=True)  # as all that a worker does
    about = About(
        base=str(settings["base"]).rstrip("/"),
        release=str(settings["release"]),
        date=str(settings["date"]),
        folder=folder,
        files=tuple(
            Offered(name, inventory.files[name].bytes, inventory.files[name].sha256)
            for name in inventory.kept()
            if "/" not in name
        ),
        previous=(_previous(settings["before"], store),) if settings["before"] else (),
        report_to=str(settings["report_to"]),
    )
    site = Site(store, about)
    # what the site makes once and keeps is made now, while nobody waits for it
    for path in ("/", *_party(store)):
        site.answer(path, "en")

    def answer(job: dict[str, Any], out: BinaryIO) -> dict[str, Any]:
        asked: Mapping[str, Sequence[str]] = job["asked"]
        path, base = job["path"], job["base"] or ""
        page = (
            sitemap(site, path, base, about.date)
            or beside(about, path, base)
            or site.answer(path, job["lang"], asked, job["outcome"], job["base"])
        )
        out.write(page.body)
        return {
            "status": page.status,
            "media_type": page.media_type,
            "links": [[target, dict(parameters)] for target, parameters in page.links],
            "location": page.location,
            "steady": page.steady,
            "rows": page.rows,
            "truncated": page.truncated,
            "lasts": page.lasts,
            "wrong": page.wrong,
        }

    return answer


def _party(store: Store) -> list[str]:
    """The page about some party of a link, which has most of what a page can have."""
    rows = store.select(f"SELECT ?party {{ ?link <{NS}hasParty> ?party }} LIMIT 1").rows
    return [path for (party,) in rows if (path := doc(str(party)))]


def _previous(told: Sequence[str], store: Store) -> Previous:
    """The release before, asked thing by thing what it said."""
    folder, release, date = told
    earlier = open_folder(Path(folder), deep=True)

    def changed(iri: str) -> Sequence[str] | None:
        question = f"SELECT ?property ?value {{ {URIRef(iri).n3()} ?property ?value }}"
        now, then = (set(asked.select(question).rows) for asked in (store, earlier))
        if not then:
            return () if now else None
        return sorted({str(name) for name, _ in now ^ then}) or None

    return Previous(release, date, changed)
