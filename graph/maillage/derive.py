"""What follows from the claims, each kind in a graph of its own and marked as derived.

``bounds``          the first and last day that a thing's dates may mean
``disagreements``   where sources contradict each other, who says what, and which value wins
``consensus``       one value for each single-valued property of each thing, by the rule below
``shortcuts``       the direct link between two partners, proposed or not
``succession``      what replaces a body that has ended, from the changes
``wikidata``        ``wdt:P190`` (twinned body), for twinnings only
``names``           other names, from mentions and from what people decided; labels of what is
                    known by what it joins
``identified``      what an unidentified mention designates, since a person decided it

The rule of the consensus: (1) a value that only says another one more exactly replaces it (26
October 2005 for 2005); (2) the value of better certainty wins: stated, to be confirmed, inferred,
disputed; (3) then the value that more sources give; (4) on a tie there is no consensus, and the
graph says so. A source is never preferred for its publisher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from rdflib import RDF, SKOS, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Identifier, Node

from maillage.dates import bounds, refines
from maillage.mint import fingerprint, graph_iri, parse, thing
from maillage.terms import MLG, PREFIXES
from maillage.words import LANGUAGES, TAGS, best, fold, say

__all__ = ["DERIVED", "derive", "pairs"]

#: The graphs that :func:`derive` makes, by name.
DERIVED = (
    "bounds",
    "consensus",
    "disagreements",
    "identified",
    "names",
    "shortcuts",
    "succession",
    "wikidata",
)

_ORG = Namespace(PREFIXES["org"])
_EDTF = URIRef(PREFIXES["edtf"] + "EDTF")
_TWINNED_BODY = URIRef(PREFIXES["wdt"] + "P190")
_CERTAINTIES = ("stated", "to-be-confirmed", "inferred", "disputed")
_TENTATIVE = frozenset({"proposed", "to-be-confirmed", "in-negotiation"})

# Who says a value: the source and how certain the claim is.
Said = tuple[URIRef, str]
Values = dict[Identifier, set[Said]]


def derive(dataset: Dataset) -> None:
    """Add the derived graphs to a dataset that holds the claims and the ontology."""
    claims = _claims(dataset)
    consensus = _compare(dataset, claims)
    _bound(dataset, consensus)
    _shorten(dataset, consensus)
    _identify(dataset)
    _succeed(dataset)
    _name(dataset)
    for name in DERIVED:
        graph = graph_iri(name)
        catalogue = dataset.graph(graph_iri("catalogue"))
        catalogue.add((graph, RDF.type, MLG.DerivedGraph))
        for lang in LANGUAGES:
            label = Literal(say(f"graph.{name}", lang), lang=TAGS[lang])
            catalogue.add((graph, SKOS.prefLabel, label))


def _claims(dataset: Dataset) -> dict[tuple[URIRef, URIRef], Values]:
    """Every value of a single-valued property, with the sources that give it."""
    single = set(dataset.subjects(MLG.expectsOneValue, Literal(True)))
    certainty: dict[tuple[Node, Node, Node], str] = {}
    for evidence in dataset.subjects(RDF.type, MLG.Evidence):
        source = dataset.value(evidence, DCTERMS.source)
        level = parse(str(dataset.value(evidence, MLG.hasCertainty)))
        about = dataset.value(predicate=MLG.hasEvidence, object=evidence)
        for predicate in dataset.objects(evidence, MLG.bearsOn):
            # an inferred claim stands in a graph of its own, which already says how certain it is
            if level and level.key != "inferred" and about and source:
                known = certainty.get((about, predicate, source), level.key)
                certainty[about, predicate, source] = min(known, level.key, key=_CERTAINTIES.index)
    found: dict[tuple[URIRef, URIRef], Values] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value, graph in dataset.quads():
        name = parse(str(graph))
        if predicate not in single or name is None or "--" not in name.key:
            continue
        part, _, key = name.key.partition("--")
        if part not in {"source", "inferred"}:
            continue
        source = thing("source", key)
        known = certainty.get((subject, predicate, source), "stated")
        said = (source, "inferred" if part == "inferred" else known)
        found[subject, predicate][value].add(said)  # type: ignore[index]  # a claim's subject is an address
    return found


def _compare(
    dataset: Dataset, claims: dict[tuple[URIRef, URIRef], Values]
) -> dict[tuple[URIRef, URIRef], Identifier]:
    """Write down the disagreements; return what the sources agree on or the rule decides."""
    agreed: dict[tuple[URIRef, URIRef], Identifier] = {}
    written, decided = (dataset.graph(graph_iri(n)) for n in ("disagreements", "consensus"))
    for (subject, predicate), values in sorted(claims.items()):
        rivals = _exact(values)
        winner, reason = _decide(rivals)
        if len(rivals) > 1:
            _write(written, subject, predicate, rivals, winner, reason)
        if winner is not None:
            agreed[subject, predicate] = winner
            decided.add((subject, predicate, winner))
    for subject, rivals in sorted(_rival_names(dataset).items()):
        winner, reason = _decide(rivals)
        _write(written, subject, MLG.writtenForm, rivals, winner, reason)
    return agreed


def _exact(values: Values) -> Values:
    """Leave out dates that another date says more exactly; their sources then support that one.

    A vague date that several rivals say more exactly speaks for none of them.
    """
    kept = {value: set(said) for value, said in values.items()}
    dates = [v for v in values if isinstance(v, Literal) and v.datatype == _EDTF]
    for vague in dates:
        finer = [d for d in dates if d in kept and _says_more(str(d), str(vague))]
        finest = [d for d in finer if not any(_says_more(str(e), str(d)) for e in finer)]
        if finest and vague in kept:
            said = kept.pop(vague)
            if len(finest) == 1:
                kept[finest[0]] |= said
    return kept


def _says_more(precise: str, vague: str) -> bool:
    """Whether a date is the more exact of two that agree; "about 1981" is less so than "1981"."""
    if precise == vague or not refines(precise, vague):
        return False
    return not refines(vague, precise) or "~" in vague


def _decide(rivals: Values) -> tuple[Identifier | None, str]:
    """The value that the rule prefers and the name of the step that decided, or ``None``."""
    if len(rivals) == 1:
        return next(iter(rivals)), "agreed"

    def certainty(value: Identifier) -> int:
        return min(_CERTAINTIES.index(level) for _, level in rivals[value])

    def sources(value: Identifier) -> int:
        return len({source for source, _ in rivals[value]})

    surest = min(map(certainty, rivals))
    left = [value for value in rivals if certainty(value) == surest]
    if len(left) == 1:
        return left[0], "certainty"
    most = max(map(sources, left))
    left = [value for value in left if sources(value) == most]
    return (left[0], "sources") if len(left) == 1 else (None, "tie")


def _rival_names(dataset: Dataset) -> dict[URIRef, Values]:
    """Series and organisations to which the documents give several full names in one language.

    Places are left out: that "Région Occitanie" and "Occitanie" are one is no disagreement.
    """
    named: dict[tuple[URIRef, str | None], Values] = defaultdict(lambda: defaultdict(set))
    kind = thing("mention-kind", "name")
    for mention in dataset.subjects(MLG.hasKind, kind):
        for about in dataset.objects(mention, MLG.designates):
            designated = parse(str(about))
            if designated is None or designated.kind not in {"series", "organisation"}:
                continue
            for form in dataset.objects(mention, MLG.writtenForm):
                for evidence in dataset.objects(mention, MLG.hasEvidence):
                    source = dataset.value(evidence, DCTERMS.source)
                    level = parse(str(dataset.value(evidence, MLG.hasCertainty)))
                    if isinstance(form, Literal) and level:
                        said = (source, level.key)
                        named[about, form.language][form].add(said)  # type: ignore[index, arg-type]  # addresses
    return {
        about: forms
        for (about, _), forms in sorted(named.items())
        if len({fold(str(form)) for form in forms}) > 1  # capitals and accents are no rivalry
    }


def _write(
    graph: Graph,
    subject: URIRef,
    predicate: URIRef,
    rivals: Values,
    winner: Identifier | None,
    reason: str,
) -> None:
    """One disagreement: about what, on which property, who says which value, which one wins."""
    node = thing("disagreement", fingerprint(subject, predicate))
    graph.add((node, RDF.type, MLG.Disagreement))
    graph.add((node, MLG.isAbout, subject))
    graph.add((node, MLG.onProperty, predicate))
    for lang in LANGUAGES:
        text = Literal(say(f"consensus.{reason}", lang), lang=TAGS[lang])
        graph.add((node, MLG.consensusReason, text))
    for value, said in rivals.items():
        stance = URIRef(f"{node}#{fingerprint(value.n3())}")
        graph.add((node, MLG.hasStance, stance))
        graph.add((stance, RDF.type, MLG.Stance))
        graph.add((stance, MLG.stanceValue, value))
        for source, level in said:
            graph.add((stance, MLG.isSaidBy, source))
            graph.add((stance, MLG.hasCertainty, thing("certainty", level)))
        if value == winner:
            graph.add((node, MLG.prefers, stance))


def _bound(dataset: Dataset, agreed: dict[tuple[URIRef, URIRef], Identifier]) -> None:
    """Turn the agreed dates into days that can be compared; an open side has none.

    A thing with a start and no end is bounded by its start alone: an event lasts a day, while a
    link or a place goes on, which the questions say where it matters.
    """
    graph = dataset.graph(graph_iri("bounds"))
    for (subject, predicate), value in agreed.items():
        if predicate not in {MLG.startDate, MLG.endDate, MLG.issuedDate, MLG.signatureDate}:
            continue
        first, last = bounds(str(value))
        if predicate == MLG.signatureDate:
            if first:
                graph.add((subject, MLG.signatureDay, Literal(first, datatype=XSD.date)))
            # what was signed may have begun on that day; sources that differ on its start say more
            if (subject, MLG.startDate, None) in dataset:
                continue
        is_end = predicate == MLG.endDate
        has_end = (subject, MLG.endDate) in agreed
        if first and not is_end:
            graph.add((subject, MLG.earliestDay, Literal(first, datatype=XSD.date)))
        if last and (is_end or (not has_end and _is_moment(subject))):
            graph.add((subject, MLG.latestDay, Literal(last, datatype=XSD.date)))


def _is_moment(subject: URIRef) -> bool:
    """Whether a thing with no end is over when it has begun: events, changes and news are."""
    named = parse(str(subject))
    return named is not None and named.kind in {"event", "change", "news", "source"}


def _shorten(dataset: Dataset, agreed: dict[tuple[URIRef, URIRef], Identifier]) -> None:
    """The direct link between partners: parties of one link that lie in different countries."""
    graph, wikidata = dataset.graph(graph_iri("shortcuts")), dataset.graph(graph_iri("wikidata"))
    twinning = thing("link-kind", "twinning")
    for link in _addresses(dataset.subjects(RDF.type, MLG.CooperationLink, unique=True)):
        state = parse(str(agreed.get((link, MLG.hasState), "")))
        parties = _addresses(dataset.objects(link, MLG.hasParty, unique=True))
        tentative = state is not None and state.key in _TENTATIVE
        predicate = MLG.isProposedPartnerOf if tentative else MLG.isPartnerOf
        country = {str(p): str(dataset.value(p, MLG.isInCountry) or p) for p in parties}
        for one, other in ((URIRef(a), URIRef(b)) for a, b in pairs(country, country)):
            graph.add((one, predicate, other))
            graph.add((other, predicate, one))
            if (link, MLG.hasKind, twinning) in dataset and not tentative:
                wikidata.add((one, _TWINNED_BODY, other))
                wikidata.add((other, _TWINNED_BODY, one))


def _identify(dataset: Dataset) -> None:
    """What unidentified mentions designate by a person's decision on the name that they use."""
    graph, names = (dataset.graph(graph_iri(name)) for name in ("identified", "names"))
    decided: dict[str, set[Node]] = defaultdict(set)
    for decision in dataset.subjects(RDF.type, MLG.Identification):
        for name in dataset.objects(decision, MLG.writtenForm):
            for place in dataset.objects(decision, MLG.designates):
                decided[fold(str(name))].add(place)
                names.add((place, SKOS.hiddenLabel, name))
    unidentified = thing("mention-kind", "unidentified")
    for mention in dataset.subjects(MLG.hasKind, unidentified):
        for form in dataset.objects(mention, MLG.writtenForm):
            meant = decided.get(fold(str(form)), set())
            # a name that was decided twice, differently, says nothing of a mention without hints
            if len(meant) == 1 and (mention, MLG.designates, None) not in dataset:
                graph.add((mention, MLG.designates, next(iter(meant))))


def _succeed(dataset: Dataset) -> None:
    """The direct way from what has ended to what came after it."""
    graph = dataset.graph(graph_iri("succession"))
    for change in dataset.subjects(RDF.type, _ORG.ChangeEvent):
        before = set(dataset.objects(change, _ORG.originalOrganization))
        after = set(dataset.objects(change, _ORG.resultingOrganization))
        for old in before - after:
            for new in after:
                graph.add((old, DCTERMS.isReplacedBy, new))


def pairs(parties: Iterable[str], country: Mapping[str, str]) -> list[tuple[str, str]]:
    """The pairs of parties that face each other: of different countries, else all of them.

    >>> where = {"Bordeaux": "fr", "Qingdao": "cn", "Shandong": "cn"}
    >>> pairs(where, where)
    [('Bordeaux', 'Qingdao'), ('Bordeaux', 'Shandong')]
    """
    every = list(combinations(parties, 2))
    return [(one, other) for one, other in every if country[one] != country[other]] or every


def _name(dataset: Dataset) -> None:
    """Other names of things, and labels of links and participations from what they join."""
    graph = dataset.graph(graph_iri("names"))
    wrong = thing("mention-kind", "misspelling")
    kinds = {thing("mention-kind", k) for k in ("name", "abbreviation", "former-name", "exonym")}
    for mention, about in dataset.subject_objects(MLG.designates):
        kind = dataset.value(mention, MLG.hasKind)
        forms = dataset.objects(mention, MLG.writtenForm)
        if kind == wrong or kind in kinds:
            predicate = SKOS.hiddenLabel if kind == wrong else SKOS.altLabel
            for form in forms:
                graph.add((about, predicate, form))
    for joined, joins in (
        (MLG.CooperationLink, (MLG.hasParty,)),
        (MLG.Participation, (MLG.hasParticipant, MLG.isParticipationIn)),
    ):
        for subject in dataset.subjects(RDF.type, joined):
            parts = [o for predicate in joins for o in _facing(dataset, subject, predicate)]
            for lang in LANGUAGES:
                words = [best(_labels(dataset, part), lang) or str(part) for part in parts]
                label = Literal(" – ".join(words), lang=TAGS[lang])
                graph.add((subject, SKOS.prefLabel, label))


def _facing(dataset: Dataset, subject: Node, predicate: URIRef) -> list[URIRef]:
    """What a thing joins, countries in reverse order, so that France stands before China."""
    joined = _addresses(dataset.objects(subject, predicate, unique=True))
    country = {node: str(dataset.value(node, MLG.isInCountry) or "") for node in joined}
    return sorted(joined, key=country.__getitem__, reverse=True)


def _addresses(nodes: Iterable[Node]) -> list[URIRef]:
    return sorted(node for node in nodes if isinstance(node, URIRef))


def _labels(dataset: Dataset, subject: Node) -> list[tuple[str, str]]:
    return sorted(
        (label.language or "", str(label))
        for label in dataset.objects(subject, SKOS.prefLabel)
        if isinstance(label, Literal)
    )
