"""From what a person types to the thing they mean."""

import pytest
from rdflib import SKOS, Literal, URIRef

from maillage.errors import Ambiguous, Unknown
from maillage.mint import thing
from maillage.resolve import Names
from maillage.terms import MLG

CHENGDU, NANKIN = thing("place", "cn-510100"), thing("place", "cn-320100")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Chengdu", CHENGDU),
        ("CHENGDU", CHENGDU),
        ("成都市", CHENGDU),
        ("510100", CHENGDU),
        ("cn-510100", CHENGDU),
        ("place/cn-510100", CHENGDU),
        (str(CHENGDU), CHENGDU),
        (f"<{CHENGDU}>", CHENGDU),
        ("Nankin", NANKIN),
        ("Nanjing", NANKIN),
        ("issy les moulineaux", thing("place", "fr-commune-92040")),
        ("Provence Alpes Cote d'Azur", thing("place", "fr-region-93")),
        ("216704825", thing("place", "fr-commune-67482")),
        ("Shangdong", thing("place", "cn-370000")),
    ],
)
def test_a_place_is_found_by_name_code_or_address(names, text, found):
    assert names.find(text, ("place",), "en") == found


def test_a_name_is_looked_for_among_the_kinds_that_are_meant(names):
    assert names.find("culture", ("theme",), "fr") == thing("theme", "culture")
    with pytest.raises(Unknown):
        names.find("culture", ("place",), "fr")


def test_a_near_miss_is_told_what_is_near(names):
    with pytest.raises(Unknown, match="Toulouse"):
        names.find("Toulousse", ("place",), "en")


def test_several_bearers_of_a_name_are_candidates(names):
    with pytest.raises(Ambiguous) as caught:
        names.find("vienne", ("place",), "fr")
    assert {typed for typed, _ in caught.value.candidates} >= {
        "place/fr-commune-38544",
        "place/fr-departement-86",
    }
    assert "Laquelle" in caught.value.text("fr")
    assert "place/fr-departement-86  Vienne (département, 86, " in caught.value.text("fr")


def test_the_only_bearer_in_the_graph_is_meant_and_the_others_are_told(store):
    class With:
        """A graph that has 苏州 of the places called Suzhou."""

        def select(self, sparql, graphs=None):
            answer = store.select(sparql, graphs)
            place = thing("place", "cn-320500")
            extra = [(place, SKOS.altLabel, Literal("Suzhou", lang="fr"))]
            return answer._replace(rows=[*answer.rows, *extra])

    names = Names(With())
    assert names.find("Suzhou", ("place",), "en") == thing("place", "cn-320500")
    (note,) = names.notes
    assert "cn" not in note and "320500" in note and "341300" in note


def test_a_place_that_no_document_names_is_found_all_the_same(names):
    place = names.find("Guéret", ("place",), "fr")
    assert place == thing("place", "fr-commune-23096")
    assert not names.is_known(place)
    assert names.label(place, "fr") == "Guéret"


@pytest.mark.parametrize(("lang", "label"), [("fr", "Pékin"), ("en", "Beijing"), ("zh", "北京市")])
def test_a_thing_is_called_by_its_name_in_the_readers_language(names, lang, label):
    assert names.label(thing("place", "cn-110000"), lang) == label


def test_what_has_no_name_is_called_by_the_end_of_its_address(names):
    assert names.label(thing("place", "fr-commune-01000"), "fr") == "place/fr-commune-01000"
    assert names.label(URIRef("https://schema.org/frobnicates"), "fr") == "schema:frobnicates"
    assert names.label(MLG.hasParty, "en") != "mlg:hasParty"
    assert names.label(URIRef("https://example.org/x"), "fr") == "https://example.org/x"
