"""Requests to look at, follow or like something of the writer's own."""

import re
from collections.abc import Iterator

from comments.spam.judgement import Evidence, Signal
from comments.spam.signals.wording import concepts
from comments.spam.submission import Submission
from comments.spam.tokens import Token

NEAR = 4  # tokens
SHORT = 25  # tokens
ASKING = frozenset({"look", "follow"})
THINGS = frozenset({"account", "media", "site"})
USUAL = frozenset("see read view look like hear listen add share support come go join".split())  # readers say so, too

APPLAUSE = re.compile(
    r"\b(?:thumbs?\s+up|like|upvote)\s+(?:this\s+comment|this\s+if|if\s+(?:yo)?u\b|for\s+no\s+reason|pl(?:ea)?[sz]+e?)"
    r"|\b(?:give|hit|smash|drop)\s+(?:it\s+|this\s+|me\s+)?(?:a\s+|the\s+|that\s+)?(?:like|thumbs?\s+up|sub)\b"
    r"|\b(?:first|new|more|some|\d+)\s+sub(?:scriber)?s\b|\bsub(?:scribe)?\s*(?:4|for|to)\s*sub",
    re.IGNORECASE | re.ASCII,
)
CHECK_OUT = re.compile(
    r"\b(?:chec?k(?:\s*(?:it|this|these|them|him|her))?\s*out|take\s+a\s+look\s+at"
    r"|search\s+(?:up|for|on|google)|just\s+(?:type|google))\b",
    re.IGNORECASE | re.ASCII,
)


def self_promotion(submission: Submission) -> Iterator[Signal]:
    """ "Look at my channel": a request, and something of the writer's own."""
    tokens = submission.tokens
    for place, token in enumerate(tokens):
        if "own" not in concepts(token):
            continue
        before, after = tokens[max(0, place - NEAR) : place], tokens[place + 1 : place + NEAR]
        asks = next((other for other in before if ASKING.intersection(concepts(other))), None)
        thing = next((other for other in after if other.kind == "link" or THINGS.intersection(concepts(other))), None)
        if asks and thing:
            yield _promotion(submission, 4.0, asks, thing)
            return
    yield from _half_of_it(submission)


def _half_of_it(submission: Submission) -> Iterator[Signal]:
    """ "My channel", or in a short text "visit" before a link or "follow me"."""
    tokens = submission.tokens
    for place, token in enumerate(tokens):
        asks = token.word not in USUAL and ASKING.intersection(concepts(token)) and len(tokens) < SHORT
        own = "own" in concepts(token)
        for other in tokens[place + 1 : place + NEAR] if asks or own else ():
            if (own and "account" in concepts(other)) or (asks and other.kind == "link"):
                yield _promotion(submission, 1.5, token, other)
                return
            if asks and "own" in concepts(other):
                yield _promotion(submission, 1.0, token, other)
                return


def _promotion(submission: Submission, points: float, first: Token, last: Token) -> Signal:
    reason = "It asks readers to visit, watch or follow something of the writer's own."
    return Signal("self_promotion", points, reason, Evidence.of(submission, "text", first.start, last.end))


def begging(submission: Submission) -> Iterator[Signal]:
    """For likes and subscribers."""
    if found := APPLAUSE.search(submission.text):
        evidence = Evidence.of(submission, "text", *found.span())
        yield Signal("begging", 2.0, "It asks for likes or subscribers.", evidence)


def check_out(submission: Submission) -> Iterator[Signal]:
    """ "Check out" something else, and little besides."""
    if len(submission.tokens) < SHORT and (found := CHECK_OUT.search(submission.text)):
        evidence = Evidence.of(submission, "text", *found.span())
        yield Signal("check_out", 1.5, "It sends readers to look at something else.", evidence)
