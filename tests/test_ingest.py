"""From rows to triples, and what follows from them."""

from difflib import get_close_matches

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Literal, URIRef
from rdflib.namespace import DCTERMS

from maillage.derive import DERIVED
from maillage.errors import BadTables, MaillageError
from maillage.gather import gather, ontology_store
from maillage.ingest import ingest
from maillage.mint import graph_iri, thing
from maillage.native import native
from maillage.spelling import nearest
from maillage.tables import read_folder
from maillage.terms import MLG, PREFIXES
from small import CLAIM, SOURCES, link, write

BORDEAUX, WUHAN = thing("place", "fr-commune-33063"), thing("place", "cn-420100")
LINK = thing("link", "twinning--cn-420100--fr-commune-33063")
EDTF = URIRef(PREFIXES["edtf"] + "EDTF")
P190 = URIRef(PREFIXES["wdt"] + "P190")


def made(tmp_path, *links, **tables):
    return gather(write(tmp_path, links=links, **tables)).dataset


def date(text):
    return Literal(text, datatype=EDTF)


def test_two_sources_that_speak_of_one_link_meet_on_its_address(tmp_path):
    reversed_parties = "place/fr-commune-33063;place/cn-420100"
    dataset = made(tmp_path, link("one"), link("two", parties=reversed_parties))
    assert list(dataset.subjects(RDF.type, MLG.CooperationLink, unique=True)) == [LINK]
    sources = {dataset.value(e, DCTERMS.source) for e in dataset.objects(LINK, MLG.hasEvidence)}
    assert sources == {thing("source", "one"), thing("source", "two")}


def test_a_graph_of_a_source_holds_what_it_asserts_and_nothing_else(tmp_path):
    inferred = link(
        "one", start="1998", certainty="inferred", reason_en="Why", lines="3", chars="5-9"
    )
    dataset = made(tmp_path, link("one"), inferred)
    asserted = dataset.graph(graph_iri("source--one"))
    assert (LINK, MLG.startDate, None) not in asserted
    assert not set(asserted.predicates()) & {MLG.hasEvidence, DCTERMS.source, SKOS.prefLabel}
    assert (LINK, MLG.startDate, date("1998")) in dataset.graph(graph_iri("inferred--one"))
    evidence = dataset.graph(graph_iri("evidence--one"))
    assert len(set(evidence.objects(LINK, MLG.hasEvidence))) == 2


def test_evidence_says_where_and_for_what(tmp_path):
    row = link("one", start="1998", lines="47-51", chars="2210-2450", page="2", section="Suite")
    dataset = made(tmp_path, row)
    (evidence,) = dataset.objects(LINK, MLG.hasEvidence)
    oa = PREFIXES["oa"]
    characters, lines = URIRef(f"{evidence}#characters"), URIRef(f"{evidence}#lines")
    assert dataset.value(characters, URIRef(oa + "start")) == Literal(2210)
    assert dataset.value(characters, URIRef(oa + "end")) == Literal(2450)
    assert dataset.value(lines, RDF.value) == Literal("line=46,51")
    assert MLG.startDate in set(dataset.objects(evidence, MLG.bearsOn))
    assert MLG.hasTheme not in set(dataset.objects(evidence, MLG.bearsOn))


def test_the_address_of_evidence_does_not_depend_on_the_order_of_rows(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir()
    two.mkdir()
    rows = link("one"), link("two", start="1998")
    assert set(made(one, *rows).quads()) == set(made(two, *reversed(rows)).quads())


def test_a_reference_to_nothing_is_told_with_what_was_near(tmp_path):
    with pytest.raises(BadTables) as caught:
        made(tmp_path, link("one", parties="place/cn-420010;place/fr-commune-33063"))
    (fault,) = caught.value.faults
    assert (fault.column, fault.rule, fault.position.line) == ("parties", "unknown-reference", 2)
    assert "cn-420100" in fault.text("en")


def test_an_end_before_its_start_is_told_at_the_end(tmp_path):
    with pytest.raises(BadTables) as caught:
        made(tmp_path, link("one", start="2010", end="2009-12"))
    (fault,) = caught.value.faults
    assert (fault.column, fault.rule) == ("end", "end-before-start")


@pytest.mark.parametrize(
    ("cells", "rule"),
    [({"lines": "3"}, "half-a-place"), ({"lines": "3", "chars": "9-5"}, "reversed-span")],
)
def test_a_place_in_a_document_is_whole_and_forward(tmp_path, cells, rule):
    with pytest.raises(BadTables) as caught:
        made(tmp_path, link("one", **cells))
    assert [fault.rule for fault in caught.value.faults] == [rule]


def test_nothing_is_a_blank_node(shipped):
    assert all(isinstance(s, URIRef) for s in shipped.dataset.subjects())
    assert all(isinstance(o, URIRef | Literal) for o in shipped.dataset.objects())


# ---- what follows ---------------------------------------------------------------------------


def disagreement(dataset):
    (node,) = dataset.subjects(RDF.type, MLG.Disagreement)
    preferred = dataset.value(node, MLG.prefers)
    value = dataset.value(preferred, MLG.stanceValue) if preferred else None
    stances = {dataset.value(s, MLG.stanceValue) for s in dataset.objects(node, MLG.hasStance)}
    reason = next(t for t in dataset.objects(node, MLG.consensusReason) if t.language == "en")
    return stances, value, str(reason)


def test_contradicting_years_are_kept_and_no_one_wins_a_tie(tmp_path):
    dataset = made(tmp_path, link("one", start="1998"), link("two", start="2000"))
    assert disagreement(dataset) == (
        {date("1998"), date("2000")},
        None,
        "No value wins: the same certainty and as many sources each.",
    )
    assert (LINK, MLG.startDate, None) not in dataset.graph(graph_iri("consensus"))
    assert set(dataset.objects(LINK, MLG.startDate)) == {date("1998"), date("2000")}


def test_the_surer_value_wins(tmp_path):
    unsure = link("two", start="2000", certainty="disputed", reason_en="Why")
    dataset = made(tmp_path, link("one", start="1998"), unsure)
    _, value, reason = disagreement(dataset)
    assert value == date("1998")
    assert "surest" in reason


def test_then_the_value_of_more_sources_wins(tmp_path):
    rows = link("one", start="1998"), link("two", start="2000"), link("insee-cog", start="2000")
    _, value, reason = disagreement(made(tmp_path, *rows))
    assert value == date("2000")
    assert "more sources" in reason


def test_a_more_exact_date_is_no_contradiction(tmp_path):
    dataset = made(tmp_path, link("one", start="1998"), link("two", start="1998-06-18"))
    assert not list(dataset.subjects(RDF.type, MLG.Disagreement))
    consensus = dataset.graph(graph_iri("consensus"))
    assert consensus.value(LINK, MLG.startDate) == date("1998-06-18")


def test_wikidata_hears_of_twinnings_only(tmp_path):
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir()
    two.mkdir()
    assert (BORDEAUX, P190, WUHAN) in made(one, link("one"))
    assert (None, P190, None) not in made(two, link("one", kind="cooperation-agreement"))


def test_a_proposal_is_no_partnership(tmp_path):
    dataset = made(tmp_path, link("one", state="proposed"))
    assert (BORDEAUX, MLG.isProposedPartnerOf, WUHAN) in dataset
    assert (BORDEAUX, MLG.isPartnerOf, None) not in dataset
    assert (None, P190, None) not in dataset


def test_parties_of_one_side_are_no_partners_of_each_other(shipped):
    shandong, qingdao = thing("place", "cn-370000"), thing("place", "cn-370200")
    region = thing("place", "fr-region-52")
    proposed = shipped.dataset.graph(graph_iri("shortcuts"))
    assert (region, MLG.isProposedPartnerOf, qingdao) in proposed
    assert (shandong, None, qingdao) not in proposed


def test_an_open_date_has_no_bound_on_that_side(tmp_path):
    bounds = made(tmp_path, link("one", start="1998")).graph(graph_iri("bounds"))
    assert str(bounds.value(LINK, MLG.earliestDay)) == "1998-01-01"
    assert bounds.value(LINK, MLG.latestDay) is None


def test_what_is_derived_says_so(shipped):
    for name in DERIVED:
        assert (graph_iri(name), RDF.type, MLG.DerivedGraph) in shipped.dataset


def test_a_name_that_documents_write_is_a_name_to_find_by(tmp_path):
    row = {"key": "nankin", "written_form": "Vouhan", "language": "fr", "kind": "misspelling", "designates": "place/cn-420100", "source": "one", **CLAIM}  # fmt: skip
    dataset = made(tmp_path, link("one"), mentions=[row])
    assert (WUHAN, SKOS.hiddenLabel, Literal("Vouhan", lang="fr")) in dataset


def test_links_are_called_by_their_parties_france_first(tmp_path):
    dataset = made(tmp_path, link("one"))
    assert Literal("Bordeaux – 武汉市", lang="zh-Hans") not in dataset.objects(LINK, SKOS.prefLabel)
    assert Literal("波尔多 – 武汉市", lang="zh-Hans") in dataset.objects(LINK, SKOS.prefLabel)


def test_what_is_added_later_is_in_the_copy_too_with_what_follows(tmp_path):
    gathered = gather(write(tmp_path, links=[link("one")]))
    lyon, link_more = thing("place", "fr-commune-69123"), thing("link", "friendship--more")
    assert (lyon, None, None) not in gathered.dataset
    said = [(RDF.type, MLG.CooperationLink), (MLG.hasParty, lyon), (MLG.hasParty, WUHAN)]
    where = ox.NamedNode(graph_iri("handed-in"))
    gathered.add(ox.Quad(native(link_more), native(p), native(o), where) for p, o in said)
    assert (lyon, MLG.isPartnerOf, WUHAN) in gathered.dataset
    assert (BORDEAUX, MLG.isPartnerOf, WUHAN) in gathered.dataset


# ---- many rows, many faults -------------------------------------------------------------------


@given(st.text("abc-1", max_size=6), st.lists(st.text("abc-1", max_size=6), unique=True))
def test_the_near_keys_are_those_of_difflib(word, words):
    assert nearest(word, words) == get_close_matches(word, words)


def test_a_finding_points_to_the_first_row_that_says_it(tmp_path):
    rows = link("one"), link("two", start="1998"), link("insee-cog", start="1998", end="2004")
    origins = gather(write(tmp_path, links=rows)).origins
    told = (
        origins.find(LINK, MLG.startDate, date("1998")),
        origins.find(LINK, MLG.endDate, date("2004")),
    )
    assert [(place.line, place.column) for place in told] == [(3, 7), (4, 8)]
    # nobody says so: the first row about the thing
    assert origins.find(LINK, MLG.startDate, date("1999")).line == 2
    assert origins.find(thing("link", "twinning--none"), None, None) is None
    assert LINK in origins and thing("link", "twinning--none") not in origins


def test_a_finding_on_an_evidence_points_to_its_row(tmp_path):
    rows = link("one"), link("two", lines="3", chars="5-9", section="Suite")
    gathered = gather(write(tmp_path, links=rows))
    (evidence,) = gathered.dataset.subjects(DCTERMS.source, thing("source", "two"))
    find = gathered.origins.find
    assert find(evidence, MLG.section, Literal("Suite", lang="fr")).column == 16
    selector = URIRef(f"{evidence}#characters")
    assert find(selector, URIRef(PREFIXES["oa"] + "start"), Literal(5)).column == 14
    assert find(evidence, MLG.page, Literal("7")).line == 3


def test_rows_go_to_a_folder_as_to_memory_and_nothing_when_one_is_bad(tmp_path):
    good, bad = tmp_path / "good", tmp_path / "bad"
    for folder in (good, bad):
        folder.mkdir()
    write(good, links=[link("one", start="1998~", themes="culture")])
    write(bad, links=[link("one"), link("two", themes="cultur")])
    stores = [ontology_store(), ox.Store(str(tmp_path / "store"))]
    stores[1].bulk_extend(stores[0])
    before = len(stores[0])
    for store in stores:
        with pytest.raises(BadTables, match="culture"):
            ingest(read_folder(bad), store)
        assert len(store) == before
        ingest(read_folder(good), store)
    assert set(stores[0]) == set(stores[1]) and len(stores[0]) > before


def test_an_incomplete_address_is_told_with_its_row(tmp_path):
    sources = [{**row, "licence": "foo"} if row["key"] == "one" else row for row in SOURCES]
    with pytest.raises(MaillageError, match=r"sources\.csv:4:1.*“foo” is not a complete address"):
        made(tmp_path, link("one"), sources=sources)
