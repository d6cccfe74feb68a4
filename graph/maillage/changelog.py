"""What changed, in sentences: by source document, then by thing, with names and not addresses.

Sources that came or went stand first, then the claims of each source, then our own words on things
and what people decided; last, as numbers, what is derived and the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import groupby
from typing import Final

import pyoxigraph as ox
from rdflib import PROV, RDF, SKOS

from maillage.difference import Difference
from maillage.mint import parse, thing
from maillage.revisions import CHARACTERS, LINES, Part, Revision, Revisions, Value, What
from maillage.terms import MLG
from maillage.words import TAGS, Language, best, heading, say

__all__ = ["called", "changelog", "property_name", "shown", "title"]

# The words that answers have above their columns, where the property is the same.
_COLUMNS: Final = {
    str(MLG.startDate): "start",
    str(MLG.endDate): "end",
    str(MLG.hasState): "state",
    str(MLG.hasKind): "kind",
    str(MLG.hasParty): "parties",
    str(MLG.hasTheme): "themes",
    str(MLG.purpose): "purpose",
    str(MLG.hasLevel): "level",
    str(MLG.hasRole): "role",
    str(MLG.hasCertainty): "certainty",
    str(MLG.isAbout): "about",
    str(MLG.isInCountry): "country",
    str(MLG.writtenForm): "name",
    str(MLG.hasQuantity): "quantity",
    str(MLG.hasQualifier): "qualifier",
    str(MLG.hasScope): "scope",
    str(MLG.issuedDate): "issued",
    str(MLG.ordinal): "ordinal",
    str(MLG.page): "page",
    str(MLG.section): "section",
    str(MLG.reason): "reason",
    str(MLG.recordedDate): "recorded",
    str(PROV.wasAttributedTo): "recorder",
    LINES: "lines",
    CHARACTERS: "characters",
}
# Already told by the name of a thing and of its kind.
_TOLD: Final = {str(p) for p in (RDF.type, MLG.hasKind, SKOS.prefLabel)}
_TOLD_BY_NAME: Final = {
    "link": {str(MLG.hasParty)},
    "participation": {str(MLG.hasParticipant), str(MLG.isParticipationIn)},
    "mention": {str(MLG.writtenForm)},
    "identification": {str(MLG.writtenForm)},
}
# Of a claim that came or went, people want what it says, not where it stands or who wrote it down.
_DETAILS: Final = {
    LINES,
    CHARACTERS,
    *map(str, (MLG.page, MLG.section, MLG.reason, MLG.recordedDate, PROV.wasAttributedTo)),
}
_STATED: Final = str(thing("certainty", "stated"))


def changelog(
    found: Difference, changes: Revisions, lang: Language, *, only_counts: bool = False
) -> str:
    """All changes, a line each, for a terminal or a page of release notes.

    :param only_counts: tell how many claims of each source changed, and not which.
    """
    lines = [*_summary(found, changes, lang), *_sources(found, changes, lang)]
    if only_counts:
        counts = [_counted(found, changes, key, lang) for key in changes.by_source()]
        lines += ["", *counts] if counts else []
    else:
        lines += _listed(found, changes, lang)
    lines += _derived(found, changes, lang)
    return "\n".join(lines) + "\n"


def _summary(found: Difference, changes: Revisions, lang: Language) -> list[str]:
    """How much changed, in one or two sentences."""
    if not found:
        return [say("diff.nothing", lang, n=found.before.statements)]
    if changes.source and not changes.listed:
        return [say("diff.nothing-there", lang, title=title(found, changes.source, lang))]
    numbers = changes.claims()._asdict()
    text = say("diff.claims", lang, **numbers, sources=len(changes.by_source()))
    if changes.source:
        return [text]
    sizes = {"before": found.before.statements, "after": found.after.statements}
    lines = {"added": len(found.added), "withdrawn": len(found.withdrawn)}
    return [text, say("diff.statements", lang, **sizes, **lines)]


def _counted(found: Difference, changes: Revisions, key: str, lang: Language) -> str:
    numbers = changes.claims(key)._asdict()
    return "  " + say("diff.of-source", lang, title=title(found, key, lang), **numbers)


def _listed(found: Difference, changes: Revisions, lang: Language) -> list[str]:
    """Every change, below its source."""
    lines: list[str] = []
    named = {(r.thing, r.what) for r in changes.listed if r.section == "claims"}
    told = [r for r in changes.listed if not (r.section == "words" and _is_echo(r, named))]
    for section in ("claims", "words", "catalogue"):
        own = [revision for revision in told if revision.section == section]
        for source, group in groupby(own, key=lambda revision: revision.source):
            head = "diff.words" if section == "words" else "diff.no-source"
            lines += ["", title(found, source, lang) if source else say(head, lang)]
            lines += [f"  {line}" for revision in group for line in _told(found, revision, lang)]
    return lines


def title(found: Difference, source: str, lang: Language) -> str:
    """The title of a source document, with the key by which it is typed."""
    return f"{_plain(found.label(str(thing('source', source)), lang))} [{source}]"


def called(found: Difference, address: str, lang: Language) -> str:
    """A thing by its kind and its name: "twinning Tours – Luoyang"."""
    kind = next(iter(found.kinds.get(address, ())), "")
    name = _plain(found.label(address, lang))
    own = parse(address)
    if own and address not in found.names:
        name = own.key
    return f"{_plain(found.label(kind, lang))} {name}" if kind else name


def property_name(found: Difference, part: Part, lang: Language) -> str:
    """What to call a property, with the language of its texts when that is another one."""
    column = _COLUMNS.get(part.property)
    name = heading(column, lang) if column else _plain(found.label(part.property, lang))
    foreign = part.language and part.language.lower() != TAGS[lang].lower()
    return f"{name} [{part.language}]" if foreign else name


def shown(found: Difference, values: Iterable[Value], lang: Language) -> str:
    """Values as people read them: things by their names, texts as they are."""
    return " / ".join(
        _plain(found.label(v.value, lang) if isinstance(v, ox.NamedNode) else v.value)
        for v in values
    )


def _sources(found: Difference, changes: Revisions, lang: Language) -> list[str]:
    """The documents that came and went, with the number of their claims."""
    lines = [
        say("diff.source-added", lang, title=title(found, key, lang), n=changes.claims(key).added)
        for key in changes.sources_added
    ]
    for key in changes.sources_withdrawn:
        n = changes.claims(key).withdrawn
        lines.append(say("diff.source-withdrawn", lang, title=title(found, key, lang), n=n))
    return ["", *lines] if lines else []


def _is_echo(revision: Revision, claims: set[tuple[str, What]]) -> bool:
    """Whether words only name a thing that came or went, and is told as such."""
    return revision.what != "changed" and (revision.thing, revision.what) in claims


def _told(found: Difference, revision: Revision, lang: Language) -> Iterator[str]:
    """What changed about one thing: one line, or one and a line for each property."""
    name = called(found, revision.thing, lang)
    if revision.what != "changed":
        said = _claim(found, revision, lang)
        text = say("diff.said", lang, thing=name, said=said) if said else name
        yield say(f"diff.{revision.what}", lang, claim=text)
        return
    yield say("diff.changed", lang, claim=name)
    for part in _ordered(revision):
        values = {
            "property": property_name(found, part, lang),
            "before": shown(found, part.before, lang),
            "after": shown(found, part.after, lang),
        }
        came = "value-other" if part.before else "value-more"
        how = came if part.after else "value-less"
        yield f"    {say(f'diff.{how}', lang, **values)}"


def _claim(found: Difference, revision: Revision, lang: Language) -> str:
    """What a claim says, in one language, without what its name already tells."""
    own = parse(revision.thing)
    silent = _TOLD | _DETAILS | _TOLD_BY_NAME.get(own.kind if own else "", set())
    texts = []
    for address, group in groupby(_ordered(revision), key=lambda part: part.property):
        parts = list(group)
        part = best([(p.language, p) for p in parts], lang) or parts[0]
        values = part.after or part.before
        if address in silent or [v.value for v in values] == [_STATED]:
            continue
        texts.append(f"{property_name(found, part, lang)} {shown(found, values, lang)}")
    return reduce(lambda one, other: say("diff.and", lang, one=one, other=other), texts or [""])


def _ordered(revision: Revision) -> list[Part]:
    """What is told of a thing, in the order in which people read it."""
    order = {address: at for at, address in enumerate(_COLUMNS)}
    return sorted(revision.parts, key=lambda p: (order.get(p.property, len(order)), p[:2]))


def _derived(found: Difference, changes: Revisions, lang: Language) -> list[str]:
    """What follows from the claims, and the vocabulary: numbers, and disagreements by name."""
    lines = []
    for key, pairs in (("disagreed", changes.disagreed), ("resolved", changes.resolved)):
        for about, on in pairs:
            part = Part(on, "", (), ())
            values = {
                "property": property_name(found, part, lang),
                "thing": called(found, about, lang),
            }
            lines.append(f"  {say(f'diff.{key}', lang, **values)}")
    for name, (added, withdrawn) in changes.statements.items():
        label = _plain(found.label(str(thing("graph", name)), lang))
        text = say("diff.counted", lang, added=added, withdrawn=withdrawn, graph=label)
        lines.append(f"  {text}")
    return ["", say("diff.derived", lang), *lines] if lines else []


def _plain(text: str) -> str:
    """A text on one line, without what a terminal would obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
