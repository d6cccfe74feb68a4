"""The words around a name: of its level, of what it lies in, of a body that is no place.

``ville de Lyon`` is a name with a word for its level (:func:`parts`); ``Suzhou, Jiangsu`` and
``Wujiang (Suzhou)`` are a name with another that tells where it lies (:func:`splits`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from maillage.spelling import plain

__all__ = [
    "LEVELS",
    "Parts",
    "levels_of",
    "names_a_body",
    "parts",
    "short_han",
    "splits",
    "two_scripts",
]

#: Levels in the order of their size, as they stand in the list of levels.
LEVELS: Final = (
    "country",
    "region",
    "province",
    "overseas-collectivity",
    "departement",
    "prefecture",
    "epci",
    "county",
    "commune",
    "city",
    "municipal-arrondissement",
)

# What may stand between a word for a level and the name.
_OF: Final = r"(?:\s+(?:de\s+la|de\s+l['’]|du|des|de|of\s+the|of|d['’])\s*|\s+)"


class Parts(NamedTuple):
    """A name without the word for its level, and the levels that the word may mean."""

    name: str
    levels: frozenset[str]


_TOWN: Final = frozenset({"commune", "city", "prefecture", "county", "province"})
_REGION: Final = frozenset({"region", "province", "overseas-collectivity"})

# What stands before or after a name, in French and English, and the levels that it may mean. A
# French text calls a Chinese province a region, and any town a ville.
_LATIN: Final[tuple[tuple[frozenset[str], tuple[str, ...]], ...]] = (
    (
        _TOWN,
        (
            "ville(?:-pr[ée]fecture)?",
            "cit[ée]",
            "mairie",
            "commune(?:\\s+nouvelle)?",
            "municipalit[ée]",
            "bourg",
            "village",
            "city(?:\\s+hall)?",
            "town",
            "municipality(?:\\s+government)?",
        ),
    ),
    (
        _REGION,
        (
            "r[ée]gion(?:\\s+(?:chinoise|fran[çc]aise|autonome(?:\\s+\\w+)?))?",
            "conseil\\s+r[ée]gional",
            "regional\\s+council",
            "(?:\\w+\\s+)?autonomous\\s+region",
            "province(?:\\s+chinoise)?",
            "[ée]tat",
            "state",
        ),
    ),
    (
        frozenset({"departement"}),
        (
            "d[ée]partement",
            "conseil\\s+(?:d[ée]partemental|g[ée]n[ée]ral)",
            "department",
            "departmental\\s+council",
        ),
    ),
    (
        frozenset({"epci"}),
        (
            "(?:euro)?m[ée]tropole",
            "communaut[ée](?:\\s+(?:urbaine|de\\s+communes|d['’]agglom[ée]ration))?",
            "agglo(?:m[ée]ration)?",
            "intercommunalit[ée]",
            "intercommunality",
            "metropolis",
            "urban\\s+community",
        ),
    ),
    (
        frozenset({"region", "departement", "overseas-collectivity"}),
        ("collectivit[ée](?:\\s+(?:territoriale|d['’]outre-mer|europ[ée]enne))?",),
    ),
    (
        frozenset({"prefecture", "region"}),
        (
            "pr[ée]fecture(?:\\s+autonome)?",
            "(?:autonomous\\s+)?prefecture(?:-level\\s+city)?",
        ),
    ),
    (
        frozenset({"county", "municipal-arrondissement", "region"}),
        (
            "district",
            "arrondissement",
            "comt[ée]",
            "county(?:-level\\s+city)?",
            "new\\s+area",
            "banni[èe]re",
            "banner",
        ),
    ),
    (frozenset({"country"}), ("pays", "country", "r[ée]publique", "republic")),
)


def _compiled(form: str) -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """The words for levels as patterns; ``{}`` in the form stands for any of them."""
    return [
        (re.compile(form.replace("{}", f"(?:{'|'.join(words)})"), re.IGNORECASE), levels)
        for levels, words in _LATIN
    ]


_ARTICLE: Final = "(?:la\\s+|le\\s+|the\\s+|l['’])?"
# Initials stand before a name only: after one, CR and CA are countries and states.
_INITIALS: Final = [
    (re.compile(rf"(?:{words})\s+(?=\S)", re.IGNORECASE), frozenset({level}))
    for words, level in (("cr", "region"), ("cd|cg", "departement"), ("cu|ca|cc", "epci"))
]
_BEFORE: Final = [*_compiled(_ARTICLE + "{}" + _OF + "(?=\\S)"), *_INITIALS]
_AFTER: Final = _compiled("\\s+{}$")
_ALONE: Final = _compiled(_ARTICLE + "{}")

# What Chinese names end in. 市 is a municipality, a prefecture-level or a county-level city.
_HAN_ENDS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("特别行政区", frozenset({"province"})),
    ("自治区", frozenset({"province", "region"})),
    ("自治州", frozenset({"prefecture"})),
    ("自治县", frozenset({"county"})),
    ("自治旗", frozenset({"county"})),
    ("市镇联合体", frozenset({"epci"})),
    ("大都会", frozenset({"epci"})),
    ("大区", frozenset({"region"})),
    ("市镇", frozenset({"commune"})),
    ("地区", frozenset({"prefecture"})),
    ("新区", frozenset({"county"})),
    ("林区", frozenset({"county"})),
    ("省", frozenset({"province", "departement", "region"})),
    ("市", _TOWN),
    ("州", frozenset({"prefecture", "region"})),
    ("盟", frozenset({"prefecture"})),
    ("县", frozenset({"county", "region"})),
    ("縣", frozenset({"county", "region"})),
    ("旗", frozenset({"county"})),
    ("区", frozenset({"county", "municipal-arrondissement"})),
    ("區", frozenset({"county", "municipal-arrondissement"})),
    ("国", frozenset({"country"})),
)


def parts(text: str) -> Iterator[Parts]:
    """Take the words for a level from a name; nothing comes when there are none.

    >>> [p.name for p in (*parts("ville de Lyon"), *parts("Conseil régional d'Alsace"))]
    ['Lyon', 'Alsace']
    >>> [(p.name, sorted(p.levels)) for p in parts("四川省")]
    [('四川', ['departement', 'province', 'region'])]
    """
    text = text.strip()
    for pattern, levels in _BEFORE:
        if found := pattern.match(text):
            yield Parts(text[found.end() :].strip(), levels)
    for pattern, levels in _AFTER:
        if (found := pattern.search(text)) and found.start() > 0:
            yield Parts(text[: found.start()].strip(" ,"), levels)
    for end, levels in _HAN_ENDS:
        if text.endswith(end) and len(text) > len(end) + (end in {"州", "国"}):
            yield Parts(text[: -len(end)], levels)


@lru_cache(maxsize=1024)
def levels_of(text: str) -> frozenset[str]:
    """The levels that a word means: one of the list, or a word of French, English or Chinese.

    >>> sorted(levels_of("région")), sorted(levels_of("prefecture")), levels_of("Lyon")
    (['overseas-collectivity', 'province', 'region'], ['prefecture'], frozenset())
    """
    word = text.strip().strip("()（）").casefold()
    if word in LEVELS:
        return frozenset({word})
    for pattern, levels in _ALONE:
        if pattern.fullmatch(word):
            return levels
    for end, levels in _HAN_ENDS:
        if word == end:
            return levels
    return frozenset()


_SPLITS: Final = (
    re.compile(r"^(?P<name>.+?)\s*[(\[（［](?P<other>[^()（）\[\]［］]+)[)\]）］]\s*$"),
    re.compile(r"^(?P<name>[^,，、]+?)\s*[,，、]\s*(?P<other>.+)$"),
    re.compile(r"^(?P<name>.+?)\s+[-‐‑–—]\s*(?P<other>.+)$"),
    re.compile(r"^(?P<name>.+?)\s*[/|]\s*(?P<other>.+)$"),
)


def splits(text: str) -> Iterator[tuple[str, str]]:
    """A name that carries another, taken apart: the name, and what tells where it lies.

    >>> list(splits("Wujiang (Suzhou)")), list(splits("Suzhou – Wujiang")), list(splits("Lens"))
    ([('Wujiang', 'Suzhou')], [('Suzhou', 'Wujiang')], [])
    """
    for pattern in _SPLITS:
        if found := pattern.match(text):
            yield found["name"].strip(), found["other"].strip()


_SIDE_BY_SIDE: Final = (
    re.compile(r"(?P<latin>[^\u3400-\u9fff]+?)\s*(?P<han>[\u3400-\u9fff]+)"),
    re.compile(r"(?P<han>[\u3400-\u9fff]+)\s*(?P<latin>[^\u3400-\u9fff]+)"),
)


def two_scripts(text: str) -> Iterator[tuple[str, str]]:
    """A name in Latin letters and in characters, side by side.

    >>> list(two_scripts("成都 Chengdu")), list(two_scripts("Chengdu"))
    ([('Chengdu', '成都')], [])
    """
    for pattern in _SIDE_BY_SIDE:
        if found := pattern.fullmatch(text):
            yield found["latin"], found["han"]


# The peoples after whom autonomous divisions are named: 广西壮族自治区 is short 广西.
_PEOPLES: Final = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西"
    "|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂"
    "|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS: Final = re.compile(
    rf"(?:(?:{_PEOPLES})族|维吾尔|蒙古|哈萨克|柯尔克孜)*自治(?:区|州|县|旗)$"
)
_HAN_END: Final = re.compile(
    r"(?<=..)(?:特别行政区|特別行政區|地区|地區|大区|林区|新区|新區|省|市|县|縣|区|區|盟|旗)$"
)


def short_han(name: str) -> str:
    """A Chinese name without the word for its level and the peoples it is named after.

    >>> short_han("广西壮族自治区"), short_han("内蒙古自治区"), short_han("滨海新区")
    ('广西', '内蒙古', '滨海')
    >>> short_han("成都市"), short_han("歙县")
    ('成都', '歙县')
    """
    short = _AUTONOMOUS.sub("", name)
    if short != name:
        # 蒙古 is a people, and a part of the name of 内蒙古
        return short if len(short) > 1 else re.sub("自治[区州县旗]$", "", name)
    return _HAN_END.sub("", name)


# Words of bodies that bear the name of a place and are none.
_BODIES: Final = re.compile(
    r"\b(?:universit|college|institut|ecole|hopital|hospital|chambre de commerce|association"
    r"|ministere|ministry|academie|academy)|大学|学院|医院|协会|公司"
)


def names_a_body(text: str) -> bool:
    """Whether a text names a university, an institute or the like.

    >>> names_a_body("Université de Nankin"), names_a_body("Nankin")
    (True, False)
    """
    return _BODIES.search(plain(text)) is not None
