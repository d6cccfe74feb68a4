"""Alternatives side by side: the same jobs, in turn, in one run; answers compared before times.

An alternative is a function that prepares and gives back another, which does a job. Each lives in a
process of its own, so that its memory is its own and it can be ended when it takes too long; the
jobs go round, one alternative after the other, so that what the machine does meanwhile falls on
all. The first round only compares answers and warms up. What a report says beside the times: the
machine, how busy it was, the versions, and :func:`machine.calibration`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from machine import calibration, machine, peak, processor, sentence, tree, versions

__all__ = ["Figure", "Peer", "Report", "Told", "measured", "report", "written"]

_SPAWN: Final = multiprocessing.get_context("spawn")

#: Seconds to prepare: to load a graph, to start a server.
PATIENCE: Final = 1_800

#: How many times its limit by the clock a job may take: most of that time it waits.
IDLE: Final = 20


@dataclass(frozen=True)
class Peer:
    """An alternative.

    :ivar start: ``module:function``; called in its process with ``arguments``, it gives back a
        function from a job to an answer, and may have an attribute ``pid`` of a server it started,
        and a function ``ready`` that prepares for a job before the clock runs.
    :ivar limit: seconds of processor for one job, after which it is ended; the report says
        ``> N s``.
    """

    name: str
    start: str
    arguments: tuple[Any, ...] = ()
    limit: float = 60


@dataclass
class Told:
    """An answer as rows, put into words when the clock has stopped."""

    make: Callable[[], Iterable[Sequence[object]]]

    def lines(self) -> list[str]:
        return [" ".join(map(str, row)) for row in self.make()]


@dataclass
class Figure:
    """What one alternative needed for one job: medians of seconds, and how many answers."""

    state: str = "ok"
    wall: float | None = None
    cpu: float | None = None
    rows: int | None = None
    note: str = ""
    runs: list[float] = field(default_factory=list)


@dataclass
class Report:
    """All figures, by job and alternative, with what is needed to read them."""

    command: str
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    calibration: Mapping[str, float]
    peers: Sequence[str]
    prepared: dict[str, float]
    memory: dict[str, int]
    figures: dict[str, dict[str, Figure]]


def _serve(pipe: Any, start: str, arguments: tuple[Any, ...]) -> None:
    """The process of one alternative."""
    module, _, name = start.partition(":")
    prepared = time.perf_counter()
    try:
        do = getattr(import_module(module), name)(*arguments)
    except BaseException as error:  # noqa: BLE001  # told to the parent, whatever it is
        pipe.send(("failed", f"{type(error).__name__}: {error}"[:300]))
        return
    pids = [os.getpid(), *([do.pid] if getattr(do, "pid", None) else [])]
    pipe.send(("ready", time.perf_counter() - prepared))
    while True:
        try:
            job, wanted = pipe.recv()
        except EOFError:
            break
        if job is None:
            break
        try:
            if ready := getattr(do, "ready", None):
                ready(job)
            before, begun = _work(pids), time.perf_counter()
            answer = do(job)
        except Exception as error:  # noqa: BLE001  # a peer that cannot answer is a result
            pipe.send(("failed", f"{type(error).__name__}: {error}"[:300]))
            continue
        wall = time.perf_counter() - begun
        work = _work(pids) - before
        ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        memory = max(sum(map(peak, pids)), ended)
        told = compared(answer) if wanted else None
        pipe.send(("ok", wall, work, memory, told))
    if close := getattr(do, "close", None):
        close()
    os._exit(0)  # some libraries keep threads that never end


def _work(pids: Sequence[int]) -> float:
    """Seconds of processor so far: of this process, its servers, and the commands that it ran."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    commands = ended.ru_utime + ended.ru_stime
    return time.process_time() + commands + sum(map(processor, pids[1:]))


def compared(answer: Any) -> list[str]:
    """An answer as lines in one order, whatever the engine that gave it."""
    rows = getattr(answer, "lines", answer)
    return sorted(rows() if callable(rows) else rows)


class _Runner:
    """The process of one alternative, started again when it was ended."""

    def __init__(self, peer: Peer) -> None:
        self.peer, self.memory, self.prepared, self.note = peer, 0, 0.0, ""
        self._process: Any = None
        self._pipe: Any = None

    def _start(self) -> bool:
        if self._process is not None and self._process.is_alive():
            return True
        self._pipe, far = _SPAWN.Pipe()
        arguments = (far, self.peer.start, self.peer.arguments)
        # not a daemon: it may start servers of its own
        self._process = _SPAWN.Process(target=_serve, args=arguments)
        self._process.start()
        far.close()
        if not self._pipe.poll(PATIENCE):
            self.end()
            self.note = f"not ready within {PATIENCE} s"
            return False
        try:
            state, told = self._pipe.recv()
        except EOFError:
            state, told = "failed", "its process ended"
        if state != "ready":
            self.note = told
            self.end()
            return False
        self.prepared = told
        return True

    def do(self, job: Any, *, wanted: bool) -> tuple[Any, ...]:
        """One job: ``("ok", wall, cpu, answer)``, ``("slow",)`` or ``("failed", why)``."""
        if self.note or not self._start():
            return ("failed", self.note)
        self._pipe.send((job, wanted))
        try:
            if not self._within_limit():
                self.end()
                return ("slow",)
            told = self._pipe.recv()
        except (EOFError, OSError):
            self.end()
            return ("failed", "its process ended")
        if told[0] == "failed":
            return told
        self.memory = max(self.memory, told[3])
        return ("ok", told[1], told[2], told[4])

    def _within_limit(self) -> bool:
        """Wait for the answer as long as its processes have not worked for longer than the limit.

        A busy machine must not end what a quiet one would answer; what only waits is ended, too.
        """
        pid, limit = self._process.pid, self.peer.limit
        begun, before = time.monotonic(), processor(pid)
        while not self._pipe.poll(0.2):
            if processor(pid) - before > limit or time.monotonic() - begun > IDLE * limit:
                return False
        return True

    def end(self) -> None:
        """Let it leave by itself, with the server that it started; end it if it does not."""
        if self._process is None:
            return
        with suppress(OSError):  # it may be gone already
            self._pipe.send((None, False))
        self._process.join(1)
        if self._process.is_alive():
            for pid in reversed(tree(self._process.pid)):
                with suppress(ProcessLookupError):
                    os.kill(pid, 9)
        self._process.join()
        self._process = None


def measured(
    peers: Sequence[Peer],
    jobs: Mapping[str, Any],
    *,
    runs: int = 5,
    enough: float = 10,
    tolerances: Mapping[str, float] | None = None,
    libraries: Sequence[str] = (),
    command: str = "",
) -> Report:
    """Let each alternative do each job, in turn; a run that is interrupted tells what it has.

    :param peers: the first is right by definition: the others must answer as it does.
    :param enough: seconds of processor after which a job is not repeated by an alternative, so that a slow one
        does not take the day; its figure is then of fewer runs (``runs`` tells how many).
    :param tolerances: for jobs whose answers are lines of a name and a number, by how much the
        numbers may differ, all differences together.
    :returns: medians. An answer that differs is ``WRONG``, with the difference, and has no time.
    """
    runners = [_Runner(peer) for peer in peers]
    report = Report(
        command or " ".join(["python", *sys.argv]),
        machine(),
        versions(libraries),
        calibration(),
        [peer.name for peer in peers],
        {},
        {},
        {},
    )
    try:
        for name, job in jobs.items():
            tolerance = (tolerances or {}).get(name)
            report.figures[name] = _one(runners, job, runs, enough, tolerance)
            told = {
                peer: f.cpu if f.state == "ok" else f.note
                for peer, f in report.figures[name].items()
            }
            print(name, told, file=sys.stderr, flush=True)
    except KeyboardInterrupt:  # what was measured until then is told
        print("stopped", file=sys.stderr)
    finally:
        for runner in runners:
            report.prepared[runner.peer.name] = runner.prepared
            report.memory[runner.peer.name] = runner.memory
            runner.end()
    return report


def _one(
    runners: Sequence[_Runner], job: Any, runs: int, enough: float, tolerance: float | None
) -> dict[str, Figure]:
    figures = {runner.peer.name: Figure() for runner in runners}
    work: dict[str, list[float]] = {name: [] for name in figures}
    right: list[str] | None = None
    for number in range(runs + 1):
        for runner in runners:
            figure = figures[runner.peer.name]
            if figure.state != "ok" or sum(work[runner.peer.name]) > enough:
                continue
            told = runner.do(job, wanted=number == 0)
            if told[0] == "slow":
                figure.state, figure.note = "slow", f"> {runner.peer.limit:g} s"
            elif told[0] == "failed":
                figure.state, figure.note = "failed", told[1]
            elif number == 0:
                figure.rows = len(told[3])
                if right is None:
                    right = told[3]
                elif wrong := _difference(right, told[3], tolerance):
                    figure.state, figure.note = "WRONG", wrong
                if told[2] > enough:  # once is enough: this round is its figure
                    figure.runs.append(told[1])
                    work[runner.peer.name].append(told[2])
            else:
                figure.runs.append(told[1])
                work[runner.peer.name].append(told[2])
    for name, figure in figures.items():
        if figure.runs and figure.state == "ok":
            figure.wall = statistics.median(figure.runs)
            figure.cpu = statistics.median(work[name])
    return figures


def _difference(right: list[str], told: list[str], tolerance: float | None) -> str:
    """How an answer differs; nothing when it does not."""
    if told == right:
        return ""
    if tolerance is not None and len(right) == len(told):
        pairs = [
            (one.rpartition(" "), other.rpartition(" "))
            for one, other in zip(right, told, strict=True)
        ]
        if all(one[0] == other[0] for one, other in pairs):
            apart = sum(abs(float(one[2]) - float(other[2])) for one, other in pairs)
            # so that a number that is none counts as different
            return "" if apart <= tolerance else f"numbers differ by {apart:.2g} in all"
    missing, more = set(right) - set(told), set(told) - set(right)
    words = [f"{len(right)} rows, here {len(told)}; {len(missing)} missing, {len(more)} more"]
    words += [f"missing: {row[:160]}" for row in sorted(missing)[:1]]
    words += [f"more: {row[:160]}" for row in sorted(more)[:1]]
    return "; ".join(words)


def report(found: Report, title: str, scale: str = "ms") -> str:
    """Markdown: where and with what it ran, one row a job, one column an alternative.

    The figures are of the processor, for the clock of a busy machine tells how busy it was; the
    last rows give the ratios by both.
    """
    base = found.peers[0]
    lines = [
        f"## {title}",
        "",
        f"`{found.command}`",
        "",
        sentence(found.machine, found.versions, found.calibration),
        "",
        f"| | rows | {' | '.join(found.peers)} |",
        f"|---|--:|{'--:|' * len(found.peers)}",
    ]
    unit = {"ms": 1000, "s": 1}[scale]
    for name, figures in found.figures.items():
        rows = figures[base].rows
        cells = [
            _cell(figures[peer], figures[base], unit, first=peer == base) for peer in found.peers
        ]
        lines.append(f"| {name} | {'' if rows is None else rows} | {' | '.join(cells)} |")
    for measure, word in (("cpu", "processor"), ("wall", "clock")):
        medians = [_median(found, peer, measure) for peer in found.peers]
        lines.append(f"| **median ratio, {word}** | | {' | '.join(medians)} |")
    answered = [
        f"{sum(figures[peer].wall is not None for figures in found.figures.values())} of {len(found.figures)}"
        for peer in found.peers
    ]
    lines.append(f"| **right in time** | | {' | '.join(answered)} |")
    prepared = [f"{found.prepared.get(peer, 0):.1f} s" for peer in found.peers]
    lines.append(f"| **ready after** | | {' | '.join(prepared)} |")
    memory = [f"{found.memory.get(peer, 0) / 1e6:.0f} MB" for peer in found.peers]
    lines.append(f"| **peak memory** | | {' | '.join(memory)} |")
    notes = [
        f"- {name}, {peer}: {figure.state}: {' '.join(figure.note.split())[:240]}"
        for name, figures in found.figures.items()
        for peer, figure in figures.items()
        if figure.state in {"WRONG", "failed"}
    ]
    text = (
        f"Medians of processor time in {scale}, servers included; in brackets the ratio to the first"
        " column. `> N s`: ended there."
    )
    return "\n".join([*lines, "", text, *(["", *notes] if notes else []), ""])


def _cell(figure: Figure, base: Figure, unit: int, *, first: bool) -> str:
    if figure.state == "slow":
        return figure.note
    if figure.cpu is None:
        return figure.state
    text = f"{figure.cpu * unit:.3g}" if figure.cpu * unit < 1000 else f"{figure.cpu * unit:.0f}"
    if first or not base.cpu:
        return text
    ratio = figure.cpu / base.cpu
    return f"{text} ({ratio:.0f})" if ratio >= 10 else f"{text} ({ratio:.2g})"


def ratios(found: Report, peer: str, measure: str = "cpu") -> list[float]:
    """How many times as long as the first alternative one took, job by job, where both did it."""
    first = found.peers[0]
    pairs = (
        (getattr(figures[peer], measure), getattr(figures[first], measure))
        for figures in found.figures.values()
    )
    return [mine / other for mine, other in pairs if mine and other]


def _median(found: Report, peer: str, measure: str) -> str:
    known = ratios(found, peer, measure)
    return f"{statistics.median(known):.2f}" if known else ""


def written(found: Report, path: Path) -> None:
    """The report as JSON, with every run."""
    path.write_text(
        json.dumps(asdict(found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
