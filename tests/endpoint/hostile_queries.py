"""Queries and requests that mean harm, or that happen to do some, and what each may be answered.

A table, so that the next idea is one more line. Nothing here knows the server's insides: a case is
what goes over the wire, and the statuses that are right for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

__all__ = ["BAD", "GOOD", "QUERIES", "Case", "Right", "request_in_bytes", "request_of"]

#: Statuses that are right for a case; 0 is a connection closed without a word, which only a
#: request that is no HTTP at all may get.
Right = frozenset[int]

#: Answered, whole.
GOOD: Final = frozenset({200})
#: No SPARQL, or a request that the SPARQL Protocol calls malformed.
BAD: Final = frozenset({400})
#: Read, and refused by name: it would call another host, or change the data.
REFUSED: Final = frozenset({403})
#: Not done by the deadline.
ENDED: Final = frozenset({504})
#: Stopped by whichever comes first: the deadline, the memory of a worker, the cap of an answer.
GROWN: Final = frozenset({500, 504, 507})
#: Right both ways: the engine is fast enough on one machine, and not on another.
EITHER: Final = GOOD | ENDED


@dataclass(frozen=True)
class Case:
    """A request and what may come of it.

    ``text`` is the query, sent as ``how`` says; or, with ``how="raw"``, the whole request as it
    goes over the wire. ``{canary}`` in it is the address of a listener that nobody may call.
    """

    text: str | bytes | Callable[[], str | bytes]
    right: Right
    how: str = "body"  # body, form, get, raw
    fields: tuple[tuple[str, str], ...] = ()
    #: A word that the sentence of the refusal must have.
    word: str = ""


def request_of(case: Case, host: str, canary: str) -> bytes:
    """The bytes of a case's request."""
    text = case.text() if callable(case.text) else case.text
    if isinstance(text, str):
        text = text.replace("{canary}", canary).encode("utf-8", "surrogatepass")
    fields = [(name, value.replace("{canary}", canary)) for name, value in case.fields]
    if case.how == "raw":
        return text.replace(b"{host}", host.encode()).replace(b"{canary}", canary.encode())
    accept = "*/*"
    if case.how == "get":
        target = f"/sparql?query={quote(text)}" + (f"&{urlencode(fields)}" if fields else "")
        return request_in_bytes("GET", target, {"Host": host, "Accept": accept})
    kind = "application/sparql-query"
    target = "/sparql"
    if case.how == "form":
        pairs = [f"query={quote(text)}"] + ([urlencode(fields)] if fields else [])
        text, kind = "&".join(pairs).encode(), "application/x-www-form-urlencoded"
    elif fields:
        target += f"?{urlencode(fields)}"
    headers = {"Host": host, "Accept": accept, "Content-Type": kind}
    return request_in_bytes("POST", target, headers, text)


def request_in_bytes(
    method: str, target: str, headers: Mapping[str, str], body: bytes = b""
) -> bytes:
    if method == "POST":
        headers = {**headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {target} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode() + body


# ---- the pieces ---------------------------------------------------------------------------------

_P = "<https://w3id.org/maillage/ns#hasParty>"
_ANY = "?s ?p ?o"
_PLACE = "<https://w3id.org/maillage/id/place/cn-510100>"
_SERVICE = "SERVICE <{canary}sparql> { ?s ?p ?o }"


def nested(opening: str, inside: str, closing: str, n: int) -> str:
    return opening * n + inside + closing * n


def triples(n: int) -> str:
    """So many patterns that have nothing in common: a Cartesian product."""
    return " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(n))


def doubling(n: int, step: str, start: str = '"ab"') -> str:
    """A chain of BINDs, each made of two of the one before."""
    binds = "".join(f"BIND({step.format(f'?v{i}')} AS ?v{i + 1}) " for i in range(n))
    return f"SELECT (STRLEN(?v{n}) AS ?long) {{ BIND({start} AS ?v0) {binds} }}"


# ---- nesting ------------------------------------------------------------------------------------

_DEEP: dict[str, Case] = {
    "braces": Case("ASK " + "{" * 20_000 + "}" * 20_000, BAD),
    "braces never closed": Case("ASK " + "{" * 45_000, BAD),
    "braces as many as fit": Case("ASK " + "{" * 24_000 + "}" * 24_000, BAD),
    "round brackets": Case("SELECT (" + nested("(", "1", ")", 20_000) + " AS ?x) {}", BAD),
    "square brackets": Case("ASK { " + nested("[ ?p ", "?x", " ]", 5_000) + " ?q ?y }", BAD),
    "collections": Case("ASK { " + nested("(", "1", ")", 10_000) + " ?p ?o }", BAD),
    "just under the limit": Case("ASK " + "{" * 190 + "?s ?p ?o" + "}" * 190, GOOD),
    "brackets hidden in a string and real": Case('ASK { BIND("' + "}" * 9_000 + '" AS ?x) ' + "{" * 9_000, BAD),
    "brackets behind quotes of another kind": Case("ASK { BIND('\"' AS ?x) " + "{" * 9_000 + "}" * 9_001, BAD),
    "brackets behind a comment in an address": Case("ASK { <http://a.org/#" + "> ?p ?o " + "{" * 9_000, BAD),
    "minus signs": Case("SELECT (" + "-" * 30_000 + "1 AS ?x) {}", GOOD | BAD | ENDED),
    "exclamation marks": Case("ASK { FILTER(" + "!" * 30_000 + "true) }", GOOD | BAD | ENDED),
    "not a path of not a path": Case(f"ASK {{ ?s {'^' * 20_000}{_P} ?o }}", GOOD | BAD | ENDED),
    "paths in brackets": Case(f"ASK {{ ?s {nested('(', _P, ')', 8_000)} ?o }}", BAD),
    "stars on stars": Case(f"ASK {{ ?s {nested('(', _P, '*)', 150)} ?o }}", GOOD | BAD | ENDED),
    "optional": Case("ASK { " + nested("OPTIONAL { ?s ?p ?o ", "", "}", 3_000) + " }", BAD),
    "optional just under": Case("SELECT (COUNT(*) AS ?n) { " + nested(f"OPTIONAL {{ ?s {_P} ?o ", "", "}", 150) + " }", EITHER),
    "minus": Case("ASK { ?s ?p ?o " + nested("MINUS { ?s ?p ?o ", "", "}", 3_000) + " }", BAD),
    "minus just under": Case(f"ASK {{ ?s {_P} ?o " + nested(f"MINUS {{ ?s {_P} ?o ", "", "}", 150) + " }", EITHER),
    "exists": Case("ASK { ?s ?p ?o " + nested("FILTER EXISTS { ?s ?p ?o ", "", "}", 3_000) + " }", BAD),
    "not exists just under": Case("ASK { ?s ?p ?o " + nested("FILTER NOT EXISTS { ?s ?p ?x ", "", "}", 100) + " }", EITHER),
    "sub-selects": Case("SELECT * { " + nested("{ SELECT * { ", _ANY, "} }", 2_000) + " }", BAD),
    "sub-selects just under": Case("SELECT * { " + nested("{ SELECT * { ", f"?s {_P} ?o", "} }", 90) + " } LIMIT 3", EITHER),
    "graphs in graphs": Case("ASK { " + nested("GRAPH ?g { ", _ANY, " }", 150) + " }", EITHER),
    "IF in IF": Case("SELECT (" + nested("IF(true, ", "1", ", 2)", 190) + " AS ?x) {}", GOOD),
    "COALESCE in COALESCE": Case("SELECT (" + nested("COALESCE(", "1", ")", 5_000) + " AS ?x) {}", BAD),
    "functions of functions": Case("SELECT (" + nested("STR(", "1", ")", 10_000) + " AS ?x) {}", BAD),
    "triple terms": Case("ASK { " + nested("<<( ?s ?p ", "?o", " )>>", 3_000) + " ?p ?o }", BAD),
    "quoted triples": Case("ASK { " + nested("<< ", "?s ?p ?o", " >> ?p ?o", 3_000) + " }", BAD | ENDED),
    "annotations": Case("ASK { ?s ?p ?o " + nested("{| ?p ?o ", "", "|}", 3_000) + " }", BAD),
    "triple terms in data": Case("SELECT ?x { VALUES ?x { <<( <a:s> <a:p> <a:o> )>> } }", GOOD | BAD),
}  # fmt: skip

# ---- chains -------------------------------------------------------------------------------------

_LONG: dict[str, Case] = {
    "additions": Case("SELECT (1" + "+1" * 20_000 + " AS ?x) {}", GOOD | BAD | ENDED),
    "ors": Case("ASK { FILTER(false" + "||false" * 6_000 + ") }", GOOD | BAD | ENDED),
    "ands": Case("ASK { ?s ?p ?o FILTER(true" + "&&true" * 6_000 + ") }", EITHER | BAD),
    "equals": Case("ASK { FILTER(1" + "=1" * 20_000 + ") }", BAD),
    "unions": Case("SELECT (COUNT(*) AS ?n) { {?s ?p ?o}" + " UNION {?s ?p ?o}" * 2_500 + " }", EITHER),
    "filters": Case("ASK { ?s ?p ?o " + "FILTER(?o != 1) " * 3_000 + " }", EITHER),
    "path of many steps": Case(f"ASK {{ ?s {_P}{f'/^{_P}' * 1_000} ?o }}", EITHER),
    "path of many ways": Case(f"SELECT (COUNT(*) AS ?n) {{ ?s ({_P}{f'|{_P}' * 1_000})* ?o }}", EITHER),
    "negated set of many": Case("ASK { ?s !(" + "|".join(f"<a:{i}>" for i in range(5_000)) + ") ?o }", EITHER),
    "optionals beside each other": Case("SELECT (COUNT(*) AS ?n) { " + " ".join(f"OPTIONAL {{ ?s{i} {_P} ?o{i} }}" for i in range(60)) + " }", ENDED),
    "graphs beside each other": Case("ASK { " + " ".join(f"GRAPH ?g{i} {{ ?s{i} ?p{i} ?o{i} }}" for i in range(800)) + " }", EITHER),
    "objects in a list": Case(f"ASK {{ ?s ?p {', '.join('?o' for _ in range(8_000))} }}", EITHER),
    "triples of one thing": Case("ASK { ?s " + " ; ".join(f"?p{i} ?o{i}" for i in range(2_500)) + " }", EITHER),
    "binds that lean on each other": Case("SELECT ?x1500 { BIND(1 AS ?x0) " + " ".join(f"BIND(?x{i}+?x{i} AS ?x{i + 1})" for i in range(1_500)) + " }", EITHER),
    "variables by the thousand": Case("SELECT " + " ".join(f"?v{i}" for i in range(6_000)) + " { ?v0 ?v1 ?v2 } LIMIT 50", EITHER),
    "aggregates by the hundred": Case("SELECT " + " ".join(f"(SUM(?o) AS ?a{i})" for i in range(1_500)) + " { ?s ?p ?o }", EITHER),
    "orders by the thousand": Case("SELECT ?s { ?s ?p ?o } ORDER BY " + "?s " * 10_000 + " LIMIT 1", EITHER),
    "prefixes by the thousand": Case("".join(f"PREFIX p{i}: <a:{i}>\n" for i in range(2_000)) + "ASK { ?s ?p ?o }", GOOD),
    "a variable of 40,000 letters": Case("SELECT ?" + "v" * 40_000 + " { ?s ?p ?" + "v" * 5_000 + " } LIMIT 1", GOOD),
    "an address of 45,000 letters": Case(f"ASK {{ <http://a.org/{'a' * 45_000}> ?p ?o }}", GOOD),
    "a text of 45,000 letters": Case(f'ASK {{ ?s ?p "{"a" * 45_000}" }}', GOOD),
    "a language of 40,000 letters": Case(f'ASK {{ ?s ?p "a"@{"a" * 40_000} }}', BAD | GOOD),
    "a comment of 49,000 letters": Case("ASK { ?s ?p ?o } #" + "x" * 49_000, GOOD),
    "nothing but blanks": Case(" " * 49_000, BAD),
    "nothing": Case("", BAD),
    "IN of many": Case("ASK { ?s ?p ?o FILTER(?o IN (" + ",".join(str(i) for i in range(8_000)) + ")) }", EITHER),
    "NOT IN of many": Case("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o NOT IN (" + ",".join(str(i) for i in range(8_000)) + ")) }", EITHER),
    "VALUES of 100,000 rows": Case(lambda: "SELECT * { VALUES ?x { " + " ".join(str(i) for i in range(100_000)) + " } }", BAD),
    "VALUES crossed with itself": Case("SELECT (COUNT(*) AS ?n) { " + " ".join(f"VALUES ?x{i} {{ {' '.join('1' * 60)} }}" for i in range(30)) + " }", ENDED),
    "VALUES of many columns": Case(f"SELECT * {{ VALUES ({' '.join(f'?v{i}' for i in range(2_000))}) {{ ({' '.join('1' * 2_000)}) }} }}", GOOD),
    "an order that nobody limits": Case("SELECT * { ?s ?p ?o } ORDER BY ?o ?p ?s LIMIT 9223372036854775807", EITHER),
    "LIMIT beyond numbers": Case("SELECT * { ?s ?p ?o } LIMIT 99999999999999999999999999", BAD),
    "OFFSET beyond numbers": Case("SELECT * { ?s ?p ?o } OFFSET 99999999999999999999999999", BAD),
    "OFFSET to the end": Case(f"SELECT * {{ {triples(2)} }} OFFSET 9223372036854775807", ENDED),
    "LIMIT below nothing": Case("SELECT * { ?s ?p ?o } LIMIT -1", BAD),
}  # fmt: skip

# ---- explosions ---------------------------------------------------------------------------------

_GREAT: dict[str, Case] = {
    "COUNT over a product of three": Case(f"SELECT (COUNT(*) AS ?n) {{ {triples(3)} }}", ENDED),
    "COUNT over a product of eight": Case(f"SELECT (COUNT(*) AS ?n) {{ {triples(8)} }}", ENDED),
    "rows of a product of three": Case(f"SELECT * {{ {triples(3)} }}", ENDED | GROWN),
    "product with a filter that nothing passes": Case(f"ASK {{ {triples(3)} FILTER(?s0 = 1 && ?o1 = ?o2 && ?p1 = 3) }}", EITHER),
    "DISTINCT over a product": Case(f"SELECT DISTINCT ?s0 ?s1 {{ {triples(2)} }}", ENDED),
    "ORDER BY over a product": Case(f"SELECT * {{ {triples(2)} }} ORDER BY ?o0 ?o1 LIMIT 1", ENDED),
    "GROUP BY over a product": Case(f"SELECT ?s0 ?s1 (COUNT(*) AS ?n) {{ {triples(2)} }} GROUP BY ?s0 ?s1", ENDED),
    "GROUP BY a random number": Case(f"SELECT ?r (COUNT(*) AS ?n) {{ {triples(2)} BIND(RAND() AS ?r) }} GROUP BY ?r", ENDED),
    "GROUP_CONCAT of everything": Case(f'SELECT (GROUP_CONCAT(?o0; separator="{"x" * 5_000}") AS ?t) {{ {triples(2)} }}', ENDED),
    "GROUP_CONCAT without a product": Case(f'SELECT (GROUP_CONCAT(STR(?o); separator="{"x" * 30_000}") AS ?t) {{ {_ANY} }}', ENDED | GROWN),
    "SAMPLE of everything": Case(f"SELECT (SAMPLE(?o0) AS ?t) {{ {triples(2)} }}", ENDED),
    "HAVING over a product": Case(f"SELECT ?s0 {{ {triples(2)} }} GROUP BY ?s0 HAVING(COUNT(DISTINCT ?o1) < 0)", ENDED),
    "triangle without an index": Case("SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . FILTER(STR(?a) = STR(?d) && STRLEN(STR(?b)) > 900) }", EITHER),
    "anything to anything": Case("SELECT (COUNT(*) AS ?n) { ?a (!<a:x>)* ?b }", ENDED),
    "anything to anything and back": Case("SELECT (COUNT(*) AS ?n) { ?a (!<a:x>|!^<a:x>)* ?b . ?b (!<a:x>)+ ?c }", ENDED),
    "(a|b)*/c+": Case("SELECT (COUNT(*) AS ?n) { ?a (!<a:x>|!<a:y>)*/(!<a:z>)+ ?b }", ENDED),
    "stars of stars": Case("SELECT (COUNT(*) AS ?n) { ?a (((!<a:x>)*)*)* ?b }", ENDED),
    "a star of pluses": Case("SELECT (COUNT(*) AS ?n) { ?a ((!<a:x>)+/(!<a:x>)+)+ ?b }", ENDED),
    "everything five steps away": Case("SELECT (COUNT(*) AS ?n) { ?a !<a:x>/!^<a:x>/!<a:x>/!^<a:x>/!<a:x> ?b }", ENDED),
    "OPTIONAL that multiplies": Case(f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o OPTIONAL {{ {triples(2)} }} }}", ENDED),
    "MINUS that compares all": Case("SELECT (COUNT(*) AS ?n) { ?s ?p ?o MINUS { ?s ?q ?r . ?a ?b ?c . ?d ?e ?f } }", ENDED),
    "EXISTS for each row": Case("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER EXISTS { ?a ?b ?c . ?d ?e ?f FILTER(?c = 1 && ?f = STRLEN(STR(?o))) } }", ENDED),
    "NOT EXISTS for each row": Case("SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER NOT EXISTS { ?a ?b ?c FILTER(STRLEN(STR(?c)) < STRLEN(STR(?o)) - 100000) } }", ENDED),
    "sub-select that multiplies": Case(f"SELECT * {{ {{ SELECT ?s0 {{ {triples(2)} }} ORDER BY ?o1 }} ?s0 ?p ?o }}", ENDED),
    "CONSTRUCT of a product": Case(f"CONSTRUCT {{ ?s0 ?p1 ?o1 }} WHERE {{ {triples(2)} }}", ENDED),
    "CONSTRUCT of blank nodes": Case(f"CONSTRUCT {{ {' '.join(f'[] ?p [ ?p _:b{i} ] .' for i in range(500))} }} WHERE {{ ?s ?p ?o }}", ENDED | GROWN),
    "CONSTRUCT of much from little": Case(f"CONSTRUCT {{ {' '.join(f'?s <a:{i}> ?o .' for i in range(2_000))} }} WHERE {{ ?s ?p ?o }}", ENDED | GROWN),
    "DESCRIBE of everything": Case("DESCRIBE ?s WHERE { ?s ?p ?o }", EITHER | GROWN),
    "DESCRIBE of a product": Case(f"DESCRIBE * WHERE {{ {triples(2)} }}", ENDED | GROWN),
    "everything": Case("SELECT * { ?s ?p ?o }", EITHER),
    "everything with its graphs": Case("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", EITHER),
    "CONCAT doubling": Case(doubling(40, "CONCAT({0}, {0})"), ENDED | GOOD),
    "CONCAT tenfold": Case(doubling(12, f"CONCAT({', '.join(['{0}'] * 10)})"), ENDED | GOOD),
    "REPLACE doubling": Case(doubling(40, 'REPLACE({0}, "(.)", "$1$1")'), ENDED | GOOD),
    "ENCODE_FOR_URI tripling": Case(doubling(30, "ENCODE_FOR_URI({0})", '"é%%%"'), ENDED | GOOD),
    "STRDT growing": Case(doubling(40, "STR(STRDT(CONCAT({0},{0}), <a:t>))"), ENDED | GOOD),
    "REPEAT, which is no function": Case('SELECT (REPEAT("a", 1000000000) AS ?x) {}', BAD),
    "hashes of growing texts": Case(doubling(34, "CONCAT({0}, SHA512({0}), {0})"), ENDED | GOOD),
    "regex that backtracks": Case('ASK { BIND("' + "a" * 3_000 + '" AS ?t) FILTER REGEX(?t, "(a+)+$b") }', EITHER),
    "regex of nested counts": Case('ASK { ?s ?p ?o FILTER REGEX(STR(?o), "((((a{1,100}){1,100}){1,100}){1,100}){1,100}") }', EITHER),
    "regex of many brackets": Case('ASK { ?s ?p ?o FILTER REGEX(STR(?o), "' + "(" * 150 + "a" + ")*" * 150 + '") }', EITHER),
    "regex of deep brackets": Case('ASK { ?s ?p ?o FILTER REGEX(STR(?o), "' + "(" * 12_000 + "a" + ")" * 12_000 + '") }', EITHER),
    "regex of the data": Case("SELECT (COUNT(*) AS ?n) { ?a ?p ?o . ?b ?q ?r FILTER REGEX(STR(?o), STR(?r)) }", ENDED),
    "regex with a flag that is none": Case('ASK { FILTER REGEX("a", "a", "zzz") }', GOOD),
    "regex that looks back": Case(r'ASK { BIND("' + "ab" * 900 + r'" AS ?t) FILTER REGEX(?t, "(.*)\\1(.*)\\2") }', GOOD),
    "huge integer": Case(f"SELECT ({'9' * 40_000} * {'9' * 9_000} AS ?x) {{}}", GOOD | BAD),
    "integer that overflows": Case("SELECT (9223372036854775807 + 1 AS ?x) {}", GOOD),
    "the lowest integer divided by minus one": Case('SELECT ("-9223372036854775808"^^<http://www.w3.org/2001/XMLSchema#integer> / -1 AS ?x) (ABS("-9223372036854775808"^^<http://www.w3.org/2001/XMLSchema#integer>) AS ?y) (-"-9223372036854775808"^^<http://www.w3.org/2001/XMLSchema#integer> AS ?z) {}', GOOD),
    "division by nothing": Case("SELECT (1/0 AS ?a) (1.0/0.0 AS ?b) (1e0/0e0 AS ?c) {}", GOOD),
    "huge decimal": Case(f"SELECT (0.{'3' * 40_000} + 1.0 AS ?x) {{}}", GOOD | BAD),
    "huge exponent": Case("SELECT (1e999999999 AS ?x) (1e-999999999 AS ?y) {}", GOOD),
    "sum that overflows": Case("SELECT (SUM(?v) AS ?x) { VALUES ?v { 9223372036854775807 9223372036854775807 } }", GOOD),
    "date beyond calendars": Case('SELECT ("999999999999999-12-31T23:59:59Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> + "P999999999999Y"^^<http://www.w3.org/2001/XMLSchema#duration> AS ?x) {}', GOOD),
    "date of no month": Case('SELECT (YEAR("2020-99-99T99:99:99Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>) AS ?x) {}', GOOD),
    "SUBSTR beyond the text": Case('SELECT (SUBSTR("é中", -9223372036854775808, 9223372036854775807) AS ?x) (SUBSTR("é", 2, 99999999) AS ?y) {}', GOOD),
    "SUBSTR of no number": Case('SELECT (SUBSTR("é中", 1e0/0e0, -1e0/0e0) AS ?x) {}', GOOD),
    "ROUND of the largest": Case("SELECT (ROUND(1e300) AS ?a) (CEIL(-9223372036854775807.5) AS ?b) {}", GOOD | BAD),
    "random addresses": Case("SELECT (COUNT(DISTINCT ?u) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(UUID() AS ?u) }", ENDED),
    "blank nodes without end": Case("SELECT (COUNT(DISTINCT ?u) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(BNODE() AS ?u) }", ENDED),
}  # fmt: skip

# ---- what would call out, or change --------------------------------------------------------------

_OUT: dict[str, Case] = {
    "SERVICE": Case(f"SELECT * {{ {_SERVICE} }}", REFUSED, word="SERVICE"),
    "SERVICE by form": Case(f"SELECT * {{ {_SERVICE} }}", REFUSED, "form", word="SERVICE"),
    "SERVICE by GET": Case(f"SELECT * {{ {_SERVICE} }}", REFUSED, "get", word="SERVICE"),
    "service in small letters": Case(f"SELECT * {{ {_SERVICE} }}".replace("SERVICE", "sErViCe"), REFUSED, word="SERVICE"),
    "SERVICE by its numbers": Case(rf"SELECT * {{ {_SERVICE} }}".replace("SERVICE", r"\u0053ERVICE"), REFUSED, word="SERVICE"),
    "SERVICE by long numbers": Case(rf"SELECT * {{ {_SERVICE} }}".replace("SERVICE", r"S\U00000045RVIC\u0045"), REFUSED, word="SERVICE"),
    "SERVICE written wholly by numbers": Case(rf"SELECT * {{ {_SERVICE} }}".replace("SERVICE", "".join(f"\\u{ord(c):04x}" for c in "SERVICE")), REFUSED, word="SERVICE"),
    "SERVICE with the brace by its number": Case(r"SELECT * \u007B SERVICE \u003C{canary}\u003E \u007B ?s ?p ?o \u007D \u007D", REFUSED),
    "SERVICE SILENT": Case("SELECT * { SERVICE SILENT <{canary}> { ?s ?p ?o } }", REFUSED, word="SERVICE"),
    "SERVICE of a variable": Case("SELECT * { VALUES ?u { <{canary}> } SERVICE ?u { ?s ?p ?o } }", REFUSED, word="SERVICE"),
    "SERVICE of a prefix": Case("PREFIX e: <{canary}> SELECT * { SERVICEe: { ?s ?p ?o } }", REFUSED),
    "SERVICE without a blank": Case("SELECT*{SERVICE<{canary}>{?s ?p ?o}}", REFUSED, word="SERVICE"),
    "SERVICE in a sub-select": Case(f"SELECT * {{ {{ SELECT * {{ {_SERVICE} }} }} }}", REFUSED, word="SERVICE"),
    "SERVICE in a filter": Case(f"ASK {{ ?s ?p ?o FILTER EXISTS {{ {_SERVICE} }} }}", REFUSED, word="SERVICE"),
    "SERVICE in a filter that is not reached": Case(f"ASK {{ FILTER(false && EXISTS {{ {_SERVICE} }}) }}", REFUSED, word="SERVICE"),
    "SERVICE in an order": Case(f"SELECT ?s {{ ?s ?p ?o }} ORDER BY (EXISTS {{ {_SERVICE} }}) LIMIT 1", REFUSED, word="SERVICE"),
    "SERVICE in HAVING": Case(f"SELECT ?s {{ ?s ?p ?o }} GROUP BY ?s HAVING(EXISTS {{ {_SERVICE} }}) LIMIT 1", REFUSED, word="SERVICE"),
    "SERVICE in a projection": Case(f"SELECT (EXISTS {{ {_SERVICE} }} AS ?x) {{}}", REFUSED, word="SERVICE"),
    "SERVICE in OPTIONAL": Case(f"SELECT * {{ OPTIONAL {{ {_SERVICE} }} }}", REFUSED, word="SERVICE"),
    "SERVICE in MINUS": Case(f"SELECT * {{ ?s ?p ?o MINUS {{ {_SERVICE} }} }}", REFUSED, word="SERVICE"),
    "SERVICE in GRAPH": Case(f"SELECT * {{ GRAPH ?g {{ {_SERVICE} }} }}", REFUSED, word="SERVICE"),
    "SERVICE in CONSTRUCT": Case(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_SERVICE} }}", REFUSED, word="SERVICE"),
    "SERVICE in DESCRIBE": Case(f"DESCRIBE ?s WHERE {{ {_SERVICE} }}", REFUSED, word="SERVICE"),
    "SERVICE in SERVICE": Case(f"ASK {{ SERVICE <{{canary}}> {{ {_SERVICE} }} }}", REFUSED, word="SERVICE"),
    "SERVICE after a comment sign in an address": Case(f"ASK {{ <http://a.org/#x> ?p ?o . {_SERVICE} }}", REFUSED, word="SERVICE"),
    "SERVICE after a comment that a line ends": Case(f"ASK {{ # quiet\r{_SERVICE} }}", REFUSED, word="SERVICE"),
    "SERVICE behind a quotation mark": Case(f"""ASK {{ BIND("'" AS ?x) {_SERVICE} BIND("'" AS ?y) }}""", REFUSED, word="SERVICE"),
    "SERVICE between escaped quotation marks": Case(rf"""ASK {{ BIND("\\" AS ?x) {_SERVICE} BIND("" AS ?y) }}""", REFUSED, word="SERVICE"),
    "SERVICE between three quotation marks": Case(f'''ASK {{ BIND("""a"" """ AS ?x) {_SERVICE} BIND("""b""" AS ?y) }}''', REFUSED, word="SERVICE"),
    "SERVICE behind less-than": Case(f"ASK {{ ?s ?p ?o FILTER(?o <1) {_SERVICE} FILTER(?o >1) }}", REFUSED, word="SERVICE"),
    "SERVICE in a text only": Case('SELECT ("SERVICE <http://a.org/> {}" AS ?service) { } # SERVICE', GOOD),
    "LOAD": Case("LOAD <{canary}>", REFUSED),
    "LOAD as an update": Case("POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/sparql-update\r\nContent-Length: 20\r\nConnection: close\r\n\r\nLOAD <http://a.org/>", frozenset({400, 403, 405, 415}), "raw"),
    "update by form": Case("POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 16\r\nConnection: close\r\n\r\nupdate=CLEAR+ALL", frozenset({400, 403, 405}), "raw"),
    "update by GET": Case("GET /sparql?update=CLEAR+ALL HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", frozenset({400, 403, 405}), "raw"),
    "query and update": Case("ASK {}", frozenset({400, 403}), "form", (("update", "CLEAR ALL"),)),
    "INSERT DATA": Case("INSERT DATA { <a:s> <a:p> <a:o> }", REFUSED),
    "INSERT WHERE": Case("INSERT { ?s <a:p> ?o } WHERE { ?s ?p ?o }", REFUSED),
    "DELETE WHERE": Case("DELETE WHERE { ?s ?p ?o }", REFUSED),
    "CLEAR": Case("CLEAR ALL", REFUSED),
    "DROP": Case("DROP SILENT ALL", REFUSED),
    "CREATE": Case("CREATE GRAPH <a:g>", REFUSED),
    "COPY": Case("COPY DEFAULT TO <a:g>", REFUSED),
    "MOVE": Case("MOVE DEFAULT TO <a:g>", REFUSED),
    "ADD": Case("ADD DEFAULT TO <a:g>", REFUSED),
    "a query and an update behind it": Case("ASK { ?s ?p ?o } ; CLEAR ALL", BAD),
    "FROM of another host": Case("SELECT * FROM <{canary}> { ?s ?p ?o }", REFUSED),
    "FROM NAMED of another host": Case("SELECT * FROM NAMED <{canary}> { GRAPH ?g { ?s ?p ?o } }", REFUSED),
    "FROM by its number": Case(r"SELECT * \u0046ROM <{canary}> { ?s ?p ?o }", REFUSED | BAD),
    "FROM of a file": Case("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", REFUSED),
    "FROM NAMED of a file": Case("SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }", REFUSED),
    "FROM of a file by BASE": Case("BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }", REFUSED),
    "FROM of a host by PREFIX": Case("PREFIX e: <{canary}> SELECT * FROM e:data { ?s ?p ?o }", REFUSED),
    "FROM of a relative address": Case("SELECT * FROM <../../etc/passwd> { ?s ?p ?o }", REFUSED),
    "GRAPH of another host": Case("SELECT * { GRAPH <{canary}> { ?s ?p ?o } }", GOOD),
    "GRAPH of a file": Case("ASK { GRAPH <file:///etc/passwd> { ?s ?p ?o } }", GOOD),
    "default-graph-uri of another host": Case("ASK { ?s ?p ?o }", REFUSED, "get", (("default-graph-uri", "{canary}"),)),
    "default-graph-uri of a file": Case("ASK { ?s ?p ?o }", REFUSED, "form", (("default-graph-uri", "file:///etc/passwd"),)),
    "named-graph-uri of another host": Case("ASK { GRAPH ?g { ?s ?p ?o } }", REFUSED, "body", (("named-graph-uri", "{canary}"),)),
    "default-graph-uri that is none": Case("ASK { ?s ?p ?o }", BAD, "get", (("default-graph-uri", "no address <at all>"),)),
    "using-graph-uri of an update": Case("ASK { ?s ?p ?o }", REFUSED, "get", (("using-graph-uri", "{canary}"),)),
    "graph store: a graph of another host": Case("GET /data?graph={canary} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", frozenset({403, 404}), "raw"),
    "graph store: a file": Case("GET /data?graph=file:///etc/passwd HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", frozenset({400, 403, 404}), "raw"),
    "graph store: written to": Case("PUT /data?default HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/turtle\r\nContent-Length: 14\r\nConnection: close\r\n\r\n<a:s><a:p> 1 .", frozenset({403, 405}), "raw"),
    "graph store: deleted": Case("DELETE /data?default HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", frozenset({403, 405}), "raw"),
    "BASE of files": Case("BASE <file:///etc/> ASK { <passwd> ?p ?o }", GOOD),
    "BASE that is none": Case("BASE <no base> ASK { <a> ?p ?o }", BAD),
    "functions of other engines": Case('SELECT (<http://jena.apache.org/ARQ/function#systemProperty>("user.dir") AS ?x) (<java:java.lang.Runtime>("x") AS ?y) {}', BAD),
    "bif:": Case('SELECT (<bif:file_to_string>("/etc/passwd") AS ?x) {}', BAD),
    "load function": Case("SELECT * { ?s <http://jena.apache.org/text#query> ?o . BIND(<{canary}>(1) AS ?x) }", BAD),
}  # fmt: skip

# ---- characters ----------------------------------------------------------------------------------

_ODD: dict[str, Case] = {
    "invalid UTF-8": Case(b'ASK { ?s ?p "\xff\xfe" }', BAD),
    "overlong UTF-8": Case(b'ASK { ?s ?p "\xc0\xaf" }', BAD),
    "half a character": Case(b'ASK { ?s ?p "\xe4\xb8', BAD),
    "UTF-16": Case("ASK { ?s ?p ?o }".encode("utf-16"), BAD),
    "a byte order mark": Case("\ufeffASK { ?s ?p ?o }", GOOD | BAD),
    "a surrogate in UTF-8": Case('ASK { ?s ?p "\ud800" }', BAD),
    "NUL": Case('ASK { ?s ?p "a\0b" }', GOOD | BAD),
    "NUL outside a text": Case("ASK { ?s\0?p ?o }", BAD),
    "NUL by its number": Case(r'SELECT ("\u0000" AS ?x) {}', GOOD | BAD),
    "a lone surrogate by its number": Case(r'SELECT ("\ud800" AS ?x) {}', BAD),
    "a pair of surrogates by their numbers": Case(r'SELECT ("\ud83d\ude00" AS ?x) {}', BAD | GOOD),
    "a character beyond the last": Case(r'SELECT ("\UFFFFFFFF" AS ?x) {}', BAD),
    "half an escape": Case(r'SELECT ("\u00" AS ?x) {}', BAD),
    "right-to-left override": Case('ASK { ?s ?p "\u202egpj.exe" }', GOOD),
    "no-break space between words": Case("ASK\u00a0{ ?s ?p ?o }", BAD),
    "full-width letters": Case("ＡＳＫ { ?s ?p ?o }", BAD),
    "dotted capital I": Case("SELECT * { SERVİCE <{canary}> { ?s ?p ?o } }", BAD | REFUSED),
    "long s": Case("SELECT * { \u017fERVICE <{canary}> { ?s ?p ?o } }", BAD | REFUSED),
    "characters nobody has given": Case('ASK { ?s ?p "\U000e0001\U0010ffff\ufdd0" }', GOOD | BAD),
    "HTML in the query": Case("<script>alert(1)</script>", BAD),
    "HTML in the place of an error": Case('ASK { ?s ?p "</textarea><script>alert(1)</script>" ', BAD),
    "line feeds in a text": Case('ASK { ?s ?p """a\r\nX-Injected: yes\r\n\r\nb""" }', GOOD),
    "invalid UTF-8 by GET": Case("GET /sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22%FF%22%20%7D HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", BAD, "raw"),
    "a NUL by GET": Case("GET /sparql?query=ASK%00 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", BAD, "raw"),
    "half an escape by GET": Case("GET /sparql?query=ASK%2 HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", BAD, "raw"),
}  # fmt: skip

#: Every query by its name.
QUERIES: Final[Mapping[str, Case]] = {
    f"{part}: {name}": case
    for part, cases in {
        "deep": _DEEP,
        "long": _LONG,
        "great": _GREAT,
        "out": _OUT,
        "odd": _ODD,
    }.items()
    for name, case in cases.items()
}
