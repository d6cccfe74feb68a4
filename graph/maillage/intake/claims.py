"""From rows to claims: each line of somebody's table becomes rows of our tables, or says why not.

A line is *taken*; or it waits for *review*, when a name of it is to be decided; or it is *refused*,
when something in it cannot be so. What is *left* is not used and kept beside: a column that is for
nothing we know, a word that is in no list. Nothing is dropped without a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from maillage.dates import bounds
from maillage.fields import CELL_LIMIT
from maillage.grids import Sheet
from maillage.intake.lines import DATES, Kept, Line, Note, Outcome, Reader
from maillage.intake.parties import Parties, slug
from maillage.intake.plans import WORDS, Plan
from maillage.intake.readings import (
    Amount,
    Unreadable,
    concept,
    is_nothing,
    read_amount,
    read_period,
)
from maillage.mint import fingerprint, link_key
from maillage.words import LANGUAGES, Language, say

__all__ = ["Claims", "Recorded", "claims"]

Rows = dict[str, list[dict[str, str]]]

#: The least engaging kind: what is recorded when a table does not say the kind of its links.
_LEAST: Final = "contact"


class Recorded(NamedTuple):
    """What the evidence of all rows of an import has in common."""

    source: str
    recorder: str
    day: str
    language: Language


@dataclass
class Claims:
    """What a file says, as rows of our tables, and what became of each of its lines."""

    rows: Rows = field(default_factory=lambda: defaultdict(list))
    notes: list[Note] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        """How many lines of the file were taken, wait, or were refused or left."""
        return len({(n.sheet, n.position.line) for n in self.notes if n.outcome == outcome})


def claims(
    sheets: Sequence[Sheet],
    plan: Plan,
    parties: Parties,
    recorded: Recorded,
    file: str,
    step: Callable[[int], None] = lambda _: None,
) -> Claims:
    """Make the lines of a file into claims.

    :param file: its name, for the report. :param step: told how many names were looked up.
    """
    reader = Reader(plan, file)
    maker = _Maker(plan, parties, recorded, reader)
    lines = [line for sheet in sheets for line in reader.lines(sheet)]
    parties.look_up(
        [side for line in lines for sides in line.sides.values() for side in sides], step
    )
    for line in lines:
        maker.take(line)
    maker.places()
    return maker.made


class _Maker:
    def __init__(self, plan: Plan, parties: Parties, recorded: Recorded, reader: Reader) -> None:
        self._plan, self._parties, self._recorded = plan, parties, recorded
        self._reader = reader
        self.made = Claims(notes=reader.notes, kept=reader.kept)
        self._said: dict[tuple[str, ...], int] = {}
        self._projects: set[str] = set()
        self._given = _parts(plan.defaults.get("themes", ""))

    # -- claims

    def take(self, line: Line) -> None:
        """Make a line into rows, unless a name waits or something in it cannot be so."""
        keys: list[str] = []
        waits = False
        for role, side in [(role, side) for role, sides in line.sides.items() for side in sides]:
            named = self._parties.found[side]
            if named.differs:
                heading = line.cells[f"{role}_code"][0][0]
                values = {"name": side.name, "place": named.match.place}
                self._reader.note("refused", line, heading, "code-differs", side.code, **values)
                return
            if not named.place:
                heading = line.cells[role][0][0] if role in line.cells else role
                verdict = named.match.verdict
                self._reader.note(
                    "review", line, heading, f"name-{verdict}", side.name or side.code
                )
                waits = True
            keys.append(named.place)
        if waits:
            return
        if len(set(keys)) < 2:  # noqa: PLR2004  # a link joins two
            self._reader.note("refused", line, "", "same-place", keys[0])
            return
        dates = self._dates(line)
        if dates is None:
            return
        row = {
            "kind": (self._word(line, "kind") or [self._unsaid_kind(line)])[0],
            "parties": ";".join(f"place/{key}" for key in sorted(set(keys))),
            "state": (self._word(line, "state") or [self._plan.defaults.get("state", "")])[0],
            "themes": ";".join(sorted({*self._word(line, "themes"), *self._given})),
            **dates,
            **self._purpose(line),
        }
        link = link_key(row["kind"], sorted(set(keys)))
        title = line.text("title")
        same = (title, *(row[name] for name in sorted(row)))
        first = self._said.setdefault(same, line.position.line)
        if first != line.position.line:
            self._reader.note("left", line, "", "said-twice", first=first)
            return
        evidence = self._evidence(line)
        self.made.rows["links"].append({**row, **evidence})
        about = f"link/{link}"
        if title:
            about = self._project(title, row, keys, evidence)
        self._figure(line, about, link, evidence)
        for role in ("address", "identifier", "note"):
            for heading, _, text in line.cells.get(role, []):
                self._reader.keep(line, link, heading, text)
        for heading, text in line.spare:
            self._reader.keep(line, link, heading, text)
        self._reader.note("taken", line, "", "taken", link=link)

    def _unsaid_kind(self, line: Line) -> str:
        """The kind of a link of which the line does not say it; never more than the line shows."""
        if "kind" in self._plan.defaults:
            return self._plan.defaults["kind"]
        if self._plan.kind == "atlas" and "signed" in line.cells:
            return "cooperation-agreement"  # the heading names the convention that was signed
        return "project-partnership" if "title" in line.cells else _LEAST

    def _dates(self, line: Line) -> dict[str, str] | None:
        """The dates of a line in EDTF; none when one cannot be read, which was then noted."""
        found = {"signed": "", "start": "", "end": ""}
        for role in DATES:
            text = line.text(role) or self._plan.defaults.get(role, "")
            if not text:
                continue
            try:
                first, last = read_period(text, line.order)
            except Unreadable as error:
                heading = line.cells[role][0][0] if role in line.cells else role
                self._reader.note("refused", line, heading, str(error), text)
                return None
            found["start" if role == "period" else role] = first
            if last and role != "end":
                found["end"] = found["end"] or last
        earliest = bounds(found["start"] or found["signed"] or "..") if _any(found) else None
        if earliest and found["end"]:
            first_day, last_day = earliest[0], bounds(found["end"])[1]
            if first_day and last_day and first_day > last_day:
                self._reader.note(
                    "refused",
                    line,
                    "",
                    "ends-first",
                    f"{found['start'] or found['signed']} – {found['end']}",
                )
                return None
        return found

    def _word(self, line: Line, role: str) -> list[str]:
        """The concepts that the cells of a role name; what names none is noted and kept."""
        found: list[str] = []
        said = self._plan.values.get(role, {})
        for heading, _, text in line.cells.get(role, []):
            # a text may be one name with commas in it, or several
            for part in [text] if text in said or concept(WORDS[role], text) else _parts(text):
                key = said[part] if part in said else concept(WORDS[role], part)
                if key:
                    found.append(key)
                elif part not in said and not is_nothing(part):
                    self._reader.note("left", line, heading, f"no-{role}", part)
        return found

    def _purpose(self, line: Line) -> dict[str, str]:
        found = {f"purpose_{lang}": "" for lang in LANGUAGES}
        for heading, _, text in line.cells.get("purpose", []):
            if len(text) > CELL_LIMIT:
                self._reader.note("left", line, heading, "long", text[:80], limit=CELL_LIMIT)
                self._reader.keep(line, "", heading, text)
            else:
                found[f"purpose_{self._recorded.language}"] = text
        return found

    def _project(
        self, title: str, row: Mapping[str, str], keys: Sequence[str], evidence: Mapping[str, str]
    ) -> str:
        """A project with a title of its own: the title in its language, and told in the others."""
        key = f"{self._recorded.source}-{slug(title)}"
        if key in self._projects:
            key += f"-{fingerprint(title, *keys)[:6]}"
        self._projects.add(key)
        places = self._parties.places
        labels = {}
        for lang in LANGUAGES:
            names = " – ".join(places[k].label(lang) for k in keys if k in places)
            labels[f"label_{lang}"] = (
                title
                if lang == self._recorded.language
                else say("import.project", lang, title=title, parties=names)
            )
        shared = {name: row[name] for name in row if name not in {"kind", "signed"}}
        self.made.rows["projects"].append({"key": key, **labels, **shared, **evidence})
        return f"project/{key}"

    def _figure(self, line: Line, about: str, link: str, evidence: Mapping[str, str]) -> None:
        for heading, _, text in line.cells.get("amount", []):
            try:
                amount = read_amount(text, self._plan.currency or _currency(heading))
            except Unreadable as error:
                self._reader.note("left", line, heading, str(error), text)
                self._reader.keep(line, link, heading, text)
                continue
            if not (quantity := _BUDGETS.get(amount.currency)):
                self._reader.note("left", line, heading, "no-currency", text)
                continue
            self._budget(amount, quantity, about, evidence)

    def _budget(
        self, amount: Amount, quantity: str, about: str, evidence: Mapping[str, str]
    ) -> None:
        key = f"{self._recorded.source}-budget-{fingerprint(about, evidence['section'])[:8]}"
        self.made.rows["figures"].append(
            {
                "key": key,
                "quantity": quantity,
                "qualifier": amount.qualifier,
                "value": str(amount.value),
                "scope": about,
                **{f"label_{lang}": say("import.budget", lang) for lang in LANGUAGES},
                **evidence,
            }
        )

    def places(self) -> None:
        """The places of the source that nobody has identified, as rows."""
        for key, side in sorted(self._parties.own().items()):
            country = self._parties.country(side.hints.country)
            lat, lng = side.hints.lat, side.hints.lng
            self.made.rows["places"].append(
                {
                    "key": key,
                    "class": "Collectivity",
                    "level": "unknown",
                    "country": country,
                    "parent": country,
                    "label_fr": side.name,
                    "label_en": side.name,
                    "lat": "" if lat is None else format(lat, ".7f").rstrip("0").rstrip("."),
                    "lng": "" if lng is None else format(lng, ".7f").rstrip("0").rstrip("."),
                    **self._common(""),
                }
            )

    def _evidence(self, line: Line) -> dict[str, str]:
        # the column of sections is French, as the editors of the house are
        values = {"sheet": line.sheet, "line": line.position.line}
        return self._common(say("import.section" if line.sheet else "import.line", "fr", **values))

    def _common(self, section: str) -> dict[str, str]:
        return {
            "source": self._recorded.source,
            "section": section,
            "certainty": "stated",
            "recorder": self._recorded.recorder,
            "recorded": self._recorded.day,
        }


#: The quantity of a sum of money, by its currency.
_BUDGETS: Final = {
    "EUR": "budget-in-euros",
    "CNY": "budget-in-yuan",
    "USD": "budget-in-dollars",
}


def _parts(text: str) -> list[str]:
    for sign in ("；", "、", "\n", "|", " / "):
        text = text.replace(sign, ";")
    parts = text.split(";") if ";" in text else text.replace("，", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


def _currency(heading: str) -> str:
    try:
        return read_amount(f"1 {heading.rpartition('(')[2].rstrip(')')}").currency
    except Unreadable:
        words = heading.casefold()
        return "EUR" if "euro" in words or "€" in words or "eur" in words.split() else ""


def _any(found: Mapping[str, str]) -> bool:
    return bool(found["start"] or found["signed"])
