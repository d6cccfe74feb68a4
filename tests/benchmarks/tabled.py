"""Made-up rows of the table of links, and what they refer to: ``tabled.py FOLDER --rows 100000``.

The places are ours; a few have many links. Each document speaks of a hundred links; every fifth row
is the second source of a link before it. One date in fifty may be older than a place it joins, for
the rules to find. The same number and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.lines import Dice
from generator.links import KINDS, STATES

from maillage.folders import folder
from maillage.gazetteer import gazetteer

__all__ = ["tabled"]

#: Rows of one file: a table that people hand in has 200 MB at most.
PART = 250_000
#: Links of one document, and how many rows come before the same link is told again.
LINKS, AGAIN = 100, 5
PLACES = 2_000
THEMES = ("culture", "economy", "ageing", "crafts", "climate", "cinema", "art-of-living")
DATES = {"": 0.46, "{y}": 0.27, "{y}-{m:02}-{d:02}": 0.15, "{y}-{m:02}": 0.08, "{y}~": 0.04}
#: How many links may be dated before their places came to be what they are.
MISDATED = 0.02
CERTAIN = {"stated": 0.8, "to-be-confirmed": 0.1, "inferred": 0.1}
RECORDED = {"recorder": "maillage", "recorded": "2026-11-22"}


def tabled(where: Path, rows: int, seed: int = 1) -> Path:
    """The tables, in a folder; made when it holds none yet."""
    where.mkdir(parents=True, exist_ok=True)
    if not (where / "sources.csv").exists():
        made = _links(rows, seed)
        for part, start in enumerate(range(0, rows, PART)):
            count = min(PART, rows - start)
            _write(where, "links", (next(made) for _ in range(count)), part)
        _write(where, "recorders", [{"key": "maillage", "name": "Maillage"}])
        _write(where, "sources", _documents(rows))
    return where


def _write(
    where: Path, table: str, rows: Iterator[dict[str, str]] | list[dict[str, str]], part: int = 0
) -> None:
    shipped = folder("data") / f"{table}.csv"
    with shipped.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    name = f"{table}-{part}" if part else table
    described = shipped.with_name(f"{table}.csv-metadata.json").read_bytes()
    (where / f"{name}.csv-metadata.json").write_bytes(described)
    with (where / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _documents(rows: int) -> Iterator[dict[str, str]]:
    for number in range(rows // LINKS + 1):
        yield {
            "key": f"doc-{number}",
            "kind": "web-page",
            **{f"title_{lang}": f"Document {number}" for lang in ("fr", "en", "zh")},
            "language": "fr",
            "address": f"https://example.org/doc/{number}",
            "seen": "2026-11-21",
            "licence": "http://rightsstatements.org/vocab/CNE/1.0/",
        }


def _links(rows: int, seed: int) -> Iterator[dict[str, str]]:
    dice = Dice("rows", seed)
    known = gazetteer()
    standing = sorted(key for key in known.places if not known.is_former(key))
    french = [key for key in standing if known[key].level == "commune"][:PLACES]
    chinese = [key for key in standing if known[key].level in {"prefecture", "county"}][:PLACES]
    # the latest year, of a date that is not exact
    came = {
        key: max(map(int, re.findall(r"\d{4}", change.date) or ["0"]))
        for key, change in known.began.items()
    }
    met: set[tuple[str, str]] = set()
    before: Mapping[str, str] = {}
    for number in range(rows):
        source = {"source": f"doc-{number // LINKS}"}
        if number % AGAIN == AGAIN - 1:
            # the document before speaks of it, too, and knows less
            less = {name: before[name] for name in ("kind", "parties", "start")}
            yield {
                **less,
                "source": f"doc-{number // LINKS + 1}",
                "certainty": "stated",
                **RECORDED,
            }
            continue
        pair = chinese[dice.few(len(chinese))], french[dice.few(len(french))]
        while pair in met:
            pair = chinese[dice.below(len(chinese))], french[dice.below(len(french))]
        met.add(pair)
        earliest = max(came.get(key, 0) for key in pair) + 1
        before = {**_link(dice, pair, number, earliest), **source, **RECORDED}
        yield dict(before)


def _link(dice: Dice, pair: tuple[str, str], number: int, earliest: int) -> dict[str, str]:
    kinds = {kind: share for kind, share in KINDS.items() if kind != "triangular-cooperation"}
    state = dice.weighted(STATES)
    year = 1975 + dice.below(45)
    if not dice.chance(MISDATED):
        year = max(year, earliest)
    date = dice.weighted(DATES).format(y=year, m=1 + dice.below(12), d=1 + dice.below(28))
    row = {
        "kind": dice.weighted(kinds),
        "parties": ";".join(sorted(f"place/{key}" for key in pair)),
        "state": state,
        "start": date,
        "end": str(year + 2 + dice.below(3)) if state == "ended" else "",
        "section": f"Paragraphe {1 + dice.below(40)}",
        "certainty": dice.weighted(CERTAIN),
    }
    if dice.chance(0.4):
        themes = {THEMES[dice.below(len(THEMES))] for _ in range(1 + dice.below(3))}
        row["themes"] = ";".join(sorted(themes))
    if dice.chance(0.1):
        row["signed"] = str(year)
    if dice.chance(0.2):
        row["purpose_fr"] = f"Échanges scolaires et culturels, projet « {number} »."
        row["purpose_en"] = f"School and cultural exchanges, project “{number}”."
        row["purpose_zh"] = f"学校与文化交流，项目{number}。"
    if dice.chance(0.3):
        start = dice.below(90_000)
        row["lines"], row["chars"] = str(1 + start // 80), f"{start}-{start + 40 + dice.below(200)}"
        row["page"] = str(1 + start // 3_000)
    if row["certainty"] == "inferred":
        row["reason_fr"] = "Déduit du titre du document."
        row["reason_en"] = "Deduced from the title of the document."
        row["reason_zh"] = "由文件标题推断。"
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(tabled(given.folder, given.rows, given.seed))


if __name__ == "__main__":
    main()
