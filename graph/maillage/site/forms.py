"""The form of a question: a field for each parameter, and what a reader put into it.

Small sets (themes, kinds, levels, states) are lists to pick from, with labels; of large ones
(places, organisations, documents) a name, code or address is written, and some are suggested.
Years, months and days are written as they are: ``2014``, ``2014-11``, ``2014-11-06``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from rdflib import SKOS, URIRef
from rdflib.term import Node

from maillage.ask import terms
from maillage.errors import MaillageError, Unknown
from maillage.mint import parse
from maillage.pagetexts import typeset
from maillage.questions import Parameter, Question
from maillage.site.finding import Several, Strange, finding, typed
from maillage.site.naming import Named
from maillage.site.visit import Opened, Visit
from maillage.store import Store
from maillage.terms import BASE, NS
from maillage.words import LANGUAGES, Language, fold

__all__ = ["Choice", "Fault", "Field", "Form", "form"]

#: Parameters of an address that are no parameters of a question.
_OTHERS: Final = frozenset({"page"})

#: Things of which a list can still be read from top to bottom.
_LISTED: Final = 80
#: Names that are suggested where no script asks for more.
_SUGGESTED: Final = 300


class Choice(NamedTuple):
    """Something to pick: what goes into the address, what is read, how deep it lies in a tree."""

    value: str
    named: Named
    depth: int = 0


@dataclass(frozen=True)
class Field:
    """A parameter as a form shows it.

    :ivar look: ``list`` to pick from, ``name`` to write with suggestions, ``date``, ``number`` or
        ``text``.
    :ivar value: what stands in it.
    :ivar thing: the thing that was understood, to be shown by its name.
    """

    name: str
    label: str
    look: str
    value: str
    choices: tuple[Choice, ...] = ()
    kinds: str = ""
    is_required: bool = False
    is_example: bool = False
    thing: URIRef | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a value: which, in a sentence, and what may have been meant.

    :ivar meant: for each thing that may be meant, what to write for it.
    """

    name: str
    sentence: str
    status: int
    meant: tuple[tuple[URIRef, str], ...] = ()


@dataclass(frozen=True)
class Form:
    """What a reader asks with a question.

    :ivar given: the terms that were understood, by parameter.
    :ivar values: the same, as they stand in a stable address.
    :ivar examples: the parameters that must have a value and got their default.
    :ivar faults: what was not understood; then nothing is to be asked.
    """

    given: Mapping[str, Node]
    values: Mapping[str, str]
    examples: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    fields: tuple[Field, ...] = field(default=(), compare=False)

    @property
    def status(self) -> int:
        """The HTTP status of what is wrong: a thing not found (404), or a bad request (400)."""
        return max((fault.status for fault in self.faults), default=200)


def form(visit: Visit, question: Question) -> Form:
    """Read the parameters of an address as those of a question."""
    names = {parameter.name for parameter in question.parameters}
    faults = list(_strangers(visit, question, names))
    given: dict[str, Node] = {}
    values: dict[str, str] = {}
    examples: list[str] = []
    for parameter in question.parameters:
        text = visit.first(parameter.name)
        if parameter.name == "lang":
            text = text if text in LANGUAGES else visit.lang
        elif not text and not parameter.optional:
            text = question.example(parameter.name)
            examples.append(parameter.name)
            if not parameter.is_literal:
                # it stands in the query itself, whether or not this graph knows it
                given[parameter.name] = URIRef(text)
                continue
        if not text:
            continue
        try:
            term = terms(question, {parameter.name: text}, finding(visit.site), visit.lang)
        except MaillageError as error:
            faults.append(_fault(visit, parameter, text, error))
            continue
        given.update(term)
        if parameter.name not in examples and parameter.name != "lang":
            values[parameter.name] = _value(parameter, term[parameter.name], text)
    if "from" in given and "to" in given and str(given["from"]) > str(given["to"]):
        swapped = MaillageError("from-after-to", first=given["from"], last=given["to"])
        faults.append(Fault("to", typeset(swapped.text(visit.lang), visit.lang), 400))
    fields = tuple(
        _field(visit, question, parameter, given, tuple(examples))
        for parameter in question.parameters
        if parameter.name != "lang"
    )
    return Form(given, values, tuple(examples), tuple(faults), fields)


def _strangers(visit: Visit, question: Question, names: set[str]) -> Iterator[Fault]:
    """Parameters that the question has not, or twice: without them, the answer would be another."""
    for name, values in visit.asked.items():
        error: MaillageError | None = None
        if name in names:
            if sum(bool(value.strip()) for value in values) > 1:
                error = MaillageError("twice", name=name)
        elif name not in {*_OTHERS, "lang"}:
            try:
                question.parameter(name)
            except Unknown as unknown:
                error = unknown
        if error is not None:
            yield Fault(name, typeset(error.text(visit.lang), visit.lang), 400)


def _fault(visit: Visit, parameter: Parameter, text: str, error: MaillageError) -> Fault:
    label = typeset(parameter.label[visit.lang], visit.lang)
    if isinstance(error, Several):
        meant = [(thing, typed(thing, parameter.kinds)) for thing in error.bearers]
        return Fault(
            parameter.name, visit.say("asked-several", text=text, label=label), 400, tuple(meant)
        )
    if isinstance(error, Strange):
        meant = [(thing, typed(thing, parameter.kinds)) for thing in error.near]
        key = "asked-strange-near" if meant else "asked-strange"
        return Fault(parameter.name, visit.say(key, text=text, label=label), 404, tuple(meant))
    return Fault(parameter.name, typeset(error.text(visit.lang), visit.lang), 400)


def _value(parameter: Parameter, term: Node, text: str) -> str:
    """What stands for a term in an address that stays."""
    return text if parameter.is_literal else typed(str(term), parameter.kinds)


def _field(
    visit: Visit,
    question: Question,
    parameter: Parameter,
    given: Mapping[str, Node],
    examples: Sequence[str],
) -> Field:
    term = given.get(parameter.name)
    thing = term if isinstance(term, URIRef) else None
    look, choices = _look(visit, parameter)
    value = visit.first(parameter.name)
    if thing is not None:
        value = (
            typed(thing, parameter.kinds) if look == "list" else _written(visit, parameter, thing)
        )
    elif not value and parameter.name in examples:
        value = question.example(parameter.name)
    return Field(
        name=parameter.name,
        label=parameter.label[visit.lang],
        look=look,
        value=value,
        choices=choices,
        kinds="" if parameter.is_literal else ",".join(k for k in parameter.kinds if k != "any"),
        is_required=not parameter.optional,
        is_example=parameter.name in examples,
        thing=thing,
    )


def _look(visit: Visit, parameter: Parameter) -> tuple[str, tuple[Choice, ...]]:
    """How a parameter is asked for, and what can be picked or is suggested."""
    if parameter.is_literal:
        return parameter.kinds[0], ()
    name = f"choices {parameter.name} {' '.join(parameter.kinds)} {visit.lang}"
    return cast(
        "tuple[str, tuple[Choice, ...]]",
        visit.site.once(name, lambda site: _choices(site, parameter, visit.lang)),
    )


def _choices(site: Opened, parameter: Parameter, lang: Language) -> tuple[str, tuple[Choice, ...]]:
    found = finding(site)
    kinds = parameter.kinds
    if kinds == ("any",):
        return "name", ()
    is_country = parameter.name == "country"
    things = _countries(site.store) if is_country else found.of_kinds(kinds)
    if len(things) <= _LISTED and len(kinds) == 1:
        return "list", tuple(_tree(site, things, kinds, lang))
    linked = _parties(site.store)
    likely = [thing for thing in things if thing in linked]
    named = [(thing, site.naming.label(thing, lang)) for thing in likely[:_SUGGESTED]]
    sure = {
        thing: text.text if found.bearers(text.text, kinds) == [thing] else typed(thing, kinds)
        for thing, text in named
    }
    ordered = sorted(named, key=lambda pair: (fold(pair[1].text), pair[0]))
    return "name", tuple(Choice(sure[thing], text) for thing, text in ordered)


def _written(visit: Visit, parameter: Parameter, thing: URIRef) -> str:
    """A thing as it is written into a field: by its name where that says which it is."""
    kinds = () if parameter.kinds == ("any",) else parameter.kinds
    name = visit.label(thing).text
    if finding(visit.site).bearers(name, kinds) == [thing]:
        return name
    return typed(thing, parameter.kinds)


def _tree(
    site: Opened, things: Sequence[URIRef], kinds: Sequence[str], lang: Language
) -> Iterator[Choice]:
    """Things in the order of their names, the narrower below what is broader."""
    narrower = f"?thing <{SKOS.broader}> ?broader"
    rows = site.store.select(
        f"SELECT ?thing ?broader WHERE {{ {narrower} }} ORDER BY ?thing ?broader"
    ).rows
    known = set(things)
    above: dict[URIRef, URIRef] = {}
    for thing, broader in rows:
        if thing in known and broader in known:
            above.setdefault(URIRef(str(thing)), URIRef(str(broader)))
    below: dict[URIRef | None, list[URIRef]] = defaultdict(list)
    for thing in things:
        below[above.get(thing)].append(thing)

    def walk(top: URIRef | None, depth: int) -> Iterator[Choice]:
        named = [(thing, site.naming.label(thing, lang)) for thing in below.pop(top, ())]
        for thing, name in sorted(named, key=lambda pair: (fold(pair[1].text), pair[0])):
            yield Choice(typed(thing, kinds), name, depth)
            yield from walk(thing, depth + 1)

    yield from walk(None, 0)


def _countries(store: Store) -> list[URIRef]:
    rows = store.select(
        f"SELECT ?place WHERE {{ ?place <{NS}hasLevel> <{BASE}id/level/country> }} ORDER BY ?place"
    ).rows
    return [URIRef(str(place)) for (place,) in rows]


def _parties(store: Store) -> set[URIRef]:
    """Who is party of a link: these are asked about most."""
    rows = store.select(f"SELECT DISTINCT ?party WHERE {{ ?link <{NS}hasParty> ?party }}").rows
    return {URIRef(str(party)) for (party,) in rows if parse(str(party))}
