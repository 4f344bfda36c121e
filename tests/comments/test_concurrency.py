"""Real processes on the real database, SQLite file or PostgreSQL: whatever they do at once happens once."""

import pytest

from comments import appeals
from comments.limits import MAX_COMMENTS
from comments.models import Appeal, Comment, Contact, Decision, RateWindow, Status
from tests.comments.contenders import one_source, opposite_answers, opposite_decisions, race, same_form
from tests.factories import make_comment, make_decided, make_moderator, make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_of_a_hundred_opposite_decisions_exactly_one_wins() -> None:
    make_user()
    comment = make_comment(status=Status.PENDING)
    outcomes = race(opposite_decisions, processes=8, attempts=100, comment=comment.pk)
    decision = Decision.objects.get()
    assert outcomes == {str(decision): 1, "StaleCommentError": 99}
    comment.refresh_from_db()
    assert (comment.status, comment.revision) == (decision.after, 1)


def test_of_many_opposite_answers_to_an_appeal_exactly_one_wins() -> None:
    comment = make_decided(Status.REJECTED, by=make_moderator())
    make_moderator(username="second")
    appeals.make(comment, "Please.")
    outcomes = race(opposite_answers, processes=8, attempts=40, comment=comment.pk)
    comment.refresh_from_db()
    published, refused = comment.status == Status.APPROVED, Appeal.objects.get().refused_at is not None
    assert outcomes.pop("StaleCommentError") == 39
    assert list(outcomes) == ["rejected → approved" if published else "None"]
    assert published != refused


def test_the_same_form_sent_at_once_is_one_comment() -> None:
    outcomes = race(same_form, processes=8, attempts=32, post=make_post().pk)
    comment = Comment.objects.get()
    assert outcomes == {str(comment): 32}
    assert comment.scored_at is not None
    assert Contact.objects.get().comment == comment
    assert RateWindow.objects.get().count == 1


def test_two_hundred_counts_at_once_are_two_hundred() -> None:
    outcomes = race(one_source, processes=4, attempts=200)
    allowed = {str(earlier): 1 for earlier in range(MAX_COMMENTS)}
    assert outcomes == {**allowed, "TooManyCommentsError": 200 - MAX_COMMENTS}
    assert RateWindow.objects.get().count == 200
