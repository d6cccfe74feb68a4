"""Other people's data: what is taken, what waits, what is refused, and what is said of it."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.dates import bounds
from maillage.errors import MaillageError
from maillage.grids import read_grids
from maillage.intake.headings import recognised, role_of
from maillage.intake.opening import prepare
from maillage.intake.plans import preset, read_plan
from maillage.intake.readings import (
    Unreadable,
    is_nothing,
    order_of,
    read_amount,
    read_date,
    read_period,
)
from maillage.intake.taking import take
from maillage.words import LANGUAGES
from sample_imports import ANSWER, ATLAS, PAIRS, officers_workbook
from test_commands import run

YES = "--yes"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def links(folder):
    return {row["parties"]: row for row in rows(folder / "links.csv")}


def report(folder, outcome):
    return [row for row in rows(folder / "import" / "report.csv") if row["outcome"] == outcome]


def tree(folder):
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    return tmp_path


@pytest.fixture(scope="module")
def officer(tmp_path_factory):
    """The officer's workbook, imported."""
    path = tmp_path_factory.mktemp("officer")
    (path / "partenariats.xlsx").write_bytes(officers_workbook())
    done = run(
        "import", "table", path / "partenariats.xlsx", "--out", path / "region", YES, lang="fr"
    )
    assert done.exit_code == 0, done.output
    return path / "region", done.output


# ---- cells --------------------------------------------------------------------------------------


class TestReadings:
    @pytest.mark.parametrize(
        ("text", "date"),
        [
            ("1981", "1981"),
            ("03/2007", "2007-03"),
            ("12/03/2015", "2015-03-12"),
            ("12.3.2015", "2015-03-12"),
            ("2015-03-12", "2015-03-12"),
            ("2015-03-12 00:00:00", "2015-03-12"),
            ("1er juin 2012", "2012-06-01"),
            ("le 12 décembre 1982", "1982-12-12"),
            ("Lundi 12 mars 2018", "2018-03-12"),
            ("mars 2015", "2015-03"),
            ("March 12, 2015", "2015-03-12"),
            ("12th of March 2015", "2015-03-12"),
            ("2015年3月12日", "2015-03-12"),
            ("2015年3月", "2015-03"),
            ("1998年", "1998"),
            ("depuis 1998", "1998"),
            ("vers 1995", "1995~"),
            ("约1995年", "1995~"),
            ("avant 2005", "[..2005]"),
            ("années 1990", "199X"),
            ("20世纪80年代", "198X"),
            ("1990s", "199X"),
            ("2012/2013", "2012/2013"),
            ("1998~", "1998~"),
        ],
    )
    def test_dates_as_people_write_them(self, text, date):
        assert read_date(text) == date
        bounds(date)

    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            ("31/02/2016", "no-such-day"),
            ("20/13/2014", "no-such-day"),
            ("12/03/15", "date-short-year"),
            ("42075", "date-serial"),
            ("bientôt", "no-date"),
            ("au printemps", "no-date"),
            ("Toulouse 2015", "no-date"),
        ],
    )
    def test_what_is_no_date_is_said_to_be_none(self, text, rule):
        with pytest.raises(Unreadable, match=rule):
            read_date(text)

    def test_the_month_comes_first_only_where_a_column_shows_it(self):
        assert read_date("03/04/2015") == "2015-04-03"
        assert order_of(["03/04/2015", "03/25/2015"]) == "mdy"
        assert read_date("03/04/2015", "mdy") == "2015-03-04"
        with pytest.raises(Unreadable, match="date-orders"):
            order_of(["25/03/2015", "03/25/2015"])

    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("2009-2012", ("2009", "2012")),
            ("2009 – 2012", ("2009", "2012")),
            ("de mars 2009 à juin 2012", ("2009-03", "2012-06")),
            ("2015 - en cours", ("2015", "")),
            ("2009至2012", ("2009", "2012")),
            ("1998", ("1998", "")),
        ],
    )
    def test_periods(self, text, period):
        assert read_period(text) == period

    @pytest.mark.parametrize("text", ["n.c.", "N.C", "nc", "—", " - ", "?", "Sans objet", "不详", "#N/A", "néant"])  # fmt: skip
    def test_nothing_is_said_in_many_ways(self, text):
        assert is_nothing(text)

    @pytest.mark.parametrize("text", ["Nice", "Sens", "Aa", "Nouméa", "无锡", "0"])
    def test_names_are_not_nothing(self, text):
        assert not is_nothing(text)

    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("12 000 €", (12000, "EUR", "exactly")),
            ("12.000,00 €", (12000, "EUR", "exactly")),
            ("€12,000.50", (12000, "EUR", "about")),
            ("env. 1,5 M€", (1_500_000, "EUR", "about")),
            ("plus de 3 millions d'euros", (3_000_000, "EUR", "more-than")),
            ("15 k€", (15000, "EUR", "exactly")),
            ("100万元", (1_000_000, "CNY", "exactly")),
            ("$2,500", (2500, "USD", "exactly")),
        ],
    )
    def test_amounts(self, text, amount):
        assert tuple(read_amount(text)) == amount

    @pytest.mark.parametrize(("text", "rule"), [("beaucoup", "no-amount"), ("-5 €", "no-amount"), ("12000", "no-currency"), ("9" * 40 + " €", "no-amount")])  # fmt: skip
    def test_what_is_no_amount(self, text, rule):
        with pytest.raises(Unreadable, match=rule):
            read_amount(text)

    @given(st.dates(min_value=bounds("1800")[0], max_value=bounds("2099")[1]))
    def test_every_day_is_read_in_every_form(self, day):
        months = (
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
        )
        month = months.split()[day.month - 1]
        for text in (
            f"{day.day:02}/{day.month:02}/{day.year}",
            f"{day.day} {month} {day.year}",
            f"{day.year}年{day.month}月{day.day}日",
            day.isoformat(),
        ):
            assert read_date(text) == day.isoformat()

    @given(st.text(max_size=40))
    def test_no_cell_breaks_the_reading(self, text):
        assert is_nothing(text) in {True, False}
        for read in (read_date, read_period, read_amount):
            with suppress(Unreadable):
                assert read(text)


class TestHeadings:
    @pytest.mark.parametrize(
        ("heading", "role"),
        [
            ("Année de première signature de la convention", "signed"),
            ("Thématique / Sous-thématique / Sous-sous-thématique d'intervention", "themes"),
            ("Le partenariat est", "state"),
            ("Date de fin du partenariat", "end"),
            ("Date de signature ", "signed"),
            ("VILLE JUMELÉE", "partner"),
            ("签署日期", "signed"),
            ("友好城市", "partner"),
            ("Montant 2023 (€)", "amount"),
            ("city2", "partner"),
            ("country1", "party_country"),
        ],
    )
    def test_headings_are_known_in_three_languages(self, heading, role):
        assert role_of(heading).role == role

    def test_what_nobody_knows_is_for_nothing(self):
        assert role_of("Couleur préférée") is None

    def test_a_role_is_given_once(self):
        uses = recognised(["Ville", "Commune", "Partenaire"])
        assert [use.role for use in uses.values()] == ["party", "", "partner"]

    def test_the_french_side_is_the_party_wherever_it_stands(self):
        uses = recognised(["中方城市", "法方城市", "签署时间"])
        assert [use.role for use in uses.values()] == ["partner", "party", "signed"]


# ---- an officer's workbook ----------------------------------------------------------------------


class TestWorkbook:
    def test_lines_are_taken_with_their_words_read(self, officer):
        taken = links(officer[0])
        toulouse = taken["place/cn-500000;place/fr-commune-31555"]
        assert (toulouse["kind"], toulouse["signed"], toulouse["themes"]) == ("twinning", "1982-12-12", "health")  # fmt: skip
        nimes = taken["place/cn-320200;place/fr-commune-30189"]
        assert (nimes["kind"], nimes["end"]) == ("cooperation-agreement", "2015-05-31")
        assert nimes["section"] == "Feuille « Partenariats 2024 », ligne 9"

    def test_a_merged_cell_stands_for_all_that_it_covers(self, officer):
        assert links(officer[0])["place/cn-320200;place/fr-commune-34172"]["kind"] == "friendship"

    def test_a_second_sheet_has_its_own_headings(self, officer):
        nagoya = links(officer[0])["place/fr-commune-30189;place/geonames-1856057"]
        assert nagoya["start"] == "1995~"

    def test_amounts_are_figures_of_their_link(self, officer):
        figures = {row["value"]: row for row in rows(officer[0] / "figures.csv")}
        assert figures["45000"]["quantity"] == "budget-in-euros"
        assert figures["3000"]["qualifier"] == "about"
        assert figures["12500"]["scope"] == "link/twinning--cn-510100--fr-commune-34172"

    def test_what_waits_is_in_the_table_of_names(self, officer):
        waiting = {row["name"]: row["verdict"] for row in rows(officer[0] / "identifications.csv")}
        assert waiting == {"Suzhou": "ambiguous", "Xinlandia": "unknown"}

    def test_what_is_refused_says_where_why_and_what_to_do(self, officer):
        (refused,) = report(officer[0], "refused")
        place = (refused["sheet"], refused["line"], refused["column"], refused["value"])
        assert place == ("Partenariats 2024", "12", "6", "31/02/2016")
        assert refused["why"] == "aucun calendrier n’a ce jour."
        assert "date_order" in refused["remedy"]
        assert (
            "partenariats.xlsx[Partenariats 2024]:12:6: Date de signature « 31/02/2016 »"
            in officer[1]
        )

    def test_totals_remarks_repeated_headings_and_other_sheets_are_left_aside(self, officer):
        left = {(row["sheet"], row["line"]): row["why"] for row in report(officer[0], "left")}
        assert left["Partenariats 2024", "14"] == "ligne de totaux, laissée de côté."
        assert left["Japon", "3"].startswith("les en-têtes sont répétés")
        assert left["Contacts", "1"].startswith("cette feuille n’a pas d’en-têtes")
        assert "aucune partie n’est nommée" in left["Partenariats 2024", "15"]

    def test_an_unknown_theme_is_told_and_the_line_is_taken(self, officer):
        assert any(row["value"] == "Astronomie" for row in report(officer[0], "left"))

    def test_the_columns_are_kept_as_a_mapping_that_can_be_read(self, officer):
        plan = read_plan(officer[0] / "import" / "mapping.toml")
        assert plan.columns["Partenaire chinois · Ville"] == "partner cn"

    def test_it_joins_the_graph_of_the_house(self, officer, tmp_path):
        done = run("build", "--out", tmp_path / "out", "--also", officer[0])
        assert done.exit_code == 0, done.output
        asked = run("ask", "links", "place=Nîmes", "--store", tmp_path / "out", "--format", "csv")
        assert "cn-320200" in asked.output
        near = run("ask", "near-duplicates", "place=Nîmes", "--store", tmp_path / "out")
        assert near.exit_code == 0


class TestAgain:
    def test_twice_the_same_file_changes_nothing(self, here):
        Path("p.xlsx").write_bytes(officers_workbook())
        run("import", "table", "p.xlsx", "--out", "r", YES)
        before = tree(here / "r")
        os.environ["SOURCE_DATE_EPOCH"] = "1900000000"  # another day
        done = run("import", "table", "p.xlsx", "--out", "r")
        assert "Nothing new: r is unchanged." in done.output
        assert tree(here / "r") == before

    def test_a_new_version_says_what_differs(self, here):
        Path("p.csv").write_text("Ville,Partenaire,Nature,Depuis\nTours,Luoyang,jumelage,1982\nRennes,Jinan,jumelage,2002\n", encoding="utf-8")  # fmt: skip
        run("import", "table", "p.csv", "--out", "r", YES)
        Path("p.csv").write_text("Ville,Partenaire,Nature,Depuis\nPau,Xi'an,jumelage,1986\nRennes,Jinan,jumelage,2001\n", encoding="utf-8")  # fmt: skip
        done = run("import", "table", "p.csv", "--out", "r")
        assert "added: twinning Pau – Xi'an" in done.output
        assert "withdrawn: twinning Tours – Luoyang" in done.output
        assert "changed: twinning Rennes – Jinan" in done.output
        assert "2002 → 2001" in done.output

    def test_a_line_that_moved_is_no_difference_and_keeps_its_day(self, here, monkeypatch):
        Path("p.csv").write_text("Ville,Partenaire\nTours,Luoyang\n", encoding="utf-8")
        run("import", "table", "p.csv", "--out", "r", YES)
        day = rows(Path("r/links.csv"))[0]["recorded"]
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
        Path("p.csv").write_text(
            "Ville,Partenaire\nRennes,Jinan\nTours,Luoyang\n", encoding="utf-8"
        )
        done = run("import", "table", "p.csv", "--out", "r")
        assert "Differences from the import before: 1." in done.output
        days = {row["parties"]: row["recorded"] for row in rows(Path("r/links.csv"))}
        assert days["place/cn-410300;place/fr-commune-37261"] == day
        assert days["place/cn-370100;place/fr-commune-35238"] > day

    def test_a_decision_on_a_name_is_honoured(self, here):
        Path("p.csv").write_text("Ville,Partenaire,Pays\nAuch,Suzhou,Chine\n", encoding="utf-8")
        run("import", "table", "p.csv", "--out", "r", YES)
        assert not Path("r/links.csv").exists()
        waiting = Path("r/identifications.csv")
        (row,) = rows(waiting)
        row |= {"decision": "cn-320500", "decided_by": "Mme Durand", "decided_on": "2026-11-22"}
        with waiting.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, row)
            writer.writeheader()
            writer.writerow(row)
        done = run("import", "table", "p.csv", "--out", "r")
        assert done.exit_code == 0, done.output
        assert set(links(Path("r"))) == {"place/cn-320500;place/fr-commune-32013"}
        assert rows(waiting)[0]["decided_by"] == "Mme Durand"

    def test_what_people_changed_by_hand_is_not_lost(self, here):
        Path("p.csv").write_text("Ville,Partenaire\nTours,Luoyang\n", encoding="utf-8")
        run("import", "table", "p.csv", "--out", "r", YES)
        table = Path("r/links.csv")
        table.write_text(table.read_text(encoding="utf-8").replace("contact", "twinning"), encoding="utf-8")  # fmt: skip
        done = run("import", "table", "p.csv", "--out", "r")
        assert done.exit_code == 2
        assert "links.csv" in done.output
        assert "twinning" in table.read_text(encoding="utf-8")
        assert run("import", "table", "p.csv", "--out", "r", "--force").exit_code == 0
        assert "contact" in table.read_text(encoding="utf-8")

    def test_a_folder_of_something_else_is_left_alone(self, here):
        Path("p.csv").write_text("Ville,Partenaire\nTours,Luoyang\n", encoding="utf-8")
        Path("q.csv").write_text("Ville,Partenaire\nTours,Luoyang\n", encoding="utf-8")
        Path("mine").mkdir()
        Path("mine/notes.txt").write_text("x", encoding="utf-8")
        assert run("import", "table", "p.csv", "--out", "mine", YES).exit_code == 2
        assert [p.name for p in Path("mine").iterdir()] == ["notes.txt"]
        run("import", "table", "p.csv", "--out", "r", YES)
        assert "source “p”" in run("import", "table", "q.csv", "--out", "r", YES).output


class TestTable:
    @pytest.mark.parametrize(
        ("name", "raw"),
        [
            ("a.csv", "Ville;Partenaire;Depuis\r\nTours;Luoyang;1982\r\n".encode("utf-8-sig")),
            ("a.tsv", "City\tSister city\tSince\nTours\tLuoyang\t1982\n".encode("utf-16")),
            ("a.csv", "法方城市,中方城市,结好时间\n图尔,洛阳,1982年\n".encode()),
            ("a.json", json.dumps({"results": [{"Ville": "Tours", "Partenaire": "Luoyang", "Depuis": 1982}]}).encode()),
            ("a.json", json.dumps({"records": [{"fields": {"ville": "Tours", "partenaire": "Luoyang", "depuis": "1982"}}]}).encode()),
        ],
    )  # fmt: skip
    def test_forms_of_tables(self, here, name, raw):
        Path(name).write_bytes(raw)
        done = run("import", "table", name, "--out", "r", YES)
        assert done.exit_code == 0, done.output
        assert links(Path("r"))["place/cn-410300;place/fr-commune-37261"]["start"] == "1982"

    def test_another_encoding_is_named(self, here):
        Path("a.csv").write_bytes("Collectivité;Partenaire\nNîmes;Wuxi\n".encode("cp1252"))
        assert run("import", "table", "a.csv", "--out", "r", YES).exit_code == 2
        done = run("import", "table", "a.csv", "--out", "r", YES, "--encoding", "cp1252")
        assert done.exit_code == 0, done.output
        assert "place/cn-320200;place/fr-commune-30189" in links(Path("r"))

    def test_one_side_may_be_given_for_all_rows(self, here):
        Path("a.csv").write_text("Ville,Pays,Année\nWuhan,Chine,1998\nFukuoka,Japon,1982\n", encoding="utf-8")  # fmt: skip
        arguments = ["--out", "r", YES, "--column", "partner=Ville", "--default", "party=Bordeaux", "--default", "kind=jumelage"]  # fmt: skip
        done = run("import", "table", "a.csv", *arguments)
        assert done.exit_code == 0, done.output
        assert links(Path("r"))["place/cn-420100;place/fr-commune-33063"]["kind"] == "twinning"
        assert len(links(Path("r"))) == 2

    def test_columns_are_shown_and_nobody_is_there_to_confirm(self, here):
        Path("a.csv").write_text("Ville,Partenaire,Couleur\nTours,Luoyang,bleu\n", encoding="utf-8")
        done = run("import", "table", "a.csv", "--out", "r")
        assert done.exit_code == 2
        assert "--yes" in done.output
        assert "Couleur" in done.output
        assert "kept beside" in done.output
        assert not Path("r").exists()

    def test_a_column_that_is_for_nothing_is_kept_and_told(self, here):
        Path("a.csv").write_text("Ville,Partenaire,Couleur\nTours,Luoyang,bleu\n", encoding="utf-8")
        run("import", "table", "a.csv", "--out", "r", YES)
        (kept,) = rows(Path("r/import/kept.csv"))
        assert (kept["heading"], kept["value"], kept["line"]) == ("Couleur", "bleu", "2")
        assert kept["link"].startswith("contact--cn-410300")

    def test_what_nobody_sees_in_a_cell_or_a_name_is_taken_out(self, here):
        name = "re\u0301gion.csv"  # as a Mac writes it
        Path(name).write_text("Ville,Partenaire,Objet\n\ufeffTours\u200b,Luoyang\u00a0,\u202eEau\u00ad\n", encoding="utf-8")  # fmt: skip
        done = run("import", "table", name, "--out", "r", YES)
        assert done.exit_code == 0, done.output
        assert links(Path("r"))["place/cn-410300;place/fr-commune-37261"]["purpose_en"] == "Eau"

    @pytest.mark.parametrize(("option", "text"), [("--address", "javascript:alert(1)"), ("--licence", "MIT"), ("--issued", "soon")])  # fmt: skip
    def test_what_is_typed_of_the_source_is_looked_at(self, here, option, text):
        Path("a.csv").write_text("Ville,Partenaire\nTours,Luoyang\n", encoding="utf-8")
        done = run("import", "table", "a.csv", "--out", "r", YES, option, text)
        assert done.exit_code == 2
        assert text in done.output
        assert not Path("r").exists()

    def test_a_cell_beyond_the_headings_is_kept_and_told(self, here):
        Path("a.csv").write_text("Ville,Partenaire\nTours,Luoyang,très ancien\n", encoding="utf-8")
        run("import", "table", "a.csv", "--out", "r", YES)
        assert [row["value"] for row in rows(Path("r/import/kept.csv"))] == ["très ancien"]
        assert any(row["value"] == "très ancien" for row in report(Path("r"), "left"))

    def test_each_sheet_has_its_own_order_of_day_and_month(self, here):
        import openpyxl

        book = openpyxl.Workbook()
        for day in ("03/25/2015", "25/03/2015"):
            sheet = book.create_sheet()
            sheet.append(["Ville", "Partenaire", "Depuis"])
            sheet.append(["Tours", "Luoyang", day])
        sheet.append(["Rennes", "Jinan", "03/04/2015"])
        book.save("a.xlsx")
        done = run("import", "table", "a.xlsx", "--out", "r", YES)
        assert done.exit_code == 0, done.output
        starts = {row["start"] for row in rows(Path("r/links.csv"))}
        assert starts == {"2015-03-25", "2015-04-03"}

    def test_name_and_code_that_differ_are_refused(self, here):
        Path("a.csv").write_text("Ville,Code INSEE,Partenaire\nTours,35238,Luoyang\n", encoding="utf-8")  # fmt: skip
        run("import", "table", "a.csv", "--out", "r", YES)
        (refused,) = report(Path("r"), "refused")
        assert refused["value"] == "35238"

    def test_unknown_names_may_be_kept_as_places_that_nobody_has_identified(self, here):
        Path("a.csv").write_text("Ville,Partenaire,Pays\nTours,Xinlandia,Chine\n", encoding="utf-8")
        run("import", "table", "a.csv", "--out", "r", YES, "--unidentified", "keep")
        (place,) = rows(Path("r/places.csv"))
        assert (place["key"], place["level"], place["country"]) == ("a--cn-xinlandia", "unknown", "cn")  # fmt: skip

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_it_speaks_the_language_of_the_person(self, here, lang):
        Path("a.csv").write_text("Ville,Partenaire\nTours,Luoyang\nAuch,Suzhou\nTours,\n", encoding="utf-8")  # fmt: skip
        done = run("import", "table", "a.csv", "--out", "r", YES, lang=lang)
        expected = {"fr": "Lignes : 1 reprises", "en": "Lines: 1 taken", "zh": "行数：采用 1"}
        assert expected[lang] in done.output
        assert done.exit_code == 0

    def test_a_mapping_of_another_file_is_reused(self, here):
        Path("a.csv").write_text("Chez nous,Là-bas\nTours,Luoyang\n", encoding="utf-8")
        run("import", "table", "a.csv", "--out", "r", YES, "--column", "party=Chez nous", "--column", "partner=Là-bas")  # fmt: skip
        Path("b.csv").write_text("Chez nous,Là-bas\nRennes,Jinan\n", encoding="utf-8")
        done = run("import", "table", "b.csv", "--out", "s", "--mapping", "r/import/mapping.toml")
        assert done.exit_code == 0, done.output
        assert "place/cn-370100;place/fr-commune-35238" in links(Path("s"))

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("kind = 'tables'", "tables"),
            ("kind = 'table'\n[columns]\nVille = 'colour'", "colour"),
            ("kind = 'table'\n[values.kind]\nX = 'marriage'", "marriage"),
            ("kind = 'table'\n[columns\n", "mapping"),
            ("kind = 'table'\n[options]\ndate_order = 'ymd'", "ymd"),
        ],
    )
    def test_a_mapping_that_was_broken_is_refused_with_the_reason(self, here, text, said):
        Path("a.csv").write_text("Ville,Partenaire\nTours,Luoyang\n", encoding="utf-8")
        Path("m.toml").write_text(text, encoding="utf-8")
        done = run("import", "table", "a.csv", "--out", "r", "--mapping", "m.toml")
        assert done.exit_code == 2
        assert said in done.output


# ---- lists of pairs, answers, records -----------------------------------------------------------


class TestTwinnings:
    def test_pairs_with_points(self, here):
        Path("pairs.csv").write_text(PAIRS, encoding="utf-8")
        done = run("import", "twinnings", "pairs.csv", "--out", "r", YES)
        assert done.exit_code == 0, done.output
        found = links(Path("r"))
        assert "place/cn-410300;place/fr-commune-37261" in found
        assert "place/cn-320500;place/fr-commune-38185" in found
        assert {row["kind"] for row in found.values()} == {"twinning"}
        assert report(Path("r"), "left")[0]["why"] == "says the same as line 2; recorded once."
        assert report(Path("r"), "refused")[0]["why"] == "both names mean the same place."
        (place,) = rows(Path("r/places.csv"))
        assert (place["label_fr"], place["country"], place["lat"]) == ("Nowhereville", "al", "40.1")

    def test_a_point_settles_which_of_several_is_meant(self, here):
        Path("pairs.csv").write_text("city1,country1,lat1,lng1,city2,country2,lat2,lng2\nSuzhou,China,31.3,120.6,Venice,Italy,45.44,12.33\nSuzhou,China,33.64,116.98,Venice,Italy,45.44,12.33\n", encoding="utf-8")  # fmt: skip
        run("import", "twinnings", "pairs.csv", "--out", "r", YES)
        chinese = {parties.split(";")[0] for parties in links(Path("r"))}
        assert chinese == {"place/cn-320500", "place/cn-341300"}

    def test_an_answer_of_a_query_service(self, here):
        Path("p190.json").write_text(ANSWER, encoding="utf-8")
        done = run("import", "twinnings", "p190.json", "--out", "r", YES)
        assert done.exit_code == 0, done.output
        found = links(Path("r"))
        assert found["place/cn-410300;place/fr-commune-37261"]["start"] == "1982"
        montpellier = found["place/cn-510100;place/fr-commune-34172"]
        assert (montpellier["start"], montpellier["end"]) == ("1981-06-22", "")


class TestAtlas:
    @pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
    def test_records_become_projects_and_links(self, here, form):
        path = Path(f"atlas.{form}")
        records = json.loads(ATLAS)
        if form == "json":
            path.write_text(ATLAS, encoding="utf-8")
        else:
            heads = list(records[0])
            table = [heads, *([record.get(head, "") for head in heads] for record in records)]
            if form == "csv":
                out = io.StringIO()
                csv.writer(out, delimiter=";").writerows(table)
                path.write_text(out.getvalue(), encoding="utf-8")
            else:
                import openpyxl

                book = openpyxl.Workbook()
                for line in table:
                    book.active.append(line)
                book.save(path)
        done = run("import", "atlas", path, "--out", "r", YES)
        assert done.exit_code == 0, done.output
        projects = {row["label_fr"]: row for row in rows(Path("r/projects.csv"))}
        water = projects["Eau et assainissement à Pengzhou"]
        assert (water["state"], water["start"], water["end"]) == ("ended", "2014", "2019-12-31")
        assert {"water", "culture"} <= set(water["themes"].split(";"))
        assert "Pengzhou" in water["label_en"]
        link = links(Path("r"))[water["parties"]]
        assert (link["kind"], link["signed"]) == ("cooperation-agreement", "2016")
        other = links(Path("r"))[projects["Un projet en cours"]["parties"]]
        assert (other["kind"], other["state"]) == ("project-partnership", "active")

    def test_unknown_columns_are_kept_and_reported(self, here):
        Path("atlas.json").write_text(ATLAS, encoding="utf-8")
        done = run("import", "atlas", "atlas.json", "--out", "r", YES)
        assert {row["value"] for row in rows(Path("r/import/kept.csv"))} == {"Syndicat mixte"}
        assert "Opérateur" in done.output
        assert any(row["value"] == "Astrologie" for row in report(Path("r"), "left"))


class TestStatements:
    OURS = """
@prefix mlg: <https://w3id.org/maillage/ns#> .
@prefix place: <https://w3id.org/maillage/id/place/> .
@prefix kind: <https://w3id.org/maillage/id/link-kind/> .
@prefix theme: <https://w3id.org/maillage/id/theme/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
<https://w3id.org/maillage/id/link/twinning--cn-410300--fr-commune-37261> a mlg:CooperationLink ;
    mlg:hasKind kind:twinning ; mlg:hasParty place:cn-410300 , place:fr-commune-37261 ;
    mlg:hasTheme theme:culture ; mlg:startDate "1982"^^edtf:EDTF .
"""
    THEIRS = """
@prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> .
<http://example.org/l1> a org:OrganizationalCollaboration ; schema:name "Jumelage" ;
    schema:startDate "2002" ; org:hasMember <http://example.org/rennes> , <http://example.org/jinan> .
<http://example.org/rennes> a org:FormalOrganization ; schema:name "Rennes"@fr ; schema:addressCountry "FR" .
<http://example.org/jinan> a schema:City ; schema:name "Jinan"@fr , "济南"@zh ; schema:addressCountry "CN" .
"""

    def test_our_vocabulary_becomes_rows(self, here):
        Path("a.ttl").write_text(self.OURS, encoding="utf-8")
        done = run("import", "rdf", "a.ttl", "--out", "r")
        assert done.exit_code == 0, done.output
        row = links(Path("r"))["place/cn-410300;place/fr-commune-37261"]
        assert (row["kind"], row["themes"], row["start"]) == ("twinning", "culture", "1982")
        assert row["source"] == "a"
        before = tree(Path("r"))
        assert "Nothing new" in run("import", "rdf", "a.ttl", "--out", "r").output
        assert tree(Path("r")) == before

    def test_terms_of_others_go_through_the_names(self, here):
        Path("a.ttl").write_text(self.THEIRS, encoding="utf-8")
        done = run("import", "rdf", "a.ttl", "--out", "r")
        assert done.exit_code == 0, done.output
        assert links(Path("r"))["place/cn-370100;place/fr-commune-35238"]["start"] == "2002"

    def test_what_has_no_place_in_a_table_is_told(self, here):
        Path("a.ttl").write_text(self.OURS + "<http://example.org/x> <http://example.org/p> 1 .\n", encoding="utf-8")  # fmt: skip
        assert run("import", "rdf", "a.ttl", "--out", "r").exit_code == 0
        assert any("example.org/x" in row["value"] for row in report(Path("r"), "left"))

    def test_a_release_comes_back_with_its_own_sources(self, here, out):
        done = run("import", "rdf", out / "current" / "maillage.trig", "--out", "r")
        assert done.exit_code == 0, done.output
        house = rows(Path(__file__).parents[1] / "data" / "links.csv")
        assert {row["source"] for row in house} == {row["source"] for row in rows(Path("r/links.csv"))}  # fmt: skip
        assert len(rows(Path("r/links.csv"))) == len(house)

    @pytest.mark.parametrize("raw", [b"", b"<html>", b"@prefix : <x", b"\xff\xfe\0", b"[" * 99_999])
    def test_a_file_that_is_none_ends_in_a_sentence(self, here, raw):
        Path("a.ttl").write_bytes(raw)
        done = run("import", "rdf", "a.ttl", "--out", "r")
        assert done.exit_code == 2, done.output
        assert "a.ttl" in done.output
        assert not Path("r").exists()


# ---- files that are none ------------------------------------------------------------------------


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 1_100_000_000)
    return out.getvalue()


HOSTILE = {
    "empty": ("a.csv", b""),
    "blank": ("a.csv", b"\n \n\n"),
    "only-a-mark": ("a.csv", b"\xef\xbb\xbf"),
    "picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
    "pdf": ("a.csv", b"%PDF-1.7\n"),
    "old-workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50),
    "gzip": ("a.csv", b"\x1f\x8b\x08\0\0\0"),
    "page": ("a.csv", b"<!DOCTYPE html><html><body>404</body></html>"),
    "nul-bytes": ("a.csv", b"Ville,Partenaire\nTours,Luo\0yang\n"),
    "not-utf8": ("a.csv", "Ville,Partenaire\nNîmes,Wuxi\n".encode("latin-1")),
    "open-quotation": ("a.csv", b'Ville,Partenaire\n"Tours,Luoyang\nRennes,Jinan\n'),
    "no-headings": ("a.csv", b"Tours,Luoyang\nRennes,Jinan\n"),
    "one-column": ("a.csv", b"Ville\nTours\n"),
    "no-workbook": ("a.xlsx", b"PK\x03\x04 not a workbook"),
    "empty-zip": ("a.xlsx", b"PK\x05\x06" + b"\0" * 18),
    "cut-json": ("a.json", b'[{"Ville": "Tours"'),
    "deep-json": ("a.json", b"[" * 100_000),
    "deep-json-closed": ("a.json", b"[" * 100_000 + b"]" * 100_000),
    "json-number": ("a.json", b"[1, 2, 3]"),
    "json-mixed": ("a.json", b'[{"Ville": "Tours"}, 7]'),
    "json-empty": ("a.json", b"[]"),
    "answer-without-rows": ("a.json", b'{"head": {"vars": []}, "results": {"bindings": []}}'),
    "answer-of-nonsense": (
        "a.json",
        b'{"head": {"vars": ["a"]}, "results": {"bindings": [3, {"a": 4}]}}',
    ),
    "huge-field": ("a.csv", b"Ville,Partenaire\nTours," + b"x" * 2_000_000 + b"\n"),
}


class TestHostile:
    @pytest.mark.parametrize("case", HOSTILE, ids=list(HOSTILE))
    def test_a_file_that_is_none_ends_in_a_sentence(self, here, case):
        name, raw = HOSTILE[case]
        Path(name).write_bytes(raw)
        for kind in ("table", "twinnings", "atlas"):
            done = run("import", kind, name, "--out", "r", YES)
            assert done.exit_code == 2, (kind, done.output)
            assert done.exception is None or isinstance(done.exception, SystemExit)
            assert name in done.output
            assert not Path("r").exists()

    def test_a_workbook_that_unpacks_to_more_than_a_machine_holds(self, here):
        Path("a.xlsx").write_bytes(bomb())
        done = run("import", "table", "a.xlsx", "--out", "r", YES)
        assert done.exit_code == 2
        assert "larger than" in done.output

    def test_no_such_file_and_a_folder(self, here):
        for name in ("none.csv", "."):
            assert run("import", "table", name, "--out", "r", YES).exit_code == 2

    def test_a_formula_is_text(self, here):
        Path("a.csv").write_text('Ville,Partenaire,Note\nTours,Luoyang,"=HYPERLINK(""http://x"")"\n=1+1,Luoyang,x\n', encoding="utf-8")  # fmt: skip
        run("import", "table", "a.csv", "--out", "r", YES)
        (waiting,) = report(Path("r"), "review")
        assert waiting["value"].startswith("'=")

    @given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), max_size=6))
    def test_no_rows_break_the_reading(self, table):
        out = io.StringIO()
        csv.writer(out).writerows([["Ville", "Partenaire", "Depuis", "Montant"], *table])
        try:
            raw = out.getvalue().encode()
        except UnicodeEncodeError:
            return
        with suppress(MaillageError):
            assert prepare(raw, Path("a.csv"), preset("table")).sheets

    def test_an_import_that_is_stopped_leaves_nothing(self, here):
        lines = "".join(f"Qsdfgh{n},Wxcvbn{n},France,Chine\n" for n in range(40_000))
        Path("a.csv").write_text(f"city1,city2,country1,country2\n{lines}", encoding="utf-8")
        command = [sys.executable, "-m", "maillage", "import", "twinnings", "a.csv", "--out", "r", YES]  # fmt: skip
        started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        time.sleep(6)
        started.send_signal(signal.SIGINT)
        said, _ = started.communicate(timeout=60)
        assert started.returncode == 130, said.decode()
        assert not Path("r").exists()
        assert sorted(p.name for p in here.iterdir()) == ["a.csv"]

    def test_a_folder_that_cannot_be_written(self, here):
        Path("a.csv").write_text("Ville,Partenaire\nTours,Luoyang\n", encoding="utf-8")
        Path("r").write_text("a file", encoding="utf-8")
        done = run("import", "table", "a.csv", "--out", "r", YES)
        assert done.exit_code == 2
        assert Path("r").read_text(encoding="utf-8") == "a file"


def test_columns_formatted_down_to_the_last_row_are_no_rows(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ville", "Partenaire"])
    sheet.append(["Tours", "Luoyang"])
    sheet.cell(1_048_576, 16_384).font = openpyxl.styles.Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    (grid,) = read_grids(out.getvalue(), Path("a.xlsx"))
    assert [line for line, _ in grid.lines] == [1, 2]


def test_in_python_too(tmp_path):
    prepared = prepare(PAIRS.encode(), Path("pairs.csv"), preset("twinnings"))
    taken = take(prepared, tmp_path / "r")
    assert taken.claims.count("taken") == 5
    assert taken.first
    assert not [finding for finding in taken.findings if finding.severity == "violation"]
