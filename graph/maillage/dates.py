"""Dates as documents give them: exact, vague, approximate or open.

A date is written in EDTF (Extended Date/Time Format, Library of Congress 2019, levels 0 to 2; ISO
8601-2): ``2014-11-06``, ``2005``, ``2016~`` (about), ``2012/2013`` (from, to), ``2008/..`` (still
open), ``[2016-04-23..2018-12-12]`` (some day between). What the document says is kept as it is;
the two days that bound it are computed, so that questions can compare.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from edtf import parse_edtf
from edtf.parser.edtf_exceptions import EDTFParseException

__all__ = ["Bounds", "bounds", "day_before", "precise", "refines"]

Bounds = tuple[date | None, date | None]

_ONE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# A year or a month, perhaps marked as uncertain, approximate or both.
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?[?~%]?")
# The parser accepts empty ends ("2014/") and then reads today's clock; we ask for ".." instead,
# so that the same table means the same on any day.
_EMPTY_END = re.compile(r"^/|/$")


def _day(part: object) -> date | None:
    """A day from the parser's ``struct_time``; ``None`` for an open end. Year 0 is none."""
    if isinstance(part, float):  # the parser says "no bound" with an infinity
        return None
    year, month, day = part[:3]  # type: ignore[index]  # a struct_time; edtf ships no types
    return date(year, month, day)


@lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """The first and the last day that a date may mean, both included; ``None`` where it is open.

    >>> bounds("2014-11-06/2014-11-07")
    (datetime.date(2014, 11, 6), datetime.date(2014, 11, 7))
    >>> bounds("2005~")
    (datetime.date(2005, 1, 1), datetime.date(2005, 12, 31))
    >>> bounds("2008/..")
    (datetime.date(2008, 1, 1), None)

    :raises ValueError: when the text is not EDTF, or is no day of any calendar.
    """
    # most dates are a day, a month or a year: the parser of all of EDTF is slow
    if found := _YEAR_OR_MONTH.fullmatch(text):
        year, begins, ends = int(found[1]), int(found[2] or 1), int(found[2] or 12)
        if not year:
            raise ValueError(f"{text!r} is not a date")
        return date(year, begins, 1), date(year, ends, monthrange(year, ends)[1])
    if _ONE_DAY.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a date") from error
        return day, day
    if text in {"", ".."} or _EMPTY_END.search(text):
        raise ValueError(f"{text!r} is not a date")
    # Open intervals are read end by end: the parser has no bound for "..".
    if "/" in text and ".." in text.split("/"):
        first, last = text.split("/", 1)
        if first == last:
            raise ValueError(f"{text!r} is not a date")
        return (
            None if first == ".." else bounds(first)[0],
            None if last == ".." else bounds(last)[1],
        )
    try:
        parsed = parse_edtf(text)
        first_day, last_day = _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except (EDTFParseException, ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{text!r} is not a date") from error
    if first_day and last_day and first_day > last_day:
        raise ValueError(f"{text!r} ends before it starts")
    return first_day, last_day


def refines(precise: str, vague: str) -> bool:
    """Whether one date only says more exactly what another says, so that they do not disagree.

    >>> refines("2005-10-26", "2005"), refines("2007", "2005")
    (True, False)
    """
    (a, b), (c, d) = bounds(precise), bounds(vague)
    return (c is None or (a is not None and a >= c)) and (d is None or (b is not None and b <= d))


def precise(dates: Iterable[str]) -> list[str]:
    """The dates that no other one of them only says more exactly, in order.

    >>> precise(["2010", "2010-05-13", "2012", "2012~"])
    ['2010-05-13', '2012', '2012~']
    """
    found = sorted(set(dates))

    def is_refined(vague: str) -> bool:
        try:
            return any(refines(o, vague) and not refines(vague, o) for o in found)
        except ValueError:  # a date that cannot be read is kept as it is
            return False

    return [date for date in found if not is_refined(date)]


def day_before(text: str) -> str:
    """The last day before a date; a date that is no single day stands for itself.

    What ended on 1 January 2016 was there until 31 December 2015; what ended in 1997 was there
    until some day of 1997.

    >>> day_before("2016-01-01"), day_before("1997")
    ('2015-12-31', '1997')
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return (date.fromisoformat(text) - timedelta(days=1)).isoformat()
    return text
