"""The pages of the vocabulary: all terms (``/ns/``), and one term a page (``/ns/Term/``).

Each page is in one language. What a term means stands in the ontology, how it is used is counted
in the graph, and what its values must look like is said by the rules in words. ``/ns.ttl`` is the
ontology as its authors write it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from markupsafe import Markup
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from maillage.dumps import write_triples
from maillage.folders import folder, house_text
from maillage.gather import ONTOLOGY_FILES, ontology_graph
from maillage.site.addresses import TWINS
from maillage.site.lineage import Crumb
from maillage.site.lineage import described as way
from maillage.site.members import in_order, members
from maillage.site.naming import Named, spoken
from maillage.site.page import Page
from maillage.site.rows import Row, chain, first, full
from maillage.site.shapes import rules
from maillage.site.visit import Opened, Visit
from maillage.store import Store
from maillage.terms import BASE, NS

__all__ = ["page", "paths"]

_TYPES: Final = {
    full("owl:Class"): "class",
    full("owl:ObjectProperty"): "object-property",
    full("owl:DatatypeProperty"): "datatype-property",
    full("owl:AnnotationProperty"): "annotation-property",
}
#: What is read of each term.
_READ: Final = (
    "rdf:type",
    "rdfs:label",
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:seeAlso",
    "skos:definition",
    "skos:scopeNote",
    "skos:example",
    "schema:rangeIncludes",
    "mlg:expectsOneValue",
    "owl:deprecated",
    "owl:equivalentClass",
    "owl:equivalentProperty",
    "dcterms:isReplacedBy",
)
#: How many classes that use a property are named.
_NAMED: Final = 12
_FORMS: Final = {suffix: kind for suffix, kind in TWINS.items() if suffix != "json"}


class _Use(NamedTuple):
    """How often a term is used: all in all, and by which class."""

    total: int
    by_class: tuple[tuple[str, int], ...]
    example: str


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """All terms, one term, or the ontology as a file."""
    if not rest:
        return _all(visit)
    if len(rest) > 1:
        return visit.nothing()
    name, dot, suffix = rest[0].partition(".")
    if name == "ns" and dot and suffix in _FORMS:
        links = (
            (visit.href("/ns/"), {"rel": "alternate", "type": "text/html"}),
            (NS, {"rel": "cite-as"}),
        )
        return Page(200, _FORMS[suffix], _file(suffix), links)
    row = _terms(visit.site).get(NS + name)
    return visit.nothing() if row is None or dot else _one(visit, NS + name, row)


def paths(site: Opened) -> Iterator[str]:
    """The list, each term, and the ontology as files."""
    yield "/ns/"
    for suffix in _FORMS:
        yield f"/ns.{suffix}"
    for iri in _terms(site):
        yield f"/ns/{iri[len(NS) :]}/"


@cache
def _file(suffix: str) -> bytes:
    """The ontology: in Turtle as it is written by hand, comments and all."""
    names = ONTOLOGY_FILES["ontology"]
    if suffix == "ttl":
        return house_text(folder("ontology") / names[0]).encode()
    return write_triples(ontology_graph(names[0]), suffix)


def _terms(site: Opened) -> Mapping[str, Row]:
    """The terms of the vocabulary by address, as the graph describes them."""
    found: Mapping[str, Row] = site.once("terms", lambda opened: _read(opened.store))
    return found


def _read(store: Store) -> dict[str, Row]:
    pattern = f"?thing <{full('rdfs:isDefinedBy')}> <{NS}> ."
    rows = chain(store, pattern, _READ)
    return {iri: row for iri, row in rows.items() if iri.startswith(NS) and iri != NS}


def _sort_of(row: Row) -> str:
    return next((_TYPES[str(t)] for t in row.get("rdf:type", ()) if str(t) in _TYPES), "class")


def _text(visit: Visit, row: Row, name: str) -> Markup:
    texts = [(t.language or "", str(t)) for t in row.get(name, ()) if isinstance(t, Literal)]
    found = spoken(texts, visit.lang)
    return visit.text(found) if found else Markup("")


class _Listed(NamedTuple):
    """A term in the list: its name in the vocabulary is also the anchor of its line."""

    name: str
    link: Markup
    definition: Markup
    is_deprecated: bool


def _all(visit: Visit) -> Page:
    groups: dict[str, list[tuple[tuple[str, str], _Listed]]] = {}
    for iri, row in _terms(visit.site).items():
        label = visit.label(iri)
        listed = _Listed(
            iri[len(NS) :],
            visit.link(iri),
            _text(visit, row, "skos:definition"),
            first(row, "owl:deprecated") == "true",
        )
        groups.setdefault(_sort_of(row), []).append((in_order(label, visit.lang), listed))
    about = chain(
        visit.store,
        f"VALUES ?thing {{ <{NS}> }}",
        ("owl:versionInfo", "dcterms:description", "dcterms:modified", "dcterms:title"),
    ).get(NS, {})
    title = visit.say("terms")
    schemes = sorted(
        (in_order(visit.label(iri), visit.lang), iri)
        for iri in members(visit.site).by_kind.get("scheme", ())
    )
    return visit.html(
        "terms.html.j2",
        title=title,
        steps=[Crumb(Named(visit.say("home")), "/")],
        about=_text(visit, about, "dcterms:description"),
        version=first(about, "owl:versionInfo"),
        modified=first(about, "dcterms:modified"),
        namespace=NS,
        # the page is made where a release before is known, among the files of the site
        changes=visit.href("/ns/changes/") if visit.about.static and visit.about.previous else "",
        groups=[
            (visit.say(f"term-all-{sort}"), [listed for _, listed in sorted(groups[sort])])
            for sort in _TYPES.values()
            if sort in groups
        ],
        schemes=[visit.link(iri) for _, iri in schemes],
        forms=[(suffix, visit.href(f"/ns.{suffix}")) for suffix in _FORMS],
        links=_links(visit),
        described={
            "@context": "https://schema.org",
            "@type": "DefinedTermSet",
            "@id": NS,
            "name": title,
            "url": NS,
            "version": first(about, "owl:versionInfo"),
        },
    )


def _links(visit: Visit) -> list[tuple[str, dict[str, str]]]:
    return [
        (visit.href(f"/ns.{suffix}"), {"rel": "alternate", "type": media_type})
        for suffix, media_type in _FORMS.items()
    ]


def _one(visit: Visit, iri: str, row: Row) -> Page:
    label = visit.label(iri)
    steps = [Crumb(Named(visit.say("home")), "/"), Crumb(Named(visit.say("terms")), "/ns/")]
    sort = _sort_of(row)
    use = _use(visit.site, iri, sort)
    known = _terms(visit.site)
    broader = [*row.get("rdfs:subClassOf", ()), *row.get("rdfs:subPropertyOf", ())]
    narrower = [
        other
        for other, its in known.items()
        if URIRef(iri) in [*its.get("rdfs:subClassOf", ()), *its.get("rdfs:subPropertyOf", ())]
    ]
    definition = _text(visit, row, "skos:definition")
    return visit.html(
        "term.html.j2",
        title=label.text,
        named=label,
        steps=steps,
        iri=iri,
        short="mlg:" + iri[len(NS) :],
        sort=visit.say(f"term-{sort}"),
        definition=definition,
        note=_text(visit, row, "skos:scopeNote"),
        example=_text(visit, row, "skos:example"),
        facts=_facts(visit, row, broader, narrower),
        is_deprecated=first(row, "owl:deprecated") == "true",
        replaced=[visit.link(t) for t in row.get("dcterms:isReplacedBy", ())],
        use=use,
        uses=visit.counted(
            use.total, visit.rows_of(_query(iri, sort)), visit.count("term-used", use.total)
        )
        if use.total
        else visit.say("term-unused"),
        users=[
            (visit.link(c), visit.counted(n, visit.rows_of(_query(iri, sort, c))))
            for c, n in use.by_class[:_NAMED]
        ],
        example_link=visit.link(use.example) if use.example else Markup(""),
        rules=[(*rule.said(visit.lang), rule.is_error) for rule in rules().get(iri, ())],
        links=[*_links(visit), (iri, {"rel": "cite-as"})],
        described={
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": "DefinedTerm",
                    "@id": iri,
                    "name": label.text,
                    "termCode": iri[len(NS) :],
                    "description": definition.striptags(),
                    "inDefinedTermSet": NS,
                    "url": iri,
                },
                way(visit, steps, label.text),
            ],
        },
    )


def _facts(
    visit: Visit, row: Row, broader: Sequence[Identifier], narrower: Sequence[str]
) -> list[tuple[str, list[Markup]]]:
    """What else the ontology says of a term: its place among others, the form of its values."""

    def linked(found: Sequence[Identifier | str]) -> list[Markup]:
        return [visit.link(iri) for iri in sorted(map(str, found))]

    same = [*row.get("owl:equivalentClass", ()), *row.get("owl:equivalentProperty", ())]
    told: list[tuple[str, list[Markup]]] = [
        (visit.say("term-broader"), linked(broader)),
        (visit.say("term-narrower"), linked(narrower)),
        (visit.say("term-same"), linked(same)),
        (visit.say("term-see"), linked(row.get("rdfs:seeAlso", []))),
        (visit.say("term-range"), linked(row.get("schema:rangeIncludes", []))),
    ]
    if first(row, "mlg:expectsOneValue") == "true":
        told.append((visit.say("term-one"), [visit.text(visit.say("term-one-why"))]))
    return [(name, values) for name, values in told if values]


def _query(iri: str, sort: str, user: str = "") -> str:
    """A query for all uses of a term, by things of one class if that is given."""
    said = f"?s a <{iri}>" if sort == "class" else f"?s <{iri}> ?o"
    what = "?s" if sort == "class" else "?s ?o"
    by = f" . ?s a <{user}>" if user else ""
    return f"SELECT {what} WHERE {{ {said}{by} }} ORDER BY {what}"


def _use(site: Opened, iri: str, sort: str) -> _Use:
    """How often a term is used; counted once for all pages."""
    kept: dict[str, _Use] = site.once("uses", lambda _: {})
    if iri not in kept:
        kept[iri] = _of_class(site, iri) if sort == "class" else _of_property(site.store, iri)
    return kept[iri]


def _of_class(site: Opened, iri: str) -> _Use:
    total = site.store.select(f"SELECT (COUNT(*) AS ?n) {{ ?s a <{iri}> }}").rows
    known = members(site)
    pages = {thing for found in known.by_kind.values() for thing in found}
    example = min((t for t, its in known.classes.items() if iri in its and t in pages), default="")
    return _Use(int(str(total[0][0])), (), example)


def _of_property(store: Store, iri: str) -> _Use:
    said = f"?s <{iri}> ?o"
    total = store.select(f"SELECT (COUNT(*) AS ?n) {{ {said} }}").rows
    rows = store.select(f"SELECT ?c (COUNT(*) AS ?n) {{ {said} . ?s a ?c }} GROUP BY ?c").rows
    by_class = [(str(c), int(str(n))) for c, n in rows if c is not None]
    # parts of things have no page of their own, and a passage is no telling example
    example = store.select(
        f"SELECT (MIN(STR(?s)) AS ?first) {{ {said} "
        f'FILTER ( REGEX(STR(?s), "^{BASE}id/[^#]+$") && !REGEX(STR(?s), "/evidence/|--") ) }}'
    ).rows
    return _Use(
        int(str(total[0][0])),
        tuple(sorted(by_class, key=lambda item: (-item[1], item[0]))),
        str(example[0][0] or "") if example else "",
    )
