"""Official codes, and where the register that gives them can be looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from maillage.site.rows import full

__all__ = ["register"]

# Insee's names of the levels, in the addresses of its comparison of territories.
_INSEE: Final = {
    "commune": "COM",
    "municipal-arrondissement": "COM",
    "departement": "DEP",
    "region": "REG",
    "epci": "EPCI",
}


def _insee(code: str, level: str) -> str:
    area = _INSEE.get(level)
    return f"https://www.insee.fr/fr/statistiques/1405599?geo={area}-{code}" if area else ""


_REGISTERS: Final[Mapping[str, Callable[[str, str], str]]] = {
    full("mlg:inseeCode"): _insee,
    full("mlg:sirenNumber"): lambda code, _: (
        f"https://annuaire-entreprises.data.gouv.fr/entreprise/{code}"
    ),
    full("mlg:isoCode"): lambda code, _: (
        f"https://www.iso.org/obp/ui/#iso:code:3166:{code.upper()}"
    ),
    # the ministry of civil affairs has one page for all codes
    full("mlg:gbCode"): lambda _, __: "https://www.mca.gov.cn/mzsj/xzqh/",
}


def register(prop: str, code: str, level: str) -> str:
    """Where a code can be looked up in its official register; empty when nowhere that we know.

    :param level: the level of the place (``commune``), on which the address may depend.

    >>> register("https://w3id.org/maillage/ns#inseeCode", "34172", "commune")
    'https://www.insee.fr/fr/statistiques/1405599?geo=COM-34172'
    """
    if prop not in _REGISTERS or not code.isalnum():
        return ""
    return _REGISTERS[prop](code, level)
