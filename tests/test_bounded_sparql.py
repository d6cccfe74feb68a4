"""The SPARQL job: right answers in every format, from the store alone."""

import io
import json
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from maillage.bounded import Fault, writing
from maillage.bounded.scan import scanned
from maillage.bounded.sparql import BOOLEANS, GRAPHS, SOLUTIONS, opened
from maillage.store import write_folder
from maillage.terms import PREFIXES
from maillage.words import LANGUAGES

TAGS = ["fr", "en", "zh-Hans", "zh-Hant", "zh-Latn-pinyin"]
G = "http://g/"
NQUADS = f"""
<http://e/a> <http://e/p> <http://e/b> <{G}1> .
<http://e/a> <http://e/p> <http://e/b> <{G}2> .
<http://e/a> <http://e/p> <http://e/c> <{G}2> .
<http://e/a> <http://e/q> <http://e/d> <{G}3> .
""" + "".join(
    f'<http://e/a> <http://e/name> "{tag} \\"@zh-hans \\\\"@{tag} <{G}3> .\n' for tag in TAGS
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sparql") / "store"
    path.with_name("all.nq").write_text(NQUADS.lstrip(), encoding="utf-8")
    write_folder([path.with_name("all.nq")], path)
    return path


@pytest.fixture(scope="module")
def job(folder):
    handle = opened(folder, {"prefixes": {"e": "http://e/", "a": "http://a/", "z": "http://z/"}})

    def done(query=None, **more):
        out = io.BytesIO()
        meta = handle({"query": query, **more} if query is not None else more, out)
        return meta, out.getvalue()

    return done


@pytest.fixture(scope="module")
def rows(job):
    def values(query, **more):
        _, text = job(query, formats=["application/sparql-results+json"], **more)
        return [
            tuple(cell["value"] for cell in row.values())
            for row in json.loads(text)["results"]["bindings"]
        ]

    return values


def fault(job, *arguments, **more):
    with pytest.raises(Fault) as raised:
        job(*arguments, **more)
    return raised.value


# ---- formats -----------------------------------------------------------------------------------

KINDS = [
    ("SELECT ?o { ?s ?p ?o }", SOLUTIONS, "solutions", 8),
    ("ASK { ?s ?p ?o }", BOOLEANS, "boolean", 1),
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", GRAPHS, "graph", 8),
    ("DESCRIBE <http://e/a>", GRAPHS, "graph", 8),
]


@pytest.mark.parametrize(("query", "formats", "kind", "count"), KINDS)
def test_every_kind_of_answer_has_its_formats(job, query, formats, kind, count):
    for name in formats:
        meta, text = job(query, formats=[name])
        told = {"kind": kind, "media_type": name, "count": count, "steady": True}
        assert meta == told
        assert text
    first = next(iter(formats))
    assert job(query)[0]["media_type"] == first
    others = [name for name in {**SOLUTIONS, **GRAPHS} if name not in formats]
    # the order of the client decides among those that fit
    wanted = [*others, *reversed(formats)]
    assert job(query, formats=wanted)[0]["media_type"] == list(formats)[-1]
    refused = fault(job, query, formats=others)
    assert refused.key == "not-acceptable"
    assert first in str(refused)


def test_what_is_written_is_read_again_by_others(job):
    everything = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    expected = set(Graph().parse(data=job(everything, formats=["application/n-triples"])[1]))
    assert len(expected) == 8
    assert {o.language for _, _, o in expected if getattr(o, "language", None)} == set(TAGS)
    for name, parser in (
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("text/n3", "n3"),
    ):
        assert (
            set(Graph().parse(data=job(everything, formats=[name])[1], format=parser)) == expected
        )


def test_our_prefixes_stand_in_alphabetical_order(job):
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    turtle = job(query, formats=["text/turtle"])[1].decode()
    assert re.findall("@prefix (.):", turtle) == ["a", "e", "z"]
    assert "e:a e:q e:d" in turtle
    xml = job(query, formats=["application/rdf+xml"])[1].decode()
    assert re.findall("xmlns:(.)=", xml) == ["a", "e", "z"]
    assert "<e:name" in xml
    empty = job("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(false) }", formats=["text/turtle"])
    assert empty[0]["count"] == 0


def test_the_same_question_has_the_same_bytes_in_another_process(folder):
    queries = [query for query, *_ in KINDS] + [
        "SELECT * { ?sss ?ppp ?ooo OPTIONAL { ?ooo ?bbb ?aaa } }",
        "SELECT ?p (COUNT(*) AS ?n) (SAMPLE(?o) AS ?x) { ?s ?p ?o } GROUP BY ?p",
        "SELECT DISTINCT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
        "CONSTRUCT { ?o ?p ?s . ?s ?p 1 } WHERE { ?s ?p ?o FILTER(isIRI(?o)) }",
    ]
    code = f"""if True:
        import hashlib, io, pathlib
        from maillage.bounded.sparql import opened
        prefixes = {dict(PREFIXES)!r}
        handle = opened(pathlib.Path({str(folder)!r}), {{"prefixes": prefixes}})
        for query in {queries!r}:
            for formats in (["text/turtle"], ["application/rdf+xml"]):
                out = io.BytesIO()
                handle({{"query": query, "formats": formats + ["application/sparql-results+json"]}}, out)
                print(hashlib.sha256(out.getvalue()).hexdigest())
    """
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        for _ in range(3)
    }
    assert len(runs) == 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?now { ?s <http://e/now> ?rand } ORDER BY ?now",
        "CONSTRUCT { ?s ?p ?o } WHERE { [] ?q ?s . ?s ?p ?o FILTER(?o IN (1, 2)) }",
        "CONSTRUCT WHERE { ?s ?p ?o }",
    ],
)
def test_what_is_the_same_when_asked_again_is_told(job, query):
    first, second = job(query), job(query)
    assert first == second
    assert first[0]["steady"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?x) {}",
        "SELECT (NOW # why\n () AS ?x) {}",
        "SELECT (rand ( ) AS ?x) {}",
        "SELECT (UUID() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
        "SELECT (BNODE() AS ?x) {}",
        "SELECT (0.5<RAND()&&2>1 AS ?x) { ?s ?p ?o . ?t ?q ?u }",
        "SELECT ?o ?u { ?s ?p ?o . ?t ?q ?u } ORDER BYRAND()",
        "CONSTRUCT { [] ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { _:x ?p ?o } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p (1 2) } WHERE { ?s ?p ?o }",
        "CONSTRUCT { << ?s ?p ?o >> ?p 1 } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o {| ?p 1 |} } WHERE { ?s ?p ?o }",
        "CONSTRUCTWHERE { ?s ?p ?o, [] }",
    ],
)
def test_what_changes_when_asked_again_is_told(job, query):
    first, second = job(query), job(query)
    assert first[1] != second[1]
    assert not first[0]["steady"]


def test_the_dataset_of_a_query_is_seen_without_a_blank_before_it(job):
    for query in ("ASKFROM<http://e/x>{?s ?p ?o}", "CONSTRUCTFROM<http://e/x>WHERE{?s ?p ?o}"):
        assert fault(job, query).key == "outside-graph"


# ---- language tags and counts, against the engine ----------------------------------------------

HOSTILE = [
    '"', "\\", '"@zh-hans', '\\"@zh-hans ', "'", "@zh-hans", '"xml:lang":"zh-hans"', '","xml:lang":"zh-hans"}',
    '<literal xml:lang="zh-hans">', ' xml:lang="zh-hans"', '"@language":"zh-hans"', "{", "}", ",{}", ',{"', "},{",
    "[", "]", "<result>", "\n", "\r\n", "\t", ",", "é", "中", "<", ">", "&lt;", " ", "a",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join)
LITERALS = st.builds(
    lambda text, tag: ox.Literal(text, language=tag) if tag else ox.Literal(text),
    TEXTS,
    st.sampled_from([*TAGS, "en-US", "zh-Hans-CN", None, None]),
)
CELLS = st.one_of(LITERALS, st.just(ox.NamedNode("http://e/x")), st.none())
LINES = st.lists(st.tuples(CELLS, CELLS), max_size=12)


def canonical(tag):
    return writing.cased(tag.lower().encode()).decode()


def through(raw, form, block, cuts):
    """What a writer makes of the engine's bytes, in pieces of any size."""
    out = io.BytesIO()
    before, writing._BLOCK = writing._BLOCK, block
    try:
        writer = writing.Writer(out, form)
        start = 0
        while start < len(raw):
            size = cuts.randint(1, 2 * block)
            writer.write(raw[start : start + size])
            start += size
        writer.finish()
    finally:
        writing._BLOCK = before
    return out.getvalue(), writer.rows


def texts_and_tags(name, text):
    """Every text with its tag, read by somebody else."""
    if name == "application/sparql-results+json":
        cells = [c for row in json.loads(text)["results"]["bindings"] for c in row.values()]
        return [(c["value"], c.get("xml:lang")) for c in cells if c["type"] == "literal"]
    if name == "application/sparql-results+xml":
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        root = ET.fromstring(text)  # noqa: S314  # the engine has just written it
        found = root.iter("{http://www.w3.org/2005/sparql-results#}literal")
        return [(e.text or "", e.get(lang)) for e in found]
    cells = re.findall(rb'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+))?', text.split(b"\n", 1)[1])
    plain = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "\\": "\\"}
    return [
        (re.sub(r"\\(.)", lambda m: plain[m[1]], cell.decode()), tag.decode() or None)
        for cell, tag in cells
    ]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.integers(20, 400), st.randoms(use_true_random=False))
def test_rows_are_counted_and_only_tags_are_changed(lines, block, cuts):
    values = " ".join(
        f"({' '.join('UNDEF' if c is None else str(c) for c in line)})" for line in lines
    )
    query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}"
    for name, (engine, form) in SOLUTIONS.items():
        raw = ox.Store().query(query).serialize(format=engine)
        text, count = through(raw, form(), block, cuts)
        assert count == len(lines), name
        assert text.lower() == raw.lower()
        if name == "text/csv":
            assert text == raw
            continue
        newline = "\n" if name.endswith("xml") else None  # XML makes one of every end of line
        found = texts_and_tags(name, text)
        expected = [
            (
                c.value.replace("\r\n", newline) if newline else c.value,
                c.language and canonical(c.language),
            )
            for line in lines
            for c in line
            if isinstance(c, ox.Literal)
        ]
        assert [tag for _, tag in found] == [tag for _, tag in expected], name
        if "xml" not in name:
            assert found == expected


@settings(max_examples=200)
@given(st.lists(LITERALS, max_size=12), st.integers(20, 400), st.randoms(use_true_random=False))
def test_graphs_keep_their_texts_and_get_their_tags(literals, block, cuts):
    triples = [
        ox.Triple(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), literal)
        for n, literal in enumerate(literals)
    ]
    for name, (engine, form) in GRAPHS.items():
        raw = ox.serialize(triples, format=engine)
        text, _ = through(raw, form(), block, cuts)
        assert text.lower() == raw.lower()
        assert sorted(map(str, ox.parse(text, engine))) == sorted(
            map(str, ox.parse(raw, engine))
        ), name
        if name in {"application/n-triples", "text/turtle", "application/ld+json"}:
            found = {
                (str(s), str(o), o.language)
                for s, _, o in Graph().parse(
                    data=text.decode(), format="json-ld" if "json" in name else "turtle"
                )
            }
            expected = {
                (f"http://e/{n}", literal.value, literal.language and canonical(literal.language))
                for n, literal in enumerate(literals)
            }
            assert found == expected, name


def test_a_long_answer_is_counted_like_a_short_one(job):
    values = " ".join(f'("{n} ,{{}}" UNDEF) (UNDEF UNDEF)' for n in range(20_000))
    for name in SOLUTIONS:
        out = io.BytesIO()
        engine, form = SOLUTIONS[name]
        writer = writing.Writer(out, form())
        ox.Store().query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {values} }} }}").serialize(
            writer, engine
        )
        writer.finish()
        assert writer.rows == 40_000


@pytest.mark.parametrize(
    "query", ["SELECT * {}", "SELECT ?x { FILTER(false) }", "SELECT * { FILTER(false) }"]
)
def test_answers_without_columns_or_rows_are_counted(job, query):
    expected = len(list(ox.Store().query(query)))
    for name in SOLUTIONS:
        assert job(query, formats=[name])[0]["count"] == expected


# ---- the dataset -------------------------------------------------------------------------------


def test_without_a_dataset_the_default_graph_is_the_union_as_a_set(rows):
    assert sorted(rows("SELECT ?o { ?s <http://e/p> ?o }")) == [("http://e/b",), ("http://e/c",)]
    assert len(rows("SELECT ?g { GRAPH ?g { ?s <http://e/p> ?o } }")) == 3


@pytest.mark.parametrize("way", ["query", "request"])
def test_a_default_graph_of_several_is_their_merge_as_a_set(rows, way):
    for names, expected in (
        ("1", ["b"]),
        ("12", ["b", "c"]),
        ("13", ["b"]),
        ("123", ["b", "c"]),
        ("11", ["b"]),
    ):
        graphs = [f"{G}{name}" for name in names]
        clauses = " ".join(f"FROM <{graph}>" for graph in graphs)
        other = f"FROM <{G}3>"
        for _ in range(2):  # the second time from what was kept
            if way == "query":
                found = rows(f"SELECT ?o {clauses} {{ ?s <http://e/p> ?o }}")
            else:
                query = f"SELECT ?o {other} {{ ?s <http://e/p> ?o }}"  # overridden
                found = rows(query, default_graphs=graphs)
            assert sorted(found) == [(f"http://e/{name}",) for name in expected]
        if way == "query":
            assert rows(f"SELECT ?o {clauses} {{ GRAPH ?g {{ ?s ?p ?o }} }}") == []


@pytest.mark.parametrize("way", ["query", "request"])
def test_named_graphs_are_those_that_are_named(rows, way):
    more = {"named_graphs": [f"{G}1", f"{G}3"]} if way == "request" else {}
    prologue = f"PREFIX g: <{G}>"
    clauses = "" if more else f"FROM NAMED g:1 FROM  NAMED <{G}3>"
    query = f"{prologue} SELECT ?g {clauses} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert {name for (name,) in rows(query, **more)} == {f"{G}1", f"{G}3"}
    query = query.replace("GRAPH ?g", "")  # nothing is named for the default graph
    assert rows(query.replace("?g", "?o", 1), **more) == []
    both = rows(
        "SELECT ?o { ?s <http://e/p> ?o . GRAPH ?g { ?s <http://e/q> ?d } }",
        default_graphs=[f"{G}1", f"{G}2"],
        named_graphs=[f"{G}3"],
    )
    assert sorted(both) == [("http://e/b",), ("http://e/c",)]


@pytest.mark.parametrize(
    "bad", ["file:///etc/passwd", "http://127.0.0.1:1/x", f"{G}4", "http://e/a"]
)
def test_a_graph_that_is_not_here_is_refused_by_name(job, bad):
    clause = f"FROM <{bad}>"
    for query in (
        f"SELECT * {clause} {{ ?s ?p ?o }}",
        f"DESCRIBE ?s FROM <{G}1> {clause} {{ ?s ?p ?o }}",
        f"SELECT*FROM NAMED<{bad}>{{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"BASE <{bad}> ASK FROM <> {{}}",
        f"PREFIX x: <{bad}> DESCRIBE ?s from # named\n x: {{ ?s ?p ?o }}",
        f"CONSTRUCT FROM NAMED <{G}1> FROM <{bad}> WHERE {{ ?s ?p ?o }}",
    ):
        refused = fault(job, query)
        assert (refused.key, refused.values) == ("outside-graph", {"graph": bad})
    for key in ("default_graphs", "named_graphs"):
        assert fault(job, "ASK {}", **{key: [f"{G}1", bad]}).values == {"graph": bad}
    assert fault(job, "ASK {}", default_graphs=["no address"]).key == "outside-graph"


def test_the_word_from_elsewhere_names_no_graph(job):
    query = f"""PREFIX from: <http://e/> # FROM <{G}9>
        SELECT ?from ("FROM <{G}9>" AS ?x) {{ ?from from:p ?o . ?s ?p '''FROM <{G}9>''' }}"""
    assert job(query)[0]["count"] == 0
    seen = scanned(query)
    assert not seen.default and not seen.named


def test_a_graph_is_read_by_its_name(job):
    meta, text = job(graph=f"{G}2", formats=["application/n-triples"])
    assert (meta["kind"], meta["count"], text.count(b"\n")) == ("graph", 2, 2)
    assert job(graph="default")[0]["count"] == 8
    for name in (f"{G}9", "no address", "file:///etc/passwd"):
        assert (fault(job, graph=name).key, fault(job, graph=name).values) == (
            "no-graph",
            {"graph": name},
        )
    assert fault(job, graph="default", formats=["text/csv"]).key == "not-acceptable"


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("INSERT DATA { <a:a> <a:b> 1 }", "update"),
        ("PREFIX a: <a:> # SELECT\n delete where { ?s ?p ?o }", "update"),
        ("BASE <http://a/> WITH <x> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "update"),
        ("CLEAR ALL", "update"),
        ("DROP SILENT DEFAULT", "update"),
        ("COPY <a:a> TO <a:b>", "update"),
        ("LOAD <file:///etc/passwd>", "load"),
        ("load silent <http://127.0.0.1:1/> INTO GRAPH <a:b>", "load"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "service"),
        ("ASK " + "{" * 300, "too-deep"),
        ("ASK {} #" + "x" * 50_000, "too-long-query"),
    ],
)
def test_what_is_refused_is_refused_by_name(job, query, key):
    assert fault(job, query).key == key


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?insert ?load { ?insert ?delete ?load }",
        "PREFIX insert: <http://e/> SELECT * { ?s insert:load insert:delete }",
        "PREFIX load: <http://e/> ASK { ?s load:drop 'INSERT DATA {}' } # DELETE",
        "BASE <http://load/insert> SELECT * { ?s <delete> <service> }",
    ],
)
def test_the_words_of_updates_alone_change_nothing(job, query):
    job(query)


GROUPED = "SELECT ?s ?n { ?s ?p ?o } GROUP BY ?s"
SLIPS = [
    ("SELEC ?s { ?s ?p ?o }", 1, 1, "syntax-expected", "SELEC"),
    ("SELECT * {\n  ?s ?p ?o .\n  ?s ?p\n}", 3, 3, "syntax-expected", "?s ?p"),
    ("ASK { ?s ?p ?o FILTER(1 = ) }", 1, 27, "syntax-expected", ")"),
    ("ASK { # é\n 中 ?x ?y }", 2, 2, "syntax-expected", "中"),
    ("SELECT * { ?s ?p\n foaf:name }", 2, 2, "prefix-undeclared", "foaf:"),
    ("SELECT (1 AS ?x) ?x {}", 1, 23, "syntax-twice", "23"),
    ("SELECT (1 AS ?s) { ?s ?p ?o}", 1, 29, "syntax-taken", "AS"),
    (GROUPED, 1, len(GROUPED) + 1, "syntax-ungrouped", "GROUP BY"),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 34, "syntax-star", "SELECT *"),
    ("SELECT * { ?s <bad> ?o }", 1, 20, "syntax-address", "https://…"),
    ("ASK { FILTER(<http://a/f>(1)) }", None, None, "function-unknown", "http://a/f"),
    ("SELECT * { ?s ?p ?o .", 1, 22, "syntax-end-expected", "}"),
    ("", 1, 1, "syntax-end", "1"),
]


@pytest.mark.parametrize(("query", "line", "column", "key", "shown"), SLIPS)
def test_what_is_no_sparql_is_told_with_its_place_in_each_language(
    job, query, line, column, key, shown
):
    refused = fault(job, query)
    assert (refused.key, refused.line, refused.column) == (key, line, column)
    texts = {lang: refused.text(lang) for lang in LANGUAGES}
    assert len(set(texts.values())) == len(LANGUAGES)
    for lang, text in texts.items():
        assert shown in text
        assert line is None or (str(line) in text and str(column) in text)
        # what the engine says in English stays with the developers
        assert "expected" not in text.removeprefix(shown) and "error" not in text, lang


def test_a_prefix_that_nobody_declared_is_told_in_these_words(job):
    told = fault(job, "SELECT * { ?s foaf:name ?o }")
    assert told.text("fr").replace("\u00a0", " ") == (
        "Ligne 1, colonne 15 : le préfixe « foaf: » n’est pas déclaré. Ajoutez en tête de la "
        "requête : PREFIX foaf: suivi de son adresse entre < et >."
    )
    assert told.text("en") == (
        "Line 1, column 15: the prefix “foaf:” is not declared. Add at the top of the query: "
        "PREFIX foaf: and its address between < and >."
    )
    assert told.text("zh") == (
        "第 1 行第 15 列：前缀“foaf:”未声明。请在查询开头加上：PREFIX foaf:，"
        "后接写在 < 与 > 之间的地址。"
    )


def test_an_answer_that_nobody_can_read_is_not_begun(job):
    """The format is looked at before the first row is made."""
    query = (
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?t ?u ?v }"
    )
    assert fault(job, query, formats=["text/turtle"]).key == "not-acceptable"


@pytest.mark.parametrize("seed", range(3))
def test_any_text_is_answered_or_refused(job, seed):
    source = random.Random(seed)  # noqa: S311  # nothing secret
    words = [
        "SELECT",
        "ASK",
        "FROM",
        "NAMED",
        "PREFIX",
        "<>",
        "?x",
        ":a",
        "_:b",
        "'x'",
        '"""',
        "@en",
    ]
    alphabet = [*words, "{", "}", "(", ")", "#", "\n", ".", ";", "\\", "\\u0041", "1"]
    for _ in range(300):
        text = source.choice(["", " "]).join(source.choices(alphabet, k=source.randint(0, 12)))
        kind = None
        try:
            kind = job(text)[0]["kind"]
        except Fault as refused:
            said = str(refused)
        assert kind or said
