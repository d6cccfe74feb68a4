"""The questions that Maillage knows: one a file in ``queries/``, run as it stands in any tool.

A file begins with a header of ``#+`` lines, which together are YAML: ``summary`` and
``description`` in three languages, ``tags``, ``thing`` (the column that a row is about),
``parameters``, and ``prepared`` where a release holds the answer. A parameter is a line
``VALUES ?place { <a real default> }`` of the query; what is between the braces is replaced by one
serialised RDF term, so that a value is never read as SPARQL. ``UNDEF`` there means that the
question does not narrow down by it. The same line may stand again in a group that is worked out by
itself; all are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from rdflib.term import Node

from maillage.errors import MaillageError, Unknown
from maillage.folders import folder, house_text
from maillage.store import native
from maillage.terms import PREFIXES
from maillage.words import LANGUAGES, Language

__all__ = ["Parameter", "Question", "question", "questions", "read_question"]

#: What a parameter may be: a thing of those kinds, or a literal.
_LITERALS: Final = frozenset({"date", "text", "number"})

_BRACES = r"^(?P<before>[ \t]*VALUES[ \t]+\?{name}[ \t]*\{{)(?P<value>[^\n]*)(?P<after>\}}[ \t]*)$"


@dataclass(frozen=True)
class Parameter:
    """Something that a person may set in a question.

    :ivar kinds: the kinds of thing that it may be (``place``, ``theme``…), or one of ``date``,
        ``text`` and ``number``.
    :ivar optional: whether the question can be asked without it.
    """

    name: str
    kinds: tuple[str, ...]
    label: Mapping[Language, str]
    optional: bool

    @property
    def is_literal(self) -> bool:
        """Whether its value is a date, text or number rather than a thing."""
        return self.kinds[0] in _LITERALS


@dataclass(frozen=True)
class Question:
    """A question with a name: what it asks, in three languages, and the query that asks it.

    :ivar prepared: whether a release holds the answer to it as it stands, because it reads all
        links (:mod:`maillage.prepared`).
    """

    name: str
    summary: Mapping[Language, str]
    description: Mapping[Language, str]
    tags: tuple[str, ...]
    thing: str
    parameters: tuple[Parameter, ...]
    sparql: str
    prepared: bool = False

    def parameter(self, name: str) -> Parameter:
        """One parameter by name.

        :raises Unknown: naming the parameters that there are.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = ", ".join(f"{p.name}=" for p in self.parameters) or "-"
        raise Unknown("unknown-parameter", question=self.name, name=name, known=known)

    def bind(self, values: Mapping[str, Node]) -> str:
        """The query with the given terms in the place of its defaults.

        :raises Unknown: when a name is none of its parameters.
        :raises MaillageError: when an address is none.
        """
        sparql = self.sparql
        for name, term in values.items():
            self.parameter(name)
            try:
                # written as in N-Triples: on one line, everything escaped, addresses checked
                written = str(native(term))
            except ValueError as error:
                raise MaillageError("bad-iri", text=term, reason=error) from error
            sparql = _replace(sparql, name, f" {written} ")
        return sparql

    def example(self, name: str) -> str:
        """The default of a parameter, without its brackets or quotation marks."""
        found = re.search(_BRACES.format(name=re.escape(name)), self.sparql, re.MULTILINE)
        return found["value"].strip().strip('<>"') if found else ""

    def without(self, name: str) -> str:
        """The query with one parameter left open."""
        return _replace(self.sparql, name, " UNDEF ")


def _replace(sparql: str, name: str, value: str) -> str:
    pattern = re.compile(_BRACES.format(name=re.escape(name)), re.MULTILINE)
    return pattern.sub(lambda found: found["before"] + value + found["after"], sparql)


@cache
def questions() -> Mapping[str, Question]:
    """All questions by name, in alphabetical order."""
    return {name: question(name) for name in _files()}


def question(name: str) -> Question:
    """One question by name.

    :raises Unknown: with the nearest names.
    """
    known = _files()
    if name not in known:
        close = get_close_matches(name, known, 3, 0.5) or list(known)
        raise Unknown("unknown-question", name=name, close=", ".join(close))
    return _read(known[name])


@cache
def _files() -> Mapping[str, Path]:
    """The files of all questions by name, in alphabetical order."""
    return {path.stem: path for path in sorted(folder("queries").glob("*.rq"))}


@cache
def _read(path: Path) -> Question:
    return read_question(path)


def read_question(path: Path) -> Question:
    """Read a question from its file.

    :raises MaillageError: when the header is missing, is no YAML or does not fit the query.
    """
    sparql = house_text(path)
    header = "\n".join(line[2:] for line in sparql.splitlines() if line.startswith("#+"))

    def wrong(reason: object) -> MaillageError:
        return MaillageError("bad-question", path=path, reason=reason)

    try:
        found: dict[str, Any] = yaml.safe_load(header) or {}
        summary, description = (_trilingual(found[key]) for key in ("summary", "description"))
        tags = tuple(map(str, found["tags"]))
        listed: dict[str, Any] = found.get("parameters") or {}
        parameters = []
        for name, about in listed.items():
            braces = re.compile(_BRACES.format(name=re.escape(name)), re.MULTILINE)
            defaults = {line["value"].strip() for line in braces.finditer(sparql)}
            if len(defaults) != 1:
                raise wrong(f"no line «VALUES ?{name} {{ … }}», or several that differ")
            kinds = tuple(about["kinds"])
            optional = defaults == {"UNDEF"}
            parameters.append(Parameter(name, kinds, _trilingual(about["label"]), optional))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise wrong(error) from error
    body = re.sub(r"#[^\n]*|<[^>\s]*>", "", sparql)
    used = {prefix for prefix in PREFIXES if re.search(rf"(?<![\w?$]){prefix}:", body)}
    missing = sorted(prefix for prefix in used if f"PREFIX {prefix}:" not in sparql)
    if missing:
        raise wrong(f"PREFIX {missing[0]}:")
    return Question(
        name=path.stem,
        summary=summary,
        description=description,
        tags=tags,
        thing=str(found.get("thing", "")),
        parameters=tuple(parameters),
        sparql=sparql,
        prepared=found.get("prepared") is True,
    )


def _trilingual(texts: Mapping[str, str]) -> dict[Language, str]:
    return {lang: str(texts[lang]).strip() for lang in LANGUAGES}
