"""What a match found, as tables: one row a name asked, and the names that a person should decide.

The second table is the one that ``maillage build`` honours (``identifications``): people fill
``decision`` (the key of a place; ``same`` for the place proposed; ``none`` for no place at all),
``decided_by`` and ``decided_on``. A decision once taken is kept, whatever is matched later.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from maillage.errors import BadTables, TableFault
from maillage.folders import folder
from maillage.gazetteer import Gazetteer
from maillage.match import Hints, Match, Written
from maillage.settle import decided
from maillage.tables import read_table
from maillage.words import LANGUAGES, Language, say

__all__ = ["FOUND", "REVIEW", "decisions", "found_rows", "review_table", "summary"]

#: What is said of each name, after the columns of the list that was read.
FOUND: Final = (
    "verdict",
    "place",
    "code",
    "label",
    "level",
    "parent",
    "label_fr",
    "label_en",
    "label_zh",
    "start",
    "end",
    "score",
    "reason",
    "runner_up",
    "runner_up_label",
    "runner_up_score",
)

#: The columns of the table of identifications.
REVIEW: Final = (
    "name",
    "country",
    "level",
    "parent",
    "verdict",
    "place",
    "label",
    "score",
    "reason",
    "runner_up",
    "runner_up_label",
    "runner_up_score",
    "decision",
    "decided_by",
    "decided_on",
    "note",
)

# The first column that people fill in.
_THEIRS: Final = REVIEW.index("decision")
# How many of the places that share a name are listed in the reason.
_LISTED: Final = 6


def because(match: Match, lang: Language) -> str:
    """Why, in a sentence."""
    return " ".join(say(f"match.{reason}", lang) for reason in match.reasons)


def found_rows(matches: Iterable[Match], places: Gazetteer, lang: Language) -> list[list[str]]:
    """For each match the values of :data:`FOUND`."""
    rows = []
    for match in matches:
        place = places[match.place] if match.place else None
        other = match.runner_up
        above = place.parents[0] if place and place.parents else ""
        rows.append(
            [
                match.verdict,
                match.place,
                place.code if place else "",
                place.label(lang) if place else "",
                say(f"level.{place.level}", lang) if place else "",
                places[above].label(lang) if above in places else "",
                *(place.label(each) if place else "" for each in LANGUAGES),
                *(places.validity(place.key) if place else ("", "")),
                _score(match.score),
                because(match, lang),
                other.place if other else "",
                places.caption(other.place, lang) if other else "",
                _score(other.score) if other else "",
            ]
        )
    return rows


def _score(score: float) -> str:
    return f"{score:.2f}" if score else ""


def decisions(path: Path, places: Gazetteer) -> dict[Written, str]:
    """What people decided in a table of identifications: name and hints, to a key or nothing.

    :raises BadTables: when the table is not well formed, or a decision is the key of no place.
    """
    (table,) = decided([read_table(path, "identifications")])
    found: dict[Written, str] = {}
    faults = []
    for row in table.rows:
        place = row.one("decision")
        if place and place not in places:
            close = ", ".join(get_close_matches(place, list(places.places), 3)) or "-"
            values: dict[str, object] = {"kind": "place", "close": close}
            where = row.cells["decision"].position
            faults.append(TableFault(where, "decision", place, "unknown-reference", values))
        hints = (row.one(column) for column in ("country", "level", "parent"))
        found[row.one("name"), *hints] = place  # type: ignore[index]  # three of them
    if faults:
        raise BadTables(faults)
    return found


def review_table(
    asked: Sequence[tuple[str, Hints]],
    matches: Sequence[Match],
    places: Gazetteer,
    lang: Language,
    kept: Path | None = None,
) -> bytes:
    """The names that were not accepted, once each, for a person to decide; as CSV.

    :param kept: a table made before: its decided rows stay as they are, and so does what people
        wrote beside the others.
    """
    rows: dict[tuple[str, ...], list[str]] = {}
    begun: dict[tuple[str, ...], list[str]] = {}
    if kept is not None and kept.is_file():
        with kept.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                cells = [row.get(column) or "" for column in REVIEW]
                if row.get("decision"):
                    rows[tuple(cells[:4])] = cells
                else:
                    begun[tuple(cells[:4])] = cells[_THEIRS:]
    for (name, hints), match in zip(asked, matches, strict=True):
        known = (_shown(name), *hints[:3])
        if match.verdict == "accepted" or known in rows or match.reasons[:1] == ("decided-none",):
            continue
        theirs = begun.get(known, [""] * (len(REVIEW) - _THEIRS))
        rows[known] = [*known, *_proposal(match, places, lang), *theirs]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(REVIEW)
    writer.writerows(rows[known] for known in sorted(rows))
    return out.getvalue().encode()


def _shown(name: str) -> str:
    """A name as a cell that spreadsheets leave alone and our own tables accept.

    A formula gets an apostrophe, and only the start of what is far too long is shown.
    """
    text = " ".join("".join(c for c in name if c.isprintable() or c.isspace()).split())[:200]
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def _proposal(match: Match, places: Gazetteer, lang: Language) -> list[str]:
    shown = match.place
    other = next((c for c in match.candidates if c.place != shown), None)
    first = next((c for c in match.candidates if c.place == shown), None)
    reason = because(match, lang)
    if match.verdict == "ambiguous":
        reason += " " + "; ".join(
            f"{c.place} {places.caption(c.place, lang)}"
            for c in match.candidates[: min(match.rivals, _LISTED)]
        )
    return [
        match.verdict,
        shown,
        places[shown].label(lang) if shown else "",
        _score(first.score) if first else "",
        reason,
        other.place if other else "",
        places.caption(other.place, lang) if other else "",
        _score(other.score) if other else "",
    ]


def summary(matches: Sequence[Match], lang: Language) -> str:
    """How many names were accepted, proposed, ambiguous and unknown, in a line."""
    counts: Mapping[str, int] = Counter(match.verdict for match in matches)
    values = {v: counts.get(v, 0) for v in ("accepted", "review", "ambiguous", "unknown")}
    return say("match.summary", lang, total=len(matches), **values)


def house_decisions() -> Path:
    """The decisions that travel with the data."""
    return folder("data") / "identifications.csv"
