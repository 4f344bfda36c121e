"""What a learner counts and weighs: words, pieces of words, the shape of the text and the fields around it.

Each feature is a number below SIZE, the CRC of its name; two that share a number share what was learnt, which is rare
enough. The same features serve what was trained beforehand and what a site learns itself.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import log2
from typing import NamedTuple
from zlib import crc32

from comments.spam.submission import Submission
from comments.spam.tokens import Token, concepts_of, plain

VERSION = 1  # raise it when the features of the same text change: what was counted before is then counted anew
SIZE = 1 << 18  # numbers of features
PIECES = (2, 3, 4, 5)  # lengths of pieces of words, in characters
NEAR = 5  # tokens within which two concepts count as said together
DENSE = 0.15  # share of the words
FIELD_WORD = re.compile(r"[^\W_]+")
SENTENCE_END = re.compile(r"[.!?…:;,)~]\s*$")


class Features(NamedTuple):
    """The distinct features of a submission by kind. Kinds are weighed apart: a long text has many pieces of words."""

    pieces: dict[int, int]  # number to place of the first token that has it
    words: dict[int, int]
    shape: dict[int, int]
    fields: dict[int, int]


def features(submission: Submission) -> Features:
    """Linear in the length of the text."""
    found = Features({}, {}, {}, {})
    _collect(found.pieces, _pieces(submission.tokens))
    _collect(found.words, _words(submission.tokens))
    _collect(found.shape, ((number(f"#{name}"), place) for name, place in _shape(submission)))
    _collect(found.fields, ((number(f"@{name}"), -1) for name in _fields(submission)))
    return found


def number(name: str) -> int:
    return crc32(name.encode(errors="replace")) % SIZE  # what no encoding has is a question mark


def _collect(found: dict[int, int], features: Iterable[tuple[int, int]]) -> None:
    for key, place in features:
        found.setdefault(key, place)


def _pieces(tokens: Iterable[Token]) -> Iterator[tuple[int, int]]:
    for place, token in enumerate(tokens):
        if token.kind == "word":
            for key in pieces_of(token.word):
                yield key, place


@lru_cache(maxsize=2048)
def pieces_of(word: str) -> tuple[int, ...]:
    edged = f" {word} "
    pieces = {edged[start : start + length] for length in PIECES for start in range(len(edged) - length + 1)}
    return tuple(sorted({number(piece) for piece in pieces}))


def _words(tokens: Iterable[Token]) -> Iterator[tuple[int, int]]:
    before = "^"
    for place, token in enumerate(tokens):
        word = token.word
        if token.kind == "link":
            for part in ("", *word.removeprefix("www.").split(".")):
                yield number(f"host {part or word}"), place
            word = "(link)"
        elif token.kind == "tag":
            word = f"<{word}"
        yield number(f"word {word}"), place
        yield number(f"pair {before} {word}"), place
        if not word.isascii():  # Korean particles and Russian endings are written on, Chinese words are not set apart
            for start in range(len(word) - 1):
                yield number(f"part {word[start : start + 2]}"), place
                yield number(f"part {word[start : start + 3]}"), place
        before = word
    yield number(f"pair {before} $"), -1


def _shape(submission: Submission) -> Iterator[tuple[str, int]]:
    yield from _said(submission.tokens)
    text = submission.text
    letters = sum(map(str.isalpha, text))
    yield f"length {min(11, int(log2(len(text) + 1)))}", -1
    yield f"links {min(4, len(submission.links))}", -1
    yield f"digits {min(5, 20 * sum(map(str.isdigit, text)) // (len(text) + 1))}", -1
    yield f"exclamations {min(4, text.count('!'))}", -1
    yield f"lines {min(4, text.strip().count(chr(10)))}", -1
    if letters > 3:
        yield f"capitals {5 * sum(map(str.isupper, text)) // letters}", -1
    if not text.isascii():
        yield f"symbols {min(5, sum(unicodedata.category(letter) == 'So' for letter in text))}", -1
    if mixed := sum(token.mixed for token in submission.tokens):
        yield f"mixed {min(3, mixed)}", -1
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and len(lines[-1].split()) <= 6 and not SENTENCE_END.search(lines[-1]):
        yield "anchor line", -1


def _said(tokens: tuple[Token, ...]) -> Iterator[tuple[str, int]]:
    """The concepts of the text, those that stand close together, and those of which there are many."""
    concepts = [_concepts(token) for token in tokens]
    counts: dict[str, int] = {}
    for place, found in enumerate(concepts):
        near = {other for later in concepts[place + 1 : place + NEAR] for other in later} if found else ()
        for concept in found:
            counts[concept] = counts.get(concept, 0) + 1
            yield f"says {concept}", place
            for other in near:
                if other != concept:
                    yield f"says {concept} then {other}", place
    words = sum(token.kind == "word" for token in tokens)
    for concept, count in counts.items():
        if count > 2:
            yield f"often {concept}", -1
        if count > DENSE * words:
            yield f"dense {concept}", -1


def _concepts(token: Token) -> tuple[str, ...]:
    if token.kind == "link":
        return ("(link)",)
    return concepts_of(token.word) if token.kind == "word" else ()


def _fields(submission: Submission) -> Iterator[str]:
    name, website = submission.name, submission.website.casefold()
    words = [plain(word)[0] for word in FIELD_WORD.findall(name)]
    for word in words:
        yield f"name {word}"
        yield from (f"name {piece}" for piece in _short_pieces(word))
        yield from (f"name says {concept}" for concept in concepts_of(word))
    if words:
        yield f"words of name {min(4, len(words))}"
        if name == name.lower():
            yield "small name"
    host, _slash, path = website.partition("://")[2].removeprefix("www.").partition("/")
    if host:
        for part in re.split(r"[.-]", host):
            yield f"site {part}"
            yield from (f"site {piece}" for piece in _short_pieces(part))
        yield f"hyphens {min(3, host.count('-'))}"
        yield f"length of site {len(host) // 6}"
        yield f"depth {min(3, len([part for part in path.split('/') if part]))}"


def _short_pieces(word: str) -> Iterator[str]:
    edged = f" {word} "
    return (edged[start : start + length] for length in (3, 4) for start in range(len(edged) - length + 1))
