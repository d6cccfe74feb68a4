"""What a reader sees where no script runs: one picture, and a table of the links.

The whole of a large network would weigh more than the page itself; so the table stops after some
hundred links, and says how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from markupsafe import Markup

from maillage.pagetexts import words
from maillage.pictures import picture
from maillage.pictures.reading import Reading
from maillage.words import Language

__all__ = ["ROWS", "static"]

#: Links in the table of a page with so many or fewer; in any other, the first hundred.
ROWS: Final = 300
FEW: Final = 100

_HEADS: Final = ("link", "kind", "state", "certainty", "themes", "dates", "sources")


def static(payload: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    """Title, facts, picture and table in one language."""
    said = Reading(payload, lang).text

    def concept(facet: str, number: int) -> str:
        return said(payload["facets"][facet]["text"][number]) if number >= 0 else ""

    links, total = payload["links"], len(payload["links"]["iri"])
    names = payload["parties"]["name"]
    rows = []
    for i in range(total if total <= ROWS else FEW):
        themes = "、" if lang == "zh" else ", "
        rows.append(
            {
                "cells": [
                    " — ".join(said(names[party]) for party in links["parties"][i]),
                    *(concept(name, links[name][i]) for name in ("kind", "state", "certainty")),
                    themes.join(concept("theme", theme) for theme in links["themes"][i]),
                    said(links["dates"][i]),
                ],
                "sources": [_source(payload, proof, said) for proof in links["evidence"][i]],
            }
        )
    say = words()
    return {
        "title": said(payload["title"]),
        "facts": [
            f"{said(name)}{' : ' if lang == 'fr' else '：' if lang == 'zh' else ': '}{said(value)}"
            for name, value in payload["facts"]
        ],
        # Made by ElementTree from escaped text: see maillage.pictures.
        "picture": Markup(picture(payload, "network", lang, inline=True)) if names else "",  # noqa: S704
        "caption": say["still-caption"][lang],
        "heads": [say[head][lang] for head in _HEADS],
        "rows": rows,
        "more": say["still-more"][lang].format(n=len(rows), all=total) if len(rows) < total else "",
    }


def _source(payload: Mapping[str, Any], proof: int, said: Callable[[int], str]) -> dict[str, str]:
    evidence, documents = payload["evidence"], payload["facets"]["source"]
    source = evidence["source"][proof]
    return {
        "text": said(documents["text"][source]) if source >= 0 else "",
        "href": documents["href"][source] if source >= 0 else "",
        "where": said(evidence["where"][proof]),
    }
