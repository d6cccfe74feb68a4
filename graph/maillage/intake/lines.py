"""The lines of somebody's table: which of them name two sides, and which are none of links.

What becomes of each line is noted; a cell that nothing is for is kept beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from maillage.errors import Position
from maillage.grids import Sheet, point
from maillage.intake.headings import SIDES
from maillage.intake.parties import Side
from maillage.intake.plans import Plan
from maillage.intake.readings import Order, Unreadable, is_nothing, is_total, order_of
from maillage.match import Hints

__all__ = ["DATES", "OUTCOMES", "Kept", "Line", "Note", "Outcome", "Reader"]

Outcome = Literal["taken", "review", "refused", "left"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("taken", "review", "refused", "left")
#: Roles whose cells hold dates.
DATES: Final = ("signed", "start", "end", "period")


class Note(NamedTuple):
    """One line of the report: what became of a line of the table, or of a cell of it.

    :ivar rule: names two sentences, ``import.<rule>`` and ``import.<rule>.fix``.
    """

    outcome: Outcome
    position: Position
    sheet: str
    heading: str
    value: str
    rule: str
    values: Mapping[str, object]
    link: str = ""


class Kept(NamedTuple):
    """A cell that no role is for: where it stands, and with what it came in."""

    sheet: str
    line: int
    link: str
    heading: str
    value: str


@dataclass
class Line:
    """A line of the table that names two sides, or is on its way to be seen not to.

    :ivar cells: role to heading, number of the column and text, for each cell of that role.
    :ivar order: whether the dates of its sheet have the day or the month first.
    """

    sheet: str
    position: Position
    cells: dict[str, list[tuple[str, int, str]]]  # role: heading, column, text
    headings: dict[str, int]
    spare: list[tuple[str, str]]
    sides: dict[str, list[Side]]
    countries: dict[str, str]
    order: Order

    def text(self, role: str) -> str:
        """The text of a role, empty when the line says nothing of it."""
        return self.cells[role][0][2] if role in self.cells else ""


class Reader:
    """Reads the lines of sheets by a plan, and notes what became of each.

    :param file: its name, for the notes.
    """

    def __init__(self, plan: Plan, file: str) -> None:
        self._plan, self._file = plan, file
        self.notes: list[Note] = []
        self.kept: list[Kept] = []

    def lines(self, sheet: Sheet) -> Iterator[Line]:
        """The lines of a sheet that say something of two sides."""
        roles = [self._plan.use(heading).role for heading in sheet.headings]
        order = self._order(sheet, roles)
        if not {"kind", "title"} & {*roles, *self._plan.defaults} and sheet.rows:
            at = Position(self._file, sheet.rows[0][0])
            self.notes.append(Note("left", at, sheet.name, "", "", "no-kind", {}))
        for number, cells in sheet.rows:
            at = Position(self._file, number)
            line = Line(sheet.name, at, {}, {}, [], {}, {}, order)
            for column, (heading, role, text) in enumerate(
                zip(sheet.headings, roles, cells, strict=False), start=1
            ):
                if not text or is_nothing(text):
                    continue
                line.headings[heading] = column
                if role:
                    if country := self._plan.use(heading).country:
                        line.countries[role] = country
                    line.cells.setdefault(role, []).append((heading, column, text))
                else:
                    line.spare.append((heading, text))
            if self._is_of_no_link(sheet, line, cells):
                continue
            for text in filter(None, cells[len(sheet.headings) :]):
                self.note("left", line, "", "no-heading", text)
                self.keep(line, "", "", text)
            line.sides = {side: found for side in SIDES if (found := self._sides(line, side))}
            if len(line.sides) < 2:  # noqa: PLR2004  # a link joins two
                missing = "partner" if "party" in line.sides else "party"
                self.note("refused", line, "", "one-side", side=missing)
                continue
            yield line

    def _order(self, sheet: Sheet, roles: Sequence[str]) -> Order:
        """Whether days or months come first: what the plan says, else what the dates show."""
        if self._plan.date_order:
            return self._plan.date_order
        texts = [
            text
            for _, cells in sheet.rows
            for role, text in zip(roles, cells, strict=False)
            if role in DATES
        ]
        try:
            return order_of(texts) or "dmy"
        except Unreadable:
            at = Position(self._file, sheet.rows[0][0] if sheet.rows else 1)
            self.notes.append(Note("left", at, sheet.name, "", "", "date-orders", {}))
            return "dmy"

    def _is_of_no_link(self, sheet: Sheet, line: Line, cells: Sequence[str]) -> bool:
        """Blank lines, totals, headings said again, and remarks at the foot of a table."""
        filled = [cell for cell in cells if cell]
        if not filled:
            return True
        rule = ""
        if is_total(filled[0]):
            rule = "total"
        elif all(cell == heading for cell, heading in zip(cells, sheet.headings, strict=False)):
            rule = "heading-again"
        elif (len(filled) == 1 and len(cells) > 2) or not any(  # noqa: PLR2004  # two names alone are a link
            side in line.cells or f"{side}_code" in line.cells for side in SIDES
        ):
            rule = "no-names"
        if rule:
            at = Note("left", line.position, line.sheet, "", filled[0], rule, {})
            self.notes.append(at)
            for heading, text in zip(sheet.headings, cells, strict=False):
                if text and rule == "no-names":
                    self.keep(line, "", heading, text)
        return bool(rule)

    def _sides(self, line: Line, side: str) -> list[Side]:
        """The names on one side of a line; several are parted by a semicolon."""

        def given(part: str) -> str:
            role = f"{side}_{part}"
            return line.text(role) or self._plan.defaults.get(role, "")

        name = line.text(side) or self._plan.defaults.get(side, "")
        code = given("code")
        names = [part.strip() for part in name.replace("；", ";").split(";") if part.strip()]
        if not names and not code:
            return []
        lat, lng = point(given("lat"), given("lng"), given("point"))
        several = len(names) > 1
        hints = Hints(
            given("country") or line.countries.get(side, ""),
            given("level"),
            "" if several else given("parent"),
            "",
            None if several else lat,
            None if several else lng,
        )
        return [Side(part, hints, "" if several else code) for part in names or [""]]

    def note(
        self,
        outcome: Outcome,
        line: Line,
        heading: str,
        rule: str,
        value: str = "",
        link: str = "",
        **values: object,
    ) -> None:
        """Note what became of a line, or of a cell of it."""
        column = line.headings.get(heading, 1)
        at = Position(self._file, line.position.line, column)
        self.notes.append(Note(outcome, at, line.sheet, heading, value, rule, values, link))

    def keep(self, line: Line, link: str, heading: str, text: str) -> None:
        """Keep a cell that no role is for."""
        self.kept.append(Kept(line.sheet, line.position.line, link, heading, text))
