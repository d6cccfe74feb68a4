"""What the graph says of each thing, thing by thing, without holding the graph.

Canonical N-Quads are sorted by bytes, so everything that is said of a thing stands together: one
walk through the file meets each thing once, in the order of addresses, in little memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from maillage.mint import parse
from maillage.terms import ID
from maillage.words import Language

__all__ = ["Facts", "facts", "id_of", "short"]

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_GRAPH: Final = ID + "graph/"
_TAGS: Final = {"fr": ("fr",), "en": ("en",), "zh": ("zh", "zh-hans")}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of one thing, by anybody.

    :ivar iri: its address.
    :ivar said: for each property, by its address, the values in order, each once.
    :ivar graphs: the keys of the graphs that say something of it, in order.
    """

    iri: str
    said: dict[str, list[Term]]
    graphs: list[str]

    def values(self, prop: str) -> list[str]:
        """The values of a property as text, in order."""
        return sorted({_text(term) for term in self.said.get(prop, ())})

    def ids(self, prop: str) -> list[str]:
        """The things that a property leads to, as ``kind/key``, in order."""
        return [id_of(value) for value in self.values(prop)]

    def keys(self, prop: str) -> list[str]:
        """The things that a property leads to, by their key alone."""
        return [short(value) for value in self.values(prop)]

    def text(self, prop: str, lang: Language) -> str | None:
        """The text of a property in one language; pinyin is no Chinese text."""
        found = []
        for term in self.said.get(prop, ()):
            if isinstance(term, ox.Literal) and (tag := (term.language or "").lower()):
                ours = tag.split("-")[0] == lang and not tag.startswith("zh-latn")
                found += [(tag not in _TAGS[lang], term.value)] if ours else []
        return min(found)[1] if found else None

    def sources(self) -> list[str]:
        """The documents that speak of it: the graphs are named after them."""
        named = (graph.partition("--") for graph in self.graphs)
        return sorted(
            {f"source/{key}" for voice, _, key in named if voice in {"source", "inferred"}}
        )


def facts(path: Path) -> Iterator[Facts]:
    """Every thing of canonical N-Quads, in the order of addresses, with what is said of it."""
    quads = ox.parse(path=path, format=ox.RdfFormat.N_QUADS)
    for iri, about in groupby(quads, key=lambda quad: _text(quad.subject)):
        said: dict[str, dict[Term, None]] = {}
        graphs = set()
        for quad in about:
            said.setdefault(quad.predicate.value, {})[quad.object] = None
            graphs.add(_text(quad.graph_name).removeprefix(_GRAPH))
        yield Facts(iri, {prop: list(terms) for prop, terms in said.items()}, sorted(graphs))


def id_of(iri: str) -> str:
    """A thing of ours as ``kind/key``; a foreign thing by its address.

    >>> id_of(ID + "place/cn-510100"), id_of("https://example.org/x")
    ('place/cn-510100', 'https://example.org/x')
    """
    return iri if parse(iri) is None else iri.removeprefix(ID)


def short(iri: str) -> str:
    """The key of a thing of ours; of a foreign thing, its address; of a text, the text."""
    named = parse(iri)
    return iri if named is None else named.key


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
