"""The formats of answers: media types, the names that links use, and what the engine calls them.

SPARQL 1.1 Query Results JSON, XML, CSV and TSV for rows; JSON and XML for a truth; the RDF formats
for triples. A general type (``application/json``) is another name of the one that it means here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from maillage.wire.accept import Offer, ranked

__all__ = ["CHARSET", "FAMILIES", "HTML", "NAMED", "Family", "acceptable", "engine_type", "shown"]

Family = Literal["solutions", "boolean", "graph"]

HTML: Final = "text/html"

_ROWS: Final = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
_TRUTHS: Final = _ROWS[:2]
_TRIPLES: Final = (
    "text/turtle",
    "application/ld+json",
    "application/n-triples",
    "application/rdf+xml",
    "application/trig",
    "application/n-quads",
    "text/n3",
)

#: What each kind of answer can be had in, ours first choice first.
FAMILIES: Final[dict[Family, tuple[str, ...]]] = {
    "solutions": _ROWS,
    "boolean": _TRUTHS,
    "graph": _TRIPLES,
}

# General types by which older clients ask, and what each means for a kind of answer.
_MEANT: Final[dict[str, dict[Family, str]]] = {
    "application/json": {"solutions": _ROWS[0], "boolean": _ROWS[0], "graph": _TRIPLES[1]},
    "application/xml": {"solutions": _ROWS[1], "boolean": _ROWS[1], "graph": _TRIPLES[3]},
    "text/xml": {"solutions": _ROWS[1], "boolean": _ROWS[1], "graph": _TRIPLES[3]},
}

#: What may stand in a link (``?format=csv``) and what it asks for.
NAMED: Final[dict[str, tuple[str, ...]]] = {
    "json": (_ROWS[0], _TRIPLES[1]),
    "xml": (_ROWS[1], _TRIPLES[3]),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "ttl": ("text/turtle",),
    "turtle": ("text/turtle",),
    "jsonld": ("application/ld+json",),
    "json-ld": ("application/ld+json",),  # these two are what SPARQLWrapper says
    "rdf+xml": ("application/rdf+xml",),
    "nt": ("application/n-triples",),
    "rdf": ("application/rdf+xml",),
    "trig": ("application/trig",),
    "nq": ("application/n-quads",),
    "n3": ("text/n3",),
    "html": (HTML,),
}

#: Of these, the character encoding is told beside the type; the others define it themselves.
CHARSET: Final = ("text/",)


def acceptable(accept: str | None, families: Sequence[Family], *, html: bool) -> list[str]:
    """What a client accepts of what there is for some kinds of answer, best first.

    :param html: whether a page can be had, for who names ``text/html``.

    >>> acceptable("application/json, text/turtle;q=0.5", ["boolean"], html=False)
    ['application/json']
    >>> acceptable("text/html,application/xml;q=0.9,*/*;q=0.8", ["boolean"], html=True)[0]
    'text/html'
    """
    offered: dict[str, Offer] = {}
    for family in families:
        for kind in FAMILIES[family]:
            offered.setdefault(kind, Offer(kind))
    for kind, means in _MEANT.items():
        if any(family in means for family in families):
            offered.setdefault(kind, Offer(kind, named=True))
    if html:
        offered[HTML] = Offer(HTML, named=True)
    return ranked(accept, list(offered.values()))


def engine_type(kind: str, family: Family) -> str | None:
    """What the engine is asked for when a client wants ``kind``; ``None`` when it has none.

    >>> engine_type("application/json", "graph"), engine_type("text/csv", "graph")
    ('application/ld+json', None)
    """
    meant = _MEANT.get(kind, {}).get(family, kind)
    return meant if meant in FAMILIES[family] else None


def shown(kind: str) -> str:
    """A media type as the header tells it.

    >>> shown("text/csv"), shown("application/n-triples")
    ('text/csv; charset=utf-8', 'application/n-triples')
    """
    return f"{kind}; charset=utf-8" if kind.startswith(CHARSET) else kind
