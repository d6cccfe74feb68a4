"""Answers that stand in a release: what the engine would say, or the engine is asked."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from looped import looped
from maillage import prepared
from maillage.ask import tidy
from maillage.bounded import Limits, Pool
from maillage.bounded.scan import scanned
from maillage.bounded.sparql import GRAPHS, SOLUTIONS
from maillage.bounded.sparql import opened as endpoint
from maillage.build import Built
from maillage.cache import fill
from maillage.catalogue import catalogue
from maillage.prepared import FOLDER, SUMS, prepare
from maillage.questions import questions
from maillage.store import Answer, Store, open_folder, write_folder

PREPARED = [name for name, asked in questions().items() if asked.prepared]

ROWS = "# all of it\n\nSELECT ?s ?o\nWHERE { ?s ?p ?o }\nORDER BY ?s ?o\n"
TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
LIES = '<http://a/s> <http://a/p> "prepared" <http://a/g> .\n'
TRUE = '<http://a/s> <http://a/p> "asked"@en-GB <http://a/g> .\n'

#: Literals that a format might change.
TEXTS = (
    [ox.Literal(text) for text in ("", " ", "a\tb", "a\nb\r\n", '"\\"', "\\t", "é 中 𝄞", "1", "?x")]
    + [ox.Literal("zh", language=tag) for tag in ("zh-hans", "zh-latn-pinyin", "fr")]
    + [
        ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}"))
        for text, kind in (
            ("-7", "integer"),
            ("1.5", "decimal"),
            ("1.0E400", "double"),
            ("1.0E-7", "double"),
            ("NaN", "double"),
            ("true", "boolean"),
            ("maybe", "boolean"),
            ("2014-11", "gYearMonth"),
            ("2014-02-31", "date"),
        )
    ]
)


def asked(store: Store, sparql: str, graphs: list[URIRef] | None = None) -> str:
    """The one text of an answer."""
    reply = store.query(sparql, graphs)
    if isinstance(reply, Graph):
        return str(next(reply.objects()))
    assert isinstance(reply, Answer)
    return str(reply.rows[0][-1])


def stored(nquads: bytes, path: Path) -> None:
    """Make a store of some N-Quads."""
    file = path.with_suffix(".nq")
    file.write_bytes(nquads)
    write_folder([file], path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store whose prepared answers are those of another, so that one sees where an answer is from."""
    stored(LIES.encode(), tmp_path / "lies")
    prepare(tmp_path / "lies", [ROWS, TRIPLES])
    stored(TRUE.encode(), tmp_path / "store")
    shutil.move(tmp_path / "lies" / FOLDER, tmp_path / "store")
    return tmp_path / "store"


@pytest.mark.parametrize("query", [ROWS, TRIPLES])
def test_what_is_prepared_is_not_asked_again(folder: Path, query: str) -> None:
    assert asked(open_folder(folder), query) == "prepared"
    # a comment before a query and blanks around it say nothing: editors show it without the header
    bare = query.removeprefix("# all of it\n\n")
    assert asked(open_folder(folder), f"\n {bare}\n\n") == "prepared"
    assert asked(open_folder(folder), f"#+ tags: [all]\r\n{bare}") == "prepared"


@pytest.mark.parametrize(
    "query",
    [
        ROWS.replace("?s ?o\nW", "?s  ?o\nW"),
        ROWS + "# more",
        ROWS.replace("SELECT", "select"),
        "PREFIX a: <http://a/>\n" + ROWS,
        TRIPLES.replace(" }", "}"),
    ],
)
def test_any_other_text_is_asked(folder: Path, query: str) -> None:
    assert asked(open_folder(folder), query) == "asked"


def test_a_comment_may_hide_the_end_of_its_line() -> None:
    """SPARQL 1.1, 19.2: a character may be written by its number, everywhere."""
    for number in (r"\u000A", r"\u000D", r"\U0000000A"):
        hidden = f"# x {number} BASE <http://b/>\n{ROWS}"
        assert prepared.without_header(hidden) == hidden.strip()


def test_some_graphs_only_are_asked(folder: Path) -> None:
    assert asked(open_folder(folder), ROWS, [URIRef("http://a/g")]) == "asked"


def damaged(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"prepared", b"prepAred"))


@pytest.mark.parametrize("harm", [damaged, Path.unlink, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("query", [ROWS, TRIPLES])
def test_what_is_not_as_it_was_written_is_asked(folder: Path, harm, query: str) -> None:
    opened = open_folder(folder)  # before the harm is done: nobody looks a second time
    for path in (folder / FOLDER).glob("*.*"):
        harm(path)
    assert asked(opened, query) == "asked"
    assert asked(open_folder(folder), query) == "asked"


@pytest.mark.parametrize("text", [None, "", "no list", "é", "a  b  c\n"])
def test_without_a_list_nothing_is_prepared(folder: Path, text: str | None) -> None:
    if text is None:
        shutil.rmtree(folder / FOLDER)
    else:
        (folder / FOLDER / SUMS).write_text(text, encoding="utf-8")
    assert asked(open_folder(folder), ROWS) == "asked"


def test_strangers_get_it_too_in_every_format(folder: Path) -> None:
    handle = endpoint(folder, {"prefixes": {"a": "http://a/"}})
    for query, formats in ((ROWS, SOLUTIONS), (TRIPLES, GRAPHS)):
        for name in formats:
            out = io.BytesIO()
            told = handle({"query": query, "formats": [name]}, out)
            assert b"prepared" in out.getvalue()
            # what is told of it, and what the server's bounds look at, is as if it had been asked
            again = handle({"query": query + "# more", "formats": [name]}, other := io.BytesIO())
            assert told == again
            assert b"asked" in other.getvalue()
    out = io.BytesIO()
    handle({"query": ROWS, "default_graphs": ["http://a/g"]}, out)
    assert b"asked" in out.getvalue()


def test_a_worker_that_may_hardly_do_anything_can_read_it(folder: Path) -> None:
    async def answered() -> bytes:
        async with Pool("maillage.bounded.sparql:opened", folder, Limits()) as pool:
            with await pool.do({"query": ROWS}, "somebody") as done:
                return done.read()

    assert b"prepared" in looped(answered())


def test_terms_come_back_as_they_are(tmp_path: Path) -> None:
    subjects = [ox.NamedNode(f"http://a/{number}") for number in range(len(TEXTS))]
    quads = [
        ox.Quad(subject, ox.NamedNode("http://a/p"), text, ox.NamedNode("http://a/g"))
        for subject, text in zip(subjects, TEXTS, strict=True)
    ]
    stored(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"", tmp_path / "store")
    rows = "SELECT ?s ?o ?none WHERE { ?s ?p ?o } ORDER BY ?s"
    before = [open_folder(tmp_path / "store").query(query) for query in (rows, TRIPLES)]
    prepare(tmp_path / "store", [rows, TRIPLES])
    after = [open_folder(tmp_path / "store").query(query) for query in (rows, TRIPLES)]
    assert before[0] == after[0]
    assert set(before[1]) == set(after[1])  # type: ignore[arg-type]  # of CONSTRUCT, a graph


@pytest.mark.parametrize("name", PREPARED)
def test_a_release_holds_what_its_engine_would_answer(
    built: Built, store: Store, name: str
) -> None:
    question = questions()[name]
    assert all(parameter.optional for parameter in question.parameters)  # a default is no question
    assert scanned(question.sparql).steady
    folder = built.folder / "store"
    assert prepared.Prepared(folder).answer(question.sparql) is not None
    kept, fresh = (tidy(each.query(question.sparql)) for each in (open_folder(folder), store))
    if isinstance(kept, Graph):
        kept, fresh = set(kept), set(fresh)  # type: ignore[assignment, arg-type]  # a graph, too
    assert kept == fresh


def test_the_text_that_editors_show_is_prepared(built: Built) -> None:
    kept = prepared.Prepared(built.folder / "store")
    texts = {str(value) for value in catalogue(questions()).objects()}
    assert sum(kept.answer(text) is not None for text in texts) == len(PREPARED)


def test_the_same_statements_give_the_same_bytes(built: Built, tmp_path: Path) -> None:
    fill(built.folder, tmp_path)
    one, other = (
        {path.name: path.read_bytes() for path in (folder / "store" / FOLDER).iterdir()}
        for folder in (built.folder, tmp_path)
    )
    assert one == other


def test_what_is_too_large_is_left_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(TRUE.encode(), tmp_path / "store")
    monkeypatch.setattr(prepared, "MOST", 1)
    prepare(tmp_path / "store", [ROWS])
    assert not (tmp_path / "store" / FOLDER).exists()
    assert asked(open_folder(tmp_path / "store"), ROWS) == "asked"
