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
from maillage.site.rows import full
from maillage.site.visit import Visit
from maillage.terms import ID, NS

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
    """The claims of one kind that rest on a source.

    :ivar total: how many there are.
    :ivar all: where all of them are, when the page holds not all.
    """

    anchor: str
    title: str
    total: int
    rows: tuple[_Claim, ...]
    is_open: bool
    all: str | None


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
        _claims(visit, record, kind, by_kind[kind])
        for kind in sorted(by_kind, key=lambda kind: (order.get(kind, len(order)), kind))
    ]


def _claims(
    visit: Visit, record: Record, kind: str, found: dict[tuple[str, str], Passage]
) -> Claims:
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
    query = (
        f"SELECT DISTINCT ?thing ?evidence WHERE {{ "
        f"?evidence <{full('dcterms:source')}> <{record.iri}> . ?thing <{NS}hasEvidence> ?evidence "
        f'FILTER ( STRSTARTS(STR(?thing), "{ID}{kind}/") ) }} ORDER BY ?thing ?evidence'
    )
    return Claims(
        anchor=f"said-{kind}",
        title=kind_name(visit, kind),
        total=len(ranked),
        rows=rows,
        is_open=len(ranked) <= _OPEN,
        all=visit.rows_of(query) if len(ranked) > _MOST else None,
    )
