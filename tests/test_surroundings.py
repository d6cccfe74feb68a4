"""What maps show beside the links: points, regions, events, documents, rival values."""

from __future__ import annotations

import pytest

from maillage.network import LinkGraph, links
from maillage.store import Store
from maillage.surroundings import AREA_LEVELS, surround
from maillage.terms import BASE


@pytest.fixture(scope="module")
def surrounded(store: Store) -> LinkGraph:
    return surround(links(store), store)


def test_the_documents_are_asked_for_once(store):
    asked = []

    class Listening:
        def select(self, sparql, graphs=None):
            asked.append(sparql)
            return store.select(sparql, graphs)

    surround(links(Listening()), heard := Listening())
    assert sum("seenDate" in sparql for sparql in asked) == 2  # two stores
    surround(links(heard), heard)
    assert sum("seenDate" in sparql for sparql in asked) == 2


def test_a_town_knows_its_point_its_region_and_its_further_names(surrounded):
    wuhan = surrounded.nodes[BASE + "id/place/cn-420100"]
    assert wuhan["area"] == "cn-420000"
    assert (round(wuhan["lat"]), round(wuhan["long"])) == (31, 114)
    assert "Wǔhàn" in wuhan["names"]
    assert surrounded.nodes[BASE + "id/place/fr-commune-37261"]["area"] == "fr-region-24"


def test_a_former_region_is_its_own_area_and_a_town_lies_in_todays(surrounded):
    assert surrounded.nodes[BASE + "id/place/fr-region-42"]["area"] == "fr-region-42"
    assert surrounded.nodes[BASE + "id/place/fr-commune-67482"]["area"] == "fr-region-44"


def test_areas_are_those_in_use_with_names_in_three_languages(surrounded):
    areas = surrounded.graph["areas"]
    used = {data["area"] for _, data in surrounded.nodes(data=True) if "area" in data}
    assert areas.keys() == used
    assert areas["cn-510000"]["label_zh"] == "四川省"
    assert areas["fr-region-53"]["country"] == "fr"
    for _, data in surrounded.nodes(data=True):
        if data.get("level") in AREA_LEVELS:
            assert data["area"] == data["key"]


def test_events_have_place_parties_and_evidence(surrounded):
    events = {event["iri"]: event for event in surrounded.graph["events"]}
    one = events[BASE + "id/event/comite-de-pilotage-2016-05-09"]
    assert one["place_zh"] == "成都市"
    assert one["start"] == "2016-05-09"
    assert one["parties"]
    assert all("source" in proof for proof in one["evidence"])
    assert "lat" in one


def test_documents_say_who_published_them_when_they_were_seen_and_under_which_licence(surrounded):
    documents = surrounded.graph["documents"]
    cited = {p["source"] for *_, e in surrounded.edges(data=True) for p in e.get("evidence", ())}
    assert cited <= documents.keys()
    for key in cited:
        assert documents[key]["seen"]
        assert documents[key]["licence"]
    minutes = documents["cuf-arf-china-minutes-2016"]
    assert minutes["publisher_en"] == "China country-group"


def test_rival_values_say_who_gives_them_and_which_one_is_kept(surrounded):
    alsace = BASE + "id/link/contact--cn-320000--fr-region-42"
    (rivals,) = [r for r in surrounded.graph["disagreements"] if alsace in r["about"]]
    assert rivals["property"]["fr"] == "date de début"
    values = {stance["value"]: stance for stance in rivals["stances"]}
    assert [value for value, stance in values.items() if stance["kept"]] == ["2005-05"]
    assert all(stance["sources"] for stance in values.values())
    assert rivals["reason_zh"]


def test_each_theme_knows_its_top_theme(surrounded):
    tops = surrounded.graph["themes"]
    assert tops["culture"] == "culture"
    assert tops["heritage"] == "culture"
    assert all(tops[top] == top for top in tops.values())
