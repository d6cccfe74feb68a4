"""A release as a research package: ``ro-crate-metadata.json``, after RO-Crate 1.1.

RO-Crate (doi:10.3233/DS-210053) is how Zenodo, WorkflowHub and data repositories pass a folder of
research data on with its description. The library ``rocrate`` makes the entities and their
references; it would date the package by the clock, so the dates are those of the release, and
what it makes is sorted: the same files give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rocrate.model.contextentity import ContextEntity  # type: ignore[import-untyped]  # no types
from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]  # likewise

from maillage.describe import LICENCE, PUBLISHER, File, Release
from maillage.words import LANGUAGES, TAGS, say

__all__ = ["METADATA", "crate"]

METADATA: Final = "ro-crate-metadata.json"
_VERSION: Final = "1.1"


def crate(
    this: Release, files: Sequence[File], extra: Mapping[str, str], sources: Mapping[str, str]
) -> bytes:
    """The description of a release as a research package, to stand beside its files.

    :param extra: what else lies in the folder, with media types (the licence, the citation).
    :param sources: titles of the documents from which the graph was made, by address.
    """
    made = ROCrate(version=_VERSION)
    publisher = _context(made, str(PUBLISHER), "Organization", name=say("publish.publisher"))
    licence = _context(
        made,
        str(LICENCE),
        "CreativeWork",
        name="Creative Commons Attribution 4.0 International",
        identifier="CC-BY-4.0",
    )
    root = made.root_dataset
    root["name"] = say("publish.part.graph.title")
    root["description"] = say("publish.part.graph.description")
    root["alternateName"] = [say("publish.part.graph.title", lang) for lang in LANGUAGES]
    root["keywords"] = say("publish.keywords").split("; ")
    root["identifier"] = str(this.address)
    root["version"] = this.id
    root["inLanguage"] = [TAGS[lang] for lang in LANGUAGES]
    root["datePublished"] = this.date
    root["license"] = licence
    root["author"] = root["publisher"] = publisher
    root["isBasedOn"] = [
        _context(made, address, "CreativeWork", name=title)
        for address, title in sorted(sources.items())
    ]
    for file in files:
        told = {
            "name": say(file.label, file=file.path),
            "encodingFormat": file.media_type,
            "contentSize": str(file.size),
            "sha256": file.digest,
            "license": {"@id": str(LICENCE)},
        }
        made.add_file(dest_path=file.path, properties=told)
    for path, media_type in sorted(extra.items()):
        made.add_file(dest_path=path, properties={"name": path, "encodingFormat": media_type})
    return _sorted(made.metadata.generate())


def _context(made: ROCrate, address: str, kind: str, **told: str) -> ContextEntity:
    """Something that the package speaks of and that lies outside of it."""
    found: ContextEntity = made.add(ContextEntity(made, address, {"@type": kind, **told}))
    return found


def _sorted(document: dict[str, Any]) -> bytes:
    """The same package in the same bytes: the metadata and the root first, then by address."""
    first = (METADATA, "./")

    def place(entity: Mapping[str, Any]) -> tuple[int, str]:
        name = str(entity["@id"])
        return (first.index(name) if name in first else len(first)), name

    document["@graph"] = sorted(document["@graph"], key=place)
    parts = next(e for e in document["@graph"] if e["@id"] == "./")["hasPart"]
    parts.sort(key=lambda part: str(part["@id"]))
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    return text.encode() + b"\n"


def read_back(folder: Path) -> int:
    """How many files of a package its library finds, every one of them on the disk.

    :raises ValueError: when the library reads something else than was written.
    """
    found = ROCrate(folder)
    missing = [e.id for e in found.data_entities if not (folder / e.id).is_file()]
    if missing or found.root_dataset["datePublished"] is None:
        raise ValueError(", ".join(missing) or "datePublished")
    return len(found.data_entities)
