"""A release describes itself: right counts, right files, no blank node, no clock."""

from __future__ import annotations

from hashlib import sha256

import pytest
from rdflib import RDF, SKOS, VOID, XSD, BNode, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV

from maillage.describe import LICENCE, SPDX, File, dcat, release
from maillage.dumps import FORMATS, nquads, write_triples
from maillage.errors import MaillageError
from maillage.mint import graph_iri
from maillage.terms import MLG, PREFIXES
from maillage.void import void
from sample_dataset import LINK, SOURCE, sample_dataset

DATASET = sample_dataset()
THIS = release(DATASET, nquads(DATASET))
FILES = [
    File.of("maillage.ttl", b"dump", "text/turtle", part="graph", label="publish.file.union"),
    File.of(
        "maillage.nq", b"quads", "application/n-quads", part="graph", label="publish.file.graphs"
    ),
    File.of("tables/links.csv", b"key", "text/csv", part="tables", label="publish.file.csv"),
]


@pytest.fixture(scope="module")
def catalogued():
    return dcat(DATASET, THIS, FILES)


@pytest.fixture(scope="module")
def counted():
    return void(DATASET, THIS, FILES)


def test_a_release_is_named_by_its_data():
    digest = sha256(nquads(DATASET)).hexdigest()
    assert THIS.id == f"2026-11-21-{digest[:12]}"
    assert str(THIS.address) == f"https://w3id.org/maillage/release/{THIS.id}"


def test_a_graph_without_a_day_is_no_release():
    dataset = sample_dataset()
    dataset.remove((None, MLG.recordedDate, None, None))
    with pytest.raises(MaillageError, match="recorded"):
        release(dataset, nquads(dataset))


def test_nothing_is_a_blank_node_and_the_bytes_stay(catalogued, counted):
    for graph in (catalogued, counted):
        assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
    again = dcat(sample_dataset(), THIS, FILES), void(sample_dataset(), THIS, FILES)
    assert write_triples(again[0], "ttl") == write_triples(catalogued, "ttl")
    assert write_triples(again[1], "ttl") == write_triples(counted, "ttl")


def test_counts(counted):
    triples = {quad[:3] for quad in DATASET.quads()}
    node = THIS.address
    assert counted.value(node, VOID.triples) == Literal(len(triples))
    assert counted.value(node, VOID.distinctSubjects) == Literal(len({t[0] for t in triples}))
    assert counted.value(node, VOID.distinctObjects) == Literal(len({t[2] for t in triples}))
    assert counted.value(node, VOID.properties) == Literal(len({t[1] for t in triples}))
    assert counted.value(node, VOID.entities) == Literal(12)
    assert counted.value(node, VOID.uriSpace) == Literal("https://w3id.org/maillage/id/")


def test_partitions_add_up(counted):
    parts = list(counted.objects(THIS.address, VOID.propertyPartition))
    total = sum(int(counted.value(part, VOID.triples)) for part in parts)
    assert Literal(total) == counted.value(THIS.address, VOID.triples)
    part = THIS.part("class-mlg:Collectivity")
    assert counted.value(part, VOID["class"]) == MLG.Collectivity
    assert counted.value(part, VOID.entities) == Literal(2)


def test_examples_vocabularies_and_dumps(counted):
    assert LINK in set(counted.objects(THIS.address, VOID.exampleResource))
    used = set(map(str, counted.objects(THIS.address, VOID.vocabulary)))
    assert {PREFIXES["mlg"], PREFIXES["skos"], PREFIXES["oa"]} <= used
    assert PREFIXES["wdt"] not in used
    dumps = {URIRef(f"{THIS.address}/maillage.{suffix}") for suffix in ("ttl", "nq")}
    assert set(counted.objects(THIS.address, VOID.dataDump)) == dumps
    features = {URIRef(FORMATS[suffix].address) for suffix in ("ttl", "nq")}
    assert set(counted.objects(THIS.address, VOID.feature)) == features


def test_each_graph_is_a_subset_with_its_source(counted):
    graph = graph_iri("source--press")
    assert (THIS.address, VOID.subset, graph) in counted
    assert counted.value(graph, VOID.triples) == Literal(len(DATASET.graph(graph)))
    assert counted.value(graph, MLG.isAssertedFrom) == SOURCE
    assert (graph, RDF.type, MLG.SourceGraph) in counted


def test_links_to_others_are_linksets_and_absent_without_them(counted):
    (links,) = counted.subjects(RDF.type, VOID.Linkset)
    assert counted.value(links, VOID.linkPredicate) == SKOS.relatedMatch
    target = counted.value(links, VOID.objectsTarget)
    assert counted.value(target, VOID.uriSpace) == Literal("http://metadata.un.org/sdg/")
    alone = sample_dataset()
    alone.remove((None, SKOS.relatedMatch, None, None))
    assert not list(void(alone, THIS, FILES).subjects(RDF.type, VOID.Linkset))


def test_a_distribution_has_size_digest_and_address(catalogued):
    form = THIS.part("file-maillage.ttl")
    assert (THIS.address, DCAT.distribution, form) in catalogued
    assert catalogued.value(form, DCAT.downloadURL) == URIRef(f"{THIS.address}/maillage.ttl")
    assert str(catalogued.value(form, DCAT.byteSize)) == "4"
    assert str(catalogued.value(form, DCAT.mediaType)).endswith("/text/turtle")
    sum_ = catalogued.value(form, SPDX.checksum)
    assert str(catalogued.value(sum_, SPDX.checksumValue)) == sha256(b"dump").hexdigest()
    assert catalogued.value(sum_, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256


def test_what_a_portal_wants_to_know(catalogued):
    node = THIS.address
    assert catalogued.value(node, DCTERMS.license) == LICENCE
    assert {t.language for t in catalogued.objects(node, DCTERMS.title)} == {"fr", "en", "zh-Hans"}
    assert str(catalogued.value(node, DCTERMS.issued)) == "2026-11-21"
    countries = {str(c).rpartition("/")[2] for c in catalogued.objects(node, DCTERMS.spatial)}
    assert countries == {"fr", "cn", "FRA", "CHN"}
    period = catalogued.value(node, DCTERMS.temporal)
    days = [catalogued.value(period, p) for p in (DCAT.startDate, DCAT.endDate)]
    assert days == [Literal(d, datatype=XSD.date) for d in ("1998-01-01", "2014-11-07")]
    themes = {str(t).rpartition("/")[2] for t in catalogued.objects(node, DCAT.theme)}
    assert themes == {"INTR", "GOVE", "REGI"}


def test_provenance_and_terms_of_each_source(catalogued):
    assert (THIS.address, PROV.wasDerivedFrom, SOURCE) in catalogued
    assert catalogued.value(SOURCE, MLG.licenceNote) == Literal("No licence is stated.", lang="en")
    assert (THIS.part("tables"), PROV.wasDerivedFrom, THIS.address) in catalogued


def test_parts_without_files_are_not_listed(catalogued):
    listed = set(catalogued.objects(THIS.part("catalogue"), DCAT.dataset))
    assert listed == {THIS.address, THIS.part("tables")}
