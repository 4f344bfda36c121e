"""What becomes of a comment: turns a judgement into a verdict and says which threshold decided. Publishes nothing."""

from dataclasses import dataclass
from enum import StrEnum

from comments.spam import Judgement

VERSION = 1  # stored with every verdict; raise it when a threshold, a rule below or the points of a signal change
SPAM_THRESHOLD = 5.0  # points (log-odds, about 150 to 1): two clues that agree; see docs/decisions/004-first-signals.md


class Outcome(StrEnum):
    HELD = "held"  # waits for a moderator
    SPAM = "spam"  # lies in the spam folder, where moderators still see it


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    score: float
    threshold: float  # the score from which a comment goes to the spam folder
    reason: str  # one sentence for the log of decisions


def decide(judgement: Judgement) -> Verdict:
    """Every comment waits, obvious spam in its own folder. An incomplete judgement is never acted upon."""
    score = judgement.score
    if judgement.unavailable:
        missing = ", ".join(judgement.unavailable)
        return Verdict(Outcome.HELD, score, SPAM_THRESHOLD, f"Held: no answer from {missing}.")
    if score >= SPAM_THRESHOLD:
        return Verdict(
            Outcome.SPAM, score, SPAM_THRESHOLD, f"Score {score:.1f} reaches the threshold {SPAM_THRESHOLD:.1f}."
        )
    return Verdict(
        Outcome.HELD, score, SPAM_THRESHOLD, f"Score {score:.1f} is below the threshold {SPAM_THRESHOLD:.1f}."
    )
