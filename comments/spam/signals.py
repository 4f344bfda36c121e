"""The first signals. Points are log-odds, measured in docs/decisions/004-first-signals.md; none decides alone."""

import re
from collections.abc import Iterator

from comments.spam import phrases
from comments.spam.judgement import Evidence, Signal
from comments.spam.literals import find_literal, lower
from comments.spam.submission import Submission, find_links, normalised

USUAL_LINKS = 2  # links in a comment; more were spam in 17 of 17 cases
USUAL_POSTS = 2  # comments of one source in ten minutes
MIN_REPEATED = 20  # characters; shorter texts ("Thank you!") are repeated by honest people
MAX_CLUE = 4.0  # points of one clue; the threshold is above it (comments/policy.py)

LINK_MARKUP = re.compile(r"\[(?:url|link)\b|<a\s[^<>]{0,20}\bhref", re.IGNORECASE | re.ASCII)


def many_links(submission: Submission) -> Iterator[Signal]:
    """More links than a reader's comment usually has."""
    if (count := len(submission.links)) > USUAL_LINKS:
        last = submission.links[-1]
        evidence = Evidence.of(submission, "text", last.start, last.end)
        yield Signal(
            "many_links", min(count - 1.0, MAX_CLUE), f"It has {count} links; comments seldom have three.", evidence
        )


def only_links(submission: Submission) -> Iterator[Signal]:
    """Addresses and nothing said about them."""
    if submission.links and _words_beside_links(submission) == "":
        evidence = Evidence.of(submission, "text", submission.links[0].start, submission.links[-1].end)
        yield Signal("only_links", 3.0, "It is a link without a word about it.", evidence)


def _words_beside_links(submission: Submission) -> str:
    ends = (0, *(link.end for link in submission.links))
    starts = (*(link.start for link in submission.links), len(submission.text))
    return normalised("".join(submission.text[end:start] for end, start in zip(ends, starts, strict=True)))


def link_markup(submission: Submission) -> Iterator[Signal]:
    """Markup that programs post everywhere and that this form never offered."""
    if match := LINK_MARKUP.search(submission.text):
        evidence = Evidence.of(submission, "text", *match.span())
        yield Signal("link_markup", 2.5, "It contains markup for links, which this form does not use.", evidence)


def link_in_name(submission: Submission) -> Iterator[Signal]:
    if found := find_links(submission.name):
        evidence = Evidence.of(submission, "name", found[0].start, found[0].end)
        yield Signal("link_in_name", 3.0, "The name is or contains a web address.", evidence)


def honeypot(submission: Submission) -> Iterator[Signal]:
    """Programs fill every field; a browser's autofill may, too, so it does not decide alone."""
    if submission.honeypot:
        evidence = Evidence.of(submission, "honeypot", 0, len(submission.honeypot))
        yield Signal("honeypot", MAX_CLUE, "A field that people do not see was filled in.", evidence)


def repeated_text(submission: Submission) -> Iterator[Signal]:
    if (times := submission.same_text_before) and len(normalised(submission.text)) >= MIN_REPEATED:
        reason = f"The same text was sent {times} times before in the last 24 hours."
        yield Signal("repeated_text", 3.0 if times == 1 else MAX_CLUE, reason)


def frequent_source(submission: Submission) -> Iterator[Signal]:
    """Many comments in a row from one source; says nothing where many people share one."""
    if not submission.shared_source and (count := submission.from_source_recently) > USUAL_POSTS:
        reason = f"The same source sent {count} comments in the last ten minutes."
        yield Signal("frequent_source", min(0.5 * (count - USUAL_POSTS), 3.0), reason)


def spam_phrases(submission: Submission) -> Iterator[Signal]:
    """One signal for each kind of phrase that is found."""
    lowered = lower(submission.text)
    for kind in phrases.ALL:
        if found := next(filter(None, (find_literal(phrase, lowered) for phrase in kind.phrases)), None):
            yield Signal(kind.name, kind.points, kind.reason, Evidence.of(submission, "text", *found))
