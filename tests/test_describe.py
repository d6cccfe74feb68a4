"""A release describes itself: right counts, right files, no clock, as portals read it."""

from __future__ import annotations

from hashlib import sha256

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, VOID, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV

from maillage.describe import ADMS, LASTING, LICENCE, PARTS, SPDX, File, Stand, dcat, release
from maillage.dumps import FORMATS, nquads, write_triples
from maillage.errors import MaillageError
from maillage.mint import graph_iri
from maillage.store import quads_of
from maillage.terms import MLG, PREFIXES
from maillage.void import void
from sample_dataset import LINK, SOURCE, sample_dataset

DATASET = sample_dataset()
THIS = release(nquads(DATASET))
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
    return void(quads_of(DATASET), THIS, FILES)


def test_a_release_is_named_by_its_data():
    digest = sha256(nquads(DATASET)).hexdigest()
    assert THIS.id == f"2026-11-21-{digest[:12]}"
    assert str(THIS.address) == f"https://w3id.org/maillage/release/{THIS.id}"


def test_a_graph_without_a_day_is_no_release():
    dataset = sample_dataset()
    dataset.remove((None, MLG.recordedDate, None, None))
    with pytest.raises(MaillageError, match="recorded"):
        release(nquads(dataset))


def test_only_the_period_is_a_blank_node_and_the_bytes_stay(catalogued, counted):
    assert not [term for triple in counted for term in triple if isinstance(term, BNode)]
    blank = {term for triple in catalogued for term in triple if isinstance(term, BNode)}
    assert blank == {catalogued.value(THIS.address, DCTERMS.temporal)}
    again = dcat(sample_dataset(), THIS, FILES), void(quads_of(sample_dataset()), THIS, FILES)
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
    assert not list(void(quads_of(alone), THIS, FILES).subjects(RDF.type, VOID.Linkset))


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
    assert countries == {"fr", "cn", "FRA", "CHN", f"{THIS.id}#extent-fr", f"{THIS.id}#extent-cn"}
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


def test_a_class_tells_which_properties_its_members_have(counted):
    part = THIS.part("class-mlg:Collectivity")
    own = {
        str(counted.value(piece, VOID.property)): int(counted.value(piece, VOID.distinctSubjects))
        for piece in counted.objects(part, VOID.propertyPartition)
    }
    assert own[str(MLG.inseeCode)] == 1
    assert own[str(MLG.isInCountry)] == 2
    assert str(MLG.hasParty) not in own
    pieces = counted.objects(part, VOID.propertyPartition)
    total = sum(int(counted.value(piece, VOID.triples)) for piece in pieces)
    assert counted.value(part, VOID.triples) == Literal(total)


# ---- among others, and on the web ---------------------------------------------------------------

STAND = Stand(
    base="https://data.example.org/m/",
    downloads="https://data.example.org/m/",
    endpoint="https://data.example.org/m/sparql",
    contact="mailto:maillage@example.org",
    previous="2026-01-01-0123456789ab",
    notes={"fr": "Deux liens de plus.", "en": "Two more links.", "zh": "新增两项合作关系。"},
)
DCAT3 = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
GEOMETRY = URIRef("http://www.w3.org/ns/locn#geometry")


@pytest.fixture(scope="module")
def placed():
    return dcat(DATASET, THIS, FILES, STAND)


def test_a_release_knows_the_one_before_and_what_changed(placed, catalogued):
    before = URIRef("https://w3id.org/maillage/release/2026-01-01-0123456789ab")
    assert placed.value(THIS.address, DCAT3.previousVersion) == before
    assert {before, THIS.address} == set(placed.objects(LASTING, DCAT3.hasVersion))
    assert placed.value(LASTING, DCAT3.hasCurrentVersion) == THIS.address
    assert placed.value(THIS.address, DCAT3.version) == Literal(THIS.id)
    notes = {str(note) for note in placed.objects(THIS.address, ADMS.versionNotes)}
    assert notes == set(STAND.notes.values())
    assert catalogued.value(THIS.address, DCAT3.previousVersion) is None


def test_the_name_by_which_a_portal_knows_a_dataset_stays(placed):
    other = THIS._replace(id="2027-01-01-x", address=URIRef(THIS.address + "x"))
    later = dcat(DATASET, other, FILES, STAND)
    names = [
        {
            str(graph.value(node, DCTERMS.identifier))
            for node in graph.subjects(RDF.type, DCAT.Dataset)
        }
        for graph in (placed, later)
    ]
    assert names[0] == names[1] == {str(LASTING), f"{LASTING}#tables"}
    files = [set(graph.objects(None, DCAT.downloadURL)) for graph in (placed, later)]
    assert files[0] == files[1]


def test_an_endpoint_is_a_service_only_where_there_is_one(placed, catalogued, counted):
    service = THIS.part("sparql")
    assert placed.value(service, DCAT3.endpointURL) == URIRef(STAND.endpoint)
    assert placed.value(service, DCAT3.endpointDescription) == URIRef(STAND.endpoint)
    assert (service, DCAT3.servesDataset, THIS.address) in placed
    assert (THIS.part("catalogue"), DCAT3.service, service) in placed
    assert not list(catalogued.subjects(RDF.type, DCAT3.DataService))
    assert void(quads_of(DATASET), THIS, FILES, STAND).value(THIS.address, VOID.sparqlEndpoint)
    assert counted.value(THIS.address, VOID.sparqlEndpoint) is None


def test_somebody_can_be_written_to(placed, catalogued):
    there = placed.value(THIS.address, DCAT.contactPoint)
    assert placed.value(there, VCARD.hasEmail) == URIRef(STAND.contact)
    without = catalogued.value(THIS.address, DCAT.contactPoint)
    assert catalogued.value(without, VCARD.hasURL) == URIRef("https://w3id.org/maillage/")


# What the harvester of data.gouv.fr takes from a catalogue, after udata 2026 (udata/rdf.py,
# udata/core/dataset/rdf.py, udata/harvest/backends/dcat.py).

EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"


def harvested(graph):
    """Each dataset as the portal would hold it, by the name by which it knows it again."""

    def text(node, predicate):
        values = list(graph.objects(node, predicate))
        french = [v for v in values if isinstance(v, Literal) and v.language == "fr"]
        return str((french or values)[0]) if values else None

    found = {}
    for node in graph.subjects(RDF.type, DCAT.Dataset):
        contact = graph.value(node, DCAT.contactPoint)
        when = graph.value(node, DCTERMS.temporal)
        geometries = [
            str(o)
            for where in graph.objects(node, DCTERMS.spatial)
            for o in graph.objects(where)
            if getattr(o, "datatype", None)
            == URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
        ]
        name = graph.value(node, DCTERMS.identifier)
        assert name is not None
        assert str(name) not in found
        found[str(name)] = {
            "title": text(node, DCTERMS.title),
            "description": text(node, DCTERMS.description),
            "frequency": graph.value(node, DCTERMS.accrualPeriodicity),
            "page": graph.value(node, DCAT.landingPage),
            "licence": {str(x) for x in graph.objects(node, DCTERMS.license)},
            "tags": {str(x) for x in graph.objects(node, DCAT.keyword)},
            "contact": (
                text(contact, VCARD.fn),
                graph.value(contact, VCARD.hasEmail) or graph.value(contact, VCARD.hasURL),
            ),
            # a period with an address would be fetched from there
            "period": None
            if isinstance(when, URIRef)
            else (graph.value(when, DCAT.startDate), graph.value(when, DCAT.endDate)),
            "geometries": geometries,
            "modified": graph.value(node, DCTERMS.modified),
            "resources": [
                resource(graph, form, text) for form in graph.objects(node, DCAT.distribution)
            ],
        }
    return found


def resource(graph, form, text):
    sum_ = graph.value(form, SPDX.checksum)
    known = {SPDX.checksumAlgorithm_sha256: "sha256"}
    media, kind = str(graph.value(form, DCAT.mediaType)), str(graph.value(form, DCTERMS.format))
    return {
        "title": text(form, DCTERMS.title),
        "url": str(graph.value(form, DCAT.downloadURL) or graph.value(form, DCAT.accessURL)),
        "size": graph.value(form, DCAT.byteSize).toPython(),
        "mime": "/".join(media.split("/")[-2:]) if IANA in media else media,
        "format": kind.removeprefix(EU + "file-type/").lower(),
        "checksum": (
            known.get(graph.value(sum_, SPDX.algorithm)),
            str(graph.value(sum_, SPDX.checksumValue)),
        ),
    }


def test_the_french_portal_finds_all_that_it_looks_for(placed):
    again = Graph().parse(data=write_triples(placed, "ttl"), format="turtle")
    read = harvested(again)
    assert set(read) == {str(LASTING), f"{LASTING}#tables"}
    whole = read[str(LASTING)]
    assert whole["title"] == "Maillage : graphe de la coopération décentralisée"
    assert whole["description"].startswith("Collectivités")
    assert str(whole["frequency"]) == EU + "frequency/IRREG"
    assert str(whole["page"]) == "https://data.example.org/m/dataset/"
    assert whole["licence"] == {"https://creativecommons.org/licenses/by/4.0/"}
    assert "coopération décentralisée" in whole["tags"]
    assert whole["contact"] == ("Maillage", URIRef("mailto:maillage@example.org"))
    assert [str(day) for day in whole["period"]] == ["1998-01-01", "2014-11-07"]
    assert sorted(whole["geometries"]) == [
        "MULTIPOLYGON(((-0.6 44.8, -0.5 44.8, -0.5 44.9, -0.6 44.9, -0.6 44.8)))",
        "MULTIPOLYGON(((114.2 30.5, 114.3 30.5, 114.3 30.6, 114.2 30.6, 114.2 30.5)))",
    ]
    assert str(whole["modified"]) == "2026-11-21"
    turtle = next(r for r in whole["resources"] if r["url"].endswith("/maillage.ttl"))
    assert turtle == {
        "title": "maillage.ttl : l’union des graphes nommés",
        "url": "https://data.example.org/m/maillage.ttl",
        "size": 4,
        "mime": "text/turtle",
        "format": "rdf_turtle",
        "checksum": ("sha256", sha256(b"dump").hexdigest()),
    }
    (csv,) = read[f"{LASTING}#tables"]["resources"]
    assert (csv["format"], csv["mime"]) == ("csv", "text/csv")


def test_every_part_and_every_file_type_has_words_and_a_name_for_portals():
    every = [
        File.of(f"x.{end}", b"", "text/plain", part=part, label="publish.file.union")
        for part, end in zip(PARTS, ("ttl", "csv", "gexf", "geojson", "html"), strict=True)
    ]
    described = dcat(DATASET, THIS, every)
    assert len(set(described.objects(THIS.part("catalogue"), DCAT.dataset))) == len(PARTS)
    assert (None, RDF.type, FOAF.Agent) in described
    assert (None, RDF.type, OWL.Ontology) not in described
    assert str(described.value(THIS.part("provenance"), RDFS.label))
