"""Comments that came from WordPress with a state teach on request, once."""

import io

import pytest
from django.core.management import call_command

from comments import learning, moderation
from comments.models import Comment, LearnerState, Status
from tests.comments.test_learning import BODIES, known, straight
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db

IMPORTED = [("approved", "ham"), ("spam", "spam"), ("rejected", ""), ("pending", "")]


def imported() -> list[Comment]:
    post = make_post()
    return [
        make_comment(status=status, body=BODIES[number], name="a", post=post, wordpress_id=number + 1)
        for number, (status, _label) in enumerate(IMPORTED)
    ]


def test_imported_comments_teach_on_request_only_and_once() -> None:
    comments = imported()
    make_comment(status=Status.SPAM, body=BODIES[0])  # of the policy, not imported
    assert known() == straight([])

    assert learning.learn_imported() == 2
    assert learning.learn_imported() == 0
    assert known() == straight([(comments[0], False), (comments[1], True)])
    assert [Comment.objects.get(pk=comment.pk).learnt for comment in comments] == [label for _status, label in IMPORTED]


def test_a_decision_about_an_imported_comment_replaces_what_it_taught() -> None:
    comments, moderator = imported(), make_moderator()
    learning.learn_imported()
    moderation.mark_spam(Comment.objects.get(pk=comments[0].pk), by=moderator)
    assert known() == straight([(comments[0], True), (comments[1], True)])


def test_who_decides_while_imports_are_learnt_is_not_counted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    comment = imported()[1]
    relearn = learning.relearn

    def late(lessons: list[learning.Lesson]) -> None:
        monkeypatch.setattr(learning, "relearn", relearn)
        moderation.reject(Comment.objects.get(pk=comment.pk), by=make_moderator())
        relearn(lessons)

    monkeypatch.setattr(learning, "relearn", late)
    assert learning.learn_imported() == 1
    assert known()[0][1:3] == (0, 1)


def test_imported_comments_are_learnt_on_request_and_once() -> None:
    make_comment(status=Status.SPAM, wordpress_id=1)
    make_comment(status=Status.APPROVED, wordpress_id=2)
    make_comment(status=Status.PENDING, wordpress_id=3)
    printed = []
    for _time in range(2):
        out = io.StringIO()
        call_command("learn_imported", stdout=out)
        printed.append(out.getvalue())

    assert printed == ["Learnt from 2 imported comments.\n", "Learnt from 0 imported comments.\n"]
    assert str(LearnerState.objects.get()) == "1 + 1"
    assert Comment.objects.exclude(learnt="").count() == 2
