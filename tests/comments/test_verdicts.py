"""What is stored when a comment is scored, and what the policy then does with it."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from comments import moderation, precision
from comments.models import AppendOnlyError, Comment, Decision, Proof, Status
from comments.policy import ACTIONS, DEFAULT, Outcome, current
from comments.spam import Signal, Submission
from tests.factories import make_comment, make_decided, make_moderator, make_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_prior")]

POINTS = {"first": 3.0, "second": 4.0}


def said(_submission: Submission) -> Iterator[Signal]:
    for name, points in POINTS.items():
        yield Signal(name, points, f"The {name} reason.")


@pytest.fixture(autouse=True)
def one_source(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SPAM_SIGNALS = [f"{__name__}.said"]
    monkeypatch.setattr(precision, "earned", lambda _policy: ACTIONS)


def scored(**fields: object) -> Comment:
    comment = make_comment(**({"status": Status.PENDING, "score": None, "scored_at": None} | fields))
    moderation.score(comment, Submission(text=comment.body))
    comment.refresh_from_db()
    return comment


def test_a_comment_keeps_what_was_made_of_it() -> None:
    policy = make_policy(obvious_threshold=7.0)
    comment = scored()
    assert (comment.score, comment.threshold, comment.policy_version) == (7.0, policy.spam_threshold, policy.pk)
    assert (comment.outcome, comment.status, comment.incomplete) == (Outcome.SPAM, Status.SPAM, False)
    assert comment.counterfactual == {
        "name": "second",
        "points": 4.0,
        "reason": "The second reason.",
        "otherwise": "held",
    }
    decision = Decision.objects.get()
    assert (decision.by, decision.after) == (None, Status.SPAM)
    assert "7.0" in decision.reason


def test_where_no_signal_decides_alone_none_is_named() -> None:
    make_policy(obvious_threshold=sum(POINTS.values()) + 1)
    assert scored().counterfactual is None


def test_stored_points_are_weighed_and_still_add_up() -> None:
    make_policy(weights={"second": 0.5})
    comment = scored()
    assert comment.score == 5.0
    assert [(signal.name, signal.points, signal.unweighted) for signal in comment.signals.all()] == [
        ("first", 3.0, None),
        ("second", 2.0, 4.0),
    ]


def trusting() -> Proof:
    """A policy that publishes what a proven author writes, and an author with one published comment."""
    make_policy(publish_threshold=4.9, spam_threshold=5.0, auto_publish=True, weights={"second": 0.0})
    proof = Proof.objects.create(kind=Proof.Kind.BROWSER, digest="a")
    make_decided(Status.APPROVED, by=make_moderator(), proof=proof)
    return proof


def test_a_proven_author_is_published_at_once() -> None:
    comment = scored(proof=trusting())
    assert (comment.status, comment.outcome) == (Status.APPROVED, Outcome.PUBLISHED)
    decision = comment.decisions.get()
    assert (decision.by, decision.after) == (None, Status.APPROVED)
    assert "proven" in decision.reason


@pytest.mark.parametrize(("name", "careful"), [("danger_phone", True), ("other", False)])
def test_what_may_endanger_people_waits_and_comes_first(
    name: str, monkeypatch: pytest.MonkeyPatch, *, careful: bool
) -> None:
    monkeypatch.setitem(POINTS, name, 0.0)
    comment = scored(proof=trusting())
    assert (comment.status, comment.careful) == (Status.PENDING if careful else Status.APPROVED, careful)
    assert comment.risk == comment.score + 100 * careful


def test_without_proof_the_same_name_waits() -> None:
    trusting()
    assert scored().status == Status.PENDING


@pytest.mark.parametrize("refused", [Status.REJECTED, Status.SPAM])
def test_a_proven_author_who_was_refused_once_waits(refused: Status) -> None:
    proof = trusting()
    make_comment(proof=proof, status=refused)
    assert scored(proof=proof).status == Status.PENDING


def test_the_first_comment_of_a_proven_author_waits() -> None:
    trusting()
    assert scored(proof=Proof.objects.create(kind=Proof.Kind.BROWSER, digest="b")).status == Status.PENDING


def test_a_comment_published_later_is_no_earlier_one() -> None:
    trusting()
    proof = Proof.objects.create(kind=Proof.Kind.BROWSER, digest="b")
    first = make_comment(proof=proof, status=Status.PENDING, score=None, scored_at=None)
    make_comment(proof=proof)
    moderation.score(first, Submission(text="Text"))
    assert first.status == Status.PENDING


def test_a_source_that_fails_holds_and_is_remembered(settings: Settings) -> None:
    settings.SPAM_SIGNALS = [f"{__name__}.said", "no.such_source"]
    comment = scored(proof=trusting())
    assert (comment.status, comment.outcome, comment.incomplete) == (Status.PENDING, Outcome.HELD, True)


def test_what_decided_is_erased_with_the_comment() -> None:
    make_policy(obvious_threshold=7.0)
    comment = scored()
    moderation.withdraw(comment)
    comment.refresh_from_db()
    assert comment.counterfactual is None


def test_the_newest_revision_of_the_policy_holds() -> None:
    assert current() is DEFAULT
    make_policy(spam_threshold=4.0)
    newest = make_policy(spam_threshold=3.0)
    assert (current().version, current().spam_threshold) == (newest.pk, 3.0)


def test_a_revision_is_neither_changed_nor_deleted() -> None:
    revision = make_policy()
    with pytest.raises(AppendOnlyError):
        revision.save()
    with pytest.raises(AppendOnlyError):
        revision.delete()
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE comments_policyrevision SET spam_threshold = 1")


@pytest.mark.parametrize(
    "numbers",
    [{"publish_threshold": DEFAULT.spam_threshold}, {"obvious_threshold": DEFAULT.spam_threshold - 0.1}],
)
def test_the_database_refuses_thresholds_out_of_order(numbers: dict[str, float]) -> None:
    with pytest.raises(Exception, match="policy_thresholds_in_order"):
        make_policy(**numbers)
