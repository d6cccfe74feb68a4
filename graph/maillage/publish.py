"""A release of the graph as linked open data: one folder that others can download and cite.

The graph in six formats, tables for spreadsheets, the network, the questions, descriptions in
VoID and DCAT, a README and the licence in three languages, and the digest of every file. Each dump
is read back from the disk and compared with the graph before the folder is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from rdflib import RDF, SKOS, Dataset, Graph, Literal
from rdflib.namespace import DCTERMS, SDO

from maillage.catalogue import catalogue
from maillage.describe import LICENCE, File, Release, dcat, release
from maillage.dumps import FORMATS, dumps, nquads, quads_of_graph, read_back, write_triples
from maillage.errors import MaillageError
from maillage.excel import workbook
from maillage.questions import Question, questions
from maillage.spreadsheets import describe_tables, tables, write_csv
from maillage.store import quads_of
from maillage.terms import MLG
from maillage.void import void
from maillage.words import LANGUAGES, Language, best, say

__all__ = ["SUMS", "publish"]

#: The file that lists the SHA-256 digest of every other file, as ``sha256sum --check`` reads it.
SUMS: Final = "SHA256SUMS"

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RULE: Final = "\n" + "-" * 72 + "\n\n"


def publish(
    dataset: Dataset,
    out: Path,
    network: bytes | None = None,
    asked: Mapping[str, Question] | None = None,
) -> list[Path]:
    """Write a release into an empty folder and verify it.

    :param dataset: the whole graph, as :func:`maillage.gather.gather` makes it.
    :param out: a folder that exists and is empty; whoever calls puts it in its place afterwards.
    :param network: the network as GraphML, if it is to be part of the release.
    :param asked: the questions to list; all of ``queries/`` when not given.
    :returns: the files, sorted.
    :raises MaillageError: when the folder is not empty, when the graph holds what cannot be
        published, or when a dump read back says anything else than the graph.
    """
    if not out.is_dir() or any(out.iterdir()):
        raise MaillageError("release-not-empty", path=out)
    canonical = nquads(dataset)
    this = release(dataset, canonical)
    files = _dumps(dataset, canonical, out)
    files += _tables(dataset, this, out)
    if network is not None:
        label = "publish.file.graphml"
        files.append(_write(out, "maillage.graphml", network, "application/xml", "network", label))
    known = questions() if asked is None else asked
    turtle = _turtle("questions.ttl", catalogue(known))
    label = "publish.file.questions"
    files.append(_write(out, "questions.ttl", turtle, "text/turtle", "questions", label))
    (out / "void.ttl").write_bytes(_turtle("void.ttl", void(dataset, this, files)))
    (out / "dcat.ttl").write_bytes(_turtle("dcat.ttl", dcat(dataset, this, files)))
    (out / "README.txt").write_bytes(_in_all_languages(_readme(this, files)))
    (out / "LICENSE.txt").write_bytes(_in_all_languages(_licence(dataset, this)))
    _write_sums(out)
    return sorted(path for path in out.rglob("*") if path.is_file())


def _write(
    out: Path, path: str, content: bytes, media_type: str, part: str, label: str
) -> File:  # one value a column of the list of files
    target = out / path
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(content)
    return File.of(path, content, media_type, part=part, label=label)


def _dumps(dataset: Dataset, canonical: bytes, out: Path) -> list[File]:
    """The graph in every format, each read back from the disk."""
    quads = set(quads_of(dataset))
    files = []
    for suffix, content in dumps(canonical).items():
        form, path = FORMATS[suffix], f"maillage.{suffix}"
        label = "publish.file.graphs" if form.has_graphs else "publish.file.union"
        files.append(_write(out, path, content, form.media_type, "graph", label))
        read_back((out / path).read_bytes(), suffix, quads, path)
    return files


def _tables(dataset: Dataset, this: Release, out: Path) -> list[File]:
    made = tables(dataset)
    files = []
    for table in made:
        for ending, bom in (("csv", False), ("bom.csv", True)):
            content, path = write_csv(table, bom=bom), f"tables/{table.name}.{ending}"
            label = "publish.file.csv-bom" if bom else "publish.file.csv"
            files.append(_write(out, path, content, "text/csv", "tables", label))
    book = workbook({table.name: (table.columns, table.rows) for table in made}, this.date)
    files.append(_write(out, "tables/maillage.xlsx", book, _XLSX, "tables", "publish.file.xlsx"))
    about, path = describe_tables(made), "tables/csv-metadata.json"
    files.append(_write(out, path, about, "application/csvm+json", "tables", "publish.file.csvw"))
    return files


def _turtle(name: str, graph: Graph) -> bytes:
    content = write_triples(graph, "ttl")
    read_back(content, "ttl", set(quads_of_graph(graph)), name)
    return content


def _in_all_languages(texts: Mapping[Language, str]) -> bytes:
    return _RULE.join(texts[lang].strip() + "\n" for lang in LANGUAGES).encode()


def _readme(this: Release, files: list[File]) -> dict[Language, str]:
    has_network = any(file.part == "network" for file in files)
    texts: dict[Language, str] = {}
    for lang in LANGUAGES:
        text = say("publish.readme", lang, id=this.id, date=this.date, address=this.address)
        extra = say("publish.readme.network", lang) if has_network else ""
        texts[lang] = f"{text.strip()}\n{extra.strip()}"
    return texts


def _licence(dataset: Dataset, this: Release) -> dict[Language, str]:
    """The licence of the release, then each source with its own terms."""
    values = {"licence": LICENCE, "address": this.address, "id": this.id}
    texts = {lang: [say("publish.licence", lang, **values).strip(), ""] for lang in LANGUAGES}
    for source in sorted(dataset.subjects(RDF.type, MLG.SourceDocument), key=str):
        titles = [
            (label.language or "", str(label))
            for label in sorted(dataset.objects(source, SKOS.prefLabel), key=str)
            if isinstance(label, Literal)
        ]
        details = [
            str(value)
            for predicate in (SDO.url, DCTERMS.license, MLG.licenceNote)
            for value in sorted(dataset.objects(source, predicate), key=str)
        ]
        for lang in LANGUAGES:
            texts[lang] += [f"* {best(titles, lang) or source}", *(f"  {line}" for line in details)]
    return {lang: "\n".join(lines) for lang, lines in texts.items()}


def _write_sums(out: Path) -> None:
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    lines = [f"{sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (out / SUMS).write_bytes("".join(lines).encode())
