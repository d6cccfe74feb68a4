"""CONTRIBUTING is followed to the letter: its blocks are added, and what it promises happens."""

import re
import shutil
from pathlib import Path

import pytest
from rdflib import RDF, Literal

import maillage.check
import maillage.folders
import maillage.gather
import maillage.judge
from maillage.ask import answer, terms
from maillage.folders import folder
from maillage.mint import thing
from maillage.questions import read_question
from maillage.resolve import Names
from maillage.store import memory_store
from maillage.tables import read_table
from maillage.terms import MLG

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = {
    path: (language, body)
    for language, path, body in re.findall(r"```(\w+) (\S+)\n(.*?)```", TEXT, re.DOTALL)
}
BORDEAUX, WUHAN = thing("place", "fr-commune-33063"), thing("place", "cn-420100")


def forget_rules():
    for kept in (maillage.judge.our_shapes, maillage.judge.our_reach, maillage.judge.our_text):
        kept.cache_clear()


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A copy of the house in which somebody has done everything that CONTRIBUTING says."""
    house = tmp_path_factory.mktemp("house")
    for name in ("data", "ontology", "queries"):
        shutil.copytree(folder(name), house / name)
    for path, (language, body) in BLOCKS.items():
        target = house / path
        if language == "csv":
            header, *rows = body.splitlines(keepends=True)
            assert header == target.read_text(encoding="utf-8").splitlines(keepends=True)[0], path
            text = "".join(rows)
        else:
            text = f"\n{body}" if language == "turtle" else body
        with target.open("a", encoding="utf-8") as handle:
            handle.write(text)
    with pytest.MonkeyPatch.context() as patch:
        for module in (maillage.folders, maillage.gather):
            patch.setattr(module, "folder", lambda name: house / name)
        forget_rules()
        gathered = maillage.gather.gather()
        report = maillage.check.check(gathered.dataset, gathered.origins)
        forget_rules()
    return house, gathered.dataset, report


def test_every_kind_of_contribution_is_shown():
    assert set(BLOCKS) == {
        "data/sources.csv",
        "data/links.csv",
        "queries/twinnings.rq",
        "ontology/shapes.ttl",
        "ontology/themes.ttl",
    }


def test_the_document_and_the_claim_are_in_the_graph(followed):
    house, dataset, report = followed
    assert read_table(house / "data" / "links.csv").rows[-1].one("source") == "exemple-de-page"
    assert (thing("source", "exemple-de-page"), RDF.type, MLG.SourceDocument) in dataset
    assert (BORDEAUX, MLG.isPartnerOf, WUHAN) in dataset
    assert report.conforms(), report.text("en")
    warned = [f.sentence("en") for f in report.findings if f.severity == "warning"]
    # the record's own: pages that date a link before the birth of the region that they name
    assert all("names Occitanie, which did not exist" in text for text in warned), warned


def test_the_question_is_answered(followed):
    house, dataset, _ = followed
    store = memory_store(dataset)
    question = read_question(house / "queries" / "twinnings.rq")
    rows = answer(store, question, {}).rows
    assert {row[0] for row in rows} >= {BORDEAUX, WUHAN}
    given = terms(question, {"party": "武汉市"}, Names(store), "zh")
    assert {row[0] for row in answer(store, question, given).rows} == {WUHAN}


def test_the_rule_speaks_in_three_languages(followed):
    _, _, report = followed
    found = [f for f in report.findings if f.rule.endswith("TwinningHasStart")]
    assert any("Bordeaux – Wuhan began" in finding.sentence("en") for finding in found)
    assert all("{" not in finding.sentence("zh") for finding in found)
    twinning = str(thing("link", "twinning--cn-420100--fr-commune-33063"))
    assert twinning not in {finding.focus for finding in found}


def test_the_theme_is_in_its_place(followed):
    _, dataset, _ = followed
    names = Names(memory_store(dataset))
    assert names.find("内河运输", ("theme",), "zh") == thing("theme", "river-transport")
    assert Literal("river-transport") in set(dataset.objects(thing("theme", "river-transport")))
