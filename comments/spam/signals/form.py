"""The form of a text: how it is written, whatever it says."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from comments.spam.judgement import Evidence, Signal
from comments.spam.submission import Submission

MANY_LETTERS = 20  # below that capitals say little
LOUD = 0.7  # share of capitals
MANY_SYMBOLS = 6
OFTEN = 4  # times that a word is repeated
HIDDEN = re.compile("[\u00ad\u200b\u2060\u2061-\u2064\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
STYLED = re.compile("[\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\u24b6-\u24e9\u1d00-\u1d2b\U0001f130-\U0001f189]+")
PUBLISHED_LANGUAGES = frozenset({"en", "ko"})
PUBLISHED_SCRIPTS = ("LATIN", "HANGUL", "CJK")


def capitals(submission: Submission) -> Iterator[Signal]:
    letters = [letter for letter in submission.text if letter.isalpha()]
    loud = sum(letter.isupper() for letter in letters)
    if len(letters) >= MANY_LETTERS and loud > LOUD * len(letters):
        yield Signal("capitals", 1.0, "It is written in capitals.", whole(submission))


def mixed_scripts(submission: Submission) -> Iterator[Signal]:
    """Letters of one alphabet that look like those of another hide words from filters."""
    mixed = [token for token in submission.tokens if token.mixed]
    if mixed:
        evidence = Evidence.of(submission, "text", mixed[0].start, mixed[0].end)
        points = 1.0 if len(mixed) == 1 else 3.5
        yield Signal("mixed_scripts", points, "A word mixes letters of two alphabets that look alike.", evidence)


def styled_letters(submission: Submission) -> Iterator[Signal]:
    if found := STYLED.search(submission.text):
        evidence = Evidence.of(submission, "text", *found.span())
        yield Signal("styled_letters", 2.0, "It uses ornamental letters, which filters do not read.", evidence)


def hidden_characters(submission: Submission) -> Iterator[Signal]:
    if found := HIDDEN.search(submission.text):
        evidence = Evidence.of(submission, "text", *found.span())
        name = unicodedata.name(found[0], "a control character").lower()
        yield Signal("hidden_characters", 2.0, f"It contains a character that nobody sees: {name}.", evidence)


def many_symbols(submission: Submission) -> Iterator[Signal]:
    """Pictures where words should be."""
    places = [place for place, letter in enumerate(submission.text) if unicodedata.category(letter) == "So"]
    if len(places) >= MANY_SYMBOLS:
        evidence = Evidence.of(submission, "text", places[0], places[0] + 1)
        points = 0.5 if len({submission.text[place] for place in places}) == 1 else 1.5
        yield Signal("many_symbols", points, f"It has {len(places)} pictures and symbols.", evidence)


def repetition(submission: Submission) -> Iterator[Signal]:
    """The same line again and again."""
    lines = Counter(line.strip() for line in submission.text.splitlines() if len(line.strip()) > 2)
    line, times = lines.most_common(1)[0] if lines else ("", 0)
    if times >= OFTEN:
        start = submission.text.index(line)
        evidence = Evidence.of(submission, "text", start, start + len(line))
        yield Signal("repetition", 1.5, f"It says the same {times} times.", evidence)


def foreign_script(submission: Submission) -> Iterator[Signal]:
    """An alphabet in which nothing is written here."""
    if submission.post_language not in PUBLISHED_LANGUAGES:
        return
    letters = [(place, letter) for place, letter in enumerate(submission.text) if letter.isalpha()]
    strange = [place for place, letter in letters if not unicodedata.name(letter, "?").startswith(PUBLISHED_SCRIPTS)]
    if len(strange) > len(letters) / 3:
        evidence = Evidence.of(submission, "text", strange[0], strange[0] + 1)
        reason = "It is written in an alphabet in which nothing is published here."
        yield Signal("foreign_script", 1.0, reason, evidence)


def whole(submission: Submission) -> Evidence:
    return Evidence.of(submission, "text", 0, len(submission.text))
