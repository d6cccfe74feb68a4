"""A network of made-up links without documents, thing by thing, for work on the whole graph.

Who is linked with whom, how and since when is drawn as for the whole data set
(:mod:`generator.links`); evidence, names and what follows from a link are left out, because no
measure asks for them. Memory holds the places and a mark for each link.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from generator.claims import Paper
from generator.documents import parties_for
from generator.lines import Dice
from generator.links import DATES, KINDS, LAST, STATES, Links
from generator.places import gazetteer
from maillage.facts import Facts
from maillage.mint import link_key
from maillage.parquetrows import Known
from maillage.terms import ID, NS, PREFIXES

__all__ = ["Network"]

_TYPE, _NAME = PREFIXES["rdf"] + "type", PREFIXES["skos"] + "prefLabel"
_EDTF = ox.NamedNode(PREFIXES["edtf"] + "EDTF")


def _things(kind: str, *keys: str) -> list[ox.NamedNode]:
    return [ox.NamedNode(f"{ID}{kind}/{key}") for key in keys]


class Network:
    """So many links and the places that they may join; the same for the same seed.

    :ivar around: in which country each place lies, for :func:`maillage.parquetrows.rows`.
    """

    def __init__(self, links: int, seed: int = 1) -> None:
        self._count, self._seed = links, seed
        self._places = gazetteer(parties_for(links))
        lands = {key: place.country or key for key, place in self._places.places.items()}
        self.around = Known(country={f"{ID}place/{key}": land for key, land in lands.items()})

    def things(self) -> Iterator[Facts]:
        """The places, then the links, as canonical N-Quads would tell them."""
        classes = {"country": "Country", "city": "Place", "unknown": "Place"}
        for key, place in self._places.places.items():
            named = [ox.Literal(text, language=lang) for lang, text in place.labels.items()]
            said: dict[str, list[ox.NamedNode | ox.Literal]] = {
                _TYPE: [ox.NamedNode(NS + classes.get(place.level, "Collectivity"))],
                _NAME: [*named],
                NS + "hasLevel": [*_things("level", place.level)],
            }
            yield Facts(f"{ID}place/{key}", {**said}, ["source--made-up"])
        dice = Dice("network", self._seed)
        links = Links(Paper(), dice, self._places, (), self._count)
        for _ in range(self._count):
            kind = dice.weighted(KINDS)
            keys = [party.key for party in links.unmet(kind)]
            told = {
                _TYPE: [ox.NamedNode(NS + "CooperationLink")],
                NS + "hasKind": _things("link-kind", kind),
                NS + "hasParty": _things("place", *keys),
            }
            if state := dice.weighted(STATES):
                told[NS + "hasState"] = _things("state", state)
            if how := dice.weighted(DATES):
                date = ox.Literal(links.date(1975, LAST, how), datatype=_EDTF)
                told[NS + "startDate"] = [date]
            yield Facts(f"{ID}link/{link_key(kind, keys)}", {**told}, ["source--made-up"])
