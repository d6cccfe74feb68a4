"""Files that mean harm, or were damaged on their way, and what ``maillage`` is asked to do with them.

What the parsers themselves do with bad RDF is in ``test_untrusted.py``, and with bad tables in
``test_import.py``; here whole commands meet whole files, links, pipes and folders.
"""

from __future__ import annotations

import io
import json
import os
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
import pyoxigraph as ox

__all__ = ["ALSO", "RDF", "TABLES", "Given"]

#: What makes a file: its bytes, or a function that is given the path and does what it likes there.
Maker = bytes | str | Callable[[Path], object]


@dataclass(frozen=True)
class Given:
    """A file as somebody hands it in.

    :ivar name: what it is called; also what the sentence about it must name.
    :ivar codes: the exit codes that are right. 0 stands only where the file is merely strange.
    :ivar kind: of an import.
    :ivar nobody: run as a user who may do nothing.
    """

    name: str
    make: Maker
    codes: frozenset[int] = frozenset({2})
    kind: str = "table"
    nobody: bool = False

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        if callable(self.make):
            self.make(path)
        else:
            raw = self.make
            path.write_bytes(raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw)
        return path


ODD: Final = frozenset({0, 1, 2})
HEAD = "@prefix e: <http://e.org/> .\n"
NS = "https://w3id.org/maillage/ns#"
LINK = f"""@prefix mlg: <{NS}> .
<https://w3id.org/maillage/id/link/x> a mlg:CooperationLink ; mlg:hasParty
  <https://w3id.org/maillage/id/place/cn-420100>, <https://w3id.org/maillage/id/place/fr-commune-33063> ;
  mlg:purpose "成都与蒙彼利埃"@zh-Hans, "Nîmes et Wuxi"@fr .
"""
RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">%s</rdf:RDF>'


# ---- RDF ----------------------------------------------------------------------------------------


def _serialised(form: ox.RdfFormat) -> bytes:
    triples = [quad.triple for quad in ox.parse(LINK.encode(), ox.RdfFormat.TURTLE)]
    if form in {ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG}:
        quads = [ox.Quad(*triple, ox.NamedNode("http://e.org/g")) for triple in triples]
        return ox.serialize(quads, format=form) or b""
    return ox.serialize(triples, format=form) or b""


def _cut(form: ox.RdfFormat, part: float) -> bytes:
    raw = _serialised(form)
    return raw[: int(len(raw) * part)].rstrip(b"\n .")


def _cut_character(form: ox.RdfFormat) -> bytes:
    """Cut in the middle of a Chinese character."""
    raw = _serialised(form)
    return raw[: raw.index("成".encode()) + 2]


_FORMS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def _context(context: object) -> str:
    return json.dumps({"@context": context, "@id": "http://e.org/s", "name": "x"})


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(20_000_000_000)


def _socket(path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # the address of such a socket is short
    try:
        listener.bind(path.name)
    finally:
        os.chdir(here)
        listener.close()


def _secret(path: Path) -> None:
    path.write_text(LINK, encoding="utf-8")
    path.chmod(0)


def _beside(path: Path) -> None:
    """A context in a file beside, which is not to be read either."""
    path.with_name("context.jsonld").write_text('{"@context": {"name": "http://e.org/n"}}', "utf-8")
    path.write_text(_context("context.jsonld"), encoding="utf-8")


RDF: Final[Mapping[str, Given]] = {
    **{f"{suffix} cut in half": Given(f"a{suffix}", _cut(form, 0.5)) for suffix, form in _FORMS.items()},
    **{f"{suffix} cut at nine tenths": Given(f"a{suffix}", _cut(form, 0.9)) for suffix, form in _FORMS.items()},
    **{f"{suffix} cut within a character": Given(f"a{suffix}", _cut_character(form)) for suffix, form in _FORMS.items()},
    **{f"{suffix} of one byte": Given(f"a{suffix}", b"<") for suffix in _FORMS},
    "turtle behind a mark of UTF-16 that is UTF-8": Given("a.ttl", b"\xff\xfe" + LINK.encode()),
    "turtle in UTF-32 cut": Given("a.ttl", LINK.encode("utf-32")[:-3]),
    "turtle in EBCDIC": Given("a.ttl", LINK.encode("cp037", "replace")),
    "context of a file in capitals": Given("a.jsonld", _context("FILE:///etc/passwd")),
    "context of a file on a host": Given("a.jsonld", _context("file://localhost/etc/hosts")),
    "context without a scheme": Given("a.jsonld", _context("//127.0.0.1:9/context")),
    "context beside": Given("a.jsonld", _beside),
    "context by FTP": Given("a.jsonld", _context(["ftp://127.0.0.1/c", {"name": "http://e.org/n"}])),
    "context as data": Given("a.jsonld", _context("data:application/ld+json,{}")),
    "context that is a number": Given("a.jsonld", _context(7)),
    "context in a list in a list": Given("a.jsonld", _context([[["http://127.0.0.1:9/c"]]])),
    "context behind a byte order mark": Given("a.jsonld", b"\xef\xbb\xbf" + _context("http://127.0.0.1:9/c").encode()),
    "context with its address escaped": Given("a.jsonld", _context("X").replace('"X"', r'"\u0068ttp://127.0.0.1:9/c"')),
    "@context escaped": Given("a.jsonld", r'{"@conte\u0078t": "http://127.0.0.1:9/c", "name": "x"}'),
    "context given twice": Given("a.jsonld", '{"@context": {}, "@context": "http://127.0.0.1:9/c", "name": "x"}'),
    "graphs in graphs": Given("a.jsonld", '{"@graph": [' * 30_000 + "]}" * 30_000),
    "lists in lists": Given("a.jsonld", '{"http://e.org/p": ' + '{"@list": [' * 20_000 + "]}" * 20_000 + "}"),
    "included in included": Given("a.jsonld", '{"@included": ' * 20_000 + "{}" + "}" * 20_000),
    "reverse in reverse": Given("a.jsonld", '{"@reverse": {"http://e.org/p": ' * 15_000 + "{}" + "}}" * 15_000),
    "nested JSON as a value": Given("a.jsonld", '{"@id": "http://e.org/s", "http://e.org/p": {"@type": "@json", "@value": ' + "[" * 50_000 + "]" * 50_000 + "}}"),
    "keys by the ten thousand": Given("a.jsonld", "{" + ",".join(f'"http://e.org/{i}": {i}' for i in range(20_000)) + "}", ODD),
    "JSON with a comment": Given("a.jsonld", '{"@id": "http://e.org/s" /* here */ }'),
    "JSON lines": Given("a.jsonld", '{"@id": "http://e.org/s"}\n{"@id": "http://e.org/t"}\n'),
    "entities from outside by a parameter": Given("a.rdf", '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>' + RDF_XML % ""),
    "entities behind a blank of another kind": Given("a.rdf", "<!DOCTYPE r [<!ENTITY\n\t a 'b'>]>" + RDF_XML % "<e:A e:p='&a;'/>"),
    "doctype of a file": Given("a.rdf", '<!DOCTYPE r SYSTEM "file:///etc/passwd">' + RDF_XML % '<e:A rdf:about="http://e.org/s"/>'),
    "attributes by the ten thousand": Given("a.rdf", RDF_XML % ("<e:A" + "".join(f" e:a{i}='1'" for i in range(20_000)) + "/>"), ODD),
    "namespaces within namespaces": Given("a.rdf", RDF_XML % ("".join(f'<n{i}:A xmlns:n{i}="http://e.org/{i}">' for i in range(20_000)) + "x")),
    "XML literals nested": Given("a.rdf", RDF_XML % ('<e:A rdf:about="http://e.org/s"><e:p rdf:parseType="Literal">' + "<b>" * 50_000 + "</b>" * 50_000 + "</e:p></e:A>")),
    "XML 1.1 with control characters": Given("a.rdf", '<?xml version="1.1"?>' + RDF_XML % '<e:A rdf:about="http://e.org/s"><e:p>&#1;&#8;</e:p></e:A>'),
    "XML with a NUL by its number": Given("a.rdf", RDF_XML % '<e:A rdf:about="http://e.org/s"><e:p>&#0;</e:p></e:A>'),
    "XML that says UTF-7": Given("a.rdf", '<?xml version="1.0" encoding="UTF-7"?>' + RDF_XML % "<e:p>é</e:p>"),
    "SVG": Given("a.rdf", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "isolates around a text": Given("a.ttl", HEAD + 'e:s e:p "a\u2067b\u2069" .'),
    "terminal codes in a text": Given("a.ttl", HEAD + 'e:s e:p "\x1b]0;owned\x07" .'),
    "terminal codes in a bad term": Given("a.ttl", HEAD + "e:s e:p \x1b[2J\x1b]0;owned\x07 ."),
    "ends of lines of other systems": Given("a.ttl", HEAD + 'e:s e:p "a\u2028b\u0085c" .'),
    "a prefix of 3 MB": Given("a.ttl", f"@prefix {'e' * 3_000_000}: <http://e.org/> ."),
    "statements without end of line": Given("a.nt", b"<http://e.org/s> <http://e.org/p> <http://e.org/o> . " * 30_000),
    "words of no other file": Given("a.ttl", HEAD + "e:s e:p e:o ."),
    "Turtle called .txt": Given("a.txt", LINK),
    "Turtle called .ttl.gz": Given("a.ttl.gz", LINK),
    "Turtle called nothing": Given("ttl", LINK),
    "Turtle called .exe": Given("a.ttl.exe", LINK),
    "a name with a line feed": Given("a\nb.ttl", b"<"),
    "a name with terminal codes": Given("a\x1b[2J.ttl", b"<"),
    "a name from right to left": Given("a\u202eltt.exe.ttl", b"<"),
    "a name of no UTF-8": Given(os.fsdecode(b"a\xff.ttl"), b"<"),
    "a name with braces": Given("{0.__class__}%s.ttl", b"<"),
    "a link to a file of the system": Given("a.ttl", lambda path: path.symlink_to("/etc/passwd")),
    "a link to itself": Given("a.ttl", lambda path: path.symlink_to(path)),
    "a link to nothing": Given("a.ttl", lambda path: path.symlink_to("nowhere.ttl")),
    "a link to endless zeros": Given("a.ttl", lambda path: path.symlink_to("/dev/zero")),
    "a link to a terminal": Given("a.ttl", lambda path: path.symlink_to("/dev/tty")),
    "a link to memory": Given("a.ttl", lambda path: path.symlink_to("/proc/self/mem")),
    "a pipe that nobody fills": Given("a.ttl", os.mkfifo),
    "a socket": Given("a.ttl", _socket),
    "a folder": Given("a.ttl", lambda path: path.mkdir()),
    "20 GB of nothing": Given("a.ttl", _sparse),
    "a file that may not be read": Given("a.ttl", _secret, nobody=True),
}  # fmt: skip

# ---- tables -------------------------------------------------------------------------------------

ROWS = "Ville,Partenaire,Pays\nTours,Luoyang,Chine\n"
_SHEET = "xl/worksheets/sheet1.xml"


def workbook(
    rows: Sequence[Sequence[object]] = (("Ville", "Partenaire"), ("Tours", "Luoyang")),
) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(
    change: Mapping[str, Callable[[bytes], bytes | None]], more: Mapping[str, bytes] | None = None
) -> bytes:
    """A good workbook with some of its parts changed, left out or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            part = change[name](good.read(name)) if name in change else good.read(name)
            if part is not None:
                bad.writestr(name, part)
        for name, raw in (more or {}).items():
            bad.writestr(name, raw)
    return out.getvalue()


def _replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        assert old in part, part[:300]
        return part.replace(old, new)

    return change


def _behind_declaration(doctype: bytes) -> Callable[[bytes], bytes]:
    return lambda part: doctype + part.split(b"?>", 1)[-1]


def _lying_zip() -> bytes:
    """A workbook whose listing says that a part of 400 MB has ten bytes."""
    raw = altered({_SHEET: lambda _: b"0" * 400_000_000})
    return raw.replace(struct.pack("<I", 400_000_000), struct.pack("<I", 10))


def _overlapping_zip() -> bytes:
    """Ten thousand entries that share one piece of data of 100 MB (a zip bomb of the flat kind)."""
    data = zlib.compress(b"0" * 100_000_000)[2:-4]
    crc, size = zlib.crc32(b"0" * 100_000_000), 100_000_000
    head = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(data), size, 1, 0)
    local = head + b"a" + data
    listing = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(data), size, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in (b"xl/%d.xml" % i for i in range(10_000))
    )  # fmt: skip
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 10_000, 10_000, len(listing), len(local), 0)
    return local + listing + end


def _encrypted_zip() -> bytes:
    raw = bytearray(workbook())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + place] |= 1
            at = raw.find(mark, at + 4)
    return bytes(raw)


_LAUGHS: Final = b"<!DOCTYPE x [<!ENTITY l0 'ha'>" + b"".join(b"<!ENTITY l%d '%s'>" % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10)) + b"]>"  # fmt: skip
_PASSWD: Final = b'<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'


def _entity_in_sheet(doctype: bytes) -> bytes:
    cell = b"<row r='1'><c r='A1' t='inlineStr'><is><t>Ville &l9;</t></is></c><c r='B1' t='inlineStr'><is><t>Partenaire</t></is></c></row>"
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + cell
        + b"</sheetData></worksheet>"
    )
    return altered({_SHEET: lambda _: doctype + sheet})  # fmt: skip


TABLES: Final[Mapping[str, Given]] = {
    "workbook with a billion laughs": Given("a.xlsx", _entity_in_sheet(_LAUGHS)),
    "workbook with an entity of a file": Given("a.xlsx", _entity_in_sheet(_PASSWD), ODD),
    "workbook whose listing lies": Given("a.xlsx", lambda path: path.write_bytes(_lying_zip())),
    "workbook of overlapping parts": Given("a.xlsx", lambda path: path.write_bytes(_overlapping_zip())),
    "workbook that is locked": Given("a.xlsx", _encrypted_zip()),
    "workbook with a password": Given("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3_000),
    "workbook cut in half": Given("a.xlsx", workbook()[: len(workbook()) // 2]),
    "workbook without its sheet": Given("a.xlsx", altered({_SHEET: lambda _: None})),
    "workbook without its book": Given("a.xlsx", altered({"xl/workbook.xml": lambda _: None})),
    "workbook of empty parts": Given("a.xlsx", altered({_SHEET: lambda _: b""})),
    "workbook whose sheet is HTML": Given("a.xlsx", altered({_SHEET: lambda _: b"<html><br></html>"})),
    "workbook whose sheet nests": Given("a.xlsx", altered({_SHEET: lambda _: b"<worksheet>" + b"<a>" * 500_000})),
    "workbook that merges all cells": Given("a.xlsx", altered({_SHEET: _replaced(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')})),
    "workbook that says it is full": Given("a.xlsx", altered({_SHEET: _replaced(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')}), ODD),
    "workbook with a cell far away": Given("a.xlsx", altered({_SHEET: _replaced(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')}), ODD),
    "workbook with a cell beyond the last": Given("a.xlsx", altered({_SHEET: _replaced(b"</sheetData>", b'<row r="99999999"><c r="ZZZZZ99999999"><v>1</v></c></row></sheetData>')}), ODD),
    "workbook with a text that is not there": Given("a.xlsx", altered({_SHEET: _replaced(b"</sheetData>", b'<row r="3"><c r="A3" t="s"><v>99999999</v></c></row></sheetData>')})),
    "workbook with a date beyond calendars": Given("a.xlsx", workbook((("Ville", "Partenaire", "Depuis"), ("Tours", "Luoyang", 1e300))), ODD),
    "workbook with names that go up": Given("a.xlsx", altered({}, {"../../../tmp/owned": b"x", "/etc/owned": b"x"}), ODD),
    "workbook with a text of 3 MB": Given("a.xlsx", altered({_SHEET: _replaced(b"</sheetData>", b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 3_000_000 + b"</t></is></c></row></sheetData>")}), ODD),
    "workbook that is a zip of zips": Given("a.xlsx", altered({"xl/workbook.xml": lambda _: workbook()})),
    "workbook called CSV": Given("a.csv", workbook(), ODD),
    "workbook of Word": Given("a.xlsx", altered({"[Content_Types].xml": lambda _: b"<Types/>", "xl/workbook.xml": lambda _: None}, {"word/document.xml": b"<x/>"})),
    "quotation mark in the middle": Given("a.csv", 'Ville,Partenaire\nTours,Luo"yang\nRennes,"Ji"nan\n'),
    "quotation mark opened at the end": Given("a.csv", ROWS * 1 + "Rennes,Jinan,Chine\n" * 20_000 + '"'),
    "quotation marks only": Given("a.csv", '"' * 100_001),
    "columns by the ten thousand": Given("a.csv", ",".join(f"c{i}" for i in range(10_000)) + "\n" + "," * 9_999 + "\n"),
    "rows of nothing by the hundred thousand": Given("a.csv", ROWS + ",,\n" * 100_000, ODD),
    "one line of 20 MB": Given("a.csv", lambda path: path.write_bytes(b"Ville,Partenaire\n" + b"a," * 10_000_000)),
    "headings twice": Given("a.csv", "Ville,Ville,Partenaire,Partenaire\nTours,Rennes,Luoyang,Jinan\n", ODD),
    "headings from right to left": Given("a.csv", "\u202eelliV,Partenaire\nTours,Luoyang\n", ODD),
    "terminal codes in cells": Given("a.csv", "Ville,Partenaire,Pays\nTours\x1b[2J,Luo\x07yang,Chine\n", ODD),
    "terminal codes in headings": Given("a.csv", "Ville\x1b]0;owned\x07,Part\x1b[2Jenaire\nTours,Luoyang\n", ODD),
    "encodings mixed": Given("a.csv", ROWS.encode() + "Nîmes,Wuxi,Chine\n".encode("latin-1") + "Albi,丽江,Chine\n".encode()),
    "UTF-16 without a mark": Given("a.csv", ROWS.encode("utf-16-le")),
    "UTF-16 cut": Given("a.csv", ROWS.encode("utf-16")[:-1]),
    "EBCDIC": Given("a.csv", ROWS.encode("cp037")),
    "a mark and nothing else": Given("a.csv", b"\xff\xfe"),
    "a separator announced that is none": Given("a.csv", "sep=\x00\n" + ROWS),
    "old ends of lines": Given("a.csv", ROWS.replace("\n", "\r"), ODD),
    "formulas": Given("a.csv", "Ville,Partenaire,Pays\n=cmd|' /C calc'!A0,@SUM(1),+1\n", ODD),
    "a script": Given("a.csv", "#!/bin/sh\nrm -rf /\n"),
    "JSON with numbers beyond numbers": Given("a.json", '[{"Ville": "Tours", "Partenaire": "Luoyang", "Montant": ' + "9" * 100_000 + "}]", ODD),
    "JSON with an exponent beyond numbers": Given("a.json", '[{"Ville": "Tours", "Partenaire": "Luoyang", "Montant": 1e999999}]', ODD),
    "JSON with NaN": Given("a.json", '[{"Ville": "Tours", "Partenaire": "Luoyang", "Montant": NaN}]', ODD),
    "JSON with half a character": Given("a.json", r'[{"Ville": "\ud800", "Partenaire": "Luoyang"}]', ODD),
    "JSON with a NUL": Given("a.json", r'[{"Ville": "Tours\u0000", "Partenaire": "Luoyang"}]', ODD),
    "JSON in UTF-16": Given("a.json", '[{"Ville": "Tours"}]'.encode("utf-16"), ODD),
    "JSON with a key of 1 MB": Given("a.json", '[{"' + "k" * 1_000_000 + '": 1}]', ODD),
    "JSON that is a text": Given("a.json", '"Tours"'),
    "JSON of nested records": Given("a.json", '[{"Ville": ' + '{"a": ' * 500 + "1" + "}" * 500 + "}]", ODD),
    "JSON cut in a character": Given("a.json", '[{"Ville": "成'.encode()[:-1]),
    "a picture as records": Given("a.json", b"\x89PNG\r\n\x1a\n" + bytes(100), kind="atlas"),
    "pairs without a second side": Given("a.csv", "city1,country1\nTours,France\n", kind="twinnings"),
    "pairs with points that are none": Given("a.csv", "city1,city2,coord1\nTours,Luoyang,Point(999 -999)\n", ODD, kind="twinnings"),
    "a pipe that nobody fills": Given("a.csv", os.mkfifo),
    "a link to itself": Given("a.csv", lambda path: path.symlink_to(path)),
    "a link to endless zeros": Given("a.csv", lambda path: path.symlink_to("/dev/zero")),
    "a folder": Given("a.csv", lambda path: path.mkdir()),
    "a socket": Given("a.csv", _socket),
    "20 GB of nothing": Given("a.csv", _sparse),
    "a file that may not be read": Given("a.csv", _secret, nobody=True),
    "a name with terminal codes": Given("a\x1b[2J.csv", b"\0"),
    "a name of no UTF-8": Given(os.fsdecode(b"a\xff.csv"), b"\0"),
}  # fmt: skip


# ---- what a build is given beside its own data ---------------------------------------------------


def _described(**description: object) -> Callable[[Path], None]:
    """A table with a description of its own beside it."""

    def make(path: Path) -> None:
        path.write_text("key,label\na,b\n", encoding="utf-8")
        described = {"@context": "http://www.w3.org/ns/csvw", "url": path.name, **description}
        beside = path.with_name(f"{path.name}-metadata.json")
        beside.write_text(json.dumps(described), encoding="utf-8")

    return make


def _deeply_described(path: Path) -> None:
    path.write_text("key,label\na,b\n", encoding="utf-8")
    path.with_name(f"{path.name}-metadata.json").write_text("[" * 100_000, encoding="utf-8")


ALSO: Final[Mapping[str, Given]] = {
    "a description from another host": Given("t.csv", _described(**{"@context": "http://127.0.0.1:9/c"})),
    "a description of another file": Given("t.csv", _described(url="../../../../etc/passwd")),
    "a description of a file elsewhere": Given("t.csv", _described(url="http://127.0.0.1:9/t.csv")),
    "a schema from elsewhere": Given("t.csv", _described(tableSchema="http://127.0.0.1:9/s.json")),
    "a schema of a file": Given("t.csv", _described(tableSchema="file:///etc/passwd")),
    "a description that nests": Given("t.csv", _deeply_described),
    "a table known by name, cut": Given("links.csv", "kind,parties\ntwinning"),
    "a table known by name, of zeros": Given("links.csv", bytes(5_000)),
    "a pipe that nobody fills": Given("links.csv", os.mkfifo),
    "a graph cut in half": Given("a.ttl", _cut(ox.RdfFormat.TURTLE, 0.5)),
    "an empty folder": Given("folder", lambda path: path.mkdir()),
}  # fmt: skip
