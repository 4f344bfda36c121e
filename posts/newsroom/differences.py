"""In which words two texts differ."""

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from os.path import commonprefix
from typing import NamedTuple

LINE = re.compile(r"(?<=\n)|(?<=</p>)|(?<=</li>)|(?<=</h\d>)|(?<=</t[dhr]>)|(?<=<br>)")
WORD = re.compile(r"<[^<>]*>\s*|[^\s<]+\s*|\s+|<")
MOST = (
    2000  # lines, and words of one place, on each side, that are compared one by one; the time grows with their square
)
LINE_END = re.compile(r"</(?:p|h\d|li|tr|blockquote|figcaption)>\s*|<br>\s*")
BETWEEN_BLOCKS = re.compile(r"(</(?:p|h\d|li|[ou]l|blockquote|figure|figcaption|t(?:d|h|r|able|head|body))>)\s+(?=<)")
USUAL = re.compile(r"<p>")
ELLIPSIS = re.compile(r"(?s)\A(.{200}\S*).+?(\S*.{200})\Z")  # characters of what stands in both, around what does not
TAG = re.compile(r"<[^<>]*>")


class Side(StrEnum):
    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


class Passage(NamedTuple):
    side: Side
    text: str


class Difference(NamedTuple):
    """A field that is not the same in two states of a text."""

    label: str
    passages: list[Passage]

    @property
    def before(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.side != Side.AFTER]

    @property
    def after(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.side != Side.BEFORE]

    @property
    def shortened(self) -> list[Passage]:
        """Without most of what stands in both."""
        return [
            passage._replace(text=ELLIPSIS.sub(r"\1 … \2", passage.text)) if passage.side == Side.BOTH else passage
            for passage in self.passages
        ]


def differences(before: str, after: str) -> list[Passage]:
    """Both texts as one row of passages, each of which stands in both or in one of them.

    Where more than `MOST` words differ in one place, that place counts as new altogether; and where more lines lie
    between the first and the last that differ, they are one place.
    """
    found = filter(attrgetter("text"), by_line(as_the_editor(before), as_the_editor(after)))
    return [
        Passage(side, "".join(passage.text for passage in alike))
        for side, alike in groupby(found, key=attrgetter("side"))
    ]


def as_the_editor(text: str) -> str:
    """As the editor writes it: a line ends otherwise where a form sends it, and no space is between blocks."""
    return BETWEEN_BLOCKS.sub(r"\1", text.replace("\r\n", "\n"))


def by_line(before: str, after: str) -> Iterator[Passage]:
    for old, new in blocks(LINE.split(before), LINE.split(after)):
        yield from by_word(old, new)


def by_word(before: str, after: str) -> Iterator[Passage]:
    for one, other in blocks(WORD.findall(before), WORD.findall(after)):
        if one == other:
            yield Passage(Side.BOTH, one)
        else:
            yield Passage(Side.BEFORE, one)
            yield Passage(Side.AFTER, other)


def blocks(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    """What stands in both, and what stands between that, in order."""
    head = len(commonprefix([before, after]))
    old, new = before[head:], after[head:]
    tail = len(commonprefix([old[::-1], new[::-1]]))
    last = before[len(before) - tail :]
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    yield "".join(before[:head]), "".join(before[:head])
    yield from between(old, new)
    yield "".join(last), "".join(last)


def between(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    if max(len(old), len(new)) > MOST:
        yield "".join(old), "".join(new)
        return
    for _kind, start, end, other_start, other_end in SequenceMatcher(None, old, new).get_opcodes():
        yield "".join(old[start:end]), "".join(new[other_start:other_end])


def readable(passage: Passage) -> Passage:
    """A passage of HTML without the tags that stand in both; where one differs, it is shown."""
    if passage.side == Side.BOTH:
        text = TAG.sub("", LINE_END.sub("\n", passage.text))
    else:
        text = USUAL.sub("", LINE_END.sub("¶\n", passage.text))
    return Passage(passage.side, html.unescape(text))
