"""What changed between two graphs of a million statements, against ``comm`` and ``diff``.

``python tests/benchmarks/diff.py [STATEMENTS]``: claims of one shape in ten sources; one statement
in a hundred differs, as when a date changes: the date itself, and the evidence whose address is
made from it. Each is a process of its own; told are its seconds of processor, which other work on
the machine changes little, and its highest memory. The peers compare lines and know nothing of
things, sources or names, so that the ratio is in their favour.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from maillage.terms import ID, NS

RUNS = 5
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


def write(path: Path, statements: int, later: bool) -> None:
    """A graph; in the later one, ten statements of every 66th claim have changed."""
    claims = range(statements // 15)
    lines = {line for n in claims for line in claim(n, 1950 + n % 70 + (later and n % 66 == 0))}
    path.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")


def measured(command: list[str], out: Path) -> tuple[float, float]:
    """Median seconds of processor and highest megabytes of some runs."""
    times, memory = [], 0
    for _ in range(RUNS):
        with out.open("wb") as handle:
            process = subprocess.Popen(command, stdout=handle, env={**os.environ, "LC_ALL": "C"})
            # not what wait4 says: it counts this process too, from which the other was forked
            ended = 0
            while not ended:
                memory = max(memory, peak(process.pid))
                time.sleep(0.005)
                ended, process.returncode, used = os.wait4(process.pid, os.WNOHANG)
        times.append(used.ru_utime + used.ru_stime)
    return statistics.median(times), memory / 1024


def peak(pid: int) -> int:
    """The most memory that a process has held so far, in kilobytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in status.splitlines() if row[:6] == "VmHWM:"), 0)


def main() -> None:
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"Python {platform.python_version()}, pyoxigraph {ox.__version__}")
    with TemporaryDirectory() as room:
        one, other, out = (Path(room) / name for name in ("a.nq", "b.nq", "out"))
        write(one, statements, later=False)
        write(other, statements, later=True)
        print(f"{statements} statements, {one.stat().st_size / 1e6:.0f} MB a side")
        files = [str(one), str(other)]
        ours = [sys.executable, "-m", "maillage", "diff", *files]
        for name, command in (
            ("maillage diff", ours),
            ("… --format patch", [*ours, "--format", "patch"]),
            ("comm -3", ["comm", "-3", *files]),
            ("diff", ["diff", *files]),
        ):
            seconds, megabytes = measured(command, out)
            rows = len(out.read_bytes().splitlines())
            print(f"{name:18}{seconds:8.2f} s{megabytes:8.0f} MB{rows:9} lines told")


if __name__ == "__main__":
    main()
