"""A comment's text with the passages that its signals point at, and without those that a moderator covered."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from comments.models import Comment, CommentSignal
from comments.models.comment import COVER
from comments.signal_words import name_of, told
from comments.spam.signals.danger import is_danger
from posts.models import Language

FIELDS = {"text": "body", "name": "name", "website": "website"}  # of evidence, and where the comment keeps it
MAX_MARKS = 100  # in one text; further signals are only listed

Span = tuple[int, int]  # [start, end) in characters


@dataclass(frozen=True, slots=True)
class Clue:
    """A signal in the list beside the text, under the number by which the marks in the text refer to it."""

    number: int
    signal: CommentSignal
    quote: str  # empty where it must not be shown, or there is none
    reason: str  # and so is this

    @property
    def name(self) -> str:
        return name_of(self.signal.name)

    @property
    def is_danger(self) -> bool:
        return is_danger(self.signal.name)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text in which the same clues hold."""

    text: str
    clues: tuple[Clue, ...] = ()
    ending: tuple[Clue, ...] = ()  # those that hold no longer behind it
    covered: bool = False

    @property
    def is_plain(self) -> bool:
        return not self.clues and not self.covered

    @property
    def is_danger(self) -> bool:
        return any(clue.is_danger for clue in self.clues)

    @property
    def numbers(self) -> str:
        """Of the clues whose marks end here, so that each number stands once."""
        return ",".join(str(clue.number) for clue in self.ending)

    @property
    def reasons(self) -> str:
        return " ".join(clue.reason for clue in self.clues)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """All of a comment that signals point at, and the signals."""

    text: list[Passage]
    name: list[Passage]  # empty where nothing in it is marked, and so with the website
    website: list[Passage]
    clues: list[Clue]


def exhibit(comment: Comment, *, uncovered: bool) -> Exhibit:
    """The comment as moderators see it: covered passages as their cover, or `uncovered`, as administrators see them."""
    covers = [(start, end) for start, end in comment.redactions or [] if start < end <= len(comment.body)]
    hidden = [] if uncovered else covers
    marks: dict[str, dict[Clue, Span]] = {field: {} for field in FIELDS}
    clues = []
    below = unicodedata.normalize("NFKC", " ".join(comment.body[start:end] for start, end in hidden))
    below = below.casefold().replace("。", ".")
    for number, signal in enumerate(comment.signals.all(), start=1):
        reason = "" if names_host(signal.reason, below) else told(signal.reason)
        clue, field, span = examined(comment, Clue(number, signal, "", reason), hidden)
        clues.append(clue)
        if span and len(marks[field]) < MAX_MARKS:
            marks[field][clue] = span
    return Exhibit(
        text=list(said(comment, marks["text"], covers, uncovered=uncovered)),
        name=list(passages(comment.name, marks["name"])) if marks["name"] else [],
        website=list(passages(comment.website, marks["website"])) if marks["website"] else [],
        clues=clues,
    )


def examined(comment: Comment, clue: Clue, hidden: Sequence[Span]) -> tuple[Clue, str, Span | None]:
    """The clue with the quote that may be shown, the field that it is in, and where, if it is there indeed."""
    evidence: dict[str, Any] = clue.signal.evidence or {}
    field, quote = evidence.get("field", ""), evidence.get("quote", "")
    start, end = evidence.get("start", -1), evidence.get("end", -1)
    fits = field in FIELDS and 0 <= start < end and getattr(comment, FIELDS[field])[start:end] == quote
    if field == "text" and hidden and not (fits and clear_of(hidden, start, end)):
        return clue, field, None
    return replace(clue, quote=quote), field, (start, end) if fits else None


def names_host(reason: str, below: str) -> bool:
    """Whether a reason tells of a host that stands below a cover, here in one form; what is odd might stand there."""
    words = (word.strip(".,…") for word in reason.casefold().split()) if below else ()
    return any("." in word and (word in below or not word.isascii()) for word in words)


def clear_of(spans: Iterable[Span], start: int, end: int) -> bool:
    return all(end <= first or last <= start for first, last in spans)


def said(comment: Comment, marks: dict[Clue, Span], covers: Sequence[Span], *, uncovered: bool) -> Iterator[Passage]:
    cover = COVER[Language(comment.post.language)]
    for passage in passages(comment.body, marks, covers):
        yield passage if uncovered or not passage.covered else replace(passage, text=cover)


def passages(text: str, marks: dict[Clue, Span], covers: Iterable[Span] = ()) -> Iterator[Passage]:
    """The text cut wherever a mark or a cover begins or ends. Marks may overlap."""
    begins, ends = defaultdict(list), defaultdict(list)
    for clue, (start, end) in marks.items():
        begins[start].append(clue)
        ends[end].append(clue)
    opening, closing = {start for start, _end in covers}, {end for _start, end in covers}
    active: dict[Clue, None] = {}
    covered = False
    for start, end in pairwise(sorted({0, len(text), *begins, *ends, *opening, *closing})):
        covered = start in opening or (covered and start not in closing)
        for clue in ends[start]:
            del active[clue]
        active |= dict.fromkeys(begins[start])
        yield Passage(text[start:end], tuple(active), tuple(ends[end]), covered)


def occurrences(text: str, passage: str) -> Iterator[Span]:
    """Where the passage stands in the text, whatever white space is between its words. Linear."""
    words = list(re.finditer(r"\S+", text))
    flat = " ".join(word[0] for word in words)
    places = [place for word in words for place in (*range(*word.span()), word.end())]  # of each character of `flat`
    sought = " ".join(passage.split())
    found = flat.find(sought) if sought else -1
    while found >= 0:
        yield places[found], places[found + len(sought) - 1] + 1
        found = flat.find(sought, found + len(sought))
