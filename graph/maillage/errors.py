"""What Maillage says when something is wrong: what, where, and what to do.

One root, so that a caller can catch everything that Maillage raises on purpose. The sentence of
an error stands in ``words.toml`` under ``error.<key>``, in three languages; ``str(error)`` is the
English one, :meth:`MaillageError.text` any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from maillage.words import Language, say, visible

__all__ = [
    "Ambiguous",
    "BadTables",
    "MaillageError",
    "Position",
    "Refused",
    "TableFault",
    "Unknown",
]


#: How much of a bad cell is shown.
_SHOWN = 80


class MaillageError(Exception):
    """Something that the person can mend.

    Exit code 2: a wrong request or a wrong file. Data that merely do not conform are not an
    exception but an answer (:mod:`maillage.check`), and end in exit code 1.
    """

    exit_code = 2

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values
        super().__init__(key, values)

    def text(self, lang: Language = "en") -> str:
        """The sentence for the person, in a language of theirs."""
        return say(f"error.{self.key}", lang, **self.values)

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[Any, ...]:
        """It travels to another process as it is, whatever it was made from."""
        return type(self).__new__, (type(self),), self.__dict__


class Refused(MaillageError):
    """A request that Maillage will not carry out, for example a query that calls another host."""


class Unknown(MaillageError):
    """A name, code or address that nothing answers to."""


class Ambiguous(MaillageError):
    """A name that several things answer to; ``candidates`` are pairs of what to type and label."""

    def __init__(self, key: str, candidates: Sequence[tuple[str, str]], **values: object) -> None:
        super().__init__(key, **values)
        self.candidates = tuple(candidates)

    def text(self, lang: Language = "en") -> str:
        """The sentence, then one candidate a line."""
        lines = [f"  {typed}  {label}" for typed, label in self.candidates]
        return "\n".join([super().text(lang), *lines])


@dataclass(frozen=True, order=True)
class Position:
    """Where in a file: line and column count from 1; in a table the column is the field's."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class TableFault:
    """One fault in a table: where it stands, what stands there, which rule it breaks.

    :ivar rule: names two sentences of ``words.toml``: ``table.<rule>`` and ``table.<rule>.fix``.
    """

    position: Position
    column: str
    value: str
    rule: str
    values: dict[str, object] = field(default_factory=dict, compare=False)

    def text(self, lang: Language = "en") -> str:
        """One line: place, column, value, rule and fix."""
        shown = shorten(self.value, _SHOWN, placeholder="…")
        quoted = f" {say('table.quoted', lang, text=shown)}" if shown else ""
        rule = say(f"table.{self.rule}", lang, **self.values)
        fix = say(f"table.{self.rule}.fix", lang, **self.values)
        return f"{visible(self.position)}: {visible(self.column[:_SHOWN])}{quoted}: {rule} {fix}"


class BadTables(MaillageError):
    """Tables that cannot be read: every fault at once, in the order of files and lines."""

    def __init__(self, faults: Sequence[TableFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("bad-tables", n=len(self.faults))

    def text(self, lang: Language = "en") -> str:
        """A line for each fault, then how many there are."""
        return "\n".join([*(fault.text(lang) for fault in self.faults), super().text(lang)])
