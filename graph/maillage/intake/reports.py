"""What became of each line of a file, in sentences and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from maillage.excel import defang
from maillage.intake.folders import table_bytes
from maillage.intake.lines import Note
from maillage.words import Language, say

__all__ = ["REPORT", "remedy", "report_csv", "told", "why"]

#: The columns of the report.
REPORT: Final = (
    *("outcome", "file", "sheet", "line", "column", "heading", "value"),
    *("why", "remedy", "link"),
)
_SHOWN: Final = 80


def report_csv(notes: Sequence[Note], lang: Language) -> bytes:
    """What became of each line, in the order of the file."""
    rows = [
        {
            "outcome": note.outcome,
            "file": note.position.file,
            "sheet": note.sheet,
            "line": str(note.position.line),
            "column": str(note.position.column) if note.heading else "",
            "heading": note.heading,
            "value": defang(note.value),
            "why": why(note, lang),
            "remedy": "" if note.outcome == "taken" else remedy(note, lang),
            "link": note.link,
        }
        for note in sorted(notes, key=lambda n: (n.sheet, n.position, n.outcome, n.rule, n.value))
    ]
    return table_bytes(REPORT, rows)


def why(note: Note, lang: Language) -> str:
    """What became of a line, in a sentence."""
    return say(_key(note), lang, **note.values)


def remedy(note: Note, lang: Language) -> str:
    """What a person may do about it; nothing where the first sentence says it."""
    return "" if _is_whole(note) else say(f"{_key(note)}.fix", lang, **note.values)


def told(note: Note, lang: Language) -> str:
    """A note in one line: place, heading, value, why, what to do."""
    sheet = f"[{note.sheet}]" if note.sheet else ""
    where = f"{note.position.file}{sheet}:{note.position.line}:{note.position.column}"
    what = f" {note.heading}" if note.heading else ""
    value = f" {say('table.quoted', lang, text=note.value[:_SHOWN])}" if note.value else ""
    return f"{where}:{what}{value}: {why(note, lang)} {remedy(note, lang)}".rstrip()


def _is_whole(note: Note) -> bool:
    # what is said of a statement holds both what is the matter and what to do
    return "." in note.rule


def _key(note: Note) -> str:
    return note.rule if _is_whole(note) else f"import.{note.rule}"
