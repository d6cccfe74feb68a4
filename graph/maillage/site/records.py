"""The page about a thing, ``/doc/KIND/KEY/``, with its twins for programs, and the lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from markupsafe import Markup
from rdflib import Graph, Literal

from maillage.catalogue import catalogue
from maillage.mint import KEY, KIND, thing
from maillage.questions import questions
from maillage.site import kinds, schemaorg, twins
from maillage.site.addresses import TWINS, doc
from maillage.site.cards import tables
from maillage.site.citation import citation, cited, report
from maillage.site.lineage import crumbs
from maillage.site.lineage import described as way
from maillage.site.members import members
from maillage.site.naming import spoken
from maillage.site.page import Page, moved
from maillage.site.proofs import proofs
from maillage.site.record import Dispute, Record, read
from maillage.site.showing import facts, heading, names, shown
from maillage.site.sources import said_by
from maillage.site.visit import Opened, Visit

__all__ = ["page", "paths"]

#: The number of parts in the address of a thing: kind and key.
_OF_A_THING: Final = 2


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """A thing, its twin for programs, or a list of things of a kind."""
    if len(rest) != _OF_A_THING or not KIND.fullmatch(rest[0]):
        return kinds.page(visit, rest)
    kind, (key, dot, suffix) = rest[0], rest[1].partition(".")
    if not KEY.fullmatch(key):
        return visit.nothing()
    iri = str(thing(kind, key))
    if dot and suffix not in TWINS:
        return _cited(visit, iri, suffix)
    if kind == "question":
        return _question(visit, key, suffix)
    if not dot and (kind == "evidence" or (kind == "graph" and "--" in key)):
        to = visit.where(iri)
        return visit.nothing() if to is None else moved(visit.href(to), 303)
    if dot:
        graph = twins.last_described(visit.site, iri)
        return _twin(visit, graph, iri, suffix) if len(graph) else visit.nothing()
    record = read(visit.store, kind, key)
    return visit.nothing() if record is None else _record(visit, record)


def paths(site: Opened) -> Iterator[str]:
    """The page of each thing with its twins, the lists, and the twins of questions."""
    yield from kinds.paths(site)
    for name in questions():
        for suffix in twins.offered(site.about):
            yield f"/doc/question/{name}.{suffix}"
    for found in members(site).by_kind.values():
        for iri in found:
            path = (doc(iri) or "").rstrip("/")
            yield f"{path}/"
            for suffix in twins.offered(site.about):
                yield f"{path}.{suffix}"


def _twin(visit: Visit, graph: Graph, iri: str, suffix: str) -> Page:
    """The triples about a thing, in the form that a program asks for."""
    place = visit.href(doc(iri) or "/")
    return Page(
        200,
        TWINS[suffix],
        twins.written(graph, iri, suffix),
        ((place, {"rel": "alternate", "type": "text/html"}), (iri, {"rel": "cite-as"})),
    )


def _question(visit: Visit, name: str, suffix: str) -> Page:
    """A named question: where it is asked, or all that is said of it.

    Both are of the questions that this site asks, whatever a release holds: those built before
    questions stood in the store lead on, too.
    """
    if name not in questions():
        return visit.nothing()
    if not suffix:
        return moved(visit.href(f"/ask/{name}/"), 303)
    described = catalogue({name: questions()[name]})
    return _twin(visit, described, str(thing("question", name)), suffix)


def _cited(visit: Visit, iri: str, suffix: str) -> Page:
    """A file with which the page about a thing is cited."""
    known = iri in members(visit.site).classes
    to = visit.href(doc(iri) or "/doc/")
    found = cited(visit, suffix, iri, to, lambda its: its.label(iri).text) if known else None
    return found or visit.nothing()


class _Side(NamedTuple):
    """One value in a disagreement, as it is shown."""

    value: Markup
    sources: tuple[Markup, ...]
    certainties: tuple[Markup, ...]
    is_preferred: bool


def _record(visit: Visit, record: Record) -> Page:
    """The page about a thing."""
    named = visit.label(record.iri)
    path = f"/doc/{record.kind}/{record.key}"
    steps = crumbs(visit, record.iri)
    referring = tables(visit, record)
    has_links = any(table.is_of_links for table in referring)
    return visit.html(
        "record.html.j2",
        title=named.text,
        named=named,
        path=path,
        steps=steps,
        record=record,
        sorts=[
            visit.label(term)
            for term in (
                *record.classes,
                *record.terms("mlg:hasKind", "mlg:hasLevel", "mlg:hasState"),
            )
        ],
        intro=_intro(visit, record),
        names=names(visit, record),
        facts=facts(visit, record),
        tables=referring,
        is_alone=record.kind == "place" and not has_links,
        disputes=[_dispute(visit, dispute) for dispute in record.disputes],
        proofs=proofs(visit, record.passages),
        said=said_by(visit, record) if record.kind == "source" else [],
        forms=[(suffix, visit.href(f"{path}.{suffix}")) for suffix in twins.offered(visit.about)],
        asking=_asking(visit, record),
        cited=citation(visit, named.text, record.iri),
        report=report(visit, record, named.text),
        changes=_changes(visit, record),
        links=[
            *twins.links(visit, record.iri, path),
            *((of_class, {"rel": "type"}) for of_class in record.classes),
        ],
        described={
            "@context": "https://schema.org",
            "@graph": [
                schemaorg.described(visit, record, named.text),
                way(visit, steps, named.text),
            ],
        },
    )


def _intro(visit: Visit, record: Record) -> Markup:
    """A sentence that says what the thing is, where the graph has one."""
    texts = [
        (term.language or "", str(term))
        for term in record.terms("dcterms:description", "skos:definition")
        if isinstance(term, Literal)
    ]
    said = spoken(texts, visit.lang)
    return visit.text(said) if said else Markup("")


def _dispute(visit: Visit, dispute: Dispute) -> dict[str, Any]:
    reason = spoken(
        ((t.language or "", str(t)) for t in dispute.reasons if isinstance(t, Literal)),
        visit.lang,
    )
    return {
        "link": visit.link(dispute.iri, visit.say("dispute-page")),
        "about": visit.link(dispute.about),
        "property": heading(visit, dispute.property),
        "sides": [
            _Side(
                shown(visit, dispute.property, stance.value)
                if stance.value is not None
                else Markup(""),
                tuple(visit.link(source) for source in stance.sources),
                tuple(visit.link(certainty) for certainty in stance.certainties),
                stance.is_preferred,
            )
            for stance in dispute.stances
        ],
        "reason": visit.text(reason) if reason else Markup(""),
    }


class _Asked(NamedTuple):
    """A named question that can be asked about a thing."""

    summary: str
    address: str
    command: str


def _asking(visit: Visit, record: Record) -> list[_Asked]:
    """The questions that take this thing for a parameter, those about its kind first."""
    found = []
    for question in questions().values():
        for parameter in question.parameters:
            if {record.kind, "any"} & set(parameter.kinds):
                given = {parameter.name: f"{record.kind}/{record.key}"}
                found.append(
                    (
                        "any" in parameter.kinds,
                        _Asked(
                            question.summary[visit.lang],
                            visit.href(f"/ask/{question.name}/", **given),
                            f"maillage ask {question.name} "
                            f"{parameter.name}={record.kind}/{record.key}",
                        ),
                    )
                )
                break
    return [asked for _, asked in sorted(found, key=lambda item: item[0])]


def _changes(visit: Visit, record: Record) -> str:
    """What changed since the release before; without one, since when the thing is recorded."""
    if visit.about.previous:
        before = visit.about.previous[0]
        changed = before.changed(record.iri)
        if changed is None:
            return visit.say("changed-nothing", id=before.release, date=before.date)
        what = "; ".join(heading(visit, prop) for prop in changed) or visit.say("changed-all")
        return visit.say("changed", id=before.release, date=before.date, what=what)
    days = sorted({p.recorded for p in record.passages if p.recorded})
    return visit.say("first-recorded", date=days[0]) if days else ""
