"""JSON-LD that a person can read: the house's short names, the context inside, nothing to fetch.

Each value stands under the shortest name whose context entry says exactly what the value is; a
value that no entry fits stands under the full address of its property, spelled out. So nothing is
changed by the way: numbers are written as text with their type, since a JSON number loses its
written form (JSON-LD 1.1 API, 8.2.2: ``48.50`` would come back as ``4.85E1``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from maillage.folders import folder, house_text

__all__ = ["write_jsonld"]

_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

Node = dict[str, Any]


class _Term(NamedTuple):
    """A name of the context for a property: how it reads its values."""

    name: str
    type: str
    container: str


class _Context(NamedTuple):
    document: Mapping[str, Any]
    classes: Mapping[str, str]
    properties: Mapping[str, tuple[_Term, ...]]


@cache
def _context() -> _Context:
    """Read the house's context once, with every address in full."""
    document = json.loads(house_text(folder("ontology") / "context.jsonld"))["@context"]

    def full(text: str) -> str:
        prefix, colon, local = text.partition(":")
        namespace = document.get(prefix)
        known = colon and isinstance(namespace, str) and not local.startswith("//")
        return namespace + local if known else text

    classes: dict[str, str] = {}
    properties: dict[str, list[_Term]] = defaultdict(list)
    for name, entry in document.items():
        if isinstance(entry, dict):
            kind = full(entry.get("@type", ""))
            properties[full(entry["@id"])].append(_Term(name, kind, entry.get("@container", "")))
        # a bare name for an address; a prefix ends in # or / and names no class
        elif isinstance(entry, str) and entry[0] != "@" and entry[-1] not in "#/":
            classes[full(entry)] = name
    return _Context(document, classes, {iri: tuple(terms) for iri, terms in properties.items()})


def write_jsonld(
    quads: Iterable[ox.Quad | ox.Triple], tags: Mapping[str, str] | None = None
) -> bytes:
    """Write quads, or triples, as JSON-LD with the context inside.

    :param quads: in the order in which they are to stand.
    :param tags: how language tags are written, by their lower-case form (the engine's own).
    """
    spelled = tags or {}
    graphs: dict[str, dict[str, Node]] = {}
    for quad in quads:
        graph = quad.graph_name if isinstance(quad, ox.Quad) else ox.DefaultGraph()
        nodes = graphs.setdefault("" if isinstance(graph, ox.DefaultGraph) else _id(graph), {})
        subject = _id(quad.subject)
        _add(nodes.setdefault(subject, {"id": subject}), quad.predicate.value, quad.object, spelled)
    content: list[Node] = list(graphs.pop("", {}).values())
    content += [{"id": name, "@graph": list(nodes.values())} for name, nodes in graphs.items()]
    document = {"@context": _context().document, "@graph": content}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _id(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _add(node: Node, predicate: str, value: object, spelled: Mapping[str, str]) -> None:
    """Add one value to a node, under the shortest name that says what it is."""
    context = _context()
    terms = context.properties.get(predicate, ())
    if not isinstance(value, ox.Literal):
        name = _id(value)
        if predicate == _TYPE:
            _append(node, "type", context.classes.get(name, name))
        elif term := _fitting(terms, "@id", ""):
            _append(node, term, name)
        else:
            _append(node, predicate, {"@id": name})
    elif value.language:
        language = spelled.get(value.language, value.language)
        if term := _fitting(terms, "", "@language"):
            _append(node.setdefault(term, {}), language, value.value)
        else:
            _append(node, predicate, {"@language": language, "@value": value.value})
    else:
        datatype = value.datatype.value
        plain = datatype == _STRING
        if term := _fitting(terms, "" if plain else datatype, ""):
            _append(node, term, value.value)
        elif plain:
            _append(node, predicate, {"@value": value.value})
        else:
            _append(node, predicate, {"@type": datatype, "@value": value.value})


def _fitting(terms: tuple[_Term, ...], type_: str, container: str) -> str:
    return next((t.name for t in terms if (t.type, t.container) == (type_, container)), "")


def _append(node: Node, name: str, value: object) -> None:
    """One value stands by itself, several in an array."""
    if name not in node:
        node[name] = value
    elif isinstance(node[name], list):
        node[name].append(value)
    else:
        node[name] = [node[name], value]
