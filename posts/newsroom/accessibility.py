"""What in a text some readers will miss: those who hear it, do not see its pictures, or go from link to link."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext as _

MOST = 50  # barriers that are named
MAX_PASSAGE = 120  # characters that are quoted
HEADINGS = ("h2", "h3", "h4", "h5", "h6")  # the page's own title is its h1
WATCHED = frozenset({*HEADINGS, "a", "table", "th"})
# Texts of links that say nothing where they are read out one after the other.
SAYING_NOTHING = frozenset(
    (
        "here|click here|click|this|this link|link|more|read more|see more|learn more|details|page|article"
        "|여기|여기를 클릭|여기를 클릭하세요|여기서|여기에서|이곳|클릭|링크|더보기|더 보기|자세히|자세히 보기"
        "|바로가기|이 글"
    ).split("|")
)
# Alternative texts that say nothing of what is to be seen.
NO_DESCRIPTION = frozenset("image|picture|photo|photograph|graphic|이미지|사진|그림".split("|"))
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|webp|heic|avif|bmp|tiff?)", re.IGNORECASE)


class Barrier(NamedTuple):
    """Something that a reader may miss, and where it stands."""

    said: str
    passage: str


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())


class Reader(HTMLParser):
    """The elements that matter, in order, each with its text. Alternative texts count as text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if tag == "img":
            self.found.append(element)
            self.handle_data(element.attributes.get("alt", ""))
        elif tag in WATCHED:
            self.found.append(element)
            self.open.append(element)

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.pieces.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1].name == tag:
            self.open.pop()


def barriers(html: str) -> list[Barrier]:
    """What some readers will miss of a text as it is shown (sanitised, so well nested); the first `MOST` of it."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    found = chain.from_iterable(check(reader.found) for check in CHECKS)
    return [Barrier(said, Truncator(passage).chars(MAX_PASSAGE)) for said, passage in islice(found, MOST)]


def pictures(elements: list[Element]) -> Iterator[Barrier]:
    for picture in (element for element in elements if element.name == "img"):
        alt, address = picture.attributes.get("alt"), picture.attributes.get("src", "")
        if alt is None:
            yield Barrier(_("The picture has no alternative text."), address)
        elif FILE_NAME.fullmatch(alt) or alt.casefold() in NO_DESCRIPTION:
            yield Barrier(_("The alternative text does not say what is to be seen."), alt)


def headings(elements: list[Element]) -> Iterator[Barrier]:
    above = 1
    for heading in (element for element in elements if element.name in HEADINGS):
        level = int(heading.name[1])
        if not heading.text:
            yield Barrier(_("The heading is empty."), f"<{heading.name}>")
        elif level > above + 1:
            said = _("A heading of level %(level)d comes after level %(above)d: one level is left out.")
            yield Barrier(said % {"level": level, "above": above}, heading.text)
        above = level


def links(elements: list[Element]) -> Iterator[Barrier]:
    for link in (element for element in elements if element.name == "a" and element.attributes.get("href")):
        text, address = link.text, link.attributes["href"]
        if not text:
            yield Barrier(_("The link has no text."), address)
        elif ADDRESS.fullmatch(text):
            yield Barrier(_("The link is an address, which is read out letter by letter."), text)
        elif text.casefold().strip(" .…!>»→[]()") in SAYING_NOTHING:
            yield Barrier(_("The text of the link does not say where it leads."), f"{text} → {address}")


def tables(elements: list[Element]) -> Iterator[Barrier]:
    parts = [element for element in elements if element.name in {"table", "th"}]
    for table, first in zip_longest(parts, parts[1:]):
        if table.name == "table" and (first is None or first.name == "table"):
            yield Barrier(_("The table has no headers, which say what its cells are about."), table.text)


CHECKS: tuple[Callable[[list[Element]], Iterator[Barrier]], ...] = (pictures, headings, links, tables)
