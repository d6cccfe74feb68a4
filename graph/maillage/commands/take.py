"""``maillage import``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import cast

import click

from maillage.commands.manners import Verb, language, shared, watch
from maillage.errors import MaillageError
from maillage.folders import given_bytes
from maillage.formats import plain_table
from maillage.gazetteer import gazetteer
from maillage.grids import clean
from maillage.intake.differences import told as told_difference
from maillage.intake.folders import INNER
from maillage.intake.headings import ROLES, SIDES
from maillage.intake.lines import OUTCOMES
from maillage.intake.opening import Prepared, prepare, prepare_statements
from maillage.intake.parties import slug
from maillage.intake.plans import KINDS, Kind, Plan, preset, read_plan, role_named
from maillage.intake.readings import Unreadable, read_date
from maillage.intake.reports import told
from maillage.intake.taking import Taken, take
from maillage.words import Language, say

# How many lines of a report are shown; all of them stand in the report's file.
_SHOWN = 12
# How much of a cell is shown to confirm a column.
_CELL = 40


@click.command("import", cls=Verb)
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("file", metavar="FILE")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--column", "columns", multiple=True, metavar="ROLE=HEADING")
@click.option("--default", "defaults", multiple=True, metavar="ROLE=TEXT")
@click.option("--mapping", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option("--sheet", "sheets", multiple=True, metavar="NAME")
@click.option("--encoding", default="", metavar="NAME")
@click.option("--unidentified", type=click.Choice(["review", "keep"]))
@click.option("--title", metavar="TEXT")
@click.option("--address", metavar="URL")
@click.option("--licence", metavar="URL")
@click.option("--issued", metavar="DATE")
@click.option("--language", "written_in", type=click.Choice(["fr", "en", "zh"]))
@click.option("--by", metavar="NAME")
@click.option("--yes", "-y", is_flag=True)
@click.option("--force", is_flag=True)
@shared
@click.pass_context
def import_(
    ctx: click.Context,
    kind: str,
    file: str,
    out: Path | None,
    columns: tuple[str, ...],
    defaults: tuple[str, ...],
    mapping: Path | None,
    sheets: tuple[str, ...],
    encoding: str,
    unidentified: str | None,
    title: str | None,
    address: str | None,
    licence: str | None,
    issued: str | None,
    written_in: str | None,
    by: str | None,
    yes: bool,
    force: bool,
    lang: Language,
) -> None:
    """Take in other people's data as claims with a source, in a folder of their own."""
    path = Path(file)
    raw = given_bytes(path)
    folder = out or Path("imports") / slug(path.stem)
    kept = folder / INNER / "mapping.toml"
    known = mapping or (kept if kept.is_file() else None)
    plan = read_plan(known) if known else preset(cast("Kind", kind))
    if not (mapping and kept.is_file() and mapping.samefile(kept)):
        # another name is another source, unless the person says that it is a new version
        plan = replace(plan, source={k: v for k, v in plan.source.items() if k != "key"})
    given = {"title": clean(title or ""), "language": written_in, "by": clean(by or "")}
    source = {**given, **_checked(address, licence, issued)}
    plan = _with(plan, source, _pairs(defaults), unidentified)
    if plan.kind == "rdf":
        prepared = prepare_statements(raw, path, plan, lang)
    else:
        prepared = prepare(raw, path, plan, _pairs(columns), encoding, sheets)
    # statements name what they say; the headings of a table are read, and may be read wrongly
    if plan.kind != "rdf" and (not known or prepared.plan.columns != plan.columns):
        _confirm(ctx, prepared, yes)
    taken = _take(ctx, prepared, folder, force)
    _tell(taken, prepared, lang)
    if any(finding.severity == "violation" for finding in taken.findings):
        ctx.exit(1)


def _checked(address: str | None, licence: str | None, issued: str | None) -> dict[str, str | None]:
    """What was typed of the source, as far as it is what it should be."""
    for option, text in (("--address", address), ("--licence", licence)):
        if text and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", text):
            raise MaillageError("no-web-address", option=option, text=text)
    if issued:
        try:
            issued = read_date(issued)
        except Unreadable as error:
            raise MaillageError("no-issue-date", text=issued) from error
    return {"address": address, "licence": licence, "issued": issued}


def _with(
    plan: Plan, source: dict[str, str | None], defaults: dict[str, str], unidentified: str | None
) -> Plan:
    """The plan with what was typed, which goes before what was kept."""
    return replace(
        plan,
        source={**plan.source, **{k: v for k, v in source.items() if v}},
        defaults={**plan.defaults, **defaults},
        unidentified=unidentified or plan.unidentified,  # type: ignore[arg-type]  # one of click's choices
    )


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        role = role_named(name.strip())
        if not sign or not role:
            raise MaillageError("bad-role", text=text, known=", ".join(ROLES))
        found[role] = value.strip()
    return found


def _confirm(ctx: click.Context, prepared: Prepared, yes: bool) -> None:
    """Show what the columns are taken for, and ask; a script says ``--yes``."""
    lang = language(ctx)
    heads = [say(f"import.shown.{name}", lang) for name in ("heading", "role", "example")]
    rows = [[c.heading, _role(c.role, lang), c.example[:_CELL]] for c in prepared.columns]
    given = [
        [say("import.every-row", lang), _role(role, lang), text]
        for role, text in prepared.plan.defaults.items()
    ]
    click.echo(plain_table(heads, [*rows, *given]), err=True, nl=False)
    if yes:
        return
    if not sys.stdin.isatty():
        raise MaillageError("say-yes")
    if not click.confirm(say("import.confirm", lang), default=True, err=True):
        click.echo(say("import.not-confirmed", lang), err=True)
        ctx.exit(2)


def _role(text: str, lang: Language) -> str:
    """A role as people call it, the country that a heading tells, and the word to type."""
    role, _, country = text.partition(" ")
    side, _, part = role.rpartition("_")
    known = side if side in SIDES and part not in {"2", "3"} else ""
    words = [say(f"import.role.{known}", lang)] if known else []
    words.append(say(f"import.role.{(part if known else role) or 'none'}", lang))
    if country in gazetteer():
        words.append(gazetteer()[country].label(lang))
    return " · ".join(words) + (f" ({role})" if role else "")


def _take(ctx: click.Context, prepared: Prepared, folder: Path, force: bool) -> Taken:
    """Take it in, with a bar for each long step."""
    lang = language(ctx)
    with ExitStack() as stack:
        bars: dict[str, Callable[[int], None]] = {}

        def step(name: str, done: int, of: int) -> None:
            if name not in bars:
                stack.pop_all().close()  # one bar at a time
                bars[name] = stack.enter_context(watch(ctx, f"import-{name}", of))
            bars[name](done)

        return take(prepared, folder, lang, step, gazetteer(), force=force)


def _tell(taken: Taken, prepared: Prepared, lang: Language) -> None:
    """What was done, in a few lines; the rest stands in the report."""
    claims = taken.claims
    for note in [n for n in claims.notes if n.outcome == "refused"][:_SHOWN]:
        click.echo(told(note, lang), err=True)
    for finding in taken.findings[:_SHOWN]:
        where = f"{finding.position}: " if finding.position else ""
        click.echo(f"{where}{finding.sentence(lang)} {finding.remedy(lang)}", err=True)
    counts = {outcome: claims.count(outcome) for outcome in OUTCOMES}
    click.echo(say("import.summary", lang, **counts))
    made = {"links": len(claims.rows["links"]), "unidentified": len(claims.rows["places"])}
    click.echo(say("import.made", lang, names=taken.waiting, **made))
    if not taken.changed:
        click.echo(say("import.same", lang, path=taken.folder))
    elif not taken.first:
        click.echo(say("import.differences", lang, n=len(taken.differences)))
        for difference in taken.differences[:_SHOWN]:
            click.echo(f"  {told_difference(difference, gazetteer(), lang)}")
    if taken.alike:
        path = taken.folder / INNER / "near.csv"
        click.echo(say("import.near", lang, n=len(taken.alike), path=path))
    click.echo(say("import.report", lang, path=taken.folder / INNER / "report.csv"))
    if taken.waiting:
        click.echo(say("import.decide", lang, path=taken.folder / "identifications.csv"))
    click.echo(say("import.next", lang, path=taken.folder))
