"""Files of strangers: whatever they hold, a result or a sentence, soon, and we go on."""

import gzip
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from maillage import fields
from maillage.confined import DEEPEST, UNSEEN
from maillage.errors import MaillageError
from maillage.lexical import XSD, canonical
from maillage.untrusted import (
    LIMITS,
    RDF_SUFFIXES,
    SKOLEM,
    Limits,
    lines_of,
    parse_untrusted,
    read_file,
)

HEAD = "@prefix e: <http://e.org/> .\n"
SAYS = HEAD + "e:s e:p %s .\n"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/"'
XML = f'<rdf:RDF {RDF}><rdf:Description rdf:about="http://e.org/s">%s</rdf:Description></rdf:RDF>'
NODE = '{"@id": "http://e.org/s", "http://e.org/p": %s}'
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))

# Suffix, content, and what becomes of it: the key of a sentence or how many statements; several
# where versions of the engine may differ, and none where only the bounds matter.
CASES = {
    # nesting
    "json arrays": (".jsonld", "[" * 26_000 + "]" * 26_000, "rdf-too-deep"),
    "json objects": (".jsonld", '{"http://e.org/p":' * 20_000 + "1" + "}" * 20_000, "rdf-too-deep"),
    "json contexts": (".jsonld", '{"@context":' * 5_000 + "{}" + "}" * 5_000, "rdf-too-deep"),
    "json open brackets": (".jsonld", "[" * 100_000, "rdf-too-deep"),
    "json brackets behind a string": (".jsonld", '{"a": "' + "]" * 200_000 + '", "b": ' + "[" * 60_000, "rdf-too-deep"),
    "json brackets in a string": (".jsonld", NODE % ('"' + "[{" * 100_000 + '"'), 1),
    "json quotes escaped without end": (".jsonld", '{"a": "' + '\\"' * 200_000, "rdf-syntax"),
    "json nested as deep as may be": (".jsonld", "[" * DEEPEST + "]" * DEEPEST, "rdf-no-statement"),
    "xml elements": (".rdf", XML % ("<e:p><e:A>" * 50_000 + "</e:A></e:p>" * 50_000), "rdf-too-deep"),
    "xml elements without end": (".rdf", f"<rdf:RDF {RDF}>" + "<e:A><e:p>" * 90_000, "rdf-too-deep"),
    "turtle blank nodes": (".ttl", SAYS % ("[e:p " * 100_000 + "1" + "]" * 100_000), 100_001),
    "turtle collections": (".ttl", SAYS % ("(" * 100_000 + ")" * 100_000), 199_999),
    "turtle open brackets": (".ttl", SAYS % ("[" * 100_000), "rdf-syntax"),
    "turtle open parentheses": (".ttl", SAYS % ("(" * 100_000), "rdf-syntax"),
    "trig open braces": (".trig", HEAD + "{" * 100_000, "rdf-syntax"),
    # entities and their kin
    "one entity": (".rdf", '<!DOCTYPE x [<!ENTITY a "aa">]>' + XML % "<e:p>&a;</e:p>", "rdf-entities"),
    "billion laughs": (".rdf", f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>' + XML % "<e:p>&l9;</e:p>", "rdf-entities"),
    "billion laughs by parameter entities": (".rdf", '<!DOCTYPE x [<!ENTITY % a "b"><!ENTITY % c "%a;%a;">]>' + XML % "", "rdf-entities"),
    "quadratic blow-up": (".rdf", f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>' + XML % ("<e:p>" + "&a;" * 50_000 + "</e:p>"), "rdf-entities"),
    "entity of a file": (".rdf", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + XML % "<e:p>&a;</e:p>", "rdf-entities"),
    "entity in UTF-16": (".rdf", ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "aa">]>' + XML % "").encode("utf-16"), "rdf-entities"),
    "entity behind a comment": (".rdf", "<!DOCTYPE x [<!-- ]> --><!ENTITY a 'aa'>]>" + XML % "", "rdf-entities"),
    "entity nobody declared": (".rdf", XML % "<e:p>&a;</e:p>", "rdf-syntax"),
    "doctype in lower case": (".rdf", '<!doctype x [<!entity a "aa">]>' + XML % "", "rdf-looks-like|rdf-syntax"),
    "doctype of another host": (".rdf", '<!DOCTYPE x SYSTEM "http://e.org/x.dtd">' + XML % "<e:p>x</e:p>", 1),
    "xinclude": (".rdf", XML % '<e:p><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/></e:p>', None),
    "processing instruction": (".rdf", '<?xml-stylesheet href="http://e.org/x.xsl"?>' + XML % "<?php x ?><e:p>x</e:p>", 1),
    "xml base of files": (".rdf", f'<rdf:RDF {RDF} xml:base="file:///etc/"><rdf:Description rdf:about="passwd"><e:p>x</e:p></rdf:Description></rdf:RDF>', "rdf-address"),
    "xml base that is none": (".rdf", f'<rdf:RDF {RDF} xml:base="a b"><rdf:Description rdf:about="c"><e:p>x</e:p></rdf:Description></rdf:RDF>', "rdf-syntax"),
    "xml comment without end": (".rdf", f"<rdf:RDF {RDF}><!-- ", "rdf-syntax"),
    "xml without namespaces": (".rdf", "<a/>", "rdf-syntax"),
    "xml in windows-1252": (".rdf", ('<?xml version="1.0" encoding="windows-1252"?>' + XML % "<e:p>é</e:p>").encode("cp1252"), "rdf-encoding"),
    "xml that says latin-1 and is UTF-8": (".rdf", '<?xml version="1.0" encoding="iso-8859-1"?>' + XML % "<e:p>é</e:p>", "rdf-encoding"),
    "xml that says latin-1 and is ASCII": (".rdf", '<?xml version="1.0" encoding="iso-8859-1"?>' + XML % "<e:p>e</e:p>", 1),
    "xml in UTF-16": (".rdf", ('<?xml version="1.0" encoding="UTF-16"?>' + XML % "<e:p>é</e:p>").encode("utf-16"), 1),
    "xml bad language": (".rdf", XML % '<e:p xml:lang="no tag at all">x</e:p>', "rdf-syntax"),
    "xml ending .xml": (".xml", XML % "<e:p>x</e:p>", 1),
    # contexts
    "remote context": (".jsonld", '{"@context": "https://schema.org/", "name": "x"}', "rdf-remote-context"),
    "remote context in a list": (".jsonld", '{"@context": [{}, "https://schema.org/"], "name": "x"}', "rdf-remote-context"),
    "context of a file": (".jsonld", '{"@context": "file:///etc/passwd"}', "rdf-remote-context"),
    "imported context": (".jsonld", '{"@context": {"@version": 1.1, "@import": "https://e.org/"}, "a": "x"}', "rdf-remote-context"),
    "scoped context": (".jsonld", '{"@context": {"a": {"@id": "http://e.org/a", "@context": "http://e.org/c"}}, "a": {}}', "rdf-remote-context"),
    "context deep in the document": (".jsonld", NODE % '{"http://e.org/q": {"@context": "http://e.org/c", "a": 1}}', "rdf-remote-context"),
    "cyclic terms": (".jsonld", '{"@context": {"a": "b:x", "b": "a:x"}, "a": "x"}', "rdf-syntax"),
    "context that contains itself": (".jsonld", '{"@context": {"a": {"@id": "http://e.org/a", "@context": {"a": {"@id": "a:a", "@context": {}}}}}, "a": {"a": 1}}', None),
    "context redefines keywords": (".jsonld", '{"@context": {"@id": "http://e.org/"}, "a": "x"}', "rdf-syntax"),
    # characters
    "unterminated string": (".ttl", SAYS % '"abc', "rdf-syntax"),
    "unterminated long string": (".ttl", SAYS % '"""abc', "rdf-syntax"),
    "unterminated address": (".ttl", SAYS % "<http://e.org/", "rdf-syntax"),
    "unterminated comment": (".ttl", HEAD + "# " + "x" * 1_000_000, 0),
    "huge address": (".ttl", SAYS % f"<http://e.org/{'a' * 1_000_000}>", "rdf-long-address"),
    "huge literal": (".ttl", SAYS % f'"{"a" * 5_000_000}"', 1),
    "very long line": (".nt", "<http://e.org/s> <http://e.org/p> " + " " * 3_000_000 + '"x" .', 1),
    "NUL": (".ttl", SAYS % '"a\0b"', "rdf-character"),
    "NUL by its number": (".ttl", SAYS % r'"\u0000"', "rdf-character"),
    "bell": (".nq", '<http://e.org/s> <http://e.org/p> "\x07" .', "rdf-character"),
    "right-to-left override": (".ttl", SAYS % '"abc\u202egpj.exe"', "rdf-character"),
    "right-to-left override by its number": (".ttl", SAYS % r'"abc\u202egpj.exe"', "rdf-character"),
    "zero width space in an address": (".ttl", SAYS % "<http://e.org/a\u200bb>", "rdf-character"),
    "lone surrogate in turtle": (".ttl", SAYS % r'"\ud800"', "rdf-syntax"),
    "lone surrogate in json": (".jsonld", NODE % r'"\ud800"', "rdf-syntax"),
    "character beyond the last": (".ttl", SAYS % r'"\UFFFFFFFF"', "rdf-syntax"),
    "accents apart": (".ttl", SAYS % '"Be\u0301ziers"', "rdf-not-nfc"),
    "accents apart by their number": (".ttl", SAYS % r'"Be\u0301ziers"', "rdf-not-nfc"),
    "line feed in a text": (".ttl", SAYS % '"""a\nb"""', 1),
    "invalid UTF-8": (".nt", b'<http://e.org/s> <http://e.org/p> "\xff" .', "rdf-encoding"),
    "overlong UTF-8": (".nt", b'<http://e.org/s> <http://e.org/p> "\xc0\xaf" .', "rdf-encoding"),
    "windows-1252": (".ttl", (SAYS % '"é"').encode("cp1252"), "rdf-encoding"),
    "UTF-8 with a mark": (".ttl", b"\xef\xbb\xbf" + (SAYS % "1").encode(), 1),
    "UTF-16 with a mark": (".ttl", (SAYS % '"é"').encode("utf-16"), 1),
    "UTF-16 without a mark": (".ttl", (SAYS % '"é"').encode("utf-16-le"), "rdf-encoding"),
    "UTF-32 with a mark": (".nt", '<http://e.org/s> <http://e.org/p> "é" .'.encode("utf-32"), 1),
    "half of UTF-16": (".ttl", (SAYS % '"é"').encode("utf-16")[:-1], "rdf-encoding"),
    "only a mark": (".ttl", b"\xef\xbb\xbf", 0),
    "two marks": (".ttl", b"\xef\xbb\xbf\xef\xbb\xbf" + HEAD.encode(), "rdf-character"),
    "mixed ends of lines": (".ttl", HEAD.replace("\n", "\r") + "e:s e:p 1 .\r\ne:s e:p 2 .\n", 2),
    # no RDF at all
    "empty turtle": (".ttl", "", 0),
    "empty json": (".jsonld", "", "rdf-syntax"),
    "empty xml": (".rdf", "", 0),
    "page of a server": (".ttl", "<!DOCTYPE html><html><body>404 Not Found</body></html>", "rdf-looks-like"),
    "page of a server as xml": (".rdf", "<!DOCTYPE html><html><body>404<br></body></html>", "rdf-looks-like"),
    "json that is no JSON-LD": (".jsonld", '{"name": "x", "list": [1, 2]}', "rdf-no-statement"),
    "json number": (".jsonld", "1", "rdf-syntax|rdf-no-statement"),
    "json twice": (".jsonld", "{} {}", "rdf-syntax"),
    "turtle called rdf": (".rdf", SAYS % "1", "rdf-looks-like"),
    "xml called ttl": (".ttl", XML % "<e:p>x</e:p>", "rdf-looks-like"),
    "json called nt": (".nt", NODE % '"x"', "rdf-looks-like"),
    "turtle called trig": (".trig", SAYS % "1", 1),
    "picture": (".ttl", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "rdf-encoding"),
    "gzip": (".nq", gzip.compress(b'<http://e.org/s> <http://e.org/p> "x" .'), "rdf-encoding"),
    "zip": (".jsonld", b"PK\x03\x04\x14\0\0\0", "rdf-encoding|rdf-character"),
    "random bytes": (".trig", bytes(range(256)) * 40, "rdf-encoding"),
    # addresses
    "relative without base": (".ttl", "<a> <b> <c> .", "rdf-syntax"),
    "relative prefix": (".ttl", "@prefix a: <rel/> . a:x a:y a:z .", "rdf-syntax"),
    "relative in json": (".jsonld", '{"@id": "s", "http://e.org/p": "x"}', "rdf-no-statement"),
    "base of files": (".ttl", "@base <file:///etc/> . <passwd> <http://e.org/p> 1 .", "rdf-address"),
    "address with a space": (".ttl", SAYS % "<http://e.org/a b>", "rdf-syntax"),
    "address with braces": (".nt", "<http://e.org/s> <http://e.org/p> <http://e.org/{b}> .", "rdf-syntax"),
    "address with a space by its number": (".ttl", SAYS % r"<http://e.org/a\u0020b>", "rdf-syntax"),
    "javascript": (".ttl", SAYS % "<javascript:alert(1)>", "rdf-address"),
    "file": (".nq", "<http://e.org/s> <http://e.org/p> <file:///etc/passwd> .", "rdf-address"),
    "data": (".jsonld", NODE % '{"@id": "data:text/html,x"}', "rdf-address"),
    "file as a property": (".ttl", HEAD + "e:s <file:///p> 1 .", "rdf-address"),
    "file as a graph": (".nq", '<http://e.org/s> <http://e.org/p> "x" <file:///g> .', "rdf-address"),
    "file as a type": (".nt", '<http://e.org/s> <http://e.org/p> "x"^^<file:///t> .', "rdf-address"),
    "http without a host": (".nt", "<http:///s> <http://e.org/p> <http:a> .", "rdf-address"),
    "urn and mail": (".ttl", SAYS % "<urn:isbn:1>, <mailto:a@e.org>", 2),
    "prefixes by the thousand": (".ttl", "".join(f"@prefix p{i}: <http://e.org/{i}/> .\n" for i in range(10_000)) + "p1:a p2:b p3:c .", 1),
    "prefix defined again": (".ttl", HEAD + "e:s e:p 1 . @prefix e: <http://f.org/> . e:s e:p 1 .", 2),
    "prefix that multiplies": (".ttl", f"@prefix e: <http://e.org/{'a' * 3_900}> . e: e: {', '.join(['e:'] * 200_000)} .", "rdf-too-much"),
    # values
    "date of no calendar": (".ttl", SAYS % f'"2019-02-29"^^<{XSD}date>', "rdf-value"),
    "month zero": (".ttl", SAYS % f'"1986-00"^^<{XSD}gYearMonth>', "rdf-value"),
    "text as a number": (".ttl", SAYS % f'"n/a"^^<{XSD}integer>', "rdf-value"),
    "small integer that is too large": (".ttl", SAYS % f'"300"^^<{XSD}byte>', "rdf-value"),
    "integer of 100,000 digits": (".ttl", SAYS % ("9" * 100_000), "rdf-value"),
    "integer of 100,000 digits in json": (".jsonld", NODE % ("9" * 100_000), "rdf-value|rdf-syntax"),
    "double of 100,000 digits in json": (".jsonld", NODE % ("9" * 100_000 + "e9"), None),
    "json NaN": (".jsonld", NODE % "NaN", "rdf-syntax"),
    "type of no schema": (".ttl", SAYS % '"x"^^e:t', 1),
    "language too long": (".ttl", SAYS % f'"x"@{"a" * 30}', "rdf-syntax"),
    "language of too many parts": (".ttl", SAYS % f'"x"@fr{"-abc" * 10_000}', "rdf-syntax|rdf-language"),
    "language with an underscore in json": (".jsonld", NODE % '{"@value": "x", "@language": "fr_FR"}', "rdf-language"),
    "language with a direction": (".ttl", SAYS % '"x"@ar--rtl', "rdf-language"),
    # statements about statements, graphs
    "quoted statement as a value": (".ttl", SAYS % "<<( e:a e:b e:c )>>", "rdf-triple-term"),
    "quoted statement as a thing": (".ttl", HEAD + "<< e:a e:b e:c >> e:p 1 .", "rdf-triple-term"),
    "annotated statement": (".ttl", SAYS % "1 {| e:q 2 |}", "rdf-triple-term"),
    "quoted statements in each other": (".nt", "<http://e.org/s> <http://e.org/p> " + "<<( <http://e.org/s> <http://e.org/p> " * 20_000, "rdf-syntax|rdf-broke|rdf-too-much"),
    "blank node as a graph": (".trig", HEAD + "_:g { e:s e:p 1 }", 1),
    "graph in a format without graphs": (".ttl", HEAD + "e:g { e:s e:p 1 }", "rdf-syntax"),
    "graph in n-triples": (".nt", "<http://e.org/s> <http://e.org/p> <http://e.org/o> <http://e.org/g> .", "rdf-syntax"),
    "literal as a thing": (".nt", '"x" <http://e.org/p> "y" .', "rdf-syntax"),
    "blank node as a property": (".jsonld", '{"@id": "http://e.org/s", "_:p": "x", "http://e.org/p": 1}', 1),
    "the same statement 100,000 times": (".nt", "<http://e.org/s> <http://e.org/p> <http://e.org/o> .\n" * 100_000, 100_000),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_ends_in_a_result_or_a_sentence(name):
    suffix, content, expected = CASES[name]
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    started = time.monotonic()
    try:
        outcome = len(parse_untrusted(raw, suffix, f"theirs{suffix}"))
    except MaillageError as error:
        outcome = error.key
        for lang in ("fr", "en", "zh"):
            sentence = error.text(lang)
            assert sentence.startswith(f"theirs{suffix}")
            assert sentence.isprintable() and len(sentence) < 600
    assert time.monotonic() - started < 30
    if isinstance(expected, str):
        assert outcome in expected.split("|")
    elif expected is not None:
        assert outcome == expected


def refusal(raw, suffix, limits=LIMITS):
    with pytest.raises(MaillageError) as caught:
        parse_untrusted(raw if isinstance(raw, bytes) else raw.encode(), suffix, "a", limits)
    return caught.value


@pytest.mark.parametrize(
    ("suffix", "content", "place"),
    [
        (".ttl", HEAD + "e:s e:p <a b> .", "2:9"),
        (".ttl", HEAD + "\ne:s e:p <javascript:x> .", "3:10"),
        (".ttl", SAYS % '"a\u202eb"', "2:11"),
        (".ttl", HEAD + 'e:s e:p "ok", "Be\u0301ziers" .', "2:17"),
        (".nt", '<http://e.org/s> <http://e.org/p> "é" .\n<http://e.org/s> <http://e.org/p> "\x01" .', "2:36"),
        (".ttl", SAYS % f'"2019-02-29"^^<{XSD}date>', "2:10"),
        (".jsonld", '{\n "@context":\n  ["http://e.org/c"]\n}', "3:4"),
        (".jsonld", '{"a": 1,\n "b": }', "2:7"),
        (".rdf", "<a>\n <b>\n </a>", "3:4"),
        (".rdf", '<!DOCTYPE x [\n <!ENTITY a "b">]><x/>', "2:13"),
        (".nt", b'<http://e.org/s> <http://e.org/p> "\xc3\xa9" .\n<http://e.org/\xff> ', "2:15"),
    ],
)  # fmt: skip
def test_a_refusal_says_where(suffix, content, place):
    assert str(refusal(content, suffix)).startswith(f"a:{place}")


def test_values_come_back_as_a_store_keeps_them():
    written = ["01", "1.50", ".5", '"1"^^x:boolean', '"5"^^x:int', "1e0", '" 7 "^^x:short', '"2020-01-01+00:00"^^x:date', '"P12M"^^x:duration', '"x"@FR', '"x"', '"z"^^<http://e.org/t>']  # fmt: skip
    raw = f"@prefix x: <{XSD}> .\n" + SAYS % ", ".join(written)
    quads = parse_untrusted(raw.encode(), ".ttl", "a")
    store = ox.Store()
    store.bulk_extend(quads)
    assert set(store) == set(quads)
    values = {str(quad.object) for quad in quads}
    assert {f'"1"^^<{XSD}integer>', f'"1.5"^^<{XSD}decimal>', f'"true"^^<{XSD}boolean>'} <= values


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", ["0", "-0", "+5"], ["", "1.0", "٣", "1 2", "--1"]),
        ("unsignedByte", ["0", "255"], ["256", "-1"]),
        ("decimal", ["1.", "-.5"], [".", "1e3", "1,5"]),
        ("double", ["1e3", "-INF", "NaN"], ["inf", "1e", "0x1"]),
        ("boolean", ["1", "false"], ["TRUE", "oui"]),
        ("date", ["2020-02-29", "2000-02-29", "-0044-03-15", "2020-01-01Z"], ["1900-02-29", "2020-04-31", "20-1-1", "2020-13-01", "02020-01-01"]),
        ("dateTime", ["2020-01-01T24:00:00", "2020-01-01T00:00:00.5+01:00"], ["2020-01-01", "2020-01-01T25:00:00", "2020-01-01T00:00"]),
        ("dateTimeStamp", ["2020-01-01T00:00:00Z"], ["2020-01-01T00:00:00"]),
        ("time", ["23:59:59"], ["23:59", "24:00:01"]),
        ("gYear", ["2005", "-0001"], ["20", "2005-01"]),
        ("gYearMonth", ["1986-12"], ["1986-00", "1986-13"]),
        ("gMonthDay", ["--02-29"], ["--02-30", "02-01"]),
        ("gDay", ["---31"], ["---32"]),
        ("duration", ["P1Y2M", "PT3S", "-P1D"], ["P", "PT", "1Y", "P1S"]),
        ("dayTimeDuration", ["P1DT2H"], ["P1Y"]),
    ],
)  # fmt: skip
def test_a_value_is_one_of_its_type(kind, good, bad):
    for text in good:
        assert canonical(text, XSD + kind)
    for text in bad:
        with pytest.raises(ValueError, match=kind):
            canonical(text, XSD + kind)


def test_blank_nodes_get_addresses_that_are_the_same_every_time_and_of_this_file_only():
    raw = (HEAD + "_:b e:p [ e:q _:b ] . _:b e:p ( 1 ) .").encode()
    first, again = (parse_untrusted(raw, ".ttl", name) for name in "ab")
    other = parse_untrusted(raw + b"\n", ".ttl", "c")
    assert first == again
    terms = [{t.value for q in quads for t in (q.subject, q.object) if isinstance(t, ox.NamedNode)} for quads in (first, other)]  # fmt: skip
    blank = [{t for t in each if t.startswith(SKOLEM)} for each in terms]
    assert len(blank[0]) == 3
    assert not blank[0] & blank[1]
    assert not any(isinstance(q.subject, ox.BlankNode) for q in first)


def test_formats_that_say_the_same_give_the_same():
    statement = ox.Quad(ox.NamedNode("http://e.org/s"), ox.NamedNode("http://e.org/p"), ox.Literal("Bézier", language="fr"))  # fmt: skip
    for suffix in RDF_SUFFIXES:
        kind = {".jsonld": ox.RdfFormat.JSON_LD, ".rdf": ox.RdfFormat.RDF_XML, ".xml": ox.RdfFormat.RDF_XML, ".ttl": ox.RdfFormat.TURTLE}.get(suffix, ox.RdfFormat.N_TRIPLES)  # fmt: skip
        raw = ox.serialize([statement.triple], format=kind)
        assert parse_untrusted(raw, suffix.upper(), "a") == [statement], suffix


@pytest.mark.parametrize(
    ("content", "suffix", "limits", "key"),
    [
        ("x" * 2_000, ".ttl", Limits(size=1_000), "rdf-too-large"),
        (HEAD + f"e:s e:p {'1, ' * 10_000} 3 .", ".ttl", Limits(output=1_000), "rdf-too-much"),
        ("[" + '{"a":[]},' * 2_000_000 + "1]", ".jsonld", Limits(memory=300_000_000), "rdf-too-much|rdf-broke"),
        (HEAD + f"e:s e:p {'( 1 ) ,' * 300_000} 1 .", ".ttl", Limits(cpu=1), "rdf-too-long"),
        (HEAD, ".ttl", Limits(wall=0.001), "rdf-too-long"),
    ],
    ids=["size", "output", "memory", "processor", "clock"],
)  # fmt: skip
def test_a_file_costs_no_more_than_is_allowed(content, suffix, limits, key):
    assert refusal(content, suffix, limits).key in key.split("|")
    assert len(parse_untrusted((SAYS % "1").encode(), ".ttl", "a")) == 1


def test_a_child_that_dies_of_a_signal_is_told(monkeypatch):
    monkeypatch.setattr("maillage.untrusted._START", "import os; os.abort()")
    assert refusal(HEAD, ".ttl").key == "rdf-broke"


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "open('/etc/hostname')",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        # no hook sees this, as it sees no native code: the kernel refuses a further open file
        "os.dup(0)",
    ],
)
def test_a_child_can_open_nothing(deed):
    code = (
        "import sys, os, socket, subprocess\n"
        "import resource\n"
        "from maillage.confined import _confine\n"
        "_confine({'RLIMIT_CPU': 5})\n"
        f"try:\n    {deed}\nexcept OSError:\n    os._exit(7)\n"
    )
    roots = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": roots}, check=False)
    assert done.returncode == 7


def test_the_unseen_characters_are_those_of_tables():
    assert UNSEEN == fields.UNSEEN


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such files")
def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.ttl")
    (tmp_path / "folder.ttl").mkdir()
    for path in (
        tmp_path / "pipe.ttl",
        tmp_path / "folder.ttl",
        Path("/dev/zero"),
        tmp_path / "no",
    ):
        with pytest.raises(MaillageError) as caught:
            read_file(path, path.name)
        assert caught.value.key == "rdf-no-file"
    large = tmp_path / "large.ttl"
    large.write_bytes(b"#" * 2_000)
    with pytest.raises(MaillageError, match=re.escape("large.ttl")):
        read_file(large, "large.ttl", Limits(size=1_000))


def test_an_ending_that_is_nobodys_is_told():
    assert refusal("", ".docx").key == "bad-suffix"


def test_things_are_found_by_their_line_at_once_however_many():
    lines = ["@prefix e: <http://e.org/x/> ."] + [f"e:t{i} e:p e:t{i + 1} ." for i in range(30_000)]
    started = time.monotonic()
    found = lines_of("\n".join(lines).encode(), [f"http://e.org/x/t{i}" for i in range(30_000)])
    assert time.monotonic() - started < 5
    assert found["http://e.org/x/t0"] == 2
    assert found["http://e.org/x/t20000"] == 20_001
    assert lines_of(b'{"@id":\n"http://e.org/a"}', ["http://e.org/a", "http://e.org/b"]) == {
        "http://e.org/a": 2
    }


def test_json_that_is_large_and_good_is_read():
    nodes = [{"@id": f"http://e.org/{i}", "http://e.org/p": [i, f"n{i}"]} for i in range(20_000)]
    raw = json.dumps({"@graph": nodes}).encode()
    assert len(parse_untrusted(raw, ".jsonld", "a")) == 40_000
