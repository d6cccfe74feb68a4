"""Errors planted one at a time in the good graph, each with the rules that must find it.

A case takes triples away from ``good.ttl`` and adds others, both in Turtle with the prefixes of
that file. It names the rules of ``ontology/shapes.ttl`` that speak, all of them and no other.
``ALLOWED`` holds what looks like an error and is none.
"""

from __future__ import annotations

from typing import NamedTuple

PAIR = "link:proposed-lead-pair--cn-410300--fr-commune-37261--rencontres-2016"
TOOK_PART = "participation:rencontres-2016--fr-region-84--participant"


class Case(NamedTuple):
    """One planted error: a name, the rules expected to speak, what to take away and to add."""

    name: str
    rules: frozenset[str]
    remove: str
    add: str


def case(name: str, rules: str, remove: str = "", add: str = "") -> Case:
    """Write a case with its rules in one string, separated by blanks."""
    return Case(name, frozenset(rules.split()), remove, add)


EVERY_THING = [
    case(
        "address-in-capitals",
        "AddressIsWellFormed",
        add="""<https://w3id.org/maillage/id/mention/Chine_2> a mlg:Mention ;
            mlg:hasEvidence evidence:a1 ; mlg:hasKind mention-kind:name ;
            mlg:designates place:cn ; mlg:writtenForm "Chine" .""",
    ),
    case(
        "thing-without-address",
        "AddressIsWellFormed",
        add="""[] a mlg:Mention ; mlg:hasEvidence evidence:a1 ; mlg:hasKind mention-kind:name ;
            mlg:designates place:cn ; mlg:writtenForm "Chine" .""",
    ),
    case("link-without-evidence", "ClaimHasEvidence", f"{PAIR} mlg:hasEvidence evidence:a1 ."),
    case("place-without-evidence", "ClaimHasEvidence", "place:cn mlg:hasEvidence evidence:a1 ."),
    case(
        "statement-without-evidence",
        "ClaimHasEvidence",
        "statement:name-moderators mlg:hasEvidence evidence:a1 .",
    ),
    case(
        "person-without-evidence",
        "ClaimHasEvidence",
        "person:jacques-valade mlg:hasEvidence evidence:a1 .",
    ),
    case("evidence-missing", "EvidenceIsKnown", add="place:cn mlg:hasEvidence evidence:zz ."),
    case(
        "evidence-is-a-source", "EvidenceIsKnown", add="place:cn mlg:hasEvidence source:web-page ."
    ),
    case("no-french-name", "NameInFrench", 'place:cn skos:prefLabel "Chine"@fr .'),
    case("no-english-name", "NameInEnglish", 'place:cn skos:prefLabel "China"@en .'),
    case(
        "no-chinese-name",
        "NameInChinese",
        'source:web-page skos:prefLabel "中国国别组网页"@zh-Hans .',
    ),
    case(
        "statement-without-text",
        "NameInFrench NameInEnglish NameInChinese",
        """statement:name-moderators skos:prefLabel "Confier l’animation à des élus."@fr ,
            "Let elected members moderate."@en , "由民选代表主持讨论。"@zh-Hans .""",
    ),
    case(
        "source-without-english-title",
        "NameInEnglish",
        'source:web-page skos:prefLabel "Page of the China country-group"@en .',
    ),
    case(
        "person-without-name",
        "PersonHasName",
        'person:jacques-valade skos:prefLabel "Jacques Valade"@fr , "Jacques Valade"@en .',
    ),
    case("two-names-in-french", "OneNameALanguage", add='place:cn skos:prefLabel "Cathay"@fr .'),
    case("name-in-plain-zh", "TextIsInOurLanguages", add='place:cn skos:prefLabel "中华"@zh .'),
    case("name-without-language", "TextIsInOurLanguages", add='place:cn skos:prefLabel "Cina" .'),
    case("purpose-in-german", "TextIsInOurLanguages", add=f'{PAIR} mlg:purpose "Forschung"@de .'),
    case(
        "name-with-blank-at-end",
        "NameIsClean",
        'place:cn skos:prefLabel "China"@en .',
        'place:cn skos:prefLabel "China "@en .',
    ),
    case(
        "empty-name",
        "NameIsClean",
        'place:cn skos:prefLabel "China"@en .',
        'place:cn skos:prefLabel ""@en .',
    ),
    case(
        "date-in-words",
        "DateIsWellWritten",
        add=f'{PAIR} mlg:startDate "13 avril 2016"^^edtf:EDTF .',
    ),
    case("date-as-text", "DateIsWellWritten", add=f'{PAIR} mlg:startDate "2016" .'),
    case(
        "due-date-with-slashes",
        "DateIsWellWritten",
        'statement:name-moderators mlg:dueDate "2016-06"^^edtf:EDTF .',
        'statement:name-moderators mlg:dueDate "06/2016"^^edtf:EDTF .',
    ),
    case(
        "event-ends-before-it-begins",
        "DatesAreInOrder",
        'event:meeting-2016-04-13 mlg:startDate "2016-04-13"^^edtf:EDTF .',
        'event:meeting-2016-04-13 mlg:latestDay "2016-04-12"^^xsd:date .',
    ),
    case(
        "link-ends-before-it-begins",
        "DatesAreInOrder",
        add=f"""{PAIR} mlg:earliestDay "2016-05-01"^^xsd:date ;
            mlg:latestDay "2014-12-31"^^xsd:date .""",
    ),
    case(
        "signature-in-words",
        "DateIsWellWritten",
        add=f'{PAIR} mlg:signatureDate "en avril 2016"^^edtf:EDTF .',
    ),
    case(
        "link-signed-after-its-end",
        "SignedBeforeItEnds",
        add=f"""{PAIR} mlg:signatureDate "2016-05-01"^^edtf:EDTF ;
            mlg:signatureDay "2016-05-01"^^xsd:date ; mlg:latestDay "2014-12-31"^^xsd:date .""",
    ),
    case("theme-unlisted", "ThemeIsListed", add=f"{PAIR} mlg:hasTheme theme:astrology ."),
    case("theme-is-a-state", "ThemeIsListed", add=f"{PAIR} mlg:hasTheme state:active ."),
    case(
        "covered-theme-unlisted",
        "ThemeIsListed",
        add="coverage:minutes mlg:coversTheme theme:astrology .",
    ),
    case("state-unlisted", "StateIsListed", add=f"{PAIR} mlg:hasState state:dormant ."),
    case("state-is-a-theme", "StateIsListed", add=f"{PAIR} mlg:hasState theme:health ."),
    case(
        "statement-about-nothing-known",
        "SubjectIsKnown",
        add="statement:name-moderators mlg:isAbout place:fr-commune-99999 .",
    ),
    case(
        "news-about-an-outside-address",
        "SubjectIsKnown",
        add="news:meeting-2021 schema:about <https://example.org/autun> .",
    ),
]

PLACES = [
    case("place-without-level", "PlaceHasLevel", "place:cn mlg:hasLevel level:country ."),
    case(
        "level-unlisted",
        "LevelIsListed",
        "place:fr mlg:hasLevel level:country .",
        "place:fr mlg:hasLevel level:kingdom .",
    ),
    case(
        "place-without-country",
        "PlaceHasCountry",
        "place:cn-510100 mlg:isInCountry place:cn .",
    ),
    case(
        "country-is-a-region",
        "CountryIsKnown",
        "place:fr-departement-37 mlg:isInCountry place:fr .",
        "place:fr-departement-37 mlg:isInCountry place:fr-region-24 .",
    ),
    case(
        "country-undescribed",
        "CountryIsKnown",
        add="series:rencontres mlg:isInCountry place:vn .",
    ),
    case(
        "place-without-parent",
        "PlaceHasParent",
        "place:cn-510100 dcterms:isPartOf place:cn-510000 .",
    ),
    case(
        "parent-undescribed",
        "ParentIsKnown",
        "place:cn-510100 dcterms:isPartOf place:cn-510000 .",
        "place:cn-510100 dcterms:isPartOf place:cn-620000 .",
    ),
    case(
        "commune-code-of-four-digits",
        "InseeCodeFitsLevel",
        'place:fr-commune-37261 mlg:inseeCode "37261" .',
        'place:fr-commune-37261 mlg:inseeCode "7261" .',
    ),
    case(
        "departement-code-on-a-region",
        "InseeCodeFitsLevel",
        'place:fr-region-24 mlg:inseeCode "24" .',
        'place:fr-region-24 mlg:inseeCode "2A" .',
    ),
    case(
        "commune-code-on-a-departement",
        "InseeCodeFitsLevel",
        'place:fr-departement-37 mlg:inseeCode "37" .',
        'place:fr-departement-37 mlg:inseeCode "37261" .',
    ),
    case(
        "insee-code-in-china", "InseeCodeFitsLevel", add='place:cn-410300 mlg:inseeCode "41030" .'
    ),
    case(
        "siret-for-siren",
        "SirenHasNineDigits",
        'place:fr-commune-37261 mlg:sirenNumber "213702616" .',
        'place:fr-commune-37261 mlg:sirenNumber "21370261600012" .',
    ),
    case(
        "siren-with-two-digits-swapped",
        "SirenCheckDigit",
        'place:fr-commune-37261 mlg:sirenNumber "213702616" .',
        'place:fr-commune-37261 mlg:sirenNumber "213702661" .',
    ),
    case(
        "siren-with-one-wrong-digit",
        "SirenCheckDigit",
        'place:fr-region-24 mlg:sirenNumber "234500023" .',
        'place:fr-region-24 mlg:sirenNumber "234500024" .',
    ),
    case(
        "gb-code-of-five-digits",
        "GbCodeFitsLevel",
        'place:cn-410300 mlg:gbCode "410300" .',
        'place:cn-410300 mlg:gbCode "41030" .',
    ),
    case(
        "province-code-on-a-prefecture",
        "GbCodeFitsLevel",
        'place:cn-410300 mlg:gbCode "410300" .',
        'place:cn-410300 mlg:gbCode "410000" .',
    ),
    case(
        "gb-code-of-another-province",
        "GbCodeFitsParent",
        'place:cn-410300 mlg:gbCode "410300" .',
        'place:cn-410300 mlg:gbCode "510300" .',
    ),
    case(
        "iso-code-in-lower-case",
        "IsoCodeIsWellWritten",
        'place:fr mlg:isoCode "FR" .',
        'place:fr mlg:isoCode "fr" .',
    ),
    case(
        "latitude-too-far-north",
        "LatitudeInRange",
        "place:fr-commune-37261 geo:lat 47.39427 .",
        "place:fr-commune-37261 geo:lat 112.43684 .",
    ),
    case(
        "latitude-as-text",
        "LatitudeInRange",
        "place:fr-commune-37261 geo:lat 47.39427 .",
        'place:fr-commune-37261 geo:lat "47,39" .',
    ),
    case(
        "longitude-too-far-east",
        "LongitudeInRange",
        "place:cn-410300 geo:long 112.43684 .",
        "place:cn-410300 geo:long 192.43684 .",
    ),
    case("latitude-alone", "LatitudeHasLongitude", "place:cn-410300 geo:long 112.43684 ."),
    case("longitude-alone", "LongitudeHasLatitude", "place:cn-410300 geo:lat 34.67345 ."),
    case("two-longitudes", "LatitudeHasLongitude", add="place:cn-410300 geo:long 112.0 ."),
    case(
        "party-gone-when-the-event-takes-place",
        "ExistedAtTheTime",
        f"{PAIR} mlg:hasParty place:fr-commune-37261 .",
        f"""{PAIR} mlg:hasParty place:fr-region-82 ; mlg:earliestDay "2016-05-09"^^xsd:date .""",
    ),
    case(
        "participant-not-yet-born",
        "ExistedAtTheTime",
        """event:rencontres-2016 mlg:earliestDay "2016-01-01"^^xsd:date .
        event:workshop-health schema:superEvent event:rencontres-2016 .""",
        'event:rencontres-2016 mlg:earliestDay "2014-11-06"^^xsd:date .',
    ),
]

BODIES_AND_PEOPLE = [
    case(
        "organisation-kind-unlisted",
        "OrganisationKindIsListed",
        add="organisation:steering-committee mlg:hasKind organisation-kind:club .",
    ),
    case(
        "larger-body-undescribed",
        "LargerBodyIsKnown",
        add="organisation:steering-committee org:subOrganizationOf organisation:nobody .",
    ),
    case(
        "post-without-holder",
        "PostHasHolder SomethingRefersToIt",
        "post:valade-co-chair org:member person:jacques-valade .",
    ),
    case(
        "post-held-by-a-committee",
        "PostHolderIsKnown",
        add="post:valade-co-chair org:member organisation:steering-committee .",
    ),
    case(
        "post-without-body",
        "PostHasBody PredecessorHeldTheSameBody",
        "post:valade-co-chair org:organization organisation:steering-committee .",
    ),
    case(
        "post-in-an-event",
        "PostBodyIsKnown PredecessorHeldTheSameBody",
        add="post:auxiette-co-chair org:organization event:rencontres-2016 .",
    ),
    case(
        "predecessor-in-another-body",
        "PredecessorHeldTheSameBody",
        "post:valade-co-chair org:organization organisation:steering-committee .",
        "post:valade-co-chair org:organization organisation:cites-unies-france .",
    ),
    case(
        "predecessor-is-a-person",
        "PredecessorHeldTheSameBody",
        "post:auxiette-co-chair mlg:succeeds post:valade-co-chair .",
        "post:auxiette-co-chair mlg:succeeds person:jacques-valade .",
    ),
    case(
        "appointed-by-nobody-known",
        "AppointerIsKnown",
        add="post:auxiette-co-chair mlg:isAppointedBy organisation:nobody .",
    ),
]

EVENTS = [
    case(
        "event-without-kind",
        "EventHasKind",
        "event:workshop-health mlg:hasKind event-kind:workshop .",
    ),
    case(
        "event-kind-unlisted",
        "EventKindIsListed",
        "event:workshop-health mlg:hasKind event-kind:workshop .",
        "event:workshop-health mlg:hasKind event-kind:banquet .",
    ),
    case(
        "event-in-an-organisation",
        "EventPlaceIsKnown",
        add="event:workshop-health schema:location organisation:cites-unies-france .",
    ),
    case(
        "whole-event-undescribed",
        "WholeEventIsKnown",
        add="event:workshop-health schema:superEvent event:rencontres-1999 .",
    ),
    case(
        "prepares-a-series",
        "RelatedEventIsKnown",
        add="event:meeting-2016-04-13 mlg:prepares series:rencontres .",
    ),
    case(
        "proposed-for-an-undescribed-event",
        "RelatedEventIsKnown",
        f"{PAIR} mlg:isProposedFor event:rencontres-2016 .",
        f"{PAIR} mlg:isProposedFor event:rencontres-2036 .",
    ),
    case(
        "edition-without-number",
        "EditionHasOrdinal",
        "event:rencontres-2016 mlg:ordinal 5 .",
    ),
    case(
        "edition-without-series",
        "EditionHasSeries",
        "event:rencontres-2016 schema:superEvent series:rencontres .",
    ),
    case(
        "edition-number-zero",
        "OrdinalIsPositive",
        "event:rencontres-2016 mlg:ordinal 5 .",
        "event:rencontres-2016 mlg:ordinal 0 .",
    ),
    case(
        "edition-number-in-words",
        "OrdinalIsPositive",
        "event:rencontres-2016 mlg:ordinal 5 .",
        'event:rencontres-2016 mlg:ordinal "5e" .',
    ),
    case(
        "workshop-after-its-meeting",
        "PartBeginsBeforeWholeEnds",
        """event:workshop-health mlg:earliestDay "2016-05-09"^^xsd:date ;
            mlg:latestDay "2016-05-09"^^xsd:date .""",
        'event:workshop-health mlg:earliestDay "2017-01-10"^^xsd:date .',
    ),
    case(
        "workshop-before-its-meeting",
        "PartEndsAfterWholeBegins",
        """event:workshop-health mlg:earliestDay "2016-05-09"^^xsd:date ;
            mlg:latestDay "2016-05-09"^^xsd:date .""",
        'event:workshop-health mlg:latestDay "2015-05-09"^^xsd:date .',
    ),
    case(
        "participation-without-event",
        "ParticipationHasEvent",
        f"{TOOK_PART} mlg:isParticipationIn event:rencontres-2016 .",
    ),
    case(
        "participation-in-two-events",
        "ParticipationHasEvent",
        add=f"{TOOK_PART} mlg:isParticipationIn event:workshop-health .",
    ),
    case(
        "participation-in-a-series",
        "ParticipationEventIsKnown",
        f"{TOOK_PART} mlg:isParticipationIn event:rencontres-2016 .",
        f"{TOOK_PART} mlg:isParticipationIn series:rencontres .",
    ),
    case(
        "participation-of-nobody",
        "ParticipationHasParticipant",
        f"{TOOK_PART} mlg:hasParticipant place:fr-region-84 .",
    ),
    case(
        "participant-undescribed",
        "ParticipantIsKnown",
        f"{TOOK_PART} mlg:hasParticipant place:fr-region-84 .",
        f"{TOOK_PART} mlg:hasParticipant person:nobody .",
    ),
    case(
        "participation-without-role",
        "ParticipationHasRole",
        f"{TOOK_PART} mlg:hasRole role:participant .",
    ),
    case(
        "role-unlisted",
        "RoleIsListed",
        f"{TOOK_PART} mlg:hasRole role:participant .",
        f"{TOOK_PART} mlg:hasRole role:sponsor .",
    ),
]

LINKS = [
    case(
        "link-with-one-party",
        "LinkHasTwoParties",
        f"{PAIR} mlg:hasParty place:cn-410300 .",
    ),
    case(
        "party-undescribed",
        "PartyIsKnown",
        f"{PAIR} mlg:hasParty place:cn-410300 .",
        f"{PAIR} mlg:hasParty place:cn-410399 .",
    ),
    case(
        "party-is-a-person",
        "PartyIsKnown",
        f"{PAIR} mlg:hasParty place:cn-410300 .",
        f"{PAIR} mlg:hasParty person:jacques-auxiette .",
    ),
    case(
        "project-party-is-a-theme",
        "PartyIsKnown",
        add="project:loire-valley mlg:hasParty theme:health .",
    ),
    case(
        "link-without-kind",
        "LinkHasKind",
        f"{PAIR} mlg:hasKind link-kind:proposed-lead-pair .",
    ),
    case(
        "link-kind-unlisted",
        "LinkKindIsListed",
        f"{PAIR} mlg:hasKind link-kind:proposed-lead-pair .",
        f"{PAIR} mlg:hasKind link-kind:jumelage .",
    ),
    case(
        "link-kind-is-an-event-kind",
        "LinkKindIsListed",
        add=f"{PAIR} mlg:hasKind event-kind:meeting .",
    ),
    case(
        "proposed-pair-active",
        "ProposedPairIsNotActive",
        f"{PAIR} mlg:hasState state:to-be-confirmed .",
        f"{PAIR} mlg:hasState state:active .",
    ),
    case(
        "proposed-pair-active-by-inference-only",
        "ProposedPairIsNotActive",
        add=f"{PAIR} mlg:hasState state:active ; mlg:hasEvidence evidence:b1 .",
    ),
]

SAYINGS = [
    case(
        "statement-held-by-a-theme",
        "HolderIsKnown",
        add="statement:name-moderators mlg:isHeldBy theme:health .",
    ),
    case(
        "statement-answers-an-event",
        "AnswerIsToAStatement",
        add="statement:name-moderators mlg:answers event:rencontres-2016 .",
    ),
    case(
        "figure-of-nothing",
        "FigureHasQuantity",
        "figure:projects mlg:hasQuantity quantity:projects .",
    ),
    case(
        "quantity-unlisted",
        "QuantityIsListed",
        "figure:projects mlg:hasQuantity quantity:projects .",
        "figure:projects mlg:hasQuantity quantity:euros .",
    ),
    case(
        "figure-without-qualifier",
        "FigureHasQualifier",
        "figure:projects mlg:hasQualifier qualifier:nearly .",
    ),
    case(
        "qualifier-unlisted",
        "QualifierIsListed",
        "figure:projects mlg:hasQualifier qualifier:nearly .",
        "figure:projects mlg:hasQualifier qualifier:roughly .",
    ),
    case("figure-without-value", "FigureHasValue", "figure:projects schema:value 160 ."),
    case(
        "figure-below-zero",
        "FigureValueIsACount",
        "figure:projects schema:value 160 .",
        "figure:projects schema:value -160 .",
    ),
    case(
        "figure-in-words",
        "FigureValueIsACount",
        "figure:projects schema:value 160 .",
        'figure:projects schema:value "près de 160" .',
    ),
    case("scope-undescribed", "ScopeIsKnown", add="figure:projects mlg:hasScope place:vn ."),
    case(
        "mention-without-form", "MentionHasWrittenForm", 'mention:jenju mlg:writtenForm "Jenju" .'
    ),
    case(
        "mention-with-two-forms",
        "MentionHasWrittenForm",
        add='mention:jenju mlg:writtenForm "Jenjou" .',
    ),
    case(
        "mention-without-kind",
        "MentionHasKind",
        "mention:chine mlg:hasKind mention-kind:name .",
    ),
    case(
        "mention-kind-unlisted",
        "MentionKindIsListed",
        "mention:chine mlg:hasKind mention-kind:name .",
        "mention:chine mlg:hasKind mention-kind:nickname .",
    ),
    case(
        "unidentified-yet-designates",
        "UnidentifiedDesignatesNothing",
        add="mention:jenju mlg:designates place:cn-510100 .",
    ),
    case(
        "name-of-nothing",
        "MentionDesignatesSomething",
        "mention:chine mlg:designates place:cn .",
    ),
    case(
        "designated-undescribed",
        "DesignatedIsKnown",
        add="mention:chine mlg:designates place:cn-710000 .",
    ),
]

CHANGES_AND_COVERAGE = [
    case(
        "change-of-nothing",
        "ChangeHasBefore SomethingRefersToIt",
        "change:rhone-alpes-2016 org:originalOrganization place:fr-region-82 .",
    ),
    case(
        "change-into-nothing",
        "ChangeHasAfter",
        "change:rhone-alpes-2016 org:resultingOrganization place:fr-region-84 .",
    ),
    case(
        "change-into-something-undescribed",
        "ChangedBodyIsKnown",
        add="change:rhone-alpes-2016 org:resultingOrganization place:fr-region-99 .",
    ),
    case(
        "change-without-kind",
        "ChangeHasKind",
        "change:rhone-alpes-2016 mlg:hasKind change-kind:merger .",
    ),
    case(
        "change-kind-unlisted",
        "ChangeKindIsListed",
        "change:rhone-alpes-2016 mlg:hasKind change-kind:merger .",
        "change:rhone-alpes-2016 mlg:hasKind change-kind:fusion .",
    ),
    case(
        "coverage-of-nothing",
        "CoverageHasSource",
        "coverage:minutes mlg:isCoverageOf source:minutes-2016 .",
    ),
    case(
        "coverage-of-something-undescribed",
        "CoveredSourceIsKnown",
        "coverage:minutes mlg:isCoverageOf source:minutes-2016 .",
        "coverage:minutes mlg:isCoverageOf source:minutes-2036 .",
    ),
    case(
        "coverage-without-completeness",
        "CoverageHasCompleteness",
        "coverage:minutes mlg:hasCompleteness completeness:partial .",
    ),
    case(
        "completeness-unlisted",
        "CompletenessIsListed",
        "coverage:minutes mlg:hasCompleteness completeness:partial .",
        "coverage:minutes mlg:hasCompleteness completeness:total .",
    ),
    case(
        "covered-place-undescribed",
        "CoveredPlaceIsKnown",
        add="coverage:minutes mlg:coversPlace place:vn .",
    ),
]

DOCUMENTS = [
    case(
        "source-without-language",
        "SourceHasLanguage",
        'source:web-page dcterms:language "fr" .',
    ),
    case(
        "source-not-to-be-found",
        "SourceCanBeFound",
        "source:web-page schema:url <https://cites-unies-france.org/> .",
    ),
    case(
        "source-never-seen",
        "SourceHasSeenDate",
        'source:web-page mlg:seenDate "2026-11-21"^^xsd:date .',
    ),
    case(
        "source-without-licence",
        "SourceHasLicence",
        "source:web-page dcterms:license <https://creativecommons.org/licenses/by/4.0/> .",
    ),
    case(
        "licence-in-words",
        "SourceHasLicence",
        "source:web-page dcterms:license <https://creativecommons.org/licenses/by/4.0/> .",
        'source:web-page dcterms:license "CC BY 4.0" .',
    ),
    case(
        "digest-cut-short",
        "DigestIsSha256",
        add='source:web-page mlg:fileDigest "db04ed0d7004" .',
    ),
    case(
        "publisher-undescribed",
        "PublisherIsKnown",
        add="source:web-page dcterms:publisher organisation:nobody .",
    ),
    case(
        "passage-beyond-the-end",
        "PassageIsInsideDocument",
        "selector:a1 oa:end 2450 .",
        "selector:a1 oa:end 9999 .",
    ),
    case(
        "graph-without-document",
        "GraphNamesItsDocument",
        "graph:source--minutes-2016 mlg:isAssertedFrom source:minutes-2016 .",
    ),
]

EVIDENCE = [
    case(
        "evidence-without-source",
        "EvidenceHasSource",
        "evidence:b1 dcterms:source source:web-page .",
    ),
    case(
        "evidence-from-two-sources",
        "EvidenceHasSource",
        add="evidence:a1 dcterms:source source:web-page .",
    ),
    case(
        "evidence-from-an-unknown-source",
        "EvidenceSourceIsKnown",
        "evidence:b1 dcterms:source source:web-page .",
        "evidence:b1 dcterms:source source:rumour .",
    ),
    case(
        "evidence-without-certainty",
        "EvidenceHasCertainty",
        "evidence:a1 mlg:hasCertainty certainty:stated .",
    ),
    case(
        "certainty-unlisted",
        "CertaintyIsListed",
        "evidence:a1 mlg:hasCertainty certainty:stated .",
        "evidence:a1 mlg:hasCertainty certainty:sure .",
    ),
    case(
        "evidence-without-recorder",
        "EvidenceHasRecorder",
        "evidence:a1 prov:wasAttributedTo recorder:maillage .",
    ),
    case(
        "recorder-undescribed",
        "RecorderIsKnown",
        "evidence:a1 prov:wasAttributedTo recorder:maillage .",
        "evidence:a1 prov:wasAttributedTo recorder:somebody .",
    ),
    case(
        "evidence-without-date",
        "EvidenceHasRecordedDate",
        'evidence:a1 mlg:recordedDate "2026-11-21"^^xsd:date .',
    ),
    case(
        "evidence-recorded-in-a-year",
        "EvidenceHasRecordedDate",
        'evidence:a1 mlg:recordedDate "2026-11-21"^^xsd:date .',
        'evidence:a1 mlg:recordedDate "2026" .',
    ),
    case(
        "inferred-without-chinese-reason",
        "EvidenceHasReason",
        'evidence:b1 mlg:reason "标题给出了年份。"@zh-Hans .',
    ),
    case(
        "disputed-without-reason",
        "EvidenceHasReason",
        "evidence:a1 mlg:hasCertainty certainty:stated .",
        "evidence:a1 mlg:hasCertainty certainty:disputed .",
    ),
    case(
        "evidence-of-no-property",
        "EvidenceBearsOnSomething",
        "evidence:b1 mlg:bearsOn mlg:startDate .",
    ),
    case(
        "evidence-without-passage",
        "EvidenceHasPassage",
        "evidence:a1 oa:hasSelector selector:a1 .",
    ),
    case("passage-without-end", "PassageHasEnd", "selector:a1 oa:end 2450 ."),
    case(
        "passage-backwards",
        "PassageHasLength",
        "selector:a1 oa:start 2210 .",
        "selector:a1 oa:start 2451 .",
    ),
    case(
        "passage-before-the-document",
        "PassageHasLength",
        "selector:a1 oa:start 2210 .",
        "selector:a1 oa:start -1 .",
    ),
    case(
        "lines-in-words",
        "LinesAreWellWritten",
        'selector:a2 rdf:value "line=46,51" .',
        'selector:a2 rdf:value "lignes 46 à 51" .',
    ),
    case(
        "evidence-of-nothing",
        "EvidenceSupportsSomething",
        "event:rencontres-2016 mlg:hasEvidence evidence:b1 .",
    ),
]

TOLD = [
    case(
        "two-starts-of-one-meeting",
        "SourcesDisagree",
        add="""id:disagreement\\/d1 a mlg:Disagreement ;
            mlg:isAbout event:rencontres-2016 ; mlg:onProperty mlg:startDate ;
            mlg:hasStance id:stance\\/d1-1 , id:stance\\/d1-2 .
        id:stance\\/d1-1 a mlg:Stance ; mlg:stanceValue "2016"^^edtf:EDTF ;
            mlg:isSaidBy source:minutes-2016 .
        id:stance\\/d1-2 a mlg:Stance ; mlg:stanceValue "2017"^^edtf:EDTF ;
            mlg:isSaidBy source:web-page .""",
    ),
    case(
        "disagreement-with-oneself",
        "DisagreementHasTwoStances SourcesDisagree",
        add="""id:disagreement\\/d1 a mlg:Disagreement ;
            mlg:isAbout event:rencontres-2016 ; mlg:onProperty mlg:startDate ;
            mlg:hasStance id:stance\\/d1-1 .
        id:stance\\/d1-1 a mlg:Stance ; mlg:stanceValue "2016"^^edtf:EDTF ;
            mlg:isSaidBy source:minutes-2016 .""",
    ),
    case(
        "person-nobody-speaks-of",
        "SomethingRefersToIt",
        add="""person:nobody a schema:Person ; skos:prefLabel "Personne"@fr ;
            mlg:hasEvidence evidence:a1 .""",
    ),
]

IDENTIFICATIONS = [
    case(
        "party-without-a-chinese-name",
        "PartyNamedInChinese",
        'place:fr-commune-37261 skos:prefLabel "图尔"@zh-Hans .',
    ),
    *(
        case(
            f"identification-{name}",
            rule,
            add=f"""<https://w3id.org/maillage/id/identification/a1> a mlg:Identification ;
                {rest} .""",
        )
        for name, rule, rest in (
            (
                "of-no-name",
                "IdentificationHasName",
                """mlg:decider "A. Dupont" ; mlg:recordedDate "2026-11-22"^^xsd:date""",
            ),
            (
                "by-nobody",
                "IdentificationHasDecider",
                """mlg:writtenForm "Jenju" ; mlg:recordedDate "2026-11-22"^^xsd:date""",
            ),
            (
                "on-no-day",
                "IdentificationHasDay",
                """mlg:writtenForm "Jenju" ; mlg:decider "A. Dupont" """,
            ),
            (
                "of-a-person",
                "IdentificationMeansPlace",
                """mlg:writtenForm "Jenju" ; mlg:decider "A. Dupont" ;
                mlg:recordedDate "2026-11-22"^^xsd:date ; mlg:designates person:jacques-valade""",
            ),
        )
    ),
]

SEARCH = """<https://w3id.org/maillage/id/search/tours-luoyang> a mlg:Search ;
    skos:prefLabel "Lien entre Tours et Luoyang"@fr , "Link between Tours and Luoyang"@en ,
        "图尔与洛阳的合作关系"@zh-Hans """
FOUND = "mlg:hasOutcome <https://w3id.org/maillage/id/search-outcome/found>"
SEARCHED = 'mlg:recordedDate "2026-11-22"^^xsd:date'

SEARCHES = [
    case("search-without-outcome", "SearchHasOutcome", add=f"{SEARCH} ; {SEARCHED} ."),
    case(
        "search-with-two-outcomes",
        "SearchHasOutcome",
        add=f"""{SEARCH} ; {SEARCHED} ; {FOUND} ;
            mlg:hasOutcome <https://w3id.org/maillage/id/search-outcome/not-found> .""",
    ),
    case(
        "search-outcome-unlisted",
        "OutcomeIsListed",
        add=f"""{SEARCH} ; {SEARCHED} ;
            mlg:hasOutcome <https://w3id.org/maillage/id/search-outcome/perhaps> .""",
    ),
    case("search-on-no-day", "SearchHasDay", add=f"{SEARCH} ; {FOUND} ."),
    case(
        "search-that-found-an-unknown-source",
        "FoundInIsKnown",
        add=f"{SEARCH} ; {SEARCHED} ; {FOUND} ; prov:used source:rumour .",
    ),
]

CASES = [
    *IDENTIFICATIONS,
    *SEARCHES,
    *EVERY_THING,
    *PLACES,
    *BODIES_AND_PEOPLE,
    *EVENTS,
    *LINKS,
    *SAYINGS,
    *CHANGES_AND_COVERAGE,
    *DOCUMENTS,
    *EVIDENCE,
    *TOLD,
]

ALLOWED = [
    case(
        "sources-date-an-event-two-ways",
        "",
        'event:meeting-2016-04-13 mlg:earliestDay "2016-04-13"^^xsd:date .',
        """event:meeting-2016-04-13 mlg:startDate "2016-04-23"^^edtf:EDTF ;
            mlg:endDate "2016-04-13"^^edtf:EDTF ; mlg:earliestDay "2016-04-23"^^xsd:date ;
            mlg:latestDay "2016-04-13"^^xsd:date .""",
    ),
    case(
        "proposed-pair-active-by-a-second-source",
        "",
        add=f"""{PAIR} mlg:hasState state:active ; mlg:hasEvidence evidence:c1 .
        evidence:c1 a mlg:Evidence ; dcterms:source source:web-page ; mlg:bearsOn mlg:hasState ;
            mlg:hasCertainty certainty:stated ; mlg:recordedDate "2026-11-21"^^xsd:date ;
            prov:wasAttributedTo recorder:maillage .""",
    ),
    case(
        "corsican-commune",
        "",
        'place:fr-commune-37261 mlg:inseeCode "37261" .',
        'place:fr-commune-37261 mlg:inseeCode "2A004" .',
    ),
    case(
        "european-collectivity-of-alsace",
        "",
        'place:fr-departement-37 mlg:inseeCode "37" .',
        'place:fr-departement-37 mlg:inseeCode "6AE" .',
    ),
    case(
        "party-since-merged-named-while-it-existed",
        "",
        f"{PAIR} mlg:isProposedFor event:rencontres-2016 .",
        f"""{PAIR} mlg:hasParty place:fr-region-82 ; mlg:earliestDay "2010-01-01"^^xsd:date .""",
    ),
    case(
        "party-that-gave-away-a-part-and-goes-on",
        "",
        "change:rhone-alpes-2016 org:originalOrganization place:fr-region-82 .",
        f"""change:rhone-alpes-2016 org:originalOrganization place:cn-410000 , place:fr-region-82 ;
            org:resultingOrganization place:cn-410000 .
        {PAIR} mlg:hasParty place:cn-410000 ; mlg:earliestDay "2017-01-01"^^xsd:date .""",
    ),
    case(
        "signed-by-two-sources-on-two-days",
        "",
        add=f"""{PAIR} mlg:signatureDate "2016-05-01"^^edtf:EDTF , "2014"^^edtf:EDTF ;
            mlg:signatureDay "2016-05-01"^^xsd:date ; mlg:latestDay "2014-12-31"^^xsd:date .""",
    ),
    case(
        "search-that-found-nothing",
        "",
        add=f"""{SEARCH} ; {SEARCHED} ; mlg:isAbout place:fr-commune-37261 ;
            mlg:hasOutcome <https://w3id.org/maillage/id/search-outcome/not-found> .""",
    ),
    case(
        "vague-dates",
        "",
        add=f"""{PAIR} mlg:startDate "2012/2013"^^edtf:EDTF , "2016~"^^edtf:EDTF ,
            "201X"^^edtf:EDTF , "2014-11-06"^^edtf:EDTF , "2010/.."^^edtf:EDTF .""",
    ),
    case(
        "undated-event-outside-any-series",
        "",
        """event:meeting-2016-04-13 mlg:startDate "2016-04-13"^^edtf:EDTF ;
            mlg:earliestDay "2016-04-13"^^xsd:date .""",
    ),
]
