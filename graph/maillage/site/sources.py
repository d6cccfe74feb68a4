"""What a source says: everything that rests on a passage of it, in the order of the document."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple

from markupsafe import Markup

from maillage.mint import parse
from maillage.site.addresses import doc
from maillage.site.evidence import Passage, lines_of
from maillage.site.members import KINDS, in_order, kind_name
from maillage.site.proofs import where
from maillage.site.record import Record
from maillage.site.visit import Visit
from maillage.terms import NS

__all__ = ["Claims", "said_by"]

#: How many claims of a kind stand on the page; a gazetteer supports thousands.
_MOST: Final = 500
#: How many stand open.
_OPEN: Final = 25


class _Claim(NamedTuple):
    link: Markup
    where: str
    certainty: Markup
    passage: str


class Claims(NamedTuple):
    """The claims of one kind that rest on a source; ``total`` counts those left out, too."""

    anchor: str
    title: str
    total: int
    rows: tuple[_Claim, ...]
    is_open: bool


_SAID: Final = f"""
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX mlg: <{NS}>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?thing ?evidence ?certainty ?page ?first ?last ?lines WHERE {{
  ?evidence dcterms:source @source .
  ?thing mlg:hasEvidence ?evidence .
  OPTIONAL {{ ?evidence mlg:hasCertainty ?certainty }}
  OPTIONAL {{ ?evidence mlg:page ?page }}
  OPTIONAL {{ ?evidence oa:hasSelector ?span . ?span oa:start ?first ; oa:end ?last }}
  OPTIONAL {{ ?evidence oa:hasSelector ?range . ?range rdf:value ?lines }}
}}
"""


def said_by(visit: Visit, record: Record) -> list[Claims]:
    """What rests on a source, kind by kind; within a kind, by its place in the document."""
    rows = visit.store.select(_SAID.replace("@source", f"<{record.iri}>")).rows
    by_kind: dict[str, dict[tuple[str, str], Passage]] = defaultdict(dict)
    for row in rows:
        thing, evidence, certainty, page, first, last, lines = (str(c or "") for c in row)
        named, proof = parse(thing), parse(evidence)
        by_kind[named.kind if named else ""][thing, evidence] = Passage(
            key=proof.key if proof else evidence,
            source=record.iri,
            page=page,
            section=(),
            lines=lines_of(lines),
            first=int(first) if first else None,
            last=int(last) if last else None,
            certainty=certainty,
            bears_on=(),
            reasons=(),
            recorder="",
            recorded="",
        )
    order = {kind: place for place, kind in enumerate(KINDS)}
    return [
        _claims(visit, kind, by_kind[kind])
        for kind in sorted(by_kind, key=lambda kind: (order.get(kind, len(order)), kind))
    ]


def _claims(visit: Visit, kind: str, found: dict[tuple[str, str], Passage]) -> Claims:
    ranked = sorted(
        found.items(),
        key=lambda item: (
            item[1].first is None,
            item[1].first or 0,
            in_order(visit.label(item[0][0]), visit.lang),
            item[0],
        ),
    )
    rows = tuple(
        _Claim(
            visit.link(thing),
            where(visit, passage),
            visit.link(passage.certainty) if passage.certainty else Markup(""),
            visit.href(f"{doc(thing) or '/doc/'}#evidence-{passage.key}"),
        )
        for (thing, _), passage in ranked[:_MOST]
    )
    return Claims(f"said-{kind}", kind_name(visit, kind), len(ranked), rows, len(ranked) <= _OPEN)
