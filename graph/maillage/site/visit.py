"""One request: who asks for which page in which language, and how a page is written for them.

A module of the site offers ``page(visit, rest) -> Page``, where ``rest`` is what follows its name
in the path (``["place", "fr"]`` of ``/doc/place/fr/``), and ``paths(opened)``, every address that
a static site holds of it, without a language in front. It asks the graph through
``visit.store``, names things with :meth:`Visit.link`, and ends in :meth:`Visit.html`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from rdflib.term import Identifier

from maillage.describe import LICENCE
from maillage.mint import parse
from maillage.payload.columns import href as web
from maillage.site.about import About
from maillage.site.addresses import doc, has_languages, relative, split
from maillage.site.assets import version
from maillage.site.naming import Named, Naming
from maillage.site.page import HTML, Link, Page
from maillage.site.texts import FOLDER, count, day, number, say, words
from maillage.store import Store
from maillage.terms import NS
from maillage.words import LANGUAGES, TAGS, Language

__all__ = ["MENU", "Opened", "Visit"]

#: The menu: key of its word, and address. The map and the endpoint are one document each, whose
#: language the reader chooses inside.
MENU: Final = (
    ("menu-browse", "/doc/"),
    ("menu-map", "/map"),
    ("menu-ask", "/ask/"),
    ("menu-sparql", "/sparql"),
    ("menu-dataset", "/dataset/"),
    ("menu-terms", "/ns/"),
    ("menu-about", "/about/"),
)


_LONGEST: Final = 6_000  # characters of the parameters that an address holds


class Opened:
    """What is read once, when a site opens: the names of things, the templates."""

    def __init__(self, store: Store, about: About) -> None:
        self.store = store
        self.about = about
        self.naming = Naming(store)
        self.templates = Environment(
            autoescape=True,
            loader=FileSystemLoader(FOLDER),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._kept: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[Opened], Any]) -> Any:
        """Something that a module makes from the whole graph when it is first needed."""
        if name not in self._kept:
            self._kept[name] = make(self)
        return self._kept[name]


@dataclass(frozen=True)
class Visit:
    """One request for a page.

    :ivar path: the path as asked, its language included (``/fr/doc/place/fr/``).
    :ivar lang: the language of the page.
    :ivar is_fixed: whether the path says the language, so that links stay in it.
    :ivar asked: the parameters of the address, each with all its values.
    :ivar outcome: what a query was answered, for the page that shows it (:mod:`.editor`).
    :ivar base: where this reader found the site, when it has no public address of its own.
    :ivar queries: what counts numbers of this page, where nobody runs queries: written on the page.
    """

    site: Opened
    path: str
    lang: Language
    is_fixed: bool
    asked: Mapping[str, Sequence[str]]
    outcome: Mapping[str, Any] | None = None
    base: str = ""
    queries: list[str] = field(default_factory=list, compare=False)

    @property
    def store(self) -> Store:
        """The graph, to ask."""
        return self.site.store

    @property
    def about(self) -> About:
        """Where the site stands, and which release it shows."""
        return self.site.about

    @property
    def naming(self) -> Naming:
        """What things are called."""
        return self.site.naming

    def first(self, name: str) -> str:
        """The first value of a parameter of the address, without blanks around it; or nothing."""
        return next((value.strip() for value in self.asked.get(name, ())), "")

    def query(self) -> dict[str, list[str]]:
        """The parameters of the address, for another one."""
        return {name: list(values) for name, values in self.asked.items()}

    def href(
        self, to: str, lang: Language | None = None, /, **asked: str | int | Sequence[str]
    ) -> str:
        """How this page leads to another of the site.

        :param to: from the root of the site, without a language: ``/doc/place/``. What is a page
            stays in the language of this one, what is a file has none.
        :param lang: another language to lead to.
        :param asked: parameters of the address.
        """
        chosen = lang or (self.lang if self.is_fixed else None)
        if chosen and has_languages(to.partition("?")[0].partition("#")[0]):
            to = f"/{chosen}{to}"
        if asked:
            path, mark, part = to.partition("#")
            to = f"{path}?{urlencode(asked, doseq=True)}{mark}{part}"
        if self._anywhere:  # such a page is shown at any depth
            return urlsplit(self.about.base).path.rstrip("/") + to
        return relative(self.path, to)

    def file(self, name: str) -> str:
        """How this page leads to a file of the release."""
        return self.href(f"/release/{self.about.release}/{name}")

    def asset(self, name: str) -> str:
        """How this page leads to a style or a script.

        A server has it below the digest of them all, so that browsers need never ask again; what
        a script loads stands beside it. On a static host it stands where it always stands.
        """
        return self.href(f"/static/{name}" if self.about.static else f"/static/{version()}/{name}")

    def rows_of(self, query: str) -> str:
        """Where the rows of a query are: its answer, or itself where nobody answers it."""
        if not self.about.static:
            return self.href("/sparql", query=query)
        if query not in self.queries:
            self.queries.append(query)
        return f"#query-{self.queries.index(query) + 1}"

    def counted(self, n: int, to: str | None, shown: str | None = None) -> Markup:
        """A number, or a text with it, that leads to the very rows that it counts.

        :param to: how this page leads there; nothing where these rows stand around the number.
        """
        text = self.number(n) if shown is None else shown
        if not n:
            return Markup("{}").format(text)
        if to is None:
            return Markup('<b data-n="{}">{}</b>').format(n, text)
        return Markup('<a class="n" data-n="{}" href="{}">{}</a>').format(n, to, text)

    def say(self, key: str, **values: object) -> str:
        """A text of the site in the language of the page."""
        return say(key, self.lang, **values)

    def told(self, key: str, **values: object) -> Markup:
        """A text of the site with links or other markup in its places."""
        return escape(words()[key][self.lang]).format(**values)

    def count(self, key: str, n: int, **values: object) -> str:
        """A text with a number in it (:func:`maillage.site.texts.count`)."""
        return count(key, n, self.lang, **values)

    def number(self, n: int) -> str:
        """A whole number as people write it."""
        return number(n, self.lang)

    def day(self, edtf: str) -> str:
        """A date in words."""
        return day(edtf, self.lang)

    def date(self, told: str) -> Markup:
        """A date in words, of which the parts stay on one line."""
        return Markup('<bdi class="date">{}</bdi>').format(told)

    def label(self, thing: Identifier | str) -> Named:
        """What a thing is called on this page."""
        return self.naming.label(thing, self.lang)

    def text(self, named: Named | str) -> Markup:
        """A text of the data, kept apart from what stands around it, and in its language."""
        text, tag = named if isinstance(named, Named) else (named, "")
        if tag:
            return Markup('<bdi lang="{}">{}</bdi>').format(tag, text)
        return Markup("<bdi>{}</bdi>").format(text)

    def where(self, iri: str) -> str | None:
        """The address of what is told of a thing of ours, from the root of the site.

        A passage stands on the page of its claim, what a source says on the page of the source.
        """
        named = parse(iri.partition("#")[0])
        if named and named.kind == "evidence":
            claims: dict[str, str] = self.site.once("claims", lambda site: _claims(site.store))
            claim = doc(claims.get(iri.partition("#")[0], ""))
            return claim and f"{claim}#evidence-{named.key}"
        if named and named.kind == "graph" and "--" in named.key:
            return f"/doc/source/{named.key.partition('--')[2]}/"
        return doc(iri)

    def link(self, thing: Identifier | str, text: Named | str | None = None) -> Markup:
        """A link to the page about a thing; to the web for what is not ours; else its name."""
        iri = str(thing)
        shown = self.text(self.label(iri) if text is None else text)
        if (to := self.where(iri)) is not None:
            return Markup('<a href="{}">{}</a>').format(self.href(to), shown)
        return self.away(iri, shown)

    def away(self, address: str, shown: Markup | str | None = None) -> Markup:
        """A link to another site; text alone when the address is none that people may follow."""
        inner = self.text(address) if shown is None else shown
        if not web(address):
            return Markup("{}").format(inner)
        return Markup('<a href="{}" rel="noopener noreferrer external">{}</a>').format(
            address, inner
        )

    def html(
        self,
        template: str,
        *,
        title: str,
        status: int = 200,
        links: Sequence[Link] = (),
        described: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Page:
        """Write a page with a template that extends ``base.html.j2``.

        :param title: what stands in the tab of the browser, before the name of the site.
        :param links: relations of this page beside its languages and its licence; they go into
            its head and into the Link header. ``{"rel": …, "type": …, "hreflang": …}``.
        :param described: what is told to search engines (schema.org, as JSON-LD).
        :param values: what the template shows; besides, it knows ``visit``, ``say`` and ``link``.
            ``rows``, ``truncated``, ``steady`` of the page are for the caller to ``replace``.
        """
        # what hosts show for any address has no other languages: those lead to the home page
        bare = "/" if self._anywhere else split(self.path)[1]
        tongues: list[Link] = [
            (self.href(bare, lang), {"rel": "alternate", "hreflang": TAGS[lang]})
            for lang in LANGUAGES
        ]
        tongues.append((relative(self.path, bare), {"rel": "alternate", "hreflang": "x-default"}))
        licence: Link = (str(LICENCE), {"rel": "license"})
        own: list[Link] = [*links, licence]
        if status == 200 and not self._anywhere:  # noqa: PLR2004  # HTTP's "OK"
            own += tongues
            base = self.about.base
            here = base + self.path if base else relative(self.path, self.path)
            own.append((here, {"rel": "canonical"}))
        # what was asked for goes along into another language, unless no address would hold it
        size = sum(map(len, (part for values in self.asked.values() for part in values)))
        kept = self.query() if size <= _LONGEST else {}
        body = self.site.templates.get_template(template).render(
            visit=self,
            say=self.say,
            link=self.link,
            title=title,
            lang_tag=TAGS[self.lang],
            tongues=[(lang, self.href(bare, lang, **kept)) for lang in LANGUAGES],
            menu=[
                (word, to, self.href(to))
                for word, to in MENU
                if not (self.about.static and to == "/sparql")
            ],
            here=split(self.path)[1],
            links=own,
            described=_script(described) if described else "",
            **values,
        )
        return Page(status, HTML, body.encode(), tuple(own))

    def nothing(self) -> Page:
        """The page that says that nothing has this address (404), and where to look.

        The one that hosts of files show says it in every language, since they know no reader's.
        """
        others = [lang for lang in LANGUAGES if self._anywhere and lang != self.lang]
        return self.html(
            "missing.html.j2",
            title=self.say("missing"),
            status=404,
            others=[(lang, TAGS[lang], partial(say, lang=lang)) for lang in others],
        )

    @property
    def _anywhere(self) -> bool:
        """Whether this is the page that a host of files shows for whatever it has not."""
        return self.path.endswith("/404.html")


def _claims(store: Store) -> dict[str, str]:
    """The claim of each piece of evidence; of several, the first by address."""
    found: dict[str, str] = {}
    rows = store.select(f"SELECT ?claim ?it {{ ?claim <{NS}hasEvidence> ?it }}").rows
    for claim, evidence in sorted((str(a), str(b)) for a, b in rows):
        found.setdefault(evidence, claim)
    return found


def _script(described: Mapping[str, Any]) -> Markup:
    """JSON as it may stand inside a script element: no character that HTML reads."""
    text = json.dumps(described, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  # what HTML could read has just been taken out
