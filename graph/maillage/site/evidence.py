"""The passages that a thing rests on: which document, where in it, how sure, recorded by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rdflib import URIRef
from rdflib.term import Identifier

from maillage.mint import parse
from maillage.site.rows import Row, chain, first, full
from maillage.store import Store

__all__ = ["Passage", "lines_of", "passages"]


class Passage(NamedTuple):
    """A piece of evidence: where the claim stands, how sure it is, and who recorded it."""

    key: str
    source: str
    page: str
    section: Sequence[Identifier]
    lines: str
    first: int | None
    last: int | None
    certainty: str
    bears_on: tuple[str, ...]
    reasons: Sequence[Identifier]
    recorder: str
    recorded: str


_OF_EVIDENCE: Final = (
    "dcterms:source",
    "mlg:page",
    "mlg:section",
    "mlg:hasCertainty",
    "mlg:reason",
    "mlg:bearsOn",
    "mlg:recordedDate",
    "prov:wasAttributedTo",
    "oa:hasSelector",
)


def passages(store: Store, iri: URIRef) -> tuple[Passage, ...]:
    """The evidence of a thing, in the order of documents and of places in them."""
    rests = f"{iri.n3()} <{full('mlg:hasEvidence')}> "
    rows = chain(store, f"{rests} ?thing .", _OF_EVIDENCE)
    spans = chain(
        store,
        f"{rests} ?it . ?it <{full('oa:hasSelector')}> ?thing .",
        ("oa:start", "oa:end", "rdf:value"),
    )
    found = []
    for address, row in rows.items():
        named = parse(address)
        span: Row = {}
        for selector in row.get("oa:hasSelector", ()):
            span |= spans.get(str(selector), {})
        start, end = first(span, "oa:start"), first(span, "oa:end")
        found.append(
            Passage(
                key=named.key if named else address,
                source=first(row, "dcterms:source"),
                page=first(row, "mlg:page"),
                section=row.get("mlg:section", []),
                lines=lines_of(first(span, "rdf:value")),
                first=int(start) if start else None,
                last=int(end) if end else None,
                certainty=first(row, "mlg:hasCertainty"),
                bears_on=tuple(str(value) for value in row.get("mlg:bearsOn", ())),
                reasons=row.get("mlg:reason", []),
                recorder=first(row, "prov:wasAttributedTo"),
                recorded=first(row, "mlg:recordedDate"),
            )
        )
    found.sort(key=lambda p: (p.source, -1 if p.first is None else p.first, p.key))
    return tuple(found)


def lines_of(fragment: str) -> str:
    """The lines that a fragment means: RFC 5147 counts the gaps between lines.

    >>> lines_of("line=46,51"), lines_of("line=5,6"), lines_of("")
    ('47-51', '6', '')
    """
    gaps = fragment.removeprefix("line=").partition(",")
    if not (gaps[0].isdecimal() and gaps[2].isdecimal()):
        return ""
    first, last = int(gaps[0]) + 1, int(gaps[2])
    return str(first) if first == last else f"{first}-{last}"
