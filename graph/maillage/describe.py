"""What a release says of itself in DCAT 3: what it is about, whose, and each file of it.

A release is ``release/<id>``, where the id is the day of the latest record and the start of the
digest of the canonical N-Quads: no clock, so that the same data describe themselves in the same
bytes. Nothing is a blank node: parts have addresses after a ``#``.

DCAT is the Data Catalog Vocabulary, version 3 (W3C 2024), here in the profile of European portals
(DCAT-AP 3): languages, themes and countries come from the EU's authority tables. How much the
graph holds is told by :mod:`maillage.void`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from rdflib import RDF, RDFS, SKOS, VOID, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, SDO

from maillage.errors import MaillageError
from maillage.mint import parse
from maillage.terms import BASE, MLG, NS, PREFIXES
from maillage.words import LANGUAGES, TAGS, say

__all__ = ["LICENCE", "PARTS", "PUBLISHER", "File", "Release", "dcat", "release"]

LICENCE: Final = URIRef("https://creativecommons.org/licenses/by/4.0/")
PUBLISHER: Final = URIRef(BASE + "#publisher")

#: The parts of a release: the graph itself, then other views of it.
PARTS: Final = ("graph", "tables", "network", "questions")

# rdflib knows the terms of version 2
_DCAT3: Final = Namespace(PREFIXES["dcat"])
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
_EU: Final = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
# International issues; government and public sector; regions and cities.
_THEMES: Final = ("INTR", "GOVE", "REGI")
#: The EU's names of file types, by the end of the path.
_FILE_TYPES: Final = {
    "csv": "CSV",
    "graphml": "XML",
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

# What happens has a time that the release is about; a place or a law only exists meanwhile.
_DATED_KINDS: Final = frozenset({"event", "link", "post", "project", "change", "news"})

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


class File(NamedTuple):
    """A file of a release: where it lies in it, what it is, and its bytes' size and digest."""

    path: str
    media_type: str
    part: str
    size: int
    digest: str
    label: str

    @classmethod
    def of(cls, path: str, content: bytes, media_type: str, *, part: str, label: str) -> File:
        """Describe bytes; ``label`` is a key of the words."""
        digest = sha256(content).hexdigest()
        return cls(path, media_type, part, len(content), digest, label)


class Release(NamedTuple):
    """Which release this is: its id, the day of its latest record, its address."""

    id: str
    date: str
    address: URIRef

    def file(self, path: str) -> URIRef:
        """Where a file of the release can be downloaded."""
        return URIRef(f"{self.address}/{path}")

    def part(self, name: str) -> URIRef:
        """The address of something that the description of the release speaks of."""
        return URIRef(f"{self.address}#{name}")


def release(dataset: Dataset, canonical: bytes) -> Release:
    """Name the release of a dataset, from its data alone.

    :param canonical: its canonical N-Quads (:func:`maillage.dumps.nquads`).
    :raises MaillageError: when nothing in it says on which day it was recorded.
    """
    days = {str(day) for day in dataset.objects(None, MLG.recordedDate)}
    if not days:
        raise MaillageError("release-undated")
    date = max(days)
    name = f"{date}-{sha256(canonical).hexdigest()[:12]}"
    return Release(name, date, URIRef(f"{BASE}release/{name}"))


def dcat(dataset: Dataset, this: Release, files: Sequence[File]) -> Graph:
    """Describe a release for catalogues: what it is about, whose, and each file."""
    graph = Graph()
    catalogue = this.part("catalogue")
    _add(graph, catalogue, RDF.type, DCAT.Catalog)
    _common(graph, catalogue, this, "publish.catalogue")
    _add(graph, catalogue, DCTERMS.spatial, *_countries(dataset))
    _add(graph, catalogue, DCAT.themeTaxonomy, URIRef(f"{_EU}data-theme"))
    _add(graph, catalogue, FOAF.homepage, URIRef(BASE))
    for part in PARTS:
        own = [file for file in files if file.part == part]
        if not own:
            continue
        node = this.address if part == "graph" else this.part(part)
        _add(graph, catalogue, DCAT.dataset, node)
        _add(graph, node, RDF.type, DCAT.Dataset)
        _common(graph, node, this, f"publish.part.{part}")
        _add(graph, node, _DCAT3.version, Literal(this.id))
        _add(graph, node, DCTERMS.identifier, Literal(str(node)))
        _add(graph, node, DCTERMS.spatial, *_countries(dataset))
        _add(graph, node, DCAT.theme, *(URIRef(f"{_EU}data-theme/{t}") for t in _THEMES))
        _keywords(graph, node)
        _period(graph, node, dataset, this)
        if part == "graph":
            _add(graph, node, RDF.type, VOID.Dataset)
            _add(graph, node, _DCAT3.isVersionOf, URIRef(BASE))
            _provenance(graph, node, dataset)
        else:
            _add(graph, node, PROV.wasDerivedFrom, this.address)
        for file in own:
            _distribution(graph, node, this, file)
    _add(graph, PUBLISHER, RDF.type, FOAF.Agent)
    _add(graph, PUBLISHER, FOAF.name, Literal(say("publish.publisher")))
    return graph


def _add(graph: Graph, subject: URIRef, predicate: URIRef, *values: URIRef | Literal) -> None:
    for value in values:
        graph.add((subject, predicate, value))


def _say(graph: Graph, node: URIRef, predicate: URIRef, key: str, **values: object) -> None:
    for lang in LANGUAGES:
        graph.add((node, predicate, Literal(say(key, lang, **values), lang=TAGS[lang])))


def _common(graph: Graph, node: URIRef, this: Release, key: str) -> None:
    """Name, description, dates, licence and publisher: what everything in DCAT has."""
    _say(graph, node, DCTERMS.title, f"{key}.title")
    _say(graph, node, DCTERMS.description, f"{key}.description")
    day = Literal(this.date, datatype=XSD.date)
    _add(graph, node, DCTERMS.issued, day)
    _add(graph, node, DCTERMS.modified, day)
    _add(graph, node, DCTERMS.license, LICENCE)
    _add(graph, node, DCTERMS.rights, this.part("rights"))
    _add(graph, this.part("rights"), RDF.type, DCTERMS.RightsStatement)
    _say(graph, this.part("rights"), RDFS.label, "publish.rights")
    _add(graph, node, DCTERMS.publisher, PUBLISHER)
    _add(graph, node, DCTERMS.language, *(URIRef(f"{_EU}language/{x}") for x in _EU_LANGUAGES))
    _add(graph, node, DCTERMS.conformsTo, URIRef(NS))


def _keywords(graph: Graph, node: URIRef) -> None:
    for lang in LANGUAGES:
        for word in say("publish.keywords", lang).split("; "):
            graph.add((node, DCAT.keyword, Literal(word, lang=TAGS[lang])))


def _countries(dataset: Dataset) -> Iterable[URIRef]:
    """The countries of the graph, by our addresses and by the EU's."""
    for country in sorted(map(str, dataset.subjects(RDF.type, MLG.Country))):
        yield URIRef(country)
        named = parse(country)
        if named and named.key in _EU_COUNTRIES:
            yield URIRef(f"{_EU}country/{_EU_COUNTRIES[named.key]}")


def _period(graph: Graph, node: URIRef, dataset: Dataset, this: Release) -> None:
    """From the first to the last day of what the release tells of."""
    days = sorted(
        str(day)
        for predicate in (MLG.earliestDay, MLG.latestDay)
        for subject, day in dataset.subject_objects(predicate)
        if (named := parse(str(subject))) and named.kind in _DATED_KINDS
    )
    if not days:
        return
    period = this.part("period")
    _add(graph, node, DCTERMS.temporal, period)
    _add(graph, period, RDF.type, DCTERMS.PeriodOfTime)
    _add(graph, period, DCAT.startDate, Literal(days[0], datatype=XSD.date))
    _add(graph, period, DCAT.endDate, Literal(days[-1], datatype=XSD.date))


def _provenance(graph: Graph, node: URIRef, dataset: Dataset) -> None:
    """The documents from which the graph was made, each with its own terms of use."""
    for source in sorted(map(str, dataset.subjects(RDF.type, MLG.SourceDocument))):
        document = URIRef(source)
        _add(graph, node, PROV.wasDerivedFrom, document)
        _add(graph, document, RDF.type, PROV.Entity, MLG.SourceDocument)
        for predicate in _OF_SOURCES:
            for value in dataset.objects(document, predicate):
                graph.add((document, predicate, value))
        for publisher in dataset.objects(document, DCTERMS.publisher):
            for name in dataset.objects(publisher, SKOS.prefLabel):
                graph.add((publisher, SKOS.prefLabel, name))


def _distribution(graph: Graph, node: URIRef, this: Release, file: File) -> None:
    form, sum_ = this.part(f"file-{file.path}"), this.part(f"checksum-{file.path}")
    _add(graph, node, DCAT.distribution, form)
    _add(graph, form, RDF.type, DCAT.Distribution)
    _say(graph, form, DCTERMS.title, file.label, file=file.path)
    _add(graph, form, DCAT.downloadURL, this.file(file.path))
    _add(graph, form, DCAT.accessURL, this.file(file.path))
    _add(graph, form, DCAT.mediaType, URIRef(_MEDIA_TYPES + file.media_type))
    file_type = _FILE_TYPES[file.path.rpartition(".")[2]]
    _add(graph, form, DCTERMS.format, URIRef(f"{_EU}file-type/{file_type}"))
    _add(graph, form, DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger))
    _add(graph, form, DCTERMS.license, LICENCE)
    _add(graph, form, SPDX.checksum, sum_)
    _add(graph, sum_, RDF.type, SPDX.Checksum)
    _add(graph, sum_, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    _add(graph, sum_, SPDX.checksumValue, _hexadecimal(file.digest))


def _hexadecimal(digest: str) -> Literal:
    # rdflib's own normal form has capitals; tools print digests without
    return Literal(digest, datatype=XSD.hexBinary, normalize=False)
