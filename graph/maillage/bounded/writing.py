"""Answers as the engine writes them, put right on their way out, and counted.

Oxigraph writes language tags in lower case, in every format, and prefixes in an order that differs
from one process to the next. Here tags get the case that BCP 47 (2.1.1) recommends, which is the
one in which our data were written, and prefixes their alphabetical order, so that the same question
has the same bytes. Nothing is parsed: in each format a tag stands beside signs which a text can
only hold escaped, and the tests hold the engine to that.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO, Final

__all__ = ["Csv", "Form", "Json", "JsonLd", "Lines", "Tsv", "Writer", "Xml", "cased"]

_BLOCK: Final = 1 << 18
_SCRIPT, _REGION = 4, 2  # letters
_SUBTAGS: Final = rb"([a-z]{1,8}(?:-[a-z0-9]{1,8})+)"
_BACKSLASH: Final = 0x5C

# A tag with its signs, and what is written for it; remembered, since there are few.
_cased: dict[bytes, bytes] = {}
_REMEMBERED: Final = 1_000  # a query can make any number of them


def cased(tag: bytes) -> bytes:
    """A language tag in the recommended case.

    >>> cased(b"zh-latn-pinyin"), cased(b"en-us")
    (b'zh-Latn-pinyin', b'en-US')
    """
    first, *rest = tag.lower().split(b"-")
    return b"-".join([first, *map(_part, rest)])


def _part(part: bytes) -> bytes:
    if len(part) == _REGION:
        return part.upper()
    return part.title() if len(part) == _SCRIPT else part


def _written(whole: bytes, tag: bytes) -> bytes:
    """Signs that hold a tag, with the tag in the recommended case."""
    before, after = whole.split(tag, 1)
    written = before + cased(tag) + after
    if len(_cased) < _REMEMBERED:
        _cased[whole] = written
    return written


class Form:
    """How one answer in one format is put right; it sees the answer in blocks, in order.

    :ivar tag: where a language tag may stand that needs another case.
    """

    tag: re.Pattern[bytes] | None = None

    def cut(self, text: bytes) -> int:
        """How much of a text can be handed on: no tag with its signs spans the end of it."""
        return len(text)

    def put(self, found: re.Match[bytes]) -> bytes:
        """What is written where a tag may stand."""
        whole = found[0]
        return _cased.get(whole) or _written(whole, found[1])

    def rows(self, text: bytes) -> int:
        """How many rows begin, or end, in this block."""
        del text
        return 0


class JsonLd(Form):
    """JSON: a quotation mark inside a text has a backslash before it, so no text holds this."""

    tag = re.compile(rb'"@language":"' + _SUBTAGS + rb'"')

    def cut(self, text: bytes) -> int:
        """After any brace: none stands inside of what is looked for."""
        return text.rfind(b"}") + 1


class Json(Form):
    """SPARQL 1.1 Query Results JSON Format.

    A row begins with ``,{"`` and the name of its first variable. Where the same signs end a text,
    the quotation mark closes it, and a comma or a brace follows, which begins no name.
    """

    tag = re.compile(rb'"xml:lang":"' + _SUBTAGS + rb'"')
    _HEAD: Final = re.compile(rb'\{"head":\{"vars":\[[^\]]*\]\},"results":\{"bindings":\[(?!\])')
    _ROW: Final = re.compile(rb',\{(?:"([^,}])|["}])')
    _TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"')

    def __init__(self) -> None:
        self._begun = False

    def cut(self, text: bytes) -> int:
        """Before a row, so that no block begins inside a text."""
        at = len(text)
        while (at := text.rfind(b',{"', 0, at)) > 0:
            if text[at + 3 : at + 4] not in {b",", b"}", b""}:
                return at
        return 0

    def rows(self, text: bytes) -> int:
        """Beginnings of rows."""
        first = 0 if self._begun or not self._HEAD.match(text) else 1
        self._begun = True
        found = self._ROW.findall(text)
        if b"" not in found:
            return first + len(found)
        # A row in which nothing is bound, or these signs inside a text: look without the texts.
        return first + self._TEXT.sub(b'"', text).count(b",{")


class Xml(Form):
    """SPARQL Query Results XML Format, and RDF/XML: inside a text ``<`` is written ``&lt;``."""

    tag = re.compile(rb' xml:lang="' + _SUBTAGS + rb'"')

    def cut(self, text: bytes) -> int:
        """After a tag of XML."""
        return text.rfind(b">") + 1

    def put(self, found: re.Match[bytes]) -> bytes:
        """Only inside a tag of XML."""
        text, at = found.string, found.start()
        inside = text.rfind(b"<", 0, at) > text.rfind(b">", 0, at)
        return super().put(found) if inside else found[0]

    def rows(self, text: bytes) -> int:
        """Beginnings of rows."""
        return text.count(b"<result>")


class Lines(Form):
    """Turtle and its kin: a quotation mark inside a text has a backslash before it."""

    tag = re.compile(rb'"@' + _SUBTAGS)
    _TEXTS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"')

    def cut(self, text: bytes) -> int:
        """After a line; a text has no end of line but an escaped one."""
        return text.rfind(b"\n") + 1

    def put(self, found: re.Match[bytes]) -> bytes:
        """Only after a quotation mark that ends a text."""
        return super().put(found) if self._ends(found.string, found.start()) else found[0]

    def _ends(self, text: bytes, at: int) -> bool:
        before = text[at - 1 : at]
        if before == b"\\":  # the mark may be escaped, or the backslash
            first = at
            while first and text[first - 1] == _BACKSLASH:
                first -= 1
            return (at - first) % 2 == 0
        if before == b" ":  # it begins a text, or the text ends with a blank
            line = text[text.rfind(b"\n", 0, at) + 1 : at]
            return b'"' in self._TEXTS.sub(b"", line)
        # Before the mark that begins a text there is always something that separates.
        return before not in {b"", b"\t", b"\n", b"("}


class Tsv(Lines):
    """SPARQL 1.1 Query Results TSV Format: terms as in Turtle, one row a line."""

    def __init__(self) -> None:
        self._head = 1

    def rows(self, text: bytes) -> int:
        """Ends of rows."""
        head, self._head = self._head, 0
        return text.count(b"\n") - head


class Csv(Form):
    """SPARQL 1.1 Query Results CSV Format: no language tags; a text may have several lines."""

    def __init__(self) -> None:
        self._head = 1
        self._quoted = 0

    def rows(self, text: bytes) -> int:
        """Ends of rows: those ends of line that are not between quotation marks."""
        head, self._head = self._head, 0
        parts = text.split(b'"')
        outside = parts[self._quoted :: 2]
        self._quoted = (self._quoted + len(parts) - 1) % 2
        return sum(part.count(b"\n") for part in outside) - head


class Writer:
    """A file that puts right what is written to it, and hands it on in blocks.

    :ivar rows: how many rows there were, when the format tells.
    """

    def __init__(self, out: BinaryIO, form: Form) -> None:
        self._out, self._form = out, form
        self._held: list[bytes] = []
        self._size = 0
        self._begun = False
        self.rows = 0

    def write(self, data: Any) -> int:
        """Take a part of the answer."""
        self._held.append(bytes(data))
        self._size += len(data)
        if self._size > _BLOCK:
            text = b"".join(self._held)
            end = self._form.cut(text)
            self._held = [text[end:]]
            # What cannot be cut is tried again when it has doubled.
            self._size = len(self._held[0]) if end else self._size // 2
            self._pass_on(text[:end])
        return len(data)

    def flush(self) -> None:
        """Nothing: the end is told by :meth:`finish`."""

    def finish(self) -> None:
        """Hand on the rest."""
        self._pass_on(b"".join(self._held))
        self._held = []

    def _pass_on(self, text: bytes) -> None:
        if not text:
            return
        if not self._begun:
            self._begun = True
            text = _ordered(text)
        self.rows += self._form.rows(text)
        tag = self._form.tag
        self._out.write(tag.sub(self._form.put, text) if tag else text)


_TURTLE_HEAD: Final = re.compile(rb"(?:@prefix [^\n]*\n)+")
_XML_HEAD: Final = re.compile(rb'(<rdf:RDF xmlns:rdf="[^"]*")((?: xmlns:[^= ]+="[^"]*")+)')


def _ordered(text: bytes) -> bytes:
    """The prefixes at the start of a graph in alphabetical order."""
    if found := _TURTLE_HEAD.match(text):
        return b"".join(sorted(found[0].splitlines(keepends=True))) + text[found.end() :]
    if text.startswith(b"<?xml") and (found := _XML_HEAD.search(text, 0, _BLOCK)):
        names = b"".join(b" " + name for name in sorted(found[2].split()))
        return text[: found.end(1)] + names + text[found.end() :]
    return text
