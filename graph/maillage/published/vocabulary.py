"""The context of JSON-LD at an address with a version, and what a version changed in the terms.

A document that names ``ns/context/0.1.0.jsonld`` keeps its meaning when the vocabulary grows;
``ns/context.jsonld`` is always the newest.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from rdflib import OWL, Graph, URIRef

from maillage.folders import folder, house_text
from maillage.published.history import Change, History
from maillage.published.pages import refreshing
from maillage.site.visit import Opened, Visit
from maillage.terms import NS, PREFIXES
from maillage.words import LANGUAGES

__all__ = ["CHANGES", "changed_terms", "contexts", "leading", "version"]

#: The page on what changed in the vocabulary, from the root of the site.
CHANGES: Final = "/ns/changes/"


@cache
def version() -> str:
    """The version of the vocabulary, as it says itself (``owl:versionInfo``)."""
    text = house_text(folder("ontology") / "vocabulary.ttl")
    vocabulary = Graph().parse(data=text, format="turtle")
    return str(vocabulary.value(URIRef(NS), OWL.versionInfo))


def leading() -> dict[str, bytes]:
    """Small pages at the addresses of the context and of this version, for hosts without rules."""
    return {
        "ns/context/index.html": refreshing("../context.jsonld"),
        f"ns/{version()}/index.html": refreshing("../"),
    }


def contexts() -> dict[str, bytes]:
    """The context, by file: the newest, and that of this version of the vocabulary."""
    content = house_text(folder("ontology") / "context.jsonld").encode()
    return {"ns/context.jsonld": content, f"ns/context/{version()}.jsonld": content}


def changed_terms(opened: Opened, before: History) -> Iterator[tuple[str, bytes]]:
    """The page on what changed in the vocabulary since the release before, in each language.

    Nothing when no release was compared; a page that says so when nothing changed.
    """
    if before.full is None:
        return
    shown = [_shown(change) for change in before.terms]
    for prefix in ("", *(f"/{lang}" for lang in LANGUAGES)):
        visit = Visit(opened, prefix + CHANGES, _language(prefix), bool(prefix), {})
        page = visit.html(
            "changes.html.j2",
            title=visit.say("changes-title"),
            version=version(),
            before=before,
            changes=shown,
        )
        yield f"{prefix}{CHANGES}index.html".removeprefix("/"), page.body


def _language(prefix: str) -> Any:
    return prefix.removeprefix("/") or "en"


def _shown(change: Change) -> dict[str, Any]:
    """A change as the page writes it: names short, addresses apart from texts."""
    return {
        "term": change.term,
        "name": change.term.removeprefix(NS) or NS,
        "property": _short(change.property),
        "before": [_short(value) for value in change.before],
        "after": [_short(value) for value in change.after],
    }


def _short(text: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text
