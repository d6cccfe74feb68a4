"""The questions as linked data, so that a SPARQL tool can list them, explain them and run them.

Each is a ``mlg:Question`` and one of SHACL's executables (SHACL, 5.2 and annex), with the whole
query, prefixes included, under ``sh:select``, ``sh:construct`` or ``sh:ask``: the practice of the
SIB Swiss Institute of Bioinformatics for its endpoints (sib-swiss/sparql-examples), whose query
editors read them from there, with ``schema:target`` and ``schema:keywords``. The house's prefixes
are declared beside them (SHACL, 5.2.1). A parameter is described as SHACL Advanced Features (4.1)
describes that of a function: ``sh:path`` ends in the name of the variable.

:func:`catalogue` describes them for a file, :func:`beside` for the store of a release, where such
an editor asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, SDO

from maillage.dumps import nquads
from maillage.errors import MaillageError
from maillage.mint import graph_iri, thing
from maillage.questions import Parameter, Question
from maillage.terms import BASE, ID, MLG, PREFIXES
from maillage.words import LANGUAGES, TAGS, Language, say

__all__ = ["DECLARED", "HOME", "beside", "catalogue"]

#: The named graph in which a store holds the questions, beside the record.
HOME: Final = graph_iri("questions")

#: Where the prefixes are declared, as SHACL has it for an ontology.
DECLARED: Final = URIRef(BASE + "prefixes")

# A query's form is the first keyword after the prologue (SPARQL 1.1, grammar rule 2).
_FORM = re.compile(r"^[ \t]*(SELECT|CONSTRUCT|DESCRIBE|ASK)\b", re.IGNORECASE | re.MULTILINE)
_PROLOGUE = re.compile(r"^[ \t]*PREFIX[^\n]*$", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(r"^#\+[^\n]*\n", re.MULTILINE)

#: Form of a query: the class of SHACL for it and the property that holds its text. SHACL has none
#: for DESCRIBE, whose text would have to stand under a property that nobody defined.
_EXECUTABLES: Final[Mapping[str, tuple[URIRef, URIRef]]] = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
}

_LITERALS: Final[Mapping[str, URIRef]] = {
    "date": XSD.date,
    "text": XSD.string,
    "number": XSD.integer,
}


def catalogue(questions: Mapping[str, Question], endpoint: str = "") -> Graph:
    """Describe questions, each as ``id/question/<name>``, and declare the house's prefixes.

    :param endpoint: the address of a SPARQL endpoint that answers them, if there is one.
    :raises MaillageError: when the query of one has no form that SHACL can hold.
    """
    graph = Graph()
    _declare(graph)
    for question in questions.values():
        _describe(graph, question)
        if endpoint:
            graph.add((thing("question", question.name), SDO.target, URIRef(endpoint)))
    return graph


def beside(questions: Mapping[str, Question]) -> bytes:
    """The same as canonical N-Quads, in a named graph of their own that says what it is.

    No endpoint is named as their target: a release does not know where it will be served, and
    whoever reads them in a store has found an endpoint that answers them. No default either, which
    stands in the text anyway: nothing here refers to a thing of the record, so that what refers to
    a place is what the sources say of it, and not that it serves as an example.

    :raises MaillageError: as :func:`catalogue`.
    """
    dataset = Dataset()
    home = dataset.graph(HOME)
    for subject, predicate, value in catalogue(questions):
        if predicate != SH.defaultValue:
            home.add((subject, predicate, value))
    home.add((HOME, RDF.type, MLG.ReferenceGraph))
    for lang in LANGUAGES:
        label = Literal(say("graph.questions", lang), lang=TAGS[lang])
        home.add((HOME, SKOS.prefLabel, label))
    return nquads(dataset)


def _declare(graph: Graph) -> None:
    graph.add((DECLARED, RDF.type, OWL.Ontology))
    for lang in LANGUAGES:
        graph.add((DECLARED, RDFS.label, Literal(say("publish.prefixes", lang), lang=TAGS[lang])))
    for prefix, namespace in PREFIXES.items():
        node = URIRef(f"{DECLARED}#{prefix}")
        graph.add((DECLARED, SH.declare, node))
        graph.add((node, RDF.type, SH.PrefixDeclaration))
        graph.add((node, SH.prefix, Literal(prefix)))
        graph.add((node, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))


def _describe(graph: Graph, question: Question) -> None:
    node = thing("question", question.name)
    text = _HEADER.sub("", question.sparql).strip() + "\n"
    form = _FORM.search(text)
    if form is None or form[1].upper() not in _EXECUTABLES:
        raise MaillageError("question-form", question=question.name)
    executable, holds = _EXECUTABLES[form[1].upper()]
    for kind in (MLG.Question, SH.SPARQLExecutable, executable):
        graph.add((node, RDF.type, kind))
    graph.add((node, holds, Literal(text)))
    graph.add((node, SH.prefixes, DECLARED))
    graph.add((node, DCTERMS.identifier, Literal(question.name)))
    _say(graph, node, (SKOS.prefLabel, RDFS.label), question.summary)
    _say(graph, node, (DCTERMS.description, RDFS.comment), question.description)
    for tag in question.tags:
        for predicate in (DCAT.keyword, SDO.keywords):
            graph.add((node, predicate, Literal(tag)))
    for order, parameter in enumerate(question.parameters):
        _describe_parameter(graph, question, parameter, order)


def _describe_parameter(graph: Graph, question: Question, parameter: Parameter, order: int) -> None:
    node = thing("question", question.name)
    about = URIRef(f"{node}#parameter-{parameter.name}")
    graph.add((node, SH.parameter, about))
    graph.add((about, RDF.type, SH.Parameter))
    # no property of the data: SHACL takes the name of the variable from the end of the address
    graph.add((about, SH.path, URIRef(f"{node}#{parameter.name}")))
    graph.add((about, SH.optional, Literal(parameter.optional)))
    graph.add((about, SH.order, Literal(order)))
    _say(graph, about, (SH.name,), parameter.label)
    if parameter.is_literal:
        graph.add((about, SH.datatype, _LITERALS[parameter.kinds[0]]))
    else:
        graph.add((about, SH.nodeKind, SH.IRI))
        kinds = "[a-z-]+" if parameter.kinds == ("any",) else f"({'|'.join(parameter.kinds)})"
        graph.add((about, SH.pattern, Literal(f"^{ID}{kinds}/")))
    default = _default(question, parameter)
    if default is not None:
        graph.add((about, SH.defaultValue, default))


def _default(question: Question, parameter: Parameter) -> URIRef | Literal | None:
    """The term between the braces of a parameter, if there is exactly one."""
    line = re.search(
        rf"^[ \t]*(VALUES[ \t]+\?{re.escape(parameter.name)}[ \t]*\{{[^\n]*\}})[ \t]*$",
        question.sparql,
        re.MULTILINE,
    )
    if line is None:
        return None
    # the prefixes may shorten the default; the engine knows how to read them
    prologue = "\n".join(_PROLOGUE.findall(question.sparql))
    query = f"{prologue}\nSELECT ?{parameter.name} {{ {line[1]} }}"
    rows = ox.Store().query(query)
    values = [row[0] for row in rows] if isinstance(rows, ox.QuerySolutions) else []
    if len(values) != 1:
        return None
    if isinstance(value := values[0], ox.NamedNode):
        return URIRef(value.value)
    if isinstance(value, ox.Literal):
        if value.language:
            return Literal(value.value, lang=value.language)
        plain = value.datatype.value == str(XSD.string)
        return Literal(value.value, datatype=None if plain else URIRef(value.datatype.value))
    return None


def _say(
    graph: Graph,
    node: URIRef,
    predicates: tuple[URIRef, ...],
    texts: Mapping[Language, str],
) -> None:
    for predicate in predicates:
        for lang, text in texts.items():
            graph.add((node, predicate, Literal(text, lang=TAGS[lang])))
