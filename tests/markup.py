"""Reading pages as a browser would, as far as the tests need it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        """This element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    def all(self, tag: str = "", style: str = "", **attributes: str) -> list[Element]:
        """Elements of that tag, class and attributes."""
        return [
            element
            for element in self
            if tag in ("", element.tag)
            and (not style or style in element.attributes.get("class", "").split())
            and all(element.attributes.get(name.replace("_", "-")) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", style: str = "", **attributes: str) -> Element:
        (element,) = self.all(tag, style, **attributes)
        return element

    @property
    def text(self) -> str:
        """All words inside, with single spaces."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, Element):
                yield from child._words()
            else:
                yield child

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag != tag:
            raise ValueError(f"</{tag}> closes <{self.open[-1].tag}>")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(response) -> Element:
    """The page of a response; raises ValueError when its elements are not properly nested."""
    builder = _Builder()
    builder.feed(response.content.decode())
    builder.close()
    if len(builder.open) != 1:
        raise ValueError(f"<{builder.open[-1].tag}> is never closed")
    return builder.open[0]


def song_titles(page: Element) -> list[Element]:
    """The title links of the songs listed on a page, in order."""
    return [link for title in page.all("h3", "song__title") for link in title.all("a")]


def listed_songs(page: Element) -> list[str]:
    """Public ids of the songs listed on a page, in order."""
    return [link["href"].split("/")[2] for link in song_titles(page)]
