"""The whole site as files: every page in three languages, every link whole, the same twice."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from hashlib import sha256
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from rdflib import VOID, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS

from maillage.describe import ADMS, LASTING, SPDX
from maillage.describe import release as named
from maillage.dumps import nquads
from maillage.gather import gather
from maillage.mint import graph_iri, parse, thing
from maillage.publish import SUMS, Asked, publish, publish_site
from maillage.published.history import history
from maillage.published.links import scan
from maillage.published.pages import file_of
from maillage.published.vocabulary import version
from maillage.questions import questions
from maillage.release import release
from maillage.site.addresses import STATIC_TWINS, TWINS
from maillage.store import dataset_of
from maillage.terms import MLG
from sample_dataset import sample_dataset
from small import link, write
from test_published import BROWSER, by_the_rules

BASE = "https://data.example.org/m/"
LINK = "doc/link/twinning--cn-420100--fr-commune-33063"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def canonical(folder):
    """A small record, complete as a build makes it."""
    (folder / "data").mkdir()
    return nquads(gather(data=write(folder / "data", links=[link("one")])).dataset)


def spoiled(canonical, *words):
    """The same graph with other labels of a term."""
    dataset = dataset_of(canonical)
    for word in words:
        dataset.graph(graph_iri("ontology")).add((MLG.Place, MLG.reason, Literal(word, lang="en")))
    return dataset


@pytest.fixture(scope="module")
def before(folder, canonical):
    """The site before, with two releases and the name of a third: one term had other labels."""
    out = folder / "before"
    ids = []
    for words in (("old", "older"), ("old",)):
        dataset = spoiled(canonical, *words)
        ids.append(named(nquads(dataset)).id)
        cited = out / "release" / ids[-1]
        cited.mkdir(parents=True)
        publish(dataset, cited, None, {})
        (cited / "index.html").write_text("that page is made anew")
        (out / "maillage.nq").write_bytes((cited / "maillage.nq").read_bytes())
    notes = {"fr": "Un mot de moins.", "en": "One word less.", "zh": "少了一个词。"}
    told = [
        {"id": ids[1], "date": "2026-11-21", "notes": notes},
        {"id": ids[0], "date": "2026-11-21", "notes": {}},
        {"id": "2020-01-01-0123456789ab", "date": "2020-01-01", "notes": {"en": "The first."}},
    ]
    (out / "releases.json").write_text(json.dumps({"releases": told}))
    return out


@pytest.fixture(scope="module")
def site(folder, canonical, before):
    out = folder / "out"
    out.mkdir()
    told = []
    asked = Asked(
        base=BASE,
        endpoint=f"{BASE}sparql",
        contact="mailto:maillage@example.org",
        previous=str(before),
        step=told.append,
        piece=lambda done, total: told.append((done, total)),
    )
    made = publish_site(dataset_of(canonical), out, asked)
    assert {"read", "compare", "dump", "pages", "links", "keep"} <= set(told)
    counts = [entry for entry in told if isinstance(entry, tuple)]
    assert counts[-1][0] == counts[-1][1] > 0
    return out, made


def text(path):
    return path.read_text(encoding="utf-8")


def test_a_thing_has_a_page_in_each_language_and_twins_that_say_the_same(site):
    out, _ = site
    for lang, tag, name in (
        ("fr", "fr", "Bordeaux"),
        ("en", "en", "Bordeaux"),
        ("zh", "zh-Hans", "波尔多"),
    ):
        page = text(out / lang / LINK / "index.html")
        assert f'<html lang="{tag}">' in page
        assert name in page
        assert f"../../../../{LINK}.ttl" in scan(page).links
    graphs = [
        {quad.triple for quad in ox.parse((out / f"{LINK}.{end}").read_bytes(), form)}
        for end, form in (
            ("ttl", ox.RdfFormat.TURTLE),
            ("jsonld", ox.RdfFormat.JSON_LD),
        )
    ]
    assert graphs[0] == graphs[1]
    assert graphs[0]
    assert json.loads(text(out / f"{LINK}.json"))["id"].endswith(LINK.removeprefix("doc/"))


def test_a_site_of_files_has_the_twins_that_it_lists_and_no_others(site):
    out, _ = site
    kinds = {path.suffix for path in (out / "doc" / "link").iterdir() if path.is_file()}
    twins = {".ttl", ".jsonld", ".json"}
    assert kinds & {*twins, ".nt", ".rdf"} == twins
    page = text(out / "en" / LINK / "index.html")
    assert not re.search(r'href="[^":]+\.(?:nt|rdf)"', page)


def test_the_lasting_address_of_a_thing_leads_to_its_page(site):
    out, _ = site
    page = text(out / LINK / "index.html")
    assert f'content="0; url=../../../en/{LINK}/"' in page
    assert {f"../../../{lang}/{LINK}/" for lang in ("fr", "en", "zh")} <= scan(page).links
    assert "<h1" in text(out / "index.html")


def test_evidence_leads_to_the_claim_that_rests_on_it_and_has_its_turtle(site, canonical):
    out, _ = site
    found = set(re.findall(rb"/id/evidence/([0-9a-f]{16})>", canonical))
    assert found
    for key in (one.decode() for one in found):
        moved = re.search(r"url=([^\"]+)", text(out / "doc" / "evidence" / key / "index.html"))
        there, _, part = moved[1].partition("#")
        target = out / "doc" / "evidence" / key / there / "index.html"
        assert part
        assert part in scan(text(target.resolve())).ids
        turtle = Graph().parse(out / "doc" / "evidence" / f"{key}.ttl", format="turtle")
        assert str(MLG.Evidence) in set(map(str, turtle.objects()))


def test_a_question_leads_to_where_it_is_asked_and_has_its_twins(site):
    out, _ = site
    for name in questions():
        moved = re.search(r"url=([^\"]+)", text(out / "doc" / "question" / name / "index.html"))
        target = (out / "doc" / "question" / name / moved[1]).resolve()
        assert target == out / "en" / "ask" / name
        described = Graph().parse(out / "doc" / "question" / f"{name}.ttl", format="turtle")
        assert described.value(thing("question", name), DCTERMS.identifier) == Literal(name)
    assert {path.name for path in (out / "doc" / "question").glob("links.*")} == {
        f"links.{suffix}" for suffix in STATIC_TWINS
    }
    assert "/question/" not in text(out / "sitemap.xml")


def test_the_files_of_the_release_stand_where_they_are_cited_and_where_they_last(site):
    out, made = site
    cited = out / "release" / made.release
    for path in (p for p in cited.rglob("*") if p.is_file()):
        name = path.relative_to(cited).as_posix()
        if name not in {"index.html", "dcat.ttl", SUMS}:
            assert (out / name).read_bytes() == path.read_bytes(), name
    for folder_, start in ((out, BASE), (cited, f"{BASE}release/{made.release}/")):
        described = Graph().parse(folder_ / "dcat.ttl", format="turtle")
        files = list(described.subject_objects(DCAT.downloadURL))
        assert files
        for form, address in files:
            assert address.startswith(start)
            content = (folder_ / address.removeprefix(start)).read_bytes()
            digest = described.value(described.value(form, SPDX.checksum), SPDX.checksumValue)
            assert str(digest).lower() == sha256(content).hexdigest()
    known = Graph().parse(data=(out / ".well-known" / "void").read_bytes(), format="turtle")
    dumps = set(known.objects(None, VOID.dataDump))
    assert dumps
    assert all((out / dump.removeprefix(BASE)).is_file() for dump in dumps)


def test_the_digests_are_of_all_files(site):
    out, made = site
    listed = dict(reversed(line.split("  ", 1)) for line in text(out / SUMS).splitlines())
    files = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} - {SUMS}
    assert set(listed) == files
    assert made.files == len(files)
    name = f"fr/{LINK}/index.html"
    assert listed[name] == sha256((out / name).read_bytes()).hexdigest()


def test_the_map_of_the_site_names_every_page_and_nothing_else(site):
    out, _ = site
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = set()
    for part in out.glob("sitemap-*.xml"):
        root = ET.parse(part).getroot()  # noqa: S314  # made here
        listed |= {loc.text.removeprefix(BASE) for loc in root.iter(f"{space}loc")}
    changes = {f"{lang}/ns/changes/" for lang in ("fr", "en", "zh")}
    pages = {
        path.parent.relative_to(out).as_posix() + "/"
        for lang in ("fr", "en", "zh")
        for path in (out / lang).rglob("index.html")
    }
    assert listed == pages - changes


def test_the_page_for_what_is_missing_works_at_any_depth(site):
    out, _ = site
    links = scan(text(out / "404.html")).links
    assert {link for link in links if not link.startswith(("/m/", "#"))} == set()


def test_the_feed_leads_to_the_release_and_knows_the_one_before(site, before):
    out, made = site
    atom = "{http://www.w3.org/2005/Atom}"
    root = ET.parse(out / "releases.fr.atom").getroot()  # noqa: S314  # made here
    entries = list(root.iter(f"{atom}entry"))
    assert len(entries) == 4
    for entry in entries:
        there = entry.find(f"{atom}link").get("href")
        assert (out / there.removeprefix(BASE) / "index.html").is_file()
    digest = sha256((before / "maillage.nq").read_bytes()).hexdigest()
    assert digest[:12] in entries[1].find(f"{atom}id").text
    assert "1" in entries[0].find(f"{atom}summary").text
    assert "Un mot de moins." in entries[1].find(f"{atom}summary").text
    assert made.release in text(out / "releases.json")


@pytest.mark.parametrize("accept", [BROWSER, "*/*", *TWINS.values()])
def test_every_lasting_address_leads_to_a_file_of_the_site(site, accept):
    out, made = site
    lasting = [
        LINK.replace("doc/", "id/"),
        "ns",
        f"ns/{version()}",
        "ns/context",
        "dataset",
        f"release/{made.release}",
        "release/current",
        "release/current/maillage.nq",
    ]
    for path in lasting:
        status, there = by_the_rules(text(out / "w3id.htaccess"), path, accept)
        assert status in {302, 303}
        assert (out / file_of("/" + there.removeprefix(BASE))).is_file(), (path, there)


def test_hosts_that_do_not_look_at_accept_lead_to_files_of_the_site(site):
    out, _ = site
    rules = [line.split() for line in text(out / "_redirects").splitlines()]
    samples = {"/id/*": LINK.removeprefix("doc/") + "/", "/release/current/*": "maillage.nq"}
    assert set(samples) < {start for start, *_ in rules}
    for start, to, _ in rules:
        there = to.replace(":splat", samples.get(start, ""))
        assert (out / file_of(there)).is_file(), start
    # and where a host has no rules at all, a small page leads on
    for name in ("context", version()):
        assert (out / "ns" / name / "index.html").is_file()


def test_the_page_of_errors_speaks_every_language(site):
    out, _ = site
    page = text(out / "404.html")
    for lang, tag, words in (
        ("fr", "fr", "Rien n’a cette adresse"),
        ("en", "en", "Nothing has this address"),
        ("zh", "zh-Hans", "此地址没有内容"),
    ):
        assert words in page
        assert f'lang="{tag}"' in page
        assert f"/m/{lang}/" in scan(page).links
        assert f"/m/{lang}/404.html" not in scan(page).links


def test_releases_before_stay_where_they_are_cited(site, before):
    out, made = site
    told = [entry["id"] for entry in json.loads(text(out / "releases.json"))["releases"]]
    assert told[0] == made.release
    for id_ in told[1:3]:
        for path in (before / "release" / id_).rglob("*"):
            if path.is_file() and path.name != "index.html":
                kept = out / path.relative_to(before)
                assert kept.read_bytes() == path.read_bytes()
    assert [path.name for path in (out / "release" / told[3]).iterdir()] == ["index.html"]
    for id_ in told[1:]:
        assert scan(text(out / "release" / id_ / "index.html")).links == {f"../../releases/{id_}/"}
    page = text(out / "fr" / "releases" / told[1] / "index.html")
    assert "Un mot de moins." in page
    assert f"../../../release/{told[1]}/maillage.nq" in scan(page).links
    assert "ne garde pas les fichiers" in text(out / "fr" / "releases" / told[3] / "index.html")
    shown = scan(text(out / "zh" / "dataset" / "index.html")).links
    assert {f"../releases/{id_}/" for id_ in told[1:]} <= shown


def test_the_catalogue_names_every_version(site):
    out, _ = site
    described = Graph().parse(out / "dcat.ttl", format="turtle")
    told = [entry["id"] for entry in json.loads(text(out / "releases.json"))["releases"]]
    address = "https://w3id.org/maillage/release/"
    versions = set(map(str, described.objects(LASTING, URIRef(f"{DCAT}hasVersion"))))
    assert versions == {address + id_ for id_ in told}
    this = URIRef(address + told[0])
    assert str(described.value(this, URIRef(f"{DCAT}previousVersion"))) == address + told[1]


def test_who_publishes_a_release_again_still_tells_what_it_changed(site, canonical):
    out, made = site
    told = json.loads(text(out / "releases.json"))["releases"]
    again = history(str(out), canonical).of(made.release)
    assert again.previous == told[1]["id"]
    assert again.notes == told[0]["notes"]
    assert [one.id for one in again.told(made.release, "")] == [one["id"] for one in told]
    assert set(again.folders) == {told[1]["id"], told[2]["id"]}


def test_what_changed_in_the_vocabulary_has_a_page(site):
    out, _ = site
    for lang, words in (("fr", "Ce qui a changé"), ("en", "What changed"), ("zh", "词汇表的变化")):
        page = text(out / lang / "ns" / "changes" / "index.html")
        assert words in page
        assert "<del>old (en)</del>" in page
        assert "<code>Place</code>" in page


def test_pages_load_nothing_from_elsewhere(site):
    out, _ = site
    for path in (out / "en").rglob("index.html"):
        loaded = re.findall(
            r'<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)="([^"]+)"', text(path)
        )
        assert not [one for one in loaded if urlsplit(one).scheme or one.startswith("//")], path


def test_the_endpoint_is_told_where_there_is_one(site):
    out, _ = site
    assert f"<{BASE}sparql>" in text(out / "questions.ttl")
    assert f"<{BASE}sparql>" in text(out / "void.ttl")


def test_twice_the_same_bytes_also_from_the_command_with_two_processes(
    site, folder, canonical, before
):
    out, made = site
    with release(folder / "build") as built:
        (built / "maillage.nq").write_bytes(canonical)
    command = [
        sys.executable,
        "-m",
        "maillage",
        "publish",
        "--lang",
        "en",
        "--store",
        str(folder / "build"),
    ]
    command += ["--out", str(folder / "again"), "--base", BASE, "--endpoint", f"{BASE}sparql"]
    command += ["--contact", "mailto:maillage@example.org", "--previous", str(before)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert f"Release {made.release}: {made.pages} pages" in done.stdout
    again = {
        p.relative_to(folder / "again"): p for p in (folder / "again").rglob("*") if p.is_file()
    }
    assert set(again) == {p.relative_to(out) for p in out.rglob("*") if p.is_file()}
    differ = [
        str(name) for name, path in again.items() if path.read_bytes() != (out / name).read_bytes()
    ]
    assert differ == []


def test_a_broken_link_leaves_nothing_behind(tmp_path):
    # this graph speaks of concepts that it does not hold, so its pages lead nowhere
    with release(tmp_path / "build") as built:
        (built / "maillage.nq").write_bytes(nquads(sample_dataset()))
    command = [sys.executable, "-m", "maillage", "publish", "--lang", "en", "--store"]
    command += [str(tmp_path / "build"), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 2
    assert "links of the site lead nowhere" in done.stderr
    assert "doc/state/active/" in done.stderr
    assert not (tmp_path / "out").exists()


def test_every_thing_of_the_graph_has_a_place_in_the_site(site, canonical):
    out, _ = site
    subjects = {quad.subject.value for quad in ox.parse(canonical, ox.RdfFormat.N_QUADS)}
    things = {named for iri in subjects if (named := parse(iri))}
    missing = [t for t in things if not (out / "doc" / t.kind / t.key / "index.html").is_file()]
    assert missing == []


def test_the_data_alone_also_tell_what_changed(folder, canonical, before):
    with release(folder / "bare") as built:
        (built / "maillage.nq").write_bytes(canonical)
    command = [sys.executable, "-m", "maillage", "publish", "--lang", "en", "--data-only"]
    command += ["--store", str(folder / "bare"), "--out", str(folder / "data-only")]
    command += ["--previous", str(before)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert not (folder / "data-only" / "index.html").exists()
    described = Graph().parse(folder / "data-only" / "dcat.ttl", format="turtle")
    notes = set(described.objects(None, ADMS.versionNotes))
    assert any("1 fewer" in note for note in notes if isinstance(note, Literal))
    assert (folder / "data-only" / "CHANGES.txt").is_file()


def test_the_vocabulary_leads_to_what_changed_in_it(site):
    out, _ = site
    for lang in ("fr", "en", "zh"):
        assert "changes/" in scan(text(out / lang / "ns" / "index.html")).links
        assert (out / lang / "ns" / "changes" / "index.html").is_file()
