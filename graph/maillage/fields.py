"""What the cells of one column may hold, by its description, and what is wrong with one.

The same texts stand in thousands of rows: each is looked at once.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from typing import Final, NamedTuple

from csvw.metadata import Column

from maillage.dates import bounds
from maillage.rows import Field

__all__ = ["CELL_LIMIT", "EDTF", "UNSEEN", "Fields", "Wrong"]

EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

# Types of CSVW whose values are texts, checked against a pattern alone.
_TEXTS = frozenset({"string", "normalizedString", "token"})

#: Longest text of one cell; longer ones are a quotation mark that was never closed.
CELL_LIMIT = 10_000

# Characters that change how a text is shown without being seen: bidirectional controls, zero
# width spaces and the byte order mark (Unicode Technical Report 36, section 2.5).
UNSEEN = frozenset(
    "\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
# These, and the control characters (category Cc of Unicode).
_NOT_SEEN: Final = re.compile(f"[\x00-\x1f\x7f-\x9f{''.join(sorted(UNSEEN))}]")


class Wrong(NamedTuple):
    """What is wrong with a cell: its column, from 0, what is shown of it, and the rule."""

    number: int
    value: str
    rule: str
    values: dict[str, object]


#: How many texts of a column are remembered, and up to which length: longer ones do not come again.
_REMEMBERED: Final = 4_096
_SHORT: Final = 100


class Fields(dict[str, Field]):
    """The good cells of one column, by their texts, each looked at once.

    What its description asks is looked up once, too. A bad cell is told each time that it comes.
    """

    def __init__(self, number: int, column: Column, wrong: list[Wrong]) -> None:
        super().__init__()
        self._number, self._told = number, wrong
        self._required = bool(column.inherit("required"))
        self._separator: str | None = column.inherit("separator")
        datatype = column.inherit("datatype")
        self._datatype = datatype
        self._is_date = bool(datatype) and datatype.at_props.get("id") == EDTF
        self._is_text = datatype is None or (datatype.base in _TEXTS and not self._is_date)
        form = datatype.format if datatype and self._is_text else None
        self._form = re.compile(form) if form else None

    def __missing__(self, text: str) -> Field:
        """The values of a text; when it is bad, none, and what is wrong is told."""
        if wrong := self._wrong(text):
            rule, value, values = wrong
            self._told.append(Wrong(self._number, value, rule, values))
            return ""
        parts = tuple(text.split(self._separator)) if self._separator else (text,)
        field: Field = parts[0] if len(parts) == 1 else parts
        if len(text) <= _SHORT:
            if len(self) == _REMEMBERED:
                self.clear()
            self[text] = field
        return field

    def _wrong(self, text: str) -> tuple[str, str, dict[str, object]] | None:
        """The rule that a cell breaks, what is shown of it, and what fills the sentence."""
        if not text:
            return ("required", text, {}) if self._required else None
        if len(text) > CELL_LIMIT:
            return "too-long", text, {"limit": CELL_LIMIT}
        if text != text.strip():
            return "spaces", text, {}
        if not (text.isascii() and text.isprintable()):
            if not unicodedata.is_normalized("NFC", text):
                return "not-nfc", text, {}
            if bad := _NOT_SEEN.search(text):
                return "unseen", text, {"code": f"U+{ord(bad[0]):04X}"}
        parts = text.split(self._separator) if self._separator else [text]
        for part in parts:
            if not part or part != part.strip():
                return "empty-part", text, {"separator": self._separator}
            if self._is_date:
                try:
                    bounds(part)
                except (ValueError, ArithmeticError):
                    return "date", part, {}
            elif not self._has_form(part):
                return "form", part, {"form": str(self._datatype.format or self._datatype.base)}
        if len(set(parts)) < len(parts):
            return "repeated", next(p for p in parts if parts.count(p) > 1), {}
        return None

    def _has_form(self, part: str) -> bool:
        if self._is_text:
            return not self._form or bool(self._form.fullmatch(part))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the library warns of what it then refuses
                self._datatype.read(part)
        except (ValueError, ArithmeticError):
            return False
        return True
