"""Answers on paper: names for people, the standard formats for scripts, no formula for anyone."""

import io
import json
import os

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from maillage.errors import MaillageError
from maillage.excel import workbook
from maillage.formats import GRAPH_FORMATS, plain_table, write_graph, write_rows
from maillage.mint import thing
from maillage.questions import questions
from maillage.store import Answer
from maillage.terms import MLG
from maillage.words import LANGUAGES, _columns

CHENGDU, NANTES = thing("place", "cn-510100"), thing("place", "fr-commune-44109")
# the other library's XML reader drops blanks at the ends of a text, which ours does not write away
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


def answer(*rows):
    return Answer(("place", "text"), list(rows))


def test_a_table_shows_names_in_the_readers_language(names):
    text = write_rows(answer((CHENGDU, Literal(3))), "table", names, "zh").decode()
    assert "成都市" in text
    assert "w3id.org" not in text


def test_several_things_in_a_cell_are_all_named(names):
    both = Literal(f"{CHENGDU} {NANTES}")
    text = write_rows(answer((both, None)), "table", names, "fr").decode()
    assert "Chengdu; Nantes" in text


def test_a_table_fits_the_terminal_even_in_chinese(monkeypatch):
    monkeypatch.setitem(os.environ, "COLUMNS", "40")
    text = plain_table(["名称", "说明"], [["成都市" * 5, "中法地方政府合作" * 6]])
    widest = max(sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in text.splitlines())
    assert widest <= 40
    assert "".join(text.split()).count("成都市") >= 2


def test_a_table_takes_no_markup_from_the_data():
    assert "[bold]x[/bold]" in plain_table(["a"], [["[bold]x[/bold]"]])


@pytest.mark.parametrize(
    ("format_", "engine"),
    [
        ("json", ox.QueryResultsFormat.JSON),
        ("xml", ox.QueryResultsFormat.XML),
        ("tsv", ox.QueryResultsFormat.TSV),
    ],
)
@given(text=TEXTS, lang=st.sampled_from([None, "fr", "zh-Hans"]))
def test_standard_formats_are_read_back_by_another_library(names, format_, engine, text, lang):
    rows = answer((CHENGDU, Literal(text, lang=lang)), (None, Literal(7)))
    read = ox.parse_query_results(write_rows(rows, format_, names, "fr"), engine)
    got = [tuple(None if cell is None else cell.value for cell in row) for row in read]
    assert got == [(str(CHENGDU), text), (None, "7")]


def test_a_line_break_does_not_break_a_row_of_tsv(names):
    lines = write_rows(answer((CHENGDU, Literal('a\nb\t"c"\\'))), "tsv", names, "fr").decode()
    assert len(lines.splitlines()) == 2
    (row,) = ox.parse_query_results(lines, ox.QueryResultsFormat.TSV)
    assert row["text"].value == 'a\nb\t"c"\\'


def test_csv_holds_addresses_and_plain_texts(names):
    lines = write_rows(answer((CHENGDU, Literal("a,b", lang="fr"))), "csv", names, "fr").decode()
    assert lines.splitlines() == ["place,text", f'{CHENGDU},"a,b"']


def test_a_cell_of_a_workbook_is_a_text_and_never_a_formula():
    data = workbook({"s": (["a"], [["=1+1"], ["http://example.org/"], ["+33"], ["@x"]])})
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["=1+1", "http://example.org/", "+33", "@x"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_the_same_workbook_has_the_same_bytes():
    assert workbook({"s": (["a"], [["b"]])}) == workbook({"s": (["a"], [["b"]])})


@pytest.mark.parametrize("format_", GRAPH_FORMATS)
def test_triples_are_read_back_the_same(format_):
    graph = Graph()
    graph.add((CHENGDU, URIRef("https://schema.org/name"), Literal('成都 «a» "b"', lang="zh-Hans")))
    graph.add((CHENGDU, URIRef("https://schema.org/value"), Literal(70)))
    data = write_graph(graph, format_)
    kinds = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
    assert isomorphic(Graph().parse(data=data, format=kinds[format_]), graph)
    assert write_graph(graph, format_) == data


def test_an_unknown_format_is_told_the_known_ones():
    with pytest.raises(MaillageError, match="rdfxml"):
        write_graph(Graph(), "docx")


def test_json_reads_well(names):
    text = write_rows(answer((CHENGDU, None)), "json", names, "fr").decode()
    document = json.loads(text)
    assert document["head"]["vars"] == ["place", "text"]
    assert "text" not in document["results"]["bindings"][0]


def test_every_column_of_every_question_has_a_heading_in_three_languages():
    columns = {
        str(variable)
        for asked in questions().values()
        if (algebra := translateQuery(parseQuery(asked.sparql)).algebra).name == "SelectQuery"
        for variable in algebra.PV
    }
    assert columns == set(_columns()), columns ^ set(_columns())
    assert all(len(texts) == len(LANGUAGES) and all(texts) for texts in _columns().values())


def test_headings_are_in_the_readers_language_and_names_in_formats_for_scripts(names):
    rows = Answer(("partner",), [(CHENGDU,)])
    assert write_rows(rows, "table", names, "zh").decode().startswith("合作伙伴")
    assert write_rows(rows, "csv", names, "zh").decode().startswith("partner")


def test_turtle_declares_the_prefixes_that_it_uses_and_no_other():
    graph = Graph()
    graph.add((CHENGDU, MLG.isInCountry, thing("place", "cn")))
    text = write_graph(graph, "ttl").decode()
    assert "@prefix mlg:" in text
    assert "@prefix sh:" not in text


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_column_of_a_table_is_lost_however_narrow_the_terminal(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    columns = [f"colonne-{n}" for n in range(11)]
    row = [f"valeur{n}x" * (1 + n % 3) for n in range(11)]
    shown = plain_table(columns, [row])
    letters = "".join(shown.split())
    assert letters.count("x") == sum(cell.count("x") for cell in row)
    assert all(len(line) <= width for line in shown.splitlines())


def test_the_name_in_the_readers_language_is_not_shown_twice(names):
    place = thing("place", "cn-320100")
    answer = Answer(
        ("place", "name_fr", "name_en"), [(place, Literal("Nankin"), Literal("Nanjing"))]
    )
    shown = write_rows(answer, "table", names, "fr").decode()
    assert shown.count("Nankin") == 1 and "Nanjing" in shown
    assert b"Nankin" in write_rows(answer, "csv", names, "fr")
