"""The JSON-LD context of Maillage, derived from the vocabulary, so that it cannot drift from it.

Names of ours stand bare (``hasParty``); borrowed ones keep their prefix (``schema:location``), so
that two vocabularies never fight for one word. The context is always written inside the document
that needs it: nothing that Maillage makes is fetched from another host.

Print it with ``python -m maillage.context``.
"""

from __future__ import annotations

import json
import sys
from typing import Final

from rdflib import OWL, RDF, RDFS, XSD, Graph
from rdflib.namespace import SDO

from maillage.folders import folder, house_text
from maillage.terms import NS, PREFIXES

__all__ = ["context", "dumps"]

_PROPERTY_KINDS: Final = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)

Entry = str | dict[str, str]


def context(vocabulary: Graph) -> dict[str, dict[str, Entry | float]]:
    """Make the JSON-LD 1.1 context of a vocabulary.

    An object property, or a borrowed one whose values are resources (``schema:rangeIncludes
    rdfs:Resource``), takes addresses; one whose ``schema:rangeIncludes`` is ``rdf:langString``
    takes a map from language to text; any other datatype is the literal's type.

    :param vocabulary: the vocabulary, as parsed from ``ontology/vocabulary.ttl``.
    :returns: an object to embed as it is: ``{"@context": {…}}``, its keys in a fixed order.

    >>> from maillage.terms import MLG
    >>> vocabulary = Graph().add((MLG.hasParty, RDF.type, OWL.ObjectProperty))
    >>> context(vocabulary)["@context"]["hasParty"]
    {'@id': 'mlg:hasParty', '@type': '@id'}
    """
    entries: dict[str, Entry | float] = {"@version": 1.1, "id": "@id", "type": "@type"}
    entries.update(sorted(PREFIXES.items()))
    entries.update(sorted(_classes(vocabulary).items()))
    entries.update(sorted(_properties(vocabulary).items()))
    return {"@context": entries}


def dumps(vocabulary: Graph) -> str:
    """Write the context as text: the same vocabulary gives the same bytes."""
    return json.dumps(context(vocabulary), ensure_ascii=False, indent=2) + "\n"


def _classes(vocabulary: Graph) -> dict[str, str]:
    classes = vocabulary.subjects(RDF.type, OWL.Class)
    return {str(c).removeprefix(NS): _short(c) for c in classes if str(c).startswith(NS)}


def _properties(vocabulary: Graph) -> dict[str, Entry]:
    ours = {p for kind in _PROPERTY_KINDS for p in vocabulary.subjects(RDF.type, kind)}
    borrowed = set(vocabulary.subjects(SDO.rangeIncludes))
    made: dict[str, Entry] = {}
    for prop in ours | borrowed:
        values = set(vocabulary.objects(prop, SDO.rangeIncludes))
        entry = {"@id": _short(prop)}
        if (prop, RDF.type, OWL.ObjectProperty) in vocabulary or RDFS.Resource in values:
            entry["@type"] = "@id"
        elif RDF.langString in values:
            entry["@container"] = "@language"
        elif values and values != {XSD.string}:
            entry["@type"] = _short(min(values, key=str))
        made[str(prop).removeprefix(NS) if str(prop).startswith(NS) else _short(prop)] = entry
    return made


def _short(iri: object) -> str:
    """Abbreviate an address by the longest prefix that fits; leave it whole when none does."""
    text = str(iri)
    fitting = [(ns, prefix) for prefix, ns in PREFIXES.items() if text.startswith(ns)]
    if not fitting:
        return text
    namespace, prefix = max(fitting)
    return f"{prefix}:{text.removeprefix(namespace)}"


def _main() -> None:
    text = house_text(folder("ontology") / "vocabulary.ttl")
    made = dumps(Graph().parse(data=text, format="turtle"))
    sys.stdout.buffer.write(made.encode())  # UTF-8 and LF on every system


if __name__ == "__main__":
    _main()
