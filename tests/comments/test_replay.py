"""The replay shows what would be, to the last figure, and changes nothing by looking."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation, policy, replay, rulebook
from comments.models import Comment, CommentSignal, Rule, Status
from comments.policy import DEFAULT, Outcome
from comments.replay import Replay, Sentence, cases, sentence, setup
from comments.spam import Judgement, Signal, Submission
from comments.spam.rules import Rules
from tests.comments.test_submitting import database_text
from tests.factories import make_comment, make_decided, make_moderator, make_policy, make_post, make_rule

pytestmark = pytest.mark.django_db

AT = DEFAULT.spam_threshold


@pytest.fixture
def by() -> User:
    return make_moderator()


def decided(status: Status, *points: float, by: User, **fields: object) -> Comment:
    """A comment with stored signals of these points."""
    comment = make_decided(status, by=by, score=sum(points), **fields)
    for number, each in enumerate(points):
        CommentSignal.objects.create(comment=comment, name=f"clue_{number}", points=each, reason="A reason.")
    return comment


def with_rule(text: str, points: float) -> replay.Setup:
    now = setup()
    rules = Rules([*rulebook.rows(Rule.objects.filter(state="active")), rulebook.Row(10**9, "word", text, points)])
    return replace(now, rules=rules)


def figures(result: Replay) -> tuple[object, ...]:
    return (
        result.seen,
        result.unseen,
        result.unscored,
        (result.before.caught, result.before.missed, result.before.false_alarms),
        (result.after.caught, result.after.missed, result.after.false_alarms),
        result.flipped,
    )


def a_site(by: User) -> None:
    decided(Status.SPAM, AT, by=by, body="A casino.")
    decided(Status.SPAM, AT - 1, by=by, body="Another casino.")
    decided(Status.SPAM, 0.0, by=by, body="Nothing.")
    decided(Status.APPROVED, AT - 1, by=by, body="The casino in Rason.")
    decided(Status.APPROVED, AT, by=by, body="Honest.")
    decided(Status.REJECTED, 1.0, by=by, body="Rude.")
    moderation.withdraw(decided(Status.APPROVED, by=by))
    make_comment(status=Status.SPAM, wordpress_id=7, score=None, body="An imported casino.")
    make_comment(status=Status.PENDING, body="A casino that waits.")
    moderation.mark_spam(make_comment(status=Status.PENDING, body="A casino by itself."), by=None)


def test_it_counts_what_would_change(by: User) -> None:
    a_site(by)
    result = replay.replay(setup(), with_rule("casino", 1.0))
    assert figures(result) == (7, 1, 1, (1, 3, 1), (2, 2, 2), 2)
    assert result.touched == 4  # of which two go on as before
    assert result.before.precision == pytest.approx(50)
    assert result.after.recall == pytest.approx(50)
    assert {flip.comment.body for flip in result.flips} == {"Another casino.", "The casino in Rason."}
    assert all(flip.before == Sentence(Outcome.HELD, False) for flip in result.flips)  # noqa: FBT003
    assert all(flip.after == Sentence(Outcome.HELD, True) for flip in result.flips)  # noqa: FBT003


def test_without_a_change_nothing_flips(by: User) -> None:
    a_site(by)
    result = replay.replay(setup(), setup())
    assert (result.flipped, result.touched, result.before) == (0, 0, result.after)


def test_a_rule_makes_of_the_site_what_was_shown(by: User) -> None:
    a_site(by)
    shown = replay.replay(setup(), with_rule("casino", 1.0))
    make_rule("casino", points=1.0)
    assert replay.replay(setup(), setup()).before == shown.after


def test_a_policy_makes_of_the_site_what_was_shown(by: User) -> None:
    a_site(by)
    numbers = {"spam_threshold": AT - 1, "obvious_threshold": AT - 1, "weights": {"clue_0": 1.1}, "auto_spam": True}
    proposed = make_policy(**numbers)
    changed = policy.policy_of(proposed)
    before = replace(setup(), policy=DEFAULT, earned=frozenset())
    shown = replay.replay(before, replace(before, policy=changed))
    again = replay.replay(setup(), setup())
    assert shown.flipped > 0
    assert again.before == shown.after


def test_before_is_what_the_stored_signals_say_under_the_policy_of_now(by: User) -> None:
    a_site(by)
    make_policy(spam_threshold=4.0)
    now = setup()
    for case in cases():
        stored = case.comment.signals.all()
        judgement = Judgement(tuple(Signal(each.name, each.points, each.reason) for each in stored))
        verdict = policy.decide(judgement, now.policy, proven=False, earned=now.earned)
        assert sentence(case, now) == Sentence(verdict.outcome, verdict.score >= verdict.threshold)


def test_a_scored_comment_is_judged_again_as_it_was(by: User) -> None:
    make_policy(weights={"only_links": 0.1, "link_in_name": 1.3}, obvious_threshold=5.0)
    make_rule("casino", points=0.9)
    comment = make_comment(name="a.example.com", body="https://casino.example/", status=Status.PENDING, scored_at=None)
    moderation.score(comment, Submission(text=comment.body, name=comment.name))
    comment.refresh_from_db()
    moderation.approve(comment, by=by)
    (case,) = cases()
    assert comment.signals.count() == 3
    judged = sentence(case, setup())
    assert (judged.outcome, judged.counts_as_spam) == (comment.outcome, comment.score >= comment.threshold)


def test_a_changed_rule_counts_once_with_its_new_points(by: User) -> None:
    rule = make_rule("casino", points=AT)
    comment = decided(Status.SPAM, by=by, body="A casino.")
    CommentSignal.objects.create(comment=comment, name=f"rule_{rule.pk}", points=AT, reason="Your rule fits.")
    rule.points = 1.0
    rulebook.keep(rule)
    assert replay.replay(setup(), setup()).before.caught == 0


def test_a_weight_counts_on_the_points_before_the_weight_of_then(by: User) -> None:
    comment = decided(Status.SPAM, by=by)
    CommentSignal.objects.create(comment=comment, name="clue", points=0.0, unweighted=AT, reason="A reason.")
    now = setup()
    undone = replay.replay(replace(now, policy=replace(DEFAULT, weights={"clue": 0.0})), now)
    assert (undone.before.caught, undone.after.caught) == (0, 1)


def test_an_incomplete_judgement_still_waits(by: User) -> None:
    decided(Status.SPAM, 50.0, by=by, incomplete=True)
    (case,) = cases()
    assert sentence(case, setup()).outcome is Outcome.HELD


def test_only_the_latest_are_judged_and_fewer_listed(by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MAX_COMMENTS", 3)
    monkeypatch.setattr(replay, "MAX_SHOWN", 2)
    made = [decided(Status.SPAM, by=by, body="A casino.") for _number in range(4)]
    result = replay.replay(setup(), with_rule("casino", AT))
    assert (result.seen, result.flipped) == (3, 3)
    assert [flip.comment.pk for flip in result.flips] == [made[3].pk, made[2].pk]


def test_looking_writes_nothing(by: User) -> None:
    a_site(by)
    before = database_text()
    replay.replay(setup(), with_rule("casino", 1.0))
    assert database_text() == before


def test_it_costs_the_same_queries_however_many_comments(by: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            replay.replay(now, now)
        return len(queries)

    now = setup()
    post = make_post()
    decided(Status.SPAM, 1.0, by=by, post=post)
    one = count()
    for _number in range(5):
        decided(Status.SPAM, 1.0, by=by, post=post)
    assert (one, count()) == (4, 4)
