"""Requests that mean harm below SPARQL: HTTP that is none, or too much of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from endpoint.hostile_queries import BAD, GOOD, Case, request_in_bytes

__all__ = ["REQUESTS"]


def _form(body: str | bytes, **headers: str) -> bytes:
    raw = body if isinstance(body, bytes) else body.encode()
    every = {"Host": "{host}", "Content-Type": "application/x-www-form-urlencoded", **headers}
    return request_in_bytes(
        "POST", "/sparql", {k.replace("_", "-"): v for k, v in every.items()}, raw
    )


def _raw(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


_ASK = "GET /sparql?query=ASK%7B%7D HTTP/1.1"
_CLOSE = "Connection: close"
_QUERY = "Content-Type: application/sparql-query"
#: A request that is no HTTP may be closed without a word.
_NO_HTTP: Final = frozenset({0, 400})

#: Every request by its name.
REQUESTS: Final[Mapping[str, Case]] = {
    "a body of 10 MB": Case(lambda: _form(b"query=ASK%7B%7D&x=" + b"a" * 10_000_000), frozenset({0, 413}), "raw"),
    "a query of 10 MB": Case(lambda: b"ASK { ?s ?p '" + b"a" * 10_000_000 + b"' }", frozenset({0, 413})),
    "a length of 10 TB": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: 10000000000000", _CLOSE, body=b"ASK {}"), frozenset({413}), "raw"),
    "a negative length": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: -5", _CLOSE, body=b"ASK {}"), _NO_HTTP, "raw"),
    "a length that is no number": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: six", _CLOSE, body=b"ASK {}"), _NO_HTTP, "raw"),
    "a length too short": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: 3", _CLOSE, body=b"ASK { ?s ?p ?o }"), BAD, "raw"),
    "two lengths": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: 6", "Content-Length: 4", _CLOSE, body=b"ASK {}"), _NO_HTTP, "raw"),
    "length and chunks": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: 6", "Transfer-Encoding: chunked", body=b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"), _NO_HTTP, "raw"),
    "chunks and length": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", "Content-Length: 6", body=b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"), _NO_HTTP, "raw"),
    "chunks in disguise": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: xchunked", "Content-Length: 6", _CLOSE, body=b"ASK {}"), _NO_HTTP | {501}, "raw"),
    "chunks twice": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", "Transfer-Encoding: identity", _CLOSE, body=b"6\r\nASK {}\r\n0\r\n\r\n"), _NO_HTTP | {501}, "raw"),
    "good chunks": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", _CLOSE, body=b"3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n"), GOOD, "raw"),
    "chunks one byte each": Case(lambda: _raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", _CLOSE, body=b"".join(b"1\r\n%c\r\n" % c for c in b"ASK {}" + b" " * 20_000) + b"0\r\n\r\n"), GOOD, "raw"),
    "a chunk of no size": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", _CLOSE, body=b"zz\r\nASK {}\r\n0\r\n\r\n"), _NO_HTTP, "raw"),
    "a chunk larger than numbers": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", _CLOSE, body=b"fffffffffffffffff\r\nASK {}\r\n0\r\n\r\n"), _NO_HTTP | {413}, "raw"),
    "a chunk below nothing": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", _CLOSE, body=b"-1\r\nASK {}\r\n0\r\n\r\n"), _NO_HTTP, "raw"),
    "chunks of 10 MB": Case(lambda: _raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding: chunked", _CLOSE, body=(b"10000\r\n" + b" " * 65_536 + b"\r\n") * 160 + b"0\r\n\r\n"), frozenset({0, 413}), "raw"),
    "a body that says gzip": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Encoding: gzip", "Content-Length: 6", _CLOSE, body=b"ASK {}"), frozenset({400, 415}), "raw"),
    "10,000 parameters": Case(lambda: _form("query=ASK%7B%7D" + "&x=1" * 10_000), GOOD | BAD | {413}, "raw"),
    "10,000 parameters in the address": Case(lambda: _raw("GET /sparql?query=ASK%7B%7D" + "&x=1" * 10_000 + " HTTP/1.1", "Host: {host}", _CLOSE), GOOD | _NO_HTTP | {414, 431}, "raw"),
    "10,000 default graphs": Case(lambda: _form("query=ASK%7B%7D" + "".join(f"&default-graph-uri=https://w3id.org/maillage/id/graph/{i}" for i in range(10_000))), GOOD | BAD | {403, 413}, "raw"),
    "two queries": Case(_form("query=ASK%7B%7D&query=CLEAR+ALL"), BAD, "raw"),
    "two queries by GET": Case(_raw("GET /sparql?query=ASK%7B%7D&query=ASK%7B%7D HTTP/1.1", "Host: {host}", _CLOSE), BAD, "raw"),
    "a query in the address and one in the body": Case(_raw("POST /sparql?query=ASK%7B%7D HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: 6", _CLOSE, body=b"ASK {}"), GOOD | BAD, "raw"),
    "no query in the form": Case(_form("nothing=here"), BAD, "raw"),
    "a form of another character set": Case(_form("query=ASK%7B%7D", Content_Type="application/x-www-form-urlencoded; charset=utf-16"), frozenset({200, 400, 415}), "raw"),
    "a form in parts": Case(_form('--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nASK {}\r\n--x--\r\n', Content_Type="multipart/form-data; boundary=x"), frozenset({415}), "raw"),
    "a body of no kind": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", "Content-Length: 6", _CLOSE, body=b"ASK {}"), frozenset({400, 415}), "raw"),
    "XML for a query": Case(_form("<!DOCTYPE x [<!ENTITY a SYSTEM '{canary}'>]><x>&a;</x>", Content_Type="application/xml"), frozenset({415}), "raw"),
    "GET with a body": Case(_raw("GET /sparql?query=ASK%7B%7D HTTP/1.1", "Host: {host}", _QUERY, "Content-Length: 9", _CLOSE, body=b"CLEAR ALL"), GOOD | BAD, "raw"),
    "an address of 200,000 letters": Case(lambda: _raw("GET /sparql?query=" + "a" * 200_000 + " HTTP/1.1", "Host: {host}", _CLOSE), _NO_HTTP | {413, 414, 431}, "raw"),
    "a header of 200,000 letters": Case(lambda: _raw(_ASK, "Host: {host}", "X: " + "a" * 200_000, _CLOSE), _NO_HTTP | {431}, "raw"),
    "10,000 headers": Case(lambda: _raw(_ASK, "Host: {host}", *(f"X-{i}: y" for i in range(10_000)), _CLOSE), _NO_HTTP | {431}, "raw"),
    "Accept of 5,000 kinds": Case(lambda: _raw(_ASK, "Host: {host}", "Accept: " + ", ".join(f"a/b{i};q=0.{i % 10}" for i in range(3_000)), _CLOSE), frozenset({200, 400, 406, 431}), "raw"),
    "Accept of one quotation without an end": Case(lambda: _raw(_ASK, "Host: {host}", 'Accept: "' + '\\"' * 30_000, _CLOSE), frozenset({431}), "raw"),
    "Accept-Encoding of one quotation without an end": Case(lambda: _raw(_ASK, "Host: {host}", 'Accept-Encoding: "' + '\\"' * 30_000, _CLOSE), frozenset({431}), "raw"),
    "Accept-Language of one quotation without an end": Case(lambda: _raw("GET / HTTP/1.1", "Host: {host}", 'Accept-Language: "' + '\\"' * 30_000, _CLOSE), frozenset({431}), "raw"),
    "Accept in a hundred lines": Case(lambda: _raw(_ASK, "Host: {host}", *["Accept: " + "text/csv;q=0.1, " * 30] * 90, _CLOSE), frozenset({431}), "raw"),
    "a media type of 60,000 slashes": Case(lambda: _raw("POST /sparql HTTP/1.1", "Host: {host}", "Content-Type: " + "/" * 60_000 + " x", "Content-Length: 6", _CLOSE, body=b"ASK {}"), frozenset({431}), "raw"),
    "a media type of 4,000 slashes": Case(lambda: _raw("POST /sparql HTTP/1.1", "Host: {host}", "Content-Type: " + "/" * 4_000 + " x", "Content-Length: 6", _CLOSE, body=b"ASK {}"), frozenset({415}), "raw"),
    "Accept that is none": Case(_raw(_ASK, "Host: {host}", "Accept: ;;;q=,,/,*/x;q=nan;q=-1,\xff", _CLOSE), frozenset({200, 400, 406}), "raw"),
    "Accept with q beyond one": Case(_raw(_ASK, "Host: {host}", "Accept: application/sparql-results+json;q=1e999", _CLOSE), frozenset({200, 400, 406}), "raw"),
    "Accept of nothing that we have": Case(_raw(_ASK, "Host: {host}", "Accept: image/png", _CLOSE), frozenset({406}), "raw"),
    "Accept-Language that is none": Case(_raw("GET / HTTP/1.1", "Host: {host}", "Accept-Language: ../../etc/passwd, *;q=x, zz-\x00", _CLOSE), GOOD | BAD | {0}, "raw"),
    "If-None-Match of 60,000 letters": Case(lambda: _raw(_ASK, "Host: {host}", "If-None-Match: " + ",".join(f'"{i}"' for i in range(8_000)), _CLOSE), frozenset({0, 200, 400, 431}), "raw"),
    "a range": Case(_raw(_ASK, "Host: {host}", "Range: bytes=0-0,1-1,2-99999999999", _CLOSE), frozenset({200, 206, 416}), "raw"),
    "a host that is another": Case(_raw("GET / HTTP/1.1", "Host: evil.example", _CLOSE), frozenset({200, 400, 421}), "raw"),
    "no host": Case(_raw("GET / HTTP/1.1", _CLOSE), frozenset({200, 400}), "raw"),
    "a host with a line feed": Case(_raw("GET / HTTP/1.1", "Host: a\nX-Injected: yes", _CLOSE), frozenset({0, 200, 400}), "raw"),
    "forwarded by a stranger": Case(_raw("GET /id/place/cn-510100 HTTP/1.1", "Host: {host}", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: javascript", "X-Forwarded-For: 1.2.3.4", "Forwarded: for=1.2.3.4;host=evil.example", _CLOSE), frozenset({303}), "raw"),
    "a line feed in an address": Case(_raw("GET /id/place/a%0d%0aX-Injected:%20yes HTTP/1.1", "Host: {host}", _CLOSE), frozenset({303, 400, 404}), "raw"),
    "a line feed in the language": Case(_raw("GET /sparql?lang=fr%0d%0aX-Injected:%20yes HTTP/1.1", "Host: {host}", "Accept: text/html", _CLOSE), frozenset({200, 400}), "raw"),
    "up and away": Case(_raw("GET /static/../../../../etc/passwd HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "up and away in disguise": Case(_raw("GET /static/%2e%2e%2f%2e%2e%2f..%5c..%5c%2fetc%2fpasswd HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "up from a release": Case(_raw("GET /release/../current/store/CURRENT HTTP/1.1", "Host: {host}", _CLOSE), frozenset({303, 307, 400, 404}), "raw"),
    "up from a release in disguise": Case(_raw("GET /release/%2e%2e/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "a file of the store": Case(_raw("GET /release/current/store/CURRENT HTTP/1.1", "Host: {host}", _CLOSE), frozenset({302, 303, 307, 404}), "raw"),
    "the inventory's lock": Case(_raw("GET /release/current/..%2f..%2f.lock HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "an address of two slashes": Case(_raw("GET //evil.example/%2f.. HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "a whole address": Case(_raw("GET http://evil.example/sparql HTTP/1.1", "Host: {host}", _CLOSE), frozenset({0, 200, 400, 404, 421}), "raw"),
    "CONNECT": Case(_raw("CONNECT 127.0.0.1:22 HTTP/1.1", "Host: {host}", _CLOSE), frozenset({0, 400, 404, 405}), "raw"),
    "TRACE": Case(_raw("TRACE / HTTP/1.1", "Host: {host}", "Cookie: secret", _CLOSE), frozenset({405}), "raw"),
    "a method that is none": Case(_raw("FROBNICATE /sparql HTTP/1.1", "Host: {host}", _CLOSE), frozenset({501}), "raw"),
    "an address in Chinese as it is": Case(_raw("GET /search/?q=成都 HTTP/1.1".encode().decode("latin-1"), "Host: {host}", _CLOSE), frozenset({400}), "raw", word="%C3%A9"),
    "HTTP/2 without asking": Case(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(50), _NO_HTTP | {405, 505}, "raw"),
    "HTTP/9.9": Case(_raw("GET / HTTP/9.9", "Host: {host}", _CLOSE), _NO_HTTP | {200, 505}, "raw"),
    "an upgrade": Case(_raw("GET /sparql HTTP/1.1", "Host: {host}", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"), frozenset({0, 200, 400, 403, 426}), "raw"),
    "TLS": Case(bytes.fromhex("16030100c8010000c40303") + bytes(200), _NO_HTTP, "raw"),
    "random bytes": Case(bytes(range(256)) * 8 + b"\r\n\r\n", _NO_HTTP, "raw"),
    "nothing but line feeds": Case(b"\r\n" * 500 + _raw(_ASK, "Host: {host}", _CLOSE), GOOD | _NO_HTTP, "raw"),
    "a header without a colon": Case(_raw(_ASK, "Host: {host}", "no colon here", _CLOSE), _NO_HTTP, "raw"),
    "a blank before the colon": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Content-Length : 6", _CLOSE, body=b"ASK {}"), _NO_HTTP, "raw"),
    "a folded header": Case(_raw("POST /sparql HTTP/1.1", "Host: {host}", _QUERY, "Transfer-Encoding:", " chunked", _CLOSE, body=b"6\r\nASK {}\r\n0\r\n\r\n"), _NO_HTTP | GOOD, "raw"),
    "a NUL in a header": Case(_raw(_ASK, "Host: {host}", "X: a\x00b", _CLOSE), _NO_HTTP | GOOD, "raw"),
    "a name for a page of 20,000 letters": Case(_raw("GET /doc/place/" + "a" * 20_000 + "/ HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404, 414}), "raw"),
    "a page a thousand folders deep": Case(_raw("GET /doc" + "/a" * 1_000 + "/ HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404, 414}), "raw"),
    "a line feed in a page's address": Case(_raw("GET /doc/place/a%0d%0aX-Injected:%20yes HTTP/1.1", "Host: {host}", _CLOSE), frozenset({308, 400, 404}), "raw"),
    "signs in a page's address without its slash": Case(_raw("GET /doc/place/a%3Fb%23c%20d HTTP/1.1", "Host: {host}", _CLOSE), frozenset({308, 400, 404}), "raw"),
    "a host for a page's address": Case(_raw("GET /doc//evil.example HTTP/1.1", "Host: {host}", _CLOSE), frozenset({308, 400, 404}), "raw"),
    "a backslash for a page's address": Case(_raw("GET /%5c%5cevil.example HTTP/1.1", "Host: {host}", _CLOSE), frozenset({308, 400, 404}), "raw"),
    "a language that goes up": Case(_raw("GET /fr/..%2f..%2f/%2fevil.example HTTP/1.1", "Host: {host}", _CLOSE), frozenset({308, 400, 404}), "raw"),
    "a page of no UTF-8": Case(_raw("GET /doc/place/%ff%fe/ HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "a page with a NUL": Case(_raw("GET /doc/place/%00/ HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "SPARQL in a page's address": Case(_raw("GET /doc/place/x%3E%20%3Fp%20%3Fo%20%7D%20%23/ HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "SPARQL in a search": Case(_raw("GET /search/?q=%22%29%20%7D%20SERVICE%20%3C{canary}%3E%20%7B HTTP/1.1", "Host: {host}", _CLOSE), GOOD, "raw"),
    "a search of 20,000 letters": Case(_raw("GET /search/?q=" + "a" * 20_000 + " HTTP/1.1", "Host: {host}", _CLOSE), frozenset({200, 400, 414}), "raw"),
    "a script in a search": Case(_raw("GET /search/?q=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1", "Host: {host}", _CLOSE), GOOD, "raw"),
    "SPARQL in a question": Case(_raw("GET /ask/links/?place=%3Chttps://w3id.org/x%3E%20%7D%20SERVICE%20%3C{canary}%3E%20%7B HTTP/1.1", "Host: {host}", _CLOSE), frozenset({200, 400, 404, 422}), "raw"),
    "a question of no name": Case(_raw("GET /ask/..%2f..%2fpyproject/ HTTP/1.1", "Host: {host}", _CLOSE), frozenset({400, 404}), "raw"),
    "a query in the editor with a script": Case(_raw("GET /sparql?query=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1", "Host: {host}", "Accept: text/html", _CLOSE), BAD, "raw"),
}  # fmt: skip
