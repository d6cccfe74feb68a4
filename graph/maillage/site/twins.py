"""The twins of a page for programs: what it says in Turtle, JSON-LD, N-Triples, RDF/XML, JSON.

All say the same triples: those of the named question ``description``, which gives what is said of
a thing, what refers to it, and the passages. The JSON is framed (JSON-LD 1.1 Framing): the thing
at the top, its passages inside it, short names, its context beside it and never fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from rdflib import Graph, URIRef

from maillage.dumps import write_triples
from maillage.errors import Refused
from maillage.folders import folder, house_text
from maillage.questions import question
from maillage.site.about import About
from maillage.site.addresses import STATIC_TWINS, TWINS
from maillage.site.page import Link
from maillage.site.visit import Opened, Visit
from maillage.store import Store
from maillage.terms import NS

__all__ = ["described", "framed", "last_described", "links", "offered", "written"]

#: Where the context of JSON-LD stands; it is at hand, and never fetched.
_CONTEXT: Final = f"{NS.rstrip('#')}/context"


def offered(about: About) -> Mapping[str, str]:
    """The twins that a page of this site has: the end of their address, and their media type."""
    return STATIC_TWINS if about.static else TWINS


def described(store: Store, iri: str) -> Graph:
    """What is said of a thing, what refers to it, and the passages it rests on."""
    reply = store.query(question("description").bind({"thing": URIRef(iri)}))
    return reply if isinstance(reply, Graph) else Graph()


def last_described(site: Opened, iri: str) -> Graph:
    """The same, kept until another is asked for: a static site wants all twins of a thing."""
    last: dict[str, Graph] = site.once("described", lambda _: {})
    if iri not in last:
        last.clear()
        last[iri] = described(site.store, iri)
    return last[iri]


def written(graph: Graph, iri: str, suffix: str) -> bytes:
    """The triples about a thing in one of the forms of :data:`~maillage.site.addresses.TWINS`."""
    if suffix == "json":
        return framed(graph, iri)
    return write_triples(graph, suffix)


def framed(graph: Graph, iri: str) -> bytes:
    """One thing as a plain JSON object: what is said of it, its passages inside.

    What refers to the thing stands beside it, under ``@included``: each with the one property by
    which it does.
    """
    # PyLD takes a third of a second to import; only who asks for JSON should wait for it.
    from pyld import jsonld  # type: ignore[import-untyped]  # PyLD ships no types

    own = Graph()
    incoming: dict[str, list[str]] = {}
    for s, p, o in graph:
        if str(o) == iri and str(s) != iri:
            incoming.setdefault(_short(str(p)), []).append(str(s))
        else:
            own.add((s, p, o))
    document = json.loads(write_triples(own, "jsonld"))
    made: dict[str, Any] = jsonld.frame(
        document,
        {"@context": _CONTEXT, "id": iri},
        {"documentLoader": _load, "embed": "@always", "omitGraph": True},
    )
    made.pop("@context", None)
    result = {
        "@context": _context(),
        **{name: made[name] for name in sorted(made)},
    }
    if incoming:
        result["@included"] = [
            {"id": subject, prop: {"id": iri}}
            for prop, subjects in sorted(incoming.items())
            for subject in sorted(subjects)
        ]
    return json.dumps(result, ensure_ascii=False, indent=1).encode() + b"\n"


@cache
def _context() -> Mapping[str, Any]:
    text = house_text(folder("ontology") / "context.jsonld")
    found: Mapping[str, Any] = json.loads(text)["@context"]
    return found


def _load(address: str, _: object) -> dict[str, Any]:
    """The loader of documents: the context is at hand, and nothing is ever fetched.

    ``tag`` says that it stays the same, so that it is worked through once, not for each thing.
    """
    if address != _CONTEXT:
        raise Refused("bad-address", address=address)
    document = {"@context": _context()}
    return {"contextUrl": None, "documentUrl": address, "document": document, "tag": "static"}


def _short(iri: str) -> str:
    return iri.removeprefix(NS)


def links(visit: Visit, iri: str, path: str) -> list[Link]:
    """What a page about a thing says of its other forms, for its head and the Link header.

    :param path: of the page, without the slash at its end: ``/doc/place/fr``.
    """
    forms: list[Link] = [
        (visit.href(f"{path}.{suffix}"), {"rel": "alternate", "type": media_type})
        for suffix, media_type in offered(visit.about).items()
    ]
    void: Link = (visit.href("/.well-known/void"), {"rel": "describedby", "type": "text/turtle"})
    return [*forms, void, (iri, {"rel": "cite-as"})]
