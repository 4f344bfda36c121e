"""A switch acts only while people nearly always decided the same."""

from decimal import Decimal
from math import comb
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from comments import moderation, precision
from comments.models import Comment, CommentSignal, Decision, Proof, Status
from comments.policy import DEFAULT, Outcome, policy_of
from tests.factories import make_comment, make_decided, make_moderator, make_policy, make_post

pytestmark = pytest.mark.django_db

SPAMMY = DEFAULT.spam_threshold
ENOUGH = 149  # cases without an error


@pytest.fixture
def by() -> User:
    return make_moderator()


@pytest.mark.parametrize(
    ("right", "cases", "bound"),
    [
        (0, 0, 0.0),
        (0, 10, 0.0),
        (150, 150, 0.05 ** (1 / 150)),
        (148, 148, 0.05 ** (1 / 148)),
        (9, 10, 0.6058367),
        (5, 10, 0.2224411),
    ],
)
def test_the_bound_is_that_of_clopper_and_pearson(right: int, cases: int, bound: float) -> None:
    assert precision.lower_bound(right, cases) == pytest.approx(bound, abs=1e-6)


@pytest.mark.parametrize(("right", "cases"), [(1, 3), (95, 100), (999, 1000), (500, 1000), (1, 1000)])
def test_at_the_bound_so_many_right_ones_are_as_improbable_as_the_doubt(right: int, cases: int) -> None:
    bound = Decimal(precision.lower_bound(right, cases))
    fewer = sum(comb(cases, k) * bound**k * (1 - bound) ** (cases - k) for k in range(right))
    assert float(1 - fewer) == pytest.approx(precision.DOUBT, abs=1e-9)


def test_a_hundred_and_fifty_cases_without_an_error_are_enough_and_two_fewer_are_not() -> None:
    assert f"{precision.lower_bound(150, 150):.4f}" == "0.9802"
    assert precision.lower_bound(148, 148) < precision.NEEDED < precision.lower_bound(150, 150)


def decide_many(count: int, status: Status, *, by: User, **fields: Any) -> None:
    """As `make_decided`, in bulk."""
    post = make_post()
    defaults = {"post": post, "name": "Kim", "body": "Text.", "html": "Text.", "score": SPAMMY}
    comments = Comment.objects.bulk_create(
        [Comment(**(defaults | fields | {"status": status})) for _number in range(count)]
    )
    Decision.objects.bulk_create(
        [Decision(comment=comment, by=by, before=Status.PENDING, after=status, revision=0) for comment in comments]
    )


def test_a_switch_is_earned_by_enough_right_cases(by: User) -> None:
    policy = policy_of(make_policy(auto_spam=True))
    decide_many(ENOUGH, Status.SPAM, by=by)
    assert precision.earned(policy) == {Outcome.SPAM}
    assert precision.suspended(policy) == []


@pytest.mark.parametrize("status", [Status.APPROVED, Status.REJECTED])
def test_a_wrong_case_suspends_a_switch_that_was_just_earned(by: User, status: Status) -> None:
    policy = policy_of(make_policy(auto_spam=True))
    decide_many(ENOUGH, Status.SPAM, by=by)
    make_decided(status, by=by, score=SPAMMY)
    assert precision.earned(policy) == frozenset()
    (record,) = precision.suspended(policy)
    assert (record.action, record.cases, record.right) == (Outcome.SPAM, ENOUGH + 1, ENOUGH)


def test_a_switch_that_is_off_is_neither_earned_nor_suspended_and_costs_no_query(
    by: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    decide_many(ENOUGH, Status.SPAM, by=by)
    with django_assert_num_queries(0):
        assert precision.earned(DEFAULT) == frozenset()
        assert precision.suspended(DEFAULT) == []


def cases() -> int:
    return precision.record(Outcome.SPAM, DEFAULT).cases


def test_what_a_person_decided_counts(by: User) -> None:
    make_decided(Status.SPAM, by=by, score=SPAMMY)
    assert cases() == 1


def test_the_latest_decision_counts(by: User) -> None:
    comment = make_decided(Status.SPAM, by=by, score=SPAMMY)
    moderation.approve(comment, by=by)
    record = precision.record(Outcome.SPAM, DEFAULT)
    assert (record.cases, record.right) == (1, 0)


@pytest.mark.parametrize(
    "fields",
    [{"score": SPAMMY - 0.01}, {"score": None}, {"wordpress_id": 7}, {"incomplete": True}],
    ids=["too few points", "never scored", "imported", "incomplete"],
)
def test_a_comment_that_the_action_would_not_have_met_does_not_count(by: User, fields: dict[str, Any]) -> None:
    make_decided(Status.SPAM, by=by, **({"score": SPAMMY} | fields))
    assert cases() == 0


@pytest.mark.parametrize("careful", [True, False])
def test_what_may_endanger_people_is_no_case_for_publishing(by: User, *, careful: bool) -> None:
    proof = Proof.objects.create(kind=Proof.Kind.BROWSER, digest="a")
    make_decided(Status.APPROVED, by=by, proof=proof, careful=True)
    make_decided(Status.APPROVED, by=by, proof=proof, careful=careful)
    assert precision.record(Outcome.PUBLISHED, DEFAULT).cases == (not careful)


def test_what_the_policy_decided_and_what_was_withdrawn_or_waits_does_not_count(by: User) -> None:
    moderation.mark_spam(make_comment(status=Status.PENDING, score=SPAMMY), by=None)
    moderation.withdraw(make_decided(Status.SPAM, by=by, score=SPAMMY))
    moderation.restore(make_decided(Status.SPAM, by=by, score=SPAMMY), by=by)
    make_comment(status=Status.SPAM, score=SPAMMY)
    assert cases() == 0


def test_only_the_most_recent_cases_count(by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "MAX_CASES", 3)
    make_decided(Status.APPROVED, by=by, score=SPAMMY)
    for _number in range(3):
        make_decided(Status.SPAM, by=by, score=SPAMMY)
    record = precision.record(Outcome.SPAM, DEFAULT)
    assert (record.cases, record.right) == (3, 3)


def published_of(proof: Proof | None, *, by: User, **fields: Any) -> Comment:
    return make_decided(Status.APPROVED, by=by, **({"score": DEFAULT.publish_threshold, "proof": proof} | fields))


def test_publishing_is_counted_on_proven_authors_after_their_first_comment(by: User) -> None:
    proof = Proof.objects.create(kind=Proof.Kind.BROWSER, digest="a")
    published_of(None, by=by)
    published_of(proof, by=by)
    published_of(proof, by=by, score=DEFAULT.publish_threshold + 0.01)
    second = published_of(proof, by=by)
    record = precision.record(Outcome.PUBLISHED, DEFAULT)
    assert (record.cases, record.right) == (2 - 1, 1)
    CommentSignal.objects.create(comment=second, name="rule_1", points=-3.0, reason="Your rule fits.")
    assert precision.record(Outcome.PUBLISHED, DEFAULT).cases == 0
