"""The names that lie in the folder of a store are those that the graph gives."""

import pytest
from rdflib import RDFS, SKOS, URIRef

from maillage.nameindex import CALLED, LABEL, OTHER, Name, NameIndex
from maillage.release import current, open_store
from maillage.resolve import Names
from maillage.store import names_beside
from maillage.terms import ID, MLG

BORDEAUX, WUHAN = f"{ID}organisation/bordeaux", f"{ID}organisation/wuhan"
QUESTION = f"{ID}question/links"
GIVEN = [
    Name(BORDEAUX, LABEL, "Bordeaux Métropole", "fr"),
    Name(BORDEAUX, LABEL, "波尔多都市区", "zh-Hans"),
    Name(BORDEAUX, OTHER, "CUB", ""),
    Name(BORDEAUX, OTHER, "Bordeaux-Metropole", "en"),
    Name(WUHAN, LABEL, "Wuhan", "fr"),
    Name(WUHAN, OTHER, "CUB", ""),
    Name(f"{ID}mention/1", CALLED, "Bordeaux Métropole", "fr"),
    Name(QUESTION, LABEL, "Bordeaux Métropole", "fr"),
]


@pytest.fixture(params=["in memory", "in a file"])
def index(request, tmp_path):
    if request.param == "in memory":
        return NameIndex.of(GIVEN)
    NameIndex.of(GIVEN, tmp_path / "names.db").close()
    return NameIndex.opened(tmp_path / "names.db")


def test_a_thing_is_called_by_its_labels_and_a_mention_by_its_text(index):
    assert index.labels(BORDEAUX) == [("fr", "Bordeaux Métropole"), ("zh-Hans", "波尔多都市区")]
    assert index.labels(f"{ID}mention/1") == [("fr", "Bordeaux Métropole")]
    assert index.labels(f"{ID}organisation/nobody") == []


def test_names_are_found_without_their_accents_at_the_best_of_their_ranks(index):
    assert index.bearers("BORDEAUX-METROPOLE") == {BORDEAUX: LABEL, QUESTION: LABEL}
    assert index.bearers("cub") == {BORDEAUX: OTHER, WUHAN: OTHER}


def test_things_and_names_of_one_kind_are_not_those_of_another(index):
    assert index.things("organisation") == [BORDEAUX, WUHAN]
    assert {name.thing for name in index.of_kind("organisation")} == {BORDEAUX, WUHAN}
    assert index.things("organ") == []
    assert set(index.folded("mention")) == set()
    assert "wuhan" in index.folded()


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_file_that_holds_no_names_is_none(tmp_path, content):
    if content is not None:
        (tmp_path / "names.db").write_bytes(content)
    assert NameIndex.opened(tmp_path / "names.db") is None


def test_a_release_calls_and_finds_everything_as_its_graph_does(out, shipped, names):
    beside = Names(open_store(str(out)))
    graph = shipped.dataset
    things = {
        thing
        for predicate in (SKOS.prefLabel, RDFS.label, MLG.writtenForm)
        for thing in graph.subjects(predicate)
    }
    assert len(things) > 1_000
    for thing in things:
        assert beside.labels(thing) == names.labels(thing)
        assert beside.label(thing, "zh") == names.label(thing, "zh")
    for text in ("DAECT", "自贡市", "Grand Est", "25212"):
        assert beside.find(text, (), "fr") == names.find(text, (), "fr")
    for kind in ("organisation", "link", "theme", "source"):
        assert beside.of_kinds([kind]) == names.of_kinds([kind]) != []


def test_a_release_without_them_is_asked_all_the_same(out, monkeypatch):
    opened = open_store(str(out))
    assert names_beside(opened) is not None
    assert (current(out) / "store" / "names.db").is_file()
    monkeypatch.setattr("maillage.resolve.names_beside", lambda _: None)
    assert Names(opened).find("Grand Est", ("place",), "fr") == URIRef(f"{ID}place/fr-region-44")
