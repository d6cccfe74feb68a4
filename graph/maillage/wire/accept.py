"""What a client accepts: media types, languages and codings, by weight and by how exact they are.

RFC 9110, 12.4 and 12.5. A header that cannot be read is one that was not sent: refusing a client
for a stray comma helps nobody, and what it then gets is named in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from maillage.words import Language

__all__ = ["Offer", "coding", "language", "ranked"]

# Nobody accepts more things than this; the rest of a header is not read.
_MOST: Final = 100

_WEIGHT: Final = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# A parameter's value may be quoted, and then hold commas and semicolons; a quotation that does not
# end takes what is left. What was read is never read again (++), or a header that means harm would
# take the time of its length squared.
_PART: Final = re.compile(r'(?:[^,"]++|"(?:[^"\\]++|\\.)*+(?:"|\\?\Z))+', re.DOTALL)
_PARAMETER: Final = re.compile(r';\s*([^\s;="]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)')


class Offer(NamedTuple):
    """Something that a client can have.

    :ivar named: it is given only to who names its type: a wildcard does not mean it.
    """

    media_type: str
    named: bool = False


class _Range(NamedTuple):
    value: str
    weight: float
    parameters: frozenset[tuple[str, str]]


def ranked(header: str | None, offers: Sequence[Offer]) -> list[str]:
    """The media types that a client accepts, best first; of equal ones, in the order offered.

    The most exact range that fits an offer gives its weight, so that ``text/turtle;q=0, */*``
    takes everything but Turtle. No header accepts everything.

    >>> rows = [Offer("application/json"), Offer("text/csv"), Offer("text/html", named=True)]
    >>> ranked("text/csv;q=0.5, */*;q=0.1", rows)
    ['text/csv', 'application/json']
    >>> ranked("text/html, */*;q=0.8", rows)
    ['text/html', 'application/json', 'text/csv']
    >>> ranked("*/*", rows), ranked("image/png", rows)
    (['application/json', 'text/csv'], [])
    """
    ranges = [range_ for range_ in _ranges(header) if "/" in range_.value]
    if not ranges:
        return [offer.media_type for offer in offers if not offer.named]
    weighed = [(_weight(offer, ranges), offer.media_type) for offer in offers]
    return [kind for weight, kind in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]


def _weight(offer: Offer, ranges: Sequence[_Range]) -> float:
    """The weight that the most exact of the fitting ranges gives an offer; 0 when none fits."""
    main, _, _ = offer.media_type.partition("/")
    found: tuple[int, float] | None = None
    for range_ in ranges:
        if range_.value == offer.media_type:
            # our text is UTF-8, which a client may say that it wants; other parameters name
            # variants that we have not
            if range_.parameters - {("charset", "utf-8")}:
                continue
            exact = 3 if range_.parameters else 2
        elif range_.value == f"{main}/*" and not range_.parameters:
            exact = 1
        elif range_.value == "*/*" and not range_.parameters:
            exact = 0
        else:
            continue
        if offer.named and exact < 2 and range_.weight > 0:  # noqa: PLR2004  # a wildcard
            continue
        if found is None or exact > found[0]:
            found = (exact, range_.weight)
    return found[1] if found else 0.0


def language(header: str | None) -> Language:
    """The language of ours that a reader reads best; English for who reads none of them.

    >>> language("zh-TW, fr;q=0.8"), language("de, fr;q=0.3, en;q=0.1"), language("de")
    ('zh', 'fr', 'en')
    """
    best: tuple[float, Language] = (0.0, "en")
    refused = set()
    for range_ in _ranges(header):
        start = range_.value.split("-")[0]
        spoken: tuple[Language, ...] = ("en", "fr", "zh")
        if range_.weight == 0:
            refused.add(start)
        for lang in spoken:
            if start == lang and range_.weight > best[0]:
                best = (range_.weight, lang)
        if range_.value == "*" and range_.weight > best[0]:
            best = (range_.weight, next(lang for lang in spoken if lang not in refused))
    return best[1]


def coding(header: str | None) -> str:
    """How to pack the answer: ``gzip`` for who asks for it, else ``identity``.

    >>> coding("gzip, br"), coding("gzip;q=0, *"), coding("br, *;q=0.1")
    ('gzip', 'identity', 'gzip')
    >>> coding("identity, gzip;q=0.5"), coding(None)
    ('identity', 'identity')
    """
    weights = {range_.value: range_.weight for range_ in _ranges(header)}
    packed = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    # "identity" that is not named is worth less than anything that is (RFC 9110, 12.5.3)
    return "gzip" if packed > 0 and packed >= weights.get("identity", 0.0) else "identity"


def _ranges(header: str | None) -> Iterator[_Range]:
    """The well-formed members of a header, in lower case, with weight and other parameters."""
    for count, part in enumerate(_PART.findall(header or "")):
        if count >= _MOST:
            return
        value, _, rest = part.partition(";")
        value = value.strip().lower()
        if not all(map(_TOKEN.fullmatch, value.split("/"))):
            continue
        weight, parameters = 1.0, set()
        for name, text in _PARAMETER.findall(";" + rest):
            if name.lower() == "q":
                if not _WEIGHT.fullmatch(text):
                    weight = -1.0
                    break
                weight = float(text)
                break  # what follows the weight describes no media type
            parameters.add((name.lower(), text.strip('"').lower()))
        if weight >= 0:
            yield _Range(value, weight, frozenset(parameters))
