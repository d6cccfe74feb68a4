"""Addresses (IRIs) of things, made from what identifies them, so that two sources can meet.

A thing is ``https://w3id.org/maillage/id/<kind>/<key>``; the key is an official code where one
exists (``fr-commune-67482``, ``cn-510100``), a slug otherwise. What joins things is minted from
the things it joins: a link from its kind and its parties, a participation from the event, the
participant and the role. Whoever records the same link records it under the same address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from rdflib import URIRef

from maillage.terms import BASE

__all__ = ["KEY", "KIND", "Thing", "fingerprint", "graph_iri", "join", "link_key", "parse", "thing"]

KIND = re.compile(r"[a-z]+(-[a-z]+)*")
# One hyphen inside a part, two between the parts of a minted key: so minted keys can be split.
KEY = re.compile(r"[a-z0-9]+(-{1,2}[a-z0-9]+)*")

_ID = BASE + "id/"


class Thing(NamedTuple):
    """What an address says: the kind of thing and its key."""

    kind: str
    key: str


def thing(kind: str, key: str) -> URIRef:
    """Mint the address of a thing.

    >>> str(thing("place", "fr-commune-67482"))
    'https://w3id.org/maillage/id/place/fr-commune-67482'

    :raises ValueError: when kind or key has a form that no address of ours has.
    """
    if not KIND.fullmatch(kind) or not KEY.fullmatch(key):
        raise ValueError(f"{kind}/{key} is not the address of a thing: lower case, digits, hyphens")
    return URIRef(f"{_ID}{kind}/{key}")


def parse(iri: str) -> Thing | None:
    """Read an address back; ``None`` when it is not the address of a thing of ours.

    >>> parse("https://w3id.org/maillage/id/place/cn-510100")
    Thing(kind='place', key='cn-510100')
    >>> parse("http://www.wikidata.org/entity/Q30002") is None
    True
    """
    if not iri.startswith(_ID):
        return None
    kind, _, key = iri[len(_ID) :].partition("/")
    if not KIND.fullmatch(kind) or not KEY.fullmatch(key):
        return None
    return Thing(kind, key)


def link_key(kind: str, parties: Iterable[str], proposed_for: str = "") -> str:
    """The key of a link, from its kind, the keys of its parties in any order, and its occasion.

    Only a proposal has an occasion: the same two authorities may be proposed as a lead pair for
    two workshops, and these are two proposals.

    >>> link_key("twinning", ["fr-commune-33063", "cn-420100"])
    'twinning--cn-420100--fr-commune-33063'
    """
    return join(kind, *sorted(parties), *([proposed_for] if proposed_for else []))


def join(*parts: str) -> str:
    """Join keys into one that can be split again.

    :raises ValueError: when a part is empty or not a key.
    """
    for part in parts:
        if not KEY.fullmatch(part):
            raise ValueError(f"{part!r} cannot be part of an address")
    return "--".join(parts)


def fingerprint(*parts: str) -> str:
    """A short key for what has no name of its own (an evidence, a disagreement): 16 hex digits.

    Parts are joined by the unit separator, which no cell may contain, so that no two lists of
    parts look alike.
    """
    return sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def graph_iri(name: str) -> URIRef:
    """The address of a named graph, for example ``source--cuf-china-group-page`` or ``names``."""
    return thing("graph", name)
