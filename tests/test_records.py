"""The pages about things: everything said there leads to who says it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.namespace import SDO

from maillage.mint import thing
from maillage.site import About, Previous, Site, has_languages
from maillage.site.addresses import TWINS
from maillage.store import Store, memory_store
from maillage.terms import BASE, MLG
from maillage.words import LANGUAGES
from sample_dataset import BORDEAUX, LINK, SOURCE, sample_dataset
from site_reading import opened, read

CHENGDU = "/doc/place/cn-510100/"
TWINNING = "/doc/link/twinning--cn-510100--fr-commune-34172/"
MINUTES = "/doc/source/cuf-arf-china-minutes-2016/"
MEETING = "/doc/event/rencontres-franco-chinoises-5/"
WUHAN_PAGE = "/doc/place/cn-420100/"
BORDEAUX_PAGE = "/doc/place/fr-commune-33063/"
PAGES = (
    CHENGDU,
    TWINNING,
    MINUTES,
    MEETING,
    "/doc/theme/water/",
    "/doc/person/li-xiaolin/",
    "/doc/organisation/cuf/",
    "/doc/place/fr-region-44/",
    "/doc/scheme/theme/",
    "/doc/graph/consensus/",
)


@pytest.fixture(scope="module")
def site(store: Store) -> Site:
    return Site(store, About(release="2026-11-22-abc", date="2026-11-22"))


@pytest.fixture(scope="module")
def paths(site: Site) -> list[str]:
    return list(site.paths())


@pytest.fixture(scope="module")
def small() -> Store:
    return memory_store(sample_dataset())


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    return store.select(f"PREFIX mlg: <{MLG}> PREFIX id: <{BASE}id/> {query}").rows


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(site: Site, path: str, lang: str) -> None:
    page = opened(site, f"/{lang}{path}")
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert page.anchors() <= set(page.ids)


def test_a_place_is_told_in_each_language(site: Site) -> None:
    fr, en, zh = (opened(site, f"/{lang}{CHENGDU}") for lang in LANGUAGES)
    for page in (fr, en, zh):
        assert "510100" in page.text and "Chéngdū" in page.text and "成都市" in page.text
    assert "échelon préfectoral" in fr.text and "Liens de coopération" in fr.text
    assert "prefectural level" in en.said_in("en").lower() or "prefecture" in en.text
    assert "友好城市关系" in zh.text and "twinning" not in zh.text and "jumelage" not in zh.text
    # names of another language are marked as such
    assert ("成都市", "zh-Hans") in fr.texts
    assert ("Tcheng-Tou", "fr") in zh.texts


def test_where_a_place_lies_leads_up(site: Site) -> None:
    page = opened(site, "/fr/doc/place/fr-commune-34172/")
    trail = [page.to(target) for tag, target, _ in page.links if tag == "a"]
    steps = [f"/fr/doc/place/{key}/" for key in ("fr", "fr-region-76", "fr-departement-34")]
    at = [trail.index(step) for step in steps]
    assert at == sorted(at)


def test_official_codes_lead_to_their_registers(site: Site) -> None:
    page = opened(site, "/fr/doc/place/fr-commune-34172/")
    away = [told for _, target, told in page.links if "insee.fr" in target]
    assert away[0]["href"].endswith("geo=COM-34172")
    assert "noopener" in away[0]["rel"]


def test_every_link_of_a_place_is_on_its_page(site: Site, store: Store) -> None:
    expected = {
        f"/zh/doc/link/{str(link).rsplit('/', 1)[-1]}/"
        for (link,) in rows(store, "SELECT ?l { ?l mlg:hasParty id:place\\/cn-510100 }")
    }
    page = opened(site, f"/zh{CHENGDU}")
    assert len(expected) >= 8
    assert expected <= {page.to(target) for _, target, _ in page.links}


def test_every_value_leads_to_its_passages(site: Site, store: Store) -> None:
    evidence = {
        str(e).rsplit("/", 1)[-1]
        for (e,) in rows(
            store,
            "SELECT ?e { <" + BASE + "id" + TWINNING[4:-1] + "> mlg:hasEvidence ?e }",
        )
    }
    page = opened(site, f"/en{TWINNING}")
    assert len(evidence) >= 17
    assert {f"evidence-{key}" for key in evidence} <= set(page.ids)
    # some note leads to each of them
    assert {f"evidence-{key}" for key in evidence} <= page.anchors()
    for said in ("Certainty", "stated", "Bears on", "Recorded by", "https://"):
        assert said in page.text


def test_a_passage_is_told_by_page_lines_and_characters(site: Site, store: Store) -> None:
    ((link, *_), *_) = rows(store, "SELECT ?l { ?l mlg:isProposedFor ?e } ORDER BY ?l LIMIT 1")
    page = opened(site, f"/fr/doc/{str(link).removeprefix(BASE + 'id/')}/")
    assert re.search(r"page 1, ligne \d+, caractères \d+–\d+", page.text)


def test_a_disagreement_shows_all_sides_and_the_reason(site: Site) -> None:
    page = opened(site, f"/en{TWINNING}")
    for date in ("1981-06-22", "1981-04-24"):
        assert date in page.text
    assert page.text.count("value kept") >= 2
    assert "Disagreements between sources" in page.text
    assert "more sources give this value" in page.text


def test_a_place_without_links_is_not_said_to_have_none(site: Site, store: Store) -> None:
    ((alone, *_), *_) = rows(
        store,
        "SELECT ?p { ?p a mlg:Collectivity FILTER NOT EXISTS { ?l mlg:hasParty ?p } "
        "FILTER NOT EXISTS { ?x <http://purl.org/dc/terms/isReplacedBy> ?p } } ORDER BY ?p LIMIT 1",
    )
    page = opened(site, f"/en/doc/place/{str(alone).rsplit('/', 1)[-1]}/")
    assert "No documented link" in page.text and "does not mean that it has none" in page.text
    assert "No documented link" not in opened(site, f"/en{CHENGDU}").text


def test_a_place_has_the_links_of_what_it_replaced(site: Site) -> None:
    page = opened(site, "/fr/doc/place/fr-region-44/")
    assert "Liens de ce qu’il a remplacé" in page.text
    assert any(
        "fr-region-42" in target and "/link/" in page.to(target) for _, target, _ in page.links
    )


def test_an_event_has_its_workshops_with_their_pairs_and_participants(site: Site) -> None:
    page = opened(site, f"/fr{MEETING}")
    assert "Éditions, ateliers et séances" in page.text
    assert "Binômes proposés" in page.text
    assert "Qui y a pris part" in page.text
    assert "Li Xiaolin" in page.text


def test_a_source_lists_what_it_says_in_its_own_order(site: Site) -> None:
    page = opened(site, f"/en{MINUTES}")
    at = page.text.index("Place in the document")
    starts = [int(n) for n in re.findall(r"characters (\d+)–", page.text[at:])]
    assert len(starts) > 100
    first = starts[:15]  # those of its links
    assert first == sorted(first)
    evidence = [target for _, target, _ in page.links if "#evidence-" in target]
    assert len(evidence) > 200


def test_evidence_is_on_the_page_of_its_claim(site: Site, store: Store) -> None:
    ((evidence, *_), *_) = rows(
        store, "SELECT ?e { id:place\\/cn-510100 mlg:hasEvidence ?e } ORDER BY ?e LIMIT 1"
    )
    key = str(evidence).rsplit("/", 1)[-1]
    page = site.answer(f"/fr/doc/evidence/{key}/", None)
    assert (page.status, page.location) == (303, f"../../place/cn-510100/#evidence-{key}")
    page = site.answer("/doc/graph/source--cuf-china-group-page/", None)
    assert (page.status, page.location) == (303, "../../source/cuf-china-group-page/")


@pytest.mark.parametrize(
    "path",
    [
        "/doc/place/nowhere/",
        "/doc/place/cn-510100.exe",
        "/doc/place/nowhere.ttl",
        "/doc/nothing/",
        "/doc/place/../../etc/passwd/",
        "/doc/Place/CN/",
        "/doc/place/cn-510100/more/",
        "/doc/evidence/0000000000000000/",
    ],
)
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    page = site.answer(path, "zh")
    assert page.status == 404
    assert "此地址没有内容" in page.body.decode()


def test_links_stay_within_the_site_and_hold(site: Site, paths: list[str]) -> None:
    known = set(paths)
    elsewhere = {"/map", "/sparql", "/.well-known/void"}
    for path in PAGES:
        page = opened(site, f"/fr{path}")
        for _, target, _ in page.links:
            to = page.to(target)
            if to.startswith("/"):
                bare = to.removeprefix("/fr").removeprefix("/en").removeprefix("/zh")
                # a server has more than files: versions of styles, citations
                there = bare in known | elsewhere or site.answer(bare, None).status == 200
                assert there, (path, target)
                assert not target.startswith("/"), target


def test_the_twins_all_say_the_same(site: Site) -> None:
    graphs = {}
    for suffix, form in (
        ("ttl", "turtle"),
        ("nt", "nt"),
        ("rdf", "xml"),
        ("jsonld", "json-ld"),
        ("json", "json-ld"),
    ):
        page = site.answer(f"/doc/place/cn-510100.{suffix}", None)
        assert (page.status, page.media_type) == (200, TWINS[suffix])
        graphs[suffix] = set(Graph().parse(data=page.body, format=form))
    assert len(graphs["nt"]) > 60
    for suffix, graph in graphs.items():
        assert graph == graphs["nt"], (suffix, sorted(graph ^ graphs["nt"])[:4])


def test_framed_json_is_for_people_who_write_programs(site: Site) -> None:
    made = json.loads(site.answer(TWINNING.rstrip("/") + ".json", None).body)
    assert made["id"] == f"{BASE}id{TWINNING[4:-1]}"
    assert made["type"] == "CooperationLink"
    assert (
        made["skos:prefLabel"]["zh-hans"] == "蒙彼利埃 – 成都市"
        or made["skos:prefLabel"]["zh-Hans"]
    )
    assert len(made["hasParty"]) == 2
    passages = made["hasEvidence"]
    assert len(passages) >= 17 and all("hasCertainty" in passage for passage in passages)


def test_the_frame_never_fetches(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert site.answer("/doc/place/fr.json", None).status == 200


def test_the_other_forms_are_in_the_head_and_in_the_link_header(site: Site) -> None:
    page = site.answer(f"/en{CHENGDU}", None)
    told = [(target, params["rel"]) for target, params in page.links]
    assert ("../../../../doc/place/cn-510100.ttl", "alternate") in told
    assert (f"{BASE}id/place/cn-510100", "cite-as") in told
    assert ("https://creativecommons.org/licenses/by/4.0/", "license") in told
    assert ("../../../../.well-known/void", "describedby") in told
    assert (str(MLG.Collectivity), "type") in told
    types = {
        params["type"]
        for _, params in page.links
        if params["rel"] == "alternate" and "type" in params
    }
    assert types == set(TWINS.values())
    head = {(t, told["rel"]) for tag, t, told in read(page, f"/en{CHENGDU}").links if tag == "link"}
    assert set(told) <= head


def test_search_engines_are_told_in_schema_org(site: Site) -> None:
    for path, of_type in (
        (CHENGDU, "AdministrativeArea"),
        (MEETING, "Event"),
        ("/doc/organisation/cuf/", "Organization"),
        ("/doc/person/li-xiaolin/", "Person"),
        (MINUTES, "CreativeWork"),
        ("/doc/theme/water/", "DefinedTerm"),
        ("/doc/place/cn/", "Country"),
    ):
        (told,) = opened(site, f"/en{path}").data
        about, trail = told["@graph"]
        assert told["@context"] == "https://schema.org"
        assert (about["@type"], about["@id"]) == (of_type, f"{BASE}id{path[4:-1]}")
        assert about["name"] and trail["@type"] == "BreadcrumbList"
    (told,) = opened(site, f"/en{MEETING}").data
    assert told["@graph"][0]["startDate"] == "2016-10-28"
    assert told["@graph"][0]["location"]["name"] == "Chengdu"


def test_a_page_says_how_to_cite_it(site: Site) -> None:
    page = opened(site, f"/en{CHENGDU}")
    assert f"release 2026-11-22-abc (2026-11-22). {BASE}id/place/cn-510100" in page.text
    assert "@misc{maillage-id-place-cn-510100," in page.text
    assert "title = {{Chengdu}}" in page.text


def test_an_error_can_be_reported(small: Store) -> None:
    nobody = opened(Site(small, About(release="r1")), f"/en{WUHAN_PAGE}")
    assert "Write to whoever publishes this site" in nobody.text
    assert f"Identifier: {BASE}id/place/cn-420100" in nobody.text and "Release: r1" in nobody.text
    mail = opened(Site(small, About(report_to="data@example.org")), f"/en{WUHAN_PAGE}")
    (address,) = [t for _, t, _ in mail.links if t.startswith("mailto:")]
    assert address.startswith("mailto:data@example.org?subject=") and "place%2Fcn-420100" in address
    issue = opened(Site(small, About(report_to="https://example.org/new?a=b")), f"/en{WUHAN_PAGE}")
    (address,) = [t for _, t, _ in issue.links if t.startswith("https://example.org")]
    assert "?a=b&title=" in address and "cn-420100" in address
    bad = opened(Site(small, About(report_to="javascript:alert(1)")), f"/en{WUHAN_PAGE}")
    assert not any(t.startswith("javascript") for _, t, _ in bad.links)


def test_what_changed_is_told_when_there_was_a_release_before(small: Store) -> None:
    changed = {f"{BASE}id/place/cn-420100": (str(MLG.hasLevel),)}.get
    site = Site(small, About(previous=(Previous("r0", "2026-01-01", changed),)))
    assert "Since release r0 (2026-01-01): Level." in opened(site, f"/en{WUHAN_PAGE}").text
    assert "Nothing has changed since release r0" in opened(site, f"/en{BORDEAUX_PAGE}").text
    first = opened(Site(small, About()), f"/en/doc/{str(LINK).removeprefix(BASE + 'id/')}/")
    assert re.search(r"First recorded on \d{4}-\d\d-\d\d", first.text)


def test_questions_can_be_asked_about_a_thing(site: Site, small: Store) -> None:
    page = opened(site, f"/fr{CHENGDU}")
    asked = [target for _, target, _ in page.links if "/ask/links/?" in target]
    assert asked == ["../../../ask/links/?place=place%2Fcn-510100"]
    files = opened(Site(small, About(static=True)), f"/fr{WUHAN_PAGE}")
    assert "maillage ask links place=place/cn-420100" in files.text
    assert not any("?" in target and "/ask/" in target for _, target, _ in files.links)


def hostile() -> Site:
    dataset = sample_dataset()
    bad = dataset.graph(thing("graph", "source--press"))
    script = '</script><script>alert("x")</script><img src=x onerror=alert(1)>'
    for lang in ("fr", "en", "zh-Hans"):
        bad.add((LINK, SKOS.prefLabel, Literal(script, lang=lang)))
        bad.remove((BORDEAUX, SKOS.prefLabel, None))
        bad.add((BORDEAUX, SKOS.altLabel, Literal("Bor\u202edeaux" + script, lang=lang)))
    bad.add((SOURCE, SDO.url, Literal("javascript:alert(1)")))
    bad.add((SOURCE, RDF.type, MLG.SourceDocument))
    bad.add((BORDEAUX, SKOS.exactMatch, URIRef("javascript:alert(2)")))
    bad.add((BORDEAUX, MLG.inseeCode, Literal('33"><script>1</script>')))
    bad.add(
        (
            LINK,
            MLG.startDate,
            Literal("not a date", datatype=URIRef("http://id.loc.gov/datatypes/edtf/EDTF")),
        )
    )
    bad.add((LINK, URIRef("http://example.org/p#own"), Literal("{{ 7*7 }}{% raw %}")))
    return Site(memory_store(dataset), About())


def test_data_are_data() -> None:
    site = hostile()
    for lang in LANGUAGES:
        for iri in (LINK, BORDEAUX, SOURCE):
            path = f"/{lang}/doc/{str(iri).removeprefix(BASE + 'id/')}/"
            page = opened(site, path)
            assert page.faults == []
            assert not any(target.startswith("javascript") for _, target, _ in page.links)
            assert "alert" not in " ".join(tag for tag, _, _ in page.links)
            assert "\u202e" not in page.text
            body = site.answer(path, None).body.decode()
            assert "<img" not in body and body.count("<script") == 1
        assert (
            "{{ 7*7 }}{% raw %}" in opened(site, f"/{lang}/doc/{str(LINK)[len(BASE) + 3 :]}/").text
        )
        found = opened(site, f"/{lang}/search/", q='"><script>alert(1)</script>')
        assert found.faults == []


def test_the_same_graph_gives_the_same_bytes() -> None:
    program = (
        "import sys, hashlib; sys.path.insert(0, 'tests')\n"
        "from sample_dataset import sample_dataset\n"
        "from maillage.site import Site, About\nfrom maillage.store import memory_store\n"
        "site = Site(memory_store(sample_dataset()), About(release='r'))\n"
        "sum = hashlib.sha256()\n"
        "from maillage.site.routes import ROUTES\n"
        "for path in sorted(p for name in ('doc', 'ns', 'search', 'dataset')\n"
        "                   for p in ROUTES[name].paths(site._opened)):\n"
        "    sum.update(path.encode() + site.answer(path, 'zh').body)\n"
        "print(sum.hexdigest())"
    )
    sums = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert sums[0] == sums[1] and len(sums[0]) > 60


def test_every_thing_has_a_page_and_every_page_a_thing(paths: list[str], store: Store) -> None:
    assert paths == sorted(set(paths))
    things = {
        str(thing)
        for (thing,) in rows(store, "SELECT DISTINCT ?s { ?s a ?c }")
        if str(thing).startswith(f"{BASE}id/")
        and "#" not in str(thing)
        and not re.search(r"/id/(evidence/|graph/(source|inferred|evidence)--)", str(thing))
    }
    pages = {p for p in paths if re.fullmatch(r"/doc/[^/]+/[^/]+/", p)}
    assert pages == {f"/doc/{iri.removeprefix(BASE + 'id/')}/" for iri in things}
    assert {f"{p[:-1]}.{suffix}" for p in pages for suffix in TWINS} <= set(paths)
    assert all(has_languages(p) for p in pages)


def test_turtle_reads_as_the_house_writes_it(site: Site) -> None:
    text = site.answer("/doc/place/cn-510100.ttl", None).body.decode()
    assert "@prefix mlg:" in text and '"成都市"@zh-Hans' in text
    assert list(ox.parse(text.encode(), ox.RdfFormat.TURTLE))
