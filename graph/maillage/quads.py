"""What a store says of one thing, and which things have a value, looked up by pattern.

In whichever graph it stands: what several graphs say comes several times. Terms and quads are the
engine's own, which is as quick as Python can read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from maillage.words import TAGS, Language

__all__ = ["Graph", "Subject", "Value", "about", "addresses", "having", "text", "texts", "values"]

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Value = Subject | ox.Literal
Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


def about(store: ox.Store, subject: Subject) -> list[ox.Quad]:
    """All that is said of a thing."""
    return list(store.quads_for_pattern(subject, None, None))


def having(
    store: ox.Store, predicate: ox.NamedNode, value: Value | None = None
) -> Iterator[Subject]:
    """The things that have a property, or this value of it."""
    return (quad.subject for quad in store.quads_for_pattern(None, predicate, value))


def values(quads: Iterable[ox.Quad], predicate: ox.NamedNode) -> set[Value]:
    """The values of a property."""
    return {quad.object for quad in quads if quad.predicate == predicate}


def addresses(quads: Iterable[ox.Quad], predicate: ox.NamedNode) -> list[str]:
    """The addresses among the values of a property, sorted."""
    found = values(quads, predicate)
    return sorted(value.value for value in found if isinstance(value, ox.NamedNode))


def texts(quads: Iterable[ox.Quad], predicate: ox.NamedNode) -> set[ox.Literal]:
    """The literals among the values of a property."""
    return {value for value in values(quads, predicate) if isinstance(value, ox.Literal)}


def text(content: str, lang: Language) -> ox.Literal:
    """A text in one of our languages."""
    return ox.Literal(content, language=TAGS[lang])
