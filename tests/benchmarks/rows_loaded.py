"""The alternatives that turn the same rows into the same quads in a store on disk.

Each gives a function from a job to an answer: the quads of the documents about which the rows are,
as a count and a sum of digests for each graph, so that two answers can be compared however large.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib import RDF, XSD, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV

from maillage.gather import ontology_store
from maillage.gazetteer import gazetteer
from maillage.ingest import ingest
from maillage.mint import fingerprint
from maillage.rowquads import OA
from maillage.settle import settle
from maillage.tables import read_folder, read_table
from maillage.terms import ID, MLG, PREFIXES

__all__ = ["CLAIMED", "maillage", "morph_kgc", "pyoxigraph", "pyoxigraph_quads", "rdflib"]

#: What a mapping language can say of a row, lists and evidence apart.
CLAIMED: Final = frozenset(
    map(
        str, (MLG.hasKind, MLG.hasState, MLG.signatureDate, MLG.startDate, MLG.endDate, MLG.purpose)
    )
)

_MASK: Final = (1 << 64) - 1
_NQUADS: Final = ox.RdfFormat.N_QUADS


class Job(NamedTuple):
    """Where the quads go, and which are compared: all, or only what every alternative can say.

    :ivar kept: in a store on disk; otherwise in memory.
    """

    kept: bool
    properties: frozenset[str] = frozenset()


@dataclass
class Loaded:
    """A store that was filled; it is read, and goes, after the clock has stopped."""

    quads: Iterator[ox.Quad]
    job: Job
    folder: Path | None = None

    def lines(self) -> list[str]:
        """For each graph of a document, how many quads it holds, and the sum of their digests."""
        sums: dict[str, tuple[int, int]] = {}
        for quad in self.quads:
            graph = quad.graph_name.value
            if "--doc-" in graph and (
                not self.job.properties
                or (quad.predicate.value in self.job.properties and "evidence--" not in graph)
            ):
                digest = blake2b(str(quad).encode(), digest_size=8).digest()
                count, total = sums.get(graph, (0, 0))
                sums[graph] = count + 1, (total + int.from_bytes(digest)) & _MASK
        if self.folder is not None:
            shutil.rmtree(self.folder)
        return [f"{graph} {count} {total:x}" for graph, (count, total) in sums.items()]


def _links(tables: Path) -> list[Path]:
    return sorted(tables.glob("links*.csv"))


def _base(tables: Path) -> ox.Store:
    """A store in memory of all that the links refer to: lists, places, documents."""
    every = settle(read_folder(tables), gazetteer())
    store = ontology_store()
    ingest([replace(t, rows=()) if t.name.startswith("links") else t for t in every], store)
    return store


def _opened(job: Job, like: Path | None = None) -> tuple[Path | None, ox.Store]:
    """A store for a job: in memory, or in a new folder, which is perhaps a copy of another."""
    if not job.kept:
        return None, ox.Store()
    where = Path(mkdtemp(prefix="rows-"))
    if like:
        shutil.copytree(like, where, dirs_exist_ok=True)
    return where, ox.Store(str(where))


def maillage(tables: str) -> Callable[[Job], Loaded]:
    """From the CSV: read and checked, made into quads, loaded."""
    base, filled = list(_base(Path(tables))), Path(mkdtemp(prefix="base-"))
    ox.Store(str(filled)).bulk_extend(base)

    def do(job: Job) -> Loaded:
        where, store = _opened(job, filled)
        if not job.kept:
            store.bulk_extend(base)
        ingest([read_table(path, "links") for path in _links(Path(tables))], store)
        return Loaded(iter(store), job, where)

    return do


def _made(tables: Path) -> list[ox.Quad]:
    """The quads of the rows, ready in memory."""
    store = _base(tables)
    before = len(store)
    ingest([read_table(path, "links") for path in _links(tables)], store)
    quads = [quad for quad in store if "--doc-" in quad.graph_name.value]
    if len(quads) != len(store) - before:
        raise RuntimeError("the rows speak of documents of their own only")
    return quads


def pyoxigraph(tables: str) -> Callable[[Job], Loaded]:
    """From quads in memory: written as N-Quads, loaded."""
    quads = _made(Path(tables))

    def do(job: Job) -> Loaded:
        where, store = _opened(job)
        text = ox.serialize(quads, format=_NQUADS) or b""
        store.bulk_load(text, _NQUADS)
        return Loaded(iter(store), job, where)

    return do


def pyoxigraph_quads(tables: str) -> Callable[[Job], Loaded]:
    """From quads in memory: loaded as they are, the least that any way to a store can take."""
    quads = _made(Path(tables))

    def do(job: Job) -> Loaded:
        where, store = _opened(job)
        store.bulk_extend(quads)
        return Loaded(iter(store), job, where)

    return do


def rdflib(tables: str) -> Callable[[Job], Loaded]:
    """From the CSV, as people do it: a loop over the rows, ``Graph.add``, N-Quads; nothing checked.

    What is to be kept on disk is loaded from the text, since rdflib has no such store of its own.
    """

    def do(job: Job) -> Loaded:
        dataset = Dataset()
        for path in _links(Path(tables)):
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    _add(dataset, row)
        text = dataset.serialize(format="nquads").encode()
        if not job.kept:
            return Loaded(ox.parse(text, _NQUADS), job)
        where, store = _opened(job)
        store.bulk_load(text, _NQUADS)
        return Loaded(iter(store), job, where)

    return do


_CLAIMS: Final = {
    "kind": (MLG.hasKind, "link-kind/"),
    "parties": (MLG.hasParty, ""),
    "state": (MLG.hasState, "state/"),
    "themes": (MLG.hasTheme, "theme/"),
}
_DATES: Final = {"signed": MLG.signatureDate, "start": MLG.startDate, "end": MLG.endDate}
_TAGS: Final = {"fr": "fr", "en": "en", "zh": "zh-Hans"}
_EDTF: Final = URIRef(PREFIXES["edtf"] + "EDTF")
_RFC5147: Final = URIRef("http://tools.ietf.org/rfc/rfc5147")


def _add(dataset: Dataset, row: dict[str, str]) -> None:
    parties = sorted(party.rpartition("/")[2] for party in row["parties"].split(";"))
    link = URIRef(f"{ID}link/{'--'.join([row['kind'], *parties])}")
    part = "inferred" if row["certainty"] == "inferred" else "source"
    said: list[tuple[URIRef, URIRef | Literal]] = [
        (predicate, URIRef(f"{ID}{start}{value}"))
        for name, (predicate, start) in _CLAIMS.items()
        for value in row[name].split(";")
        if value
    ]
    said += [(p, Literal(row[n], datatype=_EDTF)) for n, p in _DATES.items() if row[n]]
    for lang, tag in _TAGS.items():
        if text := row[f"purpose_{lang}"]:
            said.append((MLG.purpose, Literal(text, lang=tag)))
    said.append((RDF.type, MLG.CooperationLink))
    claims = dataset.graph(URIRef(f"{ID}graph/{part}--{row['source']}"))
    for predicate, value in said:
        claims.add((link, predicate, value))
    where = [row[name] for name in ("source", "lines", "chars", "certainty")]
    texts = sorted(f"{predicate} {value.n3()}" for predicate, value in said)
    evidence = URIRef(f"{ID}evidence/{fingerprint(link, *where, *texts)}")
    graph = dataset.graph(URIRef(f"{ID}graph/evidence--{row['source']}"))
    graph.add((link, MLG.hasEvidence, evidence))
    graph.add((evidence, RDF.type, MLG.Evidence))
    for predicate in {predicate for predicate, _ in said}:
        graph.add((evidence, MLG.bearsOn, predicate))
    graph.add((evidence, DCTERMS.source, URIRef(f"{ID}source/{row['source']}")))
    graph.add((evidence, MLG.hasCertainty, URIRef(f"{ID}certainty/{row['certainty']}")))
    graph.add((evidence, PROV.wasAttributedTo, URIRef(f"{ID}recorder/{row['recorder']}")))
    graph.add((evidence, MLG.recordedDate, Literal(row["recorded"], datatype=XSD.date)))
    if row["page"]:
        graph.add((evidence, MLG.page, Literal(row["page"])))
    if row["section"]:
        graph.add((evidence, MLG.section, Literal(row["section"], lang="fr")))
    for lang, tag in _TAGS.items():
        if text := row[f"reason_{lang}"]:
            graph.add((evidence, MLG.reason, Literal(text, lang=tag)))
    if row["chars"]:
        _select(graph, evidence, row["lines"], row["chars"])


def _select(graph: Graph, evidence: URIRef, lines: str, chars: str) -> None:
    characters, line = URIRef(f"{evidence}#characters"), URIRef(f"{evidence}#lines")
    start, end = chars.split("-")
    graph.add((evidence, OA.hasSelector, characters))
    graph.add((characters, RDF.type, OA.TextPositionSelector))
    graph.add((characters, OA.start, Literal(int(start))))
    graph.add((characters, OA.end, Literal(int(end))))
    first, _, last = lines.partition("-")
    graph.add((evidence, OA.hasSelector, line))
    graph.add((line, RDF.type, OA.FragmentSelector))
    graph.add((line, DCTERMS.conformsTo, _RFC5147))
    graph.add((line, RDF.value, Literal(f"line={int(first) - 1},{last or first}")))


class morph_kgc:  # noqa: N801  # called like the other alternatives
    """morph-kgc, by RML, in a Python of its own; only what :data:`CLAIMED` names.

    RML has no name for a key of sorted parties: two columns with key and graph are added before.

    :param python: one that has morph-kgc, which wants an older pyoxigraph.
    """

    def __init__(self, tables: str, python: str) -> None:
        self._where = Path(mkdtemp(prefix="morph-"))
        self._prepare(Path(tables))
        command = [python, str(Path(__file__).with_name("morph.py")), str(self._where)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
        )
        self.pid = self._process.pid
        self._told()

    def _told(self) -> str:
        if self._process.stdout is None:
            raise RuntimeError("no pipe")
        if not (line := self._process.stdout.readline()):
            raise RuntimeError("morph-kgc ended")
        return line

    def __call__(self, job: Job) -> Loaded:
        if self._process.stdin is None or not job.properties:
            raise RuntimeError("it says neither lists nor evidence")
        self._process.stdin.write("again\n")
        self._process.stdin.flush()
        self._told()
        return Loaded(ox.parse(path=str(self._where / "made.nq"), format=_NQUADS), job)

    def close(self) -> None:
        """End its process; its folder goes."""
        self._process.kill()
        shutil.rmtree(self._where)

    def _prepare(self, tables: Path) -> None:
        with (self._where / "links.csv").open("w", encoding="utf-8", newline="") as out:
            writer: csv.DictWriter[str] | None = None
            for path in _links(tables):
                with path.open(encoding="utf-8", newline="") as file:
                    reader = csv.DictReader(file)
                    for row in reader:
                        parties = sorted(p.rpartition("/")[2] for p in row["parties"].split(";"))
                        row["link"] = "--".join([row["kind"], *parties])
                        part = "inferred" if row["certainty"] == "inferred" else "source"
                        row["home"] = f"{part}--{row['source']}"
                        if writer is None:
                            writer = csv.DictWriter(out, list(row))
                            writer.writeheader()
                        writer.writerow(row)
        objects = [
            (MLG.hasKind, f'rml:template "{ID}link-kind/{{kind}}"'),
            (MLG.hasState, f'rml:template "{ID}state/{{state}}"'),
            *((p, f'rml:reference "{n}"; rml:datatype <{_EDTF}>') for n, p in _DATES.items()),
            *(
                (MLG.purpose, f'rml:reference "purpose_{lang}"; rml:language "{tag}"')
                for lang, tag in _TAGS.items()
            ),
        ]
        said = " ; ".join(
            f"rml:predicateObjectMap [ rml:predicate <{p}> ; rml:objectMap [ {o} ] ]"
            for p, o in objects
        )
        (self._where / "mapping.ttl").write_text(
            f"""@prefix rml: <http://w3id.org/rml/> .
<#links> a rml:TriplesMap ;
  rml:logicalSource [ rml:source "{self._where}/links.csv" ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "{ID}link/{{link}}" ;
    rml:graphMap [ rml:template "{ID}graph/{{home}}" ] ] ;
  {said} .
""",
            encoding="utf-8",
        )
