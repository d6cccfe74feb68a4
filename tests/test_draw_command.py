"""``maillage draw`` as a person uses it: what is chosen, what is written, what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from rdflib import URIRef

import maillage.commands.draw
from maillage.ask import answer, terms
from maillage.commands.main import maillage as command
from maillage.drawing import gathered
from maillage.network import LinkGraph, links
from maillage.payload import Payload
from maillage.questions import question
from maillage.resolve import Names
from maillage.store import Answer, Store
from test_network import CLAIMS, PLACES, TWINNING, store_of

# Alsace is no more; its link is Grand Est's. The others have no date, so that any day is theirs.
FORMER = """
id:link\\/twinning--cn-420100--fr-region-42 a mlg:CooperationLink ;
  mlg:hasParty id:place\\/fr-region-42 , id:place\\/cn-420100 ;
  mlg:hasKind id:link-kind\\/twinning ; mlg:hasTheme id:theme\\/mobility ;
  mlg:earliestDay "1990-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ;
  mlg:latestDay "2015-12-31"^^<http://www.w3.org/2001/XMLSchema#date> .
"""
TWINNINGS = "SELECT ?link { ?link <https://w3id.org/maillage/ns#hasKind> <https://w3id.org/maillage/id/link-kind/twinning> }"


@pytest.fixture(scope="module")
def small() -> Store:
    return store_of(PLACES, CLAIMS, FORMER)


class Drawn:
    """What the command draws, and what it says; the page itself is another's business."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.graph: LinkGraph | None = None
        self.options: dict[str, Any] = {}

    def gathered(self, graph: LinkGraph, **options: Any) -> Payload:
        self.graph, self.options = graph, options
        return gathered(graph, **options)

    def run(self, *arguments: object, lang: str = "en", stdin: str | None = None) -> Result:
        environment = {"MAILLAGE_LANG": lang}
        return CliRunner().invoke(
            command, ["draw", *map(str, arguments)], input=stdin, env=environment
        )

    @property
    def links(self) -> set[str]:
        assert self.graph is not None
        return {key for *_, key in self.graph.edges(keys=True)}

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def drawn(small: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    found = Drawn(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(maillage.commands.draw, "open_store", lambda _: small)
    monkeypatch.setattr(maillage.commands.draw, "gathered", found.gathered)
    monkeypatch.setattr(maillage.commands.draw, "written", lambda _: "<html>page</html>\n")
    return found


def asked(store: Store, **values: str) -> set[str]:
    """The links that the question ``links`` answers."""
    named = question("links")
    reply = answer(store, named, terms(named, values, Names(store), "en"))
    assert isinstance(reply, Answer)
    return {str(row[reply.variables.index("link")]) for row in reply.rows}


# ---- what is chosen ---------------------------------------------------------------------------


def test_without_a_choice_all_is_drawn_with_what_maps_show_beside(
    drawn: Drawn, small: Store
) -> None:
    done = drawn.run()
    assert (done.exit_code, done.stdout, done.stderr) == (0, "network.html\n", "")
    assert drawn.links == {key for *_, key in links(small).edges(keys=True)}
    assert drawn.graph is not None and drawn.graph.graph["documents"]
    assert drawn.options == {"title": None, "lang": "en", "view": "network"}
    assert drawn.files == ["network.html"]


@pytest.mark.parametrize(
    "place", ["Bordeaux", "波尔多", "33063", "Fukuoka", "Grand Est", "nanjing-university"]
)
def test_a_place_is_drawn_as_it_is_asked_for(drawn: Drawn, small: Store, place: str) -> None:
    done = drawn.run("--place", place)
    assert done.exit_code == 0, done.stderr
    wanted = asked(small, place=place)
    if wanted:
        assert drawn.links == wanted
    else:
        assert drawn.graph is None


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        (("--theme", "climat"), {"theme": "climate"}),
        (("--theme", "mobility", "--place", "Alsace"), {"theme": "mobility", "place": "Alsace"}),
        (("--on", "2014"), {"on": "2014"}),
        (("--on", "2018-06", "--theme", "交通出行"), {"on": "2018-06", "theme": "mobility"}),
        (("kind=jumelage", "--on", "2014"), {"kind": "twinning", "on": "2014"}),
    ],
)
def test_theme_day_and_more_are_drawn_as_they_are_asked_for(
    drawn: Drawn, small: Store, arguments: tuple[str, ...], values: dict[str, str]
) -> None:
    done = drawn.run(*arguments)
    assert done.exit_code == 0, done.stderr
    assert drawn.links == asked(small, **values)
    assert ("no documented date" in done.stderr) == ("on" in values)


def test_every_place_of_the_shipped_record_is_drawn_as_it_is_asked_for(store: Store) -> None:
    """Also those that came after others, or lie in a link of three."""
    graph = links(store)
    named = question("links")
    keys = {key for *_, key in graph.edges(keys=True)}
    for party in sorted(graph)[::10]:
        reply = store.select(named.bind({"place": URIRef(party)}))
        found = {str(row[reply.variables.index("link")]) for row in reply.rows}
        assert found <= keys
        touched = {key for *_, key in graph.edges(party, keys=True)}
        assert touched <= found


def test_a_name_of_several_is_refused_with_the_candidates(drawn: Drawn) -> None:
    done = drawn.run("--place", "Saint-Denis")
    assert done.exit_code == 2
    assert done.stderr.count("place/fr-commune-") > 1
    assert not drawn.files


def test_names_speak_up_on_the_error_stream_only(drawn: Drawn) -> None:
    done = drawn.run("--place", "Tours")  # in the gazetteers, but not in this graph
    assert done.exit_code == 0
    assert "Tours" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("lang", "why", "nothing"),
    [
        ("fr", "Sans cette condition", "rien n’a été écrit"),
        ("en", "Without that condition", "nothing was written"),
        ("zh", "去掉该条件", "未写入"),
    ],
)
def test_nothing_found_says_why_and_writes_nothing(
    drawn: Drawn, lang: str, why: str, nothing: str
) -> None:
    done = drawn.run(
        "--place", "Alsace", "--on", "2020", "--svg", "x.svg", "-o", "x.html", lang=lang
    )
    assert done.exit_code == 0
    assert nothing in done.stderr
    assert why in done.stderr
    assert done.stdout == ""
    assert not drawn.files


def test_a_graph_without_links_says_so(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maillage.commands.draw, "open_store", lambda _: store_of(PLACES))
    done = drawn.run()
    assert (done.exit_code, drawn.files) == (0, [])
    assert "CooperationLink" in done.stderr


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("fr", "Liens de coopération\u00a0: Bordeaux · climat"),
        ("zh", "合作关系：波尔多 · climat"),
    ],
)
def test_a_part_is_called_what_was_asked_for(drawn: Drawn, lang: str, title: str) -> None:
    drawn.run("--place", "Bordeaux", "--theme", "climat", lang="en")
    assert drawn.options["title"][lang] == title
    drawn.run("--place", "Bordeaux", "--title", "Réunion")
    assert set(drawn.options["title"].values()) == {"Réunion"}


# ---- questions and queries ----------------------------------------------------------------------


def test_a_named_question_is_drawn_with_its_values(drawn: Drawn) -> None:
    done = drawn.run("--query", "partners-of", "place=Alsace")
    assert done.exit_code == 0, done.stderr
    assert {key.rsplit("/", 1)[-1] for key in drawn.links} == {"twinning--cn-420100--fr-region-42"}
    assert drawn.options["title"]["fr"].endswith("\u00a0: Alsace")


def test_the_options_are_values_of_a_named_question(drawn: Drawn) -> None:
    one = drawn.run("--query", "partners-of", "--place", "Alsace", "--on", "2014")
    assert one.exit_code == 0 and len(drawn.links) == 1
    assert "no documented date" in one.stderr


def test_a_query_in_a_file_or_on_standard_input_is_drawn(drawn: Drawn) -> None:
    (drawn.folder / "mine.rq").write_text(TWINNINGS, encoding="utf-8")
    assert drawn.run("--query", "mine.rq").exit_code == 0
    by_file = drawn.links
    assert TWINNING in by_file and len(by_file) == 2
    assert drawn.options["title"] is None
    assert drawn.run("--query", "-", stdin=TWINNINGS).exit_code == 0
    assert drawn.links == by_file


def test_a_construct_is_drawn(drawn: Drawn, small: Store) -> None:
    assert drawn.run("--query", "network", "theme=mobility").exit_code == 0
    assert drawn.links == asked(small, theme="mobility")


def test_rows_that_join_nobody_are_told(drawn: Drawn) -> None:
    rows = 'SELECT ?a ?b { VALUES (?a ?b) { ("Tours" "Luoyang") ("Tours" UNDEF) } }'
    done = drawn.run("--query", "-", stdin=rows)
    assert done.exit_code == 0
    assert "1 of 2 rows" in done.stderr
    none = drawn.run(
        "--query", "-", stdin="SELECT ?link { VALUES ?link { <https://example.org/> } }"
    )
    assert none.exit_code == 0
    assert "none of them joins two parties" in none.stderr
    assert "nothing was written" in none.stderr


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("--query", "-"), "ASK { ?s ?p ?o }", "true or false"),
        (("--query", "-"), "SELECT ?s { ?s ?p ?o }", "These columns cannot be drawn: s."),
        (("--query", "-"), "SELECT * { SERVICE <http://a.org/> { ?s ?p ?o } }", "another host"),
        (("--query", "-"), "SELECT", "not valid SPARQL"),
        (("--query", "-", "place=Tours"), TWINNINGS, "write the values into the query"),
        (("--query", "-", "--on", "2014"), TWINNINGS, "write the values into the query"),
        (("--query", "nowhere.rq"), None, "nowhere.rq"),
        (("--query", "partners"), None, "partners-of"),
        (("--query", "partners-of"), None, "needs place="),
        (("--query", "themes"), None, "theme, links"),
        (("--query", "themes", "--on", "2014"), None, "--on"),
        (("place=Bordeaux", "--place", "Wuhan"), None, "given twice"),
        (("Bordeaux",), None, "name=value"),
        (("--on", "hier"), None, "2014-11-06"),
        (("--place", "Toulousse"), None, "Toulouse"),
        (("--view", "map"), None, "map"),
        (("--view", "table", "--svg", "x.svg"), None, "network, places, matrix, time"),
        (("--svg", "-", "-o", "-"), None, "two different files"),
        (("--svg", "x", "-o", "./x"), None, "two different files"),
    ],
)
def test_a_wrong_wish_is_exit_code_2_and_says_what_to_do(
    drawn: Drawn, arguments: tuple[str, ...], stdin: str | None, words: str
) -> None:
    done = drawn.run(*arguments, stdin=stdin)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output
    assert not drawn.files


# ---- what is written ----------------------------------------------------------------------------


def test_the_page_opens_in_the_view_asked_for(drawn: Drawn) -> None:
    drawn.run("--view", "time", "-o", "t.html", lang="zh")
    assert (drawn.options["view"], drawn.options["lang"]) == ("time", "zh")
    assert drawn.files == ["t.html"]


@pytest.mark.parametrize("view", ["network", "places", "matrix", "time"])
def test_a_picture_is_drawn_instead_of_the_page(drawn: Drawn, view: str) -> None:
    done = drawn.run("--svg", "x.svg", "--view", view, "--place", "Bordeaux")
    assert (done.exit_code, done.stdout) == (0, "x.svg\n")
    assert drawn.files == ["x.svg"]
    root = ET.fromstring((drawn.folder / "x.svg").read_bytes())  # noqa: S314  # our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Bordeaux" in "".join(root.itertext())


def test_a_picture_is_drawn_beside_the_page_when_both_are_named(drawn: Drawn) -> None:
    done = drawn.run("--svg", "x.svg", "-o", "x.html")
    assert done.stdout.splitlines() == ["x.html", "x.svg"]
    assert drawn.files == ["x.html", "x.svg"]


def test_on_standard_output_stands_nothing_else(drawn: Drawn) -> None:
    both = drawn.run("-o", "-", "--svg", "x.svg")
    assert both.stdout == "<html>page</html>\n"
    assert both.stderr == "x.svg\n"
    picture = drawn.run("--svg", "-")
    assert ET.fromstring(picture.stdout).tag.endswith("svg")  # noqa: S314  # our own
    assert picture.stderr == ""


def test_a_page_of_names_from_rows_is_a_page(drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way once, for parties of which nothing is known but their names."""
    monkeypatch.undo()
    monkeypatch.chdir(drawn.folder)
    monkeypatch.setattr(maillage.commands.draw, "open_store", lambda _: store_of(PLACES, CLAIMS))
    rows = 'SELECT ?a ?b { VALUES (?a ?b) { ("Tours" "Luoyang") ("</script>" "x") } }'
    done = drawn.run("--query", "-", "-o", "x.html", stdin=rows)
    assert done.exit_code == 0, done.output
    html = (drawn.folder / "x.html").read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert "Luoyang" in html
