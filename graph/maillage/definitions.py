"""What each measure of the network is: names, definitions, units, conventions and papers.

The words stand in ``measures.toml``, side by side in three languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from maillage.words import Language

__all__ = ["Definition", "Published", "definitions", "published", "reason_text"]

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Definition:
    """What one measure is.

    :ivar scope: ``node`` (of each party) or ``network`` (of the whole).
    :ivar convention: what was decided where the paper leaves a choice.
    """

    id: str
    scope: str
    label: Texts
    definition: Texts
    unit: Texts
    convention: Texts
    citation: str
    doi: str


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(files("maillage").joinpath("measures.toml").read_text(encoding="utf-8"))


@cache
def definitions() -> Mapping[str, Definition]:
    """All measures by their identifier, in the order of columns and rows.

    >>> definitions()["core"].label["fr"], definitions()["core"].doi
    ('k-noyau', '10.1016/0378-8733(83)90028-X')
    """
    common = _file()["convention"]
    return {
        name: Definition(
            id=name,
            scope=entry["scope"],
            label=entry["label"],
            definition=entry["definition"],
            unit=_file()["units"][entry["unit"]],
            convention={
                lang: _sentences(common[lang], entry.get("note", {}).get(lang), lang)
                for lang in common
            },
            citation=entry["citation"],
            doi=entry["doi"],
        )
        for name, entry in _file()["measures"].items()
    }


@dataclass(frozen=True, slots=True)
class Published:
    """What others published of a comparable network.

    :ivar values: their value of some of our measures, by the same definitions.
    :ivar differs: why ours cannot be equal.
    """

    citation: str
    address: str
    values: Mapping[str, int | float]
    label: Texts
    differs: Texts


@cache
def published() -> tuple[Published, ...]:
    """Networks of others to read ours beside.

    >>> published()[0].values["transitivity"]
    0.111361
    """
    return tuple(Published(**entry) for entry in _file()["published"].values())


def _sentences(one: str, other: str | None, lang: str) -> str:
    return one if other is None else one + ("" if lang == "zh" else " ") + other


def reason_text(reason: str, lang: Language) -> str:
    """Why a measure has no value, in words.

    >>> reason_text("no-network", "en")
    'no link in the network'
    """
    return str(_file()["reasons"][reason][lang])
