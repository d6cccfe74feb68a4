"""Lists of names as people have them, and the command that matches them."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from maillage.errors import BadTables, MaillageError
from maillage.match import Hints
from maillage.namelists import read_names
from maillage.review import REVIEW
from test_commands import run


def names(raw, name="list.csv", **options):
    listed = read_names(raw if isinstance(raw, bytes) else raw.encode(), Path(name), **options)
    return [asked for asked, _ in listed.asked(Hints())]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def towns(tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text(
        "Ville,Pays,Remarque\nNankin,Chine,a\nSuzhou,Chine,b\nJenju,Chine,c\n=1+1,,d\n",
        encoding="utf-8",
    )
    return path


class TestReading:
    @pytest.mark.parametrize(
        "text",
        [
            "name,country\nLyon,fr\nChengdu,cn\n",
            "Nom;Pays\nLyon;France\nChengdu;Chine\n",
            "地名\t国家\nLyon\t法国\nChengdu\t中国\n",
            "Lyon\nChengdu\n",
            '"Nom"\n"Lyon"\n"Chengdu"\n',
            "\ufeffnom\r\nLyon\r\n\r\nChengdu\r\n",
        ],
    )
    def test_columns_are_known_by_their_headings_in_three_languages(self, text):
        assert names(text) == ["Lyon", "Chengdu"]

    def test_a_comma_in_a_list_of_lines_belongs_to_the_name(self):
        assert names("Suzhou, Jiangsu\nLyon\n") == ["Suzhou, Jiangsu", "Lyon"]

    def test_hints_stand_beside_the_name_and_a_default_fills_what_is_empty(self):
        listed = read_names(
            "ville,pays,échelon,latitude,longitude\nTours,,commune,47.39,0.69\nX,de,,abc,1\n".encode(),
            Path("x.csv"),
        )
        (_, tours), (_, other) = listed.asked(Hints(country="fr"))
        assert tours == Hints("fr", "commune", "", "", 47.39, 0.69)
        assert other == Hints("de")

    def test_a_workbook_is_read_as_text_and_its_formulas_are_not_computed(self):
        book = openpyxl.Workbook()
        for row in (["Nom", "Pays"], ["Lyon", "France"], ["=A2", "France"], [67482, None]):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        assert names(out.getvalue(), "x.xlsx") == ["Lyon", "=A2", "67482"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
    def test_a_mark_says_the_encoding(self, encoding):
        assert names("nom\nSaint-Étienne\n".encode(encoding)) == ["Saint-Étienne"]

    def test_another_encoding_is_refused_with_its_line_and_read_when_named(self):
        raw = "nom\nLyon\nSaint-Étienne\n".encode("latin-1")
        with pytest.raises(BadTables, match=r":3.*UTF-8"):
            names(raw)
        assert names(raw, encoding="latin-1") == ["Lyon", "Saint-Étienne"]
        with pytest.raises(MaillageError, match="unknown"):
            names(raw, encoding="klingon")

    @pytest.mark.parametrize(
        ("raw", "said"),
        [
            (b"", "no name"),
            (b"\n\n", "no name"),
            (b'nom,pays\n"Lyon,fr\n', "quotation"),
            (b"pays,region\nfr,x\n", "column of names"),
            (b"PK\x03\x04 not a workbook", "workbook"),
        ],
    )
    def test_what_cannot_be_read_says_why(self, raw, said):
        with pytest.raises(MaillageError, match=said):
            names(raw)

    def test_a_column_is_named_where_its_heading_does_not_say(self):
        assert names("a,b\nx,Lyon\n", columns={"name": "b"}) == ["Lyon"]
        with pytest.raises(MaillageError, match="a, b"):
            names("a,b\nx,Lyon\n", columns={"name": "c"})

    def test_a_comma_below_a_heading_without_one_belongs_to_the_name(self):
        assert names("ville\nSuzhou, Jiangsu\nParis, Texas\n") == [
            "Suzhou, Jiangsu",
            "Paris, Texas",
        ]

    def test_a_row_wider_than_its_heading_is_told(self):
        with pytest.raises(BadTables, match=":3"):
            names("ville,pays\nLyon,fr\nSuzhou, Jiangsu,cn\n")

    def test_a_damaged_workbook_is_told(self):
        book = openpyxl.Workbook()
        book.active.append(["nom"])
        out = io.BytesIO()
        book.save(out)
        broken = io.BytesIO()
        with zipfile.ZipFile(out) as whole, zipfile.ZipFile(broken, "w") as part:
            for item in whole.infolist():
                data = whole.read(item)
                part.writestr(item, data[: len(data) // 2] if "sheet1" in item.filename else data)
        with pytest.raises(MaillageError, match="workbook"):
            names(broken.getvalue(), "x.xlsx")


class TestCommand:
    def test_codes_scores_and_reasons_stand_beside_the_rows_that_were_given(self, towns):
        done = run("match", towns, "--format", "csv")
        assert done.exit_code == 0, done.output
        nankin, suzhou, jenju, formula = rows(done.stdout)
        assert (nankin["Remarque"], nankin["place"], nankin["code"]) == ("a", "cn-320100", "320100")
        assert (nankin["label_fr"], nankin["label_en"], nankin["label_zh"]) == (
            "Nankin",
            "Nanjing",
            "南京市",
        )
        assert (suzhou["verdict"], suzhou["place"], suzhou["runner_up"]) == (
            "ambiguous",
            "",
            "cn-320500",
        )
        assert jenju["verdict"] == "unknown"
        assert formula["Ville"] == "'=1+1" and "formula" in formula["reason"]
        assert "4 name(s): 1 found" in done.stderr

    @pytest.mark.parametrize("format_", ["table", "tsv", "json", "xlsx"])
    def test_other_forms(self, towns, tmp_path, format_):
        target = tmp_path / "out"
        assert run("match", towns, "--format", format_, "-o", target).exit_code == 0
        raw = target.read_bytes()
        if format_ == "json":
            assert json.loads(raw)[0]["place"] == "cn-320100"
        elif format_ == "xlsx":
            sheet = openpyxl.load_workbook(io.BytesIO(raw)).active
            assert "cn-320100" in {cell.value for cell in sheet[2]}
        else:
            assert "Nankin" in raw.decode() or "Nanjing" in raw.decode()

    def test_standard_input(self):
        done = run("match", "-", "--country", "cn", "--format", "csv", stdin="Chengdu\n")
        assert rows(done.stdout)[0]["place"] == "cn-510100"

    def test_people_decide_in_the_review_table_and_it_is_honoured(self, towns, tmp_path):
        review = tmp_path / "identifications.csv"
        run("match", towns, "--review", review, "-o", tmp_path / "o")
        found = rows(review.read_text(encoding="utf-8"))
        assert [row["name"] for row in found] == ["'=1+1", "Suzhou"]
        assert "cn-341300" in found[1]["reason"]
        found[1] |= {"decision": "cn-320500", "decided_by": "A. Dupont", "decided_on": "2026-11-22"}
        with review.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, REVIEW)
            writer.writeheader()
            writer.writerows(found)
        done = run("match", towns, "--review", review, "--format", "csv")
        assert rows(done.stdout)[1]["place"] == "cn-320500"
        kept = rows(review.read_text(encoding="utf-8"))
        assert [r["decision"] for r in kept if r["name"] == "Suzhou"] == ["cn-320500"]
        built = run("build", "--out", tmp_path / "built", "--also", review)
        assert built.exit_code == 0, built.output
        asked = run("ask", "names-of", "thing=place/cn-320500", "--store", tmp_path / "built")
        assert "Suzhou" in asked.output

    def test_a_decision_for_a_place_that_is_none_is_told_with_its_line(self, towns, tmp_path):
        review = tmp_path / "identifications.csv"
        review.write_text(",".join(REVIEW) + "\nSuzhou" + "," * 12 + "cn-999999,A,2026-11-22,\n")
        done = run("match", towns, "--review", review)
        assert done.exit_code == 2
        assert re.search(r"identifications.csv:2:13: decision .cn-999999.", done.output)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("nowhere.csv",), "does not exist"),
            ((".",), "does not exist"),
            (("TOWNS", "--column", "town=Ville"), "ROLE=HEADING"),
            (("TOWNS", "--column", "name=Nom"), "Ville, Pays, Remarque"),
        ],
    )
    def test_a_wrong_request_is_exit_code_2_and_writes_nothing(
        self, towns, tmp_path, arguments, said
    ):
        target = tmp_path / "out.csv"
        typed = [towns if a == "TOWNS" else a for a in arguments]
        done = run("match", *typed, "-o", target)
        assert done.exit_code == 2
        assert said in done.output
        assert not target.exists()

    def test_a_long_list_with_a_very_long_name_is_answered_row_by_row(self, tmp_path):
        path = tmp_path / "long.csv"
        path.write_text("nom\n" + "Lyon\n" * 20_000 + "x" * 10_000 + "\n", encoding="utf-8")
        done = run("match", path, "--format", "csv", "-o", tmp_path / "o.csv")
        assert done.exit_code == 0
        assert "20001 name(s): 20000 found" in done.output

    def test_headings_that_stand_twice_lose_nothing(self, tmp_path):
        path = tmp_path / "x.csv"
        path.write_text("nom,,,label\nLyon,a,b,c\n", encoding="utf-8")
        for form in ("csv", "json"):
            done = run("match", path, "--format", form)
            (row,) = rows(done.stdout) if form == "csv" else json.loads(done.stdout)
            assert [*row.values()][:4] == ["Lyon", "a", "b", "c"]
            assert row["label_given"] == "c" and row["label"] == "Lyon"

    def test_the_name_of_the_file_says_its_form(self, towns, tmp_path):
        assert run("match", towns, "-o", tmp_path / "o.csv").exit_code == 0
        assert rows((tmp_path / "o.csv").read_text(encoding="utf-8"))[0]["place"] == "cn-320100"
        run("match", towns, "-o", tmp_path / "o.xlsx")
        assert openpyxl.load_workbook(tmp_path / "o.xlsx").active["A1"].value == "Ville"

    @pytest.mark.parametrize(("review", "output"), [("r.xlsx", "o.csv"), ("r.csv", "r.csv")])
    def test_a_review_table_has_a_name_of_its_own(self, towns, tmp_path, review, output):
        done = run("match", towns, "--review", tmp_path / review, "-o", tmp_path / output)
        assert done.exit_code == 2
        assert not list(tmp_path.glob("[ro].*"))

    def test_what_is_written_beside_an_open_row_is_kept_and_nothing_is_proposed_in_silence(
        self, towns, tmp_path
    ):
        review = tmp_path / "identifications.csv"
        run("match", towns, "--review", review, "-o", tmp_path / "o")
        found = rows(review.read_text(encoding="utf-8"))
        assert found[1]["place"] == ""  # several places bear the name
        found[1]["note"] = "asked the town hall"
        with review.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, REVIEW)
            writer.writeheader()
            writer.writerows(found)
        run("match", towns, "--review", review, "-o", tmp_path / "o")
        assert "asked the town hall" in review.read_text(encoding="utf-8")
        found[1]["decision"] = "same"
        with review.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, REVIEW)
            writer.writeheader()
            writer.writerows(found)
        for command in (
            ("match", towns, "--review", review),
            ("build", "--out", tmp_path / "b", "--also", review),
        ):
            done = run(*command)
            assert done.exit_code == 2 and "nothing is proposed" in done.output
