"""RDF files that nobody vouches for, parsed where they can do no harm.

Small files end or stall the parsers: 52 kB of nested JSON-LD end the whole process, 1.8 MB of
nested RDF/XML take 18 seconds. So a file is read by a process of its own
(:mod:`maillage.confined`), held to limits of memory, time and output, which hands back plain
statements or says what is wrong and where. Whatever becomes of it, this process goes on.

What a file must be:

* text in UTF-8, or in UTF-16 or UTF-32 with a byte order mark, in composed form (NFC), without
  control characters and without characters that nobody sees;
* without entities of its own, and nothing in it to fetch: a JSON-LD context stands inside;
* with addresses of the web, of mail and ``urn:`` only, well-formed language tags, and values that
  are values of their type; these come back as a store keeps them (``1`` for ``"01"``).

Blank nodes come back as addresses that hold for this file only (RDF 1.1 Concepts, 3.5), since
nothing that Maillage publishes has blank nodes. JSON-LD that names no address for a property or a
thing says nothing by its own standard, and nothing comes back of it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final, NamedTuple, cast

import pyoxigraph as ox

from maillage.confined import FORMATS, REFUSED
from maillage.errors import MaillageError
from maillage.terms import BASE

__all__ = ["LIMITS", "RDF_SUFFIXES", "SKOLEM", "Limits", "lines_of", "parse_untrusted", "read_file"]

#: The endings of the RDF files that can be read.
RDF_SUFFIXES: Final = tuple(FORMATS)

#: How the address of what was a blank node begins.
SKOLEM: Final = BASE + ".well-known/genid/"


class Limits(NamedTuple):
    """What a file may cost: its bytes, and of its process memory, output and seconds."""

    size: int = 50_000_000
    memory: int = 1_500_000_000
    output: int = 400_000_000
    cpu: int = 30
    wall: float = 60


#: A file that a person made is far smaller; one of 50 MB in Turtle takes some ten seconds.
LIMITS: Final = Limits()

# Signals (POSIX) and statuses (Windows) with which systems end a process that used its time up.
_TIMED_OUT: Final = frozenset({-9, -24})

_START: Final = (
    "import sys, json; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "from maillage.confined import main; sys.exit(main(sys.argv[1:]))"
)
_WORDS: Final = re.compile(r"[^\s<>\"'(){}\[\],;=]+")
_TAIL: Final = re.compile(r"[^/#:]*$")


def read_file(path: Path, shown: str, limits: Limits = LIMITS) -> bytes:
    """The bytes of a file: a real one, and not larger than a person makes.

    :raises MaillageError: when it is a folder, a device or a pipe, is not there, or is too large.
    """
    try:
        if not path.is_file():
            raise MaillageError("rdf-no-file", where=shown)
        with path.open("rb") as stream:
            raw = stream.read(limits.size + 1)
    except OSError as error:
        raise MaillageError("rdf-no-file", where=shown) from error
    _check_size(raw, shown, limits)
    return raw


def parse_untrusted(raw: bytes, suffix: str, shown: str, limits: Limits = LIMITS) -> list[ox.Quad]:
    """The statements of a file, in its order, with neither blank nodes nor quoted statements.

    :param raw: its bytes. :param suffix: the ending of its name, one of :data:`RDF_SUFFIXES`.
    :param shown: its name as the person knows it, for messages.
    :raises MaillageError: with line and column where they are known; nothing else is raised,
        whatever the file holds.

    >>> (quad,) = parse_untrusted(b'<http://e.org/s> <http://e.org/p> "01" .', ".ttl", "a.ttl")
    >>> quad.object.value
    '01'
    >>> parse_untrusted(b"<http://e.org/s> <http://e.org/p> <file:///a> .", ".nt", "a.nt")
    Traceback (most recent call last):
    maillage.errors.MaillageError: a.nt:1:36: the address “file:///a” ...
    """
    ending = suffix.lower()
    if ending not in FORMATS:
        raise MaillageError("bad-suffix", path=shown, known=", ".join(RDF_SUFFIXES))
    _check_size(raw, shown, limits)
    name = FORMATS[ending][0]
    with TemporaryFile() as out:
        code = _run(raw, ending, out, limits)
        out.seek(0)
        if code == REFUSED:
            raise _told(out.read(), shown)
        if code in _TIMED_OUT:
            raise MaillageError("rdf-too-long", where=shown, format=name, seconds=limits.cpu)
        if code:
            raise MaillageError("rdf-broke", where=shown, format=name)
        return list(ox.parse(cast("IO[bytes]", out), ox.RdfFormat.N_QUADS))


def _check_size(raw: bytes, shown: str, limits: Limits) -> None:
    if len(raw) > limits.size:
        raise MaillageError("rdf-too-large", where=shown, limit=limits.size // 1_000_000)


def _run(raw: bytes, suffix: str, out: IO[bytes], limits: Limits) -> int:
    """Start the child, give it the file, wait; its exit code, negative when a signal ended it."""
    bounds = {"RLIMIT_AS": limits.memory, "RLIMIT_CPU": limits.cpu, "RLIMIT_FSIZE": limits.output}
    # Isolated (-I): no PYTHON… variable, no folder of the person's own. What this process imports
    # from is passed on, so that a checkout, an environment and a wheel behave the same.
    roots = json.dumps([entry or str(Path.cwd()) for entry in sys.path])
    command = [sys.executable, "-I", "-c", _START, roots, suffix, SKOLEM, json.dumps(bounds)]
    # Nothing of the environment goes with it but what an interpreter needs to start.
    needed = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    try:
        return subprocess.run(  # noqa: S603  # our own interpreter and our own code
            command,
            input=raw,
            stdout=out,
            stderr=subprocess.DEVNULL,
            timeout=limits.wall,
            check=False,
            env={name: os.environ[name] for name in needed if name in os.environ},
        ).returncode
    except subprocess.TimeoutExpired:
        return -9
    except OSError:  # no memory for another process, or no such interpreter any more
        return 1


def _told(answer: bytes, shown: str) -> MaillageError:
    """The fault that a child reported, as an error of ours."""
    report = json.loads(answer)
    where = ":".join([shown, *map(str, report["place"] or ())])
    return MaillageError(report["key"], where=where, **report["values"])


def lines_of(raw: bytes, addresses: Iterable[str]) -> dict[str, int]:
    r"""The first line of a file that names each address, in full or by its end after a prefix.

    Addresses that stand nowhere, as those of blank nodes, are left out. The file is read once,
    however many addresses are sought.

    >>> lines_of(b"@prefix e: <http://e.org/> .\ne:a e:b <http://e.org/c> .", ["http://e.org/c"])
    {'http://e.org/c': 2}
    """
    whole = set(addresses)
    tails = {tail for address in whole if (tail := _tail(address))}
    codec = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    full: dict[str, int] = {}
    partial: dict[str, int] = {}
    for number, line in enumerate(raw.decode(codec, "replace").splitlines(), start=1):
        for word in _WORDS.findall(line):
            if word in whole:
                full.setdefault(word, number)
            if (tail := _tail(word)) in tails:
                partial.setdefault(tail, number)
    lines = {address: full.get(address) or partial.get(_tail(address)) for address in whole}
    return {address: line for address, line in lines.items() if line}


def _tail(word: str) -> str:
    found = _TAIL.search(word)
    return found[0].rstrip(".") if found else ""
