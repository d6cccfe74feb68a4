"""Room for answers that wait in files until their clients have taken them."""

from __future__ import annotations

from typing import Final

from maillage.bounded.outcomes import Busy, TooMany

__all__ = ["Room"]

_RETRY: Final = 5  # seconds


class Room:
    """Bytes of long answers that are not yet taken away, by client.

    A client may have as much as it leaves free: one alone gets half of the room, of two each a
    third, and however many there are, one more still finds a place. It is the rule by which
    switches share their memory among ports (Choudhury and Hahne, Dynamic queue length thresholds
    for shared-memory packet switches, IEEE/ACM Transactions on Networking 6, 1998).

    >>> room = Room(900)
    >>> room.take("a", 300)
    >>> room.take("b", 200), room.taken
    (None, 500)

    :param size: of all, in bytes.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._of: dict[str, int] = {}
        self.taken = 0

    def take(self, client: str, size: int) -> None:
        """Have room for an answer, until :meth:`give_back`.

        :raises TooMany: when this client has too much already.
        :raises Busy: when it has nothing, and there is not enough for it.
        """
        mine = self._of.get(client, 0)
        free = self._size - self.taken - size  # when it has this one, too
        if mine + size > free:
            raise TooMany(_RETRY) if mine else Busy(_RETRY)
        self._of[client] = mine + size
        self.taken += size

    def give_back(self, client: str, size: int) -> None:
        """An answer was taken away, or given up."""
        self.taken -= size
        self._of[client] -= size
        if not self._of[client]:
            del self._of[client]
