"""Dates as documents give them."""

from datetime import date

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from maillage.dates import bounds, refines


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2005", date(2005, 1, 1), date(2005, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2014-11-06", date(2014, 11, 6), date(2014, 11, 6)),
        ("2014-11-06/2014-11-07", date(2014, 11, 6), date(2014, 11, 7)),
        ("2012/2013", date(2012, 1, 1), date(2013, 12, 31)),
        ("2016~", date(2016, 1, 1), date(2016, 12, 31)),
        ("2008/..", date(2008, 1, 1), None),
        ("../2015-12-31", None, date(2015, 12, 31)),
        ("[2016-04-23..2018-12-12]", date(2016, 4, 23), date(2018, 12, 12)),
        ("201X", date(2010, 1, 1), date(2019, 12, 31)),
    ],
)
def test_the_days_that_a_date_may_mean(text, first, last):
    assert bounds(text) == (first, last)


@pytest.mark.parametrize("doubt", ["", "~", "?", "%"])
@pytest.mark.parametrize("month", ["", *(f"-{number:02}" for number in range(1, 13))])
@pytest.mark.parametrize("year", ["0001", "1900", "2000", "2024", "9999"])
def test_years_and_months_mean_what_the_parser_of_edtf_says(year, month, doubt):
    parsed = parse_edtf(year + month + doubt)
    ends = (date(*day[:3]) for day in (parsed.lower_strict(), parsed.upper_strict()))
    assert bounds(year + month + doubt) == tuple(ends)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000",
        "2014-11-06~~",
        "..",
        "../..",
        "2014/",
        "/2014",
        "2016-13",
        "2016-02-30",
        "06/11/2014",
        "abc",
        "2014/2012",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a date|ends before"):
        bounds(text)


@given(st.dates(min_value=date(1000, 1, 1)), st.dates(min_value=date(1000, 1, 1)))
def test_an_interval_is_bounded_by_its_ends(one, other):
    first, last = sorted((one, other))
    assert bounds(f"{first}/{last}") == (first, last)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_day_says_more_exactly_what_its_month_and_year_say(day):
    for vague in (f"{day:%Y-%m}", f"{day:%Y}", f"{day:%Y}~", f"{day:%Y}/.."):
        assert refines(str(day), vague)
    assert not refines(f"{day:%Y}", str(day))


def test_the_meaning_of_a_date_does_not_depend_on_the_day_it_is_read():
    # the library under it reads the clock for an end that is left empty
    with pytest.raises(ValueError, match="is not a date"):
        bounds("2014-11-06/")
