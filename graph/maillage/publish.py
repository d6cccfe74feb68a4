"""A release of the graph as linked open data: files that others can download and cite, and a site.

:func:`publish` makes the files: the graph in six formats, tables for spreadsheets, the network for
Gephi and QGIS, the questions, descriptions in VoID and DCAT, a research package, a README and the
licence in three languages, and the digest of every file. Each dump is read back from the disk and
compared with the graph before the folder is handed over. :func:`publish_site` puts them where the
site expects them and makes the site around them, for any host of static files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from rdflib import RDF, SKOS, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SDO

from maillage.catalogue import catalogue
from maillage.describe import LICENCE, File, Release, Stand, dcat, release
from maillage.dumps import FORMATS, dumps, nquads, write_triples
from maillage.errors import MaillageError
from maillage.excel import workbook
from maillage.exchange import write_graph
from maillage.folders import sha256_of
from maillage.published import Asked, Published, around, build_site
from maillage.published.citation import citations
from maillage.published.crate import METADATA, crate
from maillage.published.earlier import SUMS, carried
from maillage.published.geography import lines, points
from maillage.published.history import History, history
from maillage.published.maps import whole_map
from maillage.questions import Question, questions
from maillage.readback import Statements, originals, read_back
from maillage.spreadsheets import describe_tables, tables, write_csv
from maillage.store import engine_triple, loaded, quads_of
from maillage.terms import BASE, MLG
from maillage.void import void
from maillage.words import LANGUAGES, Language, best, say

if TYPE_CHECKING:
    from maillage.network import LinkGraph

__all__ = ["SUMS", "Asked", "Published", "publish", "publish_site"]

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RULE: Final = "\n" + "-" * 72 + "\n\n"


def publish(
    dataset: Dataset,
    out: Path,
    network: LinkGraph | None = None,
    asked: Mapping[str, Question] | None = None,
    stand: Stand | None = None,
    before: History | None = None,
) -> list[Path]:
    """Write the files of a release into an empty folder and verify them.

    :param dataset: the whole graph, as :func:`maillage.gather.gather` makes it.
    :param out: a folder that exists and is empty; whoever calls puts it in its place afterwards.
    :param network: the network, if it is to be part of the release, with what a map shows beside
        it (:func:`maillage.surroundings.surround`).
    :param asked: the questions to list; all of ``queries/`` when not given.
    :param stand: where the release stands among others and on the web.
    :param before: what changed since the release before.
    :returns: the files, sorted.
    :raises MaillageError: when the folder is not empty, when the graph holds what cannot be
        published, or when a dump read back says anything else than the graph.
    """
    if not out.is_dir() or any(out.iterdir()):
        raise MaillageError("release-not-empty", path=out)
    known = questions() if asked is None else asked
    _Package(dataset, nquads(dataset), out, stand or Stand()).write(network, known, before)
    return sorted(path for path in out.rglob("*") if path.is_file())


def publish_site(
    dataset: Dataset,
    out: Path,
    asked: Asked | None = None,
    known: Mapping[str, Question] | None = None,
) -> Published:
    """Write a release and its whole site into an empty folder.

    The files of the release stand at the root, where their addresses stay from release to release,
    and in ``release/<id>/``, where they are cited; they are the same files twice (hard links, where
    the disk has them). Earlier releases that ``asked.previous`` carries stay in folders of their
    own. Everything else is the site.

    :param asked: where the site is to stand, and what else it is told.
    :param known: the questions to list; all of ``queries/`` when not given.
    :raises MaillageError: as :func:`publish`; when a page cannot be made or a link is broken.
    """
    if not out.is_dir() or any(out.iterdir()):
        raise MaillageError("release-not-empty", path=out)
    asked = asked or Asked()
    known = questions() if known is None else known
    asked.step("read")
    canonical = nquads(dataset)
    this = release(canonical)
    if asked.previous:
        asked.step("compare")
    before = (history(asked.previous, canonical) if asked.previous else History()).of(this.id)
    earlier = carried(before.earlier(), before.folders, out, asked.keep)
    asked.step("draw")
    store = loaded(canonical)
    network = around(store)
    asked.step("dump")
    folder = out / "release" / this.id
    folder.mkdir(parents=True)
    stand = asked.stand(f"{asked.base}release/{this.id}/", before)
    package = _Package(dataset, canonical, folder, stand)
    package.write(network, known, before)
    # at the root, addresses stay when the next release comes: portals update what they have
    lasting = asked.stand(asked.base, before)
    described = _turtle("dcat.ttl", dcat(dataset, this, package.files, lasting))
    beside = {"dcat.ttl": described, "HOSTING.txt": _in_all_languages(_hosting(asked.base))}
    made = build_site(out, this, store, asked, before, earlier, package.files, beside)
    asked.step("keep")
    _write_sums(out)
    return made


class _Package:
    """The files of one release on their way to a folder."""

    def __init__(self, dataset: Dataset, canonical: bytes, out: Path, stand: Stand) -> None:
        self._dataset, self._canonical, self._out, self._stand = dataset, canonical, out, stand
        self._this = release(canonical)
        self.files: list[File] = []

    def write(
        self, network: LinkGraph | None, known: Mapping[str, Question], before: History | None
    ) -> None:
        """Write everything, the digests last."""
        out, this, stand = self._out, self._this, self._stand
        self._dumps()
        self._tables()
        if network is not None:
            self._network(network)
        turtle = _turtle("questions.ttl", catalogue(known, stand.endpoint))
        self._write("questions.ttl", turtle, "text/turtle", "questions", "publish.file.questions")
        quads = ox.parse(self._canonical, ox.RdfFormat.N_QUADS)
        described = void(quads, this, self.files, stand)
        (out / "void.ttl").write_bytes(_turtle("void.ttl", described))
        described = dcat(self._dataset, this, self.files, stand)
        (out / "dcat.ttl").write_bytes(_turtle("dcat.ttl", described))
        beside = {"README.txt": _in_all_languages(_readme(this, self.files))}
        beside["LICENSE.txt"] = _in_all_languages(_licence(self._dataset, this))
        if before is not None and before.full:
            beside["CHANGES.txt"] = _in_all_languages(before.full)
        beside |= citations(this)
        for name, content in beside.items():
            (out / name).write_bytes(content)
        extra = dict.fromkeys(("void.ttl", "dcat.ttl"), "text/turtle")
        extra |= {name: _BESIDE[name.rpartition(".")[2]] for name in beside}
        titles = {str(s): _title(self._dataset, s, "en") for s in _sources(self._dataset)}
        (out / METADATA).write_bytes(crate(this, self.files, extra, titles))
        _write_sums(out)

    def _write(self, path: str, content: bytes, media_type: str, part: str, label: str) -> None:
        target = self._out / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        self.files.append(File.of(path, content, media_type, part=part, label=label))

    def _dumps(self) -> None:
        """The graph in every format, each read back from the disk."""
        whole = self._out / "maillage.nq"
        whole.write_bytes(self._canonical)
        made = dumps(whole)
        read_back(whole, "nq", Statements(lambda: quads_of(self._dataset)))
        expected = originals(whole)
        for suffix, path in made.items():
            if path != whole:
                read_back(path, suffix, expected[FORMATS[suffix].has_graphs])
            self.files.append(File.dump(path.name, path.stat().st_size, sha256_of(path)))

    def _tables(self) -> None:
        made = tables(self._dataset)
        for table in made:
            for ending, bom in (("csv", False), ("bom.csv", True)):
                content, path = write_csv(table, bom=bom), f"tables/{table.name}.{ending}"
                label = "publish.file.csv-bom" if bom else "publish.file.csv"
                self._write(path, content, "text/csv", "tables", label)
        book = workbook({t.name: (t.columns, t.rows) for t in made}, self._this.date)
        self._write("tables/maillage.xlsx", book, _XLSX, "tables", "publish.file.xlsx")
        about, path = describe_tables(made), "tables/csv-metadata.json"
        self._write(path, about, "application/csvm+json", "tables", "publish.file.csvw")

    def _network(self, network: LinkGraph) -> None:
        """The network for programs of analysis, for map programs and as a page."""
        for suffix, media_type in (("graphml", "application/xml"), ("gexf", "application/xml")):
            content = write_graph(network, suffix)  # type: ignore[arg-type]  # both are formats
            label = f"publish.file.{suffix}"
            self._write(f"maillage.{suffix}", content, media_type, "network", label)
        if network:
            content = whole_map(network)
            self._write("network.html", content, "text/html", "map", "publish.file.map")
        for name, content in (("places", points(network)), ("links", lines(network))):
            path, label = f"maillage-{name}.geojson", f"publish.file.geojson-{name}"
            self._write(path, content, "application/geo+json", "map", label)


#: What lies beside the files of the graph, by the end of the name.
_BESIDE: Final = {
    "txt": "text/plain",
    "cff": "application/yaml",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
}


def _turtle(name: str, graph: Graph) -> bytes:
    content = write_triples(graph, "ttl")
    read_back(content, "ttl", Statements(lambda: map(engine_triple, graph)), name)
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


def _hosting(base: str) -> dict[Language, str]:
    """What whoever puts the site online must know."""
    return {lang: say("publish.hosting", lang, base=base, lasting=BASE) for lang in LANGUAGES}


def _sources(dataset: Dataset) -> Iterable[str]:
    return sorted(map(str, dataset.subjects(RDF.type, MLG.SourceDocument)))


def _title(dataset: Dataset, source: str, lang: Language) -> str:
    titles = [
        (label.language or "", str(label))
        for label in sorted(dataset.objects(URIRef(source), SKOS.prefLabel), key=str)
        if isinstance(label, Literal)
    ]
    return best(titles, lang) or source


def _licence(dataset: Dataset, this: Release) -> dict[Language, str]:
    """The licence of the release, then each source with its own terms."""
    values = {"licence": LICENCE, "address": this.address, "id": this.id}
    texts = {lang: [say("publish.licence", lang, **values).strip(), ""] for lang in LANGUAGES}
    for source in sorted(dataset.subjects(RDF.type, MLG.SourceDocument), key=str):
        details = [
            str(value)
            for predicate in (SDO.url, DCTERMS.license, MLG.licenceNote)
            for value in sorted(dataset.objects(source, predicate), key=str)
        ]
        for lang in LANGUAGES:
            title = _title(dataset, str(source), lang)
            texts[lang] += [f"* {title}", *(f"  {line}" for line in details)]
    return {lang: "\n".join(lines) for lang, lines in texts.items()}


def _write_sums(out: Path) -> None:
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    rows = [f"{sha256_of(out / name)}  {name}\n" for name in names]
    (out / SUMS).write_bytes("".join(rows).encode())
