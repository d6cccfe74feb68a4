"""What a cell of somebody's table says: nothing, a date, an amount, a word of one of our lists.

Dates become EDTF (:mod:`maillage.dates`), as vague as they were written. What cannot be read is
told, never guessed; the one convention is that ``03/04/2015`` has the day first, unless a column
shows otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final, Literal, NamedTuple

from rdflib import SKOS, Graph, URIRef
from rdflib import Literal as Text

from maillage.dates import bounds
from maillage.gather import ontology_graph
from maillage.mint import parse, thing
from maillage.spelling import plain
from maillage.words import Language, best

__all__ = [
    "Amount",
    "Order",
    "Unreadable",
    "concept",
    "concept_label",
    "is_nothing",
    "is_total",
    "order_of",
    "read_amount",
    "read_date",
    "read_period",
]

#: Which of the two numbers before the year is the day.
Order = Literal["dmy", "mdy"]


class Unreadable(ValueError):  # noqa: N818  # it says what the cell is, as its callers tell it
    """A cell that says something, which cannot be read; ``str()`` is a rule of the words."""


# What people write where they have nothing to say; signs are blanks here.
_NOTHING: Final = frozenset(
    """nc|n c|na|n a|nd|n d|nr|n r|ns|n s|s o|neant|non communique|non communiquee|non renseigne
|non renseignee|non precise|non precisee|non connu|non connue|inconnu|inconnue|sans objet|aucun
|aucune|vide|a completer|a preciser|unknown|none|null|nan|tbd|tba|not known|not applicable
|not available|no data|missing|value|ref|不详|无|暂无|未知|未定|待定|缺|没有""".replace(
        "\n", ""
    ).split("|")
)

_TOTALS: Final = re.compile(
    r"^(?:sous[- ]?)?(?:total|totaux|somme|sum|subtotal|grand total|ensemble)\b"
    r"|^(?:合计|总计|小计|共计)"
)

_MONTHS: Final[Mapping[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "janvier janv jan january", "fevrier fevr fev feb february", "mars mar march",
            "avril avr apr april", "mai may", "juin jun june", "juillet juil jul july",
            "aout aug august", "septembre sept sep september", "octobre oct october",
            "novembre nov november", "decembre dec december",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip

_YEAR: Final = r"(?P<y>1[89]\d\d|20\d\d)"
_SEP: Final = r"\s*[/.\-]\s*"
_MONTH: Final = r"(?P<name>[a-z]+)\.?"
_FORMS: Final = tuple(
    re.compile(f"^(?:{form})$")
    for form in (
        rf"{_YEAR}年?",
        rf"\+?{_YEAR}{_SEP}(?P<m>\d\d?)",
        rf"\+?{_YEAR}{_SEP}(?P<m>\d\d?){_SEP}(?P<d>\d\d?)(?:[t ]\d\d:\d\d.*)?",
        rf"(?P<m>\d\d?){_SEP}{_YEAR}",
        rf"{_YEAR}年\s*(?P<m>\d\d?)月(?:\s*(?P<d>\d\d?)[日号])?",
        rf"(?P<d>\d\d?)(?:er|st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\s+{_YEAR}",
        rf"{_MONTH}\s+(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"{_MONTH}\s+(?:de\s+)?{_YEAR}",
    )
)
_TWO_NUMBERS: Final = re.compile(
    rf"^(?P<a>\d\d?){_SEP}(?P<b>\d\d?){_SEP}{_YEAR}(?:[t ]\d\d:\d\d.*)?$"
)
_DECADE: Final = re.compile(r"^(?:(?:les )?annees )?(?P<y>19\d|20\d)0(?P<s>s)?$")
_DECADE_ZH: Final = re.compile(r"^(?P<c>20|21)世纪(?P<t>\d)0年代$")
_ABOUT: Final = re.compile(
    r"^(?:vers|environ|env\.?|autour de|circa|ca\.?|c\.|about|around|approximately|approx\.?"
    r"|~|约|大约)\s*"
)
_SINCE: Final = re.compile(
    r"^(?:depuis|a partir de|des|en|in|since|from|as of|le|on|signe le|signee le|自|从|于)\s+"
    r"(?:le |l'|the )?"
)
_BEFORE: Final = re.compile(r"^(?:avant|before|until|jusqu'en|anterieur a)\s+")
_WEEKDAY: Final = re.compile(
    r"^(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday),?\s+"
)
_RANGE: Final = re.compile(
    r"^(?:de |from |du )?(?P<from>.+?)"
    r"(?:\s+(?:a|au|to|until|-|–|—)\s+|\s*[–—至到]\s*|(?<=\d{4})\s*[-/]\s*(?=\d{4}$))"
    r"(?P<to>.+)$"
)
_TODAY: Final = frozenset(
    (
        *("en cours", "aujourd'hui", "a ce jour", "ce jour"),
        *("present", "now", "today", "ongoing", "..", "今", "至今", "现在"),
    )
)


def is_nothing(text: str) -> bool:
    """Whether a cell says nothing, in one of the ways in which people write that.

    >>> [is_nothing(text) for text in ("n.c.", "—", "Sans objet", "不详", "Nice", "#N/A")]
    [True, True, True, True, False, True]
    """
    words = " ".join(re.sub(r"[^\w]+", " ", plain(text)).split())
    return not words or words in _NOTHING


def is_total(text: str) -> bool:
    """Whether a cell opens a line of totals.

    >>> is_total("TOTAL GÉNÉRAL"), is_total("合计"), is_total("Totnes")
    (True, True, False)
    """
    return _TOTALS.search(plain(text).strip()) is not None


def order_of(texts: Iterable[str]) -> Order | None:
    """Whether a column writes the day or the month first; nothing when no date of it shows.

    >>> order_of(["03/04/2015", "25/12/2014"]), order_of(["03/04/2015"])
    ('dmy', None)

    :raises Unreadable: when some of its dates show one, and some the other.
    """
    shown: set[Order] = set()
    for text in texts:
        if found := _TWO_NUMBERS.match(text.strip().lower()):
            if int(found["a"]) > 12:  # noqa: PLR2004  # months of a year
                shown.add("dmy")
            elif int(found["b"]) > 12:  # noqa: PLR2004  # likewise
                shown.add("mdy")
    if len(shown) > 1:
        raise Unreadable("date-orders")
    return next(iter(shown), None)


def read_date(text: str, order: Order = "dmy") -> str:
    """A date as people write it, in EDTF.

    >>> read_date("1er mars 2015"), read_date("12/03/2015"), read_date("2015年3月")
    ('2015-03-01', '2015-03-12', '2015-03')
    >>> read_date("depuis 1998"), read_date("vers 1995"), read_date("années 1990")
    ('1998', '1995~', '199X')

    :raises Unreadable: when it is no date, or no day of any calendar.
    """
    line = " ".join(plain(text).replace("’", "'").split()).strip(" .,;")
    line = _WEEKDAY.sub("", line)
    if _ABOUT.match(line):
        exact = read_date(_ABOUT.sub("", line), order)
        return exact if exact.endswith(("~", "X")) else f"{exact}~"
    if _BEFORE.match(line):
        return f"[..{read_date(_BEFORE.sub('', line), order)}]"
    if _SINCE.match(line):
        return read_date(_SINCE.sub("", line), order)
    if (found := _DECADE.match(line)) and (found["s"] or "annees" in line):
        return f"{found['y']}X"
    if found := _DECADE_ZH.match(line):
        return f"{int(found['c']) - 1}{found['t']}X"
    if found := _TWO_NUMBERS.match(line):
        day, month = (found["a"], found["b"]) if order == "dmy" else (found["b"], found["a"])
        return _checked(f"{found['y']}-{int(month):02}-{int(day):02}")
    for form in _FORMS:
        if found := form.match(line):
            parts = found.groupdict()
            month = parts.get("m") or ""
            if name := parts.get("name"):
                month = str(_MONTHS.get(name, ""))
                if not month:
                    continue
            numbers = [parts["y"], *(f"{int(p):02}" for p in (month, parts.get("d")) if p)]
            return _checked("-".join(numbers))
    if re.fullmatch(r"[12]\d\d\d[\dX~?/.\-\[\]]*|\[.+\]|\.\./.+", text.strip()):
        return _checked(text.strip())  # EDTF already
    if re.fullmatch(rf"\d\d?{_SEP}\d\d?{_SEP}\d\d", line):
        raise Unreadable("date-short-year")
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", line):
        raise Unreadable("date-serial")
    raise Unreadable("no-date")


def read_period(text: str, order: Order = "dmy") -> tuple[str, str]:
    """A date or two: start and end; ``2015 – en cours`` has no end.

    >>> read_period("1998-2004"), read_period("de mars 2015 à 2018"), read_period("2015 - en cours")
    (('1998', '2004'), ('2015-03', '2018'), ('2015', ''))

    :raises Unreadable: when it is neither.
    """
    try:
        return read_date(text, order), ""
    except Unreadable:
        line = " ".join(plain(text).replace("’", "'").split())
        found = _RANGE.match(line)
        if not found:
            raise
        end = found["to"].strip()
        first = read_date(found["from"], order)
        return first, "" if end in _TODAY else read_date(end, order)


def _checked(date: str) -> str:
    try:
        bounds(date)
    except ValueError as error:
        raise Unreadable("no-such-day") from error
    return date


class Amount(NamedTuple):
    """A sum of money: whole units of a currency (ISO 4217), and whether it is exact."""

    value: int
    currency: str
    qualifier: str


_CURRENCIES: Final = (
    ("EUR", r"€|euros?|eur"),
    ("CNY", r"人民币|元|yuans?|rmb|cny|¥"),
    ("USD", r"us\$|\$|dollars?|usd|美元"),
)
_SCALES: Final = (
    (10**9, r"milliards?|billions?|md|亿"),
    (10**6, r"millions?|m"),
    (10**4, r"万"),
    (10**3, r"milliers?|thousands?|k"),
)
_QUALIFIERS: Final = (
    ("more-than", r"plus de|more than|over|>|超过"),
    ("nearly", r"pres de|nearly|almost|近"),
    ("about", r"environ|env\.?|about|around|~|约"),
    ("at-least", r"au moins|at least|minimum|至少"),
    ("at-most", r"au plus|jusqu'a|up to|at most|maximum|<|至多"),
)


def read_amount(text: str, currency: str = "") -> Amount:
    """A sum of money as people write it.

    >>> read_amount("12 000 €")
    Amount(value=12000, currency='EUR', qualifier='exactly')
    >>> read_amount("env. 1,5 M€")
    Amount(value=1500000, currency='EUR', qualifier='about')

    :param currency: of amounts that name none.
    :raises Unreadable: when it is no amount, or of no currency that is known.
    """
    line = " ".join(plain(text).replace("’", "'").split())
    qualifier, unit, scale = "exactly", currency, 1
    for name, words in _QUALIFIERS:
        line, hits = re.subn(rf"^(?:{words})\s*", "", line)
        if hits:
            qualifier = name
    for name, words in _CURRENCIES:
        line, hits = re.subn(rf"(?<![a-z])(?:{words})(?![a-z])|(?<=[km])(?:€)", "", line)
        if hits:
            unit = name
            break
    line = re.sub(r"\b(?:d'|de|ttc|ht)\s*", "", line).strip()
    for factor, words in _SCALES:
        if found := re.fullmatch(rf"(?P<n>.+?)\s*(?:{words})", line):
            line, scale = found["n"], factor
            break
    number = re.sub(r"[\s\u00a0\u202f']", "", line)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number):
        number = re.sub(r"[.,]", "", number)
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", number):
        number = number.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+", number):
        number = number.replace(",", "")
    number = number.replace(",", ".")
    try:
        value = Decimal(number) * scale
    except InvalidOperation as error:
        raise Unreadable("no-amount") from error
    if not value.is_finite() or value < 0 or value > 10**15:
        raise Unreadable("no-amount")
    if not unit:
        raise Unreadable("no-currency")
    if value != int(value):
        qualifier = "about" if qualifier == "exactly" else qualifier
    return Amount(round(value), unit, qualifier)


@cache
def _lists(scheme: str) -> Graph:
    return ontology_graph("themes.ttl" if scheme == "theme" else "lists.ttl")


@cache
def _labels(scheme: str) -> Mapping[str, str]:
    """The concepts of a list by every name that they have, in any language."""
    graph = _lists(scheme)
    found: dict[str, str] = {}
    for predicate in (SKOS.notation, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
        for member in sorted(map(str, graph.subjects(SKOS.inScheme, thing("scheme", scheme)))):
            if named := parse(member):
                for label in graph.objects(URIRef(member), predicate):
                    if isinstance(label, Text):
                        found.setdefault(_loose(str(label)), named.key)
    return found


def _loose(text: str) -> str:
    """A word without what changes between its forms: a plural s, an e of agreement, articles."""
    return "".join(
        re.sub(r"(?<=\w{3})(?:es|e|s)$", "", word) for word in re.findall(r"\w+", plain(text))
    )


def concept(scheme: str, text: str) -> str:
    """The concept of a list that a text names, by any of its names in any language; or nothing.

    >>> concept("link-kind", "Jumelages"), concept("state", "Terminé"), concept("theme", "水资源")
    ('twinning', 'ended', 'water')
    """
    bare = re.sub(r"\([^)]*\)|（[^）]*）", "", text)
    labels = _labels(scheme)
    return labels.get(_loose(text)) or labels.get(_loose(bare)) or ""


@cache
def concept_label(scheme: str, name: str, lang: Language) -> str:
    """What to call a concept of a list.

    >>> concept_label("link-kind", "twinning", "fr")
    'jumelage'
    """
    labels = _lists(scheme).objects(thing(scheme, name), SKOS.prefLabel)
    pairs = [(t.language or "", str(t)) for t in labels if isinstance(t, Text)]
    return best(pairs, lang) or name
