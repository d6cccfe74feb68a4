"""The network page: one file that opens offline, in three languages, with every link's sources.

pyvis holds the nodes, the edges and the options and fills the page; the template, the style and
the script in ``pages/`` are ours, and vis-network is read from the installed pyvis wheel. Places
are fixed (:mod:`maillage.layout`), nothing moves, and nothing is fetched: the page's own policy
forbids every request and every script but the two that it carries.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, cast

import networkx as nx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maillage import look
from maillage.errors import MaillageError
from maillage.layout import arranged, packed
from maillage.pagetexts import Texts, words
from maillage.records import TONGUES, link_records, party_records
from maillage.words import LANGUAGES, TAGS, Language

__all__ = ["PageError", "page"]

PAGES: Final = Path(__file__).resolve().parent / "pages"
VIS: Final = "templates/lib/vis-9.1.2/vis-network.min.js"
VIS_DIGEST: Final = "1f20f0736f32cb9bedf8f6383b25cfea2f839e1abe80d6e8040b4d5bea378c69"

#: Frames to fill, width to height: a screen or projector, and a telephone held upright.
ASPECTS: Final[Mapping[str, float]] = {"wide": 1.7, "tall": 0.62}

_LINK_HEADS: Final = ("link", "kind", "state", "certainty", "themes", "dates", "sources")
_PARTY_HEADS: Final = (
    "party",
    "other-names",
    "country",
    "level",
    "code",
    "part-of",
    "existence",
    "link-count",
)

_OPTIONS: Final[Mapping[str, Any]] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {"dragNodes": False, "hover": True, "multiselect": False, "zoomSpeed": 0.6},
    "nodes": {
        "borderWidth": 1.5,
        "borderWidthSelected": 5,
        "fixed": True,
    },
    "edges": {"selectionWidth": 3, "hoverWidth": 1.5},
}


class PageError(MaillageError):
    """The page cannot be made; its sentences stand beside its other words."""

    def text(self, lang: Language = "en") -> str:
        """The sentence for the person, in a language of theirs."""
        return words()[self.key][lang].format(**self.values)


def page(
    graph: nx.MultiGraph[str],
    *,
    title: Mapping[str, str] | None = None,
    lang: Language = "fr",
    facts: Mapping[str, object] | None = None,
    first_country: str = "fr",
) -> str:
    """Make the page of a network.

    Args:
        graph: parties and links as :mod:`maillage.network` makes them; it is not changed.
        title: heading by language; without it, a general one.
        lang: language in which the page opens, and in which it reads where no script runs.
        facts: what to say under the heading, in this order: a key of ``pages/words.toml``
            without its ``fact-`` (``documents``, ``claims``, ``date``, ``version``,
            ``licence``), or any other name, then a value or its translations.
        first_country: the country drawn as circles, on the left.

    Returns:
        HTML, to be written as UTF-8 without changing line ends: the policy holds digests of
        the scripts. The same graph and words give the same text.

    Raises:
        PageError: the installed vis-network is not the one that was tried.
    """
    # pyvis takes 0.7 s to import (it pulls IPython); nobody else should wait for it.
    from pyvis.edge import Edge
    from pyvis.network import Network

    texts = Texts(lang, graph.graph.get("concepts", {}))
    links = link_records(graph, texts, first_country)
    parties = party_records(graph, texts, first_country, links)
    ids = {party["of"]: party["id"] for party in parties}

    net = Network(cdn_resources="in_line")
    for party in parties:
        net.add_node(party["id"], **party["node"])
    net.edges = [
        Edge(ids[link["from"]], ids[link["to"]], id=link["id"], **link["edge"]).options
        for link in links
    ]
    net.options = dict(_OPTIONS)

    vis, script, style = _vis_network(), _own("network.js"), _own("network.css")
    env = Environment(
        autoescape=True,
        loader=FileSystemLoader(PAGES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters["data"] = _data
    env.globals.update(
        at=texts.at,
        say=texts.say,
        title=texts.put(title or words()["title"]),
        texts=texts.used,
        lang_tag=TAGS[lang],
        tongues=[(tongue, TAGS[tongue], name) for tongue, name in TONGUES.items()],
        facts=[*_counts(graph, texts), *_facts(facts or {}, texts)],
        legend=_legend(parties, links, texts, first_country),
        lines=look.LINES,
        parties=parties,
        links=links,
        link_heads=[texts.word(head) for head in _LINK_HEADS],
        party_heads=[texts.word(head) for head in _PARTY_HEADS],
        drawing=_drawing(graph, parties, texts, first_country),
        policy=_policy([vis, script] if parties else [script], style),
        vis=_verbatim(vis),
        script=_verbatim(script),
        style=_verbatim(style),
    )
    net.templateEnv, net.path = env, "network.html.j2"
    return cast("str", net.generate_html())


def _legend(
    parties: Sequence[Mapping[str, Any]],
    links: Sequence[Mapping[str, Any]],
    texts: Texts,
    first_country: str,
) -> dict[str, Any]:
    """Only what the picture shows: a legend of things that are not there misleads."""
    others = {party["country"] for party in parties if party["shape"] == "square"} - {""}
    other = others.pop() if len(others) == 1 else texts.word("elsewhere")
    shapes = [
        (shape, texts.filled(f"shape-{side}", country=country))
        for shape, side, country in (
            ("dot", "first", texts.country(first_country)),
            ("square", "other", other),
        )
        if any(party["shape"] == shape for party in parties)
    ]
    ranks = [*look.TIERS, "other"]
    tiers = {party["tier"]: party for party in parties}
    order = sorted(tiers, key=lambda tier: (ranks.index(tier) if tier in ranks else 99, tier))
    drawn = {link["line"] for link in links}
    marks = {link["mark"] for link in links}
    return {
        "shapes": shapes,
        "tiers": [
            {**tiers[t], "shapes": sorted({p["shape"] for p in parties if p["tier"] == t})}
            for t in order
        ],
        "lines": [
            *((name, "", texts.word(f"line-{name}")) for name in look.LINES if name in drawn),
            *(
                ("firm", mark, texts.word(f"line-{mark}"))
                for mark in ("inferred", "disputed")
                if mark in marks
            ),
        ],
    }


def _drawing(
    graph: nx.MultiGraph[str],
    parties: Sequence[Mapping[str, Any]],
    texts: Texts,
    first_country: str,
) -> dict[str, Any]:
    """Places for each frame, labels in each language and letters, in the order of the parties."""
    labels = {
        tongue: [look.wrapped(t) for t in texts.labels((p["name"] for p in parties), tongue)]
        for tongue in LANGUAGES
    }
    rooms = {
        party["of"]: look.room((labels[tongue][i] for tongue in LANGUAGES), party["size"])
        for i, party in enumerate(parties)
    }
    groups = arranged(graph, rooms=rooms, first_country=first_country)
    places = {frame: packed(groups, aspect) for frame, aspect in ASPECTS.items()}
    return {
        "labels": labels,
        "places": {
            frame: [dict(zip("xy", points[party["of"]], strict=True)) for party in parties]
            for frame, points in places.items()
        },
        "rooms": [rooms[party["of"]] for party in parties],
        "marks": [{"ref": party["mark"], "ink": party["ink"]} for party in parties],
        "font": look.FONT,
        "leading": look.LEADING,
    }


def _counts(graph: nx.MultiGraph[str], texts: Texts) -> list[tuple[str, str]]:
    """How much is drawn; an n-ary link is several lines but one link."""
    tentative = {
        key: look.line_of(edge) == "tentative"
        for _, _, key, edge in graph.edges(keys=True, data=True)
    }
    documents = {
        proof.get("source")
        for _, _, edge in graph.edges(data=True)
        for proof in edge.get("evidence", ())
    }
    counts = {
        "count-parties": len(graph),
        "count-links": len(tentative),
        "count-tentative": sum(tentative.values()),
        "count-documents": len(documents),
    }
    return [(texts.word(key), texts.same(str(count))) for key, count in counts.items() if count]


def _facts(facts: Mapping[str, object], texts: Texts) -> list[tuple[str, str]]:
    shown = []
    for key, value in facts.items():
        name = texts.word(f"fact-{key}") if f"fact-{key}" in words() else texts.same(key)
        if isinstance(value, Mapping):
            shown.append((name, texts.put({k: str(v) for k, v in value.items()})))
        else:
            shown.append((name, texts.same(str(value))))
    return shown


def _data(value: object) -> Markup:
    """JSON for a script element: no character that HTML or JavaScript could read as its own."""
    # pyvis hands the options over as JSON already.
    data = json.loads(value) if isinstance(value, str) else value
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(re.sub("[<>&\u2028\u2029]", lambda c: f"\\u{ord(c[0]):04x}", text))  # noqa: S704


def _verbatim(code: str) -> Markup:
    """Code of ours or of vis-network: escaping would change it. Never text from data."""
    return Markup(code)  # noqa: S704


def _own(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def _vis_network() -> str:
    """The drawing library out of the installed pyvis, if it is the very file that was tried."""
    found = find_spec("pyvis")
    folder = Path(str(found.origin)).parent if found else Path("pyvis")
    path = folder / VIS
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PageError("vis-missing", path=path) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != VIS_DIGEST:
        raise PageError("vis-changed", path=path, found=digest, expected=VIS_DIGEST)
    # HTML readers turn CRLF into LF before they compare digests; and a debugger must not look
    # for a source map beside the page.
    text = content.decode("utf-8").replace("\r\n", "\n")
    return text.replace("//# sourceMappingURL=vis-network.min.js.map", "")


def _policy(scripts: Sequence[str], style: str) -> str:
    """Forbid every request, and every script and style but those carried here."""
    digests = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (*scripts, style)
    ]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests[:-1])
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'sha256-{digests[-1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
