"""From statements back to rows: what a file says comes back as it went in, and nothing is lost."""

import csv
import re
import shutil
from collections import defaultdict

import pytest

from maillage.cells import plans
from maillage.dumps import dumps, nquads
from maillage.folders import folder
from maillage.foreign import foreign
from maillage.gather import gather
from maillage.gazetteer import gazetteer
from maillage.intake.headings import recognised
from maillage.mint import parse
from maillage.tabulate import Origin, tabulate
from maillage.untrusted import lines_of, parse_untrusted
from maillage.words import LANGUAGES

FILE = {
    "key": "their-file",
    "kind": "dataset",
    "title_en": "Their file",
    "language": "en",
    "file_digest": "0" * 64,
    "seen": "2026-11-22",
    "licence": "https://creativecommons.org/licenses/by/4.0/",
}
ORIGIN = Origin(FILE, "maillage", "2026-11-22")
PREFIXES = """
@prefix mlg: <https://w3id.org/maillage/ns#> .
@prefix id: <https://w3id.org/maillage/id/> .
@prefix link: <https://w3id.org/maillage/id/link/> .
@prefix place: <https://w3id.org/maillage/id/place/> .
@prefix event: <https://w3id.org/maillage/id/event/> .
@prefix news: <https://w3id.org/maillage/id/news/> .
@prefix organisation: <https://w3id.org/maillage/id/organisation/> .
@prefix mention: <https://w3id.org/maillage/id/mention/> .
@prefix source: <https://w3id.org/maillage/id/source/> .
@prefix recorder: <https://w3id.org/maillage/id/recorder/> .
@prefix graph: <https://w3id.org/maillage/id/graph/> .
@prefix kind: <https://w3id.org/maillage/id/link-kind/> .
@prefix state: <https://w3id.org/maillage/id/state/> .
@prefix theme: <https://w3id.org/maillage/id/theme/> .
@prefix level: <https://w3id.org/maillage/id/level/> .
@prefix certainty: <https://w3id.org/maillage/id/certainty/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix ex: <http://example.org/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix igeo: <http://rdf.insee.fr/def/geo#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
BORDEAUX, WUHAN = "place/fr-commune-33063", "place/cn-420100"


def tabulated(text, suffix=".ttl"):
    turtle = suffix in {".ttl", ".trig"}
    raw = ((PREFIXES if turtle else "") + text).encode()
    return tabulate(parse_untrusted(raw, suffix, f"theirs{suffix}"), ORIGIN)


def whys(made):
    return {(left.thing.rpartition("/")[2], left.key) for left in made.left}


def write(rows, path):
    """The rows as people would find them, beside the gazetteers of the house."""
    by_table = {plan.table: plan for plan in plans().values()}
    for table, listed in rows.items():
        with (path / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, by_table[table].columns, restval="", lineterminator="\n")  # fmt: skip
            writer.writeheader()
            writer.writerows(listed)
    (path / "gazetteer").symlink_to(folder("data") / "gazetteer")
    if "recorders" not in rows:
        shutil.copy(folder("data") / "recorders.csv", path)
    return path


def claims(dataset):
    """What documents assert, its evidence and our own words, by graph."""
    found = defaultdict(set)
    for subject, predicate, value, graph in dataset.quads():
        key = parse(str(graph)).key
        of_documents = key.startswith(("source--", "inferred--", "evidence--"))
        described = key == "catalogue" and parse(str(subject)).kind != "graph"
        if of_documents or described or key == "labels":
            found[key].add((subject, predicate, value))
    return found


# ---- exports of another Maillage ------------------------------------------------------------


def same(there, here):
    assert set(there) == set(here)
    for graph in there:
        assert there[graph] == here[graph], graph


def told_columns(name, table_rows):
    """The cells of the columns that make statements, but for names, which a thing has once."""
    plan = next(p for p in plans().values() if p.table == name)
    silent = {"note"}
    if plan.prints:
        silent |= {"verdict", "place", "label", "score", "reason", "runner_up"}
    names = {c for c in plan.columns if c.startswith(("label_", "text_", "description_"))}
    told = set(plan.columns) - names - silent
    # the order in a list is nobody's claim
    rows = [{c: sorted(re.split("[;|]", row[c])) for c in told if row.get(c)} for row in table_rows]
    return sorted(sorted(row.items()) for row in rows)


def test_the_shipped_tables_come_back_from_their_graph(shipped, tmp_path):
    """All but notes, how a name was matched, and in which row of a thing its names stand."""
    quads = parse_untrusted(nquads(shipped.dataset), ".nq", "theirs")
    made = tabulate(quads, ORIGIN)
    assert not made.left
    assert not made.rest
    assert not made.renamed
    for name, listed in made.rows.items():
        with (folder("data") / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert told_columns(name, listed) == told_columns(name, csv.DictReader(stream)), name
    for why in ("gazetteer", "derived", "ontology"):
        assert made.skipped[why] > 1_000
    same(claims(shipped.dataset), claims(gather(write(made.rows, tmp_path)).dataset))


FOUNDING = {"cuf-china-group-page", "cuf-arf-china-minutes-2016", "alsace-jiangsu-2014"}


@pytest.fixture(scope="module")
def founding(tmp_path_factory):
    """The graph of the founding documents alone, and its dumps."""
    rows = {}
    for plan in plans().values():
        with (folder("data") / f"{plan.table}.csv").open(encoding="utf-8", newline="") as stream:
            listed = list(csv.DictReader(stream))
        rows[plan.table] = [
            row
            for row in listed
            if {row.get("source"), row["key"] if plan.kind == "source" else ""} & FOUNDING
            or plan.kind == "recorder"
        ]
    dataset = gather(write(rows, tmp_path_factory.mktemp("founding"))).dataset
    whole = tmp_path_factory.mktemp("dumps") / "maillage.nq"
    whole.write_bytes(nquads(dataset))
    return dataset, {suffix: path.read_bytes() for suffix, path in dumps(whole).items()}


@pytest.mark.parametrize("suffix", ["trig", "jsonld", "ttl", "rdf"])
def test_every_format_of_a_release_comes_back(founding, tmp_path, suffix):
    """Formats without graphs too: the address of an evidence tells its row."""
    dataset, exported = founding
    made = tabulate(parse_untrusted(exported[suffix], f".{suffix}", "theirs"), ORIGIN)
    assert not made.left
    assert not made.rest
    same(claims(dataset), claims(gather(write(made.rows, tmp_path)).dataset))
    rows = [row for row in made.rows["links"] if row["source"] == "alsace-jiangsu-2014"]
    assert {(row["start"], row["section"]) for row in rows} >= {
        ("2007-05", "Texte chinois"),
        ("2005-05", "Texte français"),
    }


# ---- statements without evidence ------------------------------------------------------------

LINK = f"""
<https://w3id.org/maillage/id/link/twinning--cn-420100--fr-commune-33063> a mlg:CooperationLink ;
    mlg:hasKind kind:twinning ; mlg:hasParty id:{BORDEAUX.replace("/", chr(92) + "/")} , id:{WUHAN.replace("/", chr(92) + "/")} ;
    mlg:hasState state:active ; mlg:hasTheme theme:water , theme:health ;
    mlg:startDate "1998-06-18"^^edtf:EDTF ; mlg:purpose "Eau"@fr .
"""


def test_a_thing_without_evidence_is_a_row_of_the_file(tmp_path):
    made = tabulated(LINK)
    assert made.rows == {
        "links": [
            {
                "kind": "twinning",
                "parties": f"{WUHAN};{BORDEAUX}",
                "state": "active",
                "themes": "health;water",
                "start": "1998-06-18",
                "purpose_fr": "Eau",
                "source": "their-file",
                "certainty": "stated",
                "recorder": "maillage",
                "recorded": "2026-11-22",
            }
        ],
        "sources": [FILE],
    }
    assert not made.left
    dataset = gather(write(made.rows, tmp_path)).dataset
    assert len(claims(dataset)["source--their-file"]) == 9


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (
            ".rdf",
            """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
              xmlns:mlg="https://w3id.org/maillage/ns#" xml:base="https://w3id.org/maillage/id/">
             <mlg:CooperationLink rdf:about="link/twinning--cn-420100--fr-commune-33063">
              <mlg:hasKind rdf:resource="link-kind/twinning"/>
              <mlg:hasParty rdf:resource="place/cn-420100"/>
              <mlg:hasParty rdf:resource="place/fr-commune-33063"/>
              <mlg:purpose xml:lang="fr">Eau</mlg:purpose>
             </mlg:CooperationLink></rdf:RDF>""",
        ),
        (
            ".jsonld",
            """{"@context": {"@vocab": "https://w3id.org/maillage/ns#",
              "id": "https://w3id.org/maillage/id/", "hasKind": {"@type": "@id"},
              "hasParty": {"@type": "@id"}},
             "@id": "id:link/twinning--cn-420100--fr-commune-33063", "@type": "CooperationLink",
             "hasKind": "id:link-kind/twinning",
             "hasParty": ["id:place/cn-420100", "id:place/fr-commune-33063"],
             "purpose": {"@value": "Eau", "@language": "fr"}}""",
        ),
        (
            ".trig",
            """ex:g { <https://w3id.org/maillage/id/link/twinning--cn-420100--fr-commune-33063>
              a mlg:CooperationLink ; mlg:hasKind kind:twinning ; mlg:purpose "Eau"@fr ;
              mlg:hasParty place:cn-420100 , place:fr-commune-33063 . }""",
        ),
    ],
)
def test_every_format_gives_the_same_row(suffix, text):
    (row,) = tabulated(text, suffix).rows["links"]
    assert (row["kind"], row["purpose_fr"]) == ("twinning", "Eau")
    assert row["parties"] == f"{WUHAN};{BORDEAUX}"


def test_several_values_of_a_single_column_are_several_rows():
    made = tabulated(LINK + 'link:twinning--cn-420100--fr-commune-33063 mlg:startDate "2000"^^edtf:EDTF .')  # fmt: skip
    rows = made.rows["links"]
    assert {row["start"] for row in rows} == {"1998-06-18", "2000"}
    assert len({(row["kind"], row["parties"], row["source"]) for row in rows}) == 1
    assert sum("purpose_fr" in row for row in rows) == 1


def test_a_link_gets_the_address_that_its_parties_make_wherever_it_is_named():
    made = tabulated(
        """ex:ours a mlg:CooperationLink ; mlg:hasKind kind:contact ;
             mlg:hasParty place:fr-commune-33063 , place:cn-420100 .
           link:twinning--wrong a mlg:CooperationLink ; mlg:hasKind kind:twinning ;
             mlg:hasParty place:fr-commune-33063 , place:cn-420100 .
           news:n a schema:NewsArticle ; skos:prefLabel "N"@fr ; schema:about ex:ours , link:twinning--wrong ."""
    )
    base = "https://w3id.org/maillage/id/link/"
    assert made.renamed == {
        "http://example.org/ours": f"{base}contact--cn-420100--fr-commune-33063",
        f"{base}twinning--wrong": f"{base}twinning--cn-420100--fr-commune-33063",
    }
    (news,) = made.rows["news"]
    assert news["about"].split(";") == [
        "link/contact--cn-420100--fr-commune-33063",
        "link/twinning--cn-420100--fr-commune-33063",
    ]
    assert len(made.rows["links"]) == 2


def test_things_with_addresses_of_others_get_ours_by_their_names():
    made = tabulated(
        """ex:one a mlg:Figure ; skos:prefLabel "Nombre de projets"@fr ; schema:value 3 ;
             mlg:hasQuantity <https://w3id.org/maillage/id/quantity/projects> ;
             mlg:hasQualifier <https://w3id.org/maillage/id/qualifier/exactly> .
           [] a mlg:Finding ; skos:prefLabel "成都"@zh-Hans ; mlg:isAbout place:fr .
           [] a mlg:Finding ; skos:prefLabel "Nombre de projets"@fr ; mlg:isAbout place:fr ."""
    )
    assert [row["key"] for row in made.rows["figures"]] == ["nombre-de-projets"]
    keys = [row["key"] for row in made.rows["statements"]]
    assert "nombre-de-projets" in keys and len(set(keys)) == 2
    assert len(made.renamed) == 3


def test_parties_with_addresses_of_wikidata_and_geonames_are_places_of_ours():
    china = gazetteer()["cn"].geonames
    made = tabulated(
        f"""ex:l a mlg:CooperationLink ; mlg:hasKind kind:contact ;
              mlg:hasParty wd:Q142 , <https://sws.geonames.org/{china}/> ."""
    )
    (row,) = made.rows["links"]
    assert row["parties"] == "place/cn;place/fr"


def test_a_place_of_the_gazetteer_stays_a_reference_and_a_new_one_is_a_row(tmp_path):
    made = tabulated(
        LINK
        + """place:fr-commune-33063 a mlg:Collectivity ; mlg:hasLevel level:commune ;
               mlg:inseeCode "33063" ; skos:prefLabel "Bordeaux"@fr , "Burdigala"@en .
             place:x-haven a mlg:Place ; mlg:hasLevel level:city ; mlg:isInCountry place:fr ;
               skos:prefLabel "Haven"@en ; geo:lat "48.50"^^xsd:double ; geo:long 2.25 .
             place:fr-commune-37261 skos:altLabel "Caesarodunum"@fr ."""
    )
    rows = {row["key"]: row for row in made.rows["places"]}
    assert set(rows) == {"x-haven", "fr-commune-37261"}
    assert (rows["x-haven"]["lat"], rows["x-haven"]["lng"]) == ("48.5", "2.25")
    assert rows["x-haven"]["label_en"] == "Haven"
    tours = rows["fr-commune-37261"]
    assert (tours["other_name"], tours["other_name_language"]) == ("Caesarodunum", "fr")
    assert (tours["class"], tours["level"]) == ("Collectivity", "commune")
    assert made.skipped["gazetteer"] == 4
    assert whys(made) == {("fr-commune-33063", "rdf.gazetteer-name")}
    gather(write(made.rows, tmp_path))


def test_values_that_others_write_otherwise_and_that_mean_the_same_have_a_cell():
    made = tabulated(
        """event:e a schema:Event ; skos:prefLabel "Meeting"@en-GB , "会议"@zh , "會議"@zh-Hant ;
             mlg:startDate "2014-11-06"^^xsd:date ; mlg:endDate "2014"^^xsd:gYear ; mlg:ordinal 5.0 ;
             dcterms:description "On two\\nlines"@en .
           source:s a mlg:SourceDocument ; dcterms:language "fr" ; mlg:seenDate "2026-11-22"^^xsd:date ;
             dcterms:license <http://example.org/l> ; schema:url <http://example.org/> ."""
    )
    (event,) = made.rows["events"]
    assert (event["start"], event["end"], event["ordinal"]) == ("2014-11-06", "2014", "5")
    assert (event["label_en"], event["label_zh"]) == ("Meeting", "会议")
    assert event["description_en"] == "On two lines"
    assert {(left.value, left.key) for left in made.left} == {("會議", "rdf.no-column")}
    (source,) = made.rows["sources"][:1]
    assert source["address"] == "http://example.org/"


@pytest.mark.parametrize(
    ("text", "thing", "why"),
    [
        ('event:e mlg:startDate "soon" .', "e", "rdf.wrong-value"),
        ("event:e ex:colour ex:red .", "e", "rdf.no-column"),
        ('event:e mlg:startDate "2014"^^edtf:EDTF ; schema:location ex:somewhere .', "e", "rdf.wrong-value"),
        ("link:contact--a--b mlg:hasKind kind:contact .", "contact--a--b", "rdf.no-row"),
        ('mention:m a mlg:Mention ; mlg:writtenForm "X" .', "m", "rdf.wrong-value"),
        ('place:x-y skos:prefLabel "Y"@fr .', "x-y", "rdf.no-row"),
        ('<https://w3id.org/maillage/id/evidence/abc> a mlg:Evidence ; mlg:page "3" .', "abc", "rdf.loose"),
        (f'event:e dcterms:description "{"a" * 10_001}"@fr .', "e", "table.too-long"),
        ('recorder:r a prov:Agent ; skos:prefLabel "One"@mul , "Two"@mul .', "r", "rdf.second-value"),
        ("place:fr mlg:isPartnerOf place:cn .", "fr", "rdf.no-column"),
    ],
)  # fmt: skip
def test_what_no_table_can_say_is_told_with_the_reason(text, thing, why):
    made = tabulated(text)
    assert (thing, why) in whys(made)
    for left in made.left:
        assert len({left.text(lang) for lang in LANGUAGES}) == 3


def test_things_that_are_not_ours_are_handed_on():
    made = tabulated('ex:a a org:OrganizationalCollaboration . mlg:Place rdfs:label "x"@fr .')
    assert [quad.subject.value for quad in made.rest] == ["http://example.org/a"]
    assert made.skipped["ontology"] == 1
    assert not made.rows


# ---- evidence that a Maillage did not make ----------------------------------------------------

DOCUMENT = """
source:minutes a mlg:SourceDocument ; skos:prefLabel "Minutes"@en ; dcterms:language "fr" ;
    dcterms:license <http://example.org/l> ; mlg:seenDate "2026-11-21"^^xsd:date .
recorder:ana a prov:Agent ; skos:prefLabel "Ana"@mul .
"""
EVIDENCE = """
<https://w3id.org/maillage/id/evidence/e1> a mlg:Evidence ; dcterms:source source:minutes ;
    mlg:hasCertainty certainty:to-be-confirmed ; mlg:bearsOn mlg:hasParty , mlg:startDate ;
    mlg:page "2" ; prov:wasAttributedTo recorder:ana ; mlg:recordedDate "2026-11-20"^^xsd:date .
link:twinning--cn-420100--fr-commune-33063 mlg:hasEvidence <https://w3id.org/maillage/id/evidence/e1> .
"""


def test_evidence_written_by_hand_keeps_its_document_and_the_rest_is_of_the_file():
    made = tabulated(LINK + DOCUMENT + EVIDENCE)
    theirs, files = sorted(made.rows["links"], key=lambda row: row["source"])
    assert (theirs["source"], theirs["recorder"], theirs["page"]) == ("minutes", "ana", "2")
    assert (theirs["certainty"], theirs["start"]) == ("to-be-confirmed", "1998-06-18")
    assert "state" not in theirs
    assert (files["source"], files["state"]) == ("their-file", "active")
    assert "start" not in files
    assert {row["key"] for row in made.rows["sources"]} == {"minutes", "their-file"}
    assert [row["key"] for row in made.rows["recorders"]] == ["ana"]
    assert not made.left


def test_a_document_that_nobody_describes_is_told():
    made = tabulated(LINK + EVIDENCE)
    assert whys(made) == {("e1", "rdf.no-document"), ("e1", "rdf.no-recorder")}
    assert {row["source"] for row in made.rows["links"]} == {"their-file"}
    assert {row["recorder"] for row in made.rows["links"]} == {"maillage"}


def test_a_graph_of_a_document_is_its_claim_even_without_evidence():
    body = LINK.strip()
    made = tabulated(f"{DOCUMENT} graph:inferred--minutes {{ {body} }} graph:source--minutes {{ {body} }} graph:consensus {{ {body} }}", ".trig")  # fmt: skip
    rows = made.rows["links"]
    assert [(row["source"], row["certainty"]) for row in rows] == [
        ("minutes", "inferred"),
        ("minutes", "stated"),
    ]
    assert made.skipped["derived"] == 9


# ---- the words of others ----------------------------------------------------------------------


def sheets(text, suffix=".ttl", lang="en"):
    raw = ((PREFIXES if suffix == ".ttl" else "") + text).encode()
    rest = tabulate(parse_untrusted(raw, suffix, "theirs"), ORIGIN).rest
    made, left = foreign(rest, lines_of(raw, {quad.subject.value for quad in rest}), lang)
    return {sheet.name: sheet for sheet in made}, left


def rows(sheet):
    return [dict(zip(sheet.headings, cells, strict=True)) for _, cells in sheet.rows]


TWO = """
ex:bx a igeo:Commune ; skos:prefLabel "Bordeaux"@fr ; igeo:codeINSEE "33063" .
ex:wh a schema:City ; schema:name "Wuhan"@en , "武汉"@zh ; schema:addressCountry "CN" ; owl:sameAs wd:Q11746 .
"""


def test_a_collaboration_is_a_row_with_its_parties_and_dates():
    made, left = sheets(
        TWO
        + """ex:c a org:OrganizationalCollaboration ; skos:prefLabel "Bordeaux–Wuhan"@fr ;
               org:hasMember ex:bx , ex:wh ; org:classification [ skos:prefLabel "twinning"@en ] ;
               schema:startDate "1998-06-18T00:00:00Z"^^xsd:dateTime ; dcterms:subject [ rdfs:label "water" ] , [ rdfs:label "health" ] ;
               org:purpose "Exchanges of\\nengineers"@en ; foaf:homepage <http://example.org/bx-wh> ;
               ex:budget 3 ."""
    )
    (row,) = rows(made["collaborations"])
    assert row["title"] == "Bordeaux–Wuhan"
    assert (row["party"], row["party_country"], row["party_code"]) == ("Bordeaux", "fr", "33063")
    assert (row["partner"], row["partner_country"]) == ("Wuhan", "CN")
    assert row["partner_code"] in {"cn-420100", "Q11746"}
    assert (row["kind"], row["start"], row["themes"]) == ("twinning", "1998-06-18", "water; health")
    assert (row["purpose"], row["address"]) == (
        "Exchanges of engineers",
        "http://example.org/bx-wh",
    )
    assert ("http://example.org/budget", "rdf.no-role") in {(x.property, x.key) for x in left}
    (line, _), *_ = made["collaborations"].rows
    assert PREFIXES.count("\n") + 4 == line


@pytest.mark.parametrize(
    "joined",
    [
        "ex:bx org:memberOf ex:c . ex:wh org:memberOf ex:c .",
        "ex:c schema:member ex:bx , ex:wh .",
        "ex:bx schema:memberOf ex:c . ex:c org:hasMember ex:wh .",
        "[] a org:Membership ; org:organization ex:c ; org:member ex:bx . [] org:organization ex:c ; org:member ex:wh .",
        "ex:c schema:member [ a schema:OrganizationRole ; schema:member ex:bx ] , ex:wh .",
        "ex:c foaf:member ex:bx ; dcterms:contributor ex:wh .",
        "ex:c <http://schema.org/participant> ex:bx ; <http://schema.org/organizer> ex:wh .",
    ],
)
def test_parties_are_found_however_they_are_joined(joined):
    made, _ = sheets(TWO + "ex:c a org:OrganizationalCollaboration . " + joined)
    (row,) = rows(made["collaborations"])
    assert {row["party"], row["partner"]} == {"Bordeaux", "Wuhan"}


def test_more_than_two_parties_are_one_row_and_too_many_are_told():
    third = 'ex:c a org:OrganizationalCollaboration ; org:hasMember ex:bx , ex:wh , [ foaf:name "Bilbao" ] .'
    made, _ = sheets(TWO + third)
    (row,) = rows(made["collaborations"])
    assert [row["party"], row["partner"], row["partner_2"]] == ["Bordeaux", "Wuhan", "Bilbao"]
    many = " , ".join(f'[ rdfs:label "City {i}" ]' for i in range(5))
    made, left = sheets(f"ex:c a org:OrganizationalCollaboration ; org:hasMember {many} .")
    assert not made
    assert [x.key for x in left] == ["rdf.too-many-parties"]


def test_projects_and_events_count_when_they_join_authorities():
    text = (
        TWO
        + """
      ex:p a schema:Project ; schema:name "Water"@en ; schema:member ex:bx , ex:wh , ex:firm .
      ex:e a <http://schema.org/Event> ; schema:organizer ex:bx ; schema:contributor ex:wh .
      ex:q a schema:Project ; schema:name "Private"@en ; schema:member ex:firm , ex:other .
      ex:firm a schema:Corporation ; schema:name "A firm" . ex:other schema:name "Another" ."""
    )
    made, left = sheets(text)
    assert [row["title"] for row in rows(made["projects"])] == ["Water"]
    assert {row["party"] for row in rows(made["events"])} == {"Bordeaux"}
    assert {(x.thing.rpartition("/")[2], x.key) for x in left} == {
        ("p", "rdf.no-authority"), ("q", "rdf.no-authority"), ("q", "rdf.one-party"),
    }  # fmt: skip


def test_pairs_of_wikidata_are_twinnings_each_once():
    made, left = sheets('wd:Q1479 wdt:P190 wd:Q11746 ; rdfs:label "Bordeaux"@fr . wd:Q11746 wdt:P190 wd:Q1479 ; rdfs:label "Wuhan"@en .')  # fmt: skip
    (row,) = rows(made["twinnings"])
    assert (row["party"], row["partner"], row["kind"]) == ("Bordeaux", "Wuhan", "twinning")
    assert row["party_code"] in {"fr-commune-33063", "Q1479"}
    assert not left


def test_classes_that_the_file_puts_below_are_read_too():
    text = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:org="http://www.w3.org/ns/org#"
        xmlns:e="http://example.org/">
      <rdf:Description rdf:about="http://example.org/Twinning">
        <rdfs:subClassOf rdf:resource="http://www.w3.org/ns/org#OrganizationalCollaboration"/>
      </rdf:Description>
      <e:Twinning rdf:about="http://example.org/t">
        <org:hasMember rdf:resource="https://w3id.org/maillage/id/place/fr-commune-33063"/>
        <org:hasMember rdf:resource="http://www.wikidata.org/entity/Q148"/>
      </e:Twinning></rdf:RDF>"""
    made, _ = sheets(text, ".rdf")
    (row,) = rows(made["collaborations"])
    assert (row["party_code"], row["partner_code"]) == ("fr-commune-33063", "cn")


def test_schema_org_as_sites_write_it():
    text = """{"@context": {"@vocab": "http://schema.org/"}, "@graph": [
      {"@id": "http://example.org/p", "@type": "Project", "name": "Eau",
       "description": {"@value": "Assainissement", "@language": "fr"}, "startDate": "2015",
       "keywords": ["water", "sanitation"],
       "member": [
        {"@type": "GovernmentOrganization", "name": "Ville de Lyon",
         "address": {"@type": "PostalAddress", "addressCountry": "FR"},
         "identifier": {"@type": "PropertyValue", "propertyID": "INSEE", "value": "69123"}},
        {"@type": "City", "name": "Ouagadougou", "address": {"addressCountry": {"@type": "Country", "name": "Burkina Faso"}}}]}]}"""  # fmt: skip
    made, left = sheets(text, ".jsonld", "fr")
    (row,) = rows(made["projects"])
    assert (row["party"], row["party_country"], row["party_code"]) == ("Ville de Lyon", "FR", "69123")  # fmt: skip
    assert (row["partner"], row["partner_country"]) == ("Ouagadougou", "Burkina Faso")
    assert (row["themes"], row["start"], row["purpose"]) == ("water; sanitation", "2015", "Assainissement")  # fmt: skip
    assert not left


def test_values_that_no_one_attributes_are_of_the_file():
    """Two documents, two years, no graphs, and addresses of evidence that say nothing."""
    other = """source:page a mlg:SourceDocument ; skos:prefLabel "Page"@en ; dcterms:language "fr" ;
        dcterms:license <http://example.org/l> ; mlg:seenDate "2026-11-21"^^xsd:date .
      <https://w3id.org/maillage/id/evidence/e2> a mlg:Evidence ; dcterms:source source:page ;
        mlg:hasCertainty certainty:stated ; mlg:bearsOn mlg:startDate .
      link:twinning--cn-420100--fr-commune-33063 mlg:startDate "2000"^^edtf:EDTF ;
        mlg:hasEvidence <https://w3id.org/maillage/id/evidence/e2> ."""
    made = tabulated(LINK + DOCUMENT + EVIDENCE + other)
    dated = {(row["source"], row["start"]) for row in made.rows["links"] if "start" in row}
    assert dated == {("their-file", "1998-06-18"), ("their-file", "2000")}
    assert {key for _, key in whys(made)} == {"rdf.which-document"}


def test_what_is_no_cooperation_is_told_once_a_thing():
    made, left = sheets('ex:a a foaf:Document ; dcterms:title "x" . ex:b ex:p ex:c .')
    assert not made
    assert [(x.thing, x.values["n"]) for x in left] == [("http://example.org/a", 2), ("http://example.org/b", 1)]  # fmt: skip
    assert all(x.text("fr") for x in left)


def test_the_importer_knows_every_heading():
    made, _ = sheets(TWO + 'ex:c a org:OrganizationalCollaboration ; org:hasMember ex:bx , ex:wh , [ rdfs:label "A" ] , [ rdfs:label "B" ] .')  # fmt: skip
    sheet = made["collaborations"]
    assert all(use.role for use in recognised(sheet.headings).values())


def test_no_name_of_a_party_is_no_party():
    made, left = sheets(TWO + "ex:c a org:OrganizationalCollaboration ; org:hasMember ex:bx , ex:nobody .")  # fmt: skip
    assert not made
    assert {"rdf.nameless", "rdf.one-party"} <= {x.key for x in left}
