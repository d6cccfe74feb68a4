"""One line of a table: its cells by column, each with its place; cheap enough for a million.

A row keeps the texts of its line and shares all else (file, names of columns) with its
neighbours; places and cells are made when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from csvw.metadata import Schema

from maillage.errors import Position

__all__ = ["Cell", "Field", "Layout", "Row"]

#: What a cell holds: one value, several where its column is a list; an empty text for none.
Field = str | tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """What stands in one field of a row: its values (several where the column is a list)."""

    values: tuple[str, ...]
    position: Position


@dataclass(frozen=True)
class Layout:
    """What the rows of one file share.

    :ivar file: as a person would type it.
    :ivar names: of the columns, in order, the virtual ones left out.
    :ivar numbers: where the cells of each column stand, counted from 1.
    """

    file: str
    names: tuple[str, ...]
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, schema: Schema, file: str, *, made: bool = False) -> Layout:
        """The layout of the rows of a file.

        :param made: whether the rows are made from lines of another form, so that every cell is
            told to stand where its line begins.
        """
        names = tuple(str(column.name) for column in schema.columns if not column.virtual)
        return cls(file, names, tuple(1 if made else n for n, _ in enumerate(names, start=1)))

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Where in a row's fields each column is, counted from 0."""
        return {name: number for number, name in enumerate(self.names)}

    def row(self, line: int, cells: Mapping[str, Sequence[str]]) -> Row:
        """A row from the values of some columns; empty values are left out."""
        fields: list[Field] = [""] * len(self.names)
        for name, values in cells.items():
            filled = tuple(filter(None, values))
            fields[self.index[name]] = filled[0] if len(filled) == 1 else filled or ""
        return Row(self, line, tuple(fields))

    def standing(self, column: str, there: str) -> Layout:
        """The same, where what one column holds is told to stand in another."""
        numbers = list(self.numbers)
        numbers[self.index[column]] = numbers[self.index[there]]
        return replace(self, numbers=tuple(numbers))


class Row(NamedTuple):
    """One line of a table, a claim with its evidence.

    :ivar fields: in the order of the layout's columns.
    """

    layout: Layout
    line: int
    fields: tuple[Field, ...]

    @property
    def position(self) -> Position:
        """Where the row begins."""
        return Position(self.layout.file, self.line)

    @property
    def cells(self) -> dict[str, Cell]:
        """The filled cells, by column, made anew each time."""
        return {
            name: Cell(self.values(number), self.at(number))
            for number, name in enumerate(self.layout.names)
            if self.fields[number]
        }

    def one(self, column: str, default: str = "") -> str:
        """The single value of a column, or the default when the cell is empty."""
        number = self.layout.index.get(column)
        field = "" if number is None else self.fields[number]
        return (field if isinstance(field, str) else field[0]) or default

    def all(self, column: str) -> tuple[str, ...]:
        """The values of a column, none when the cell is empty."""
        number = self.layout.index.get(column)
        return () if number is None else self.values(number)

    def values(self, number: int) -> tuple[str, ...]:
        """The values of a field, by its place among the fields, from 0."""
        field = self.fields[number]
        if isinstance(field, str):
            return (field,) if field else ()
        return field

    def at(self, number: int) -> Position:
        """Where a field stands, by its place among the fields, from 0."""
        return Position(self.layout.file, self.line, self.layout.numbers[number])
