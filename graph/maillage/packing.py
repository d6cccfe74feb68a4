"""The payload as it travels in a page: what the page can tell for itself is left out.

An address follows from a key, the parties of a link from its lines, the end of a span from its
start. ``pages/js/data.js`` puts it all back, so that scripts and pictures read the same columns. A
page of fifty thousand links loses a third of its weight.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from maillage.payload import Payload

__all__ = ["deflated", "formed", "light", "packed"]


def packed(
    nodes: Sequence[Mapping[str, Any]],
    edges: Sequence[Mapping[str, Any]],
    options: str,
    payload: Payload,
    words: Mapping[str, Sequence[str]],
) -> str:
    """All data of a page as one text.

    :param nodes: of pyvis, with its edges and its options (JSON): what they hold is taken from
        them, and not from the payload.
    """
    data = {
        **light(payload),
        "vis": {
            "nodes": _columns(nodes, ("shape", "x", "y", "size", "color")),
            "edges": _columns(edges, ("from", "to")),
            "options": json.loads(options),
        },
        "words": words,
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return deflated(text.encode("utf-8", "replace"))


def _columns(things: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: [thing[name] for thing in things] for name in names}


def light(payload: Payload) -> Payload:
    """A payload without what follows from the rest of it."""
    links, lines, facets = (payload[name] for name in ("links", "lines", "facets"))
    ends = Counter(lines["link"])
    start = f"{payload['base']}id/"
    sources = facets["source"]
    return {
        **payload,
        "texts": formed(payload["texts"]),
        "parties": {
            **_without(payload["parties"], "iri", *_OF_NODES, *_turned(payload), "lat", "long"),
            "iri": _strange(payload["parties"]["iri"], payload["parties"]["key"], start),
            # Most codes end the key already: place/fr-commune-37261.
            "code": [
                1 if code and key.endswith(f"-{code}") else code
                for key, code in zip(
                    payload["parties"]["key"], payload["parties"]["code"], strict=True
                )
            ],
        },
        "links": {
            **_without(links, "iri", "parties", "key", "begin", "finish"),
            **{name: _spans(links[name]) for name in ("begin", "finish")},
            "key": {i: key for i, key in enumerate(links["key"]) if key != _minted(payload, i)},
            "iri": _strange(links["iri"], links["key"], start),
        },
        # Lines stand in the order of their links: it is enough to know how many each one has.
        "lines": {
            "bend": {i: bend for i, bend in enumerate(lines["bend"]) if bend},
            "each": [ends[i] for i in range(len(links["key"]))],
        },
        "events": {
            **_without(payload["events"], "iri", "lat", "long"),
            "iri": _strange(payload["events"]["iri"], payload["events"]["key"], start),
        },
        "areas": _without(payload["areas"], "lat", "long"),
        "facets": {
            **facets,
            "source": {
                **_without(sources, "href", "iri"),
                "iri": _strange(sources["iri"], sources["key"], f"{start}source/"),
                "closed": _closed(sources),
            },
        },
        "places": {**payload["places"], **_whole(payload["places"])},
    }


#: What pyvis's nodes hold.
_OF_NODES: Final = ("x", "y", "size", "side")


def _turned(payload: Payload) -> tuple[str, ...]:
    """The places of the tall picture, where it is the wide one turned."""
    parties = payload["parties"]
    same = (parties["tx"], parties["ty"]) == (parties["y"], parties["x"])
    return ("tx", "ty") if same else ()


def _without(table: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: column for name, column in table.items() if name not in names}


def _strange(iris: Sequence[str], keys: Sequence[str], start: str) -> dict[int, str]:
    """The addresses that do not follow from a key."""
    pairs = enumerate(zip(iris, keys, strict=True))
    return {i: iri for i, (iri, key) in pairs if iri != start + key}


def _closed(sources: Mapping[str, Sequence[str]]) -> list[int]:
    """The documents whose address nobody may follow."""
    pairs = enumerate(zip(sources["address"], sources["href"], strict=True))
    return [i for i, (address, href) in pairs if address != href]


def _minted(payload: Payload, link: int) -> str:
    """The key that a link has when it is minted as all are (:func:`maillage.mint.link_key`)."""
    links, parties = payload["links"], payload["parties"]["key"]
    kind = links["kind"][link]
    ends = sorted(parties[party].partition("/")[2] for party in links["parties"][link])
    return "--".join((f"link/{payload['facets']['kind']['key'][kind] if kind >= 0 else ''}", *ends))


def _spans(spans: Sequence[Sequence[int | None] | None]) -> list[Any]:
    """Spans of days: their first days, and how many days follow; -1 for what is open."""
    return [
        [span and (span[0] if span[0] is not None else "") for span in spans],
        [
            0 if span is None else -1 if None in span else (span[1] or 0) - (span[0] or 0)
            for span in spans
        ],
        {i: span for i, span in enumerate(spans) if span and span[0] is None},
    ]


def _whole(places: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Points to whole pixels where a digit less is not seen: on the map of the world."""
    return {
        name: [None if value is None else round(value) for value in places[name]]
        for name in ("wx", "wy")
    }


_DIGITS: Final = re.compile(r"\d+")
#: A form pays from so many texts on.
_OFTEN: Final = 4


def formed(texts: Sequence[str | Sequence[str | None]]) -> dict[str, Any]:
    """Texts by form: lines of documents and dates differ by their numbers only.

    ``forms`` are texts in three languages whose numbers are left out (``#``); ``numbers`` are
    those of the texts made so, in order. In ``texts`` a whole number names a form, a string is
    shared by all languages, and three texts are those of French, English and Chinese, 1 standing
    for the French one again.

    >>> found = formed(["Tours", *([f"ligne {n}", f"line {n}", f"第{n}行"] for n in "4679")])
    >>> found["forms"], found["numbers"]
    ([['ligne #', 'line #', '第#行']], ['4', '6', '7', '9'])
    >>> found["texts"]
    ['Tours', 0, 0, 0, 0]
    """
    taken = [_form(text) for text in texts]
    often = Counter(form for form, _ in taken if form)
    forms = {form: i for i, form in enumerate(f for f, n in often.items() if n >= _OFTEN)}
    return {
        "forms": [list(form) for form in forms],
        "numbers": [numbers for form, numbers in taken if form in forms],
        "texts": [
            forms[form] if form in forms else _spoken(text)
            for (form, _), text in zip(taken, texts, strict=True)
        ],
    }


def _form(text: str | Sequence[str | None]) -> tuple[tuple[str, ...] | None, str]:
    """The form of a text and its numbers; none where the languages have other numbers."""
    if isinstance(text, str) or any(said is None or "#" in said for said in text):
        return None, ""
    spoken = [str(said) for said in text]
    numbers = _DIGITS.findall(spoken[0])
    if not numbers or any(_DIGITS.findall(said) != numbers for said in spoken[1:]):
        return None, ""
    return tuple(_DIGITS.sub("#", said) for said in spoken), " ".join(numbers)


def _spoken(text: str | Sequence[str | None]) -> Any:
    if isinstance(text, str):
        return text
    return [text[0], *(1 if said is not None and said == text[0] else said for said in text[1:])]


def deflated(content: bytes) -> str:
    """Raw deflate in base64, as ``DecompressionStream`` of browsers reads it (RFC 1951, 4648)."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(squeezer.compress(content) + squeezer.flush()).decode()
