"""Lines by the million, put in order on the disk: memory does not grow with them.

What does not fit is sorted in runs of some megabytes, which are written one after the other to a
temporary file and then read side by side, a block of each at a time (the external merge sort of
Knuth, The Art of Computer Programming 3, 5.4). Sorting and merging are done block by block, by the
sort of the language, which finds what is in order already.

A line is bytes with its end (LF), and is not empty. Lines are compared as bytes, which for UTF-8 is
the order of the characters.
"""

from __future__ import annotations

import heapq
import io
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice, pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

__all__ = ["apart", "blocks", "by_graph", "merged", "ordered", "readable", "union"]

#: Lines that are put in order in memory at once: some 15 MB.
RUN: Final = 50_000

#: Bytes of all runs that are read at once, of one file, and the fewest of a run.
_HELD: Final = 1 << 25
_BLOCK: Final = 1 << 20
_LEAST: Final = 1 << 14

#: Lines that are handed on together.
_MANY: Final = 2_000

_Blocks = Iterator[list[bytes]]


def ordered(lines: Iterable[bytes]) -> Iterator[bytes]:
    r"""Lines in order, each once.

    >>> list(ordered([b"Wuhan\n", b"Bordeaux\n", b"Wuhan\n"]))
    [b'Bordeaux\n', b'Wuhan\n']
    """
    with TemporaryFile() as file:
        last: list[bytes] = []
        ends = [0]
        for run in _runs(lines):
            if last:
                file.writelines(last)
                ends.append(file.tell())
            last = sorted(set(run))
        size = max(_LEAST, min(_BLOCK, _HELD // len(ends)))
        sorted_ones = [_blocks_of(file, *piece, size) for piece in pairwise(ends)]
        yield from _merged([*sorted_ones, iter([last])])


def merged(files: Iterable[Path]) -> Iterator[bytes]:
    """The lines of sorted files in order, each once."""
    with ExitStack() as opened:
        handles = [opened.enter_context(path.open("rb")) for path in files]
        if len(handles) == 1:
            yield from handles[0]
            return
        sizes = [handle.seek(0, io.SEEK_END) for handle in handles]
        pieces = zip(handles, sizes, strict=True)
        yield from _merged([_blocks_of(handle, 0, size, _BLOCK) for handle, size in pieces])


def by_graph(lines: Iterable[bytes], room: Path | None = None) -> Iterator[tuple[bytes, bytes]]:
    r"""Lines of N-Quads graph after graph, in the order of their addresses.

    Within a graph the lines keep the order in which they came.

    :param room: the folder for what does not fit into memory; the system's for what is temporary
        when not given.
    :returns: the address of a graph between its brackets, and many statements of it, one a line,
        which end with their object; a large graph comes in several parts.

    >>> list(by_graph([b"<x:s> <x:p> <x:o> <x:h> .\n", b"<x:s> <x:p> <x:o> <x:g> .\n"]))
    [(b'<x:g>', b'<x:s> <x:p> <x:o>\n'), (b'<x:h>', b'<x:s> <x:p> <x:o>\n')]
    """
    with TemporaryFile(dir=room) as file:
        runs = []
        for run in _runs(lines):
            graphs: defaultdict[bytes, list[bytes]] = defaultdict(list)
            for line in run:
                # no address holds this sign: the last one of a line begins that of the graph
                statement, _, graph = line.rpartition(b" <")
                graphs[graph].append(statement)
            start = file.tell()
            for graph in sorted(graphs):
                text = b"\n".join(graphs[graph]) + b"\n"
                file.write(b"%d <%b>\n" % (len(text), graph[: graph.index(b">")]))
                file.write(text)
            runs.append(_parts(file, start, file.tell()))
        # of what is equal, the merge takes first what stands earlier in the file
        for graph, place, size in heapq.merge(*runs):
            file.seek(place)
            yield graph, file.read(size)


def union(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of N-Triples that canonical N-Quads hold in whichever graph, each once, in order.

    The same statement in two graphs stands side by side.
    """
    before = b""
    for line in lines:
        # the address of the graph is the last thing on a line and holds no space
        triple = line[: line.rindex(b" <")]
        if triple != before:
            yield triple + b" .\n"
            before = triple


def apart(one: Iterable[bytes], other: Iterable[bytes]) -> Iterator[bytes]:
    r"""The lines that only one of two has, each of which is in order and has every line once.

    >>> list(apart([b"Bordeaux\n", b"Wuhan\n"], [b"Tours\n", b"Wuhan\n"]))
    [b'Bordeaux\n', b'Tours\n']
    """
    for line, same in groupby(heapq.merge(one, other)):
        if sum(1 for _ in same) == 1:
            yield line


def blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same lines, many at a time."""
    lines = iter(lines)
    while some := b"".join(islice(lines, _MANY)):
        yield some


def readable(parts: Iterable[bytes]) -> BinaryIO:
    """A file to be read once, which holds some parts one after the other."""
    return io.BufferedReader(_Parts(parts), _BLOCK)


class _Parts(io.RawIOBase):
    def __init__(self, parts: Iterable[bytes]) -> None:
        self._rest = iter(parts)
        self._part = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # all that is called
        while not self._part:
            part = next(self._rest, None)
            if part is None:
                return 0
            self._part = memoryview(part)
        size = min(len(buffer), len(self._part))
        buffer[:size] = self._part[:size]
        self._part = self._part[size:]
        return size


def _runs(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    lines = iter(lines)
    while run := list(islice(lines, RUN)):
        yield run


def _blocks_of(file: BinaryIO, start: int, end: int, size: int) -> _Blocks:
    """The lines between two places of a file that is read at other places, too."""
    while start < end:
        file.seek(start)
        # reading goes on until there are more bytes than asked for
        lines = file.readlines(min(size, end - start) - 1)
        start = file.tell()
        yield lines


def _parts(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The graphs of a run: name, place of its lines in the file, and their bytes."""
    while start < end:
        file.seek(start)
        size, _, graph = file.readline().partition(b" ")
        place = file.tell()
        yield graph.rstrip(), place, int(size)
        start = place + int(size)


def _merged(runs: Iterable[_Blocks]) -> Iterator[bytes]:
    """All lines of sorted runs in order, each once.

    Whatever is not beyond the least of the last lines of the blocks at hand is complete.
    """
    held = [(block, run) for run in runs if (block := next(run, []))]
    last = b""
    while held:
        bound = min(block[-1] for block, _ in held)
        complete: list[bytes] = []
        rest: list[tuple[list[bytes], _Blocks]] = []
        for block, run in held:
            # a block that ends here is used up, even where somebody's file is not sorted
            cut = len(block) if block[-1] == bound else bisect_right(block, bound)
            complete += block[:cut]
            if more := block[cut:] or next(run, []):
                rest.append((more, run))
        held = rest
        complete.sort()
        once = iter(dict.fromkeys(complete))
        if complete[0] == last:
            next(once)
        yield from once
        last = bound
