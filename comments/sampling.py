"""A blind sample: a few of the comments that would go to the spam folder wait with the others, unmarked.

What moderators decide about them tells how many honest comments lie in the folder, where hardly anybody looks.
"""

from typing import NamedTuple

from django.utils.crypto import salted_hmac

from comments.models import Comment, Status
from comments.policy import Outcome
from comments.precision import lower_bound

ONE_IN: int | None = 32  # comments; None: no sample
DOUBT = 0.025  # on either side: the interval holds the true share in 95 of 100 cases, at least
MAX_CASES = 1000  # the most recent ones


class Estimate(NamedTuple):
    """How much of what goes to the spam folder is honest."""

    cases: int
    honest: int
    low: float  # share
    high: float  # share

    @property
    def low_percent(self) -> float:
        return 100 * self.low

    @property
    def high_percent(self) -> float:
        return 100 * self.high


def is_drawn(comment: Comment) -> bool:
    """By the lot, but the same lot every time, so that scoring again does not draw again."""
    lot = int(salted_hmac("comments.sampling", str(comment.pk)).hexdigest(), 16)
    return ONE_IN is not None and lot % ONE_IN == 0


def lay_before_moderators(comment: Comment) -> None:
    """It waits as if the policy had held it, in the transaction in which it was judged."""
    held = {"blind": True, "outcome": Outcome.HELD, "counterfactual": None}
    Comment.objects.filter(pk=comment.pk).update(**held)


def estimate() -> Estimate:
    """From the comments of the sample that people have decided. One query."""
    decided = Comment.objects.filter(blind=True).decided_by_people().order_by("-pk")
    statuses = list(decided.values_list("status", flat=True)[:MAX_CASES])
    return interval(statuses.count(Status.APPROVED), len(statuses))


def interval(honest: int, cases: int) -> Estimate:
    """Clopper-Pearson, two-sided."""
    low = lower_bound(honest, cases, DOUBT)
    return Estimate(cases, honest, low, 1 - lower_bound(cases - honest, cases, DOUBT))
