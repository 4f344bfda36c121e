"""Signals about who wrote: what a proven author has written before, and a proven author's name without the proof.

Trust must not hang on a name or an address that somebody merely typed, so no history counts without a proof.
"""

from collections.abc import Iterator

from comments.spam.judgement import Evidence, Signal
from comments.spam.submission import Submission

PUBLISHED = 0.5  # points that each published comment takes off
REFUSED = 1.0  # points that each refused one adds
MOST_TRUST = 2.0  # points; below the clues that no earlier comment excuses, so that trust cannot be saved up for spam
MOST_DISTRUST = 3.0  # points; far from obvious spam, so that a person looks at what somebody unwelcome writes next
HISTORY = "proven_history"
SAME_NAME = "same_name_unproven"


def proven_history(submission: Submission) -> Iterator[Signal]:
    """What moderators decided about earlier comments of the same proven author."""
    published, refused = submission.proven_published, submission.proven_refused
    if published or refused:
        points = min(REFUSED * refused, MOST_DISTRUST) - min(PUBLISHED * published, MOST_TRUST)
        reason = f"Earlier comments of the same proven author: {published} published, {refused} refused."
        yield Signal(HISTORY, points, reason, _name(submission))


def same_name_unproven(submission: Submission) -> Iterator[Signal]:
    """A mark for the moderator and no suspicion: many people share a name, and a cookie is soon lost."""
    if submission.name_of_proven:
        reason = "Same name as a proven author, unproven: it may be somebody else."
        yield Signal(SAME_NAME, 0.0, reason, _name(submission))


def _name(submission: Submission) -> Evidence | None:
    return Evidence.of(submission, "name", 0, len(submission.name)) if submission.name else None
