"""Open somebody's file: tables with their headings, or statements, made ready to be taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from maillage.errors import MaillageError, Position
from maillage.foreign import foreign
from maillage.grids import Grid, Sheet, read_grids
from maillage.intake.bindings import answer_grid, is_answer
from maillage.intake.headings import Use, headed
from maillage.intake.lines import Note
from maillage.intake.plans import Plan
from maillage.intake.sources import Filed, origin
from maillage.tables import shown_path
from maillage.tabulate import tabulate
from maillage.untrusted import lines_of, parse_untrusted
from maillage.words import Language

__all__ = ["Prepared", "Shown", "prepare", "prepare_statements"]


class Shown(NamedTuple):
    """A column, for a person to confirm: its heading, its role, and the first thing in it."""

    heading: str
    role: str
    example: str


@dataclass(frozen=True)
class Prepared:
    """A file that was read, and the plan by which its lines will be.

    :ivar without: sheets in which no heading was found.
    :ivar rows: rows of our tables that it says in our own vocabulary.
    :ivar notes: what could not be taken of its statements.
    """

    path: Path
    raw: bytes
    sheets: list[Sheet]
    plan: Plan
    without: list[str] = field(default_factory=list)
    rows: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def columns(self) -> list[Shown]:
        """The columns of all sheets, each once."""
        found: dict[str, Shown] = {}
        for sheet in self.sheets:
            for at, heading in enumerate(sheet.headings):
                if heading and heading not in found:
                    example = next((cells[at] for _, cells in sheet.rows if cells[at]), "")
                    found[heading] = Shown(heading, self.plan.columns.get(heading, ""), example)
        return list(found.values())


def prepare(
    raw: bytes,
    path: Path,
    plan: Plan,
    roles: Mapping[str, str] | None = None,
    encoding: str = "",
    only: Sequence[str] = (),
) -> Prepared:
    """Read a file of tables and find out what its columns are for.

    :param roles: what a person says of columns: role to heading.
    :param only: the sheets that are wanted, by name; all when empty.
    :raises MaillageError: when no sheet has two columns of names that are recognised.
    """
    grids = read_grids(raw, path, encoding, _answer)
    if missing := set(only) - {grid.name for grid in grids}:
        known = ", ".join(grid.name for grid in grids)
        raise MaillageError("no-sheet", path=shown_path(path), name=min(missing), known=known)
    told = {**plan.uses(), **{heading: Use(role) for role, heading in (roles or {}).items()}}
    sheets, without = [], []
    for grid in grids:
        if only and grid.name not in only:
            continue
        sheet = headed(grid, told, tuple(plan.defaults))
        if sheet:
            sheets.append(sheet)
        else:
            without.append(grid.name)
    if not sheets:
        first = " | ".join(cell for cell in grids[0].lines[0][1] if cell)
        raise MaillageError("no-sides", path=shown_path(path), first=first[:200])
    headings = [heading for sheet in sheets for heading in sheet.headings]
    for heading in (roles or {}).values():
        if heading not in headings:
            known = ", ".join(filter(None, headings))
            raise MaillageError("no-heading", path=shown_path(path), heading=heading, known=known)
    for sheet in sheets:
        plan = plan.seen(sheet.headings)
    plan = plan.with_columns(roles or {}).read(shown_path(path))
    return Prepared(path, raw, sheets, plan, without)


def _answer(document: object) -> Grid | None:
    return answer_grid(document) if is_answer(document) else None


def prepare_statements(raw: bytes, path: Path, plan: Plan, lang: Language) -> Prepared:
    """Read a file of statements (RDF): rows where it speaks our vocabulary, else a table.

    :raises MaillageError: when it is not valid, is hostile, or says nothing that can be taken.
    """
    shown = shown_path(path)
    quads = parse_untrusted(raw, path.suffix, shown)
    things = {str(quad.subject).strip("<>") for quad in quads}
    lines = lines_of(raw, sorted(things))
    made = tabulate(quads, origin(Filed(raw, path, plan, lang)))
    sheets, left = foreign(made.rest, lines, lang)
    notes = [
        Note(
            "left",
            Position(path.name, lines.get(each.thing, 1)),
            "",
            _short(each.property),
            f"{_short(each.thing)} {each.value}"[:200],
            each.key,
            each.values,
        )
        for each in (*made.left, *left)
    ]
    rows = {table: rows for table, rows in made.rows.items() if rows}
    if not sheets and not set(rows) - {"sources", "recorders"}:
        raise MaillageError("nothing-ours", path=shown)
    for sheet in sheets:
        plan = plan.seen(sheet.headings)
    return Prepared(path, raw, sheets, plan, [], rows, notes)


def _short(address: str) -> str:
    return address.rpartition("/id/")[2] or address
