"""A small graph of real places, shaped as the tables make it: a link, an event, evidence."""

from __future__ import annotations

from rdflib import RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, SDO

from maillage.mint import graph_iri, thing
from maillage.terms import MLG, PREFIXES
from maillage.words import TAGS

EDTF = URIRef(PREFIXES["edtf"] + "EDTF")
BORDEAUX = thing("place", "fr-commune-33063")
WUHAN = thing("place", "cn-420100")
FRANCE, CHINA = thing("place", "fr"), thing("place", "cn")
LINK = thing("link", "twinning--cn-420100--fr-commune-33063")
MEETING = thing("event", "rencontres-franco-chinoises-4")
SOURCE = thing("source", "press")
EVIDENCE = thing("evidence", "0123456789abcdef")


def _named(graph: Graph, subject: URIRef, fr: str, en: str, zh: str) -> None:
    for tag, text in zip(TAGS.values(), (fr, en, zh), strict=True):
        graph.add((subject, SKOS.prefLabel, Literal(text, lang=tag)))


def sample_dataset() -> Dataset:
    """About eighty quads in eight graphs; no blank node."""
    dataset = Dataset(default_union=True)
    said = dataset.graph(graph_iri("source--press"))
    labels = dataset.graph(graph_iri("labels"))
    geo = PREFIXES["geo"]
    for place, level, country, lat, long in (
        (BORDEAUX, "commune", FRANCE, "44.837789", "-0.579541"),
        (WUHAN, "prefecture", CHINA, "30.5833", "114.2667"),
    ):
        said.add((place, RDF.type, MLG.Collectivity))
        said.add((place, MLG.hasLevel, thing("level", level)))
        said.add((place, MLG.isInCountry, country))
        said.add((place, URIRef(geo + "lat"), Literal(lat, datatype=XSD.decimal)))
        said.add((place, URIRef(geo + "long"), Literal(long, datatype=XSD.decimal)))
    said.add((BORDEAUX, MLG.inseeCode, Literal("33063")))
    said.add((WUHAN, MLG.gbCode, Literal("420100")))
    _named(labels, BORDEAUX, "Bordeaux", "Bordeaux", "波尔多")
    _named(labels, WUHAN, "Wuhan", "Wuhan", "武汉市")
    labels.add((WUHAN, SKOS.altLabel, Literal("Wǔhàn", lang="zh-Latn-pinyin")))
    for country, code, fr, en, zh in (
        (FRANCE, "FR", "France", "France", "法国"),
        (CHINA, "CN", "Chine", "China", "中国"),
    ):
        said.add((country, RDF.type, MLG.Country))
        said.add((country, MLG.isoCode, Literal(code)))
        _named(labels, country, fr, en, zh)

    said.add((LINK, RDF.type, MLG.CooperationLink))
    said.add((LINK, MLG.hasKind, thing("link-kind", "twinning")))
    said.add((LINK, MLG.hasState, thing("state", "active")))
    said.add((LINK, MLG.hasTheme, thing("theme", "climate")))
    said.add((LINK, MLG.hasTheme, thing("theme", "viticulture")))
    said.add((LINK, MLG.startDate, Literal("1998", datatype=EDTF)))
    labels.add((LINK, MLG.purpose, Literal("=SUM(A1) « essai »\n2e ligne", lang="fr")))
    for party in (BORDEAUX, WUHAN):
        said.add((LINK, MLG.hasParty, party))
    _named(
        dataset.graph(graph_iri("names")),
        LINK,
        "Wuhan – Bordeaux",
        "Wuhan – Bordeaux",
        "武汉市 – 波尔多",
    )
    bounds = dataset.graph(graph_iri("bounds"))
    bounds.add((LINK, MLG.earliestDay, Literal("1998-01-01", datatype=XSD.date)))
    bounds.add((MEETING, MLG.latestDay, Literal("2014-11-07", datatype=XSD.date)))

    said.add((MEETING, RDF.type, SDO.Event))
    said.add((MEETING, MLG.ordinal, Literal(4)))
    said.add((MEETING, MLG.startDate, Literal("2014-11-06/2014-11-07", datatype=EDTF)))
    _named(labels, MEETING, "4es Rencontres", "Fourth Meetings", "第四届会议")

    proof = dataset.graph(graph_iri("evidence--press"))
    proof.add((LINK, MLG.hasEvidence, EVIDENCE))
    proof.add((EVIDENCE, RDF.type, MLG.Evidence))
    proof.add((EVIDENCE, DCTERMS.source, SOURCE))
    proof.add((EVIDENCE, MLG.hasCertainty, thing("certainty", "stated")))
    proof.add((EVIDENCE, MLG.bearsOn, MLG.hasParty))
    proof.add((EVIDENCE, MLG.recordedDate, Literal("2026-11-21", datatype=XSD.date)))
    proof.add((EVIDENCE, PROV.wasAttributedTo, thing("recorder", "maillage")))
    has_selector = URIRef(PREFIXES["oa"] + "hasSelector")
    lines, characters = URIRef(EVIDENCE + "#lines"), URIRef(EVIDENCE + "#characters")
    proof.add((EVIDENCE, has_selector, lines))
    proof.add((lines, RDF.value, Literal("line=46,51")))
    proof.add((EVIDENCE, has_selector, characters))
    proof.add((characters, URIRef(PREFIXES["oa"] + "start"), Literal(2210)))
    proof.add((characters, URIRef(PREFIXES["oa"] + "end"), Literal(2450)))

    catalogue = dataset.graph(graph_iri("catalogue"))
    catalogue.add((SOURCE, RDF.type, MLG.SourceDocument))
    _named(catalogue, SOURCE, "Article de presse", "Press article", "新闻报道")
    catalogue.add((SOURCE, DCTERMS.license, URIRef("http://rightsstatements.org/vocab/CNE/1.0/")))
    catalogue.add((SOURCE, MLG.licenceNote, Literal("No licence is stated.", lang="en")))
    catalogue.add((graph_iri("source--press"), RDF.type, MLG.SourceGraph))
    catalogue.add((graph_iri("source--press"), MLG.isAssertedFrom, SOURCE))
    # two statements of one fact: the union has one
    dataset.graph(graph_iri("consensus")).add((LINK, MLG.hasState, thing("state", "active")))

    schemes = dataset.graph(graph_iri("schemes"))
    for key, fr, en, zh in (
        ("theme/climate", "climat", "climate", "气候"),
        ("theme/viticulture", "viticulture", "viticulture", "葡萄种植"),
        ("link-kind/twinning", "jumelage", "twinning", "友好城市关系"),
        ("certainty/stated", "énoncé", "stated", "明确陈述"),
    ):
        concept = thing(*key.split("/"))
        schemes.add((concept, RDF.type, SKOS.Concept))
        _named(schemes, concept, fr, en, zh)
    climate = URIRef("http://metadata.un.org/sdg/13")
    schemes.add((thing("theme", "climate"), SKOS.relatedMatch, climate))
    ontology = dataset.graph(graph_iri("ontology"))
    ontology.add((MLG.CooperationLink, RDFS.label, Literal("lien de coopération", lang="fr")))
    return dataset
