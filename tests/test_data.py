"""The data reviewed like a strict colleague would; each failure names the row and what mends it."""

import json
import re
from pathlib import Path

from rdflib import URIRef

from conftest import DOCUMENTS
from maillage.folders import folder
from maillage.gather import ontology_graph
from maillage.tables import read_folder
from maillage.terms import MLG, NS, PREFIXES
from tidy_data import DATA, untidy

TABLES = {table.name: table for table in read_folder(folder("data"))}
ROWS = [(table, row) for table in TABLES.values() for row in table.rows]
LANGUAGES = ("fr", "en", "zh")
HAN = re.compile(r"[\u4e00-\u9fff]")


def told(rows):
    return "\n".join(f"{row.position}: {what}" for row, what in rows)


def test_tables_are_in_canonical_form():
    assert not untidy(), "mend with: python tests/tidy_data.py"


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


def test_texts_are_in_three_languages_or_none():
    half = []
    for table, row in ROWS:
        if table.name == "people":  # a name in characters is not made up where no source has one
            continue
        stems = {n.removesuffix("_fr") for n in row.cells if n.endswith("_fr")}
        stems |= {n.removesuffix("_zh") for n in row.cells if n.endswith("_zh")}
        for stem in stems:
            missing = [lang for lang in LANGUAGES if not row.one(f"{stem}_{lang}")]
            half += [(row, f"fill in {stem}_{lang}") for lang in missing]
    assert not half, told(half)


def test_chinese_texts_are_in_characters():
    latin = [
        (row, f"write {name} in characters")
        for table, row in ROWS
        for name, cell in row.cells.items()
        if name.endswith("_zh")
        and not HAN.search(cell.values[0])
        # an abbreviation that no source spells out is the same in every language
        and not (name == "label_zh" and cell.values[0] == row.one("label_fr"))
    ]
    assert not latin, told(latin)


def test_an_inference_or_a_dispute_says_why():
    silent = [
        (row, "fill in reason_fr, reason_en and reason_zh")
        for _, row in ROWS
        if row.one("certainty") in {"inferred", "disputed"} and not row.one("reason_en")
    ]
    assert not silent, told(silent)


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


def test_a_label_is_written_once():
    seen, again = {}, []
    for table, row in ROWS:
        for name in ("label_en", "text_en", "title_en"):
            if row.one(name):
                first = seen.setdefault((table.name, row.one("key"), name), row)
                if first is not row:
                    again.append((row, f"leave {name} empty: line {first.position.line} has it"))
    assert not again, told(again)


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
