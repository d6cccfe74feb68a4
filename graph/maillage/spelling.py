"""How the same name may be spelt: accents, hyphens, articles, Saint and St, pinyin, characters.

``Saint-Étienne``, ``St Etienne`` and ``SAINT ETIENNE`` are one name (:func:`key`). Nothing here
knows a single place; the words that may stand around a name are in :mod:`maillage.phrases`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache
from heapq import nlargest
from typing import Any, Final

__all__ = [
    "is_han",
    "is_toned",
    "key",
    "keys",
    "nearest",
    "plain",
    "scripts",
    "simplified",
    "sung",
    "unreadable",
]

# Letters that Unicode does not take apart, as French and English write them without.
_LETTERS: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "th", "ħ": "h"}
)
_NO_LETTER: Final = re.compile(r"[\W_]+")
# Combining marks of Latin and Greek, half marks, and the letter-like apostrophes ʻ ʼ.
_COMBINING: Final = re.compile(
    r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u02b0-\u02ff]"
)
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Words that are written in full or short, in the form that stands in a key.
_WORDS: Final = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "lez": "les",
    "s": "sur",
    "mt": "mont",
    "and": "et",
}
# More than the engines may differ by when they round the same share.
_ROUNDED: Final = 1e-4
_ARTICLES: Final = frozenset({"le", "la", "les", "l", "the"})


def is_han(text: str) -> bool:
    """Whether a text is written, at least in part, in Chinese characters.

    >>> is_han("成都市"), is_han("Chengdu")
    (True, False)
    """
    return _HAN.search(text) is not None


def plain(text: str) -> str:
    """Lower case, without accents and with every letter as French and English have it."""
    wide = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return _COMBINING.sub("", wide) if not wide.isascii() else wide


def keys(text: str) -> tuple[str, str]:
    """A name as people compare names, and the same without an article at its start.

    Accents, case, hyphens, apostrophes and spaces do not count; Saint and St are one, *lès* and
    *lez* too. The second is empty where there is no article.

    >>> keys("Le Havre"), keys("L'Haÿ-les-Roses"), keys("Lens")
    (('lehavre', 'havre'), ('lhaylesroses', 'haylesroses'), ('lens', ''))
    """
    lower = text.lower() if text.isascii() else plain(text)
    if lower.isalpha() and lower.isascii():  # most names are one word
        return _WORDS.get(lower, lower), ""
    words = [_WORDS.get(word, word) for word in _NO_LETTER.split(lower) if word]
    loose = "".join(words[1:]) if len(words) > 1 and words[0] in _ARTICLES else ""
    return "".join(words), loose


def key(text: str) -> str:
    """A name as people compare names (:func:`keys`).

    >>> key("Saint-Étienne") == key("ST ETIENNE") == "saintetienne"
    True
    >>> key("Xi’an"), key("Chéng Dū"), key("Villeneuve-lez-Avignon"), key("成都 市")
    ('xian', 'chengdu', 'villeneuvelesavignon', '成都市')
    """
    return keys(text)[0]


def scripts(text: str) -> set[str]:
    """The scripts of the letters of a text, by the first word of their Unicode names.

    >>> sorted(scripts("Paris")), sorted(scripts("Pаris"))
    (['LATIN'], ['CYRILLIC', 'LATIN'])
    """
    return {
        unicodedata.name(character, "UNKNOWN").split()[0]
        for character in text
        if unicodedata.category(character).startswith("L")
    } - {"MODIFIER"}


# Marks of tone: macron, acute, caron, grave.
_TONES: Final = re.compile("[\u0304\u0301\u030c\u0300]")


def is_toned(name: str) -> bool:
    """Whether a name may be pinyin with its tones; Évry may be, and then no pinyin fits it.

    >>> is_toned("Fúzhōu"), is_toned("Fuzhou")
    (True, False)
    """
    return not name.isascii() and _TONES.search(unicodedata.normalize("NFD", name)) is not None


def sung(name: str) -> str:
    """Pinyin with its tones, as one word, to compare by.

    >>> sung("Xī'ān") == sung("xī ān")
    True
    """
    return "".join(c for c in unicodedata.normalize("NFC", name.casefold()) if c.isalpha())


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def simplified(name: str) -> str:
    """Chinese characters as the mainland writes them, by OpenCC.

    >>> simplified("廣州"), simplified("臺州")
    ('广州', '台州')
    """
    return str(_converter().convert(name))


#: Longest text that is taken for a name: the longest commune of France has 45 characters.
LONGEST: Final = 200


def unreadable(name: str) -> str:
    """Why a text is no name at all, as the end of a key of the words; empty for a name.

    >>> unreadable("Paris"), unreadable("?"), unreadable("=1+1"), unreadable("Pаris")
    ('', 'no-letters', 'formula', 'mixed-scripts')
    """
    if not name:
        return "empty"
    if len(name) > LONGEST:
        return "too-long"
    if name[0] in "=@" or (name[0] in "+-" and "(" in name):
        return "formula"
    if not any(character.isalnum() for character in name):
        return "no-letters"
    if len(scripts(name) - {"CJK"}) > 1:
        return "mixed-scripts"
    return ""


def nearest(word: str, words: Iterable[str], n: int = 3, cutoff: float = 0.6) -> list[str]:
    """What :func:`difflib.get_close_matches` gives, many times as fast.

    The longest common subsequence, which a compiled engine finds, is never shorter than the blocks
    that ``difflib`` matches: so only the words that it puts first have to be looked at.

    >>> nearest("cn-420010", ["cn-420000", "cn-420100", "fr-commune-33063", "cn-510100"], n=1)
    ['cn-420100']
    """
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extract

    matcher = SequenceMatcher()
    matcher.set_seq2(word)
    best: list[tuple[float, str]] = []
    ranked = extract(
        word, words, scorer=Indel.normalized_similarity, limit=None, score_cutoff=cutoff - _ROUNDED
    )
    for other, at_most, _ in ranked:
        if len(best) == n and at_most + _ROUNDED < best[-1][0]:
            break
        matcher.set_seq1(other)
        if (ratio := matcher.ratio()) >= cutoff:
            best = nlargest(n, [*best, (ratio, other)])
    return [other for _, other in best]
