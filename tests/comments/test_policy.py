import pytest

from comments import policy
from comments.policy import Outcome, decide
from comments.spam import Judgement, Signal


def judged(points: float, *, unavailable: tuple[str, ...] = ()) -> Judgement:
    return Judgement((Signal("clue", points, "A reason."),), unavailable)


@pytest.mark.parametrize("points", [-40.0, 0.0, policy.SPAM_THRESHOLD - 0.01])
def test_comment_below_the_threshold_waits(points: float) -> None:
    assert decide(judged(points)).outcome is Outcome.HELD


@pytest.mark.parametrize("points", [policy.SPAM_THRESHOLD, 50.0])
def test_score_that_reaches_the_threshold_is_spam(points: float) -> None:
    verdict = decide(judged(points))

    assert verdict.outcome is Outcome.SPAM
    assert (verdict.score, verdict.threshold) == (points, policy.SPAM_THRESHOLD)
    assert "threshold 5.0" in verdict.reason


def test_no_signal_at_all_waits() -> None:
    assert decide(Judgement(())).outcome is Outcome.HELD


@pytest.mark.parametrize("points", [-50.0, 50.0])
def test_incomplete_judgement_waits_whatever_the_others_say(points: float) -> None:
    verdict = decide(judged(points, unavailable=("learner",)))

    assert verdict.outcome is Outcome.HELD
    assert "learner" in verdict.reason


def test_nothing_is_ever_published_by_a_score() -> None:
    assert {outcome.value for outcome in Outcome} == {"held", "spam"}
