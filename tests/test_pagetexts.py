"""Texts by number, and dates and places in documents as a person writes them."""

from __future__ import annotations

import pytest

from maillage.pagetexts import Texts


@pytest.mark.parametrize(
    ("edtf", "fr", "zh"),
    [
        ("2005", "2005", "2005年"),
        ("2014-11-06", "2014-11-06", "2014-11-06"),
        ("2016~", "vers 2016", "约2016"),
        ("2016?", "2016 (incertain)", "2016（不确定）"),
        ("2012/2013", "2012 à 2013", "2012年至2013年"),
        ("2008/..", "début\u00a0: 2008", "2008年起"),
        (
            "[2016-04-23..2018-12-12]",
            "entre 2016-04-23 et 2018-12-12",
            "2016-04-23至2018-12-12之间",
        ),
    ],
)
def test_dates_as_a_person_writes_them(edtf: str, fr: str, zh: str) -> None:
    texts = Texts({})
    assert texts.said(texts.date(edtf), "fr") == fr
    assert texts.said(texts.date(edtf), "zh") == zh


def test_a_text_that_all_languages_share_is_kept_once() -> None:
    texts = Texts({})
    assert texts.put({"fr": "Tours", "en": "Tours", "zh": "Tours"}) == texts.same("Tours")
    assert texts.all == ["", "Tours"]


def test_a_missing_language_is_served_by_the_nearest() -> None:
    texts = Texts({})
    number = texts.put({"fr": "Nankin", "en": "Nanjing"})
    assert texts.said(number, "zh") == "Nanjing"


def test_the_place_in_a_document_is_said_as_narrowly_as_it_is_known() -> None:
    texts = Texts({})
    assert texts.said(texts.where({"lines": "43", "chars": "10-20"}), "fr") == "ligne 43"
    assert texts.said(texts.where({"chars": "10-20"}), "en") == "characters 10–20"
    assert texts.said(texts.where({"page": "2", "lines": "3-4"}), "zh") == "第2页，第3–4行"
