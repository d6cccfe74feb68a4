"""Excel workbooks in which every cell is a text: no formula, no address runs, nothing is cut."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from maillage.errors import MaillageError

__all__ = ["Sheet", "defang", "workbook"]

#: The names of the columns, and the rows.
Sheet = tuple[Sequence[str], Sequence[Sequence[str]]]

# Excel specifications and limits: rows of a worksheet (the heading is one), characters of a cell.
_ROWS: Final = 1_048_576
_CELL: Final = 32_767
_MEASURED: Final = 1000  # rows that are looked at to find how wide a column is


# What a spreadsheet runs, full-width forms included, whatever apostrophes stand before it.
_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")


def defang(cell: str) -> str:
    """Keep a spreadsheet from running a text as a formula.

    >>> defang("=1+1"), defang("-0.579541"), defang("Aix-en-Provence")
    ("'=1+1", '-0.579541', 'Aix-en-Provence')
    """
    harmless = not _DANGEROUS.match(cell) or _NUMBER.fullmatch(cell)
    return cell if harmless else f"'{cell}"


def workbook(sheets: Mapping[str, Sheet], date: str = "2000-01-01") -> bytes:
    """Write a workbook, a sheet for each table.

    :param date: the day that the workbook says it was made, ``YYYY-MM-DD``; never the clock's, so
        that the same tables give the same bytes.
    :raises MaillageError: when a table or a cell is larger than Excel allows.
    """
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime.fromisoformat(date)})
        bold = book.add_format({"bold": True})
        for name, (columns, rows) in sheets.items():
            if len(rows) >= _ROWS:
                raise MaillageError("sheet-too-long", table=name, limit=_ROWS - 1)
            page = book.add_worksheet(name)
            page.freeze_panes(1, 1)
            for x, column in enumerate(columns):
                page.write_string(0, x, column, bold)
                longest = max([len(column), *(len(row[x]) for row in rows[:_MEASURED])])
                page.set_column(x, x, min(60, max(8, longest + 1)))
            for y, row in enumerate(rows, start=1):
                for x, cell in enumerate(row):
                    if len(cell) > _CELL:
                        values = {"table": name, "row": row[0], "limit": _CELL}
                        raise MaillageError("cell-too-long", column=columns[x], **values)
                    page.write_string(y, x, cell)
    return out.getvalue()
