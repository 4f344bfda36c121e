"""How a comment came."""

from collections.abc import Iterator

from comments.spam.judgement import Evidence, Signal
from comments.spam.submission import Submission, normalised

USUAL_POSTS = 2  # comments of one source in ten minutes
MIN_REPEATED = 20  # characters; shorter texts ("Thank you!") are repeated by honest people
MIN_SECONDS = 3  # a person needs longer than this to type one sentence
MAX_CLUE = 4.0  # points


def honeypot(submission: Submission) -> Iterator[Signal]:
    """Programs fill every field; a browser's autofill may, too, so it does not decide alone."""
    if submission.honeypot:
        evidence = Evidence.of(submission, "honeypot", 0, len(submission.honeypot))
        yield Signal("honeypot", MAX_CLUE, "A field that people do not see was filled in.", evidence)


def too_fast(submission: Submission) -> Iterator[Signal]:
    if submission.seconds_to_submit is not None and submission.seconds_to_submit < MIN_SECONDS:
        reason = f"It was written and sent within {submission.seconds_to_submit:.1f} seconds."
        yield Signal("too_fast", 2.0, reason)


def repeated_text(submission: Submission) -> Iterator[Signal]:
    if (times := submission.same_text_before) and len(normalised(submission.text)) >= MIN_REPEATED:
        reason = f"The same text came before in the last 24 hours ({times}×)."
        yield Signal("repeated_text", 3.0 if times == 1 else MAX_CLUE, reason)


def similar_text(submission: Submission) -> Iterator[Signal]:
    """A text that came before with small changes."""
    if (times := submission.similar_before) and not submission.same_text_before:
        reason = f"Nearly the same text came before in the last 7 days ({times}×)."
        yield Signal("similar_text", 2.5 if times == 1 else 3.5, reason)


def frequent_source(submission: Submission) -> Iterator[Signal]:
    """Many comments in a row from one source; says nothing where many people share one."""
    if not submission.shared_source and (count := submission.from_source_recently) > USUAL_POSTS:
        reason = f"The same source sent {count} comments in the last ten minutes."
        yield Signal("frequent_source", min(0.5 * (count - USUAL_POSTS), 3.0), reason)
