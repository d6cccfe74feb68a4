"""Whether a text is a value of an XML Schema type, and how a store writes that value.

RDF lets a file say ``"1986-00"^^xsd:gYearMonth`` or ``"n/a"^^xsd:date``; libraries keep such
values silently, or change them. Here they are found before anything is done with them.
"""

from __future__ import annotations

import re
from typing import Final, cast

import pyoxigraph as ox

__all__ = ["XSD", "canonical"]

#: Where the types of XML Schema have their addresses.
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

# XML Schema 1.1 Part 2, 3.4: the integer types and their bounds.
_INTEGERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(1 << 63), (1 << 63) - 1),
    "int": (-(1 << 31), (1 << 31) - 1),
    "short": (-(1 << 15), (1 << 15) - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, (1 << 64) - 1),
    "unsignedInt": (0, (1 << 32) - 1),
    "unsignedShort": (0, (1 << 16) - 1),
    "unsignedByte": (0, 255),
}
_ZONE: Final = r"(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_YEAR: Final = r"(?P<year>-?(?:[1-9]\d{3,}|0\d{3}))"
_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12]\d|3[01])"
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_CLOCK: Final = r"(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)"
# XML Schema 1.1 Part 2, 3.3: the lexical forms, without the white space that collapses.
_FORMS: Final = {
    name: re.compile(form, re.ASCII)
    for name, form in {
        "boolean": r"true|false|1|0",
        "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
        "float": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
        "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
        "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
        "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
        "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE.rstrip('?')}",
        "time": rf"{_TIME}{_ZONE}",
        "gYear": rf"{_YEAR}{_ZONE}",
        "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
        "gMonth": rf"--{_MONTH}{_ZONE}",
        "gDay": rf"---{_DAY}{_ZONE}",
        "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}",
        "duration": rf"-?P(?=\d|T)(?:\d+Y)?(?:\d+M)?(?:\d+D)?{_CLOCK}?",
        "dayTimeDuration": rf"-?P(?=\d|T)(?:\d+D)?{_CLOCK}?",
        "yearMonthDuration": r"-?P(?=\d)(?:\d+Y)?(?:\d+M)?",
        **dict.fromkeys(_INTEGERS, r"[+-]?\d+"),
    }.items()
}
# Characters of a value; Python itself refuses numbers of some thousand digits.
_LONGEST: Final = 100
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def canonical(lexical: str, datatype: str) -> ox.Literal:
    """The literal that a store keeps for a value of a type.

    Oxigraph keeps ``01`` as ``1`` and a ``xsd:int`` as a ``xsd:integer``. What is handed on is
    what would be kept, so that no two copies of one statement differ. Types of which nothing is
    known here pass as they are.

    :raises ValueError: when it is no value of that type.

    >>> canonical("01.50", XSD + "decimal").value
    '1.5'
    >>> canonical("2019-02-29", XSD + "date")
    Traceback (most recent call last):
    ValueError: '2019-02-29' is no date
    """
    kind = datatype.removeprefix(XSD)
    form = _FORMS.get(kind) if datatype.startswith(XSD) else None
    if form is None:
        return ox.Literal(lexical, datatype=ox.NamedNode(datatype))
    # XML Schema 1.1 Part 2, 4.3.6: white space around such values is none of them.
    text = lexical.strip(" \t\n\r")
    found = form.fullmatch(text) if len(text) <= _LONGEST else None
    if not found or not _in_calendar(found.groupdict()):
        raise ValueError(f"{lexical[:_LONGEST]!r} is no {kind}")
    if kind in _INTEGERS:
        number, (least, most) = int(text), _INTEGERS[kind]
        if (least is not None and number < least) or (most is not None and number > most):
            raise ValueError(f"{lexical!r} is no {kind}")
        return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))
    node = ox.NamedNode(datatype)
    store = ox.Store()
    store.add(ox.Quad(node, node, ox.Literal(text, datatype=node)))
    (kept,) = store
    return cast("ox.Literal", kept.object)


def _in_calendar(parts: dict[str, str]) -> bool:
    """Whether the month has that day, and the year that 29 February."""
    if "day" not in parts or "month" not in parts:
        return True
    month, day = int(parts["month"]), int(parts["day"])
    if "year" not in parts or (month, day) != (2, 29):
        return day <= _DAYS[month - 1]
    year = int(parts["year"])
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
