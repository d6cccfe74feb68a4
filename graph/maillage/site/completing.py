"""What the scripts of the site ask for while somebody writes: terms, and things by name.

``/sparql/terms.json`` holds the prefixes of the house, and the classes and properties of the graph
with their labels; ``/sparql/things.json?q=…`` the things whose names are, begin with or hold what
was written, narrowed by ``kinds`` (``place,organisation``), their names in ``lang``.
"""

from __future__ import annotations

import json
from typing import Final, cast

from rdflib import URIRef

from maillage.mint import parse
from maillage.site.finding import finding, typed
from maillage.site.naming import short
from maillage.site.page import Page
from maillage.site.visit import Opened, Visit
from maillage.terms import BASE, PREFIXES
from maillage.words import LANGUAGES, Language

__all__ = ["terms", "things"]

_THINGS: Final = 20  # that are suggested for the beginning of a name
_JSON: Final = "application/json"

_KINDS: Final = f"""
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX rdf: <{PREFIXES["rdf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT DISTINCT ?term ?kind WHERE {{
  {{ ?thing a ?term . BIND("class" AS ?kind) }}
  UNION {{ VALUES ?of {{ owl:Class rdfs:Class }} ?term a ?of . BIND("class" AS ?kind) }}
  UNION {{ SELECT DISTINCT ?term ?kind {{ ?s ?term ?o . BIND("property" AS ?kind) }} }}
  UNION {{
    VALUES ?of {{ owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdf:Property }}
    ?term a ?of . BIND("property" AS ?kind)
  }}
}} ORDER BY ?term ?kind
"""


def terms(visit: Visit) -> Page:
    """Prefixes, and the classes and properties of the graph with their labels."""
    body = visit.site.once("terms.json", _terms_body)
    return Page(200, _JSON, cast("bytes", body))


def _terms_body(opened: Opened) -> bytes:
    told = []
    for term, kind in opened.store.select(_KINDS).rows:
        name = short(str(term))
        if not isinstance(term, URIRef) or name.startswith("http"):
            continue
        labels = {lang: opened.naming.label(term, lang).text for lang in LANGUAGES}
        if labels["en"] == name:
            labels = {}
        told.append({"name": name, "kind": str(kind), "labels": labels})
    document = {"prefixes": dict(PREFIXES), "base": BASE, "terms": told}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def things(visit: Visit) -> Page:
    """Things whose names are, begin with or hold what was typed."""
    kinds = [kind for kind in visit.first("kinds").split(",") if kind]
    wanted = visit.first("lang")
    lang: Language = next((lang for lang in LANGUAGES if lang == wanted), visit.lang)
    names = finding(visit.site)
    found = []
    for thing in names.begun(visit.first("q"), kinds, _THINGS):
        label = visit.naming.label(thing, lang).text
        own = parse(thing)
        sure = names.bearers(label, kinds) == [thing]
        found.append(
            {
                "iri": str(thing),
                "label": label,
                "kind": own.kind if own else "",
                "written": label if sure else typed(thing, kinds),
            }
        )
    return Page(200, _JSON, json.dumps({"things": found}, ensure_ascii=False).encode())
