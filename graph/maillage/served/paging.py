"""The handler of the page workers: opens the site once, then answers one page after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from rdflib import URIRef

from maillage.inventory import read
from maillage.site import Site
from maillage.site.about import About, Offered, Previous
from maillage.store import Store, open_folder

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

    def answer(job: dict[str, Any], out: BinaryIO) -> dict[str, Any]:
        asked: Mapping[str, Sequence[str]] = job["asked"]
        page = site.answer(job["path"], job["lang"], asked, job["outcome"], job["base"])
        out.write(page.body)
        return {
            "status": page.status,
            "media_type": page.media_type,
            "links": [[target, dict(parameters)] for target, parameters in page.links],
            "location": page.location,
            "steady": page.steady,
            "rows": page.rows,
            "truncated": page.truncated,
        }

    return answer


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
