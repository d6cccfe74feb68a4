"""Every name of Maillage's vocabulary, spelled once for Python, and the house's prefixes.

The names equal those of ``ontology/vocabulary.ttl``, both ways, by test: a mistyped name raises
instead of making a new address.

>>> MLG.CooperationLink
rdflib.term.URIRef('https://w3id.org/maillage/ns#CooperationLink')
>>> MLG.CooperationLinc
Traceback (most recent call last):
    ...
AttributeError: term 'CooperationLinc' not in namespace 'https://w3id.org/maillage/ns#'
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace

__all__ = ["BASE", "ID", "MLG", "NS", "PREFIXES", "PUBLISHED_BASE"]

#: The base address as written in the ontology, the questions and the table descriptions.
PUBLISHED_BASE: Final[str] = "https://w3id.org/maillage/"

#: The base address of this installation: the one setting to change to publish elsewhere.
BASE: Final[str] = os.environ.get("MAILLAGE_BASE", PUBLISHED_BASE)

#: Where the terms live (``ns#Place``) and where the things live (``id/place/fr``).
NS: Final[str] = BASE + "ns#"
ID: Final[str] = BASE + "id/"


class MLG(DefinedNamespace):
    """The terms of the vocabulary, in alphabetical order; what each means stands in the Turtle."""

    _NS = Namespace(NS)
    _fail = True

    answers: URIRef
    bearsOn: URIRef
    characterCount: URIRef
    Collectivity: URIRef
    consensusReason: URIRef
    CooperationLink: URIRef
    CooperationProject: URIRef
    Country: URIRef
    Coverage: URIRef
    coversPlace: URIRef
    coversTheme: URIRef
    decider: URIRef
    Decision: URIRef
    DerivedGraph: URIRef
    designates: URIRef
    Disagreement: URIRef
    dueDate: URIRef
    earliestDay: URIRef
    endDate: URIRef
    Evidence: URIRef
    EvidenceGraph: URIRef
    Expectation: URIRef
    expectsOneValue: URIRef
    Figure: URIRef
    fileDigest: URIRef
    fileName: URIRef
    Finding: URIRef
    fingerprintOf: URIRef
    gbCode: URIRef
    graph: URIRef
    hasCertainty: URIRef
    hasCompleteness: URIRef
    hasEvidence: URIRef
    hasKind: URIRef
    hasLevel: URIRef
    hasOutcome: URIRef
    hasParticipant: URIRef
    hasParty: URIRef
    hasQualifier: URIRef
    hasQuantity: URIRef
    hasRole: URIRef
    hasScope: URIRef
    hasStance: URIRef
    hasState: URIRef
    hasTheme: URIRef
    Identification: URIRef
    InferredGraph: URIRef
    inseeCode: URIRef
    isAbout: URIRef
    isAppointedBy: URIRef
    isAssertedFrom: URIRef
    isCoverageOf: URIRef
    isHeldBy: URIRef
    isHeldWith: URIRef
    isInCountry: URIRef
    isoCode: URIRef
    isParticipationIn: URIRef
    isPartnerOf: URIRef
    isProposedFor: URIRef
    isProposedPartnerOf: URIRef
    isSaidBy: URIRef
    issuedDate: URIRef
    isTentative: URIRef
    languageColumn: URIRef
    latestDay: URIRef
    licenceNote: URIRef
    Mention: URIRef
    mintedFrom: URIRef
    Objective: URIRef
    onProperty: URIRef
    ordinal: URIRef
    page: URIRef
    Participation: URIRef
    Place: URIRef
    Position: URIRef
    prefers: URIRef
    prepares: URIRef
    purpose: URIRef
    Question: URIRef
    reason: URIRef
    Recommendation: URIRef
    recordedDate: URIRef
    referenceDate: URIRef
    ReferenceGraph: URIRef
    remedy: URIRef
    RepresentationOffice: URIRef
    Search: URIRef
    searchScope: URIRef
    searchTerms: URIRef
    section: URIRef
    seenDate: URIRef
    signatureDate: URIRef
    signatureDay: URIRef
    sirenNumber: URIRef
    SourceDocument: URIRef
    SourceGraph: URIRef
    Stance: URIRef
    stanceValue: URIRef
    startDate: URIRef
    Statement: URIRef
    succeeds: URIRef
    writtenForm: URIRef


#: The prefixes used in everything that Maillage writes, in alphabetical order. ``geo`` is written
#: ``http:`` as its vocabulary is (rdflib's own ``WGS`` says ``https:``).
PREFIXES: Final[Mapping[str, str]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "igeo": "http://rdf.insee.fr/def/geo#",
    "m8g": "http://data.europa.eu/m8g/",
    "mlg": NS,
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
