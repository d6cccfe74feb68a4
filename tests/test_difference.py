"""What changed between two graphs: told as a person would, and as a patch that is exact."""

import csv
import io
import json
import shutil
import tracemalloc
from collections import Counter
from uuid import UUID

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Dataset

from maillage.changelog import changelog
from maillage.commands.main import maillage
from maillage.difference import difference
from maillage.dumps import FORMATS, dump, nquads
from maillage.errors import MaillageError
from maillage.folders import folder
from maillage.gather import gather
from maillage.mint import graph_iri, thing
from maillage.patches import patch_id, rdf_patch
from maillage.publish import publish
from maillage.release import release
from maillage.revisions import Claims, revisions
from maillage.sides import Union, side
from maillage.store import dataset_of
from maillage.terms import MLG
from maillage.words import LANGUAGES
from small import CLAIM, PLACES, SOURCES, link, write

ADDED = {"fr": "ajouté", "en": "added", "zh": "新增"}
WITHDRAWN = {"fr": "retiré", "en": "withdrawn", "zh": "撤回"}


def run(*arguments, lang="en"):
    return CliRunner().invoke(maillage, [*map(str, arguments)], env={"MAILLAGE_LANG": lang})


def apply(lines, patch):
    """What RDF Patch says a patch does to a dataset."""
    found = set(lines)
    for row in patch.splitlines():
        code, _, rest = row.partition(b" ")
        if code == b"D":
            found.remove(rest)
        elif code == b"A":
            assert rest not in found
            found.add(rest)
    return sorted(found)


def told(before, after, lang="en"):
    """The sentences of a difference below its summary, without those that count statements."""
    found = difference(before, after)
    text = changelog(found, revisions(found), lang)
    return [line.strip() for line in text.splitlines()[2:] if "statement(s)" not in line]


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """A function that makes the lines of a small record from rows of links and other tables."""
    made = {}

    def lines_of(*links, **tables):
        key = repr((links, tables))
        if key not in made:
            data = write(tmp_path_factory.mktemp("record"), links=links, **tables)
            made[key] = nquads(gather(data=data).dataset).splitlines()
        return made[key]

    return lines_of


# ---- the comparison -----------------------------------------------------------------------------

addresses = st.sampled_from([f"<https://example.org/{name}>" for name in "abcdé/#"])
values = st.one_of(
    addresses,
    st.text(max_size=8).map(lambda text: str(ox.Literal(text))),
    st.sampled_from(
        ['"武汉"@zh-Hans', '"a"@fr', '"a"', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>']
    ),
)
graphs = st.lists(
    st.tuples(addresses, addresses, values, addresses).map(lambda t: f"{' '.join(t)} .".encode()),
    max_size=30,
).map(lambda lines: sorted(set(lines)))


@given(graphs, graphs)
def test_the_patch_of_any_two_graphs_makes_one_of_the_other(before, after):
    there, back = difference(before, after), difference(after, before)
    assert apply(before, rdf_patch(there)) == after
    assert apply(after, rdf_patch(back)) == before
    assert there.withdrawn == back.added and there.added == back.withdrawn
    assert bool(there) == (before != after)


@given(graphs)
def test_a_graph_does_not_differ_from_itself(lines):
    found = difference(lines, lines)
    assert not found
    assert not revisions(found).listed
    assert {row[:2] for row in rdf_patch(found).splitlines()} == {b"H ", b"TX", b"TC"}


@given(graphs, graphs)
def test_another_reader_applies_the_patch_with_the_same_result(before, after):
    dataset = Dataset()
    dataset.parse(data=b"\n".join(before), format="nquads")
    dataset.parse(data=rdf_patch(difference(before, after)), format="patch")
    wanted = Dataset()
    wanted.parse(data=b"\n".join(after), format="nquads")
    assert set(dataset.quads()) == set(wanted.quads())


def test_line_ends_and_generators_make_no_difference():
    lines = [b'<x:a> <x:b> "1" .', b'<x:a> <x:b> "2" .']
    found = difference((line + b"\n" for line in lines), lines[:1])
    assert [line for line, _ in found.withdrawn] == lines[1:]
    assert found.before.statements == 2


def test_a_statement_that_is_only_written_otherwise_is_the_same():
    ours = [b'<x:a> <x:b> "\xc3\xa9"@zh-Hans <x:g> .']
    theirs = [b'<x:a> <x:b> "\\u00E9"@zh-hans <x:g> .']
    assert not difference(ours, theirs)


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ([b"<x:b> <x:p> <x:o> .", b"<x:a> <x:p> <x:o> ."], "diff-unsorted"),
        ([b"<x:a> <x:p> <x:o> ."] * 2, "diff-unsorted"),
        ([b"<x:a> <x:p> oops ."], "diff-line"),
        ([b"<x:a> <x:p> _:b0 ."], "diff-blank-node"),
    ],
)
def test_lines_that_cannot_be_compared_are_refused(lines, key):
    with pytest.raises(MaillageError) as error:
        difference(lines, [])
    assert error.value.key == key
    assert all(error.value.text(lang) for lang in LANGUAGES)


def test_twice_as_much_that_is_equal_takes_no_more_memory():
    def peak(length):
        class Numbered:
            def __init__(self, without):
                self.without = without

            def __iter__(self):
                numbers = (n for n in range(length) if n != self.without)
                return (b"<https://example.org/%06d> <x:p> <x:o> <x:g> ." % n for n in numbers)

        tracemalloc.start()
        found = difference(Numbered(7), Numbered(length // 2))
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(found.added) == len(found.withdrawn) == 1
        return highest

    assert peak(120_000) < 1.1 * peak(60_000)


# ---- the patch ----------------------------------------------------------------------------------


def test_a_patch_has_a_name_of_its_own_and_says_what_it_is_for():
    one, other = [b"<x:a> <x:p> <x:o> ."], [b"<x:b> <x:p> <x:o> ."]
    found = difference(one, other)
    name = UUID(patch_id(found))
    assert (name.version, name.variant) == (8, "specified in RFC 4122")
    assert patch_id(difference(other, one)) != patch_id(found)
    head, rest = rdf_patch(found, previous="urn:uuid:0").split(b"TX .\n")
    assert head.splitlines()[:2] == [f"H id <{name.urn}> .".encode(), b"H prev <urn:uuid:0> ."]
    assert found.before.digest.encode() in head and found.after.digest.encode() in head
    assert rest == b"D <x:a> <x:p> <x:o> .\nA <x:b> <x:p> <x:o> .\nTC .\n"


# ---- what a person is told ----------------------------------------------------------------------


def test_a_changed_cell_is_one_change_and_not_one_claim_less_and_one_more(record):
    before, after = record(link("one", start="2005")), record(link("one", start="2006"))
    found = difference(before, after)
    changes = revisions(found)
    assert changes.claims() == Claims(changed=1)
    assert told(before, after) == [
        *["", "one [one]", "changed: twinning Bordeaux – Wuhan", "start: 2005 → 2006"],
        *["", "What follows from it, and the vocabulary"],
    ]


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("fr", "ajouté : jumelage Bordeaux – Wuhan : début 1982, état actif, thèmes eau"),
        ("en", "added: twinning Bordeaux – Wuhan: start 1982, state active, themes water"),
        ("zh", "新增：友好城市关系 波尔多 – 武汉市：开始 1982，状态 进行中，主题 水资源"),
    ],
)
def test_a_claim_that_came_or_went_is_told_with_what_it_says(record, lang, line):
    before, after = record(), record(link("one", start="1982", themes="water"))
    assert line in told(before, after, lang)
    (gone,) = [row for row in told(after, before, lang) if "1982" in row]
    assert gone.removeprefix(WITHDRAWN[lang]) == line.removeprefix(ADDED[lang])


def test_certainty_place_and_recorder_are_told_with_the_claim(record):
    before = record(link("one", lines="3", chars="5-9", page="1", section="A"))
    after = record(
        link("one", lines="4-6", chars="15-19", page="2", section="B", certainty="disputed")
    )
    text = told(before, after)
    assert "certainty: stated → disputed" in text
    assert "lines: 3 → 4–6" in text
    assert "characters: 5–9 → 15–19" in text
    assert "page: 1 → 2" in text
    assert "section [fr]: A → B" in text
    assert revisions(difference(before, after)).claims() == Claims(changed=1)


def test_only_the_place_on_the_page_changed(record):
    """The evidence keeps its address then, and its thing is found by searching."""
    before, after = record(link("one", section="A")), record(link("one", section="B"))
    assert "changed: twinning Bordeaux – Wuhan" in told(before, after)
    assert "section [fr]: A → B" in told(before, after)
    assert revisions(difference(before, after)).claims() == Claims(changed=1)


def test_what_becomes_inferred_is_said_to_and_nothing_else(record):
    reasons = {f"reason_{lang}": "x" for lang in LANGUAGES}
    before = record(link("one", start="2005"))
    after = record(link("one", start="2005", certainty="inferred", **reasons))
    text = told(before, after)
    assert "certainty: stated → inferred" in text
    assert not [line for line in text if line.startswith("start")]


def test_several_claims_of_one_source_on_one_thing(record):
    """The one that did not change is left alone."""
    kept = link("one", start="2005", section="A")
    before = record(kept, link("one", start="2007", section="B"))
    after = record(kept, link("one", start="2008", section="B"))
    assert revisions(difference(before, after)).claims() == Claims(changed=1)
    assert "start: 2007 → 2008" in told(before, after)
    gone = difference(before, record(kept))
    assert revisions(gone).claims() == Claims(withdrawn=1)
    assert "withdrawn: twinning Bordeaux – Wuhan: start 2007" in told(before, record(kept))


def test_another_passage_for_what_the_source_already_says(record):
    kept = link("one", start="2005", lines="3", chars="5-9")
    before, after = record(kept), record(kept, {**kept, "lines": "4", "chars": "15-19"})
    assert revisions(difference(before, after)).claims() == Claims(added=1)
    (line,) = [line for line in told(before, after) if line.startswith("added")]
    assert "start" in line


def test_values_of_a_list_come_and_go_one_by_one(record):
    before = record(link("one", themes="water;culture"))
    after = record(link("one", themes="water;health"))
    assert "themes: culture → health" in told(before, after)
    assert "themes: culture (withdrawn)" in told(before, record(link("one", themes="water")))
    assert "themes: culture (added)" in told(record(link("one", themes="water")), before)


def test_sources_that_came_and_went_stand_first(record):
    fewer = [row for row in SOURCES if row["key"] != "two"]
    before, after = record(link("one"), sources=fewer), record(link("one"), link("two"))
    assert told(before, after)[:2] == ["", "Source added: two [two], 1 claim(s)"]
    assert told(after, before)[:2] == ["", "Source withdrawn: two [two], 1 claim(s)"]


def test_words_that_changed_are_told_apart_from_claims(record):
    place = {
        "key": "fr-commune-37261",
        "class": "Collectivity",
        "level": "commune",
        "country": "fr",
        "source": "insee-cog",
        **CLAIM,
        "label_fr": "Tours",
        "label_en": "Tours",
        "label_zh": "图尔",
    }
    before = record(places=[*PLACES, place])
    after = record(places=[*PLACES, {**place, "label_zh": "图尔市"}])
    text = told(before, after)
    assert "name [zh-Hans]: 图尔 → 图尔市" in text
    assert text.index("Editorial names and texts") < text.index("name [zh-Hans]: 图尔 → 图尔市")
    assert revisions(difference(before, after)).claims() == Claims()
    # the name of a place that is new is told with the place
    assert "Editorial names and texts" not in told(record(), before)


def test_disagreements_that_appear_and_are_resolved_are_named(record):
    agreed = record(link("one", start="2005"), link("two", start="2005"))
    rivals = record(link("one", start="2005"), link("two", start="2007"))
    named = "on “start” of: twinning Bordeaux – Wuhan"
    assert f"new disagreement {named}" in told(agreed, rivals)
    assert f"disagreement resolved {named}" in told(rivals, agreed)


def test_what_people_decided_comes_from_no_source(record):
    row = {
        "name": "Bordeau",
        "decision": "fr-commune-33063",
        "decided_by": "a",
        "decided_on": "2026-11-22",
    }
    text = told(record(), record(identifications=[row]))
    assert "What people decided, and what comes from no source" in text
    assert [line for line in text if line.startswith("added: ") and "Bordeau" in line]


def test_a_name_cannot_speak_to_the_terminal():
    home = f"<{graph_iri('source--one')}> ."
    start = f'<{thing("link", "x")}> <{MLG.startDate}> "20\\u001B[31m05\u202e" {home}'.encode()
    (line,) = [line for line in told([], [start]) if "start" in line]
    assert line.isprintable()


# ---- real data ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory, shipped):
    """The shipped graph, the same after some rows were edited by hand, and a date that was."""
    data = tmp_path_factory.mktemp("real") / "data"
    data.mkdir()
    for file in folder("data").iterdir():
        if file.is_file():
            shutil.copy(file, data)
    (data / "gazetteer").symlink_to(folder("data") / "gazetteer")

    def edit(name, change):
        with (data / name).open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            header, listed = list(reader.fieldnames), change(list(reader))
        with (data / name).open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, header, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(listed)

    dates = []

    def links(listed):
        claims = Counter((row["parties"], row["source"]) for row in listed)
        dated = [r for r in listed if r["start"] and claims[r["parties"], r["source"]] == 1]
        dates.append(dated[0]["start"])
        dated[0]["start"] = "1801"
        new = {**dated[0], "source": "nouvelle", "start": "1999", "end": ""}
        # one of several documents that speak of a link is silent
        links = Counter((row["kind"], row["parties"]) for row in listed)
        gone = next(r for r in listed if r is not dated[0] and links[r["kind"], r["parties"]] > 1)
        return [*(row for row in listed if row is not gone), new]

    def sources(listed):
        new = {"key": "nouvelle", "title_fr": "Nouvelle", "title_en": "New", "title_zh": "新"}
        return [*listed, {**listed[0], **new}]

    def events(listed):
        next(row for row in listed if row["label_zh"])["label_zh"] = "另一名称"
        return listed

    edit("links.csv", links)
    edit("sources.csv", sources)
    edit("events.csv", events)
    return nquads(shipped.dataset), nquads(gather(data=data).dataset), dates[0]


def test_the_patch_of_two_real_graphs_is_exact(real):
    before, after = (content.splitlines() for content in real[:2])
    assert apply(before, rdf_patch(difference(before, after))) == after
    assert apply(after, rdf_patch(difference(after, before))) == before


@pytest.mark.parametrize(
    ("lang", "source", "start"),
    [
        ("fr", "Source ajoutée : Nouvelle [nouvelle], 1 affirmation(s)", "début : {} → 1801"),
        ("en", "Source added: New [nouvelle], 1 claim(s)", "start: {} → 1801"),
        ("zh", "新增来源：新 [nouvelle]，1 条陈述", "开始：{} → 1801"),
    ],
)
def test_what_changed_in_real_data_is_told(real, lang, source, start):
    before, after = (content.splitlines() for content in real[:2])
    text = told(before, after, lang)
    assert source in text
    assert start.format(real[2]) in text
    assert [line for line in text if line.endswith("→ 另一名称")]
    assert revisions(difference(before, after)).claims() == Claims(1, 1, 1)
    # nobody reads addresses, not even for our own terms
    assert not [line for line in text if "https://w3id.org" in line or "mlg:" in line]


# ---- the command --------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path, record):
    """Two files that differ in one date."""
    made = []
    for name, start in (("a.nq", "2005"), ("b.nq", "2006")):
        path = tmp_path / name
        path.write_bytes(b"\n".join(record(link("one", start=start))) + b"\n")
        made.append(path)
    return made


def test_the_same_twice_is_said_to_be_the_same(two):
    done = run("diff", two[0], two[0], "--exit-code")
    assert (done.exit_code, done.output.split(":")[0]) == (0, "Nothing changed")


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--exit-code",), 1)])
def test_that_graphs_differ_is_an_error_only_when_asked_for(two, options, code):
    assert run("diff", *two, *options).exit_code == code


@pytest.mark.parametrize("format_", ["table", "json", "csv", "patch"])
def test_every_format_has_the_same_bytes_twice(two, tmp_path, format_):
    outputs = [tmp_path / "one", tmp_path / "two"]
    for output in outputs:
        assert run("diff", *two, "--format", format_, "-o", output).exit_code == 0
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert b"2006" in outputs[0].read_bytes()


def test_csv_has_a_row_for_each_property(two):
    (row,) = csv.DictReader(io.StringIO(run("diff", *two, "--format", "csv").output))
    assert list(row) == [
        "source",
        "what",
        "thing",
        "label",
        "property",
        "before",
        "after",
        "language",
    ]
    assert (row["source"], row["what"], row["before"], row["after"]) == (
        "one",
        "changed",
        "2005",
        "2006",
    )
    assert row["property"] == str(MLG.startDate)
    assert row["label"] == "twinning Bordeaux – Wuhan"


def test_json_has_names_beside_addresses(two):
    document = json.loads(run("diff", *two, "--format", "json").output)
    assert document["claims"] == {"added": 0, "withdrawn": 0, "changed": 1}
    (change,) = document["changes"]
    assert change["properties"][0]["before"] == [{"value": "2005"}]
    assert document["after"]["statements"] > 0


def test_a_summary_has_numbers_only(two):
    text = run("diff", *two, "--summary").output
    assert "one [one]: 0 added, 0 withdrawn, 1 changed" in text
    assert "2006" not in text
    (row,) = csv.DictReader(io.StringIO(run("diff", *two, "--summary", "--format", "csv").output))
    assert row == {"source": "one", "title": "one", "added": "0", "withdrawn": "0", "changed": "1"}
    assert "changes" not in json.loads(run("diff", *two, "--summary", "--format", "json").output)


def test_one_source_only(two):
    assert "start: 2005 → 2006" in run("diff", *two, "--source", "one").output
    assert "Nothing changed in: two [two]" in run("diff", *two, "--source", "two").output
    assert run("diff", *two, "--source", "two", "--exit-code").exit_code == 0
    wrong = run("diff", *two, "--source", "onne")
    assert wrong.exit_code == 2 and "one" in wrong.output


@pytest.mark.parametrize("option", [("--summary",), ("--source", "one")])
def test_half_a_patch_is_refused(two, option):
    assert run("diff", *two, "--format", "patch", *option).exit_code == 2


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if FORMATS[suffix].has_graphs])
def test_formats_with_graphs_say_the_same(two, tmp_path, suffix):
    other = tmp_path / f"other.{suffix}"
    dump(two[1], suffix, other)
    assert not run("diff", two[1], other, "--exit-code").exit_code
    patches = [run("diff", two[0], after, "--format", "patch").output for after in (two[1], other)]
    assert patches[0] == patches[1]


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if not FORMATS[suffix].has_graphs])
def test_formats_without_graphs_are_compared_as_far_as_can_be(two, tmp_path, suffix):
    same, other = tmp_path / f"same.{suffix}", tmp_path / f"other.{suffix}"
    dump(two[0], suffix, same)
    dump(two[1], suffix, other)
    done = run("diff", two[0], same)
    assert "Nothing changed" in done.output
    assert "does not say in which graph" in done.output
    done = run("diff", two[0], other)
    assert (
        "one [one]\n  changed: twinning Bordeaux – Wuhan\n      start: 2005 → 2006" in done.output
    )
    assert done.output.count("2005") == 1


def test_a_large_file_that_is_not_sorted_is_sorted_on_disk(two, tmp_path, monkeypatch):
    monkeypatch.setattr("maillage.runs.RUN", 100)
    mixed = tmp_path / "mixed.nq"
    mixed.write_bytes(b"".join(reversed(two[0].read_bytes().splitlines(keepends=True) * 2)))
    with side(str(mixed)) as opened:
        assert b"".join(opened.lines) == two[0].read_bytes()
    assert not run("diff", two[0], mixed, "--exit-code").exit_code


def test_without_graphs_each_statement_stands_once():
    lines = [
        b'<x:a> <x:p> "x <y" <x:g> .\n',
        b'<x:a> <x:p> "x <y" <x:h> .\n',
        b"<x:b> <x:p> <x:o> .\n",
    ]
    assert list(Union(lines)) == [b'<x:a> <x:p> "x <y" .', b"<x:b> <x:p> <x:o> ."]


# ---- folders, and what is no graph --------------------------------------------------------------


@pytest.fixture(scope="module")
def out(tmp_path_factory, record):
    """A build, and the release made of it."""
    path = tmp_path_factory.mktemp("build")
    canonical = b"\n".join(record(link("one"))) + b"\n"
    with release(path / "out") as folder_:
        (folder_ / "maillage.nq").write_bytes(canonical)
    (path / "release").mkdir()
    publish(dataset_of(canonical), path / "release")
    return path


def test_builds_releases_and_their_files_are_all_understood(out):
    here = [
        out / "out",
        out / "out" / "current",
        out / "release",
        out / "release" / "maillage.trig",
    ]
    for other in here:
        done = run("diff", here[0], other, "--exit-code")
        assert (done.exit_code, done.output.split(":")[0]) == (0, "Nothing changed"), done.output


def test_a_file_that_was_cut_is_not_compared(out, tmp_path):
    for name in ("out", "release"):
        copy = tmp_path / name
        shutil.copytree(out / name, copy, symlinks=True)
        file = (copy / "current" if name == "out" else copy) / "maillage.nq"
        whole = file.read_bytes()
        file.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
        for cut in (copy, file):
            done = run("diff", out / name, cut)
            assert done.exit_code == 2
            assert "digest" in done.output


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.nq", b"", "holds no statement"),
        ("empty.ttl", b"", "holds no statement"),
        ("foreign.nq", b"<x:a> <x:p> <x:o> <x:g> .\n", "nothing of Maillage's vocabulary"),
        ("foreign.ttl", b"<x:a> <x:p> <x:o> .\n", "nothing of Maillage's vocabulary"),
        ("table.csv", b"a,b\n", "unknown file ending"),
        ("none.nq", None, "does not exist"),
        ("none.trig", None, "does not exist"),
        ("broken.trig", b"<x:a> {", "cannot be read"),
        ("binary.nq", b"\x00\xff\xfe", "cannot be read"),
        ("folder", "folder", "neither a folder that maillage build made"),
        ("-", None, "cannot be compared"),
    ],
)
def test_what_is_no_graph_is_said_in_a_sentence(two, tmp_path, name, content, words):
    path = name if name == "-" else tmp_path / name
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    for sides in ((two[0], path), (path, two[0])):
        done = run("diff", *sides)
        assert done.exit_code == 2, done.output
        assert words in done.output


def test_a_truncated_file_is_said_to_be_damaged(two):
    two[1].write_bytes(two[1].read_bytes()[:-20])
    done = run("diff", *two)
    assert done.exit_code == 2
    assert "cannot be read" in done.output


def test_the_place_of_the_damage_is_told(two):
    content = two[1].read_bytes()
    two[1].write_bytes(content.replace(b'"2006"^^<', b'"2006^^<', 1))
    done = run("diff", *two)
    number = content[: content.index(b'"2006"')].count(b"\n") + 1
    assert done.exit_code == 2
    assert f"line {number} " in done.output
