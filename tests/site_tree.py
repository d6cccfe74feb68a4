"""A page of the site as a tree of elements, to ask what stands where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from site_reading import VOID


@dataclass
class Element:
    """An element: its name, its attributes, and what it holds, texts and elements."""

    tag: str
    told: dict[str, str]
    parent: Element | None
    held: list[Element | str] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        """Its classes."""
        return set(self.told.get("class", "").split())

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.held)

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements inside, at any depth, that have one of these names; all without names."""
        for part in self.held:
            if isinstance(part, Element):
                if not tags or part.tag in tags:
                    yield part
                yield from part.all(*tags)

    def above(self) -> Iterator[Element]:
        """The elements around this, the nearest first."""
        at = self.parent
        while at is not None:
            yield at
            at = at.parent

    def named(self, name: str) -> Element:
        """The one element inside with an id."""
        (found,) = (element for element in self.all() if element.told.get("id") == name)
        return found


class _Growing(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self._at = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.held.append(made)
        if tag not in VOID:
            self._at = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._at.held.append(Element(tag, {n: v or "" for n, v in attrs}, self._at))

    def handle_endtag(self, tag: str) -> None:
        assert self._at.tag == tag and self._at.parent is not None, (self._at.tag, tag)
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.held.append(data)


def tree(html: str) -> Element:
    """A page taken apart; elements must be closed in order."""
    growing = _Growing()
    growing.feed(html)
    growing.close()
    return growing.root
