"""Names as people write them, to places: the test set, the traps, and what is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.bearers import Extra, learnt
from maillage.gazetteer import gazetteer
from maillage.match import Hints, Matcher
from maillage.phrases import levels_of, parts, short_han, splits
from maillage.spelling import key
from measure_matching import REPORT, Score, judged, report

PLACES = gazetteer()
MATCHER = Matcher(PLACES, base=learnt())


def test_of_what_is_accepted_without_review_99_in_100_are_right():
    score = Score(judged(MATCHER))
    assert score.rows >= 300
    assert score.precision >= 0.99
    assert score.recall >= 0.95


def test_the_report_says_how_well_names_are_matched_today():
    lines = list(report())
    assert REPORT.read_text(encoding="utf-8").splitlines()[: len(lines)] == lines, (
        "mend with: python tests/measure_matching.py"
    )


@pytest.mark.parametrize(
    ("name", "hints", "place"),
    [
        ("Nankin", {}, "cn-320100"),
        ("Chang-haï", {}, "cn-310000"),
        ("内蒙古", {}, "cn-150000"),
        ("滨海", {"parent": "天津"}, "cn-120116"),
        ("Mans (Le)", {}, "fr-commune-72181"),
        ("Chaoyang, Beijing, China", {}, "cn-110105"),
        ("NANKING", {}, "cn-320100"),
        ("Pékin", {}, "cn-110000"),
        ("Tien-Tsin", {}, "cn-120000"),
        ("Canton", {"country": "cn"}, "cn-440100"),
        ("Suzhou, Jiangsu", {}, "cn-320500"),
        ("Suzhou (Anhui)", {}, "cn-341300"),
        ("Suzhou", {"parent": "Jiangsu"}, "cn-320500"),
        ("Suzhou", {"lat": 31.3, "lng": 120.62}, "cn-320500"),
        ("Sūzhōu", {"country": "Chine"}, "cn-320500"),
        ("Wujiang (Suzhou)", {}, "cn-320509"),
        ("Suzhou – Wujiang", {}, "cn-320509"),
        ("江苏省苏州市吴江区", {}, "cn-320509"),
        ("廣州", {}, "cn-440100"),
        ("成都 (Chengdu)", {}, "cn-510100"),
        ("Cheng du", {}, "cn-510100"),
        ("510100", {}, "cn-510100"),
        ("Guangxi Zhuang Autonomous Region", {}, "cn-450000"),
        ("Chóngqìng", {}, "cn-500000"),
        ("ville de Chongqing", {"country": "cn"}, "cn-500000"),
        ("Saint Etienne", {}, "fr-commune-42218"),
        ("St-Étienne", {"country": "FR"}, "fr-commune-42218"),
        ("ILE DE FRANCE", {}, "fr-region-11"),
        ("Conseil régional d’Alsace", {}, "fr-region-42"),
        ("département de la Vienne", {}, "fr-departement-86"),
        ("Vienne", {"level": "département"}, "fr-departement-86"),
        ("Vienne", {"parent": "Isère"}, "fr-commune-38544"),
        ("Vienne", {"country": "Autriche"}, "geonames-2761369"),
        ("Saint-Denis", {"parent": "93"}, "fr-commune-93066"),
        ("Annecy-le-Vieux", {"country": "fr"}, "fr-commune-74011"),
        ("Pays basque", {}, "fr-epci-200067106"),
        ("Portland, Oregon", {"country": "United States"}, "geonames-5746545"),
        ("Leeds", {"country": "England, United Kingdom"}, "geonames-2644688"),
        ("日本", {}, "jp"),
    ],
)
def test_a_name_leads_to_its_place(name, hints, place):
    match = MATCHER.match(name, Hints(**hints))
    assert (match.verdict, match.place) == ("accepted", place), match


@pytest.mark.parametrize(
    ("name", "hints", "rivals"),
    [
        ("Suzhou", {}, {"cn-320500", "cn-341300"}),
        ("Taizhou", {"country": "cn"}, {"cn-321200", "cn-331000"}),
        ("Fuzhou", {"country": "cn"}, {"cn-350100", "cn-361000"}),
        ("Chaoyang", {}, {"cn-110105", "cn-211300"}),
        ("Vienne", {}, {"fr-commune-38544", "fr-departement-86", "geonames-2761369"}),
        ("Réunion", {"country": "fr"}, {"fr-region-04", "fr-departement-974"}),
        ("Saint-Denis", {"country": "fr"}, {"fr-commune-93066", "fr-commune-97411"}),
        ("Orange", {}, {"fr-commune-84087"}),
        ("GY", {}, {"fr-commune-70282", "gy"}),
    ],
)
def test_which_one_is_asked_and_never_decided_in_silence(name, hints, rivals):
    match = MATCHER.match(name, Hints(**hints))
    assert (match.verdict, match.place) == ("ambiguous", "")
    assert {c.place for c in match.candidates[: match.rivals]} >= rivals


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Jenju", "nothing"),
        ("Université de Nankin (Jiangsu)", "body"),
        ("", "empty"),
        ("?", "no-letters"),
        ("🦁🦁", "no-letters"),
        ("=1+1", "formula"),
        ("@SUM(A1)", "formula"),
        ("Pаris", "mixed-scripts"),  # a Cyrillic а
        ("a" * 10_000, "too-long"),
    ],
)
def test_what_is_no_place_says_why(text, reason):
    match = MATCHER.match(text, Hints("cn") if text == "Jenju" else Hints())
    assert match.verdict == "unknown"
    assert match.reasons[0] == reason


def test_a_misprint_is_accepted_only_where_every_place_is_known():
    assert MATCHER.match("Région de Shangdong", Hints("cn")).place == "cn-370000"
    assert MATCHER.match("Région de Shangdong", Hints("cn")).verdict == "accepted"
    assert MATCHER.match("Shangdong").verdict != "accepted"  # nothing says where
    abroad = MATCHER.match("Heidelburg", Hints("de"))
    assert (abroad.verdict, PLACES[abroad.place].name) == ("review", "Heidelberg")


def test_a_hint_that_is_not_understood_asks_for_a_persons_eye():
    match = MATCHER.match("Bordeaux", Hints("Atlantis"))
    assert (match.verdict, match.place) == ("review", "fr-commune-33063")
    assert "country-unknown" in match.reasons
    assert "level-differs" in MATCHER.match("Bordeaux", Hints(level="province")).reasons
    far = MATCHER.match("Bordeaux", Hints(lat=0.0, lng=0.0))
    assert (far.verdict, far.reasons[-1]) == ("review", "point-differs")


def test_a_runner_up_is_told_with_its_score():
    match = MATCHER.match("Strasbourg", Hints("fr"))
    assert match.runner_up is not None and match.runner_up.score < match.score


def test_what_people_decided_comes_first_with_or_without_its_hints():
    decided = {("Jenju", "", "", ""): "cn-320500", ("Nankin", "fr", "", ""): ""}
    matcher = Matcher(PLACES, decided=decided, base=learnt())
    assert matcher.match("jenju", Hints("cn")).place == "cn-320500"
    assert matcher.match("Nankin", Hints("fr")).reasons == ("decided-none",)
    assert matcher.match("Nankin").place == "cn-320100"


def test_a_decision_holds_for_what_was_written_and_never_against_the_hints():
    decided = {
        ("Suzhou", "", "", ""): "cn-320500",
        ("Fúzhōu", "", "", ""): "cn-350100",
        ("?", "", "", ""): "fr",
    }
    matcher = Matcher(PLACES, decided=decided, base=learnt())
    assert matcher.match("SUZHOU", Hints("cn")).place == "cn-320500"
    assert matcher.match("Suzhou", Hints("cn", parent="Anhui")).place == "cn-341300"
    assert matcher.match("Fǔzhōu").place == "cn-361000"
    assert matcher.match("--").reasons == ("no-letters",)


@pytest.mark.parametrize(("name", "reason"), [("CUB", "maybe-initials"), ("75013", "maybe-postal")])
def test_a_code_that_may_be_something_else_is_looked_at(name, reason):
    match = MATCHER.match(name)
    assert match.verdict == "review" and reason in match.reasons


def test_names_that_look_as_much_alike_are_not_chosen_among():
    match = MATCHER.match("Suzhu", Hints("cn"))
    assert match.verdict == "ambiguous"
    assert {"cn-320500", "cn-341300"} <= {c.place for c in match.candidates}


def test_no_short_chinese_name_keeps_the_word_for_its_level():
    for place in PLACES.places.values():
        if place.country == "cn" and place.level == "province":
            assert "自治" not in short_han(place.label_zh)


def test_a_graph_adds_names_and_the_gazetteers_keep_theirs():
    matcher = Matcher(PLACES, [Extra("cn-320100", "Nankingue")], base=learnt())
    assert matcher.match("Nankingue").place == "cn-320100"
    assert matcher.match("Nankin").place == "cn-320100"
    assert MATCHER.match("Nankingue").verdict != "accepted"


class TestProperties:
    names = st.sampled_from(
        [p.name for p in PLACES.places.values() if p.country == "fr" and p.level == "commune"][::97]
    )

    @given(names)
    def test_accents_case_and_hyphens_do_not_count(self, name):
        bare = key(name)
        assert key(name.upper()) == bare
        assert key(name.replace("-", " ")) == bare
        assert key(f" {name} ") == bare

    @given(names)
    def test_a_name_of_the_gazetteers_is_never_unknown_and_never_another_place(self, name):
        match = MATCHER.match(name, Hints("fr", "commune"))
        assert match.verdict in {"accepted", "ambiguous"}
        assert name in {PLACES[c.place].name for c in match.candidates}

    @given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=10))
    def test_any_text_has_an_answer(self, name, country, level):
        match = MATCHER.match(name, Hints(country, level))
        assert match.verdict in {"accepted", "review", "ambiguous", "unknown"}
        assert match.reasons

    @given(names, names)
    def test_hints_only_narrow(self, name, parent):
        bare = {c.place for c in MATCHER.bearers.of(name)}
        hinted = MATCHER.match(name, Hints("fr", "commune", parent))
        if hinted.verdict == "accepted":
            assert hinted.place in bare | {c.place for c in hinted.candidates}

    @given(st.permutations(["Nankin", "Suzhou", "Lyon", "Vienne", "Tours"]))
    def test_the_order_of_the_names_changes_nothing(self, names):
        asked = [(name, Hints()) for name in names]
        fresh = Matcher(PLACES, base=learnt())
        found = dict(zip(names, fresh.match_all(asked), strict=True))
        assert found == {name: MATCHER.match(name) for name in names}


def test_words_around_a_name():
    assert [p.name for p in parts("Conseil départemental du Val-d’Oise")] == ["Val-d’Oise"]
    assert [p.name for p in parts("Chengdu Municipality")] == ["Chengdu"]
    assert list(parts("Chengdu")) == []
    assert "epci" in levels_of("communauté") and "prefecture" in levels_of("市")
    assert next(splits("Arras (communauté)")) == ("Arras", "communauté")
