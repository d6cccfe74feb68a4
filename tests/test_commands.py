"""The command line as a person uses it: help, answers, errors, exit codes, nothing half-written."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import openpyxl
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from conftest import DOCUMENTS
from maillage.commands.main import COMMANDS, maillage
from maillage.commands.manners import _help
from maillage.exchange import read_graph
from maillage.folders import folder
from maillage.questions import questions
from maillage.release import current, open_store
from maillage.resolve import Names
from maillage.words import LANGUAGES
from make_golden import GOLDEN, known, told
from query_editors import EXAMPLES
from small import PLACES, alone, link

README = Path(__file__).parents[1] / "README.md"


#: How many editions of series there are, as the known answer has them below its heading.
EDITIONS = len((GOLDEN / "editions.tsv").read_text(encoding="utf-8").splitlines()) - 1


def run(*arguments, lang="en", stdin=None):
    return CliRunner().invoke(
        maillage, [*map(str, arguments)], input=stdin, env={"MAILLAGE_LANG": lang}
    )


# ---- help -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_is_in_the_readme(name):
    for flag in ("-h", "--help"):
        done = run(name, flag)
        assert done.exit_code == 0
        assert re.search(rf"Examples?:\n\s+maillage {name}\b", done.output)
    assert f"maillage {name}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "word"), [("fr", "Exemple"), ("en", "Example"), ("zh", "示例")])
@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_the_readers_language(name, lang, word):
    by_environment = run(name, "-h", lang=lang).output
    assert word in by_environment
    assert ("Options:" in by_environment) == (lang == "en")
    assert run("--lang", lang, name, "-h").output == by_environment


def test_every_text_of_the_help_is_in_three_languages_and_used():
    names = {*COMMANDS, "maillage", "headings", "shared"}
    assert set(_help()) == names
    for name in names:
        assert all(set(texts) == set(LANGUAGES) for texts in _help()[name].values())
    for name in COMMANDS:
        command = maillage.get_command(
            maillage.make_context("maillage", [], resilient_parsing=True), name
        )
        options = {str(p.name) for p in command.params if isinstance(p, click.Option)}
        assert set(_help()[name]) - {"short", "text"} <= options


def test_the_list_of_commands_is_in_the_order_of_the_work():
    listed = re.findall(r"^  (\w+)  ", run("-h").output.partition("Commands:")[2], re.MULTILINE)
    assert listed == list(COMMANDS)


def test_help_does_not_wait_for_slow_libraries():
    code = (
        "import sys; from maillage.commands.main import maillage\n"
        "try: maillage(['-h'])\nexcept SystemExit: pass\n"
        "slow = {'rdflib', 'pyvis', 'pyshacl', 'networkx', 'scipy', 'IPython', 'pyoxigraph'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize(
    "arguments", [("frobnicate",), ("ask", "--frobnicate"), ("draw", "--lang", "de")]
)
def test_a_wrong_request_is_exit_code_2(arguments):
    assert run(*arguments).exit_code == 2


# ---- build ------------------------------------------------------------------------------------


def test_a_build_has_store_dumps_and_page(out):
    names = {path.name for path in current(out).iterdir()}
    assert {"store", "network.html", "maillage.nq", "maillage.ttl", "maillage.trig"} <= names


def test_each_question_in_the_store_of_a_build_has_the_known_answer_there(out):
    store = open_store(str(out))
    names = Names(store)
    found = store.select(EXAMPLES).rows
    texts = {str(address).rpartition("/")[2]: str(text) for address, _, text in found}
    assert texts.keys() == questions().keys()
    for name, text in texts.items():
        # as an editor finds it; that questions stand beside the record is in no answer
        asked = replace(questions()[name], sparql=text)
        assert told(asked, store, names) == known(asked).read_text(encoding="utf-8"), name


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "liens de coopération"), ("en", "cooperation links"), ("zh", "合作关系")],
)
def test_a_build_sums_up_in_the_readers_language(built, lang, words):
    said = built.text(lang)
    assert re.search(rf"\b{built.things['links']}\s+{words}", said)
    assert built.things["links"] >= 150
    assert "maillage ask sources" in said
    assert len(said.splitlines()) < 60


def test_two_builds_have_equal_bytes(out, tmp_path):
    assert run("build", "--out", tmp_path / "o").exit_code == 0
    one, two = current(out), current(tmp_path / "o")
    files = {
        p.relative_to(one)
        for p in one.rglob("*")
        if p.is_file() and "store" not in p.parts and not p.name.startswith(".")
    }
    assert len(files) > 8
    for file in files - {Path("inventory.json")}:  # which lists the store's own files too
        assert (one / file).read_bytes() == (two / file).read_bytes(), file
    assert one.resolve().name == two.resolve().name


def test_a_malformed_table_touches_nothing_of_the_last_good_build(out, tmp_path):
    target = tmp_path / "o"
    shutil.copytree(out, target, symlinks=True)
    before = sorted(path for path in target.rglob("*"))
    mine = tmp_path / "mine"
    mine.mkdir()
    bad = mine / "people.csv"
    header = (folder("data") / "people.csv").read_text(encoding="utf-8").splitlines()[0]
    bad.write_text(f"{header}\nÉlu,,,,,,,,,,,,,,,\nx,y\n", encoding="utf-8")
    done = run("build", "--out", target, "--also", bad, lang="fr")
    assert done.exit_code == 2
    assert "people.csv:2:1: key « Élu »" in done.output
    assert "people.csv:3:1" in done.output
    assert sorted(path for path in target.rglob("*")) == before


def test_data_that_do_not_conform_are_exit_code_1_and_build_nothing(tmp_path):
    place = {**PLACES[2], "key": "fr-commune-33064", "insee": "33064", "siren": "213300636"}
    mine = alone(tmp_path / "mine", places=[place])
    done = run("build", "--out", tmp_path / "o", "--also", mine)
    assert done.exit_code == 1
    assert "mine/places.csv:2:" in done.output
    assert "213300636" in done.output
    assert not (tmp_path / "o").exists()


def test_ones_own_links_are_built_in(tmp_path):
    row = link("cuf-china-group-page", start="1998", lines="29", chars="3410-3478")
    mine = alone(tmp_path / "mine", links=[row])
    target = tmp_path / "o"
    assert run("build", "--out", target, "--also", mine).exit_code == 0
    done = run("ask", "links", "kind=twinning", "--store", target)
    assert "Bordeaux" in done.output
    assert "1998" in done.output


# ---- check ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", "conformes"), ("en", "conform"), ("zh", "符合")]
)
def test_the_shipped_data_conform(lang, words):
    done = run("check", lang=lang)
    assert done.exit_code == 0
    assert words in done.output.splitlines()[-1]


def test_a_gate_may_be_stricter():
    assert run("check", "--fail-on", "info").exit_code == 1


@pytest.mark.parametrize("format_", ["json", "csv", "ttl"])
def test_a_report_for_scripts(format_):
    done = run("check", "--format", format_)
    assert done.exit_code == 0
    if format_ == "json":
        rows = json.loads(done.output)
        assert {"severity", "rule", "file", "line", "column", "sentence", "remedy"} <= set(rows[0])
    elif format_ == "csv":
        assert done.output.startswith("severity,rule,thing,")
    else:
        assert list(ox.parse(done.output, ox.RdfFormat.TURTLE))


def test_a_file_of_ones_own_is_told_by_line(tmp_path):
    path = tmp_path / "mine.ttl"
    path.write_text(
        "@prefix mlg: <https://w3id.org/maillage/ns#> .\n\n"
        "<https://w3id.org/maillage/id/link/twinning--a--b> a mlg:CooperationLink .\n",
        encoding="utf-8",
    )
    done = run("check", path)
    assert done.exit_code == 1
    assert f"{path}:3:" in done.output or "mine.ttl:3:" in done.output
    assert "parties" in done.output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", "<a> <b> ."),
        ("a.jsonld", '{"@context": "https://schema.org/"}'),
        ("a.jsonld", "[" * 5000 + "]" * 5000),
        ("a.rdf", '<!DOCTYPE x [<!ENTITY a "aa">]><x/>'),
        ("a.docx", "x"),
        ("a.nt", "\ufeff<http://a/s> <http://a/p> bad .\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_exit_code_2(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    done = run("check", path)
    assert done.exit_code == 2
    assert name in done.output
    assert "Traceback" not in done.output


def test_a_file_that_does_not_exist_is_told(tmp_path):
    done = run("check", tmp_path / "no.csv", lang="fr")
    assert done.exit_code == 2
    assert "n’existe pas" in done.output


def test_every_passage_stands_where_it_is_cited(tmp_path):
    """With the founding documents where they are to be had; their digests guard against others."""
    if not DOCUMENTS.is_dir():
        (tmp_path / "001_4218527777ddaceb.txt").write_text("not the minutes", encoding="utf-8")
        done = run("check", "--documents", tmp_path)
        assert done.exit_code == 2
        assert "is not the cited document" in done.output
        return
    done = run("check", "--documents", DOCUMENTS)
    assert done.exit_code == 0, done.output
    assert re.search(r"\d{3} passages verified in 2 document", done.output)


# ---- ask --------------------------------------------------------------------------------------


def ask(out, *arguments, **options):
    return run("ask", *arguments, "--store", out, **options)


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", "Les binômes"), ("en", "Lead pairs"), ("zh", "结对")]
)
def test_the_list_of_questions_is_in_the_readers_language(lang, words):
    done = run("ask", lang=lang)
    assert done.exit_code == 0
    assert "proposed-pairs" in done.output
    assert words.lower() in done.output.lower() or "binôme" in done.output


def test_answers_bear_names_not_addresses(out):
    done = ask(out, "proposed-pairs", lang="zh")
    assert "波尔多" in done.output
    assert "w3id.org" not in done.output


def test_evidence_stands_below_the_table_by_number(out):
    done = ask(out, "partners-of", "place=Bordeaux", "--evidence")
    assert "line 139" in done.output
    assert "These rows rest on:" in done.output


def test_evidence_is_a_column_for_scripts(out):
    done = ask(out, "partners-of", "place=Bordeaux", "--evidence", "--format", "csv")
    assert done.output.splitlines()[0].endswith(",evidence")


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "xml"])
def test_formats_for_scripts_are_whole(out, format_):
    done = ask(out, "editions", "--format", format_)
    engines = {"csv": None, "tsv": "TSV", "json": "JSON", "xml": "XML"}
    if engines[format_]:
        engine = getattr(ox.QueryResultsFormat, engines[format_])
        assert len(list(ox.parse_query_results(done.output, engine))) == EDITIONS
    else:
        assert len(done.output.splitlines()) == EDITIONS + 1


def test_a_workbook_goes_to_a_file(out, tmp_path):
    path = tmp_path / "editions.xlsx"
    assert ask(out, "editions", "--format", "xlsx", "-o", path).exit_code == 0
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    assert sheet.max_row == EDITIONS + 1


def test_ones_own_query_from_standard_input(built, out):
    query = "SELECT (COUNT(*) AS ?n) { ?l a <https://w3id.org/maillage/ns#CooperationLink> }"
    done = ask(out, "--sparql", "-", "--format", "csv", stdin=query)
    assert done.output.splitlines() == ["n", str(built.things["links"])]


def test_a_construct_is_triples(out):
    done = ask(out, "network", "--format", "nt")
    assert done.exit_code == 0
    assert list(ox.parse(done.output, ox.RdfFormat.N_TRIPLES))
    wrong = ask(out, "network", "--format", "xlsx")
    assert wrong.exit_code == 2
    assert "ttl" in wrong.output


def test_truth_is_one_word(out):
    assert ask(out, "--sparql", "-", stdin="ASK { ?s ?p ?o }").output == "true\n"


def test_one_source_only(out):
    both = ask(out, "links", "--format", "csv").output.splitlines()
    one = ask(
        out, "links", "--format", "csv", "--source", "cuf-china-group-page"
    ).output.splitlines()
    assert 1 < len(one) < len(both)


def test_of_a_moment(out):
    done = ask(out, "places", "--on", "2014-06-01", "--format", "csv")
    assert "fr-region-42" in done.output
    assert "no documented date is kept" in done.stderr
    later = ask(out, "places", "--on", "2018-06-01", "--format", "csv")
    assert "fr-region-42" not in later.output
    assert "fr-region-44" in later.output


def test_a_moment_makes_no_sense_everywhere(out):
    done = ask(out, "themes", "--on", "2014")
    assert done.exit_code == 2
    assert "--on" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("partners-of", "place=Toulousse"), "Toulouse"),
        (("partners-of", "place"), "name=value"),
        (("partners-of",), "needs place="),
        (("partners",), "partners-of"),
        (("editions", "--sparql", "-"), "not both"),
        (("--sparql", "nowhere.rq"), "nowhere.rq"),
        (("events", "from=hier"), "2014-11-06"),
        (("editions", "--source", "le-monde"), "le-monde"),
    ],
)
def test_a_wrong_question_is_exit_code_2_and_says_what_to_do(out, arguments, words):
    done = ask(out, *arguments)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output


def test_a_query_that_calls_another_host_is_refused(out):
    done = ask(out, "--sparql", "-", stdin="SELECT * { SERVICE <http://a.org/> { ?s ?p ?o } }")
    assert done.exit_code == 2
    assert "another host" in done.output


def test_an_empty_answer_is_no_failure_and_says_why(out):
    done = ask(out, "links", "theme=reciprocity", lang="fr")
    assert done.exit_code == 0
    assert "Sans cette condition" in done.output
    scripted = CliRunner().invoke(
        maillage, ["ask", "links", "theme=reciprocity", "--format", "csv", "--store", str(out)]
    )
    assert len(scripted.stdout.splitlines()) == 1
    assert scripted.stderr


def test_no_graph_is_told_how_to_make_one(tmp_path):
    done = run("ask", "editions", "--store", tmp_path / "nowhere")
    assert done.exit_code == 2
    assert "maillage build" in done.output


# ---- measure, draw, publish, cite --------------------------------------------------------------


def test_measures_stand_side_by_side(out):
    done = run("measure", "--store", out)
    assert done.exit_code == 0
    assert "without links proposed, to be confirmed or in negotiation" in done.output
    assert "doi:" in done.output


@pytest.mark.parametrize("format_", ["graphml", "gexf", "json", "csv"])
@pytest.mark.parametrize("view", ["links", "themes", "events"])
def test_an_exported_network_is_read_back_with_its_measures(out, tmp_path, format_, view):
    path = tmp_path / "network"
    assert (
        run("measure", "--store", out, "--format", format_, "--view", view, "-o", path).exit_code
        == 0
    )
    graph = read_graph(path.read_bytes(), format_)
    assert graph.number_of_edges() > 0
    parties = [data for _, data in graph.nodes(data=True) if "degree" in data]
    assert parties or view == "events"  # where bodies without a link are
    assert all("degree_confirmed" in data for data in parties)


def test_a_workbook_of_measures(out, tmp_path):
    path = tmp_path / "m.xlsx"
    assert run("measure", "--store", out, "--format", "xlsx", "-o", path).exit_code == 0
    assert openpyxl.load_workbook(io.BytesIO(path.read_bytes())).sheetnames == [
        "parties",
        "network",
        "definitions",
    ]


def test_a_page_is_drawn_under_its_name_only_when_whole(out, tmp_path):
    path = tmp_path / "network.html"
    assert run("draw", "--store", out, "-o", path, "--title", "Réunion du 5 mai").exit_code == 0
    assert "Réunion du 5 mai" in path.read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["network.html"]
    nowhere = run("draw", "--store", out, "-o", tmp_path / "no" / "x.html")
    assert nowhere.exit_code == 2


def test_a_release_is_published_whole_and_again(out, tmp_path):
    target = tmp_path / "release"
    for _ in range(2):
        done = run("publish", "--store", out, "--out", target, "--data-only")
        assert done.exit_code == 0, done.output
    assert {"maillage.ttl", "maillage.nq", "void.ttl", "dcat.ttl", "SHA256SUMS"} <= {
        p.name for p in target.iterdir()
    }
    assert [p.name for p in tmp_path.iterdir()] == ["release"]


def test_a_release_does_not_overwrite_somebodys_folder(out, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    assert run("publish", "--store", out, "--out", tmp_path).exit_code == 2
    assert (tmp_path / "thesis.docx").is_file()


def test_a_passage_is_found_whatever_its_line_breaks(tmp_path):
    path = tmp_path / "minutes.txt"
    path.write_text("Ordre du jour\nBordeaux et\nWuhan : climat\n", encoding="utf-8")
    done = run("cite", path, "Bordeaux et Wuhan")
    assert done.stdout.splitlines() == ["lines,chars", "2-3,14-31"]
    assert run("cite", path, "Lyon").exit_code == 2
    path.write_text("Wuhan, Wuhan", encoding="utf-8")
    assert "2 times" in run("cite", path, "Wuhan").output


# ---- manners ----------------------------------------------------------------------------------


def test_a_reader_that_goes_away_ends_it_quietly(out):
    command = f"{sys.executable} -m maillage ask statements-about --store {out} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_nothing_of_progress_is_written_when_nobody_watches(tmp_path):
    done = CliRunner().invoke(maillage, ["build", "--out", str(tmp_path / "o"), "--lang", "en"])
    assert done.stderr == ""
    loud = CliRunner().invoke(
        maillage, ["build", "--out", str(tmp_path / "o"), "--lang", "en", "-v", "--anew"]
    )
    assert re.search(r"\[1/9\] Reading the tables", loud.stderr)
    assert "[9/9]" in loud.stderr


# ---- what people and machines do to it --------------------------------------------------------


def shell(command, **options):
    """A command line in a shell, with the interpreter of the tests."""
    line = command.replace("maillage", f"{sys.executable} -m maillage", 1)
    return subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        **options,
    )


def test_a_link_is_written_through_and_permissions_are_kept(out, tmp_path):
    target = tmp_path / "real.csv"
    target.write_text("old")
    target.chmod(0o600)
    (tmp_path / "link.csv").symlink_to(target)
    assert ask(out, "editions", "--format", "csv", "-o", tmp_path / "link.csv").exit_code == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert target.read_text().startswith("ordinal,")
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_pipe_is_written_and_not_replaced(out, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        assert ask(out, "editions", "--format", "csv", "-o", pipe).exit_code == 0
        assert reader.stdout.read().startswith("ordinal,")
    assert not pipe.is_file()


@pytest.mark.parametrize("target", [".", "no/such/folder/x.csv"])
def test_what_cannot_be_written_is_told(out, target):
    done = ask(out, "editions", "--format", "csv", "-o", target)
    assert done.exit_code == 2
    assert "Cannot write" in done.output


def test_a_full_disk_is_no_success(out):
    done = shell(f"maillage ask editions --store {out} > /dev/full")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_terminal_without_chinese_gets_the_rest(out, tmp_path):
    done = shell(
        f"maillage build --lang zh --out {tmp_path / 'o'}",
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_an_interruption_has_a_code_of_its_own(tmp_path):
    command = [
        sys.executable,
        "-m",
        "maillage",
        "build",
        "-v",
        "--lang",
        "fr",
        "--out",
        tmp_path / "o",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        process.stderr.readline()  # the first step has begun
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Interrompu" in rest


def test_a_release_that_was_changed_is_not_published(out, tmp_path):
    target = tmp_path / "o"
    shutil.copytree(out, target, symlinks=True)
    dump = current(target) / "maillage.nq"
    dump.write_bytes(dump.read_bytes().replace("武汉市".encode(), "假城市".encode()))
    done = run("publish", "--store", target, "--out", tmp_path / "r")
    assert done.exit_code == 2
    assert "has changed since it was built" in done.output
    assert not (tmp_path / "r").exists()


def test_check_and_build_refuse_the_same_row(tmp_path):
    # of a document at hand, without its place
    mine = alone(tmp_path / "mine", links=[link("cuf-china-group-page")])
    checked = run("check", mine / "links.csv")
    folder = run("check", mine)
    built = run("build", "--also", mine, "--out", tmp_path / "o")
    for done in (checked, folder, built):
        assert done.exit_code == 1
        assert re.search(r"mine/links\.csv:2:", done.output)


def test_a_folder_without_tables_is_no_folder_to_check(tmp_path):
    done = run("check", tmp_path)
    assert done.exit_code == 2
    assert f"{tmp_path} holds no table" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("partners-of", "foo=bar"), "no parameter"),
        (("partners-of", "place=Strasbourg", "place=Alsace"), "given twice"),
        (("events", "from=2014", "to=2013"), "Swap the two dates"),
        (("--sparql", "-", "--format", "xlsx"), "json, xml"),
        (("editions", "--store", "http://[bad"), "not an http"),
    ],
)
def test_a_slip_is_told_as_what_it_is(out, arguments, words):
    store = () if "--store" in arguments else ("--store", out)
    done = run("ask", *arguments, *store, stdin="ASK {}")
    assert done.exit_code == 2
    assert words in done.output


@pytest.mark.parametrize(("format_", "start"), [("json", b"{"), ("xml", b"<?xml")])
def test_truth_has_the_standard_documents_too(out, format_, start):
    done = ask(out, "--sparql", "-", "--format", format_, stdin="ASK {}")
    assert done.stdout_bytes.lstrip().startswith(start)
    assert b"true" in done.stdout_bytes


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.ttl", "", "nothing of Maillage"),
        (
            "a.ttl",
            "<http://a/s> a <https://w3id.org/maillage/ns#Place> ; <http://a/p> <javascript:x> .",
            "javascript",
        ),
        ("a.jsonld", '{"a": "' + "]" * 200_000 + '", "b": ' + "[" * 60_000, "JSON"),
        ("links.csv", "kind;parties;source\ntwinning;a;b\n", "not separated by commas"),
        ("links.CSV", "kind\tparties\n", "not separated by commas"),
    ],
)
def test_a_file_of_another_sort_is_told_in_one_sentence(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    done = run("check", path)
    assert done.exit_code == 2
    assert words in done.output
    assert len(done.output.splitlines()) <= 3


def test_a_short_chinese_name_finds_the_place(out):
    done = ask(out, "within", "place=四川", "--format", "csv")
    assert done.exit_code == 0
    assert "cn-510100" in done.output


def test_two_publications_of_one_folder_do_not_trample_each_other(out, tmp_path):
    line = (
        f"{sys.executable} -m maillage publish --data-only --lang en --store {out} "
        f"--out {tmp_path / 'r'}"
    )
    both = [subprocess.Popen(["bash", "-c", line], stderr=subprocess.PIPE, text=True) for _ in "12"]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert 0 in {code for _, code in ends}
    assert all(code == 0 or "under way" in text for text, code in ends)
    assert (tmp_path / "r" / "SHA256SUMS").is_file()
