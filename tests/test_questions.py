"""The questions, read as a strict colleague would: whole headers, one order, two engines.

Every question is asked of Oxigraph and of rdflib's own engine; the rows must be equal, in the same
order, however the triples were put in, and equal to the known answers in ``golden/``.
"""

from __future__ import annotations

import contextlib
import csv
import random
import re
import shutil
from collections.abc import Mapping
from functools import cache

import pyoxigraph
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, Dataset, Graph, Literal, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from maillage.ask import answer, graphs_for, terms, tidy
from maillage.errors import MaillageError
from maillage.folders import folder
from maillage.gather import gather
from maillage.mint import parse, thing
from maillage.native import new_dataset
from maillage.questions import Question, question, questions, read_question
from maillage.store import Answer, Store, memory_store
from maillage.terms import BASE, ID, MLG, PREFIXES
from maillage.words import LANGUAGES, TAGS
from make_golden import GOLDEN, known, told

MEND = "if meant: python tests/make_golden.py"

NAMES = sorted(questions())

#: The questions that were asked for by name, with the columns they must begin with.
ASKED_FOR = {
    "editions": "ordinal name start end place host",
    "events": "name kind start place",
    "links": "a b kind state themes since certainty",
    "partners-of": "partner",
    "proposed-pairs": "workshop french chinese theme",
    "workshops-without-pair": "workshop",
    "posts": "person post body from predecessor",
    "renamed": "before after when why",
    "findings": "finding answered_by",
    "recommendations": "recommendation",
    "figures": "what qualifier value scope as_of",
    "unresolved": "mention kind where",
    "disagreements": "thing property value source",
    "themes": "theme links events",
    "within": "a b kind state themes since certainty",
    "gaps": "kind gap",
    "asymmetries": "a",
    "organisations": "organisation",
    "sources": "document claims from to",
    "evidence-of": "source",
}

#: Rows of these are about several things at once; evidence is then that of all of them.
ABOUT_SEVERAL = {"gaps", "shared-themes"}

#: The less is documented, the more rows these have.
ABOUT_WHAT_IS_ABSENT = {"actors-without-pair", "gaps", "shared-themes", "workshops-without-pair"}

#: Questions that the shipped documents leave without an answer, and why.
EMPTY_ON_PURPOSE: Mapping[str, str] = {}

#: A value for a parameter of each kind, chosen so that most questions find something.
EXAMPLES: Mapping[str, Node] = {
    "change-kind": thing("change-kind", "merger"),
    "completeness": thing("completeness", "partial"),
    "certainty": thing("certainty", "to-be-confirmed"),
    "date": Literal("2016-06-01", datatype=XSD.date),
    "event": thing("event", "rencontres-franco-chinoises-5"),
    "event-kind": thing("event-kind", "workshop"),
    "level": thing("level", "region"),
    "link-kind": thing("link-kind", "proposed-lead-pair"),
    "mention-kind": thing("mention-kind", "misspelling"),
    "organisation": thing("organisation", "groupe-pays-chine"),
    "organisation-kind": thing("organisation-kind", "ministry"),
    "person": thing("person", "jacques-auxiette"),
    "place": thing("place", "cn-510000"),
    "quantity": thing("quantity", "projects"),
    "role": thing("role", "host"),
    "search-outcome": thing("search-outcome", "not-found"),
    "series": thing("series", "rencontres-franco-chinoises"),
    "source": thing("source", "cuf-china-group-page"),
    "state": thing("state", "to-be-confirmed"),
    "text": Literal("zh-Hans"),
    "theme": thing("theme", "culture"),
    "any": thing("event", "rencontres-franco-chinoises-5"),
}
COUNTRY = thing("place", "fr")


#: What the two engines are compared on: rdflib's own would take an hour on the whole record.
FEW_SOURCES = {"alsace-jiangsu-2014", "cuf-arf-china-minutes-2016", "cuf-china-group-page"}


@pytest.fixture(scope="module")
def few(tmp_path_factory) -> Dataset:
    """The graph of the first documents, with places, publishers and the searches that failed."""
    data = tmp_path_factory.mktemp("few")
    for path in sorted(folder("data").iterdir()):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as handle:
                header, *rows = csv.reader(handle)
            columns = [header.index(c) for c in ("source", "found_in") if c in header]
            if path.stem == "sources":
                columns = [header.index("key")]
            kept = [r for r in rows if all(r[c] in FEW_SOURCES | {""} for c in columns)]
            with (data / path.name).open("w", encoding="utf-8", newline="") as handle:
                csv.writer(handle, lineterminator="\n").writerows([header, *kept])
        elif path.is_file():
            shutil.copy(path, data / path.name)
        else:
            (data / path.name).symlink_to(path)
    return gather(data).dataset


@pytest.fixture(scope="module")
def few_stored(few) -> Store:
    return memory_store(few)


@pytest.fixture(scope="module")
def shuffled(few) -> Dataset:
    """The same graph in rdflib, its statements put in in another order."""
    quads = sorted(few.quads(), key=str)
    random.Random(1).shuffle(quads)  # noqa: S311  # an order, not a secret
    dataset = new_dataset()
    for s, p, o, graph in quads:
        dataset.graph(graph).add((s, p, o))
    return dataset


def by_rdflib(dataset: Dataset, sparql: str) -> Answer | Graph:
    """The same question put to rdflib's own engine."""
    result = dataset.query(sparql)
    if result.type == "CONSTRUCT":
        assert result.graph is not None
        return result.graph
    found = Answer(tuple(map(str, result.vars or ())), [tuple(row) for row in result])  # type: ignore[arg-type]  # rows of a SELECT
    settled = tidy(found)
    assert isinstance(settled, Answer)
    return settled


def plain(reply: object) -> object:
    """An answer as text that can be compared; a graph has no order."""
    if isinstance(reply, Answer):
        return [reply.variables, *(tuple(t and t.n3() for t in row) for row in reply.rows)]
    assert isinstance(reply, Graph)
    return sorted(" ".join(term.n3() for term in triple) for triple in reply)


def code(asked: Question) -> str:
    """A query without its header, comments, addresses and strings."""
    return re.sub(r'#[^\n>]*$|<[^<>\s]*>|"[^"\n]*"', " ", asked.sparql, flags=re.MULTILINE)


def is_table(asked: Question) -> bool:
    return "SELECT" in code(asked).split("WHERE")[0]


# --- The files


def test_there_are_enough():
    assert len(NAMES) >= 34
    assert set(ASKED_FOR) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_header_is_complete_in_three_languages(name):
    asked = question(name)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    texts = [asked.summary, asked.description, *(p.label for p in asked.parameters)]
    for text in texts:
        assert all(text[lang].strip() for lang in LANGUAGES)
        assert re.search("[\u4e00-\u9fff]", text["zh"])
    for lang in LANGUAGES:
        assert not asked.summary[lang].endswith((".", "。")), "a summary is the title of an answer"
        assert asked.description[lang].endswith((".", "。"))
        assert 40 < len(asked.description[lang]) * (2 if lang == "zh" else 1) < 330
    assert asked.description["fr"] != asked.description["en"]
    assert asked.tags
    assert all(re.fullmatch(r"[a-z]+", tag) for tag in asked.tags)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_keeps_the_manners(name):
    asked = question(name)
    text = code(asked)
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", text), "name the columns"
    assert not re.search(r"\bLANG\s*\([^)]*\)\s*=", text, re.IGNORECASE), "langMatches, never ="
    assert "NOT EXISTS" not in text, "MINUS is a set difference, and faster"
    assert "SERVICE" not in text
    assert re.findall(r"^PREFIX (\w+):", asked.sparql, re.MULTILINE) == sorted(
        {p for p in PREFIXES if re.search(rf"(?<![\w?]){p}:", re.sub(r"PREFIX \w+:", "", text))}
    ), "declare the prefixes that are used, in alphabetical order"
    body = [line for line in asked.sparql.splitlines() if not line.startswith("#+")]
    assert [line for line in body if len(line) > 100 or line != line.rstrip()] == []
    assert asked.sparql.endswith("\n")
    if is_table(asked):
        # the last clause of the whole query, not of a part of it
        last = re.search(r"^ORDER BY (.*)\n\Z", asked.sparql, re.MULTILINE)
        assert last
        # rdflib forgets what a group is keyed by unless it is a column
        columns = text.split("WHERE")[0]
        if re.search(r"^GROUP BY", text, re.MULTILINE):
            keys = re.sub(r"\b(MIN|MAX)\(.*?\)", "", last[1])
            assert set(re.findall(r"\?\w+", keys)) <= set(re.findall(r"\?\w+", columns))


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_a_line_and_every_open_line_a_parameter(name):
    asked = question(name)
    lines = re.findall(r"^\s*VALUES \?(\w+) \{ (.*) \}$", asked.sparql, re.MULTILINE)
    given_names = [parameter.name for parameter in asked.parameters]
    assert {n for n, value in lines if value == "UNDEF" or n in given_names} == set(given_names)
    for given_name in given_names:  # the line may stand in several groups, and all are replaced
        bound = asked.bind({given_name: MLG.Place})
        found = re.findall(rf"^\s*VALUES \?{given_name} \{{ (.*) \}}$", bound, re.MULTILINE)
        assert found == [f"<{MLG.Place}>"] * sum(n == given_name for n, _ in lines)
    for parameter in asked.parameters:
        schemes = {"any", "date", "number", "text", *EXAMPLES}
        assert set(parameter.kinds) <= schemes


@pytest.mark.parametrize("name", NAMES)
def test_every_address_of_ours_exists(name, shipped):
    asked = question(name)
    used = set(re.findall(r"(?<![\w?])mlg:(\w+)", code(asked)))
    assert used
    assert all(term in MLG for term in used)
    for address in re.findall(rf"<({re.escape(ID)}[^>]*)>", asked.sparql):
        assert parse(address)
        assert (URIRef(address), None, None) in shipped.dataset, address


# --- The answers


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_the_known_one(name, store, names):
    asked = question(name)
    where = known(asked)
    assert where.exists(), MEND
    assert told(asked, store, names) == where.read_text(encoding="utf-8"), MEND


def test_there_is_no_known_answer_without_a_question():
    files = {path.name for path in GOLDEN.iterdir() if path.suffix in {".json", ".tsv", ".nt"}}
    assert files - {known(asked).name for asked in questions().values()} <= {"sentences.json"}


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_give_the_same_rows_in_the_same_order(name, few_stored, shuffled):
    asked = question(name)
    assert plain(by_rdflib(shuffled, asked.sparql)) == plain(answer(few_stored, asked, {}))


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_answer_it(name, store):
    asked = question(name)
    reply = answer(store, asked, {})
    if isinstance(reply, Answer):
        assert bool(reply.rows) != (name in EMPTY_ON_PURPOSE)
        assert len(set(reply.rows)) == len(reply.rows), "no row twice"
        assert reply.variables[: len(ASKED_FOR.get(name, "").split())] == tuple(
            ASKED_FOR.get(name, "").split()
        )
        assert asked.thing in reply.variables or name in ABOUT_SEVERAL
        column = reply.variables.index(asked.thing) if asked.thing else 0
        if asked.thing:
            assert all(row[column] is None or parse(str(row[column])) for row in reply.rows)
    else:
        assert reply


def value_for(parameter) -> Node:
    return COUNTRY if parameter.name == "country" else EXAMPLES[parameter.kinds[0]]


SETTINGS = [(name, parameter.name) for name in NAMES for parameter in question(name).parameters]


@pytest.mark.parametrize(("name", "set_"), SETTINGS)
def test_every_parameter_works_on_both_engines(name, set_, few_stored, shuffled):
    asked = question(name)
    bound = {set_: value_for(asked.parameter(set_))}
    expected = answer(few_stored, asked, bound)
    assert plain(by_rdflib(shuffled, asked.bind(bound))) == plain(expected)
    if asked.parameter(set_).optional and isinstance(expected, Answer):
        everything = answer(few_stored, asked, {})
        assert isinstance(everything, Answer)
        assert len(expected.rows) <= len(everything.rows), "an optional parameter narrows down"


@pytest.mark.parametrize("name", NAMES)
def test_all_parameters_at_once_still_parse(name, store):
    asked = question(name)
    answer(store, asked, {p.name: value_for(p) for p in asked.parameters})


@pytest.mark.parametrize("name", NAMES)
def test_one_document_may_answer_alone(name, store):
    page = graphs_for(store, thing("source", "cuf-china-group-page"))
    reply, everything = (answer(store, question(name), {}, graphs) for graphs in (page, None))
    if isinstance(reply, Answer) and isinstance(everything, Answer):
        assert reply.variables == everything.variables
        assert name in ABOUT_WHAT_IS_ABSENT or len(reply.rows) <= len(everything.rows)


def rows(store, names, name, **values) -> list[dict[str, str]]:
    """The rows of an answer, as column and the end of the address."""
    asked = question(name)
    typed = {key.rstrip("_"): value for key, value in values.items()}
    reply = answer(store, asked, terms(asked, typed, names, "en"))
    assert isinstance(reply, Answer)
    return [
        {c: str(t or "").replace(ID, "") for c, t in zip(reply.variables, row, strict=True)}
        for row in reply.rows
    ]


def test_a_territory_finds_what_lies_in_it(store, names):
    inside = {row["within"] for row in rows(store, names, "within", place="Sichuan")}
    assert {"place/cn-510000", "place/cn-510100", "place/cn-511100"} <= inside
    assert "organisation/universite-de-nankin" in {
        row["within"] for row in rows(store, names, "within", place="Jiangsu")
    }


def test_a_theme_finds_its_narrower_themes(store, names):
    economy = rows(store, names, "events", theme="economy")
    assert "theme/innovation" in {row["themes"] for row in economy}


def test_a_thing_counts_at_a_moment_unless_its_dates_exclude_it(store, names):
    def places(**values):
        return {row["place"] for row in rows(store, names, "places", **values)}

    assert "place/fr-region-42" in places(on="2014")
    assert "place/fr-region-42" not in places(on="2017")
    assert "place/fr-region-44" not in places(on="2014")
    # Bordeaux has no dates
    assert "place/fr-commune-33063" in places(on="2014") & places(on="2017")


def test_a_place_shows_its_three_names_and_what_became_of_it(store, names):
    found = {row["place"]: row for row in rows(store, names, "places")}
    nanjing, alsace = found["place/cn-320100"], found["place/fr-region-42"]
    assert [nanjing[f"name_{lang}"] for lang in LANGUAGES] == ["Nankin", "Nanjing", "南京市"]
    assert (nanjing["part_of"], nanjing["code"]) == ("place/cn-320000", "320100")
    assert (alsace["to"], alsace["replaced_by"]) == ("2015-12-31", "place/fr-region-44")
    # an inter-municipality has no code but its Siren number, and no Chinese name that we know
    assert found["place/fr-epci-243300316"]["code"] == "243300316"
    assert found["place/fr-epci-243300316"]["name_zh"] == ""


def test_an_event_without_a_date_has_those_of_the_event_it_is_part_of(store, names):
    def found(**values):
        return {row["name"] for row in rows(store, names, "events", **values)}

    workshop = "event/rencontres-franco-chinoises-5-atelier-1"
    assert workshop in found(from_="2016-01-01", to="2016-12-31")
    assert workshop not in found(from_="2018")
    assert workshop not in found(to="2014")
    assert "event/dialogue-de-haut-niveau-echanges-humains" in found(from_="2018")


def test_two_values_of_two_sources_are_both_shown(store, names):
    meeting = "event/groupe-pays-chine-2016-04-13"
    (start,) = (r["start"] for r in rows(store, names, "events") if r["name"] == meeting)
    assert start == "2016-04-13 / 2016-04-23"


def test_partners_face_each_other_across_the_border(store, names):
    def partners(place):
        return {row["partner"] for row in rows(store, names, "partners-of", place=place)}

    found = partners("Auvergne-Rhône-Alpes")
    assert {"place/cn-130000", "place/cn-310000", "place/cn-510000"} <= found
    assert all(partner.startswith("place/cn-") for partner in found)
    assert "place/fr-region-84" in partners("Sichuan")
    seconds = rows(store, names, "second-degree-partners", place="Auvergne-Rhône-Alpes")
    assert {"partner": "place/fr-region-93", "through": "place/cn-510000"} in seconds


def test_a_post_tells_its_predecessor(store, names):
    (row,) = rows(store, names, "posts", person="Jacques Auxiette")
    assert row["predecessor"] == "person/jacques-valade"


def test_the_reader_gets_the_language_asked_for(store, names):
    for lang in LANGUAGES:
        (jenju,) = (
            row for row in rows(store, names, "unresolved", lang=lang) if row["mention"] == "Jenju"
        )
        assert jenju["description"]
    assert rows(store, names, "unresolved", lang="zh") == rows(
        store, names, "unresolved", lang="zh-Hans"
    )


# --- Values that people type never become SPARQL


@cache
def algebra(sparql: str, *placed: Node) -> object:
    """What a query does, as nested tuples, the given terms replaced by their place."""

    def walk(part: object) -> object:
        if isinstance(part, CompValue):
            return (part.name, *((key, walk(value)) for key, value in sorted(part.items())))
        if isinstance(part, dict):
            return tuple(sorted(((str(k), walk(v)) for k, v in part.items()), key=str))
        if isinstance(part, (list, tuple)):
            return tuple(map(walk, part))
        if isinstance(part, (set, frozenset)):
            return tuple(sorted(map(str, part)))
        for place, term in enumerate(placed):
            if type(part) is type(term) and part == term:
                return f"the term {place}"
        return repr(part)

    return walk(translateQuery(parseQuery(sparql)).algebra)


ATTACKS = st.sampled_from(
    [
        '" } ?s ?p ?o . VALUES ?lang { "fr',
        '""" } } # ',
        "\\",
        "\\u0022 } ?s ?p ?o {",
        '"\n} ORDER BY ?s #',
        "x\n  VALUES ?kind { UNDEF }\ny",
        "x\n  VALUES ?theme { UNDEF }\ny",
        "'''",
        "fr }\r\n VALUES ?lang { UNDEF",
    ]
)
WITH_TEXT = [n for n in NAMES if any(p.kinds == ("text",) for p in question(n).parameters)]
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def same_question(asked: Question, name: str, hostile: Node, harmless: Node) -> bool:
    """Whether a query does the same with either term, the other parameters set afterwards."""
    others = {p.name: value_for(p) for p in asked.parameters if p.name != name}
    with_it, without = (asked.bind({name: term, **others}) for term in (hostile, harmless))
    return algebra(with_it, hostile) == algebra(without, harmless)


@FEW
@given(st.sampled_from(WITH_TEXT), ATTACKS | st.text())
@example("mentions", "x\n  VALUES ?kind { UNDEF }\ny")
def test_a_hostile_text_stays_a_text(name, text):
    # rdflib takes an escaped backslash before "u" for the start of a code point; Oxigraph does not
    assume("\\u" not in text.lower() and f'"{text}"' not in question(name).sparql)
    assert same_question(question(name), "lang", Literal(text), Literal("a harmless text"))


@given(ATTACKS | st.text())
def test_a_text_is_read_back_as_it_was_typed(text):
    bound = question("mentions").bind({"lang": Literal(text)})
    line = next(line for line in bound.split("\n") if "VALUES ?lang" in line)
    (row,) = pyoxigraph.Store().query(f"SELECT ?lang {{\n{line}\n}}")
    assert row["lang"].value == text


@FEW
@given(st.sampled_from([n for n, p in SETTINGS if p == "theme"]), ATTACKS | st.text(max_size=30))
def test_a_hostile_address_stays_an_address_or_is_refused(name, text):
    hostile = URIRef(BASE + text)
    if re.search(r'[\x00-\x20<>"{}|^`\\]', hostile):
        # SPARQL 1.1, grammar rule 139: no address has these
        with pytest.raises(MaillageError):
            question(name).bind({"theme": hostile})
    else:
        with contextlib.suppress(MaillageError):
            assert same_question(question(name), "theme", hostile, URIRef(BASE + "harmless"))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (("#+ description:", "#+ about:"), "description"),
        (("#+   zh:", "#+   de:"), "zh"),
        (("PREFIX mlg:", "PREFIX m:"), "PREFIX mlg:"),
        (("VALUES ?theme { UNDEF }", "VALUES ?theme {\n UNDEF }"), "theme"),
    ],
)
def test_a_badly_written_question_is_refused(tmp_path, damage, reason):
    path = tmp_path / "links.rq"
    path.write_text(question("links").sparql.replace(*damage), encoding="utf-8")
    with pytest.raises(MaillageError, match=reason):
        read_question(path)


def test_a_tag_of_the_reader_is_understood(store, names):
    asked = question("proposed-pairs")
    for tag in TAGS.values():
        reply = answer(store, asked, {"lang": Literal(tag)})
        assert isinstance(reply, Answer)
        assert any(row[reply.variables.index("purpose")] for row in reply.rows)


def test_the_answers_hold_no_blank_node(store):
    for asked in questions().values():
        if not is_table(asked):
            reply = answer(store, asked, {})
            assert isinstance(reply, Graph)
            assert all(isinstance(s, URIRef) for s in reply.subjects())
            assert next(reply.subjects(RDF.type), None) is not None
