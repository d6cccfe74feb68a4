"""Pages that were made once, kept while their release is served: the same bytes, without work."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Final, NamedTuple

__all__ = ["Kept", "Made"]

_ROOM: Final = 32 << 20  # bytes
_LARGEST: Final = 4 << 20  # what describes a release takes seconds to count, and is long


class Made(NamedTuple):
    """A page as the site made it: what HTTP is told of it, and its bytes."""

    meta: dict[str, Any]
    body: bytes


class Kept:
    """As many pages as there is room for; the one that was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, Made] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> Made | None:
        """A page that was kept."""
        made = self._pages.get(key)
        if made is not None:
            self._pages.move_to_end(key)
        return made

    def put(self, key: Hashable, made: Made) -> None:
        """Keep a page, if it is not too large."""
        if len(made.body) > _LARGEST or key in self._pages:
            return
        self._pages[key] = made
        self._size += len(made.body)
        while self._size > _ROOM:
            _, gone = self._pages.popitem(last=False)
            self._size -= len(gone.body)
