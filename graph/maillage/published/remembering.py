"""A graph that remembers its last answers, for whoever asks the same of it again and again.

The pages of one thing in three languages, its twins, and the map of every question ask for much
the same rows. A site that is written page after page need not have each of them worked out anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, cast

from rdflib import URIRef

from maillage.store import Answer, Reply, Store

__all__ = ["Remembering"]

#: Answers that are kept: those of a page and its twins, and those that every map asks for.
_KEPT: Final = 128


class Remembering:
    """A store that gives the rows of the same SELECT once more without asking; nothing else.

    :param store: a store that does not change.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: OrderedDict[str, Answer] = OrderedDict()

    def query(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Reply:
        """Answer a query.

        :raises MaillageError: as the store does.
        """
        if graphs is not None:
            return self._store.query(sparql, graphs)
        known = self._last.pop(sparql, None)
        if known is None:
            reply = self._store.query(sparql)
            if not isinstance(reply, Answer):  # triples and truths are asked for once
                return reply
            known = reply
        self._last[sparql] = known
        if len(self._last) > _KEPT:
            self._last.popitem(last=False)
        return Answer(known.variables, list(known.rows))  # a list of their own to whoever asks

    def select(self, sparql: str, graphs: Sequence[URIRef] | None = None) -> Answer:
        """Answer a SELECT."""
        return cast("Answer", self.query(sparql, graphs))
