"""The site as files for any static host, and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from maillage.describe import File, Release, Stand
from maillage.errors import MaillageError
from maillage.published.earlier import SUMS, Earlier, placed, told_pages
from maillage.published.feed import feeds, sitemaps
from maillage.published.history import LISTED, History, written
from maillage.published.hosts import hosts
from maillage.published.links import Scanned, check, scan
from maillage.published.maps import around
from maillage.published.pages import refreshing, write_pages
from maillage.published.vocabulary import changed_terms, contexts, leading
from maillage.site import About, Offered, Site, has_languages
from maillage.site.visit import Opened
from maillage.store import Store
from maillage.terms import BASE

__all__ = ["Asked", "Published", "around", "build_site"]


#: The map of the whole network, among the files of the release.
_MAP: Final = "network.html"


@dataclass(frozen=True)
class Asked:
    """What whoever publishes may say.

    :ivar base: where the site will stand, ``https://…``; addresses of things do not depend on it.
    :ivar endpoint: the address of a SPARQL endpoint that answers from this release.
    :ivar contact: whom to write to: ``mailto:…`` or the address of a page.
    :ivar report_to: where errors are reported (:class:`maillage.site.About`).
    :ivar previous: the release before: a folder of ``build`` or ``publish``, or a file.
    :ivar keep: how many earlier releases keep their files, the newest first; all without a number.
    :ivar workers: processes that make pages.
    :ivar step: told the name of each step as it starts.
    :ivar piece: told how many paths of the site are done, and of how many.
    """

    base: str = BASE
    endpoint: str = ""
    contact: str = ""
    report_to: str = ""
    previous: str = ""
    keep: int | None = None
    workers: int = 1
    step: Callable[[str], None] = lambda _: None
    piece: Callable[[int, int], None] = lambda *_: None

    def __post_init__(self) -> None:
        parts = urlsplit(self.base)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
            raise MaillageError("bad-base", address=self.base)
        object.__setattr__(self, "base", self.base.rstrip("/") + "/")

    def stand(self, downloads: str = "", before: History | None = None) -> Stand:
        """Where a release stands, as its descriptions tell.

        :param downloads: below which address its files lie; the address of the release when not
            given.
        """
        return Stand(
            base=self.base,
            downloads=downloads,
            endpoint=self.endpoint,
            contact=self.contact or self.report_to,
            previous=before.previous if before else "",
            older=tuple(told.id for told in before.earlier()[1:]) if before else (),
            notes=dict(before.notes or {}) if before else {},
        )


@dataclass(frozen=True)
class Published:
    """What was made: the release's id, how many pages and files, how many links were checked."""

    release: str
    pages: int
    files: int
    links: int


def build_site(
    out: Path,
    this: Release,
    store: Store,
    asked: Asked,
    before: History,
    earlier: Sequence[Earlier],
    files: Sequence[File],
    lasting: Mapping[str, bytes],
) -> Published:
    """Make the site around the files of a release, which stand in ``release/<id>/``.

    :param earlier: the releases before, whose files stand in their own folders already.
    :param lasting: files that stand at the root only, or are others there.
    :raises MaillageError: when a page cannot be made or a link is broken.
    """
    cited = out / "release" / this.id
    about = About(
        base=asked.base.rstrip("/"),
        release=this.id,
        date=this.date,
        folder=cited,
        files=tuple(Offered(file.path, file.size, file.digest) for file in files),
        previous=before.seen(),
        earlier=tuple((one.told.id, one.told.date, one.page) for one in earlier),
        static=True,
        report_to=asked.report_to,
    )
    pages: dict[str, Scanned] = {}
    _repeat(cited, out, lasting)
    asked.step("pages")
    made = write_pages(out, cited / "maillage.nq", about, asked.piece, asked.workers)
    pages |= {name: scanned for name, scanned in made.files.items() if scanned is not None}
    site = Site(store, about)
    beside: dict[str, bytes] = {}
    if (cited / _MAP).is_file():
        beside["map/index.html"] = (cited / _MAP).read_bytes()
    beside[f"release/{this.id}/index.html"] = refreshing("../../dataset/")
    beside["404.html"] = site.answer("/404.html", None).body
    beside[".well-known/void"] = (cited / "void.ttl").read_bytes()
    beside |= contexts() | leading()
    opened = Opened(store, about)
    beside |= dict(changed_terms(opened, before))
    beside |= dict(told_pages(opened, earlier))
    for one in earlier:
        beside[f"release/{one.told.id}/index.html"] = refreshing(f"../..{one.page}")
    beside |= hosts(asked.base)
    releases = before.told(this.id, this.date)
    beside[LISTED] = written(releases)
    beside |= feeds(releases, asked.base)
    tongued = [path for path in made.paths if has_languages(path) and path.endswith("/")]
    tongued += [one.page for one in earlier]
    beside |= sitemaps(tongued, asked.base, this.date)
    for name, content in sorted(beside.items()):
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if name.endswith(".html") and not name.startswith("map/"):  # a map is one whole file
            pages[name] = scan(content.decode())
    # what feeds, catalogues and citations lead to
    pages[LISTED] = Scanned(frozenset(f"release/{told.id}/" for told in releases), frozenset())
    asked.step("links")
    every = [path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()]
    followed = check(pages, every, urlsplit(asked.base).path)
    return Published(this.id, len(pages) - 1, len(every), followed)


def _repeat(cited: Path, out: Path, lasting: Mapping[str, bytes]) -> None:
    """The files of the release once more at the root; no room is taken where links can be made."""
    for path in sorted(cited.rglob("*")):
        name = path.relative_to(cited).as_posix()
        target = out / name
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif name not in lasting and name != SUMS:
            placed(path, target)
    for name, content in lasting.items():
        (out / name).write_bytes(content)
