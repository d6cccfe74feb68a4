"""Addresses of things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.mint import KEY, fingerprint, graph_iri, join, link_key, parse, thing

PART = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True)


@given(st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True), PART)
def test_a_minted_address_parses_back(kind, key):
    assert parse(thing(kind, key)) == (kind, key)


@given(PART, st.lists(PART, min_size=2, max_size=4, unique=True), st.one_of(st.just(""), PART))
def test_a_link_has_one_key_in_whatever_order_its_parties_are_named(kind, parties, occasion):
    key = link_key(kind, parties, occasion)
    assert key == link_key(kind, reversed(parties), occasion)
    assert KEY.fullmatch(key)
    parts = key.split("--")
    assert parts[0] == kind
    assert sorted(parts[1 : 1 + len(parties)]) == sorted(parties)


@pytest.mark.parametrize("key", ["", "Bordeaux", "fr_33063", "a--", "-a", "a---b", "a/b", "évry"])
def test_what_is_no_key_is_refused(key):
    with pytest.raises(ValueError, match=r"address"):
        thing("place", key)


@pytest.mark.parametrize("key", ["", "A", "a b"])
def test_what_is_no_key_cannot_be_part_of_one(key):
    with pytest.raises(ValueError, match="part of an address"):
        join("twinning", key)


@given(
    st.lists(st.text(alphabet="ab", max_size=3), min_size=1),
    st.lists(st.text(alphabet="ab", max_size=3), min_size=1),
)
def test_fingerprints_tell_lists_apart(one, other):
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


def test_other_peoples_addresses_are_none_of_ours():
    assert parse("http://www.wikidata.org/entity/Q30002") is None
    assert parse("https://w3id.org/maillage/ns#Place") is None
    assert parse(graph_iri("source--cuf-china-group-page")) == (
        "graph",
        "source--cuf-china-group-page",
    )
