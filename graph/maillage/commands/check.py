"""``maillage check``."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import NamedTuple, cast

import click

from maillage.check import SEVERITIES, Report, Severity, concerning
from maillage.commands.manners import (
    Verb,
    language,
    pieces,
    shared,
    steps,
    store_option,
    write_out,
)
from maillage.errors import MaillageError
from maillage.formats import csv_table
from maillage.gather import gather
from maillage.inventory import STORE
from maillage.judge import ENGINES, Engine
from maillage.piecewise import check_by_source, check_gathered
from maillage.reading import RDF_SUFFIXES, read_rdf
from maillage.registers import is_register, look_through
from maillage.release import hold
from maillage.sources import documents_in, verify_spans
from maillage.store import read_folder
from maillage.words import Language, say
from maillage.workroom import workroom

_TABLE_SUFFIX = ".csv"


class _Passages(NamedTuple):
    """What became of the cited passages: in how many documents they were looked up."""

    documents: int
    cited: int
    broken: list[str]

    def told(self, lang: Language) -> bool:
        """Say it; whether each was found where it is cited."""
        for line in self.broken:
            click.echo(say("check.bad-passage", lang, thing=line), err=True)
        if not self.broken:
            values = {"n": self.cited, "documents": self.documents}
            click.echo(say("check.documents", lang, **values), err=True)
        return not self.broken


@click.command(cls=Verb)
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "ttl"]),
    default="table",
    show_default=True,
)
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="violation",
    show_default=True,
)
@click.option(
    "--documents",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
)
@click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True)
@click.option("--source", "sources", multiple=True, metavar="KEY")
@click.option("--output", "-o", metavar="FILE")
@store_option
@shared
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[Path, ...],
    format_: str,
    fail_on: str,
    documents: Path | None,
    engine: Engine,
    sources: tuple[str, ...],
    output: str | None,
    store: str | None,
    lang: Language,
) -> None:
    """Check data against the rules, and say in sentences what to mend."""
    if store is not None:
        if files or documents:
            raise MaillageError("check-tables-or-store")
        report, passages = _check_built(ctx, store, sources, engine), None
    elif sources:
        raise MaillageError("check-source-alone")
    else:
        report, passages = _check(ctx, files, engine, documents)
    gate = cast("Severity", fail_on)
    if format_ == "json":
        data = (report.json(lang) + "\n").encode()
    elif format_ == "csv":
        data = csv_table(report.rows(lang))
    elif format_ == "ttl":
        data = report.graph.serialize(format="turtle").encode()
    else:
        verdict = "check.conforms" if report.conforms(gate) else "check.fails"
        data = f"{report.text(lang)}\n{say(verdict, lang)}\n".encode()
    write_out(data, output)
    is_read = passages is None or passages.told(lang)
    if not is_read or not report.conforms(gate):
        ctx.exit(1)


def _check_built(
    ctx: click.Context, store: str, sources: tuple[str, ...], engine: Engine
) -> Report:
    if "://" in store:
        raise MaillageError("check-far-store", store=store)
    with hold(Path(store)) as held:
        folder = held.folder / STORE
        told = pieces(ctx, "check")
        return check_by_source(read_folder(folder), sources, engine, told, folder=folder)


def _check(
    ctx: click.Context, files: tuple[Path, ...], engine: Engine, documents: Path | None
) -> tuple[Report, _Passages | None]:
    step = steps(ctx, 5)
    files = tuple(chain.from_iterable(map(_within, files)))
    for path in files:
        if not path.is_file():
            raise MaillageError("no-file", path=path)
        if path.suffix.lower() not in {_TABLE_SUFFIX, *RDF_SUFFIXES}:
            known = ", ".join([_TABLE_SUFFIX, *RDF_SUFFIXES])
            raise MaillageError("bad-suffix", path=path, known=known)
    tables = [path for path in files if path.suffix.lower() == _TABLE_SUFFIX]
    for path in filter(is_register, tables):
        rows = look_through(path)
        click.echo(say("check.register", language(ctx), path=path, rows=rows), err=True)
    tables = [path for path in tables if not is_register(path)]
    with workroom() as room:
        gathered = gather(also=tables, step=step, room=room / "gathered")
        only = None
        if files:
            only = set(gathered.origins.written_in({path.resolve() for path in tables}))
            for path in files:
                if path.suffix.lower() != _TABLE_SUFFIX:
                    only |= read_rdf(path, gathered)
        step("check")
        report = check_gathered(gathered, engine, piece=pieces(ctx, "check"))
        passages = None
        if documents:
            found = documents_in(gathered.dataset, documents)
            passages = _Passages(len(found), *verify_spans(gathered.dataset, found))
    return report if only is None else concerning(report, only), passages


def _within(path: Path) -> list[Path]:
    """The tables of a folder, or the file itself."""
    if not path.is_dir():
        return [path]
    tables = sorted(path.glob(f"*{_TABLE_SUFFIX}"))
    if not tables:
        raise MaillageError("no-tables", path=path)
    return tables
