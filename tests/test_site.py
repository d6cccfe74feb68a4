"""The frame of the site: languages, addresses, search, lists, the vocabulary, and the dataset."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from maillage.mint import thing
from maillage.site import About, Offered, Previous, Site, has_languages
from maillage.site.addresses import relative
from maillage.site.members import in_order
from maillage.site.naming import Named
from maillage.site.texts import FOLDER, say, words
from maillage.store import Store, memory_store
from maillage.terms import BASE, NS
from maillage.words import LANGUAGES, TAGS
from sample_dataset import sample_dataset
from site_reading import Read, opened, read

FILES = (
    Offered("maillage.nq", 20_005_222, "ab" * 32),
    Offered("tables/links.csv", 1_234, "cd" * 32),
)


@pytest.fixture(scope="module")
def site(store: Store) -> Site:
    return Site(
        store,
        About(
            base="https://data.example.org/m",
            release="2026-11-22-abc",
            date="2026-11-22",
            files=FILES,
            previous=(Previous("2026-10-01-old", "2026-10-01", {}.get),),
        ),
    )


@pytest.fixture(scope="module")
def small() -> Store:
    return memory_store(sample_dataset())


def found(site: Site, text: str, lang: str = "en", **more: str) -> Read:
    return opened(site, f"/{lang}/search/", q=text, **more)


def hits(page: Read) -> list[str]:
    """The things that a search found, as ``kind/key``, in their order."""
    paths = [page.to(target) for tag, target, _ in page.links if tag == "a"]
    return [m[1] for path in paths if (m := re.fullmatch(r"/../doc/([^/]+/[^/]+)/", path))]


# Languages and addresses


def test_a_path_fixes_its_language_and_links_stay_in_it(site: Site) -> None:
    for lang in LANGUAGES:
        page = read(site.answer(f"/{lang}/doc/", "en"), f"/{lang}/doc/")
        assert f'<html lang="{TAGS[lang]}">' in site.answer(f"/{lang}/doc/", "en").body.decode()
        inner = [page.to(t) for tag, t, told in page.links if tag == "a" and "hreflang" not in told]
        pages = [to for to in inner if to.startswith("/") and has_languages(to)]
        assert pages and all(to.startswith(f"/{lang}/") for to in pages)


def test_without_language_the_reader_s_is_spoken_and_links_stay_open(site: Site) -> None:
    page = site.answer("/doc/", "zh")
    assert '<html lang="zh-Hans">' in page.body.decode()
    assert '<html lang="en">' in site.answer("/doc/", None).body.decode()
    inner = [to for _, t, told in read(page, "/doc/").links if "hreflang" not in told and (to := t)]
    assert "place/" in inner


def test_switching_the_language_keeps_page_and_question(site: Site) -> None:
    page = found(site, "Évry & co", "fr")
    switch = {
        told["hreflang"]: page.to(t) + "?" + t.partition("?")[2]
        for tag, t, told in page.links
        if tag == "a" and "hreflang" in told
    }
    assert switch == {TAGS[lang]: f"/{lang}/search/?q=%C3%89vry+%26+co" for lang in LANGUAGES}


def test_every_page_names_its_languages_for_machines(site: Site) -> None:
    page = site.answer("/fr/doc/place/", None)
    told = {p["hreflang"]: t for t, p in page.links if "hreflang" in p}
    assert told == {
        "fr": "./",
        "en": "../../../en/doc/place/",
        "zh-Hans": "../../../zh/doc/place/",
        "x-default": "../../../doc/place/",
    }
    assert ("https://data.example.org/m/fr/doc/place/", {"rel": "canonical"}) in page.links


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/fr/doc/place", "place/"),
        ("/search", "search/"),
        ("/fr/static/site.css", "../../static/site.css"),
        ("/zh/doc/place/cn.ttl", "../../../doc/place/cn.ttl"),
        ("/fr", "fr/"),
    ],
)
def test_an_address_that_is_nearly_right_leads_on(site: Site, path: str, to: str) -> None:
    page = site.answer(path, None, {"q": ["a b"]})
    assert page.status == 308
    assert str(page.location).partition("?")[0] == to
    if has_languages(path):
        assert str(page.location).endswith("?q=a+b")


def test_what_has_no_address_is_said_in_the_reader_s_language(site: Site) -> None:
    page = site.answer("/fr/rien/du/tout/", None)
    assert page.status == 404 and "Rien n’a cette adresse" in page.body.decode()
    assert read(page, "/fr/rien/du/tout/").to("../../../doc/") == "/fr/doc/"


def test_the_page_of_errors_of_a_static_host_has_links_from_its_root(small: Store) -> None:
    site = Site(small, About(base="https://example.org/data", static=True))
    page = site.answer("/404.html", None)
    assert page.status == 404
    targets = [t for _, t, _ in read(page, "/404.html").links if not t.startswith(("http", "#"))]
    assert targets and all(t.startswith("/data/") for t in targets)


def test_relative_links_hold_below_any_folder() -> None:
    assert relative("/", "/doc/place/fr/") == "doc/place/fr/"
    assert relative("/fr/doc/place/fr/", "/fr/") == "../../../"
    assert relative("/sparql", "/static/site.css") == "static/site.css"
    assert relative("/fr/ask/x/", "/fr/ask/x/?a=/b#c") == "./?a=/b#c"


# Words


def test_words_are_complete_and_their_places_equal() -> None:
    for key, said in words().items():
        assert set(said) == set(LANGUAGES), key
        places = {lang: set(re.findall(r"\{(\w+)\}", text)) for lang, text in said.items()}
        assert places["fr"] == places["en"] == places["zh"], key
        assert all(said.values()), key


def test_french_is_typeset_as_it_is_printed() -> None:
    for key, said in words().items():
        text = said["fr"]
        assert not re.search(r"\w'\w", text), key
        assert not re.search(
            r"[^\u00a0\u202f\s:;!?/][;!?](\s|$)|(?<!https)(?<!http)(?<![\u00a0\u202f/]):(\s|$)",
            text,
        ), (key, text)
        assert not re.search(r"«[^\u00a0]|[^\u00a0]»", text), key


def test_chinese_has_no_latin_punctuation_between_characters() -> None:
    for key, said in words().items():
        assert not re.search(r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]", said["zh"]), key


def test_words_of_the_frame_are_all_used() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder, form in ((FOLDER, "*.j2"), (FOLDER.parents[1] / "site", "*.py"))
        for path in folder.glob(form)
    )
    # keys that are put together from what they are about
    made = re.compile(
        r"(own-(name|tag)|menu|kind|about|fact|in|column|form|file|licence|source-type|tongue"
        r"|list|scope|term(-all)?|about-site|name)-|.*-one$"
    )
    for part in ("site", "records", "terms"):
        text = (FOLDER / "words" / f"{part}.toml").read_text(encoding="utf-8")
        for key in tomllib.loads(text):
            assert f'"{key}"' in code or made.match(key), key


# Search


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("chengdu", "place/cn-510100"),
        ("Chéngdū", "place/cn-510100"),
        ("成都", "place/cn-510100"),
        ("成都市", "place/cn-510100"),
        ("510100", "place/cn-510100"),
        ("Tcheng-Tou", "place/cn-510100"),
        ("place/cn-510100", "place/cn-510100"),
        (f"{BASE}id/place/cn-510100", "place/cn-510100"),
        ("Évry", "place/fr-commune-91228"),
        ("evry", "place/fr-commune-91228"),
        ("EVRY  COURCOURONNES", "place/fr-commune-91228"),
        ("武漢", "place/cn-420100"),
        ("li xiaolin", "person/li-xiaolin"),
    ],
)
@pytest.mark.parametrize("lang", ["fr", "zh"])
def test_a_name_is_found_however_it_is_typed(site: Site, text: str, first: str, lang: str) -> None:
    assert hits(found(site, text, lang))[0] == first


def test_what_was_found_is_told_with_where_it_lies(site: Site) -> None:
    page = found(site, "Tcheng-Tou", "fr")
    assert "Tcheng-Tou" in page.text and "Sichuan, Chine" in page.text


def test_results_are_grouped_by_kind_and_paged(site: Site) -> None:
    page = found(site, "chine", "fr")
    groups = [page.to(t) for _, t, _ in page.links if "kind=" in t]
    assert len(groups) >= 2
    kind = found(site, "chine", "fr", kind="source")
    assert {hit.partition("/")[0] for hit in hits(kind)} == {"source"}
    assert len(hits(kind)) > 10
    pages = [t for _, t, _ in kind.links if "page=" in t]
    if pages:
        second = found(site, "chine", "fr", kind="source", page="2")
        assert not set(hits(second)) & set(hits(kind))
    assert hits(found(site, "chine", "fr", kind="source", page="9999")) != []


def test_an_empty_answer_says_why_and_proposes_names(site: Site) -> None:
    page = found(site, "Chengdoo")
    assert hits(page) == []
    assert "does not mean that it does not exist" in page.text
    near = [t for _, t, _ in page.links if t.startswith("./?q=")]
    assert "./?q=Chengdu" in near


@pytest.mark.parametrize(
    "text", ["", "   ", "'\"<>", "%", "\x00", "a" * 5_000, "((((", "(?=", "🀄"]
)
def test_any_text_can_be_searched(site: Site, text: str) -> None:
    assert found(site, text).faults == []


def test_a_static_site_carries_its_names(small: Store) -> None:
    site = Site(small, About(static=True))
    assert "/search/labels.js" in set(site.paths())
    script = site.answer("/search/labels.js", None)
    assert script.media_type.startswith("text/javascript")
    assert "武汉市" in script.body.decode()
    sources = [
        page.to(t)
        for page in [opened(site, "/zh/search/")]
        for tag, t, _ in page.links
        if tag == "script"
    ]
    assert sources == ["/search/labels.js", "/static/search.js"]


# Lists


def test_a_list_holds_everything_of_its_kind_once(site: Site, store: Store) -> None:
    for kind, of_class in (
        ("place", f"{NS}Place"),
        ("link", f"{NS}CooperationLink"),
        ("source", f"{NS}SourceDocument"),
    ):
        listed: list[str] = []
        number = 1
        while True:
            path = f"/zh/doc/{kind}/" if number == 1 else f"/zh/doc/{kind}/page/{number}/"
            if site.answer(path, None).status != 200:
                break
            page = opened(site, path)
            own = [page.to(t) for tag, t, _ in page.links if tag == "a"]
            listed += [to for to in own if re.fullmatch(rf"/zh/doc/{kind}/[^/]+/", to)]
            number += 1
        assert len(listed) == len(set(listed)) > 200
        if kind != "place":
            count = store.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{of_class}> }}").rows
            assert len(listed) == int(str(count[0][0]))
    assert site.answer("/doc/place/page/1x/", None).status == 404
    assert site.answer("/doc/place/page/999/", None).status == 404
    assert site.answer("/doc/place/page/01/", None).status == 404


def test_names_are_in_the_order_of_each_language(site: Site) -> None:
    names = ["浙江省", "安徽省", "成都市", "北京市", "重庆市"]
    assert min(names, key=lambda n: in_order(Named(n), "zh")) == "安徽省"
    assert sorted(["Évry", "Zoug", "Eu"], key=lambda n: in_order(Named(n), "fr")) == [
        "Eu",
        "Évry",
        "Zoug",
    ]
    zh = opened(site, "/zh/doc/place/")
    letters = [text for text, _ in zh.texts if re.fullmatch(r"[A-Z]", text)]
    assert letters == sorted(set(letters)) and len(letters) >= 3


def test_numbers_on_the_first_page_lead_to_their_lists(site: Site) -> None:
    page = opened(site, "/en/")
    counted = re.findall(r"(\d[\d,]*) (Cooperation links|Sources|People)", page.text)
    assert [name for _, name in counted] == ["Cooperation links", "People", "Sources"]
    for n, name in counted:
        kind = {"Cooperation links": "link", "Sources": "source", "People": "person"}[name]
        assert f"/en/doc/{kind}/" in {page.to(t) for _, t, _ in page.links}
        assert n in opened(site, f"/en/doc/{kind}/").text
    assert "citation" not in page.text and "release 2026-11-22-abc" in page.text


# The dataset and the vocabulary


def test_the_dataset_tells_files_digests_licences_and_releases(site: Site) -> None:
    page = opened(site, "/fr/dataset/")
    assert "20,0 Mo" in page.text and "1 ko" in page.text and "ab" * 32 in page.text
    assert "/release/2026-11-22-abc/maillage.nq" in {page.to(t) for _, t, _ in page.links}
    assert "2026-10-01-old" in page.text
    assert "Droits non évalués" in page.text
    (told,) = page.data
    assert told["@type"] == "Dataset" and told["version"] == "2026-11-22-abc"
    assert told["distribution"][0]["contentUrl"] == (
        "https://data.example.org/m/release/2026-11-22-abc/maillage.nq"
    )
    assert told["distribution"][0]["encodingFormat"] == "application/n-quads"


@pytest.fixture(scope="module")
def vocabulary() -> Graph:
    from maillage.gather import ontology_graph

    return ontology_graph("vocabulary.ttl")


def test_every_term_has_a_page_in_one_language(site: Site, vocabulary: Graph) -> None:
    from rdflib import SKOS, Literal, URIRef

    terms = sorted(
        str(t)
        for t in set(vocabulary.subjects(SKOS.definition))
        if str(t).startswith(NS) and str(t) != NS
    )
    assert len(terms) > 90
    for iri in terms[::7]:
        defined = {
            o.language: str(o)
            for o in vocabulary.objects(URIRef(iri), SKOS.definition)
            if isinstance(o, Literal)
        }
        for lang in LANGUAGES:
            page = opened(site, f"/{lang}/ns/{iri[len(NS) :]}/")
            text = page.text.replace("’", "'").replace("\u00a0", " ")
            assert page.faults == []
            assert defined[TAGS[lang]].replace("’", "'") in text, (iri, lang)
            others = [d for tag, d in defined.items() if tag != TAGS[lang]]
            assert not any(other.replace("’", "'") in text for other in others)


def test_a_term_tells_its_use_its_rules_and_its_kin(site: Site, store: Store) -> None:
    page = opened(site, "/en/ns/hasParty/")
    (count,) = store.select(f"SELECT (COUNT(*) AS ?n) {{ ?s <{NS}hasParty> ?o }}").rows
    assert f"Used {int(str(count[0])):,} times" in page.text
    assert "Rules that the data must follow" in page.text and "Two parties or more" in page.text
    assert "{" not in page.text.replace("{{", "")
    targets = [t for _, t, _ in page.links if t.startswith("../../sparql?query=")]
    assert len(targets) > 1 and all("hasParty" in target for target in targets)
    collectivity = opened(site, "/en/ns/Collectivity/")
    assert "/en/ns/Place/" in {collectivity.to(t) for _, t, _ in collectivity.links}
    assert "local authority" in opened(site, "/en/ns/Place/").text
    assert any("schema.org/Place" in t for _, t, _ in opened(site, "/en/ns/Place/").links)


def test_a_retired_term_says_what_to_use(store: Store) -> None:
    dataset = sample_dataset()
    graph = dataset.graph(thing("graph", "ontology"))
    graph.parse(
        data=f"""@prefix mlg: <{NS}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        mlg:Old a owl:Class ; rdfs:isDefinedBy mlg: ; rdfs:label "old"@en ;
          owl:deprecated true ; dcterms:isReplacedBy mlg:New .
        mlg:New a owl:Class ; rdfs:isDefinedBy mlg: ; rdfs:label "new"@en .""",
        format="turtle",
    )
    page = opened(Site(memory_store(dataset), About()), "/en/ns/Old/")
    assert "This term is retired" in page.text
    assert "/en/ns/New/" in {page.to(t) for _, t, _ in page.links}


def test_all_terms_are_listed_with_anchors_for_their_addresses(
    site: Site, vocabulary: Graph
) -> None:
    page = opened(site, "/zh/ns/")
    assert {"Place", "hasParty", "startDate"} <= set(page.ids)
    assert "合作关系" in page.text
    turtle = site.answer("/ns.ttl", None)
    assert turtle.media_type == "text/turtle"
    assert set(Graph().parse(data=turtle.body, format="turtle")) == set(vocabulary)
    for suffix, form in (("jsonld", "json-ld"), ("nt", "nt"), ("rdf", "xml")):
        twin = site.answer(f"/ns.{suffix}", None)
        assert set(Graph().parse(data=twin.body, format=form)) == set(vocabulary)
    assert site.answer("/ns.csv", None).status == 404


def test_the_page_about_the_site_explains_certainties(site: Site) -> None:
    page = opened(site, "/fr/about/")
    for said in ("à confirmer", "affirmé", "« non documenté » n’est pas « inexistant »"):
        assert said in page.text.replace("\u00a0", " ")


# What a strict policy and a far network want


def test_nothing_is_asked_of_another_host() -> None:
    for path in FOLDER.rglob("*"):
        if path.suffix in {".css", ".js"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(
                r"https?://(?!www\.w3\.org/)|url\((?!['\"]?data:)|@import", text
            ), path.name


def test_pages_that_all_share_are_sound(site: Site) -> None:
    for lang in LANGUAGES:
        for path in (
            "/",
            "/doc/",
            "/doc/place/",
            "/doc/link-kind/",
            "/search/",
            "/dataset/",
            "/about/",
            "/ns/",
        ):
            page = opened(site, f"/{lang}{path}")
            assert page.faults == [] and len(page.ids) == len(set(page.ids)), path
            assert not any(
                tag in {"script", "link"}
                and t.startswith("http")
                and told.get("rel") not in {"canonical", "license", "cite-as"}
                for tag, t, told in page.links
            )


def test_styles_and_scripts_are_served(site: Site) -> None:
    for name, kind in (
        ("site.css", "text/css"),
        ("search.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ):
        page = site.answer(f"/static/{name}", None)
        assert page.status == 200 and page.media_type.startswith(kind)
        assert f"/static/{name}" in set(_static(site))
    for bad in (
        "/static/../base.html.j2",
        "/static/base.html.j2",
        "/static/js/search.js",
        "/static/",
    ):
        assert site.answer(bad, None).status in {404, 308}


def _static(site: Site) -> list[str]:
    from maillage.site.routes import ROUTES

    return list(ROUTES["static"].paths(site._opened))


def test_a_static_site_offers_no_endpoint(small: Store) -> None:
    page = opened(Site(small, About(static=True)), "/en/")
    assert not any("sparql" in t for _, t, _ in page.links)
    assert any("sparql" in t for _, t, _ in opened(Site(small, About()), "/en/").links)


def test_what_two_files_say_of_one_key_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    from maillage.site import texts

    (tmp_path / "words").mkdir()
    for name in ("a", "b"):
        text = 'yes = { fr = "oui", en = "yes", zh = "是" }\n'
        (tmp_path / "words" / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="yes"):
        texts.words.__wrapped__()
    assert say("yes", "fr") == "oui"
