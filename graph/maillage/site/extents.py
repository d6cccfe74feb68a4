"""What the page of the dataset counts, row by row: its graphs, its evidence, its sources.

Each number there leads to a list of its own: ``/dataset/graphs/``, ``/dataset/evidence/``,
``/dataset/evidence/stated/``, ``/dataset/licence/…/``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup
from rdflib import URIRef

from maillage.mint import parse
from maillage.site.kinds import Entry, listed, pages_of
from maillage.site.lineage import Crumb
from maillage.site.naming import Named, short
from maillage.site.page import Page
from maillage.site.rows import full
from maillage.site.showing import shown
from maillage.site.visit import Opened, Visit
from maillage.store import Store
from maillage.terms import ID, NS

__all__ = ["EVIDENCE", "GRAPHS", "Extents", "address", "extents", "page", "paths"]

#: The lists of all graphs and of all pieces of evidence.
GRAPHS: Final = "graphs"
EVIDENCE: Final = "evidence"


class _Proof(NamedTuple):
    """A piece of evidence: the claim that rests on it, and the document."""

    claim: str
    source: str


class Extents(NamedTuple):
    """What is counted.

    :ivar lists: the addresses of things, by the name of their list.
    :ivar certainties: how certain, with the name of the list of evidence that is so.
    :ivar licences: terms of use, with the name of the list of sources under them.
    """

    statements: int
    lists: Mapping[str, tuple[str, ...]]
    proofs: Mapping[str, _Proof]
    certainties: tuple[tuple[str, str], ...]
    licences: tuple[tuple[str, str], ...]


def extents(site: Opened) -> Extents:
    """What the graph holds; counted once."""
    found: Extents = site.once("extents", lambda opened: _extents(opened.store))
    return found


def address(name: str) -> str:
    """The address of a list, from the root of the site.

    >>> address("evidence/stated")
    '/dataset/evidence/stated/'
    """
    return f"/dataset/{name}/"


def page(visit: Visit, rest: Sequence[str]) -> Page:
    """A page of one of the lists."""
    known = extents(visit.site)
    name = next((n for n in ("/".join(rest[:2]), rest[0]) if n in known.lists), "")
    if not name:
        return visit.nothing()
    steps = [Crumb(Named(visit.say("home")), "/"), Crumb(Named(visit.say("dataset")), "/dataset/")]
    title = visit.say(f"list-{name.partition('/')[0]}")
    for what, its in (*known.certainties, *known.licences):
        if its == name:
            title = visit.say("list-by", what=title, by=_called(visit, what))
    return listed(
        visit,
        address(name),
        [Entry(_name(visit, known, iri), iri) for iri in known.lists[name]],
        rest[name.count("/") + 1 :],
        title=title,
        line=lambda entry: _line(visit, known, entry),
        steps=steps,
    )


def paths(site: Opened) -> Iterator[str]:
    """All pages of all lists."""
    for name, found in extents(site).lists.items():
        yield from pages_of(address(name), len(found))


def _called(visit: Visit, iri: str) -> str:
    """What a degree of certainty or terms of use are called."""
    if parse(iri):
        return visit.label(iri).text
    return shown(visit, full("dcterms:license"), URIRef(iri)).striptags()


def _of(iri: str) -> str:
    """The source of a graph that belongs to one; else the graph.

    >>> _of("https://w3id.org/maillage/id/graph/source--a").rpartition("id/")[2]
    'source/a'
    """
    named = parse(iri)
    if named and named.kind == "graph" and "--" in named.key:
        return f"{ID}source/{named.key.partition('--')[2]}"
    return iri


def _name(visit: Visit, known: Extents, iri: str) -> Named:
    proof = known.proofs.get(iri)
    return visit.label(proof.claim if proof else _of(iri))


def _line(visit: Visit, known: Extents, entry: Entry) -> Markup:
    link = visit.link(entry.thing, entry.named)
    if proof := known.proofs.get(entry.thing):
        return Markup("{} <small>{}</small>").format(link, visit.text(visit.label(proof.source)))
    if entry.thing.startswith(f"{ID}graph/"):
        return Markup("{} <small><code>{}</code></small>").format(link, short(entry.thing))
    return link


def _extents(store: Store) -> Extents:
    lists: dict[str, list[str]] = defaultdict(list)
    for (graph,) in store.select("SELECT DISTINCT ?g { GRAPH ?g { } }").rows:
        lists[GRAPHS].append(str(graph))
    proofs: dict[str, _Proof] = {}
    certainties: set[tuple[str, str]] = set()
    rows = store.select(
        f"SELECT ?it ?claim ?source ?certainty {{ ?it a <{NS}Evidence> "
        f"OPTIONAL {{ ?claim <{NS}hasEvidence> ?it }} "
        f"OPTIONAL {{ ?it <{full('dcterms:source')}> ?source }} "
        f"OPTIONAL {{ ?it <{NS}hasCertainty> ?certainty }} }}"
    ).rows
    told = (tuple(str(cell or "") for cell in row) for row in rows)
    for it, claim, source, certainty in sorted(told):
        proofs.setdefault(it, _Proof(claim or it, source))
        if certainty:
            name = f"{EVIDENCE}/{_slug(certainty)}"
            certainties.add((certainty, name))
            lists[name].append(it)
    lists[EVIDENCE] = list(proofs)
    licences: set[tuple[str, str]] = set()
    rows = store.select(
        f"SELECT ?it ?licence {{ ?it a <{NS}SourceDocument> ; "
        f"<{full('dcterms:license')}> ?licence }}"
    ).rows
    for document, terms in rows:
        name = f"licence/{_slug(str(terms))}"
        licences.add((str(terms), name))
        lists[name].append(str(document))
    said = store.select("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows
    found = {name: tuple(sorted(set(things))) for name, things in sorted(lists.items())}

    def ranked(pairs: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(pairs, key=lambda pair: (-len(found[pair[1]]), pair)))

    return Extents(int(str(said[0][0])), found, proofs, ranked(certainties), ranked(licences))


def _slug(iri: str) -> str:
    """The name of a list after an address: the key of a thing of ours, else the whole of it.

    >>> _slug("https://creativecommons.org/licenses/by/4.0/")
    'creativecommons-org-licenses-by-4-0'
    """
    own = parse(iri)
    told = own.key if own else iri.partition("://")[2]
    return re.sub(r"[^a-z0-9]+", "-", told.lower()).strip("-")
