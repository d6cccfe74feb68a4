"""Every dump says what the graph says, in both parsers, whatever the texts hold."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Dataset, Graph, Literal, URIRef

from maillage import jsonld, runs
from maillage.dumps import FORMATS, canonical, dumps, nquads, write_triples
from maillage.errors import MaillageError
from maillage.mint import graph_iri
from maillage.readback import Statements, originals, read_back
from maillage.store import memory_store, quads_of
from maillage.terms import MLG
from sample_dataset import BORDEAUX, EDTF, LINK, WUHAN, sample_dataset

RDFLIB = {
    "nq": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "nt": "nt",
    "ttl": "turtle",
    "rdf": "xml",
}
HOME = graph_iri("source--press")

# Every character that XML can hold, and those that trip parsers more often than chance finds them.
texts = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
        st.sampled_from("\"'\\\n\r\t<>&{}@^#\u2028\u2029\u0085\ufeff\xa0法é𝄞"),
    ).filter(lambda c: c >= " " or c in "\t\n\r"),
    max_size=40,
)
literals = st.one_of(
    texts.map(Literal),
    st.builds(
        lambda text, tag: Literal(text, lang=tag),
        texts,
        st.sampled_from(["fr", "en", "zh-Hans", "zh-Hant", "zh-Latn-pinyin", "oc"]),
    ),
    st.integers(-(10**20), 10**20).map(Literal),
    st.decimals(-90, 90, places=6).map(lambda d: Literal(format(d, "f"), datatype=XSD.decimal)),
    st.dates().map(lambda day: Literal(day.isoformat(), datatype=XSD.date)),
    st.booleans().map(Literal),
    st.sampled_from(["2005~", "2012/2013", "2008/..", "[2016-04-23..2018-12-12]"]).map(
        lambda date: Literal(date, datatype=EDTF)
    ),
    texts.map(lambda text: Literal(text, datatype=URIRef("https://example.org/type#x"))),
)
properties = st.sampled_from(
    [MLG.purpose, MLG.startDate, MLG.stanceValue, MLG.inseeCode, MLG.ordinal, MLG.hasParty]
)


@contextmanager
def files(dataset):
    """The dumps of a dataset by suffix."""
    with TemporaryDirectory() as room:
        whole = Path(room) / "maillage.nq"
        whole.write_bytes(nquads(dataset))
        yield dumps(whole)


def made(dataset):
    with files(dataset) as paths:
        return {suffix: path.read_bytes() for suffix, path in paths.items()}


def rows(quads, graphs):
    """Quads or triples as sortable text, language tags as they are written."""
    return sorted({tuple(t.n3() for t in (quad if graphs else quad[:3])) for quad in quads})


def parsed(content, suffix):
    """What rdflib, the other parser, reads in a dump."""
    if FORMATS[suffix].has_graphs:
        other = Dataset()
        other.parse(data=content, format=RDFLIB[suffix])
        return [quad for quad in other.quads() if quad[3] is not None]
    return list(Graph().parse(data=content, format=RDFLIB[suffix]))


def assert_the_same(dataset):
    with files(dataset) as paths:
        assert list(paths) == list(FORMATS)
        read_back(paths["nq"], "nq", Statements(lambda: quads_of(dataset)))
        expected = originals(paths["nq"])
        for suffix, path in paths.items():
            graphs = FORMATS[suffix].has_graphs
            read_back(path, suffix, expected[graphs])
            found = parsed(path.read_bytes(), suffix)
            assert rows(found, graphs) == rows(dataset.quads(), graphs), suffix


def test_every_dump_reads_back_in_both_parsers():
    assert_the_same(sample_dataset())


def test_the_shipped_graph_reads_back_in_both_parsers(shipped):
    assert_the_same(shipped.dataset)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(properties, literals), min_size=1, max_size=4))
def test_any_literal_survives_in_every_dump(values):
    dataset = Dataset()
    for predicate, literal in values:
        dataset.graph(HOME).add((BORDEAUX, predicate, literal))
    assert_the_same(dataset)


def test_canonical_lines():
    content = nquads(sample_dataset())
    lines = content.split(b"\n")
    assert lines.pop() == b""
    assert lines == sorted(set(lines))
    assert b"\r" not in content
    # but for the case of tags they are the lines of the engine
    engine = {f"{quad} .".encode() for quad in quads_of(sample_dataset())}
    assert {
        line.replace(b"@zh-Hans", b"@zh-hans").replace(b"-Latn", b"-latn") for line in lines
    } == engine


def test_triples_are_the_union_each_once():
    dataset = sample_dataset()
    lines = made(dataset)["nt"].splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == len({quad[:3] for quad in dataset.quads()}) < len(list(dataset.quads()))


@pytest.mark.parametrize("suffix", FORMATS)
def test_language_tags_keep_their_case(suffix):
    content = made(sample_dataset())[suffix].decode()
    assert "zh-Hans" in content
    assert "zh-Latn-pinyin" in content
    assert "zh-hans" not in content


def test_what_looks_like_a_tag_inside_a_text_is_left_alone():
    dataset = sample_dataset()
    text = 'il écrit "武汉"@zh-hans <a xml:lang="zh-hans"> .'
    dataset.graph(HOME).add((WUHAN, MLG.purpose, Literal(text, lang="zh-Hans")))
    assert_the_same(dataset)


def test_two_spellings_of_a_tag_become_one():
    dataset = Dataset()
    for text, tag in (("武汉", "zh-hans"), ("武汉市", "zh-Hans")):
        dataset.graph(HOME).add((WUHAN, MLG.purpose, Literal(text, lang=tag)))
    assert nquads(dataset).count(b"@zh-Hans ") == 2


def test_the_same_graph_in_another_order_and_process_gives_the_same_bytes():
    other = Dataset()
    for s, p, o, g in sorted(sample_dataset().quads(), reverse=True):
        other.graph(g).add((s, p, o))
    here = made(other)
    script = (
        "import sys; from hashlib import sha256; from sample_dataset import sample_dataset;"
        "from test_dumps import made;"
        "sys.stdout.write(sha256(b''.join(made(sample_dataset()).values())).hexdigest())"
    )
    env = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "7"}
    found = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env=env
        ).stdout
        for _ in range(2)
    }
    assert found == {sha256(b"".join(here.values())).hexdigest().encode()}


def test_jsonld_carries_its_context_and_short_names():
    document = json.loads(made(sample_dataset())["jsonld"])
    assert isinstance(document["@context"], dict)
    assert "@context" not in document["@context"]
    nodes = [n for graph in document["@graph"] for n in graph["@graph"] if n["id"] == str(LINK)]
    link = next(node for node in nodes if "hasParty" in node)
    assert link["type"] == "CooperationLink"
    assert link["hasParty"] == [str(WUHAN), str(BORDEAUX)]
    assert link["startDate"] == "1998"


def test_numbers_keep_their_written_form_in_jsonld():
    dataset = Dataset()
    for value in ("48.50", "1E3"):
        literal = Literal(value, datatype=XSD.double, normalize=False)
        dataset.graph(HOME).add((BORDEAUX, MLG.stanceValue, literal))
    read_back(made(dataset)["jsonld"], "jsonld", Statements(lambda: quads_of(dataset)))


def test_the_store_reads_the_canonical_dump():
    dataset = sample_dataset()
    answer = memory_store(dataset).select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert int(answer.rows[0][0]) == nquads(dataset).count(b"\n")


@pytest.mark.parametrize(
    ("triple", "key"),
    [
        ((BNode(), RDF.type, MLG.Place), "dump-blank-node"),
        ((WUHAN, MLG.isInCountry, BNode()), "dump-blank-node"),
        ((WUHAN, MLG.purpose, Literal("a\x0bb")), "dump-character"),
        ((WUHAN, MLG.purpose, Literal("a\ud800b")), "dump-character"),
        ((WUHAN, MLG.isInCountry, URIRef("not-absolute")), "dump-address"),
        ((WUHAN, URIRef("https://example.org/p/12"), WUHAN), "dump-property"),
        ((WUHAN, MLG.purpose, Literal("x", lang="abcdefghijkl")), "dump-language"),
    ],
)
def test_what_cannot_be_published_is_refused(triple, key):
    dataset = sample_dataset()
    dataset.graph(HOME).add(triple)
    with pytest.raises(MaillageError) as error:
        nquads(dataset)
    assert error.value.key == key
    assert all(error.value.text(lang) for lang in ("fr", "en", "zh"))


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (b"_:b <x:p> <x:o> <x:g> .", "dump-blank-node"),
        (b"<x:s> <x:p> _:b <x:g> .", "dump-blank-node"),
        (b"<x:s> <x:p> <x:o> _:b .", "dump-blank-node"),
        (b"<x:s> <x:p> <x:o> .", "dump-no-graph"),
        (b"<x:s> <x:p/12> <x:o> <x:g> .", "dump-property"),
        (b'<x:s> <x:p> "a\\u000Bb" <x:g> .', "dump-character"),
        ('<x:s> <x:p> "a\ufffe"@fr <x:g> .'.encode(), "dump-character"),
    ],
)
def test_the_engine_s_statements_are_refused_likewise(line, key):
    with pytest.raises(MaillageError) as error:
        nquads(ox.parse(line, ox.RdfFormat.N_QUADS))
    assert error.value.key == key


@pytest.mark.parametrize("text", ['"\\\\u000B"', '"\\u007F\\t\\n\\r\\"\\\\"@fr', '"> <x:y> ."'])
def test_no_other_text_is_refused(text):
    line = f"<x:s> <x:p> {text} <x:g> .\n".encode()
    assert nquads(ox.parse(line, ox.RdfFormat.N_QUADS)) == line


def test_a_statement_outside_of_every_graph_is_refused():
    dataset = sample_dataset()
    dataset.default_graph.add((WUHAN, RDF.type, MLG.Place))
    with pytest.raises(MaillageError, match="named graph"):
        nquads(dataset)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_dump_that_lost_a_statement_is_caught(suffix, tmp_path):
    dataset, more = sample_dataset(), tmp_path / "more.nq"
    dataset.graph(HOME).add((WUHAN, MLG.inseeCode, Literal("1")))
    more.write_bytes(nquads(dataset))
    expected = originals(more)[FORMATS[suffix].has_graphs]
    with files(sample_dataset()) as paths:
        with pytest.raises(MaillageError, match=r"1 triples are missing, 0 are too many"):
            read_back(paths[suffix], suffix, expected)
        paths[suffix].write_bytes(paths[suffix].read_bytes() + b"<<<")
        with pytest.raises(MaillageError, match="cannot be read back"):
            read_back(paths[suffix], suffix, expected)


def test_one_statement_in_the_place_of_another_is_caught(tmp_path):
    one = tmp_path / "one.nq"
    one.write_bytes(nquads(sample_dataset()))
    other = one.read_bytes().replace(b'"1998"', b'"1999"')
    with pytest.raises(MaillageError, match=r"1 triples are missing, 1 are too many"):
        read_back(other, "nq", originals(one)[True])


def test_a_statement_that_stands_twice_or_elsewhere_is_no_difference(tmp_path):
    one = tmp_path / "one.nq"
    one.write_bytes(nquads(sample_dataset()))
    lines = one.read_bytes().splitlines(keepends=True)
    read_back(b"".join(reversed(lines)), "nq", originals(one)[True])
    read_back(b"".join(lines * 2), "nq", originals(one)[True])


def test_a_graph_that_does_not_fit_into_memory_gives_the_same_dumps(monkeypatch):
    dataset = sample_dataset()
    expected = made(dataset)
    monkeypatch.setattr(runs, "RUN", 7)
    monkeypatch.setattr(jsonld, "_PIECE", 100)
    assert_the_same(dataset)
    assert made(dataset) == expected


def test_json_that_was_changed_between_nodes_is_not_passed_over():
    """JSON-LD is read back in pieces: every line of it belongs to one, or is known."""
    with files(sample_dataset()) as paths:
        lines = paths["jsonld"].read_bytes().splitlines(keepends=True)
        expected = originals(paths["nq"])[True]
        for number, line in enumerate(lines):
            paths["jsonld"].write_bytes(
                b"".join([*lines[:number], line[:-1], b"?\n", *lines[number + 1 :]])
            )
            with pytest.raises(MaillageError):
                read_back(paths["jsonld"], "jsonld", expected)


def test_statements_of_the_engine_are_written_like_those_of_a_dataset():
    content = nquads(sample_dataset())
    quads = list(ox.parse(content, ox.RdfFormat.N_QUADS))
    assert b"".join(canonical(reversed(quads * 2))) == content


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "jsonld"])
def test_triples_of_an_answer_may_hold_blank_nodes(suffix):
    graph = Graph().add((BNode("b"), MLG.purpose, Literal("Wuhan", lang="zh-Hans")))
    content = write_triples(graph, suffix)
    assert b"zh-Hans" in content
    assert len(list(ox.parse(content, FORMATS[suffix].engine))) == 1
