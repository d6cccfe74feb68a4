"""Behind Debian's nginx, with the configuration and the unit that we ship."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import quote

import pytest

from endpoint.serving import GRAPH, Serving, serving
from endpoint.watching import LIGHT_PATH, dump_path, until

SERVING = GRAPH / "serving"
PUBLIC = "https://data.example.org/"
CHENGDU = f"{PUBLIC}doc/place/cn-510100/"

#: What stands around the shipped part, as Debian's own nginx.conf has it.
MAIN = """
daemon off;
pid {place}/nginx.pid;
error_log {place}/error.log;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    access_log {place}/access.log;
    {temporary}
    include {place}/maillage.conf;
}}
"""


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is missing: the example configuration is proved with it")
        pytest.skip(f"{name} is not installed here (Debian: apt-get install nginx-light openssl)")
    return found


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Front:
    """nginx with our configuration, and the server behind it."""

    server: Serving
    plain: int
    secure: int
    place: Path

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, Message, bytes]:
        context = ssl.create_default_context(cafile=str(self.place / "fullchain.pem"))
        line = http.client.HTTPSConnection("127.0.0.1", self.secure, context=context, timeout=60)
        line._create_connection = lambda *_: socket.create_connection(
            ("127.0.0.1", self.secure), 60
        )  # type: ignore[attr-defined]  # the name that the certificate bears leads here
        line.host = "data.example.org"
        told = {"Host": "data.example.org", **{k.replace("_", "-"): v for k, v in headers.items()}}
        line.request(method, path, body=body, headers=told)
        answer = line.getresponse()
        try:
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()


def configured(place: Path, plain: int, secure: int, behind: int) -> None:
    """The shipped configuration, with nothing changed but ports, certificate and folders."""
    text = (SERVING / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{behind};",
        "/etc/letsencrypt/live/data.example.org/": f"{place}/",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    (place / "maillage.conf").write_text(text, encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n    ".join(f"{kind}_temp_path {place}/{kind};" for kind in kinds)
    (place / "nginx.conf").write_text(
        MAIN.format(place=place, temporary=temporary), encoding="utf-8"
    )


@pytest.fixture(scope="module")
def front(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    nginx, openssl = program("nginx"), program("openssl")
    place = tmp_path_factory.mktemp("nginx")
    place.chmod(0o755)
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=data.example.org -addext subjectAltName=DNS:data.example.org"
    keys = ["-keyout", str(place / "privkey.pem"), "-out", str(place / "fullchain.pem")]
    subprocess.run([openssl, *command.split(), *keys], check=True, capture_output=True)
    more = ("--public", "--host", "127.0.0.1", "--base", PUBLIC, "--proxy-from", "127.0.0.1")
    with ExitStack() as stack:
        server = stack.enter_context(serving(out, place / "messages.txt", *more))
        plain, secure = free_port(), free_port()
        configured(place, plain, secure, server.port)
        # workers of nginx run as the one who starts it where that is not root
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        tested = [nginx, "-t", "-p", str(place), "-c", str(place / "nginx.conf"), *user]
        said = subprocess.run(tested, capture_output=True, text=True, check=False)
        assert said.returncode == 0, said.stderr
        process = subprocess.Popen(
            [part for part in tested if part != "-t"], stderr=subprocess.DEVNULL
        )
        found = Front(server, plain, secure, place)
        try:
            assert until(20, lambda: _listens(secure))
            yield found
        finally:
            process.terminate()
            process.wait(20)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_plain_http_leads_to_tls(front: Front) -> None:
    line = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=20)
    line.request("POST", "/sparql?a=b", headers={"Host": "data.example.org"})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"{PUBLIC}sparql?a=b")
    line.close()


def test_a_query_goes_through_in_its_three_ways(front: Front) -> None:
    status, headers, body = front.ask(LIGHT_PATH, Accept="application/sparql-results+json")
    assert status == 200 and json.loads(body)["boolean"] is True
    assert headers["Strict-Transport-Security"]
    kinds = {
        "application/sparql-query": b"ASK { ?s ?p ?o }",
        "application/x-www-form-urlencoded": b"query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
    }
    for kind, sent in kinds.items():
        status, _, body = front.ask("/sparql", method="POST", body=sent, Content_Type=kind)
        assert status == 200 and json.loads(body)["boolean"] is True


def test_addresses_are_the_public_ones(front: Front) -> None:
    status, headers, _ = front.ask("/id/place/cn-510100", Accept="text/html")
    assert status == 303
    assert headers["Location"].startswith((PUBLIC, "/", "../../doc/"))
    assert "127.0.0.1" not in headers["Location"]
    status, headers, body = front.ask(
        "/doc/place/cn-510100/", Accept="text/html", Accept_Language="fr"
    )
    assert status == 200
    assert f"http://127.0.0.1:{front.server.port}".encode() not in body
    assert "127.0.0.1" not in str(headers)
    status, _, body = front.ask("/.well-known/void", Accept="text/turtle")
    assert status in {200, 302, 303, 307}
    assert b"127.0.0.1" not in body
    # a problem, too, tells the public address of its page
    status, headers, body = front.ask("/sparql?query=SELECT")
    assert status == 400 and headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["type"].startswith(PUBLIC)


def test_validators_and_compression_pass_untouched(front: Front) -> None:
    path = f"/sparql?query={quote('SELECT * { ?s ?p ?o } LIMIT 2000')}"
    kind = {"Accept": "text/csv"}
    _, plain, whole = front.ask(path, **kind)
    status, packed, body = front.ask(path, Accept_Encoding="gzip", **kind)
    assert status == 200 and packed["Content-Encoding"] == "gzip"
    assert len(body) < len(whole) / 2
    assert packed["ETag"] and plain["ETag"] and packed["ETag"] != plain["ETag"]
    for headers in (plain, packed):
        coding = headers["Content-Encoding"] or "identity"
        status, _, body = front.ask(
            path, If_None_Match=headers["ETag"], Accept_Encoding=coding, **kind
        )
        assert (status, body) == (304, b"")
    status, headers, body = front.ask(path, method="HEAD", **kind)
    assert (status, body) == (200, b"") and headers["ETag"] == plain["ETag"]


def test_refusals_of_maillage_reach_the_client_as_they_are(front: Front) -> None:
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    cases = {
        f"/sparql?query={quote(heavy)}": 504,
        f"/sparql?query={quote('SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }')}": 403,
        "/nothing/here/": 404,
        f"/sparql?query={quote('#' + 'x' * 60_000)}": 414,
    }
    for path, expected in cases.items():
        status, headers, body = front.ask(path)
        assert status == expected, path[:80]
        if expected == 414:
            continue  # nginx's own
        assert headers["Content-Type"] == "application/problem+json"
        assert json.loads(body)["status"] == expected
    status, _, _ = front.ask("/sparql", method="PUT", body=b"x")
    assert status == 405
    status, _, _ = front.ask(
        "/sparql", method="POST", body=b"x" * 2_000_000, Content_Type="application/sparql-query"
    )
    assert status == 413


def test_who_asks_is_known_and_cannot_be_made_up(front: Front) -> None:
    front.ask(
        "/healthz",
        X_Forwarded_For="203.0.113.66",
        Forwarded="for=203.0.113.66",
        X_Real_IP="203.0.113.66",
    )
    assert until(5, lambda: any("/healthz" in line for line in front.server.lines()))
    assert "203.0.113.66" not in front.server.said()


def test_the_numbers_are_not_for_strangers(front: Front) -> None:
    status, _, _ = front.ask("/metrics")
    assert status == 403
    assert front.server.ask("/metrics").status == 200


def test_many_requests_of_one_address_are_slowed_and_told(front: Front) -> None:
    # the last one that asks through nginx: it uses up what this address may ask at once
    statuses = []
    context = ssl.create_default_context(cafile=str(front.place / "fullchain.pem"))
    plain = socket.create_connection(("127.0.0.1", front.secure), 60)
    with context.wrap_socket(plain, server_hostname="data.example.org") as line:
        line.settimeout(60)
        for _ in range(300):
            line.sendall(b"HEAD /robots.txt HTTP/1.1\r\nHost: data.example.org\r\n\r\n")
            got = b""
            while b"\r\n\r\n" not in got:
                more = line.recv(65_536)
                assert more
                got += more
            statuses.append(int(got.split(b" ", 2)[1]))
    assert statuses[:100] == [200] * 100
    assert set(statuses) == {200, 429}


def test_a_slow_reader_is_nginx_business(front: Front) -> None:
    time.sleep(1)  # until this address may ask again
    path = dump_path(front.server.host, front.server.port)
    context = ssl.create_default_context(cafile=str(front.place / "fullchain.pem"))
    plain = socket.create_connection(("127.0.0.1", front.secure), 60)
    with context.wrap_socket(plain, server_hostname="data.example.org") as line:
        request = f"GET {path} HTTP/1.1\r\nHost: data.example.org\r\n\r\n"
        line.sendall(request.encode())
        assert line.recv(16).startswith(b"HTTP/1.1 200")
        started = time.monotonic()
        assert front.server.ask(LIGHT_PATH).status == 200
        assert time.monotonic() - started < 5


# ---- what is shipped beside it -------------------------------------------------------------------


def options_of(text: str) -> list[str]:
    """The arguments of a ``maillage serve`` that stands in a text."""
    found = re.search(r"maillage serve ((?:[^\n]*\\\n)*[^\n]*)", text)
    assert found
    return shlex.split(re.sub(r"\\\n#?", " ", found[1]))


@pytest.mark.parametrize("name", ["nginx.conf", "maillage.service", "../serving.md"])
def test_the_command_that_is_shown_is_one_that_maillage_takes(name: str) -> None:
    from maillage.commands.main import maillage
    from maillage.commands.serve import serve

    # a command keeps the names of its help from whoever it is first made for
    parent = maillage.make_context("maillage", [], resilient_parsing=True)
    text = (SERVING / name).read_text(encoding="utf-8")
    context = serve.make_context("serve", options_of(text), parent=parent)
    assert context.params["host"] == "127.0.0.1"
    assert context.params["base"] == PUBLIC
    assert context.params["proxies"] == ("127.0.0.1",)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    verify = program("systemd-analyze")
    text = (SERVING / "maillage.service").read_text(encoding="utf-8")
    changed = text.replace("/opt/maillage/bin/maillage", "/bin/true").replace(
        "=maillage\n", "=root\n"
    )
    unit = tmp_path / "maillage.service"
    unit.write_text(changed, encoding="utf-8")
    done = subprocess.run(
        [verify, "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and done.stderr == ""
    command = [verify, "security", "--offline=true", "--threshold=20", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-600:]


def test_the_unit_leaves_the_workers_what_they_protect_themselves_by() -> None:
    text = (SERVING / "maillage.service").read_text(encoding="utf-8")
    allowed = " ".join(re.findall(r"^SystemCallFilter=([^~\n]*)$", text, re.MULTILINE)).split()
    refused = " ".join(re.findall(r"^SystemCallFilter=~(.*)$", text, re.MULTILINE)).split()
    assert "seccomp" in allowed and "@resources" not in refused
