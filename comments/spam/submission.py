"""What a spam signal may look at: the submission, without address, account or database row."""

import re
import unicodedata
from copy import copy
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from comments.spam.tokens import Token, tokenise

# Hosts written without "http://" count under these endings only, so that "end.Start" is not a link.
BARE_ENDINGS = "com|net|org|info|biz|ru|kr|cn|io|co|me|tv|xyz|top|site|online|shop|club|ly|gl|ltd"
# Linear: a bare host is tried only where a word begins, and a label has at most 63 characters. No \b and no \w beside a
# host, because Korean writes particles onto it ("example.com에서"): they are cut off afterwards.
LINK = re.compile(
    rf"""
    (?i: https?://
      | (?<![a-z0-9_.@/-]) (?= www\. | (?:[a-z0-9][a-z0-9-]{{0,62}}\.)+ (?:{BARE_ENDINGS}) (?!\.?[a-z0-9-]) )
    )
    (?P<authority> [^\s<>"\[\]/?\#]+ )
    (?: [/?\#] [^\s<>"\[\]]* )?
    """,
    re.VERBOSE,
)
PIECE = 512  # characters
AFTER_LINK = ".,:;!?)}'*_~…"  # punctuation of the sentence around a link, not of the link


@dataclass(frozen=True, slots=True)
class Link:
    """An address found in a text: `text[start:end] == url`."""

    url: str
    host: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One comment as the signals see it."""

    text: str
    name: str = ""
    website: str = ""
    email_domain: str = ""  # of the address, where one was given; the address itself is nobody's business
    post_title: str = ""
    post_text: str = ""  # title and beginning of the post, to see whether the comment is about it
    post_language: str = "en"
    honeypot: str = ""  # what stood in the field that people do not see
    seconds_to_submit: float | None = None  # from coming into the empty form to sending it; None: not measured
    same_text_before: int = 0  # earlier comments with the same normalised text, last 24 hours
    similar_before: int = 0  # earlier comments with nearly the same text, last 7 days
    marked_hosts: tuple[str, ...] = ()  # that it leads to, of those only ever marked as spam
    from_source_recently: int = 0  # acknowledged comments from this source, last 10 minutes
    shared_source: bool = False  # many people behind one address (an onion service): frequency says nothing
    proven_published: int = 0  # earlier comments of the same proven author that moderators published
    proven_refused: int = 0  # and that they rejected or marked as spam
    name_of_proven: bool = False  # somebody proven uses this name, and this is not proven to be them
    name_of_staff: bool = False  # it looks like the name of somebody who works here, or of the site
    links: tuple[Link, ...] = field(init=False)  # found in the text
    tokens: tuple[Token, ...] = field(init=False, repr=False)  # words, links, tags and marks of the text

    def __post_init__(self) -> None:
        object.__setattr__(self, "links", find_links(self.text))
        object.__setattr__(self, "tokens", tokenise(self.text, self.links))

    def knowing(self, **facts: Any) -> "Submission":
        """What else is known of the comment added to it. Unlike `replace`, does not look through the text again."""
        known = copy(self)
        for name, value in facts.items():
            object.__setattr__(known, name, value)
        return known


def find_links(text: str) -> tuple[Link, ...]:
    return tuple(_link(match) for match in LINK.finditer(text))


def _link(match: re.Match[str]) -> Link:
    authority = _without_particle(match["authority"])
    whole = match[0] if authority == match["authority"] else match[0].partition(authority)[0] + authority
    url = whole.rstrip(AFTER_LINK)
    host = authority.rpartition("@")[2].partition(":")[0].rstrip(AFTER_LINK).lower()
    return Link(url, host, match.start(), match.start() + len(url))


def _without_particle(authority: str) -> str:
    """Up to the first Korean letter, unless a label begins with it: then the host itself is Korean."""
    if authority.isascii():
        return authority
    latin = "".join(takewhile(lambda letter: not "가" <= letter <= "힣", authority))
    return latin if latin and not latin.endswith(".") else authority


def normalised(text: str) -> str:
    """The text without what a sender varies at no cost: case, width, spacing and punctuation. Linear.

    Pieces are brought into one form by themselves: ordering a long run of accents takes quadratic time.
    """
    pieces = (text[start : start + PIECE] for start in range(0, len(text), PIECE))
    folded = "".join(_folded(piece) for piece in pieces)
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def _folded(piece: str) -> str:
    """In one form, unless that is much longer: some characters stand for whole sentences, and cost as much."""
    folded = unicodedata.normalize("NFKC", piece).casefold()
    return folded if len(folded) <= 2 * len(piece) else piece.casefold()
