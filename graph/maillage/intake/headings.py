"""What the columns of somebody's table are for, by their headings; people confirm or correct it.

The words stand in ``headings.toml``, in French, English and Chinese. A heading may take two lines
(*Partenaire chinois*, and below it *Ville* and *Province*); titles and blank lines above it are no
matter: the heading is the line that holds most words that we know.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from maillage.grids import Grid, Sheet
from maillage.spelling import key

__all__ = ["LISTED", "ROLES", "SIDES", "Use", "has_sides", "headed", "recognised", "role_of"]

#: Those who take part: the one whose table it is, and its partners.
SIDES: Final = ("party", "partner", "partner_2", "partner_3")
#: Roles that several columns may have.
LISTED: Final = frozenset({"themes"})

# Joins the two lines of a heading.
_OVER: Final = " · "
# Titles and remarks above the heading are few.
_HEAD: Final = 25


class Use(NamedTuple):
    """What a heading says: the role of the column, and the country that it tells, if any."""

    role: str
    country: str = ""


@cache
def _words() -> Mapping[str, Mapping[str, Use]]:
    """Headings by their key: of columns (under ``""``), and of the second line of a heading."""
    text = files("maillage.intake").joinpath("headings.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Use]] = {"": {}, _OVER: {}}
    for role, countries in tomllib.loads(text).items():
        for country, listed in countries.items():
            use = Use(role.removeprefix("· "), "" if country == "any" else country)
            where = found[_OVER] if role.startswith("·") else found[""]
            for heading in listed.split("|"):
                where.setdefault(key(heading), use)
            where.setdefault(key(use.role), use)
    return found


@cache
def _roles() -> tuple[str, ...]:
    return tuple(dict.fromkeys(use.role for use in _words()[""].values()))


#: Every role that a column may have.
ROLES: Final = _roles()


def role_of(heading: str) -> Use | None:
    """What a heading says that its column is for.

    >>> role_of("Ville chinoise"), role_of("Année de début du partenariat")
    (Use(role='party', country='cn'), Use(role='start', country=''))
    >>> role_of("Partenaire chinois · Province")
    Use(role='party_parent', country='cn')
    >>> role_of("Observations") is None
    True
    """
    over, _, under = heading.rpartition(_OVER)
    if over:
        side, part = role_of(over), _words()[_OVER].get(key(under))
        if side and side.role in SIDES and part:
            role = side.role if part.role == "name" else f"{side.role}_{part.role}"
            return Use(role, side.country)
        # a second line that says the same, or a title over all: either line may say it
        alone = role_of(under)
        return alone if alone and not (side and side.role in SIDES) else None
    known = _words()[""]
    bare = re.sub(r"\([^)]*\)|（[^）]*）|\b20\d\d\b", "", heading)
    return known.get(key(heading)) or known.get(key(bare))


def recognised(headings: Sequence[str]) -> dict[str, Use]:
    """What the columns of a table are for, as far as their headings say.

    The first of two alike has the role; where sides are told by their country, the French one is
    the party, and the other its partner.

    >>> recognised(["Ville chinoise", "Ville française"])["Ville chinoise"]
    Use(role='partner', country='cn')
    """
    uses = {heading: role_of(heading) for heading in headings if heading}
    sides = _sides_by_country([use for use in uses.values() if use])
    found: dict[str, Use] = {}
    for heading, use in uses.items():
        home = _at_home(use, sides) if use else _NONE
        taken = {known.role for known in found.values()} - LISTED
        found[heading] = _NONE if home.role in taken else home
    return found


_NONE: Final = Use("")


def _at_home(use: Use, sides: Mapping[str, str]) -> Use:
    """A column of a country's side, with the side that this country is in the table."""
    side, _, part = use.role.partition("_")
    if side != "party" or not use.country:
        return use
    home = sides.get(use.country, side)
    # only the name tells where the place is; a province beside it has no country to say
    return Use(f"{home}_{part}") if part else Use(home, use.country)


def _sides_by_country(uses: Sequence[Use]) -> dict[str, str]:
    """Which side the columns of a country are: the party's, or its partner's."""
    told = list(dict.fromkeys(u.country for u in uses if u.country and u.role == "party"))
    # a partner of no country is the other side of the one country that is told
    if any(use.role == "party" and not use.country for use in uses):
        return dict.fromkeys(told, "partner")
    if "fr" in told:  # the readers' own side stands first
        told.sort(key=lambda country: country != "fr")
    return {country: ("party", "partner")[min(n, 1)] for n, country in enumerate(told)}


def has_sides(roles: Sequence[str]) -> bool:
    """Whether these roles tell two sides, each by a name or a code."""
    return {"party", "partner"} <= {role.removesuffix("_code") for role in roles}


def headed(grid: Grid, known: Mapping[str, Use], given: Sequence[str] = ()) -> Sheet | None:
    """Find the heading of a table, and the rows below it.

    :param known: what people said that columns are for.
    :param given: roles that are told beside the table.
    :returns: nothing when no line is a heading that tells two sides.
    """
    best: tuple[int, int, tuple[str, ...]] | None = None
    lines = grid.lines
    for at in range(min(_HEAD, len(lines))):
        single = _names(lines[at][1])
        forms = [(at, single)]
        if at + 1 < len(lines):
            forms.append((at + 1, _names(_joined(lines[at][1], lines[at + 1][1]))))
        for last, headings in forms:
            uses = {**recognised(headings), **{h: known[h] for h in headings if h in known}}
            roles = [use.role for use in uses.values()]
            if has_sides([*roles, *given]):
                score = sum(map(bool, roles))
                if best is None or score > best[0]:
                    best = (score, last, headings)
    if best is None:
        return None
    _, last, headings = best
    width = len(headings)
    return Sheet(
        grid.name,
        headings,
        [(n, (*cells, *[""] * (width - len(cells)))) for n, cells in lines[last + 1 :]],
    )


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """The headings of two lines; where one is blank, or both say the same, one stands alone."""
    pairs = zip(
        [*above, *[""] * (len(below) - len(above))],
        [*below, *[""] * (len(above) - len(below))],
        strict=True,
    )
    return [
        over + _OVER + under if over and under and over != under else over or under
        for over, under in pairs
    ]


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """The headings of a line, each unlike the others; a blank one stays blank."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        seen[cell] = seen.get(cell, 0) + 1
        names.append(f"{cell} ({seen[cell]})" if cell and seen[cell] > 1 else cell)
    return tuple(names)
