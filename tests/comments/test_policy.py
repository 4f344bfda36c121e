from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.policy import ACTIONS, DEFAULT, Outcome, Policy, decide, outcome_of, weigh
from comments.spam import Judgement, Signal

NONE: frozenset[Outcome] = frozenset()
BOTH_ON = replace(DEFAULT, auto_spam=True, auto_publish=True)
ABIT = 0.01


def judged(*points: float, unavailable: tuple[str, ...] = ()) -> Judgement:
    signals = (Signal(f"clue_{number}", each, f"Reason {number}.") for number, each in enumerate(points))
    return Judgement(tuple(signals), unavailable)


@pytest.mark.parametrize("points", [-40.0, DEFAULT.spam_threshold, DEFAULT.obvious_threshold - ABIT])
@pytest.mark.parametrize("proven", [True, False])
def test_by_default_every_comment_waits(points: float, *, proven: bool) -> None:
    assert decide(judged(points), DEFAULT, proven=proven, earned=ACTIONS).outcome is Outcome.HELD


@pytest.mark.parametrize("policy", [DEFAULT, BOTH_ON])
@pytest.mark.parametrize("points", [DEFAULT.obvious_threshold, 50.0])
def test_obvious_spam_goes_to_its_folder_without_a_switch(points: float, policy: Policy) -> None:
    verdict = decide(judged(points), policy, proven=True, earned=NONE)
    assert (verdict.outcome, verdict.score) == (Outcome.SPAM, points)
    assert f"{DEFAULT.obvious_threshold:.1f}" in verdict.reason


def test_the_threshold_of_a_verdict_is_the_score_that_counts_as_spam() -> None:
    assert decide(judged(50.0), DEFAULT, proven=False, earned=NONE).threshold == DEFAULT.spam_threshold


@pytest.mark.parametrize(
    ("points", "outcome"),
    [(DEFAULT.spam_threshold, Outcome.SPAM), (DEFAULT.spam_threshold - ABIT, Outcome.HELD)],
)
def test_the_switch_for_spam_puts_aside_what_counts_as_spam(points: float, outcome: Outcome) -> None:
    policy = replace(DEFAULT, auto_spam=True)
    assert decide(judged(points), policy, proven=False, earned=frozenset({Outcome.SPAM})).outcome is outcome


@pytest.mark.parametrize(
    ("points", "proven", "outcome"),
    [
        (DEFAULT.publish_threshold, True, Outcome.PUBLISHED),
        (DEFAULT.publish_threshold + ABIT, True, Outcome.HELD),
        (DEFAULT.publish_threshold, False, Outcome.HELD),
        (-40.0, False, Outcome.HELD),
    ],
)
def test_the_switch_for_publishing_lets_only_proven_authors_through(
    points: float, outcome: Outcome, *, proven: bool
) -> None:
    policy = replace(DEFAULT, auto_publish=True)
    assert decide(judged(points), policy, proven=proven, earned=frozenset({Outcome.PUBLISHED})).outcome is outcome


@pytest.mark.parametrize(
    ("points", "deed"), [(DEFAULT.spam_threshold, "put into the spam folder"), (DEFAULT.publish_threshold, "published")]
)
def test_an_action_that_is_not_earned_holds_and_says_so(points: float, deed: str) -> None:
    verdict = decide(judged(points), BOTH_ON, proven=True, earned=NONE)
    assert verdict.outcome is Outcome.HELD
    assert f"not {deed} by itself, because that has not been right often enough" in verdict.reason


@pytest.mark.parametrize("points", [-50.0, 50.0])
def test_incomplete_judgement_waits_whatever_the_others_say(points: float) -> None:
    verdict = decide(judged(points, unavailable=("learner",)), BOTH_ON, proven=True, earned=ACTIONS)
    assert verdict.outcome is Outcome.HELD
    assert verdict.counterfactual is None
    assert "learner" in verdict.reason


def test_what_a_moderators_rule_takes_off_publishes_nothing() -> None:
    judgement = Judgement((Signal("clue", 3.0, "Clue."), Signal("rule_1", -20.0, "Rule.")))
    assert decide(judgement, BOTH_ON, proven=True, earned=ACTIONS).outcome is Outcome.HELD


def test_what_a_moderators_rule_adds_keeps_a_comment_back() -> None:
    judgement = Judgement((Signal("clue", -3.0, "Clue."), Signal("rule_1", 4.0, "Rule.")))
    verdict = decide(judgement, BOTH_ON, proven=True, earned=ACTIONS)
    assert verdict.outcome is Outcome.HELD
    assert verdict.counterfactual
    assert (verdict.counterfactual.name, verdict.counterfactual.otherwise) == ("rule_1", Outcome.PUBLISHED)


@pytest.mark.parametrize(("points", "outcome"), [(-3.0, Outcome.HELD), (DEFAULT.obvious_threshold, Outcome.SPAM)])
def test_what_may_endanger_people_is_never_published_by_itself(points: float, outcome: Outcome) -> None:
    judgement = Judgement((Signal("clue", points, "Clue."), Signal("danger_phone", 0.0, "It gives a phone number.")))
    verdict = decide(judgement, BOTH_ON, proven=True, earned=ACTIONS)
    assert (verdict.outcome, verdict.score) == (outcome, points)
    assert ("may endanger people" in verdict.reason) == (outcome is Outcome.HELD)


def test_the_danger_is_named_as_what_kept_a_comment_back() -> None:
    judgement = Judgement((Signal("clue", -3.0, "Clue."), Signal("danger_phone", 0.0, "It gives a phone number.")))
    named = decide(judgement, BOTH_ON, proven=True, earned=ACTIONS).counterfactual
    assert named
    assert (named.name, named.points, named.otherwise) == ("danger_phone", 0.0, Outcome.PUBLISHED)


def test_weights_change_the_points_of_the_signals_they_name() -> None:
    weighed = weigh(judged(2.0, 3.0, unavailable=("x",)), {"clue_1": 0.5, "unknown": 9.0})
    assert [signal.points for signal in weighed.signals] == [2.0, 1.5]
    assert (weighed.score, weighed.unavailable) == (3.5, ("x",))


points = st.floats(-10, 10) | st.sampled_from([-3.0, 0.0, 0.5, 2.5, 4.0, 5.0, 8.0])
policies = st.builds(
    Policy,
    spam_threshold=st.just(DEFAULT.spam_threshold) | st.floats(1, 6),
    obvious_threshold=st.just(DEFAULT.obvious_threshold) | st.floats(6, 12),
    publish_threshold=st.just(DEFAULT.publish_threshold) | st.floats(-3, 0.9),
    auto_spam=st.booleans(),
    auto_publish=st.booleans(),
)
names = st.sampled_from(["clue", "other", "rule_1", "rule_2", "danger_phone"])
signals = st.lists(st.builds(Signal, name=names, points=points, reason=st.just("Reason.")), max_size=6).map(tuple)
earned_sets = st.sets(st.sampled_from(sorted(ACTIONS))).map(frozenset)


@given(signals=signals, policy=policies, proven=st.booleans(), earned=earned_sets)
def test_a_signal_is_named_exactly_where_without_it_the_verdict_flips(
    signals: tuple[Signal, ...], policy: Policy, earned: frozenset[Outcome], *, proven: bool
) -> None:
    verdict = decide(Judgement(signals), policy, proven=proven, earned=earned)
    flips = {}
    for left_out in range(len(signals)):
        rest = Judgement(tuple(signal for number, signal in enumerate(signals) if number != left_out))
        otherwise = outcome_of(rest, policy, proven=proven, earned=earned)
        if otherwise is not verdict.outcome:
            flips[signals[left_out].name, signals[left_out].points] = otherwise
    named = verdict.counterfactual
    assert (named is not None) == bool(flips)
    if named:
        assert flips[named.name, named.points] is named.otherwise
        assert abs(named.points) == max(abs(points) for _name, points in flips)
