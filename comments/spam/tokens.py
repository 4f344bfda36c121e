"""A text cut into what can be weighed: words, links, tags and marks, each with its place in the text."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from comments.spam.vocabulary import CONCEPTS

if TYPE_CHECKING:
    from comments.spam.submission import Link

Kind = Literal["word", "link", "tag", "mark"]

MAX_WORD = 24  # characters of a word that are looked at
APOSTROPHE = r"['’]|&\#39;|&rsquo;"
TOKEN = re.compile(
    rf"(?P<tag></?[a-z][^<>]{{0,300}}>)"
    rf"|(?P<entity>&(?:\#\d{{1,6}}|\#x[0-9a-f]{{1,5}}|[a-z]{{2,8}});)"  # texts from elsewhere have them
    rf"|(?P<word>[^\W_]+(?:(?:{APOSTROPHE})[^\W_]+)*)"
    rf"|(?P<mark>[^\s\w]|_)",
    re.IGNORECASE,
)

# Letters that look the same in two scripts: spam mixes them to hide its words.
LATIN, CYRILLIC = "aceopxyikmtbh", "асеорхуикмтвн"
TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
TO_LATIN = str.maketrans(CYRILLIC, LATIN)


class Token(NamedTuple):
    kind: Kind
    word: str  # as it is compared: one width and case, digits as 0, look-alikes unmasked; a link's host
    start: int
    end: int
    mixed: bool = False  # letters of another script hide among its own


def tokenise(text: str, links: "tuple[Link, ...]") -> tuple[Token, ...]:
    """All tokens in their order. Linear in the length of the text."""
    return tuple(_tokens(text, links))


def _tokens(text: str, links: "tuple[Link, ...]") -> Iterator[Token]:
    done = 0
    for link in links:
        yield from _words(text, done, link.start)
        yield Token("link", link.host, link.start, link.end)
        done = link.end
    yield from _words(text, done, len(text))


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    for match in TOKEN.finditer(text, start, end):
        kind, found = match.lastgroup, match[0]
        if kind == "word":
            word, mixed = plain(found)
            yield Token("word", word, match.start(), match.end(), mixed)
        elif kind == "tag":
            yield Token("tag", found[1:3].lower().strip(" >"), match.start(), match.end())
        else:
            yield Token("mark", found, match.start(), match.end())


@lru_cache(maxsize=4096)
def plain(word: str) -> tuple[str, bool]:
    """The word as it is compared, and whether it hides letters of another script among its own."""
    word = unicodedata.normalize("NFKC", word[: 2 * MAX_WORD]).casefold()
    if word.isascii() and word.isalpha():
        return _shortened(word), False
    word = re.sub(APOSTROPHE, "'", word)
    latin = {letter for letter in word if "a" <= letter <= "z"}
    cyrillic = {letter for letter in word if "а" <= letter <= "ё"}
    mixed = bool(latin and cyrillic)
    if mixed and latin.issubset(LATIN):
        word = word.translate(TO_CYRILLIC)
    elif mixed and cyrillic.issubset(CYRILLIC):
        word = word.translate(TO_LATIN)
    else:  # letters that deceive nobody: a Russian ending on an English name
        mixed = False
    return _shortened(re.sub(r"\d", "0", word)), mixed


def _shortened(word: str) -> str:
    """A letter that is repeated for emphasis counts twice at most."""
    return re.sub(r"(.)\1{2,}", r"\1\1", word)[:MAX_WORD]


def _tables() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    words: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    for concept, listed in CONCEPTS.items():
        for word in listed.split():
            (stems if word.endswith("*") else words).setdefault(word.rstrip("*"), []).append(concept)
    return words, stems


WORDS, STEMS = _tables()
LONGEST_STEM = max(map(len, STEMS))


@lru_cache(maxsize=4096)
def concepts_of(word: str) -> tuple[str, ...]:
    """The concepts that a word stands for, mostly none."""
    found = list(WORDS.get(word.removesuffix("'s"), ()))
    for length in range(1, min(len(word), LONGEST_STEM) + 1):
        found += STEMS.get(word[:length], ())
    return tuple(dict.fromkeys(found))
