"""What a site must be told beside the graph: where it stands and which release it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

__all__ = ["About", "Offered", "Previous"]


class Offered(NamedTuple):
    """A file that can be downloaded: its name in the release, bytes, and SHA-256 digest."""

    name: str
    bytes: int
    sha256: str


class Previous(NamedTuple):
    """An earlier release: its id, its day, and what the later one changed, thing by thing.

    ``changed`` tells of the address of a thing (``https://…/id/place/fr``) the addresses of its
    properties that differ, in the order in which they are to be told; none when all of it is new,
    and nothing at all when it is as it was.
    """

    release: str
    date: str
    changed: Callable[[str], Sequence[str] | None]


@dataclass(frozen=True)
class About:
    """Where a site stands and which release it shows.

    :ivar base: its public address without a slash at the end (``https://data.example.org/m``), or
        nothing when it is not known; links in pages are relative, so little depends on it.
    :ivar release: the id of the release, as it stands in ``/release/<id>/``.
    :ivar date: the day of its latest record, ``YYYY-MM-DD``.
    :ivar folder: where the files of the release lie.
    :ivar files: what can be downloaded, in the order in which it is shown.
    :ivar previous: earlier releases, newest first, as far as what changed since is known.
    :ivar earlier: on a static site, all releases before this one, newest first: id, day, page.
    :ivar static: whether the pages are files on any host, without search, endpoint or forms that
        need a server.
    :ivar report_to: where errors are reported: an address of mail, or ``http(s)://…``, to which
        ``?title=…&body=…`` is added; nothing when nobody has said.
    """

    base: str = ""
    release: str = ""
    date: str = ""
    folder: Path = field(default_factory=Path)
    files: tuple[Offered, ...] = ()
    previous: tuple[Previous, ...] = ()
    earlier: tuple[tuple[str, str, str], ...] = ()
    static: bool = False
    report_to: str = ""
