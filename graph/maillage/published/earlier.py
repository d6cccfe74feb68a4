"""Earlier releases on the site of this one: their files stay where they are cited.

``release/<id>/`` of a site is what people cite, so a site that is made with ``--previous`` carries
those folders over from there, byte for byte: each file is compared with the digest that its own
release lists (``SHA256SUMS``), and the graph's with the id, which is made of it. What is not whole
is refused. A release of which only the list tells, because its files were never on a site or are
not kept, is named with its notes. Each has a page; ``release/<id>/`` leads there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from maillage.errors import MaillageError
from maillage.folders import sha256_of
from maillage.published.feed import Told
from maillage.site import Offered
from maillage.site.visit import Opened, Visit
from maillage.words import LANGUAGES, Language

__all__ = ["SUMS", "Earlier", "carried", "folders", "placed", "told_pages"]

#: The file that lists the SHA-256 digest of every other file, as ``sha256sum --check`` reads it.
SUMS: Final = "SHA256SUMS"

_GRAPH: Final = "maillage.nq"
_RELEASES: Final = "release"


class Earlier(NamedTuple):
    """An earlier release on this site: what the list tells of it, and its files, if any."""

    told: Told
    files: tuple[Offered, ...]

    @property
    def page(self) -> str:
        """The address of its page, from the root of the site, without a language."""
        return f"/releases/{self.told.id}/"


def folders(before: Path, previous: str) -> dict[str, Path]:
    """Where the files of earlier releases lie, by id; nothing where no release was published.

    :param before: what a person named as the release before: a site carries all its releases in
        ``release/<id>/``, the files of ``publish --data-only`` are themselves one.
    :param previous: the id of the release that it holds.
    """
    found = {path.parent.name: path.parent for path in sorted(before.glob(f"{_RELEASES}/*/{SUMS}"))}
    if not found and previous and (before / SUMS).is_file():
        found[previous] = before
    return found


def carried(
    releases: Sequence[Told], kept: Mapping[str, Path], out: Path, limit: int | None = None
) -> tuple[Earlier, ...]:
    """Put the files of earlier releases where they are cited, below the folder of a new site.

    :param releases: the earlier releases, newest first.
    :param kept: where their files lie, by id (:func:`folders`).
    :param limit: how many of them keep their files, the newest first; all when nobody says.
    :raises MaillageError: when a file is missing or is not what its release says.
    """
    held = [told.id for told in releases if told.id in kept][:limit]
    return tuple(
        Earlier(told, _carry(told.id, kept[told.id], out) if told.id in held else ())
        for told in releases
    )


def _carry(id_: str, source: Path, out: Path) -> tuple[Offered, ...]:
    """The files of one release, each with the digest that it must have."""
    files = []
    for name, digest in _listed(id_, source):
        target = out / _RELEASES / id_ / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            placed(source / name, target)
        except FileNotFoundError as error:
            raise MaillageError("earlier-damaged", id=id_, path=source / name) from error
        if sha256_of(target) != digest:
            raise MaillageError("earlier-damaged", id=id_, path=source / name)
        files.append(Offered(name, target.stat().st_size, digest))
    placed(source / SUMS, out / _RELEASES / id_ / SUMS)
    return tuple(files)


def _listed(id_: str, source: Path) -> list[tuple[str, str]]:
    """The names and digests that a release lists, the graph's as its id has it."""
    path = source / SUMS
    listed = []
    for line in path.read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        inside = PurePosixPath(name)
        if not name or inside.is_absolute() or ".." in inside.parts:
            raise MaillageError("earlier-damaged", id=id_, path=path)
        listed.append((name, digest))
    if not dict(listed).get(_GRAPH, "").startswith(id_.rpartition("-")[2]):
        raise MaillageError("earlier-damaged", id=id_, path=path)
    return listed


def placed(source: Path, target: Path) -> None:
    """The same file in another place; no room is taken where links can be made.

    :raises OSError: when it is not there or cannot be written.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def told_pages(opened: Opened, releases: Sequence[Earlier]) -> Iterator[tuple[str, bytes]]:
    """The page of each earlier release in each language, by file."""
    spoken: list[tuple[str, Language]] = [("", "en"), *((f"/{lang}", lang) for lang in LANGUAGES)]
    for release in releases:
        told = release.told
        for prefix, lang in spoken:
            visit = Visit(opened, prefix + release.page, lang, bool(prefix), {})
            page = visit.html(
                "release.html.j2",
                title=visit.say("foot-release", id=told.id, date=told.date),
                told=told,
                notes=told.notes.get(lang, ""),
                files=[
                    (file.name, visit.href(f"/{_RELEASES}/{told.id}/{file.name}"), file.sha256)
                    for file in release.files
                ],
            )
            yield f"{prefix}{release.page}index.html".removeprefix("/"), page.body
