"""How well names are matched: ``python tests/measure_matching.py`` writes ``golden/matching.txt``.

The test set ``mentions.csv`` holds names as documents and tables write them, each with the hints
that stand beside it and the right answer: the key of a place, ``ambiguous`` (several places bear
the name and nothing given tells which) or ``unknown`` (no place of the gazetteers). Precision is
of what was accepted without review; recall is of the names that have a right answer. Where the
lists of twinnings are at hand, the share that was matched is added, by country.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from maillage.gazetteer import gazetteer
from maillage.match import Hints, Match, Matcher

HERE = Path(__file__).resolve().parent
REPORT = HERE / "golden" / "matching.txt"
LISTS = HERE.parents[1] / "shared" / "facts" / "twinnings"
ASKED_FOR = ("ambiguous", "unknown")


def mentions() -> list[dict[str, str]]:
    """The rows of the test set."""
    with (HERE / "mentions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hints(row: Mapping[str, str]) -> Hints:
    """What stands beside a name."""
    point = (float(row["lat"]), float(row["lng"])) if row["lat"] else (None, None)
    return Hints(row["country"], row["level"], row["parent"], row["language"], *point)


def judged(matcher: Matcher) -> list[tuple[dict[str, str], Match]]:
    """Each row of the test set with what the matcher says."""
    return [(row, matcher.match(row["name"], hints(row))) for row in mentions()]


class Score:
    """Counts of one class of mentions."""

    def __init__(self, rows: Sequence[tuple[dict[str, str], Match]]) -> None:
        self.rows = len(rows)
        accepted = [(row, m) for row, m in rows if m.verdict == "accepted"]
        self.accepted = len(accepted)
        self.right = sum(row["expected"] == m.place for row, m in accepted)
        answerable = [(row, m) for row, m in rows if row["expected"] not in ASKED_FOR]
        self.answerable = len(answerable)
        self.proposed = sum(row["expected"] == m.place for row, m in answerable)
        others = [(row, m) for row, m in rows if row["expected"] in ASKED_FOR]
        self.others = len(others)
        self.held = sum(m.verdict != "accepted" for _, m in others)

    @property
    def precision(self) -> float:
        """Of what was accepted without review, the share that is right."""
        return self.right / self.accepted if self.accepted else 1.0

    @property
    def recall(self) -> float:
        """Of the names that have a right answer, the share that was accepted and is right."""
        return self.right / self.answerable if self.answerable else 1.0


def report() -> Iterator[str]:
    """The lines of the report on the test set."""
    rows = judged(Matcher(gazetteer()))
    classes: dict[str, list[tuple[dict[str, str], Match]]] = defaultdict(list)
    for row, match in rows:
        classes[row["class"]].append((row, match))
    yield f"Names of places as documents write them: {len(rows)} mentions of tests/mentions.csv"
    yield "precision: of what is accepted without review; recall: of names with a right answer;"
    yield "proposed: the right place is accepted or put first for review;"
    yield "held back: of the ambiguous and unknown, those not accepted"
    yield ""
    yield f"{'class':12}{'rows':>6}{'precision':>11}{'recall':>9}{'proposed':>10}{'held back':>13}"
    for name, found in [*sorted(classes.items()), ("all", rows)]:
        s = Score(found)
        proposed = s.proposed / s.answerable
        held = f"{s.held}/{s.others}"
        yield f"{name:12}{s.rows:6}{s.precision:11.3f}{s.recall:9.3f}{proposed:10.3f}{held:>13}"
    yield ""
    yield "What is not as it should be (name | hints | wanted | verdict and place | reasons):"
    for row, match in rows:
        got = match.place if match.verdict == "accepted" else match.verdict
        harmless = row["expected"] in ASKED_FOR and match.verdict != "accepted"
        if got != row["expected"] and not harmless:
            beside = ", ".join(str(h) for h in hints(row) if h not in {"", None})
            said = f"{match.verdict} {match.place}".strip()
            why = " ".join(match.reasons)
            yield f"  {row['name']} | {beside} | {row['expected']} | {said} | {why}"


def lists() -> Iterator[str]:
    """The lines on the lists of twinnings, which do not travel with the repository."""
    matcher = Matcher(gazetteer())
    with (LISTS / "fr_cn_pairs_hekman.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    yield ""
    yield f"The {len(pairs)} Franco-Chinese pairs, by name and country alone:"
    for side, country in (("french_city", "fr"), ("chinese_city", "cn")):
        found = Counter(matcher.match(row[side], Hints(country)).verdict for row in pairs)
        yield f"  {side:13}" + _shares(found, len(pairs))
    with (LISTS / "app_public_twin_cities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    bare: dict[str, Counter[str]] = defaultdict(Counter)
    pointed: dict[str, Counter[str]] = defaultdict(Counter)
    near = far = 0
    for row in rows:
        for n in "12":
            name, country = row[f"city{n}"], row[f"country{n}"]
            point = (float(row[f"lat{n}"]), float(row[f"lng{n}"])) if row[f"lat{n}"] else None
            match = matcher.match(name, Hints(country, language="en"))
            where = country if _is_one(country, matcher) else "(other spellings)"
            bare[where][match.verdict] += 1
            there = matcher.match(name, Hints(country, "", "", "en", *(point or (None, None))))
            pointed[where][there.verdict] += 1
            if match.verdict == "accepted" and point:
                place = matcher.places[match.place]
                distance, limit = matcher.bearers.distance(place, point)
                if distance is not None:
                    near, far = near + (distance <= limit), far + (distance > limit)
    total = 2 * len(rows)
    yield ""
    yield f"The {len(rows)} pairs of the world ({total} names), by name and country:"
    yield "  all          " + _shares(sum(bare.values(), Counter()), total)
    yield "  with points  " + _shares(sum(pointed.values(), Counter()), total)
    yield f"  accepted by name and country alone, and the list's own point agrees: {near / (near + far):.3f}"
    yield "  (towns below 15,000 inhabitants are in no gazetteer of ours outside France and China)"
    yield ""
    yield "By country, by name and country alone:"
    for country, found in sorted(bare.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        many = sum(found.values())
        if many >= _MANY:
            yield f"  {country[:24]:24}{many:6} " + _shares(found, many)


_MANY = 100


def _is_one(country: str, matcher: Matcher) -> bool:
    return bool(country) and len(matcher.bearers.countries(country)) == 1


def _shares(found: Mapping[str, int], total: int) -> str:
    verdicts = ("accepted", "review", "ambiguous", "unknown")
    return "  ".join(f"{v} {found.get(v, 0) / total:5.1%}" for v in verdicts)


if __name__ == "__main__":
    lines = list(report())
    if LISTS.is_dir():
        lines += lists()
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
