"""Which of several places that bear a name is meant, where that can be told, and why.

A candidate wins when it can be told from every rival by one of these rules; each is named in the
answer, so that nothing is chosen in silence:

``same-territory``  an authority before the mere entry of its territory in ISO 3166-1
``country``         a country before a town or district of its name
``official``        a division with a code before a locality that GeoNames knows beside it
``town``            abroad, a town before the region around it
``wider``           what holds it before a county
``rank``            a province before a prefecture, county or commune elsewhere, a French region
                    before a commune, a prefecture before a county, when the name stands bare; but
                    districts of the four municipalities rank as prefectures
``nearer``          the nearest to a point
``still-there``     what is there today before what has ended, or what came after
``larger``          of two places in two countries, the one with twenty times the people, when the
                    other has fewer than 50,000
"""

from __future__ import annotations

from typing import Final

from maillage.bearers import HOME, Bearers, Candidate, Narrow
from maillage.gazetteer import Place

__all__ = ["MARGIN", "winner"]

#: Candidates whose scores are nearer than this compete.
MARGIN: Final = 0.025

# A province that is also known by a name competes with the county whose name is nearly that.
_ASIDE: Final = 0.08
_DOMINANT: Final = 20
_UNKNOWN_ABROAD: Final = 50_000
# How many namesakes are compared with all the others.
_FIELD: Final = 12
_MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})


def winner(
    candidates: list[Candidate], narrow: Narrow, bearers: Bearers
) -> tuple[Candidate, list[Candidate], list[str]]:
    """The candidate that is meant and the rules that tell it from its rivals.

    :param candidates: what bears the name, best first; at least one.
    :returns: the winner, no rivals and the rules; or the first, its rivals and no rule.
    """
    best = candidates[0]
    rivals = [c for c in candidates[1:] if _competes(c, best, narrow, bearers)]
    field = [best, *rivals]
    for one in field[:_FIELD]:
        told = [_told_apart(one, two, narrow, bearers) for two in field if two != one]
        if all(meant == one.place for _, meant in told):
            return one, [], [rule for rule, _ in told]
    # of those that remain, what another one is told before is no answer either
    beaten = {
        two.place
        for one in field[:_FIELD]
        for two in field[:_FIELD]
        if one != two and _told_apart(one, two, narrow, bearers) in _beats(one)
    }
    left = [c for c in field if c.place not in beaten] or field
    return left[0], left[1:] or rivals, []


def _beats(one: Candidate) -> set[tuple[str, str]]:
    """The rules by which a candidate takes another off the list of what may be meant."""
    return {(rule, one.place) for rule in ("same-territory", "official", "wider", "rank")}


def _competes(one: Candidate, best: Candidate, narrow: Narrow, bearers: Bearers) -> bool:
    """Whether a candidate stands in the way of the best one."""
    place, top = bearers.places[one.place], bearers.places[best.place]
    if one.score > best.score - MARGIN:
        return True
    if narrow.is_bare and best.reason == "folded" and one.score > best.score - _ASIDE:
        return _outranks(place, top)
    # a far larger place that is also known by this name competes with a small one
    people = int(top.population or 0)
    larger = int(place.population or 0) >= _DOMINANT * people
    return bool(people) and larger and not narrow.point


def _told_apart(
    one: Candidate, two: Candidate, narrow: Narrow, bearers: Bearers
) -> tuple[str, str]:
    """The rule that tells two candidates apart and the key of the one that is meant, if any."""
    places = bearers.places
    a, b = places[one.place], places[two.place]
    if b.key in places.same(a.key) or a.key in places.same(b.key):
        return "same-territory", (a if b.level == "country" else b).key
    for here, other, reason in ((a, b, one.reason), (b, a, two.reason)):
        inside = here.key in places.ancestors(other.key)
        if here.level == "country" != other.level != "region" and reason != "code":
            return "country", here.key
        if other.level == "city" != here.level and here.country == other.country in HOME:
            return "official", here.key
        if inside and here.level == "region" and other.level == "city":
            return "town", other.key
        if inside and other.level == "county":
            return "wider", here.key
        if narrow.is_bare and not inside and _outranks(here, other):
            return "rank", here.key
    if narrow.point:
        near, far = sorted((bearers.distance(p, narrow.point)[0] or 1e9, p.key) for p in (a, b))
        if far[0] < 1e9 and far[0] - near[0] > max(5.0, 2 * near[0]):  # noqa: PLR2004  # kilometres
            return "nearer", near[1]
    for earlier, later in ((a, b), (b, a)):
        end = places.ended.get(earlier.key)
        if end and later.key in end.new:
            return "still-there", later.key
        if places.is_former(earlier.key) and not places.is_former(later.key):
            return "still-there", later.key
    if abs(one.score - two.score) < MARGIN and a.country != b.country:
        (small, _), (large, town) = sorted((int(p.population or 0), p.key) for p in (a, b))
        if 0 < small < _UNKNOWN_ABROAD and large >= _DOMINANT * small:
            return "larger", town
    return "", ""


def _outranks(one: Place, two: Place) -> bool:
    """Whether a bare name means the first rather than the second, which lies elsewhere."""
    if one.country != two.country:
        return False
    if one.level in {"province", "region"}:
        return two.level in {"prefecture", "county", "commune"}
    as_well_known = two.gb2260[:2] in _MUNICIPALITIES and two.label_zh.endswith("区")
    return one.level == "prefecture" and two.level == "county" and not as_well_known
