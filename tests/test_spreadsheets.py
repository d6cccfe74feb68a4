"""Tables open in a spreadsheet as what they are: texts, in three languages, and never formulas."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings

import openpyxl
import pytest
from csvw.metadata import TableGroup
from hypothesis import given
from hypothesis import strategies as st

from maillage import excel
from maillage.errors import MaillageError
from maillage.excel import defang
from maillage.mint import parse
from maillage.sheets import SHEETS
from maillage.spreadsheets import Table, describe_tables, tables, write_csv
from sample_dataset import sample_dataset

DAY = "2026-11-21"


@pytest.fixture(scope="module")
def made() -> dict[str, Table]:
    return {table.name: table for table in tables(sample_dataset())}


def row(table: Table, key: str) -> dict[str, str]:
    return next(dict(zip(table.columns, r, strict=True)) for r in table.rows if r[0] == key)


def test_a_collectivity_has_names_and_codes(made):
    wuhan = row(made["collectivities"], "cn-420100")
    assert (wuhan["name_fr"], wuhan["name_zh"], wuhan["gb2260"]) == ("Wuhan", "武汉市", "420100")
    assert (wuhan["country"], wuhan["country_en"]) == ("place/cn", "China")
    assert wuhan["other_names"] == "Wǔhàn"
    assert wuhan["pinyin"] == "Wǔhàn"
    assert [r[0] for r in made["places"].rows] == ["cn", "fr"]


def test_a_place_has_what_tells_it_from_another_and_what_became_of_it(shipped):
    made = {table.name: table for table in tables(shipped.dataset)}
    wanxian = row(made["collectivities"], "cn-511200")
    assert (wanxian["name_zh"], wanxian["pinyin"], wanxian["gb2260"]) == (
        "万县市",
        "Wànxiàn",
        "511200",
    )
    assert (wanxian["start"], wanxian["end"]) == ("1992", "1997-03-13")
    assert (wanxian["replaced_by"], wanxian["replaced_by_zh"]) == ("place/cn-500000", "重庆市")
    bordeaux = row(made["collectivities"], "fr-commune-33063")
    assert bordeaux["part_of"] == "place/fr-departement-33; place/fr-epci-243300316"
    assert bordeaux["part_of_fr"] == "Gironde; Bordeaux Métropole"
    assert (bordeaux["insee"], bordeaux["siren"], bordeaux["pinyin"]) == ("33063", "213300635", "")
    assert bordeaux["latitude"] and bordeaux["longitude"]


def test_pinyin_says_its_language_in_the_description(made):
    described = json.loads(describe_tables(list(made.values())))
    (places,) = (t for t in described["tables"] if t["url"] == "places.csv")
    (pinyin,) = (c for c in places["tableSchema"]["columns"] if c["name"] == "pinyin")
    assert pinyin["lang"] == "zh-Latn-pinyin"


def test_a_link_names_its_parties_in_one_order(made):
    link = row(made["links"], "twinning--cn-420100--fr-commune-33063")
    assert link["parties"] == "place/cn-420100; place/fr-commune-33063"
    assert link["parties_zh"] == "武汉市; 波尔多"
    assert link["themes_fr"] == "climat; viticulture"
    assert (link["kind_en"], link["start"], link["passages"]) == ("twinning", "1998", "1")
    assert (link["certainty"], link["sources_fr"]) == ("certainty/stated", "Article de presse")


def test_evidence_counts_lines_as_people_do(made):
    proof = row(made["evidence"], "0123456789abcdef")
    assert (proof["lines"], proof["characters"]) == ("47-51", "2210-2450")
    assert proof["about"] == "link/twinning--cn-420100--fr-commune-33063"
    assert proof["bears_on"] == "hasParty"


def test_tables_are_sorted_and_rectangular(made):
    assert list(made) == [sheet.name for sheet in SHEETS]
    for table in made.values():
        assert [r[0] for r in table.rows] == sorted({r[0] for r in table.rows})
        assert {len(r) for r in table.rows} <= {len(table.columns)}
        assert len(set(table.columns)) == len(table.columns)


def test_every_thing_of_the_shipped_graph_is_in_a_table(shipped):
    made = {table.name: table for table in tables(shipped.dataset)}
    kinds = {sheet.kind for sheet in SHEETS}
    expected = {
        (n.kind, n.key)
        for s in shipped.dataset.subjects()
        if (n := parse(str(s))) and n.kind in kinds
    }
    found = {(sheet.kind, r[0]) for sheet in SHEETS for r in made[sheet.name].rows}
    assert found == expected


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("'=1", "''=1"),
        ("-0.579541", "-0.579541"),
        ("+33", "+33"),
        ("-", "'-"),
        ("Aix-en-Provence", "Aix-en-Provence"),
        ("l'Isle", "l'Isle"),
        ("", ""),
    ],
)
def test_formulas_are_defanged(cell, safe):
    assert defang(cell) == safe


@given(st.text(st.one_of(st.sampled_from("=+-@\t\r\n'＝＋－＠1."), st.characters()), max_size=12))
def test_no_cell_begins_like_a_formula_and_every_text_comes_back(cell):
    safe = defang(cell)
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", safe) or re.fullmatch(r"[+-]?\d+(\.\d+)?", safe)
    assert (safe.removeprefix("'") if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", safe) else safe) == cell


def test_csv_is_utf8_crlf_and_its_twin_has_a_bom(made):
    plain, twin = write_csv(made["links"]), write_csv(made["links"], bom=True)
    assert twin == b"\xef\xbb\xbf" + plain
    assert plain.startswith(b"key,name_fr,")
    assert plain.endswith(b"\r\n")
    records = list(csv.DictReader(io.StringIO(plain.decode(), newline=""), strict=True))
    # the formula of the sample is a text now, its line end kept inside the quotes
    assert records[0]["purpose_fr"] == "'=SUM(A1) « essai »\n2e ligne"


def workbook(made, date):
    return excel.workbook({table.name: (table.columns, table.rows) for table in made}, date)


def test_the_workbook_holds_texts_only(made):
    book = openpyxl.load_workbook(io.BytesIO(workbook(list(made.values()), DAY)))
    assert book.sheetnames == list(made)
    assert book.properties.created.isoformat() == "2026-11-21T00:00:00"
    kinds = {c.data_type for page in book for cells in page.iter_rows() for c in cells if c.value}
    assert kinds == {"s"}
    header, first = [[c.value for c in cells] for cells in book["links"].iter_rows()]
    assert dict(zip(header, first, strict=True))["purpose_fr"] == "=SUM(A1) « essai »\n2e ligne"


def test_the_same_tables_give_the_same_workbook(made):
    assert workbook(list(made.values()), DAY) == workbook(list(made.values()), DAY)


def test_a_workbook_never_cuts(monkeypatch):
    with pytest.raises(MaillageError, match="more than 32767 characters"):
        workbook([Table("links", ("key", "x"), [("a", "x" * 32_768)])], DAY)
    monkeypatch.setattr(excel, "_ROWS", 3)
    with pytest.raises(MaillageError, match="more than 2 rows"):
        workbook([Table("links", ("key",), [("a",), ("b",), ("c",)])], DAY)


def test_the_description_reads_the_tables(made, tmp_path):
    for table in made.values():
        (tmp_path / f"{table.name}.csv").write_bytes(write_csv(table))
    description = tmp_path / "csv-metadata.json"
    description.write_bytes(describe_tables(list(made.values())))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        group = TableGroup.from_file(description)
        found = {table.local_name: list(table) for table in group.tables}
    assert list(found) == [f"{name}.csv" for name in made]
    link = found["links.csv"][0]
    assert link["parties_en"] == ["Wuhan", "Bordeaux"]
    assert link["key"] == "twinning--cn-420100--fr-commune-33063"


def test_titles_of_tables_are_in_three_languages(made):
    document = json.loads(describe_tables(list(made.values())))
    for table in document["tables"]:
        assert [title["@language"] for title in table["dc:title"]] == ["fr", "en", "zh-Hans"]
