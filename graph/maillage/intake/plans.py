"""How a file is read: what its columns are for, what stands beside it, and which source it is.

A plan is kept as ``import/mapping.toml`` in the folder of the import, for people to look at and to
change; a new version of the file is read by the same plan.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, cast

from maillage.errors import MaillageError
from maillage.intake.headings import LISTED, ROLES, SIDES, Use, recognised, role_of
from maillage.intake.readings import Order, concept
from maillage.tables import shown_path

__all__ = ["KINDS", "Kind", "Plan", "Unidentified", "preset", "read_plan"]

#: What can be imported as a table.
Kind = Literal["table", "twinnings", "atlas", "rdf"]
KINDS: Final[tuple[Kind, ...]] = ("table", "twinnings", "atlas", "rdf")
#: What becomes of a name that no gazetteer has: it waits, or enters as a place not identified.
Unidentified = Literal["review", "keep"]

# Roles whose cells hold words of our lists, and those lists.
WORDS: Final[Mapping[str, str]] = {"kind": "link-kind", "state": "state", "themes": "theme"}
# What can be said beside a table, for all its rows.
_GIVEN: Final = frozenset(
    {*ROLES, *(f"{side}_{part}" for side in SIDES for part in ("country", "level", "parent"))}
    - {"identifier", "title", "amount"}
)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")

_HEAD: Final = {
    "columns": """\
# Ce que dit chaque colonne (vide : gardée à part ; « partner cn » : en Chine)
# What each column is for (empty: kept beside; "partner cn": in China)
# 每一列的用途（留空则另行保存；“partner cn”：在中国）
# """
    + " ".join(ROLES),
    "defaults": """\
# Ce qui vaut pour toutes les lignes · What holds for every row · 适用于所有行的内容""",
    "values": """\
# Ce que veut dire un mot du fichier : une clé de nos listes, ou rien · What a word of the file
# means: a key of our lists, or nothing · 文件中的词语对应列表中的哪个标识""",
    "options": "# date_order = dmy | mdy, unidentified = review | keep, currency = EUR | CNY | USD",
    "source": "# Le fichier, comme source · The file, as a source · 作为来源的文件",
}


@dataclass(frozen=True)
class Plan:
    """How to read a file.

    :ivar columns: heading to role, with the country where the heading tells it (``partner cn``);
        an empty role is a column that is kept beside.
    :ivar defaults: role to the text that holds for every row.
    :ivar values: ``kind``, ``state``, ``themes``: a word of the file to a key of ours.
    :ivar source: what is known of the file as a source: key, title, publisher, language, address,
        licence, issued, by.
    """

    kind: Kind
    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: Order | Literal[""] = ""
    unidentified: Unidentified = "review"
    currency: str = ""
    source: Mapping[str, str] = field(default_factory=dict)

    def use(self, heading: str) -> Use:
        """What a column is for."""
        role, _, country = self.columns.get(heading, "").partition(" ")
        return Use(role, country)

    def uses(self) -> dict[str, Use]:
        """What all columns are for."""
        return {heading: self.use(heading) for heading in self.columns}

    def seen(self, headings: Sequence[str]) -> Plan:
        """The plan with what the new headings of a sheet say; what people said stays."""
        taken = {self.use(heading).role for heading in headings} - LISTED
        taken |= {role for role in self.defaults if role in SIDES}
        new = [h for h in dict.fromkeys(headings) if h and h not in self.columns]
        told = {
            heading: " ".join(filter(None, use)) if use.role not in taken else ""
            for heading, use in recognised(new).items()
        }
        return replace(self, columns={**self.columns, **told})

    def with_columns(self, roles: Mapping[str, str]) -> Plan:
        """The plan with what a person says of columns: role to heading."""
        columns = {
            heading: "" if self.use(heading).role in {*roles} - LISTED else text
            for heading, text in self.columns.items()
        }
        return replace(self, columns={**columns, **{h: r for r, h in roles.items()}})

    def keyed(self, key: str) -> Plan:
        """The plan with the key of its source, by which a later version of the file is known."""
        return replace(self, source={"key": key, **self.source})

    def read(self, shown: str) -> Plan:
        """The plan with the words that hold for all rows read as keys of our lists.

        :raises MaillageError: when one of them names nothing.
        """
        defaults = dict(self.defaults)
        for role, scheme in WORDS.items():
            words = [part.strip() for part in defaults.get(role, "").split(";") if part.strip()]
            keys = [concept(scheme, word) for word in words]
            if "" in keys:
                values = {"name": role, "value": words[keys.index("")], "known": scheme}
                raise MaillageError("bad-plan-value", path=shown, **values)
            if keys:
                defaults[role] = ";".join(sorted(set(keys)))
        return replace(self, defaults=defaults)

    def text(self) -> str:
        """The plan as TOML, with a word on each part."""
        options = {
            "date_order": self.date_order,
            "unidentified": self.unidentified,
            "currency": self.currency,
        }
        parts = [f"kind = {_quoted(self.kind)}"]
        for name, table in (
            ("columns", self.columns),
            ("defaults", self.defaults),
            ("options", {k: v for k, v in options.items() if v}),
            ("source", self.source),
        ):
            parts += ["", _HEAD[name], f"[{name}]", *_pairs(table)]
        parts += ["", _HEAD["values"]]
        for role in WORDS:
            parts += [f"[values.{role}]", *_pairs(self.values.get(role, {}))]
        return "\n".join(parts) + "\n"


def _pairs(table: Mapping[str, str]) -> list[str]:
    return [f"{_quoted(name)} = {_quoted(value)}" for name, value in table.items()]


def _quoted(text: str) -> str:
    # a basic string of TOML escapes as JSON does, but for DEL
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def preset(kind: Kind) -> Plan:
    """The plan from which an import starts, by its kind."""
    if kind == "twinnings":
        return Plan(kind, defaults={"kind": "twinning"}, unidentified="keep")
    if kind == "atlas":
        return Plan(kind, defaults={"party_country": "fr"}, source={"language": "fr"})
    return Plan(kind)


def read_plan(path: Path) -> Plan:
    """Read a plan that was kept, as people may have changed it.

    :raises MaillageError: when it is no plan, naming what is wrong and what may stand there.
    """
    shown = shown_path(path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MaillageError("no-file", path=shown) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MaillageError("bad-plan", path=shown, reason=error) from error

    def table(name: str) -> dict[str, str]:
        found = raw.get(name, {})
        if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
            raise MaillageError("bad-plan", path=shown, reason=f"[{name}]")
        return cast("dict[str, str]", found)

    options, columns, defaults = table("options"), table("columns"), table("defaults")
    for name, value, known in (
        ("kind", raw.get("kind"), KINDS),
        ("date_order", options.get("date_order", ""), ("", "dmy", "mdy")),
        ("unidentified", options.get("unidentified", "review"), ("review", "keep")),
        *((heading, text.partition(" ")[0], ("", *ROLES)) for heading, text in columns.items()),
        *(("defaults", role, tuple(sorted(_GIVEN))) for role in defaults),
    ):
        if value not in known:
            listed = ", ".join(filter(None, known))
            raise MaillageError("bad-plan-value", path=shown, name=name, value=value, known=listed)
    currency = options.get("currency", "")
    if currency and not _CURRENCY.fullmatch(currency):
        values = {"name": "currency", "value": currency, "known": "EUR, CNY, USD"}
        raise MaillageError("bad-plan-value", path=shown, **values)
    words = raw.get("values", {})
    for role, scheme in WORDS.items():
        for value in words.get(role, {}).values() if isinstance(words, dict) else ():
            if value and concept(scheme, str(value)) != value:
                values = {"name": f"values.{role}", "value": value, "known": f"ask terms {scheme}"}
                raise MaillageError("bad-plan-value", path=shown, **values)
    return Plan(
        cast("Kind", raw["kind"]),
        columns,
        defaults,
        cast("Mapping[str, Mapping[str, str]]", words),
        cast("Order | Literal['']", options.get("date_order", "")),
        cast("Unidentified", options.get("unidentified", "review")),
        currency,
        table("source"),
    )


def role_named(text: str) -> str:
    """The role that a person means: its name, or a heading that says it; empty when none.

    >>> role_named("partner"), role_named("ville jumelée"), role_named("colour")
    ('partner', 'partner', '')
    """
    if text in ROLES:
        return text
    use = role_of(text)
    return use.role if use else ""
