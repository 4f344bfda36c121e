"""Runs of words long enough that people who do not know of each other hardly ever write the same."""

import re
from collections.abc import Iterable, Iterator, Sequence

from comments.spam.submission import find_links, normalised
from comments.spam.tokens import concepts_of, plain

WORDS = (
    8  # of a run; in 7,100 comments under news and videos no two readers shared eight, but for titles and quotations
)
SYLLABLES = 18  # of a run in Korean, which takes fewer words
MIXED = 8  # different letters that a run must have: "ha ha ha" has two
LONGEST = 250  # characters of a run, for a text without spaces
QUOTED_LINE = re.compile(r"^[^\S\n]*>.*$", re.MULTILINE)  # no \s, which goes on through empty lines
SENTENCE_END = re.compile(r"[.!?。]+\s|\n")
# Thanks and praise have their set forms, and honest readers agree in them by chance.
COURTESIES = frozenset({"thanks", "praise", "article", "bookmark"})


def phrases(text: str) -> list[str]:
    """The runs that tell one text from all others, in their order: none of courtesies, links or lines that quote."""
    return list(dict.fromkeys(run for piece in _own_pieces(text) for run in runs(piece) if _is_telling(run)))


def spread(numbers: Sequence[int], most: int) -> list[int]:
    """At most so many of them: the least of each stretch, which another text with the same stretch chooses, too.

    This is winnowing (Schleimer, Wilkerson, Aiken 2003). The stretches are as short as the number allows.
    """
    width = max(1, 2 * len(numbers) // (most + 1))
    while len(chosen := _least_of_each(numbers, width)) > most:
        width += 1 + width // 8
    return chosen


def _least_of_each(numbers: Sequence[int], width: int) -> list[int]:
    stretches = range(max(1, len(numbers) - width + 1)) if numbers else ()
    return list(dict.fromkeys(min(numbers[start : start + width]) for start in stretches))


def runs(text: str, *, parts: int = 1) -> Iterator[str]:
    """One from each word on, as long as it takes. Two texts with the same words cut them the same way. Linear."""
    words = normalised(text).split()
    for start, end in _spans(words, parts):
        yield " ".join(words[start:end])[:LONGEST]


def halves(text: str) -> Iterator[str]:
    """Runs of half the length: what has one of them from elsewhere is at least half a quotation."""
    return runs(text, parts=2)


def own_words(text: str, known: frozenset[str]) -> str:
    """What a text says for itself: without sentences of courtesy, and without the halves of runs that are known."""
    words: list[str] = []
    left_out: set[int] = set()
    for sentence in SENTENCE_END.split(text):
        said = normalised(sentence).split()
        if _is_courteous(said):
            left_out.update(range(len(words), len(words) + len(said)))
        words += said
    for start, end in _spans(words, 2):
        if " ".join(words[start:end])[:LONGEST] in known:
            left_out.update(range(start, end))
    return " ".join(word for place, word in enumerate(words) if place not in left_out)


def _spans(words: list[str], parts: int) -> Iterator[tuple[int, int]]:
    syllables = [sum("가" <= letter <= "힣" for letter in word) for word in words]
    for start in range(len(words)):
        heard = 0
        for end in range(start, min(start + WORDS // parts, len(words))):
            heard += syllables[end]
            if heard >= SYLLABLES // parts or end - start + 1 == WORDS // parts:
                yield start, end + 1
                break


def _own_pieces(text: str) -> Iterator[str]:
    """A link cuts the text in two: what stands on both its sides was not written as one run."""
    text, done = QUOTED_LINE.sub("", text), 0
    for link in find_links(text):
        yield text[done : link.start]
        done = link.end
    yield text[done:]


def _is_telling(run: str) -> bool:
    return len(set(run) - {" "}) >= MIXED and not _is_courteous(run.split())


def _is_courteous(words: Iterable[str]) -> bool:
    return any(COURTESIES.intersection(concepts_of(plain(word)[0])) for word in words)
