"""The life of a comment: every move from every status, what it leaves behind, and what it never loses."""

import ast
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from comments import moderation, rescoring, scoring
from comments.models import AppendOnlyError, Comment, CommentSignal, Contact, Decision, Receipt, Status
from comments.moves import ALLOWED, IllegalMoveError, StaleCommentError
from comments.scoring import submission_of
from comments.spam import Evidence, Signal, Submission
from posts.models import Post
from tests.factories import days_ago, make_comment, make_moderator, make_post

DECISIONS: dict[Status, Callable[..., Decision]] = {
    Status.PENDING: moderation.restore,
    Status.APPROVED: moderation.approve,
    Status.REJECTED: moderation.reject,
    Status.SPAM: moderation.mark_spam,
    Status.WITHDRAWN: lambda comment, **_by: moderation.withdraw(comment),
}
MOVES = list(product(Status, Status))
LEGAL = [(before, after) for before, after in MOVES if after in ALLOWED[before]]
ILLEGAL = [move for move in MOVES if move not in LEGAL]

pytestmark = pytest.mark.django_db


def comment_in(status: Status) -> Comment:
    if status != Status.WITHDRAWN:
        return make_comment(status=status)
    comment = make_comment()
    moderation.withdraw(comment)
    return comment


def everything() -> list[list[dict[str, Any]]]:
    """All that a decision could write."""
    return [list(model.objects.order_by("pk").values()) for model in (Comment, CommentSignal, Decision, Post)]


def test_somebody_has_decided_about_every_status() -> None:
    assert set(ALLOWED) == set(DECISIONS) == set(Status)


@pytest.mark.parametrize(("before", "after"), LEGAL)
def test_a_legal_move_is_one_step_with_one_decision(before: Status, after: Status) -> None:
    comment, moderator = comment_in(before), make_moderator()
    decision = DECISIONS[after](comment, by=moderator, reason="because")

    stored = Comment.objects.get(pk=comment.pk)
    assert (stored.status, stored.revision) == (comment.status, comment.revision) == (after, 1)
    assert stored.status_since > stored.created_at
    assert list(Decision.objects.filter(comment=comment)) == [decision]
    assert (decision.before, decision.after, decision.revision) == (before, after, 0)
    if after != Status.WITHDRAWN:
        assert (decision.by, decision.reason) == (moderator, "because")


@pytest.mark.parametrize(("before", "after"), ILLEGAL)
def test_an_illegal_move_is_refused_and_writes_nothing(before: Status, after: Status) -> None:
    comment = comment_in(before)
    found = everything()
    with pytest.raises(IllegalMoveError):
        DECISIONS[after](comment, by=make_moderator())
    assert everything() == found
    assert comment.status == before


@pytest.mark.parametrize(("before", "after"), LEGAL)
def test_a_stale_decision_is_refused_and_writes_nothing(before: Status, after: Status) -> None:
    comment = comment_in(before)
    Comment.objects.filter(pk=comment.pk).update(revision=1)
    found = everything()
    with pytest.raises(StaleCommentError):
        DECISIONS[after](comment, by=make_moderator())
    assert everything() == found
    assert (comment.status, comment.revision) == (before, 0)


def test_the_second_of_two_moderators_is_refused() -> None:
    first, second = (Comment.objects.get(pk=pk) for pk in [make_comment(status=Status.PENDING).pk] * 2)
    moderation.approve(first, by=make_moderator())
    with pytest.raises(StaleCommentError):
        moderation.reject(second, by=make_moderator())
    assert Decision.objects.get().after == Status.APPROVED


def test_only_what_was_seen_is_decided_about() -> None:
    comment = make_comment()
    assert moderation.as_seen(comment.pk, 0) == comment
    for pk, revision in [(comment.pk, 1), (comment.pk + 1, 0), (10**30, 0)]:
        with pytest.raises(StaleCommentError):
            moderation.as_seen(pk, revision)


def test_a_withdrawn_comment_is_erased() -> None:
    comment = make_comment(name="Canary", website="https://canary.example", body="The canary sings.")
    Contact.objects.create(comment=comment, email="canary@example.org", purpose=Contact.Purpose.NOTICE)
    CommentSignal.objects.create(comment=comment, name="x", points=1, reason="x", evidence={"quote": "canary"})
    moderation.withdraw(comment)
    left = repr(everything()) + repr(list(Contact.objects.values()))
    assert "canary" not in left.casefold()
    assert Comment.objects.get() == comment


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.WITHDRAWN}))
def test_the_page_of_the_post_is_renewed_where_readers_see_a_difference(status: Status) -> None:
    comment = make_comment(status=status)
    for after in ALLOWED[status] - {Status.WITHDRAWN}:
        stamp = Post.objects.get(pk=comment.post_id).comments_stamp
        with transaction.atomic():
            DECISIONS[Status(after)](comment, by=None)
            renewed = Post.objects.get(pk=comment.post_id).comments_stamp != stamp
            transaction.set_rollback(True)
        assert renewed == (Status.APPROVED in {status, after})
        comment.refresh_from_db()


def test_history_is_told_in_words() -> None:
    comment, moderator = make_comment(status=Status.PENDING), make_moderator(username="haneul")
    moderation.mark_spam(comment, by=None)
    moderation.restore(comment, by=moderator)
    moderation.approve(comment, by=moderator)
    moderation.reject(comment, by=moderator)
    moderation.approve(comment, by=moderator)
    moderation.withdraw(comment)
    assert [decision.in_words for decision in comment.decisions.all()] == [
        "Marked as spam by the site’s rules",
        "Restored by haneul",
        "Published by haneul",
        "Taken down by haneul",
        "Published by haneul",
        "Withdrawn by its author",
    ]


def test_a_decision_is_neither_changed_nor_deleted() -> None:
    decision = moderation.approve(make_comment(status=Status.PENDING), by=None)
    decisions = Decision.objects.all()
    attempts: list[Callable[[], object]] = [
        decision.save,
        decision.delete,
        decisions.delete,
        lambda: decisions.update(reason="x"),
        lambda: decisions.bulk_update([decision], ["reason"]),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError), transaction.atomic():
            attempt()
    assert decisions.get().reason == ""


def test_the_database_itself_refuses_to_change_a_decision() -> None:
    moderation.approve(make_comment(status=Status.PENDING), by=None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE comments_decision SET reason = 'x'")


# Submitting


def sent(**fields: Any) -> tuple[Comment, Submission]:
    comment = Comment(**{"post": fields.pop("post", None) or make_post(), "name": "A", "body": "Hello.", **fields})
    return comment, submission_of(comment)


def crashing_signal(submission: Submission) -> Iterator[Signal]:
    raise RuntimeError


def certain_signal(submission: Submission) -> Iterator[Signal]:
    yield Signal("certain", 40.0, "It is spam.", Evidence.of(submission, "text", 0, 5))


def test_a_comment_waits_and_its_signals_add_up_to_its_score(settings: Settings) -> None:
    settings.SPAM_SIGNALS = [f"{__name__}.certain_signal", "comments.spam.signals.links.many_links"]
    comment, submission = sent(body="Hello " + "https://example.org " * 5)
    moderation.submit(comment, submission)
    comment.refresh_from_db()
    assert comment.score == sum(signal.points for signal in comment.signals.all()) > 40
    assert (comment.status, comment.decisions.get().by) == (Status.SPAM, None)


def test_the_same_form_sent_twice_is_one_comment() -> None:
    post = make_post()
    first = moderation.submit(*sent(post=post), receipt="r")
    second = moderation.submit(*sent(post=post), receipt="r", email="a@example.org")
    assert first == second == Comment.objects.get()
    assert not Contact.objects.exists()


def test_after_ten_minutes_it_is_another_comment() -> None:
    post = make_post()
    moderation.submit(*sent(post=post), receipt="r")
    Receipt.objects.update(created_at=days_ago(1))
    moderation.submit(*sent(post=post), receipt="r")
    assert Comment.objects.count() == 2


def test_a_crashing_signal_leaves_the_comment_waiting(settings: Settings) -> None:
    settings.SPAM_SIGNALS = [f"{__name__}.crashing_signal", f"{__name__}.certain_signal"]
    moderation.submit(*sent())
    assert Comment.objects.get().status == Status.PENDING


def test_a_crash_while_scoring_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(scoring, "judge", crashing_signal)
        with pytest.raises(TypeError):
            moderation.submit(*sent())
    assert rescoring.score_due() == 0, "the request may still be at it"
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert rescoring.score_due() == 1
        assert rescoring.score_due() == 0
    assert Comment.objects.get().scored_at is not None


@pytest.mark.parametrize("faster", [moderation.approve, moderation.reject])
def test_a_decision_made_before_the_score_stands(settings: Settings, faster: Callable[..., Decision]) -> None:
    settings.SPAM_SIGNALS = [f"{__name__}.certain_signal"]
    comment = make_comment(status=Status.PENDING, scored_at=None, score=None)
    decision = faster(Comment.objects.get(pk=comment.pk), by=make_moderator())
    moderation.score(comment, submission_of(comment))
    assert Comment.objects.get().status == decision.after
    assert Decision.objects.get() == decision
    assert not CommentSignal.objects.exists()


def test_no_signal_quotes_what_was_withdrawn_before_the_score(settings: Settings) -> None:
    settings.SPAM_SIGNALS = [f"{__name__}.certain_signal"]
    comment = make_comment(status=Status.PENDING, scored_at=None)
    moderation.withdraw(Comment.objects.get(pk=comment.pk))
    moderation.score(comment, submission_of(comment))
    assert not CommentSignal.objects.exists()


@pytest.mark.parametrize("closing", [{"comments": Post.Comments.CLOSED}, {"state": "draft"}])
def test_a_post_closed_while_the_reader_wrote_takes_no_comment(closing: dict[str, str]) -> None:
    comment, submission = sent()
    assert comment.post.comments_open
    Post.objects.update(**closing)
    with pytest.raises(moderation.CommentsClosedError):
        moderation.submit(comment, submission, receipt="r", email="a@example.org")
    assert not Comment.objects.exists()


def test_closed_after_a_number_of_days_means_that_day() -> None:
    timed = {"comments": Post.Comments.TIMED, "comments_days": 7}
    assert make_post(published_at=days_ago(6.9), **timed).comments_open
    assert not make_post(published_at=days_ago(7.1), **timed).comments_open


# Nobody else


def writes_of_status(source: str) -> list[int]:
    """The lines that assign an attribute `status`, or hand one to a method that writes to the database."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr="status", ctx=ast.Store() | ast.Del()):
                lines.append(node.lineno)
            case ast.Call(func=ast.Attribute(attr=method)) if method in WRITERS and "status" in words_of(node):
                lines.append(node.lineno)
            case ast.Call(func=ast.Name(id="setattr"), args=[_, name, _]) if not isinstance(name, ast.Constant):
                lines.append(node.lineno)
    return lines


WRITERS = {"update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "save"}


def words_of(call: ast.Call) -> set[object]:
    """Its keywords and the strings in its arguments."""
    keywords = {keyword.arg for keyword in call.keywords}
    return keywords | {node.value for node in ast.walk(call) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize(
    "source",
    [
        "comment.status = 'approved'",
        "comment.status: str = 'approved'",
        "Comment.objects.filter(pk=1).update(status='approved')",
        "Comment.objects.update(**{'status': 'approved'})",
        "Comment.objects.create(status='approved')",
        "Comment.objects.bulk_update(comments, ['status'])",
        "comment.save(update_fields=['status'])",
        "setattr(comment, field, value)",
    ],
)
def test_the_guard_sees_a_write(source: str) -> None:
    assert writes_of_status(source) == [1]


def test_one_module_writes_the_status_of_a_comment() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for folder in ("comments", "config")  # posts know of no comments
        for path in Path(settings.BASE_DIR, folder).rglob("*.py")
        if writes_of_status(path.read_text())
    }
    assert found == {"comments/moves.py"}
