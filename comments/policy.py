"""What becomes of a comment: turns a judgement into a verdict and says which threshold decided. Publishes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import fsum

from comments.models import PolicyRevision
from comments.spam import Judgement, Signal
from comments.spam.rules import is_rule
from comments.spam.signals.danger import is_danger


class Outcome(StrEnum):
    HELD = "held"  # waits for a moderator
    SPAM = "spam"  # lies in the spam folder, where moderators still see it
    PUBLISHED = "published"
    REJECTED = "rejected"  # whatever its score, because of a ban; see comments/sanctions.py


@dataclass(frozen=True, slots=True)
class Policy:
    version: int = 0  # primary key of the PolicyRevision; 0 came with the software
    spam_threshold: float = 2.0  # points from which a comment counts as spam; see docs/decisions/009-learner.md
    obvious_threshold: float = 6.0  # points from which it goes to the spam folder without a switch
    publish_threshold: float = 0.0  # points up to which a comment of a proven author may be published
    auto_spam: bool = False  # the spam folder from spam_threshold on
    auto_publish: bool = False
    weights: Mapping[str, float] = field(default_factory=dict)  # name of a signal to factor of its points


DEFAULT = Policy()
ACTIONS = frozenset({Outcome.SPAM, Outcome.PUBLISHED})  # what a switch lets the policy do


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The one signal without which the verdict would have been another."""

    name: str
    points: float
    reason: str
    otherwise: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    score: float
    threshold: float  # the score from which a comment counts as spam
    reason: str  # one sentence for the log of decisions
    counterfactual: Counterfactual | None = None  # none: no signal decided alone


def current() -> Policy:
    """The policy that holds now. One query."""
    newest = PolicyRevision.objects.last()
    return policy_of(newest) if newest else DEFAULT


def policy_of(revision: PolicyRevision) -> Policy:
    return Policy(
        version=revision.pk or 0,
        spam_threshold=revision.spam_threshold,
        obvious_threshold=revision.obvious_threshold,
        publish_threshold=revision.publish_threshold,
        auto_spam=revision.auto_spam,
        auto_publish=revision.auto_publish,
        weights=revision.weights,
    )


def weigh(judgement: Judgement, weights: Mapping[str, float]) -> Judgement:
    """The judgement with the points that the policy gives to its signals."""
    weighed = (
        replace(signal, points=signal.points * weights[signal.name]) if signal.name in weights else signal
        for signal in judgement.signals
    )
    return replace(judgement, signals=tuple(weighed))


def decide(judgement: Judgement, policy: Policy, *, proven: bool, earned: frozenset[Outcome]) -> Verdict:
    """What the policy makes of a judgement whose points were weighed. An incomplete one is never acted upon.

    `proven`: the author has proven who they are, was published before and never refused. `earned`: the actions whose
    switch may act, because people nearly always decided the same; see comments/precision.py.
    """
    outcome = outcome_of(judgement, policy, proven=proven, earned=earned)
    unrestrained = outcome_of(judgement, policy, proven=proven, earned=ACTIONS)
    return Verdict(
        outcome,
        judgement.score,
        policy.spam_threshold,
        _reason(judgement, policy, outcome) if outcome == unrestrained else _suspended(judgement.score, unrestrained),
        _counterfactual(judgement, policy, outcome, proven=proven, earned=earned),
    )


def outcome_of(judgement: Judgement, policy: Policy, *, proven: bool, earned: frozenset[Outcome]) -> Outcome:
    if judgement.unavailable:
        return Outcome.HELD
    puts_aside = policy.auto_spam and Outcome.SPAM in earned
    if judgement.score >= (policy.spam_threshold if puts_aside else policy.obvious_threshold):
        return Outcome.SPAM
    publishes = proven and policy.auto_publish and Outcome.PUBLISHED in earned and not is_careful(judgement)
    if publishes and _without_favours(judgement) <= policy.publish_threshold:
        return Outcome.PUBLISHED
    return Outcome.HELD


def is_careful(judgement: Judgement) -> bool:
    """Whether something in the comment may endanger people, so that a person must look before it is published."""
    return any(is_danger(signal.name) for signal in judgement.signals)


def _without_favours(judgement: Judgement) -> float:
    """The score without what moderators' rules take off: a rule can keep a comment back, never publish it."""
    return fsum(max(signal.points, 0.0) if is_rule(signal) else signal.points for signal in judgement.signals)


def _reason(judgement: Judgement, policy: Policy, outcome: Outcome) -> str:
    score = judgement.score
    if judgement.unavailable:
        return f"Held: no answer from {', '.join(judgement.unavailable)}."
    if outcome == Outcome.PUBLISHED:
        return f"Score {score:.1f} is not above {policy.publish_threshold:.1f}, and the author has proven who they are."
    if outcome == Outcome.HELD and is_careful(judgement):
        return f"Score {score:.1f}: it waits for a moderator, because it may endanger people."
    if outcome == Outcome.HELD:
        return f"Score {score:.1f}: it waits for a moderator."
    if score >= policy.obvious_threshold:
        return f"Score {score:.1f} reaches the threshold {policy.obvious_threshold:.1f} of obvious spam."
    return f"Score {score:.1f} reaches the threshold {policy.spam_threshold:.1f} of spam, which is put aside by itself."


def _suspended(score: float, action: Outcome) -> str:
    deed = "put into the spam folder" if action == Outcome.SPAM else "published"
    return f"Score {score:.1f}: it is not {deed} by itself, because that has not been right often enough."


def _counterfactual(
    judgement: Judgement, policy: Policy, outcome: Outcome, *, proven: bool, earned: frozenset[Outcome]
) -> Counterfactual | None:
    """The signal that weighs most among those without which the outcome is another."""
    deciding = [
        Counterfactual(signal.name, signal.points, signal.reason, otherwise)
        for signal, rest in _each_left_out(judgement)
        if (otherwise := outcome_of(rest, policy, proven=proven, earned=earned)) != outcome
    ]
    return max(deciding, key=lambda signal: abs(signal.points), default=None)


def _each_left_out(judgement: Judgement) -> Iterator[tuple[Signal, Judgement]]:
    signals = judgement.signals
    for index, signal in enumerate(signals):
        yield signal, replace(judgement, signals=signals[:index] + signals[index + 1 :])
