"""What changed between two graphs of a million statements, against ``comm`` and ``diff``.

``python tests/benchmarks/diff.py FOLDER --statements 1000000``: claims of one shape in ten sources;
one statement in a hundred differs, as when a date changes: the date itself, and the evidence whose
address is made from it. The graphs are made in FOLDER. Each side is a process of its own, told to
say which statements came and went, and these are compared first; ours writes an RDF patch. The
peers compare lines and know nothing of things, sources or names, so that the ratio is in their
favour. Prints Markdown; ``--json FILE`` keeps every run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bench import Peer, measured, report, written

from maillage.terms import ID, NS

PLACES = 2_000
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SOURCE = "http://purl.org/dc/terms/source"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


def claim(number: int, year: int) -> list[str]:
    """The fifteen statements of one claim."""
    one, other = number % PLACES, number // PLACES % PLACES
    key, document = f"twinning--cn-{other}--fr-{one}-{number}", number % 10
    link, place = f"<{ID}link/{key}>", f"{ID}place/"
    evidence = f"<{ID}evidence/{sha256(f'{key} {year}'.encode()).hexdigest()[:16]}>"
    said = f"<{ID}graph/source--s{document}> ."
    where = f"<{ID}graph/evidence--s{document}> ."
    return [
        f"{link} <{TYPE}> <{NS}CooperationLink> {said}",
        f"{link} <{NS}hasKind> <{ID}link-kind/twinning> {said}",
        f"{link} <{NS}hasParty> <{place}cn-{other}> {said}",
        f"{link} <{NS}hasParty> <{place}fr-{one}> {said}",
        f'{link} <{NS}startDate> "{year}"^^<{EDTF}> {said}',
        f'{link} <{LABEL}> "{key}"@en <{ID}graph/names> .',
        f"{link} <{NS}hasEvidence> {evidence} {where}",
        f"{evidence} <{TYPE}> <{NS}Evidence> {where}",
        f"{evidence} <{SOURCE}> <{ID}source/s{document}> {where}",
        f"{evidence} <{NS}hasCertainty> <{ID}certainty/stated> {where}",
        f'{evidence} <{NS}recordedDate> "2026-11-22"^^<http://www.w3.org/2001/XMLSchema#date> {where}',
        f"{evidence} <{NS}bearsOn> <{TYPE}> {where}",
        f"{evidence} <{NS}bearsOn> <{NS}hasKind> {where}",
        f"{evidence} <{NS}bearsOn> <{NS}hasParty> {where}",
        f"{evidence} <{NS}bearsOn> <{NS}startDate> {where}",
    ]


def write(path: Path, statements: int, *, later: bool) -> None:
    """A graph; in the later one, ten statements of every 66th claim have changed."""
    claims = range(statements // 15)
    lines = {line for n in claims for line in claim(n, 1950 + n % 70 + (later and n % 66 == 0))}
    path.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")


def patch(text: str) -> Iterator[str]:
    """What came and went by an RDF patch, ``D …`` and ``A …``."""
    return (line for line in text.splitlines() if line.startswith(("A ", "D ")))


def comm(text: str) -> Iterator[str]:
    """By ``comm -3``: what came is indented."""
    return (f"A {line[1:]}" if line[0] == "\t" else f"D {line}" for line in text.splitlines())


def diff(text: str) -> Iterator[str]:
    """By ``diff``: ``< …`` and ``> …``."""
    signs = {"<": "D", ">": "A"}
    return (f"{signs[line[0]]} {line[2:]}" for line in text.splitlines() if line[0] in signs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    one, other = (given.folder / f"{name}-{given.statements}.nq" for name in ("before", "after"))
    write(one, given.statements, later=False)
    write(other, given.statements, later=True)
    files = [str(one), str(other)]
    ours = [sys.executable, "-m", "maillage", "diff", *files, "--format", "patch"]
    peers = [
        Peer("comm", "commands:command", (["comm", "-3", *files], "diff:comm")),
        Peer("diff", "commands:command", (["diff", *files], "diff:diff", 1)),
        Peer("maillage diff", "commands:command", (ours, "diff:patch")),
    ]
    job = "what came and went"
    found = measured(
        peers, {job: job}, runs=given.runs, libraries=("maillage", "pyoxigraph"),
        command=f"python tests/benchmarks/diff.py FOLDER --statements {given.statements}",
    )  # fmt: skip
    print(report(found, f"{given.statements:,} statements, one in a hundred different", "s"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
