"""Asking: a named question or a query of one's own, one document or all, today or another day.

An answer is whole or an error. An empty answer comes with the reason (:func:`why_empty`), and any
row can be asked for the passages that it rests on (:func:`evidence_of`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rdflib import XSD, Literal, URIRef
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, Node, Variable

from maillage.dates import bounds
from maillage.errors import MaillageError, Unknown
from maillage.mint import graph_iri, parse
from maillage.questions import Parameter, Question
from maillage.resolve import Finder, Labels
from maillage.store import Answer, Reply, Store
from maillage.terms import NS, PREFIXES
from maillage.words import Language, best, say

__all__ = ["Passage", "answer", "evidence_of", "graphs_for", "terms", "why_empty"]

_HEAD = "".join(f"PREFIX {prefix}: <{start}>\n" for prefix, start in PREFIXES.items())


def terms(
    question: Question, values: Mapping[str, str], names: Finder, lang: Language
) -> dict[str, Node]:
    """What a person typed for the parameters, as terms.

    :raises Unknown: when a parameter or a name does not exist.
    :raises Ambiguous: when several things bear a name.
    """
    found: dict[str, Node] = {}
    for name, text in values.items():
        parameter = question.parameter(name)
        if parameter.is_literal:
            found[name] = _literal(parameter, text)
        else:
            kinds = () if parameter.kinds == ("any",) else parameter.kinds
            found[name] = names.find(text, kinds, lang)
    return found


def _literal(parameter: Parameter, text: str) -> Literal:
    kind = parameter.kinds[0]
    try:
        if kind == "date":
            day = _last_day if parameter.name == "to" else _day
            return Literal(day(text), datatype=XSD.date)
        if kind == "number":
            return Literal(int(text))
    except ValueError as error:
        wrong = "bad-date" if kind == "date" else "bad-number"
        raise MaillageError(wrong, name=parameter.name, text=text) from error
    return Literal(text)


def _day(text: str) -> date:
    """A day as people type it; a year or a month alone is its first day.

    >>> _day("2014"), _day("2014-11-06")
    (datetime.date(2014, 1, 1), datetime.date(2014, 11, 6))
    """
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text):
        raise ValueError(text)
    return date.fromisoformat((text + "-01-01")[:10])


def _last_day(text: str) -> date:
    """The day up to which people mean: of a year or a month its last.

    >>> _last_day("2014"), _last_day("2016-02")
    (datetime.date(2014, 12, 31), datetime.date(2016, 2, 29))
    """
    _day(text)
    last = bounds(text)[1]
    if last is None:
        raise ValueError(text)
    return last


def graphs_for(store: Store, source: URIRef) -> list[URIRef]:
    """The graphs to ask when only one document may speak.

    :raises Unknown: when nothing in the graph comes from that source.
    """
    rows = store.select(
        f"{_HEAD}SELECT ?graph ?source ?kind WHERE {{ ?graph a ?class ."
        " VALUES ?class { mlg:SourceGraph mlg:InferredGraph mlg:EvidenceGraph mlg:DerivedGraph"
        " mlg:ReferenceGraph } OPTIONAL { ?graph mlg:isAssertedFrom ?source ."
        " ?source dcterms:type ?kind } } ORDER BY ?graph"
    ).rows
    graphs = [(URIRef(g), None if of is None else URIRef(of)) for g, of, _ in rows if g]
    if not any(of == source for _, of in graphs):
        raise Unknown("source-says-nothing", source=source)
    # gazetteers and laws say what places are; without them no place would have a name or country
    reference = {URIRef(of) for _, of, kind in rows if of and str(kind) in {"gazetteer", "law"}}
    # what was derived from all documents together would speak for the others, too
    mixed = {graph_iri(n) for n in ("shortcuts", "wikidata", "disagreements", "consensus")}
    return sorted(
        graph
        for graph, of in graphs
        if graph not in mixed and (of is None or of == source or of in reference)
    )


def answer(
    store: Store,
    question: Question,
    given: Mapping[str, Node],
    graphs: Sequence[URIRef] | None = None,
) -> Reply:
    """Ask a named question with these terms for its parameters."""
    return tidy(store.query(question.bind(given), graphs))


def tidy(reply: Reply) -> Reply:
    """Put the addresses inside a concatenated list in one order: engines differ there."""
    if not isinstance(reply, Answer):
        return reply
    return Answer(reply.variables, [tuple(map(_sorted_list, row)) for row in reply.rows])


def _sorted_list(term: Identifier | None) -> Identifier | None:
    if isinstance(term, Literal) and term.datatype is None and term.language is None:
        parts = str(term).split(" ")
        if len(parts) > 1 and all(re.match(r"https?://\S+$", part) for part in parts):
            return Literal(" ".join(sorted(parts)))
    return term


@dataclass(frozen=True)
class Passage:
    """Where a claim stands: the document, the place in it, and how certain the claim is."""

    thing: str
    source: str
    title: str
    lines: str
    characters: tuple[int, int] | None
    page: str
    section: str
    certainty: str
    reason: str
    address: str

    def text(self, lang: Language) -> str:
        """One line that says where to look, never what is written there."""
        parts = [self.title]
        if self.page:
            parts.append(say("passage.page", lang, page=self.page))
        if self.lines:
            key = "passage.lines" if "–" in self.lines else "passage.line"
            parts.append(say(key, lang, lines=self.lines))
        if self.characters:
            start, end = self.characters
            parts.append(say("passage.characters", lang, start=start, end=end))
        if self.section:
            parts.append(say("passage.section", lang, section=self.section))
        where = ", ".join(parts)
        reason = f" ({self.reason})" if self.reason else ""
        return f"{where} [{self.certainty}]{reason}"


_EVIDENCE = (
    _HEAD
    + """
SELECT ?thing ?evidence ?source ?fragment ?start ?end ?page ?section ?certainty ?address
WHERE {{
  VALUES ?thing {{ {things} }}
  ?thing mlg:hasEvidence ?evidence .
  ?evidence dcterms:source ?source ; mlg:hasCertainty ?certainty .
  OPTIONAL {{ ?evidence oa:hasSelector ?where . ?where oa:start ?start ; oa:end ?end }}
  OPTIONAL {{ ?evidence oa:hasSelector ?line . ?line rdf:value ?fragment }}
  OPTIONAL {{ ?evidence mlg:page ?page }}
  OPTIONAL {{ ?evidence mlg:section ?section }}
  OPTIONAL {{ ?source schema:url ?address }}
}}
ORDER BY ?thing ?source ?start ?evidence
"""
)


def evidence_of(
    store: Store,
    things: Iterable[URIRef],
    names: Labels,
    lang: Language,
    graphs: Sequence[URIRef] | None = None,
) -> dict[URIRef, list[Passage]]:
    """The passages on which things rest, by thing, in the order of the documents."""
    wanted = sorted({thing for thing in things if parse(thing)})
    found: dict[URIRef, list[Passage]] = {thing: [] for thing in wanted}
    if not wanted:
        return found
    listed = " ".join(thing.n3() for thing in wanted)
    for row in store.select(_EVIDENCE.format(things=listed), graphs).rows:
        about, evidence, source, fragment, start, end, page, section, certainty, address = row
        found[URIRef(str(about))].append(
            Passage(
                thing=str(about),
                source=str(source),
                title=names.label(URIRef(str(source)), lang),
                lines=_lines(fragment),
                characters=(int(start), int(end))
                if start is not None and end is not None
                else None,
                page=str(page or ""),
                section=str(section or ""),
                certainty=names.label(URIRef(str(certainty)), lang),
                reason=_reason(store, URIRef(str(evidence)), lang),
                address=str(address or ""),
            )
        )
    return found


def _lines(fragment: Identifier | None) -> str:
    """Lines as people count them from an RFC 5147 fragment: ``line=46,51`` is 47 to 51."""
    if fragment is None:
        return ""
    first, last = map(int, str(fragment).removeprefix("line=").split(","))
    return str(last) if first + 1 == last else f"{first + 1}–{last}"


def _reason(store: Store, evidence: URIRef, lang: Language) -> str:
    rows = store.select(f"SELECT ?r {{ {evidence.n3()} <{NS}reason> ?r }} ORDER BY ?r").rows
    pairs = [(text.language or "", str(text)) for (text,) in rows if isinstance(text, Literal)]
    return best(pairs, lang) or ""


def why_empty(
    store: Store,
    sparql: str,
    question: Question | None,
    given: Mapping[str, Node],
    names: Labels,
    lang: Language,
    graphs: Sequence[URIRef] | None = None,
) -> str:
    """Say which part of a question matched nothing, or that nothing is documented."""
    for name in given:
        if question is None:
            break
        others = {key: term for key, term in given.items() if key != name}
        open_again = replace(question, sparql=question.without(name)).bind(others)
        reply = store.query(open_again, graphs)
        if isinstance(reply, Answer) and reply.rows:
            term = given[name]
            shown = names.label(term, lang) if isinstance(term, URIRef) else str(term)
            values = {"name": name, "value": shown, "n": len(reply.rows)}
            return say("empty.parameter", lang, **values)
    if graphs is not None and _has_rows(store.query(sparql)):
        return say("empty.source", lang)
    patterns = _patterns(sparql)
    for pattern in patterns:
        if not store.query(f"ASK {{ {pattern} }}", graphs):
            return say("empty.pattern", lang, pattern=_short(pattern))
    for n in range(1, len(patterns)):
        if not store.query(f"ASK {{ {' . '.join(patterns[: n + 1])} }}", graphs):
            return say("empty.together", lang, pattern=_short(patterns[n]))
    return say("empty.undocumented", lang)


def _has_rows(reply: Reply) -> bool:
    return bool(reply.rows if isinstance(reply, Answer) else reply)


@lru_cache(maxsize=64)  # the same question in three languages is read once
def _patterns(sparql: str) -> tuple[str, ...]:
    """The triple patterns that a query must match, each as SPARQL by itself."""
    try:
        algebra = translateQuery(parseQuery(sparql)).algebra
    except Exception as error:  # noqa: BLE001  # rdflib's parser raises bare Exceptions on text that Oxigraph accepts
        del error
        return ()
    return tuple(_required(algebra))


def _required(part: object) -> Iterator[str]:
    """Walk the algebra, leaving out what may be absent (OPTIONAL, UNION, MINUS, filters)."""
    if not isinstance(part, CompValue):
        return
    if part.name == "BGP":
        for triple in part.triples:
            yield " ".join(_written(term) for term in triple)
    elif part.name in {"LeftJoin", "Minus"}:
        yield from _required(part.p1)
    elif part.name == "Graph":
        inner = " . ".join(_required(part.p))
        if inner:
            yield f"GRAPH {_written(part.term)} {{ {inner} }}"
    elif part.name == "Join":
        yield from _required(part.p1)
        yield from _required(part.p2)
    elif part.name != "Union" and "p" in part:
        yield from _required(part.p)


def _written(term: Node) -> str:
    # rdflib gives a blank node of a query as a node; in a pattern it is a variable like any other
    if isinstance(term, (Variable, URIRef, Literal)):
        return term.n3()
    written = getattr(term, "n3", None)
    text = str(written()) if callable(written) else str(term)
    return re.sub(r"^_:", "?b", text)


def _short(pattern: str) -> str:
    """A pattern with our prefixes, for reading."""
    for prefix, start in PREFIXES.items():
        pattern = re.sub(rf"<{re.escape(start)}([\w-]+)>", rf"{prefix}:\1", pattern)
    return pattern
