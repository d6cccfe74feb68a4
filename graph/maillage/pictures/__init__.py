"""Pictures without a browser: a view as SVG, for a slide, a report, or a page without scripts.

A picture is drawn from the data that a page carries, so that both say the same. It holds no
script, no style sheet and no address, and its texts are only texts, whatever they say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from maillage.pictures.matrix import matrix
from maillage.pictures.network import network
from maillage.pictures.places import places
from maillage.pictures.reading import Reading
from maillage.pictures.sheet import Drawing, nothing, sheet
from maillage.pictures.timeline import timeline
from maillage.pictures.writing import written
from maillage.words import Language

__all__ = ["VIEWS", "picture"]

_DRAWN: Final[Mapping[str, Callable[[Reading], Drawing]]] = {
    "network": network,
    "places": places,
    "matrix": matrix,
    "time": timeline,
}
#: The views that can be drawn.
VIEWS: Final = tuple(_DRAWN)

_MOST_LINES: Final = 2000  # of a network inside a page: more can neither be read nor sent
_MOST_BYTES: Final = 150_000  # of any picture inside a page
_INSTEAD: Final = ("places", "matrix")  # what is drawn where a picture would be too large


def picture(
    payload: Mapping[str, Any],
    view: str,
    lang: Language,
    *,
    inline: bool = False,
    name: str = "picture",
) -> str:
    """Draw a view of a network as SVG.

    Args:
        payload: what a page carries, as :mod:`maillage.payload` makes it.
        view: one of :data:`VIEWS`.
        lang: language of words and names.
        inline: to stand inside a page, in at most 150 KB: a network of more than 2,000 lines is
            drawn by its flows between places, and says so. Else a document of its own.
        name: start of the identifiers, for a page that holds several pictures.

    Returns:
        The picture as text, to be written as UTF-8; the same data, the same text.

    Raises:
        KeyError: there is no view of that name.
    """
    draw = _DRAWN[view]
    reading = Reading(payload, lang, tips=not inline)
    if not reading.payload["parties"]["iri"]:
        draw = nothing
    crowded = view == "network" and len(payload["lines"]["link"]) > _MOST_LINES
    if not inline or not crowded:
        text = _text(reading, draw(reading), inline=inline, name=name)
        if not inline or len(text.encode()) <= _MOST_BYTES:
            return text
    for other in _INSTEAD:
        drawing = _DRAWN[other](reading)
        drawing.notes.insert(0, reading.word("pictures-instead"))
        text = _text(reading, drawing, inline=True, name=name)
        if 2 * drawing.links >= reading.counts["links"] and len(text.encode()) <= _MOST_BYTES:
            break
    return text


def _text(reading: Reading, drawing: Drawing, *, inline: bool, name: str) -> str:
    root = sheet(reading, drawing, inline=inline, name=name)
    if inline:
        return written(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written(root)}\n'
