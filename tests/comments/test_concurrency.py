"""Real processes on the real database, SQLite file or PostgreSQL: whatever they do at once happens once."""

import pytest

from comments import appeals
from comments.limits import MAX_COMMENTS
from comments.models import Appeal, Comment, Contact, Decision, RateWindow, Status
from tests.comments.contenders import one_source, opposite_answers, opposite_decisions, race, same_form
from tests.factories import make_comment, make_decided, make_moderator, make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_of_a_hundred_opposite_decisions_on_each_of_fifty_comments_exactly_one_wins() -> None:
    make_user()
    post = make_post()
    for _time in range(50):
        make_comment(post=post, status=Status.PENDING)
    outcomes = race(opposite_decisions, processes=4, attempts=50 * 100)
    assert outcomes.pop("StaleCommentError") == 50 * 99
    assert set(outcomes) <= {"pending → approved", "pending → rejected"}
    decided = Decision.objects.values_list("comment", "after")
    assert len(decided) == 50
    assert set(decided) == set(Comment.objects.filter(revision=1).values_list("pk", "status"))


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
