"""A release is whole, verified, the same twice, and refuses to mix with anything."""

from __future__ import annotations

from hashlib import sha256

import pytest
from rdflib import Dataset, Graph, Literal
from rdflib.namespace import DCAT

from maillage import publish as module
from maillage.describe import SPDX
from maillage.dumps import FORMATS, dump
from maillage.errors import MaillageError
from maillage.mint import graph_iri
from maillage.publish import SUMS, publish
from maillage.published import around
from maillage.published.history import history
from maillage.sheets import SHEETS
from maillage.store import memory_store
from maillage.terms import MLG
from sample_dataset import WUHAN, sample_dataset

NETWORK = around(memory_store(sample_dataset()))
NETWORKS = {"maillage.graphml", "maillage.gexf", "network.html"}
MAPS = {"maillage-places.geojson", "maillage-links.geojson"}
CITED = {"CITATION.cff", "citation.bib", "citation.csl.json", "ro-crate-metadata.json"}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    publish(sample_dataset(), folder, NETWORK, {})
    return folder


def test_every_file_is_there(out):
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    tables = {f"tables/{sheet.name}{end}" for sheet in SHEETS for end in (".csv", ".bom.csv")}
    tables |= {"tables/maillage.xlsx", "tables/csv-metadata.json"}
    descriptions = {"void.ttl", "dcat.ttl", "questions.ttl", "README.txt", "LICENSE.txt", SUMS}
    dumps = {f"maillage.{suffix}" for suffix in FORMATS}
    assert names == tables | descriptions | dumps | NETWORKS | MAPS | CITED


def test_the_paths_are_returned_and_the_network_may_be_absent(tmp_path):
    paths = publish(sample_dataset(), tmp_path, None, {})
    assert paths == sorted(p for p in tmp_path.rglob("*") if p.is_file())
    assert not [path for path in paths if path.name in NETWORKS | MAPS]
    assert b"graphml" not in (tmp_path / "README.txt").read_bytes()


def test_the_sums_are_those_of_the_files(out):
    lines = (out / SUMS).read_text().splitlines()
    sums = dict(reversed(line.split("  ", 1)) for line in lines)
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} - {SUMS}
    assert set(sums) == names
    assert all(sha256((out / n).read_bytes()).hexdigest() == s for n, s in sums.items())


def test_dcat_speaks_of_the_files_as_they_are(out):
    described = Graph().parse(out / "dcat.ttl", format="turtle")
    for form in described.objects(None, DCAT.distribution):
        address = str(described.value(form, DCAT.downloadURL))
        path = out / address.split("/", 6)[6]
        assert str(described.value(form, DCAT.byteSize)) == str(path.stat().st_size)
        digest = described.value(described.value(form, SPDX.checksum), SPDX.checksumValue)
        assert str(digest).lower() == sha256(path.read_bytes()).hexdigest()


def test_twice_the_same_bytes(out, tmp_path):
    again = Dataset(default_union=True)
    for s, p, o, g in sorted(sample_dataset().quads(), reverse=True):
        again.graph(g).add((s, p, o))
    publish(again, tmp_path, NETWORK, {})
    for path in out.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(out)).read_bytes(), path.name


def test_readme_and_licence_speak_three_languages(out):
    for name, words in {
        "README.txt": ("Adresse à citer", "Address to cite", "引用地址"),
        "LICENSE.txt": ("Article de presse", "Press article", "新闻报道"),
    }.items():
        text = (out / name).read_text(encoding="utf-8")
        assert all(word in text for word in words)
        assert text.endswith("\n")


def test_only_an_empty_folder_will_do(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(MaillageError, match="not an empty folder"):
            publish(sample_dataset(), folder, None, {})
    assert (tmp_path / "mine.txt").read_text() == "keep"


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_dump_that_says_something_else_stops_the_release(tmp_path, monkeypatch, suffix):
    def forgetful(whole):
        other = sample_dataset()
        other.graph(graph_iri("source--press")).add((WUHAN, MLG.inseeCode, Literal("1")))
        made = honest(whole)
        more = tmp_path / "more.nq"
        more.write_bytes(module.nquads(other))
        dump(more, suffix, made[suffix])
        return made

    honest = module.dumps
    monkeypatch.setattr(module, "dumps", forgetful)
    (tmp_path / "out").mkdir()
    with pytest.raises(MaillageError, match=rf"maillage\.{suffix}.*1 are too many"):
        publish(sample_dataset(), tmp_path / "out", None, {})


def test_what_changed_is_told_to_people_when_the_release_before_is_known(out, tmp_path):
    later = sample_dataset()
    later.graph(graph_iri("source--press")).add((WUHAN, MLG.inseeCode, Literal("1")))
    before = history(str(out), module.nquads(later))
    publish(later, tmp_path, None, {}, before=before)
    text = (tmp_path / "CHANGES.txt").read_text(encoding="utf-8")
    assert text.count("Wuhan") >= 2
    assert "武汉市" in text
    assert not (out / "CHANGES.txt").exists()


def test_the_shipped_graph_can_be_published(shipped, tmp_path):
    assert len(publish(shipped.dataset, tmp_path)) == 2 * len(SHEETS) + 14 + len(CITED)
