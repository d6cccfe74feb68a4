"""What stands beside the pages: feeds, maps of the site, redirects, packages; and links that hold."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import subprocess
import time
import xml.etree.ElementTree as ET
from contextlib import closing, contextmanager
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import networkx as nx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal

from maillage.describe import release
from maillage.dumps import nquads
from maillage.errors import MaillageError
from maillage.mint import graph_iri
from maillage.publish import publish
from maillage.published import Asked, around
from maillage.published.citation import citations
from maillage.published.crate import METADATA, read_back
from maillage.published.earlier import carried
from maillage.published.feed import Told, feeds, sitemaps
from maillage.published.geography import lines, points
from maillage.published.history import History, history
from maillage.published.hosts import hosts
from maillage.published.links import Scanned, check, scan
from maillage.published.pages import choosing
from maillage.published.vocabulary import contexts, version
from maillage.store import memory_store
from maillage.terms import MLG
from sample_dataset import BORDEAUX, LINK, WUHAN, sample_dataset

BASE = "https://data.example.org/m/"
DATASET = sample_dataset()
THIS = release(nquads(DATASET))


@pytest.fixture(scope="module")
def network():
    return around(memory_store(DATASET))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, network):
    made = tmp_path_factory.mktemp("release")
    publish(DATASET, made, network, {})
    return made


# ---- links --------------------------------------------------------------------------------------

SITE = {
    "index.html": '<h1 id="top-of-it">x</h1><a href="doc/place/">p</a><a href="#top-of-it">t</a>',
    "doc/place/index.html": '<a href="../../">home</a><img srcset="../../a.png 1x">',
    "a.png": "",
}


def checked(site, root="/"):
    pages = {name: scan(text) for name, text in site.items() if name.endswith(".html")}
    return check(pages, site, root)


def test_a_whole_site_is_let_through_and_its_links_are_counted():
    assert checked(SITE) == 4


@pytest.mark.parametrize(
    "broken",
    [
        '<a href="nowhere/">x</a>',
        '<a href="../outside/">x</a>',
        '<a href="doc/place/#missing">x</a>',
        "<a href='doc/plaec/'>x</a>",
        '<img src="b.png">',
        '<img srcset="a.png 1x, b.png 2x">',
        '<form action="search/">x</form>',
        '<script src="static/x.js"></script>',
        '<meta http-equiv="refresh" content="0; url=elsewhere/">',
        '<a href="/doc/place/">works on one host only</a>',
        '<a title="a > b" href="nowhere/">x</a>',
        '<A HREF="nowhere/">x</A>',
    ],
)
def test_a_broken_link_ends_the_publication_and_is_named(broken):
    page = SITE["index.html"] + broken
    link = re.search(r"""(?i)(?:href|src|action|url)=["']?([^"'>]+)|1x, (\S+)""", broken)
    with pytest.raises(MaillageError, match="1 links") as error:
        checked(SITE | {"index.html": page})
    assert f"index.html → {link[1] or link[2]}" in str(error.value)


@pytest.mark.parametrize(
    "sound",
    [
        '<!-- <a href="nowhere/">x</a> -->',
        "<script>document.write('<a href=\"nowhere/\">')</script>",
        '<a href="https://example.org/nowhere">elsewhere</a>',
        '<a href="mailto:x@example.org">mail</a>',
        '<a href="doc/place">a folder without its slash</a>',
        '<a href="doc/place/?lang=fr">with a parameter</a>',
        '<a href="a.png?x#">x</a>',
        '<a href="">here</a><a href="#">top</a>',
    ],
)
def test_what_is_no_link_of_the_site_or_leads_somewhere_is_left_alone(sound):
    checked(SITE | {"index.html": SITE["index.html"] + sound})


def test_only_the_page_for_what_is_missing_may_name_the_folder_of_the_site():
    there = '<a href="/m/doc/place/">x</a>'
    checked(SITE | {"404.html": there}, "/m/")
    for site, root in (({"404.html": there}, "/n/"), ({"other.html": there}, "/m/")):
        with pytest.raises(MaillageError, match="/m/doc/place/"):
            checked(SITE | site, root)


class Reading(HTMLParser):
    """A page as the parser of the standard library reads it."""

    def __init__(self, html):
        super().__init__()
        self.links, self.ids = set(), set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.links |= {told[k] for k in ("href", "src", "action") if told.get(k) is not None}
        self.ids |= {told["id"]} if told.get("id") else set()


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\x0c", exclude_categories=("Cs",))
)


@given(st.lists(st.tuples(st.sampled_from("apbi"), texts, texts), max_size=5))
def test_pages_are_read_as_a_parser_reads_them(elements):
    from markupsafe import escape

    html = "".join(
        f'<{tag} title="{escape(other)}" href="x/{escape(text)}" id="y{escape(other)}">{escape(text)}</{tag}>'
        for tag, text, other in elements
    )
    read, scanned = Reading(html), scan(html)
    assert scanned == Scanned(frozenset(read.links), frozenset(read.ids))


def test_a_page_that_names_the_languages_leads_to_all_three():
    found = scan(choosing("/doc/place/fr/").decode())
    assert {f"../../../{lang}/doc/place/fr/" for lang in ("fr", "en", "zh")} == found.links


# ---- feeds and the map of the site --------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"
RELEASES = [
    Told("2026-11-22-b", "2026-11-22", {"fr": "Un < deux", "en": "One < two", "zh": "一 < 二"}),
    Told("2026-11-21-a", "2026-11-21", {}),
]


def test_a_feed_is_valid_atom():
    made = feeds(RELEASES, BASE)
    assert list(made) == ["releases.atom", "releases.fr.atom", "releases.zh.atom"]
    ids = set()
    for name, content in made.items():
        root = ET.fromstring(content)  # noqa: S314  # made here
        # RFC 4287, 4.1.1: one id, title and updated; an author here serves all entries
        for node in (root, *root.iter(f"{ATOM}entry")):
            for child in ("id", "title", "updated"):
                assert len(node.findall(ATOM + child)) == 1, (name, child)
            assert urlsplit(node.find(f"{ATOM}id").text).scheme == "https"
            updated = node.find(f"{ATOM}updated").text
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", updated)
        assert root.find(f"{ATOM}author/{ATOM}name").text
        links = root.findall(f"{ATOM}link")
        (itself,) = [link.get("href") for link in links if link.get("rel") == "self"]
        assert itself == BASE + name
        # 4.1.1: no two alternates of one type and language
        alternates = [
            (x.get("type"), x.get("hreflang")) for x in links if x.get("rel") == "alternate"
        ]
        assert len(alternates) == len(set(alternates)) == 1
        entries = list(root.iter(f"{ATOM}entry"))
        assert [e.find(f"{ATOM}updated").text[:10] for e in entries] == ["2026-11-22", "2026-11-21"]
        # 4.1.2: an entry without content has an alternate link, and a summary may stand beside
        assert all(e.find(f"{ATOM}link").get("rel") == "alternate" for e in entries)
        assert all(e.find(f"{ATOM}summary").text for e in entries)
        ids.add(root.find(f"{ATOM}id").text)
    assert len(ids) == 3
    assert "Un &lt; deux" in made["releases.fr.atom"].decode()


def test_a_site_map_names_all_languages_of_a_page_and_splits_when_it_is_long():
    paths = [f"/doc/place/{n}/" for n in range(5)]
    made = sitemaps(paths, BASE, "2026-11-22", limit=6)
    space = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    index = ET.fromstring(made["sitemap.xml"])  # noqa: S314  # made here
    listed = [loc.text for loc in index.findall("s:sitemap/s:loc", space)]
    assert listed == [f"{BASE}sitemap-{n}.xml" for n in (1, 2, 3)]
    found = []
    for address in listed:
        root = ET.fromstring(made[address.removeprefix(BASE)])  # noqa: S314  # likewise
        urls = root.findall("s:url", space)
        assert 0 < len(urls) <= 6
        for url in urls:
            here = url.find("s:loc", space).text
            others = {
                link.get("hreflang"): link.get("href") for link in url.findall("x:link", space)
            }
            assert set(others) == {"fr", "en", "zh-Hans", "x-default"}
            assert here in others.values()
            found.append(here)
    assert sorted(found) == sorted(f"{BASE}{lang}{p}" for lang in ("fr", "en", "zh") for p in paths)


def test_a_base_that_is_no_address_is_refused():
    assert Asked(base="https://example.org/m").base == "https://example.org/m/"
    for bad in ("example.org", "file:///x", "https://", "https://a.org/?x=1"):
        with pytest.raises(MaillageError, match="not the address of a site"):
            Asked(base=bad)


# ---- redirects ----------------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB = "text/turtle, application/rdf+xml;q=0.9, application/xhtml+xml;q=0.5"
CASES = [
    ("id/place/cn-510100", BROWSER, 303, "doc/place/cn-510100/"),
    ("id/place/cn-510100", "*/*", 303, "doc/place/cn-510100/"),
    ("id/place/cn-510100", "", 303, "doc/place/cn-510100/"),
    ("id/place/cn-510100", RDFLIB, 303, "doc/place/cn-510100.ttl"),
    ("id/link/twinning--cn-420100--fr-commune-33063", "application/ld+json", 303, "doc/link/twinning--cn-420100--fr-commune-33063.jsonld"),
    ("id/link-kind/twinning", "application/n-triples, text/turtle;q=0.1", 303, "doc/link-kind/twinning.ttl"),
    ("id/theme/climate", "application/rdf+xml", 303, "doc/theme/climate/"),
    ("ns", BROWSER, 303, "ns/"),
    ("ns", "text/turtle", 303, "ns.ttl"),
    ("ns/0.1.0", "application/ld+json", 303, "ns.jsonld"),
    ("ns", "application/n-triples", 303, "ns.nt"),
    ("ns/0.1.0", "application/rdf+xml", 303, "ns.rdf"),
    ("ns/context", "*/*", 303, "ns/context.jsonld"),
    ("ns/context", BROWSER, 303, "ns/context.jsonld"),
    ("ns/context.jsonld", "application/ld+json", 302, "ns/context.jsonld"),
    ("release/current/maillage.ttl", "*/*", 302, "maillage.ttl"),
    ("release/2026-11-22-b", BROWSER, 303, "release/2026-11-22-b/"),
    ("release/2026-11-22-b/maillage.nq", "*/*", 302, "release/2026-11-22-b/maillage.nq"),
    ("dataset", BROWSER, 303, "dataset/"),
    ("fr/doc/place/", BROWSER, 302, "fr/doc/place/"),
    ("", BROWSER, 302, ""),
    ("id/Place/X", BROWSER, 302, "id/Place/X"),
]  # fmt: skip


def by_the_rules(text, path, accept):
    """Where the rules lead, as mod_rewrite reads those few things that ours are made of."""
    conditions = []
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "RewriteCond":
            subject, pattern, flag = rest.split(" ")
            assert (subject, flag) == ("%{HTTP_ACCEPT}", "[NC]")
            wanted = not pattern.startswith("!")
            found = re.search(pattern.lstrip("!"), accept, re.IGNORECASE)
            conditions.append(bool(found) is wanted)
        elif word == "RewriteRule":
            pattern, target, flags = rest.split(" ")
            found = re.search(pattern, path)
            if found and all(conditions):
                groups = ["", *(group or "" for group in found.groups())]
                target = re.sub(r"\$(\d)", lambda n, g=groups: g[int(n[1])], target)
                return int(re.search(r"R=(\d+)", flags)[1]), target
            conditions = []
    return None


@pytest.mark.parametrize(("path", "accept", "status", "there"), CASES)
def test_lasting_addresses_lead_to_the_site(path, accept, status, there):
    rules = hosts(BASE)["w3id.htaccess"].decode()
    assert by_the_rules(rules, path, accept) == (status, BASE + there)


MODULES = Path("/usr/lib/apache2/modules")
APACHE = shutil.which("apache2") or shutil.which("httpd")


@contextmanager
def apache(tmp_path, site):
    """Apache as Debian ships it, on a port of its own, for the files of a folder."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    names = ("mpm_event", "authz_core", "rewrite", "headers", "mime", "dir")
    loaded = [f"LoadModule {n}_module {MODULES}/mod_{n}.so" for n in names]
    settings = [
        *loaded,
        f"ServerRoot {tmp_path}",
        f"Listen 127.0.0.1:{port}",
        "ServerName localhost",
        f"PidFile {tmp_path}/pid",
        f"ErrorLog {tmp_path}/errors",
        "TypesConfig /dev/null",
        f"DocumentRoot {site}",
        f"<Directory {site}>\nAllowOverride All\nRequire all granted\n</Directory>",
    ]
    (tmp_path / "httpd.conf").write_text("\n".join(settings) + "\n")
    command = [APACHE, "-f", str(tmp_path / "httpd.conf"), "-D", "FOREGROUND"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        for _ in range(100):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, server.stderr.read()
            time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(10)
        server.stderr.close()


def asked(port, path, accept="*/*"):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        headers = {"Accept": accept} if accept else {}
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        return reply, reply.read()


@pytest.mark.skipif(not (APACHE and MODULES.is_dir()), reason="there is no Apache")
def test_apache_reads_the_rules_of_w3id_as_we_do(tmp_path):
    there = tmp_path / "w3id" / "maillage"
    there.mkdir(parents=True)
    (there / ".htaccess").write_bytes(hosts(BASE)["w3id.htaccess"])
    with apache(tmp_path, tmp_path / "w3id") as port:
        for path, accept, status, target in CASES:
            reply, _ = asked(port, f"/maillage/{path}", accept)
            assert (reply.status, reply.headers["Location"]) == (status, BASE + target), path
            assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.skipif(not (APACHE and MODULES.is_dir()), reason="there is no Apache")
def test_a_site_on_apache_has_types_redirects_and_a_page_for_what_is_missing(tmp_path):
    site = tmp_path / "www" / "some" / "where"
    for name, text in {
        "index.html": "<p>home",
        "404.html": "<p>nothing",
        "ns.ttl": "# turtle",
        "doc/place/fr/index.html": "<p>France",
        "doc/place/fr.jsonld": "{}",
        "map/index.html": "<p>map",
        ".well-known/void": "# turtle",
        "maillage-places.geojson": "{}",
        "tables/links.csv": "key",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    (site / ".htaccess").write_bytes(hosts("http://localhost/some/where/")[".htaccess"])
    with apache(tmp_path, tmp_path / "www") as port:
        for path, media_type in {
            "/some/where/": "text/html; charset=utf-8",
            "/some/where/doc/place/fr/": "text/html; charset=utf-8",
            "/some/where/doc/place/fr.jsonld": "application/ld+json",
            "/some/where/ns.ttl": "text/turtle; charset=utf-8",
            "/some/where/.well-known/void": "text/turtle; charset=utf-8",
            "/some/where/maillage-places.geojson": "application/geo+json",
            "/some/where/tables/links.csv": "text/csv; charset=utf-8",
        }.items():
            reply, _ = asked(port, path)
            assert (reply.status, reply.headers["Content-Type"]) == (200, media_type), path
            assert reply.headers["Access-Control-Allow-Origin"] == "*"
        for path, accept, there in (
            ("id/place/fr", BROWSER, "doc/place/fr/"),
            ("id/place/fr", "application/ld+json", "doc/place/fr.jsonld"),
            ("ns", "text/turtle", "ns.ttl"),
            ("release/current/tables/links.csv", "*/*", "tables/links.csv"),
        ):
            reply, _ = asked(port, f"/some/where/{path}", accept)
            assert reply.status in {302, 303}
            assert urlsplit(reply.headers["Location"]).path == f"/some/where/{there}", path
        reply, body = asked(port, "/some/where/doc/place/nowhere/deep/")
        assert (reply.status, body) == (404, b"<p>nothing")
        policy = "Content-Security-Policy"
        assert "default-src 'none'" in asked(port, "/some/where/")[0].headers[policy]
        # the map is one file with its own policy, which allows its own scripts
        assert asked(port, "/some/where/map/")[0].headers[policy] is None


def test_other_hosts_are_told_the_same_types():
    made = hosts(BASE)
    types = dict(re.findall(r"/\*\.(\w+)\n  Content-Type: ([^\s;]+)", made["_headers"].decode()))
    added = re.findall(r"AddType (\S+) \.(\w+)", made[".htaccess"].decode())
    assert {end: media_type for media_type, end in added if end != "html"} == types
    assert {"ttl", "jsonld", "nt", "rdf", "csv", "json"} <= set(types)
    assert "/id/* /doc/:splat 303" in made["_redirects"].decode()
    assert made["robots.txt"].decode().endswith(f"Sitemap: {BASE}sitemap.xml\n")
    assert made[".nojekyll"] == b""


# ---- packages, citations, maps ------------------------------------------------------------------


def test_the_research_package_is_read_back_by_its_library(folder):
    document = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    root = entities["./"]
    assert entities[METADATA]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    assert root["datePublished"] == THIS.date
    assert root["license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    assert {"name", "description", "identifier", "version"} <= set(root)
    listed = {part["@id"] for part in root["hasPart"]}
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert listed == files - {METADATA, "SHA256SUMS"}
    assert read_back(folder) == len(listed)
    size = (folder / "maillage.nq").stat().st_size
    assert entities["maillage.nq"]["contentSize"] == str(size)
    # every address that the package refers to inside of itself is described in it
    refs = set(re.findall(r'"@id": "((?!https?:)[^"]+)"', json.dumps(document)))
    assert refs <= set(entities)


def test_a_package_that_lost_a_file_is_noticed(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "maillage.ttl").unlink()
    with pytest.raises(ValueError, match=r"maillage\.ttl"):
        read_back(copy)


def test_citations_say_the_same_in_three_formats():
    made = citations(THIS)
    cff = yaml.safe_load(made["CITATION.cff"])
    # what the schema of CFF 1.2.0 requires, and the forms of what else stands there
    assert {"authors", "cff-version", "message", "title"} <= set(cff)
    assert (cff["cff-version"], cff["type"], cff["license"]) == ("1.2.0", "dataset", "CC-BY-4.0")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", cff["date-released"])
    (item,) = json.loads(made["citation.csl.json"])
    bib = made["citation.bib"].decode()
    assert item["URL"] == cff["url"] == str(THIS.address)
    assert item["version"] == cff["version"] == THIS.id
    assert f"version = {{{THIS.id}}}" in bib
    assert str(THIS.address) in bib
    assert bib.count("{") == bib.count("}")
    assert item["issued"]["date-parts"] == [[int(n) for n in THIS.date.split("-")]]


def geojson(content):
    """A feature collection, held against RFC 7946."""
    found = json.loads(content)
    assert found["type"] == "FeatureCollection"
    for feature in found["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        for x, y in positions(feature["geometry"]):
            assert -180 <= x <= 180 and -90 <= y <= 90
    ids = [feature["id"] for feature in found["features"]]
    assert len(ids) == len(set(ids))
    return found["features"]


def positions(geometry):
    if geometry is None:
        return []
    deep = {"Point": 0, "LineString": 1, "MultiLineString": 2}[geometry["type"]]
    found = [geometry["coordinates"]]
    for _ in range(deep):
        assert all(len(part) >= 2 for part in found)
        found = [inner for part in found for inner in part]
    return found


def test_places_and_links_are_on_the_map_of_any_program(network):
    places = {feature["id"]: feature for feature in geojson(points(network))}
    assert places[str(BORDEAUX)]["geometry"]["coordinates"] == [-0.579541, 44.837789]
    assert places[str(WUHAN)]["properties"]["name_zh"] == "武汉市"
    assert places[str(WUHAN)]["properties"]["links"] == 1
    (line,) = geojson(lines(network))
    assert line["properties"]["link"] == str(LINK)
    assert line["properties"]["from_en"] == "Wuhan"
    assert line["geometry"]["type"] == "LineString"


def test_what_has_no_point_is_kept_without_a_line():
    graph = nx.MultiGraph()
    graph.add_node("https://a.org/x", lat=1.0, long=2.0)
    graph.add_edge("https://a.org/x", "https://a.org/y", key="https://a.org/l")
    (line,) = geojson(lines(graph))
    assert line["geometry"] is None
    assert [f["geometry"] is None for f in geojson(points(graph))] == [False, True]


@given(*[st.floats(-180, 180), st.floats(-90, 90)] * 2)
def test_no_line_goes_round_the_world_the_long_way(x, y, u, v):
    graph = nx.MultiGraph()
    graph.add_node("https://a.org/x", lat=y, long=x)
    graph.add_node("https://a.org/y", lat=v, long=u)
    graph.add_edge("https://a.org/x", "https://a.org/y", key="https://a.org/l")
    (line,) = geojson(lines(graph))
    pieces = line["geometry"]["coordinates"]
    for piece in [pieces] if line["geometry"]["type"] == "LineString" else pieces:
        assert abs(piece[0][0] - piece[-1][0]) <= 180


# ---- the release before -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """The release before: without the Chinese code of Wuhan, and with another term."""
    dataset = sample_dataset()
    dataset.remove((WUHAN, MLG.gbCode, None, None))
    dataset.graph(graph_iri("ontology")).add(
        (MLG.Place, MLG.reason, Literal("An old word", lang="en"))
    )
    made = tmp_path_factory.mktemp("earlier")
    publish(dataset, made, None, {})
    told = {
        "releases": [{"id": "2020-01-01-x", "date": "2020-01-01", "notes": {"en": "The first."}}]
    }
    (made / "releases.json").write_text(json.dumps(told))
    return release(nquads(dataset)), made


def test_what_changed_since_the_release_before_is_told(earlier):
    that, path = earlier
    found = history(str(path), nquads(DATASET))
    assert (found.previous, found.date) == (that.id, that.date)
    assert set(found.notes) == {"fr", "en", "zh"}
    assert "1 more, 1 fewer" in found.notes["en"]
    assert str(WUHAN) in {address for address, _ in found.things}
    (change,) = found.terms
    assert (change.term, change.before, change.after) == (str(MLG.Place), ("An old word (en)",), ())
    listed = [told.id for told in found.told(THIS.id, THIS.date)]
    assert listed == [THIS.id, that.id, "2020-01-01-x"]


def test_a_release_is_not_its_own_predecessor(folder):
    found = history(str(folder), nquads(DATASET)).of(THIS.id)
    assert found == History()
    assert [told.id for told in found.told(THIS.id, THIS.date)] == [THIS.id]


def test_the_files_of_a_release_before_stay_as_far_as_is_wanted(earlier, tmp_path):
    that, path = earlier
    found = history(str(path), nquads(DATASET))
    one, other = carried(found.earlier(), found.folders, tmp_path)
    assert (one.told.id, other.told.id, other.files) == (that.id, "2020-01-01-x", ())
    kept = tmp_path / "release" / that.id
    names = {p.relative_to(path) for p in path.rglob("*") if p.is_file()}
    assert {p.relative_to(kept) for p in kept.rglob("*") if p.is_file()} == names - {
        Path("releases.json")
    }
    assert all(
        (kept / file.name).read_bytes() == (path / file.name).read_bytes() for file in one.files
    )
    left = carried(found.earlier(), found.folders, tmp_path / "none", limit=0)
    assert [release.files for release in left] == [(), ()]
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("harm", ["cut", "gone", "outside", "another"])
def test_files_that_are_not_what_was_published_are_never_passed_on(earlier, tmp_path, harm):
    that, path = earlier
    spoilt = shutil.copytree(path, tmp_path / "spoilt")
    sums = spoilt / "SHA256SUMS"
    if harm == "cut":
        (spoilt / "tables" / "links.csv").write_bytes(b"key")
    elif harm == "gone":
        (spoilt / "maillage.ttl").unlink()
    elif harm == "outside":
        (tmp_path / "secret").write_text("")
        sums.write_text(f"{sums.read_text()}{sha256().hexdigest()}  ../secret\n")
    else:
        that = that._replace(id="2020-01-01-0123456789ab")
    told = [Told(that.id, that.date, {})]
    with pytest.raises(MaillageError, match=f"Release {that.id} is no longer as it was published"):
        carried(told, {that.id: spoilt}, tmp_path / "out")


def test_a_list_of_releases_that_leads_out_of_the_site_is_refused(earlier, tmp_path):
    listed = shutil.copytree(earlier[1], tmp_path / "listed") / "releases.json"
    listed.write_text(listed.read_text().replace("2020-01-01-x", "../../x"))
    with pytest.raises(MaillageError, match=r"releases\.json"):
        history(str(listed.parent), nquads(DATASET))


def test_a_release_before_without_named_graphs_is_refused(folder):
    with pytest.raises(MaillageError, match="named graphs"):
        history(str(folder / "maillage.ttl"), nquads(DATASET))


def test_the_context_has_an_address_that_says_its_version():
    made = contexts()
    assert set(made) == {"ns/context.jsonld", f"ns/context/{version()}.jsonld"}
    assert len(set(made.values())) == 1
    assert (
        json.loads(made["ns/context.jsonld"])["@context"]["mlg"] == "https://w3id.org/maillage/ns#"
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+", version())
