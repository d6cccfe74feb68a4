"""The page: one file that opens offline, five views in three languages, every link's sources.

pyvis holds the nodes, the edges and the options and fills the page; the template, the styles and
the scripts in ``pages/`` are ours, and vis-network is read from the installed pyvis wheel. Places
are fixed (:mod:`maillage.layout`), nothing moves, and nothing is fetched: the page's own policy
forbids every request, and every script but those that it carries.

The data travel as columns (:mod:`maillage.payload`), deflated and in base64 (RFC 1951, RFC 4648);
the nodes and edges are those of pyvis, and the page hands them to vis-network.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypedDict, Unpack, cast

import networkx as nx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maillage.errors import MaillageError
from maillage.packing import deflated, packed
from maillage.pagetexts import words
from maillage.payload import VIEWS, Payload, payload
from maillage.statics import static
from maillage.words import LANGUAGES, TAGS, Language

__all__ = ["Options", "PageError", "gathered", "page", "written"]

PAGES: Final = Path(__file__).resolve().parent / "pages"
VIS: Final = "templates/lib/vis-9.1.2/vis-network.min.js"
VIS_DIGEST: Final = "1f20f0736f32cb9bedf8f6383b25cfea2f839e1abe80d6e8040b4d5bea378c69"

#: The scripts that all others build on, and those that build on all others; between them, the
#: pieces of the views in the order of their names.
FIRST: Final = ("texts", "data", "dom", "state", "fragment")
LAST: Final = ("network", "places", "matrix", "time", "table", "shell")

_OPTIONS: Final[Mapping[str, Any]] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "dragNodes": False,
        "hover": False,
        "multiselect": False,
        "selectable": False,
        "zoomSpeed": 0.6,
    },
    "nodes": {"borderWidth": 1.5, "fixed": True, "chosen": False},
}


class PageError(MaillageError):
    """The page cannot be made; its sentences stand beside its other words."""

    def text(self, lang: Language = "en") -> str:
        """The sentence for the person, in a language of theirs."""
        return words()[self.key][lang].format(**self.values)


class Options(TypedDict, total=False):
    """How a page and its pictures are to be."""

    #: Heading by language; without it, a general one.
    title: Mapping[str, str] | None
    #: The language in which it opens, and in which it reads where no script runs; French if none.
    lang: Language
    #: What it opens: ``network``, ``places``, ``matrix``, ``time`` or ``table``.
    view: str
    #: What to say of the data, in this order: a key of ``pages/words`` without its ``fact-``
    #: (``date``, ``version``, ``licence``) or any name, then a value or its translations.
    facts: Mapping[str, object]
    #: ISO code of the country drawn as circles, on the left; France if none.
    first_country: str


def page(graph: nx.MultiGraph[str], **options: Unpack[Options]) -> str:
    """Make the page of a network.

    :param graph: parties and links as :mod:`maillage.network` makes them, with more to see when
        :func:`maillage.surroundings.surround` added it; it is not changed.
    :param options: those of :class:`Options`.
    :returns: HTML, to be written as UTF-8 without changing line ends: the policy holds digests of
        the scripts. The same graph and words give the same text.
    :raises PageError: when the installed vis-network is not the one that was tried.
    """
    return written(gathered(graph, **options))


def gathered(graph: nx.MultiGraph[str], **options: Unpack[Options]) -> Payload:
    """What the page of a network and its pictures are made from; takes what :func:`page` takes."""
    told = {"version": version("maillage"), **_dated(graph), **options.get("facts", {})}
    return payload(
        graph,
        title=options.get("title") or words()["title"],
        lang=options.get("lang", "fr"),
        view=options.get("view", VIEWS[0]),
        facts=[(f"fact-{key}", value) for key, value in told.items()],
        first_country=options.get("first_country", "fr"),
    )


def _dated(graph: nx.MultiGraph[str]) -> dict[str, object]:
    """How many documents the network rests on, and when the last of them was looked at."""
    known: Mapping[str, Mapping[str, str]] = graph.graph.get("documents", {})
    cited = {
        str(proof.get("source", ""))
        for _, _, edge in graph.edges(data=True)
        for proof in edge.get("evidence", ())
    }
    seen = max((known[key].get("seen", "") for key in cited if key in known), default="")
    told = {"documents": len(cited) or "", "date": seen}
    return {key: value for key, value in told.items() if value}


def written(found: Payload) -> str:
    """The page of what :func:`gathered` found."""
    # pyvis takes 0.7 s to import (it pulls IPython); nobody else should wait for it.
    from pyvis.edge import Edge
    from pyvis.network import Network
    from pyvis.node import Node

    parties, lines = found["parties"], found["lines"]
    net = Network(cdn_resources="in_line")
    # add_node and add_edge look through all that is there each time; these do not.
    net.nodes = [
        Node(
            i,
            _SHAPES[side],
            "",
            x=x,
            y=y,
            size=size,
            color={"background": fill, "border": "#1a1a1a"},
        ).options
        for i, (side, x, y, size, fill) in enumerate(
            zip(
                parties["side"],
                parties["x"],
                parties["y"],
                parties["size"],
                (found["tiers"]["fill"][tier] for tier in parties["tier"]),
                strict=True,
            )
        )
    ]
    net.edges = [Edge(a, b).options for a, b in zip(lines["a"], lines["b"], strict=True)]
    net.options = dict(_OPTIONS)
    vis, code, style = _vis_network(), _code(), _styles()
    boot = (PAGES / "js" / "boot.js").read_text(encoding="utf-8")
    lang: Language = found["lang"]
    env = Environment(
        autoescape=True,
        loader=FileSystemLoader(PAGES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters["packed"] = packed
    env.globals.update(
        lang_tag=TAGS[lang],
        gathered=found,
        page_words={key: [text[tongue] for tongue in LANGUAGES] for key, text in words().items()},
        say=lambda key: words()[key][lang],
        static=static(found, lang),
        policy=_policy([boot, code, vis], style),
        vis=deflated(vis.encode()),
        code=deflated(code.encode()),
        boot=_verbatim(boot),
        style=_verbatim(style),
    )
    net.templateEnv, net.path = env, "page.html.j2"
    return cast("str", net.generate_html())


_SHAPES: Final = ("dot", "square")


def _verbatim(code: str) -> Markup:
    """Code of ours: escaping would change it. Never text from data."""
    return Markup(code)  # noqa: S704


def _code() -> str:
    """Our scripts, one after the other: they share one scope that no one else sees."""
    code = {path.stem: path.read_text(encoding="utf-8") for path in (PAGES / "js").glob("*.js")}
    between = sorted(code.keys() - {"boot", *FIRST, *LAST})
    joined = "".join(code[name] for name in (*FIRST, *between, *LAST))
    return f'"use strict";\n(async () => {{\n{joined}}})().catch(window.maillage.still);\n'


def _styles() -> str:
    """Our styles: what all share first, then view by view."""
    code = {path.stem: path.read_text(encoding="utf-8") for path in (PAGES / "css").glob("*.css")}
    first = ("ground", "base")
    return "".join(code[name] for name in (*first, *sorted(code.keys() - set(first))))


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
    """Forbid every request, and every script and style but those carried here.

    Pictures may come from the page's own data: a PNG is drawn from the SVG that it holds.
    """
    digests = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (*scripts, style)
    ]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests[:-1])
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'sha256-{digests[-1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
