"""Undoing puts everything back: status, place in the queue, learning, rules' counters, notices that were not sent."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from comments import batches, moderation, moves, outbox
from comments.models import (
    Comment,
    Contact,
    Correction,
    Decision,
    LearnerState,
    MarkedHost,
    OutboxMail,
    RuleHit,
    Sanction,
    Status,
)
from comments.moves import IllegalMoveError, ModerationError, PassageError, StaleCommentError
from tests.factories import make_comment, make_decided, make_moderator, make_post, make_rule

pytestmark = pytest.mark.django_db

NOT_STATE = {"revision"}  # counts every change, undoing too


@pytest.fixture
def moderator() -> User:
    return make_moderator()


def state() -> str:
    """A hash of all that a decision changes, but for the history itself."""
    comments = [
        {name: value for name, value in row.items() if name not in NOT_STATE}
        for row in Comment.objects.order_by("pk").values()
    ]
    mails = (
        OutboxMail.objects.filter(sent_at=None).order_by("comment", "to").values_list("kind", "comment", "to", "body")
    )
    learner = [(row.spam, row.ham, bytes(row.counts)) for row in LearnerState.objects.exclude(spam=0, ham=0)]
    others = [
        sorted(MarkedHost.objects.values_list("host", "spam", "ham")),
        sorted(RuleHit.objects.values_list("rule", "comment")),
        sorted(Contact.objects.values_list("comment", "email", "purpose")),
        sorted(Correction.objects.values_list("comment", "is_spam")),
        sorted(Sanction.objects.values_list("pk", "text")),
    ]
    return sha256(repr([comments, list(mails), learner, others]).encode()).hexdigest()


DEEDS: list[Callable[..., Any]] = [moderation.approve, moderation.reject, moderation.mark_spam]


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("before", [Status.PENDING, Status.APPROVED, Status.REJECTED, Status.SPAM])
def test_undoing_puts_everything_back(before: Status, deed: Callable[..., Any], moderator: User) -> None:
    make_rule("granite")
    make_decided(Status.SPAM, by=moderator, body="Granite at https://stone.example", name="Mason")
    comment = make_comment(status=Status.PENDING, body="Cheap granite: https://stone.example/a", name="Quarry")
    Contact.objects.create(
        comment=comment, email="reader@example.org", purpose="notice", expires_at=timezone.now() + timedelta(days=30)
    )
    moves = {Status.APPROVED: moderation.approve, Status.REJECTED: moderation.reject, Status.SPAM: moderation.mark_spam}
    if before in moves:
        moves[before](comment, by=moderator)
    as_it_was = state()
    try:
        decision = deed(Comment.objects.get(pk=comment.pk), by=moderator, reason="Because.")
    except IllegalMoveError:
        assert moves.get(before) == deed
        return
    assert state() != as_it_was

    moderation.undo(decision, by=moderator)

    assert state() == as_it_was
    assert Comment.objects.get(pk=comment.pk).revision == comment.revision + 2


def test_a_bulk_of_500_is_undone_at_once(moderator: User) -> None:
    post = make_post()
    pks = [make_comment(status=Status.PENDING, post=post, body=f"Text {n} a{n % 7}.example").pk for n in range(500)]
    make_decided(Status.APPROVED, by=moderator, post=post)
    as_it_was, batch = state(), uuid4()
    results = moderation.each(Comment.objects.filter(pk__in=pks), Status.SPAM, by=moderator, batch=batch)
    assert all(isinstance(result, Decision) for result in results)
    assert Comment.objects.filter(status=Status.SPAM).count() == 500

    results = moderation.undo_batch(batch, by=moderator)

    assert len(results) == 500
    assert state() == as_it_was


def test_each_of_many_costs_one_query_more(moderator: User) -> None:
    post, costs = make_post(), []
    for number in (2, 6):
        some = [make_comment(status=Status.PENDING, post=post) for _number in range(number)]
        with CaptureQueriesContext(connection) as queries:
            moderation.each(some, Status.SPAM, by=moderator)
        costs.append(len(queries))
    assert costs[1] - costs[0] <= 4


def test_what_was_decided_since_stays(moderator: User) -> None:
    comment, batch = make_comment(status=Status.PENDING), uuid4()
    [decision] = moderation.each([comment], Status.SPAM, by=moderator, batch=batch)
    moderation.approve(Comment.objects.get(), by=make_moderator())

    result = moderation.undo_batch(batch, by=moderator)[comment.pk]

    assert isinstance(result, StaleCommentError)
    assert isinstance(decision, Decision)
    with pytest.raises(StaleCommentError):
        moderation.undo(Decision.objects.select_related("comment").get(pk=decision.pk), by=moderator)
    assert Comment.objects.get().status == Status.APPROVED


def test_one_deed_after_the_other_is_undone_on_the_same_comment(moderator: User) -> None:
    comment = make_comment(status=Status.PENDING, name="Ara", body="Call 010-1234-5678 now.")
    other = make_comment(status=Status.PENDING, name="Binna")
    states = [state()]
    moderation.each([other], Status.APPROVED, by=moderator, batch=uuid4())
    states.append(state())
    moderation.redact(comment, [(5, 18)], by=moderator, batch=uuid4())
    states.append(state())
    moderation.each([comment], Status.APPROVED, by=moderator, batch=uuid4())
    for said in (
        "Published: “\u2068Ara\u2069”.",
        "Passages covered: “\u2068Ara\u2069”.",
        "Published: “\u2068Binna\u2069”.",
    ):
        latest = batches.last(moderator)
        assert latest
        assert latest.sentence == said
        assert batches.undo(latest.key, by=moderator).problems == {}
        assert state() == states.pop()
    assert batches.last(moderator) is None


def test_what_is_undone_is_not_undone_again(moderator: User) -> None:
    comment = make_comment(status=Status.PENDING)
    decision = moderation.approve(comment, by=moderator)
    undoing = moderation.undo(decision, by=moderator)
    for each in (decision, undoing):
        with pytest.raises(StaleCommentError):
            moderation.undo(Decision.objects.select_related("comment").get(pk=each.pk), by=moderator)


def test_that_a_text_was_erased_is_why_it_cannot_be_undone(moderator: User) -> None:
    comment, batch = make_comment(status=Status.PENDING), uuid4()
    moderation.each([comment], Status.REJECTED, by=moderator, batch=batch)
    Comment.objects.update(purged_at=timezone.now())
    outcome = batches.undo(batch, by=moderator)
    assert outcome.done == []
    assert str(moves.PURGED) in outcome.problems[comment.pk]


def test_what_can_be_undone_is_looked_for_among_the_latest_decisions_alone(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (make_comment(status=Status.PENDING, name=name) for name in ("Ara", "Binna"))
    for comment in (first, second):
        moderation.each([comment], Status.REJECTED, by=moderator, batch=uuid4())
    latest = batches.last(moderator)
    assert latest
    assert "Binna" in latest.sentence
    moderation.undo_batch(latest.key, by=moderator)
    before = batches.last(moderator)
    assert before
    assert "Ara" in before.sentence
    monkeypatch.setattr(batches, "FAR_BACK", 1)
    assert batches.last(moderator) is None


def test_a_second_time_there_is_nothing_to_undo(moderator: User) -> None:
    comment, batch = make_comment(status=Status.PENDING), uuid4()
    moderation.each([comment], Status.REJECTED, by=moderator, batch=batch)
    moderation.undo_batch(batch, by=moderator)
    assert moderation.undo_batch(batch, by=moderator) == {}
    assert Comment.objects.get().status == Status.PENDING


def test_undoing_is_no_decision_to_learn_or_to_count_from(moderator: User) -> None:
    comment = make_comment(status=Status.PENDING)
    moderation.mark_spam(comment, by=None)
    moderation.undo(moderation.approve(comment, by=moderator), by=moderator)
    assert Comment.objects.get().status == Status.SPAM
    assert not Comment.objects.decided_by_people().exists()


def test_nobody_is_told_of_what_was_undone_in_time(moderator: User, settings: Settings) -> None:
    settings.UNDO_SECONDS = 30
    comment = make_comment(status=Status.PENDING)
    Contact.objects.create(comment=comment, email="reader@example.org", purpose="notice")
    decision = moderation.approve(comment, by=moderator)
    assert outbox.send_due() == 0

    moderation.undo(decision, by=moderator)

    assert not OutboxMail.objects.exists()
    assert Contact.objects.filter(comment=comment).exists()


def test_one_that_cannot_be_decided_stops_no_other(moderator: User) -> None:
    stale, fresh = make_comment(status=Status.PENDING), make_comment(status=Status.PENDING)
    Comment.objects.filter(pk=stale.pk).update(revision=7)
    first, second = moderation.each([fresh, stale], Status.APPROVED, by=moderator)
    assert isinstance(first, ModerationError)
    assert isinstance(second, Decision)


def test_a_covered_passage_is_covered_for_readers_and_uncovered_by_undoing(moderator: User) -> None:
    comment = make_comment(body="Call 010-1234-5678 now.")
    as_it_was = state()

    decision = moderation.redact(comment, [(5, 18)], by=moderator)

    comment.refresh_from_db()
    assert comment.public_text == "Call [removed] now."
    assert "1234" not in comment.html
    assert comment.body == "Call 010-1234-5678 now."
    moderation.undo(decision, by=moderator)
    assert state() == as_it_was


def test_the_cover_says_so_in_the_posts_language(moderator: User) -> None:
    comment = make_comment(post=make_post(language="ko"), body="전화 010-1234-5678")
    moderation.redact(comment, [(3, 16)], by=moderator)
    assert comment.public_text == "전화 [가림]"


def test_passages_that_overlap_or_touch_are_one(moderator: User) -> None:
    comment = make_comment(body="0123456789")
    moderation.redact(comment, [(4, 6), (1, 3), (2, 4)], by=moderator)
    assert comment.redactions == [[1, 6]]
    assert comment.public_text == "0[removed]6789"


@pytest.mark.parametrize("span", [(0, 0), (-1, 2), (3, 99), (4, 2)])
def test_only_what_is_in_the_text_can_be_covered(span: tuple[int, int], moderator: User) -> None:
    comment = make_comment(body="Short.")
    with pytest.raises(PassageError):
        moderation.redact(comment, [span], by=moderator)
    assert Comment.objects.get().redactions is None


def test_an_answer_of_the_publication_publishes_what_it_answers(moderator: User) -> None:
    comment, batch = make_comment(status=Status.PENDING), uuid4()
    as_it_was = Comment.objects.filter(pk=comment.pk).values("status", "status_since", "learnt").get()

    answer = moderation.reply(comment, "Thank you. It is corrected.", by=moderator, batch=batch)

    assert set(Comment.objects.visible()) == {comment, answer}
    assert answer.parent == comment
    assert Comment.objects.get(pk=answer.pk).learnt == ""
    moderation.undo_batch(batch, by=moderator)
    assert not Comment.objects.visible().exists()
    assert Comment.objects.get(pk=answer.pk).status == Status.WITHDRAWN
    assert Comment.objects.filter(pk=comment.pk).values("status", "status_since", "learnt").get() == as_it_was
