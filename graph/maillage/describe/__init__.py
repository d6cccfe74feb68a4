"""What a release says of itself in DCAT 3: what it is about, whose, and each file of it.

A release is ``release/<id>``, where the id is the day of the latest record and the start of the
digest of the canonical N-Quads: no clock, so that the same data describe themselves in the same
bytes. Parts have addresses after a ``#``. One node is blank, the period of time: the harvester of
French portals (udata) fetches a period that has an address, and has none when that fails.

DCAT is the Data Catalog Vocabulary, version 3 (W3C 2024), here in the profile of European portals
(DCAT-AP 3): languages, themes, countries and frequencies come from the EU's authority tables.
``dcterms:identifier`` stays from release to release, so that a portal updates what it has instead
of adding a dataset each time. How much the graph holds is told by :mod:`maillage.void`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rdflib import RDF, RDFS, SKOS, VOID, XSD, BNode, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, SDO

from maillage.describe.extent import countries, period
from maillage.describe.naming import (
    LASTING,
    LICENCE,
    PUBLISHER,
    SPDX,
    File,
    Release,
    Stand,
    hexadecimal,
    release,
    release_of,
    release_told_by,
)
from maillage.mint import parse
from maillage.terms import MLG, NS, PREFIXES
from maillage.words import LANGUAGES, TAGS, say

__all__ = [
    "ADMS",
    "LASTING",
    "LICENCE",
    "PARTS",
    "PUBLISHER",
    "SPDX",
    "File",
    "Release",
    "Stand",
    "dcat",
    "hexadecimal",
    "release",
    "release_of",
    "release_told_by",
]

#: The parts of a release: the graph itself, then other views of it.
PARTS: Final = ("graph", "tables", "network", "map", "questions")

ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
# rdflib knows the terms of version 2
_DCAT3: Final = Namespace(PREFIXES["dcat"])
_VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
_LOCN: Final = Namespace("http://www.w3.org/ns/locn#")
_WKT: Final = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
_PROTOCOL: Final = URIRef("https://www.w3.org/TR/sparql11-protocol/")
_EU: Final = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
# International issues; government and public sector; regions and cities.
_THEMES: Final = ("INTR", "GOVE", "REGI")
#: The EU's names of file types, by the end of the path.
_FILE_TYPES: Final = {
    "csv": "CSV",
    "geojson": "GEOJSON",
    "gexf": "XML",
    "graphml": "XML",
    "html": "HTML",
    "json": "JSON",
    "jsonld": "JSON_LD",
    "nq": "RDF_N_QUADS",
    "nt": "RDF_N_TRIPLES",
    "rdf": "RDF_XML",
    "trig": "RDF_TRIG",
    "ttl": "RDF_TURTLE",
    "xlsx": "XLSX",
}
_EU_LANGUAGES: Final = ("FRA", "ENG", "ZHO")
# The EU's country table goes by three letters, our places by two.
_EU_COUNTRIES: Final = {"cn": "CHN", "fr": "FRA", "jp": "JPN", "ma": "MAR", "vn": "VNM"}

#: What is told of a source document, taken from the graph as it stands.
_OF_SOURCES: Final = (
    SKOS.prefLabel,
    DCTERMS.publisher,
    DCTERMS.language,
    DCTERMS.license,
    SDO.url,
    MLG.fileDigest,
    MLG.issuedDate,
    MLG.licenceNote,
    MLG.seenDate,
)


def dcat(
    dataset: Dataset, this: Release, files: Sequence[File], stand: Stand | None = None
) -> Graph:
    """Describe a release for catalogues: what it is about, whose, and each file.

    :param stand: where the release stands among others and on the web, as far as it is known.
    """
    return _Catalogue(dataset, this, stand or Stand()).filled(files)


class _Catalogue:
    """The catalogue of one release on its way."""

    def __init__(self, dataset: Dataset, this: Release, stand: Stand) -> None:
        self._dataset, self._this, self._stand = dataset, this, stand
        self._graph, self._where = Graph(), countries(dataset)

    def filled(self, files: Sequence[File]) -> Graph:
        this, catalogue = self._this, self._this.part("catalogue")
        self._add(catalogue, RDF.type, DCAT.Catalog)
        self._common(catalogue, "publish.catalogue")
        self._spatial(catalogue)
        self._add(catalogue, DCAT.themeTaxonomy, URIRef(f"{_EU}data-theme"))
        self._add(catalogue, FOAF.homepage, self._stand.page(""))
        served = []
        for part in PARTS:
            own = [file for file in files if file.part == part]
            if own:
                node = this.address if part == "graph" else this.part(part)
                self._add(catalogue, DCAT.dataset, node)
                self._dataset_of(node, part, own)
                served.append(node)
        if self._stand.endpoint:
            self._service(catalogue, served)
        self._agents()
        self._places()
        return self._graph

    def _add(self, subject: URIRef | BNode, predicate: URIRef, *values: URIRef | Literal) -> None:
        for value in values:
            self._graph.add((subject, predicate, value))

    def _say(self, node: URIRef, predicate: URIRef, key: str, **values: object) -> None:
        for lang in LANGUAGES:
            self._add(node, predicate, Literal(say(key, lang, **values), lang=TAGS[lang]))

    def _common(self, node: URIRef, key: str) -> None:
        """Name, description, dates, licence and publisher: what everything in DCAT has."""
        this = self._this
        self._say(node, DCTERMS.title, f"{key}.title")
        self._say(node, DCTERMS.description, f"{key}.description")
        day = Literal(this.date, datatype=XSD.date)
        self._add(node, DCTERMS.issued, day)
        self._add(node, DCTERMS.modified, day)
        self._add(node, DCTERMS.license, LICENCE)
        self._add(node, DCTERMS.rights, this.part("rights"))
        self._add(this.part("rights"), RDF.type, DCTERMS.RightsStatement)
        self._say(this.part("rights"), RDFS.label, "publish.rights")
        self._add(node, DCTERMS.accessRights, URIRef(f"{_EU}access-right/PUBLIC"))
        self._add(node, DCTERMS.publisher, PUBLISHER)
        self._add(node, DCAT.contactPoint, self._this.part("contact"))
        self._add(node, DCTERMS.language, *(URIRef(f"{_EU}language/{x}") for x in _EU_LANGUAGES))
        self._add(node, DCTERMS.conformsTo, URIRef(NS))

    def _dataset_of(self, node: URIRef, part: str, files: Sequence[File]) -> None:
        """One view of the graph, with its files."""
        this, stand = self._this, self._stand
        whole = part == "graph"
        self._add(node, RDF.type, DCAT.Dataset)
        self._common(node, f"publish.part.{part}")
        self._versions(node, "" if whole else f"#{part}")
        self._add(node, DCAT.landingPage, stand.page("dataset/"))
        self._add(node, DCTERMS.accrualPeriodicity, URIRef(f"{_EU}frequency/IRREG"))
        self._spatial(node)
        self._add(node, DCAT.theme, *(URIRef(f"{_EU}data-theme/{t}") for t in _THEMES))
        for lang in LANGUAGES:
            for word in say("publish.keywords", lang).split("; "):
                self._add(node, DCAT.keyword, Literal(word, lang=TAGS[lang]))
        if days := period(self._dataset):
            when = BNode("period")
            self._graph.add((node, DCTERMS.temporal, when))
            self._add(when, RDF.type, DCTERMS.PeriodOfTime)
            for predicate, day in zip((DCAT.startDate, DCAT.endDate), days, strict=True):
                self._add(when, predicate, Literal(day, datatype=XSD.date))
        if whole:
            self._add(node, RDF.type, VOID.Dataset)
            self._provenance(node)
        else:
            self._add(node, PROV.wasDerivedFrom, this.address)
        for file in files:
            self._distribution(node, file)

    def _versions(self, node: URIRef, end: str) -> None:
        """Which version this is, of what, and what changed since the one before."""
        stand, lasting = self._stand, URIRef(LASTING + end)
        self._add(node, DCTERMS.identifier, Literal(str(lasting)))
        self._add(node, _DCAT3.version, Literal(self._this.id))
        # not typed as a dataset of its own: portals would list it beside its version
        self._add(node, _DCAT3.isVersionOf, lasting)
        self._add(lasting, _DCAT3.hasVersion, node)
        self._add(lasting, _DCAT3.hasCurrentVersion, node)
        before = [URIRef(address + end) for address in stand.before]
        self._add(node, _DCAT3.previousVersion, *before[:1])
        self._add(lasting, _DCAT3.hasVersion, *before)
        for lang, text in stand.notes.items():
            self._add(node, ADMS.versionNotes, Literal(text, lang=TAGS[lang]))

    def _spatial(self, node: URIRef) -> None:
        """The countries, by our addresses and by the EU's, and where their places lie."""
        for country, extent in self._where.items():
            self._add(node, DCTERMS.spatial, URIRef(country))
            named = parse(country)
            if named and named.key in _EU_COUNTRIES:
                eu = URIRef(f"{_EU}country/{_EU_COUNTRIES[named.key]}")
                self._add(node, DCTERMS.spatial, eu)
            if extent and named:
                self._add(node, DCTERMS.spatial, self._this.part(f"extent-{named.key}"))

    def _places(self) -> None:
        for country, extent in self._where.items():
            named = parse(country)
            if extent and named:
                node = self._this.part(f"extent-{named.key}")
                self._add(node, RDF.type, DCTERMS.Location)
                self._add(node, _LOCN.geometry, Literal(extent, datatype=_WKT))
                for label in self._dataset.objects(URIRef(country), SKOS.prefLabel):
                    self._graph.add((node, SKOS.prefLabel, label))

    def _agents(self) -> None:
        """Who publishes, and whom to write to."""
        name = Literal(say("publish.publisher"))
        self._add(PUBLISHER, RDF.type, FOAF.Agent)
        self._add(PUBLISHER, FOAF.name, name)
        contact = self._this.part("contact")
        self._add(contact, RDF.type, _VCARD.Organization)
        self._add(contact, _VCARD.fn, name)
        to = self._stand.contact or str(self._stand.page(""))
        is_mail = to.startswith("mailto:")
        self._add(contact, _VCARD.hasEmail if is_mail else _VCARD.hasURL, URIRef(to))

    def _provenance(self, node: URIRef) -> None:
        """The documents from which the graph was made, each with its own terms of use."""
        dataset = self._dataset
        sources = sorted(map(str, dataset.subjects(RDF.type, MLG.SourceDocument)))
        said = self._this.part("provenance")
        self._add(node, DCTERMS.provenance, said)
        self._add(said, RDF.type, DCTERMS.ProvenanceStatement)
        self._say(said, RDFS.label, "publish.provenance", n=len(sources))
        for source in sources:
            document = URIRef(source)
            self._add(node, PROV.wasDerivedFrom, document)
            self._add(document, RDF.type, PROV.Entity, MLG.SourceDocument)
            for predicate in _OF_SOURCES:
                for value in dataset.objects(document, predicate):
                    self._graph.add((document, predicate, value))
            for publisher in dataset.objects(document, DCTERMS.publisher):
                for name in dataset.objects(publisher, SKOS.prefLabel):
                    self._graph.add((publisher, SKOS.prefLabel, name))

    def _distribution(self, node: URIRef, file: File) -> None:
        this = self._this
        form, sum_ = this.part(f"file-{file.path}"), this.part(f"checksum-{file.path}")
        there = self._stand.file(this, file.path)
        self._add(node, DCAT.distribution, form)
        self._add(form, RDF.type, DCAT.Distribution)
        self._say(form, DCTERMS.title, file.label, file=file.path)
        self._add(form, DCTERMS.identifier, Literal(f"{LASTING}#{file.path}"))
        self._add(form, DCTERMS.modified, Literal(this.date, datatype=XSD.date))
        self._add(form, DCAT.downloadURL, there)
        self._add(form, DCAT.accessURL, there)
        self._add(form, DCAT.mediaType, URIRef(_MEDIA_TYPES + file.media_type))
        file_type = _FILE_TYPES[file.path.rpartition(".")[2]]
        self._add(form, DCTERMS.format, URIRef(f"{_EU}file-type/{file_type}"))
        self._add(form, DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger))
        self._add(form, DCTERMS.license, LICENCE)
        self._add(form, SPDX.checksum, sum_)
        self._add(sum_, RDF.type, SPDX.Checksum)
        self._add(sum_, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        self._add(sum_, SPDX.checksumValue, hexadecimal(file.digest))

    def _service(self, catalogue: URIRef, served: Sequence[URIRef]) -> None:
        """The SPARQL endpoint, which describes itself at its own address (SPARQL 1.1 SD, 2)."""
        node, endpoint = self._this.part("sparql"), URIRef(self._stand.endpoint)
        self._add(catalogue, DCAT.service, node)
        self._add(node, RDF.type, DCAT.DataService)
        self._common(node, "publish.service")
        self._add(node, DCTERMS.identifier, Literal(f"{LASTING}#sparql"))
        self._add(node, DCTERMS.conformsTo, _PROTOCOL)
        self._add(node, DCAT.endpointURL, endpoint)
        self._add(node, DCAT.endpointDescription, endpoint)
        self._add(node, DCAT.landingPage, self._stand.page("sparql"))
        self._add(node, DCAT.servesDataset, *served)
