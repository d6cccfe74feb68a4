"""How to cite a release: CITATION.cff, BibTeX and CSL-JSON, for people's reference managers.

The Citation File Format is version 1.2.0 (doi:10.5281/zenodo.5171937), which GitHub and Zenodo
read; BibTeX is for LaTeX, CSL-JSON for Zotero and pandoc. Who cites a release cites its address,
which says nothing of the host where it stands today.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

import yaml

from maillage.describe import Release
from maillage.words import say

__all__ = ["citations"]

_AUTHOR: Final = "The Maillage team"
# What LaTeX reads as a command (TeX's special characters).
_SPECIAL = re.compile(r"[&%$#_{}]")


def citations(this: Release) -> Mapping[str, bytes]:
    """The files with which a release is cited, by name."""
    title = say("publish.part.graph.title")
    abstract = say("publish.part.graph.description")
    words = say("publish.keywords").split("; ")
    return {
        "CITATION.cff": _cff(this, title, abstract, words),
        "citation.bib": _bibtex(this, title),
        "citation.csl.json": _csl(this, title, abstract),
    }


def _cff(this: Release, title: str, abstract: str, words: list[str]) -> bytes:
    told = {
        "cff-version": "1.2.0",
        "message": say("publish.cite"),
        "type": "dataset",
        "title": title,
        "abstract": abstract,
        "authors": [{"name": _AUTHOR}],
        "version": this.id,
        "date-released": this.date,
        "url": str(this.address),
        "license": "CC-BY-4.0",
        "keywords": words,
    }
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=100).encode()


def _bibtex(this: Release, title: str) -> bytes:
    fields = {
        "author": f"{{{_AUTHOR}}}",
        "title": f"{{{_SPECIAL.sub(lambda found: chr(92) + found[0], title)}}}",
        "year": this.date[:4],
        "version": this.id,
        "howpublished": rf"\url{{{this.address}}}",
        "note": "CC BY 4.0",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{maillage-{this.id},\n{lines}\n}}\n".encode()


def _csl(this: Release, title: str, abstract: str) -> bytes:
    item = {
        "id": f"maillage-{this.id}",
        "type": "dataset",
        "title": title,
        "abstract": abstract,
        "author": [{"literal": _AUTHOR}],
        "issued": {"date-parts": [[int(part) for part in this.date.split("-")]]},
        "version": this.id,
        "publisher": say("publish.publisher"),
        "URL": str(this.address),
        "license": "CC-BY-4.0",
        "language": "en",
    }
    return json.dumps([item], ensure_ascii=False, indent=1).encode() + b"\n"
