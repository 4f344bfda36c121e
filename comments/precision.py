"""How often people decided as the policy's switches would have. A switch acts only while that is nearly always."""

from dataclasses import dataclass
from math import comb

from django.db.models import Exists, OuterRef

from comments.models import Comment, CommentQuerySet, CommentSignal, Status
from comments.policy import ACTIONS, Outcome, Policy, current
from comments.spam.rules import PREFIX

NEEDED = 0.98  # precision that an action must be proven to have
DOUBT = 0.05  # the chance that a precision just as bad as NEEDED looks as good as this by luck
MAX_CASES = 1000  # the most recent ones
RIGHT = {
    Outcome.SPAM: Status.SPAM,
    Outcome.PUBLISHED: Status.APPROVED,
}  # what a person decides where an action is right


@dataclass(frozen=True, slots=True)
class Record:
    """What people decided about the comments that an action would have met."""

    action: Outcome
    cases: int
    right: int
    switched_on: bool

    @property
    def bound(self) -> float:
        return lower_bound(self.right, self.cases)

    @property
    def percent(self) -> float:
        return 100 * self.bound

    @property
    def earned(self) -> bool:
        return self.bound > NEEDED

    @property
    def suspended(self) -> bool:
        return self.switched_on and not self.earned


def earned(policy: Policy) -> frozenset[Outcome]:
    """The actions whose switch is on and may act. No query where no switch is on."""
    return frozenset(action for action in _switched_on(policy) if record(action, policy).earned)


def records(policy: Policy) -> list[Record]:
    """Of both actions, whether switched on or not."""
    return [record(action, policy) for action in sorted(ACTIONS)]


def suspended(policy: Policy) -> list[Record]:
    """Of the switches that are on and must not act. No query where no switch is on."""
    found = [record(action, policy) for action in sorted(_switched_on(policy))]
    return [one for one in found if one.suspended]


def suspended_now() -> list[Record]:
    return suspended(current())


def record(action: Outcome, policy: Policy) -> Record:
    """One query."""
    recent = _cases(action, policy).order_by("-status_since", "-pk").values_list("status", flat=True)[:MAX_CASES]
    decisions = list(recent)
    right = sum(status == RIGHT[action] for status in decisions)
    return Record(action, len(decisions), right, action in _switched_on(policy))


def lower_bound(right: int, cases: int, doubt: float = DOUBT) -> float:
    """One-sided Clopper-Pearson: the precision at which so many right ones are just as improbable as `doubt`."""
    ways = [comb(cases, wrong) for wrong in range(cases - right + 1)]
    low, high = 0.0, right / cases if cases else 0.0
    for _halving in range(50):
        middle = (low + high) / 2
        chance = sum(
            count * (1 - middle) ** wrong * middle ** (cases - wrong) for wrong, count in enumerate(ways)
        )  # of as many right ones or more
        low, high = (middle, high) if chance < doubt else (low, middle)
    return low


def _switched_on(policy: Policy) -> frozenset[Outcome]:
    switches = {Outcome.SPAM: policy.auto_spam, Outcome.PUBLISHED: policy.auto_publish}
    return frozenset(action for action, on in switches.items() if on)


def _cases(action: Outcome, policy: Policy) -> CommentQuerySet:
    """Comments of this site that a person decided and whose stored score meets the action's condition."""
    scored = Comment.objects.decided_by_people().filter(wordpress_id=None, incomplete=False, score__isnull=False)
    if action == Outcome.SPAM:
        return scored.filter(score__gte=policy.spam_threshold)
    favours = CommentSignal.objects.filter(comment=OuterRef("pk"), name__startswith=PREFIX, points__lt=0)
    return scored.proven().filter(~Exists(favours), careful=False, score__lte=policy.publish_threshold)
