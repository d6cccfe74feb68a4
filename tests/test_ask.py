"""Asking: names for parameters, one document, a moment, the reason of an empty answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, Literal, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from maillage.ask import answer, evidence_of, graphs_for, terms, tidy, why_empty
from maillage.errors import MaillageError, Unknown
from maillage.mint import thing
from maillage.questions import question, questions, read_question
from maillage.store import Answer

PAGE = thing("source", "cuf-china-group-page")
MINUTES = thing("source", "cuf-arf-china-minutes-2016")
MESSAGE = thing("source", "alsace-jiangsu-2014")


def asked(store, names, name, graphs=None, **values):
    chosen = question(name)
    values = {key.rstrip("_"): value for key, value in values.items()}
    return answer(store, chosen, terms(chosen, values, names, "en"), graphs)


@pytest.mark.parametrize("place", ["Sichuan", "四川省", "510000", "place/cn-510000"])
def test_a_territory_finds_the_links_of_all_that_lies_in_it(store, names, place):
    rows = asked(store, names, "within", place=place).rows
    parties = {str(cell) for row in rows for cell in row}
    assert {str(thing("place", key)) for key in ("cn-510100", "cn-511100")} <= parties


def test_one_document_may_be_asked_alone(store, names):
    everything = asked(store, names, "links").rows
    page = asked(store, names, "links", graphs_for(store, PAGE)).rows
    minutes = asked(store, names, "links", graphs_for(store, MINUTES)).rows
    assert 0 < len(page) < len(everything)
    message = asked(store, names, "links", graphs_for(store, MESSAGE)).rows
    assert (len(page), len(minutes), len(message)) == (1, 9, 1)
    assert {row[-1] for row in (*page, *minutes, *message)} <= {row[-1] for row in everything}
    chengdu = thing("place", "cn-510100")
    assert any(chengdu in row for row in page)
    assert not any(chengdu in row for row in minutes)


def test_a_source_that_says_nothing_is_told(store):
    with pytest.raises(Unknown, match="no claim"):
        graphs_for(store, thing("source", "nobody"))


def test_the_gazetteers_are_heard_with_any_document(store, names):
    rows = asked(store, names, "within", graphs_for(store, MINUTES), place="Sichuan").rows
    assert rows


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2014", "2014-01-01"), ("2014-11", "2014-11-01"), ("2014-11-06", "2014-11-06")],
)
def test_a_date_is_typed_as_people_type_it(names, typed, day):
    found = terms(question("events"), {"from": typed}, names, "en")
    assert found == {"from": Literal(day, datatype=XSD.date)}


def test_a_date_that_is_none_is_told_how_to_write_one(names):
    with pytest.raises(MaillageError, match="2014-11-06"):
        terms(question("events"), {"from": "6 novembre"}, names, "en")


def test_an_unknown_parameter_is_told_the_known_ones(names):
    with pytest.raises(Unknown, match="place="):
        terms(question("partners-of"), {"lieu": "Bordeaux"}, names, "en")


def test_an_unknown_question_is_told_the_nearest():
    with pytest.raises(Unknown, match="partners-of"):
        question("partner-of")


# ---- what a value can do to a query -----------------------------------------------------------


def shape(sparql):
    """The query with every term blotted out: what its author wrote."""
    text = str(translateQuery(parseQuery(sparql)).algebra)
    return text.count("name='BGP'"), text.count("CompValue"), text.count("Service")


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ['" } ?x ?y ?z { "', "'''", '"""', "\\", "\\u0022 }", "} SERVICE <http://a/> {", "\n#+"]
    ),
)


@given(value=HOSTILE)
def test_a_text_is_never_read_as_sparql(value):
    chosen = next(
        q for q in questions().values() if any(p.kinds == ("text",) for p in q.parameters)
    )
    name = next(p.name for p in chosen.parameters if p.kinds == ("text",))
    bound = chosen.bind({name: Literal(value)})
    assert shape(bound) == shape(chosen.bind({name: Literal("fr")}))


@given(value=st.text(max_size=30))
def test_an_address_is_never_read_as_sparql(value):
    chosen = question("partners-of")
    try:
        bound = chosen.bind({"place": URIRef(f"https://w3id.org/maillage/id/place/{value}")})
    except MaillageError as error:
        refused = error.text("en")
    else:
        refused = ""
    if refused:
        assert "is not an address" in refused
        return
    assert shape(bound) == shape(chosen.sparql)


# ---- empty answers ----------------------------------------------------------------------------


def empty(store, names, name, lang="en", graphs=None, **values):
    chosen = question(name)
    given_ = terms(chosen, values, names, lang)
    assert not answer(store, chosen, given_, graphs).rows
    return why_empty(store, chosen.bind(given_), chosen, given_, names, lang, graphs)


def test_an_empty_answer_names_the_condition_that_matched_nothing(store, names):
    text = empty(store, names, "links", theme="reciprocity")
    expected = "No answer with theme = reciprocity. Without that condition there would be "
    assert text.startswith(expected)
    assert "thème = réciprocité" in empty(store, names, "links", "fr", theme="reciprocity").replace(
        "theme", "thème"
    )


def test_an_empty_answer_of_one_document_says_that_others_know(store, names):
    chosen = question("renamed")
    graphs = graphs_for(store, PAGE)
    if not answer(store, chosen, {}, graphs).rows and answer(store, chosen, {}).rows:
        text = why_empty(store, chosen.sparql, chosen, {}, names, "en", graphs)
        assert "other sources do" in text


def test_an_empty_answer_to_ones_own_query_names_the_pattern(store, names):
    query = """PREFIX mlg: <https://w3id.org/maillage/ns#>
        SELECT ?l { ?l a mlg:CooperationLink ; mlg:succeeds ?x OPTIONAL { ?l mlg:nothing ?y } }"""
    reason = why_empty(store, query, None, {}, names, "en")
    assert "together" in reason
    assert "?l mlg:succeeds ?x" in reason
    gone = query.replace("mlg:succeeds ?x", "mlg:frobnicates ?x")
    assert "?l mlg:frobnicates ?x" in why_empty(store, gone, None, {}, names, "en")


def test_what_nobody_documented_is_not_called_none(store, names):
    query = """PREFIX mlg: <https://w3id.org/maillage/ns#>
        SELECT ?l { ?l a mlg:CooperationLink ; mlg:hasState ?s FILTER(?s = 3) }"""
    assert "does not mean that there is none" in why_empty(store, query, None, {}, names, "en")


# ---- passages ---------------------------------------------------------------------------------


def test_a_passage_says_document_page_line_and_certainty(store, names):
    link = thing(
        "link",
        "proposed-lead-pair--cn-420100--fr-commune-33063--rencontres-franco-chinoises-5-atelier-2",
    )
    passages = evidence_of(store, [link], names, "fr")[link]
    texts = [passage.text("fr") for passage in passages]
    assert any("p. 2, ligne 139" in text and "[à confirmer]" in text for text in texts)


def test_an_inferred_claim_gives_its_reason(store, names):
    meeting = thing("event", "groupe-pays-chine-2016-04-13")
    reasons = {p.reason for p in evidence_of(store, [meeting], names, "en")[meeting]}
    assert any(reasons)


def test_lists_inside_a_cell_are_put_in_one_order():
    cell = Literal("https://b.org/2 https://a.org/1")
    (row,) = tidy(Answer(("x",), [(cell,)])).rows
    assert str(row[0]) == "https://a.org/1 https://b.org/2"
    text = Literal("no address here")
    assert tidy(Answer(("x",), [(text,)])).rows == [(text,)]


# ---- files of questions -----------------------------------------------------------------------


HEAD = """#+ summary: {fr: a, en: b, zh: c}
#+ description: {fr: a, en: b, zh: c}
#+ tags: []
"""


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s ?p ?o }",
        "#+ summary: [\nSELECT ?s { ?s ?p ?o }",
        "#+ summary: {fr: a, en: b, zh: c}\n#+ description: {fr: a, en: b}\n#+ tags: []\nASK {}",
        HEAD + "#+ parameters: {place: {kinds: [place], label: {fr: a, en: b, zh: c}}}\nASK {}",
        HEAD + "#+ parameters: {place: {kinds: [place], label: {fr: a, en: b, zh: c}}}\n"
        "ASK {\n VALUES ?place { <http://a/1> }\n {\n VALUES ?place { <http://a/2> }\n }\n}",
        HEAD + "SELECT ?s { ?s a mlg:Place }",
    ],
    ids=[
        "no header",
        "no yaml",
        "a language missing",
        "no VALUES line",
        "two defaults",
        "a prefix missing",
    ],
)
def test_a_badly_written_question_is_refused(tmp_path, text):
    path = tmp_path / "bad.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MaillageError, match="badly written"):
        read_question(path)
