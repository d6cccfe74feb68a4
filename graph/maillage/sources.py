"""Documents and places in them: where a passage stands, and whether it still stands there.

A passage is cited, never quoted: by the document's digest, lines (counted from 1) and characters
(counted from 0 in Unicode code points of the text as it is, the end excluded; W3C Web Annotation
Data Model, 4.2.4). Whoever has a document can have the citations of the graph verified.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rdflib import RDF, Dataset, Literal, URIRef
from rdflib.namespace import DCTERMS

from maillage.errors import MaillageError
from maillage.mint import parse
from maillage.terms import MLG, PREFIXES

__all__ = ["Span", "documents_in", "locate", "verify_spans"]

_OA = PREFIXES["oa"]


@dataclass(frozen=True)
class Span:
    """A passage: lines first to last, characters start to end."""

    first: int
    last: int
    start: int
    end: int

    @property
    def lines(self) -> str:
        """As the column ``lines`` wants it."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def chars(self) -> str:
        """As the column ``chars`` wants it."""
        return f"{self.start}-{self.end}"


def span(text: str, start: int, end: int) -> Span:
    r"""The lines on which a run of characters stands.

    >>> span("Chengdu\nNantes", 8, 14)
    Span(first=2, last=2, start=8, end=14)
    """
    first = text.count("\n", 0, start) + 1
    return Span(first, first + text.count("\n", start, max(start, end - 1)), start, end)


def locate(path: Path, words: str) -> Span:
    """Find the one passage of a document that reads like these words.

    Spaces and line ends do not count, since a passage copied from a page has others.

    :raises MaillageError: when the words stand nowhere, or several times.
    """
    text = _read(path)
    parts = [re.escape(part) for part in words.split()]
    found = [m.span() for m in re.finditer(r"\s+".join(parts), text)] if parts else []
    if not found:
        raise MaillageError("no-such-passage", path=path, text=words)
    if len(found) > 1:
        lines = ", ".join(str(span(text, *where).first) for where in found)
        raise MaillageError("several-passages", path=path, n=len(found), lines=lines)
    return span(text, *found[0])


def _read(path: Path) -> str:
    try:
        # newlines as they are: translating them would shift every character after the first
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MaillageError("no-file", path=path) from error


def documents_in(dataset: Dataset, folder: Path) -> dict[URIRef, Path]:
    """The cited documents that are in a folder, recognised by their digest whatever their name.

    :raises MaillageError: when a file bears the name of a cited document and is another text.
    """
    digests = {
        str(digest): source
        for source, digest in dataset.subject_objects(MLG.fileDigest)
        if isinstance(source, URIRef)
    }
    names = {str(name): source for source, name in dataset.subject_objects(MLG.fileName)}
    found: dict[URIRef, Path] = {}
    for path in sorted(folder.iterdir()):
        if not path.is_file():
            continue
        digest = sha256(path.read_bytes()).hexdigest()
        if digest in digests:
            found[digests[digest]] = path
        elif path.name in names:
            source = names[path.name]
            expected = dataset.value(source, MLG.fileDigest)
            values = {"path": path, "found": digest, "source": source, "expected": expected}
            raise MaillageError("digest", **values)
    return found


def verify_spans(dataset: Dataset, documents: dict[URIRef, Path]) -> tuple[int, list[str]]:
    """Compare every cited passage with the documents at hand.

    A citation is good when its characters lie in the text, are not blank at either end, and stand
    on the lines that it names.

    :returns: how many citations were compared, and a line for each bad one.
    """
    texts = {source: _read(path) for source, path in documents.items()}
    count, bad = 0, []
    for evidence in sorted(dataset.subjects(RDF.type, MLG.Evidence), key=str):
        source = dataset.value(evidence, DCTERMS.source)
        if source not in texts:
            continue
        text = texts[source]  # type: ignore[index]  # just seen to be there
        for selector in dataset.objects(evidence, URIRef(_OA + "hasSelector")):
            start = dataset.value(selector, URIRef(_OA + "start"))
            end = dataset.value(selector, URIRef(_OA + "end"))
            if not isinstance(start, Literal) or not isinstance(end, Literal):
                continue
            count += 1
            here = span(text, int(start), int(end))
            lines = dataset.value(URIRef(f"{evidence}#lines"), RDF.value)
            passage = text[here.start : here.end]
            whole = here.end <= len(text) and passage == passage.strip() != ""
            if not whole or str(lines) != f"line={here.first - 1},{here.last}":
                named = parse(str(dataset.value(predicate=MLG.hasEvidence, object=evidence)))
                bad.append(f"{named.kind}/{named.key}" if named else str(evidence))
    return count, bad
