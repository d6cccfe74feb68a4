"""Take in somebody's file: make claims of it by its plan, check them, keep them in a folder.

Nothing of the house is changed: the claims stand in a folder of their own, which ``build --also``
reads, as a source of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from maillage.bearers import learnt
from maillage.check import Finding
from maillage.errors import MaillageError, Position
from maillage.excel import defang
from maillage.folders import folder as house
from maillage.gazetteer import Gazetteer, gazetteer
from maillage.intake.claims import Claims, Recorded, claims
from maillage.intake.differences import Difference, differences
from maillage.intake.folders import (
    INNER,
    UNSAID,
    changed_by_hand,
    former,
    keep,
    table_bytes,
    tables_in,
)
from maillage.intake.lines import Note
from maillage.intake.near import NEAR, Near, near
from maillage.intake.opening import Prepared
from maillage.intake.parties import Parties
from maillage.intake.plans import read_plan
from maillage.intake.reports import report_csv
from maillage.intake.sources import Filed, described
from maillage.intake.validation import validated
from maillage.match import Matcher, Written
from maillage.review import decisions, house_decisions, review_table
from maillage.tables import shown_path
from maillage.words import Language

__all__ = ["Taken", "take"]

Row = dict[str, str]


@dataclass(frozen=True)
class Taken:
    """What an import did.

    :ivar waiting: how many names wait for a decision.
    :ivar changed: whether anything in the folder is different from before.
    :ivar differences: what it says otherwise than the import before it; nothing for a first one.
    :ivar alike: links that resemble links which the house has already.
    :ivar findings: what the rules say against the claims, gravest first.
    """

    folder: Path
    claims: Claims
    waiting: int
    changed: bool
    first: bool
    differences: list[Difference]
    alike: list[Near]
    findings: list[Finding]


def take(
    prepared: Prepared,
    out: Path,
    lang: Language = "en",
    step: Callable[[str, int, int], None] = lambda *_: None,
    places: Gazetteer | None = None,
    *,
    force: bool = False,
) -> Taken:
    """Make claims of a file and keep them in a folder.

    :param out: the folder of this source. :param lang: of the report.
    :param step: told the name of a step, how much of it is done, and of how much.
    :param force: overwrite tables that people changed by hand.
    :raises MaillageError: when the folder is another source's, or was changed by hand.
    """
    places = places or gazetteer()
    plan = prepared.plan
    file = Filed(prepared.raw, prepared.path, plan, lang)
    _look_at(out, file.key, force=force)
    before = {name.stem: former(out, name.stem) for name in sorted(out.glob("*.csv"))}
    parties = _parties(out, file.key, places, keep_unknown=plan.unidentified == "keep")
    made = claims(
        prepared.sheets,
        plan,
        parties,
        Recorded(file.key, file.recorder, file.day, file.language),
        prepared.path.name,
        lambda done: step("names", done, 2 * sum(len(sheet.rows) for sheet in prepared.sheets)),
    )
    made.notes += prepared.notes
    for name in prepared.without:
        at = Position(prepared.path.name, 1)
        made.notes.append(Note("left", at, name, "", "", "sheet", {}))
    own = bool(made.rows["links"])
    for table, rows in prepared.rows.items():
        made.rows[table] += rows
    made.rows["sources"] = _sources(file, made.rows["sources"], before.get("sources", []), own=own)
    if by := plan.source.get("by", ""):
        made.rows["recorders"].append({"key": file.recorder, "name": by})
    _keep_days(made.rows, before)

    files = tables_in({table: rows for table, rows in made.rows.items() if rows})
    waiting = parties.waiting()
    asked = [(side.name or side.code, side.hints) for side, _ in waiting]
    matches = [match for _, match in waiting]
    decided = out / "identifications.csv"
    files["identifications.csv"] = review_table(asked, matches, places, lang, decided)
    findings = validated(files, lambda done, of: step("check", done, of))
    alike = near(made.rows["links"], former(house("data"), "links"), places)
    files |= {
        f"{INNER}/mapping.toml": plan.keyed(file.key).text().encode(),
        f"{INNER}/report.csv": report_csv(made.notes, lang),
        f"{INNER}/near.csv": table_bytes(NEAR, [pair.cells() for pair in alike]),
        f"{INNER}/kept.csv": table_bytes(
            ("sheet", "line", "link", "heading", "value"),
            [{k: defang(str(v)) for k, v in cell._asdict().items()} for cell in made.kept],
        ),
    }
    first = not before
    changed = keep(out, files)
    said = {table: rows for table, rows in made.rows.items() if table not in _MADE}
    had = {table: rows for table, rows in before.items() if table not in _MADE}
    names = files["identifications.csv"].count(b"\n") - 1
    told = [] if first else differences(had, said)
    return Taken(out, made, names, changed, first, told, alike, findings)


# Tables that are about the import, and not what the file says.
_MADE = frozenset({"sources", "recorders", "identifications"})


def _look_at(out: Path, key: str, *, force: bool) -> None:
    """Refuse a folder that is not this import's, or that would lose what people wrote in it."""
    kept = out / INNER / "mapping.toml"
    if not kept.is_file():
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise MaillageError("not-an-import", path=shown_path(out))
        return
    other = read_plan(kept).source.get("key", key)
    if other != key:
        raise MaillageError("other-source", path=shown_path(out), other=other, own=key)
    if (hands := changed_by_hand(out)) and not force:
        raise MaillageError("changed-by-hand", path=shown_path(out), files=", ".join(hands))


def _parties(out: Path, key: str, places: Gazetteer, *, keep_unknown: bool) -> Parties:
    """The places of names, with what people decided in the house and in this folder."""
    decided: dict[Written, str] = {}
    for table in (house_decisions(), out / "identifications.csv"):
        if table.is_file():
            decided |= decisions(table, places)
    base = learnt() if places is gazetteer() else None
    return Parties(Matcher(places, decided=decided, base=base), key, keep=keep_unknown)


def _sources(
    file: Filed, rows: Iterable[Row], before: Iterable[Mapping[str, str]], *, own: bool
) -> list[Row]:
    """The sources that the claims name, the file among them when some are its own."""
    days = {row["file_digest"]: row["seen"] for row in before if row["key"] == file.key}
    others = [row for row in rows if row["key"] != file.key]
    own = own or not others or len(others) < len(list(rows))
    return [*others, *([described(file, days)] if own else [])]


def _keep_days(
    rows: Mapping[str, Sequence[Row]], before: Mapping[str, Sequence[Mapping[str, str]]]
) -> None:
    """A row that says what it said keeps the day on which it was recorded."""

    def said(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((c, v) for c, v in row.items() if v and c not in UNSAID))

    for table, listed in rows.items():
        days = {said(row): row.get("recorded", "") for row in before.get(table, ())}
        for row in listed:
            if "recorded" in row:
                row["recorded"] = days.get(said(row), row["recorded"])
