"""Tables are refused with every fault at once, each with its place and its fix."""

import shutil

import pytest

from maillage.errors import BadTables, MaillageError
from maillage.folders import folder
from maillage.tables import read_folder, read_table
from maillage.words import LANGUAGES

HEADER = (folder("data") / "people.csv").read_text(encoding="utf-8").splitlines()[0]
GOOD = (
    "jacques-valade,Jacques Valade,Jacques Valade,,minutes,39,1-9,1,,stated,,,,maillage,2026-11-21,"
)


@pytest.fixture
def table(tmp_path):
    """A table of people with the given lines under its header."""
    shutil.copy(folder("data") / "people.csv-metadata.json", tmp_path)

    def write(*lines, header=HEADER, encoding="utf-8"):
        path = tmp_path / "people.csv"
        path.write_bytes(("\n".join([header, *lines]) + "\n").encode(encoding))
        return path

    return write


def faults(path):
    with pytest.raises(BadTables) as caught:
        read_table(path)
    return [(f.position.line, f.position.column, f.rule) for f in caught.value.faults]


def test_a_good_row_is_read_cell_by_cell(table):
    (row,) = read_table(table(GOOD)).rows
    assert row.one("key") == "jacques-valade"
    assert row.one("label_zh") == ""
    assert row.position.line == 2


@pytest.mark.parametrize(
    ("line", "column", "rule"),
    [
        (GOOD.replace("jacques-valade", ""), 1, "required"),
        (GOOD.replace("jacques-valade", "Jacques Valade"), 1, "form"),
        (GOOD.replace("Jacques Valade,J", " Jacques Valade,J"), 2, "spaces"),
        (GOOD.replace("Jacques Valade,J", "Vale\u0301de,J"), 2, "not-nfc"),
        (GOOD.replace("Jacques Valade,J", "Vala\u202ede,J"), 2, "unseen"),
        (GOOD.replace("Jacques Valade,J", f"{'x' * 10_001},J"), 2, "too-long"),
        (GOOD.replace("2026-11-21", "21/11/2026"), 15, "form"),
        (GOOD.replace("1-9", "9"), 7, "form"),
        (GOOD + ",", 1, "width"),
        ("=cmd()", 1, "width"),
    ],
)
def test_a_bad_cell_is_told_with_line_column_and_rule(table, line, column, rule):
    assert faults(table(line)) == [(2, column, rule)]


def test_all_faults_come_at_once_in_three_languages(table):
    path = table(GOOD.replace("jacques-valade", ""), GOOD.replace("2026-11-21", "hier"))
    with pytest.raises(BadTables) as caught:
        read_table(path)
    for lang in LANGUAGES:
        text = caught.value.text(lang)
        quoted = "« hier »" if lang == "fr" else "“hier”"
        assert "people.csv:2:1: key" in text
        assert f"people.csv:3:15: recorded {quoted}" in text
    assert "Remplissez-la" in caught.value.text("fr")


def test_the_same_line_twice_names_the_first(table):
    path = table(GOOD, GOOD)
    with pytest.raises(BadTables) as caught:
        read_table(path)
    assert "line 2" in caught.value.text("en")
    assert faults(path) == [(3, 1, "twice")]


def test_a_header_that_nobody_knows_is_told_what_was_meant(table):
    path = table(GOOD, header=HEADER.replace("certainty", "certanty"))
    with pytest.raises(BadTables) as caught:
        read_table(path)
    text = caught.value.text("en")
    assert "certanty" in text
    assert "Did you mean: certainty?" in text


def test_columns_in_another_order_are_refused(table):
    header = HEADER.replace("label_fr,label_en", "label_en,label_fr")
    assert faults(table(GOOD, header=header)) == [(1, 1, "column-order")]


def test_an_open_quotation_mark_is_found_where_it_starts(table):
    path = table(GOOD.replace("Jacques Valade,J", '"Jacques Valade,J'), GOOD, GOOD)
    assert faults(path) == [(2, 1, "not-csv")]


def test_another_encoding_is_told_by_line(table):
    path = table(GOOD, GOOD.replace("Jacques", "Édith"), encoding="latin-1")
    assert faults(path) == [(3, 1, "not-utf8")]


def test_a_byte_order_mark_is_no_fault(table):
    path = table(GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_table(path).rows) == 1


def test_a_list_names_nobody_twice(tmp_path):
    header = (folder("data") / "links.csv").read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "links.csv"
    line = "twinning,place/fr-commune-33063;place/fr-commune-33063" + "," * (header.count(",") - 1)
    path.write_text(f"{header}\n{line}\n", encoding="utf-8")
    assert (2, 2, "repeated") in faults(path)


def test_a_table_without_description_is_told_which_there_are(tmp_path):
    path = tmp_path / "jumelages.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(MaillageError, match=r"links\.csv"):
        read_table(path)


def test_a_description_that_is_no_csvw_is_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(HEADER + "\n", encoding="utf-8")
    path.with_name("people.csv-metadata.json").write_text("{", encoding="utf-8")
    with pytest.raises(MaillageError, match="not valid CSVW"):
        read_table(path)


def test_an_empty_folder_holds_no_tables(tmp_path):
    with pytest.raises(MaillageError, match="no table"):
        read_folder(tmp_path)


def test_a_line_separator_inside_a_cell_does_not_shift_the_lines(table):
    path = table(
        GOOD.replace("Jacques Valade,J", '"Jacques\u2028Valade",J'), GOOD.replace("1-9", "9")
    )
    assert faults(path) == [(2, 2, "unseen"), (3, 7, "form")]


def test_a_number_that_is_none_is_a_fault_and_no_accident(tmp_path):
    shipped = folder("data") / "places.csv"
    header = shipped.read_text(encoding="utf-8").splitlines()[0]
    cells = {
        "key": "cn",
        "class": "Country",
        "level": "country",
        "source": "geonames",
        "certainty": "stated",
        "recorder": "maillage",
        "recorded": "2026-11-22",
    }
    row = ",".join("NaN" if name == "lng" else cells.get(name, "") for name in header.split(","))
    path = tmp_path / "places.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert (2, header.split(",").index("lng") + 1, "form") in faults(path)
