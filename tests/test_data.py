"""The data reviewed like a strict colleague would; each failure names the row and what mends it."""

import csv
import json
import re
from pathlib import Path

import pytest
from rdflib import RDF, URIRef
from rdflib.namespace import DCTERMS

from conftest import DOCUMENTS
from data_review import RULES, Data, planted
from maillage.ask import answer, terms
from maillage.folders import folder
from maillage.gather import ontology_graph
from maillage.mint import thing
from maillage.questions import question
from maillage.terms import MLG, NS, PREFIXES
from maillage.words import say
from tidy_data import DATA, tidied, untidy

REVIEWED = Data.of(folder("data"))
TABLES = REVIEWED.tables
ROWS = list(REVIEWED.rows)


def told(rows):
    return "\n".join(f"{row.position}: {what}" for row, what in rows)


def test_tables_are_in_canonical_form():
    assert not untidy(), "mend with: python tests/tidy_data.py"


def test_a_table_out_of_order_is_put_in_order(tmp_path):
    table = tmp_path / "links.csv"
    text = (DATA / "links.csv").read_text(encoding="utf-8")
    header, first, second, *rest = text.splitlines(keepends=True)
    table.write_text("".join([header, second, first, *rest]), encoding="utf-8", newline="\n")
    assert tidied(table) == text


# ---- the rules of the review ------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_the_tables_pass_the_review(rule):
    remarks = [str(remark) for remark in RULES[rule](REVIEWED)]
    assert not remarks, "\n".join(remarks)


CLAIM = {"certainty": "stated", "recorder": "maillage", "recorded": "2026-11-22"}
LINK = {
    "kind": "friendship",
    "parties": "place/cn-420100;place/fr-commune-33063",
    "source": "alsace-jiangsu-2014",
    **CLAIM,
}
SOURCE = {
    "key": "planted-page",
    "kind": "web-page",
    "title_fr": "Une page",
    "title_en": "A page",
    "title_zh": "网页",
    "language": "fr",
    "address": "https://example.org/planted",
    "seen": "2026-11-22",
    "licence": "http://rightsstatements.org/vocab/CNE/1.0/",
}
PLACE = {
    "key": "jenju",
    "class": "Collectivity",
    "level": "county",
    "country": "cn",
    "parent": "cn",
    "source": "alsace-jiangsu-2014",
    **CLAIM,
}
SEARCH = {
    "key": "planted-search",
    "looked_for_fr": "Un lien",
    "looked_for_en": "A link",
    "looked_for_zh": "合作关系",
    "outcome": "not-found",
    "searched": "2026-11-22",
    "recorder": "maillage",
}
TAKEN = next(row.one("address") for row in TABLES["sources"].rows if row.one("address"))

#: An error a row: the rule that must speak, the table, its cells, and words of what is told.
PLANTED = [
    ("unknown_codes", "links", LINK | {"themes": "astrology"}, "no theme has the key astrology"),
    ("unknown_codes", "links", LINK | {"themes": "cultur"}, "write culture"),
    (
        "unknown_codes",
        "links",
        LINK | {"parties": "place/cn-999999;place/fr-commune-33063"},
        "maillage match",
    ),
    ("unknown_codes", "links", LINK | {"source": "rumour"}, "no source has the key rumour"),
    (
        "dates_out_of_order",
        "links",
        LINK | {"start": "2010", "end": "2005"},
        "swap or mend start and end",
    ),
    (
        "dates_out_of_order",
        "links",
        LINK | {"signed": "2010-05", "end": "2005"},
        "swap or mend signed and end",
    ),
    ("unsourced", "links", LINK | {"source": ""}, "fill in the column source"),
    ("unsourced", "searches", SEARCH | {"outcome": "found"}, "fill in found_in"),
    (
        "out_of_time",
        "links",
        LINK | {"parties": "place/cn-510000;place/fr-region-76", "start": "2014"},
        "fr-region-76 is there since 2016-01-01",
    ),
    (
        "out_of_time",
        "links",
        LINK | {"parties": "place/cn-320000;place/fr-region-42", "signed": "2018"},
        "fr-region-42 is there until 2015-12-31",
    ),
    ("unseen_sources", "sources", SOURCE | {"seen": ""}, "write the day"),
    ("uncited_sources", "sources", SOURCE, "nothing cites planted-page"),
    (
        "addresses_twice",
        "sources",
        SOURCE | {"address": TAKEN.replace("https:", "http:") + "/"},
        "drop this row",
    ),
    ("languages_mixed", "sources", SOURCE | {"title_zh": "A page"}, "write title_zh in characters"),
    ("languages_mixed", "sources", SOURCE | {"title_fr": "网页"}, "translate it"),
    ("languages_mixed", "sources", SOURCE | {"title_en": ""}, "fill in title_en"),
    ("uncoded_places", "places", PLACE, "no code backs the place jenju"),
    ("unsorted_lists", "links", LINK | {"themes": "economy;culture"}, "culture;economy"),
    (
        "unsorted_lists",
        "links",
        LINK | {"parties": "place/fr-commune-33063;place/cn-420100"},
        "write parties as place/cn-420100;place/fr-commune-33063",
    ),
    (
        "labels_twice",
        "organisations",
        {"key": "cuf", "label_fr": "CUF", "label_en": "CUF", "label_zh": "法国城市联盟"}
        | CLAIM
        | {"source": "cuf-china-group-page"},
        "leave label_en empty",
    ),
    ("reasons_missing", "links", LINK | {"certainty": "inferred"}, "fill in reason_fr"),
    ("keys_twice", "sources", SOURCE | {"key": "alsace-jiangsu-2014"}, "choose another key"),
]


@pytest.mark.parametrize(("rule", "table", "cells", "words"), PLANTED)
def test_a_planted_error_is_told_with_its_row_and_what_mends_it(rule, table, cells, words):
    spoilt = planted(REVIEWED, table, cells)
    remarks = [str(r) for r in RULES[rule](spoilt) if r not in set(RULES[rule](REVIEWED))]
    assert any(words in remark for remark in remarks), remarks
    assert all(f"data/{table}.csv:" in remark for remark in remarks)
    assert any(":9999" in remark for remark in remarks), "the row is named"


def test_the_same_claim_twice_is_told():
    row = TABLES["links"].rows[0]
    again = {name: ";".join(cell.values) for name, cell in row.cells.items()}
    (remark,) = RULES["claims_twice"](planted(REVIEWED, "links", again | {"note": "Redite."}))
    assert f"line {row.position.line}" in str(remark)
    # another sentence of the same page is another claim
    other = again | {"section": "Un autre paragraphe", "chars": "", "lines": ""}
    assert not list(RULES["claims_twice"](planted(REVIEWED, "links", other)))


def test_a_source_that_names_a_place_out_of_its_time_is_kept_when_the_note_says_so():
    cells = LINK | {"parties": "place/cn-510000;place/fr-region-76", "start": "2014"}
    said = cells | {"note": "Anachronisme de la page."}
    assert not list(RULES["out_of_time"](planted(REVIEWED, "links", said)))


def test_every_rule_has_a_planted_error():
    assert {rule for rule, *_ in PLANTED} | {"claims_twice"} == set(RULES)


# ---- the record -------------------------------------------------------------------------------


LIST = "hekman-twincities-2026"


@pytest.fixture(scope="module")
def facing(shipped):
    """Every link as (link, French parties, Chinese parties), for those that face each other."""
    dataset = shipped.dataset
    found = []
    for link in sorted(dataset.subjects(RDF.type, MLG.CooperationLink, unique=True)):
        sides = {"fr": set(), "cn": set()}
        for party in dataset.objects(link, MLG.hasParty, unique=True):
            land = str(dataset.value(party, MLG.isInCountry)).rpartition("/")[2]
            if land in sides and (party, RDF.type, MLG.Collectivity) in dataset:
                sides[land].add(party)
        if all(sides.values()):
            found.append((link, sides["fr"], sides["cn"]))
    return found


def test_the_record_is_as_wide_as_was_asked(shipped, facing):
    """150 links, 60 authorities on either side, half with a kind and a year, 40 with themes."""
    dataset = shipped.dataset
    contact = thing("link-kind", "contact")
    pairs = {(f, c) for _, french, chinese in facing for f in french for c in chinese}
    french = {party for _, side, _ in facing for party in side}
    chinese = {party for _, _, side in facing for party in side}
    dated = [
        link
        for link, *_ in facing
        if (link, MLG.startDate, None) in dataset and (link, MLG.hasKind, contact) not in dataset
    ]
    themed = [link for link, *_ in facing if (link, MLG.hasTheme, None) in dataset]
    counts = (
        f"{len(facing)} links, {len(pairs)} pairs, {len(french)} French and {len(chinese)} "
        f"Chinese authorities, {len(dated)} with kind and start, {len(themed)} with themes"
    )
    print(counts)
    assert len(facing) >= 150, counts
    assert len(pairs) >= 150, counts
    assert len(french) >= 60, counts
    assert len(chinese) >= 60, counts
    assert len(dated) * 2 >= len(facing), counts
    assert len(themed) >= 40, counts


def test_every_link_rests_on_a_page_with_an_address(shipped):
    minutes = "cuf-arf-china-minutes-2016"  # a founding document, whose address nobody knows
    addresses = {row.one("key"): row.one("address") for row in TABLES["sources"].rows}
    links = TABLES["links"].rows
    assert not told(
        (row, f"give {row.one('source')} an address")
        for row in links
        if row.one("source") != minutes and not addresses[row.one("source")]
    )


def test_every_pair_of_the_worldwide_list_is_there(facing, store, names):
    """As many rows of evidence as pairs; and each link is confirmed, or told to rest on the list."""
    listed = [row for row in TABLES["links"].rows if row.one("source").startswith("hekman-")]
    assert len(listed) == 60
    links = {("twinning", row.all("parties")) for row in listed}
    asked = question("single-source")
    alone = [
        row
        for source in (LIST, "hekman-fr-cn-pairs-2026")
        for row in answer(store, asked, terms(asked, {"source": source}, names, "en")).rows
    ]
    others = {
        (row.one("kind"), row.all("parties"))
        for row in TABLES["links"].rows
        if not row.one("source").startswith("hekman-")
    }
    assert len(alone) == len(links - others)
    assert 0 < len(alone) < len(links)


def test_a_pair_of_the_list_is_found_where_the_list_says():
    """Looked at where the list is at hand; it does not travel with the repository."""
    path = DOCUMENTS.parent / "facts" / "twinnings" / "app_public_twin_cities.csv"
    if not path.is_file():
        pytest.skip("the worldwide list is not beside the checkout")
    text = path.read_text(encoding="utf-8")
    for row in TABLES["links"].rows:
        if row.one("source") == LIST:
            start, end = map(int, row.one("chars").split("-"))
            (cells,) = csv.reader([text[start:end]])
            assert text.count("\n", 0, start) + 1 == int(row.one("lines")), row.position
            assert "China" in {cells[1], cells[5]}, row.position


DATE, VALUE = str(MLG.startDate), PREFIXES["schema"] + "value"

#: What the sources contradict each other on: the thing, the property, some of the values that
#: stand side by side, and how the rule ends it; no value where it refuses to.
CONTRADICTIONS = {
    "Alsace and Jiangsu, since 2005 or 2007": (
        "link/contact--cn-320000--fr-region-42",
        DATE,
        {"2005-05", "2007-05"},
        ("2005-05", "sources"),
    ),
    "Toulouse and Chongqing, 1981 or 1982": (
        "link/twinning--cn-510200--fr-commune-31555",
        DATE,
        {"1981", "1982-12"},
        ("1982-12", "sources"),
    ),
    "the first Franco-Chinese twinning": (
        "event/premier-jumelage-franco-chinois",
        DATE,
        {"1981-06-22", "1984-03-27"},
        ("1981-06-22", "sources"),
    ),
    "the participants of Chengdu in 2016": (
        "figure/participants-chengdu-2016",
        VALUE,
        {"600", "900"},
        ("900", "sources"),
    ),
    "the first day of Wuhan in 2005": (
        "event/rencontres-franco-chinoises-1",
        DATE,
        {"2005-10-25", "2005-10-26", "2005-10-27"},
        ("2005-10-27", "sources"),
    ),
    "Papeete and Changning, 2015 or 2017": (
        "link/twinning--cn-310105--fr-commune-98735",
        DATE,
        {"2015", "2017"},
        ("2015", "sources"),
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_stay_side_by_side_and_the_consensus_says_why(store, names, name):
    about, property_, values, ending = CONTRADICTIONS[name]
    asked = question("disagreements")
    found = terms(asked, {"about": about}, names, "en")
    rows = [row for row in answer(store, asked, found).rows if str(row[1]) == property_]
    assert values <= {str(row[2]) for row in rows}
    kept = {str(row[2]) for row in rows if str(row[5]) == "true"}
    asked = question("consensus")
    lang = terms(asked, {"lang": "en"}, names, "en")
    (decided,) = (
        row
        for row in answer(store, asked, lang).rows
        if str(row[0]).endswith(f"/id/{about}") and str(row[1]) == property_
    )
    if ending is None:
        assert not kept
        assert str(decided[3]) == say("consensus.tie", "en")
    else:
        assert kept == {ending[0]} == {str(decided[2])}
        assert str(decided[3]) == say(f"consensus.{ending[1]}", "en")


def test_the_region_that_a_page_dates_before_its_birth_is_told(shipped):
    """Occitanie in 2014: the claim keeps the name of its source, and a mention says it is early."""
    (row,) = (
        row
        for row in TABLES["links"].rows
        if row.one("start") == "2014" and "place/fr-region-76" in row.all("parties")
    )
    assert "anachronisme" in row.one("note").lower()
    early = [
        mention
        for mention in shipped.dataset.subjects(MLG.hasKind, thing("mention-kind", "anachronism"))
        if (mention, MLG.designates, thing("place", "fr-region-76")) in shipped.dataset
    ]
    assert early


def test_what_was_looked_for_and_not_found_can_be_asked(store, names):
    asked = question("searches")
    found = terms(asked, {"outcome": "not-found", "lang": "en"}, names, "en")
    rows = answer(store, asked, found).rows
    assert len(rows) > 20
    place = next(
        row
        for row in TABLES["searches"].rows
        if row.one("outcome") == "not-found" and row.all("places")
    )
    one = terms(asked, {"place": f"place/{place.all('places')[0]}"}, names, "en")
    assert {row[5] for row in answer(store, asked, one).rows} >= {thing("search", place.one("key"))}


def test_what_was_looked_for_calls_places_in_chinese_as_the_record_does(store):
    rows = store.select(
        """PREFIX mlg: <https://w3id.org/maillage/ns#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT DISTINCT ?label ?french ?chinese {
          ?search a mlg:Search ; skos:prefLabel ?label ; mlg:isAbout ?place .
          ?place skos:prefLabel ?french , ?chinese .
          FILTER ( LCASE(LANG(?label)) = "zh-hans" )
          FILTER ( LANG(?french) = "fr" && LCASE(LANG(?chinese)) = "zh-hans" )
        }"""
    ).rows
    assert len(rows) > 100
    for label, french, chinese in rows:
        called = re.split("、|与", str(label).removesuffix("的合作关系"))
        assert str(french) not in called or str(french) == str(chinese), label


def test_a_source_that_claims_to_be_complete_says_for_what():
    complete = [
        row for row in TABLES["coverage"].rows if row.one("completeness") == "complete-for-scope"
    ]
    assert complete
    assert not told((row, "fill in places") for row in complete if not row.all("places"))


def test_a_place_that_publishes_is_in_the_graph(shipped):
    dataset = shipped.dataset
    places = {
        publisher
        for publisher in dataset.objects(None, DCTERMS.publisher)
        if "/id/place/" in publisher
    }
    assert places
    assert all((place, MLG.hasLevel, None) in dataset for place in places)


# ---- descriptions and documents ---------------------------------------------------------------


def test_every_table_has_a_description_and_every_description_a_table():
    described = {path.name.removesuffix("-metadata.json") for path in DATA.glob("*.json")}
    assert described == {path.name for path in DATA.glob("*.csv")}


def test_tables_are_described_with_terms_that_exist():
    vocabulary = ontology_graph("vocabulary.ttl")
    for path in DATA.glob("*.json"):
        for address in re.findall(r'"(https?://[^"{]+)"', path.read_text(encoding="utf-8")):
            if address.startswith(NS):
                assert (URIRef(address), None, None) in vocabulary, f"{path.name}: {address}"
            elif "#" in address:
                assert address.startswith(tuple(PREFIXES.values())), f"{path.name}: {address}"


def test_the_columns_of_evidence_are_the_same_in_every_table():
    def evidence(path):
        columns = json.loads(path.read_text(encoding="utf-8"))["tableSchema"]["columns"]
        return [column for column in columns if "/evidence/" in column.get("aboutUrl", "")]

    every = [found for path in sorted(DATA.glob("*.json")) if (found := evidence(path))]
    assert len(every) > 10
    assert all(found == every[0] for found in every)


def test_titles_of_tables_and_columns_are_in_three_languages():
    for path in DATA.glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        assert {title["@language"] for title in document["dc:title"]} == {"fr", "en", "zh-Hans"}
        for column in document["tableSchema"]["columns"]:
            assert column.get("virtual") or set(column["titles"]) == {"fr", "en", "zh-Hans"}


def test_a_claim_from_a_document_says_where():
    documents = {row.one("key") for row in TABLES["sources"].rows if row.one("file_digest")}
    nowhere = [
        (row, 'fill in lines and chars: maillage cite FILE "words"')
        for _, row in ROWS
        if row.one("source") in documents and not row.one("chars")
    ]
    assert not nowhere, told(nowhere)


def test_a_source_can_be_found_was_seen_and_has_a_licence():
    for row in TABLES["sources"].rows:
        assert row.one("address") or row.one("file_digest"), told([(row, "give its address")])
        assert row.one("seen"), told([(row, "say when it was seen")])
        assert row.one("licence"), told([(row, "CNE/1.0 where nobody states one")])


def test_what_is_unidentified_is_flagged_and_not_guessed():
    jenju = [row for row in TABLES["mentions"].rows if row.one("written_form") == "Jenju"]
    assert jenju
    assert all(row.one("kind") == "unidentified" and not row.all("designates") for row in jenju)


def test_no_sentence_of_a_document_is_copied():
    """Looked at where the documents are at hand; they do not travel with the repository."""

    def words(text):
        return re.findall(r"\w+", text.casefold())

    length = 8  # words in a row: more than any title or name of a body
    runs: set[tuple[str, ...]] = set()
    for path in DOCUMENTS.glob("*.txt"):
        text = words(path.read_text(encoding="utf-8"))
        runs |= {tuple(text[i : i + length]) for i in range(len(text))}
    copied = []
    for _, row in ROWS:
        for name, cell in row.cells.items():
            if not name.endswith("_fr") or name.startswith("label"):
                continue
            text = words(cell.values[0])
            if any(tuple(text[i : i + length]) in runs for i in range(len(text) - length + 1)):
                copied.append((row, f"say {name} in your own words"))
    assert not copied, told(copied)


def test_everything_named_in_the_founding_documents_is_there(shipped):
    """A few of each kind, by their addresses: what an analyst would miss first."""
    keys = {str(s).rsplit("/id/", 1)[-1] for s in shipped.dataset.subjects() if "/id/" in str(s)}
    for key in (
        "person/jacques-auxiette", "person/jacques-valade", "person/yves-dauge",
        "organisation/apcae", "organisation/cuf", "organisation/daect",
        "place/fr-region-42", "place/fr-region-52", "place/cn-511100", "place/cn-410300",
    ):  # fmt: skip
        assert key in keys, key
    workshops = [key for key in keys if re.fullmatch(r"event/.*-atelier-\d", key)]
    assert len(workshops) == 6


def test_the_house_names_no_place_on_a_machine():
    root = Path(__file__).parents[1]
    for name in ("data", "ontology", "queries", "graph"):
        for path in (root / name).rglob("*"):
            if path.suffix in {".csv", ".json", ".ttl", ".rq", ".py", ".toml", ".md", ".jsonld"}:
                assert not re.search(
                    r"(^|[\s\"'(])/(work|home|root|tmp)/", path.read_text(encoding="utf-8")
                ), path


def test_every_term_of_ours_used_anywhere_is_defined():
    root = Path(__file__).parents[1]
    defined = {
        str(s)[len(NS) :]
        for s in ontology_graph("vocabulary.ttl").subjects()
        if str(s).startswith(NS)
    }
    used = set()
    for path in [*(root / "queries").glob("*.rq"), *(root / "ontology").glob("*.ttl")]:
        text = re.sub(r'"[^"]*"', "", path.read_text(encoding="utf-8"))
        used |= set(re.findall(r"\bmlg:(\w+)", text))
    assert used <= defined, used - defined
    assert str(MLG.hasParty)[len(NS) :] in used
