"""No query makes an engine call another host, however it is written."""

import time
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage import store
from maillage.danger import LONGEST, refuse_danger
from maillage.errors import Refused

# Nobody listens there, and the engine says so when it is made to call.
HOST = "http://127.0.0.1:1/"


@pytest.fixture(scope="module")
def engine():
    made = ox.Store()
    made.add(
        ox.Quad(ox.NamedNode("http://x/"), ox.NamedNode("http://x/"), ox.NamedNode("http://x/"))
    )
    return made


def calls(engine, query):
    """Whether the engine would call out."""
    try:
        list(engine.query(query))
    except OSError as error:
        return "port 1" in str(error)
    except (SyntaxError, RuntimeError, TypeError):
        return False
    return False


CALLS = [
    f"SELECT * {{ SERVICE <{HOST}> {{ ?s ?p ?o }} }}",
    f"# <\nSELECT * {{{{SERVICE<{HOST}>{{}}}}}}",
    f"PREFIX : <{HOST}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    f"PREFIX e: <{HOST}> SELECT * {{ SERVICEe:x {{ ?s ?p ?o }} }}",
    f"PREFIXe:<{HOST}>SELECT*{{SERVICEe:x{{?s ?p ?o}}}}",
    f"PREFIX#\n:<{HOST}>SELECT*{{SERVICE:x{{?s ?p ?o}}}}",
    # a name ends before a full stop, and a keyword may follow at once
    f"PREFIX : <http://x/> SELECT * {{ ?s ?p :.SERVICE <{HOST}> {{ ?a ?b ?c }} }}",
    f"PREFIX : <http://x/> SELECT * {{ ?s : :.service<{HOST}>{{}} }}",
    # "<" compares here, so that the rest of the line is a comment, and no text begins in it
    f"SELECT * {{ ?s ?p ?b FILTER(?s<?b#x>'''\n||true) SERVICE<{HOST}>{{?s ?p ?o}} #'''\n}}",
    f'SELECT * {{ ?s ?p ?b FILTER(?s<?b#x>"""\n||true) SERVICE<{HOST}>{{}} #"""\n}}',
]


@pytest.mark.parametrize("query", CALLS)
def test_what_calls_is_refused(engine, query):
    assert calls(engine, query)  # or this would prove nothing
    with pytest.raises(Refused, match="another host"):
        refuse_danger(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p '''a\\'''b''' . SERVICE <http://a/> { ?s ?p ?o } }",
        # Some engines put escaped characters in before they read.
        "SELECT * { \\u0053ERVICE <http://a/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '\\u0027 . SERVICE <http://a/> {} #' }",
        "SELECT * { ?s ?p 1SERVICE<http://a/> { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT <http://a/> { ?s ?p ?o } }",
        "PREFIX x: <http://a/> SELECT * { SERVICESILENTx:y { ?s ?p ?o } }",
        "PREFIX : <http://a/> SELECT * { ?s ?p trueSERVICE:x { ?s ?p ?o } }",
    ],
)
def test_what_another_engine_might_read_as_a_call_is_refused_too(query):
    with pytest.raises(Refused, match="another host"):
        refuse_danger(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a <http://a/SERVICE> } # SERVICE",
        "PREFIX a: <http://a/> SELECT * { ?s a:service 'SERVICE' }",
        'SELECT * { ?s ?p """SERVICE <http://a/> {}""" }',
        "PREFIX service: <http://a/> SELECT * { ?s service:x service:y }",
        "PREFIX services: <http://a/> SELECT * { services:x a services:y . ?service a ?x }",
        "PREFIX a: <http://a/> SELECT * { ?s a:public-service.x a:b.service }",
        "SELECT * { ?s ?p 'x'@en-service }",
        "SELECT * { ?s <#service> <x#service> }",
    ],
)
def test_the_word_alone_is_no_call(engine, query):
    refuse_danger(query)
    engine.query(query, base_iri="http://base/")


PIECES = st.sampled_from(
    [
        "SERVICE", "service", f"<{HOST}>", ":x", ":", "e:x", "service:x", "{", "}", "{}", " ", "\n", ".", ",",
        "?s", "?p ?o", "<http://x/>", "<http://x/#a>", "<#a>", "<", ">", "'", '"', "'''", '"""', "#", "\\", "a",
        "1", "FILTER(", ")", "||", "true", "@en", "_:b", "SILENT", "?s<?o#>", "-", ";", "/", "OPTIONAL", "'a'",
    ]
)  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=4), st.booleans())
def test_whatever_is_written_around_a_call_it_is_refused(before, after, names):
    """The engine is the judge: what it would call, must have been refused."""
    made = ox.Store()
    made.add(ox.Quad(*[ox.NamedNode("http://x/")] * 3))
    start = f"PREFIX : <{HOST}> PREFIX e: <{HOST}> " if names else ""
    middle = f" SERVICE <{HOST}> {{ ?a ?b ?c }} "
    query = f"{start}SELECT * {{ ?s ?p ?o {''.join(before)}{middle}{''.join(after)} }}"
    try:
        refuse_danger(query)
    except Refused:
        return
    assert not calls(made, query)


@pytest.mark.parametrize("opening", "{([")
def test_brackets_in_each_other_are_counted(opening):
    refuse_danger("ASK " + opening * 200)
    with pytest.raises(Refused, match="200 brackets"):
        refuse_danger("ASK " + opening * 201)
    refuse_danger(f"ASK {{ ?s ?p '{opening * 300}' }} # {opening * 300}")
    with pytest.raises(Refused, match="200 brackets"):
        refuse_danger(f"ASK {{ ?s ?p <#{opening * 0}> }}\n{opening * 201}")


def test_the_length_is_bounded():
    refuse_danger("#" * LONGEST)
    with pytest.raises(Refused, match="50000 characters"):
        refuse_danger("#" * (LONGEST + 1))


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a1",
        "a.",
        "a:",
        ":",
        "<",
        "<a",
        "<#",
        "<#>",
        "?",
        "'",
        '"',
        "#:\n",
        "\\u",
        "@",
        ": ",
        "<'",
    ],
)
def test_no_text_takes_long_to_look_through(text):
    """A search that starts again at each character would take many times as long."""
    query = (text * LONGEST)[:LONGEST]
    start = time.process_time()
    with suppress(Refused):
        refuse_danger(query)
    assert time.process_time() - start < 3


def test_the_store_refuses_by_the_same_rule():
    assert store.refuse_danger is refuse_danger
